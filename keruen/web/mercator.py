"""Places on the square of Web Mercator, and lines and polygons cut where the map is cut.

    x = (lambda + 180) / 360        y = 1/2 - asinh(tan phi) / (2 pi)        both 0 to 1, y grows to the south

This is the map of the tiles that browsers show (EPSG:3857 scaled to a unit square, cut at 85.0511 degrees): tile z/x/y is the square from
(x, y) / 2^z with sides 2^-z. A line or polygon that goes over the antimeridian is first laid out without jumps, then shifted by whole turns
and cut with the square, so that no band is drawn across the map.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_LAT = 85.0511287798066  # degrees; where y is 0
POLE_BEYOND = 89.0  # where a ring that goes round a pole is closed: beyond the edge of the map, and finite


def to_square(lonlat: Floats) -> Floats:
    """Points [k, 2] of longitude and latitude, degrees, as x and y of the unit square; longitudes beyond 180 run on."""
    phi = np.radians(np.clip(lonlat[:, 1], -POLE_BEYOND, POLE_BEYOND))
    return np.column_stack([(lonlat[:, 0] + 180.0) / 360.0, 0.5 - np.arcsinh(np.tan(phi)) / (2 * np.pi)])


def to_lonlat(xy: Floats) -> Floats:
    """Points [k, 2] of the unit square as longitude and latitude, degrees."""
    return np.column_stack([xy[:, 0] * 360.0 - 180.0, np.degrees(np.arctan(np.sinh((0.5 - xy[:, 1]) * 2 * np.pi)))])


def laid_out(lonlat: Floats) -> Floats:
    """A line without jumps: each step goes the short way round the globe, beyond 180 degrees if need be."""
    steps = (np.diff(lonlat[:, 0]) + 180.0) % 360.0 - 180.0
    return np.column_stack([lonlat[0, 0] + np.concatenate([[0.0], np.cumsum(steps)]), lonlat[:, 1]])


def square_lines(lonlat: Floats) -> list[Floats]:
    """A line of longitudes and latitudes as lines of the unit square, cut at the antimeridian."""
    if np.all(np.abs(np.diff(lonlat[:, 0])) <= 180.0) and np.all(np.abs(lonlat[:, 0]) <= 180.0):
        return [to_square(lonlat)]
    whole = shapely.LineString(to_square(laid_out(lonlat)))
    return [shapely.get_coordinates(part) for part in _turned(whole) if part.geom_type == "LineString"]


def square_polygons(rings: list[Floats]) -> list[shapely.Polygon]:
    """A polygon of closed rings of longitudes and latitudes, the outer one first, as polygons of the unit square.

    A ring that goes round a pole is closed beyond the edge of the map; of two such rings the one farther from the pole is the coast.
    """
    round_pole = [ring for ring in rings if _rounds_pole(laid_out(ring))]
    if round_pole:
        coast = min(round_pole, key=lambda ring: float(np.abs(ring[:, 1]).mean()))
        rings = [coast, *(ring for ring in rings[1:] if not any(ring is one for one in round_pole))]
    outer, *holes = [_closed_at_pole(ring) for ring in rings]
    middle = outer[:, 0].mean()
    holes = [hole - (360.0 * round((hole[:, 0].mean() - middle) / 360.0), 0.0) for hole in holes]
    drawn = shapely.Polygon(to_square(outer), [to_square(hole) for hole in holes])
    whole = drawn if shapely.is_valid(drawn) else shapely.make_valid(drawn)
    return [part for part in _turned(whole) if part.geom_type == "Polygon"]


def _closed_at_pole(ring: Floats) -> Floats:
    """A closed ring without jumps; one that goes round a pole comes back along it."""
    turned = laid_out(ring)
    if not _rounds_pole(turned):
        return turned
    pole = POLE_BEYOND if turned[:, 1].mean() > 0 else -POLE_BEYOND
    return np.concatenate([turned, [[turned[-1, 0], pole], [turned[0, 0], pole], turned[0]]])


def _rounds_pole(turned: Floats) -> bool:
    """Whether a closed ring that was laid out without jumps ends a turn away from where it began."""
    return bool(abs(turned[-1, 0] - turned[0, 0]) > 180.0)


def _turned(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Parts of a shape on the unit square, after whole turns to the west and east."""
    west, north, east, south = shapely.bounds(shape)
    if west >= 0.0 and east <= 1.0 and north >= 0.0 and south <= 1.0:
        cut = [shape]
    else:
        turns = range(-int(np.floor(east)), -int(np.floor(west)) + 1)
        moved = [shapely.transform(shape, lambda xy, turn=turn: xy + (turn, 0.0)) for turn in turns]
        cut = [shapely.intersection(part, shapely.box(0.0, 0.0, 1.0, 1.0)) for part in moved]
    parts = shapely.get_parts(
        shapely.get_parts(np.array(cut, object))
    )  # a mended polygon may be a collection with many in it
    return [part for part in parts if not part.is_empty]
