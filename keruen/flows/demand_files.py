"""Demand from files and to files: long CSV tables, and matrices by class as OMX files hold them.

    origin,destination,class,sector,tonnes,low,high,teu,source,year          one row each; the first three and tonnes or teu are needed

A place is a code of the table places, a class one of cargo_classes, a sector one of sectors. Tonnes left empty are worked out from TEU,
and TEU from tonnes, by the class's weight of a container; bounds, sector and source left empty are not known, which is not zero. What is
wrong is listed all at once with its lines: unknown names, cells that are no number, negative or not finite, bounds on the wrong side, a
row told twice. The file streams through DuckDB, so that ten million rows need the memory of their columns and little more.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, Problem, Text
from keruen.flows.demand import Demand, Floats, cargo_classes, t_per_teu
from keruen.tables.dataset import Dataset
from keruen.tables.table import cell_text
from keruen.tables.words import said

COLUMNS = ("origin", "destination", "class", "sector", "tonnes", "low", "high", "teu", "source", "year")
NEEDED = ("origin", "destination", "class")
NUMBERS = ("tonnes", "low", "high", "teu", "year")
NAMED = {"origin": "places", "destination": "places", "class": "cargo_classes", "sector": "sectors"}
"""Columns of names, and the table each name is a row of."""
SHOWN = 20
"""Problems of one kind that are listed line by line; of more the number is told."""
MEMORY_LIMIT = "1GB"
ROWS_AT_ONCE = 100_000
BLANK, GOOD, BAD = 0, 1, 2


class BadDemand(KeruenError):
    """A table of demand that cannot be used as it is; everything wrong with it is listed, not only the first."""

    kind = "bad_demand"

    def __init__(self, problems: Sequence[Problem]) -> None:
        listed = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(said("demand_bad", problems=Text(listed)))
        self.problems = tuple(problems)

    def details(self) -> Mapping[str, object]:
        """The problems, ready for JSON."""
        return {"problems": [problem.to_json() for problem in self.problems]}


def read_demand(data: Dataset, path: Path, *, year: int | None = None) -> Demand:
    """The demand of a CSV file; year: of what the file tells, where its column year does not.

    Rows stay in the order of the file; zones are the places that occur, in the order of their codes. Raises BadDemand.
    """
    header = _header(path)
    found = _Problems(path, header)
    found.header()
    found.stop()
    known = {column: data[table].keys for column, table in NAMED.items()}
    try:
        sources, cells = _cells(path, header, known)
    except duckdb.Error as trouble:
        found.add(0, "", said("demand_no_csv", reason=str(trouble).splitlines()[0]), said("demand_no_csv_do"))
        raise BadDemand(found.listed) from None
    classes = cargo_classes(data)
    weight = t_per_teu(classes)
    cargo = cells["class"]
    per_box = np.where(cargo < 0, np.nan, weight[cargo])
    told, boxes = cells["tonnes"], cells["teu"]
    tonnes = np.where(np.isnan(told), boxes * per_box, told)
    teu = np.where(np.isnan(boxes), tonnes / per_box, boxes)
    found.names(cells, known)
    found.numbers(cells, year)
    found.amounts(cells, tonnes, per_box)
    found.twice(cells, len(classes), len(data["sectors"]), len(sources))
    found.stop()
    used, row = np.unique(np.concatenate((cells["origin"], cells["destination"])), return_inverse=True)
    places = data["places"]
    return Demand(
        year=int(cells["year"][0]) if year is None else year,
        zones=tuple(places.texts("place")[i] for i in used),
        countries=tuple(places.texts("country")[i] for i in used),
        classes=classes,
        sectors=data["sectors"].texts("sector"),
        sources=tuple(tuple(text.split("|")) if text else (path.name,) for text in sources),
        origin=row[: len(cargo)].astype(np.int32),
        destination=row[len(cargo) :].astype(np.int32),
        cargo=cargo.astype(np.int32),
        sector=cells["sector"].astype(np.int32),
        tonnes=tonnes,
        low_t=cells["low"],
        high_t=cells["high"],
        teu=teu,
        source=cells["source"].astype(np.int32),
    )


def write_demand(demand: Demand, path: Path) -> None:
    """The demand as a CSV file that read_demand reads back to the same numbers; the file is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for rows in _lines(demand):
                writer.writerows(rows)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def demand_from_matrices(
    data: Dataset, year: int, zones: Sequence[str], matrices: Mapping[str, NDArray[np.float64]], source: str
) -> Demand:
    """Demand from square matrices of tonnes, one for each class by its name, over the same zones: what an OMX file holds.

    zones: codes of places [z], as the file's lookup has them; each matrix float64[z, z]. Cells of 0 are no demand. Bounds are not
    known. Raises BadDemand for unknown or repeated zones, unknown classes, matrices of another shape, negative or NaN cells.
    """
    classes, places = cargo_classes(data), data["places"]
    names = [one.name for one in classes]
    found: list[Problem] = []

    def add(item: str, message: str, what_to_do: str) -> None:
        found.append(Problem(source, 0, item, message, what_to_do))

    for i, zone in enumerate(zones):
        if places.find_index(zone) < 0:
            add(
                zone,
                said("demand_unknown", value=repr(zone), table="places"),
                said("demand_unknown_do", table="places"),
            )
        elif zone in zones[:i]:
            add(zone, said("demand_zone_twice", zone=zone), said("demand_zone_twice_do"))
    for name, matrix in matrices.items():
        if name not in names:
            add(
                name,
                said("demand_unknown", value=repr(name), table="cargo_classes"),
                said("demand_unknown_do", table="cargo_classes"),
            )
        elif matrix.shape != (len(zones), len(zones)):
            add(name, said("demand_shape", shape=str(matrix.shape), zones=len(zones)), said("demand_shape_do"))
        elif wrong := int(np.count_nonzero(~(matrix >= 0) | np.isinf(matrix))):
            add(name, said("demand_cells", cells=wrong), said("demand_cells_do"))
    if found:
        raise BadDemand(found)
    cargo = np.repeat([names.index(name) for name in matrices], [np.count_nonzero(m) for m in matrices.values()])
    stacked = np.stack(list(matrices.values())) if matrices else np.zeros((0, len(zones), len(zones)))
    _, origin, destination = np.nonzero(stacked)
    tonnes = stacked[stacked > 0]
    unknown = np.full(len(tonnes), np.nan)
    return Demand(
        year=year, zones=tuple(zones), countries=tuple(places.texts("country")[places.find_index(zone)] for zone in zones),
        classes=classes, sectors=data["sectors"].texts("sector"), sources=((source,),), origin=origin.astype(np.int32),
        destination=destination.astype(np.int32), cargo=cargo.astype(np.int32), sector=np.full(len(tonnes), -1, dtype=np.int32),
        tonnes=tonnes, low_t=unknown, high_t=unknown.copy(), teu=tonnes / t_per_teu(classes)[cargo],
        source=np.zeros(len(tonnes), dtype=np.int32),
    )  # fmt: skip


def matrices_of(demand: Demand) -> dict[str, Floats]:
    """Tonnes from zone to zone for each class that has any, float64[z, z]: what an OMX file takes."""
    z = len(demand.zones)
    pair = demand.origin.astype(np.int64) * z + demand.destination
    found = {}
    for i, one in enumerate(demand.classes):
        mine = demand.cargo == i
        if mine.any():
            total = np.bincount(pair[mine], demand.tonnes[mine], z * z).astype(np.float64)
            found[one.name] = total.reshape(z, z)
    return found


class _Problems:
    """What is wrong with a file, collected until somebody asks to stop."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path, self.name, self.columns = path, path.name, columns
        self.listed: list[Problem] = []

    def add(self, line: int, column: str, message: str, what_to_do: str) -> None:
        self.listed.append(Problem(self.name, line, column, message, what_to_do))

    def stop(self) -> None:
        """Raise BadDemand if anything is wrong so far."""
        if self.listed:
            raise BadDemand(self.listed)

    def lines(self, wrong: NDArray[np.bool_], column: str, message: str, what_to_do: str) -> None:
        """A problem for each row that is wrong, and one for all beyond the first."""
        rows = np.flatnonzero(wrong)
        for row in rows[:SHOWN].tolist():
            self.add(row + 2, column, message, what_to_do)
        if len(rows) > SHOWN:
            self.add(0, column, said("demand_more", message=message, rows=len(rows) - SHOWN), what_to_do)

    def header(self) -> None:
        for column in NEEDED:
            if column not in self.columns:
                self.add(
                    1,
                    column,
                    said("demand_column_missing", column=column),
                    said("demand_column_missing_do", columns=", ".join(COLUMNS)),
                )
        if not {"tonnes", "teu"} & set(self.columns):
            self.add(1, "tonnes", said("demand_no_amount"), said("demand_no_amount_do"))
        for i, column in enumerate(self.columns):
            if column not in COLUMNS or column in self.columns[:i]:
                self.add(
                    1,
                    column,
                    said("demand_column_other", column=repr(column)),
                    said("demand_column_missing_do", columns=", ".join(COLUMNS)),
                )

    def names(self, cells: Mapping[str, NDArray[Any]], known: Mapping[str, Sequence[str]]) -> None:
        for column, table in NAMED.items():
            state = cells[f"{column}_state"]
            do, bad = said("demand_unknown_do", table=table), np.flatnonzero(state == BAD)
            for row, text in self.texts(bad[:SHOWN].tolist(), column):
                self.add(row + 2, column, said("demand_unknown", value=repr(text), table=table), do)
            if more := len(bad[SHOWN:]):
                message = said("demand_unknown_name", table=table)
                self.add(0, column, said("demand_more", message=message, rows=more), do)
            if column in NEEDED:
                self.lines(state == BLANK, column, said("demand_blank", column=column), do)

    def texts(self, rows: Sequence[int], column: str) -> Iterator[tuple[int, str]]:
        """What stands in a column in these rows, which are in order."""
        at = self.columns.index(column) if rows else 0
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            records = islice(csv.reader(file), 1, rows[-1] + 2 if rows else 1)
            yield from ((n, cells[at]) for n, cells in enumerate(records) if n in set(rows))

    def numbers(self, cells: Mapping[str, NDArray[Any]], year: int | None) -> None:
        for column in NUMBERS:
            values, state = cells[column], cells[f"{column}_state"]
            self.lines(
                (state == BAD) | ((state == GOOD) & ~np.isfinite(values)),
                column,
                said("demand_no_number"),
                said("demand_number_do"),
            )
            self.lines(values < 0, column, said("demand_negative"), said("demand_number_do"))
        told = cells["year"]
        if year is not None:
            self.lines(
                ~np.isnan(told) & (told != year), "year", said("demand_other_year"), said("demand_other_year_do")
            )
        years = np.unique(told[~np.isnan(told)]) if year is None else np.array([year])
        if len(years) != 1 or years[0] != int(years[0]) or (year is None and np.isnan(told).any()):
            self.add(0, "year", said("demand_year"), said("demand_year_do"))

    def amounts(self, cells: Mapping[str, NDArray[Any]], tonnes: Floats, per_box: Floats) -> None:
        blank = (cells["tonnes_state"] == BLANK) & (cells["teu_state"] == BLANK)
        self.lines(blank, "tonnes", said("demand_no_amount_row"), said("demand_no_amount_row_do"))
        boxless = (cells["teu_state"] == GOOD) & (cells["class"] >= 0) & np.isnan(per_box)
        self.lines(boxless, "teu", said("demand_no_box"), said("demand_no_box_do"))
        self.lines(cells["low"] > tonnes, "low", said("demand_low"), said("demand_low_do"))
        self.lines(cells["high"] < tonnes, "high", said("demand_high"), said("demand_low_do"))

    def twice(self, cells: Mapping[str, NDArray[Any]], classes: int, sectors: int, sources: int) -> None:
        key = cells["origin"].astype(np.int64) * (int(cells["destination"].max(initial=0)) + 1) + cells["destination"]
        for column, count in (("class", classes), ("sector", sectors + 1), ("source", sources)):
            key = key * count + (cells[column] + (column == "sector"))
        named = (cells["origin"] >= 0) & (cells["destination"] >= 0) & (cells["class"] >= 0)
        key = np.where(named, key, -1 - np.arange(len(key)))
        order = np.argsort(key, kind="stable")
        again = np.zeros(len(key), dtype=bool)
        again[order[1:]] = key[order[1:]] == key[order[:-1]]
        self.lines(again, "", said("demand_twice"), said("demand_twice_do"))


def _header(path: Path) -> tuple[str, ...]:
    """The names of the columns; none of an empty file. Raises BadDemand if the file cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(cell.strip() for cell in next(csv.reader(file), []))
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        said_of = said("demand_no_csv", reason=getattr(trouble, "strerror", None) or str(trouble))
        raise BadDemand([Problem(path.name, 0, "", said_of, said("demand_no_csv_do"))]) from None


def _cells(
    path: Path, header: Sequence[str], known: Mapping[str, Sequence[str]]
) -> tuple[list[str], dict[str, NDArray[Any]]]:
    """The texts of the sources, and the columns: names as rows of their tables (-1: none), numbers float64 (nan: none).

    `<column>_state` says of each cell whether it is blank, good or bad. Raises duckdb.Error for what is no CSV.
    """
    config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": tempfile.gettempdir()}
    types = "{" + ", ".join(f"'{column}': 'VARCHAR'" for column in header) + "}"
    table = (
        f"read_csv(?, header=true, auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='', columns={types})"
    )
    with duckdb.connect(config=config) as run:
        texts = [("",)] if "source" not in header else run.execute(
            f"SELECT DISTINCT coalesce(trim(source), '') AS text FROM {table} ORDER BY text", [str(path)]
        ).fetchall()  # fmt: skip
        sources = [text for (text,) in texts] or [""]
        selected = []
        for column in NAMED:
            run.execute(f"CREATE TYPE {column}_name AS ENUM (SELECT unnest(?))", [list(known[column])])
            selected += _selected(
                column, column in header, f'enum_code(try_cast(trim("{column}") AS {column}_name))::INTEGER', "-1"
            )
        for column in NUMBERS:
            selected += _selected(column, column in header, f'try_cast("{column}" AS DOUBLE)', "'nan'::DOUBLE")
        run.execute("CREATE TYPE source_name AS ENUM (SELECT unnest(?))", [sources])
        told = "coalesce(trim(source), '')" if "source" in header else "''"
        selected.append(f"enum_code({told}::source_name)::INTEGER AS source")
        found = run.execute(f"SELECT {', '.join(selected)} FROM {table}", [str(path)]).fetchnumpy()
    return sources, {name: np.asarray(np.ma.getdata(values)) for name, values in found.items()}


def _selected(column: str, there: bool, value: str, unknown: str) -> list[str]:
    """A column and what is to be said of its cells, in SQL."""
    if not there:
        return [f'{unknown} AS "{column}"', f'{BLANK}::TINYINT AS "{column}_state"']
    state = (
        f"CASE WHEN coalesce(trim(\"{column}\"), '') = '' THEN {BLANK} WHEN {value} IS NULL THEN {BAD} ELSE {GOOD} END"
    )
    return [f'coalesce({value}, {unknown}) AS "{column}"', f'({state})::TINYINT AS "{column}_state"']


def _lines(demand: Demand) -> Iterator[list[tuple[str, ...]]]:
    """The rows of a file, some at a time."""
    names = np.array([one.name for one in demand.classes])
    zones, sectors = np.array(demand.zones), np.array([*demand.sectors, ""])
    sources = np.array(["|".join(keys) for keys in demand.sources] or [""])
    for start in range(0, len(demand), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        numbers = (
            map(cell_text, column[part].tolist()) for column in (demand.tonnes, demand.low_t, demand.high_t, demand.teu)
        )
        tonnes, low, high, teu = numbers
        yield list(
            zip(
                zones[demand.origin[part]].tolist(), zones[demand.destination[part]].tolist(), names[demand.cargo[part]].tolist(),
                sectors[demand.sector[part]].tolist(), tonnes, low, high, teu, sources[demand.source[part]].tolist(),
                [str(demand.year)] * len(demand.origin[part]), strict=True,
            )
        )  # fmt: skip
