"""The words of economic news: tokens of a text, and what the rows of figure_words and country_words make of them.

    "вырос на 85,4%"  ->  tokens  вырос | на | 85,4 | %      marks  change:up  to  unit:%

A row's words are phrases; a `*` at the end of a word stands for any ending. The longest phrase that starts at a token holds, with all its
meanings; what a word can start is worked out once and kept, so that a text costs one look-up a token. Names of countries must be written
with a capital letter, short ones in capitals, or "мало того" and "to us" would be Togo and the United States; a name that is another word
too, as "перу" or "того", is none at the beginning of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from keruen.figures.normalise import Normalised
from keruen.tables import Dataset, load

LANGUAGES = ("ru", "en", "kk")
TOKEN = re.compile(
    r"(?P<n>(?<![\d.,])\d{1,3}(?: \d{3}){1,5}(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)|(?P<w>[^\W\d_]+)|(?P<p>[^\w\s])"
)
SHORT_NAME = 3
"""Names of no more letters are read as countries only in capitals."""
MEMORY = 50_000
"""Words whose meanings are kept at once."""


class Token(NamedTuple):
    """One word, number or sign; offsets into the evened text. `kind` is w, n or p; `capital` tells how it is written."""

    start: int
    end: int
    text: str
    kind: str
    capital: bool
    upper: bool


class Meaning(NamedTuple):
    """What a row makes of its words."""

    kind: str
    means: str
    number: float
    cases: frozenset[str]


class Mark(NamedTuple):
    """Words of a sentence that mean something: tokens i to j, j excluded."""

    kind: str
    means: str
    number: float
    cases: frozenset[str]
    i: int
    j: int


NO_CASES: frozenset[str] = frozenset()
_Phrase = tuple[tuple[tuple[str, bool], ...], tuple[Meaning, ...]]


class Lexicon:
    """The phrases of one language, found by their first word."""

    def __init__(self, phrases: Iterable[tuple[str, Meaning]]) -> None:
        merged: dict[str, list[Meaning]] = {}
        for words, meaning in phrases:
            merged.setdefault(words, []).append(meaning)
        self._whole: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        for words, meanings in merged.items():
            first, *rest = _patterns(words)
            index = self._stems if first[1] else self._whole
            index.setdefault(first[0], []).append((tuple(rest), tuple(meanings)))
        self._longest = max(map(len, self._stems), default=0)
        self._known: dict[str, tuple[_Phrase, ...]] = {}

    def starting(self, word: str) -> tuple[_Phrase, ...]:
        """The phrases that a word can start, longest first; of equal ones the longest stem."""
        found = self._known.get(word)
        if found is None:
            phrases = list(self._whole.get(word, ()))
            for length in range(min(len(word), self._longest), 0, -1):
                phrases += self._stems.get(word[:length], ())
            found = tuple(sorted(phrases, key=lambda phrase: -len(phrase[0])))
            if len(self._known) > MEMORY:
                self._known.clear()
            self._known[word] = found
        return found

    def marks(self, tokens: Sequence[Token]) -> list[Mark]:
        """What the words of a sentence mean, in their order."""
        found: list[Mark] = []
        count, i, starting = len(tokens), 0, self._known
        while i < count:
            token = tokens[i]
            phrases = starting.get(token.text)
            if phrases is None:
                phrases = self.starting(token.text)
            if not phrases:
                i += 1
                continue
            length = 0
            for rest, meanings in phrases:
                if length and len(rest) + 1 < length:
                    break
                if rest:
                    if i + 1 == count:
                        continue
                    word, stem = rest[0]
                    following = tokens[i + 1].text
                    if following != word and not (stem and following.startswith(word)):
                        continue
                    if len(rest) > 1 and not _follow(rest, tokens, i + 1):
                        continue
                before = len(found)
                for meaning in meanings:
                    if meaning.kind not in _NAMES or _written_as_name(meaning, tokens, i, i + 1 + len(rest)):
                        if length and any(meaning.kind == other.kind for other in found[-4:] if other.i == i):
                            continue
                        found.append(Mark(*meaning, i, i + 1 + len(rest)))
                if len(found) > before:
                    length = len(rest) + 1
            i += length or 1
        return found


_NAMES = frozenset({"name", "metonym", "adjective", "port"})
_ALSO_WORDS = frozenset({"chad", "мали", "перу", "того", "чад", "чада", "чаде", "чадом", "чаду"})
"""Names that are other words too: read as names only where the capital letter is neither that of a sentence nor of a line in capitals."""


def _written_as_name(meaning: Meaning, tokens: Sequence[Token], i: int, j: int) -> bool:
    if meaning.kind == "adjective" or meaning.means == "WLD":
        return True
    if not tokens[i].capital or (tokens[i].text in _ALSO_WORDS and (i == 0 or tokens[i].upper)):
        return False
    if j == i + 1 and len(tokens[i].text) <= SHORT_NAME and meaning.kind == "name":
        return tokens[i].upper
    return True


def _follow(rest: tuple[tuple[str, bool], ...], tokens: Sequence[Token], i: int) -> bool:
    if i + len(rest) > len(tokens):
        return False
    for offset, (word, stem) in enumerate(rest):
        text = tokens[i + offset].text
        if not (text.startswith(word) if stem else text == word):
            return False
    return True


def _patterns(words: str) -> list[tuple[str, bool]]:
    """The tokens of a phrase, each with whether any ending may follow."""
    patterns: list[tuple[str, bool]] = []
    for match in TOKEN.finditer(words):
        if match.group() == "*" and patterns:
            patterns[-1] = (patterns[-1][0], True)
        else:
            patterns.append((match.group(), False))
    return patterns


def tokens_of(text: Normalised) -> list[Token]:
    """The words, numbers and signs of a text, in one pass."""
    cased = text.cased
    found = []
    for match in TOKEN.finditer(text.text):
        start, end = match.span()
        kind = match.lastgroup or "p"
        capital = kind == "w" and cased[start].isupper()
        found.append(Token(start, end, match.group(), kind, capital, capital and cased[start:end].isupper()))
    return found


@cache
def shipped_words() -> Dataset:
    """The tables that ship with Keruen, of which the reader uses its lexicons."""
    return load()


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of ru, en or kk."""
    data = shipped_words()
    phrases: list[tuple[str, Meaning]] = []
    words = data["figure_words"]
    columns = (
        words.texts("lang"),
        words.texts("kind"),
        words.texts("means"),
        words.numbers("number"),
        words.lists("words"),
    )
    for row_lang, kind, means, number, listed in zip(*columns, strict=True):
        if row_lang in (lang, "any") and kind != "abbreviation":
            phrases += ((phrase, Meaning(kind, means, float(number), NO_CASES)) for phrase in listed)
    names = data["country_words"]
    places = (
        names.texts("lang"),
        names.texts("kind"),
        names.texts("place"),
        names.lists("cases"),
        names.texts("words"),
    )
    for row_lang, kind, place, cases, phrase in zip(*places, strict=True):
        if row_lang == lang:
            phrases.append((phrase, Meaning(kind, place, 0.0, frozenset(cases))))
    return Lexicon(phrases)


@cache
def words_of(kind: str, lang: str) -> tuple[tuple[str, float], ...]:
    """The phrases of one kind in one language, each with its number, for those who look for them otherwise than by tokens."""
    words = shipped_words()["figure_words"]
    columns = (words.texts("lang"), words.texts("kind"), words.numbers("number"), words.lists("words"))
    rows = zip(*columns, strict=True)
    return tuple(
        (phrase, float(number))
        for row_lang, k, number, listed in rows
        if k == kind and row_lang == lang
        for phrase in listed
    )
