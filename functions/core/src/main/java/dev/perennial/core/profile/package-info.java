/**
 * Mergeable summaries of columns: a month is the merge of its days, and a huge table profiles in
 * parallel. Sketches are Apache DataSketches'; only deterministic ones, since a retried step must
 * write the same bytes (its KLL draws from an unseeded generator, so quantiles come from its
 * t-digest).
 */
@NullMarked
package dev.perennial.core.profile;

import org.jspecify.annotations.NullMarked;
