package dev.perennial.local.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.template.AlarmResource;
import dev.perennial.local.template.AlarmResource.Comparison;
import dev.perennial.local.template.AlarmResource.MissingData;
import dev.perennial.local.template.AlarmResource.Statistic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmsTest {
    private static final Instant START = Instant.parse("2024-05-01T12:00:00Z");

    @TempDir Path folder;
    private final List<String> changes = new ArrayList<>();
    private Instant now = START;
    private MetricStore store;

    @BeforeEach
    void open() {
        store = MetricStore.open(folder.resolve("metrics.jsonl"), () -> now, _ -> {});
    }

    private static AlarmResource alarm(Duration period, MissingData missing) {
        return alarm("drift", period, missing);
    }

    private static AlarmResource alarm(String name, Duration period, MissingData missing) {
        return new AlarmResource(
                name,
                "",
                "N",
                "m",
                Map.of(),
                Statistic.Maximum,
                period,
                1,
                1,
                0.5,
                Comparison.GreaterThanOrEqualToThreshold,
                missing,
                List.of(),
                List.of());
    }

    private Alarms alarms(AlarmResource alarm) {
        return new Alarms(
                List.of(alarm),
                store,
                folder.resolve("alarms.json"),
                now,
                change ->
                        changes.add(
                                "%s %s>%s"
                                        .formatted(
                                                change.now().since().toString().substring(11, 16),
                                                change.before().state(),
                                                change.now().state())));
    }

    private void publish(double value) {
        store.accept(
                "F",
                """
                {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"m"}]}]},"m":%s}\
                """
                        .formatted(now.toEpochMilli(), value));
    }

    private void passMinutes(Alarms alarms, int minutes) {
        for (int i = 0; i < minutes; i++) {
            now = now.plus(Duration.ofMinutes(1));
            alarms.evaluate(now);
        }
    }

    @Test
    void flappingMetric_flapsTheAlarm_eachChangeOnce() {
        Alarms alarms = alarms(alarm(Duration.ofMinutes(1), MissingData.missing));
        for (double value : new double[] {0.1, 0.5, 0.6, 0.2, 0.9}) {
            publish(value);
            passMinutes(alarms, 1);
        }

        assertEquals(
                List.of(
                        "12:01 INSUFFICIENT_DATA>OK",
                        "12:02 OK>ALARM",
                        "12:04 ALARM>OK",
                        "12:05 OK>ALARM"),
                changes);
    }

    /** A window that slides sees an hourly value a minute after it came, and for an hour. */
    @Test
    void hourlyPeriod_slides() {
        Alarms alarms = alarms(alarm(Duration.ofHours(1), MissingData.notBreaching));
        now = START.plus(Duration.ofMinutes(17));
        publish(0.7);
        passMinutes(alarms, 60);
        publish(0.1);
        passMinutes(alarms, 60);
        publish(0.1);
        passMinutes(alarms, 60);

        assertEquals(List.of("12:18 INSUFFICIENT_DATA>ALARM", "13:18 ALARM>OK"), changes);
    }

    @Test
    void silence_isInsufficientData_onceTheRangeIsEmpty() {
        Alarms alarms = alarms(alarm(Duration.ofMinutes(1), MissingData.missing));
        publish(0.1);
        passMinutes(alarms, 6);

        assertEquals(List.of("12:01 INSUFFICIENT_DATA>OK", "12:04 OK>INSUFFICIENT_DATA"), changes);
    }

    @Test
    void state_survivesARestart() {
        publish(0.7);
        passMinutes(alarms(alarm(Duration.ofMinutes(1), MissingData.ignore)), 1);

        Alarms again = alarms(alarm(Duration.ofMinutes(1), MissingData.ignore));
        passMinutes(again, 3);

        assertEquals(List.of("12:01 INSUFFICIENT_DATA>ALARM"), changes);
        assertEquals(AlarmState.ALARM, again.states().get("drift").state());
    }

    private Alarms alarms(Consumer<AlarmChange> listener, String... names) {
        return new Alarms(
                Stream.of(names)
                        .map(name -> alarm(name, Duration.ofMinutes(1), MissingData.ignore))
                        .toList(),
                store,
                folder.resolve("alarms.json"),
                now,
                listener);
    }

    private static String spoken(AlarmChange change) {
        return "%s %s>%s"
                .formatted(change.alarm().name(), change.before().state(), change.now().state());
    }

    @Test
    void changeIsTold_beforeItIsKept_soThatAKillInBetweenLosesNothing() {
        publish(0.7);
        passMinutes(
                alarms(
                        _ ->
                                alarms( // what a process would find that starts just now
                                                change -> changes.add(spoken(change)), "drift")
                                        .evaluate(now),
                        "drift"),
                1);

        assertEquals(List.of("drift INSUFFICIENT_DATA>ALARM"), changes);
    }

    @Test
    void listenerThatFails_hearsOfTheOthers_andOfTheSameAMinuteLater() {
        List<String> broken = new ArrayList<>(List.of("a", "c"));
        Alarms alarms =
                alarms(
                        change -> {
                            if (broken.remove(change.alarm().name())) {
                                throw new IllegalStateException(change.alarm().name());
                            }
                            changes.add(spoken(change));
                        },
                        "a",
                        "b",
                        "c");
        publish(0.7);

        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> passMinutes(alarms, 1));

        assertEquals("a", thrown.getMessage());
        assertEquals("c", thrown.getSuppressed()[0].getMessage());
        assertEquals(List.of("b INSUFFICIENT_DATA>ALARM"), changes);
        assertEquals(AlarmState.INSUFFICIENT_DATA, alarms.states().get("a").state());
        passMinutes(alarms, 3);
        assertEquals(
                List.of(
                        "b INSUFFICIENT_DATA>ALARM",
                        "a INSUFFICIENT_DATA>ALARM",
                        "c INSUFFICIENT_DATA>ALARM"),
                changes);
    }

    @Test
    void fullDisk_leavesTheStatesAsTheyWere() throws IOException {
        Alarms alarms = alarms(alarm(Duration.ofMinutes(1), MissingData.ignore));
        publish(0.1);
        passMinutes(alarms, 1);
        Path unfinished = folder.resolve("alarms.json.unfinished");
        Files.createSymbolicLink(unfinished, Path.of("/dev/full"));
        publish(0.7);

        assertThrows(UncheckedIOException.class, () -> passMinutes(alarms, 1));

        assertFalse(Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS));
        Alarms next = alarms(alarm(Duration.ofMinutes(1), MissingData.ignore));
        assertEquals(AlarmState.OK, next.states().get("drift").state());
    }

    @Test
    void clockThatIsSetBack_doesNotStopThem() {
        now = START.plus(Duration.ofHours(1));
        Alarms alarms = alarms(alarm(Duration.ofMinutes(1), MissingData.ignore));
        passMinutes(alarms, 1);
        assertFalse(alarms.isDue(now));
        assertFalse(alarms.isDue(now.minusSeconds(59)));
        assertTrue(alarms.isDue(now.plusSeconds(60)));

        now = START;

        assertTrue(alarms.isDue(now));
        publish(0.7);
        passMinutes(alarms, 1);
        assertEquals(List.of("12:01 INSUFFICIENT_DATA>ALARM"), changes);
        assertFalse(alarms.isDue(now));
    }
}
