"""A10  One cost is charged once.

    ANVIL ==== | the Pass | == CROSS [yard] -- DOCK ~~ ferry ~~ ELM ==== FORT

Every row of the tables that the way rests on is raised by one, and the total rises as often as the way meets it.
"""

from __future__ import annotations

import math

import pytest
from toy_world import (
    BORDER_DWELL,
    BOX,
    GAUGE_YARDS,
    HANDLING,
    LAKE_FERRY,
    PASSAGES,
    SPEEDS,
    TARIFFS,
    WAITS,
    Rows,
    toy,
    toy_with,
    with_cells,
)  # fmt: skip

from keruen.routing.result import Route
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset

BOXES = Shipment(commodity=BOX)
LIFTS = {"load at ANVIL", "unload at DOCK", "load at ELM", "unload at FORT"}


def by_the_lake(data: Dataset) -> Route:
    (way,) = route(
        data, "ANVIL", "FORT", shipment=BOXES, require=["lake_ferry"], avoid=["road"], only_unbeaten=True
    ).routes
    return way


def by_the_canal(data: Dataset) -> Route:
    (way,) = route(data, "ANVIL", "FORT", shipment=BOXES, require=["canal"], only_unbeaten=True).routes
    return way


def test_the_bill() -> None:
    way = by_the_lake(toy())
    rail_km = 400 + 50 + 500 + 250
    trains, border, yard, ferry = 2 * 7, 30, 25, 200
    assert way.cost_usd == pytest.approx(rail_km * 0.5 + trains + len(LIFTS) * 15 + border + yard + 2 * 15 + ferry)
    waits, border_h, yard_h, ferry_h = 2 * 5, 24, 12, 24 + 20
    assert way.time_h == pytest.approx(rail_km / 50 + waits + len(LIFTS) * 3 + border_h + yard_h + 2 * 4 + ferry_h)
    assert way.co2e_kg == pytest.approx((rail_km * 0.020 + 400 * 0.005) * 10)


RAISED: list[tuple[str, Rows, dict[str, object], str, float]] = [
    ("handling", HANDLING, {"kind": "rail_terminal", "unit": "teu"}, "hours", 4),
    ("handling", HANDLING, {"kind": "ferry_port", "unit": "teu"}, "hours", 2),
    ("handling", HANDLING, {"kind": "seaport", "unit": "teu"}, "hours", 0),
    ("handling", HANDLING, {"kind": "rail_terminal", "unit": "teu"}, "usd", 4),
    ("handling", HANDLING, {"kind": "rail_terminal", "unit": "tonne"}, "usd", 0),
    ("handling", HANDLING, {"kind": "ferry_port", "unit": "teu"}, "usd", 2),
    ("waits", WAITS, {"mode": "rail"}, "cutoff_h", 2),
    ("waits", WAITS, {"mode": "rail"}, "headway_h", 2 / 2),
    ("waits", WAITS, {"mode": "sea"}, "cutoff_h", 0),
    ("border_dwell", BORDER_DWELL, {"from_country": "EA", "mode": "rail"}, "hours", 1),
    ("border_dwell", BORDER_DWELL, {"from_country": "MI", "mode": "rail"}, "hours", 0),
    ("border_dwell", BORDER_DWELL, {"from_country": "EA", "mode": "rail"}, "usd_per_unit", 1),
    ("gauge_yards", GAUGE_YARDS, {"place": "CROSS"}, "hours", 1),
    ("gauge_yards", GAUGE_YARDS, {"place": "CROSS"}, "usd_per_teu", 1),
    ("services", [LAKE_FERRY], {"service": "lake_ferry"}, "running_h", 1),
    ("services", [LAKE_FERRY], {"service": "lake_ferry"}, "headway_h", 1),  # 1 / 2 (1 + cv^2) with cv = 1
    ("services", [LAKE_FERRY], {"service": "lake_ferry"}, "usd_teu", 1),
    ("services", [LAKE_FERRY], {"service": "lake_ferry"}, "distance_km", 0),  # its price and hours are its own
    ("tariffs", TARIFFS, {"mode": "rail", "unit": "teu"}, "fixed_usd", 2),
    ("tariffs", TARIFFS, {"mode": "rail", "unit": "teu"}, "usd_per_km", 1200),
    ("tariffs", TARIFFS, {"mode": "ferry", "unit": "teu"}, "usd_per_km", 0),
    ("tariffs", TARIFFS, {"mode": "road", "unit": "teu"}, "usd_per_km", 0),
]


NAMES = [f"{table}-{'-'.join(map(str, where.values()))}-{column}" for table, _, where, column, _ in RAISED]


@pytest.mark.parametrize(("table", "rows", "where", "column", "times"), RAISED, ids=NAMES)
def test_each_row_counts_as_often_as_it_is_met(
    table: str, rows: Rows, where: dict[str, object], column: str, times: float
) -> None:
    (cell,) = {row[column] for row in rows if all(row.get(c) == v for c, v in where.items())}
    raised = toy_with(**{table: with_cells(rows, where, **{column: float(str(cell)) + 1})})
    before, after = by_the_lake(toy()), by_the_lake(raised)
    measure = "cost_usd" if "usd" in column else "time_h"
    assert getattr(after, measure) - getattr(before, measure) == pytest.approx(times)
    other = "time_h" if measure == "cost_usd" else "cost_usd"
    assert getattr(after, other) == pytest.approx(getattr(before, other))


def test_the_canal_is_charged_once_though_three_lanes_lead_through_it() -> None:
    dear = toy_with(passages=with_cells(PASSAGES, {"passage": "canal"}, wait_h=11, usd_teu=41))
    before, after = by_the_canal(toy()), by_the_canal(dear)
    assert after.time_h - before.time_h == pytest.approx(1)
    assert after.cost_usd - before.cost_usd == pytest.approx(1)


def test_half_the_speed_doubles_the_running_hours_and_nothing_else() -> None:
    slow = toy_with(speeds=with_cells(SPEEDS, {"mode": "rail"}, speed_kmh=25))
    before, after = by_the_lake(toy()), by_the_lake(slow)
    for old, new in zip(before.legs, after.legs, strict=True):
        assert new.running_h == pytest.approx(2 * old.running_h if old.mode == "rail" else old.running_h)
        for name in ("waiting_h", "handling_h", "border_h", "cost_usd"):
            assert getattr(new, name) == pytest.approx(getattr(old, name))


@pytest.mark.parametrize("way", [by_the_lake, by_the_canal])
def test_each_leg_is_the_sum_of_its_components(way: object) -> None:
    assert callable(way)
    for leg in way(toy()).legs:
        for measure in ("time_h", "cost_usd", "co2e_kg"):
            assert math.fsum(getattr(part, measure) for part in leg.components) == pytest.approx(getattr(leg, measure))
        assert len({(part.kind, part.source) for part in leg.components}) == len(leg.components)
