"""The world network: base lines, sea lanes, airports and evidence joined into one virtual network.

    railways, highways (scgraph_data)  --.
    sea lanes, ports (searoute)          |--> nodes and arcs --> Graph (memory-mapped arrays under a content hash)
    airports (airportsdata)              |
    places, borders, yards, services   --'    from the product's tables

A line that crosses from one country into another is cut at its middle by a border arc, whose facility is the named crossing of the
borders table within its radius, or else an unnamed one called after the nearest town. Railways exist once per gauge; the gauge changes
only at the yards of the table. Cities reach the network by road.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, Facility
from keruen.network.base import GAUGES, Lines
from keruen.network.graph import ALL_LOADS, MODES, Kind, load_bit
from keruen.network.sea import SeaLanes
from keruen.network.sites import Site
from keruen.network.sphere import distance_km, nearest

Row = Mapping[str, Any]
Progress = Callable[[str, float], None]

RAIL_LOADS = ALL_LOADS & ~load_bit("roro")
AIR_LOADS = load_bit("container") | load_bit("reefer")
BOXED_LOADS = load_bit("container") | load_bit("reefer")
LIMIT_KM = {"rail": 15.0, "road": 60.0}
SPUR_KM = 2.0
SPUR_DETOUR = 1.3  # connectors are drawn straight; roads and sidings are about a third longer
ROAD, RAIL, SEA, FERRY, AIR = (MODES.index(mode) for mode in ("road", "rail", "sea", "ferry", "air"))


@dataclass
class LayerNodes:
    """Node ids of one layer with their coordinates, to find the nearest."""

    ids: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    country: NDArray[np.int16]


@dataclass
class Crossings:
    """Named border crossings, and those called after the nearest town as they are met."""

    assembly: Assembly
    named: list[Row]
    towns: LayerNodes
    town_names: list[str]
    town_names_ru: list[str]
    made: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def facility(self, mode: str, a: int, b: int, lat: float, lon: float) -> int:
        """Row of the facility at which a line of a mode crosses from country a to b near a point."""
        codes = sorted((self.assembly.countries[a], self.assembly.countries[b]))
        row = self.nearest_named(mode, codes, lat, lon)
        if row is not None:
            if row["border"] not in self.rows:
                self.rows[row["border"]] = self.assembly.add_facility(self.from_row(row))
            return self.rows[row["border"]]
        town = int(nearest(np.array([lat]), np.array([lon]), self.towns.lat, self.towns.lon)[0][0])
        key = (mode, codes[0], codes[1], town)
        if key not in self.made:
            self.made[key] = self.assembly.add_facility(self.unnamed(*key, lat, lon))
        return self.made[key]

    def nearest_named(self, mode: str, codes: list[str], lat: float, lon: float) -> Row | None:
        """The crossing of the table between these countries whose circle holds the point; the nearest of several."""
        best, best_km = None, np.inf
        for row in self.named:
            if row["mode"] == mode and sorted((row["country_a"], row["country_b"])) == codes:
                km = float(distance_km(row["lat"], row["lon"], lat, lon))
                if km <= row["radius_km"] and km < best_km:
                    best, best_km = row, km
        return best

    def from_row(self, row: Row) -> Facility:
        """The facility of a row of the borders table."""
        a, b = self.assembly.country(row["country_a"]), self.assembly.country(row["country_b"])
        is_open = row["status"] != "closed"
        return Facility(
            "border", row["border"], row["name"], row["name_ru"], row["mode"], a, b, row["lat"], row["lon"], is_open
        )

    def unnamed(self, mode: str, code_a: str, code_b: str, town: int, lat: float, lon: float) -> Facility:
        """The facility of a crossing that the table does not know. Closed where the table closes the whole border of the pair."""
        pair = f"{code_a}-{code_b}"
        shut = any(
            row["status"] == "closed" and np.isnan(row["lat"]) and row["mode"] == mode
            and sorted((row["country_a"], row["country_b"])) == [code_a, code_b]
            for row in self.named
        )  # fmt: skip
        name, name_ru = self.town_names[town], self.town_names_ru[town]
        return Facility(
            "border", f"{mode}:{pair}:{name}".replace(" ", "_"), f"{pair} {mode} border near {name}",
            f"граница {pair} у города {name_ru}", mode,
            self.assembly.country(code_a), self.assembly.country(code_b), lat, lon, not shut,
        )  # fmt: skip


def add_lines(assembly: Assembly, lines: Lines, mode: str, loads: int, crossings: Crossings) -> dict[str, LayerNodes]:
    """Lay the lines of one mode: a node per base node and gauge, arcs both ways, border arcs where the country changes.

    Returns the nodes of each layer it made (`road`, or `rail_1520` and so on).
    """
    if mode == "rail":
        layer_of_edge = np.asarray(lines.edge_gauge, np.int64)
        names = [f"rail_{gauge}" for gauge in GAUGES]
    else:
        layer_of_edge = np.zeros(len(lines.edge_u), np.int64)
        names = [mode]
    layers: dict[str, LayerNodes] = {}
    tail, head = np.empty(len(lines.edge_u), np.int32), np.empty(len(lines.edge_u), np.int32)
    for layer, name in enumerate(names):
        mine = np.flatnonzero(layer_of_edge == layer)
        if len(mine) == 0:
            continue
        used, position = np.unique(np.stack([lines.edge_u[mine], lines.edge_v[mine]]), return_inverse=True)
        ids = assembly.add_nodes(name, lines.node_lat[used], lines.node_lon[used], lines.node_country[used])
        tail[mine], head[mine] = ids[position.reshape(2, -1)]
        layers[name] = LayerNodes(ids, lines.node_lat[used], lines.node_lon[used], lines.node_country[used])
    polylines = [
        np.stack([lines.geom_lon[a:b], lines.geom_lat[a:b]], axis=1).astype(np.float32)
        for a, b in zip(lines.geom_ptr[:-1], lines.geom_ptr[1:], strict=True)
    ]
    from_country, to_country = lines.node_country[lines.edge_u], lines.node_country[lines.edge_v]
    crosses = (from_country != to_country) & (from_country >= 0) & (to_country >= 0)
    inside = np.flatnonzero(~crosses)
    geometry = np.array([assembly.add_geometry(polylines[e]) for e in inside], np.int32)
    country = np.where(from_country >= 0, from_country, to_country)[inside]
    common = {"mode": MODES.index(mode), "loads": loads}
    assembly.arcs.add_both_ways(
        tail[inside], head[inside], km=lines.edge_km[inside], country=country, geometry=geometry, **common
    )
    for e in np.flatnonzero(crosses):
        ends = (int(tail[e]), int(head[e]))
        pair = (int(from_country[e]), int(to_country[e]))
        cross_border(
            assembly, crossings, mode, names[layer_of_edge[e]], ends, pair, float(lines.edge_km[e]), polylines[e], loads
        )
    return layers


def cross_border(
    assembly: Assembly,
    crossings: Crossings,
    mode: str,
    layer: str,
    ends: tuple[int, int],
    countries: tuple[int, int],
    km: float,
    polyline: NDArray[np.float32],
    loads: int,
) -> None:
    """Replace one line between two countries by: half the line, the border, the other half."""
    first, second = halves(polyline)
    lon, lat = (float(x) for x in second[0])
    facility = crossings.facility(mode, *countries, lat, lon)
    near, far = (int(assembly.add_nodes(layer, lat, lon, country, facility)[0]) for country in countries)
    common = {"mode": MODES.index(mode), "loads": loads}
    add = assembly.arcs.add_both_ways
    add(ends[0], near, km=km / 2, country=countries[0], geometry=assembly.add_geometry(first), **common)
    add(far, ends[1], km=km / 2, country=countries[1], geometry=assembly.add_geometry(second), **common)
    assembly.arcs.add(near, far, kind=Kind.BORDER, country=countries[0], facility=facility, **common)
    assembly.arcs.add(far, near, kind=Kind.BORDER, country=countries[1], facility=facility, **common)


def halves(polyline: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut a polyline, float32[k, 2], at the middle of its length; both parts share the cutting point."""
    step = np.hypot(np.diff(polyline[:, 0]), np.diff(polyline[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(step)])
    middle = along[-1] / 2
    at = min(int(np.searchsorted(along, middle, "right")), len(polyline) - 1)
    share = (middle - along[at - 1]) / step[at - 1] if step[at - 1] > 0 else 0.0
    point = (polyline[at - 1] + np.float32(share) * (polyline[at] - polyline[at - 1]))[None, :]
    return np.concatenate([polyline[:at], point]), np.concatenate([point, polyline[at:]])


def add_sea(assembly: Assembly, lanes: SeaLanes, passages: list[Row]) -> NDArray[np.int32]:
    """Lay the sea lanes; returns the node ids of the lane nodes, int32[n]. Straits and canals are facilities of their arcs."""
    facility_of = np.array([
        assembly.add_facility(Facility("passage", row["passage"], row["name"], row["name_ru"], row["kind"], -1, -1, row["lat"], row["lon"],
                                       bool(row["default_open"])))
        for row in passages
    ] + [-1], np.int32)  # fmt: skip
    lines = lanes.lines
    ids = assembly.add_nodes("sea", lines.node_lat, lines.node_lon, -1)
    geometry = np.array([
        assembly.add_geometry(np.stack([lines.geom_lon[a:b], lines.geom_lat[a:b]], axis=1).astype(np.float32))
        for a, b in zip(lines.geom_ptr[:-1], lines.geom_ptr[1:], strict=True)
    ], np.int32)  # fmt: skip
    assembly.arcs.add_both_ways(
        ids[lines.edge_u], ids[lines.edge_v], km=lines.edge_km, mode=SEA, geometry=geometry,
        facility=facility_of[lanes.edge_passage],
    )  # fmt: skip
    return ids


def add_air(
    assembly: Assembly, lat: NDArray[Any], lon: NDArray[Any], u: NDArray[Any], v: NDArray[Any], km: NDArray[Any]
) -> NDArray[np.int32]:
    """Lay the flights; returns the node ids of the airports, int32[n]. `u`, `v`, `km` are directed arcs."""
    ids = assembly.add_nodes("air", lat, lon, -1)
    assembly.arcs.add(ids[u], ids[v], km=km, mode=AIR, loads=AIR_LOADS)
    return ids


@dataclass
class Layers:
    """What a terminal can be joined to."""

    road: LayerNodes
    rail: dict[str, LayerNodes]
    sea_of_port: Mapping[str, int]
    closed_basin: frozenset[str]
    air_of_airport: Mapping[str, int]


def add_sites(
    assembly: Assembly, sites: list[Site], layers: Layers, allowed_gauges: Mapping[str, tuple[int, ...]]
) -> dict[str, list[int]]:
    """Give every site its hubs, joined to the layers it serves; returns the hub nodes of each place code.

    A place with two gauges has two hubs, so that nothing changes gauge in a terminal that is not a gauge yard.
    """
    lat, lon = np.array([site.lat for site in sites]), np.array([site.lon for site in sites])
    near_road = nearest(lat, lon, layers.road.lat, layers.road.lon)
    near_rail = {name: nearest(lat, lon, nodes.lat, nodes.lon) for name, nodes in layers.rail.items()}
    hubs: dict[str, list[int]] = {}
    for row, site in enumerate(sites):
        rails = {
            name: (int(layers.rail[name].ids[near[row]]), float(km[row]))
            for name, (near, km) in near_rail.items()
            if site.rail and km[row] <= LIMIT_KM["rail"]
        }
        wanted = chosen_gauges(rails, allowed_gauges.get(site.code, site.gauges_mm))
        sea = layers.sea_of_port.get(site.code, -1) if site.sea else -1
        air = layers.air_of_airport.get(site.code, -1) if site.air else -1
        road_km = float(near_road[1][row])
        if not wanted and sea < 0 and air < 0 and not (site.curated and road_km <= LIMIT_KM["road"]):
            continue
        country = assembly.country(site.country)
        facility = assembly.add_facility(
            Facility(
                "terminal", site.code, site.name, site.name_ru or site.name, site.type, country, -1, site.lat, site.lon
            )
        )
        assembly.terminals[site.code] = facility
        hubs[site.code] = []
        for gauge in wanted or [""]:
            hub = int(assembly.add_nodes("hub", site.lat, site.lon, country, facility)[0])
            hubs[site.code].append(hub)
            join = Joiner(assembly, hub, site, country, facility)
            if gauge:
                join.line(gauge, rails[gauge], RAIL, RAIL_LOADS)
            if road_km <= LIMIT_KM["road"]:
                join.line("road", (int(layers.road.ids[near_road[0][row]]), road_km), ROAD, ALL_LOADS)
            if sea >= 0:
                join.terminal(sea, SEA, sea_loads(site, layers.closed_basin))
            if air >= 0:
                join.terminal(air, AIR, AIR_LOADS)
    return hubs


def chosen_gauges(rails: Mapping[str, tuple[int, float]], allowed_mm: tuple[int, ...]) -> list[str]:
    """The rail layers a site joins: those of the gauges its row names, else the nearest one only."""
    if allowed_mm:
        return [name for name in rails if int(name.removeprefix("rail_")) in allowed_mm]
    return sorted(rails, key=lambda name: rails[name][1])[:1]


def sea_loads(site: Site, closed_basin: frozenset[str]) -> int:
    """What ships may carry from a port. Boxes and trailers of a closed sea go by its named services only, which keep their headways."""
    if site.code in closed_basin:
        return ALL_LOADS & ~BOXED_LOADS & ~load_bit("roro")
    return ALL_LOADS if site.container else ALL_LOADS & ~BOXED_LOADS


@dataclass
class Joiner:
    """Joins one hub to the layers around it."""

    assembly: Assembly
    hub: int
    site: Site
    country: int
    facility: int

    def line(self, layer: str, nearest_node: tuple[int, float], mode: int, loads: int) -> None:
        """Join to a road or railway; a connector longer than 2 km becomes a node and an arc of its own."""
        node, km = nearest_node
        if km > SPUR_KM:
            spur = int(self.assembly.add_nodes(layer, self.site.lat, self.site.lon, self.country)[0])
            self.assembly.arcs.add_both_ways(
                spur, node, km=km * SPUR_DETOUR, mode=mode, country=self.country, loads=loads
            )
            node = spur
        self.terminal(node, mode, loads)

    def terminal(self, node: int, mode: int, loads: int) -> None:
        """Load from the hub, unload to it."""
        common = {"mode": mode, "country": self.country, "facility": self.facility, "loads": loads}
        self.assembly.arcs.add(self.hub, node, kind=Kind.LOAD, **common)
        self.assembly.arcs.add(node, self.hub, kind=Kind.UNLOAD, **common)


def add_services(
    assembly: Assembly, services: list[Row], hubs: Mapping[str, list[int]], mode_rows: Mapping[str, int]
) -> list[str]:
    """Lay ferries and other services that sail by name: hub, ship, sea, ship, hub. Returns what could not be laid, in words."""
    troubles = []
    for row in services:
        if row["status"] == "planned":
            continue
        ends = [hubs.get(row["from_place"]), hubs.get(row["to_place"])]
        if not ends[0] or not ends[1]:
            missing = row["from_place"] if not ends[0] else row["to_place"]
            troubles.append(f"services:{row['service']}: {missing} has no terminal in the network")
            continue
        terminals = [assembly.terminals[row["from_place"]], assembly.terminals[row["to_place"]]]
        service = assembly.add_facility(service_facility(assembly, row, terminals))
        for a, b in ((0, 1), (1, 0)) if row["both_ways"] else ((0, 1),):
            sail(
                assembly, row, service, terminals[a], terminals[b], ends[a] or [], ends[b] or [], mode_rows[row["mode"]]
            )
    return troubles


def service_facility(assembly: Assembly, row: Row, terminals: list[int]) -> Facility:
    """The facility of a row of the services table, drawn midway between its ends."""
    a, b = (assembly.facilities[t] for t in terminals)
    return Facility(
        "service", row["service"], row["name"], row["name_ru"], row["kind"], a.country_a, b.country_a,
        (a.lat + b.lat) / 2, (a.lon + b.lon) / 2, row["status"] == "active",
    )  # fmt: skip


def sail(
    assembly: Assembly,
    row: Row,
    service: int,
    start: int,
    end: int,
    from_hubs: list[int],
    to_hubs: list[int],
    mode: int,
) -> None:
    """One direction of a service: loading at the first port, the crossing, unloading at the second."""
    a, b = assembly.facilities[start], assembly.facilities[end]
    loads = sum(load_bit(load) for load in row["loads"])
    aboard = int(assembly.add_nodes("service", a.lat, a.lon, a.country_a, service)[0])
    arrived = int(assembly.add_nodes("service", b.lat, b.lon, b.country_a, service)[0])
    common = {"mode": mode, "loads": loads}
    assembly.arcs.add(aboard, arrived, kind=Kind.SERVICE, km=row["distance_km"], facility=service, **common)
    for hub in from_hubs:
        assembly.arcs.add(hub, aboard, kind=Kind.LOAD, country=a.country_a, facility=start, **common)
    for hub in to_hubs:
        assembly.arcs.add(arrived, hub, kind=Kind.UNLOAD, country=b.country_a, facility=end, **common)


def add_gauge_yards(
    assembly: Assembly, yards: list[Row], places: Mapping[str, Site], rail: Mapping[str, LayerNodes]
) -> list[str]:
    """Join the two gauges at the named yards. Returns what could not be joined, in words."""
    troubles = []
    for row in yards:
        site = places[row["place"]]
        nodes = []
        for mm in (row["gauge_a_mm"], row["gauge_b_mm"]):
            layer = rail.get(f"rail_{int(mm)}")
            found, km = (
                nearest(np.array([site.lat]), np.array([site.lon]), layer.lat, layer.lon) if layer else ([-1], [np.inf])
            )
            if km[0] > LIMIT_KM["rail"] or layer is None:
                troubles.append(
                    f"gauge_yards:{row['place']}: no {int(mm)} mm line within {LIMIT_KM['rail']:.0f} km ({km[0]:.0f} km)"
                )
                break
            nodes.append(int(layer.ids[found[0]]))
        if len(nodes) < 2:
            continue
        country = assembly.country(site.country)
        yard = assembly.add_facility(
            Facility(
                "gauge_yard",
                row["place"],
                site.name,
                site.name_ru or site.name,
                "gauge_yard",
                country,
                -1,
                site.lat,
                site.lon,
            )
        )
        common = {"kind": Kind.GAUGE, "mode": RAIL, "country": country, "facility": yard, "loads": RAIL_LOADS}
        assembly.arcs.add(nodes[0], nodes[1], **common)
        assembly.arcs.add(nodes[1], nodes[0], **common)
    return troubles


def add_anchors(assembly: Assembly, sites: list[Site], hubs: Mapping[str, list[int]]) -> None:
    """Name the node at which journeys of a place start and end: its hub, or an anchor over its hubs when it has several."""
    for site in sites:
        nodes = hubs.get(site.code, [])
        if len(nodes) == 1:
            assembly.ends[site.code] = (nodes[0], nodes[0])
        elif nodes:
            country, facility = assembly.country(site.country), assembly.terminals[site.code]
            start, end = (
                int(x) for x in assembly.add_nodes("anchor", [site.lat] * 2, [site.lon] * 2, country, facility)
            )
            assembly.arcs.add(np.full(len(nodes), start), nodes, mode=ROAD)
            assembly.arcs.add(nodes, np.full(len(nodes), end), mode=ROAD)
            assembly.ends[site.code] = (start, end)
