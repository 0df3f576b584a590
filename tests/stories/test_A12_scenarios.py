"""A12  A scenario: another dataset, made by a short list of changes. The question is the same.

BAY ~~~~ canal 5000 km ~~~~ GULF          closed: round the cape, 8000 km
DOCK ~ ferry 400 km ~ ELM                 another one beside it, twice as fast
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from toy_world import BOX, LAKE_FERRY, toy, toy_with

import keruen
from keruen.errors import BadTable, NoRoute
from keruen.network import build
from keruen.routing.compare import compare
from keruen.routing.hierarchy import build_hierarchy
from keruen.routing.matrix import matrix
from keruen.routing.result import RouteResult
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset, check
from keruen.tables.scenario import Scenario, read_scenario
from keruen.tables.trace import trace

BOXES = Shipment(commodity=BOX)
CANAL = """
name = "no_canal"
title = "No canal"
title_ru = "Без канала"
[[close]]
what = "passage:canal"
reason = "A ship lies across it"
reason_ru = "Поперёк него лежит судно"
"""
FAST_FERRY = """
name = "fast_ferry"
[[add]]
table = "services"
row = { service = "fast_ferry", name = "Fast ferry", mode = "ferry", kind = "rail_ferry", from_place = "DOCK", to_place = "ELM", both_ways = true, distance_km = 400, running_h = 10, headway_h = 12, cv = 0, usd_teu = 150, loads = ["container", "reefer"], emission_factor = "ship", status = "active" }
reason = "One more ship"
"""  # noqa: E501


def closing(*features: str) -> Scenario:
    entries = "".join(f'[[close]]\nwhat = "{one}"\nreason = "A test"\n' for one in features)
    return read_scenario(f'name = "closed"\n{entries}', toy())


def sent(data: Dataset, start: str, end: str, **how: object) -> RouteResult:
    return route(data, start, end, shipment=BOXES, **how)  # type: ignore[arg-type]


def fastest(data: Dataset, start: str, end: str, *avoid: str) -> RouteResult:
    return sent(data, start, end, avoid=avoid, objective="fastest")


def kilometres(answer: RouteResult) -> int:
    return round(sum(leg.distance_km for leg in answer.routes[0].legs))


def hours(data: Dataset, start: str, *ends: str) -> list[float]:
    """Least hours by the matrix; its hierarchy stays in memory, since toy worlds share a folder."""
    graph = build.open_world(data).graph
    if "hierarchy" not in graph.memo:
        lat, lon = (np.asarray(of, np.float64) for of in (graph.node_lat, graph.node_lon))
        graph.memo["hierarchy"] = build_hierarchy(np.asarray(graph.first_out), np.asarray(graph.head), lat, lon)
    found: list[float] = matrix(data, [start], ends, shipment=BOXES).values[0].tolist()
    return found


def test_a_scenario_of_nothing_changes_nothing() -> None:
    nothing = read_scenario('name = "nothing"', toy())
    assert nothing.apply(toy()) is toy()
    assert nothing.changes(toy()) == ()
    found = compare(toy(), nothing, "ANVIL", "FORT", shipment=BOXES)
    assert found.to_dict()["base"] == found.to_dict()["with"]
    assert all(not any((one.change or {"": 1}).values()) for one in found.differences)


def test_what_is_closed_is_closed_without_a_date_and_the_answer_says_why() -> None:
    shut = read_scenario(CANAL, toy()).apply(toy())
    by_sea = ("mode:rail", "mode:road", "mode:air")
    assert kilometres(fastest(toy(), "BAY", "GULF", *by_sea)) == 5000
    answer = fastest(shut, "BAY", "GULF", *by_sea)
    assert kilometres(answer) == 8000
    assert [(one.effect, one.item) for one in answer.conditions] == [("closed", "passage:canal")]
    assert "A ship lies across it" in answer.conditions[0].name
    assert "Поперёк него лежит судно" in answer.conditions[0].name_ru
    assert any(
        "A ship lies across it" in warning and "conditions:no_canal_close_1" in warning for warning in answer.warnings
    )
    assert kilometres(fastest(toy(), "BAY", "GULF", *by_sea)) == 5000  # the base is as it was


@pytest.mark.parametrize(
    ("feature", "start", "end", "avoid"),
    [
        ("service:lake_ferry", "DOCK", "ELM", ("mode:air", "mode:sea", "mode:road")),
        ("border:pass_rail", "ANVIL", "CROSS", ("mode:road", "mode:air", "mode:sea")),
        ("pair:EE-MM", "ANVIL", "CROSS", ("mode:sea", "mode:air")),
        ("country:MM@rail", "CROSS", "DOCK", ("mode:road", "mode:air", "mode:sea")),
        ("place:DOCK", "ANVIL", "DOCK", ()),
        ("mode:air", "HAWK", "IBIS", ("mode:road", "mode:rail", "mode:sea")),
    ],
)
def test_each_kind_of_feature_may_be_closed(feature: str, start: str, end: str, avoid: tuple[str, ...]) -> None:
    countries = {"EE": "ANVIL", "MM": "CROSS"}
    for code, place in countries.items():
        row = toy()["places"].find(place)
        assert row is not None
        feature = feature.replace(code, row.text("country"))
    assert sent(toy(), start, end, avoid=avoid).routes
    with pytest.raises(NoRoute) as problem:
        sent(closing(feature).apply(toy()), start, end, avoid=avoid)
    assert any(feature in one for one in problem.value.blocked_by)


def test_the_matrix_keeps_to_what_is_closed() -> None:
    shut = closing("place:DOCK").apply(toy())
    usual, now = (hours(data, "ANVIL", "DOCK", "CROSS") for data in (toy(), shut))
    assert usual[0] > 0 and math.isnan(now[0])
    assert now[1] == usual[1]


def test_a_price_or_a_headway_needs_no_other_network() -> None:
    text = 'name = "often"\n[[change]]\nrow = "services:lake_ferry"\ncolumn = "headway_h"\nfactor = 0.5\nreason = "More sailings"'
    often = read_scenario(text, toy()).apply(toy())
    assert build.open_world(often) is build.open_world(toy())
    waits = [
        sum(leg.waiting_h for leg in fastest(data, "DOCK", "ELM", "mode:air", "mode:sea", "mode:road").routes[0].legs)
        for data in (toy(), often)
    ]
    assert waits[1] == pytest.approx(
        waits[0] - 12
    )  # headway / 2 (1 + cv^2) with cv 1: 24 h, and 12 h at half the headway


def test_an_added_ferry_is_laid_onto_the_network_as_a_build_would_lay_it() -> None:
    added = read_scenario(FAST_FERRY, toy())
    more = added.apply(toy())
    row = dict(added.add[0].row)
    built = toy_with(services=[LAKE_FERRY, row | {"loads": "container|reefer"}])
    laid, whole = build.open_world(more).graph, build.open_world(built).graph
    assert (laid.n, laid.m) == (whole.n, whole.m)
    assert all(laid.tail[i] < laid.tail[i + 1] or laid.tail[i] == laid.tail[i + 1] for i in range(laid.m - 1))
    for start, end in (("DOCK", "ELM"), ("ANVIL", "FORT"), ("BAY", "IBIS")):
        figures = [
            [
                (one.corridor, one.time_h, one.cost_usd, one.co2e_kg, one.distance_km)
                for one in sent(data, start, end).routes
            ]
            for data in (more, built)
        ]
        assert figures[0] == figures[1]
    assert hours(more, "DOCK", "ELM", "FORT") == pytest.approx(hours(built, "DOCK", "ELM", "FORT"))
    assert fastest(more, "DOCK", "ELM").routes[0].time_h < fastest(toy(), "DOCK", "ELM").routes[0].time_h


def test_a_service_may_be_suspended_on_the_network_that_is_there() -> None:
    text = 'name = "idle"\n[[change]]\nrow = "services:lake_ferry"\ncolumn = "status"\nvalue = "suspended"\nreason = "No ship"'
    idle = read_scenario(text, toy()).apply(toy())
    assert build.as_built(idle) is toy()
    with pytest.raises(NoRoute):
        sent(idle, "DOCK", "ELM", avoid=["mode:air", "mode:sea", "mode:road"])


def test_a_service_to_a_place_without_a_terminal_is_refused() -> None:
    nowhere = toy_with(places=[*toy()["places"], {"place": "CAPE1", "name": "Cape", "country": toy()["places"].row(0).text("country"),
                                                   "kind": "chokepoint", "lat": 1, "lon": 1}])  # fmt: skip
    text = FAST_FERRY.replace('to_place = "ELM"', 'to_place = "CAPE1"')
    more = read_scenario(text, nowhere).apply(nowhere)
    with pytest.raises(BadTable, match="CAPE1 has no terminal"):
        build.open_world(more)


def town(kind: str) -> Dataset:
    """The toy world with a town beside Cross, on the line to Dock."""
    cross = toy()["places"].find("CROSS")
    assert cross is not None
    cells = f'place = "TOWN1", name = "Newtown", name_ru = "Новгород", country = "{cross.text("country")}", lat = 10, lon = 10.1'
    text = f'name = "town"\n[[add]]\ntable = "places"\nrow = {{ {cells}, kind = ["{kind}"] }}\nreason = "A terminal"'
    return read_scenario(text, toy()).apply(toy())


def test_a_terminal_is_laid_onto_the_network_and_found_by_its_names() -> None:
    more = town("rail_terminal")
    assert build.as_built(more) is toy()
    for name in ("TOWN1", "Newtown", "новгород"):
        answer = sent(more, "CROSS", name, avoid=["mode:road"])
        assert answer.destination.place == "TOWN1" and {"rail"} <= {leg.mode for leg in answer.routes[0].legs}
    assert sent(more, "Newtown", "ELM").routes and sent(more, "ANVIL", "FORT").routes
    assert sent(more, "Dock", "Anvil").destination.name == "Anvil"  # the others are found as before


def test_a_port_needs_a_network_of_its_own() -> None:
    port = town("seaport")
    assert build.as_built(port) is port


def test_scenarios_are_applied_one_after_the_other() -> None:
    half = 'name = "{}"\n[[change]]\nrow = "services:lake_ferry"\ncolumn = "usd_teu"\nfactor = 0.5\nreason = "Cheaper"'
    once = read_scenario(half.format("first"), toy()).apply(toy())
    twice = read_scenario(half.format("second"), once).apply(once)
    again = read_scenario(half.format("second"), once).apply(twice)
    assert [data["services"].row(0).number("usd_teu") for data in (toy(), once, twice, again)] == [200, 100, 50, 25]
    assert not check(again)


def test_a_changed_figure_opens_down_to_the_scenario_and_its_reason() -> None:
    data = read_scenario(CANAL + FAST_FERRY.split("\n", 2)[2], toy()).apply(toy())
    assert not check(data)
    found = trace(data, "services:fast_ferry")
    assert any("One more ship" in source.text("title") for source in found.sources)
    assert any(
        "A ship lies across it" in source.text("title") for source in trace(data, "conditions:no_canal_close_1").sources
    )


def test_a_changed_cell_is_an_assumption_that_says_what_was_there() -> None:
    text = 'name = "dear"\n[[change]]\nrow = "services:lake_ferry"\ncolumn = "usd_teu"\nvalue = 900\nreason = "Fuel"\nreason_ru = "Топливо"'
    data = read_scenario(text, toy()).apply(toy())
    row = data["services"].row(0)
    assert row.number("usd_teu") == 900 and row.text("basis") == "assumed"
    assert "usd_teu was 200" in row.text("note") and "Fuel" in row.text("note")
    told = read_scenario(text, toy()).changes(toy())[0]
    assert (told.before, told.after) == ("200", "900")
    assert told.text("ru") == "services:lake_ferry, usd_teu: 900 вместо 200. Топливо"


def test_base_and_scenario_side_by_side() -> None:
    found = compare(toy(), read_scenario(CANAL, toy()), "BAY", "GULF", shipment=BOXES)
    told = found.to_dict()
    sides = {one["corridor"]: (one["base"], one["with"]) for one in told["differences"]}
    assert sides["canal"][0] is not None and sides["canal"][1] is None  # vanishes
    assert told["scenario"]["title_ru"] == "Без канала"
    assert told["scenario"]["changes"][0]["text_ru"] == "Закрыто: passage:canal. Поперёк него лежит судно"
    for one in told["differences"]:
        if one["base"] and one["with"]:
            assert one["change"]["cost_usd"] == pytest.approx(
                one["with"]["cost_usd"] - one["base"]["cost_usd"], abs=1e-3
            )


def test_no_route_on_one_side_is_an_answer_and_on_both_is_none() -> None:
    shut = closing("place:DOCK")
    found = keruen.compare(toy(), shut, "ANVIL", "DOCK", shipment=BOXES)
    assert isinstance(found.with_scenario, NoRoute)
    assert found.to_dict()["with"]["error"]["kind"] == "no_route"
    assert all(one.with_scenario is None for one in found.differences)
    with pytest.raises(NoRoute):
        compare(toy(), shut, "ANVIL", "DOCK", shipment=BOXES, avoid=["place:DOCK"])
