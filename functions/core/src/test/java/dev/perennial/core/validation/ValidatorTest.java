package dev.perennial.core.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Samples;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.core.validation.Findings.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each rule fires on its fault, and only there: the sound subject has no finding at all. */
class ValidatorTest {
    private static final int ROWS = 400;
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final long STEP = Duration.ofHours(6).toSeconds() * 1_000_000;
    private static final Instant NEWEST = FROM.plus(Duration.ofHours(6L * (ROWS - 1)));
    private static final Digest DIGEST = Digest.of(new byte[0]);

    private final double[] x =
            IntStream.range(0, ROWS).mapToDouble(row -> (row * 37 % 101) * 0.99).toArray();
    private final String[] kind =
            IntStream.range(0, ROWS)
                    .mapToObj(row -> row % 3 == 0 ? "a" : "b")
                    .toArray(String[]::new);
    private final String[] label =
            IntStream.range(0, ROWS)
                    .mapToObj(row -> row % 2 == 0 ? "no" : "yes")
                    .toArray(String[]::new);
    private final long[] at =
            LongStream.range(0, ROWS).map(row -> EventTime.micros(FROM) + row * STEP).toArray();
    private final String[] customer =
            IntStream.range(0, ROWS).mapToObj(row -> "c" + row % 5).toArray(String[]::new);
    private PipelineSpec spec = Samples.spec(Task.BINARY);
    private SnapshotManifest manifest = manifest(0, 0, 0, List.of());
    private Optional<TableProfile> champion = Optional.empty();
    private Instant startedAt = NEWEST.plus(Duration.ofDays(1));

    @Test
    void soundData_hasNoFinding() {
        Findings findings = findings();

        assertEquals(List.of(), findings.findings());
        assertEquals(Verdict.ACCEPTED, findings.verdict());
    }

    @Test
    void unreadableRows_pastTheirShare_areAnError() {
        manifest = manifest(5, 0, 0, List.of());

        Finding found = only("bad-rows", Severity.ERROR);

        assertEquals("5 of 405 rows unreadable (1.23 %)", found.found());
    }

    @Test
    void unreadableRows_withinTheirShare_areAWarning() {
        manifest = manifest(4, 0, 0, List.of());

        only("bad-rows", Severity.WARNING);
    }

    @Test
    void unreadableRows_areAShareOfAllRowsRead() {
        manifest = manifest(5, 60, 40, List.of());

        assertTrue(
                findings().findings().stream()
                        .anyMatch(each ->
                                each.rule().equals("bad-rows")
                                        && each.severity() == Severity.WARNING));
    }

    @Test
    void rowsOutsideTheWindow_andAwaitingTheirLabel_areTold() {
        manifest = manifest(0, 3, 2, List.of());

        assertEquals(
                List.of("window", "window"),
                findings().findings().stream().map(Finding::rule).toList());
        assertEquals(2, findings().count(Severity.INFO));
    }

    @Test
    void skippedColumns_areTold() {
        manifest = manifest(0, 0, 0, List.of("u", "v"));

        assertEquals("u, v", only("skipped-columns", Severity.INFO).found());
    }

    @Test
    void tooFewRows_areAnError_inAllAndPerPart() {
        Findings findings = findings(table().range(0, 59));

        assertEquals(Verdict.REJECTED, findings.verdict());
        assertTrue(
                findings.findings().stream()
                        .anyMatch(each ->
                                each.rule().equals("row-count")
                                        && each.found().equals("59 labelled rows")));
        assertTrue(
                findings.findings().stream()
                        .anyMatch(each ->
                                each.rule().equals("row-count")
                                        && each.found().contains("training part")));
    }

    @Test
    void rowsWithoutALabel_doNotCount() {
        Arrays.fill(label, 0, 345, "");

        assertTrue(
                findings().findings().stream()
                        .anyMatch(each -> each.found().equals("55 labelled rows")));
    }

    @Test
    void noRowsAtAll_areRejected_notACrash() {
        assertEquals(Verdict.REJECTED, findings(table().range(0, 0)).verdict());
    }

    @Test
    void oldData_isAnError_pastMaxAgeOnly() {
        startedAt = NEWEST.plus(Duration.ofDays(2));
        assertEquals(List.of(), findings().findings());

        startedAt = startedAt.plusSeconds(1);
        assertTrue(only("freshness", Severity.ERROR).found().contains(NEWEST.toString()));
    }

    @Test
    void oneMomentTwice_withoutAKey_isAWarning() {
        at[10] = at[9];

        assertTrue(
                only("uniqueness", Severity.WARNING)
                        .found()
                        .startsWith("1 rows repeat a moment, the first at 2026-01-03T06:00:00Z"));
    }

    @Test
    void oneMomentTwice_ofOneKey_isAnError_ofTwoKeysIsSound() {
        spec = keyed("customer");
        at[10] = at[9];
        assertEquals(List.of(), findings().findings());

        customer[10] = customer[9];
        assertTrue(only("uniqueness", Severity.ERROR).found().endsWith("of c4"));
    }

    @Test
    void keysOfSeveralColumns_areNotMistakenForEachOther() {
        spec = keyed("customer", "kind");
        at[10] = at[9];
        customer[9] = "u, a";
        kind[9] = "b";
        customer[10] = "u";
        kind[10] = "a, b";

        assertTrue(
                findings().findings().stream().noneMatch(each -> each.rule().equals("uniqueness")));
    }

    @Test
    void missingValues_pastMaxNulls_areAnError() {
        Arrays.fill(x, 0, 40, Double.NaN);
        Arrays.fill(kind, 0, 40, "");
        assertEquals(List.of(), findings().findings());

        x[40] = Double.NaN;
        assertEquals("x", only("nulls", Severity.ERROR).column());
        x[40] = 1;
        kind[40] = "";
        assertEquals("kind", only("nulls", Severity.ERROR).column());
    }

    @Test
    void valuesOutsideTheRange_areAnError_itsEndsAreNot() {
        x[5] = 0;
        x[6] = 100;
        assertEquals(List.of(), findings().findings());

        x[6] = 100.5;
        assertEquals(
                "1 rows from 2026-01-02T12:00:00Z on, such as 100.5",
                only("range", Severity.ERROR).found());
        x[5] = -0.5;
        assertTrue(only("range", Severity.ERROR).found().startsWith("2 rows"));
    }

    @Test
    void categoryThatIsNotListed_isAnError() {
        kind[7] = "c";

        assertTrue(only("category", Severity.ERROR).found().endsWith("such as 'c'"));
    }

    @Test
    void constantFeatures_areAWarning() {
        Arrays.fill(x, 3);
        assertEquals("x", only("constant", Severity.WARNING).column());

        Arrays.fill(kind, "a");
        assertEquals(2, findings().count(Severity.WARNING));
    }

    @Test
    void oneClass_isAnError() {
        Arrays.fill(label, "yes");

        assertEquals("at least two classes", only("label", Severity.ERROR).expected());
    }

    @Test
    void classThatIsNotDeclared_isAnError() {
        for (int row = 0; row < 20; row++) {
            label[row] = "maybe";
        }

        assertEquals("the values [maybe]", only("label", Severity.ERROR).found());
    }

    @Test
    void classThatIsNotDeclared_isFoundAmongMany() {
        List<String> classes = IntStream.range(0, 25).mapToObj(i -> "c%02d".formatted(i)).toList();
        spec = Samples.spec(Task.MULTICLASS, List.of(), classes, Duration.ZERO, List.of());
        for (int row = 0; row < ROWS; row++) {
            label[row] = classes.get(row % 25);
        }
        assertEquals(List.of(), findings().findings());

        for (int row = 0; row < 10; row++) {
            label[row] = "zzz";
        }
        assertEquals("the values [zzz]", only("label", Severity.ERROR).found());
    }

    @Test
    void threeClasses_areNotBinary() {
        spec = Samples.spec(Task.BINARY, List.of(), List.of(), Duration.ZERO, List.of());
        for (int row = 0; row < 20; row++) {
            label[row] = "maybe";
        }

        assertEquals("two classes, or task: multiclass", only("label", Severity.ERROR).expected());
    }

    @Test
    void absentPositiveClass_isAnError() {
        spec = Samples.spec(Task.BINARY, List.of(), List.of(), Duration.ZERO, List.of());
        for (int row = 1; row < ROWS; row += 2) {
            label[row] = "ja";
        }

        assertTrue(only("label", Severity.ERROR).expected().startsWith("the positive class 'yes'"));
    }

    @Test
    void missingLabels_andRareClasses_areWarnings() {
        label[0] = "";
        assertEquals("1 rows without a label", only("label", Severity.WARNING).found());

        label[0] = "no";
        spec = Samples.spec(Task.MULTICLASS);
        label[1] = "rare";
        label[3] = "rare";
        label[5] = "rare";
        assertEquals("class 'rare' in 3 of 400 rows", only("label", Severity.WARNING).found());
    }

    @Test
    void featureThatKnowsTheLabel_isSuspected_eitherWayRound() {
        for (int row = 0; row < ROWS; row++) {
            x[row] = row % 2 == 0 ? 10 + row * 0.01 : 50 + row * 0.01;
        }
        assertEquals("x", only("leakage", Severity.WARNING).column());

        for (int row = 0; row < ROWS; row++) {
            x[row] = 100 - x[row];
        }
        assertEquals("x", only("leakage", Severity.WARNING).column());

        for (int row = ROWS - 40; row < ROWS; row += 4) {
            x[row] = 46;
        }
        assertEquals(List.of(), findings().findings());
    }

    @Test
    void leakage_ofValuesThatLieClose_isSeen() {
        for (int row = 0; row < ROWS; row++) {
            x[row] = 50 + Math.ulp(50.0) * (row + (row % 2 == 0 ? 0 : ROWS));
        }
        assertEquals("x", only("leakage", Severity.WARNING).column());
    }

    @Test
    void labelThatFloat32CantHold_isAnError() {
        spec = Samples.spec(Task.REGRESSION);
        double[] labels = x.clone();
        labels[7] = -1e39;

        assertEquals(
                "a value of magnitude 1.0E39",
                only("label", Severity.ERROR, table(new NumberColumn("label", labels))).found());
    }

    @Test
    void numberThatIsTheLabel_isSuspected_inRegression() {
        spec = Samples.spec(Task.REGRESSION);
        double[] same = Arrays.stream(x).map(each -> 3 * each - 7).toArray();

        assertEquals(
                "x",
                only("leakage", Severity.WARNING, table(new NumberColumn("label", same))).column());

        for (int row = 0; row < ROWS; row += 4) {
            same[row] += 60;
        }
        assertEquals(List.of(), findings(table(new NumberColumn("label", same))).findings());
    }

    @Test
    void newerRowsDistributedAsTheChampions_areSound() {
        champion = Optional.of(TableProfile.of(table().range(0, ROWS / 2)));

        assertEquals(List.of(), findings().findings());
    }

    /** The champion's own rows are most of the window, and would hide what is new. */
    @Test
    void newerRowsDistributedUnlikeTheChampions_areAWarning() {
        int seen = ROWS / 2;
        champion = Optional.of(TableProfile.of(table().range(0, seen)));
        for (int row = seen; row < ROWS; row++) {
            x[row] = 0.75 * x[row];
        }
        assertEquals("x", only("skew", Severity.WARNING).column());

        Arrays.setAll(x, row -> row * 37 % 101 * 0.99);
        Arrays.setAll(kind, row -> row < seen ? kind[row] : row % 12 == 0 ? "a" : "b");
        assertEquals("kind", only("skew", Severity.WARNING).column());
    }

    @Test
    void valuesMissingInNewerRows_areAWarning_thoughTheOthersAreAsBefore() {
        int seen = ROWS / 2;
        champion = Optional.of(TableProfile.of(table().range(0, seen)));
        for (int row = seen; row < ROWS; row += 6) {
            x[row] = Double.NaN;
        }

        assertEquals("x", only("skew", Severity.WARNING).column());
    }

    @Test
    void fewNewerRows_areNotCompared() {
        champion = Optional.of(TableProfile.of(table().range(0, ROWS - 199)));
        for (int row = ROWS - 199; row < ROWS; row++) {
            x[row] = 1;
        }

        assertEquals(List.of(), findings().findings());
    }

    @Test
    void championsOtherFeatures_andEmptyOnes_areNotCompared() {
        Table other =
                new Table(
                        List.of(
                                new TimeColumn("at", new long[] {1, 2}),
                                new NumberColumn("y", new double[] {1, 2})));
        champion = Optional.of(TableProfile.of(other));
        assertEquals(List.of(), findings().findings());

        champion = Optional.of(TableProfile.of(table().range(0, 0)));
        assertTrue(
                findings().findings().stream()
                        .noneMatch(
                                each -> each.rule().equals("skew") && each.column().equals("x")));
    }

    @Test
    void theWorst_standsFirst_andDecides() {
        manifest = manifest(1, 1, 0, List.of());
        kind[7] = "c";

        Findings findings = findings();

        assertEquals(
                List.of(Severity.ERROR, Severity.WARNING, Severity.INFO),
                findings.findings().stream().map(Finding::severity).toList());
        assertEquals(Verdict.REJECTED, findings.verdict());
        assertTrue(
                findings.findings()
                        .getFirst()
                        .sentence()
                        .startsWith("category in kind: found 1 rows"));
    }

    private Finding only(String rule, Severity severity) {
        return only(rule, severity, table());
    }

    private Finding only(String rule, Severity severity, Table table) {
        List<Finding> found = findings(table).findings();
        assertEquals(1, found.size(), found.toString());
        assertEquals(rule, found.getFirst().rule());
        assertEquals(severity, found.getFirst().severity());
        return found.getFirst();
    }

    private Findings findings() {
        return findings(table());
    }

    private Findings findings(Table table) {
        return Validator.validate(
                Subject.of(
                        spec,
                        table,
                        TableProfile.of(table),
                        manifest,
                        new Subject.Past(champion, Optional.empty(), List.of()),
                        startedAt));
    }

    private Table table() {
        return table(Samples.categories("label", label));
    }

    private Table table(Column labels) {
        List<Column> columns = new ArrayList<>();
        columns.add(new TimeColumn("at", at));
        columns.add(new NumberColumn("x", x));
        columns.add(Samples.categories("kind", kind));
        columns.add(Samples.categories("customer", customer));
        columns.add(labels);
        return new Table(columns);
    }

    private static PipelineSpec keyed(String... key) {
        return Samples.spec(
                Task.BINARY, List.of(key), List.of("no", "yes"), Duration.ZERO, List.of());
    }

    private static SnapshotManifest manifest(
            long bad, long outside, long awaiting, List<String> skipped) {
        return new SnapshotManifest(
                "sample",
                DIGEST,
                FROM,
                NEWEST,
                List.of(),
                ROWS,
                outside,
                awaiting,
                bad,
                skipped,
                Map.of(),
                Optional.empty(),
                List.of(),
                DIGEST);
    }
}
