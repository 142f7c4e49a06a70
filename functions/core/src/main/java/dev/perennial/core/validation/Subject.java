package dev.perennial.core.validation;

import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What rules look at.
 *
 * @param table the snapshot's rows in order of time
 * @param champion profile of what the champion was trained on
 * @param championManifest what that was made from
 * @param pastRows rows that earlier versions were trained on, the oldest first
 * @param startedAt when the run started
 * @param recent the rows that came after the champion's, if they are enough to compare
 */
public record Subject(
        PipelineSpec spec,
        Table table,
        TableProfile profile,
        SnapshotManifest manifest,
        Optional<TableProfile> champion,
        Optional<SnapshotManifest> championManifest,
        List<Long> pastRows,
        Instant startedAt,
        Optional<Recent> recent) {
    private static final int LONGEST_SHOWN = 60;

    public Subject {
        pastRows = List.copyOf(pastRows);
    }

    /** A snapshot beside what came before it. */
    public static Subject of(
            PipelineSpec spec,
            Table table,
            TableProfile profile,
            SnapshotManifest manifest,
            Past past,
            Instant startedAt) {
        return new Subject(
                spec,
                table,
                profile,
                manifest,
                past.champion(),
                past.championManifest(),
                past.rows(),
                startedAt,
                past.champion().flatMap(champion -> Recent.of(spec.time(), table, champion)));
    }

    /**
     * Earlier trainings.
     *
     * @param champion profile of what the champion was trained on
     * @param championManifest what that was made from
     * @param rows that earlier versions were trained on, the oldest first
     */
    public record Past(
            Optional<TableProfile> champion,
            Optional<SnapshotManifest> championManifest,
            List<Long> rows) {
        /** There was none. */
        public static final Past NONE = new Past(Optional.empty(), Optional.empty(), List.of());
    }

    double threshold(Check check) {
        return spec.checks().threshold(check);
    }

    /**
     * The probability that one of so many comparisons of a check may find something where there is
     * nothing; together they keep to the declared rate however they depend on each other
     * (Bonferroni).
     */
    double falseAlarmRate(int comparisons) {
        return spec.checks().falseAlarms() / Math.max(1, comparisons);
    }

    /** When a row is of. */
    Instant moment(int row) {
        return EventTime.instant(table.time(spec.time()).micros()[row]);
    }

    /** A value as a finding may show it. */
    String shown(String column, String value) {
        return isPersonal(column)
                ? "(personal)"
                : "'" + dev.perennial.core.text.Shortened.shown(value, LONGEST_SHOWN) + "'";
    }

    boolean isPersonal(String column) {
        return spec.personalKeys().contains(column)
                || spec.features().stream()
                        .anyMatch(feature -> feature.name().equals(column) && feature.personal());
    }

    List<FeatureSpec> features() {
        return spec.features();
    }
}
