"""The interface for figures: what is checked is what the command line checks, and nothing of a text is kept or told elsewhere."""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path
from typing import Any

import pytest
from command_line import RunCli
from conftest import Client, Serving
from trade_rows import import_row, trade_store

from keruen.tables.dataset import Dataset
from keruen.web import figures_answers
from keruen.web.questions import MOST_TEXT_LETTERS

TEXT = (
    "In 2023 trade between Kazakhstan and Vietnam rose by 85.4 % compared with 2022 (528.3 million US dollars) "
    "and came to 979.2 million US dollars.\n"
    "Exports to Vietnam reached 180.2 million dollars, up 44.1 %."
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MARKUP = (
    "<p id='x'>In 2023 exports of Kazakhstan to Vietnam came to 180.2 million dollars.</p><script>alert(1)</script>"
)


def told(client: Client, text: str, **how: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/check", json={"text": text, **how})
    assert answer.status_code == 200, answer.text
    figures_answers.Checked.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def docx(text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return made.getvalue()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_text_is_checked_as_by_the_command_line(client: Client, run_cli: RunCli, tmp_path: Path, lang: str) -> None:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, encoding="utf-8")
    command = run_cli("check", str(file), "--json", "--lang", lang, "--published", "2024-05-16").json
    found = told(client, TEXT, lang=lang, published="2024-05-16")
    assert command["claims"] and {key: found[key] for key in command} == command
    assert found["text"] == TEXT and found["published"] == "2024-05-16"
    assert found["names"]["VNM"] == {"name": "Vietnam", "name_ru": "Вьетнам"}
    assert [found["text"][one["start"] : one["end"]] for one in found["claims"]] == [
        one["text"] for one in found["claims"]
    ]


def test_the_trade_store_of_the_server_is_asked_as_by_the_command_line(
    serving: Serving, shipped: Dataset, run_cli: RunCli, tmp_path: Path
) -> None:
    """What no table has is in a store of the user's: it agrees with it by HTTP as at the command line; the store is only read."""
    text = "In 2023 exports of Kazakhstan to Peru were 40.5 million dollars."
    store, file = tmp_path / "trade.duckdb", tmp_path / "article.txt"
    trade_store(shipped, store, [{"partner": "PER", "value": 40.53e6}], [import_row(1)]).close()
    file.write_text(text, encoding="utf-8")
    before = store.read_bytes()
    found = told(serving(trade=store), text)
    assert [one["verdict"] for one in found["claims"]] == ["agrees"]
    assert "trade_store:1" in found["claims"][0]["evidence"] and found["store_unread"] == ""
    command = run_cli("check", str(file), "--json", "--store", store).json
    assert {key: found[key] for key in command} == command and store.read_bytes() == before
    store.write_text("no store")
    found = told(serving(trade=store), text)
    assert [one["verdict"] for one in found["claims"]] == ["no_record"]
    assert found["store_unread"] and found["store_unread_ru"] != found["store_unread"]
    assert told(serving(trade=tmp_path / "none.duckdb"), text)["store_unread"] == ""


def test_the_day_of_a_text_is_as_said_or_as_found(client: Client) -> None:
    assert told(client, TEXT)["published"] is None
    assert told(client, f"Title\n16 May 2024\n\n{TEXT}")["published"] == "2024-05-16"
    assert (
        client.post("/api/v1/check", json={"text": TEXT, "published": "yesterday"}).json()["error"]["kind"]
        == "bad_date"
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (TEXT.encode(), "text/plain"),
        (TEXT.encode("cp1251"), "text/plain"),
        (f"<html><body>{''.join(f'<p>{line}</p>' for line in TEXT.splitlines())}</body></html>".encode(), "text/html"),
        (docx(TEXT), "application/octet-stream"),
    ],
    ids=["text", "text in a table of letters of its own", "page", "Word"],
)
def test_a_file_is_told_by_its_bytes(client: Client, body: bytes, kind: str) -> None:
    answer = client.post("/api/v1/check?lang=ru&published=2024-05-16", content=body, headers={"Content-Type": kind})
    found = answer.json()
    assert [one["value"] for one in found["claims"]] == [one["value"] for one in told(client, TEXT)["claims"]]
    assert found["published"] == "2024-05-16"


def test_the_day_of_a_page_is_that_of_its_metadata(client: Client) -> None:
    page = f'<html><head><meta property="article:published_time" content="2024-05-17T08:00"></head><body><p>{TEXT}</p></body></html>'
    found = client.post("/api/v1/check", content=page.encode(), headers={"Content-Type": "text/html"}).json()
    assert found["published"] == "2024-05-17"


def test_files_to_take_away(client: Client) -> None:
    sent = {"text": f"{TEXT}\n{MARKUP}", "published": "2024-05-16"}
    page = client.post("/api/v1/check/file/html", json=sent)
    assert page.headers["content-disposition"] == 'attachment; filename="checked.html"'
    assert "<mark" in page.text and "<script" not in page.text and "&lt;script&gt;" in page.text
    document = client.post("/api/v1/check/file/json", json=sent).json()
    whole = told(client, **sent)
    assert document == {key: whole[key] for key in ("claims", "counts", "left")}


@pytest.mark.parametrize(
    ("body", "kind", "status", "error"),
    [
        (b"", "text/plain", 422, "bad_document"),
        (b'{"text": " "}', "application/json", 422, "bad_document"),
        (b'{"words": "x"}', "application/json", 422, "usage"),
        (b'{"text": "' + b"\xff", "application/json", 422, "usage"),
        (b'{"text": "\\ud800"}', "application/json", 422, "usage"),
        (b'<html><meta charset="unicode_escape"><body>\\ud800 5 tonnes', "text/html", 422, "bad_document"),
        (b"%PDF-1.7 and no more", "application/pdf", 422, "bad_document"),
        (docx(TEXT)[:200], "application/octet-stream", 422, "bad_document"),
        (b"5 t. " * (MOST_TEXT_LETTERS // 5 + 1), "text/plain", 413, "too_large"),
    ],
)
def test_what_cannot_be_checked_is_told(client: Client, body: bytes, kind: str, status: int, error: str) -> None:
    answer = client.post("/api/v1/check", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["kind"]) == (status, error)


def test_nothing_of_a_text_is_kept(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        secret = "In 2023 Kazakhstan exported 777.7 million US dollars of secrets to Vietnam."
        before = dict(client.desk.workshop.kept)
        told(client, secret)
        client.post("/api/v1/check/file/html", json={"text": secret})
    assert client.desk.workshop.kept.keys() == before.keys() and not client.desk.workshop.jobs
    assert "777" not in caplog.text


def test_a_body_over_the_limit_is_refused(serving: Serving) -> None:
    answer = serving(body_bytes=1_000).post("/api/v1/check", json={"text": "x" * 2_000})
    assert (answer.status_code, answer.json()["error"]["kind"]) == (413, "too_large")


@pytest.mark.parametrize("partner", ["VN", "Vietnam", "Вьетнам"])
def test_records_are_those_of_the_command_line(client: Client, run_cli: RunCli, partner: str) -> None:
    asked = {"subject": "KZ", "partner": partner, "flow": "export", "period": "2023"}
    answer = client.get("/api/v1/figures", params=asked)
    figures_answers.Recorded.model_validate(answer.json())
    options = [word for name in ("partner", "flow", "period") for word in (f"--{name}", asked[name])]
    assert answer.json() == run_cli("figures", "KZ", *options, "--json").json
    things = answer.json()["things"]
    assert all(len({(one["subject"], one["partner"]) for one in thing["figures"]}) == 1 for thing in things)
    assert any(len(thing["figures"]) > 1 for thing in things), "rivals stand side by side"


def test_the_subjects_of_records_are_those_of_the_command_line(client: Client, run_cli: RunCli) -> None:
    found = client.get("/api/v1/figures/subjects").json()
    figures_answers.Subjects.model_validate(found)
    assert found == run_cli("figures", "--json").json


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"subject": "Atlantis"}, "unknown_option"),
        ({"subject": "KZ", "period": "soon"}, "unknown_option"),
        ({"subject": "KZ", "partner": "VN", "period": "1991"}, "unknown_figure"),
        ({"subject": "KZ", "file": "/etc/passwd"}, "usage"),
        ({}, "usage"),
    ],
)
def test_a_question_about_records_that_cannot_be_answered(client: Client, asked: dict[str, str], error: str) -> None:
    answer = client.get("/api/v1/figures", params=asked)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (422, error)
