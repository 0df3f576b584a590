"""A plan of sites in futures: nothing happens, nothing is added; what is fixed cannot do better than what is free; a plan is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.materials.siting import best_plan
from keruen.materials.siting_study import StudyTerms, discount_of
from keruen.stress.disruptions import broken
from keruen.stress.draws import Draw, Occurrence
from keruen.stress.siting_question import SitingQuestion, planned
from keruen.tables.dataset import Dataset

TERMS = StudyTerms(periods=1)
SUEZ = Occurrence("suez_blocked", 0.0, 30.0)


@pytest.fixture(scope="module")
def asked(world_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[SitingQuestion, Path]:
    folder = tmp_path_factory.mktemp("plans")
    return planned(world_data, TERMS, gap=0.02, seconds=60.0, folder=folder), folder


def test_a_plan_is_kept_and_found_again(world_data: Dataset, asked: tuple[SitingQuestion, Path]) -> None:
    question, folder = asked
    again = planned(world_data, TERMS, gap=0.02, seconds=60.0, folder=folder)
    assert again == question and again.key == question.key and question.plants
    assert len(list(folder.iterdir())) == 1


def test_futures_of_a_plan(world_data: Dataset, asked: tuple[SitingQuestion, Path]) -> None:
    """Without anything that happens nothing is added; a closure adds what it adds by itself; more demand than the plants can make is
    lacking; and the plants of the plan cost no less in a future than any plants could."""
    question, _ = asked
    ask = question.prepared(world_data)
    quiet = ask(Draw(0, 10.0, ()))
    assert quiet["added_usd"] == 0.0 and quiet["lacking_share"] == pytest.approx(0.0, abs=1e-9)
    assert ask(Draw(1, 200.0, (SUEZ,))) == quiet  # the canal is open again on that day
    blocked, alone = ask(Draw(2, 10.0, (SUEZ,))), question.alone(world_data, "suez_blocked")
    assert blocked["added_usd"] == pytest.approx(alone["added_usd"], rel=1e-9)
    assert isinstance(blocked["added_usd"], float) and blocked["added_usd"] > 0
    much = ask(Draw(3, 10.0, (), demand=2.0))
    problem = question.study(world_data).problem
    cells = [problem.goods.index(good) for good in ("cell_lfp", "cell_nmc811")]
    makers = [name for name, goods in zip(problem.recipes, problem.recipe_goods, strict=True) if goods[cells].max() > 0]
    made = sum(plant.capacity for plant in question.plants if plant.recipe in makers)
    wanted = 2.0 * float(problem.demand.sum())
    assert made > 0 and isinstance(much["lacking_share"], float)
    assert much["lacking_share"] >= 1 - made / wanted - 1e-9 > 0
    shut = question.study(broken(world_data, ("suez_blocked",)))
    free = best_plan(shut.problem, gap=0.02, seconds=60.0)
    years = float(discount_of(world_data, TERMS).sum())
    assert question.cost(world_data, shut)[0] * years >= free.bound * (1 - 1e-9)
