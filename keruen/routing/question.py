"""A worked-out question: the graph that is searched, its weightings, its ends, and which ways answer it.

    places -> nodes;  shipment -> weights (hours, USD, kg);  avoid -> closed arcs;  require -> layers of a product graph

A product graph has a layer for each set of things used so far, 2^k times the network for k things. How far it is from a node to the
target is bounded without a search of all layers:

    h(v, used)  =  max( h(v),  max over things U not used yet of h_U(v) )         h_U: the least way to the target through an arc of U

which is a consistent potential as each of these is; for one thing it is exact.

A way does not answer a question that requires something if it only touches it and turns back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.build import World
from keruen.network.graph import Graph, Kind
from keruen.routing.compiled import THREADS
from keruen.routing.corridors import Corridor, Signature, corridor_of, dissimilarity, features_used, signature
from keruen.routing.cost import ArcCosts, weighting
from keruen.routing.demands import Demand, united
from keruen.routing.ends import Access
from keruen.routing.kernels import Adjacency, Tree, distances, product_graph, shortest_tree, tree_path
from keruen.routing.pareto import OWN, TIME, Outlook, Preferences, Way, best_way, outlook, preferences
from keruen.routing.progress import Heed, unheard
from keruen.routing.remember import Remembered
from keruen.routing.terms import Terms, terms_of

Arcs = NDArray[np.int32]
MOST_TRIED, MOST_DETOURS = 100, 3
MOST_TREES = 2  # pairs that are remembered with a question: they are wanted a second time soon, or never
LOOSE = 0.1  # bounds of a wider question serve up to this share below the best way
TURN_KM = 50.0  # so far a way may run back where it came from, to a place that lies off the line
DIFFERENT = 0.3  # dissimilarity from which two routes are told apart (METHODS 2.5)
DIFFERENT_WITHIN = 0.5  # the same for two routes of one corridor


@dataclass(frozen=True, eq=False)
class Ask:
    """What is asked: network, costs, ends, and demands. heed: called while it is worked on; what it raises ends that."""

    world: World
    costs: ArcCosts
    start: Access
    end: Access
    corridors: list[Corridor]
    demands: tuple[Demand, ...]
    money: NDArray[np.float64]
    heed: Heed = unheard

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

    def meets(self, arcs: Arcs) -> bool:
        """Whether a way uses what is required and is of no corridor that it must keep out of."""
        used = (wanted for demand in self.demands for wanted in demand.used)
        return self.broken(arcs) is None and all(uses(arcs, wanted) for wanted in used)

    def allows(self, arcs: Arcs) -> bool:
        """Whether a way that uses and avoids the arcs it should answers the question.

        It is no answer to do something for form's sake: to turn back for what is required, or, only to bear another corridor's name, to
        pass a place twice.
        """
        requires = any(demand.used for demand in self.demands)
        keeps_out = any(demand.not_as for demand in self.demands)
        if self.broken(arcs) is not None or ((requires or keeps_out) and turns_back(self.graph, self.costs, arcs)):
            return False
        nodes = np.append(self.graph.tail[arcs[:1]], self.graph.head[arcs])
        return requires or not keeps_out or not has_twice(nodes)


@dataclass(frozen=True, eq=False)
class Question:
    """What one search searches, and what it knows of the way to its target.

    `base_arc` int32[m'] maps the arcs of the searched graph to those of the network. `trees`: the ways there and back within a limit
    without some features (bits), which keruen.routing.gates grows; they go with the graph, the ends and the weightings.
    """

    ask: Ask
    terms: Terms
    graph: Adjacency
    wishes: Preferences
    base_arc: Arcs
    source: int
    target: int
    view: Outlook
    trees: Remembered[tuple[float, int], tuple[Tree, Tree]] = field(
        default_factory=lambda: Remembered(MOST_TREES), repr=False
    )

    def allows(self, arcs: Arcs) -> bool:
        """Whether a way over arcs of the searched graph answers the question."""
        return self.ask.allows(self.base_arc[arcs])

    def copies(self, arcs: NDArray[np.integer]) -> NDArray[np.intp]:
        """The arcs of the searched graph that stand for these of the network."""
        return np.concatenate([arcs.astype(np.intp) + first for first in range(0, self.graph.m, self.ask.graph.m)])


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
    heed: Heed = unheard,
) -> Ask:
    """What is asked. A passage that is asked for by name is open even if it is shut unless asked for, as the Arctic is; what is asked
    for by mode or country opens nothing, nor does a closed border."""
    sets = (arcs for demand in demands for arcs in demand.used)
    costs = costs.opened(arcs for arcs in sets if are_passages(world.graph, arcs))
    return Ask(world, costs, *ends, corridors, demands, world_preferences(costs).weights[OWN], heed)


def are_passages(graph: Graph, arcs: Arcs) -> bool:
    """Whether all arcs are lanes through named passages."""
    return bool(np.all((graph.arc_kind[arcs] == Kind.MOVE) & (graph.arc_facility[arcs] >= 0)))


def plain_question(ask: Ask, terms: Terms) -> Question | None:
    """The question of all that terms close, whatever they ask for, with its outlook: every other one is a part of it. None if the end
    cannot be reached."""
    graph, source, target = adjacency(ask.graph), ask.start.node, ask.end.node
    wishes = open_preferences(ask, terms)
    open_world = not len(terms.closed) and not terms.shut
    view = remembered_outlook(ask, target) if open_world else outlook(graph, wishes, target, ask.heed)
    if not np.isfinite(view.h[0, source]):
        return None
    base_arc = np.arange(graph.m, dtype=np.int32)
    return Question(ask, replace(terms, used=(), asked=()), graph, wishes, base_arc, source, target, view)


def question(plain: Question, terms: Terms) -> Question | None:
    """The graph, weights and ends of one search, and its outlook; None if something cannot be reached.

    plain: a question that asks for nothing and closes no more. What bounds its ways bounds these too, and serves as their outlook unless
    it is farther than a tenth from the best way.
    """
    ask, same = plain.ask, (terms.shut, len(terms.closed)) == (plain.terms.shut, len(plain.terms.closed))
    wishes = plain.wishes if same else open_preferences(ask, terms)
    if terms.used:
        return layered(ask, terms, wishes, plain.view)
    asked = replace(plain, terms=terms, wishes=wishes, trees=plain.trees if same else Remembered(MOST_TREES))
    if same:
        return asked
    best = best_way(asked.graph, wishes, asked.view, asked.source, OWN)
    if not np.all(np.isfinite(best.cost)):
        return None
    if wishes.lambdas[OWN] @ best.cost <= (1 + LOOSE) * plain.view.h[OWN, plain.source]:
        return asked
    return replace(asked, view=outlook(asked.graph, wishes, asked.target, ask.heed))


def remembered_outlook(ask: Ask, target: int) -> Outlook:
    """The outlook to a target when nothing is avoided or required; the last few are remembered with the costs."""
    found: Outlook = ask.costs.outlooks.find(
        target, lambda: outlook(adjacency(ask.graph), world_preferences(ask.costs), target, ask.heed)
    )
    return found


def world_preferences(costs: ArcCosts) -> Preferences:
    """The weightings of the whole network for a consignment, remembered with its costs."""
    if "preferences" not in costs.memo:
        costs.memo["preferences"] = made = preferences(costs.weights, weighting(costs.consignment))
        object.__setattr__(costs, "weights", made.weights[: len(costs.weights)])  # the same numbers, kept once
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


def layered(ask: Ask, terms: Terms, wishes: Preferences, view: Outlook) -> Question | None:
    """A question that requires something: the product graph, and the bounds of its nodes, worked out from an outlook of the network."""
    network, layers = adjacency(ask.graph), 1 << len(terms.used)
    h = np.empty((len(view.h), layers * network.n))

    def fill(row: int) -> None:
        ask.heed()
        layer_bounds(
            network, wishes.weights[row], view.h[row], ask.start.node, terms.used, h[row].reshape(layers, network.n)
        )

    with ThreadPoolExecutor(THREADS) as threads:
        made = threads.submit(
            product_graph, network.first_out, network.head, bits_of(network.m, terms), len(terms.used)
        )
        list(threads.map(fill, range(len(h))))
        product = made.result()
    ask.heed()
    if not np.all(np.isfinite(h[:, ask.start.node])):
        return None
    source, end = product.node(ask.start.node, 0), product.node(view.target, product.full)
    return Question(ask, terms, product.graph, wishes, product.base_arc, source, end, Outlook(end, h))


def layer_bounds(
    graph: Adjacency,
    weight: NDArray[np.float64],
    back: NDArray[np.float64],
    source: int,
    used: tuple[Arcs, ...],
    out: NDArray[np.float64],
) -> None:
    """Bounds of the way from each node of the product graph to the target with everything used, into float64[2^k, n].

        h(v, used)  =  min  c(v, w) + h(w, used and what the arc is of)        over arcs of what is not used yet, and ways to them

    back: float64[n], consistent bounds of the way to the target; where they are the distances, so are these. One tree a layer, from the
    last to the first, ends at the source: what lies farther than it is bounded by its distance. The least of a consistent potential and
    a number is one.
    """
    out[-1] = back
    for layer in range(len(out) - 2, -1, -1):
        tails, starts = [], []
        for b, arcs in enumerate(used):
            if not layer >> b & 1:
                tails.append(graph.tail[arcs])
                starts.append(weight[arcs] + out[layer | 1 << b][graph.head[arcs]])
        tail, start = np.concatenate(tails), np.concatenate(starts)
        mine = np.isfinite(start)
        row = distances(graph, weight, tail[mine], offsets=start[mine], reverse=True, targets=[source], out=out[layer])
        np.minimum(row, row[source], out=row)


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
    return bool(np.isfinite(distances(product.graph, weight, [source], targets=[target])[target]))


def bits_of(m: int, terms: Terms) -> NDArray[np.uint8]:
    """For each of m arcs of the network which of the required sets it is in, a bit each."""
    bits = np.zeros(m, np.uint8)
    for b, arcs in enumerate(terms.used):
        bits[arcs] |= np.uint8(1 << b)
    return bits


def straight_ways(asked: Question, weightings: Iterable[int]) -> Iterator[Arcs]:
    """For each weighting (row) and each thing required a way through it that answers the question without turning back.

    Used where the best way with an out-and-back is better than any without. Of several things required the others must be met on the
    way. Tried are the arcs of the thing through which the best ways lead, in order: the best way there and the best way on, else the best
    way on that does not run back over the way there, else the best way there that the best way on does not run back over.
    """
    ask, network, used = asked.ask, adjacency(asked.ask.graph), asked.terms.used

    def answers(arcs: Arcs) -> bool:
        return ask.allows(arcs) and all(uses(arcs, wanted) for wanted in used)

    wishes = open_preferences(ask, asked.terms)
    for weight in wishes.weights[list(weightings)]:
        ask.heed()
        there = shortest_tree(network, weight, [ask.start.node])
        ask.heed()
        back = shortest_tree(network, weight, [ask.end.node], reverse=True)
        for gates in used:
            total = there.distance[network.tail[gates]] + weight[gates] + back.distance[network.head[gates]]
            near = np.flatnonzero(np.isfinite(total))
            in_order = gates[near[np.argsort(total[near], kind="stable")]].tolist()
            ask.heed()
            ways = (joined(network, there, gate, back) for gate in in_order[:MOST_TRIED])
            found = next((arcs for arcs in ways if answers(arcs)), None)
            if found is None:
                detours = (arcs for gate in in_order[:MOST_DETOURS] for arcs in one_way(ask, weight, there, gate, back))
                found = next((arcs for arcs in detours if answers(arcs)), None)
            if found is not None:
                yield found


def uses(arcs: Arcs, wanted: Arcs) -> bool:
    """Whether a path uses one of some arcs, which ascend. A search in them takes a tenth of the time of comparing all."""
    return bool(len(wanted)) and bool(np.any(wanted[np.searchsorted(wanted[:-1], arcs)] == arcs))


def joined(graph: Adjacency, there: Tree, gate: int, back: Tree) -> Arcs:
    """The way through an arc that two trees hold."""
    first, last = tree_path(graph, there, int(graph.tail[gate])), tree_path(graph, back, int(graph.head[gate]))
    return np.concatenate([first, [gate], last]).astype(np.int32)


def one_way(ask: Ask, weight: NDArray[np.float64], there: Tree, gate: int, back: Tree) -> Iterator[Arcs]:
    """The ways through an arc of which one half is best and the other half is the best that does not run back over it."""
    network, far = adjacency(ask.graph), int(adjacency(ask.graph).head[gate])
    out = np.append(tree_path(network, there, int(network.tail[gate])), gate)
    ask.heed()
    tree = shortest_tree(network, without_return(ask.graph, weight, out), [ask.end.node], reverse=True, targets=[far])
    if np.isfinite(tree.distance[far]):
        yield joined(network, there, gate, tree)
    near, home = int(network.tail[gate]), np.append(gate, tree_path(network, back, far))
    ask.heed()
    tree = shortest_tree(network, without_return(ask.graph, weight, home), [ask.start.node], targets=[near])
    if np.isfinite(tree.distance[near]):
        yield joined(network, tree, gate, back)


def without_return(graph: Graph, weight: NDArray[np.float64], arcs: NDArray[np.intp]) -> NDArray[np.float64]:
    """Weights with all arcs closed that lead back over the arcs of a path, or through what it should pass once only."""
    key = graph.tail.astype(np.int64) * graph.n + graph.head
    back = graph.head[arcs].astype(np.int64) * graph.n + graph.tail[arcs]
    again = np.isin(graph.arc_facility, passed_once(graph, arcs.astype(np.int32))) & (graph.arc_facility >= 0)
    return np.where(np.isin(key, back) | again, np.inf, weight)


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
    """Whether a path leaves a node on a line by the way it came, is stopped twice at one border, takes a ferry, strait or canal twice, or
    runs back over more than 50 km.

    Unloading and loading again is no turning back, nor is a corner of a country that trains pass without a stop.
    """
    on_line = (graph.arc_kind[arcs] != Kind.LOAD) & (graph.arc_kind[arcs] != Kind.UNLOAD)
    returns = graph.head[arcs[1:]] == graph.tail[arcs[:-1]]
    if np.any(returns & on_line[1:] & on_line[:-1]):
        return True
    passed = passed_once(graph, arcs[costs.weights[0, arcs] > 0])
    if has_twice(passed):
        return True
    runs = arcs[graph.arc_kind[arcs] == Kind.MOVE]
    tail, head = graph.tail[runs].astype(np.int64), graph.head[runs].astype(np.int64)
    there, back = tail * graph.n + head, np.sort(head * graph.n + tail)
    both = (
        back[np.minimum(np.searchsorted(back, there), len(back) - 1)] == there
    )  # np.isin takes ten times as long for so few
    return bool(np.sum(graph.arc_km[runs[both]], dtype=np.float64) / 2 > TURN_KM)


def has_twice(values: NDArray[np.integer]) -> bool:
    """Whether a value occurs twice. (np.unique would load a module of numpy that nothing else needs.)"""
    in_order = np.sort(values)
    return bool(np.any(in_order[1:] == in_order[:-1]))


def passed_once(graph: Graph, arcs: Arcs) -> Arcs:
    """The facilities that a path should pass once only, in order, with repetitions: borders, services, straits and canals."""
    return np.asarray(graph.arc_facility[arcs[is_passed_once(graph, arcs)]])


def is_passed_once(graph: Graph, arcs: NDArray[np.integer]) -> NDArray[np.bool_]:
    """For each of some arcs whether it is of a facility that a path should pass once only."""
    kind, facility = graph.arc_kind[arcs], graph.arc_facility[arcs]
    return np.asarray((kind == Kind.BORDER) | (kind == Kind.SERVICE) | ((kind == Kind.MOVE) & (facility >= 0)))
