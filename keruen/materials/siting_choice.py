"""Other plans that are nearly as good, and how a plan fares when things turn out otherwise.

    near-optimal   cost <= (1 + within) x cost of the plan, as few of its plants as possible    (hop, skip, jump: Brill 1982)
    regret         cost of a plan's plants in another case, flows chosen anew, less the best cost of that case

The least largest regret is taken over the plans that are given, not over all that could be thought of: it is a bound on what is
possible, and is told as such. Regrets use the proven bound of each case, so that they are never told too small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.materials.programme import Programme, now
from keruen.materials.siting import SitingPlan, State, plan_of
from keruen.materials.siting_model import Model, model_of
from keruen.materials.siting_problem import SitingProblem
from keruen.materials.siting_root import Root

Floats = NDArray[np.float64]


def near_optimal(
    plan: SitingPlan, *, within: float = 0.02, count: int = 3, seconds: float = 60.0
) -> tuple[SitingPlan, ...]:
    """Up to `count` plans that cost at most (1 + within) times as much and share as few plants as found in the time.

    Their `bound` is that of the plan they stand beside: no plan of the problem costs less.
    """
    problem = plan.problem
    model = model_of(problem)
    root = Root(model)
    found: list[SitingPlan] = []
    used = plan.is_open[:, -1].astype(np.float64)
    last = model.columns.open[:, -1]
    for _ in range(count):
        programme = root.programme()
        at = np.flatnonzero(model.cost)
        programme.add_rows(np.array([-np.inf]), np.array([plan.cost * (1 + within)]), np.array([0]), at, model.cost[at])
        wish = np.zeros(len(model.cost))
        wish[last] = used
        programme.set_costs(wish)
        programme.start_from(solution_of(model, plan))  # it fits, and shares all of its plants
        began = now()
        solved = programme.solve(seconds=seconds / count, gap=0.05)
        if not (solved.x.size and np.isfinite(solved.x).all()):
            break
        state = State(began, 0.0)
        state.found(solved.x, float(model.cost @ solved.x))
        state.bound = plan.bound
        other = plan_of(model, state)
        if any((other.is_open == one.is_open).all() for one in (plan, *found)):
            break
        found.append(other)
        used += other.is_open[:, -1]
    return tuple(found)


def solution_of(model: Model, plan: SitingPlan) -> Floats:
    """A plan as a solution of its model, float64[columns]; of problems with demands served by one link alone, without the choice of it."""
    columns = model.columns
    x = np.zeros(len(model.cost))
    x[columns.open], x[columns.run], x[columns.carry] = plan.is_open, plan.activity, plan.flow
    may_lack = columns.lack >= 0
    x[columns.lack[may_lack]] = plan.lacking[may_lack]
    return x


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
    model = model_of(problem)
    low, high = model.low.copy(), model.high.copy()
    low[model.columns.open] = high[model.columns.open] = is_open
    programme = Programme(model.cost, low, high, model.matrix, model.row_low, model.row_high)
    solved = programme.solve()
    return solved.value if solved.status == "optimal" else float("inf")
