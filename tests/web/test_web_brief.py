"""Briefs over HTTP: the numbers of the other endpoints, the bytes of the command line, and the files on the Trade page."""

from __future__ import annotations

from pathlib import Path

from command_line import RunCli
from conftest import Client

from keruen.web.brief_answers import BriefFigures

PAIR = {"about": "KZ", "partner": "VN"}


def test_the_figures_are_those_of_the_other_endpoints(client: Client) -> None:
    answer = client.get("/api/v1/brief", params=PAIR)
    found = BriefFigures.model_validate(answer.json())
    recorded = client.get("/api/v1/figures", params={"subject": "KAZ", "partner": "VNM"}).json()
    ledger = {tuple(one["rows"]): one for thing in recorded["things"] for one in thing["figures"]}
    same = [one for one in found.figures if tuple(one.rows) in ledger and one.unit != "%"]
    assert len(same) > 20 and all(one.value == ledger[tuple(one.rows)]["value"] for one in same)
    routes = client.get("/api/v1/route", params={"from": "KZALA", "to": "VNHPH"}).json()["routes"]
    costs = {route["cost_usd"] for route in routes}
    dollars = [one.value for one in found.figures if one.section == "ways" and one.unit == "USD"]
    assert len(set(dollars)) == 3 and set(dollars) <= costs


def test_files_are_those_of_the_command_line(client: Client, run_cli: RunCli, tmp_path: Path) -> None:
    for ending in ("pdf", "docx", "html", "xlsx"):
        told = run_cli("brief", "titanium", "--lang", "ru", "-o", str(tmp_path / f"brief.{ending}"))
        assert told.code == 0, told.err
        sent = client.get(f"/api/v1/brief/file/{ending}", params={"about": "titanium", "lang": "ru"})
        assert sent.status_code == 200 and f'"brief.{ending}"' in sent.headers["content-disposition"]
        assert sent.content == (tmp_path / f"brief.{ending}").read_bytes()


def test_wrong_questions_are_told(client: Client) -> None:
    for asked in (
        {"about": "KZ"},
        {"about": "KZ", "partner": "Narnia"},
        {"about": "unobtainium"},
        {"about": "KZ", "more": "1"},
    ):
        answer = client.get("/api/v1/brief", params=asked)
        assert 400 <= answer.status_code < 500 and answer.json()["error"]["message_ru"], asked
