"""Ports, and the approaches that join them to the sea lanes.

A port is joined to the lane node within reach that costs least,

    cost = km + 5 x km on land + 30 km if the approach crosses the gate of a passage
    within reach: 150 km, or 500 km over water alone (the lanes keep far from some coasts, such as Manzanillo's and Kamchatka's)

and to up to two more in other directions, at least 45 degrees apart, if they are reached over water alone: a port on a coast is
sailed to from both sides. A port that lies more than 60 km inland of every lane (Duisburg, Wuhan) is not a seaport here.
Land is the coast of Natural Earth 1:10 million in cells of 0.05 degrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from keruen.network.countries import NO_COUNTRY, country_at, read_topology
from keruen.network.packages import package_folder
from keruen.network.passages import Row, edge_passages
from keruen.network.sphere import distance_km, unit_vectors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REACH_KM = 150.0
REACH_OVER_WATER_KM = 500.0
MOST_LAND_KM = 60.0
LAND_COST = 5.0
GATE_COST_KM = 30.0
CANDIDATES = 16
MOST_APPROACHES = 3
APART_DEG = 45.0
SHORE_KM = 8.0  # stretch at either end of an approach where the coast grid, of cells of 5.6 km, tells nothing
SAMPLES = 48
CELL_DEG = 0.05
SPUR_SAMPLES = 120
OPEN_WATER_KM = 5.0
HARBOUR_KM = 10.0  # moles and causeways of Dammam, coordinates of ports that lie at anchorages


@dataclass(frozen=True)
class Port:
    """A port: UN/LOCODE, name, country (ISO 3166, two letters), coordinates in degrees, whether container ships call."""

    code: str
    name: str
    country: str
    lat: float
    lon: float
    is_terminal: bool


@dataclass(frozen=True)
class Approaches:
    """k approaches, sorted by port, the best of a port first: row of the port, lane node, kilometres."""

    port: Ints
    node: Ints
    km: Floats


def read_ports() -> list[Port]:
    """The ports of the searoute package; the country is that of the UN/LOCODE.

    A code that is listed twice is taken once, as a terminal if either row is one. A row without a whole code is left out.

    Raises:
        UnknownOption: the package is not installed.
    """
    ports: dict[str, Port] = {}
    path = package_folder("searoute") / "data" / "ports.geojson"
    for feature in json.loads(path.read_bytes())["features"]:
        values = feature["properties"]
        code = str(values["port"] or "").upper()
        if len(code) != 5 or not code[:2].isalpha():
            continue
        lon, lat = feature["geometry"]["coordinates"][:2]
        port = Port(code, str(values["name"]), code[:2], float(lat), float(lon), values["t"] == 1)
        if code not in ports or (port.is_terminal and not ports[code].is_terminal):
            ports[code] = port
    return list(ports.values())


def merge_ports(package: Iterable[Port], extra: Iterable[Port]) -> list[Port]:
    """All ports, sorted by code; an extra one replaces the package's of the same code."""
    by_code = {port.code: port for port in package} | {port.code: port for port in extra}
    return [by_code[code] for code in sorted(by_code)]


def approaches(node_lat: Floats, node_lon: Floats, ports: Sequence[Port], passages: Sequence[Row] = ()) -> Approaches:
    """The lane nodes, in degrees, that each port is joined to."""
    lat = np.array([[port.lat] for port in ports])
    lon = np.array([[port.lon] for port in ports])
    near = nearest_nodes(node_lat, node_lon, lat[:, 0], lon[:, 0])
    lat, lon = np.broadcast_to(lat, near.shape), np.broadcast_to(lon, near.shape)
    km = distance_km(lat, lon, node_lat[near], node_lon[near])
    land = land_km(lat, lon, node_lat[near], node_lon[near])
    gated = edge_passages(lat, lon, node_lat[near], node_lon[near], passages) >= 0
    within = (land <= MOST_LAND_KM) & (km <= np.where(land == 0, REACH_OVER_WATER_KM, REACH_KM))
    cost = np.where(within, km + LAND_COST * land + GATE_COST_KM * gated, np.inf)
    bearing = np.degrees(np.arctan2((node_lon[near] - lon) * np.cos(np.radians(lat)), node_lat[near] - lat))
    chosen = [choose(km[port], land[port], cost[port], bearing[port]) for port in range(len(ports))]
    rows = np.repeat(np.arange(len(ports)), [len(columns) for columns in chosen])
    columns = np.array([column for some in chosen for column in some], np.int64)
    return Approaches(rows, near[rows, columns], km[rows, columns])


def choose(km: Floats, land: Floats, cost: Floats, bearing: Floats) -> list[int]:
    """The candidates a port is joined to, the best first; none if no candidate has a finite cost.

    Beyond the first they lie over water, apart from each other, and cost at most 30 km + twice the length of the first.
    """
    order = [int(c) for c in np.argsort(cost, kind="stable") if np.isfinite(cost[c])]
    chosen = order[:1]
    for candidate in order[1:]:
        if len(chosen) == MOST_APPROACHES or cost[candidate] > 30 + 2 * km[order[0]]:
            break
        apart = [abs((bearing[candidate] - bearing[other] + 180) % 360 - 180) for other in chosen]
        if land[candidate] == 0 and min(apart) >= APART_DEG:
            chosen.append(candidate)
    return chosen


def nearest_nodes(node_lat: Floats, node_lon: Floats, lat: Floats, lon: Floats) -> Ints:
    """The 16 nodes nearest to each of p points, nearest first, int64[p, 16]; exact on the sphere, in blocks of 256 points."""
    nodes, points = unit_vectors(node_lat, node_lon), unit_vectors(lat, lon)
    found = np.empty((len(points), CANDIDATES), np.int64)
    for start in range(0, len(points), 256):
        closeness = points[start : start + 256] @ nodes.T
        some = np.argpartition(-closeness, CANDIDATES, axis=1)[:, :CANDIDATES]
        by_closeness = np.argsort(-np.take_along_axis(closeness, some, axis=1), axis=1, kind="stable")
        found[start : start + 256] = np.take_along_axis(some, by_closeness, axis=1)
    return found


def land_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Kilometres on land of straight lines of at most a few hundred km, in the shape of the coordinates.

    A line is looked at in 48 points; those within 8 km of an end do not count, as quays and ends of lanes lie on coast cells.
    """
    share = (np.arange(SAMPLES) + 0.5) / SAMPLES
    length = distance_km(lat_a, lon_a, lat_b, lon_b)
    lat = lat_a[..., None] + share * (lat_b - lat_a)[..., None]
    lon = lon_a[..., None] + share * ((lon_b - lon_a + 180.0) % 360.0 - 180.0)[..., None]
    inner = np.minimum(share, 1 - share) * length[..., None] > SHORE_KM
    return np.asarray((is_land(lat, lon) & inner).mean(axis=-1) * length)


def over_water(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> NDArray[np.bool_]:
    """Whether straight lines of up to about 100 km have open water in their way, bool[k], by the coast of Natural Earth 1:10 million.

    A stretch of more than 5 km is open water; one at an end, where quays and harbours lie, if it is longer than 10 km. Rivers and
    lakes are land, narrower straits are taken to be bridged (assumed). A line whose 120 points all lie in land cells is dry.
    """
    share = (np.arange(SPUR_SAMPLES) + 0.5) / SPUR_SAMPLES
    lat = lat_a[:, None] + share * (lat_b - lat_a)[:, None]
    lon = lon_a[:, None] + share * ((lon_b - lon_a + 180.0) % 360.0 - 180.0)[:, None]
    wet = np.zeros(len(lat), np.bool_)
    doubtful = np.flatnonzero(~is_land(lat, lon).all(axis=1))
    if len(doubtful):
        at_sea = country_at(lat[doubtful].ravel(), lon[doubtful].ravel(), coast_km=0) == NO_COUNTRY
        step_km = distance_km(lat_a, lon_a, lat_b, lon_b)[doubtful] / SPUR_SAMPLES
        rows = zip(at_sea.reshape(-1, SPUR_SAMPLES), step_km, strict=True)
        wet[doubtful] = [has_open_water(row, float(km)) for row, km in rows]
    return wet


def has_open_water(at_sea: NDArray[np.bool_], step_km: float) -> bool:
    """Whether the points of a line, at sea or not, `step_km` apart, have a stretch of open water among them."""
    turns = np.flatnonzero(np.diff(at_sea, prepend=False, append=False))
    for begin, end in zip(turns[::2], turns[1::2], strict=True):
        at_end = begin == 0 or end == len(at_sea)
        if (end - begin) * step_km > (HARBOUR_KM if at_end else OPEN_WATER_KM):
            return True
    return False


def is_land(lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Whether the cell of 0.05 degrees that holds a point has its middle on land."""
    return np.asarray(land_grid()[cell_of(lat, lon)])


def cell_of(lat: Floats, lon: Floats) -> tuple[Ints, Ints]:
    """Row and column of the cell of `land_grid` that holds each point."""
    rows, columns = round(180 / CELL_DEG), round(360 / CELL_DEG)
    row = np.clip(((lat + 90.0) / CELL_DEG).astype(np.int64), 0, rows - 1)
    return row, ((lon + 180.0) / CELL_DEG).astype(np.int64) % columns


@cache
def land_grid() -> NDArray[np.bool_]:
    """Land in cells of 0.05 degrees, bool[3600, 7200], south and west first, by the even-odd rule along the middle of each row.

    Going east, every coast that is met turns sea into land or back. Going north along the antimeridian does the same and tells
    what the first cell of a row is. The Antarctic coast winds round the pole and is left out.
    """
    rows, columns = round(180 / CELL_DEG), round(360 / CELL_DEG)
    y_a, y_b, x_a, x_b, turn = _coast_steps()
    toggles = np.zeros((rows, columns + 1), np.uint8)  # only odd or even matters, so it may run over
    low, high = np.ceil(np.minimum(y_a, y_b)).astype(np.int64), np.ceil(np.maximum(y_a, y_b)).astype(np.int64)
    step = np.repeat(np.arange(len(low)), high - low)
    row = np.arange(len(step)) - np.repeat(np.cumsum(high - low) - high, high - low)
    x = x_a[step] + (row - y_a[step]) / (y_b - y_a)[step] * (x_b - x_a)[step]
    np.add.at(toggles, (row, np.ceil((x + 0.5) % columns - 0.5).astype(np.int64)), 1)
    over = np.flatnonzero(turn)
    run = (x_b - x_a)[over]
    meridian = np.where(turn[over] < 0, columns - 0.5, -0.5)
    share = np.divide(meridian - x_a[over], run, out=np.zeros(len(over)), where=run != 0)
    met = np.ceil(y_a[over] + share * (y_b - y_a)[over]).astype(np.int64)
    toggles[:, 0] += np.cumsum(np.bincount(met, minlength=rows)).astype(np.uint8)
    return np.asarray(np.cumsum(toggles[:, :-1], axis=1, dtype=np.uint8) & 1, np.bool_)


def _coast_steps() -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Steps of the coasts in cells, 0 the middle of the first: y of both ends, x of both ends, and -1 or 1 over the antimeridian.

    A coast is a border line with a country on one side only. The second end is on the first end's side of the antimeridian.
    """
    borders = read_topology("10m")
    coast = (borders.left == NO_COUNTRY) != (borders.right == NO_COUNTRY)
    point = np.arange(len(borders.lon) - 1)
    arc = np.searchsorted(borders.arc_ptr, point, "right") - 1
    first = point[coast[arc] & (point + 1 < borders.arc_ptr[arc + 1])]
    first = first[np.minimum(borders.lat[first], borders.lat[first + 1]) > -60.0]
    eastward = borders.lon[first + 1] - borders.lon[first]
    turn = np.round(eastward / 360.0)
    y_a, y_b = ((borders.lat[first + end] + 90.0) / CELL_DEG - 0.5 for end in (0, 1))
    x_a = (borders.lon[first] + 180.0) / CELL_DEG - 0.5
    return y_a, y_b, x_a, x_a + (eastward - 360.0 * turn) / CELL_DEG, turn
