package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Suspects a key whose writing tells the label: numbers that were given away in order of the
 * outcome, a prefix for each kind of case. Which entity it is may tell something; how it is called
 * should not.
 */
final class TargetInKeyRule implements Rule {
    /** What of a key's text is looked at. */
    private static final Map<String, UnaryOperator<String>> PARTS = parts();

    private static Map<String, UnaryOperator<String>> parts() {
        Map<String, UnaryOperator<String>> parts = new LinkedHashMap<>();
        parts.put("its first character", text -> text.substring(0, 1));
        parts.put(
                "its first three characters",
                text -> text.substring(0, Math.min(3, text.length())));
        parts.put("its last character", text -> text.substring(text.length() - 1));
        parts.put("its length", text -> Integer.toString(text.length()));
        return parts;
    }

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        if (subject.spec().key().isEmpty()) {
            return findings;
        }
        SingleColumn alone = new SingleColumn(subject.spec(), subject.table());
        if (alone.rows().rows() == 0) {
            return findings;
        }
        double limit = subject.threshold(Check.TARGET_IN_KEY);
        for (String key : subject.spec().key()) {
            Map<String, Double> found = new LinkedHashMap<>();
            CategoryColumn column = alone.rows().category(key);
            PARTS.forEach((part, of) -> found.put(part, alone.ofCategory(part(column, of))));
            found.put("the number in it", alone.ofNumber(number(column)));
            found.entrySet().stream()
                    .filter(each -> each.getValue() >= limit)
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(each ->
                            findings.add(
                                    Finding.warning(
                                            Check.TARGET_IN_KEY,
                                            key,
                                            "%s alone tells the label: %s"
                                                    .formatted(
                                                            each.getKey(),
                                                            String.format(
                                                                    Locale.ROOT,
                                                                    "%.4f",
                                                                    each.getValue())),
                                            "less than %s; was the key given after the label?"
                                                    .formatted(limit))));
        }
        return findings;
    }

    private static CategoryColumn part(CategoryColumn column, UnaryOperator<String> of) {
        List<String> parts = column.dictionary().stream().map(of).toList();
        List<String> texts = new ArrayList<>();
        for (int code : column.codes()) {
            texts.add(code == CategoryColumn.MISSING ? "" : parts.get(code));
        }
        return CategoryColumn.of(column.name(), texts);
    }

    private static NumberColumn number(CategoryColumn column) {
        double[] numbers =
                column.dictionary().stream().mapToDouble(TargetInKeyRule::digits).toArray();
        double[] values = new double[column.rows()];
        for (int row = 0; row < values.length; row++) {
            int code = column.codes()[row];
            values[row] = code == CategoryColumn.MISSING ? Double.NaN : numbers[code];
        }
        return new NumberColumn(column.name(), values);
    }

    private static double digits(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 15 ? Double.NaN : Double.parseDouble(digits);
    }
}
