"""Chains beside what others publish of a unit (table chain_published names each source); nothing is fitted to it.

Costs and emissions are wide intervals; what is published must lie within, or the chain is wrong. Titania slag is published for one
unnamed place and without its mine, so it is held against the emissions of slag alone with electricity from 0 to 0.8 kg CO2e/kWh.
"""

from __future__ import annotations

import math

import pytest

from keruen.materials.chain import requirements
from keruen.materials.chain_cost import chain_cost, published_beside
from keruen.materials.plant_costs import plant_cost
from keruen.tables.dataset import Dataset


@pytest.mark.parametrize(
    ("product", "country"),
    [("titanium", "KZ"), ("titanium", "CN"), ("magnets", "CN"), ("copper", "KZ"), ("copper", "CL")],
)
def test_published_costs_and_co2e_lie_within_ours(shipped: Dataset, product: str, country: str) -> None:
    beside = published_beside(shipped, requirements(shipped, product), country)
    assert beside
    for one in beside:
        if (one.good, one.measure) in {("titanium_slag", "kg_co2e"), ("titanium_ingot", "kg_co2e")}:
            continue  # below
        assert one.ours_range is not None, one
        high = one.high if math.isfinite(one.high) else one.low
        assert one.ours_range.low <= high and one.low <= one.ours_range.high, one


def test_titanium_costs_what_sponge_is_sold_for(shipped: Dataset) -> None:
    """USGS, Mineral Commodity Summaries 2026: 11.1 to 13.3 USD/kg in 2021-2025. Kazakhstan sells at it, so it costs about that."""
    cost = chain_cost(shipped, requirements(shipped, "titanium_sponge"), "KZ")
    assert not cost.usd_unknown and 0.8 * 11_100 < cost.usd < 13_300


def test_co2e_of_titanium_where_power_is_of_coal(shipped: Dataset) -> None:
    """IperionX 2025: ingot of the Kroll process at least 39 kg/kg: within the range with power that is mostly of coal."""
    cost = chain_cost(shipped, requirements(shipped, "titanium"), "KZ")
    assert cost.co2e_range.low < 39_000 < cost.co2e_range.high


def test_slag_emits_what_is_published_between_water_and_coal_power(shipped: Dataset) -> None:
    """Sovereign Metals / Minviro 2022: 2.0 t CO2e a tonne of titania slag."""
    clean, coal = (plant_cost(shipped, "smelt_titanium_slag", country).co2e_kg for country in ("NO", "KZ"))
    assert clean < 2_000 < coal


def test_a_range_holds_the_value_and_grows_with_the_chain(shipped: Dataset) -> None:
    for good in ("titanium", "magnets", "copper", "copper_foil", "pack_nmc811"):
        cost = chain_cost(shipped, requirements(shipped, good, 3.0), "CN")
        assert cost.usd_range.low <= cost.usd <= cost.usd_range.high
        assert cost.co2e_range.low <= cost.co2e_kg <= cost.co2e_range.high
        one = chain_cost(shipped, requirements(shipped, good), "CN")
        assert cost.usd == pytest.approx(3 * one.usd) and cost.co2e_kg == pytest.approx(3 * one.co2e_kg)
