"""Answers and tables as workbooks (XLSX): numbers as numbers, units in the heads, the head row frozen; the same bytes every time.

An answer has four sheets: Routes, Legs, Sources (each row a leg rests on, down to the title and address of what it is from) and
Question. A text is written as text even if it begins like a formula. What is unknown is an empty cell.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from keruen.reports.export import LEG_COLUMNS, ROUTE_COLUMNS, flat, leg_rows
from keruen.routing.result import ResultDict
from keruen.tables.dataset import Dataset
from keruen.tables.table import Table
from keruen.tables.whole_file import whole_file

MADE = datetime(2020, 1, 1)  # the same for all, so that equal answers are equal files
MOST_LETTERS = 32_767  # of a cell
WIDEST, NARROWEST = 60, 8
UNITS = {
    "_km": "km", "_h": "h", "_usd": "USD", "_kg": "kg", "_usd_per_t": "USD per t", "_usd_per_t_day": "USD per t and day", "_m": "m",
    "_days": "days", "tonnes": "t", "teu": "TEU",
}  # fmt: skip
SOURCE_HEADS = ("route", "figure", "basis", "source", "title", "address", "date")

Cell = str | float | int | bool | None


def write_workbook(data: Dataset, result: ResultDict, path: str | os.PathLike[str]) -> Path:
    """Write an answer as a workbook; `data` is the dataset it was made with.

    Raises:
        UnknownOption: the path is a folder.
    """
    routes = [{"route": number, **flat(route)} for number, route in enumerate(result["routes"], 1)]
    sheets = {
        "Routes": sheet_of(routes, tuple(ROUTE_COLUMNS)),
        "Legs": sheet_of([row for _, row in leg_rows(result)], tuple(LEG_COLUMNS)),
        "Sources": sheet_of(list(source_rows(data, result)), SOURCE_HEADS),
        "Question": sheet_of(list(question_rows(result)), ("what", "value", "unit")),
    }
    return write_sheets(sheets, path)


def write_table_workbook(table: Table, path: str | os.PathLike[str]) -> Path:
    """Write a table of the dataset as a workbook of one sheet. Raises UnknownOption if the path is a folder."""
    heads = [f"{column.name} [{column.unit}]" if column.unit else column.name for column in table.schema.columns]
    rows = [[plain(cell) for cell in row.to_json().values()] for row in table]
    return write_sheets({table.name[:31]: [heads, *rows]}, path)


def sheet_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[Sequence[Cell]]:
    """Rows under a head that names columns and units."""
    return [[with_unit(name) for name in columns], *([plain(row.get(name)) for name in columns] for row in rows)]


def with_unit(name: str) -> str:
    """The head of a column: its name, and its unit if the name ends in one."""
    found = max((ending for ending in UNITS if name.endswith(ending)), key=len, default="")
    return f"{name} [{UNITS[found]}]" if found else name


def plain(value: Any) -> Cell:
    """A value as a cell holds it; lists joined by "|"."""
    return "|".join(map(str, value)) if isinstance(value, list | tuple) else value


def source_rows(data: Dataset, result: ResultDict) -> Iterable[dict[str, Cell]]:
    """The figures each route rests on, once for each source of the row."""
    for number, route in enumerate(result["routes"], 1):
        for figure in route["sources"]:
            for key in figure_keys(figure):
                row = data.find_row(key)
                basis = str(row["basis"]) if row is not None and "basis" in row else ""
                one: dict[str, Cell] = {"route": number, "figure": key, "basis": basis}
                for source in row.sources() if row is not None else ():
                    told = data["sources"].find(source)
                    facts = {name: told.text(name) if told else "" for name in ("title", "url", "date")}
                    yield {
                        **one,
                        "source": source,
                        "title": facts["title"],
                        "address": facts["url"],
                        "date": facts["date"],
                    }
                if row is None or not row.sources():
                    yield one


def figure_keys(figure: str) -> list[str]:
    """The rows that a figure names: `table:key`, or `table:key|key2` for several of a table."""
    table = figure.partition(":")[0]
    return [key if ":" in key else f"{table}:{key}" for key in figure.split("|") if key]


def question_rows(result: ResultDict) -> Iterable[dict[str, Cell]]:
    """What was asked and how it was understood, and what the reader should know."""
    for end in ("origin", "destination"):
        place = result[end]
        yield {"what": end, "value": f"{place['name']} ({place['place']})", "unit": ""}
    for name in ("depart", "within_days"):
        yield {"what": name, "value": result[name], "unit": UNITS["_days"] if name == "within_days" else ""}
    for name, value in (*result["shipment"].items(), *result["coverage"].items()):
        yield {"what": name, "value": plain(value), "unit": with_unit(name).removeprefix(name).strip(" []")}
    for number, warning in enumerate(result["warnings"], 1):
        yield {"what": f"warning {number}", "value": warning, "unit": ""}
    for number, condition in enumerate(result["conditions"], 1):
        yield {
            "what": f"condition {number}",
            "value": "; ".join(f"{key}: {plain(value)}" for key, value in condition.items()),
            "unit": "",
        }


def write_sheets(sheets: Mapping[str, Sequence[Sequence[Cell]]], path: str | os.PathLike[str]) -> Path:
    """Write sheets, each a head and rows, whole or not at all."""
    import xlsxwriter

    target = Path(path)
    with whole_file(target) as draft:
        book = xlsxwriter.Workbook(draft, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": "Keruen", "created": MADE})
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for i, row in enumerate(rows):
                for k, cell in enumerate(row):
                    write_cell(sheet, i, k, cell, bold if i == 0 else None)
            if len(rows) > 1:
                sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
            for k, head in enumerate(rows[0]):
                longest = max(len(str(row[k])) for row in rows[:200] if row[k] is not None)
                sheet.set_column(k, k, min(max(longest, len(str(head)) + 2, NARROWEST), WIDEST))
        book.close()
    return target


def write_cell(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    """One cell by its kind."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, style)
    else:
        sheet.write_string(row, column, str(cell)[:MOST_LETTERS], style)
