package dev.perennial.model;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.TrainSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Gradient-boosted trees (Chen and Guestrin 2016), histogram method, early stopping on the
 * validation loss.
 */
public final class XgboostTrainer implements Trainer {
    @Override
    public TrainedModel train(
            Candidate candidate, TrainSpec spec, TrainingMatrix train, TrainingMatrix validation) {
        if (train.rows() == 0) {
            throw new ModelException("no rows to train on");
        }
        Targets targets = train.targets();
        requireBothClasses(targets);
        Map<String, DMatrix> watched = new LinkedHashMap<>();
        DMatrix training = null;
        Booster booster = null;
        try {
            training = matrix(train);
            boolean stopsEarly = validation.rows() > 0;
            if (stopsEarly) {
                watched.put("validation", matrix(validation));
            }
            float[][] losses = new float[watched.size()][spec.rounds()];
            int patience = stopsEarly ? spec.earlyStopping() : 0;
            booster =
                    XGBoost.train(
                            training,
                            parameters(candidate, spec, targets),
                            spec.rounds(),
                            watched,
                            losses,
                            null,
                            null,
                            patience);
            int trained = booster.getNumBoostedRound();
            int rounds = stopsEarly && patience > 0 ? best(losses[0], trained) : trained;
            return BoostedTrees.of(
                    booster.toByteArray("json"),
                    targets,
                    train.width(),
                    rounds,
                    booster.toByteArray("ubj"));
        } catch (XGBoostError failed) {
            throw new ModelException(
                    "XGBoost failed on candidate %d: %s"
                            .formatted(candidate.index(), failed.getMessage()),
                    failed);
        } finally {
            if (booster != null) {
                booster.dispose();
            }
            if (training != null) {
                training.dispose();
            }
            watched.values().forEach(DMatrix::dispose);
        }
    }

    /** Of one class alone the score is infinite before the first tree. */
    private static void requireBothClasses(Targets targets) {
        if (targets.task() != Task.BINARY) {
            return;
        }
        int[] classes = IntStream.of(targets.labels()).distinct().toArray();
        if (classes.length == 1) {
            throw new ModelException(
                    "all %,d rows to learn from are of the class '%s'; let it look back further"
                            .formatted(targets.rows(), targets.classes().get(classes[0])));
        }
    }

    static DMatrix matrix(TrainingMatrix matrix) throws XGBoostError {
        DMatrix made = new DMatrix(matrix.values(), matrix.rows(), matrix.width(), Float.NaN);
        made.setLabel(matrix.targets().values());
        if (matrix.weights().length > 0) {
            made.setWeight(matrix.weights());
        }
        return made;
    }

    /** Rounds up to and including the one with the least loss, the earliest of equals. */
    private static int best(float[] losses, int rounds) {
        int best = 0;
        for (int round = 1; round < rounds; round++) {
            if (losses[round] < losses[best]) {
                best = round;
            }
        }
        return best + 1;
    }

    private static Map<String, Object> parameters(
            Candidate candidate, TrainSpec spec, Targets targets) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("tree_method", "hist");
        parameters.put("nthread", spec.threads());
        parameters.put("seed", candidate.seed());
        parameters.put("verbosity", 0);
        parameters.put(
                "verbose_eval", "false"); // as text, else each round is a line on standard output
        parameters.put("eta", candidate.parameter(Hyperparameter.ETA));
        parameters.put("max_depth", (int) candidate.parameter(Hyperparameter.MAX_DEPTH));
        parameters.put("min_child_weight", candidate.parameter(Hyperparameter.MIN_CHILD_WEIGHT));
        parameters.put("subsample", candidate.parameter(Hyperparameter.SUBSAMPLE));
        parameters.put("colsample_bytree", candidate.parameter(Hyperparameter.COLSAMPLE));
        parameters.put("lambda", candidate.parameter(Hyperparameter.LAMBDA));
        switch (targets.task()) {
            case BINARY -> {
                parameters.put("objective", "binary:logistic");
                parameters.put("eval_metric", "logloss");
            }
            case MULTICLASS -> {
                parameters.put("objective", "multi:softprob");
                parameters.put("eval_metric", "mlogloss");
                parameters.put("num_class", targets.classes().size());
            }
            case REGRESSION -> {
                parameters.put("objective", "reg:squarederror");
                parameters.put("eval_metric", "rmse");
            }
        }
        return parameters;
    }
}
