"""Predicted beside observed as files: one row for each observation in CSV, and the JSON written row by row.

A document of a million rows is never held as one text.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keruen.reports.workbook import sheet_of, write_sheets
from keruen.routing.accuracy import Accuracy, Compared
from keruen.routing.observed import COST, TIME
from keruen.tables.whole_file import whole_file

AT_ONCE = 1_000  # rows written at a time
NAMES = ("origin_name", "destination_name", "corridor_text", "mode_text")


def write_rows(found: Accuracy, path: str | os.PathLike[str]) -> Path:
    """Write all rows as CSV, used or not; an empty cell is unknown. The file appears whole or not at all."""
    target = Path(path)
    with whole_file(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns_of(found.rows), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(row_cells, found.rows))
    return target


def columns_of(rows: Sequence[Compared]) -> list[str]:
    """The columns of all rows: a journey has more than a price."""
    firsts = {row.observation.haul.measure: row for row in reversed(rows)}
    return max((list(row_cells(row)) for row in firsts.values()), key=len, default=[])


def write_rows_workbook(found: Accuracy, path: str | os.PathLike[str]) -> Path:
    """Write all rows as a workbook, numbers as numbers: journeys and prices on sheets of their own. Raises UnknownOption for a folder."""
    sheets = {}
    for name, measure in (("Journeys", TIME), ("Prices", COST)):
        rows = [row for row in found.rows if row.observation.haul.measure == measure]
        sheets[name] = sheet_of([row_cells(row) for row in rows], columns_of(rows) or ["id"])
    return write_sheets(sheets, path)


def row_cells(row: Compared) -> dict[str, Any]:
    """The cells of a row by column: those of its JSON, lists joined, and the words of its source."""
    haul = row.observation.haul
    said = dict(zip(NAMES, (haul.origin.name, haul.destination.name, haul.corridor_text, haul.mode_text), strict=True))
    return {name: _cell(value) for name, value in (row.to_dict() | said).items()}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def json_pieces(found: Accuracy, *, ascii_only: bool) -> Iterator[str]:
    """The document of `Accuracy.to_dict` as JSON text in pieces."""
    head = json.dumps(found.to_dict(rows=False), ensure_ascii=ascii_only, indent=2, allow_nan=False)
    yield head.removesuffix("\n}") + ',\n  "rows": ['
    for first in range(0, len(found.rows), AT_ONCE):
        rows = found.rows[first : first + AT_ONCE]
        texts = (json.dumps(row.to_dict(), ensure_ascii=ascii_only, allow_nan=False) for row in rows)
        yield ("," if first else "") + "\n    " + ",\n    ".join(texts)
    yield "\n  ]\n}"
