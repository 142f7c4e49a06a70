"""Writes ../resources/electricity_reference.json: what plain XGBoost reaches on the electricity data.

    python electricity_reference.py path/to/electricity.csv

One model with the parameters that the pipeline calls standard, on its split by time: the test rows are the newest
21 days with the newest row included, the validation rows the 21 days before, the rest trains. Needs XGBoost 3.4.0, the version that the Java side trains with (Python 3.12 or newer);
other versions cut histograms elsewhere and stop after other rounds. The rest of the requirements:
../../../../benchmarks/python/requirements.txt.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas
import xgboost
from sklearn import metrics

OUT = Path(__file__).parent.parent / "resources" / "electricity_reference.json"
NUMBERS = ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"]
DAYS = ["Fri", "Mon", "Sat", "Sun", "Thu", "Tue", "Wed"]  # sorted, as the preparation graph has them
PARAMETERS = {
    "objective": "binary:logistic",
    "eval_metric": "logloss",
    "eta": 0.1,
    "max_depth": 6,
    "min_child_weight": 1,
    "subsample": 1,
    "colsample_bytree": 1,
    "lambda": 1,
    "tree_method": "hist",
    "nthread": 1,
    "seed": 7,
}


def main(csv):
    rows = pandas.read_csv(csv, parse_dates=["timestamp"])
    rows = rows.sort_values("timestamp", kind="stable", ignore_index=True)
    up = (rows["class"] == "UP").to_numpy().astype(int)
    days = np.column_stack([rows["day"] == day for day in DAYS])
    features = np.hstack([days, rows[NUMBERS].to_numpy()]).astype(np.float32)

    time = rows["timestamp"]
    test_from = time.max() - pandas.Timedelta(days=21) + pandas.Timedelta(microseconds=1)
    test = (time >= test_from).to_numpy()
    validation = ((time >= test_from - pandas.Timedelta(days=21)) & (time < test_from)).to_numpy()
    train = ~test & ~validation

    model = xgboost.train(
        PARAMETERS,
        xgboost.DMatrix(features[train], up[train]),
        num_boost_round=300,
        evals=[(xgboost.DMatrix(features[validation], up[validation]), "validation")],
        early_stopping_rounds=20,
        verbose_eval=False,
    )
    rounds = model.best_iteration + 1
    probability = model.predict(xgboost.DMatrix(features[test]), iteration_range=(0, rounds)).astype(float)
    previous = np.roll(up, 1)[test]
    reference = {
        "auc": metrics.roc_auc_score(up[test], probability),
        "logLoss": metrics.log_loss(up[test], probability),
        "accuracy": metrics.accuracy_score(up[test], probability > 0.5),
        "rounds": rounds,
        "trainRows": int(train.sum()),
        "validationRows": int(validation.sum()),
        "testRows": int(test.sum()),
        "previousLabelAccuracy": metrics.accuracy_score(up[test], previous),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(reference, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
