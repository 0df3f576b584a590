"""Briefs: their numbers are those of the verbs they come from, every figure has a note with rows, two pages hold, letters are there,
and the same data gives the same bytes."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest
from command_line import HOUSE, RunCli
from docx import Document
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pypdf import PdfReader
from trade_rows import import_row, trade_store

from keruen.errors import UnknownMaterial, UnknownOption
from keruen.figures.asking import recorded
from keruen.reports.brief import brief, write_brief
from keruen.reports.brief_model import Brief, Grid, Heading, Stated, texts_of, walk
from keruen.reports.brief_pdf import FONTS, PAGES, font_file, pdf_bytes
from keruen.tables.dataset import Dataset
from keruen.tables.words import words_in
from keruen.trade.store import open_store

pytestmark = pytest.mark.world

ASKED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "KZ-VN ru": (("KZ", "VN"), "ru"),
    "KZ-LT en": (("KZ", "LT"), "en"),
    "KZ-VN kk": (("Kazakhstan", "Вьетнам"), "kk"),
    "TITR ru": (("TITR",), "ru"),
    "titanium ru": (("titanium",), "ru"),
}
ENDINGS = (".docx", ".pdf", ".html", ".xlsx")


@pytest.fixture(scope="module")
def briefs(world_data: Dataset) -> dict[str, Brief]:
    """One of each kind, made once."""
    return {name: brief(world_data, *asked, lang=lang) for name, (asked, lang) in ASKED.items()}


@pytest.fixture(params=ASKED)
def made(briefs: dict[str, Brief], request: pytest.FixtureRequest) -> Brief:
    """Each of them."""
    return briefs[request.param]


def of_section(found: Brief, section: str) -> list[Stated]:
    return [one for one in found.figures if one.section == section]


# The numbers are those of the verbs


@pytest.mark.parametrize(("name", "partner"), [("KZ-VN ru", "VNM"), ("KZ-LT en", "LTU")])
def test_trade_is_what_is_on_record(world_data: Dataset, briefs: dict[str, Brief], name: str, partner: str) -> None:
    ledger = {f.rows: f for one in recorded(world_data, "KAZ", partner=partner) for f in one.figures}
    told = [one for one in briefs[name].figures if one.rows in ledger and one.unit != "%"]
    assert len(told) > 20
    for one in told:
        assert one.value == ledger[one.rows].value and one.unit == ledger[one.rows].unit
    growth = [one for one in of_section(briefs[name], "trade") if one.unit == "%" and one.low is not None]
    turnover = {f.period: f.value for f in ledger.values() if f.flow == "turnover" and f.weight == "derived"}
    years = [one for one in growth if words_in("ru" if name.endswith("ru") else "en")["flow_turnover"] in one.label]
    assert len({one.label for one in years}) == 5
    for one in years:
        year = re.search(r"\d{4}", one.label)
        assert year is not None
        now, then = turnover[year[0]], turnover[str(int(year[0]) - 1)]
        assert now and then and one.value == pytest.approx(100 * (now / then - 1))
        assert one.low is not None and one.high is not None and one.low <= one.value <= one.high


def test_rivals_of_2023_stand_side_by_side(briefs: dict[str, Brief]) -> None:
    values = {one.rows: one.value for one in briefs["KZ-VN ru"].figures}
    assert values["figures:K0854",] == 979.2e6 and values["figures:K0534", "figures:K0535"] == 979_637_000
    assert (979.2e6 + 979_637_000) / 2 not in values.values()


@pytest.mark.parametrize(("name", "ends"), [("KZ-VN ru", ("KZALA", "VNHPH")), ("KZ-LT en", ("KZALA", "LTVNO"))])
def test_ways_are_those_of_route(run_cli: RunCli, briefs: dict[str, Brief], name: str, ends: tuple[str, str]) -> None:
    routes = [one for one in run_cli("route", *ends, "--json").json["routes"] if not one["beaten_by"]]
    best = {route["corridor"]: route for route in reversed(routes)}
    shown = [best[key] for key in list(dict.fromkeys(route["corridor"] for route in routes))[:3]]
    told = of_section(briefs[name], "ways")
    assert len(shown) == 3
    for route in shown:
        for unit, value in (
            ("USD", route["cost_usd"]),
            ("t", route["co2e_kg"] / 1000),
            ("km", route["distance_km"]),
            ("days", route["p50_h"] / 24),
            ("days", route["p90_h"] / 24),
        ):
            assert any(one.unit == unit and math.isclose(one.value, value) for one in told), (route["corridor"], unit)


def test_exposure_and_counts_are_those_of_the_commands(run_cli: RunCli, briefs: dict[str, Brief]) -> None:
    listed = run_cli("materials", "--of", "KZ", "--list", "eu2023", "--json").json
    counts = [one["count"] for one in listed["counts"]]
    made = next(one for one in briefs["KZ-LT en"].figures if one.section == "materials")
    assert (made.low, made.high) == (min(counts), max(counts))
    exposure = run_cli("exposure", "phosphorus", "--buyer", "EU", "--stage", "processing", "--json").json
    shares = {round(100 * thing["share"], 3) for thing in exposure["things"]}
    told = [one for one in of_section(briefs["KZ-LT en"], "exposure") if "Belarus" in one.label]
    assert told and round(told[0].value, 3) in shares


def test_what_fails_is_told(briefs: dict[str, Brief]) -> None:
    claims = {row for one in of_section(briefs["KZ-VN ru"], "watch") for row in one.rows if row.startswith("claims:")}
    assert {"claims:U02", "claims:U03"} <= claims  # the thirteen flights, and what the same text says of the corridor
    assert "claims:U01" in {row for one in briefs["KZ-LT en"].figures for row in one.rows}
    assert "claims:U03" in {row for one in briefs["TITR ru"].figures for row in one.rows}


def test_a_material_is_told_as_by_risk(run_cli: RunCli, briefs: dict[str, Brief]) -> None:
    rows = {row["code"]: row for row in run_cli("risk", "titanium", "titanium_metal", "--json").json["rows"]}
    told = {round(one.value, 6) for one in briefs["titanium ru"].figures if one.unit == "points"}
    assert {rows["titanium"]["SR"], rows["titanium_metal"]["SR"]} <= told


# Every figure has its source


def test_every_figure_has_a_note_with_rows_and_sources(world_data: Dataset, made: Brief) -> None:
    notes = {note.number: note for note in made.notes}
    assert [note.number for note in made.notes] == list(range(1, len(made.notes) + 1))
    assert made.figures and all(one.note in notes for one in made.figures)
    known = {one.source for one in made.sources}
    for note in made.notes:
        assert note.rows and note.sources, note
        assert set(note.sources) <= known
        assert all(world_data.find_row(row) is not None or "/" in row for row in note.rows), note.rows
    assert all(one.title and one.source in world_data["sources"].keys for one in made.sources)


def test_notes_on_the_pages_are_in_the_annex(made: Brief) -> None:
    told = {
        n
        for block in walk(made.body)
        if isinstance(block, Grid)
        for row in block.rows
        for line in row
        for piece in line
        for n in piece.notes
    }
    annex = {row[0][0].text for block in made.annex if isinstance(block, Grid) for row in block.rows if row[0]}
    assert {str(number) for number in told} <= annex


# Paper


def pages_before_annex(found: Brief) -> int:
    """Pages of its PDF before the one on which the annex begins."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pages = [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(pdf_bytes(found))).pages]
    return next(i for i, lines in enumerate(pages) if found.annex_title in lines)


def test_two_pages_and_an_annex(made: Brief) -> None:
    assert 1 <= pages_before_annex(made) <= PAGES


def test_pairs_with_much_and_with_nothing_on_record_fit_too(world_data: Dataset) -> None:
    for pair in (("KZ", "CN"), ("FJ", "PY")):
        found = brief(world_data, *pair, lang="ru")
        assert 1 <= pages_before_annex(found) <= PAGES
        assert found.figures and (pair[0] == "KZ" or len(found.unknown) > 3)


def test_the_fonts_have_every_letter(made: Brief) -> None:
    letters = set("".join(texts_of(made))) - {"\n"}
    assert "ң" in letters or made.lang != "kk"
    for file in FONTS.values():
        with TTFont(font_file(file)) as font:
            assert {letter for letter in letters if ord(letter) not in font.getBestCmap()} == set()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_bytes_twice(briefs: dict[str, Brief], world_data: Dataset, tmp_path: Path, ending: str) -> None:
    again = brief(world_data, "titanium", lang="ru")
    files = [write_brief(one, tmp_path / f"{i}{ending}") for i, one in enumerate((briefs["titanium ru"], again))]
    assert files[0].read_bytes() == files[1].read_bytes() and files[0].stat().st_size > 5000


def test_another_process_writes_the_same_bytes(briefs: dict[str, Brief], spawn_cli: RunCli, tmp_path: Path) -> None:
    for ending in (".pdf", ".docx"):
        write_brief(briefs["KZ-VN ru"], tmp_path / f"here{ending}")
    names = [str(tmp_path / f"there{ending}") for ending in (".pdf", ".docx")]
    told = spawn_cli("brief", "KZ", "VN", "--lang", "ru", "-o", names[0], "-o", names[1], env={"PYTHONHASHSEED": "7"})
    assert told.code == 0, told.err
    for ending in (".pdf", ".docx"):
        assert (tmp_path / f"here{ending}").read_bytes() == (tmp_path / f"there{ending}").read_bytes()


def test_files_hold_what_the_brief_states(made: Brief, tmp_path: Path) -> None:
    docx = Document(str(write_brief(made, tmp_path / "a.docx")))
    cells = " ".join(cell.text for table in docx.tables for row in table.rows for cell in row.cells)
    text = " ".join(paragraph.text for paragraph in docx.paragraphs) + cells
    assert made.title in text and all(block.text[1:] in text for block in made.body if isinstance(block, Heading))
    assert len(docx.inline_shapes) == len([one for one in made.pictures()]) or docx.part.package.image_parts
    page = write_brief(made, tmp_path / "a.html").read_text(encoding="utf-8")
    assert "http" not in re.sub(
        r"<td>[^<]*(<[^>]*>)*[^<]*</td>", "", page.partition("<section")[0]
    )  # nothing is fetched
    assert page.count("<img ") == len(list(made.pictures()))
    for number in re.findall(r'href="#(n\d+)"', page):
        assert f'id="{number}"' in page
    sheet = load_workbook(write_brief(made, tmp_path / "a.xlsx"))["Figures"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in rows] == [pytest.approx(one.value) for one in made.figures]


# The command


def test_the_command_prints_the_figures(run_cli: RunCli, briefs: dict[str, Brief]) -> None:
    assert run_cli("brief", "titanium", "--lang", "ru", "--json").json == briefs["titanium ru"].to_dict()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("KZ", "VN"), "-o brief.pdf"),
        (("KZ", "-o", "{}/a.pdf"), "name the other country"),
        (("KZ", "Narnia", "-o", "{}/a.pdf"), "Narnia"),
        (("KZ", "KZ", "-o", "{}/a.pdf"), "named twice"),
        (("unobtainium", "-o", "{}/a.pdf"), "trans_caspian"),
        (("volga_don", "-o", "{}/a.pdf"), "--from and --to"),
        (("KZ", "VN", "-o", "{}/a.txt"), ".docx"),
        (("titanium", "--to", "VNHPH", "-o", "{}/a.pdf"), "material"),
        (("KZ", "VN", "--to", "Nowhereville", "-o", "{}/a.pdf"), "Nowhereville"),
    ],
)  # fmt: skip
def test_wrong_questions_are_told(run_cli: RunCli, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    found = run_cli("brief", *(word.format(tmp_path) for word in words))
    assert found.code == 2 and told in found.err and not list(tmp_path.iterdir())


def test_wrong_questions_from_python(world_data: Dataset, briefs: dict[str, Brief], tmp_path: Path) -> None:
    with pytest.raises(UnknownOption):
        brief(world_data, "KZ", "VN", lang="de")
    with pytest.raises(UnknownMaterial):
        brief(world_data, "unobtainium")
    with pytest.raises(UnknownOption):
        write_brief(briefs["titanium ru"], tmp_path / "a.rtf")


def test_products_and_modes_come_from_a_store(world_data: Dataset, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"partner": "VNM", "start": f"{year}-01-01", "code": code, "value": value, "flow": flow}
        for year in (2022, 2023)
        for code, value, flow in (("TOTAL", 150e6, "export"), ("810820", 45e6, "export"), ("TOTAL", 90e6, "import"))
    ]
    trade_store(world_data, tmp_path / "trade.duckdb", rows, [import_row(1, edition="2024-03")]).close()
    with open_store(tmp_path / "trade.duckdb") as store:
        found = brief(world_data, "KZ", "VN", store=store)
    assert any(one.value == 45e6 and "81" in one.label for one in of_section(found, "trade"))


# Kazakh


def test_kazakh_labels_stand_for_rows_of_the_words() -> None:
    with (HOUSE / "keruen" / "data" / "words_kk.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    russian = words_in("ru")
    corridors = {row["key"] for row in rows if row["key"].startswith("corridor_")}
    assert {row["key"] for row in rows} - corridors <= set(russian) and len(rows) > 150

    def filled(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert all(filled(row["kk"]) == filled(russian[row["key"]]) for row in rows if row["key"] in russian)


def test_a_kazakh_brief_says_what_is_kazakh(briefs: dict[str, Brief]) -> None:
    found = briefs["KZ-VN kk"]
    headings = {block.text for block in found.body if isinstance(block, Heading)}
    assert {"Сауда", "Неге назар аудару керек", "Аса маңызды шикізат"} <= headings
    assert found.title == "Қазақстан – Вьетнам" and "қазақша" in found.subtitle
