"""The tables of the ledger against the lists they were re-shaped from: kz_trade (1,119 rows) and the lists of critical materials.

The re-shaping: values in base units (dollars, tonnes, TEU), each with half a unit of its last printed digit; periods in ISO 8601; flows,
modes and goods as codes with their words beside them; a net weight from the note into its own column; growth that follows from two rows is
not stored. Where the folder `shared` with the lists stands beside the repository every row is compared; elsewhere that is skipped.
"""

from __future__ import annotations

import csv
import math
import re
from functools import cache
from pathlib import Path

import pytest

from keruen.tables.dataset import Dataset, load
from keruen.tables.table import Row

SHARED = Path(__file__).parents[3] / "shared" / "data" / "facts"
needs_lists = pytest.mark.skipif(not SHARED.is_dir(), reason="the lists are not beside the repository")

FACTOR = {"USD mn": 1e6, "kt": 1e3, "kTEU": 1e3, "mbd": 1e6, "of 30 kinds": 1, "% of US uranium imports": 1, "": 1}
UNIT = {
    "USD mn": "USD", "kt": "tonnes", "kTEU": "TEU", "mbd": "barrels_per_day", "of 30 kinds": "count",
    "% of US uranium imports": "percent", "": "",
}  # fmt: skip
FOR_READERS = re.compile(r"(dev example of the brief|growth from the brief|figure from the brief); | as in the brief")
DECIMALS_OF_OFFICIAL_MILLIONS = {"by country": 3, "raw API": 4, "workbook": 2}


@cache
def data() -> Dataset:
    return load()


@cache
def listed(path: str) -> list[dict[str, str]]:
    with (SHARED / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs() -> list[tuple[Row, dict[str, str]]]:
    rows = {row["row_id"]: row for row in listed("trade/kz_trade.csv")}
    ours = [row for row in data()["figures"] if row.text("figure").startswith("K")]
    return [(row, rows[row.text("figure")]) for row in ours]


def as_number(cell: str) -> float:
    return float(cell) if cell else math.nan


def same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-12) or (math.isnan(a) and math.isnan(b))


def listed_period(period: str) -> str:
    """A period of ours in the words of the list."""
    return period.replace("/", "..")


@needs_lists
def test_every_row_is_there_once_and_no_other() -> None:
    ours = [row.text("figure") for row in data()["figures"] if row.text("figure").startswith("K")]
    assert sorted(ours) == sorted(row["row_id"] for row in listed("trade/kz_trade.csv"))


@needs_lists
def test_values_are_those_of_the_list_in_base_units() -> None:
    for ours, row in pairs():
        assert same(ours.number("value"), as_number(row["value"]) * FACTOR[row["unit"]]), ours
        assert ours.text("unit") == UNIT[row["unit"]], ours
        assert same(ours.number("base_value"), as_number(row["base_value"]) * FACTOR[row["unit"]]), ours


@needs_lists
def test_codes_and_words_are_those_of_the_list() -> None:
    for ours, row in pairs():
        assert ours.text("subject") == row["reporter"], ours
        assert {"WLD": "world", "EU27": "EU27_2020"}.get(ours.text("partner"), ours.text("partner")) == row[
            "partner"
        ], ours
        assert (ours.text("flow_text") or ours.text("flow")) == row["flow"], ours
        assert ours.text("kind") == row["source_kind"], ours
        hs, goods = ours.text("hs"), row["commodity"]
        if hs == "TOTAL":
            assert goods == "all goods", ours
        elif hs:
            assert hs in goods, ours
        assert ours.text("commodity").split()[0].lower() in goods.lower().replace("_", " "), ours


@needs_lists
def test_periods_are_those_of_the_list() -> None:
    quarters = {"01": "Q1", "04": "Q2", "07": "Q3", "10": "Q4"}
    for ours, row in pairs():
        for column in ("period", "base_period"):
            period, words = ours.text(column), ours.text(f"{column}_text")
            as_quarter = re.sub(r"^(\d{4})-(\d\d)/.*", lambda m: f"{m[1]}-{quarters.get(m[2], '')}", period)
            assert row[column] in (listed_period(period), as_quarter) if period else row[column] == words, ours


@needs_lists
def test_growth_as_stated_is_kept() -> None:
    for ours, row in pairs():
        stated = row["growth_pct_stated"]
        if stated.startswith("x"):
            assert ours.number("growth_times") == float(stated[1:])
        elif stated.startswith("+"):
            assert ours.number("growth_abs") == float(stated.split()[0]) * 1e6
        else:
            assert same(ours.number("growth_pct"), as_number(stated)), ours


@needs_lists
def test_notes_and_weights_are_kept() -> None:
    for ours, row in pairs():
        note, mass = FOR_READERS.sub("", row["note"]).strip(), ours.number("mass_t")
        kept = ours.text("note") if math.isnan(mass) else f"net weight {mass:.2f} t"
        more = row["commodity"].partition("(")[2].partition(")")[0] if "world share" in row["commodity"] else ""
        assert kept.rstrip("; ") == "; ".join(part for part in (more, note) if part).rstrip("; "), ours


@needs_lists
def test_sources_lead_to_the_address_of_the_list() -> None:
    for ours, row in pairs():
        addresses = [data()["sources"].find(key).text("url") for key in ours.sources()]  # type: ignore[union-attr]
        if row["source_kind"].startswith("comtrade"):
            flow = {"export": "X", "import": "M"}[ours.text("flow")]
            query = f"?period={ours.text('period')}&cmdCode={ours.text('hs')}&flowCode={flow}"
            assert [address + query for address in addresses] == [row["url"]], ours
        else:  # a source that came without an address before says so
            assert row["url"] in addresses or ours.sources() == ("el_kz_2022_lithuania_freight",), ours


@needs_lists
def test_rounding_is_half_a_unit_of_the_last_digit() -> None:
    for ours, row in pairs():
        for words, decimals in DECIMALS_OF_OFFICIAL_MILLIONS.items():
            if words in row["source"] and row["source_kind"] != "computed":
                assert same(ours.number("rounding"), 0.5 * 10**-decimals * FACTOR[row["unit"]]), ours
    rounding = {row.text("figure"): row.number("rounding") for row, _ in pairs()}
    assert rounding["K0854"] == 50_000  # 979.2 million
    assert rounding["K0810"] == 50_000_000  # 42.6 billion
    assert rounding["K0841"] == 500_000_000  # 3 billion
    assert rounding["K0858"] == 50  # 162.9 thousand tonnes
    assert rounding["K0843"] == 500_000  # 107 million tonnes


@needs_lists
def test_critical_materials_are_those_of_the_list_and_kazakhstan_has_what_the_evidence_says() -> None:
    crm = {row["material"]: row for row in listed("materials/crm_list.csv")}
    wanted = {name for name, row in crm.items() if "1" in (row["eu2020"], row["eu2023"])}
    ours = {row.text("name"): row for row in data()["materials"] if row.texts("lists")}
    assert {name for name, row in ours.items() if {"EU2020", "EU2023"} & set(row.texts("lists"))} == wanted
    for name in wanted:
        row = ours[name]
        assert tuple(one for one in row.texts("lists") if one in ("EU2020", "EU2023")) == tuple(
            f"EU{year}" for year in (2020, 2023) if crm[name][f"eu{year}"] == "1"
        )
    evidence = [row for row in listed("materials/kazakhstan.csv") if row["category"].startswith("evidence")]
    assert len(evidence) == 30
    for row in evidence:
        found = ours.get(row["material"]) or ours[f"{row['material']}/aluminium"]
        assert found.text("kazakhstan_text") == row["note"]
        assert found.text("kazakhstan") == {"yes": "yes", "no": "no"}.get(row["value"].split()[0], "past")


def test_the_list_of_2020_has_30_materials_and_that_of_2023_has_34() -> None:
    lists = [row.texts("lists") for row in data()["materials"]]
    assert sum("EU2020" in one for one in lists) == 30
    assert sum("EU2023" in one for one in lists) == 34
