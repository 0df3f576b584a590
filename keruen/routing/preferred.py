"""The one way a shipper would take: of all ways that use what is required and nothing that is avoided, that of least generalized cost.

    min  cost + value of time x tonnes x days + carbon price x CO2e        over paths of the question's graph        [USD]

One shortest path instead of the whole comparison that `keruen.route` makes; where a comparison shows the same corridor, its first way of
it is this one. It is what journeys and prices that were observed are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keruen.errors import NoRoute
from keruen.network.build import open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.routing.corridors import corridors_of
from keruen.routing.cost import world_costs
from keruen.routing.demands import avoided, required, ruled_out
from keruen.routing.ends import place_ref
from keruen.routing.itinerary import Itinerary
from keruen.routing.kernels import shortest_tree, tree_path
from keruen.routing.pareto import Preferences, Way
from keruen.routing.result import Route
from keruen.routing.route import SamePlace, are_passages, name_way, question, to_route
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset


def preferred_way(
    data: Dataset,
    origin: str,
    destination: str,
    *,
    shipment: Shipment | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
) -> Route:
    """The way of least generalized cost between two places; arguments and errors as `keruen.route`.

    Raises:
        NoRoute: also where the only way passes a place twice to do what is required.
    """
    world = open_world(data)
    start, end = resolve(world.gazetteer, origin), resolve(world.gazetteer, destination)
    if start.code == end.code:
        raise SamePlace(f"Origin and destination are both {start.name} ({start.code}); name two different places.")
    demands = required(data, world, require)
    blocks = avoided(data, world, avoid, ()) + ruled_out(data, world, require)
    costs = world_costs(data, world.graph, consignment(data, shipment or Shipment()))
    costs = costs.opened(demand.arcs for demand in demands if are_passages(world.graph, demand.arcs))
    for met in dict.fromkeys(
        ((), tuple(demands))
    ):  # the best of all ways is the best of those that meet the demands, if it does
        asked = question(world, costs, start, end, blocks, met, weigh=own_only)
        money = asked.wishes.weights[0]
        tree = shortest_tree(asked.graph, money, [asked.source], targets=[asked.target])
        if not np.isfinite(tree.distance[asked.target]):
            raise _no_way(start, end, require, avoid, "There is no way")
        arcs = tree_path(asked.graph, tree, asked.target)
        used = asked.base_arc[arcs]
        if all(np.isin(used, demand.arcs).any() for demand in demands):
            break
    nodes = world.graph.head[used]
    if len(np.unique(nodes)) < len(nodes):
        raise _no_way(start, end, require, avoid, "Only a way that passes a place twice leads")
    corridors = corridors_of(list(data["corridors"]), world.graph)
    named = name_way(asked, corridors, Way(np.sum(costs.weights[:, used], axis=1), arcs), money)
    itinerary = Itinerary(data, world.graph, asked.costs)
    return to_route(asked, itinerary, (place_ref(start), place_ref(end)), named, None)


def _no_way(start: Entry, end: Entry, require: Sequence[str], avoid: Sequence[str], what: str) -> NoRoute:
    """The error for a question without an answer. What of it shuts the way is not looked into, as `keruen.route` does."""
    asked = [*(f"require {text}" for text in require), *(f"avoid {text}" for text in avoid)]
    how = f" ({', '.join(asked)})" if asked else ""
    return NoRoute(f"{what} from {start.name} ({start.code}) to {end.name} ({end.code}){how}.", asked)


def own_only(weights: NDArray[np.float64], own: NDArray[np.float64]) -> Preferences:
    """The one weighting of a shipment's own: generalized cost, float64[1, m]. weights: float64[3, m]; own: float64[3]."""
    open_arcs = np.isfinite(weights[0])
    money = np.full(weights.shape[1], np.inf)
    money[open_arcs] = own @ weights[:, open_arcs]
    return Preferences(own[None], money[None])
