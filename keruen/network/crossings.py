"""Where lines cross from one country into another: named crossings of the borders table, and those called after the nearest town.

The base lines have two nodes at a border, one in each country:   line --> node in A --BORDER--> node in B --> line

A row without coordinates stands for a whole frontier: crossings outside every circle are open or closed as it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, Facility
from keruen.network.base import Lines
from keruen.network.gazetteer import Gazetteer
from keruen.network.graph import MODES, Kind
from keruen.network.sphere import distance_km, unit_vectors

Row = Mapping[str, Any]


@dataclass
class Crossings:
    """Named border crossings, and those called after the nearest town as they are met. `towns` float64[k, 3] are unit vectors."""

    assembly: Assembly
    named: Sequence[Row]
    towns: NDArray[np.float64]
    town_names: list[tuple[str, str]]
    made: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def facility(self, mode: str, a: int, b: int, lat: float, lon: float) -> int:
        """Row of the facility at which a line of a mode crosses from country a to b near a point."""
        codes = sorted((self.assembly.countries[a], self.assembly.countries[b]))
        row = self.nearest_named(mode, codes, lat, lon)
        if row is not None:
            if row["border"] not in self.rows:
                self.rows[row["border"]] = self.assembly.add_facility(self.from_row(row))
            return self.rows[row["border"]]
        town = int(np.argmax(self.towns @ unit_vectors(lat, lon)))
        key = (mode, codes[0], codes[1], town)
        if key not in self.made:
            self.made[key] = self.assembly.add_facility(self.unnamed(*key, lat, lon))
        return self.made[key]

    def nearest_named(self, mode: str, codes: list[str], lat: float, lon: float) -> Row | None:
        """The crossing of the table between these countries whose circle holds the point; the nearest of several."""
        best, best_km = None, np.inf
        for row in self.named:
            if row["mode"] == mode and sorted((row["country_a"], row["country_b"])) == codes:
                km = float(distance_km(row["lat"], row["lon"], lat, lon))
                if km <= row["radius_km"] and km < best_km:
                    best, best_km = row, km
        return best

    def from_row(self, row: Row) -> Facility:
        """The facility of a row of the borders table."""
        a, b = self.assembly.country(row["country_a"]), self.assembly.country(row["country_b"])
        is_open = row["status"] != "closed"
        return Facility(
            "border", row["border"], row["name"], row["name_ru"], row["mode"], a, b, row["lat"], row["lon"], is_open
        )

    def is_open_elsewhere(self, mode: str, codes: list[str]) -> bool:
        """Whether crossings without a name between two countries, sorted, are open: not if the table closes the whole frontier."""
        return not any(
            row["mode"] == mode
            and np.isnan(row["lat"])
            and row["status"] == "closed"
            and sorted((row["country_a"], row["country_b"])) == codes
            for row in self.named
        )

    def unnamed(self, mode: str, code_a: str, code_b: str, town: int, lat: float, lon: float) -> Facility:
        """The facility of a crossing that the table does not know, or knows only as part of a whole frontier."""
        pair = f"{code_a}-{code_b}"
        name, name_ru = self.town_names[town]
        return Facility(
            "border", f"{mode}:{pair}:{name}".replace(" ", "_"), f"{pair} {mode} border near {name}",
            f"граница {pair} у города {name_ru}", mode,
            self.assembly.country(code_a), self.assembly.country(code_b), lat, lon,
            self.is_open_elsewhere(mode, [code_a, code_b]),
        )  # fmt: skip

    def remember(self) -> None:
        """Take the borders of a network that is built on for those met before: the named ones, the others by their town."""
        named = {row["border"] for row in self.named}
        for row, known in enumerate(self.assembly.facilities):
            if known.kind == "border" and known.key in named:
                self.rows[known.key] = row
            elif known.kind == "border":
                codes = sorted((self.assembly.countries[known.country_a], self.assembly.countries[known.country_b]))
                town = int(np.argmax(self.towns @ unit_vectors(known.lat, known.lon)))
                self.made.setdefault((known.type, codes[0], codes[1], town), row)


def towns(gazetteer: Gazetteer) -> tuple[NDArray[np.float64], list[tuple[str, str]]]:
    """Towns to call unnamed crossings after: unit vectors float64[k, 3], names in English and Russian."""
    rows = np.flatnonzero(gazetteer.population >= 0)
    names = [(gazetteer.name[int(row)], gazetteer.name_ru[int(row)] or gazetteer.name[int(row)]) for row in rows]
    return unit_vectors(gazetteer.lat[rows], gazetteer.lon[rows]), names


def add_crossings(
    assembly: Assembly,
    crossings: Crossings,
    mode: str,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    lines: Lines,
    loads: int,
) -> None:
    """Border arcs, both ways, for the edges of `lines` whose ends lie in two countries; `tail`, `head` are their nodes."""
    from_country, to_country = lines.node_country[lines.edge_u], lines.node_country[lines.edge_v]
    for e in np.flatnonzero(from_country != to_country):
        a, b = int(from_country[e]), int(to_country[e])
        if min(a, b) < 0:  # a line that ends in nobody's land passes no border
            assembly.arcs.add_both_ways(
                tail[e], head[e], km=lines.edge_km[e], mode=MODES.index(mode), country=max(a, b), loads=loads
            )
            continue
        lat, lon = float(lines.node_lat[lines.edge_u[e]]), float(lines.node_lon[lines.edge_u[e]])
        facility = crossings.facility(mode, a, b, lat, lon)
        common = {
            "kind": Kind.BORDER,
            "mode": MODES.index(mode),
            "facility": facility,
            "loads": loads,
            "km": lines.edge_km[e],
        }
        assembly.arcs.add(tail[e], head[e], country=a, **common)
        assembly.arcs.add(head[e], tail[e], country=b, **common)
