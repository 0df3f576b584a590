"""No way from A to B is an answer too: exit code 3, and the name of what shuts it.

{"error": {"kind": "no_route", "message", "blocked_by"}}, each of the last two in Russian as well
"""

from __future__ import annotations

import pytest
from command_line import RunCli

pytestmark = [pytest.mark.world, pytest.mark.usefixtures("world_data")]

ASKED = ("route", "VNHPH", "DEDUI")

# words, what blocks
SHUT = [
    ((*ASKED, "--avoid", "VN"), ["avoid VN"]),
    ((*ASKED, "--avoid", "Вьетнам"), ["avoid Вьетнам"]),
    ((*ASKED, "--avoid", "Germany"), ["avoid Germany"]),
    ((*ASKED, "--avoid", "VNHPH"), ["avoid VNHPH"]),
    ((*ASKED, "--avoid", "suez", "--require", "suez"), ["avoid suez", "require suez"]),
    ((*ASKED, "--avoid", "suez", "--avoid", "VN", "--require", "KZ"), ["avoid VN"]),
    ((*ASKED, "--avoid", "malacca", "--require", "malacca", "--sanctions", "no_russia"), ["avoid malacca", "require malacca"]),
    (("route", "MNULN", "DEDUI", "--avoid", "RU", "--avoid", "CN", "--avoid", "air"), ["avoid RU", "avoid CN", "avoid air"]),
    (("route", "Tashkent", "DEDUI", *(word for what in ("KZ", "TM", "AF", "KG", "TJ", "air") for word in ("--avoid", what))),
     ["avoid KZ", "avoid TM", "avoid AF", "avoid KG", "avoid TJ", "avoid air"]),
    (("route", "VNHPH", "0,-150"), ["no access"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "blocked_by"), SHUT, ids=[" ".join(words[3:]) or words[2] for words, _ in SHUT])
def test_no_way_names_what_blocks_it(run_cli: RunCli, words: tuple[str, ...], blocked_by: list[str]) -> None:
    told = run_cli(*words, "--json")
    assert told.code == 3 and told.err == ""
    assert list(told.error) == ["kind", "message", "message_ru", "blocked_by", "blocked_by_ru"]
    assert told.error["kind"] == "no_route" and len(told.error["blocked_by_ru"]) == len(blocked_by)
    assert told.error["blocked_by"] == blocked_by
    plain = run_cli(*words)
    assert plain.code == 3 and plain.out == "" and plain.err == f"error: {told.error['message']}\n"


def test_the_message_names_the_ends_and_the_load(run_cli: RunCli) -> None:
    message = run_cli(*ASKED, "-c", "coal", "--avoid", "VN", "--json").error["message"]
    assert message.startswith("No route from Hai Phong (VNHPH) to Duisburg (DEDUI) for Coal") and message.endswith(
        "avoid VN."
    )


def test_no_files_without_a_route(run_cli: RunCli, tmp_path: object) -> None:
    said = run_cli(*ASKED, "--avoid", "VN", "--map", f"{tmp_path}/a.png", "--gpkg", f"{tmp_path}/a.gpkg")
    assert said.code == 3 and "wrote" not in said.err


def test_an_island_is_left_by_sea_and_by_air_only(run_cli: RunCli) -> None:
    assert run_cli("route", "Reykjavik", "DEDUI", "--avoid", "sea", "--avoid", "air", "--avoid", "ferry").code == 3
    ways = run_cli("route", "Reykjavik", "DEDUI", "--avoid", "air", "--json").json["routes"]
    assert ways and all({"sea", "ferry"} & set(way["modes"]) for way in ways)
