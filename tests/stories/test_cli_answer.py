"""The answer as others rely on it: keys, sums, languages, files; and nothing but the answer on standard output."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from command_line import RunCli, Said

from keruen.reports.wording import words_in

pytestmark = [pytest.mark.world, pytest.mark.usefixtures("world_data")]

ASKED = ("route", "VNHPH", "DEDUI")
MOVING = {"rail", "road", "sea", "ferry", "air", "inland_waterway"}
STANDING = {"terminal", "border", "gauge_change"}
HOURS = ("running_h", "waiting_h", "handling_h", "border_h")
SUMS = ("distance_km", *HOURS, "time_h", "cost_usd", "co2e_kg")
ANSWER = {"origin", "destination", "shipment", "coverage", "routes"}
PLACE = {"place", "name", "country", "lat", "lon"}
ROUTE = {"corridor", "beaten_by", "modes", "distance_km", "time_h", "cost_usd", "co2e_kg", "legs", "sources"}
LEG = {"mode", "from", "to", "country", "distance_km", *HOURS, "cost_usd", "co2e_kg", "sources"}
"""The contract of the JSON; more keys are welcome."""


@pytest.fixture(scope="module")
def said(request: pytest.FixtureRequest) -> Said:
    """The answer to the first question of the README, as JSON."""
    from command_line import said_in_process

    request.getfixturevalue("world_data")
    return said_in_process(*ASKED, "--json")


@pytest.fixture
def answer(said: Said) -> Any:
    return said.json


# JSON


def test_the_answer_is_all_there_is_on_standard_output(said: Said) -> None:
    assert said.code == 0 and said.err == "" and isinstance(said.json, dict)


def test_every_key_of_the_contract_is_there(answer: Any) -> None:
    assert answer.keys() >= ANSWER
    assert answer["origin"].keys() >= PLACE and answer["destination"].keys() >= PLACE
    assert (answer["origin"]["place"], answer["destination"]["place"]) == ("VNHPH", "DEDUI")
    for route in answer["routes"]:
        assert route.keys() >= ROUTE
        assert all(leg.keys() >= LEG for leg in route["legs"])


def test_every_key_is_documented(answer: Any, house: Path) -> None:
    page = (house / "docs" / "route-json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", page))
    leg = answer["routes"][0]["legs"][1]
    for part in (answer, answer["origin"], answer["coverage"], answer["routes"][0], leg, leg["components"][0]):
        assert part.keys() <= documented, sorted(part.keys() - documented)


def test_sums_of_legs_are_the_totals(answer: Any) -> None:
    for route in answer["routes"]:
        for name in SUMS:
            assert route[name] == pytest.approx(math.fsum(leg[name] for leg in route["legs"]), abs=1e-6), name
        assert route["time_h"] == pytest.approx(math.fsum(route[name] for name in HOURS), abs=1e-6)


def test_parts_of_a_leg_are_its_figures(answer: Any) -> None:
    for leg in (leg for route in answer["routes"] for leg in route["legs"]):
        for name in ("time_h", "cost_usd", "co2e_kg"):
            parts = math.fsum(part[name] for part in leg["components"])
            assert leg[name] == pytest.approx(parts, abs=1e-5 * max(1, len(leg["components"]))), (leg["mode"], name)


def test_modes_are_known_and_legs_follow_each_other(answer: Any) -> None:
    for route in answer["routes"]:
        legs = route["legs"]
        assert {leg["mode"] for leg in legs} <= MOVING | STANDING
        assert route["modes"] == list(dict.fromkeys(leg["mode"] for leg in legs if leg["mode"] in MOVING))
        assert all(leg["distance_km"] == 0 for leg in legs if leg["mode"] in STANDING)
        assert [leg["to"] for leg in legs[:-1]] == [leg["from"] for leg in legs[1:]]
        assert (legs[0]["from"], legs[-1]["to"]) == ("VNHPH", "DEDUI")
        assert {leg[end] for leg in legs for end in ("from", "to")} <= answer["places"].keys()


def test_every_source_can_be_opened(answer: Any, run_cli: RunCli) -> None:
    sources = {source for route in answer["routes"] for source in route["sources"]}
    assert sources == {source for route in answer["routes"] for leg in route["legs"] for source in leg["sources"]}
    assert run_cli("sources", *sorted(sources)).code == 0


def test_unbeaten_routes_come_first_and_the_best_of_them_first(answer: Any) -> None:
    unbeaten = [route for route in answer["routes"] if route["beaten_by"] is None]
    assert answer["routes"][: len(unbeaten)] == unbeaten and len(unbeaten) >= 1
    assert unbeaten[0]["generalized_cost_usd"] == min(route["generalized_cost_usd"] for route in unbeaten)
    for route in answer["routes"][len(unbeaten) :]:
        way = route["beaten_by_way"]
        assert way["corridor"] == route["beaten_by"]
        assert all(way[name] <= route[name] + 1e-5 for name in ("time_h", "cost_usd", "co2e_kg"))


def test_coordinates_come_only_when_asked_for(answer: Any, run_cli: RunCli) -> None:
    assert all("geometry" not in leg for route in answer["routes"] for leg in route["legs"])
    legs = run_cli(*ASKED, "--cheapest", "--json", "--geometry").json["routes"][0]["legs"]
    assert all(len(leg["geometry"]) >= (2 if leg["mode"] in MOVING else 1) for leg in legs)
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for leg in legs for lon, lat in leg["geometry"])


def test_asking_twice_gives_the_same_bytes(said: Said, run_cli: RunCli) -> None:
    assert run_cli(*ASKED, "--json").out == said.out


# What may be asked


@pytest.mark.parametrize(
    ("option", "measure"), [("--fastest", "time_h"), ("--cheapest", "cost_usd"), ("--cleanest", "co2e_kg")]
)
def test_one_way_that_is_best_for_one_thing(run_cli: RunCli, answer: Any, option: str, measure: str) -> None:
    (best,) = run_cli(*ASKED, option, "--json").json["routes"]
    assert best[measure] <= min(route[measure] for route in answer["routes"]) + 1e-6


def test_only_unbeaten_hides_the_beaten_and_nothing_else(run_cli: RunCli, answer: Any) -> None:
    shown = run_cli(*ASKED, "--only-unbeaten", "--json").json["routes"]
    assert shown == [route for route in answer["routes"] if route["beaten_by"] is None]


def test_what_is_avoided_is_not_used_and_what_is_required_is(run_cli: RunCli) -> None:
    away = run_cli(*ASKED, "--avoid", "Russia", "--avoid", "suez", "--avoid", "air", "--json").json["routes"]
    assert away and not [leg for route in away for leg in route["legs"] if leg["country"] == "RU"]
    assert not {"suez", "air"} & {route["corridor"] for route in away}
    named = run_cli(*ASKED, "--require", "trans_caspian", "--json").json["routes"]
    assert named and all({"ferry", "sea"} & set(route["modes"]) for route in named)


def test_words_are_understood_in_any_case_and_language(run_cli: RunCli) -> None:
    said = [run_cli(*words, "--fastest", "--json").json["routes"] for words in (
        ("route", "vnhph", "dedui", "-c", "ELECTRONICS", "-u", "40FT", "--avoid", "SUEZ"),
        ("route", "Хайфон", "Дуйсбург", "-c", "Electronics", "-u", " 40ft", "--avoid", "Suez Canal"),
        ("route", "Hai Phong", "Duisburg, DE", "--commodity", "electronics", "--avoid", "passage:suez"),
    )]  # fmt: skip
    assert said[0] == said[1] == said[2]


def test_coordinates_in_the_south_are_a_place(run_cli: RunCli) -> None:
    found = run_cli("route", "-33.92,18.43", "DEDUI", "--cheapest", "--json").json
    assert found["origin"]["lat"] == -33.92 and found["routes"]
    assert run_cli("places", "-33.92,18.43").out.startswith("-33.9200,18.4300  33.92° S 18.43° E")


# Text


def test_the_table_names_the_corridors_and_the_legs_of_unbeaten_ones(run_cli: RunCli, answer: Any) -> None:
    said = run_cli(*ASKED)
    assert said.code == 0 and said.err == "" and "\x1b" not in said.out
    for number, route in enumerate(answer["routes"], 1):
        assert re.search(rf"^ *{number}  {re.escape(route['corridor_name'].split()[0])}", said.out, re.MULTILINE)
    none, every = (run_cli(*ASKED, "--legs", which).out for which in ("none", "all"))
    assert said.out.count("Leg  ") == sum(route["beaten_by"] is None for route in answer["routes"])
    assert none.count("Leg  ") == 0 and every.count("Leg  ") == len(answer["routes"])


def test_russian_has_no_missing_words(run_cli: RunCli, answer: Any) -> None:
    said = run_cli(*ASKED, "--lang", "ru", "--legs", "all")
    assert said.code == 0 and "Хайфон (VNHPH) → Дуйсбург (DEDUI)" in said.out
    missing = [name for route in answer["routes"] if (name := route["corridor_name_ru"])[:20] not in said.out]
    assert not missing
    english, russian = words_in("en"), words_in("ru")
    assert [key for key, word in russian.items() if not word] == []
    frame = [line for line in said.out.splitlines() if "─" not in line]
    heads = {english[key] for key in english if key.startswith(("column_", "mode_", "short_", "total"))} - set(
        russian.values()
    )
    cells = {cell for line in frame for cell in re.split(r"\s{2,}", line.strip())}
    assert not cells & heads, "English words among the Russian"
    assert re.search(r"[а-яё]", said.out) and "None" not in said.out and "nan" not in said.out


# Files


def test_all_files_at_once_and_the_answer_besides(run_cli: RunCli, tmp_path: Path, answer: Any) -> None:
    paths = {
        "--map": tmp_path / "new folder" / "ways.svg",
        "--geojson": tmp_path / "ways.geojson",
        "--gpkg": tmp_path / "ways.gpkg",
    }
    said = run_cli(*ASKED, *(word for pair in paths.items() for word in pair), "--json", "--lang", "ru")
    assert said.code == 0 and said.json == answer
    assert sorted(said.err.splitlines()) == sorted(f"записано: {path}" for path in paths.values())
    assert "Хайфон" in paths["--map"].read_text(encoding="utf-8")
    features = json.loads(paths["--geojson"].read_text(encoding="utf-8"))["features"]
    assert len(features) == sum(len(route["legs"]) for route in answer["routes"])
    with sqlite3.connect(paths["--gpkg"]) as base:
        assert base.execute("SELECT count(*) FROM routes").fetchone() == (len(answer["routes"]),)
    base.close()


# Other commands


def test_a_matrix_agrees_with_the_best_route(run_cli: RunCli, answer: Any) -> None:
    said = run_cli("matrix", "VNHPH", "DEDUI", "--by", "cost")
    rows = list(csv.reader(io.StringIO(said.out)))
    assert (
        said.code == 0
        and rows[0] == ["cost_usd", "VNHPH", "DEDUI"]
        and [row[0] for row in rows[1:]] == ["VNHPH", "DEDUI"]
    )
    assert rows[1][1] == rows[2][2] == "0"
    (cheapest,) = run_cli(*ASKED, "--cheapest", "--json").json["routes"]
    assert float(rows[1][2]) == pytest.approx(cheapest["cost_usd"], rel=1e-5)


def test_a_matrix_takes_the_shipment_and_speaks_json(run_cli: RunCli) -> None:
    places = ("matrix", "VNHPH", "-33.92,18.43", "--to", "DEDUI", "--to", "KZALA", "--by", "generalized", "--json")
    cheap, dear = (run_cli(*places, "--carbon-price", price).json for price in ("0", "1000"))
    assert [place["place"] for place in cheap["origins"]] == ["VNHPH", "-33.9200,18.4300"]
    assert (cheap["by"], cheap["unit"], len(cheap["values"]), len(cheap["values"][0])) == ("generalized", "USD", 2, 2)
    assert all(
        a < b
        for row, other in zip(cheap["values"], dear["values"], strict=True)
        for a, b in zip(row, other, strict=True)
    )


def test_a_code_with_a_comma_is_one_cell(run_cli: RunCli) -> None:
    rows = list(csv.reader(io.StringIO(run_cli("matrix", "43.2,76.9", "--to", "DEDUI", "--to", "-33.92,18.43").out)))
    assert rows[0] == ["time_h", "DEDUI", "-33.9200,18.4300"] and rows[1][0] == "43.2000,76.9000" and len(rows[1]) == 3


@pytest.mark.parametrize(
    ("text", "place"), [("Khorgos", "KZHOR"), ("Сиань", "CNXIA"), ("vnhph", "VNHPH"), ("Birmingham, GB", "GBBHM")]
)
def test_a_place_by_any_name(run_cli: RunCli, text: str, place: str) -> None:
    assert run_cli("places", text).out.startswith(f"{place}  ")
    found = run_cli("places", text, "--json").json
    assert found["place"] == place and found.keys() >= PLACE | {"kinds", "population"}


def test_the_network_lists_what_it_holds_by_key(run_cli: RunCli) -> None:
    about = run_cli("network", "info", "--json").json
    assert about["nodes"] > 50_000 and about["arcs"] > about["nodes"] and Path(about["folder"]).is_dir()
    assert f"{about['nodes']}" in run_cli("network", "info").out
    passages = run_cli("network", "list", "passage", "--json").json["facilities"]
    assert {"suez", "panama", "malacca"} <= {row["key"] for row in passages}
    borders = run_cli("network", "list", "border", "--country", "Kazakhstan")
    assert borders.code == 0 and all("KZ" in line for line in borders.out.splitlines())
    assert borders.out == run_cli("network", "list", "border", "--country", "kz").out
    nothing = run_cli("network", "list", "passage", "--country", "KZ")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "There is no passage in KZ.\n")


def test_every_listed_key_can_be_avoided(run_cli: RunCli) -> None:
    """The keys that `network list` shows are those that --avoid takes."""
    for kind in ("border", "passage", "service", "terminal"):
        key = run_cli("network", "list", kind, "--json").json["facilities"][0]["key"]
        exact = {"terminal": "place"}.get(kind, kind)
        assert run_cli(*ASKED, "--fastest", "--avoid", f"{exact}:{key}").code in (0, 3), key
