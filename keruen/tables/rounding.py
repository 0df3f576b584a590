"""What a printed figure may mean: interval arithmetic on rounded numbers.

A figure printed with d decimals stands for every number that rounds to it: 85.4 for [85.35, 85.45], 979.2 million for [979.15, 979.25]
million. What is worked out from printed figures is an interval too, and two statements agree as far as their intervals meet:

    growth = growth_of(printed("528.3"), printed("979.2"))     [0.85330, 0.85367]
    growth.meets(printed("85.4").scaled(0.01))                  True: consistent

Intervals are closed, so that a number half-way agrees with both its neighbours, however its author rounds. Each operation gives the exact
range if no interval occurs twice in a formula; `growth_of` and `share_of` are written so that none does. Method: METHODS 10.6 (linear
fractional formulas take their extremes at the corners of the box); Moore, Interval Analysis (1966).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from keruen.errors import KeruenError


class NotANumber(KeruenError):
    """A text that should be a figure is none."""

    kind = "not_a_number"


@dataclass(frozen=True, order=False)
class Interval:
    """All numbers from low to high, ends included; an end may be infinite. ValueError if low is above high or either is NaN."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval from {self.low} to {self.high} holds nothing")

    @property
    def middle(self) -> float:
        """The middle of a bounded interval."""
        return self.low + (self.high - self.low) / 2

    @property
    def half_width(self) -> float:
        """Half the distance of the ends."""
        return (self.high - self.low) / 2

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def holds(self, other: Interval) -> bool:
        """Whether every number of the other lies in this one."""
        return self.low <= other.low and other.high <= self.high

    def gap(self, other: Interval) -> float:
        """How far the other lies above (positive) or below (negative) this one; zero if they meet."""
        if self.meets(other):
            return 0.0
        return other.low - self.high if other.low > self.high else other.high - self.low

    def scaled(self, factor: float) -> Interval:
        """Every number times a finite factor."""
        return self * Interval(factor, factor)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [_product(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        """Raises ZeroDivisionError if the other holds zero: the quotient is then no interval."""
        if 0.0 in other:
            raise ZeroDivisionError(f"division by [{other.low}, {other.high}], which holds zero")
        return self * Interval(1 / other.high, 1 / other.low)


def _product(a: float, b: float) -> float:
    """a times b, in which nothing times infinity is nothing."""
    return 0.0 if a == 0 or b == 0 else a * b


def exactly(value: float) -> Interval:
    """One number."""
    return Interval(value, value)


def at_least(value: float) -> Interval:
    """All numbers from one up: "more than", "over"."""
    return Interval(value, math.inf)


def at_most(value: float) -> Interval:
    """All numbers up to one: "up to", "less than"."""
    return Interval(-math.inf, value)


def printed(figure: str | float, *, decimals: int | None = None, unit: float = 1.0) -> Interval:
    """What a printed figure stands for, half a unit of its last digit to each side, in base units.

    figure: as printed, with a decimal point or comma and without signs that group digits ("979.2", "-2,8"); or a number, whose `decimals`
    are given. unit: what one of the figure counts (million: 1e6). Whole numbers stand for half a one to each side: "799" is [798.5, 799.5].

    Raises:
        NotANumber: the text is no number.
    """
    if isinstance(figure, str):
        try:
            value = Decimal(figure.strip().replace(",", ".").replace("\u2212", "-"))
            exponent = value.as_tuple().exponent
        except InvalidOperation:
            exponent = "n"
        if not isinstance(exponent, int):
            raise NotANumber(f"{figure!r} is not a figure such as 979.2 or -2,8.")
        decimals = -exponent if decimals is None else decimals
    else:
        if decimals is None:
            raise TypeError("of a number that is not printed the decimals must be told")
        value = Decimal(repr(float(figure)))
    half = Decimal(5).scaleb(-decimals - 1)
    ends = [float(end * Decimal(repr(float(unit)))) for end in (value - half, value + half)]
    return Interval(min(ends), max(ends))


def growth_of(base: Interval, value: Interval) -> Interval:
    """value / base - 1, a share; base above zero. Raises ZeroDivisionError if the base may be zero, ValueError if it may be negative."""
    if base.low < 0:
        raise ValueError(f"growth from [{base.low}, {base.high}], which may be negative, says nothing")
    return value / base - exactly(1.0)


def base_of(value: Interval, growth: Interval) -> Interval:
    """What a value grew from: value / (1 + growth), growth as a share. Raises ZeroDivisionError if all of it may be lost."""
    return value / (exactly(1.0) + growth)


def share_of(part: Interval, rest: Interval) -> Interval:
    """part / (part + rest), both bounded, not negative and not both zero: growing in the part, falling in the rest."""
    low = 0.0 if part.low == 0 else part.low / (part.low + rest.high)
    high = 1.0 if rest.low == 0 else part.high / (part.high + rest.low)
    return Interval(low, high)
