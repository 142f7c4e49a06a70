"""One tool's look at live rows against a reference: evidently|nannyml FOLDER. See benchmarks/monitor."""

import os
import sys
from pathlib import Path

import pandas as pd

folder = Path(sys.argv[2])
reference = pd.read_parquet(folder / "reference.parquet").drop(columns=["t", "y"])
live = pd.read_parquet(folder / "live.parquet")
if sys.argv[1] == "evidently":
    from evidently import Report
    from evidently.presets import DataDriftPreset

    Report([DataDriftPreset()]).run(live, reference).dict()
else:
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    import nannyml

    calculator = nannyml.UnivariateDriftCalculator(column_names=list(live.columns), chunk_number=10)
    calculator.fit(reference).calculate(live).to_df()
