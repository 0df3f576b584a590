"""Statistics at the command line: in words of two languages, as JSON, and what is wrong in a sentence."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import RunCli
from trade_rows import import_row, trade_store

import keruen
from keruen.statistics_commands import STATISTICS
from keruen.tables.dataset import Dataset
from keruen.trade.formats import FORMATS

PARTNERS = {"CHN": 600e6, "RUS": 300e6, "DEU": 100e6}
NO_FIGURES_OF_TRADE = {"schedule"}
ROUNDING_NOT_KNOWN = {"mapped", "sdmx"}  # of any publisher


@pytest.fixture(autouse=True)
def store(shipped: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store with two years of three partners, from both sides."""
    path = tmp_path / "trade.duckdb"
    rows = []
    for year, scale in (("2022", 1.0), ("2023", 1.25)):
        for partner, value in PARTNERS.items():
            for code, share in (("270900", 0.7), ("810820", 0.3)):
                usual = {"start": f"{year}-01-01", "code": code, "mass_t": 10.0}
                rows.append({**usual, "partner": partner, "value": round(value * scale * share)})
                rows.append({**usual, "partner": partner, "value": round(value * share / 2), "flow": "import"})
                rows.append(
                    {
                        **usual,
                        "reporter": partner,
                        "partner": "KAZ",
                        "flow": "import",
                        "value": round(1.6 * value * scale * share),
                    }
                )
    trade_store(shipped, path, rows, [import_row(1, edition="final")]).close()
    monkeypatch.setenv("KERUEN_TRADE", str(path))
    yield path


def test_show_says_growth_and_whose_figures(run_cli: RunCli) -> None:
    said = run_cli("trade", "show", "KZ", "CN", "--period", "2023")
    assert said.code == 0
    assert "Kazakhstan and China, all goods, 2023 against 2022" in said.out
    assert "UN Comtrade final; declared by Kazakhstan; HS; import 1" in said.out and "declared by China" in said.out
    exports = next(line for line in said.out.splitlines() if line.startswith("exports"))
    assert exports.split()[1:4] == ["750.0", "600.0", "+25.0"]
    assert "are not added" in said.out


def test_show_in_russian_uses_its_signs(run_cli: RunCli) -> None:
    said = run_cli("trade", "show", "Казахстан", "--period", "2023", "--lang", "ru")
    assert said.code == 0 and "Казахстан и все партнёры" in said.out and "1 250,0" in said.out.replace("\xa0", " ")


def test_show_as_json_has_every_interval(run_cli: RunCli) -> None:
    said = run_cli("trade", "show", "KAZ", "--by", "product", "--level", "4", "--period", "2023", "--json")
    (answer,) = json.loads(said.out)["answers"]
    assert answer["source"] == "UN Comtrade" and answer["import_ids"] == [1] and answer["declared_by"] == "KAZ"
    turnover = answer["turnover"]["value"]["now"]
    assert turnover["low"] < turnover["value"] < turnover["high"]
    assert [part["item"] for part in answer["parts"]] == ["2709", "8108"]
    assert sum(part["turnover"]["contribution"]["value"] for part in answer["parts"]) == pytest.approx(
        answer["turnover"]["value"]["growth"]["value"]
    )
    assert answer["balance"]["value"]["growth"]["value"] is None


def test_mirror_says_what_freight_does_not_explain(run_cli: RunCli) -> None:
    said = run_cli("trade", "mirror", "KZ", "CN", "--period", "2023", "--product", "2709")
    assert said.code == 0 and "Kazakhstan to China" in said.out
    assert "imports / exports 1.600" in said.out and "outside" in said.out
    table = run_cli("trade", "mirror", "--period", "2023")
    assert table.out.splitlines()[0].startswith("exporter,importer,source") and len(table.out.splitlines()) == 7
    wrong = run_cli("trade", "mirror", "KZ", "EU", "--json")
    assert wrong.code == 2 and "not groups" in json.loads(wrong.out)["error"]["message"]


def test_concentration_advantage_and_outliers(run_cli: RunCli) -> None:
    said = run_cli("trade", "concentration", "KZ", "--period", "2023")
    assert said.code == 0 and "HHI 0.4600 (4,600 of 10,000)" in said.out
    found = json.loads(run_cli("trade", "concentration", "KZ", "--json").out)
    assert found["answers"][0]["hhi"] == pytest.approx(0.46)
    assert run_cli("trade", "advantage", "KZ", "--period", "2023").code == 0
    assert run_cli("trade", "outliers", "--period", "2023").code == 0


def test_gravity_without_pairs_enough_is_no_answer(run_cli: RunCli) -> None:
    said = run_cli("trade", "gravity", "KZ", "--period", "2023", "--json")
    assert said.code == 3 and json.loads(said.out)["error"]["kind"] == "no_fit"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("show", "KZ", "CN", "--period", "last year"), "is no period"),
        (("show", "Kazakstan", "CN"), "Did you mean KAZ"),
        (("mirror", "KZ"), "Name both countries"),
        (("mirror",), "Say which period"),
        (("concentration", "EU"), "is a group"),
    ],
)
def test_what_is_wrong_is_said(run_cli: RunCli, words: tuple[str, ...], text: str) -> None:
    said = run_cli("trade", *words)
    assert said.code == 2 and text in said.err


def test_public_functions_stand_at_the_top() -> None:
    assert keruen.hhi({"A": 0.5, "B": 0.5}, {"A": 1.0, "B": 3.0}) == 1.0
    assert keruen.rca([[1.0, 1.0], [1.0, 1.0]]).tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_examples_of_the_help_run_on_a_store_that_has_the_pairs(
    run_cli: RunCli, shipped: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they stand, but for the redirection of a shell; countries and periods are those of the examples."""
    lines = [line.strip() for command in STATISTICS for line in (command.help or "").splitlines()]
    examples = [line.removeprefix("keruen ").split(" > ")[0] for line in lines if line.startswith("keruen trade ")]
    assert len(examples) >= 9
    names = sorted({row.text("iso3") for row in shipped["countries"]})[::24] + ["KAZ", "CHN", "VNM", "BEL", "DEU"]
    rows = [
        {"reporter": a, "partner": b, "flow": flow, "code": "810820", "start": f"{year}-01-01",
         "value": float(1 + (7 * i + 3 * j + year) % 50)}
        for i, a in enumerate(names) for j, b in enumerate(names) if a != b
        for flow in ("export", "import") for year in (2009, 2022, 2023, 2024)
    ]  # fmt: skip
    path = tmp_path / "pairs.duckdb"
    trade_store(shipped, path, rows).close()
    monkeypatch.setenv("KERUEN_TRADE", str(path))
    for example in examples:
        said = run_cli(*shlex.split(example))
        assert said.code == 0, (example, said.err)


def test_every_format_has_its_rounding(shipped: Dataset) -> None:
    """A format without a row gives no interval; those of any publisher cannot have one."""
    known = {row.text("format") for row in shipped["trade_rounding"]}
    assert set(FORMATS) - known <= NO_FIGURES_OF_TRADE | ROUNDING_NOT_KNOWN


def test_gravity_lists_no_ratio_of_hardly_any_trade(run_cli: RunCli, shipped: Dataset, tmp_path: Path) -> None:
    """Twelve countries that trade with each other; one flow is of 400 dollars, and is told as left out, not listed first."""
    names = sorted({row.text("iso3") for row in shipped["countries"]})[::24] + ["KAZ", "CHN"]
    rows = [{"reporter": a, "partner": b, "flow": "import", "code": "TOTAL", "start": "2023-01-01",
             "value": 4e2 if (a, b) == ("CHN", "KAZ") else 1e6 * (2 + n)}
            for n, (a, b) in enumerate((a, b) for a in names for b in names if a != b)]  # fmt: skip
    store = tmp_path / "pairs.duckdb"
    trade_store(shipped, store, rows).close()
    said = run_cli("trade", "gravity", "KZ", "--period", "2023", "--store", store)
    assert (
        said.code == 0 and " 0.0 " not in said.out and "Not listed are flows of less than 1 million USD (1)" in said.out
    )
    every = run_cli("trade", "gravity", "KZ", "--period", "2023", "--store", store, "--at-least", "0", "--rows", "1")
    assert "China" in every.out.split("fitted / actual")[1].splitlines()[1] and "Not listed" not in every.out
    assert "0.0" in run_cli("trade", "gravity", "KZ", "CN", "--period", "2023", "--store", store).out, (
        "a named pair is whole"
    )
