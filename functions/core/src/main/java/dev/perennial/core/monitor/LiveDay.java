package dev.perennial.core.monitor;

import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.profile.TableProfile;
import java.time.LocalDate;

/**
 * The rows that a version answered on one day, UTC.
 *
 * @param profile of the features and of what was predicted
 * @param pairs how its most important numbers go together
 */
public record LiveDay(LocalDate day, int version, TableProfile profile, PairProfile pairs) {
    LiveDay merge(LiveDay other) {
        return new LiveDay(day, version, profile.merge(other.profile), pairs.merge(other.pairs));
    }
}
