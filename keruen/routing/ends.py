"""Where a journey enters and leaves the network: the terminal of a place, else the nearest road of its country.

kilometres to the road = 1.3 x the straight distance, run at the country's road speed and price
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import NoRoute, Text
from keruen.network.build import World
from keruen.network.gazetteer import Entry
from keruen.network.graph import Graph
from keruen.network.sphere import SPUR_DETOUR, distance_km, unit_vectors
from keruen.routing.result import PlaceRef
from keruen.tables.words import joined, said

ROAD_REACH_KM = 60.0
NAMED_NEAR = 3


@dataclass(frozen=True)
class Access:
    """The node at which a journey starts or ends, and the kilometres by road between it and the place, in a country (row, -1 none)."""

    node: int
    km: float = 0.0
    country: int = -1


def access_of(world: World, entry: Entry, side: int) -> Access:
    """Access of a place, at the start (side 0) or the end (side 1) of a journey.

    Raises:
        NoRoute: no road of its country within 60 km; the message names the nearest terminals.
    """
    graph = world.graph
    ends = graph.ends_of(entry.code)
    if ends is not None:
        return Access(ends[side])
    road, points = _roads_of(graph, entry.country)
    km = np.inf
    if len(road):
        best = int(road[np.argmax(points @ unit_vectors(entry.lat, entry.lon))])
        km = float(distance_km(graph.node_lat[best], graph.node_lon[best], entry.lat, entry.lon))
    if km > ROAD_REACH_KM:
        near = joined(", ", nearest_terminals(world, entry))
        far = said("err_no_access", km=ROAD_REACH_KM, place=entry.called, code=entry.code, near=near)
        raise NoRoute(far, [said("blocked_no_access")])
    return Access(best, SPUR_DETOUR * km, int(graph.node_country[best]))


def _roads_of(graph: Graph, country: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nodes of the road network of a country, or of all for none, and where they are as unit vectors; remembered with the graph."""
    key = f"roads of {country}"
    if key not in graph.memo:
        on_road = graph.node_layer == int(np.flatnonzero(graph.layers == "road")[0])
        if country:
            on_road &= np.isin(graph.node_country, np.flatnonzero(graph.countries == country))
        nodes = np.flatnonzero(on_road)
        graph.memo[key] = nodes, unit_vectors(graph.node_lat[nodes], graph.node_lon[nodes])
    found: tuple[NDArray[np.intp], NDArray[np.float64]] = graph.memo[key]
    return found


def nearest_terminals(world: World, entry: Entry) -> list[Text]:
    """Names, codes and distances of the terminals nearest to a place."""
    graph = world.graph
    terminals = np.flatnonzero(np.isin(graph.facility_key, graph.place_code) & (graph.facility_kind == 0))
    km = distance_km(graph.facility_lat[terminals], graph.facility_lon[terminals], entry.lat, entry.lon)
    order = np.argsort(km)[:NAMED_NEAR]
    return [
        said(
            "terminal_at",
            place=Text(str(graph.facility_name[t]), str(graph.facility_name_ru[t])),
            code=str(graph.facility_key[t]),
            km=float(km[i]),
        )
        for i, t in zip(order, terminals[order], strict=True)
    ]


def place_ref(entry: Entry) -> PlaceRef:
    """A gazetteer entry as a result names it."""
    return PlaceRef(entry.code, entry.name, entry.name_ru, entry.country, entry.lat, entry.lon)


def place_facts(entry: Entry) -> dict[str, Any]:
    """A gazetteer entry ready for JSON: as a result names it, with what it is and how many people live there (None: unknown)."""
    return {**place_ref(entry).to_dict(), "kinds": list(entry.kinds), "population": entry.population}
