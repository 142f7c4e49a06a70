/**
 * When a run is worth its price: policies that decide it from what live traffic and small probe
 * models show. Pure; whoever asks brings the evidence. See docs/retraining.md.
 */
@NullMarked
package dev.perennial.core.retrain;

import org.jspecify.annotations.NullMarked;
