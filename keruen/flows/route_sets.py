"""Route sets: the distinct routes that each pair of zones and class of cargo may choose among, as arrays.

    market m          one origin zone, destination zone and cargo class
    routes of m       first_route[m] .. first_route[m + 1] - 1
    arcs of route r   path r of `paths`: those that a scenario leaves as they are lie where its base has them

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

from keruen.errors import KeruenError
from keruen.flows.demand import Demand
from keruen.flows.route_kernels import Paths, all_paths
from keruen.flows.route_search import (
    Found,
    Ground,
    consignment_of,
    found_routes,
    ground_of,
    priced,
    revised_routes,
    routes_round,
)
from keruen.network.build import World, open_world
from keruen.network.cache import Arrays, cached
from keruen.network.graph import Graph
from keruen.routing.cost import RATE_TABLES
from keruen.routing.progress import Heed, unheard
from keruen.routing.remember import Remembered
from keruen.tables.dataset import Dataset

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

COST_TABLES = (*RATE_TABLES, "commodities", "conditions", "corridors", "countries", "gauge_yards", "load_units", "passages",
               "sea_markets", "services", "vessels")  # fmt: skip

MOST_SETS = 4  # route sets remembered with a network


@dataclass(frozen=True, eq=False)
class RouteSet:
    """k markets, r routes, and what each route takes before any queue, per tonne.

    origin, destination, cargo: int32[k]. first_route int64[k + 1]; paths: the arcs of each route. cost_usd_per_t, time_h,
    co2e_kg_per_t: float64[r]. generalized_usd_per_t: float64[r], money + value of time x time + carbon price x CO2e. path_size:
    float64[r] in (0, 1], 1 for a route that shares nothing with the others. corridor: int32[r], row of corridors (names in the
    table corridors), -1 for none.
    """

    origin: Rows
    destination: Rows
    cargo: Rows
    first_route: NDArray[np.int64]
    paths: Paths
    cost_usd_per_t: Floats
    time_h: Floats
    co2e_kg_per_t: Floats
    generalized_usd_per_t: Floats
    path_size: Floats
    corridor: Rows
    corridors: tuple[str, ...]

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
    """The distinct routes of every market of a demand, from the cache if they were searched before; the last few are remembered.

    Those of a dataset made from another one come from the routes there, which are found first: what is still open of them, and new ways
    where something became better or was lost. They are written nowhere. So an answer does not depend on what was asked before. Only if
    the other dataset does not know a zone or a class of this demand, or its network is not part of this one, is all searched from
    nothing. progress: told the share done while routes are searched, from several threads; what it raises ends the search.

    Raises:
        UnknownPlace, AmbiguousPlace, NoRoute: a zone is not known, or no road comes near it.
        UnknownCommodity, UnknownOption, BadShipment: a class of cargo is none that the tables know.
    """
    world, markets = open_world(data), markets_of(demand)
    folder = folder_of(data, demand, markets, carbon_price_usd_per_t)
    made_from = folder_of(data.base, demand, markets, carbon_price_usd_per_t)

    def search() -> tuple[Arrays, dict[str, Any]]:
        return to_arrays(searched(data, world, demand, markets, carbon_price_usd_per_t, progress)), {}

    def find() -> RouteSet:
        is_other = folder != made_from  # what changed may have nothing to do with routes
        arcs = arcs_from(open_world(data.base).graph, world.graph) if is_other else None
        if arcs is not None and knows(data.base, demand):
            base = route_sets(data.base, demand, carbon_price_usd_per_t=carbon_price_usd_per_t, progress=progress)
            return revised(data, base, arcs, demand, carbon_price_usd_per_t, progress)
        return from_arrays(cached(folder, search)[0])

    return remembered(world).find((folder, made_from), find)


def knows(data: Dataset, demand: Demand) -> bool:
    """Whether a dataset has the zones and the classes of a demand."""
    try:
        ground = ground_of(data, open_world(data), demand.zones)
        for row in np.unique(demand.cargo).tolist():
            consignment_of(ground, demand.classes[row])
    except KeruenError:
        return False
    return True


def remembered(world: World) -> Remembered[tuple[Path, Path], RouteSet]:
    """The last few route sets on a network, by the folders that they and those they were made from have or would have."""
    sets: Remembered[tuple[Path, Path], RouteSet] = world.graph.memo.setdefault("route sets", Remembered(MOST_SETS))
    return sets


def to_arrays(routes: RouteSet) -> Arrays:
    """A route set as the cache holds it: the arcs of all routes one after the other."""
    columns = {
        field.name: np.asarray(getattr(routes, field.name)) for field in fields(RouteSet) if field.name != "paths"
    }
    return {**columns, "first_arc": routes.paths.first, "arc": routes.paths.arc}


def from_arrays(arrays: Arrays) -> RouteSet:
    """A route set from the arrays of `to_arrays`."""
    columns: dict[str, Any] = {**arrays, "corridors": tuple(arrays["corridors"].tolist())}
    return RouteSet(paths=Paths.of(columns.pop("first_arc"), columns.pop("arc")), **columns)


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
    origin, destination, cargo = markets
    rows: list[int] = np.unique(cargo).tolist()
    done = dict.fromkeys(rows, 0.0)

    def heed() -> None:
        progress(sum(done.values()) / len(done))

    ground = ground_of(data, world, demand.zones, heed)

    def of_class(row: int) -> Found:
        def tell(share: float) -> None:
            done[row] = share
            heed()

        mine = cargo == row
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        return found_routes(ground, cost, origin[mine], destination[mine], progress=tell)

    return together(ground, markets, in_threads(of_class, rows))


def revised(
    data: Dataset, base: RouteSet, arcs: Rows, demand: Demand, carbon_price_usd_per_t: float,
    progress: Callable[[float], None] = lambda share: None,
) -> RouteSet:  # fmt: skip
    """The routes of a dataset made from another one, from the routes there. arcs: for each arc of the base what it is here."""
    rows: list[int] = np.unique(base.cargo).tolist()
    done: list[int] = []

    def heed() -> None:
        progress(len(done) / len(rows))

    ground = ground_of(data, open_world(data), demand.zones, heed)
    before = ground_of(data.base, open_world(data.base), demand.zones)

    def of_class(row: int) -> Found:
        known, here = routes_of_class(base, row), slice(*np.searchsorted(base.cargo, [row, row + 1]))
        known = replace(known, paths=known.paths.renumbered(arcs))
        old = priced(before, demand.classes[row], carbon_price_usd_per_t)
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        was = np.full(cost.weight.shape, np.inf)
        was[arcs] = old.weight
        pairs = base.origin[here], base.destination[here]
        found = revised_routes(ground, cost, known, pairs, was, (old.enter, old.leave))
        done.append(row)
        heed()
        return found

    return together(ground, (base.origin, base.destination, base.cargo), in_threads(of_class, rows))


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
    """The routes of one class of cargo; its markets and routes lie together."""
    k = slice(*np.searchsorted(routes.cargo, [row, row + 1]))
    first = routes.first_route[k.start : k.stop + 1]
    r = slice(int(first[0]), int(first[-1]))
    value = np.column_stack([
        part[r] for part in (routes.time_h, routes.cost_usd_per_t, routes.co2e_kg_per_t, routes.generalized_usd_per_t)
    ])  # fmt: skip
    paths = Paths(routes.paths.at[r], routes.paths.size[r], routes.paths.kept)
    return Found(first - first[0], value, routes.path_size[r], routes.corridor[r], paths)


def ways_round(
    data: Dataset, demand: Demand, routes: RouteSet, surcharges: Floats, paid: Floats,
    carbon_price_usd_per_t: float = 0.0, heed: Heed = unheard,
) -> RouteSet:  # fmt: skip
    """The same routes, and for markets that have it a way that is better by a hundredth where arcs cost so much more.

    surcharges: float64[classes, m], USD per tonne. paid: float64[k], the least that a market pays now, USD per tonne. heed: called between
    one kernel and the next, from several threads; what it raises ends the work. Returns the same object if there is no such way.
    """
    ground = ground_of(data, open_world(data), demand.zones, heed)

    def of_class(row: int) -> Found:
        cost = priced(ground, demand.classes[row], carbon_price_usd_per_t)
        here = slice(*np.searchsorted(routes.cargo, [row, row + 1]))
        pairs = routes.origin[here], routes.destination[here]
        return routes_round(ground, cost, routes_of_class(routes, row), pairs, surcharges[row], paid[here])

    parts = in_threads(of_class, np.unique(routes.cargo).tolist())
    if sum(len(part.corridor) for part in parts) == len(routes.corridor):
        return routes
    return together(ground, (routes.origin, routes.destination, routes.cargo), parts)


def in_threads(work: Callable[[int], Found], rows: list[int]) -> list[Found]:
    """Some work for several classes, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, rows))


def together(ground: Ground, markets: tuple[Rows, Rows, Rows], parts: list[Found]) -> RouteSet:
    """The routes of all classes as one set."""
    counts = [np.empty(0, np.int64), *(np.diff(part.first) for part in parts)]
    value = np.concatenate([np.empty((0, 4)), *(part.value for part in parts)])
    path_size = np.concatenate([np.empty(0), *(part.path_size for part in parts)])
    corridor = np.concatenate([np.empty(0, np.int32), *(part.corridor for part in parts)])
    hours, usd, kg, generalized = (np.ascontiguousarray(one) for one in value.T)
    return RouteSet(
        *markets, first_route=np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int64),
        paths=all_paths([part.paths for part in parts]), time_h=hours, cost_usd_per_t=usd, co2e_kg_per_t=kg,
        generalized_usd_per_t=generalized, path_size=path_size, corridor=corridor,
        corridors=tuple(one.key for one in ground.corridors),
    )  # fmt: skip
