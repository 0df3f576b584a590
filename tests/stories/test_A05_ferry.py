"""A05  A ferry waits for its headway, once.

DOCK ~~~~ ferry 400 km, 20 h, every 24 h with variation 1 ~~~~ ELM          wait: 24 / 2 (1 + 1) = 24 h
"""

from __future__ import annotations

import pytest
from toy_world import BOX, LAKE_FERRY, WAITS, Row, told, toy, toy_with

from keruen.errors import NoRoute
from keruen.routing.result import Route
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset

BOXES = Shipment(commodity=BOX)


def crossing(data: Dataset, start: str = "DOCK", end: str = "ELM") -> Route:
    (way,) = route(data, start, end, shipment=BOXES, require=["service:lake_ferry"], only_unbeaten=True).routes
    return way


def ferry_with(**cells: object) -> Dataset:
    row: Row = {**LAKE_FERRY, **cells}
    return toy_with(services=[row])


def test_the_ferry_waits_and_sails() -> None:
    way = crossing(toy())
    assert told(way) == "DOCK 4h ~ ferry 44h ~ ELM 4h"
    ferry = way.legs[1]
    assert (ferry.running_h, ferry.waiting_h, ferry.distance_km) == (20, 24, 400)
    assert way.cost_usd == 15 + 200 + 15
    assert way.co2e_kg == pytest.approx(400 * 10 * 0.005)
    assert told(crossing(toy(), "ELM", "DOCK")) == "ELM 4h ~ ferry 44h ~ DOCK 4h"


@pytest.mark.parametrize(("headway_h", "cv", "wait_h"), [(24, 0, 12), (168, 0, 84), (72, 0.5, 45), (0, 0, 0)])
def test_the_wait_grows_with_the_headway_and_its_variation(headway_h: float, cv: float, wait_h: float) -> None:
    assert crossing(ferry_with(headway_h=headway_h, cv=cv)).legs[1].waiting_h == pytest.approx(wait_h)


def test_no_other_wait_is_added() -> None:
    waits = [*WAITS, {"mode": "ferry", "scope": "*", "headway_h": 1000, "cv": 0, "cutoff_h": 100}]
    assert crossing(toy_with(waits=waits)).time_h == crossing(toy()).time_h


def test_a_feeder_waits_for_itself_and_not_for_other_ships() -> None:
    way = crossing(ferry_with(mode="sea", kind="feeder"))
    assert told(way) == "DOCK 5h ~ sea 44h ~ ELM 5h"  # a port's lifts, the feeder's own wait


def test_one_way_means_one_way() -> None:
    data = ferry_with(both_ways=False)
    assert told(crossing(data)) == "DOCK 4h ~ ferry 44h ~ ELM 4h"
    with pytest.raises(NoRoute):
        route(data, "ELM", "DOCK", shipment=BOXES, avoid=["mode:rail"])


@pytest.mark.parametrize("status", ["suspended", "planned"])
def test_a_ferry_that_does_not_sail_carries_nothing(status: str) -> None:
    for way in route(ferry_with(status=status), "DOCK", "ELM", shipment=BOXES).routes:
        assert "ferry" not in way.modes


def test_a_ship_that_leaves_when_full_is_waited_for_until_it_is() -> None:
    """METHODS 3.1: (225 - 1) / (2 x 70 a day) = 1.6 days on average, on top of the wait for a ship to come."""
    filling = crossing(ferry_with(headway_h=0, cv=0, fill_teu=225, fill_teu_per_day=70))
    assert filling.legs[1].waiting_h == pytest.approx(24 * 1.6)
    both = crossing(ferry_with(headway_h=24, cv=0, fill_teu=225, fill_teu_per_day=70))
    assert both.legs[1].waiting_h == pytest.approx(24 * 1.6 + 12)
