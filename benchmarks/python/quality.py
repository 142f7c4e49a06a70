"""The same table's profile by Polars: quality.py FILE"""
import sys

import polars as pl

file = sys.argv[1]
table = pl.read_parquet(file) if file.endswith(".parquet") else pl.read_csv(file)
print(table.describe())
print(table.select(pl.all().n_unique()))
print([table[c].value_counts().sort("count").tail(10) for c in table.columns if table[c].dtype == pl.String and c != "t"])
