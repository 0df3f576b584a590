"""Where lines cross from one country into another: named crossings of the borders table, and those called after the nearest town.

A line between two countries is cut at its middle:   node A --half--> x_A --BORDER--> x_B --half--> node B
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.assembly import Assembly, Facility
from keruen.network.graph import MODES, Kind
from keruen.network.sphere import distance_km, unit_vectors

Row = Mapping[str, Any]


@dataclass
class Crossings:
    """Named border crossings, and those called after the nearest town as they are met. `towns` float64[k, 3] are unit vectors."""

    assembly: Assembly
    named: list[Row]
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

    def unnamed(self, mode: str, code_a: str, code_b: str, town: int, lat: float, lon: float) -> Facility:
        """The facility of a crossing that the table does not know."""
        pair = f"{code_a}-{code_b}"
        name, name_ru = self.town_names[town]
        return Facility(
            "border", f"{mode}:{pair}:{name}".replace(" ", "_"), f"{pair} {mode} border near {name}",
            f"граница {pair} у города {name_ru}", mode,
            self.assembly.country(code_a), self.assembly.country(code_b), lat, lon,
        )  # fmt: skip


def cross_border(
    assembly: Assembly,
    crossings: Crossings,
    mode: str,
    layer: str,
    ends: tuple[int, int],
    countries: tuple[int, int],
    km: float,
    polyline: NDArray[np.float32],
    loads: int,
) -> None:
    """Replace one line between two countries by: half the line, the border, the other half."""
    first, second = halves(polyline)
    lon, lat = (float(x) for x in second[0])
    facility = crossings.facility(mode, *countries, lat, lon)
    near, far = (int(assembly.add_nodes(layer, lat, lon, country, facility)[0]) for country in countries)
    common = {"mode": MODES.index(mode), "loads": loads}
    add = assembly.arcs.add_both_ways
    add(ends[0], near, km=km / 2, country=countries[0], geometry=assembly.add_geometry(first), **common)
    add(far, ends[1], km=km / 2, country=countries[1], geometry=assembly.add_geometry(second), **common)
    assembly.arcs.add(near, far, kind=Kind.BORDER, country=countries[0], facility=facility, **common)
    assembly.arcs.add(far, near, kind=Kind.BORDER, country=countries[1], facility=facility, **common)


def halves(polyline: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut a polyline, float32[k, 2], at the middle of its length; both parts share the cutting point."""
    step = np.hypot(np.diff(polyline[:, 0]), np.diff(polyline[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(step)])
    middle = along[-1] / 2
    at = min(int(np.searchsorted(along, middle, "right")), len(polyline) - 1)
    share = (middle - along[at - 1]) / step[at - 1] if step[at - 1] > 0 else 0.0
    point = (polyline[at - 1] + np.float32(share) * (polyline[at] - polyline[at - 1]))[None, :]
    return np.concatenate([polyline[:at], point]), np.concatenate([point, polyline[at:]])


