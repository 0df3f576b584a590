"""A comparison of base and scenario as files: a row for each corridor in CSV; a workbook with the changes and both answers beside it;
for maps the legs of both answers, and which side each is of.

    corridor, corridor_name, corridor_name_ru, base_<figure>, with_<figure>, change_<figure>     figures of routing.compare.MEASURES

A corridor that one side alone has leaves the cells of the other empty, and those of the change; so does a figure that is not known.
In GeoJSON and GeoPackage `side` is base or with; a side without a way has no rows.
`comparison` is the mapping that `Comparison.to_dict()` gives.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keruen.reports.export import ROUTE_COLUMNS, flat, leg_features, to_json, write_layers
from keruen.reports.workbook import Cell, sheet_of, write_sheets
from keruen.routing.compare import MEASURES
from keruen.tables.whole_file import whole_file

SIDES = ("base", "with", "change")
NAMES = ("corridor", "corridor_name", "corridor_name_ru")
COLUMNS = (*NAMES, *(f"{side}_{name}" for name in MEASURES for side in SIDES))
CHANGE_COLUMNS = ("entry", "effect", "row", "column", "before", "after", "item", "reason", "reason_ru")


def comparison_rows(comparison: Mapping[str, Any]) -> Iterator[dict[str, Cell]]:
    """The cells of each corridor by column."""
    for one in comparison["differences"]:
        figures = {f"{side}_{name}": (one[side] or {}).get(name) for side in SIDES for name in MEASURES}
        yield {**{name: one[name] for name in NAMES}, **figures}


def comparison_csv(comparison: Mapping[str, Any]) -> str:
    """A comparison as CSV, a row for each corridor; an empty cell is unknown, or the corridor is not there."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(comparison_rows(comparison))
    return text.getvalue()


def write_comparison_workbook(comparison: Mapping[str, Any], path: str | os.PathLike[str]) -> Path:
    """Write a comparison as a workbook: Differences, Changes, and the routes without and with the scenario, none where there is no way.

    Raises:
        UnknownOption: the path is a folder.
    """
    routes = {
        side: [{"route": number, **flat(route)} for number, route in enumerate(comparison[side].get("routes", ()), 1)]
        for side in ("base", "with")
    }
    sheets = {
        "Differences": sheet_of(list(comparison_rows(comparison)), COLUMNS),
        "Changes": sheet_of(comparison["scenario"]["changes"], CHANGE_COLUMNS),
        "Without": sheet_of(routes["base"], tuple(ROUTE_COLUMNS)),
        "With": sheet_of(routes["with"], tuple(ROUTE_COLUMNS)),
    }
    return write_sheets(sheets, path)


def write_comparison_geojson(comparison: Mapping[str, Any], path: str | os.PathLike[str]) -> Path:
    """Write the legs of both sides as GeoJSON, the scenario and the differences beside them as `keruen`; `comparison` must hold geometry.

    Raises:
        UnknownOption: the path is a folder.
        ValueError: NaN or infinity in the comparison.
    """
    features = [one for side, answer in answered(comparison) for one in leg_features(answer, side=side)]
    about = {name: comparison[name] for name in ("scenario", "differences")}
    with whole_file(Path(path)) as draft:
        draft.write_text(
            to_json({"type": "FeatureCollection", "features": features, "keruen": about}), encoding="utf-8"
        )
    return Path(path)


def write_comparison_geopackage(comparison: Mapping[str, Any], path: str | os.PathLike[str]) -> Path:
    """Write routes, legs and stops of both sides as layers of a GeoPackage; `comparison` must hold geometry.

    Raises:
        UnknownOption: the path is a folder.
    """
    return write_layers([({"side": side}, answer) for side, answer in answered(comparison)], path)


def answered(comparison: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The sides that have a way, with their answers."""
    return ((side, comparison[side]) for side in ("base", "with") if "error" not in comparison[side])
