"""Every example is a whole program and runs."""

from __future__ import annotations

import csv
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
    assert {path.name for path in examples.glob("*.py")} == {
        "first_route.py",
        "corridors_side_by_side.py",
        "faster_than_the_sea.py",
        "check_a_text.py",
        "exposed_to_a_strait.py",
        "lithium_study.py",
    }


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


def test_faster_than_the_sea(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim fails for Europe by either sea; nearest to it comes the Caucasus from inland China, beside the Cape."""
    monkeypatch.setattr(sys, "argv", ["faster_than_the_sea.py", str(tmp_path), "--few"])
    runpy.run_path(str(examples / "faster_than_the_sea.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert told.count("Three times faster or more") == 4
    tables = {path.stem: read_rows(path) for path in tmp_path.glob("*.csv")}
    assert set(tables) == {f"{origin}_{sea}" for origin in ("VNHPH", "CNXAG") for sea in ("suez", "cape")}
    ratio = {
        (name, row["destination"]): float(row["ratio_p50"] or "nan") for name, rows in tables.items() for row in rows
    }
    assert ratio["CNXAG_suez", "DEDUI"] < ratio["CNXAG_cape", "DEDUI"] < 3
    assert ratio["VNHPH_suez", "DEDUI"] < 1.5
    assert ratio["CNXAG_suez", "AZBAK"] > ratio["CNXAG_suez", "DEDUI"]
    assert (tmp_path / "VNHPH.png").read_bytes().startswith(b"\x89PNG\r\n")


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_text_is_checked(examples: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["check_a_text.py"])
    runpy.run_path(str(examples / "check_a_text.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert "refuted 1, differs 2, not comparable 1, consistent 3" in said
    assert "the flows are swapped" in said and "× 1000 would be of the usual size" in said


def test_the_texts_of_the_brief_are_checked(
    examples: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, house: Path
) -> None:
    texts = sorted((house.parent / "shared" / "seeds").glob("*.txt"))
    if not texts:
        pytest.skip("the texts are not beside the repository")
    monkeypatch.setattr(sys, "argv", ["check_a_text.py", *map(str, texts)])
    runpy.run_path(str(examples / "check_a_text.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert "3 figures: agrees 1, consistent 1, no record 1" in said and "base of 146.1 - 147.5 thousand t" in said
    assert "base of 124.97 - 125.13 million USD" in " ".join(said.split())


def test_how_exposed_titanium_and_lithium_are(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(examples / "exposed_to_a_strait.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if "supply risk" in line]
    assert heads[0].startswith("titanium_metal for EU") and heads[1].startswith("lithium for VNM")
    union, vietnam = lines[1 : lines.index(heads[1])], lines[lines.index(heads[1]) + 1 :]
    assert any(line.strip().startswith("Russia ") for line in union)
    assert vietnam[0].strip().startswith("Taiwan Strait") and len(vietnam) == 6


def test_the_lithium_study(examples: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan with its gap, the circle of a deposit, and break-evens of Kazakhstan beside three countries."""
    monkeypatch.setattr(sys, "argv", ["lithium_study.py", "--few"])
    runpy.run_path(str(examples / "lithium_study.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert "% of the best" in told and "nan" not in told
    assert all(f"made in {land}" in told for land in ("Kazakhstan", "Hungary", "Germany", "Vietnam"))
    assert told.count("the freight of the cells from Kazakhstan") == 6 and "USD/kWh" in told
