"""Calibration: known parameters found again, intervals that hold the truth, records that say nothing said to say nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_flows import route_set
from scipy.stats import norm

from keruen.flows import calibration
from keruen.flows.calibration import Records, Situation, corridor_errors, fitted, fitted_constants, log_likelihood
from keruen.flows.choice import choice_shares, market_of

PRIOR = (4.0, 6.0, 10.0)
NAMES = ("north", "middle", "sea")
FREE = np.array([-1, 0, 1])
TRUTH = np.array([0.0, 0.7, -0.5])


def made(
    seed: int,
    *,
    years: int = 6,
    beta: float = 6.0,
    noise: float = 0.1,
    swing: float = 0.3,
    held: float = 0.0,
    k: int = 60,
) -> tuple[list[Situation], Records]:
    """Three corridors between k pairs of zones in years of swinging costs, recorded with an error, every other one as an interval."""
    rng = np.random.default_rng(seed)
    base = np.exp(rng.normal(5, 0.5, k))[:, None] * np.exp(rng.normal(0, 0.25, (k, 3)))
    routes = route_set(
        [[(cost, ()) for cost in row] for row in base.tolist()], corridor=list(range(3)) * k, corridors=NAMES
    )
    tonnes = np.exp(rng.normal(5, 1, k))
    situations, volumes = [], []
    for _ in range(years):
        cost = routes.generalized_usd_per_t * np.tile(np.exp(rng.normal(0, swing, 3)), k)
        situations.append(Situation(routes, tonnes, cost))
        flow = tonnes[market_of(routes)] * choice_shares(routes, cost, beta, TRUTH)
        volumes += [flow[c::3].sum() * np.exp(rng.normal(0, noise)) for c in range(3)]
    n = len(volumes)
    half = np.where(np.arange(n) % 2, 0.03, 0.0)
    counted = np.concatenate([np.arange(i % 3, 3 * k, 3) for i in range(n)])
    return situations, Records(
        np.arange(n) // 3,
        np.array(volumes) * (1 - half),
        np.array(volumes) * (1 + half),
        tuple(NAMES[i % 3] for i in range(n)),
        np.arange(n + 1) * k,
        counted,
        np.ones(len(counted)),
        rng.random(n) < held,
    )


def test_records_without_error_give_the_truth_back() -> None:
    situations, records = made(1, noise=0.0)
    fit = fitted(situations, records, prior=PRIOR, constant_of=FREE)
    assert fit.identified.all()
    assert fit.beta == pytest.approx([6], rel=0.01)
    assert fit.constants == pytest.approx(TRUTH, abs=0.03)
    assert fit.low[0] < fit.beta[0] < fit.high[0] and fit.high[0] - fit.low[0] < 0.5
    assert fit.modelled == pytest.approx((records.low + records.high) / 2, rel=0.05)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Six worlds with errors of 10 %: a 95 % interval misses in more than two of them twice in a thousand times."""
    fits = [fitted(*made(seed, k=10, years=5), prior=PRIOR, constant_of=FREE) for seed in range(6)]
    assert sum(fit.low[0] <= 6 <= fit.high[0] for fit in fits) >= 4
    assert all(0.03 < fit.sigma < 0.3 for fit in fits)


def test_rows_held_out_change_nothing_but_their_error_is_shown() -> None:
    situations, records = made(3, held=0.3)
    fit = fitted(situations, records, prior=PRIOR, constant_of=FREE)
    wrong = replace(
        records,
        low=np.where(records.held_out, records.low * 9, records.low),
        high=np.where(records.held_out, records.high * 9, records.high),
    )
    again = fitted(situations, wrong, prior=PRIOR, constant_of=FREE)
    assert again.beta == pytest.approx(fit.beta, rel=1e-12)
    shown = {(error.corridor, error.held_out): error for error in fit.errors}
    assert sum(error.rows for error in fit.errors) == len(records)
    assert all(error.factor < 1.5 for error in fit.errors)
    assert all(error.factor > 5 and error.bias < 0.2 for error in again.errors if error.held_out)
    assert {held for _, held in shown} == {False, True}


def test_years_that_are_alike_do_not_say_what_beta_is() -> None:
    """One pair of zones, costs that never change: constants explain every split, so what was known beforehand stands."""
    situations, records = made(4, swing=0.0, k=1)
    fit = fitted(situations, records, prior=PRIOR, constant_of=FREE)
    assert not fit.identified.any()
    assert (fit.low[0], fit.beta[0], fit.high[0]) == pytest.approx(PRIOR)
    assert fit.modelled == pytest.approx(np.sqrt(records.low * records.high), rel=0.4)


def test_fewer_records_than_parameters_say_nothing() -> None:
    fit = fitted(*made(4, years=1), prior=PRIOR, constant_of=FREE)
    assert not fit.identified.any() and fit.beta == pytest.approx([6])


def test_classes_may_have_betas_of_their_own() -> None:
    situations, records = made(5, noise=0.02)
    routes = situations[0].routes
    cargo = (np.arange(len(routes.origin)) % 2).astype(np.int32)
    routes = replace(routes, cargo=cargo)
    betas, low = np.where(cargo == 1, 9.0, 4.5), np.empty(len(records))
    mixed = [Situation(routes, year.tonnes, year.cost) for year in situations]
    for i in range(len(records)):
        year = mixed[records.situation[i]]
        flow = year.tonnes[market_of(routes)] * choice_shares(routes, year.cost, betas, TRUTH)
        low[i] = flow[records.route[records.first[i] : records.first[i + 1]]].sum()
    fit = fitted(mixed, replace(records, low=low, high=low), prior=PRIOR, constant_of=FREE, group=np.array([0, 1]))
    assert fit.beta == pytest.approx([4.5, 9], rel=0.02)


def test_the_likelihood_of_intervals_and_its_derivatives() -> None:
    low, high = np.array([1.0, 1.0, 1.0, 5.0, 1.0]), np.array([1.0, 1.1, 2.0, 50.0, 1.5])
    volume, h = np.array([1.5, 1.5, 1.5, 1.0, 9.0]), 1e-5
    for sigma in (0.3, 0.5, 2.0):
        found = log_likelihood(low, high, volume, sigma)
        a, b = (np.log(edge / volume) / sigma for edge in (low, high))
        assert np.exp(found.log[1:]) == pytest.approx(norm.cdf(b[1:]) - norm.cdf(a[1:]), rel=1e-6, abs=1e-300)
        assert found.log[0] == pytest.approx(norm.logpdf(a[0]) - np.log(sigma))
        up, down = (log_likelihood(low, high, volume * np.exp(e), sigma) for e in (h, -h))
        assert (up.log - down.log) / (2 * h) == pytest.approx(found.by_volume, rel=1e-4)
        assert (down.by_volume - up.by_volume) / (2 * h) == pytest.approx(found.bend, rel=1e-4, abs=1e-5)
        up, down = (log_likelihood(low, high, volume, sigma * np.exp(e)) for e in (h, -h))
        assert (up.log - down.log) / (2 * h) == pytest.approx(found.by_sigma, rel=1e-4)


def test_errors_are_counted_from_the_nearer_end_of_an_interval() -> None:
    _, records = made(1, years=1)
    low, high = np.array([90.0, 90.0, 90.0]), np.array([100.0, 100.0, 100.0])
    errors = corridor_errors(replace(records, low=low, high=high), np.array([95.0, 200.0, 45.0]))
    assert [(error.factor, error.bias) for error in errors] == [
        pytest.approx(pair) for pair in ((1, 1), (2, 2), (2, 0.5))
    ]


def test_records_that_cannot_be_used_are_listed_together() -> None:
    situations, records = made(1, years=1)
    bad = replace(records, low=np.array([0.0, 2.0, 1.0]), high=np.array([1.0, 1.0, 1.0]), situation=np.array([0, 0, 7]))
    with pytest.raises(
        ValueError, match=r"record 0 \(north\).*record 1 \(middle\).*record 2 \(sea\) is of situation 7"
    ):
        fitted(situations, bad, prior=PRIOR, constant_of=FREE)
    with pytest.raises(ValueError, match="held out"):
        fitted(situations, replace(records, held_out=np.ones(3, bool)), prior=PRIOR, constant_of=FREE)


def test_constants_at_a_known_beta_are_the_truth_and_lie_in_their_intervals() -> None:
    situations, records = made(2, noise=0.0)
    exact = fitted_constants(situations, records, beta=6.0, constant_of=FREE)
    assert exact.value == pytest.approx(TRUTH[1:], abs=0.02)
    situations, records = made(2, noise=0.2)
    found = fitted_constants(situations, records, beta=6.0, constant_of=FREE)
    assert np.all(found.low < found.value) and np.all(found.value < found.high)
    assert np.all(np.isfinite(found.low)) and np.all(np.isfinite(found.high))
    assert 0.1 < found.sigma < 0.4


def test_intervals_of_constants_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(10):
        situations, records = made(100 + seed)
        found = fitted_constants(situations, records, beta=6.0, constant_of=FREE)
        held += int(((found.low <= TRUTH[1:]) & (TRUTH[1:] <= found.high)).sum())
    assert held >= 17  # of 20; 19 expected, and fewer than 17 once in sixty


def test_an_interval_of_a_constant_ends_where_the_likelihood_has_fallen() -> None:
    """Held at either end of its interval, a constant costs the fall that Student's t asks for, and no less just outside."""
    situations, records = made(3)
    found = fitted_constants(situations, records, beta=6.0, constant_of=FREE)
    model = calibration._Model(situations, records, FREE, None)
    fit, held = ~records.held_out, {0: float(np.log(6.0))}
    start = np.concatenate([[held[0]], np.zeros(2), [np.log(0.5)]])
    top = model.largest(start, fit, held)[1]
    fall = calibration._fall(len(records), 2)
    for end in (found.low, found.high):
        for i in range(2):
            assert top - model.largest(start, fit, {**held, 1 + i: float(end[i])})[1] == pytest.approx(fall, rel=0.05)


def test_a_record_held_out_has_no_say_in_constants() -> None:
    situations, records = made(4, held=0.3)
    out = np.flatnonzero(records.held_out)
    assert len(out)
    wrong = replace(records, low=records.low.copy(), high=records.high.copy())
    wrong.low[out] *= 50
    wrong.high[out] *= 50
    one, other = (
        fitted_constants(situations, told, beta=6.0, constant_of=FREE, intervals=False) for told in (records, wrong)
    )
    assert one.value.tolist() == other.value.tolist() and one.modelled.tolist() == other.modelled.tolist()
