package dev.perennial.core;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.ChecksSpec;
import dev.perennial.core.spec.DataSpec;
import dev.perennial.core.spec.DriftSpec;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.GateSpec;
import dev.perennial.core.spec.LabelSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.spec.SplitSpec;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Column.CategoryColumn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A small pipeline for tests: columns {@code at}, {@code x} (0 to 100, a tenth may be missing),
 * {@code kind} (a or b), {@code label}; parts of ten days.
 */
public final class Samples {
    private Samples() {}

    public static PipelineSpec spec(Task task) {
        return spec(
                task,
                List.of(),
                task == Task.BINARY ? List.of("no", "yes") : List.of(),
                Duration.ZERO,
                List.of());
    }

    public static PipelineSpec spec(
            Task task,
            List<String> key,
            List<String> classes,
            Duration delay,
            List<GateSpec> gates) {
        List<FeatureSpec> features =
                List.of(
                        new NumberFeature(
                                "x", OptionalDouble.of(0), OptionalDouble.of(100), 0.1, false),
                        new CategoryFeature("kind", List.of("a", "b"), 0.1, false));
        return new PipelineSpec(
                "sample",
                task,
                "at",
                key,
                Set.of(),
                new LabelSpec(
                        "label",
                        task == Task.BINARY ? Optional.of("yes") : Optional.empty(),
                        classes,
                        delay,
                        delay.plusDays(7)),
                features,
                List.of(),
                Duration.ofDays(365),
                new SplitSpec(Duration.ofDays(10), Duration.ofDays(10)),
                new DataSpec(60, 0.01, Optional.of(Duration.ofDays(2))),
                ChecksSpec.STANDARD,
                new TrainSpec(
                        TrainerName.XGBOOST,
                        1,
                        7,
                        10,
                        0,
                        1,
                        Calibration.NONE,
                        Map.of(),
                        List.of(),
                        1,
                        false),
                gates,
                DriftSpec.STANDARD,
                RetrainSpec.STANDARD,
                PromotionSpec.STANDARD);
    }

    /** A column of texts; "" is missing. */
    public static CategoryColumn categories(String name, String... texts) {
        List<String> dictionary = new ArrayList<>();
        int[] codes = new int[texts.length];
        for (int row = 0; row < texts.length; row++) {
            if (texts[row].isEmpty()) {
                codes[row] = CategoryColumn.MISSING;
                continue;
            }
            if (!dictionary.contains(texts[row])) {
                dictionary.add(texts[row]);
            }
            codes[row] = dictionary.indexOf(texts[row]);
        }
        return new CategoryColumn(name, codes, dictionary);
    }
}
