package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.Fixtures;
import dev.perennial.core.drift.PageHinkley.Mean;
import dev.perennial.core.drift.PageHinkley.Settings;
import dev.perennial.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class PageHinkleyTest {
    /** River computes in the same order, so not a bit differs. */
    @TestFactory
    List<DynamicTest> everyStep_isRivers() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : Fixtures.read("drift/pageHinkley.json")) {
            tests.add(
                    DynamicTest.dynamicTest(
                            each.get("name").stringValue(), () -> equalSteps(each)));
        }
        assertEquals(7, tests.size());
        return tests;
    }

    private static void equalSteps(JsonNode fixture) {
        PageHinkley detector =
                PageHinkley.start(
                        new Settings(
                                fixture.get("minInstances").intValue(),
                                fixture.get("delta").doubleValue(),
                                fixture.get("threshold").doubleValue(),
                                fixture.get("alpha").doubleValue()),
                        Mean.UNKNOWN);
        for (int i = 0; i < fixture.get("losses").size(); i++) {
            detector = detector.update(fixture.get("losses").get(i).doubleValue());
            JsonNode step = fixture.get("steps").get(i);
            assertEquals(step.get(0).doubleValue(), detector.mean(), "mean after " + i);
            assertEquals(step.get(1).doubleValue(), detector.sum(), "sum after " + i);
            assertEquals(step.get(2).doubleValue(), detector.least(), "least after " + i);
            assertEquals(step.size() == 4, detector.alarm(), "alarm after " + i);
        }
    }

    @Test
    void state_survivesAsJson_atEveryStep() {
        SplittableRandom random = new SplittableRandom(5);
        PageHinkley detector =
                PageHinkley.start(new Settings(1, 0.025, 8, 1), new Mean(0.2, 1_000));
        for (int i = 0; i < 200; i++) {
            PageHinkley read = Json.read("detector", Json.write(detector), PageHinkley.class);
            assertEquals(detector, read);
            detector = read.update(random.nextInt(2));
        }
    }
}
