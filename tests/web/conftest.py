"""Fixtures of the workspace's tests: servers on free ports of this machine, in threads, asked over real connections.

client             the application over the shipped tables and the world network
serving(...)       another one, with other settings; `.desk` shows what goes on inside
"""

from __future__ import annotations

import socket
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
from keruen.web.desk import Desk
from keruen.web.server import create_app, server_of
from keruen.web.settings import Settings


class Client(httpx.Client):
    """A client of one server."""

    def __init__(self, address: str, app: Any) -> None:
        super().__init__(base_url=address, timeout=60)
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
