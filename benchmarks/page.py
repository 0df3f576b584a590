"""The page in a browser: how soon the first view is there, how smooth it is to move, what it weighs, and how long from click to route.

    python benchmarks/page.py [--chromium /usr/bin/chromium] [--runs 5]       prints a Markdown table; needs the extra `test`

Starts `keruen serve` on a free port and a Chromium that draws in software, as on a computer without a graphics card. Figures are medians of
runs with an empty browser cache. The first view is there when the map has drawn all its tiles and names.

    first view     from the start of the page load to the idle map, s
    frame          between two animation frames while the map is dragged across a third of its width, ms: median and 95 of 100
    weight         bytes as sent (compressed), before data and of map tiles for the first view
    click to route from the click on "Hai Phong - Duisburg" to the first frame with its routes, ms: a new question to a server that
                   has answered other questions, and asked again. The routes are drawn over the map first, in the view that is seen; the
                   mark is set when that frame has been painted
    click to map   from the same click to the first frame of the map that has the routes in it, in the view that they fill, ms
    routes to idle from telling the map the routes of an answer, not the first, to the idle map with all names laid out anew, ms
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEW = {"width": 1280, "height": 800}
QUESTION = "/api/v1/route?from=VNHPH&to=DEDUI&geometry=true"
OTHER = "/api/v1/route?from=CNXAG&to=LTKLJ"
PATIENCE_MS = 60_000

# A second map of the same class in place of the page: its marks are then those of the map alone.
MAP_ALONE = """async (answer) => {
  const { WorldMap } = await import("/map.js");
  document.body.replaceChildren();
  const box = Object.assign(document.createElement("div"), { id: "alone" });
  Object.assign(box.style, { position: "fixed", inset: "0" });
  document.body.append(box);
  const map = new WorldMap(box, { lang: "en", dark: false });
  await map.ready;
  window.alone = { map, answer };
}"""
SHOW_ROUTES = """async () => {
  const { map, answer } = window.alone;
  const colours = answer.routes.map((_, i) => `hsl(${i * 30} 70% 40%)`);
  let took = 0;
  for (const warm of [false, true]) {
    map.showRoutes([], { colours: [], chosen: null });
    await map.settled();
    const start = performance.now();
    map.showRoutes(answer.routes, { colours, chosen: 0 });
    await map.settled();
    if (warm) took = performance.now() - start;
  }
  return took;
}"""
CLICK_TO = """async () => {
  const example = [...document.querySelectorAll("button, a")].find((one) => one.textContent.includes("Duisburg"));
  const start = performance.now();
  example.click();
  for (;;) {
    const seen = ["routes-drawn", "routes-on-map"].map((name) => performance.getEntriesByName(name).find((mark) => mark.startTime > start));
    if (seen.every(Boolean)) return seen.map((mark) => mark.startTime - start);
    await new Promise((done) => setTimeout(done, 20));
  }
}"""
COUNT_FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const tick = (now) => { window.frames_ms.push(now - last); last = now; window.counting && requestAnimationFrame(tick); };
  window.counting = true;
  requestAnimationFrame(tick);
}"""


@contextmanager
def workspace() -> Iterator[str]:
    """Address of a workspace on a free port."""
    command = [sys.executable, "-m", "keruen", "serve", "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found[0]
                return
        raise SystemExit("`keruen serve` ended before it told its address")
    finally:
        process.terminate()
        process.wait(10)


def click_to(browser: Any, address: str) -> tuple[float, float]:
    """Milliseconds from a click on an example to its routes, and to the map that has drawn them."""
    page = browser.new_context(viewport=VIEW).new_page()
    page.goto(f"{address}/route")
    page.wait_for_function("() => performance.getEntriesByName('map-ready').length", timeout=PATIENCE_MS)
    page.wait_for_timeout(500)
    route, whole = page.evaluate(CLICK_TO)
    page.context.close()
    return route, whole


def run(browser: Any, address: str, answer: Any) -> dict[str, float]:
    """One run with an empty cache."""
    page = browser.new_context(viewport=VIEW).new_page()
    sent = {"page": 0, "tiles": 0}

    def weigh(request: Any) -> None:
        kind = "tiles" if ".mvt" in request.url else "page"
        if "/api/" not in request.url or kind == "tiles":
            sizes = request.sizes()
            sent[kind] += sizes["responseBodySize"]

    page.on("requestfinished", weigh)
    page.goto(address)
    page.wait_for_selector("canvas.maplibregl-canvas", timeout=PATIENCE_MS)
    page.evaluate("() => document.fonts.ready.then(() => {})")
    first = page.evaluate("() => new Promise((done) => { const look = () => performance.getEntriesByName('map-ready').length ?"
                          " done(performance.getEntriesByName('map-ready')[0].startTime) : setTimeout(look, 20); look(); })")  # fmt: skip
    weight = dict(sent)
    page.evaluate(MAP_ALONE, answer)
    page.evaluate(COUNT_FRAMES)
    page.mouse.move(VIEW["width"] * 0.6, VIEW["height"] / 2)
    page.mouse.down()
    page.mouse.move(VIEW["width"] * 0.3, VIEW["height"] / 2, steps=40)
    page.mouse.up()
    frames = sorted(page.evaluate("() => { window.counting = false; return window.frames_ms; }"))
    drawn = page.evaluate(SHOW_ROUTES)
    page.context.close()
    return {
        "first view, s": first / 1000,
        "frame while panning, median, ms": statistics.median(frames),
        "frame while panning, 95 of 100, ms": frames[int(0.95 * (len(frames) - 1))],
        "weight of the page, kB": weight["page"] / 1000,
        "weight of the first tiles, kB": weight["tiles"] / 1000,
        "routes to idle, ms": drawn,
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    runs = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=QUIET)
        for _ in range(asked.runs):
            with workspace() as address:  # a new server, so that the question is new to it
                urllib.request.urlopen(address + OTHER).read()
                clicks = {
                    f"click to {what}, a {known} question, ms": took
                    for known in ("new", "known")
                    for what, took in zip(("route", "map"), click_to(browser, address), strict=True)
                }
                with urllib.request.urlopen(address + QUESTION) as response:
                    answer = json.load(response)
                runs.append(run(browser, address, answer) | clicks)
        browser.close()
    print(f"| figure | median of {asked.runs} | least | most |\n|---|---|---|---|")
    for name in runs[0]:
        values = [one[name] for one in runs]
        print(f"| {name} | {statistics.median(values):,.4g} | {min(values):,.4g} | {max(values):,.4g} |")


if __name__ == "__main__":
    main()
