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
    static Quality none(LocalDate day, int version, Role role) {
        return new Quality(day, version, role, 0, 0, 0);
    }

    Quality and(Outcome outcome) {
        double loss = Double.isNaN(outcome.logLoss()) ? 0 : outcome.logLoss();
        return new Quality(
                day, version, role, labelled + 1, errors + outcome.error(), logLoss + loss);
    }

    boolean isOf(LocalDate otherDay, int otherVersion, Role otherRole) {
        return day.equals(otherDay) && version == otherVersion && role == otherRole;
    }
}
