package dev.perennial.core.spec;

import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.GateSpec.Incomparable;
import dev.perennial.core.spec.GateSpec.Opponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a pipeline spec strictly: what is unknown, mistyped or nonsense is an error with its line.
 */
public final class SpecReader {
    /** Also an S3 prefix and part of resource names, so nothing that could leave its folder. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** How much longer than its delay a label is waited for, unless the spec says. */
    private static final Duration LABEL_PATIENCE = Duration.ofDays(7);

    private SpecReader() {}

    /**
     * @param file how messages name the source
     * @throws InvalidSpecException with everything that is wrong
     */
    public static PipelineSpec read(String file, String yaml) {
        List<SpecProblem> problems = new ArrayList<>();
        List<Node> documents = YamlDocuments.compose(file, yaml, "a pipeline spec");
        Map<String, FeatureView> views = new LinkedHashMap<>();
        for (Node document : documents.subList(1, documents.size())) {
            try (YamlMap root = new YamlMap(file, "", document, problems)) {
                FeatureView view = ViewReader.read(root);
                if (views.putIfAbsent(view.name(), view) != null) {
                    root.problem(
                            "name", "view '%s' twice".formatted(view.name()), "each view once");
                }
            }
        }
        PipelineSpec spec;
        try (YamlMap root = new YamlMap(file, "", documents.getFirst(), problems)) {
            spec = read(root, views);
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return spec;
    }

    /**
     * Reads a feature view.
     *
     * @param file how messages name the source
     * @throws InvalidSpecException with everything that is wrong
     */
    public static FeatureView view(String file, String yaml) {
        List<SpecProblem> problems = new ArrayList<>();
        List<Node> documents = YamlDocuments.compose(file, yaml, "a feature view");
        FeatureView view;
        try (YamlMap root = new YamlMap(file, "", documents.getFirst(), problems)) {
            view = ViewReader.read(root);
            if (documents.size() > 1) {
                root.problem("(document)", documents.size() + " documents", "one view");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return view;
    }

    /**
     * The names of the views that a spec takes columns from and doesn't hold itself. What else is
     * wrong with it is left to {@link #read}.
     *
     * @throws InvalidSpecException if it is no YAML
     */
    public static List<String> missingViews(String file, String yaml) {
        List<SpecProblem> ignored = new ArrayList<>();
        List<Node> documents = YamlDocuments.compose(file, yaml, "a pipeline spec");
        Set<String> used = new LinkedHashSet<>();
        try (YamlMap root = new YamlMap(file, "", documents.getFirst(), ignored)) {
            root.maps(
                    "features",
                    entry -> {
                        entry.optionalText("view").ifPresent(used::add);
                        return Optional.<String>empty();
                    });
        }
        for (Node document : documents.subList(1, documents.size())) {
            try (YamlMap root = new YamlMap(file, "", document, ignored)) {
                root.optionalText("name").ifPresent(used::remove);
            }
        }
        return List.copyOf(used);
    }

    /** A spec with what its views say, in one text: a run pins them together. */
    public static String bundle(String yaml, List<String> views) {
        StringBuilder bundle = new StringBuilder(yaml);
        for (String view : views) {
            if (!bundle.isEmpty() && bundle.charAt(bundle.length() - 1) != '\n') {
                bundle.append('\n');
            }
            bundle.append("---\n").append(view);
        }
        return bundle.toString();
    }

    /** The name of a pipeline or view. */
    static String name(YamlMap root) {
        String name = root.text("name");
        if (root.has("name") && !NAME.matcher(name).matches()) {
            root.problem(
                    "name",
                    "'" + name + "'",
                    "lower-case letters, digits and hyphens, a letter first, at most 63");
        }
        return name;
    }

    private static PipelineSpec read(YamlMap root, Map<String, FeatureView> views) {
        String name = name(root);
        Task chosen = root.choice("task", Task.class, null);
        Task task = chosen == null ? Task.BINARY : chosen;
        String time = root.text("time");
        Map<String, Boolean> keys = KeyReader.read(root);
        List<String> key = List.copyOf(keys.keySet());
        LabelSpec label = label(root, task);
        List<FeatureReader.Entry> entries =
                root.maps("features", map -> FeatureReader.entry(map, views));
        List<FeatureSpec> features =
                entries.stream().flatMap(entry -> entry.features().stream()).toList();
        List<ViewUse> uses = entries.stream().flatMap(entry -> entry.use().stream()).toList();
        FeatureReader.check(root, features, time, label, task);
        FeatureReader.checkKey(root, key, features, time, label);
        List<String> names = new ArrayList<>(List.of(time, label.column()));
        features.stream()
                .map(FeatureSpec::name)
                .filter(each -> !names.contains(each))
                .forEach(names::add);
        key.stream().filter(each -> !names.contains(each)).forEach(names::add);
        Names.check(root, "features", names.stream().distinct().toList());
        FeatureReader.checkUses(
                root,
                uses,
                keys,
                entries.stream()
                        .filter(entry -> entry.use().isEmpty())
                        .flatMap(entry -> entry.features().stream())
                        .toList());
        Optional<Duration> window = root.optionalDuration("window");
        SplitSpec split = split(root, window);
        return new PipelineSpec(
                name,
                task,
                time,
                key,
                KeyReader.personal(keys),
                label,
                features,
                uses,
                window.orElseGet(
                        () -> root.missing("window", "a duration such as P3W", Duration.ofDays(1))),
                split,
                data(root),
                ChecksReader.read(root),
                train(root, window),
                gates(root, task, features),
                LiveSpecReader.drift(root),
                LiveSpecReader.retrain(root),
                LiveSpecReader.promotion(root, !key.isEmpty(), label.delay()));
    }

    private static LabelSpec label(YamlMap root, Task task) {
        Optional<YamlMap> map = root.map("label");
        if (map.isEmpty()) {
            return root.missing(
                    "label",
                    "a mapping with the label's column",
                    new LabelSpec("", Optional.empty(), List.of(), Duration.ZERO, Duration.ZERO));
        }
        try (YamlMap label = map.get()) {
            String column = label.text("column");
            Optional<String> positive = label.optionalText("positive");
            List<String> classes = label.texts("classes");
            if (positive.isPresent() && positive.get().isEmpty()) {
                label.problem("positive", "an empty text", "a class of the label");
            }
            if (task == Task.BINARY && positive.isEmpty()) {
                label.missing("positive", "the class whose probability is predicted", "");
            }
            if (task != Task.BINARY && positive.isPresent()) {
                label.problem(
                        "positive", "'" + positive.get() + "'", "no positive class for this task");
            }
            if (task == Task.REGRESSION && !classes.isEmpty()) {
                label.problem("classes", classes.toString(), "no classes for regression");
            }
            if (task == Task.BINARY
                    && !classes.isEmpty()
                    && (classes.size() != 2
                            || (positive.isPresent() && !classes.contains(positive.get())))) {
                label.problem(
                        "classes", classes.toString(), "two classes, one of them the positive one");
            }
            if (new HashSet<>(classes).size() != classes.size()) {
                label.problem("classes", classes.toString(), "each class once");
            }
            Duration delay = label.optionalDuration("delay").orElse(Duration.ZERO);
            Duration expires = label.optionalDuration("expires").orElse(delay.plus(LABEL_PATIENCE));
            if (expires.compareTo(delay) < 0) {
                label.problem("expires", expires.toString(), "at least delay, " + delay);
            }
            return new LabelSpec(column, positive, classes, delay, expires);
        }
    }

    private static SplitSpec split(YamlMap root, Optional<Duration> window) {
        Optional<YamlMap> map = root.map("split");
        if (map.isEmpty()) {
            return root.missing(
                    "split",
                    "a mapping with validation and test",
                    new SplitSpec(Duration.ZERO, Duration.ZERO));
        }
        try (YamlMap split = map.get()) {
            Duration validation = split.duration("validation");
            Duration test = split.duration("test");
            if (validation.isZero() || test.isZero()) {
                split.problem(
                        "validation", "an empty part", "validation and test longer than zero");
            }
            if (window.isPresent() && validation.plus(test).compareTo(window.get()) >= 0) {
                split.problem(
                        "test",
                        "validation and test together as long as the window",
                        "room for training rows");
            }
            return new SplitSpec(validation, test);
        }
    }

    private static DataSpec data(YamlMap root) {
        Optional<YamlMap> map = root.map("data");
        if (map.isEmpty()) {
            return new DataSpec(100, 0.01, Optional.empty());
        }
        try (YamlMap data = map.get()) {
            return new DataSpec(
                    (int) data.integer("minRows", 1, Integer.MAX_VALUE, 100),
                    data.number("maxBadRows", 0, 1, 0.01),
                    data.optionalDuration("maxAge"));
        }
    }

    private static TrainSpec train(YamlMap root, Optional<Duration> window) {
        Optional<YamlMap> map = root.map("train");
        if (map.isEmpty()) {
            return root.missing(
                    "train",
                    "a mapping with the trainer",
                    new TrainSpec(
                            TrainerName.XGBOOST,
                            1,
                            0,
                            1,
                            0,
                            1,
                            Calibration.NONE,
                            Map.of(),
                            List.of(),
                            1,
                            false));
        }
        try (YamlMap train = map.get()) {
            TrainerName named = train.choice("trainer", TrainerName.class, null);
            TrainerName trainer = named == null ? TrainerName.XGBOOST : named;
            int candidates = (int) train.integer("candidates", 1, 64, 8);
            long seed = train.integer("seed", 0, Integer.MAX_VALUE, 0);
            int rounds = (int) train.integer("rounds", 1, 10_000, 300);
            int earlyStopping = (int) train.integer("earlyStopping", 0, 10_000, 20);
            int threads = (int) train.integer("threads", 1, 6, 2);
            Calibration calibration =
                    train.choice("calibration", Calibration.class, Calibration.SIGMOID);
            Map<Hyperparameter, Range> search = new EnumMap<>(Hyperparameter.class);
            train.map("search")
                    .ifPresent(ranges -> {
                        try (ranges) {
                            for (Hyperparameter each : Hyperparameter.of(trainer)) {
                                ranges.range(each.key(), each.legal().low(), each.legal().high())
                                        .ifPresent(range -> search.put(each, range));
                            }
                        }
                    });
            return new TrainSpec(
                    trainer,
                    candidates,
                    seed,
                    rounds,
                    earlyStopping,
                    threads,
                    calibration == null ? Calibration.SIGMOID : calibration,
                    search,
                    lookbacks(train, candidates, window),
                    average(train, trainer, candidates),
                    train.flag("refit"));
        }
    }

    private static int average(YamlMap train, TrainerName trainer, int candidates) {
        int average = (int) train.integer("average", 1, candidates, 1);
        if (average > 1 && trainer != TrainerName.XGBOOST) {
            train.problem(
                    "average",
                    Integer.toString(average),
                    "1 with this trainer; only trees are averaged");
        }
        return average;
    }

    private static List<Lookback> lookbacks(
            YamlMap train, int candidates, Optional<Duration> window) {
        List<Lookback> lookbacks = new ArrayList<>();
        for (Duration each : train.durations("windows")) {
            lookbacks.add(Lookback.window(each));
            if (window.isPresent() && each.compareTo(window.get()) > 0) {
                train.problem("windows", each.toString(), "at most window, " + window.get());
            }
        }
        if (lookbacks.isEmpty()) {
            lookbacks.add(Lookback.ALL);
        }
        for (Duration each : train.durations("halfLives")) {
            lookbacks.add(Lookback.halfLife(each));
        }
        if (lookbacks.size() > candidates) {
            train.problem(
                    "candidates",
                    Integer.toString(candidates),
                    "at least one for each of %d windows and half lives"
                            .formatted(lookbacks.size()));
        }
        return lookbacks;
    }

    private static List<GateSpec> gates(YamlMap root, Task task, List<FeatureSpec> features) {
        List<GateSpec> gates = root.maps("gates", map -> gate(map, task, features));
        if (gates.isEmpty()) {
            root.problem(
                    "gates",
                    "no usable gate",
                    "at least one: without a gate every candidate would be promoted");
        }
        return gates;
    }

    private static Optional<GateSpec> gate(YamlMap map, Task task, List<FeatureSpec> features) {
        String metric = map.text("metric");
        if (map.has("metric")
                && Metric.named(metric).filter(known -> known.suits(task)).isEmpty()) {
            List<String> known = Metric.of(task).stream().map(Metric::key).toList();
            map.problem("metric", "'" + metric + "'", "a metric of this task, one of " + known);
        }
        if (map.has("versus")) {
            Opponent opponent = map.choice("versus", Opponent.class, Opponent.CHAMPION);
            double margin = map.number("margin", -1e12, 1e12, 0);
            return Optional.of(
                    new GateSpec.Versus(
                            metric,
                            opponent == null ? Opponent.CHAMPION : opponent,
                            confidence(map),
                            margin,
                            incomparable(map)));
        }
        if (map.has("slice")) {
            String feature = map.text("slice");
            boolean category =
                    features.stream()
                            .anyMatch(each ->
                                    each.name().equals(feature) && each instanceof CategoryFeature);
            if (!category) {
                map.problem(
                        "slice",
                        "'" + feature + "'",
                        "the name of a category feature of this spec");
            }
            OptionalDouble maxDrop = map.number("maxDrop", 0, 1e12);
            if (maxDrop.isEmpty()) {
                map.missing("maxDrop", "the largest drop against the champion", 0.0);
            }
            return Optional.of(
                    new GateSpec.Slice(
                            metric,
                            feature,
                            maxDrop.orElse(0),
                            confidence(map),
                            incomparable(map)));
        }
        OptionalDouble min = map.number("min", -1e300, 1e300);
        OptionalDouble max = map.number("max", -1e300, 1e300);
        if (min.isEmpty() && max.isEmpty() && !map.has("min") && !map.has("max")) {
            map.problem(
                    "metric",
                    "a gate without a condition",
                    "min, max, versus or slice beside the metric");
        }
        return Optional.of(new GateSpec.Absolute(metric, min, max));
    }

    private static double confidence(YamlMap gate) {
        return gate.number("confidence", 0.5, 0.9999, 0.95);
    }

    private static Incomparable incomparable(YamlMap gate) {
        Incomparable chosen = gate.choice("incomparable", Incomparable.class, Incomparable.REJECT);
        return chosen == null ? Incomparable.REJECT : chosen;
    }
}
