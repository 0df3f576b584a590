"""User equilibrium on a road network: no trip can get cheaper by another way (Wardrop 1952).

    minimise  sum_a integral from 0 to v_a of c_a(x) dx          the objective of Beckmann, McGuire & Winsten (1956)
    c_a(v)    = t0 (1 + b (v / u)^p) + toll weight x toll + distance weight x length
    TSTT      = sum_a v_a c_a(v_a)                               what all trips cost together
    SPTT      = sum_w d_w min over paths of the cost             what they would cost on shortest ways at these costs
    gap       = 1 - SPTT / TSTT;  average excess cost = (TSTT - SPTT) / sum_w d_w

The method is gradient projection on path flows (Jayakrishnan et al. 1994), pair by pair with costs kept up to date
(Gauss-Seidel), with rounds on the paths already known between two searches for new ones (Xie, Nie & Liu 2018). A shift
between two paths takes Newton's step on the links in which they differ, corrected within a bracket, which also serves
slopes of 0 (constant costs) and of infinity (powers below 1). Where rounds make little headway, pairs of zones exchange
flow on the same links: then all paths move at once, in Newton's direction by conjugate gradients. Link flows are added
up anew with compensation before the gap is measured, at fixed costs, by a search of its own: the gap reported is not an
estimate. The work is done in C (equilibrium.c); the order is fixed, so the same input gives the same output.

Link flows in equilibrium are unique where costs rise with the flow; path flows are not, and are one of many answers.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import TooLarge
from keruen.network.road import Floats, RoadNetwork, Rows, Trips
from keruen.network.road_check import check_joined, check_network, check_trips, check_weights, fixed_cost
from keruen.routing.compiled import library
from keruen.tables.words import said

ORIGINS_AT_ONCE = 32  # between two looks at whether to go on
MOST_ROUNDS = 100  # on known paths between two searches; a round costs a small part of a search
ROUNDS_ALONE, SLOW = 10, 0.5  # where so many rounds leave more than this share of the excess, a joint step follows
MOST_TURNS = 30  # of conjugate gradients in a joint step
ENOUGH = 0.02  # rounds end when they have lowered the excess to this share of what the search found
STALLED_AFTER = 20  # measurements without a better gap: what is left is rounding

Progress = Callable[[float, float], None]


@dataclass(frozen=True, eq=False)
class PathFlows:
    """Paths in use: pair int32[p], row of the trips; flow float64[p]; links of path i arc[first[i]:first[i + 1]], rows of links."""

    pair: NDArray[np.int64]
    flow: Floats
    first: NDArray[np.int64]
    arc: Rows


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Flows and costs of the m links, and how near to equilibrium they are.

    flow, cost: float64[m] in the order of the network's links. objective: Beckmann's. total_cost: TSTT; shortest_cost: SPTT.
    trips: those between zones, which are assigned; trips within a zone use no link. seconds: wall time without reading.
    converged: the gap asked for was reached. paths: None unless asked for.
    """

    flow: Floats
    cost: Floats
    objective: float
    total_cost: float
    shortest_cost: float
    trips: float
    iterations: int
    seconds: float
    converged: bool
    paths: PathFlows | None

    @property
    def relative_gap(self) -> float:
        """1 - SPTT / TSTT, and 0 where nothing is to be paid."""
        return max(0.0, 1 - self.shortest_cost / self.total_cost) if self.total_cost > 0 else 0.0

    @property
    def average_excess_cost(self) -> float:
        """What a trip pays more than on its shortest way, on average."""
        return max(0.0, self.total_cost - self.shortest_cost) / self.trips if self.trips > 0 else 0.0


def beckmann(network: RoadNetwork, flow: Floats, *, toll_weight: float = 0.0, distance_weight: float = 0.0) -> float:
    """Beckmann's objective at a flow: the integrals of the links' costs over their flow, added up without rounding."""
    fixed, rise, capacity = _cost_parts(network, toll_weight, distance_weight)
    return fsum(flow * (fixed + rise / (network.power + 1) * (flow / capacity) ** network.power))


def user_equilibrium(
    network: RoadNetwork,
    trips: Trips,
    *,
    gap: float = 1e-6,
    toll_weight: float = 0.0,
    distance_weight: float = 0.0,
    most_iterations: int = 1000,
    keep_paths: bool = False,
    progress: Progress | None = None,
) -> Equilibrium:
    """The user equilibrium to a relative gap, or as near to it as `most_iterations` searches for new paths come.

    toll_weight, distance_weight: cost of a unit of toll and of length. progress: called with the iterations done and the
    relative gap, an estimate on the way. A gap of about 1e-13 is as far as double precision goes.

    Raises:
        BadTable: links or trips that cannot be, or trips between zones that no way joins; all of them are listed.
        UnknownOption: a gap or weight that means nothing.
        TooLarge: more paths than there is memory for.
    """
    check_weights(gap=gap, toll_weight=toll_weight, distance_weight=distance_weight, most_iterations=most_iterations)
    check_network(network, toll_weight=toll_weight, distance_weight=distance_weight)
    check_trips(network, trips)
    start = time.perf_counter()
    with _Solver(network, trips, _cost_parts(network, toll_weight, distance_weight)) as solver:
        iteration, stalled, estimate, ratio, measured, fresh = 0, 0, 1.0, 1.0, 1.0, False
        while measured > gap and iteration < most_iterations and stalled < STALLED_AFTER:
            iteration, fresh = iteration + 1, False
            excess = solver.search(progress, iteration - 1, estimate)
            if iteration == 1:
                check_joined(network, *solver.not_joined())
                continue
            total = fsum(solver.flow * solver.cost)
            earlier, estimate = estimate, excess / total if total > 0 else 0.0
            ratio = min(1.0, estimate / earlier) if earlier > 0 else 0.0
            before = np.inf
            for turn in range(1, MOST_ROUNDS + 1):
                left = solver.settle()
                if left <= ENOUGH * excess:
                    break
                if turn % ROUNDS_ALONE == 0:
                    if left > SLOW * before:
                        solver.joint()
                    before = left
            if estimate * ratio <= gap:  # what the next search would find: now a measurement is worth its price
                nearer, fresh = solver.measure(), True
                stalled = 0 if nearer < measured else stalled + 1
                measured = nearer
        measured = measured if fresh else solver.measure()
        flow, cost = solver.in_order(solver.flow), solver.in_order(solver.cost)
        return Equilibrium(
            flow=flow,
            cost=cost,
            objective=beckmann(network, flow, toll_weight=toll_weight, distance_weight=distance_weight),
            total_cost=solver.total_cost,
            shortest_cost=solver.shortest_cost,
            trips=fsum(solver.demand),
            iterations=iteration,
            seconds=time.perf_counter() - start,
            converged=measured <= gap,
            paths=solver.paths() if keep_paths else None,
        )


def _cost_parts(network: RoadNetwork, toll_weight: float, distance_weight: float) -> tuple[Floats, Floats, Floats]:
    """cost = fixed + rise (flow / capacity)^power: three float64[m]. Where nothing rises the capacity is not asked for: 1."""
    rise = network.free_flow_time * network.b
    rises = (rise > 0) & (network.power > 0)
    return fixed_cost(network, toll_weight, distance_weight), rise, np.where(rises, network.capacity, 1.0)


class _Solver:
    """The state of an assignment: arrays sorted as the kernel wants them, and the kernel's own memory, freed at the end."""

    def __init__(self, network: RoadNetwork, trips: Trips, costs: tuple[Floats, Floats, Floats]) -> None:
        self.order = np.argsort(network.tail, kind="stable").astype(np.int32)
        tail, head = (np.ascontiguousarray(ends[self.order], np.int32) for ends in (network.tail, network.head))
        first_out = np.zeros(network.n + 1, np.int32)
        np.cumsum(np.bincount(tail, minlength=network.n), out=first_out[1:])
        fixed, rise, capacity = (np.ascontiguousarray(part[self.order], np.float64) for part in costs)
        power = np.ascontiguousarray(network.power[self.order], np.float64)
        kept = np.flatnonzero((trips.trips > 0) & (trips.origin != trips.destination))
        self.pair = kept[np.argsort(trips.origin[kept], kind="stable")]  # rows of the trips, by origin
        self.from_zone, self.to_zone = trips.origin[self.pair], trips.destination[self.pair]
        self.demand = np.ascontiguousarray(trips.trips[self.pair], np.float64)
        origins, first = np.unique(self.from_zone, return_index=True)
        self.n_origins = len(origins)
        self.first_pair = np.append(first, len(self.pair)).astype(np.int64)
        origin = np.ascontiguousarray(network.zones[origins], np.int32)
        destination = np.ascontiguousarray(network.zones[self.to_zone], np.int32)
        through = np.ascontiguousarray(network.through, np.uint8)
        self.flow, self.cost, slope = (np.empty(network.m) for _ in range(3))
        self.shortest = np.zeros(len(self.pair))
        self.total_cost = self.shortest_cost = 0.0
        self._kept: tuple[NDArray[Any], ...] = (
            first_out,
            head,
            tail,
            through,
            origin,
            self.first_pair,
            destination,
            self.demand,
        )
        self._kept += (fixed, rise, capacity, power, self.flow, self.cost, slope)
        addresses = [array.ctypes.data for array in self._kept]
        new = _kernel("new")
        self._state = new(network.n, network.m, *addresses[:4], self.n_origins, *addresses[4:])
        if not self._state:
            raise TooLarge(said("err_paths_memory", pairs=len(self.pair)))

    def __enter__(self) -> _Solver:
        return self

    def __exit__(self, *error: object) -> None:
        _kernel("free")(self._state)

    def _checked(self, status: int) -> None:
        if status != 0:
            raise TooLarge(said("err_paths_memory", pairs=len(self.pair)))

    def search(self, progress: Progress | None, done: int, estimate: float) -> float:
        """A search for shorter paths from every origin, with a shift to them; returns the excess cost found."""
        excess = ctypes.c_double()
        for start in range(0, self.n_origins, ORIGINS_AT_ONCE):
            end = min(start + ORIGINS_AT_ONCE, self.n_origins)
            self._checked(_kernel("sweep")(self._state, start, end, ctypes.byref(excess)))
            if progress is not None:
                progress(done + end / self.n_origins, estimate)
        return excess.value

    def settle(self) -> float:
        """A shift between the paths already known; returns the excess cost found."""
        excess = ctypes.c_double()
        self._checked(_kernel("settle")(self._state, ctypes.byref(excess)))
        return excess.value

    def joint(self) -> None:
        """A step for all paths in use at once."""
        self._checked(_kernel("joint")(self._state, MOST_TURNS))

    def not_joined(self) -> tuple[Rows, Rows]:
        """Origin and destination zone of the pairs that the search found no way for."""
        lost = np.zeros(len(self.pair), np.uint8)
        _kernel("lost")(self._state, lost.ctypes.data)
        return self.from_zone[lost > 0], self.to_zone[lost > 0]

    def measure(self) -> float:
        """The relative gap, with link flows added up anew and costs that stay; total and shortest cost are kept."""
        _kernel("reload")(self._state)
        for start in range(0, self.n_origins, ORIGINS_AT_ONCE):
            end = min(start + ORIGINS_AT_ONCE, self.n_origins)
            _kernel("measure")(self._state, start, end, self.shortest.ctypes.data)
        self.total_cost = fsum(self.flow * self.cost)
        self.shortest_cost = fsum(self.demand * self.shortest)
        return 1 - self.shortest_cost / self.total_cost if self.total_cost > 0 else 0.0

    def in_order(self, values: Floats) -> Floats:
        """Values of the links in the network's own order."""
        found = np.empty_like(values)
        found[self.order] = values
        return found

    def paths(self) -> PathFlows:
        """The paths that carry flow."""
        paths, links = ctypes.c_int64(), ctypes.c_int64()
        counts = (ctypes.byref(paths), ctypes.byref(links))
        _kernel("paths")(self._state, *counts, None, None, None, None)
        pair, flow = np.empty(paths.value, np.int64), np.empty(paths.value)
        first, arc = np.empty(paths.value + 1, np.int64), np.empty(links.value, np.int32)
        _kernel("paths")(self._state, *counts, *(array.ctypes.data for array in (pair, flow, first, arc)))
        return PathFlows(self.pair[pair], flow, first, self.order[arc])


# ----------------------------------------------------------------------------------------------------------- the library

_INT, _POINTER = ctypes.c_int32, ctypes.c_void_p
_ARGUMENTS: dict[str, tuple[Any, list[Any]]] = {
    "new": (_POINTER, [_INT, _INT, *[_POINTER] * 4, _INT, *[_POINTER] * 11]),
    "sweep": (_INT, [_POINTER, _INT, _INT, _POINTER]),
    "settle": (_INT, [_POINTER, _POINTER]),
    "joint": (_INT, [_POINTER, _INT]),
    "lost": (None, [_POINTER, _POINTER]),
    "reload": (None, [_POINTER]),
    "measure": (None, [_POINTER, _INT, _INT, _POINTER]),
    "paths": (None, [_POINTER] * 7),
    "free": (None, [_POINTER]),
}


@cache
def _kernel(name: str) -> Any:
    """A function of equilibrium.c, with its types."""
    kernel = getattr(library(), f"keruen_equilibrium_{name}")
    kernel.restype, kernel.argtypes = _ARGUMENTS[name]
    return kernel
