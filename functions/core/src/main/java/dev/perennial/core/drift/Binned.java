package dev.perennial.core.drift;

import dev.perennial.core.profile.ColumnProfile;
import java.util.Optional;

/** A live sample of a column over the bins of its reference. */
record Binned(ColumnProfile reference, ColumnProfile live, Bins bins, BinnedSamples samples) {
    /**
     * Of two samples that are to be compared; empty where either has no row.
     *
     * @param falseAlarmRate of the comparison, above 0 and below 1
     * @throws IllegalArgumentException if the rate isn't, the columns are not of one type, or are
     *     times
     */
    static Optional<Binned> of(ColumnProfile reference, ColumnProfile live, double falseAlarmRate) {
        if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
            throw new IllegalArgumentException(
                    "a false-alarm rate is above 0 and below 1, but is " + falseAlarmRate);
        }
        if (reference.rows() == 0 || live.rows() == 0) {
            return Optional.empty();
        }
        Bins bins = Bins.of(reference);
        return Optional.of(
                new Binned(
                        reference,
                        live,
                        bins,
                        new BinnedSamples(bins.counts(reference), bins.counts(live))));
    }

    /** A threshold by chance, with what the sketches add: values are squared distances. */
    double threshold(Measure measure, double byChance) {
        double distance = Math.sqrt(byChance) + Math.sqrt(bins.blur(measure, reference, live));
        return distance * distance;
    }
}
