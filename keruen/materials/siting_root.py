"""The root of the search for sites: an LP with the rows it breaks, added until it breaks none.

    strong links    what goes from a plant to a market is at most what both can, while the plant is open    (siting_model.py)
    hull rows       enough plants must stand, and plants are whole                                   (siting_covers.py)

All of them hold for each plan; the rows found stay in the programme that branch and bound starts from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from keruen.materials.programme import Programme, now
from keruen.materials.siting_model import Model

Floats = NDArray[np.float64]

ROUNDS = 60
GAIN, SLOW = 3e-5, 4  # rounds that raise the bound by less than this share, one after the other, end it
AT_ONCE = 200_000  # strong links
BREAKS = 1e-6  # of a strong link, in units of its flow


@dataclass(frozen=True, eq=False)
class Row:
    """low <= sum of value x column <= high."""

    index: NDArray[np.intp]
    value: Floats
    low: float
    high: float


class Root:
    """The LP relaxation with the rows it breaks. worth_of_staying: duals float64[o, t - 1] of z_t >= z_t-1 in its last solution."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.rows: list[Row] = []
        self.bound = -np.inf
        self.is_done = self.is_infeasible = False
        self.lp = Programme(model.cost, model.low, model.high, model.matrix, model.row_low, model.row_high)
        self.worth_of_staying = np.zeros((model.problem.options, model.problem.periods - 1))
        self.known = np.zeros(len(model.strong.carry), np.bool_)

    def solve(self, deadline: float) -> Floats | None:
        """Rounds of solving and adding; the last solution, None if there is none."""
        x: Floats | None = None
        slow = 0
        if self._is_never_full():  # links are all there is to find: at once they take one LP, round by round dozens
            self.rows = self._links(np.arange(len(self.known)))
            self.known[:] = True
            self.lp = self.programme(whole=False)
        for _ in range(ROUNDS):
            left = deadline - now()
            if left <= 0 and x is not None:
                return x
            solved = self.lp.solve(seconds=max(left, 1.0))
            if solved.status == "infeasible":
                self.is_infeasible = True
                return None
            if solved.status != "optimal":
                return x
            slow = slow + 1 if solved.value < self.bound + GAIN * abs(solved.value) else 0
            x, self.bound = solved.x, max(self.bound, solved.value)
            self.worth_of_staying = np.maximum(solved.row_dual[self.model.stays], 0.0).reshape(
                self.worth_of_staying.shape
            )
            broken = [*self._strong_links(x), *self._hull_rows(x)]
            if not broken or slow == SLOW:
                self.is_done = not broken
                return x
            self.add(broken)
        return x

    def _strong_links(self, x: Floats) -> list[Row]:
        strong = self.model.strong
        row = np.repeat(np.arange(len(strong.carry)), np.diff(strong.first))
        allowed = np.bincount(row, strong.weight * x[strong.open], len(strong.carry))
        flow = x[strong.carry]
        broken = np.flatnonzero((flow > allowed + BREAKS * np.maximum(flow, 1.0)) & ~self.known)
        self.known[broken] = True
        return self._links(broken)

    def _links(self, which: NDArray[np.intp]) -> list[Row]:
        """Strong links as rows."""
        strong = self.model.strong
        rows = []
        for k in which.tolist():
            own = slice(strong.first[k], strong.first[k + 1])
            index = np.concatenate([strong.carry[k : k + 1], strong.open[own]])
            rows.append(Row(index, np.concatenate([[1.0], -strong.weight[own]]), -np.inf, 0.0))
        return rows

    def _is_never_full(self) -> bool:
        """Whether each plant alone could meet all demand of what it makes, of a programme with few enough strong links."""
        problem = self.model.problem
        if not 0 < len(self.known) <= AT_ONCE:
            return False
        wanted = np.zeros(len(problem.goods))
        np.add.at(wanted, problem.demand_good, problem.demand.max(axis=1))
        given = np.maximum(problem.recipe_goods[problem.option_recipe], 0) * problem.option_capacity[:, None]
        return bool(np.all((given >= wanted) | (given == 0)))

    def _hull_rows(self, x: Floats) -> list[Row]:
        columns = self.model.columns
        rows = []
        for cover in self.model.covers:
            for t, hull in enumerate(cover.hulls):
                if hull is None:
                    continue
                number = np.array([x[columns.open[makers, t]].sum() for makers in cover.makers])
                if (found := hull.row(number)) is None:
                    continue
                weight, slope = found
                lack = np.flatnonzero((columns.lack[:, t] >= 0) & (cover.price > 0))
                index = np.concatenate([*(columns.open[makers, t] for makers in cover.makers), columns.lack[lack, t]])
                each = np.repeat(weight, [len(makers) for makers in cover.makers])
                value = np.concatenate([each, slope / cover.need[t] * cover.price[lack]])
                kept = value != 0
                rows.append(Row(index[kept], value[kept], 1.0, np.inf))
        return rows

    def add(self, rows: list[Row]) -> None:
        """Adds rows to the LP, and to all programmes made from now on."""
        self.rows += rows
        matrix, low, high = _together(rows, len(self.model.cost))
        self.lp.add_rows(low, high, matrix.indptr[:-1], matrix.indices, matrix.data)

    def programme(self, *, threads: int = 1, whole: bool = True) -> Programme:
        """A new programme with the rows found so far."""
        model = self.model
        matrix, low, high = model.matrix, model.row_low, model.row_high
        if self.rows:
            more, more_low, more_high = _together(self.rows, len(model.cost))
            matrix = sparse.vstack([matrix, more], format="csr")
            low, high = np.concatenate([low, more_low]), np.concatenate([high, more_high])
        return Programme(
            model.cost, model.low, model.high, matrix, low, high, model.whole if whole else None, threads=threads
        )


def _together(rows: list[Row], width: int) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """Rows as a matrix with its bounds."""
    first = np.concatenate([[0], np.cumsum([len(row.index) for row in rows])])
    value, index = np.concatenate([row.value for row in rows]), np.concatenate([row.index for row in rows])
    matrix = sparse.csr_matrix((value, index, first), shape=(len(rows), width))
    return matrix, np.array([row.low for row in rows]), np.array([row.high for row in rows])
