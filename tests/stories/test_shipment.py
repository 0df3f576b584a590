"""What goods travel as depends on what they are packed in.

               20ft, 40ft    trailer    tonne
boxed goods    container     roro       container
cars           container     roro       -
coal           container     -          dry_bulk
crude oil      -             -          liquid_bulk
"""

from __future__ import annotations

import math

import pytest

from keruen.errors import BadShipment, NoRoute
from keruen.network.graph import LOADS
from keruen.routing.route import route
from keruen.routing.shipment import Consignment, Shipment, consignment
from keruen.tables.dataset import Dataset


def packed(data: Dataset, commodity: str, unit: str = "", tonnes: float | None = None) -> Consignment:
    return consignment(data, Shipment(commodity=commodity, unit=unit, tonnes=tonnes))


@pytest.mark.parametrize(
    ("commodity", "unit", "load"),
    [
        ("electric_cars", "", "roro"), ("electric_cars", "trailer", "roro"), ("electric_cars", "40ft", "container"),
        ("general", "", "container"), ("general", "tonne", "container"), ("general", "trailer", "roro"),
        ("coal", "", "dry_bulk"), ("coal", "20ft", "container"), ("coal", "40ft", "container"),
        ("meat", "40ft", "reefer"), ("meat", "trailer", "roro"),
        ("chemicals", "20ft", "dangerous"), ("chemicals", "trailer", "roro"), ("crude_oil", "", "liquid_bulk"),
    ],
)  # fmt: skip
def test_the_class_goods_travel_as(shipped: Dataset, commodity: str, unit: str, load: str) -> None:
    assert packed(shipped, commodity, unit).load == load


@pytest.mark.parametrize(
    ("commodity", "unit", "instead"),
    [("crude_oil", "40ft", "tonne"), ("crude_oil", "trailer", "tonne"), ("coal", "trailer", "20ft, 40ft, tonne")],
)
def test_a_unit_that_cannot_carry_it_is_refused_with_those_that_can(
    shipped: Dataset, commodity: str, unit: str, instead: str
) -> None:
    with pytest.raises(BadShipment, match=rf"load unit '{unit}'; it travels in {instead}\.$"):
        packed(shipped, commodity, unit)


def test_weights_fill_units(shipped: Dataset) -> None:
    trailer = packed(shipped, "general", "trailer", 20)
    assert (trailer.units, trailer.tonnes, trailer.tariff_unit) == (1, 20, "trailer")
    assert packed(shipped, "general", "trailer", 24.1).units == 2
    coal = packed(shipped, "coal", "40ft")
    assert (coal.units, coal.teu, coal.tonnes) == (1, 2, 26.5)  # 22 t per TEU would be 44 t: more than a box may hold


def test_boxes_sail_on_the_usual_container_ship_and_trailers_on_any(shipped: Dataset) -> None:
    assert packed(shipped, "electric_cars", "40ft").draft_m == packed(shipped, "general", "40ft").draft_m > 0
    assert math.isnan(packed(shipped, "general", "trailer").draft_m)


def test_every_class_travelled_as_is_one_and_is_of_goods_the_unit_takes(shipped: Dataset) -> None:
    for unit in shipped["load_units"]:
        for item in unit.texts("travels_as"):
            load, _, travelled_as = item.partition(":")
            assert load in unit.texts("loads") and travelled_as in LOADS, unit.id


@pytest.mark.world
def test_a_trailer_takes_no_train_but_truck_shuttles_and_no_container_feeder(world_data: Dataset) -> None:
    trailer = Shipment(commodity="general", unit="trailer", tonnes=20)
    answer = route(world_data, "Almaty", "Istanbul", shipment=trailer)
    assert answer.routes and answer.shipment["load"] == "roro"
    trains = {leg.name for way in answer.routes for leg in way.legs if leg.mode == "rail"}
    assert trains <= {service.text("name") for service in world_data["services"] if "roro" in service.texts("loads")}
    with pytest.raises(NoRoute):
        route(world_data, "Almaty", "Istanbul", shipment=trailer, require=["service:aktau_alat_feeder"])
    over = route(world_data, "Almaty", "Baku", shipment=trailer, require=["service:kuryk_alat_roro"])
    assert all("ferry" in way.modes for way in over.routes)


@pytest.mark.world
def test_boxed_cars_and_boxed_coal_take_the_train(world_data: Dataset) -> None:
    for commodity in ("electric_cars", "coal"):
        boxed = Shipment(commodity=commodity, unit="40ft")
        answer = route(world_data, "CNXAG", "Almaty", shipment=boxed, require=["rail"])
        assert answer.routes and all("rail" in way.modes for way in answer.routes)
