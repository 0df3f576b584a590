"""What a dataset adds to the network it was made from: new nodes and arcs beside those of the built network, without building it again.

    additions(data)              rows that data has and its base has not: services, new tracks of rail_lines, gauge yards, borders, places
    overlaid(world, data, ...)   the arrays of the base network with the arcs of the additions sorted in among them

Nodes and facilities keep their numbers and new ones follow; arcs are numbered anew, in order of tail and head, so that whatever goes
by arc (costs, features, hierarchies) belongs to the new network alone. The additions are laid by the functions that a build lays them
by, onto an `Assembly` that goes on where the built network ends. A port of sea lanes, an airport, a whole frontier or a line of
the map changes how lines are drawn and which terminals there are: such a dataset is built anew. A terminal on land is laid on, joined
to the lines as the built network draws them: a build might keep a point of a line nearer to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem
from keruen.network.assembly import Assembly, Facility, LayerNodes
from keruen.network.features import with_features
from keruen.network.graph import FACILITY_KINDS, MODES, ArcList, Graph, Kind, compressed_rows
from keruen.tables.dataset import Dataset
from keruen.tables.features import Feature
from keruen.tables.table import Row, Table

if TYPE_CHECKING:
    from keruen.network.crossings import Crossings
    from keruen.network.gazetteer import Gazetteer

# Tables whose rows may be added; kinds of places that sea lanes and flights are laid for; tables of which a row may be opened or shut,
# with the kind of its facility.
LAID = ("services", "rail_lines", "gauge_yards", "borders", "places")
BY_LANE = {"seaport", "airport"}
OPENED = {"services": "service", "passages": "passage"}


@dataclass
class Additions:
    """Keys of added rows by table, and facilities (kind, key) that are opened or shut."""

    rows: dict[str, list[str]] = field(default_factory=dict)
    opened: dict[tuple[str, str], bool] = field(default_factory=dict)


def additions(data: Dataset, read: Mapping[str, Sequence[str]]) -> Additions | None:
    """What a dataset adds to its base in tables that the network reads (`read`: their columns); None if it changes something else too.

    Corridors may be changed at will: they are only names of features.
    """
    found = Additions()
    for name, columns in read.items():
        here, there = data.find_table(name), data.base.find_table(name)
        if here is None or there is None:
            return None
        if name == "corridors" or here is there:
            continue
        changed = changed_rows(here, there, columns)
        if changed is None or not all(suits(name, here.row(i), there, found, columns) for i in changed):
            return None
    return found


def changed_rows(here: Table, there: Table, columns: Sequence[str]) -> list[int] | None:
    """Rows that are new or not as they were, ascending; None if a row is gone."""
    if not set(there.keys) <= set(here.keys):
        return None
    cells = [(here.cell_texts(column), there.cell_texts(column)) for column in columns]
    known = {key: i for i, key in enumerate(there.keys)}
    return [
        i for i, key in enumerate(here.keys) if key not in known or any(new[i] != old[known[key]] for new, old in cells)
    ]


def suits(name: str, row: Row, there: Table, found: Additions, columns: Sequence[str]) -> bool:
    """Whether a changed row can be laid onto the built network; it is then put among the additions."""
    key = row.table.keys[row.index]
    before = there.find(*key.split("/"))
    if before is None or (name == "services" and before.text("status") == "planned"):
        is_map_line = name == "rail_lines" and row.boolean("new_track") is not True
        is_whole_frontier = name == "borders" and bool(np.isnan(row.number("lat")))
        is_by_lane = name == "places" and bool(BY_LANE & set(row.texts("kind")))
        if name not in LAID or is_map_line or is_whole_frontier or is_by_lane:
            return False
        found.rows.setdefault(name, []).append(key)
        return True
    flag = {"services": "status", "passages": "default_open"}.get(name, "")
    is_open = {"services": row.get("status") == "active", "passages": row.get("default_open") is True}.get(name, False)
    if not flag or row.get(flag) == "planned" or not all(same(row, before, column, flag) for column in columns):
        return False
    found.opened[OPENED[name], key] = is_open
    return True


def same(row: Row, before: Row, column: str, flag: str) -> bool:
    """Whether a cell is as it was, or the one that opens and shuts; unknown is equal to unknown."""
    return column == flag or row.table.cell_texts(column)[row.index] == before.table.cell_texts(column)[before.index]


def overlaid(graph: Graph, gazetteer: Gazetteer, data: Dataset, added: Additions, features: list[Feature]) -> Graph:
    """The network with the additions of a dataset.

    Raises:
        BadTable: a row that was added could not be joined to the network.
    """
    from keruen.network.terminals import add_gauge_yards, add_services

    assembly = going_on(graph)
    troubles: list[str] = []
    layers: dict[str, LayerNodes] = {}
    if added.rows.keys() & {"rail_lines", "gauge_yards", "places"}:
        layers = {
            str(name): layer_nodes(graph, k) for k, name in enumerate(graph.layers) if str(name).startswith("rail_")
        }
    at_border: dict[int, int] = {}
    if added.rows.get("rail_lines") or added.rows.get("borders"):
        from keruen.network.crossings import Crossings, towns
        from keruen.network.laid_lines import add_new_lines

        crossings = Crossings(assembly, list(data["borders"]), *towns(gazetteer))
        crossings.remember()
        at_border = crossed_at(
            graph, crossings, [row for row in data["borders"] if row.text("border") in added.rows.get("borders", [])]
        )
        layers, troubles = add_new_lines(assembly, data, layers, crossings, added.rows.get("rail_lines", []))
    hubs = hubs_of(graph)
    if keys := added.rows.get("places"):
        more, unreached = new_terminals(assembly, graph, data, keys, layers)
        hubs, troubles = hubs | more, [*troubles, *unreached]
    if keys := added.rows.get("services"):
        rows = [row for row in data["services"] if row.text("service") in keys]
        troubles += add_services(assembly, rows, hubs)
    if keys := added.rows.get("gauge_yards"):
        from keruen.network.world import offered_sites

        rows = [row for row in data["gauge_yards"] if row.table.keys[row.index] in keys]
        troubles += add_gauge_yards(assembly, rows, {site.code: site for site in offered_sites(data)}, layers)
    if troubles:
        raise BadTable([problem_of(data, trouble) for trouble in troubles])
    if at_border:
        facility = np.array(graph.arc_facility)
        facility[list(at_border)] = list(at_border.values())
        graph = replace(graph, arc_facility=facility, memo={})
    larger = extended(graph, assembly)
    if added.opened:
        larger = replace(larger, facility_open=opened(larger, added.opened), memo={})
    return with_features(larger, features)


def new_terminals(
    assembly: Assembly, graph: Graph, data: Dataset, keys: Sequence[str], rails: Mapping[str, LayerNodes]
) -> tuple[dict[str, list[int]], list[str]]:
    """Terminals at added places, joined to the roads and railways near them, new tracks too; their hubs, and what no line comes near."""
    from keruen.network.terminals import LIMIT_KM, Layers, add_anchors, add_sites, countries_of, spurs
    from keruen.network.world import offered_sites

    sites = [site for site in offered_sites(data) if site.code in keys]
    road = layer_nodes(graph, int(np.flatnonzero(graph.layers == "road")[0]))
    around = Layers(road, dict(rails), {}, frozenset(), {})
    hubs = add_sites(assembly, sites, around, spurs(sites, countries_of(assembly, sites), road, LIMIT_KM["road"]))
    add_anchors(assembly, sites, hubs)
    return hubs, [
        f"places:{site.code}: no road or railway of its country comes near" for site in sites if site.code not in hubs
    ]


def crossed_at(graph: Graph, crossings: Crossings, rows: Sequence[Row]) -> dict[int, int]:
    """For each border arc that an added crossing may hold, of its mode and between its countries, the facility at which it crosses now."""
    known: dict[int, int] = {}
    tails, heads = graph.node_country[graph.tail], graph.node_country[graph.head]
    for row in rows:
        a, b = (crossings.assembly.country(row.text(f"country_{side}")) for side in "ab")
        between = ((tails == a) & (heads == b)) | ((tails == b) & (heads == a))
        mode = MODES.index(row.text("mode")) if row.text("mode") in MODES else -1
        for arc in np.flatnonzero(between & (graph.arc_kind == Kind.BORDER) & (graph.arc_mode == mode)).tolist():
            tail = graph.tail[arc]
            where = float(graph.node_lat[tail]), float(graph.node_lon[tail])
            known[arc] = crossings.facility(row.text("mode"), a, b, *where)
    return known


def problem_of(data: Dataset, trouble: str) -> Problem:
    """What the network says of a row that it could not lay (`table:key: what`), as a problem of the table."""
    row, _, message = trouble.partition(": ")
    found = data.find_row(row)
    advice = "Name a place that has a terminal, or a point near a railway of this gauge"
    return Problem(
        row.partition(":")[0], found.line if found is not None else 0, row.partition(":")[2], message, advice
    )


def going_on(graph: Graph) -> Assembly:
    """An assembly that goes on where a network ends: its nodes, facilities and polylines are numbered after those of the network."""
    known = zip(
        graph.facility_kind.tolist(), graph.facility_key.tolist(), graph.facility_name.tolist(), graph.facility_name_ru.tolist(),
        graph.facility_type.tolist(), graph.facility_country_a.tolist(), graph.facility_country_b.tolist(),
        graph.facility_lat.tolist(), graph.facility_lon.tolist(), graph.facility_open.tolist(), strict=True,
    )  # fmt: skip
    facilities = [Facility(FACILITY_KINDS[kind], *rest) for kind, *rest in known]
    terminals = {one.key: row for row, one in enumerate(facilities) if one.kind == "terminal"}
    return Assembly(
        graph.countries.tolist(), layers=graph.layers.tolist(), facilities=facilities, terminals=terminals, n=graph.n,
        first_geometry=len(graph.geometry_first) - 1,
    )  # fmt: skip


def layer_nodes(graph: Graph, layer: int) -> LayerNodes:
    """The nodes that lines of a layer run through, without the ends of spurs, which have no course."""
    drawn = np.flatnonzero((graph.arc_geometry >= 0) & (graph.arc_kind == Kind.MOVE))
    on_line = np.zeros(graph.n, np.bool_)
    on_line[graph.tail[drawn]] = on_line[graph.head[drawn]] = True
    ids = np.flatnonzero(on_line & (graph.node_layer == layer)).astype(np.int32)
    lat, lon = (np.asarray(of[ids], np.float64) for of in (graph.node_lat, graph.node_lon))
    return LayerNodes(ids, lat, lon, np.asarray(graph.node_country[ids]))


def hubs_of(graph: Graph) -> dict[str, list[int]]:
    """The hub nodes of each place."""
    hubs: dict[str, list[int]] = {}
    nodes = np.flatnonzero(graph.node_layer == int(np.flatnonzero(graph.layers == "hub")[0]))
    for node, facility in zip(nodes.tolist(), graph.node_facility[nodes].tolist(), strict=True):
        hubs.setdefault(str(graph.facility_key[facility]), []).append(node)
    return hubs


def opened(graph: Graph, facilities: Mapping[tuple[str, str], bool]) -> NDArray[np.bool_]:
    """Which facilities are open, with some opened or shut, bool[f]."""
    is_open = np.array(graph.facility_open)
    for (kind, key), value in facilities.items():
        is_open[(graph.facility_kind == FACILITY_KINDS.index(kind)) & (graph.facility_key == key)] = value
    return is_open


def extended(graph: Graph, assembly: Assembly) -> Graph:
    """The network with what an assembly that goes on from it has; its arcs in order of tail and head, as a build has them."""
    old = graph.arrays()
    more = (
        {name: np.concatenate([block[name] for block in assembly.node_blocks]) for name in assembly.node_blocks[0]}
        if assembly.node_blocks
        else {}
    )
    arcs = {name: assembly.arcs.column(name) for name, _, _ in ArcList.COLUMNS} if assembly.arcs.blocks["tail"] else {}
    arrays: dict[str, Any] = dict(old)
    for name, values in more.items():
        arrays[f"node_{name}"] = np.concatenate([old[f"node_{name}"], values])
    if arcs:
        tail = np.concatenate([graph.tail, arcs["tail"]])
        head = np.concatenate([graph.head, arcs["head"]])
        order = np.lexsort((head, tail))
        for name, values in arcs.items():
            label = name if name in ("tail", "head") else f"arc_{name}"
            arrays[label] = np.concatenate([old[label], values.astype(old[label].dtype)])[order]
        arrays["arc_features"] = np.zeros(len(order), np.uint64)
    _, first_out = compressed_rows(arrays["tail"], assembly.n)
    in_arc, first_in = compressed_rows(arrays["head"], assembly.n)
    arrays |= {
        "first_out": first_out.astype(np.int32),
        "first_in": first_in.astype(np.int32),
        "in_arc": in_arc.astype(np.int32),
    }
    if assembly.geometry:
        points = np.concatenate(assembly.geometry)
        ends = old["geometry_first"][-1] + np.cumsum([len(line) for line in assembly.geometry])
        arrays["geometry_first"] = np.concatenate([old["geometry_first"], ends]).astype(np.int32)
        arrays["geometry_lat"] = np.concatenate([old["geometry_lat"], points[:, 1]])
        arrays["geometry_lon"] = np.concatenate([old["geometry_lon"], points[:, 0]])
    new = assembly.facilities[len(graph.facility_key) :]
    if new:
        columns: dict[str, list[Any]] = {
            "kind": [FACILITY_KINDS.index(one.kind) for one in new], "key": [one.key for one in new],
            "name": [one.name for one in new], "name_ru": [one.name_ru for one in new], "type": [one.type for one in new],
            "country_a": [one.country_a for one in new], "country_b": [one.country_b for one in new],
            "lat": [one.lat for one in new], "lon": [one.lon for one in new], "open": [one.is_open for one in new],
        }  # fmt: skip
        for name, cells in columns.items():
            before = old[f"facility_{name}"]
            kind = np.str_ if before.dtype.kind == "U" else before.dtype
            arrays[f"facility_{name}"] = np.concatenate([before, np.array(cells, kind)])
    if assembly.ends:
        codes = np.concatenate([old["place_code"], np.array(list(assembly.ends), np.str_)])
        order = np.argsort(codes, kind="stable")
        starts, ends = zip(*assembly.ends.values(), strict=True)
        arrays["place_code"] = codes[order]
        arrays["place_start"] = np.concatenate([old["place_start"], np.array(starts, np.int32)])[order]
        arrays["place_end"] = np.concatenate([old["place_end"], np.array(ends, np.int32)])[order]
    arrays["layers"] = np.array(assembly.layers, np.str_)
    for name, array in arrays.items():
        if array is not old[name]:
            array.flags.writeable = False
    return Graph(**arrays)
