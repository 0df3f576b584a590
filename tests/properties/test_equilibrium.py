"""User equilibrium: certificates on networks drawn at random, cases solved by hand, and what must hold for any network."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from road_toys import certify, demand, road

from keruen.errors import BadTable, UnknownOption
from keruen.flows.equilibrium import beckmann, user_equilibrium
from keruen.network.road import RoadNetwork, Trips

POWERS = (0.0, 0.5, 1.0, 2.0, 3.7, 4.0, 8.0, 16.0)


@st.composite
def towns(draw: st.DrawFn, *, steep: bool = False) -> tuple[RoadNetwork, Trips]:
    """A ring of up to 9 nodes both ways round, which joins everything, some chords, and trips between up to 5 zones.

    steep: costs rise with the flow on every link, so that link flows are unique.
    """
    n = draw(st.integers(3, 9))
    zones = draw(st.integers(2, min(5, n - 1)))
    ring = [(i, (i + 1) % n) for i in range(n)]
    some = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda ends: ends[0] != ends[1])
    ends = ring + [(b, a) for a, b in ring] + draw(st.lists(some, max_size=12))
    powers = (1.0, 2.0, 4.0) if steep else POWERS
    figure = st.tuples(
        st.floats(0.5, 20), st.floats(0.5, 20) if steep else st.sampled_from([0.0, 0.25, 1.0, 3.0, 7.5]),
        st.floats(0.1, 2) if steep else st.sampled_from([0.0, 0.15, 1.0, 10.0]), st.sampled_from(powers),
    )  # fmt: skip
    links = [(*pair, *draw(figure)) for pair in ends]
    cells = [(o, d, draw(st.sampled_from([0.0, 0.1, 1.0, 5.0, 30.0]))) for o in range(zones) for d in range(zones)]
    return road(n, zones, links), demand(zones, cells)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_any_town_comes_to_equilibrium(town: tuple[RoadNetwork, Trips]) -> None:
    network, trips = town
    found = user_equilibrium(network, trips, gap=1e-9, keep_paths=True, most_iterations=3000)
    assert found.converged
    certify(network, trips, found, gap=1e-9)


@settings(max_examples=25, deadline=None)
@given(towns(steep=True), st.randoms(use_true_random=False))
def test_names_of_nodes_and_order_of_links_change_nothing(town: tuple[RoadNetwork, Trips], random: object) -> None:
    network, trips = town
    order, shuffled = list(range(network.n)), list(range(network.m))
    random.shuffle(order)  # type: ignore[attr-defined]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    new, links = np.array(order, np.int32), np.array(shuffled)
    columns = ("capacity", "length", "free_flow_time", "b", "power", "toll", "speed")
    other = replace(
        network, tail=new[network.tail][links], head=new[network.head][links], zones=new[network.zones],
        **{name: getattr(network, name)[links] for name in columns},
    )  # fmt: skip
    first, second = (user_equilibrium(one, trips, gap=1e-13) for one in (network, other))
    scale = max(1.0, float(trips.trips.sum()))
    np.testing.assert_allclose(first.flow[links], second.flow, atol=2e-5 * scale)
    assert first.objective == pytest.approx(second.objective, rel=1e-11)


@settings(max_examples=25, deadline=None)
@given(towns(steep=True), st.integers(0, 10_000))
def test_no_other_feasible_flow_has_a_lower_objective(town: tuple[RoadNetwork, Trips], seed: int) -> None:
    """Each pair on its shortest way at random costs is feasible; so is any mixture of that with the answer."""
    network, trips = town
    found = user_equilibrium(network, trips, gap=1e-10)
    strange = replace(
        network, free_flow_time=np.random.default_rng(seed).uniform(0.1, 5, network.m), b=np.zeros(network.m)
    )
    other = user_equilibrium(strange, trips, gap=1e-10).flow
    for share in (1e-3, 0.1, 1.0):
        assert beckmann(network, (1 - share) * found.flow + share * other) >= found.objective * (1 - 1e-9)


@settings(max_examples=20, deadline=None)
@given(towns(steep=True), st.integers(0, 100), st.floats(1.01, 3))
def test_more_capacity_never_raises_the_objective(town: tuple[RoadNetwork, Trips], which: int, factor: float) -> None:
    """It may raise what all trips pay together (Braess), but not Beckmann's objective: every flow's is lower or the same."""
    network, trips = town
    capacity = network.capacity.copy()
    capacity[which % network.m] *= factor
    before, after = (
        user_equilibrium(one, trips, gap=1e-10).objective for one in (network, replace(network, capacity=capacity))
    )
    assert after <= before * (1 + 1e-9)


@given(st.lists(st.floats(0.5, 50), min_size=1, max_size=6), st.floats(0.1, 100), st.floats(1, 5))
@settings(max_examples=30, deadline=None)
def test_more_capacity_on_a_single_way_never_costs_more(capacities: list[float], trips: float, factor: float) -> None:
    n = len(capacities) + 1
    order = [0, *range(2, n), 1]  # from zone 1 to zone 2 by way of the others
    links = [(order[i], order[i + 1], u, 1.0, 0.15, 4.0) for i, u in enumerate(capacities)]
    wider = [(*link[:2], link[2] * factor, *link[3:]) for link in links]
    narrow, wide = (user_equilibrium(road(n, 2, one), demand(2, [(0, 1, trips)])) for one in (links, wider))
    assert wide.total_cost <= narrow.total_cost


def test_braess_paradox_by_hand() -> None:
    """Braess (1968), six trips: 50 + v on the outer links, 10 v on the inner ones, 10 + v on the one between: 92, without it 83."""
    tiny = 1e-9
    links = [
        (0, 2, 1, tiny, 10 / tiny, 1),
        (0, 3, 1, 50, 1 / 50, 1),
        (2, 1, 1, 50, 1 / 50, 1),
        (3, 1, 1, tiny, 10 / tiny, 1),
    ]
    between = (2, 3, 1, 10, 1 / 10, 1)
    trips = demand(2, [(0, 1, 6.0)])
    without, with_it = (user_equilibrium(road(4, 2, one), trips, gap=1e-12) for one in (links, [*links, between]))
    assert without.total_cost / 6 == pytest.approx(83) and with_it.total_cost / 6 == pytest.approx(92)
    np.testing.assert_allclose(with_it.flow, [4, 2, 2, 4, 2], atol=1e-6)


@pytest.mark.parametrize("power", [0.1, 0.5, 1.0, 1.5, 4.0, 20.0])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_equal_links_side_by_side_share_alike(count: int, power: float) -> None:
    network = road(2, 2, [(0, 1, 5.0, 2.0, 0.7, power)] * count)
    found = user_equilibrium(network, demand(2, [(0, 1, 21.0)]), gap=1e-12)
    np.testing.assert_allclose(found.flow, 21.0 / count, rtol=1e-6)


def test_two_links_by_hand() -> None:
    """10 (1 + v / 10) = 20 (1 + w / 40), v + w = 30: v = 50/3, w = 40/3, cost 80/3 on both."""
    network = road(2, 2, [(0, 1, 10, 10, 1, 1), (0, 1, 40, 20, 1, 1)])
    found = user_equilibrium(network, demand(2, [(0, 1, 30.0)]), gap=1e-13)
    np.testing.assert_allclose(found.flow, [50 / 3, 40 / 3], rtol=1e-10)
    np.testing.assert_allclose(found.cost, [80 / 3, 80 / 3], rtol=1e-12)
    assert found.objective == pytest.approx(
        10 * 50 / 3 + (50 / 3) ** 2 / 2 + 20 * 40 / 3 + (40 / 3) ** 2 / 4, rel=1e-12
    )


def test_constant_costs_are_one_shortest_way() -> None:
    """b = 0, and a power of 0 with b > 0: the costs are constant, 2 (1 + 0.5) = 3 and 2.5."""
    network = road(3, 2, [(0, 2, 0, 2, 0.5, 0), (0, 2, 0, 2.5, 0, 4), (2, 1, 0, 0, 0, 0)])
    found = user_equilibrium(network, demand(2, [(0, 1, 8.0)]))
    assert found.flow.tolist() == [0, 8, 8] and found.cost.tolist() == [3, 2.5, 0]
    assert found.objective == found.total_cost == 20 and found.relative_gap == 0 and found.iterations <= 2


def test_costs_of_zero_everywhere_are_an_equilibrium() -> None:
    found = user_equilibrium(
        road(2, 2, [(0, 1, 1, 0, 1, 4), (1, 0, 1, 0, 1, 4)]), demand(2, [(0, 1, 3.0), (1, 0, 2.0)])
    )
    assert found.converged and found.relative_gap == 0 == found.objective and found.flow.tolist() == [3, 2]


def test_no_trips_no_flow() -> None:
    network = road(3, 2, [(0, 2, 1, 1, 1, 4), (2, 1, 1, 1, 1, 4)])
    for trips in (demand(2, []), demand(2, [(0, 1, 0.0), (0, 0, 5.0)])):
        found = user_equilibrium(network, trips)
        assert found.converged and not found.flow.any() and found.trips == 0 == found.average_excess_cost


def test_a_blocked_centroid_is_gone_round() -> None:
    """Zone 3 lies on the short way from 1 to 2 and lets nothing through; its own trips still begin and end there."""
    links = [(0, 2, 1, 1, 0, 1), (2, 1, 1, 1, 0, 1), (0, 3, 1, 9, 0, 1), (3, 1, 1, 9, 0, 1)]
    trips = demand(3, [(0, 1, 4.0), (0, 2, 1.0), (2, 1, 2.0)])
    blocked, opened = (user_equilibrium(road(4, 3, links, first_through=first), trips) for first in (3, 0))
    assert blocked.flow.tolist() == [1, 2, 4, 4] and opened.flow.tolist() == [5, 6, 0, 0]


def test_toll_and_length_join_the_cost_by_their_weights() -> None:
    network = replace(
        road(2, 2, [(0, 1, 1, 5, 0, 1), (0, 1, 1, 6, 0, 1)]), toll=np.array([100.0, 0]), length=np.array([1.0, 30])
    )
    trips = demand(2, [(0, 1, 1.0)])
    assert user_equilibrium(network, trips).flow.tolist() == [1, 0]
    tolled = user_equilibrium(network, trips, toll_weight=0.02)
    assert tolled.flow.tolist() == [0, 1] and tolled.cost.tolist() == [7, 6]
    assert user_equilibrium(network, trips, toll_weight=0.02, distance_weight=0.1).flow.tolist() == [1, 0]


def test_flows_of_very_different_size_are_not_lost() -> None:
    """A million trips beside one in a millionth: conservation holds for both."""
    network = road(
        4, 3, [(0, 3, 1e5, 1, 0.15, 4), (3, 1, 1e5, 1, 0.15, 4), (3, 2, 1, 1, 0.15, 4), (0, 1, 1e5, 2.5, 0.15, 4)]
    )
    trips = demand(3, [(0, 1, 1e6), (0, 2, 1e-6)])
    found = user_equilibrium(network, trips, gap=1e-12, keep_paths=True)
    certify(network, trips, found, gap=1e-12)
    assert found.flow[2] == 1e-6 and fsum(found.flow[[0, 3]]) == pytest.approx(1e6 + 1e-6, rel=1e-15)


def test_what_cannot_be_assigned_is_listed_at_once() -> None:
    island = road(4, 4, [(0, 1, 1, 1, 1, 1), (1, 0, 1, 1, 1, 1)])
    with pytest.raises(BadTable) as caught:
        user_equilibrium(island, demand(4, [(0, 2, 1.0), (0, 3, 1.0), (2, 1, 1.0), (0, 1, 1.0)]))
    assert [str(problem.message) for problem in caught.value.problems] == [
        "zone 1 has trips to zones that no way leads to from it (2): 3, 4",
        "zone 3 has trips to zones that no way leads to from it (1): 2",
    ]
    broken = road(
        2,
        2,
        [(0, 1, 0, 1, 1, 1), (0, 1, -1, 1, 1, 1), (0, 1, 1, -1, 1, 1), (0, 1, 1, np.nan, 1, 1), (0, 0, 1, 1, -1, -1)],
    )
    with pytest.raises(BadTable) as caught:
        user_equilibrium(broken, demand(2, [(0, 1, 1.0)]))
    places = {(problem.row, problem.column) for problem in caught.value.problems}
    assert {
        (1, "capacity"),
        (2, "capacity"),
        (3, "free_flow_time"),
        (4, "free_flow_time"),
        (5, "b"),
        (5, "power"),
        (5, ""),
    } <= places
    whole = road(2, 2, [(0, 1, 1, 1, 1, 1)])
    with pytest.raises(BadTable, match="between 3 zones"):
        user_equilibrium(whole, demand(3, [(0, 1, 1.0)]))
    with pytest.raises(BadTable, match="nan trips"):
        user_equilibrium(whole, demand(2, [(0, 1, float("nan"))]))
    with pytest.raises(BadTable, match="not known"):
        user_equilibrium(replace(whole, toll=np.array([np.nan])), demand(2, [(0, 1, 1.0)]), toll_weight=1)
    with pytest.raises(BadTable, match="cost without flow is -1"):
        user_equilibrium(replace(whole, toll=np.array([-2.0])), demand(2, [(0, 1, 1.0)]), toll_weight=1)
    for wrong in (
        {"gap": 0.0},
        {"gap": float("nan")},
        {"toll_weight": -1.0},
        {"distance_weight": float("inf")},
        {"most_iterations": 0},
    ):
        with pytest.raises(UnknownOption):
            user_equilibrium(whole, demand(2, [(0, 1, 1.0)]), **wrong)


def test_stopping_early_says_so_and_progress_can_stop_it() -> None:
    network = road(2, 2, [(0, 1, 5.0, 2.0, 0.7, 4)] * 3)
    trips = demand(2, [(0, 1, 21.0)])
    early = user_equilibrium(network, trips, gap=1e-12, most_iterations=1)
    assert not early.converged and early.relative_gap > 1e-3 and early.iterations == 1

    def stop(iterations: float, gap: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        user_equilibrium(network, trips, progress=stop)
