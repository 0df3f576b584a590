"""What the command line says of materials: a profile, how many of a list Kazakhstan makes, supply risk from tables, files and what-ifs."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import RunCli

from keruen.materials.against import agrees

HEAD = "assessment,material,stage,SR,EI,import_reliance_pct,eol_rir_pct,SI_SR,HHI_WGIt_GS,HHI_WGIt_EU,supply_used"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "inputs.csv"


# keruen material


def test_a_material_goes_by_many_names(run_cli: RunCli) -> None:
    for name in ("titanium", "Titanium", "титан", "Ti", "261400"):
        assert run_cli("material", name, "--json").json["material"]["material"] == "titanium"


def test_an_unknown_material_names_those_that_come_near(run_cli: RunCli) -> None:
    said = run_cli("material", "titanum", "--json")
    assert said.code == 2 and said.error["kind"] == "unknown_material" and "Titanium" in said.error["suggestions"]
    shared = run_cli("material", "811292", "--json")  # gallium, germanium, indium go under one heading
    assert shared.code == 2 and "Gallium" in shared.error["suggestions"]


def test_titanium_shows_lists_goods_supply_production_risk_and_kazakhstan(run_cli: RunCli) -> None:
    text = run_cli("material", "titanium").out
    for told in (
        "EU2020, EU2023",
        "810820",
        "Titanium metal, processing",
        "Kazakhstan 36 %",
        "19,000 t",
        "KM010",
        "SR 1.6",
    ):
        assert told in text
    russian = run_cli("material", "titanium", "--lang", "ru").out
    assert "Снабжение ЕС" in russian and "Казахстан 36 %" in russian and "титан необработанный (губка)" in russian


@pytest.mark.parametrize(
    ("material", "hs", "shares"),
    [
        ("beryllium", "811212", {"CHN": 93}),
        ("titanium", "810820", {"FRA": 41, "BEL": 27, "KOR": 17}),
        ("tantalum", "810320", {"USA": 44, "JPN": 20, "RUS": 20, "KOR": 9}),
        ("phosphorus", "280470", {"IND": 26, "CZE": 22, "DEU": 16, "POL": 14}),
    ],
)
def test_where_kazakhstan_sends_it_in_2024(run_cli: RunCli, material: str, hs: str, shares: dict[str, float]) -> None:
    """BACI HS17 V202601, as FACTS.md has it."""
    found = run_cli("material", material, "--json").json["kazakhstan"]["exports"]
    exports = next(one for one in found if one["hs"] == hs)
    assert exports["year"] == "2024"
    first = exports["destinations"][: len(shares)]
    assert {to["country"]: round(100 * to["share"]) for to in first} == {
        country: pytest.approx(share, abs=1) for country, share in shares.items()
    }
    for to in exports["destinations"]:
        assert to["source"] == ["baci_202601_kazakhstan"]
        assert to["share"] == pytest.approx(to["thousand_usd"] / exports["total_thousand_usd"], abs=6e-4)


# keruen materials


def test_sixteen_of_thirty_depends_on_what_is_counted(run_cli: RunCli) -> None:
    answer = run_cli("materials", "--of", "KZ", "--list", "eu2020", "--json").json
    counts = {one["definition"]: (one["count_2023"], one["count"]) for one in answer["counts"]}
    assert answer["entries"] == len(answer["materials"]) == 30
    assert counts == {
        "plain": (12, 13),
        "two_sources": (15, 16),
        "recent": (16, 17),
        "any": (17, 18),
        "any_or_planned": (18, 19),
    }
    assert {(one["count"], one["out_of"]) for one in answer["statements"]} == {(16, 30), (18, 34), (19, 34)}
    made = {row["material"]: row["made_by"] for row in answer["materials"]}
    assert (
        made["gallium"] == ["any_or_planned"] and "two_sources" not in made["scandium"] and len(made["titanium"]) == 5
    )
    text = run_cli("materials", "--of", "Kazakhstan", "--list", "EU-2020").out
    assert "16 of 30" in text and "18 of 30" in text and "19 of 30" in text
    assert "16 из 30" in run_cli("materials", "--of", "Казахстан", "--list", "eu2020", "--lang", "ru").out


def test_another_country_is_counted_by_what_is_on_record(run_cli: RunCli) -> None:
    answer = run_cli("materials", "--of", "VN", "--list", "eu2023", "--json").json
    made = {row["material"] for row in answer["materials"] if row["made_by"]}
    assert "tungsten" in made and "cobalt" in made and "gallium" not in made
    assert answer["counts"][0]["count"] == len(made)
    assert run_cli("materials", "--of", "Atlantis").code == run_cli("materials", "--list", "eu1999").code == 2


# keruen risk


def test_a_file_of_inputs_gives_a_row_for_each(run_cli: RunCli, file: Path) -> None:
    file.write_text(
        f"{HEAD}\n2017,Germanium,processing,9,3.5,64.0,2.0,1.0,2.9,1.5,GS + EUS\n2017,Unobtainium,,,1,,0,1,3.0,,GS only\n"
    )
    rows = run_cli("risk", "--inputs", file, "--json").json["rows"]
    assert [list(row)[:6] for row in rows] == [["material", "stage", "SR", "SR_low", "SR_high", "EI"]] * 2
    germanium, other = rows
    assert germanium["SR"] == pytest.approx(1.909, abs=1e-3) and germanium["EI"] == 3.5  # not the 9 that stands there
    assert germanium["SR_low"] < germanium["SR"] < germanium["SR_high"] and germanium["filled"] == {}
    assert other["SR"] == 3.0 and other["stage"] is None and other["code"] is None


def test_what_a_row_leaves_out_is_filled_in_and_told(run_cli: RunCli, file: Path) -> None:
    file.write_text(f"{HEAD}\n2023,Natural graphite,extraction,,,,,,2.634,1.171,\n2011,Baryte,,1.7,3.7,,,,,,\n")
    graphite, baryte = run_cli("risk", "--inputs", file, "--json").json["rows"]
    assert graphite["filled"] == {"import_reliance": "shares", "si_sr": "earlier"}
    assert agrees(graphite["SR"], 1.8)  # as published
    assert baryte["SR"] is None and baryte["cause"] and baryte["cause_ru"]


def test_everything_wrong_with_a_file_is_told_at_once(run_cli: RunCli, file: Path) -> None:
    bad = [
        "2017,Tin,melting,,,50,0,1.0,1.0,1.0,GS + EUS",
        "2017,Zinc,,,,150,-1,1.5,abc,1.0,maybe",
        "2017,,,,,50,0,1.0,1.0,1.0,",
        "2017,Lead",
        "2017,Gold,,,,50,0,1.0,1.0,,GS + EUS",
    ]
    file.write_text("\n".join([HEAD, *bad]) + "\n")
    said = run_cli("risk", "--inputs", file, "--json")
    problems = said.error["problems"]
    assert said.code == 2 and said.error["kind"] == "bad_table"
    assert {(one["row"], one["column"]) for one in problems} == {
        (2, "stage"), (3, "import_reliance_pct"), (3, "eol_rir_pct"), (3, "si_sr"), (3, "hhi_wgit_gs"), (3, "supply_used"),
        (4, "material"), (5, ""), (6, "hhi_wgit_eu"),
    }  # fmt: skip
    assert all(one["what_to_do"] for one in problems)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", f"{HEAD}\n", "material,SR\nTin,1\n"])
def test_a_file_that_holds_nothing_is_refused(run_cli: RunCli, file: Path, text: str) -> None:
    file.write_text(text)
    said = run_cli("risk", "--inputs", file, "--json")
    assert said.code == 2 and said.error["kind"] == "bad_table"


def test_without_a_file_risk_comes_from_the_tables(run_cli: RunCli) -> None:
    rows = run_cli("risk", "--json").json["rows"]
    assert len(rows) == 89 and rows[0]["SR"] > 5  # heavy rare earths
    ratios = [row["SR"] for row in rows if row["SR"] is not None]
    assert ratios == sorted(ratios, reverse=True)
    titanium = run_cli("risk", "titanium_metal", "--json").json["rows"][0]
    assert titanium["SR_low"] < titanium["SR_published"] < titanium["SR_high"]
    limits = {one["benchmark"]: one for one in titanium["benchmarks"]}
    assert (
        limits["single_country_processing"]["country"] == "KAZ" and limits["single_country_processing"]["met"] is True
    )
    assert limits["processing"]["met"] is False
    assert run_cli("risk", "--assessment", "2017", "germanium", "--json").json["rows"][0]["SR"] == pytest.approx(
        1.909, abs=1e-3
    )
    assert run_cli("risk", "titanium", "--inputs", "x.csv").code == 2


@pytest.mark.parametrize(
    ("material", "hs", "destinations"),
    [
        ("beryllium", "811212", {"CHN": 93}),
        ("titanium", "810820", {"FRA": 41, "BEL": 27, "KOR": 17}),
        ("tantalum", "810320", {"USA": 44}),
        ("phosphorus", "280470", {"IND": 26, "CZE": 22, "DEU": 16, "POL": 14}),
    ],
)
def test_where_kazakhstan_sent_it_in_2024(
    run_cli: RunCli, material: str, hs: str, destinations: dict[str, int]
) -> None:
    """BACI V202601: per cent of the value, the largest first."""
    exports = run_cli("material", material, "--json").json["kazakhstan"]["exports"]
    found = next(one for one in exports if (one["hs"], one["year"]) == (hs, "2024"))["destinations"]
    assert [one["country"] for one in found[: len(destinations)]] == list(destinations)
    for one in found[: len(destinations)]:
        assert round(100 * one["share"]) == destinations[one["country"]]
    if material == "tantalum":
        assert {one["country"] for one in found[1:4]} == {"JPN", "RUS", "KOR"}


def test_facts_of_the_whole_are_told_of_a_part(run_cli: RunCli) -> None:
    facts = run_cli("material", "titanium_metal", "--json").json["kazakhstan"]["facts"]
    assert any(one["fact"] == "KM114" for one in facts)


# Beside what was published


def test_what_differs_from_the_published_values_is_told_with_its_causes(run_cli: RunCli) -> None:
    found = run_cli("risk", "--against", "2023", "--json").json
    assert (found["agree"], found["of"], len(found["rows"])) == (22, 35, 35)
    rhenium = next(row for row in found["rows"] if row["code"] == "rhenium")
    assert not rhenium["agrees"] and rhenium["causes"][0]["cause"] == "one_mix" and rhenium["causes"][0]["text_ru"]
    assert all(row["agrees"] != bool(row["causes"]) for row in [*found["rows"], *found["importance"]["rows"]])
    text = run_cli("risk", "--against", "2023", "germanium").out
    assert "repeats world supply" in text and "0 of 1 agree" in text
    assert "40 of 40 agree" in run_cli("risk", "--against", "2017").out
    assert "совпадают 22 из 35" in run_cli("risk", "--against", "2023", "--lang", "ru").out


def test_what_cannot_be_compared_says_why(run_cli: RunCli) -> None:
    assert "tin" in run_cli("risk", "--against", "2023", "tin").err
    assert run_cli("risk", "--against", "2023", "--scenario", "recycling_doubled").code == 2
    assert run_cli("risk", "--against", "2019").code == 2


# What if


def risk_with(run_cli: RunCli, material: str, scenario: str) -> dict[str, float]:
    row: dict[str, float] = run_cli("risk", material, "--scenario", scenario, "--json").json["rows"][0]
    return row


def test_a_supplier_lost(run_cli: RunCli) -> None:
    lost = risk_with(run_cli, "titanium_metal", "kazakhstan_titanium_lost")
    assert lost["SR"] > lost["SR_before"] + 0.2  # Russia is left with half of what the Union sources
    text = run_cli("risk", "gallium", "--scenario", "china_gallium_stopped").out
    assert "6.3 % of the supply recorded is left" in text  # the index itself falls


def test_a_plant_added(run_cli: RunCli) -> None:
    added = risk_with(run_cli, "gallium", "kazakhstan_gallium_plant")
    assert added["SR_before"] - 0.3 < added["SR"] < added["SR_before"]


def test_recycling_doubled(run_cli: RunCli) -> None:
    nickel = risk_with(run_cli, "nickel", "recycling_doubled")
    assert nickel["SR"] == pytest.approx(nickel["SR_before"] * (1 - 0.32) / (1 - 0.16), rel=1e-4)


def test_a_scenario_of_ones_own(run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "half.toml"
    path.write_text(
        'name = "half"\n[[change]]\nrow = "supply_shares:global/tungsten/extraction/CHN"\ncolumn = "output_factor"\nvalue = 0.5\n'
        'reason = "Half of the mines stand still"\n',
        encoding="utf-8",
    )
    row = run_cli("risk", "tungsten", "--scenario", path, "--json").json["rows"][0]
    stage = next(one for one in row["stages"] if one["stage"] == "extraction")
    assert stage["supply_left"]["global"] == pytest.approx(1 - 0.413 / 1.003, abs=1e-3)
