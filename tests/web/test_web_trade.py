"""Trade out of the store: over HTTP as at the command line, and on the page, which without a store shows what is on record."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from command_line import RunCli
from conftest import Client, Serving, served
from trade_rows import import_row, trade_store

from keruen.tables.dataset import Dataset
from keruen.web import figures_answers

MIRRORED = 1.5  # times what the exporter declares


@pytest.fixture(scope="module")
def store(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with trade of Kazakhstan and two partners in two years, as both sides declare it."""
    path = tmp_path_factory.mktemp("trade") / "trade.duckdb"
    rows: list[dict[str, object]] = []
    for year, times in (("2022-01-01", 1.0), ("2023-01-01", 1.2)):
        for partner, value in (("CHN", 14e9), ("VNM", 150e6)):
            here = {"partner": partner, "start": year}
            rows += [
                {**here, "value": value * times},
                {**here, "flow": "import", "value": 0.8 * value * times},
                {**here, "code": "810820", "value": 0.3 * value * times},
                {
                    "reporter": partner,
                    "partner": "KAZ",
                    "start": year,
                    "flow": "import",
                    "value": MIRRORED * value * times,
                },
            ]
    trade_store(shipped, path, rows, [import_row(1, edition="2024-03")]).close()
    return path


@pytest.fixture
def trading(serving: Serving, store: Path) -> Client:
    """A server over that store."""
    return serving(trade=store, work_at_once=1000)


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ({"reporter": "KZ"}, ["KZ"]),
        ({"reporter": "KZ", "partner": "Vietnam", "period": "2023"}, ["KZ", "VN", "--period", "2023"]),
        (
            {"reporter": "KZ", "partner": "CN", "by": "product", "level": "6"},
            ["KZ", "CN", "--by", "product", "--level", "6"],
        ),
    ],
)
def test_trade_is_that_of_the_command_line(
    trading: Client, run_cli: RunCli, store: Path, asked: dict[str, str], command: list[str]
) -> None:
    told = trading.get("/api/v1/trade", params=asked)
    figures_answers.TradeBrief.model_validate(told.json())
    assert told.json() == run_cli("trade", "show", *command, "--store", str(store), "--json").json
    assert told.json()["answers"]


def test_both_sides_are_compared_as_by_the_command_line(trading: Client, run_cli: RunCli, store: Path) -> None:
    told = trading.get("/api/v1/trade/mirror", params={"reporter": "KZ", "partner": "CN"}).json()
    figures_answers.TradeMirrors.model_validate(told)
    assert told == run_cli("trade", "mirror", "KZ", "CN", "--period", "2023", "--store", str(store), "--json").json
    first = told["mirrors"][0]
    assert first["imports"]["value"] == pytest.approx(MIRRORED * first["exports"]["value"])


def test_the_years_are_those_of_the_command_line_one_by_one(trading: Client, run_cli: RunCli, store: Path) -> None:
    told = trading.get("/api/v1/trade/years", params={"reporter": "KZ", "partner": "CN"}).json()
    figures_answers.TradeYears.model_validate(told)
    assert [one["period"] for one in told["years"]] == ["2022", "2023"]
    for one in told["years"]:
        said = run_cli("trade", "show", "KZ", "CN", "--period", one["period"], "--store", str(store), "--json").json
        assert one == {**said, "answers": [{**answer, "parts": []} for answer in said["answers"]]}
    every = trading.get("/api/v1/trade/years", params={"reporter": "KZ", "most": 1}).json()
    assert [one["period"] for one in every["years"]] == ["2023"] and every["partner"] is None


def test_the_imports_of_the_store_are_listed(trading: Client, run_cli: RunCli, store: Path) -> None:
    told = trading.get("/api/v1/trade/store").json()
    figures_answers.TradeStore.model_validate(told)
    assert told["imports"] == run_cli("trade", "list", "--store", str(store), "--json").json["imports"]


def test_many_ask_the_store_at_once(trading: Client) -> None:
    """One process opens one file several times, and a lock set by one must not stop the next."""
    asked = [
        {"reporter": "KZ", "partner": partner, "period": year} for partner in ("CN", "VN") for year in ("2022", "2023")
    ]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda one: trading.get("/api/v1/trade", params=one), asked * 4))
    assert {one.status_code for one in told} == {200}


def test_a_store_that_changes_is_read_anew(serving: Serving, shipped: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "late.duckdb"
    server = serving(trade=path)
    assert server.get("/api/v1/trade/store").json() == {"imports": []}
    absent = server.get("/api/v1/trade", params={"reporter": "KZ"})
    assert (absent.status_code, absent.json()["error"]["kind"]) == (404, "not_found")
    assert "keruen trade import" in absent.json()["error"]["message"] and str(tmp_path) not in absent.text
    trade_store(shipped, path, [{"value": 5.0}], [import_row(1)]).close()
    assert len(server.get("/api/v1/trade/store").json()["imports"]) == 1
    assert server.get("/api/v1/trade", params={"reporter": "KZ"}).status_code == 200


def test_a_store_that_cannot_be_read_is_named_without_its_folder(serving: Serving, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no store at all" * 100)
    told = serving(trade=broken).get("/api/v1/trade", params={"reporter": "KZ"})
    assert told.status_code == 422 and str(tmp_path) not in told.text
    error = told.json()["error"]
    assert "broken.duckdb" in error["message"] and "broken.duckdb" in error["message_ru"]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"reporter": "Atlantis"}, "unknown_option"),
        ({"reporter": "KZ", "period": "soon"}, "bad_period"),
        ({"reporter": "KZ", "store": "/etc/passwd"}, "usage"),
        ({"reporter": "KZ", "code": "' OR 1=1 --", "partner": "CN"}, None),
    ],
)
def test_a_question_about_trade_that_cannot_be_answered(
    trading: Client, asked: dict[str, str], kind: str | None
) -> None:
    told = trading.get("/api/v1/trade", params=asked)
    assert told.json().get("error", {}).get("kind") == kind
    assert told.status_code == (422 if kind else 200)


def test_the_data_base_is_loaded_when_first_asked() -> None:
    script = "import sys, keruen.web.server; print('duckdb' in sys.modules, 'pypdf' in sys.modules)"
    assert subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split() == ["False", "False"]


@pytest.fixture(scope="module")
def with_store(world_data: Dataset, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server with that store answers."""
    with served(world_data, workspace=tmp_path_factory.mktemp("workspace"), trade=store, work_at_once=1000) as client:
        yield client.address


@pytest.fixture(scope="module")
def without_store(world_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server without a store answers."""
    folder = tmp_path_factory.mktemp("workspace")
    with served(world_data, workspace=folder, trade=folder / "none.duckdb", work_at_once=1000) as client:
        yield client.address


def opened(browser: Any, address: str, path: str, **how: Any) -> Any:
    """A page of a server."""
    view = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": "en-US", **how}
    page = browser.new_context(base_url=address, **view).new_page()
    page.set_default_timeout(20_000)
    page.goto(path)
    page.wait_for_selector(".trade-table tbody tr")
    return page


def test_without_a_store_the_page_shows_what_is_on_record(browser: Any, without_store: str) -> None:
    from browsing import expect, violations

    page = opened(browser, without_store, "/trade?year=2023")
    expect(page.locator("h1")).to_have_text("Trade of Kazakhstan")
    expect(page.locator(".notice")).to_contain_text("no trade store yet")
    vietnam = page.locator(".trade-table tr", has=page.get_by_role("button", name="Vietnam"))
    page.get_by_role("button", name=re.compile("^Show all")).click()
    expect(vietnam).to_contain_text("979.6")
    expect(vietnam).to_contain_text("+85.4 %")
    union = page.locator(".trade-table tr", has=page.get_by_role("button", name="European Union"))
    expect(union.locator("td").nth(1)).to_have_text("not known")
    vietnam.get_by_role("button").click()
    expect(page).to_have_url(re.compile("partner=VNM"))
    things = page.locator(".records tbody", has_text="exports · all goods · 2023")
    expect(things).to_contain_text("180,136,000 USD")
    expect(things).to_contain_text("180,200,000 USD")
    expect(things.locator(".conflict")).to_contain_text("0.04 %")
    assert page.locator(".trade-line.exports circle").count() >= 6
    assert violations(page) == []
    things.locator("[data-row='figures:K0534']").click()
    page.locator(".drawer .source-list li").first.wait_for()
    page.context.close()


def test_with_a_store_the_page_shows_it_and_both_sides(browser: Any, with_store: str) -> None:
    from browsing import expect, violations

    page = opened(browser, with_store, "/trade")
    china = page.locator(".trade-table tr", has=page.get_by_role("button", name="China")).first
    expect(china).to_contain_text("16,800.0")
    expect(china).to_contain_text("+20.0 %")
    dots = page.locator(".trade-line.exports").first.locator("circle")
    expect(dots).to_have_count(2)
    expect(dots.last.locator("title")).to_contain_text("2023: 16,980")
    page.get_by_label("Period").fill("2022")
    page.get_by_label("Period").press("Enter")
    expect(china).to_contain_text("14,000.0")
    expect(page).to_have_url(re.compile("year=2022"))
    page.reload()
    expect(china).to_contain_text("14,000.0")
    page.get_by_label("Period").fill("")
    page.get_by_label("Period").press("Enter")
    china.get_by_role("button").click()
    expect(page.locator("caption", has_text="What both sides declare")).to_be_visible()
    expect(page.locator(".trade-table", has_text="What both sides declare")).to_contain_text("25,200.0 million USD")
    expect(page.locator(".trade-table", has_text="by product").first).to_contain_text("81")
    assert violations(page) == []
    page.get_by_role("button", name="Recorded figures").click()
    expect(page).to_have_url(re.compile("of=ledger"))
    page.locator(".trade-line.exports circle").first.wait_for()
    page.context.close()


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "ru")])
def test_a_tablet_shows_trade_without_a_sideways_scroll(
    browser: Any, without_store: str, scheme: str, lang: str
) -> None:
    from browsing import violations

    page = opened(
        browser,
        without_store,
        f"/trade?partner=CHN&lang={lang}",
        viewport={"width": 820, "height": 1180},
        color_scheme=scheme,
    )
    page.locator(".records").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert violations(page) == []
    page.context.close()
