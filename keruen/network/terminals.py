"""Terminals, ferries and gauge yards: how a load changes vehicle.

    hub --LOAD--> layer --UNLOAD--> hub        hub --LOAD--> ship --SERVICE--> ship --UNLOAD--> hub        rail a --GAUGE--> rail b

A place with two gauges has two hubs, so that nothing changes gauge but at the gauge yards of the table. No spur leads over
open water: an island without roads in the data is reached by ship and by air only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, Facility, LayerNodes
from keruen.network.graph import ALL_LOADS, MODES, Kind, load_bit
from keruen.network.ports import over_water
from keruen.network.sites import Site
from keruen.network.sphere import SPUR_DETOUR, distance_km, nearest

Row = Mapping[str, Any]

RAIL_LOADS = ALL_LOADS & ~load_bit("roro")
AIR_LOADS = load_bit("container") | load_bit("reefer")
BOXED_LOADS = load_bit("container") | load_bit("reefer")
LIMIT_KM = {"rail": 15.0, "road": 60.0}
SPUR_KM = 2.0
NEXT_BEST = 32  # how many of the nearest nodes, and of those spread over the rest within reach, are tried round a bay
ROAD, RAIL, SEA, AIR = (MODES.index(mode) for mode in ("road", "rail", "sea", "air"))


@dataclass
class Layers:
    """What a terminal can be joined to."""

    road: LayerNodes
    rail: dict[str, LayerNodes]
    sea_of_port: Mapping[str, int]
    closed_basin: frozenset[str]
    air_of_airport: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Spurs:
    """For each of k sites the row of the node of a layer it is joined to, int64[k], -1 none, and the kilometres to it, inf if none."""

    row: NDArray[np.int64]
    km: NDArray[np.float64]


def spurs(
    sites: Sequence[Site], country_of: NDArray[np.int64], nodes: LayerNodes, limit_km: float, *, trusted: bool = False
) -> Spurs:
    """The nearest node to each site in its country, within the limit and not over open water.

    Where the nearest lies over water, others up to twice the limit away are tried: the way may be round a bay. `trusted` leaves
    out the test for sites of the places table, some of whose coordinates lie at the anchorage.
    """
    lat, lon = np.array([site.lat for site in sites]), np.array([site.lon for site in sites])
    row, km = nearest(lat, lon, nodes.lat, nodes.lon, country_of, nodes.country)
    row[km > limit_km], km[km > limit_km] = -1, np.inf
    known = np.array([trusted and site.curated for site in sites], np.bool_)
    far = np.flatnonzero((row >= 0) & (km > SPUR_KM) & ~known)
    wet = far[over_water(lat[far], lon[far], nodes.lat[row[far]], nodes.lon[row[far]])]
    for site in wet:
        row[site], km[site] = next_best(lat[site], lon[site], int(country_of[site]), nodes, 2 * limit_km)
    return Spurs(row, km)


def next_best(lat: float, lon: float, country: int, nodes: LayerNodes, limit_km: float) -> tuple[int, float]:
    """Row of the nearest node of a country that is reached over land, among 64 of those within the limit, and km; (-1, inf) if none."""
    own = np.flatnonzero(nodes.country == country)
    away = distance_km(nodes.lat[own], nodes.lon[own], lat, lon)
    within = np.argsort(away, kind="stable")[: int(np.sum(away <= limit_km))]
    rest = within[NEXT_BEST:]
    tried = np.concatenate([within[:NEXT_BEST], rest[:: max(1, -(-len(rest) // NEXT_BEST))]])
    rows = own[tried]
    here = np.full(len(rows), lat), np.full(len(rows), lon)
    dry = np.flatnonzero(~over_water(*here, nodes.lat[rows], nodes.lon[rows]))
    return (int(rows[dry[0]]), float(away[tried[dry[0]]])) if len(dry) else (-1, np.inf)


def countries_of(assembly: Assembly, sites: Sequence[Site]) -> NDArray[np.int64]:
    """Row of the country of each site, int64[k]."""
    return np.array([assembly.country(site.country) for site in sites], np.int64)


def add_sites(assembly: Assembly, sites: list[Site], layers: Layers, road_spurs: Spurs) -> dict[str, list[int]]:
    """Give every site its hubs, joined to the layers it serves; returns the hub nodes of each place code.

    A place with two gauges has two hubs, so that nothing changes gauge in a terminal that is not a gauge yard; each has a spur of its
    own to the road, so that a load which changes trains by truck is seen on the road. A site is joined to lines of its own country only,
    so that no terminal is a way around a border.
    """
    country_of = countries_of(assembly, sites)
    rail_spurs = {
        name: spurs(sites, country_of, nodes, LIMIT_KM["rail"], trusted=True) for name, nodes in layers.rail.items()
    }
    hubs: dict[str, list[int]] = {}
    for row, site in enumerate(sites):
        rails = {
            name: (int(layers.rail[name].ids[near.row[row]]), float(near.km[row]))
            for name, near in rail_spurs.items()
            if site.rail and near.row[row] >= 0
        }
        wanted = chosen_gauges(rails, site.gauges_mm)
        sea = layers.sea_of_port.get(site.code, -1) if site.sea else -1
        air = layers.air_of_airport.get(site.code, ()) if site.air else ()
        on_road = road_spurs.row[row] >= 0
        if not wanted and sea < 0 and not air and not (site.curated and on_road):
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
                join.line(gauge, rails[gauge], RAIL, RAIL_LOADS if site.container else RAIL_LOADS & ~BOXED_LOADS)
            if on_road:
                road = (int(layers.road.ids[road_spurs.row[row]]), float(road_spurs.km[row]))
                join.line("road", road, ROAD, ALL_LOADS, apart=len(wanted) > 1)
            if sea >= 0:
                join.terminal(sea, SEA, sea_loads(site, layers.closed_basin))
            if air:
                join.terminal(air[0], AIR, AIR_LOADS, arrive=air[1])
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

    def line(self, layer: str, nearest_node: tuple[int, float], mode: int, loads: int, *, apart: bool = False) -> None:
        """Join to a road or railway; a connector of more than 2 km, or one set apart, becomes a node and an arc of its own."""
        node, km = nearest_node
        if apart or km > SPUR_KM:
            spur = int(self.assembly.add_nodes(layer, self.site.lat, self.site.lon, self.country)[0])
            spur_km = max(km, SPUR_KM) * SPUR_DETOUR
            self.assembly.arcs.add_both_ways(spur, node, km=spur_km, mode=mode, country=self.country, loads=loads)
            node = spur
        self.terminal(node, mode, loads)

    def terminal(self, node: int, mode: int, loads: int, *, arrive: int = -1) -> None:
        """Load from the hub, unload to it, from another node if the mode arrives there."""
        common = {"mode": mode, "country": self.country, "facility": self.facility, "loads": loads}
        self.assembly.arcs.add(self.hub, node, kind=Kind.LOAD, **common)
        self.assembly.arcs.add(node if arrive < 0 else arrive, self.hub, kind=Kind.UNLOAD, **common)


def add_services(assembly: Assembly, services: Sequence[Row], hubs: Mapping[str, list[int]]) -> list[str]:
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
                assembly,
                row,
                service,
                terminals[a],
                terminals[b],
                ends[a] or [],
                ends[b] or [],
                MODES.index(row["mode"]),
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
    assembly: Assembly, yards: Sequence[Row], places: Mapping[str, Site], rail: Mapping[str, LayerNodes]
) -> list[str]:
    """Join the two gauges at the named yards. Returns what could not be joined, in words."""
    troubles = []
    for row in yards:
        site = places[row["place"]]
        country = assembly.country(site.country)
        gauges = [f"rail_{int(row[column])}" for column in ("gauge_a_mm", "gauge_b_mm")]
        nodes = [nearest_node(rail[gauge], site, country) if gauge in rail else -1 for gauge in gauges]
        if min(nodes) < 0:
            missing = gauges[nodes.index(-1)].removeprefix("rail_")
            troubles.append(
                f"gauge_yards:{row['place']}: no {missing} mm line of {site.country} within {LIMIT_KM['rail']:.0f} km"
            )
            continue
        name_ru = site.name_ru or site.name
        yard = assembly.add_facility(
            Facility("gauge_yard", row["place"], site.name, name_ru, "gauge_yard", country, -1, site.lat, site.lon)
        )
        common = {"kind": Kind.GAUGE, "mode": RAIL, "country": country, "facility": yard, "loads": RAIL_LOADS}
        assembly.arcs.add(nodes, nodes[::-1], **common)
    return troubles


def nearest_node(layer: LayerNodes, site: Site, country: int) -> int:
    """The node of a layer nearest to a site in its country, within the limit; -1 if there is none."""
    row, km = nearest(np.array([site.lat]), np.array([site.lon]), layer.lat, layer.lon, country, layer.country)
    return int(layer.ids[row[0]]) if km[0] <= LIMIT_KM["rail"] else -1


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
