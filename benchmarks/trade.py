"""The trade store and the audit of figures, in one command: `python benchmarks/trade.py`.

    --rows 11000000   the size of a year of BACI in HS92 (default)
    --keep FOLDER     where the file is made and left; default: a folder that goes
    --part audit      one part only: store, statistics or audit

First the import of a year of BACI beside the data base's own load of the same CSV, and beside pandas and polars, and three queries; then
briefs and the mirror table of all pairs (benchmarks/trade_statistics.py). Then the audit: kilobytes a second and the matrix of verdicts
(benchmarks/audit.py), how fast texts are read (benchmarks/reading.py), and F1 over slots of the sentences of the tests and, where the
shared evidence lies beside the repository, of the published claims put in words (tests/figures/scoring.py).

The file is in BACI's exact format: exporters sorted, 226 areas, about 5,300 codes with leading zeros, values with three decimals, three
quantities of a hundred missing as NA padded with blanks. Every reader is a process of its own; told are wall time, processor time and
the largest memory, each the best of --times runs. Loads are compared as ratios to the bare load of DuckDB with types it finds itself.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

HOUSE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests" / "figures")]

from scoring import f1_of_published, f1_of_sentences  # noqa: E402

from benchmarks.audit import audit_speed, print_matrix, speed_text, verdicts  # noqa: E402
from benchmarks.reading import FILLER, f_line, reading_speed  # noqa: E402
from benchmarks.trade_statistics import measured_statistics, print_statistics  # noqa: E402

PARTS = ("store", "statistics", "audit")
AUDITED_KB = 400
READ_S = 3.0

MAKE = """
COPY (
  WITH areas AS (SELECT row_number() OVER (ORDER BY code::INTEGER) - 1 AS n, code FROM codes),
       products AS (SELECT n, lpad((10121 + n * 181)::VARCHAR, 6, '0') AS k FROM range(5300) AS r(n)),
       rows AS (SELECT r.n, hash(r.n * 7 + 1) % {areas} AS j, hash(r.n * 7 + 2) % 5300 AS k, hash(r.n * 7 + 3) % 1000003 / 1000003.0 AS u,
                       hash(r.n * 7 + 4) % 1000003 / 1000003.0 AS w, hash(r.n * 7 + 5) % 100 AS missing FROM range({rows}) AS r(n))
  SELECT 2022 AS t, a.code AS i, b.code AS j, p.k AS k, printf('%.3f', 0.001 + exp(12 * u - 2)) AS v,
         CASE WHEN missing < 3 THEN '           NA' ELSE printf('%.3f', exp(12 * w - 4)) END AS q
  FROM rows JOIN areas AS a ON a.n = rows.n * {areas} // {rows} JOIN areas AS b ON b.n = rows.j JOIN products AS p ON p.n = rows.k
  ORDER BY rows.n
) TO '{path}' (HEADER, QUOTE '')
"""
CONFIG = "config=dict(memory_limit='1000MB', preserve_insertion_order=False)"
READERS = {
    "duckdb, bare load": f"import duckdb; c = duckdb.connect({{store!r}}, {CONFIG}); "
    "c.execute(\"CREATE TABLE t AS FROM read_csv('{file}')\"); c.close()",
    "keruen trade import": "from pathlib import Path; from keruen.tables.dataset import load; "
    "from keruen.trade.importing import import_file; "
    "(done,) = import_file(load(), Path({file!r}), store=Path({store!r})); assert done.rows_stored == {rows}, done",
    "pandas read_csv": "import pandas; pandas.read_csv({file!r}, dtype={{'k': str}}, na_values=['NA'], skipinitialspace=True)",
    "polars read_csv": "import polars; polars.read_csv({file!r}, schema_overrides={{'k': polars.String, 'q': polars.String}})"
    ".with_columns(polars.col('q').str.strip_chars().cast(polars.Float64, strict=False))",
}
PACKAGES = {"pandas read_csv": "pandas", "polars read_csv": "polars"}
QUERIES = {
    "one pair by product": "SELECT code, sum(value), sum(mass_t) FROM trade WHERE reporter = 'KAZ' AND partner = 'VNM' GROUP BY code",
    "one country by partner": "SELECT partner, sum(value) FROM trade WHERE reporter = 'KAZ' GROUP BY partner",
    "all pairs": "SELECT reporter, partner, sum(value) FROM trade GROUP BY ALL",
}


def make(path: Path, rows: int) -> None:
    """Write the file with the numeric codes of areas that the shipped tables know."""
    from keruen.tables.dataset import load

    codes = [row.text("numeric").lstrip("0") for row in load()["countries"] if row.text("numeric")][:226]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE codes AS SELECT unnest(?) AS code", [codes])
        connection.execute(MAKE.format(rows=rows, areas=len(codes), path=path))


def measured(code: str) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and largest memory in MB of a Python process that runs this code."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {code}")
    return (
        time.perf_counter() - begin,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
    )


def main() -> None:
    """Print the table of the store, then what the audit finds and how fast."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=11_000_000)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    wanted = (given.part,) if given.part else PARTS
    found: dict[str, dict[str, Any]] = {}
    if "store" in wanted:
        found["store"] = measured_store(given.rows, given.times, given.keep)
    if "statistics" in wanted:
        found["statistics"] = measured_statistics(given.rows, given.keep)
    if "audit" in wanted:
        found["audit"] = measured_audit()
    if given.json:
        print(json.dumps(found, indent=2))
        return
    told = {"store": print_store, "statistics": print_statistics, "audit": print_audit}
    for number, (part, measures) in enumerate(found.items()):
        print(end="\n" if number else "")
        told[part](measures)


def measured_store(rows: int, times: int, keep: Path | None) -> dict[str, Any]:
    """Best wall and processor seconds and memory of each reader, and milliseconds of each query."""
    with tempfile.TemporaryDirectory() as made:
        folder = keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"BACI_HS17_Y2022_V{rows:06d}.csv"
        if not file.exists():  # in a process of its own, whose memory the readers would be told to have
            measured(f"from benchmarks.trade import make; from pathlib import Path; make(Path({str(file)!r}), {rows})")
        found: dict[str, list[tuple[float, float, float]]] = {}
        for _ in range(times):
            for name, code in READERS.items():
                if importlib.util.find_spec(PACKAGES.get(name, "duckdb")) is None:
                    continue
                store = folder / f"{name.split()[0].strip(',')}.duckdb"
                store.unlink(missing_ok=True)
                found.setdefault(name, []).append(measured(code.format(file=str(file), store=str(store), rows=rows)))
        return {
            "rows": rows,
            "bytes": file.stat().st_size,
            "times": times,
            "readers": {name: [min(column) for column in zip(*runs, strict=True)] for name, runs in found.items()},
            "queries_ms": {name: query_ms(folder / "keruen.duckdb", query) for name, query in QUERIES.items()},
        }


def print_store(found: dict[str, Any]) -> None:
    """The table of readers and the times of the queries."""
    bare = found["readers"]["duckdb, bare load"]
    size = f"{found['rows']:,} rows, {found['bytes'] / 1e6:,.0f} MB"
    print(f"{size}, {os.cpu_count()} cores, best of {found['times']}\n")
    print(f"{'':24}{'wall s':>9}{'ratio':>7}{'cpu s':>9}{'ratio':>7}{'memory MB':>11}")
    for name, (wall, cpu, memory) in found["readers"].items():
        print(f"{name:24}{wall:9.2f}{wall / bare[0]:7.2f}{cpu:9.2f}{cpu / bare[1]:7.2f}{memory:11,.0f}")
    print()
    for name, took in found["queries_ms"].items():
        print(f"{name:24}{took:9.1f} ms")


def measured_audit() -> dict[str, Any]:
    """Verdicts expected and found, kilobytes a second, and F1 of the reader by language."""
    from keruen.tables.dataset import load

    data = load()
    return {
        "verdicts": [[*pair, count] for pair, count in verdicts(data).items()],
        "audit": audit_speed(data, AUDITED_KB),
        "reading_kb_s": {lang: reading_speed(lang, READ_S)[0] for lang in FILLER},
        "f1": f1_of_sentences() | f1_of_published(),
    }


def print_audit(found: dict[str, Any]) -> None:
    """The matrix of verdicts, the speeds, and F1."""
    print_matrix(Counter({(expected, got): n for expected, got, n in found["verdicts"]}))
    print(speed_text(found["audit"]))
    print("reading alone: " + ", ".join(f"{lang} {kb_s:.0f} kB/s" for lang, kb_s in found["reading_kb_s"].items()))
    for name, (score, sentences) in found["f1"].items():
        print(f_line(name, score, sentences))


def query_ms(store: Path, query: str) -> float:
    """Milliseconds of a query on the store, the best of five."""
    from keruen.trade.store import open_store

    with open_store(store) as opened:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            opened.sql(query)
            times.append(time.perf_counter() - begin)
    return 1000 * min(times)


if __name__ == "__main__":
    main()
