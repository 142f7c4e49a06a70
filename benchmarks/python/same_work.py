"""What a Python team runs for the work of one Perennial run, with the libraries it would take.

    pip install -r requirements.txt && python same_work.py path/to/electricity.csv

Reads and validates, splits by time, trains 8 XGBoost candidates, calibrates, evaluates against a linear baseline,
exports ONNX, registers in MLflow and reports drift with Evidently. Prints one JSON object: wall seconds per phase,
imports among them, the whole process's peak memory, and the champion's test AUC.
"""

import time

STARTED = time.perf_counter()

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

# Two threads that spin while waiting cost more than they win on a busy machine; the factory sets the same.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import mlflow
import numpy as np
import onnxmltools
import onnxruntime
import pandas
import pandera.pandas as pandera
import xgboost
from evidently import Report
from evidently.presets import DataDriftPreset
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NUMBERS = ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
SEED = 7
CANDIDATES = 8
PARITY = 1e-4


class Stopwatch:
    def __init__(self):
        self.seconds = {}
        self.last = STARTED

    def lap(self, phase):
        now = time.perf_counter()
        self.seconds[phase] = round(now - self.last, 3)
        self.last = now


def read(csv):
    rows = pandas.read_csv(csv, parse_dates=["timestamp"])
    share = pandera.Column(float, pandera.Check.in_range(0, 1))
    schema = pandera.DataFrameSchema(
        {
            "timestamp": pandera.Column("datetime64[ns]", unique=True),
            "day": pandera.Column(str, pandera.Check.isin(DAYS)),
            "period": pandera.Column(int, pandera.Check.in_range(0, 47)),
            **{name: share for name in NUMBERS if name != "period"},
            "class": pandera.Column(str, pandera.Check.isin(["UP", "DOWN"])),
        },
        strict=True,
        checks=pandera.Check(lambda table: len(table) >= 5000),
    )
    rows = schema.validate(rows, lazy=True)
    return rows.sort_values("timestamp", kind="stable", ignore_index=True)


def split(rows):
    """Positions of the newest 21 days (the newest row included), the 21 days before, and the rest."""
    at = rows["timestamp"]
    test_from = at.max() - pandas.Timedelta(days=21) + pandas.Timedelta(microseconds=1)
    validation_from = test_from - pandas.Timedelta(days=21)
    return at < validation_from, (at >= validation_from) & (at < test_from), at >= test_from


def matrix(rows):
    days = np.column_stack([rows["day"] == day for day in DAYS])
    return np.hstack([days, rows[NUMBERS].to_numpy()]).astype(np.float32)


def candidates():
    random = np.random.default_rng(SEED)
    standard = {"eta": 0.1, "max_depth": 6, "min_child_weight": 1.0, "subsample": 1.0, "colsample_bytree": 1.0}
    drawn = [
        {
            "eta": float(np.exp(random.uniform(np.log(0.02), np.log(0.3)))),
            "max_depth": int(random.integers(3, 10)),
            "min_child_weight": float(np.exp(random.uniform(0, np.log(20)))),
            "subsample": float(random.uniform(0.6, 1)),
            "colsample_bytree": float(random.uniform(0.6, 1)),
        }
        for _ in range(CANDIDATES - 1)
    ]
    return [standard, *drawn]


def train(features, labels, train_rows, validation_rows):
    fit = xgboost.DMatrix(features[train_rows], labels[train_rows])
    check = xgboost.DMatrix(features[validation_rows], labels[validation_rows])
    fixed = {"objective": "binary:logistic", "eval_metric": "logloss", "nthread": 2, "seed": SEED}
    models = [
        xgboost.train(
            fixed | drawn,
            fit,
            num_boost_round=300,
            evals=[(check, "validation")],
            early_stopping_rounds=20,
            verbose_eval=False,
        )
        for drawn in candidates()
    ]
    best = min(models, key=lambda model: model.best_score)
    return best[: best.best_iteration + 1]


def log_odds(model, features):
    return model.predict(xgboost.DMatrix(features), output_margin=True).reshape(-1, 1)


def evaluate(labels, probability):
    return {
        "auc": metrics.roc_auc_score(labels, probability),
        "logLoss": metrics.log_loss(labels, probability),
        "brier": metrics.brier_score_loss(labels, probability),
        "accuracy": metrics.accuracy_score(labels, probability > 0.5),
        "f1": metrics.f1_score(labels, probability > 0.5),
    }


def export(model, features, path):
    onnx = onnxmltools.convert_xgboost(model, initial_types=[("features", FloatTensorType([None, features.shape[1]]))])
    path.write_bytes(onnx.SerializeToString())
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(["probabilities"], {"features": features})[0][:, 1]
    gap = float(np.abs(found - model.predict(xgboost.DMatrix(features))).max())
    if gap > PARITY:
        raise SystemExit(f"ONNX and XGBoost differ by {gap} on the test rows; at most {PARITY} is expected")
    return onnx, gap


def register(onnx, figures, folder):
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.create_experiment("electricity", artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment("electricity")
    with mlflow.start_run():
        mlflow.log_metrics(figures)
        mlflow.onnx.log_model(onnx, name="model", registered_model_name="electricity")
    client = mlflow.MlflowClient()
    client.set_registered_model_alias("electricity", "champion", "1")


def report(reference, current, path):
    columns = ["day", *NUMBERS]
    Report([DataDriftPreset()]).run(reference_data=reference[columns], current_data=current[columns]).save_html(str(path))


def main(csv):
    watch = Stopwatch()
    watch.lap("imports")
    rows = read(csv)
    watch.lap("readAndValidate")
    train_rows, validation_rows, test_rows = (mask.to_numpy() for mask in split(rows))
    features = matrix(rows)
    labels = (rows["class"] == "UP").to_numpy().astype(int)
    watch.lap("splitAndPrepare")
    model = train(features, labels, train_rows, validation_rows)
    watch.lap("trainCandidates")
    platt = LogisticRegression(C=1e10).fit(log_odds(model, features[validation_rows]), labels[validation_rows])
    watch.lap("calibrate")
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    linear.fit(features[train_rows], labels[train_rows])
    champion = evaluate(labels[test_rows], platt.predict_proba(log_odds(model, features[test_rows]))[:, 1])
    baseline = evaluate(labels[test_rows], linear.predict_proba(features[test_rows])[:, 1])
    watch.lap("evaluateWithLinear")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        onnx, gap = export(model, features[test_rows], folder / "model.onnx")
        watch.lap("exportOnnx")
        register(onnx, champion, folder)
        watch.lap("registerMlflow")
        report(rows[train_rows], rows[test_rows], folder / "drift.html")
        watch.lap("driftEvidently")
    print(
        json.dumps(
            {
                "seconds": watch.seconds,
                "totalSeconds": round(sum(watch.seconds.values()), 3),
                "peakRssMb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "testAuc": champion["auc"],
                "champion": champion,
                "linear": baseline,
                "parity": gap,
                "rows": {"train": int(train_rows.sum()), "validation": int(validation_rows.sum()), "test": int(test_rows.sum())},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
