"""Lines laid into the network: those of the map, and new tracks that the map does not have.

    map      nodes and edges of `base_lines`
    new      rows of rail_lines with new_track: a line of its own through its points, of its published length if that is known,
             cut where it passes a border, joined at each end to the railway of its gauge in the same country within 15 km

Terminals are joined to the lines of the map, and a new track to those; gauge yards also to new tracks. A new track changes nothing else,
so it may be laid onto a network that is built already (overlay) with the same result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, LayerNodes
from keruen.network.base import GAUGES, Lines
from keruen.network.crossings import Crossings, add_crossings
from keruen.network.draft import SAME_GAUGE, Draft, gauge_bit
from keruen.network.frontiers import country_rows, cut_at_borders, steady_countries
from keruen.network.graph import MODES
from keruen.network.simplify import thin_courses
from keruen.network.sphere import SPUR_DETOUR, distance_km, nearest
from keruen.network.terminals import LIMIT_KM, RAIL_LOADS
from keruen.tables.dataset import Dataset

Row = Mapping[str, Any]

STEP_KM = 20.0  # a new track is told in points so near to each other that no two borders lie between two of them
COURSE_TOLERANCE_KM = 0.5
RUNNING = ("open", "limited")


def is_new_track(row: Row) -> bool:
    """Whether a row of rail_lines is a line that the map does not have and that carries trains."""
    return row["new_track"] is True and row["status"] in RUNNING


def add_new_lines(
    assembly: Assembly,
    data: Dataset,
    layers: Mapping[str, LayerNodes],
    crossings: Crossings,
    only: Sequence[str] | None = None,
) -> tuple[dict[str, LayerNodes], list[str]]:
    """Lay the new tracks of rail_lines, all or some by key; returns the layers with their nodes, and what could not be joined, in words."""
    numeric = np.array([int(code or 0) for code in data["countries"].texts("numeric")], np.int64)
    known, troubles = dict(layers), []
    for row in data["rail_lines"]:
        if not is_new_track(row) or (only is not None and row.text("line") not in only):
            continue
        points = course(data, row)
        for mm in row.texts("gauges_mm"):
            lines = new_line(points, SAME_GAUGE.get(int(float(mm)), int(float(mm))), row.number("length_km"), numeric)
            for name, laid in add_lines(assembly, lines, "rail", RAIL_LOADS, crossings).items():
                if not joined(assembly, known.get(name), laid, points):
                    troubles.append(
                        f"rail_lines:{row.text('line')}: no {mm} mm line within {LIMIT_KM['rail']:.0f} km of either end"
                    )
                known[name] = together(known.get(name), laid)
    return known, troubles


def course(data: Dataset, row: Row) -> NDArray[np.float64]:
    """The points of a line from end to end, float64[k, 2] as (lat, lon): its own, else those of the places at its ends."""
    points = [tuple(map(float, text.split())) for text in row["via"]]
    ends = []
    for end in ("from", "to"):
        lat, lon = row[f"{end}_lat"], row[f"{end}_lon"]
        place = data["places"].find(row[f"{end}_place"]) if np.isnan(lat) or np.isnan(lon) else None
        ends.append((place.number("lat"), place.number("lon")) if place is not None else (lat, lon))
    return np.array([ends[0], *points, ends[1]], np.float64)


def new_line(points: NDArray[np.float64], gauge_mm: int, length_km: float, numeric: NDArray[np.int64]) -> Lines:
    """A line through points as nodes and edges, its length shared out by the distances between them."""
    lat, lon = (np.concatenate([*(np.linspace(a, b, n, endpoint=False) for a, b, n in steps(points, axis)), points[-1:, axis]])
                for axis in (0, 1))  # fmt: skip
    lon = (lon + 180) % 360 - 180
    country = filled(country_rows(lat, lon, numeric))
    u = np.arange(len(lat) - 1)
    km = np.asarray(distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:]), np.float64)
    km = km if np.isnan(length_km) else km * length_km / km.sum()
    draft = Draft.straight(lat, lon, country, u, u + 1, km, np.full(len(u), gauge_bit(gauge_mm), np.uint32))
    draft, _ = cut_at_borders(steady_countries(draft), numeric)
    geom_ptr, geom_lat, geom_lon = thin_courses(draft, COURSE_TOLERANCE_KM)
    edge_country = np.where(draft.crosses, np.int16(-1), draft.country[draft.u])
    return Lines(
        draft.lat, draft.lon, draft.country, draft.u.astype(np.int32), draft.v.astype(np.int32), draft.km, edge_country,
        np.full(draft.edges, GAUGES.index(gauge_mm), np.uint8), np.full(draft.edges, -1, np.int16), geom_ptr,
        geom_lat.astype(np.float32), geom_lon.astype(np.float32),
    )  # fmt: skip


def steps(points: NDArray[np.float64], axis: int) -> list[tuple[float, float, int]]:
    """From each point to the next: both coordinates of an axis, and in how many steps of at most 20 km. The short way round the earth."""
    km = np.asarray(distance_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]))
    count = np.maximum(1, np.ceil(km / STEP_KM)).astype(int)
    turn = points[1:, axis] - points[:-1, axis]
    turn = (turn + 180) % 360 - 180 if axis == 1 else turn
    ends = points[:-1, axis] + turn
    return list(zip(points[:-1, axis].tolist(), ends.tolist(), count.tolist(), strict=True))


def filled(country: NDArray[np.int16]) -> NDArray[np.int16]:
    """Countries of points in order, those at sea given the country before them, at the start the one after."""
    known = np.flatnonzero(country >= 0)
    if not len(known):
        return country
    at = np.searchsorted(known, np.arange(len(country)), side="right") - 1
    return np.asarray(country[known[np.maximum(at, 0)]])


def joined(assembly: Assembly, around: LayerNodes | None, laid: LayerNodes, points: NDArray[np.float64]) -> bool:
    """Join both ends of a new line to the nearest nodes of its layer; whether any could be joined."""
    if around is None:
        return False
    found = False
    for lat, lon in (points[0], points[-1]):
        end = int(np.argmin(distance_km(laid.lat, laid.lon, lat, lon)))
        here = np.array([laid.lat[end]]), np.array([laid.lon[end]])
        row, km = nearest(*here, around.lat, around.lon, laid.country[end], around.country)
        if km[0] <= LIMIT_KM["rail"]:
            assembly.arcs.add_both_ways(
                laid.ids[end], around.ids[row[0]], km=SPUR_DETOUR * km[0], mode=MODES.index("rail"), country=laid.country[end],
                loads=RAIL_LOADS,
            )  # fmt: skip
            found = True
    return found


def together(one: LayerNodes | None, other: LayerNodes) -> LayerNodes:
    """Nodes of two parts of a layer."""
    if one is None:
        return other
    parts = {
        name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("ids", "lat", "lon", "country")
    }
    return LayerNodes(**parts)


def add_lines(assembly: Assembly, lines: Lines, mode: str, loads: int, crossings: Crossings) -> dict[str, LayerNodes]:
    """Lay the lines of one mode: a node per base node and gauge, arcs both ways, border arcs where the country changes.

    Returns the nodes of each layer it made (`road`, or `rail_1520` and so on).
    """
    if mode == "rail":
        layer_of_edge = np.asarray(lines.edge_gauge, np.int64)
        names = [f"rail_{gauge}" for gauge in GAUGES]
    else:
        layer_of_edge = np.zeros(len(lines.edge_u), np.int64)
        names = [mode]
    layers: dict[str, LayerNodes] = {}
    tail, head = np.empty(len(lines.edge_u), np.int32), np.empty(len(lines.edge_u), np.int32)
    for layer, name in enumerate(names):
        mine = np.flatnonzero(layer_of_edge == layer)
        if len(mine) == 0:
            continue
        used, position = np.unique(np.stack([lines.edge_u[mine], lines.edge_v[mine]]), return_inverse=True)
        ids = assembly.add_nodes(name, lines.node_lat[used], lines.node_lon[used], lines.node_country[used])
        tail[mine], head[mine] = ids[position.reshape(2, -1)]
        layers[name] = LayerNodes(ids, lines.node_lat[used], lines.node_lon[used], lines.node_country[used])
    inside = np.flatnonzero(lines.node_country[lines.edge_u] == lines.node_country[lines.edge_v])
    assembly.arcs.add_both_ways(
        tail[inside], head[inside], km=lines.edge_km[inside], country=lines.edge_country[inside], mode=MODES.index(mode),
        geometry=add_courses(assembly, lines)[inside], loads=loads,
    )  # fmt: skip
    add_crossings(assembly, crossings, mode, tail, head, lines, loads)
    return layers


def add_courses(assembly: Assembly, lines: Lines) -> NDArray[np.int32]:
    """Append the polyline of every edge; returns their rows, int32[e]."""
    points = np.stack([lines.geom_lon, lines.geom_lat], axis=1).astype(np.float32)
    ends = zip(lines.geom_ptr[:-1].tolist(), lines.geom_ptr[1:].tolist(), strict=True)
    return np.array([assembly.add_geometry(points[a:b]) for a, b in ends], np.int32)
