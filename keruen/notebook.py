"""The command line inside a notebook: `%load_ext keruen.notebook`, then `%keruen route VNHPH DEDUI`.

The command runs in the notebook's own process and prints into the cell, without colours, bars or a pseudo-terminal between, the same on
every system. An error is told beneath the cell, as on a terminal.
"""

from __future__ import annotations

import shlex
import sys
from typing import Any

from keruen.cli import run
from keruen.reports.console import caught


def keruen(line: str) -> None:
    """Run one command of the command line, written as after `keruen`."""
    with caught() as printed:
        run(shlex.split(line))
    sys.stdout.write(printed())


def load_ipython_extension(shell: Any) -> None:
    """Teach a notebook the word `%keruen`; called by `%load_ext keruen.notebook`."""
    shell.register_magic_function(keruen, "line", "keruen")
