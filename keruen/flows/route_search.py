"""Routes of many pairs of zones at once: searched on a few metrics of one hierarchy for each class of cargo.

    direct       the best way of every pair, on the network as it is and on it without what some corridor never uses
    gates        min over gates g of  d(origin, tail g) + c(g) + d(head g, destination):  the best way of a corridor for every pair from
                 two tables; for a corridor that needs two things, through both, in either order
    penalties    things with bit b of a code of their names cost half as much again in round b; two of them are told apart in 2 rounds of 3

Paths to and from gates are shared by all pairs that pass them. A candidate is dropped if it takes more than twice the generalized cost of
the best, passes a place twice, or passes a border, ferry, strait or canal twice. Of the rest those are kept that differ: the best
of each corridor, and others of which a tenth of the cost is spent on other things (METHODS 2.5: weighted Jaccard of corridor signatures).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.flows.demand import CargoClass
from keruen.flows.route_kernels import (
    LOOP,
    PARTS,
    Candidates,
    Paths,
    all_paths,
    candidate_paths,
    distinct,
    path_sizes,
    paths_of,
    route_sums,
    route_totals,
    routes_with,
)
from keruen.network.build import World
from keruen.network.gazetteer import resolve
from keruen.network.graph import Graph, Kind
from keruen.routing.corridors import RUN_BASE, Corridor, arcs_having, corridors_of, item_name
from keruen.routing.cost import ArcCosts, weighting, world_costs
from keruen.routing.ends import Access, access_of
from keruen.routing.hierarchy import Hierarchy, Known, Metric, customize, table
from keruen.routing.matrix import world_hierarchy
from keruen.routing.progress import Heed, unheard
from keruen.routing.question import is_passed_once
from keruen.routing.remember import Remembered
from keruen.routing.season import closed_on
from keruen.routing.shipment import Consignment, Shipment, consignment
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Offsets = NDArray[np.int64]

STRETCH = 2.0  # a route is kept up to this multiple of the least generalized cost of its market
MOST = 8  # routes of a market
DIFFERENT, DIFFERENT_WITHIN = 0.02, 0.1  # dissimilarity from which routes of two corridors, and of one, are told apart
PENALTY, ROUNDS = 1.5, 4
DIRECT_SHARE = 0.6  # of the time of a search
AT_ONCE = 4096  # paths found between two calls of heed: some tenths of a second
MOST_GATES = 64  # what has more arcs is no gate: a way is not sought through it, only checked for it
GAIN = 0.01  # share of its cost that a further way must save a market
MANY = 4000  # markets from which pruning a metric takes less time than it saves
MOST_PRICED = 24  # classes whose costs are remembered: those of three datasets
MOST_KNOWN = 8  # classes of which a metric is kept to work out others from
EQUAL = 1e-9  # relative difference of two sums of the same numbers


@dataclass(frozen=True, eq=False)
class Ground:
    """What the searches of all classes share: the network, its hierarchy, the corridors by rank, and how zones reach the network.

    enter, leave: where journeys from and to each zone start and end.
    item int32[m]: what each arc's cost is spent on; item_bits uint32[items]: the code of its name. heed: called between one kernel and
    the next, from several threads; what it raises ends the search.
    """

    data: Dataset
    world: World
    hierarchy: Hierarchy
    corridors: tuple[Corridor, ...]
    enter: tuple[Access, ...]
    leave: tuple[Access, ...]
    item: Rows
    item_bits: NDArray[np.uint32]
    heed: Heed = unheard

    @property
    def graph(self) -> Graph:
        """The network."""
        return self.world.graph


def ground_of(data: Dataset, world: World, zones: Sequence[str], heed: Heed = unheard) -> Ground:
    """What searches between zones share. heed: as there.

    Raises:
        UnknownPlace, AmbiguousPlace: a zone is not known. NoRoute: no road comes near it.
    """
    graph = world.graph
    entries = [resolve(world.gazetteer, zone) for zone in zones]
    enter, leave = (tuple(access_of(world, entry, side) for entry in entries) for side in (0, 1))
    facility = graph.arc_facility.astype(np.int64)
    run = graph.arc_mode.astype(np.int64) * RUN_BASE + graph.arc_country + 1
    named = np.where((graph.arc_kind == int(Kind.MOVE)) & (facility < 0), -1 - run, facility)
    items, item = np.unique(named, return_inverse=True)
    bits = [zlib.crc32(item_name(graph, one).encode()) for one in items.tolist()]
    return Ground(
        data, world, world_hierarchy(world), tuple(corridors_of(list(data["corridors"]), graph)), enter, leave,
        item.astype(np.int32), np.array(bits, np.uint32), heed,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Priced:
    """One class of cargo on the network, per tonne.

    weight float64[m, 4]: hours, USD, kg CO2e, and generalized cost in USD; inf in the last where closed, 0 in the others there.
    enter, leave float64[z, 4]: the same for the road between each zone and the network. cargo: name of the class.
    """

    cargo: str
    load: Consignment
    weight: Floats
    enter: Floats
    leave: Floats

    @property
    def money(self) -> Floats:
        """Generalized cost of each arc, float64[m]."""
        return np.ascontiguousarray(self.weight[:, 3])


def priced(ground: Ground, cargo: CargoClass, carbon_price_usd_per_t: float = 0.0) -> Priced:
    """The arcs' costs for one consignment of a class, per tonne, with what conditions close that hold always; the last are remembered.

    Raises:
        UnknownCommodity, UnknownOption, BadShipment: the class is none that the tables know.
    """
    known: Remembered[tuple[str, ...], Priced] = ground.graph.memo.setdefault("priced classes", Remembered(MOST_PRICED))
    key = (ground.data.content_hash, repr((cargo, carbon_price_usd_per_t, ground.enter, ground.leave)))
    return known.find(key, lambda: priced_anew(ground, cargo, carbon_price_usd_per_t))


def consignment_of(ground: Ground, cargo: CargoClass, carbon_price_usd_per_t: float = 0.0) -> Consignment:
    """What is sent of a class. Raises as `priced`."""
    shipment = Shipment(
        commodity=cargo.commodity, unit=cargo.unit, value_of_time_usd_per_t_day=24 * cargo.value_of_time_usd_per_t_h,
        carbon_price_usd_per_t=carbon_price_usd_per_t,
    )  # fmt: skip
    return consignment(ground.data, shipment)


def priced_anew(ground: Ground, cargo: CargoClass, carbon_price_usd_per_t: float) -> Priced:
    """As `priced`."""
    data, graph, load = ground.data, ground.graph, consignment_of(ground, cargo, carbon_price_usd_per_t)
    dated = as_of(data, None)
    costs = world_costs(dated.data, graph, load)
    shut = ~np.isfinite(costs.weights[0])
    for closed in closed_on(dated, graph, load):
        shut[closed.demand.closed] = True
    parts = np.where(shut, 0.0, costs.weights) / load.tonnes
    parts[0] = np.where(shut, 0.0, costs.weights[0])  # an hour is an hour, however many tonnes wait
    money = np.where(shut, np.inf, weighting(load) @ np.where(shut, 0.0, costs.weights) / load.tonnes)
    weight = np.ascontiguousarray(np.stack([*parts, money], axis=1))
    return Priced(cargo.name, load, weight, *(by_road(costs, load, access) for access in (ground.enter, ground.leave)))


def by_road(costs: ArcCosts, load: Consignment, access: Sequence[Access]) -> Floats:
    """Hours, and per tonne USD, kg CO2e and generalized cost, of the road between zones and the network, float64[z, 4]."""
    parts = np.array([costs.by_road(one.km, one.country) if one.km else np.zeros(3) for one in access]).reshape(-1, 3)
    per_tonne = parts / np.array([1.0, load.tonnes, load.tonnes])
    return np.column_stack([per_tonne, parts @ weighting(load) / load.tonnes])


@dataclass(frozen=True, eq=False)
class Found:
    """The routes of the markets of one class: first int64[k + 1], sums float64[r, 4] as `Priced.weight`, path sizes, corridors, arcs."""

    first: Offsets
    value: Floats
    path_size: Floats
    corridor: Rows
    paths: Paths


@dataclass
class Pool:
    """Candidates in the making: for each the market and its paths."""

    market: list[Rows]
    part: list[Rows]
    blocks: list[Paths]
    count: int = 0

    def add_paths(self, paths: Paths) -> int:
        """Take in paths; returns the number of the first."""
        start = self.count
        self.blocks.append(paths)
        self.count += len(paths)
        return start

    def add(self, market: NDArray[np.integer], *parts: NDArray[np.integer]) -> None:
        """Take in candidates, one for each market given."""
        rows = np.full((len(market), PARTS), -1, np.int32)
        for column, part in enumerate(parts):
            rows[:, column] = part
        self.market.append(market.astype(np.int32))
        self.part.append(rows)

    def take(self, other: Pool, number: NDArray[np.integer]) -> None:
        """Take in the candidates of another pool; number: for each market of that one which it is here."""
        first = self.count
        self.blocks += other.blocks
        self.count += other.count
        self.market += [number[market].astype(np.int32) for market in other.market]
        self.part += [np.where(part >= 0, part + first, -1).astype(np.int32) for part in other.part]


def found_routes(
    ground: Ground, cost: Priced, origin: Rows, destination: Rows, extra: Iterable[Floats] = (), rounds: int = ROUNDS,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:  # fmt: skip
    """Distinct routes of markets of one class between zones. extra: further weightings of the arcs, float64[m], to seek ways by.
    progress: told the share done."""
    pool = Pool([], [], [])
    starts, ends = node_of(ground.enter), node_of(ground.leave)
    direct_ways(ground, cost, pool, (starts, ends), (origin, destination), lambda share: progress(DIRECT_SHARE * share))
    money = cost.money
    rounds_of = (np.where(ground.item_bits[ground.item] >> b & 1, PENALTY, 1.0) * money for b in range(rounds))
    for turn, weight in enumerate((*rounds_of, *extra)):
        progress(DIRECT_SHARE + (1 - DIRECT_SHARE) * turn / (rounds + 1))
        metric = metric_for(ground, weight, len(origin))
        add_direct(ground, pool, metric, starts[origin], ends[destination], np.arange(len(origin)))
    return chosen(ground, cost, pool, origin, destination)


def revised_routes(
    ground: Ground, cost: Priced, known: Found, pairs: tuple[Rows, Rows], was: Floats, ends_were: tuple[Floats, Floats]
) -> Found:
    """Routes of markets (origin and destination) after costs have changed: those known, at their new costs, and new ones where something
    became better, or a corridor lost what it had.

    was: float64[m, 4], the weights when the known routes were searched, inf for an arc that was not there; ends_were: those of the road
    between zones and network. Looked at again are markets whose routes pass an arc that changed, those for which some way now beats
    all they have, and those for which the gates of a corridor give a better way of it: sought are the corridors of which a gate became
    cheaper, for all markets, and those of which a known route changed, for its market.
    """
    origin, destination = pairs
    money, changed = cost.money, np.any(was != cost.weight, axis=1)
    starts, ends = node_of(ground.enter), node_of(ground.leave)
    market = np.repeat(np.arange(len(origin)), np.diff(known.first))
    ways = tuple(now - then for now, then in zip((cost.enter, cost.leave), ends_were, strict=True))
    if any(way.any() for way in ways):
        known = replace(known, value=known.value + ways[0][origin[market]] + ways[1][destination[market]])
    if not changed.any():
        return known
    metric = metric_near(ground, cost, money)
    ground.heed()
    least = table(metric, starts, ends)[pairs]
    ground.heed()
    hit = np.flatnonzero(routes_with(known.paths, changed))
    by_net = known.value[:, 3] - cost.enter[origin[market], 3] - cost.leave[destination[market], 3]
    by_net[hit] = route_totals(known.paths.some(hit), money)
    had = np.full(len(origin), np.inf)
    np.minimum.at(had, market, by_net)
    better = least < had * (1 - EQUAL)
    again = better.copy()
    again[market[hit]] = True
    fresh = Pool([], [], [])
    add_direct(ground, fresh, metric, starts[origin], ends[destination], np.flatnonzero(better))
    revise_corridors(ground, cost, fresh, metric, known, pairs, (least, had), (hit, by_net), was[:, 3])
    for part in fresh.market:
        again[part] = True
    rows = np.flatnonzero(again)
    if not len(rows):
        return known
    number = np.full(len(origin), -1, np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    pool = pool_of(some_markets(known, rows))
    settled = pool.count
    pool.take(fresh, number)
    return replaced(known, rows, chosen(ground, cost, pool, origin[rows], destination[rows], settled))


def revise_corridors(
    ground: Ground, cost: Priced, pool: Pool, metric: Metric, known: Found, pairs: tuple[Rows, Rows], best: tuple[Floats, Floats],
    hit: tuple[NDArray[np.intp], Floats], money_was: Floats,
) -> None:  # fmt: skip
    """Add the best ways through the gates of corridors where they are better than what a market has of the corridor; one that uses what
    the corridor never does counts for another corridor.

    best: the least cost of each market, and the least it had. hit: the routes that changed, and the costs of all.
    """
    (least, had), (routes, by_net) = best, hit
    money, k = cost.money, len(pairs[0])
    nodes = node_of(ground.enter), node_of(ground.leave)
    market = np.repeat(np.arange(k), np.diff(known.first))
    gained = int(np.bitwise_or.reduce(ground.graph.arc_features[money < money_was * (1 - EQUAL)], initial=np.uint64(0)))
    for row, corridor in enumerate(ground.corridors):
        if not corridor.gates:
            continue
        beat = np.full(k, np.inf)
        mine = np.flatnonzero(known.corridor == row)
        np.minimum.at(beat, market[mine], by_net[mine])
        if not any(gained & bits for bits in narrow_bits(ground, corridor)):
            is_lost = np.zeros(k, np.bool_)
            is_lost[market[routes[known.corridor[routes] == row]]] = True
            beat[~is_lost] = -np.inf
        if not (beat > -np.inf).any() or not is_open(ground, corridor, money):
            continue
        through_gates(ground, metric, pool, corridor, nodes, pairs, (least, np.minimum(least, had)), beat)


def is_open(ground: Ground, corridor: Corridor, money: Floats) -> bool:
    """Whether a corridor has gates that are few enough to be sought, and one of each kind open."""
    open_arcs = np.isfinite(money) & ((ground.graph.arc_features & np.uint64(corridor.never)) == 0)
    has_all = all(open_arcs[arcs_having(ground.graph, bits)].any() for bits in (corridor.gates, *corridor.also))
    return has_all and bool(narrow_bits(ground, corridor))


def node_of(access: Sequence[Access]) -> Rows:
    """The nodes where journeys of zones start or end, int32[z]."""
    return np.array([one.node for one in access], np.int32)


def narrow_bits(ground: Ground, corridor: Corridor) -> list[int]:
    """The features of a corridor that few enough arcs have to be sought as gates."""
    return [bits for bits in (corridor.gates, *corridor.also) if len(arcs_having(ground.graph, bits)) <= MOST_GATES]


def metric_near(ground: Ground, cost: Priced, weight: Floats) -> Metric:
    """The metric of weights that differ little from the generalized cost of a class, or from what that was when it was first asked for."""
    ground.heed()
    known: Remembered[str, Known] = ground.graph.memo.setdefault("known metrics", Remembered(MOST_KNOWN))
    near = known.find(cost.cargo, lambda: customize(ground.hierarchy, cost.money, prune=False).known)
    ground.heed()
    return customize(ground.hierarchy, weight, prune=False, known=near)


def metric_for(ground: Ground, weight: Floats, markets: int) -> Metric:
    """The metric of some weights, pruned if so many markets ask it that this pays."""
    ground.heed()
    return customize(ground.hierarchy, weight, prune=markets > MANY)


def some_markets(known: Found, rows: NDArray[np.intp]) -> Found:
    """The routes of some of the markets."""
    counts = np.diff(known.first)[rows]
    first = np.concatenate(([0], np.cumsum(counts)))
    wanted = np.repeat(known.first[rows] - first[:-1], counts) + np.arange(first[-1])
    return Found(first, known.value[wanted], known.path_size[wanted], known.corridor[wanted], known.paths.some(wanted))


def replaced(known: Found, rows: NDArray[np.intp], fresh: Found) -> Found:
    """Routes of markets, with those of some rows in the place of what they had."""
    counts = np.diff(known.first)
    is_fresh = np.zeros(len(counts), np.bool_)
    is_fresh[rows] = True
    stays = np.flatnonzero(~np.repeat(is_fresh, counts))
    market = np.concatenate([np.repeat(np.arange(len(counts)), counts)[stays], np.repeat(rows, np.diff(fresh.first))])
    order = np.argsort(market, kind="stable")
    both = all_paths([known.paths.some(stays), fresh.paths])
    counts[rows] = np.diff(fresh.first)
    value, size, corridor = (
        np.concatenate([old[stays], new])[order]
        for old, new in (
            (known.value, fresh.value), (known.path_size, fresh.path_size), (known.corridor, fresh.corridor)
        )
    )  # fmt: skip
    return Found(np.concatenate(([0], np.cumsum(counts))), value, size, corridor, both.some(order))


def routes_round(
    ground: Ground, cost: Priced, known: Found, pairs: tuple[Rows, Rows], surcharge: Floats, paid: Floats
) -> Found:
    """The routes of markets (origin and destination), and the best way where arcs cost so much more, float64[m], USD per tonne, for those
    that it saves a hundredth of what they pay at least, float64[k].

    Only who pays more than the best of his routes costs by itself can find a better way.
    """
    origin, destination = pairs
    starts, ends = node_of(ground.enter), node_of(ground.leave)
    best = np.full(len(origin), np.inf)
    np.minimum.at(best, np.repeat(np.arange(len(origin)), np.diff(known.first)), known.value[:, 3])
    rows = np.flatnonzero(best < paid * (1 - GAIN))
    if not len(rows):
        return known
    metric = metric_near(ground, cost, cost.money + surcharge)
    ground.heed()
    least = table(metric, starts, ends)[origin[rows], destination[rows]]
    least += cost.enter[origin[rows], 3] + cost.leave[destination[rows], 3]
    rows = rows[least < paid[rows] * (1 - GAIN)]
    if not len(rows):
        return known
    pool = pool_of(some_markets(known, rows))
    settled = pool.count
    origin, destination = origin[rows], destination[rows]
    add_direct(ground, pool, metric, starts[origin], ends[destination], np.arange(len(rows)))
    return replaced(known, rows, chosen(ground, cost, pool, origin, destination, settled))


def pool_of(known: Found) -> Pool:
    """A pool with the routes that are known."""
    pool = Pool([], [], [])
    first = pool.add_paths(known.paths)
    market = np.repeat(np.arange(len(known.first) - 1), np.diff(known.first))
    pool.add(market, first + np.arange(len(market)))
    return pool


def direct_ways(
    ground: Ground, cost: Priced, pool: Pool, nodes: tuple[Rows, Rows], pairs: tuple[Rows, Rows],
    progress: Callable[[float], None],
) -> None:  # fmt: skip
    """Add the best ways of all markets, on the network without what each corridor never uses, and through its gates."""
    money, (starts, ends), (origin, destination) = cost.money, nodes, pairs
    never_sets = dict.fromkeys((0, *(corridor.never for corridor in ground.corridors)))
    least, steps = np.empty(0), 0
    for never in never_sets:
        progress(steps / (len(never_sets) + len(ground.corridors)))
        steps += 1
        weight = money
        if never:
            weight = money.copy()
            weight[arcs_having(ground.graph, never)] = np.inf
        metric = metric_for(ground, weight, len(origin))
        ground.heed()
        best = table(metric, starts, ends)[origin, destination]
        if not never:
            least = best
        wanted = np.isfinite(best) & (best <= STRETCH * least)
        fresh = wanted & (best > least * (1 + EQUAL)) if never else wanted
        add_direct(ground, pool, metric, starts[origin], ends[destination], np.flatnonzero(fresh))
        for corridor in ground.corridors:
            if corridor.never == never and corridor.gates:
                progress(steps / (len(never_sets) + len(ground.corridors)))
                steps += 1
                through_gates(ground, metric, pool, corridor, nodes, pairs, (least, best))


def add_direct(
    ground: Ground, pool: Pool, metric: Metric, sources: Rows, targets: Rows, markets: NDArray[np.intp]
) -> None:
    """Add the best way of some markets."""
    pool.add(markets, some_paths(ground, pool, metric, sources[markets], targets[markets]) + np.arange(len(markets)))


def some_paths(
    ground: Ground, pool: Pool, metric: Metric, sources: Rows, targets: Rows, gates: Rows | None = None
) -> int:
    """Take in the paths between pairs of nodes, followed by an arc of its own where there are `gates`; returns the number of the first."""
    first = pool.count
    for start in range(0, len(sources), AT_ONCE):
        ground.heed()
        here = slice(start, start + AT_ONCE)
        pool.add_paths(paths_of(metric, sources[here], targets[here], None if gates is None else gates[here]))
    return first


def through_gates(
    ground: Ground, metric: Metric, pool: Pool, corridor: Corridor, nodes: tuple[Rows, Rows],
    pairs: tuple[Rows, Rows], known: tuple[Floats, Floats], beat: Floats | float = np.inf,
) -> None:  # fmt: skip
    """Add the best ways through the gates of a corridor, and through both things where it needs two that are narrow.

    known: the least cost of each market, and the least without what the corridor never uses, which is not looked for again. beat: what a
    market has by the corridor, float64[k]: only what costs less is added.
    """
    (starts, ends), (origin, destination), (least, best) = nodes, pairs, known
    sets = [arcs_having(ground.graph, bits) for bits in (corridor.gates, *corridor.also)]
    sets = [arcs[np.isfinite(metric.weight[arcs])] for arcs in sets]
    if not all(map(len, sets)):
        return
    narrow = [arcs for arcs in sets if len(arcs) <= MOST_GATES][:2]
    graph = ground.graph
    orders = [narrow] if len(narrow) < 2 else [narrow, narrow[::-1]]
    for order in orders:
        if not order:
            return
        first, last = order[0], order[-1]
        ground.heed()
        after = table(metric, graph.head[last], ends)  # [g, z]
        if len(order) == 2:
            between = table(metric, graph.head[first], graph.tail[last]) + metric.weight[last]
            onward = np.empty((len(first), len(ends)))
            second = np.empty((len(first), len(ends)), np.intp)
            for row in range(len(first)):
                total = between[row][:, None] + after
                second[row] = np.argmin(total, axis=0)
                onward[row] = np.min(total, axis=0)
        else:
            onward, second = after, np.empty((0, 0), np.intp)
        ground.heed()
        before = table(metric, starts, graph.tail[first]) + metric.weight[first]  # [z, g]
        total = before[origin] + onward.T[destination]
        gate = np.argmin(total, axis=1)
        cost = total[np.arange(len(origin)), gate]
        wanted = np.flatnonzero(
            np.isfinite(cost) & (cost <= STRETCH * least) & (cost > best * (1 + EQUAL)) & (cost < beat * (1 - EQUAL))
        )
        if not len(wanted):
            continue
        one = gate[wanted]
        heads = shared_paths(ground, pool, metric, starts, graph.tail[first], origin[wanted], one, first)
        if len(order) == 1:
            tails = shared_paths(ground, pool, metric, graph.head[first], ends, one, destination[wanted], None)
            pool.add(wanted, heads, tails)
        else:
            two = second[one, destination[wanted]]
            middles = shared_paths(ground, pool, metric, graph.head[first], graph.tail[last], one, two, last)
            tails = shared_paths(ground, pool, metric, graph.head[last], ends, two, destination[wanted], None)
            pool.add(wanted, heads, middles, tails)


def shared_paths(
    ground: Ground, pool: Pool, metric: Metric, sources: Rows, targets: Rows, row: NDArray[np.integer],
    column: NDArray[np.integer], gate: Rows | None,
) -> NDArray[np.integer]:  # fmt: skip
    """Numbers of the paths from sources[row] to targets[column], each pair searched once. gate: the arcs that follow, by column."""
    pair, which = np.unique(row.astype(np.int64) * len(targets) + column, return_inverse=True)
    a, b = pair // len(targets), pair % len(targets)
    return some_paths(ground, pool, metric, sources[a], targets[b], gate[b] if gate is not None else None) + which


def chosen(ground: Ground, cost: Priced, pool: Pool, origin: Rows, destination: Rows, settled: int = 0) -> Found:
    """The distinct routes among the candidates of a pool, by rising generalized cost within each market.

    settled: so many of the paths are routes already. They stay as long as they are open, and where they lie; the others were sought
    because they are better for somebody, and all of them join that are neat and not too far, and the same as none.
    """
    graph, k = ground.graph, len(origin)
    paths = all_paths(pool.blocks)
    market = np.concatenate(pool.market) if pool.market else np.empty(0, np.int32)
    part = np.concatenate(pool.part) if pool.part else np.empty((0, PARTS), np.int32)
    ground.heed()
    arcs = np.arange(graph.m)
    passed_once = is_passed_once(graph, arcs) & (cost.weight[:, 0] > 0)
    once = np.where(passed_once, graph.arc_facility, -1).astype(np.int32), len(graph.facility_key)
    sums = route_sums(
        Candidates(part, paths), (graph.tail, graph.head), graph.n, cost.weight, graph.arc_features, once
    )  # fmt: skip
    ground.heed()
    value = sums.value + cost.enter[origin[market]] + cost.leave[destination[market]]
    is_settled = (part[:, 0] < settled) & (part[:, 1] < 0)
    kept = np.flatnonzero(fitting(market, k, value[:, 3], sums.flaw, is_settled))
    kept = kept[np.lexsort((~is_settled[kept], value[kept, 3], market[kept]))]
    kept = kept[~found_twice(market[kept], value[kept, 3], sums.length[kept], is_settled[kept])]
    if not settled:
        kept = kept[distinct_ones(ground, cost, market[kept], k, Candidates(part[kept], paths), sums.features[kept])]
    first = np.searchsorted(market[kept], np.arange(k + 1)).astype(np.int64)
    listed = Candidates(np.ascontiguousarray(part[kept]), paths)
    ground.heed()
    return Found(
        first, value[kept], path_sizes(first, listed, cost.money), corridor_rows(ground.corridors, sums.features[kept]),
        candidate_paths(np.arange(len(kept)), listed, sums.length[kept], settled),
    )  # fmt: skip


def fitting(
    market: Rows, markets: int, cost: Floats, flaw: NDArray[np.uint8], is_settled: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which candidates may be routes: those settled that are open, and of the others those that are not too far and without a flaw; with
    one that is not a loop where the market has nothing better."""
    is_open = np.isfinite(cost)
    least = np.full(markets, np.inf)
    np.minimum.at(least, market, cost)
    fits = is_open & (cost <= STRETCH * least[market]) & (flaw & LOOP == 0)
    neat = fits & (flaw == 0)
    has_neat = np.zeros(markets, np.bool_)
    has_neat[market[neat | (is_open & is_settled)]] = True
    fits &= neat | ~has_neat[market]
    return np.asarray(fits | (is_open & is_settled), np.bool_)


def found_twice(market: Rows, cost: Floats, length: Rows, is_settled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the candidates, which come by market and rising cost, are as costly and as long as one beside them; what is settled is
    none of them, and of the others the first is not."""
    as_before = np.zeros(len(market), np.bool_)
    as_before[1:] = (market[1:] == market[:-1]) & (length[1:] == length[:-1])
    as_before[1:] &= np.isclose(cost[1:], cost[:-1], rtol=EQUAL, atol=0)
    twice = as_before.copy()
    twice[:-1] |= (
        as_before[1:] & is_settled[1:]
    )  # by the last digit of a sum a new one may come before one that is settled
    return twice & ~is_settled


def distinct_ones(
    ground: Ground, cost: Priced, market: Rows, markets: int, candidates: Candidates, features: NDArray[np.uint64]
) -> NDArray[np.integer]:
    """Which of the candidates, which come by market and rising cost, are kept as routes, in that order."""
    corridor = corridor_rows(ground.corridors, features)
    families = list(dict.fromkeys(one.family for one in ground.corridors))
    family = np.array([*(families.index(one.family) for one in ground.corridors), -1], np.int32)[corridor]
    first = np.searchsorted(market, np.arange(markets + 1)).astype(np.int64)
    ground.heed()
    rows = distinct(
        first, candidates, (family, corridor), (ground.item, len(ground.item_bits)), cost.money, MOST, DIFFERENT, DIFFERENT_WITHIN
    )  # fmt: skip
    return np.sort(rows[rows >= 0])


def corridor_rows(corridors: Sequence[Corridor], features: NDArray[np.uint64]) -> Rows:
    """For routes with these features (bits) the first corridor by rank that each belongs to, -1 for none."""
    found = np.full(len(features), -1, np.int32)
    for row, corridor in enumerate(corridors):
        holds = (features & np.uint64(corridor.never)) == 0
        for bits in (*((corridor.gates,) if corridor.gates else ()), *corridor.also):
            holds &= (features & np.uint64(bits)) != 0
        found[holds & (found < 0)] = row
    return found
