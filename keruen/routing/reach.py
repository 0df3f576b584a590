"""What a corridor reaches: its best ways from one origin to many destinations, in two trees.

    there(v)     least generalized cost from the origin to v
    onward(v)    least generalized cost from the origin through a gate of the corridor to v:
                 a tree from the heads of all gates g at once, that starts with  there(tail g) + c(g)

over arcs that have none of the features the corridor never has. Corridors with the same gates (the branches of the Trans-Caspian) are
searched together. A way that turns back, or that belongs to none of the corridors asked for, is no way of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keruen.errors import NoRoute, UnknownOption
from keruen.network.build import open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.routing.corridors import Corridor, arcs_having, corridors_of
from keruen.routing.cost import world_costs
from keruen.routing.demands import demands_of
from keruen.routing.ends import access_of, place_ref
from keruen.routing.itinerary import Itinerary
from keruen.routing.kernels import shortest_tree, tree_path
from keruen.routing.question import Ask, adjacency, ask_of, has_twice, named_way, turns_back
from keruen.routing.reliability import with_reliability
from keruen.routing.result import Route
from keruen.routing.route import to_route
from keruen.routing.season import closed_on
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset
from keruen.tables.periods import as_day
from keruen.tables.words import said


def reach(
    data: Dataset,
    origin: str,
    destinations: Sequence[str],
    corridors: Sequence[str],
    *,
    shipment: Shipment | None = None,
    depart: str | date | None = None,
    avoid: Sequence[str] = (),
) -> dict[str, Route]:
    """The way of least generalized cost by any of some corridors from one origin to each destination that they reach sensibly.

    origin, destinations: UN/LOCODE or name. corridors: keys of the corridors table with gates. shipment, depart, avoid: as for `route`,
    but no corridor can be avoided.
    Destinations that no way of these corridors leads to are left out.

    Raises:
        UnknownPlace, AmbiguousPlace: a place is not known. UnknownOption: no such corridor, or a corridor to avoid.
    """
    dated = as_of(data, as_day(depart) if depart is not None else None)
    world = open_world(data)
    start, ends = resolve(world.gazetteer, origin), {name: resolve(world.gazetteer, name) for name in destinations}
    load = consignment(data, shipment or Shipment())
    costs = world_costs(dated.data, world.graph, load)
    known = corridors_of(list(data["corridors"]), world.graph)
    wanted = named(known, corridors)
    shut = (closed.demand for closed in closed_on(dated, world.graph, load))
    demands = (*demands_of(data, world, known, avoid, (), ()), *shut)
    if any(demand.not_as for demand in demands):
        raise UnknownOption(said("err_reach_avoid"))
    departure = access_of(world, start, 0)
    ask = ask_of(world, costs, (departure, departure), known, demands)
    itinerary = Itinerary(dated.data, world.graph, ask.costs)
    found: dict[str, Route] = {}
    for code, arcs, entry in ways(ask, wanted, ends):
        arrival = access_of(world, entry, 1)
        one = named_way(ask, np.sum(ask.costs.weights[:, arcs], axis=1), arcs)
        asked = Ask(world, ask.costs, departure, arrival, known, demands, ask.money)
        best = to_route(asked, itinerary, (place_ref(start), place_ref(entry)), one, None)
        if code not in found or best.generalized_cost_usd < found[code].generalized_cost_usd:
            found[code] = best
    sure = with_reliability(dated.data, list(found.values()), load.value_of_time_usd_per_h)
    return dict(zip(found, sure, strict=True))


def named(known: Iterable[Corridor], keys: Sequence[str]) -> list[Corridor]:
    """The corridors with these keys. Raises UnknownOption for a key without a corridor that has gates on the network."""
    by_key = {corridor.key: corridor for corridor in known if corridor.gates}
    unknown = [key for key in keys if key not in by_key]
    if unknown or not keys:
        names = ", ".join(unknown) or said("nothing")
        raise UnknownOption(said("err_no_gates", names=names), sorted(by_key))
    return [by_key[key] for key in keys]


def ways(
    ask: Ask, wanted: Sequence[Corridor], ends: dict[str, Entry]
) -> Iterable[tuple[str, NDArray[np.int32], Entry]]:
    """For each destination and each set of gates the best way through a gate, if it is one of the corridors'."""
    network = adjacency(ask.graph)
    closed = np.concatenate([np.empty(0, np.int32), *(demand.closed for demand in ask.demands)]).astype(np.intp)
    for gates, never in dict.fromkeys((corridor.gates, corridor.never) for corridor in wanted):
        cost = ask.money.copy()
        cost[closed] = np.inf
        cost[arcs_having(ask.graph, never)] = np.inf
        there = shortest_tree(network, cost, [ask.start.node])
        through = arcs_having(ask.graph, gates)
        at_gate = there.distance[network.tail[through]] + cost[through]
        through, at_gate = through[np.isfinite(at_gate)], at_gate[np.isfinite(at_gate)]
        if not len(through):
            continue
        onward = shortest_tree(network, cost, network.head[through], offsets=at_gate)
        for code, entry in ends.items():
            try:
                target = access_of(ask.world, entry, 1).node
            except NoRoute:
                continue
            if not np.isfinite(onward.distance[target]):
                continue
            after = tree_path(network, onward, target)
            root = int(network.tail[after[0]]) if len(after) else target
            here = np.flatnonzero(network.head[through] == root)
            gate = through[here[np.argmin(at_gate[here])]]
            before = tree_path(network, there, int(network.tail[gate]))
            arcs = np.concatenate([before, [gate], after]).astype(np.int32)
            one = named_way(ask, np.zeros(3), arcs)
            passed = network.head[arcs]
            simple = not has_twice(passed) and ask.start.node not in passed
            if simple and one.corridor in wanted and not turns_back(ask.graph, ask.costs, arcs):
                yield code, arcs, entry
