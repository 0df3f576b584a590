"""Ways that do nothing twice: the best one that keeps out of corridors without a detour for form's sake.

Who keeps out of a corridor by using what it never uses must not go there and back for it: a way in order passes no node twice, and no
border, service, strait or canal. The best way of a search may break that, since a search tells apart what was used on the way (the
layers of a product graph). Then it says where to look for those that do not:

    X        all arcs that enter the node passed twice, in any layer, or all that pass the facility; a way in order uses at most one
    A | B    X in two parts, of which the refused way uses one arc each

Each way in order leaves A alone, or B. So two searches, one with A closed and one with B, lose nothing, and neither finds the refused way
again; the best bound comes first (branch and bound). What is required by name may be met by a way that passes a node twice: such questions
are not searched like this.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from keruen.routing.corridors import Corridor
from keruen.routing.kernels import weighted_paths
from keruen.routing.pareto import Way, closing, way_of
from keruen.routing.question import Question, is_passed_once

Closed = NDArray[np.intp]
MOST_CLOSINGS = 64  # searches for one way in order


def clash(asked: Question, arcs: NDArray[np.int32]) -> tuple[Closed, ...]:
    """Sets of arcs of the searched graph that a refused way all uses, and of which each way in order leaves one alone. Empty if the way is
    refused for something else, or if things are required by name."""
    ask, graph = asked.ask, asked.ask.graph
    if any(demand.used for demand in ask.demands):
        return ()
    base = asked.base_arc[arcs]
    nodes = np.append(graph.tail[base[:1]], graph.head[base])
    twice = first_twice(nodes)
    if twice is not None:
        entering = asked.copies(np.flatnonzero(graph.head == nodes[twice]))
        if twice == 0:
            return (entering,)  # no way in order comes back to its origin
        first = asked.graph.head[entering] == asked.graph.head[arcs[twice - 1]]
        return entering[first], entering[~first]
    used = ask.costs.weights[0] > 0
    mine = np.flatnonzero(used[base] & is_passed_once(graph, base))
    again = first_twice(graph.arc_facility[base[mine]])
    if again is None:
        return ()
    same = np.flatnonzero(used & (graph.arc_facility == graph.arc_facility[base[mine[again]]]))
    passing = asked.copies(same[is_passed_once(graph, same)])
    first = passing == arcs[mine[again]]
    return passing[first], passing[~first]


def first_twice(values: NDArray[np.int32]) -> int | None:
    """The first position whose value comes again later; None if there is none."""
    _, which, times = np.unique(values, return_inverse=True, return_counts=True)
    found = np.flatnonzero(times[which] > 1)
    return int(found[0]) if len(found) else None


def best_in_order(asked: Question, by: int, limit: float) -> tuple[Way | None, Corridor | None, bool]:
    """The best way by a weighting (row) that answers a question, if its sum is below the limit; the corridor that the best one is of if it
    must keep out of it, which puts the question in cases; and whether it is certain that there is no better one, or none."""
    waiting: list[tuple[float, int, Way, Closed]] = []
    order = count()

    def look(closed: Closed) -> None:
        asked.ask.heed()
        weight = closing(asked.graph, asked.wishes.weights[by : by + 1], closed)
        paths = weighted_paths(asked.graph, weight, asked.view.h[by : by + 1], asked.source, asked.target, [1.0])
        if paths.cost[0, 0] < limit:
            heappush(waiting, (paths.cost[0, 0], next(order), way_of(asked.wishes, paths.path(0)), closed))

    look(np.empty(0, np.intp))
    for _ in range(MOST_CLOSINGS):
        if not waiting:
            return None, None, True
        _, _, way, closed = heappop(waiting)
        broken = asked.ask.broken(asked.base_arc[way.arcs])
        if broken is not None or asked.allows(way.arcs):
            return (way, None, True) if broken is None else (None, broken, False)
        parts = clash(asked, way.arcs)
        if not parts:
            return None, None, False
        for part in parts:
            look(np.concatenate([closed, part]))
    return None, None, False
