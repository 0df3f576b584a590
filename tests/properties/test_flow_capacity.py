"""Flows under capacity: certificates of the solution, an independent slow method, waits, closed facilities, relief."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_flows import facilities, random_flows, route_set, shippers

from keruen.errors import Cancelled
from keruen.flows import capacity
from keruen.flows.capacity import Facilities, Loading, Shippers, flow_through, loaded, passes, wait_h
from keruen.flows.choice import choice_shares, expected_cost, market_of, market_sums
from keruen.flows.relief import relief, savings
from keruen.flows.route_sets import RouteSet

SEEDS = st.integers(0, 10_000)


def assert_certified(routes: RouteSet, who: Shippers, places: Facilities, found: Loading) -> None:
    """Everything a solution must satisfy, worked out anew with plain numpy from its prices and loads alone."""
    assert found.settled, (found.over_capacity, found.complementarity, found.fixed_point)
    through, of = passes(routes, places.arc_facility), market_of(routes)
    price, wait = np.nan_to_num(found.price_usd_per_unit), wait_h(places, found.load)
    cost, units = routes.generalized_usd_per_t.copy(), []
    for k in range(len(of)):
        for f in through.facility[through.first[k] : through.first[k + 1]]:
            a = (0.0 if np.isnan(who.teu_per_t[of[k]]) else who.teu_per_t[of[k]]) if places.unit[f] == "teu" else 1.0
            if a:
                cost[k] += a * price[f] + who.value_of_time_usd_per_t_h[of[k]] * wait[f]
                cost[k] = np.inf if places.limit[f] == 0 else cost[k]
                units.append((k, f, a))
    weight = routes.path_size * cost ** -who.beta[of]
    home = who.highest_usd_per_t**-who.beta
    total = np.bincount(of, weight, len(home)) + home
    expected = total ** (-1 / who.beta)
    demand = who.tonnes * np.where(np.isnan(who.base_usd_per_t), 1, expected / who.base_usd_per_t) ** -who.elasticity
    flow = (demand / total)[of] * weight
    assert found.route_t == pytest.approx(flow, rel=1e-5, abs=1e-6)
    assert found.route_usd_per_t[np.isfinite(cost)] == pytest.approx(cost[np.isfinite(cost)], rel=1e-5)
    load = np.zeros(len(places))
    for k, f, a in units:
        load[f] += found.route_t[k] * a
    assert found.load == pytest.approx(load, rel=1e-9, abs=1e-12)
    bound = np.isfinite(places.limit)
    assert (found.load[bound] <= places.limit[bound] * (1 + 1e-5)).all()
    assert (price >= 0).all()
    assert (
        price * np.where(bound, places.limit - found.load, 0) <= 1e-5 * price * np.where(bound, places.limit, 0) + 1e-9
    ).all()
    assert market_sums(routes, found.shares)[found.shipped_t > 0] == pytest.approx(1, abs=1e-12)
    assert found.shipped_t + found.unserved_t + found.forgone_t == pytest.approx(who.tonnes, rel=1e-9)
    assert market_sums(routes, found.route_t) == pytest.approx(found.shipped_t, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_markets_in_two_parts_give_what_they_give_in_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    routes, who, places = random_flows(np.random.default_rng(seed), k=40, f=6, queues=seed % 2 == 0)
    whole = loaded(routes, who, places)
    monkeypatch.setattr(capacity, "MANY_ROUTES", 0)
    parts = loaded(routes, who, places)
    assert_certified(routes, who, places, parts)
    assert parts.route_t == pytest.approx(whole.route_t, rel=1e-6, abs=1e-6)
    assert loaded(routes, who, places).route_t.tobytes() == parts.route_t.tobytes()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_solutions_are_certified(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, places = random_flows(rng, queues=True)
    found = loaded(routes, who, places)
    assert_certified(routes, who, places, found)


def test_work_that_nobody_waits_for_ends_at_the_next_loading() -> None:
    """What `go_on` raises comes out, so that a cancelled question stops between two loadings of all routes."""
    routes, who, places = random_flows(np.random.default_rng(3))
    told: list[None] = []

    def go_on() -> None:
        told.append(None)
        if len(told) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        loaded(routes, who, places, go_on=go_on)
    assert len(told) == 2


def test_a_price_splits_two_routes_as_the_power_law_says() -> None:
    """Two routes of 100 USD/t, one through a ferry for a fifth of 1,000 t: the price p solves (1 + p / 100)^-6 = 1 / 4."""
    routes = route_set([[(100, [0]), (100, [5])]])
    found = loaded(routes, shippers([1000], highest=1e6), facilities([200]))
    assert found.load == pytest.approx([200], rel=1e-5)
    assert found.price_usd_per_unit == pytest.approx([100 * (4 ** (1 / 6) - 1)], rel=1e-5)


def test_a_price_by_the_container_is_shared_by_its_tonnes() -> None:
    routes = route_set([[(100, [0]), (100, [5])]])
    found = loaded(routes, shippers([1000], highest=1e6, teu_per_t=0.1), facilities([20], unit="teu"))
    assert found.price_usd_per_unit == pytest.approx([1000 * (4 ** (1 / 6) - 1)], rel=1e-5)
    assert loaded(routes, shippers([1000], teu_per_t=np.nan), facilities([20], unit="teu")).load == pytest.approx([0])


def test_what_no_capacity_is_left_for_stays_unserved_and_is_shown() -> None:
    routes = route_set([[(100, [0])]])
    found = loaded(routes, shippers([1000], highest=800), facilities([250]))
    assert found.load == pytest.approx([250], rel=1e-5)
    assert found.unserved_t == pytest.approx([750], rel=1e-5)
    assert found.forgone_t == pytest.approx([0])


def test_a_closed_facility_carries_nothing_and_an_unknown_one_bounds_nothing() -> None:
    routes = route_set([[(100, [0]), (300, [1])], [(50, [0])]])
    found = loaded(routes, shippers([1000, 10]), facilities([0, np.nan]))
    assert found.load == pytest.approx([0, 1000], abs=1e-4)
    assert np.isnan(found.price_usd_per_unit[0]) and found.price_usd_per_unit[1] == 0
    assert found.unserved_t[1] == pytest.approx(10) and np.isinf(found.route_usd_per_t[[0, 2]]).all()
    assert found.settled and np.isfinite(found.total_usd)


def test_no_demand_no_flow_and_no_market_nothing() -> None:
    routes = route_set([[(100, [0]), (300, [1])], []])
    found = loaded(routes, shippers([0, 5]), facilities([10, 10]))
    assert found.route_t.tolist() == [0, 0] and found.unserved_t.tolist() == [0, 5] and found.settled
    empty = loaded(route_set([]), shippers([]), facilities([10, 10]))
    assert empty.load.tolist() == [0, 0] and empty.settled


def test_a_facility_met_on_several_arcs_of_a_route_counts_once() -> None:
    """A single-track section of three arcs."""
    routes = route_set([[(100, [0, 1, 2]), (100, [5])]])
    places = replace(facilities([100]), arc_facility=np.array([0, 0, 0, -1, -1, -1], np.int32))
    assert loaded(routes, shippers([1000], highest=1e6), places).load == pytest.approx([100], rel=1e-5)


def test_two_full_facilities_in_a_row_have_prices_that_fit_though_not_one_by_one() -> None:
    routes = route_set([[(100, [0, 1]), (100, [5])]])
    found = loaded(routes, shippers([1000], highest=1e6), facilities([200, 200]))
    assert found.load == pytest.approx([200, 200], rel=1e-5)
    assert found.price_usd_per_unit.sum() == pytest.approx(100 * (4 ** (1 / 6) - 1), rel=1e-4)


def test_waits_are_the_queue_formula() -> None:
    """One server with exponential times is M/M/1, exactly: rho / (1 - rho) x service. Zero load waits not at all."""
    places = facilities([1000.0, 1000.0], highest_use=0.95, service_h=10.0)
    assert wait_h(places, np.array([800.0, 0.0])) == pytest.approx([10 * 0.8 / 0.2, 0])
    several = facilities([1000.0], highest_use=0.95, service_h=10.0, servers=4.0)
    exact = 0.7455  # M/M/4 at rho 0.8 waits 0.7455 services (Erlang C)
    assert wait_h(several, np.array([800.0]))[0] / 10 == pytest.approx(exact, rel=0.04)


def test_flows_wait_for_themselves() -> None:
    """A queue alone, with room to spare: the flow, put through by hand, brings the wait that brings the flow."""
    routes = route_set([[(100, [0]), (110, [5])]])
    who, places = shippers([1000], value_of_time=2.0), facilities([1000], highest_use=0.95, service_h=5.0)
    found = loaded(routes, who, places)
    low, high = 0.0, 1000.0
    for _ in range(60):
        middle = (low + high) / 2
        cost = 100 + 2.0 * 5.0 * (middle / 1000) / (1 - middle / 1000)
        answer = 1000 * cost**-6.0 / (cost**-6.0 + 110**-6.0 + 1e4**-6.0)
        low, high = (middle, high) if answer > middle else (low, middle)
    assert found.load == pytest.approx([middle], rel=1e-5)
    assert found.price_usd_per_unit[0] == 0 and found.wait_h[0] > 1


def test_a_slow_method_that_knows_no_derivatives_comes_to_the_same() -> None:
    """Prices that rise by a little where there is too much and fall where there is room, and waits averaged, twenty thousand times."""
    rng = np.random.default_rng(5)
    routes, who, places = random_flows(rng, k=12, f=3, queues=True)
    who = replace(who, base_usd_per_t=np.full(12, np.nan), teu_per_t=np.full(12, 0.1))
    places = replace(places, unit=("t",) * 3)
    found = loaded(routes, who, places)
    assert (found.price_usd_per_unit > 0).any()
    through, of = passes(routes, places.arc_facility), market_of(routes)
    on = np.zeros((len(of), 3))
    on[np.repeat(np.arange(len(of)), np.diff(through.first)), through.facility] = 1
    price, wait = np.zeros(3), np.zeros(3)
    for _ in range(20_000):
        cost = routes.generalized_usd_per_t + on @ price + who.value_of_time_usd_per_t_h[of] * (on @ wait)
        weight = routes.path_size * cost ** -who.beta[of]
        load = (who.tonnes / (np.bincount(of, weight) + who.highest_usd_per_t**-who.beta))[of] * weight @ on
        price = np.maximum(0, price + 2.0 * (load / places.limit - 1))
        wait += 0.02 * (wait_h(places, load) - wait)
    assert found.load == pytest.approx(load, rel=1e-4)
    assert found.price_usd_per_unit == pytest.approx(price, rel=1e-3, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_without_limits_it_is_the_plain_choice(seed: int) -> None:
    routes, who, places = random_flows(np.random.default_rng(seed))
    who = replace(who, base_usd_per_t=np.full(30, np.nan), highest_usd_per_t=np.full(30, 1e30))
    found = loaded(routes, who, replace(places, capacity_per_year=np.full(len(places), np.nan)))
    assert found.shares == pytest.approx(choice_shares(routes, routes.generalized_usd_per_t, who.beta), rel=1e-12)
    assert found.expected_usd_per_t == pytest.approx(
        expected_cost(routes, routes.generalized_usd_per_t, who.beta), rel=1e-12
    )
    assert found.iterations == 1


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_names_do_not_matter(seed: int) -> None:
    """Facilities and markets in another order: the same flows."""
    rng = np.random.default_rng(seed)
    routes, who, places = random_flows(rng)
    found = loaded(routes, who, places)
    new = rng.permutation(len(places))  # facility f is now new[f]
    old = np.argsort(new)
    other = replace(
        places,
        unit=tuple(places.unit[f] for f in old),
        capacity_per_year=places.capacity_per_year[old],
        arc_facility=np.where(places.arc_facility >= 0, new[places.arc_facility], -1).astype(np.int32),
    )
    again = loaded(routes, who, other)
    assert again.load[new] == pytest.approx(found.load, rel=1e-4, abs=1e-6)
    assert again.route_t == pytest.approx(found.route_t, rel=1e-3, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_select_link_sums_to_the_load(seed: int) -> None:
    routes, who, places = random_flows(np.random.default_rng(seed))
    found, through = loaded(routes, who, places), passes(routes, places.arc_facility)
    for f in range(len(places)):
        sent = flow_through(routes, found, who, places, through, f)
        assert sent.sum() == pytest.approx(found.load[f], rel=1e-9, abs=1e-12)


def test_relief_is_worth_its_price_at_the_margin_and_less_than_that_for_a_large_step() -> None:
    """A step of a millionth is worth the price; one that ends the bottleneck is worth less than as many times the price."""
    routes, who, places = random_flows(np.random.default_rng(3), queues=False)
    before = loaded(routes, who, places)
    row = int(np.argmax(before.price_usd_per_unit * places.limit))
    u = float(places.capacity_per_year[row])
    small, large = (relief(routes, who, places, before, row, step) for step in (1e-3 * u, 5 * u))
    assert small.all_usd == pytest.approx(small.marginal_usd, rel=0.05)
    assert 0 < large.all_usd < large.marginal_usd
    assert large.after.load[row] < 6 * u and large.newly_served_t > 0
    assert large.market_usd.sum() == pytest.approx(large.shippers_usd, rel=1e-12)
    cold = loaded(
        routes,
        who,
        replace(places, capacity_per_year=np.where(np.arange(len(places)) == row, 6 * u, places.capacity_per_year)),
    )
    assert large.after.load == pytest.approx(cold.load, rel=1e-4)
    back = savings(routes, large.after, before)[0].sum()
    assert back == pytest.approx(-large.shippers_usd)


def test_a_step_below_nothing_is_refused() -> None:
    routes, who, places = random_flows(np.random.default_rng(3))
    with pytest.raises(ValueError, match="cannot be added"):
        relief(routes, who, places, loaded(routes, who, places), 0, -2 * float(places.capacity_per_year[0]))


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_more_capacity_at_one_bottleneck_never_makes_it_dearer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, places = random_flows(rng, tight=1.0)
    before = loaded(routes, who, places)
    row = int(rng.integers(len(places)))
    wider = places.capacity_per_year * np.where(np.arange(len(places)) == row, 1.3, 1)
    after = loaded(routes, who, replace(places, capacity_per_year=wider), start=before.state)
    assert after.settled
    assert after.price_usd_per_unit[row] <= before.price_usd_per_unit[row] * (1 + 1e-4) + 1e-6


def test_faults_are_listed_together() -> None:
    with pytest.raises(ValueError, match=r"F0 has a capacity below 0; facility F1 has a queue and a highest use of 1"):
        replace(facilities([1.0, 1.0]), capacity_per_year=np.array([-1.0, 1.0]), service_h=np.array([np.nan, 3.0]))
    with pytest.raises(ValueError, match=r"beta.*tonnes"):
        replace(shippers([1.0, 2.0]), beta=np.array([1.0, 0.0]), tonnes=np.array([np.nan, 1.0]))
    with pytest.raises(ValueError, match="costs must be above 0"):
        loaded(route_set([[(0, [0])]]), shippers([1.0]), facilities([1.0]))
    with pytest.raises(ValueError, match="shippers of 2 markets"):
        loaded(route_set([[(1, [0])]]), shippers([1.0, 1.0]), facilities([1.0]))
