package dev.perennial.core.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Samples;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.SpecDraft;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {
    private static Expectation of(FeatureSpec present, Column column) {
        return Expectation.of(List.of(present), TableProfile.of(new Table(List.of(column))))
                .getFirst();
    }

    private static NumberColumn numbers(double low, double high, int missing) {
        return new NumberColumn(
                "x",
                IntStream.range(0, 2_000)
                        .mapToDouble(row ->
                                row > 0 && row <= missing
                                        ? Double.NaN
                                        : low + (high - low) * row / 1_999)
                        .toArray());
    }

    private static FeatureSpec number(String min, String max, double maxNulls) {
        return new NumberFeature(
                "x",
                min.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(min)),
                max.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(max)),
                maxNulls,
                false);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "0, 0.97, 0, ~{name: x, type: number, min: 0, max: 1, maxNulls: 0}~",
                "3, 871, 0, ~{name: x, type: number, min: 0, max: 960, maxNulls: 0}~",
                "-12, 40, 100, ~{name: x, type: number, min: -18, max: 46, maxNulls: 0.09}~",
            })
    void whatASpecDoesNotSay_isProposedWithRoom(double low, double high, int missing, String line) {
        Expectation found = of(number("", "", 1), numbers(low, high, missing));

        assertEquals(line, SpecDraft.line(found.proposed()));
        assertTrue(found.changes());
    }

    @Test
    void whatHolds_staysAsItIs() {
        Expectation found = of(number("-5", "100", 0.2), numbers(0, 50, 100));

        assertFalse(found.changes());
        assertEquals(List.of(), found.reasons());
    }

    @Test
    void whatNoLongerHolds_isNamed() {
        Expectation found = of(number("0", "10", 0.01), numbers(-2, 30, 200));

        assertEquals(3, found.reasons().size(), found.reasons()::toString);
        NumberFeature proposed = (NumberFeature) found.proposed();
        assertTrue(proposed.min().orElseThrow() < -2 + 4);
        assertTrue(proposed.max().orElseThrow() >= 30);
        assertEquals(0.16, proposed.maxNulls());
    }

    @Test
    void fewValues_areListed_rareOnesLeaveTheListOpen_newOnesAreNamed() {
        FeatureSpec open = new CategoryFeature("kind", List.of(), 1, false);
        Column column =
                Samples.categories(
                        "kind",
                        IntStream.range(0, 2_000)
                                .mapToObj(row -> row % 3 == 0 ? "a" : "b")
                                .toArray(String[]::new));
        Column rare =
                Samples.categories(
                        "kind",
                        IntStream.range(0, 2_000)
                                .mapToObj(row -> row == 7 ? "c" : "b")
                                .toArray(String[]::new));

        assertEquals(
                "{name: kind, type: category, values: [a, b], maxNulls: 0}",
                SpecDraft.line(of(open, column).proposed()));
        assertEquals(
                "{name: kind, type: category, maxNulls: 0}",
                SpecDraft.line(of(open, rare).proposed()));
        Expectation more = of(new CategoryFeature("kind", List.of("b"), 0, false), rare);
        assertEquals(List.of("also c"), more.reasons());
        assertEquals(List.of("b", "c"), ((CategoryFeature) more.proposed()).values());
    }

    @Test
    void personalValues_areNotListed() {
        Column column =
                Samples.categories(
                        "kind",
                        IntStream.range(0, 2_000)
                                .mapToObj(row -> row % 3 == 0 ? "ada" : "bob")
                                .toArray(String[]::new));

        Expectation found = of(new CategoryFeature("kind", List.of(), 0, true), column);

        assertFalse(found.changes(), found::toString);
    }
}
