"""What a user asks to avoid or to require, as arcs.

`--avoid RU`, `--avoid suez`, `--require trans_caspian`, `--sanctions PROFILE`: a word is looked up among the modes, corridors, passages,
services, borders, countries and places, in this order; `kind:value[@mode]` says it exactly. A corridor is avoided by closing its gates
and required by using one of them and everything it must also use, and nothing that it never uses.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption, UnknownPlace
from keruen.network.build import World
from keruen.network.features import arcs_with
from keruen.network.gazetteer import resolve
from keruen.network.graph import MODES
from keruen.tables.dataset import Dataset
from keruen.tables.features import Feature, parse_feature
from keruen.tables.table import Row

NAMED_TABLES = ("corridors", "passages", "services", "borders")
KIND_OF_TABLE = {"corridors": "corridor", "passages": "passage", "services": "service", "borders": "border"}


@dataclass(frozen=True, eq=False)
class Demand:
    """Something named by the user and the arcs it stands for, int32[k], of which a route must use one, or none."""

    text: str
    arcs: NDArray[np.int32]


def avoided(data: Dataset, world: World, avoid: Iterable[str], sanctions: Iterable[str]) -> list[Demand]:
    """Demands to use none of the arcs of what is named, and of the items of the sanctions profiles.

    Raises:
        UnknownOption: a name that means nothing, with those that come near.
        AmbiguousPlace: several places go by it.
    """
    demands = [
        Demand(text, united(arcs_with(world.graph, feature) for feature in features_named(data, world, text)))
        for text in avoid
    ]
    for profile in sanctions:
        rows = [row for row in data["sanctions"] if row.text("profile") == profile]
        if not rows:
            known = sorted(set(data["sanctions"].texts("profile")))
            raise UnknownOption(f"Unknown sanctions profile {profile!r}; the table has {', '.join(known)}.", known)
        arcs = united(arcs_with(world.graph, parse_feature(row.text("item"))) for row in rows)
        demands.append(Demand(f"sanctions {profile}", arcs))
    return demands


def required(data: Dataset, world: World, require: Iterable[str]) -> list[Demand]:
    """Demands to use one of the arcs of each thing named. Errors as `avoided`."""
    demands = []
    for text in require:
        corridor = corridor_named(data, text)
        if corridor is None:
            arcs = united(arcs_with(world.graph, feature) for feature in features_named(data, world, text))
            demands.append(Demand(text, arcs))
            continue
        if corridor.texts("gates"):
            gates = [parse_feature(item) for item in corridor.texts("gates")]
            demands.append(Demand(text, united(arcs_with(world.graph, gate) for gate in gates)))
        demands += [
            Demand(f"{text} ({item})", arcs_with(world.graph, parse_feature(item))) for item in corridor.texts("also")
        ]
    return demands


def ruled_out(data: Dataset, world: World, require: Iterable[str]) -> list[Demand]:
    """Demands to use nothing that a required corridor never uses."""
    corridors = [(text, corridor_named(data, text)) for text in require]
    never = [(text, row.texts("never")) for text, row in corridors if row is not None and row.texts("never")]
    return [
        Demand(f"what {text} never uses", united(arcs_with(world.graph, parse_feature(item)) for item in items))
        for text, items in never
    ]


def corridor_named(data: Dataset, text: str) -> Row | None:
    """The corridor that a text names, None if it names something else."""
    row = None if is_feature(text) or text.casefold() in MODES else named_row(data, text)
    return row if row is not None and row.table.name == "corridors" else None


def is_feature(text: str) -> bool:
    """Whether a text is written kind:value."""
    return ":" in text and not text.startswith("corridor:")


def features_named(data: Dataset, world: World, text: str) -> list[Feature]:
    """The features a word stands for: one, or the gates of a corridor.

    Raises:
        UnknownOption: the word means nothing.
    """
    if is_feature(text):
        return [parse_feature(text)]
    if text.casefold() in MODES:
        return [Feature("mode", text.casefold())]
    row = named_row(data, text)
    if row is not None and row.table.name == "corridors":
        if not row.texts("gates"):
            raise UnknownOption(
                f"The corridor {text!r} has no gates that could be closed. Avoid a mode, country or place instead."
            )
        return [parse_feature(item) for item in row.texts("gates")]
    if row is not None:
        return [Feature(KIND_OF_TABLE[row.table.name], row.id.partition(":")[2])]
    country = country_named(data, text)
    if country:
        return [Feature("country", country)]
    return [Feature("place", place_named(data, world, text))]


def named_row(data: Dataset, text: str) -> Row | None:
    """The row of a corridor, passage, service or border with this key or name, whatever its case."""
    wanted = _plain(text.removeprefix("corridor:"))
    tables = ("corridors",) if text.startswith("corridor:") else NAMED_TABLES
    for table in tables:
        for row in data[table]:
            if wanted in {_plain(name) for name in names_of(row) if name}:
                return row
    return None


def names_of(row: Row) -> tuple[str, str, str]:
    """The key of a row, its name, and its Russian name."""
    return row.id.partition(":")[2], row.text("name"), row.text("name_ru")


def _plain(text: str) -> str:
    """A name without regard to case, and with spaces and hyphens alike."""
    return text.strip().casefold().replace("-", "_").replace(" ", "_")


def country_named(data: Dataset, text: str) -> str:
    """The ISO code of a country by code or name; empty if there is none."""
    countries, wanted = data["countries"], text.strip().casefold()
    for column in ("country", "iso3", "name", "name_ru"):
        for code, value in zip(countries.texts("country"), countries.texts(column), strict=True):
            if value and value.casefold() == wanted:
                return code
    return ""


def place_named(data: Dataset, world: World, text: str) -> str:
    """The code of a place that has a terminal, or an error that lists what comes near among everything that can be named."""
    try:
        entry = resolve(world.gazetteer, text)
    except UnknownPlace:
        near = names_near(data, text)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise UnknownOption(
            f"Nothing on the network is called {text!r}.{hint} Name a country (RU), passage (suez), corridor (trans_caspian), "
            "mode (air), service, border or place, or write it exactly as kind:value.",
            near,
        ) from None
    if world.graph.ends_of(entry.code) is None:
        raise UnknownOption(
            f"{entry.name} ({entry.code}) has no terminal, so no route can be told to use it or not. "
            "Name a place with a port, station or airport, or a border (`keruen network list border`)."
        )
    return entry.code


def names_near(data: Dataset, text: str) -> list[str]:
    """Up to five keys of what can be avoided or required whose key or name comes near to a text, nearest first."""
    known = {_plain(mode): mode for mode in MODES}
    for row in data["countries"]:
        known |= {_plain(name): row.text("name") for name in names_of(row) if name}
    for table in reversed(NAMED_TABLES):  # of equal names the one that is looked up first stays
        known |= {_plain(name): row.id.partition(":")[2] for row in data[table] for name in names_of(row) if name}
    near = difflib.get_close_matches(_plain(text.removeprefix("corridor:")), known, n=8, cutoff=0.6)
    return list(dict.fromkeys(known[name] for name in near))[:5]


def united(parts: Iterable[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Arcs of any of the parts, ascending."""
    arrays = list(parts)
    return np.unique(np.concatenate(arrays)) if arrays else np.empty(0, np.int32)
