"""Writes the fixture that PythonModelsTest compares with: what Python's XGBoost and scikit-learn make of the same table.

    pip install numpy==2.5.5 scipy==1.18.1 scikit-learn==1.9.1 xgboost==3.4.0
    python model_fixtures.py ../resources/model
"""

import json
import sys
from pathlib import Path

import numpy as np
import xgboost
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.calibration import _SigmoidCalibration
from sklearn.linear_model import LogisticRegression, Ridge

ROWS, TRAIN, WIDTH, ROUNDS, L2, HALF_LIFE = 500, 400, 5, 30, 0.01, 90

rng = np.random.default_rng(23)
x = rng.normal(size=(ROWS, WIDTH)).astype(np.float32)
x[:, 1] = (x[:, 1] * 1e4).astype(np.float32)
x[:, 2] = x[:, 2] > 0.3
x[:, 3] = 7
x[rng.random((ROWS, WIDTH)) < 0.1] = np.nan
score = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, 2]) + rng.normal(size=ROWS) * 0.7
targets = {
    "BINARY": (score > 0.3).astype(np.float32),
    "MULTICLASS": np.digitize(score, [-0.5, 0.8]).astype(np.float32),
    "REGRESSION": (1_000 * score + 50).astype(np.float32),
}
objective = {"BINARY": "binary:logistic", "MULTICLASS": "multi:softprob", "REGRESSION": "reg:squarederror"}

mean = np.nanmean(x[:TRAIN], axis=0, dtype=np.float64)
deviation = np.nanstd(x[:TRAIN], axis=0, dtype=np.float64)
standard = np.nan_to_num((x - mean) / np.where(deviation == 0, 1, deviation))

recent = 0.5 ** (np.arange(TRAIN)[::-1] / HALF_LIFE)  # of rows that came one per unit of time
recent /= recent.mean()


def boosted(task, y, weights=None):
    parameters = {
        "objective": objective[task],
        "tree_method": "hist",
        "nthread": 1,
        "seed": 3,
        "eta": 0.2,
        "max_depth": 4,
        "min_child_weight": 2,
        "subsample": 0.8,
        "colsample_bytree": 0.9,
        "lambda": 1.5,
    }
    if task == "MULTICLASS":
        parameters["num_class"] = 3
    booster = xgboost.train(parameters, xgboost.DMatrix(x[:TRAIN], label=y[:TRAIN], weight=weights), ROUNDS)
    rows = xgboost.DMatrix(x[TRAIN:])
    return booster.predict(rows).tolist(), booster.predict(rows, pred_contribs=True).tolist()


def linear(task, y, weights=None):
    if task == "REGRESSION":
        model = Ridge(alpha=L2 * TRAIN, tol=1e-12).fit(standard[:TRAIN], y[:TRAIN].astype(float), weights)
        return model.predict(standard[TRAIN:]).tolist()
    model = LogisticRegression(C=1 / (L2 * TRAIN), tol=1e-10, max_iter=10_000)
    probability = model.fit(standard[:TRAIN], y[:TRAIN], weights).predict_proba(standard[TRAIN:])
    return (probability[:, 1] if task == "BINARY" else probability).tolist()


raw = 2.5 * score + 0.7  # an overconfident, shifted score
platt = _SigmoidCalibration().fit(raw, targets["BINARY"])
logits = 3.0 * np.stack([-score - 0.5, 0.2 * np.ones(ROWS), score - 0.5], axis=1)
labels = targets["MULTICLASS"].astype(int)
temperature = minimize_scalar(
    lambda log_scale: -log_softmax(np.exp(log_scale) * logits, axis=1)[np.arange(ROWS), labels].mean(),
    bounds=(-4, 4),
    method="bounded",
    options={"xatol": 1e-10},
)

Path(sys.argv[1]).joinpath("models.json").write_text(
    json.dumps(
        {
            "train": TRAIN,
            "rounds": ROUNDS,
            "l2": L2,
            "x": [[None if np.isnan(v) else float(v) for v in row] for row in x],
            "targets": {task: y.tolist() for task, y in targets.items()},
            "boosted": {task: boosted(task, y)[0] for task, y in targets.items()},
            "contributions": {task: boosted(task, y)[1] for task, y in targets.items()},
            "linear": {task: linear(task, y) for task, y in targets.items()},
            "halfLife": HALF_LIFE,
            "boostedRecent": {task: boosted(task, y, recent)[0] for task, y in targets.items()},
            "linearRecent": {task: linear(task, y, recent) for task, y in targets.items()},
            "platt": {"scores": raw.tolist(), "probability": platt.predict(raw).tolist()},
            "temperature": {"scores": logits.tolist(), "scale": float(np.exp(temperature.x))},
        }
    )
)
