package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import java.util.List;

/** About as many rows as earlier versions were trained on: half a table often is a lost file. */
final class RowChangeRule implements Rule {
    /** Versions that are looked back at. */
    private static final int PAST = 5;

    @Override
    public List<Finding> check(Subject subject) {
        List<Long> past = subject.pastRows();
        List<Long> last =
                past.subList(Math.max(0, past.size() - PAST), past.size()).stream()
                        .sorted()
                        .toList();
        if (last.isEmpty()) {
            return List.of();
        }
        long usual = last.get(last.size() / 2);
        long rows = subject.table().rows();
        double least = subject.threshold(Check.ROW_CHANGE);
        boolean fewer = rows < least * usual;
        boolean more = least > 0 && rows > usual / least;
        if (!fewer && !more) {
            return List.of();
        }
        return List.of(
                Finding.warning(
                        Check.ROW_CHANGE,
                        "",
                        "%,d rows".formatted(rows),
                        "%s about %,d, as the last %,d version%s had"
                                .formatted(
                                        fewer ? "no fewer than" : "no more than",
                                        Math.round(fewer ? least * usual : usual / least),
                                        last.size(),
                                        last.size() == 1 ? "" : "s")));
    }
}
