"""A dataset is tables in a folder, frozen; what-if makes another one beside it.

folder/countries.csv  places.csv  ...   -- load -->   data   -- with_table -->   data with other places
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tables_folder import SCHEMA, write_tables

from keruen.errors import BadTable, UnknownOption
from keruen.tables import Dataset, load, with_column
from keruen.tables.halves import FIT, REPORT, half_of, half_of_claim

AKTAU = {"place": "KZAAU", "name": "Aktau", "name_ru": "Актау", "country": "KZ", "kind": "seaport"}
WORLD = {
    "sources": [{"source": "atlas", "title": "Atlas of ports", "url": "https://example.org", "tier": "press_or_trade"}],
    "countries": [{"country": "KZ", "iso3": "KAZ", "name": "Kazakhstan"}],
    "places": [AKTAU | {"lat": "43.6", "lon": "51.2"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tables(tmp_path, WORLD)


def test_a_folder_becomes_a_dataset(folder: Path) -> None:
    data = load(folder)
    assert len(data["places"]) == 1 and "places" in list(data)
    row = data.find_row("places:KZAAU")
    assert row is not None and row["name_ru"] == "Актау" and row.sources() == ("atlas",)
    assert data.find_row("places:XXXXX") is None and data.find_row("ports:KZAAU") is None


def test_a_table_is_read_when_it_is_first_used(folder: Path) -> None:
    (folder / "places.csv").write_text("damaged\n", encoding="utf-8")
    data = load(folder)
    assert len(data["countries"]) == 1
    with pytest.raises(BadTable, match="places line 1, column damaged"):
        data["places"]


def test_using_a_bad_table_tells_the_problems_of_all_tables(folder: Path) -> None:
    (folder / "places.csv").write_bytes(b"")
    (folder / "speeds.csv").unlink()
    (folder / "waits.csv").write_bytes(b"\xff\xfe")
    data = load(folder)
    with pytest.raises(BadTable) as caught:
        data["places"]
    assert [problem.table for problem in caught.value.problems] == ["places", "speeds", "waits"]
    assert "the file speeds.csv is missing" in str(caught.value)
    assert caught.value.exit_code == 2 and caught.value.to_json()["error"]["kind"] == "bad_table"


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnknownOption, match="there is no folder"):
        load(tmp_path / "nowhere")


def test_a_table_that_is_not_there_is_said_so(folder: Path) -> None:
    with pytest.raises(KeyError, match="there is no table 'ports'; there are sources, countries"):
        load(folder)["ports"]


def test_what_if_leaves_the_dataset_as_it_was(folder: Path) -> None:
    data = load(folder)
    moved = data.with_table("places", with_column(data["places"], "lat", [44.0]))
    assert moved["places"].numbers("lat").tolist() == [44.0]
    assert data["places"].numbers("lat").tolist() == [43.6]
    assert moved["countries"] is data["countries"]


def test_a_table_stands_only_under_its_own_name(folder: Path) -> None:
    data = load(folder)
    with pytest.raises(ValueError, match="places is not a table that can stand as countries"):
        data.with_table("countries", data["places"])


def test_the_name_of_the_content_changes_with_the_content_alone(folder: Path) -> None:
    data = load(folder)
    assert data.content_hash == load(folder).content_hash
    assert data.with_table("places", data["places"]).content_hash == data.content_hash
    moved = data.with_table("places", with_column(data["places"], "lat", [44.0]))
    assert moved.content_hash != data.content_hash
    assert moved.hash_of(["countries"]) == data.hash_of(["countries"])
    assert moved.hash_of(["countries", "places"]) != data.hash_of(["countries", "places"])
    (folder / "places.csv").write_text((folder / "places.csv").read_text().replace("43.6", "43.61"))
    assert load(folder).content_hash != data.content_hash


def test_naming_the_content_reads_no_table(folder: Path) -> None:
    (folder / "places.csv").write_text("damaged", encoding="utf-8")
    assert load(folder).content_hash


def test_a_dataset_can_be_a_cache_key(folder: Path) -> None:
    data = load(folder)
    same: dict[Dataset, str] = {data: "here"}
    assert same[data] == "here" and load(folder) not in same


def test_a_dataset_prints_its_tables(folder: Path) -> None:
    (folder / "waits.csv").write_bytes(b"")
    lines = str(load(folder)).splitlines()
    assert lines[0] == f"<Dataset {load(folder).content_hash[:12]}: {len(SCHEMA)} tables>"
    assert ["places", "1"] in [line.split() for line in lines]
    assert ["waits", "cannot", "be", "read"] in [line.split() for line in lines]


def test_another_dictionary_is_another_content(folder: Path) -> None:
    """The same bytes mean something else when a column is described otherwise."""
    data = load(folder)
    places = data.schema["places"]
    described = dataclasses.replace(
        places, columns=(dataclasses.replace(places.columns[0], meaning="else"), *places.columns[1:])
    )
    other = Dataset({**data.schema, "places": described}, data.files)
    assert other.hash_of(["places"]) != data.hash_of(["places"])
    assert other.hash_of(["countries"]) == data.hash_of(["countries"])
    assert data.hash_of(["places", "countries"]) == data.hash_of(["countries", "places"])


def test_what_a_parameter_rests_on_is_in_the_half_for_fitting() -> None:
    """Whatever its claim drew; and a claim draws the same half everywhere."""
    rows = list(load()["journeys"])
    drawn = {half_of(row, frozenset()) for row in rows}
    assert drawn == {FIT, REPORT}
    assert {half_of(row, frozenset(row.id for row in rows)) for row in rows} == {FIT}
    assert all(half_of(row, frozenset()) == half_of_claim(row.text("claim_group")) for row in rows)
