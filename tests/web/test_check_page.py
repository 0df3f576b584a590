"""The check page in Chromium: a text is pasted or dropped, marked, read with the keys alone, and never believed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import expect, violations

TEXT = (
    "In 2023 trade between Kazakhstan and Vietnam rose by 95.4 % compared with 2022 (528.3 million US dollars) "
    "and came to 979.2 million US dollars.\n"
    "Exports to Vietnam reached 180.2 million dollars, up 44.1 %."
)


def checked(page: Any, text: str = TEXT, path: str = "/check") -> Any:
    """The page with a text checked on it."""
    page.goto(path)
    page.locator("textarea").fill(text)
    page.locator("button.main").click()
    page.wait_for_selector(".claim, .notice")
    return page


def test_a_text_is_marked_by_colour_and_sign_and_counted(mapless: Any) -> None:
    page = checked(mapless)
    refuted, other = page.locator("mark.refuted").first, page.locator("mark:not(.refuted)").first
    expect(refuted).to_contain_text("95.4 %")
    look = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).textDecorationStyle]"
    assert all(one != another for one, another in zip(refuted.evaluate(look), other.evaluate(look), strict=True))
    signs = page.locator(".marked .cite path")
    assert len({one.get_attribute("d") for one in signs.all()}) > 1
    assert page.locator(".marked").inner_text().replace("\n", "").count("979.2 million") == 1
    counted = [int(one) for one in page.locator(".count strong").all_inner_texts()]
    assert sum(counted) == page.locator(".claims .claim").count() > 1
    page.locator(".count.refuted").click()
    assert page.locator(".claims .claim").count() == page.locator(".claims .claim.refuted").count() == 1
    assert violations(page) == []


def test_a_figure_opens_its_reasons_its_slots_and_its_rows(mapless: Any) -> None:
    page = checked(mapless)
    page.locator("mark", has_text="180.2 million").click()
    card = page.locator(".claim.chosen")
    expect(card).to_contain_text("Vietnam")
    expect(card).to_contain_text("44.1 %")
    card.locator("[data-row]").first.click()
    drawer = page.get_by_role("dialog", name="Where this number comes from")
    drawer.locator(".source-list li").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(card.locator("[data-row]").first).to_be_focused()


def test_it_needs_no_mouse(mapless: Any) -> None:
    page = mapless
    page.goto("/check")
    page.locator("textarea").focus()
    page.keyboard.insert_text(TEXT)
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('button.main')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".claim")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.cite')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".claim.chosen .claim-head")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_text_never_stands_in_the_address_and_waits_while_one_looks_elsewhere(mapless: Any) -> None:
    page = mapless
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    checked(page)
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("link", name="Check").click()
    expect(page.locator("textarea")).to_have_value(TEXT)
    expect(page.locator("mark").first).to_be_visible()
    assert not [url for url in [*asked, page.url] if "979" in url or "Vietnam" in url]
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])").count("979") == 0


def test_markup_in_a_text_is_text(mapless: Any) -> None:
    evil = (
        '<img src=x onerror="window.struck=1"><script>window.struck=2</script> '
        "In 2023 exports of Kazakhstan to Vietnam came to 180.2 million US dollars <i>(</i> up 44.1 % )."
    )
    page = checked(mapless, evil)
    shown = page.locator(".marked")
    expect(shown).to_contain_text('<img src=x onerror="window.struck=1"><script>')
    assert (
        shown.locator("img, script, b, i").count() == page.locator(".claims").locator("img, script, b, i").count() == 0
    )
    assert page.evaluate("window.struck") is None


@pytest.mark.parametrize(
    ("name", "text"), [("news.html", f"<html><body><h1>News</h1><p>{TEXT}</p></body></html>"), ("news.txt", TEXT)]
)
def test_a_file_is_chosen(mapless: Any, tmp_path: Path, name: str, text: str) -> None:
    page = mapless
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    page.goto("/check")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("mark.refuted")).to_have_count(1)
    assert "<h1>" not in page.locator("textarea").input_value()


def test_a_file_is_dropped(mapless: Any) -> None:
    page = mapless
    page.goto("/check")
    moved = page.evaluate_handle(
        "text => { const moved = new DataTransfer(); moved.items.add(new File([text], 'a.txt', {type: 'text/plain'})); return moved; }",
        TEXT,
    )
    page.dispatch_event(".check-form", "drop", {"dataTransfer": moved})
    expect(page.locator("mark.refuted")).to_have_count(1)


def test_what_was_found_is_taken_away(mapless: Any) -> None:
    page = checked(mapless)
    with page.expect_download() as saved:
        page.get_by_role("button", name="HTML", exact=True).click()
    assert (
        "<mark" in Path(saved.value.path()).read_text(encoding="utf-8")
        and saved.value.suggested_filename == "checked.html"
    )
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON", exact=True).click()
    claims = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))["claims"]
    assert len(claims) == page.locator(".claims .claim").count()


def test_the_day_and_the_language_are_those_of_the_page(mapless: Any) -> None:
    page = checked(mapless, f"Title\n16 May 2024\n\n{TEXT}")
    expect(page.locator("input[name=published]")).to_have_value("2024-05-16")
    expect(page.locator(".claim.refuted .claim-verdict")).to_contain_text("refuted at printed precision")
    page.get_by_role("button", name="RU").click()
    expect(page.locator(".claim.refuted .claim-verdict")).to_contain_text("опровергнуто")
    expect(page.locator(".claim.refuted .checks")).to_contain_text(re.compile("[а-я]{4}"))


def test_what_cannot_be_read_says_why(mapless: Any, tmp_path: Path) -> None:
    page = mapless
    file = tmp_path / "old.pdf"
    file.write_bytes(b"%PDF-1.4 broken")
    page.goto("/check?lang=ru")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Из этого нельзя взять текст")
    expect(page.locator("button.main")).to_be_disabled()
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "ru")])
def test_a_tablet_shows_text_and_list(browser: Any, address: str, scheme: str, lang: str) -> None:
    context = browser.new_context(
        viewport={"width": 820, "height": 1180},
        color_scheme=scheme,
        base_url=address,
        reduced_motion="reduce",
        has_touch=True,
    )
    page = checked(context.new_page(), path=f"/check?lang={lang}")
    page.locator(".cite").first.click()
    expect(page.locator(".claim.chosen")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert violations(page) == []
    context.close()
