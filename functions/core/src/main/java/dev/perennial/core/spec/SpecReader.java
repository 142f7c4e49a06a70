package dev.perennial.core.spec;

import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.GateSpec.Incomparable;
import dev.perennial.core.spec.GateSpec.Opponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a pipeline spec strictly: what is unknown, mistyped or nonsense is an error with its line.
 */
public final class SpecReader {
    /** Also an S3 prefix and part of resource names, so nothing that could leave its folder. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** Names that an ONNX model's outputs have. */
    private static final Set<String> OUTPUTS = Set.of("label", "probability", "prediction");

    /** Largest spec that is read, in characters. */
    private static final int MAX_LENGTH = 1 << 20;

    /** Deepest nesting; composing goes as deep on the stack. A spec needs five. */
    private static final int MAX_DEPTH = 50;

    /** How much longer than its delay a label is waited for, unless the spec says. */
    private static final Duration LABEL_PATIENCE = Duration.ofDays(7);

    private SpecReader() {}

    /**
     * @param file how messages name the source
     * @throws InvalidSpecException with everything that is wrong
     */
    public static PipelineSpec read(String file, String yaml) {
        List<SpecProblem> problems = new ArrayList<>();
        PipelineSpec spec;
        try (YamlMap root = new YamlMap(file, "", compose(file, yaml), problems)) {
            spec = read(root);
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return spec;
    }

    private static Node compose(String file, String yaml) {
        if (yaml.length() > MAX_LENGTH) {
            throw new InvalidSpecException(
                    List.of(
                            new SpecProblem(
                                    file,
                                    1,
                                    "(document)",
                                    yaml.length() + " characters",
                                    "at most 1 MiB")));
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setAllowDuplicateKeys(true) // noted by YamlMap, with every other problem
                        .setMaxAliasesForCollections(20)
                        .build();
        try {
            checkDepth(file, new Parse(settings).parseString(yaml));
            return new Compose(settings)
                    .composeString(yaml)
                    .orElseThrow(() ->
                            new InvalidSpecException(
                                    List.of(
                                            new SpecProblem(
                                                    file,
                                                    1,
                                                    "(document)",
                                                    "an empty file",
                                                    "a pipeline spec"))));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new InvalidSpecException(
                    List.of(
                            new SpecProblem(
                                    file, line, "(document)", broken.getProblem(), "valid YAML")));
        } catch (YamlEngineException broken) {
            throw new InvalidSpecException(
                    List.of(
                            new SpecProblem(
                                    file,
                                    1,
                                    "(document)",
                                    String.valueOf(broken.getMessage()),
                                    "valid YAML")));
        }
    }

    private static void checkDepth(String file, Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
                throw new InvalidSpecException(
                        List.of(
                                new SpecProblem(
                                        file,
                                        line,
                                        "(document)",
                                        "more than %d levels of nesting".formatted(MAX_DEPTH),
                                        "a pipeline spec")));
            }
        }
    }

    private static PipelineSpec read(YamlMap root) {
        String name = root.text("name");
        if (root.has("name") && !NAME.matcher(name).matches()) {
            root.problem(
                    "name",
                    "'" + name + "'",
                    "lower-case letters, digits and hyphens, a letter first, at most 63");
        }
        Task chosen = root.choice("task", Task.class, null);
        Task task = chosen == null ? Task.BINARY : chosen;
        String time = root.text("time");
        List<String> key = root.texts("key");
        LabelSpec label = label(root, task);
        List<FeatureSpec> features = root.maps("features", SpecReader::feature);
        features(root, features, time, label);
        key(root, key, features, time, label);
        Optional<Duration> window = root.optionalDuration("window");
        SplitSpec split = split(root, window);
        return new PipelineSpec(
                name,
                task,
                time,
                key,
                label,
                features,
                window.orElseGet(
                        () -> root.missing("window", "a duration such as P3W", Duration.ofDays(1))),
                split,
                data(root),
                train(root),
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

    private static Optional<FeatureSpec> feature(YamlMap map) {
        if (map.has("view")) {
            map.optionalText("view");
            map.texts("columns");
            map.optionalDuration("maxAge");
            map.problem(
                    "view",
                    "a feature view",
                    "a column of the data: this version joins no feature views yet");
            return Optional.empty();
        }
        String name = map.text("name");
        String type = map.text("type");
        double maxNulls = map.number("maxNulls", 0, 1, 1);
        switch (type) {
            case "number" -> {
                OptionalDouble min = map.number("min", -Double.MAX_VALUE, Double.MAX_VALUE);
                OptionalDouble max = map.number("max", -Double.MAX_VALUE, Double.MAX_VALUE);
                if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
                    map.problem(
                            "max",
                            Double.toString(max.getAsDouble()),
                            "at least min, " + min.getAsDouble());
                }
                return Optional.of(new NumberFeature(name, min, max, maxNulls));
            }
            case "category" -> {
                return Optional.of(new CategoryFeature(name, map.texts("values"), maxNulls));
            }
            default -> {
                if (map.has("type")) {
                    map.problem("type", "'" + type + "'", "number or category");
                }
                return Optional.empty();
            }
        }
    }

    private static void features(
            YamlMap root, List<FeatureSpec> features, String time, LabelSpec label) {
        if (features.isEmpty()) {
            root.problem("features", "no usable feature", "at least one");
        }
        Set<String> seen = new HashSet<>();
        for (FeatureSpec feature : features) {
            if (!seen.add(feature.name())) {
                root.problem("features", "'" + feature.name() + "' twice", "each feature once");
            }
            if (feature.name().equals(label.column())) {
                root.problem(
                        "features",
                        "the label '" + feature.name() + "'",
                        "no feature that is the label itself");
            }
            if (OUTPUTS.contains(feature.name()) || feature.name().startsWith("perennial/")) {
                root.problem(
                        "features",
                        "'" + feature.name() + "'",
                        "another name: the model's outputs are called so");
            }
            if (feature.name().equals(time)) {
                root.problem("features", "the time column '" + time + "'", "another column");
            }
        }
        if (!time.isEmpty() && time.equals(label.column())) {
            root.problem("time", "the label '" + time + "'", "another column");
        }
    }

    private static void key(
            YamlMap root,
            List<String> key,
            List<FeatureSpec> features,
            String time,
            LabelSpec label) {
        Set<String> seen = new HashSet<>();
        for (String column : key) {
            if (!seen.add(column)) {
                root.problem("key", "'" + column + "' twice", "each column once");
            }
            if (column.equals(label.column())) {
                root.problem("key", "the label '" + column + "'", "another column");
            }
            if (column.equals(time)) {
                root.problem("key", "the time column '" + column + "'", "another column");
            }
            if (features.stream()
                    .anyMatch(each ->
                            each.name().equals(column) && !(each instanceof CategoryFeature))) {
                root.problem(
                        "key",
                        "the number '" + column + "'",
                        "a category, or a column that is no feature");
            }
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

    private static TrainSpec train(YamlMap root) {
        Optional<YamlMap> map = root.map("train");
        if (map.isEmpty()) {
            return root.missing(
                    "train",
                    "a mapping with the trainer",
                    new TrainSpec(TrainerName.XGBOOST, 1, 0, 1, 0, 1, Calibration.NONE, Map.of()));
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
                    search);
        }
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
