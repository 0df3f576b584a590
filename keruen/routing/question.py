"""A worked-out question: the graph that is searched, its weightings, its ends, and which ways answer it.

    places -> nodes;  shipment -> weights (hours, USD, kg);  avoid -> closed arcs;  require -> layers of a product graph

A product graph has a layer for each set of things used so far, 2^k times the network for k things. Only arcs near enough are copied:
with d(v) and h(v) the least weighted sums from the source and to the target, an arc is left out if for every weighting

    d(tail) + w + h(head)  >  limit,      limit >= (1 + share) x the least sum over ways that use everything asked for

so that no way within the share of the best for some weighting, and none that beats such a way, is lost. The limit is guessed from what the
things cost one by one, and set anew when the search shows that it was too low.

A way does not answer a question that requires something if it only touches it and turns back.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.build import World
from keruen.network.graph import Graph, Kind, compressed_rows
from keruen.routing.corridors import Corridor, Signature, corridor_of, dissimilarity, features_used, signature
from keruen.routing.cost import ArcCosts, weighting
from keruen.routing.demands import Demand, united
from keruen.routing.ends import Access
from keruen.routing.kernels import Adjacency, Tree, product_graph, shortest_tree, tree_path
from keruen.routing.pareto import OWN, THREADS, TIME, Outlook, Preferences, Way, outlook, preferences
from keruen.routing.terms import Terms, terms_of

Arcs = NDArray[np.int32]
MOST_OUTLOOKS = 8
SLACK = 1.3  # the first guess of what using several things costs, over the dearest of them
TURN_KM = 50.0  # so far a way may run back where it came from, to a place that lies off the line
DIFFERENT = 0.3  # dissimilarity from which two routes are told apart (METHODS 2.5)
DIFFERENT_WITHIN = 0.5  # the same for two routes of one corridor


@dataclass(frozen=True, eq=False)
class Ask:
    """What is asked: network, costs, ends, and demands."""

    world: World
    costs: ArcCosts
    start: Access
    end: Access
    corridors: list[Corridor]
    demands: tuple[Demand, ...]
    money: NDArray[np.float64]

    @property
    def graph(self) -> Graph:
        """The network."""
        return self.world.graph

    def terms(self) -> Terms | None:
        """The terms of the first search; None if they cannot be met."""
        return terms_of(self.graph, self.corridors, self.demands, np.isfinite(self.costs.weights[0]))

    def broken(self, arcs: Arcs) -> Corridor | None:
        """The corridor that a way must keep out of and is of; None if there is none."""
        used = features_used(self.graph, arcs)
        for demand in self.demands:
            if demand.not_as and demand.not_as.holds(used):
                return demand.not_as
            if demand.only_as:
                named = corridor_of(self.corridors, used)
                if named is not None and named is not demand.only_as:
                    return named
        return None

    def allows(self, arcs: Arcs) -> bool:
        """Whether a way that uses and avoids the arcs it should answers the question."""
        requires = any(demand.used for demand in self.demands)
        return self.broken(arcs) is None and not (requires and turns_back(self.graph, self.costs, arcs))


@dataclass(frozen=True, eq=False)
class Question:
    """What one search searches, and what it knows of the way to its target.

    `base_arc` int32[m'] maps the arcs of the searched graph to those of the network. limit: float64[7], the weighted sums up to one of
    which every way is in the graph; inf where nothing was left out. near: how the network looks from both ends, if something is required.
    """

    ask: Ask
    terms: Terms
    graph: Adjacency
    wishes: Preferences
    base_arc: Arcs
    source: int
    target: int
    view: Outlook
    limit: NDArray[np.float64]
    near: Near | None

    def allows(self, arcs: Arcs) -> bool:
        """Whether a way over arcs of the searched graph answers the question."""
        return self.ask.allows(self.base_arc[arcs])

    def is_whole_for(self, cost: NDArray[np.float64]) -> bool:
        """Whether every way that beats a cost, float64[3], is in the graph."""
        return bool(np.any(self.wishes.lambdas @ cost <= self.limit))


@dataclass(frozen=True, eq=False)
class Near:
    """How the network looks from the source and to the target, for each weighting: trees, and the best way through each arc."""

    there: list[Tree]
    back: list[Tree]
    total: NDArray[np.float64]


@dataclass(frozen=True)
class Named:
    """A way with its corridor, what it spends its generalized cost on, and that cost in USD. Its arcs are those of the network."""

    way: Way
    corridor: Corridor
    spent: Signature
    generalized_cost_usd: float

    @property
    def arcs(self) -> Arcs:
        """The arcs of the way."""
        return self.way.arcs


def adjacency(graph: Graph) -> Adjacency:
    """The network as the kernels read it, remembered with it."""
    if "adjacency" not in graph.memo:
        graph.memo["adjacency"] = Adjacency(
            first_out=graph.first_out, head=graph.head, tail=graph.tail, first_in=graph.first_in, in_arc=graph.in_arc
        )
    found: Adjacency = graph.memo["adjacency"]
    return found


def ask_of(
    world: World,
    costs: ArcCosts,
    ends: tuple[Access, Access],
    corridors: list[Corridor],
    demands: tuple[Demand, ...],
) -> Ask:
    """What is asked. A passage that is asked for by name is open even if it is shut unless asked for, as the Arctic is; what is asked
    for by mode or country opens nothing, nor does a closed border."""
    sets = (arcs for demand in demands for arcs in demand.used)
    costs = costs.opened(arcs for arcs in sets if are_passages(world.graph, arcs))
    return Ask(world, costs, *ends, corridors, demands, world_preferences(costs).weights[OWN])


def are_passages(graph: Graph, arcs: Arcs) -> bool:
    """Whether all arcs are lanes through named passages."""
    return bool(np.all((graph.arc_kind[arcs] == Kind.MOVE) & (graph.arc_facility[arcs] >= 0)))


def question(ask: Ask, terms: Terms, share: float) -> Question | None:
    """The graph, weights and ends of one search, and its outlook; None if there is no way. share: see `Tolerance`."""
    graph, source, target = adjacency(ask.graph), ask.start.node, ask.end.node
    wishes = open_preferences(ask, terms)
    if terms.used:
        return layered(ask, terms, wishes, share)
    plain = not len(terms.closed) and not terms.shut
    view = remembered_outlook(ask, target) if plain else outlook(graph, wishes, target)
    if not np.isfinite(view.h[0, source]):
        return None
    base_arc = np.arange(graph.m, dtype=np.int32)
    return Question(ask, terms, graph, wishes, base_arc, source, target, view, np.full(len(view.h), np.inf), None)


def remembered_outlook(ask: Ask, target: int) -> Outlook:
    """The outlook to a target when nothing is avoided or required; the last few are remembered with the costs."""
    known = ask.costs.outlooks
    if target not in known:
        while len(known) >= MOST_OUTLOOKS:
            known.pop(next(iter(known)))
        known[target] = outlook(adjacency(ask.graph), world_preferences(ask.costs), target)
    found: Outlook = known[target]
    return found


def world_preferences(costs: ArcCosts) -> Preferences:
    """The weightings of the whole network for a consignment, remembered with its costs."""
    if "preferences" not in costs.memo:
        costs.memo["preferences"] = preferences(costs.weights, weighting(costs.consignment))
    found: Preferences = costs.memo["preferences"]
    return found


def open_preferences(ask: Ask, terms: Terms) -> Preferences:
    """The weightings with the arcs of the terms closed."""
    wishes = world_preferences(ask.costs)
    shut = closed_by(ask.graph, terms)
    if not len(shut):
        return wishes
    weights = wishes.weights.copy()
    weights[:, shut] = np.inf
    return Preferences(wishes.lambdas, weights)


def closed_by(graph: Graph, terms: Terms) -> Arcs:
    """The arcs that terms close."""
    by_feature = np.flatnonzero((graph.arc_features & np.uint64(terms.shut)) != 0) if terms.shut else ()
    return united([terms.closed, np.asarray(by_feature, np.int32)])


def layered(ask: Ask, terms: Terms, wishes: Preferences, share: float) -> Question | None:
    """A question that requires something: layers of the part of the network that can matter."""
    plain = adjacency(ask.graph)
    near = near_of(plain, wishes, ask.start.node, ask.end.node)
    least = np.max([near.total[:, arcs].min(axis=1, initial=np.inf) for arcs in terms.used], axis=0)
    if not np.all(np.isfinite(least)):
        return None
    limit = SLACK * (1 + share) * least
    while True:
        kept = np.flatnonzero(np.any(near.total <= limit[:, None], axis=0) & np.isfinite(near.total[0]))
        found = layers_of(ask, terms, wishes, kept.astype(np.int32), limit, near)
        best = found.view.h[:, found.source] * (1 + share) if found else np.full(len(limit), np.inf)
        if found and np.all(best <= limit):
            return found
        if not found and np.all(np.isinf(limit)):
            return None
        limit = np.maximum(limit, best * (1 + 1e-9))


def near_of(graph: Adjacency, wishes: Preferences, source: int, target: int) -> Near:
    """The shortest trees from the source and to the target for each weighting."""

    def tree(k: int) -> Tree:
        half, reverse = divmod(k, 2)
        return shortest_tree(graph, wishes.weights[half], [target if reverse else source], reverse=bool(reverse))

    with ThreadPoolExecutor(THREADS) as threads:
        trees = list(threads.map(tree, range(2 * len(wishes.weights))))
    there, back = trees[::2], trees[1::2]
    total = np.stack([
        a.distance[graph.tail] + weight + b.distance[graph.head]
        for a, weight, b in zip(there, wishes.weights, back, strict=True)
    ])  # fmt: skip
    return Near(there, back, total)


def layers_of(
    ask: Ask, terms: Terms, wishes: Preferences, kept: Arcs, limit: NDArray[np.float64], near: Near
) -> Question | None:
    """The product graph of some arcs, and its outlook; None if the target is not reached."""
    graph = ask.graph
    nodes, place = np.unique(np.concatenate([graph.tail[kept], graph.head[kept]]), return_inverse=True)
    tail, head = place[: len(kept)], place[len(kept) :].astype(np.int32)
    _, first_out = compressed_rows(tail, len(nodes))  # arcs of the network are sorted by tail, and so are these
    ends = np.searchsorted(nodes, [ask.start.node, ask.end.node])
    product = product_graph(first_out.astype(np.int32), head, bits_of(graph.m, terms)[kept], len(terms.used))
    base_arc = kept[product.base_arc]
    weights = Preferences(wishes.lambdas, np.ascontiguousarray(wishes.weights[:, base_arc]))
    source, target = product.node(int(ends[0]), 0), product.node(int(ends[1]), product.full)
    view = outlook(product.graph, weights, target)
    if not np.isfinite(view.h[0, source]):
        return None
    return Question(ask, terms, product.graph, weights, base_arc, source, target, view, limit, near)


def is_open(ask: Ask, demands: tuple[Demand, ...]) -> bool:
    """Whether some way meets these demands, as far as closed and required arcs tell; corridors that are kept out of may still forbid it."""
    case = replace(ask, demands=demands)
    terms = case.terms()
    if terms is None:
        return False
    graph, weight = adjacency(ask.graph), open_preferences(case, terms).weights[TIME]
    bits = bits_of(graph.m, terms)
    product = product_graph(graph.first_out, graph.head, bits, len(terms.used))
    source, target = product.node(ask.start.node, 0), product.node(ask.end.node, product.full)
    tree = shortest_tree(product.graph, weight[product.base_arc], [source], targets=[target])
    return bool(np.isfinite(tree.distance[target]))


def bits_of(m: int, terms: Terms) -> NDArray[np.uint8]:
    """For each of m arcs of the network which of the required sets it is in, a bit each."""
    bits = np.zeros(m, np.uint8)
    for b, arcs in enumerate(terms.used):
        bits[arcs] |= np.uint8(1 << b)
    return bits


def straight_ways(asked: Question) -> Iterator[Arcs]:
    """For each weighting the best way through an arc that is required which does not turn back, of the first hundred arcs in order.

    Used where the best way with an out-and-back is better than any without.
    """
    near, ask = asked.near, asked.ask
    if near is None or len(asked.terms.used) != 1:
        return
    graph, plain, gates = ask.graph, adjacency(ask.graph), asked.terms.used[0]
    for there, back, total in zip(near.there, near.back, near.total, strict=True):
        before, after = there.parent_arc[graph.tail[gates]], back.parent_arc[graph.head[gates]]
        turns = ((before >= 0) & (graph.tail[before] == graph.head[gates])) | (
            (after >= 0) & (graph.head[after] == graph.tail[gates])
        )
        mine = gates[np.isfinite(total[gates]) & ~turns]
        for gate in mine[np.argsort(total[mine], kind="stable")][:100].tolist():
            parts = (
                tree_path(plain, there, int(graph.tail[gate])),
                [gate],
                tree_path(plain, back, int(graph.head[gate])),
            )
            arcs = np.concatenate(parts).astype(np.int32)
            if ask.allows(arcs):
                yield arcs
                break


def named_way(ask: Ask, cost: NDArray[np.float64], arcs: Arcs) -> Named:
    """A way over arcs of the network with its corridor and signature."""
    corridor = corridor_of(ask.corridors, features_used(ask.graph, arcs))
    if corridor is None:
        corridor = Corridor("unnamed", "Other", "Иной", 10**6, "unnamed", 0, (), 0)
    money = ask.money[arcs]
    return Named(Way(cost, arcs), corridor, signature(ask.graph, arcs, money), float(np.sum(money)))


def differs(a: Named, b: Named) -> bool:
    """Whether two ways are worth showing beside each other."""
    least = DIFFERENT_WITHIN if a.corridor.key == b.corridor.key else DIFFERENT
    return dissimilarity(a.spent, b.spent) >= least


def turns_back(graph: Graph, costs: ArcCosts, arcs: Arcs) -> bool:
    """Whether a path leaves a node on a line by the way it came, is stopped twice at one border, or runs back over more than 50 km.

    Unloading and loading again is no turning back, nor is a corner of a country that trains pass without a stop.
    """
    on_line = (graph.arc_kind[arcs] != Kind.LOAD) & (graph.arc_kind[arcs] != Kind.UNLOAD)
    returns = graph.head[arcs[1:]] == graph.tail[arcs[:-1]]
    borders = arcs[(graph.arc_kind[arcs] == Kind.BORDER) & (costs.weights[0, arcs] > 0)]
    crossed = graph.arc_facility[borders]
    if np.any(returns & on_line[1:] & on_line[:-1]) or len(np.unique(crossed)) < len(crossed):
        return True
    runs = arcs[graph.arc_kind[arcs] == Kind.MOVE]
    tail, head = graph.tail[runs].astype(np.int64), graph.head[runs].astype(np.int64)
    back = np.isin(tail * graph.n + head, head * graph.n + tail)
    return bool(np.sum(graph.arc_km[runs[back]], dtype=np.float64) / 2 > TURN_KM)
