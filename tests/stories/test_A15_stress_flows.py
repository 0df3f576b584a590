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
from test_A13_flows import FERRY_T, PARAMETERS, TRADE, limit, wanted
from test_A14_stress import DISRUPTIONS, SPREADS, happening
from toy_world import toy_with

from keruen.flows.assignment import assign
from keruen.flows.demand import Demand
from keruen.network import build
from keruen.stress.disruptions import broken
from keruen.stress.ensemble import stress
from keruen.stress.flow_ground import FlowGround
from keruen.stress.flow_question import FlowQuestion
from keruen.tables.dataset import Dataset

HALF = happening("jam", "capacities:ferry", 2, 30, effect="factor", column="capacity_per_year", value=0.5)


def demand_of(data: Dataset) -> Demand:
    return wanted(TRADE, classes=2)


@cache
def breaking() -> Dataset:
    data = toy_with(
        flow_parameters=PARAMETERS, capacities=[limit("ferry", "service:lake_ferry", FERRY_T)],
        disruptions=[*DISRUPTIONS, HALF], draw_spreads=SPREADS,
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
    exact = assign(broken(data, (event,)) if event else data, demand_of(data))
    state = ground.state((event,) if event else ())
    assert state.loading.settled
    assert state.loading.shipped_t == pytest.approx(exact.loading.shipped_t, rel=1e-6)
    assert state.loading.total_usd == pytest.approx(exact.loading.total_usd, rel=1e-6)
    assert state.unserved_t == pytest.approx(exact.loading.unserved_t.sum(), abs=1e-3)
    assert state.loading.load[0] == pytest.approx(exact.loading.load[0], rel=1e-6, abs=1e-6)


def test_two_at_once_never_beat_the_exact_answer_and_conserve(ground: FlowGround) -> None:
    data, usual = breaking(), ground.state(())
    for held in (("canal_blocked", "storm"), ("storm", "fog"), ("storm", "jam"), ("canal_blocked", "storm", "fog")):
        exact, state = assign(broken(data, held), demand_of(data)), ground.state(held)
        demand = ground.tonnes
        assert state.shipped_t + state.loading.unserved_t + state.loading.forgone_t == pytest.approx(demand, rel=1e-9)
        assert state.unserved_t >= exact.loading.unserved_t.sum() * (1 - 1e-6) - 1e-6
        paid = state.loading.route_t > 0
        assert np.isfinite(state.loading.route_usd_per_t[paid]).all()  # nothing goes where it is closed
        usd, _ = ground.added(state, usual)
        assert usd > 0


def test_a_year_is_the_sum_of_its_parts(tmp_path: Path, ground: FlowGround) -> None:
    found = stress(breaking(), QUESTION, draws=12, folder=tmp_path, demand=True)
    for number in (0, 7):
        drawn = found.futures.draw(number)
        usual = ground.state((), drawn.demand)
        parts = [(share, ground.added(ground.state(held, drawn.demand), usual)) for share, held in drawn.periods()]
        assert found.answers[number]["added_usd"] == pytest.approx(sum(share * usd for share, (usd, _) in parts))
        assert found.answers[number]["lost_t"] == pytest.approx(sum(share * t for share, (_, t) in parts))
    assert all(one["settled"] for one in found.answers)
    assert {one.event for one in found.critical} == {"canal_blocked", "storm", "fog", "jam"}
    assert found.summaries["added_usd"].p95.value >= found.summaries["added_usd"].p50.value

