"""A claim against the ledger: the same thing, by the same statistics, in the same days.

    agrees            a record meets the claim within rounding
    earlier_edition   none does, but one is so near (rule `revision`) that the claim may be an earlier edition of it
    differs           by how much; and what would mend it: the other flow, a factor of a thousand, another period, a part of the goods
    mirror            only the partner's statistics meet it: not comparable, both are told
    growth            value / base of one series against the growth stated, and the base that the stated growth implies; a base of an
                      earlier edition is supposed for a value of an earlier edition only, beside the latest value it differs

A statement of the press is no record: it is told, and nothing is held against it. What cannot be placed (no subject, flow or period) has no
record. Records of another mode, scope or measure are other things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from keruen.figures.claim import Claim
from keruen.figures.ledger import RECORD, STATEMENT, TOTAL, TURNED_ROUND, WORLD, Figure
from keruen.figures.meaning import Meaning, bounded, widened
from keruen.figures.verdict import (
    AGREES,
    CONSISTENT,
    DIFFERS,
    NO_RECORD,
    NOT_COMPARABLE,
    NOTE,
    Amount,
    Check,
    Share,
    Value,
    evidence_of,
)
from keruen.tables.periods import Span, a_year_before
from keruen.tables.rounding import Interval, base_of, exactly, growth_of

MANY_MONTHS, FEWEST_MONTHS = 12, 4
NEAR_CUMULATIVE = (0.7, 1.3)
NEAR_SLIP = 3.0
FAR_APART = 0.2
WORD = re.compile(r"[^\W_]+")


class Records(Protocol):
    """What tells recorded figures of a subject with a partner: the ledger, or what the user's trade store has for a text."""

    def about(self, subject: str, partner: str = "") -> tuple[Figure, ...]:
        """All figures of a subject with a partner (empty: without one)."""


def checks_against(m: Meaning, *books: Records) -> list[Check]:
    """What the ledger, and other books beside it, have to say of a claim of trade, freight or production."""
    claim = m.claim
    missing = [slot for slot in ("subject", "flow", "period") if getattr(claim, slot) is None]
    if missing or m.span is None:
        return [Check(NO_RECORD, "unplaced", {"slots": ", ".join(missing or ["period"])}), *implied_base(m)]
    shares = list(_share_checks(m, books))
    if m.value is None and m.growth is None:
        return shares or [Check(NO_RECORD, "nothing_to_compare")]
    everything = [
        figure
        for book in books
        for figure in _about(claim, book)
        if figure.modality == "stated" and figure.interval is not None
    ]
    of_flow = [figure for figure in everything if figure.flow == claim.flow]
    things = [figure for figure in of_flow if same_goods(claim, figure) and _same_scope(claim, figure)]
    series = [figure for figure in things if figure.weight != STATEMENT and figure.unit == (claim.unit or figure.unit)]
    found: list[Check] = shares
    if m.value is not None:
        found += _value_checks(m, [f for f in series if f.span == m.span], things, everything)
    comparable = not any(check.verdict == NOT_COMPARABLE for check in found)
    dated = claim.base_period is None or m.base_span is not None
    if m.growth is not None and claim.share_pct is None and comparable and dated:
        found += _growth_checks(m, series)
    if m.base is not None and m.base_span is not None and comparable:
        found += _base_checks(m, m.base, [f for f in series if f.span == m.base_span])
    if not found:
        found = [_nothing(m, things)]
    if not any(check.code.startswith("growth_") for check in found):
        found += implied_base(m)
    return found


def _about(claim: Claim, book: Records) -> Iterator[Figure]:
    subject, partner = claim.subject or "", claim.partner or ""
    yield from book.about(subject, partner)
    if not partner:
        yield from book.about(subject, WORLD)
    elif claim.flow not in TURNED_ROUND:
        yield from book.about(partner, subject)


def same_goods(claim: Claim, figure: Figure) -> bool:
    """Whether a figure is of the goods that the claim names; all goods where it names none."""
    if claim.commodity is None:
        return figure.hs == TOTAL
    return claim.commodity == figure.hs or stems(claim.commodity) == stems(figure.commodity)


def stems(words: str) -> frozenset[str]:
    """The words of goods without number: copper_cathode and copper cathodes are one."""
    return frozenset(word.lower().removesuffix("s") for word in WORD.findall(words))


def _same_scope(claim: Claim, figure: Figure) -> bool:
    plain_measure = not figure.measure or figure.measure.startswith("EU")
    return (
        not figure.scope
        and plain_measure
        and (figure.mode == (claim.mode or "") or (claim.mode is not None and not figure.mode))
    )


def _of_whom(m: Meaning, figures: Sequence[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Figures by the statistics the claim speaks of (the subject's where it says nothing), and by those of others."""
    own = _own(m)
    return [f for f in figures if f.perspective in own], [f for f in figures if f.perspective not in own]


def _own(m: Meaning) -> tuple[str, str]:
    return "", m.claim.perspective or m.claim.subject or ""


def _value_checks(
    m: Meaning, series: Sequence[Figure], things: Sequence[Figure], everything: Sequence[Figure]
) -> Iterator[Check]:
    claim, unit = m.claim, m.claim.unit or ""
    if m.value is None:
        return
    own, mirror = _of_whom(m, series)
    stated = narrowed(m)
    hit = _meeting(stated, own)
    if hit is not None:
        yield Check(AGREES, "value_agrees", _told(m, hit), hit.rows)
        yield from _aggregate(hit)
        return
    hit = _meeting(stated, mirror)
    if hit is not None:
        other = _nearest(m, own)
        told = {**_told(m, hit), "whose": hit.perspective}
        if other is None:
            yield Check(NOT_COMPARABLE, "mirror_only", told, hit.rows)
        else:
            told |= {"own": Amount(_interval(other), unit), "own_whose": other.perspective or claim.subject or ""}
            yield Check(NOT_COMPARABLE, "mirror", told, evidence_of((hit.rows, other.rows)))
        return
    near = _nearest(m, own)
    if near is not None and _gap(m, near) <= m.rules["revision"]:
        yield Check(
            CONSISTENT, "earlier_edition", {**_told(m, near), "apart": Share(exactly(_gap(m, near)))}, near.rows
        )
        yield from _aggregate(near)
        return
    if near is not None and m.value.meets(_interval(near)):
        yield Check(CONSISTENT, "bound_holds", _told(m, near), near.rows)
        return
    said = _meeting(stated, [f for f in things if f.weight == STATEMENT and f.span == m.span and f.unit == unit])
    if near is not None:
        mended = list(_mended(m, near, things, everything))
        verdict = NOTE if any(check.verdict == NOT_COMPARABLE for check in mended) else DIFFERS
        yield Check(verdict, "value_differs", {**_told(m, near), "apart": Share(exactly(_gap(m, near)))}, near.rows)
        yield from _aggregate(near)
        yield from mended
    elif mirror:
        other = _nearest(m, mirror) or mirror[0]
        yield Check(NOT_COMPARABLE, "mirror_only_differs", {**_told(m, other), "whose": other.perspective}, other.rows)
    else:
        yield from _by_magnitude(m, things)
        yield from _by_other_days(m, stated, things)
        if said is not None:
            yield Check(NO_RECORD, "only_said", {}, said.rows)


def told_side_by_side(m: Meaning, books: Sequence[Records]) -> Iterator[Check]:
    """All that other books than the ledger have of what the claim is of, each edition and perspective by itself."""
    claim = m.claim
    for figure in [figure for book in books for figure in _about(claim, book)]:
        same = (figure.flow, figure.span) == (claim.flow, m.span) and figure.unit == (claim.unit or figure.unit)
        if same and figure.interval is not None and same_goods(claim, figure):
            told: dict[str, Value] = {
                "recorded": Amount(figure.interval, figure.unit), "book": figure.edition, "whose": figure.perspective,
            }  # fmt: skip
            yield Check(NOTE, "in_store", told, figure.rows)


def narrowed(m: Meaning) -> Interval:
    """What a record must meet to agree: an open bound ends where nobody would have put it so (rule `more_than`)."""
    value = m.value or exactly(0.0)
    more = m.rules["more_than"]
    if value.high == float("inf"):
        return Interval(value.low, value.low + more * abs(value.low))
    if value.low == -float("inf"):
        return Interval(value.high - more * abs(value.high), value.high)
    return value


def _mended(m: Meaning, near: Figure, things: Sequence[Figure], everything: Sequence[Figure]) -> Iterator[Check]:
    """What else the value fits, so that the slip can be named."""
    claim, stated = m.claim, narrowed(m)
    slip, at_once = (
        m.rules["slip"],
        [f for f in everything if f.span == m.span and f.unit == claim.unit and f.weight != STATEMENT],
    )
    for factor in (slip, 1 / slip):
        if widened(stated.scaled(factor), m.rules["revision"]).meets(_interval(near)):
            yield Check(NOTE, "fits_thousandfold", {"factor": "× 1000" if factor > 1 else "/ 1000"}, near.rows)
            return
    if _gap(m, near) < FAR_APART and m.growth is None:
        return
    fuzzy = widened(stated, m.rules["revision"])
    swapped = TURNED_ROUND.get(claim.flow or "")
    for figure in at_once:
        if (
            figure.flow == swapped
            and claim.flow != "turnover"
            and same_goods(claim, figure)
            and _interval(figure).meets(fuzzy)
        ):
            yield Check(
                NOTE,
                "fits_other_flow",
                {"flow": figure.flow, "recorded": Amount(_interval(figure), figure.unit)},
                figure.rows,
            )
            return
    for figure in everything:
        part = (
            figure.flow == claim.flow
            and figure.span == m.span
            and figure.unit == claim.unit
            and not same_goods(claim, figure)
        )
        if part and claim.commodity is None and _interval(figure).meets(stated):
            goods = f"{figure.commodity} {figure.scope}".strip()
            yield Check(NOT_COMPARABLE, "fits_part", {"goods": goods}, figure.rows)
            return
    yield from _by_other_days(m, stated, things)


def _by_other_days(m: Meaning, stated: Interval, things: Sequence[Figure]) -> Iterator[Check]:
    """The first record of other days that the value fits."""
    others = (
        f
        for f in things
        if f.weight != STATEMENT and f.span != m.span and f.unit == m.claim.unit and f.perspective in _own(m)
    )
    hit = next((figure for figure in others if _interval(figure).meets(stated)), None)
    if hit is not None:
        yield Check(NOTE, "fits_other_period", {"period": hit.period}, hit.rows)


def _by_magnitude(m: Meaning, things: Sequence[Figure]) -> Iterator[Check]:
    """No record of these days: is the value of the size that other days let expect?"""
    claim = m.claim
    if m.value is None or m.span is None or claim.value is None:
        return
    others = [f for f in things if f.unit == claim.unit and f.span is not None and f.span != m.span and f.value]
    ratios = [(claim.value / m.span.months) / ((f.value or 1.0) / f.span.months) for f in others if f.span is not None]
    for figure, ratio in zip(others, ratios, strict=True):
        span = figure.span
        if (
            span is None
            or m.span.months > FEWEST_MONTHS
            or span.months < FEWEST_MONTHS
            or not _overlaps_or_follows(m.span, span)
        ):
            continue
        so_far = (m.span.last.month if span.first.month == 1 else span.months) * (figure.value or 0.0) / span.months
        if NEAR_CUMULATIVE[0] * so_far <= claim.value <= NEAR_CUMULATIVE[1] * so_far and ratio > NEAR_SLIP:
            told: dict[str, Value] = {"recorded": Amount(_interval(figure), figure.unit), "period": figure.period}
            yield Check(DIFFERS, "fits_cumulative", told, figure.rows)
            return
    slip = m.rules["slip"]
    for factor in (slip, 1 / slip):
        if ratios and all(1 / NEAR_SLIP <= ratio * factor <= NEAR_SLIP for ratio in ratios):
            told = {"factor": "× 1000" if factor > 1 else "/ 1000", "recorded": Amount(_interval(others[0]), others[0].unit),
                    "period": others[0].period}  # fmt: skip
            yield Check(DIFFERS, "magnitude_thousandfold", told, evidence_of(f.rows for f in others[:3]))
            return


def _overlaps_or_follows(one: Span, other: Span) -> bool:
    return one.first.year == other.first.year and other.first <= one.last


def _share_checks(m: Meaning, books: Sequence[Records]) -> Iterator[Check]:
    """A share of a flow against part and whole of one series; of several series, one that meets it decides."""
    claim = m.claim
    if m.share is None or claim.share_of is None:
        return
    same_flow = claim.share_of == claim.flow
    whole = replace(
        claim,
        flow=claim.share_of,
        commodity=None,
        mode=None,
        partner=None if same_flow and not claim.commodity else claim.partner,
    )
    if same_flow and claim.partner is None and claim.commodity is None and claim.mode is None:
        return  # a share of itself
    found = [
        (part.interval / total.interval, part, total)
        for part in _of_days(m, claim, books) for total in _of_days(m, whole, books)
        if part.interval is not None and total.interval is not None and total.interval.low > 0 and part.unit == total.unit
        and (part.kind, part.perspective, part.edition) == (total.kind, total.perspective, total.edition)
        and part.perspective in _own(m)
    ]  # fmt: skip
    if not found:
        return
    stated = m.share
    share, part, total = next(
        (one for one in found if one[0].meets(stated)), min(found, key=lambda one: abs(one[0].gap(stated)))
    )
    meets = share.meets(stated)
    told: dict[str, Value] = {
        "recorded": Share(share, kind="part"), "stated": Share(stated, kind="part"), "part": Amount(_interval(part), part.unit),
        "total": Amount(_interval(total), total.unit),
    }  # fmt: skip
    yield Check(
        AGREES if meets else DIFFERS,
        "share_agrees" if meets else "share_differs",
        told,
        evidence_of((part.rows, total.rows)),
    )


def _of_days(m: Meaning, claim: Claim, books: Sequence[Records]) -> list[Figure]:
    """The records of what a claim is of, in the days of the meaning."""
    return [
        figure
        for book in books
        for figure in _about(claim, book)
        if figure.flow == claim.flow and figure.span == m.span and figure.modality == "stated"
        and figure.weight != STATEMENT and same_goods(claim, figure) and _same_scope(claim, figure)
    ]  # fmt: skip


def _growth_checks(m: Meaning, series: Sequence[Figure]) -> Iterator[Check]:
    """Growth of each series between the two periods against the growth stated."""
    if m.span is None or m.growth is None:
        return
    base_span = m.base_span or a_year_before(m.span)
    own, _ = _of_whom(m, series)
    pairs = [
        (now, before)
        for now in own if now.span == m.span
        for before in own if before.span == base_span and _one_series(now, before) and _interval(before).low > 0
    ]  # fmt: skip
    if not pairs:
        return
    grown = [(growth_of(_interval(before), _interval(now)), now, before) for now, before in pairs]
    for growth, now, before in grown:
        if growth.meets(m.growth):
            yield Check(
                AGREES,
                "growth_agrees",
                {"recorded": Share(growth, kind="change")},
                evidence_of((now.rows, before.rows)),
            )
            return
    growth, now, before = min(grown, key=lambda found: abs(found[0].gap(m.growth or found[0])))
    told: dict[str, Value] = {"recorded": Share(growth, kind="change"), "stated": Share(m.growth, kind="change")}
    rows = evidence_of((now.rows, before.rows))
    implied = _implied(m)
    if implied is not None and bounded(implied):
        base = _interval(before)
        told |= {"implied_base": Amount(implied, m.claim.unit or now.unit), "base": Amount(base, before.unit)}
        if widened(implied, m.rules["revision"]).meets(base):
            near = _nearest(m, [figure for figure in own if figure.span == m.span])
            earlier = near is not None and 0 < _gap(m, near) <= m.rules["revision"]
            verdict = CONSISTENT if earlier else DIFFERS
            yield Check(verdict, "growth_fits_earlier_edition", told, rows)
            return
        yield Check(DIFFERS, "growth_differs_base", told, rows)
        return
    yield Check(DIFFERS, "growth_differs", told, rows)


def _base_checks(m: Meaning, base: Interval, series: Sequence[Figure]) -> Iterator[Check]:
    """The value compared with against the records of its days; only a difference decides."""
    own, _ = _of_whom(m, series)
    near = min(own, key=lambda figure: abs(_interval(figure).gap(base)), default=None)
    if near is None:
        return
    recorded = _interval(near)
    told: dict[str, Value] = {"base": Amount(base, m.claim.unit or near.unit), "recorded": Amount(recorded, near.unit)}
    if recorded.meets(base):
        yield Check(NOTE, "base_agrees", told, near.rows)
    elif widened(recorded, m.rules["revision"]).meets(base):
        yield Check(NOTE, "base_earlier_edition", told, near.rows)
    else:
        yield Check(DIFFERS, "base_differs", told, near.rows)


def _one_series(now: Figure, before: Figure) -> bool:
    """Whether two figures are of one series; the groups of two sheets may be made alike under two names."""
    same = (now.kind, now.perspective, now.mode, now.scope) == (
        before.kind,
        before.perspective,
        before.mode,
        before.scope,
    )
    return same and (now.measure == before.measure or _members(now) == _members(before))


def _members(figure: Figure) -> tuple[str, ...]:
    """Parts of a group's sum, told by how many rows were added."""
    return tuple(sorted({row.partition(":")[0] for row in figure.rows})) + (
        str(sum(row.startswith("figures:") for row in figure.rows)),
    )


def implied_base(m: Meaning) -> list[Check]:
    """The base that value and growth imply, where nothing else is known of it."""
    implied = _implied(m)
    if implied is None or not bounded(implied) or m.base is not None:
        return []
    return [Check(NOTE, "implied_base", {"implied_base": Amount(implied, m.claim.unit or "")})]


def _implied(m: Meaning) -> Interval | None:
    if m.value is None or m.growth is None or m.growth.low <= -1 or not bounded(m.value) or not bounded(m.growth):
        return None
    return base_of(m.value, m.growth)


def _nothing(m: Meaning, things: Sequence[Figure]) -> Check:
    """No record of these days; what the press said of them is named."""
    said = [figure for figure in things if figure.weight == STATEMENT and figure.span == m.span]
    rows = evidence_of(figure.rows for figure in said)
    return Check(NO_RECORD, "only_said" if said else "nothing_recorded", {}, rows)


def _aggregate(figure: Figure) -> Iterator[Check]:
    """What a group is made of in the figure that was held against the claim."""
    groups = tuple(row for row in figure.rows if row.startswith(("aggregates:", "trade_areas:")))
    if groups:
        yield Check(NOTE, "group_means", {"group": figure.partner, "note": figure.note}, groups)


def _told(m: Meaning, figure: Figure) -> dict[str, Value]:
    unit = m.claim.unit or figure.unit
    told: Mapping[str, Value] = {
        "stated": Amount(m.value or exactly(0.0), unit), "recorded": Amount(_interval(figure), figure.unit),
        "edition": figure.edition, "kind": figure.kind, "weight": figure.weight if figure.weight != RECORD else "",
    }  # fmt: skip
    return dict(told)


def _meeting(stated: Interval, figures: Sequence[Figure]) -> Figure | None:
    return next((figure for figure in figures if _interval(figure).meets(stated)), None)


def _nearest(m: Meaning, figures: Sequence[Figure]) -> Figure | None:
    return min(figures, key=lambda figure: abs(_gap(m, figure)), default=None)


def _gap(m: Meaning, figure: Figure) -> float:
    """How far the claim lies from a record, beyond the rounding of both, as a share of the record; never negative."""
    recorded = _interval(figure)
    size = max(abs(recorded.low), abs(recorded.high)) if bounded(recorded) else abs(figure.value or 0.0)
    return abs(recorded.gap(narrowed(m))) / size if size else float("inf")


def _interval(figure: Figure) -> Interval:
    return figure.interval or exactly(figure.value or 0.0)
