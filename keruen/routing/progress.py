"""How work tells how far it has come, and how it hears that nobody wants it any more: what the hook raises ends the work.

    Progress   the hook: told the stage and the share of all work done, 0 to 1
    Heed       told nothing new; called in loops, between one kernel and the next and within the longest, so that a hook that
               raises is heard soon

Stages are few and some take seconds. So the hook is also told the last stage and share again and again while loops go round, by whatever
thread does the work, never by two at once. The search for efficient ways asks every few thousand labels; the other kernels take some
tens of milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Progress = Callable[[str, float], None]
Heed = Callable[[], None]


def unheard() -> None:
    """Heed nobody."""


class Going:
    """Work that is going on, told to a hook, if there is one; the share never falls."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._lock = threading.RLock()
        self._stage, self._share = "", 0.0

    def tell(self, stage: str, share: float) -> None:
        """Tell a stage and the share of all work done."""
        with self._lock:
            self._stage, self._share = stage, max(share, self._share)
            self.heed()

    def heed(self) -> None:
        """Tell the same again."""
        if self._progress is not None:
            with self._lock:
                self._progress(self._stage, self._share)

    def part(self, start: float, end: float) -> Progress:
        """The progress of work that is this part of all."""
        return lambda stage, share: self.tell(stage, start + share * (end - start))
