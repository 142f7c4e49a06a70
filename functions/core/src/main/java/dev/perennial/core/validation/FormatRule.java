package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Texts that are written in one way: no values that differ in case, spaces or the way a number is
 * written only, and none that alone looks unlike all others of its column.
 */
final class FormatRule implements Rule {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?\\d{1,15}(\\.\\d{1,15})?([eE][+-]?\\d{1,2})?");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Larger dictionaries are of names, which may be written as people like. */
    private static final int MOST_VALUES = 200_000;

    /** From so many values on a column's shape says something. */
    private static final int MANY = 30;

    /** Of the rows, those of the one shape. */
    private static final double ONE_SHAPE = 0.995;

    private static final int SHOWN = 3;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        Set<String> names = new HashSet<>(subject.spec().key());
        subject.features().forEach(feature -> names.add(feature.name()));
        names.add(subject.spec().label().column());
        for (Column column : subject.table().columns()) {
            if (column instanceof CategoryColumn categories
                    && names.contains(column.name())
                    && categories.dictionary().size() <= MOST_VALUES) {
                long[] counts = categories.counts();
                spellings(subject, categories, counts)
                        .or(() -> shapes(subject, categories, counts))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }

    /** What is the same but for its spelling. */
    private static Optional<Finding> spellings(
            Subject subject, CategoryColumn column, long[] counts) {
        Map<String, List<Integer>> same = new LinkedHashMap<>();
        for (int code = 0; code < counts.length; code++) {
            if (counts[code] > 0) {
                same.computeIfAbsent(
                                canonical(column.dictionary().get(code)), _ -> new ArrayList<>())
                        .add(code);
            }
        }
        List<List<Integer>> several =
                same.values().stream().filter(codes -> codes.size() > 1).toList();
        if (several.isEmpty()) {
            return Optional.empty();
        }
        boolean[] rare = new boolean[counts.length];
        List<String> examples = new ArrayList<>();
        for (List<Integer> codes : several) {
            int usual = codes.getFirst();
            for (int code : codes) {
                usual = counts[code] > counts[usual] ? code : usual;
            }
            for (int code : codes) {
                rare[code] = code != usual;
            }
            if (examples.size() < SHOWN) {
                examples.add(
                        String.join(
                                " and ",
                                codes.stream()
                                        .limit(SHOWN)
                                        .map(code ->
                                                subject.shown(
                                                        column.name(),
                                                        column.dictionary().get(code)))
                                        .toList()));
            }
        }
        return Optional.of(
                finding(
                        column,
                        rare,
                        "%,d values in more than one spelling, such as %s"
                                .formatted(several.size(), String.join("; ", examples)),
                        "one spelling for each value"));
    }

    private static String canonical(String text) {
        String plain = SPACES.matcher(text.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
        return NUMBER.matcher(plain).matches() ? "#" + Double.parseDouble(plain) : plain;
    }

    /** What looks unlike nearly all others. */
    private static Optional<Finding> shapes(Subject subject, CategoryColumn column, long[] counts) {
        Map<String, Long> shapes = new HashMap<>();
        long rows = 0;
        int distinct = 0;
        for (int code = 0; code < counts.length; code++) {
            if (counts[code] > 0) {
                shapes.merge(shape(column.dictionary().get(code)), counts[code], Long::sum);
                rows += counts[code];
                distinct++;
            }
        }
        if (distinct < MANY || shapes.size() < 2) {
            return Optional.empty();
        }
        Map.Entry<String, Long> most =
                shapes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        if (most.getValue() < ONE_SHAPE * rows) {
            return Optional.empty();
        }
        boolean[] odd = new boolean[counts.length];
        String example = "";
        for (int code = 0; code < counts.length; code++) {
            odd[code] =
                    counts[code] > 0 && !shape(column.dictionary().get(code)).equals(most.getKey());
            example = odd[code] && example.isEmpty() ? column.dictionary().get(code) : example;
        }
        return Optional.of(
                finding(
                        column,
                        odd,
                        "values in a form of their own, such as "
                                + subject.shown(column.name(), example),
                        "the form %s, which %s of the rows have (9 digits, a letters)"
                                .formatted(
                                        most.getKey(),
                                        Words.percent((double) most.getValue() / rows))));
    }

    /** Runs of digits as 9, of letters as a. */
    private static String shape(String text) {
        StringBuilder shape = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            char kind = Character.isDigit(each) ? '9' : Character.isLetter(each) ? 'a' : each;
            boolean again = !shape.isEmpty() && shape.charAt(shape.length() - 1) == kind;
            if (!again || (kind != '9' && kind != 'a')) {
                shape.append(kind);
            }
        }
        return shape.toString();
    }

    private static Finding finding(
            CategoryColumn column, boolean[] codes, String found, String expected) {
        int[] rows =
                IntStream.range(0, column.rows())
                        .filter(row ->
                                column.codes()[row] != CategoryColumn.MISSING
                                        && codes[column.codes()[row]])
                        .toArray();
        return Finding.warning(Check.FORMAT, column.name(), found, expected)
                .in(rows, column.rows());
    }
}
