"""Published arithmetic of transport emissions, to the digit.

iLEAP technical specifications, end-to-end example: 87 kg over 423 km and 321 km (facts rebuilt here, no text copied), and its slip.
GLEC Framework, pick-up round; air distance adjustment of 95 km; DESNZ 2025 rows.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from keruen.reports.ileap import Reporter, ileap_document
from keruen.routing.emission_chain import (
    ACTUAL,
    GCD,
    SFD,
    TRANSPORT,
    ChainElement,
    EnergyShare,
    Intensity,
    Stretch,
    TransportChain,
    measured_intensity,
)
from keruen.routing.emission_check import ERROR, check_emissions
from keruen.routing.emissions import distance_adjustment
from keruen.routing.result import PlaceRef, RouteResult
from keruen.tables.dataset import Dataset

DIESEL = (EnergyShare("Diesel", 1.0, "l", 3.18183, 2.57082, ("energy_carriers:Diesel",)),)
PLACE = PlaceRef("X", "", "", "", 0.0, 0.0)
ANSWER = RouteResult(origin=PLACE, destination=PLACE, shipment={"load": "container"}, coverage={}, routes=(), places={})


def truck(km: float, wtw_kg: float, ttw_kg: float, *, primary: bool) -> ChainElement:
    intensity = Intensity(wtw_kg=wtw_kg, ttw_kg=ttw_kg, distance_basis=ACTUAL, energy=DIESEL, primary=primary)
    return ChainElement(
        kind=TRANSPORT, mode="road", start="A", end="B", tonnes=0.087, stretches=(Stretch("", km, intensity),)
    )


@pytest.fixture
def chain() -> TransportChain:
    """Carrier A measures its truck (100 g per t-km), carrier B goes by a default (170 g)."""
    first = truck(423, 0.1, 3.2801 / 36.801, primary=True)
    second = truck(321, 0.17, 0.153, primary=False)
    return TransportChain(0.087, (first, second))


@pytest.fixture
def document(shipped: Dataset, chain: TransportChain) -> dict[str, Any]:
    return ileap_document(shipped, ANSWER, chain, Reporter(shipment_id="1", created=datetime(2026, 11, 1, tzinfo=UTC)))


def test_the_chain_of_two_trucks(chain: TransportChain) -> None:
    assert [e.activity_tkm for e in chain.elements] == pytest.approx([36.801, 27.927], rel=1e-14)
    assert [e.co2e_wtw_kg for e in chain.elements] == pytest.approx([3.6801, 4.74759], rel=1e-14)
    assert [e.co2e_ttw_kg for e in chain.elements] == pytest.approx([3.2801, 4.272831], rel=1e-14)
    assert chain.activity_tkm == pytest.approx(64.728, rel=1e-14)
    assert chain.co2e_wtw_kg == pytest.approx(8.42769, rel=1e-14)
    assert round(100 * chain.primary_share_of_activity, 2) == 56.85  # as printed
    assert chain.primary_share_of_emissions == pytest.approx(3.6801 / 8.42769)  # as the mapping to PACT defines it


def test_the_chain_as_written_has_the_same_digits(document: dict[str, Any]) -> None:
    footprint = document["data"][0]
    figures = [
        [tce[key] for key in ("mass", "transportActivity", "co2eWTW", "co2eTTW")]
        for tce in footprint["extensions"][0]["data"]["tces"]
    ]
    assert figures == [["87", "36.801", "3.6801", "3.2801"], ["87", "27.927", "4.74759", "4.272831"]]
    assert footprint["pcf"]["unitaryProductAmount"] == "64.728"
    assert footprint["pcf"]["pCfExcludingBiogenic"] == "8.42769"
    assert footprint["pcf"]["primaryDataShare"] == pytest.approx(100 * 3.6801 / 8.42769, abs=1e-4), "in per cent"
    assert check_emissions(json.dumps(document)).problems == ()


def test_the_slip_of_the_published_example_is_found(document: dict[str, Any]) -> None:
    """Its second answer has the first element's emissions where the t-km should be, and decimal commas in the totals."""
    footprint = document["data"][0]
    footprint["extensions"][0]["data"]["tces"][0]["transportActivity"] = "3.6801"
    footprint["pcf"] |= {"pCfExcludingBiogenic": "8,42769", "fossilGhgEmissions": "8,42769"}
    found = {
        p.pointer: p.message for p in check_emissions(json.dumps({"data": [footprint]})).problems if p.severity == ERROR
    }
    here = "/data/0/extensions/0/data/tces/0/transportActivity"
    assert "3.6801, but 87 kg x 423 km / 1000 = 36.801 t-km; it is the number of co2eWTW" in found.pop(here)
    for total in ("pCfExcludingBiogenic", "fossilGhgEmissions"):
        assert "decimal comma" in found.pop(f"/data/0/pcf/{total}")
    assert "unitaryProductAmount is 64.728, the sum over its elements is 31.6071" in found.pop(
        "/data/0/pcf/unitaryProductAmount"
    )
    assert not found


def test_the_pick_up_round() -> None:
    """4.8 l at 3.278 kg per l for a round of 0.3631 t-km; an item of 250 g is 0.0024 t-km of it (0.7 per cent, 0.104 kg)."""
    round_kg = 4.8 * 3.278
    assert round_kg == pytest.approx(15.734, abs=5e-4)
    item = measured_intensity(round_kg, None, 0.3631)
    assert item.primary and item.wtw_kg is not None and item.ttw_kg is None
    assert round(100 * 0.0024 / 0.3631, 2) == 0.66
    assert round(0.0024 * item.wtw_kg, 3) == 0.104
    with pytest.raises(ValueError):
        measured_intensity(round_kg, None, 0.0)


def test_a_flight_is_95_km_longer_than_its_great_circle(shipped: Dataset) -> None:
    air = shipped["chain_rules"].find("air")
    assert air is not None
    assert distance_adjustment(air, 1000, GCD, ACTUAL) == 1095 / 1000
    assert distance_adjustment(air, 1095, ACTUAL, GCD) == pytest.approx(1000 / (1000 + 95), rel=1e-15)
    assert distance_adjustment(air, 1000, GCD, GCD) == 1
    assert distance_adjustment(air, 1000, GCD, SFD) is None


@pytest.mark.parametrize(
    ("mode", "daf"), [("sea", 1.15), ("ferry", 1.15), ("road", 1.05), ("rail", 1.0), ("inland_waterway", 1.0)]
)
def test_ways_on_the_surface_are_longer_by_a_share(shipped: Dataset, mode: str, daf: float) -> None:
    rule = shipped["chain_rules"].find(mode)
    assert rule is not None
    assert distance_adjustment(rule, 777, SFD, ACTUAL) == pytest.approx(daf)
    assert distance_adjustment(rule, 777 * daf, ACTUAL, SFD) == pytest.approx(1 / daf)
    assert distance_adjustment(rule, 777, SFD, "") is None


def test_rows_of_desnz(shipped: Dataset) -> None:
    """1,000 t-km on a container ship: 16.12 kg from the funnel and 3.65 kg before it."""
    factors = shipped["emission_factors"]
    ttw, wtw = (factors.find(key) for key in ("E013", "E014"))
    assert ttw is not None and wtw is not None
    assert ttw.number("g_co2e_per_tkm") == 16.12
    assert wtw.number("g_co2e_per_tkm") - ttw.number("g_co2e_per_tkm") == pytest.approx(3.65)
    assert ttw.text("subtype") == wtw.text("subtype")


def test_every_chosen_factor_of_desnz_has_a_ttw_partner_no_greater_than_it(shipped: Dataset) -> None:
    factors = shipped["emission_factors"]
    ttw = {
        (row.text("mode"), row.text("subtype")): row.number("g_co2e_per_tkm")
        for row in factors
        if row.text("scope") == "TTW"
    }
    for choice in shipped["emission_choice"]:
        row = factors.find(choice.text("factor"))
        assert row is not None and row.text("scope") == "WTW"
        if "DESNZ" in row.text("framework"):
            assert 0 < ttw[row.text("mode"), row.text("subtype")] < row.number("g_co2e_per_tkm")
            assert row.text("distance_basis") == ("gcd" if row.text("mode") == "air" else "actual")


@pytest.mark.parametrize(
    ("carrier", "ttw", "wtt"),
    [
        ("Diesel", 2.57082, 0.61101),
        ("HFO", 3.10202, 0.69539),
        ("MGO", 2.77139, 0.62665),
        ("Aviation_fuel", 2.54269, 0.52817),
    ],
)
def test_fuels_of_desnz(shipped: Dataset, carrier: str, ttw: float, wtt: float) -> None:
    """kg CO2e per litre: from burning, and from making (2025)."""
    row = shipped["energy_carriers"].find(carrier)
    assert row is not None
    assert row.number("kg_co2e_ttw") == ttw and row.number("kg_co2e_wtw") == pytest.approx(ttw + wtt)
