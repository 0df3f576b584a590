"""Prepared layers: what a map shows, zoom by zoom, as a few arrays that are made once and then read from the cache.

    Layer = n shapes on the unit square of keruen.web.mercator (points, lines or polygons), each shown from one zoom to another,
            each with a row of properties

The shapes of a layer are kept as the ragged arrays of GeoArrow (coordinates, and where each line, ring and polygon starts), the
properties as JSON texts end to end, each kept once. A layer finds the shapes of a box through a tree for each zoom, made when the zoom
is first asked for.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from keruen.network.cache import Arrays, cached

Floats = NDArray[np.float64]
Properties = Mapping[str, str | int]
Shown = tuple[shapely.Geometry, int, int, Properties]  # shape, first and last zoom

LAST_ZOOM = 8  # of tiles; the page enlarges them beyond
WEB = Path(__file__).parent
GEO = WEB.parent / "data" / "geo"
CODE = ("mercator.py", "prepared.py", "ground.py", "lines.py", "points.py", "thinning.py")


@dataclass(frozen=True, eq=False)
class Layer:
    """Shapes of one kind with the zooms [n] at which each is shown, first to last, and its row [n] of the properties."""

    shapes: NDArray[np.object_]
    first_zoom: NDArray[np.uint8]
    last_zoom: NDArray[np.uint8]
    row: NDArray[np.int32]
    properties: tuple[Properties, ...]
    trees: dict[int, tuple[NDArray[np.int64], shapely.STRtree]] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, features: Iterable[Shown]) -> Layer:
        """A layer of (shape, first zoom, last zoom, properties)."""
        rows: dict[str, int] = {}
        shapes, first, last, row = [], [], [], []
        for shape, begin, end, properties in features:
            shapes.append(shape)
            first.append(begin)
            last.append(end)
            row.append(rows.setdefault(json.dumps(properties, ensure_ascii=False), len(rows)))
        return cls(
            np.array(shapes, object), np.array(first, np.uint8), np.array(last, np.uint8), np.array(row, np.int32),
            tuple(json.loads(text) for text in rows),
        )  # fmt: skip

    def shown(self, zoom: int, west: float, north: float, east: float, south: float) -> NDArray[np.int64]:
        """Shapes shown at a zoom whose boxes meet a box of the unit square, in the order of the layer."""
        with self.lock:
            if zoom not in self.trees:
                there = np.flatnonzero((self.first_zoom <= zoom) & (zoom <= self.last_zoom))
                self.trees[zoom] = (there, shapely.STRtree(self.shapes[there]))
        there, tree = self.trees[zoom]
        return np.asarray(there[np.sort(tree.query(shapely.box(west, north, east, south)))])

    def arrays(self) -> Arrays:
        """The layer as arrays by name; `from_arrays` is the way back."""
        kind, xy, starts = shapely.to_ragged_array(self.shapes) if len(self.shapes) else (0, np.empty((0, 2)), ())
        texts = [json.dumps(one, ensure_ascii=False).encode() for one in self.properties]
        found: Arrays = {
            "kind": np.array([int(kind)], np.int32),
            "xy": xy.astype(np.float32),
            "first_zoom": self.first_zoom,
            "last_zoom": self.last_zoom,
            "row": self.row,
            "properties": np.frombuffer(b"\n".join(texts), np.uint8),
        }
        return found | {f"starts{i}": np.asarray(start, np.int32) for i, start in enumerate(starts)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Layer:
        """The layer over stored arrays.

        Raises:
            KeyError: an array is missing.
        """
        kind = shapely.GeometryType(int(arrays["kind"][0]))
        starts = tuple(np.asarray(arrays[f"starts{i}"]) for i in range(3) if f"starts{i}" in arrays)
        xy = np.asarray(arrays["xy"], np.float64)
        shapes = shapely.from_ragged_array(kind, xy, starts) if len(xy) else np.empty(0, object)
        lines = arrays["properties"].tobytes().decode().split("\n")
        return cls(
            np.asarray(shapes), arrays["first_zoom"], arrays["last_zoom"], arrays["row"],
            tuple(json.loads(line) for line in lines if line),
        )  # fmt: skip


def prepared(folder: Path, part: str, make: Callable[[], Mapping[str, Layer]]) -> dict[str, Layer]:
    """The layers of a part of the map, from the cache beside the network's folder, made and kept first if they are not there.

    Raises:
        DamagedCache: the kept layers are damaged.
        OSError: the cache folder cannot be written.
    """

    def build() -> tuple[Arrays, dict[str, Any]]:
        layers = make()
        arrays = {f"{name}__{key}": array for name, one in layers.items() for key, array in one.arrays().items()}
        return arrays, {"layers": list(layers)}

    arrays, about = cached(folder.with_name(f"{folder.name}-map-{part}_{code_hash()}"), build)
    return {
        str(name): Layer.from_arrays(
            {key.removeprefix(f"{name}__"): array for key, array in arrays.items() if key.startswith(f"{name}__")}
        )
        for name in about["layers"]
    }


def code_hash(files: Sequence[str] = CODE) -> str:
    """Hash of what layers are made by and from, beside the tables and lines that the network's own folder is named after."""
    digest = hashlib.sha256()
    for path in [*(WEB / name for name in files), *sorted(GEO.iterdir())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
