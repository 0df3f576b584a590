"""Every rule of the tables can be broken, and is then named with table, line, column and what to do.

A small sound world is written to a folder; each story breaks one thing in it.

    KZ Altynkol --khorgos (rail)-- Khorgos CN        Aktau ~ ferry ~ Alat
"""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

import pytest
from tables_folder import write_tables

from keruen.errors import BadTable, Problem
from keruen.figures.ledger import rules
from keruen.tables import CHECKS, check, load
from keruen.tables.reading import read_table

SOUND = {
    "sources": [
        {"source": "atlas", "title": "Atlas", "url": "https://example.org", "tier": "press_or_trade"},
        {"source": "ours", "title": "Keruen", "tier": "assumption", "note": "Our own choice."},
    ],
    "countries": [
        {"country": code, "iso3": code + "X", "name": code, "rail_gauge_mm": "1520", "rail_gauges_mm": "1520|1435"}
        for code in ("KZ", "CN", "AZ")
    ],
    "places": [
        {"place": place, "name": place, "country": place[:2], "kind": "seaport", "lat": "44", "lon": "51"}
        for place in ("KZAAU", "AZALA", "KZALT", "CNKHO")
    ],
    "speeds": [
        {"mode": "rail", "country": country, "load": "*", "speed_kmh": "40", "basis": "assumed", "note": "A guess."}
        | {"source": "ours"}
        for country in ("*", "KZ")
    ],
    "borders": [
        {"border": "khorgos", "name": "Khorgos", "mode": "rail", "lat": "44.2", "lon": "80.2", "radius_km": "20"}
        | {"country_a": "KZ", "country_b": "CN", "place_a": "KZALT", "place_b": "CNKHO", "status": "open"}
    ],
    "gauge_yards": [
        {"place": "KZALT", "border": "khorgos", "gauge_a_mm": "1435", "gauge_b_mm": "1520", "methods": "transload"}
        | {"hours": "12", "usd_per_teu": "90", "basis": "derived", "evidence": "speeds:rail/KZ/*"}
    ],
    "handling": [
        {"kind": "seaport", "place": "*", "unit": "teu", "hours": "12", "usd": "90", "co2e_kg_per_t": "0.6", "basis": "assumed"}
        | {"note": "A guess.", "source": "ours"}
    ],
    "services": [
        {"service": "aktau_alat", "name": "Ferry", "mode": "ferry", "kind": "ferry", "both_ways": "yes"}
        | {"from_place": "KZAAU", "to_place": "AZALA", "distance_km": "470", "running_h": "20", "headway_h": "48"}
        | {"loads": "container", "status": "active", "basis": "reported", "capacity": "5", "capacity_unit": "ships"}
        | {"emission_factor": "train"}
    ],
    "corridors": [
        {"corridor": "caspian", "name": "Caspian", "rank": "1", "description": "By ship.", "gates": "service:aktau_alat"},
        {"corridor": "north", "name": "North", "rank": "2", "description": "By rail.", "gates": "pair:KZ-CN@rail"}
        | {"also": "border:khorgos|mode:rail", "never": "region:north_of_66|country:AZ"},
    ],
    "sanctions": [{"profile": "none_by_az", "item": "country:AZ", "rule": "avoid", "reason": "A story."}],
    "emission_factors": [
        {"factor": "train", "mode": "rail", "subtype": "Train", "scope": "WTW", "g_co2e_per_tkm": "20", "value_max": "25"}
        | {"unit_published": "g_co2e_per_tkm"}
    ],
    "rail_lines": [
        {"line": "khorgos_line", "name": "Line", "from_place": "KZALT", "to_lat": "43.2", "to_lon": "76.9"}
        | {"via": "44.1 79.0|43.7 78.0", "gauges_mm": "1520", "status": "open"}
    ],
}  # fmt: skip


def broken(folder: Path, table: str, row: int, **cells: str) -> list[Problem]:
    """Problems of the sound world with some cells of one row changed."""
    world = SOUND | {table: [cell | (cells if i == row else {}) for i, cell in enumerate(SOUND[table])]}
    return check(load(write_tables(folder, world)))


def test_the_sound_world_has_no_problems(tmp_path: Path) -> None:
    assert check(load(write_tables(tmp_path, SOUND))) == []


STORIES = [
    ("places", 1, {"country": "ZZ"}, "country", "ZZ is not in countries.country"),
    ("places", 0, {"source": "atlass"}, "source", "atlass is not in sources.source"),
    ("services", 0, {"to_place": "AZALAT"}, "to_place", "AZALAT is not in places.place"),
    ("services", 0, {"to_place": "KZAAU"}, "to_place", "the service ends where it begins"),
    ("services", 0, {"capacity_unit": ""}, "capacity_unit", "capacity is given without its unit"),
    ("speeds", 1, {"country": "RU"}, "country", "RU is not in countries.country"),
    ("speeds", 1, {"note": ""}, "note", "the row is assumed and does not say why"),
    ("speeds", 0, {"country": "AZ"}, "mode/country/load", "no row stands for all cases of rail"),
    ("gauge_yards", 0, {"evidence": ""}, "evidence", "the row is derived and does not say from what"),
    ("gauge_yards", 0, {"evidence": "speeds:rail/RU/*"}, "evidence", "there is no row speeds:rail/RU/*"),
    ("gauge_yards", 0, {"evidence": "B012"}, "evidence", "there is no row B012"),
    ("gauge_yards", 0, {"gauge_a_mm": "1520"}, "gauge_b_mm", "the second gauge is not wider than the first"),
    ("sources", 0, {"url": ""}, "url", "the source has neither url nor note"),
    ("borders", 0, {"country_b": "KZ"}, "country_b", "both sides are KZ"),
    ("borders", 0, {"lat": ""}, "lat", "the crossing has no complete position"),
    ("countries", 0, {"rail_gauge_mm": "1000"}, "rail_gauges_mm", "the main gauge 1000 is not in the list"),
    ("countries", 0, {"rail_gauge_km": "16000"}, "rail_gauge_km", "there are 1 lengths for 2 gauges"),
    ("emission_factors", 0, {"value_max": "19"}, "value_max", "19 is less than g_co2e_per_tkm 20"),
    ("emission_factors", 0, {"g_co2e_per_tkm": ""}, "value_max", "the row has an upper end and no g_co2e_per_tkm"),
    ("gauge_yards", 0, {"usd_per_teu": ""}, "usd_per_teu", "the row has no usd_per_teu and no usd_per_t"),
    ("handling", 0, {"co2e_kg_per_t": ""}, "co2e_kg_per_t", "the row has no co2e_kg_per_t"),
    (
        "emission_factors",
        0,
        {"g_co2e_per_tkm": "", "value_max": ""},
        "emission_factor",
        "emission_factors:train has no g_co2e",
    ),
    ("rail_lines", 0, {"from_place": ""}, "from_place", "the line has no such end"),
    ("rail_lines", 0, {"via": "79.0"}, "via", "'79.0' is not a point"),
    ("rail_lines", 0, {"via": "144.1 79.0"}, "via", "'144.1 79.0' is not a point"),
    ("corridors", 0, {"gates": "service:aktau"}, "gates", "service:aktau names aktau, which is not in services"),
    ("corridors", 0, {"gates": "ferry:aktau"}, "gates", "'ferry:aktau': there is no kind 'ferry'"),
    ("corridors", 0, {"gates": ""}, "gates", "every route would belong to this corridor"),
    ("corridors", 1, {"rank": "1"}, "rank", "caspian has the same rank"),
    ("corridors", 1, {"also": "pair:KZ-Chn"}, "also", "'pair:KZ-Chn' is not a pair of countries"),
    ("corridors", 1, {"also": "pair:KZ>RU"}, "also", "pair:KZ>RU names RU, which is not in countries"),
    ("sanctions", 0, {"item": "country:XX"}, "item", "country:XX names XX, which is not in countries"),
]


@pytest.mark.parametrize(("table", "row", "cells", "column", "message"), STORIES)
def test_one_broken_thing_is_one_problem(
    tmp_path: Path, table: str, row: int, cells: dict[str, str], column: str, message: str
) -> None:
    problems = broken(tmp_path, table, row, **cells)
    named = [(problem.table, problem.column) for problem in problems if message in problem.message]
    where = "services" if column == "emission_factor" else table
    assert named == [(where, column)], problems
    problem = next(problem for problem in problems if message in problem.message)
    assert problem.row == (0 if "no row stands" in message else row + 2) and problem.what_to_do


def test_a_source_nobody_cites_is_named(tmp_path: Path) -> None:
    world = SOUND | {
        "sources": [*SOUND["sources"], {"source": "old", "title": "Old", "tier": "unlocated", "note": "?"}]
    }
    assert [problem.message for problem in check(load(write_tables(tmp_path, world)))] == [
        "no row of any table cites this source"
    ]


def test_a_package_is_used_whole_and_need_not_be_cited(tmp_path: Path) -> None:
    package = {"source": "lines", "title": "Lines", "tier": "package", "note": "The lines of the network."}
    assert check(load(write_tables(tmp_path, SOUND | {"sources": [*SOUND["sources"], package]}))) == []


def test_a_frontier_closed_in_its_whole_length_needs_no_position(tmp_path: Path) -> None:
    assert broken(tmp_path, "borders", 0, lat="", lon="", radius_km="", status="closed") == []


def test_a_suggestion_comes_with_an_unknown_name(tmp_path: Path) -> None:
    problems = broken(tmp_path, "services", 0, from_place="KZAAV")
    assert [problem.what_to_do for problem in problems] == ["Did you mean KZAAU? Otherwise add KZAAV to places"]


def test_damaged_and_broken_tables_are_reported_together(tmp_path: Path) -> None:
    broken(tmp_path, "borders", 0, country_b="KZ")
    (tmp_path / "waits.csv").write_bytes(b"")
    (tmp_path / "speeds.csv").unlink()
    problems = check(load(tmp_path))
    assert [(problem.table, problem.message) for problem in problems] == [
        ("speeds", "the file speeds.csv is missing"),
        ("waits", "the file is empty"),
        ("borders", "both sides are KZ"),
    ]


def test_a_rule_says_what_it_asks_and_is_in_the_list() -> None:
    room = importlib.import_module("keruen.tables.check")
    rules = [value for name, value in vars(room).items() if name.startswith("check_")]
    assert set(rules) == set(CHECKS) and all(rule.__doc__ for rule in rules)


def test_the_tables_that_ship_are_sound() -> None:
    assert [str(problem) for problem in check(load())] == []


@pytest.mark.parametrize(
    ("table", "cells", "told"),
    [
        ("figures", {"period": "2022-13"}, "'2022-13' is no period"),
        ("figures", {"base_period": "last year"}, "'last year' is no period"),
        ("aggregates", {"area": "EU29"}, "EU29 is not in trade_areas.area"),
    ],
)
def test_shipped_figures_that_are_changed_are_told(table: str, cells: dict[str, str], told: str) -> None:
    data = load()
    header, first, *_ = csv.reader(data.files[table].decode().splitlines())
    row = dict(zip(header, first, strict=True)) | cells
    changed, problems = read_table(data.schema[table], f"{','.join(row)}\n{','.join(row.values())}\n".encode())
    assert changed is not None, problems
    assert told in [problem.message for problem in check(data.with_table(table, changed))]


def test_a_rule_that_is_missing_is_told() -> None:
    data = load()
    lines = [line for line in data.files["figure_rules"].decode().splitlines() if not line.startswith("almost,")]
    changed, _ = read_table(data.schema["figure_rules"], ("\n".join(lines) + "\n").encode())
    assert changed is not None
    assert "there is no rule almost" in [problem.message for problem in check(data.with_table("figure_rules", changed))]
    with pytest.raises(BadTable, match="there is no rule almost"):
        rules(data.with_table("figure_rules", changed))
