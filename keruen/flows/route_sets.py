"""Route sets: the distinct routes that each pair of zones and class of cargo may choose among, as arrays.

    market m          one origin zone, destination zone and cargo class
    routes of m       first_route[m] .. first_route[m + 1] - 1
    arcs of route r   first_arc[r] .. first_arc[r + 1] - 1 in `arc`

Searched once for a dataset and a demand's markets, and kept in the cache under a name of their content; how is told in route_search. Markets come by class, origin,
destination. A market without a way has no routes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.flows.demand import Demand
from keruen.flows.route_kernels import Paths
from keruen.flows.route_search import Found, Ground, found_routes, ground_of, priced
from keruen.network.build import World, open_world
from keruen.network.cache import Arrays, cached
from keruen.routing.cost import RATE_TABLES
from keruen.tables.dataset import Dataset

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

COST_TABLES = (*RATE_TABLES, "commodities", "conditions", "corridors", "countries", "gauge_yards", "load_units", "passages",
               "sea_markets", "services", "vessels")  # fmt: skip


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

    @property
    def paths(self) -> Paths:
        """The arcs of all routes."""
        return Paths(self.first_arc, self.arc)

    @property
    def market(self) -> Rows:
        """The market of each route, int32[r]."""
        return np.repeat(np.arange(len(self.origin), dtype=np.int32), np.diff(self.first_route))


def route_sets(data: Dataset, demand: Demand, *, carbon_price_usd_per_t: float = 0.0) -> RouteSet:
    """The distinct routes of every market of a demand, from the cache if they were searched before.

    Raises:
        UnknownPlace, AmbiguousPlace, NoRoute: a zone is not known, or no road comes near it.
        UnknownCommodity, UnknownOption, BadShipment: a class of cargo is none that the tables know.
    """
    world = open_world(data)
    markets = markets_of(demand)
    name = f"{world.folder.name}-routes-{digest_of(data, demand, markets, carbon_price_usd_per_t)}"

    def search() -> tuple[Arrays, dict[str, Any]]:
        found = searched(data, world, demand, markets, carbon_price_usd_per_t)
        return {field.name: np.asarray(getattr(found, field.name)) for field in fields(RouteSet)}, {}

    arrays, _ = cached(world.folder.with_name(name), search)
    columns: dict[str, Any] = {**arrays, "corridors": tuple(arrays["corridors"].tolist())}
    return RouteSet(**columns)


def markets_of(demand: Demand) -> tuple[Rows, Rows, Rows]:
    """Origin, destination and class of each market, int32[k], in order of class, origin and destination; a zone to itself is none."""
    rows = np.flatnonzero((demand.tonnes > 0) & (demand.origin != demand.destination))
    zones = len(demand.zones)
    key = (demand.cargo[rows].astype(np.int64) * zones + demand.origin[rows]) * zones + demand.destination[rows]
    found = np.unique(key)
    return tuple(part.astype(np.int32) for part in (found // zones % zones, found % zones, found // zones**2))  # type: ignore[return-value]


def digest_of(data: Dataset, demand: Demand, markets: tuple[Rows, Rows, Rows], carbon_price_usd_per_t: float) -> str:
    """Name of all that the routes of some markets depend on beside the network."""
    digest = hashlib.sha256(data.hash_of(COST_TABLES).encode())
    digest.update(repr((demand.zones, demand.classes, carbon_price_usd_per_t)).encode())
    for part in markets:
        digest.update(part.tobytes())
    for file in ("route_sets.py", "route_search.py", "route_kernels.py", "routes.c"):
        path = Path(__file__).with_name(file)
        digest.update(path.read_bytes() if path.exists() else b"")  # the C source does not ship with a wheel
    return digest.hexdigest()[:16]


def searched(
    data: Dataset, world: World, demand: Demand, markets: tuple[Rows, Rows, Rows], carbon_price_usd_per_t: float
) -> RouteSet:
    """The routes of markets, searched class by class, several at a time."""
    ground = ground_of(data, world, demand.zones)
    origin, destination, cargo = markets

    def of_class(row: int) -> Found:
        mine = cargo == row
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        return found_routes(ground, cost, origin[mine], destination[mine])

    return together(ground, markets, in_threads(of_class, np.unique(cargo).tolist()))


def in_threads(work: Callable[[int], Found], rows: list[int]) -> list[Found]:
    """Some work for several classes, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, rows))


def together(ground: Ground, markets: tuple[Rows, Rows, Rows], parts: list[Found]) -> RouteSet:
    """The routes of all classes as one set."""
    offsets = [np.concatenate([np.diff(first) for first in column] or [np.empty(0, np.int64)])
               for column in zip(*((part.first, part.paths.first) for part in parts), strict=True)] or [np.empty(0, np.int64)] * 2  # fmt: skip
    first_route, first_arc = (np.concatenate(([0], np.cumsum(counts))).astype(np.int64) for counts in offsets)
    value = np.concatenate([part.value for part in parts] or [np.empty((0, 4))])
    joined = {
        "path_size": np.concatenate([part.path_size for part in parts] or [np.empty(0)]),
        "corridor": np.concatenate([part.corridor for part in parts] or [np.empty(0, np.int32)]),
        "arc": np.concatenate([part.paths.arc for part in parts] or [np.empty(0, np.int32)]),
    }
    hours, usd, kg, generalized = (np.ascontiguousarray(column) for column in value.T)
    return RouteSet(
        *markets, first_route=first_route, first_arc=first_arc, time_h=hours, cost_usd_per_t=usd, co2e_kg_per_t=kg,
        generalized_usd_per_t=generalized, corridors=tuple(corridor.key for corridor in ground.corridors), **joined,
    )  # fmt: skip
