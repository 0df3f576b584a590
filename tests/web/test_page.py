"""The page in Chromium, against the real server: what a reader sees, does with the mouse or with keys alone, shares and takes away.

Each view is looked at by axe-core as well: no serious or critical violation. The server starts once; the map is drawn in software, so
nothing here waits for its pictures but the tests that click on it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import ACCURACY_MS, ALMATY_POTI, CANVAS, DRAWN, PATIENCE_MS, answered, expect, violations
from conftest import Serving, until

from keruen.errors import Cancelled


def order(page: Any) -> list[str]:
    """The routes of the list, by number, as ranked."""
    return page.locator(".routes .disc").all_inner_texts()  # type: ignore[no-any-return]


def test_typed_ends_are_answered_by_corridors(mapless: Any) -> None:
    page = mapless
    page.goto("/")
    page.get_by_role("combobox", name="From", exact=True).fill("алма")
    page.get_by_role("option", name=re.compile("Almaty")).first.click()
    ends = page.get_by_role("combobox", name="To", exact=True)
    ends.fill("GEPTI")
    page.get_by_role("option", name=re.compile("Poti")).first.wait_for()
    ends.press("ArrowDown")
    ends.press("Enter")
    page.wait_for_selector(".routes li")
    assert len(order(page)) >= 3
    assert "from=KZALA" in page.url and "to=GEPTI" in page.url
    expect(page.get_by_role("combobox", name="From", exact=True)).to_have_value("Almaty")


def test_a_chosen_corridor_is_on_every_sheet_and_in_the_address(mapless: Any) -> None:
    page = answered(mapless)
    page.locator(".routes .pick").nth(1).click()
    number = page.locator(".routes li.chosen .disc").inner_text()
    expect(page).to_have_url(re.compile(rf"way={number}\b"))
    page.get_by_role("tab", name="Legs").click()
    expect(page.locator("caption")).to_contain_text(f"{number}. ")
    page.get_by_role("tab", name="Compare").click()
    expect(page.locator(f".bubble.chosen[data-route='{int(number) - 1}']")).to_be_visible()
    expect(page).to_have_url(re.compile("show=compare"))


def test_a_number_opens_its_rows_and_sources_and_they_add_up(mapless: Any) -> None:
    page = answered(mapless)
    page.locator("[data-figure='route/cost_usd']").first.click()
    drawer = page.get_by_role("dialog", name="Where this number comes from")
    drawer.locator(".source-list li").first.wait_for()
    total = float(re.sub(r"[^\d.]", "", drawer.locator(".drawer-figure strong").inner_text()))
    parts = [float(re.sub(r"[^\d.]", "", one)) for one in drawer.locator(".adds").all_inner_texts()]
    assert len(parts) > 2
    assert abs(sum(parts) - total) <= 0.5 * len(parts) + 1
    assert drawer.locator(".source-list a").first.get_attribute("href").startswith("http")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.locator("[data-figure='route/cost_usd']").first).to_be_focused()


def test_a_price_that_moves_ranks_at_once_and_asks_nobody(mapless: Any) -> None:
    page = answered(mapless)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = order(page)
    page.get_by_role("slider", name=re.compile("Value of time")).fill("0")
    told = page.locator(".routes li:not(:has(.beaten)) [data-figure='route/cost_usd']").all_inner_texts()
    costs = [float(re.sub(r"[^\d.]", "", one)) for one in told]
    assert costs == sorted(costs) and len(costs) > 2
    assert order(page) != before
    expect(page).to_have_url(re.compile(r"vot=0\b"))
    page.get_by_role("button", name="Back to the usual prices").click()
    assert order(page) == before
    assert not [url for url in asked if "/route/" in url]


def test_what_is_avoided_by_typing_is_gone_and_comes_back(mapless: Any) -> None:
    page = answered(mapless)
    assert "Kazakhstan and Russia by rail" in page.locator(".routes").inner_text()
    page.get_by_role("combobox", name="What to avoid or require").fill("Russ")
    page.get_by_role("option", name=re.compile("^Russia")).first.click()
    expect(page.locator(".chip.avoid")).to_contain_text("Russia")
    expect(page.locator(".routes")).not_to_contain_text("Kazakhstan and Russia by rail")
    page.get_by_role("button", name=re.compile("^Remove: Avoid Russia")).click()
    expect(page.locator(".routes")).to_contain_text("Kazakhstan and Russia by rail")


def test_a_click_on_the_map_is_an_end_then_asks_what_is_meant(page: Any) -> None:
    page.goto("/route?from=KZALA")
    page.evaluate(DRAWN)
    page.locator(CANVAS).click(position={"x": 430, "y": 330})
    expect(page).to_have_url(re.compile(r"to=-?[\d.]+,-?[\d.]+|to=\w+"))
    page.goto(ALMATY_POTI)
    page.wait_for_selector(".routes li")
    page.evaluate(DRAWN)
    page.locator(CANVAS).click(position={"x": 300, "y": 200})
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    assert violations(page) == []


CLICKED = """
export class WorldMap {
  constructor(box) {
    this.ready = Promise.resolve();
    const feature = {key: "passage:suez", kind: "passage", name: "Suez Canal", name_ru: ""};
    box.onclick = () => this.onClick({lat: 30.5, lon: 32.3, x: 90, y: 90, feature});
    return new Proxy(this, {get: (map, name) => (name in map || name === "then" ? map[name] : () => {})});
  }
}
"""


def test_a_strait_that_is_clicked_can_be_avoided(page: Any) -> None:
    """What the map tells of a click is played, because where a strait is drawn depends on the window; the rest is real."""
    page.route("**/map.js", lambda route: route.fulfill(body=CLICKED, content_type="text/javascript"))
    answered(page, "/route?from=VNHPH&to=DEDUI")
    assert "By the Suez Canal" in page.locator(".routes").inner_text()
    page.locator(".map-box").click(position={"x": 90, "y": 90})
    page.get_by_role("menuitem", name="Avoid").click()
    expect(page.locator(".chip.avoid")).to_contain_text("Suez Canal")
    expect(page).to_have_url(re.compile("avoid=passage:suez"))
    expect(page.locator(".routes")).not_to_contain_text("By the Suez Canal")


# the pixel of the map's canvas at which the first view shows a point, degrees: Mercator, fitted as the map fits it
PIXEL = """([lon, lat]) => {
  const {clientWidth: w, clientHeight: h} = document.querySelector('.map-box canvas.maplibregl-canvas');
  const y = (one) => (1 - Math.asinh(Math.tan(one * Math.PI / 180)) / Math.PI) / 2;
  const [west, south, east, north] = [-20, -40, 150, 70];
  const scale = Math.max(1024, Math.min(w / ((east - west) / 360), h / (y(south) - y(north))));
  return {x: w / 2 + (lon - (west + east) / 2) / 360 * scale, y: h / 2 + (y(lat) - (y(north) + y(south)) / 2) * scale};
}"""


def on_the_map(page: Any, path: str, lon: float, lat: float) -> Any:
    """Click a point of the real map as the first view shows it, with the routes of an answer held back; the menu."""
    page.route("**/route/stream*", lambda route: None)  # an answer would move the map
    page.goto(path)
    page.evaluate(DRAWN)
    page.locator(CANVAS).click(position=page.evaluate(PIXEL, [lon, lat]))
    page.unroute("**/route/stream*")
    return page.get_by_role("menu")


HELD = """import('/vendor/maplibre-gl.mjs').then(({Map}) => {
  const own = Map.prototype.getLayer;
  Map.prototype.getLayer = function (id) { window.held = this; return own.call(this, id); };
})"""
NAMED = """(layer) => [...new Set(held.queryRenderedFeatures({layers: [layer]}).map((one) => one.properties.name_en))].sort()"""


def test_the_ends_and_the_stops_of_the_chosen_route_are_named(page: Any) -> None:
    """Seen from so far that their names need to go round each other, and the names of cities give way."""
    answered(page, "/route?from=CNXAG&to=DEDUI&way=2")
    page.evaluate(DRAWN)
    page.evaluate(HELD)
    page.locator(".routes .pick").nth(1).hover()
    page.wait_for_function("() => window.held")
    page.mouse.move(5, 5)
    page.evaluate("new Promise((done) => { held.once('idle', done); held.jumpTo({zoom: 1.6}); })")
    assert len(page.evaluate(NAMED, "end-names")) == 2
    stops = page.evaluate("held.querySourceFeatures('stops').map((one) => one.properties)")
    named = page.evaluate(NAMED, "stop-names")
    assert named == sorted({one["name_en"] for one in stops}) and len(named) > 4
    assert not set(page.evaluate(NAMED, "cities")) & {*named, *page.evaluate(NAMED, "end-names")}


# where the lines drawn over the map at once run, degrees, and in which view they were drawn
OVERLAID = """() => {
  const box = document.querySelector('.maplibregl-canvas-container');
  window.overlaid = new Promise((done) => new MutationObserver((_, watch) => {
    const drawn = box.querySelector('.route-overlay');
    if (!drawn) return;
    watch.disconnect();
    const {data} = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
    const at = [];
    for (let i = 0; i < drawn.width * drawn.height; i += 37)
      if (data[4 * i + 3] > 200) at.push(held.unproject([i % drawn.width, Math.floor(i / drawn.width)]).toArray());
    done({at, zoom: held.getZoom(), center: held.getCenter().toArray(), there: Boolean(held.getSource('routes'))});
  }).observe(box, {childList: true}));
}"""
# of these points that are seen, how many the map itself has a route at, in that view
ON_THE_MAP = """async ({at, zoom, center}) => {
  await new Promise((done) => { held.once('idle', done); held.jumpTo({zoom, center}); });
  const {clientWidth: w, clientHeight: h} = held.getCanvas();
  const seen = at.map((one) => held.project(one)).filter(({x, y}) => x > 5 && y > 5 && x < w - 5 && y < h - 5);
  const near = ({x, y}) => held.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], {layers: ['routes']}).length > 0;
  return [seen.length, seen.filter(near).length];
}"""


def test_routes_are_drawn_at_once_where_the_map_then_draws_them(page: Any) -> None:
    page.goto("/route")
    page.evaluate(DRAWN)
    page.evaluate(HELD)
    page.locator(CANVAS).hover()
    page.wait_for_function("() => window.held")
    page.evaluate(OVERLAID)
    page.get_by_role("button", name=re.compile("Almaty.*Poti")).click()
    overlaid = page.evaluate("window.overlaid")
    assert not overlaid["there"] and len(overlaid["at"]) > 50
    page.wait_for_function("() => performance.getEntriesByName('routes-on-map').length")
    expect(page.locator(".route-overlay")).to_have_count(0)
    drawn, mapped = page.evaluate(
        "['routes-drawn', 'routes-on-map'].map((one) => performance.getEntriesByName(one)[0].startTime)"
    )
    assert drawn < mapped
    seen, there = page.evaluate(ON_THE_MAP, overlaid)
    assert seen > 50 and there >= 0.98 * seen


def test_the_suez_canal_is_clicked_on_the_real_map_and_avoided(page: Any) -> None:
    menu = on_the_map(page, "/route?from=VNHPH&to=DEDUI", 32.45, 30.4)
    expect(menu).to_contain_text("Suez Canal")
    menu.get_by_role("menuitem", name="Avoid").click()
    expect(page).to_have_url(re.compile("avoid=passage:suez"))
    page.wait_for_selector(".routes li", timeout=60_000)
    expect(page.locator(".routes")).not_to_contain_text("By the Suez Canal")


def test_bare_land_offers_its_country(page: Any) -> None:
    menu = on_the_map(page, ALMATY_POTI, 66.0, 48.0)
    menu.get_by_role("menuitem", name="Avoid Kazakhstan").click()
    expect(page).to_have_url(re.compile("avoid=country:KZ"))
    expect(page.locator(".chip.avoid")).to_contain_text("Kazakhstan")


def test_work_is_shown_and_can_be_cancelled(mapless: Any) -> None:
    page = mapless
    page.route("**/route/stream*", lambda route: None)  # an answer that does not come
    page.goto(ALMATY_POTI)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator(".told")).to_contain_text("Cancelled")
    page.unroute("**/route/stream*")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".routes li")


def test_an_address_gives_the_whole_view_to_another_reader(mapless: Any, browser: Any, address: str) -> None:
    path = ALMATY_POTI + "&avoid=country:RU&tonnes=18&vot=60&way=2&show=distance&against=cost_usd&of=one&lang=ru"
    page = answered(mapless, path)
    expect(page.get_by_role("tab", name="Расстояние")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="Цена", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".routes li.chosen .disc")).to_have_text("2")
    expect(page.locator(".chip.avoid")).to_contain_text("Россия")
    assert page.locator("html").get_attribute("lang") == "ru"
    assert len(page.locator(".curve").all()) == 1
    page.get_by_role("tab", name="Забрать").click()
    command = page.locator(".command").inner_text()
    assert command == "keruen route KZALA GEPTI --tonnes 18 --vot 60 --avoid country:RU"
    page.get_by_role("button", name="Скопировать адрес").click()
    expect(page.get_by_role("button", name="Скопировано")).to_be_visible()
    shared = page.evaluate("navigator.clipboard.readText()")
    expect(page).to_have_url(re.compile("way=2.*show=files"))
    assert shared == page.url


def test_back_undoes_a_question_not_a_look(mapless: Any) -> None:
    page = answered(mapless)
    page.get_by_role("tab", name="Legs").click()
    page.get_by_role("button", name="Swap origin and destination").click()
    expect(page).to_have_url(re.compile("from=GEPTI"))
    page.go_back()
    expect(page).to_have_url(re.compile("from=KZALA.*show=legs"))
    expect(page.get_by_role("combobox", name="From", exact=True)).to_have_value("Almaty")


def test_the_main_path_needs_no_mouse(mapless: Any) -> None:
    page = mapless
    page.goto("/")
    page.get_by_role("combobox", name="From", exact=True).wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="From", exact=True)).to_be_focused()
    for place in ("Almaty", "Poti"):
        page.keyboard.type(place)
        page.locator("[role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")  # to the button that swaps, and on
        page.keyboard.press("Tab")
    page.wait_for_selector(".routes li")
    page.locator(".routes .pick").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".routes .pick").nth(1)).to_be_focused()
    expect(page.locator(".routes li").nth(1)).to_have_class(re.compile("chosen"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Compare").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Distance")).to_be_focused()
    expect(page.locator(".curve").first).to_be_visible()


ENGLISH = re.compile(r"\b(the|is|of|not|there|by|and|or|must|may|give|name|which)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("path", "told", "told_in_russian"),
    [
        ("from=Pti&to=GEPTI", "There is no such place.", "Место с названием «Pti» не найдено."),
        ("from=Springfield&to=GEPTI", "Springfield", "«Springfield» - название нескольких мест"),
        (
            "from=KZALA&to=GEPTI&avoid=country:KZ",
            "No way leads there under these conditions.",
            "Нет маршрута: Алматы (KZALA) → Поти (GEPTI)",
        ),
        (
            "from=KZALA&to=KZALA",
            "Both ends are the same place.",
            "Отправление и назначение - одно место: Алматы (KZALA).",
        ),
        ("from=KZALA&to=GEPTI&depart=2025-33-33", "This is no day of the calendar.", "Дня 2025-33-33 в календаре нет"),
        ("from=KZALA&to=GEPTI&scenario=nothing_like_it", "nothing_like_it", "Сценарий «nothing_like_it» не найден"),
    ],
)
def test_what_cannot_be_answered_says_why_in_the_language_of_the_page(
    mapless: Any, path: str, told: str, told_in_russian: str
) -> None:
    page = mapless
    page.goto(f"/route?{path}")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(told)
    assert violations(page) == []
    page.get_by_role("button", name="RU", exact=True).click()
    expect(alert).to_contain_text(told_in_russian)
    assert not ENGLISH.search(alert.inner_text()), alert.inner_text()


def test_warnings_follow_the_language_of_the_page(mapless: Any) -> None:
    page = answered(mapless, "/route?from=CNSHA&to=NLRTM&depart=2028-02-01&lang=ru")
    notices = page.locator(".result > p.notice")
    expect(notices.filter(has_text="Сведения об условиях кончаются датой")).to_be_visible()
    russian = notices.all_inner_texts()
    assert len(russian) > 2 and not [one for one in russian if ENGLISH.search(one)]
    page.get_by_role("button", name="EN", exact=True).click()
    expect(notices.filter(has_text="The evidence of conditions ends on")).to_be_visible()
    assert len(notices.all_inner_texts()) == len(russian)
    assert not [one for one in notices.all_inner_texts() if re.search("[а-я]", one)]


def test_a_place_misspelt_is_offered_and_taken(mapless: Any) -> None:
    page = mapless
    page.goto("/route?from=Pti&to=KZALA")
    page.get_by_role("alert").get_by_role("button", name=re.compile("^GEPTI")).click()
    page.wait_for_selector(".routes li")
    assert "from=GEPTI" in page.url


def test_a_server_that_is_gone_is_told_and_the_answer_stays(mapless: Any) -> None:
    page = answered(mapless)
    page.route("**/api/v1/route/stream*", lambda route: route.abort())
    page.get_by_role("button", name="Swap origin and destination").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    expect(page.locator(".result.former .routes li").first).to_be_visible()
    page.unroute("**/api/v1/route/stream*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".result:not(.former)")).to_be_visible()


def test_a_scenario_stands_beside_the_base(mapless: Any) -> None:
    page = mapless
    page.goto(f"{ALMATY_POTI}&scenario=caspian_1m_lower")
    page.wait_for_selector(".differences tbody", timeout=60_000)
    expect(page.locator(".differences h2")).to_contain_text("Caspian")
    rows = page.locator(".differences tbody").first.get_by_role("row")
    for side in ("without", "with"):
        expect(rows.filter(has=page.get_by_role("rowheader", name=side, exact=True))).to_be_visible()
    assert violations(page) == []


def test_each_sheet_is_accessible(mapless: Any) -> None:
    page = answered(mapless, f"{ALMATY_POTI}&within=15")
    for sheet in ("Compare", "Distance", "Legs", "Surety", "Take away"):
        page.get_by_role("tab", name=sheet).click()
        expect(page.locator("#sheet")).to_have_attribute("aria-labelledby", re.compile("tab-"))
        assert page.locator("#sheet").inner_text().strip()
        assert violations(page, "" if sheet == "Compare" else ".sheets") == [], sheet


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_there_before_can_be_read_while_the_next_is_fetched(mapless: Any, scheme: str) -> None:
    page = mapless
    page.emulate_media(color_scheme=scheme)
    answered(page, f"{ALMATY_POTI}&avoid=mode:air")
    before = page.locator(".routes .corridor").first.evaluate("(one) => getComputedStyle(one).color")
    page.route("**/route/stream*", lambda route: None)
    page.get_by_role("button", name="Swap origin and destination").click()
    expect(page.locator(".result.former .routes li").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert page.locator(".routes .corridor").first.evaluate("(one) => getComputedStyle(one).color") != before
    assert violations(page) == []
    page.goto("/evidence?table=waits")
    page.locator(".sheet tbody tr").first.wait_for()
    page.route("**/tables/waits*", lambda route: None)
    page.get_by_role("button", name="Later").click()
    expect(page.locator(".sheet.former tbody tr").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "lang"), [("light", "ru"), ("dark", "en")])
def test_a_tablet_shows_it_all_without_a_sideways_scroll(browser: Any, address: str, scheme: str, lang: str) -> None:
    window = {"width": 820, "height": 1180}
    context = browser.new_context(viewport=window, base_url=address, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/map.js", lambda route: route.abort())
    for path in (
        f"{ALMATY_POTI}&lang={lang}&show=legs",
        f"/evidence?lang={lang}",
        f"/evidence?table=waits&lang={lang}",
    ):
        page.goto(path)
        page.wait_for_selector(".routes li, .tables li, .sheet tbody tr")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 820
        assert page.locator("html").get_attribute("data-theme") == scheme
        low = page.evaluate(
            "[...document.querySelectorAll('button, select, input:not([type=checkbox]):not([type=range]), nav a')]"
            ".filter((one) => one.offsetParent && one.offsetHeight < 40)"
            ".map((one) => one.outerHTML.slice(0, 90))"
        )
        assert low == []
        assert violations(page) == []
    context.close()


def test_the_theme_chosen_stays(mapless: Any) -> None:
    page = mapless
    page.goto("/evidence")
    page.get_by_role("combobox", name="Colours").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_selector(".tables li")
    assert violations(page) == []


def test_evidence_is_searched_and_opened_down_to_its_sources(mapless: Any) -> None:
    page = mapless
    page.goto("/route")
    page.get_by_role("searchbox", name="Search the evidence").fill("aktau ferry")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found li")
    expect(page).to_have_url(re.compile(r"/evidence\?q=aktau"))
    for text in page.locator(".found li").all_inner_texts():
        assert "aktau" in text.lower() and "ferry" in text.lower()
    assert violations(page) == []
    page.locator(".found a").first.click()
    drawer = page.get_by_role("dialog")
    drawer.locator(".source-list li").first.wait_for()
    assert violations(page) == []


def test_a_table_is_filtered_paged_and_explained(mapless: Any) -> None:
    page = mapless
    page.goto("/evidence?table=tariffs")
    rows = page.locator(".sheet tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Later").click()
    expect(page).to_have_url(re.compile("offset=50"))
    page.get_by_role("searchbox", name="Rows that contain").fill("rail kz feu")
    expect(rows.first).to_contain_text("rail/KZ/feu")
    assert page.locator(".meaning", has_text="usd per km").get_attribute("title")
    rows.first.get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("tariffs:rail/KZ/feu")
    expect(page).to_have_url(re.compile("row=rail/KZ/feu"))


@pytest.fixture
def few(browser: Any, few_observed: str) -> Any:
    """A page of the server that has few observations."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=few_observed, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert not wrong


def test_accuracy_shows_what_was_aimed_at_and_every_row(few: Any) -> None:
    page = few
    page.goto("/accuracy")
    page.wait_for_selector(".dot", timeout=ACCURACY_MS)
    expect(page.locator(".card")).to_have_count(3)
    count = page.locator(".dot").count()
    page.get_by_role("combobox", name="Rows").select_option("all")
    expect(page.locator(".dot").nth(count)).to_be_visible()  # more than before
    page.get_by_role("combobox", name="Year").select_option("2024")
    expect(page).to_have_url(re.compile("half=all.*year=2024"))
    page.get_by_text("Rows that do not count, and why").click()
    assert "in the half to fit to" in page.locator(".rows").last.inner_text()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("path", "what"), [("/accuracy", "comparison"), ("/route?from=VNHPH&to=DEDUI&scenario=suez_closed", "compare")]
)
@pytest.mark.usefixtures("world_data")
def test_long_work_is_cancelled_on_the_page_and_in_the_server(
    browser: Any, serving: Serving, path: str, what: str
) -> None:
    client = serving()
    context = browser.new_context(base_url=client.address, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/map.js", lambda route: route.abort())
    page.goto(path)
    page.wait_for_function("() => document.querySelector('progress')?.value > 0.04", timeout=60_000)
    (job,) = (one for key, one in client.desk.workshop.jobs.items() if isinstance(key, tuple) and key[0] == what)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    until(job.future.done)
    assert isinstance(job.future.exception(), Cancelled)
    assert not client.desk.workshop.jobs
    assert violations(page) == []
    context.close()


def test_accuracy_of_a_file_of_ones_own(mapless: Any, tmp_path: Path) -> None:
    page = mapless
    page.goto("/accuracy")
    good = tmp_path / "mine.csv"
    good.write_text(
        "origin,destination,corridor,mode,days_min,days_max,basis_class,date\nXi'an,Duisburg,Northern,rail,13,16,observed,2024-03\n",
        encoding="utf-8",
    )
    page.locator("input[type=file]").set_input_files(good)
    expect(page.locator(".notice", has_text="mine.csv")).to_be_visible()
    expect(page.locator(".dot")).to_have_count(1)
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_role("alert")).to_be_visible()
