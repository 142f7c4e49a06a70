package dev.perennial.local.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.template.AlarmResource.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricStoreTest {
    private static final Instant NOW = Instant.parse("2024-05-01T12:00:30Z");
    private static final Instant MINUTE = Instant.parse("2024-05-01T12:00:00Z");

    @TempDir Path folder;
    private final List<String> rejected = new ArrayList<>();
    private MetricStore store;

    @BeforeEach
    void open() {
        store = again();
    }

    private MetricStore again() {
        return MetricStore.open(
                folder.resolve("metrics.jsonl"), InstantSource.fixed(NOW), rejected::add);
    }

    private static String line(Instant at, String dimensions, String metrics, String members) {
        return """
        {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":%s,"Metrics":%s}]},%s}\
        """
                .formatted(at.toEpochMilli(), dimensions, metrics, members);
    }

    private static String simple(Instant at, String value) {
        return line(at, "[[\"p\"]]", "[{\"Name\":\"m\"}]", "\"p\":\"x\",\"m\":" + value);
    }

    private Optional<Double> value(Statistic statistic) {
        return store.statistics(
                        new Metric("N", "m", Map.of("p", "x")),
                        MINUTE,
                        MINUTE.plus(Duration.ofMinutes(1)))
                .map(values -> values.value(statistic));
    }

    @Test
    void valuesOfOneMinute_giveItsStatistics() {
        store.accept("F", simple(NOW, "4"));
        store.accept("F", simple(NOW.minusSeconds(20), "[1, 2.5]"));

        assertEquals(Optional.of(4.0), value(Statistic.Maximum));
        assertEquals(Optional.of(1.0), value(Statistic.Minimum));
        assertEquals(Optional.of(7.5), value(Statistic.Sum));
        assertEquals(Optional.of(2.5), value(Statistic.Average));
        assertEquals(Optional.of(3.0), value(Statistic.SampleCount));
        assertEquals(List.of(), rejected);
    }

    @Test
    void eachDimensionSet_isAMetricOfItsOwn() {
        store.accept(
                "F",
                line(
                        NOW,
                        "[[\"p\",\"q\"],[\"p\"],[]]",
                        "[{\"Name\":\"m\",\"Unit\":\"Count\"},{\"Name\":\"o\"}]",
                        "\"p\":\"x\",\"q\":\"y\",\"m\":1,\"o\":2"));

        assertEquals(6, store.metrics().size());
        assertTrue(store.metrics().contains(new Metric("N", "o", Map.of("p", "x", "q", "y"))));
        assertTrue(store.metrics().contains(new Metric("N", "m", Map.of())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "START RequestId: 1",
                "{\"level\":\"INFO\"}",
                "{not json",
                "[\"_aws\"]",
                "{\"text\":\"\\\"_aws\\\"\"}"
            })
    void otherLines_sayNothing(String line) {
        store.accept("F", line);

        assertEquals(List.of(), store.metrics());
        assertEquals(0, store.rejected());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"_aws":{"Timestamp":1, torn     | F: Unexpected
                    {"_aws":{"CloudWatchMetrics":[]}} | F: _aws.Timestamp should be milliseconds
                    {"_aws":{"Timestamp":1}}          | F: _aws.CloudWatchMetrics should be a list
                    """)
    void malformedLine_isCounted_withTheReason(String line, String reason) {
        store.accept("F", line);

        assertEquals(1, store.rejected());
        if (!line.contains("torn")) {
            assertTrue(rejected.getFirst().startsWith(reason), rejected.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [["p"]]      | [{"Name":"m"}]                        | "p":"x"              | m should be a member
                    [["p"]]      | [{"Name":"m"}]                        | "p":"x","m":"1"      | m should be a member
                    [["p"]]      | [{"Name":"m"}]                        | "p":"x","m":[]       | m should be a member
                    [["p"]]      | [{"Name":"m"}]                        | "p":"x","m":[1,"2"]  | m should be a member
                    [["p"]]      | [{"Name":"m"}]                        | "m":1                | the dimension "p"
                    [["p"]]      | [{"Name":"m"}]                        | "p":7,"m":1          | the dimension "p"
                    [["p"]]      | [{"Name":"m","Unit":"Apples"}]        | "p":"x","m":1        | m has the unknown unit
                    [["p"]]      | [{"Name":"m","StorageResolution":1}]  | "p":"x","m":1        | m has a StorageResolution
                    ["p"]        | [{"Name":"m"}]                        | "p":"x","m":1        | a dimension set should
                    "p"          | [{"Name":"m"}]                        | "p":"x","m":1        | Dimensions of N
                    [["p"]]      | {}                                    | "p":"x","m":1        | Metrics of N
                    """)
    void whatCloudWatchDrops_isCounted_withTheReason(
            String dimensions, String metrics, String members, String reason) {
        store.accept("F", line(NOW, dimensions, metrics, members));

        assertEquals(List.of(), store.metrics());
        assertEquals(1, store.rejected());
        assertTrue(rejected.getFirst().startsWith("F: " + reason), rejected.toString());
    }

    @Test
    void moreThanHundredMetrics_dropTheDirective() {
        String names =
                IntStream.range(0, 101)
                        .mapToObj("{\"Name\":\"m%d\"}"::formatted)
                        .collect(Collectors.joining(",", "[", "]"));
        String values =
                IntStream.range(0, 101)
                        .mapToObj("\"m%d\":1"::formatted)
                        .collect(Collectors.joining(","));

        store.accept("F", line(NOW, "[[]]", names, values));

        assertEquals(List.of(), store.metrics());
        assertEquals(1, store.rejected());
    }

    @Test
    void oversizedLine_isDropped() {
        store.accept("F", simple(NOW, "1").replace("\"x\"", '"' + "x".repeat(1 << 20) + '"'));

        assertEquals(List.of(), store.metrics());
        assertTrue(rejected.getFirst().contains("more than 1048550"), rejected.toString());
    }

    @Test
    void timestamps_areHeldToTheGivenClock() {
        store.accept("F", simple(NOW.minus(Duration.ofDays(14)), "1"));
        store.accept("F", simple(NOW.plus(Duration.ofHours(2)), "1"));
        assertEquals(0, store.rejected());

        store.accept("F", simple(NOW.minus(Duration.ofDays(14)).minusMillis(1), "1"));
        store.accept("F", simple(NOW.plus(Duration.ofHours(2)).plusMillis(1), "1"));

        assertEquals(2, store.rejected());
        assertTrue(rejected.getFirst().contains("more than two weeks old"));
    }

    @Test
    void whatItWasTold_survivesARestart_andAHalfWrittenLine() throws IOException {
        store.accept("F", simple(NOW, "4"));
        Files.writeString(
                folder.resolve("metrics.jsonl"), "{\"namespace\":\"N", StandardOpenOption.APPEND);

        store = again();

        assertEquals(Optional.of(4.0), value(Statistic.Sum));
        assertEquals(List.of(), rejected);
    }

    @Test
    void lineBehindAHalfOne_isAlsoReadAfterTheNextRestart() throws IOException {
        store.accept("F", simple(NOW, "4"));
        Files.writeString(
                folder.resolve("metrics.jsonl"),
                "{\"namespace\":\"N\",\"dimensions\":{\"p\":\"x\"}",
                StandardOpenOption.APPEND);
        store = again();
        store.accept("F", simple(NOW, "3"));

        store = again();

        assertEquals(Optional.of(7.0), value(Statistic.Sum));
        assertEquals(List.of(), rejected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"namespace\":\"N{\"namespace\":\"N\"}",
                "{\"namespace\":\"N\",\"name\":\"m\",\"dimensions\":{},\"minute\":\"noon\",\"unit\":\"None\",\"minimum\":1,\"maximum\":1,\"sum\":1,\"count\":1}",
                "{\"namespace\":\"N\",\"name\":\"m\",\"dimensions\":{},\"minute\":\"2024-05-01T12:00:00Z\",\"unit\":\"None\",\"minimum\":1,\"maximum\":1,\"sum\":1,\"count\":0}",
                "\u0000\u0000",
            })
    void lineThatCannotBeRead_isTold_andStopsNobody(String broken) throws IOException {
        store.accept("F", simple(NOW, "4"));
        Files.writeString(
                folder.resolve("metrics.jsonl"), broken + "\n", StandardOpenOption.APPEND);
        store.accept("F", simple(NOW, "3"));

        store = again();

        assertEquals(Optional.of(7.0), value(Statistic.Sum));
        assertEquals(1, store.rejected());
        assertTrue(rejected.getFirst().contains("metrics.jsonl line 2"), rejected.toString());
    }

    @Test
    void largeFile_isWrittenAnew_andAFullDiskOnlyPutsThatOff() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Path unfinished = folder.resolve("metrics.jsonl.unfinished");
        store.accept("F", simple(NOW, "4"));
        String line = Files.readString(file);
        String longer = line.replace("\"x\"", '"' + "x".repeat(1 << 20) + '"');
        Files.writeString(file, longer.repeat(33), StandardOpenOption.APPEND);
        store = again();
        Files.createSymbolicLink(unfinished, Path.of("/dev/full"));

        store.accept("F", simple(NOW, "3"));

        assertTrue(Files.size(file) > 32 << 20);
        assertFalse(Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS));
        store = again();
        store.accept("F", simple(NOW, "2"));
        assertTrue(Files.size(file) < 2 << 20);
        store = again();
        assertEquals(Optional.of(9.0), value(Statistic.Sum));
        assertEquals(2, store.metrics().size());
    }
}
