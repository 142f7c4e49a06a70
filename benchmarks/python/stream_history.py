"""A stream of the retraining protocol as a history that can be replayed: a chunk is a week and begins when the schedule comes round.

    python3 stream_history.py STREAM.csv[.gz] SPEC.yaml FOLDER

Writes FOLDER/history.csv and FOLDER/spec.yaml and prints when chunk 0 begins.
"""

import csv
import gzip
import sys
from datetime import datetime, timedelta
from pathlib import Path

BEGIN = datetime(2001, 1, 7, 2)  # a Sunday at two

source, spec, folder = map(Path, sys.argv[1:])
with gzip.open(source, "rt") if source.suffix == ".gz" else source.open() as stream:
    head, *rows = csv.reader(stream)
first = sum(row[0] == "-1" for row in rows)
chunk = sum(row[0] == "0" for row in rows)
names = [f"f{number}" for number in range(1, len(head) - 1)]

folder.mkdir(parents=True, exist_ok=True)
with (folder / "history.csv").open("w") as history:
    history.write(",".join(["time", *names, "label"]) + "\n")
    for number, row in enumerate(rows):
        time = BEGIN + timedelta(weeks=1) * (number - first + 0.5) / chunk
        label = "yes" if row[-1] == "1" else "no"
        history.write(",".join([time.isoformat(timespec="microseconds") + "Z", *row[1:-1], label]) + "\n")
features = "\n".join(f"  - {{name: {name}, type: number}}" for name in names)
(folder / "spec.yaml").write_text(spec.read_text().replace("  # features", features))
print(BEGIN.isoformat() + "Z")
