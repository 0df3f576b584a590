"""The text of a CSV file from outside: bytes in, cells with their line numbers out, one line at a time.

    UTF-16 by its byte order mark or its null bytes; else each line as UTF-8, or as cp1251 if it is Cyrillic in that

A line counts as Cyrillic in cp1251 if its letters beyond ASCII are all Cyrillic and stand in no word with Latin ones;
"Köln" in cp1252 is neither, and is refused. Columns are separated by what splits the header into most.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from keruen.errors import BadTable, Problem
from keruen.tables.words import said

SEPARATORS = ",;\t"
BOM = b"\xef\xbb\xbf"
SIGNS = set("«»№—–“”„°…’ \xa0")  # beside Cyrillic letters
_MIXED = re.compile(r"[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]")


@dataclass
class Cells:
    """The rows of a file as they are read: iterate for (line, cells). What was odd is known after the last row.

    header: names of the columns in small letters, spaces taken out. problems: lines that could not be read as text.
    """

    name: str
    header: tuple[str, ...]
    separator: str
    _rows: Iterator[tuple[int, list[str]]]
    _text: _Text

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self._rows

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the text itself."""
        return self._text.problems

    @property
    def notes(self) -> list[str]:
        """Encoding and separator, where they are not UTF-8 and comma."""
        text = self._text
        found: list[str] = [said("note_encoding", encoding=text.encoding)] if text.encoding != "utf-8" else []
        if text.in_cp1251:
            found.append(said("note_cp1251", count=text.in_cp1251, first=text.first_cp1251))
        if self.separator != ",":
            found.append(said("note_semicolons" if self.separator == ";" else "note_tabs"))
        return found


@dataclass
class _Text:
    """Lines of a file as text, and what was seen on the way."""

    name: str
    file: BinaryIO
    encoding: str = "utf-8"
    in_cp1251: int = 0
    first_cp1251: int = 0
    problems: list[Problem] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The lines with their ends; one that is no text is left empty and noted, at most a thousand of them."""
        if self.encoding != "utf-8":
            with io.TextIOWrapper(self.file, self.encoding, errors="replace", newline="") as text:
                for number, line in enumerate(text, 1):
                    if "\ufffd" in line or "\0" in line:
                        self._refuse(number, f"the line is damaged {self.encoding} text")
                    yield line.lstrip("\ufeff") if number == 1 else line.replace("\0", "")
            return
        for number, raw in enumerate(self.file, 1):
            if number == 1:
                raw = raw.removeprefix(BOM)
            if b"\0" in raw:
                self._refuse(number, "there is a null byte, so the file is damaged")
                raw = raw.replace(b"\0", b"")
            try:
                yield raw.decode("utf-8")
            except UnicodeDecodeError:
                yield self._cyrillic(number, raw)

    def _cyrillic(self, number: int, raw: bytes) -> str:
        """A line that is not UTF-8, as cp1251 if that makes it Cyrillic."""
        text = raw.decode("cp1251", errors="replace")
        beyond = {letter for letter in text if letter > "\x7f"} - SIGNS
        if all("Ѐ" <= letter <= "ӿ" for letter in beyond) and not _MIXED.search(text):
            self.in_cp1251 += 1
            self.first_cp1251 = self.first_cp1251 or number
            return text
        self._refuse(number, "the line is neither UTF-8 nor Cyrillic in cp1251")
        return raw.decode("utf-8", errors="replace")

    def _refuse(self, number: int, message: str) -> None:
        if len(self.problems) < 1_000:
            self.problems.append(
                Problem(self.name, number, "", message, "Save the file as UTF-8 from where it was made")
            )


def open_cells(name: str, file: BinaryIO) -> Cells:
    """The header of a file and the rows to come.

    Raises:
        BadTable: the file is empty or its first line is no header.
    """
    start = file.read(4096)
    file.seek(0)
    if not start.strip(BOM + b" \t\r\n\0"):
        raise BadTable([Problem(name, 0, "", "the file is empty", "Put back the header line and the rows")])
    text = _Text(name, file, _encoding(start))
    lines = text.lines()
    first = next(lines)
    separator = max(SEPARATORS, key=first.count)
    try:
        header = tuple(cell.strip().lower() for cell in next(csv.reader([first], delimiter=separator), []))
    except csv.Error as error:
        raise BadTable(
            [Problem(name, 1, "", f"the header cannot be read ({error})", "Save the file as CSV anew")]
        ) from None
    return Cells(name, header, separator, _rows(text, lines, separator), text)


def _encoding(start: bytes) -> str:
    """UTF-16 by its mark or by null bytes in every second place, else UTF-8."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    even, odd = start[0:64:2], start[1:64:2]
    if odd and odd.count(0) > 0.8 * len(odd):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.8 * len(even) else "utf-8"


def _rows(text: _Text, lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header that are not blank, with the line on which each starts."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = 2
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            advice = "Look for a quote that is opened and not closed; a quote inside a quoted cell is written twice"
            text.problems.append(
                Problem(text.name, line, "", f"the row that starts here cannot be read ({error})", advice)
            )
            return
        if any(map(str.strip, row)):
            yield line, row
        line = reader.line_num + 2
