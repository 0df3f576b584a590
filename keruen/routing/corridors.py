"""Corridors: named families of routes, told by the features of the network they use.

    a route is of the first corridor by rank with   some gate used,  every `also` used,  no `never` used     (table corridors)

Two routes are as different as the money and time they spend on different things: borders, ports, canals, yards, and each mode in each
country. With s_a(i) the share of generalized cost that route a spends on item i,

    dissimilarity = 1 - sum_i min(s_a, s_b) / sum_i max(s_a, s_b)           weighted Jaccard (METHODS 2.5)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import FACILITY_KINDS, MODES, Graph, Kind

Signature = dict[int, float]

MOVE = int(Kind.MOVE)
RUN_BASE = 1024  # more than there are countries


@dataclass(frozen=True)
class Corridor:
    """A row of the corridors table; the feature sets as bit masks over the graph's features."""

    key: str
    name: str
    name_ru: str
    rank: int
    family: str
    gates: int
    also: tuple[int, ...]
    never: int

    def holds(self, used: int) -> bool:
        """Whether a route that uses these features (bits) belongs to the corridor."""
        return (
            (not self.gates or bool(used & self.gates))
            and all(used & bit for bit in self.also)
            and not used & self.never
        )


def corridors_of(rows: list[Mapping[str, Any]], graph: Graph) -> list[Corridor]:
    """The corridors by rank. Features that the network does not have (a service not running) are never used."""
    bit = {str(feature): 1 << i for i, feature in enumerate(graph.features)}

    def bits(features: tuple[str, ...]) -> int:
        return sum(bit.get(feature, 0) for feature in set(features))

    found = [
        Corridor(
            row["corridor"], row["name"], row["name_ru"] or row["name"], int(row["rank"]),
            row["family"] or row["corridor"], bits(row["gates"]), tuple(bit.get(feature, 0) for feature in row["also"]), bits(row["never"]),
        )
        for row in rows
        if not row["gates"] or bits(row["gates"])
    ]  # fmt: skip
    return sorted(found, key=lambda corridor: corridor.rank)


def arcs_having(graph: Graph, features: int) -> NDArray[np.int32]:
    """Arcs that have any of these features (bits), int32[k], ascending; remembered with the graph."""
    key = f"arcs having {features}"
    if key not in graph.memo:
        graph.memo[key] = np.flatnonzero((graph.arc_features & np.uint64(features)) != 0).astype(np.int32)
    found: NDArray[np.int32] = graph.memo[key]
    return found


def features_used(graph: Graph, arcs: NDArray[np.int32]) -> int:
    """Bits of the features that a path uses."""
    return int(np.bitwise_or.reduce(graph.arc_features[arcs], initial=np.uint64(0)))


def corridor_of(corridors: list[Corridor], used: int) -> Corridor | None:
    """The first corridor by rank that a route with these features belongs to."""
    return next((corridor for corridor in corridors if corridor.holds(used)), None)


def signature(graph: Graph, arcs: NDArray[np.int32], generalized_cost: NDArray[np.float64]) -> Signature:
    """What a route spends its generalized cost on: facilities it passes and each mode in each country, shares that sum to 1.

    arcs: int32[k]; generalized_cost: float64[k], of these arcs. Items are rows of facilities, or -1 - (mode, country) as one number.
    """
    facility = graph.arc_facility[arcs].astype(np.int64)
    run = graph.arc_mode[arcs].astype(np.int64) * RUN_BASE + graph.arc_country[arcs] + 1
    items = np.where((graph.arc_kind[arcs] == MOVE) & (facility < 0), -1 - run, facility)
    found, which = np.unique(items, return_inverse=True)
    spent = np.bincount(which, generalized_cost, minlength=len(found))
    total = float(np.sum(spent))
    return dict(zip(found.tolist(), (spent / total if total > 0 else spent).tolist(), strict=True))


def item_name(graph: Graph, item: int) -> str:
    """A signature's item in words: `passage:suez`, `border:khorgos_rail`, `rail:KZ`."""
    if item >= 0:
        return f"{FACILITY_KINDS[graph.facility_kind[item]]}:{graph.facility_key[item]}"
    mode, country = divmod(-1 - item, RUN_BASE)
    return MODES[mode] + (f":{graph.countries[country - 1]}" if country else "")


def dissimilarity(a: Signature, b: Signature) -> float:
    """0 for routes that spend alike, 1 for routes that share nothing."""
    items = a.keys() | b.keys()
    shared = sum(min(a.get(item, 0.0), b.get(item, 0.0)) for item in items)
    either = sum(max(a.get(item, 0.0), b.get(item, 0.0)) for item in items)
    return 1.0 - shared / either if either > 0 else 0.0
