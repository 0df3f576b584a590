"""Corridor choice: shares against the formula by hand, known examples of overlap and of length, pivots, answers to change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_flows import random_flows, route_set

from keruen.flows.choice import (
    answer_to,
    choice_shares,
    corridor_sums,
    elastic_demand,
    expected_cost,
    generalized_cost,
    headway_wait_h,
    market_of,
    market_sums,
    own_elasticity,
    pivoted_shares,
    spread_within_corridors,
)

SEEDS = st.integers(0, 10_000)


def test_two_of_three_routes_that_overlap_all_the_way_count_as_one() -> None:
    """The red bus and the blue bus among routes: path sizes 1, 1/2 and 1/2 at equal costs (Ben-Akiva and Bierlaire 1999)."""
    routes = route_set([[(100, ()), (100, ()), (100, ())]], path_size=[1, 0.5, 0.5])
    assert choice_shares(routes, routes.generalized_usd_per_t, 6.0) == pytest.approx([1 / 2, 1 / 4, 1 / 4])
    assert expected_cost(routes, routes.generalized_usd_per_t, 6.0)[0] == pytest.approx(100 * 2 ** (-1 / 6))


def test_five_dollars_matter_on_a_short_way_and_not_on_a_long_one() -> None:
    """5 against 10, and 120 against 125: a logit gives both the same split, a Weibit looks at the ratio."""
    routes = route_set([[(5, ()), (10, ())], [(120, ()), (125, ())]])
    shares = choice_shares(routes, routes.generalized_usd_per_t, 2.1)
    assert shares[0] == pytest.approx(1 / (1 + 0.5**2.1)) and shares[0] > 0.8
    assert shares[2] == pytest.approx(1 / (1 + (120 / 125) ** 2.1)) and shares[2] < 0.53


def test_a_market_without_an_open_route_has_no_shares_and_an_endless_cost() -> None:
    routes = route_set([[(10, ())], [(10, ()), (20, ())], []])
    cost = np.array([np.inf, 10.0, np.inf])
    assert choice_shares(routes, cost, 6.0).tolist() == [0, 1, 0]
    assert expected_cost(routes, cost, 6.0).tolist() == [np.inf, pytest.approx(10), np.inf]
    assert elastic_demand(np.ones(3), expected_cost(routes, cost, 6.0), np.full(3, 5.0), 0.3) == pytest.approx(
        [0, 2**-0.3, 0]
    )


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_costs_of_any_size_neither_overflow_nor_vanish(size: float) -> None:
    routes = route_set([[(1, ()), (2, ())]])
    assert choice_shares(routes, routes.generalized_usd_per_t * size, 30.0) == pytest.approx(
        [1 / (1 + 0.5**30), 0.5**30 / (1 + 0.5**30)]
    )


def test_costs_and_betas_that_cannot_be_are_refused_together() -> None:
    routes = route_set([[(1, ()), (2, ())]], path_size=[1, 0])
    with pytest.raises(ValueError, match=r"not for 2 routes.*beta.*path sizes"):
        choice_shares(routes, np.array([0.0, np.nan]), -1.0)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_shares_are_the_formula_sum_to_one_and_depend_on_ratios_only(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, _ = random_flows(rng)
    cost, constants = routes.generalized_usd_per_t, rng.normal(0, 1, 3)
    shares = choice_shares(routes, cost, who.beta, constants)
    for m, (first, end) in enumerate(zip(routes.first_route[:-1], routes.first_route[1:], strict=True)):
        weight = [
            routes.path_size[k]
            * np.exp(constants[routes.corridor[k]] if routes.corridor[k] >= 0 else 0)
            * cost[k] ** -who.beta[m]
            for k in range(first, end)
        ]
        assert shares[first:end] == pytest.approx(np.array(weight) / sum(weight), rel=1e-12)
    assert market_sums(routes, shares) == pytest.approx(1, abs=1e-12)
    dearer = cost * rng.uniform(0.1, 10, len(who.beta))[market_of(routes)]
    assert choice_shares(routes, dearer, who.beta, constants) == pytest.approx(shares, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_third_route_leaves_the_ratio_of_two_others_alone(seed: int) -> None:
    """Independence of irrelevant alternatives: holds for routes that share nothing, which is why path sizes are there."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(10, 1000, 3)
    two, three = route_set([[(a, ()), (b, ())]]), route_set([[(a, ()), (b, ()), (c, ())]])
    p, q = (choice_shares(routes, routes.generalized_usd_per_t, 6.0) for routes in (two, three))
    assert p[0] / p[1] == pytest.approx(q[0] / q[1], rel=1e-9)


def test_a_pivot_gives_the_observed_split_back_and_moves_as_the_model_does() -> None:
    routes = route_set([[(100, ()), (120, ()), (90, ())]], corridor=[0, 0, 1], corridors=("land", "sea"))
    cost = routes.generalized_usd_per_t
    model = choice_shares(routes, cost, 6.0)
    base = spread_within_corridors(routes, model, np.array([[0.8, 0.2, 0.0]]))
    assert corridor_sums(routes, base) == pytest.approx([0.8, 0.2, 0])
    assert base[0] / base[1] == pytest.approx(model[0] / model[1])
    assert pivoted_shares(routes, base, cost, cost, 6.0) == pytest.approx(base)
    assert pivoted_shares(routes, model, cost, cost * [1, 1, 2], 6.0) == pytest.approx(
        choice_shares(routes, cost * [1, 1, 2], 6.0)
    )
    with pytest.raises(ValueError, match="no route"):
        spread_within_corridors(routes, np.array([0.5, 0.5, 0]), np.array([[0.8, 0.2, 0.0]]))


def test_nothing_observed_keeps_the_split_of_the_model() -> None:
    routes = route_set([[(100, ()), (120, ())]], corridor=[0, 1], corridors=("land", "sea"))
    shares = choice_shares(routes, routes.generalized_usd_per_t, 6.0)
    assert spread_within_corridors(routes, shares, np.full((1, 3), np.nan)) == pytest.approx(shares)


def test_a_day_less_on_one_corridor() -> None:
    """Two corridors at equal cost: a day of 0.5 USD/t h is 12 of 100 USD/t, so by hand 1 / (1 + 0.88^6) - 1/2 of the tonnes change over."""
    routes = route_set([[(100, ()), (100, ())]], corridor=[0, 1], corridors=("caspian", "sea"))
    answer = answer_to(routes, np.array([1000.0]), routes.generalized_usd_per_t, np.array([-24 * 0.5, 0]), 6.0)
    assert answer.points[0] == pytest.approx(100 * (1 / (1 + 0.88**6) - 0.5))
    assert answer.marginal[0] == pytest.approx(6 * 0.5 * 0.5 * 0.12)
    assert answer.after.sum() == pytest.approx(1)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_answers_are_the_derivatives_that_finite_differences_show(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, _ = random_flows(rng)
    cost, constants, change = routes.generalized_usd_per_t, rng.normal(0, 1, 3), rng.normal(0, 1, len(routes.corridor))

    def moved(by: float) -> np.ndarray:
        return answer_to(routes, who.tonnes, cost, by * change, who.beta, constants).after

    h = 1e-5
    exact = answer_to(routes, who.tonnes, cost, change, who.beta, constants).marginal
    assert (moved(h) - moved(-h)) / (2 * h) == pytest.approx(exact, abs=1e-8)
    shares = choice_shares(routes, cost, who.beta)
    k = int(rng.integers(len(cost)))
    up, down = (
        choice_shares(routes, np.where(np.arange(len(cost)) == k, cost * f, cost), who.beta) for f in (1 + h, 1 - h)
    )
    assert np.log(up[k] / down[k]) / (2 * h) == pytest.approx(own_elasticity(routes, shares, who.beta)[k], abs=1e-4)


def test_reliability_and_frequency_enter_the_cost() -> None:
    """METHODS 3.1: a vessel every three days with a coefficient of variation of 0.8 makes wait 2.46 days."""
    routes = route_set([[(100, ()), (100, ())]])
    wait = headway_wait_h(np.array([72.0, 0.0]), 0.8)
    assert wait[0] / 24 == pytest.approx(2.46)
    cost = generalized_cost(routes, 0.5, deviation_h=np.array([0, 24.0]), reliability_ratio=0.4, wait_h=wait)
    assert cost == pytest.approx([100 + 0.5 * wait[0], 100 + 0.5 * 0.4 * 24])


def test_order_of_routes_and_markets_does_not_matter() -> None:
    routes = route_set([[(100, ()), (90, ())], [(50, ()), (70, ())]], path_size=[1, 0.5, 0.8, 0.9])
    turned = replace(routes, generalized_usd_per_t=routes.generalized_usd_per_t[::-1], path_size=routes.path_size[::-1])
    assert choice_shares(turned, turned.generalized_usd_per_t, 6.0)[::-1] == pytest.approx(
        choice_shares(routes, routes.generalized_usd_per_t, 6.0)
    )
