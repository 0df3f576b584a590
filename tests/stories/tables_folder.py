"""A folder of tables for a story: every table of the dictionary is there, empty but for the rows the story needs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from keruen.tables import load

SCHEMA = load().schema
World = Mapping[str, Sequence[Mapping[str, str]]]


def write_tables(folder: Path, world: World) -> Path:
    """Write all tables as files; rows name their cells by column, and the source is "atlas" where they name none."""
    for name, table in SCHEMA.items():
        columns = [column.name for column in table.columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows({"source": "atlas"} | dict(row) for row in world.get(name, ()))
    return folder
