"""Whatever is wrong with what a user wrote: a sentence that says what and what to do, exit code 2, and the same as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import RunCli

ASKED = ("route", "VNHPH", "DEDUI")

# words, kind of error, what its message must say
WRONG = [
    (("route", "Haipong", "DEDUI"), "unknown_place", ["'Haipong'", "Did you mean VNHPH Hai Phong", "UN/LOCODE"]),
    (("route", "VNHPH", "Дуйсбургг"), "unknown_place", ["'Дуйсбургг'", "DEDUI Duisburg"]),
    (("route", "VNHPH", ""), "unknown_place", ["A place is missing"]),
    (("route", "\udcff", "DEDUI"), "usage", ["UTF-8"]),
    (("route", "143,76.9", "DEDUI"), "unknown_place", ["latitude", "comes first"]),
    (("route", "Springfield", "DEDUI"), "ambiguous_place", ["'Springfield' may be", "Give the code"]),
    (("route", "VNHPH", "VNHPH"), "same_place", ["Origin and destination are both Hai Phong", "two different places"]),
    (("route", "VNHPH", "Хайфон"), "same_place", ["Origin and destination are both Hai Phong"]),
    ((*ASKED, "--tonnes", "-5"), "bad_shipment", ["tonnes must be a number above zero, not -5"]),
    ((*ASKED, "--tonnes", "0"), "bad_shipment", ["tonnes must be a number above zero, not 0"]),
    ((*ASKED, "--tonnes", "nan"), "bad_shipment", ["tonnes must be a number above zero, not nan"]),
    ((*ASKED, "--tonnes", "inf"), "bad_shipment", ["tonnes must be a number above zero, not inf"]),
    ((*ASKED, "--tonnes", "1e9"), "bad_shipment", ["1,000,000,000 tonnes is more than any one shipment", "units right"]),
    ((*ASKED, "--tonnes", "many"), "usage", ["--tonnes", "'many'"]),
    ((*ASKED, "--value", "0"), "bad_shipment", ["value_usd must be a number above zero, not 0"]),
    ((*ASKED, "--value", "1e300"), "bad_shipment", ["more than anything costs"]),
    ((*ASKED, "--vot", "-1"), "bad_shipment", ["value_of_time_usd_per_t_day must be a number of zero or more, not -1"]),
    ((*ASKED, "--vot", "1e300"), "bad_shipment", ["A value of time of 1e+300 USD per tonne"]),
    ((*ASKED, "--carbon-price", "-80"), "bad_shipment", ["carbon_price_usd_per_t must be a number of zero or more"]),
    ((*ASKED, "--carbon-price", "1e308"), "bad_shipment", ["A carbon price of 1e+308 USD per tonne"]),
    ((*ASKED, "--draft", "-3"), "bad_shipment", ["draft_m must be a number of zero or more, not -3"]),
    ((*ASKED, "--beam", "nan"), "bad_shipment", ["beam_m must be a number of zero or more, not nan"]),
    ((*ASKED, "-c", "electroncs"), "unknown_commodity", ["'electroncs'", "electronics", "keruen tables commodities"]),
    ((*ASKED, "-c", ""), "unknown_commodity", ["''", "keruen tables commodities"]),
    ((*ASKED, "-u", "45ft"), "unknown_option", ["Unknown load unit '45ft'", "20ft, 40ft, tonne, trailer"]),
    ((*ASKED, "-c", "coal", "-u", "trailer"), "bad_shipment", ["Coal", "cannot travel in the load unit 'trailer'", "tonne"]),
    ((*ASKED, "--vessel", "titanic"), "unknown_option", ["Unknown vessel 'titanic'", "panamax"]),
    ((*ASKED, "--sanctions", "mars"), "unknown_option", ["Unknown sanctions profile 'mars'", "iran"]),
    ((*ASKED, "--avoid", "suesz"), "unknown_option", ["'suesz'. Did you mean suez?"]),
    ((*ASKED, "--avoid", "Rusia"), "unknown_option", ["'Rusia'. Did you mean Russia"]),
    ((*ASKED, "--avoid", ""), "unknown_option", ["Name a country (RU), passage (suez)"]),
    ((*ASKED, "--avoid", "Springfield"), "ambiguous_place", ["'Springfield' may be"]),
    ((*ASKED, "--avoid", "country:XX"), "unknown_option", ["'XX' is not a country of the network"]),
    ((*ASKED, "--avoid", "passage:suesz"), "unknown_option", ["no passage 'suesz'", "keruen network list passage"]),
    ((*ASKED, "--avoid", "region:north_of_99"), "unknown_option", ["is not a region", "a parallel from 0 to 89"]),
    ((*ASKED, "--avoid", "country:RU@boat"), "unknown_option", ["no mode 'boat'", "rail, road, sea"]),
    ((*ASKED, "--require", "corridor:transcaspian"), "unknown_option", ["'corridor:transcaspian'", "trans_caspian"]),
    ((*ASKED, *(word for what in ["suez", "KZ", "air", "rail", "road"] for word in ("--require", what))), "unknown_option",
     ["At most 4 things can be required"]),
    ((*ASKED, "--most", "0"), "unknown_option", ["between 1 and 50, not 0"]),
    ((*ASKED, "--most", "51"), "unknown_option", ["between 1 and 50, not 51"]),
    ((*ASKED, "--most", "eight"), "usage", ["--most", "'eight'"]),
    ((*ASKED, "--fastest", "--cleanest"), "usage", ["--fastest and --cleanest cannot be had at once"]),
    ((*ASKED, "--lang", "de"), "usage", ["--lang", "'de'", "'en', 'ru'"]),
    ((*ASKED, "--legs", "some"), "usage", ["--legs", "'some'"]),
    ((*ASKED, "--speedy"), "usage", ["--speedy"]),
    (("route", "VNHPH"), "usage", ["DESTINATION"]),
    (("route", "VNHPH", "DEDUI", "NLRTM"), "usage", ["NLRTM"]),
    (("roue", "VNHPH", "DEDUI"), "usage", ["'roue'"]),
    ((*ASKED, "--data", "nowhere"), "unknown_option", ["there is no folder nowhere", "places.csv"]),
    (("places", "Springfield"), "ambiguous_place", ["'Springfield' may be"]),
    (("matrix", "VNHPH", "Nowhereville"), "unknown_place", ["'Nowhereville'"]),
    (("matrix", "VNHPH", "--by", "beauty"), "usage", ["'beauty'", "'time', 'cost', 'co2e', 'generalized'"]),
    (("matrix",), "usage", ["ORIGINS"]),
    (("network", "list", "volcano"), "usage", ["'volcano'", "'gauge_yard'"]),
    (("network", "list", "border", "--country", "XX"), "unknown_option", ["No country goes by 'XX'", "ISO code"]),
]  # fmt: skip


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize(
    ("words", "kind", "parts"), WRONG, ids=lambda value: " ".join(value[:9]) if isinstance(value, tuple) else ""
)
def test_a_wrong_word_is_answered_with_a_sentence(
    run_cli: RunCli, words: tuple[str, ...], kind: str, parts: list[str]
) -> None:
    plain = run_cli(*words)
    assert plain.code == 2
    assert plain.out == "", "an error is no answer"
    assert all(part in plain.err for part in parts), plain.err
    told = run_cli(*words, "--json")
    assert told.code == 2 and told.err == ""
    assert told.error["kind"] == kind
    assert all(part in told.error["message"] for part in parts), told.error["message"]


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_names_that_come_near_are_for_programs_too(run_cli: RunCli) -> None:
    assert run_cli("route", "Haipong", "DEDUI", "--json").error["suggestions"][0].startswith("VNHPH Hai Phong")
    assert len(run_cli("route", "Springfield", "DEDUI", "--json").error["candidates"]) > 3
    assert run_cli(*ASKED, "--avoid", "suesz", "--json").error["suggestions"] == ["suez"]
    assert run_cli(*ASKED, "-c", "electroncs", "--json").error["suggestions"][0] == "electronics"
    assert run_cli(*ASKED, "-u", "45ft", "--json").error["suggestions"] == ["20ft", "40ft", "tonne", "trailer"]


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_what_has_no_terminal_cannot_be_avoided(run_cli: RunCli) -> None:
    said = run_cli(*ASKED, "--avoid", "43.2,76.9")
    assert said.code == 2 and "has no terminal" in said.err and "keruen network list border" in said.err


def test_a_typing_error_is_told_without_building_anything(
    fresh_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path / "empty"))
    for words in (
        ("roue",),
        ("route", "VNHPH"),
        (*ASKED, "--map", "x.pdf"),
        (*ASKED, "--geometry"),
        ("tables", "nope"),
    ):
        assert fresh_cli(*words).code == 2
    assert not (tmp_path / "empty").exists()


# Files to write

NOT_WRITTEN = [
    ("--map", "corridors.pdf", "must end in .png or .svg, not '.pdf'"),
    ("--map", "corridors", "must end in .png or .svg, not 'corridors'"),
    ("--geojson", "legs.gpkg", "must end in .geojson or .json, not '.gpkg'"),
    ("--gpkg", "legs.json", "must end in .gpkg, not '.json'"),
    ("--map", "folder", "is a folder; give the name of a file in it"),
    ("--geojson", "folder.json", "is a folder; give the name of a file in it"),
    ("--gpkg", "file/under/it.gpkg", "nothing can be written into"),
]


@pytest.mark.parametrize(("option", "name", "message"), NOT_WRITTEN)
def test_a_file_that_cannot_be_written_is_told_before_the_search(
    run_cli: RunCli, tmp_path: Path, option: str, name: str, message: str
) -> None:
    for folder in ("folder", "folder.json"):
        (tmp_path / folder).mkdir()
    (tmp_path / "file").write_text("kept")
    before = sorted(tmp_path.iterdir())
    said = run_cli(*ASKED, option, tmp_path / name, "--json")
    assert said.code == 2 and said.error["kind"] == "usage"
    assert option in said.error["message"] and message in said.error["message"]
    assert sorted(tmp_path.iterdir()) == before and (tmp_path / "file").read_text() == "kept"


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize("option", ["--map", "--geojson", "--gpkg"])
def test_a_disk_that_is_full_spares_the_old_file(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / {"--map": "a.svg", "--geojson": "a.geojson", "--gpkg": "a.gpkg"}[option]
    target.write_text("what was there")
    monkeypatch.setattr("keruen.reports.export.os.replace", no_space)
    said = run_cli(*ASKED, "--fastest", option, target)
    assert said.code == 2 and said.out == ""
    assert said.err.strip() == f"error: {target} cannot be written: No space left on device."
    assert [path.name for path in tmp_path.iterdir()] == [target.name] and target.read_text() == "what was there"


def test_no_command_at_all_shows_what_there_is(run_cli: RunCli) -> None:
    said = run_cli()
    assert said.code == 2 and said.out == ""
    assert all(
        f"\n  {command} " in said.err
        for command in ("route", "matrix", "places", "sources", "tables", "validate", "network")
    )
    version = run_cli("--version")
    assert (version.code, version.err) == (0, "") and version.out.startswith("keruen, version ")


# What `compare` compares


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("suez_closed",), "Name a scenario, the origin and the destination"),
        (("suez_closed", "--", "risk"), "flows, or route ORIGIN DESTINATION"),
        (("suez_closed", "--"), "flows, or route ORIGIN DESTINATION"),
    ],
)
def test_a_comparison_without_a_question_says_what_to_write(run_cli: RunCli, words: tuple[str, ...], said: str) -> None:
    answer = run_cli("compare", *words)
    assert answer.code == 2 and said in answer.err


def test_a_question_after_two_dashes_is_the_command_it_means() -> None:
    from keruen.cli import plainly

    assert plainly(["compare", "a", "b", "--", "flows", "--top", "3"]) == [
        "flows",
        "--compare",
        "a",
        "--compare",
        "b",
        "--top",
        "3",
    ]
    assert plainly(["compare", "a", "--", "route", "X", "Y", "--json"]) == ["compare", "a", "X", "Y", "--json"]
    assert plainly(["route", "X", "--", "-33.9,18.4"]) == ["route", "X", "--", "-33.9,18.4"]
