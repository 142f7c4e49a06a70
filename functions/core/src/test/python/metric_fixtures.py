"""Writes the reference values that the metric tests compare with: ../resources/metric/*.json.

    pip install -r requirements.txt && python metric_fixtures.py

scikit-learn measures, NumPy gives quantiles, SciPy gives bootstrap intervals. Deterministic: the same versions
write the same bytes. Calibration error has no function in scikit-learn; it is computed from the paper's formula
and checked against calibration_curve where no probability lies on the edge of a bin.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import calibration, metrics

OUT = Path(__file__).parent.parent / "resources" / "metric"
BINS = 15
EPSILON = np.finfo(np.float64).eps


def calibration_error(confidence, happened):
    """Naeini, Cooper and Hauskrecht 2015, equation 2, over equal-width bins closed at the left."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(confidence[bins == b].sum() - happened[bins == b].sum()) for b in range(BINS)]
    return sum(gaps) / len(confidence)


def classification(labels, probability):
    classes = probability.shape[1]
    binary = classes == 2
    called = probability.argmax(axis=1)
    looked = probability[:, 1] if binary else probability.max(axis=1)
    happened = labels == 1 if binary else labels == called
    return {
        "auc": metrics.roc_auc_score(labels, probability[:, 1])
        if binary
        else float(np.mean([metrics.roc_auc_score(labels == c, probability[:, c]) for c in np.unique(labels)])),
        "logLoss": metrics.log_loss(labels, probability, labels=range(classes)),
        "brier": metrics.brier_score_loss(labels, probability[:, 1])
        if binary
        else float(np.mean(((probability - np.eye(classes)[labels]) ** 2).sum(axis=1))),
        "accuracy": metrics.accuracy_score(labels, called),
        "f1": metrics.f1_score(labels, called, average="binary" if binary else "macro", zero_division=0),
        "calibrationError": calibration_error(looked, happened),
    }


def regression(targets, predicted):
    return {
        "rmse": metrics.root_mean_squared_error(targets, predicted),
        "mae": metrics.mean_absolute_error(targets, predicted),
        "r2": metrics.r2_score(targets, predicted),
        "pinball": metrics.mean_pinball_loss(targets, predicted, alpha=0.5),
    }


def class_case(name, labels, probability):
    return {
        "name": name,
        "labels": labels.tolist(),
        "probability": probability.tolist(),
        "expected": {k: float(v) for k, v in classification(labels, probability).items()},
    }


def value_case(name, targets, predicted):
    return {
        "name": name,
        "targets": targets.tolist(),
        "predicted": predicted.tolist(),
        "expected": {k: float(v) for k, v in regression(targets, predicted).items()},
    }


def two(positive):
    return np.column_stack([1 - positive, positive])


def binary_cases(random):
    labels = (random.random(300) < 0.4).astype(int)
    smooth = np.clip(0.4 + 0.25 * (labels - 0.4) + random.normal(0, 0.2, 300), 0.001, 0.999)
    curve = calibration.calibration_curve(labels, smooth, n_bins=BINS)
    shares = np.histogram(smooth, bins=BINS, range=(0, 1))[0] / 300
    checked = float(np.sum(shares[shares > 0] * np.abs(curve[0] - curve[1])))
    assert abs(checked - calibration_error(smooth, labels == 1)) < 1e-12, checked

    extreme = smooth.copy()
    extreme[:40] = 0.0
    extreme[40:80] = 1.0
    extreme[80:90] = 1e-300
    rare = (random.random(300) < 0.02).astype(int)
    rare[7] = 1
    return [
        class_case("smooth", labels, two(smooth)),
        class_case("ties", labels, two(np.round(smooth * 4) / 4)),
        class_case("all tied", labels, two(np.full(300, 0.5))),
        class_case("certain and wrong", labels, two(extreme)),
        class_case("rare positives", rare, two(random.beta(1, 20, 300))),
        class_case("separated", labels, two(np.where(labels == 1, 0.9, 0.1))),
    ]


def multiclass_cases(random):
    prior = np.array([0.7, 0.15, 0.1, 0.04, 0.01])
    labels = random.choice(5, 400, p=prior)
    labels[:5] = range(5)
    skill = random.dirichlet(prior * 4, 400) * 0.6 + np.eye(5)[labels] * 0.4 * random.random((400, 1))
    probability = skill / skill.sum(axis=1, keepdims=True)
    smooth = class_case("imbalanced", labels, probability)
    summed = metrics.brier_score_loss(labels, probability, labels=range(5), scale_by_half=False)
    assert abs(summed - smooth["expected"]["brier"]) < 1e-12, summed
    whole = metrics.roc_auc_score(labels, probability, multi_class="ovr", average="macro")
    assert abs(whole - smooth["expected"]["auc"]) < 1e-12, whole

    certain = np.eye(5)[random.choice(5, 400, p=prior)]
    absent = np.where(labels == 4, 0, labels)
    return [
        smooth,
        class_case("one-hot", labels, certain),
        class_case("a class without rows", absent, probability),
    ]


def regression_cases(random):
    targets = random.normal(50, 12, 300)
    return [
        value_case("normal", targets, targets + random.normal(1, 5, 300)),
        value_case("ties", np.round(targets / 10) * 10, np.round(targets / 10 + random.normal(0, 1, 300)) * 10),
        value_case("worse than the mean", targets, -targets),
        value_case("far from zero", targets + 1e9, targets + 1e9 + random.normal(0, 5, 300)),
        value_case("exact", targets, targets),
    ]


def quantile_cases(random):
    samples = {
        "normal": random.normal(0, 1, 5000),
        "lognormal": random.lognormal(0, 2, 5000),
        "ties": random.poisson(3, 5000).astype(float),
        "constant": np.full(5000, 4.25),
    }
    at = [0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0]
    return [
        {
            "name": name,
            "values": np.round(values, 6).tolist(),
            "q": at,
            "quantiles": np.quantile(np.round(values, 6), at).tolist(),
            "mean": float(np.mean(np.round(values, 6))),
            "variance": float(np.var(np.round(values, 6))),
            "distinct": int(len(np.unique(np.round(values, 6)))),
        }
        for name, values in samples.items()
    ]


def auc_of(labels, scores, axis=-1):
    """Mann and Whitney's U over pairs, for many resamples at once."""
    ranks = stats.rankdata(scores, axis=axis)
    positives = labels.sum(axis=axis)
    negatives = labels.shape[axis] - positives
    return ((ranks * labels).sum(axis=axis) - positives * (positives + 1) / 2) / (positives * negatives)


def log_loss_of(labels, scores, axis=-1):
    clipped = np.clip(np.where(labels == 1, scores, 1 - scores), EPSILON, 1 - EPSILON)
    return -np.log(clipped).mean(axis=axis)


def rmse_of(targets, predicted, axis=-1):
    return np.sqrt(((targets - predicted) ** 2).mean(axis=axis))


def intervals(data, statistic, repeats=12, resamples=4000):
    """Mean limits over repeats, and how much a limit varies between repeats."""
    limits = []
    for seed in range(repeats):
        found = stats.bootstrap(
            data,
            statistic,
            paired=True,
            vectorized=True,
            method="percentile",
            n_resamples=resamples,
            confidence_level=0.95,
            batch=500,
            rng=np.random.default_rng(seed),
        ).confidence_interval
        limits.append([found.low, found.high])
    low, high = np.mean(limits, axis=0)
    return {
        "resamples": resamples,
        "confidence": 0.95,
        "low": float(low),
        "high": float(high),
        "deviation": float(np.std(limits, axis=0, ddof=1).max()),
    }


def bootstrap_cases(random):
    labels = (random.random(250) < 0.4).astype(int)
    ours = np.clip(0.4 + 0.3 * (labels - 0.4) + random.normal(0, 0.2, 250), 0.01, 0.99)
    theirs = np.clip(ours + random.normal(0, 0.15, 250), 0.01, 0.99)
    targets = random.normal(0, 3, 250)
    predicted = targets + random.standard_t(4, 250)
    further = predicted + random.normal(0, 1, 250)
    return {
        "labels": labels.tolist(),
        "ours": ours.tolist(),
        "theirs": theirs.tolist(),
        "targets": targets.tolist(),
        "predicted": predicted.tolist(),
        "further": further.tolist(),
        "interval": {
            "auc": intervals((labels, ours), auc_of),
            "logLoss": intervals((labels, ours), log_loss_of),
            "rmse": intervals((targets, predicted), rmse_of),
        },
        "improvement": {
            "auc": intervals((labels, ours, theirs), lambda y, a, b, axis=-1: auc_of(y, a, axis) - auc_of(y, b, axis)),
            "logLoss": intervals(
                (labels, ours, theirs), lambda y, a, b, axis=-1: log_loss_of(y, b, axis) - log_loss_of(y, a, axis)
            ),
            "rmse": intervals(
                (targets, predicted, further), lambda y, a, b, axis=-1: rmse_of(y, b, axis) - rmse_of(y, a, axis)
            ),
        },
    }


def main():
    random = np.random.default_rng(20240901)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cases in [
        ("binary", binary_cases(random)),
        ("multiclass", multiclass_cases(random)),
        ("regression", regression_cases(random)),
        ("quantiles", quantile_cases(random)),
        ("bootstrap", bootstrap_cases(random)),
    ]:
        (OUT / f"{name}.json").write_text(json.dumps(cases, separators=(",", ":"), allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
