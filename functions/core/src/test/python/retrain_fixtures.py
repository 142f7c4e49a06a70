"""Writes the fixtures that LocalLevelTest compares with: a random walk seen through noise, conditioned at once by NumPy's solver.

    pip install -r requirements.txt
    python retrain_fixtures.py ../resources/retrain
"""

import json
import sys
from pathlib import Path

import numpy as np


def case(name, start, per_period, sights, ages):
    seen = np.array([age for age, _, _ in sights], float)
    every = np.arange(ages, dtype=float)
    covariance = start + per_period * np.minimum.outer(seen, seen) + np.diag([variance for _, _, variance in sights])
    cross = start + per_period * np.minimum.outer(every, seen)
    means = cross @ np.linalg.solve(covariance, [value for _, value, _ in sights])
    _, logarithm = np.linalg.slogdet(covariance)
    values = np.array([value for _, value, _ in sights])
    likelihood = -(logarithm + values @ np.linalg.solve(covariance, values)) / 2
    return {
        "name": name, "logLikelihood": likelihood, "start": start, "perPeriod": per_period, "ages": ages, "means": means.tolist(),
        "sights": [{"age": age, "value": value, "variance": variance} for age, value, variance in sights],
    }


def main():
    random = np.random.default_rng(20261127)

    def sights(ages):
        return [(age, round(float(random.normal()), 6), round(float(random.uniform(0.1, 2)), 6)) for age in ages]

    cases = [
        case("every age", 0.0, 0.3, sights(range(1, 12)), 14),
        case("gaps", 0.0, 0.05, sights([2, 3, 9, 20]), 25),
        case("several at one age", 0.0, 1.0, sights([1, 1, 1, 4, 4, 5]), 7),
        case("known roughly at first", 2.5, 0.2, sights([0, 1, 2, 5]), 8),
        case("nearly exact", 0.0, 1.0, [(1, 1.0, 1e-9), (2, -1.0, 1e-9), (4, 2.0, 1e-9)], 6),
    ]
    Path(sys.argv[1]).mkdir(exist_ok=True)
    (Path(sys.argv[1]) / "localLevel.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
