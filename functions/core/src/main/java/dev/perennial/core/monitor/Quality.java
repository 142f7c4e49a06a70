package dev.perennial.core.monitor;

import dev.perennial.core.live.Role;
import java.time.LocalDate;

/**
 * How a version did on the predictions of one day whose labels have come.
 *
 * @param errors sum of {@link Outcome#error}
 * @param logLoss sum; 0 for a regression
 */
public record Quality(
        LocalDate day, int version, Role role, long labelled, double errors, double logLoss) {
    /** Which predictions. */
    record Of(LocalDate day, int version, Role role) {}

    static Quality none(Of of) {
        return new Quality(of.day(), of.version(), of.role(), 0, 0, 0);
    }

    Of of() {
        return new Of(day, version, role);
    }

    Quality and(Outcome outcome) {
        double loss = Double.isNaN(outcome.logLoss()) ? 0 : outcome.logLoss();
        return new Quality(
                day, version, role, labelled + 1, errors + outcome.error(), logLoss + loss);
    }
}
