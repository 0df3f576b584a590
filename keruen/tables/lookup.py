"""The row that holds for a case: the most specific one, "*" standing for all others.

A table such as speeds has a key of several columns (mode, country, load), some cells of which may be "*". For a case
(rail, KZ, container) every row fits whose key cells are the case's own or "*". The row whose first differing key
column is more specific holds, so columns to the left weigh more:

    rail/KZ/container  before  rail/KZ/*  before  rail/*/container  before  rail/*/*

A case may name fallbacks of its own, from the most specific to the least: a country, then the groups it belongs to.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keruen.tables.table import Row, Table

ANY = "*"


def most_specific(table: Table, **case: str | Sequence[str]) -> Row | None:
    """The row that holds for a case, or None if no row fits.

    `case` has a text for every key column, or several texts from the most specific to the least; "*" is tried last
    and need not be named. Raises TypeError if the case does not name exactly the key columns.
    """
    i = _most_specific_index(table, case)
    return table.row(i) if i >= 0 else None


def most_specific_rows(
    table: Table, by: str, values: Sequence[str] | Sequence[Sequence[str]], **case: str | Sequence[str]
) -> NDArray[np.intp]:
    """For each value of one key column the number of the row that holds for it, -1 where none fits.

    `by` is the key column, `values` its cases (as in `most_specific`), `case` the other key columns. Shape (values,).
    `table.numbers_at(column, rows)` then gives the numbers, NaN where there is no row:

        rows = most_specific_rows(data["speeds"], "country", countries, mode="rail", load="container")
        speed_kmh = data["speeds"].numbers_at("speed_kmh", rows)[arc_country]
    """
    occur = table.key_cells[table.schema.key.index(by)]
    known: dict[tuple[str, ...], int] = {}
    rows = []
    for value in values:
        tried = _tried(value, occur)
        if tried not in known:
            known[tried] = _most_specific_index(table, {**case, by: tried})
        rows.append(known[tried])
    return np.array(rows, dtype=np.intp)


def _most_specific_index(table: Table, case: dict[str, str | Sequence[str]]) -> int:
    if set(case) != set(table.schema.key):
        raise TypeError(f"a case of {table.name} names {', '.join(table.schema.key)}, not {', '.join(case)}")
    tried = [_tried(case[column], occur) for column, occur in zip(table.schema.key, table.key_cells, strict=True)]
    # product() varies the last column fastest: keys come from the most specific to the least, left columns first
    return next((i for key in itertools.product(*tried) if (i := table.find_index(*key)) >= 0), -1)


def _tried(value: str | Sequence[str], occur: frozenset[str]) -> tuple[str, ...]:
    """The texts of a case that occur in a key column, in order; "*" last unless it is named."""
    texts = (value,) if isinstance(value, str) else value
    return tuple(text for text in (texts if ANY in texts else (*texts, ANY)) if text in occur)
