"""Make screenshots of the main pages of the workspace: python docs/make_screenshots.py FOLDER [NAME ...]

Starts `keruen serve`, looks at each page in Chromium at 1280x800 and on a tablet (820x1180), light and dark, in English and Russian, and
writes one PNG of 256 colours for each, or for those with a NAME, into the folder; the picture of the README is made by
`python docs/make_screenshots.py docs/pictures route`. Chromium is named by KERUEN_CHROMIUM, else found on the PATH; playwright must be
installed. The map is waited for until it has drawn, so without a graphics card this takes a minute or two.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

SWITCHES = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
DESK, TABLET = (1280, 800), (820, 1180)
HAI_PHONG = "/route?from=VNHPH&to=DEDUI"
FLOWS = "/flows?flow=china_caspian&flow=kazakhstan_oil_baku&run=1"  # few flows: seconds, not minutes
KHORGOS = "/route?from=KZHOR&to=GEPTI"
DRAWN = """new Promise((done) => {
  const look = () => (performance.getEntriesByName("map-ready").length ? done() : setTimeout(look, 100));
  look();
})"""
PAGES: tuple[tuple[str, str, tuple[int, int], Literal["light", "dark"], str], ...] = (
    # name, address, window, colours, what to wait for
    ("start", "/route", DESK, "light", ".welcome"),
    ("start-ru-tablet-dark", "/route?lang=ru", TABLET, "dark", ".welcome"),
    ("route", HAI_PHONG, DESK, "light", ".bubble"),
    ("route-ru-dark", HAI_PHONG + "&lang=ru", DESK, "dark", ".bubble"),
    ("route-tablet", HAI_PHONG, TABLET, "light", ".bubble"),
    ("distance-ru", KHORGOS + "&show=distance&way=3&lang=ru", DESK, "light", ".curve"),
    ("legs-dark", KHORGOS + "&show=legs&way=3", DESK, "dark", ".legs table"),
    ("surety", KHORGOS + "&show=surety&within=15", DESK, "light", ".spread"),
    ("files", KHORGOS + "&show=files&avoid=country:RU", DESK, "light", ".command"),
    ("source", KHORGOS + "&way=1&figure=route/cost_usd", DESK, "light", ".source-list"),
    ("scenario", HAI_PHONG + "&scenario=suez_closed", DESK, "light", ".differences"),
    ("no-route", "/route?from=KZALA&to=GEPTI&avoid=country:KZ", DESK, "light", ".notice.bad"),
    ("accuracy", "/accuracy", DESK, "light", ".dot"),
    ("accuracy-ru-tablet-dark", "/accuracy?lang=ru", TABLET, "dark", ".dot"),
    ("check", "/check", DESK, "light", ".claim"),
    ("check-dark", "/check", DESK, "dark", ".claim"),
    ("check-tablet", "/check", TABLET, "light", ".claim"),
    ("check-ru-tablet-dark", "/check?lang=ru", TABLET, "dark", ".claim"),
    ("trade", "/trade", DESK, "light", ".trade-table"),
    ("trade-partner-dark", "/trade?partner=VNM&year=2023", DESK, "dark", ".records"),
    ("trade-ru-tablet", "/trade?partner=CHN&lang=ru", TABLET, "light", ".records"),
    ("materials", "/materials", DESK, "light", ".things tbody tr"),
    ("materials-ru-dark", "/materials?list=eu2020&lang=ru", DESK, "dark", ".things tbody tr"),
    ("materials-what-if-tablet", "/materials?cut=KAZ:0", TABLET, "light", ".things tbody tr"),
    ("materials-ru-tablet-dark", "/materials?material=lithium&buyer=VNM&lang=ru", TABLET, "dark", ".things tbody tr"),
    ("flows", FLOWS, DESK, "light", ".flow-key"),
    ("flows-bottlenecks-dark", FLOWS + "&show=bottlenecks", DESK, "dark", ".flow-key"),
    ("flows-scenario-ru-tablet", FLOWS + "&scenario=aktau_ferry&lang=ru", TABLET, "light", ".flow-key"),
    ("evidence", "/evidence", DESK, "light", ".tables li"),
    ("evidence-search-tablet", "/evidence?q=aktau ferry", TABLET, "light", ".found li"),
    ("evidence-row", "/evidence?table=tariffs&row=rail/KZ/feu", DESK, "light", ".source-list"),
)


def main(folder: Path, names: list[str]) -> None:
    """Write every screenshot into the folder, and say so."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("KERUEN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("There is no Chromium on the PATH; name one by KERUEN_CHROMIUM.")
    folder.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=SWITCHES.split())
        for name, path, (width, height), colours, sign in PAGES:
            if names and name not in names:
                continue
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, base_url=address, locale="en-US",
                reduced_motion="reduce",
            )  # fmt: skip
            page = context.new_page()
            page.goto(path)
            if path.startswith("/check"):
                page.locator(".check-tools button:not(.main)").click()  # the example
            page.wait_for_selector(sign, timeout=120_000)
            if path.startswith("/route"):
                page.evaluate(DRAWN)
            settle(page)
            page.screenshot(path=folder / f"{name}.png")
            few_colours(folder / f"{name}.png")
            print(f"wrote {folder / name}.png")
            context.close()
        browser.close()


def few_colours(path: Path) -> None:
    """Make a picture a third of its size: 256 colours are enough for a page."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def settle(page: Any) -> None:
    """Wait until two pictures in a row are the same: the map has drawn what it draws."""
    before = b""
    for _ in range(20):
        page.wait_for_timeout(1500)
        now = page.screenshot()
        if now == before:
            return
        before = now


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server of its own, which ends with the block."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        store = str(Path(folder) / "trade.duckdb")  # there is none: what ships is shown, whatever the user has
        command = [
            sys.executable,
            "-u",
            "-m",
            "keruen",
            "serve",
            "--no-open",
            "--port",
            "0",
            "--workspace",
            folder,
            "--store",
            store,
        ]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            found = None
            while not found and server.poll() is None:
                time.sleep(0.3)
                found = re.search(r"http://[\w.:]+", Path(log.name).read_text(encoding="utf-8"))
            if not found:
                sys.exit(f"The server did not start:\n{Path(log.name).read_text(encoding='utf-8')}")
            yield found.group().rstrip("/")
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python docs/make_screenshots.py FOLDER [NAME ...]")
    main(Path(sys.argv[1]), sys.argv[2:])
