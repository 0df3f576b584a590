"""What the slots of a claim stand for: printed numbers as intervals, words before them as bounds.

    979,2 million            [979.15, 979.25] million
    almost 1 billion         [0.9, 1] billion              a bound, and the rule `almost`
    more than 3 billion      [3, inf) billion              a bound
    +85.4 %                  growth [0.8535, 0.8545]
    twice, 3 times           growth [0.75, 1.25], [1.75, 2.25]; with a decimal printed, by its digits

Growth is a share: 0.854 for 85.4 %. The readings of words are rows of figure_rules, the arithmetic is keruen.tables.rounding.
"""

from __future__ import annotations

from collections.abc import Mapping

from keruen.figures.claim import Claim
from keruen.figures.ledger import as_said, decimals_of, meant
from keruen.tables.periods import Span, span_of
from keruen.tables.rounding import Interval, exactly

GROWTH_SLOTS = ("growth_pct", "growth_times", "growth_abs")


class Meaning:
    """The intervals of one claim, worked out once; None for what it does not state."""

    def __init__(self, claim: Claim, rules: Mapping[str, float]) -> None:
        self.claim = claim
        self.rules = rules
        self.value = None if claim.value is None else meant(
            claim.value, claim.value_max, self.half_width("value"), claim.qualifier or "", rules
        )  # fmt: skip
        self.base = None if claim.base_value is None else around(claim.base_value, self.half_width("base_value"))
        self.growth = self._growth()
        self.change = None if claim.growth_abs is None else self._said(
            around(claim.growth_abs, self.half_width("growth_abs")), claim.growth_abs, None
        )  # fmt: skip
        self.share = None if claim.share_pct is None else self._said(
            around(claim.share_pct, self.half_width("share_pct")), claim.share_pct, None
        ).scaled(0.01)  # fmt: skip
        self.span: Span | None = span_of(claim.period) if claim.period else None
        self.base_span: Span | None = span_of(claim.base_period) if claim.base_period else None

    def half_width(self, slot: str) -> float:
        """Half a unit of the last digit of a slot, in base units."""
        printed = self.claim.printed.get(slot)
        if printed is not None:
            return printed.half_width
        value = getattr(self.claim, slot)
        return 0.0 if value is None else float(0.5 * 10.0 ** -decimals_of(float(value)))

    @property
    def rounded(self) -> Interval | None:
        """What the value alone stands for, without the words before it."""
        claim = self.claim
        return None if claim.value is None else around(claim.value, self.half_width("value"), claim.value_max)

    def _growth(self) -> Interval | None:
        """Growth as a share, from per cent or from a multiple."""
        claim = self.claim
        if claim.growth_pct is not None:
            percent = around(claim.growth_pct, self.half_width("growth_pct"), claim.growth_pct_max)
            return self._said(percent, claim.growth_pct, claim.growth_pct_max).scaled(0.01)
        if claim.growth_times is None:
            return None
        times = self.multiple(claim.growth_times, claim.growth_times_max, "growth_times")
        return self._said(times, claim.growth_times, claim.growth_times_max) - exactly(1.0)

    def multiple(self, times: float, times_max: float | None, slot: str) -> Interval:
        """What a multiple stands for: by its digits where a decimal is printed, else by the rule; a fall to a fraction by its digits."""
        printed = self.claim.printed.get(slot)
        decimals = printed.decimals if printed is not None else max(0, decimals_of(times))
        wide = self.rules["multiple_half_width"]
        half = 0.5 * 10.0**-decimals if decimals else wide if times >= 1 else wide * times**2
        return around(times, half, times_max)

    def _said(self, rounded: Interval, number: float, number_max: float | None) -> Interval:
        """A change with the words before its number."""
        top = number if number_max is None else number_max
        return as_said(rounded, min(number, top), max(number, top), self.claim.growth_qualifier or "", self.rules)


def around(value: float, half_width: float, value_max: float | None = None) -> Interval:
    """A rounded number, or a range of two, as an interval."""
    top = value if value_max is None else value_max
    return Interval(min(value, top) - half_width, max(value, top) + half_width)


def bounded(interval: Interval | None) -> bool:
    """Whether an interval is there and has two finite ends."""
    return interval is not None and abs(interval.low) != float("inf") and abs(interval.high) != float("inf")


def widened(interval: Interval, share: float) -> Interval:
    """An interval with so much of each end more to either side."""
    return Interval(interval.low - share * abs(interval.low), interval.high + share * abs(interval.high))
