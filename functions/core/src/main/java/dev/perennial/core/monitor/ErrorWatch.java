package dev.perennial.core.monitor;

import java.util.List;

/**
 * What following the errors came to.
 *
 * @param ratio the highest statistic over its threshold; 1 and more is drift
 * @param drifts rises of the errors
 */
record ErrorWatch(Watch watch, double ratio, List<Drift> drifts) {
    ErrorWatch {
        drifts = List.copyOf(drifts);
    }
}
