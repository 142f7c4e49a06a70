package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.Feature;
import dev.perennial.model.Parity;
import dev.perennial.model.Predictor;
import dev.perennial.model.Targets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rows that no candidate was trained on: those that validate, or those that test.
 *
 * @param begin time of the first one
 */
record HeldOutRows(Table table, Instant begin, Targets targets, int threads) {
    int rows() {
        return table.rows();
    }

    /**
     * Takes them of the labelled rows.
     *
     * @param from inclusive
     * @param to exclusive
     */
    static HeldOutRows of(PipelineSpec spec, Table rows, Targets targets, int from, int to) {
        Table part = rows.range(from, to);
        return new HeldOutRows(
                part,
                EventTime.instant(part.time(spec.time()).micros()[0]),
                targets.range(from, to),
                spec.train().threads());
    }

    Predictions predictions(byte[] onnx) {
        return targets.beside(predict(onnx));
    }

    double[][] predict(byte[] onnx) {
        return answer(onnx).predictions();
    }

    Predictor.Answers answer(byte[] onnx) {
        try (Predictor predictor = Predictor.open(onnx, threads)) {
            return predictor.answer(table);
        }
    }

    /**
     * A registered version's predictions, or why it can't predict these rows: the spec may have
     * changed since it was trained. Classes are matched by name; of more than two, one that the
     * version doesn't know has probability 0, and one that the data no longer has keeps its share.
     */
    Opponent registered(RegisteredModel model) {
        ModelVersion version = model.version();
        if (model.learnedUntil().isAfter(begin)) {
            return incomparable(
                    version,
                    "was made from rows until %s, and the rows to compare on begin at %s; use a shorter split or newer rows"
                            .formatted(model.learnedUntil(), begin));
        }
        try (Predictor predictor = Predictor.open(model.onnx(), threads)) {
            List<String> obstacles =
                    predictor.description().features().stream().flatMap(this::obstacle).toList();
            List<String> theirs = predictor.description().classes();
            if (!obstacles.isEmpty()) {
                return incomparable(version, "needs " + String.join(", ", obstacles));
            }
            if (predictor.description().task() != targets.task()) {
                return incomparable(
                        version,
                        "is of the task %s, the spec of %s"
                                .formatted(predictor.description().task(), targets.task()));
            }
            if (targets.task() == Task.BINARY
                    && !Set.copyOf(theirs).equals(Set.copyOf(targets.classes()))) {
                return incomparable(
                        version,
                        "knows the classes %s, the data has %s"
                                .formatted(theirs, targets.classes()));
            }
            return Opponent.of(aligned(theirs, predictor.predict(table)));
        }
    }

    private static Opponent incomparable(ModelVersion version, String why) {
        return Opponent.incomparable("version %d %s".formatted(version.version(), why));
    }

    private Stream<String> obstacle(Feature feature) {
        Optional<Column> column =
                table.columns().stream()
                        .filter(each -> each.name().equals(feature.name()))
                        .findFirst();
        if (column.isEmpty()) {
            return Stream.of("'%s', which the spec no longer has".formatted(feature.name()));
        }
        boolean suits =
                switch (column.get()) {
                    case Column.NumberColumn _ -> feature.columnType() == ColumnType.NUMBER;
                    case Column.CategoryColumn _ -> feature.columnType() == ColumnType.CATEGORY;
                    case Column.TimeColumn _ -> false;
                };
        return suits
                ? Stream.empty()
                : Stream.of(
                        "'%s' as a %s, which the spec has as another type now"
                                .formatted(feature.name(), feature.type()));
    }

    /** Their probabilities in the order of our classes, with those that only they know behind. */
    private Predictions aligned(List<String> theirs, double[][] predicted) {
        if (theirs.equals(targets.classes())) {
            return targets.beside(predicted);
        }
        List<String> union =
                Stream.concat(targets.classes().stream(), theirs.stream()).distinct().toList();
        int[] positions = theirs.stream().mapToInt(union::indexOf).toArray();
        double[][] probability = new double[predicted.length][union.size()];
        for (int row = 0; row < predicted.length; row++) {
            for (int i = 0; i < positions.length; i++) {
                probability[row][positions[i]] = predicted[row][i];
            }
        }
        return new ClassPredictions(union, targets.labels(), probability);
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

    private static double[][] columns(double[] values) {
        double[][] columns = new double[values.length][];
        for (int row = 0; row < values.length; row++) {
            columns[row] = new double[] {values[row]};
        }
        return columns;
    }
}
