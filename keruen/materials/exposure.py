"""Corridor exposure: the share of a buyer's supply that passes each strait, border, port and country, and what its failure does.

    phi_k      = sum_s share_s sum_r P_sr [r passes k]          P_sr: share of the goods of supplier s on its route r (supply_ways)
    route HHI  = sum over sets of things passed of (sum of what passes just them)^2
    D_k        = phi_k - what of it has another way for at most 1.25 times the generalized cost         dependence
    SR_k       = supply risk with those suppliers lost who have no other way at all

Which ways a supplier takes is the answer of the flow engine. What passes a thing that fails goes by the supplier's other routes and
by the best way on the network with the thing closed, shared out among them as the engine does; one backward search from the buyer's
place for each thing finds these, so that "no other way" is exact. An added cost is below nothing where a dearer way
was liked for what no cost says. A buyer that is no member of the Union is taken to buy as
the world is supplied. Method: METHODS 8.4. `exposed` takes arrays and knows nothing of ports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, NoRoute, Text, UnknownOption
from keruen.materials.assess import StageRisk, assess, stage_risk
from keruen.materials.inputs import SHARES, Input
from keruen.materials.mix import Mix, find_mix, members, rule
from keruen.materials.names import find_material
from keruen.materials.risk import EU, GLOBAL
from keruen.materials.supply_ways import Way, liking_of, supply_ways
from keruen.network.build import World, open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.network.graph import FACILITY_KINDS
from keruen.routing.corridors import corridor_of, corridors_of, features_used
from keruen.routing.cost import world_costs
from keruen.routing.demands import country_named
from keruen.routing.ends import access_of
from keruen.routing.kernels import Adjacency, Tree, shortest_tree, tree_path
from keruen.routing.pareto import OWN
from keruen.routing.question import adjacency, world_preferences
from keruen.routing.season import closed_on
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]
UNION = "EU"
SEARCHED = 0.6  # share of the work that the search for ways is


class NoSupply(KeruenError):
    """A material of which no shares of supply are recorded for the buyer."""

    kind = "no_supply"


@dataclass(frozen=True)
class Failure:
    """What one thing carries, and what its failure does. Shares are of all that the buyer is supplied with, 0 to 1.

    lost: share that has no other way. dear: share whose other ways cost more than the rule `reroute_within` allows. added_cost: mean
    increase of the generalized cost of what is sent by other ways, a share; added_h: the same in hours. None where nothing is sent another
    way.
    """

    share: float
    lost: float
    dear: float
    dependence: float
    added_cost: float | None
    added_h: float | None


def exposed(
    shares: Floats,
    passes: Floats,
    cost: Floats,
    hours: Floats,
    without: Floats,
    hours_without: Floats,
    within: float,
) -> tuple[Failure, ...]:
    """The failure of each of k things that n suppliers pass.

    shares: float64[n] of supply. The others are float64[n, k]: passes, the share of each supplier's goods that passes a thing; cost,
    hours, means of what passes it now; without, hours_without, of the ways that it takes when the thing is closed, inf where there
    is none. within: the most that another way may cost, times what is paid now.
    """
    found = []
    for k in range(passes.shape[1]):
        carried = shares * passes[:, k]
        on = carried > 0
        phi = float(carried.sum())
        gone = on & ~np.isfinite(without[:, k])
        moved = on & ~gone
        near = moved & (without[:, k] <= within * cost[:, k])
        weight = carried[moved]
        some = bool(weight.sum() > 0)
        found.append(
            Failure(
                phi,
                float(carried[gone].sum()),
                float(carried[moved & ~near].sum()),
                phi - float(carried[near].sum()),
                float(np.average(without[moved, k] / cost[moved, k] - 1, weights=weight)) if some else None,
                float(np.average(hours_without[moved, k] - hours[moved, k], weights=weight)) if some else None,
            )
        )
    return tuple(found)


def route_hhi(shares: Floats, passes: NDArray[np.bool_]) -> float:
    """Concentration of supply over n ways: those that pass the same things count as one. shares: of what is sent, summing to 1."""
    _, which = np.unique(passes, axis=0, return_inverse=True)
    return float(np.sum(np.bincount(which.ravel(), shares) ** 2))


@dataclass(frozen=True)
class Sent:
    """What a supplier sends by ways of one corridor that pass the same things: country (alpha-3), place and its name, share of all
    supply, corridor (key, empty: none), generalized cost of a container in USD and hours, both means over it, things passed."""

    country: str
    place: str
    name: Text
    share: float
    corridor: str
    cost_usd: float
    time_h: float
    passed: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """A strait, border, port, yard, service or country crossed as `kind:key`, with its names, its failure, and supply risk when it fails
    (None: nobody is left)."""

    item: str
    name: str
    name_ru: str
    failure: Failure
    risk: float | None


@dataclass(frozen=True)
class Exposure:
    """How a buyer's supply of a material hangs on ways. Shares are of all supply; `home` needs no way from abroad, suppliers `cut_off`
    have none; of those `unplaced` no place is known to send from.

    place, name: where the buyer takes it in. sent: supplier by supplier, the largest first, of each what carries most first. things:
    those that carry most first. corridors: share by key, the largest first. route_hhi: over ways, of what is sent. risk: supply risk of
    the whole mix; risk_left: without those cut off, None if nobody is left.
    """

    material: str
    stage: str
    buyer: str
    place: str
    name: Text
    scope: str
    home: float
    cut_off: Mapping[str, float]
    unplaced: Mapping[str, float]
    sent: tuple[Sent, ...]
    things: tuple[Thing, ...]
    corridors: Mapping[str, float]
    route_hhi: float
    risk: float
    risk_left: float | None


def exposure(
    data: Dataset,
    material: str,
    buyer: str,
    *,
    stage: str = "",
    most: int = 20,
    least: float = 0.02,
    progress: Callable[[float], None] = lambda share: None,
) -> Exposure:
    """Exposure of a buyer (EU, or a country) for a material at a stage, by default the bottleneck of its supply risk.

    most, least: as many things are closed one by one, if at least this share passes them. progress: told the share done; what it
    raises ends the work.

    Raises:
        UnknownMaterial, NoSupply: nothing goes by the name; no shares are recorded.
        NoRoute: the buyer's place cannot be reached.
    """
    code = find_material(data, material).text("material")
    scope = EU if buyer.strip().upper() in (UNION, "EU27") else GLOBAL
    decisive = _stage(data, code, stage)
    mix = find_mix(data, scope, code, decisive.stage)
    if mix is None:
        raise NoSupply(said("err_no_supply", material=code, stage=decisive.stage, scope=scope))
    world = open_world(data)
    area = UNION if scope == EU else _iso3(data, buyer)
    target = place_of(data, world, area)
    within = members(data) if scope == EU else frozenset([area])
    search = _search(data, world, target)
    starts, cut_off, unplaced = _starts(data, world, mix, within, search.best.distance)
    lands = list(starts)
    shares = np.array([mix.by_country[country] for country in lands])
    nodes = np.array([node for _, node in starts.values()], dtype=np.intp)
    ways = _ways(data, search, target, starts, progress)
    passed = [
        {
            *_facilities(data, world, way.arcs, {target.code, starts[lands[way.supplier]][0].code}, within),
            *_transit(data, world, way.arcs, {lands[way.supplier], *within}),
        }
        for way in ways
    ]
    on_way = np.array([shares[way.supplier] * way.share for way in ways])
    chosen = _chosen(passed, on_way, least, most)
    on = _incidence(passed, chosen)
    of, share, cost, hours = _columns(ways)
    passes, now, hours_now = _means(of, share, cost, hours, on, len(lands))
    best, best_hours, corridors_of_best = search.closing_each(data, world, chosen, passes > 0, nodes, progress)
    liking = liking_of(data)
    also = np.array(
        [
            [liking.weight(key, usd) for key, usd in zip(*row, strict=True)]
            for row in zip(corridors_of_best, best, strict=True)
        ]
    ).reshape(best.shape)
    left, others, hours_others = _means(of, np.array([way.weight for way in ways]), cost, hours, ~on, len(lands))
    without, hours_without = _mixed(left, others, also, best), _mixed(left, hours_others, also, best_hours)
    limit = 1 + rule(data, "reroute_within") / 100
    failures = exposed(shares, passes, now, hours_now, without, hours_without, limit)
    lost = [
        {*cut_off, *(country for country, gone in zip(lands, column, strict=True) if gone)}
        for column in ((passes > 0) & ~np.isfinite(without)).T.tolist()
    ]
    total = float(on_way.sum())
    sent = _sent(world, starts, ways, passed, on_way)
    corridors: dict[str, float] = {}
    for one in sent:
        if one.corridor:
            corridors[one.corridor] = corridors.get(one.corridor, 0.0) + one.share
    return Exposure(
        code,
        decisive.stage,
        area,
        target.code,
        Text(target.name, target.name_ru),
        scope,
        sum(share for country, share in mix.by_country.items() if country in within),
        cut_off,
        unplaced,
        sent,
        tuple(
            Thing(_key(world, item), *_names(data, world, item), failure, _risk_without(decisive, mix, gone))
            for item, failure, gone in zip(chosen, failures, lost, strict=True)
        ),
        dict(sorted(corridors.items(), key=lambda one: (-one[1], one[0]))),
        route_hhi(on_way / total, _incidence(passed, sorted(set().union(*passed)))) if total > 0 else 0.0,
        decisive.risk,
        _risk_without(decisive, mix, set(cut_off)),
    )


@dataclass(frozen=True, eq=False)
class _Search:
    """Ways to one place: generalized cost and hours of the arcs (float64[m], inf where closed), and the best ways from everywhere."""

    network: Adjacency
    end: int
    money: Floats
    time_h: Floats
    best: Tree

    def hours_of(self, tree: Tree, node: int) -> float:
        """Hours of the way from a node."""
        return float(np.sum(self.time_h[tree_path(self.network, tree, node)]))

    def closing_each(
        self,
        data: Dataset,
        world: World,
        things: list[Item],
        passes: NDArray[np.bool_],
        nodes: NDArray[np.intp],
        progress: Callable[[float], None],
    ) -> tuple[Floats, Floats, list[list[str]]]:
        """Generalized cost and hours, float64[n, k], of the best ways from n nodes with each thing closed that they pass, and their
        corridors; inf: none. passes: bool[n, k]."""
        cost, hours = np.full(passes.shape, np.inf), np.full(passes.shape, np.inf)
        corridors = [[""] * passes.shape[1] for _ in nodes]
        known = corridors_of(list(data["corridors"]), world.graph)
        for k, item in enumerate(things):
            progress(SEARCHED + (1 - SEARCHED) * k / len(things))
            shut = self.money.copy()
            shut[_arcs(world, item)] = np.inf
            other = shortest_tree(self.network, shut, [self.end], reverse=True)
            for i in np.flatnonzero(passes[:, k] & np.isfinite(other.distance[nodes])).tolist():
                cost[i, k] = other.distance[nodes[i]]
                path = tree_path(self.network, other, int(nodes[i]))
                hours[i, k] = float(np.sum(self.time_h[path]))
                found = corridor_of(known, features_used(world.graph, path))
                corridors[i][k] = found.key if found is not None else ""
        return cost, hours, corridors


def _search(data: Dataset, world: World, target: Entry) -> _Search:
    """The best ways to a place under usual conditions and what always holds. Raises NoRoute if the place is out of reach."""
    dated, load = as_of(data, None), consignment(data, Shipment())
    costs = world_costs(dated.data, world.graph, load)
    money = world_preferences(costs).weights[OWN].copy()
    for closed in closed_on(dated, world.graph, load):
        money[closed.demand.closed] = np.inf
    network, end = adjacency(world.graph), access_of(world, target, 1).node
    return _Search(network, end, money, costs.weights[0], shortest_tree(network, money, [end], reverse=True))


def _incidence(passed: list[set[Item]], things: list[Item]) -> NDArray[np.bool_]:
    """Which of n ways pass which of k things, bool[n, k]."""
    rows = [[item in items for item in things] for items in passed]
    return np.array(rows, dtype=bool).reshape(len(passed), len(things))


def _ways(
    data: Dataset,
    search: _Search,
    target: Entry,
    starts: Mapping[str, tuple[Entry, int]],
    progress: Callable[[float], None],
) -> list[Way]:
    """The ways of the suppliers as the flow engine has them; of one that has none there the best way."""
    found = list(
        supply_ways(
            data, [place for place, _ in starts.values()], target, progress=lambda done: progress(SEARCHED * done)
        )
    )
    known = {way.supplier for way in found}
    for i, (_, node) in enumerate(starts.values()):
        if i not in known:
            path = tree_path(search.network, search.best, node)
            cost, hours = float(search.best.distance[node]), search.hours_of(search.best, node)
            found.append(Way(i, 1.0, 0.0, "", cost, hours, path))
    return sorted(found, key=lambda way: (way.supplier, -way.share))


def _columns(ways: list[Way]) -> tuple[NDArray[np.intp], Floats, Floats, Floats]:
    """Supplier, share, generalized cost and hours of ways, as arrays."""
    of = np.array([way.supplier for way in ways], dtype=np.intp)
    share, cost, hours = np.array([(way.share, way.cost_usd, way.time_h) for way in ways]).reshape(-1, 3).T
    return of, share, cost, hours


def _means(
    of: NDArray[np.intp], weight: Floats, cost: Floats, hours: Floats, on: NDArray[np.bool_], suppliers: int
) -> tuple[Floats, Floats, Floats]:
    """The weight of those of the ways of each of n suppliers that are marked, and mean cost and hours of these, float64[n, k] each;
    inf for the means where no way is marked. on: bool[ways, k]; the others: of each way."""
    marked = on * weight.reshape(-1, 1)
    total, usd, h = (np.zeros((suppliers, on.shape[1])) for _ in range(3))
    for into, values in ((total, np.ones(len(of))), (usd, cost), (h, hours)):
        np.add.at(into, of, marked * values.reshape(-1, 1))
    mean, mean_h = (np.divide(one, total, out=np.full(total.shape, np.inf), where=total > 0) for one in (usd, h))
    return total, mean, mean_h


def _mixed(weight: Floats, value: Floats, also: Floats, other: Floats) -> Floats:
    """The mean of two values by weight, where one of weight 0 may be inf; inf where both weigh nothing."""
    total = weight + also
    sums = np.where(weight > 0, weight * np.where(weight > 0, value, 0.0), 0.0)
    sums += np.where(also > 0, also * np.where(also > 0, other, 0.0), 0.0)
    found: Floats = np.divide(sums, total, out=np.full(total.shape, np.inf), where=total > 0)
    return found


def _sent(
    world: World,
    starts: Mapping[str, tuple[Entry, int]],
    ways: list[Way],
    passed: list[set[Item]],
    on_way: Floats,
) -> tuple[Sent, ...]:
    """What goes by ways of one supplier and corridor that pass the same things, as one."""
    groups: dict[tuple[int, str, frozenset[Item]], list[int]] = {}
    for r, (way, items) in enumerate(zip(ways, passed, strict=True)):
        groups.setdefault((way.supplier, way.corridor, frozenset(items)), []).append(r)
    lands, found = list(starts), []
    for (supplier, corridor, same), rows in groups.items():
        place, weight = starts[lands[supplier]][0], on_way[rows]
        cost, hours = (
            float(np.average(values, weights=weight))
            for values in ([ways[r].cost_usd for r in rows], [ways[r].time_h for r in rows])
        )
        keys = tuple(sorted(_key(world, item) for item in same))
        name = Text(place.name, place.name_ru)
        share = float(weight.sum())
        found.append((supplier, Sent(lands[supplier], place.code, name, share, corridor, cost, hours, keys)))
    return tuple(one for _, one in sorted(found, key=lambda pair: (pair[0], -pair[1].share)))


Item = tuple[str, int]
"""A thing that ways pass: "facility" and its row in the graph, or "country" and its number there."""


def _facilities(
    data: Dataset, world: World, path: NDArray[np.int32], ends: set[str], within: frozenset[str]
) -> set[Item]:
    """Straits, borders, ports, yards and services of a way; not the terminals at its ends, nor borders inside the buyer's union."""
    graph = world.graph
    own = np.isin(graph.countries, [row.text("country") for row in data["countries"] if row.text("iso3") in within])
    inside = own[graph.node_country[graph.tail[path]]] & own[graph.node_country[graph.head[path]]]
    inside &= graph.facility_kind[graph.arc_facility[path]] == FACILITY_KINDS.index("border")
    rows = np.unique(graph.arc_facility[path][~inside])
    return {("facility", row) for row in rows[rows >= 0].tolist() if str(graph.facility_key[row]) not in ends}


def _transit(data: Dataset, world: World, path: NDArray[np.int32], own: set[str]) -> set[Item]:
    """Countries that a way crosses and that are neither the supplier's nor the buyer's."""
    names = {row.text("country"): row.text("iso3") for row in data["countries"]}
    found = np.unique(world.graph.arc_country[path]).tolist()
    return {
        ("country", one)
        for one in found
        if one >= 0 and names.get(str(world.graph.countries[one]), "") not in {*own, ""}
    }


def _chosen(passed: list[set[Item]], shares: Floats, least: float, most: int) -> list[Item]:
    """The things that carry most, at least so much, the largest first."""
    carried: dict[Item, float] = {}
    for items, share in zip(passed, shares.tolist(), strict=True):
        for item in items:
            carried[item] = carried.get(item, 0.0) + share
    return [item for item, share in sorted(carried.items(), key=lambda one: (-one[1], one[0])) if share >= least][:most]


def _arcs(world: World, item: Item) -> NDArray[np.bool_]:
    """The arcs that close with a thing."""
    kind, number = item
    found: NDArray[np.bool_] = (world.graph.arc_facility if kind == "facility" else world.graph.arc_country) == number
    return found


def _key(world: World, item: Item) -> str:
    """A thing as a feature: passage:suez, border:khorgos_rail, country:BY."""
    kind, number = item
    if kind == "country":
        return f"country:{world.graph.countries[number]}"
    return f"{FACILITY_KINDS[world.graph.facility_kind[number]]}:{world.graph.facility_key[number]}"


def _names(data: Dataset, world: World, item: Item) -> tuple[str, str]:
    """A thing in English and Russian."""
    kind, number = item
    if kind == "facility":
        return str(world.graph.facility_name[number]), str(world.graph.facility_name_ru[number])
    row = data["countries"].find(str(world.graph.countries[number]))
    return (row.text("name"), row.text("name_ru")) if row is not None else ("", "")


def _stage(data: Dataset, material: str, stage: str) -> StageRisk:
    """The stage asked for, by default the one that decides."""
    stages = assess(data, [material])[0].stages
    found = next((one for one in stages if not stage or one.stage == stage), None)
    if found is None:
        raise NoSupply(said("err_no_supply", material=material, stage=stage or "-", scope="-"))
    return found


def _risk_without(stage: StageRisk, mix: Mix, lost: set[str]) -> float | None:
    """Supply risk with some suppliers of a mix lost, their shares left to the others as they stand; None if nobody is left."""
    if not lost:
        return stage.risk
    kept = np.array([country not in lost for country in mix.countries])
    left = float(mix.shares[kept].sum())
    if left <= 0:
        return None
    scale = (float(mix.shares.sum()) + mix.unnamed) / (left + mix.unnamed)
    again = replace(
        mix,
        countries=tuple(country for country in mix.countries if country not in lost),
        shares=mix.shares[kept] * scale,
        half=mix.half[kept] * scale,
        governance=mix.governance[kept],
        trade_parameter=mix.trade_parameter[kept],
        unnamed=mix.unnamed * scale,
    )
    changed = Input(again.hhi, again.hhi_range, SHARES, mix.rows)
    if mix.scope == EU:
        return stage_risk(replace(stage.inputs, hhi_eu=changed)).risk if stage.inputs.hhi_eu is not None else stage.risk
    return (
        stage_risk(replace(stage.inputs, hhi_global=changed)).risk
        if stage.inputs.hhi_global is not None
        else stage.risk
    )


def _starts(
    data: Dataset, world: World, mix: Mix, within: frozenset[str], distance: Floats
) -> tuple[dict[str, tuple[Entry, int]], dict[str, float], dict[str, float]]:
    """The place and node that each supplier from abroad sends from, and the shares of those that have no way, or no known place."""
    found: dict[str, tuple[Entry, int]] = {}
    cut_off: dict[str, float] = {}
    unplaced: dict[str, float] = {}
    for country, share in mix.by_country.items():
        if country in within:
            continue
        try:
            place = place_of(data, world, country)
            node = access_of(world, place, 0).node
        except (NoRoute, NoSupply):
            unplaced[country] = share
            continue
        if np.isfinite(distance[node]):
            found[country] = place, node
        else:
            cut_off[country] = share
    return found, cut_off, unplaced


def place_of(data: Dataset, world: World, area: str) -> Entry:
    """The place that stands for a country or the Union: that of table supply_places, else its largest city."""
    row = data["supply_places"].find(area)
    if row is not None:
        return resolve(world.gazetteer, row.text("place"))
    listed = next((one for one in data["countries"] if one.text("iso3") == area), None)
    gazetteer = world.gazetteer
    here = np.flatnonzero(gazetteer.country == (listed.text("country") if listed is not None else "").encode())
    if listed is None or not len(here) or gazetteer.population[here].max() <= 0:
        raise NoSupply(said("err_no_place", country=area))
    return gazetteer.entry(int(here[np.argmax(gazetteer.population[here])]))


def _iso3(data: Dataset, text: str) -> str:
    """The alpha-3 code of a country by code or name."""
    row = data["countries"].find(country_named(data, text) or "-")
    if row is None:
        raise UnknownOption(said("err_no_country", country=text))
    return row.text("iso3")
