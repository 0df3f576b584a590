"""Scenarios as documents: what the page edits is the scenario and nothing else; what is offered is the middle of like rows."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Client

from keruen.tables.scenario import parse_scenario, shipped_scenarios
from keruen.web import answers

pytestmark = pytest.mark.world
HERE = "/api/v1"


def check(client: Client, text: str) -> Any:
    told = client.post(f"{HERE}/scenarios/check", content=text.encode())
    assert told.status_code == 200
    answers.ScenarioCheck.model_validate(told.json())
    return told.json()


def compose(client: Client, **document: Any) -> Any:
    told = client.post(f"{HERE}/scenarios/compose", json=document)
    assert told.status_code == 200
    answers.ScenarioCheck.model_validate(told.json())
    return told.json()


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_a_document_composes_to_the_scenario_it_came_from(client: Client, name: str) -> None:
    scenario = shipped_scenarios()[name]
    told = check(client, scenario.to_toml())
    assert not told["problems"] and told["follows"]
    assert parse_scenario(compose(client, **told["scenario"])["toml"]) == scenario


def test_entries_are_told_by_name_in_both_languages_and_by_place(client: Client) -> None:
    told = check(client, shipped_scenarios()["aktau_ferry"].to_toml())
    entry = told["scenario"]["entries"][0]
    assert entry["label"] == "Aktau - Alat ferry, every other day" and entry["label_ru"].startswith("Актау")
    assert entry["sketch"]["kind"] == "line" and len(entry["sketch"]["points"]) == 2
    closed = compose(client, name="a", entries=[{"kind": "close", "what": "country:BY@rail", "reason": "x"}])
    assert closed["scenario"]["entries"][0]["label"] == "Belarus (rail)"


def test_an_entry_that_is_off_is_kept_and_does_nothing(client: Client) -> None:
    entry = {"kind": "close", "what": "passage:suez", "reason": "What if."}
    on, off = (compose(client, name="a", entries=[{**entry, "off": off}]) for off in (False, True))
    assert on["follows"] and "off" not in on["toml"]
    assert off["follows"] == [] and off["changes"] == [] and "off = true" in off["toml"]
    assert off["scenario"]["entries"][0]["what"] == "passage:suez"


def test_a_fall_of_the_caspian_tells_what_follows(client: Client) -> None:
    told = compose(client, name="a", entries=[{"kind": "caspian", "level_change_m": -2, "reason": "x"}])
    assert not told["problems"]
    assert {one["row"].partition(":")[0] for one in told["follows"]} <= {"services", "conditions"} and len(
        told["follows"]
    ) > 1


@pytest.mark.parametrize(
    "document",
    [
        {"name": "Not a name", "entries": []},
        {"name": "a", "entries": [{"kind": "explode"}]},
        {"name": "a", "entries": ["text"]},
        {"name": "a", "entries": 7},
        {"name": "a", "entries": [{"kind": "close", "what": "passage:suez"}]},
        {"name": "a", "entries": [{"kind": "close", "what": "passage:suez", "reason": "x", "surprise": 1}]},
        {"name": "a", "entries": [{"kind": "close", "what": "passage:suez", "reason": "x", "off": "yes"}]},
        {"name": "a", "entries": [{"kind": "close", "what": "passage:nowhere", "reason": "x"}]},
    ],
)
def test_what_is_wrong_with_a_document_is_told(client: Client, document: dict[str, Any]) -> None:
    told = compose(client, **document)
    assert told["problems"] and told["problems"][0]["message"] and told["problems"][0]["what_to_do"]


def test_a_body_that_is_no_json_is_told(client: Client) -> None:
    told = client.post(f"{HERE}/scenarios/compose", content=b"{")
    assert told.status_code == 200 and told.json()["problems"]


@pytest.mark.parametrize("kind", ["roro", "rail_ferry", "feeder"])
def test_a_service_is_offered_as_the_middle_of_like_ones(client: Client, kind: str) -> None:
    told = client.get(f"{HERE}/offers/service", params={"from": "KZKUR", "to": "AZALA", "kind": kind}).json()
    answers.ServiceOffer.model_validate(told)
    row, services = told["row"], client.desk.data["services"]
    known = services.find("kuryk_alat_roro")
    assert known is not None
    assert 0.7 < row["distance_km"] / known.number("distance_km") < 1.4
    like = [services.find(one.partition(":")[2]) for one in told["evidence"]]
    speeds = [one.number("distance_km") / one.number("running_h") for one in like if one is not None]
    assert len(speeds) == 5 and min(speeds) <= row["distance_km"] / row["running_h"] * 1.01
    entry = {"kind": "add", "table": "services", "row": row, "evidence": told["evidence"], "reason": "x"}
    added = compose(client, name="a", entries=[entry])
    assert added["problems"] == [] and [one["effect"] for one in added["follows"]] == ["added"]


PORT = {"place": "KZNEWPORT", "name": "New Port", "country": "KZ", "kind": ["ferry_port"], "lat": 43.6, "lon": 51.2}


def test_a_service_is_offered_from_a_port_that_the_scenario_adds(client: Client) -> None:
    ends = {"from": "KZNEWPORT", "to": "AZALA"}
    assert client.get(f"{HERE}/offers/service", params=ends).json()["error"]["kind"] == "unknown_place"
    port = {"kind": "add", "table": "places", "row": PORT, "reason": "x"}
    scenario = compose(client, name="a", entries=[port])
    told = client.get(f"{HERE}/offers/service", params={**ends, "scenario": scenario["toml"]}).json()
    ferry = {"kind": "add", "table": "services", "row": told["row"], "evidence": told["evidence"], "reason": "x"}
    both = compose(client, name="a", entries=[port, ferry])
    assert both["problems"] == [] and told["row"]["name"] == "New Port - Alat"
    assert both["scenario"]["entries"][1]["sketch"]["points"][0] == [51.2, 43.6]
    found = client.get(
        f"{HERE}/route",
        params={
            "from": "KZALA",
            "to": "GEPTI",
            "scenario": both["toml"],
            "require": f"service:{told['row']['service']}",
        },
    ).json()
    assert all("KZNEWPORT" in route_places(one) for one in found["routes"]) and found["routes"]
    assert compose(client, name="a", entries=[{**port, "off": True}, ferry])["problems"]


def route_places(one: Any) -> set[str]:
    """Places at which legs of a route end."""
    return {leg["to"] for leg in one["legs"]}


def test_a_drawn_line_is_taken_to_the_railway_it_was_meant_to_meet(client: Client) -> None:
    almaty, drawn = (43.35, 76.95), ("43.6,76.7", "44.5,77.9", "45.0,79.0")
    told = client.get(f"{HERE}/offers/line", params={"point": drawn}).json()
    answers.LineOffer.model_validate(told)
    assert told["gauge_mm"] == 1520 and told["joined"][0]
    lon, lat = told["points"][0]
    assert abs(lat - almaty[0]) < 0.6 and abs(lon - almaty[1]) < 0.6 and [lon, lat] != [76.7, 43.6]
    assert told["points"][1] == [77.9, 44.5]


def test_a_line_far_from_any_railway_stays_as_it_was_drawn(client: Client) -> None:
    told = client.get(f"{HERE}/offers/line", params={"point": ["-30,-120", "-31,-121"]}).json()
    assert told == {"gauge_mm": None, "points": [[-120.0, -30.0], [-121.0, -31.0]], "joined": [False, False]}


@pytest.mark.parametrize("points", [["43,76"], ["43,76", "x"], ["43,76", "1000,2"]])
def test_a_line_that_is_none_is_refused(client: Client, points: list[str]) -> None:
    assert client.get(f"{HERE}/offers/line", params={"point": points}).status_code == 422


def test_nothing_is_offered_between_places_that_are_not_there(client: Client) -> None:
    told = client.get(f"{HERE}/offers/service", params={"from": "KZKUR", "to": "nowhere"})
    assert told.status_code == 422 and told.json()["error"]["kind"] == "unknown_place"
