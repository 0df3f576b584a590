"""Flows under any disruptions at once, in a tenth of a second: the routes are searched beforehand, only the choice among them is anew.

    universe        all routes of the usual network and of the network under each disruption alone, each once
    state {}, {e}   the routes that `assign` has there: loading them is the exact answer
    state {e, f}    routes of either set, cost = usual + what e adds + what f adds, infinite where one closes them
    at most         what shippers would pay, in every state: as in the usual one

So one disruption at a time is exact, and two at once lack routes that only both together call for: what is told of these is the cost or
the shortfall at worst. Demand that is drawn changes loads and prices of capacity, not routes: ways round what is only full then are
missing too. How much that is against the exact answer is measured in benchmarks/stress.py.

The ground of a dataset lies in the cache folder under a name of its content and is mapped into memory, so workers share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError
from keruen.flows.assignment import FlowResult, assign, parameters_of
from keruen.flows.capacity import Facilities, Loading, Passes, Shippers, loaded
from keruen.flows.demand import Demand
from keruen.flows.facilities import facilities
from keruen.flows.route_kernels import Paths, all_paths, facilities_passed, route_totals
from keruen.flows.route_search import ground_of, priced
from keruen.flows.route_sets import RouteSet
from keruen.network.build import open_world
from keruen.network.cache import Arrays, cached
from keruen.stress.disruptions import broken
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]
Told = Callable[[str, float], None]


class NetworkChanged(KeruenError):
    """A disruption that adds to the network or takes away from it, instead of closing or changing what is there."""

    kind = "network_changed"


@dataclass(frozen=True, eq=False)
class State:
    """What flows while some disruptions hold: the loading, and for each market tonnes shipped and its expected cost in USD per tonne."""

    loading: Loading
    shipped_t: Floats
    usd_per_t: Floats

    @property
    def unserved_t(self) -> float:
        """Tonnes a year that no way or no capacity is left for."""
        return float(self.loading.unserved_t.sum())


@dataclass(frozen=True, eq=False)
class FlowGround:
    """k markets, r routes of the universe, s states (none, then each event), f facilities.

    routes: the universe, without its arcs. member bool[s, r]; size float64[s, r]: path sizes, 1 for routes that are none of the state;
    cost float64[s, r]: generalized, USD/t, inf where closed. capacity float64[s, f]. start: state of the usual loading. item, first_item:
    the things of the network that each route passes, rows of its facilities.
    """

    events: tuple[str, ...]
    demand: Demand
    places: Facilities
    routes: RouteSet
    through: Passes
    items: Passes
    member: NDArray[np.bool_]
    size: Floats
    cost: Floats
    capacity: Floats
    start: Floats
    constants: Floats | None
    tonnes: Floats
    teu_per_t: Floats
    highest_usd_per_t: Floats
    base_usd_per_t: Floats
    values: dict[str, float]

    def state(self, held: Sequence[str], demand: float = 1.0) -> State:
        """What flows while these hold, with so many times the usual demand. Raises KeyError for what the ground does not have."""
        rows = [1 + self.events.index(key) for key in held]
        chosen = rows or [0]
        usable = self.member[chosen].any(axis=0)
        cost = self.cost[0].copy()
        if len(rows) == 1:
            cost = self.cost[rows[0]].copy()
        else:
            for row in rows:
                cost += self.cost[row] - self.cost[0]
        size = np.ones(len(cost))
        for row in reversed(chosen):
            size = np.where(self.member[row], self.size[row], size)
        cost[~usable] = np.inf
        factor = np.prod(self.capacity[rows] / self.capacity[0], axis=0) if rows else np.ones(self.capacity.shape[1])
        places = replace(self.places, capacity_per_year=self.capacity[0] * factor)
        routes = replace(self.routes, path_size=size)
        loading = loaded(
            routes, self.shippers(demand), places, cost=cost, constants=self.constants, through=self.through,
            start=self.start,
        )  # fmt: skip
        return State(loading, loading.shipped_t, loading.expected_usd_per_t)

    def added(self, state: State, usual: State) -> tuple[float, float]:
        """What disruptions add in a year in which they hold throughout: USD on goods shipped in both states, and tonnes unserved."""
        both = (
            (state.shipped_t > 0) & (usual.shipped_t > 0) & np.isfinite(state.usd_per_t) & np.isfinite(usual.usd_per_t)
        )
        usd = float(state.shipped_t[both] @ (state.usd_per_t[both] - usual.usd_per_t[both]))
        return usd, state.unserved_t - usual.unserved_t

    def shippers(self, demand: float) -> Shippers:
        """What markets want with so many times the usual demand."""
        k = len(self.tonnes)
        worth = np.array([one.value_of_time_usd_per_t_h for one in self.demand.classes])
        return Shippers(
            self.tonnes * demand, np.full(k, self.values["beta"]), worth[self.routes.cargo], self.teu_per_t,
            self.highest_usd_per_t, np.full(k, self.values["elasticity"]), self.base_usd_per_t,
        )  # fmt: skip

    @cached_property
    def market(self) -> NDArray[np.int32]:
        """The market of each route."""
        return self.routes.market


def flow_ground(
    data: Dataset, demand: Demand, events: Sequence[str], progress: Told = lambda stage, share: None
) -> FlowGround:
    """The ground of a dataset, a demand and some disruptions; from the cache if it was made before.

    Raises:
        NetworkChanged: a disruption does more than close and change.
        KeruenError: as `assign`.
    """
    world = open_world(data)
    digest = hashlib.sha256(repr((data.content_hash, demand.zones, demand.classes, tuple(events))).encode())
    for part in (demand.origin, demand.destination, demand.cargo, demand.tonnes, demand.teu):
        digest.update(np.ascontiguousarray(part).tobytes())
    house = Path(__file__).parent.parent
    for path in (*sorted(house.glob("flows/*.py")), *sorted(house.glob("routing/*.py")), Path(__file__)):
        digest.update(path.read_bytes())
    folder = world.folder.with_name(f"{world.folder.name}-stress-{digest.hexdigest()[:16]}")
    arrays, about = cached(folder, lambda: built(data, demand, tuple(events), progress))
    known: dict[str, Any] = {field.name: arrays[field.name] for field in fields(RouteSet) if field.name in arrays}
    none = Paths.of(np.zeros(len(arrays["corridor"]) + 1, np.int64), np.empty(0, np.int32))
    columns: dict[str, Any] = {**known, "corridors": tuple(about["corridors"]), "paths": none}
    names = (
        "member",
        "size",
        "cost",
        "capacity",
        "start",
        "tonnes",
        "teu_per_t",
        "highest_usd_per_t",
        "base_usd_per_t",
    )
    return FlowGround(
        tuple(events), demand, facilities(data, world.graph), RouteSet(**columns),
        Passes(arrays["through_first"], arrays["through"]), Passes(arrays["items_first"], arrays["items"]),
        constants=arrays["constants"] if len(arrays["constants"]) else None, values=parameters_of(data),
        **{name: arrays[name] for name in names},
    )  # fmt: skip


def built(data: Dataset, demand: Demand, events: tuple[str, ...], progress: Told) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of a ground: the usual flows, then those under each disruption, and all their routes together."""
    graph = open_world(data).graph
    sides = [data, *(broken(data, (event,)) for event in events)]
    rng = np.random.Generator(np.random.Philox(key=graph.m))
    code = rng.integers(0, 2**63, graph.m, dtype=np.uint64)
    names: list[NDArray[np.uint64]] = []
    values: list[tuple[Floats, Floats]] = []
    capacity: list[Floats] = []
    blocks: list[Block] = []
    known = np.empty(0, np.uint64)
    usual: FlowResult | None = None
    for row, side in enumerate(sides):
        progress("stress_ground", row / len(sides))
        if open_world(side).graph is not graph:
            raise NetworkChanged(said("err_stress_network", event=events[row - 1]))
        found = assign(side, demand, usual=usual)
        usual = usual or found
        name = named(found.routes, code)
        new = np.flatnonzero(~np.isin(name, known))
        blocks.append(
            (found.routes.market[new], name[new], found.routes.paths.some(new), columns_of(found.routes, new))
        )
        known = np.concatenate([known, name[new]])
        names.append(name)
        values.append((found.routes.path_size, found.routes.generalized_usd_per_t))
        capacity.append(facilities(side, graph).capacity_per_year)
        del found
    assert usual is not None
    universe, name = together(usual.routes, blocks)
    order = np.argsort(name)
    member = np.zeros((len(sides), len(name)), np.bool_)
    size, cost = np.ones(member.shape), np.empty(member.shape)
    for row, side in enumerate(sides):
        progress("stress_ground", 1.0)
        cost[row] = costs_of(side, demand, universe)
        at = order[np.searchsorted(name, names[row], sorter=order)]
        member[row, at] = True
        size[row, at], cost[row, at] = values[row]
    through = facilities_passed(universe.paths, usual.places.arc_facility)
    items = facilities_passed(universe.paths, graph.arc_facility)
    shippers = usual.shippers
    arrays: Arrays = {
        **{name: np.asarray(getattr(universe, name)) for name in (field.name for field in fields(RouteSet)) if name not in LEFT_OUT},
        "through_first": through[0], "through": through[1], "items_first": items[0], "items": items[1], "member": member, "size": size,
        "cost": cost, "capacity": np.array(capacity), "start": usual.loading.state, "tonnes": shippers.tonnes,
        "teu_per_t": shippers.teu_per_t, "highest_usd_per_t": shippers.highest_usd_per_t, "base_usd_per_t": shippers.base_usd_per_t,
        "constants": np.empty(0) if usual.constants is None else usual.constants,
    }  # fmt: skip
    return arrays, {"corridors": list(universe.corridors)}


def named(routes: RouteSet, code: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A name of each route by its market and its arcs, uint64[r]: sums of random numbers of the arcs, wrapping round."""
    sums = np.zeros(len(routes.corridor), np.uint64)
    some = routes.paths.size > 0
    starts = routes.paths.first[:-1][some]
    if len(starts):
        sums[some] = np.add.reduceat(code[routes.paths.arc], starts)
    return sums * np.uint64(1_000_003) + routes.market.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


LEFT_OUT = ("corridors", "paths")  # of a route set: what loading does not need
Block = tuple[NDArray[np.int32], NDArray[np.uint64], Paths, dict[str, NDArray[Any]]]
COLUMNS = ("cost_usd_per_t", "time_h", "co2e_kg_per_t", "generalized_usd_per_t", "path_size", "corridor")


def columns_of(routes: RouteSet, rows: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """What is known of some routes."""
    return {name: getattr(routes, name)[rows] for name in COLUMNS}


def together(usual: RouteSet, blocks: list[Block]) -> tuple[RouteSet, NDArray[np.uint64]]:
    """All routes by market as one set, and their names."""
    market = np.concatenate([block[0] for block in blocks])
    name = np.concatenate([block[1] for block in blocks])
    order = np.argsort(market, kind="stable")
    paths = all_paths([block[2] for block in blocks]).some(order)
    columns = {key: np.concatenate([block[3][key] for block in blocks])[order] for key in COLUMNS}
    first = np.concatenate([[0], np.cumsum(np.bincount(market, minlength=len(usual.origin)))]).astype(np.int64)
    found: dict[str, Any] = {**columns, "first_route": first, "paths": paths}
    return replace(usual, **found), name[order]


def costs_of(data: Dataset, demand: Demand, routes: RouteSet) -> Floats:
    """Generalized cost of routes in a dataset, USD per tonne, float64[r]; inf where something on them is closed."""
    ground = ground_of(data, open_world(data), demand.zones)
    cost = np.empty(len(routes.corridor))
    for row in np.unique(routes.cargo).tolist():
        price = priced(ground, demand.classes[row])
        k = slice(*np.searchsorted(routes.cargo, [row, row + 1]))
        r = slice(int(routes.first_route[k.start]), int(routes.first_route[k.stop]))
        of = routes.market[r]
        cost[r] = (
            route_totals(routes.paths.some(np.arange(r.start, r.stop)), price.money)
            + price.enter[routes.origin[of], 3]
            + price.leave[routes.destination[of], 3]
        )
    return cost
