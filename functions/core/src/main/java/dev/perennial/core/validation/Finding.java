package dev.perennial.core.validation;

/**
 * One thing that validation noticed.
 *
 * @param rule which rule, in kebab case
 * @param column "" where it is about the rows as a whole
 */
public record Finding(
        Severity severity, String rule, String column, String found, String expected) {
    static Finding error(String rule, String column, String found, String expected) {
        return new Finding(Severity.ERROR, rule, column, found, expected);
    }

    static Finding warning(String rule, String column, String found, String expected) {
        return new Finding(Severity.WARNING, rule, column, found, expected);
    }

    static Finding info(String rule, String column, String found, String expected) {
        return new Finding(Severity.INFO, rule, column, found, expected);
    }

    /** One sentence. */
    public String sentence() {
        return "%s%s: found %s, expected %s"
                .formatted(rule, column.isEmpty() ? "" : " in " + column, found, expected);
    }
}
