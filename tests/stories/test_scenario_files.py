"""A scenario as a file: everything wrong with it is said at once, each with its entry, its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import BadScenario, ScenarioProblem, UnknownScenario
from keruen.tables import Dataset
from keruen.tables.scenario import SHIPPED_SCENARIOS, find_scenario, read_scenario

HEAD = 'name = "test"\n'
FERRY = (
    'service = "new_ferry", name = "New", mode = "ferry", kind = "roro", from_place = "KZAAU", to_place = "AZALA", both_ways = true, '
    'distance_km = 468, running_h = 23, headway_h = 24, loads = ["roro"], status = "active"'
)


def problems(text: str, data: Dataset) -> list[ScenarioProblem]:
    with pytest.raises(BadScenario) as raised:
        read_scenario(text, data)
    assert raised.value.exit_code == 2 and raised.value.to_json()["error"]["problems"]
    return list(raised.value.problems)


def close(what: str) -> str:
    return f'[[close]]\nwhat = "{what}"\nreason = "x"\n'


def change(row: str, column: str, rest: str) -> str:
    return f'[[change]]\nrow = "{row}"\ncolumn = "{column}"\n{rest}\nreason = "x"\n'


def add(table: str, row: str, more: str = "") -> str:
    return f'[[add]]\ntable = "{table}"\nrow = {{ {row} }}\nreason = "x"\n{more}\n'


@pytest.mark.parametrize(
    ("text", "entry", "said"),
    [
        ("name = ", "", "invalid value"),
        ("title = 'x'", "", "has no name"),
        ("name = 'Big Name'", "", "cannot be the name"),
        ("name = 5", "", "not a text"),
        (HEAD + "closed = 1", "", "means nothing here"),
        (HEAD + "close = 1", "close", "not a list"),
        (HEAD + "close = [1]", "close 1", "not an entry"),
        (HEAD + "[close]\nwhat = 'passage:suez'\nreason = 'x'", "close", "not a list"),
        (HEAD + "[[close]]\nwhat = 'passage:suez'", "close 1", "has no reason"),
        (HEAD + "[[close]]\nreason = 'x'", "close 1", "has no what"),
        (HEAD + close("passage:suezz"), "close 1", "suezz"),
        (HEAD + close("suez"), "close 1", "not a feature"),
        (HEAD + close("canal:suez"), "close 1", "no kind 'canal'"),
        (HEAD + close("country:RU@boat"), "close 1", "no mode 'boat'"),
        (HEAD + close("passage:suez") * 2, "close 2", "close 1 is about the same"),
        (HEAD + change("services:aktau", "headway_h", "value = 1"), "change 1", "there is no row services:aktau"),
        (HEAD + change("servces:aktau_alat_feeder", "headway_h", "value = 1"), "change 1", "there is no row"),
        (HEAD + change("services:aktau_alat_feeder", "headway", "value = 1"), "change 1", "no column headway"),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", "value = 9999"), "change 1", "more than can be"),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", "value = 'often'"), "change 1", "is not a number"),
        (HEAD + change("services:aktau_alat_feeder", "status", "value = 'gone'"), "change 1", "not one of the values"),
        (
            HEAD + change("services:aktau_alat_feeder", "to_place", "value = 'KZAAU'"),
            "change 1",
            "ends where it begins",
        ),
        (HEAD + change("services:aktau_alat_feeder", "to_place", "value = 'ZZZZZ'"), "change 1", "ZZZZZ is not in"),
        (HEAD + change("services:aktau_alat_feeder", "service", "value = 'x'"), "change 1", "names the row"),
        (HEAD + change("services:aktau_alat_feeder", "source", "value = 'x'"), "change 1", "where the row is from"),
        (HEAD + change("services:aktau_alat_feeder", "status", "factor = 2"), "change 1", "not a number"),
        (HEAD + change("services:aktau_alat_feeder", "usd_trailer", "factor = 2"), "change 1", "is unknown"),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", "factor = -1"), "change 1", "not a number it can be"),
        (
            HEAD + change("services:aktau_alat_feeder", "headway_h", "factor = nan"),
            "change 1",
            "not a number it can be",
        ),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", "value = 1\nfactor = 2"), "change 1", "both a value"),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", ""), "change 1", "neither a value"),
        (HEAD + change("services:aktau_alat_feeder", "headway_h", "value = {}"), "change 1", "cannot be a cell"),
        (HEAD + add("servces", "service = 'x'"), "add 1", "no table servces"),
        (HEAD + add("services", "servce = 'x'"), "add 1", "no column servce"),
        (HEAD + add("services", "service = 'x'"), "add 1", "the cell is empty"),
        (HEAD + add("services", FERRY.replace("new_ferry", "aktau_alat_feeder")), "add 1", "already"),
        (HEAD + add("services", FERRY.replace("468", "-468")), "add 1", "less than can be"),
        (HEAD + add("services", FERRY.replace("AZALA", "AZALAT")), "add 1", "AZALAT is not in places"),
        (HEAD + add("services", FERRY, 'source = ["nobody"]'), "add 1", "no source nobody"),
        (HEAD + add("services", FERRY, 'evidence = ["prices:Z999"]'), "add 1", "no row prices:Z999"),
        (HEAD + add("services", FERRY, "evidence = [1]"), "add 1", "not a list of texts"),
        (HEAD + "[caspian]\nlevel_change_m = 1\nreason = 'x'", "caspian", "no fall"),
        (HEAD + "[caspian]\nlevel_change_m = -100\nreason = 'x'", "caspian", "no fall"),
        (HEAD + "[caspian]\nlevel_change_m = 'low'\nreason = 'x'", "caspian", "not a number"),
        (HEAD + "[caspian]\nreason = 'x'", "caspian", "has no level_change_m"),
        (HEAD + 'title = "a\\nb"', "", "line breaks"),
    ],
)
def test_what_is_wrong_is_said_with_its_entry(text: str, entry: str, said: str, shipped: Dataset) -> None:
    found = problems(text, shipped)
    assert [one for one in found if one.entry == entry and said in one.message], [str(one) for one in found]
    assert all(one.what_to_do for one in found)


def test_all_problems_come_at_once_with_their_lines(shipped: Dataset) -> None:
    text = HEAD + close("passage:suezz") + change("services:aktau", "headway_h", "value = 1") + add("nothing", "a = 1")
    found = problems(text, shipped)
    assert [(one.entry, one.line) for one in found] == [("add 1", 10), ("change 1", 5), ("close 1", 2)]


def test_a_name_nearby_is_offered(shipped: Dataset) -> None:
    assert "passage:suez" in problems(HEAD + close("passage:suezz"), shipped)[0].what_to_do
    near = problems(HEAD + change("services:aktau_alat_feder", "headway_h", "value = 1"), shipped)[0]
    assert "services:aktau_alat_feeder" in near.what_to_do


def test_a_scenario_is_found_by_its_file_or_name(shipped: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + close("passage:suez"), encoding="utf-8")
    assert find_scenario(str(path), shipped).close[0].what == "passage:suez"
    assert find_scenario("suez_closed", shipped).name == "suez_closed"
    for wrong in ("suez_close", "../suez_closed", str(path.parent), ""):
        with pytest.raises(UnknownScenario, match="suez_closed"):
            find_scenario(wrong, shipped)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UnknownScenario, match="UTF-8"):
        find_scenario(str(path), shipped)


def test_the_file_in_the_docs_can_be_read(shipped: Dataset, house: Path) -> None:
    page = (house / "docs" / "scenarios.md").read_text(encoding="utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    scenario = read_scenario(text, shipped)
    assert (len(scenario.close), len(scenario.change), len(scenario.add)) == (1, 1, 1) and scenario.caspian


def test_the_docs_name_every_ready_made_scenario(house: Path) -> None:
    page = (house / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert all(f"| `{path.stem}` |" in page for path in SHIPPED_SCENARIOS.glob("*.toml"))
