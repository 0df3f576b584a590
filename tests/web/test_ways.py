"""Ways by the interface are those of Python and of the command line; with progress, cancelled, and as files."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from command_line import RunCli
from conftest import Client, Serving, until

from keruen.errors import Cancelled
from keruen.routing import route as route_module
from keruen.web import answers

pytestmark = pytest.mark.world
ENDS = {"from": "VNHPH", "to": "DEDUI"}
HERE = "/api/v1"


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream in their order."""
    blocks = (dict(line.split(": ", 1) for line in block.split("\n")) for block in text.strip().split("\n\n"))
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_routes_are_those_of_the_command_line(client: Client, run_cli: RunCli) -> None:
    told = client.get(f"{HERE}/route", params={**ENDS, "carbon_price": 80, "avoid": ["suez", "RU"], "within": 30})
    said = run_cli(
        "route", "VNHPH", "DEDUI", "--carbon-price", 80, "--avoid", "suez", "--avoid", "RU", "--within", 30, "--json"
    )
    assert told.status_code == 200 and told.json() == said.json
    answers.RouteAnswer.model_validate(told.json())


def test_geometry_comes_when_it_is_asked_for(client: Client) -> None:
    plain, drawn = (client.get(f"{HERE}/route", params={**ENDS, "geometry": wanted}).json() for wanted in (False, True))
    answers.RouteAnswer.model_validate(drawn)
    assert all(leg["geometry"] for route in drawn["routes"] for leg in route["legs"])
    for route in drawn["routes"]:
        for leg in route["legs"]:
            del leg["geometry"]
    assert drawn == plain


def test_a_stream_tells_progress_and_then_the_answer(client: Client) -> None:
    question = {**ENDS, "tonnes": 17}  # asked by nobody else
    told = client.get(f"{HERE}/route/stream", params=question)
    assert told.headers["content-type"].startswith("text/event-stream")
    events = events_of(told.text)
    early = [one for name, one in events if name == "early"]
    names, data = zip(*(event for event in events if event[0] != "early"), strict=True)
    assert names[-1] == "answer" and set(names[:-1]) == {"progress"}
    unbeaten = [route for route in data[-1]["routes"] if route["beaten_by"] is None]
    assert [part["routes"] for part in early] == [unbeaten] and len(unbeaten) < len(data[-1]["routes"])
    shares = [one["share"] for one in data[:-1]]
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares) and {"stage", "share"} == set(data[0])
    assert data[-1] == client.get(f"{HERE}/route", params={**question, "geometry": True}).json()
    assert [name for name, _ in events_of(client.get(f"{HERE}/route/stream", params=question).text)] == [
        "answer"
    ]  # kept


@pytest.mark.parametrize(
    ("question", "status", "kind"),
    [
        ({"from": "nowhere at all", "to": "DEDUI"}, 422, "unknown_place"),
        ({"from": "DEDUI", "to": "Duisburg"}, 422, "same_place"),
        ({**ENDS, "tonnes": -1}, 422, "bad_shipment"),
        ({**ENDS, "commodity": "unobtainium"}, 422, "unknown_commodity"),
        ({**ENDS, "depart": "yesterday"}, 422, "bad_date"),
        ({**ENDS, "require": ["suez", "panama", "bosporus", "malacca", "gibraltar"]}, 422, "unknown_option"),
        ({**ENDS, "scenario": "nothing_like_it"}, 422, "unknown_scenario"),
        ({**ENDS, "scenario": "name = "}, 422, "bad_scenario"),
        ({**ENDS, "unheard": "of"}, 422, "usage"),
        ({**ENDS, "tonnes": "many"}, 422, "usage"),
        ({"from": "VNHPH", "to": "DEDUI", "avoid": ["VN"]}, 404, "no_route"),
    ],
)
def test_what_is_wrong_is_said_alike_by_answer_and_stream(
    client: Client, question: dict[str, Any], status: int, kind: str
) -> None:
    told = client.get(f"{HERE}/route", params=question)
    assert (told.status_code, told.json()["error"]["kind"]) == (status, kind) and told.json()["error"]["message"]
    streamed = client.get(f"{HERE}/route/stream", params=question)
    if streamed.status_code != 200:  # known to be wrong before any work
        assert streamed.json() == told.json()
    else:
        name, data = events_of(streamed.text)[-1]
        assert name == "error" and data == {**told.json(), "status": status}


def test_who_closes_the_connection_cancels_the_work(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def endless(*args: Any, progress: Any, **how: Any) -> None:
        seen.append("began")
        try:
            while True:
                progress("search", 0.5)
                threading.Event().wait(0.01)
        except Cancelled:
            seen.append("cancelled")
            raise

    monkeypatch.setattr(route_module, "route", endless)
    client = serving(workers=1)
    url = f"{client.address}{HERE}/route/stream"
    with httpx.Client(timeout=20) as one, httpx.Client(timeout=20) as two, one.stream("GET", url, params=ENDS) as first:
        events_of_one = first.iter_text()
        assert next(events_of_one)
        with two.stream("GET", url, params=ENDS) as second:
            events_of_other = second.iter_text()
            assert next(events_of_other)
            first.close()
            threading.Event().wait(0.5)
            assert seen == ["began"]  # another waits for the same
        until(lambda: seen == ["began", "cancelled"])
    assert not client.desk.workshop.jobs


def test_who_leaves_before_an_answer_cancels_the_work(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()

    def endless(*args: Any, progress: Any, **how: Any) -> None:
        try:
            while True:
                progress("search", 0.5)
                threading.Event().wait(0.01)
        except Cancelled:
            stopped.set()
            raise

    monkeypatch.setattr(route_module, "route", endless)
    client = serving()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{client.address}{HERE}/route", params=ENDS, timeout=0.5)
    assert stopped.wait(10)


def test_the_engine_stops_where_it_is_told_to(world_data: Any) -> None:
    stages: list[tuple[str, float]] = []

    def tell(stage: str, share: float) -> None:
        stages.append((stage, share))
        if stage == "certify":
            raise Cancelled

    with pytest.raises(Cancelled):
        route_module.route(world_data, "VNHPH", "DEDUI", progress=tell)
    assert list(dict.fromkeys(stage for stage, _ in stages)) == ["network", "search", "certify"]


def file_of(client: Client, format: str, what: str = "route", **more: Any) -> httpx.Response:
    told = client.get(f"{HERE}/{what}/file/{format}", params={**ENDS, **more})
    assert (
        told.status_code == 200
        and told.headers["content-disposition"].startswith("attachment")
        and format in told.headers["content-disposition"]
    )
    return told


def test_files_hold_the_answer(client: Client, tmp_path: Path) -> None:
    answer = client.get(f"{HERE}/route", params={**ENDS, "geometry": True}).json()
    legs = sum(len(route["legs"]) for route in answer["routes"])
    rows = list(csv.DictReader(io.StringIO(file_of(client, "csv").text)))
    assert len(rows) == legs and float(rows[0]["time_h"]) == answer["routes"][0]["legs"][0]["time_h"]
    assert len(file_of(client, "geojson").json()["features"]) == legs
    assert file_of(client, "json").json() == answer
    (tmp_path / "a.gpkg").write_bytes(file_of(client, "gpkg").content)
    with sqlite3.connect(tmp_path / "a.gpkg") as base:
        assert base.execute("SELECT count(*) FROM routes").fetchone() == (len(answer["routes"]),)
    base.close()
    assert file_of(client, "png").content.startswith(b"\x89PNG")
    svg = file_of(client, "svg", lang="ru")
    assert b"<svg" in svg.content and svg.headers["content-type"].startswith("image/svg+xml")


def test_a_workbook_holds_numbers_units_and_sources(client: Client, tmp_path: Path, run_cli: RunCli) -> None:
    answer = client.get(f"{HERE}/route", params=ENDS).json()
    content = file_of(client, "xlsx").content
    assert run_cli("route", "VNHPH", "DEDUI", "--xlsx", tmp_path / "a.xlsx").code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == content  # the same bytes by both ways, every time
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Routes", "Legs", "Sources", "Question"]
    heads = [cell.value for cell in book["Routes"][1]]
    times = [row[heads.index("time_h [h]")].value for row in book["Routes"].iter_rows(min_row=2)]
    assert (
        times == [route["time_h"] for route in answer["routes"]]
        and "cost_usd [USD]" in heads
        and "co2e_kg [kg]" in heads
    )
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    cited = [[cell.value for cell in row] for row in book["Sources"].iter_rows(min_row=2)]
    heads = [cell.value for cell in book["Sources"][1]]
    assert all(row[heads.index("title")] for row in cited if row[heads.index("source")])
    assert sum(str(row[heads.index("address")]).startswith("http") for row in cited) > len(cited) / 2
    assert {row[heads.index("figure")] for row in cited} >= {
        key for key in answer["routes"][0]["sources"] if "|" not in key
    }


def test_a_diagram_and_its_table(client: Client) -> None:
    assert file_of(client, "png", "tcd").content.startswith(b"\x89PNG")
    corridor = client.get(f"{HERE}/route", params=ENDS).json()["routes"][0]["corridor"]
    rows = list(csv.DictReader(io.StringIO(file_of(client, "csv", "tcd", corridor=corridor).text)))
    assert len({row["trip"] for row in rows}) == 1 and float(rows[-1]["cumulative_time_h"]) > 0
    assert client.get(f"{HERE}/tcd/file/csv", params={**ENDS, "corridor": "nobody's"}).status_code == 422


def test_matrix_and_emissions_are_those_of_the_command_line(client: Client, run_cli: RunCli) -> None:
    told = client.get(f"{HERE}/matrix", params={"from": ["VNHPH", "Алматы"], "to": ["DEDUI"], "by": "cost"})
    assert told.json() == run_cli("matrix", "VNHPH", "Алматы", "--to", "DEDUI", "--by", "cost", "--json").json
    answers.Matrix.model_validate(told.json())
    question = {"from": "Almaty", "to": "Tashkent", "unit": "trailer", "load_factor": 0.8, "empty_share": 0.25}
    told = client.get(f"{HERE}/emissions", params=question)
    words = ("Almaty", "Tashkent", "--unit", "trailer", "--load-factor", 0.8, "--empty-share", 0.25)
    assert told.json() == run_cli("emissions", *words, "--json").json
    answers.EmissionAccount.model_validate(told.json())
    assert (
        client.get(f"{HERE}/emissions", params={**question, "number": 99}).json()["error"]["kind"] == "unknown_option"
    )


def test_an_ileap_document_passes_its_own_check(client: Client) -> None:
    document = client.get(f"{HERE}/emissions/ileap", params={"from": "Almaty", "to": "Tashkent"})
    answers.Footprints.model_validate(document.json())
    told = client.post(f"{HERE}/check-emissions", content=document.content).json()
    answers.EmissionCheck.model_validate(told)
    assert told["passed"] and told["footprints"] > 0
    assert not client.post(f"{HERE}/check-emissions", content=b"\xff{").json()["passed"]


def test_many_ask_the_same_and_one_answers(serving: Serving, monkeypatch: pytest.MonkeyPatch, world_data: Any) -> None:
    calls: list[str] = []
    real = route_module.route

    def counted(*args: Any, **how: Any) -> Any:
        calls.append(args[1])
        return real(*args, **how)

    monkeypatch.setattr(route_module, "route", counted)
    client = serving()
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(httpx.get(f"{client.address}{HERE}/route", params=ENDS, timeout=60).content))
               for _ in range(8)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1 and calls == ["VNHPH"]
