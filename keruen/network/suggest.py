"""Places that a few letters may be the beginning of, best first, as someone types; and those nearest to a point.

A prefix of a name or code is a range of the sorted keys of the gazetteer; the entries of the range are ranked by

    score = how the letters match + what the place is + log10(people) / 10        (1e7 people count 0.7)

A whole name counts more than its beginning, a main name more than another name, a name more than one of the spellings that lists give for
a city. Three letters that are the code of an airport (HAI) count as a whole name only when typed in capitals; in small letters they are
the beginning of a name. Russian letters that begin no name are tried in Latin ones too. Shipments can start where the network has a
terminal: such places come before others, those of our own table before those of lists.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownPlace
from keruen.network.build import World
from keruen.network.gazetteer import BASES, MAIN_NAME, OTHER_NAME, SPELLING, Entry, Texts, resolve
from keruen.network.place_names import name_key, romanise
from keruen.network.sphere import unit_vectors

WHOLE_NAME, WHOLE_SPELLING, WHOLE_CODE = 2.0, 0.3, 3.0
BEGINS_CODE = -0.6  # letters are meant as a name first
AS_SPELLED = -1.2
OTHER_NAMED = -0.1
IN_LATIN = -0.3  # a Russian beginning, romanised
OWN_PLACE, HAS_TERMINAL = 0.5, 0.3
AIRPORT_CODE = 3  # letters of the codes by which airports and their cities go as by another name
LEAST_CODE = 2  # letters from which on codes are looked at
SURE_CODE = 4  # letters from which on a whole code is what is meant; three may begin a name as well
LAST = "\U0010ffff"
SAME_NAME_DEG = 0.6  # two entries of one name so near each other are one place, as a town and its port
MOST_ROWS = 400  # ranked one by one after the best were told by their score


class Suggester:
    """The gazetteer of a network, ready to answer while someone types: a score for each entry, worked out once."""

    def __init__(self, world: World) -> None:
        names = self.names = world.gazetteer
        own = names.basis == BASES.index("places")
        coded = np.sort(world.graph.place_code)
        codes = np.array([names.code[row] for row in range(len(names))])
        found = np.minimum(np.searchsorted(coded, codes), max(len(coded) - 1, 0))
        self.has_terminal: NDArray[np.bool_] = coded[found] == codes if len(coded) else np.zeros(len(codes), np.bool_)
        people = np.log10(np.maximum(names.population, 1)) / 10
        self.renown: NDArray[np.float64] = people + OWN_PLACE * own + HAS_TERMINAL * self.has_terminal
        self.startable = np.flatnonzero(self.has_terminal)
        self.at = unit_vectors(names.lat[self.startable], names.lon[self.startable])

    def suggest(self, text: str, limit: int = 8) -> list[Entry]:
        """Up to `limit` places whose name or code begins with a text, best first; a point of its own for "lat,lon"."""
        if point := self._point(text):
            return [point]
        score: dict[int, float] = {}
        for rows, points in self._matches(text):
            for row, value in zip(rows.tolist(), points.tolist(), strict=True):
                if value > score.get(row, -np.inf):
                    score[row] = value
        best = sorted(score, key=lambda row: -score[row])
        return self._distinct(best, limit)

    def near(self, lat: float, lon: float, limit: int = 8) -> list[Entry]:
        """The places nearest to a point in degrees at which a shipment can start, each with a terminal, nearest first."""
        if not len(self.startable):
            return []
        cosine = self.at @ unit_vectors(lat, lon)
        count = min(4 * limit, len(cosine))
        nearest = np.argpartition(-cosine, count - 1)[:count]
        ordered = nearest[np.argsort(-cosine[nearest], kind="stable")]
        return self._distinct(self.startable[ordered].tolist(), limit)

    def _point(self, text: str) -> Entry | None:
        if not any(letter.isdigit() for letter in text) or any(letter.isalpha() for letter in text):
            return None
        try:
            found = resolve(self.names, text)
        except UnknownPlace:
            return None
        return found if found.basis == "coordinates" else None

    def _matches(self, text: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Rows of entries that a text may begin, and their scores; a row may come more than once."""
        key = name_key(text)
        if not key:
            return
        capitals = text.isascii() and text.strip().isupper()
        yield self._named(key, 0.0, capitals)
        latin = name_key(romanise(text))
        if latin != key:
            yield self._named(latin, IN_LATIN, capitals)
        code = text.strip().casefold().replace(" ", "")
        if len(code) >= LEAST_CODE and code.isascii():
            first, last = range_of(self.names.code_key, code)
            rows = np.asarray(self.names.code_entry[first:last], np.int64)
            points = self.renown[rows] + BEGINS_CODE
            if first < last and len(code) >= SURE_CODE and self.names.code_key[first] == code:
                points[0] += WHOLE_CODE - BEGINS_CODE
            yield best_of(rows, points)

    def _named(self, key: str, points: float, capitals: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        first, last = range_of(self.names.key, key)
        start, stop = int(self.names.key_ptr[first]), int(self.names.key_ptr[last])
        rows = np.asarray(self.names.named_entry[start:stop], np.int64)
        how = np.asarray(self.names.named_how[start:stop])
        scores = self.renown[rows] + points
        scores += np.where(how == SPELLING, AS_SPELLED, np.where(how == MAIN_NAME, 0.0, OTHER_NAMED))
        if first < last and self.names.key[first] == key:
            whole = int(self.names.key_ptr[first + 1]) - start
            scores[:whole] += np.where(how[:whole] == SPELLING, WHOLE_SPELLING, WHOLE_NAME)
            if len(key) == AIRPORT_CODE and not capitals:
                scores[:whole] += np.where(how[:whole] == OTHER_NAME, BEGINS_CODE - WHOLE_NAME, 0.0)
        return best_of(rows, scores)

    def _distinct(self, rows: list[int], limit: int) -> list[Entry]:
        """The first places of some rows, of entries of one name beside each other only the first."""
        found: list[Entry] = []
        for row in rows:
            entry = self.names.entry(row)
            if not any(same_place(entry, other) for other in found):
                found.append(entry)
                if len(found) == limit:
                    break
        return found


def same_place(a: Entry, b: Entry) -> bool:
    """Whether two entries are one place to someone who types its name."""
    near = abs(a.lat - b.lat) < SAME_NAME_DEG and abs(a.lon - b.lon) < SAME_NAME_DEG
    return near and a.country == b.country and name_key(a.name) == name_key(b.name)


def range_of(texts: Texts, beginning: str) -> tuple[int, int]:
    """First row of sorted texts that begins so, and the row after the last."""
    rows = range(len(texts))
    first = bisect_left(rows, beginning.encode(), key=texts.raw)
    return first, bisect_left(rows, (beginning + LAST).encode(), lo=first, key=texts.raw)


def best_of(rows: NDArray[np.int64], scores: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The rows of the highest scores, at most MOST_ROWS."""
    if len(rows) <= MOST_ROWS:
        return rows, scores
    best = np.argpartition(-scores, MOST_ROWS)[:MOST_ROWS]
    return rows[best], scores[best]
