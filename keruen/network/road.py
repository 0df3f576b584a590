"""A road network with costs that rise with the flow, and the trips on it: what the files of `tntp` and `gmns` hold.

    c_a(v) = t0 (1 + b (v / u)^p)      minutes, say; the function of the Bureau of Public Roads (1964)

t0: cost at no flow. u: capacity, in the unit of the trips. b, p >= 0: how much and how steeply it rises; with b = 0 or
p = 0 the cost is constant, t0 or t0 (1 + b), and no capacity is needed. Toll and length are kept beside it and join the
cost by weights that whoever assigns the trips gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """n nodes, m links in the order of the file, z zones.

    nodes: names [n], numbers in TNTP. through: bool[n], whether flow may pass: not through a blocked centroid. zones:
    int32[z], the node of each zone; zone_names [z]. tail, head: int32[m], rows of nodes. capacity, length,
    free_flow_time, b, power, toll, speed: float64[m], nan where not known. kind [m]: type of each link in the file.
    lon, lat: float64[n], nan where not known.
    """

    nodes: tuple[str, ...]
    through: Flags
    zones: Rows
    zone_names: tuple[str, ...]
    tail: Rows
    head: Rows
    capacity: Floats
    length: Floats
    free_flow_time: Floats
    b: Floats
    power: Floats
    toll: Floats
    speed: Floats
    kind: tuple[str, ...]
    lon: Floats
    lat: Floats

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    @property
    def m(self) -> int:
        """Number of links."""
        return len(self.tail)


@dataclass(frozen=True, eq=False)
class Trips:
    """Trips between zones: k pairs, each once. origin, destination: int32[k], rows of zones; trips: float64[k] >= 0."""

    zone_names: tuple[str, ...]
    origin: Rows
    destination: Rows
    trips: Floats

    def for_zones(self, names: tuple[str, ...]) -> Trips:
        """The same trips with the zones in another order; unchanged if those are other zones."""
        if names == self.zone_names or set(names) != set(self.zone_names):
            return self
        row = {name: i for i, name in enumerate(names)}
        moved = np.array([row[name] for name in self.zone_names], np.int32)
        return Trips(names, moved[self.origin], moved[self.destination], self.trips)

    @property
    def total(self) -> float:
        """All trips, also those within a zone."""
        return float(self.trips.sum())
