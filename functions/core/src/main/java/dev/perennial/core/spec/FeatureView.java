package dev.perennial.core.spec;

import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.table.CellRule;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Facts about entities that change over time, of which a training takes what was known at each
 * label row's moment and a prediction what is known now. Made by {@link SpecReader#view}, which
 * rejects what is wrong.
 *
 * @param key columns that name the entity, in the order that the online store joins them
 * @param time the event-time column: since when a row's values hold
 * @param personalKeys keys whose values may be seen nowhere but in the stores and in snapshots
 * @param columns what rows say, without key and time
 * @param timeToLive how long after its event time a row may be used; empty: until a newer one
 * @param maxBadRows largest share of a batch's rows that may be left out, 0 to 1
 */
public record FeatureView(
        String name,
        List<String> key,
        Set<String> personalKeys,
        String time,
        List<FeatureSpec> columns,
        Optional<Duration> timeToLive,
        double maxBadRows) {
    /** Of an entity's key, in characters: DynamoDB takes 2,048 bytes, and one may need six. */
    public static final int LONGEST_KEYS = 300;

    /** Of a row's texts together, in characters: DynamoDB takes an item of 400 KB. */
    private static final int LONGEST_TEXTS = 60_000;

    public FeatureView {
        key = List.copyOf(key);
        personalKeys = Set.copyOf(personalKeys);
        columns = List.copyOf(columns);
    }

    /** Time, keys, columns. A column is never key or time too. */
    public Schema schema() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(time, ColumnType.TIME));
        key.forEach(column -> fields.add(new Field(column, ColumnType.CATEGORY)));
        columns.forEach(column -> fields.add(new Field(column.name(), column.type())));
        return new Schema(fields);
    }

    /** Keys and columns whose values may be seen nowhere but in the stores and in snapshots. */
    public Set<String> personalColumns() {
        return FeatureSpec.personalNames(personalKeys, columns);
    }

    public Optional<FeatureSpec> column(String column) {
        return columns.stream().filter(each -> each.name().equals(column)).findFirst();
    }

    /**
     * What the cells of a batch have to obey.
     *
     * @param now no row may be of a later moment
     */
    public Map<String, CellRule> rules(Instant now) {
        Map<String, CellRule> rules = new HashMap<>();
        rules.put(time, CellRule.NONE.noLaterThan(EventTime.micros(now)));
        int longestKey = LONGEST_KEYS / key.size();
        key.forEach(column ->
                rules.put(
                        column,
                        CellRule.NONE
                                .demanded()
                                .atMost(longestKey)
                                .hidden(personalKeys.contains(column))));
        long categories = columns.stream().filter(CategoryFeature.class::isInstance).count();
        int longest =
                (int) Math.min(CellRule.NONE.longest(), LONGEST_TEXTS / Math.max(1, categories));
        columns.forEach(column -> rules.put(column.name(), rule(column).atMost(longest)));
        return rules;
    }

    private static CellRule rule(FeatureSpec column) {
        CellRule rule =
                switch (column) {
                    case NumberFeature number ->
                            CellRule.NONE.within(
                                    number.min().orElse(Double.NEGATIVE_INFINITY),
                                    number.max().orElse(Double.POSITIVE_INFINITY));
                    case CategoryFeature category ->
                            CellRule.NONE.oneOf(new HashSet<>(category.values()));
                };
        return rule.hidden(column.personal());
    }
}
