"""The flows page and the interface behind it, on the grain that Kazakhstan sends to Azerbaijan: few pairs, so that it takes seconds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from browsing import expect, violations
from conftest import Client, Serving, until

from keruen.errors import Cancelled
from keruen.web.flows_questions import Bands, FlowsAnswer

pytestmark = pytest.mark.world
ASKED = {"flow": "kazakhstan_grain_azerbaijan", "scenario": "aktau_ferry"}
PAGE = "/flows?flow=kazakhstan_grain_azerbaijan&run=1"
LONG_MS = 90_000


def test_both_sides_and_their_bands_agree(client: Client) -> None:
    found = client.get("/api/v1/flows", params=ASKED)
    assert found.status_code == 200
    document = found.json()
    FlowsAnswer.model_validate(document)
    base, other = document["base"], document["with"]
    for side in (base, other):
        assert sum(one["share_t"] for one in side["corridors"]) == pytest.approx(1, abs=1e-9)
        assert sum(one["t"] for one in side["corridors"]) == pytest.approx(side["totals"]["shipped_t"], rel=1e-9)
    assert document["change"]["shipped_t"] == pytest.approx(
        other["totals"]["shipped_t"] - base["totals"]["shipped_t"], abs=1e-6
    )
    work = {}
    for side in ("base", "with", "change"):
        bands = client.get("/api/v1/flows/bands", params={**ASKED, "side": side, "zoom": 2})
        assert len(bands.content) < 300_000
        Bands.model_validate(bands.json())
        work[side] = sum(one["amount_km"] for one in bands.json()["moved"])
        assert all(one["lines"] and 0 <= one["width"] <= 1 for one in bands.json()["bands"])
    assert work["change"] == pytest.approx(work["with"] - work["base"], abs=1e-6 * work["base"])


def test_an_unknown_flow_is_told(client: Client) -> None:
    refused = client.get("/api/v1/flows", params={"flow": "nothing"})
    assert refused.status_code == 422
    assert refused.json()["error"]["kind"] == "unknown_option" and refused.json()["error"]["message_ru"]


@pytest.mark.parametrize("ending", ["gpkg", "gmns", "omx", "xlsx", "json"])
def test_flows_are_taken_away(client: Client, ending: str) -> None:
    file = client.get(f"/api/v1/flows/file/{ending}", params={"flow": ASKED["flow"]})
    assert file.status_code == 200 and "attachment" in file.headers["content-disposition"]
    begins = {"gpkg": b"SQLite", "gmns": b"PK", "omx": b"\x89HDF", "xlsx": b"PK", "json": b"{"}
    assert file.content.startswith(begins[ending])


def test_the_page_tells_the_flows_as_tables_and_keeps_its_state(mapless: Any) -> None:
    page = mapless
    page.goto(PAGE)
    page.wait_for_selector(".flow-totals", timeout=LONG_MS)
    assert page.locator("#sheet tbody tr").count() > 1
    assert violations(page) == []
    page.get_by_role("tab", name="Corridors").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Bottlenecks")).to_be_focused()
    assert "show=bottlenecks" in page.url or page.wait_for_url("**show=bottlenecks**") is None
    page.get_by_role("tab", name="Where it moves").click()
    expect(page.locator("#sheet table")).to_contain_text("Kazakhstan")
    page.get_by_role("tab", name="Take away").click()
    assert page.locator("#sheet .file-list a").count() == 5
    page.get_by_role("button", name="RU").click()
    expect(page.locator(".flow-totals h2")).to_have_text("За 2024 год")
    assert violations(page) == []


FULL = "\n".join(
    ['name = "full"', 'title = "Ferries with little room"', 'title_ru = "Паромы, где мало места"']
    + [
        f'[[change]]\nrow = "capacities:{ferry}"\ncolumn = "capacity_per_year"\nvalue = {tonnes}\n'
        'source = ["keruen_assumption"]\nreason = "a test"\nreason_ru = "проверка"'
        for ferry, tonnes in (("kuryk_rail_ferries", 5000), ("turkmenbashi_ferries", 4000))
    ]
)


def test_bottlenecks_are_listed_with_whom_they_affect(mapless: Any, address: str) -> None:
    """Two ferries with less room than the grain asks for: each stands in the list, full, with what more room is worth and to whom."""
    page = mapless
    assert page.request.put(f"{address.rstrip('/')}/api/v1/scenarios/full", data=FULL).status == 204
    page.goto(f"{PAGE}&scenario=full&show=bottlenecks")
    rows = page.locator(".bottlenecks tbody tr")
    rows.first.wait_for(timeout=LONG_MS)
    assert rows.count() == 2
    expect(page.locator(".bottlenecks tbody")).to_contain_text("100 %")
    rows.first.get_by_role("button").click()
    affected = page.locator(".affected")
    expect(affected).to_contain_text("Kokshetau")
    expect(affected).to_contain_text("Baku 100")
    assert "row=" in page.url
    assert violations(page) == []


def test_nothing_is_worked_out_before_it_is_asked_for(mapless: Any) -> None:
    page = mapless
    page.goto("/flows?flow=kazakhstan_grain_azerbaijan")
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_selector(".flow-totals", timeout=LONG_MS)
    assert "run=1" in page.url


def test_cancel_stops_the_work_of_the_server(browser: Any, serving: Serving) -> None:
    """On a server of its own, by the CPU time of the process that works."""
    client = serving()
    context = browser.new_context(base_url=client.address, locale="en-US")
    page = context.new_page()
    page.route("**/map.js", lambda route: route.abort())
    page.goto("/flows?flow=china_caspian&flow=kazakhstan_oil_baku&run=1&scenario=aktau_ferry")
    page.wait_for_function("() => document.querySelector('progress')?.value > 0.02", timeout=LONG_MS)
    (job,) = client.desk.slow.jobs.values()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    until(job.future.done, 20)
    assert isinstance(job.future.exception(), Cancelled) and not client.desk.slow.jobs
    before = time.process_time()
    time.sleep(1.0)
    assert time.process_time() - before < 0.3
    context.close()


def test_a_tablet_in_the_dark(browser: Any, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, color_scheme="dark", base_url=address, reduced_motion="reduce"
    )
    page = context.new_page()
    page.route("**/map.js", lambda route: route.abort())
    page.goto(f"{PAGE}&scenario=aktau_ferry&lang=ru")
    page.wait_for_selector(".flow-totals", timeout=LONG_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    assert violations(page) == []
    context.close()
