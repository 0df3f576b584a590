"""Arrays of routes, worked on in C (routes.c): sums, distinct ones, path sizes, flows over arcs.

    candidate     up to three paths one after the other: to a gate, on to another one, to the destination
    path size     PS_r = sum over arcs a of r of  (c_a / C_r) / (number of the market's routes over a)        (Ben-Akiva & Bierlaire 1999)
    flow          x_a = sum over routes r over a of  x_r

Arrays are only read; calls release the interpreter lock and share nothing.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.routing.compiled import library
from keruen.routing.hierarchy import Metric, paths

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Offsets = NDArray[np.int64]

PARTS = 3
FEW_FACILITIES = 4  # that a route passes on average at most, as a first guess
LOOP, TWICE = 1, 2  # flaws: a node is passed twice, a border, ferry, strait or canal is


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths as lists of arcs, int32, wherever these lie: path p has size[p] of them from the address at[p] on.

    kept: the arrays in which they lie, so that these live as long as the paths do. Choosing and joining paths moves no arc.
    """

    at: NDArray[np.uintp]
    size: Rows
    kept: tuple[Rows, ...]

    @staticmethod
    def of(first: Offsets, arc: Rows) -> Paths:
        """Those of one array: path p is arc[first[p]] .. arc[first[p + 1] - 1]."""
        arc = np.ascontiguousarray(arc, np.int32)
        at = arc.ctypes.data + first[:-1].astype(np.uintp) * np.uintp(arc.itemsize)
        return Paths(at.astype(np.uintp), np.diff(first).astype(np.int32), (arc,))

    def __len__(self) -> int:
        return len(self.size)

    @property
    def first(self) -> Offsets:
        """Where each path begins in `arc`, int64[p + 1]."""
        return np.concatenate(([0], np.cumsum(self.size, dtype=np.int64)))

    @property
    def arc(self) -> Rows:
        """The arcs of all paths one after the other: a copy."""
        arc = np.empty(int(self.size.sum(dtype=np.int64)), np.int32)
        _call("keruen_route_copy", len(self), self.at, self.size, arc)
        return arc

    def some(self, wanted: NDArray[np.integer[Any]] | NDArray[np.bool_]) -> Paths:
        """Some of the paths, in the order wanted."""
        return Paths(self.at[wanted], self.size[wanted], self.kept)

    def renumbered(self, arcs: Rows) -> Paths:
        """The same paths where arc a has the number arcs[a]."""
        return self if np.array_equal(arcs, np.arange(len(arcs))) else Paths.of(self.first, arcs[self.arc])


def paths_of(metric: Metric, sources: Rows, targets: Rows, gates: Rows | None = None) -> Paths:
    """The shortest path of each pair of nodes, followed by an arc of its own where there are `gates`."""
    found = paths(metric, sources, targets)
    if gates is None:
        return Paths.of(found.ptr, found.arc)
    size = np.diff(found.ptr) + 1
    first = np.concatenate(([0], np.cumsum(size)))
    return Paths.of(first, np.insert(found.arc, found.ptr[1:], gates.astype(np.int32)))


def all_paths(blocks: list[Paths]) -> Paths:
    """Several lists of paths as one, numbered on."""
    kept = {id(array): array for block in blocks for array in block.kept}
    return Paths(
        np.concatenate([np.empty(0, np.uintp), *(block.at for block in blocks)]),
        np.concatenate([np.empty(0, np.int32), *(block.size for block in blocks)]),
        tuple(kept.values()),
    )


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
        return ctypes.byref(_Candidates(*(array.ctypes.data for array in (self.part, self.paths.at, self.paths.size))))


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
    first: Offsets, candidates: Candidates, corridor: tuple[Rows, Rows], item: tuple[Rows, int], money: Floats, most: int,
    least: float, within: float,
) -> Offsets:  # fmt: skip
    """For each market the candidates chosen, int64[k, most], -1 for none.

    The candidates of a market come by rising cost. item: per arc what its cost is spent on, and how many such things there are.
    corridor: the family of each candidate's corridor, and the corridor. Chosen are first the best of each family, then of each corridor,
    unless it differs by less than `least` from one that is, then those that differ by `within` from all that are.
    """
    markets = len(first) - 1
    kept = np.empty((markets, most), np.int64)
    _call(
        "keruen_route_distinct",
        markets,
        first,
        candidates._struct,
        item[1],
        *corridor,
        item[0],
        money,
        most,
        least,
        within,
        kept,
    )
    return kept


def path_sizes(first: Offsets, candidates: Candidates, money: Floats) -> Floats:
    """The path size of each candidate, float64[c], where all those of a market are its routes. money: what each arc costs, float64[m]."""
    size = np.empty(len(candidates))
    _call("keruen_route_sizes", len(first) - 1, first, candidates._struct, len(money), money, size)
    return size


def candidate_paths(chosen: Offsets, candidates: Candidates, length: Rows, settled: int) -> Paths:
    """Some candidates as paths. length: number of arcs of each of these. Those that are one of the first `settled` paths stay where they
    lie; the others are copied, so that what was not chosen can be forgotten."""
    part = candidates.part[chosen]
    stays = (part[:, 0] < settled) & (part[:, 1] < 0)
    fresh = np.flatnonzero(~stays)
    first = np.concatenate(([0], np.cumsum(length[fresh], dtype=np.int64)))
    arc = np.empty(first[-1], np.int32)
    _call("keruen_route_arcs", len(fresh), np.ascontiguousarray(chosen[fresh]), candidates._struct, arc)
    made = Paths.of(first, arc)
    known = candidates.paths.some(np.where(stays, part[:, 0], 0)) if stays.any() else made
    kept = made.kept
    if stays.any():
        known.at[fresh], known.size[fresh] = made.at, made.size
        low, high = known.at[stays].min(), known.at[stays].max()
        kept += tuple(a for a in known.kept if a.ctypes.data <= high and low <= a.ctypes.data + a.nbytes)
    return Paths(known.at, known.size, kept)


def route_totals(paths: Paths, value: Floats) -> Floats:
    """The sum of a value per arc, float64[m], over the arcs of each path."""
    total = np.empty(len(paths))
    _call("keruen_route_totals", len(paths), paths.at, paths.size, np.ascontiguousarray(value), total)
    return total


def routes_with(paths: Paths, arcs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each path has one of some arcs, bool[m]."""
    found = np.empty(len(paths), np.bool_)
    _call("keruen_route_any", len(paths), paths.at, paths.size, np.ascontiguousarray(arcs), found)
    return found


def arc_loads(paths: Paths, flow: Floats, arcs: int) -> Floats:
    """The flow over each of so many arcs, float64[m], of a flow per path."""
    load = np.zeros(arcs)
    _call("keruen_route_loads", len(paths), paths.at, paths.size, np.ascontiguousarray(flow), load)
    return load


def facilities_passed(paths: Paths, of_arc: Rows) -> tuple[Offsets, Rows]:
    """The facilities that each path passes, each once and in rising order: those of path p are from first[p] to first[p + 1] of the second
    array. of_arc: the facility of each arc, -1 for none."""
    most, of_arc = int(of_arc.max(initial=-1)) + 1, np.ascontiguousarray(of_arc, np.int32)

    def of_some(rows: slice) -> tuple[Offsets, Rows]:
        at, size = paths.at[rows], paths.size[rows]
        first, room = np.empty(len(size) + 1, np.int64), FEW_FACILITIES * len(size)
        while True:
            facility = np.empty(room, np.int32)
            _call("keruen_route_passes", len(size), at, size, of_arc, most, room, first, facility)
            if first[-1] <= room:
                return first, facility[: first[-1]]
            room = int(first[-1])

    parts = os.cpu_count() or 1
    bounds = np.linspace(0, len(paths), parts + 1).astype(int).tolist()
    with ThreadPoolExecutor(parts) as threads:
        found = list(threads.map(of_some, map(slice, bounds[:-1], bounds[1:])))
    sizes = np.concatenate([np.diff(first) for first, _ in found])
    return np.concatenate(([0], np.cumsum(sizes))), np.concatenate([facility for _, facility in found])


def screen(
    paths: Paths, first: Offsets, of_arc: Rows, share: Floats, tonnes: Floats, expected: Floats, beta: Floats
) -> Floats:
    """What each thing carries, what its loss makes dearer, what is then without a route: float64[3, things] in t, USD and t a year.

    first: where the routes of each market begin. of_arc: the thing of each arc, -1 for none; share: of routes in their market; tonnes,
    expected cost and beta: of markets. Markets choose among the routes they have (routes.c).
    """
    things, k, parts = int(of_arc.max(initial=-1)) + 1, len(tonnes), os.cpu_count() or 1
    of_arc = np.ascontiguousarray(of_arc, np.int32)
    first = np.ascontiguousarray(first, np.int64)

    def of_some(begin: int, end: int) -> Floats:
        out = np.zeros((3, things))
        _call("keruen_route_screen", end - begin, first[begin : end + 1], paths.at, paths.size, of_arc, things, share,
              tonnes[begin:end], expected[begin:end], beta[begin:end], *out)  # fmt: skip
        return out

    bounds = np.linspace(0, k, parts + 1).astype(int).tolist()
    with ThreadPoolExecutor(parts) as threads:
        return np.asarray(np.sum(list(threads.map(of_some, bounds[:-1], bounds[1:])), axis=0))


class _Candidates(ctypes.Structure):
    """`Candidates` of routes.c."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("part", "path_at", "path_size")]


_INT, _LONG, _REAL, _POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_ARGUMENTS = {
    "keruen_route_sums": [_LONG, _POINTER, _INT, _INT] + [_POINTER] * 9,
    "keruen_route_distinct": [_INT, _POINTER, _POINTER, _INT, *[_POINTER] * 4, _INT, _REAL, _REAL, _POINTER],
    "keruen_route_sizes": [_INT, _POINTER, _POINTER, _INT, _POINTER, _POINTER],
    "keruen_route_arcs": [_LONG] + [_POINTER] * 3,
    "keruen_route_totals": [_LONG] + [_POINTER] * 4,
    "keruen_route_loads": [_LONG] + [_POINTER] * 4,
    "keruen_route_screen": [_LONG] + [_POINTER] * 4 + [_INT] + [_POINTER] * 7,
    "keruen_route_any": [_LONG] + [_POINTER] * 4,
    "keruen_route_copy": [_LONG] + [_POINTER] * 3,
    "keruen_route_passes": [_LONG] + [_POINTER] * 3 + [_INT, _LONG] + [_POINTER] * 2,
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
