"""What a brief says of two countries' trade, on stores small enough to reckon by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from command_line import RunCli
from trade_rows import import_row, trade_store

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.trade.bilateral import FLOWS, brief
from keruen.trade.mirror import mirror, mirror_table
from keruen.trade.outliers import outliers
from keruen.trade.period import period
from keruen.trade.reconcile import reconciled

YEARS = [
    {"flow": "export", "start": "2022-01-01", "value": 100.0},
    {"flow": "import", "start": "2022-01-01", "value": 50.0},
    {"flow": "export", "value": 130.0, "mass_t": 2.0},
    {"flow": "import", "value": 40.0},
]


def test_turnover_balance_and_growth_by_hand(shipped: Dataset, tmp_path: Path) -> None:
    """130 and 40 against 100 and 50: turnover 170, balance 90, growth 30, -20 and 13.3 per cent."""
    with trade_store(shipped, tmp_path / "t.duckdb", YEARS) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
    now = {flow: answer.now.measure(flow).value for flow in FLOWS}
    assert now == {"exports": 130.0, "imports": 40.0, "turnover": 170.0, "balance": 90.0}
    assert answer.growth("exports").value == pytest.approx(0.30)
    assert answer.growth("imports").value == pytest.approx(-0.20)
    assert answer.growth("turnover").value == pytest.approx(20 / 150)
    assert answer.growth("balance").value is None
    assert answer.now.measure("exports", "mass_t").value == 2.0
    assert answer.now.measure("turnover", "mass_t").value is None, "tonnes of the imports are unknown, not zero"


def test_whole_dollars_give_the_range_of_growth(shipped: Dataset, tmp_path: Path) -> None:
    """Comtrade in whole dollars: 130 over 100 lies between 129.5/100.5 and 130.5/99.5."""
    with trade_store(shipped, tmp_path / "t.duckdb", YEARS) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
    growth = answer.growth("exports").interval
    assert growth is not None
    assert (growth.low, growth.high) == pytest.approx((129.5 / 100.5 - 1, 130.5 / 99.5 - 1))


def test_a_format_whose_rounding_is_not_known_has_no_range(shipped: Dataset, tmp_path: Path) -> None:
    with trade_store(shipped, tmp_path / "t.duckdb", YEARS, [import_row(1, format="mapped")]) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
    assert answer.growth("exports").value is not None and answer.growth("exports").interval is None


def test_an_unknown_flow_is_never_zero(shipped: Dataset, tmp_path: Path) -> None:
    with trade_store(shipped, tmp_path / "t.duckdb", [row for row in YEARS if row["flow"] == "export"]) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
    assert answer.now.measure("imports").value is None
    assert answer.now.measure("turnover").value is None and answer.now.measure("balance").value is None


def test_editions_stand_side_by_side_and_are_not_added(shipped: Dataset, tmp_path: Path) -> None:
    rows = YEARS + [{**row, "import_id": 2, "value": float(str(row["value"])) + 1} for row in YEARS]
    imports = [import_row(1, edition="preliminary"), import_row(2, edition="final")]
    with trade_store(shipped, tmp_path / "t.duckdb", rows, imports) as store:
        found = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
    assert [(one.series.edition, one.now.measure("exports").value) for one in found] == [
        ("final", 131.0),
        ("preliminary", 130.0),
    ]


def test_two_files_of_one_edition_that_tell_one_figure_stay_apart(shipped: Dataset, tmp_path: Path) -> None:
    """Two files without an edition that both tell the exports of 2023 cannot be one series; two that tell other years are."""
    twice = YEARS + [{"import_id": 2, "flow": "export", "value": 131.0}]
    with trade_store(shipped, tmp_path / "a.duckdb", twice, [import_row(1), import_row(2)]) as store:
        found = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
        assert sorted(one.now.measure("exports").value or 0 for one in found) == [130.0, 131.0]
    apart = [{**row, "import_id": 1 if row.get("start") else 2} for row in YEARS]
    with trade_store(shipped, tmp_path / "b.duckdb", apart, [import_row(1), import_row(2)]) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
        assert answer.series.imports == (1, 2) and answer.growth("exports").value == pytest.approx(0.3)


def test_nine_months_are_cumulated_only_if_all_are_there(shipped: Dataset, tmp_path: Path) -> None:
    months = [{"start": f"2023-{month:02d}-01", "months": 1, "value": float(month)} for month in range(1, 13)]
    with trade_store(shipped, tmp_path / "all.duckdb", months) as store:
        for asked, value in (("2023-9M", 45.0), ("2023-Q4", 33.0), ("2023", 78.0), ("2023-05", 5.0)):
            (answer,) = brief(store, shipped, "KZ", "CN", period=period(asked)).answers
            assert answer.now.measure("exports").value == value
    with trade_store(
        shipped, tmp_path / "most.duckdb", [row for row in months if row["start"] != "2023-04-01"]
    ) as store:
        assert brief(store, shipped, "KZ", "CN", period=period("2023-9M")).answers == ()
        assert (
            brief(store, shipped, "KZ", "CN", period=period("2023-Q4")).answers[0].now.measure("exports").value == 33.0
        )


def test_products_sum_to_the_total_where_none_is_printed(shipped: Dataset, tmp_path: Path) -> None:
    """BACI: six digits only, imports are what the partner exports to us."""
    rows = [
        {"reporter": a, "partner": b, "code": code, "value": value, "perspective": "reconciled"}
        for a, b, code, value in (
            ("KAZ", "CHN", "810820", 5.0),
            ("KAZ", "CHN", "270900", 70.0),
            ("CHN", "KAZ", "870323", 20.0),
        )
    ]
    with trade_store(
        shipped, tmp_path / "t.duckdb", rows, [import_row(1, format="baci", source="CEPII BACI")]
    ) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", by="product").answers
        assert answer.level == 6 and answer.series.declared_by == ""
        assert (answer.now.measure("exports").value, answer.now.measure("imports").value) == (75.0, 20.0)
        assert {item: flows[0].measure("exports").value for item, flows in answer.parts.items()} == {
            "27": 70.0,
            "81": 5.0,
            "87": None,
        }
        (one,) = brief(store, shipped, "KZ", "CN", code="81").answers
        assert one.now.measure("exports").value == 5.0


def test_two_classifications_of_the_same_goods_are_not_added(shipped: Dataset, tmp_path: Path) -> None:
    """All goods once by HS and once by SITC are two series; where the total is printed it stands for both."""
    rows = [{"code": code, "classification": system, "value": value} for code, system, value in
            (("27", "HS17", 70.0), ("81", "HS17", 30.0), ("33", "SITC4", 70.0), ("68", "SITC4", 30.0))]  # fmt: skip
    with trade_store(shipped, tmp_path / "apart.duckdb", rows) as store:
        answers = brief(store, shipped, "KZ", "CN", period=period("2023")).answers
        assert sorted((one.series.classification, one.now.measure("exports").value) for one in answers) == [
            ("HS", 100.0),
            ("SITC", 100.0),
        ]
    with trade_store(
        shipped, tmp_path / "printed.duckdb", [*rows, {"value": 101.0, "classification": "HS17"}]
    ) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", period=period("2023"), by="product").answers
        assert (answer.level, answer.now.measure("exports").value) == (0, 101.0) and len(answer.parts) == 2


def test_totals_grow_across_a_revision_of_the_hs_and_narrow_products_do_not(shipped: Dataset, tmp_path: Path) -> None:
    rows = [
        {"code": "854231", "classification": "HS17", "start": "2022-01-01", "value": 10.0},
        {"code": "854231", "classification": "HS22", "value": 15.0},
    ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        for code, growth in (("TOTAL", 0.5), ("85", 0.5), ("854231", None)):
            (answer,) = brief(store, shipped, "KZ", "CN", code=code, period=period("2023")).answers
            assert answer.growth("exports").value == (pytest.approx(growth) if growth else None), code


def test_contributions_with_a_printed_total_sum_to_its_growth(shipped: Dataset, tmp_path: Path) -> None:
    """Partners known in one year only are named and go to the rest, so that nothing is lost and no zero is made up."""
    rows = []
    for year, parts in (
        ("2022", {"CHN": 60, "RUS": 30, "UZB": 5, "WLD": 100}),
        ("2023", {"CHN": 90, "RUS": 24, "TUR": 8, "WLD": 130}),
    ):
        rows += [
            {"partner": p, "start": f"{year}-01-01", "value": float(v), "flow": f}
            for p, v in parts.items()
            for f in ("export", "import")
        ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (answer,) = brief(store, shipped, "KZ", period=period("2023")).answers
    found = answer.contributions["exports"]
    assert found.growth.value == pytest.approx(0.30)
    assert {name: amount.value for name, amount in found.parts.items() if amount.known} == pytest.approx(
        {"CHN": 0.30, "RUS": -0.06}
    )
    assert found.one_sided == ("TUR", "UZB")
    assert found.rest is not None and found.rest.value is not None
    assert sum(one.value or 0 for one in found.parts.values()) + found.rest.value == pytest.approx(0.30)


def test_without_a_printed_total_the_partners_told_are_summed(shipped: Dataset, tmp_path: Path) -> None:
    """China in both years, Turkey in the second: the sums are of what is told, and the growth is not made up from a zero."""
    rows = [{"start": "2022-01-01", "value": 100.0}, {"value": 130.0}, {"partner": "TUR", "value": 20.0}]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (answer,) = brief(store, shipped, "KZ", period=period("2023")).answers
    assert (answer.now.measure("exports").value, answer.then.measure("exports").value) == (150.0, 100.0)
    found = answer.contributions["exports"]
    assert found.one_sided == ("TUR",) and found.parts["CHN"].value == pytest.approx(0.30)
    assert found.rest is not None and found.rest.value == pytest.approx(0.20)


def test_a_group_with_a_silent_member_is_told_as_at_least(shipped: Dataset, tmp_path: Path) -> None:
    rows = [
        {"partner": one, "flow": flow, "value": 10.0} for one in ("ARM", "BLR", "RUS") for flow in ("export", "import")
    ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (answer,) = brief(store, shipped, "KZ", "EAEU", period=period("2023")).answers
    exports = answer.now.measure("exports")
    assert exports.value is None and exports.interval is not None
    assert exports.interval.low == pytest.approx(28.5) and exports.interval.high == float("inf")
    assert answer.missing == ("KGZ",)


def test_members_of_a_group_are_those_of_the_period(shipped: Dataset, tmp_path: Path) -> None:
    with trade_store(
        shipped, tmp_path / "t.duckdb", [{"partner": "GBR", "start": f"{year}-01-01"} for year in (2019, 2023)]
    ) as store:
        members = {year: brief(store, shipped, "KZ", "EU", period=period(year)).partner for year in ("2019", "2023")}
    assert members["2019"] and "GBR" in members["2019"].members
    assert members["2023"] and "GBR" not in members["2023"].members


@pytest.mark.parametrize(("printed", "counted"), [(2700.0, ()), (2800.0, ("GBR",)), (2750.0, None)])
def test_a_printed_union_tells_if_it_counts_the_united_kingdom(
    shipped: Dataset, tmp_path: Path, run_cli: RunCli, printed: float, counted: tuple[str, ...] | None
) -> None:
    """Each member takes 100 in 2022, so does the United Kingdom: 2,700 is the Union of the day, 2,800 the one of before."""
    with trade_store(
        shipped, tmp_path / "t.duckdb", [{"partner": "EU", "value": printed, "start": "2022-01-01"}]
    ) as store:
        members = [one for (one,) in store.sql("SELECT member FROM members WHERE area = 'EU'")]
        for one in members:
            store.connection.execute("INSERT INTO flows VALUES (1, 'KAZ', ?, 'TOTAL', 100.0, NULL, NULL)", [one])
        found = brief(store, shipped, "KZ", "EU", period=period("2022"))
    (total,) = found.group_totals
    assert len(members) == 28 and total.members.value == 2700.0 and total.others == counted
    assert found.answers[0].now.measure("exports").value == 2700.0, (
        "what is printed for the group is not added to its members"
    )
    said = run_cli("trade", "show", "KZ", "EU", "--period", "2022", "--store", str(tmp_path / "t.duckdb"))
    assert ("counts United Kingdom too" in said.out) == (counted == ("GBR",))


def test_the_order_of_rows_changes_nothing(shipped: Dataset, tmp_path: Path) -> None:
    rows = [
        {"partner": p, "code": c, "value": v, "flow": f, "start": s}
        for p, c, v in (("CHN", "810820", 3.0), ("RUS", "270900", 7.0), ("TUR", "740311", 9.0))
        for f in ("export", "import")
        for s in ("2022-01-01", "2023-01-01")
    ]
    answers = []
    for number in range(3):
        random.Random(number).shuffle(rows)
        with trade_store(shipped, tmp_path / f"{number}.duckdb", rows) as store:
            answers.append(brief(store, shipped, "KZ", period=period("2023")).to_json())
    assert answers[0] == answers[1] == answers[2]


def test_unknown_names_and_empty_stores_are_said(shipped: Dataset, tmp_path: Path) -> None:
    with trade_store(shipped, tmp_path / "t.duckdb", YEARS) as store:
        with pytest.raises(UnknownOption, match="No area goes by 'Kazakstan'"):
            brief(store, shipped, "Kazakstan", "CN")
        with pytest.raises(UnknownOption, match="no figures of FRA"):
            brief(store, shipped, "FR", "DE")


def test_equal_declarations_are_no_puzzle_and_freight_is_no_gap(shipped: Dataset, tmp_path: Path) -> None:
    """Germany sends 100 by its own account; France receives 105: within freight, asymmetry 5/102.5."""
    rows = [
        {"reporter": "DEU", "partner": "FRA", "value": 100e6},
        {"reporter": "FRA", "partner": "DEU", "flow": "import", "value": 105e6},
    ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (one,) = mirror(store, shipped, "DEU", "FRA", period("2023"))
        assert one.asymmetry == pytest.approx(5 / 102.5)
        assert one.explained and not one.reasons
        ((exporter, importer, *_, exports, imports, asymmetry, _),) = mirror_table(store, period("2023"))
    assert (exporter, importer, exports, imports, asymmetry) == ("DEU", "FRA", 100e6, 105e6, pytest.approx(5 / 102.5))


def test_cars_that_pass_through_are_taken_for_re_exports(shipped: Dataset, tmp_path: Path) -> None:
    """Georgia 2023: it declares 703 million to Kazakhstan, which declares 70.7; Georgia imports about as many cars as it sells on."""
    rows = [
        {"reporter": "GEO", "partner": "KAZ", "code": "8703", "value": 703e6},
        {"reporter": "KAZ", "partner": "GEO", "code": "8703", "flow": "import", "value": 70.7e6},
        {"reporter": "GEO", "partner": "WLD", "code": "8703", "value": 2100e6},
        {"reporter": "GEO", "partner": "WLD", "code": "8703", "flow": "import", "value": 2900e6},
    ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (one,) = mirror(store, shipped, "GEO", "KAZ", period("2023"), code="8703")
    assert one.asymmetry == pytest.approx((70.7 - 703) / ((70.7 + 703) / 2))
    assert not one.explained
    (reason,) = one.reasons
    assert reason.reason == "re_export" and reason.evidence["ratio"] == pytest.approx(2900 / 2100)


def test_another_edition_is_named_if_it_closes_the_gap(shipped: Dataset, tmp_path: Path) -> None:
    rows = [
        {"reporter": "CHN", "partner": "KAZ", "value": 200e6, "import_id": 1},
        {"reporter": "CHN", "partner": "KAZ", "value": 120e6, "import_id": 2},
        {"reporter": "KAZ", "partner": "CHN", "flow": "import", "value": 125e6, "import_id": 1},
    ]
    imports = [import_row(1, edition="first"), import_row(2, edition="revised")]
    with trade_store(shipped, tmp_path / "t.duckdb", rows, imports) as store:
        (one,) = mirror(store, shipped, "CHN", "KAZ", period("2023"))
    assert [reason.reason for reason in one.reasons] == ["edition"]
    assert one.reasons[0].evidence["edition"] == "revised"


def test_who_declares_nothing_is_said_and_no_port_is_blamed(shipped: Dataset, tmp_path: Path) -> None:
    rows = [{"partner": "RUS", "value": 50e6}, {"reporter": "DEU", "partner": "KAZ", "flow": "import", "value": 60e6}]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        (one,) = mirror(store, shipped, "KAZ", "RUS", period("2023"))
    assert [reason.reason for reason in one.reasons] == ["no_declaration"]
    assert one.asymmetry is None and one.imports.value.value is None


def test_reconciled_lies_between_both_and_trusts_who_agrees_with_others(shipped: Dataset, tmp_path: Path) -> None:
    """A and B agree with each other and with D, C with nobody: flows with C go nearly by the other side."""
    good, bad, rows = ("DEU", "FRA", "ITA", "ESP"), "GRC", []
    for i, a in enumerate(good):
        for b in good:
            if a != b:
                rows += [
                    {"reporter": a, "partner": b, "value": 100e6},
                    {"reporter": b, "partner": a, "flow": "import", "value": 106e6},
                ]
        rows += [
            {"reporter": a, "partner": bad, "value": 100e6},
            {"reporter": bad, "partner": a, "flow": "import", "value": 106e6 * (3 if i % 2 else 0.3)},
        ]
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        found = {(one.exporter, one.importer): one for one in reconciled(store, shipped, period("2023"))}
    for one in found.values():
        assert one.exports is not None and one.imports_fob is not None and one.export_weight is not None
        low, high = sorted((one.exports, one.imports_fob))
        assert low * (1 - 1e-12) <= one.value <= high * (1 + 1e-12)
    assert found["DEU", "GRC"].export_weight is not None and found["DEU", "GRC"].export_weight > 0.9
    assert found["DEU", "FRA"].value == pytest.approx(100e6)


def test_freight_of_hauliers_stands_by_itself(shipped: Dataset, tmp_path: Path) -> None:
    """Quarters sum to the year if all are there; one haulier's tonnes are not added to another's."""
    with trade_store(shipped, tmp_path / "t.duckdb", YEARS) as store:
        for scope, quarters in (("haulier LTU", (1, 4, 7, 10)), ("haulier POL", (1, 4, 7))):
            for year, tonnes in ((2022, 10.0), (2023, 12.0)):
                for month in quarters:
                    store.connection.execute(
                        "INSERT INTO freight (import_id, origin, destination, mode, goods, start, months, mass_t, scope) "
                        "VALUES (1, 'KAZ', 'CHN', 'road', 'TOTAL', ?, 3, ?, ?)",
                        [f"{year}-{month:02d}-01", tonnes, scope],
                    )
        (line,) = brief(store, shipped, "KZ", "CN", period=period("2023")).carried
        assert (line.scope, line.mass_t, line.growth_mass, line.teu) == ("haulier LTU", 48.0, pytest.approx(0.2), None)
        assert {one.scope for one in brief(store, shipped, "KZ", "CN", period=period("2023-9M")).carried} == {
            "haulier LTU",
            "haulier POL",
        }


def test_a_slip_by_a_thousand_is_told_from_a_dear_quality(shipped: Dataset, tmp_path: Path) -> None:
    """Twenty routes at about 2 a kilogram; one year one is at 2,000 by a slip, another is so every year."""
    partners = (
        "DEU",
        "FRA",
        "ITA",
        "ESP",
        "POL",
        "CZE",
        "AUT",
        "BEL",
        "NLD",
        "SWE",
        "FIN",
        "DNK",
        "PRT",
        "GRC",
        "HUN",
        "ROU",
        "BGR",
        "IRL",
        "EST",
        "LVA",
    )
    rows = []
    for year in (2022, 2023):
        for i, partner in enumerate(partners):
            per_kg = 2.0 + 0.01 * i
            if partner == "LVA" or (partner == "EST" and year == 2023):
                per_kg *= 1000
            rows.append(
                {"partner": partner, "code": "740311", "start": f"{year}-01-01", "mass_t": 5.0, "value": per_kg * 5000}
            )
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        found = {one.partner: one for one in outliers(store, period("2023"))}
    assert set(found) == {"EST", "LVA"}
    assert found["EST"].slip == 1000.0 and found["EST"].route_per_kg == pytest.approx(2.18)
    assert found["LVA"].slip is None and found["LVA"].route_per_kg == pytest.approx(2190.0)


@pytest.mark.parametrize(
    ("code", "row", "usual", "ends", "by_default"),
    [
        ("810820", "commodities:titanium_sponge", 10.0, (9.5, 10.5), False),
        (
            "847130",
            "commodities:electronics",
            5.5,
            (5.0, 6.0),
            False,
        ),  # 8471 and 84 both begin it: the longer one holds
        ("840110", "commodities:machinery", 8.0, (7.5, 8.5), False),
        ("950300", "commodities:general", 10.0, (5.0, 22.0), True),  # toys: no commodity covers them
    ],
)
def test_containers_by_the_weight_of_the_product_or_of_goods_in_general(
    shipped: Dataset, tmp_path: Path, code: str, row: str, usual: float, ends: tuple[float, float], by_default: bool
) -> None:
    """1,000 t are 1,000 / usual TEU, and between 1,000 / heaviest and 1,000 / lightest box."""
    with trade_store(shipped, tmp_path / "t.duckdb", [{"code": code, "mass_t": 1000.0}]) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", code=code, period=period("2023")).answers
    assert answer.boxes is not None
    weight, told = answer.boxes.weight, answer.boxes.by_flow["exports"]
    assert (weight.row, weight.usual_t, weight.by_default, weight.basis) == (row, usual, by_default, "assumed")
    assert (weight.low_t, weight.high_t) == ends
    assert told.value == pytest.approx(1000 / usual) and told.interval is not None
    assert (told.interval.low, told.interval.high) == pytest.approx((1000 / ends[1], 1000 / ends[0]), rel=1e-6)
    assert answer.boxes.by_flow["imports"].value is None, "no tonnes are no containers that could be counted"


@pytest.mark.parametrize("code", ["TOTAL", "270900"])
def test_all_goods_and_crude_oil_fill_no_containers(shipped: Dataset, tmp_path: Path, code: str) -> None:
    with trade_store(shipped, tmp_path / "t.duckdb", [{"code": code, "mass_t": 1000.0}]) as store:
        (answer,) = brief(store, shipped, "KZ", "CN", code=code, period=period("2023")).answers
    assert answer.boxes is None and answer.to_json()["teu"] is None


def test_a_table_of_products_without_partners_is_asked_too(shipped: Dataset, tmp_path: Path) -> None:
    """As the bureau's workbook by product: all of it is trade with the world."""
    rows = [
        {"partner": "WLD", "code": code, "start": f"{year}-01-01", "value": value * (1 if year == 2022 else 1.5)}
        for year in (2022, 2023) for code, value in (("TOTAL", 1000.0), ("720241", 400.0), ("740311", 600.0))
    ]  # fmt: skip
    with trade_store(shipped, tmp_path / "t.duckdb", rows) as store:
        for by in ("", "product"):
            (answer,) = brief(store, shipped, "KAZ", period=period("2023"), by=by, level=6).answers
            assert answer.now.measure("exports").value == 1500 and answer.growth(
                "exports", "value"
            ).value == pytest.approx(0.5)
            assert sorted(answer.parts) == (["720241", "740311"] if by == "product" else [])
        (ferro,) = brief(store, shipped, "KAZ", period=period("2023"), code="7202").answers
        assert ferro.now.measure("exports").value == 600
