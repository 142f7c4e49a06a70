"""Writes the fixtures that PageHinkleyTest and ErrorDetectorTest compare with: River's detectors on seeded losses.

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


EVERY = 20  # steps between two sights of a detector's inside; alarms are told of each step

INSIDE = {
    "ddm": (drift.binary.DDM, lambda d: [d._p.get()]),
    "eddm": (drift.binary.EDDM, lambda d: [d._error_distances.mean.get(), d._p2s_prime_max]),
    "hddmA": (drift.binary.HDDMA, lambda d: [d._z.get(), d._x_min.get()]),
    "hddmW": (drift.binary.HDDMW, lambda d: [d._total.ewma, d._s1_incr.ewma]),
    "adwin": (drift.ADWIN, lambda d: [d.width, d.total, d.variance]),
}


def detectors(name, values):
    found = {"name": name, "values": values, "detectors": {}}
    for key, (make, inside) in INSIDE.items():
        detector = make()
        alarms, sights = [], []
        for i, value in enumerate(values):
            detector.update(value)
            if detector.drift_detected:
                alarms.append(i)
            if i % EVERY == EVERY - 1:
                sights.append(inside(detector))
        found["detectors"][key] = {"alarms": alarms, "sights": sights}
    return found


def error_streams(random):
    steps = np.arange(3000)
    rates = {
        "abrupt": np.where(steps < 1500, 0.1, 0.4),
        "gradual": 0.05 + 0.4 * np.clip((steps - 800) / 1500, 0, 1),
        "recurring": np.where(steps // 500 % 2 == 0, 0.15, 0.5),
        "none": np.full(3000, 0.2),
        "falling": np.where(steps < 1500, 0.5, 0.1),
        "always wrong, then right": np.where(steps < 100, 1.0, 0.0),
    }
    return {name: (random.random(3000) < rate).astype(int).tolist() for name, rate in rates.items()}


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
    streams = [detectors(name, values) for name, values in error_streams(np.random.default_rng(20261127)).items()]
    (Path(sys.argv[1]) / "detectors.json").write_text(json.dumps(streams, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
