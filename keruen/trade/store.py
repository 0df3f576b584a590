"""The trade store: one DuckDB file with every imported figure, its source and its scope.

    imports  one row for each imported file       rejects, reject_reasons  what was read and not stored, and why
    trade    the figures of trade                 freight, services        tonnes by origin, destination, mode; departures per week
    pairs    trade between two single areas       areas, members           names of areas, dated membership of groups

`trade` is a view over two tables, because eleven of its eighteen columns are the same for millions of rows: `flows` holds what differs
from row to row, and `kinds` once what does not (flow, period, currency, ...). A file is written in one transaction, so a process that
is killed leaves the store as it was. An unknown figure is NULL.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from keruen.errors import in_both
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.errors import BadQuery, StoreTrouble, UnknownImport
from keruen.trade.reasons import notes

VERSION = 2
MEMORY_LIMIT = "700MB"  # of the data base; the process around it needs a few hundred more
KIND = (
    "import_id", "flow", "classification", "start", "months", "currency", "valuation", "unit", "mode", "perspective",
    "estimated", "provisional",
)  # fmt: skip

AREA_TABLES = ("countries", "trade_areas", "trade_area_codes", "trade_area_names", "trade_members")
SYSTEMS = {
    "any": ("comtrade", "alpha3"),
    "geo": ("eurostat", "alpha3"),
    "all": ("comtrade", "alpha3", "eurostat", "name"),
}
"""Systems of codes that are several together; the first in which a code is known decides."""

SCHEMA = """
CREATE TABLE about (version INTEGER, areas VARCHAR);
CREATE TABLE imports (
  import_id INTEGER PRIMARY KEY, format VARCHAR, file VARCHAR, sha256 VARCHAR, source VARCHAR, edition VARCHAR, retrieved_at TIMESTAMP,
  imported_at TIMESTAMP, rows_read BIGINT, rows_stored BIGINT, rows_rejected BIGINT, note VARCHAR, note_codes VARCHAR,
  query VARCHAR);
CREATE TABLE rejects (import_id INTEGER, line BIGINT, code VARCHAR, reason VARCHAR, text VARCHAR);
CREATE TABLE reject_reasons (import_id INTEGER, code VARCHAR, reason VARCHAR, rows BIGINT);
CREATE TABLE kinds (
  kind INTEGER PRIMARY KEY, import_id INTEGER, flow VARCHAR, classification VARCHAR, start DATE, months TINYINT, currency VARCHAR,
  valuation VARCHAR, unit VARCHAR, mode VARCHAR, perspective VARCHAR, estimated BOOLEAN, provisional BOOLEAN);
CREATE TABLE flows (
  kind INTEGER, reporter VARCHAR, partner VARCHAR, code VARCHAR, value DOUBLE, mass_t DOUBLE, quantity DOUBLE);
CREATE TABLE freight (
  import_id INTEGER, reporter VARCHAR, origin VARCHAR, destination VARCHAR, flow VARCHAR, mode VARCHAR, goods VARCHAR, start DATE,
  months TINYINT, mass_t DOUBLE, tkm DOUBLE, teu DOUBLE, count DOUBLE, scope VARCHAR);
CREATE TABLE services (
  import_id INTEGER, origin VARCHAR, destination VARCHAR, mode VARCHAR, operator VARCHAR, start DATE, months TINYINT, per_week DOUBLE,
  note VARCHAR);
CREATE TABLE areas (area VARCHAR, name VARCHAR, name_ru VARCHAR, valid_from DATE, valid_to DATE, is_aggregate BOOLEAN, note VARCHAR);
CREATE TABLE members (area VARCHAR, member VARCHAR, valid_from DATE, valid_to DATE);
CREATE TABLE area_codes (system VARCHAR, code VARCHAR, area VARCHAR);
CREATE VIEW trade AS
  SELECT import_id, reporter, partner, flow, classification, code,
         (CASE WHEN code = 'TOTAL' THEN 0 ELSE length(code) END)::TINYINT AS digits,
         start, months, value, currency, valuation, mass_t, quantity, unit, mode, perspective, estimated, provisional
  FROM flows JOIN kinds USING (kind);
CREATE VIEW pairs AS
  SELECT * FROM trade
  WHERE reporter NOT IN (SELECT area FROM areas WHERE is_aggregate) AND partner NOT IN (SELECT area FROM areas WHERE is_aggregate);
"""


class Store:
    """An open store. Use it in a `with` block, or call `close`."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self.connection = connection

    def sql(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; unknown cells are None. Raises BadQuery with what the data base says of it."""
        return self._run(query, parameters).fetchall()

    def frame(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> dict[str, NDArray[Any]]:
        """The columns of a query as numpy arrays: numbers as float64 (unknown: NaN), dates as datetime64 (NaT), texts as objects (None)."""
        found = self._run(query, parameters)
        names = [column[0] for column in found.description or ()]
        arrays = found.fetchnumpy()
        return {name: plain_array(arrays[name]) for name in names}

    def columns(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns and the rows of a query."""
        found = self._run(query, ())
        return [column[0] for column in found.description or ()], found.fetchall()

    def _run(self, query: str, parameters: Sequence[object] | Mapping[str, object]) -> duckdb.DuckDBPyConnection:
        try:
            with interruptible():
                return self.connection.execute(query, parameters or None)
        except duckdb.Error as problem:
            if damage(problem):
                raise damaged(self.path, problem) from None
            raise BadQuery(said("trade_sql_refused", reason=one_line(problem))) from None

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def plain_array(values: Any) -> NDArray[Any]:
    """A column as a plain array: masked numbers become NaN, other masked values None."""
    mask = np.ma.getmaskarray(values)
    data = np.asarray(np.ma.getdata(values))
    if data.dtype.kind in "iuf":
        numbers = data.astype(np.float64)
        numbers[mask] = np.nan
        return numbers
    if data.dtype.kind == "M":
        return np.where(mask, np.datetime64("NaT"), data)
    if mask.any():
        data = data.astype(object)
        data[mask] = None
    return data


def store_path(chosen: Path | None = None) -> Path:
    """The file of the store: the chosen one, else $KERUEN_TRADE, else trade.duckdb in the user's data folder."""
    if chosen is not None:
        return chosen
    if named := os.environ.get("KERUEN_TRADE"):
        return Path(named)
    if sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    elif os.name == "nt":
        folder = Path(os.environ.get("LOCALAPPDATA", str(Path.home())))
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share")))
    return folder / "keruen" / "trade.duckdb"


def open_store(path: Path | None = None, *, read_only: bool = True) -> Store:
    """Open an existing store, by default only to read; several processes may read one store at the same time.

    A store opened to be read touches no other file, whatever the SQL says.

    Raises:
        StoreTrouble: there is none, another process writes it, or it is damaged.
    """
    path = store_path(path)
    if not path.is_file():
        raise StoreTrouble(said("trade_store_none", path=path))
    store = connect(path, read_only=read_only)
    try:
        check_version(store)
    except BaseException:
        store.close()
        raise
    return store


def create_store(data: Dataset, path: Path | None = None) -> Store:
    """Open a store to write, and make it with areas and groups if there is none yet. Raises StoreTrouble as open_store does."""
    path = store_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreTrouble(said("trade_store_folder", parent=path.parent, reason=problem.strerror or problem)) from None
    store = connect(path, read_only=False)
    try:
        with transaction(store):
            if not store.sql("SELECT 1 FROM information_schema.tables"):
                store.connection.execute(SCHEMA)
                store.connection.execute("INSERT INTO about VALUES (?, NULL)", [VERSION])
            check_version(store)
            fill_areas(store, data)
    except BaseException:
        store.close()
        raise
    return store


def connect(path: Path, *, read_only: bool) -> Store:
    """Open the file of a store as it is."""
    config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "threads": min(4, os.cpu_count() or 1), "preserve_insertion_order": False,
                              "autoinstall_known_extensions": False}  # fmt: skip
    if read_only:
        config |= {"enable_external_access": False, "lock_configuration": True}
    try:
        return Store(path, duckdb.connect(str(path), read_only=read_only, config=config))
    except duckdb.Error as problem:
        text = str(problem).lower()
        if (
            "lock" in text
            or "already open" in text
            or "being used by another" in text
            or "different configuration" in text
        ):
            raise StoreTrouble(said("trade_store_locked", path=path)) from None
        if damage(problem) or "not a valid duckdb" in text:
            raise damaged(path, problem) from None
        raise StoreTrouble(said("trade_store_open", path=path, reason=one_line(problem))) from None
    except (OSError, UnicodeError) as problem:
        raise StoreTrouble(said("trade_store_open_system", path=path, reason=problem)) from None


def damage(problem: duckdb.Error) -> bool:
    """Whether an error of the data base means that its file is not whole."""
    text = str(problem).lower()
    kinds = (duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    words = (
        "corrupt",
        "checksum",
        "could not read enough bytes",
        "could not read all requested bytes",
        "failed to deserialize",
        "wal",
    )
    return isinstance(problem, kinds) or any(word in text for word in words)


def damaged(path: Path, problem: Exception) -> StoreTrouble:
    """The error for a file that is no whole store."""
    return StoreTrouble(said("trade_store_damaged", path=path, reason=one_line(problem)))


def one_line(problem: Exception) -> str:
    """What the data base says, without the picture of the query below it."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return " ".join(kept)[:400] or type(problem).__name__


def check_version(store: Store) -> None:
    """Raise StoreTrouble if the file is not a store of this version."""
    try:
        found = store.connection.execute("SELECT version FROM about").fetchone()
    except duckdb.CatalogException:
        raise StoreTrouble(said("trade_store_other", path=store.path)) from None
    except duckdb.Error as problem:
        raise damaged(store.path, problem) from None
    if found is None or found[0] != VERSION:
        raise StoreTrouble(said("trade_store_version", path=store.path, reason=found and found[0], version=VERSION))


@contextmanager
def interruptible() -> Iterator[None]:
    """A block in which Ctrl-C and the end of the process are what they are everywhere else, and no RuntimeError of the data base."""
    try:
        yield
    except RuntimeError as problem:
        if "interrupted" not in str(problem).lower():
            raise
        raise (problem.__cause__ or problem.__context__ or KeyboardInterrupt()) from None


@contextmanager
def transaction(store: Store) -> Iterator[None]:
    """A block that is done wholly or not at all."""
    run = store.connection.execute
    run("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        with suppress(
            duckdb.Error
        ):  # a fatal error has ended the transaction already; the first error is the one to tell
            run("ROLLBACK")
        raise
    run("COMMIT")


def fill_areas(store: Store, data: Dataset) -> None:
    """Put the areas, their codes and the dated members of groups as the tables have them; nothing is written if they are there."""
    fingerprint = data.hash_of(AREA_TABLES)
    if store.sql("SELECT areas FROM about") == [(fingerprint,)]:
        return
    areas: list[tuple[object, ...]] = [
        (row.text("iso3"), row.text("name"), row.text("name_ru") or None, None, None, False, row.text("note") or None)
        for row in data["countries"]
    ]
    areas += [
        (row.text("area"), row.text("name"), row.text("name_ru") or None, row.text("valid_from") or None, row.text("valid_to") or None,
         bool(row.boolean("aggregate")), row.text("note") or None)
        for row in data["trade_areas"]
    ]  # fmt: skip
    members = [
        (row.text("area"), row.text("member"), row.text("valid_from") or None, row.text("valid_to") or None)
        for row in data["trade_members"]
    ]
    for table, rows in (("areas", areas), ("members", members), ("area_codes", area_codes(data))):
        columns = list(zip(*rows, strict=True))
        store.connection.execute(f"DELETE FROM {table}")
        store.connection.execute(
            f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in columns)}",
            [list(column) for column in columns],
        )
    store.connection.execute("UPDATE about SET areas = ?", [fingerprint])


def area_codes(data: Dataset) -> list[tuple[str, str, str]]:
    """Which code means which area: (system, code, area). A system's own codes come before those of ISO 3166.

    Systems: comtrade (numeric, also with leading zeros), alpha3 (three letters, of ISO and of the statistics), eurostat (two letters), name
    (English and Russian, in capitals), and those of SYSTEMS.
    """
    found: dict[tuple[str, str], str] = {}
    for row in data["trade_area_codes"]:
        system = "alpha3" if row.text("system") in ("comtrade_iso", "wits") else row.text("system")
        found[system, row.text("code")] = row.text("area")
    for row in data["trade_areas"]:
        found.setdefault(("alpha3", row.text("area")), row.text("area"))
    for row in data["countries"]:
        iso3 = row.text("iso3")
        found.setdefault(("alpha3", iso3), iso3)
        found.setdefault(("eurostat", row.text("country")), iso3)
        for name in filter(None, (row.text("name"), row.text("name_ru"))):
            found.setdefault(("name", name.upper()), iso3)
        if row.text("numeric"):
            found.setdefault(("comtrade", row.text("numeric").lstrip("0")), iso3)
    for row in data["trade_area_names"]:
        found.setdefault(("name", row.text("name").upper()), row.text("area"))
    for (system, code), area in list(found.items()):
        if system == "comtrade":
            found.update({(system, code.zfill(2)): area, (system, code.zfill(3)): area})
    for together, parts in SYSTEMS.items():
        for part in parts:
            for (system, code), area in list(found.items()):
                if system == part:
                    found.setdefault((together, code), area)
    return [(system, code, area) for (system, code), area in found.items()]


def imports_of(store: Store) -> list[dict[str, Any]]:
    """The imports, the earliest first: what was read, stored and rejected, times as ISO 8601 texts, notes in both languages."""
    names, rows = store.columns(
        "SELECT import_id, format, file, source, edition, retrieved_at, imported_at, rows_read, rows_stored, rows_rejected, query, "
        "note_codes AS note FROM imports ORDER BY import_id"
    )
    found: list[dict[str, Any]] = [
        {
            name: cell if cell is None or isinstance(cell, int) else str(cell)
            for name, cell in zip(names, row, strict=True)
        }
        for row in rows
    ]
    for one in found:
        one |= in_both("note", notes(one["note"])) if one["note"] else {"note": None, "note_ru": None}
    return found


def remove_import(store: Store, import_id: int) -> int:
    """Take an import and all its rows out; returns how many rows of figures it had. Raises UnknownImport."""
    found = store.sql("SELECT rows_stored FROM imports WHERE import_id = ?", [import_id])
    if not found:
        raise UnknownImport(said("trade_no_import", import_id=import_id))
    run = store.connection.execute
    run("DELETE FROM flows WHERE kind IN (SELECT kind FROM kinds WHERE import_id = ?)", [import_id])
    for table in ("kinds", "freight", "services", "rejects", "reject_reasons", "imports"):
        run(f"DELETE FROM {table} WHERE import_id = ?", [import_id])
    return int(found[0][0])


def read_only_query(store: Store, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns and rows of one statement that reads. Raises BadQuery for anything else."""
    try:
        statements = store.connection.extract_statements(query)
    except duckdb.Error as problem:
        raise BadQuery(said("trade_sql_broken", reason=one_line(problem))) from None
    reading = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    if len(statements) != 1 or statements[0].type not in reading:
        raise BadQuery(said("trade_sql_reads"))
    return store.columns(query)
