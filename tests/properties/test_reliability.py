"""How surely a way keeps its time: the simulation against closed forms, published checks and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keruen
from keruen.routing.reliability import (
    Part,
    covariance,
    matched_quantiles,
    moments,
    part_of,
    sums_of,
    wait_shape,
)
from keruen.routing.spread_fit import border_spread
from keruen.tables.halves import FIT, evidence_of_parameters, half_of

DATA = keruen.load()
AT = (0.5, 0.9, 0.95)


def part(hours: float, log_sd: float = 0.5, own: str = "a", **more: object) -> Part:
    """A part with no technical minimum and nothing in common with others, but for what is given."""
    plain = Part(hours, 0.0, log_sd, False, own, "group KZ", "period rail", 0.0, 0.0, 0.0, 0.0, "", False)
    return replace(plain, **more)


def chain(rho: float) -> list[Part]:
    """Eight stops of 529 h in all, strongly skewed, as the check of METHODS 4.3; rho is what they have in common."""
    hours = (24.0, 36.0, 18.0, 120.0, 60.0, 90.0, 30.0, 72.0)
    spreads = (0.9, 0.8, 0.9, 0.3, 0.8, 0.5, 1.0, 0.4)
    return [part(h, s, f"stop {i}", period_share=rho) for i, (h, s) in enumerate(zip(hours, spreads, strict=True))]


parts = st.builds(
    part,
    st.floats(0.5, 500),
    st.floats(0, 1.2),
    st.sampled_from("abcdef"),
    minimum=st.floats(0, 1),
    period_share=st.floats(0, 0.5),
    group_share=st.floats(0, 0.4),
    keeps_mean=st.booleans(),
    closure_probability=st.sampled_from((0.0, 0.1)),
    closure_h=st.just(48.0),
)
ways = st.lists(parts, min_size=1, max_size=8)


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_percentiles_are_within_two_per_cent_of_a_long_simulation(rho: float) -> None:
    stops = chain(rho)
    long = np.quantile(sums_of([stops], 400_000, seed=7)[0], AT)
    usual = np.quantile(sums_of([stops])[0], AT)
    matched = matched_quantiles(*moments(stops), AT)
    assert np.abs(usual / long - 1).max() < 0.02
    assert np.abs(matched / long - 1).max() < 0.02


def test_what_places_have_in_common_widens_the_sum() -> None:
    """METHODS 4.4: from rho 0 to 0.3 the standard deviation grew by 43 per cent and P95 by 14 on a chain of this kind."""
    alone, common = (moments(chain(rho)) for rho in (0.0, 0.3))
    assert common[0] == pytest.approx(alone[0])
    assert 1.25 < np.sqrt(common[1] / alone[1]) < 1.6


@given(ways)
@settings(max_examples=40, deadline=None)
def test_moments_and_covariance_are_those_of_the_simulation(way: list[Part]) -> None:
    mean, variance, _ = moments(way)
    drawn = sums_of([way], 60_000, seed=11)[0].astype(np.float64)
    assert drawn.mean() == pytest.approx(mean, rel=0.04)
    assert drawn.std() == pytest.approx(np.sqrt(variance), rel=0.25, abs=0.02 * mean)
    assert covariance(way).sum() == pytest.approx(variance, rel=1e-9, abs=1e-9)


@given(ways)
@settings(max_examples=30, deadline=None)
def test_without_spread_every_draw_is_the_usual_time(way: list[Part]) -> None:
    certain = [replace(one, log_sd=0.0, closure_probability=0.0) for one in way]
    drawn = sums_of([certain], 50)
    assert np.allclose(drawn, sum(one.hours for one in way), rtol=1e-5)
    assert moments(certain)[:2] == pytest.approx((sum(one.hours for one in way), 0.0), abs=1e-6)


@given(ways, st.integers(0, 7), st.floats(1, 200))
@settings(max_examples=30, deadline=None)
def test_more_hours_at_a_place_never_make_it_earlier(way: list[Part], which: int, more: float) -> None:
    longer = list(way)
    longer[which % len(way)] = replace(way[which % len(way)], hours=way[which % len(way)].hours + more)
    here, there = sums_of([way, longer], 2_000)
    assert np.all(there >= here * (1 - 1e-5))


@given(st.lists(ways, min_size=2, max_size=4))
@settings(max_examples=20, deadline=None)
def test_a_way_is_drawn_alike_whatever_else_is_asked(several: list[list[Part]]) -> None:
    together = sums_of(several, 500)
    for way, drawn in zip(several, together, strict=True):
        assert np.allclose(sums_of([way], 500)[0], drawn, rtol=1e-4)


def test_a_wait_has_the_mean_and_spread_of_departures_at_random() -> None:
    """METHODS 3.1 against headways drawn one by one: a load arrives at a random moment and takes the next departure."""
    random = np.random.default_rng(3)
    row = next(row for row in DATA["waits"] if row.number("cv") >= 0.5 and row.number("headway_h") > 0)
    cv, headway = row.number("cv"), row.number("headway_h")
    sigma = np.sqrt(np.log(1 + cv**2))
    departures = np.cumsum(random.lognormal(np.log(headway) - sigma**2 / 2, sigma, 400_000))
    arrivals = random.uniform(0, departures[-1] * 0.999, 200_000)
    waits = departures[np.searchsorted(departures, arrivals)] - arrivals
    mean = headway / 2 * (1 + cv**2)
    minimum, log_sd = wait_shape(row, mean + row.number("cutoff_h"))
    assert waits.mean() == pytest.approx(mean, rel=0.03)
    assert np.sqrt(np.expm1(log_sd**2)) == pytest.approx(waits.std() / waits.mean(), rel=0.05)
    assert minimum * (mean + row.number("cutoff_h")) == pytest.approx(row.number("cutoff_h"))


def test_a_closure_adds_its_probability_times_its_hours() -> None:
    stormy = part(10.0, 0.0, closure_probability=0.12, closure_h=72.0)
    drawn = sums_of([[stormy]], 200_000)[0]
    assert (drawn > 10.01).mean() == pytest.approx(0.12, abs=0.005)
    assert drawn.mean() == pytest.approx(10 + 0.12 * 72, rel=0.02)


def test_a_place_passed_twice_is_closed_once() -> None:
    stormy = part(10.0, 0.0, closure_probability=0.5, closure_h=100.0)
    once, twice = sums_of([[stormy], [stormy, stormy]], 2_000)
    assert np.allclose(twice - once, 10.0, atol=1e-3)


def test_hours_without_a_row_of_spreads_do_not_vary() -> None:
    assert part_of(12.0, "running", "rail", "x", "KZ", None, None).log_sd == 0


@pytest.mark.parametrize(("mode", "wider", "more_common"), [("rail", 1.5, 0.2), ("road", 1.0, 0.0)])
def test_the_spread_of_borders_is_the_one_fitted_from_the_evidence(mode: str, wider: float, more_common: float) -> None:
    """The shipped row is the fit from border_times, widened as its note says."""
    fitted, row = border_spread(DATA, mode), DATA["spreads"].find("border", mode, "*")
    assert row is not None
    assert row.number("log_sd") == pytest.approx(wider * fitted.log_sd, abs=0.01)
    assert row.number("period_share") == pytest.approx(fitted.period_share + more_common, abs=0.01)


def test_spreads_are_fitted_to_journeys_of_the_half_for_fitting_only() -> None:
    seen = evidence_of_parameters(DATA)
    named = {item for row in DATA["spreads"] for item in row.texts("evidence") if item.startswith("journeys:")}
    rows = [DATA.find_row(item) for item in named]
    assert len(rows) > 10
    assert all(row is not None and half_of(row, seen) == FIT for row in rows)
    assert all(row is not None and row.text("basis") in ("observed", "reported_typical") for row in rows)
