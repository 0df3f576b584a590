"""Lines in the making: one table of points, edges between points, and the way each edge takes over the points.

A draft never changes; every step of the build (repair, contraction, clustering ...) makes a new one. A point that no
edge ends at is a bend. For rail, `gauge` is a bit mask over `GAUGES`: an edge that trains of two gauges may use has two
bits set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keruen.network.near import ranges
from keruen.network.sphere import distance_km

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Track gauges in mm. Finland's 1524 runs through onto 1520 and is counted as it.
GAUGES = (1435, 1520, 1000, 1067, 1668, 1676, 1600, 1050, 950, 914, 762, 610, 600, 750, 760, 891)
SAME_GAUGE = {1524: 1520}


@dataclass(frozen=True, eq=False)
class Draft:
    """p points (degrees; country = row of the countries table, -1 none), e edges u-v with their length and course.

    The course of edge i is path[path_ptr[i]:path_ptr[i + 1]], points from u to v, both ends included.
    """

    lat: Floats
    lon: Floats
    country: NDArray[np.int16]
    u: Ints
    v: Ints
    km: Floats
    gauge: NDArray[np.uint32]
    path_ptr: Ints
    path: Ints

    @classmethod
    def straight(
        cls,
        lat: Floats,
        lon: Floats,
        country: NDArray[np.int16],
        u: Ints,
        v: Ints,
        km: Floats,
        gauge: NDArray[np.uint32],
    ) -> Draft:
        """A draft whose edges have no bends."""
        return cls(lat, lon, country, u, v, km, gauge, 2 * np.arange(len(u) + 1), np.column_stack([u, v]).ravel())

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.lat)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.u)

    @cached_property
    def degree(self) -> Ints:
        """Number of edge ends at each point."""
        return np.bincount(np.concatenate([self.u, self.v]), minlength=self.points)

    @cached_property
    def ends(self) -> Ints:
        """Points at which an edge ends, ascending."""
        return np.flatnonzero(self.degree)

    @cached_property
    def crosses(self) -> Bools:
        """Edges whose ends lie in two countries."""
        return np.asarray(self.country[self.u] != self.country[self.v])

    @cached_property
    def incidence(self) -> tuple[Ints, Ints]:
        """Edges at each point: `at[first[p]:first[p + 1]]`, as (first, at)."""
        at = np.argsort(np.concatenate([self.u, self.v]), kind="stable") % max(self.edges, 1)
        return np.concatenate([[0], np.cumsum(self.degree)]), at

    def select(self, rows: Ints | Bools) -> Draft:
        """The draft with some of its edges, in the order given."""
        rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        count = np.diff(self.path_ptr)[rows]
        return replace(
            self, u=self.u[rows], v=self.v[rows], km=self.km[rows], gauge=self.gauge[rows],
            path_ptr=np.concatenate([[0], np.cumsum(count)]), path=self.path[ranges(self.path_ptr[rows], count)],
        )  # fmt: skip

    def join(self, u: Ints, v: Ints, km: Floats) -> Draft:
        """The draft with straight edges of unknown gauge added."""
        return replace(
            self, u=np.concatenate([self.u, u]), v=np.concatenate([self.v, v]), km=np.concatenate([self.km, km]),
            gauge=np.concatenate([self.gauge, np.zeros(len(u), np.uint32)]),
            path_ptr=np.concatenate([self.path_ptr, self.path_ptr[-1] + 2 * np.arange(1, len(u) + 1)]),
            path=np.concatenate([self.path, np.column_stack([u, v]).ravel()]),
        )  # fmt: skip

    def add_points(self, lat: Floats, lon: Floats, country: NDArray[np.int16]) -> Draft:
        """The draft with points appended."""
        return replace(
            self, lat=np.concatenate([self.lat, lat]), lon=np.concatenate([self.lon, lon]),
            country=np.concatenate([self.country, country]).astype(np.int16),
        )  # fmt: skip

    def straight_km(self) -> Floats:
        """Great-circle distance between the ends of each edge."""
        return distance_km(self.lat[self.u], self.lon[self.u], self.lat[self.v], self.lon[self.v])


def gauge_bit(mm: float) -> int:
    """Bit of a gauge in `Draft.gauge`; ValueError for one that is not in `GAUGES`."""
    return 1 << GAUGES.index(SAME_GAUGE.get(int(mm), int(mm)))


def components(n: int, u: Ints, v: Ints) -> Ints:
    """Label of the connected component of each of n points: the smallest point of the component.

    Every label is hooked onto the smallest label next to it, then chains of labels are halved until they are flat.
    """
    label = np.arange(n)
    a, b = u, v
    while len(a):
        np.minimum.at(label, a, b)
        np.minimum.at(label, b, a)
        while True:
            flat = label[label]
            if np.array_equal(flat, label):
                break
            label = flat
        a, b = label[a], label[b]
        apart = a != b
        a, b = a[apart], b[apart]
    return label
