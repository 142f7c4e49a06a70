package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;

/** Enough rows in all, and in each part of the split. */
final class RowCountRule implements Rule {
    /** Fewer rows than this can neither be learned from nor judged by. */
    private static final int LEAST_PER_PART = 20;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        int least = subject.spec().data().minRows();
        Table labelled = LabelledRows.of(subject.spec(), subject.table());
        if (labelled.rows() < least) {
            findings.add(
                    Finding.error(
                            Check.ROW_COUNT,
                            "",
                            "%,d labelled rows".formatted(labelled.rows()),
                            "at least %,d (data.minRows)".formatted(least)));
        }
        TimeSplit split =
                TimeSplit.of(
                        labelled.time(subject.spec().time()).micros(),
                        subject.spec().split(),
                        subject.spec().label().delay());
        part(findings, "training", split.trainRows(), split);
        part(findings, "validation", split.validationRows(), split);
        part(findings, "test", split.testRows(), split);
        return findings;
    }

    private static void part(List<Finding> findings, String part, int rows, TimeSplit split) {
        if (rows < LEAST_PER_PART) {
            findings.add(
                    Finding.error(
                            Check.ROW_COUNT,
                            "",
                            "%,d rows in the %s part of the split, after %,d between the parts were left out for label.delay"
                                    .formatted(rows, part, split.gapRows()),
                            "at least %d; bring more history or shorten split"
                                    .formatted(LEAST_PER_PART)));
        }
    }
}
