package dev.perennial.probe;

import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.Predictor;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** What champions and probes get wrong on labelled rows. */
final class Scores {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final String pipeline;
    private final PipelineSpec spec;
    private final ProbeLog log;

    Scores(
            ArtifactStore artifacts,
            ModelRegistry registry,
            String pipeline,
            PipelineSpec spec,
            ProbeLog log) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.pipeline = pipeline;
        this.spec = spec;
        this.log = log;
    }

    /**
     * Adds the periods that the log doesn't know yet.
     *
     * @param labelled how many it should know
     * @param rows of all of them, in order of time
     */
    ProbeLog upTo(int labelled, Table rows) {
        int known = log.periods().size();
        Table all = between(rows, log.begin(known), log.begin(labelled));
        Map<Integer, double[]> champions = new TreeMap<>();
        log.champions()
                .forEach((number, champion) ->
                        champions.put(
                                number,
                                errors(
                                        registry.version(pipeline, champion.version())
                                                .orElseThrow()
                                                .model(),
                                        all)));
        Map<Integer, double[]> probes = new TreeMap<>();
        log.probes().forEach((number, probe) -> probes.put(number, errors(probe, all)));
        ProbeLog longer = log;
        for (int period = known; period < labelled; period++) {
            longer = longer.with(compared(all, period, champions, probes));
        }
        return longer;
    }

    private ProbeLog.Period compared(
            Table all,
            int period,
            Map<Integer, double[]> champions,
            Map<Integer, double[]> probes) {
        long[] micros = all.time(spec.time()).micros();
        int from = EventTime.firstNotBefore(micros, log.comparableFrom(period));
        int to = EventTime.firstNotBefore(micros, log.begin(period + 1));
        return from >= to
                ? ProbeLog.Period.EMPTY
                : ProbeLog.Period.of(
                        of(champions, period, from, to),
                        of(probes, period, from, to),
                        spec.task() == Task.REGRESSION
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(1));
    }

    /** Of the models that were there in a period. */
    private static SortedMap<Integer, double[]> of(
            Map<Integer, double[]> errors, int period, int from, int to) {
        SortedMap<Integer, double[]> there = new TreeMap<>();
        errors.forEach((number, each) -> {
            if (number <= period) {
                there.put(number, Arrays.copyOfRange(each, from, to));
            }
        });
        return there;
    }

    private Table between(Table rows, Instant from, Instant to) {
        long[] micros = rows.time(spec.time()).micros();
        return rows.range(
                EventTime.firstNotBefore(micros, from), EventTime.firstNotBefore(micros, to));
    }

    /** Per row 1 where the answer is wrong and else 0; for numbers the absolute error. */
    private double[] errors(ArtifactRef onnx, Table rows) {
        try (Predictor predictor = Predictor.open(artifacts.read(onnx), spec.train().threads())) {
            double[][] predicted = predictor.predict(rows);
            double[] errors = new double[predicted.length];
            if (spec.task() == Task.REGRESSION) {
                double[] truth = rows.number(spec.label().column()).values();
                Arrays.setAll(errors, row -> Math.abs(predicted[row][0] - truth[row]));
            } else {
                // A class that a model never saw is one that it gets wrong.
                CategoryColumn truth = rows.category(spec.label().column());
                Arrays.setAll(
                        errors,
                        row ->
                                predictor
                                                .description()
                                                .classes()
                                                .get(Predictions.mostProbable(predicted[row]))
                                                .equals(truth.text(row))
                                        ? 0
                                        : 1);
            }
            return errors;
        }
    }
}
