"""The command line from outside: words in, exit code and streams out."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from keruen import cli

HOUSE = Path(__file__).parent.parent


class Said(NamedTuple):
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output as a JSON document; NaN and infinity are no JSON."""
        return json.loads(self.out, parse_constant=pytest.fail)

    @property
    def error(self) -> dict[str, Any]:
        """The error that was printed for `--json`; there must be nothing else in the document."""
        document = self.json
        assert list(document) == ["error"] and {"kind", "message"} <= document["error"].keys()
        found: dict[str, Any] = document["error"]
        return found


RunCli = Callable[..., Said]


def said_in_process(*words: object) -> Said:
    """Run a command in this process with streams like those of a pipe."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([str(word) for word in words])
    return Said(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def command_of(*words: object) -> list[str]:
    """The arguments of a process that runs a command."""
    return [sys.executable, "-m", "keruen", *map(str, words)]


def environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """This process's environment with this house's package first and some variables changed; None takes one away."""
    paths = [str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]
    wanted = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **changes}
    return {name: value for name, value in wanted.items() if value is not None}
