"""Route sets: the distinct routes that each pair of zones and class of cargo may choose among, as arrays.

    market m          one origin zone, destination zone and cargo class
    routes of m       first_route[m] .. first_route[m + 1] - 1
    arcs of route r   first_arc[r] .. first_arc[r + 1] - 1 in `arc`

Searched once for a dataset and a demand's markets, and kept in the cache under a name of their content; how is told in route_search.
Markets come by class, origin, destination. A market without a way has no routes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.flows.demand import Demand
from keruen.flows.route_kernels import Paths
from keruen.flows.route_search import (
    Found,
    Ground,
    found_routes,
    ground_of,
    priced,
    revised_routes,
    routes_round,
)
from keruen.network.build import World, open_world
from keruen.network.cache import Arrays, cached, load_arrays
from keruen.network.graph import Graph
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


def route_sets(
    data: Dataset,
    demand: Demand,
    *,
    carbon_price_usd_per_t: float = 0.0,
    progress: Callable[[float], None] = lambda share: None,
) -> RouteSet:
    """The distinct routes of every market of a demand, from the cache if they were searched before.

    Of a dataset made from another one whose routes are known these are taken, at the new costs, and new ways are searched only where
    something became better. progress: told the share done while they are searched, from several threads; what it raises ends the search.

    Raises:
        UnknownPlace, AmbiguousPlace, NoRoute: a zone is not known, or no road comes near it.
        UnknownCommodity, UnknownOption, BadShipment: a class of cargo is none that the tables know.
    """
    world, markets = open_world(data), markets_of(demand)

    def search() -> tuple[Arrays, dict[str, Any]]:
        base = known_routes(data.base, demand, markets, carbon_price_usd_per_t) if data.base is not data else None
        if base is not None and (arcs := arcs_from(open_world(data.base).graph, world.graph)) is not None:
            found = revised(data, base, arcs, demand, carbon_price_usd_per_t)
        else:
            found = searched(data, world, demand, markets, carbon_price_usd_per_t, progress)
        return {field.name: np.asarray(getattr(found, field.name)) for field in fields(RouteSet)}, {}

    return from_arrays(cached(folder_of(data, demand, markets, carbon_price_usd_per_t), search)[0])


def from_arrays(arrays: Arrays) -> RouteSet:
    """A route set as the cache holds it."""
    columns: dict[str, Any] = {**arrays, "corridors": tuple(arrays["corridors"].tolist())}
    return RouteSet(**columns)


def known_routes(
    data: Dataset, demand: Demand, markets: tuple[Rows, Rows, Rows], carbon_price_usd_per_t: float
) -> RouteSet | None:
    """The routes of a dataset if they were searched before, else None."""
    folder = folder_of(data, demand, markets, carbon_price_usd_per_t)
    return from_arrays(load_arrays(folder)[0]) if folder.exists() else None


def folder_of(data: Dataset, demand: Demand, markets: tuple[Rows, Rows, Rows], carbon_price_usd_per_t: float) -> Path:
    """Where the routes of some markets are, or will be, cached: under a name of all that they depend on."""
    world = open_world(data)
    digest = hashlib.sha256(data.hash_of(COST_TABLES).encode())
    digest.update(repr((demand.zones, demand.classes, carbon_price_usd_per_t)).encode())
    for part in markets:
        digest.update(part.tobytes())
    for file in ("route_sets.py", "route_search.py", "route_kernels.py", "routes.c"):
        path = Path(__file__).with_name(file)
        digest.update(path.read_bytes() if path.exists() else b"")  # the C source does not ship with a wheel
    return world.folder.with_name(f"{world.folder.name}-routes-{digest.hexdigest()[:16]}")


def markets_of(demand: Demand) -> tuple[Rows, Rows, Rows]:
    """Origin, destination and class of each market, int32[k], in order of class, origin and destination; a zone to itself is none."""
    rows = np.flatnonzero((demand.tonnes > 0) & (demand.origin != demand.destination))
    zones = len(demand.zones)
    key = (demand.cargo[rows].astype(np.int64) * zones + demand.origin[rows]) * zones + demand.destination[rows]
    found = np.unique(key)
    return tuple(part.astype(np.int32) for part in (found // zones % zones, found % zones, found // zones**2))  # type: ignore[return-value]


def searched(
    data: Dataset, world: World, demand: Demand, markets: tuple[Rows, Rows, Rows], carbon_price_usd_per_t: float,
    progress: Callable[[float], None] = lambda share: None,
) -> RouteSet:  # fmt: skip
    """The routes of markets, searched class by class, several at a time."""
    ground = ground_of(data, world, demand.zones)
    origin, destination, cargo = markets
    rows: list[int] = np.unique(cargo).tolist()
    done = dict.fromkeys(rows, 0.0)

    def of_class(row: int) -> Found:
        def tell(share: float) -> None:
            done[row] = share
            progress(sum(done.values()) / len(done))

        mine = cargo == row
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        return found_routes(ground, cost, origin[mine], destination[mine], progress=tell)

    return together(ground, markets, in_threads(of_class, rows))


def revised(data: Dataset, base: RouteSet, arcs: Rows, demand: Demand, carbon_price_usd_per_t: float) -> RouteSet:
    """The routes of a dataset made from another one, from the routes there. arcs: for each arc of the base what it is here."""
    ground = ground_of(data, open_world(data), demand.zones)
    before = ground_of(data.base, open_world(data.base), demand.zones)

    def of_class(row: int) -> Found:
        known, here = routes_of_class(base, row), slice(*np.searchsorted(base.cargo, [row, row + 1]))
        known = replace(known, paths=Paths(known.paths.first, arcs[known.paths.arc]))
        old = priced(before, demand.classes[row], carbon_price_usd_per_t).weight
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        was = np.full(cost.weight.shape, np.inf)
        was[arcs] = old
        if np.array_equal(was, cost.weight):
            return known
        return revised_routes(ground, cost, known, base.origin[here], base.destination[here], was)

    parts = in_threads(of_class, np.unique(base.cargo).tolist())
    return together(ground, (base.origin, base.destination, base.cargo), parts)


def arcs_from(base: Graph, graph: Graph) -> Rows | None:
    """For each arc of a network the same arc of one that adds to it, int32[m]; None if that does more than add."""
    if base is graph:
        return np.arange(graph.m, dtype=np.int32)
    names = ("tail", "head", "arc_kind", "arc_mode", "arc_facility", "arc_geometry")

    def mixed(one: Graph) -> NDArray[np.int64]:
        key = np.zeros(one.m, np.int64)
        for name in names:
            key = key * 1_000_003 + getattr(
                one, name
            )  # wraps round; equal arcs have equal keys, and what is found is compared
        return key

    kept = np.flatnonzero(np.isin(mixed(graph), mixed(base))).astype(np.int32)
    same = len(kept) == base.m and all(
        np.array_equal(getattr(graph, name)[kept], getattr(base, name)) for name in names
    )
    return kept if same else None


def routes_of_class(routes: RouteSet, row: int) -> Found:
    """The routes of one class of cargo; its markets, routes and arcs lie together."""
    k = slice(*np.searchsorted(routes.cargo, [row, row + 1]))
    first = routes.first_route[k.start : k.stop + 1]
    r = slice(int(first[0]), int(first[-1]))
    arcs = routes.first_arc[r.start : r.stop + 1]
    value = np.column_stack([
        part[r] for part in (routes.time_h, routes.cost_usd_per_t, routes.co2e_kg_per_t, routes.generalized_usd_per_t)
    ])  # fmt: skip
    paths = Paths(arcs - arcs[0], routes.arc[int(arcs[0]) : int(arcs[-1])])
    return Found(first - first[0], value, routes.path_size[r], routes.corridor[r], paths)


def ways_round(
    data: Dataset, demand: Demand, routes: RouteSet, surcharges: Floats, paid: Floats, most: int,
    carbon_price_usd_per_t: float = 0.0,
) -> RouteSet:  # fmt: skip
    """The same routes, and for markets that have it a way that is better by a hundredth where arcs cost so much more.

    surcharges: float64[classes, m], USD per tonne. paid: float64[k], the least that a market pays now, USD per tonne. most: routes of a
    market. Returns the same object if there is no such way.
    """
    ground = ground_of(data, open_world(data), demand.zones)

    def of_class(row: int) -> Found:
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        here = slice(*np.searchsorted(routes.cargo, [row, row + 1]))
        pairs = routes.origin[here], routes.destination[here]
        return routes_round(ground, cost, routes_of_class(routes, row), pairs, surcharges[row], paid[here], most)

    parts = in_threads(of_class, np.unique(routes.cargo).tolist())
    if sum(len(part.corridor) for part in parts) == len(routes.corridor):
        return routes
    return together(ground, (routes.origin, routes.destination, routes.cargo), parts)


def in_threads(work: Callable[[int], Found], rows: list[int]) -> list[Found]:
    """Some work for several classes, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, rows))


def together(ground: Ground, markets: tuple[Rows, Rows, Rows], parts: list[Found]) -> RouteSet:
    """The routes of all classes as one set. Empties the list on the way: arcs are most of what there is in memory."""

    def offsets(counts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.concatenate(([0], np.cumsum(np.concatenate([np.empty(0, np.int64), *counts])))).astype(np.int64)

    first_route = offsets([np.diff(part.first) for part in parts])
    first_arc = offsets([np.diff(part.paths.first) for part in parts])
    value = np.concatenate([np.empty((0, 4)), *(part.value for part in parts)])
    path_size = np.concatenate([np.empty(0), *(part.path_size for part in parts)])
    corridor = np.concatenate([np.empty(0, np.int32), *(part.corridor for part in parts)])
    arc, filled = np.empty(first_arc[-1], np.int32), 0
    while parts:
        part = parts.pop(0)
        arc[filled : filled + len(part.paths.arc)] = part.paths.arc
        filled += len(part.paths.arc)
        del part
    hours, usd, kg, generalized = (np.ascontiguousarray(one) for one in value.T)
    return RouteSet(
        *markets, first_route=first_route, first_arc=first_arc, arc=arc, time_h=hours, cost_usd_per_t=usd, co2e_kg_per_t=kg,
        generalized_usd_per_t=generalized, path_size=path_size, corridor=corridor,
        corridors=tuple(one.key for one in ground.corridors),
    )  # fmt: skip
