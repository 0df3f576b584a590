"""Routing on the full world network, side by side with the peers: one-to-one, one-to-all, many-to-many, and the Pareto query.

    python benchmarks/routing.py [--pairs 60] [--quick]          prints a Markdown table; needs the extra `benchmark`

Every program gets the same graph (arcs that a 40-foot container may use, generalized cost in USD), the same random pairs of terminals and
the same sources. Times are process CPU time, medians; answers are compared with SciPy's. Preparation is timed apart. searoute knows only
the sea, so it is asked port to port on its own lanes.
"""

from __future__ import annotations

import argparse
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

import keruen
from keruen.routing.cost import generalized_cost, weighting, world_costs
from keruen.routing.hierarchy import build_hierarchy, customize, distance, distances_from, path, paths, table
from keruen.routing.kernels import Adjacency, many_trees, shortest_tree
from keruen.routing.pareto import Tolerance, efficient_ways, outlook, preferences
from keruen.routing.question import adjacency
from keruen.routing.shipment import Shipment, consignment

Floats = NDArray[np.float64]


@dataclass
class Case:
    """What all programs are asked: the open arcs of the network, pairs, sources, and a table of S x S."""

    n: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    weight: Floats
    pairs: list[tuple[int, int]]
    sources: list[int]
    table_nodes: NDArray[np.int32]
    answers: list[float] = field(default_factory=list)


@dataclass
class Row:
    """One line of the table; milliseconds, None where a program cannot do it."""

    program: str
    prepare_s: float | None = None
    pair_ms: float | None = None
    all_ms: float | None = None
    table_s: float | None = None  # 50 x 1000
    worst_error: float | None = None
    note: str = ""


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a call and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def median_ms(work: Callable[[Any], Any], items: list[Any]) -> tuple[float, list[Any]]:
    """Median CPU milliseconds over items, and the results."""
    seconds, results = zip(*(cpu(lambda item=item: work(item)) for item in items), strict=True)
    return 1000 * statistics.median(seconds), list(results)


def measure(
    case: Case,
    program: str,
    prepare: Callable[[], Any],
    pair: Any = None,
    everything: Any = None,
    many: Any = None,
    note: str = "",
) -> Row:
    """Time a program on a case. `pair(g, s, t)`, `everything(g, s)`, `many(g, rows, columns)` are its calls."""
    row = Row(program, note=note)
    row.prepare_s, graph = cpu(prepare)
    if pair:
        pair(graph, *case.pairs[0])
        row.pair_ms, found = median_ms(lambda st: pair(graph, *st), case.pairs)
        errors = [
            abs(a - b) / b
            for a, b in zip(found, case.answers, strict=True)
            if a is not None and b > 0 and np.isfinite(b)
        ]
        row.worst_error = max(errors, default=None)
    if everything:
        everything(graph, case.sources[0])
        row.all_ms, _ = median_ms(lambda s: everything(graph, s), case.sources)
    if many:
        row.table_s, _ = cpu(lambda: many(graph, case.table_nodes[:50], case.table_nodes))
    print(f"  {program}: {row}", file=sys.stderr)
    return row


def scipy_row(case: Case) -> Row:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    def prepare() -> Any:
        order = np.lexsort((case.weight, case.head, case.tail))
        tail, head, weight = case.tail[order], case.head[order], case.weight[order]
        first = np.concatenate([[True], (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])])
        return csr_matrix((np.maximum(weight[first], 1e-12), (tail[first], head[first])), shape=(case.n, case.n))

    graph = prepare()
    case.answers = [float(dijkstra(graph, indices=s)[t]) for s, t in case.pairs]
    return measure(
        case,
        "SciPy dijkstra",
        prepare,
        lambda g, s, t: float(dijkstra(g, indices=s)[t]),
        lambda g, s: dijkstra(g, indices=s),
        lambda g, rows, columns: dijkstra(g, indices=rows)[:, columns],
        note="no early stop",
    )


def igraph_row(case: Case) -> Row:
    import igraph

    def prepare() -> Any:
        graph = igraph.Graph(case.n, np.stack([case.tail, case.head], axis=1), directed=True)
        graph.es["w"] = case.weight
        return graph

    def pair(g: Any, s: int, t: int) -> float:
        return float(g.distances(s, t, weights="w")[0][0])

    def many(g: Any, rows: Any, columns: Any) -> Any:
        return g.distances(list(dict.fromkeys(rows.tolist())), list(dict.fromkeys(columns.tolist())), weights="w")

    return measure(case, "igraph", prepare, pair, lambda g, s: g.distances(s, weights="w"), many)


def rustworkx_row(case: Case) -> Row:
    import rustworkx as rx

    def prepare() -> Any:
        graph = rx.PyDiGraph(multigraph=True)
        graph.add_nodes_from([None] * case.n)
        graph.add_edges_from(list(zip(case.tail.tolist(), case.head.tolist(), case.weight.tolist(), strict=True)))
        return graph

    def pair(g: Any, s: int, t: int) -> float:
        found = rx.dijkstra_shortest_path_lengths(g, s, float, goal=t)
        return float(found[t]) if t in found else np.inf

    def many(g: Any, rows: Any, columns: Any) -> Any:
        trees = (dict(rx.dijkstra_shortest_path_lengths(g, int(s), float)) for s in rows)
        return [[tree.get(t, np.inf) for t in columns.tolist()] for tree in trees]

    return measure(case, "rustworkx", prepare, pair, lambda g, s: rx.dijkstra_shortest_path_lengths(g, s, float), many)


def networkx_row(case: Case) -> Row:
    import networkx as nx

    def prepare() -> Any:
        graph = nx.DiGraph()
        order = np.argsort(-case.weight)  # the lightest of parallel arcs is written last
        graph.add_weighted_edges_from(
            zip(case.tail[order].tolist(), case.head[order].tolist(), case.weight[order].tolist(), strict=True)
        )
        return graph

    def pair(g: Any, s: int, t: int) -> float:
        try:
            return float(nx.bidirectional_dijkstra(g, s, t)[0])
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return np.inf

    short = Case(
        **{**case.__dict__, "pairs": case.pairs[:12], "answers": case.answers[:12], "sources": case.sources[:2]}
    )
    return measure(
        short, "NetworkX bidirectional", prepare, pair, lambda g, s: nx.single_source_dijkstra_path_length(g, s)
    )


def scgraph_rows(case: Case) -> list[Row]:
    from scgraph import Graph

    def prepare() -> Any:
        adjacency: list[dict[int, float]] = [{} for _ in range(case.n)]
        for u, v, w in zip(case.tail.tolist(), case.head.tolist(), case.weight.tolist(), strict=True):
            if w < adjacency[u].get(v, np.inf):
                adjacency[u][v] = w
        return Graph(adjacency)

    def call(name: str) -> Callable[[Any, int, int], float]:
        def pair(g: Any, s: int, t: int) -> float:
            try:
                return float(getattr(g, name)(origin_id=s, destination_id=t)["length"])
            except Exception as problem:
                if "path" in str(problem).lower():
                    return np.inf
                raise

        return pair

    rows = []
    for name in ("dijkstra", "bidirectional_dijkstra", "dijkstra_buckets", "bidirectional_buckets"):
        try:
            rows.append(measure(case, f"scgraph {name}", prepare, call(name)))
        except Exception as problem:
            rows.append(Row(f"scgraph {name}", note=f"failed: {type(problem).__name__}: {problem}"[:80]))
    graph = prepare()
    rows[0].all_ms, _ = median_ms(lambda s: graph.get_shortest_path_tree(origin_id=s), case.sources)
    return rows


def searoute_row() -> Row:
    import searoute

    ports = [
        (106.68, 20.86),
        (4.0, 51.95),
        (121.5, 31.2),
        (-118.27, 33.74),
        (9.9, 53.5),
        (39.2, 21.5),
        (-46.3, -24.0),
        (18.4, -33.9),
    ]
    pairs = [(a, b) for a in ports for b in ports if a != b][:30]
    row = Row("searoute (networkx), its own lanes")
    row.prepare_s, _ = cpu(lambda: searoute.searoute(*pairs[0]))
    row.pair_ms, _ = median_ms(lambda ab: searoute.searoute(*ab), pairs)
    return row


def keruen_rows(case: Case, graph: Adjacency, weight: Floats, lat: Floats, lon: Floats) -> list[Row]:
    """Keruen's plain tree, and its contraction hierarchy without and with the path."""

    def pair(g: Adjacency, s: int, t: int) -> float:
        return float(shortest_tree(g, weight, [s], targets=[t]).distance[t])

    plain = measure(
        case, "Keruen tree (early stop)", lambda: graph, pair, lambda g, s: shortest_tree(g, weight, [s]),
        lambda g, rows, columns: many_trees(g, weight, rows, targets=columns),
    )  # fmt: skip
    order_s, hierarchy = cpu(lambda: build_hierarchy(graph.first_out, graph.head, lat, lon))
    adjust_s, metric = cpu(lambda: customize(hierarchy, weight))
    quick = measure(case, "Keruen hierarchy", lambda: metric, distance, distances_from, table)
    whole_s, _ = cpu(lambda: table(metric, case.table_nodes, case.table_nodes))
    unpruned_s, _ = cpu(lambda: customize(hierarchy, weight, prune=False))
    quick.prepare_s = order_s + adjust_s
    quick.note = (
        f"order {order_s:.1f} s once per network, weights {1000 * adjust_s:.0f} ms per shipment ({1000 * unpruned_s:.0f} without pruning); "
        f"1000 x 1000 in {whole_s:.2f} s"
    )
    with_path = measure(case, "Keruen hierarchy, with path", lambda: metric, lambda g, s, t: path(g, s, t)[0])
    many = pairs_of_hundred(case)
    many_s, _ = cpu(lambda: paths(metric, many[:, 0], many[:, 1]))
    with_path.note = f"{len(many):,} paths in one call: {1000 * many_s / len(many):.3g} ms each"
    together = Row("Keruen hierarchy, 8 sources at once")
    everywhere = np.arange(case.n, dtype=np.int32)
    together.all_ms, _ = median_ms(lambda s: table(metric, [s] * 8, everywhere), case.sources)
    together.all_ms /= 8
    return [plain, quick, with_path, together]


def pairs_of_hundred(case: Case) -> NDArray[np.int32]:
    """All pairs of a hundred nodes of the table, source by source, int32[10000, 2]."""
    some = case.table_nodes[:100]
    return np.stack([np.repeat(some, len(some)), np.tile(some, len(some))], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--table", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="only Keruen and SciPy")
    options = parser.parse_args()
    data = keruen.load()
    world = keruen.open_world(data)
    costs = world_costs(data, world.graph, consignment(data, Shipment()))
    money = generalized_cost(costs.weights, costs.consignment)
    graph = adjacency(world.graph)
    is_open = np.flatnonzero(np.isfinite(money))
    rng = np.random.default_rng(20261123)
    ends = world.graph.place_start
    known = shortest_tree(
        graph, money, [int(world.graph.place_start[np.searchsorted(world.graph.place_code, "DEDUI")])]
    ).distance
    ends = ends[np.isfinite(known[ends])]
    pairs = [(int(a), int(b)) for a, b in rng.choice(ends, (options.pairs, 2)) if a != b]
    case = Case(
        world.graph.n,
        world.graph.tail[is_open],
        world.graph.head[is_open],
        money[is_open],
        pairs,
        [int(s) for s in rng.choice(ends, 5)],
        rng.choice(ends, options.table).astype(np.int32),
    )
    lat, lon = world.graph.node_lat.astype(np.float64), world.graph.node_lon.astype(np.float64)
    rows = [scipy_row(case), *keruen_rows(case, graph, money, lat, lon)]
    if not options.quick:
        for make in (igraph_row, rustworkx_row, networkx_row):
            rows.append(make(case))
        rows += scgraph_rows(case)
        rows.append(searoute_row())
    report(world, rows, pareto_times(graph, costs.weights, weighting(costs.consignment), pairs))


def pareto_times(
    graph: Adjacency, weights: Floats, own: Floats, pairs: list[tuple[int, int]]
) -> dict[str, list[float]]:
    """CPU milliseconds of the outlook to a target, of the search with a known outlook, and the number of ways, for each pair."""
    times: dict[str, list[float]] = {
        "outlook (cold, once per destination) ms": [],
        "search (warm) ms": [],
        "ways": [],
        "truncated": [],
    }
    wishes = preferences(weights, own)
    for s, t in pairs:
        seconds, view = cpu(lambda t=t: outlook(graph, wishes, t))
        times["outlook (cold, once per destination) ms"].append(1000 * seconds)
        seconds, front = cpu(lambda s=s, view=view: efficient_ways(graph, wishes, view, s, Tolerance()))
        times["search (warm) ms"].append(1000 * seconds)
        times["ways"].append(len(front.ways))
        times["truncated"].append(float(front.truncated))
    return times


def report(world: Any, rows: list[Row], pareto: dict[str, list[float]]) -> None:
    """Print the tables in Markdown."""
    names = ("numpy", "scipy", "igraph", "rustworkx", "networkx", "scgraph", "searoute")
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}; ",
        end="",
    )
    print(", ".join(f"{name} {installed(name)}" for name in names))
    print(f"\n{world.graph.n:,} nodes, {world.graph.m:,} arcs, {world.graph.nbytes() / 1e6:.0f} MB of arrays; ", end="")
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")
    print("| program | prepare s | one-to-one ms | one-to-all ms | 50 x 1000 s | worst relative error | note |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        cells = [
            f"{x:.3g}" if x is not None else ""
            for x in (row.prepare_s, row.pair_ms, row.all_ms, row.table_s, row.worst_error)
        ]
        print(f"| {row.program} | {' | '.join(cells)} | {row.note} |")
    print("\n| Pareto query | p50 | p95 | max |\n|---|---|---|---|")
    for name, values in pareto.items():
        p50, p95 = np.percentile(values, [50, 95])
        print(f"| {name} | {p50:.0f} | {p95:.0f} | {max(values):.0f} |")


def installed(name: str) -> str:
    """Version of a package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


if __name__ == "__main__":
    main()
