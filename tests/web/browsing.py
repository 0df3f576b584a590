"""What tests in a browser share: which browser, how patient they are, and how they look at a page.

A test module that imports this is skipped where there is no playwright or no Chromium.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("KERUEN_CHROMIUM") or next(
    (found for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)  # fmt: skip
SWITCHES = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
PATIENCE_MS = 20_000  # of an answer on a busy machine
ACCURACY_MS = 120_000  # every observed journey is predicted once
CANVAS = ".map-box canvas.maplibregl-canvas"
DRAWN = """new Promise((done) => {
  const look = () => (performance.getEntriesByName('map-ready').length ? done() : setTimeout(look, 50));
  look();
})"""
ALMATY_POTI = "/route?from=KZALA&to=GEPTI"

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
if not CHROMIUM:
    pytest.skip("there is no Chromium; name one by KERUEN_CHROMIUM", allow_module_level=True)
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)


def answered(page: Any, path: str = ALMATY_POTI) -> Any:
    """Open an address and wait for its corridors."""
    page.goto(path)
    page.wait_for_selector(".routes li")
    return page


def violations(page: Any, within: str = "") -> list[str]:
    """What axe-core finds that is serious or critical, on the whole page or within what a selector finds there."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in tests/web")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(within) => axe.run(within || document, {resultTypes: ['violations']})", within)[
        "violations"
    ]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in ("serious", "critical")]
