"""`keruen flows` on a road network: the answer as JSON and as a table, files written, exit codes.

Sioux Falls is not shipped; the toy is the network of Braess (1968): six trips pay 92 each.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import RunCli
from road_toys import certify, demand, road

from keruen.network import gmns, omx, tntp

LINKS = [
    (0, 2, 1, 1e-9, 1e10, 1),
    (0, 3, 1, 50, 0.02, 1),
    (2, 1, 1, 50, 0.02, 1),
    (3, 1, 1, 1e-9, 1e10, 1),
    (2, 3, 1, 10, 0.1, 1),
]
NETWORK = road(4, 2, LINKS, first_through=2)
TRIPS = demand(2, [(0, 1, 6.0)])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The toy as TNTP, GMNS and OMX."""
    found = {
        "net": tmp_path / "net.tntp",
        "trips": tmp_path / "trips.tntp",
        "gmns": tmp_path / "town",
        "omx": tmp_path / "trips.omx",
    }
    tntp.write_network(NETWORK, found["net"])
    tntp.write_trips(TRIPS, found["trips"])
    gmns.write_network(NETWORK, found["gmns"])
    gmns.write_demand(TRIPS, found["gmns"] / "demand.csv")
    omx.write_matrices(omx.Matrices(TRIPS.zone_names, {"all": omx.matrix_of(TRIPS)}), found["omx"])
    return found


def test_the_answer_as_json(files: dict[str, Path], run_cli: RunCli) -> None:
    said = run_cli("flows", "--tntp-net", files["net"], "--tntp-trips", files["trips"], "--gap", "1e-9", "--json")
    assert said.code == 0 and said.err == ""
    told = said.json
    assert {"objective", "relative_gap", "seconds", "iterations", "links"} <= told.keys()
    assert told["relative_gap"] <= 1e-9 and told["converged"] and told["total_cost"] == pytest.approx(552, abs=1e-5)
    assert [list(link) for link in told["links"]] == [["from", "to", "flow", "cost"]] * 5
    assert [(link["from"], link["to"]) for link in told["links"]] == [(1, 3), (1, 4), (3, 2), (4, 2), (3, 4)]
    assert [link["flow"] for link in told["links"]] == pytest.approx([4, 2, 2, 4, 2], abs=1e-6)


@pytest.mark.parametrize(
    "words", [("--gmns", "gmns"), ("--gmns", "gmns", "--omx-trips", "omx"), ("--tntp-net", "net", "--omx-trips", "omx")]
)
def test_every_format_gives_the_same_answer(files: dict[str, Path], run_cli: RunCli, words: tuple[str, ...]) -> None:
    told = run_cli("flows", *(files.get(word, word) for word in words), "--json").json
    assert (
        told["objective"]
        == run_cli("flows", "--tntp-net", files["net"], "--tntp-trips", files["trips"], "--json").json["objective"]
    )


def test_a_table_in_both_languages_and_files(files: dict[str, Path], run_cli: RunCli, tmp_path: Path) -> None:
    command = ("flows", "--tntp-net", files["net"], "--tntp-trips", files["trips"], "--gap", "1e-10")
    said = run_cli(*command, "--write-flows", tmp_path / "flow.tntp", "--write-gmns", tmp_path / "loaded", "--rows", 2)
    assert said.code == 0 and "relative gap" in said.out and "flow.tntp" in said.err and "loaded" in said.err
    assert len(said.out.splitlines()) == 7 + 2 + 3
    flow = tntp.read_flows(tmp_path / "flow.tntp", NETWORK)
    np.testing.assert_allclose(flow, [4, 2, 2, 4, 2], atol=1e-6)
    assert (tmp_path / "loaded" / "link.csv").read_text().splitlines()[0].endswith("vdf_beta,volume,cost")
    assert "относительный разрыв" in run_cli(*command, "--lang", "ru").out


def test_a_gap_that_is_not_reached_is_told(files: dict[str, Path], run_cli: RunCli) -> None:
    command = ("flows", "--tntp-net", files["net"], "--tntp-trips", files["trips"], "--most-iterations", "1")
    said = run_cli(*command, "--json")
    assert said.code == 0 and said.json["converged"] is False and said.json["relative_gap"] > 1e-6
    assert "was not reached" in said.err and "не достигнут" in run_cli(*command, "--lang", "ru").err


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--tntp-net", "net"), "Give the trips"),
        (("--tntp-net", "net", "--gmns", "gmns"), "Give one network"),
        (("--gmns", "gmns", "--tntp-trips", "trips", "--omx-trips", "omx"), "Give the trips once"),
        (("--tntp-net", "net", "--tntp-trips", "trips", "--gap", "0"), "between 0 and 1"),
        (("--tntp-net", "net", "--tntp-trips", "trips", "--toll-weight", "-1"), "zero or more"),
        (("--tntp-net", "net", "--tntp-trips", "none.tntp"), "none.tntp"),
        (("--tntp-net", "net", "--tntp-trips", "trips", "--write-flows", "flows.xls"), "must end in"),
        (("--gmns", "gmns", "--omx-trips", "omx", "--omx-matrix", "rail"), "rail"),
    ],
)
def test_wrong_input(files: dict[str, Path], run_cli: RunCli, words: tuple[str, ...], what: str) -> None:
    said = run_cli("flows", *(files.get(word, word) for word in words), "--json")
    assert said.code == 2 and what in said.error["message"]


def test_all_problems_of_a_file_are_told_in_the_language_asked_for(files: dict[str, Path], run_cli: RunCli) -> None:
    files["net"].write_text(files["net"].read_text().replace("\t50\t", "\tx\t").replace("\t;", ""))
    command = ("flows", "--tntp-net", files["net"], "--tntp-trips", files["trips"])
    said = run_cli(*command, "--json")
    assert said.code == 2 and len(said.error["problems"]) == 7
    assert {"table", "row", "column", "message", "message_ru", "what_to_do", "what_to_do_ru"} == said.error["problems"][
        0
    ].keys()
    told = run_cli(*command, "--lang", "ru")
    assert told.code == 2 and "Ошибок в таблицах: 7" in told.err and "не конечное число" in told.err


def test_sioux_falls_from_the_command_line(tntp_file, run_cli: RunCli) -> None:  # type: ignore[no-untyped-def]
    net, trips = tntp_file("SiouxFalls_net.tntp"), tntp_file("SiouxFalls_trips.tntp")
    told = run_cli("flows", "--tntp-net", net, "--tntp-trips", trips, "--gap", "1e-6", "--json").json
    assert told["objective"] == pytest.approx(4_231_335.28710744, rel=1e-6) and told["relative_gap"] <= 1e-6
    assert told["seconds"] < 5 and told["iterations"] < 50 and len(told["links"]) == 76
    network = tntp.read_network(net)
    found = type("Found", (), {})()
    found.flow, found.cost = (np.array([link[name] for link in told["links"]]) for name in ("flow", "cost"))
    found.relative_gap, found.trips, found.paths = told["relative_gap"], told["trips"], None
    certify(network, tntp.read_trips(trips), found, gap=1e-6)


def test_what_is_wrong_with_both_files_is_told_at_once(files: dict[str, Path], run_cli: RunCli, tmp_path: Path) -> None:
    broken = []
    for name, old, new in (("net", "<END OF METADATA>", "<SURPRISE>"), ("trips", "<END OF METADATA>", "<SURPRISE>")):
        broken.append(tmp_path / f"broken_{name}.tntp")
        broken[-1].write_text(files[name].read_text().replace(old, new))
    said = run_cli("flows", "--tntp-net", broken[0], "--tntp-trips", broken[1])
    assert said.code == 2
    assert "broken_net.tntp" in said.err and "broken_trips.tntp" in said.err


def test_of_broken_matrices_of_demand_everything_is_told_at_once(run_cli: RunCli, tmp_path: Path) -> None:
    cells = np.array([[0.0, np.nan, 1.0], [-4.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
    zones = ("KZALA", "NOWHERE", "KZALA")
    omx.write_matrices(
        omx.Matrices(zones, {"general_box": cells, "no_such_class": np.ones((3, 3))}), tmp_path / "bad.omx"
    )
    said = run_cli("flows", "--demand", tmp_path / "bad.omx", "--year", "2024")
    assert said.code == 2
    for part in ("'NOWHERE'", "KZALA", "general_box", "'no_such_class'"):
        assert part in said.err, part
