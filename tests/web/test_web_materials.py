"""Materials over HTTP: the same numbers as at the command line, as files, with progress, and what cannot be asked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import RunCli
from conftest import Client, served

from keruen.tables.dataset import Dataset
from keruen.tables.reading import table_from_rows
from keruen.web import materials_answers as answers

API = "/api/v1"
FEW = {"chain_sites": ("country", {"KZ", "HU", "AU", "CL"}), "car_markets": ("market", {"de_munich"})}


@pytest.fixture(scope="module")
def few_sites(world_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server whose study has the sites of four countries and one market."""
    data = world_data
    for name, (column, kept) in FEW.items():
        data = data.with_table(
            name, table_from_rows(data[name].schema, [row for row in data[name] if row.text(column) in kept])
        )
    with served(data, workspace=tmp_path_factory.mktemp("workspace"), work_at_once=1000) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "asked", "command", "model"),
    [
        ("materials", {"of": "KZ", "list": "eu2020"}, ["materials", "--of", "KZ", "--list", "eu2020"], answers.MaterialList),
        ("materials", {}, ["materials"], answers.MaterialList),
        ("material", {"name": "бериллий"}, ["material", "бериллий"], answers.MaterialProfile),
        ("exposure", {"name": "lithium", "buyer": "Vietnam"}, ["exposure", "lithium", "--buyer", "Vietnam"], answers.CorridorExposure),
        ("chain", {"good": "pack_lfp", "recycled": "0.5"}, ["chain", "pack_lfp", "--recycled", "0.5"], answers.ChainRequirements),
        (
            "chain", {"good": "titanium", "country": "cn", "where": "melt_titanium_ingot=fr"},
            ["chain", "titanium", "--in", "CN", "--in", "melt_titanium_ingot=FR"], answers.ChainRequirements,
        ),
        (
            "chain/way", {"good": "titanium_sponge", "market": "hu_budapest"},
            ["chain", "titanium_sponge", "--market", "hu_budapest"], answers.ChainWay,
        ),
    ],
)  # fmt: skip
def test_an_answer_is_that_of_the_command_line(
    client: Client, run_cli: RunCli, path: str, asked: dict[str, str], command: list[str], model: Any
) -> None:
    answer = client.get(f"{API}/{path}", params=asked)
    assert answer.status_code == 200
    model.model_validate(answer.json())
    assert answer.json() == run_cli(*command, "--json").json


def test_a_scenario_has_the_risk_before_beside_it(client: Client, run_cli: RunCli) -> None:
    asked = {"name": ["gallium"], "scenario": "china_gallium_stopped"}
    found = client.get(f"{API}/risk", params=asked).json()
    answers.MaterialRisks.model_validate(found)
    assert found["thresholds"] == {"SR": 1.0, "EI": 2.8}
    said = run_cli("risk", "gallium", "--scenario", "china_gallium_stopped", "--json").json
    assert found["rows"] == said["rows"]
    assert found["rows"][0]["SR_before"] > 3 > 1 > found["rows"][0]["SR"]
    short = client.get(f"{API}/risk", params={**asked, "stages": "false"}).json()["rows"][0]
    assert "stages" not in short and short["SR"] == found["rows"][0]["SR"]


def test_long_work_tells_its_progress(client: Client) -> None:
    text = client.get(f"{API}/exposure/stream", params={"name": "titanium_metal"}).text
    events = [block.split("\n")[0] for block in text.strip().split("\n\n")]
    assert events[-1] == "event: answer"
    plain = client.get(f"{API}/exposure", params={"name": "titanium_metal"}).json()
    assert json.loads(text.strip().split("\n\n")[-1].split("\ndata: ")[1]) == plain


@pytest.mark.parametrize(
    ("path", "asked", "rows"),
    [("risk", {"list": "eu2023"}, 54), ("exposure", {"name": "titanium_metal"}, 8), ("chain", {"good": "pack_lfp"}, 5)],
)
def test_tables_are_files(client: Client, path: str, asked: dict[str, str], rows: int) -> None:
    found = client.get(f"{API}/{path}/file/csv", params=asked)
    assert f'filename="{path}.csv"' in found.headers["content-disposition"]
    assert len(list(csv.DictReader(io.StringIO(found.text)))) >= rows
    assert client.get(f"{API}/{path}/file/xlsx", params=asked).content.startswith(b"PK")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("material?name=unobtainium", "unknown_material"), ("materials?list=eu1066", "unknown_option"), ("chain?good=x", "bad_chain"),
        ("chain?good=titanium&country=XX", "bad_chain"), ("chain/way?good=electric_car", "bad_study"),
        ("chain/way?good=cell_lfp&market=x", "bad_study"),
        ("exposure?name=gallium&buyer=Atlantis", "unknown_option"),
        ("chain?good=pack_lfp&recycled=2", "usage"),
        ("chain?good=pack_lfp&amount=nan", "usage"), ("siting/compare?pair=KZ", "usage"),
        ("risk?name=gallium&scenario=%5B", "bad_scenario"),
        ("siting/compare?" + "&".join(["pair=KZ:HU"] * 7), "usage"), ("risk?evil=1", "usage"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_why(client: Client, path: str, kind: str) -> None:
    answer = client.get(f"{API}/{path}")
    assert (answer.status_code, answer.json()["error"]["kind"]) == (422, kind)
    assert answer.json()["error"]["message_ru"]


def test_outlines_are_rings_of_degrees(client: Client) -> None:
    found = {one["iso3"]: one["rings"] for one in client.get(f"{API}/map/countries").json()}
    assert len(found) > 150 and "ATA" not in found
    for rings in found.values():
        assert all(ring[0] == ring[-1] for ring in rings)
    west = min(lon for ring in found["KAZ"] for lon, _ in ring)
    assert 45 < west < 48  # the lower Volga


def test_sites_are_compared_and_planned_with_progress(few_sites: Client) -> None:
    """The searches themselves have their tests in tests/materials; here that they are answered, in the form that is told."""
    client = few_sites
    cells = client.get(f"{API}/siting/compare", params={"pair": "kz:hu", "carbon_price": "50"}).json()
    answers.CellsCompared.model_validate(cells)
    assert {row["good"] for row in cells["rows"]} == {"cell_lfp", "cell_nmc811"}
    assert all(row["usd_per_kwh"] > 40 for row in cells["rows"])
    text = client.get(f"{API}/siting/plan/stream", params={"gap": "0.5", "seconds": "20"}).text
    assert "event: progress" in text and "event: answer" in text
    plan = json.loads(text.strip().split("\n\n")[-1].split("\ndata: ")[1])
    answers.SitingPlanFound.model_validate(plan)
    assert plan["bound_usd"] <= plan["cost_usd"] and plan["gap"] <= 0.5
