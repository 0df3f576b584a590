"""The house has floors: imports point down only (docs/decisions/0001-house.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "keruen"

FLOORS = {
    "errors": 0,
    "tables": 1,
    "trade": 2,
    "network": 2,
    "routing": 3,
    "figures": 4,
    "flows": 4,
    "materials": 5,
    "stress": 6,
    "reports": 7,
    "web": 8,
    "completion": 8,
    "options": 9,
    "performance_commands": 10,
    "accuracy_commands": 10,
    "brief_commands": 10,
    "scenario_commands": 10,
    "serve_commands": 10,
    "siting_commands": 10,
    "demo_commands": 10,
    "figures_commands": 10,
    "flows_commands": 10,
    "materials_commands": 10,
    "statistics_commands": 10,
    "stress_commands": 10,
    "trade_commands": 10,
    "live_commands": 11,
    "cli": 12,
    "notebook": 13,
}

MODULES = sorted(
    path for path in HOUSE.rglob("*.py") if path.name not in {"__init__.py", "__main__.py"} or path.parent != HOUSE
)


def room(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[0]


def imported_rooms(path: Path) -> set[str]:
    """Rooms of keruen that a file imports anywhere, also inside functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]  # `from keruen import __version__` is no room
        else:
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import hides its floor"
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("keruen.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"room {here!r} is not in the list of floors"
    climbing = {other for other in imported_rooms(path) - {here} if FLOORS[other] >= FLOORS[here]}
    assert not climbing, f"{path.relative_to(HOUSE)} on floor {FLOORS[here]} imports {climbing}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_says_how_it_works(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring and len(docstring) > 30, f"{path.relative_to(HOUSE)} has no docstring that explains it"


def test_files_stay_small() -> None:
    long = {str(path.relative_to(HOUSE)): n for path in MODULES if (n := len(path.read_text().splitlines())) > 700}
    assert not long, f"files that hold more than one idea: {long}"


def test_there_is_no_room_for_leftovers() -> None:
    names = {part for path in HOUSE.rglob("*") for part in path.relative_to(HOUSE).with_suffix("").parts}
    assert not names & {"utils", "helpers", "common", "misc", "manager"}
