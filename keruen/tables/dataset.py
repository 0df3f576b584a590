"""What is known: all tables together, frozen, each row with its source.

    data = load()                     the tables that ship with Keruen
    data["places"].find("KZSCO")      a row
    data.with_table("places", table)  another dataset: what-if is a function from dataset to dataset

The bytes of all files are read at once (so that the content has a name); a table is parsed when first used.
Nothing ever changes, so a function of a dataset may be cached by its identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from keruen.errors import BadTable, Problem, UnknownOption
from keruen.tables.reading import read_table
from keruen.tables.schema import Schema, read_schema
from keruen.tables.table import Row, Table
from keruen.tables.words import said

SHIPPED = Path(__file__).parent.parent / "data"
MISSING_ADVICE = "Put the file back, or copy the one that ships with Keruen"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Named tables that do not change. Two datasets are equal only if they are one object, so each is a cache key."""

    schema: Schema
    files: Mapping[str, bytes]
    changed: Mapping[str, Table] = field(default_factory=dict)
    _parsed: dict[str, tuple[Table | None, list[Problem]]] = field(default_factory=dict, repr=False)
    _made_from: Dataset | None = field(default=None, repr=False)

    @property
    def base(self) -> Dataset:
        """The dataset that this one was made from by changing tables, itself if by none; what it shares is worked out once."""
        return self._made_from or self

    def __getitem__(self, name: str) -> Table:
        """A table. Raises BadTable, with the problems of all tables, if this one cannot be used."""
        table = self.find_table(name)
        if table is None:
            raise BadTable(self.reading_problems())
        return table

    def find_table(self, name: str) -> Table | None:
        """A table, or None if its file is missing or damaged."""
        return self._read(name)[0]

    def _read(self, name: str) -> tuple[Table | None, list[Problem]]:
        if name not in self.schema:
            raise KeyError(f"there is no table {name!r}; there are {', '.join(self.schema)}")
        if name in self.changed:
            return self.changed[name], []
        if name not in self.files:
            return None, [Problem(name, 0, "", f"the file {name}.csv is missing", MISSING_ADVICE)]
        if name not in self._parsed:
            self._parsed[name] = read_table(self.schema[name], self.files[name])
        return self._parsed[name]

    def reading_problems(self) -> list[Problem]:
        """Everything that keeps a table from being used, over all tables."""
        return [problem for name in self.schema for problem in self._read(name)[1]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.schema)

    def __len__(self) -> int:
        return len(self.schema)

    def with_table(self, name: str, table: Table) -> Dataset:
        """The dataset with another table of this name. All other tables are shared with this dataset.

        Raises ValueError for a table of another name, or made by another data dictionary.
        """
        if self.schema.get(name) != table.schema:
            raise ValueError(f"{table.name} is not a table that can stand as {name} in this dataset")
        return Dataset(self.schema, self.files, {**self.changed, name: table}, self._parsed, self.base)

    @cached_property
    def content_hash(self) -> str:
        """Name of the content of all tables (SHA-256): equal names mean equal datasets."""
        return self.hash_of(self.schema)

    def hash_of(self, names: Iterable[str]) -> str:
        """Name of the content of some tables, to key what is computed from these alone. Parses nothing."""
        digest = hashlib.sha256()
        for name in sorted(names):
            digest.update(f"{name} {self._fingerprint(name)}\n".encode())
            digest.update(repr(self.schema[name]).encode())
        return digest.hexdigest()

    def _fingerprint(self, name: str) -> str:
        if name in self.changed:
            return self.changed[name].fingerprint
        return hashlib.sha256(self.files[name]).hexdigest() if name in self.files else "missing"

    def find_row(self, row_id: str) -> Row | None:
        """The row named `table:key`, or None if there is none."""
        name, _, key = row_id.partition(":")
        table = self.find_table(name) if name in self.schema else None
        return table.find(key) if table is not None and key else None

    def __repr__(self) -> str:
        return f"<Dataset {self.content_hash[:12]}: {len(self)} tables>"

    def __str__(self) -> str:
        shown = ((name, self.find_table(name)) for name in self)
        lines = (f"  {name:<20} {'cannot be read' if table is None else len(table):>6}" for name, table in shown)
        return "\n".join([repr(self), *lines])


def load(folder: Path | None = None) -> Dataset:
    """The tables in a folder, by default those that ship with Keruen.

    A user's folder holds files of the same names and columns. Raises UnknownOption if there is no such folder. A
    missing or damaged table raises BadTable when it is first used, with the problems of all tables at once;
    `check` lists them without raising.
    """
    folder = SHIPPED if folder is None else Path(folder)
    if not folder.is_dir():
        raise UnknownOption(said("err_no_folder", folder=folder))
    schema = read_schema((SHIPPED / "schema.csv").read_bytes())
    paths = {name: folder / f"{name}.csv" for name in schema}
    return Dataset(schema, {name: path.read_bytes() for name, path in paths.items() if path.is_file()})
