/**
 * Runs functions from their deployment zips as Lambda does: own process, AWS's own runtime client,
 * memory and time limits.
 */
@NullMarked
package dev.perennial.local.lambda;

import org.jspecify.annotations.NullMarked;
