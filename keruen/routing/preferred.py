"""The one way a shipper would take: of all ways that use what is required and nothing that is avoided, that of least generalized cost.

    min  cost + value of time x tonnes x days + carbon price x CO2e        over paths of the question's graph        [USD]

One shortest path instead of the whole comparison that `keruen.route` makes; where a comparison shows the same corridor, its first way of
it is this one. It is what journeys and prices that were observed are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keruen.errors import NoRoute
from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.routing.corridors import corridors_of
from keruen.routing.cost import world_costs
from keruen.routing.demands import avoided, required, ruled_out
from keruen.routing.ends import place_ref
from keruen.routing.itinerary import Itinerary
from keruen.routing.kernels import shortest_tree, tree_path
from keruen.routing.pareto import OWN, way_of
from keruen.routing.result import Route
from keruen.routing.route import SamePlace, name_way, no_route, question, to_route
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
    costs = world_costs(data, world.graph, consignment(data, shipment or Shipment()))
    demands = required(data, world, require)
    blocks = avoided(data, world, avoid, ()) + ruled_out(data, world, require)
    asked = question(world, costs, start, end, blocks, demands)
    money = asked.wishes.weights[OWN]
    tree = shortest_tree(asked.graph, money, [asked.source], targets=[asked.target])
    if not np.isfinite(tree.distance[asked.target]):
        raise no_route(world, costs, start, end, blocks, demands)
    arcs = tree_path(asked.graph, tree, asked.target)
    nodes = world.graph.head[asked.base_arc[arcs]]
    if len(np.unique(nodes)) < len(nodes):
        what = ", ".join(require)
        raise NoRoute(
            f"The way from {start.name} ({start.code}) to {end.name} ({end.code}) by {what} passes a place twice.",
            [f"require {what}"],
        )
    corridors = corridors_of(list(data["corridors"]), world.graph)
    named = name_way(asked, corridors, way_of(asked.wishes, arcs), money)
    itinerary = Itinerary(data, world.graph, asked.costs)
    return to_route(asked, itinerary, (place_ref(start), place_ref(end)), named, None)
