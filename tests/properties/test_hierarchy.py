"""What must hold of hierarchies on any network: distances are the shortest, paths are paths, names do not matter.

The judge is the three-line algorithm of Floyd and Warshall, which shares nothing with the hierarchy.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.routing.hierarchy import (
    Hierarchy,
    Metric,
    build_hierarchy,
    customize,
    distance,
    distances_from,
    distances_to,
    path,
    paths,
    table,
)

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]

INF = np.inf
SAME: dict[str, Any] = {"rtol": 1e-12, "atol": 0}  # sums associated differently may differ in the last digits


@dataclass(frozen=True)
class Network:
    """A directed graph whose nodes have positions and whose arcs have weights."""

    first_out: Ids
    head: Ids
    lat: Floats
    lon: Floats
    weight: Floats

    @property
    def n(self) -> int:
        return len(self.lat)

    @property
    def tail(self) -> Ids:
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.first_out))

    def hierarchy(self) -> Hierarchy:
        return build_hierarchy(self.first_out, self.head, self.lat, self.lon)

    def metric(self) -> Metric:
        return customize(self.hierarchy(), self.weight)


def network_of(tail: Any, head: Any, weight: Any, lat: Any, lon: Any) -> Network:
    """The network of these arcs, brought into the order of their tails."""
    order = np.argsort(tail, kind="stable")
    first_out = np.concatenate([[0], np.cumsum(np.bincount(np.asarray(tail, int), minlength=len(lat)))])
    return Network(first_out.astype(np.int32), np.asarray(head, np.int32)[order], np.asarray(lat, float),
                   np.asarray(lon, float), np.asarray(weight, float)[order])  # fmt: skip


WEIGHTS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "whole numbers": lambda rng, m: rng.integers(0, 5, m).astype(float),  # ties and zeros; sums are exact
    "tenths": lambda rng, m: rng.integers(0, 4, m) / 10,  # ties that rounding breaks
    "any": lambda rng, m: rng.uniform(0, 1, m) ** 8,
    "zero": lambda rng, m: np.zeros(m),
}


@st.composite
def networks(draw: st.DrawFn, max_nodes: int = 30) -> Network:
    """Arcs between any nodes, with loops, parallel arcs, separate parts, closed arcs, hubs joined with all nodes."""
    n = draw(st.integers(1, max_nodes))
    density = draw(st.sampled_from([0.5, 1, 2, 4, 10]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    tail, head = rng.integers(0, n, (2, int(n * density)))
    if draw(st.booleans()):  # only arcs to near neighbours, so that there are far ends and good separators
        head = (tail + rng.integers(-2, 3, tail.size)) % n
    for hub in rng.integers(0, n, draw(st.integers(0, 2))):
        tail, head = np.append(tail, [hub] * n), np.append(head, range(n))
    weight = WEIGHTS[draw(st.sampled_from(sorted(WEIGHTS)))](rng, tail.size)
    weight[rng.random(tail.size) < draw(st.sampled_from([0, 0.1, 0.5]))] = INF
    spread = draw(st.sampled_from([0.0, 1.0, 90.0]))  # all nodes in one place, a town, the world
    return network_of(tail, head, weight, rng.uniform(-spread, spread, n), rng.uniform(-2 * spread, 2 * spread, n))


def lattice(size: int, seed: int = 0, hubs: int = 0) -> Network:
    """A square of size x size nodes over some 10 degrees, two-way streets, and hubs with arcs to and from 200 nodes."""
    rng = np.random.default_rng(seed)
    node = np.arange(size * size).reshape(size, size)
    ends = [(node[:, :-1], node[:, 1:]), (node[:-1], node[1:])]
    ends += [(np.full(200, rng.integers(node.size)), rng.integers(0, node.size, 200)) for _ in range(hubs)]
    a, b = (np.concatenate([pair[side].ravel() for pair in ends]) for side in (0, 1))
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    row, column = np.divmod(np.arange(size * size), size)
    return network_of(tail, head, rng.uniform(1, 10, tail.size), 40 + row * 10 / size, 70 + column * 10 / size)


def all_distances(network: Network) -> Floats:
    """float64[n, n] by Floyd (1962) and Warshall (1962)."""
    d = np.full((network.n, network.n), INF)
    np.minimum.at(d, (network.tail, network.head), network.weight)
    np.fill_diagonal(d, 0)
    for k in range(network.n):
        d = np.minimum(d, d[:, k, None] + d[k])
    return d


def everything(metric: Metric) -> Floats:
    nodes = np.arange(metric.hierarchy.n)
    return table(metric, nodes, nodes)


# ----------------------------------------------------------------------------------------------------------- distances


@settings(max_examples=300, deadline=None)
@given(networks())
def test_distances_are_the_shortest(network: Network) -> None:
    np.testing.assert_allclose(everything(network.metric()), all_distances(network), **SAME)


@settings(max_examples=100, deadline=None)
@given(networks(max_nodes=12))
def test_every_question_has_one_answer(network: Network) -> None:
    metric = network.metric()
    d = everything(metric)
    for u in range(network.n):
        np.testing.assert_allclose(distances_from(metric, u), d[u], **SAME)
        np.testing.assert_allclose(distances_to(metric, u), d[:, u], **SAME)
        np.testing.assert_allclose([distance(metric, u, v) for v in range(network.n)], d[u], **SAME)


@settings(max_examples=50, deadline=None)
@given(networks(), st.data())
def test_a_table_is_made_of_single_distances(network: Network, data: st.DataObject) -> None:
    metric = network.metric()
    nodes = st.lists(st.integers(0, network.n - 1), max_size=20)  # in any order, and repeated
    sources, targets = data.draw(nodes), data.draw(nodes)
    found = table(metric, sources, targets)
    assert found.shape == (len(sources), len(targets))
    for i, s in enumerate(sources):
        np.testing.assert_allclose(found[i], [distance(metric, s, t) for t in targets], **SAME)


def test_distances_on_a_larger_network() -> None:
    """A lattice with hubs is beyond the smallest cases: separators, sides and lanes all come up. Judge: scipy."""
    network = lattice(60, hubs=5)
    metric = network.metric()
    sources = np.arange(0, network.n, 97)
    d = dijkstra(csr_array((network.weight, network.head, network.first_out)), indices=sources)
    np.testing.assert_allclose(table(metric, sources, np.arange(network.n)), d, **SAME)
    np.testing.assert_allclose(distances_from(metric, int(sources[5])), d[5], **SAME)


# --------------------------------------------------------------------------------------------------------------- paths


@settings(max_examples=300, deadline=None)
@given(networks(max_nodes=12))
def test_a_path_leads_from_source_to_target_and_weighs_the_distance(network: Network) -> None:
    metric = network.metric()
    d = all_distances(network)
    for s in range(network.n):
        for t in range(network.n):
            length, arcs = path(metric, s, t)
            assert length == distance(metric, s, t)
            if d[s, t] == INF or s == t:
                assert length == d[s, t] and arcs.size == 0
                continue
            nodes = [s, *network.head[arcs].tolist()]
            assert network.tail[arcs].tolist() == nodes[:-1] and nodes[-1] == t, "the arcs do not follow each other"
            assert len(set(nodes)) == len(nodes), "a node is passed twice"
            np.testing.assert_allclose(network.weight[arcs].sum(), d[s, t], **SAME)


def test_of_parallel_arcs_a_path_takes_the_lightest() -> None:
    network = network_of([0, 0, 0, 1], [1, 1, 1, 0], [5, 3, 4, 1], [0, 0], [0, 1])
    length, arcs = path(network.metric(), 0, 1)
    assert (length, arcs.tolist()) == (3, [1])


def test_a_path_longer_than_the_first_guess() -> None:
    n = 10_000
    network = network_of(np.arange(n - 1), np.arange(1, n), np.ones(n - 1), np.zeros(n), np.linspace(0, 90, n))
    length, arcs = path(network.metric(), 0, n - 1)
    assert length == n - 1
    assert arcs.tolist() == list(range(n - 1))


@settings(max_examples=60, deadline=None)
@given(networks(max_nodes=12))
def test_paths_of_many_pairs_are_those_of_each_pair(network: Network) -> None:
    metric = network.metric()
    pairs = np.array([(s, t) for s in range(network.n) for t in range(network.n)])
    for threads in (1, 3):
        found = paths(metric, pairs[:, 0], pairs[:, 1], threads=threads)
        assert len(found) == len(pairs)
        for i, (s, t) in enumerate(pairs.tolist()):
            length, arcs = path(metric, s, t)
            assert found.distance[i] == length and found.path(i).tolist() == arcs.tolist()


def test_many_paths_in_rounds_and_threads() -> None:
    network = lattice(30, hubs=3)
    metric = network.metric()
    sources, targets = np.random.default_rng(7).integers(0, network.n, (2, 2000))
    found = paths(metric, sources, targets, threads=2)
    assert found.ptr[-1] == found.arc.size
    sums = [network.weight[found.path(i)].sum() for i in range(len(found))]
    np.testing.assert_allclose(sums, found.distance, **SAME)
    np.testing.assert_allclose(
        found.distance, table(metric, sources, np.arange(network.n))[range(2000), targets], **SAME
    )
    assert len(paths(metric, [], [])) == 0
    with pytest.raises(ValueError, match="a target for each source"):
        paths(metric, [1, 2], [3])


# --------------------------------------------------------------------------------------------------- edges left out


@settings(max_examples=200, deadline=None)
@given(networks())
def test_edges_left_out_change_no_answer(network: Network) -> None:
    hierarchy = network.hierarchy()
    slim, whole = customize(hierarchy, network.weight), customize(hierarchy, network.weight, prune=False)
    np.testing.assert_allclose(everything(slim), everything(whole), **SAME)
    for kept, all_of_them in ((slim.rising, whole.rising), (slim.falling, whole.falling)):
        assert set(kept.edge.tolist()) <= set(all_of_them.edge.tolist())


def test_an_edge_is_kept_where_it_weighs_the_distance_of_its_ends() -> None:
    network = lattice(20, hubs=2)
    metric = network.metric()
    hierarchy, d = metric.hierarchy, everything(metric)
    tail, head = hierarchy.order[hierarchy.edge_tail], hierarchy.order[hierarchy.up_head]
    for kept, weight, apart in (
        (metric.rising, metric.up, d[tail, head]),
        (metric.falling, metric.down, d[head, tail]),
    ):
        is_shortest = np.isclose(weight, apart, **SAME) & np.isfinite(weight)
        assert np.flatnonzero(is_shortest).tolist() == kept.edge.tolist()
        assert 0 < len(kept.edge) < hierarchy.e


# -------------------------------------------------------------------------------------------------------- three phases


@settings(max_examples=100, deadline=None)
@given(networks(), st.integers(0, 2**32))
def test_new_weights_on_an_old_hierarchy_are_as_good_as_a_new_one(network: Network, seed: int) -> None:
    old = network.metric()
    weight = np.random.default_rng(seed).uniform(0, 9, len(network.head))
    anew, fresh = customize(old.hierarchy, weight), customize(network.hierarchy(), weight)
    np.testing.assert_array_equal(anew.up, fresh.up)
    np.testing.assert_array_equal(anew.down, fresh.down)
    np.testing.assert_array_equal(everything(customize(old.hierarchy, network.weight)), everything(old))


@settings(deadline=None)
@given(networks(), st.integers(0, 10_000), st.floats(0, 1))
def test_weights_worked_out_from_others_are_the_same_to_the_last_bit(network: Network, seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    weight = network.weight.copy()
    other = np.flatnonzero(rng.random(len(weight)) < share)
    weight[other] = rng.choice([0.0, 0.5, 1.0, 3.0, INF], len(other))
    hierarchy = network.hierarchy()
    near = customize(hierarchy, network.weight, prune=False).known
    anew, revised = customize(hierarchy, weight, prune=False), customize(hierarchy, weight, prune=False, known=near)
    assert np.array_equal(anew.up, revised.up) and np.array_equal(anew.down, revised.down)
    assert np.array_equal(customize(hierarchy, network.weight, prune=False).up, near.up)


@settings(max_examples=100, deadline=None)
@given(networks(), st.data())
def test_closing_arcs_never_shortens_a_way(network: Network, data: st.DataObject) -> None:
    metric = network.metric()
    closed = network.weight.copy()
    closed[data.draw(st.lists(st.integers(0, max(len(closed) - 1, 0)), max_size=len(closed)))] = INF
    assert np.all(everything(customize(metric.hierarchy, closed)) >= everything(metric) * (1 - 1e-12))


@settings(max_examples=100, deadline=None)
@given(networks(), st.integers(0, 2**32))
def test_names_of_nodes_do_not_matter(network: Network, seed: int) -> None:
    name = np.random.default_rng(seed).permutation(network.n)
    old = np.argsort(name)
    other = network_of(name[network.tail], name[network.head], network.weight, network.lat[old], network.lon[old])
    np.testing.assert_allclose(everything(other.metric())[np.ix_(name, name)], everything(network.metric()), **SAME)


@settings(max_examples=100, deadline=None)
@given(networks())
def test_turning_all_arcs_round_turns_all_distances_round(network: Network) -> None:
    back = network_of(network.head, network.tail, network.weight, network.lat, network.lon)
    np.testing.assert_allclose(everything(back.metric()), everything(network.metric()).T, **SAME)


@settings(max_examples=50, deadline=None)
@given(networks())
def test_the_unit_does_not_matter(network: Network) -> None:
    metric = network.metric()
    np.testing.assert_array_equal(everything(customize(metric.hierarchy, network.weight * 4)), everything(metric) * 4)


# ------------------------------------------------------------------------------------------------------------ topology


@settings(max_examples=100, deadline=None)
@given(networks())
def test_the_supergraph_is_chordal_and_holds_every_arc(network: Network) -> None:
    h = network.hierarchy()
    assert sorted(h.order) == list(range(h.n)) and np.array_equal(h.order[h.rank], np.arange(h.n))
    higher = [h.up_head[h.up_first[x] : h.up_first[x + 1]].tolist() for x in range(h.n)]
    for x, neighbours in enumerate(higher):
        assert neighbours == sorted(set(neighbours)) and all(y > x for y in neighbours)
        assert h.parent[x] == (neighbours[0] if neighbours else -1)
        if neighbours:
            assert set(neighbours[1:]) <= set(higher[h.parent[x]]), "eliminating did not join the higher neighbours"
            assert h.depth[x] == h.depth[h.parent[x]] + 1
    assert sorted(h.edge_arc) == np.flatnonzero(network.tail != network.head).tolist()
    on_edge = np.repeat(np.arange(h.e), np.diff(h.edge_first_arc))
    low, high = h.rank[network.tail[h.edge_arc]], h.rank[network.head[h.edge_arc]]
    assert np.array_equal(h.arc_up[h.edge_arc], low < high)
    assert np.array_equal(h.edge_tail[on_edge], np.minimum(low, high))
    assert np.array_equal(h.up_head[on_edge], np.maximum(low, high))
    assert np.array_equal(h.up_head[h.down_edge], np.repeat(np.arange(h.n), np.diff(h.down_first)))


@settings(max_examples=50, deadline=None)
@given(networks(max_nodes=15))
def test_no_lower_triangle_is_a_short_cut(network: Network) -> None:
    metric = network.metric()
    h, edge = metric.hierarchy, {}
    for e in range(h.e):
        edge[h.edge_tail[e], h.up_head[e]] = e
    for (x, y), xy in edge.items():
        for z in h.up_head[h.up_first[x] : h.up_first[x + 1]]:
            if z > y:
                xz, yz = edge[x, z], edge[y, z]
                assert metric.up[yz] <= metric.down[xy] + metric.up[xz]
                assert metric.down[yz] <= metric.down[xz] + metric.up[xy]


def test_separators_of_a_map_are_found() -> None:
    """A lattice of 80 x 80 can be parted by 80 nodes, each half by 40 and each quarter by 40, and so on: the tree is
    about 80 + 40 + 40 + 20 + 20 .. < 320 high. Without separators it would be thousands."""
    h = lattice(80).hierarchy()
    assert h.height < 320
    assert h.e < 20 * h.n


def test_hubs_do_not_swell_the_supergraph() -> None:
    """Twenty airports with flights to 200 towns each: every rank may see each of them, but no more than that."""
    plain, hubs = lattice(60).hierarchy(), lattice(60, hubs=20).hierarchy()
    assert hubs.e < plain.e + 30 * plain.n
    assert hubs.height < plain.height + 60


def test_a_chain_becomes_a_low_tree() -> None:
    n = 4096
    chain = network_of(np.arange(n - 1), np.arange(1, n), np.ones(n - 1), np.zeros(n), np.linspace(0, 90, n))
    assert chain.hierarchy().height < 40


def test_the_same_network_gives_the_same_hierarchy() -> None:
    first, second = lattice(30, hubs=3).hierarchy(), lattice(30, hubs=3).hierarchy()
    for field in fields(Hierarchy):
        np.testing.assert_array_equal(getattr(first, field.name), getattr(second, field.name))


def test_progress_rises_to_one() -> None:
    network, told = lattice(40), list[float]()
    build_hierarchy(network.first_out, network.head, network.lat, network.lon, told.append)
    assert told == sorted(told) and told[-1] == 1 and len(told) > 10


def test_a_build_can_be_interrupted() -> None:
    network = lattice(40)

    def press_control_c(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_hierarchy(network.first_out, network.head, network.lat, network.lon, press_control_c)


# --------------------------------------------------------------------------------------------------- arrays and errors


def test_hierarchies_can_be_read_only_maps_of_files(tmp_path: Path) -> None:
    network = lattice(12, hubs=1)
    metric = network.metric()
    maps = {}
    for field in fields(Hierarchy):
        np.save(tmp_path / f"{field.name}.npy", getattr(metric.hierarchy, field.name))
        maps[field.name] = np.load(tmp_path / f"{field.name}.npy", mmap_mode="r")
    np.testing.assert_array_equal(everything(customize(Hierarchy(**maps), network.weight)), everything(metric))


def test_metrics_can_be_copied_and_shared() -> None:
    metric = lattice(12, hubs=1).metric()
    expected = [distance(metric, s, 7) for s in range(50)]
    for twin in (pickle.loads(pickle.dumps(metric)), copy.deepcopy(metric)):
        assert [distance(twin, s, 7) for s in range(50)] == expected
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda s: path(metric, s, 7)[0], range(50))) == expected


def test_a_metric_does_not_follow_later_changes_of_the_weights() -> None:
    network = lattice(12)
    weight = network.weight.copy()
    metric = customize(network.hierarchy(), weight)
    before = path(metric, 0, 143)
    weight[:] = INF
    after = path(metric, 0, 143)
    assert before[0] == after[0] and np.array_equal(before[1], after[1])
    with pytest.raises(ValueError, match="read-only"):
        metric.weight[0] = 0


@pytest.mark.parametrize("bad", [-1.0, np.nan, -INF, -1e-300])
def test_weights_that_are_no_weights_are_refused(bad: float) -> None:
    network = lattice(5)
    weight = network.weight.copy()
    weight[17] = bad
    with pytest.raises(ValueError, match="weight of arc 17"):
        customize(network.hierarchy(), weight)


def test_wrong_questions_are_refused() -> None:
    network = lattice(5)
    metric = network.metric()
    with pytest.raises(ValueError, match="shape"):
        customize(metric.hierarchy, network.weight[:-1])
    for ask in (distance, path):
        with pytest.raises(ValueError, match="target is 25"):
            ask(metric, 0, 25)
    for ask_all in (distances_from, distances_to):
        with pytest.raises(ValueError, match="is -1"):
            ask_all(metric, -1)
    with pytest.raises(ValueError, match="sources"):
        table(metric, [0, 25], [0])
    with pytest.raises(TypeError, match="targets"):
        table(metric, [0], [0.5])


def test_wrong_networks_are_refused() -> None:
    network = lattice(5)
    good: dict[str, Any] = {name: getattr(network, name) for name in ("first_out", "head", "lat", "lon")}
    nowhere = network.lat.copy()
    nowhere[3] = np.nan
    for wrong, message in (
        ({"head": network.head + 1}, "head"),
        ({"first_out": network.first_out[:0]}, "first_out"),
        ({"first_out": network.first_out + 1}, "first_out"),
        ({"lat": nowhere}, "node 3"),
        ({"lon": network.lon[:-1]}, "shape"),
    ):
        with pytest.raises(ValueError, match=message):
            build_hierarchy(**{**good, **wrong})
    with pytest.raises(TypeError, match="int32"):
        build_hierarchy(**{**good, "head": network.head.astype(np.int64)})


def test_arrays_of_another_hierarchy_are_refused() -> None:
    h = lattice(5).hierarchy()
    arrays: dict[str, Any] = {field.name: getattr(h, field.name) for field in fields(Hierarchy)}
    with pytest.raises(ValueError, match="up_first"):
        Hierarchy(**{**arrays, "up_head": h.up_head[:-1], "edge_tail": h.edge_tail[:-1], "down_edge": h.down_edge[:-1],
                     "edge_first_arc": h.edge_first_arc[:-1]})  # fmt: skip
    with pytest.raises(TypeError, match="rank"):
        Hierarchy(**{**arrays, "rank": h.rank.astype(np.int64)})
