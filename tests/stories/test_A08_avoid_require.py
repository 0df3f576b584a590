"""A08  Avoid and require.

ANVIL ==== lake ==== FORT      ANVIL ==== canal, cape ==== FORT      ANVIL .... moor .... FORT      ANVIL ~ sky ~ FORT
      (through MIDDLE)                                                     (through MIDDLE)
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from toy_world import BOX, corridors, told, toy

from keruen.errors import NoRoute, UnknownOption
from keruen.routing.result import Route
from keruen.routing.route import route
from keruen.routing.shipment import Shipment

BOXES = Shipment(commodity=BOX)
THROUGH_MIDDLE = {"lake", "moor", "moor_and_rail"}
ALL = THROUGH_MIDDLE | {"canal", "cape", "sky"}


def found(
    *, avoid: list[str] | None = None, require: list[str] | None = None, sanctions: list[str] | None = None
) -> tuple[Route, ...]:
    return route(
        toy(), "ANVIL", "FORT", shipment=BOXES, avoid=avoid or [], require=require or [], sanctions=sanctions or []
    ).routes


def test_all_corridors_are_there() -> None:
    assert set(corridors(found())) == ALL


@pytest.mark.parametrize(
    ("avoid", "left"),
    [
        (["MI"], {"canal", "cape", "sky"}),
        (["Middle"], {"canal", "cape", "sky"}),
        (["lake_ferry"], ALL - {"lake"}),
        (["lake"], ALL - {"lake"}),
        (["service:lake_ferry", "sky"], ALL - {"lake", "sky"}),
        (["mode:sea"], {"lake", "moor", "moor_and_rail", "sky"}),
        (["sea"], {"lake", "moor", "moor_and_rail", "sky"}),
        (["rail"], {"moor", "sky"}),
        (["border:moor_road"], {"lake", "canal", "cape", "sky"}),
        (["pair:MI>WE"], {"lake", "canal", "cape", "sky"}),
        (["pair:WE>MI"], ALL),
        (["DOCK"], ALL - {"lake"}),
        (["place:GULF"], {"lake", "moor", "moor_and_rail", "sky"}),
        (["region:south_of_20"], ALL - {"cape"}),
    ],
)
def test_what_is_avoided_is_not_used(avoid: list[str], left: set[str]) -> None:
    assert set(corridors(found(avoid=avoid))) == left


def uses_leg(mode: str) -> Callable[[Route], bool]:
    return lambda way: any(leg.mode == mode and leg.distance_km > 0 for leg in way.legs)


def touches(place: str) -> Callable[[Route], bool]:
    return lambda way: any(place in (leg.start, leg.end) for leg in way.legs)


@pytest.mark.parametrize(
    ("require", "holds"),
    [
        ("lake_ferry", uses_leg("ferry")),
        ("DOCK", touches("DOCK")),
        ("mode:air", uses_leg("air")),
        ("air", uses_leg("air")),
        ("sea", uses_leg("sea")),
        ("mode:ferry", uses_leg("ferry")),
        ("canal", lambda way: any("The Canal" in leg.name for leg in way.legs)),
        ("pass_rail", touches("pass_rail")),
        ("pair:MI-WE@road", touches("moor_road")),
        ("country:MI@rail", lambda way: any(leg.mode == "rail" and leg.country == "MI" for leg in way.legs)),
    ],
)
def test_what_is_required_is_used(require: str, holds: Callable[[Route], bool]) -> None:
    """A plane that is boarded and left again on the ground does not count as a flight."""
    ways = found(require=[require])
    assert ways
    for way in ways:
        assert holds(way), told(way)


@pytest.mark.parametrize("corridor", sorted(ALL))
def test_a_corridor_that_is_required_comes_first(corridor: str) -> None:
    assert corridors(found(require=[f"corridor:{corridor}"]))[0] == corridor


def test_two_things_required_are_both_used() -> None:
    for way in found(require=["pass_rail", "moor_road"]):
        assert touches("pass_rail")(way)
        assert touches("moor_road")(way)


def test_sanctions_are_a_list_of_things_to_avoid() -> None:
    assert [told(way) for way in found(sanctions=["no_middle"])] == [told(way) for way in found(avoid=["MI"])]


def test_no_route_names_what_blocks_it() -> None:
    with pytest.raises(NoRoute) as error:
        found(avoid=["MI", "sea"], require=["lake"])
    assert error.value.blocked_by == ("avoid MI", "require lake")  # each alone, when lifted, opens a way
    with pytest.raises(NoRoute) as error:
        found(avoid=["MI", "sea", "air"])
    assert error.value.blocked_by == ("avoid MI", "avoid sea", "avoid air")
    with pytest.raises(NoRoute) as error:
        found(avoid=["EA", "WE"])
    assert error.value.blocked_by == ("avoid EA", "avoid WE")  # only together


@pytest.mark.parametrize(
    "text", ["nowhere", "passage:nile", "country:XX", "border:none", "pair:EA", "mode:camel", "service:x"]
)
def test_a_name_that_means_nothing_is_an_error(text: str) -> None:
    with pytest.raises(UnknownOption):
        found(avoid=[text])
    with pytest.raises(UnknownOption):
        found(require=[text])
