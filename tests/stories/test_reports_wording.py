"""The answer in the terminal: both languages, every width, honest marks."""

from __future__ import annotations

import copy
import csv
import dataclasses
import io
import re
from pathlib import Path
from typing import cast

import pytest
from invented_journey import invented_result

from keruen.errors import UnknownOption
from keruen.reports import wording
from keruen.reports.wording import LANGUAGES, number, print_routes, route_text, shipment_text, words_in
from keruen.routing.result import LegDict, ResultDict

WORDS = Path(__file__).parents[2] / "keruen" / "data" / "words.csv"


@pytest.fixture
def result() -> ResultDict:
    return invented_result().to_dict()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_screen(result: ResultDict, lang: str, width: int) -> None:
    assert max(map(len, route_text(result, lang=lang, width=width).splitlines())) <= width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_figure_is_cut(result: ResultDict, width: int) -> None:
    text = route_text(result, width=width)
    for route in result["routes"]:
        assert number(route["cost_usd"], 0, words_in("en")) in text
        for leg in route["legs"]:
            assert re.search(rf"\b{re.escape(number(leg['cost_usd'], 0, words_in('en')))}\b", text)
    assert "…" not in text


def test_a_wide_screen_shows_every_part_of_every_leg(result: ResultDict) -> None:
    text = route_text(result, width=130)
    for head in ("moving", "waiting", "handling", "border", "kg CO2e", "km", "Land"):
        assert head in text
    assert "Aktau → Alat (Aktau-Alat feeder)" in text


def test_plain_text_has_no_escape_codes_and_colour_only_adds_them(result: ResultDict) -> None:
    plain, coloured = route_text(result, width=110), route_text(result, width=110, colour=True)
    assert "\x1b" not in plain and "\x1b[" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == [line.rstrip() for line in plain.splitlines()]


def test_assumed_and_unknown_figures_are_marked_and_explained(result: ResultDict) -> None:
    text = route_text(result, width=120)
    caspian = next(line for line in text.splitlines() if "Trans-Caspian" in line)
    assert re.search(r"≈7,\d{3} +\? ", caspian)
    assert "≈ rests in part on an assumption" in text and "? not known" in text
    suez_only: ResultDict = {**result, "routes": result["routes"][:1]}
    assert "≈" not in route_text(suez_only) and "?" not in route_text(suez_only)


def test_a_beaten_route_says_by_what(result: ResultDict) -> None:
    text = route_text(result, width=100)
    assert re.search(r"Cape of Good Hope .* 1\n", text), "the number of the route"
    assert "beaten by no. 1" in text and "Beaten: another way" in text


def test_a_way_that_beats_and_is_not_shown_is_told_with_its_figures(result: ResultDict) -> None:
    way = result["routes"][-1]["beaten_by_way"]
    assert way is not None
    way["time_h"] -= 48.0
    text = route_text(result, width=140)
    assert not re.search(r"Cape of Good Hope .* 1\n", text)
    assert f"beaten by Suez, {way['time_h'] / 24:.1f} days, {way['cost_usd']:,.0f} USD" in text


def border_of(result: ResultDict, *, time_h: float, cost_usd: float) -> ResultDict:
    """The first route alone, with Konigstor, a border of so many hours and dollars, before its last leg."""
    changed = copy.deepcopy(result)
    changed["routes"] = changed["routes"][:1]
    legs = changed["routes"][0]["legs"]
    border = {
        **legs[-1],
        "mode": "border",
        "name": "Konigstor",
        "name_ru": "Кёнигстор",
        "time_h": time_h,
        "cost_usd": cost_usd,
    }
    legs.insert(len(legs) - 1, cast(LegDict, {**border, "border_h": time_h, "distance_km": 0.0, "running_h": 0.0}))
    return changed


@pytest.mark.parametrize(("time_h", "cost_usd", "shown"), [(0, 0, False), (0.5, 0, True), (0, 12, True)])
def test_only_borders_that_cost_time_or_money_are_told(
    result: ResultDict, time_h: float, cost_usd: float, shown: bool
) -> None:
    crossing = border_of(result, time_h=time_h, cost_usd=cost_usd)
    assert ("Konigstor" in route_text(crossing, width=130)) is shown
    assert ("Кёнигстор" in route_text(crossing, width=130, lang="ru")) is shown


def test_in_russian_names_words_and_figures_are_russian(result: ResultDict) -> None:
    text = route_text(result, lang="ru", width=120)
    assert text.startswith("Хайфон (VNHPH) → Дуйсбург (DEDUI)")
    assert "Транскаспийский" in text and "Актау → Алят" in text and "уступает № 1" in text
    assert "2\xa0172" in text and "33,5" in text, "the blank in a figure is one where no line breaks"


def test_without_legs_there_is_only_the_overview(result: ResultDict) -> None:
    text = route_text(result, legs="none")
    assert "Altynkol" not in text and "Northern" in text


def test_no_routes_is_said(result: ResultDict) -> None:
    assert "No routes." in route_text({**result, "routes": []})


def test_an_incomplete_search_is_admitted(result: ResultDict) -> None:
    assert "stopped at its limit" in route_text({**result, "coverage": {"truncated": True}})
    assert "not certain" in route_text({**result, "coverage": {"certified": False}})


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_any_output_can_be_written_to(result: ResultDict, encoding: str) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    print_routes(result, file=file)
    file.flush()
    text = raw.getvalue().decode(encoding)
    assert "Hai Phong (VNHPH) → Duisburg" in text if encoding == "utf-8" else "Hai Phong (VNHPH) -> Duisburg" in text
    assert "\x1b" not in text and max(map(len, text.splitlines())) <= 125


def test_names_are_not_taken_for_markup() -> None:
    invented = invented_result()
    odd = dataclasses.replace(invented.routes[0], corridor_name="Suez [bold red]x[/] :smile:")
    text = route_text(dataclasses.replace(invented, routes=(odd,)).to_dict(), width=120)
    assert "Suez [bold red]x[/] :smile:" in text


def test_the_shipment_in_a_line(result: ResultDict) -> None:
    assert shipment_text(result).startswith("Machinery, 1 × 40ft, 18.0 t, worth USD 150,000")
    assert shipment_text({**result, "shipment": {}}) == "goods"


def test_a_place_that_is_not_in_the_answer_goes_by_its_id(result: ResultDict) -> None:
    assert "KZAAU → AZALT" in route_text({**result, "places": {}}, width=120)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_used_is_there_in_every_language(lang: str) -> None:
    words = words_in(lang)
    assert all(word for word in words.values())
    for path in Path(wording.__file__).parents[1].rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for key in re.findall(r"""words\[["']([a-z_0-9]+)["']\]""", source):
            assert key in words


def test_no_word_is_left_unused() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(wording.__file__).parents[1].rglob("*.py"))
    composed = (
        "title",
        "headline",
        "half",
        "by",
        "name",
        "aim",
        "head",
        "unit",
        "axis",
        "plot",
        "median",
        "bias",
        "inside",
    )
    prefixes = (
        "mode_", "short_", "column_", "shipment_", "load_", "facility_", "kind_", "basis_", "what_", "cell_",
        "mat_stage_", "mat_kind_", "mat_bench_", "mat_doubt_", "mat_made_", "mat_scope_", "made_",
        "working_", "demo_", "demand_", "trade_reject_", "trade_note_", "whose_", "flows_points_", "calibration_rows_",
        "against_", "flows_basis_", "stress_", "cost_beside_", "record_goods_",
        "role_", "site_what_", "err_siting_", "do_siting_", "ue_",
        "project_", "claim_", "capacity_", "volume_", "brief_benchmark_", "corridor_",
        "flow_", "edition_", "modality_", "qualifier_", "unit_", "verdict_", "slot_", "check_growth_", "check_multiple_",
        *(f"accuracy_{part}_" for part in composed),
    )  # fmt: skip
    with WORDS.open(encoding="utf-8") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    assert len(set(keys)) == len(keys)
    made = r"check_|mirror_why_|stat_|trade_by_|trade_|cost_"  # what follows these stands in quotation marks by itself
    said = [key for key in keys if not key.startswith(prefixes) and not quoted(key, sources)]
    rest = {key: re.sub(rf"^(?:{made})", "", key) for key in said}
    assert [
        key for key in said if not any(quoted(one, sources) for one in (rest[key], rest[key].removesuffix("s")))
    ] == []


def quoted(key: str, sources: str) -> bool:
    """Whether a text stands somewhere between quotation marks by itself."""
    return re.search(rf"""["']{re.escape(key)}["']""", sources) is not None


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownOption, match="the languages are en, ru"):
        words_in("de")
