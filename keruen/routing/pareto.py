"""The ways that are not beaten on time, cost and CO2e at once.

    outlook    h_k(v): the least of each criterion from v to the target; h_l(v): the least of some weighted sums of them
    supported  the best way for each of these weightings, read off their trees; the asker's own generalized cost is one of them
    refined    all efficient ways that are near the best for someone:  some weighting l with  l c <= (1 + share) h_l(source),
               goal tolerance eps, node tolerance delta                                             (lazy NAMOA*dr, METHODS 2.4)

An exact front has thousands of near-equal ways and takes minutes (METHODS 2.3); ways that nobody would choose, whatever time and carbon
are worth to him, only lengthen it. So the search is limited to the neighbourhood of the best for some weighting and thinned by the
tolerances, and what is shown is then certified one by one: `beaten_by` looks, without any tolerance, for a way that is at least as good in
all three criteria.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.routing.kernels import Adjacency, Budgets, Tree, pareto_set, shortest_tree, tree_path

Floats = NDArray[np.float64]

BLENDS = ((1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1))  # weightings of two criteria alike, and of all
THREADS = 2
ROUNDING = 1e-9  # costs that differ by less than this share are the same


@dataclass(frozen=True)
class Tolerance:
    """How finely the front is searched: `share` (how near to the best for someone), `eps`, `delta`, and a cap on labels."""

    share: float = 0.1
    eps: float = 0.02
    delta: float = 0.01
    labels: int = 1_000_000


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is known of the way to a target from everywhere: it depends on the target and the weights, not on the source.

    h: float64[3, n], the least of each criterion. lambdas: float64[L, 3], weightings; trees: their shortest trees to the target.
    The first three weightings are the criteria alone; the last is the asker's own, if it was given.
    """

    target: int
    h: Floats
    lambdas: Floats
    trees: list[Tree]


@dataclass(frozen=True)
class Way:
    """One path: its costs in the three criteria, float64[3], and its arcs, int32[k]."""

    cost: Floats
    arcs: NDArray[np.int32]


@dataclass(frozen=True)
class Front:
    """Ways that do not beat each other, and whether the search ended within its labels."""

    ways: list[Way]
    truncated: bool


def outlook(graph: Adjacency, weights: Floats, target: int, own: Floats | None = None) -> Outlook:
    """The shortest trees to a target for each criterion and the blends; weights: float64[3, m], inf = closed.

    own: float64[3], a weighting by which the best way must not be missed, as that of the generalized cost.
    """
    closed = ~np.isfinite(weights[0])

    def tree(weight: Floats) -> Tree:
        return shortest_tree(graph, np.ascontiguousarray(weight), [target], reverse=True)

    with ThreadPoolExecutor(THREADS) as threads:
        alone = list(threads.map(tree, weights))
        h = np.stack([one.distance for one in alone])
        known = np.isfinite(h[0])
        usual = np.array([max(float(np.median(row[known])), 1e-12) for row in h])
        blends = np.array(BLENDS, np.float64) / usual
        if own is not None:
            blends = np.concatenate([blends, own[None, :]])
        opened = np.where(closed, 0.0, weights)

        def blended(blend: Floats) -> Tree:
            weight = blend @ opened
            weight[closed] = np.inf
            return tree(weight)

        trees = list(threads.map(blended, blends))
    return Outlook(target, h, np.concatenate([np.diag(1 / usual), blends]), [*scaled(alone, usual), *trees])


def scaled(trees: list[Tree], usual: Floats) -> list[Tree]:
    """Trees of single criteria with their distances in the units of the weightings."""
    return [
        Tree(tree.distance / scale, tree.parent_arc, tree.reverse, tree.settled)
        for tree, scale in zip(trees, usual, strict=True)
    ]


def efficient_ways(graph: Adjacency, weights: Floats, view: Outlook, source: int, tolerance: Tolerance) -> Front:
    """Efficient ways from a source to the target of the outlook; an empty front where there is no way at all."""
    if not np.all(np.isfinite(view.h[:, source])):
        return Front([], truncated=False)
    supported = [tree_path(graph, tree, source) for tree in view.trees]
    found = [Way(np.sum(weights[:, arcs], axis=1), arcs) for arcs in supported]
    best = np.array([tree.distance[source] for tree in view.trees])
    budgets = Budgets(view.lambdas, np.stack([tree.distance for tree in view.trees]), (1 + tolerance.share) * best)
    refined = pareto_set(
        graph, weights, view.h, source, view.target, budgets=budgets,
        goal_eps=tolerance.eps, node_delta=tolerance.delta, label_cap=tolerance.labels,
    )  # fmt: skip
    found += [Way(refined.cost[i], refined.path(i)) for i in range(len(refined))]
    return Front(unbeaten(found), refined.truncated)


def unbeaten(ways: list[Way]) -> list[Way]:
    """Those that no other one beats, each cost vector once, in order of the first criterion."""
    kept: list[Way] = []
    for way in sorted(ways, key=lambda way: tuple(way.cost)):
        if not any(covers(other.cost, way.cost) for other in kept):
            kept.append(way)
    return kept


def covers(a: Floats, b: Floats) -> bool:
    """Whether costs a are at most b in every criterion, up to rounding."""
    return bool(np.all(a <= b * (1 + ROUNDING)))


def beats(a: Floats, b: Floats) -> bool:
    """Whether costs a are at least as good as b in every criterion and better in one, beyond rounding."""
    return covers(a, b) and bool(np.any(a < b * (1 - ROUNDING)))


def beaten_by(
    graph: Adjacency, weights: Floats, view: Outlook, source: int, cost: Floats, labels: int
) -> tuple[Way | None, bool]:
    """A way that beats the given cost, or None; and whether that is certain (the exact search ended within its labels).

    Only ways at least as good in all three criteria are looked at: they lie in the box of the cost, and are no worse than it under the
    weighting that likes it best.
    """
    mine = view.lambdas @ cost
    best = np.array([tree.distance[source] for tree in view.trees])
    k = int(np.argmin(mine / np.maximum(best, 1e-300)))
    budget = Budgets(view.lambdas[k : k + 1], view.trees[k].distance[None, :], mine[k : k + 1] * (1 + ROUNDING))
    inside = pareto_set(
        graph, weights, view.h, source, view.target, box=cost * (1 + ROUNDING), budgets=budget,
        goal_eps=0.0, node_delta=ROUNDING, label_cap=labels,
    )  # fmt: skip
    ways = [Way(inside.cost[i], inside.path(i)) for i in range(len(inside))]
    better = [way for way in ways if beats(way.cost, cost)]
    if better:
        return min(better, key=lambda way: float(np.sum(way.cost / np.where(cost > 0, cost, 1.0)))), True
    return None, not inside.truncated
