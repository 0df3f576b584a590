"""The one way a shipper would take: of all ways that use what is required and nothing that is avoided, that of least generalized cost.

    min  cost + value of time x tonnes x days + carbon price x CO2e        over paths of the question's graph        [USD]

One shortest path instead of the whole comparison that `keruen.route` makes; where a comparison shows the same corridor, its first way of
it is this one. It is what journeys and prices that were observed are compared with. A corridor is kept out of by cases (terms): the best
path of a case bounds all its ways, so a case that cannot beat the best way found is not looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keruen.errors import NoRoute
from keruen.network.build import open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.routing.corridors import corridors_of
from keruen.routing.cost import world_costs
from keruen.routing.demands import demands_of
from keruen.routing.ends import access_of, place_ref
from keruen.routing.itinerary import Itinerary
from keruen.routing.kernels import product_graph, shortest_tree, tree_path
from keruen.routing.progress import Heed, unheard
from keruen.routing.question import Ask, adjacency, ask_of, bits_of, closed_by, has_twice, named_way
from keruen.routing.result import Route
from keruen.routing.route import SamePlace, to_route
from keruen.routing.season import closed_on
from keruen.routing.shipment import Shipment, consignment
from keruen.routing.terms import Terms, settled
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset
from keruen.tables.periods import as_day
from keruen.tables.words import joined, said

MOST_CASES = 16


def preferred_way(
    data: Dataset,
    origin: str,
    destination: str,
    *,
    shipment: Shipment | None = None,
    depart: str | date | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
    heed: Heed = unheard,
) -> Route:
    """The way of least generalized cost between two places; arguments and errors as `keruen.route`. What `heed` raises stops the search.

    Raises:
        NoRoute: also where the only way passes a place twice, or turns back, to do what is required.
    """
    heed()
    dated = as_of(data, as_day(depart) if depart is not None else None)
    world = open_world(data)
    start, end = resolve(world.gazetteer, origin), resolve(world.gazetteer, destination)
    if start.code == end.code:
        raise SamePlace(said("err_same_place", place=start.called, code=start.code))
    load = consignment(data, shipment or Shipment())
    corridors = corridors_of(list(data["corridors"]), world.graph)
    shut = (closed.demand for closed in closed_on(dated, world.graph, load))
    demands = (*demands_of(data, world, corridors, avoid, require, ()), *shut)
    ends = access_of(world, start, 0), access_of(world, end, 1)
    heed()
    costs = world_costs(dated.data, world.graph, load)
    heed()
    ask = ask_of(world, costs, ends, corridors, demands, heed)
    arcs = least_path(ask)
    if arcs is None:
        raise _no_way(start, end, require, avoid, "err_no_way")
    nodes = world.graph.head[arcs]
    if has_twice(nodes) or not ask.allows(arcs):
        raise _no_way(start, end, require, avoid, "err_only_twice")
    named = named_way(ask, np.sum(ask.costs.weights[:, arcs], axis=1), arcs)
    return to_route(ask, Itinerary(dated.data, world.graph, ask.costs), (place_ref(start), place_ref(end)), named, None)


def least_path(ask: Ask) -> NDArray[np.int32] | None:
    """Arcs of the path of least generalized cost that is of no corridor to be kept out of, int32[k]; None if there is none."""
    first = ask.terms()
    waiting = [first] if first else []
    best, least, looked = None, np.inf, 0
    while waiting and looked < MOST_CASES:
        terms = waiting.pop(0)
        looked += 1
        arcs = path_within(ask, terms)
        money = float(np.sum(ask.money[arcs])) if arcs is not None else np.inf
        if arcs is None or money >= least:
            continue
        broken = ask.broken(arcs)
        if broken is None:
            best, least = arcs, money
        else:
            cases = terms.cases(ask.graph, broken) or []
            waiting += [case for case in (settled(ask.graph, case) for case in cases) if case]
    return best


def path_within(ask: Ask, terms: Terms) -> NDArray[np.int32] | None:
    """Arcs of the path of least generalized cost under the terms of one search, int32[k]; None if there is none."""
    ask.heed()
    network, source, target = adjacency(ask.graph), ask.start.node, ask.end.node
    money = ask.money.copy()
    money[closed_by(ask.graph, terms)] = np.inf
    tree = shortest_tree(network, money, [source], targets=[target])
    if not np.isfinite(tree.distance[target]):
        return None
    arcs = tree_path(network, tree, target)
    if all(np.isin(arcs, used).any() for used in terms.used):
        return np.asarray(
            arcs, np.int32
        )  # the best of all ways is the best of those that use what is required, if it does
    ask.heed()
    product = product_graph(network.first_out, network.head, bits_of(network.m, terms), len(terms.used))
    start, end = product.node(source, 0), product.node(target, product.full)
    ask.heed()
    tree = shortest_tree(product.graph, money, [start], targets=[end])
    if not np.isfinite(tree.distance[end]):
        return None
    return np.asarray(product.base_arc[tree_path(product.graph, tree, end)], np.int32)


def _no_way(start: Entry, end: Entry, require: Sequence[str], avoid: Sequence[str], key: str) -> NoRoute:
    """The error for a question without an answer, `key` being its row of words.csv.

    What of it shuts the way is not looked into, as `keruen.route` does.
    """
    asked = [
        *(said("asked_require", what=text) for text in require),
        *(said("asked_avoid", what=text) for text in avoid),
    ]
    how = joined("", [" (", joined(", ", asked), ")"]) if asked else ""
    ends = {"start": start.called, "start_code": start.code, "end": end.called, "end_code": end.code}
    return NoRoute(said(key, how=how, **ends), asked)
