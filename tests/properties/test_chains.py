"""Chains: mass is neither made nor lost unseen, ranges hold the amounts, and the search from ore to market is the best of all trees."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.errors import BadTable
from keruen.materials.chain import BadChain, recipe_problems, recipes_for, requirements
from keruen.materials.ore_to_market import Plant, ore_to_market
from keruen.materials.plant_costs import annuity, plant_cost
from keruen.tables.check import check
from keruen.tables.dataset import SHIPPED, Dataset, load

PRODUCTS = (
    "electric_car",
    "pack_nmc811",
    "pack_lfp",
    "titanium_ingot",
    "magnet_ndfeb",
    "copper_cathode",
    "anode_graphite",
)


def test_shipped_recipes_make_no_mass(shipped: Dataset) -> None:
    assert recipe_problems(shipped) == []


@pytest.mark.parametrize("good", PRODUCTS)
def test_mass_balances_exactly(shipped: Dataset, good: str) -> None:
    for recycled in (0.0, 0.5, 1.0):
        chain = requirements(shipped, good, 1000.0, recycled=recycled)
        whole = sum(row.mass_t for row in chain.goods if row.role in ("bought", "raw"))
        assert abs(chain.mass_error_t) <= 1e-9 * whole
        assert all(row.low <= row.amount <= row.high for row in chain.goods)
        assert all(step.lost_t >= -1e-3 * step.in_t for step in chain.steps)
        assert all(row.sources for row in chain.goods)


def test_lithium_of_a_pack_is_that_of_its_cathode(shipped: Dataset) -> None:
    """0.0998 kg lithium in a kWh of NMC 811, 0.09149 in one of LFP (BatPaC 5.1), more by what cells scrap."""
    nmc, lfp = (requirements(shipped, good, 1.0) for good in ("pack_nmc811", "pack_lfp"))
    assert nmc.of("lithium_hydroxide").amount * 1000 / 6.043228 * 0.9 == pytest.approx(0.0998, rel=0.03)
    assert lfp.of("lithium_carbonate").amount * 1000 / 5.322767 * 0.9 == pytest.approx(0.09149, rel=0.03)


def test_recycling_takes_the_place_of_what_is_bought(shipped: Dataset) -> None:
    without, with_it = (requirements(shipped, "pack_nmc811", 1e6, recycled=share) for share in (0.0, 1.0))
    assert with_it.of("nickel_sulfate").amount + next(
        step.activity for step in with_it.steps if step.stage == "recycling"
    ) == pytest.approx(without.of("nickel_sulfate").amount)
    assert with_it.of("cell_scrap_nmc811").amount == pytest.approx(0, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(good=st.sampled_from(PRODUCTS), amount=st.floats(1e-3, 1e9))
def test_twice_the_product_takes_twice_of_all(shipped: Dataset, good: str, amount: float) -> None:
    once, twice = requirements(shipped, good, amount), requirements(shipped, good, 2 * amount)
    for a, b in zip(once.goods, twice.goods, strict=True):
        assert b.amount == pytest.approx(2 * a.amount, rel=1e-9, abs=1e-12)


def changed(data: Dataset, recipe: str, good: str, amount: float, role: str = "input") -> Dataset:
    """The tables with another amount in a recipe."""
    table = data["recipe_goods"]
    amounts = table.numbers("amount").copy()
    amounts[table.find_index(recipe, good, role)] = amount
    return data.with_table("recipe_goods", dataclasses.replace(table, columns={**table.columns, "amount": amounts}))


def test_mass_from_nothing_is_refused_with_stage_and_row(shipped: Dataset) -> None:
    broken = changed(shipped, "refine_copper", "copper_concentrate", 0.5)
    with pytest.raises(BadTable, match=r"recipes line \d+.*refine_copper \(refining\) gives 1 t and takes 0.5 t"):
        requirements(broken, "copper_cathode")


def test_a_chain_that_goes_round_without_loss_is_refused_with_its_rows(shipped: Dataset) -> None:
    table = shipped["recipe_goods"]
    at = table.find_index("refine_copper", "copper_concentrate", "input")
    goods, amounts = list(table.texts("good")), table.numbers("amount").copy()
    goods[at], amounts[at] = "copper_cathode", 1.0
    columns = {**table.columns, "good": tuple(goods), "amount": amounts}
    round_about = shipped.with_table("recipe_goods", dataclasses.replace(table, columns=columns))
    with pytest.raises(BadChain, match="without loss.*recipe_goods:refine_copper/copper_cathode/input"):
        requirements(round_about, "copper_cathode")


def test_a_good_without_a_unit_is_found_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("geo"))
    text = (folder / "chain_goods.csv").read_text(encoding="utf-8")
    (folder / "chain_goods.csv").write_text(
        text.replace("Сподуменовая руда,t,", "Сподуменовая руда,,"), encoding="utf-8"
    )
    assert any(one.table == "chain_goods" and one.column == "unit" and one.row == 2 for one in check(load(folder)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"good": "unobtainium"}, "No good is called unobtainium"),
        ({"good": "spodumene_ore"}, "raw or bought"),
        ({"good": "pack_lfp", "amount": -1.0}, "above zero"),
        ({"good": "pack_lfp", "recycled": 2.0}, "between 0 and 1"),
        ({"good": "pack_lfp", "by": {"cell_lfp": "cells_nmc811"}}, "No recipe cells_nmc811 makes cell_lfp"),
    ],
)
def test_wrong_questions_are_answered_with_what_to_do(shipped: Dataset, words: dict[str, object], said: str) -> None:
    with pytest.raises(BadChain, match=said):
        requirements(shipped, **words)  # type: ignore[arg-type]


def test_carbonate_can_be_made_of_brine_or_of_rock(shipped: Dataset) -> None:
    ways = recipes_for(shipped, "lithium_carbonate")
    assert {"carbonate_from_brine", "carbonate_from_concentrate"} <= set(ways)
    rock = requirements(shipped, "pack_lfp", by={"lithium_carbonate": "carbonate_from_concentrate"})
    assert "spodumene_ore" in rock and "lithium_brine" not in rock


# Costs


def test_an_annuity_pays_a_loan_off() -> None:
    owed = 1.0
    for _ in range(15):
        owed = owed * 1.08 - annuity(0.08, 15)
    assert owed == pytest.approx(0, abs=1e-12)
    assert annuity(0.0, 20) == 0.05


def test_a_plant_costs_more_where_capital_and_labour_are_dear(shipped: Dataset) -> None:
    germany, vietnam = (plant_cost(shipped, "cells_lfp", country) for country in ("DE", "VN"))
    assert germany.labour_usd > vietnam.labour_usd and germany.capital_usd < vietnam.capital_usd
    assert germany.range is not None and germany.total_usd in germany.range


def test_a_larger_plant_is_cheaper_a_unit(shipped: Dataset) -> None:
    small, large = (plant_cost(shipped, "cathode_lfp", "HU", capacity=size) for size in (30_000, 100_000))
    assert large.capex_usd < small.capex_usd
    assert large.capex_usd * 100_000 > small.capex_usd * 30_000


def test_unknown_costs_stay_unknown_and_are_named(shipped: Dataset) -> None:
    cost = plant_cost(shipped, "cells_lfp", "MN")
    assert np.isnan(cost.total_usd) and cost.range is None
    assert "country_costs:MN/electricity_usd_kwh" in cost.missing


# From ore to market


def every_tree(
    good: str,
    place: int,
    plants: list[Plant],
    sources: dict[tuple[str, int], float],
    carrying: dict[str, np.ndarray],
    depth: int,
) -> float:
    """Least price over all trees up to a depth, by trying them."""
    best = sources.get((good, place), np.inf)
    if depth == 0:
        return best
    for plant in plants:
        if plant.product == good and plant.place == place:
            parts = (
                n * every_tree(part, place, plants, sources, carrying, depth - 1) for part, n in plant.inputs.items()
            )
            best = min(best, plant.cost + sum(parts))
    if good in carrying:
        for other in range(len(carrying[good])):
            if other != place:
                best = min(
                    best, every_tree(good, other, plants, sources, carrying, depth - 1) + carrying[good][other, place]
                )
    return float(best)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_search_finds_the_cheapest_tree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places, goods = 2, ("ore", "acid", "metal", "part")
    plants = [
        Plant("smelt", "metal", place, float(rng.uniform(1, 5)), {"ore": 2.5, "acid": 0.5}) for place in range(places)
    ] + [Plant("press", "part", place, float(rng.uniform(1, 5)), {"metal": 1.2}) for place in range(places)]
    sources = {("ore", int(rng.integers(places))): 1.0, ("acid", int(rng.integers(places))): 2.0}
    carrying = {good: rng.uniform(0.1, 3.0, (places, places)) for good in goods}
    found = ore_to_market("part", 0, plants, sources, carrying)
    assert found is not None
    assert found.price == pytest.approx(every_tree("part", 0, plants, sources, carrying, 6))
    paid = sum(step.cost for step in found.steps) + sum(usd for *_, usd in found.bought)
    assert paid == pytest.approx(found.price)


def test_no_way_is_none() -> None:
    plants = [Plant("smelt", "metal", 0, 1.0, {"ore": 2.0})]
    assert ore_to_market("metal", 1, plants, {("ore", 0): 1.0}, {"metal": np.full((2, 2), np.inf)}) is None
