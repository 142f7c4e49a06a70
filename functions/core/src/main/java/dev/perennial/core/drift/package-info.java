/**
 * Whether live traffic has moved away from what a model was trained and tested on. Thresholds
 * follow from the false-alarm rate that a spec declares, see docs/drift.md.
 */
@NullMarked
package dev.perennial.core.drift;

import org.jspecify.annotations.NullMarked;
