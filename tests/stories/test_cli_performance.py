"""Trip logs and files of emissions from the command line: what is asked is answered or refused, and nothing is passed over."""

from __future__ import annotations

import csv
import io
import os
import threading
from pathlib import Path

import pytest
from command_line import RunCli

LOG = """trip,seq,kind,mode,from,to,km,hours,usd,tonnes,corridor
1,1,move,road,A,B,100,2,50,20,north
1,2,border,,B,C,,6,30,,north
2,1,move,rail,A,B,100,4,50,20,south
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def names(text: str) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(text))]


def test_a_log_is_answered_with_a_row_for_each_corridor(run_cli: RunCli, log: Path) -> None:
    assert names(run_cli("tcd", log).out) == ["north", "south"]
    (row,) = run_cli("tcd", log, "--corridor", "north", "--json").json["indicators"]
    assert (row["name"], row["tfi1_border_h"], row["swod_kmh"], row["swd_kmh"]) == ("north", 6.0, 50.0, 12.5)


def test_very_many_problems_of_a_log_are_listed_by_the_command_itself(run_cli: RunCli, log: Path) -> None:
    """The tables are in order, so that `keruen validate` would list nothing."""
    log.write_text(LOG + "".join(f"3,{i},move,road,A,B,far,2,50,20,north\n" for i in range(30)))
    said = run_cli("tcd", log)
    assert said.code == 2 and "validate" not in said.err and "--json" in said.err and "log.csv line 5" in said.err
    assert len(run_cli("tcd", log, "--json").error["problems"]) == 30


def test_a_corridor_that_nobody_takes_is_refused(run_cli: RunCli, log: Path) -> None:
    told = run_cli("tcd", log, "--corridor", "west", "--json")
    assert told.code == 2 and told.error["suggestions"] == ["north", "south"]
    assert "No trip goes by west; the corridors are north, south." in told.error["message"]


@pytest.mark.parametrize(("option", "value"), [("--tonnes", "5"), ("--commodity", "coal"), ("--beam", "32")])
def test_a_shipment_says_nothing_of_a_log(run_cli: RunCli, log: Path, option: str, value: str) -> None:
    said = run_cli("tcd", log, option, value)
    assert said.code == 2 and option in said.err and "nothing of trip logs" in said.err


def test_routes_are_not_gathered(run_cli: RunCli) -> None:
    said = run_cli("tcd", "VNHPH", "DEDUI", "--by", "corridor")
    assert said.code == 2 and "--by" in said.err and "one by one" in said.err


@pytest.mark.parametrize("words", [(), ("VNHPH",), ("VNHPH", "DEDUI", "NLRTM"), ("log.csv", "DEDUI", "NLRTM")])
def test_neither_two_places_nor_logs(run_cli: RunCli, words: tuple[str, ...]) -> None:
    said = run_cli("tcd", *words)
    assert said.code == 2 and said.out == ""


@pytest.mark.parametrize("command", ["tcd", "check-emissions"])
@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read(run_cli: RunCli, tmp_path: Path, command: str, name: str) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    said = run_cli(command, folder if name == "." else tmp_path / name)
    assert said.code == 2 and said.out == "" and ("folder.csv" if name == "." else name) in said.err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_stream_without_end_is_not_read_to_its_end(run_cli: RunCli) -> None:
    """A device says that it has no bytes, and gives them for ever."""
    said = run_cli("check-emissions", "/dev/zero")
    assert said.code == 2 and "more than" in said.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_read_like_a_file(run_cli: RunCli, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("[]",))
    writer.start()
    said = run_cli("check-emissions", pipe)
    writer.join()
    assert said.code == 2 and "an empty list" in said.out


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_trucks_run_as_told_in_an_account(run_cli: RunCli) -> None:
    """Full and never empty emits less than the average, half full and half empty more; the sums of elements are the total."""
    asked = ("emissions", "KZALA", "UZTAS", "--unit", "trailer", "--json")
    usual, full, poor = (
        run_cli(*asked, *more).json
        for more in ((), ("--load-factor", "1"), ("--load-factor", "0.5", "--empty-share", "0.5"))
    )
    totals = [one["co2e_wtw_kg"] for one in (full, usual, poor)]
    assert totals == sorted(totals) and totals[0] < totals[1] < totals[2]
    for account in (usual, full, poor):
        parts = [element["co2e_wtw_kg"] for element in account["elements"]]
        assert sum(parts) == pytest.approx(account["co2e_wtw_kg"], rel=1e-6)


@pytest.mark.parametrize(
    "words",
    [
        ("--empty-share", "0.2"),
        ("--load-factor", "0"),
        ("--load-factor", "1.2"),
        ("--load-factor", "0.5", "--empty-share", "1"),
    ],
)
@pytest.mark.usefixtures("world_data")
def test_loads_that_cannot_be_are_refused(run_cli: RunCli, words: tuple[str, ...]) -> None:
    told = run_cli("emissions", "KZALA", "UZTAS", "--unit", "trailer", *words)
    assert told.code == 2 and "Traceback" not in told.err
