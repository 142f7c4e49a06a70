package dev.perennial.probe;

import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Preparation;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains a probe: {@value #SHARE} of the rows, {@value #ROUNDS} trees. Two of them differ by what
 * only one could see, since every probe takes or leaves a row alike and is trained alike.
 */
final class ProbeTrainer {
    private static final double SHARE = 0.3;

    private static final int ROUNDS = 20;

    /** Of fewer rows more than their share is taken: what is saved would be nothing. */
    private static final double LEAST_ROWS = 1_000;

    private static final Map<Hyperparameter, Double> QUICK =
            Map.of(Hyperparameter.ETA, 0.3, Hyperparameter.MAX_DEPTH, 4.0);

    private ProbeTrainer() {}

    /**
     * Trains.
     *
     * @param rows labelled ones, in order of time
     * @return an ONNX file
     */
    static byte[] train(PipelineSpec spec, Table rows) {
        Table chosen = rows.select(chosen(rows.time(spec.time()).micros()));
        Targets targets = Targets.of(spec, chosen);
        TrainSpec train = spec.train();
        Preparation preparation = Preparation.fit(spec.features(), chosen, targets);
        TrainingMatrix matrix = preparation.trainingMatrix(chosen, targets, train.threads());
        TrainedModel model =
                Trainer.of(train.trainer())
                        .train(
                                candidate(train),
                                train.trainer() == TrainerName.XGBOOST
                                        ? train.withRounds(ROUNDS)
                                        : train,
                                matrix,
                                matrix.range(0, 0));
        return OnnxModel.write(
                preparation, model, new Calibrator(spec.task(), 1, 0), targets.classes());
    }

    private static Candidate candidate(TrainSpec train) {
        Map<Hyperparameter, Double> parameters = new EnumMap<>(Hyperparameter.class);
        for (Hyperparameter each : Hyperparameter.of(train.trainer())) {
            parameters.put(each, QUICK.getOrDefault(each, each.standard()));
        }
        return new Candidate(0, train.trainer(), train.seed(), parameters, Lookback.ALL);
    }

    /**
     * Which rows are taken, by their moment and their place among those of the same moment.
     *
     * @param micros ascending
     */
    static int[] chosen(long[] micros) {
        double share = Math.clamp(LEAST_ROWS / micros.length, SHARE, 1);
        int[] place = new int[micros.length];
        for (int row = 1; row < place.length; row++) {
            place[row] = micros[row] == micros[row - 1] ? place[row - 1] + 1 : 0;
        }
        return IntStream.range(0, micros.length)
                .filter(row -> new SplittableRandom(micros[row] + place[row]).nextDouble() < share)
                .toArray();
    }
}
