"""Every file that the page offers is taken by a click and read as its reader would: it holds the figures that the page shows.

One page for each view stands for all of its files, without its map; only the picture of the map as it is seen needs that.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from browsing import ACCURACY_MS, ALMATY_POTI, CANVAS, PATIENCE_MS, answered, expect, violations

pytestmark = pytest.mark.world
CASPIAN = f"{ALMATY_POTI}&scenario=caspian_1m_lower"
COSTS = dict[int, int]  # route -> USD, as the page writes them
COMPARE_MS = 60_000
OWN = "origin,destination,corridor,mode,days_min,days_max,basis_class,date\nXi'an,Duisburg,Northern,rail,13,16,observed,2024-03\n"


@contextmanager
def opened(browser: Any, address: str, path: str, ready: str, patience_ms: int = PATIENCE_MS) -> Iterator[Any]:
    """A page without its map at an address, when something is to be seen on it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=address, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/map.js", lambda route: route.abort())
    page.goto(path)
    page.wait_for_selector(ready, timeout=patience_ms)
    yield page
    context.close()


@pytest.fixture(scope="module")
def answer(browser: Any, address: str) -> Iterator[Any]:
    """The route page with its files."""
    with opened(browser, address, ALMATY_POTI + "&show=files", ".result:not(.former) .routes li") as page:
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        yield page


@pytest.fixture(scope="module")
def comparison(browser: Any, address: str) -> Iterator[Any]:
    """The route page with a scenario."""
    with opened(browser, address, CASPIAN, ".differences tbody", COMPARE_MS) as page:
        yield page


@pytest.fixture(scope="module")
def accuracy(browser: Any, address: str) -> Iterator[Any]:
    """The accuracy page with the comparison of a file of one's own."""
    with opened(browser, address, "/accuracy", "input[type=file]") as page:
        page.locator("input[type=file]").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": OWN.encode()}
        )
        expect(page.locator(".notice", has_text="mine.csv")).to_be_visible(timeout=ACCURACY_MS)
        yield page


def taken(page: Any, button: Any, folder: Path, ending: str) -> Path:
    """The file that a click saves."""
    with page.expect_download() as told:
        button.click()
    file = folder / str(told.value.suggested_filename)
    assert file.suffix == f".{ending}"
    told.value.save_as(file)
    return file


def offered(page: Any, heading: str, start: str) -> Any:
    """A link or button below a heading of the sheet of files."""
    section = page.locator("#sheet section", has=page.get_by_role("heading", name=heading, exact=True))
    return section.locator(".file-list").locator("a, button").filter(has_text=re.compile(f"^{start}"))


def usd(text: str) -> int:
    """USD as the page writes them."""
    return int(re.sub(r"[^\d-]", "", text))


def costs_shown(page: Any) -> COSTS:
    """What the list says that each route costs."""
    told = page.locator(".routes li")
    return {
        int(one.locator(".disc").inner_text()): usd(one.locator("[data-figure='route/cost_usd']").inner_text())
        for one in told.all()
    }


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by the heads of its columns, without their units."""
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip((str(head).partition(" [")[0] for head in heads), row, strict=True)) for row in rows]


def summed(rows: Any) -> COSTS:
    """Legs as costs of their routes."""
    found: dict[int, float] = {}
    for row in rows:
        found[int(row["route"])] = found.get(int(row["route"]), 0.0) + float(row["cost_usd"])
    return {route: round(cost) for route, cost in found.items()}


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, each as long as its head."""
    with file.open(encoding="utf-8", newline="") as text:
        heads, *rows = list(csv.reader(text))
    assert rows and {len(row) for row in rows} == {len(heads)}
    return [dict(zip(heads, row, strict=True)) for row in rows]


def from_csv(file: Path) -> COSTS:
    return summed(table(file))


def from_geojson(file: Path) -> COSTS:
    document = json.loads(file.read_text(encoding="utf-8"))
    assert all(-180 <= lon <= 180 for lon, _ in points(document["features"]))
    return summed(one["properties"] for one in document["features"])


def points(features: Any) -> Iterator[Any]:
    """All points of some features."""
    for one in features:
        parts, kind = one["geometry"]["coordinates"], one["geometry"]["type"]
        lines = {"Point": [[parts]], "LineString": [parts], "MultiLineString": parts}[kind]
        yield from (point for line in lines for point in line)


def from_json(file: Path) -> COSTS:
    document = json.loads(file.read_text(encoding="utf-8"))
    return {number: round(one["cost_usd"]) for number, one in enumerate(document["routes"], 1)}


def from_gpkg(file: Path) -> COSTS:
    with closing(sqlite3.connect(file)) as base:
        layers = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
        assert layers == {"routes", "legs", "stops"}
        assert all(blob[:2] == b"GP" for (blob,) in base.execute("SELECT geom FROM routes"))
        return {route: round(cost) for route, cost in base.execute("SELECT route, cost_usd FROM routes")}


def from_xlsx(file: Path) -> COSTS:
    rows = rows_of(openpyxl.load_workbook(file)["Routes"])
    return {row["route"]: round(row["cost_usd"]) for row in rows}


READERS: dict[str, Callable[[Path], COSTS]] = {
    "csv": from_csv, "geojson": from_geojson, "gpkg": from_gpkg, "json": from_json, "xlsx": from_xlsx,
}  # fmt: skip


@pytest.mark.parametrize("ending", READERS)
def test_a_file_of_the_answer_holds_its_costs(answer: Any, tmp_path: Path, ending: str) -> None:
    file = taken(answer, offered(answer, "The answer", ending.upper()).first, tmp_path, ending)
    shown, held = costs_shown(answer), READERS[ending](file)
    assert len(shown) > 2 and held.keys() == shown.keys()
    assert all(abs(held[route] - usd) <= 1 for route, usd in shown.items())


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG, px."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n") and content.rstrip().endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", content[16:24])
    return int(width), int(height)


def texts_of(drawing: Path) -> str:
    """The words of an SVG; where letters are drawn as lines, what the comments before them say."""
    with_comments = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    root = ElementTree.parse(drawing, with_comments).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox")
    return " ".join(part.strip() for part in root.itertext())


@pytest.mark.parametrize("heading", ["The answer", "Time-cost-distance"])
def test_the_printed_pictures(answer: Any, tmp_path: Path, heading: str) -> None:
    assert min(size_of(taken(answer, offered(answer, heading, "PNG").first, tmp_path, "png"))) >= 900
    said = texts_of(taken(answer, offered(answer, heading, "SVG"), tmp_path, "svg"))
    for corridor in answer.locator(".routes .corridor").all_inner_texts():
        assert corridor in said


def test_the_table_of_the_diagram_ends_in_the_costs_shown(answer: Any, tmp_path: Path) -> None:
    rows = table(taken(answer, offered(answer, "Time-cost-distance", "CSV"), tmp_path, "csv"))
    ends = [one for one, after in zip(rows, [*rows[1:], {"step": "1"}], strict=True) if after["step"] == "1"]
    held = sorted(round(float(one["cumulative_cost_usd"])) for one in ends)
    shown = sorted(costs_shown(answer).values())
    assert len(held) == len(shown) and all(abs(a - b) <= 1 for a, b in zip(held, shown, strict=True))


def test_the_map_as_it_is_seen(page: Any, tmp_path: Path) -> None:
    answered(page, ALMATY_POTI + "&show=files")
    box = page.locator(CANVAS).bounding_box()
    assert size_of(taken(page, offered(page, "The answer", "PNG").last, tmp_path, "png")) == (
        round(box["width"]), round(box["height"]),
    )  # fmt: skip


def test_the_pareto_picture_as_it_is_seen(answer: Any, tmp_path: Path) -> None:
    answer.get_by_role("tab", name="Compare").click()
    buttons = answer.get_by_role("group", name="The picture as a file")
    svg = taken(answer, buttons.get_by_role("button", name="SVG"), tmp_path, "svg")
    said = texts_of(svg)
    assert {str(number) for number in costs_shown(answer)} <= set(said.split()) and "USD" in said
    for item in answer.locator(".routes li").all():
        assert f"{item.locator('.disc').inner_text()}. {item.locator('.corridor').inner_text()}" in said
    bubbles = [one for one in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}circle")]
    assert {one.get("fill") for one in bubbles} > {"rgb(255, 255, 255)"}  # coloured without a style sheet
    box = answer.locator("#sheet .chart > svg").bounding_box()
    png = taken(answer, buttons.get_by_role("button", name="PNG"), tmp_path, "png")
    assert size_of(png)[0] == 2 * round(box["width"]) and size_of(png)[1] > 2 * round(box["height"])
    assert violations(answer) == []
    answer.get_by_role("tab", name="Take away").click()


def differences_shown(page: Any) -> dict[str, list[int | None]]:
    """Corridors that differ, and the costs without, with, and the change between them; None where one side has none."""
    found: dict[str, list[int | None]] = {}
    for group in page.locator(".differences tbody").all():
        name = group.locator("th").first.inner_text().replace("no longer a way", "").replace("new", "").strip()
        rows = group.get_by_role("row")
        costs: list[int | None] = []
        for side in ("without", "with", "difference"):
            cells = rows.filter(has=page.get_by_role("rowheader", name=side, exact=True)).locator("td")
            text = cells.nth(2).inner_text() if cells.count() else ""
            costs.append(usd(text.replace("\u2212", "-")) if re.search(r"\d", text) else None)
        found[name] = costs
    return found


def differences_held(rows: list[dict[str, Any]], name: str) -> list[list[int | None]]:
    """The same of the rows of a file, for each row of a corridor."""
    keys = ("base_cost_usd", "with_cost_usd", "change_cost_usd")
    of_name = [row for row in rows if row["corridor_name"] == name]
    return [[None if row[key] in ("", None) else round(float(row[key])) for key in keys] for row in of_name]


def from_comparison_json(file: Path) -> list[dict[str, Any]]:
    document = json.loads(file.read_text(encoding="utf-8"))
    return [
        {
            "corridor_name": one["corridor_name"],
            **{f"{side}_cost_usd": (one[side] or {}).get("cost_usd") for side in ("base", "with", "change")},
        }
        for one in document["differences"]
    ]


COMPARISON_READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": table,
    "json": from_comparison_json,
    "xlsx": lambda file: rows_of(openpyxl.load_workbook(file)["Differences"]),
}


@pytest.mark.parametrize("ending", COMPARISON_READERS)
def test_the_differences_of_a_scenario(comparison: Any, tmp_path: Path, ending: str) -> None:
    links = comparison.get_by_role("group", name="The differences as a file")
    file = taken(comparison, links.get_by_role("link", name=ending.upper(), exact=True), tmp_path, ending)
    rows = COMPARISON_READERS[ending](file)
    shown = differences_shown(comparison)
    assert shown
    for name, costs in shown.items():
        assert any(
            all(a == b or (a is not None and b is not None and abs(a - b) <= 1) or (a is None and b == 0)
                for a, b in zip(costs, held, strict=True))
            for held in differences_held(rows, name)
        ), (name, costs, differences_held(rows, name))  # fmt: skip
    if ending == "xlsx":
        book = openpyxl.load_workbook(file)
        assert all(row["reason"] for row in rows_of(book["Changes"]))
        assert {row["route"]: round(row["cost_usd"]) for row in rows_of(book["With"])} == pytest.approx(
            costs_shown(comparison), abs=1
        )


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
def test_both_sides_of_a_scenario_are_in_a_file_for_maps(comparison: Any, tmp_path: Path, ending: str) -> None:
    comparison.get_by_role("tab", name="Take away").click()
    offers = [
        comparison.get_by_role("group", name="The differences as a file").get_by_role(
            "link", name=ending.upper(), exact=True
        ),
        offered(comparison, "The answer", ending.upper()).first,
    ]
    for offer in offers:
        file = taken(comparison, offer, tmp_path, ending)
        sides: dict[str, COSTS] = {}
        if ending == "geojson":
            rows = [one["properties"] for one in json.loads(file.read_text(encoding="utf-8"))["features"]]
            sides = {side: summed(row for row in rows if row["side"] == side) for side in ("base", "with")}
        else:
            with closing(sqlite3.connect(file)) as base:
                for side, route, cost in base.execute("SELECT side, route, cost_usd FROM routes"):
                    sides.setdefault(side, {})[route] = round(cost)
        assert sides["with"] == pytest.approx(costs_shown(comparison), abs=1)
        shown = [costs[0] for costs in differences_shown(comparison).values() if costs[0] is not None]
        assert all(any(abs(cost - held) <= 1 for held in sides["base"].values()) for cost in shown)


def own_row(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Observed and predicted days of the only row."""
    (row,) = rows
    return float(row["observed"]), float(row["predicted_p50"])


@pytest.mark.parametrize("ending", ["csv", "xlsx", "png", "svg"])
def test_the_accuracy_for_ones_own_file(accuracy: Any, tmp_path: Path, ending: str) -> None:
    files = accuracy.get_by_role("group", name="The comparison as a file")
    file = taken(accuracy, files.get_by_role("button", name=ending.upper()), tmp_path, ending)
    if ending == "png":
        assert min(size_of(file)) >= 900
    elif ending == "svg":
        assert "Northern" in texts_of(file) and "observed, days" in texts_of(file)
    else:
        rows = table(file) if ending == "csv" else rows_of(openpyxl.load_workbook(file)["Journeys"])
        observed, predicted = own_row(rows)
        said = accuracy.locator(".dot").get_attribute("aria-label")
        told = re.search(r"observed ([\d.,]+), predicted ([\d.,]+)", said)
        assert told and [float(one) for one in told.groups()] == pytest.approx([observed, predicted], abs=0.5)
    if ending == "csv":
        assert violations(accuracy) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_of_the_evidence(mapless: Any, tmp_path: Path, ending: str) -> None:
    page = mapless
    page.goto("/evidence?table=speeds")
    rows = page.locator(".sheet tbody tr")
    rows.first.wait_for()
    file = taken(
        page, page.locator(".table-tools").get_by_role("link", name=ending.upper(), exact=True), tmp_path, ending
    )
    held = table(file) if ending == "csv" else rows_of(openpyxl.load_workbook(file)["speeds"])
    heads = [text.split("\n")[0].replace(" ", "_") for text in page.locator(".sheet thead th").all_inner_texts()]
    at = heads.index("speed_kmh")
    shown = [float(row.locator("td, th").nth(at).inner_text()) for row in rows.all()]
    assert shown and [float(row["speed_kmh"]) for row in held][: len(shown)] == shown


def test_the_accuracy_for_the_shipped_evidence(browser: Any, few_observed: str, tmp_path: Path) -> None:
    with opened(browser, few_observed, "/accuracy?half=all", ".dot", ACCURACY_MS) as page:
        links = page.get_by_role("group", name="The comparison as a file")
        rows = table(taken(page, links.get_by_role("link", name="CSV"), tmp_path, "csv"))
        book = openpyxl.load_workbook(taken(page, links.get_by_role("link", name="XLSX"), tmp_path, "xlsx"))
        sheets = {one["id"]: one for name in ("Journeys", "Prices") for one in rows_of(book[name])}
        assert sheets.keys() == {row["id"] for row in rows}
        price = next(row for row in rows if row["measure"] == "cost")
        assert price["basis"] == sheets[price["id"]]["basis"] and price["basis"]
        for dot in page.locator(".dot").all():
            one = next(row for row in rows if row["id"] == dot.get_attribute("data-row"))
            told = re.search(r"observed ([\d.,]+), predicted ([\d.,]+)", dot.get_attribute("aria-label"))
            held = [float(one["observed"]), float(one["predicted_p50"])]
            assert told and [float(text.replace(",", "")) for text in told.groups()] == pytest.approx(held, abs=0.5)
        assert min(size_of(taken(page, links.get_by_role("link", name="PNG"), tmp_path, "png"))) >= 900
        assert "observed, days" in texts_of(taken(page, links.get_by_role("link", name="SVG"), tmp_path, "svg"))
