"""From a text to its claims: sentences are read one by one, quantities grouped into claims, elided slots filled and their origin noted.

    normalise -> tokens -> sentences -> marks, times, quantities, places -> groups of atoms -> drafts -> slots -> claims

A group is a stretch of a sentence that speaks of one thing; a new flow, commodity, partner, mode or time after a figure opens the next. In a
group each quantity has a role (keruen.figures.roles); a second level or a second growth begins the next claim. A slot that a group does
not give is taken from the left clause, then the previous sentence, then the headline; times are resolved against the day of publication
that the head of the text gives. Numbers that are part of no claim are reported, not dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keruen.figures.assembly import Draft, Memory, claims_of
from keruen.figures.claim import Claim
from keruen.figures.clauses import Sentence, atoms, language_of, sentences
from keruen.figures.entities import Mention, mentions
from keruen.figures.lexicon import Mark, Token, lexicon, tokens_of
from keruen.figures.normalise import Normalised, normalise
from keruen.figures.periods import Period, periods, publication_day
from keruen.figures.quantities import Scanner
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
    memory = Memory(day)
    claims: list[Claim] = []
    left: list[Left] = []
    heads = True
    for number, sentence in enumerate(sentences(tokens, even.text, even.cased, lang)):
        scene = scene_of(tokens, even, sentence, day)
        heads = heads and (sentence.heading or number == 0)
        memory.open_sentence(number, sentence.paragraph, number == 0 or (heads and sentence.heading and number < 3))
        drafts, used = claims_of(scene, memory)
        claims += [_placed(draft, scene, even, text) for draft in drafts]
        left += [
            Left(even.at(token.start), even.at(token.end), text[even.at(token.start) : even.at(token.end)])
            for k in scene.left
            if k not in used and (token := scene.tokens[k])
        ]
    return Reading(tuple(claims), tuple(left), lang or language_of(even.text[:20_000]), day)


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
    inside = frozenset(k for quantity in quantities for k in range(quantity.i, quantity.j))
    marks = [mark for mark in marks if mark.i not in inside or mark.kind in _STAY_IN_QUANTITIES]
    places = mentions(own, marks, sentence.lang)
    perspective, places = _perspective(own, marks, places, sentence.lang)
    names = frozenset(k for place in places for k in range(place.i, place.j))
    pairs = frozenset(
        k
        for a, b in zip(places, places[1:], strict=False)
        if a.role == b.role == "between" and b.i - a.j <= 4
        for k in range(a.j, b.i)
    )
    split = atoms(own, marks, taken | inside | names | pairs)
    return Scene(own, sentence.lang, text, marks, times, quantities, left, split, places, perspective)


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
_STAY_IN_QUANTITIES = frozenset({"commodity", "mode", "change", "unit", "qualifier_after"})


def _has_figures(tokens: Sequence[Token], marks: Sequence[Mark]) -> bool:
    return any(token.kind == "n" for token in tokens) or any(
        mark.kind in {"multiple", "fraction", "share_word", "multiplier", "number"} for mark in marks
    )


def _times(
    tokens: Sequence[Token], text: str, start: int, lang: str, day: date | None, marks: Sequence[Mark]
) -> list[tuple[int, int, Period]]:
    """The times of a sentence with the tokens they stand in."""
    found = periods(text, lang, day)
    out: list[tuple[int, int, Period]] = []
    for period in found:
        inside = [
            k for k, token in enumerate(tokens) if token.start - start < period.end and token.end - start > period.start
        ]
        if inside:
            out.append((inside[0], inside[-1] + 1, period))
    return out


def _perspective(
    tokens: Sequence[Token], marks: Sequence[Mark], places: list[Mention], lang: str
) -> tuple[str | None, list[Mention]]:
    """The country whose statistics speak, and the places without that mention."""
    speakers: list[int] = []
    for mark in marks:
        if mark.kind not in {"agency", "says"}:
            continue
        for k, place in enumerate(places):
            gap = place.i - mark.j if place.i >= mark.j else mark.i - place.j
            limit = 3 if mark.kind == "agency" else (4 if (place.i >= mark.j) != (lang == "kk") else -1)
            between = tokens[mark.j : place.i] if place.i >= mark.j else tokens[place.j : mark.i]
            if 0 <= gap <= limit and not any(token.text in {",", ";", ":"} or token.kind == "n" for token in between):
                speakers.append(k)
                break
    if not speakers:
        return None, places
    return places[speakers[0]].place, [place for k, place in enumerate(places) if k not in speakers]


def _placed(draft: Draft, scene: Scene, even: Normalised, text: str) -> Claim:
    """A draft as a claim of the text, its tokens turned into offsets."""

    def offsets(span: tuple[int, int]) -> tuple[int, int]:
        return even.at(scene.tokens[span[0]].start), even.at(scene.tokens[span[1] - 1].end)

    start, end = offsets(draft.extent())
    spans: Mapping[str, tuple[int, int]] = {slot: offsets(span) for slot, span in draft.spans.items()}
    claim = Claim(start, end, text[start:end], scene.lang, printed=draft.printed, origins=draft.origins, spans=spans)
    return replace(claim, **draft.values, alternatives=tuple(draft.alternatives))
