"""Rounded figures: what holds for any numbers, and cases that were worked out elsewhere (METHODS 10.6, CLAIMS 8)."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keruen.tables.rounding import (
    Interval,
    NotANumber,
    at_least,
    at_most,
    base_of,
    exactly,
    growth_of,
    printed,
    share_of,
)

figures = st.decimals(min_value="0.01", max_value="1e9", places=3, allow_nan=False, allow_infinity=False)
numbers = st.floats(-1e6, 1e6)


def interval(a: float, b: float) -> Interval:
    return Interval(min(a, b), max(a, b))


intervals = st.builds(interval, numbers, numbers)


@pytest.mark.parametrize(
    ("base", "value", "stated", "consistent", "low", "high"),
    [
        ("528.3", "979.2", "85.4", True, 85.33, 85.38),
        ("13.6", "9.9", "-27.2", True, -27.84, -26.57),
        ("357", "208", "-41.7", True, -41.96, -41.52),
        ("1256", "945", "-24.8", True, -24.83, -24.69),
        ("21.5", "23.4", "8.3", False, 8.353, 9.324),
        ("39.9", "48.6", "21", False, 21.53, 22.08),
        ("34.2", "47.5", "38.8", True, 38.54, 39.24),
        ("42.6", "41.8", "1.7", False, -2.11, -1.64),
    ],
)
def test_growth_between_printed_levels(
    base: str, value: str, stated: str, consistent: bool, low: float, high: float
) -> None:
    found = growth_of(printed(base), printed(value)).scaled(100)
    assert found.meets(printed(stated)) == consistent
    assert found.low == pytest.approx(low, abs=0.01) and found.high == pytest.approx(high, abs=0.01)


def test_the_base_of_a_printed_growth() -> None:
    base = base_of(printed("180,2"), printed("44,1").scaled(0.01))
    assert base.low == pytest.approx(124.97, abs=0.01) and base.high == pytest.approx(125.13, abs=0.01)
    assert 125.05 in base and 125.411 not in base
    thousand_tonnes = base_of(printed("162,9"), printed("11").scaled(0.01))
    assert thousand_tonnes.low == pytest.approx(146.0, abs=0.1) and thousand_tonnes.high == pytest.approx(
        147.5, abs=0.1
    )


def test_parts_and_total() -> None:
    assert (printed("180.2") + printed("799")).meets(printed("979.2"))
    assert not (printed("180.2") + printed("799.0")).meets(printed("980"))
    assert 0.2 in share_of(printed("2.0"), printed("8.0"))


def test_signs_of_print() -> None:
    assert printed("−2,8") == printed("-2.8") == Interval(-2.85, -2.75)
    assert printed("4.1", unit=1e9) == Interval(4.05e9, 4.15e9)
    assert printed(2.0, decimals=0) == Interval(1.5, 2.5)
    assert printed("799").half_width == 0.5
    for wrong in ("", "1.2.3", "NaN", "Infinity", "12 млн"):
        with pytest.raises(NotANumber):
            printed(wrong)
    with pytest.raises(ValueError, match="holds nothing"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="holds nothing"):
        Interval(math.nan, 1)


def test_bounds_on_one_side() -> None:
    assert at_least(5e9).meets(printed("5.2", unit=1e9)) and not at_least(5e9).meets(exactly(4.9e9))
    assert at_most(3).meets(exactly(-1)) and at_most(3).gap(exactly(4)) == 1.0 and at_least(3).gap(exactly(1)) == -2.0
    assert (at_least(2) * at_least(0)).low == 0.0


@given(figures)
def test_a_figure_lies_in_what_it_is_printed_as(figure: object) -> None:
    for decimals in range(4):
        assert float(figure) in printed(f"{figure:.{decimals}f}")  # type: ignore[arg-type]


@given(intervals, intervals, st.floats(0, 1), st.floats(0, 1))
def test_operations_hold_what_they_are_of(a: Interval, b: Interval, s: float, t: float) -> None:
    x = min(max(a.low + s * (a.high - a.low), a.low), a.high)
    y = min(max(b.low + t * (b.high - b.low), b.low), b.high)
    wide = 1e-9 * (1 + abs(x) + abs(y)) ** 2
    for found, value in ((a + b, x + y), (a - b, x - y), (a * b, x * y), (-a, -x)):
        assert found.low - wide <= value <= found.high + wide
    assert a.meets(b) == b.meets(a) == (a.gap(b) == 0.0)
    assert not a.holds(b) or a.meets(b)


@given(figures, figures, st.integers(0, 2), st.integers(0, 2))
def test_a_true_growth_is_never_refuted_by_rounding(base: object, value: object, digits: int, shown: int) -> None:
    before, after = float(base), float(value)  # type: ignore[arg-type]
    low, high = printed(f"{before:.{digits}f}"), printed(f"{after:.{digits}f}")
    assume(low.low > 0)
    stated = printed(f"{100 * (after / before - 1):.{shown}f}").scaled(0.01)
    wide = 1e-12 * (1 + abs(stated.middle))
    assert Interval(stated.low - wide, stated.high + wide).meets(growth_of(low, high))


@given(figures, figures)
def test_base_and_growth_undo_each_other(base: object, value: object) -> None:
    before, after = printed(f"{base:.1f}"), printed(f"{value:.1f}")
    assume(before.low > 0 and after.low > 0)
    again = base_of(after, growth_of(before, after))
    assert again.low <= before.low * (1 + 1e-9) and before.high <= again.high * (1 + 1e-9)


def test_what_divides_by_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        growth_of(Interval(0, 0.5), printed("5"))
    with pytest.raises(ValueError, match="negative"):
        growth_of(Interval(-1, 1), printed("5"))
