"""The world network: base lines, sea lanes, airports and evidence joined into one virtual network.

    railways, highways (scgraph_data)  --.
    sea lanes, ports (searoute)          |--> nodes and arcs --> Graph (memory-mapped arrays under a content hash)
    airports (airportsdata)              |
    places, borders, yards, services   --'    from the product's tables

Where a line crosses from one country into another there is a border arc, whose facility is the named crossing of the borders table
within its radius, or else an unnamed one called after the nearest town. Railways exist once per gauge; the gauge changes
only at the yards of the table. Cities reach the network by road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.air import Airports, airports, read_cities
from keruen.network.assembly import Assembly, Facility, LayerNodes
from keruen.network.base import base_lines
from keruen.network.build import corridor_features
from keruen.network.crossings import Crossings, towns
from keruen.network.features import with_features
from keruen.network.gazetteer import Gazetteer
from keruen.network.gazetteer_sources import build_gazetteer
from keruen.network.graph import ALL_LOADS, MODES, Graph
from keruen.network.laid_lines import add_courses, add_lines, add_new_lines
from keruen.network.landmass import landmasses, with_island_ports
from keruen.network.ports import Port
from keruen.network.sea import SeaLanes, open_edges, ports_beyond_reach, sea_lanes
from keruen.network.sites import Site, merge_sites, site_of_place
from keruen.network.terminals import (
    AIR_LOADS,
    LIMIT_KM,
    RAIL_LOADS,
    Layers,
    add_anchors,
    add_gauge_yards,
    add_services,
    add_sites,
    countries_of,
    spurs,
)
from keruen.tables.dataset import Dataset

Row = Mapping[str, Any]
Progress = Callable[[str, float], None]

SEA, AIR = (MODES.index(mode) for mode in ("sea", "air"))
TERMINAL_CITY = 100_000  # a city of so many people at a railway is taken to have a freight terminal (assumed)
STAGES = {"names": 0.0, "railways": 0.12, "highways": 0.4, "sea": 0.75, "air": 0.83, "terminals": 0.87, "arrays": 0.95}


def build_world(data: Dataset, progress: Progress) -> tuple[Graph, Gazetteer, dict[str, Any]]:
    """Build the whole network; returns the graph, the gazetteer, and a report ready for JSON."""

    def stage(name: str) -> None:
        progress(name, STAGES[name])

    stage("names")
    gazetteer = build_gazetteer(data["places"], data["countries"])
    countries = list(data["countries"].texts("country"))
    assembly = Assembly(countries)
    sites = offered_sites(data)
    keep = keep_points(data, gazetteer)
    crossings = Crossings(assembly, list(data["borders"]), *towns(gazetteer))
    layers: dict[str, LayerNodes] = {}
    reports: dict[str, object] = {}
    for mode, name, loads in (("rail", "railways", RAIL_LOADS), ("road", "highways", ALL_LOADS)):
        stage(name)
        lines, reports[name] = base_lines(
            mode, list(data["countries"]), list(data["rail_lines"]), list(data["network_repairs"]), keep
        )
        layers |= add_lines(assembly, lines, mode, loads, crossings)
        if mode == "rail":
            with_new, troubles = add_new_lines(assembly, data, layers, crossings)
    stage("sea")
    passages = list(data["passages"])
    extra = [
        Port(site.code, site.name, site.country, site.lat, site.lon, is_terminal=True) for site in sites if site.sea
    ]
    lanes, reports["sea"] = sea_lanes(passages, extra, list(data["sea_links"]))
    sea_nodes = add_sea(assembly, lanes, passages)
    stage("air")
    at = zip(lanes.port_lat.tolist(), lanes.port_lon.tolist(), strict=True)
    ports = dict(zip(lanes.port_code.tolist(), at, strict=True))
    chosen, reports["air"] = airports(read_cities(), list(data["cargo_airports"]), data["places"], ports=ports)
    air_nodes = add_air(assembly, chosen)
    stage("terminals")
    sites = merge_sites(sites, [*ports_of(lanes), *airports_of(chosen), *cities_of(gazetteer)])
    rails = {name: nodes for name, nodes in layers.items() if name != "road"}  # a new track is reached by way of these
    enclosed = open_edges(lanes, passages, closed=["volga_don"])
    around = Layers(
        layers["road"], rails,
        {str(code): int(sea_nodes[node]) for code, node in zip(lanes.port_code, lanes.port_node, strict=True) if node >= 0},
        ports_beyond_reach(lanes, enclosed),
        dict(zip(chosen.code.tolist(), air_nodes.tolist(), strict=True)),
    )  # fmt: skip
    to_road = spurs(sites, countries_of(assembly, sites), around.road, LIMIT_KM["road"])
    island = landmasses(assembly, around.road, sites).tolist()
    sites = with_island_ports(sites, island, around.sea_of_port, set(lanes.port_code[lanes.is_terminal].tolist()))
    yards = list(data["gauge_yards"])
    hubs = add_sites(assembly, sites, around, to_road)
    troubles += add_services(assembly, list(data["services"]), hubs)
    troubles += add_gauge_yards(assembly, yards, {site.code: site for site in sites}, {**rails, **with_new})
    add_anchors(assembly, sites, hubs)
    stage("arrays")
    graph = with_features(assembly.freeze(), corridor_features(data["corridors"]))
    about = {
        "nodes": graph.n, "arcs": graph.m, "megabytes": round(graph.nbytes() / 1e6, 1),
        "terminals": len(hubs), "places named": len(gazetteer), "troubles": troubles,
        **{name: str(report) for name, report in reports.items()},
    }  # fmt: skip
    return graph, gazetteer, about


def offered_sites(data: Dataset) -> list[Site]:
    """The sites of the places table."""
    found = [
        site_of_place(
            row["place"], row["name"], row["name_ru"], row["country"], row["lat"], row["lon"], row["kind"],
            tuple(int(float(mm)) for mm in row["gauges_mm"]),
        )
        for row in data["places"]
    ]  # fmt: skip
    return [site for site in found if site is not None]


def ports_of(lanes: SeaLanes) -> Iterable[Site]:
    """The ports of the sea-lane package as sites."""
    for row in range(len(lanes.port_code)):
        yield Site(
            str(lanes.port_code[row]), str(lanes.port_name[row]), "", str(lanes.port_country[row]),
            float(lanes.port_lat[row]), float(lanes.port_lon[row]), "seaport",
            sea=True, rail=True, container=bool(lanes.is_terminal[row]),
        )  # fmt: skip


def airports_of(chosen: Airports) -> Iterable[Site]:
    """The airports as sites."""
    for row, code in enumerate(chosen.code.tolist()):
        yield Site(
            code, str(chosen.name[row]), "", str(chosen.country[row]), float(chosen.lat[row]), float(chosen.lon[row]), "airport",
            air=True,
        )  # fmt: skip


def cities_of(gazetteer: Gazetteer) -> Iterable[Site]:
    """Cities large enough to be taken to have a rail terminal."""
    for row in np.flatnonzero(gazetteer.population >= TERMINAL_CITY):
        entry = gazetteer.entry(int(row))
        yield Site(
            entry.code, entry.name, entry.name_ru, entry.country, entry.lat, entry.lon, "rail_terminal", rail=True
        )


def keep_points(data: Dataset, gazetteer: Gazetteer) -> NDArray[np.float64]:
    """Points near which no line may be simplified away: places and large cities, float64[k, 2] as (lat, lon)."""
    large = np.flatnonzero(gazetteer.population >= TERMINAL_CITY)
    cities = np.stack([gazetteer.lat[large], gazetteer.lon[large]], axis=1)
    places = np.stack([data["places"].numbers("lat"), data["places"].numbers("lon")], axis=1)
    return np.concatenate([places, cities])


def add_sea(assembly: Assembly, lanes: SeaLanes, passages: Sequence[Row]) -> NDArray[np.int32]:
    """Lay the sea lanes; returns the node ids of the lane nodes, int32[n]. Straits and canals are facilities of their arcs."""
    facility_of = np.array([
        assembly.add_facility(Facility("passage", row["passage"], row["name"], row["name_ru"], row["kind"], -1, -1, row["lat"], row["lon"],
                                       bool(row["default_open"])))
        for row in passages
    ] + [-1], np.int32)  # fmt: skip
    lines = lanes.lines
    ids = assembly.add_nodes("sea", lines.node_lat, lines.node_lon, -1)
    assembly.arcs.add_both_ways(
        ids[lines.edge_u], ids[lines.edge_v], km=lines.edge_km, mode=SEA, geometry=add_courses(assembly, lines),
        facility=facility_of[lanes.edge_passage],
    )  # fmt: skip
    return ids


def add_air(assembly: Assembly, chosen: Airports) -> NDArray[np.int32]:
    """Lay the flights; returns the node ids of the airports, int32[n, 2]: where flights leave, where they arrive.

    The two are joined by the terminal only: a load that changes planes is unloaded and loaded again, with the hours and charges of both
    and the wait for the next flight.
    """
    leave, arrive = (assembly.add_nodes("air", chosen.lat, chosen.lon, -1) for _ in range(2))
    assembly.arcs.add(leave[chosen.u], arrive[chosen.v], km=chosen.km, mode=AIR, loads=AIR_LOADS)
    return np.stack([leave, arrive], axis=1)
