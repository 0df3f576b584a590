"""What freight markets charge for containers at sea: by arc, so that every way is still the sum of its arcs.

    within a basin          km x usd_per_km of the basin's row, or the tariff's where there is none
    from basin to basin     + usd of the row of the two, in that direction          (sea_markets)

A ship from Shanghai to Rotterdam leaves the Far East, crosses the Indian Ocean and enters the Red Sea or the Atlantic: what the
lane costs beyond the kilometres is charged where it passes into another basin, once each, and a ship the other way passes other rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import MODES, Graph, Kind
from keruen.tables.dataset import Dataset
from keruen.tables.table import Table

NOWHERE = ""


def market_arcs(data: Dataset, graph: Graph, unit: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Arcs of sea lanes that a row of sea_markets prices for a unit, and the number of that row; both intp[k]."""
    basins, prices = data["sea_basins"], data["sea_markets"]
    arcs = np.flatnonzero((graph.arc_mode == MODES.index("sea")) & (graph.arc_kind == Kind.MOVE) & (graph.arc_km > 0))
    names = [NOWHERE, *dict.fromkeys(basins.texts("basin"))]
    row_of = np.full((len(names), len(names)), -1, np.intp)
    for a, start in enumerate(names):
        for b, end in enumerate(names):
            row_of[a, b] = prices.find_index(start, end, unit)
    at = basin_at(basins, names, graph.node_lat, graph.node_lon)
    rows = row_of[at[graph.tail[arcs]], at[graph.head[arcs]]]
    priced = rows >= 0
    return arcs[priced], rows[priced]


def basin_at(basins: Table, names: list[str], lat: NDArray[np.float32], lon: NDArray[np.float32]) -> NDArray[np.intp]:
    """For each point the number of its basin among the names: that of the first box that holds it, 0 where none does."""
    found = np.zeros(len(lat), np.intp)
    for box in reversed(list(basins)):
        inside = (lat >= box.number("lat_min")) & (lat < box.number("lat_max"))
        inside &= (lon >= box.number("lon_min")) & (lon < box.number("lon_max"))
        found[inside] = names.index(box.text("basin"))
    return found
