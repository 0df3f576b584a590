"""The numbers of a text against each other, by interval arithmetic (METHODS 10.6).

    growth       value / base - 1 meets the growth stated; the base is beside it, or another claim of the text
    multiple     value / base meets "almost five times"
    change       value / (value - change) meets the growth stated
    share        part / total meets the share stated
    sum          exports + imports meet the turnover; modes do not exceed their total
    signs        a total does not rise when all its parts fall
    headline     what the headline says is what the body says, and no plan
    periods      one figure does not stand for two periods; nothing is compared with itself

Two statements are refuted only if no numbers that round to them can all be true. Where a factor of a thousand would mend it, that is told.
Every function takes the claims of one text and gives checks for them by their place in the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from keruen.figures.claim import Claim
from keruen.figures.meaning import Meaning, bounded, widened
from keruen.figures.verdict import CONSISTENT, NOTE, REFUTED, Amount, Check, Share, Value
from keruen.tables.periods import a_year_before
from keruen.tables.rounding import Interval, base_of, exactly, growth_of

Found = Iterator[tuple[int, Check]]
Key = tuple[str | None, ...]
MOST_MODES_UNNAMED = 2
NEARBY = 40  # claims to each side among which a text repeats itself
MONEY_LETTERS = 3


def checks_inside(meanings: Sequence[Meaning], headline_end: int) -> list[list[Check]]:
    """The checks of each claim against the others; `headline_end` is the offset where the headline of the text ends (0: none)."""
    checks: list[list[Check]] = [[] for _ in meanings]
    for rule in (growths, shares, sums, modes, repetitions, echoes, period_conflicts, self_comparisons, odd_units):
        for i, check in rule(meanings):
            checks[i].append(check)
    for i, check in headlines(meanings, headline_end):
        checks[i].append(check)
    return checks


def growths(meanings: Sequence[Meaning]) -> Found:
    """Growth, multiples and changes against values and bases."""
    values: dict[Key, list[Meaning]] = defaultdict(list)
    for m in meanings:
        if m.value is not None and m.span is not None and m.claim.modality == "stated":
            values[(*key_of(m.claim), m.claim.unit)].append(m)
    for i, m in enumerate(meanings):
        base = m.base or _base_in_text(m, values)
        if m.value is not None and base is not None and bounded(base) and base.low > 0:
            yield from ((i, check) for check in _growth_checks(m, m.value, base))
        elif m.value is not None and m.change is not None:
            yield from ((i, check) for check in _change_checks(m, m.value, m.change))


def _base_in_text(m: Meaning, values: Mapping[Key, list[Meaning]]) -> Interval | None:
    """The value of the period compared with, where another claim of the text states it."""
    base_span = m.base_span or (a_year_before(m.span) if m.span else None)
    if m.value is None or base_span is None or (m.growth is None and m.change is None):
        return None
    others = [other for other in values.get((*key_of(m.claim), m.claim.unit), ()) if other.span == base_span]
    return others[0].value if len(others) == 1 else None


def _growth_checks(m: Meaning, value: Interval, base: Interval) -> Iterator[Check]:
    claim, unit = m.claim, m.claim.unit or ""
    if value.high < 0:
        return
    implied = growth_of(base, value)
    values: dict[str, Value] = {
        "base": Amount(base, unit),
        "value": Amount(value, unit),
        "implied": Share(implied, kind="change"),
    }
    if m.change is not None and not (value - base).meets(m.change):
        yield Check(
            REFUTED,
            "change_refuted",
            {**values, "implied": Amount(value - base, unit), "stated": Amount(m.change, unit)},
        )
    elif m.change is not None:
        yield Check(CONSISTENT, "change_consistent", {**values, "stated": Amount(m.change, unit)})
    if m.growth is None:
        return
    if claim.growth_pct is None:
        times, stated = implied + exactly(1.0), m.growth + exactly(1.0)
        values |= {"implied": Amount(times, "times"), "stated": Amount(stated, "times")}
        code = "multiple"
    else:
        values |= {"stated": Share(m.growth, kind="change")}
        code = "growth"
    if implied.meets(m.growth):
        yield Check(CONSISTENT, f"{code}_consistent", values)
    elif claim.growth_pct is not None and claim.growth_pct >= 100 and implied.meets(m.growth - exactly(1.0)):
        yield Check(CONSISTENT, "growth_as_ratio", values)
    else:
        slip = m.rules["slip"]
        mended = any(growth_of(base, value.scaled(factor)).meets(m.growth) for factor in (slip, 1 / slip))
        yield Check(REFUTED, f"{code}_slip" if mended else f"{code}_refuted", values)


def _change_checks(m: Meaning, value: Interval, change: Interval) -> Iterator[Check]:
    """A value, its change in the same unit, and growth in per cent or times: value / (value - change) - 1."""
    unit = m.claim.unit or ""
    implied = growth_after(value, change)
    if m.growth is None or implied is None:
        return
    values: dict[str, Value] = {
        "value": Amount(value, unit), "change": Amount(change, unit), "implied": Share(implied, kind="change"),
        "stated": Share(m.growth, kind="change"),
    }  # fmt: skip
    if implied.meets(m.growth):
        yield Check(CONSISTENT, "growth_of_change_consistent", values)
        return
    slipped = growth_after(value, change.scaled(m.rules["slip"]))
    if slipped is not None and slipped.low > 0 and implied.high < m.growth.low / 10:
        yield Check(REFUTED, "change_slip", {**values, "implied": Share(slipped, kind="change")})
    else:
        yield Check(REFUTED, "growth_of_change_refuted", values)


def growth_after(value: Interval, change: Interval) -> Interval | None:
    """Growth that a change in the value's unit means; None where nothing may have been there before."""
    if not (bounded(value) and bounded(change)) or value.low - change.high <= 0:
        return None
    ends = (change.low / (value.high - change.low), change.low / (value.low - change.low),
            change.high / (value.low - change.high), change.high / (value.high - change.high))  # fmt: skip
    return Interval(min(ends), max(ends))


def shares(meanings: Sequence[Meaning]) -> Found:
    """A share against the part, which stands in the same claim or the one before it, and the total of the flow it is a share of."""
    totals: dict[Key, list[Meaning]] = defaultdict(list)
    for m in meanings:
        if m.value is not None and m.claim.share_pct is None and m.claim.modality == "stated":
            totals[(m.claim.subject, m.claim.flow, m.claim.period, m.claim.unit)].append(m)
    for i, m in enumerate(meanings):
        part = m if m.value is not None else meanings[i - 1] if i else m
        if (
            m.share is None
            or part.value is None
            or part.claim.period != m.claim.period
            or part.claim.subject != m.claim.subject
        ):
            continue
        flow = m.claim.share_of
        wholes = [
            other
            for other in totals.get((part.claim.subject, flow, part.claim.period, part.claim.unit), ())
            if other is not part and _holds(other, part)
        ]
        if flow is not None and len({other.claim.value for other in wholes}) == 1:
            yield i, _share_check(m.share, part.value, wholes[0].value or part.value, part.claim.unit or "")


def _holds(whole: Meaning, part: Meaning) -> bool:
    """Whether a total may hold a part: of all partners or the same one, of all goods, and not smaller."""
    one, other = whole.claim, part.claim
    wider = one.partner is None or one.partner == other.partner
    if not wider or (one.flow, one.partner, one.commodity) == (other.flow, other.partner, other.commodity):
        return False
    if whole.value is None or part.value is None or not (bounded(whole.value) and bounded(part.value)):
        return False
    return whole.value.low > 0 and whole.value.high >= part.value.low


def _share_check(stated: Interval, part: Interval, whole: Interval, unit: str) -> Check:
    implied = part / whole
    told: dict[str, Value] = {
        "part": Amount(part, unit), "total": Amount(whole, unit), "implied": Share(implied, kind="part"),
        "stated": Share(stated, kind="part"),
    }  # fmt: skip
    fits = implied.meets(stated)
    return Check(CONSISTENT if fits else REFUTED, "share_consistent" if fits else "share_refuted", told)


def sums(meanings: Sequence[Meaning]) -> Found:
    """Exports and imports against the turnover: values, and growth by the bases that they imply."""
    groups: dict[Key, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, m in enumerate(meanings):
        claim = m.claim
        trade = claim.flow in ("turnover", "export", "import") and claim.share_pct is None
        if trade and m.value is not None and claim.modality == "stated":
            key = (claim.subject, claim.partner, claim.commodity, claim.mode, claim.period, claim.unit)
            groups[key][claim.flow or ""].append(i)
    for flows in groups.values():
        if set(flows) == {"turnover", "export", "import"} and all(
            len(set(_digits(meanings, found))) == 1 for found in flows.values()
        ):
            places = [flows[flow][-1] for flow in ("turnover", "export", "import")]
            yield from _sum_checks(*((place, meanings[place]) for place in places))


def _digits(meanings: Sequence[Meaning], places: Sequence[int]) -> list[float | None]:
    return [meanings[i].claim.value for i in places]


def _sum_checks(total: tuple[int, Meaning], first: tuple[int, Meaning], second: tuple[int, Meaning]) -> Found:
    (i, t), (j, e), (k, m) = total, first, second
    if t.value is None or e.value is None or m.value is None:
        return
    unit, parts = t.claim.unit or "", e.value + m.value
    values: dict[str, Value] = {"total": Amount(t.value, unit), "parts": Amount(parts, unit)}
    if parts.meets(t.value):
        yield from ((place, Check(CONSISTENT, "sum_consistent", values)) for place in (i, j, k))
    else:
        yield i, Check(REFUTED, "sum_refuted", values)
        yield from ((place, Check(NOTE, "sum_refuted", values)) for place in (j, k))
    if e.growth is None or m.growth is None or t.growth is None or min(e.growth.low, m.growth.low) <= -1:
        return
    bases = base_of(e.value, e.growth) + base_of(m.value, m.growth)
    if not bounded(bases) or bases.low <= 0:
        return
    implied = growth_of(bases, parts)
    told: dict[str, Value] = {"implied": Share(implied, kind="change"), "stated": Share(t.growth, kind="change")}
    fits = implied.meets(t.growth)
    yield i, Check(CONSISTENT if fits else REFUTED, "parts_growth_consistent" if fits else "parts_growth_refuted", told)


def modes(meanings: Sequence[Meaning]) -> Found:
    """Modes of transport against the total of all modes: their sum, and the signs of growth."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for i, m in enumerate(meanings):
        claim = m.claim
        if (
            claim.flow in ("freight", "transit")
            and claim.modality == "stated"
            and (m.value is not None or m.growth is not None)
        ):
            groups[(claim.subject, claim.partner, claim.flow, claim.commodity, claim.period)].append(i)
    for places in groups.values():
        totals = [i for i in places if meanings[i].claim.mode is None]
        parts = {mode: i for i in places if (mode := meanings[i].claim.mode) is not None}
        if len(totals) == 1 and len(parts) > 1:
            yield from (
                (totals[0], check) for check in _mode_checks(meanings[totals[0]], [meanings[i] for i in parts.values()])
            )


def _mode_checks(total: Meaning, parts: Sequence[Meaning]) -> Iterator[Check]:
    unit = total.claim.unit or ""
    values = [part.value for part in parts if part.value is not None and part.claim.unit == total.claim.unit]
    full = total.value is not None and len(values) == len(parts)
    together = None
    if full and total.value is not None:
        together = values[0]
        for value in values[1:]:
            together = together + value
        told: dict[str, Value] = {"total": Amount(total.value, unit), "parts": Amount(together, unit)}
        if together.low > total.value.high:
            yield Check(REFUTED, "parts_exceed", told)
        elif together.meets(total.value):
            yield Check(CONSISTENT, "sum_consistent", told)
    growth = [part.growth for part in parts if part.growth is not None]
    if total.growth is None or len(growth) < len(parts):
        return
    fall = all(g.high < 0 for g in growth) and total.growth.low > 0
    rise = all(g.low > 0 for g in growth) and total.growth.high < 0
    if fall or rise:
        nothing_left = together is not None and total.value is not None and together.meets(total.value)
        named = ", ".join(str(part.claim.mode) for part in parts)
        certain = nothing_left or len(parts) > MOST_MODES_UNNAMED
        yield Check(REFUTED if certain else NOTE, "parts_fall" if fall else "parts_rise", {"parts": named})


def repetitions(meanings: Sequence[Meaning]) -> Found:
    """Claims of one thing and one period that meet: said twice and the same."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for i, m in enumerate(meanings):
        if (
            m.claim.period is not None
            and m.claim.subject is not None
            and m.claim.flow is not None
            and m.claim.modality == "stated"
        ):
            groups[(*key_of(m.claim), m.claim.unit, m.claim.period)].append(i)
    for places in groups.values():
        for k, i in enumerate(places):
            for j in places[max(0, k - NEARBY) : k + NEARBY + 1]:
                if i != j and (check := _same_said_twice(meanings[i], meanings[j])) is not None:
                    yield i, check
                    break


def echoes(meanings: Sequence[Meaning]) -> Found:
    """A claim that leaves open what it is of, or when, and meets both value and growth of one that does not: said roughly, then exactly."""
    full = [
        i for i, m in enumerate(meanings) if m.value is not None and m.growth is not None and m.claim.flow is not None
    ]
    things = [(claim.flow, claim.unit, claim.commodity) for claim in (meanings[i].claim for i in full)]
    for k, i in enumerate(full):
        thing, near = things[k], range(max(0, k - NEARBY), min(len(full), k + NEARBY + 1))
        for j in (full[n] for n in near if things[n] == thing):
            if _echo(meanings[i], meanings[j]):
                other = meanings[j].claim
                yield i, Check(CONSISTENT, "said_roughly", {"other": other.text.strip(), "period": other.period or ""})
                break


def _echo(rough: Meaning, exact: Meaning) -> bool:
    """Whether of two claims of one flow, unit and commodity the first says roughly what the second says exactly."""
    if rough.value is None or exact.value is None or rough.claim.period == exact.claim.period:
        return False
    return rough.value.half_width > exact.value.half_width and _all_meet(rough, exact)


def _same_unit(one: Meaning, other: Meaning) -> bool:
    return one.claim.unit == other.claim.unit and one.claim.commodity == other.claim.commodity


def _same_said_twice(one: Meaning, other: Meaning) -> Check | None:
    if one.claim.value == other.claim.value and one.claim.growth_pct == other.claim.growth_pct:
        return None
    pairs = [(one.value, other.value), (one.growth, other.growth)]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not both:
        return None
    words = {"other": other.claim.text.strip()}
    return (
        Check(CONSISTENT, "said_twice", words)
        if all(a.meets(b) for a, b in both)
        else Check(NOTE, "said_twice_differs", words)
    )


def headlines(meanings: Sequence[Meaning], headline_end: int) -> Found:
    """Claims of the headline against those of the body for the same thing."""
    body = [m for m in meanings if m.claim.start >= headline_end]
    for i, m in enumerate(meanings):
        if m.claim.start >= headline_end or (m.value is None and m.growth is None):
            continue
        same = [b for b in body if _may_be_same(m, b)]
        check = _headline_check(m, same)
        if check is not None:
            yield i, check


def _may_be_same(head: Meaning, body: Meaning) -> bool:
    """Whether a claim of the body may be what the headline speaks of: what the headline leaves open may be anything."""
    open_or_same = all(
        a is None or b is None or a == b for a, b in zip(key_of(head.claim), key_of(body.claim), strict=True)
    )
    dated = (
        head.claim.period is None or body.claim.period in (None, head.claim.period) or body.claim.modality != "stated"
    )
    measured = (head.value is not None and body.value is not None and head.claim.unit == body.claim.unit) or (
        head.growth is not None and body.growth is not None
    )
    return open_or_same and dated and measured


def _headline_check(head: Meaning, same: Sequence[Meaning]) -> Check | None:
    if not same or head.claim.modality != "stated":
        return None
    meets = [m for m in same if _all_meet(head, m)]
    if any(m.claim.modality == "stated" for m in meets):
        return Check(
            CONSISTENT,
            "headline_consistent",
            {"body": next(m for m in meets if m.claim.modality == "stated").claim.text.strip()},
        )
    if meets:
        return Check(REFUTED, "headline_plan", {"body": meets[0].claim.text.strip()})
    if head.claim.flow is None:
        return None
    near = head.rules["headline_slip"]
    if head.value is not None:
        rounded = [m for m in same if m.value is not None and widened(m.value, near).meets(head.value)]
        if rounded:
            return Check(NOTE, "headline_rounds", {"body": rounded[0].claim.text.strip()})
    return Check(
        REFUTED, "headline_differs", {"body": "; ".join(dict.fromkeys(m.claim.text.strip() for m in same[:3]))}
    )


def _all_meet(one: Meaning, other: Meaning) -> bool:
    pairs = [(one.value, other.value), (one.growth, other.growth)]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(both) and all(a.meets(b) for a, b in both)


def period_conflicts(meanings: Sequence[Meaning]) -> Found:
    """One figure of one thing for two periods that begin alike: a lead says eight months, the body seven."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for i, m in enumerate(meanings):
        claim = m.claim
        if (
            m.span is not None
            and claim.value is not None
            and claim.subject
            and claim.flow
            and claim.modality == "stated"
        ):
            groups[(*key_of(claim), claim.unit, repr(claim.value))].append(i)
    for places in groups.values():
        periods = {span: i for i in places if (span := meanings[i].span) is not None}
        if len(periods) > 1 and len({span.first for span in periods}) == 1:
            words = ", ".join(sorted({str(meanings[i].claim.period) for i in periods.values()}))
            yield from ((i, Check(REFUTED, "period_conflict", {"periods": words})) for i in places)


def self_comparisons(meanings: Sequence[Meaning]) -> Found:
    """Figures compared with their own period, or with a later one."""
    for i, m in enumerate(meanings):
        if m.span is not None and m.base_span is not None and m.base_span.first >= m.span.first:
            yield (
                i,
                Check(
                    REFUTED,
                    "compared_with_itself",
                    {"period": str(m.claim.period), "base_period": str(m.claim.base_period)},
                ),
            )


def odd_units(meanings: Sequence[Meaning]) -> Found:
    """Output and freight of goods in money, where other figures of the text are in tonnes: a currency typed for a weight."""
    weighed = {m.claim.flow for m in meanings if m.claim.unit == "tonnes"}
    for i, m in enumerate(meanings):
        unit = m.claim.unit or ""
        money = len(unit) == MONEY_LETTERS and unit.isupper() and unit != "TEU"
        if (
            money
            and m.claim.flow in ("production", "freight", "transit")
            and m.claim.flow in weighed
            and m.value is not None
        ):
            yield i, Check(REFUTED, "money_for_weight", {"unit": unit})


def key_of(claim: Claim) -> tuple[str | None, ...]:
    """What a claim is about, without period and unit."""
    return (claim.subject, claim.partner, claim.flow, claim.commodity, claim.mode)
