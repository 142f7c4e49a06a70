package dev.perennial.core.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each check on two real tables: clean, and with the fault that it is there for. The champion was
 * trained on the first three quarters; the newer rows are its own of another time, so that nothing
 * has changed but what a test changes.
 */
class FaultsTest {
    private static final Path DATA = Path.of(System.getProperty("user.dir"), "../../data");
    private static final Path PIPELINES =
            Path.of(System.getProperty("user.dir"), "../../pipelines");

    /** A real table and its spec. */
    private enum Data {
        ELECTRICITY("electricity.yaml", "electricity.csv", UnaryOperator.identity()),
        FLIGHTS(
                "flights.yaml",
                "flights.csv",
                yaml ->
                        yaml.replaceAll("(?s)  - view:.*?maxAge: PT3H\n", "")
                                .replace("min: 10, max: 6000, ", ""));

        final PipelineSpec spec;
        final Table clean;

        /** Rows of the champion's training data. */
        final int seen;

        Data(String pipeline, String file, UnaryOperator<String> without) {
            try {
                spec =
                        SpecReader.read(
                                pipeline,
                                without.apply(Files.readString(PIPELINES.resolve(pipeline))));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            Table whole =
                    new TableReader(spec.schema()).add(DATA.resolve(file), file).finish().table();
            // The market of Victoria opened in 1997; in February 2013 a blizzard closed airports.
            int from = whole.rows() * 45 / 100;
            int half = (whole.rows() - from) / 2;
            clean = twice(whole.range(from, whole.rows()), spec.time());
            seen = clean.rows() * 3 / 4;
            assertTrue(half > 10_000);
        }

        /** The rows, and the first half of them again, a whole number of weeks later. */
        private static Table twice(Table rows, String time) {
            long[] micros = rows.time(time).micros();
            long week = 7L * 86_400 * 1_000_000;
            long apart = Math.floorDiv(micros[micros.length - 1] - micros[0], week) * week;
            long last = micros[micros.length - 1];
            int[] again =
                    IntStream.range(0, rows.rows())
                            .filter(row ->
                                    micros[row] + apart > last
                                            && micros[row] < micros[0] + apart / 3)
                            .toArray();
            int[] all =
                    IntStream.concat(IntStream.range(0, rows.rows()), IntStream.of(again))
                            .toArray();
            long[] times = new long[all.length];
            for (int i = 0; i < all.length; i++) {
                times[i] = micros[all[i]] + (i < rows.rows() ? 0 : apart);
            }
            return with(rows.select(all), new TimeColumn(time, times));
        }
    }

    private static Table with(Table table, Column changed) {
        List<Column> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            columns.add(column.name().equals(changed.name()) ? changed : column);
        }
        return new Table(columns);
    }

    private static Table numbers(
            Table table, String column, IntPredicate where, DoubleUnaryOperator change) {
        double[] values = table.number(column).values().clone();
        for (int row = 0; row < values.length; row++) {
            values[row] = where.test(row) ? change.applyAsDouble(values[row]) : values[row];
        }
        return with(table, new NumberColumn(column, values));
    }

    private static Table texts(
            Table table, String column, IntPredicate where, UnaryOperator<String> change) {
        CategoryColumn before = table.category(column);
        return texts(
                table,
                column,
                row -> where.test(row) ? change.apply(before.text(row)) : before.text(row));
    }

    private static Table texts(Table table, String column, IntFunction<String> values) {
        return with(
                table,
                CategoryColumn.of(
                        column, IntStream.range(0, table.rows()).mapToObj(values).toList()));
    }

    private static SnapshotManifest manifest(Table table, Map<String, Set<String>> types) {
        Digest digest = Digest.of(new byte[0]);
        return new SnapshotManifest(
                "faults",
                digest,
                Instant.EPOCH,
                Instant.EPOCH,
                List.of(),
                table.rows(),
                0,
                0,
                0,
                List.of(),
                types,
                Optional.empty(),
                List.of(),
                digest);
    }

    private static List<Finding> validate(
            PipelineSpec spec, Table table, Table champion, List<Long> past) {
        SnapshotManifest manifest = manifest(table, Map.of());
        return Validator.validate(
                        Subject.of(
                                spec,
                                table,
                                TableProfile.of(table),
                                manifest,
                                new Subject.Past(
                                        Optional.of(TableProfile.of(champion)),
                                        Optional.of(manifest),
                                        past),
                                Instant.parse("2020-01-01T00:00:00Z")))
                .findings();
    }

    private static List<Finding> validate(Data data, Function<Table, Table> fault) {
        Table table = fault.apply(data.clean);
        return validate(
                data.spec,
                table,
                data.clean.range(0, data.seen),
                List.of((long) data.clean.rows()));
    }

    private static Finding only(String rule, String column, List<Finding> findings) {
        List<Finding> found =
                findings.stream().filter(each -> each.severity() != Severity.INFO).toList();
        assertEquals(1, found.size(), found::toString);
        assertEquals(rule, found.getFirst().rule(), found::toString);
        assertEquals(column, found.getFirst().column(), found::toString);
        return found.getFirst();
    }

    private static Finding among(String rule, String column, List<Finding> findings) {
        return findings.stream()
                .filter(each -> each.rule().equals(rule) && each.column().equals(column))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void cleanTables_haveNoFinding(Data data) {
        assertEquals(List.of(), validate(data, UnaryOperator.identity()));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 'times 1,000'",
        "0.001, 0, 'divided by 1,000'",
        "1.609344, 0, 'times 1.609344'",
        "1.8, 32, from Celsius to Fahrenheit",
        "1, 273.15, shifted by 273"
    })
    void anotherUnit_isTold(double factor, double offset, String said) {
        Data data = Data.FLIGHTS;

        Finding found =
                among(
                        "unit",
                        "hour",
                        validate(
                                data,
                                table ->
                                        numbers(
                                                table,
                                                "hour",
                                                row -> row >= data.seen,
                                                value -> value * factor + offset)));

        assertTrue(found.found().contains(said), found.found());
    }

    @Test
    void anotherUnitInSomeRows_isTold_withTheRows() {
        Data data = Data.FLIGHTS;
        SplittableRandom random = new SplittableRandom(1);
        boolean[] wrong = new boolean[data.clean.rows()];
        for (int row = 0; row < wrong.length; row++) {
            wrong[row] = random.nextInt(100) == 0;
        }

        Finding found =
                among(
                        "unit",
                        "hour",
                        validate(
                                data,
                                table ->
                                        numbers(
                                                table,
                                                "hour",
                                                row -> wrong[row],
                                                value -> value * 1_000)));

        assertTrue(found.found().contains("times 1,000"), found.found());
        assertEquals(0.01, found.share().orElseThrow(), 0.002);
        assertTrue(wrong[found.rows().getFirst() - 1]);
    }

    @Test
    void aPairThatNoLongerGoesTogether_isTold() {
        Data data = Data.ELECTRICITY;
        double[] demand = data.clean.number("nswdemand").values();
        SplittableRandom random = new SplittableRandom(2);
        // Until then vicdemand is nswdemand and noise; then it is that of another half hour.
        double[] together = new double[demand.length];
        for (int row = 0; row < together.length; row++) {
            together[row] = Math.clamp(demand[row] + 0.05 * random.nextDouble(), 0, 1);
        }
        Table coupled = with(data.clean, new NumberColumn("vicdemand", together));
        double[] apart = together.clone();
        int later = demand.length - data.seen;
        for (int row = data.seen; row < apart.length; row++) {
            apart[row] = together[data.seen + (row - data.seen + 11_003) % later];
        }
        Table broken = with(coupled, new NumberColumn("vicdemand", apart));

        Table champion = coupled.range(0, data.seen);
        assertEquals(List.of(), validate(data.spec, coupled, champion, List.of()));
        Finding found =
                only("correlation", "nswdemand", validate(data.spec, broken, champion, List.of()));
        assertTrue(found.found().contains("vicdemand"), found.found());
    }

    @Test
    void aMissingWeek_isAGap_andANightWithoutFlightsIsNone() {
        Data data = Data.FLIGHTS;
        long from =
                EventTime.micros(
                        data.clean.time("departure").micros().length > 0
                                ? EventTime.instant(data.clean.time("departure").micros()[20_000])
                                : Instant.EPOCH);
        long to = from + 2L * 86_400 * 1_000_000;

        Finding found =
                only(
                        "gap",
                        "departure",
                        validate(
                                data,
                                table ->
                                        table.select(
                                                IntStream.range(0, table.rows())
                                                        .filter(row -> {
                                                            long at =
                                                                    table.time("departure")
                                                                            .micros()[row];
                                                            return at < from || at >= to;
                                                        })
                                                        .toArray())));

        assertEquals(2, found.rows().size());
        assertTrue(found.expected().startsWith("about 2"), found.expected());
    }

    @Test
    void halfTheRows_areARowChange() {
        Data data = Data.ELECTRICITY;
        List<Long> past = List.of(80_000L, 90_000L, 100_000L);

        Finding found =
                only(
                        "row-change",
                        "",
                        validate(data.spec, data.clean, data.clean.range(0, data.seen), past));

        assertTrue(found.expected().contains("45,000"), found.expected());
    }

    @Test
    void valuesNobodyKnows_andValuesThatCameNoMore_areTold() {
        Data data = Data.FLIGHTS;

        List<Finding> findings =
                validate(
                        data,
                        table ->
                                texts(
                                        table,
                                        "carrier",
                                        row -> row >= data.seen,
                                        carrier -> carrier.equals("UA") ? "NEW" : carrier));

        Finding unseen = among("unseen", "carrier", findings);
        assertTrue(unseen.found().contains("'NEW'"), unseen.found());
        assertTrue(unseen.rows().getFirst() > data.seen);
        assertTrue(among("vanished", "carrier", findings).found().contains("'UA'"));
    }

    @Test
    void aCategoryThatBecomesAName_isTold() {
        Data data = Data.FLIGHTS;

        Finding found =
                among(
                        "cardinality",
                        "dest",
                        validate(data, table -> texts(table, "dest", row -> "X" + row)));
        assertTrue(found.expected().contains("identifier"), found.expected());

        Finding more =
                among(
                        "cardinality",
                        "dest",
                        validate(
                                data,
                                table ->
                                        texts(
                                                table,
                                                "dest",
                                                row ->
                                                        table.category("dest").text(row)
                                                                + row % 9)));
        assertTrue(more.expected().contains("champion"), more.expected());
    }

    @ParameterizedTest
    @CsvSource({"lower", "space", "zeros"})
    void twoSpellings_areTold(String how) {
        Data data = Data.FLIGHTS;
        UnaryOperator<String> change =
                switch (how) {
                    case "lower" -> text -> text.toLowerCase(java.util.Locale.ROOT);
                    case "space" -> text -> text + " ";
                    default -> text -> text;
                };
        Function<Table, Table> fault =
                how.equals("zeros")
                        ? table -> texts(table, "flight", row -> row % 50 == 0, text -> "0" + text)
                        : table -> texts(table, "carrier", row -> row % 50 == 0, change);

        Finding found =
                among("format", how.equals("zeros") ? "flight" : "carrier", validate(data, fault));

        assertTrue(found.found().contains("more than one spelling"), found.found());
        assertEquals(0.02, found.share().orElseThrow(), 0.015);
    }

    @Test
    void aValueInAFormOfItsOwn_isTold() {
        Finding found =
                among(
                        "format",
                        "flight",
                        validate(
                                Data.FLIGHTS,
                                table ->
                                        texts(
                                                table,
                                                "flight",
                                                row -> row == 17,
                                                _ -> "2013-07-01")));

        assertEquals(List.of(18), found.rows());
    }

    @Test
    void classesThatChangePlaces_areTold() {
        Data data = Data.ELECTRICITY;

        Finding found =
                among(
                        "label-balance",
                        "class",
                        validate(
                                data,
                                table ->
                                        texts(
                                                table,
                                                "class",
                                                row -> row >= data.seen && row % 3 != 0,
                                                _ -> "UP")));

        assertTrue(found.found().contains("class '"), found.found());
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenAfterTheLabel_isLeakage(Data data) {
        boolean electricity = data == Data.ELECTRICITY;
        String label = electricity ? "class" : "late";
        String feature = electricity ? "transfer" : "distance";
        CategoryColumn labels = data.clean.category(label);
        String one = labels.dictionary().getFirst();
        SplittableRandom random = new SplittableRandom(3);
        double[] noise = random.doubles(labels.rows(), 0, 0.4).toArray();
        // Either what it is, or whether it is there.
        IntPredicate positive = row -> labels.text(row).equals(one);

        Finding value =
                among(
                        "leakage",
                        feature,
                        validate(
                                data,
                                table -> {
                                    double[] values = new double[table.rows()];
                                    for (int row = 0; row < values.length; row++) {
                                        values[row] = noise[row] + (positive.test(row) ? 0.5 : 0);
                                    }
                                    return with(table, new NumberColumn(feature, values));
                                }));
        Finding there =
                among(
                        "leakage",
                        feature,
                        validate(
                                data, table -> numbers(table, feature, positive, _ -> Double.NaN)));
        Finding category =
                among(
                        "leakage",
                        electricity ? "day" : "dest",
                        validate(
                                data,
                                table ->
                                        texts(
                                                table,
                                                electricity ? "day" : "dest",
                                                row ->
                                                        (positive.test(row) ? "a" : "b")
                                                                + row % 5)));

        assertTrue(value.found().startsWith("AUC alone"), value.found());
        assertTrue(there.found().contains("whether it has a value"), there.found());
        assertTrue(category.found().startsWith("AUC alone 1.0"), category.found());
    }

    @Test
    void aTimeAfterTheRows_isToldWithItsRows_andOneBeforeIsNot() {
        Data data = Data.FLIGHTS;
        long[] own = data.clean.time("departure").micros();
        Function<Long, Table> arriving =
                minutes -> {
                    double[] values = new double[own.length];
                    for (int row = 0; row < values.length; row++) {
                        values[row] = own[row] / 1_000_000 + minutes * 60;
                    }
                    return with(data.clean, new NumberColumn("distance", values));
                };

        Finding found = among("after-event", "distance", validate(data, _ -> arriving.apply(90L)));

        assertEquals(1, found.share().orElseThrow());
        assertTrue(
                validate(data, _ -> arriving.apply(-90L)).stream()
                        .noneMatch(each -> each.rule().equals("after-event")));
    }

    @Test
    void aKeyThatWasGivenAfterTheLabel_isTold() {
        Data data = Data.FLIGHTS;
        CategoryColumn late = data.clean.category("late");

        Finding found =
                among(
                        "target-in-key",
                        "flight",
                        validate(
                                data,
                                table ->
                                        texts(
                                                table,
                                                "flight",
                                                row ->
                                                        (late.text(row).equals("yes") ? "L" : "P")
                                                                + row)));

        assertTrue(found.found().contains("first character"), found.found());
    }

    @Test
    void aFeatureDistributedOtherwise_isSkewed() {
        Data data = Data.FLIGHTS;

        Finding found =
                among(
                        "skew",
                        "hour",
                        validate(
                                data,
                                table ->
                                        numbers(
                                                table,
                                                "hour",
                                                row -> row >= data.seen && row % 2 == 0,
                                                hour -> Math.min(23, hour + 5))));

        assertTrue(found.found().startsWith("stability index 0."), found.found());
    }

    @Test
    void aColumnStoredOtherwise_isTold_betweenFilesAndSinceTheChampion() {
        Data data = Data.ELECTRICITY;
        Map<String, Set<String>> champion =
                Map.of("period", Set.of("INT64"), "nswprice", Set.of("DOUBLE"));
        Map<String, Set<String>> now =
                Map.of("period", Set.of("STRING"), "nswprice", Set.of("DOUBLE", "FLOAT"));

        List<Finding> findings =
                new SchemaRule()
                        .check(
                                Subject.of(
                                        data.spec,
                                        data.clean,
                                        TableProfile.of(data.clean),
                                        manifest(data.clean, now),
                                        new Subject.Past(
                                                Optional.empty(),
                                                Optional.of(manifest(data.clean, champion)),
                                                List.of()),
                                        Instant.EPOCH));

        assertEquals(
                List.of("nswprice", "period"),
                findings.stream().map(Finding::column).sorted().toList());
        assertEquals(
                List.of(),
                new SchemaRule()
                        .check(
                                Subject.of(
                                        data.spec,
                                        data.clean,
                                        TableProfile.of(data.clean),
                                        manifest(data.clean, champion),
                                        new Subject.Past(
                                                Optional.empty(),
                                                Optional.of(manifest(data.clean, champion)),
                                                List.of()),
                                        Instant.EPOCH)));
        assertEquals(ColumnType.NUMBER, data.clean.column("period").type());
    }

    @Test
    void theSpecSays_howSerious_andFromWhereOn() {
        Data data = Data.FLIGHTS;
        Table lower = texts(data.clean, "carrier", row -> row % 50 == 0, text -> text + " ");
        Table champion = data.clean.range(0, data.seen);

        assertEquals(
                Severity.ERROR,
                among(
                                "format",
                                "carrier",
                                validate(
                                        checked(data, "{format: error}"),
                                        lower,
                                        champion,
                                        List.of()))
                        .severity());
        assertTrue(
                validate(checked(data, "{format: ignore}"), lower, champion, List.of()).stream()
                        .noneMatch(each -> each.rule().equals("format")));
        assertEquals(
                List.of(),
                validate(
                        checked(data, "{rowChange: {threshold: 0.1}}"),
                        data.clean,
                        champion,
                        List.of(100_000L)));
    }

    private static PipelineSpec checked(Data data, String checks) {
        try {
            String yaml =
                    Files.readString(PIPELINES.resolve("flights.yaml"))
                            .replaceAll("(?s)  - view:.*?maxAge: PT3H\n", "");
            assertEquals(Data.FLIGHTS, data);
            return SpecReader.read("flights.yaml", yaml + "checks: " + checks + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
