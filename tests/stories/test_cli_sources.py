"""`keruen sources` opens whatever a user has in hand: a row, a key, a place, a source, a route, an answer in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import RunCli


def test_a_row_is_opened_down_to_its_sources(run_cli: RunCli) -> None:
    said = run_cli("sources", "tariffs:rail/KZ/feu")
    assert said.code == 0 and said.err == ""
    rows, _, sources = said.out.partition("\nsources\n")
    assert rows.startswith("tariffs:rail/KZ/feu\n  tariffs:rail/KZ/feu [") and "usd_per_km" in rows
    assert "\n    prices:" in rows, "the evidence stands under the row"
    assert "http" in sources


def test_the_same_as_json(run_cli: RunCli) -> None:
    told = run_cli("sources", "tariffs:rail/KZ/feu", "--json").json
    assert told["asked"] == "tariffs:rail/KZ/feu"
    assert told["rows"][0]["id"] == "tariffs:rail/KZ/feu" and told["rows"][0]["depth"] == 0
    named = {source for row in told["rows"] for source in row["sources"]}
    assert named == {source["source"] for source in told["sources"]}


@pytest.mark.parametrize(
    ("what", "row"),
    [
        (("rail/KZ/feu",), "tariffs:rail/KZ/feu"),
        (("B012",), "border_times:B012"),
        (("B012", "C034"), "prices:C034"),
        (("unlocode_2024",), "sources:unlocode_2024"),
        (("KZHOR",), "places:KZHOR"),
        (("Khorgos",), "places:KZHOR"),
        (("Хоргос - Восточные ворота",), "places:KZHOR"),
        (("tariffs:rail/KZ/feu|rail/UZ/feu",), "tariffs:rail/UZ/feu"),
    ],
)  # fmt: skip
def test_keys_and_names_are_enough(run_cli: RunCli, what: tuple[str, ...], row: str) -> None:
    told = run_cli("sources", *what, "--json")
    assert told.code == 0 and row in {found["id"] for found in told.json["rows"]}
    assert told.json["asked"] == ", ".join(what)


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_a_place_by_a_name_only_the_gazetteer_knows(run_cli: RunCli) -> None:
    told = run_cli("sources", "Khorgos, KZ", "--json")
    assert told.code == 0 and told.json["rows"][0]["id"] == "places:KZHOR"
    said = run_cli("sources", "Haarlem")
    assert said.code == 2 and "Haarlem (geo:2755003) is a place that no row of the tables is about" in said.err


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_two_places_are_a_route(run_cli: RunCli, tmp_path: Path) -> None:
    said = run_cli("sources", "VNHPH", "Дуйсбург")
    assert said.code == 0 and said.out.startswith("Hai Phong - Duisburg\n")
    answer = tmp_path / "answer.json"
    answer.write_text(run_cli("route", "VNHPH", "DEDUI", "--json").out, encoding="utf-8")
    from_file = run_cli("sources", answer)
    assert from_file.code == 0 and from_file.out.split("\n")[1:] == said.out.split("\n")[1:]
    rows = {found["id"] for found in run_cli("sources", answer, "--json").json["rows"]}
    assert rows >= {source for route in json.loads(answer.read_text("utf-8"))["routes"] for source in route["sources"]}
    assert run_cli("sources", "VNHPH", "VNHPH").code == 2


NO_ANSWERS = [
    ("", "is not an answer of `keruen route --json`"),
    ("nonsense", "is not an answer of `keruen route --json`"),
    ("[1, 2]", "is not an answer of `keruen route --json`"),
    ('{"error": {"kind": "no_route"}}', "is not an answer of `keruen route --json`"),
    ('{"routes": 5}', "is not an answer of `keruen route --json`"),
    ('{"routes": [{"sources": [1]}]}', "is not an answer of `keruen route --json`"),
    ('{"routes": [{"sources": "text"}]}', "is not an answer of `keruen route --json`"),
    ('{"routes": []}', "is an answer without routes"),
    ('{"routes": [{"sources": ["tariffs:moon/XX/feu"]}]}', "no row, place or source goes by 'tariffs:moon/XX/feu'"),
]


@pytest.mark.parametrize(("text", "message"), NO_ANSWERS)
def test_a_file_that_is_no_answer(run_cli: RunCli, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    said = run_cli("sources", path)
    assert said.code == 2 and said.out == "" and message in said.err and "Traceback" not in said.err
    assert run_cli("sources", path, "--json").error["kind"] in ("file", "unknown_figure")


def test_files_that_cannot_be_read(run_cli: RunCli, tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\x80\x81\x82")
    assert "is not an answer" in run_cli("sources", binary).err
    folder = tmp_path / "folder.json"
    folder.mkdir()
    assert "cannot be read: " in run_cli("sources", folder).err
    missing = run_cli("sources", tmp_path / "missing.json")
    assert missing.code == 2 and "missing.json cannot be read: No such file or directory." in missing.err


@pytest.mark.parametrize(
    ("what", "part"),
    [
        ("tariffs:rail/KZ/fe", "did you mean tariffs:rail/KZ/feu"),
        ("tarifs:rail/KZ/feu", "did you mean rail/KZ/feu"),
        ("speeds:", "no row, place or source goes by 'speeds:'"),
    ],
)
@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_what_nothing_goes_by(run_cli: RunCli, what: str, part: str) -> None:
    said = run_cli("sources", what)
    assert said.code == 2 and part in said.err
    assert run_cli("sources", what, "--json").error["kind"] == "unknown_figure"


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_an_unknown_word_is_neither_row_nor_place(run_cli: RunCli) -> None:
    told = run_cli("sources", "cpmm_1922", "--json").error
    assert told["kind"] == "unknown_figure" and told["suggestions"]
    assert run_cli("sources", "").code == 2
