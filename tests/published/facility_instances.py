"""Published facility-location instances as siting problems: capacitated, single-source and two-stage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keruen.materials.siting_problem import SitingProblem

Floats = NDArray[np.float64]


def one_stage(capacity: Floats, fixed: Floats, demand: Floats, whole_cost: Floats, *, is_whole: bool) -> SitingProblem:
    """m plants, n customers; whole_cost[m, n] is what all the demand of a customer costs from a plant."""
    m, n = whole_cost.shape
    ones = np.ones((m, 1))
    plant, customer = np.divmod(np.arange(m * n), n)
    return SitingProblem(
        places=tuple(f"plant {i}" for i in range(m)) + tuple(f"customer {j}" for j in range(n)),
        goods=("good",),
        recipes=("make",),
        recipe_goods=np.ones((1, 1)),
        option_place=np.arange(m, dtype=np.int32),
        option_recipe=np.zeros(m, np.int32),
        option_group=np.full(m, -1, np.int32),
        option_capacity=capacity,
        is_standing=np.zeros(m, np.bool_),
        opening=fixed[:, None],
        keeping=0 * ones,
        running=0 * ones,
        link_from=plant.astype(np.int32),
        link_to=(m + customer).astype(np.int32),
        link_good=np.zeros(m * n, np.int32),
        carrying=(whole_cost / demand).reshape(-1, 1),
        demand_place=np.arange(m, m + n, dtype=np.int32),
        demand_good=np.zeros(n, np.int32),
        demand=demand[:, None],
        lacking=np.full((n, 1), np.inf),
        is_whole=is_whole,
    )


def or_library(path: Path, *, capacity: float | None = None) -> SitingProblem:
    """A file of the OR-Library's capacitated warehouse location problems (Beasley 1988)."""
    words = path.read_text().replace("capacity", str(capacity or "nan")).split()
    m, n = int(words[0]), int(words[1])
    numbers = np.array(words[2:], np.float64)
    capacities, fixed = numbers[: 2 * m].reshape(m, 2).T
    rows = numbers[2 * m :].reshape(n, m + 1)
    return one_stage(capacities, fixed, rows[:, 0], rows[:, 1:].T, is_whole=False)


def holmberg(path: Path) -> SitingProblem:
    """A single-source instance in the layout: m n, capacities, fixed costs, demands, n rows of whole costs."""
    numbers = np.array(path.read_text().split(), np.float64)
    m, n = int(numbers[0]), int(numbers[1])
    capacity, fixed, demand, cost = np.split(numbers[2:], [m, 2 * m, 2 * m + n])
    return one_stage(capacity, fixed, demand, cost.reshape(n, m).T, is_whole=True)


def two_stage(path: Path) -> SitingProblem:
    """Plants, depots, customers (Fernandes et al. 2014): demands; capacity and fixed cost of plants; unit costs plant to depot;
    capacity and fixed cost of depots; unit costs depot to customer."""
    numbers = np.array(path.read_text().split(), np.float64)
    p, d, c = numbers[:3].astype(int)
    demand, plants, first, depots, second = np.split(numbers[3:], np.cumsum([c, 2 * p, p * d, 2 * d]))
    plants, depots = plants.reshape(p, 2), depots.reshape(d, 2)
    a, b = np.divmod(np.arange(p * d), d)
    e, f = np.divmod(np.arange(d * c), c)
    options = p + d
    return SitingProblem(
        places=tuple(f"plant {i}" for i in range(p))
        + tuple(f"depot {i}" for i in range(d))
        + tuple(map(str, range(c))),
        goods=("made", "stored"),
        recipes=("make", "store"),
        recipe_goods=np.array([[1.0, 0.0], [-1.0, 1.0]]),
        option_place=np.arange(options, dtype=np.int32),
        option_recipe=(np.arange(options) >= p).astype(np.int32),
        option_group=np.full(options, -1, np.int32),
        option_capacity=np.concatenate([plants[:, 0], depots[:, 0]]),
        is_standing=np.zeros(options, np.bool_),
        opening=np.concatenate([plants[:, 1], depots[:, 1]])[:, None],
        keeping=np.zeros((options, 1)),
        running=np.zeros((options, 1)),
        link_from=np.concatenate([a, p + e]).astype(np.int32),
        link_to=np.concatenate([p + b, p + d + f]).astype(np.int32),
        link_good=np.concatenate([np.zeros(p * d), np.ones(d * c)]).astype(np.int32),
        carrying=np.concatenate([first, second])[:, None],
        demand_place=np.arange(options, options + c, dtype=np.int32),
        demand_good=np.ones(c, np.int32),
        demand=demand[:, None],
        lacking=np.full((c, 1), np.inf),
    )
