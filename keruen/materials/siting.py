"""Where each plant should stand: a plan, what it costs, and how far from the best it can be at most.

    root       LP; strong links and hull rows it breaks are added, solved again, until it breaks none      lower bound
    search     side by side:   branch and bound on the root's programme                           lower bound, plans
                               periods one by one, the last one first; of one period slope scaling    first plans
                               on the LP and kernel search over the plants it used
                               then large neighbourhood search around the best plan so far         plans
    stop       when (cost - bound) / cost <= gap, or at the end of the time; both are told

Both sides tell each other what they find. The bound is that of the branch and bound (HiGHS), or of the root LP: nothing
heuristic ever moves it. A plan is accepted only when its continuous part was solved with its plants fixed. Neighbourhoods that find
nothing several times in a row rest ever longer, and once there are first plans their thread has a lower priority, so that on small
problems, and on machines with other work, branch and bound has the processor to itself. Ctrl-C ends the search with the best plan so far.

Slope scaling: Kim & Pardalos 1999. Kernel search: Angelelli, Mansini & Speranza 2010. Neighbourhoods: Shaw 1998, Danna, Rothberg
& Le Pape 2005. Strong links on demand: METHODS 9.2.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, KeruenError
from keruen.materials.programme import Programme, now
from keruen.materials.siting_model import Model, model_of
from keruen.materials.siting_periods import backward
from keruen.materials.siting_problem import SitingProblem, problems_of
from keruen.materials.siting_root import Root
from keruen.materials.siting_state import State, Tell, fixed
from keruen.tables.words import said

Floats = NDArray[np.float64]

PATIENCE = 6  # neighbourhoods without luck before the next one waits
POLITENESS = 10  # nice value of the search for plans: a ninth of the processor where there is only one
SHOWN = 3  # rows of demand that an error names
KERNEL = 0.15  # of the time: the best plan over the plants used so far
LONGEST_REST = 4.0  # times what the last neighbourhood took


class NoPlan(KeruenError):
    """No plants, however many, can meet the demand under the limits."""

    kind = "no_plan"
    exit_code = 3


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """A plan and its certificate.

    is_open bool[o, t]; activity float64[o, t]; flow float64[l, t]; lacking float64[d, t]. cost is what it costs, bound what no plan can
    cost less than, gap = (cost - bound) / cost. history: (seconds, cost, bound) as they improved.
    """

    problem: SitingProblem
    is_open: NDArray[np.bool_]
    activity: Floats
    flow: Floats
    lacking: Floats
    cost: float
    bound: float
    seconds: float
    history: tuple[tuple[float, float, float], ...]

    @property
    def gap(self) -> float:
        """(cost - bound) / |cost|; 0 for a plan that costs nothing and cannot cost less."""
        return max(self.cost - self.bound, 0.0) / max(abs(self.cost), 1e-12) if self.cost != self.bound else 0.0


def best_plan(
    problem: SitingProblem, *, gap: float = 1e-4, seconds: float = 600.0, tell: Tell | None = None, seed: int = 1
) -> SitingPlan:
    """A plan within a relative gap of the best, or the best found in the time with the gap it has.

    tell(stage, cost, bound) is called as they improve; what it raises ends the search and is raised.

    Raises:
        BadTable: the problem is meaningless; all faults at once.
        NoPlan: demand that must be met cannot be met under the capacities and limits.
    """
    if faults := problems_of(problem):
        raise BadTable(faults)
    state = State(now(), gap, tell)
    deadline = state.began + seconds
    model = model_of(problem)
    root = Root(model)
    relaxed = root.solve(deadline)
    if relaxed is None:
        raise NoPlan(shortage(model) if root.is_infeasible else too_little_time(seconds))
    state.proven(root.bound)
    whole = np.flatnonzero(model.whole)
    if np.abs(relaxed[whole] - np.round(relaxed[whole])).max(initial=0.0) < 1e-7 and root.is_done:
        state.found(relaxed, root.bound)
    if not state.is_enough:
        side_by_side(model, root, relaxed, state, deadline, seed)
    if state.x is None:
        raise NoPlan(too_little_time(seconds))
    return plan_of(model, state)


def too_little_time(seconds: float) -> str:
    """Says that no plan was found in the time."""
    return said("err_siting_no_plan_in_time", seconds=f"{seconds:g}")


def shortage(model: Model) -> str:
    """Says which rows of demand cannot be met even with every plant open, and which recipes then run full.

    An LP that lets all demand lack at the same price and asks nothing for plants."""
    problem = model.problem
    soft = replace(
        problem,
        lacking=np.ones(problem.demand.shape),
        **{name: np.zeros_like(getattr(problem, name)) for name in ("opening", "keeping", "running", "carrying")},
    )
    easy = model_of(soft)
    solved = Programme(easy.cost, easy.low, easy.high, easy.matrix, easy.row_low, easy.row_high).solve()
    if solved.status != "optimal":
        return said("err_siting_no_plan")
    lack = np.where(easy.columns.lack >= 0, solved.x[np.maximum(easy.columns.lack, 0)], 0.0)
    short = np.argwhere(lack > 1e-6 * np.maximum(problem.demand, 1e-12)).tolist()
    rows = [
        f"demand line {d + 1} ({problem.places[problem.demand_place[d]]}, {problem.goods[problem.demand_good[d]]}, "
        f"period {t + 1}): {lack[d, t]:.6g} of {problem.demand[d, t]:.6g}"
        for d, t in short[:SHOWN]
    ]
    if len(short) > SHOWN:
        rows.append(f"... {len(short)}")
    full = []
    for k, recipe in enumerate(problem.recipes):
        own = problem.option_recipe == k
        run = solved.x[easy.columns.run[own]]
        room = problem.option_capacity[own, None] * np.ones_like(run)
        group = problem.option_group[own]
        for name in np.unique(group[group >= 0]).tolist():  # the largest of a group alone
            members = np.flatnonzero(group == name)
            room[members] = 0.0
            room[members[np.argmax(problem.option_capacity[own][members])]] = problem.option_capacity[own][
                members
            ].max()
        when = sorted({t for _, t in short})
        if own.any() and (run.sum(axis=0)[when] >= (1 - 1e-6) * room.sum(axis=0)[when]).any():
            full.append(recipe)
    return said("err_siting_short", rows="; ".join(rows), stages=", ".join(full) or "-")


def first_plans(model: Model, root: Root, relaxed: Floats, state: State, deadline: float) -> None:
    """Slope scaling: the price of a plant is spread over what it was last used for; then a kernel of plants used."""
    opened = model.columns.open
    lp = root.programme(whole=False)
    price = model.cost.copy()
    x = relaxed
    used = np.asarray((x[opened] > 1e-6).any(axis=1), np.bool_)
    usual = model.cost[opened]
    for _ in range(8):
        if state.is_enough or now() > deadline:
            return
        rounded(model, x, state, deadline)
        share = x[opened]
        with np.errstate(divide="ignore"):
            scaled = np.where(share > 1e-6, usual / np.maximum(share, 0.02), price[opened])
        if np.allclose(scaled, price[opened]):
            break
        price[opened] = scaled
        lp.set_costs(price)
        solved = lp.solve(seconds=max(deadline - now(), 1.0))
        if solved.status != "optimal":
            break
        x = solved.x
        used |= (x[opened] > 1e-6).any(axis=1)
    if not state.is_enough:
        within(model, root, used, state, KERNEL * (deadline - now()))


def rounded(model: Model, x: Floats, state: State, deadline: float) -> None:
    """The plan that opens whatever a solution uses, the larger size of a group first, its flows solved anew."""
    problem, opened = model.problem, model.columns.open
    want = x[opened] > 1e-6
    group = problem.option_group
    for name in np.unique(group[group >= 0]).tolist():
        members = np.flatnonzero(group == name)
        run = x[model.columns.run[members]]
        taken = want[members].any(axis=1)
        if taken.sum() > 1:  # the smallest size that carries what the group did
            need = run.sum(axis=0).max()
            enough = members[problem.option_capacity[members] >= need - 1e-9]
            chosen = (
                enough[np.argmin(problem.option_capacity[enough])]
                if len(enough)
                else members[np.argmax(problem.option_capacity[members])]
            )
            when = want[members].any(axis=0)
            want[members] = False
            want[chosen] = when
    want = np.maximum.accumulate(want | problem.is_standing[:, None], axis=1)
    fixed(model, want, state, deadline)


def within(model: Model, root: Root, options: NDArray[np.bool_], state: State, seconds: float) -> None:
    """The best plan over some of the options (and those the best plan has)."""
    opened = model.columns.open
    programme = root.programme()
    shut = ~options
    if state.x is not None:
        shut &= ~(state.x[opened] > 0.5).any(axis=1)
        programme.start_from(state.x)
    shut &= ~model.problem.is_standing
    columns = opened[shut].ravel()
    programme.set_bounds(columns, np.zeros(len(columns)), np.zeros(len(columns)))
    solved = programme.solve(seconds=seconds, gap=state.gap / 2, watch=lambda *_: state.is_enough)
    if np.isfinite(solved.x).all() and solved.x.size:
        state.found(solved.x, float(model.cost @ solved.x))


def side_by_side(model: Model, root: Root, relaxed: Floats, state: State, deadline: float, seed: int) -> None:
    """Branch and bound in one thread, first plans and neighbourhoods in another, until it is enough."""
    failed: list[BaseException] = []

    def search() -> None:
        try:
            if model.problem.periods > 1:
                backward(model, root, state, deadline)
            if state.x is None:
                first_plans(model, root, relaxed, state, deadline)
            give_way()
            neighbourhoods(model, root, relaxed, state, deadline, seed)
        except BaseException as error:  # raised again below
            failed.append(error)
            state.is_over = True

    thread = threading.Thread(target=search, daemon=True)
    thread.start()
    try:
        branch_and_bound(model, root, state, deadline)
    except KeyboardInterrupt:
        if state.x is None:
            raise
    finally:
        state.is_over = True
        thread.join()
    if failed:
        raise failed[0]


def give_way() -> None:
    """Lowers the priority of this thread, where threads have one of their own (Linux): it works with what branch and bound leaves."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITENESS)


def branch_and_bound(model: Model, root: Root, state: State, deadline: float) -> None:
    """HiGHS on the root's programme: its bounds and plans go to the state, better plans found elsewhere go to it."""
    programme = root.programme()
    if state.x is not None:
        programme.start_from(state.x)
    given = state.cost

    def watch(_: float, bound: float) -> bool:
        state.proven(bound)
        return state.is_enough or now() > deadline

    def offer() -> Floats | None:
        nonlocal given
        with state.lock:
            if state.x is None or not state.cost < given:
                return None
            given = state.cost
            return state.x

    solved = programme.solve(seconds=max(deadline - now(), 1.0), gap=state.gap, watch=watch, offer=offer)
    if np.isfinite(solved.x).all() and solved.x.size:
        state.found(solved.x, float(model.cost @ solved.x))
    state.proven(min(solved.bound, state.cost))


def neighbourhoods(model: Model, root: Root, relaxed: Floats, state: State, deadline: float, seed: int) -> None:
    """Frees the plants of some places, or of one recipe, or where plan and relaxation differ; keeps the others; solves."""
    problem, opened = model.problem, model.columns.open
    rng = np.random.default_rng(seed)
    size, in_vain = 0.25, 0
    programme = root.programme()
    standing = problem.is_standing
    base_low = np.where(standing, 1.0, 0.0)[:, None].repeat(problem.periods, axis=1)
    while not state.is_enough and now() < deadline:
        if state.x is None:  # branch and bound may find one
            pause(state, 0.2, deadline)
            continue
        plan = state.x[opened] > 0.5
        kind = rng.integers(4)
        if kind == 0:  # places near each other in the plan's eyes: a random share
            places = rng.random(len(problem.places)) < size
            free = places[problem.option_place]
        elif kind == 1:  # all plants of some recipes
            recipes = rng.random(len(problem.recipes)) < max(size, 1.5 / len(problem.recipes))
            free = recipes[problem.option_recipe]
        elif kind == 2:  # where the relaxation would do otherwise
            odds = np.abs(relaxed[opened] - plan).max(axis=1)
            free = rng.random(problem.options) < np.maximum(odds, 0.1 * size)
        else:  # what is open, against what is cheap to open
            free = rng.random(problem.options) < np.where(plan.any(axis=1), 2 * size, size / 2)
        low = np.where(free[:, None], base_low, plan)
        high = np.where(free[:, None], 1.0, plan)
        programme.set_bounds(opened.ravel(), low.ravel().astype(np.float64), high.ravel().astype(np.float64))
        programme.start_from(state.x)
        before, began = state.cost, now()
        seconds = min(20.0, max(deadline - now(), 1.0))
        solved = programme.solve(seconds=seconds, gap=state.gap / 4, watch=lambda *_: state.is_enough)
        if np.isfinite(solved.x).all() and solved.x.size:
            state.found(solved.x, float(model.cost @ solved.x))
        if solved.status != "optimal":
            size = max(size * 0.85, 0.05)
        elif state.cost >= before:
            size = min(size * 1.1, 0.8)
        in_vain = 0 if state.cost < before else in_vain + 1
        if in_vain > PATIENCE:
            pause(state, (now() - began) * min((in_vain - PATIENCE) / PATIENCE, LONGEST_REST), deadline)


def pause(state: State, seconds: float, deadline: float) -> None:
    """Waits, at most until it is enough or the time is over."""
    until = min(now() + seconds, deadline)
    while not state.is_enough and (left := until - now()) > 0:
        time.sleep(min(left, 0.1))


def plan_of(model: Model, state: State) -> SitingPlan:
    """The best plan of a search, its plants rounded and its flows solved once more with them fixed."""
    assert state.x is not None
    columns, x = model.columns, state.x
    is_open = x[columns.open] > 0.5
    lack = np.where(columns.lack >= 0, x[np.maximum(columns.lack, 0)], 0.0)
    return SitingPlan(
        model.problem,
        is_open,
        np.maximum(x[columns.run], 0.0),
        np.maximum(x[columns.carry], 0.0),
        np.maximum(lack, 0.0),
        state.cost,
        min(state.bound, state.cost),
        now() - state.began,
        tuple(state.history),
    )
