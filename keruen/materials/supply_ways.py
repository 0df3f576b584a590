"""The ways that suppliers send by, as the flow engine has them: their distinct routes to a buyer, and the share of the goods on each.

    P_r = W_r / sum W      W = PS e^a C^-beta      path-size Weibit over the routes of a supplier, with the constants a
                                                  fitted for kinds of ways (keruen.flows.choice)

Goods go as the usual container. Routes have no queues: what one buyer takes of one material fills no port. A supplier that the network
reaches and the route sets do not is not in the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.flows.assignment import parameters_of
from keruen.flows.choice import choice_shares
from keruen.flows.constants import constants_of
from keruen.flows.demand import HOURS_PER_DAY, CargoClass, Demand
from keruen.flows.route_sets import RouteSet, route_sets
from keruen.network.gazetteer import Entry
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset

CLASS = "supply"
NO_YEAR = 0


@dataclass(frozen=True, eq=False)
class Way:
    """A route of a supplier (its number), the share of the supplier's goods on it, its weight W in the choice, its corridor (key, empty:
    none), generalized cost of the usual container in USD, hours, and arcs of the network in order."""

    supplier: int
    share: float
    weight: float
    corridor: str
    cost_usd: float
    time_h: float
    arcs: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Liking:
    """How suppliers like ways: beta, and the constant of each corridor by key; cost in USD for the usual container."""

    beta: float
    constants: Mapping[str, float]

    def weight(self, corridor: str, cost_usd: float, path_size: float = 1.0) -> float:
        """The weight W of a way; 0 where it is closed."""
        return path_size * math.exp(self.constants.get(corridor, 0.0) - self.beta * math.log(cost_usd))


def liking_of(data: Dataset) -> Liking:
    """Beta and constants out of the tables flow_parameters and choice_constants."""
    keys = tuple(data["corridors"].keys)
    return Liking(parameters_of(data)["beta"], dict(zip(keys, constants_of(data, keys).tolist(), strict=True)))


def supply_ways(
    data: Dataset,
    origins: Sequence[Entry],
    target: Entry,
    *,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[Way, ...]:
    """The ways from each origin to a target, in the order of the origins; shares of each sum to 1.

    progress: told the share done while routes are searched, from several threads; what it raises ends the search.
    """
    codes = [entry.code for entry in origins]
    zones = (*dict.fromkeys(codes), target.code)
    lands = {entry.code: entry.country for entry in (*origins, target)}
    load = consignment(data, Shipment())
    worth = load.value_of_time_usd_per_t_day / HOURS_PER_DAY
    cargo = CargoClass(CLASS, load.commodity, load.load, load.unit, worth, load.tonnes / load.teu)
    n = len(zones) - 1
    unknown, rows = np.full(n, np.nan), np.zeros(n, np.int32)
    demand = Demand(
        year=NO_YEAR,
        zones=zones,
        countries=tuple(lands[code] for code in zones),
        classes=(cargo,),
        sectors=(),
        sources=((),),
        origin=np.arange(n, dtype=np.int32),
        destination=np.full(n, n, np.int32),
        cargo=rows,
        sector=rows - 1,
        tonnes=np.ones(n),
        low_t=unknown,
        high_t=unknown,
        teu=unknown,
        source=rows,
    )
    routes = route_sets(data, demand, progress=progress)
    found = {zones[origin]: m for m, origin in enumerate(routes.origin.tolist())}
    liking = liking_of(data)
    constants = np.array([liking.constants.get(key, 0.0) for key in routes.corridors])
    chosen = choice_shares(routes, routes.generalized_usd_per_t, liking.beta, constants)
    return tuple(
        _way(routes, chosen, liking, supplier, r, load.tonnes)
        for supplier, code in enumerate(codes)
        if code in found
        for r in range(*routes.first_route[found[code] : found[code] + 2].tolist())
    )


def _way(routes: RouteSet, chosen: NDArray[np.float64], liking: Liking, supplier: int, r: int, tonnes: float) -> Way:
    row = int(routes.corridor[r])
    corridor = routes.corridors[row] if row >= 0 else ""
    cost = float(routes.generalized_usd_per_t[r]) * tonnes
    return Way(
        supplier,
        float(chosen[r]),
        liking.weight(corridor, cost, float(routes.path_size[r])),
        corridor,
        cost,
        float(routes.time_h[r]),
        routes.paths.some(np.array([r])).arc,
    )
