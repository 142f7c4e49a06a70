"""Reads measurements, a JSON object per line, and prints the median of each kind: as a table or as JSON (TABLE_OR_JSON)."""

import json
import statistics
import sys

rounds = {}
for line in sys.stdin:
    figure = json.loads(line)
    rounds.setdefault((figure["where"], figure["rows"], figure["what"], figure["who"]), []).append(figure)
kinds = [
    dict(zip(("where", "rows", "what", "who"), kind))
    | {
        "rounds": len(figures),
        "calls": sum(figure["calls"] for figure in figures),
        "p50": statistics.median(figure["p50"] for figure in figures),
        "p99": statistics.median(figure["p99"] for figure in figures),
    }
    for kind, figures in rounds.items()
]
kinds.sort(key=lambda kind: (kind["where"], kind["rows"]))
if sys.argv[1] == "json":
    print(json.dumps({"milliseconds": kinds}, indent=2))
else:
    print(f"{'':16}{'rows':>6}  {'':28}{'':12}{'p50 ms':>9}{'p99 ms':>9}")
    for kind in kinds:
        print(f"{kind['where']:16}{kind['rows']:>6}  {kind['what']:28}{kind['who']:12}{kind['p50']:>9.3f}{kind['p99']:>9.3f}")
