package dev.perennial.core.monitor;

import java.time.Instant;
import java.util.List;

/**
 * What following the errors came to.
 *
 * @param ratio the highest statistic over its threshold; 1 and more is drift
 * @param driftsAt when the predictions were made that set the detector off
 */
record ErrorWatch(Watch watch, double ratio, List<Instant> driftsAt) {
    ErrorWatch {
        driftsAt = List.copyOf(driftsAt);
    }
}
