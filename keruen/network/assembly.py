"""Putting the virtual network together: nodes, facilities, geometries and arcs grow here and are frozen into a Graph at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.network.graph import FACILITY_KINDS, ArcList, Graph, compressed_rows, z_order


@dataclass(frozen=True)
class Facility:
    """Something that handles, checks, ferries or tolls: one row of the graph's facilities. Countries are rows, -1 for none."""

    kind: str
    key: str
    name: str
    name_ru: str
    type: str
    country_a: int
    country_b: int
    lat: float
    lon: float
    is_open: bool = True


@dataclass
class LayerNodes:
    """Node ids of one layer with their coordinates, to find the nearest."""

    ids: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    country: NDArray[np.int16]


@dataclass
class Assembly:
    """A graph in the making. `countries` are ISO 3166 codes in the order of the countries table.

    One that goes on from a built network has that network's layers and facilities; its nodes and polylines count on from there (`n`,
    `first_geometry`).
    """

    countries: list[str]
    arcs: ArcList = field(default_factory=ArcList)
    layers: list[str] = field(default_factory=list)
    facilities: list[Facility] = field(default_factory=list)
    terminals: dict[str, int] = field(default_factory=dict)
    ends: dict[str, tuple[int, int]] = field(default_factory=dict)
    node_blocks: list[dict[str, NDArray[Any]]] = field(default_factory=list)
    geometry: list[NDArray[np.float32]] = field(default_factory=list)
    n: int = 0
    first_geometry: int = 0

    @cached_property
    def row_of_country(self) -> dict[str, int]:
        """Row of each country code."""
        return {code: row for row, code in enumerate(self.countries)}

    def country(self, code: str) -> int:
        """Row of a country code; -1 for an empty one or one no longer in use, which packages still have."""
        return self.row_of_country.get(code, -1)

    def layer(self, name: str) -> int:
        """Row of a layer, made at first use."""
        if name not in self.layers:
            self.layers.append(name)
        return self.layers.index(name)

    def add_nodes(
        self, layer: str, lat: ArrayLike, lon: ArrayLike, country: ArrayLike, facility: ArrayLike = -1
    ) -> NDArray[np.int32]:
        """Append nodes of one layer; returns their ids, int32[k]."""
        lats = np.atleast_1d(np.asarray(lat, np.float32))
        size = len(lats)
        block = {"lat": lats, "lon": lon, "layer": self.layer(layer), "country": country, "facility": facility}
        types = {"lat": np.float32, "lon": np.float32, "layer": np.int16, "country": np.int16, "facility": np.int32}
        self.node_blocks.append({k: np.broadcast_to(np.asarray(v), (size,)).astype(types[k]) for k, v in block.items()})
        ids = np.arange(self.n, self.n + size, dtype=np.int32)
        self.n += size
        return ids

    def add_facility(self, facility: Facility) -> int:
        """Append a facility; returns its row."""
        self.facilities.append(facility)
        return len(self.facilities) - 1

    def add_geometry(self, points: NDArray[np.float32]) -> int:
        """Append a polyline, float32[k, 2] as (lon, lat); returns its row."""
        self.geometry.append(points)
        return self.first_geometry + len(self.geometry) - 1

    def freeze(self) -> Graph:
        """Number the nodes along a Z-order curve, sort the arcs by tail, and make everything read-only."""
        nodes = {name: np.concatenate([block[name] for block in self.node_blocks]) for name in self.node_blocks[0]}
        order = z_order(nodes["lat"], nodes["lon"])
        renumber = np.empty(self.n, np.int32)
        renumber[order] = np.arange(self.n, dtype=np.int32)
        tail, head = renumber[self.arcs.column("tail")], renumber[self.arcs.column("head")]
        by_tail = np.lexsort((head, tail))
        tail, head = tail[by_tail], head[by_tail]
        columns = {
            name: self.arcs.column(name)[by_tail] for name, _, _ in ArcList.COLUMNS if name not in ("tail", "head")
        }
        _, first_out = compressed_rows(tail, self.n)
        in_arc, first_in = compressed_rows(head, self.n)
        places = sorted(self.ends)
        points = np.concatenate(self.geometry) if self.geometry else np.empty((0, 2), np.float32)
        lengths = [len(line) for line in self.geometry]
        text = {
            name: np.array([getattr(facility, name) for facility in self.facilities], dtype=np.str_)
            for name in ("key", "name", "name_ru", "type")
        }
        arrays: dict[str, Any] = {
            "first_out": first_out.astype(np.int32),
            "head": head,
            "tail": tail,
            "first_in": first_in.astype(np.int32),
            "in_arc": in_arc.astype(np.int32),
            "node_lat": nodes["lat"][order],
            "node_lon": nodes["lon"][order],
            "node_layer": nodes["layer"][order],
            "node_country": nodes["country"][order],
            "node_facility": nodes["facility"][order],
            **{f"arc_{name}": values for name, values in columns.items()},
            "arc_features": np.zeros(len(head), np.uint64),
            "geometry_first": np.cumsum([0, *lengths]).astype(np.int32),
            "geometry_lat": np.ascontiguousarray(points[:, 1]),
            "geometry_lon": np.ascontiguousarray(points[:, 0]),
            "facility_kind": np.array([FACILITY_KINDS.index(f.kind) for f in self.facilities], np.uint8),
            **{f"facility_{name}": values for name, values in text.items()},
            "facility_country_a": np.array([f.country_a for f in self.facilities], np.int16),
            "facility_country_b": np.array([f.country_b for f in self.facilities], np.int16),
            "facility_lat": np.array([f.lat for f in self.facilities], np.float32),
            "facility_lon": np.array([f.lon for f in self.facilities], np.float32),
            "facility_open": np.array([f.is_open for f in self.facilities], np.bool_),
            "place_code": np.array(places, np.str_),
            "place_start": renumber[np.array([self.ends[place][0] for place in places], np.int32)],
            "place_end": renumber[np.array([self.ends[place][1] for place in places], np.int32)],
            "countries": np.array(self.countries, np.str_),
            "layers": np.array(self.layers, np.str_),
            "features": np.array([], np.str_),
        }
        for array in arrays.values():
            array.flags.writeable = False
        return Graph(**arrays)
