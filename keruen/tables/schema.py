"""The data dictionary: which tables there are, and what each column means.

`keruen/data/schema.csv` has a row for each column of each table:

    table, column, type, unit, required, refers, allowed, min, max, meaning

and a row with an empty column and type `table` that says in a sentence what the table is. It drives reading,
checking and the documentation; nothing about a column is written anywhere else.

    type      text, code (no spaces), number, integer, boolean (yes/no), date (a year, a month or a day), list (a|b|c)
    required  yes, no, or key: the columns with key identify a row together
    refers    table.column whose values the cell must be among; several are joined by |; a list refers item by item
    allowed   the values a cell may have; beside refers it adds values, as * for "all others"
    min, max  bounds of a number, both included; for a list, of every item, which must then be numbers
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from keruen.errors import BadTable, Problem
from keruen.tables.sheet import read_sheet

TYPES = ("text", "code", "number", "integer", "boolean", "date", "list")
NUMERIC_TYPES = ("number", "integer")
TEXT_TYPES = ("text", "code", "date")
REQUIRED = ("yes", "no", "key")
HEADER = ("table", "column", "type", "unit", "required", "refers", "allowed", "min", "max", "meaning")


@dataclass(frozen=True)
class Column:
    """One column as the dictionary describes it; `minimum` and `maximum` are infinite where there is no bound."""

    table: str
    name: str
    type: str
    unit: str
    required: bool
    key: bool
    refers: tuple[str, ...]
    allowed: tuple[str, ...]
    minimum: float
    maximum: float
    meaning: str

    @property
    def bounded(self) -> bool:
        """Whether the dictionary gives a least or a greatest value."""
        return math.isfinite(self.minimum) or math.isfinite(self.maximum)


@dataclass(frozen=True)
class TableSchema:
    """One table as the dictionary describes it."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row together."""
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __contains__(self, column: str) -> bool:
        return column in self._by_name

    def __getitem__(self, column: str) -> Column:
        if column not in self._by_name:
            raise KeyError(f"table {self.name} has no column {column!r}; it has {', '.join(self._by_name)}")
        return self._by_name[column]


Schema = Mapping[str, TableSchema]


def read_schema(raw: bytes) -> Schema:
    """The dictionary from the bytes of a schema.csv, its tables in the order of the file.

    Raises BadTable with all problems found.
    """
    sheet, problems = read_sheet("schema", raw)
    if sheet is None:
        raise BadTable(problems)
    if set(sheet.header) != set(HEADER):
        raise BadTable([Problem("schema", 1, "", "the header is wrong", f"It must be {','.join(HEADER)}")])
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    problems = [problem for row, line in zip(rows, sheet.lines, strict=True) for problem in _row_problems(row, line)]
    if problems:
        raise BadTable(problems)
    meanings = {row["table"]: row["meaning"] for row in rows if not row["column"]}
    columns: dict[str, list[Column]] = {row["table"]: [] for row in rows}
    for row in rows:
        if row["column"]:
            columns[row["table"]].append(_column(row))
    schema = {name: TableSchema(name, meanings.get(name, ""), tuple(found)) for name, found in columns.items()}
    if problems := _whole_problems(schema):
        raise BadTable(problems)
    return schema


def _row_problems(row: Mapping[str, str], line: int) -> list[Problem]:
    """What is wrong with one row of the dictionary by itself."""
    problems = []

    def wrong(column: str, what_to_do: str) -> None:
        problems.append(Problem("schema", line, column, f"{row[column]!r} means nothing here", what_to_do))

    if not row["table"]:
        wrong("table", "Name the table")
    if not row["meaning"]:
        wrong("meaning", "Say what the column is; the documentation shows it")
    if row["type"] not in (TYPES if row["column"] else ("table",)):
        wrong("type", f"Use one of {', '.join(TYPES)}; table on the row that describes a table")
    if row["column"] and row["required"] not in REQUIRED:
        wrong("required", f"Use one of {', '.join(REQUIRED)}")
    if any("." not in target for target in _items(row["refers"])):
        wrong("refers", "Write table.column; join several by |")
    for column in ("min", "max"):
        try:
            float(row[column] or 0)
        except ValueError:
            wrong(column, "Write a number or leave it empty")
    return problems


def _whole_problems(schema: Schema) -> list[Problem]:
    """What is wrong with the dictionary as a whole."""
    problems = []

    def wrong(column: str, message: str, what_to_do: str) -> None:
        problems.append(Problem("schema", 0, column, message, what_to_do))

    for table in schema.values():
        if not table.key:
            wrong(table.name, f"table {table.name} has no key", "Mark with key the columns that identify a row")
        names = [column.name for column in table.columns]
        for name in {name for name in names if names.count(name) > 1}:
            wrong(f"{table.name}.{name}", "the column is described twice", "Keep one row")
        for column in table.columns:
            for target in column.refers:
                other, _, field = target.partition(".")
                if other not in schema or field not in schema[other]:
                    wrong(f"{table.name}.{column.name}", f"it refers to {target}, which is no column", "Correct refers")
    return problems


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        table=row["table"],
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        required=row["required"] != "no",
        key=row["required"] == "key",
        refers=_items(row["refers"]),
        allowed=_items(row["allowed"]),
        minimum=float(row["min"] or -math.inf),
        maximum=float(row["max"] or math.inf),
        meaning=row["meaning"],
    )


def _items(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def dictionary_markdown(schema: Schema) -> str:
    """The dictionary as the documentation page docs/data.md."""
    parts = [DICTIONARY_OPENING, "\n".join(f"* [{name}](#{name})" for name in schema)]
    parts += [_table_markdown(table) for table in schema.values()]
    return "\n\n".join(parts) + "\n"


def _table_markdown(table: TableSchema) -> str:
    lines = [f"## {table.name}", "", table.meaning, "", "| column | type | unit | required | meaning |"]
    lines.append("|---|---|---|---|---|")
    for column in table.columns:
        required = "key" if column.key else "yes" if column.required else ""
        cells = (f"`{column.name}`", column.type, column.unit, required, _meaning_markdown(column))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _meaning_markdown(column: Column) -> str:
    """The meaning with the bounds a cell must keep to."""
    rules = []
    values = [f"`{value}`" for value in column.allowed] + [f"a value of `{target}`" for target in column.refers]
    if values:
        rules.append("one of " + ", ".join(values) if len(values) > 1 else values[0])
    if math.isfinite(column.minimum) and math.isfinite(column.maximum):
        rules.append(f"{column.minimum:g} to {column.maximum:g}")
    elif column.bounded:
        rules.append(f"at least {column.minimum:g}" if math.isfinite(column.minimum) else f"at most {column.maximum:g}")
    return column.meaning + (f" *({'; '.join(rules)})*" if rules else "")


DICTIONARY_OPENING = """# What is known: the tables

Everything Keruen knows stands in tables: CSV files in UTF-8, one header line, commas between cells. This page is
generated from `keruen/data/schema.csv`, which also drives reading and checking (`keruen validate`).

A missing value is an empty cell: unknown is never zero. A list is written `a|b|c`. A date is a year, a month or a day:
`2024`, `2024-07`, `2024-07-31`. A boolean is `yes` or `no`. A row is named by its table and its key, composite keys
joined by a slash: `places:KZSCO`, `tariffs:rail/KZ/teu`. `keruen sources tariffs:rail/KZ/teu` shows what stands
behind it.

Where a key column holds `*`, the row stands for all that have no row of their own; the most specific row holds."""
