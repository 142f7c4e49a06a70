"""Plants drift, scores windows by Evidently and NannyML, and tells who saw what. See benchmarks/drift."""

import csv
import os
import sys
from pathlib import Path

import numpy as np

REFERENCE, LIVE, NUMBERS = 5000, 500, 4
MIX = [0.5, 0.25, 0.15, 0.1]
FALSE_ALARMS = 0.01
WITHOUT = 4  # times as many windows without drift
DRIFTS = ["none", "mean", "spread", "shape", "mix", "unit", "missing", "correlation"]


def humps():
    """Quantiles of a normal, and of ½N(−.85, 1 − .85²) + ½N(.85, 1 − .85²) at the same ranks."""
    grid = np.linspace(-5, 5, 20001)
    deviation = np.sqrt(1 - 0.85**2)
    density = np.exp(-((grid - 0.85) ** 2) / 2 / deviation**2) + np.exp(-((grid + 0.85) ** 2) / 2 / deviation**2)
    normal = np.exp(-(grid**2) / 2)
    ranks = [np.cumsum(each) / each.sum() for each in (normal, density)]
    return grid, np.interp(ranks[0], ranks[1], grid)


HUMPS = humps()


def rows(random, count, drift="none"):
    """Numbers with correlations of .5 and a category, as float64 [count][5]."""
    common = random.normal(size=(count, 1))
    sign = np.array([-1 if drift == "correlation" else 1, 1, 1, 1])
    x = np.sqrt(0.5) * common * sign + np.sqrt(0.5) * random.normal(size=(count, NUMBERS))
    if drift == "mean":
        x[:, 0] += 0.2
    if drift == "spread":
        x[:, 0] *= 1.25
    if drift == "shape":  # two humps, of the same mean, variance and ranks
        x[:, 0] = np.interp(x[:, 0], *HUMPS)
    if drift == "unit":  # one source of twenty
        x[random.random(count) < 0.05, 0] *= 1000
    if drift == "missing":
        x[random.random(count) < 0.02, 0] = np.nan
    mix = [0.42, 0.25, 0.15, 0.18] if drift == "mix" else MIX
    return np.column_stack([x, random.choice(len(MIX), count, p=mix)])


def make(folder, windows):
    """Each window with a reference of its own, or one that happens to be odd would decide for all."""
    random = np.random.default_rng(7)
    with open(folder / "rows.bin", "wb") as file:
        for drift in DRIFTS:
            for _ in range(windows * (WITHOUT if drift == "none" else 1)):
                for part in (rows(random, REFERENCE), rows(random, LIVE, drift)):
                    file.write(part.astype("<f8").tobytes())
    (folder / "windows").write_text(str(windows))


def windows(folder):
    """(drift, reference, live) of each window."""
    count = int((folder / "windows").read_text())
    with open(folder / "rows.bin", "rb") as file:
        for drift in DRIFTS:
            for _ in range(count * (WITHOUT if drift == "none" else 1)):
                parts = [
                    np.frombuffer(file.read(8 * size * (NUMBERS + 1))).reshape(size, NUMBERS + 1) for size in (REFERENCE, LIVE)
                ]
                yield drift, parts[0], parts[1]


def evidently(folder, write):
    import pandas as pd
    from evidently.legacy.calculations import stattests
    from evidently.legacy.core import ColumnType

    tests = {
        "Kolmogorov-Smirnov, χ²": (stattests.ks_stat_test, stattests.chi_stat_test, True),
        "Anderson-Darling, χ²": (stattests.anderson_darling_test, stattests.chi_stat_test, True),
        "Cramér-von Mises, χ²": (stattests.cramer_von_mises, stattests.chi_stat_test, True),
        "Wasserstein, Jensen-Shannon": (stattests.wasserstein_stat_test, stattests.jensenshannon_stat_test, False),
        "Jensen-Shannon": (stattests.jensenshannon_stat_test, stattests.jensenshannon_stat_test, False),
        "PSI": (stattests.psi_stat_test, stattests.psi_stat_test, False),
    }
    for drift, reference, live in windows(folder):
        for name, (number, category, is_p_value) in tests.items():
            scores = []
            for column in range(NUMBERS + 1):
                kind = ColumnType.Categorical if column == NUMBERS else ColumnType.Numerical
                test = category if column == NUMBERS else number
                pair = [pd.Series(part[:, column]).dropna() for part in (reference, live)]
                found = test.func(pair[0], pair[1], kind, 0.05)
                score = found[0] if isinstance(found, tuple) else found.drift_score
                scores.append(-np.log(max(score, 1e-300)) if is_p_value else score)
            # By default a column drifts at a p-value of .05 or a distance of .1.
            limit = -np.log(0.05) if is_p_value else 0.1
            write(["Evidently, " + name, drift, max(scores), int(max(scores) >= limit)])


def nannyml(folder, write):
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    import nannyml as nml
    import pandas as pd

    names = [f"x{i}" for i in range(NUMBERS)] + ["kind"]

    def frame(part):
        table = pd.DataFrame(part, columns=names)
        table["kind"] = table["kind"].astype(int).map("k{}".format).astype("category")
        return table

    for drift, reference, live in windows(folder):
        calculator = nml.UnivariateDriftCalculator(
            column_names=names, continuous_methods=["jensen_shannon"], categorical_methods=["jensen_shannon"], chunk_size=LIVE)
        found = calculator.fit(frame(reference)).calculate(frame(live)).filter(period="analysis").to_df()
        values = [found[name]["jensen_shannon"]["value"].iloc[0] for name in names]
        alerts = [found[name]["jensen_shannon"]["alert"].iloc[0] for name in names]
        write(["NannyML, Jensen-Shannon", drift, max(values), int(any(alerts))])
        joint = nml.DataReconstructionDriftCalculator(column_names=names, chunk_size=LIVE).fit(frame(reference))
        every = joint.calculate(frame(live)).to_df()["reconstruction_error"]
        mean = every["value"].iloc[:-1].mean()
        write(["NannyML, PCA reconstruction", drift, abs(every["value"].iloc[-1] - mean), int(every["alert"].iloc[-1])])


def table(folder):
    scores = {}
    alarms = {}
    for file in ("perennial.csv", "evidently.csv", "nannyml.csv"):
        if (folder / file).exists():
            for name, drift, score, anywhere in csv.reader(open(folder / file)):
                scores.setdefault(name, {}).setdefault(drift, []).append(float(score))
                if drift == "none":
                    alarms.setdefault(name, []).append(int(anywhere))
    print("| measure | " + " | ".join(DRIFTS[1:]) + " | without drift, any column by its own default |")
    print("|---" * (len(DRIFTS) + 1) + "|")
    for name, by_drift in scores.items():
        limit = np.quantile(by_drift["none"], 1 - FALSE_ALARMS)
        found = [f"{np.mean(np.array(by_drift[drift]) > limit):.0%}".replace("%", " %") for drift in DRIFTS[1:]]
        own = np.mean(alarms[name])
        print(f"| {name} | " + " | ".join(found) + f" | {100 * own:.1f} % |")


def main():
    folder = Path(sys.argv[2])
    write = csv.writer(sys.stdout).writerow
    match sys.argv[1]:
        case "make":
            make(folder, int(sys.argv[3]))
        case "evidently":
            evidently(folder, write)
        case "nannyml":
            nannyml(folder, write)
        case "table":
            table(folder)


if __name__ == "__main__":
    main()
