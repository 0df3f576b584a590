"""Linear and mixed-integer programmes handed to HiGHS: the one place that knows its interface.

    solver = Programme(cost, low, high, matrix, row_low, row_high, whole)
    solver.solve(seconds=60) -> Solved(status, x, value, bound, row_dual)

Rows may be added between solves, costs and bounds changed; an LP then starts from the last basis. A mixed-integer run tells of each
better solution and each better bound, takes better solutions from outside, and stops when asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Watch = Callable[[float, float], bool]


@dataclass(frozen=True, eq=False)
class Solved:
    """status: "optimal", "infeasible", "unbounded" or "stopped". x float64[n], nan without a solution; value of x; bound:
    no solution is better than that (proven); row_dual float64[rows] of an LP, empty after a mixed-integer run."""

    status: str
    x: Floats
    value: float
    bound: float
    row_dual: Floats
    reduced_cost: Floats


class Programme:
    """min cost x, row_low <= matrix x <= row_high, low <= x <= high, x whole where marked."""

    def __init__(
        self,
        cost: Floats,
        low: Floats,
        high: Floats,
        matrix: Any,
        row_low: Floats,
        row_high: Floats,
        whole: NDArray[np.bool_] | None = None,
        *,
        threads: int = 1,
    ) -> None:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), len(row_low)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, low, high
        lp.row_lower_, lp.row_upper_ = row_low, row_high
        csr = matrix.tocsr()
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = csr.indptr, csr.indices, csr.data
        self.is_whole = whole is not None and bool(whole.any())
        if self.is_whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[bool(flag)] for flag in whole]  # type: ignore[union-attr]
        self.columns = len(cost)
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", threads)
        self.solver.passModel(lp)

    def add_rows(
        self, low: Floats, high: Floats, first: NDArray[np.integer], index: NDArray[np.integer], value: Floats
    ) -> None:
        """More rows: CSR without the last entry of `first`."""
        self.solver.addRows(
            len(low), low, high, len(index), first.astype(np.int32), index.astype(np.int32), value.astype(np.float64)
        )

    def set_costs(self, cost: Floats) -> None:
        """Other costs of all columns."""
        self.solver.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), cost)

    def set_bounds(self, columns: NDArray[np.integer], low: Floats, high: Floats) -> None:
        """Other bounds of some columns."""
        self.solver.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def start_from(self, x: Floats) -> None:
        """A solution to begin with."""
        solution = highspy.HighsSolution()
        solution.col_value = x.tolist()
        self.solver.setSolution(solution)

    def option(self, name: str, value: Any) -> None:
        """An option of the solver."""
        self.solver.setOptionValue(name, value)

    def solve(
        self,
        *,
        seconds: float = np.inf,
        gap: float = 0.0,
        watch: Watch | None = None,
        offer: Callable[[], Floats | None] | None = None,
    ) -> Solved:
        """Solve, at most `seconds`, to a relative gap. watch(value, bound) -> True ends a mixed-integer run; offer() is asked
        for a solution found elsewhere, None if there is no better one."""
        solver = self.solver
        if np.isfinite(seconds):  # its clock runs on from solve to solve
            solver.setOptionValue("time_limit", solver.getRunTime() + max(float(seconds), 0.05))
        if self.is_whole:
            solver.setOptionValue("mip_rel_gap", gap)
            self._listen(watch, offer)
        solver.run()
        status = {
            highspy.HighsModelStatus.kOptimal: "optimal",
            highspy.HighsModelStatus.kInfeasible: "infeasible",
            highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
            highspy.HighsModelStatus.kUnbounded: "unbounded",
        }.get(solver.getModelStatus(), "stopped")
        info, solution = solver.getInfo(), solver.getSolution()
        has_one = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        x = np.array(solution.col_value) if has_one else np.full(self.columns, np.nan)
        value = info.objective_function_value if has_one else np.inf
        if self.is_whole:
            bound = info.mip_dual_bound
            empty = np.empty(0)
            return Solved(status, x, value, bound if status != "infeasible" else np.inf, empty, empty)
        bound = value if status == "optimal" else -np.inf
        return Solved(status, x, value, bound, np.array(solution.row_dual), np.array(solution.col_dual))

    def _listen(self, watch: Watch | None, offer: Callable[[], Floats | None] | None) -> None:
        if watch is not None:

            def interrupt(event: Any) -> None:
                told = event.data_out
                if watch(told.mip_primal_bound, told.mip_dual_bound):
                    event.interrupt()

            self.solver.cbMipInterrupt.subscribe(interrupt)
        if offer is not None:

            def give(event: Any) -> None:
                if (x := offer()) is not None:
                    event.data_in.setSolution(x)

            self.solver.cbMipUserSolution.subscribe(give)


def now() -> float:
    """Seconds of a clock that only goes forward."""
    return time.monotonic()
