"""From a shown number down to its rows, and from these to their sources.

gauge_yards:KZALT/1435/1520   ->  speeds:rail/KZ/*   ->  speeds:rail/*/*  ->  speeds:rail/KZ/*  (a circle)
      [atlas]                        [report]                [ours]
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tables_folder import write_tables

from keruen.errors import UnknownFigure
from keruen.tables import Dataset, load, trace, trace_keys

ROWS = {
    "sources": [
        {"source": key, "title": f"The {key}", "url": "https://example.org", "tier": "press_or_trade", "date": "2024"}
        for key in ("atlas", "report", "ours")
    ],
    "countries": [{"country": "KZ", "iso3": "KAZ", "name": "Kazakhstan", "source": "atlas"}],
    "places": [
        {"place": "KZALT", "name": "Altynkol", "name_ru": "Алтынколь", "aliases": "Altynkol station", "country": "KZ"}
        | {"kind": "border", "lat": "44.2", "lon": "80.3", "source": "atlas"}
    ],
    "speeds": [
        {"mode": "rail", "country": "*", "load": "*", "speed_kmh": "30", "basis": "derived", "source": "ours"}
        | {"evidence": "speeds:rail/KZ/*"},
        {"mode": "rail", "country": "KZ", "load": "*", "speed_kmh": "40", "basis": "derived", "source": "report"}
        | {"evidence": "speeds:rail/*/*"},
    ],
    "gauge_yards": [
        {"place": "KZALT", "gauge_a_mm": "1435", "gauge_b_mm": "1520", "methods": "transload", "hours": "12"}
        | {"basis": "derived", "evidence": "speeds:rail/KZ/*", "source": "atlas"}
    ],
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return load(write_tables(tmp_path, ROWS))


def ids(found: object) -> list[tuple[str, int]]:
    return [(traced.row.id, traced.depth) for traced in found.rows]  # type: ignore[attr-defined]


def test_a_row_leads_to_its_evidence_and_all_their_sources(data: Dataset) -> None:
    found = trace(data, "gauge_yards:KZALT/1435/1520")
    assert ids(found) == [("gauge_yards:KZALT/1435/1520", 0), ("speeds:rail/KZ/*", 1), ("speeds:rail/*/*", 2)]
    assert [source["source"] for source in found.sources] == ["atlas", "report", "ours"]
    assert found.rows[1].behind == "gauge_yards:KZALT/1435/1520"


def test_a_choice_leads_to_the_factors_chosen(shipped: Dataset) -> None:
    found = ids(trace(shipped, "emission_choice:rail/*/*/*"))
    assert found[:3] == [
        ("emission_choice:rail/*/*/*", 0),
        ("emission_factors:E012", 1),
        ("emission_factors:E057", 1),
    ]


def test_a_service_leads_to_its_factor_but_not_to_the_places_it_joins(shipped: Dataset) -> None:
    found = ids(trace(shipped, "services:aktau_alat_feeder"))
    assert ("emission_factors:E026", 1) in found
    assert not [name for name, _ in found if name.startswith(("places:", "countries:", "corridors:"))]


def test_what_a_factor_chosen_is_from_is_among_the_sources(shipped: Dataset) -> None:
    found = trace(shipped, "services:channel_tunnel_shuttle")
    factor = shipped.find_row("emission_factors:E057")
    assert factor is not None
    assert {source["source"] for source in found.sources} >= set(factor.sources())


def test_factors_of_services_around_a_place_are_left_out(shipped: Dataset) -> None:
    assert not [name for name, _ in ids(trace(shipped, "KZAAU")) if name.startswith("emission_factors:")]


@pytest.mark.parametrize("name", ["KZALT", "kzalt", "Altynkol", "Алтынколь", "altynkol station"])
def test_a_place_by_any_of_its_names_shows_the_rows_that_name_it(data: Dataset, name: str) -> None:
    found = trace(data, name)
    assert ids(found)[:2] == [("places:KZALT", 0), ("gauge_yards:KZALT/1435/1520", 1)]
    assert ("speeds:rail/KZ/*", 2) in ids(found)


def test_a_source_shows_the_rows_that_cite_it(data: Dataset) -> None:
    found = trace(data, "report")
    assert ids(found)[:2] == [("sources:report", 0), ("speeds:rail/KZ/*", 1)]
    assert found.sources[0]["title"] == "The report"


def test_a_key_alone_finds_its_row(data: Dataset) -> None:
    assert ids(trace(data, "rail/KZ/*"))[0] == ("speeds:rail/KZ/*", 0)
    assert ids(trace(data, "KZ"))[0] == ("countries:KZ", 0)


def test_the_keys_of_a_leg_lead_to_its_rows(data: Dataset) -> None:
    found = trace_keys(data, ["speeds:rail/KZ/*|rail/*/*", "places:KZALT|speeds:rail/KZ/*", "atlas"])
    assert ids(found) == [
        ("speeds:rail/KZ/*", 0),
        ("speeds:rail/*/*", 0),
        ("places:KZALT", 0),
        ("sources:atlas", 0),
    ] + [
        ("gauge_yards:KZALT/1435/1520", 1),
        ("countries:KZ", 1),
    ]
    assert [source["source"] for source in found.sources] == ["report", "ours", "atlas"]


def test_places_may_stand_among_the_keys_of_a_leg(data: Dataset) -> None:
    assert ids(trace_keys(data, ["Altynkol"])) == ids(trace(data, "Altynkol"))


def test_a_leg_of_other_tables_is_refused(data: Dataset) -> None:
    with pytest.raises(UnknownFigure, match="goes by 'speeds:rail/RU/\\*'; did you mean speeds:rail"):
        trace_keys(data, ["places:KZALT", "speeds:rail/RU/*"])


@pytest.mark.parametrize(
    ("name", "near"), [("reprot", "report"), ("Altynkoll", "altynkol"), ("places:KZALZ", "places:KZALT")]
)
def test_an_unknown_name_is_answered_with_what_comes_near(data: Dataset, name: str, near: str) -> None:
    with pytest.raises(UnknownFigure) as caught:
        trace(data, name)
    assert near in caught.value.suggestions and near in caught.value.message


def test_a_trace_can_be_printed_and_written_as_json(data: Dataset) -> None:
    found = trace(data, "gauge_yards:KZALT/1435/1520")
    assert "    speeds:rail/KZ/* [report]" in str(found)
    assert "  report: The report, 2024, press_or_trade, https://example.org" in str(found)
    written = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert written["rows"][0]["cells"]["hours"] == 12.0 and written["rows"][0]["sources"] == ["atlas"]
    assert "usd_per_teu" not in written["rows"][0]["cells"]
