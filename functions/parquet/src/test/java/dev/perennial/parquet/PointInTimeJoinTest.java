package dev.perennial.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.parquet.PointInTimeJoin.History;
import dev.perennial.parquet.PointInTimeJoin.HistoryFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeJoinTest {
    private static final long SECOND = 1_000_000;
    private static final long BEGIN = EventTime.micros(Instant.parse("2026-03-29T00:00:00Z"));

    @TempDir Path folder;

    /** One row of the view; a null region can't be in a store. */
    private record Fact(String region, long at, double warmth, String sky) {}

    private record Labelled(String region, long at) {}

    private static FeatureView view() {
        return new FeatureView(
                "weather",
                List.of("region"),
                Set.of(),
                "at",
                List.of(number("warmth"), new CategoryFeature("sky", List.of(), 1, false)),
                Optional.empty(),
                0);
    }

    private static FeatureSpec number(String name) {
        return new NumberFeature(name, OptionalDouble.empty(), OptionalDouble.empty(), 1, false);
    }

    private static ViewUse use(Optional<Duration> maxAge, Match match, String... renamed) {
        List<TakenColumn> taken =
                renamed.length == 0
                        ? List.of(
                                new TakenColumn("warmth", "warmth"), new TakenColumn("sky", "sky"))
                        : Arrays.stream(renamed)
                                .map(name -> new TakenColumn("warmth", name))
                                .toList();
        return new ViewUse(view(), Map.of(), taken, maxAge, match);
    }

    private static final Schema ORDER =
            new Schema(
                    List.of(
                            new Field("region", ColumnType.CATEGORY),
                            new Field("when", ColumnType.TIME),
                            new Field("warmth", ColumnType.NUMBER),
                            new Field("sky", ColumnType.CATEGORY)));

    private HistoryFile file(int number, List<Fact> facts) {
        Path file = folder.resolve("history-%d.parquet".formatted(number));
        ParquetWriter.write(
                new Table(
                        List.of(
                                new TimeColumn("at", facts.stream().mapToLong(Fact::at).toArray()),
                                CategoryColumn.of(
                                        "region", facts.stream().map(Fact::region).toList()),
                                new NumberColumn(
                                        "warmth",
                                        facts.stream().mapToDouble(Fact::warmth).toArray()),
                                CategoryColumn.of("sky", facts.stream().map(Fact::sky).toList()))),
                file);
        return new HistoryFile(
                file,
                Set.of("warmth", "sky"),
                EventTime.instant(facts.stream().mapToLong(Fact::at).min().orElse(0)),
                EventTime.instant(facts.stream().mapToLong(Fact::at).max().orElse(0)));
    }

    private static Table labels(List<Labelled> rows) {
        return new Table(
                List.of(
                        CategoryColumn.of("region", rows.stream().map(Labelled::region).toList()),
                        new TimeColumn("when", rows.stream().mapToLong(Labelled::at).toArray())));
    }

    private Table join(List<Labelled> rows, ViewUse use, List<HistoryFile> files) {
        Path target = folder.resolve("joined.parquet");
        PointInTimeJoin.write(
                labels(rows), "when", List.of(new History(use, files)), ORDER, target);
        return new TableReader(ORDER).add(target, "joined.parquet").finish().table();
    }

    /** Looks at every fact for every row. */
    private static @Nullable Fact naive(Labelled row, ViewUse use, List<List<Fact>> files) {
        Fact best = null;
        for (List<Fact> file : files) {
            for (Fact fact : file) {
                boolean early =
                        use.match() == Match.BEFORE ? fact.at() < row.at() : fact.at() <= row.at();
                if (fact.region().equals(row.region())
                        && early
                        && (best == null || fact.at() >= best.at())) {
                    best = fact;
                }
            }
        }
        Fact found = best;
        return found == null
                        || use.maxAge()
                                .filter(age -> row.at() - found.at() > age.toSeconds() * SECOND)
                                .isPresent()
                ? null
                : found;
    }

    /** Ties, repeats in later files, gaps, nulls of every column, moments a microsecond apart. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyRow_findsWhatLookingAtAllFactsFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> regions = List.of("north", "süd", "0", "00", "a b", "'\";--");
        List<List<Fact>> files = new ArrayList<>();
        for (int file = 0; file < 1 + random.nextInt(5); file++) {
            List<Fact> facts = new ArrayList<>();
            Set<String> there = new HashSet<>();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                String region = regions.get(random.nextInt(regions.size() - 1));
                long at = moment(random);
                if (there.add(region + at)) {
                    facts.add(
                            new Fact(
                                    region,
                                    at,
                                    random.nextInt(6) == 0 ? Double.NaN : random.nextDouble(),
                                    random.nextInt(6) == 0 ? "" : "sky" + random.nextInt(9)));
                }
            }
            files.add(facts);
        }
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(
                    new Labelled(
                            random.nextInt(10) == 0
                                    ? ""
                                    : regions.get(random.nextInt(regions.size())),
                            moment(random)));
        }
        ViewUse use =
                use(
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(1 + random.nextInt(30))),
                        random.nextBoolean() ? Match.BEFORE : Match.AT_OR_BEFORE);
        List<HistoryFile> stored = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            stored.add(file(file, files.get(file)));
        }

        Table joined = join(rows, use, stored);

        for (int i = 0; i < rows.size(); i++) {
            Fact expected = naive(rows.get(i), use, files);
            double warmth = expected == null ? Double.NaN : expected.warmth();
            String message = "row %d of seed %d, %s: %s".formatted(i, seed, use, rows.get(i));
            assertEquals(warmth, joined.number("warmth").values()[i], message);
            assertEquals(
                    expected == null ? "" : expected.sky(),
                    joined.category("sky").text(i),
                    message);
            assertEquals(rows.get(i).at(), joined.time("when").micros()[i], "in order");
        }
    }

    /** Sixty seconds, mostly whole ones, so that moments meet. */
    private static long moment(SplittableRandom random) {
        long micros = random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0;
        return BEGIN + random.nextInt(60) * SECOND + micros;
    }

    /** A microsecond later than its row it must never be found, whatever the match allows. */
    @Test
    void aFactOfTheFuture_isNeverSeen() {
        List<Labelled> rows = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long at = BEGIN + i * 10 * SECOND;
            rows.add(new Labelled("north", at));
            facts.add(new Fact("north", at + 1, 666, "future"));
            facts.add(new Fact("north", at - 5 * SECOND, i, "past"));
        }
        List<HistoryFile> files = List.of(file(0, facts));
        Optional<Duration> young = Optional.of(Duration.ofSeconds(9));

        for (Match match : Match.values()) {
            double[] found = join(rows, use(young, match), files).number("warmth").values();

            for (int i = 0; i < found.length; i++) {
                assertEquals(i, found[i]);
            }
        }
    }

    /** 02:30 happens twice in Berlin's autumn and never in its spring; moments don't care. */
    @Test
    void changesOfDaylightSaving_moveNothing() {
        long first = EventTime.parse("2026-10-25T02:30:00+02:00");
        long second = EventTime.parse("2026-10-25T02:30:00+01:00");
        assertEquals(3_600 * SECOND, second - first);
        List<HistoryFile> files =
                List.of(
                        file(
                                0,
                                List.of(
                                        new Fact("b", first, 1, "summer"),
                                        new Fact("b", second, 2, "winter"))));

        Table joined =
                join(
                        List.of(
                                new Labelled("b", EventTime.parse("2026-10-25T02:59:00+02:00")),
                                new Labelled("b", EventTime.parse("2026-10-25T02:10:00+01:00")),
                                new Labelled("b", EventTime.parse("2026-10-25T02:31:00+01:00"))),
                        use(Optional.of(Duration.ofHours(1)), Match.AT_OR_BEFORE),
                        files);

        assertArrayEquals(new double[] {1, 1, 2}, joined.number("warmth").values());
    }

    @Test
    void twoUsesOfOneView_underNamesOfTheirOwn_andNoFilesAtAll() {
        List<HistoryFile> files = List.of(file(0, List.of(new Fact("north", BEGIN, 4, "x"))));
        Table rows =
                new Table(
                        List.of(
                                CategoryColumn.of("origin", List.of("north", "south")),
                                CategoryColumn.of("target", List.of("south", "north")),
                                new TimeColumn("when", new long[] {BEGIN, BEGIN})));
        ViewUse origin = on("origin", "there");
        ViewUse target = on("target", "here");
        ViewUse nothing = on("target", "nothing");
        Schema order =
                new Schema(
                        List.of(
                                new Field("there", ColumnType.NUMBER),
                                new Field("here", ColumnType.NUMBER),
                                new Field("nothing", ColumnType.NUMBER)));
        Path joined = folder.resolve("two.parquet");

        List<Long> matched =
                PointInTimeJoin.write(
                        rows,
                        "when",
                        List.of(
                                new History(origin, files),
                                new History(nothing, List.of()),
                                new History(target, files)),
                        order,
                        joined);

        assertEquals(List.of(1L, 0L, 1L), matched);
        Table table = new TableReader(order).add(joined, "two.parquet").finish().table();
        assertArrayEquals(new double[] {4, Double.NaN}, table.number("there").values());
        assertArrayEquals(new double[] {Double.NaN, 4}, table.number("here").values());
        assertTrue(Arrays.stream(table.number("nothing").values()).allMatch(Double::isNaN));
    }

    private static ViewUse on(String column, String as) {
        return new ViewUse(
                view(),
                Map.of("region", column),
                List.of(new TakenColumn("warmth", as)),
                Optional.empty(),
                Match.AT_OR_BEFORE);
    }

    /** Their numbers don't fit into 64 bits. */
    @Test
    void centuriesOfManyFiles_keepTheirOrder() {
        List<HistoryFile> files = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            files.add(
                    file(
                            i,
                            List.of(
                                    new Fact(
                                            "n",
                                            EventTime.parse("%d-01-01".formatted(1000 + i)),
                                            i,
                                            ""),
                                    new Fact("n", EventTime.parse("3500-01-01"), i, ""))));
        }
        List<Labelled> rows =
                List.of(
                        new Labelled("n", EventTime.parse("0999-12-31")),
                        new Labelled("n", EventTime.parse("2026-06-01")),
                        new Labelled("n", EventTime.parse("3500-01-01")));

        double[] found =
                join(rows, use(Optional.empty(), Match.AT_OR_BEFORE), files)
                        .number("warmth")
                        .values();

        assertArrayEquals(new double[] {Double.NaN, 1_026, 1_999}, found);
    }

    @Test
    void theSameRows_giveTheSameBytes() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<Labelled> rows = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            rows.add(new Labelled("r" + random.nextInt(500), BEGIN + i * SECOND));
            facts.add(
                    new Fact(
                            "r" + i % 500,
                            BEGIN + i * SECOND - 1,
                            random.nextDouble(),
                            "s" + random.nextInt(40)));
        }
        List<HistoryFile> files =
                List.of(
                        file(0, facts.subList(0, 150_000)),
                        file(1, facts.subList(150_000, 300_000)));
        Set<Digest> digests = new HashSet<>();

        for (int i = 0; i < 3; i++) {
            join(rows, use(Optional.empty(), Match.AT_OR_BEFORE), files);
            digests.add(Digest.of(folder.resolve("joined.parquet")));
        }

        assertEquals(1, digests.size());
    }
}
