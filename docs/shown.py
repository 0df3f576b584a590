"""Commands and programs shown on a page, with what they print: run them, hold the page to it, or write it anew.

On a page of Markdown these fenced blocks are run, in order, in one empty folder:

    console         lines `$ keruen ...`, each with its output below it
    python          a piece of one program; if a block `text` follows at once, that is what it prints
    csv mine.csv    a file by this name, whatever its kind

A line of three dots in an output stands for lines left out; `...12` as a new output asks for the first twelve. `refreshed(page)` gives the
page with outputs as they are now; it leaves out as much as the page did. `differences(page)` says where the page and the program part.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from keruen.cli import run
from keruen.reports.console import caught

DOTS = "..."
FENCED = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)


class Piece(NamedTuple):
    """A piece of a page: words, a command, a program or a file, with the output that the page shows (None: none is shown)."""

    kind: str
    text: str
    output: str | None = None
    name: str = ""


def pieces(page: str) -> Iterator[Piece]:
    """The pieces of a page in order; blocks that are not run stay in the words."""
    words, at = "", 0
    blocks = list(FENCED.finditer(page))
    taken = False
    for i, block in enumerate(blocks):
        kind, name, text = block[1], block[2] or "", block[3]
        if taken:
            taken, at = False, block.end()
            continue
        words += page[at : block.start()]
        at = block.end()
        runs = kind in ("console", "python") or bool(name)
        if not runs:
            words += block[0]
            continue
        if words.strip():
            yield Piece("words", words.strip("\n") + "\n")
        words = ""
        if kind == "console":
            for command in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
                if command.strip():
                    first, _, output = command.partition("\n")
                    yield Piece("command", first.removeprefix("$ "), output)
        elif kind == "python" and not name:
            follows = blocks[i + 1] if i + 1 < len(blocks) else None
            taken = follows is not None and follows[1] == "text" and not page[block.end() : follows.start()].strip()
            yield Piece("python", text, follows[3] if taken and follows is not None else None)
        else:
            yield Piece("file", text, None, name)
    words += page[at:]
    if words.strip():
        yield Piece("words", words.strip("\n") + "\n")


def printed_by(page: str) -> list[tuple[Piece, str]]:
    """Every piece that prints, with all that it prints now; the pieces run in an empty folder."""
    found: list[tuple[Piece, str]] = []
    told = list(pieces(page))
    while told and told[-1].output is None:  # nothing after it is shown
        told.pop()
    names: dict[str, Any] = {"__name__": "__main__"}
    with TemporaryDirectory() as folder, chdir(folder):
        for piece in told:
            if piece.kind == "file":
                Path(piece.name).write_text(piece.text, encoding="utf-8")
            elif piece.kind in ("command", "python"):
                found.append((piece, ran(piece, names)))
    return found


def ran(piece: Piece, names: dict[str, Any]) -> str:
    """What a command or a piece of a program prints. Raises RuntimeError for a command that fails."""
    told = StringIO()
    with caught() as printed, redirect_stderr(told):
        if piece.kind == "python":
            exec(compile(piece.text, "<page>", "exec"), names)
        elif code := run(shlex.split(piece.text.removeprefix("keruen "))):
            raise RuntimeError(f"{piece.text}: exit code {code}\n{told.getvalue()}")
    return plain(printed())


def plain(text: str) -> str:
    """A text without blanks at ends of lines and empty lines around it."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return lines + "\n" if lines else ""


def shortened(output: str, shown: str) -> str:
    """An output with as many lines left out as the page leaves out: what stands before and after its dots is counted."""
    lines, like = output.splitlines(), shown.splitlines()
    if (wanted := re.fullmatch(r"\.\.\.(\d+)\n", shown)) is not None:
        like = [*lines[: int(wanted[1])], DOTS]
    if DOTS not in like:
        return output
    first = like.index(DOTS)
    last = len(like) - first - 1
    if len(lines) <= first + last:
        return output
    return "\n".join([*lines[:first], DOTS, *(lines[-last:] if last else ())]) + "\n"


def differences(page: str) -> list[str]:
    """Where a page shows something else than is printed: the command or program, what is shown, what is printed."""
    return [
        f"{piece.text.strip()}\n--- shown\n{piece.output}--- printed\n{now}"
        for piece, output in printed_by(page)
        if piece.output is not None and (now := shortened(output, piece.output)) != piece.output
    ]


def refreshed(page: str) -> str:
    """The page with outputs as they are printed now."""
    at = 0
    for piece, output in printed_by(page):
        if piece.output is None:
            continue
        at = page.index(piece.text, at) + len(piece.text)
        at = page.index("```text\n", at) + len("```text\n") if piece.kind == "python" else at + 1
        now = shortened(output, piece.output)
        page = page[:at] + now + page[at + len(piece.output) :]
        at += len(now)
    return page
