"""An independent judge of unbeaten routes: is there a path at least as good in time, cost and CO2e, and better in one?

It shares no code with the search it judges: distances are SciPy's, the labels are plain Python.

    d_l(v), h_l(v)    least weighted sums  l . w  from the source to v, from v to the target, for some weightings l >= 0
    an arc (u, v) can be on a path that beats c only if   d_l(u) + l . w(u, v) + h_l(v) <= l . c   for every l
    labels g(v)       costs of paths to v, none beaten by another there, with  l . g + h_l(v) <= l . c  for every l

A path that beats c keeps every such bound, so if no label reaches the target there is none.
"""

from __future__ import annotations

import heapq
import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.network.graph import Graph

Floats = NDArray[np.float64]

ROUNDING = 1e-7
MOST_LABELS = 400_000
HOURS_IN_USD = (0.0, 0.5, 2.0, 8.0, 32.0, 128.0)  # what an hour may count, beside a dollar
KG_IN_USD = (0.0, 0.5)


class Judge:
    """Bounds for one pair of nodes. weights: float64[3, m], inf = closed."""

    def __init__(self, graph: Graph, weights: Floats, source: int, target: int) -> None:
        self.graph, self.weights, self.source, self.target = graph, weights, source, target
        self.opened = np.isfinite(weights).all(axis=0)
        mixed = [(hour, 1.0, kg) for hour in HOURS_IN_USD for kg in KG_IN_USD]
        self.lambdas = np.array([(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 1.0, 5.0), (20.0, 0.0, 1.0), *mixed])
        self.sums = [np.where(self.opened, row @ np.where(self.opened, weights, 0.0), np.inf) for row in self.lambdas]
        self.there = np.stack([distances(graph, weight, source, reverse=False) for weight in self.sums])
        self.back = np.stack([distances(graph, weight, target, reverse=True) for weight in self.sums])

    def best(self, criterion: int) -> float:
        """The least of a criterion, 0 time, 1 cost, 2 CO2e."""
        row = {0: 0, 1: 4, 2: 1}[criterion]
        return float(self.there[row, self.target])

    def path_that_beats(self, cost: Floats) -> Floats | None:
        """The cost of a path that beats a cost, float64[3], or None if there is none.

        Raises RuntimeError if that could not be decided within 400,000 labels.
        """
        limit = self.lambdas @ cost * (1 + ROUNDING)
        arcs = self.useful_arcs(limit)
        out: dict[int, list[int]] = {}
        for arc in arcs.tolist():
            out.setdefault(int(self.graph.tail[arc]), []).append(arc)
        known: dict[int, list[tuple[float, ...]]] = {}
        order = itertools.count()
        heap: list[tuple[float, int, int, tuple[float, ...]]] = [(0.0, next(order), self.source, (0.0, 0.0, 0.0))]
        while heap:
            _, made, node, g = heapq.heappop(heap)
            if made > MOST_LABELS:
                raise RuntimeError(f"{MOST_LABELS} labels do not decide whether {cost.tolist()} is beaten")
            if node == self.target:
                if any(x < c * (1 - ROUNDING) for x, c in zip(g, cost, strict=True)):
                    return np.array(g)
                continue
            if any(all(a <= b for a, b in zip(old, g, strict=True)) for old in known.get(node, ())):
                continue
            known.setdefault(node, []).append(g)
            for arc in out.get(node, ()):
                head = int(self.graph.head[arc])
                new = np.array(g) + self.weights[:, arc]
                if np.all(self.lambdas @ new + self.back[:, head] <= limit) and np.all(new <= cost * (1 + ROUNDING)):
                    rank = float(np.max((self.lambdas @ new + self.back[:, head]) / limit))
                    heapq.heappush(heap, (rank, next(order), head, tuple(new.tolist())))
        return None

    def useful_arcs(self, limit: Floats) -> NDArray[np.intp]:
        """Arcs that a path within all limits can use."""
        tail, head = self.graph.tail, self.graph.head
        useful = self.opened.copy()
        for k, weight in enumerate(self.sums):
            useful &= self.there[k, tail] + weight + self.back[k, head] <= limit[k]
        return np.flatnonzero(useful)


def distances(graph: Graph, weight: Floats, node: int, *, reverse: bool) -> Floats:
    """Least sums of weight from a node to all, or from all to it."""
    opened = np.flatnonzero(np.isfinite(weight))
    order = opened[np.lexsort((weight[opened], graph.head[opened], graph.tail[opened]))]
    ends = np.stack([graph.tail[order], graph.head[order]])
    lightest = np.concatenate([[True], np.any(np.diff(ends, axis=1) != 0, axis=0)])  # of parallel arcs
    rows, columns = ends[:, lightest][::-1] if reverse else ends[:, lightest]
    matrix = csr_array((weight[order][lightest], (rows, columns)), shape=(graph.n, graph.n))
    return np.asarray(dijkstra(matrix, indices=node))
