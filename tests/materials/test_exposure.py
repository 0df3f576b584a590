"""Corridor exposure: arrays by hand, what must hold of all of them, and the titanium of the Union on the world network.

A --- K1 --- buyer        A sends half by strait K1, has another way twice as dear
B --- K1 --- buyer        B sends 30 % by K1 and has no other
C --- K2 --- buyer        C sends 20 % by K2, the other way costs a tenth more
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keruen.errors import UnknownOption
from keruen.materials.exposure import NoSupply, exposed, exposure, route_hhi
from keruen.materials.siting_study import StudyTerms, lithium_study
from keruen.materials.supply_ways import supply_ways
from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.routing.route import route
from keruen.tables.dataset import Dataset
from keruen.tables.scenario import shipped_scenarios

SHARES = np.array([0.5, 0.3, 0.2])
PASSES = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
COST, HOURS = np.full((3, 2), 100.0), np.full((3, 2), 10.0)
WITHOUT = np.array([[200.0, np.inf], [np.inf, np.inf], [np.inf, 110.0]])


def test_the_picture_above() -> None:
    first, second = exposed(SHARES, PASSES, COST, HOURS, WITHOUT, WITHOUT / 10, 1.25)
    assert (first.share, first.lost, first.dear, first.dependence) == pytest.approx((0.8, 0.3, 0.5, 0.8))
    assert (first.added_cost, first.added_h) == pytest.approx((1.0, 10.0))
    assert (second.share, second.lost, second.dear, second.dependence) == pytest.approx((0.2, 0.0, 0.0, 0.0))
    assert (second.added_cost, second.added_h) == pytest.approx((0.1, 1.0))
    assert route_hhi(SHARES, PASSES > 0) == pytest.approx(0.8**2 + 0.2**2)  # A and B pass the same


def test_nothing_sent_another_way_has_no_mean() -> None:
    one, none = np.array([[1.0]]), np.array([[np.inf]])
    (only,) = exposed(one[0], one, one, one, none, none, 1.25)
    assert only.lost == only.dependence == 1.0 and only.added_cost is None and only.added_h is None


@given(st.integers(1, 6), st.integers(1, 4), st.data())
def test_what_passes_is_lost_dear_or_sent_another_way(n: int, k: int, draw: st.DataObject) -> None:
    amounts = draw.draw(arrays.arrays(np.float64, n, elements=st.floats(0.01, 1)))
    shares = amounts / amounts.sum()
    passes = draw.draw(arrays.arrays(np.float64, (n, k), elements=st.sampled_from([0.0, 0.3, 1.0])))
    factor = draw.draw(arrays.arrays(np.float64, (n, k), elements=st.sampled_from([1.0, 1.1, 1.3, np.inf])))
    cost = np.full((n, k), 50.0)
    found = exposed(shares, passes, cost, cost, factor * 50, factor * 50, 1.25)
    for i, one in enumerate(found):
        near = (shares * passes[:, i])[factor[:, i] <= 1.25].sum()
        assert one.share == pytest.approx(one.lost + one.dear + near)
        assert one.dependence == pytest.approx(one.lost + one.dear) and 0 <= one.share <= 1 + 1e-9
        assert one.added_cost is None or one.added_cost >= 0
    assert 1 / n - 1e-9 <= route_hhi(shares, passes > 0) <= 1 + 1e-9


# On the world network


@pytest.mark.world
def test_titanium_metal_of_the_union(world_data: Dataset) -> None:
    found = exposure(world_data, "titanium_metal", "EU")
    assert found.home + sum(one.share for one in found.sent) + sum(found.cut_off.values()) == pytest.approx(
        0.95
    )  # as the study names
    by_country = {one.country: 0.0 for one in found.sent}
    for one in found.sent:
        by_country[one.country] += one.share
    assert by_country["KAZ"] == pytest.approx(0.36)  # all of it goes somewhere
    cheapest = min((one for one in found.sent if one.country == "KAZ"), key=lambda one: one.cost_usd)
    ways = route(world_data, cheapest.place, found.place).routes  # the same engine, asked in the usual way
    assert min(one.generalized_cost_usd for one in ways) == pytest.approx(cheapest.cost_usd, rel=0.05)
    things = {one.item: one for one in found.things}
    russia = things["country:RU"]
    assert russia.failure.lost == 0 and russia.failure.dear >= 0.3 and (russia.failure.added_h or 0) > 24
    assert things["country:BY"].failure.share > 0.5
    assert all(one.failure.lost > 0 or one.risk == pytest.approx(found.risk) for one in found.things)


@pytest.mark.world
def test_shares_of_ways_are_those_of_the_flow_engine(world_data: Dataset) -> None:
    """An assignment of a tonne from each supplier, without queues, puts the same share on each border and strait."""
    found = exposure(world_data, "titanium_metal", "EU")
    share = {one.country: one.share for one in found.sent}
    zones = tuple({one.place: None for one in found.sent})
    assert len(share) == len(zones)
    gazetteer = open_world(world_data).gazetteer
    ways = supply_ways(world_data, [resolve(gazetteer, zone) for zone in zones], resolve(gazetteer, found.place))
    sums = np.zeros(len(zones))
    np.add.at(sums, [way.supplier for way in ways], [way.share for way in ways])
    assert sums == pytest.approx(np.ones(len(zones)))  # what goes in goes on
    suez = next(one for one in found.things if one.item == "passage:suez")
    china = sum(one.share for one in found.sent if one.country == "CHN" and "passage:suez" in one.passed)
    assert china > 0.5 * 0.09 and suez.failure.share >= china  # boxes from the coast of China go by sea, as they do
    assert suez.failure.lost == 0 and (suez.failure.added_h or 0) > 48 and (suez.failure.added_cost or 0) > 0.1


@pytest.mark.world
def test_without_russia_what_comes_from_there_is_cut_off(world_data: Dataset) -> None:
    found = exposure(shipped_scenarios()["russia_closed"].apply(world_data), "titanium_metal", "EU")
    assert list(found.cut_off) == ["RUS"] and found.risk_left is not None and found.risk_left > found.risk
    assert not any("country:RU" in one.passed for one in found.sent)


@pytest.mark.world
def test_lithium_for_vietnam_passes_the_taiwan_strait(world_data: Dataset) -> None:
    found = exposure(world_data, "lithium", "Vietnam")
    assert (found.buyer, found.scope, found.stage) == ("VNM", "global", "processing")
    strait = next(one for one in found.things if one.item == "passage:taiwan")
    assert strait.failure.share > 0.5 and strait.failure.lost == 0


@pytest.mark.world
def test_who_and_what_must_be_known(world_data: Dataset) -> None:
    with pytest.raises(UnknownOption, match="Atlantis"):
        exposure(world_data, "lithium", "Atlantis")
    with pytest.raises(NoSupply):
        exposure(world_data, "uranium", "EU")
    with pytest.raises(NoSupply):
        exposure(world_data, "gallium", "EU", stage="extraction")


class Enough(Exception):
    """Nobody waits any more."""


@pytest.mark.world
def test_long_work_ends_when_nobody_waits(world_data: Dataset) -> None:
    told: list[float] = []

    def stop(*share: float) -> None:
        told.append(sum(share))
        if len(told) > 1:
            raise Enough

    with pytest.raises(Enough):
        exposure(world_data, "gallium", "EU", progress=stop)
    told.clear()
    with pytest.raises(Enough):
        lithium_study(world_data, StudyTerms(periods=1), heed=stop)
