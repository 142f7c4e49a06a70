"""Writes the fixtures that MetricTest, BootstrapTest, BlocksTest, ConfidenceSequenceTest and NumberProfileTest compare with.

What scikit-learn, SciPy, NumPy and arch make of seeded predictions, as JSON in the folder given:

    pip install -r requirements.txt
    python metric_fixtures.py ../resources/metric
"""

import json
import sys
from pathlib import Path

import numpy as np
from arch.bootstrap import optimal_block_length
from scipy import stats
from sklearn import metrics

BINS = 15
RESAMPLES = 9_999


def calibration_error(confidence, happened):
    """Naeini et al. 2015 over equal bins; scikit-learn has none."""
    edges = np.linspace(0, 1, BINS + 1)
    edges[-1] = np.inf
    total = 0.0
    for low, high in zip(edges, edges[1:]):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            gap = confidence[inside].mean() - happened[inside].mean()
            total += inside.mean() * abs(gap)
    return total


def binary(labels, p):
    both = np.column_stack([1 - p, p])
    return {
        "labels": labels.tolist(),
        "probability": both.tolist(),
        "expected": {
            "auc": metrics.roc_auc_score(labels, p),
            "logLoss": metrics.log_loss(labels, both, labels=[0, 1]),
            "brier": metrics.brier_score_loss(labels, p),
            "accuracy": metrics.accuracy_score(labels, both.argmax(axis=1)),
            "f1": metrics.f1_score(labels, both.argmax(axis=1)),
            "calibrationError": calibration_error(p, labels == 1),
        },
    }


def multiclass(labels, p):
    classes = list(range(p.shape[1]))
    called = p.argmax(axis=1)
    return {
        "labels": labels.tolist(),
        "probability": p.tolist(),
        "expected": {
            "auc": metrics.roc_auc_score(labels, p, multi_class="ovr", average="macro", labels=classes),
            "logLoss": metrics.log_loss(labels, p, labels=classes),
            "brier": metrics.brier_score_loss(labels, p, labels=classes, scale_by_half=False),
            "accuracy": metrics.accuracy_score(labels, called),
            "f1": metrics.f1_score(labels, called, average="macro"),
            "calibrationError": calibration_error(p.max(axis=1), called == labels),
        },
    }


def regression(targets, predicted):
    return {
        "targets": targets.tolist(),
        "predicted": predicted.tolist(),
        "expected": {
            "rmse": metrics.root_mean_squared_error(targets, predicted),
            "mae": metrics.mean_absolute_error(targets, predicted),
            "r2": metrics.r2_score(targets, predicted),
            "pinball": metrics.mean_pinball_loss(targets, predicted, alpha=0.5),
        },
    }


def predictions():
    random = np.random.default_rng(20260301)
    labels = (random.random(400) < 0.3).astype(int)
    p = 1 / (1 + np.exp(-random.normal(labels * 1.5 - 1, 1.2)))
    # Sixty-fourths tie often, and no bin of fifteen begins at one.
    tied = np.round(p * 64) / 64
    extreme = p.copy()
    extreme[:12] = [0, 1, 0, 1, 1e-300, 5e-324, 1 - 2**-53, 1e-16, 2**-52, 1e-15, 1, 0]

    five = random.choice(5, size=400, p=[0.7, 0.15, 0.1, 0.03, 0.02])
    scores = random.normal(size=(400, 5)) + 1.5 * np.eye(5)[five]
    q = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    coarse = np.floor(q * 64)
    coarse[:, 0] = 64 - coarse[:, 1:].sum(axis=1)
    certain = q.copy()
    certain[:10] = np.eye(5)[random.integers(5, size=10)]

    x = random.normal(3, 2, 400)
    y = x + random.normal(0, 0.7, 400)
    return {
        "binary": binary(labels, p),
        "binaryTies": binary(labels, tied),
        "binaryExtreme": binary(labels, extreme),
        "multiclass": multiclass(five, q),
        "multiclassTies": multiclass(five, coarse / 64),
        "multiclassExtreme": multiclass(five, certain),
        "regression": regression(x, y),
        "regressionTies": regression(np.round(x), np.round(y)),
        "regressionExtreme": regression(x * 1e9 - 4e9, y * 1e9 - 4e9),
    }


def quantiles():
    random = np.random.default_rng(20260302)
    samples = {
        "normal": random.normal(10, 3, 2_000),
        "lognormal": random.lognormal(0, 2, 2_000),
        "ties": random.integers(0, 8, 2_000).astype(float),
        "constant": np.full(2_000, 0.1),
    }
    result = {}
    for name, values in samples.items():
        points = []
        for q in [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]:
            # A t-digest is the more exact the nearer the ends.
            error = 0.01 if 0.05 <= q <= 0.95 else 0.002
            low, high = np.quantile(values, [max(0, q - error), min(1, q + error)])
            points.append({"q": q, "low": low, "high": high})
        result[name] = {"values": values.tolist(), "quantiles": points}
    return result


def bootstrap(cases):
    statistics = {
        "binary": {
            "accuracy": lambda t, p: np.mean((p > 0.5) == t),
            "brier": lambda t, p: np.mean((p - t) ** 2),
            "auc": metrics.roc_auc_score,
        },
        "regression": {
            "rmse": lambda t, p: np.sqrt(np.mean((p - t) ** 2)),
            "r2": lambda t, p: 1 - np.sum((p - t) ** 2) / np.sum((t - t.mean()) ** 2),
        },
    }
    result = []
    for case, of in statistics.items():
        fixture = cases[case]
        truth = np.array(fixture["labels"] if case == "binary" else fixture["targets"])
        given = np.array(fixture["probability"])[:, 1] if case == "binary" else np.array(fixture["predicted"])
        for metric, statistic in of.items():
            found = stats.bootstrap(
                (truth, given), statistic, paired=True, vectorized=False, method="percentile",
                n_resamples=RESAMPLES, confidence_level=0.95, rng=np.random.default_rng(7),
            ).confidence_interval
            result.append({"predictions": case, "metric": metric, "low": found.low, "high": found.high})
    return result


def block_lengths():
    random = np.random.default_rng(20261124)
    result = []
    for name, n, lasting in [
        ("white", 500, 0.0), ("short", 500, 0.4), ("long", 2_016, 0.9), ("longer than it", 60, 0.98),
        ("alternating", 300, -0.5),
    ]:
        noise = random.normal(size=n)
        series = np.zeros(n)
        for i in range(n):
            series[i] = noise[i] + (lasting * series[i - 1] if i else 0)
        found = optimal_block_length(series)["circular"].iloc[0]
        result.append({"name": name, "series": series.tolist(), "circular": found})
    day = np.sin(np.arange(1_000) * 2 * np.pi / 48) + 0.3 * random.normal(size=1_000)
    result.append({"name": "season", "series": day.tolist(), "circular": optimal_block_length(day)["circular"].iloc[0]})
    return result


def confidence_sequences():
    """The one-sided asymptotic confidence sequence written again from its paper, on the long-run variance of means."""
    random = np.random.default_rng(20261125)
    result = []
    for name, n, lasting, shift, confidence, tightest in [
        ("nothing", 200, 0.0, 0.0, 0.95, 84.0), ("better", 400, 0.0, 0.3, 0.95, 84.0),
        ("lasting", 900, 0.5, 0.1, 0.9, 360.0), ("worse", 250, 0.3, -0.5, 0.99, 100.0),
    ]:
        rows = random.integers(1, 9, size=n)
        noise = random.normal(size=n)
        series = np.zeros(n)
        for i in range(n):
            series[i] = noise[i] + (lasting * series[i - 1] if i else 0)
        sums = rows * (shift + series)
        mean = sums.sum() / rows.sum()
        centred = sums - mean * rows
        length = max(1, int(np.ceil(1.5 * optimal_block_length(centred)["circular"].iloc[0])))
        batches = np.convolve(centred, np.ones(length), "valid") / length
        variance = n * length / ((n - length) * (n - length + 1)) * np.sum(batches**2)
        alpha = 1 - confidence
        rho = np.sqrt((-2 * np.log(2 * alpha) + np.log(max(1, -2 * np.log(2 * alpha))) + 1) / tightest)
        per_period = np.sqrt(variance) * np.sqrt(
            2 * (n * rho**2 + 1) / (n**2 * rho**2) * np.log(1 + np.sqrt(n * rho**2 + 1) / (2 * alpha)))
        radius = per_period * n / rows.sum()
        result.append({
            "name": name, "sums": sums.tolist(), "rows": rows.tolist(), "confidence": confidence, "tightest": tightest,
            "mean": mean, "low": mean - radius, "high": mean + radius,
        })
    return result


def main():
    folder = Path(sys.argv[1])
    cases = predictions()
    for name, content in {
        "predictions": cases, "quantiles": quantiles(), "bootstrap": bootstrap(cases),
        "blocks": block_lengths(), "confidenceSequences": confidence_sequences(),
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(content, indent=None) + "\n")


if __name__ == "__main__":
    main()
