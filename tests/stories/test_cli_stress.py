"""The command on stress as a newcomer meets it: answers, both languages, wrong input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import RunCli

from keruen.reports.stress_text import percolation_text, recovery_text, replay_text, stress_text

ONE = {"value": 240.0, "low": 230.0, "high": 250.0}
DOCUMENT = {
    "draws": 100, "seed": 1, "unrouted_share": 0.02, "base": {"time_h": 220.0, "routed": 1.0},
    "summaries": {"time_h": {"mean": ONE, "p50": ONE, "p95": ONE, "cvar95": ONE, "worst": 480.0}},
    "critical": [
        {"name": "Storm", "name_ru": "Шторм", "days_per_year": 10.0, "adds": {"time_h": None}},
        {"name": "Fog", "name_ru": "Туман", "days_per_year": 1.0, "adds": {"time_h": 0.0}},
    ],
}  # fmt: skip


def test_a_route_in_a_few_futures(run_cli: RunCli, tmp_path: Path) -> None:
    asked = ("stress", "KZAAU", "AZBAK", "--draws", "6", "--only", "caspian_january", "--store", str(tmp_path))
    said = run_cli(*asked, "--json")
    found = json.loads(said.out)
    assert (said.code, found["draws"]) == (0, 6)
    assert found["summaries"]["time_h"]["mean"]["value"] > 0
    assert [one["disruption"] for one in found["critical"]] == ["caspian_january"]
    told = run_cli(*asked, "--lang", "ru")
    assert "6 вариантов года" in told.out
    assert "stress_" not in told.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Ask one question"),
        (("KZAAU",), "two places"),
        (("KZAAU", "AZBAK", "--flows"), "Ask one question"),
        (("KZAAU", "AZBAK", "--percolation"), "--flows"),
        (("--flows", "--weeks", "3"), "--recovery"),
        (("KZAAU", "AZBAK", "--only", "flood"), "flood"),
        (("KZAAU", "AZBAK", "--draws", "0"), "draws"),
        (("KZAAU", "AZBAK", "--on", "moon"), "moon"),
        (("--replay", "titanic"), "suez_2021"),
        (("--flows", "--recovery", "flood"), "flood"),
    ],
)
def test_wrong_input_is_told(run_cli: RunCli, words: tuple[str, ...], told: str) -> None:
    said = run_cli("stress", *words)
    assert said.code == 2
    assert told in said.err


def test_what_is_published_stands_beside_the_model(run_cli: RunCli) -> None:
    found = json.loads(run_cli("stress", "--replay", "caspian_level", "--json").out)["replays"]
    assert [(one["figure"], one["independent"]) for one in found] == [("caspian_payload", False)]
    assert found[0]["model"] == pytest.approx(found[0]["low"], abs=0.1)
    told = run_cli("stress", "--replay", "kuryk_storms").out
    assert "Xi'an" in told and "argus_inbusiness" in told


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_texts_have_all_their_words(lang: str) -> None:
    series = [1.0, 0.5, 1.0]
    recovery = {
        "name": "Storm", "name_ru": "Шторм", "weeks": 2.0, "due_t_per_week": 1e3, "weeks_to_recover": None, "lost_use_t": 5e2,
        "served": series, "backlog_t": series, "stock_t": series,
        "countries": [{"country": "AZ", "due_t_per_week": 1e3, "least_served": 0.5, "weeks_to_recover": None}],
    }  # fmt: skip
    shares = {"items": ["border:a"], "by_flow": [1, 0.4], "at_random": [1, 0.9]}
    shares |= {"critical_share_by_flow": 1.0, "critical_share_at_random": None}
    figure = {"name": "Days", "name_ru": "Дни", "low": 1.0, "high": 2.0, "unit": "d", "model": 3.0, "error": 1.0}
    texts = [
        stress_text(DOCUMENT, lang=lang), recovery_text(recovery, lang=lang), percolation_text(shares, lang=lang),
        replay_text([{**figure, "independent": False, "source": ["a"]}], lang=lang),
    ]  # fmt: skip
    assert all(text.endswith("\n") and "{" not in text for text in texts)
    assert ("Storm" if lang == "en" else "Шторм") in texts[0]
    assert "Fog" not in texts[0]  # what changes nothing is only counted
