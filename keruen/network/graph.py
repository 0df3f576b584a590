"""The virtual network as arrays: every operation is an arc, every arc has a tail and a head.

A place is expanded into one node per layer (road, sea, air, rail of each gauge) and hub nodes where goods rest on the ground.
Moving along a line, loading, unloading, crossing a border, changing gauge and sailing on a ferry are arcs (Jourquin and Beuthe
1996). A shipment changes mode only through a hub:

    rail node --UNLOAD--> hub --LOAD--> sea node          hub-star: 2k arcs for k layers instead of k(k-1)

Units: kilometres for `arc_km`; degrees for coordinates. Times and money are not here: they depend on the shipment (routing.cost).
Nodes are numbered along a Z-order curve so that neighbours share cache lines (2.4 times faster trees, METHODS 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODES = ("rail", "road", "sea", "ferry", "air")
LOADS = ("container", "dry_bulk", "liquid_bulk", "roro", "reefer", "dangerous")
ALL_LOADS = (1 << len(LOADS)) - 1
FACILITY_KINDS = ("terminal", "border", "gauge_yard", "service", "passage")


class Kind(IntEnum):
    """What an arc does."""

    MOVE = 0
    LOAD = 1
    UNLOAD = 2
    BORDER = 3
    GAUGE = 4
    SERVICE = 5


def load_bit(load: str) -> int:
    """Bit of a load class in `arc_loads`."""
    return 1 << LOADS.index(load)


@dataclass(frozen=True, eq=False)
class Graph:
    """n nodes, m directed arcs sorted by tail, f facilities, g geometries. Arrays are read-only (memory maps when cached).

    `arc_facility` is the row of the terminal, border crossing, gauge yard, service or passage an arc belongs to, else -1.
    `arc_features` has a bit for each of `features`, the ones corridors are named by. `arc_loads` is a bit mask over `LOADS`.
    `arc_geometry` is the row of the polyline, else -1; `arc_forward` its direction.
    """

    first_out: NDArray[np.int32]
    head: NDArray[np.int32]
    tail: NDArray[np.int32]
    first_in: NDArray[np.int32]
    in_arc: NDArray[np.int32]
    node_lat: NDArray[np.float32]
    node_lon: NDArray[np.float32]
    node_layer: NDArray[np.int16]
    node_country: NDArray[np.int16]
    node_facility: NDArray[np.int32]
    arc_km: NDArray[np.float32]
    arc_kind: NDArray[np.uint8]
    arc_mode: NDArray[np.uint8]
    arc_country: NDArray[np.int16]
    arc_loads: NDArray[np.uint8]
    arc_facility: NDArray[np.int32]
    arc_geometry: NDArray[np.int32]
    arc_forward: NDArray[np.bool_]
    arc_features: NDArray[np.uint64]
    geometry_first: NDArray[np.int32]
    geometry_lat: NDArray[np.float32]
    geometry_lon: NDArray[np.float32]
    facility_kind: NDArray[np.uint8]
    facility_key: NDArray[np.str_]
    facility_name: NDArray[np.str_]
    facility_name_ru: NDArray[np.str_]
    facility_type: NDArray[np.str_]
    facility_country_a: NDArray[np.int16]
    facility_country_b: NDArray[np.int16]
    facility_lat: NDArray[np.float32]
    facility_lon: NDArray[np.float32]
    facility_open: NDArray[np.bool_]
    place_code: NDArray[np.str_]
    place_start: NDArray[np.int32]
    place_end: NDArray[np.int32]
    countries: NDArray[np.str_]
    layers: NDArray[np.str_]
    features: NDArray[np.str_]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.first_out) - 1

    @property
    def m(self) -> int:
        """Number of arcs."""
        return len(self.head)

    def ends_of(self, place: str) -> tuple[int, int] | None:
        """Nodes at which journeys from and to a place code start and end (binary search); None if it has no terminal."""
        row = int(np.searchsorted(self.place_code, place))
        if row == len(self.place_code) or self.place_code[row] != place:
            return None
        return int(self.place_start[row]), int(self.place_end[row])

    def polyline(self, arcs: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Points of consecutive arcs in their direction, float64[k, 2] as (lon, lat); the two ends of those without geometry."""
        rows = self.arc_geometry[arcs]
        own, forward = rows >= 0, self.arc_forward[arcs].astype(bool)
        first, last = self.geometry_first[np.maximum(rows, 0)], self.geometry_first[np.maximum(rows, 0) + 1] - 1
        count = np.where(own, last - first + 1, 2)
        k = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        node = np.where(k == 0, np.repeat(self.tail[arcs], count), np.repeat(self.head[arcs], count))
        points = np.stack([self.node_lon[node], self.node_lat[node]], axis=1).astype(np.float64)
        at = np.repeat(np.where(forward, first, last), count) + k * np.repeat(np.where(forward, 1, -1), count)
        mine = np.repeat(own, count)
        points[mine, 0], points[mine, 1] = self.geometry_lon[at[mine]], self.geometry_lat[at[mine]]
        return points

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(value.nbytes for value in self.arrays().values())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "memo"}


class ArcList:
    """Arcs in the making: columns that grow by blocks; `column(name)` joins them."""

    COLUMNS: tuple[tuple[str, type[Any], Any], ...] = (
        ("tail", np.int32, None),
        ("head", np.int32, None),
        ("km", np.float32, 0.0),
        ("kind", np.uint8, Kind.MOVE),
        ("mode", np.uint8, 0),
        ("country", np.int16, -1),
        ("loads", np.uint8, ALL_LOADS),
        ("facility", np.int32, -1),
        ("geometry", np.int32, -1),
        ("forward", np.bool_, True),
    )

    def __init__(self) -> None:
        self.blocks: dict[str, list[NDArray[Any]]] = {name: [] for name, _, _ in self.COLUMNS}

    def add(self, tail: Any, head: Any, **values: Any) -> None:
        """Append arcs; every value is an array of the same length or a scalar for all of them."""
        tails = np.atleast_1d(np.asarray(tail, np.int32))
        given = {"tail": tails, "head": head, **values}
        for name, dtype, default in self.COLUMNS:
            value = np.asarray(given.get(name, default))
            self.blocks[name].append(np.broadcast_to(value, tails.shape).astype(dtype))

    def add_both_ways(self, tail: Any, head: Any, **values: Any) -> None:
        """Append arcs and their opposites; geometry is shared, its direction reversed."""
        self.add(tail, head, **values)
        self.add(head, tail, **{**values, "forward": False})

    def column(self, name: str) -> NDArray[Any]:
        """All blocks of one column."""
        return np.concatenate(self.blocks[name])


def z_order(lat: NDArray[np.float32], lon: NDArray[np.float32]) -> NDArray[np.int64]:
    """Order of points along a Z-order curve over longitude and latitude (16 bits each)."""
    x = np.clip((lon + 180.0) / 360.0 * 65535, 0, 65535).astype(np.uint64)
    y = np.clip((lat + 90.0) / 180.0 * 65535, 0, 65535).astype(np.uint64)
    code = np.zeros(len(x), np.uint64)
    for bit in range(16):
        code |= ((x >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit)
        code |= ((y >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + 1)
    return np.argsort(code, kind="stable")


def compressed_rows(keys: NDArray[Any], n: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Stable order of items by key 0..n-1 and the first position of each key: the two arrays of a CSR."""
    order = np.argsort(keys, kind="stable")
    first = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=n), out=first[1:])
    return order, first
