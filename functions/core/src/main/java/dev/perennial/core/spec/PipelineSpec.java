package dev.perennial.core.spec;

import dev.perennial.core.metric.Task;
import dev.perennial.core.table.CellRule;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything about one model. Made by {@link SpecReader}, which rejects what is wrong.
 *
 * @param time the event-time column
 * @param key columns that name the entity of a row; may be empty
 * @param personalKeys keys whose values may be seen nowhere but in the store and in snapshots
 * @param features of the data and of feature views, in the order that the model takes them
 * @param views where the features come from that aren't in the data
 * @param window how much history a training uses, back from the run's {@code until}
 */
public record PipelineSpec(
        String name,
        Task task,
        String time,
        List<String> key,
        Set<String> personalKeys,
        LabelSpec label,
        List<FeatureSpec> features,
        List<ViewUse> views,
        Duration window,
        SplitSpec split,
        DataSpec data,
        ChecksSpec checks,
        TrainSpec train,
        List<GateSpec> gates,
        DriftSpec drift,
        RetrainSpec retrain,
        PromotionSpec promotion) {
    public PipelineSpec {
        key = List.copyOf(key);
        personalKeys = Set.copyOf(personalKeys);
        features = List.copyOf(features);
        views = List.copyOf(views);
        gates = List.copyOf(gates);
    }

    /** Columns whose values may be seen nowhere but in the store and in snapshots. */
    public Set<String> personalColumns() {
        return FeatureSpec.personalNames(personalKeys, features);
    }

    /** Has readers hide personal values in what they say of rows that were left out. */
    public Map<String, CellRule> hidingRules() {
        Map<String, CellRule> rules = new HashMap<>();
        personalColumns().forEach(column -> rules.put(column, CellRule.NONE.hidden(true)));
        return rules;
    }

    /** What the data itself has to hold: the snapshot's columns without those of views. */
    public Schema dataSchema() {
        return new Schema(
                schema().fields().stream().filter(field -> !isOfView(field.name())).toList());
    }

    /** Whether a feature comes from a view. */
    public boolean isOfView(String feature) {
        return views.stream()
                .flatMap(use -> use.columns().stream())
                .anyMatch(column -> column.as().equals(feature));
    }

    /** The columns of a snapshot: time, keys, features, label. A feature may be a key too. */
    public Schema schema() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(time, ColumnType.TIME));
        for (FeatureSpec feature : features) {
            fields.add(new Field(feature.name(), feature.type()));
        }
        for (String column : key) {
            if (fields.stream().noneMatch(field -> field.name().equals(column))) {
                fields.add(new Field(column, ColumnType.CATEGORY));
            }
        }
        fields.add(
                new Field(
                        label.column(),
                        task == Task.REGRESSION ? ColumnType.NUMBER : ColumnType.CATEGORY));
        return new Schema(fields);
    }
}
