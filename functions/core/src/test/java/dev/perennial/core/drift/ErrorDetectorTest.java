package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.drift.PageHinkley.Mean;
import dev.perennial.core.drift.PageHinkley.Settings;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What holds for every detector. {@link PageHinkleyTest} has what is that one's own. */
class ErrorDetectorTest {
    private static final int EVERY = 20;

    private static final Map<String, Supplier<ErrorDetector>> RIVERS =
            Map.of(
                    "ddm", () -> Ddm.start(Ddm.Settings.RIVER),
                    "eddm", () -> Eddm.start(Eddm.Settings.RIVER),
                    "hddmA", () -> HddmA.start(HddmA.RIVER),
                    "hddmW", () -> HddmW.start(HddmW.Settings.RIVER),
                    "adwin", () -> Adwin.start(Adwin.Settings.RIVER));

    private static Map<String, Supplier<ErrorDetector>> all() {
        Map<String, Supplier<ErrorDetector>> all = new TreeMap<>(RIVERS);
        all.put(
                "pageHinkley",
                () -> PageHinkley.start(new Settings(30, 0.005, 8, 1), Mean.UNKNOWN));
        return all;
    }

    @TestFactory
    List<DynamicTest> everyStep_isRivers() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode stream : Fixtures.read("drift/detectors.json")) {
            RIVERS.forEach((name, start) ->
                    tests.add(
                            DynamicTest.dynamicTest(
                                    name + ", " + stream.get("name").stringValue(),
                                    () ->
                                            equalSteps(
                                                    start.get(),
                                                    stream.get("values"),
                                                    stream.get("detectors").get(name)))));
        }
        assertEquals(30, tests.size());
        return tests;
    }

    private static void equalSteps(ErrorDetector detector, JsonNode values, JsonNode rivers) {
        List<Integer> alarms = new ArrayList<>();
        ErrorDetector now = detector;
        for (int i = 0; i < values.size(); i++) {
            now = now.update(values.get(i).doubleValue());
            if (now.alarm()) {
                alarms.add(i);
            }
            if (i % EVERY == EVERY - 1) {
                JsonNode sight = rivers.get("sights").get(i / EVERY);
                List<Double> inside = inside(now);
                for (int k = 0; k < inside.size(); k++) {
                    double expected = sight.get(k).doubleValue();
                    assertEquals(
                            expected,
                            inside.get(k),
                            1e-12 * Math.max(1, Math.abs(expected)),
                            "value %d after %d".formatted(k, i));
                }
            }
        }
        List<Integer> expected = new ArrayList<>();
        rivers.get("alarms").forEach(each -> expected.add(each.intValue()));
        assertEquals(expected, alarms);
    }

    private static List<Double> inside(ErrorDetector detector) {
        return switch (detector) {
            case Ddm ddm -> List.of(ddm.rate().value());
            case Eddm eddm -> List.of(eddm.distance().value(), eddm.farthest());
            case HddmA average -> List.of(average.mean().value(), average.lowest().value());
            case HddmW weighted -> List.of(weighted.all().mean(), weighted.before().mean());
            case Adwin adwin -> List.of(adwin.width(), adwin.total(), adwin.variance());
            case PageHinkley mean -> List.of(mean.mean());
        };
    }

    /** Bit for bit: records compare their doubles so. */
    @TestFactory
    List<DynamicTest> state_survivesAsJson_atEveryStep() {
        return each(start -> {
            SplittableRandom random = new SplittableRandom(5);
            ErrorDetector detector = start.get();
            for (int i = 0; i < 1_500; i++) {
                ErrorDetector read =
                        Json.read("detector", Json.write(detector), detector.getClass());
                assertEquals(detector, read);
                detector = read.update(random.nextDouble() < (i < 700 ? 0.1 : 0.5) ? 1 : 0);
            }
        });
    }

    @TestFactory
    List<DynamicTest> aRise_isFound_andTheStateBefore_staysAsItWas() {
        return each(start -> {
            SplittableRandom random = new SplittableRandom(6);
            ErrorDetector detector = start.get();
            ErrorDetector before = detector;
            byte[] written = Json.write(before);
            boolean found = false;
            for (int i = 0; i < 3_000 && !found; i++) {
                before = i == 1_000 ? detector : before;
                written = i == 1_000 ? Json.write(before) : written;
                detector = detector.update(random.nextDouble() < (i < 1_000 ? 0.1 : 0.6) ? 1 : 0);
                found = i >= 1_000 && detector.alarm();
            }
            assertTrue(found);
            assertEquals(new String(written), new String(Json.write(before)));
        });
    }

    @TestFactory
    List<DynamicTest> oneClassOnly_raisesNothing() {
        return each(start -> {
            for (double value : new double[] {0, 1}) {
                ErrorDetector detector = start.get();
                for (int i = 0; i < 2_000; i++) {
                    detector = detector.update(value);
                    assertTrue(!detector.alarm(), "alarm after " + i);
                }
            }
        });
    }

    @TestFactory
    List<DynamicTest> whatIsNoNumber_isRefused_sinceItWouldSilenceTheDetector() {
        return each(start -> {
            for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThrows(IllegalArgumentException.class, () -> start.get().update(value));
            }
        });
    }

    @Test
    void settings_thatCouldNeverAlarm_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Settings(30, 0, Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> new Ddm.Settings(30, -1));
        assertThrows(IllegalArgumentException.class, () -> HddmA.start(0));
        assertThrows(IllegalArgumentException.class, () -> new HddmW.Settings(0.1, 2));
        assertThrows(IllegalArgumentException.class, () -> new Adwin.Settings(2, 32, 5, 5, 10));
    }

    @Test
    void aStateOfAnotherVersion_isRefused() {
        assertThrows(
                MalformedJsonException.class,
                () -> Json.read("detector", "{\"level\": 3}".getBytes(), Adwin.class));
    }

    private interface Check {
        void of(Supplier<ErrorDetector> start);
    }

    private static List<DynamicTest> each(Check check) {
        return all().entrySet().stream()
                .map(each ->
                        DynamicTest.dynamicTest(each.getKey(), () -> check.of(each.getValue())))
                .toList();
    }
}
