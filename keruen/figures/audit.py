"""The audit of a text: every claim with its verdict, the reasons, and the rows that it rests on.

    found = audit(data, text)
    found.claims[0].verdict        refuted, differs, agrees, not_comparable, consistent or no_record (keruen.figures.verdict)

A claim is held against the other numbers of its text (inside), then against the ledger (against) or, where it is about routes, flights or
materials, against the tables of these (route_claims). Plans and forecasts are never held against records. Nothing is looked up outside the
tables; the model is asked only if it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from keruen.figures.against import Records, checks_against, told_side_by_side
from keruen.figures.claim import Alternative, Claim
from keruen.figures.inside import checks_inside
from keruen.figures.ledger import Ledger, ledger, rules
from keruen.figures.meaning import Meaning
from keruen.figures.periods import HEAD_WIDTH, publication_day
from keruen.figures.reading import Left, read_text
from keruen.figures.route_claims import (
    FLIGHTS,
    Ratios,
    checked_before,
    flight_checks,
    is_route_claim,
    material_checks,
    speed_checks,
)
from keruen.figures.verdict import NO_RECORD, NOT_COMPARABLE, NOTE, VERDICTS, Audited, Check
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

if TYPE_CHECKING:
    from keruen.trade.store import Store

EU = "EU"
SENTENCE_ENDS = (".", "!", "?", "…", "»", '"', "”", ".)")
SENTENCE_BREAK = re.compile(r"[.!?…] +[A-ZА-ЯӘҒҚҢӨҰҮҺІ]")


@dataclass(frozen=True)
class Audit:
    """The claims of a text in its order, each audited.

    text: what their offsets count in, empty if claims alone were given. left: numbers of the text that are part of no claim.
    """

    claims: tuple[Audited, ...]
    text: str = ""
    left: tuple[Left, ...] = ()
    published: date | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many claims have each verdict, the gravest first."""
        given = [claim.verdict for claim in self.claims]
        return {verdict: given.count(verdict) for verdict in VERDICTS if verdict in given}


def audit(
    data: Dataset,
    text: str,
    *,
    lang: str | None = None,
    published: date | str | None = None,
    model: Ratios | None = None,
    store: Store | None = None,
) -> Audit:
    """The figures of a text, each with its verdict.

    lang: ru, en or kk; by default told from the letters. published: day of the text; by default looked for in its head.
    model: the routing model (route_claims.model_ratios), asked about multiples of speed; without it the tables alone are.
    store: a trade store, open to be read, whose figures are held beside the ledger's (in_store).

    Raises:
        BadDate: `published` is no day. BadTable: a table that is needed cannot be used.
    """
    reading = read_text(text, lang, published)
    found = audit_claims(
        data, reading.claims, headline_end=headline_end(text), published=reading.published, model=model, store=store
    )
    return replace(found, text=text, left=reading.left, published=reading.published)


def audit_claims(
    data: Dataset,
    claims: Sequence[Claim],
    *,
    headline_end: int = 0,
    published: date | None = None,
    model: Ratios | None = None,
    store: Store | None = None,
) -> Audit:
    """Claims that were read from one text, with verdicts.

    headline_end: offset where the headline ends, 0 if there is none. published: day of the text, for claims that are of "now".
    model, store: as for `audit`.
    """
    rule, book = rules(data), ledger(data)
    meanings = [Meaning(_without_port(claim), rule) for claim in claims]
    inside = checks_inside(meanings, headline_end)
    nearby = sorted({code for claim in claims for code in (claim.subject, claim.partner) if code is not None})
    own = _in_store(store, data, meanings)
    audited = []
    for claim, m, checks in zip(claims, meanings, inside, strict=True):
        checks = [*checks, *_outside(m, data, book, own, nearby, published, model)]
        if m.claim is not claim:
            checks = [check for check in checks if check.code != "unplaced"] + [Check(NO_RECORD, "port")]
        audited.append(Audited(claim, tuple(checks), (*claim.alternatives, *_readings(checks))))
    return Audit(tuple(audited))


def _without_port(claim: Claim) -> Claim:
    """The claim without a country that is named by its port only: what a port handles is no figure of its country."""
    return replace(claim, subject=None) if claim.origins.get("subject") == "port" else claim


def headline_end(text: str) -> int:
    """Where the headline of a text ends: before the first line that is a sentence or part of one; 0 if there is no such line."""
    lines = text.splitlines(keepends=True)
    place = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        goes_on = following[:1].islower() or following[:1].isdigit() and not _is_day(following)
        if line.rstrip().endswith(SENTENCE_ENDS) or SENTENCE_BREAK.search(line) or (goes_on and line.strip()):
            return place
        place += len(line)
    return 0


def _is_day(line: str) -> bool:
    """Whether a line is a day of publication and nothing more."""
    return len(line) < HEAD_WIDTH and publication_day(line.lower()) is not None and not SENTENCE_BREAK.search(line)


def _outside(
    m: Meaning, data: Dataset, book: Ledger, own: Sequence[Records], nearby: Sequence[str], published: date | None,
    model: Ratios | None,
) -> Iterator[Check]:  # fmt: skip
    """What the tables, and the model, have to say of a claim."""
    claim = m.claim
    if claim.modality != "stated":
        yield Check(NOT_COMPARABLE, "plan", {"modality": claim.modality})
    elif claim.unit == FLIGHTS:
        yield from flight_checks(m, book, published)
    elif claim.whole is not None and claim.value is not None:
        yield from material_checks(m, data, book, published)
    elif is_route_claim(m):
        yield from speed_checks(m, data, book, nearby, model)
    elif claim.flow == "freight" and claim.mode == "road" and claim.unit == "tonnes" and claim.partner is not None:
        yield from checks_against(m, book)
        if _in_union(data, claim):
            yield Check(NOTE, "haulier")
        yield from checked_before(m, book, "t", m.value)
    else:
        yield from checks_against(m, book, *own)
        yield from told_side_by_side(m, own)


def _in_store(store: Store | None, data: Dataset, meanings: Sequence[Meaning]) -> list[Records]:
    """The user's trade store as a book beside the ledger; the data base is loaded only if there is one."""
    if store is None:
        return []
    from keruen.figures.in_store import in_store

    return [in_store(store, data, meanings)]


def _in_union(data: Dataset, claim: Claim) -> bool:
    """Whether Eurostat's tables of road freight have one of the two countries."""
    return not _union(data).isdisjoint((claim.subject, claim.partner))


@lru_cache(maxsize=8)
def _union(data: Dataset) -> frozenset[str | None]:
    """The countries of the European Union, as ISO 3166 alpha-3."""
    return frozenset(row.text("iso3") for row in data["countries"] if EU in row.texts("groups"))


def _readings(checks: Sequence[Check]) -> Iterator[Alternative]:
    """Other readings that a check found to fit."""
    for check in checks:
        match check.code:
            case "growth_as_ratio":
                yield Alternative("growth_pct", "ratio", said("note_reading_ratio"))
            case "said_roughly":
                yield Alternative("period", str(check.values["period"]), said("note_reading_exactly"))
            case "fits_other_flow":
                yield Alternative("flow", str(check.values["flow"]), said("note_reading_flow"))
            case "fits_other_period":
                yield Alternative("period", str(check.values["period"]), said("note_reading_period"))
            case "growth_fits_earlier_edition":
                yield Alternative("edition", "preliminary", said("note_reading_edition"))
            case "fits_thousandfold" | "magnitude_thousandfold":
                yield Alternative("unit", str(check.values["factor"]), said("note_reading_thousand"))
