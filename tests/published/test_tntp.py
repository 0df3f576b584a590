"""User equilibrium on the published networks of the TNTP collection, against their best known objectives.

Objectives: README files and best-known flows of github.com/bstabler/TransportationNetworks (commit d1639b4); the flow file of each network
gives the same figure with the formula of `keruen.flows.equilibrium`. The files may be used for research only and are not shipped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from road_toys import certify

from keruen.flows.equilibrium import beckmann, user_equilibrium
from keruen.network.road import RoadNetwork, Trips
from keruen.network.tntp import read_flows, read_network, read_trips, write_flows

Find = Callable[[str], Path]

CASES = {
    "SiouxFalls": (4_231_335.28710744, {}),
    "Anaheim": (1_286_032.171096, {}),
    "Barcelona": (1_265_654.92203, {}),
    "Winnipeg": (827_911.49463, {}),
    "ChicagoSketch": (17_313_018.7387477, {"toll_weight": 0.02, "distance_weight": 0.04}),
}


def case(find: Find, name: str) -> tuple[RoadNetwork, Trips]:
    return read_network(find(f"{name}_net.tntp")), read_trips(find(f"{name}_trips.tntp"))


@pytest.mark.parametrize("name", CASES)
def test_the_published_optimum_is_reached(tntp_file: Find, name: str) -> None:
    network, trips = case(tntp_file, name)
    best, weights = CASES[name]
    found = user_equilibrium(network, trips, gap=1e-6, **weights)
    assert found.converged and found.relative_gap <= 1e-6
    assert 0 <= found.objective - best + 1e-9 * best <= 1e-6 * best
    certify(network, trips, found, gap=1e-6, **weights)


@pytest.mark.parametrize("name", CASES)
def test_a_gap_of_ten_to_the_minus_ten_is_reached(tntp_file: Find, name: str) -> None:
    network, trips = case(tntp_file, name)
    best, weights = CASES[name]
    found = user_equilibrium(network, trips, gap=1e-10, keep_paths=name in {"SiouxFalls", "Anaheim"}, **weights)
    assert found.converged and found.objective == pytest.approx(best, rel=1e-9)
    certify(network, trips, found, gap=1e-10, **weights)


@pytest.mark.parametrize("name", CASES)
def test_the_best_known_flows_have_the_published_objective(tntp_file: Find, name: str) -> None:
    network, _ = case(tntp_file, name)
    best, weights = CASES[name]
    known = read_flows(tntp_file(f"{name}_flow.tntp"), network)
    assert beckmann(network, known, **weights) == pytest.approx(best, rel=1e-11)


def test_flows_of_sioux_falls_are_those_published(tntp_file: Find, tmp_path: Path) -> None:
    network, trips = case(tntp_file, "SiouxFalls")
    known = read_flows(tntp_file("SiouxFalls_flow.tntp"), network)
    found = user_equilibrium(network, trips, gap=1e-12)
    np.testing.assert_allclose(found.flow, known, rtol=1e-6)
    write_flows(network, found.flow, found.cost, tmp_path / "flow.tntp")
    np.testing.assert_array_equal(read_flows(tmp_path / "flow.tntp", network), found.flow)


def test_the_same_question_has_the_same_answer_to_the_last_bit(tntp_file: Find) -> None:
    network, trips = case(tntp_file, "Anaheim")
    first, second = (user_equilibrium(network, trips, gap=1e-8) for _ in range(2))
    assert first.flow.tobytes() == second.flow.tobytes()


def test_flow_passes_through_zones_where_they_are_open(tntp_file: Find) -> None:
    """Barcelona with its centroids open: the flow finds ways through them and the objective falls below the optimum."""
    network, trips = case(tntp_file, "Barcelona")
    opened = RoadNetwork(**{**vars(network), "through": np.ones(network.n, np.bool_)})
    assert not network.through[:110].any() and network.through[110:].all()
    assert user_equilibrium(opened, trips, gap=1e-6).objective < CASES["Barcelona"][0] * (1 - 1e-3)


def test_braess_adds_a_link_and_everybody_is_later(tntp_file: Find) -> None:
    """Braess (1968): six trips pay 83 each without the link from 3 to 4 and 92 with it."""
    network, trips = case(tntp_file, "Braess")
    found = user_equilibrium(network, trips, gap=1e-12)
    assert found.total_cost / 6 == pytest.approx(92, abs=1e-6)
