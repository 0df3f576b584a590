"""Which place an end of a haul is: a terminal, a city, or the place that stands for a country or a region.

    "Absheron (Baku)", "Rotterdam via Liege", "Port of Poti"     a place, by the gazetteer, in the country of the row
    "China (unspecified)", "Georgian ports", "Europe"            no place; one stands for it

For a country or a region stands the place of it that most rows of our journeys with the same first (last) mode name: "China" by rail is
Xi'an, by sea Shanghai. Where none does, its terminal of that mode with the most people. A name that nothing goes by, or several places
do, is no place: the haul is not used, and the reason says what comes near.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keruen.errors import AmbiguousPlace, UnknownPlace
from keruen.network.build import World
from keruen.network.gazetteer import Entry, find_code, resolve
from keruen.network.sphere import distance_km
from keruen.routing.observed import End, Haul
from keruen.routing.observed_words import Wordbook, plain
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

SAME_PLACE_KM = 150.0  # a name and the name in brackets beside it that lie farther apart are not one place
BESIDE_KM = 60.0  # from a city to the terminal that its name stands for
KINDS_OF_MODE = {
    "sea": ("seaport", "ferry_port"), "ferry": ("ferry_port", "seaport"), "inland_waterway": ("inland_port", "seaport"),
    "rail": ("rail_terminal", "dry_port"), "road": ("city", "rail_terminal", "seaport"), "air": ("airport",),
}  # fmt: skip

_BRACKETS = re.compile(r"^(?P<outer>[^()]*)\((?P<inner>[^()]*)\)\s*$")
_VIA = re.compile(r"\s+\(?(?:via|through|через)\b.*$", re.IGNORECASE)
_PORT_OF = re.compile(r"^(?:port|city|station|порт|станция|ст\.?)\s+(?:of\s+)?", re.IGNORECASE)
_AFTER = re.compile(
    r"\s+(?:sea ?port|dry port|port|inland port|rail terminal|terminal|railway station|station|border(?: crossing)?|area|hub|city)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """The place of an end, and whether it stands for a country or region; no place, and why."""

    code: str = ""
    country: str = ""
    stands_for: str = ""
    why: str = ""


class Finder:
    """Finds the places of hauls; each different end is looked up once."""

    def __init__(self, data: Dataset, world: World) -> None:
        self._data, self._world, self._book = data, world, Wordbook(data)
        self._journeys = list(data["journeys"])
        self._known: dict[tuple[End, int, str], Found] = {}
        self._named = _named_before(data)
        self._countries = _country_names(data)

    def find(self, haul: Haul, side: int) -> Found:
        """The place at which a haul starts (side 0) or ends (-1)."""
        end = haul.origin if side == 0 else haul.destination
        mode = haul.modes[side] if haul.modes else ""
        key = end, side, mode
        if key not in self._known:
            self._known[key] = self._find(end, side, mode)
        return self._known[key]

    def _find(self, end: End, side: int, mode: str) -> Found:
        if end.place:
            return self._place(end.place, end)
        before = self._named.get((plain(end.name), end.country)) or self._named.get((plain(end.name), ""))
        if before is not None and not (end.country and before.country and before.country != end.country):
            known = find_code(self._world.gazetteer, before.place) if before.place else None
            if known is not None:
                return self._terminal(known, mode)
            end = End(end.name, "", end.country or before.country, end.region or before.region)
        name = _VIA.sub("", end.name).strip(" ()") if "(" not in end.name else end.name
        match = _BRACKETS.match(name)
        outer, inner = (match["outer"].strip(), match["inner"].strip()) if match else (name, "")
        area = self._area(outer, end)
        if area is not None:
            inside = (
                self._resolve(inner, area.country or end.country) if inner and self._area(inner, end) is None else None
            )
            if isinstance(inside, Entry):
                return self._terminal(inside, mode)
            return self._standing_for(area, side, mode)
        if before is not None and (end.country or end.region):
            return self._standing_for(end, side, mode)
        return self._of_names(end, outer, inner, mode)

    def _of_names(self, end: End, outer: str, inner: str, mode: str) -> Found:
        """The place of a name, and of another in brackets that must then be the same place, or only its country."""
        inner_area = self._area(inner, end) if inner else None
        country = end.country or (inner_area.country if inner_area is not None else "")
        names = [outer, *([inner] if inner and inner_area is None else [])]
        entries, why = [], ""
        for name in names:
            found = self._resolve_any(name, country, mode)
            if isinstance(found, Entry):
                entries.append(found)
            else:
                why = why or found
        if not entries:
            return Found(why=why)
        if len(entries) == 2 and _apart_km(*entries) > SAME_PLACE_KM:
            return Found(why=said("why_apart", outer=outer, inner=inner, km=_apart_km(*entries)))
        best = max(entries, key=lambda entry: (self._served(entry, mode), -entries.index(entry)))
        return self._terminal(best, mode)

    def _terminal(self, entry: Entry, mode: str) -> Found:
        """A place, or the terminal of the mode beside it where it has none: the airport of Frankfurt, the rail port of Xi'an."""
        if not mode or mode == "road" or self._served(entry, mode):
            return Found(entry.code, entry.country)
        kinds = {*KINDS_OF_MODE.get(mode, ())}
        rows = (
            row for row in self._data["places"] if row.text("country") == entry.country and kinds & {*row.texts("kind")}
        )
        near = [
            other for other in self._entries(rows) if _apart_km(entry, other) <= BESIDE_KM and self._served(other, mode)
        ]
        best = min(near, key=lambda other: (_apart_km(entry, other), other.code), default=entry)
        return Found(best.code, best.country)

    def _resolve_any(self, name: str, country: str, mode: str) -> Entry | str:
        """The place of a name that may be several, "Poti / Batumi": the first that the mode serves, else the first that is a place."""
        parts = [part.strip() for part in name.split("/") if part.strip()]
        found = [self._resolve(part, country) for part in parts]
        entries = [entry for entry in found if isinstance(entry, Entry)]
        if not entries:
            return next((why for why in found if isinstance(why, str)), said("why_no_name"))
        return next((entry for entry in entries if self._served(entry, mode)), entries[0])

    def _resolve(self, name: str, country: str) -> Entry | str:
        """The place of a name in a country, or why there is none."""
        why = ""
        for text in _spellings(name):
            try:
                entry = resolve(self._world.gazetteer, f"{text}, {country}" if country else text)
            except (UnknownPlace, AmbiguousPlace) as error:
                why = why or error.message
                continue
            if not country or entry.country in ("", country):
                return entry
        return why or said("why_no_place_in", country=country, name=name)

    def _served(self, entry: Entry, mode: str) -> bool:
        """Whether a place has a terminal, of a kind that the mode calls at."""
        on_network = self._world.graph.ends_of(entry.code) is not None
        return on_network and (not mode or bool({*KINDS_OF_MODE.get(mode, ())} & {*entry.kinds}))

    def _place(self, code: str, end: End) -> Found:
        entry = find_code(self._world.gazetteer, code)
        return Found(code, entry.country if entry is not None else end.country)

    def _area(self, name: str, end: End) -> End | None:
        """The country or region that a name stands for: "China", "Georgian ports", "Europe D2D"; None if it may be a place."""
        bare = self._book.without("filler", name)
        if not bare:
            return End(name, country=end.country, region=end.region) if end.country or end.region else None
        for text in dict.fromkeys((plain(name), bare)):
            if text in self._countries:
                named = self._countries[text]
                return End(name, country=named) if end.country in ("", named) else None
            row = self._book.exactly("region", text)
            if row is not None:
                if end.country and not row.text("place"):
                    return End(name, country=end.country)
                return End(name, row.text("place"), row.text("country"), row.text("region") or row.text("means"))
        several = self._book.find("region", bare) if not self._book.without("region", bare) else None
        if several is not None:  # "Georgian Black Sea ports"
            adjectives = [self._book.exactly("region", word) for word in bare.split()]
            said = {row.text("country") for row in adjectives if row is not None and row.text("country")}
            country = end.country or (said.pop() if len(said) == 1 else several.text("country"))
            return End(
                name, "" if country else several.text("place"), country, several.text("region") or several.text("means")
            )
        parts = [part for part in name.split("/") if part.strip()]
        if len(parts) > 1 and all(self._area(part, end) is not None for part in parts):
            return self._area(parts[0], end)
        return None

    def _standing_for(self, end: End, side: int, mode: str) -> Found:
        """The place that stands for a country or region."""
        if end.place:
            return replace(self._place(end.place, end), stands_for=end.name)
        code = representative(self._data, self._journeys, end.country, end.region, side, mode) or self._main_place(
            end, mode
        )
        if not code:
            return Found(why=said("why_no_stand_in", name=end.name))
        return replace(self._place(code, end), stands_for=end.name)

    def _main_place(self, end: End, mode: str) -> str:
        """The terminal of a country or region that the mode calls at: that of the most people; airports, that near its greatest city."""
        wanted = {end.country} if end.country else members(self._data, end.region)
        kinds = {*KINDS_OF_MODE.get(mode, ("rail_terminal", "seaport", "city"))}
        places = [row for row in self._data["places"] if row.text("country") in wanted]
        served = [
            entry
            for entry in self._entries(row for row in places if kinds & {*row.texts("kind")})
            if self._served(entry, "")
        ]
        if mode == "air":
            cities = sorted(self._entries(row for row in places if "city" in row.texts("kind")), key=_by_people)
            near = [entry for entry in served if cities and _apart_km(entry, cities[0]) <= SAME_PLACE_KM]
            return min(near, key=lambda entry: (_apart_km(entry, cities[0]), entry.code)).code if near else ""
        return min(served, key=_by_people).code if served else ""

    def _entries(self, rows: Iterable[Row]) -> list[Entry]:
        """The places of rows of the places table."""
        found = (find_code(self._world.gazetteer, row.text("place")) for row in rows)
        return [entry for entry in found if entry is not None]


def _by_people(entry: Entry) -> tuple[int, str]:
    return -(entry.population or 0), entry.code


def representative(data: Dataset, journeys: Sequence[Row], country: str, region: str, side: int, mode: str) -> str:
    """The place of a country or region that most journeys with the same first (side 0) or last (-1) mode name; empty: none."""
    name = "origin" if side == 0 else "destination"
    wanted = {country} if country else members(data, region)
    named = Counter(
        other.text(f"{name}_place")
        for other in journeys
        if other.text(f"{name}_place")
        and other.text(f"{name}_country") in wanted
        and _mode_at(other, side) == mode
        and other.text("origin_country")
        != other.text("destination_country")  # a section says nothing of a country's ends
    )
    return min(named, key=lambda place: (-named[place], place)) if named else ""


def members(data: Dataset, region: str) -> set[str]:
    """The countries of a group or region."""
    return {
        row.text("country")
        for row in data["countries"]
        if region and region in (*row.texts("groups"), row.text("region"))
    }


def _mode_at(row: Row, side: int) -> str:
    """The first or last mode of a row."""
    modes = row.texts("modes")
    return modes[side] if modes else ""


def _named_before(data: Dataset) -> Mapping[tuple[str, str], End]:
    """Ends by plain name and country (and by name alone, where all rows agree) as the tables of journeys and prices have them."""
    known: dict[tuple[str, str], End | None] = {}

    def note(key: tuple[str, str], end: End) -> None:
        old = known.setdefault(key, end)
        if old is not None and (old.place, old.country, old.region) != (end.place, end.country, end.region):
            known[key] = None

    for end in _ends_of_tables(data):
        note((plain(end.name), end.country), end)
        if end.country:
            note((plain(end.name), ""), end)
    return {key: end for key, end in known.items() if end is not None}


def _ends_of_tables(data: Dataset) -> Iterator[End]:
    country_of = dict(zip(data["places"].texts("place"), data["places"].texts("country"), strict=True))
    for row in data["journeys"]:
        yield End(row.text("origin_name"), row.text("origin_place"), row.text("origin_country"))
        region = row.text("destination_region")
        yield End(row.text("destination_name"), row.text("destination_place"), row.text("destination_country"), region)
    for row in data["prices"]:
        for name in ("origin", "destination"):
            if place := row.text(f"{name}_place"):
                yield End(row.text(f"{name}_name"), place, country_of.get(place, ""))


def _country_names(data: Dataset) -> dict[str, str]:
    """Codes of countries by plain name in English or Russian."""
    table = data["countries"]
    names: dict[str, str] = {}
    for column in ("iso3", "name", "name_ru"):
        names |= {
            plain(name): code for code, name in zip(table.texts("country"), table.texts(column), strict=True) if name
        }
    return names


def _spellings(name: str) -> list[str]:
    """A name as it stands, and without the words "port of", "station", "area" and the like."""
    bare = _AFTER.sub("", _PORT_OF.sub("", _VIA.sub("", name))).strip()
    return [text for text in dict.fromkeys((name.strip(), bare)) if text]


def _apart_km(a: Entry, b: Entry) -> float:
    return float(distance_km(a.lat, a.lon, b.lat, b.lon))
