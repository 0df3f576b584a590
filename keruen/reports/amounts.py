"""Values with units in words: 979.2 million USD, 162.9 thousand tonnes, [146.1, 147.5] thousand tonnes, +44.1 %.

    amount(979_200_000, 50_000, "USD", words)        979.2 million USD       the rounding (half a unit of the last digit) says the digits
    span(Interval(146.1e3, 147.5e3), "tonnes", words)     146.1 - 147.5 thousand tonnes

The multiplier is the greatest that the value reaches; digits finer than the rounding are not printed. Words: data/words.csv.
"""

from __future__ import annotations

import math

from keruen.reports.wording import Words, number
from keruen.tables.rounding import Interval

MULTIPLIERS = ((1e9, "figures_billion"), (1e6, "figures_million"), (1e3, "figures_thousand"))
NO_MULTIPLIER = ("percent", "%", "h", "days", "times", "share")
MOST_DIGITS = 3
NEAR = 1e-3


def amount(value: float, half_width: float | None, unit: str, words: Words) -> str:
    """A value with its multiplier and unit; as many decimals as its rounding allows, at most three."""
    factor, multiplier = scale_of(value, unit, words)
    digits = digits_of(half_width, factor)
    return " ".join(
        part for part in (number(value / factor, digits, words), multiplier, unit_text(unit, words)) if part
    )


def span(interval: Interval, unit: str, words: Words, *, digits: int = 2) -> str:
    """What an interval holds: from - to, or a bound where one end is open."""
    if not math.isfinite(interval.low) and not math.isfinite(interval.high):
        return words["figures_anything"]
    if not math.isfinite(interval.high):
        return words["figures_at_least"].format(_bound(interval.low, unit, words, digits))
    if not math.isfinite(interval.low):
        return words["figures_at_most"].format(_bound(interval.high, unit, words, digits))
    factor, multiplier = scale_of(interval.high, unit, words)
    ends = _ends(interval.scaled(1 / factor), digits, words)
    return " ".join(part for part in (ends, multiplier, unit_text(unit, words)) if part)


def percent(share: float, words: Words, *, digits: int = 1, sign: bool = False) -> str:
    """A share in per cent, +44.1 % with its sign if asked for."""
    return ("+" if sign and share > 0 else "") + number(100 * share, digits, words) + " %"


def percent_span(interval: Interval, words: Words, *, digits: int = 1) -> str:
    """Shares from - to in per cent; an open end is left out."""
    if not math.isfinite(interval.low) or not math.isfinite(interval.high):
        end, key = (
            (interval.low, "figures_at_least") if math.isfinite(interval.low) else (interval.high, "figures_at_most")
        )
        return words[key].format(f"{number(100 * end, digits, words)} %")
    return f"{_ends(interval.scaled(100), digits, words)} %"


def _ends(interval: Interval, digits: int, words: Words) -> str:
    """From - to; one number where the interval is what a printed number stands for, or where both ends look alike."""
    decimals = printed_decimals(interval)
    if decimals is not None:
        return number(interval.middle, decimals, words)
    low, high = (number(end, digits, words) for end in (interval.low, interval.high))
    return low if low == high else f"{low} - {high}"


def printed_decimals(interval: Interval) -> int | None:
    """Decimals of the one number that stands for an interval when it is printed; None if it is the rounding of none, or of tens."""
    if not 0 < interval.half_width < math.inf:
        return None
    decimals = -math.log10(2 * interval.half_width)
    nearest = round(decimals)
    if not 0 <= nearest <= MOST_DIGITS or abs(decimals - nearest) > NEAR:
        return None
    steps = interval.middle * 10.0**nearest
    if abs(steps - round(steps)) > NEAR:
        return None
    return nearest


def unit_text(unit: str, words: Words) -> str:
    """A unit in a word; a plain count has none."""
    if unit == "count":
        return ""
    word = words.get(f"unit_{unit}")
    return unit.replace("_", " ") if word is None else word


def scale_of(value: float, unit: str, words: Words) -> tuple[float, str]:
    """The multiplier that suits a value, and its word."""
    if unit not in NO_MULTIPLIER:
        for factor, word in MULTIPLIERS:
            if abs(value) >= factor and (factor > 1e3 or abs(value) >= 1e4):
                return factor, words[word]
    return 1.0, ""


def digits_of(half_width: float | None, factor: float) -> int:
    """Decimals that a rounding leaves, in the multiplier's unit."""
    if not half_width or not math.isfinite(half_width):
        return 0 if factor == 1.0 else 1
    return max(0, min(MOST_DIGITS, round(-math.log10(2 * half_width / factor))))


def _bound(value: float, unit: str, words: Words, digits: int) -> str:
    factor, multiplier = scale_of(value, unit, words)
    return " ".join(
        part for part in (number(value / factor, digits, words), multiplier, unit_text(unit, words)) if part
    )
