"""A text made even for reading, with the way back: small letters, one kind of space, dash and quote, look-alike letters put right.

Almost everything is replaced letter by letter, so that offsets stay what they are; only characters nobody sees (soft hyphens, zero-width
spaces, accents written as their own character) are taken out, and then `at` leads from an offset here to the offset in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\f"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\u201f"
APOSTROPHES = "\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4"
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0300-\u036f]")

_EVEN = (
    dict.fromkeys(map(ord, SPACES), " ")
    | dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, QUOTES), '"')
    | dict.fromkeys(map(ord, APOSTROPHES), "'")
    | {ord("\r"): "\n", ord("\u2028"): "\n", ord("\u2029"): "\n", ord("\u0085"): "\n", ord("ё"): "е", ord("Ё"): "Е"}
    | {0xFF10 + digit: str(digit) for digit in range(10)}
)
_LATIN, _CYRILLIC = "aceopxyiktmhbAEOPCXTKMHBYI", "асеорхуіктмнвАЕОРСХТКМНВУІ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_WORD_OF_BOTH = re.compile(
    r"(?<![A-Za-z\u0400-\u052f])(?:[A-Za-z]+[\u0400-\u052f]|[\u0400-\u052f]+[A-Za-z])[A-Za-z\u0400-\u052f]*"
)
_COMPOSED = {"и\u0306": "й", "И\u0306": "Й", "е\u0308": "е", "Е\u0308": "Е"}


@dataclass(frozen=True)
class Normalised:
    """A text made even: `cased` keeps capital letters, `text` is in small ones; both are of one length."""

    cased: str
    text: str
    offsets: tuple[int, ...] | None
    """Offset in the text of each character here and of the end; None where nothing was taken out."""

    def at(self, position: int) -> int:
        """The offset in the text of a position here; the end of this is the end of the text."""
        return position if self.offsets is None else self.offsets[position]


def normalise(text: str) -> Normalised:
    """A text made even for reading. Takes nothing away that can be seen."""
    even, offsets = text.translate(_EVEN), None
    if UNSEEN.search(even):
        even, offsets = _without_unseen(even)
    if _WORD_OF_BOTH.search(even):
        even = _WORD_OF_BOTH.sub(_one_script, even)
    low = even.lower()
    if len(low) != len(even):  # a capital that is two letters when small
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in even)
    return Normalised(even, low, offsets)


def _without_unseen(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without what is not seen, and the offset of each character that is left and of the end."""
    kept: list[str] = []
    offsets: list[int] = []
    position = 0
    while position < len(text):
        pair = text[position : position + 2]
        if pair in _COMPOSED:
            kept.append(_COMPOSED[pair])
            offsets.append(position)
            position += 2
            continue
        if not UNSEEN.match(text, position):
            kept.append(text[position])
            offsets.append(position)
        position += 1
    return "".join(kept), (*offsets, len(text))


def _one_script(match: re.Match[str]) -> str:
    """A word in which two alphabets are mixed, in the alphabet most of its letters are of, if all its letters can be."""
    word = match.group()
    cyrillic = sum(letter >= "\u0400" for letter in word)
    turned = word.translate(_TO_CYRILLIC if 2 * cyrillic >= len(word) else _TO_LATIN)
    one = all(letter >= "\u0400" for letter in turned) or all(letter < "\u0400" for letter in turned)
    return turned if one else word
