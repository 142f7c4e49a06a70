"""How often Evidently and NannyML, as they are out of the box, alarm on rows that don't drift: those of benchmarks/java/Calibration.java.

    python3 calibration_defaults.py evidently|nannyml SEEDS

Prints for each law, number of columns and window the share of windows in which any column alarms, and of Evidently also in which half of them do,
which is what it calls drift of the dataset.
"""

import os
import sys

import numpy as np

DAY = 1440
REFERENCE = 28 * DAY
WINDOWS = [50, 500, 5000]
LAWS = {"independent": (0, 0, 0), "correlated": (0.8, 0, 0), "lasting": (0.8, 0.9, 0), "daily": (0.8, 0, 1)}


def series(random, rows, lasting):
    noise = random.normal(size=rows)
    if not lasting:
        return noise
    values = np.empty(rows)
    values[0] = noise[0]
    for row in range(1, rows):
        values[row] = lasting * values[row - 1] + np.sqrt(1 - lasting**2) * noise[row]
    return values


def rows(seed, law, columns):
    common, lasting, daily = LAWS[law]
    random = np.random.default_rng(seed)
    count = REFERENCE + WINDOWS[-1]
    cause = series(random, count, lasting)
    made = []
    for c in range(columns):
        hour = daily * np.sin(2 * np.pi * (np.arange(count) + 97 * c) / DAY)
        value = np.sqrt(1 - common**2) * series(random, count, lasting) + common * cause + hour
        made.append(np.exp(value) if c % 3 == 1 else np.floor(2 * value) if c % 3 == 2 else value)
    return np.column_stack(made)


def evidently():
    import pandas as pd
    from evidently.legacy.calculations.stattests import registry
    from evidently.legacy.core import ColumnType

    def columns(reference, live):
        for c in range(reference.shape[1]):
            pair = pd.Series(reference[:, c]), pd.Series(live[:, c])
            test = registry.get_stattest(*pair, ColumnType.Numerical, None)
            yield test(*pair, ColumnType.Numerical, None).drifted

    return lambda reference: lambda live: list(columns(reference, live))


def nannyml():
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    import nannyml as nml
    import pandas as pd

    def fitted(reference):
        names = [f"x{c}" for c in range(reference.shape[1])]
        calculators = {}

        def alarms(live):
            size = len(live)
            if size not in calculators:
                calculators[size] = nml.UnivariateDriftCalculator(
                    column_names=names, continuous_methods=["jensen_shannon"], chunk_size=size).fit(pd.DataFrame(reference, columns=names))
            found = calculators[size].calculate(pd.DataFrame(live, columns=names)).filter(period="analysis").to_df()
            return [bool(found[name]["jensen_shannon"]["alert"].iloc[0]) for name in names]

        return alarms

    return fitted


def main():
    tool = {"evidently": evidently, "nannyml": nannyml}[sys.argv[1]]()
    seeds = int(sys.argv[2])
    print("| rows | columns | window | any column | half of them |\n|---|---|---|---|---|")
    for columns in (5, 20):
        for law in LAWS:
            alarms = {window: [] for window in WINDOWS}
            for seed in range(seeds):
                made = rows(seed, law, columns)
                alarm = tool(made[:REFERENCE])
                for window in WINDOWS:
                    alarms[window].append(alarm(made[REFERENCE:REFERENCE + window]))
            for window in WINDOWS:
                found = np.array(alarms[window])
                print(f"| {law} | {columns} | {window:,} | {100 * found.any(1).mean():.0f} % | {100 * (found.mean(1) >= 0.5).mean():.0f} % |", flush=True)


if __name__ == "__main__":
    main()
