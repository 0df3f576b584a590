"""The ways that are not beaten on time, cost and CO2e at once.

    ends       the best way in each criterion alone                                          lambda = e_k
    supported  the best way for a grid of weights over the three                             min sum_k lambda_k c_k / h_k(s)
    box        c_k <= h_k(s) r w,   r = min over supported of max_k c_k / h_k(s)             the balanced middle of the front
    refined    all efficient ways inside the box, goal tolerance eps, node tolerance delta   (lazy NAMOA*dr)

An exact front has thousands of near-equal ways and takes minutes (METHODS 2.3), so the box is searched with a tolerance, and what is
shown is then certified one by one: `beaten_by` looks, without any tolerance, for a way that is at least as good in all three criteria.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.routing.kernels import Adjacency, bounds, pareto_set, weighted_paths

GRID_STEPS = 5  # 21 weight vectors
TINY = 1e-6  # keeps an end efficient: ties in its criterion are broken by the others
ROUNDING = 1e-9  # costs that differ by less than this share are the same


@dataclass(frozen=True)
class Tolerance:
    """How finely the front is searched: `widen` the box (w), `eps` at the goal, `delta` at the nodes, and a cap on labels."""

    widen: float = 1.1
    eps: float = 0.02
    delta: float = 0.01
    labels: int = 300_000


@dataclass(frozen=True)
class Way:
    """One path: its costs in the three criteria, float64[3], and its arcs, int32[k]."""

    cost: NDArray[np.float64]
    arcs: NDArray[np.int32]


@dataclass(frozen=True)
class Front:
    """Ways that beat each other nowhere, and how completely they cover the true front."""

    ways: list[Way]
    box: NDArray[np.float64]
    eps: float
    delta: float
    truncated: bool


def efficient_ways(
    graph: Adjacency,
    weights: NDArray[np.float64],
    source: int,
    target: int,
    *,
    h: NDArray[np.float64] | None = None,
    tolerance: Tolerance | None = None,
) -> Front:
    """Efficient ways from source to target; an empty front where there is no way at all.

    weights: float64[3, m], inf = closed. h: float64[3, n], lower bounds to the target if already known.
    """
    how = tolerance or Tolerance()
    h = bounds(graph, weights, target) if h is None else h
    ideal = h[:, source]
    if not np.all(np.isfinite(ideal)):
        return Front([], ideal, how.eps, how.delta, truncated=False)
    scale = np.where(ideal > 0, ideal, 1.0)
    supported = weighted_paths(graph, weights, h, source, target, weight_grid() / scale)
    costs = np.asarray(supported.cost)
    found = [Way(costs[i], supported.path(i)) for i in range(len(supported)) if np.all(np.isfinite(costs[i]))]
    if not found:
        return Front([], ideal, how.eps, how.delta, truncated=False)
    balance = min(float(np.max(way.cost / scale)) for way in found)
    box = np.maximum(ideal * balance * how.widen, scale * ROUNDING)
    refined = pareto_set(
        graph, weights, h, source, target, box=box, goal_eps=how.eps, node_delta=how.delta, label_cap=how.labels
    )
    found += [Way(np.asarray(refined.cost)[i], refined.path(i)) for i in range(len(refined))]
    return Front(unbeaten(found), box, how.eps, how.delta, refined.truncated)


def weight_grid(steps: int = GRID_STEPS) -> NDArray[np.float64]:
    """Weights over three criteria that sum to one, on a triangular grid, float64[(s+1)(s+2)/2, 3]; none quite zero."""
    grid = [(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]
    return np.maximum(np.array(grid, np.float64) / steps, TINY)


def unbeaten(ways: list[Way]) -> list[Way]:
    """Those that no other one beats, each cost vector once, in order of the first criterion."""
    kept: list[Way] = []
    for way in sorted(ways, key=lambda way: tuple(way.cost)):
        if not any(covers(other.cost, way.cost) for other in kept):
            kept.append(way)
    return kept


def covers(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Whether costs a are at most b in every criterion, up to rounding."""
    return bool(np.all(a <= b * (1 + ROUNDING)))


def beats(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Whether costs a are at least as good as b in every criterion and better in one, beyond rounding."""
    return covers(a, b) and bool(np.any(a < b * (1 - ROUNDING)))


def beaten_by(
    graph: Adjacency,
    weights: NDArray[np.float64],
    h: NDArray[np.float64],
    source: int,
    target: int,
    cost: NDArray[np.float64],
    labels: int,
) -> tuple[Way | None, bool]:
    """A way that beats the given cost, or None; and whether that is certain (the exact search ended within its labels).

    The box of the search is the cost itself, so that only ways at least as good in all three criteria are looked at.
    """
    inside = pareto_set(
        graph,
        weights,
        h,
        source,
        target,
        box=cost * (1 + ROUNDING),
        goal_eps=0.0,
        node_delta=ROUNDING,
        label_cap=labels,
    )
    ways = [Way(np.asarray(inside.cost)[i], inside.path(i)) for i in range(len(inside))]
    better = [way for way in ways if beats(way.cost, cost)]
    if better:
        return min(better, key=lambda way: float(np.sum(way.cost / np.where(cost > 0, cost, 1.0)))), True
    return None, not inside.truncated
