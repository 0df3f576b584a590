"""What travels to a worker: how to open the data, the question, and what draws are made from. A few kilobytes, never the network.

A worker opens the tables it is told of, checks that their content is the one the run is about, and maps the network from the cache folder,
which all workers of one machine share in memory. It does so once: what a question prepares is kept for all draws that come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from keruen import __version__
from keruen.errors import KeruenError
from keruen.network.cache import cache_root
from keruen.stress.draws import Futures
from keruen.stress.questions import Answer, Asked, Question
from keruen.tables.dataset import SHIPPED, Dataset, load
from keruen.tables.reading import read_table
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

Opener = Callable[[], Dataset]


class OtherData(KeruenError):
    """A worker sees other tables, or another version of Keruen, than the run is about."""

    kind = "other_data"


@dataclass(frozen=True)
class TablesAt:
    """Opens the tables of a folder (empty: the shipped ones), with tables of another folder in the place of theirs."""

    folder: str = ""
    changed: tuple[str, ...] = ()
    changed_folder: str = ""

    def __call__(self) -> Dataset:
        """The dataset."""
        data = load(Path(self.folder) if self.folder else None)
        for name in self.changed:
            table, problems = read_table(data.schema[name], (Path(self.changed_folder) / f"{name}.csv").read_bytes())
            if table is None:
                raise OtherData(said("err_stress_tables", problem=", ".join(one.message for one in problems)))
            data = data.with_table(name, table)
        return data


@dataclass(frozen=True)
class Task:
    """A question over draws. name: of all that an answer depends on, so that results are found again."""

    opener: Opener
    question: Question
    futures: Futures
    content: str
    version: str = __version__

    @property
    def name(self) -> str:
        """The name of the results: of tables, question, futures and the code."""
        text = repr((self.content, self.question.key, self.futures, self.version, code_hash()))
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def answer(self, number: int) -> Answer:
        """The answer in one draw. Raises OtherData where the worker has other tables or another code."""
        return asked(self)(self.futures.draw(number))


@lru_cache(maxsize=4)
def asked(task: Task) -> Asked:
    """What answers a task in this process."""
    data = task.opener()
    if data.content_hash != task.content or task.version != __version__:
        raise OtherData(said("err_stress_other_data", wanted=task.content[:12], found=data.content_hash[:12]))
    return task.question.prepared(data)


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Name of all code of the package, so that results of another version are not taken for those of this one."""
    digest = hashlib.sha256()
    for path in sorted(SHIPPED.parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def opener_of(data: Dataset) -> Opener:
    """How another process opens a dataset: tables that do not ship go into the cache folder once, under a name of their content."""
    shipped = load()
    own = {name: data.files.get(name) for name in data.schema if data.files.get(name) != shipped.files.get(name)}
    folder = ""
    if own:
        place = cache_root() / f"stress-tables-{data.base.content_hash[:16]}"
        for name, content in data.files.items():
            write_once(place / f"{name}.csv", content)
        folder = str(place)
    if not data.changed:
        return TablesAt(folder)
    place = cache_root() / f"stress-tables-{data.content_hash[:16]}"
    for name, table in data.changed.items():
        write_once(place / f"{name}.csv", table.to_csv().encode())
    return TablesAt(folder, tuple(sorted(data.changed)), str(place))


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole unless it is there."""
    if not path.exists():
        with whole_file(path) as draft:
            draft.write_bytes(content)
