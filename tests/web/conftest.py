"""Fixtures of the workspace's tests: servers on free ports of this machine, in threads, asked over real connections.

client             the application over the shipped tables and the world network
serving(...)       another one, with other settings; `.desk` shows what goes on inside
few_observed       where one answers that has little to compare with
page, mapless      a page in Chromium of `keruen serve`, a process of its own; the second without its map
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from keruen.tables.dataset import Dataset
from keruen.tables.reading import table_from_rows
from keruen.web.desk import Desk
from keruen.web.server import create_app, server_of
from keruen.web.settings import Settings

# periods in which there are journeys and prices of both halves, and rows that do not count
OBSERVED_IN = {"journeys": ("2024-01", "2024-03"), "prices": ("2024-01",)}


class Client(httpx.Client):
    """A client of one server."""

    def __init__(self, address: str, app: Any) -> None:
        super().__init__(base_url=address, timeout=240)  # a machine at work on other things is slow, not broken
        self.address, self.app = address, app

    @property
    def desk(self) -> Desk:
        """What goes on in the server."""
        found: Desk = self.app.state.desk
        return found


Serving = Callable[..., Client]


@contextmanager
def served(data: Dataset, **settings: Any) -> Iterator[Client]:
    """A server in a thread of this process, and a client of it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        app = create_app(data, replace(Settings(port=port), **settings))
        server = server_of(app)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
        thread.start()
        until(lambda: server.started)
        try:
            with Client(f"http://127.0.0.1:{port}", app) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="session")
def client(world_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The application over the world network, with a workspace of its own."""
    with served(world_data, workspace=tmp_path_factory.mktemp("workspace"), work_at_once=100_000) as found:
        yield found


@pytest.fixture
def serving(shipped: Dataset, tmp_path: Path) -> Iterator[Serving]:
    """Servers over the shipped tables with other settings."""
    with ExitStack() as opened:
        yield lambda **settings: opened.enter_context(served(shipped, **{"workspace": tmp_path, **settings}))


def until(happens: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something to happen; fail if it does not."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `keruen serve` answers, started as a user starts it."""
    folder = tmp_path_factory.mktemp("workspace")
    command = [sys.executable, "-u", "-m", "keruen", "serve", "--no-open", "--port", "0", "--workspace", str(folder)]
    log = folder / "log.txt"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=out, stderr=subprocess.STDOUT)
    try:
        found = None
        for _ in range(600):
            found = re.search(r"http://[\w.:]+", log.read_text())
            if found or server.poll() is not None:
                break
            time.sleep(0.3)
        assert found, f"the server did not start: {log.read_text()}"
        yield found.group().rstrip("/")
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def few_observed(world_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server answers whose tables have the journeys and prices of few periods: for each, costs are worked out anew."""
    data = world_data
    for name, periods in OBSERVED_IN.items():
        rows = [row for row in data[name] if row.text("period_start") in periods]
        data = data.with_table(name, table_from_rows(data[name].schema, rows))
    with served(data, workspace=tmp_path_factory.mktemp("workspace"), work_at_once=100_000) as client:
        yield client.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests: a second one would not start beside it."""
    from browsing import CHROMIUM, SWITCHES, playwright

    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh page of 1280x800 whose script must not fail and that asks no other origin."""
    from browsing import PATIENCE_MS

    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, base_url=address, locale="en-US", reduced_motion="reduce"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None,
    )
    yield page
    context.close()
    assert not wrong


@pytest.fixture
def mapless(page: Any) -> Any:
    """The page without its map, which takes software rendering seconds: for tests of everything else."""
    page.route("**/map.js", lambda route: route.abort())
    return page
