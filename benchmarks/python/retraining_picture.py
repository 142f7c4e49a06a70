"""Draws what benchmarks/retraining traced: what a run would have saved, and when it came.

    benchmarks/retraining elec.csv.gz weather.csv.gz shuttle.csv.gz --trace trace.csv
    python benchmarks/python/retraining_picture.py trace.csv 0.1 docs/retraining.svg
"""

import csv
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

TITLES = {"elec": "electricity: prices' habits change", "weather": "weather: slow change", "shuttle": "shuttle: nothing changes"}


def main():
    trace, price, target = sys.argv[1:]
    with open(trace, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["price"] == price]
    plt.rcParams.update({"svg.hashsalt": "perennial", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(len(TITLES), 1, figsize=(8, 6), sharex=True, sharey=True)
    for axis, (stream, title) in zip(axes, TITLES.items()):
        of = [row for row in rows if row["stream"] == stream]
        chunks = [int(row["chunk"]) for row in of]
        axis.plot(chunks, [float(row["saved"]) for row in of], color="#2a6f97", label="a fresh model would have saved since the last run")
        axis.axhline(float(price), color="#888", linestyle="--", linewidth=1, label="a run costs")
        runs = [row for row in of if row["run"] == "true"]
        axis.scatter([int(row["chunk"]) for row in runs], [float(row["saved"]) for row in runs], color="#c1121f", zorder=3, label="run")
        back = [int(row["chunk"]) for before, row in zip(of, of[1:]) if int(row["model"]) < int(before["model"])]
        axis.scatter(back, [0] * len(back), marker="^", color="#588157", zorder=3, label="a former model is brought back")
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_ylim(-0.05, 0.3)
    axes[0].legend(frameon=False, ncol=2, fontsize=8, loc="upper left")
    axes[1].set_ylabel("in one chunk's rows")
    axes[-1].set_xlabel("chunk")
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main()
