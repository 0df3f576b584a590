"""What must hold of the routing kernels on any graph: certificates, the exact front, and invariances.

Weights are small whole numbers, so sums are exact and ties, zero weights, loops and parallel arcs come up all the time.
"""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.routing.kernels import (
    Adjacency,
    Budgets,
    PathSet,
    Tree,
    bounds,
    many_trees,
    near_best,
    pareto_set,
    product_graph,
    shortest_tree,
    tree_path,
    weighted_paths,
)

Floats = NDArray[np.float64]
Costs = set[tuple[float, ...]]

INF = np.inf


@dataclass(frozen=True)
class Case:
    """A graph, its weights float64[3, m], and two of its nodes."""

    graph: Adjacency
    weights: Floats
    source: int
    target: int


def graph_of(n: int, arcs: list[tuple[int, int]], weights: Floats) -> tuple[Adjacency, Floats]:
    """The graph of these (tail, head) pairs, sorted by tail, with weights float64[K, m] in the same new order."""
    pairs = np.array(arcs, np.int32).reshape(-1, 2)
    order = np.argsort(pairs[:, 0], kind="stable")
    first_out = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=n))]).astype(np.int32)
    head = np.ascontiguousarray(pairs[order, 1])
    return Adjacency.of(first_out, head), np.ascontiguousarray(weights[:, order])


@st.composite
def cases(draw: st.DrawFn, max_nodes: int = 6, max_arcs: int = 14) -> Case:
    n = draw(st.integers(1, max_nodes))
    node = st.integers(0, n - 1)
    weight = (
        st.one_of(st.integers(0, 6).map(float), st.just(INF)) if draw(st.booleans()) else st.integers(0, 9).map(float)
    )
    arcs = draw(st.lists(st.tuples(node, node, weight, weight, weight), max_size=max_arcs))
    columns = np.array([arc[2:] for arc in arcs]).reshape(-1, 3).T
    graph, weights = graph_of(n, [arc[:2] for arc in arcs], columns)
    return Case(graph, weights, draw(node), draw(node))


def random_graph(n: int, m: int, seed: int) -> tuple[Adjacency, Floats]:
    """n nodes and m arcs anywhere, three criteria that differ by up to three times."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (m, 2))
    weights = rng.uniform(1, 10, m) * rng.uniform(1, 3, (3, m))
    return graph_of(n, [(int(u), int(v)) for u, v in ends], weights)


def lattice(size: int, seed: int) -> Case:
    """Corner to corner of a square lattice, with costs of 1 to 9 drawn for each arc and criterion."""
    sides = itertools.product(range(size), range(size), [(0, 1), (1, 0), (0, -1), (-1, 0)])
    arcs = [
        (row * size + column, (row + down) * size + column + right)
        for row, column, (down, right) in sides
        if 0 <= row + down < size and 0 <= column + right < size
    ]
    graph, weights = graph_of(size**2, arcs, np.random.default_rng(seed).integers(1, 10, (3, len(arcs))).astype(float))
    return Case(graph, weights, 0, size**2 - 1)


def every_simple_path(case: Case) -> list[tuple[list[int], tuple[float, ...]]]:
    """Each way from source to target that visits no node twice and no closed arc, with its costs."""
    graph, found = case.graph, []

    def walk(node: int, arcs: list[int], seen: frozenset[int]) -> None:
        if node == case.target:
            found.append((arcs, tuple(case.weights[:, arcs].sum(axis=1).tolist())))
            return
        for arc in range(graph.first_out[node], graph.first_out[node + 1]):
            head = int(graph.head[arc])
            if head not in seen and np.all(np.isfinite(case.weights[:, arc])):
                walk(head, [*arcs, arc], seen | {head})

    walk(case.source, [], frozenset([case.source]))
    return found


def front_of(costs: Costs) -> Costs:
    """The cost vectors that no other one equals or beats in every criterion."""
    return {cost for cost in costs if not any(other != cost and all(np.less_equal(other, cost)) for other in costs)}


def search(case: Case, **how: Any) -> PathSet:
    return pareto_set(
        case.graph, case.weights, bounds(case.graph, case.weights, case.target), case.source, case.target, **how
    )


def cost_set(paths: PathSet) -> Costs:
    return {tuple(row) for row in paths.cost.tolist()}


def assert_is_a_way(case: Case, arcs: NDArray[np.int32], cost: Floats) -> None:
    """The arcs join up from source to target, and their weights add up to the cost."""
    nodes = [case.source, *case.graph.head[arcs].tolist()]
    assert case.graph.tail[arcs].tolist() == nodes[:-1]
    assert nodes[-1] == case.target
    assert np.array_equal(case.weights[:, arcs].sum(axis=1), cost)


def assert_shortest(graph: Adjacency, weight: Floats, sources: list[int], offsets: list[float], tree: Tree) -> None:
    """The certificate of a shortest-path forest: no arc improves a distance, a tight arc enters every node reached."""
    d, start, end = tree.distance, graph.tail, graph.head
    if tree.reverse:
        start, end = end, start
    with np.errstate(invalid="ignore"):
        assert not np.any(d[start] + weight < d[end])
    for source, offset in zip(sources, offsets, strict=True):
        assert d[source] <= offset
    for node in np.flatnonzero(np.isfinite(d)):
        arc = tree.parent_arc[node]
        if arc < 0:
            assert d[node] == min(o for s, o in zip(sources, offsets, strict=True) if s == node)
        else:
            assert end[arc] == node
            assert d[start[arc]] + weight[arc] == d[node]
    assert np.all(tree.parent_arc[~np.isfinite(d)] == -1)
    assert tree.settled == np.isfinite(d).sum()


# ---------------------------------------------------------------------------------------------------------------- trees


@settings(deadline=None)
@given(cases(max_nodes=9, max_arcs=30), st.booleans(), st.data())
def test_a_tree_carries_its_own_proof(case: Case, reverse: bool, data: st.DataObject) -> None:
    sources = data.draw(st.lists(st.integers(0, case.graph.n - 1), min_size=1, max_size=3))
    offsets = data.draw(st.lists(st.integers(0, 9).map(float), min_size=len(sources), max_size=len(sources)))
    weight = case.weights[0]
    tree = shortest_tree(case.graph, weight, sources, offsets=offsets, reverse=reverse)
    assert_shortest(case.graph, weight, sources, offsets, tree)


def test_a_large_tree_settles_each_node_once() -> None:
    graph, weights = random_graph(3_000, 12_000, seed=6)
    for reverse in (False, True):
        tree = shortest_tree(graph, weights[0], [5, 2_000], offsets=[3, 0], reverse=reverse)
        assert_shortest(graph, weights[0], [5, 2_000], [3, 0], tree)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1e-3, 1.0, 1e9]), st.booleans())
def test_a_tree_is_right_whatever_spans_the_buckets(seed: int, heaviest: float, reverse: bool) -> None:
    """Weights from zero over ten orders of magnitude, one far above all others, sources far apart in what they have cost already."""
    graph, weights = random_graph(60, 240, seed)
    rng = np.random.default_rng(seed)
    weight = 10.0 ** rng.uniform(-7, 3, graph.m) * (rng.random(graph.m) < 0.8)
    weight[rng.integers(graph.m)] = heaviest
    sources, offsets = rng.integers(0, graph.n, 3).tolist(), rng.uniform(-1e6, 1e6, 3).tolist()
    tree = shortest_tree(graph, weight, sources, offsets=offsets, reverse=reverse)
    assert_shortest(graph, weight, sources, offsets, tree)


@settings(deadline=None)
@given(cases(max_nodes=9, max_arcs=30))
def test_a_reverse_tree_is_a_forward_tree_of_the_reversed_graph(case: Case) -> None:
    graph, weight = case.graph, case.weights[0]
    turned, turned_weight = graph_of(
        graph.n, list(zip(graph.head.tolist(), graph.tail.tolist(), strict=True)), weight[None]
    )
    backward = shortest_tree(graph, weight, [case.target], reverse=True)
    forward = shortest_tree(turned, turned_weight[0], [case.target])
    assert np.array_equal(backward.distance, forward.distance)


@settings(deadline=None)
@given(cases(max_nodes=9, max_arcs=30), st.booleans())
def test_the_path_of_a_tree_costs_its_distance(case: Case, reverse: bool) -> None:
    weight = case.weights[1]
    tree = shortest_tree(case.graph, weight, [case.target if reverse else case.source], reverse=reverse)
    node = case.source if reverse else case.target
    if not np.isfinite(tree.distance[node]):
        with pytest.raises(ValueError, match="does not reach"):
            tree_path(case.graph, tree, node)
        return
    arcs = tree_path(case.graph, tree, node)
    nodes = [case.source, *case.graph.head[arcs].tolist()]
    assert case.graph.tail[arcs].tolist() == nodes[:-1] and nodes[-1] == case.target
    assert weight[arcs].sum() == tree.distance[node]


@settings(deadline=None)
@given(cases(max_nodes=9, max_arcs=30), st.integers(0, 12), st.data())
def test_stopping_early_changes_no_distance_it_gives(case: Case, cutoff: int, data: st.DataObject) -> None:
    weight = case.weights[0]
    whole = shortest_tree(case.graph, weight, [case.source]).distance
    near = shortest_tree(case.graph, weight, [case.source], cutoff=cutoff)
    assert np.array_equal(near.distance, np.where(whole <= cutoff, whole, INF))
    ahead = shortest_tree(case.graph, weight, [case.target], reverse=True).distance
    between = shortest_tree(case.graph, weight, [case.source], cutoff=cutoff, ahead=ahead)
    assert np.array_equal(between.distance, np.where(whole + ahead <= cutoff, whole, INF))
    targets = data.draw(st.lists(st.integers(0, case.graph.n - 1), min_size=1, max_size=3))
    some = shortest_tree(case.graph, weight, [case.source], targets=targets)
    given_up = np.isinf(some.distance)
    assert np.array_equal(some.distance[targets], whole[targets])
    assert np.array_equal(some.distance[~given_up], whole[~given_up])
    assert np.all(some.parent_arc[given_up] == -1)
    assert some.settled == np.sum(~given_up)
    twice = shortest_tree(case.graph, weight, [case.source], targets=targets * 2)
    assert np.array_equal(twice.distance, some.distance)


@settings(deadline=None)
@given(cases(max_nodes=9, max_arcs=30), st.booleans(), st.data())
def test_a_table_is_made_of_trees(case: Case, reverse: bool, data: st.DataObject) -> None:
    nodes = st.lists(st.integers(0, case.graph.n - 1), max_size=4)
    sources, targets, weight = data.draw(nodes), data.draw(nodes), case.weights[0]
    rows = [shortest_tree(case.graph, weight, [source], reverse=reverse).distance for source in sources]
    whole = np.array(rows).reshape(len(sources), case.graph.n)
    assert np.array_equal(many_trees(case.graph, weight, sources, reverse=reverse), whole)
    assert np.array_equal(many_trees(case.graph, weight, sources, targets=targets, reverse=reverse), whole[:, targets])


def test_distances_are_those_of_scipy_both_ways_round() -> None:
    graph, weights = random_graph(20_000, 60_000, seed=11)
    # scipy adds parallel arcs up, so it is given the lightest of each
    order = np.lexsort((weights[0], graph.head, graph.tail))
    once = order[np.unique(np.stack([graph.tail, graph.head])[:, order], axis=1, return_index=True)[1]]
    matrix = csr_array((weights[0][once], (graph.tail[once], graph.head[once])), shape=(graph.n, graph.n))
    sources = [0, 777, 19_999]
    forward, backward = dijkstra(matrix, indices=sources), dijkstra(matrix.T.tocsr(), indices=sources)
    assert np.isinf(forward).any() and np.isfinite(forward).sum() > 10_000
    np.testing.assert_allclose(many_trees(graph, weights[0], sources), forward, rtol=1e-13)
    np.testing.assert_allclose(many_trees(graph, weights[0], sources, reverse=True), backward, rtol=1e-13)


# ------------------------------------------------------------------------------------------------------- weighted paths


@settings(deadline=None)
@given(cases(), st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=4))
def test_a_weighted_path_is_the_best_for_its_weights(case: Case, lambdas: list[tuple[int, int, int]]) -> None:
    h = bounds(case.graph, case.weights, case.target)
    paths = weighted_paths(case.graph, case.weights, h, case.source, case.target, lambdas)
    every = [np.array(cost) for _, cost in every_simple_path(case)]
    assert len(paths) == len(lambdas)
    for i, vector in enumerate(lambdas):
        if not every:
            assert np.all(np.isinf(paths.cost[i])) and paths.path(i).size == 0
            continue
        assert_is_a_way(case, paths.path(i), paths.cost[i])
        assert np.dot(vector, paths.cost[i]) == min(np.dot(vector, cost) for cost in every)


@settings(deadline=None)
@given(cases(), st.data())
def test_closing_a_link_never_improves_an_optimum(case: Case, data: st.DataObject) -> None:
    assume(case.graph.m > 0)
    link = data.draw(st.integers(0, case.graph.m - 1))
    closed = case.weights.copy()
    closed[:, link] = INF
    before = bounds(case.graph, case.weights, case.target)
    after = bounds(case.graph, closed, case.target)
    assert np.all(after >= before)


@settings(deadline=None)
@given(cases(), st.data())
def test_an_arc_named_as_closed_is_one_of_infinite_weight(case: Case, data: st.DataObject) -> None:
    assume(case.graph.m > 0)
    ids = data.draw(st.lists(st.integers(0, case.graph.m - 1), max_size=4))
    weights, ends = case.weights.copy(), (case.source, case.target)
    weights[:, ids] = INF
    h = bounds(case.graph, case.weights, case.target)
    for find, more in ((weighted_paths, ([[1, 2, 1]],)), (pareto_set, ())):
        named = find(case.graph, case.weights, h, *ends, *more, closed=ids)  # type: ignore[operator]
        shut = find(case.graph, weights, h, *ends, *more)  # type: ignore[operator]
        assert named.cost.tolist() == shut.cost.tolist() and named.arc.tolist() == shut.arc.tolist()


@settings(deadline=None)
@given(cases())
def test_bounds_are_consistent_potentials(case: Case) -> None:
    h = bounds(case.graph, case.weights, case.target)
    assert np.all(h[:, case.target] == 0)
    assert np.all(h[:, case.graph.tail] <= case.weights + h[:, case.graph.head])


# ---------------------------------------------------------------------------------------------------------- Pareto sets


@settings(max_examples=400, deadline=None)
@given(cases())
def test_the_exact_front_is_the_one_found_by_looking_at_every_path(case: Case) -> None:
    found = search(case)
    assert cost_set(found) == front_of({cost for _, cost in every_simple_path(case)})
    assert len(found) == len(cost_set(found))
    assert not found.truncated
    for i in range(len(found)):
        assert_is_a_way(case, found.path(i), found.cost[i])


@settings(max_examples=200, deadline=None)
@given(cases(), st.data())
def test_a_box_keeps_exactly_the_part_of_the_front_inside_it(case: Case, data: st.DataObject) -> None:
    every = {cost for _, cost in every_simple_path(case)}
    corner = st.sampled_from(sorted(every)) if every else st.just((9.0, 9.0, 9.0))
    box = [max(cost[k] for cost in data.draw(st.lists(corner, min_size=1, max_size=2))) for k in range(3)]
    box[data.draw(st.integers(0, 2))] += data.draw(st.sampled_from([-1, 0, INF]))
    inside = {cost for cost in front_of(every) if all(np.less_equal(cost, box))}
    assert cost_set(search(case, box=box)) == inside


@settings(max_examples=200, deadline=None)
@given(cases(), st.lists(st.tuples(*[st.integers(0, 4)] * 3, st.integers(0, 60)), min_size=1, max_size=3))
def test_budgets_keep_exactly_the_part_of_the_front_that_one_of_them_allows_or_every_one(
    case: Case, rows: list[tuple[int, int, int, int]]
) -> None:
    lambdas = np.array([row[:3] for row in rows], np.float64).reshape(-1, 3)
    limit = np.array([row[3] for row in rows], np.float64)
    h = near_best(case.graph, case.weights, case.source, case.target, lambdas, 0).h
    front = front_of({cost for _, cost in every_simple_path(case)})
    allowed = {cost for cost in front if np.any(lambdas @ cost <= limit)}
    assert cost_set(search(case, budgets=Budgets(lambdas, h, limit))) == allowed
    allowed = {cost for cost in front if np.all(lambdas @ cost <= limit)}
    assert cost_set(search(case, budgets=Budgets(lambdas, h, limit, every=True))) == allowed


@settings(deadline=None)
@given(cases(), st.tuples(*[st.integers(1, 4)] * 3))
def test_what_is_near_the_best_is_within_its_share_of_it(case: Case, vector: tuple[int, int, int]) -> None:
    every = {cost for _, cost in every_simple_path(case)}
    near = near_best(case.graph, case.weights, case.source, case.target, vector, 0.5)
    least = min((np.dot(vector, cost) for cost in every), default=INF)
    assert near.limit == [1.5 * least]
    allowed = {cost for cost in front_of(every) if np.dot(vector, cost) <= 1.5 * least}
    assert cost_set(search(case, budgets=near)) == allowed


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.05, 0.2, 0.5, 1.0]))
def test_the_goal_tolerance_covers_the_front(seed: int, eps: float) -> None:
    case = lattice(6, seed)
    front, found = search(case).cost, search(case, goal_eps=eps).cost
    wide = front * [1, 1 + eps, 1 + eps]
    assert np.all(np.any(np.all(found[None] <= wide[:, None], axis=2), axis=1))
    assert cost_set(search(case, goal_eps=eps)) <= cost_set(search(case))


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.01, 0.1]))
def test_the_node_tolerance_loses_at_most_its_share_at_each_node(seed: int, delta: float) -> None:
    case = lattice(6, seed)
    whole, thin = search(case), search(case, node_delta=delta)
    loss = (1 + delta) ** (np.diff(whole.ptr) + 1)
    wide = whole.cost * np.stack([np.ones_like(loss), loss, loss], axis=1)
    assert np.all(np.any(np.all(thin.cost[None] <= wide[:, None], axis=2), axis=1))


@settings(deadline=None)
@given(cases(max_nodes=7, max_arcs=18), st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.1, 0.5]))
def test_no_path_returned_is_dominated_by_another(case: Case, eps: float, delta: float) -> None:
    found = search(case, goal_eps=eps, node_delta=delta)
    assert front_of(cost_set(found)) == cost_set(found)
    assert len(cost_set(found)) == len(found)
    assert (len(found) > 0) == (len(every_simple_path(case)) > 0)
    assert found.cost.tolist() == sorted(found.cost.tolist())


@settings(deadline=None)
@given(cases(), st.randoms())
def test_relabelling_the_nodes_changes_no_cost(case: Case, random: Random) -> None:
    names = np.random.default_rng(random.randrange(2**32)).permutation(case.graph.n)
    arcs = list(zip(names[case.graph.tail].tolist(), names[case.graph.head].tolist(), strict=True))
    graph, weights = graph_of(case.graph.n, arcs, case.weights)
    again = Case(graph, weights, int(names[case.source]), int(names[case.target]))
    assert cost_set(search(again)) == cost_set(search(case))


def test_a_larger_front_agrees_with_label_correcting() -> None:
    """9 x 9 nodes: the plainest method, sets of costs pushed along arcs until nothing changes, finds the same front."""
    case = lattice(9, seed=4)
    labels: dict[int, Costs] = {case.source: {(0.0, 0.0, 0.0)}}
    waiting = [case.source]
    while waiting:
        node = waiting.pop(0)
        for arc in range(case.graph.first_out[node], case.graph.first_out[node + 1]):
            head, step = int(case.graph.head[arc]), case.weights[:, arc]
            old = labels.get(head, set())
            new = front_of(old | {tuple((np.array(cost) + step).tolist()) for cost in labels[node]})
            if new != old:
                labels[head] = new
                waiting += [] if head in waiting else [head]
    found = search(case)
    assert len(found) > 50
    assert cost_set(found) == labels[case.target]


def test_every_optimum_of_a_weighted_sum_is_on_the_front() -> None:
    case = lattice(25, seed=2)
    h = bounds(case.graph, case.weights, case.target)
    grid = [(i + 0.01, j + 0.01, 6.01 - i - j) for i in range(7) for j in range(7 - i)]
    found, supported = search(case), weighted_paths(case.graph, case.weights, h, case.source, case.target, grid)
    assert len(cost_set(supported)) > 5
    assert cost_set(supported) < cost_set(found)
    assert np.array_equal(found.cost.min(axis=0), h[:, case.source])


def test_a_label_cap_truncates_and_says_so() -> None:
    case = lattice(15, seed=2)
    whole = search(case)
    part = search(case, label_cap=whole.labels // 2)
    assert part.truncated and not whole.truncated
    assert part.labels <= whole.labels // 2
    assert cost_set(part) < cost_set(whole)
    assert not search(case, label_cap=whole.labels).truncated


def test_a_long_search_asks_whether_to_go_on_and_stops_at_once() -> None:
    """Counted in labels: each question is some thousands of them after the one before."""
    case = lattice(30, seed=2)
    asked: list[int] = []
    whole = search(case, heed=lambda: asked.append(1))
    assert len(asked) > 5 and whole.labels / len(asked) < 20_000
    assert cost_set(whole) == cost_set(search(case))

    def stop() -> None:
        asked.append(1)
        raise InterruptedError("enough")

    asked.clear()
    with pytest.raises(InterruptedError, match="enough"):
        search(case, heed=stop)
    assert len(asked) == 1


def test_rounding_alone_makes_no_second_path() -> None:
    """Tenths do not add up exactly: of two ways that differ in the last digit only one stays with a tiny tolerance."""
    arcs = [(0, 1), (1, 3), (0, 2), (2, 3)]
    weights = np.array([[0.1, 0.7, 0.7, 0.1], [0.3, 0.6, 0.6, 0.3], [0.2, 0.2, 0.2, 0.2]])
    weights[0] += [0.1, 0.0, 0.0, 0.1 + 1e-16]
    graph, weights = graph_of(4, arcs, weights)
    assert len(search(Case(graph, weights, 0, 3), node_delta=1e-9)) == 1


# -------------------------------------------------------------------------------------------------------- product graph


@settings(deadline=None)
@given(cases(max_nodes=5, max_arcs=10), st.integers(0, 2), st.data())
def test_a_product_graph_finds_the_best_walk_that_meets_all_demands(case: Case, k: int, data: st.DataObject) -> None:
    graph, weight = case.graph, case.weights[0]
    bits = np.array(data.draw(st.lists(st.integers(0, 2**k - 1), min_size=graph.m, max_size=graph.m)), np.uint8)
    product = product_graph(graph.first_out, graph.head, bits, k)
    assert np.array_equal(product.graph.tail % graph.n, graph.tail[product.base_arc])
    assert np.array_equal(product.graph.head % graph.n, graph.head[product.base_arc])
    tree = shortest_tree(product.graph, np.ascontiguousarray(weight[product.base_arc]), [product.node(case.source, 0)])
    # the same by fixpoint over (node, demands met)
    best = {(case.source, 0): 0.0}
    for _ in range(graph.n * 2**k):
        for (node, met), arc in itertools.product(list(best), range(graph.m)):
            if graph.tail[arc] == node and np.isfinite(weight[arc]):
                to = (int(graph.head[arc]), met | int(bits[arc]))
                best[to] = min(best.get(to, INF), best[node, met] + weight[arc])
    for layer in range(2**k):
        assert tree.distance[product.node(case.target, layer)] == best.get((case.target, layer), INF)


# -------------------------------------------------------------------------------------------------- refusals and memory

BAD_CALLS: list[tuple[type[Exception], str, Callable[[Adjacency, Floats, Floats], object]]] = [
    (ValueError, "weight of arc 2 is nan", lambda g, w, h: shortest_tree(g, np.array([1, 1, np.nan]), [0])),
    (ValueError, "weight of arc 1 is -1", lambda g, w, h: shortest_tree(g, np.array([1.0, -1, 1]), [0])),
    (ValueError, "arc 2 in criterion 0", lambda g, w, h: bounds(g, np.array([[1, 1, np.nan]]), 0)),
    (TypeError, "float64, not float32", lambda g, w, h: shortest_tree(g, w[0].astype(np.float32), [0])),
    (TypeError, "contiguous", lambda g, w, h: shortest_tree(g, np.zeros((3, 2))[:, 0], [0])),
    (ValueError, "shape", lambda g, w, h: shortest_tree(g, np.zeros(4), [0])),
    (ValueError, "sources must be node ids from 0 to 2", lambda g, w, h: shortest_tree(g, w[0], [3])),
    (TypeError, "integer node ids", lambda g, w, h: shortest_tree(g, w[0], [0.5])),
    (ValueError, "ahead must have the shape", lambda g, w, h: shortest_tree(g, w[0], [0], ahead=np.zeros(1))),
    (ValueError, "one finite number", lambda g, w, h: shortest_tree(g, w[0], [0], offsets=[INF])),
    (ValueError, "target is -1", lambda g, w, h: bounds(g, w, -1)),
    (ValueError, "another target", lambda g, w, h: pareto_set(g, w, h, 0, 1)),
    (ValueError, "lambdas", lambda g, w, h: weighted_paths(g, w, h, 0, 2, [1, -1, 1])),
    (ValueError, "3 columns", lambda g, w, h: weighted_paths(g, w, h, 0, 2, [1, 1])),
    (ValueError, "three criteria", lambda g, w, h: pareto_set(g, w[:2].copy(), h[:2].copy(), 0, 2)),
    (ValueError, "box", lambda g, w, h: pareto_set(g, w, h, 0, 2, box=[1, np.nan, 1])),
    (ValueError, "goal_eps", lambda g, w, h: pareto_set(g, w, h, 0, 2, goal_eps=-0.1)),
    (ValueError, "label_cap", lambda g, w, h: pareto_set(g, w, h, 0, 2, label_cap=0)),
    (ValueError, "demand 3", lambda g, w, h: product_graph(g.first_out, g.head, np.full(3, 8, np.uint8), 2)),
    (ValueError, "too many", lambda g, w, h: product_graph(*million_arcs(), np.zeros(10**7, np.uint8), 8)),
]


def million_arcs() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Ten million loops at one node."""
    return np.array([0, 10**7], np.int32), np.zeros(10**7, np.int32)


@pytest.mark.parametrize(("kind", "message", "call"), BAD_CALLS, ids=[row[1] for row in BAD_CALLS])
def test_what_cannot_be_right_is_refused(
    kind: type[Exception], message: str, call: Callable[[Adjacency, Floats, Floats], object]
) -> None:
    graph, weights = graph_of(3, [(0, 1), (1, 2), (0, 2)], np.ones((3, 3)))
    with pytest.raises(kind, match=message):
        call(graph, weights, bounds(graph, weights, 2))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("first_out", [0, 3, 2, 3]),
        ("first_in", [0, 0, 1, 2]),
        ("head", [1, 3, 2]),
        ("tail", [0, 1, 1]),
        ("in_arc", [0, 2, 1]),
        ("in_arc", [0, 1, 1]),
    ],
)
def test_arrays_that_are_no_graph_are_refused(name: str, wrong: list[int]) -> None:
    graph, _ = graph_of(3, [(0, 1), (0, 2), (1, 2)], np.ones((1, 3)))
    arrays = {key: getattr(graph, key) for key in ("first_out", "head", "tail", "first_in", "in_arc")}
    Adjacency(**arrays)
    with pytest.raises(ValueError, match=name):
        Adjacency(**arrays | {name: np.array(wrong, np.int32)})


def test_a_tree_of_another_graph_is_refused() -> None:
    graph, weights = graph_of(3, [(0, 1), (1, 2)], np.ones((1, 2)))
    circle = Tree(np.zeros(3), np.array([1, 0, 1], np.int32), reverse=False, settled=3)
    turning, _ = graph_of(3, [(0, 1), (1, 0)], np.ones((1, 2)))
    with pytest.raises(ValueError, match="another graph"):
        tree_path(turning, circle, 0)
    with pytest.raises(ValueError, match="another graph"):
        tree_path(graph, Tree(np.zeros(3), np.array([-1, 7, 7], np.int32), reverse=False, settled=3), 2)


def test_read_only_memory_maps_serve_as_they_are(tmp_path: Path) -> None:
    graph, weights = random_graph(200, 800, seed=5)
    arrays: dict[str, NDArray[Any]] = {"first_out": graph.first_out, "head": graph.head, "weights": weights}
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in arrays}
    same = Adjacency.of(mapped["first_out"], mapped["head"])
    assert same.head is mapped["head"]
    there = search(Case(same, mapped["weights"], 0, 100))
    assert there.cost.tolist() == search(Case(graph, weights, 0, 100)).cost.tolist()


def test_a_graph_survives_copying_and_threads_do_not_disturb_each_other() -> None:
    graph, weights = random_graph(2_000, 8_000, seed=9)
    alone = [shortest_tree(graph, weights[0], [source]).distance for source in range(40)]
    for same in (copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):
        with ThreadPoolExecutor(4) as pool:
            at_once = list(pool.map(lambda s, g=same: shortest_tree(g, weights[0], [s]).distance, range(40)))
        assert all(np.array_equal(a, b) for a, b in zip(alone, at_once, strict=True))
