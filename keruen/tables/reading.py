"""From the text of a file to a table: every cell is read as its column's type, or named as a problem.

A column is read in one go when all its cells look right; only a column that does not is searched cell by cell for
what is wrong and what the writer probably meant (a decimal comma, a unit, a word for "unknown"). Rules that one
table can be held to by itself (required, allowed, bounds, unique keys) are part of reading, so a table that exists is
a good table; rules between tables are in `check`.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from keruen.errors import BadTable, Problem
from keruen.tables.schema import NUMERIC_TYPES, Column, TableSchema
from keruen.tables.sheet import Sheet, read_sheet
from keruen.tables.table import Table, Values, cell_text, frozen_numbers, unknown_cells
from keruen.tables.words import said

NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"  # one way to match: read in time linear in length
PATTERN = {
    "number": re.compile(NUMBER),
    "integer": re.compile(r"[+-]?[0-9]{1,15}"),
    "boolean": re.compile(r"yes|no"),
    "date": re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"),
    "code": re.compile(r"[A-Za-z0-9*][A-Za-z0-9_.+*-]*"),
    "list": re.compile(r"[^|\s]([^|\n]*[^|\s])?(\|[^|\s]([^|\n]*[^|\s])?)*"),
}
WORDS_FOR_UNKNOWN = {
    "nan",
    "na",
    "n/a",
    "none",
    "null",
    "-",
    "--",
    "?",
    "unknown",
    "inf",
    "-inf",
    "infinity",
    "tbd",
    "n.d.",
}
MOST_SHOWN = 40  # characters of a cell in a message
BOOLEAN = {"yes": True, "no": False, "": None}

Found = tuple[str, str]
"""What is wrong with a cell, and what to do."""


def read_table(schema: TableSchema, raw: bytes) -> tuple[Table | None, list[Problem]]:
    """The table in the bytes of a CSV file, or None with everything that is wrong with it."""
    sheet, problems = read_sheet(schema.name, raw)
    if sheet is None:
        return None, problems
    if problems := _column_problems(schema, sheet):
        return None, problems
    table, problems = _typed(schema, sheet, hashlib.sha256(raw).hexdigest())
    return (None, problems) if problems else (table, [])


def table_from_rows(schema: TableSchema, rows: Iterable[Mapping[str, object]]) -> Table:
    """A table made in a program, by the same rules as one read from a file.

    Each row names its columns; a column left out is unknown. Raises BadTable with all problems found, in which the
    line is the one the row would have in a file.
    """
    names = tuple(column.name for column in schema.columns)
    plain = list(rows)
    unknown = {name for row in plain for name in row} - set(names)
    if unknown:
        raise KeyError(f"table {schema.name} has no column {', '.join(sorted(unknown))}; it has {', '.join(names)}")
    cells = tuple(tuple(cell_text(row.get(name)) for name in names) for row in plain)
    table, problems = _typed(schema, Sheet(schema.name, names, cells, range(2, len(cells) + 2)), "")
    if table is None or problems:
        raise BadTable(problems)
    return table


def with_column(table: Table, column: str, values: Sequence[object]) -> Table:
    """The table with other values in one column. Raises BadTable if they break a rule of the column."""
    if len(values) != len(table):
        raise ValueError(f"table {table.name} has {len(table)} rows and {len(values)} values were given for {column}")
    cells = tuple(map(cell_text, values))
    if found := list(_bad_cells(table.schema[column], cells, table.lines)):
        raise BadTable(found)
    changed = Table(table.schema, {**table.columns, column: _values(table.schema[column], cells)}, table.lines)
    if problems := table_problems(changed):
        raise BadTable(problems)
    return changed


def with_rows(table: Table, rows: Iterable[Mapping[str, object]]) -> Table:
    """The table with rows added at its end. Raises BadTable if a row breaks a rule of the table."""
    return table_from_rows(table.schema, [*table, *rows])


def table_problems(table: Table) -> list[Problem]:
    """Rules a table is held to by itself: required, allowed, bounds, unique keys."""
    problems = [problem for column in table.schema.columns for problem in _rule_problems(table, column)]
    return problems + _repeated_keys(table)


def _column_problems(schema: TableSchema, sheet: Sheet) -> list[Problem]:
    """Columns that are missing and columns nobody knows."""
    known = [column.name for column in schema.columns]
    unknown = [name for name in sheet.header if name not in schema]
    missing = [name for name in known if name not in sheet.header]
    problems = []
    for name in unknown:
        near = difflib.get_close_matches(name, missing, 1)
        advice = f"Rename it to {near[0]}" if near else f"Take it out, or describe {schema.name}.{name} in schema.csv"
        problems.append(Problem(schema.name, 1, name, "the column is not in the data dictionary", advice))
    for name in missing:
        advice = "Add the column" + ("" if schema[name].required else "; its cells stay empty where it is unknown")
        problems.append(Problem(schema.name, 1, name, "the column is missing", advice))
    return problems


def _typed(schema: TableSchema, sheet: Sheet, fingerprint: str) -> tuple[Table | None, list[Problem]]:
    columns = sheet.columns()
    problems = [
        problem for column in schema.columns for problem in _bad_cells(column, columns[column.name], sheet.lines)
    ]
    if problems:
        return None, problems
    values = {column.name: _values(column, columns[column.name]) for column in schema.columns}
    table = Table(schema, values, sheet.lines, fingerprint)
    return table, table_problems(table)


def _values(column: Column, cells: Sequence[str]) -> Values:
    """Cells that are known to be good as the values of the column."""
    if column.type in NUMERIC_TYPES:
        return frozen_numbers([float(cell) if cell else np.nan for cell in cells])
    if column.type == "boolean":
        return tuple(BOOLEAN[cell] for cell in cells)
    if column.type == "list":
        return tuple(tuple(cell.split("|")) if cell else () for cell in cells)
    return tuple(cells)


def _bad_cells(column: Column, cells: Sequence[str], lines: Sequence[int]) -> Iterator[Problem]:
    """Cells that are not of the column's type. Looks at each different cell once."""
    fits = _has_no_space_around if column.type == "text" else PATTERN[column.type].fullmatch
    different = set(cells) - {""}
    bad = {cell: EXPLAIN[column.type](column, cell) for cell in different if not fits(cell)}
    if column.type in ("number", "date") or column.bounded:
        bad |= {cell: found for cell in different - bad.keys() if (found := _impossible_cell(column, cell))}
    if bad:
        for cell, line in zip(cells, lines, strict=True):
            if cell in bad:
                yield Problem(column.table, line, column.name, *bad[cell])


def _has_no_space_around(cell: str) -> bool:
    return cell == cell.strip()


def _impossible_cell(column: Column, cell: str) -> Found | None:
    """What is wrong with a cell that looks right."""
    if column.type == "number" and not np.isfinite(float(cell)):
        return said("cell_too_large", cell=shown(cell)), said("cell_too_large_do")
    if column.type == "date" and len(cell) == len("2024-07-31"):
        try:
            datetime.date.fromisoformat(cell)
        except ValueError:
            return said("cell_no_day", cell=cell), said("cell_no_day_do")
    if column.type == "list" and column.bounded:
        wrong = next((item for item in cell.split("|") if not PATTERN["number"].fullmatch(item)), None)
        return _explain_number(column, wrong) if wrong is not None else None
    return None


def _explain_number(column: Column, cell: str) -> Found:
    unit = "_unit" if column.unit else ""
    if len(cell) > MOST_SHOWN:
        return said("cell_not_number", cell=shown(cell)), said(f"cell_number{unit}_do", unit=column.unit)
    if cell.strip().lower() in WORDS_FOR_UNKNOWN:
        return said("cell_not_number", cell=shown(cell)), said("cell_value_unknown_do")
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", cell):
        advice = said("cell_comma_do", point=cell.replace(",", "."), whole=cell.replace(",", ""))
        return said("cell_comma", cell=shown(cell)), advice
    if column.type == "integer" and PATTERN["number"].fullmatch(cell):
        return said("cell_not_whole", cell=shown(cell)), said(f"cell_whole{unit}_do", unit=column.unit)
    if number := re.fullmatch(rf"({NUMBER})\s*(\D.*)", cell.strip()):
        advice = said(f"cell_more{unit}_do", number=number.group(1), unit=column.unit)
        return said("cell_more", cell=shown(cell)), advice
    return said("cell_not_number", cell=shown(cell)), said(f"cell_number{unit}_or_empty_do", unit=column.unit)


def _explain_boolean(column: Column, cell: str) -> Found:
    return said("cell_boolean", cell=shown(cell)), said("cell_boolean_do")


def _explain_date(column: Column, cell: str) -> Found:
    if cell.strip().lower() in WORDS_FOR_UNKNOWN:
        return said("cell_date", cell=shown(cell)), said("cell_date_unknown_do")
    return said("cell_date", cell=shown(cell)), said("cell_date_do")


def _explain_code(column: Column, cell: str) -> Found:
    return said("cell_code", cell=shown(cell)), said("cell_code_do")


def _explain_list(column: Column, cell: str) -> Found:
    return said("cell_list", cell=shown(cell)), said("cell_list_do")


def _explain_text(column: Column, cell: str) -> Found:
    return said("cell_space", cell=shown(cell)), said("cell_space_do")


EXPLAIN = {
    "number": _explain_number,
    "integer": _explain_number,
    "boolean": _explain_boolean,
    "date": _explain_date,
    "code": _explain_code,
    "list": _explain_list,
    "text": _explain_text,
}


def shown(cell: str) -> str:
    """A cell in a message: in quotes, cut short if it is long."""
    return repr(cell if len(cell) <= MOST_SHOWN else cell[: MOST_SHOWN - 1] + "…")


def _rule_problems(table: Table, column: Column) -> Iterator[Problem]:
    """Cells of a column that are empty though required, not allowed, or out of bounds."""
    if column.required:
        for i in np.flatnonzero(unknown_cells(table, column.name)).tolist():
            yield Problem(table.name, table.lines[i], column.name, said("cell_empty"), said("cell_empty_do"))
    if column.allowed and not column.refers:
        yield from _not_allowed(table, column)
    if column.bounded:
        yield from _out_of_bounds(table, column)


def _not_allowed(table: Table, column: Column) -> Iterator[Problem]:
    allowed = set(column.allowed)
    values: Any = table.column(column.name) if column.type == "list" else table.cell_texts(column.name)
    bad = {value for value in set(values) if value and not set(items_of(value)) <= allowed}
    for value, line in zip(values, table.lines, strict=True) if bad else ():
        if value in bad:
            wrong = next(item for item in items_of(value) if item not in allowed)
            near = difflib.get_close_matches(wrong, column.allowed, 1)
            advice = (
                said("cell_use_do", near=near[0]) if near else said("cell_use_one_do", known=", ".join(column.allowed))
            )
            yield Problem(table.name, line, column.name, said("cell_not_allowed", cell=shown(wrong)), advice)


def _out_of_bounds(table: Table, column: Column) -> Iterator[Problem]:
    unit = f" {column.unit}" if column.unit else ""
    if column.type in NUMERIC_TYPES:
        numbers = table.numbers(column.name)
        rows = np.flatnonzero((numbers < column.minimum) | (numbers > column.maximum))
        outside = [(int(i), float(numbers[i])) for i in rows]
    else:
        items = ((i, float(item)) for i, row in enumerate(table.lists(column.name)) for item in row)
        outside = [(i, value) for i, value in items if not column.minimum <= value <= column.maximum]
    for i, value in outside:
        low = value < column.minimum
        message = said("cell_less" if low else "cell_greater", value=f"{value:g}{unit}")
        bound = f"{column.minimum if low else column.maximum:g}{unit}"
        advice = said("cell_at_least_do" if low else "cell_at_most_do", bound=bound)
        yield Problem(table.name, table.lines[i], column.name, message, advice)


def _repeated_keys(table: Table) -> list[Problem]:
    counts = Counter(table.keys)
    first: dict[str, int] = {}
    problems = []
    for key, line in zip(table.keys, table.lines, strict=True) if len(counts) < len(table) else ():
        if key in first:
            message = said("key_repeated", key=key, line=first[key])
            column = "/".join(table.schema.key)
            problems.append(Problem(table.name, line, column, message, said("key_repeated_do")))
        first.setdefault(key, line)
    return problems


def items_of(value: object) -> tuple[str, ...]:
    """The items of a list cell; for another cell, its text as the one item."""
    return value if isinstance(value, tuple) else (cell_text(value),)
