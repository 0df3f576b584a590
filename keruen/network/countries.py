"""Countries on the map: which country a point lies in, and the outlines of land for drawing.

The borders are Natural Earth's, as TopoJSON (world-atlas 2.0.2): every line between two countries is stored once, as
an arc, and each ring of a polygon is a list of arcs, `~i` meaning arc i backwards. So each arc knows the country on its
left and on its right, and a point is placed without building polygons at all:

    country(p) = country on the west side of the first border segment met going east from p     [ISO 3166-1 numeric]

Segments are sorted into bands of latitude, so that a point is compared only with the segments of its own band. A point
at sea takes the country of the nearest coast within `coast_km` (bridges, causeways and ports lie outside the drawn
coast). Natural Earth draws who governs in fact, not who claims.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from keruen.network.near import nearest_within

NO_COUNTRY = -1
_BAND_DEG = 0.02

# Areas that Natural Earth draws apart and that have no ISO number of their own, with the number they are counted under
# here (ISO 3166-1 does not list them; 983 is the number in common use for Kosovo).
_UNNUMBERED = {
    "Akrotiri": 196, "Baikonur": 398, "Cyprus U.N. Buffer Zone": 196, "Dhekelia": 196, "Indian Ocean Ter.": 36,
    "Coral Sea Is.": 36, "Kosovo": 983, "N. Cyprus": 196, "Siachen Glacier": 356, "Somaliland": 706,
    "USNB Guantanamo Bay": 192,
}  # fmt: skip

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Topology:
    """Arcs of a TopoJSON file. Arc a holds the points arc_ptr[a]:arc_ptr[a+1]; left/right are ISO numbers or -1.

    rings: per polygon its numeric country and its rings, each a tuple of signed arc numbers, the first ring outside.
    """

    arc_ptr: npt.NDArray[np.int64]  # [a+1]
    lon: Floats  # [points] degrees
    lat: Floats  # [points] degrees
    left: npt.NDArray[np.int16]  # [a]
    right: npt.NDArray[np.int16]  # [a]
    rings: tuple[tuple[int, tuple[tuple[int, ...], ...]], ...]

    def ring(self, arcs: tuple[int, ...]) -> Floats:
        """One closed ring as an array [k, 2] of longitude and latitude; the last point repeats the first."""
        return _ring(self.arc_ptr, np.column_stack([self.lon, self.lat]), arcs)


def country_at(lat: npt.ArrayLike, lon: npt.ArrayLike, *, coast_km: float = 30.0) -> npt.NDArray[np.int16]:
    """ISO 3166-1 numeric code of the country at each point (degrees); -1 on the high sea, farther than `coast_km`."""
    lat_a, lon_a = np.atleast_1d(np.asarray(lat, float)), np.atleast_1d(np.asarray(lon, float))
    found = _first_border_east(lat_a, lon_a)
    beyond = np.flatnonzero((found == NO_COUNTRY) & (lon_a > 170.0))  # land that goes on over the antimeridian
    found[beyond] = _first_border_east(lat_a[beyond], lon_a[beyond] - 360.0)
    sea = np.flatnonzero(found == NO_COUNTRY)
    if len(sea) and coast_km > 0:
        coast_lat, coast_lon, owner = _coast()
        nearest, _ = nearest_within(lat_a[sea], lon_a[sea], coast_lat, coast_lon, coast_km)
        found[sea] = np.where(nearest >= 0, owner[nearest], NO_COUNTRY)
    return found


def land_outlines(resolution: str = "110m") -> list[tuple[int, list[Floats]]]:
    """Polygons of land for drawing: (ISO numeric, closed rings [k, 2] of lon/lat), outer ring first.

    A ring that crosses the antimeridian is cut there into closed rings on either side.
    """
    topology = read_topology(resolution)
    outlines = []
    for country, rings in topology.rings:
        parts = [piece for ring in rings for piece in _cut_at_antimeridian(topology.ring(ring))]
        outlines.append((country, parts))
    return outlines


@cache
def read_topology(resolution: str) -> Topology:
    """The shipped borders at "10m" (1:10 million), "50m" or "110m"."""
    packed = resources.files("keruen") / "data" / "geo" / f"countries_{resolution}.topojson.gz"
    document = json.loads(gzip.decompress(packed.read_bytes()))
    lengths = np.array([len(arc) for arc in document["arcs"]])
    arc_ptr = np.concatenate([[0], np.cumsum(lengths)])
    steps = np.array([point for arc in document["arcs"] for point in arc], dtype=np.int64)
    running = np.cumsum(steps, axis=0)
    before = running[arc_ptr[:-1]] - steps[arc_ptr[:-1]]
    grid = running - np.repeat(before, lengths, axis=0)
    points = grid * np.array(document["transform"]["scale"]) + np.array(document["transform"]["translate"])
    rings = tuple(_polygons(document["objects"]["countries"]["geometries"]))
    left, right = _sides(arc_ptr, points, rings)
    return Topology(arc_ptr, points[:, 0].copy(), points[:, 1].copy(), left, right, rings)


def _polygons(geometries: list[dict[str, Any]]) -> Iterator[tuple[int, tuple[tuple[int, ...], ...]]]:
    """(numeric country, rings of signed arcs) of every polygon; uninhabited reefs without a number are left out."""
    for geometry in geometries:
        number = geometry.get("id")
        country = int(number) if number is not None else _UNNUMBERED.get(geometry["properties"]["name"], NO_COUNTRY)
        if country == NO_COUNTRY:
            continue
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            yield country, tuple(tuple(ring) for ring in polygon)


def _ring(arc_ptr: npt.NDArray[np.int64], points: Floats, arcs: tuple[int, ...]) -> Floats:
    """Points of a ring; consecutive arcs share an end point, which is kept once."""
    parts: list[Floats] = []
    for arc in arcs:
        a = arc if arc >= 0 else ~arc
        piece = points[arc_ptr[a] : arc_ptr[a + 1]]
        piece = piece if arc >= 0 else piece[::-1]
        parts.append(piece if not parts else piece[1:])
    return np.concatenate(parts)


def _sides(
    arc_ptr: npt.NDArray[np.int64], points: Floats, rings: tuple[tuple[int, tuple[tuple[int, ...], ...]], ...]
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """The country left and right of every arc. A clockwise outer ring has its country on the right, its holes too."""
    left = np.full(len(arc_ptr) - 1, NO_COUNTRY, np.int16)
    right = left.copy()
    for country, polygon in rings:
        inside_right = _signed_area(_ring(arc_ptr, points, polygon[0])) < 0
        for ring in polygon:
            for arc in ring:
                forwards = arc >= 0
                side = right if forwards == inside_right else left
                side[arc if forwards else ~arc] = country
    return left, right


def _signed_area(ring: Floats) -> float:
    """Area in square degrees by the shoelace formula, positive if the ring runs anticlockwise."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


@cache
def _segments() -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int16]]:
    """Border segments by band of latitude: band_ptr; [m, 4] south lat, north lat, lon at south, slope; west country."""
    topology = read_topology("10m")
    lat, lon = topology.lat, topology.lon
    start = np.delete(np.arange(len(lat)), topology.arc_ptr[1:] - 1)
    arc = np.repeat(np.arange(len(topology.left)), np.diff(topology.arc_ptr) - 1)
    north_going = lat[start + 1] > lat[start]
    west = np.where(north_going, topology.left[arc], topology.right[arc])
    south = np.where(north_going, start, start + 1)
    north = np.where(north_going, start + 1, start)
    rises = lat[north] > lat[south]
    south, north, west = south[rises], north[rises], west[rises]
    run = (lon[north] - lon[south] + 180.0) % 360.0 - 180.0  # the short way, also over the antimeridian
    table = np.column_stack([lat[south], lat[north], lon[south], run / (lat[north] - lat[south])])
    over = np.abs(lon[south] + run) > 180.0
    seen_from_other_side = table[over] - np.sign(lon[south[over]])[:, None] * np.array([0.0, 0.0, 360.0, 0.0])
    table, west = np.concatenate([table, seen_from_other_side]), np.concatenate([west, west[over]])
    first, last = _band(table[:, 0]), _band(table[:, 1])
    spans = last - first + 1
    segment = np.repeat(np.arange(len(table)), spans)
    band = np.repeat(first, spans) + np.arange(len(segment)) - np.repeat(np.cumsum(spans) - spans, spans)
    order = np.argsort(band, kind="stable")
    band_ptr = np.searchsorted(band[order], np.arange(_band(np.array([90.0]))[0] + 2))
    return band_ptr, table[segment[order]], west[segment[order]]


def _band(lat: Floats) -> npt.NDArray[np.int64]:
    return np.floor((np.clip(lat, -90.0, 90.0) + 90.0) / _BAND_DEG).astype(np.int64)


def _first_border_east(lat: Floats, lon: Floats) -> npt.NDArray[np.int16]:
    """Country on the west side of the nearest border segment east of each point; -1 if that is sea or none is met."""
    band_ptr, table, west = _segments()
    found = np.full(len(lat), NO_COUNTRY, np.int16)
    bands = _band(lat)
    order = np.argsort(bands, kind="stable")
    edges = np.flatnonzero(np.diff(bands[order], prepend=-1, append=-1))
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        points = order[begin:end]
        band = bands[points[0]]
        rows = slice(band_ptr[band], band_ptr[band + 1])
        south, north, lon_south, slope = table[rows].T
        if len(south) == 0:
            continue
        y = lat[points][:, None]
        x = lon_south + (y - south) * slope
        met = (south <= y) & (y < north) & (x > lon[points][:, None])
        x[~met] = np.inf
        nearest = np.argmin(x, axis=1)
        hit = met[np.arange(len(points)), nearest]
        found[points[hit]] = west[rows][nearest[hit]]
    return found


@cache
def _coast() -> tuple[Floats, Floats, npt.NDArray[np.int16]]:
    """Points of all coasts (arcs with a country on one side only): latitude, longitude, country."""
    topology = read_topology("10m")
    one_sided = (topology.left == NO_COUNTRY) != (topology.right == NO_COUNTRY)
    arc = np.repeat(np.arange(len(topology.left)), np.diff(topology.arc_ptr))
    chosen = np.flatnonzero(one_sided[arc])
    owner = np.maximum(topology.left, topology.right)[arc[chosen]]
    return topology.lat[chosen], topology.lon[chosen], owner


def _cut_at_antimeridian(ring: Floats) -> list[Floats]:
    """The ring itself, or, where it jumps over the antimeridian, its closed parts on either side.

    A ring that jumps an odd number of times goes round the pole (Antarctica); it is left to be closed along the frame.
    """
    jumps = np.flatnonzero(np.abs(np.diff(ring[:, 0])) > 180)
    if len(jumps) % 2 or len(jumps) == 0:
        return [ring]
    runs: list[list[Floats]] = []
    start = 0
    for jump in [*jumps, len(ring) - 1]:
        piece = [ring[start : jump + 1]]
        if jump < len(ring) - 1:
            piece.append(_edge_point(ring[jump], ring[jump + 1])[None])
        if start > 0:
            piece.insert(0, _edge_point(ring[start], ring[start - 1])[None])
        runs.append(piece)
        start = jump + 1
    runs[0] = runs.pop() + [part[1:] if i == 0 else part for i, part in enumerate(runs[0])]
    parts = [np.concatenate(run) for run in runs]
    return [np.concatenate([part, part[:1]]) for part in parts]


def _edge_point(here: Floats, there: Floats) -> Floats:
    """Where the line from `here` to `there` meets the antimeridian, on the side of `here`."""
    side = 180.0 if here[0] > 0 else -180.0
    beyond = there[0] + 2 * side
    share = 0.0 if beyond == here[0] else (side - here[0]) / (beyond - here[0])
    return np.array([side, here[1] + share * (there[1] - here[1])])
