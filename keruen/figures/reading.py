"""From a text to its claims: sentences are read one by one, quantities grouped into claims, elided slots filled and their origin noted.

    normalise -> tokens -> sentences -> marks, times, quantities, places -> groups of atoms -> drafts -> slots -> claims

A group is a stretch of a sentence that speaks of one thing; a new flow, commodity, partner, mode or time after a figure opens another.
In a group each quantity has a role (keruen.figures.roles); a second level or a second growth begins the next claim. A slot that a group
does not give is taken from the left clause, then the previous sentence, then the headline; times are resolved against the day of
publication that the head of the text gives. Numbers that are part of no claim are reported, not dropped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keruen.figures.assembly import claims_of
from keruen.figures.claim import Claim
from keruen.figures.clauses import Sentence, atoms, language_of, sentences
from keruen.figures.draft import NO_COUNTRIES, Draft, Memory
from keruen.figures.entities import Mention, mentions
from keruen.figures.lexicon import Mark, Token, lexicon, tokens_of
from keruen.figures.normalise import Normalised, normalise
from keruen.figures.periods import Period, periods, publication_day
from keruen.figures.quantities import Quantity, Scanner
from keruen.figures.roles import Scene
from keruen.tables.periods import as_day


@dataclass(frozen=True)
class Left:
    """A number that is part of no claim: where it stands and what it is."""

    start: int
    end: int
    text: str

    def to_json(self) -> dict[str, object]:
        """The number as a flat object."""
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True)
class Reading:
    """The claims of a text in their order, the numbers that are part of none, the language and the day of publication."""

    claims: tuple[Claim, ...]
    left: tuple[Left, ...]
    lang: str
    published: date | None

    def to_json(self) -> dict[str, object]:
        """The reading as an object: claims by the contract, what was left, and what it was read as."""
        return {
            "lang": self.lang,
            "published": self.published.isoformat() if self.published else None,
            "claims": [claim.to_json() for claim in self.claims],
            "left": [left.to_json() for left in self.left],
        }


def read_claims(text: str, lang: str | None = None, published: date | str | None = None) -> list[Claim]:
    """The claims of a text, in their order.

    lang: ru, en or kk; by default each sentence is read in the language of its letters. published: the day of publication; by default it
    is looked for in the head of the text, and without it "last year" stays unknown (XXXX).

    Raises:
        BadDate: `published` is no day.
    """
    return list(read_text(text, lang, published).claims)


def read_text(text: str, lang: str | None = None, published: date | str | None = None) -> Reading:
    """The claims of a text with what was left over; as read_claims otherwise."""
    even = normalise(text)
    day = as_day(published) if published is not None else publication_day(even.text)
    tokens = tokens_of(even)
    found = sentences(tokens, even.text, even.cased, lang)
    scenes = [scene_of(tokens, even, sentence, day) for sentence in found]
    memory = Memory(day, home=_home(scenes))
    claims: list[Claim] = []
    left: list[Left] = []
    for number, (sentence, scene) in enumerate(zip(found, scenes, strict=True)):
        memory.open_sentence(number, sentence.paragraph, number == 0 or (sentence.heading and number < 3))
        drafts, used = claims_of(scene, memory)
        claims += [_placed(draft, scene, even, text) for draft in drafts]
        for token in (scene.tokens[k] for k in sorted(scene.left) if k not in used):
            start, end = even.at(token.start), even.at(token.end)
            left.append(Left(start, end, text[start:end]))
    return Reading(tuple(claims), tuple(left), lang or language_of(even.text[:20_000]), day)


def _home(scenes: Sequence[Scene]) -> str | None:
    """The country of the first official named, else the one named most often."""
    officials = (mention.place for scene in scenes for mention in scene.officials if mention.place not in NO_COUNTRIES)
    counts = Counter(mention.place for scene in scenes for mention in scene.places if len(mention.place) == 3)
    often = (place for place, count in counts.most_common() if count > 1 and place not in NO_COUNTRIES)
    return next(officials, None) or next(often, None)


def scene_of(tokens: Sequence[Token], even: Normalised, sentence: Sentence, day: date | None) -> Scene:
    """One sentence with everything that its words mean, not yet put together."""
    own = tokens[sentence.i : sentence.j]
    start, end = own[0].start, own[-1].end
    text = even.text[start:end]
    marks = lexicon(sentence.lang).marks(own)
    times = _times(own, text, start, sentence.lang, day, marks)
    taken = frozenset(k for i, j, _ in times for k in range(i, j))
    marks = [mark for mark in marks if not (mark.i in taken and mark.kind in _NOT_IN_TIMES)]
    quantities, left = Scanner(own, marks, sentence.lang, taken).quantities() if _has_figures(own, marks) else ([], [])
    marks = [mark for mark in marks if mark.kind != "commodity" or not _is_negated(own, mark.i)]
    quantities, marks = _off_plan(quantities, marks, left)
    inside = frozenset(k for quantity in quantities for k in range(quantity.i, quantity.j))
    marks = [mark for mark in marks if mark.i not in inside or mark.kind in _STAY_IN_QUANTITIES]
    places = mentions(own, marks, sentence.lang)
    speakers, places = _speakers(own, marks, places, sentence.lang)
    officials = [place for place in places if _is_official(own, marks, place)]
    places = [place for place in places if place not in officials]
    marks = _comparisons(own, marks, quantities)
    times = [entry for entry in times if entry[2].role != "date" and not _is_of_event(own, marks, entry)]
    times = [_based(own, marks, quantities, entry) for entry in times]
    names = frozenset(k for place in places for k in range(place.i, place.j))
    pairs = frozenset(
        k
        for a, b in zip(places, places[1:], strict=False)
        if a.role == b.role == "between" and b.i - a.j <= 4
        for k in range(a.j, b.i)
    )
    split = atoms(own, marks, taken | inside | names | pairs)
    return Scene(own, sentence.lang, text, marks, times, quantities, left, split, places, speakers, officials)


_NOT_IN_TIMES = frozenset(
    {
        "number",
        "joiner",
        "splitter",
        "unit",
        "against",
        "change",
        "multiplier",
        "share_word",
        "rate",
        "modality",
        "from",
        "qualifier_before",
    }
)
_STAY_IN_QUANTITIES = frozenset(
    {"multiple", "share_word", "commodity", "mode", "change", "unit", "qualifier_after", "rate"}
)


def _has_figures(tokens: Sequence[Token], marks: Sequence[Mark]) -> bool:
    return any(token.kind == "n" for token in tokens) or any(
        mark.kind in {"multiple", "fraction", "share_word", "multiplier", "number"} for mark in marks
    )


def _times(
    tokens: Sequence[Token], text: str, start: int, lang: str, day: date | None, marks: Sequence[Mark]
) -> list[tuple[int, int, Period]]:
    """The times of a sentence with the tokens they stand in."""
    found = periods(text, lang, day)
    if not found:
        return []
    starts, ends = [token.start - start for token in tokens], [token.end - start for token in tokens]
    places = ((bisect_right(ends, period.start), bisect_left(starts, period.end), period) for period in found)
    return [(i, j, period) for i, j, period in places if i < j]


def _speakers(
    tokens: Sequence[Token], marks: Sequence[Mark], places: list[Mention], lang: str
) -> tuple[list[Mention], list[Mention]]:
    """The mentions that say whose statistics speak, and the other ones."""
    speakers: list[int] = []
    for mark in marks:
        if mark.kind not in {"agency", "says"}:
            continue
        for k, place in enumerate(places):
            gap = place.i - mark.j if place.i >= mark.j else mark.i - place.j
            limit = 3 if mark.kind == "agency" else (4 if (place.i >= mark.j) != (lang == "kk") else -1)
            if gap >= 2 and [token.text for token in tokens[place.j : place.j + 2]] == ["'", "s"]:
                gap -= 2
            between = tokens[mark.j : place.i] if place.i >= mark.j else tokens[place.j : mark.i]
            if 0 <= gap <= limit and not any(token.text in {",", ";", ":"} or token.kind == "n" for token in between):
                speakers.append(k)
                break
    return [places[k] for k in speakers], [place for k, place in enumerate(places) if k not in speakers]


Timed = tuple[int, int, Period]
NEAR = 4
"""Tokens within which a plan is that of a per cent."""


def _based(tokens: Sequence[Token], marks: Sequence[Mark], quantities: Sequence[Quantity], entry: Timed) -> Timed:
    """A time as a base, if what it is told of is compared with: "против 67 млн долларов в 2017 году", "the level in 2020"."""
    i, j, period = entry
    if period.role != "main":
        return entry
    told = next((q for q in quantities if 0 <= i - q.j <= 2), None)
    end = told.i if told is not None else i
    if told is not None and told.unit == "times" and told.in_word and tokens[i - 1].text in {"of", "the", "от"}:
        return i, j, replace(period, role="base")  # half of last year's 6.4 million
    if (
        told is not None
        and any(mark.kind == "multiple" and mark.j == told.i - 1 for mark in marks)
        and tokens[told.i - 1].text == "the"
    ):
        return i, j, replace(period, role="base")
    for mark in marks:
        if mark.kind != "against" or mark.means != "against" or not 0 <= end - mark.j <= (2 if told else 4):
            continue
        inside = range(mark.j, end)
        plain = not any(tokens[k].text in {",", ";", ":"} or tokens[k].kind == "n" for k in inside)
        if (
            plain
            and (told is not None or tokens[mark.i].text not in {"from", "than", "чем"})
            and not any(other.kind in {"level", "change", "flow"} and other.i in inside for other in marks)
        ):
            return i, j, replace(period, role="base")
    return entry


_BETWEEN_TITLE_AND_NAME = frozenset({"flow", "level", "change", "says", "event", "between", "joiner"})


def _is_official(tokens: Sequence[Token], marks: Sequence[Mark], place: Mention) -> bool:
    """Whether a country is told of a person or an office only: "президент РК", "Kazakhstan's Deputy Prime Minister"."""
    if place.place in NO_COUNTRIES or len(place.place) != 3:
        return False
    for mark in marks:
        if mark.kind != "title":
            continue
        gap = (mark.j, place.i) if mark.j <= place.i else (place.j, mark.i)
        if not 0 <= gap[1] - gap[0] <= (5 if mark.j <= place.i and place.role in {"of", "adj"} else 3):
            continue
        if (
            mark.j <= place.i
            and place.role not in {"of", "adj", "nom"}
            or mark.i >= place.j
            and place.role not in {"of", "adj", "nom"}
        ):
            continue
        inside = range(*gap)
        if any(other.kind in _BETWEEN_TITLE_AND_NAME - {"joiner"} and other.i in inside for other in marks):
            continue
        if not any(tokens[k].text in {",", ";", ":"} or tokens[k].kind == "n" for k in inside):
            return True
    return False


def _comparisons(tokens: Sequence[Token], marks: list[Mark], quantities: Sequence[Quantity]) -> list[Mark]:
    """ "146 percent more than a year earlier": what would qualify a number, were there one after it, is a word of change; as it is in
    "95.4 % more than the 528.3 million of 2022", with what is compared with."""
    out = []
    for mark in marks:
        if mark.kind == "qualifier_before" and mark.means in {"more_than", "less_than"}:
            ahead = any(mark.j <= quantity.i <= mark.j + 3 for quantity in quantities)
            behind = next((quantity for quantity in quantities if quantity.j == mark.i), None)
            if (
                behind is not None
                and behind.unit != "times"
                and mark.j == mark.i + 2
                and tokens[mark.i + 1].text == "than"
            ):
                out.append(mark._replace(i=mark.i + 1, kind="against", means="against"))
                mark = mark._replace(j=mark.i + 1)
                ahead = False
            if behind is not None and behind.unit == "times" and tokens[mark.i].text == "as":
                continue  # twice as much as a year ago
            if behind is not None and not ahead:
                mark = mark._replace(kind="change", means="up", number=1.0 if mark.means == "more_than" else -1.0)
        out.append(mark)
    return out


def _is_negated(tokens: Sequence[Token], i: int) -> bool:
    """Whether goods are what is not meant: "non-oil exports"."""
    return i > 1 and tokens[i - 1].text == "-" and tokens[i - 2].text in {"non", "не"}


def _off_plan(quantities: list[Quantity], marks: list[Mark], left: list[int]) -> tuple[list[Quantity], list[Mark]]:
    """Per cents by which a plan is missed or beaten are no change: they are told as left, and the plan makes no figure a planned one."""
    plans = [mark for mark in marks if mark.kind == "plan"]
    if not plans:
        return quantities, marks
    kept = []
    for quantity in quantities:
        if quantity.unit in {"%", "pp"} and any(max(mark.i - quantity.j, quantity.i - mark.j) < NEAR for mark in plans):
            left.append(quantity.i)
        else:
            kept.append(quantity)
    starts = {k for mark in plans for k in range(mark.i, mark.j)}
    return kept, [mark for mark in marks if mark.kind != "modality" or mark.i not in starts]


def _is_of_event(tokens: Sequence[Token], marks: Sequence[Mark], entry: tuple[int, int, Period]) -> bool:
    """Whether a time is that of a visit or a meeting: "по итогам визита в августе прошлого года"."""
    events = [mark for mark in marks if mark.kind == "event" and 0 <= entry[0] - mark.j <= 8]
    if not events:
        return False
    inside = range(events[-1].j, entry[0])
    return not any(tokens[k].text in {",", ";", ":"} for k in inside) and not any(
        mark.kind == "flow" and mark.i in inside for mark in marks
    )


def _placed(draft: Draft, scene: Scene, even: Normalised, text: str) -> Claim:
    """A draft as a claim of the text, its tokens turned into offsets."""

    def offsets(span: tuple[int, int]) -> tuple[int, int]:
        return even.at(scene.tokens[span[0]].start), even.at(scene.tokens[span[1] - 1].end)

    start, end = offsets(draft.extent())
    spans: Mapping[str, tuple[int, int]] = {slot: offsets(span) for slot, span in draft.spans.items()}
    return Claim(
        start, end, text[start:end], scene.lang, printed=draft.printed, origins=draft.origins, spans=spans,
        alternatives=tuple(draft.alternatives), **draft.values,
    )  # fmt: skip
