"""Route sets: the distinct routes that each pair of zones and class of cargo may choose among, as arrays.

    market m          one origin zone, destination zone and cargo class
    routes of m       first_route[m] .. first_route[m + 1] - 1
    arcs of route r   first_arc[r] .. first_arc[r + 1] - 1 in `arc`
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class RouteSet:
    """k markets, r routes, and what each route takes before any queue, per tonne.

    origin, destination, cargo: int32[k]. first_route int64[k + 1]; first_arc int64[r + 1]; arc int32[...]: arcs of the
    network. cost_usd_per_t, time_h, co2e_kg_per_t: float64[r]. generalized_usd_per_t: float64[r], money + value of time
    x time + carbon price x CO2e. path_size: float64[r] in (0, 1], 1 for a route that shares nothing with the others.
    corridor: int32[r], row of corridors (names in the table corridors), -1 for none.
    """

    origin: Rows
    destination: Rows
    cargo: Rows
    first_route: NDArray[np.int64]
    first_arc: NDArray[np.int64]
    arc: Rows
    cost_usd_per_t: Floats
    time_h: Floats
    co2e_kg_per_t: Floats
    generalized_usd_per_t: Floats
    path_size: Floats
    corridor: Rows
    corridors: tuple[str, ...]
