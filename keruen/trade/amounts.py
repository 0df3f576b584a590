"""An amount of trade: the number that the statistics have, and all numbers that their rounding allows.

    total = exports + imports              unknown if one of them is
    growth_pct = now.growth_from(base)     the exact range over both roundings

A source that prints in steps of s stands for s/2 to each side of a figure, and the sum of n of its figures for n s/2. An amount of which
only a part is known has no value, and an interval without an upper end. What is not known stays unknown through every operation: it is
never zero. Method: METHODS 10.6 and 10.7 (keruen/tables/rounding.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from keruen.tables.rounding import Interval, growth_of, share_of


@dataclass(frozen=True)
class Amount:
    """A value, None if unknown, and the interval in which it lies, None if nothing is known of it or the rounding is not."""

    value: float | None
    interval: Interval | None = None

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def __add__(self, other: Amount) -> Amount:
        value = None if self.value is None or other.value is None else self.value + other.value
        both = self.interval is not None and other.interval is not None
        return Amount(value, self.interval + other.interval if both else None)  # type: ignore[operator]

    def __sub__(self, other: Amount) -> Amount:
        value = None if self.value is None or other.value is None else self.value - other.value
        both = self.interval is not None and other.interval is not None
        bounded = both and not math.isinf(self.interval.high) and not math.isinf(other.interval.high)  # type: ignore[union-attr]
        return Amount(value, self.interval - other.interval if bounded else None)  # type: ignore[operator]

    def growth_from(self, base: Amount) -> Amount:
        """Growth from a base, a share (0.5: half as much again). Unknown from nothing and from below zero."""
        if self.value is None or base.value is None or base.value <= 0:
            return UNKNOWN
        interval = None
        if self.interval is not None and base.interval is not None and base.interval.low > 0:
            interval = growth_of(base.interval, self.interval)
        return Amount(self.value / base.value - 1, interval)

    def share_with(self, rest: Amount) -> Amount:
        """The share of this amount in itself and the rest; unknown if both are nothing."""
        if self.value is None or rest.value is None or self.value + rest.value <= 0 or min(self.value, rest.value) < 0:
            return UNKNOWN
        if self.interval is None or rest.interval is None:
            return Amount(self.value / (self.value + rest.value))
        part, other = (Interval(max(0.0, one.low), max(0.0, one.high)) for one in (self.interval, rest.interval))
        return Amount(self.value / (self.value + rest.value), share_of(part, other))

    def to_json(self) -> dict[str, float | None]:
        """The value with the ends of its interval; an end that is open or unknown is null."""
        low, high = (self.interval.low, self.interval.high) if self.interval is not None else (-math.inf, math.inf)
        ends = [None if math.isinf(end) else end for end in (low, high)]
        return {"value": self.value, "low": ends[0], "high": ends[1]}


UNKNOWN = Amount(None)
NOTHING = Amount(0.0, Interval(0.0, 0.0))


def rounded(value: float | None, step: float | None, *, figures: int = 1) -> Amount:
    """The sum of so many figures that are printed in steps; an amount cannot be below zero. step None: the rounding is not known."""
    if value is None:
        return UNKNOWN
    if step is None:
        return Amount(value)
    half = figures * step / 2
    return Amount(value, Interval(max(0.0, value - half), max(0.0, value + half)))


def at_least(part: Amount) -> Amount:
    """What is known of a whole of which only this part is told: its value is unknown, and it is not less than the part."""
    if part.interval is None:
        return UNKNOWN if part.value is None else Amount(None, Interval(part.value, math.inf))
    return Amount(None, Interval(part.interval.low, math.inf))


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts, unknown if one of them is; of none, nothing."""
    found = NOTHING
    for amount in amounts:
        found = found + amount
    return found
