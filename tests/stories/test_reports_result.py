"""The record of an answer: totals follow from legs, unknown stays unknown, and it prints well."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_journey import invented_result, move, route_of, stop

from keruen.routing.result import MEASURES, BeatenBy, Component, Leg, RouteResult

SUMMED = ("distance_km", "running_h", "waiting_h", "handling_h", "border_h", "time_h", "cost_usd", "co2e_kg")
DOCUMENT = Path(__file__).parents[2] / "docs" / "route-json.md"


@pytest.fixture
def result() -> RouteResult:
    return invented_result()


def test_totals_are_the_sums_of_the_legs_as_printed(result: RouteResult) -> None:
    for route in result.to_dict()["routes"]:
        for name in SUMMED:
            parts = [leg[name] for leg in route["legs"]]  # type: ignore[literal-required]
            if None in parts:
                assert route[name] is None  # type: ignore[literal-required]
            else:
                assert route[name] == pytest.approx(math.fsum(parts), abs=1e-6)  # type: ignore[literal-required]
        assert route["time_h"] == pytest.approx(sum(route[name] for name in SUMMED[1:5]), abs=1e-4)  # type: ignore[literal-required]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
def test_printed_sums_hold_for_any_figures(costs: list[float]) -> None:
    legs = [Leg(mode="rail", start="A", end="B", cost_usd=cost, running_h=cost / 7) for cost in costs]
    printed = route_of("x", "X", "", legs).to_dict()
    assert printed["cost_usd"] == round(math.fsum(leg["cost_usd"] for leg in printed["legs"]), 6)
    assert printed["time_h"] == round(math.fsum(leg["time_h"] for leg in printed["legs"]), 6)


def test_components_add_up_to_their_leg(result: RouteResult) -> None:
    for route in result.routes:
        for leg in route.legs:
            assert math.fsum(part.time_h for part in leg.components) == pytest.approx(leg.time_h)
            assert math.fsum(part.cost_usd for part in leg.components) == pytest.approx(leg.cost_usd)


def test_unknown_co2e_of_a_leg_makes_the_total_unknown(result: RouteResult) -> None:
    caspian = next(route for route in result.routes if route.corridor == "trans_caspian")
    assert caspian.co2e_kg is None and caspian.to_dict()["co2e_kg"] is None
    assert "CO2e unknown" in repr(result)


def test_assumed_figures_are_named(result: RouteResult) -> None:
    north = next(route for route in result.routes if route.corridor == "northern")
    assert north.assumed == ("cost_usd",)
    assert Leg(mode="rail", start="A", end="B", components=(Component("tariff", "t:1", "assumed"),)).assumed == ()


def test_sources_are_rows_each_once(result: RouteResult) -> None:
    for route in result.routes:
        assert len(set(route.sources)) == len(route.sources)
        assert all(re.fullmatch(r"[a-z_]+:\S+", source) for source in route.sources)


def test_legs_follow_on_each_other(result: RouteResult) -> None:
    for route in result.routes:
        for leg, following in zip(route.legs[:-1], route.legs[1:], strict=True):
            assert leg.end == following.start
        assert (route.legs[0].start, route.legs[-1].end) == (result.origin.place, result.destination.place)


def test_modes_are_those_that_move() -> None:
    legs = [stop("terminal", "VNHPH"), move("rail", "VNHPH", "VNDDG", [(0, 0), (1, 0)], "VN"), stop("border", "VNDDG")]
    assert route_of("x", "X", "", legs).modes == ("rail",)


def test_every_key_is_documented(result: RouteResult) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z_0-9]+)`", text))

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for child in value.values() for key in keys(child)}
        return {key for child in value for key in keys(child)} if isinstance(value, list) else set()

    answer = result.to_dict(geometry=True)
    free = {"VNHPH", "invented", "truncated", *answer["places"], *answer["shipment"]}
    assert keys(answer) - documented - free == set()


def test_json_holds_only_what_json_can_hold(result: RouteResult) -> None:
    assert json.loads(json.dumps(result.to_dict(geometry=True), allow_nan=False)) == result.to_dict(geometry=True)


def test_geometry_only_when_asked_for(result: RouteResult) -> None:
    assert "geometry" not in result.to_dict()["routes"][0]["legs"][0]
    line = result.to_dict(geometry=True)["routes"][0]["legs"][1]["geometry"]
    assert line[0] == [106.68, 20.86], "longitude comes first"


def test_what_beats_a_route_is_said(result: RouteResult) -> None:
    beaten = next(route for route in result.to_dict()["routes"] if route["beaten_by"])
    assert beaten["beaten_by"] == "suez" and beaten["beaten_by_way"]["corridor_name"] == "Suez"
    assert set(beaten["beaten_by_way"]) > set(MEASURES)
    assert BeatenBy("a", "A", "", 1, 2, None).to_dict()["co2e_kg"] is None


def test_it_is_frozen(result: RouteResult) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.routes = ()  # type: ignore[misc]


def test_it_reads_well(result: RouteResult) -> None:
    lines = repr(result).splitlines()
    assert lines[0] == "Hai Phong (VNHPH) -> Duisburg (DEDUI): 5 routes"
    assert len(lines) == 6 and lines[-1].endswith("beaten by Suez")


def test_in_a_notebook_nothing_is_taken_for_markup(result: RouteResult) -> None:
    named = dataclasses.replace(result.routes[0], corridor_name="<script>alert(1)</script>")
    page = dataclasses.replace(result, routes=(named,), warnings=("a < b & c",))._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "a &lt; b &amp; c" in page
    assert page.count("<table>") == page.count("</table>") == 2
