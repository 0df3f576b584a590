"""Tables of a user's own that are missing, damaged or half-written: named with table, line and what to do, and never guessed around."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import RunCli

from keruen.routing.cost import RATE_TABLES
from keruen.tables.dataset import SHIPPED

ASKED = ("route", "VNHPH", "DEDUI")
Edit = Callable[[bytes], bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped tables."""
    copy = tmp_path / "tables"
    copy.mkdir()
    for path in SHIPPED.glob("*.csv"):
        shutil.copy(path, copy)
    return copy


def change(path: Path, edit: Edit) -> None:
    """Replace the bytes of a file by what becomes of them."""
    path.write_bytes(edit(path.read_bytes()))


def cell_changed(line: int, column: str, value: str) -> Edit:
    """An edit that puts a value into a cell of a table without line breaks in its cells."""

    def edit(raw: bytes) -> bytes:
        rows = list(csv.reader(raw.decode().splitlines()))
        rows[line - 1][rows[0].index(column)] = value
        return "".join(
            ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in rows
        ).encode()

    return edit


# name of the damage, table, edit (None: the file goes), what the error must say
DAMAGES: list[tuple[str, str, Edit | None, list[str]]] = [
    ("missing", "tariffs", None, ["tariffs: the file tariffs.csv is missing", "copy the one that ships with Keruen"]),
    ("empty", "speeds", lambda raw: b"", ["speeds: the file is empty"]),
    ("no rows", "speeds", lambda raw: raw.split(b"\n", 1)[0] + b"\n", ["speeds: the table has no rows", "copy the table"]),
    ("half a line", "tariffs", lambda raw: raw[: raw.index(b"\n", 5000) + 12], ["tariffs line ", "stops in the middle of this line"]),
    ("half a header", "waits", lambda raw: raw[:12], ["waits line 1"]),
    ("binary", "handling", lambda raw: b"\x00\xff\xfe" * 50, ["handling line 1", "null byte", "Restore it"]),
    ("wrong number", "tariffs", cell_changed(7, "usd_per_km", "0,55"),
     ["tariffs line 7, column usd_per_km", "'0,55' has a comma in it", "Write 0.55"]),
    ("impossible number", "speeds", cell_changed(4, "speed_kmh", "-40"), ["speeds line 4, column speed_kmh", "It must be at least"]),
    ("unknown word", "border_dwell", cell_changed(3, "mode", "train"),
     ["border_dwell line 3, column mode", "'train' is not one of the values allowed", "Use"]),
    ("same key twice", "commodities", lambda raw: raw + raw.splitlines(keepends=True)[1],
     ["commodities line ", "is already on line 2", "Keep one row"]),
    ("renamed column", "emission_factors", lambda raw: raw.replace(b"g_co2e_per_tkm", b"g_per_tkm", 1),
     ["emission_factors line 1", "Rename it to g_co2e_per_tkm"]),
]  # fmt: skip


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize(("table", "edit", "parts"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
def test_a_damaged_table_is_named_with_its_line(
    run_cli: RunCli, folder: Path, table: str, edit: Edit | None, parts: list[str]
) -> None:
    path = folder / f"{table}.csv"
    if edit is None:
        path.unlink()
    else:
        change(path, edit)
    said = run_cli(*ASKED, "--data", folder)
    assert said.code == 2 and said.out == "" and "Traceback" not in said.err
    assert all(part in said.err for part in parts), said.err
    told = run_cli(*ASKED, "--data", folder, "--json").error
    assert told["kind"] == "bad_table"
    assert {problem["table"] for problem in told["problems"]} == {table}
    assert all(problem["message"] and problem["what_to_do"] for problem in told["problems"])


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize("table", RATE_TABLES)
def test_a_table_of_rates_without_rows_is_no_answer(run_cli: RunCli, folder: Path, table: str) -> None:
    change(folder / f"{table}.csv", lambda raw: raw.split(b"\n", 1)[0] + b"\n")
    told = run_cli(*ASKED, "--data", folder, "--json")
    assert (
        told.code == 2
        and told.error["kind"] == "bad_table"
        and f"{table}: the table has no rows" in told.error["message"]
    )


def test_a_table_the_network_needs_is_checked_before_a_minute_is_spent(
    fresh_cli: RunCli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("keruen.network.build.build_arrays", lambda *_: pytest.fail("built from a damaged table"))
    (folder / "services.csv").unlink()
    change(folder / "places.csv", cell_changed(5, "lat", "north"))
    said = fresh_cli(*ASKED, "--data", folder)
    assert said.code == 2 and "places line 5, column lat: 'north' is not a number" in said.err
    assert "services: the file services.csv is missing" in said.err, "all problems at once"
    assert not list((tmp_path / "cache").glob("*"))


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_a_table_that_is_not_needed_does_no_harm(run_cli: RunCli, folder: Path) -> None:
    (folder / "claims.csv").write_text("nonsense")
    assert run_cli(*ASKED, "--fastest", "--data", folder).code == 0
    assert run_cli("tables", "speeds", "--data", folder).code == 0
    assert run_cli("tables", "claims", "--data", folder).code == 2
    listed = run_cli("tables", "--data", folder)
    assert listed.code == 0 and "claims               damaged, see `keruen validate`" in listed.out


def test_very_many_problems_are_counted_and_not_all_told(run_cli: RunCli, folder: Path) -> None:
    change(folder / "speeds.csv", lambda raw: raw.replace(b",", b";").replace(b"mode;", b"mode,", 1))
    change(folder / "tariffs.csv", lambda raw: raw.replace(b"assumed", b"guessed"))
    said = run_cli("tables", "tariffs", "--data", folder)
    assert said.code == 2 and len(said.err.splitlines()) < 25
    assert "of which the first 20:" in said.err and "`keruen validate` lists them all" in said.err
    assert len(run_cli("validate", "--data", folder).out.splitlines()) > 50


# keruen validate


def test_the_shipped_tables_are_in_order(run_cli: RunCli) -> None:
    said = run_cli("validate")
    assert said.code == 0 and said.err == ""
    assert said.out.startswith("no problems in ") and said.out.count("\n") == 1
    assert run_cli("validate", "--json").json == {"problems": [], "empty_tables": []}


def test_validate_reports_every_problem_of_every_table_at_once(run_cli: RunCli, folder: Path) -> None:
    (folder / "vessels.csv").unlink()
    change(folder / "speeds.csv", cell_changed(4, "speed_kmh", "fast"))
    change(folder / "waits.csv", cell_changed(2, "source", "my_neighbour"))
    change(folder / "handling.csv", lambda raw: raw.split(b"\n", 1)[0] + b"\n")
    said = run_cli("validate", "--data", folder)
    assert said.code == 2 and said.err == ""
    assert "vessels: the file vessels.csv is missing" in said.out
    assert "speeds line 4, column speed_kmh: 'fast' is not a number" in said.out
    assert "waits line 2, column source: my_neighbour is not in sources.source" in said.out
    assert said.out.splitlines()[-1].startswith(f"{len(said.out.splitlines()) - 1} problems in ")
    assert said.out.rstrip().endswith("; without rows: handling")
    told = run_cli("validate", "--data", folder, "--json")
    assert told.code == 2 and told.json["empty_tables"] == ["handling"]
    problems = {(problem["table"], problem["row"], problem["column"]) for problem in told.json["problems"]}
    assert {("vessels", 0, ""), ("speeds", 4, "speed_kmh"), ("waits", 2, "source")} <= problems


# keruen tables


def test_tables_are_listed_and_shown_as_they_are(run_cli: RunCli, shipped: object) -> None:
    listed = run_cli("tables").out
    assert all(f"\n{name} " in f"\n{listed}" for name in ("sources", "speeds", "corridors"))
    rows = list(csv.DictReader(run_cli("tables", "vessels").out.splitlines()))
    assert "panamax" in {row["vessel"] for row in rows}
    assert "speed_kmh [km/h]: " in run_cli("tables", "speeds", "--dictionary").out
    every = run_cli("tables", "--dictionary").out
    assert "speeds.speed_kmh [km/h]: " in every and "sanctions.profile: " in every
    said = run_cli("tables", "speed")
    assert said.code == 2 and "There is no table 'speed'" in said.err and "speeds" in said.err


def test_a_shown_table_is_a_table_again(run_cli: RunCli, folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in ("schema", "words"):
            path.write_text(run_cli("tables", path.stem).out, encoding="utf-8")
    assert run_cli("validate", "--data", folder).out == run_cli("validate").out
