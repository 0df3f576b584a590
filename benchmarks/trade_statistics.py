"""How fast statistics come out of a large trade store: the bilateral brief, and the mirror table of all pairs.

    python benchmarks/trade_statistics.py [--rows 11000000] [--folder FOLDER]          prints a Markdown table

The store is made here: two years of a source that tells each flow once (as BACI does), and one year in which both countries declare each
flow, half the rows each; 200 countries, 5,000 codes of six digits, rows in the order of the reporter as files come. Times are of the
wall, medians of so many runs with the store open, and of the first run after opening.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keruen
from keruen.trade.bilateral import brief
from keruen.trade.mirror import mirror_table
from keruen.trade.period import period
from keruen.trade.store import Store, create_store, open_store

RUNS = 9
FILL = """
INSERT INTO flows WITH countries AS (SELECT area, row_number() OVER (ORDER BY area) - 1 AS n FROM areas WHERE NOT is_aggregate AND
length(area) = 3 ORDER BY area LIMIT 200),
     drawn AS (SELECT (hash(i) % 200)::INTEGER AS a, (hash(i + 1000000007) % 200)::INTEGER AS b, (hash(i + 2000000011) % 5000)::INTEGER AS
     k,
                      exp((hash(i + 3000000019) % 1000000) / 1e6 * 14) AS v FROM range($rows) r(i)),
     once AS (SELECT a, b, k, max(v) AS v FROM drawn WHERE a <> b GROUP BY a, b, k)
SELECT $kind, x.area, y.area, lpad((k * 199 + 1000)::VARCHAR, 6, '0'), round(v), CASE WHEN k % 33 <> 0 THEN round(v / 3) / 1000 END, NULL
FROM once JOIN countries x ON x.n = a JOIN countries y ON y.n = b ORDER BY x.area, y.area, k
"""


def fill(store: Store, rows: int) -> int:
    """Two years of a reconciled source, and one declared by both sides; returns how many rows there are."""
    run = store.connection.execute
    run(
        "INSERT INTO imports (import_id, format, source, edition) VALUES (1, 'baci', 'reconciled', 'A'), (2, 'comtrade', 'declared', 'A')"
    )
    kinds = [
        (1, 1, "export", "2022-01-01", "FOB", "reconciled"), (2, 1, "export", "2023-01-01", "FOB", "reconciled"),
        (3, 2, "export", "2023-01-01", "FOB", "reporter"), (4, 2, "import", "2023-01-01", "CIF", "reporter"),
    ]  # fmt: skip
    for kind, number, flow, start, valuation, perspective in kinds:
        run(
            "INSERT INTO kinds (kind, import_id, flow, classification, start, months, currency, valuation, perspective) "
            "VALUES (?, ?, ?, 'HS17', ?, 12, 'USD', ?, ?)",
            [kind, number, flow, start, valuation, perspective],
        )
        run(FILL, {"rows": rows // 4, "kind": kind})
    run("CHECKPOINT")
    return int(store.sql("SELECT count(*) FROM flows")[0][0])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the first run and the median of the others."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return times[0], statistics.median(times[1:])


def measured_statistics(rows: int, folder: Path | None = None) -> dict[str, Any]:
    """Milliseconds of the first run and the median of others for each question to a store of so many rows."""
    data = keruen.load()
    with tempfile.TemporaryDirectory(dir=folder) as made:
        path = Path(made) / "trade.duckdb"
        with create_store(data, path) as store:
            filled = fill(store, rows)
        with open_store(path) as store:
            year = period("2023")
            asked: list[tuple[str, Callable[[], object]]] = [
                ("brief of a pair, all goods", lambda: brief(store, data, "KAZ", "CHN", period=year)),
                ("brief of a pair by product", lambda: brief(store, data, "KAZ", "CHN", period=year, by="product")),
                ("brief of a pair, one product", lambda: brief(store, data, "KAZ", "CHN", period=year, code="81")),
                ("brief of a country by partner", lambda: brief(store, data, "KAZ", period=year)),
                ("mirror table of all pairs", lambda: mirror_table(store, year)),
            ]
            return {"rows": filled, "bytes": path.stat().st_size, "ms": {name: timed(work) for name, work in asked}}


def print_statistics(found: dict[str, Any]) -> None:
    """The questions as a table in Markdown."""
    print(
        f"{found['rows']:,} rows, {found['bytes'] / 1e6:,.0f} MB\n\n| question | first ms | median ms |\n|---|---|---|"
    )
    for name, (first, median) in found["ms"].items():
        print(f"| {name} | {first:,.0f} | {median:,.0f} |")


def main() -> None:
    """Print the table of questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=11_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    print_statistics(measured_statistics(options.rows, options.folder))


if __name__ == "__main__":
    main()
