"""Assignment: what flows where in a year when everybody chooses a route and facilities carry no more than they can.

    routes of each market      route_sets
    shares, prices, waits      capacity.loaded: path-size Weibit on generalized cost with waits and one price per facility
    ways round what is full    best ways with the prices on, for the markets that they save a hundredth; twice
    flow on an arc             x_a = sum over routes r over a of x_r                    tonnes, and TEU of what goes in containers

No question knows that scenarios exist: `assign(scenario.apply(data), demand, usual=base)` stands beside `base = assign(data, demand)`. What
shippers would pay at most is a habit of theirs: it comes from the usual flows, so a new way never makes anyone leave goods at home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.flows.capacity import Facilities, Loading, Passes, Shippers, loaded, passes
from keruen.flows.choice import expected_cost
from keruen.flows.constants import constants_of
from keruen.flows.demand import Demand
from keruen.flows.facilities import facilities
from keruen.flows.route_kernels import arc_loads
from keruen.flows.route_sets import RouteSet, route_sets, ways_round
from keruen.network.build import World, open_world
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]
ROUTES_SHARE, LOADED_SHARE = 0.7, 0.8  # of the time: until routes are searched, until they are loaded first


@dataclass(frozen=True, eq=False)
class FlowResult:
    """What flows in a year: z zones, c classes, k markets, r routes, f facilities, m arcs.

    demand, routes, shippers, places (the facilities) and loading are what it was worked out from and how it came out; through: the
    facilities that each route passes. constants: of corridors, None for none. capacities, sources: rows it rests on.
    """

    world: World
    demand: Demand
    routes: RouteSet
    shippers: Shippers
    places: Facilities
    through: Passes
    loading: Loading
    constants: Floats | None
    capacities: tuple[str, ...]
    sources: tuple[str, ...]

    @cached_property
    def arc_t(self) -> Floats:
        """Tonnes a year over each arc by class of cargo, float64[c, m]."""
        routes, cargo = self.routes, self.routes.cargo[self.routes.market]
        return np.stack([
            arc_loads(routes.paths, np.where(cargo == row, self.loading.route_t, 0.0), self.world.graph.m)
            for row in range(len(self.demand.classes))
        ])  # fmt: skip

    @cached_property
    def arc_teu(self) -> Floats:
        """TEU a year over each arc of what goes in containers, float64[m]."""
        flow = self.loading.route_t * np.nan_to_num(self.shippers.teu_per_t)[self.routes.market]
        return arc_loads(self.routes.paths, flow, self.world.graph.m)

    def of_routes(self, value: Floats) -> float:
        """The sum over all routes of tonnes times a value per tonne."""
        moved = self.loading.route_t > 0
        return float(self.loading.route_t[moved] @ value[moved])

    @property
    def totals(self) -> dict[str, float]:
        """Tonnes asked for, shipped, unserved and forgone, and what shipping takes, in a year."""
        routes, loading = self.routes, self.loading
        wait = np.nan_to_num(loading.wait_h)
        rows = np.repeat(np.arange(len(routes.corridor)), np.diff(self.through.first))
        waits = np.bincount(rows, wait[self.through.facility], len(routes.corridor))
        return {
            "demand_t": float(self.shippers.tonnes.sum()),
            "shipped_t": float(loading.shipped_t.sum()),
            "unserved_t": float(loading.unserved_t.sum()),
            "forgone_t": float(loading.forgone_t.sum()),
            "shipped_teu": float(loading.shipped_t @ np.nan_to_num(self.shippers.teu_per_t)),
            "cost_usd": self.of_routes(routes.cost_usd_per_t),
            "prices_usd": self.of_routes(loading.charge_usd_per_t),
            "generalized_cost_usd": loading.total_usd,
            "tonne_hours": self.of_routes(routes.time_h + waits),
            "co2e_t": self.of_routes(routes.co2e_kg_per_t) / 1000,
        }

    @property
    def corridors(self) -> list[dict[str, Any]]:
        """Tonnes and TEU by corridor and their shares of what is shipped, the largest first; key empty: of no named corridor."""
        routes = self.routes
        column = np.where(routes.corridor < 0, len(routes.corridors), routes.corridor)
        teu = self.loading.route_t * np.nan_to_num(self.shippers.teu_per_t)[routes.market]
        tonnes, boxes = (
            np.bincount(column, of, len(routes.corridors) + 1) for of in (self.loading.route_t, teu)
        )  # fmt: skip
        keys = (*routes.corridors, "")
        whole = (float(tonnes.sum()) or 1.0, float(boxes.sum()) or 1.0)
        return [
            {"corridor": keys[row], "t": float(tonnes[row]), "teu": float(boxes[row]),
             "share_t": float(tonnes[row]) / whole[0], "share_teu": float(boxes[row]) / whole[1]}
            for row in np.argsort(-tonnes, kind="stable").tolist() if tonnes[row] > 0
        ]  # fmt: skip


def assign(
    data: Dataset,
    demand: Demand,
    *,
    parameters: Mapping[str, float] | None = None,
    constants: Floats | None = None,
    carbon_price_usd_per_t: float = 0.0,
    with_capacities: bool = True,
    around: int = 2,
    usual: FlowResult | None = None,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> FlowResult:
    """The flows of a demand on the network of a dataset.

    parameters: in the place of rows of flow_parameters. constants: of corridors, in the place of those of choice_constants; zeros for
    none. with_capacities: without, everybody takes the way he likes best. around: how often ways round full facilities are looked for.
    usual: flows of the same demand before a change; what shippers pay at most, and the cost that elastic demand answers to, are as they
    were there. None: these are the usual flows. progress: told the stage and the share done from time to time; what it raises ends the
    work.

    Raises:
        UnknownPlace, AmbiguousPlace, NoRoute: a zone is not known, or no road comes near it.
        UnknownOption: a parameter that the table flow_parameters does not have.
        ValueError: the usual flows are those of another demand.
    """
    world = open_world(data)
    routes = route_sets(
        data,
        demand,
        carbon_price_usd_per_t=carbon_price_usd_per_t,
        progress=lambda share: progress("flow_routes", ROUTES_SHARE * share),
    )
    progress("flow_load", ROUTES_SHARE)
    places = facilities(data, world.graph) if with_capacities else no_facilities(world.graph.m)
    values = parameters_of(data, parameters)
    constants = constants_of(data, routes.corridors) if constants is None else constants
    found = loaded_on(
        data, demand, routes, places, values, constants, go_on=partial(progress, "flow_load", ROUTES_SHARE), usual=usual
    )
    for turn in range(around):
        share = LOADED_SHARE + (1 - LOADED_SHARE) * turn / around
        go_on = partial(progress, "flow_around", share)
        go_on()
        paid, surcharges = paying(found)
        more = ways_round(data, demand, routes, surcharges, paid, carbon_price_usd_per_t, go_on)
        if more is routes:
            break
        routes = more
        found = loaded_on(
            data, demand, routes, places, values, constants, found.loading.state, go_on, shippers=found.shippers
        )
    return found


def covering(demand: Demand, share: float) -> tuple[Demand, float]:
    """The demand without the smallest pairs of zones of each class, so that this share of its tonnes is left at least; and the share
    of all tonnes that is left out. A fifth of the pairs usually has 99 % of the tonnes."""
    zones = len(demand.zones)
    key = (demand.cargo.astype(np.int64) * zones + demand.origin) * zones + demand.destination
    pairs, of = np.unique(key, return_inverse=True)
    tonnes = np.bincount(of, demand.tonnes, len(pairs))
    cargo = pairs // zones**2
    kept = np.zeros(len(pairs), np.bool_)
    for row in np.unique(cargo).tolist():
        mine = np.flatnonzero(cargo == row)
        order = mine[np.argsort(-tonnes[mine], kind="stable")]
        before = np.cumsum(tonnes[order]) - tonnes[order]
        kept[order[before < share * tonnes[mine].sum()]] = True
    rows = np.flatnonzero(kept[of])
    columns = ("origin", "destination", "cargo", "sector", "tonnes", "low_t", "high_t", "teu", "source")
    left = replace(demand, **{name: getattr(demand, name)[rows] for name in columns})
    whole = float(demand.tonnes.sum())
    return left, 1 - float(left.tonnes.sum()) / whole if whole else 0.0


def paying(found: FlowResult) -> tuple[Floats, Floats]:
    """The least that each market pays, float64[k], and what each arc costs a class beside its own cost: prices and waits, float64[c, m];
    USD per tonne."""
    loading, routes, places = found.loading, found.routes, found.places
    paid = np.full(len(routes.origin), np.inf)
    np.minimum.at(paid, routes.market, loading.route_usd_per_t)
    price = np.where(places.limit == 0, np.inf, np.nan_to_num(loading.price_usd_per_unit))
    wait, of = np.nan_to_num(loading.wait_h), places.arc_facility
    surcharges = np.zeros((len(found.demand.classes), len(of)))
    if len(places):
        in_teu = np.array([unit == "teu" for unit in places.unit])
        for row, cargo in enumerate(found.demand.classes):
            takes = ~in_teu | (cargo.t_per_teu > 0)
            per_t = np.where(in_teu & takes, 1 / cargo.t_per_teu, 1.0)
            costs = np.where(takes, price * per_t, 0.0) + wait * cargo.value_of_time_usd_per_t_h
            surcharges[row] = np.where(of >= 0, costs[of], 0.0)
    return paid, surcharges


def loaded_on(
    data: Dataset, demand: Demand, routes: RouteSet, places: Facilities, values: Mapping[str, float],
    constants: Floats | None = None, start: Floats | None = None, go_on: Callable[[], None] = lambda: None,
    usual: FlowResult | None = None, shippers: Shippers | None = None,
) -> FlowResult:  # fmt: skip
    """The flows of a demand over given routes. go_on: called now and then; what it raises ends the work. usual: as of `assign`. shippers:
    of these markets, if known: more ways of a market change nothing that it is used to."""
    if shippers is None:
        shippers = shippers_of(demand, routes, values, constants)
        if usual is not None:
            shippers = as_used_to(usual, routes, shippers)
    through = passes(routes, places.arc_facility)
    loading = loaded(routes, shippers, places, constants=constants, through=through, start=start, go_on=go_on)
    rows = tuple(row.id for row in data["capacities"] if row.text("capacity") in places.keys)
    cited = (source for row in data["capacities"] if row.id in rows for source in row.texts("source"))
    sources = dict.fromkeys([*(key for keys in demand.sources for key in keys), *cited])
    return FlowResult(
        open_world(data), demand, routes, shippers, places, through, loading, constants, rows, tuple(sources)
    )


def parameters_of(data: Dataset, given: Mapping[str, float] | None = None) -> dict[str, float]:
    """The values of flow_parameters, with those given in their place. Raises UnknownOption for one that is not in the table."""
    known = {row.text("parameter"): row.number("value") for row in data["flow_parameters"]}
    if unknown := sorted((given or {}).keys() - known):
        what = said("flows_what_parameter")
        raise UnknownOption(
            said("err_unknown_value", what=what, value=", ".join(unknown), known=", ".join(known)), known
        )
    return {**known, **(given or {})}


def shippers_of(
    demand: Demand, routes: RouteSet, values: Mapping[str, float], constants: Floats | None = None
) -> Shippers:
    """What the markets of a route set want: their tonnes and TEU, and how their class of cargo chooses."""
    zones, k = len(demand.zones), len(routes.origin)
    rows = np.flatnonzero((demand.tonnes > 0) & (demand.origin != demand.destination))
    keys = (routes.cargo.astype(np.int64) * zones + routes.origin) * zones + routes.destination
    key = (demand.cargo[rows].astype(np.int64) * zones + demand.origin[rows]) * zones + demand.destination[rows]
    market = np.searchsorted(keys, key)
    there = market < k
    there[there] &= keys[market[there]] == key[there]
    rows, market = rows[there], market[there]
    tonnes = np.bincount(market, demand.tonnes[rows], k).astype(float)
    boxes = np.bincount(market, np.nan_to_num(demand.teu[rows]), k)
    teu_per_t = np.divide(boxes, tonnes, out=np.full(k, np.nan), where=boxes > 0)
    beta = np.full(k, values["beta"])
    free = expected_cost(routes, routes.generalized_usd_per_t, beta, constants)
    base = np.where(np.isfinite(free) & (values["elasticity"] > 0), free, np.nan)
    highest = values["highest_cost_ratio"] * np.where(np.isfinite(free), free, 1.0)
    worth = np.array([one.value_of_time_usd_per_t_h for one in demand.classes])
    return Shippers(
        tonnes, beta, worth[routes.cargo], teu_per_t, highest, np.full(k, values["elasticity"]), base
    )  # fmt: skip


def as_used_to(usual: FlowResult, routes: RouteSet, shippers: Shippers) -> Shippers:
    """The shippers of some routes with what they pay at most, and the base of elastic demand, as with the usual flows; markets that
    had no way then keep their own. Raises ValueError if the usual flows have other markets."""
    then = usual.routes
    if not all(
        np.array_equal(getattr(routes, name), getattr(then, name)) for name in ("origin", "destination", "cargo")
    ):
        raise ValueError("the usual flows must be those of the same demand")
    some = np.diff(then.first_route) > 0
    return replace(
        shippers, highest_usd_per_t=np.where(some, usual.shippers.highest_usd_per_t, shippers.highest_usd_per_t),
        base_usd_per_t=np.where(some, usual.shippers.base_usd_per_t, shippers.base_usd_per_t),
    )  # fmt: skip


def no_facilities(arcs: int) -> Facilities:
    """No facilities at all."""
    none = np.empty(0)
    return Facilities((), (), (), none, none, none, none, none, none, np.full(arcs, -1, np.int32))
