"""Answers of services in JSON as tables: one record after the other, never the whole document in memory.

{"data": [{...}, {...}], ...}   or   [{...}, {...}]   ->   CSV with a column for each field that the first records have
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.unpack import Source

CHUNK = 1 << 20
LONGEST_RECORD = 1 << 24
FIRST = 200
ARRAYS = ("data", "dataset", "results")


def is_json(head: str) -> bool:
    """Whether a text begins like a JSON document."""
    return head.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def tabulated(source: Source, folder: Path) -> Source:
    """The records of a JSON document as CSV. Raises BadFile if there are none, or if the document ends in the middle."""
    target = folder / f"{source.path.name}.csv"
    found = records(source)
    first = [record for _, record in zip(range(FIRST), found, strict=False)]
    names = list(dict.fromkeys(name for record in first for name in record))
    if not names:
        raise BadFile(said("trade_json_empty", name=source.name, told=told(source)))
    lines = 1
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        for record in (*first, *found):
            writer.writerow([cell(record.get(name)) for name in names])
            lines += 1
    return replace(source, path=target, lines=lines)


def told(source: Source) -> str:
    """What a document without records says, such as the message of an error."""
    with source.path.open(encoding="utf-8-sig") as stream:
        return " ".join(stream.read(300).split())[:200]


def cell(value: Any) -> str:
    """A value as a cell: nothing for null, one line for all else."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split())


def records(source: Source) -> Iterator[dict[str, Any]]:
    """The records of the array in a document. Raises BadFile where one is no object or the document ends."""
    decoder = json.JSONDecoder()
    with source.path.open(encoding="utf-8-sig") as stream:
        text = array_start(source, stream.read(CHUNK))
        number, ended = 0, False
        while True:
            text = text.lstrip(" \t\r\n,")
            if text.startswith("]"):
                return
            try:
                record, at = decoder.raw_decode(text) if text else (None, 0)
            except (ValueError, RecursionError):
                at = 0
            if not at:
                more = stream.read(CHUNK)
                ended = not more
                if ended or len(text) > LONGEST_RECORD:
                    raise BadFile(said("trade_json_cut", name=source.name, record=number + 1))
                text += more
                continue
            if not isinstance(record, dict):
                raise BadFile(said("trade_json_record", name=source.name, record=number + 1))
            number += 1
            yield record
            text = text[at:]


def array_start(source: Source, text: str) -> str:
    """The text behind the bracket that opens the array of records."""
    text = text.lstrip()
    if text.startswith("["):
        return text[1:]
    for name in ARRAYS:
        _, mark, rest = text.partition(f'"{name}"')
        rest = rest.lstrip().removeprefix(":").lstrip()
        if mark and rest.startswith("["):
            return rest[1:]
    if '"observations"' in text or '"dimension"' in text:
        raise BadFile(said("trade_json_sdmx", name=source.name))
    raise BadFile(said("trade_json_array", name=source.name, what=", ".join(ARRAYS), told=told(source)))
