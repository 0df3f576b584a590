"""What a user asks to avoid or to require, as arcs.

`--avoid RU`, `--avoid suez`, `--require trans_caspian`, `--sanctions PROFILE`: a word is looked up among the modes, corridors, passages,
services, borders, countries and places, in this order; `kind:value[@mode]` says it exactly. A corridor is avoided by every route that
does not meet its conditions, and required of routes that go by its name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption, UnknownPlace
from keruen.network.build import World, open_world
from keruen.network.features import arcs_with
from keruen.network.gazetteer import resolve
from keruen.network.graph import FACILITY_KINDS, MODES
from keruen.routing.corridors import Corridor, arcs_having
from keruen.tables.dataset import Dataset
from keruen.tables.features import Feature, parse_feature
from keruen.tables.table import Row
from keruen.tables.words import joined, said

NAMED_TABLES = ("corridors", "passages", "services", "borders")
KIND_OF_TABLE = {"passages": "passage", "services": "service", "borders": "border"}
NOTHING = np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Demand:
    """Something asked for by the user; `text`: in the words of an error, in both languages.

    closed: arcs int32[k] that a route must not use. used: sets of arcs, of each of which a route must use one. not_as: the corridor
    whose conditions it must not meet; only_as: the corridor that it must go by.
    """

    text: str
    closed: NDArray[np.int32] = field(default_factory=lambda: NOTHING)
    used: tuple[NDArray[np.int32], ...] = ()
    not_as: Corridor | None = None
    only_as: Corridor | None = None


def demands_of(
    data: Dataset,
    world: World,
    corridors: Iterable[Corridor],
    avoid: Iterable[str],
    require: Iterable[str],
    sanctions: Iterable[str],
) -> list[Demand]:
    """What the user avoids, by name and by sanctions profile, and requires.

    Raises:
        UnknownOption: a name that means nothing, with those that come near; two corridors required at once.
        AmbiguousPlace: several places go by it.
    """
    known = {corridor.key: corridor for corridor in corridors}
    demands = [avoided(data, world, known, text) for text in avoid]
    demands += [sanctioned(data, world, profile) for profile in sanctions]
    demands += [required(data, world, known, text) for text in require]
    if len({demand.only_as.key for demand in demands if demand.only_as}) > 1:
        raise UnknownOption(said("err_one_corridor"))
    return demands


def avoided(data: Dataset, world: World, corridors: Mapping[str, Corridor], text: str) -> Demand:
    """The demand to keep out of what is named."""
    row = corridor_named(data, text)
    if row is None:
        return Demand(said("asked_avoid", what=text), closed=arcs_with(world.graph, feature_named(data, world, text)))
    return Demand(said("asked_avoid", what=text), not_as=corridors.get(row.text("corridor")))


def sanctioned(data: Dataset, world: World, profile: str) -> Demand:
    """The demand to use nothing that a sanctions profile lists."""
    rows = [row for row in data["sanctions"] if row.text("profile") == profile]
    if not rows:
        known = sorted(set(data["sanctions"].texts("profile")))
        raise UnknownOption(said("err_sanctions", profile=profile, known=", ".join(known)), known)
    closed = united(arcs_with(world.graph, parse_feature(row.text("item"))) for row in rows)
    return Demand(said("asked_sanctions", profile=profile), closed=closed)


def required(data: Dataset, world: World, corridors: Mapping[str, Corridor], text: str) -> Demand:
    """The demand to use what is named; of a corridor, to go by it: a gate, all it must also use, and nothing it never uses."""
    row, asked = corridor_named(data, text), said("asked_require", what=text)
    if row is None:
        return Demand(asked, used=(arcs_with(world.graph, feature_named(data, world, text)),))
    corridor = corridors.get(row.text("corridor"))
    if corridor is None:  # its gates are not on the network
        return Demand(asked, used=(NOTHING,))
    parts = [*([corridor.gates] if corridor.gates else []), *corridor.also]
    used = tuple(arcs_having(world.graph, part) for part in parts)
    return Demand(asked, closed=arcs_having(world.graph, corridor.never), used=used, only_as=corridor)


def corridor_named(data: Dataset, text: str) -> Row | None:
    """The corridor that a text names, None if it names something else."""
    row = None if is_feature(text) or text.casefold() in MODES else named_row(data, text)
    return row if row is not None and row.table.name == "corridors" else None


def is_feature(text: str) -> bool:
    """Whether a text is written kind:value."""
    return ":" in text and not text.startswith("corridor:")


def feature_named(data: Dataset, world: World, text: str) -> Feature:
    """The feature that a word stands for, if it names no corridor.

    Raises:
        UnknownOption: the word means nothing.
    """
    if is_feature(text):
        return parse_feature(text)
    if text.casefold() in MODES:
        return Feature("mode", text.casefold())
    row = named_row(data, text)
    if row is not None:
        return Feature(KIND_OF_TABLE[row.table.name], row.id.partition(":")[2])
    country = country_named(data, text)
    if country:
        return Feature("country", country)
    return Feature("place", place_named(data, world, text))


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
        hint = said("did_you_mean", near=", ".join(near)) if near else ""
        unknown = joined(" ", [said("err_nothing_called", text=text), hint, said("name_something")])
        raise UnknownOption(unknown, near) from None
    if world.graph.ends_of(entry.code) is None:
        raise UnknownOption(said("err_no_terminal", place=entry.called, code=entry.code))
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
    arrays = [part for part in parts if len(part)]
    if not arrays:
        return np.empty(0, np.int32)
    there = np.zeros(max(int(part.max()) for part in arrays) + 1, bool)  # a tenth of the time of sorting
    for part in arrays:
        there[part] = True
    return np.flatnonzero(there).astype(np.int32)


def facilities(data: Dataset, kind: str, country: str = "") -> list[dict[str, Any]]:
    """The facilities of a kind on the network, all or those that touch a country (code or name), ready for JSON.

    Raises:
        UnknownOption: no country goes by it.
    """
    graph, found = open_world(data).graph, []
    code = country_named(data, country) if country else ""
    if country and not code:
        raise UnknownOption(said("err_no_country", country=country))
    for f in np.flatnonzero(graph.facility_kind == FACILITY_KINDS.index(kind)).tolist():
        ends = (int(graph.facility_country_a[f]), int(graph.facility_country_b[f]))
        sides = list(dict.fromkeys(str(graph.countries[c]) for c in ends if c >= 0))
        if not code or code in sides:
            found.append({
                "key": str(graph.facility_key[f]), "name": str(graph.facility_name[f]), "name_ru": str(graph.facility_name_ru[f]),
                "countries": sides, "lat": round(float(graph.facility_lat[f]), 6), "lon": round(float(graph.facility_lon[f]), 6),
                "open": bool(graph.facility_open[f]),
            })  # fmt: skip
    return found
