"""Ports of islands: boxes reach every landmass that has a port.

A landmass is a connected part of the road network, frontiers included, whether they are open or not; a site belongs to that of the
road it is joined to. Boxes are handled at known terminals (`network.sites`), which leaves out islands near the port of a mainland.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, LayerNodes
from keruen.network.draft import components
from keruen.network.graph import MODES
from keruen.network.sites import Site


def landmass_of_roads(assembly: Assembly, road: LayerNodes) -> NDArray[np.int64]:
    """Label of the landmass of each node of the road layer, int64[n]."""
    arcs = assembly.arcs
    by_road = arcs.column("mode") == MODES.index("road")
    tail, head = (arcs.column(end)[by_road].astype(np.int64) for end in ("tail", "head"))
    return np.asarray(components(assembly.n, tail, head)[road.ids])


def with_island_ports(
    sites: Sequence[Site], landmass: Sequence[int], joined: Container[str], container_ports: Container[str]
) -> list[Site]:
    """The sites with ports opened for boxes on every landmass where no port handles them.

    Opened are the ports of the landmass that `container_ports` names (those where container ships call according to the sea-lane
    package), or all its ports if it names none of them (assumed).

    Args:
        landmass: label of each site's landmass; -1 for a site without a road, which is taken for an island of its own.
        joined: codes of the ports that are joined to the sea lanes; others are no ports here.
        container_ports: codes of ports.
    """
    ports: dict[int, list[int]] = {}
    for row, site in enumerate(sites):
        if site.sea and site.code in joined:
            island = int(landmass[row]) if landmass[row] >= 0 else -1 - row
            ports.setdefault(island, []).append(row)
    opened = list(sites)
    for rows in ports.values():
        if any(sites[row].container for row in rows):
            continue
        for row in [row for row in rows if sites[row].code in container_ports] or rows:
            opened[row] = replace(sites[row], container=True)
    return opened
