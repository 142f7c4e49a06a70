package dev.perennial.core.spec;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads what a model takes in: columns of the data, and columns of feature views. */
final class FeatureReader {
    /** Names that an ONNX model's outputs have. */
    private static final Set<String> OUTPUTS = Set.of("label", "probability", "prediction");

    /** And one that a regression's has. */
    private static final String EXPECTED_ERROR = "expected_error";

    private FeatureReader() {}

    /**
     * One entry of the list of features.
     *
     * @param features in the order that the model takes them
     * @param use where they come from, unless from the data
     */
    record Entry(List<FeatureSpec> features, Optional<ViewUse> use) {}

    /** Reads an entry: a column of the data, or columns of a view. */
    static Optional<Entry> entry(YamlMap map, Map<String, FeatureView> views) {
        return map.has("view")
                ? use(map, views)
                : column(map).map(own -> new Entry(List.of(own), Optional.empty()));
    }

    private static Optional<Entry> use(YamlMap map, Map<String, FeatureView> views) {
        String name = map.text("view");
        List<TakenColumn> taken =
                map.textsOr(
                        "columns",
                        text -> new TakenColumn(text, text),
                        named -> new TakenColumn(named.text("column"), named.text("as")));
        Map<String, String> on = map.textMap("on");
        Optional<Duration> asked = map.optionalDuration("maxAge");
        Match chosen = map.choice("match", Match.class, Match.AT_OR_BEFORE);
        FeatureView view = views.get(name);
        if (view == null) {
            map.problem(
                    "view",
                    "'" + name + "'",
                    views.isEmpty()
                            ? "a feature view declared in views/%s.yaml beside the spec"
                                    .formatted(name)
                            : "one of the feature views " + views.keySet());
            return Optional.empty();
        }
        if (taken.isEmpty()) {
            map.problem("columns", "no usable column", "at least one of the view's");
        }
        if (asked.isPresent()
                && view.timeToLive().filter(live -> asked.get().compareTo(live) > 0).isPresent()) {
            map.problem(
                    "maxAge",
                    asked.get().toString(),
                    "at most the view's timeToLive, %s: the online store keeps nothing longer"
                            .formatted(view.timeToLive().get()));
        }
        for (String column : on.keySet()) {
            if (!view.key().contains(column)) {
                map.problem("on", "'" + column + "'", "a key of the view, one of " + view.key());
            }
        }
        List<FeatureSpec> features = new ArrayList<>();
        for (TakenColumn each : taken) {
            view.column(each.column())
                    .map(column -> column.named(each.as()))
                    .ifPresentOrElse(
                            features::add,
                            () ->
                                    map.problem(
                                            "columns",
                                            "'" + each.column() + "'",
                                            "a column of view %s, one of %s"
                                                    .formatted(
                                                            name,
                                                            view.columns().stream()
                                                                    .map(FeatureSpec::name)
                                                                    .toList())));
        }
        return Optional.of(
                new Entry(
                        features,
                        Optional.of(
                                new ViewUse(
                                        view,
                                        on,
                                        taken,
                                        asked.or(view::timeToLive),
                                        chosen == null ? Match.AT_OR_BEFORE : chosen))));
    }

    /** A column with its limits, as specs list features and views columns. */
    static Optional<FeatureSpec> column(YamlMap map) {
        String name = map.text("name");
        String type = map.text("type");
        double maxNulls = map.number("maxNulls", 0, 1, 1);
        boolean personal = map.flag("personal");
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
                return Optional.of(new NumberFeature(name, min, max, maxNulls, personal));
            }
            case "category" -> {
                return Optional.of(
                        new CategoryFeature(name, map.texts("values"), maxNulls, personal));
            }
            default -> {
                if (map.has("type")) {
                    map.problem("type", "'" + type + "'", "number or category");
                }
                return Optional.empty();
            }
        }
    }

    /** Notes features that can't be. */
    static void check(
            YamlMap root, List<FeatureSpec> features, String time, LabelSpec label, Task task) {
        if (features.isEmpty()) {
            root.problem("features", "no usable feature", "at least one");
        }
        Set<String> seen = new HashSet<>();
        for (FeatureSpec feature : features) {
            if (!seen.add(feature.name())) {
                root.problem("features", "'" + feature.name() + "' twice", "each feature once");
            }
            if (feature instanceof CategoryFeature category
                    && category.personal()
                    && category.values().isEmpty()) {
                root.problem(
                        "features",
                        "the personal category '%s' without values".formatted(feature.name()),
                        "its values listed: a model keeps those that it learned, and they would be in it");
            }
            if (feature.name().equals(label.column())) {
                root.problem(
                        "features",
                        "the label '" + feature.name() + "'",
                        "no feature that is the label itself");
            }
            if (OUTPUTS.contains(feature.name())
                    || (task == Task.REGRESSION && feature.name().equals(EXPECTED_ERROR))
                    || feature.name().startsWith("perennial/")) {
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

    /** Notes keys that can't be. */
    static void checkKey(
            YamlMap root,
            List<String> key,
            List<FeatureSpec> features,
            String time,
            LabelSpec label) {
        for (String column : key) {
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

    /** Notes view keys that no column of the data can hold. */
    static void checkUses(
            YamlMap root, List<ViewUse> uses, Map<String, Boolean> keys, List<FeatureSpec> own) {
        for (ViewUse use : uses) {
            if (root.is("name", use.view().name())) {
                root.problem(
                        "features",
                        "view '%s', called as the pipeline".formatted(use.view().name()),
                        "another name: both lie below store/ under theirs");
            }
            for (String viewKey : use.view().key()) {
                String column = use.on().getOrDefault(viewKey, viewKey);
                Optional<FeatureSpec> feature =
                        own.stream()
                                .filter(each ->
                                        each.name().equals(column)
                                                && each instanceof CategoryFeature)
                                .findFirst();
                if (!keys.containsKey(column) && feature.isEmpty()) {
                    root.problem(
                            "features",
                            "view '%s', whose rows are found by '%s'"
                                    .formatted(use.view().name(), column),
                            "'%s' in the spec's key or among its categories; 'on' maps other names"
                                    .formatted(column));
                }
                boolean personal =
                        keys.getOrDefault(column, false)
                                || feature.filter(FeatureSpec::personal).isPresent();
                if (use.view().personalKeys().contains(viewKey) && !personal) {
                    root.problem(
                            "features",
                            "'%s', which view '%s' says is personal"
                                    .formatted(column, use.view().name()),
                            "personal: true here as well");
                }
            }
        }
    }
}
