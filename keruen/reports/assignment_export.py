"""Flows as files for other programs: JSON, GeoPackage (arcs and facilities), workbook, OMX. Every file appears whole or not at all.

GeoPackage   layer flows: the arcs that move goods, with tonnes by class and TEU; layer facilities: load, use, wait, price
XLSX         sheets of totals, corridors, bottlenecks, facilities
OMX          what is shipped from zone to zone, tonnes by class, and what is unserved
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from keruen.flows.assignment import FlowResult
from keruen.flows.document import arc_rows
from keruen.network.graph import MODES, Kind
from keruen.reports.export import Columns, _create_geopackage, _write_layer, to_json
from keruen.reports.workbook import sheet_of, write_sheets
from keruen.tables.whole_file import whole_file

FACILITY_COLUMNS: Columns = {
    "facility": "TEXT", "name": "TEXT", "unit": "TEXT", "capacity": "DOUBLE", "load": "DOUBLE", "use": "DOUBLE", "wait_h": "DOUBLE",
    "price_usd_per_unit": "DOUBLE",
}  # fmt: skip


def write_flows(found: FlowResult, document: Mapping[str, Any], path: str | os.PathLike[str]) -> Path:
    """Write an assignment in the format that the ending of the file asks for: .json, .gpkg, .xlsx, .omx, .gmns.

    Raises:
        UnknownOption: the path is a folder.
    """
    target = Path(path)
    if target.suffix.lower() == ".gpkg":
        write_geopackage(found, document, target)
    elif target.suffix.lower() == ".xlsx":
        write_sheets(sheets_of(document), target)
    elif target.suffix.lower() == ".omx":
        write_matrices(found, target)
    elif target.suffix.lower() == ".gmns":
        write_links(found, target)
    else:
        with whole_file(target) as draft:
            draft.write_text(to_json(document), encoding="utf-8")
    return target


def sheets_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of an assignment, or of two side by side, as sheets."""
    totals = [
        {"what": name, "value": value} for name, value in document.get("totals", document.get("change", {})).items()
    ]
    names = {"Totals": totals, "Corridors": document["corridors"], "Bottlenecks": document.get("bottlenecks", []),
             "Facilities": document.get("facilities", []), "Critical": document.get("critical", [])}  # fmt: skip
    flat = {
        name: [{key: cell for key, cell in row.items() if not isinstance(cell, dict)} for row in rows]
        for name, rows in names.items()
    }
    return {name: sheet_of(rows, tuple(rows[0])) for name, rows in flat.items() if rows}


def write_geopackage(found: FlowResult, document: Mapping[str, Any], target: Path) -> None:
    """Write the arcs over which goods move, and the facilities, as layers."""
    from shapely import Point

    graph = found.world.graph
    columns: Columns = {
        "arc": "INTEGER", "mode": "TEXT", "t": "DOUBLE", "teu": "DOUBLE",
        **{f"t_{one.name}": "DOUBLE" for one in found.demand.classes},
    }  # fmt: skip
    facilities = []
    for i, row in enumerate(document["facilities"]):
        arcs = np.flatnonzero(found.places.arc_facility == i)
        node = int(graph.tail[arcs[0]])
        facilities.append((Point(float(graph.node_lon[node]), float(graph.node_lat[node])), row))
    with whole_file(target) as draft, closing(sqlite3.connect(draft)) as base, base:
        _create_geopackage(base)
        _write_layer(base, "flows", "Goods over each arc in a year", "MULTILINESTRING", columns, list(lines_of(found)))
        _write_layer(base, "facilities", "Facilities of known capacity", "POINT", FACILITY_COLUMNS, facilities)


def lines_of(found: FlowResult) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The arcs that move goods, as lines cut at the antimeridian, with what flows over them."""
    from shapely import MultiLineString

    graph = found.world.graph
    for row in arc_rows(found):
        if graph.arc_kind[row["arc"]] not in (Kind.MOVE, Kind.SERVICE):
            continue
        points = graph.polyline(np.array([row["arc"]]))
        cuts = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180) + 1
        parts = [part for part in np.split(points, cuts) if len(part) > 1]
        if parts:
            yield MultiLineString(parts), row


def write_matrices(found: FlowResult, target: Path) -> None:
    """Write what is shipped between zones, tonnes a year: a matrix for each class, and one of what is unserved."""
    from keruen.network.omx import Matrices
    from keruen.network.omx import write_matrices as write_omx

    routes, zones = found.routes, len(found.demand.zones)
    cells = {}
    for row, cargo in enumerate(found.demand.classes):
        mine = routes.cargo == row
        matrix = np.zeros((zones, zones))
        matrix[routes.origin[mine], routes.destination[mine]] = found.loading.shipped_t[mine]
        cells[cargo.name] = matrix
    left = np.zeros((zones, zones))
    np.add.at(left, (routes.origin, routes.destination), found.loading.unserved_t)
    write_omx(Matrices(found.demand.zones, {**cells, "unserved": left}), target)


def write_links(found: FlowResult, target: Path) -> None:
    """Write the arcs that move goods as a network in GMNS; length is km, capacity what the facility of the link can carry a year."""
    from keruen.network.gmns import write_network
    from keruen.network.road import RoadNetwork

    graph, tonnes = found.world.graph, found.arc_t.sum(axis=0)
    arcs = np.flatnonzero(tonnes > 0)
    nodes, ends = np.unique(np.concatenate([graph.tail[arcs], graph.head[arcs]]), return_inverse=True)
    unknown = np.full(len(arcs), np.nan)
    facility = found.places.arc_facility[arcs]
    capacity = np.where(facility >= 0, np.append(found.places.limit, np.nan)[facility], np.nan)
    network = RoadNetwork(
        nodes=tuple(map(str, nodes.tolist())), through=np.ones(len(nodes), np.bool_), zones=np.empty(0, np.int32), zone_names=(),
        tail=ends[: len(arcs)].astype(np.int32), head=ends[len(arcs) :].astype(np.int32), capacity=capacity,
        length=graph.arc_km[arcs].astype(np.float64), free_flow_time=unknown, b=unknown, power=unknown, toll=unknown, speed=unknown,
        kind=tuple(MODES[mode] for mode in graph.arc_mode[arcs].tolist()), lon=graph.node_lon[nodes].astype(np.float64),
        lat=graph.node_lat[nodes].astype(np.float64),
    )  # fmt: skip
    write_network(network, target, flow=tonnes[arcs], cost=unknown)
