package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.table.Column.CategoryColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Against SciPy's and NannyML's own, see nannyml_fixtures.py. */
class DistancesTest {
    /** A sketch's rank errs by less than a percent in the middle. */
    private static final double SKETCH = 0.01;

    private static final JsonNode FIXTURES = Fixtures.read("drift/distances.json");

    @Test
    void numbers_areAsSciPysAndNannyMLs_withinTheSketchsError() {
        for (JsonNode each : FIXTURES.get("numbers")) {
            NumberProfile reference = numbers(each.get("reference"));
            Distances found = distances(reference, numbers(each.get("live")));

            String name = each.get("name").stringValue();
            double deviation = Math.sqrt(reference.variance());
            for (JsonNode other : each.get("kolmogorovSmirnov")) {
                assertEquals(
                        other.doubleValue(), found.kolmogorovSmirnov().orElseThrow(), SKETCH, name);
            }
            for (JsonNode other : each.get("wasserstein")) {
                assertEquals(
                        other.doubleValue(),
                        found.wasserstein().orElseThrow(),
                        Math.max(SKETCH * deviation, 0.01 * other.doubleValue()),
                        name);
            }
            assertEquals(OptionalDouble.empty(), found.chiSquare());
        }
    }

    @Test
    void categories_areExactlySciPysAndNannyMLs() {
        for (JsonNode each : FIXTURES.get("categories")) {
            Distances found =
                    distances(categories(each.get("reference")), categories(each.get("live")));

            String name = each.get("name").stringValue();
            for (JsonNode other : each.get("jensenShannon")) {
                assertEquals(other.doubleValue(), found.jensenShannon(), 1e-9, name);
            }
            for (JsonNode other : each.get("chiSquare")) {
                assertEquals(
                        other.doubleValue(),
                        found.chiSquare().orElseThrow(),
                        1e-9 * Math.max(1, other.doubleValue()),
                        name);
            }
            assertEquals(OptionalDouble.empty(), found.wasserstein());
        }
    }

    @Test
    void aColumnAndItself_lieNowhereApart_andNothingInCommonIsOne() {
        NumberProfile some = numbers(1, 2, 3, 4);

        Distances none = distances(some, some);
        Distances all = distances(some, numbers(11, 12, 13, 14));

        assertEquals(0, none.jensenShannon());
        assertEquals(0, none.kolmogorovSmirnov().orElseThrow());
        assertEquals(0, none.wasserstein().orElseThrow());
        assertEquals(1, all.kolmogorovSmirnov().orElseThrow());
        assertEquals(10, all.wasserstein().orElseThrow(), 0.5);
        assertTrue(all.jensenShannon() <= 1);
    }

    @Test
    void valuesMissingAltogether_haveNoDistanceButThatOfShares() {
        Distances gone = distances(numbers(1, 2, 3), numbers(Double.NaN, Double.NaN));

        assertEquals(1, gone.jensenShannon(), 1e-12);
        assertEquals(OptionalDouble.empty(), gone.wasserstein());
    }

    private static NumberProfile numbers(JsonNode values) {
        return numbers(Fixtures.doubles(values));
    }

    private static NumberProfile numbers(double... values) {
        return PopulationStabilityTest.numbers(values);
    }

    private static CategoryProfile categories(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(each -> texts.add(each.stringValue()));
        return CategoryProfile.of(CategoryColumn.of("kind", texts));
    }

    private static Distances distances(ColumnProfile reference, ColumnProfile live) {
        return Distances.of(Binned.of(reference, live, 0.01).orElseThrow());
    }
}
