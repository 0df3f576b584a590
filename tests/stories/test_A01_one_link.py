"""A01  One link.      ANVIL ======= rail 300 km ======= BAY

Loading takes 3 h, the next train leaves after 8 / 2 + 1 = 5 h on average, 300 km at 50 km/h take 6 h, unloading 3 h.
"""

from __future__ import annotations

import pytest
from toy_world import BOX, told, toy, toy_tables

from keruen.errors import UnknownPlace
from keruen.routing.route import SamePlace, route
from keruen.routing.shipment import Shipment
from keruen.tables import check

BOXES = Shipment(commodity=BOX)


def test_the_toy_world_is_made_of_good_tables() -> None:
    assert check(toy_tables()) == []


def test_one_link() -> None:
    (way,) = route(toy(), "ANVIL", "BAY", shipment=BOXES).routes
    assert told(way) == "ANVIL 8h ~ rail 6h ~ BAY 3h"
    assert way.corridor == "train"
    assert way.distance_km == 300
    assert way.cost_usd == pytest.approx(15 + 7 + 300 * 0.5 + 15)  # load, train, run, unload
    assert way.co2e_kg == pytest.approx(300 * 10 * 0.020)  # km x t x kg per t-km


def test_and_back() -> None:
    (way,) = route(toy(), "Bay", "Anvil", shipment=BOXES).routes
    assert told(way) == "BAY 8h ~ rail 6h ~ ANVIL 3h"


def test_generalized_cost_adds_time_at_its_value_and_carbon_at_its_price() -> None:
    dear = Shipment(commodity=BOX, tonnes=5, value_of_time_usd_per_t_day=24, carbon_price_usd_per_t=100)
    (way,) = route(toy(), "ANVIL", "BAY", shipment=dear).routes
    assert way.time_h == pytest.approx(17)
    assert way.co2e_kg == pytest.approx(30)
    assert way.generalized_cost_usd == pytest.approx(way.cost_usd + 17 * 5 * 24 / 24 + 30 * 100 / 1000)


def test_two_boxes_cost_twice_as_much_and_take_as_long() -> None:
    one, two = (route(toy(), "ANVIL", "BAY", shipment=Shipment(commodity=BOX, tonnes=t)).routes[0] for t in (10, 20))
    assert two.time_h == one.time_h
    assert two.cost_usd == pytest.approx(2 * one.cost_usd)
    assert two.co2e_kg == pytest.approx(2 * (one.co2e_kg or 0))


def test_no_way_from_a_place_to_itself_nor_to_one_that_is_not_there() -> None:
    with pytest.raises(SamePlace, match="Anvil"):
        route(toy(), "ANVIL", "Anvil", shipment=BOXES)
    with pytest.raises(UnknownPlace):
        route(toy(), "ANVIL", "Atlantis", shipment=BOXES)
