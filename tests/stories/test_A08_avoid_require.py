"""A08  Avoid and require.

ANVIL ==== lake ==== FORT      ANVIL ==== canal, cape ==== FORT      ANVIL .... moor .... FORT      ANVIL ~ sky ~ FORT
      (through MIDDLE)                                                     (through MIDDLE)
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from toy_world import BOX, CORRIDORS, corridors, told, toy, toy_with

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


@pytest.mark.parametrize("corridor", sorted(ALL))
def test_all_routes_go_by_a_corridor_that_is_required(corridor: str) -> None:
    assert set(corridors(found(require=[f"corridor:{corridor}"]))) == {corridor}


def test_a_corridor_whose_every_route_goes_by_another_name_cannot_be_had() -> None:
    """Whoever goes by ship goes by the canal or round the cape, which come first."""
    ships = {
        "corridor": "ships",
        "name": "By ship",
        "rank": 50,
        "gates": "mode:sea",
        "also": "",
        "never": "",
        "description": "By ship.",
    }
    with pytest.raises(NoRoute) as error:
        route(toy_with(corridors=[*CORRIDORS, ships]), "ANVIL", "FORT", shipment=BOXES, require=["corridor:ships"])
    assert error.value.blocked_by == ("require corridor:ships",)


def test_only_one_corridor_can_be_required() -> None:
    with pytest.raises(UnknownOption):
        found(require=["corridor:canal", "corridor:cape"])


def test_a_thing_is_not_used_by_going_there_and_back() -> None:
    """GULF lies beside FORT; the ferry is required, so the load must come back from the east another way, by canal or cape."""
    for way in route(toy(), "FORT", "GULF", shipment=BOXES, require=["lake_ferry"]).routes:
        ferries = [leg for leg in way.legs if leg.mode == "ferry"]
        assert len(ferries) == 1, told(way)
        borders = [leg.start for leg in way.legs if leg.mode == "border"]
        assert len(set(borders)) == len(borders), told(way)


def test_avoiding_a_corridor_closes_its_gates_to_no_other() -> None:
    """Over the moor by truck alone is avoided; over the same border with a train to CROSS is another corridor and stays."""
    left = found(avoid=["corridor:moor"])
    assert "moor_and_rail" in corridors(left) and "moor" not in corridors(left)
    assert any(touches("moor_road")(way) for way in left)
    left = found(avoid=["corridor:moor_and_rail"])
    assert "moor" in corridors(left) and "moor_and_rail" not in corridors(left)


def test_an_avoided_corridor_hides_behind_no_other_name() -> None:
    """What is of the lake by its conditions is left out, though another corridor comes first and would give the name."""
    ways = {"corridor": "steel", "name": "By steel", "rank": 1, "gates": "mode:rail", "also": "mode:ferry", "never": "",
            "description": "By steel and ferry."}  # fmt: skip
    data = toy_with(corridors=[*CORRIDORS, ways])
    assert "steel" in corridors(route(data, "ANVIL", "FORT", shipment=BOXES).routes)
    for way in route(data, "ANVIL", "FORT", shipment=BOXES, avoid=["corridor:lake"]).routes:
        assert "ferry" not in way.modes


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
