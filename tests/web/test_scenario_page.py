"""The scenario drawer in Chromium: who knows no TOML closes, builds and draws, sees both answers and takes the file away.

What is downloaded is a file that the command line reads, with the figures that the page shows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import ALMATY_POTI, CANVAS, DRAWN, answered, expect, violations
from command_line import RunCli

pytestmark = pytest.mark.world
HAI_PHONG_DUISBURG = "/route?from=VNHPH&to=DEDUI"
COMPARE_MS = 60_000


def opened(page: Any, path: str = HAI_PHONG_DUISBURG) -> Any:
    """The drawer over an answer."""
    answered(page, path)
    page.get_by_role("button", name="What if…?").click()
    drawer = page.get_by_role("dialog", name="What if…?")
    expect(drawer.get_by_role("button", name="Suez Canal closed")).to_be_visible()
    return drawer


def compared(drawer: Any) -> None:
    """Wait for the answer with the scenario beside the one without."""
    expect(drawer.locator(".outcome").get_by_role("button", name="See the differences")).to_be_visible(
        timeout=COMPARE_MS
    )


def typed(drawer: Any, name: str, text: str, choice: str) -> None:
    """Type into a combobox and take a suggestion."""
    field = drawer.get_by_role("combobox", name=name)
    field.fill(text)
    drawer.get_by_role("option", name=re.compile(choice)).first.click()
    expect(field).to_have_value(re.compile(choice.split(" ")[0]))


def suez_closed(drawer: Any) -> None:
    """Close the Suez Canal by typing."""
    drawer.get_by_role("button", name="Close something").click()
    typed(drawer, "What closes", "suez", "Suez Canal")
    expect(drawer.get_by_label("Reason")).to_have_value("What if Suez Canal is closed?")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Suez Canal")


def text_in_address(page: Any) -> str:
    """The scenario that the address carries."""
    return parse_qs(urlsplit(page.url).query)["scenario"][0]


def test_suez_is_closed_by_typing_and_the_answers_stand_side_by_side(mapless: Any) -> None:
    drawer = opened(mapless)
    suez_closed(drawer)
    compared(drawer)
    assert violations(mapless) == []
    drawer.get_by_role("button", name="See the differences").click()
    differences = mapless.get_by_role("region", name="With the scenario")
    gone = differences.locator("tbody", has_text="By the Suez Canal")
    expect(gone).to_contain_text("no longer a way")
    expect(mapless.locator(".routes")).not_to_contain_text("By the Suez Canal")
    cape = differences.locator("tbody", has_text="Cape of Good Hope")
    for row in ("without", "with", "difference"):
        expect(cape.get_by_role("row", name=re.compile(f"^{row} "))).to_be_visible()
    differences.get_by_text("What is changed and why").click()
    expect(differences).to_contain_text("What if Suez Canal is closed?")
    assert violations(mapless) == []


def test_an_entry_is_switched_off_edited_taken_out_and_all_is_undone(mapless: Any) -> None:
    drawer = opened(mapless)
    suez_closed(drawer)
    drawer.get_by_role("checkbox", name="Applied: Closed Suez Canal").uncheck()
    expect(drawer.locator(".entries .off")).to_be_visible()
    assert "off = true" in text_in_address(mapless)
    drawer.get_by_role("button", name="Edit: Suez Canal").click()
    drawer.get_by_label("Reason").fill('A ship "stands" across it')
    drawer.get_by_role("button", name="Keep the change").click()
    expect(drawer.locator(".entry")).to_contain_text('A ship "stands" across it')
    drawer.get_by_role("button", name="Remove: Closed Suez Canal").click()
    expect(drawer.locator(".entry")).to_have_count(0)
    for _ in range(2):
        drawer.get_by_role("button", name="Undo").click()
    expect(drawer.locator(".entries .off .entry")).to_contain_text("What if Suez Canal is closed?")


def test_a_border_of_two_countries_is_closed_to_one_mode(mapless: Any) -> None:
    drawer = opened(mapless)
    drawer.get_by_role("button", name="Close something").click()
    typed(drawer, "What closes", "belar", "Belarus")
    typed(drawer, "Only its border with", "pol", "Poland")
    drawer.get_by_label("For").select_option("rail")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Belarus - Poland (rail)")
    assert 'what = "pair:BY-PL@rail"' in text_in_address(mapless)


def test_the_caspian_falls_and_what_follows_is_told(mapless: Any) -> None:
    drawer = opened(mapless, ALMATY_POTI)
    drawer.get_by_role("button", name="Lower the Caspian").click()
    slider = drawer.get_by_role("slider", name="Below today's level")
    slider.fill("0.5")
    expect(drawer.get_by_label("Reason")).to_have_value("What if the Caspian falls by 0.5 m?")
    expect(drawer.locator(".follows")).to_contain_text("Kuryk - Alat rail ferry")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("0.5 m")
    compared(drawer)


def test_a_ferry_between_two_ports_takes_its_terms_from_like_ones(mapless: Any) -> None:
    drawer = opened(mapless, ALMATY_POTI)
    drawer.get_by_role("button", name="New ferry").click()
    typed(drawer, "From port", "kuryk", "Kuryk")
    typed(drawer, "To port", "baku", "Baku")
    week, hours = drawer.get_by_label("Sailings a week"), drawer.get_by_label("Hours under way")
    expect(week).not_to_have_value("")
    assert 5 < float(hours.input_value()) < 40
    week.fill("14")
    week.blur()
    drawer.get_by_label("Speed, knots").fill("20")
    drawer.get_by_label("Speed, knots").blur()
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Kuryk - Baku")
    text = text_in_address(mapless)
    assert "headway_h = 12" in text and 'from_place = "KZKUR"' in text and 'evidence = ["services:' in text
    compared(drawer)
    mapless.reload()
    expect(mapless.locator(".chip.scenario")).to_contain_text("Kuryk - Baku", timeout=COMPARE_MS)


def test_a_railway_is_drawn_with_the_mouse(page: Any) -> None:
    drawer = opened(page, "/route?from=KZSCO&to=KZALA&objective=fastest")
    drawer.get_by_role("button", name="New railway").click()
    page.evaluate(DRAWN)
    box = page.locator(CANVAS).bounding_box()
    drawer.get_by_role("button", name="Draw on the map").click()
    expect(drawer.get_by_role("group", name="Drawing on the map")).to_be_visible()
    for x, y in ((200, 150), (420, 200), (640, 170)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(320)  # or it would be a double click
    page.keyboard.press("Enter")
    expect(drawer).to_contain_text("3 points")
    expect(drawer).to_contain_text(re.compile("ends? meets? a railway"))
    assert float(drawer.get_by_label("Length, km").input_value()) > 0
    gauge = drawer.get_by_label("Gauge, mm").input_value()
    drawer.locator(".form-box").get_by_label("Name").fill("Steppe line")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Steppe line")
    text = text_in_address(page)
    assert f'gauges_mm = ["{gauge}"]' in text and "new_track = true" in text and "via = [" in text
    compared(drawer)
    assert violations(page) == []


PLAYED = """
const spots = [[51.66, 43.19], [49.88, 40.36], [51.6, 43.2]];
export class WorldMap {
  constructor(box) {
    this.ready = Promise.resolve();
    this.sketch = async () => [spots.shift()];
    const feature = {key: "passage:suez", kind: "passage", name: "Suez Canal", name_ru: ""};
    box.onclick = () => this.onClick({lat: 30.5, lon: 32.3, x: 90, y: 90, feature});
    return new Proxy(this, {get: (map, name) => (name in map || name === "then" ? map[name] : () => {})});
  }
}
"""


@pytest.fixture
def played(page: Any) -> Any:
    """The page with a map that plays clicks on Kuryk, Baku, near Kuryk, and on Suez: where they are drawn depends on the window."""
    page.route("**/map.js", lambda route: route.fulfill(body=PLAYED, content_type="text/javascript"))
    return page


def test_two_ports_are_chosen_by_clicking(played: Any) -> None:
    drawer = opened(played, ALMATY_POTI)
    drawer.get_by_role("button", name="New ferry").click()
    for end, port in (("From port", "Kuryk"), ("To port", "Baku")):
        drawer.get_by_role("button", name=f"{end}: On the map").click()
        expect(drawer.get_by_role("combobox", name=end)).to_have_value(port)
    expect(drawer.get_by_label("Sailings a week")).not_to_have_value("")


def terminal_added(drawer: Any) -> None:
    """A port of ferries at the spot that the map plays first."""
    drawer.get_by_role("button", name="New terminal").click()
    drawer.get_by_role("button", name="Click the place").click()
    expect(drawer.get_by_label("Country")).to_have_value("KZ")
    drawer.get_by_role("textbox", name="Name").fill("Mangystau Roads")
    drawer.get_by_role("checkbox", name="ferry").check()
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Mangystau Roads")


@pytest.mark.parametrize("how", ["typed", "clicked"])
def test_a_ferry_starts_at_a_terminal_of_the_same_scenario(played: Any, how: str) -> None:
    drawer = opened(played, ALMATY_POTI)
    terminal_added(drawer)
    drawer.get_by_role("button", name="New ferry").click()
    if how == "typed":
        typed(drawer, "From port", "roads", "Mangystau Roads")
        typed(drawer, "To port", "baku", "Baku")
    else:
        for end, port in (("To port", "Baku"), ("From port", "Mangystau Roads")):
            drawer.get_by_role("button", name=f"{end}: On the map").click()
            expect(drawer.get_by_role("combobox", name=end)).to_have_value(port)
    expect(drawer.get_by_label("Sailings a week")).not_to_have_value("")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry").nth(1)).to_contain_text("Mangystau Roads - Baku")
    assert 'from_place = "KZMANGYSTAUROADS"' in text_in_address(played)
    compared(drawer)
    drawer.get_by_role("button", name="Edit: Mangystau Roads - Baku").click()
    expect(drawer.get_by_role("combobox", name="From port")).to_have_value("Mangystau Roads")
    drawer.get_by_role("button", name="Remove: Added: terminal Mangystau Roads").click()
    expect(drawer.get_by_role("alert")).to_contain_text("KZMANGYSTAUROADS")
    expect(drawer.locator(".entry")).to_have_count(2)
    drawer.get_by_role("checkbox", name="Applied: Added: terminal Mangystau Roads").click()
    expect(drawer.get_by_role("checkbox", name="Applied: Added: terminal Mangystau Roads")).to_be_checked()
    assert violations(played) == []


def test_a_strait_is_closed_by_clicking_it(played: Any) -> None:
    answered(played, HAI_PHONG_DUISBURG)
    played.locator(".map-box").click(position={"x": 90, "y": 90})
    played.get_by_role("menuitem", name="Close this").click()
    expect(played.locator(".chip.scenario")).to_contain_text("Suez Canal closed")
    assert 'what = "passage:suez"' in text_in_address(played)


def test_a_terminal_is_put_on_the_map(page: Any) -> None:
    page.goto("/route")
    page.evaluate(DRAWN)
    page.get_by_role("button", name="What if…?").click()
    drawer = page.get_by_role("dialog", name="What if…?")
    drawer.get_by_role("button", name="New terminal").click()
    drawer.get_by_role("button", name="Click the place").click()
    expect(drawer.get_by_role("group", name="Drawing on the map")).to_be_visible()
    page.locator(CANVAS).click(position={"x": 430, "y": 200})
    expect(drawer.get_by_label("Country")).not_to_have_value("")
    drawer.get_by_role("textbox", name="Name").fill("Dry port of the steppe")
    drawer.get_by_role("button", name="Add to the scenario").click()
    expect(drawer.locator(".entry")).to_contain_text("Dry port of the steppe")
    expect(drawer.locator(".outcome")).to_contain_text("Choose where from and where to")


def test_saved_opened_again_and_deleted(mapless: Any) -> None:
    drawer = opened(mapless)
    suez_closed(drawer)
    drawer.get_by_label("Title").fill("Ship across the canal")
    drawer.get_by_label("Title").press("Enter")
    expect(drawer.get_by_role("button", name="Download ship_across_the_canal.toml")).to_be_visible()
    drawer.get_by_role("button", name="Save", exact=True).click()
    expect(drawer).to_contain_text("Saved as ship_across_the_canal.")
    mapless.goto("/route")
    mapless.get_by_role("button", name="What if…?").click()
    drawer = mapless.get_by_role("dialog", name="What if…?")
    drawer.get_by_role("button", name=re.compile("^Ship across the canal")).click()
    expect(drawer.locator(".entry")).to_contain_text("Suez Canal")
    drawer.get_by_text("Open a scenario").click()
    drawer.get_by_role("button", name="Delete ship_across_the_canal").click()
    expect(drawer.get_by_role("button", name=re.compile("^Ship across the canal"))).to_have_count(0)


def test_the_downloaded_file_gives_the_same_figures_on_the_command_line(
    mapless: Any, run_cli: RunCli, tmp_path: Path
) -> None:
    drawer = opened(mapless, "/route?from=VNHPH&to=DEDUI&objective=cheapest")
    suez_closed(drawer)
    compared(drawer)
    with mapless.expect_download() as told:
        drawer.get_by_role("button", name="Download suez_canal_closed.toml").click()
    file = tmp_path / told.value.suggested_filename
    told.value.save_as(file)
    said = run_cli("route", "VNHPH", "DEDUI", "--cheapest", "--scenario", file, "--json").json
    drawer.get_by_role("button", name="See the differences").click()
    shown = mapless.locator(".routes li").first
    best = said["routes"][0]
    expect(shown).to_contain_text(best["corridor_name"])
    expect(shown).to_contain_text(f"USD {best['cost_usd']:,.0f}")


BAD = '[[close]]\nwhat = "passage:soez"\n[[add]]\ntable = "services"\n'


def test_a_bad_file_is_refused_with_its_problems_and_nothing_is_lost(mapless: Any, tmp_path: Path) -> None:
    drawer = opened(mapless)
    suez_closed(drawer)
    before = text_in_address(mapless)
    drawer.get_by_text("Open a scenario").click()
    for name, content in (("broken.toml", b"name = "), ("wrong.toml", BAD.encode()), ("picture.toml", b"\xff\xfe\x00")):
        file = tmp_path / name
        file.write_bytes(content)
        drawer.locator("input[name=scenario-file]").set_input_files(file)
        alert = drawer.get_by_role("alert")
        expect(alert).to_contain_text(name)
        assert alert.get_by_role("listitem").count() >= (4 if name == "wrong.toml" else 1)
        assert text_in_address(mapless) == before
    expect(drawer.locator(".entry")).to_contain_text("Suez Canal")
    assert violations(mapless) == []


def test_a_good_file_is_opened_and_its_text_can_be_changed(mapless: Any, tmp_path: Path) -> None:
    drawer = opened(mapless)
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\n\n[[close]]\nwhat = "country:BY"\nreason = "Mine."\n', encoding="utf-8")
    drawer.locator("input[name=scenario-file]").set_input_files(file)
    expect(drawer.locator(".entry")).to_contain_text("Belarus")
    drawer.get_by_text("As text (TOML)").click()
    field = drawer.locator("textarea[name=toml]")
    field.fill(field.input_value().replace("country:BY", "country:XX"))
    drawer.get_by_role("button", name="Apply", exact=True).click()
    expect(drawer.get_by_role("alert")).to_contain_text("country:XX")
    field.fill(field.input_value().replace("country:XX", "country:PL"))
    drawer.get_by_role("button", name="Apply", exact=True).click()
    expect(drawer.locator(".entry")).to_contain_text("Poland")


def test_the_drawer_speaks_russian_and_works_by_keys_alone(mapless: Any) -> None:
    answered(mapless, f"{HAI_PHONG_DUISBURG}&lang=ru")
    mapless.get_by_role("button", name="Что, если…?").press("Enter")
    drawer = mapless.get_by_role("dialog", name="Что, если…?")
    drawer.get_by_role("button", name="Закрыть", exact=True).last.press("Enter")
    field = drawer.get_by_role("combobox", name="Что закрывается")
    field.press_sequentially("суэц")
    drawer.get_by_role("option", name=re.compile("Суэц")).first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    drawer.get_by_role("button", name="Добавить в сценарий").press("Enter")
    expect(drawer.locator(".entry")).to_contain_text("Что, если закрыто: Суэцкий канал?")
    text = text_in_address(mapless)
    assert 'reason = "What if' in text and "reason_ru" in text
    mapless.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


LOWER_THAN = """(drawer, least) => [...drawer.querySelectorAll("button, select, input:not([type=checkbox]):not([type=file]), summary")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least).map((one) => one.outerHTML.slice(0, 80))"""


def test_nothing_is_cut_off_or_too_small(mapless: Any) -> None:
    drawer = opened(mapless)
    suez_closed(drawer)
    compared(drawer)
    drawer.get_by_role("button", name="New ferry").click()
    for width, height in ((1280, 800), (820, 1180)):
        mapless.set_viewport_size({"width": width, "height": height})
        assert mapless.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert drawer.locator(".drawer-body").evaluate("(body) => body.scrollWidth <= body.clientWidth")
        least = 40 if width < 1000 else 24
        small = drawer.evaluate(LOWER_THAN, least)
        assert small == []
        for scheme in ("light", "dark"):
            mapless.emulate_media(color_scheme=scheme)
            expect(mapless.locator("html")).to_have_attribute("data-theme", scheme)
            assert violations(mapless, "[role=dialog]") == []
