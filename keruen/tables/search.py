"""Rows that contain some words, over one table or all of them, sources included.

A row is found if each word stands somewhere in its key or cells, whatever the case, in any order. Rows come in the order of the tables;
those whose key has a word come before those where it stands only in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from keruen.tables.dataset import Dataset
from keruen.tables.table import Table

_texts: WeakKeyDictionary[Table, tuple[str, ...]] = WeakKeyDictionary()


def words_of(text: str) -> tuple[str, ...]:
    """The words of a question, without regard to case."""
    return tuple(text.casefold().split())


def row_texts(table: Table) -> tuple[str, ...]:
    """Each row of a table as one text to be searched, worked out once."""
    if table not in _texts:
        columns = [table.cell_texts(column.name) for column in table.schema.columns]
        _texts[table] = tuple("\n".join(cells).casefold() for cells in zip(*columns, strict=True))
    return _texts[table]


def rows_with(table: Table, words: Sequence[str]) -> list[int]:
    """Numbers of the rows that contain all words; all rows for no word."""
    return [i for i, text in enumerate(row_texts(table)) if all(word in text for word in words)]


def search(data: Dataset, words: Sequence[str]) -> Iterator[tuple[Table, int]]:
    """Rows of all readable tables that contain all words, those named by a word first; none for no word."""
    tables = [table for name in data if (table := data.find_table(name)) is not None] if words else []
    found = [(table, i) for table in tables for i in rows_with(table, words)]
    named = {(table.name, i) for table, i in found if any(word in table.keys[i].casefold() for word in words)}
    yield from (pair for pair in found if (pair[0].name, pair[1]) in named)
    yield from (pair for pair in found if (pair[0].name, pair[1]) not in named)
