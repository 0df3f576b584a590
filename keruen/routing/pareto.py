"""The ways that are not beaten on time, cost and CO2e at once.

    outlook    bounds to the target for a family of weightings  l = (USD per hour, 1, USD per kg CO2e):
               each criterion alone; the asker's own value of time, an eighth of it, eight times it; carbon as heavy as money
    supported  the best ways for these, and for those between two neighbours where their best ways tie     (dichotomic search)
    refined    all efficient ways near the best for someone:  some weighting l with  l c <= (1 + share) least l c,
               goal tolerance eps, node tolerance delta                                                   (lazy NAMOA*dr, METHODS 2.4)

An exact front has thousands of near-equal ways and takes minutes (METHODS 2.3); ways that nobody would choose only lengthen it. So the
search is limited to what is near the best for some value of time between an eighth and eight times the shipment's own, thinned by the
tolerances, and what is shown is then certified one by one: `beaten_by` looks, without any tolerance, for a way that is at least as good in
all three criteria.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.routing.compiled import THREADS
from keruen.routing.kernels import Adjacency, Budgets, PathSet, Tree, distances, pareto_set, weighted_paths
from keruen.routing.progress import Heed, unheard

Floats = NDArray[np.float64]

SPAN = 8.0  # the value of time is taken between a SPANth of the shipment's own and SPAN times it
TIME, COST, CO2E, PATIENT, OWN, HURRIED, GREEN = range(7)
SENSIBLE = (COST, PATIENT, OWN, HURRIED, GREEN)  # weightings by which a way may be near the best
NEIGHBOURS = ((COST, PATIENT), (PATIENT, OWN), (OWN, HURRIED), (HURRIED, TIME), (OWN, GREEN), (GREEN, CO2E))
MOST_BETWEEN = 6  # searches between two neighbours
MOST_BOXES = 32  # searches for an allowed way that beats another
ROUNDING = 1e-9  # costs that differ by less than this share are the same


@dataclass(frozen=True)
class Tolerance:
    """How finely the front is searched: `share` (how near to the best for someone), `eps`, `delta`, and a cap on labels."""

    share: float = 0.1
    eps: float = 0.02
    delta: float = 0.01
    labels: int = 1_000_000


@dataclass(frozen=True, eq=False)
class Preferences:
    """A family of weightings, lambdas float64[7, 3], and the arcs weighted by them, float64[7, m], inf = closed.

    The first three are the criteria alone, so the first three rows of `weights` are hours, dollars and kilograms. In a product graph
    m is the number of arcs of a layer. The weights cannot be written to.
    """

    lambdas: Floats
    weights: Floats

    def __post_init__(self) -> None:
        self.weights.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is known of the way to a target from everywhere: h float64[7, n], for each weighting a consistent bound of the least sum.

    It depends on the target and the weights, not on the source. The bounds cannot be written to. own: where they are the least sums
    themselves, the tree of those by the shipment's own weighting, and what weights they are of.
    """

    target: int
    h: Floats
    own: Tree | None = None
    wishes: Preferences | None = None

    def __post_init__(self) -> None:
        self.h.flags.writeable = False


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


def preferences(weights: Floats, own: Floats) -> Preferences:
    """The family of weightings around a shipment's own. weights: float64[3, m]; own: float64[3], what an hour, a dollar, a kg count.

    Around a value of time of zero, a hundredth of what makes the hours and the money of all arcs alike is spanned.
    """
    closed = ~np.isfinite(weights[0])
    blended = np.empty((1 + GREEN, weights.shape[1]))
    opened = blended[:PATIENT]  # what the sums are made of, until the closed arcs are closed again
    opened[:] = weights
    opened[:, closed] = 0.0
    hours, dollars, kilograms = np.maximum(np.sum(opened, axis=1), 1e-12)
    usd_per_h = own[0] if own[0] > 0 else dollars / hours / 100
    carbon = own[2]
    lambdas = np.array([
        [1, 0, 0], [0, 1, 0], [0, 0, 1],
        [usd_per_h / SPAN, 1, carbon], own, [usd_per_h * SPAN, 1, carbon],
        [usd_per_h, 1, max(carbon, dollars / kilograms)],
    ])  # fmt: skip

    def blend(k: int) -> None:
        np.multiply(opened[0], lambdas[k, 0], out=blended[k])
        for row, counted in zip(opened[1:], lambdas[k, 1:], strict=True):
            blended[k] += row * counted
        blended[k, closed] = np.inf

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(blend, range(PATIENT, len(blended))))
    opened[:, closed] = np.inf
    return Preferences(lambdas, blended)


def outlook(graph: Adjacency, wishes: Preferences, target: int, heed: Heed = unheard) -> Outlook:
    """The least sums to a target themselves: the distances of shortest trees."""

    h = np.empty((len(wishes.weights), graph.n))

    def fill(row: int) -> NDArray[np.int32] | None:
        heed()
        parents = np.empty(graph.n, np.int32) if row == OWN else None
        distances(graph, wishes.weights[row], [target], reverse=True, out=h[row], parents=parents)
        return parents

    with ThreadPoolExecutor(THREADS) as threads:
        parents = list(threads.map(fill, range(len(h))))[OWN]
    own = Tree(h[OWN], parents, reverse=True, settled=graph.n) if parents is not None else None
    return Outlook(target, h, own, wishes)


def efficient_ways(
    graph: Adjacency, wishes: Preferences, view: Outlook, source: int, tolerance: Tolerance, heed: Heed = unheard
) -> Front:
    """Efficient ways from a source to the target of the outlook; an empty front where there is no way at all."""
    if not np.isfinite(view.h[0, source]):
        return Front([], truncated=False)
    with ThreadPoolExecutor(THREADS) as threads:
        ends = list(threads.map(lambda k: best_way(graph, wishes, view, source, k), range(len(view.h))))
    if not all(np.all(np.isfinite(way.cost)) for way in ends):
        return Front([], truncated=False)
    chosen = list(SENSIBLE)
    least = np.array([wishes.lambdas[k] @ ends[k].cost for k in chosen])
    budgets = Budgets(wishes.lambdas[chosen], view.h[chosen], (1 + tolerance.share) * least)
    heed()
    with ThreadPoolExecutor(1) as meanwhile:
        refining = meanwhile.submit(
            pareto_set, graph, wishes.weights[:3], view.h[:3], source, view.target, budgets=budgets,
            goal_eps=tolerance.eps, node_delta=tolerance.delta, label_cap=tolerance.labels, heed=heed,
        )  # fmt: skip
        found = supported_ways(graph, wishes, view, source, ends, heed)
        refined = refining.result()
    found += [Way(refined.cost[i], refined.path(i)) for i in range(len(refined))]
    return Front(unbeaten(found), refined.truncated)


def best_way(graph: Adjacency, wishes: Preferences, view: Outlook, source: int, k: int) -> Way:
    """The best way for one weighting; costs are inf if there is none."""
    paths = weighted_paths(graph, wishes.weights, view.h, source, view.target, [1.0], [k])
    return way_of(wishes, paths.path(0)) if np.isfinite(paths.cost[0, 0]) else Way(np.full(3, np.inf), paths.path(0))


def supported_ways(
    graph: Adjacency, wishes: Preferences, view: Outlook, source: int, ends: list[Way], heed: Heed
) -> list[Way]:
    """The best way for each weighting, and those for the weightings between neighbours that a dichotomic search finds."""
    found = list(ends)
    for a, b in NEIGHBOURS:
        if not np.allclose(ends[a].cost, ends[b].cost, rtol=1e-6):
            found += between(graph, wishes, view, source, (a, b), (ends[a], ends[b]), heed)
    return found


def way_of(wishes: Preferences, arcs: NDArray[np.int32]) -> Way:
    """A path with its costs."""
    return Way(np.sum(wishes.weights[:3, arcs % wishes.weights.shape[1]], axis=1), arcs)


def between(
    graph: Adjacency,
    wishes: Preferences,
    view: Outlook,
    source: int,
    pair: tuple[int, int],
    ends: tuple[Way, Way],
    heed: Heed,
) -> list[Way]:
    """Best ways for weightings between two, by dichotomy: where two neighbouring ways tie, is there a better one?

    The bounds of the two give a potential for every mixture of them, since the least of a sum is at least the sum of the leasts.
    Source: Aneja and Nair (1979).
    """
    lambdas = wishes.lambdas[list(pair)]
    found: list[Way] = []
    gaps = [ends]
    for _ in range(MOST_BETWEEN):
        if not gaps:
            break
        heed()
        left, right = gaps.pop(0)
        d = lambdas @ (left.cost - right.cost)  # left is better by the first weighting, right by the second
        if not (d[0] < 0 < d[1]):
            continue
        mixture = np.array([d[1], -d[0]]) / (d[1] - d[0])
        tie = float(mixture @ lambdas @ left.cost)
        way = way_of(wishes, weighted_paths(graph, wishes.weights, view.h, source, view.target, mixture, pair).path(0))
        if float(mixture @ lambdas @ way.cost) < tie * (1 - 1e-4):
            found.append(way)
            gaps += [(left, way), (way, right)]
    return found


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
    graph: Adjacency,
    wishes: Preferences,
    view: Outlook,
    source: int,
    cost: Floats,
    labels: int,
    allows: Callable[[NDArray[np.int32]], bool],
    parts: Callable[[NDArray[np.int32]], tuple[NDArray[np.intp], ...]],
    heed: Heed = unheard,
) -> tuple[Way | None, bool]:
    """A way that beats the given cost, of those in one box the best; or None; and whether the exact search ended within its labels.

    Only ways at least as good in all three criteria are looked at: they lie in the box of the cost, and so are no worse than it under any
    weighting. There is none if the bound of some weighting is above it. A way (its arcs) that is not allowed does not
    count; `parts` are sets of arcs of which each allowed way leaves one alone and a refused one none, so with each of them closed the
    search goes on. Without such sets it is uncertain whether an allowed way would beat the cost too.
    """
    mine = wishes.lambdas @ cost
    if np.any(view.h[:, source] > mine * (1 + ROUNDING)):
        return None, True
    budgets = Budgets(wishes.lambdas[PATIENT:], view.h[PATIENT:], mine[PATIENT:] * (1 + ROUNDING), every=True)

    def look(closed: NDArray[np.intp], heed: Heed) -> PathSet:
        heed()
        return pareto_set(
            graph, wishes.weights[:3], view.h[:3], source, view.target, box=cost * (1 + ROUNDING), budgets=budgets, closed=closed,
            goal_eps=0.0, node_delta=ROUNDING, label_cap=labels, heed=heed,
        )  # fmt: skip

    waiting = [np.empty(0, np.intp)]
    for closed, inside in last_first(look, waiting, MOST_BOXES, heed):
        ways = [Way(inside.cost[i], inside.path(i)) for i in range(len(inside))]
        better = [way for way in ways if beats(way.cost, cost)]
        found = [way for way in better if allows(way.arcs)]
        if found:
            best = min(found, key=lambda way: float(np.sum(way.cost / np.where(cost > 0, cost, 1.0))))
            return best, not inside.truncated
        more = [np.concatenate([closed, part]) for part in parts(better[0].arcs)] if better else []
        if inside.truncated or (better and not more):
            break
        waiting += more
        if not waiting:
            return None, True
    return None, False


def last_first(
    look: Callable[[NDArray[np.intp], Heed], PathSet], waiting: list[NDArray[np.intp]], most: int, heed: Heed
) -> Iterator[tuple[NDArray[np.intp], PathSet]]:
    """Takes what waits, last first, and what is seen with it closed; the list may grow from one to the next. `most` are taken.

    A second thread looks at the one before the last meanwhile, since it mostly comes next; it is told to stop when nobody asks for more.
    """
    ended = False

    def heed_the_end() -> None:
        if ended:
            raise CancelledError
        heed()

    seen: dict[int, Future[PathSet]] = {}
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for _ in range(most):
                for one in waiting[: -THREADS - 1 : -1]:
                    if id(one) not in seen:
                        seen[id(one)] = threads.submit(look, one, heed_the_end)
                closed = waiting.pop()
                yield closed, seen.pop(id(closed)).result()
        finally:
            ended = True
