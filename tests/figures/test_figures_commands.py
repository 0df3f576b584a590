"""`keruen figures` and `keruen check` from outside: what they print, what they write, and how they refuse."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import RunCli

from keruen.figures import read_text
from keruen.figures.audit import audit_claims
from keruen.tables.dataset import load

TEXT = "В 2023 году экспорт Казахстана во Вьетнам составил $180,2 млн (+44,1%)."
SLOTS = {
    "start", "end", "subject", "partner", "flow", "commodity", "mode", "period", "value", "value_max", "unit", "qualifier", "growth_pct",
    "growth_times", "base_value", "base_period", "modality", "verdict", "reasons", "evidence", "alternatives",
}  # fmt: skip


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_rivals_with_source_edition_and_date(run_cli: RunCli) -> None:
    said = run_cli("figures", "Kazakhstan", "--partner", "Вьетнам", "--flow", "export", "--period", "2023")
    assert said.code == 0 and said.err == ""
    assert (
        "180.136 million USD" in said.out and "official statistics, final" in said.out and "figures:K0534" in said.out
    )
    assert "180.2 million USD" in said.out and "said in the press" in said.out and "2024-05" in said.out
    assert "differ by more than their rounding" in said.out


def test_rivals_as_json(run_cli: RunCli) -> None:
    (thing,) = run_cli("figures", "KAZ", "--partner", "VN", "--flow", "export", "--period", "2023", "--json").json[
        "things"
    ]
    assert [figure["rows"] for figure in thing["figures"]] == [["figures:K0534"], ["figures:K0855"]]
    assert thing["conflicts"][0]["share"] == pytest.approx(0.000355, abs=1e-6)


def test_all_subjects(run_cli: RunCli) -> None:
    counts = run_cli("figures", "--json").json["subjects"]
    assert counts["KAZ"] > 900 and counts["TITR"] > 20


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Atlantis",), "No country, group or corridor goes by 'Atlantis'"),
        (("KAZ", "--partner", "Vietnum"), "Did you mean VNM"),
        (("KAZ", "--period", "last year"), "is no period; write 2023"),
        (("KAZ", "--partner", "VNM", "--period", "1999"), "Nothing is on record"),
    ],
)
def test_what_cannot_be_answered(run_cli: RunCli, words: tuple[str, ...], told: str) -> None:
    said = run_cli("figures", *words)
    assert said.code == 2 and told in said.err and said.out == ""


def test_a_text_is_checked(run_cli: RunCli, article: Path) -> None:
    said = run_cli("check", article)
    assert said.code == 0 and said.err == ""
    assert "1  consistent" in said.out and "fits an earlier edition" in said.out and "figures:K0534" in said.out
    article.write_text(TEXT.replace("180,2", "280,2"), encoding="utf-8")
    assert "differs from the ledger" in run_cli("check", article).out
    assert "расходится с реестром" in run_cli("check", article, "--lang", "ru").out


def test_the_json_has_every_slot_and_rows_that_can_be_opened(run_cli: RunCli, article: Path) -> None:
    (claim,) = run_cli("check", article, "--json").json["claims"]
    assert set(claim) >= SLOTS
    assert (claim["subject"], claim["partner"], claim["flow"], claim["period"]) == ("KAZ", "VNM", "export", "2023")
    assert (claim["value"], claim["unit"], claim["growth_pct"], claim["verdict"]) == (
        180.2e6,
        "USD",
        44.1,
        "consistent",
    )
    assert TEXT[claim["start"] : claim["end"]] == claim["text"]
    assert claim["evidence"]
    for row in claim["evidence"]:
        assert run_cli("sources", row).code == 0


def test_the_page_is_whole_and_escaped(run_cli: RunCli, tmp_path: Path) -> None:
    text = f"<script>alert(1)</script> & Co.\n{TEXT}"
    file, page = tmp_path / "a<b>.txt", tmp_path / "page.html"
    file.write_text(text, encoding="utf-8")
    assert run_cli("check", file, "--html", page).code == 0
    written = page.read_text(encoding="utf-8")
    assert "<script" not in written and "&lt;script&gt;" in written and "a&lt;b&gt;.txt" in written
    assert not re.search(r'(src|href)="(?!#claim)', written), "nothing is loaded"
    shown = re.search(r'<div class="text">(.*)</div>\n<ol>', written, re.DOTALL)
    assert shown and html.unescape(re.sub(r"<sup>.*?</sup>|</?mark[^>]*>", "", shown[1])) == text
    assert "prefers-color-scheme: dark" in written and '<mark class="consistent" title="consistent">' in written


def test_a_text_without_figures(run_cli: RunCli, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("", encoding="utf-8")
    said = run_cli("check", file)
    assert said.code == 0 and "No figures were found" in said.out
    assert run_cli("check", file, "--json").json["claims"] == []


def test_a_page_is_read_with_its_day(run_cli: RunCli, tmp_path: Path) -> None:
    file = tmp_path / "news.html"
    head = '<meta charset="utf-8"><meta property="article:published_time" content="2024-05-16T07:43:00+05:00">'
    body = "<script>var x = 5;</script><p>В прошлом году экспорт Казахстана во Вьетнам составил <b>$180,2 млн</b> (+44,1%).</p>"
    file.write_text(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    (claim,) = run_cli("check", file, "--json").json["claims"]
    assert (claim["period"], claim["verdict"], claim["value"]) == ("2023", "consistent", 180.2e6)


def test_what_cannot_be_read(run_cli: RunCli, tmp_path: Path) -> None:
    missing = run_cli("check", tmp_path / "missing.txt")
    assert missing.code == 2 and "missing.txt" in missing.err
    folder = run_cli("check", tmp_path, "--json")
    assert folder.code == 2 and folder.error["kind"] == "bad_document"
    (tmp_path / "noise.bin").write_bytes(bytes(range(32)) * 50)
    noise = run_cli("check", tmp_path / "noise.bin")
    assert noise.code == 2 and "no text that can be read" in noise.err


def test_a_wrong_day_of_publication(run_cli: RunCli, article: Path) -> None:
    said = run_cli("check", article, "--published", "16.05.2024")
    assert said.code == 2 and "not a day" in said.err


SPEED = (
    "In 2023 trade between Kazakhstan and Vietnam amounted to $979.2 million. "
    "Goods go by the Trans-Caspian route 3-4 times faster than by sea."
)


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_the_model_is_asked_about_speed(run_cli: RunCli, tmp_path: Path) -> None:
    file = tmp_path / "speed.txt"
    file.write_text(SPEED, encoding="utf-8")
    _, claim = run_cli("check", file, "--model", "--json").json["claims"]
    assert claim["verdict"] == "differs"
    (told,) = [check for check in claim["checks"] if check["code"].startswith("model_")]
    assert told["verdict"] == "differs" and "VNHPH" in told["reason"]


def test_the_model_decides_beside_the_journeys() -> None:
    """A model that found three and a half times would agree, and the journeys would still differ."""
    reading = read_text(SPEED)
    asked: list[str] = []

    def model(corridors: Sequence[str], origin: str) -> Sequence[float]:
        asked.append(origin)
        return [3.4, 3.6] if "trans_caspian" in corridors else []

    _, claim = audit_claims(load(), reading.claims, model=model).claims
    assert asked == ["VNHPH"] and claim.verdict == "differs"
    assert {check.code for check in claim.checks} >= {"speed_differs", "model_agrees"}
