"""Siting: plans against every choice of plants tried one by one, and what must hold of any plan."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from keruen.errors import BadTable
from keruen.materials.duties import Duties, usd_per_unit
from keruen.materials.siting import NoPlan, SitingPlan, best_plan
from keruen.materials.siting_cases import Case, moved, regretted
from keruen.materials.siting_choice import near_optimal, regrets
from keruen.materials.siting_covers import hull
from keruen.materials.siting_model import model_of
from keruen.materials.siting_problem import SitingProblem
from keruen.network.sphere import distance_km
from keruen.tables.dataset import Dataset


def invented(seed: int, *, places: int = 3, zones: int = 2, periods: int = 1, lacking: float = np.inf) -> SitingProblem:
    """Ore to metal: a mine and a smelter may stand at each place, the smelter in two sizes; the zones want metal."""
    rng = np.random.default_rng(seed)
    kinds = [(place, recipe, size) for place in range(places) for recipe, size in ((0, 40.0), (1, 10.0), (1, 20.0))]
    place, recipe, size = (np.array(column) for column in zip(*kinds, strict=True))
    group = np.where(recipe == 0, place, places + place).astype(np.int32)
    opening = (20 + 3 * size[:, None] ** 0.7 * rng.uniform(0.7, 1.3, (len(kinds), 1))) * 0.8 ** np.arange(periods)
    pairs = [(a, b, 0) for a in range(places) for b in range(places) if a != b]
    pairs += [(a, places + z, 1) for a in range(places) for z in range(zones)]
    start, end, good = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    return SitingProblem(
        places=tuple("abcdef"[:places]) + tuple(f"zone {z}" for z in range(zones)),
        goods=("ore", "metal"),
        recipes=("mine", "smelt"),
        recipe_goods=np.array([[1.0, 0.0], [-2.5, 1.0]]),
        option_place=place.astype(np.int32),
        option_recipe=recipe.astype(np.int32),
        option_group=group,
        option_capacity=size,
        is_standing=np.zeros(len(kinds), np.bool_),
        opening=opening,
        keeping=0.1 * opening,
        running=rng.uniform(0.5, 1.5, opening.shape),
        link_from=start,
        link_to=end,
        link_good=good,
        carrying=rng.uniform(0.2, 4.0, (len(pairs), periods)),
        demand_place=np.arange(places, places + zones, dtype=np.int32),
        demand_good=np.ones(zones, np.int32),
        demand=rng.uniform(2.0, 8.0, (zones, periods)),
        lacking=np.full((zones, periods), lacking),
    )


def cheapest_of_all(problem: SitingProblem) -> float:
    """The least cost over all choices of plants, each with its flows by another solver."""
    model = model_of(problem)
    opened = model.columns.open.ravel()
    least = np.inf
    matrix = model.matrix
    up, down = np.isfinite(model.row_high), np.isfinite(model.row_low)
    rows = np.vstack([matrix[up].toarray(), -matrix[down].toarray()])
    most = np.concatenate([model.row_high[up], -model.row_low[down]])
    for choice in itertools.product((0.0, 1.0), repeat=len(opened)):
        low, high = model.low.copy(), model.high.copy()
        low[opened] = high[opened] = choice
        found = linprog(model.cost, rows, most, bounds=np.stack([low, high], axis=1), method="highs")
        if found.status == 0:
            least = min(least, found.fun)
    return least


def assert_holds(plan: SitingPlan) -> None:
    """Goods balance at each place, plants stay within their size and stay open, the cost is the sum of what is paid."""
    p = plan.problem
    left = np.zeros((len(p.places), len(p.goods), p.periods))
    for o in range(p.options):
        left[p.option_place[o]] += p.recipe_goods[p.option_recipe[o]][:, None] * plan.activity[o]
    np.add.at(left, (p.link_to, p.link_good), plan.flow)
    np.add.at(left, (p.link_from, p.link_good), -plan.flow)
    np.add.at(left, (p.demand_place, p.demand_good), plan.lacking - p.demand)
    scale = max(1.0, float(p.demand.max(initial=0.0)), float(plan.activity.max(initial=0.0)))
    assert left.min() >= -1e-6 * scale
    assert (plan.activity <= p.option_capacity[:, None] * plan.is_open + 1e-6 * scale).all()
    assert (np.diff(plan.is_open.astype(int), axis=1) >= 0).all()
    for group in set(p.option_group[p.option_group >= 0].tolist()):
        assert (plan.is_open[p.option_group == group].sum(axis=0) <= 1).all()
    before = np.zeros((p.options, 1), np.bool_)
    opens = plan.is_open & ~np.concatenate([before, plan.is_open[:, :-1]], axis=1) & ~p.is_standing[:, None]
    paid = (p.opening * opens).sum() + (p.keeping * plan.is_open).sum() + (p.running * plan.activity).sum()
    paid += (p.carrying * plan.flow).sum() + (np.where(np.isfinite(p.lacking), p.lacking, 0.0) * plan.lacking).sum()
    assert plan.cost == pytest.approx(paid, rel=1e-6)
    assert plan.bound <= plan.cost


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_is_the_best_of_all(seed: int) -> None:
    problem = invented(seed)
    plan = best_plan(problem, gap=1e-9, seconds=30)
    assert_holds(plan)
    assert plan.cost == pytest.approx(cheapest_of_all(problem), rel=1e-7)
    assert plan.gap <= 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_where_no_plant_is_ever_full_the_plan_is_the_best_of_all(seed: int) -> None:
    """All strong links stand in the first LP then: the sizes are such that the smallest plant could make all."""
    problem = replace(invented(seed), option_capacity=invented(seed).option_capacity * 1e3)
    plan = best_plan(problem, gap=1e-9, seconds=30)
    assert_holds(plan)
    assert plan.cost == pytest.approx(cheapest_of_all(problem), rel=1e-7)
    assert plan.gap <= 1e-6


@settings(max_examples=60, deadline=None)
@given(
    size=st.lists(st.floats(1.0, 50.0), min_size=1, max_size=3, unique=True),
    need=st.floats(5.0, 90.0),
    part=st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3),
)
def test_a_row_of_whole_plants_holds_at_all_of_them(size: list[float], need: float, part: list[float]) -> None:
    """Whatever numbers of plants stand, and whatever is left undelivered so that they suffice, no row is broken."""
    sizes = np.array(sorted(size, reverse=True))
    most = np.ceil(need / sizes).astype(np.intp)
    found = hull(sizes, most, need)
    assert found is not None
    number = np.array(part[: len(sizes)]) * most
    number *= need / max(float(number @ sizes), need)  # fractions of plants that suffice at most
    row = found.row(number)
    if row is None:
        return
    weight, slope = row
    assert weight @ number < 1
    for whole in itertools.product(*(range(int(end) + 1) for end in most)):
        lack = max(need - float(np.array(whole) @ sizes), 0.0) / need
        assert weight @ np.array(whole) + slope * lack >= 1 - 1e-6 - slope * 1e-6


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), periods=st.integers(1, 3))
def test_plans_balance_and_stay(seed: int, periods: int) -> None:
    assert_holds(best_plan(invented(seed, periods=periods), gap=1e-6, seconds=30))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), better=st.floats(1.0, 1.5))
def test_a_better_yield_never_costs_more(seed: int, better: float) -> None:
    problem = invented(seed)
    goods = problem.recipe_goods.copy()
    goods[1, 0] /= better  # less ore for the same metal
    now, then = (best_plan(one, gap=1e-9, seconds=30) for one in (problem, replace(problem, recipe_goods=goods)))
    assert then.bound <= now.cost * (1 + 1e-6)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_dear_lack_is_no_dearer_than_a_plan(seed: int) -> None:
    whole = best_plan(invented(seed), gap=1e-9, seconds=30)
    part = best_plan(invented(seed, lacking=15.0), gap=1e-9, seconds=30)
    assert_holds(part)
    assert part.cost <= whole.cost * (1 + 1e-6)


def test_a_limit_on_one_place_holds() -> None:
    problem = invented(4)
    smelts = problem.option_recipe == 1
    limit = np.where(smelts & (problem.option_place == 0), 1.0, 0.0) - 0.65 * smelts
    free = best_plan(problem, gap=1e-9, seconds=30)
    held = best_plan(replace(problem, limit=limit[None, :], limit_most=np.zeros((1, 1))), gap=1e-9, seconds=30)
    assert (limit @ held.activity <= 1e-6).all()
    assert held.cost >= free.cost - 1e-6


def test_what_stands_is_kept_and_not_paid_for_again() -> None:
    problem = replace(invented(5, periods=2), is_standing=np.arange(9) == 1)
    plan = best_plan(problem, gap=1e-9, seconds=30)
    assert plan.is_open[1].all()
    assert_holds(plan)


def test_more_than_can_be_made_is_no_plan() -> None:
    problem = invented(6)
    with pytest.raises(NoPlan, match=r"demand line 1 \(zone 0, metal, period 1\).*Short: .*mine"):
        best_plan(replace(problem, demand=problem.demand * 100), seconds=10)


def test_all_faults_are_told_at_once() -> None:
    problem = invented(7)
    capacity, demand = problem.option_capacity.copy(), problem.demand.copy()
    capacity[2], demand[0] = -1, np.nan
    recipes = problem.recipe_goods.copy()
    recipes[0] = 0.0
    with pytest.raises(BadTable) as error:
        best_plan(replace(problem, option_capacity=capacity, demand=demand, recipe_goods=recipes))
    said = str(error.value)
    assert "capacity" in said and "demand" in said and "makes nothing" in said


def test_a_good_that_nothing_makes_is_named() -> None:
    problem = invented(8)
    recipes = np.array([[1.0, 0.0], [-2.5, 0.0], [0.0, 1.0]])
    with pytest.raises(BadTable, match="no plant that may be built makes it"):
        best_plan(
            replace(
                problem, recipe_goods=recipes, recipes=("mine", "crush", "smelt"), option_recipe=np.zeros(9, np.int32)
            )
        )


def test_near_optimal_plans_cost_little_more_and_differ() -> None:
    plan = best_plan(invented(9, places=4), gap=1e-9, seconds=30)
    others = near_optimal(plan, within=0.3, count=2, seconds=20)
    assert others
    for other in others:
        assert_holds(other)
        assert plan.cost * (1 - 1e-9) <= other.cost <= plan.cost * 1.3 * (1 + 1e-9)
        assert (other.is_open != plan.is_open).any()


def test_a_plan_has_no_regret_where_it_is_the_best_and_some_elsewhere() -> None:
    low = invented(10)
    high = replace(low, demand=low.demand * 1.6, carrying=low.carrying[::-1].copy())
    plans = {name: best_plan(one, gap=1e-9, seconds=30) for name, one in (("low", low), ("high", high))}
    found = regrets({"low": low, "high": high}, plans, {name: plan.bound for name, plan in plans.items()})
    assert np.diag(found.regret) == pytest.approx(0, abs=1e-6)
    assert (found.regret >= -1e-6).all()
    assert found.regret[found.choice].max() == found.regret.max(axis=1).min()


# Duties


def test_the_nearest_duty_holds_and_the_unknown_is_told(shipped: Dataset) -> None:
    duties = Duties(shipped)
    assert duties.share("electric_car", "CN", "DE") == pytest.approx(0.453)
    assert duties.share("electric_car", "VN", "DE") == pytest.approx(0.10)
    assert duties.share("cell_lfp", "CN", "GB") == pytest.approx(0.02)
    assert duties.share("cell_lfp", "HU", "TR") == duties.share("cell_lfp", "DE", "DE") == 0.0
    assert np.isnan(duties.share("cell_lfp", "CN", "CH"))
    assert duties.asked_in_vain == (("cell_lfp", "CN", "CH"),)
    assert usd_per_unit(duties, "cell_lfp", 74.0, "CN", "DE") == pytest.approx(0.027 * 74)


def test_a_point_on_the_rim_lies_where_it_should() -> None:
    for bearing in (0.0, 90.0, 200.0):
        lat, lon = moved(50.0, 82.6, bearing, 150.0)
        assert distance_km(50.0, 82.6, lat, lon) == pytest.approx(150.0, rel=1e-6)
    assert moved(50.0, 82.6, 0.0, 150.0)[1] == pytest.approx(82.6)


def test_the_regret_of_cases_is_of_their_own_best() -> None:
    low = invented(11)
    cases = [
        Case(name, StudyOf(problem))  # type: ignore[arg-type]
        for name, problem in (("low", low), ("high", replace(low, demand=low.demand * 1.4)))
    ]
    found = regretted(cases, gap=1e-9, seconds=30)
    assert np.diag(found.found.regret) == pytest.approx(0, abs=1e-6)
    assert found.chosen in ("low", "high")


@dataclass(frozen=True)
class StudyOf:
    """What `regretted` needs of a study."""

    problem: SitingProblem
