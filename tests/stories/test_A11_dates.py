"""A11  A day of departure: what was closed, slower or dearer on it.

BAY ~~~~ canal ~~~~ GULF          shut to boxes from 10 March to 20 March 2024
DOCK ~ ferry ~ ELM                every 4 days instead of 2 in each November
BAY -> GULF                       boxes cost what the market asks that leads from the eastern to the western sea
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest
from toy_world import BOX, SOURCE, Rows, toy, toy_with

from keruen.errors import BadDate
from keruen.routing.result import RouteResult
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset, check
from keruen.tables.periods import as_day

SOURCED = {"basis": "published", "source": SOURCE, "name_ru": ""}
CLOSURE = SOURCED | {
    "condition": "canal_2024", "effect": "closed", "item": "passage:canal", "loads": "container", "name": "The canal is shut",
    "name_ru": "Канал закрыт", "period_start": "2024-03-10", "period_end": "2024-03-20",
}  # fmt: skip
STORMS = SOURCED | {
    "condition": "storms", "effect": "factor", "item": "services:lake_ferry", "column": "headway_h", "value": 2, "months": "11",
    "name": "Storms on the lake", "name_ru": "Штормы на озере",
}  # fmt: skip
MARKET = SOURCED | {"market": "westward", "name": "Westward by sea", "usd_per_feu": 1000}
QUOTED: Rows = [
    SOURCED | {"market": "westward", "date": day, "usd_per_feu": usd}
    for day, usd in [("2024-03-01", 1000), ("2024-03-11", 3000), ("2024-10-01", 500)]
]
BASINS: Rows = [
    {"box": box, "basin": box, "lat_min": -90, "lat_max": 90, "lon_min": west, "lon_max": east, "basis": "assumed",
     "source": SOURCE, "note": "Invented."}
    for box, west, east in [("east_sea", -10, 20), ("west_sea", 20, 50)]
]  # fmt: skip
LANE = SOURCED | {
    "from_basin": "east_sea", "to_basin": "west_sea", "unit": "teu", "usd": 600, "market": "westward", "share": 0.5
}  # fmt: skip


def of(schema: tuple[str, ...], *rows: dict[str, object]) -> Rows:
    """Rows without the cells their table does not have."""
    return [{name: cell for name, cell in row.items() if name in schema} for row in rows]


@cache
def dated_toy() -> Dataset:
    columns = {name: tuple(column.name for column in toy().schema[name].columns) for name in toy()}
    return toy_with(
        conditions=of(columns["conditions"], CLOSURE, STORMS),
        freight_markets=of(columns["freight_markets"], MARKET),
        freight_index=of(columns["freight_index"], *map(dict, QUOTED)),
        sea_basins=BASINS,
        sea_markets=of(columns["sea_markets"], LANE),
    )


def sent(start: str, end: str, depart: str | date | None, avoid: tuple[str, ...] = ()) -> RouteResult:
    return route(
        dated_toy(), start, end, shipment=Shipment(commodity=BOX), depart=depart, avoid=avoid, objective="fastest"
    )


def by_sea(depart: str | None, start: str = "BAY", end: str = "GULF") -> RouteResult:
    return sent(start, end, depart, ("mode:rail",))


def kilometres(answer: RouteResult) -> int:
    return round(sum(leg.distance_km for leg in answer.routes[0].legs))


def test_a_closure_holds_from_its_first_day_to_its_last() -> None:
    ways = {day: kilometres(by_sea(day)) for day in ("2024-03-09", "2024-03-10", "2024-03-20", "2024-03-21")}
    assert ways == {"2024-03-09": 5000, "2024-03-10": 8000, "2024-03-20": 8000, "2024-03-21": 5000}


def test_the_answer_says_what_closed_the_way_and_in_which_row_it_stands() -> None:
    answer = by_sea("2024-03-15")
    assert any("The canal is shut" in warning and "conditions:canal_2024" in warning for warning in answer.warnings)
    assert ("closed", "passage:canal") in {(one.effect, one.item) for one in answer.conditions}
    assert by_sea("2024-03-15").to_dict()["depart"] == "2024-03-15"


def test_a_closure_elsewhere_is_not_told() -> None:
    answer = sent("ANVIL", "FORT", "2024-03-15")
    assert not any(one.effect == "closed" for one in answer.conditions)


def test_a_closure_is_for_the_loads_it_names() -> None:
    bulk = Shipment(commodity="coal", tonnes=1000)
    answer = route(dated_toy(), "BAY", "GULF", shipment=bulk, depart="2024-03-15", objective="cheapest")
    assert kilometres(answer) == 5000


def waited_h(day: str) -> float:
    return sum(leg.waiting_h for leg in sent("DOCK", "ELM", day, ("mode:air", "mode:sea")).routes[0].legs)


def test_a_season_returns_each_year() -> None:
    usual = waited_h("2024-10-31")
    assert waited_h("2024-11-05") == waited_h("2025-11-30") > usual > 0
    assert waited_h("2024-12-01") == usual


def test_without_a_date_nothing_of_a_date_is_felt() -> None:
    answer = by_sea(None)
    assert (answer.depart, answer.conditions, kilometres(answer)) == (None, (), 5000)


# 600 USD a box from sea to sea; the market stood at 1,000 then, and a box bears half of its changes


@pytest.mark.parametrize(
    ("day", "extra_usd"),
    [
        (None, 600),
        ("2024-03-01", 600),  # as usual
        ("2024-03-06", 1100),  # between 1,000 and 3,000: half of 1,000 on top
        ("2024-10-01", 350),  # half of 500 less
    ],
)
def test_the_price_of_a_lane_follows_its_market(day: str | None, extra_usd: float) -> None:
    way, back = by_sea(day).routes[0], by_sea(day, "GULF", "BAY").routes[0]
    assert way.cost_usd - back.cost_usd == pytest.approx(extra_usd)
    assert sum(part.cost_usd for leg in way.legs for part in leg.components) == pytest.approx(way.cost_usd)


def test_what_a_lane_costs_rests_on_its_row_and_on_the_quotations_of_the_day() -> None:
    answer = by_sea("2024-03-06")
    (change,) = (one for one in answer.conditions if one.effect == "price")
    assert (change.item, change.usual, change.value) == ("sea_markets:east_sea/west_sea/teu", 600, 1100)
    assert change.sources == ("freight_index:westward/2024-03-01", "freight_index:westward/2024-03-11")
    assert change.item in {part.source for leg in answer.routes[0].legs for part in leg.components}


def test_quotations_far_apart_are_told() -> None:
    assert any("3,000 USD" in warning and "500" in warning for warning in by_sea("2024-06-20").warnings)
    assert not by_sea("2024-03-06").warnings


def test_a_day_after_all_evidence_is_answered_and_said_to_be_so() -> None:
    assert any("evidence of conditions ends on 2024-10-01" in warning for warning in by_sea("2025-10-01").warnings)


@pytest.mark.parametrize("day", ["3000-01-01", "2010-05-05", "2026-10-05"])
def test_days_of_which_nothing_is_known_are_refused(day: str) -> None:
    with pytest.raises(BadDate, match="2024-03-01 to 2024-10-01"):
        by_sea(day)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-02-30", "There is no day 2025-02-30"),
        ("10/11/2025", "year-month-day"),
        ("2025-1-5", "year-month-day"),
        ("2025-11", "year-month-day"),
        ("20251110", "year-month-day"),
        ("tomorrow", "year-month-day"),
        ("", "year-month-day"),
        ("२०२५-११-१०", "year-month-day"),
    ],
)
def test_a_day_is_written_in_one_way(text: str, says: str) -> None:
    with pytest.raises(BadDate, match=says):
        as_day(text)


def test_a_date_is_a_day() -> None:
    assert as_day("2025-11-10") == as_day(date(2025, 11, 10)) == as_day(datetime(2025, 11, 10, 23, 59))


def test_wrong_conditions_are_found() -> None:
    columns = tuple(column.name for column in toy().schema["conditions"].columns)
    wrong = [
        CLOSURE | {"condition": "backwards", "period_start": "2025-03", "period_end": "2025-02"},
        CLOSURE | {"condition": "twice", "period_start": "2024-03-20", "period_end": "2024-04-01"},
        CLOSURE | {"condition": "nowhere", "item": "passage:moon", "period_start": "2022-01", "period_end": "2022-02"},
        STORMS | {"condition": "no_row", "item": "services:no_ferry", "months": "1"},
        STORMS | {"condition": "no_column", "column": "name", "months": "2"},
        STORMS | {"condition": "no_value", "value": "", "months": "3"},
    ]
    found = check(toy_with(conditions=of(columns, CLOSURE, STORMS, *wrong)))
    told = {(problem.row - 4, problem.column) for problem in found if problem.table == "conditions"}
    assert {(0, "period_end"), (1, "period_start"), (2, "item"), (3, "item"), (4, "column"), (5, "value")} <= told
    assert not any(problem.table == "conditions" for problem in check(dated_toy()))
