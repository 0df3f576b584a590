"""A siting plan in a future: its plants stand where they were to stand; what each makes and where it goes is chosen anew.

    added USD a year    (cost of the plan's plants on the day of a draw - usually) / years        years: present value of a dollar a year
    share lacking       kWh that are not delivered / kWh asked for

The cost is that of the study, over all its periods, as if every year were as the day of the draw: a kWh that is not delivered counts at the
study's own price of it, and stands beside as a share. Plants cannot be moved, so no future costs less than the proven bound of the best
plan for that future (recourse of a two-stage programme: Birge and Louveaux 2011, 2.1). Draws of demand multiply what all markets ask for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.materials.siting import SitingPlan, best_plan
from keruen.materials.siting_choice import operated
from keruen.materials.siting_state import Tell
from keruen.materials.siting_study import EVERY_LINK, Study, StudyTerms, discount_of, lithium_study
from keruen.network.cache import cache_root
from keruen.stress.disruptions import broken
from keruen.stress.draws import Draw, priced
from keruen.stress.questions import Answer, Asked, less
from keruen.stress.task import code_hash
from keruen.tables.dataset import Dataset
from keruen.tables.whole_file import whole_file


@dataclass(frozen=True)
class Plant:
    """A plant of a plan: where, by which recipe, units a year, and the first period in which it stands."""

    site: str
    recipe: str
    capacity: float
    period: int


@dataclass(frozen=True)
class SitingQuestion:
    """What the plants of a plan cost more, and what cannot be delivered."""

    terms: StudyTerms
    plants: tuple[Plant, ...]

    @property
    def key(self) -> str:
        """The question in full."""
        return repr(("siting", astuple(self.terms), tuple(astuple(plant) for plant in self.plants)))

    @property
    def measures(self) -> tuple[str, ...]:
        """Added USD a year, share that is not delivered."""
        return ("added_usd", "lacking_share")

    def prepared(self, data: Dataset) -> Asked:
        """The plan by what holds; each network is priced once."""
        usual: dict[float, float | None] = {}
        known: dict[tuple[Any, ...], Answer] = {}
        studies: dict[tuple[Any, ...], Study] = {}

        def study(held: tuple[str, ...], prices: tuple[tuple[str, float], ...]) -> Study:
            if (held, prices) not in studies:
                studies[held, prices] = self.study(priced(broken(data, held), prices))
            return studies[held, prices]

        def ask(draw: Draw) -> Answer:
            state = (draw.holding(draw.day), draw.prices)
            if draw.demand not in usual:
                usual[draw.demand] = self.cost(data, study((), ()), draw.demand)[0]
            if (*state, draw.demand) not in known:
                cost, lacking = self.cost(data, study(*state), draw.demand)
                known[*state, draw.demand] = {
                    "added_usd": less(cost, usual[draw.demand]), "lacking_share": lacking, "demand": draw.demand,
                }  # fmt: skip
            return known[*state, draw.demand]

        return ask

    def alone(self, data: Dataset, event: str) -> Answer:
        """The plan while one disruption holds."""
        usual = self.cost(data, self.study(data))
        cost, lacking = self.cost(data, self.study(broken(data, (event,)))) if event else usual
        return {"added_usd": less(cost, usual[0]), "lacking_share": lacking, "demand": 1.0}

    def study(self, data: Dataset) -> Study:
        """The study of a dataset with every link in it."""
        return lithium_study(data, replace(self.terms, nearest=EVERY_LINK))

    def cost(self, data: Dataset, study: Study, demand: float = 1.0) -> tuple[float | None, float]:
        """USD a year of the plan's plants in a study, and the share of what is asked for that is not delivered; None and 1 where these
        plants cannot keep the limits of the study."""
        problem = replace(study.problem, demand=study.problem.demand * demand)
        found = operated(problem, self.standing(study))
        if found is None:
            return None, 1.0
        cost, lacking = found
        years = float(discount_of(data, self.terms).sum())
        return cost / years, float(lacking.sum() / problem.demand.sum())

    def standing(self, study: Study) -> NDArray[np.bool_]:
        """Which options of a study the plants are, bool[o, t]; a plant that a study has no option for does not stand."""
        problem = study.problem
        period = {(plant.site, plant.recipe, plant.capacity): plant.period for plant in self.plants}
        first = [period.get(one, problem.periods) for one in options_of(study)]
        stands: NDArray[np.bool_] = np.arange(problem.periods)[None, :] >= np.array(first)[:, None]
        return stands


def options_of(study: Study) -> list[tuple[str, str, float]]:
    """Site, recipe and capacity of each option of a study."""
    problem = study.problem
    places, recipes = problem.option_place.tolist(), problem.option_recipe.tolist()
    return [
        (study.sites[place], problem.recipes[recipe], capacity)
        for place, recipe, capacity in zip(places, recipes, problem.option_capacity.tolist(), strict=True)
    ]


def plants_of(study: Study, plan: SitingPlan) -> tuple[Plant, ...]:
    """The plants of a plan."""
    stands: NDArray[np.bool_] = np.asarray(plan.is_open.any(axis=1))
    first = np.asarray(plan.is_open.argmax(axis=1))
    return tuple(Plant(*one, int(first[row])) for row, one in enumerate(options_of(study)) if stands[row])


def planned(
    data: Dataset,
    terms: StudyTerms,
    *,
    gap: float = 0.02,
    seconds: float = 120.0,
    folder: Path | None = None,
    tell: Tell | None = None,
) -> SitingQuestion:
    """The question of the best plan found for usual conditions.

    A search within a time ends with another plan on another machine, so the plan is kept in the folder of results (in the cache folder
    without), and a run that is asked again goes on with the same one.
    """
    name = hashlib.sha256(repr((data.content_hash, code_hash(), astuple(terms), gap, seconds)).encode()).hexdigest()[
        :24
    ]
    kept = (folder or cache_root() / "stress") / f"plan-{name}.json"
    if kept.exists():
        return SitingQuestion(terms, tuple(Plant(*one) for one in json.loads(kept.read_text(encoding="utf-8"))))
    study = lithium_study(data, replace(terms, nearest=EVERY_LINK))
    plants = plants_of(study, best_plan(study.problem, gap=gap, seconds=seconds, tell=tell))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(kept) as draft:
        draft.write_text(json.dumps([astuple(plant) for plant in plants]), encoding="utf-8")
    return SitingQuestion(terms, plants)
