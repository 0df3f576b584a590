"""Vector tiles: what a layer shows in a square of the map, cut out and written as Mapbox Vector Tile (version 2.1, protobuf).

    tile z/x/y = the square from (x, y) / 2^z with sides 2^-z, 4096 units wide, cut `BUFFER` units beyond its edges

Shapes with the same properties are one feature of many parts. A tile is made in some milliseconds and kept, with as many others as fit into
a number of bytes; the longest unused go first.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray

from keruen.web.prepared import LAST_ZOOM, Layer

EXTENT = 4096  # units of a tile's side, as browsers expect
BUFFER = 64  # units beyond the edge: what a line's width or a sign may reach over it
KEPT_BYTES = 48_000_000
POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True)
class Tile:
    """A tile as sent, and a tag that changes with its content."""

    body: bytes
    tag: str


@dataclass(eq=False)
class TileStore:
    """Tiles of some layers, made when asked for; safe for use by many threads."""

    layers: Mapping[str, Layer]
    kept_bytes: int = KEPT_BYTES
    tiles: OrderedDict[tuple[int, int, int], Tile] = field(default_factory=OrderedDict, repr=False)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tile(self, z: int, x: int, y: int) -> Tile:
        """One tile, from memory if it was asked for lately."""
        with self.lock:
            if (z, x, y) in self.tiles:
                self.tiles.move_to_end((z, x, y))
                return self.tiles[z, x, y]
        body = encoded(self.layers, z, x, y)
        made = Tile(body, hashlib.sha256(body).hexdigest()[:16])
        with self.lock:
            if (z, x, y) not in self.tiles:
                self.tiles[z, x, y] = made
                self.size += len(body)
            while self.size > self.kept_bytes and len(self.tiles) > 1:
                _, gone = self.tiles.popitem(last=False)
                self.size -= len(gone.body)
        return made


def is_tile(z: int, x: int, y: int) -> bool:
    """Whether a tile of this address is on the map and in the zooms that are served."""
    return 0 <= z <= LAST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def encoded(layers: Mapping[str, Layer], z: int, x: int, y: int) -> bytes:
    """A tile of some layers; layers with nothing in it are left out."""
    written = [{"name": name, "features": cut} for name, layer in layers.items() if (cut := features(layer, z, x, y))]
    options = {"y_coord_down": True, "extents": EXTENT, "check_winding_order": False}
    return bytes(mapbox_vector_tile.encode(written, default_options=options)) if written else b""


def features(layer: Layer, z: int, x: int, y: int) -> list[dict[str, Any]]:
    """What a layer shows in a tile, in units of the tile, as features ready to be encoded."""
    side, margin = 2.0**-z, BUFFER / EXTENT * 2.0**-z
    edges = x * side - margin, y * side - margin, (x + 1) * side + margin, (y + 1) * side + margin
    rows = layer.shown(z, *edges)
    if len(rows) == 0:
        return []
    pieces, of = cut_out(layer.shapes[rows], edges)
    units = shapely.transform(pieces, lambda xy: np.rint((xy * 2.0**z - (x, y)) * EXTENT))
    units, of = without_specks(units, of)
    row = layer.row[rows][of]
    found = []
    order = np.argsort(row, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(row[order])) + 1):
        if len(group):
            found.append({"geometry": gathered(units[group]), "properties": layer.properties[int(row[group[0]])]})
    return found


def cut_out(
    shapes: NDArray[np.object_], edges: tuple[float, float, float, float]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The parts of shapes that lie within a box, with the number of the shape each is a part of."""
    kind = shapely.get_type_id(shapes[0])
    if kind == shapely.GeometryType.POINT:
        x, y = shapely.get_x(shapes), shapely.get_y(shapes)
        inside = np.flatnonzero((x >= edges[0]) & (x <= edges[2]) & (y >= edges[1]) & (y <= edges[3]))
        return shapes[inside], inside
    whole = shapely.bounds(shapes)
    over = (whole[:, 0] < edges[0]) | (whole[:, 1] < edges[1]) | (whole[:, 2] > edges[2]) | (whole[:, 3] > edges[3])
    cut = shapes.copy()
    if kind in POLYGONS:  # a clip by the box alone may leave polygons that touch themselves
        cut[over] = shapely.intersection(shapes[over], shapely.box(*edges))
        cut = shapely.orient_polygons(cut)
    else:
        cut[over] = shapely.clip_by_rect(shapes[over], *edges)
    parts, of = shapely.get_parts(cut, return_index=True)
    wanted = shapely.GeometryType.POLYGON if kind in POLYGONS else shapely.GeometryType.LINESTRING
    same = (shapely.get_type_id(parts) == wanted) & ~shapely.is_empty(parts)
    return parts[same], of[same]


def without_specks(shapes: NDArray[np.object_], of: NDArray[np.int64]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Shapes that still have a length or an area after rounding to the units of a tile."""
    if len(shapes) == 0 or shapely.get_type_id(shapes[0]) == shapely.GeometryType.POINT:
        return shapes, of
    polygon = shapely.get_type_id(shapes[0]) in POLYGONS
    kept = (shapely.area(shapes) if polygon else shapely.length(shapes)) > 0.0
    return shapes[kept], of[kept]


def gathered(shapes: NDArray[np.object_]) -> shapely.Geometry:
    """Shapes of one kind as one of many parts."""
    if len(shapes) == 1:
        return shapes[0]
    kind = shapely.get_type_id(shapes[0])
    if kind == shapely.GeometryType.POINT:
        return shapely.multipoints(shapes)
    return shapely.multipolygons(shapes) if kind in POLYGONS else shapely.multilinestrings(shapes)
