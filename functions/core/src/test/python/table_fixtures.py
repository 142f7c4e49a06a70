"""Writes the Parquet file that TableReaderTest reads.

    pip install -r requirements.txt
    python table_fixtures.py ../resources/table
"""

import datetime
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def main():
    start = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    times = [start + datetime.timedelta(hours=hour) for hour in range(5)]
    table = pa.table({
        "at": pa.array(times, pa.timestamp("us", tz="UTC")),
        "extra": pa.array([1, 2, 3, 4, 5], pa.int32()),
        "kind": pa.array(["a", "b", None, "a", "b"]),
        "x": pa.array([0.5, 1.5, None, float("inf"), 4.5], pa.float64()),
    })
    pq.write_table(table, Path(sys.argv[1]) / "rows.parquet", compression="zstd")


if __name__ == "__main__":
    main()
