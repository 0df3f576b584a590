"""Criticality: what stops or costs more if one thing falls out, each facility, border, ferry, strait and canal in turn.

    I_e = sum_m D_m (S_m^-e - S_m)  over markets that still have a way       U_e = tonnes of markets that have none       (METHODS 6.1)

S_m: expected cost of a market over its stored routes, S_m^-e over those that do not pass e. Goods answer to the loss alone: what others
bring to the routes that are left is not counted, so this is the least that a loss costs. U is never folded into the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text, in_both
from keruen.flows.assignment import FlowResult
from keruen.flows.choice import expected_cost, market_of
from keruen.flows.route_kernels import facilities_passed
from keruen.flows.route_search import ground_of, metric_near, priced
from keruen.network.graph import FACILITY_KINDS
from keruen.routing.hierarchy import table
from keruen.tables.dataset import Dataset

Floats = NDArray[np.float64]

TERMINAL = FACILITY_KINDS.index("terminal")


@dataclass(frozen=True)
class Critical:
    """A thing that may fall out: tonnes a year that pass it, tonnes that then have no way, and what the others pay more, USD a year."""

    key: str
    name: Text
    load_t: float
    unserved_t: float
    extra_usd: float
    markets: int

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "item": self.key, **in_both("name", self.name), "load_t": self.load_t, "unserved_t": self.unserved_t,
            "extra_usd": self.extra_usd, "markets": self.markets,
        }  # fmt: skip


def criticality(data: Dataset, found: FlowResult, *, most: int = 100) -> list[Critical]:
    """What falls out with the most unserved first, then the most dearer; tried are the `most` things that carry the most.

    At the terminal of a zone its own goods are left out: they have no other. A market all of whose routes pass a thing is
    looked at on the network without it: only if there is no way at all is it unserved.
    """
    routes, graph, loading = found.routes, found.world.graph, found.loading
    first, item = facilities_passed(routes.paths, graph.arc_facility)
    route = np.repeat(np.arange(len(routes.corridor)), np.diff(first))
    load = np.bincount(item, loading.route_t[route], len(graph.facility_key))
    tried = np.argsort(-load, kind="stable")[:most]
    by_item = np.argsort(item, kind="stable")
    bounds = np.searchsorted(item[by_item], np.arange(len(load) + 1))
    cost, of = loading.route_usd_per_t, market_of(routes)
    beta = found.shippers.beta
    before = expected_cost(routes, cost, beta, found.constants)
    rerouted, zones = Rerouted(data, found), {zone: row for row, zone in enumerate(found.demand.zones)}
    result = []
    for e in tried[load[tried] > 0].tolist():
        gone = route[by_item[bounds[e] : bounds[e + 1]]]
        without = cost.copy()
        without[gone] = np.inf
        own = zones.get(str(graph.facility_key[e]), -1) if graph.facility_kind[e] == TERMINAL else -1
        mine = np.unique(of[gone])
        mine = mine[(routes.origin[mine] != own) & (routes.destination[mine] != own)]
        after = expected_cost(routes, without, beta, found.constants)
        lost = mine[~np.isfinite(after[mine])]
        after[lost] = rerouted.cost(e, lost)
        stays = mine[np.isfinite(after[mine]) & np.isfinite(before[mine])]
        extra = float(loading.shipped_t[stays] @ np.maximum(after[stays] - before[stays], 0.0))
        unserved = float(loading.shipped_t[lost[~np.isfinite(after[lost])]].sum())
        kind = FACILITY_KINDS[graph.facility_kind[e]]
        name = Text(str(graph.facility_name[e]), str(graph.facility_name_ru[e]))
        result.append(Critical(f"{kind}:{graph.facility_key[e]}", name, float(load[e]), unserved, extra, len(mine)))
    return sorted(result, key=lambda one: (-one.unserved_t, -one.extra_usd))


class Rerouted:
    """Least costs of markets on the network without one thing, for those that have no stored route round it."""

    def __init__(self, data: Dataset, found: FlowResult) -> None:
        self.found = found
        self.ground = ground_of(data, found.world, found.demand.zones)

    def cost(self, facility: int, markets: NDArray[np.integer[Any]]) -> Floats:
        """Generalized cost of the best way of some markets without a facility, USD per tonne; inf where there is none."""
        ground, routes = self.ground, self.found.routes
        least = np.full(len(markets), np.inf)
        for row in np.unique(routes.cargo[markets]).tolist():
            here = routes.cargo[markets] == row
            price = priced(ground, self.found.demand.classes[row])
            money = price.money.copy()
            money[ground.graph.arc_facility == facility] = np.inf
            metric = metric_near(ground, price, money)
            origin, destination = routes.origin[markets[here]], routes.destination[markets[here]]
            sources, start = np.unique([ground.enter[z].node for z in origin.tolist()], return_inverse=True)
            targets, end = np.unique([ground.leave[z].node for z in destination.tolist()], return_inverse=True)
            best = table(metric, sources, targets)[start, end]
            least[here] = best + price.enter[origin, 3] + price.leave[destination, 3]
        return least
