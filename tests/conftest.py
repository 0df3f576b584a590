"""Fixtures of all tests: the shipped tables, the built world, and the command line as a user meets it.

run_cli("route", "VNHPH", "DEDUI") -> Said(code, out, err)     in this process, with the shipped tables loaded once
fresh_cli(...)                                                 in this process, everything opened anew
spawn_cli(..., env={...})                                      as a process of its own: streams, signals, time
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from command_line import HOUSE, RunCli, Said, command_of, environment, said_in_process

import keruen
from keruen.tables import dataset
from keruen.tables.dataset import Dataset


def pytest_addoption(parser: pytest.Parser) -> None:
    """--tntp DIR: where files of the TNTP collection lie, which may not be shipped."""
    parser.addoption("--tntp", metavar="DIR", help="Folder with *_net.tntp files, also in folders below it.")


@pytest.fixture(scope="session")
def tntp_file(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """A file of the TNTP collection by name, from --tntp, KERUEN_TNTP or ../shared; the test is skipped where it is not."""
    told = [request.config.getoption("--tntp", default=None), os.environ.get("KERUEN_TNTP")]
    folders = [Path(folder) for folder in told if folder] + [HOUSE.parent / "shared" / "data" / "external" / "tntp"]

    def find(name: str) -> Path:
        for folder in folders:
            if found := next(iter(sorted(folder.rglob(name))), None):
                return found
        pytest.skip(
            f"{name} is in none of {', '.join(map(str, folders))}; fetch it from bstabler/TransportationNetworks"
        )

    return find


@pytest.fixture(scope="session", autouse=True)
def no_store_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests do not see the trade store of whoever runs them; those that need one name it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERUEN_TRADE", str(tmp_path_factory.mktemp("no_store") / "trade.duckdb"))
        yield


@pytest.fixture(scope="session")
def house() -> Path:
    """The root of the repository."""
    return HOUSE


@pytest.fixture(scope="session")
def shipped() -> Dataset:
    """The tables that ship with Keruen; nothing is built."""
    return keruen.load()


@pytest.fixture(scope="session")
def world_data(shipped: Dataset) -> Dataset:
    """The shipped tables with the world network open: built at first use, then from the cache (KERUEN_CACHE or the default)."""
    keruen.open_world(shipped)
    return shipped


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch, shipped: Dataset) -> RunCli:
    """The command line in this process; commands without --data share one dataset, so that the world is opened once."""
    load = dataset.load
    monkeypatch.setattr(dataset, "load", lambda folder=None: shipped if folder is None else load(folder))
    return said_in_process


@pytest.fixture
def fresh_cli() -> RunCli:
    """The command line in this process, with tables and network opened anew by each command."""
    return said_in_process


@pytest.fixture
def spawn_cli(tmp_path: Path) -> RunCli:
    """The command line as a process of its own in an empty folder."""

    def spawn(
        *words: object, env: Mapping[str, str | None] | None = None, encoding: str = "utf-8", **more: Any
    ) -> Said:
        process = subprocess.run(
            command_of(*words), env=environment(env or {}), cwd=tmp_path, capture_output=True, timeout=120, **more
        )
        return Said(process.returncode, process.stdout.decode(encoding), process.stderr.decode(encoding))

    return spawn
