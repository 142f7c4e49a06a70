"""How far a replay is above the protocol's model that is trained anew before every chunk.

    python3 streams_beside.py PREDICTIONS.csv TRACE.csv BEGIN

PREDICTIONS.csv is a replay's, a chunk a week from BEGIN on; TRACE.csv what benchmarks/retraining --trace wrote. Prints the model's accuracy and
the difference, in percent, and half the width of its 95 % interval: of means of 20 parts of the time, so that good and bad weeks in a row count.
"""

import csv
import math
import statistics
import sys
from datetime import datetime, timedelta

BATCHES = 20
STUDENT = 2.093  # of 19 degrees of freedom, 97.5 %

predictions, trace, begin = sys.argv[1:]
begin = datetime.fromisoformat(begin)
with open(trace, newline="") as file:
    errors = {int(row["chunk"]): float(row["error"]) for row in csv.DictReader(file) if row["price"] == "0.1"}
right = [[] for _ in errors]
with open(predictions, newline="") as file:
    for row in csv.DictReader(file):
        week = (datetime.fromisoformat(row["time"]) - begin) // timedelta(weeks=1)
        if week == len(right):
            break  # rows that don't fill a chunk, which the protocol leaves out
        right[week].append(row["prediction"] == row["label"])
if len(right) < BATCHES:
    sys.exit(f"{trace} has {len(right)} chunks; an interval needs {BATCHES}")
above = [100 * (statistics.mean(ours) - 1 + errors[week]) for week, ours in enumerate(right)]
parts = [statistics.mean(above[len(above) * i // BATCHES : len(above) * (i + 1) // BATCHES]) for i in range(BATCHES)]
error = statistics.stdev(parts) / math.sqrt(BATCHES)
print(f"{100 * (1 - statistics.mean(errors.values())):.2f} {statistics.mean(above):+.2f} {STUDENT * error:.2f}")
