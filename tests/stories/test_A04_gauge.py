"""A04  Gauge changes only at the yard.

| the Pass | == 1435 == CROSS [yard, 12 h, 25 USD] -- 1520 -- DOCK
"""

from __future__ import annotations

import numpy as np
import pytest
from toy_world import BOX, GAUGE_YARDS, told, toy, toy_with, with_cells

from keruen.errors import NoRoute
from keruen.network.build import open_world
from keruen.network.graph import Kind
from keruen.routing.route import route
from keruen.routing.shipment import Shipment

BOXES = Shipment(commodity=BOX)
BY_RAIL = ("mode:road", "mode:ferry")


def test_the_yard_takes_its_time_and_its_charge() -> None:
    (way,) = route(toy(), "ANVIL", "DOCK", shipment=BOXES, avoid=BY_RAIL).routes
    assert told(way) == "ANVIL 8h ~ rail 8h ~ border pass_rail 24h ~ rail 1h ~ gauge 12h ~ rail 10h ~ DOCK 3h"
    assert [leg.cost_usd for leg in way.legs if leg.mode == "gauge_change"] == [25]


def test_and_on_the_way_back() -> None:
    (way,) = route(toy(), "DOCK", "ANVIL", shipment=BOXES, avoid=BY_RAIL).routes
    assert told(way) == "DOCK 8h ~ rail 10h ~ gauge 12h ~ rail 1h ~ border pass_rail 12h ~ rail 8h ~ ANVIL 3h"


def test_without_the_yard_no_train_gets_through() -> None:
    data = toy_with(gauge_yards=[])
    with pytest.raises(NoRoute):
        route(data, "ANVIL", "DOCK", shipment=BOXES, avoid=BY_RAIL)


def test_without_the_yard_the_load_changes_trains_by_truck() -> None:
    """CROSS has platforms of both gauges, each with a road of its own: unload 3, truck 1 + 5.2 km + 1, load 3, wait 5."""
    ways = route(toy_with(gauge_yards=[]), "ANVIL", "DOCK", shipment=BOXES).routes
    assert (
        "ANVIL 8h ~ rail 8h ~ border pass_rail 24h ~ rail 1h ~ CROSS 4h ~ road 0.1h ~ CROSS 9h ~ rail 10h ~ DOCK 3h"
        in [told(way) for way in ways]
    )


def test_no_arc_but_the_yards_joins_two_gauges() -> None:
    graph = open_world(toy()).graph
    layers = graph.layers[graph.node_layer]
    between = (layers[graph.tail] != layers[graph.head]) & np.isin(layers[graph.tail], ["rail_1435", "rail_1520"])
    between &= np.isin(layers[graph.head], ["rail_1435", "rail_1520"])
    assert between.any()
    assert np.array_equal(between, graph.arc_kind == Kind.GAUGE)


def test_a_dearer_yard_costs_more() -> None:
    data = toy_with(gauge_yards=with_cells(GAUGE_YARDS, {"place": "CROSS"}, hours=13, usd_per_teu=40))
    cheap, dear = (route(d, "ANVIL", "DOCK", shipment=BOXES, avoid=BY_RAIL).routes[0] for d in (toy(), data))
    assert dear.time_h - cheap.time_h == pytest.approx(1)
    assert dear.cost_usd - cheap.cost_usd == pytest.approx(15)
