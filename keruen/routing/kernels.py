"""Routing kernels: shortest trees, weighted paths and Pareto sets over plain arrays.

    tree         d(v) = min over paths p from a source s to v of  offset(s) + sum of w(a), a in p        (Dijkstra 1959)
    potential    h_k(v) = lightest way from v to the target in criterion k; h_k(u) <= w_k(u, v) + h_k(v)
    one weight   A* on  sum_k lambda_k w_k  with the potential  sum_k lambda_k h_k                  (Hart et al. 1968)
    Pareto set   paths that no other path equals or beats in all of three criteria              (Pulido et al. 2015)

A weight is any additive number >= 0 per arc (hours, dollars, kilograms); `inf` closes the arc. Nodes and arcs are int32
ids. The graph is a compressed sparse row structure: the arcs first_out[u] .. first_out[u + 1] - 1 leave node u.

The work is done in C (kernels.c, which names its literature at each function), loaded when first called. The arrays go
over without a copy and are only read, so they may be read-only memory maps; that is why large arrays must come with the
right dtype and C order, while short lists (sources, targets, lambdas, box) may be anything that numpy can convert. The
calls release the interpreter lock and share nothing: threads may run them side by side.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.routing.array_checks import (
    GRAPH_ERRORS,
    Ids,
    Weights,
    node_ids,
    require,
    require_lambdas,
    require_node,
    require_not_negative,
    require_rows,
)
from keruen.routing.compiled import GraphStruct, PathSetStruct, address, asked, call, library

__all__ = [
    "Adjacency",
    "Budgets",
    "PathSet",
    "ProductGraph",
    "Tree",
    "bounds",
    "distances",
    "many_trees",
    "near_best",
    "pareto_set",
    "product_graph",
    "shortest_tree",
    "tree_path",
    "weighted_paths",
]

MAX_CRITERIA = 8
MAX_ID = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Adjacency:
    """A directed graph of n nodes and m arcs, readable from both ends. Parallel arcs and loops are allowed.

    Shapes: first_out, first_in int32[n + 1]; head, tail, in_arc int32[m]. Arcs are sorted by tail; in_arc lists the arc
    ids sorted by head, then by id. layers: so many copies of one set of arcs follow each other, as in a product graph;
    weights may then be given for one layer alone, [m / layers], and hold for all.

    Raises TypeError for a wrong dtype or memory order, ValueError for arrays that do not fit together; after that the
    kernels can rely on every id being in range.
    """

    first_out: Ids
    head: Ids
    tail: Ids
    first_in: Ids
    in_arc: Ids
    layers: int = 1

    def __post_init__(self) -> None:
        n, m = self.n, self.m
        if n < 1:
            raise ValueError("a graph needs at least one node: first_out must have n + 1 entries")
        for name, size in (("first_out", n + 1), ("head", m), ("tail", m), ("first_in", n + 1), ("in_arc", m)):
            require(name, getattr(self, name), np.dtype(np.int32), (size,))
        if wrong := library().keruen_check_graph(self._struct(m)):
            raise ValueError(GRAPH_ERRORS[wrong].format(n=n, m=m))

    @classmethod
    def of(cls, first_out: Ids, head: Ids, layers: int = 1) -> Adjacency:
        """The graph of first_out int32[n + 1] and head int32[m]; tails and the reverse side are worked out in O(n + m).

        Errors as for the class.
        """
        n, m = first_out.shape[0] - 1, head.shape[0]
        require_rows(first_out, head)
        tail, first_in, in_arc = np.empty(m, np.int32), np.empty(n + 1, np.int32), np.empty(m, np.int32)
        given, made = (first_out, head), (tail, first_in, in_arc)
        call("keruen_turn_round", n, m, *map(address, given + made))
        return cls(*given, *made, layers)

    @property
    def n(self) -> int:
        """Number of nodes."""
        return int(self.first_out.shape[0]) - 1

    @property
    def m(self) -> int:
        """Number of arcs."""
        return int(self.head.shape[0])

    def _struct(self, width: int) -> Any:
        """`Graph` of kernels.h, to be passed to one call; it points into these arrays and does not keep them alive.

        width: number of weights, those of all arcs or of one layer.
        """
        arrays = (self.first_out, self.head, self.tail, self.first_in, self.in_arc)
        base = (self.n, self.m) if width == self.m else (self.n // self.layers, self.m // self.layers)
        return ctypes.byref(GraphStruct(self.n, self.m, *(array.ctypes.data for array in arrays), *base))


@dataclass(frozen=True, eq=False)
class Tree:
    """A shortest-path tree (a forest, if there are several sources).

    distance: float64[n], from the nearest source to each node, or from each node to the nearest source if `reverse`;
    inf where there is no way, where the cutoff lies before, or where the search had already reached all its targets.
    parent_arc: int32[n], the last arc of the way to the node (the first arc of the way from it, if `reverse`); -1 at
    sources and where distance is inf. settled: number of nodes with a finite distance.
    """

    distance: Weights
    parent_arc: Ids
    reverse: bool
    settled: int


@dataclass(frozen=True, eq=False)
class PathSet:
    """Paths with their costs.

    cost: float64[paths, criteria], added up along the arcs in the order of travel; a row of inf means "no path".
    arc: int32[...], ptr: int64[paths + 1]; path i is arc[ptr[i]:ptr[i + 1]] in the order of travel (no arcs at all
    where source and target are one). truncated: the search stopped at its label cap; each path here is right, but some
    may be missing. labels: work done, as nodes settled (weighted_paths) or labels made (pareto_set).
    """

    cost: Weights
    arc: Ids
    ptr: NDArray[np.int64]
    truncated: bool
    labels: int

    def __len__(self) -> int:
        return int(self.cost.shape[0])

    def path(self, i: int) -> Ids:
        """The arcs of path i in the order of travel: int32[number of arcs]."""
        return self.arc[self.ptr[i] : self.ptr[i + 1]]


@dataclass(frozen=True, eq=False)
class Budgets:
    """Limits on weighted sums of three criteria, of which a path must keep at least one (one per value of time, say), or every one.

    lambdas: float64[L, 3] >= 0; limit: float64[L], the largest sum_k lambda_k cost_k allowed (1.1 times the least);
    h: float64[L, n], the least such sum from each node to the target. `near_best` makes them.
    """

    lambdas: Weights
    h: Weights
    limit: Weights
    every: bool = False


@dataclass(frozen=True, eq=False)
class ProductGraph:
    """A graph copied into 2^k layers, where the layer of a node says which of k demands the way has met so far.

    graph: Adjacency of 2^k * n nodes and 2^k * m arcs; base_arc: int32[2^k * m], the arc of the plain graph that each
    arc stands for, whose weights serve as they are; base_n: number of nodes of the plain graph. Node v in layer S is
    S * base_n + v; the way starts in layer 0 and has met every demand in layer `full`.
    """

    graph: Adjacency
    base_arc: Ids
    base_n: int

    @property
    def full(self) -> int:
        """The layer in which every demand is met: 2^k - 1."""
        return self.graph.n // self.base_n - 1

    def node(self, base_node: int, layer: int) -> int:
        """The id of a node of the plain graph in a layer."""
        if not 0 <= base_node < self.base_n or not 0 <= layer <= self.full:
            raise ValueError(f"no node {base_node} in layer {layer}: {self.base_n} nodes, {self.full + 1} layers")
        return layer * self.base_n + base_node


def shortest_tree(
    graph: Adjacency,
    weight: Weights,
    sources: ArrayLike,
    *,
    offsets: ArrayLike | None = None,
    reverse: bool = False,
    targets: ArrayLike | None = None,
    cutoff: float = np.inf,
    ahead: Weights | None = None,
) -> Tree:
    """The lightest way from the nearest source to every node, by Dijkstra's algorithm on an indexed 4-ary heap.

    weight: float64[m] >= 0, inf = closed. sources: node ids; offsets: one finite number each, what a way that begins
    there has cost already (0 if not given). reverse: walk the arcs backwards, so distances are *to* the sources.
    targets: stop as soon as all of them are settled. cutoff: leave out what is farther. ahead: float64[n], a consistent bound of what a
    way still costs after each node, which then counts against the cutoff. Raises TypeError or ValueError.
    """
    distance, parent_arc = np.empty(graph.n), np.empty(graph.n, np.int32)
    settled = _grow(graph, weight, sources, offsets, reverse, targets, cutoff, ahead, distance, parent_arc)
    return Tree(distance, parent_arc, reverse, settled)


def distances(
    graph: Adjacency,
    weight: Weights,
    sources: ArrayLike,
    *,
    offsets: ArrayLike | None = None,
    reverse: bool = False,
    targets: ArrayLike | None = None,
    out: Weights | None = None,
    parents: Ids | None = None,
) -> Weights:
    """The distances of a shortest tree, float64[n], written to `out` if it is given, and its parent arcs, int32[n], only if there is
    `parents` to write them to; arguments and errors as `shortest_tree`."""
    distance = np.empty(graph.n) if out is None else out
    require("out", distance, np.dtype(np.float64), (graph.n,))
    if parents is not None:
        require("parents", parents, np.dtype(np.int32), (graph.n,))
    _grow(graph, weight, sources, offsets, reverse, targets, np.inf, None, distance, parents)
    return distance


def _grow(
    graph: Adjacency,
    weight: Weights,
    sources: ArrayLike,
    offsets: ArrayLike | None,
    reverse: bool,
    targets: ArrayLike | None,
    cutoff: float,
    ahead: Weights | None,
    distance: Weights,
    parent_arc: Ids | None,
) -> int:
    """Grows a tree into the last two arrays; returns the number of nodes settled."""
    _require_weight(graph, weight)
    source = node_ids("sources", sources, graph.n)
    offset = np.zeros(source.size) if offsets is None else np.ascontiguousarray(offsets, np.float64)
    if offset.shape != source.shape or not np.all(np.isfinite(offset)):
        raise ValueError(f"offsets must be one finite number for each of the {source.size} sources")
    if np.isnan(cutoff):
        raise ValueError("cutoff must be a number, not nan")
    if ahead is not None:
        require("ahead", ahead, np.dtype(np.float64), (graph.n,))
    target = None if targets is None else node_ids("targets", targets, graph.n)
    chosen = (-1 if target is None else target.size, address(target))
    settled = ctypes.c_int32()
    call(
        "keruen_shortest_tree",
        graph._struct(weight.size), address(weight), reverse, source.size, address(source), address(offset),
        *chosen, cutoff, address(ahead),
        address(distance), address(parent_arc), ctypes.byref(settled),
    )  # fmt: skip
    return settled.value


def tree_path(graph: Adjacency, tree: Tree, node: int) -> Ids:
    """The arcs of the way that a tree holds to a node (from it, if the tree is reverse), in the order of travel.

    int32[number of arcs]; empty at a source. Raises ValueError if the tree does not reach the node, or is of a graph
    with other arcs.
    """
    require_node("node", node, graph.n)
    require("the tree's parent_arc", tree.parent_arc, np.dtype(np.int32), (graph.n,))
    if not np.isfinite(tree.distance[node]):
        raise ValueError(f"the tree does not reach node {node}")
    follow, given = (
        library().keruen_tree_path,
        (graph._struct(graph.m), address(tree.parent_arc), tree.reverse, int(node)),
    )
    count = follow(*given, 0, None)
    if count < 0:
        raise ValueError("the tree belongs to another graph: its parent arcs lead nowhere")
    arcs = np.empty(count, np.int32)
    follow(*given, count, address(arcs))
    return arcs


def many_trees(
    graph: Adjacency,
    weight: Weights,
    sources: ArrayLike,
    *,
    targets: ArrayLike | None = None,
    reverse: bool = False,
) -> Weights:
    """A table of distances, one tree per source: float64[sources, targets], or [sources, n] without targets.

    weight: float64[m]. reverse: the distances run from the targets to the sources. With targets each tree stops as soon
    as all of them are settled. Errors as shortest_tree. For many sources on one metric a hierarchy is faster.
    """
    _require_weight(graph, weight)
    source = node_ids("sources", sources, graph.n)
    target = None if targets is None else node_ids("targets", targets, graph.n)
    table = np.empty((source.size, graph.n if target is None else target.size))
    chosen = (-1 if target is None else target.size, address(target))
    call(
        "keruen_many_trees",
        graph._struct(weight.size), address(weight), reverse, source.size, address(source),
        *chosen, address(table),
    )  # fmt: skip
    return table


def bounds(graph: Adjacency, weights: Weights, target: int) -> Weights:
    """The potentials h: float64[K, n], the lightest way from each node to the target in each criterion alone.

    weights: float64[K, m], 1 <= K <= 8. An arc that is inf in one criterion is closed in all of them when the paths are
    searched; h may not know of it, and is then lower than need be but still a bound. Errors as shortest_tree.
    """
    _require_weights(graph, weights)
    require_node("target", target, graph.n)
    h = np.empty((weights.shape[0], graph.n))
    for k, weight in enumerate(weights):
        h[k] = shortest_tree(graph, weight, [target], reverse=True).distance
    return h


def weighted_paths(
    graph: Adjacency,
    weights: Weights,
    h: Weights,
    source: int,
    target: int,
    lambdas: ArrayLike,
    rows: Sequence[int] | None = None,
    *,
    closed: ArrayLike | None = None,
) -> PathSet:
    """The best path for each weight vector lambda over K criteria, by A* with the potential sum_k lambda_k h_k.

    weights: float64[K, m]; h: float64[K, n] from `bounds` for the same weights and target; lambdas: float64[L, K] or
    [K], finite, >= 0. Returns L paths in order, with inf costs where there is none; the same path may come up for
    several lambdas. A lambda with a zero may return a path that another one equals in the rest and beats in that
    criterion: give it a small weight instead. rows: the rows of weights and h that are the criteria, if not all are; a
    lambda has a number for each of them, and the costs are of them. An arc that is inf in one criterion is closed whatever lambda is, and
    so are the arcs `closed` (ids). Raises TypeError or ValueError. Source: Hart, Nilsson & Raphael (1968).
    """
    _require_search(graph, weights, h, source, target)
    chosen = node_ids("rows", range(weights.shape[0]) if rows is None else rows, weights.shape[0])
    vectors = require_lambdas(lambdas, chosen.size)
    mask = _mask(graph, closed)
    return _path_set(
        "keruen_weighted_paths",
        graph._struct(weights.shape[1]), chosen.size, address(chosen), address(weights), address(h),
        address(mask), int(source), int(target), vectors.shape[0], address(vectors),
    )  # fmt: skip


def near_best(
    graph: Adjacency, weights: Weights, source: int, target: int, lambdas: ArrayLike, share: float
) -> Budgets:
    """Budgets that allow each weighted sum to be at most (1 + share) times its least: near the best way for someone.

    weights: float64[3, m]; lambdas: float64[L, 3] or [3], finite, >= 0, one vector for each value of time, say. Costs L
    reverse trees. Where the target cannot be reached the limits are inf. Raises TypeError or ValueError.
    """
    _require_weights(graph, weights)
    require_node("source", source, graph.n)
    if not 0 <= share < np.inf:
        raise ValueError(f"share must be finite and >= 0, not {share}")
    vectors = require_lambdas(lambdas, weights.shape[0])
    closed = ~np.isfinite(weights).all(axis=0)
    blended = vectors @ np.where(closed, 0.0, weights)
    blended[:, closed] = np.inf
    h = np.stack([shortest_tree(graph, weight, [target], reverse=True).distance for weight in blended])
    return Budgets(vectors, h, (1 + share) * h[:, source])


def pareto_set(
    graph: Adjacency,
    weights: Weights,
    h: Weights,
    source: int,
    target: int,
    *,
    box: ArrayLike = (np.inf, np.inf, np.inf),
    budgets: Budgets | None = None,
    closed: ArrayLike | None = None,
    goal_eps: float = 0.0,
    node_delta: float = 0.0,
    label_cap: int = 300_000,
    heed: Callable[[], None] | None = None,
) -> PathSet:
    """The paths that no other path beats, for three criteria: one path per cost vector, in lexicographic order of cost.

    weights: float64[3, m]; h: float64[3, n] from `bounds` for the same weights and target. box: the largest cost
    allowed in each criterion. budgets: weighted sums of which at least one, or every one, must be kept. closed: ids of arcs
    that are closed besides those of infinite weight. With goal_eps = node_delta = 0 and no truncation the result is the
    exact Pareto front inside box and budgets. (A limit set at an optimum itself may
    lose it to rounding: leave a margin.)

    goal_eps: every path of that front has one in the result that is not worse in the first criterion and at most
    (1 + goal_eps) times as much in the other two. node_delta thins out labels at each node by the same rule on
    f = cost so far + h; it is what makes hard cases fast, and costs little, but its loss has no proven limit short of
    (1 + node_delta)^(number of nodes). A node_delta of 1e-9 merges paths that differ by rounding alone.
    label_cap: stop, with `truncated`, after that many labels (at most 100 bytes each).
    heed: called every few thousand labels; what it raises ends the search.

    Raises TypeError or ValueError. Source: NAMOA*dr (Pulido, Mandow & Perez de la Cruz 2015), with a lazy queue.
    """
    _require_search(graph, weights, h, source, target)
    limits = np.ascontiguousarray(box, np.float64)
    if weights.shape[0] != 3 or limits.shape != (3,):
        raise ValueError("weights and box must have three criteria; fill up with rows of zeros if there are fewer")
    if np.any(np.isnan(limits)):
        raise ValueError(f"box must be three numbers, not {limits.tolist()}")
    if not (0 <= goal_eps < np.inf and 0 <= node_delta < np.inf):
        raise ValueError(f"goal_eps and node_delta must be finite and >= 0, not {goal_eps} and {node_delta}")
    if not 1 <= label_cap <= MAX_ID:
        raise ValueError(f"label_cap must be between 1 and {MAX_ID}, not {label_cap}")
    mask = _mask(graph, closed)
    with asked(heed) as listener:
        return _path_set(
            "keruen_pareto_set",
            graph._struct(weights.shape[1]), address(weights), address(h), address(mask), int(source), int(target), address(limits),
            *_budget_arguments(graph, budgets), goal_eps, node_delta, label_cap, listener,
        )  # fmt: skip


def _mask(graph: Adjacency, arcs: ArrayLike | None) -> NDArray[np.uint8] | None:
    """1 for each of some arcs, uint8[m]; None if there are none."""
    ids = None if arcs is None else node_ids("closed", arcs, graph.m, "arc")
    if ids is None or not ids.size:
        return None
    mask = np.zeros(graph.m, np.uint8)
    mask[ids] = 1
    return mask


def _budget_arguments(graph: Adjacency, budgets: Budgets | None) -> tuple[Any, ...]:
    """The five arguments of keruen_pareto_set that describe the budgets, checked."""
    if budgets is None:
        return 0, 0, None, None, None
    count = np.shape(budgets.limit)[0]
    for name, shape in (("lambdas", (count, 3)), ("h", (count, graph.n)), ("limit", (count,))):
        array = getattr(budgets, name)
        require(f"budgets.{name}", array, np.dtype(np.float64), shape)
        if array.size and np.isnan(array.min()):
            raise ValueError(f"budgets.{name} contains nan")
    if not np.all(np.isfinite(budgets.lambdas)) or np.any(budgets.lambdas < 0):
        raise ValueError("budgets.lambdas must be finite and >= 0")
    return count, int(budgets.every), address(budgets.lambdas), address(budgets.h), address(budgets.limit)


def product_graph(first_out: Ids, head: Ids, bits: NDArray[np.uint8], k: int) -> ProductGraph:
    """The graph in which ways that meet k demands are plain ways: 2^k layers, one for each set of demands met so far.

    first_out: int32[n + 1]; head: int32[m]; bits: uint8[m], bit b set on the arcs that meet demand b (an arc may meet
    several); 0 <= k <= 8. An arc with bits B leads from layer S to layer S | B. Raises TypeError or ValueError, also if
    bits has a bit >= k or the product has more than 2^31 - 1 arcs or nodes.
    """
    if not 0 <= k <= 8:
        raise ValueError(f"k must be between 0 and 8 demands, not {k}")
    require_rows(first_out, head)
    n, m, layers = first_out.shape[0] - 1, head.shape[0], 1 << k
    require("bits", bits, np.dtype(np.uint8), (m,))
    if int(bits.max(initial=0)) >= layers:
        raise ValueError(f"bits name demand {int(bits.max()).bit_length() - 1}, but there are only {k}")
    if layers * max(n, m) > MAX_ID:
        raise ValueError(f"{layers} layers of {n} nodes and {m} arcs are too many for int32 ids; make fewer demands")
    meeting = np.flatnonzero(bits)
    heads, firsts = np.empty((layers, m), np.int32), np.empty(layers * n + 1, np.int32)
    for layer in range(layers):
        np.add(head, layer * n, out=heads[layer])
        heads[layer, meeting] = head[meeting] + n * (layer | bits[meeting].astype(np.int32))
        np.add(first_out[:-1], layer * m, out=firsts[layer * n : (layer + 1) * n])
    firsts[-1] = layers * m
    return ProductGraph(Adjacency.of(firsts, heads.ravel(), layers), np.tile(np.arange(m, dtype=np.int32), layers), n)


def _require_weight(graph: Adjacency, weight: Weights) -> None:
    require("weight", weight, np.dtype(np.float64), (_width(graph, np.shape(weight)[-1:]),))
    require_not_negative("weight", weight, lambda at: f"arc {at[0]}")


def _width(graph: Adjacency, given: tuple[int, ...]) -> int:
    """How many weights there must be: one for each arc, or one for each of a layer if so many are given."""
    return graph.m // graph.layers if given == (graph.m // graph.layers,) else graph.m


def _require_weights(graph: Adjacency, weights: Weights) -> None:
    shape = np.shape(weights)
    criteria = shape[0] if len(shape) == 2 else 0
    if not 1 <= criteria <= MAX_CRITERIA:
        raise ValueError(f"weights must be [criteria, arcs] with 1 to {MAX_CRITERIA} criteria, not of shape {shape}")
    require("weights", weights, np.dtype(np.float64), (criteria, _width(graph, shape[-1:])))
    require_not_negative("weight", weights, lambda at: f"arc {at[1]} in criterion {at[0]}")


def _require_search(graph: Adjacency, weights: Weights, h: Weights, source: int, target: int) -> None:
    _require_weights(graph, weights)
    require_node("source", source, graph.n)
    require_node("target", target, graph.n)
    require("h", h, np.dtype(np.float64), (weights.shape[0], graph.n))
    require_not_negative("bound h", h, lambda at: f"node {at[1]} in criterion {at[0]}")
    if np.any(h[:, target] != 0):
        raise ValueError(f"h was made for another target: it is not 0 at node {target}")


def _path_set(name: str, *arguments: Any) -> PathSet:
    """Calls a kernel that makes a path set, and copies the set into arrays that Python owns."""
    raw = PathSetStruct()
    call(name, *arguments, ctypes.byref(raw))
    try:
        paths, criteria = raw.n_paths, raw.n_criteria
        ptr = np.ctypeslib.as_array(raw.ptr, (paths + 1,)).copy()
        cost = np.ctypeslib.as_array(raw.cost, (paths, criteria)).copy() if paths else np.empty((0, criteria))
        arc = np.ctypeslib.as_array(raw.arc, (int(ptr[-1]),)).copy() if ptr[-1] else np.empty(0, np.int32)
        return PathSet(cost, arc, ptr, bool(raw.truncated), raw.labels)
    finally:
        library().keruen_free_paths(ctypes.byref(raw))
