"""The page on raw materials in Chromium: a list and a country, the matrix, one material with its ways, sliders, the chain, and files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import expect, violations

CELLS = {
    "good": "cell_lfp", "market": "de_munich", "country": "KZ", "other": "HU", "usd_per_kwh": 53.77,
    "other_usd_per_kwh": 56.14, "site": "Almaty", "other_site": "Komarom",
    "break_evens": [
        {"what": "electricity", "unit": "USD/kWh", "now": 0.066, "then": 0.19},
        {"what": "carrying", "unit": "USD/unit", "now": 0.5, "then": None},
    ],
}  # fmt: skip
PLAN = {
    "cost_usd": 32e9, "bound_usd": 31.4e9, "gap": 0.02, "plants": [{"site": "kz_almaty", "recipe": "cells_lfp"}],
    "shares": [{"recipe": "cells_lfp", "country": "KZ", "made": 1.0, "share": 1.0, "plants": 1}],
}  # fmt: skip
SR = re.compile(r"\d\.\d\d")


def canned(page: Any, what: str, answer: dict[str, Any]) -> None:
    """Let a search of sites be answered at once; test_web_materials.py asks the server itself."""
    text = f"event: answer\ndata: {json.dumps(answer)}\n\n"
    page.route(f"**/siting/{what}/stream*", lambda route: route.fulfill(body=text, content_type="text/event-stream"))


@pytest.fixture
def opened(page: Any) -> Any:
    """The page with the ways of titanium metal to the Union on it."""
    page.goto("/materials")
    page.wait_for_selector(".things tbody tr")
    return page


def test_a_list_and_a_country_give_counts_a_table_and_a_matrix(opened: Any) -> None:
    page = opened
    page.locator("select[name=list]").select_option("eu2020")
    expect(page.locator(".made-counts")).to_contain_text("16 of 30")
    rows = page.locator(".material-table tbody tr")
    assert rows.count() > page.locator("[data-dot]").count() > 30
    assert page.locator(".matrix .threshold").count() == 2
    expect(page).to_have_url(re.compile(r"/materials\?list=eu2020$"))
    page.locator("select[name=maker]").select_option("VNM")
    expect(page.locator(".made-counts h2")).to_contain_text("Vietnam")
    assert violations(page) == []


def test_a_material_is_chosen_in_the_matrix_by_the_keys_and_has_its_profile(opened: Any) -> None:
    page = opened
    page.locator('[data-dot="titanium_metal"]').focus()
    page.keyboard.press("ArrowRight")
    other = page.evaluate("document.activeElement.dataset.dot")
    assert other and other != "titanium_metal"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"material={other}"))
    expect(page.locator(f'.material-table tr.chosen[data-material="{other}"]')).to_have_count(1)
    page.go_back()
    expect(page.locator("h2.profile-name")).to_have_text("Titanium metal")


def test_the_ways_of_titanium_are_drawn_with_what_their_failure_does(opened: Any) -> None:
    page = opened
    belarus = page.locator('.things tr[data-item="country:BY"]')
    expect(belarus).to_contain_text("68 %")
    expect(page.locator(".sankey svg")).to_have_attribute(
        "aria-label", re.compile("China mines 25.% .*Kazakhstan [0-9]+.% by Northern.* through Krasnoye")
    )
    expect(page.locator(".sankey .unknown-band")).not_to_have_count(0)
    expect(page.locator(".sankey .node-name").last).to_contain_text("European Union 100")
    expect(page.locator(".supply-map .passed-ring")).not_to_have_count(0)
    expect(page.locator('.supply-map [data-country="KAZ"]')).to_have_class("land class-4")
    page.locator(".inputs summary").click()
    page.locator(".inputs [data-row]").first.click()
    drawer = page.get_by_role("dialog", name="Where this number comes from")
    drawer.locator(".source-list li").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_slider_works_the_risk_out_again_and_stands_in_the_address(opened: Any) -> None:
    page = opened
    before = SR.findall(page.locator(".profile-said").inner_text())[0]
    page.locator('input[name="output-KAZ"]').fill("0")
    expect(page.locator(".profile-said .before")).to_contain_text(before)
    expect(page).to_have_url(re.compile("cut=KAZ:0"))
    expect(page.locator(".suppliers tbody tr", has_text="Kazakhstan")).to_contain_text("was 36 %")
    assert SR.findall(page.locator(".profile-said").inner_text())[0] != before
    expect(page.locator('.supply-map [data-country="KAZ"]')).to_have_class("land class-0")
    page.reload()
    expect(page.locator(".profile-said .before")).to_contain_text(before)
    page.locator(".suppliers button").click()
    expect(page.locator(".profile-said .before")).to_have_count(0)


def test_benchmarks_a_plant_added_and_what_kazakhstan_has(opened: Any) -> None:
    page = opened
    single = page.locator('.benchmarks li[data-benchmark="single_country_processing"]')
    expect(single).to_contain_text("Kazakhstan")
    expect(single).to_contain_text("at most 65 %: met")
    expect(page.locator('.benchmarks li[data-benchmark="processing"]')).to_contain_text("at least 40 %: not met")
    expect(page.locator('.kazakhstan tr[data-fact="KM114"]')).to_contain_text("20,000")
    expect(page.locator(".kazakhstan .kz-to").first).to_contain_text("France 41 %")
    page.locator('input[name="plant"]').fill("50")
    expect(page).to_have_url(re.compile("cut=plant:50"))
    expect(single).to_contain_text("was 36 %")
    assert violations(page) == []
    page.go_back()


def test_a_chain_changes_with_recycled_scrap_and_cells_are_compared(opened: Any) -> None:
    page = opened
    page.locator("select[name=good]").select_option("pack_nmc811")
    bought = page.locator('.chain-table tr[data-good="nickel_sulfate"] td.number').first
    expect(page.locator('.chain-table tr.chosen[data-good="pack_nmc811"]')).to_have_count(1)
    before = bought.inner_text()
    page.locator("input[name=recycled]").fill("100")
    expect(bought).not_to_have_text(before)
    canned(page, "compare", {"rows": [CELLS]})
    canned(page, "plan", PLAN)
    page.locator(".compared-cells button.main").first.click()
    expect(page.locator(".even-good")).to_contain_text(
        "Kazakhstan (Almaty): USD 53.8 per kWh; from Hungary (Komarom): USD 56.1."
    )
    expect(page.locator(".even-good tbody tr").last).to_contain_text("at no value")
    page.locator(".plan button.main").click()
    expect(page.locator(".plan")).to_contain_text("the best is at most 2.00 % cheaper")
    assert page.locator(".plan circle.plant").count() == 1
    assert violations(page) == []


def test_a_chain_has_its_cost_in_a_country_beside_what_is_published_and_its_way_to_a_market(opened: Any) -> None:
    page = opened
    page.locator("select[name=good]").select_option("titanium_ingot")
    slag = page.locator('.chain-cost tr[data-step="melt_titanium_ingot"] td.number').first
    expect(page.locator('.beside tr[data-beside="titanium_sponge/usd"]')).to_contain_text("11,100 to 13,300")
    before = slag.inner_text()
    page.locator("select[name=made-in]").select_option("CN")
    expect(slag).not_to_have_text(before)
    expect(page).to_have_url(re.compile("made_in=CN"))
    expect(page.locator(".chain-cost tfoot")).to_contain_text("In all")
    page.locator(".ore-to-market button.main").click()
    expect(page.locator(".ore-to-market tr.made-here")).to_have_count(4)
    expect(page.locator(".ore-to-market")).to_contain_text("at Munich: USD")
    page.locator("select[name=good]").select_option("electric_car")
    expect(page.locator(".chain-cost")).to_contain_text("at least")
    page.locator(".ore-to-market button.main").click()
    expect(page.locator(".ore-to-market").get_by_role("alert")).to_contain_text("electric_car")
    assert violations(page) == []


def test_tables_and_drawings_are_taken_away(opened: Any) -> None:
    page = opened
    for ending in ("csv", "xlsx"):
        with page.expect_download() as saved:
            page.locator(".material-files a", has_text=ending.upper()).first.click()
        assert saved.value.suggested_filename == f"risk.{ending}"
    for figure, name in (
        ("matrix", "keruen-risk-matrix"),
        ("supply-map", "keruen-supply-map"),
        ("sankey", "keruen-supply-ways"),
    ):
        with page.expect_download() as saved:
            page.locator(f".{figure} .chart-choice button", has_text="SVG").click()
        assert saved.value.suggested_filename == f"{name}.svg"
        assert "<svg" in Path(saved.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as saved:
        page.locator(".sankey .chart-choice button", has_text="PNG").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_material_without_suppliers_on_record_says_so(page: Any) -> None:
    page.goto("/materials?material=helium&list=all&buyer=VNM")
    expect(page.locator("h2.profile-name")).to_be_visible()
    page.goto("/materials?material=unobtainium")
    expect(page.get_by_role("alert")).to_contain_text("unobtainium")


@pytest.mark.parametrize(("scheme", "lang"), [("light", "ru"), ("dark", "en")])
def test_a_tablet_shows_it_all(browser: Any, address: str, scheme: str, lang: str) -> None:
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, color_scheme=scheme, base_url=address, reduced_motion="reduce", has_touch=True
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"/materials?lang={lang}&material=lithium&buyer=VNM")
    page.wait_for_selector(".things tbody tr")
    page.wait_for_selector(".chain-table tbody tr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert violations(page) == []
    if lang == "ru":
        expect(page.locator("h1")).to_contain_text("Сырьё")
        expect(page.locator("h2.profile-name")).to_have_text("литий")
    context.close()
