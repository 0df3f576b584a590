"""The lines of the network: railways, highways and sea lanes, the much used first, and the services that sail by name.

    use of a line = how many of the shortest ways between important places go over it      (betweenness between chosen places)
    at zoom z are shown the most used lines of a mode, up to so many km of them, `BUDGET_KM`; each network that hangs together
    (Eurasia, North America, Australia ...) has its share by length

Important places are the largest cities (and ports, at sea) that lie apart from each other. The lines a zoom shows are joined wherever just
two meet, so that a railway is a few long lines and not thousands of stretches, and thinned to the pixels of the zoom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from keruen.network.build import World
from keruen.network.gazetteer import KINDS
from keruen.network.graph import FACILITY_KINDS, MODES, Graph, Kind
from keruen.reports.projection import along_great_circles
from keruen.tables.dataset import Dataset
from keruen.web.mercator import Floats, square_lines
from keruen.web.prepared import LAST_ZOOM, Layer, Shown
from keruen.web.thinning import TILE_PX

ALL = float("inf")
BUDGET_KM = {
    "rail": (60e3, 80e3, 110e3, 170e3, 260e3, 420e3, ALL, ALL, ALL),
    "road": (0.0, 0.0, 0.0, 0.0, 160e3, 420e3, 900e3, 1.8e6, ALL),
    "sea": (260e3, 260e3, 330e3, 450e3, 700e3, 1.1e6, 1.5e6, ALL, ALL),
}  # km of lines shown at each zoom
MAIN_KM = {"rail": 170e3, "road": 420e3, "sea": 330e3}  # the most used so many km are drawn as main lines
IMPORTANT = {
    "rail": (260, 150.0, 40.0),
    "road": (140, 250.0, 40.0),
    "sea": (110, 250.0, 60.0),
}  # places, km apart, km to the line
THINNED_PX = 0.35
SHORTEST_PX = 3.0  # a line apart from others that is shorter is left out below the last zoom but two


@dataclass(frozen=True, eq=False)
class Lines:
    """n lines of a mode in degrees, each way once: coordinates, where each starts [n + 1]; length, use, network [n]; its nodes [n, 2].

    `lasting` are nodes at which a line may end on a map that leaves others out.
    """

    lonlat: Floats
    start: NDArray[np.int64]
    km: Floats
    use: NDArray[np.int64]
    network: NDArray[np.int32]
    nodes: NDArray[np.int64]
    lasting: NDArray[np.int64]

    def of(self, i: int) -> Floats:
        """Line i, [k, 2]."""
        return self.lonlat[self.start[i] : self.start[i + 1]]


def line_layer(data: Dataset, world: World) -> Layer:
    """The layer of all lines."""
    shown: list[Shown] = []
    for mode in BUDGET_KM:
        shown += list(lines_shown(mode, lines_of(world.graph, mode, important_nodes(world, mode))))
    return Layer.of([*shown, *services_shown(data, world)])


def lines_of(graph: Graph, mode: str, important: NDArray[np.int64]) -> Lines:
    """The lines along which a mode moves, with their use between some nodes."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    travel = np.flatnonzero(travelled(graph, mode))
    moving = travel[(graph.arc_kind[travel] == Kind.MOVE) & (graph.arc_geometry[travel] >= 0)]
    joins = csr_array(
        (np.ones(len(travel), np.int8), (graph.tail[travel], graph.head[travel])), shape=(graph.n, graph.n)
    )
    _, network = connected_components(joins, directed=False)
    use = np.zeros(len(graph.geometry_first), np.int64)
    np.add.at(use, graph.arc_geometry[moving], use_of_arcs(graph, mode, important)[moving])
    _, once = np.unique(graph.arc_geometry[moving], return_index=True)
    arcs = moving[once]
    lonlat = graph.polyline(arcs)
    rows = graph.arc_geometry[arcs]
    counts = graph.geometry_first[rows + 1] - graph.geometry_first[rows]
    start = np.concatenate([[0], np.cumsum(counts)])
    nodes = np.column_stack([graph.tail[arcs], graph.head[arcs]]).astype(np.int64)
    return Lines(
        lonlat, start, graph.arc_km[arcs].astype(float), use[rows], network[graph.tail[arcs]], nodes, important
    )


def travelled(graph: Graph, mode: str) -> NDArray[np.bool_]:
    """Arcs of a mode that lead on: lines, borders and gauge yards, bool[m]."""
    kinds = (Kind.MOVE, Kind.BORDER, Kind.GAUGE)
    return np.asarray(np.isin(graph.arc_kind, kinds) & (graph.arc_mode == MODES.index(mode)))


def important_nodes(world: World, mode: str) -> NDArray[np.int64]:
    """Nodes of a mode next to the largest cities, or its ports for the sea, that lie apart from each other."""
    from scipy.spatial import cKDTree

    from keruen.network.sphere import EARTH_RADIUS_KM, unit_vectors

    graph, gazetteer = world.graph, world.gazetteer
    most, apart_km, near_km = IMPORTANT[mode]
    wanted = KINDS.index("seaport" if mode == "sea" else "city")
    rows = np.flatnonzero(gazetteer.kind >> wanted & 1)
    rows = rows[np.argsort(-gazetteer.population[rows], kind="stable")]
    layer = np.array([str(name).startswith(mode) for name in graph.layers])
    nodes = np.flatnonzero(layer[graph.node_layer])
    tree = cKDTree(unit_vectors(graph.node_lat[nodes].astype(float), graph.node_lon[nodes].astype(float)))
    points = unit_vectors(gazetteer.lat[rows], gazetteer.lon[rows])
    distance, nearest = tree.query(points, distance_upper_bound=near_km / EARTH_RADIUS_KM)
    chosen: list[int] = []
    found: list[int] = []
    for i in np.flatnonzero(np.isfinite(distance)).tolist():
        if not chosen or np.min(np.linalg.norm(points[chosen] - points[i], axis=1)) * EARTH_RADIUS_KM > apart_km:
            chosen.append(i)
            found.append(int(nodes[nearest[i]]))
        if len(found) == most:
            break
    return np.array(found, np.int64)


def use_of_arcs(graph: Graph, mode: str, important: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the shortest ways between some nodes, by km over lines, borders and gauge yards of a mode, go over each arc."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    arcs = np.flatnonzero(travelled(graph, mode))
    keys = graph.tail[arcs].astype(np.int64) * graph.n + graph.head[arcs]
    order = np.lexsort([graph.arc_km[arcs], keys])
    _, first = np.unique(keys[order], return_index=True)  # of parallel arcs the shortest
    arcs, keys = arcs[order[first]], keys[order[first]]
    weight = np.maximum(graph.arc_km[arcs].astype(float), 1e-3)
    matrix = csr_array((weight, (graph.tail[arcs], graph.head[arcs])), shape=(graph.n, graph.n))
    use = np.zeros(graph.m, np.int64)
    for source in important.tolist():
        _, before = dijkstra(matrix, indices=source, return_predecessors=True)
        at = important[before[important] >= 0]
        while len(at):
            np.add.at(use, arcs[np.searchsorted(keys, before[at].astype(np.int64) * graph.n + at)], 1)
            at = before[at].astype(np.int64)
            at = at[before[at] >= 0]
    return use


def lines_shown(mode: str, lines: Lines) -> Iterator[Shown]:
    """The lines of a mode for every zoom: of enough use, joined, thinned; the rank tells main lines (1) from others (2)."""
    until = ranked_km(lines)
    squares = [square_lines(lines.of(i)) for i in range(len(lines.km))]
    for zoom, budget in enumerate(BUDGET_KM[mode]):
        chosen = until <= budget
        if mode == "sea" and budget < ALL:
            chosen = without_loose_ends(lines, chosen)
        for rank, among in ((1, until <= MAIN_KM[mode]), (2, until > MAIN_KM[mode])):
            parts = [part for i in np.flatnonzero(among & chosen).tolist() for part in squares[i]]
            for line in thinned(joined(parts), zoom):
                yield line, zoom, zoom, {"mode": mode, "rank": rank}


def ranked_km(lines: Lines) -> Floats:
    """Km of each line and all before it, by use, as if its network were all there is: a share of its network times the whole."""
    order = np.lexsort((-lines.km, -lines.use, lines.network))
    km = lines.km[order]
    first = np.flatnonzero(np.diff(lines.network[order], prepend=-1))
    of = np.repeat(np.arange(len(first)), np.diff(first, append=len(km)))
    before = (np.cumsum(km) - km)[first]
    until = np.empty(len(km))
    until[order] = (np.cumsum(km) - before[of]) / np.add.reduceat(km, first)[of] * km.sum()
    return until


def without_loose_ends(lines: Lines, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The chosen lines without those that lead nowhere: no lane ends on the high sea."""
    kept = chosen.copy()
    while True:
        met = np.bincount(lines.nodes[kept].ravel(), minlength=int(lines.nodes.max()) + 1)
        met[lines.lasting] += 2
        loose = kept & (met[lines.nodes] < 2).any(axis=1)
        if not loose.any():
            return kept
        kept &= ~loose


def joined(lines: list[Floats]) -> NDArray[np.object_]:
    """Lines joined wherever just two of them meet."""
    if not lines:
        return np.empty(0, object)
    at = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(np.concatenate(lines), indices=at)))
    return np.asarray(shapely.get_parts(merged))


def thinned(lines: NDArray[np.object_], zoom: int) -> NDArray[np.object_]:
    """Lines with the points that the pixels of a zoom can show; those that would be specks are left out at small zooms."""
    pixel = 1.0 / (TILE_PX * 2.0**zoom)
    simple = shapely.simplify(lines, THINNED_PX * pixel, preserve_topology=False)
    keep = shapely.length(simple) > (SHORTEST_PX if zoom < LAST_ZOOM - 2 else 0.05) * pixel
    return np.asarray(simple[keep])


def services_shown(data: Dataset, world: World) -> Iterator[Shown]:
    """The services that sail or run by name, along the great circle between their ends."""
    graph = world.graph
    terminal = graph.facility_kind == FACILITY_KINDS.index("terminal")
    at = {str(graph.facility_key[i]): i for i in np.flatnonzero(terminal).tolist()}
    for row in data["services"]:
        ends = [at.get(str(row[column])) for column in ("from_place", "to_place")]
        if row["status"] == "planned" or ends[0] is None or ends[1] is None:
            continue
        points = np.array([[graph.facility_lon[i], graph.facility_lat[i]] for i in ends], float)
        about = {"mode": "rail" if row["mode"] == "rail" else "ferry", "rank": 1, "key": f"service:{row['service']}"}
        for part in square_lines(along_great_circles(points, 0.5)):
            yield shapely.LineString(part), 3, LAST_ZOOM, about


def length_of(shapes: NDArray[np.object_]) -> float:
    """Sum of the lengths of lines on the unit square."""
    return float(shapely.length(shapes).sum())
