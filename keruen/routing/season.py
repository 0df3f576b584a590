"""A dated question: what is closed on the day as arcs, and what of the day's conditions the answer feels.

closed        rows of conditions -> arcs no route may use, like `--avoid`
felt          a closure, if the best way without it (by generalized cost, cost or CO2e) would use what it closes
              a change of a row, if some part of a leg rests on that row
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text
from keruen.network.features import arcs_with
from keruen.network.graph import Graph
from keruen.routing.compiled import THREADS
from keruen.routing.cost import ArcCosts, generalized_cost
from keruen.routing.demands import Demand
from keruen.routing.kernels import Adjacency, shortest_tree, tree_path
from keruen.routing.result import Route
from keruen.routing.shipment import Consignment
from keruen.tables.conditions import Condition, Dated, closure
from keruen.tables.features import parse_feature
from keruen.tables.words import said

COST, CO2E = 1, 2


@dataclass(frozen=True, eq=False)
class Closed:
    """Something closed on the day: the condition, and the demand to use none of its arcs."""

    condition: Condition
    demand: Demand


def closed_on(dated: Dated, graph: Graph, load: Consignment) -> list[Closed]:
    """What is closed to a consignment on the day."""
    rows = dated.closures(load.load)
    return [
        Closed(
            closure(row),
            Demand(
                said("asked_closed", what=row.text("item")), closed=arcs_with(graph, parse_feature(row.text("item")))
            ),
        )
        for row in rows
    ]


def told(
    dated: Dated,
    shut: Sequence[Closed],
    costs: ArcCosts,
    graph: Adjacency,
    ends: tuple[int, int],
    routes: Sequence[Route],
) -> tuple[tuple[Condition, ...], list[str]]:
    """The conditions in force that the answer feels, and what to say of them: those of the day, and those that hold always."""
    if not (shut or dated.changes or dated.late):
        return (), []
    wanted = ways_without_closures(costs, graph, *ends) if shut else np.empty(0, np.int32)
    closures = [closed.condition for closed in shut if np.isin(closed.demand.closed, wanted).any()]
    changes = dated.felt_by(rests_on(routes))
    unbeaten = dated.felt_by(rests_on(route for route in routes if route.beaten_by is None))
    in_force = [
        said(
            "warn_condition" if dated.always.issuperset(one.sources) else "warn_condition_on",
            name=Text(one.name, one.name_ru), day=dated.day, sources=", ".join(one.sources),
        )
        for one in (*closures, *unbeaten)
        if one.effect != "price"
    ]  # fmt: skip
    return (*closures, *changes), [*in_force, *dated.remarks_on(unbeaten)]


def rests_on(routes: Iterable[Route]) -> list[str]:
    """Rows that parts of the legs of routes rest on."""
    return [part.source for route in routes for leg in route.legs for part in leg.components]


def ways_without_closures(costs: ArcCosts, graph: Adjacency, source: int, target: int) -> NDArray[np.int32]:
    """Arcs of the ways that would be best by generalized cost, by cost and by CO2e if nothing were closed on the day."""

    def best(weights: NDArray[np.float64]) -> list[NDArray[np.int32]]:
        tree = shortest_tree(graph, np.ascontiguousarray(weights), [source], targets=[target])
        return [tree_path(graph, tree, target)] if np.isfinite(tree.distance[target]) else []

    with ThreadPoolExecutor(THREADS) as threads:
        wanted = (generalized_cost(costs.weights, costs.consignment), costs.weights[COST], costs.weights[CO2E])
        arcs = [way for ways in threads.map(best, wanted) for way in ways]
    return np.concatenate(arcs) if arcs else np.empty(0, np.int32)
