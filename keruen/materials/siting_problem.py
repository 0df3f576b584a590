"""What a siting problem is: plants that may be built, recipes, links, demand; arrays only, no countries and no evidence.

    option o     a plant of one size for one recipe at one place: it may open in any period and stays open
    recipe       what one unit of activity takes (< 0) and gives (> 0) of each good
    link l       a way for one good from a place to a place
    demand d     what a place wants of a good in each period

    min   sum opening (z_t - z_t-1) + keeping z + running a + carrying x + lacking u
    s.t.  given - taken + arriving - leaving + u = demand        for each place, good and period
          a <= capacity z,   z_t >= z_t-1,   sum of z in an exclusive group <= 1,   shares of activity within limits

Units are the caller's, the same throughout: activity, flows and demand a year, money the present value over the whole
period of what is spent in it per unit a year (METHODS 9.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Problem
from keruen.tables.words import said

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """p places, g goods, r recipes, o options, l links, d demands, t periods, q limits.

    recipe_goods float64[r, g]. option_place, option_recipe, option_group int32[o]: options of one group exclude each
    other, -1 for none; option_capacity float64[o] > 0; is_standing bool[o]: open from the start, cannot be left out.
    opening, keeping, running float64[o, t]: money of opening in a period, of standing open in it, of a unit of activity.
    link_from, link_to, link_good int32[l]; carrying float64[l, t]. demand_place, demand_good int32[d]; demand,
    lacking float64[d, t]: lacking is what a unit that is not delivered costs, inf where all must be delivered.
    is_whole: each demand is served by one link alone. limit float64[q, o], limit_most float64[q, t]: sum of
    limit x activity <= limit_most in each period (shares of a country, local content).
    """

    places: tuple[str, ...]
    goods: tuple[str, ...]
    recipes: tuple[str, ...]
    recipe_goods: Floats
    option_place: Rows
    option_recipe: Rows
    option_group: Rows
    option_capacity: Floats
    is_standing: Flags
    opening: Floats
    keeping: Floats
    running: Floats
    link_from: Rows
    link_to: Rows
    link_good: Rows
    carrying: Floats
    demand_place: Rows
    demand_good: Rows
    demand: Floats
    lacking: Floats
    is_whole: bool = False
    limit: Floats = field(default_factory=lambda: np.empty((0, 0)))
    limit_most: Floats = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.demand.shape[1])

    @property
    def options(self) -> int:
        """Number of plants that may be built."""
        return len(self.option_place)

    @property
    def links(self) -> int:
        """Number of links."""
        return len(self.link_from)

    def in_period(self, t: int, standing: Floats) -> SitingProblem:
        """One period alone, where an option costs `standing` float64[o] if it stands."""
        own = slice(t, t + 1)
        return replace(
            self,
            opening=np.zeros((self.options, 1)),
            keeping=standing[:, None],
            running=self.running[:, own],
            carrying=self.carrying[:, own],
            demand=self.demand[:, own],
            lacking=self.lacking[:, own],
            limit_most=self.limit_most[:, own] if len(self.limit) else self.limit_most,
        )


def problems_of(problem: SitingProblem) -> list[Problem]:
    """Everything that makes a problem meaningless, all at once: wrong shapes, numbers out of range, goods from nothing.

    Each names the table (options, links, demand, recipes), the row and what to do.
    """
    found = [*_shapes(problem)]
    if found:
        return found
    found += _numbers(problem)
    found += _out_of_reach(problem)
    return found


def _shapes(problem: SitingProblem) -> list[Problem]:
    o, n, d, t, g = problem.options, problem.links, len(problem.demand_place), problem.periods, len(problem.goods)
    wanted = {
        "recipe_goods": (len(problem.recipes), g),
        **dict.fromkeys(("option_place", "option_recipe", "option_group", "option_capacity", "is_standing"), (o,)),
        **dict.fromkeys(("opening", "keeping", "running"), (o, t)),
        **dict.fromkeys(("link_from", "link_to", "link_good"), (n,)),
        "carrying": (n, t),
        **dict.fromkeys(("demand_place", "demand_good"), (d,)),
        **dict.fromkeys(("demand", "lacking"), (d, t)),
    }
    if len(problem.limit):
        wanted |= {"limit": (len(problem.limit_most), o), "limit_most": (len(problem.limit_most), t)}
    return [
        Problem("siting", 0, name, said("err_siting_shape", has=str(has), shape=str(shape)), said("do_siting_shape"))
        for name, shape in wanted.items()
        if (has := getattr(problem, name).shape) != shape
    ]


def _numbers(problem: SitingProblem) -> list[Problem]:
    found: list[Problem] = []

    def check(table: str, bad: NDArray[np.bool_], key: str) -> None:
        rows = np.flatnonzero(bad if bad.ndim == 1 else bad.any(axis=1))
        found.extend(Problem(table, row + 1, "", said(f"err_{key}"), said(f"do_{key}")) for row in rows[:20].tolist())

    capacity = problem.option_capacity
    check("options", ~(np.isfinite(capacity) & (capacity > 0)), "siting_capacity")
    for name in ("opening", "keeping", "running"):
        check("options", ~np.isfinite(getattr(problem, name)), "siting_money")
    check("links", ~np.isfinite(problem.carrying), "siting_money")
    check("demand", ~(np.isfinite(problem.demand) & (problem.demand >= 0)), "siting_demand")
    check("demand", np.isnan(problem.lacking) | (problem.lacking < 0), "siting_lacking")
    for row, goods in enumerate(problem.recipe_goods):
        if not np.isfinite(goods).all() or not (goods > 0).any():
            found.append(
                Problem("recipes", row + 1, problem.recipes[row], said("err_siting_recipe"), said("do_siting_recipe"))
            )
    for table, rows, size in (
        ("options", problem.option_place, len(problem.places)),
        ("options", problem.option_recipe, len(problem.recipes)),
        ("links", problem.link_from, len(problem.places)),
        ("links", problem.link_to, len(problem.places)),
        ("links", problem.link_good, len(problem.goods)),
        ("demand", problem.demand_place, len(problem.places)),
        ("demand", problem.demand_good, len(problem.goods)),
    ):
        check(table, (rows < 0) | (rows >= size), "siting_row")
    return found


def _out_of_reach(problem: SitingProblem) -> list[Problem]:
    """Demand that must be met (lacking = inf) of a good that no chain of recipes gives."""
    made = np.zeros(len(problem.goods), np.bool_)
    gives, takes = problem.recipe_goods > 0, problem.recipe_goods < 0
    used = np.zeros(len(problem.recipes), np.bool_)
    used[problem.option_recipe] = True
    while True:
        can_run = used & ~(takes & ~made).any(axis=1)
        more = made | (gives & can_run[:, None]).any(axis=0)
        if (more == made).all():
            break
        made = more
    must = np.isinf(problem.lacking).any(axis=1) & (problem.demand > 0).any(axis=1)
    lost = must & ~made[problem.demand_good]
    return [
        Problem(
            "demand",
            row + 1,
            problem.goods[problem.demand_good[row]],
            said("err_siting_nobody_makes", place=problem.places[problem.demand_place[row]]),
            said("do_siting_nobody_makes"),
        )
        for row in np.flatnonzero(lost).tolist()
    ]
