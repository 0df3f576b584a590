"""Corridor exposure: the share of a buyer's supply that passes each strait, border, port and country, and what its failure does.

    phi_k      = sum of the shares whose best way passes k
    route HHI  = sum over ways that pass the same things of (sum of their shares)^2
    D_k        = phi_k - the share that has another way for at most 1.25 times the generalized cost         dependence
    SR_k       = supply risk with those suppliers lost who have no other way at all

Each supplier sends by its best way (generalized cost). One backward search from the buyer's place finds all of them, and one more for
each thing that is closed, so that "no other way" is exact on this network. A buyer that is no member of the Union is taken to buy as the
world is supplied. Method: METHODS 8.4. `exposed` takes arrays and knows nothing of ports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, NoRoute, UnknownOption
from keruen.materials.assess import StageRisk, assess, stage_risk
from keruen.materials.inputs import SHARES, Input
from keruen.materials.mix import Mix, find_mix, members, rule
from keruen.materials.names import find_material
from keruen.materials.risk import EU, GLOBAL
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


class NoSupply(KeruenError):
    """A material of which no shares of supply are recorded for the buyer."""

    kind = "no_supply"


@dataclass(frozen=True)
class Failure:
    """What one thing carries, and what its failure does. Shares are of all that the buyer is supplied with, 0 to 1.

    lost: share that has no other way. dear: share whose other way costs more than the rule `reroute_within` allows. added_cost: mean
    increase of the generalized cost of what is sent another way, a share; added_h: the same in hours. None where nothing is sent another
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
    passes: NDArray[np.bool_],
    cost: Floats,
    hours: Floats,
    without: Floats,
    hours_without: Floats,
    within: float,
) -> tuple[Failure, ...]:
    """The failure of each of k things that n suppliers pass.

    shares: float64[n] of supply. passes: bool[n, k]. cost, hours: float64[n], of the best ways. without, hours_without: float64[n, k], of
    the best ways when a thing is closed, inf where there is none. within: the most that another way may cost, times the best.
    """
    found = []
    for k in range(passes.shape[1]):
        on = passes[:, k]
        phi = float(shares[on].sum())
        gone = on & ~np.isfinite(without[:, k])
        moved = on & ~gone
        near = moved & (without[:, k] <= within * cost)
        weight = shares[moved]
        some = bool(weight.sum() > 0)
        found.append(
            Failure(
                phi,
                float(shares[gone].sum()),
                float(shares[moved & ~near].sum()),
                phi - float(shares[near].sum()),
                float(np.average(without[moved, k] / cost[moved] - 1, weights=weight)) if some else None,
                float(np.average(hours_without[moved, k] - hours[moved], weights=weight)) if some else None,
            )
        )
    return tuple(found)


def route_hhi(shares: Floats, passes: NDArray[np.bool_]) -> float:
    """Concentration of supply over ways: suppliers that pass the same things count as one. shares: of what is sent, summing to 1."""
    _, which = np.unique(passes, axis=0, return_inverse=True)
    return float(np.sum(np.bincount(which.ravel(), shares) ** 2))


@dataclass(frozen=True)
class Sent:
    """A supplier's best way: country (alpha-3), place, share of supply, corridor, generalized cost in USD, hours, things passed."""

    country: str
    place: str
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

    things: those that carry most first. corridors: share by key. route_hhi: over ways, of what is sent. risk: supply risk of the whole mix;
    risk_left: without those cut off, None if nobody is left.
    """

    material: str
    stage: str
    buyer: str
    place: str
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
    shipment: Shipment | None = None,
    most: int = 20,
    least: float = 0.02,
) -> Exposure:
    """Exposure of a buyer (EU, or a country) for a material at a stage, by default the bottleneck of its supply risk.

    most, least: as many things are closed one by one, if at least this share passes them.

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
    search = _search(data, world, target, shipment or Shipment())
    starts, cut_off, unplaced = _starts(data, world, mix, within, search.best.distance)
    shares = np.array([mix.by_country[country] for country in starts])
    nodes = np.array([node for _, node in starts.values()], dtype=np.intp)
    paths = [tree_path(search.network, search.best, int(node)) for node in nodes]
    passed = [
        {
            *_facilities(data, world, path, {target.code, place.code}, within),
            *_transit(data, world, path, {country, *within}),
        }
        for path, (country, (place, _)) in zip(paths, starts.items(), strict=True)
    ]
    chosen = _chosen(passed, shares, least, most)
    passes = _incidence(passed, chosen)
    without, hours_without = search.closing_each(world, chosen, passes, nodes)
    cost, hours = search.best.distance[nodes], np.array([float(np.sum(search.time_h[path])) for path in paths])
    limit = 1 + rule(data, "reroute_within") / 100
    failures = exposed(shares, passes, cost, hours, without, hours_without, limit)
    keys = _corridors(data, world, paths)
    lost = [
        {*cut_off, *(country for country, gone in zip(starts, column, strict=True) if gone)}
        for column in (passes & ~np.isfinite(without)).T.tolist()
    ]
    total = float(shares.sum())
    return Exposure(
        code,
        decisive.stage,
        area,
        target.code,
        scope,
        sum(share for country, share in mix.by_country.items() if country in within),
        cut_off,
        unplaced,
        tuple(
            Sent(
                country,
                place.code,
                float(shares[i]),
                keys[i],
                float(cost[i]),
                float(hours[i]),
                tuple(sorted(_key(world, item) for item in passed[i])),
            )
            for i, (country, (place, _)) in enumerate(starts.items())
        ),
        tuple(
            Thing(_key(world, item), *_names(data, world, item), failure, _risk_without(decisive, mix, gone))
            for item, failure, gone in zip(chosen, failures, lost, strict=True)
        ),
        {key: float(shares[[one == key for one in keys]].sum()) for key in dict.fromkeys(keys) if key},
        route_hhi(shares / total, _incidence(passed, sorted(set().union(*passed)))) if total > 0 else 0.0,
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

    def closing_each(
        self, world: World, things: list[Item], passes: NDArray[np.bool_], nodes: NDArray[np.intp]
    ) -> tuple[Floats, Floats]:
        """Generalized cost and hours, float64[n, k], of the best ways from n nodes with each thing closed that they pass; inf: none."""
        cost, hours = np.full(passes.shape, np.inf), np.full(passes.shape, np.inf)
        for k, item in enumerate(things):
            shut = self.money.copy()
            shut[_arcs(world, item)] = np.inf
            other = shortest_tree(self.network, shut, [self.end], reverse=True)
            for i in np.flatnonzero(passes[:, k] & np.isfinite(other.distance[nodes])).tolist():
                cost[i, k] = other.distance[nodes[i]]
                hours[i, k] = float(np.sum(self.time_h[tree_path(self.network, other, int(nodes[i]))]))
        return cost, hours


def _search(data: Dataset, world: World, target: Entry, shipment: Shipment) -> _Search:
    """The best ways to a place under usual conditions and what always holds. Raises NoRoute if the place is out of reach."""
    dated, load = as_of(data, None), consignment(data, shipment)
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


def _corridors(data: Dataset, world: World, paths: list[NDArray[np.int32]]) -> list[str]:
    """The key of the corridor of each way; empty for none."""
    known = corridors_of(list(data["corridors"]), world.graph)
    found = (corridor_of(known, features_used(world.graph, path)) for path in paths)
    return [one.key if one is not None else "" for one in found]


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
