"""How the command line hears and speaks: answers go to standard output, progress and errors to standard error.

Answers are UTF-8 unless a terminal or PYTHONIOENCODING says otherwise. With JSON asked for an error is the answer:
`{"error": {"kind", "message", "message_ru", ...}}`; else it is told in the language of --lang. Nothing here ends in a traceback: an
output that takes no more is an error with a sentence of its own, and a reader who goes away (`| head`) ends the command quietly.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from keruen.errors import BadTable, KeruenError, in_language
from keruen.reports.waiting import aside, hush

MOST_PROBLEMS_SHOWN = 20
SOUTHERN_COORDINATES = re.compile(r"-\d+(\.\d+)?\s*[,;]")  # "-33.9,18.4" is a place, not an option


class Usage(KeruenError):
    """A command, option or argument that is not there, or that cannot be what was given."""

    kind = "usage"


class FileTrouble(KeruenError):
    """A file or folder that cannot be read or written."""

    kind = "file"


class OutputTrouble(FileTrouble):
    """A standard output that takes no more."""


def open_streams() -> None:
    """Answers are UTF-8 unless a terminal or PYTHONIOENCODING says otherwise; signs that an encoding lacks are replaced."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (open to the end)
        stream = getattr(sys, name)
        chosen = stream.isatty() or os.environ.get("PYTHONIOENCODING")
        stream.reconfigure(encoding=stream.encoding if chosen else "utf-8", errors="replace")


def as_argument(word: str) -> str:
    """A word as the parser should see it: coordinates in the south are no option. Raises Usage for bytes that are no text."""
    if not word.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in word):
        raise Usage(f"The argument {word!r} is not text in the encoding of this system; write it in UTF-8.")
    return f" {word}" if SOUTHERN_COORDINATES.match(word) else word


def language_of(words: Sequence[str]) -> str:
    """The language that the words of a command ask for; English if it is none that there are words for."""
    from keruen.tables.words import LANGUAGES

    asked = [value for word, value in pairwise([*words, ""]) if word == "--lang"]
    asked += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return next((lang for lang in asked if lang in LANGUAGES), "en")


def fail(problem: KeruenError, *, as_json: bool, lang: str = "en") -> int:
    """Say what is wrong, as JSON where JSON was asked for, else in a language; returns the exit code."""
    if as_json:
        echo_json(problem.to_json())
    else:
        from keruen.tables.words import words_in  # which brings the tables: --help does without

        tell(click.style(words_in(lang)["error_head"], fg="red", bold=True) + error_text(problem, lang))
    return problem.exit_code


def error_text(problem: KeruenError, lang: str = "en") -> str:
    """The message of an error in a language; of very many problems in tables only the first."""
    if not isinstance(problem, BadTable) or len(problem.problems) <= MOST_PROBLEMS_SHOWN:
        return in_language(problem.message, lang)
    from keruen.tables.words import words_in

    shown = problem.problems[:MOST_PROBLEMS_SHOWN]
    in_a_file = "." in shown[0].table  # log.csv; a table of ours goes by its name alone
    words = words_in(lang)
    head = words["error_many_in_file" if in_a_file else "error_many_in_tables"].format(
        count=f"{len(problem.problems):,}".replace(",", words["thousands_sign"]), file=shown[0].table, shown=len(shown)
    )
    lines = [f"  {one.told(lang)}" for one in shown]
    return "\n".join([head, *lines, words["error_all_in_json" if in_a_file else "error_all_in_validate"]])


def file_trouble(problem: OSError) -> FileTrouble:
    """The error for a file that the system would not read or write."""
    reason = problem.strerror or str(problem)
    if problem.filename is None:
        return FileTrouble(f"{reason}.")
    from keruen.network.cache import cache_root

    name = Path(os.fsdecode(problem.filename))
    return (
        cache_trouble(cache_root(), reason) if name.is_relative_to(cache_root()) else FileTrouble(f"{name}: {reason}.")
    )


def cache_trouble(folder: Path, reason: str) -> FileTrouble:
    """The error for a cache folder that cannot be used."""
    return FileTrouble(
        f"The world network cannot be kept in {folder}: {reason}. "
        "Set the environment variable KERUEN_CACHE to a folder that can be written."
    )


@contextmanager
def output() -> Iterator[None]:
    """A block that writes to standard output, with its own error if that takes no more."""
    hush()
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        drop_output()
        raise OutputTrouble(f"The answer cannot be written out: {problem.strerror or problem}.") from None


@contextmanager
def caught() -> Iterator[Callable[[], str]]:
    """A block whose standard output is kept; what the block is given tells it, while the block runs and after."""
    stream = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(stream, encoding="utf-8", write_through=True)) as printed:
        yield lambda: stream.getvalue().decode("utf-8")
        printed.detach()  # so that what was printed outlives it


def drop_output() -> None:
    """Send what is still to be printed nowhere, so that the end of the process does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def echo_json(document: Mapping[str, Any]) -> None:
    """Print a document as JSON; outside UTF-8 with escapes, so that it reads the same in every encoding."""
    plain = (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    say(json.dumps(document, ensure_ascii=plain, indent=2, allow_nan=False))


def tell(text: str) -> None:
    """Say something beside the answer, on standard error; in colour only on a terminal, and not if NO_COLOR is set."""
    with aside():
        click.echo(text, file=sys.stderr, color=False if os.environ.get("NO_COLOR") else None)


def tell_written(path: Path, lang: str) -> None:
    """Say that a file was written, beside the answer."""
    from keruen.tables.words import said

    tell(in_language(said("wrote", path=path), lang))


def write_file(write: Callable[[Path], object], path: Path, lang: str) -> None:
    """Write a file that was asked for and say so.

    Raises:
        FileTrouble: it cannot be written.
    """
    try:
        write(path)
    except OSError as problem:
        raise FileTrouble(f"{path} cannot be written: {problem.strerror or problem}.") from None
    tell_written(path, lang)


def say(text: str, *, end: str = "\n") -> None:
    """Print a part of the answer."""
    with output():
        click.echo(text + end, file=sys.stdout, nl=False)


def echo_csv(rows: Sequence[Sequence[str | float | None]]) -> None:
    """Print rows as CSV; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row] for row in rows
    )
    say(text.getvalue(), end="")
