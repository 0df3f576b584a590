"""A plan from single periods: what ties them together is that plants stay, so one after the other is a problem a fraction as large.

    last period first:   min  (opening and keeping in t - price_t-1) z_t + ...   s.t. the rows of period t,   z_t <= z_t+1

price are the duals of z_t >= z_t-1 at the root: what it is worth that a plant of a period may stand before it too. With the hull rows
(siting_covers.py) branch and bound solves one period in seconds where it does not get far with all of them. The sum of the periods' least
costs under such prices would be a bound as well (Geoffrion 1974): measured on the lithium study it adds a thousandth to that of
the root, at the price of all the time there is, so it is not used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.materials.programme import now
from keruen.materials.siting_model import Model, model_of
from keruen.materials.siting_root import Root
from keruen.materials.siting_state import State, fixed

Flags = NDArray[np.bool_]

A_PERIOD = 0.2  # of the time left, at most, for one period
NEAR = 2e-3  # gap at which one period is left for the next


def backward(model: Model, root: Root, state: State, deadline: float) -> None:
    """A plan from the last period to the first: what stands earlier is chosen among what stands later."""
    problem = model.problem
    price = model.cost[model.columns.open].copy()
    price[:, 1:] -= root.worth_of_staying
    plan: Flags = np.ones((problem.options, problem.periods + 1), np.bool_)
    for t in reversed(range(problem.periods)):
        own = model_of(problem.in_period(t, price[:, t]))
        small = Root(own)
        if state.is_enough or now() > deadline or small.solve(deadline) is None:
            return
        programme = small.programme()
        opened = own.columns.open[:, 0]
        shut = opened[~plan[:, t + 1]]
        programme.set_bounds(shut, np.zeros(len(shut)), np.zeros(len(shut)))
        seconds = max(A_PERIOD * (deadline - now()), 1.0)
        solved = programme.solve(seconds=seconds, gap=max(state.gap / 4, NEAR), watch=lambda *_: state.is_enough)
        if not (solved.x.size and np.isfinite(solved.x).all()):
            return
        plan[:, t] = solved.x[opened] > 0.5
    fixed(model, plan[:, :-1], state, deadline)
