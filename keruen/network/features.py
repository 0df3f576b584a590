"""Features of the network by name: which arcs are Suez, the Kazakh-Russian rail border, Iran by rail, the Aktau ferry.

Features are written as the features of keruen.tables.features. One grammar serves avoiding, requiring, sanctions and the naming of
corridors; `arcs_with(graph, feature)` gives the arcs that have the feature and remembers them with the graph.

    country:IR            all that happens on Iran's ground and in its terminals     country:IR@rail   what runs on its railways
    country:GE@sea        what ships load and unload in Georgia
    mode:air              flying; loading a plane and unloading it again is no flight
    pair:KZ-RU@rail       the borders between two countries, both directions         region:north_of_66   arcs that reach beyond
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.graph import FACILITY_KINDS, MODES, Graph, Kind
from keruen.tables.features import Feature
from keruen.tables.words import said

LAND_MODES = ("rail", "road")
MOST_FEATURES = 64  # bits of the word in which an arc keeps the features that corridors are named by


def arcs_with(graph: Graph, feature: Feature) -> NDArray[np.int32]:
    """Arcs that have a feature, int32[k], ascending; remembered with the graph.

    Raises:
        UnknownOption: nothing in the network has that name.
    """
    if feature not in graph.memo:
        mask = feature_mask(graph, feature)
        if feature.mode:
            on_land = feature.kind == "country" and feature.mode in LAND_MODES
            mask &= on_the_way(graph, feature.mode) if on_land else by_mode(graph, feature.mode)
        graph.memo[feature] = np.flatnonzero(mask).astype(np.int32)
    found: NDArray[np.int32] = graph.memo[feature]
    return found


def feature_mask(graph: Graph, feature: Feature) -> NDArray[np.bool_]:
    """Arcs that have a feature, whatever their mode, bool[m]."""
    name = feature.value
    match feature.kind:
        case "passage" | "service" | "border":
            return at_facility(graph, feature.kind, name)
        case "place":
            return at_facility(graph, "terminal", name) | at_facility(graph, "gauge_yard", name, strict=False)
        case "country":
            return np.asarray(graph.arc_country == country_row(graph, name))
        case "pair":
            return across_border(graph, feature)
        case "mode":
            return on_the_way(graph, name)
        case "region":
            return beyond_parallel(graph, name)
        case _:
            raise UnknownOption(said("err_feature_of_network", feature=feature))


def by_mode(graph: Graph, mode: str) -> NDArray[np.bool_]:
    """Arcs of a mode, terminals included, bool[m]; none for a mode the network does not have."""
    return np.asarray(graph.arc_mode == MODES.index(mode)) if mode in MODES else np.zeros(graph.m, np.bool_)


def on_the_way(graph: Graph, mode: str) -> NDArray[np.bool_]:
    """Arcs on which a load is under way by a mode, bool[m]: no lifts, no yards, no anchors, which gather the hubs of a place."""
    under_way = np.isin(graph.arc_kind, [Kind.MOVE, Kind.BORDER, Kind.SERVICE])
    anchor = np.isin(graph.node_layer, np.flatnonzero(graph.layers == "anchor"))
    return np.asarray(by_mode(graph, mode) & under_way & ~anchor[graph.tail] & ~anchor[graph.head])


def at_facility(graph: Graph, kind: str, key: str, *, strict: bool = True) -> NDArray[np.bool_]:
    """Arcs of the facilities of a kind with a key, bool[m]."""
    rows = np.flatnonzero((graph.facility_kind == FACILITY_KINDS.index(kind)) & (graph.facility_key == key))
    if len(rows) == 0 and strict:
        raise UnknownOption(said("err_no_facility", what=said(f"facility_{kind}"), key=key, kind=kind))
    return np.isin(graph.arc_facility, rows)


def country_row(graph: Graph, code: str) -> int:
    """Row of an ISO 3166 code among the network's countries."""
    rows = np.flatnonzero(graph.countries == code.upper())
    if len(rows) == 0:
        raise UnknownOption(said("err_no_such_country", code=code))
    return int(rows[0])


def across_border(graph: Graph, feature: Feature) -> NDArray[np.bool_]:
    """Border arcs between two countries, in one direction for a directed pair, bool[m]."""
    a, b = (country_row(graph, code) for code in feature.keys)
    tails, heads = graph.node_country[graph.tail], graph.node_country[graph.head]
    mask = (tails == a) & (heads == b)
    if ">" not in feature.value:
        mask |= (tails == b) & (heads == a)
    return np.asarray(mask & (graph.arc_kind == Kind.BORDER))


def beyond_parallel(graph: Graph, region: str) -> NDArray[np.bool_]:
    """Arcs that reach beyond a parallel, `north_of_66` or `south_of_40`, bool[m]."""
    side, _, degrees = region.partition("_of_")
    beyond = graph.node_lat > float(degrees) if side == "north" else graph.node_lat < -float(degrees)
    return np.asarray(beyond[graph.tail] | beyond[graph.head])


def feature_bits(graph: Graph, features: list[Feature]) -> NDArray[np.uint64]:
    """For each arc the features it has, bit i for features[i], uint64[m]; features the network lacks are had by none.

    Raises:
        ValueError: more than 64 features.
    """
    if len(features) > MOST_FEATURES:
        raise ValueError(f"corridors are named by {len(features)} features; a network keeps {MOST_FEATURES}")
    bits = np.zeros(graph.m, np.uint64)
    for i, feature in enumerate(features):
        try:
            bits[arcs_with(graph, feature)] |= np.uint64(1 << i)
        except UnknownOption:
            continue
    return bits


def with_features(graph: Graph, features: list[Feature]) -> Graph:
    """The graph with the bits of features, those that corridors are told by."""
    arrays = {
        **graph.arrays(),
        "arc_features": feature_bits(graph, features),
        "features": np.array([str(feature) for feature in features], np.str_),
    }
    return Graph(**arrays)  # type: ignore[arg-type]
