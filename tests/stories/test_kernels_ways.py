"""The routing kernels on maps that fit on a hand. Nodes are letters, weights are (hours, dollars, kilograms)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from keruen.routing.kernels import (
    Adjacency,
    PathSet,
    bounds,
    pareto_set,
    product_graph,
    shortest_tree,
    tree_path,
    weighted_paths,
)

Floats = NDArray[np.float64]
CLOSED = np.inf


class Map:
    """Arcs written as {"AB": (hours, dollars, kilograms)}; a letter twice in the list is a parallel arc."""

    def __init__(self, arcs: list[tuple[str, tuple[float, float, float]]]) -> None:
        arcs = sorted(arcs, key=lambda arc: arc[0][0])
        self.names = [name for name, _ in arcs]
        ends = np.array([[ord(letter) - ord("A") for letter in name] for name in self.names], np.int32)
        n = int(ends.max()) + 1
        first_out = np.searchsorted(ends[:, 0], np.arange(n + 1)).astype(np.int32)
        self.graph = Adjacency.of(first_out, np.ascontiguousarray(ends[:, 1]))
        self.weights: Floats = np.ascontiguousarray(np.array([costs for _, costs in arcs], np.float64).T)

    def ways(self, paths: PathSet) -> list[str]:
        """Each path as its letters."""
        words = [[self.names[arc] for arc in paths.path(i)] for i in range(len(paths))]
        return [word[0][0] + "".join(name[1] for name in word) if word else "" for word in words]


@pytest.fixture
def three_ways() -> Map:
    """Lorry through B: fast, dear, dirty. Ship through C: slow, cheap. Train through D: between. Through E: no use."""
    return Map(
        [
            ("AB", (5, 90, 80)), ("BF", (5, 90, 80)),
            ("AC", (50, 10, 10)), ("CF", (50, 10, 10)),
            ("AD", (20, 40, 5)), ("DF", (20, 40, 5)),
            ("AE", (30, 45, 20)), ("EF", (30, 45, 20)),
        ]
    )  # fmt: skip


def test_each_reason_has_its_way_and_the_useless_one_is_left_out(three_ways: Map) -> None:
    """K01  Three ways are best for somebody.    A --lorry B-- F    A --train D-- F    A --ship C-- F    not: E"""
    h = bounds(three_ways.graph, three_ways.weights, 5)
    found = pareto_set(three_ways.graph, three_ways.weights, h, 0, 5)
    assert three_ways.ways(found) == ["ABF", "ADF", "ACF"]
    assert found.cost.tolist() == [[10, 180, 160], [40, 80, 10], [100, 20, 20]]


def test_what_one_pays_for_decides_the_way(three_ways: Map) -> None:
    """K02  An hour worth 100, 1.1 and 0.01 dollars: lorry, train, ship."""
    h = bounds(three_ways.graph, three_ways.weights, 5)
    value_of_time = [(100, 1, 0.001), (1.1, 1, 0.001), (0.01, 1, 0.001)]
    paths = weighted_paths(three_ways.graph, three_ways.weights, h, 0, 5, value_of_time)
    assert three_ways.ways(paths) == ["ABF", "ADF", "ACF"]


def test_a_box_leaves_out_what_nobody_would_accept(three_ways: Map) -> None:
    """K03  "Within 60 hours and 100 dollars": only the train."""
    h = bounds(three_ways.graph, three_ways.weights, 5)
    found = pareto_set(three_ways.graph, three_ways.weights, h, 0, 5, box=[60, 100, np.inf])
    assert three_ways.ways(found) == ["ADF"]


def test_closed_is_not_far() -> None:
    """K04  A --1-- B --closed-- C: there is no way to C, not a long one."""
    small = Map([("AB", (1, 1, 1)), ("BC", (CLOSED, CLOSED, CLOSED))])
    tree = shortest_tree(small.graph, small.weights[0], [0])
    assert tree.distance.tolist() == [0, 1, np.inf]
    with pytest.raises(ValueError, match="does not reach node 2"):
        tree_path(small.graph, tree, 2)
    h = bounds(small.graph, small.weights, 2)
    assert len(pareto_set(small.graph, small.weights, h, 0, 2)) == 0
    assert np.all(np.isinf(weighted_paths(small.graph, small.weights, h, 0, 2, [1, 1, 1]).cost))


def test_closed_for_one_is_closed_for_all() -> None:
    """K05  An arc without a price is no free arc:  A --(1 h, closed)-- B   beside   A --(9 h, 9 $)-- B."""
    small = Map([("AB", (1, CLOSED, 1)), ("AB", (9, 9, 9))])
    h = bounds(small.graph, small.weights, 1)
    assert h[0, 0] == 1  # a bound may be too low, never too high
    assert pareto_set(small.graph, small.weights, h, 0, 1).cost.tolist() == [[9, 9, 9]]
    assert weighted_paths(small.graph, small.weights, h, 0, 1, [1, 0, 0]).cost.tolist() == [[9, 9, 9]]


def test_here_is_no_way_at_all() -> None:
    """K06  From A to A: one path, no arcs, no cost; the free circle A - B - A and the loop A - A add nothing."""
    small = Map([("AB", (0, 0, 0)), ("BA", (0, 0, 0)), ("AA", (0, 0, 0))])
    h = bounds(small.graph, small.weights, 0)
    for found in (
        pareto_set(small.graph, small.weights, h, 0, 0),
        weighted_paths(small.graph, small.weights, h, 0, 0, [1, 1, 1]),
    ):
        assert found.cost.tolist() == [[0, 0, 0]]
        assert found.path(0).tolist() == []


def test_of_equal_ways_one_is_kept() -> None:
    """K07  Two ways at the same cost in everything are one line in the answer."""
    small = Map([("AB", (1, 2, 3)), ("BD", (1, 2, 3)), ("AC", (1, 2, 3)), ("CD", (1, 2, 3))])
    found = pareto_set(small.graph, small.weights, bounds(small.graph, small.weights, 3), 0, 3)
    assert found.cost.tolist() == [[2, 4, 6]]


def test_the_nearest_gate_counts_the_road_to_it() -> None:
    """K08  Two gates: C can be reached from A (5 away already) and from B (0).   A --1-- C --9-- B"""
    small = Map([("AC", (1, 1, 1)), ("BC", (9, 9, 9))])
    tree = shortest_tree(small.graph, small.weights[0], [0, 1], offsets=[5, 0])
    assert tree.distance.tolist() == [5, 0, 6]
    assert [small.names[arc] for arc in tree_path(small.graph, tree, 2)] == ["AC"]


def test_the_way_that_must_take_the_ferry() -> None:
    """K09  A --1-- B --1-- D is short, but the ferry is C - A: with it required the way is A - C - A - B - D."""
    small = Map([("AB", (1, 1, 1)), ("BD", (1, 1, 1)), ("AC", (4, 4, 4)), ("CA", (4, 4, 4))])
    ferry = np.array([name == "CA" for name in small.names], np.uint8)
    product = product_graph(small.graph.first_out, small.graph.head, ferry, 1)
    weight = np.ascontiguousarray(small.weights[0][product.base_arc])
    tree = shortest_tree(product.graph, weight, [product.node(0, 0)])
    way = product.base_arc[tree_path(product.graph, tree, product.node(3, product.full))]
    assert [small.names[arc] for arc in way] == ["AC", "CA", "AB", "BD"]
    assert tree.distance[product.node(3, 0)] == 2
    assert tree.distance[product.node(3, product.full)] == 10
