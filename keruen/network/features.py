"""Features of the network by name: which arcs are Suez, the Kazakh-Russian rail border, Iran by rail, the Aktau ferry.

A feature is written `kind:value[@mode]`. One grammar serves avoiding, requiring, sanctions and the naming of corridors:

    passage:suez   service:aktau_alat   border:khorgos   place:RUVYP   mode:air   region:north_of_66
    country:IR            all that happens on Iran's ground and in its terminals     country:IR@rail   only its railways
    pair:KZ-RU@rail       the borders between two countries, both directions         pair:KZ>RU        one direction

`arcs_with(graph, feature)` gives the arcs; the answer is remembered with the graph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.graph import FACILITY_KINDS, MODES, NORTH_OF_66, Graph, Kind

FEATURE_KINDS = ("passage", "service", "border", "place", "country", "pair", "mode", "region")
PATTERN = re.compile(r"^(?P<kind>[a-z]+):(?P<value>[^@\s]+)(@(?P<mode>[a-z_]+))?$")
FACILITY_OF = {"passage": "passage", "service": "service", "border": "border"}


@dataclass(frozen=True)
class Feature:
    """A parsed feature: kind, value, and the mode it is limited to (empty: any)."""

    kind: str
    value: str
    mode: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" + (f"@{self.mode}" if self.mode else "")


def parse_feature(text: str) -> Feature:
    """Read `kind:value[@mode]`.

    Raises:
        UnknownOption: not of this form, or an unknown kind or mode.
    """
    match = PATTERN.match(text.strip())
    if not match:
        raise UnknownOption(f"{text!r} is not a feature of the network; write it as kind:value, e.g. passage:suez or country:RU.")
    kind, value, mode = match["kind"], match["value"], match["mode"] or ""
    if kind not in FEATURE_KINDS:
        raise UnknownOption(f"{text!r}: unknown kind {kind!r}; it is one of {', '.join(FEATURE_KINDS)}.")
    if mode and mode not in MODES:
        raise UnknownOption(f"{text!r}: unknown mode {mode!r}; it is one of {', '.join(MODES)}.")
    return Feature(kind, value, mode)


def arcs_with(graph: Graph, feature: Feature) -> NDArray[np.int32]:
    """Arcs that have a feature, int32[k], ascending; remembered with the graph.

    Raises:
        UnknownOption: nothing in the network has that name.
    """
    if feature not in graph.memo:
        mask = feature_mask(graph, feature)
        if feature.mode:
            mask &= graph.arc_mode == MODES.index(feature.mode)
        graph.memo[feature] = np.flatnonzero(mask).astype(np.int32)
    found: NDArray[np.int32] = graph.memo[feature]
    return found


def feature_mask(graph: Graph, feature: Feature) -> NDArray[np.bool_]:
    """Arcs that have a feature, whatever their mode, bool[m]."""
    match feature.kind:
        case "passage" | "service" | "border":
            return at_facility(graph, FACILITY_OF[feature.kind], feature.value)
        case "place":
            return at_facility(graph, "terminal", feature.value) | at_facility(graph, "gauge_yard", feature.value, strict=False)
        case "country":
            return np.asarray(graph.arc_country == country_index(graph, feature.value))
        case "pair":
            return across_border(graph, feature.value)
        case "mode":
            if feature.value not in MODES:
                raise UnknownOption(f"Unknown mode {feature.value!r}; it is one of {', '.join(MODES)}.")
            return np.asarray(graph.arc_mode == MODES.index(feature.value))
        case _:
            if feature.value != NORTH_OF_66:
                raise UnknownOption(f"Unknown region {feature.value!r}; the network marks {NORTH_OF_66}.")
            return np.asarray(graph.arc_polar)


def at_facility(graph: Graph, kind: str, key: str, *, strict: bool = True) -> NDArray[np.bool_]:
    """Arcs of the facilities of a kind with a key, bool[m]."""
    rows = np.flatnonzero((graph.facility_kind == FACILITY_KINDS.index(kind)) & (graph.facility_key == key))
    if len(rows) == 0 and strict:
        raise UnknownOption(f"The network has no {kind.replace('_', ' ')} {key!r}. `keruen network list {kind}` shows them.")
    return np.isin(graph.arc_facility, rows)


def country_index(graph: Graph, code: str) -> int:
    """Row of an ISO 3166 code among the network's countries."""
    rows = np.flatnonzero(graph.countries == code.upper())
    if len(rows) == 0:
        raise UnknownOption(f"{code!r} is not a country of the network; use the ISO 3166 code, e.g. RU, KZ, IR.")
    return int(rows[0])


def across_border(graph: Graph, pair: str) -> NDArray[np.bool_]:
    """Border arcs between two countries: `KZ-RU` both ways, `KZ>RU` only from the first to the second, bool[m]."""
    directed = ">" in pair
    codes = re.split("[->]", pair)
    if len(codes) != 2:
        raise UnknownOption(f"{pair!r} is not a pair of countries; write KZ-RU or KZ>RU.")
    a, b = (country_index(graph, code) for code in codes)
    tails, heads = graph.node_country[graph.tail], graph.node_country[graph.head]
    mask = (tails == a) & (heads == b)
    if not directed:
        mask |= (tails == b) & (heads == a)
    return np.asarray(mask & (graph.arc_kind == Kind.BORDER))
