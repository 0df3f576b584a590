"""From a file to the store: one pass of the data base over the file, one transaction, every row accounted for.

    rows read = rows stored + rows rejected         always, and each reason is counted

The good rows are stored by one INSERT over the file as it streams. How many there should be is known from the line ends; only where
the numbers differ is the file read once more, to say which rows were rejected and why. A format with repeated keys (plan.keep) is first
laid into a temporary table. Either way nothing is visible before the transaction ends.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from keruen.errors import Text, in_both, in_language
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.errors import BadFile, StoreTrouble
from keruen.trade.formats import FormatOptions, plans_of
from keruen.trade.plan import Keep, Plan, quoted
from keruen.trade.reasons import BETWEEN, notes, reason
from keruen.trade.store import (
    KIND,
    Store,
    create_store,
    damage,
    damaged,
    interruptible,
    one_line,
    remove_import,
    transaction,
)
from keruen.trade.unpack import Progress, Source, unpack

MOST_REJECTS = 10_000  # kept with line and text for each import; the counts by reason are of all
MOST_TEXT = 500
OPEN_QUOTE = "UNQUOTED VALUE"
UNREADABLE = "unreadable"
STRUCTURE = {
    "MISSING COLUMNS": "cells_few",
    "TOO MANY COLUMNS": "cells_many",
    OPEN_QUOTE: "open_quote",
    "LINE SIZE OVER MAXIMUM": "line_long",
    "INVALID ENCODING": "encoding",
}
FLOW_COLUMNS = ("reporter", "partner", "code", "value", "mass_t", "quantity")
COLUMNS = {
    "trade": (*KIND[1:], *FLOW_COLUMNS),
    "freight": ("reporter", "origin", "destination", "flow", "mode", "goods", "start", "months", "mass_t", "tkm", "teu", "count", "scope"),
    "services": ("origin", "destination", "mode", "operator", "start", "months", "per_week", "note"),
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """One file, or one member of an archive, that is in the store now. `reasons` and `note` are texts in both languages."""

    import_id: int
    format: str
    file: str
    rows_read: int
    rows_stored: int
    rows_rejected: int
    reasons: tuple[tuple[Text, int], ...]
    note: Text

    def to_json(self) -> dict[str, object]:
        """The import as a flat object."""
        reasons = {
            name: {in_language(text, lang): count for text, count in self.reasons}
            for name, lang in (("reasons", "en"), ("reasons_ru", "ru"))
        }
        return {**self.__dict__, **reasons, **in_both("note", self.note)}


def import_file(
    data: Dataset,
    path: Path,
    *,
    store: Path | None = None,
    options: FormatOptions | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> list[Imported]:
    """Import a file, an archive's files each as an import of its own, all or none of them.

    options: what the file itself does not tell. again: replace an earlier import of the same file instead of refusing. progress: told
    the stage and the share done, 0 to 1.

    Raises:
        BadFile: it is no file that can be read, or no format knows it; nothing was stored.
        StoreTrouble: the store is locked by another process or damaged.
    """
    with interruptible(), create_store(data, store) as opened, workplace(opened.path) as folder:
        return import_into(opened, data, path, folder, options=options, again=again, progress=progress)


def import_into(
    opened: Store,
    data: Dataset,
    path: Path,
    folder: Path,
    *,
    options: FormatOptions | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> list[Imported]:
    """As import_file, into a store that is open to be written; what is unpacked goes into `folder`, which the caller clears."""
    tell = progress or (lambda stage, share: None)
    try:
        # A condition that is pushed down to the file works every cell out twice: for itself, and to be stored.
        opened.connection.execute("SET disabled_optimizers = 'filter_pushdown'")
        sources = unpack(path, folder, tell)
        found = plans_of(sources, options or FormatOptions(), folder, data)
        with transaction(opened):
            return [stored(opened, source, plan, again=again, tell=tell) for source, plan in found]
    except duckdb.Error as problem:
        raise trouble(opened, path, problem) from None


def trouble(store: Store, path: Path, problem: duckdb.Error) -> BadFile | StoreTrouble:
    """What an error of the data base during an import means."""
    text = str(problem).lower()
    if "no space left" in text or isinstance(problem, duckdb.OutOfMemoryException):
        return StoreTrouble(said("trade_no_room", path=path, reason=one_line(problem), path2=store.path))
    if damage(problem) and "csv" not in text:
        return damaged(store.path, problem)
    return BadFile(said("trade_no_table", path=path, reason=one_line(problem)))


@contextmanager
def workplace(store: Path) -> Iterator[Path]:
    """A folder beside the store for what is unpacked; folders that killed imports left go, since only one process can write a store."""
    prefix = f".{store.name}-import-"
    for left in store.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=store.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stored(store: Store, source: Source, plan: Plan, *, again: bool, tell: Progress) -> Imported:
    """Put one source into the store, inside the transaction that is open."""
    for (earlier,) in store.sql("SELECT import_id FROM imports WHERE sha256 = ?", [source.sha256]):
        if not again:
            raise BadFile(said("trade_again", name=source.name, earlier=earlier))
        remove_import(store, earlier)
    import_id = int(store.sql("SELECT coalesce(max(import_id), 0) + 1 FROM imports")[0][0])
    job = Job(store, source, plan, import_id)
    with watched(store.connection, lambda share: tell("storing", share)):
        job.prepare()
        rows = job.insert_kept() if plan.keep else job.insert()
        rejected = job.account(rows)
    kept_largest = plan.keep is not None and rejected.get(plan.keep.not_largest)
    noted = BETWEEN.join(filter(None, [plan.note, source.note, plan.keep.note if plan.keep and kept_largest else ""]))
    imported = Imported(
        import_id, plan.format, source.name, rows + sum(rejected.values()), rows, sum(rejected.values()),
        tuple((reason(code), count) for code, count in rejected.items()), notes(noted),
    )  # fmt: skip
    when = datetime.now(UTC).replace(tzinfo=None)
    got = datetime.fromtimestamp(source.modified_s, UTC).replace(tzinfo=None) if source.modified_s else None
    store.connection.execute(
        "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [import_id, plan.format, source.name, source.sha256, plan.source, plan.edition or None, got, when,
         imported.rows_read, imported.rows_stored, imported.rows_rejected, str(imported.note) or None,
         noted or None, plan.query or None],
    )  # fmt: skip
    return imported


class Job:
    """The SQL of one import: the same expressions store the good rows and tell what is wrong with the others."""

    def __init__(self, store: Store, source: Source, plan: Plan, import_id: int) -> None:
        self.store, self.source, self.plan, self.import_id = store, source, plan, import_id
        self.run = store.connection.execute
        self.columns = COLUMNS[plan.table]
        self.kinds = plan.table == "trade"

    # ---- the pieces of SQL ------------------------------------------------------------------------------------

    def file(self) -> str:
        """The file as a table function; what is no row at all goes to the table `broken`.

        DuckDB 2.0 loses every row behind a broken one if it is told to ignore errors and not to keep them (found by benchmarks/fuzz.py).
        """
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.plan.raw)
        return (
            f"read_csv({quoted(str(self.source.path))}, auto_detect=false, header=true, delim={quoted(self.plan.delimiter)}, "
            f"quote='\"', escape='\"', columns={{{columns}}}, "
            "store_rejects=true, rejects_table='broken', rejects_scan='broken_scans', rejects_limit=0)"
        )

    def read(self, query: str) -> duckdb.DuckDBPyConnection:
        """Run a query over the file once; `broken` holds what it found no row."""
        self.run("DROP TABLE IF EXISTS broken; DROP TABLE IF EXISTS broken_scans")
        return self.run(query)

    def rows(self, *, numbered: bool = False) -> str:
        """Every row of the file with our columns beside the raw ones; `nth` is its number if it is asked for.

        Areas are looked up in a list by the place of the code in an ENUM, which takes half the time of a join for each.
        """
        nth = "row_number() OVER () AS nth, " if numbered else ""
        values = [
            f"{self.plan.values.get(name, 'NULL')} AS {name}" for name in self.columns if name not in self.plan.areas
        ]
        for name, (system, code) in self.plan.areas.items():
            found = f"getvariable('areas_{system}')[enum_code(TRY_CAST({code} AS codes_{system})) + 1]"
            values.append(f"coalesce({found}, {code}) AS {name}" if self.plan.places else f"{found} AS {name}")
        return f"SELECT {', '.join(values)}, * FROM (SELECT {nth}* FROM {self.file()})"

    def of_kind(self, rows: str) -> str:
        """The rows with their kind from the temporary table `kind_map`, NULL if they have none."""
        same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM k.{name}" for name in self.plan.kind_by)
        return f"SELECT k.kind AS kind, r.* FROM ({rows}) AS r LEFT JOIN kind_map AS k ON {same or 'true'}"

    @property
    def good(self) -> str:
        """The condition of a row that is stored, if it has a kind."""
        rules = [] if self.kinds else self.plan.kind_rules
        return " AND ".join(f"({rule.holds})" for rule in (*rules, *self.plan.rules)) or "true"

    @property
    def reason(self) -> str:
        """SQL for what is wrong with a row, NULL if nothing is."""
        rules = [*self.plan.kind_rules, *self.plan.rules]
        cases = " ".join(f"WHEN ({rule.holds}) IS NOT TRUE THEN {quoted(rule.reason)}" for rule in rules)
        return f"CASE {cases} END" if cases else "NULL"

    # ---- the steps -------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Lay out the codes of areas that the file uses."""
        for system in sorted({system for system, _ in self.plan.areas.values()}):
            codes = f"FROM area_codes WHERE system = {quoted(system)}"
            self.run(f"CREATE OR REPLACE TEMP TYPE codes_{system} AS ENUM (SELECT code {codes} ORDER BY code)")
            self.run(f"SET VARIABLE areas_{system} = (SELECT list(area ORDER BY code) {codes})")

    def map_kinds(self, which: str) -> None:
        """Write the kinds of some rows of the file (`which` follows its name in a SELECT) into `kinds`, and lay out `kind_map`."""
        fields = ", ".join(f"{self.plan.values.get(name, 'NULL')} AS {name}" for name in KIND[1:])
        by = ", ".join(self.plan.kind_by)
        self.read(
            f"CREATE OR REPLACE TEMP TABLE seen AS SELECT DISTINCT * FROM (SELECT {by or '1 AS one'} FROM {self.file()} {which})"
        )
        holds = " AND ".join(f"({rule.holds})" for rule in self.plan.kind_rules) or "true"
        self.run(
            "CREATE OR REPLACE TEMP TABLE kind_map AS "
            f"SELECT *, CASE WHEN {holds} THEN dense_rank() OVER (ORDER BY {', '.join(KIND[1:])}) END AS kind "
            f"FROM (SELECT {by + ', ' if by else ''}{fields} FROM seen)"
        )
        self.run("UPDATE kind_map SET kind = kind + (SELECT coalesce(max(kind), 0) FROM kinds)")
        self.run(
            f"INSERT INTO kinds SELECT DISTINCT kind, {self.import_id}, {', '.join(KIND[1:])} FROM kind_map WHERE kind IS NOT NULL"
        )

    def insert(self) -> int:
        """Store the good rows straight from the file; returns how many.

        Most files are of one kind, that of their first row: its rows are stored first, and only if they are not all, the others.
        """
        if not self.kinds:
            return self.count(f"{self.into} FROM ({self.rows()}) WHERE {self.good}")
        self.map_kinds("LIMIT 1")
        first = self.store.sql(f"SELECT {', '.join(['kind', *self.plan.kind_by])} FROM kind_map")
        rows, others = 0, "WHERE true"
        if first and first[0][0] is not None:
            kind, *told = first[0]
            same = [
                f"{name} IS NOT DISTINCT FROM {'NULL' if value is None else quoted(value)}"
                for name, value in zip(self.plan.kind_by, told, strict=True)
            ]
            this = " AND ".join(same) or "true"
            rows = self.count(
                f"{self.into} FROM (SELECT {kind} AS kind, * FROM ({self.rows()})) WHERE {this} AND {self.good}"
            )
            others = f"WHERE NOT ({this})"
        if rows < self.source.lines - 1:
            self.map_kinds(others)
            if self.store.sql("SELECT 1 FROM kind_map WHERE kind IS NOT NULL LIMIT 1"):
                rows += self.count(
                    f"{self.into} FROM ({self.of_kind(self.rows())}) WHERE kind IS NOT NULL AND {self.good}"
                )
        return rows

    def count(self, insert: str) -> int:
        """Run an INSERT; returns how many rows it wrote."""
        done = self.read(insert).fetchone()
        return int(done[0]) if done else 0

    def broken(self) -> list[tuple[int, str, str]]:
        """What the last reading of the file found no row: line, reason and text; each line that an open quote swallowed by itself."""
        found = self.store.sql(
            "SELECT DISTINCT ON (line) line, error_type::VARCHAR, csv_line FROM broken ORDER BY line"
        )
        told = []
        for first, kind, text in found:
            lines = [line for line in (text or "").splitlines() if line] if kind == OPEN_QUOTE else [text or ""]
            told += [(int(first) + k, STRUCTURE.get(kind, UNREADABLE), line) for k, line in enumerate(lines or [""])]
        return told

    @property
    def into(self) -> str:
        """The beginning of the INSERT of this table."""
        if self.kinds:
            return f"INSERT INTO flows SELECT kind, {', '.join(FLOW_COLUMNS)}"
        return f"INSERT INTO {self.plan.table} SELECT {self.import_id}, {', '.join(self.columns)}"

    def insert_kept(self) -> int:
        """Store one row for each key; returns how many. The judged rows stay in the temporary table `judged`."""
        keep = self.plan.keep or Keep()
        self.map_kinds("")
        self.ordered(
            f"CREATE OR REPLACE TEMP TABLE staged AS SELECT nth, kind, {', '.join(self.columns)}, "
            f"{keep.rank} AS rank, {keep.within} AS part, "
            f"{self.reason} AS reason FROM ({self.of_kind(self.rows(numbered=True))})"
        )
        key = "flow, classification, start, months, currency, reporter, partner, code"
        self.run(f"""
            CREATE OR REPLACE TEMP TABLE judged AS
            SELECT * REPLACE (CASE WHEN reason IS NOT NULL THEN reason
                                   WHEN rank > best THEN {quoted(keep.beside_total)}
                                   WHEN rank = 2 THEN {quoted(keep.lone_part)}
                                   WHEN place > 1 THEN {quoted(keep.not_largest)} END AS reason)
            FROM (SELECT *, min(rank) FILTER (reason IS NULL) OVER (PARTITION BY {key}) AS best,
                         row_number() OVER (PARTITION BY {key}, reason IS NULL, rank, part ORDER BY value DESC NULLS LAST, nth) AS place
                  FROM staged)
        """)
        self.run("DROP TABLE staged")
        done = self.run(f"{self.into} FROM judged WHERE reason IS NULL").fetchone()
        return int(done[0]) if done else 0

    def account(self, rows: int) -> dict[str, int]:
        """Find out what was rejected, keep the first of it with line and text; returns how many rows by the code of the reason."""
        if self.plan.keep is None:
            if rows == self.source.lines - 1:
                return {}
            self.ordered(
                f"CREATE OR REPLACE TEMP TABLE judged AS SELECT * FROM (SELECT nth, {self.reason} AS reason "
                f"FROM ({self.rows(numbered=True)})) WHERE reason IS NOT NULL"
            )
        broken = self.broken()
        counted = self.store.sql(
            "SELECT reason, count(*) FROM judged WHERE reason IS NOT NULL GROUP BY reason ORDER BY 2 DESC, 1"
        )
        reasons = {str(reason): int(count) for reason, count in counted}
        for _, told, _ in broken:
            reasons[told] = reasons.get(told, 0) + 1
        if reasons:
            self.keep_rejects(broken)
            self.run("DROP TABLE IF EXISTS judged")
            self.store.connection.executemany(
                "INSERT INTO reject_reasons VALUES (?, ?, ?, ?)",
                [[self.import_id, code, str(reason(code)), count] for code, count in reasons.items()],
            )
        self.run("DROP TABLE IF EXISTS broken; DROP TABLE IF EXISTS broken_scans")
        return reasons

    def keep_rejects(self, broken: Sequence[tuple[int, str, str]]) -> None:
        """Write the first rejected rows with line and text. A row's line counts the broken lines before it, and the header."""
        self.run(
            f"CREATE OR REPLACE TEMP TABLE bad AS SELECT nth, reason FROM judged WHERE reason IS NOT NULL ORDER BY nth LIMIT {MOST_REJECTS}"
        )
        cells = ", ".join(f"coalesce({name}, '')" for name in self.plan.raw)
        text = f"left(concat_ws({quoted(self.plan.delimiter)}, {cells}), {MOST_TEXT})"
        line = self.plan.line or "NULL"
        found = self.ordered(
            f"SELECT nth, reason, text, line FROM (SELECT row_number() OVER () AS nth, {text} AS text, {line} AS line FROM {self.file()}) "
            "JOIN bad USING (nth) ORDER BY nth"
        )
        gaps, before, rows = [line for line, _, _ in broken], 0, []
        for at, code, content, told in found:
            while before < len(gaps) and gaps[before] <= at + 1 + before:
                before += 1
            rows.append((int(told) if told is not None else at + 1 + before, code, content))
        rows = sorted([*rows, *((line, code, text.rstrip("\r\n")[:MOST_TEXT]) for line, code, text in broken)])[
            :MOST_REJECTS
        ]
        self.store.connection.execute(
            "INSERT INTO rejects SELECT ?, unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [
                self.import_id,
                [row[0] for row in rows],
                [row[1] for row in rows],
                [str(reason(row[1])) for row in rows],
                [row[2] for row in rows],
            ],
        )

    def ordered(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query in which rows are numbered as the file has them."""
        self.run("SET preserve_insertion_order = true")
        found = self.read(query).fetchall()
        self.run("SET preserve_insertion_order = false")  # which streams the large passes
        return found


@contextmanager
def watched(connection: duckdb.DuckDBPyConnection, tell: Callable[[float], None]) -> Iterator[None]:
    """Tell the share done of what the data base is doing, a few times a second."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            share = connection.query_progress()
            if share > 0:
                tell(min(1.0, share / 100))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
