"""What timing, candidates and former champions do to a stream of the retraining protocol, without the factory: ten choices of the weeks at which runs come.

    python streams_sketch.py STREAM.csv[.gz]...

A model is the mean score of some candidates, each trained on the labels of chunks up to t - 2 and serving from chunk t on; a run each tenth chunk. "comes back" serves, in each chunk, the champion whose
log loss on the last four labelled chunks is the least. Prints the mean accuracy in percent over the ten choices, and the lowest and the highest.
"""

import csv
import gzip
import sys

import numpy as np
import xgboost

CHUNKS = 100
APART = 10
COMPARED = 4
WINDOWS = [8, 30, 150]  # chunks
HALF_LIFE = 30
SHAPES = {  # depth, trees, part of rows and of columns that a tree sees
    "all rows": [(3, 100, 1.0), (6, 60, 1.0)],
    "parts": [(3, 150, 0.7), (6, 100, 0.7), (8, 80, 0.7)],
}
AVERAGES = {
    "all rows and columns, depths 3 and 6": ("all rows", {3, 6}),
    "all rows and columns, depth 3": ("all rows", {3}),
    "parts of rows and columns, depths 3, 6 and 8": ("parts", {3, 6, 8}),
    "parts of rows and columns, depth 3": ("parts", {3}),
}


def read(path):
    with gzip.open(path, "rt") if path.endswith(".gz") else open(path, newline="") as file:
        rows = np.array(list(csv.reader(file))[1:], dtype=float)
    first = int((rows[:, 0] == -1).sum())
    return rows[:, 1:-1], rows[:, -1].astype(int), first, int((rows[:, 0] == 0).sum())


def candidates(x, y, end, chunk, shapes):
    """Scores of every row by each candidate that learned from the rows before `end`, and their depths."""
    scores, depths = [], []
    everything = xgboost.DMatrix(x)
    pasts = [(window, None) for window in WINDOWS] + [(WINDOWS[-1], HALF_LIFE)]
    for window, half_life in pasts:
        begin = max(0, end - window * chunk)
        age = (end - 1 - np.arange(begin, end)) / chunk
        weight = 0.5 ** (age / half_life) if half_life else None
        data = xgboost.DMatrix(x[begin:end], y[begin:end], weight=weight)
        for depth, trees, part in shapes:
            seed = len(scores)
            settings = dict(max_depth=depth, eta=0.1, subsample=part, colsample_bytree=part, objective="binary:logistic", nthread=1, seed=seed)
            model = xgboost.train(settings, data, trees)
            scores.append(model.predict(everything, output_margin=True))
            depths.append(depth)
    return np.array(scores, dtype=np.float16), np.array(depths)


def accuracy(models, y, first, chunk, start, comes_back):
    """`models`: averages by the chunk that they serve from on; runs in chunks start, start + APART ..."""
    champions, right = [models[0]], []
    live = models[0]
    for t in range(CHUNKS):
        if t >= start and (t - start) % APART == 0:
            live = models[t]
            champions.append(live)
        if comes_back and t >= 2:
            known = slice(first + max(0, t - 1 - COMPARED) * chunk, first + (t - 1) * chunk)
            live = min(champions, key=lambda scores: np.logaddexp(0, -(2 * y[known] - 1) * scores[known]).mean())
        rows = slice(first + t * chunk, first + (t + 1) * chunk)
        right.append(((live[rows] > 0) == y[rows]).mean())
    return 100 * np.mean(right)


def main():
    for path in sys.argv[1:]:
        x, y, first, chunk = read(path)
        print(path)
        for shape, shapes in SHAPES.items():
            trained = {}
            for t in [0, *range(2, CHUNKS)]:
                print(f"\r{shape}: chunk {t} of {CHUNKS} ", end="", file=sys.stderr)
                trained[t], depths = candidates(x, y, first + max(0, t - 1) * chunk, chunk, shapes)
            print(file=sys.stderr)
            for name, (of, chosen) in AVERAGES.items():
                if of != shape:
                    continue
                models = {t: scores[np.isin(depths, list(chosen))].astype(np.float32).mean(0) for t, scores in trained.items()}
                for comes_back in (False, True):
                    found = [accuracy(models, y, first, chunk, start, comes_back) for start in range(2, 2 + APART)]
                    print(f"{name + (', comes back' if comes_back else ''):50s} {np.mean(found):6.2f} ({min(found):.2f} to {max(found):.2f})")


if __name__ == "__main__":
    main()
