"""Predicted beside observed as files: one row for each observation in CSV, and the JSON written row by row.

A document of a million rows is never held as one text.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keruen.reports.export import whole_file
from keruen.routing.accuracy import Accuracy, Compared

AT_ONCE = 1_000  # rows written at a time
NAMES = ("origin_name", "destination_name", "corridor_text", "mode_text")


def write_rows(found: Accuracy, path: str | os.PathLike[str]) -> Path:
    """Write all rows as CSV, used or not; an empty cell is unknown. The file appears whole or not at all."""
    target = Path(path)
    with whole_file(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(found.rows):
            cells = row_cells(row)
            if number == 0:
                writer.writerow(cells)
            writer.writerow(cells.values())
    return target


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
