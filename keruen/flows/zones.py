"""Zones: which places stand for a country, and how they share what it sends and receives.

    share of zone z in members M     people_z / sum of people over the zones of M        (table zones)
    share in an area                 share of its part x share within the part           (table demand_areas)

One point for China would decide by itself between the ports and the land frontier, so large countries have several zones. The
people in the cities around a zone are its weight: known for the whole world from one source, and no measure of trade. A
place named by itself in a flow (a coal field, a port) is a zone of its own whether or not the table zones has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keruen.tables.dataset import Dataset

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Zones:
    """The zones of the table: codes of places, their countries, people around each; zones of each country with shares.

    A country that has no zone of its own shares that of another, with all of its trade.
    """

    codes: tuple[str, ...]
    countries: tuple[str, ...]
    people: Mapping[str, float]
    of_country: Mapping[str, Shares]


def zones_of(data: Dataset) -> Zones:
    """The zones as the table has them."""
    table, places = data["zones"], data["places"]
    codes = table.texts("zone")
    country_of = dict(zip(places.texts("place"), places.texts("country"), strict=True))
    countries = tuple(country_of[code] for code in codes)
    people = dict(zip(codes, table.numbers("people").tolist(), strict=True))
    members: dict[str, list[str]] = {}
    for code, country in zip(codes, countries, strict=True):
        members.setdefault(country, []).append(code)
    of_country = {country: _by_people(zones, people) for country, zones in members.items()}
    of_country |= {also: {row.text("zone"): 1.0} for row in table for also in row.texts("also")}
    return Zones(codes, countries, people, of_country)


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
    """Shares of countries and places by the people around their zones; places without people of their own share alike."""
    listed = [zone for member in members for zone in zones.of_country.get(member, {member: 1.0})]
    if any(zone not in zones.people for zone in listed):
        return {zone: 1 / len(listed) for zone in listed}
    return _by_people(listed, zones.people)


def _by_people(listed: Sequence[str], people: Mapping[str, float]) -> Shares:
    total = sum(people[zone] for zone in listed)
    return {zone: people[zone] / total for zone in listed}
