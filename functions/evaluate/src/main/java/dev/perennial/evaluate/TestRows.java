package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Table;
import dev.perennial.model.Feature;
import dev.perennial.model.Parity;
import dev.perennial.model.Predictor;
import dev.perennial.model.Targets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows that every model is measured on. */
record TestRows(Table table, Targets targets, int threads) {
    int rows() {
        return table.rows();
    }

    Predictions predictions(byte[] onnx) {
        try (Predictor predictor = Predictor.open(onnx, threads)) {
            return predictions(predictor.predict(table));
        }
    }

    /**
     * The champion's predictions, or why it can't predict these rows: the spec may have changed
     * since it was trained.
     */
    Opponent champion(byte[] onnx, ModelVersion version) {
        try (Predictor predictor = Predictor.open(onnx, threads)) {
            Set<String> columns =
                    table.columns().stream().map(Column::name).collect(Collectors.toSet());
            List<String> missing =
                    predictor.description().features().stream()
                            .map(Feature::name)
                            .filter(name -> !columns.contains(name))
                            .toList();
            if (!missing.isEmpty()) {
                return Opponent.incomparable(
                        "version %d needs %s, which the spec no longer has"
                                .formatted(version.version(), String.join(", ", missing)));
            }
            if (!predictor.description().classes().equals(targets.classes())) {
                return Opponent.incomparable(
                        "version %d knows the classes %s, the data has %s"
                                .formatted(
                                        version.version(),
                                        predictor.description().classes(),
                                        targets.classes()));
            }
            return Opponent.of(predictions(predictor.predict(table)));
        }
    }

    /** Compares a trainer's own predictions with those that a file gave for these rows. */
    Parity parity(double[][] reference, Predictions predicted) {
        return Parity.of(
                targets.task(),
                reference,
                switch (predicted) {
                    case ClassPredictions classes -> classes.probability();
                    case ValuePredictions values -> columns(values.predicted());
                });
    }

    private Predictions predictions(double[][] predicted) {
        if (targets.task() != Task.REGRESSION) {
            return new ClassPredictions(targets.classes(), targets.labels(), predicted);
        }
        double[] truth = new double[targets.rows()];
        double[] values = new double[targets.rows()];
        for (int row = 0; row < truth.length; row++) {
            truth[row] = targets.values()[row];
            values[row] = predicted[row][0];
        }
        return new ValuePredictions(truth, values);
    }

    private static double[][] columns(double[] values) {
        double[][] columns = new double[values.length][];
        for (int row = 0; row < values.length; row++) {
            columns[row] = new double[] {values[row]};
        }
        return columns;
    }
}
