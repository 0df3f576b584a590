"""Supply risk and economic importance: the formula, its ranges, and what must hold of every mix (METHODS 8.1, 8.2)."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keruen.materials.risk import (
    BadRiskInput,
    economic_importance,
    governance_points,
    import_reliance,
    supply_risk,
    supply_risk_range,
)
from keruen.tables.rounding import Interval
from keruen.trade.concentration import hhi

SHARE = st.floats(0, 1, allow_nan=False)
POINTS = st.floats(0, 10, allow_nan=False)


@st.composite
def mixes(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Shares that sum to 1 and weights (governance times trade parameter) of two to eight suppliers."""
    amounts = draw(st.lists(st.floats(0.01, 1), min_size=2, max_size=8))
    weights = draw(st.lists(st.floats(0.1, 15), min_size=len(amounts), max_size=len(amounts)))
    return [amount / math.fsum(amounts) for amount in amounts], weights


@st.composite
def intervals(draw: st.DrawFn, most: float) -> tuple[Interval, float]:
    """An interval and a number in it."""
    low, point, high = sorted(draw(st.lists(st.floats(0, most), min_size=3, max_size=3)))
    return Interval(low, high), point


# Certificates


def test_the_formula_of_2017_by_hand() -> None:
    # germanium, processing, 2017: table 18 of the study prints 1.9
    assert supply_risk(2.9, 1.5, 0.64, 0.02, 1.0) == pytest.approx((2.9 * 0.32 + 1.5 * 0.68) * 0.98)
    # at full reliance both mixes weigh half, at none the sourcing of the Union alone counts
    assert supply_risk(4.0, 2.0, 1.0, 0.0, 1.0) == 3.0
    assert supply_risk(4.0, 2.0, 0.0, 0.0, 1.0) == 2.0
    assert supply_risk(4.0, 2.0, None, 0.0, 1.0, used="global") == 4.0
    assert supply_risk(None, 2.0, None, 0.5, 0.9) == pytest.approx(0.9)


def test_what_cannot_be_is_refused() -> None:
    for wrong in ({"eol_rir": 1.2}, {"import_reliance": -0.1}, {"substitution": 1.1}, {"hhi_global": 30.0}):
        inputs = {
            "hhi_global": 1.0,
            "hhi_eu": 1.0,
            "import_reliance": 0.5,
            "eol_rir": 0.1,
            "substitution": 1.0,
            **wrong,
        }
        with pytest.raises(BadRiskInput, match=next(iter(wrong))):
            supply_risk(**inputs)
    with pytest.raises(BadRiskInput, match="neither"):
        supply_risk(None, None, 1.0, 0.0, 1.0)
    with pytest.raises(BadRiskInput, match="import reliance"):
        supply_risk(1.0, 2.0, None, 0.0, 1.0)
    with pytest.raises(BadRiskInput):
        supply_risk(1.0, 2.0, 0.5, 0.0, 1.0, used="world")


def test_governance_runs_from_best_to_worst() -> None:
    assert [governance_points(wgi) for wgi in (2.5, 0.0, -2.5, 3.0, -3.0)] == [0, 5, 10, 0, 10]


def test_import_reliance_is_of_net_imports() -> None:
    assert import_reliance(80, 20, 60) == 0.5
    assert import_reliance(10, 30, 5) == 0.0  # a net exporter
    assert import_reliance(10, 0, 0) == 1.0
    with pytest.raises(BadRiskInput):
        import_reliance(-1, 0, 0)


def test_importance_of_one_use_in_the_greatest_sector_is_ten() -> None:
    assert economic_importance([1.0], [200.0], 200.0, 1.0) == 10.0
    assert economic_importance([0.5, 0.5], [200.0, 100.0], 200.0, 0.9) == pytest.approx(6.75)
    with pytest.raises(BadRiskInput):
        economic_importance([0.5], [200.0, 100.0], 200.0, 0.9)


# Properties


@given(mixes(), st.randoms())
def test_the_order_of_suppliers_changes_nothing(mix: tuple[list[float], list[float]], random: object) -> None:
    shares, weights = mix
    pairs = list(zip(shares, weights, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert hhi([s for s, _ in pairs], [w for _, w in pairs]) == pytest.approx(hhi(shares, weights), rel=1e-12)


@given(mixes())
def test_concentration_lies_between_equal_shares_and_one_supplier(mix: tuple[list[float], list[float]]) -> None:
    shares, weights = mix
    assert 1 / len(shares) - 1e-12 <= hhi(shares) <= 1 + 1e-12
    assert min(weights) / len(shares) - 1e-9 <= hhi(shares, weights) <= max(weights) + 1e-9


@given(mixes())
def test_losing_the_least_risky_supplier_never_lowers_the_risk_of_the_rest(
    mix: tuple[list[float], list[float]],
) -> None:
    """Least risky: whose share times weight is the least, so that a tonne from him adds the least.

    H' = (H - s^2 w)/(1 - s)^2 >= H  <=>  s w <= H (2 - s), and s w is at most its mean H.
    """
    shares, weights = mix
    least = min(range(len(shares)), key=lambda i: shares[i] * weights[i])
    left = [(s / (1 - shares[least]), w) for i, (s, w) in enumerate(zip(shares, weights, strict=True)) if i != least]
    assert hhi([s for s, _ in left], [w for _, w in left]) >= hhi(shares, weights) * (1 - 1e-9)


@given(
    intervals(10), intervals(10), intervals(1), intervals(1), intervals(1), st.sampled_from(["both", "global", "eu"])
)
def test_the_range_holds_the_risk_of_every_point(
    world: tuple[Interval, float],
    union: tuple[Interval, float],
    reliance: tuple[Interval, float],
    recycled: tuple[Interval, float],
    substitution: tuple[Interval, float],
    used: str,
) -> None:
    five = (world, union, reliance, recycled, substitution)
    span = supply_risk_range(*(interval for interval, _ in five), used=used)
    point = supply_risk(*(value for _, value in five), used=used)
    assert span.low - 1e-9 <= point <= span.high + 1e-9


@given(POINTS, POINTS, SHARE, SHARE, SHARE, SHARE)
def test_more_recycling_never_raises_risk(
    world: float, union: float, reliance: float, one: float, other: float, substitution: float
) -> None:
    assume(one != other)
    less, more = sorted((one, other))
    assert supply_risk(world, union, reliance, more, substitution) <= supply_risk(
        world, union, reliance, less, substitution
    )
