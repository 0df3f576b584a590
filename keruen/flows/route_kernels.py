"""Arrays of routes, worked on in C (routes.c): sums, distinct ones, path sizes, flows over arcs.

    candidate     up to three paths one after the other: to a gate, on to another one, to the destination
    path size     PS_r = sum over arcs a of r of  (c_a / C_r) / (number of the market's routes over a)        (Ben-Akiva & Bierlaire 1999)
    flow          x_a = sum over routes r over a of  x_r

Arrays are only read; calls release the interpreter lock and share nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.routing.hierarchy import Metric, paths
from keruen.routing.kernels import library

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Offsets = NDArray[np.int64]

PARTS = 3
LOOP, TWICE = 1, 2  # flaws: a node is passed twice, a border, ferry, strait or canal is


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths as lists of arcs: those of path p are arc[first[p]] .. arc[first[p + 1] - 1]."""

    first: Offsets
    arc: Rows

    def __len__(self) -> int:
        return len(self.first) - 1


def paths_of(metric: Metric, sources: Rows, targets: Rows, gates: Rows | None = None) -> Paths:
    """The shortest path of each pair of nodes, followed by an arc of its own where there are `gates`."""
    found = paths(metric, sources, targets)
    if gates is None:
        return Paths(found.ptr, found.arc)
    size = np.diff(found.ptr) + 1
    first = np.concatenate(([0], np.cumsum(size)))
    return Paths(first, np.insert(found.arc, found.ptr[1:], gates.astype(np.int32)))


def all_paths(blocks: list[Paths]) -> Paths:
    """Several lists of paths as one, numbered on."""
    sizes = np.concatenate([np.diff(block.first) for block in blocks]) if blocks else np.empty(0, np.int64)
    arcs = np.concatenate([block.arc for block in blocks]) if blocks else np.empty(0, np.int32)
    return Paths(np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), arcs)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidates [c] as rows of paths, part int32[c, PARTS], -1 for none."""

    part: Rows
    paths: Paths

    def __len__(self) -> int:
        return len(self.part)

    @property
    def _struct(self) -> Any:
        """`Candidates` of routes.c; it points into these arrays and does not keep them alive."""
        return ctypes.byref(
            _Candidates(*(array.ctypes.data for array in (self.part, self.paths.first, self.paths.arc)))
        )


@dataclass(frozen=True, eq=False)
class Sums:
    """What candidates take: value float64[c, 4], bits of their features uint64[c], flaws uint8[c], number of arcs int32[c]."""

    value: Floats
    features: NDArray[np.uint64]
    flaw: NDArray[np.uint8]
    length: Rows


def route_sums(
    candidates: Candidates,
    ends: tuple[Rows, Rows],
    nodes: int,
    weight: Floats,
    features: NDArray[np.uint64],
    once: tuple[Rows, int],
) -> Sums:
    """What candidates take. ends: tail and head of each arc. weight: float64[m, 4]. once: per arc the thing that a route should pass
    once only, -1 for none, and how many such things there are."""
    c = len(candidates)
    found = Sums(np.empty((c, 4)), np.empty(c, np.uint64), np.empty(c, np.uint8), np.empty(c, np.int32))
    _call("keruen_route_sums", c, candidates._struct, nodes, once[1], *ends, weight, features, once[0],
          found.value, found.features, found.flaw, found.length)  # fmt: skip
    return found


def distinct(
    first: Offsets,
    candidates: Candidates,
    corridor: tuple[Rows, Rows],
    item: tuple[Rows, int],
    money: Floats,
    most: int,
    least: float,
    within: float,
) -> tuple[Offsets, Floats]:
    """For each market the candidates chosen, int64[k, most], -1 for none, and their path sizes, float64[k, most].

    The candidates of a market come by rising cost. item: per arc what its cost is spent on, and how many such things there are.
    corridor: the family of each candidate's corridor, and the corridor. Chosen are first the best of each family, then of each corridor,
    unless it differs by less than `least` from one that is, then those that differ by `within` from all that are.
    """
    markets = len(first) - 1
    kept, size = np.empty((markets, most), np.int64), np.zeros((markets, most))
    _call("keruen_route_distinct", markets, first, candidates._struct, len(money), item[1], *corridor, item[0], money,
          most, least, within, kept, size)  # fmt: skip
    return kept, size


def candidate_arcs(chosen: Offsets, candidates: Candidates, length: Rows) -> Paths:
    """The arcs of some candidates. length: number of arcs of each of these."""
    first = np.concatenate(([0], np.cumsum(length, dtype=np.int64)))
    arc = np.empty(first[-1], np.int32)
    _call("keruen_route_arcs", len(chosen), chosen, candidates._struct, arc)
    return Paths(first, arc)


def route_totals(paths: Paths, value: Floats) -> Floats:
    """The sum of a value per arc, float64[m], over the arcs of each path."""
    total = np.empty(len(paths))
    _call("keruen_route_totals", len(paths), paths.first, paths.arc, np.ascontiguousarray(value), total)
    return total


def arc_loads(paths: Paths, flow: Floats, arcs: int) -> Floats:
    """The flow over each of so many arcs, float64[m], of a flow per path."""
    load = np.zeros(arcs)
    _call("keruen_route_loads", len(paths), paths.first, paths.arc, np.ascontiguousarray(flow), load)
    return load


def some_paths(paths: Paths, wanted: Offsets) -> Paths:
    """Some of the paths, in the order wanted."""
    first = np.concatenate(([0], np.cumsum(np.diff(paths.first)[wanted])))
    arc = np.empty(first[-1], np.int32)
    _call("keruen_route_copy", len(wanted), np.ascontiguousarray(wanted, np.int64), paths.first, paths.arc, arc)
    return Paths(first, arc)


def facilities_passed(paths: Paths, of_arc: Rows) -> tuple[Offsets, Rows]:
    """The facilities that each path passes, each once and in rising order: those of path p are from first[p] to first[p + 1] of the second
    array. of_arc: the facility of each arc, -1 for none."""
    first, most = np.empty(len(paths) + 1, np.int64), int(of_arc.max(initial=-1)) + 1
    given = len(paths), paths.first, paths.arc, np.ascontiguousarray(of_arc, np.int32), most
    _call("keruen_route_passes", *given, first, None)
    facility = np.empty(first[-1], np.int32)
    _call("keruen_route_passes", *given, first, facility)
    return first, facility


class _Candidates(ctypes.Structure):
    """`Candidates` of routes.c."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("part", "path_first", "path_arc")]


_INT, _LONG, _REAL, _POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_ARGUMENTS = {
    "keruen_route_sums": [_LONG, _POINTER, _INT, _INT] + [_POINTER] * 9,
    "keruen_route_distinct": [_INT, _POINTER, _POINTER, _INT, _INT]
    + [_POINTER] * 4
    + [_INT, _REAL, _REAL]
    + [_POINTER] * 2,
    "keruen_route_arcs": [_LONG] + [_POINTER] * 3,
    "keruen_route_totals": [_LONG] + [_POINTER] * 4,
    "keruen_route_loads": [_LONG] + [_POINTER] * 4,
    "keruen_route_copy": [_LONG] + [_POINTER] * 4,
    "keruen_route_passes": [_LONG] + [_POINTER] * 3 + [_INT] + [_POINTER] * 2,
}


@cache
def _kernel(name: str) -> Callable[..., int]:
    kernel = getattr(library(), name)
    kernel.argtypes = _ARGUMENTS[name]
    return kernel  # type: ignore[no-any-return]


def _call(name: str, *arguments: Any) -> None:
    """Calls a kernel with arrays by address. Raises MemoryError."""
    if _kernel(name)(*(a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments)) != 0:
        raise MemoryError(f"{name}: not enough memory")
