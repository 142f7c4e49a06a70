"""Writes the Parquet files that TableReaderTest reads.

    pip install -r requirements.txt
    python table_fixtures.py ../resources/table
"""

import datetime
import decimal
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
    folder = Path(sys.argv[1])
    pq.write_table(table, folder / "rows.parquet", compression="zstd")

    money = [decimal.Decimal(each) for each in ["1.00", "-2.50", "1234567.89", "0.00", "100.00"]]
    types = pa.table({
        "at": pa.array(times, pa.timestamp("us", tz="UTC")),
        "double": pa.array([1.0, None, 2.5, -0.0, 2.0**53 + 2], pa.float64()),
        "float": pa.array([1.0, None, 2.5, 0.1, 3e9], pa.float32()),
        "small": pa.array(money, pa.decimal128(9, 2)),
        "large": pa.array(money, pa.decimal128(18, 4)),
        "day": pa.array([datetime.date(2026, 3, 1 + day) for day in range(5)]),
        "far": pa.array([0, 1, -719_162, 2_147_483_647, 2_932_896], pa.int32()).cast(pa.date32()),
    })
    for codec in ["none", "snappy", "gzip", "lz4", "zstd", "brotli"]:
        pq.write_table(table, folder / f"{codec}.parquet", compression=codec)
    pq.write_table(types, folder / "types.parquet", store_decimal_as_integer=True)
    pq.write_table(
        pa.table({"at": types["at"], "wide": pa.array(money, pa.decimal128(30, 2))}),
        folder / "wide.parquet", store_decimal_as_integer=True,
    )


if __name__ == "__main__":
    main()
