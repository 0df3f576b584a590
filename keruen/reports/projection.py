"""Drawing the globe flat: lines on the sphere to x and y, so that areas keep their size.

    up to 80 degrees from the centre   Lambert azimuthal equal-area, centre (phi0, lambda0)        (Snyder 1987, p. 185)
        x = k cos phi sin dl      y = k (cos phi0 sin phi - sin phi0 cos phi cos dl)
        k = sqrt(2 / (1 + sin phi0 sin phi + cos phi0 cos phi cos dl)),  dl = lambda - lambda0
    the whole world                    Equal Earth, middle meridian lambda0       (Savric, Patterson & Jenny 2018, eq.
    6)
        sin theta = sqrt(3)/2 sin phi     y = A4 theta^9 + A3 theta^7 + A2 theta^3 + A1 theta
        x = 2 sqrt(3) dl cos theta / (3 dy/dtheta)

Lengths are in earth radii. Both are centred on what is shown, so that the antimeridian is an ordinary meridian: in
the first it is crossed like any other, in the second the map is cut half a world away from its middle, and `runs`
breaks lines there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AZIMUTHAL_REACH_DEG = 80.0
STEP_DEG = 1.0
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_SQRT3 = float(np.sqrt(3.0))
_POLE = float(np.pi / 3)  # theta at the pole
EDGE_X = float(2 * _SQRT3 * np.pi / (3 * _A1))  # x and y to which a map of the whole world reaches
EDGE_Y = _A4 * _POLE**9 + _A3 * _POLE**7 + _A2 * _POLE**3 + _A1 * _POLE


@dataclass(frozen=True)
class View:
    """What the map is centred on, degrees, and whether it must show more than a hemisphere."""

    lon: float
    lat: float
    whole_world: bool


def view_of(lines: Iterable[Floats]) -> View:
    """The view centred on some lines, arrays [k, 2] of lon and lat."""
    lines = list(lines)
    lon, lat, reach_deg = cap_of(lines)
    if reach_deg <= AZIMUTHAL_REACH_DEG:
        return View(lon, lat, False)
    return View(_middle_longitude(np.concatenate([line[:, 0] for line in lines])), 0.0, True)


def cap_of(lines: Iterable[Floats]) -> tuple[float, float, float]:
    """Centre and reach, in degrees, of the smallest cap of the globe that holds some lines.

    The centre moves towards the farthest point by 1/2, 1/3, 1/4 ... of the way (Badoiu & Clarkson 2003).
    """
    points = np.concatenate([_unit(line) for line in lines if len(line)])
    centre = points.mean(axis=0)
    centre = centre / np.linalg.norm(centre) if np.linalg.norm(centre) > 1e-9 else points[0]
    for step in range(2, 120):
        farthest = points[np.argmin(points @ centre)]
        centre = centre + (farthest - centre) / step
        centre = centre / np.linalg.norm(centre)
    reach = float(np.degrees(np.arccos(np.clip(np.min(points @ centre), -1.0, 1.0))))
    lon, lat = float(np.degrees(np.arctan2(centre[1], centre[0]))), float(np.degrees(np.arcsin(centre[2])))
    return lon, lat, reach


def project(view: View, lonlat: Floats) -> Floats:
    """Points [k, 2] of lon and lat as x and y, [k, 2], in earth radii."""
    dl = np.radians((lonlat[:, 0] - view.lon + 180.0) % 360.0 - 180.0)
    phi = np.radians(lonlat[:, 1])
    return _equal_earth(dl, phi) if view.whole_world else _azimuthal(dl, phi, np.radians(view.lat))


def runs(view: View, lonlat: Floats) -> Iterator[Floats]:
    """A line [k, 2] as one or more projected lines, broken where it leaves the map on one side and returns on the other."""
    xy = project(view, lonlat)
    if not view.whole_world:
        yield xy
        return
    breaks = np.flatnonzero(np.abs(np.diff(xy[:, 0])) > 2.0) + 1
    yield from (part for part in np.split(xy, breaks) if len(part) > 1)


def world_edge(view: View) -> Floats:
    """The rim of a map of the whole world as a closed ring [k, 2]: both sides of the meridian where it is cut."""
    up = np.linspace(-90.0, 90.0, 181)
    east = np.column_stack([np.full(181, view.lon + 179.9999), up])
    west = np.column_stack([np.full(181, view.lon - 179.9999), up[::-1]])
    return project(view, np.concatenate([east, west]))


def outline(view: View, ring: Floats) -> list[Floats]:
    """A closed ring of land, [k, 2] of lon and lat, as closed rings to fill; empty if it lies out of reach of the map."""
    if not view.whole_world:
        away = _unit(ring) @ _unit(np.array([[view.lon, view.lat]]))[0]
        return [] if away.min() < -0.9 else [project(view, ring)]
    from shapely import Polygon, box, make_valid
    from shapely.affinity import translate

    turned = np.column_stack([_unwrapped(ring[:, 0] - view.lon), ring[:, 1]])
    if rounds_pole(ring):  # it is closed along the pole
        pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
        turned = np.concatenate([turned, [[turned[-1, 0], pole], [turned[0, 0], pole]]])
    shape = make_valid(Polygon(turned))
    middle = box(-179.999, -90.0, 179.999, 90.0)
    rings = []
    for turn in (-360.0, 0.0, 360.0):
        part = translate(shape, xoff=turn).intersection(middle)
        for piece in getattr(part, "geoms", [part]):
            if piece.geom_type == "Polygon" and not piece.is_empty:
                rings.append(project(view, np.asarray(piece.exterior.coords) + (view.lon, 0.0)))
    return rings


def rounds_pole(ring: Floats) -> bool:
    """Whether a closed ring goes once round a pole, as the coast of Antarctica does."""
    turned = _unwrapped(ring[:, 0])
    return bool(abs(turned[-1] - turned[0]) > 180.0)


def along_great_circles(lonlat: Floats, step_deg: float = STEP_DEG) -> Floats:
    """The line with points added so that no two are farther apart than a step; between two points it follows the globe."""
    if len(lonlat) < 2:
        return lonlat
    p = _unit(lonlat)
    angle = np.arccos(np.clip(np.sum(p[:-1] * p[1:], axis=1), -1.0, 1.0))
    parts, done = [], 0
    for i in np.flatnonzero((np.degrees(angle) > step_deg) & (np.sin(angle) > 1e-9)).tolist():
        pieces = int(np.degrees(angle[i]) // step_deg) + 1
        t = np.arange(1, pieces)[:, None] / pieces
        between = (np.sin((1 - t) * angle[i]) * p[i] + np.sin(t * angle[i]) * p[i + 1]) / np.sin(angle[i])
        lon, lat = np.arctan2(between[:, 1], between[:, 0]), np.arcsin(np.clip(between[:, 2], -1.0, 1.0))
        parts += [lonlat[done : i + 1], np.degrees(np.column_stack([lon, lat]))]
        done = i + 1
    return np.concatenate([*parts, lonlat[done:]])


def _azimuthal(dl: Floats, phi: Floats, phi0: float) -> Floats:
    cos_c = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(dl)
    k = np.sqrt(2.0 / np.maximum(1.0 + cos_c, 1e-6))
    x = k * np.cos(phi) * np.sin(dl)
    y = k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(dl))
    return np.column_stack([x, y])


def _equal_earth(dl: Floats, phi: Floats) -> Floats:
    theta = np.arcsin(_SQRT3 / 2 * np.sin(phi))
    slope = 9 * _A4 * theta**8 + 7 * _A3 * theta**6 + 3 * _A2 * theta**2 + _A1
    y = _A4 * theta**9 + _A3 * theta**7 + _A2 * theta**3 + _A1 * theta
    return np.column_stack([2 * _SQRT3 * dl * np.cos(theta) / (3 * slope), y])


def _unit(lonlat: Floats) -> Floats:
    lam, phi = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _unwrapped(lon: Floats) -> Floats:
    """Longitudes of a line without jumps of a whole turn, the first in [-180, 180)."""
    first = (lon[0] + 180.0) % 360.0 - 180.0
    steps = (np.diff(lon) + 180.0) % 360.0 - 180.0
    return np.asarray(first + np.concatenate([[0.0], np.cumsum(steps)]))


def _middle_longitude(lon: Floats) -> float:
    """Longitude opposite the middle of the widest gap between some longitudes, so that the map is cut where nothing is."""
    ordered = np.unique(np.round(lon, 6))
    gaps = np.diff(np.concatenate([ordered, ordered[:1] + 360.0]))
    widest = int(np.argmax(gaps))
    return float((ordered[widest] + gaps[widest] / 2 + 180.0 + 180.0) % 360.0 - 180.0)
