package dev.perennial.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.Rows;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.InMemoryOnlineStore;
import dev.perennial.core.feature.Inbox.Arrival;
import dev.perennial.core.json.Json;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value is the same bit for bit however it comes: as CSV, as Parquet, from the online store, in a
 * request.
 */
class SkewFreeTest {
    private static final FeatureView VIEW =
            SpecReader.view(
                    "v.yaml",
                    """
                    name: v
                    key: [shop]
                    time: at
                    columns: [{name: size, type: number}, {name: kind, type: category}]
                    """);
    private static final PipelineSpec SPEC =
            SpecReader.read(
                    "spec.yaml",
                    Rows.spec("shop")
                            .replace(
                                    "{name: price, type: number, min: 0}",
                                    "{name: kind, type: category}")
                            .replace("features:", "key: [shop]\nfeatures:"));

    @TempDir Path folder;

    /** A number that float32 can hold, as a request has to, and a text. */
    record Value(double number, String text) {}

    static Stream<Value> values() {
        SplittableRandom random = new SplittableRandom(11);
        List<String> texts =
                List.of(
                        "a",
                        "007",
                        "1.0",
                        "NULL",
                        "true",
                        "ä\uD83D\uDE00",
                        " padded ",
                        "x|y\\z",
                        "2026-01-01");
        return DoubleStream.concat(
                        DoubleStream.of(
                                0.0,
                                -0.0,
                                1 / 3.0,
                                0.1 + 0.2,
                                Double.MIN_VALUE,
                                1e-310,
                                9_007_199_254_740_993.0,
                                123_456_789.123_456_78,
                                -3.4e38,
                                5e-324),
                        DoubleStream.generate(() -> Double.longBitsToDouble(random.nextLong()))
                                .filter(each -> Math.abs(each) < Float.MAX_VALUE)
                                .limit(90))
                .mapToObj(number -> new Value(number, texts.get(random.nextInt(texts.size()))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void theSameEverywhere(Value value) throws IOException {
        Path csv =
                Files.writeString(
                        folder.resolve("rows.csv"),
                        "at,shop,size,kind\n2026-01-01T00:00:00Z,n,%s,\"%s\"\n"
                                .formatted(value.number(), value.text()));
        Path parquet = folder.resolve("rows.parquet");

        Table ofCsv = read(csv, "rows.csv");
        ParquetWriter.write(ofCsv, parquet);
        Table ofParquet = read(parquet, "rows.parquet");
        ObjectNode row = (ObjectNode) Json.toTree(Map.of());
        row.put("shop", "n").put("size", value.number()).put("kind", value.text());
        Table ofRequest =
                new RequestReader(SPEC).json(Json.write(Map.of("rows", List.of(row)))).rows();
        InMemoryOnlineStore online = new InMemoryOnlineStore();
        InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
        artifacts.place("incoming/v/rows.csv", Files.readAllBytes(csv));
        new Ingestion(
                        artifacts,
                        online,
                        new ArtifactInbox(artifacts),
                        () -> Instant.parse("2026-02-01T00:00:00Z"))
                .ingest(VIEW, List.of(new Arrival("incoming/v/rows.csv", Optional.empty())));
        EntityKey key = new EntityKey(List.of("n"));
        Map<String, ?> ofStore = online.get("v", List.of(key)).get(key).values();

        long bits = Double.doubleToRawLongBits(value.number());
        for (Table table : List.of(ofCsv, ofParquet, ofRequest)) {
            assertEquals(bits, Double.doubleToRawLongBits(table.number("size").values()[0]));
            assertEquals(value.text(), table.category("kind").text(0));
        }
        assertEquals(bits, Double.doubleToRawLongBits((Double) ofStore.get("size")));
        assertEquals(value.text(), ofStore.get("kind"));
    }

    private static Table read(Path file, String name) {
        return new TableReader(VIEW.schema()).add(file, name).finish().table();
    }
}
