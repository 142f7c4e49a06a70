import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.validation.Findings;
import dev.perennial.core.validation.Subject;
import dev.perennial.core.validation.Validator;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One way of looking at a table per process: {@code make|duckdb|perennial FOLDER parquet|csv ROWS}. */
class Quality {
    private static final List<Integer> CATEGORIES = List.of(10, 50, 100, 200);

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]).resolve("rows." + arguments[2]);
        switch (arguments[0]) {
            case "make" -> make(Path.of(arguments[1]), arguments[2], Long.parseLong(arguments[3]));
            case "merge" -> merge(file);
            case "duckdb" -> duckdb(file);
            case "perennial" -> perennial(file);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** A moment a second, a label, 16 numbers and 4 categories of 10 to 200 values, 1 % of each missing. */
    private static void make(Path folder, String wanted, long rows) throws Exception {
        String numbers =
                IntStream.range(0, 16)
                        .mapToObj(i -> "CASE WHEN random() < 0.01 THEN NULL ELSE random() * %d END AS f%d".formatted(i + 1, i))
                        .collect(Collectors.joining(", "));
        String categories =
                CATEGORIES.stream()
                        .map(n -> "CASE WHEN random() < 0.01 THEN NULL ELSE 'value ' || (random() * %1$d)::INT %% %1$d END AS c%1$d".formatted(n))
                        .collect(Collectors.joining(", "));
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            String format = wanted.equals("csv") ? "csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'" : "parquet, COMPRESSION zstd";
                statement.execute("SELECT setseed(0.5)");
                statement.execute(
                        "COPY (SELECT TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS t, CASE WHEN random() < 0.3 THEN 'yes' ELSE 'no' END AS y, %s, %s FROM range(%d) r(i)) TO '%s' (FORMAT %s)"
                                .formatted(numbers, categories, rows, folder.resolve("rows." + wanted), format));
        }
    }

    private static void duckdb(Path file) throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement();
                ResultSet summary = statement.executeQuery("SUMMARIZE FROM '" + file + "'")) {
            int columns = 0;
            while (summary.next()) {
                columns++;
            }
            System.err.println(columns + " columns");
        }
    }

    /** A year's profiles, one a day, into one. */
    private static void merge(Path file) {
        Table table = new TableReader(spec().schema()).add(file, file.toString()).finish().table();
        List<TableProfile> days =
                IntStream.range(0, 365)
                        .mapToObj(day -> table.range(day * (table.rows() / 365), (day + 1) * (table.rows() / 365)))
                        .map(TableProfile::of)
                        .toList();
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            TableProfile year = TableProfile.merge(days);
            System.err.printf(Locale.ROOT, "merged 365 profiles of %,d rows in %.0f ms%n", year.rows(), (System.nanoTime() - begin) / 1e6);
        }
    }

    private static PipelineSpec spec() {
        String features =
                IntStream.range(0, 16).mapToObj(i -> "  - {name: f%d, type: number, min: 0, max: %d}\n".formatted(i, i + 1)).collect(Collectors.joining())
                        + CATEGORIES.stream().map(n -> "  - {name: c%d, type: category}\n".formatted(n)).collect(Collectors.joining());
        return SpecReader.read(
                        "spec",
                        """
                        name: quality
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

    private static void perennial(Path file) {
        PipelineSpec spec = spec();
        long begin = System.nanoTime();
        Table table = new TableReader(spec.schema()).add(file, file.toString()).finish().table();
        long read = System.nanoTime();
        TableProfile profile = TableProfile.of(table);
        long profiled = System.nanoTime();
        Digest digest = Digest.of(new byte[0]);
        SnapshotManifest manifest =
                new SnapshotManifest(
                        "quality",
                        digest,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        List.of(),
                        table.rows(),
                        0,
                        0,
                        0,
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        List.of(),
                        digest);
        Findings findings =
                Validator.validate(
                        Subject.of(spec, table, profile, manifest, Subject.Past.NONE, Instant.parse("2026-03-01T00:00:00Z")));
        System.err.printf(
                Locale.ROOT,
                "read %.2f s, profile %.2f s, rules %.2f s, %d findings%n",
                (read - begin) / 1e9,
                (profiled - read) / 1e9,
                (System.nanoTime() - profiled) / 1e9,
                findings.findings().size());
        findings.findings().forEach(each -> System.err.println(each.sentence()));
    }
}
