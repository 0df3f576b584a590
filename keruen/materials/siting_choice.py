"""Other plans that are nearly as good, and how a plan fares when things turn out otherwise.

    near-optimal   cost <= (1 + within) x cost of the plan, what it uses made dearer            (hop, skip, jump: Brill 1982)
    regret         cost of a plan's plants in another case, flows chosen anew, less the best cost of that case

The least largest regret is taken over the plans that are given, not over all that could be thought of: it is a bound on what is
possible, and is told as such. Regrets use the proven bound of each case, so that they are never told too small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.materials.programme import Programme, now
from keruen.materials.siting import NoPlan, SitingPlan, best_plan, plan_of
from keruen.materials.siting_model import model_of
from keruen.materials.siting_problem import SitingProblem
from keruen.materials.siting_state import State, fixed

Floats = NDArray[np.float64]


def near_optimal(
    plan: SitingPlan, *, within: float = 0.02, count: int = 3, seconds: float = 60.0
) -> tuple[SitingPlan, ...]:
    """Up to `count` plans that cost at most (1 + within) times as much and stand on other plants, as found in the time.

    All plants that the plans so far use are made dearer, by the same share, such that the first plan would cost just (1 + within) times
    as much: the best plan under such prices costs no more than that in truth. The `bound` of each is that of the plan they stand
    beside: no plan of the problem costs less.
    """
    problem = plan.problem
    model = model_of(problem)
    found: list[SitingPlan] = []
    used = plan.is_open.any(axis=1) & ~problem.is_standing
    opens = np.diff(plan.is_open.astype(np.float64), axis=1, prepend=0.0)
    plants = float((problem.keeping * plan.is_open + problem.opening * opens)[used].sum())
    dearer = within * plan.cost / plants if plants > 0 else 0.0
    for _ in range(count):
        price = 1 + dearer * used[:, None]
        wish = replace(problem, opening=problem.opening * price, keeping=problem.keeping * price)
        began = now()
        try:
            other = best_plan(wish, gap=within / 4, seconds=seconds / count)
        except NoPlan:  # none was found in its time
            break
        state = State(began, 0.0)
        fixed(model, other.is_open, state, now() + seconds / count)
        is_known = any((other.is_open == one.is_open).all() for one in (plan, *found))
        if is_known or state.cost > plan.cost * (1 + within):
            break
        state.bound = plan.bound
        found.append(plan_of(model, state))
        used |= other.is_open.any(axis=1) & ~problem.is_standing
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Regrets:
    """cases and plans by name; cost float64[plans, cases] (inf: its plants cannot meet the demand there); best float64[cases], the
    proven bounds; regret = cost - best. choice: row of the plan with the least largest regret."""

    cases: tuple[str, ...]
    plans: tuple[str, ...]
    cost: Floats
    best: Floats

    @property
    def regret(self) -> Floats:
        """float64[plans, cases]."""
        loss: Floats = self.cost - self.best
        return loss

    @property
    def choice(self) -> int:
        """The plan whose largest regret is the least."""
        return int(np.argmin(self.regret.max(axis=1)))


def regrets(cases: Mapping[str, SitingProblem], plans: Mapping[str, SitingPlan], best: Mapping[str, float]) -> Regrets:
    """Each plan's plants in each case. cases: problems with the same options; best: the proven bound of each case, by its name."""
    cost = np.array([[cost_of(problem, plan.is_open) for problem in cases.values()] for plan in plans.values()])
    return Regrets(tuple(cases), tuple(plans), cost, np.array([best[name] for name in cases]))


def cost_of(problem: SitingProblem, is_open: NDArray[np.bool_]) -> float:
    """Least cost of a problem when exactly these plants stand, bool[o, t]; inf if they cannot meet the demand."""
    found = operated(problem, is_open)
    return found[0] if found else float("inf")


def operated(problem: SitingProblem, is_open: NDArray[np.bool_]) -> tuple[float, Floats] | None:
    """Least cost of a problem when exactly these plants stand, bool[o, t], and what is then not delivered, float64[d, t]; None if they
    cannot meet the demand."""
    model = model_of(problem)
    low, high = model.low.copy(), model.high.copy()
    low[model.columns.open] = high[model.columns.open] = is_open
    programme = Programme(model.cost, low, high, model.matrix, model.row_low, model.row_high)
    solved = programme.solve()
    if solved.status != "optimal":
        return None
    lack = model.columns.lack
    return solved.value, np.where(lack >= 0, np.maximum(solved.x[np.maximum(lack, 0)], 0.0), 0.0)
