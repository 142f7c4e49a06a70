package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One thing that validation noticed.
 *
 * @param rule which rule, in kebab case
 * @param column "" where it is about the rows as a whole
 * @param share of the snapshot's rows that it is about, 0 to 1; empty where it is about none in
 *     particular
 * @param rows the first of these, counted from 1 in the snapshot
 */
public record Finding(
        Severity severity,
        String rule,
        String column,
        String found,
        String expected,
        OptionalDouble share,
        List<Integer> rows) {
    private static final int EXAMPLES = 5;

    public Finding {
        rows = List.copyOf(rows);
    }

    private static Finding of(
            Severity severity, Check check, String column, String found, String expected) {
        return new Finding(
                severity, check.rule(), column, found, expected, OptionalDouble.empty(), List.of());
    }

    static Finding error(Check check, String column, String found, String expected) {
        return of(Severity.ERROR, check, column, found, expected);
    }

    static Finding warning(Check check, String column, String found, String expected) {
        return of(Severity.WARNING, check, column, found, expected);
    }

    static Finding info(Check check, String column, String found, String expected) {
        return of(Severity.INFO, check, column, found, expected);
    }

    /**
     * The same, of certain rows.
     *
     * @param indices of them, from 0, ascending
     * @param all rows of the snapshot
     */
    Finding in(int[] indices, int all) {
        return new Finding(
                severity,
                rule,
                column,
                found,
                expected,
                OptionalDouble.of((double) indices.length / Math.max(1, all)),
                Arrays.stream(indices).limit(EXAMPLES).map(row -> row + 1).boxed().toList());
    }

    /** The same, more or less serious. */
    Finding as(Severity other) {
        return new Finding(other, rule, column, found, expected, share, rows);
    }

    /** One sentence. */
    public String sentence() {
        return "%s%s: found %s, expected %s"
                .formatted(rule, column.isEmpty() ? "" : " in " + column, found, expected);
    }
}
