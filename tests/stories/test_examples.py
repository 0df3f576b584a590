"""Every example is a whole program and runs."""

from __future__ import annotations

import runpy
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.world, pytest.mark.usefixtures("world_data")]


@pytest.fixture
def examples(house: Path) -> Path:
    return house / "examples"


def test_every_example_is_run_here(examples: Path) -> None:
    assert {path.name for path in examples.glob("*.py")} == {"first_route.py", "corridors_side_by_side.py"}


def test_the_first_route(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(examples / "first_route.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 5 and all(" days " in line and " USD " in line for line in lines)
    beaten = [line for line in lines if "beaten by" in line]
    assert beaten and lines[-len(beaten) :] == beaten, "what is beaten comes last"


def test_the_corridors_side_by_side(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["corridors_side_by_side.py", str(tmp_path)])
    runpy.run_path(str(examples / "corridors_side_by_side.py"), run_name="__main__")
    told = capsys.readouterr().out
    sections = dict(zip(("electronics", "furniture", "without"), told.split("\n\n"), strict=False))
    assert "By the Suez Canal" in sections["electronics"] and "By the Suez Canal" not in sections["without"]
    names = {"electronics", "furniture", "electronics_without_Suez"}
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}{ending}" for name in names for ending in (".png", ".gpkg")
    }
    for name in names:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n")
        with closing(sqlite3.connect(tmp_path / f"{name}.gpkg")) as base:
            assert base.execute("SELECT count(*) FROM routes WHERE beaten_by IS NOT NULL").fetchone() == (0,)
            assert base.execute("SELECT count(*) FROM legs").fetchone()[0] > 10
