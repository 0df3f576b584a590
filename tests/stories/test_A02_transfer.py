"""A02  Two modes meet only at a transfer.

ANVIL ==== rail ==== BAY ~~~~ sea by the canal ~~~~ GULF          transfer at BAY: unload 3 h, load 5 h, wait 30 h
"""

from __future__ import annotations

import pytest
from toy_world import BOX, PLACES, Rows, corridors, route_of, told, toy, toy_with, with_cells, without

from keruen.errors import NoRoute
from keruen.routing.route import route
from keruen.routing.shipment import Shipment

BOXES = Shipment(commodity=BOX)
OVERLAND = ("country:MI", "mode:air")


def test_the_transfer_takes_two_lifts_and_a_wait_for_the_ship() -> None:
    way = route_of(route(toy(), "ANVIL", "GULF", shipment=BOXES), "canal")
    assert told(way) == "ANVIL 8h ~ rail 6h ~ BAY 38h ~ sea 210h ~ GULF 5h"
    transfer = way.legs[2]
    assert transfer.handling_h == 3 + 5
    assert transfer.waiting_h == 48 / 2 * (1 + 0.5**2)


@pytest.mark.parametrize(
    "places",
    [without(PLACES, place="BAY"), with_cells(PLACES, {"place": "BAY"}, kind="rail_terminal")],
    ids=["no terminal", "a terminal that is not a port"],
)
def test_without_a_terminal_the_train_passes_by_the_ship(places: Rows) -> None:
    data = toy_with(places=places)
    assert "canal" not in corridors(route(data, "ANVIL", "GULF", shipment=BOXES).routes)
    with pytest.raises(NoRoute):
        route(data, "ANVIL", "GULF", shipment=BOXES, avoid=OVERLAND)
    assert corridors(route(toy(), "ANVIL", "GULF", shipment=BOXES, avoid=OVERLAND, only_unbeaten=True).routes) == [
        "canal"
    ]


def test_nobody_leaves_a_moving_train() -> None:
    """The road meets the railway at ANVIL and CROSS, and nowhere between."""
    for way in route(toy(), "BAY", "FORT", shipment=BOXES).routes:
        moves = [leg for leg in way.legs if leg.moves]
        stops = {leg.start for leg in way.legs if leg.mode == "terminal"}
        for before, after in zip(moves, moves[1:], strict=False):
            assert before.mode == after.mode or before.end in stops
