"""What is seen while a command works: one line on standard error with the stage, a bar and the seconds, on a terminal alone.

    with waiting(lambda: "en"):    the command line, round every command
        advance("search", 0.4)     whoever works: the stage and the share done, 0 to 1; the hook `progress=` of the questions

Nothing is drawn in the first PATIENCE_S, in a pipe, or after the answer has begun: `hush()` takes the line away, and is called by
whatever prints.
Stages have their words in words.csv (`working_search`); one without goes by its own name. Work that tells no stage shows seconds alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 0.8


class Line:
    """The line of one command: drawn by a thread of its own once the command has taken longer than anybody notices."""

    def __init__(self, lang: Callable[[], str]) -> None:
        self._lang, self._stage = lang, ""
        self._share: float | None = None
        self._over, self._lock = Event(), Lock()
        self._bar: Progress | None = None
        Thread(target=self._begin, daemon=True).start()

    def _begin(self) -> None:
        """Draw the line, unless the command is over by then."""
        if self._over.wait(PATIENCE_S):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
        bar.add_task(self._words(), total=None)
        self._show(bar)
        with self._lock:
            if not self._over.is_set():
                self._bar = bar
                bar.start()

    def _show(self, bar: Progress) -> None:
        """Bring the bar to where the work is."""
        share = self._share
        bar.update(
            bar.task_ids[0], description=self._words(), total=None if share is None else 1.0, completed=share or 0.0
        )

    def _words(self) -> str:
        from keruen.tables.words import words_in

        words = words_in(self._lang())
        return words.get(f"working_{self._stage}", self._stage) or words["working"]

    def advance(self, stage: str, share: float | None) -> None:
        """Move the bar; without a share it only shows that work goes on."""
        self._stage, self._share = stage, share
        if (bar := self._bar) is not None:
            self._show(bar)

    def again(self) -> Line:
        """A line that goes on from here."""
        line = Line(self._lang)
        line.advance(self._stage, self._share)
        return line

    def end(self) -> None:
        """Take the line away."""
        with self._lock:
            self._over.set()
            if self._bar is not None:
                self._bar.stop()
                self._bar = None


_lines: list[Line] = []  # there is one terminal: the line of the command that runs, or none


@contextmanager
def waiting(lang: Callable[[], str]) -> Iterator[None]:
    """A block whose work is seen on a terminal; in a pipe nothing is. lang: asked for the language once there is something to draw."""
    if _lines or not sys.stderr.isatty():
        yield
        return
    _lines.append(Line(lang))
    try:
        yield
    finally:
        hush()


def advance(stage: str, share: float | None = None) -> None:
    """Tell how far the command has come."""
    for line in _lines:
        line.advance(stage, share)


@contextmanager
def aside() -> Iterator[None]:
    """A block that prints something beside the answer; then the line comes back."""
    line = _lines[-1] if _lines else None
    hush()
    yield
    if line is not None:
        _lines.append(line.again())


def hush() -> None:
    """Take the line away: something is to be printed."""
    while _lines:
        _lines.pop().end()
