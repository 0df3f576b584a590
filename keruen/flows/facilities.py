"""Facilities of the network whose capacity is known: the rows of the table capacities, and the arcs that each of them limits.

    border, gauge_yard, service, passage     all arcs of it            terminal     loading and unloading by the modes named
    stretch of line                          the shortest way by rail of one gauge between two places, both directions

An arc belongs to one facility; of two rows that claim one the first holds. What the network does not have (a service not running) is
left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text
from keruen.flows.capacity import Facilities
from keruen.network.graph import FACILITY_KINDS, MODES, Graph, Kind
from keruen.network.sphere import unit_vectors
from keruen.routing.kernels import shortest_tree, tree_path
from keruen.routing.question import adjacency
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row

Arcs = NDArray[np.int32]


def facilities(data: Dataset, graph: Graph) -> Facilities:
    """The facilities of the table capacities that the network has, in the order of the table."""
    found = [(row, arcs) for row in data["capacities"] if len(arcs := arcs_of(data, graph, row))]
    arc_facility = np.full(graph.m, -1, np.int32)
    for i, (_, arcs) in reversed(list(enumerate(found))):
        arc_facility[arcs] = i
    columns = ("capacity_per_year", "highest_use", "servers", "arrival_cv", "service_cv", "service_h")
    numbers = {name: np.array([row.number(name) for row, _ in found], np.float64) for name in columns}
    return Facilities(
        keys=tuple(row.text("capacity") for row, _ in found),
        names=tuple(Text(row.text("name"), row.text("name_ru")) for row, _ in found),
        unit=tuple(row.text("unit") for row, _ in found),
        arc_facility=arc_facility,
        **numbers,
    )


def arcs_of(data: Dataset, graph: Graph, row: Row) -> Arcs:
    """The arcs that a row of capacities limits, int32[k]; empty if the network has none of them."""
    if row.text("from_place"):
        return stretch(data, graph, row.text("from_place"), row.text("to_place"))
    wanted = np.zeros(len(graph.facility_key), np.bool_)
    for item in row.texts("items"):
        kind, _, key = item.partition(":")
        wanted |= (graph.facility_kind == FACILITY_KINDS.index(kind)) & (graph.facility_key == key)
    of = (graph.arc_facility >= 0) & wanted[graph.arc_facility]
    if modes := row.texts("modes"):
        of &= np.isin(graph.arc_mode, [MODES.index(mode) for mode in modes])
    return np.flatnonzero(of).astype(np.int32)


def stretch(data: Dataset, graph: Graph, start: str, end: str) -> Arcs:
    """The arcs of the shortest way by rail between two places, and those back along it; empty if no gauge joins the two."""
    rail = (graph.arc_kind == int(Kind.MOVE)) & (graph.arc_mode == MODES.index("rail"))
    km = np.where(rail, graph.arc_km.astype(np.float64), np.inf)
    network, best = adjacency(graph), np.empty(0, np.int32)
    for a, b in rail_nodes(data, graph, rail, start, end):
        tree = shortest_tree(network, km, [a], targets=[b])
        if a != b and np.isfinite(tree.distance[b]):
            best = tree_path(network, tree, b)
            break
    key = graph.tail[best].astype(np.int64) * graph.n + graph.head[best]
    back = graph.head[best].astype(np.int64) * graph.n + graph.tail[best]
    every = graph.tail.astype(np.int64) * graph.n + graph.head
    return np.flatnonzero(rail & (np.isin(every, key) | np.isin(every, back))).astype(np.int32)


def rail_nodes(data: Dataset, graph: Graph, rail: NDArray[np.bool_], start: str, end: str) -> Iterator[tuple[int, int]]:
    """For each gauge, that which comes nearest first, the nodes of its lines nearest to two places."""
    rows = [data["places"].find(place) for place in (start, end)]
    points = [(row.number("lat"), row.number("lon")) for row in rows if row is not None]
    on_line = np.unique(graph.tail[rail])
    found: list[tuple[float, int, int]] = []
    for layer in np.unique(graph.node_layer[on_line]).tolist():
        nodes = on_line[graph.node_layer[on_line] == layer]
        at = unit_vectors(graph.node_lat[nodes], graph.node_lon[nodes])
        near = [at @ unit_vectors(*point) for point in points]
        a, b = (int(nodes[np.argmax(cosine)]) for cosine in near)
        found.append((-sum(float(cosine.max()) for cosine in near), a, b))
    yield from ((a, b) for _, a, b in sorted(found))
