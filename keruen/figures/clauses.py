"""Sentences of a text, and the stretches of a sentence between which slots may change hands.

A sentence ends at a full stop that is not that of an abbreviation or a decimal, and at the end of a line that is a heading. An atom is what
stands between commas, semicolons and words like "while", "а", "ал"; brackets stay with the atom they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from keruen.figures.lexicon import LANGUAGES, Mark, Token, words_of

ENDS = frozenset(".!?…")
UNIT_ABBREVIATIONS = frozenset({"долл", "т", "млн", "млрд", "тыс", "руб", "г", "гг", "ж", "тг", "др", "кг", "км"})
"""After these a capital letter begins a sentence; after other abbreviations it does not."""
KAZAKH = frozenset("әғқңөұүһі")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[а-я]")
_RUSSIAN = re.compile(r"\b(?:в|на|и|с|по|из|за|что|для|до|к|от)\b")
_KAZAKH = re.compile(
    r"\b(?:мен|бен|пен|арасында\w*|бойынша|дейін|болды|болып|болады|астам|жылы|жылдың|айында|айда|сайын|аптасына|экспорты\w?|импорты\w?|жетті|асты)\b"
)
BRACKETED = 120
"""Tokens of a sentence within which a stop in an open bracket does not end it."""
LONGEST = 400
"""Tokens after which a sentence that does not end is cut, so that reading takes time in proportion to the text."""
WRAPPED = 40
"""Lines of no fewer characters may go on in the next one."""
OPEN_ENDS = frozenset(
    {",", "-", "и", "а", "в", "на", "с", "по", "для", "из", "the", "of", "and", "in", "to", "from", "және", "мен"}
)


@dataclass(frozen=True)
class Sentence:
    """Tokens i to j of the text. `paragraph` counts blocks between empty lines; `heading` is a line of its own without a full stop."""

    i: int
    j: int
    lang: str
    paragraph: int
    heading: bool


@cache
def abbreviations() -> frozenset[str]:
    """The abbreviations of all languages, without their stops."""
    return frozenset(phrase for lang in LANGUAGES for phrase, _ in words_of("abbreviation", lang))


def language_of(text: str, among: str = "ru") -> str:
    """ru, en or kk, by the letters and small words of an evened text in small letters; `among` is that of the text around it.

    A Kazakh sentence may have none of the letters that Russian lacks; its small words then tell.
    """
    if text.isascii() and _LATIN.search(text):
        return "en"
    kazakh = sum(map(text.count, KAZAKH))
    latin = len(_LATIN.findall(text))
    cyrillic = len(_CYRILLIC.findall(text))
    if latin > cyrillic + kazakh:
        return "en"
    russian = len(_RUSSIAN.findall(text))
    if kazakh or among == "kk" or _KAZAKH.search(text):
        if not russian:
            return "kk" if kazakh or _KAZAKH.search(text) or among == "kk" else "ru"
        return "kk" if 25 * kazakh > cyrillic and kazakh > 1 else "ru"
    return "ru"


def sentences(tokens: Sequence[Token], text: str, cased: str, lang: str | None) -> list[Sentence]:
    """The sentences of a text (evened), from left to right; without `lang` each has the language of its letters."""
    found: list[Sentence] = []
    start, paragraph, line_start, opened = 0, 0, 0, False
    stops = abbreviations()
    around = language_of(text[:20_000])
    for k, token in enumerate(tokens):
        last = k + 1 == len(tokens)
        gap = "" if last else text[token.end : tokens[k + 1].start]
        lines = gap.count("\n")
        ends = last or k + 1 - start >= LONGEST
        if lines >= 2:
            ends = True
        elif lines == 1 and not ends:
            following = tokens[k + 1]
            long = token.end - line_start >= WRAPPED
            goes_on = token.text in OPEN_ENDS or (
                long and following.kind != "p" and not following.capital and token.text not in ENDS
            )
            ends = not goes_on
        elif gap and token.text in ENDS and not ends and not opened:
            ends = _ends(tokens, k, start, stops)
        opened = (opened or token.text == "(") and token.text != ")" and not ends and k - start < BRACKETED
        if ends:
            piece = text[tokens[start].start : token.end]
            heading = token.text not in ENDS and (lines >= 1 or last) and token.text != ":" and len(piece) < 300
            found.append(Sentence(start, k + 1, lang or language_of(piece, around), paragraph, heading))
            start = k + 1
        if lines:
            line_start = 0 if last else tokens[k + 1].start
        if lines >= 2:
            paragraph += 1
    return found


def _ends(tokens: Sequence[Token], k: int, start: int, stops: frozenset[str]) -> bool:
    """Whether the stop at token k, followed by a space, ends the sentence."""
    if tokens[k].text != ".":
        return True
    following = tokens[k + 1]
    before = tokens[k - 1] if k > start else None
    if before is None or before.kind != "w":
        return following.kind != "w" or following.capital
    if len(before.text) == 1 and before.capital:
        return False
    if before.text in stops:
        starts = following.capital and not following.upper or following.kind == "p" and following.text in {'"', "-"}
        if before.text in {"г", "гг"} and following.text == "-":
            return False
        if before.text in {"г", "т"} and not (k >= 2 and tokens[k - 2].kind in "np" or tokens[k - 2].text in stops):
            starts = starts and before.text == "т"
        return before.text in UNIT_ABBREVIATIONS and starts
    return following.kind != "w" or following.capital


@dataclass(frozen=True)
class Atom:
    """Tokens i to j of a sentence between two boundaries; `opened_by` is what stands before it: a sign, a word, or nothing."""

    i: int
    j: int
    opened_by: str


def brackets(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Token ranges inside round brackets, the brackets included; unclosed ones go to the end."""
    found, opened = [], -1
    for k, token in enumerate(tokens):
        if token.text == "(" and opened < 0:
            opened = k
        elif token.text == ")" and opened >= 0:
            found.append((opened, k + 1))
            opened = -1
    if opened >= 0:
        found.append((opened, len(tokens)))
    return found


def atoms(tokens: Sequence[Token], marks: Sequence[Mark], taken: frozenset[int]) -> list[Atom]:
    """The atoms of a sentence. Tokens in `taken` (inside names, times, numbers) are no boundaries."""
    inside = {k for i, j in brackets(tokens) for k in range(i, j)} | taken
    splits: dict[int, tuple[int, str]] = {}
    for k, token in enumerate(tokens):
        if k not in inside and token.text in {",", ";", ":"}:
            splits[k] = (k + 1, token.text)
    for mark in marks:
        if mark.kind in {"splitter", "joiner"} and mark.i not in inside:
            splits[mark.i] = (mark.j, "and" if mark.kind == "joiner" else "while")
    found: list[Atom] = []
    start, opened = 0, ""
    for k in sorted(splits):
        if k < start:
            continue
        after, sign = splits[k]
        if k > start:
            found.append(Atom(start, k, opened))
            opened = sign
        else:
            opened = "while" if "while" in (opened, sign) else sign
        start = after
    if start < len(tokens):
        found.append(Atom(start, len(tokens), opened))
    return found
