"""Scenarios in the real world: those that ship, the level of the Caspian worked out by hand, and additions against a network built anew."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command_line import RunCli

import keruen
from keruen.network import build
from keruen.routing.result import RouteResult
from keruen.tables import Dataset, check
from keruen.tables.scenario import SHIPPED_SCENARIOS, read_scenario, shipped_scenarios
from keruen.tables.trace import trace

NAMES = sorted(path.stem for path in SHIPPED_SCENARIOS.glob("*.toml"))
ADDED = """
name = "added"
[[add]]
table = "services"
row = { service = "aktau_baku", name = "Aktau - Alat, fast", mode = "ferry", kind = "roro", from_place = "KZAAU", to_place = "AZALA", both_ways = true, distance_km = 468, running_h = 15, headway_h = 6, usd_teu = 150, usd_feu = 300, loads = ["container", "roro"], status = "active" }
reason = "A ferry"
[[add]]
table = "rail_lines"
row = { line = "kashgar_andijan", name = "Kashgar - Andijan", from_place = "CNKSS", via = ["40.55 75.39"], to_place = "UZAZN", gauges_mm = ["1435", "1520"], length_km = 523, status = "open", new_track = true }
reason = "A line in both gauges"
"""  # noqa: E501


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_made_scenario_leaves_tables_that_can_be_believed(name: str, shipped: Dataset) -> None:
    text = (SHIPPED_SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    scenario = read_scenario(text, shipped)
    assert scenario.name == name and scenario.title and scenario.title_ru
    assert all(entry.reason and entry.reason_ru for _, _, entry in scenario.entries())
    changed = scenario.apply(shipped)
    assert not check(changed) and changed is not shipped
    assert read_scenario(scenario.to_toml(), shipped) == scenario
    assert build.as_built(changed) is shipped  # none of them needs a network of its own
    for change in scenario.changes(shipped):
        assert any(
            f"Scenario {scenario.title}" in source.text("title") for source in trace(changed, change.row).sources
        )


def test_all_ready_made_scenarios_are_listed(shipped: Dataset) -> None:
    assert list(shipped_scenarios(shipped)) == NAMES and len(NAMES) >= 8


def test_a_metre_less_water_by_hand(shipped: Dataset) -> None:
    """A rail ferry of 5,757 t is 2,320 t short and loses 2,320 t a metre: 1,117 t of 3,437 t are left."""
    lower = shipped_scenarios()["caspian_1m_lower"].apply(shipped)
    before, after = (data["services"].find("kuryk_alat_rail_ferry") for data in (shipped, lower))
    assert before is not None and after is not None
    left = (5757 - 2320 - 2320) / (5757 - 2320)
    assert after.number("usd_feu") == pytest.approx(before.number("usd_feu") / left, rel=1e-5)
    assert after.number("headway_h") == pytest.approx(before.number("headway_h") / left, rel=1e-5)
    assert after.number("capacity") == pytest.approx(before.number("capacity") * left, rel=1e-5)
    feeder = lower["services"].find("aktau_alat_feeder")
    assert feeder is not None and feeder.number("fill_teu") == pytest.approx(225 * 3500 / 4500)
    black_sea = [data["services"].find("poti_constanta_feeder") for data in (shipped, lower)]
    assert str(black_sea[0]) == str(black_sea[1])


def test_where_ships_cannot_enter_their_services_are_closed(shipped: Dataset) -> None:
    text = 'name = "dry"\n[caspian]\nlevel_change_m = -2\nreason = "Much lower"'
    closed = {change.item for change in read_scenario(text, shipped).changes(shipped) if change.effect == "closed"}
    assert {"service:kuryk_alat_rail_ferry", "service:turkmenbashi_alat_ferry", "service:aktau_alat_feeder"} <= closed
    assert not any("poti" in item for item in closed)


@pytest.mark.world
def test_suez_closed_sends_ships_round_the_cape(world_data: Dataset) -> None:
    found = keruen.compare(
        world_data, shipped_scenarios()["suez_closed"], "CNSHA", "NLRTM", avoid=["mode:rail", "mode:road", "mode:air"], objective="fastest"
    )  # fmt: skip
    assert isinstance(found.base, RouteResult) and isinstance(found.with_scenario, RouteResult)
    names = [[leg.name for leg in side.routes[0].legs] for side in (found.base, found.with_scenario)]
    assert any("Suez" in name for name in names[0]) and not any("Suez" in name for name in names[1])
    assert found.with_scenario.routes[0].time_h > found.base.routes[0].time_h + 5 * 24
    assert found.with_scenario.conditions and not found.base.conditions


@pytest.mark.world
def test_no_way_touches_russia_when_it_is_closed(world_data: Dataset) -> None:
    closed = shipped_scenarios()["russia_closed"].apply(world_data)
    for start, end in (("CNXAG", "DEDUI"), ("VNHPH", "LTKLJ")):
        for one in keruen.route(closed, start, end).routes:
            assert not any(leg.country == "RU" for leg in one.legs)


@pytest.mark.world
def test_the_line_through_zangezur_carries_trains(world_data: Dataset) -> None:
    opened = shipped_scenarios()["zangezur_tripp"].apply(world_data)
    way = keruen.route(
        opened, "AZBAK", "TRKSY", require=["border:aghband_meghri_rail", "place:AZNAJ"], avoid=["mode:road"]
    ).routes[0]
    assert {"rail", "border", "gauge_change"} <= {leg.mode for leg in way.legs}
    countries = list(dict.fromkeys(leg.country for leg in way.legs if leg.mode == "rail"))
    assert countries == ["AZ", "AM", "TR"]


@pytest.mark.world
def test_additions_laid_on_are_as_in_a_network_built_anew(world_data: Dataset) -> None:
    added = read_scenario(ADDED, world_data).apply(world_data)
    whole = Dataset(added.schema, added.files, added.changed)  # made from no other one: built from its tables
    laid, built = build.open_world(added), build.open_world(whole)
    assert build.as_built(added) is world_data and build.as_built(whole) is whole
    assert (laid.graph.n, laid.graph.m) == (built.graph.n, built.graph.m)
    gained = False
    for start, end in (("KZAAU", "AZBAK"), ("CNXAG", "GEPTI"), ("CNXAG", "UZTAS"), ("CNKSS", "TRMER")):
        sides = [
            [
                (one.corridor, one.time_h, one.cost_usd, one.co2e_kg, one.distance_km)
                for one in keruen.route(data, start, end).routes
            ]
            for data in (added, whole)
        ]
        assert list(map(rounded, sides[0])) == list(map(rounded, sides[1]))
        gained |= sides[0] != [
            (one.corridor, one.time_h, one.cost_usd, one.co2e_kg, one.distance_km)
            for one in keruen.route(world_data, start, end).routes
        ]
    assert gained
    ends = ["KZAAU", "CNKSS"], ["AZBAK", "UZAZN"]
    assert keruen.matrix(added, *ends).values == pytest.approx(keruen.matrix(whole, *ends).values)


def rounded(figures: tuple[str, float, float, float | None, float]) -> tuple[object, ...]:
    """Figures without the last digits, which follow the order of sums."""
    return tuple(one if isinstance(one, str) or one is None else float(f"{one:.9g}") for one in figures)


# the command line


@pytest.mark.world
def test_the_command_line_asks_under_scenarios_in_order(run_cli: RunCli, world_data: Dataset, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\n[[close]]\nwhat = "country:IR"\nreason = "A drill"', encoding="utf-8")
    said = run_cli("route", "KZAAU", "TRMER", "--scenario", "russia_closed", "--scenario", mine, "--json")
    assert said.code == 0
    assert not any(leg["country"] in ("RU", "IR") for one in said.json["routes"] for leg in one["legs"])
    again = run_cli(
        "matrix", "KZAAU", "--to", "TRMER", "--by", "cost", "--scenario", "russia_closed", "--scenario", mine, "--json"
    )
    usual = run_cli("matrix", "KZAAU", "--to", "TRMER", "--by", "cost", "--json")
    assert again.json["values"][0][0] > usual.json["values"][0][0]
    for command in (("tcd", "KZAAU", "TRMER", "--json"), ("emissions", "KZAAU", "TRMER", "--json")):
        assert run_cli(*command, "--scenario", mine).code == 0


@pytest.mark.world
def test_compare_speaks_both_languages_and_json(run_cli: RunCli, world_data: Dataset, tmp_path: Path) -> None:
    asked = ("compare", "suez_closed", "VNHPH", "NLRTM")
    files = {ending: tmp_path / f"both.{ending}" for ending in ("geojson", "gpkg", "xlsx")}
    english = run_cli(*asked, *(word for ending, file in files.items() for word in (f"--{ending}", file))).out
    russian = run_cli(*asked, "--lang", "ru").out
    assert "Suez Canal closed" in english and "vanishes" in english and "→" in english
    assert "Суэцкий канал закрыт" in russian and "исчезает" in russian
    told = run_cli(*asked, "--json").json
    legs = [
        (side, number, leg["from"], leg["to"], leg["cost_usd"])
        for side in ("base", "with")
        for number, one in enumerate(told[side]["routes"], 1)
        for leg in one["legs"]
    ]
    features = json.loads(files["geojson"].read_text(encoding="utf-8"))["features"]
    held = [one["properties"] for one in features]
    assert [(one["side"], one["route"], one["from"], one["to"], one["cost_usd"]) for one in held] == legs
    with closing(sqlite3.connect(files["gpkg"])) as base:
        routes = base.execute("SELECT side, route, cost_usd FROM routes").fetchall()
        both = [
            row
            for layer in ("legs", "stops")
            for row in base.execute(f'SELECT side, route, "from", "to", cost_usd FROM {layer}')
        ]
    assert routes == [
        (side, i, one["cost_usd"]) for side in ("base", "with") for i, one in enumerate(told[side]["routes"], 1)
    ]
    assert sorted(map(str, both)) == sorted(map(str, legs))
    assert files["xlsx"].stat().st_size > 0
    assert told.keys() == {"scenario", "base", "with", "differences"}
    assert {"corridor", "corridor_name", "corridor_name_ru", "base", "with", "change"} == told["differences"][0].keys()


def test_scenarios_are_listed_and_told(run_cli: RunCli) -> None:
    assert run_cli("scenarios").out.split("\n")[0].startswith(NAMES[0])
    assert [row["name"] for row in run_cli("scenarios", "--json").json["scenarios"]] == NAMES
    assert "Каспий" in run_cli("scenarios", "caspian_1m_lower", "--lang", "ru").out
    wrong = run_cli("scenarios", "caspian", "--json")
    assert wrong.code == 2 and wrong.error["kind"] == "unknown_scenario"


def test_a_bad_scenario_ends_with_all_its_problems(run_cli: RunCli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'name = "bad"\n[[close]]\nwhat = "passage:suezz"\nreason = "x"\n[[close]]\nwhat = "x"\n', encoding="utf-8"
    )
    said = run_cli("route", "KZAAU", "TRMER", "--scenario", bad, "--json")
    assert said.code == 2 and said.error["kind"] == "bad_scenario"
    assert said.error["problems"][0]["line"] == 5


def test_sources_open_under_a_scenario(run_cli: RunCli) -> None:
    said = run_cli("sources", "services:kuryk_alat_rail_ferry", "--scenario", "caspian_1m_lower")
    assert said.code == 0 and "Scenario Caspian one metre lower" in said.out and "caspian_ships:rail_ferry" in said.out


def test_only_what_is_shut_vanishes(shipped: Dataset) -> None:
    """An answer shows at most eight unbeaten routes: with the canal shut others take its place, and none of those left out is gone."""
    found = keruen.compare(shipped, shipped_scenarios(shipped)["suez_closed"], "VNHPH", "DEDUI")
    assert isinstance(found.with_scenario, RouteResult)
    shown = [route.corridor for route in found.with_scenario.routes]
    assert shown.count("northern") == 1  # and two of the base
    gone = [before for before, after in found.pairs if before and after is None]
    assert {route.corridor for route in gone} == {"suez"}
    assert [after for before, after in found.pairs if before is None] == []
    assert sum(before is not None and before.corridor == "northern" for before, _ in found.pairs) == 2
