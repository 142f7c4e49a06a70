/**
 * The feature store: batches of a view's rows in the offline store, the newest row of each entity
 * in the online store. What a training joins and what a prediction looks up are the same rows.
 */
@NullMarked
package dev.perennial.core.feature;

import org.jspecify.annotations.NullMarked;
