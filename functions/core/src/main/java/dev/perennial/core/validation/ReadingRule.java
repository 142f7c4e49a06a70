package dev.perennial.core.validation;

import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.Check;
import java.util.ArrayList;
import java.util.List;

/** What reading the files left aside. */
final class ReadingRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        SnapshotManifest manifest = subject.manifest();
        List<Finding> findings = new ArrayList<>();
        if (manifest.badRows() > 0) {
            long all =
                    manifest.badRows()
                            + manifest.rows()
                            + manifest.rowsOutsideWindow()
                            + manifest.rowsAwaitingLabel();
            double share = (double) manifest.badRows() / all;
            double allowed = subject.spec().data().maxBadRows();
            String found =
                    "%,d of %,d rows unreadable (%s)"
                            .formatted(manifest.badRows(), all, Words.percent(share));
            String expected =
                    "at most %s; they are listed in bad-rows.json"
                            .formatted(Words.percent(allowed));
            findings.add(
                    share > allowed
                            ? Finding.error(Check.BAD_ROWS, "", found, expected)
                            : Finding.warning(Check.BAD_ROWS, "", found, expected));
        }
        if (!manifest.skippedColumns().isEmpty()) {
            findings.add(
                    Finding.info(
                            Check.SKIPPED_COLUMNS,
                            "",
                            String.join(", ", manifest.skippedColumns()),
                            "only columns of the spec; these are not read"));
        }
        if (manifest.rowsOutsideWindow() > 0) {
            findings.add(
                    Finding.info(
                            Check.WINDOW,
                            "",
                            "%,d rows before %s or not before %s"
                                    .formatted(
                                            manifest.rowsOutsideWindow(),
                                            manifest.from(),
                                            manifest.until()),
                            "rows of the window; these are left out"));
        }
        if (manifest.rowsAwaitingLabel() > 0) {
            findings.add(
                    Finding.info(
                            Check.WINDOW,
                            "",
                            "%,d rows too new for their label to be known"
                                    .formatted(manifest.rowsAwaitingLabel()),
                            "labelled rows; these are left out"));
        }
        return findings;
    }
}
