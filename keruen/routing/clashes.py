"""Ways that do nothing twice: the best one that keeps out of corridors without a detour for form's sake.

Who keeps out of a corridor by using what it never uses must not go there and back for it: a way in order passes no node twice, and no
border, service, strait or canal. The best way of a search may break that, since a search tells apart what was used on the way (the
layers of a product graph). Then it says where to look for those that do not:

    X        all arcs that enter the node passed twice, in any layer, or all that pass the facility; a way in order uses at most one
    A | B    X in two parts, of which the refused way uses one arc each

Each way in order leaves A alone, or B. So two searches, one with A closed and one with B, lose nothing, and neither finds the refused way
again; the best bound comes first (branch and bound).

What is required by name may be met by a way that passes a node twice, so for such questions only the rest counts: no border, service,
strait or canal twice, and no more than 50 km back and forth. Of arcs that together run back over more than that, each way in order leaves
at least one alone, in one direction: as many searches, each with one of them closed, lose nothing. What cannot be told by closed arcs is a
way that turns on the spot, on a line, and runs back over less: another way might well use both arcs, if not one after the other. Where
such a way is as good as a route shown, it stays uncertain whether one in order beats that route.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import Graph, Kind
from keruen.routing.compiled import THREADS
from keruen.routing.corridors import Corridor
from keruen.routing.kernels import PathSet, weighted_paths
from keruen.routing.pareto import Way, way_of
from keruen.routing.question import TURN_KM, Question, is_passed_once

Closed = NDArray[np.intp]
MOST_CLOSINGS = 64  # searches for one way in order


def clash(asked: Question, arcs: NDArray[np.int32]) -> tuple[Closed, ...]:
    """Sets of arcs of the searched graph that a refused way all uses, and of which each way in order leaves one alone. Empty if the way is
    refused for something else."""
    ask, graph = asked.ask, asked.ask.graph
    base = asked.base_arc[arcs]
    requires = any(demand.used for demand in ask.demands)
    nodes = np.append(graph.tail[base[:1]], graph.head[base])
    twice = None if requires else first_twice(nodes)
    if twice is not None:
        entering = asked.copies(np.flatnonzero(graph.head == nodes[twice]))
        if twice == 0:
            return (entering,)  # no way in order comes back to its origin
        first = asked.graph.head[entering] == asked.graph.head[arcs[twice - 1]]
        return entering[first], entering[~first]
    used = ask.costs.weights[0] > 0
    mine = np.flatnonzero(used[base] & is_passed_once(graph, base))
    again = first_twice(graph.arc_facility[base[mine]])
    if again is not None:
        same = np.flatnonzero(used & (graph.arc_facility == graph.arc_facility[base[mine[again]]]))
        passing = asked.copies(same[is_passed_once(graph, same)])
        first = passing == arcs[mine[again]]
        return passing[first], passing[~first]
    return run_back(asked, base) if requires else ()


def run_back(asked: Question, base: NDArray[np.int32]) -> tuple[Closed, ...]:
    """The longest arcs of a way over which it runs both ways, as few as are longer than a way in order may run back, each with those beside
    it; empty if all of them are shorter."""
    graph, found, km = asked.ask.graph, [], 0.0
    runs = base[graph.arc_kind[base] == Kind.MOVE]
    there = set(zip(graph.tail[runs].tolist(), graph.head[runs].tolist(), strict=True))
    both = [[runs_between(graph, u, v), runs_between(graph, v, u)] for u, v in there if u < v and (v, u) in there]
    for pair in sorted(both, key=lambda pair: -length(graph, pair)):
        found += [asked.copies(arcs) for arcs in pair]
        km += length(graph, pair)
        if km > TURN_KM:
            return tuple(found)
    return ()


def runs_between(graph: Graph, tail: int, head: int) -> NDArray[np.intp]:
    """The arcs of lines from one node to another."""
    arcs = np.arange(graph.first_out[tail], graph.first_out[tail + 1])
    return np.asarray(arcs[(graph.head[arcs] == head) & (graph.arc_kind[arcs] == Kind.MOVE)])


def length(graph: Graph, pair: list[NDArray[np.intp]]) -> float:
    """The kilometres that a way runs back at least if it uses an arc of each direction."""
    return sum(float(np.min(graph.arc_km[arcs])) for arcs in pair) / 2


def first_twice(values: NDArray[np.int32]) -> int | None:
    """The first position whose value comes again later; None if there is none."""
    _, which, times = np.unique(values, return_inverse=True, return_counts=True)
    found = np.flatnonzero(times[which] > 1)
    return int(found[0]) if len(found) else None


def best_in_order(
    asked: Question, by: Sequence[int], limit: float, shares: Sequence[float] = (1.0,)
) -> tuple[Way | None, Corridor | None, bool]:
    """The best way by a weighting that answers a question, if its sum is below the limit; the corridor that the best one is of if it
    must keep out of it, which puts the question in cases; and whether it is certain that there is no better one, or none.

    by, shares: the weighting is the sum of these rows, each times its share.
    """
    waiting: list[tuple[float, int, Way, Closed]] = []
    order = count()

    def look(closed: Closed) -> PathSet:
        asked.ask.heed()
        wishes, view = asked.wishes, asked.view
        return weighted_paths(
            asked.graph, wishes.weights, view.h, asked.source, asked.target, shares, by, closed=closed
        )

    closings = [np.empty(0, np.intp)]
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(MOST_CLOSINGS):
            for closed, paths in zip(closings, threads.map(look, closings), strict=True):
                least = float(np.dot(shares, paths.cost[0]))
                if least < limit:
                    heappush(waiting, (least, next(order), way_of(asked.wishes, paths.path(0)), closed))
            if not waiting:
                return None, None, True
            _, _, way, closed = heappop(waiting)
            broken = asked.ask.broken(asked.base_arc[way.arcs])
            if broken is not None or asked.allows(way.arcs):
                return (way, None, True) if broken is None else (None, broken, False)
            parts = clash(asked, way.arcs)
            if not parts:
                return None, None, False
            closings = [np.concatenate([closed, part]) for part in parts]
    return None, None, False
