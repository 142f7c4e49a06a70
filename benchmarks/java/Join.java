import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.parquet.PointInTimeJoin;
import dev.perennial.parquet.PointInTimeJoin.History;
import dev.perennial.parquet.PointInTimeJoin.HistoryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One way of joining per process: {@code make|duckdb|perennial FOLDER tall|wide}. */
class Join {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        boolean wide = arguments[2].equals("wide");
        switch (arguments[0]) {
            case "make" -> make(folder, wide);
            case "duckdb" -> duckdb(folder);
            case "perennial" -> perennial(folder, wide);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** 1M rows by 5M × 20 of 20,000 entities, or 17,000 by 200,000 × 1,000 of 500; a year in a file per day, or month. */
    private static void make(Path folder, boolean wide) throws Exception {
        int labels = wide ? 17_000 : 1_000_000;
        int rows = wide ? 200_000 : 5_000_000;
        int entities = wide ? 500 : 20_000;
        int files = wide ? 12 : 365;
        Files.createDirectories(folder.resolve("features"));
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("SET temp_directory = '" + folder + "/spill'");
            statement.execute(
                    "COPY (SELECT 'k' || hash(i) %% %d AS k, TIMESTAMP '2026-01-01' + INTERVAL (hash(i * 7) %% 31536000) SECOND AS t, (hash(i * 3) %% 2)::VARCHAR AS y FROM range(%d) r(i) ORDER BY t) TO '%s/labels.parquet' (FORMAT parquet)"
                            .formatted(entities, labels, folder));
            for (int file = 0; file < files; file++) {
                int seconds = 31_536_000 / files;
                statement.execute(
                        "COPY (SELECT 'k' || hash(i * 11) %% %d AS k, TIMESTAMP '2026-01-01' + INTERVAL (%d + hash(i * 13) %% %d) SECOND AS t, %s FROM range(%d, %d) r(i) ORDER BY t) TO '%s/features/%03d.parquet' (FORMAT parquet, COMPRESSION zstd)"
                                .formatted(
                                        entities,
                                        file * seconds,
                                        seconds,
                                        String.join(", ", columns(wide).map(Join::values).toList()),
                                        (long) rows * file / files,
                                        (long) rows * (file + 1) / files,
                                        folder,
                                        file));
            }
        }
    }

    private static Stream<String> columns(boolean wide) {
        return wide
                ? IntStream.range(0, 1_000).mapToObj(i -> "f" + i)
                : Stream.concat(IntStream.range(0, 16).mapToObj(i -> "f" + i), Stream.of("c10", "c50", "c100", "c200"));
    }

    private static String values(String column) {
        return column.startsWith("f")
                ? "CASE WHEN random() < 0.01 THEN NULL ELSE random() END AS " + column
                : "'v' || hash(i) %% %s AS %s".formatted(column.substring(1), column);
    }

    private static void duckdb(Path folder) throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("SET temp_directory = '" + folder + "/spill'");
            statement.execute(
                    "COPY (SELECT l.*, f.* EXCLUDE (k, t) FROM '%1$s/labels.parquet' l ASOF LEFT JOIN '%1$s/features/*.parquet' f ON l.k = f.k AND l.t >= f.t) TO '%1$s/duckdb.parquet' (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(folder));
        }
    }

    private static void perennial(Path folder, boolean wide) throws Exception {
        List<FeatureSpec> features = new ArrayList<>();
        columns(wide).forEach(column -> features.add(
                column.startsWith("f")
                        ? new NumberFeature(column, OptionalDouble.empty(), OptionalDouble.empty(), 1, false)
                        : new CategoryFeature(column, List.of(), 1, false)));
        FeatureView view = new FeatureView("view", List.of("k"), Set.of(), "t", features, Optional.empty(), 0);
        ViewUse use =
                new ViewUse(
                        view,
                        Map.of(),
                        features.stream().map(each -> new TakenColumn(each.name(), each.name())).toList(),
                        Optional.empty(),
                        Match.AT_OR_BEFORE);
        List<Field> labels =
                List.of(
                        new Field("k", ColumnType.CATEGORY),
                        new Field("t", ColumnType.TIME),
                        new Field("y", ColumnType.CATEGORY));
        List<Field> all = new ArrayList<>(labels);
        features.forEach(each -> all.add(new Field(each.name(), each.type())));
        Table rows =
                new TableReader(new Schema(labels)).add(folder.resolve("labels.parquet"), "labels.parquet").finish().table();
        List<HistoryFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>(columns(wide).toList());
        try (Stream<Path> found = Files.list(folder.resolve("features"))) {
            found.sorted().forEach(file -> files.add(new HistoryFile(file, names, BEGIN, BEGIN.plusSeconds(31_536_000))));
        }
        List<Long> matched =
                PointInTimeJoin.write(
                        rows, "t", List.of(new History(use, files)), new Schema(all), folder.resolve("perennial.parquet"));
        System.err.println("matched " + matched);
    }
}
