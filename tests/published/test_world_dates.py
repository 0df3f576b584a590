"""Dates in the real world: the Red Sea, the border of Poland and Belarus, and what boxes cost then."""

from __future__ import annotations

from functools import cache

import pytest
from command_line import RunCli

import keruen
from keruen.routing.result import RouteResult
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset

SEA_ONLY = ("mode:rail", "mode:road", "mode:air")


@cache
def by_sea(data: Dataset, start: str, end: str, day: str | None) -> RouteResult:
    return keruen.route(
        data, start, end, shipment=Shipment(unit="40ft"), depart=day, avoid=SEA_ONLY, objective="cheapest"
    )


def passes(answer: RouteResult, name: str) -> bool:
    return any(name in leg.name for leg in answer.routes[0].legs)


def test_the_red_sea_is_left_in_december_2023(world_data: Dataset) -> None:
    before, after = (by_sea(world_data, "CNSHA", "NLRTM", day) for day in ("2023-10-15", "2024-02-01"))
    assert passes(before, "Suez") and not passes(before, "Cape of Good Hope")
    assert passes(after, "Cape of Good Hope") and not passes(after, "Suez")
    assert after.routes[0].cost_usd > 3 * before.routes[0].cost_usd
    assert after.routes[0].time_h > before.routes[0].time_h + 5 * 24
    assert any("conditions:red_sea_lines_2023" in warning for warning in after.warnings)
    assert not any("conditions:" in warning for warning in before.warnings)


def test_bulk_still_passes_the_red_sea(world_data: Dataset) -> None:
    answer = keruen.route(
        world_data, "CNSHA", "NLRTM", shipment=Shipment(commodity="copper_concentrate", unit="tonne"), depart="2024-02-01",
        avoid=SEA_ONLY, objective="fastest",
    )  # fmt: skip
    assert passes(answer, "Suez")


def test_trains_do_not_cross_from_belarus_to_poland_while_the_border_is_shut(world_data: Dataset) -> None:
    ways = {
        day: keruen.route(
            world_data, "CNXAG", "PLMAA", depart=day, avoid=["mode:road", "mode:air"], objective="fastest"
        )
        for day in ("2025-09-11", "2025-09-15", "2025-09-25")
    }
    crossed = {day: any("Brest" in leg.name for leg in answer.routes[0].legs) for day, answer in ways.items()}
    assert crossed == {"2025-09-11": True, "2025-09-15": False, "2025-09-25": True}
    assert any("Poland and Belarus was shut" in warning for warning in ways["2025-09-15"].warnings)


@pytest.mark.parametrize(
    ("start", "end", "day", "usd"),
    [  # quotations of the World Container Index that the index holds: the lane of each must come to it
        ("CNSHA", "NLRTM", "2023-11-02", 1048),
        ("CNSHA", "NLRTM", "2024-05-30", 5270),
        ("CNSHA", "NLRTM", "2025-04-10", 2392),
        ("CNSHA", "NLRTM", "2026-01-29", 2379),
        ("NLRTM", "CNSHA", "2024-03-28", 814),
        ("NLRTM", "CNSHA", "2025-04-10", 475),
        ("CNSHA", "USLAX", "2024-06-27", 6673),
        ("USLAX", "CNSHA", "2025-05-08", 706),
        ("USNYC", "NLRTM", "2025-04-10", 824),
        ("CNSHA", "GEPTI", "2025-11-15", 2250),  # 2,000-2,500, November 2025: prices:C066
    ],
)
def test_lanes_come_to_their_market(world_data: Dataset, start: str, end: str, day: str, usd: float) -> None:
    assert by_sea(world_data, start, end, day).routes[0].cost_usd == pytest.approx(usd, rel=0.12)


def test_a_box_back_to_asia_costs_a_third_or_less(world_data: Dataset) -> None:
    there, back = by_sea(world_data, "CNSHA", "NLRTM", None), by_sea(world_data, "NLRTM", "CNSHA", None)
    assert back.routes[0].cost_usd < 0.35 * there.routes[0].cost_usd


def test_the_command_takes_a_day_and_refuses_what_is_none(run_cli: RunCli, world_data: Dataset) -> None:
    said = run_cli("route", "KZKUR", "AZALA", "--unit", "trailer", "--depart", "2025-11-10", "--legs", "none")
    assert said.code == 0
    assert "Kuryk is shut for weather about half of November and December" in " ".join(said.out.split())
    for day, says in [("2025-02-30", "no day"), ("10/11/2025", "year-month-day"), ("3000-01-01", "Nothing is known")]:
        wrong = run_cli("route", "CNSHA", "NLRTM", "--depart", day)
        assert (wrong.code, says in wrong.err) == (2, True), wrong


def test_a_condition_opens_down_to_its_sources(run_cli: RunCli) -> None:
    said = run_cli("sources", "conditions:red_sea_lines_2023")
    assert said.code == 0 and "seantel-suez-2026" in said.out
