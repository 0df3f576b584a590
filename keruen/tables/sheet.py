"""A CSV file as rows of text: bytes in, cells out, and everything that is wrong with the file itself.

    bytes -> UTF-8 text -> header and rows, all of one width        (RFC 4180: comma, double quotes)

Nothing is guessed. A file in another encoding, with another separator, with a row too long or too short, or
cut off in the middle is refused with the line where it happens. Only a byte order mark is dropped quietly,
because spreadsheets write one and it changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.errors import Problem

CANNOT_BE_TEXT = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True)
class Sheet:
    """The cells of one file. `lines[i]` is the line of the file on which row i starts; the header is line 1."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: Sequence[int]

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The cells by column."""
        cells = zip(*self.rows, strict=True) if self.rows else (() for _ in self.header)
        return dict(zip(self.header, cells, strict=True))


def read_sheet(name: str, raw: bytes) -> tuple[Sheet | None, list[Problem]]:
    """Cells of a CSV file, or None with the problems that keep it from being read."""
    text, problem = _decode(name, raw)
    if problem:
        return None, [problem]
    rows, lines, problems = _parse(name, text)
    if problems:
        return None, problems
    header = tuple(rows[0]) if rows else ()
    problems = _header_problems(name, header) or _shape_problems(name, header, rows[1:], lines[1:])
    if not text.endswith(("\n", "\r")):
        advice = "Compare the last row with the original, complete it, and end it with a line break"
        problems.append(Problem(name, lines[-1], "", "the file stops in the middle of this line", advice))
    if problems:
        return None, problems
    return Sheet(name, header, tuple(map(tuple, rows[1:])), lines[1:]), []


def _decode(name: str, raw: bytes) -> tuple[str, Problem | None]:
    if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
        return "", Problem(name, 0, "", "the file is empty", "Put back the header line and the rows")
    if encoding := CANNOT_BE_TEXT.get(raw[:2]):
        return "", Problem(name, 0, "", f"the file is {encoding} text", "Save it as UTF-8")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return "", Problem(name, line, "", "there is a null byte, so the file is damaged", "Restore it from a copy")
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        advice = "Save the file as UTF-8; text from older Windows programs is often cp1251 or cp1252"
        return "", Problem(name, line, "", "the text is not UTF-8", advice)


def _parse(name: str, text: str) -> tuple[list[list[str]], Sequence[int], list[Problem]]:
    """All records that are not blank, and the line on which each starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        advice = "Look for a quote that is opened and not closed; a quote inside a quoted cell is written twice"
        return rows, lines, [Problem(name, start, "", f"the row that starts here cannot be read ({error})", advice)]
    return rows, lines, []


def _header_problems(name: str, header: tuple[str, ...]) -> list[Problem]:
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            return [Problem(name, 1, "", f"columns are separated by {word}", "Separate them by commas")]
    problems = [
        Problem(name, 1, column, f"the column is there {count} times", "Keep one of them")
        for column, count in Counter(header).items()
        if count > 1 and column
    ]
    if "" in header:
        nth = header.index("") + 1
        problems.append(Problem(name, 1, "", f"column {nth} has no name", "Name the column or take it out"))
    return problems


def _shape_problems(
    name: str, header: tuple[str, ...], rows: Sequence[Sequence[str]], lines: Sequence[int]
) -> list[Problem]:
    width = len(header)
    advice = "Give the row a cell for each column; a text with a comma in it stands in double quotes"
    return [
        Problem(name, line, "", f"the row has {len(row)} cells and the header {width}", advice)
        for row, line in zip(rows, lines, strict=True)
        if len(row) != width
    ]
