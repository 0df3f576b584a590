"""A07  A load travels only by what can carry it.

            rail   road   sea   air   lake ferry
boxes        x      x      x     x      x
fish         x      x      x     x      x
coal         x      x      x            x
oil          x      x      x
acid         x      x      x
cars                x      x            x
"""

from __future__ import annotations

import pytest
from toy_world import BOX, told, toy

from keruen.errors import BadShipment, NoRoute, UnknownCommodity
from keruen.network.build import open_world
from keruen.routing.cost import world_costs
from keruen.routing.route import route
from keruen.routing.shipment import Shipment, consignment

CARRIED = {
    BOX: {"rail", "road", "sea", "air", "ferry"},
    "fish": {"rail", "road", "sea", "air", "ferry"},
    "coal": {"rail", "road", "sea", "ferry"},
    "oil": {"rail", "road", "sea"},
    "acid": {"rail", "road", "sea"},
    "cars": {"road", "sea", "ferry"},
}


@pytest.mark.parametrize("commodity", CARRIED)
def test_every_mode_that_can_carry_it_does_and_no_other(commodity: str) -> None:
    used = set()
    for start, end in [("ANVIL", "FORT"), ("BAY", "GULF"), ("DOCK", "ELM"), ("HAWK", "IBIS")]:
        for mode in ("rail", "road", "sea", "air", "ferry"):
            try:
                ways = route(toy(), start, end, shipment=Shipment(commodity=commodity), require=[f"mode:{mode}"]).routes
            except NoRoute:
                continue
            used |= {used_mode for way in ways for used_mode in way.modes}
    assert used == CARRIED[commodity]


def test_cars_take_the_road() -> None:
    (way,) = route(toy(), "ANVIL", "FORT", shipment=Shipment(commodity="cars")).routes
    assert told(way) == (
        "ANVIL 1h ~ road 10h ~ border road:EA-MI:the_town 10h ~ road 26h ~ border moor_road 6h ~ road 10h ~ FORT 1h"
    )


def test_cars_go_by_ferry_and_by_ship_between_the_ports() -> None:
    (ferry,) = route(toy(), "DOCK", "ELM", shipment=Shipment(commodity="cars")).routes
    assert ferry.modes == ("ferry",)
    assert ferry.cost_usd == 15 + 300 + 15
    assert {way.modes for way in route(toy(), "BAY", "GULF", shipment=Shipment(commodity="cars")).routes} == {("sea",)}


def test_what_no_vehicle_carries_has_no_way_and_the_error_says_which_load() -> None:
    with pytest.raises(NoRoute, match="roro") as error:
        route(toy(), "ANVIL", "BAY", shipment=Shipment(commodity="cars"))
    assert error.value.blocked_by == ("load roro",)


@pytest.mark.parametrize(
    ("commodity", "unit"), [("coal", "20ft"), ("boxes", "tonne"), ("cars", "20ft"), ("fish", "trailer")]
)
def test_a_unit_that_cannot_hold_it_is_refused(commodity: str, unit: str) -> None:
    with pytest.raises(BadShipment, match="cannot travel in"):
        route(toy(), "ANVIL", "FORT", shipment=Shipment(commodity=commodity, unit=unit))


def test_unknown_goods_are_refused_with_those_that_come_near() -> None:
    with pytest.raises(UnknownCommodity, match="coal"):
        route(toy(), "ANVIL", "FORT", shipment=Shipment(commodity="cole"))


def test_costs_of_the_same_bulk_are_worked_out_once() -> None:
    """Bulk has no TEU, and what is not known (NaN) equals nothing, not even itself."""
    graph = open_world(toy()).graph
    once, again = (
        world_costs(toy(), graph, consignment(toy(), Shipment(commodity="coal", tonnes=500))) for _ in range(2)
    )
    assert once is again
