"""The layers of the map in two parts, ground and network, made when first asked for and then remembered with the network.

ground    land, coast, lakes, borders, country_names, cities       (keruen.web.ground)
network   lines, points                                           (keruen.web.lines, keruen.web.points)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from keruen.network.build import World
from keruen.tables.dataset import Dataset
from keruen.web.prepared import Layer, prepared

PARTS = ("ground", "network")
_making = {part: threading.Lock() for part in PARTS}


def layers_of(data: Dataset, world: World, part: str) -> Mapping[str, Layer]:
    """The layers of a part; the same object for the same network. Takes some seconds when they were never made for it.

    Raises:
        DamagedCache: the kept layers are damaged.
        OSError: the cache folder cannot be written.
    """
    key = ("map", part)
    with _making[part]:
        if key not in world.graph.memo:
            world.graph.memo[key] = prepared(world.folder, part, maker(data, world, part))
    layers: Mapping[str, Layer] = world.graph.memo[key]
    return layers


def maker(data: Dataset, world: World, part: str) -> Callable[[], Mapping[str, Layer]]:
    """How the layers of a part are made; what only making needs is imported then."""

    def ground() -> Mapping[str, Layer]:
        from keruen.web.ground import ground_layers

        return ground_layers(data, world)

    def network() -> Mapping[str, Layer]:
        from keruen.web.lines import line_layer
        from keruen.web.points import point_layer

        return {"lines": line_layer(data, world), "points": point_layer(data, world)}

    return ground if part == "ground" else network
