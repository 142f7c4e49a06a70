package dev.perennial.core.validation;

import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.LabelSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The label is there, has the classes it should have, and each often enough to be learned. */
final class LabelRule implements Rule {
    private static final double RARE = 0.01;

    /** A message names this many values at most. */
    private static final int SHOWN = 20;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        LabelSpec label = subject.spec().label();
        ColumnProfile profile = subject.profile().column(label.column()).orElseThrow();
        if (profile.nulls() > 0) {
            findings.add(
                    Finding.warning(
                            Check.LABEL,
                            label.column(),
                            "%,d rows without a label".formatted(profile.nulls()),
                            "a label in every row; these are left out"));
        }
        if (profile instanceof NumberProfile numbers) {
            magnitude(numbers, findings);
        } else {
            classes(subject, label, counts(subject.table().category(label.column())), findings);
        }
        return findings;
    }

    private static void magnitude(NumberProfile label, List<Finding> findings) {
        double greatest = Math.max(Math.abs(label.min()), Math.abs(label.max()));
        if (label.count() > 0 && greatest > RangeRule.FLOAT32) {
            findings.add(
                    Finding.error(
                            Check.LABEL,
                            label.name(),
                            "a value of magnitude " + greatest,
                            "at most %s, as the model computes in float32"
                                    .formatted(RangeRule.FLOAT32)));
        }
    }

    private static List<Frequency> counts(CategoryColumn column) {
        long[] counts = column.counts();
        return IntStream.range(0, counts.length)
                .filter(code -> counts[code] > 0)
                .mapToObj(code -> new Frequency(column.dictionary().get(code), counts[code]))
                .sorted(Comparator.comparing(Frequency::value))
                .toList();
    }

    private static void classes(
            Subject subject, LabelSpec label, List<Frequency> counts, List<Finding> findings) {
        List<String> found = counts.stream().map(Frequency::value).limit(SHOWN).toList();
        if (counts.size() < 2) {
            findings.add(
                    Finding.error(
                            Check.LABEL,
                            label.column(),
                            "the classes " + found,
                            "at least two classes"));
            return;
        }
        List<String> unknown =
                counts.stream()
                        .map(Frequency::value)
                        .filter(value -> !label.classes().contains(value))
                        .limit(SHOWN)
                        .toList();
        if (!label.classes().isEmpty() && !unknown.isEmpty()) {
            findings.add(
                    Finding.error(
                            Check.LABEL,
                            label.column(),
                            "the values " + unknown,
                            "one of " + label.classes()));
        }
        boolean binary = subject.spec().task() == Task.BINARY;
        if (binary && label.classes().isEmpty() && counts.size() > 2) {
            findings.add(
                    Finding.error(
                            Check.LABEL,
                            label.column(),
                            "%d classes, %s".formatted(counts.size(), found),
                            "two classes, or task: multiclass"));
        }
        String positive = label.positive().orElse("");
        if (binary && counts.stream().noneMatch(each -> each.value().equals(positive))) {
            findings.add(
                    Finding.error(
                            Check.LABEL,
                            label.column(),
                            "the classes " + found,
                            "the positive class '%s' among them".formatted(positive)));
        }
        long rows = counts.stream().mapToLong(Frequency::count).sum();
        for (Frequency each : counts) {
            if (each.count() < RARE * rows) {
                findings.add(
                        Finding.warning(
                                Check.LABEL,
                                label.column(),
                                "class '%s' in %,d of %,d rows"
                                        .formatted(each.value(), each.count(), rows),
                                "each class in at least 1 % of the rows"));
            }
        }
    }
}
