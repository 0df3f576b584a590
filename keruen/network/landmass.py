"""Ports of islands: boxes reach every landmass that has a port.

A landmass is what is connected by land (the coast of Natural Earth in cells of 0.05 degrees, `network.ports`) or by roads, which
adds bridges and tunnels; frontiers count, whether they are open or not. Boxes are handled at known terminals (`network.sites`),
which leaves out islands near the port of a mainland, such as Crete and the Shetlands.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, LayerNodes
from keruen.network.draft import components
from keruen.network.graph import MODES
from keruen.network.ports import cell_of, land_grid
from keruen.network.sites import Site

QUAY_CELLS = 2  # how many cells around its own a port may be off the land it lies on: 11 km north and south


def landmasses(assembly: Assembly, road: LayerNodes, sites: Sequence[Site]) -> NDArray[np.int64]:
    """Label of the landmass of each site, int64[k]; -1 for one farther out at sea, or on an island too small for the coast grid."""
    from scipy.ndimage import label  # only when a network is built: the import takes a while

    land, count = label(land_grid())
    of_road = land[cell_of(road.lat, road.lon)].astype(np.int64)
    by_road = assembly.arcs.column("mode") == MODES.index("road")
    tail, head = (assembly.arcs.column(end)[by_road].astype(np.int64) for end in ("tail", "head"))
    ashore = of_road > 0
    joined = components(
        assembly.n + count + 1,
        np.concatenate([tail, road.ids[ashore].astype(np.int64)]),
        np.concatenate([head, assembly.n + of_road[ashore]]),
    )
    at = np.array([nearest_land(land, site.lat, site.lon) for site in sites], np.int64)
    return np.where(at > 0, joined[assembly.n + at], -1)


def nearest_land(land: NDArray[np.int32], lat: float, lon: float) -> int:
    """Label of the land cell nearest to a point, 0 if there is none within two cells; `land` int32[3600, 7200], 0 at sea."""
    row, column = (int(x) for x in cell_of(np.array(lat), np.array(lon)))
    steps = np.arange(-QUAY_CELLS, QUAY_CELLS + 1)
    rows, columns = np.clip(row + steps, 0, land.shape[0] - 1), (column + steps) % land.shape[1]
    around = land[np.ix_(rows, columns)]
    away = steps[:, None] ** 2 + (steps[None, :] * np.cos(np.radians(lat))) ** 2
    best = np.unravel_index(np.argmin(np.where(around > 0, away, np.inf)), around.shape)
    return int(around[best])


def with_island_ports(
    sites: Sequence[Site], landmass: Sequence[int], joined: Container[str], container_ports: Container[str]
) -> list[Site]:
    """The sites with ports opened for boxes on every landmass where no port handles them.

    Opened are the ports of the landmass that `container_ports` names (those where container ships call according to the sea-lane
    package), or all its ports if it names none of them (assumed). Ports of no known landmass, such as oil terminals at sea, stay.

    Args:
        landmass: label of each site's landmass, -1 unknown.
        joined: codes of the ports that are joined to the sea lanes; others are no ports here.
        container_ports: codes of ports.
    """
    ports: dict[int, list[int]] = {}
    for row, site in enumerate(sites):
        if site.sea and site.code in joined and landmass[row] >= 0:
            ports.setdefault(landmass[row], []).append(row)
    opened = list(sites)
    for rows in ports.values():
        if any(sites[row].container for row in rows):
            continue
        for row in [row for row in rows if sites[row].code in container_ports] or rows:
            opened[row] = replace(sites[row], container=True)
    return opened
