"""A table: named columns of one length that never change.

Numbers are float64 arrays in which unknown is NaN, never zero. Texts are tuples of str in which unknown is empty;
booleans are tuples of True, False or None; lists are tuples of tuples of str. Nothing in a table can be written to:
what changes a table returns another one, and makes caching by identity safe.

A row is named everywhere by `table:key`, the cells of a composite key joined by "/": `tariffs:rail/KZ/teu`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from keruen.tables.schema import TEXT_TYPES, TableSchema

Cell = float | str | bool | tuple[str, ...] | None
Values = NDArray[np.float64] | tuple[str, ...] | tuple[bool | None, ...] | tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of one table of the data dictionary; two tables are the same only if they are one object.

    `lines[i]` is the line of row i in its file, for messages. `fingerprint` is the SHA-256 of the bytes it was read
    from; without one, of the bytes it would be written as.
    """

    schema: TableSchema
    columns: Mapping[str, Values]
    lines: Sequence[int]
    read_fingerprint: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def name(self) -> str:
        """The name of the table in the data dictionary."""
        return self.schema.name

    @cached_property
    def fingerprint(self) -> str:
        """Name of the content: equal fingerprints mean equal tables."""
        return self.read_fingerprint or hashlib.sha256(self.to_csv().encode()).hexdigest()

    def column(self, name: str) -> Values:
        """The values of a column, whatever its type; KeyError for a column the table does not have."""
        self.schema[name]
        return self.columns[name]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A number or integer column as a float64 array of shape (rows,); NaN where unknown; read-only."""
        values = self.column(column)
        if not isinstance(values, np.ndarray):
            raise self._other_type(column, "number")
        return values

    def texts(self, column: str) -> tuple[str, ...]:
        """A text, code or date column; empty where unknown."""
        values = self.column(column)
        if not self._are_texts(values, column):
            raise self._other_type(column, "text")
        return values

    def lists(self, column: str) -> tuple[tuple[str, ...], ...]:
        """A list column; an empty tuple where unknown or none."""
        values = self.column(column)
        if not self._are_lists(values, column):
            raise self._other_type(column, "list")
        return values

    def booleans(self, column: str) -> tuple[bool | None, ...]:
        """A boolean column; None where unknown."""
        values = self.column(column)
        if not self._are_booleans(values, column):
            raise self._other_type(column, "boolean")
        return values

    def numbers_at(self, column: str, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """The numbers of a column in the given rows, NaN where the row is -1 (no row); shape of `rows`."""
        return np.append(self.numbers(column), np.nan)[rows]

    def _are_texts(self, values: Values, column: str) -> TypeGuard[tuple[str, ...]]:
        return self.schema[column].type in TEXT_TYPES

    def _are_lists(self, values: Values, column: str) -> TypeGuard[tuple[tuple[str, ...], ...]]:
        return self.schema[column].type == "list"

    def _are_booleans(self, values: Values, column: str) -> TypeGuard[tuple[bool | None, ...]]:
        return self.schema[column].type == "boolean"

    def _other_type(self, column: str, asked: str) -> TypeError:
        found = self.schema[column].type
        return TypeError(f"column {column} of table {self.name} is a {found} column, not a {asked} column")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key of each row as text, the cells of a composite key joined by "/"."""
        parts = [self.cell_texts(column) for column in self.schema.key]
        return tuple(map("/".join, zip(*parts, strict=True)))

    @cached_property
    def _rows_by_key(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.keys)}

    @cached_property
    def key_cells(self) -> tuple[frozenset[str], ...]:
        """For each key column the texts that occur in it."""
        return tuple(frozenset(self.cell_texts(column)) for column in self.schema.key)

    def row_id(self, i: int) -> str:
        """The name of row i anywhere: `table:key`."""
        return f"{self.name}:{self.keys[i]}"

    def row(self, i: int) -> Row:
        """Row i."""
        return Row(self, range(len(self))[i])

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, i) for i in range(len(self)))

    def find_index(self, *key: str) -> int:
        """The number of the row with this key, -1 if there is none."""
        return self._rows_by_key.get("/".join(key), -1)

    def find(self, *key: str) -> Row | None:
        """The row with this key, one text for each key column; None if there is none."""
        i = self.find_index(*key)
        return Row(self, i) if i >= 0 else None

    def cell_texts(self, column: str) -> tuple[str, ...]:
        """The cells of a column as they are written in a file; unknown is empty."""
        texts_already = self.schema[column].type in TEXT_TYPES
        return self.texts(column) if texts_already else tuple(map(cell_text, self.column(column)))

    def to_csv(self) -> str:
        """The table as the text of a CSV file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(column.name for column in self.schema.columns)
        writer.writerows(zip(*(self.cell_texts(column.name) for column in self.schema.columns), strict=True))
        return out.getvalue()

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows, {len(self.columns)} columns, key {'/'.join(self.schema.key)}>"

    def __str__(self) -> str:
        """The first rows and columns as a small grid."""
        names = [column.name for column in self.schema.columns][:SHOWN_COLUMNS]
        shown = [[_short(text) for text in self.cell_texts(name)[:SHOWN_ROWS]] for name in names]
        widths = [max(map(len, [name, *cells])) for name, cells in zip(names, shown, strict=True)]
        grid = [names, *zip(*shown, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in grid]
        hidden = {"rows": len(self) - SHOWN_ROWS, "columns": len(self.columns) - SHOWN_COLUMNS}
        more = [f"{count} {what}" for what, count in hidden.items() if count > 0]
        return "\n".join([repr(self), *lines] + ([f"not shown: {', '.join(more)}"] if more else []))


SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_CHARACTERS = 10, 8, 24


@dataclass(frozen=True)
class Row(Mapping[str, Any]):
    """One row of a table, read where it stands: a mapping from column to cell.

    `row["lat"]` is a float (NaN where unknown), a str (empty where unknown), a bool (None where unknown) or a tuple
    of str; `number`, `text`, `boolean` and `texts` say which, for the type checker and for the reader.
    """

    table: Table
    index: int

    @property
    def id(self) -> str:
        """The name of the row anywhere: `table:key`."""
        return self.table.row_id(self.index)

    @property
    def line(self) -> int:
        """The line of the row in its file."""
        return self.table.lines[self.index]

    def __getitem__(self, column: str) -> Any:
        value = self.table.column(column)[self.index]
        return float(value) if isinstance(value, np.floating) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.columns)

    def __len__(self) -> int:
        return len(self.table.columns)

    def number(self, column: str) -> float:
        """The number in a column; NaN where unknown."""
        return float(self.table.numbers(column)[self.index])

    def text(self, column: str) -> str:
        """The text in a column; empty where unknown."""
        return self.table.texts(column)[self.index]

    def texts(self, column: str) -> tuple[str, ...]:
        """The items of a list column; empty where unknown or none."""
        return self.table.lists(column)[self.index]

    def boolean(self, column: str) -> bool | None:
        """The boolean in a column; None where unknown."""
        return self.table.booleans(column)[self.index]

    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of the row; empty for a row of a table without sources."""
        return self.texts("source") if "source" in self.table.schema and self.table.name != "sources" else ()

    def to_json(self) -> dict[str, Cell]:
        """The row with its column names; None where a number is unknown, so that it can be written as JSON."""
        return {name: None if _is_nan(cell) else cell for name, cell in self.items()}

    def __str__(self) -> str:
        filled = ((name, cell_text(cell)) for name, cell in self.to_json().items())
        return "\n".join([self.id, *(f"  {name:<16} {text}" for name, text in filled if text)])


def cell_text(value: object) -> str:
    """A cell as it is written in a file; numbers in the shortest form that reads back to the same number."""
    if value is None or _is_nan(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.number):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return "|".join(map(cell_text, value))
    raise TypeError(f"a cell cannot hold {value!r}")


def frozen_numbers(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """A read-only float64 copy."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def unknown_cells(table: Table, column: str) -> NDArray[np.bool_]:
    """For each row whether the cell of the column is empty."""
    values = table.column(column)
    if isinstance(values, np.ndarray):
        return np.isnan(values)
    return np.array([value is None or value == "" or value == () for value in values], dtype=bool)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
