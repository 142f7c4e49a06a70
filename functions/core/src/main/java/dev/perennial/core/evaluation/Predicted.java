package dev.perennial.core.evaluation;

import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a candidate predicted on the test split: what it predicts live is compared with it.
 *
 * @param profile of {@link LiveColumns#PREDICTION}, or of each class's probability
 * @param effects by column
 * @param expectedError the share of wrong predictions that the probabilities expected, or the mean
 *     absolute error that a regression did; empty where it didn't
 * @param slices how wrong the predictions were by parts of the rows; empty in what older factories
 *     wrote
 */
public record Predicted(
        TableProfile profile,
        Map<String, DesignEffects> effects,
        OptionalDouble expectedError,
        Optional<SliceErrors> slices) {
    public Predicted {
        effects = Map.copyOf(effects);
    }

    /**
     * Of the test split's predictions.
     *
     * @param predictions in order of time
     * @param windowRows rows of a detection window
     * @param expectedErrors of a regression that knows them, one per prediction
     * @param slices how wrong the predictions were by parts of the rows
     */
    public static Predicted of(
            Predictions predictions,
            int windowRows,
            Optional<double[]> expectedErrors,
            Optional<SliceErrors> slices) {
        List<Column> columns = new ArrayList<>();
        switch (predictions) {
            case ClassPredictions of -> {
                for (int c = 0; c < of.classes().size(); c++) {
                    int at = c;
                    columns.add(
                            new NumberColumn(
                                    LiveColumns.PROBABILITY + of.classes().get(c),
                                    Arrays.stream(of.probability())
                                            .mapToDouble(row -> row[at])
                                            .toArray()));
                }
            }
            case ValuePredictions of ->
                    columns.add(new NumberColumn(LiveColumns.PREDICTION, of.predicted()));
        }
        Map<String, DesignEffects> effects = new HashMap<>();
        for (Column column : columns) {
            effects.put(
                    column.name(), DesignEffects.of(column, ColumnProfile.of(column), windowRows));
        }
        OptionalDouble expected =
                predictions instanceof ClassPredictions of
                        ? Arrays.stream(of.probability())
                                .mapToDouble(Confidence::expectedError)
                                .average()
                        : expectedErrors
                                .map(each -> Arrays.stream(each).average())
                                .orElse(OptionalDouble.empty());
        return new Predicted(TableProfile.of(new Table(columns)), effects, expected, slices);
    }
}
