"""Where results go as they come: a file of lines, added to and never changed, so that a run that is killed goes on where it was.

    folder/results-<name>.jsonl      one line a result:  crc32 of the rest, the number of the draw, the answer as JSON

Numbers are written with all their digits and read back to the same bits. The last line of a run that was killed may be cut: it does not
match its checksum, is dropped, and its draw is worked out again. One writer at a time (a lock on the file, freed by the system when it
dies); a result that is there is not written a second time.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from keruen.errors import KeruenError
from keruen.tables.words import said


class StoreInUse(KeruenError):
    """Another run writes the results of the same question."""

    kind = "store_in_use"


class Store:
    """The results of one question by number of the draw."""

    def __init__(self, path: Path) -> None:
        """Open the file and read what is whole in it.

        Raises:
            StoreInUse: another process writes to it.
            OSError: it cannot be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = path.open("a+b")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.close()
            raise StoreInUse(said("err_stress_in_use", path=path)) from None
        self.answers, whole = read_results(path)
        self.file.truncate(whole)
        self.file.seek(whole)

    def add(self, number: int, answer: Mapping[str, float | str | None]) -> None:
        """Write a result down, unless it is there already."""
        if number in self.answers:
            return
        rest = json.dumps([number, answer], ensure_ascii=False, separators=(",", ":")).encode()
        self.file.write(b"%08x " % zlib.crc32(rest) + rest + b"\n")
        self.file.flush()
        self.answers[number] = dict(answer)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.fsync(self.file.fileno())
        self.file.close()


def read_results(path: Path) -> tuple[dict[int, dict[str, float | str | None]], int]:
    """The results of a file that are whole, up to the first that is not, and how many bytes they take."""
    answers: dict[int, dict[str, float | str | None]] = {}
    whole = 0
    for line in path.read_bytes().splitlines(keepends=True):
        crc, _, rest = line.partition(b" ")
        if not line.endswith(b"\n") or crc != b"%08x" % zlib.crc32(rest[:-1]):
            break
        number, answer = json.loads(rest)
        answers[int(number)] = answer
        whole += len(line)
    return answers, whole
