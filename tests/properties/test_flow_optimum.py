"""The least-cost flow: against a linear programme solved in one piece, by hand, and its own proof."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_flows import facilities, random_flows, route_set
from scipy.optimize import linprog

from keruen.flows.capacity import Facilities, loaded, passes
from keruen.flows.choice import Floats, market_of
from keruen.flows.optimum import Optimum, Ways, cheapest_of, least_cost
from keruen.flows.route_sets import RouteSet

SEEDS = st.integers(0, 10_000)


def in_one_piece(routes: RouteSet, tonnes: Floats, penalty: Floats, places: Facilities, teu_per_t: Floats) -> float:
    """The optimum over all routes at once, by a solver that knows nothing of column generation."""
    of, through = market_of(routes), passes(routes, places.arc_facility)
    r, k = len(of), len(tonnes)
    use, demand = np.zeros((len(places), r + k)), np.zeros((k, r + k))
    for route in range(r):
        for f in through.facility[through.first[route] : through.first[route + 1]]:
            use[f, route] = np.nan_to_num(teu_per_t[of[route]]) if places.unit[f] == "teu" else 1
    demand[of, np.arange(r)] = 1
    demand[np.arange(k), r + np.arange(k)] = 1
    bound = np.isfinite(places.limit)
    cost = np.concatenate([routes.generalized_usd_per_t, penalty])
    return float(linprog(cost, use[bound], places.limit[bound], demand, tonnes, method="highs").fun)


def assert_optimal(found: Optimum, tonnes: Floats, places: Facilities) -> None:
    assert found.gap <= 1e-8 and found.excess <= 1e-9
    assert (found.way_t >= 0).all() and (found.unserved_t >= -1e-9).all()
    shipped = np.bincount(found.ways.market, found.way_t, len(tonnes))
    assert shipped + found.unserved_t == pytest.approx(tonnes, rel=1e-9, abs=1e-9)
    bound = np.isfinite(places.limit)
    slack = np.where(bound, places.limit - found.load, 0)
    assert (np.abs(found.price_usd_per_unit * slack) <= 1e-8 * found.objective_usd + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
@example(7830)  # a tonne takes a fifth of a unit on ways that come late, so a unit is worth five times as much
def test_it_is_the_optimum_of_the_whole_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, places = random_flows(rng, k=int(rng.integers(1, 25)))
    if seed % 3 == 0:
        places = replace(
            places,
            capacity_per_year=np.where(rng.random(6) < 0.3, [0, np.nan, 1, 0, np.nan, 1], places.capacity_per_year),
        )
    found = least_cost(who.tonnes, who.highest_usd_per_t, places, cheapest_of(routes, places, who.teu_per_t))
    whole = in_one_piece(routes, who.tonnes, who.highest_usd_per_t, places, who.teu_per_t)
    assert found.objective_usd == pytest.approx(whole, rel=1e-8)
    assert_optimal(found, who.tonnes, places)


def test_the_cheaper_way_fills_up_and_its_price_is_what_the_next_tonne_loses() -> None:
    routes = route_set([[(100, [0]), (130, [5])]])
    places = facilities([400])
    found = least_cost(np.array([1000.0]), np.array([500.0]), places, cheapest_of(routes, places, np.array([np.nan])))
    assert found.cost_usd == pytest.approx(400 * 100 + 600 * 130)
    assert found.price_usd_per_unit == pytest.approx([30])
    assert found.bound_usd == pytest.approx(found.objective_usd)


def test_nothing_is_shipped_for_more_than_leaving_it_costs() -> None:
    routes = route_set([[(100, [0])], []])
    places = facilities([400])
    found = least_cost(
        np.array([1000.0, 7.0]), np.array([80.0, 90.0]), places, cheapest_of(routes, places, np.full(2, np.nan))
    )
    assert found.unserved_t.tolist() == [1000, 7] and found.cost_usd == 0 and found.gap == 0


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_more_capacity_never_raises_the_optimum_and_less_never_lowers_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes, who, places = random_flows(rng)
    oracle = cheapest_of(routes, places, who.teu_per_t)
    wider = replace(places, capacity_per_year=places.capacity_per_year * rng.uniform(1, 2, 6))
    narrow, wide = (
        least_cost(who.tonnes, who.highest_usd_per_t, given, oracle).objective_usd for given in (places, wider)
    )
    assert wide <= narrow * (1 + 1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_no_behaviour_is_cheaper_than_the_optimum(seed: int) -> None:
    """What shippers do of their own choice, without the prices, costs at least as much as the bound says anything must."""
    routes, who, places = random_flows(np.random.default_rng(seed))
    who = replace(who, base_usd_per_t=np.full(30, np.nan))
    best = least_cost(who.tonnes, who.highest_usd_per_t, places, cheapest_of(routes, places, who.teu_per_t))
    flows = loaded(routes, who, places)
    assert flows.route_t @ routes.generalized_usd_per_t + flows.unserved_t @ who.highest_usd_per_t >= best.bound_usd * (
        1 - 1e-6
    )


def test_an_oracle_may_find_ways_as_it_goes() -> None:
    """Shortest paths on a grid of arcs with prices, by Bellman-Ford, no route given beforehand; against all paths at once.

    0 --a0--> 1 --a2--> 3        a0, a3: facilities 0 and 1 (30 t each)
     \\-a1--> 2 --a3-->/          a4: from 1 to 2
    """
    arcs = [(0, 1, 10.0, 0), (0, 2, 15.0, -1), (1, 3, 20.0, -1), (2, 3, 5.0, 1), (1, 2, 1.0, -1), (0, 3, 60.0, -1)]
    sources, tonnes, penalty = [0, 1], np.array([100.0, 20.0]), np.array([200.0, 200.0])
    places = facilities([30, 30])
    numbers: dict[tuple[int, ...], int] = {}

    def oracle(price: Floats) -> Ways:
        market, way, cost, first, facility = [], [], [], [0], []
        for m, source in enumerate(sources):
            best: dict[int, tuple[float, tuple[int, ...]]] = {source: (0.0, ())}
            for _ in range(4):
                for a, (tail, head, usd, f) in enumerate(arcs):
                    if tail in best:
                        reached = best[tail][0] + usd + (price[f] if f >= 0 else 0)
                        if head not in best or reached < best[head][0] - 1e-12:
                            best[head] = (reached, (*best[tail][1], a))
            path = best[3][1]
            market.append(m)
            way.append(numbers.setdefault(path, len(numbers)))
            cost.append(sum(arcs[a][2] for a in path))
            facility += [arcs[a][3] for a in path if arcs[a][3] >= 0]
            first.append(len(facility))
        return Ways(
            np.array(market),
            np.array(way),
            np.array(cost),
            np.array(first),
            np.array(facility, np.int32),
            np.ones(len(facility)),
        )

    found = least_cost(tonnes, penalty, places, oracle)
    everything = route_set([[(16, [0, 1]), (30, [0]), (20, [1]), (60, [5])], [(20, [5]), (6, [1])]])
    assert found.objective_usd == pytest.approx(in_one_piece(everything, tonnes, penalty, places, np.full(2, np.nan)))
    assert_optimal(found, tonnes, places)


def test_demand_that_cannot_be_is_refused() -> None:
    places = facilities([1])
    with pytest.raises(ValueError, match="tonnes"):
        least_cost(
            np.array([np.nan]), np.array([1.0]), places, cheapest_of(route_set([[(1, [0])]]), places, np.array([1.0]))
        )
