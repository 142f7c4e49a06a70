package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.Fixtures;
import dev.perennial.core.retrain.LocalLevel.Sight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class LocalLevelTest {
    @TestFactory
    List<DynamicTest> means_areThoseOfConditioningAllAtOnce() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : Fixtures.read("retrain/localLevel.json")) {
            tests.add(
                    DynamicTest.dynamicTest(
                            each.get("name").stringValue(), () -> equalMeans(each)));
        }
        assertEquals(5, tests.size());
        return tests;
    }

    private static void equalMeans(JsonNode fixture) {
        List<Sight> sights = new ArrayList<>();
        for (JsonNode each : fixture.get("sights")) {
            sights.add(
                    new Sight(
                            each.get("age").intValue(),
                            each.get("value").doubleValue(),
                            each.get("variance").doubleValue()));
        }
        LocalLevel level =
                new LocalLevel(
                        fixture.get("start").doubleValue(), fixture.get("perPeriod").doubleValue());

        double[] means = level.means(sights, fixture.get("ages").intValue());

        assertArrayEquals(Fixtures.doubles(fixture.get("means")), means, 1e-6);
        double expected = fixture.get("logLikelihood").doubleValue();
        assertEquals(expected, level.logLikelihood(sights), 1e-9 * Math.max(1, Math.abs(expected)));
    }

    @Test
    void withoutAnySight_isZero() {
        assertArrayEquals(new double[4], new LocalLevel(0, 0.1).means(List.of(), 4));
    }

    @Test
    void aLevelThatCannotMove_staysZero() {
        assertArrayEquals(
                new double[3], new LocalLevel(0, 0).means(List.of(new Sight(1, 5, 0.1)), 3));
    }
}
