"""Writes the fixtures that DistancesTest, ErrorEstimateTest and ErrorModelTest compare with: SciPy's and NannyML's distances, NannyML's estimates.

    python -m venv own && own/bin/pip install nannyml==0.13.1   # an environment of its own: it wants older libraries
    own/bin/python nannyml_fixtures.py ../resources
"""

import json
import sys
from pathlib import Path

import nannyml
import numpy as np
import pandas as pd
from nannyml.drift.univariate.methods import CategoricalJensenShannonDistance, Chi2Statistic, KolmogorovSmirnovStatistic, WassersteinDistance
from nannyml.chunk import SizeBasedChunker
from nannyml.thresholds import ConstantThreshold
from scipy import stats
from scipy.spatial.distance import jensenshannon

ROWS = 1500


def nannymls(method, reference, live):
    fitted = method(chunker=SizeBasedChunker(chunk_size=ROWS), threshold=ConstantThreshold(0, 1))
    fitted.fit(pd.Series(reference, name="x"))
    return float(fitted.calculate(pd.Series(live, name="x")))


def numbers(name, reference, live):
    reference, live = np.round(reference, 4), np.round(live, 4)
    return {
        "name": name, "reference": reference.tolist(), "live": live.tolist(),
        "kolmogorovSmirnov": [stats.ks_2samp(reference, live).statistic, nannymls(KolmogorovSmirnovStatistic, reference, live)],
        "wasserstein": [stats.wasserstein_distance(reference, live), nannymls(WassersteinDistance, reference, live)],
    }


def categories(name, reference, live):
    values = sorted(set(reference) | set(live))
    counts = np.array([[list(part).count(value) for value in values] for part in (reference, live)])
    return {
        "name": name, "reference": list(reference), "live": list(live),
        "jensenShannon": [
            jensenshannon(counts[0] / counts[0].sum(), counts[1] / counts[1].sum(), base=2),
            nannymls(CategoricalJensenShannonDistance, pd.Series(reference, dtype="category"), pd.Series(live, dtype="category")),
        ],
        "chiSquare": [
            stats.chi2_contingency(counts, correction=False).statistic,
            nannymls(Chi2Statistic, pd.Series(reference, dtype="category"), pd.Series(live, dtype="category")),
        ],
    }


def distances(random):
    normal = random.normal(size=ROWS)
    letters = np.array(list("abcdef"))
    return {
        "numbers": [
            numbers("moved", normal, random.normal(0.3, 1, ROWS)),
            numbers("wider", normal, random.normal(0, 2, ROWS)),
            numbers("another shape", normal, np.where(random.random(ROWS) < 0.5, -1, 1) + 0.1 * random.normal(size=ROWS)),
            numbers("ties", np.floor(6 * random.random(ROWS)), np.floor(6 * random.random(ROWS) ** 1.2)),
            numbers("another unit", normal, 1000 * random.normal(size=ROWS)),
        ],
        "categories": [
            categories("another mix", random.choice(letters[:4], ROWS), random.choice(letters[:4], ROWS, p=[0.4, 0.3, 0.2, 0.1])),
            categories("unseen", random.choice(letters[:4], ROWS), random.choice(letters[1:5], ROWS)),
            categories("alike", random.choice(letters[:3], ROWS), random.choice(letters[:3], ROWS)),
        ],
    }


def estimator():
    return nannyml.CBPE(
        problem_type="classification_binary", y_pred_proba="y_pred_proba", y_pred="y_pred", y_true="repaid", metrics=["accuracy"],
        chunk_size=5000, timestamp_column_name="timestamp")


def estimates():
    """NannyML's car loans, their probabilities calibrated by NannyML itself, as a model of ours would give them."""
    reference, analysis, truth = nannyml.load_synthetic_car_loan_dataset()
    analysis = analysis.merge(truth, on="id")
    calibrator = estimator().fit(reference).calibrator
    for part in (reference, analysis):
        part["y_pred_proba"] = np.round(calibrator.calibrate(part["y_pred_proba"]), 6)
        part["y_pred"] = (part["y_pred_proba"] >= 0.5).astype(int)
    fitted = estimator().fit(reference)
    assert not fitted.needs_calibration
    found = fitted.estimate(analysis).filter(period="analysis").to_df(multilevel=False)
    chunks = []
    for i, row in found.reset_index(drop=True).iterrows():
        chunk = analysis[i * 5000:(i + 1) * 5000]
        wrong = chunk["y_pred"] != chunk["repaid"]
        counts = wrong.groupby(chunk["y_pred_proba"]).agg(["size", "sum"])
        chunks.append({
            "probability": counts.index.tolist(), "rows": counts["size"].tolist(), "wrong": counts["sum"].tolist(),
            "accuracy": row["accuracy_value"], "samplingError": row["accuracy_sampling_error"],
        })
    return {
        "referenceError": float((reference["y_pred"] != reference["repaid"]).mean()),
        "referenceExpected": float((1 - np.maximum(reference["y_pred_proba"], 1 - reference["y_pred_proba"])).mean()),
        "referenceRows": len(reference), "chunks": chunks,
    }


def direct_losses():
    """NannyML's car prices, a part of them, and what its direct loss estimation makes of them; categories as numbers, as a preparation would give them."""
    reference, analysis, truth = nannyml.load_synthetic_car_price_dataset()
    analysis = analysis.merge(truth, on="id")
    reference = reference.iloc[-3000:].reset_index(drop=True)
    analysis = analysis.iloc[::15].reset_index(drop=True)
    features = ["car_age", "km_driven", "price_new", "accident_count", "door_count", "fuel", "transmission"]
    for column in ("fuel", "transmission"):
        names = sorted(set(reference[column]))
        for part in (reference, analysis):
            part[column] = part[column].map(names.index).astype(int)
    found = (
        nannyml.DLE(feature_column_names=features, y_pred="y_pred", y_true="y_true", metrics=["mae"], chunk_size=400)
        .fit(reference).estimate(analysis).filter(period="analysis").to_df(multilevel=False))

    def columns(part):
        return {name: part[name].astype(int).tolist() for name in [*features, "y_pred", "y_true"]}

    errors = (reference["y_true"] - reference["y_pred"]).abs()
    return {
        "columns": features, "chunkRows": 400, "reference": columns(reference), "analysis": columns(analysis),
        "referenceError": float(errors.mean()), "referenceVariance": float(errors.var()),
        "estimates": found["mae_value"].tolist(), "samplingErrors": found["mae_sampling_error"].tolist(),
    }


def write(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main():
    folder = Path(sys.argv[1])
    write(folder / "drift" / "distances.json", distances(np.random.default_rng(20261127)))
    write(folder / "monitor" / "estimates.json", estimates())
    write(folder / "monitor" / "direct_losses.json", direct_losses())


if __name__ == "__main__":
    main()
