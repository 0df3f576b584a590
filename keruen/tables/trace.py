"""What stands behind a number: from a row to the rows it rests on, to the sources of them all.

    asked -> rows it names -> their evidence, and the evidence of that, ... -> sources
          -> rows of other tables whose numbers they take (a choice of emission factor -> the factor), and their evidence

One may ask for a row (`border_dwell:khorgos_rail/rail/CN/KZ`), for a key alone in whatever tables have it (`B012`),
for a place by code or name (its own row, then every row that names it), for a source (every row that cites it), or
for the keys that the legs of a route carry (`trace_keys`). Evidence is followed breadth first and each row is shown
once, where it was first met, so rows that cite each other in a circle do no harm.
"""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keruen.errors import UnknownFigure
from keruen.tables.dataset import Dataset
from keruen.tables.reading import items_of
from keruen.tables.table import Row, Table, cell_text
from keruen.tables.words import said

WHERE_FROM = {"source", "evidence"}
# A reference there says what a row is about, not where its number is from.
WHERE_IT_HOLDS = {"places", "countries", "borders", "corridors"}


@dataclass(frozen=True)
class TracedRow:
    """A row met on the way down: `depth` 0 is what was asked for, `behind` is the row that led here (empty at 0)."""

    row: Row
    depth: int
    behind: str

    def to_json(self) -> dict[str, object]:
        """The row with its identity, its filled cells and the keys of its sources."""
        cells = {name: cell for name, cell in self.row.to_json().items() if cell_text(cell)}
        return {
            "id": self.row.id,
            "table": self.row.table.name,
            "depth": self.depth,
            "behind": self.behind,
            "cells": cells,
            "sources": list(self.row.sources()),
        }


@dataclass(frozen=True)
class Trace:
    """Everything that stands behind what was asked: rows in the order met, then the sources they cite."""

    asked: str
    rows: tuple[TracedRow, ...]
    sources: tuple[Row, ...]

    def to_json(self) -> dict[str, object]:
        """The trace as one object: `asked`, `rows`, `sources`."""
        return {
            "asked": self.asked,
            "rows": [row.to_json() for row in self.rows],
            "sources": [{name: cell for name, cell in row.to_json().items() if cell} for row in self.sources],
        }

    def __str__(self) -> str:
        return "\n".join([self.asked, *map(_row_text, self.rows), "sources", *map(_source_text, self.sources)])


def trace(data: Dataset, what: str) -> Trace:
    """What stands behind a row, a place, a source or a figure, named by its key or, for a place, by its name.

    Raises UnknownFigure, with the nearest keys, if nothing goes by that name.
    """
    return _trace(data, what.strip(), [what.strip()])


def trace_keys(data: Dataset, keys: Iterable[str]) -> Trace:
    """What stands behind rows by their names, as the legs of a route carry them.

    A key is `table:key`, or `table:key|key2` for several rows of one table, or anything `trace` takes. Raises
    UnknownFigure if one is not in this dataset, as when the route was made from other tables.
    """
    names = list(dict.fromkeys(name for key in keys for name in _split(key)))
    return _trace(data, ", ".join(names), names)


def names_rows(data: Dataset, name: str, *, but: str = "") -> bool:
    """Whether a name is a row's (`table:key`), or the key of a row in any table that can be read; one table may be left out."""
    if name.partition(":")[0] in data.schema:
        return True
    tables = (data.find_table(table) for table in data if table != but)
    return any(table.find(name) is not None for table in tables if table is not None)


def _split(key: str) -> list[str]:
    """The names in `table:key|key2`; a name after | may also carry a table of its own."""
    table = key.partition(":")[0] if ":" in key else ""
    names = [name for name in key.split("|") if name]
    return [name if ":" in name or not table else f"{table}:{name}" for name in names]


def _rows_named(data: Dataset, name: str) -> list[Row]:
    """The rows that go by a name. Raises UnknownFigure, with the nearest names, if none does."""
    row = data.find_row(name)
    named = [row] if row is not None else [row for table in _tables(data) if (row := table.find(name)) is not None]
    named = named or [row for row in data["places"] if name.casefold() in _place_names(row)]
    if not named:
        near = _near(data, name)
        key = "err_no_figure" if near else "err_no_figure_far"
        raise UnknownFigure(said(key, name=name, near=", ".join(near)), near)
    return named


def _place_names(place: Row) -> set[str]:
    names = (place.text("place"), place.text("name"), place.text("name_ru"), *place.texts("aliases"))
    return {name.casefold() for name in names if name}


def _rows_around(data: Dataset, row: Row) -> Iterator[Row]:
    """Rows that name a place, or cite a source. Other rows are asked about for themselves."""
    if row.table.name not in ("places", "sources"):
        return
    target, key = f"{row.table.name}.{row.table.schema.key[0]}", row.table.keys[row.index]
    for table in _tables(data):
        columns = [column.name for column in table.schema.columns if target in column.refers]
        for other in table if columns else ():
            if other.id != row.id and any(key in items_of(other[column]) for column in columns):
                yield other


def _trace(data: Dataset, what: str, names: Iterable[str]) -> Trace:
    """Rows asked for, rows around them, rows whose numbers those asked for take, and all their evidence, breadth first, each once."""
    asked = [row for name in names for row in _rows_named(data, name)]
    around = [TracedRow(other, 1, row.id) for row in asked for other in _rows_around(data, row)]
    waiting = deque([TracedRow(row, 0, "") for row in asked] + around)
    met: dict[str, TracedRow] = {}
    while waiting:
        here = waiting.popleft()
        if here.row.id in met:
            continue
        met[here.row.id] = here
        names = (*(_rows_used(here.row) if here.depth == 0 else ()), *_evidence(here.row))
        found = (data.find_row(name) for name in names)
        waiting.extend(TracedRow(row, here.depth + 1, here.row.id) for row in found if row is not None)
    return Trace(what, tuple(met.values()), tuple(_sources(data, met.values())))


def _evidence(row: Row) -> tuple[str, ...]:
    return row.texts("evidence") if "evidence" in row.table.schema else ()


def _rows_used(row: Row) -> Iterator[str]:
    """Names of the rows whose numbers a row takes: its references to other tables than those of where it holds."""
    for column in row.table.schema.columns:
        for target in column.refers if column.name not in WHERE_FROM else ():
            table = target.partition(".")[0]
            if table not in WHERE_IT_HOLDS:
                yield from (f"{table}:{item}" for item in items_of(row[column.name]) if item)


def _sources(data: Dataset, rows: Iterable[TracedRow]) -> Iterator[Row]:
    """The sources cited, each once, in the order met; a source that was asked for counts."""
    cited = (key for traced in rows for key in _cited(traced.row))
    for key in dict.fromkeys(cited):
        if (source := data["sources"].find(key)) is not None:
            yield source


def _cited(row: Row) -> tuple[str, ...]:
    return (row.text("source"),) if row.table.name == "sources" else row.sources()


def _near(data: Dataset, what: str) -> list[str]:
    """Names that come near, from all tables and from the names of places."""
    table, _, key = what.partition(":")
    if key and table in data.schema:
        return [f"{table}:{near}" for near in difflib.get_close_matches(key, data[table].keys, 3)]
    keys = {key for table in _tables(data) for key in table.keys}
    names = {name for place in data["places"] for name in _place_names(place)}
    return difflib.get_close_matches(what, keys, 3) or difflib.get_close_matches(what.casefold(), names, 3)


def _tables(data: Dataset) -> Iterator[Table]:
    """All tables; raises BadTable if one cannot be used."""
    return (data[name] for name in data)


def _row_text(traced: TracedRow) -> str:
    indent = "  " * (traced.depth + 1)
    filled = ((name, cell_text(cell)) for name, cell in traced.row.to_json().items() if name not in WHERE_FROM)
    cells = "; ".join(f"{name} {text}" for name, text in filled if text)
    cited = f" [{', '.join(traced.row.sources())}]" if traced.row.sources() else ""
    return f"{indent}{traced.row.id}{cited}\n{indent}  {cells}"


def _source_text(source: Row) -> str:
    parts = (source.text(column) for column in ("title", "date", "tier", "url") if source.text(column))
    return f"  {source.text('source')}: {', '.join(parts)}"
