"""Zones: which places stand for a country, and how they share what it sends and receives.

    share of zone z in members M     people_z / sum of people over the zones of M        (table zones)
    share in an area                 share of its part x share within the part           (table demand_areas)

One point for China would decide by itself between the ports and the land frontier, so large countries have several zones. The
people in the cities around a zone are its weight: known for the whole world from one source, and no measure of trade. A
place named by itself in a flow (a coal field, a port) is a zone of its own whether or not the table zones has it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keruen.tables.dataset import Dataset

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Zones:
    """The zones of the table: codes of places, their countries, people around each.

    people_of_country: people of each country by zone; of_country: the same as shares. A country without a zone of its own is at
    another's, with all of its trade.
    """

    codes: tuple[str, ...]
    countries: tuple[str, ...]
    people: Mapping[str, float]
    people_of_country: Mapping[str, Shares]
    of_country: Mapping[str, Shares]


def zones_of(data: Dataset) -> Zones:
    """The zones as the table has them, in its order."""
    places = data["places"]
    country_of = dict(zip(places.texts("place"), places.texts("country"), strict=True))
    people: dict[str, dict[str, float]] = {}
    for row in data["zones"]:
        people.setdefault(row.text("country"), {})[row.text("place")] = row.number("people")
    own = {zone: n for country, zones in people.items() for zone, n in zones.items() if country_of[zone] == country}
    return Zones(
        codes=tuple(own),
        countries=tuple(country_of[zone] for zone in own),
        people=own,
        people_of_country=people,
        of_country={country: _by_size(zones) for country, zones in people.items()},
    )


def shares_of(data: Dataset, zones: Zones, ends: Sequence[str]) -> Shares:
    """How zones share a flow whose end is told as an area, as countries or as places; the shares add up to 1."""
    areas = data["demand_areas"]
    found: dict[str, float] = {}
    if len(ends) == 1 and ends[0] in areas.key_cells[0]:
        parts = [row for row in areas if row.text("area") == ends[0]]
        for row in parts:
            for zone, share in _within(zones, row.texts("members")).items():
                found[zone] = found.get(zone, 0.0) + row.number("share") * share
    else:
        found.update(_within(zones, ends))
    total = sum(found.values())
    return {zone: share / total for zone, share in found.items()}


def _within(zones: Zones, members: Sequence[str]) -> Shares:
    """Shares of countries and places by the people around their zones."""
    sizes: dict[str, float] = {}
    for member in members:
        alone = {member: zones.people.get(member, math.nan)}
        for zone, people in zones.people_of_country.get(member, alone).items():
            sizes[zone] = sizes.get(zone, 0.0) + people
    return _by_size(sizes)


def _by_size(sizes: Shares) -> Shares:
    """Shares by size; all alike where the size of one is not known."""
    total = sum(sizes.values())
    return {zone: 1 / len(sizes) if math.isnan(total) else size / total for zone, size in sizes.items()}
