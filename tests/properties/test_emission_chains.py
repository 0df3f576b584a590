"""What holds for every transport chain: sums, scale, indifference to where a leg is cut, WTW >= TTW; and what is written checks out."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keruen
from keruen.reports.ileap import Reporter, ileap_document
from keruen.routing.emission_chain import ACTUAL, GCD, HUB, TransportChain, UnknownEmissions
from keruen.routing.emission_check import check_emissions
from keruen.routing.emissions import distance_adjustment, element_legs, transport_chain
from keruen.routing.result import Component, Leg, PlaceRef, Route, RouteResult
from keruen.tables import table_from_rows
from keruen.tables.dataset import Dataset

PLACE = PlaceRef("KZALA", "Almaty", "Алма-Ата", "KZ", 43.3, 76.9)
CHOICE = {
    "rail": "emission_choice:rail/*/*/*",
    "road": "emission_choice:road/*/*/*",
    "sea": "emission_choice:sea/*/container/*",
    "air": "emission_choice:air/*/*/*",
    "ferry": "emission_choice:ferry/*/*/*",
}
NOW = Reporter(created=datetime(2026, 11, 1, tzinfo=UTC))


@cache
def tables() -> Dataset:
    return keruen.load()


def move(mode: str, country: str, km: float) -> Leg:
    return Leg(
        mode=mode, start="KZALA", end="KZALA", country=country, distance_km=km, co2e_kg=None,
        components=(Component("emission", CHOICE[mode], "published"),),
    )  # fmt: skip


def lift(kg_per_t: float, tonnes: float) -> Leg:
    part = Component("handling", "handling:rail_terminal/*/feu", "published", co2e_kg=kg_per_t * tonnes)
    return Leg(mode="terminal", start="KZALA", end="KZALA", co2e_kg=kg_per_t * tonnes, components=(part,))


def chain_of(legs: list[Leg], tonnes: float) -> TransportChain:
    return transport_chain(tables(), *asked(legs, tonnes))


def asked(legs: list[Leg], tonnes: float) -> tuple[RouteResult, Route]:
    route = Route(corridor="x", corridor_name="x", corridor_name_ru="x", legs=tuple(legs), generalized_cost_usd=0.0)
    shipment = {"load": "container", "tariff_unit": "feu", "tonnes": tonnes, "teu": 2.0}
    answer = RouteResult(
        origin=PLACE, destination=PLACE, shipment=shipment, coverage={}, routes=(route,), places={"KZALA": PLACE}
    )
    return answer, route


MASSES = st.floats(0.001, 100_000)
MOVES = st.builds(
    move,
    st.sampled_from(sorted(CHOICE)),
    st.sampled_from(["", "KZ", "CN", "DE", "UZ", "GE", "ZZ"]),
    st.floats(0.5, 25_000),
)
WAYS = st.lists(MOVES, min_size=1, max_size=8)


def legs_and_lifts(moves: list[Leg], tonnes: float) -> list[Leg]:
    """Moves with a terminal wherever the mode changes, and at both ends."""
    legs = [lift(0.6, tonnes)]
    for before, leg in zip([None, *moves], moves, strict=False):
        legs += [lift(1.2, tonnes)] if before is not None and before.mode != leg.mode else []
        legs.append(leg)
    return [*legs, lift(0.6, tonnes)]


@given(WAYS, MASSES)
def test_a_chain_is_the_sum_of_its_elements(moves: list[Leg], tonnes: float) -> None:
    chain = chain_of(legs_and_lifts(moves, tonnes), tonnes)
    assert chain.activity_tkm == pytest.approx(tonnes * math.fsum(leg.distance_km for leg in moves))
    assert chain.co2e_wtw_kg == pytest.approx(math.fsum(e.co2e_wtw_kg or 0.0 for e in chain.elements))
    assert all(e.co2e_wtw_kg is not None and e.co2e_ttw_kg is not None for e in chain.elements)
    modes = [e.mode for e in chain.elements if e.kind != HUB]
    assert all(a != b for a, b in zip(modes, modes[1:], strict=False))
    assert all(e.distance_km == 0 and e.activity_tkm == 0 for e in chain.elements if e.kind == HUB)


@given(WAYS, MASSES)
def test_well_to_wheel_is_never_less_than_tank_to_wheel(moves: list[Leg], tonnes: float) -> None:
    for element in chain_of(legs_and_lifts(moves, tonnes), tonnes).elements:
        assert element.co2e_wtw_kg is not None and element.co2e_ttw_kg is not None
        assert element.co2e_wtw_kg >= element.co2e_ttw_kg >= 0
        assert math.fsum(part.share for part in element.intensity.energy) == pytest.approx(1)


@given(WAYS, MASSES, st.floats(0.01, 100))
def test_twice_the_mass_is_twice_the_emissions(moves: list[Leg], tonnes: float, factor: float) -> None:
    one, many = (chain_of(legs_and_lifts(moves, mass), mass) for mass in (tonnes, factor * tonnes))
    assert one.co2e_wtw_kg is not None and one.co2e_ttw_kg is not None
    assert many.co2e_wtw_kg == pytest.approx(factor * one.co2e_wtw_kg)
    assert many.co2e_ttw_kg == pytest.approx(factor * one.co2e_ttw_kg)


@given(WAYS, MASSES, st.integers(0, 7), st.floats(0.01, 0.99), st.booleans())
def test_where_a_leg_is_cut_changes_nothing(
    moves: list[Leg], tonnes: float, at: int, part: float, border: bool
) -> None:
    at %= len(moves)
    whole = moves[at]
    pieces = [move(whole.mode, whole.country, km) for km in (part * whole.distance_km, (1 - part) * whole.distance_km)]
    stop = [Leg(mode="border", start="KZALA", end="KZALA", border_h=5)] if border else []
    one = chain_of(moves, tonnes)
    two = chain_of([*moves[:at], pieces[0], *stop, pieces[1], *moves[at + 1 :]], tonnes)
    assert len(one.elements) == len(two.elements)
    assert two.co2e_wtw_kg == pytest.approx(one.co2e_wtw_kg, rel=1e-9)
    assert two.co2e_ttw_kg == pytest.approx(one.co2e_ttw_kg, rel=1e-9)


@given(st.lists(MOVES, min_size=1, max_size=5), st.floats(0.01, 100_000))
@settings(max_examples=40, deadline=None)
def test_what_is_written_passes_the_check(moves: list[Leg], tonnes: float) -> None:
    legs = legs_and_lifts(moves, tonnes)
    answer, route = asked(legs, tonnes)
    chain = transport_chain(tables(), answer, route)
    document: dict[str, Any] = ileap_document(tables(), answer, chain, NOW)
    assert check_emissions(json.dumps(document)).problems == ()
    assert document == ileap_document(tables(), answer, chain, NOW)


@given(st.sampled_from(["KZ", "CN", "DE", "UZ", "PL"]), st.floats(10, 5000))
def test_the_current_of_the_country_counts(country: str, km: float) -> None:
    """A train under wires emits what its current does, and nothing where it runs."""
    home = tables()["countries"].find(country)
    factors = tables()["emission_factors"]
    fuel, burnt = factors.find("E012"), factors.find("E011")
    assert home is not None and fuel is not None and burnt is not None
    share = home.number("electrified_share")
    element = chain_of([move("rail", country, km)], 10.0).elements[0]
    current_kg = 0.025 * home.number("grid_kg_co2e_per_kwh")
    per_tkm = (1 - share) * fuel.number("g_co2e_per_tkm") / 1000 + share * current_kg
    assert element.intensity.wtw_kg == pytest.approx(per_tkm)
    assert element.intensity.ttw_kg == pytest.approx((1 - share) * burnt.number("g_co2e_per_tkm") / 1000)


def test_borders_do_not_end_a_run_and_hubs_do() -> None:
    border = Leg(mode="border", start="a", end="a")
    yard = Leg(mode="gauge_change", start="a", end="a")
    legs = [move("rail", "CN", 1), border, move("rail", "KZ", 1), yard, move("rail", "KZ", 1), move("sea", "", 1)]
    assert [[leg.mode for leg in run] for run in element_legs(legs)] == [
        ["rail", "rail"],
        ["gauge_change"],
        ["rail"],
        ["sea"],
    ]


@pytest.mark.world
def test_real_routes_rest_on_the_rows_they_name(world_data: Dataset) -> None:
    answer = keruen.route(world_data, "VNHPH", "DEDUI")
    for route in answer.routes:
        chain = transport_chain(world_data, answer, route)
        assert chain.unknown == ()
        assert chain.planned_co2e_kg == pytest.approx(route.co2e_kg)
        assert not [remark for remark in chain.remarks if "the rows give" in remark or "not among" in remark]
        assert chain.co2e_wtw_kg is not None and route.co2e_kg is not None
        unadjusted = math.fsum(
            (e.co2e_wtw_kg or 0) / e.intensity.daf for e in chain.elements if e.mode != "gauge_change"
        )
        assert unadjusted == pytest.approx(route.co2e_kg, rel=1e-3)
        document = ileap_document(world_data, answer, chain, NOW)
        assert check_emissions(json.dumps(document)).problems == ()


@pytest.mark.parametrize(
    ("mode", "wtw_g", "ttw_g", "daf"),
    [
        ("sea", 19.77, 16.12, 1.15),
        ("road", 95.02, 77.03, 1.05),
        ("rail", 34.7, 27.79, 1.0),
        ("air", 666.46, 531.3, 1.0),
    ],
)
def test_the_adjustment_is_made_once_and_only_where_it_is_missing(
    mode: str, wtw_g: float, ttw_g: float, daf: float
) -> None:
    """Flights of DESNZ contain their detours; its ships and trucks are per kilometre travelled."""
    element = chain_of([move(mode, "", 1000)], 10.0).elements[0]
    assert element.distance_km == 1000 and element.activity_tkm == 10_000
    assert element.co2e_wtw_kg == pytest.approx(10 * wtw_g * daf)
    assert element.co2e_ttw_kg == pytest.approx(10 * ttw_g * daf)


def test_a_flight_in_two_legs_of_one_run_takes_95_km_more_once() -> None:
    """With a factor per kilometre flown."""
    data = tables()
    rows = [
        dict(row) | ({"distance_basis": "actual"} if row.text("factor") == "E044" else {})
        for row in data["emission_factors"]
    ]
    flown = data.with_table("emission_factors", table_from_rows(data.schema["emission_factors"], rows))
    chain = transport_chain(flown, *asked([move("air", "", 400), move("air", "", 600)], 10.0))
    assert [element.distance_km for element in chain.elements] == [1000]
    assert chain.co2e_wtw_kg == pytest.approx(10 * 0.66646 * 1095)


def test_a_part_without_a_carrier_is_not_given_to_another() -> None:
    """Tables without a row for current: an electric train does not burn diesel for it."""
    data = tables()
    rows = [dict(row) for row in data["energy_carriers"] if row.text("carrier") != "Electric"]
    dark = data.with_table("energy_carriers", table_from_rows(data.schema["energy_carriers"], rows))
    answer, route = asked([move("rail", "KZ", 1000)], 10.0)
    with pytest.raises(UnknownEmissions, match="energy carriers of rail"):
        ileap_document(dark, answer, transport_chain(dark, answer, route), NOW)


def test_a_flight_shorter_than_its_detour_has_no_great_circle() -> None:
    air = tables()["chain_rules"].find("air")
    assert air is not None
    assert distance_adjustment(air, 95, ACTUAL, GCD) is None and distance_adjustment(air, 20, ACTUAL, GCD) is None
    assert distance_adjustment(air, 0, GCD, ACTUAL) is None


def test_an_assumed_adjustment_makes_the_figure_assumed() -> None:
    """No factor of the ferry is assumed, and that it sails 15 per cent more than the shortest way is."""
    ferry, sea, rail = (chain_of([move(mode, "", 100)], 1.0).elements[0] for mode in ("ferry", "sea", "rail"))
    assert (ferry.intensity.daf, ferry.intensity.assumed) == (1.15, True)
    assert (sea.intensity.daf, sea.intensity.assumed) == (1.15, False)
    assert (rail.intensity.daf, rail.intensity.assumed) == (1.0, True), "the choice of its factor is assumed"


def test_a_share_under_wires_that_is_not_known_is_told() -> None:
    """Tajikistan's is not known and Kazakhstan's is; trucks and trains on no country's soil have none."""
    legs = [move("rail", "TJ", 100), move("rail", "KZ", 100), move("rail", "", 10), move("road", "TJ", 100)]
    assert math.isnan(tables()["countries"].row(tables()["countries"].find_index("TJ")).number("electrified_share"))
    (remark,) = chain_of(legs, 1.0).remarks
    assert "electrified share of the railways of Tajikistan is not known" in remark


def test_the_planners_figure_stands_beside_that_of_the_account() -> None:
    """10 t by ship over 1,000 km at 19.77 g: 197.7 kg; 15 per cent more are sailed."""
    leg = dataclasses.replace(move("sea", "", 1000), co2e_kg=197.7)
    chain = chain_of([leg, lift(0.6, 10.0)], 10.0)
    assert chain.planned_co2e_kg == pytest.approx(203.7)
    assert chain.co2e_wtw_kg == pytest.approx(1.15 * 197.7 + 6.0)
    assert chain_of([move("sea", "", 1000)], 10.0).planned_co2e_kg is None


def test_a_hub_burns_what_its_carrier_says() -> None:
    """Diesel: 2.57082 of 3.18183 kg per litre come out of the exhaust."""
    hub = chain_of([lift(0.6, 10.0)], 10.0).elements[0]
    assert (hub.co2e_wtw_kg, hub.co2e_ttw_kg) == (pytest.approx(6.0), pytest.approx(6.0 * 2.57082 / 3.18183))


@pytest.mark.parametrize(("unit", "kg_per_t"), [("feu", 0.9), ("trailer", 0.2), ("wagon", 0.5)])
def test_a_change_of_gauge_is_a_lift_in_the_unit_the_freight_has(unit: str, kg_per_t: float) -> None:
    """The row of the country holds before that of all, and that of the tonne where the unit has none."""
    data = tables()
    schema = data["handling"].schema
    rows = [dict(row) for row in data["handling"] if row.text("kind") != "gauge_yard"]
    sample = next(dict(row) for row in data["handling"] if row.text("kind") == "gauge_yard")
    rows += [
        sample | {"place": place, "unit": unit_of, "co2e_kg_per_t": kg}
        for place, unit_of, kg in [("*", "feu", 0.7), ("KZ", "feu", 0.9), ("*", "trailer", 0.2), ("*", "tonne", 0.5)]
    ]
    changed = data.with_table("handling", table_from_rows(schema, rows))
    answer, route = asked([Leg(mode="gauge_change", start="KZALA", end="KZALA")], 10.0)
    answer = dataclasses.replace(answer, shipment={**answer.shipment, "tariff_unit": unit})
    (element,) = transport_chain(changed, answer, route).elements
    assert element.co2e_wtw_kg == pytest.approx(10.0 * kg_per_t)
    assert element.planned_co2e_kg == 0.0 and any("one lift" in remark for remark in element.intensity.remarks)


def test_current_is_given_per_kilowatt_hour() -> None:
    home = tables()["countries"].find("DE")
    assert home is not None
    (current,) = (
        e for e in chain_of([move("rail", "DE", 100)], 1.0).elements[0].intensity.energy if e.carrier == "Electric"
    )
    assert (current.wtw_kg, current.ttw_kg) == (pytest.approx(home.number("grid_kg_co2e_per_kwh")), 0.0)


def test_a_document_counts_units_and_shares_as_the_specification_does() -> None:
    answer, route = asked([move("sea", "", 1000), lift(0.6, 10.0)], 10.0)
    early = Reporter(created=datetime(2020, 1, 1, tzinfo=UTC))
    document = ileap_document(tables(), answer, transport_chain(tables(), answer, route), early)
    footprint = document["data"][0]
    tce = footprint["extensions"][0]["data"]["tces"][0]
    assert (tce["packagingOrTrEqType"], tce["packagingOrTrEqAmount"]) == ("Container-TEU", "2")
    assert footprint["validityPeriodStart"] >= footprint["pcf"]["referencePeriodEnd"], "not before what it describes"
    liquid = dataclasses.replace(answer, shipment={**answer.shipment, "load": "liquid_bulk", "teu": None})
    (hub,) = (
        one["extensions"][0]["data"]
        for one in ileap_document(tables(), liquid, transport_chain(tables(), liquid, route), early)["data"]
        if "hocId" in one["extensions"][0]["data"]
    )
    assert hub["hubType"] == "LiquidBulkTerminal"
