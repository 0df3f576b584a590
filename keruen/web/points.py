"""What can be clicked on the map: straits and canals, ports, stations, borders, gauge yards, and the services between ports.

Each point has the key by which `--avoid` and `--require` know it (keruen.tables.features):

    passage:suez   border:dostyk_rail   place:KZDOS (a terminal, or the yard where the gauge changes)   service:kuryk_alat_roro

The world view shows the straits and canals, then come the ends of corridors and their borders, then what the tables tell of, last what the
line packages add. `label` is the zoom from which a point is named, `until` the one from which it no longer is, as the city of that name is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from keruen.network.build import World
from keruen.network.graph import FACILITY_KINDS, Graph
from keruen.tables.dataset import Dataset
from keruen.web.ground import cities
from keruen.web.mercator import to_lonlat, to_square
from keruen.web.prepared import LAST_ZOOM, Layer, Shown
from keruen.web.thinning import first_zooms

APART_PX = 26.0
NAMED_LATER = {"rail_border": 1, "road_border": 1, "service": 1}  # zooms between the sign and its name, else none
NEVER = 99  # a zoom beyond all
SAME_TOWN = 0.25  # degrees: a place within so much of a city of its name needs no name of its own


@dataclass(frozen=True)
class Point:
    """Something that can be clicked: key, kind, names (Russian empty: not known), degrees, the zoom it is first wanted at."""

    key: str
    kind: str
    name: str
    name_ru: str
    lat: float
    lon: float
    wanted: int

    def about(self) -> dict[str, str | int]:
        """Its properties on a tile."""
        known: dict[str, str | int] = {"key": self.key, "kind": self.kind, "name_en": self.name}
        return known | ({"name_ru": self.name_ru} if self.name_ru else {})


def point_layer(data: Dataset, world: World) -> Layer:
    """The layer of all points, the most important first."""
    points = sorted(points_of(data, world), key=lambda point: point.wanted)  # else as their tables have them
    xy = to_square(np.array([[point.lon, point.lat] for point in points]).reshape(-1, 2))
    first = first_zooms(xy, np.array([point.wanted for point in points]), APART_PX).tolist()
    named_by_city = names_on_the_map(world)
    shown: list[Shown] = []
    for i, point in enumerate(points):
        cell = (point.name.casefold(), round(point.lat / SAME_TOWN), round(point.lon / SAME_TOWN))
        named = {"label": first[i] + NAMED_LATER.get(point.kind, 0), "until": named_by_city.get(cell, NEVER)}
        shown.append((shapely.Point(xy[i]), first[i], LAST_ZOOM, point.about() | named))
    return Layer.of(shown)


def points_of(data: Dataset, world: World) -> list[Point]:
    """All points; a place with a terminal and a gauge yard is one point, and is told as the yard."""
    graph = world.graph
    found: dict[str, Point] = {}
    known = set(data["places"].texts("place"))
    on_corridors = ends_of_corridors(data)
    named = set(data["borders"].texts("border"))
    for i in range(len(graph.facility_kind)):
        kind, key = FACILITY_KINDS[int(graph.facility_kind[i])], str(graph.facility_key[i])
        type_ = str(graph.facility_type[i])
        if kind == "terminal":
            name_of_kind, feature = type_, f"place:{key}"
            wanted = wanted_place(key, type_, key in known, key in on_corridors)
        elif kind == "gauge_yard":
            name_of_kind, feature, wanted = "gauge_yard", f"place:{key}", 3
        elif kind == "border":
            name_of_kind, feature = f"{type_}_border", f"border:{key}"
            wanted = (4 if type_ == "rail" else 5) if key in named else (6 if type_ == "rail" else 7)
        else:
            name_of_kind, feature, wanted = (kind, f"{kind}:{key}", 4 if kind == "service" else 0)
        point = point_at(graph, i, feature, name_of_kind, wanted)
        if feature not in found or kind == "gauge_yard" or wanted < found[feature].wanted:
            found[feature] = point
    return list(found.values())


def point_at(graph: Graph, i: int, key: str, kind: str, wanted: int) -> Point:
    """The point of a facility."""
    return Point(
        key, kind, str(graph.facility_name[i]), str(graph.facility_name_ru[i]),
        float(graph.facility_lat[i]), float(graph.facility_lon[i]), wanted,
    )  # fmt: skip


def wanted_place(key: str, kind: str, in_table: bool, on_corridor: bool) -> int:
    """The zoom at which a terminal is first wanted."""
    if on_corridor:
        return 2
    if kind == "airport":
        return 6 if in_table else LAST_ZOOM
    if in_table:
        return 4 if "port" in kind else 5
    return 6 if "port" in kind else 7


def ends_of_corridors(data: Dataset) -> set[str]:
    """Places between which services of a named corridor run."""
    rows = [row for row in data["services"] if row["corridor"] and row["status"] == "active"]
    return {str(row[column]) for row in rows for column in ("from_place", "to_place")}


def names_on_the_map(world: World) -> dict[tuple[str, int, int], int]:
    """First zoom of every city that is named, by its English name and the cells of a coarse grid that it lies in or next to."""
    found: dict[tuple[str, int, int], int] = {}
    for point, first, _, about in cities(world):
        lon, lat = to_lonlat(shapely.get_coordinates(point))[0]
        cy, cx = round(lat / SAME_TOWN), round(lon / SAME_TOWN)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                key = (str(about["name_en"]).casefold(), cy + dy, cx + dx)
                found[key] = min(first, found.get(key, NEVER))
    return found
