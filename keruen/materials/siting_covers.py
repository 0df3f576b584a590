"""How many plants of each size must stand at least: covers of what is wanted of a good, and cuts from their whole numbers.

    cover    sum of given x capacity z + price u >= price x demand = need             for each good and period
    hull     with y_s the number of plants of size s that stand:   sum of weight y + slope u >= 1

A cover says that enough capacity must stand, in whatever fractions of plants. Plants are whole: of all numbers of plants of each size
that cover the need, the hull's rows cut off what lies below (covering hull of an integer knapsack with few sizes; Wolsey 1998, ch. 8-9).
The weights of a row are found by a linear programme over the least such numbers, which are listed: the row holds at each of them, hence
for all plans. `slope` is the steepest way down to numbers that do not cover, so that it holds for plans that leave demand unmet too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from keruen.materials.programme import Programme
from keruen.materials.siting_problem import SitingProblem

Floats = NDArray[np.float64]

POINTS = 20_000  # of plants of each size, listed: a cover with more gives no cuts
SHORT = 1e-6  # of the need: what misses less is taken to cover it
STEEPEST = 1e4  # slope x need: a steeper row is left out, rounding would eat it
SEEN = 1e-3  # by how much a row must be broken


@dataclass(frozen=True, eq=False)
class Cover:
    """A good, its price float64[d] in each demand's good, need float64[t], and its makers by size: size float64[s], falling; makers of
    each, int[..]; most int[s] that can stand together (of a group of sizes one alone)."""

    good: int
    price: Floats
    need: Floats
    size: Floats
    makers: tuple[NDArray[np.intp], ...]
    most: NDArray[np.intp]

    @cached_property
    def hulls(self) -> tuple[Hull | None, ...]:
        """The numbers of plants of each period; None where they are too many to list, or nothing is needed."""
        return tuple(hull(self.size, self.most, float(need)) for need in self.need)


@dataclass(frozen=True, eq=False)
class Hull:
    """Numbers of plants of each size: the least that cover the need, int[n, s], and the most and fewest that do not, int[m, s]."""

    covering: Floats
    short: Floats
    missing: Floats

    def row(self, number: Floats) -> tuple[Floats, float] | None:
        """Weights float64[s] and slope (per unit of need) of a row that these numbers of plants break; None if they break none."""
        n, s = self.covering.shape
        matrix = sparse.csr_matrix(self.covering)
        solved = Programme(
            number + 1e-9, np.zeros(s), np.full(s, np.inf), matrix, np.ones(n), np.full(n, np.inf)
        ).solve()
        if solved.status != "optimal":
            return None
        weight = np.maximum(solved.x, 0.0)
        weight /= min((self.covering @ weight).min(), 1.0)  # what rounding left: the row holds at each number listed
        if weight @ number > 1 - SEEN:
            return None
        slope = float(((1 - self.short @ weight) / self.missing).max(initial=0.0))
        return (weight, slope) if slope <= STEEPEST else None


def hull(size: Floats, most: NDArray[np.intp], need: float) -> Hull | None:
    """The numbers of plants to list, of sizes that fall; all of the smallest size follow from those of the others."""
    if need <= 0 or not len(size):
        return None
    ends = np.minimum(most, np.ceil(need / size)).astype(np.intp)
    if np.prod(ends[:-1] + 1.0) > POINTS:
        return None
    others = itertools.product(*(range(end + 1) for end in ends[:-1].tolist()))
    first = np.array(list(others), np.float64).reshape(-1, len(size) - 1) if len(size) > 1 else np.zeros((1, 0))
    left = need - first @ size[:-1]
    least = np.maximum(np.ceil((left - SHORT * need) / size[-1]), 0.0)
    can = least <= most[-1]
    covering = np.column_stack([first, least])[can]
    lacks = least > 0
    few = np.column_stack([first, np.zeros(len(first))])[lacks]
    many = np.column_stack([first, np.minimum(least - 1, most[-1])])[lacks]
    short = np.concatenate([few, many])
    return Hull(covering, short, (need - short @ size) / need) if len(covering) else None


def covers_of(problem: SitingProblem) -> tuple[Cover, ...]:
    """The covers of a problem.

    The least of a good that must be given so that all recipes together meet demand d is a linear programme over recipes alone; its duals
    `price` bound it from below for any demand, hence also for the part of it that is delivered.
    """
    used = np.unique(problem.option_recipe)
    recipes = problem.recipe_goods[used]
    wanted = np.zeros(len(problem.goods))
    np.add.at(wanted, problem.demand_good, problem.demand.sum(axis=1))
    found: list[Cover] = []
    for good in np.flatnonzero((recipes > 0).any(axis=0)).tolist():
        price = _prices_of_need(recipes, good, wanted)[problem.demand_good]
        if not price.any():
            continue
        given = np.maximum(problem.recipe_goods[problem.option_recipe, good], 0) * problem.option_capacity
        size, makers = _by_size(given)
        most = [_together(problem.option_group[own]) for own in makers]
        found.append(Cover(good, price, price @ problem.demand, size, makers, np.array(most, np.intp)))
    return tuple(found)


def _by_size(given: Floats) -> tuple[Floats, tuple[NDArray[np.intp], ...]]:
    """Sizes that fall, and the makers of each; sizes that differ by rounding alone are one, the largest of them."""
    order = np.argsort(-given, kind="stable")
    order = order[given[order] > 0]
    sorted_sizes = given[order]
    new = np.flatnonzero(np.concatenate([[True], sorted_sizes[1:] < sorted_sizes[:-1] * (1 - 1e-9)]))
    return sorted_sizes[new], tuple(np.split(order, new[1:]))


def _together(group: NDArray[np.int32]) -> int:
    """How many of these options can stand together."""
    return int((group < 0).sum() + len(np.unique(group[group >= 0])))


def _prices_of_need(recipes: Floats, good: int, wanted: Floats) -> Floats:
    """Duals float64[g] of: least of `good` given, over activities of recipes that meet `wanted`; zero if nothing does."""
    r, g = recipes.shape
    lp = Programme(
        np.maximum(recipes[:, good], 0.0),
        np.zeros(r),
        np.full(r, np.inf),
        sparse.csr_matrix(recipes.T),
        wanted,
        np.full(g, np.inf),
    )
    solved = lp.solve()
    if solved.status != "optimal":
        return np.zeros(g)
    price = np.maximum(solved.row_dual, 0.0)  # rounding may leave a dual below zero; a feasible one is made of it
    over = (recipes @ price - np.maximum(recipes[:, good], 0.0)).max(initial=0.0)
    return price if over <= 1e-9 * max(price.max(initial=0.0), 1.0) else np.zeros(g)
