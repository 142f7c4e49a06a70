"""The same join by Polars: join.py FOLDER"""
import sys

import polars as pl

folder = sys.argv[1]
labels = pl.scan_parquet(folder + "/labels.parquet").sort("t")
features = pl.scan_parquet(folder + "/features/*.parquet").sort("t")
labels.join_asof(features, on="t", by="k").sink_parquet(folder + "/polars.parquet")
