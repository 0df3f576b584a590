"""Customizable contraction hierarchies: shortest distances, paths and tables on one criterion, many times over.

    topology   build_hierarchy   nodes in an order of elimination; eliminating one joins its higher neighbours
    metric     customize         up(y, z) <= down(x, y) + up(x, z), the same for down, for each x below y below z;
                                 then edges that are longer than another way between their ends are left out of queries
    query      d(s, t) = min over common ancestors v of  climb(s, v) + descend(v, t)

The order comes from nested dissection with the separators of inertial flow (Schild & Sommer 2015), so that the tree of
ancestors is a few hundred ranks high on a network of the world. It knows no weights: any vector of additive numbers
>= 0 per arc (hours, dollars, kilograms), `inf` for closed, becomes a metric in one pass, and every query on it climbs
that tree from both ends (Dibbelt, Strasser & Wagner 2016). One to all and tables add a sweep from the root down (PHAST
and RPHAST: Delling et al. 2011). Results are those of Dijkstra's algorithm; sums are associated differently, which may
move the last digits of a double.

The work is done in C (dissection.c, hierarchy.c). All records are plain arrays that are only read, so they may be
memory maps, and threads may query one metric side by side. Hierarchies are trusted: load only arrays built here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.routing.array_checks import node_ids, require, require_node, require_rows
from keruen.routing.compiled import library

__all__ = [
    "Hierarchy",
    "Known",
    "Ladder",
    "Metric",
    "Paths",
    "build_hierarchy",
    "customize",
    "distance",
    "distances_from",
    "distances_to",
    "path",
    "paths",
    "table",
]

Ids = NDArray[np.int32]
Weights = NDArray[np.float64]

RISES, FALLS = 1, 2  # the directions of an edge, as bits
MANY_ARCS = 4096  # room for the arcs of a path
FEW_PAIRS = 64  # as many pairs are worth a thread


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The order of a graph of n nodes and m arcs, and its chordal supergraph of e edges; no weights.

    order int32[n]: node of each rank; rank int32[n]: the inverse. parent int32[n]: the lowest higher neighbour of each
    rank, -1 for a root; depth int32[n]: steps from the root. Edge k joins the rank edge_tail[k] with the higher rank
    up_head[k], both int32[e]; the edges of tail x are up_first[x] .. up_first[x + 1] - 1, by rising head. The edges
    with head x are down_edge[down_first[x]] .. down_edge[down_first[x + 1] - 1]. The arcs on edge k are
    edge_arc[edge_first_arc[k]] .. edge_arc[edge_first_arc[k + 1] - 1], by rising id; loops lie on none.
    arc_up bool[m]: the arc leads to the higher rank. Raises TypeError or ValueError if the arrays do not fit together.
    """

    order: Ids
    rank: Ids
    parent: Ids
    depth: Ids
    up_first: Ids
    up_head: Ids
    edge_tail: Ids
    down_first: Ids
    down_edge: Ids
    edge_first_arc: Ids
    edge_arc: Ids
    arc_up: NDArray[np.bool_]

    def __post_init__(self) -> None:
        n, e = self.n, self.e
        sizes = {"order": n, "rank": n, "parent": n, "depth": n, "up_first": n + 1, "down_first": n + 1}
        sizes |= {"up_head": e, "edge_tail": e, "down_edge": e, "edge_first_arc": e + 1, "edge_arc": self.edge_arc.size}
        for name, size in sizes.items():
            require(name, getattr(self, name), np.dtype(np.int32), (size,))
        require("arc_up", self.arc_up, np.dtype(np.bool_), (self.m,))
        for name, size in (("up_first", e), ("down_first", e), ("edge_first_arc", self.edge_arc.size)):
            last = getattr(self, name)[-1]
            if last != size:
                raise ValueError(f"{name} must end with {size}, not {last}: build the hierarchy again")

    @property
    def n(self) -> int:
        """Number of nodes."""
        return int(self.rank.shape[0])

    @property
    def m(self) -> int:
        """Number of arcs."""
        return int(self.arc_up.shape[0])

    @property
    def e(self) -> int:
        """Number of edges of the supergraph."""
        return int(self.up_head.shape[0])

    @cached_property
    def lower_rank(self) -> Ids:
        """The lower rank of the two that each arc joins, int32[m]; -1 for a loop."""
        found = np.full(self.m, -1, np.int32)
        found[self.edge_arc] = np.repeat(self.edge_tail, np.diff(self.edge_first_arc))
        return found

    @cached_property
    def height(self) -> int:
        """Number of ranks on the longest way to a root."""
        return int(self.depth.max()) + 1


HOP = np.dtype([("weight", np.float64), ("head", np.int32), ("depth", np.int32)])


@dataclass(frozen=True, eq=False)
class Ladder:
    """The edges that queries walk in one direction, k of them.

    first int32[n + 1]: those of rank x are first[x] .. first[x + 1] - 1. hop HOP[k]: weight, higher rank and its depth.
    edge int32[k]: which edge of the hierarchy each is.
    """

    first: Ids
    hop: NDArray[np.void]
    edge: Ids


@dataclass(frozen=True, eq=False)
class Metric:
    """A hierarchy with weights, ready for queries.

    weight float64[m]: per arc, as given to `customize`. up, down float64[e]: lightest way from the tail of an edge to
    its head, and back, over ranks below both. All in the unit of the weights; inf = closed. rising, falling: the edges
    that queries need, from tail to head by `up` and from head to tail by `down`. opened int32[2, e]: what paths found to
    lie within an edge, filled as they come by.
    """

    hierarchy: Hierarchy
    weight: Weights
    up: Weights
    down: Weights
    rising: Ladder
    falling: Ladder
    opened: Ids

    @cached_property
    def _struct(self) -> _Metric:
        """`Metric` of hierarchy.c. It points into these arrays and lives no longer than they do."""
        struct = _metric_struct(self.hierarchy, self.weight, self.up, self.down, self.rising, self.falling)
        struct.opened[:] = [row.ctypes.data for row in self.opened]
        return struct

    @cached_property
    def _by_reference(self) -> Any:
        """The address of the structure, as every query passes it."""
        return ctypes.byref(self._struct)

    @property
    def known(self) -> Known:
        """What a metric of other weights can be worked out from, in a third of the memory."""
        return Known(self.weight, self.up, self.down)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name[0] != "_"}  # addresses do not travel


@dataclass(frozen=True, eq=False)
class Known:
    """Weights and the edges that came of them, as in `Metric`, without what queries walk."""

    weight: Weights
    up: Weights
    down: Weights


@dataclass(frozen=True, eq=False)
class Paths:
    """Shortest paths of P pairs of nodes: distance float64[P], inf where there is none; path i is the arcs
    arc[ptr[i]:ptr[i + 1]], int32, in the order of travel; ptr int64[P + 1]."""

    distance: Weights
    ptr: NDArray[np.int64]
    arc: Ids

    def __len__(self) -> int:
        return int(self.distance.shape[0])

    def path(self, i: int) -> Ids:
        """The arcs of path i, int32[k]."""
        return self.arc[self.ptr[i] : self.ptr[i + 1]]


def build_hierarchy(
    first_out: Ids,
    head: Ids,
    lat: ArrayLike,
    lon: ArrayLike,
    progress: Callable[[float], None] | None = None,
) -> Hierarchy:
    """The topology of a directed graph: a few seconds for 200 thousand nodes, needed again only if arcs come or go.

    first_out: int32[n + 1], the arcs of node u are first_out[u] .. first_out[u + 1] - 1; head: int32[m]. Parallel arcs,
    loops and several components are allowed. lat, lon: [n] degrees; they only help to find good separators, so nodes
    may lie on top of each other. progress: called now and then with the share done, 0 to 1; what it raises is raised.

    The same arrays give the same hierarchy on every run. Raises TypeError for wrong dtypes, ValueError for ids out of
    range, positions that are not finite or a supergraph of more than 2^31 - 1 edges, and MemoryError.
    """
    require_rows(first_out, head)
    n = first_out.shape[0] - 1
    tail = np.repeat(np.arange(n, dtype=np.int32), np.diff(first_out))
    first, neighbour = _neighbours(n, tail, head)

    order, rank, parent, depth = (np.empty(n, np.int32) for _ in range(4))
    up_first, down_first = np.empty(n + 1, np.int32), np.empty(n + 1, np.int32)
    _dissect(first, neighbour, _unit_vectors(lat, lon, n), progress, order)
    e = call("keruen_hierarchy_plan", n, first, neighbour, order, rank, parent, up_first)
    up_head, edge_tail, down_edge = (np.empty(e, np.int32) for _ in range(3))
    call("keruen_hierarchy_edges", n, first, neighbour, order, rank, parent, up_first,
          up_head, edge_tail, down_first, down_edge, depth)  # fmt: skip

    arc_up = rank[tail] < rank[head]
    edge_arc = np.flatnonzero(tail != head).astype(np.int32)
    low, high = np.sort(np.stack((rank[tail[edge_arc]], rank[head[edge_arc]])), axis=0)
    edge = np.searchsorted(_pair_key(edge_tail, up_head, n), _pair_key(low, high, n))
    edge_first_arc = np.concatenate(([0], np.cumsum(np.bincount(edge, minlength=e)))).astype(np.int32)
    edge_arc = edge_arc[np.argsort(edge, kind="stable")]
    if progress is not None:
        progress(1.0)
    return Hierarchy(order, rank, parent, depth, up_first, up_head, edge_tail, down_first, down_edge,
                     edge_first_arc, edge_arc, arc_up)  # fmt: skip


def customize(hierarchy: Hierarchy, weights: ArrayLike, *, prune: bool = True, known: Known | None = None) -> Metric:
    """The metric of a hierarchy for weights [m], one per arc: any additive numbers >= 0, inf = closed.

    prune: leave edges out of queries that are longer than another way between their ends; queries are then twice as fast
    or more, and customization takes four times as long. known: what is known of other weights: only what differs is worked
    out, the sooner the fewer arcs that is. The answers are the same. The weights are copied.

    Raises ValueError if there is not one weight per arc, or one is negative or not a number.
    """
    weight = np.array(weights, np.float64)
    if weight.shape != (hierarchy.m,):
        raise ValueError(f"weights must have the shape ({hierarchy.m},), one for each arc, not {weight.shape}")
    if weight.size and not weight.min() >= 0:  # a minimum is nan if anything is
        arc = int(np.flatnonzero(~(weight >= 0))[0])
        raise ValueError(f"weight of arc {arc} is {weight[arc]}: it must be >= 0, or inf for closed")
    up, down = (np.empty(hierarchy.e) for _ in range(2)) if known is None else (known.up.copy(), known.down.copy())
    struct = _metric_struct(hierarchy, weight, up, down)
    if known is None:
        call("keruen_hierarchy_customize", ctypes.byref(struct), up, down)
    else:
        marked = np.zeros(hierarchy.n, np.uint8)
        differs = hierarchy.lower_rank[known.weight != weight]
        marked[differs[differs >= 0]] = 1
        call("keruen_hierarchy_recustomize", ctypes.byref(struct), marked, up, down)
    keep = np.empty(hierarchy.e, np.uint8)
    call("keruen_hierarchy_prune", ctypes.byref(struct), prune, keep)
    rising, falling = _ladder(hierarchy, struct, keep, RISES), _ladder(hierarchy, struct, keep, FALLS)
    for array in (weight, up, down, rising.hop, falling.hop):
        array.flags.writeable = False  # paths are found again by comparing sums: one changed weight would lose them
    return Metric(hierarchy, weight, up, down, rising, falling, np.zeros((2, hierarchy.e), np.int32))


def _ladder(hierarchy: Hierarchy, struct: _Metric, keep: NDArray[np.uint8], direction: int) -> Ladder:
    """The edges kept in one direction."""
    count = int(np.count_nonzero(keep & direction))
    ladder = Ladder(np.empty(hierarchy.n + 1, np.int32), np.empty(count, HOP), np.empty(count, np.int32))
    call("keruen_hierarchy_ladder", ctypes.byref(struct), keep, direction, ladder.first, ladder.hop, ladder.edge)
    return ladder


def distance(metric: Metric, source: int, target: int) -> float:
    """Weight of the shortest path between two nodes; inf if there is none. Raises ValueError for unknown node ids."""
    n = metric.hierarchy.n
    if not (0 <= source < n and 0 <= target < n):
        require_node("source", source, n)
        require_node("target", target, n)
    length = ctypes.c_double()
    if _kernel("keruen_hierarchy_distance")(metric._by_reference, int(source), int(target), ctypes.byref(length)):
        raise MemoryError(_FAILURES[-1][1])
    return length.value


def path(metric: Metric, source: int, target: int) -> tuple[float, Ids]:
    """Weight of the shortest path between two nodes and the ids of its arcs, int32[k], from source to target.

    No node is passed twice. Without a way (inf) and from a node to itself (0.0) there are no arcs.
    Raises ValueError for unknown node ids.
    """
    require_node("source", source, metric.hierarchy.n)
    require_node("target", target, metric.hierarchy.n)
    found = _paths_in_turn(metric, np.array([source], np.int32), np.array([target], np.int32), MANY_ARCS)
    return float(found.distance[0]), found.arc


def paths(metric: Metric, sources: ArrayLike, targets: ArrayLike, *, threads: int = 1) -> Paths:
    """The shortest path from sources[i] to targets[i] for all i, worked out in so many threads.

    Pairs of one source are best given one after the other, as they then find what they read in the processor's cache.
    Raises TypeError for ids that are not integers, ValueError for unknown ones or unlike numbers of both.
    """
    source, target = (node_ids(*given, metric.hierarchy.n) for given in (("sources", sources), ("targets", targets)))
    if source.shape != target.shape:
        raise ValueError(f"a target for each source: {source.size} sources, {target.size} targets")
    parts = max(1, min(threads, source.size // FEW_PAIRS))
    if parts == 1:
        return _paths_in_turn(metric, source, target, MANY_ARCS * max(1, source.size // 8))
    with ThreadPoolExecutor(parts) as pool:
        halves = zip(np.array_split(source, parts), np.array_split(target, parts), strict=True)
        found = list(
            pool.map(lambda pair: _paths_in_turn(metric, pair[0], pair[1], MANY_ARCS * pair[0].size // 8), halves)
        )
    return _one_after_the_other(found)


def _paths_in_turn(metric: Metric, source: Ids, target: Ids, room: int) -> Paths:
    """The paths of pairs, in rounds of as many as there is room for arcs."""
    found: list[Paths] = []
    length, count, done = np.empty(source.size), np.empty(source.size, np.int32), ctypes.c_int32()
    first = 0
    while first < source.size:
        arcs = np.empty(room, np.int32)
        call("keruen_hierarchy_paths", metric._by_reference, source.size - first, source[first:], target[first:],
              room, length[first:], count[first:], arcs, ctypes.byref(done))  # fmt: skip
        last = first + done.value
        if last > first:
            ptr = np.concatenate(([0], np.cumsum(count[first:last], dtype=np.int64)))
            found.append(Paths(length[first:last], ptr, arcs[: ptr[-1]].copy()))
        else:
            room = int(count[first])
        first = last
    return _one_after_the_other(found)


def _one_after_the_other(parts: list[Paths]) -> Paths:
    """Sets of paths as one."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(part.arc.size for part in parts)])
    ptr = np.concatenate([[0], *(part.ptr[1:] + start for part, start in zip(parts, starts, strict=False))])
    empty = np.empty(0)
    return Paths(
        np.concatenate([empty, *(part.distance for part in parts)]),
        ptr.astype(np.int64),
        np.concatenate([empty.astype(np.int32), *(part.arc for part in parts)]),
    )


def distances_from(metric: Metric, source: int) -> Weights:
    """float64[n]: distance from a node to every node; inf without a way. Raises ValueError for an unknown node id."""
    return _to_all("source", metric, source, is_reverse=False)


def distances_to(metric: Metric, target: int) -> Weights:
    """float64[n]: distance from every node to a node; inf without a way. Raises ValueError for an unknown node id."""
    return _to_all("target", metric, target, is_reverse=True)


def table(metric: Metric, sources: ArrayLike, targets: ArrayLike) -> Weights:
    """float64[S, T]: distance from each source to each target, inf where there is no way; repetitions are allowed.

    Raises TypeError for ids that are not integers, ValueError for unknown ones.
    """
    source, target = (node_ids(*given, metric.hierarchy.n) for given in (("sources", sources), ("targets", targets)))
    result = np.empty((source.size, target.size))
    if source.size <= target.size:  # the fewer climb, in batches; the many share the sweeps
        _sweep(metric, False, source, target.size, target, (target.size, 1), result)
    else:
        _sweep(metric, True, target, source.size, source, (1, target.size), result)
    return result


def _to_all(name: str, metric: Metric, node: int, is_reverse: bool) -> Weights:
    n = metric.hierarchy.n
    require_node(name, node, n)
    result = np.empty(n)
    _sweep(metric, is_reverse, np.array([node], np.int32), n, None, (n, 1), result)
    return result


def _sweep(metric: Metric, is_reverse: bool, origin: Ids, ends: int, end: Ids | None, strides: tuple[int, int],
           result: Weights) -> None:  # fmt: skip
    """Fills result by rows or columns, see hierarchy.c; end None = all nodes."""
    call("keruen_hierarchy_table", metric._by_reference, is_reverse, origin.size, origin, ends, end, *strides,
          result)  # fmt: skip


# -------------------------------------------------------------------------------------------------------- the topology


def _neighbours(n: int, tail: Ids, head: Ids) -> tuple[Ids, Ids]:
    """Who is joined with whom, whatever the direction: first int32[n + 1] and neighbour int32[k], each pair twice."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    pair = np.unique(_pair_key(low, high, n)[low != high])
    both = np.sort(np.concatenate((pair, pair % n * n + pair // n)))
    first = np.concatenate(([0], np.cumsum(np.bincount(both // n, minlength=n)))).astype(np.int32)
    return first, (both % n).astype(np.int32)


def _pair_key(first: Ids, second: Ids, n: int) -> NDArray[np.int64]:
    """One number for two ids below n, in the order of the pairs."""
    return first.astype(np.int64) * n + second


def _unit_vectors(lat: ArrayLike, lon: ArrayLike, n: int) -> Weights:
    """float64[n, 3]: from the centre of the earth."""
    phi, lam = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(lon, np.float64))
    if phi.shape != (n,) or lam.shape != (n,):
        raise ValueError(f"lat and lon must have the shape ({n},), one for each node, not {phi.shape} and {lam.shape}")
    if not (np.isfinite(phi).all() and np.isfinite(lam).all()):
        node = int(np.flatnonzero(~(np.isfinite(phi) & np.isfinite(lam)))[0])
        raise ValueError(f"node {node} has no position: lat and lon must be finite degrees")
    return np.stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)), axis=1)


def _dissect(first: Ids, neighbour: Ids, xyz: Weights, progress: Callable[[float], None] | None, order: Ids) -> None:
    """Fills order. An exception cannot pass through C: it stops the dissection and is raised when C has cleaned up."""
    raised: list[BaseException] = []

    def tell(done: float) -> int:
        try:
            if progress is not None:
                progress(done)
        except BaseException as error:  # also KeyboardInterrupt
            raised.append(error)
        return len(raised)

    listener = _PROGRESS(tell) if progress is not None else _PROGRESS()
    try:
        call("keruen_dissection_order", order.size, first, neighbour, xyz, listener, order)
    except InterruptedError:
        raise raised[0] from None


# ---------------------------------------------------------------------------------------------------------- the library


class _Ladder(ctypes.Structure):
    """`Ladder` of hierarchy.c."""

    arrays = ("first", "hop", "edge")
    _fields_ = [(name, ctypes.c_void_p) for name in arrays]


class _Metric(ctypes.Structure):
    """`Metric` of hierarchy.c."""

    of_hierarchy = ("rank", "parent", "depth", "up_first", "up_head", "edge_tail", "down_first", "down_edge",
                    "edge_first_arc", "edge_arc", "arc_up")  # fmt: skip
    _fields_ = [
        *(("n", ctypes.c_int32), ("height", ctypes.c_int32)),
        *((name, ctypes.c_void_p) for name in (*of_hierarchy, "weight", "up", "down")),
        *(("rising", _Ladder), ("falling", _Ladder), ("opened", ctypes.c_void_p * 2)),
    ]


def _metric_struct(hierarchy: Hierarchy, weight: Weights, up: Weights, down: Weights, *ladders: Ladder) -> _Metric:
    """`Metric` of hierarchy.c with the addresses of these arrays; without ladders for what makes them."""
    arrays = {name: getattr(hierarchy, name) for name in _Metric.of_hierarchy}
    addresses = {
        name: array.ctypes.data for name, array in (arrays | {"weight": weight, "up": up, "down": down}).items()
    }
    made = [_Ladder(*(getattr(ladder, name).ctypes.data for name in _Ladder.arrays)) for ladder in ladders]
    return _Metric(
        n=hierarchy.n,
        height=hierarchy.height,
        **addresses,
        **dict(zip(("rising", "falling"), made, strict=False)),
    )


_PROGRESS = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_double)
_INT, _LONG, _POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_void_p

_ARGUMENTS = {
    "keruen_dissection_order": [_INT] + [_POINTER] * 3 + [_PROGRESS, _POINTER],
    "keruen_hierarchy_plan": [_INT] + [_POINTER] * 6,
    "keruen_hierarchy_edges": [_INT] + [_POINTER] * 11,
    "keruen_hierarchy_recustomize": [_POINTER] * 4,
    "keruen_hierarchy_customize": [_POINTER] * 3,
    "keruen_hierarchy_distance": [_POINTER, _INT, _INT, _POINTER],
    "keruen_hierarchy_prune": [_POINTER, _INT, _POINTER],
    "keruen_hierarchy_ladder": [_POINTER] * 2 + [_INT] + [_POINTER] * 3,
    "keruen_hierarchy_paths": [_POINTER, _INT] + [_POINTER] * 2 + [_LONG] + [_POINTER] * 4,
    "keruen_hierarchy_table": [_POINTER, _INT, _INT, _POINTER, _INT, _POINTER, _LONG, _LONG, _POINTER],
}

_FAILURES: dict[int, tuple[type[Exception], str]] = {
    -1: (MemoryError, "not enough memory for the hierarchy"),
    -2: (ValueError, "the graph is too dense for a hierarchy: its supergraph has more than 2^31 - 1 edges"),
    -3: (InterruptedError, "the dissection was stopped"),
    -4: (RuntimeError, "the metric does not belong to its hierarchy: arrays were changed after customize"),
}


@cache
def _kernel(name: str) -> Callable[..., int]:
    kernel = getattr(library(), name)
    kernel.argtypes = _ARGUMENTS[name]
    kernel.restype = ctypes.c_int64 if name == "keruen_hierarchy_plan" else ctypes.c_int32
    return kernel  # type: ignore[no-any-return]


def call(name: str, *arguments: Any) -> int:
    """Calls a kernel with arrays by address and structures by reference; returns its status if that is not negative."""
    status = _kernel(name)(*(a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments))
    if status < 0:
        error, message = _FAILURES[status]
        raise error(message)
    return status
