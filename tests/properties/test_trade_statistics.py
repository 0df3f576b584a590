"""What must hold of trade statistics for any figures: parts sum to wholes, scales and orders do not matter, equations are solved."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keruen.tables.rounding import Interval
from keruen.trade.amounts import Amount, at_least, rounded, total
from keruen.trade.concentration import BadShares, concentration, hhi, hhi_interval, rca, symmetric
from keruen.trade.gravity import NoFit, largest_score, ppml
from keruen.trade.growth import contributions, fisher, shift_share
from keruen.trade.period import BadPeriod, Period, period
from keruen.trade.reconcile import reconcile, scatter_of
from keruen.trade.spread import within_mad

VALUES = st.floats(1.0, 1e9)
NAMES = st.sampled_from([f"P{i}" for i in range(12)])
TRADE = st.dictionaries(NAMES, VALUES, min_size=1)
CELLS = st.dictionaries(st.tuples(st.sampled_from("klm"), st.sampled_from("abcd")), VALUES, min_size=1)


def amounts(values: dict[str, float], step: float = 1.0) -> dict[str, Amount]:
    return {name: rounded(value, step) for name, value in values.items()}


@settings(deadline=None)
@given(TRADE, TRADE)
def test_contributions_sum_to_growth(base: dict[str, float], now: dict[str, float]) -> None:
    """Without a printed total the parts known in both years are all; with one, the rest closes the sum."""
    both = set(base) & set(now)
    assume(both)
    found = contributions(amounts(base), amounts(now))
    assert math.isclose(
        sum(one.value or 0 for one in found.parts.values()), found.growth.value or 0, rel_tol=1e-9, abs_tol=1e-9
    )
    assert set(found.one_sided) == set(base) ^ set(now)
    whole = [rounded(sum(side.values()) * 1.5, 1.0) for side in (base, now)]
    found = contributions(amounts(base), amounts(now), whole_base=whole[0], whole_now=whole[1])
    assert found.rest is not None and found.rest.value is not None
    summed = sum(one.value or 0 for one in found.parts.values()) + found.rest.value
    assert math.isclose(summed, found.growth.value or 0, rel_tol=1e-9, abs_tol=1e-9)


@settings(deadline=None)
@given(TRADE, TRADE, st.floats(1e-6, 1e6))
def test_another_currency_changes_no_growth(base: dict[str, float], now: dict[str, float], rate: float) -> None:
    assume(set(base) & set(now))
    one = contributions(amounts(base), amounts(now))
    other = contributions(*({k: rounded(v * rate, rate) for k, v in side.items()} for side in (base, now)))
    assert one.growth.value == pytest.approx(other.growth.value, rel=1e-9, abs=1e-9)
    for name, part in one.parts.items():
        assert part.value == pytest.approx(other.parts[name].value, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(TRADE, TRADE)
def test_merging_partners_adds_their_contributions(base: dict[str, float], now: dict[str, float]) -> None:
    both = sorted(set(base) & set(now))
    assume(len(both) >= 2)
    base, now = ({name: side[name] for name in both} for side in (base, now))
    apart = contributions(amounts(base), amounts(now)).parts
    first, second, *others = both
    merged = [{"M": side[first] + side[second], **{name: side[name] for name in others}} for side in (base, now)]
    together = contributions(amounts(merged[0]), amounts(merged[1])).parts
    assert together["M"].value == pytest.approx(
        (apart[first].value or 0) + (apart[second].value or 0), rel=1e-9, abs=1e-9
    )


@settings(deadline=None)
@given(
    st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6),
    st.lists(st.floats(0.0, 1.0), min_size=12, max_size=12),
    st.sampled_from([0.1, 1.0]),
)
def test_the_true_figure_lies_in_every_interval(
    pairs: list[tuple[float, float]], shifts: list[float], step: float
) -> None:
    """Whatever the figures were before they were rounded, growth and contributions of the true ones lie in the ranges given."""
    true = [
        [value + (shift - 0.5) * step * 0.999 for value, shift in zip(side, shifts[i * 6 :], strict=False)]
        for i, side in enumerate(zip(*pairs, strict=True))
    ]
    assume(min(true[0]) > 0)
    told = [{str(i): rounded(value, step) for i, value in enumerate(side)} for side in zip(*pairs, strict=True)]
    found = contributions(*told)
    growth = sum(true[1]) / sum(true[0]) - 1
    assert found.growth.interval is not None
    assert found.growth.interval.low - 1e-9 <= growth <= found.growth.interval.high + 1e-9
    for i, (a, b) in enumerate(zip(*true, strict=True)):
        interval = found.parts[str(i)].interval
        assert interval is not None and interval.low - 1e-9 <= (b - a) / sum(true[0]) <= interval.high + 1e-9


@settings(deadline=None)
@given(CELLS, CELLS, CELLS, CELLS)
def test_shift_share_is_exact(
    base: dict[tuple[str, str], float],
    now: dict[tuple[str, str], float],
    world_base: dict[tuple[str, str], float],
    world_now: dict[tuple[str, str], float],
) -> None:
    found = shift_share(base, now, world_base, world_now)
    effects = (found.market, found.composition, found.markets, found.competitiveness, found.unmatched)
    assert math.isclose(
        sum(effects), found.change, abs_tol=1e-12 * max(1.0, *map(abs, effects), *base.values(), *now.values()) * 10
    )


def test_shift_share_of_the_world_itself_is_growth_alone() -> None:
    """Who grows as the world does in everything gains by the market, the goods and the markets it is in; competitiveness is nil."""
    world_base, world_now = {("k", "a"): 100.0, ("l", "a"): 100.0}, {("k", "a"): 150.0, ("l", "a"): 100.0}
    found = shift_share({("k", "a"): 10.0}, {("k", "a"): 15.0}, world_base, world_now)
    assert (found.market, found.composition, found.markets, found.competitiveness) == pytest.approx(
        (2.5, 2.5, 0.0, 0.0)
    )


@settings(deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=30))
def test_fisher_price_times_volume_is_the_value_ratio(goods: list[tuple[float, float, float, float]]) -> None:
    v0, q0, v1, q1 = np.array(goods).T
    found = fisher(v0, q0, v1, q1, mads=math.inf)
    assert found is not None and found.trimmed == 0
    assert found.price * found.volume == pytest.approx(v1.sum() / v0.sum(), rel=1e-9)
    low, high = sorted((found.price_laspeyres, found.price_paasche))
    assert low * (1 - 1e-12) <= found.price <= high * (1 + 1e-12)


def test_fisher_leaves_a_slip_of_a_thousand_out() -> None:
    rng = np.random.default_rng(5)
    q0, q1 = rng.uniform(10, 100, 40), rng.uniform(10, 100, 40)
    v0 = q0 * rng.uniform(1, 5, 40)
    v1 = v0 / q0 * q1 * rng.normal(1.10, 0.02, 40)
    right = fisher(v0, q0, v1, q1)
    v1[3] *= 1000
    found = fisher(v0, q0, v1, q1)
    assert right is not None and found is not None
    assert found.trimmed == right.trimmed + 1 and found.price == pytest.approx(1.10, abs=0.02)
    assert fisher([1.0], [math.nan], [1.0], [1.0]) is None


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES, min_size=1), st.floats(1.0, 3.0))
def test_shares_sum_to_one_and_hhi_keeps_its_bounds(values: dict[str, float], more: float) -> None:
    found = concentration(values, sum(values.values()) * more)
    assert sum(share for _, share in found.shares) + found.remainder == pytest.approx(1.0)
    assert 1 / len(values) - 1e-12 <= found.hhi <= 1 + 1e-12
    assert found.low <= found.high
    whole = concentration(values)
    assert whole.low == pytest.approx(whole.high) == pytest.approx(whole.hhi)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=8),
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=8),
    st.floats(0.1, 0.9),
)
def test_the_interval_holds_the_index_of_any_remainder(known: list[float], unknown: list[float], told: float) -> None:
    """Suppliers that the shares do not name may hold the rest in any way; their index lies in the interval."""
    shares = [told * one / sum(known) for one in known]
    rest = [(1 - told) * one / sum(unknown) for one in unknown]
    interval = hhi_interval(shares)
    assert interval.low - 1e-12 <= hhi(shares + rest) <= interval.high + 1e-12


def test_hhi_by_hand() -> None:
    assert hhi([0.5, 0.5]) == 0.5
    assert hhi(
        {"A": 0.6, "B": 0.4}, governance={"B": 2.0, "A": 1.0}, trade_parameter={"A": 1.0, "B": 0.8}
    ) == pytest.approx(0.36 + 0.16 * 1.6)
    assert concentration({"A": 3.0, "B": 1.0}).points == pytest.approx(6250)
    for wrong in ([0.7, 0.7], [-0.1], [math.nan], [60.0, 40.0]):
        with pytest.raises(BadShares):
            hhi(wrong)
    with pytest.raises(BadShares, match="no governance for B"):
        hhi({"A": 0.5, "B": 0.5}, governance={"A": 1.0})


@settings(deadline=None)
@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 2**31))
def test_revealed_advantages_average_to_one(countries: int, products: int, seed: int) -> None:
    x = np.random.default_rng(seed).lognormal(0, 2, (countries, products))
    found = rca(x)
    assert found @ (x.sum(axis=0) / x.sum()) == pytest.approx(np.ones(countries))
    assert (x.sum(axis=1) / x.sum()) @ found == pytest.approx(np.ones(products))
    assert ((symmetric(found) > 0) == (found > 1)).all()


@settings(deadline=None)
@given(st.integers(1950, 2100), st.integers(1, 12), st.integers(1, 36))
def test_periods_are_read_as_they_are_written(year: int, month: int, months: int) -> None:
    one = Period(period(f"{year}-{month:02d}").start, months)
    assert period(str(one)) == one
    for parts in one.spellings():
        assert sum(part.months for part in parts) == months and parts[0].start == one.start
        assert all(a.start < b.start for a, b in pairwise(parts))


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_period_or_a_clear_error(text: str) -> None:
    try:
        assert period(text).months > 0
    except BadPeriod as problem:
        assert "is no period" in problem.message


def test_what_is_partly_known_has_no_value_but_a_lower_end() -> None:
    part = at_least(rounded(100.0, 1.0))
    assert part.value is None and part.interval == Interval(99.5, math.inf)
    assert (part + rounded(10.0, 1.0)).interval == Interval(109.0, math.inf)
    assert (rounded(10.0, 1.0) - part).interval is None and part.to_json() == {"value": None, "low": 99.5, "high": None}
    assert not total([rounded(1.0, 1.0), Amount(None)]).known


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_half_of_all_lie_within_one_mad(values: list[float]) -> None:
    assert within_mad(np.array(values), 1.0).mean() >= 0.5


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.floats(0.0, 0.6))
def test_gravity_solves_its_score_equations(seed: int, zeros: float) -> None:
    """Residuals sum to nothing over every exporter, every importer and with the regressor, whatever the trade; zeros count."""
    rng = np.random.default_rng(seed)
    i, j = np.divmod(np.arange(144), 12)
    i, j = i[i != j], j[i != j]
    x = rng.normal(size=(len(i), 1))
    y = np.exp(rng.normal(size=12)[i] + rng.normal(size=12)[j] - 0.8 * x[:, 0] + rng.normal(scale=1.0, size=len(i)))
    y[rng.random(len(y)) < zeros] = 0.0
    try:
        fit = ppml(y, x, [i, j], np.minimum(i, j) * 12 + np.maximum(i, j))
    except NoFit:
        assume(False)
    residual = (y - fit.fitted)[fit.used]
    assert largest_score(residual, x[fit.used], [i[fit.used], j[fit.used]], float(y.sum())) <= 1e-8
    assert fit.fitted.sum() == pytest.approx(y.sum())
    assert (fit.fitted[~fit.used] == 0).all()


def test_gravity_agrees_with_a_plain_poisson_regression() -> None:
    """The same equation with a column for each exporter and importer, by Newton's method on the likelihood."""
    rng = np.random.default_rng(11)
    i, j = np.divmod(np.arange(400), 20)
    x = rng.normal(size=(400, 2))
    y = rng.poisson(np.exp(2 + rng.normal(size=20)[i] + rng.normal(size=20)[j] + x @ [-0.9, 0.3])).astype(float)
    fit = ppml(y, x, [i, j], np.arange(400))
    design = np.column_stack([x, np.eye(20)[i], np.eye(20)[j][:, 1:]])
    used = fit.used
    b = np.zeros(design.shape[1])
    b[2:22] = np.log(y.mean())
    for _ in range(100):
        mu = np.exp(design[used] @ b)
        b += np.linalg.lstsq(
            design[used].T @ (mu[:, None] * design[used]), design[used].T @ (y[used] - mu), rcond=None
        )[0]
    mu = np.exp(design[used] @ b)
    assert fit.coefficients == pytest.approx(b[:2], rel=1e-7)
    assert fit.fitted[used] == pytest.approx(mu, rel=1e-6)
    bread = np.linalg.pinv(design[used].T @ (mu[:, None] * design[used]))
    covariance = bread @ ((design[used] * ((y[used] - mu) ** 2)[:, None]).T @ design[used]) @ bread
    n, k = int(used.sum()), 2 + len(np.unique(i[used])) + len(np.unique(j[used])) - 1
    small = math.sqrt(n / (n - 1) * (n - 1) / (n - k))
    assert fit.errors == pytest.approx(np.sqrt(np.diag(covariance))[:2] * small, rel=1e-5)
    logs = np.sqrt(np.einsum("ra,ab,rb->r", design[used], covariance, design[used])) * small
    assert fit.log_errors[used] == pytest.approx(logs, rel=1e-5)


def test_gravity_finds_the_elasticity_that_made_the_trade_and_says_what_it_cannot() -> None:
    rng = np.random.default_rng(3)
    i, j = np.divmod(np.arange(2500), 50)
    x = rng.normal(7, 1, size=(2500, 1))
    y = np.exp(10 + rng.normal(size=50)[i] + rng.normal(size=50)[j] - 1.1 * x[:, 0]) * rng.gamma(2.0, 0.5, 2500)
    fit = ppml(y, x, [i, j], i * 50 + j)
    low, high = fit.interval(0, 3.0)
    assert low < -1.1 < high and high - low < 0.4
    scaled = ppml(1e6 * y, x, [i, j], i * 50 + j)
    assert scaled.coefficients == pytest.approx(fit.coefficients, rel=1e-9)
    with pytest.raises(NoFit, match="leave it out"):
        ppml(y, i[:, None].astype(float), [i, j], i)
    with pytest.raises(ValueError, match="not negative"):
        ppml(-y, x, [i, j], i)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(1e3, 1e9), st.floats(1e3, 1e9)), min_size=2, max_size=12), st.floats(0.0, 0.3))
def test_a_reconciled_flow_lies_between_both_sides(values: list[tuple[float, float]], margin: float) -> None:
    pairs = [(f"E{n % 4}", f"I{n % 3}{n}") for n in range(len(values))]
    margins = dict.fromkeys(pairs, margin)
    flows = [(*pair, x, m) for pair, (x, m) in zip(pairs, values, strict=True)]
    for one, (x, m) in zip(reconcile(flows, margins, scatter_of(flows, margins)), values, strict=True):
        low, high = sorted((x, m / (1 + margin)))
        assert low * (1 - 1e-9) <= one.value <= high * (1 + 1e-9)
    equal = [(*pair, x, x * (1 + margin)) for pair, (x, _) in zip(pairs, values, strict=True)]
    assert [one.value for one in reconcile(equal, margins, scatter_of(equal, margins))] == pytest.approx(
        [x for x, _ in values]
    )
    alone = reconcile([(*pairs[0], 5.0, None), (*pairs[1], None, None)], margins, {})
    assert [(one.value, one.imports_fob) for one in alone] == [(5.0, None)]
