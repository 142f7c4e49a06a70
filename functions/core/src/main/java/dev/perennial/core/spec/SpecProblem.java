package dev.perennial.core.spec;

/**
 * One thing wrong with a spec.
 *
 * @param file as the caller named it
 * @param line 1-based
 * @param key dotted path, such as {@code features[2].min}
 */
public record SpecProblem(String file, int line, String key, String found, String expected) {
    @Override
    public String toString() {
        return "%s:%d: %s: found %s, expected %s".formatted(file, line, key, found, expected);
    }
}
