"""The best plan and the best bound so far, shared by all that searches; and a plan from a choice of plants."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from keruen.materials.programme import Programme, now
from keruen.materials.siting_model import Model

Floats = NDArray[np.float64]
Tell = Callable[[str, float, float], None]


@dataclass
class State:
    """The best plan and bound so far, shared by the two sides of the search."""

    began: float
    gap: float
    tell: Tell | None = None
    x: Floats | None = None
    cost: float = np.inf
    bound: float = -np.inf
    history: list[tuple[float, float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: bool = False

    def found(self, x: Floats, cost: float) -> bool:
        """A plan; whether it is the best so far."""
        with self.lock:
            if not cost < self.cost - 1e-9 * max(abs(cost), 1.0):
                return False
            self.x, self.cost = x.copy(), cost
            self._note()
        return True

    def proven(self, bound: float) -> None:
        """A bound."""
        with self.lock:
            if bound > self.bound and np.isfinite(bound):
                self.bound = min(bound, self.cost)
                self._note()

    def _note(self) -> None:
        self.history.append((now() - self.began, self.cost, self.bound))
        if self.tell:
            self.tell("search", self.cost, self.bound)

    @property
    def is_enough(self) -> bool:
        """Whether the gap asked for is reached, or the time over."""
        if self.is_over or self.x is None:
            return self.is_over
        return self.cost - self.bound <= self.gap * max(abs(self.cost), 1e-12)


def fixed(model: Model, is_open: NDArray[np.bool_], state: State, deadline: float) -> bool:
    """The flows of a choice of plants, as a plan, if they can meet the demand; whether it is the best so far."""
    low, high = model.low.copy(), model.high.copy()
    low[model.columns.open] = is_open
    high[model.columns.open] = is_open
    whole = None
    if model.problem.is_whole:
        whole = model.whole.copy()
        whole[model.columns.open] = False
    programme = Programme(model.cost, low, high, model.matrix, model.row_low, model.row_high, whole)
    solved = programme.solve(seconds=max(min(deadline - now(), 30.0), 1.0), gap=1e-4)
    return bool(np.isfinite(solved.x).all() and solved.x.size and state.found(solved.x, float(model.cost @ solved.x)))
