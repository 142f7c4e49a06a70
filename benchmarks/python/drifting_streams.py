"""Makes streams that drift in known ways, in the form that benchmarks/retraining reads. Labels are partly noise.

    python benchmarks/python/drifting_streams.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

CHUNKS = 100


def write(folder, name, features, labels, first, chunk):
    chunks = np.r_[np.full(first, -1), np.repeat(np.arange(CHUNKS), chunk)]
    table = pd.DataFrame(np.round(features, 4), columns=[f"f{i}" for i in range(features.shape[1])])
    table.insert(0, "chunk", chunks)
    table["label"] = labels.astype(int)
    table.to_csv(folder / f"{name}.csv.gz", index=False)


def hyperplane(seed, first, chunk, width, noise, weights):
    """Labels are the side of a hyperplane; `weights(random, row's chunk)` moves it and is asked row by row."""
    random = np.random.default_rng(seed)
    rows = first + CHUNKS * chunk
    features = random.random((rows, width))
    planes = np.array([weights(random, (row - first) / chunk) for row in range(rows)])
    return features, (((features - 0.5) * planes).sum(1) > 0) ^ (random.random(rows) < noise)


def turning(width, speed, chunk, seed):
    """Half of the weights drift steadily and now and then turn round."""
    start = np.random.default_rng(seed)
    plane, direction = start.random(width), start.choice([-1, 1], width)

    def weights(random, _):
        plane[: width // 2] += direction[: width // 2] * speed / chunk
        if random.random() < 0.1 / chunk:
            direction[random.integers(width)] *= -1
        return plane.copy()

    return weights


def switching(planes, at):
    """The plane of the number that `at(chunk)` gives."""
    return lambda _, chunk: planes[at(chunk)]


def clusters(seed, first, chunk, speed):
    """Twenty moving clusters, each of one label."""
    random = np.random.default_rng(seed)
    rows, count, width = first + CHUNKS * chunk, 20, 6
    centres, labels = random.random((count, width)), random.integers(0, 2, count)
    direction = random.normal(size=(count, width))
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    spread = 0.08 + 0.1 * random.random(count)
    features, found = np.empty((rows, width)), np.empty(rows, bool)
    for row in range(rows):
        chosen = random.integers(count)
        features[row] = centres[chosen] + random.normal(size=width) * spread[chosen]
        found[row] = labels[chosen]
        centres += direction * speed / chunk
        direction[(centres < 0) | (centres > 1)] *= -1
    return features, found


def season(seed, first, chunk):
    """Two features take turns at what matters, with a period of 30 chunks."""
    random = np.random.default_rng(seed)
    rows = first + CHUNKS * chunk
    features = random.normal(size=(rows, 5))
    angle = 1.2 * np.sin(2 * np.pi * np.arange(rows) / chunk / 30)
    score = features[:, 0] * np.cos(angle) + features[:, 1] * np.sin(angle) + 0.3 * features[:, 2] ** 2 - 0.3
    return features, score + random.normal(size=rows) * 0.5 > 0


def features_only(seed, first, chunk):
    """Features move far, what they mean doesn't."""
    random = np.random.default_rng(seed)
    rows = first + CHUNKS * chunk
    features = random.normal(size=(rows, 6))
    features[:, 0] += 3 * np.sin(np.arange(rows) / chunk / 10)
    features[:, 1] += np.arange(rows) / chunk / 40
    score = features[:, 0] * 0.5 + features[:, 2] - features[:, 3] * features[:, 4] * 0.5
    return features, score + random.normal(size=rows) > 0


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    first, chunk = 2000, 300
    planes = np.random.default_rng(3).normal(size=(4, 6))
    streams = {
        "turning-slowly": hyperplane(1, first, chunk, 10, 0.1, turning(10, 0.05, chunk, 1)),
        "turning-fast": hyperplane(2, first, chunk, 8, 0.05, turning(8, 0.2, chunk, 2)),
        "three-jumps": hyperplane(3, first, chunk, 6, 0.1, switching(planes, lambda at: int(np.searchsorted([13, 41, 77], at)))),
        "one-jump": hyperplane(4, first, chunk, 6, 0.2, switching(planes, lambda at: int(at > 55))),
        "recurring": hyperplane(5, first, chunk, 6, 0.05, switching(planes, lambda at: int(max(0, at) // 12) % 3)),
        "still": hyperplane(6, first, chunk, 6, 0.15, switching(planes, lambda _: 0)),
        "clusters-slowly": clusters(11, first, chunk, 0.003),
        "clusters-fast": clusters(12, first, chunk, 0.02),
        "season": season(13, first, chunk),
        "features-only": features_only(14, first, chunk),
    }
    for name, (features, labels) in streams.items():
        write(folder, name, features, labels, first, chunk)
    write(folder, "still-few-rows", *hyperplane(7, 1000, 120, 6, 0.25, switching(planes, lambda _: 0)), 1000, 120)
    write(folder, "turning-few-rows", *hyperplane(8, 1000, 120, 6, 0.1, turning(6, 0.08, 120, 8)), 1000, 120)


if __name__ == "__main__":
    main()
