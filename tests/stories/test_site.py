"""The site of all pages builds without a warning, its links lead somewhere, and nothing in it is fetched from elsewhere."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from command_line import HOUSE, environment

import keruen


class Links(HTMLParser):
    """What a page leads to, what it loads, and the places in it that can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.places |= {told[name] for name in ("id", "name") if name in told}
        if tag == "a" and "href" in told:
            self.leads.append(told["href"])
        elif tag in ("script", "img", "iframe", "source", "link"):
            self.loads += [told[name] for name in ("src", "href") if name in told]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(HOUSE / "docs" / "build.py"), str(folder)], env=environment({"NO_COLOR": "1"}), timeout=300,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    found = {
        path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html") if "_static" not in path.parts
    }
    assert len(found) > 40
    return found


def test_links_within_the_site_lead_somewhere(site: Path, pages: dict[Path, Links]) -> None:
    broken = []
    for path, links in pages.items():
        for link in (*links.leads, *links.loads):
            address, place = urldefrag(link)
            if "://" in address or address.startswith(("mailto:", "data:")):
                continue
            target = (path.parent / unquote(address.partition("?")[0])).resolve() if address else path
            if not target.exists() or (place and target in pages and unquote(place) not in pages[target].places):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert not broken, broken


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Links]) -> None:
    assert not [
        load for links in pages.values() for load in links.loads if "//" in load and not load.startswith("data:")
    ]
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style


def test_the_site_has_tutorials_verbs_dictionary_and_examples(site: Path, pages: dict[Path, Links]) -> None:
    reference = (site / "reference.html").read_text(encoding="utf-8")
    assert all(f'id="keruen.{name}"' in reference for name in keruen.__all__)
    assert {"tutorials/shipper.html", "data.html", "examples.html", "http-api.html", "command-line.html"} <= {
        str(path.relative_to(site)) for path in pages
    }
    assert {path.name for path in (site / "_downloads").rglob("*.py")} >= {
        path.name for path in (HOUSE / "examples").glob("*.py")
    }


def test_the_page_of_verbs_is_current() -> None:
    make = runpy.run_path(str(HOUSE / "docs" / "make_reference_page.py"))
    held = (HOUSE / "docs" / "reference.md").read_text(encoding="utf-8")
    assert held == make["page"](), "run `python docs/make_reference_page.py`"
