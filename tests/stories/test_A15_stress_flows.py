"""A15  Goods of a year when things break: one thing at a time as `assign` has it, and nothing is lost from the account.

ANVIL == pass == CROSS -- DOCK ~ lake ferry ~ ELM == FORT        storms stop the ferry
ANVIL == BAY ~~~~ canal ~~~~ GULF == FORT                        the canal is blocked at times; round the cape
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_A13_flows import FERRY_T, PARAMETERS, TRADE, limit, wanted
from test_A14_stress import DISRUPTIONS, INVENTED, SPREADS, happening
from toy_world import toy_with

from keruen.flows.assignment import assign
from keruen.flows.demand import Demand
from keruen.network import build
from keruen.network.graph import FACILITY_KINDS
from keruen.stress.disruptions import broken
from keruen.stress.ensemble import ensemble
from keruen.stress.flow_ground import FlowGround
from keruen.stress.flow_question import FlowQuestion
from keruen.stress.percolation import percolation
from keruen.stress.recovery import Course, Habits, course, recovery
from keruen.tables.dataset import Dataset

HALF = happening("jam", "capacities:ferry", 2, 30, effect="factor", column="capacity_per_year", value=0.5)

HABIT_ROWS = [
    {"parameter": key, "value": value, "meaning": "Invented.", **INVENTED}
    for key, value in (("inventory_days", 28), ("utilisation", 0.8), ("reroute_lag_weeks", 1), ("horizon_weeks", 60))
]


def demand_of(data: Dataset) -> Demand:
    return wanted(TRADE, classes=2)


@cache
def breaking() -> Dataset:
    data = toy_with(
        flow_parameters=PARAMETERS, capacities=[limit("ferry", "service:lake_ferry", FERRY_T)],
        disruptions=[*DISRUPTIONS, HALF], draw_spreads=SPREADS, stress_parameters=HABIT_ROWS,
    )  # fmt: skip
    build._opened[data] = replace(build._opened[data], folder=Path(mkdtemp()) / "toy")
    return data


QUESTION = FlowQuestion(demand_of)


@pytest.fixture(scope="module")
def ground() -> FlowGround:
    return QUESTION.ground(breaking())


@pytest.mark.parametrize("event", ["", "canal_blocked", "storm", "fog", "jam"])
def test_one_disruption_at_a_time_is_what_assign_finds(ground: FlowGround, event: str) -> None:
    data = breaking()
    base = assign(data, demand_of(data))
    exact = assign(broken(data, (event,)), demand_of(data), usual=base) if event else base
    state = ground.state((event,) if event else ())
    assert state.loading.settled
    assert state.loading.shipped_t == pytest.approx(exact.loading.shipped_t, rel=1e-6)
    assert state.loading.total_usd == pytest.approx(exact.loading.total_usd, rel=1e-6)
    assert state.unserved_t == pytest.approx(exact.loading.unserved_t.sum(), abs=1e-3)
    assert state.loading.load[0] == pytest.approx(exact.loading.load[0], rel=1e-6, abs=1e-6)


def test_two_at_once_never_beat_the_exact_answer_and_conserve(ground: FlowGround) -> None:
    data, usual = breaking(), ground.state(())
    base = assign(data, demand_of(data))
    for held in (("canal_blocked", "storm"), ("storm", "fog"), ("storm", "jam"), ("canal_blocked", "storm", "fog")):
        exact, state = assign(broken(data, held), demand_of(data), usual=base), ground.state(held)
        demand = ground.tonnes
        assert state.shipped_t + state.loading.unserved_t + state.loading.forgone_t == pytest.approx(demand, rel=1e-9)
        assert state.unserved_t >= exact.loading.unserved_t.sum() * (1 - 1e-6) - 1e-6
        paid = state.loading.route_t > 0
        assert np.isfinite(state.loading.route_usd_per_t[paid]).all()  # nothing goes where it is closed
        usd, _ = ground.added(state, usual)
        assert usd > 0


def test_a_year_is_the_sum_of_its_parts(tmp_path: Path, ground: FlowGround) -> None:
    found = ensemble(breaking(), QUESTION, draws=12, folder=tmp_path, demand=True)
    for number in (0, 7):
        drawn = found.futures.draw(number)
        usual = ground.state((), drawn.demand)
        parts = [(share, ground.added(ground.state(held, drawn.demand), usual)) for share, held in drawn.periods()]
        assert found.answers[number]["added_usd"] == pytest.approx(sum(share * usd for share, (usd, _) in parts))
        assert found.answers[number]["lost_t"] == pytest.approx(sum(share * t for share, (_, t) in parts))
    assert all(one["settled"] for one in found.answers)
    assert {one.event for one in found.critical} == {"canal_blocked", "storm", "fog", "jam"}
    assert found.summaries["added_usd"].p95.value >= found.summaries["added_usd"].p50.value


HABITS = Habits(inventory_days=28, utilisation=0.8, reroute_lag_weeks=1, horizon_weeks=60)


@given(
    due=st.floats(1, 1e6), left=st.floats(0, 1), rerouted=st.floats(0, 1), transit=st.floats(0, 9), longer=st.floats(0, 4),
    weeks=st.floats(0, 30),
)  # fmt: skip
def test_no_tonne_is_lost_or_made_while_a_break_heals(
    due: float, left: float, rerouted: float, transit: float, longer: float, weeks: float
) -> None:
    found = course(
        HABITS, due=due, left=left * due, rerouted=rerouted * due, transit_weeks=transit, longer_weeks=longer, weeks=weeks
    )  # fmt: skip
    assert max(map(abs, found.balances)) <= 1e-9 * due * HABITS.horizon_weeks
    assert (found.shortfall >= -1e-9 * due).all() and (found.stock >= -1e-9 * due).all()
    assert (found.backlog >= -1e-6 * due).all()


def test_stocks_carry_a_short_break_and_not_a_long_one() -> None:
    def lost(weeks: float) -> Course:
        return course(HABITS, due=100, left=0, rerouted=0, transit_weeks=2, longer_weeks=0, weeks=weeks)

    assert lost(0).weeks_to_recover == 0
    short, long = lost(4), lost(8)
    assert short.shortfall.sum() == pytest.approx(0)
    assert short.backlog.max() == pytest.approx(400)
    assert long.shortfall.sum() > 0  # twice as long is not twice as bad
    # a backlog of 400 t clears by a quarter of 100 t a week in 16 weeks, after 4 weeks without, and is two weeks on the way
    assert short.weeks_to_recover == pytest.approx(4 + 16 + 2, abs=1)


def test_recovery_and_percolation_of_the_toy(ground: FlowGround) -> None:
    data = breaking()
    found = recovery(data, ground, "storm", weeks=6)
    assert found.hit_t == pytest.approx(ground.state(()).loading.load[0])
    assert max(map(abs, found.whole.balances)) < 1e-6
    assert found.whole.sent[0] < found.whole.due  # the ferry's goods wait for a week
    shares = percolation(ground, build.open_world(data).graph, seed=1)
    for served in (shares.by_flow, shares.at_random):
        assert served[0] == pytest.approx(1)
        assert (np.diff(served) <= 1e-12).all()
    routes = np.repeat(np.arange(len(ground.routes.corridor)), np.diff(ground.items.first))
    graph = build.open_world(data).graph
    out = [f"{FACILITY_KINDS[kind]}:{key}" for kind, key in zip(graph.facility_kind, graph.facility_key, strict=True)]
    for n in range(len(shares.items) + 1):  # worked out anew, route by route
        hit = {
            r
            for r, f in zip(routes.tolist(), ground.items.facility.tolist(), strict=True)
            if out[f] in shares.items[:n]
        }
        alive = {int(m) for r, m in enumerate(ground.market) if r not in hit and np.isfinite(ground.cost[0][r])}
        assert shares.by_flow[n] == pytest.approx(sum(ground.tonnes[m] for m in alive) / ground.tonnes.sum())
