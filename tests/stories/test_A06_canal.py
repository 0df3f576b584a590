"""A06  A canal can be closed, and a ship too deep does not pass.

BAY ~~~~ canal, 12 m deep, 10 h, 40 USD ~~~~ GULF          5,000 km
  ~~~~~~~~~~~ round the cape ~~~~~~~~~~~                   8,000 km
"""

from __future__ import annotations

import pytest
from toy_world import BOX, PASSAGES, corridors, told, toy, toy_with, with_cells

from keruen.errors import NoRoute
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset

BY_CANAL = "BAY 35h ~ sea 210h ~ GULF 5h"
BY_CAPE = "BAY 35h ~ sea 320h ~ GULF 5h"


def fastest_by_sea(
    data: Dataset, *, avoid: tuple[str, ...] = (), draft_m: float | None = None, vessel: str = ""
) -> str:
    boxes = Shipment(commodity=BOX, draft_m=draft_m, vessel=vessel)
    (way,) = route(data, "BAY", "GULF", shipment=boxes, avoid=["mode:rail", *avoid], objective="fastest").routes
    return told(way)


def test_open() -> None:
    assert fastest_by_sea(toy()) == BY_CANAL
    (canal,) = route(
        toy(), "BAY", "GULF", shipment=Shipment(commodity=BOX), require=["canal"], objective="cheapest"
    ).routes
    (sea,) = (leg for leg in canal.legs if leg.mode == "sea")
    assert (sea.running_h, sea.waiting_h, sea.name) == (200, 10, "The Canal")
    assert sea.cost_usd == pytest.approx(5000 * 0.05 + 40)


def test_closed_by_the_user_or_by_the_table() -> None:
    assert fastest_by_sea(toy(), avoid=("canal",)) == BY_CAPE
    assert fastest_by_sea(toy_with(passages=with_cells(PASSAGES, {"passage": "canal"}, default_open=False))) == BY_CAPE


def test_both_closed() -> None:
    with pytest.raises(NoRoute) as error:
        fastest_by_sea(toy(), avoid=("canal", "cape"))
    assert set(error.value.blocked_by) >= {"avoid canal", "avoid cape"}


@pytest.mark.parametrize(("draft_m", "way"), [(11.9, BY_CANAL), (12, BY_CANAL), (12.1, BY_CAPE)])
def test_draught(draft_m: float, way: str) -> None:
    assert fastest_by_sea(toy(), draft_m=draft_m) == way


def test_vessels_have_draughts_and_beams() -> None:
    assert fastest_by_sea(toy(), vessel="coaster") == BY_CANAL
    assert fastest_by_sea(toy(), vessel="giant") == BY_CAPE
    narrow = toy_with(passages=with_cells(PASSAGES, {"passage": "canal"}, max_beam_m=19))
    assert fastest_by_sea(narrow, vessel="coaster") == BY_CAPE
    assert fastest_by_sea(narrow) == BY_CANAL  # nothing is said of the beam


def test_a_ship_too_deep_for_what_is_required_has_no_way() -> None:
    with pytest.raises(NoRoute) as error:
        route(toy(), "BAY", "GULF", shipment=Shipment(commodity=BOX, draft_m=16), require=["canal"])
    assert error.value.blocked_by == ("require canal",)


def test_the_draught_does_not_matter_on_land() -> None:
    deep, shallow = (
        route(toy(), "ANVIL", "FORT", shipment=Shipment(commodity=BOX, draft_m=draft), avoid=["mode:sea"]).routes
        for draft in (16, 1)
    )
    assert [told(way) for way in deep] == [told(way) for way in shallow]
    assert "canal" not in corridors(deep)


def test_a_toll_that_no_row_knows_is_told() -> None:
    """The canal takes 40 USD a box and, as far as is known, nothing from a tonne of coal: the cost lacks the toll, and says so."""
    by_the_box = toy_with(passages=with_cells(PASSAGES, {"passage": "canal"}, usd_t=None))
    coal = route(by_the_box, "BAY", "GULF", shipment=Shipment(commodity="coal"), require=["canal"])
    assert any("toll of" in warning and "canal" in warning.casefold() for warning in coal.warnings)
    boxes = route(by_the_box, "BAY", "GULF", shipment=Shipment(commodity=BOX), require=["canal"])
    assert not any("toll of" in warning for warning in boxes.warnings)
