"""A13  Goods of a year choose among routes; what is full has a price, and nothing vanishes on the way.

ANVIL == pass == CROSS -- DOCK ~ lake ferry ~ ELM == FORT        the lake
ANVIL == BAY ~~~~ canal ~~~~ GULF == FORT                        the canal; round the cape if it is shut
ANVIL .. road over the moor .. FORT                              the moor;  HAWK ~ IBIS through the sky
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command_line import RunCli
from toy_world import BOX, TABLES, toy_tables, toy_with

import keruen
from keruen.errors import Cancelled
from keruen.flows.assignment import FlowResult, assign, covering, paying
from keruen.flows.benefit import Interval, appraisal, investment
from keruen.flows.bottlenecks import bottlenecks
from keruen.flows.capacity import passes
from keruen.flows.choice import expected_cost
from keruen.flows.criticality import critical_links, criticality, screened
from keruen.flows.demand import CargoClass, Demand
from keruen.flows.document import flows_document, optimum_document
from keruen.flows.route_kernels import FEW_FACILITIES, facilities_passed
from keruen.flows.route_search import ground_of, priced
from keruen.flows.route_sets import RouteSet, arcs_from, knows, markets_of, route_sets, searched, to_arrays, ways_round
from keruen.network import build
from keruen.network.graph import Kind
from keruen.network.omx import read_matrices
from keruen.reports.assignment_export import write_flows
from keruen.reports.assignment_text import appraisal_text, assignment_text, optimum_text
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset
from keruen.tables.scenario import read_scenario

ZONES = ("ANVIL", "BAY", "CROSS", "FORT", "GULF")
PARAMETERS = [
    {"parameter": name, "value": value, "meaning": "Invented."}
    for name, value in (("beta", 6), ("highest_cost_ratio", 4), ("elasticity", 0))
]
APPRAISAL = [
    {"parameter": name, "low": low, "value": value, "high": high, "unit": "ratio", "meaning": "Invented."}
    for name, low, value, high in (
        ("discount_percent", 3, 5, 8),
        ("years", 20, 30, 40),
        ("investment_factor", 0.9, 1, 1.5),
        ("beta", 4, 6, 10),
    )
]
FERRY_T = 20_000.0


def limit(key: str, items: str, capacity: float, **more: object) -> dict[str, object]:
    return {
        "capacity": key, "name": key, "name_ru": key, "items": items, "capacity_per_year": capacity, "unit": "t", "highest_use": 1,
        "step_per_year": 1000, "step_name": "one more ferry", "step_name_ru": "ещё один паром", **more,
    }  # fmt: skip


def world(folder: Path, capacities: Sequence[dict[str, object]] = ()) -> Dataset:
    """The toy world with capacities; what is cached for it lies in a folder of the test."""
    data = toy_with(flow_parameters=PARAMETERS, appraisal=APPRAISAL, capacities=capacities)
    build._opened[data] = replace(build._opened[data], folder=folder / "toy")
    return data


def wanted(pairs: Sequence[tuple[str, str, float]], classes: int = 1) -> Demand:
    kinds = tuple(CargoClass(f"boxes {i}", BOX, "container", "20ft", (4 + 4 * i) / 24, 10.0) for i in range(classes))
    rows = [(ZONES.index(a), ZONES.index(b), c, t) for a, b, t in pairs for c in range(classes)]
    origin, destination, cargo = (np.array([row[i] for row in rows], np.int32) for i in range(3))
    tonnes = np.array([row[3] for row in rows], float)
    zeros = np.zeros(len(rows), np.int32)
    return Demand(
        2024, ZONES, ("EA", "EA", "MI", "WE", "WE"), kinds, ("all",), (("invented",),), origin, destination, cargo, zeros, tonnes,
        tonnes / 2, tonnes * 2, tonnes / 10, zeros,
    )  # fmt: skip


TRADE = [
    ("ANVIL", "FORT", 60_000.0),
    ("BAY", "FORT", 30_000.0),
    ("FORT", "ANVIL", 20_000.0),
    ("ANVIL", "GULF", 10_000.0),
]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, FlowResult]:
    """Trade between east and west when the lake ferry can take a fifth of it."""
    data = world(tmp_path_factory.mktemp("crowded"), [limit("ferry", "service:lake_ferry", FERRY_T)])
    return data, assign(data, wanted(TRADE, classes=2))


def keys(routes: RouteSet, market: int) -> list[str]:
    return [routes.corridors[routes.corridor[r]] for r in range(*routes.first_route[market : market + 2])]


def test_every_corridor_that_is_not_far_is_among_the_routes(tmp_path: Path) -> None:
    routes = route_sets(world(tmp_path), wanted([("ANVIL", "FORT", 1.0)]))
    found = keys(routes, 0)
    assert {"lake", "canal", "moor"} <= set(found), found
    assert np.all(np.diff(routes.generalized_usd_per_t) >= 0)
    assert np.all((routes.path_size > 0) & (routes.path_size <= 1))


def test_routes_pass_no_place_twice_and_cost_what_their_arcs_do(crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    graph, routes = found.world.graph, found.routes
    for r in range(len(routes.corridor)):
        arcs = routes.paths.arc[routes.paths.first[r] : routes.paths.first[r + 1]]
        assert np.all(graph.head[arcs[:-1]] == graph.tail[arcs[1:]])
        nodes = np.append(graph.tail[arcs[:1]], graph.head[arcs])
        assert len(np.unique(nodes)) == len(nodes)


def test_the_kernels_agree_with_the_formulas(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    routes, graph = found.routes, found.world.graph
    ground = ground_of(data, found.world, ZONES)
    money = np.stack([priced(ground, one).money for one in found.demand.classes])
    for r in range(len(routes.corridor)):
        m = routes.market[r]
        beside = [
            routes.paths.arc[slice(*routes.paths.first[q : q + 2])] for q in range(*routes.first_route[m : m + 2])
        ]
        arcs = routes.paths.arc[slice(*routes.paths.first[r : r + 2])]
        cost = money[routes.cargo[m], arcs]
        shared = np.array([sum(arc in other for other in beside) for arc in arcs])
        assert routes.path_size[r] == pytest.approx(np.sum(cost / cost.sum() / shared), rel=1e-12)
    expected = passes(routes, found.places.arc_facility)
    assert np.array_equal(found.through.first, expected.first)
    assert np.array_equal(found.through.facility, expected.facility)
    first, passed = facilities_passed(routes.paths, graph.arc_facility)  # more of them than there is room for at first
    assert len(passed) > FEW_FACILITIES * len(routes.corridor)
    for r in range(len(routes.corridor)):
        arcs = routes.paths.arc[slice(*routes.paths.first[r : r + 2])]
        of = np.unique(graph.arc_facility[arcs])
        assert np.array_equal(passed[first[r] : first[r + 1]], of[of >= 0])
    route = np.repeat(np.arange(len(routes.corridor)), np.diff(routes.paths.first))
    load = np.bincount(routes.paths.arc, found.loading.route_t[route], graph.m)
    assert found.arc_t.sum(axis=0) == pytest.approx(load, rel=1e-12)


@pytest.mark.parametrize("share", [0.5, 0.9, 1.0])
def test_pairs_that_cover_a_share_leave_out_no_more(share: float) -> None:
    kept, left_out = covering(wanted(TRADE, classes=2), share)
    assert 0 <= left_out <= 1 - share + 1e-12
    assert kept.tonnes.sum() == pytest.approx((1 - left_out) * 2 * sum(t for *_, t in TRADE))


def test_the_best_route_is_that_of_the_routing_engine(tmp_path: Path) -> None:
    data = world(tmp_path)
    routes = route_sets(data, wanted([("ANVIL", "FORT", 1.0)]))
    sent = Shipment(commodity=BOX, unit="20ft", value_of_time_usd_per_t_day=4.0)
    best = min(one.generalized_cost_usd for one in route(data, "ANVIL", "FORT", shipment=sent).routes)
    assert routes.generalized_usd_per_t[0] == pytest.approx(best / 10, rel=1e-9)


def test_what_flows_in_flows_out_or_stays(crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    graph, routes, loading = found.world.graph, found.routes, found.loading
    places = {zone: graph.ends_of(zone) for zone in ZONES}
    for row in range(2):
        net = np.zeros(graph.n)
        np.add.at(net, graph.tail, found.arc_t[row])
        np.subtract.at(net, graph.head, found.arc_t[row])
        mine = routes.cargo == row
        for a, b, t in zip(routes.origin[mine], routes.destination[mine], loading.shipped_t[mine], strict=True):
            start, end = places[ZONES[a]], places[ZONES[b]]
            assert start is not None and end is not None
            net[start[0]] -= t
            net[end[1]] += t
        assert np.abs(net).max() <= 1e-9 * loading.shipped_t.sum()
    assert loading.shipped_t + loading.unserved_t + loading.forgone_t == pytest.approx(found.shippers.tonnes, rel=1e-9)


def test_a_full_ferry_has_a_price_and_carries_what_it_can(crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    loading = found.loading
    assert loading.settled
    assert loading.load[0] == pytest.approx(FERRY_T, rel=5e-3)
    assert loading.price_usd_per_unit[0] > 0
    assert loading.complementarity <= 1e-3
    sums = np.bincount(found.routes.market, loading.shares, len(found.routes.origin))
    assert sums == pytest.approx(np.ones(len(sums)), abs=1e-12)


def test_those_affected_add_up_to_the_load(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    (ferry,) = bottlenecks(data, found)
    for kind in ("origins", "destinations", "classes"):
        assert sum(one.load for one in getattr(ferry, kind)) == pytest.approx(ferry.load, rel=1e-9)
    arcs = np.flatnonzero(found.places.arc_facility == 0)
    assert found.arc_t[:, arcs].sum() == pytest.approx(ferry.load, rel=1e-9)
    assert 0 < ferry.saves_usd <= 1.5 * ferry.marginal_usd
    assert "one more ferry" in ferry.worth and "ещё один паром" in ferry.to_dict()["worth_ru"]


def test_more_room_costs_nobody_more(tmp_path: Path, crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    wide = world(tmp_path, [limit("ferry", "service:lake_ferry", 2 * FERRY_T)])
    other = assign(wide, found.demand)
    assert other.loading.price_usd_per_unit[0] < found.loading.price_usd_per_unit[0]
    assert other.totals["generalized_cost_usd"] < found.totals["generalized_cost_usd"]


SHARE_AT_HOME = 1 / (1 + 4.0**6)  # highest_cost_ratio and beta of the toy world


def test_at_the_usual_cost_the_same_small_share_stays_at_home_whatever_corridors_are_liked(tmp_path: Path) -> None:
    data, demand = world(tmp_path), wanted(TRADE)
    groups = route_sets(data, demand).corridors
    for constants in (np.zeros(len(groups)), np.full(len(groups), -5.0)):
        loading = assign(data, demand, constants=constants).loading
        assert loading.unserved_t == pytest.approx(SHARE_AT_HOME * np.array([60, 10, 30, 20.0]) * 1e3)


@pytest.mark.parametrize("factor", [1.0, 1.5, 4.0])
def test_a_new_way_never_makes_goods_stay_at_home(tmp_path: Path, factor: float) -> None:
    """A cheap way of little capacity opens beside one that is wide: whoever finds no room on it still ships as before."""
    demand = wanted(TRADE)
    narrow = world(tmp_path, [limit("ferry", "service:lake_ferry", 1.0)])
    wide = world(tmp_path, [limit("ferry", "service:lake_ferry", factor * FERRY_T)])
    before = assign(narrow, demand)
    after = assign(wide, demand, usual=before)
    assert np.all(after.loading.shipped_t >= before.loading.shipped_t * (1 - 1e-9))
    alone = assign(wide, demand, usual=None)
    assert after.shippers.highest_usd_per_t == pytest.approx(alone.shippers.highest_usd_per_t)  # the ways are the same
    with pytest.raises(ValueError, match="same demand"):
        assign(wide, wanted(TRADE[:2]), usual=before)


@pytest.mark.parametrize(
    "pairs", [[], [("ANVIL", "FORT", 0.0)], [("FORT", "FORT", 5.0)]], ids=["none", "zero", "to itself"]
)
def test_no_demand_no_flow(tmp_path: Path, pairs: list[tuple[str, str, float]]) -> None:
    found = assign(world(tmp_path, [limit("ferry", "service:lake_ferry", FERRY_T)]), wanted(pairs))
    assert found.arc_t.sum() == 0
    assert found.totals["shipped_t"] == 0


@pytest.mark.parametrize("call", [1, 2, 3])
def test_who_cancels_is_heard_while_ways_round_what_is_full_are_sought(
    crowded: tuple[Dataset, FlowResult], call: int
) -> None:
    data, found = crowded
    calls: list[int] = []

    def heed() -> None:
        calls.append(len(calls) + 1)
        if len(calls) >= call:
            raise Cancelled

    paid, surcharges = paying(found)
    with pytest.raises(Cancelled):
        ways_round(data, found.demand, found.routes, surcharges, paid, heed=heed)
    assert len(calls) <= call + len(found.demand.classes)  # a class of cargo has a thread of its own


CANAL_SHUT = 'name = "no_canal"\n[[close]]\nwhat = "passage:canal"\nreason = "A ship lies across it"\n'
SLOW_FERRY = (
    'name = "slow"\n[[change]]\nrow = "services:lake_ferry"\ncolumn = "running_h"\nvalue = 200\nreason = "Ice"\n'
)
FAST_FERRY = SLOW_FERRY.replace("200", "1")
NEW_FERRY = """
name = "new"
[[add]]
table = "services"
row = { service = "fast_ferry", name = "Fast ferry", mode = "ferry", kind = "rail_ferry", from_place = "DOCK", to_place = "ELM", both_ways = true, distance_km = 400, running_h = 4, headway_h = 2, cv = 0, usd_teu = 50, loads = ["container", "reefer"], emission_factor = "ship", status = "active" }
reason = "One more ship"
"""  # noqa: E501


@pytest.mark.parametrize(
    "scenario", [CANAL_SHUT, SLOW_FERRY, FAST_FERRY, NEW_FERRY], ids=["closed", "dearer", "cheaper", "added"]
)
def test_routes_of_a_scenario_are_those_of_a_search_from_nothing(tmp_path: Path, scenario: str) -> None:
    base, demand = world(tmp_path), wanted(TRADE)
    route_sets(base, demand)
    changed = read_scenario(scenario, base).apply(base)
    revised = route_sets(changed, demand)
    anew = searched(changed, build.open_world(changed), demand, markets_of(demand), 0.0)
    assert [keys(revised, m)[0] for m in range(4)] == [keys(anew, m)[0] for m in range(4)]
    best = [routes.generalized_usd_per_t[routes.first_route[:-1]] for routes in (revised, anew)]
    assert best[0] == pytest.approx(best[1], rel=1e-9)


def as_bytes(routes: RouteSet) -> bytes:
    return b"".join(array.tobytes() for array in to_arrays(routes).values())


@pytest.mark.parametrize(
    "scenario", [CANAL_SHUT, SLOW_FERRY, FAST_FERRY, NEW_FERRY], ids=["closed", "dearer", "cheaper", "added"]
)
def test_routes_of_a_scenario_do_not_depend_on_what_was_asked_before(tmp_path: Path, scenario: str) -> None:
    demand, answers = wanted(TRADE), []
    for warm in (False, True):
        base = world(tmp_path / str(warm))
        base_graph = build.open_world(base).graph
        base_graph.memo.clear()  # what the toy worlds of other tests have left
        if warm:
            assign(base, demand)
            route_sets(read_scenario(FAST_FERRY.replace("1\n", "3\n"), base).apply(base), demand)
        answers.append(as_bytes(route_sets(read_scenario(scenario, base).apply(base), demand)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("scenario", [SLOW_FERRY, FAST_FERRY, NEW_FERRY], ids=["dearer", "cheaper", "added"])
def test_a_scenario_keeps_every_way_that_is_still_open(tmp_path: Path, scenario: str) -> None:
    """However cheap a new way is: where it is full goods go on by the old ones."""
    base, demand = world(tmp_path), wanted(TRADE)
    changed = read_scenario(scenario.replace("usd_teu = 50", "usd_teu = 0.1"), base).apply(base)
    before, after = route_sets(base, demand), route_sets(changed, demand)
    arcs = arcs_from(build.open_world(base).graph, build.open_world(changed).graph)
    assert arcs is not None
    for m in range(len(before.origin)):
        old, new = (
            {tuple(of.paths.arc[slice(*of.paths.first[r : r + 2])].tolist()) for r in range(*of.first_route[m : m + 2])}
            for of in (replace(before, paths=before.paths.renumbered(arcs)), after)
        )
        assert old <= new
        assert np.all(np.diff(after.generalized_usd_per_t[slice(*after.first_route[m : m + 2])]) >= 0)


def test_a_demand_between_places_that_only_the_scenario_has_is_searched_from_nothing(tmp_path: Path) -> None:
    base = world(tmp_path)
    assert knows(base, wanted(TRADE))
    assert not knows(base, replace(wanted(TRADE), zones=("ANVIL", "BAY", "CROSS", "FORT", "NEWPORT")))
    strange = CargoClass("strange", "no such good", "container", "20ft", 1.0, 10.0)
    assert not knows(base, replace(wanted(TRADE), classes=(strange,)))


def test_what_is_critical_is_what_has_no_way_round(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    fallen = {one.key: one for one in criticality(data, found)}
    assert {one.basis for one in fallen.values()} == {"rerouted"}
    assert fallen["service:lake_ferry"].unserved_t == 0
    assert fallen["service:lake_ferry"].extra_usd > 0
    assert fallen["terminal:FORT"].unserved_t == 0  # its own goods have no other; those that pass it do
    assert fallen["terminal:FORT"].load_t > 0


def test_the_screening_is_the_choice_without_the_routes_over_a_thing(crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    routes, graph, loading, beta = found.routes, found.world.graph, found.loading, found.shippers.beta
    load, extra, lost = screened(found, graph.arc_facility)
    first, item = facilities_passed(routes.paths, graph.arc_facility)
    route = np.repeat(np.arange(len(routes.corridor)), np.diff(first))
    before = expected_cost(routes, loading.route_usd_per_t, beta, found.constants)
    for e in np.flatnonzero(load > 0).tolist():
        without = loading.route_usd_per_t.copy()
        without[route[item == e]] = np.inf
        after = expected_cost(routes, without, beta, found.constants)
        stays = np.isfinite(after)
        assert load[e] == pytest.approx(loading.route_t[route[item == e]].sum())
        assert lost[e] == pytest.approx(loading.shipped_t[~stays].sum())
        assert extra[e] == pytest.approx(loading.shipped_t[stays] @ (after - before)[stays], rel=1e-6, abs=1e-3)


def test_every_link_in_use_is_screened(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    links = critical_links(data, found)
    moved = found.arc_t.sum(axis=0)[found.world.graph.arc_kind == int(Kind.MOVE)]
    assert max(one.load_t for one in links) >= moved.max() * (1 - 1e-9)
    assert links == sorted(links, key=lambda one: (-one.unserved_t, -one.extra_usd))


def test_round_a_link_a_way_is_sought_on_the_network(crowded: tuple[Dataset, FlowResult]) -> None:
    """What the screening calls unserved may have a way that is none of its routes; nothing that is served becomes unserved."""
    data, found = crowded
    screening = {one.key: one for one in critical_links(data, found)}
    sought = critical_links(data, found, rerouted=None)
    assert {one.basis for one in sought} == {"rerouted"} and sought
    assert {one.key for one in sought} == set(screening)
    for one in sought:
        assert one.unserved_t <= screening[one.key].unserved_t * (1 + 1e-9)
        assert one.unserved_t > 0 or one.extra_usd >= screening[one.key].extra_usd * (1 - 1e-9)
    assert [one.basis for one in critical_links(data, found, rerouted=1)].count("rerouted") == 1


def test_the_worst_is_solved_anew_as_a_scenario_would_be(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    solved = [one for one in criticality(data, found, solved=1) if one.basis == "solved"]
    assert len(solved) == 1 and solved[0].unserved_t >= 0


def test_the_least_cost_is_no_more_than_what_shippers_pay(crowded: tuple[Dataset, FlowResult]) -> None:
    _, found = crowded
    told = optimum_document(found)
    assert told["duality_gap"] <= 1e-6 and told["excess"] <= 1e-9
    assert told["bound_usd"] <= told["least_cost"]["generalized_cost_usd"] * (1 + 1e-9)
    assert told["least_cost"]["generalized_cost_usd"] <= told["shippers"]["generalized_cost_usd"] * (1 + 1e-9)
    assert "1." in optimum_text(told, lang="en") or "e-" in optimum_text(told, lang="en")


MORE_ROOM = """
name = "wider"
[[change]]
row = "capacities:ferry"
column = "capacity_per_year"
factor = 2
reason = "A second ferry"
"""


def test_what_a_project_brings_is_the_rule_of_half(tmp_path: Path) -> None:
    base = world(tmp_path, [limit("ferry", "service:lake_ferry", FERRY_T)])
    demand = wanted(TRADE, classes=2)
    scenario = read_scenario(MORE_ROOM, base)
    before = assign(base, demand)
    sides = before, assign(scenario.apply(base), demand, usual=before)
    told = appraisal(base, [scenario], *sides)
    expected = [one.loading.expected_usd_per_t for one in sides]
    gain = sides[0].shippers.tonnes @ (expected[0] - expected[1])
    assert told.shippers_usd.value == pytest.approx(gain) and gain > 0
    assert told.shippers_usd.low <= told.shippers_usd.value <= told.shippers_usd.high
    assert told.present_usd.low < told.present_usd.value < told.present_usd.high
    assert told.investment.million_usd is None and told.net_usd is None  # nobody says what it costs: not zero
    assert "not known" in appraisal_text(told.to_dict(), lang="en")


def test_what_a_project_costs_has_the_bounds_of_its_rows() -> None:
    data = keruen.load()
    factor = Interval(0.9, 1.0, 1.5)
    rows = {row.text("project"): row for row in data["projects"]}
    railway = investment([rows["N029"], rows["N030"]], factor)  # one of the two rows tells what it costs
    assert railway.million_usd == Interval(7200.0, 8000.0, 12000.0)
    assert investment([rows["N034"]], factor).million_usd is None  # told in zloty
    assert investment([], factor).million_usd is None


def test_the_answer_is_told_in_both_languages(crowded: tuple[Dataset, FlowResult]) -> None:
    data, found = crowded
    document = flows_document(data, found, bottlenecks(data, found))
    assert "one more ferry at ferry saves shippers" in assignment_text(document, lang="en", most=5)
    assert "ещё один паром" in assignment_text(document, lang="ru", most=5)


def test_flows_are_written_for_other_programs(crowded: tuple[Dataset, FlowResult], tmp_path: Path) -> None:
    data, found = crowded
    document = flows_document(data, found, bottlenecks(data, found))
    for ending in ("json", "gpkg", "xlsx", "omx", "gmns"):
        assert write_flows(found, document, tmp_path / f"flows.{ending}").exists()
    shipped = read_matrices(tmp_path / "flows.omx")
    assert sum(cells.sum() for name, cells in shipped.cells.items() if name != "unserved") == pytest.approx(
        found.totals["shipped_t"]
    )
    with (tmp_path / "flows.gmns" / "link.csv").open() as file:
        volumes = sum(float(row["volume"]) for row in csv.DictReader(file))
    assert volumes == pytest.approx(found.arc_t.sum(), rel=1e-6)


def test_tables_of_the_toy_name_no_capacity() -> None:
    assert "capacities" not in TABLES and len(toy_tables()["capacities"]) == 0


DEMAND = (
    "origin,destination,class,tonnes,year\nKZALA,GEPTI,general_box,50000,2024\nGEPTI,KZALA,general_box,20000,2024\n"
)


def test_the_command_tells_of_demand_of_ones_own(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_text(DEMAND)
    asked = ("flows", "--demand", tmp_path / "mine.csv", "--export", tmp_path / "flows.gpkg", "--json")
    said = run_cli(*asked)
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert answer["totals"]["demand_t"] == 70_000
    assert answer["certificate"]["settled"]
    assert any(one["corridor"].startswith("trans_caspian") for one in answer["corridors"])
    with closing(sqlite3.connect(tmp_path / "flows.gpkg")) as base:
        (most,) = base.execute("SELECT max(t) FROM flows").fetchone()
    assert 0 < most <= 70_000
