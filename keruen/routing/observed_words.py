"""What the words of an outside file stand for: corridors, modes, bases, scopes, units and regions, by the rows of observed_words.

    "Northern via Russia-Belarus" -> northern        "rail+sea+rail" -> rail, sea, rail        "FEU (assumed)" -> feu

A text is compared in small letters, all but letters and figures being spaces. The longest words found in it hold; of words of one
length those with a condition that is met (an end in a country, a number of stretches over water). What follows "via" and is no word of
the table is kept, to be looked up among places and countries; nothing else is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

from keruen.tables.dataset import Dataset
from keruen.tables.lookup import ANY
from keruen.tables.table import Row

WATER = frozenset({"sea", "ferry", "inland_waterway"})
SEVERAL = re.compile(r"\bor\b|\bили\b|\?")
_VIA = re.compile(r"\b(?:via|through|через)\b\s+(.*)", re.IGNORECASE)
_BETWEEN_MODES = re.compile(r"\s*(?:\+|/|>|→|&|,|;|\||–|—|\band\b|\bthen\b|\bи\b)\s*", re.IGNORECASE)


@cache
def plain(text: str) -> str:
    """A text in small letters without accents, all but letters and figures as single spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ё", "е").replace("й", "\0"))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("\0", "й")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


class Wordbook:
    """The rows of observed_words, found by the words of a text."""

    def __init__(self, data: Dataset) -> None:
        self._rows: dict[str, list[tuple[str, Row]]] = {}
        for row in data["observed_words"]:
            self._rows.setdefault(row.text("kind"), []).append((f" {plain(row.text('words'))} ", row))

    def find(self, kind: str, text: str, ends: Collection[str] = (), water: int = 0) -> Row | None:
        """The row of a kind whose words are the longest in a text, of those whose conditions are met; None if there is none."""
        wanted = f" {plain(text)} "
        best: tuple[tuple[int, bool, float], Row] | None = None
        for words, row in self._rows.get(kind, ()):
            end, least = row.text("end"), row.number("water_least")
            if words in wanted and (end == ANY or end in ends) and water >= least:
                weight = (len(words), end != ANY, least)
                if best is None or weight > best[0]:
                    best = weight, row
        return best[1] if best else None

    def exactly(self, kind: str, text: str) -> Row | None:
        """The row of a kind whose words are the whole text."""
        wanted = f" {plain(text)} "
        return next((row for words, row in self._rows.get(kind, ()) if words == wanted), None)

    def without(self, kind: str, text: str) -> str:
        """A text, made plain, without the words of a kind, longest first."""
        left = f" {plain(text)} "
        for words, _ in sorted(self._rows.get(kind, ()), key=lambda pair: -len(pair[0])):
            while words in left:
                left = left.replace(words, " ")
        return left.strip()

    def modes(self, text: str) -> tuple[str, ...]:
        """The modes a text names, in order; empty if any part of it is no mode ("multimodal", "mixed")."""
        found: list[Row | None] = []
        for part in filter(None, _BETWEEN_MODES.split(text.strip())):
            whole = self.exactly("mode", part)
            found += [whole] if whole is not None else [self.exactly("mode", piece) for piece in part.split("-")]
        return tuple(mode for row in found if row is not None for mode in row.texts("modes")) if all(found) else ()

    def means(self, kind: str, text: str) -> str:
        """The code that the longest words of a kind in a text stand for; empty if there are none."""
        row = self.find(kind, text)
        return row.text("means") if row is not None else ""


def stretches_over_water(modes: Sequence[str]) -> int:
    """How many separate stretches over water a chain of modes has."""
    over = [mode in WATER for mode in modes]
    return sum(here and not before for here, before in zip(over, [False, *over], strict=False))


def named_after_via(text: str) -> tuple[str, ...]:
    """What a text says a way goes by: the names behind "via", which stand between dashes, commas or "and"."""
    found = _VIA.search(text)
    if found is None:
        return ()
    return tuple(part.strip() for part in re.split(r"[-–—,+]|\band\b", found[1]) if part.strip())


def several_ways(text: str) -> bool:
    """Whether a text leaves open which of several ways it speaks of."""
    return SEVERAL.search(text.casefold()) is not None
