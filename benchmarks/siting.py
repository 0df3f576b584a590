"""Siting beside plain HiGHS: `python benchmarks/siting.py [--seconds 200] [--sites 60] [--zones 40] [--lump 0.3]`.

An invented chain from ore to packs (8 recipes, three sizes of each plant, 5 periods, links to the 15 nearest sites), seeded. --lump is
the middle size of a plant as a share of all demand of the first period, so that a large one asks for few large plants. The shipped
lithium study comes first, `--lump` without a number leaves the invented chain out, `--seconds 30` is a short run: 4 searches, so 14 minutes
without it and 3 with it. Both solvers get the same programme, the same time and two threads; plain HiGHS gets it without strong links
and without a start. Printed: cost, proven bound and gap over time (wall), and the CPU time of each run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import highspy
import numpy as np

from keruen.materials.programme import Programme
from keruen.materials.siting import best_plan
from keruen.materials.siting_model import model_of
from keruen.materials.siting_problem import SitingProblem
from keruen.materials.siting_study import lithium_study
from keruen.tables.dataset import load

GOODS = ("concentrate", "hydroxide", "carbonate", "nmc", "lfp", "nmc cell", "lfp cell", "pack")
RECIPES = (
    "mine",
    "refine hydroxide",
    "refine carbonate",
    "cathode nmc",
    "cathode lfp",
    "cells nmc",
    "cells lfp",
    "packs",
)
TAKES = {1: {0: 6.4}, 2: {0: 7.5}, 3: {1: 0.47}, 4: {2: 0.25}, 5: {3: 1.6}, 6: {4: 2.1}, 7: {5: 0.5, 6: 0.5}}
CAPEX = (0.35, 25, 20, 15, 8, 70, 60, 20)  # million USD per unit of yearly capacity at the middle size
SCALE = (0.65, 0.65, 0.65, 0.7, 0.7, 0.88, 0.88, 0.85)
RUNNING = (0.5, 3, 3, 6, 4, 30, 25, 10)
PER_KM = (4e-5, 4e-5, 4e-5, 5e-5, 5e-5, 3e-4, 3e-4, 6e-4)
YEARS, RATE = 5, 0.08


def invented(
    sites: int, zones: int, *, periods: int = 5, sizes: int = 3, near: int = 15, lump: float, seed: int = 1
) -> SitingProblem:
    """Ore to pack on a square of 8,000 km."""
    rng = np.random.default_rng(seed)
    amounts = np.zeros((8, 8))
    for recipe in range(8):
        amounts[recipe, recipe] = 1.0
        for good, amount in TAKES.get(recipe, {}).items():
            amounts[recipe, good] = -amount
    need = np.linalg.solve(amounts.T, np.eye(8)[7])  # units of each good in a pack
    mines = rng.choice(sites, sites // 2, replace=False)
    at = rng.random((sites + zones, 2)) * 8000
    weight = rng.lognormal(0, 1, zones)
    demand = np.outer(weight / weight.sum() * 300, np.linspace(1, 2.5, periods))
    total = demand.sum(axis=0)[0]
    year = np.arange(periods * YEARS).reshape(periods, YEARS)
    discount, start = ((1 + RATE) ** -year.astype(float)).sum(axis=1), (1 + RATE) ** -year[:, 0].astype(float)
    rows = []
    for recipe in range(8):
        middle = lump * total * need[recipe]
        for site in mines.tolist() if recipe == 0 else range(sites):
            capex, running = rng.lognormal(0, 0.2), rng.lognormal(0, 0.12)
            for size in middle * 0.5 * 2.0 ** np.arange(sizes):
                money = capex * CAPEX[recipe] * middle * (size / middle) ** SCALE[recipe]
                rows.append((site, recipe, recipe * sites + site, size, money, running * RUNNING[recipe]))
    place, recipe_of, group, size_of, money_of, running_of = (np.array(column) for column in zip(*rows, strict=True))
    km = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    links = [
        (i, j, good, PER_KM[good] * km[i, j])
        for good in range(7)
        for i in (mines.tolist() if good == 0 else range(sites))
        for j in np.argsort(km[i, :sites])[:near].tolist()
        if i != j
    ] + [(i, z, 7, PER_KM[7] * km[i, z]) for i in range(sites) for z in range(sites, sites + zones)]
    first, last, kind, usd = (np.array(column) for column in zip(*links, strict=True))
    return SitingProblem(
        places=tuple(map(str, range(sites + zones))),
        goods=GOODS,
        recipes=RECIPES,
        recipe_goods=amounts,
        option_place=place.astype(np.int32),
        option_recipe=recipe_of.astype(np.int32),
        option_group=group.astype(np.int32),
        option_capacity=size_of.astype(float),
        is_standing=np.zeros(len(rows), np.bool_),
        opening=money_of[:, None] * start,
        keeping=0.03 * money_of[:, None] * discount,
        running=running_of[:, None] * discount,
        link_from=first.astype(np.int32),
        link_to=last.astype(np.int32),
        link_good=kind.astype(np.int32),
        carrying=usd[:, None] * discount,
        demand_place=np.arange(sites, sites + zones, dtype=np.int32),
        demand_good=np.full(zones, 7, np.int32),
        demand=demand,
        lacking=np.full(demand.shape, np.inf),
    )


def over_time(name: str, history: Sequence[tuple[float, float, float]], marks: Sequence[float], cpu: float) -> None:
    """One line: the gap at each mark (a second later counts: solvers look at their clocks now and then)."""
    cells = []
    for mark in marks:
        past = [(cost, bound) for seconds, cost, bound in history if seconds <= mark + 1]
        cost, bound = (min(c for c, _ in past), max(b for _, b in past)) if past else (np.inf, -np.inf)
        cells.append(f"{(cost - bound) / cost:.2%}" if np.isfinite(cost) and np.isfinite(bound) else "-")
    cost, bound = min(c for _, c, _ in history), max(b for *_, b in history)
    print(f"| {name} | {' | '.join(cells)} | {cost:.6g} | {bound:.6g} | {cpu:.0f} |", flush=True)


def main() -> None:
    """Print a table for each problem."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=200)
    asked.add_argument("--sites", type=int, default=60)
    asked.add_argument("--zones", type=int, default=40)
    asked.add_argument("--lump", type=float, nargs="*", default=[0.3])
    options = asked.parse_args()
    problems = {"lithium study": lithium_study(load()).problem}
    problems |= {f"lump {lump:g}": invented(options.sites, options.zones, lump=lump) for lump in options.lump}
    marks = [options.seconds * share for share in (0.1, 0.25, 0.5, 1.0)]
    for name, problem in problems.items():
        model = model_of(problem)
        print(
            f"\n{name}: {len(model.cost):,} columns, {int(model.whole.sum()):,} binary, {model.matrix.shape[0]:,} rows"
        )
        print("| solver | " + " | ".join(f"{mark:.0f} s" for mark in marks) + " | cost | bound | CPU s |")
        print("|---" * (len(marks) + 4) + "|")
        highspy.Highs.resetGlobalScheduler(True)  # each solver has its own number of threads
        cpu = time.process_time()
        plan = best_plan(problem, gap=1e-3, seconds=options.seconds)
        over_time("Keruen", plan.history, marks, time.process_time() - cpu)
        highspy.Highs.resetGlobalScheduler(True)
        cpu, began, history = time.process_time(), time.monotonic(), []
        plain = Programme(
            model.cost, model.low, model.high, model.matrix, model.row_low, model.row_high, model.whole, threads=2
        )

        def watch(
            cost: float, bound: float, began: float = began, history: list[tuple[float, float, float]] = history
        ) -> bool:
            history.append((time.monotonic() - began, cost, bound))
            return False

        solved = plain.solve(seconds=options.seconds, gap=1e-3, watch=watch)
        history.append((time.monotonic() - began, solved.value, solved.bound))
        over_time("plain HiGHS", history, marks, time.process_time() - cpu)


if __name__ == "__main__":
    main()
