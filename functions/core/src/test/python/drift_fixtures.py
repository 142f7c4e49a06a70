"""Writes the fixtures that PageHinkleyTest compares with: River's detector on seeded losses.

    pip install -r requirements.txt
    python drift_fixtures.py ../resources/drift
"""

import json
import sys
from pathlib import Path

import numpy as np
from river import drift


def case(name, losses, **settings):
    detector = drift.PageHinkley(mode="up", **settings)
    steps = []
    for loss in losses:
        detector.update(loss)
        steps.append([detector._x_mean.get(), detector._sum_increase, detector._min_increase])
        if detector.drift_detected:
            steps[-1].append("alarm")
    return {
        "name": name, "minInstances": detector.min_instances, "delta": detector.delta,
        "threshold": detector.threshold, "alpha": detector.alpha, "losses": losses, "steps": steps,
    }


def main():
    random = np.random.default_rng(20261124)
    errors = (random.random(600) < np.where(np.arange(600) < 300, 0.1, 0.4)).astype(float).tolist()
    normal = np.round(random.normal(np.repeat([1, 2, 1, 3], 150), 0.5), 6).tolist()
    skewed = np.round(random.lognormal(np.repeat([0, 1], 200), 1), 6).tolist()
    cases = [
        case("defaults", [loss * 40 for loss in normal]),
        case("errors", errors, threshold=8, delta=0.05, alpha=1),
        case("errors, forgetting", errors, threshold=8, delta=0.05, alpha=0.99),
        case("alarm upon alarm", normal, threshold=0.7, delta=0.0, alpha=1, min_instances=1),
        case("few at first", normal, threshold=5, delta=0.1, min_instances=100),
        case("skewed", skewed, threshold=30, delta=0.5),
        case("falling", sorted(normal, reverse=True), threshold=1, delta=0.005),
    ]
    Path(sys.argv[1]).mkdir(exist_ok=True)
    (Path(sys.argv[1]) / "pageHinkley.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
