"""Writes the fixture that TargetMeansTest compares with: scikit-learn's TargetEncoder on seeded categories.

    pip install scikit-learn==1.9.1
    python target_means.py ../resources/model
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder

ROWS = 203  # not a multiple of the folds
CLASSES = 3

rng = np.random.default_rng(11)
codes = np.minimum(rng.geometric(0.05, ROWS), 60) - 2  # -1 is missing
number = rng.normal(50, 20, ROWS).astype(np.float32)
label = rng.integers(0, CLASSES, ROWS)


def encoded(targets, target_type):
    encoder = TargetEncoder(
        target_type=target_type, smooth=20, cv=KFold(5), categories=[np.arange(-1, 60)]
    )
    x = codes.reshape(-1, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not every category is in every fold
        out_of_fold = encoder.fit_transform(x, targets)
    return {"outOfFold": out_of_fold.T.tolist(), "all": encoder.transform(x).T.tolist()}


folder = Path(sys.argv[1])
folder.joinpath("target_means.json").write_text(
    json.dumps(
        {
            "codes": codes.tolist(),
            "number": number.tolist(),
            "label": label.tolist(),
            "regression": encoded(number.astype(float), "continuous"),
            "binary": encoded((label == 1).astype(int), "binary"),
            "multiclass": encoded(label, "multiclass"),
        }
    )
)
