package dev.perennial.core.spec;

import dev.perennial.core.text.Shortened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a YAML document, read key by key. What is wrong is noted with its line and reading
 * goes on with a stand-in, so that a person sees every problem at once. {@link #close()} notes the
 * keys nobody asked for.
 */
final class YamlMap implements AutoCloseable {
    private static final Pattern DURATION =
            Pattern.compile(
                    "P(?!$)(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?(?:T(?!$)(?:(\\d{1,6})H)?(?:(\\d{1,6})M)?(?:(\\d{1,6})S)?)?");

    private static final String DURATION_EXPECTED =
            "a duration in weeks, days, hours, minutes or seconds, such as P3W, P10D or PT30M";

    private final String file;
    private final String path;
    private final int line;
    private final List<SpecProblem> problems;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    YamlMap(String file, String path, Node node, List<SpecProblem> problems) {
        this.file = file;
        this.path = path;
        this.line = lineOf(node);
        this.problems = problems;
        if (!(node instanceof MappingNode mapping)) {
            problem(
                    line,
                    path.isEmpty() ? "(document)" : path,
                    describe(node),
                    "keys and values, one per line");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(
                        lineOf(tuple.getKeyNode()),
                        path,
                        "a key that is not a word",
                        "a plain key");
                continue;
            }
            if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problem(
                        lineOf(key),
                        dotted(key.getValue()),
                        "the key a second time",
                        "each key once");
            }
            lines.putIfAbsent(key.getValue(), lineOf(key));
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    String dotted(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** A required text; the empty stand-in where it is missing or no text. */
    String text(String key) {
        Optional<String> text = text(key, "a text");
        if (text.filter(String::isEmpty).isPresent()) {
            problem(key, "''", "a text that is not empty");
        }
        return text.orElseGet(() -> missing(key, "a text", ""));
    }

    Optional<String> optionalText(String key) {
        return text(key, "a text");
    }

    private Optional<String> text(String key, String expected) {
        return scalar(key, expected).map(ScalarNode::getValue);
    }

    /** A required value out of a closed set, written as {@code spelling} says. */
    <E extends Enum<E>> @Nullable E choice(String key, Class<E> type, @Nullable E standard) {
        String expected = "one of " + spellings(type);
        Optional<String> text = text(key, expected);
        if (text.isEmpty()) {
            return standard != null || has(key) ? standard : missing(key, expected, null);
        }
        for (E each : type.getEnumConstants()) {
            if (spelling(each).equals(text.get())) {
                return each;
            }
        }
        problem(key, quote(text.get()), expected);
        return standard;
    }

    /** A value out of a closed set that may be left out. */
    <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> type) {
        asked.add(key);
        return has(key) ? Optional.ofNullable(choice(key, type, null)) : Optional.<E>empty();
    }

    /** Whether a key has a text. */
    boolean is(String key, String text) {
        return values.get(key) instanceof ScalarNode scalar && scalar.getValue().equals(text);
    }

    /** Whether a key has keys of its own. */
    boolean isMap(String key) {
        return values.get(key) instanceof MappingNode;
    }

    /** A list of values out of a closed set, each once. */
    <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
        List<E> chosen = new ArrayList<>();
        for (String text : texts(key)) {
            Optional<E> found =
                    java.util.Arrays.stream(type.getEnumConstants())
                            .filter(each -> spelling(each).equals(text) && !chosen.contains(each))
                            .findFirst();
            if (found.isEmpty()) {
                problem(key, quote(text), "each at most once of " + spellings(type));
            }
            found.ifPresent(chosen::add);
        }
        return chosen;
    }

    static String spelling(Enum<?> constant) {
        StringBuilder camel = new StringBuilder();
        for (String word : constant.name().toLowerCase(java.util.Locale.ROOT).split("_", -1)) {
            camel.append(
                    camel.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }

    private static <E extends Enum<E>> List<String> spellings(Class<E> type) {
        return java.util.Arrays.stream(type.getEnumConstants()).map(YamlMap::spelling).toList();
    }

    OptionalDouble number(String key, double low, double high) {
        String expected = "a number from %s to %s".formatted(plain(low), plain(high));
        Optional<ScalarNode> node = scalar(key, expected);
        if (node.isEmpty()) {
            return OptionalDouble.empty();
        }
        return parse(key, node.get(), low, high, expected);
    }

    double number(String key, double low, double high, double standard) {
        return number(key, low, high).orElse(standard);
    }

    long integer(String key, long low, long high, long standard) {
        String expected = "a whole number from %d to %d".formatted(low, high);
        Optional<ScalarNode> node = scalar(key, expected);
        if (node.isEmpty()) {
            return standard;
        }
        if (node.get().getTag().equals(Tag.INT)) {
            try {
                long value = Long.parseLong(node.get().getValue());
                if (value >= low && value <= high) {
                    return value;
                }
            } catch (NumberFormatException tooLong) {
                // said below
            }
        }
        problem(key, describe(node.get()), expected);
        return standard;
    }

    private OptionalDouble parse(
            String key, ScalarNode node, double low, double high, String expected) {
        if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
            try {
                double value = Double.parseDouble(node.getValue());
                if (value >= low && value <= high) {
                    return OptionalDouble.of(value);
                }
            } catch (NumberFormatException special) {
                // .inf and .nan: said below
            }
        }
        problem(key, describe(node), expected);
        return OptionalDouble.empty();
    }

    /** A number (fixed) or {@code [low, high]}. */
    Optional<Range> range(String key, double low, double high) {
        asked.add(key);
        String expected =
                "a number or [low, high] within %s to %s".formatted(plain(low), plain(high));
        Node node = values.get(key);
        if (node instanceof SequenceNode sequence
                && sequence.getValue().size() == 2
                && sequence.getValue().get(0) instanceof ScalarNode first
                && sequence.getValue().get(1) instanceof ScalarNode second) {
            OptionalDouble from = parse(key, first, low, high, expected);
            OptionalDouble to = parse(key, second, low, high, expected);
            if (from.isPresent() && to.isPresent()) {
                if (from.getAsDouble() <= to.getAsDouble()) {
                    return Optional.of(new Range(from.getAsDouble(), to.getAsDouble()));
                }
                problem(
                        key,
                        "[%s, %s]".formatted(first.getValue(), second.getValue()),
                        "the lower number first");
            }
            return Optional.empty();
        }
        OptionalDouble fixed =
                node instanceof ScalarNode scalar
                        ? parse(key, scalar, low, high, expected)
                        : OptionalDouble.empty();
        if (node != null && !(node instanceof ScalarNode)) {
            problem(key, describe(node), expected);
        }
        return fixed.isPresent()
                ? Optional.of(new Range(fixed.getAsDouble(), fixed.getAsDouble()))
                : Optional.empty();
    }

    /**
     * A quantity for each period, such as {@code 5 USD per P30D}.
     *
     * @param unit the word behind the number; "" for none
     */
    Optional<Rate> rate(String key, String unit, double low, double high) {
        String pattern =
                "(\\d{1,9}(?:\\.\\d{1,9})?) " + (unit.isEmpty() ? "" : unit + " ") + "per (\\S+)";
        String expected =
                "a number from %s to %s%s per duration, such as '1%s per P4W'"
                        .formatted(
                                plain(low),
                                plain(high),
                                unit.isEmpty() ? "" : " " + unit,
                                unit.isEmpty() ? "" : " " + unit);
        Optional<String> text = text(key, expected);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = Pattern.compile(pattern).matcher(text.get());
        if (matcher.matches()) {
            double amount = Double.parseDouble(matcher.group(1));
            Optional<Duration> per = parseDuration(matcher.group(2)).filter(Duration::isPositive);
            if (amount >= low && amount <= high && per.isPresent()) {
                return Optional.of(new Rate(amount, per.get()));
            }
        }
        problem(key, quote(text.get()), expected);
        return Optional.empty();
    }

    /** An amount within each period. */
    record Rate(double amount, Duration per) {}

    /** A required duration in weeks, days, hours, minutes, seconds; the stand-in is one day. */
    Duration duration(String key) {
        return optionalDuration(key)
                .orElseGet(() ->
                        has(key)
                                ? Duration.ofDays(1)
                                : missing(key, "a duration such as P3W", Duration.ofDays(1)));
    }

    Optional<Duration> optionalDuration(String key) {
        return text(key, DURATION_EXPECTED)
                .flatMap(text -> {
                    Optional<Duration> parsed = parseDuration(text);
                    if (parsed.isEmpty()) {
                        problem(key, quote(text), durationExpected(text));
                    }
                    return parsed;
                });
    }

    /** Durations longer than nothing, each once; none where the key is absent. */
    List<Duration> durations(String key) {
        Set<Duration> known = new HashSet<>();
        return items(
                key,
                node -> {
                    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
                    Optional<Duration> parsed =
                            parseDuration(text).filter(Duration::isPositive).filter(known::add);
                    if (parsed.isEmpty()) {
                        problem(
                                lineOf(node),
                                dotted(key),
                                describe(node),
                                "a list, each once and longer than nothing, of "
                                        + durationExpected(text));
                    }
                    return parsed;
                });
    }

    private static String durationExpected(String found) {
        boolean calendar = found.matches("P\\d+[YM].*");
        return calendar
                ? DURATION_EXPECTED + " (months and years differ in length)"
                : DURATION_EXPECTED;
    }

    private static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        Duration.ofDays(7 * part(matcher, 1) + part(matcher, 2))
                                .plusHours(part(matcher, 3))
                                .plusMinutes(part(matcher, 4))
                                .plusSeconds(part(matcher, 5)))
                : Optional.empty();
    }

    private static long part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    List<String> texts(String key) {
        return items(
                key,
                node -> {
                    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                        return Optional.of(scalar.getValue());
                    }
                    problem(lineOf(node), dotted(key), describe(node), "a list of texts");
                    return Optional.<String>empty();
                });
    }

    /** Whether something is so; it isn't where nobody says. */
    boolean flag(String key) {
        Optional<ScalarNode> node = scalar(key, "true or false");
        if (node.isPresent() && !node.get().getTag().equals(Tag.BOOL)) {
            problem(key, describe(node.get()), "true or false");
            return false;
        }
        return node.filter(each -> each.getValue().equalsIgnoreCase("true")).isPresent();
    }

    /** A mapping of texts to texts. */
    Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(key).ifPresent(map -> {
            try (map) {
                map.values.keySet().forEach(each -> texts.put(each, map.text(each)));
            }
        });
        return texts;
    }

    /** A list of texts or mappings, which are closed after. */
    <T> List<T> textsOr(String key, Function<String, T> ofText, Function<YamlMap, T> ofMap) {
        return items(
                key,
                node -> {
                    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                        return Optional.of(ofText.apply(scalar.getValue()));
                    }
                    try (YamlMap map = new YamlMap(file, dotted(key), node, problems)) {
                        return Optional.of(ofMap.apply(map));
                    }
                });
    }

    /** A mapping, or nothing where it is absent. */
    Optional<YamlMap> map(String key) {
        asked.add(key);
        Node node = values.get(key);
        return node == null
                ? Optional.empty()
                : Optional.of(new YamlMap(file, dotted(key), node, problems));
    }

    /** A list of mappings, each read and closed by {@code reader}. */
    <T> List<T> maps(String key, Function<YamlMap, Optional<T>> reader) {
        int[] index = {0};
        return items(
                key,
                node -> {
                    try (YamlMap map =
                            new YamlMap(
                                    file, dotted(key) + "[" + index[0]++ + "]", node, problems)) {
                        return reader.apply(map);
                    }
                });
    }

    private <T> List<T> items(String key, Function<Node, Optional<T>> reader) {
        asked.add(key);
        Node node = values.get(key);
        List<T> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                reader.apply(item).ifPresent(items::add);
            }
        } else if (node != null) {
            problem(key, describe(node), "a list");
        }
        return items;
    }

    void problem(String key, String found, String expected) {
        problem(line(key), dotted(key), found, expected);
    }

    <T extends @Nullable Object> T missing(String key, String expected, T standIn) {
        if (!has(key)) {
            problem(line, dotted(key), "nothing", expected);
        }
        return standIn;
    }

    /** Notes every key that was never asked for. */
    @Override
    public void close() {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                String nearest =
                        asked.stream()
                                .min(Comparator.comparingInt(known -> distance(known, key)))
                                .filter(known -> distance(known, key) <= 2)
                                .map(known -> "; did you mean '" + known + "'?")
                                .orElse("");
                problem(key, "an unknown key", "one of " + asked + nearest);
            }
        }
    }

    private Optional<ScalarNode> scalar(String key, String expected) {
        asked.add(key);
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar);
        }
        problem(key, describe(node), expected);
        return Optional.empty();
    }

    private void problem(int at, String key, String found, String expected) {
        problems.add(new SpecProblem(file, at, key, found, expected));
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static String describe(Node node) {
        return switch (node) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode scalar when scalar.getTag().equals(Tag.STR) -> quote(scalar.getValue());
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode _ -> "a list";
            case MappingNode _ -> "a mapping";
            default -> "something else";
        };
    }

    private static String quote(String text) {
        return "'" + Shortened.shown(text, 60) + "'";
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    /** Levenshtein distance, for "did you mean". */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
