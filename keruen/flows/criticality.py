"""Criticality: what stops or costs more if one thing falls out: every terminal, border, ferry, strait and canal, and every link.

    P_me = sum of the shares of market m's routes over thing e          S_m^-e = S_m (1 - P_me)^(-1 / beta)
    I_e = sum_m D_m (S_m^-e - S_m)  over markets that still have a way       U_e = tonnes of markets that have none       (METHODS 6.1)

screened    all things: markets choose among the routes they have, which the Weibit answers without loading again. What has no other
            route among its own counts as unserved, though the network may have one.
rerouted    the things and the stretches worst by the screening: what has no other route is sought a way on the network without them;
            only if there is none is it unserved.
solved      the worst of those that a scenario can close: all flows anew without it, with the prices and waits that follow.

The first two leave prices as they are: what others bring to the routes that are left is not counted, so they tell the least that a loss
costs. U is never folded into the cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, Text, in_both
from keruen.flows.assignment import FlowResult, assign
from keruen.flows.choice import expected_cost, market_of
from keruen.flows.route_kernels import routes_with, screen
from keruen.flows.route_search import ground_of, metric_near, priced
from keruen.network.graph import FACILITY_KINDS, MODES, Kind
from keruen.routing.hierarchy import table
from keruen.tables.dataset import Dataset
from keruen.tables.scenario import Scenario
from keruen.tables.scenario_entries import Close

Floats = NDArray[np.float64]

TERMINAL = FACILITY_KINDS.index("terminal")
CLOSED_AS = {"passage": "passage", "service": "service", "border": "border"}
"""Features by which a scenario closes facilities of a kind."""
NONE_LEFT = 1e-9  # of a market's shares
SAME_DIGITS = 9  # links that carry the same to so many digits, by one mode in one country, are one stretch


@dataclass(frozen=True)
class Critical:
    """A thing that may fall out: tonnes a year that pass it, tonnes that then have no way, and what the others pay more, USD a year.

    basis: screened, rerouted or solved. links: how many links a stretch of line has, 0 for a facility.
    """

    key: str
    name: Text
    load_t: float
    unserved_t: float
    extra_usd: float
    basis: str
    links: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "item": self.key, **in_both("name", self.name), "load_t": self.load_t, "unserved_t": self.unserved_t,
            "extra_usd": self.extra_usd, "basis": self.basis, "links": self.links,
        }  # fmt: skip


def criticality(
    data: Dataset, found: FlowResult, *, most: int | None = 100, solved: int = 0,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> list[Critical]:  # fmt: skip
    """What falls out, those beyond the screening first, the most unserved, then the most dearer.

    All terminals, borders, ferries, straits and canals in use.

    most: so many of them, the worst by the screening, are rerouted, all with None; solved: of so many of these that a scenario can close
    all flows are solved anew. At the terminal of a zone its own goods are left out: they have no other. progress: told the stage and the
    share done; what it raises ends the work.
    """
    graph = found.world.graph
    load, extra, lost = screened(found, graph.arc_facility)
    lost = np.maximum(lost - own_goods(found, len(lost)), 0.0)
    order = np.lexsort((-extra, -lost))
    order = order[load[order] > 0]
    rerouted = Rerouted(data, found)
    result = []
    for turn, e in enumerate(order.tolist()):
        kind = FACILITY_KINDS[graph.facility_kind[e]]
        name = Text(str(graph.facility_name[e]), str(graph.facility_name_ru[e]))
        basis, figures = "screened", (float(lost[e]), float(extra[e]))
        if most is None or turn < most:
            progress("flow_critical", turn / (len(order) if most is None else most))
            basis, figures = "rerouted", rerouted.without(graph.arc_facility == e, own=e)
        result.append(Critical(f"{kind}:{graph.facility_key[e]}", name, float(load[e]), *figures, basis))
    result.sort(key=worst_first)
    left = solved
    for row, one in enumerate(result):
        if left and one.basis == "rerouted" and (anew := solved_without(data, found, one)) is not None:
            progress("flow_critical_solved", 1 - left / solved)
            result[row], left = anew, left - 1
    return sorted(result, key=worst_first)


def worst_first(one: Critical) -> tuple[bool, float, float]:
    """The order of things: those looked at beyond the screening first, as what this calls unserved may have a way on the network."""
    return one.basis == "screened", -one.unserved_t, -one.extra_usd


def screened(found: FlowResult, of_arc: NDArray[np.int32]) -> Floats:
    """Tonnes that pass each thing, what the loss of it makes dearer, and tonnes without another route of their own: float64[3, things]."""
    routes, loading, beta = found.routes, found.loading, found.shippers.beta
    expected = expected_cost(routes, loading.route_usd_per_t, beta, found.constants)
    expected = np.where(np.isfinite(expected), expected, 0.0)
    return screen(routes.paths, routes.first_route, of_arc, loading.shares, loading.shipped_t, expected, beta)


def own_goods(found: FlowResult, things: int) -> Floats:
    """What zones send and receive at their own terminals, tonnes a year: float64[things]."""
    graph, zones = found.world.graph, {zone: row for row, zone in enumerate(found.demand.zones)}
    sides = (found.routes.origin, found.routes.destination)
    by_zone = np.sum([np.bincount(side, found.loading.shipped_t, len(zones)) for side in sides], axis=0)
    own = np.zeros(things)
    for e in np.flatnonzero(graph.facility_kind[:things] == TERMINAL).tolist():
        row = zones.get(str(graph.facility_key[e]), -1)
        own[e] = by_zone[row] if row >= 0 else 0.0
    return own


def critical_links(
    data: Dataset, found: FlowResult, *, most: int = 100, rerouted: int | None = 0,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> list[Critical]:  # fmt: skip
    """Every link of the network screened, both directions together; told are the worst, links that carry the same as one stretch.

    rerouted: for so many of those told, all with None, a way round the stretch is sought on the network for what has no other route of its
    own. progress: told the stage and the share done; what it raises ends the work.
    """
    graph = found.world.graph
    moves = graph.arc_kind == int(Kind.MOVE)
    low, high = np.minimum(graph.tail, graph.head).astype(np.int64), np.maximum(graph.tail, graph.head)
    pairs, link = np.unique(low * graph.n + high, return_inverse=True)
    load, extra, lost = screened(found, np.where(moves, link, -1).astype(np.int32))
    used = np.flatnonzero(load > 0)
    arc = np.full(len(pairs), -1)
    arc[link[moves]] = np.flatnonzero(moves)
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row in used[np.lexsort((-extra[used], -lost[used]))].tolist():
        figures = (f"{value[row]:.{SAME_DIGITS}g}" for value in (load, extra, lost))
        alike.setdefault((*figures, graph.arc_mode[arc[row]], graph.arc_country[arc[row]]), []).append(row)
        if len(alike) > most:
            break
    stretches = list(alike.values())[:most]
    sought = len(stretches) if rerouted is None else min(rerouted, len(stretches))
    by_network = Rerouted(data, found) if sought else None
    result = []
    for turn, rows in enumerate(stretches):
        basis, figures_of = "screened", (float(lost[rows[0]]), float(extra[rows[0]]))
        if by_network is not None and turn < sought:
            progress("flow_critical", turn / sought)
            basis, figures_of = "rerouted", by_network.without(moves & np.isin(link, rows))
        result.append(
            Critical(
                f"link:{pairs[rows[0]] // graph.n}-{pairs[rows[0]] % graph.n}", link_name(found, arc[rows].tolist()),
                float(load[rows[0]]), *figures_of, basis, len(rows),
            )
        )  # fmt: skip
    return sorted(result, key=worst_first)


def link_name(found: FlowResult, arcs: list[int]) -> Text:
    """A stretch of line by mode, length and the positions of its ends."""
    graph = found.world.graph
    km = float(graph.arc_km[arcs].sum())
    ends = graph.tail[arcs[0]], graph.head[arcs[-1]]
    at = " - ".join(f"{graph.node_lat[node]:.2f} {graph.node_lon[node]:.2f}" for node in ends)
    return Text(f"{MODES[graph.arc_mode[arcs[0]]]}, {km:.0f} km, {at}")


def solved_without(data: Dataset, found: FlowResult, one: Critical) -> Critical | None:
    """All flows anew without a thing; None if no scenario closes it."""
    kind, _, key = one.key.partition(":")
    if kind not in CLOSED_AS:
        return None
    close = Close(what=f"{CLOSED_AS[kind]}:{key}", reason="Criticality: taken away")
    try:
        changed = Scenario("taken_away", close=(close,)).apply(data)
    except KeruenError:
        return None
    other = assign(changed, found.demand, constants=found.constants, with_capacities=len(found.places) > 0, usual=found)
    before, after = found.loading, other.loading
    asked = np.minimum(before.shipped_t, after.shipped_t)
    stays = np.flatnonzero(asked > 0)
    extra = float(asked[stays] @ (after.expected_usd_per_t[stays] - before.expected_usd_per_t[stays]))
    unserved = max(0.0, float(after.unserved_t.sum() - before.unserved_t.sum()))
    return replace(one, unserved_t=unserved, extra_usd=extra, basis="solved")


class Rerouted:
    """Least costs of markets on the network without a thing or a stretch, for those that have no stored route round it."""

    def __init__(self, data: Dataset, found: FlowResult) -> None:
        self.found = found
        self.ground = ground_of(data, found.world, found.demand.zones)
        self.of = market_of(found.routes)
        self.zones = {zone: row for row, zone in enumerate(found.demand.zones)}
        self.before = expected_cost(found.routes, found.loading.route_usd_per_t, found.shippers.beta, found.constants)

    def without(self, gone: NDArray[np.bool_], own: int = -1) -> tuple[float, float]:
        """Tonnes a year that have no way without some arcs, bool[m], and what the others pay more, USD a year.

        own: the facility that is gone; at the terminal of a zone its own goods are left out.
        """
        found, graph = self.found, self.ground.graph
        routes, loading, k = found.routes, found.loading, len(found.routes.origin)
        over = routes_with(routes.paths, gone)
        part = np.bincount(self.of[over], loading.shares[over], k)
        mine = np.flatnonzero((part > 0) & (loading.shipped_t > 0))
        if own >= 0 and graph.facility_kind[own] == TERMINAL:
            zone = self.zones.get(str(graph.facility_key[own]), -1)
            mine = mine[(routes.origin[mine] != zone) & (routes.destination[mine] != zone)]
        before, left = self.before[mine], 1 - part[mine]
        has_other = left > NONE_LEFT
        after = np.full(len(mine), np.inf)
        after[has_other] = before[has_other] * left[has_other] ** (-1 / found.shippers.beta[mine[has_other]])
        after[~has_other] = self.cost(gone, mine[~has_other])
        served = np.isfinite(after) & np.isfinite(before)
        tonnes = loading.shipped_t[mine]
        extra = float(tonnes[served] @ np.maximum(after[served] - before[served], 0.0))
        return float(tonnes[~np.isfinite(after)].sum()), extra

    def cost(self, gone: NDArray[np.bool_], markets: NDArray[np.integer[Any]]) -> Floats:
        """Generalized cost of the best way of some markets without some arcs, USD per tonne; inf where there is none."""
        ground, routes = self.ground, self.found.routes
        least = np.full(len(markets), np.inf)
        for row in np.unique(routes.cargo[markets]).tolist():
            here = routes.cargo[markets] == row
            price = priced(ground, self.found.demand.classes[row])
            money = price.money.copy()
            money[gone] = np.inf
            metric = metric_near(ground, price, money)
            origin, destination = routes.origin[markets[here]], routes.destination[markets[here]]
            sources, start = np.unique([ground.enter[z].node for z in origin.tolist()], return_inverse=True)
            targets, end = np.unique([ground.leave[z].node for z in destination.tolist()], return_inverse=True)
            best = table(metric, sources, targets)[start, end]
            least[here] = best + price.enter[origin, 3] + price.leave[destination, 3]
        return least
