"""Files of the installed packages that carry maps, read as data: none of the modules is imported.

The railways and highways of the world come as Python source of 17 and 36 MB (scgraph_data 2.0.0, after OpenStreetMap),

    graph=[{1: 2.02, 0: 0.0, 2: 0.445}, ...]      per node {neighbour: km}
    nodes=[[52.1, 23.7], ...]                     latitude, longitude in degrees

whose import takes up to 5 GB. Here every bracket, colon and comma becomes a space and numpy reads the numbers, which
takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption

LINE_FILES = {"rail": ("scgraph_data", "world_railways.py"), "road": ("scgraph_data", "world_highways.py")}
_TO_SPACE = bytes.maketrans(b"{}[]:,", b"      ")


@dataclass(frozen=True)
class MapLines:
    """Undirected lines as the package has them: n nodes in degrees, e edges in km, u < v, no loops, each pair once."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    km: NDArray[np.float64]


def package_folder(name: str) -> Path:
    """Folder of an installed package, found without importing it.

    Raises:
        UnknownOption: the package is not installed.
    """
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise UnknownOption(
            f"The package {name!r} is not installed; the network is built from its files: pip install {name}."
        )
    return Path(spec.submodule_search_locations[0])


def line_file(mode: str) -> Path:
    """The file that holds the lines of a mode: `rail` or `road`.

    Raises:
        UnknownOption: there are no lines for the mode, or the package or its file is missing.
    """
    if mode not in LINE_FILES:
        raise UnknownOption(f"There are no base lines for mode {mode!r}; there are {', '.join(LINE_FILES)}.")
    package, name = LINE_FILES[mode]
    path = package_folder(package) / name
    if not path.exists():
        raise UnknownOption(
            f"The package {package!r} has no file {name}; install the version 2.0.0: pip install {package}==2.0.0."
        )
    return path


def read_map_lines(mode: str) -> MapLines:
    """The lines of `rail` or `road`; loops are dropped and of parallel edges the shortest is kept.

    Raises:
        UnknownOption: see `line_file`; also when the file is not of the expected form.
    """
    path = line_file(mode)
    text = path.read_bytes()
    try:
        graph_end = text.index(b"\nnodes=")
        nodes_end = text.index(b"\n", graph_end + 1)
        per_node, neighbour, km = _read_graph(text[text.index(b"graph=") + 6 : graph_end])
        points = _read_numbers(text[graph_end + 7 : nodes_end]).reshape(-1, 2)
        if len(per_node) != len(points) or (len(neighbour) and neighbour.max() >= len(points)):
            raise ValueError(f"{len(per_node)} nodes have neighbours, {len(points)} have coordinates")
    except ValueError as error:
        raise UnknownOption(
            f"{path.name} is not a network of scgraph_data 2.0.0 ({error}); install that version."
        ) from error
    tail = np.repeat(np.arange(len(per_node)), per_node)
    u, v, km = shortest_of_parallels(np.minimum(tail, neighbour), np.maximum(tail, neighbour), km)
    return MapLines(points[:, 0].copy(), points[:, 1].copy(), u, v, km)


def shortest_of_parallels(
    u: NDArray[np.int64], v: NDArray[np.int64], km: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Edges sorted by (u, v), each pair once with its shortest length, without loops."""
    order = np.lexsort((km, v, u))
    order = order[u[order] != v[order]]
    a, b = u[order], v[order]
    first = np.concatenate([[True], (a[1:] != a[:-1]) | (b[1:] != b[:-1])])[: len(order)]
    return a[first], b[first], km[order][first]


def _read_graph(text: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Number of neighbours of each node; all neighbours one after the other; their distances."""
    letters = np.frombuffer(text, np.uint8)
    colons = np.flatnonzero(letters == ord(":"))
    per_node = np.diff(np.searchsorted(colons, np.flatnonzero(letters == ord("}"))), prepend=0)
    pairs = _read_numbers(text).reshape(-1, 2)
    return per_node, pairs[:, 0].astype(np.int64), pairs[:, 1].copy()


def _read_numbers(text: bytes) -> NDArray[np.float64]:
    return np.fromstring(text.translate(_TO_SPACE), dtype=np.float64, sep=" ")
