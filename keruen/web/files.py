"""Answers as files to take away, made in a folder of their own that is gone when they are read.

The name and ending of a file are of this module, never of a request. Pictures are drawn one at a time: matplotlib's styles are one for
all threads.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keruen.errors import UnknownOption
from keruen.routing.accuracy import Accuracy
from keruen.routing.result import RouteResult
from keruen.tables.dataset import Dataset
from keruen.tables.table import Table
from keruen.tables.words import said
from keruen.web.desk import Body

TYPES = {
    "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json", "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
PEN = threading.Lock()


def made(stem: str, ending: str, write: Callable[[Path], object]) -> Body:
    """The file that a writer writes."""
    with tempfile.TemporaryDirectory(prefix="keruen-") as folder:
        path = Path(folder) / f"{stem}.{ending}"
        if ending in ("png", "svg"):
            with PEN:
                write(path)
        else:
            write(path)
        return Body(path.read_bytes(), TYPES[ending], path.name)


def route_file(data: Dataset, result: RouteResult, ending: str, lang: str) -> Body:
    """An answer as a file."""
    from keruen.reports import charts, export
    from keruen.reports.workbook import write_workbook

    lines = result.to_dict(geometry=True)
    writers: dict[str, Callable[[Path], object]] = {
        "csv": lambda path: path.write_text(export.legs_csv(lines), encoding="utf-8"),
        "geojson": lambda path: export.write_geojson(lines, path),
        "gpkg": lambda path: export.write_geopackage(lines, path),
        "json": lambda path: export.write_json(lines, path),
        "xlsx": lambda path: write_workbook(data, lines, path),
        "png": lambda path: charts.draw_map(lines, path, lang=lang),
        "svg": lambda path: charts.draw_map(lines, path, lang=lang),
    }
    return made("routes", ending, writers[ending])


def diagram_file(result: RouteResult, ending: str, corridors: list[str], measures: list[str], lang: str) -> Body:
    """The time-cost-distance diagram of an answer, or the table behind it."""
    from keruen.reports.tcd import draw_diagram, write_table
    from keruen.routing.performance import bundles, by_corridor, from_result

    trips = bundles(by_corridor(from_result(result), corridors))
    if ending == "csv":
        return made("diagram", ending, lambda path: write_table(trips, path))
    title = " → ".join(lang == "ru" and end.name_ru or end.name for end in (result.origin, result.destination))
    shown = list(dict.fromkeys(measures))
    if not shown:
        raise UnknownOption(said("err_no_measure"))
    return made("diagram", ending, lambda path: draw_diagram(trips, path, measures=shown, title=title, lang=lang))


def accuracy_file(data: Dataset, found: Accuracy, ending: str, lang: str) -> Body:
    """Predicted against observed, as a picture, a table or a workbook."""
    from keruen.reports.accuracy_plot import draw_scatter
    from keruen.reports.accuracy_table import write_rows, write_rows_workbook

    if ending in ("csv", "xlsx"):
        write = write_rows if ending == "csv" else write_rows_workbook
        return made("accuracy", ending, lambda path: write(found, path))
    return made("accuracy", ending, lambda path: draw_scatter(data, found, path, lang=lang))


def comparison_file(comparison: Mapping[str, Any], ending: str) -> Body:
    """Base beside scenario: corridor by corridor as a table or a workbook, or the legs of both sides for maps."""
    from keruen.reports import comparison_table as tables

    if ending == "csv":
        return Body(tables.comparison_csv(comparison).encode(), TYPES["csv"], "comparison.csv")
    write = {
        "geojson": tables.write_comparison_geojson,
        "gpkg": tables.write_comparison_geopackage,
        "xlsx": tables.write_comparison_workbook,
    }[ending]
    return made("comparison", ending, lambda path: write(comparison, path))


def table_file(table: Table, ending: str) -> Body:
    """A table of the dataset as a file."""
    from keruen.reports.workbook import write_table_workbook

    if ending == "csv":
        return Body(table.to_csv().encode(), TYPES["csv"], f"{table.name}.csv")
    return made("table", ending, lambda path: write_table_workbook(table, path))
