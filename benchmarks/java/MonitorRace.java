import dev.perennial.core.drift.ColumnShift;
import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.json.Json;
import dev.perennial.core.monitor.Reference;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A look at live rows: {@code make FOLDER ROWS} and then {@code look FOLDER}, see benchmarks/monitor. */
class MonitorRace {
    private static final int BATCH = 10_000;
    private static final int READ_AHEAD = 2; // as MonitorHandler
    private static final List<String> NUMBERS = IntStream.range(0, 16).mapToObj(i -> "f" + i).toList();
    private static final List<Integer> CATEGORIES = List.of(4, 10, 20, 100);
    private static final Instant SINCE = Instant.parse("2026-03-01T00:00:00Z");

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "make" -> make(folder, Integer.parseInt(arguments[2]));
            case "look" -> look(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static PipelineSpec spec() {
        String features =
                NUMBERS.stream().map("  - {name: %s, type: number}\n"::formatted).collect(Collectors.joining())
                        + CATEGORIES.stream().map("  - {name: c%d, type: category}\n"::formatted).collect(Collectors.joining());
        return SpecReader.read(
                        "spec",
                        """
                        name: race
                        task: binary
                        time: t
                        label: {column: y, positive: "yes"}
                        features:
                        %swindow: P900D
                        split: {validation: PT1H, test: PT1H}
                        train: {trainer: xgboost}
                        gates: [{metric: auc, min: 0.5}]
                        """
                                .formatted(features));
    }

    /** 16 numbers, of which 1 % are missing and one is moved live, and 4 categories of 4 to 100 values. */
    private static void make(Path folder, int rows) throws Exception {
        String columns =
                IntStream.range(0, 16)
                                .mapToObj("CASE WHEN random() < 0.01 THEN NULL ELSE (random() + random() + random()) * %1$d + moved END AS f%1$d"::formatted)
                                .collect(Collectors.joining(", "))
                        + ", "
                        + CATEGORIES.stream().map("'v' || floor(random() * random() * %1$d)::INT AS c%1$d"::formatted).collect(Collectors.joining(", "));
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("SELECT setseed(0.5)");
            statement.execute(
                    "COPY (SELECT TIMESTAMP '2026-02-01' + INTERVAL (i // 10) SECOND AS t, CASE WHEN random() < 0.3 THEN 'yes' ELSE 'no' END AS y, %s FROM (SELECT i, 0 AS moved FROM range(%d) r(i))) TO '%s' (FORMAT parquet)"
                            .formatted(columns, rows, folder.resolve("reference.parquet")));
            statement.execute(
                    "CREATE TABLE live AS SELECT i, %s FROM (SELECT i, 0.01 AS moved FROM range(%d) r(i))".formatted(columns, rows));
            statement.execute("COPY (SELECT * EXCLUDE i FROM live) TO '%s' (FORMAT parquet)".formatted(folder.resolve("live.parquet")));
            for (int from = 0; from < rows; from += BATCH) {
                statement.execute(
                        """
                        COPY (SELECT 'id-' || i AS "perennial/id", TIMESTAMP '2026-03-01' + INTERVAL (i // 10) SECOND AS "perennial/at",
                          1.0::DOUBLE AS "perennial/version", 'CHAMPION' AS "perennial/role", '' AS "perennial/entity",
                          TIMESTAMP '2026-03-01' + INTERVAL (i // 10) SECOND AS "perennial/time",
                          0.3::DOUBLE AS "perennial/probability/no", 0.7::DOUBLE AS "perennial/probability/yes", * EXCLUDE i
                          FROM live WHERE i >= %d AND i < %d ORDER BY i) TO '%s' (FORMAT parquet)"""
                                .formatted(from, from + BATCH, folder.resolve("batch-%07d.parquet".formatted(from))));
            }
        }
        PipelineSpec spec = spec();
        Table reference = read(spec.schema(), folder.resolve("reference.parquet"));
        TableProfile profile = TableProfile.of(reference);
        RankScores scores = RankScores.of(profile, NUMBERS);
        Map<String, DesignEffects> effects = new HashMap<>();
        for (FeatureSpec each : spec.features()) {
            effects.put(
                    each.name(),
                    DesignEffects.of(column(reference, each.name()), profile.column(each.name()).orElseThrow(), rows));
        }
        Files.write(folder.resolve("profile.json"), profile.toJson());
        Files.write(
                folder.resolve("reference.json"),
                Json.write(
                        new Reference(
                                1, SINCE, effects, PairProfile.of(scores, reference),
                                PairShift.effects(scores, reference, rows), Map.of(), 0.3, OptionalDouble.of(0.3), 10_000, 0.21,
                                rows)));
    }

    private static dev.perennial.core.table.Column column(Table table, String name) {
        return table.columns().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    private static Table read(Schema schema, Path file) {
        return new TableReader(schema).add(file, file.toString()).finish().table();
    }

    /** What a look does of data drift; joining labels is another matter, and no other tool does it here. */
    private static void look(Path folder) throws Exception {
        PipelineSpec spec = spec();
        TableProfile profile = TableProfile.fromJson(Files.readAllBytes(folder.resolve("profile.json")));
        Reference reference = Json.read("reference", Files.readAllBytes(folder.resolve("reference.json")), Reference.class);
        RankScores scores = RankScores.of(profile, NUMBERS);
        Schema features = // the others read nothing else either
                new Schema(spec.features().stream().map(each -> new Schema.Field(each.name(), each.type())).toList());
        List<Path> batches;
        try (var files = Files.list(folder)) {
            batches = files.filter(each -> each.getFileName().toString().startsWith("batch-")).sorted().toList();
        }
        TableProfile live = null;
        PairProfile pairs = null;
        try (ExecutorService readers = Executors.newFixedThreadPool(READ_AHEAD)) {
            Queue<Future<Table>> ahead = new ArrayDeque<>();
            int next = 0;
            for (int i = 0; i < batches.size(); i++) {
                for (; next < batches.size() && ahead.size() < READ_AHEAD; next++) {
                    Path batch = batches.get(next);
                    ahead.add(readers.submit(() -> read(features, batch)));
                }
                Table rows = ahead.remove().get();
                TableProfile part = TableProfile.of(rows);
                live = live == null ? part : live.merge(part);
                pairs = pairs == null ? PairProfile.of(scores, rows) : pairs.merge(PairProfile.of(scores, rows));
            }
        }
        StringBuilder moved = new StringBuilder();
        for (FeatureSpec each : spec.features()) {
            ColumnShift shift =
                    ColumnShift.of(
                                    profile.column(each.name()).orElseThrow(), live.column(each.name()).orElseThrow(),
                                    reference.designEffects().get(each.name()), 1e-5)
                            .orElseThrow();
            if (shift.strongest().ratio() >= 1) {
                moved.append(" %s %.1f".formatted(each.name(), shift.strongest().ratio()));
            }
        }
        double furthest = PairShift.of(reference.pairs(), pairs, reference.pairEffects(), 1e-5).getFirst().ratio();
        System.out.printf(Locale.ROOT, "%,d rows; moved:%s; pairs %.2f%n", live.rows(), moved, furthest);
    }
}
