"""A03  A border takes its time, in both directions.

ANVIL ==== 400 ==== | the Pass | == 50 == CROSS           eastern side to middle: 24 h, 30 USD;  back: 12 h, 20 USD
"""

from __future__ import annotations

import pytest
from toy_world import BORDER_DWELL, BORDERS, BOX, told, toy, toy_with, with_cells

from keruen.errors import NoRoute
from keruen.routing.route import route
from keruen.routing.shipment import Shipment

BOXES = Shipment(commodity=BOX)
BY_RAIL = ("mode:road", "mode:ferry")
BY_ROAD = ("mode:rail", "mode:air")


def test_out() -> None:
    (way,) = route(toy(), "ANVIL", "CROSS", shipment=BOXES, avoid=BY_RAIL).routes
    assert told(way) == "ANVIL 8h ~ rail 8h ~ border pass_rail 24h ~ rail 1h ~ CROSS 3h"
    border = way.legs[2]
    assert (border.border_h, border.cost_usd, border.distance_km) == (24, 30, 0)


def test_back() -> None:
    (way,) = route(toy(), "CROSS", "ANVIL", shipment=BOXES, avoid=BY_RAIL).routes
    assert told(way) == "CROSS 8h ~ rail 1h ~ border pass_rail 12h ~ rail 8h ~ ANVIL 3h"
    assert way.legs[2].cost_usd == 20


def test_a_union_shares_its_row_and_a_border_of_no_name_has_the_row_of_its_countries() -> None:
    (way,) = route(toy(), "ANVIL", "FORT", shipment=BOXES, avoid=BY_ROAD).routes
    assert told(way) == (
        "ANVIL 1h ~ road 10h ~ border road:EA-MI:the_town 10h ~ road 26h ~ border moor_road 6h ~ road 10h ~ FORT 1h"
    )
    pass_, moor = (leg for leg in way.legs if leg.mode == "border")
    assert (pass_.cost_usd, moor.cost_usd) == (25, 15)
    assert moor.sources == ("border_dwell:*/road/UNION/UNION",)


def test_the_row_of_the_crossing_goes_before_that_of_the_union() -> None:
    named = {"border": "moor_road", "mode": "road", "from_country": "MI", "to_country": "WE", "hours": 99}
    data = toy_with(border_dwell=[*BORDER_DWELL, named])
    (there,) = route(data, "CROSS", "FORT", shipment=BOXES, avoid=BY_ROAD).routes
    (back,) = route(data, "FORT", "CROSS", shipment=BOXES, avoid=BY_ROAD).routes
    assert [leg.border_h for leg in there.legs if leg.mode == "border"] == [99]
    assert [leg.border_h for leg in back.legs if leg.mode == "border"] == [6]


def test_a_closed_border_is_closed() -> None:
    data = toy_with(borders=with_cells(BORDERS, {"border": "pass_rail"}, status="closed"))
    for way in route(data, "ANVIL", "CROSS", shipment=BOXES).routes:
        assert "pass_rail" not in told(way)


def test_no_terminal_is_a_way_around_a_border() -> None:
    """CROSS lies 55 km from the Pass, within reach of a truck from the eastern side, but in another country."""
    for way in route(toy(), "ANVIL", "CROSS", shipment=BOXES).routes:
        assert [leg.mode for leg in way.legs].count("border") == 1


def test_a_border_without_a_row_cannot_be_passed() -> None:
    """What is not known is not zero."""
    rows = [row for row in BORDER_DWELL if row["mode"] != "rail"]
    data = toy_with(border_dwell=rows)
    for way in route(data, "ANVIL", "CROSS", shipment=BOXES).routes:
        assert "pass_rail" not in told(way)
    with pytest.raises(NoRoute):
        route(data, "ANVIL", "CROSS", shipment=BOXES, avoid=BY_RAIL)
