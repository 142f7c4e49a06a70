package dev.perennial.core.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.Rows;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaredLimitsTest {
    private static final PipelineSpec SPEC =
            SpecReader.read(
                    "shop.yaml",
                    Rows.spec("shop")
                            .replace(
                                    "{name: shop, type: category}",
                                    "{name: shop, type: category, values: [north, south]}"));

    private static Table rows(List<String> shops, double... sizes) {
        double[] prices = new double[sizes.length];
        Arrays.fill(prices, 1e30);
        return new Table(
                List.of(
                        CategoryColumn.of("shop", shops),
                        new NumberColumn("size", sizes),
                        new NumberColumn("price", prices)));
    }

    @Test
    void legalValues_amongThemTheLimitsThemselvesAndMissingOnes_areNothingToTell() {
        assertEquals(
                List.of(),
                DeclaredLimits.warnings(
                        SPEC, rows(List.of("north", "south", ""), -10, 10, Double.NaN)));
    }

    @Test
    void eachIllegalValue_isToldWithItsPlace() {
        assertEquals(
                List.of(
                        "row 1, column 'shop': 'west' is not among the spec's values",
                        "row 0, column 'size': -10.1 is below the spec's min -10.0"),
                DeclaredLimits.warnings(SPEC, rows(List.of("", "west"), -10.1, 3)));
    }

    @Test
    void ofManyIllegalValues_theFirstAreTold_andTheOthersCounted() {
        double[] sizes = new double[1_000];
        Arrays.fill(sizes, 11);

        List<String> told =
                DeclaredLimits.warnings(SPEC, rows(Collections.nCopies(1_000, "north"), sizes));

        assertEquals(21, told.size());
        assertEquals("980 more values outside the spec's limits", told.getLast());
    }
}
