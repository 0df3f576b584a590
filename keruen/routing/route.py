"""Which ways lead from A to B: the corridors side by side.

    places -> nodes;  shipment -> weights (hours, USD, kg);  avoid -> closed arcs;  require -> layers of a product graph
    efficient ways (pareto) -> at most eight that really differ, named by corridor
    named corridors that are possible but beaten -> their best way through their gates, and what beats them

Every route shown is certified: an exact search looks for a way at least as good in time, cost and CO2e; what it finds is shown instead,
or named as what beats it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, NoRoute, UnknownOption
from keruen.network.build import World, open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.network.graph import MODES, Graph, Kind
from keruen.routing.corridors import (
    Corridor,
    Signature,
    corridor_of,
    corridors_of,
    dissimilarity,
    features_used,
    item_name,
    signature,
)
from keruen.routing.cost import ArcCosts, unknown_tolls, weighting, world_costs
from keruen.routing.demands import Demand, avoided, required, ruled_out
from keruen.routing.ends import Access, access_of, place_ref
from keruen.routing.itinerary import Itinerary
from keruen.routing.kernels import Adjacency, Tree, product_graph, shortest_tree, tree_path
from keruen.routing.pareto import (
    OWN,
    TIME,
    Outlook,
    Preferences,
    Tolerance,
    Way,
    beaten_by,
    beats,
    efficient_ways,
    outlook,
    preferences,
    way_of,
)
from keruen.routing.reliability import with_reliability
from keruen.routing.result import BeatenBy, PlaceRef, Route, RouteResult
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset

OBJECTIVES = {"fastest": 0, "cheapest": 1, "cleanest": 2}
MOST_ROUTES = 8
DIFFERENT = 0.3  # dissimilarity from which two routes are told apart (METHODS 2.5)
DIFFERENT_WITHIN = 0.5  # the same for two routes of one corridor
WORTH_SEEING = (
    1.75  # a beaten corridor is shown up to this multiple of the time and of the cost of some way on the ground or sea
)
FAR = 2.5  # gates are looked for up to this multiple of the least generalized cost
MOST_DEMANDS = 4
MOST_OUTLOOKS = 8
BY_MODE = 900  # corridors from this rank on are named by their modes alone, and not looked for at two gates
MOST_GATES = 6  # gates of a corridor that are tried, best first


class SamePlace(KeruenError):
    """Origin and destination are one place, so there is nothing to route."""

    kind = "same_place"


@dataclass(frozen=True)
class Question:
    """A worked-out question: the graph that is searched (with layers for what is required), its weightings, and its ends.

    `base_arc` int32[m'] maps the arcs of the searched graph to those of the network.
    """

    world: World
    costs: ArcCosts
    graph: Adjacency
    wishes: Preferences
    base_arc: NDArray[np.int32]
    source: int
    target: int
    start: Access
    end: Access


@dataclass(frozen=True)
class Named:
    """A way with its corridor, what it spends its generalized cost on, and that cost in USD."""

    way: Way
    arcs: NDArray[np.int32]
    corridor: Corridor
    spent: Signature
    generalized_cost_usd: float


def route(
    data: Dataset,
    origin: str,
    destination: str,
    *,
    shipment: Shipment | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
    sanctions: Sequence[str] = (),
    objective: str = "",
    only_unbeaten: bool = False,
    most: int = MOST_ROUTES,
    tolerance: Tolerance | None = None,
) -> RouteResult:
    """The ways from origin to destination that are worth knowing, in order of generalized cost; beaten corridors last.

    origin, destination: UN/LOCODE or name in English or Russian. avoid, require: names of countries, places, passages, modes,
    corridors, services or borders, or `kind:value`; sanctions: profiles of the sanctions table. objective: "fastest", "cheapest" or
    "cleanest" for that one way alone. only_unbeaten: leave out corridors that another way beats.

    Raises:
        UnknownPlace, AmbiguousPlace, SamePlace, BadShipment, UnknownCommodity, UnknownOption: the question cannot be understood.
        NoRoute: it can, and there is no way; `blocked_by` names what shuts it.
    """
    if objective and objective not in OBJECTIVES:
        raise UnknownOption(
            f"Unknown objective {objective!r}; it is one of {', '.join(OBJECTIVES)}.", tuple(OBJECTIVES)
        )
    if not 1 <= most <= 50:
        raise UnknownOption(f"The number of routes must be between 1 and 50, not {most}.")
    world = open_world(data)
    start, end = resolve(world.gazetteer, origin), resolve(world.gazetteer, destination)
    if start.code == end.code:
        raise SamePlace(f"Origin and destination are both {start.name} ({start.code}); name two different places.")
    load = consignment(data, shipment or Shipment())
    costs = world_costs(data, world.graph, load)
    blocks, demands = avoided(data, world, avoid, sanctions), required(data, world, require)
    blocks += ruled_out(data, world, require)
    asked = question(world, costs, start, end, blocks, demands)
    view = world_outlook(asked, plain=not blocks and not demands)
    if not np.isfinite(view.h[0, asked.source]):
        raise no_route(world, costs, start, end, blocks, demands)
    corridors = corridors_of(list(data["corridors"]), world.graph)
    how = tolerance or Tolerance()
    front = efficient_ways(asked.graph, asked.wishes, view, asked.source, how)
    money = asked.wishes.weights[OWN]
    named = [name_way(asked, corridors, way, money) for way in front.ways]
    if objective:
        k = OBJECTIVES[objective]
        chosen = [min(named, key=lambda one: (one.way.cost[k], one.generalized_cost_usd))]
    else:
        chosen = choose(named, most)
    chosen, certain = certified(asked, view, corridors, chosen, money, how)
    shown: list[tuple[Named, Named | None]] = [(one, None) for one in chosen]
    if not objective:
        others, sure = other_corridors(asked, view, corridors, front.ways, chosen, money, how)
        certain &= sure
        shown = in_order(shown, others, most, only_unbeaten=only_unbeaten)
    itinerary = Itinerary(data, world.graph, asked.costs)
    refs = place_ref(start), place_ref(end)
    routes = tuple(to_route(asked, itinerary, refs, one, better) for one, better in shown)
    routes = with_reliability(data, routes, load.value_of_time_usd_per_h)
    warnings = [] if certain else ["The search for ways that beat those shown did not end within its limit."]
    if free := unknown_tolls(data, world.graph, load, np.concatenate([one.arcs for one, _ in shown])):
        warnings.append(f"The toll of {', '.join(free)} for this load is not known and is missing from the costs.")
    return RouteResult(
        origin=refs[0],
        destination=refs[1],
        shipment=load.to_dict(),
        coverage={
            "method": "ways near the best for some weighting of time, cost and CO2e; each route shown certified by an exact search",
            "share": how.share, "eps": how.eps, "delta": how.delta,
            "ways_found": len(front.ways), "truncated": front.truncated, "certified": certain,
        },
        routes=routes,
        places=itinerary.places,
        warnings=tuple(warnings),
    )  # fmt: skip


def adjacency(graph: Graph) -> Adjacency:
    """The network as the kernels read it, remembered with it."""
    if "adjacency" not in graph.memo:
        graph.memo["adjacency"] = Adjacency(
            first_out=graph.first_out, head=graph.head, tail=graph.tail, first_in=graph.first_in, in_arc=graph.in_arc
        )
    found: Adjacency = graph.memo["adjacency"]
    return found


def world_outlook(asked: Question, *, plain: bool) -> Outlook:
    """The outlook to the target; of plain questions (nothing avoided or required) the last few are remembered with the costs."""
    known = asked.costs.outlooks if plain else {}
    if asked.target not in known:
        while len(known) >= MOST_OUTLOOKS:
            known.pop(next(iter(known)))
        known[asked.target] = outlook(asked.graph, asked.wishes, asked.target)
    found: Outlook = known[asked.target]
    return found


def world_preferences(costs: ArcCosts) -> Preferences:
    """The weightings of the whole network for a consignment, remembered with its costs."""
    if "preferences" not in costs.memo:
        costs.memo["preferences"] = preferences(costs.weights, weighting(costs.consignment))
    found: Preferences = costs.memo["preferences"]
    return found


def question(
    world: World,
    costs: ArcCosts,
    start: Entry,
    end: Entry,
    blocks: Sequence[Demand],
    demands: Sequence[Demand],
    weigh: Callable[[NDArray[np.float64], NDArray[np.float64]], Preferences] = preferences,
) -> Question:
    """The graph, weights and ends of a question. Arcs of `blocks` are closed; each of `demands` must be used once.

    A passage that is asked for by name is open even if it is shut unless asked for, as the Arctic is. What is asked for by mode or
    country opens nothing, nor does a closed border. weigh: the weightings that are wanted of the weights, by default all that a comparison
    needs.
    """
    if len(demands) > MOST_DEMANDS:
        raise UnknownOption(f"At most {MOST_DEMANDS} things can be required at once, not {len(demands)}.")
    graph = adjacency(world.graph)
    costs = costs.opened(demand.arcs for demand in demands if are_passages(world.graph, demand.arcs))
    if blocks or weigh is not preferences:
        weights = costs.weights.copy() if blocks else costs.weights
        for block in blocks:
            weights[:, block.arcs] = np.inf
        wishes = weigh(weights, weighting(costs.consignment))
    else:
        wishes = world_preferences(costs)
    enter, leave = access_of(world, start, 0), access_of(world, end, 1)
    source, target = enter.node, leave.node
    base_arc = np.arange(graph.m, dtype=np.int32)
    if demands:
        bits = np.zeros(graph.m, np.uint8)
        for b, demand in enumerate(demands):
            bits[demand.arcs] |= np.uint8(1 << b)
        product = product_graph(world.graph.first_out, world.graph.head, bits, len(demands))
        graph, base_arc = product.graph, product.base_arc
        wishes = Preferences(wishes.lambdas, np.ascontiguousarray(wishes.weights[:, base_arc]))
        source, target = product.node(source, 0), product.node(target, product.full)
    return Question(world, costs, graph, wishes, base_arc, source, target, enter, leave)


def are_passages(graph: Graph, arcs: NDArray[np.int32]) -> bool:
    """Whether all arcs are lanes through named passages."""
    return bool(np.all((graph.arc_kind[arcs] == Kind.MOVE) & (graph.arc_facility[arcs] >= 0)))


def name_way(asked: Question, corridors: list[Corridor], way: Way, money: NDArray[np.float64]) -> Named:
    """A way with its corridor and signature."""
    graph = asked.world.graph
    arcs = asked.base_arc[way.arcs]
    corridor = corridor_of(corridors, features_used(graph, arcs))
    if corridor is None:
        corridor = Corridor("unnamed", "Other", "Иной", 10**6, 0, (), 0)
    spent = signature(graph, arcs, money[way.arcs])
    return Named(way, arcs, corridor, spent, float(np.sum(money[way.arcs])))


def choose(named: list[Named], most: int) -> list[Named]:
    """At most `most` ways that really differ: the best by each criterion and by generalized cost, each corridor, then the rest."""
    by_money = sorted(named, key=lambda one: one.generalized_cost_usd)
    ends = [min(named, key=lambda one: (one.way.cost[k], one.generalized_cost_usd)) for k in range(3)]
    firsts: dict[str, Named] = {}
    for one in by_money:
        firsts.setdefault(one.corridor.key, one)
    kept: list[Named] = []
    for one in [by_money[0], *ends, *firsts.values(), *by_money]:
        if len(kept) < most and all(differs(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.generalized_cost_usd)


def in_order(
    chosen: list[tuple[Named, Named | None]],
    others: list[tuple[Named, Named | None]],
    most: int,
    *,
    only_unbeaten: bool,
) -> list[tuple[Named, Named | None]]:
    """At most `most` unbeaten routes in order of generalized cost, then the beaten ones in the same order unless they are not wanted."""
    unbeaten = (chosen + [pair for pair in others if pair[1] is None])[:most]
    beaten = [] if only_unbeaten else [pair for pair in others if pair[1] is not None]
    parts = (sorted(part, key=lambda pair: pair[0].generalized_cost_usd) for part in (unbeaten, beaten))
    return [pair for part in parts for pair in part]


def differs(a: Named, b: Named) -> bool:
    """Whether two ways are worth showing beside each other."""
    least = DIFFERENT_WITHIN if a.corridor.key == b.corridor.key else DIFFERENT
    return dissimilarity(a.spent, b.spent) >= least


def certified(
    asked: Question,
    view: Outlook,
    corridors: list[Corridor],
    chosen: list[Named],
    money: NDArray[np.float64],
    how: Tolerance,
) -> tuple[list[Named], bool]:
    """The chosen ways, each replaced by the way that beats it until none does; and whether that is certain for all."""
    certain = True
    kept: list[Named] = []
    for one in chosen:
        better, sure = beaten_by(asked.graph, asked.wishes, view, asked.source, one.way.cost, how.labels)
        while better is not None:
            one = name_way(asked, corridors, better, money)
            better, sure = beaten_by(asked.graph, asked.wishes, view, asked.source, one.way.cost, how.labels)
        certain &= sure
        if all(differs(one, other) for other in kept):
            kept.append(one)
    return kept, certain


def other_corridors(
    asked: Question,
    view: Outlook,
    corridors: list[Corridor],
    ways: list[Way],
    chosen: list[Named],
    money: NDArray[np.float64],
    how: Tolerance,
) -> tuple[list[tuple[Named, Named | None]], bool]:
    """The best way of each named corridor that no chosen way belongs to, with the way that beats it (None if none does).

    The best way through a gate g is  min over g of  d(source, tail g) + c(g) + d(head g, target)  in generalized cost, over arcs that
    have none of the features the corridor never has. Also returned is whether it is certain that those shown as unbeaten are.
    """
    seen = {one.corridor.key for one in chosen}
    wanted = [corridor for corridor in corridors if corridor.gates and corridor.key not in seen]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        limit = FAR * min(one.generalized_cost_usd for one in chosen)
        features = asked.world.graph.arc_features[asked.base_arc]
        shut = list(dict.fromkeys(corridor.never for corridor in wanted))
        found_gates = pool.map(lambda never: gates_within(asked, money, features, limit, never), shut)
        gates = dict(zip(shut, found_gates, strict=True))
        bests = list(pool.map(lambda one: best_through(asked, corridors, one, gates[one.never], money), wanted))
    found: list[tuple[Named, Named | None]] = []
    certain = True
    for best in bests:
        if best is None or not worth_seeing(asked.world.graph, best, chosen):
            continue
        better = next((one for one in chosen if beats(one.way.cost, best.way.cost)), None)
        if better is None:
            way = next((way for way in ways if beats(way.cost, best.way.cost)), None)
            if way is None:
                way, sure = beaten_by(asked.graph, asked.wishes, view, asked.source, best.way.cost, how.labels)
                certain &= sure
            better = name_way(asked, corridors, way, money) if way is not None else None
        found.append((best, better))
    return sorted(found, key=lambda pair: (pair[1] is not None, pair[0].generalized_cost_usd)), certain


def worth_seeing(graph: Graph, one: Named, chosen: list[Named]) -> bool:
    """Whether a way is not too far, in time and in money, from some chosen way that does not fly."""
    air = MODES.index("air")
    grounded = [other for other in chosen if not np.any(graph.arc_mode[other.arcs] == air)] or chosen
    return any(np.all(one.way.cost[:2] <= WORTH_SEEING * other.way.cost[:2]) for other in grounded)


@dataclass(frozen=True)
class Gates:
    """Arcs that may be gates of corridors, the generalized cost of the best way through each, their features, the trees,
    the limit, and the generalized cost of all arcs."""

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


def gates_within(
    asked: Question, money: NDArray[np.float64], features: NDArray[np.uint64], limit: float, never: int
) -> Gates:
    """The arcs through which a way of at most the limit leads that has none of the features (bits) of `never`."""
    kept = np.where((features & np.uint64(never)) != 0, np.inf, money)
    there = shortest_tree(asked.graph, kept, [asked.source], cutoff=limit)
    back = shortest_tree(asked.graph, kept, [asked.target], reverse=True, cutoff=limit)
    total = there.distance[asked.graph.tail] + kept + back.distance[asked.graph.head]
    near = np.flatnonzero(total <= limit)
    return Gates(near, total[near], features[near], there, back, limit, kept)


def best_through(
    asked: Question, corridors: list[Corridor], corridor: Corridor, gates: Gates, money: NDArray[np.float64]
) -> Named | None:
    """The best way through a gate of a corridor, if it belongs to that corridor, passes no node twice and never turns back."""
    for arcs in ways_through(asked, corridor, gates):
        nodes = asked.graph.head[arcs]
        simple = len(np.unique(nodes)) == len(nodes) and asked.source not in nodes
        on_the_network = asked.base_arc[arcs]
        if (
            simple
            and not turns_back(asked.world.graph, asked.costs, on_the_network)
            and corridor_of(corridors, features_used(asked.world.graph, on_the_network)) is corridor
        ):
            return name_way(asked, corridors, way_of(asked.wishes, arcs), money)
    return None


def turns_back(graph: Graph, costs: ArcCosts, arcs: NDArray[np.int32]) -> bool:
    """Whether a path leaves a node on a line by the way it came, or is stopped twice at one border.

    Unloading and loading again is no turning back, nor is a corner of a country that trains pass without a stop.
    """
    on_line = (graph.arc_kind[arcs] != Kind.LOAD) & (graph.arc_kind[arcs] != Kind.UNLOAD)
    returns = graph.head[arcs[1:]] == graph.tail[arcs[:-1]]
    borders = arcs[(graph.arc_kind[arcs] == Kind.BORDER) & (costs.weights[0, arcs] > 0)]
    crossed = graph.arc_facility[borders]
    return bool(np.any(returns & on_line[1:] & on_line[:-1])) or len(np.unique(crossed)) < len(crossed)


def ways_through(asked: Question, corridor: Corridor, gates: Gates) -> Iterator[NDArray[np.int32]]:
    """Ways through a gate of a corridor, best first; then the best ways through a gate and each other thing it must also use."""
    graph = asked.graph
    mine = np.flatnonzero((gates.features & np.uint64(corridor.gates)) != 0)
    if len(mine) > MOST_GATES:
        mine = mine[np.argpartition(gates.total[mine], MOST_GATES)[:MOST_GATES]]
    for i in mine[np.argsort(gates.total[mine], kind="stable")]:
        gate = int(gates.arcs[i])
        before = tree_path(graph, gates.there, int(graph.tail[gate]))
        after = tree_path(graph, gates.back, int(graph.head[gate]))
        yield np.concatenate([before, [gate], after]).astype(np.int32)
    if len(mine) and corridor.rank < BY_MODE and all(len(gates.of(feature)) for feature in corridor.also):
        for feature in corridor.also:
            yield from ways_through_two(graph, gates, gates.of(corridor.gates), gates.of(feature))


def ways_through_two(
    graph: Adjacency, gates: Gates, first: NDArray[np.intp], second: NDArray[np.intp]
) -> Iterator[NDArray[np.int32]]:
    """The best ways through an arc of `first` and later one of `second`, then the best the other way round.

    d(source, tail a) + c(a) + d(head a, tail b) + c(b) + d(head b, target): one tree from all heads a at once finds the best pair.
    """
    for a, b in ((first, second), (second, first)):
        start = gates.there.distance[graph.tail[a]] + gates.money[a]
        between = shortest_tree(graph, gates.money, graph.head[a], offsets=start, cutoff=gates.limit)
        total = between.distance[graph.tail[b]] + gates.money[b] + gates.back.distance[graph.head[b]]
        for best in np.argsort(total, kind="stable")[:MOST_GATES].tolist():
            if total[best] > gates.limit:
                break
            middle = tree_path(graph, between, int(graph.tail[b[best]]))
            root = int(graph.tail[middle[0]] if len(middle) else graph.tail[b[best]])
            here = np.flatnonzero(graph.head[a] == root)
            gate = int(a[here[np.argmin(start[here])]])
            before = tree_path(graph, gates.there, int(graph.tail[gate]))
            after = tree_path(graph, gates.back, int(graph.head[b[best]]))
            yield np.concatenate([before, [gate], middle, [b[best]], after]).astype(np.int32)


def to_route(
    asked: Question, itinerary: Itinerary, refs: tuple[PlaceRef, PlaceRef], one: Named, better: Named | None
) -> Route:
    """The frozen record of a way, with the kilometres to and from the road where a place has no terminal."""
    corridor, graph = one.corridor, asked.world.graph
    ends = asked.start, asked.end
    access = sum((asked.costs.by_road(end.km, end.country) for end in ends), np.zeros(3))
    access_usd = float(weighting(asked.costs.consignment) @ access)
    return Route(
        corridor=corridor.key, corridor_name=corridor.name, corridor_name_ru=corridor.name_ru,
        legs=itinerary.legs(one.arcs, *refs, *ends), generalized_cost_usd=one.generalized_cost_usd + access_usd,
        beaten_by=to_beaten(better) if better else None,
        signature={item_name(graph, item): share for item, share in sorted(one.spent.items(), key=lambda pair: -pair[1])},
    )  # fmt: skip


def to_beaten(one: Named) -> BeatenBy:
    """What beats a route, as the result names it."""
    time_h, cost_usd, co2e_kg = (float(x) for x in one.way.cost)
    return BeatenBy(one.corridor.key, one.corridor.name, one.corridor.name_ru, time_h, cost_usd, co2e_kg)


def no_route(
    world: World, costs: ArcCosts, start: Entry, end: Entry, blocks: Sequence[Demand], demands: Sequence[Demand]
) -> NoRoute:
    """The error for a question without an answer: what, when taken away alone, opens a way; else all that was asked; else the load."""

    def reachable(kept_blocks: Sequence[Demand], kept_demands: Sequence[Demand]) -> bool:
        asked = question(world, costs, start, end, kept_blocks, kept_demands)
        tree = shortest_tree(asked.graph, asked.wishes.weights[TIME], [asked.source], targets=[asked.target])
        return bool(np.isfinite(tree.distance[asked.target]))

    load = costs.consignment
    what = (
        f"no route from {start.name} ({start.code}) to {end.name} ({end.code}) for {load.commodity_name} in {load.unit}"
    )
    if not reachable((), ()):
        reason = f"{what}: the network has no way that can carry {load.load.replace('_', ' ')} between them"
        return NoRoute(
            f"{reason[0].upper()}{reason[1:]}. Try another load unit or commodity, or a terminal nearby.",
            [f"load {load.load}"],
        )
    keys = [f"avoid {b.text}" for b in blocks] + [f"require {d.text}" for d in demands]
    alone = [f"avoid {b.text}" for b in blocks if reachable([x for x in blocks if x is not b], demands)]
    alone += [f"require {d.text}" for d in demands if reachable(blocks, [x for x in demands if x is not d])]
    blocked = alone or keys
    together = "" if alone else " together"
    return NoRoute(f"{what[0].upper()}{what[1:]}: blocked{together} by {', '.join(blocked)}.", blocked)
