"""Where a journey enters and leaves the network: the terminal of a place, else the nearest road."""

from __future__ import annotations

import numpy as np

from keruen.errors import NoRoute
from keruen.network.build import World
from keruen.network.gazetteer import Entry
from keruen.network.sphere import EARTH_RADIUS_KM, unit_vectors
from keruen.routing.result import PlaceRef

ROAD_REACH_KM = 60.0


def node_of(world: World, entry: Entry, side: int) -> int:
    """The node at which a journey of a place starts (side 0) or ends (1): its terminal, else the nearest road node.

    Raises:
        NoRoute: no road within 60 km.
    """
    graph = world.graph
    ends = graph.ends_of(entry.code)
    if ends is not None:
        return ends[side]
    road = np.flatnonzero(graph.node_layer == int(np.flatnonzero(graph.layers == "road")[0]))
    points = unit_vectors(graph.node_lat[road], graph.node_lon[road])
    closeness = points @ unit_vectors(entry.lat, entry.lon)
    best = int(np.argmax(closeness))
    km = EARTH_RADIUS_KM * float(np.arccos(np.clip(closeness[best], -1, 1)))
    if km > ROAD_REACH_KM:
        raise NoRoute(
            f"No road of the network comes within {ROAD_REACH_KM:.0f} km of {entry.name} ({entry.code}); the nearest is {km:.0f} km away. "
            "Name the nearest port, station or airport instead.",
            ["no access"],
        )
    return int(road[best])


def place_ref(entry: Entry) -> PlaceRef:
    """A gazetteer entry as a result names it."""
    return PlaceRef(entry.code, entry.name, entry.name_ru, entry.country, entry.lat, entry.lon)
