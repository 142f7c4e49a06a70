package dev.perennial.core.spec;

import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.RawTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A first spec for a file, every guess said in a comment. Meant to be read and changed. */
public final class SpecDraft {
    private static final Pattern LABEL_NAME =
            Pattern.compile(
                    "label|target|class|y|outcome|response|is_.*|has_.*|.*_flag",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern KEY_NAME = Pattern.compile("id|.*_id|.*Id|key|.*_key");
    private static final Set<String> POSITIVE =
            Set.of("1", "true", "True", "TRUE", "yes", "Yes", "YES", "UP", "Y", "y", "t");
    private static final int MOST_CLASSES = 20;

    /** Of a column's cells; the others are slips, which a run sets aside. */
    private static final double MOST_CELLS = 0.95;

    /** Of the rows, those with one of the two most frequent labels if there are two classes. */
    private static final double MOST_LABELS = 0.99;

    private static final int MOST_LISTED = 12;

    private final String file;
    private final RawTable table;
    private final StringBuilder out = new StringBuilder();

    private SpecDraft(String file, RawTable table) {
        this.file = file;
        this.table = table;
    }

    /**
     * Drafts a spec.
     *
     * @param file its name, for the pipeline's
     * @throws IllegalArgumentException if no column can be the time or the label
     */
    public static String of(String file, RawTable table) {
        return new SpecDraft(file, table).write();
    }

    /**
     * What most of a column's texts have in common.
     *
     * @param counts of the values, without those that don't fit
     * @param odd the texts that don't fit
     */
    private record Looks(
            String name,
            long values,
            long missing,
            boolean number,
            boolean whole,
            boolean time,
            double min,
            double max,
            Map<String, Long> counts,
            Set<String> odd) {
        int distinct() {
            return counts.size();
        }

        double missingShare() {
            return (double) missing / Math.max(1, values + missing);
        }
    }

    private String write() {
        List<Looks> columns = table.columns().stream().map(this::look).toList();
        Looks time =
                time(columns)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "%s: no column looks like a time (ISO-8601 or a Unix epoch); a factory that splits by time needs one"
                                                .formatted(file)));
        List<Looks> others =
                columns.stream().filter(each -> !each.equals(time) && each.values() > 0).toList();
        Looks target =
                label(others)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "%s: no column is left to be the label".formatted(file)));
        long[] moments = table.times(time.name()).micros();
        long span = span(moments);
        int looked = table.table().rows();
        line(
                "# Drafted from %s, %,d rows%s. Read every line: what stands here was guessed."
                        .formatted(
                                file,
                                moments.length,
                                looked < moments.length
                                        ? ", of which the first %,d were looked at"
                                                .formatted(looked)
                                        : ""));
        line("name: " + pipeline());
        String task = task(target);
        Looks label = task.equals("regression") ? target : classes(target.name());
        line(
                "task: %-26s # guessed: the label has %d values%s"
                        .formatted(task, label.distinct(), target.number() ? ", numbers" : ""));
        line(
                "time: %-26s # guessed: %s value reads as a time"
                        .formatted(
                                quoted(time.name()),
                                time.odd().isEmpty() && time.missing() == 0
                                        ? "every"
                                        : "nearly every"));
        List<Looks> keys =
                others.stream()
                        .filter(each ->
                                !each.equals(target)
                                        && KEY_NAME.matcher(each.name()).matches()
                                        && each.distinct() < each.values())
                        .toList();
        if (!keys.isEmpty()) {
            line(
                    "key: [%s]   # guessed by name: one row per key and time"
                            .formatted(quotedList(keys.stream().map(Looks::name).toList())));
        }
        label(label, task);
        line("features:");
        others.stream()
                .filter(each -> !each.equals(target) && !keys.contains(each))
                .forEach(this::feature);
        columns.stream()
                .filter(each -> each.values() == 0)
                .forEach(each ->
                        line("  # %s was left out: it has no value".formatted(each.name())));
        String window = days(span + Duration.ofDays(1).toSeconds());
        String part = days(Math.max(Duration.ofHours(1).toSeconds(), span / 10));
        line("window: %-24s # all of it".formatted(window));
        line(
                "split: {validation: %s, test: %s}   # a tenth of the time each; the newest rows test"
                        .formatted(part, part));
        List<Looks> numbers =
                others.stream()
                        .filter(each -> each.number() && !keys.contains(each))
                        .filter(each -> !each.equals(target) || label.number())
                        .toList();
        badRows(time, numbers, Math.max(100, moments.length / 4));
        line(
                "train: {trainer: xgboost, candidates: 8, seed: 7, rounds: 300, earlyStopping: 20, threads: 2, calibration: sigmoid}");
        line("gates:");
        switch (task) {
            case "binary" ->
                    line(
                            "  - {metric: auc, min: 0.6}                 # better than guessing; raise it to what you need");
            case "multiclass" ->
                    line(
                            "  - {metric: accuracy, min: %.2f}           # above the most frequent class; raise it to what you need"
                                    .formatted(mostFrequent(label)));
            default ->
                    line(
                            "  - {metric: r2, min: 0.1}                   # better than the mean; raise it to what you need");
        }
        line(
                "  - {metric: %s, versus: champion, confidence: 0.95}"
                        .formatted(task.equals("regression") ? "rmse" : "logLoss"));
        return out.toString();
    }

    /** Rows that a run could not read by this draft. */
    private void badRows(Looks time, List<Looks> numbers, int minRows) {
        int bad = 0;
        String first = "";
        for (int row = 0; row < table.table().rows(); row++) {
            String moment = table.column(time.name()).text(row);
            String problem = moment.isEmpty() || time.odd().contains(moment) ? "time" : "number";
            Optional<Looks> odd = problem.equals("time") ? Optional.of(time) : unfit(numbers, row);
            if (odd.isPresent()) {
                bad++;
                if (first.isEmpty()) {
                    String name = odd.get().name();
                    first =
                            "%s of row %d is no %s: %s"
                                    .formatted(
                                            name,
                                            row + 1,
                                            problem,
                                            quoted(table.column(name).text(row)));
                }
            }
        }
        double share = (double) bad / Math.max(1, table.table().rows());
        line(
                String.format(
                        Locale.ROOT,
                        "data: {minRows: %d, maxBadRows: %.2f}",
                        minRows,
                        roomFor(share)));
        if (bad > 0) {
            line(
                    "  # %,d of %,d rows can't be read by these types (%s); a run sets them aside, and refuses a file with more than maxBadRows"
                            .formatted(bad, table.table().rows(), first));
        }
    }

    private Optional<Looks> unfit(List<Looks> numbers, int row) {
        return numbers.stream()
                .filter(each -> each.odd().contains(table.column(each.name()).text(row)))
                .findFirst();
    }

    /** A limit for a share that this file has: other files have a little more. */
    private static double roomFor(double share) {
        return Math.min(1, Math.ceil(share * 200) / 100 + 0.01);
    }

    /** A label that is a class is read as a text, whatever it looks like. */
    private Looks classes(String name) {
        Map<String, Long> counts = counts(name);
        long values = total(counts);
        long missing = table.table().rows() - values;
        return new Looks(name, values, missing, false, false, false, 0, 0, counts, Set.of());
    }

    private Map<String, Long> counts(String name) {
        CategoryColumn column = table.column(name);
        Map<String, Long> counts = new TreeMap<>();
        for (int row = 0; row < column.rows(); row++) {
            String text = column.text(row);
            if (!text.isEmpty()) {
                counts.merge(text, 1L, Long::sum);
            }
        }
        return counts;
    }

    private Looks look(String name) {
        Map<String, Long> counts = counts(name);
        int rows = table.table().rows();
        long missing = rows - total(counts);
        Set<String> noTimes = odd(counts, SpecDraft::isTime);
        boolean time = mostFit(counts, noTimes);
        Map<String, Long> withoutWords = new TreeMap<>(counts);
        withoutWords.keySet().removeIf(RawTable::isMissingNumber);
        Set<String> noNumbers = odd(withoutWords, text -> Double.isFinite(RawTable.number(text)));
        boolean number = mostFit(withoutWords, noNumbers);
        if (number) {
            missing += total(counts) - total(withoutWords);
            counts = withoutWords;
        }
        Set<String> odd = number ? noNumbers : time ? noTimes : Set.of();
        counts.keySet().removeAll(odd);
        double[] numbers =
                number
                        ? counts.keySet().stream().mapToDouble(RawTable::number).toArray()
                        : new double[0];
        return new Looks(
                name,
                rows - missing,
                missing,
                number,
                number && Arrays.stream(numbers).allMatch(each -> each == Math.rint(each)),
                time,
                Arrays.stream(numbers).min().orElse(0),
                Arrays.stream(numbers).max().orElse(0),
                counts,
                odd);
    }

    private static Set<String> odd(Map<String, Long> counts, Predicate<String> fits) {
        Set<String> odd = new TreeSet<>(counts.keySet());
        odd.removeIf(fits);
        return odd;
    }

    private static boolean mostFit(Map<String, Long> counts, Set<String> odd) {
        long unfit = odd.stream().mapToLong(counts::get).sum();
        return unfit < total(counts) && total(counts) - unfit >= MOST_CELLS * total(counts);
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean isTime(String text) {
        try {
            EventTime.parse(text);
            return true;
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    /** ISO before epochs, the earliest column of equals. */
    private static Optional<Looks> time(List<Looks> columns) {
        return columns.stream()
                .filter(each -> each.time() && each.missingShare() <= 1 - MOST_CELLS)
                .min(Comparator.comparing(Looks::number));
    }

    /** By name, or else the last column. */
    private static Optional<Looks> label(List<Looks> columns) {
        return columns.stream()
                .filter(each -> LABEL_NAME.matcher(each.name()).matches() && each.distinct() > 1)
                .findFirst()
                .or(() -> columns.isEmpty() ? Optional.empty() : Optional.of(columns.getLast()));
    }

    private static String task(Looks label) {
        boolean number = label.number() && !label.whole();
        if (label.distinct() == 2 || (label.distinct() > 2 && !number && twoStandOut(label))) {
            return "binary";
        }
        boolean classes = !label.number() || (label.whole() && label.distinct() <= MOST_CLASSES);
        return classes ? "multiclass" : "regression";
    }

    private static boolean twoStandOut(Looks label) {
        long both = twoMostFrequent(label).values().stream().mapToLong(Long::longValue).sum();
        return both >= MOST_LABELS * total(label.counts());
    }

    private static Map<String, Long> twoMostFrequent(Looks label) {
        Map<String, Long> two = new TreeMap<>();
        label.counts().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(2)
                .forEach(each -> two.put(each.getKey(), each.getValue()));
        return two;
    }

    private void label(Looks label, String task) {
        String column = quoted(label.name());
        String delay = "guessed; add delay: P1D or the like if labels come later than predictions";
        if (!task.equals("binary")) {
            line("label: {column: %s}   # %s".formatted(column, delay));
            return;
        }
        Map<String, Long> classes = twoMostFrequent(label);
        String positive =
                classes.keySet().stream()
                        .filter(POSITIVE::contains)
                        .findFirst()
                        .orElseGet(() ->
                                classes.entrySet().stream()
                                        .min(Map.Entry.comparingByValue())
                                        .orElseThrow()
                                        .getKey());
        List<String> others =
                label.counts().keySet().stream()
                        .filter(each -> !classes.containsKey(each))
                        .toList();
        line(
                "label: {column: %s, positive: %s, classes: [%s]}   # %s"
                        .formatted(column, quoted(positive), quotedList(classes.keySet()), delay));
        if (!others.isEmpty()) {
            line(
                    "  # %,d of %,d rows have another label, such as %s: a run refuses the file until they are mended"
                            .formatted(
                                    total(label.counts()) - total(classes),
                                    total(label.counts()),
                                    quoted(others.getFirst())));
        }
    }

    private static String quotedList(Collection<String> texts) {
        return String.join(", ", texts.stream().map(SpecDraft::quoted).toList());
    }

    private void feature(Looks column) {
        String nulls = String.format(Locale.ROOT, "%.2f", roomFor(column.missingShare()));
        String seen =
                "%,d values%s"
                        .formatted(
                                column.distinct(),
                                column.missing() > 0
                                        ? ", %.1f %% missing".formatted(100 * column.missingShare())
                                        : "");
        String name = quoted(column.name());
        if (column.number()) {
            String range = column.min() >= 0 ? ", min: 0" : "";
            line(
                    "  - {name: %s, type: number%s, maxNulls: %s}   # seen: %s to %s, %s"
                            .formatted(
                                    name,
                                    range,
                                    nulls,
                                    plain(column.min()),
                                    plain(column.max()),
                                    seen));
        } else if (column.time()) {
            line(
                    "  # %s was left out: a second time; difference to %s may be a feature"
                            .formatted(column.name(), "the event time"));
        } else if (column.distinct() > column.values() / 2 && column.values() > 100) {
            line(
                    "  # %s was left out: nearly every row has its own text (%s)"
                            .formatted(column.name(), seen));
        } else {
            String values =
                    column.distinct() <= MOST_LISTED
                            ? ", values: [%s]".formatted(quotedList(column.counts().keySet()))
                            : "";
            line(
                    "  - {name: %s, type: category%s, maxNulls: %s}   # seen: %s"
                            .formatted(name, values, nulls, seen));
        }
    }

    /** A feature or column as a spec or view has it. */
    public static String line(FeatureSpec feature) {
        StringBuilder line =
                new StringBuilder("{name: %s, type: ".formatted(quoted(feature.name())));
        switch (feature) {
            case FeatureSpec.NumberFeature number -> {
                line.append("number");
                number.min().ifPresent(min -> line.append(", min: ").append(plain(min)));
                number.max().ifPresent(max -> line.append(", max: ").append(plain(max)));
            }
            case FeatureSpec.CategoryFeature category -> {
                line.append("category");
                if (!category.values().isEmpty()) {
                    line.append(", values: [").append(quotedList(category.values())).append("]");
                }
            }
        }
        if (feature.maxNulls() < 1) {
            line.append(", maxNulls: ").append(plain(feature.maxNulls()));
        }
        if (feature.personal()) {
            line.append(", personal: true");
        }
        return line.append("}").toString();
    }

    private static double mostFrequent(Looks label) {
        return (double) label.counts().values().stream().mapToLong(Long::longValue).max().orElse(0)
                / Math.max(1, label.values());
    }

    private static long span(long[] micros) {
        return (Arrays.stream(micros).max().orElse(0) - Arrays.stream(micros).min().orElse(0))
                / 1_000_000L;
    }

    private static String days(long seconds) {
        long days = Duration.ofSeconds(seconds).toDays();
        return days > 0
                ? "P" + days + "D"
                : "PT" + Math.max(1, Duration.ofSeconds(seconds).toHours()) + "H";
    }

    private String pipeline() {
        String name =
                file.replaceAll("\\.[^.]*$", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^[^a-z]+|-+$", "");
        return name.isEmpty() ? "pipeline" : name.substring(0, Math.min(63, name.length()));
    }

    /** Quoted where YAML would take a text for something else. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*")
                        && !List.of("true", "false", "null", "yes", "no")
                                .contains(text.toLowerCase(Locale.ROOT))
                ? text
                : "\""
                        + text.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r")
                                .replace("\t", "\\t")
                        + "\"";
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void line(String text) {
        out.append(text.replaceAll("[\\r\\n]+", " ")).append('\n'); // a column's name may have some
    }
}
