"""Named corridors that are possible but beaten: the best way of each, and which of them are worth seeing.

    best way through a gate g of a corridor    min over g of  d(source, tail g) + c(g) + d(head g, target)    in generalized cost

over arcs that have none of the features the corridor never has. A beaten corridor is what is left when the ways that beat it are shut:
sea round the Cape when Suez is, rail by Siberia when Khorgos is. It is worth seeing if

    it is not far      at most 1.5 times the best in time, cost, CO2e or generalized cost among the routes shown that do not fly
    it is the best     of its family (a column of the corridors table), of which no unbeaten route is shown either
    it is no copy      of another beaten one: there is none that beats it and spends alike (dissimilarity below 0.3)

It may well spend as an unbeaten route of another family does: the Cape spends as Suez does, at sea, and yet is another corridor.
Stretch and dissimilarity are those of METHODS 2.5.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import MODES, Graph
from keruen.routing.clashes import best_in_order, clash
from keruen.routing.compiled import THREADS
from keruen.routing.corridors import Corridor, arcs_having, corridor_of, dissimilarity, features_used
from keruen.routing.kernels import Tree, shortest_tree, tree_path, weighted_paths
from keruen.routing.pareto import CO2E, COST, OWN, ROUNDING, TIME, Way, beaten_by, beats, way_of
from keruen.routing.question import DIFFERENT, Named, Question, named_way, turns_back

STRETCH = 1.5  # a beaten corridor is shown up to this multiple of the best in one thing (METHODS 2.5)
FAR = 2.5  # gates are looked for up to this multiple of the least generalized cost
BY_MODE = 900  # corridors from this rank on are named by their modes alone, and not looked for at two gates
FARTHER = (1.1, 1.3, 1.9)  # so many times the best way through each of two things those through both are looked for
MOST_GATES = 6  # gates of a corridor that are tried, best first
MOST_AIMS, AIM_HIGHER = 4, 4.0  # sums that are tried, and how much more counts what was too high
FEW_LABELS = 50_000  # an exact search of so many takes a hundredth of a second

Pairs = list[tuple[Named, Named | None]]


def other_corridors(
    plain: Question,
    questions: list[Question],
    corridors: list[Corridor],
    ways: list[Named],
    chosen: list[Named],
    labels: int,
) -> tuple[Pairs, bool]:
    """The best way of each named corridor that no chosen way belongs to, with the way that beats it (None if none does).

    plain: the question that holds all the others. Beaten ones are left out unless they are worth seeing. Also returned is whether it is
    certain that those shown as unbeaten are.
    """
    near = Nearness(chosen, plain.ask.graph)
    in_order = sorted(best_ways(plain, questions, corridors, chosen, near), key=lambda one: one.generalized_cost_usd)
    known = [*chosen, *ways]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        few = partial(first_that_beats, known, questions, labels=min(labels, FEW_LABELS))
        found = list(pool.map(few, in_order))
    known += [better for better, sure in found if better is not None and sure]
    for i, best in enumerate(in_order):
        if not found[i][1]:
            better, sure = found[i] = first_that_beats(known, questions, best, labels)
            known += [better] if better is not None else []
    certain = all(sure for _, sure in found)
    unbeaten: Pairs = [(best, None) for best, (better, _) in zip(in_order, found, strict=True) if better is None]
    beaten = [(best, better) for best, (better, _) in zip(in_order, found, strict=True) if better is not None]
    families = {one.corridor.family for one in (*chosen, *(one for one, _ in unbeaten))}
    return [*unbeaten, *worth_seeing(beaten, families)], certain


def best_ways(
    plain: Question, questions: list[Question], corridors: list[Corridor], chosen: list[Named], near: Nearness
) -> list[Named]:
    """The best way of each corridor that no chosen way belongs to, as far as one that is not far is found through its gates.

    What is best in the plain question and in order is best of all. So first come its gates, whatever a corridor never uses; then, for the
    corridors whose best ways use that, its gates without it; and each question by itself only for those whose best ways are not in order.
    """
    seen = {one.corridor.key for one in chosen}
    wanted = [corridor for corridor in corridors if corridor.gates and corridor.key not in seen]
    limit = farthest(chosen)
    bests: dict[str, Named] = {}
    with ThreadPoolExecutor(THREADS) as outer, ThreadPoolExecutor(THREADS) as pool:

        def bests_of(asked: Question, wanted: list[Corridor]) -> tuple[list[Named], list[Corridor]]:
            """The best ways in one question, and the corridors that may have better ones elsewhere."""
            found, left = [], [corridor for corridor in wanted if can_go_by(asked, corridor)]
            for strict in (False, True):
                ways = ways_of(asked, left, limit, pool, strict=strict)
                firsts = list(pool.map(partial(first_in_order, asked, corridors, whole=asked is plain), left, ways))
                found += [one for one, _ in firsts if one is not None and near.holds(one)]
                left = [corridor for corridor, (_, settled) in zip(left, firsts, strict=True) if not settled]
                if asked is plain and any(demand.used for demand in plain.ask.demands):
                    break
            return found, left

        found, wanted = bests_of(plain, wanted)
        for more, _ in outer.map(lambda asked: bests_of(asked, wanted), questions):
            found += more
    for best in found:
        known = bests.setdefault(best.corridor.key, best)
        if best.generalized_cost_usd < known.generalized_cost_usd:
            bests[best.corridor.key] = best
    return list(bests.values())


def can_go_by(asked: Question, corridor: Corridor) -> bool:
    """Whether what a question requires can be had without what a corridor never uses."""
    features, never = asked.ask.graph.arc_features, np.uint64(corridor.never)
    return not corridor.never or all(np.any((features[arcs] & never) == 0) for arcs in asked.terms.used)


def first_that_beats(
    known: list[Named], questions: list[Question], one: Named, labels: int
) -> tuple[Named | None, bool]:
    """The first known way that beats a way, else one that is searched for; and whether it is certain if there is none."""
    better = next((other for other in known if beats(other.way.cost, one.way.cost)), None)
    return (better, True) if better is not None else what_beats(questions, one, labels)


def what_beats(questions: list[Question], one: Named, labels: int) -> tuple[Named | None, bool]:
    """A way that answers one of the questions and beats a way, None if there is none; and whether that is certain."""
    certain = True
    for asked in questions:
        way, sure = better_way(asked, one.way.cost, labels)
        if way is not None:
            return named_way(asked.ask, way.cost, asked.base_arc[way.arcs]), sure
        certain &= sure
    return None, certain


def better_way(asked: Question, cost: NDArray[np.float64], labels: int) -> tuple[Way | None, bool]:
    """A way that answers a question and beats a cost, None if there is none; and whether a longer search would find no better one, or one.

    Where the exact search is long, the way of the least sum of the three criteria, each as a share of its cost, is tried before it: what
    beats the cost has no larger sum than that has, so that there is none if the least sum is larger. Where that way is worse in one
    criterion, the criterion counts more in the next sum.
    """

    def search(labels: int) -> tuple[Way | None, bool]:
        return beaten_by(
            asked.graph, asked.wishes, asked.view, asked.source, cost, labels,
            asked.allows, partial(clash, asked), asked.ask.heed,
        )  # fmt: skip

    way, sure = search(min(labels, FEW_LABELS))
    if sure or labels <= FEW_LABELS:
        return way, sure
    shares = 1 / np.where(cost > 0, cost, 1.0)
    for _ in range(MOST_AIMS):
        best, _, sure = best_in_order(asked, (TIME, COST, CO2E), float(shares @ cost) * (1 + ROUNDING), shares.tolist())
        if best is None and sure:
            return None, True
        if best is None or beats(best.cost, cost):
            break
        shares[best.cost > cost] *= AIM_HIGHER
    if best is not None and beats(best.cost, cost):
        return best, True
    way, sure = search(labels)
    return way, sure or way is not None


class Nearness:
    """Whether a way is not far: at most 1.5 times the best in something, among the chosen ways that do not fly."""

    def __init__(self, chosen: list[Named], graph: Graph) -> None:
        air = MODES.index("air")
        grounded = [one for one in chosen if not np.any(graph.arc_mode[one.arcs] == air)] or chosen
        self.limit = STRETCH * np.min([self.measures(one) for one in grounded], axis=0)

    @staticmethod
    def measures(one: Named) -> NDArray[np.float64]:
        """Hours, USD, kg CO2e and generalized cost in USD of a way."""
        return np.append(one.way.cost, one.generalized_cost_usd)

    def holds(self, one: Named) -> bool:
        """Whether a way is not far."""
        return bool(np.any(self.measures(one) <= self.limit))


def worth_seeing(beaten: list[tuple[Named, Named]], families: set[str]) -> Pairs:
    """Of beaten corridors, best first, those whose family is not shown yet and that copy no better one."""
    kept: Pairs = []
    for best, better in beaten:
        copies = any(
            beats(other.way.cost, best.way.cost) and dissimilarity(other.spent, best.spent) < DIFFERENT
            for other, _ in kept
        )
        if best.corridor.family not in families and not copies:
            families = families | {best.corridor.family}
            kept.append((best, better))
    return kept


@dataclass(frozen=True)
class Gates:
    """Arcs that may be gates of corridors, the generalized cost of the best way through each, their features, the trees,
    the limit, and the generalized cost of all arcs of the network."""

    arcs: NDArray[np.intp]
    total: NDArray[np.float64]
    features: NDArray[np.uint64]
    there: Tree
    back: Tree
    limit: float
    money: NDArray[np.float64]

    def of(self, features: int) -> NDArray[np.intp]:
        """Arcs that have any of these features."""
        return np.asarray(self.arcs[(self.features & np.uint64(features)) != 0])


def least_of(values: NDArray[np.float64], most: int, limit: float) -> list[int]:
    """The positions of the least values up to a limit, in their order; of equal ones the first."""
    if len(values) > most:
        limit = min(limit, float(np.partition(values, most - 1)[most - 1]))
    mine = np.flatnonzero(values <= limit)
    found: list[int] = mine[np.argsort(values[mine], kind="stable")][:most].tolist()
    return found


def money_without(asked: Question, never: int) -> NDArray[np.float64]:
    """The generalized cost of the arcs of the network in a question, those closed that have any of some features (bits)."""
    money: NDArray[np.float64] = asked.wishes.weights[OWN]
    if never:
        money = money.copy()
        money[arcs_having(asked.ask.graph, never)] = np.inf
    return money


def trees_within(asked: Question, limit: float, never: int) -> tuple[Tree, Tree]:
    """The ways there and back, in generalized cost, of at most the limit that have none of the features of `never`; remembered.

    The way back from everywhere to the target is known already where nothing is shut that is open in the outlook.
    """

    def grow() -> tuple[Tree, Tree]:
        graph, money = asked.graph, money_without(asked, never)

        def grow_back(ahead: NDArray[np.float64] | None) -> Tree:
            asked.ask.heed()
            return shortest_tree(graph, money, [asked.target], reverse=True, cutoff=limit, ahead=ahead)

        def grow_there() -> Tree:
            asked.ask.heed()
            return shortest_tree(graph, money, [asked.source], cutoff=limit, ahead=asked.view.h[OWN])

        if graph.layers > 1:  # so long that both at once are worth more than what the first spares the second
            with ThreadPoolExecutor(1) as other:
                back = other.submit(grow_back, None)
                return grow_there(), back.result()
        there = grow_there()
        known = None if never or asked.view.wishes is not asked.wishes else asked.view.own
        return there, known or grow_back(there.distance)

    return asked.trees.find((limit, never), grow)


def looked_ahead(plain: Question, questions: list[Question], chosen: list[Named]) -> None:
    """Grow the trees that `other_corridors` begins with, for a thread that would else be idle."""
    limit = farthest(chosen)
    for asked in (plain, *questions):
        trees_within(asked, limit, 0)


def farthest(chosen: list[Named]) -> float:
    """The generalized cost up to which gates are looked for."""
    return FAR * min(one.generalized_cost_usd for one in chosen)


def gates_within(asked: Question, limit: float, never: int, features: int) -> Gates:
    """The arcs with any of some features (bits) through which a way of at most the limit leads that has none of those of `never`."""
    graph, money = asked.graph, money_without(asked, never)
    there, back = trees_within(asked, limit, never)
    arcs = asked.copies(arcs_having(asked.ask.graph, features))
    total = there.distance[graph.tail[arcs]] + money[asked.base_arc[arcs]] + back.distance[graph.head[arcs]]
    near = total <= limit
    arcs = arcs[near]
    return Gates(arcs, total[near], asked.ask.graph.arc_features[asked.base_arc[arcs]], there, back, limit, money)


Ways = Iterable[NDArray[np.int32]]


def ways_of(asked: Question, wanted: list[Corridor], limit: float, pool: Executor, *, strict: bool) -> list[Ways]:
    """For each corridor ways of at most the limit that may be its best, best first; strict: without what it never uses.

    A corridor that is told by its modes has the best way of all, if that goes through as many of its gates as would be tried.
    """
    never = [corridor.never if strict else 0 for corridor in wanted]
    direct = list(pool.map(lambda one, shut: way_by_mode(asked, one, shut), wanted, never))
    sought: dict[int, int] = {}
    for corridor, shut, way in zip(wanted, never, direct, strict=True):
        if way is None:
            sought[shut] = sought.get(shut, 0) | reduce(or_, corridor.also, corridor.gates)
    gates = dict(
        zip(sought, pool.map(lambda shut: gates_within(asked, limit, shut, sought[shut]), sought), strict=True)
    )
    return [
        ways_through(asked, corridor, gates[shut]) if way is None else [way]
        for corridor, shut, way in zip(wanted, never, direct, strict=True)
    ]


def way_by_mode(asked: Question, corridor: Corridor, never: int) -> NDArray[np.int32] | None:
    """The best way without some features, for a corridor told by its modes; None if too little of it is by them, or for another."""
    if corridor.rank < BY_MODE:
        return None
    asked.ask.heed()
    money, bound, graph = money_without(asked, never)[None], asked.view.h[OWN : OWN + 1], asked.graph
    way = weighted_paths(graph, money, bound, asked.source, asked.target, [1.0]).path(0)
    gates = asked.ask.graph.arc_features[asked.base_arc[way]] & np.uint64(corridor.gates)
    return way if np.count_nonzero(gates) >= MOST_GATES else None


def first_in_order(
    asked: Question, corridors: list[Corridor], corridor: Corridor, ways: Ways, *, whole: bool
) -> tuple[Named | None, bool]:
    """The first of a corridor's ways that is in order; and whether no better one can be found by looking more strictly.

    None as soon as one comes that uses what the corridor never does, or, in the question that holds all others, `whole`, that is not as
    asked: what is best without that may be another one.
    """
    ask = asked.ask
    for arcs in ways:
        ask.heed()
        on_the_network = asked.base_arc[arcs]
        if features_used(ask.graph, on_the_network) & corridor.never or (whole and not ask.meets(on_the_network)):
            return None, False
        if is_of(asked, corridors, corridor, arcs):
            return named_way(ask, way_of(asked.wishes, arcs).cost, on_the_network), True
    return None, not (whole and any(demand.used for demand in ask.demands))


def is_of(asked: Question, corridors: list[Corridor], corridor: Corridor, arcs: NDArray[np.int32]) -> bool:
    """Whether a way over arcs of the searched graph belongs to a corridor, passes no node twice, never turns back and is allowed."""
    ask, on_the_network = asked.ask, asked.base_arc[arcs]
    nodes = asked.graph.head[arcs]
    return (
        corridor_of(corridors, features_used(ask.graph, on_the_network)) is corridor
        and len(set(nodes.tolist())) == len(nodes)
        and asked.source not in nodes
        and not turns_back(ask.graph, ask.costs, on_the_network)
        and ask.allows(on_the_network)
    )


def ways_through(asked: Question, corridor: Corridor, gates: Gates) -> Iterator[NDArray[np.int32]]:
    """Ways through a gate of a corridor, best first; then the best ways through a gate and each other thing it must also use."""
    graph = asked.graph
    mine = np.flatnonzero((gates.features & np.uint64(corridor.gates)) != 0)
    for i in least_of(gates.total[mine], MOST_GATES, gates.limit):
        gate = int(gates.arcs[mine[i]])
        before = tree_path(graph, gates.there, int(graph.tail[gate]))
        after = tree_path(graph, gates.back, int(graph.head[gate]))
        yield np.concatenate([before, [gate], after]).astype(np.int32)
    if len(mine) and corridor.rank < BY_MODE and all(len(gates.of(feature)) for feature in corridor.also):
        for feature in corridor.also:
            yield from ways_through_two(asked, gates, gates.of(corridor.gates), gates.of(feature))


def ways_through_two(
    asked: Question, gates: Gates, first: NDArray[np.intp], second: NDArray[np.intp]
) -> Iterator[NDArray[np.int32]]:
    """The best ways through an arc of `first` and later one of `second`, then the best the other way round.

    d(source, tail a) + c(a) + d(head a, tail b) + c(b) + d(head b, target): one tree from all heads a at once finds the best pair. It is
    grown little farther than the best way through each needs, and to the limit only if that is not enough.
    """
    graph, back = asked.graph, gates.back.distance
    for a, b in ((first, second), (second, first)):
        start = gates.there.distance[graph.tail[a]] + gates.money[asked.base_arc[a]]
        onward = gates.money[asked.base_arc[b]] + back[graph.head[b]]
        floor = max(np.min(start + back[graph.head[a]]), np.min(gates.there.distance[graph.tail[b]] + onward))
        tried = 0
        for cutoff in (*(share * floor for share in FARTHER if share * floor < gates.limit), gates.limit):
            asked.ask.heed()
            between = shortest_tree(
                graph, gates.money, graph.head[a], offsets=start, targets=graph.tail[b], cutoff=cutoff, ahead=back
            )
            total = between.distance[graph.tail[b]] + onward
            for best in least_of(total, MOST_GATES, cutoff)[tried:]:
                tried += 1
                middle = tree_path(graph, between, int(graph.tail[b[best]]))
                root = int(graph.tail[middle[0]] if len(middle) else graph.tail[b[best]])
                here = np.flatnonzero(graph.head[a] == root)
                gate = int(a[here[np.argmin(start[here])]])
                before = tree_path(graph, gates.there, int(graph.tail[gate]))
                after = tree_path(graph, gates.back, int(graph.head[b[best]]))
                yield np.concatenate([before, [gate], middle, [b[best]], after]).astype(np.int32)
            if tried == min(MOST_GATES, len(b)):
                break
