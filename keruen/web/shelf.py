"""The shelf of scenarios: those that ship with Keruen, and those saved in the workspace folder, one TOML file each.

A name is letters a-z, digits, - and _, so that it can be a file name and nothing else. A file appears whole or not at all and is on the
disk before the answer says so: a server that is killed loses nothing that was saved.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from keruen.errors import UnknownScenario
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

NAME = re.compile(r"[a-z0-9_-]{1,60}")
FOLDER = "scenarios"
MOST_SAVED = 1000


class Shelf:
    """Scenarios by name, in a folder of the workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER

    def saved(self) -> list[str]:
        """Names of the saved scenarios."""
        if not self.folder.is_dir():
            return []
        return sorted(path.stem for path in self.folder.glob("*.toml") if NAME.fullmatch(path.stem) and path.is_file())

    def find(self, name: str) -> str | None:
        """The text of a saved scenario; None if none goes by the name."""
        if not NAME.fullmatch(name):
            return None
        try:
            return (self.folder / f"{name}.toml").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def text_of(self, scenario: str) -> str:
        """The text of a saved or shipped scenario by its name; a text is returned as it is.

        Raises:
            UnknownScenario: a name that none goes by.
        """
        if not NAME.fullmatch(scenario.strip()):
            return scenario
        from keruen.tables.scenario import shipped_scenarios

        name = scenario.strip()
        text = self.find(name)
        if text is not None:
            return text
        shipped = shipped_scenarios()
        if name not in shipped:
            known = sorted({*shipped, *self.saved()})
            raise UnknownScenario(said("err_no_scenario", name=name, known=", ".join(known) or said("none")), known)
        return shipped[name].to_toml()

    def save(self, name: str, text: str) -> None:
        """Save a scenario under a name that was checked, instead of what was there."""
        with whole_file(self.folder / f"{name}.toml") as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def remove(self, name: str) -> bool:
        """Remove a saved scenario; whether there was one."""
        if not NAME.fullmatch(name):
            return False
        try:
            (self.folder / f"{name}.toml").unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True
