/**
 * Mergeable summaries of columns: a month is the merge of its days, and a huge table profiles in
 * parallel. Always the same bytes for the same values, since a retried step must write what it
 * wrote before. Counts of values are Apache DataSketches'; its quantiles all draw from an unseeded
 * generator somewhere, so the t-digest is ours.
 */
@NullMarked
package dev.perennial.core.profile;

import org.jspecify.annotations.NullMarked;
