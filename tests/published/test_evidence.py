"""The evidence tables against the lists they were re-shaped from, and against figures as published.

The lists (74 places, 95 legs, 174 border times, 114 journeys, 94 prices, 157 volumes, 44 projects, 10 claims, 24 air rows,
68 emission factors) are not part of the product. Where the folder `shared` with them stands beside the repository, every
row and every number of theirs must be found in ours; elsewhere those tests are skipped and the rest still run.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from keruen.tables.dataset import Dataset, load
from keruen.tables.table import Row, Table

SHARED = Path(__file__).parents[3] / "shared" / "data"
LISTS = SHARED / "facts" / "corridor"
UNLOCODE = SHARED / "external" / "trade" / "unlocode" / "unlocode_geoapify_2024.csv.gz"
needs_lists = pytest.mark.skipif(not LISTS.is_dir(), reason="the evidence lists are not beside the repository")
needs_unlocode = pytest.mark.skipif(not UNLOCODE.is_file(), reason="the UN/LOCODE list is not beside the repository")

HOURS_PER_DAY = 24
EARTH_RADIUS_KM = 6371.0
FILE_OF_TABLE = {
    "legs": ["legs"],
    "border_times": ["border_times"],
    "journeys": ["observed_transits_public"],
    "prices": ["observed_costs_public"],
    "volumes": ["volumes_public"],
    "projects": ["planned"],
    "claims": ["speed_claims", "unverified_claims"],
    "air_services": ["air"],
    "emission_factors": ["emission_factors"],
}
SAME_WORDS = {  # column of ours -> column of the list
    "legs": {"from_name": "from", "to_name": "to", "mode_text": "mode", "note": "note", "period_text": "date"},
    "border_times": {"subject": "place", "metric_text": "metric", "note": "note", "period_text": "period"},
    "journeys": {
        "origin_name": "origin",
        "destination_name": "destination",
        "corridor_text": "corridor",
        "mode_text": "mode",
        "basis": "basis_class",
        "basis_text": "basis",
        "endpoint_quality": "endpoint_quality",
        "operator": "operator",
        "cargo": "cargo",
        "note": "note",
        "period_text": "date",
    },
    "prices": {
        "origin_name": "origin",
        "destination_name": "destination",
        "corridor_text": "corridor",
        "per_text": "per",
        "value_kind": "value_kind",
        "basis_text": "basis",
        "note": "note",
        "period_text": "date",
    },
    "volumes": {"entity": "entity", "metric": "metric", "basis_text": "basis", "note": "note", "period_text": "period"},
    "projects": {"name": "project", "location": "location", "status_text": "status", "note": "note"},
    "claims": {"text": "claim"},
    "air_services": {"item": "item", "from_name": "from", "to_name": "to", "carrier": "carrier", "note": "note"},
    "emission_factors": {"subtype": "subtype", "region": "region", "framework": "framework"},
}
SAME_NUMBERS = {
    "legs": {
        "distance_km": "distance_km",
        "cost_usd_min": "cost_min",
        "cost_usd_max": "cost_max",
        "frequency_per_week": "frequency_per_week",
        "capacity": "capacity",
    },
    "journeys": {"days_min": "days_min", "days_max": "days_max", "distance_km": "distance_km"},
    "prices": {"value_min": "value_min", "value_max": "value_max"},
    "volumes": {"value": "value", "change_yoy_percent": "change_pct_yoy"},
    "projects": {"capacity_before": "capacity_before", "capacity_after": "capacity_after"},
    "emission_factors": {"value_published": "value", "value_max": "value_max"},
}

# Words in which ours knows more than the list, by a source of its own that the list does not name.
BETTER_KNOWN = {("prices:C045", column): "hellenic_2023_wci_9_nov" for column in ("note", "period_text")}

FIRST_ADDED = {"volumes": 311}
"""Number of the first row of ours that stands in no list."""


class Pair(NamedTuple):
    """A row of ours and the row of the list it was made from."""

    ours: Row
    listed: dict[str, str]


@cache
def data() -> Dataset:
    return load()


def evidence_list(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed_rows(table: str) -> dict[str, dict[str, str]]:
    return {row["id"]: row for name in FILE_OF_TABLE[table] for row in evidence_list(name)}


def added_later(table: str, key: str) -> bool:
    """Whether a row is of ours, found after the list was made: its number is higher than those of the list."""
    return table in FIRST_ADDED and int(key[1:]) >= FIRST_ADDED[table]


def pairs(table: str) -> Iterator[Pair]:
    listed = listed_rows(table)
    rows = zip(data()[table].keys, data()[table], strict=True)
    return (Pair(row, listed[key]) for key, row in rows if not added_later(table, key))


def found(table: Table, key: str) -> Row:
    row = table.find(key)
    assert row is not None, f"{table.name} has no row {key}"
    return row


def as_number(cell: str) -> float:
    return float(cell) if cell else math.nan


def same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b))


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    p, q, d = math.radians(lat_a), math.radians(lat_b), math.radians(lon_b - lon_a)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(d / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


# What the lists say is what the tables say


@needs_lists
@pytest.mark.parametrize("table", FILE_OF_TABLE)
def test_every_row_of_the_list_is_in_the_table_once_and_no_other(table: str) -> None:
    assert sorted(key for key in data()[table].keys if not added_later(table, key)) == sorted(listed_rows(table))


@needs_lists
@pytest.mark.parametrize("table", SAME_WORDS)
def test_words_are_those_of_the_list(table: str) -> None:
    for ours, listed in pairs(table):
        for column, theirs in SAME_WORDS[table].items():
            second_source = BETTER_KNOWN.get((ours.id, column))
            if second_source is None:
                assert ours.text(column) == listed[theirs].strip(), ours.id
            else:
                assert second_source in ours.sources(), ours.id


@needs_lists
@pytest.mark.parametrize("table", SAME_NUMBERS)
def test_numbers_are_those_of_the_list(table: str) -> None:
    for ours, listed in pairs(table):
        for column, theirs in SAME_NUMBERS[table].items():
            assert same(ours.number(column), as_number(listed[theirs])), f"{ours.id} {column}"


@needs_lists
def test_times_of_legs_are_the_listed_ones_in_hours() -> None:
    for ours, listed in pairs("legs"):
        per_unit = HOURS_PER_DAY if listed["transit_unit"] == "days" else 1
        for column, theirs in (("time_h_min", "transit_time_min"), ("time_h_max", "transit_time_max")):
            assert same(ours.number(column), as_number(listed[theirs]) * per_unit), ours.id


@needs_lists
@pytest.mark.parametrize("table", ["border_times", "air_services"])
def test_both_listed_values_of_a_row_are_kept(table: str) -> None:
    """A second value is the upper end of a range, the value before a change, or one that is planned."""
    columns = ("value", "value_max", "value_before", "value_planned")
    for ours, listed in pairs(table):
        per_unit = HOURS_PER_DAY if listed["unit"].startswith("days") else 1
        theirs = sorted(float(listed[name]) * per_unit for name in ("value", "value_max") if listed[name])
        present = (ours.number(name) for name in columns if name in ours)
        assert sorted(value for value in present if not math.isnan(value)) == pytest.approx(theirs), ours.id


@needs_lists
@pytest.mark.parametrize("table", FILE_OF_TABLE)
def test_every_row_has_the_source_of_the_list(table: str) -> None:
    for ours, listed in pairs(table):
        source = found(data()["sources"], ours.sources()[0])
        address = listed.get("source_url", "")
        if address.startswith("http"):
            assert source.text("url") == address, ours.id
        elif listed.get("source_title"):
            assert source.text("note"), f"{ours.id}: {source.id} has neither address nor note"


@needs_lists
def test_all_listed_places_are_places_and_resolve_by_their_old_code() -> None:
    names = {alias: row.text("place") for row in data()["places"] for alias in row.texts("aliases")}
    for listed in evidence_list("places"):
        ours = [row for row in data()["places"] if listed["id"] in row.texts("fact")]
        assert ours, listed["id"]
        code = listed["unlocode"]
        if code and listed["id"] != "P054":  # the cape was listed under the code of Cape Town
            assert code in {row.text("place") for row in ours} or names.get(code) in {r.text("place") for r in ours}


@needs_lists
def test_positions_are_the_listed_ones_or_the_note_says_what_was_listed() -> None:
    for listed in evidence_list("places"):
        where = (float(listed["lat"]), float(listed["lon"]))
        ours = [row for row in data()["places"] if listed["id"] in row.texts("fact")]
        kept = any((row.number("lat"), row.number("lon")) == pytest.approx(where, abs=1e-4) for row in ours)
        assert kept or any(f"{listed['lat']}, {listed['lon']}" in row.text("note") for row in ours), listed["id"]


# The tables by themselves


def test_border_times_of_kazakhstan_are_those_the_cpmm_reports_print() -> None:
    """CAREC CPMM, Kazakhstan, rail, both directions, hours: 39.9 in 2019, 48.6, 57.2, 67.4, 69.7 in 2023."""
    hours = {
        row.text("period_start"): row.number("value")
        for row in data()["border_times"]
        if row.text("subject") == "Kazakhstan rail BCPs (all)" and row.text("metric") == "border_crossing_time"
    }
    assert hours == {"2019": 39.9, "2020": 48.6, "2021": 57.2, "2022": 67.4, "2023": 69.7}


def test_malaszewicze_waits_are_in_hours() -> None:
    """RailTech, 2018: two to three days as a rule, five days to three weeks when it is bad."""
    table = data()["border_times"]
    assert [found(table, "B023").number(c) for c in ("value", "value_max")] == [48, 72]
    assert [found(table, "B024").number(c) for c in ("value", "value_max")] == [120, 504]


def test_well_to_wheel_is_tank_to_wheel_and_more() -> None:
    """DESNZ 2025 lists both for each vehicle; making the fuel adds 20 to 30 % with diesel and heavy fuel oil."""
    table = data()["emission_factors"]
    desnz = [row for row in table if row.sources()[0] == "desnz_2025_ghg_factors"]
    ttw = {row.text("subtype"): row.number("g_co2e_per_tkm") for row in desnz if row.text("scope") == "TTW"}
    wtw = {row.text("subtype"): row.number("g_co2e_per_tkm") for row in desnz if row.text("scope") == "WTW"}
    assert ttw.keys() == wtw.keys()
    assert all(1.1 < wtw[subtype] / ttw[subtype] < 1.35 for subtype in ttw)


def test_periods_do_not_end_before_they_start() -> None:
    for name in FILE_OF_TABLE:
        for row in data()[name] if "period_start" in data()[name].schema else ():
            start, end = row.text("period_start"), row.text("period_end")
            assert bool(start) == bool(end), row.id
            assert start[: len(end)] <= end[: len(start)], row.id


def test_named_ends_lie_in_the_country_that_is_named() -> None:
    places = data()["places"]
    for row in data()["journeys"]:
        for end in ("origin", "destination"):
            code, country = row.text(f"{end}_place"), row.text(f"{end}_country")
            assert not code or found(places, code).text("country") == country, row.id


def test_ends_of_good_journeys_are_named_places() -> None:
    """Quality A: both ends are places. Quality C: neither is, so neither has a code."""
    for row in data()["journeys"]:
        ends = [row.text("origin_place"), row.text("destination_place")]
        if row.text("endpoint_quality") == "A":
            assert all(ends), row.id
        if row.text("endpoint_quality") == "C":
            assert not any(ends), row.id


def test_prices_in_clean_columns_are_levels_in_dollars() -> None:
    levels = ("usd_per_teu", "usd_per_feu", "usd_per_t", "usd_per_trailer")
    for row in data()["prices"]:
        filled = [name for name in levels if not math.isnan(row.number(name))]
        assert len(filled) <= 1, row.id
        if filled:
            assert (row.text("value_kind"), row.text("currency")) == ("level", "USD"), row.id
        middle = (row.number("value_min") + row.number("value_max")) / 2
        if filled and row.text("per") in ("teu", "feu", "t"):
            assert row.number(filled[0]) == pytest.approx(middle), row.id


def test_metre_of_ferry_makes_the_lorry_the_carrier_prints() -> None:
    """ASCO: Alat-Turkmenbashi, 60.5 USD a metre one way; its page gives 998 USD for a lorry of 16.5 m."""
    assert found(data()["prices"], "C103").number("usd_per_trailer") == pytest.approx(998, abs=0.5)


def test_tonnes_and_teu_are_the_published_values_in_one_unit() -> None:
    for row in data()["volumes"]:
        factor = {"million_t": 1e6, "t": 1.0}.get(row.text("unit"), math.nan)
        assert same(row.number("value_t"), row.number("value") * factor), row.id
        teu = row.number("value") if row.text("unit") == "teu" else math.nan
        assert same(row.number("value_teu"), teu), row.id


# Countries


def test_unions_have_as_many_members_as_they_say() -> None:
    """EU 27, Schengen 29, EAEU 5, CAREC 11, ECO 10, GCC 6, ASEAN 11, EFTA 4, USMCA 3 at the end of 2025."""
    members = {name: 0 for name in ("EU", "SCHENGEN", "EAEU", "CAREC", "ECO", "GCC", "ASEAN", "EFTA", "USMCA")}
    for row in data()["countries"]:
        for name in row.texts("groups"):
            members[name] = members.get(name, 0) + 1
    expected = {"EU": 27, "SCHENGEN": 29, "EAEU": 5, "CAREC": 11, "ECO": 10, "GCC": 6, "ASEAN": 11, "EFTA": 4}
    assert {name: members[name] for name in (*expected, "USMCA")} == expected | {"USMCA": 3}


@pytest.mark.parametrize(
    ("country", "gauge_mm"),
    [("KZ", 1520), ("CN", 1435), ("DE", 1435), ("VN", 1000), ("ES", 1668), ("IN", 1676), ("IR", 1435), ("JP", 1067)],
)
def test_main_gauge(country: str, gauge_mm: int) -> None:
    assert found(data()["countries"], country).number("rail_gauge_mm") == gauge_mm


def test_broad_gauge_of_the_former_soviet_union_is_one_gauge() -> None:
    """1520 and 1524 mm let each other's wagons pass: between Finland, Russia and Ukraine nothing changes gauge."""
    broad = [row.text("country") for row in data()["countries"] if row.number("rail_gauge_mm") == 1520]
    assert {"AM", "AZ", "BY", "EE", "FI", "GE", "KG", "KZ", "LT", "LV", "MD", "MN", "RU", "TJ", "TM", "UA", "UZ"} <= {
        *broad
    }
    assert not any("1524" in row.texts("rail_gauges_mm") for row in data()["countries"])


def test_kazakhstans_network_as_the_factbook_prints_it() -> None:
    """World Factbook: 16,636 km (2021), 4,237 km electrified; Ember: 801.9 g CO2e a kWh in 2024."""
    row = found(data()["countries"], "KZ")
    assert row.texts("rail_gauge_km") == ("16636",)
    assert row.number("electrified_share") == pytest.approx(4237 / 16636, abs=5e-4)
    assert row.number("grid_kg_co2e_per_kwh") == pytest.approx(0.8019)


# Places


@pytest.mark.parametrize(
    ("old", "code"),
    [("CNCHN", "CNXAG"), ("KZALS", "KZDOS"), ("CNHUP", "CNHRS"), ("CNCHQ", "CNCQI"), ("CNCKG", "CNCQI")]
    + [("KZTSE", "KZAST"), ("KZNQZ", "KZAST")],
)
def test_doubtful_codes_of_the_evidence_lead_to_the_right_place(old: str, code: str) -> None:
    assert data()["places"].find(old) is None
    assert old in found(data()["places"], code).texts("aliases")


def test_an_alias_is_never_the_code_of_another_place() -> None:
    codes = set(data()["places"].keys)
    for row in data()["places"]:
        assert not codes & set(row.texts("aliases")), row.id


def test_codes_begin_with_the_country() -> None:
    assert all(row.text("place")[:2] == row.text("country") for row in data()["places"])


@needs_unlocode
def test_codes_of_five_letters_are_in_un_locode() -> None:
    """A code of ours is longer, so that nobody takes it for a UN/LOCODE.

    Anaklia is listed only in a later edition. GESUK is how the port list of searoute, whose position it corrects, calls Sukhumi.
    """
    with gzip.open(UNLOCODE, "rt", encoding="utf-8", newline="") as file:
        known = {row["country"] + row["location"] for row in csv.DictReader(file)}
    ours = {code for code in data()["places"].keys if len(code) == 5}
    assert ours - known == {"GEANA", "GESUK"}


@needs_unlocode
def test_positions_agree_with_un_locode_where_it_has_its_own() -> None:
    """Within 60 km, unless the note says that the position of the list is wrong or that the port lies outside the city."""
    with gzip.open(UNLOCODE, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lat"] and not row["geocoded"]]
    places, far = data()["places"], []
    for listed in rows:
        row = places.find(listed["country"] + listed["location"])
        if row is None or "UN/LOCODE list coordinates" in row.text("note") or "from the city" in row.text("note"):
            continue
        try:
            where = (float(listed["lat"]), float(listed["lon"]))
        except ValueError:  # a name with a comma in it, broken over columns
            continue
        far += [row.id] if distance_km(row.number("lat"), row.number("lon"), *where) > 60 else []
    assert not far
