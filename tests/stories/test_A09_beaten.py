"""A09  A corridor that is beaten is shown with what beats it.

BAY ~~~~ canal, 210 h, 290 USD ~~~~ GULF          beats
  ~~~~~~~ cape, 320 h, 400 USD ~~~~~~~
"""

from __future__ import annotations

from toy_world import BOX, CORRIDORS, EMISSION_FACTORS, TARIFFS, corridors, route_of, toy, toy_with, with_cells

from keruen.routing.route import route
from keruen.routing.shipment import Shipment

BOXES = Shipment(commodity=BOX)


def test_the_cape_is_beaten_by_the_canal() -> None:
    answer = route(toy(), "ANVIL", "FORT", shipment=BOXES)
    cape, canal = route_of(answer, "cape"), route_of(answer, "canal")
    assert answer.routes[-1] is cape
    assert cape.beaten_by is not None
    assert (cape.beaten_by.corridor, cape.beaten_by.corridor_name) == ("canal", "By the canal")
    assert (cape.beaten_by.time_h, cape.beaten_by.cost_usd, cape.beaten_by.co2e_kg) == (
        canal.time_h,
        canal.cost_usd,
        canal.co2e_kg,
    )
    assert canal.beaten_by is None


def test_only_unbeaten_hides_it() -> None:
    everything = route(toy(), "ANVIL", "FORT", shipment=BOXES)
    unbeaten = route(toy(), "ANVIL", "FORT", shipment=BOXES, only_unbeaten=True)
    assert unbeaten.routes == tuple(way for way in everything.routes if way.beaten_by is None)


def test_it_is_not_beaten_where_the_canal_is_closed() -> None:
    cape = route_of(route(toy(), "ANVIL", "FORT", shipment=BOXES, avoid=["canal"]), "cape")
    assert cape.beaten_by is None


def test_a_corridor_that_asks_for_two_things_is_shown_too() -> None:
    """The best way over the moor is by truck alone; with a train to CROSS it is worse in everything, and yet worth seeing."""
    cheap = with_cells(TARIFFS, {"mode": "road", "unit": "teu"}, usd_per_km=0.5)
    steam = with_cells(EMISSION_FACTORS, {"factor": "train"}, g_co2e_per_tkm=150)
    data = toy_with(tariffs=cheap, emission_factors=steam)
    answer = route(data, "ANVIL", "FORT", shipment=BOXES, avoid=["lake"])
    trains = route_of(answer, "moor_and_rail")
    moor = route_of(answer, "moor")
    assert moor.beaten_by is None
    assert trains.beaten_by is not None
    assert trains.beaten_by.corridor == "moor"
    assert {"rail", "road"} <= set(trains.modes)


def test_what_nobody_would_pay_for_is_left_out() -> None:
    """Round the cape at ten times the price: beaten, and beyond any multiple of the best that is worth seeing."""
    dear = with_cells(TARIFFS, {"mode": "sea"}, usd_per_km=5)
    answer = route(toy_with(tariffs=dear), "ANVIL", "FORT", shipment=BOXES)
    assert "cape" not in corridors(answer.routes)
    best = min(way.generalized_cost_usd for way in answer.routes)
    assert all(way.generalized_cost_usd < 4 * best for way in answer.routes if way.beaten_by)


def families(**of: str) -> list[dict[str, object]]:
    """The corridors of the toy world with families."""
    return [{**row, "family": of.get(str(row["corridor"]), "")} for row in CORRIDORS]


def test_of_a_family_only_the_best_is_shown() -> None:
    """The cape is of the canal's family, and the canal is shown: the beaten cape is not."""
    data = toy_with(corridors=families(canal="ships", cape="ships"))
    assert "cape" not in corridors(route(data, "ANVIL", "FORT", shipment=BOXES).routes)
    closed = route(data, "ANVIL", "FORT", shipment=BOXES, avoid=["canal"])
    assert "cape" in corridors(closed.routes)


def test_an_unbeaten_route_is_shown_whatever_its_family() -> None:
    data = toy_with(corridors=families(canal="all", cape="all", lake="all", moor="all", moor_and_rail="all", sky="all"))
    shown = route(data, "ANVIL", "FORT", shipment=BOXES).routes
    unbeaten = route(toy(), "ANVIL", "FORT", shipment=BOXES, only_unbeaten=True).routes
    assert corridors(shown) == corridors(unbeaten)


def test_a_beaten_corridor_that_copies_a_better_beaten_one_is_left_out() -> None:
    """A second name for the way round the cape, with a family of its own: beaten by the first in everything, and spent on the same."""
    gates = next(row["gates"] for row in CORRIDORS if row["corridor"] == "cape")
    detour = {"corridor": "cape_by_rail", "name": "Cape, with a train", "rank": 0, "gates": gates, "also": "mode:rail",
              "never": "", "description": "Round the cape."}  # fmt: skip
    shown = corridors(route(toy_with(corridors=[*CORRIDORS, detour]), "ANVIL", "FORT", shipment=BOXES).routes)
    assert len({"cape", "cape_by_rail"} & set(shown)) == 1
