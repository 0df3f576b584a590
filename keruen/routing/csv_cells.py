"""The cells of a CSV file from outside: text as numbers, and everything that is wrong with a file, line by line.

    1235.5    1 235,5    0,58        what can mean one number only is read
    1,234     about 9    9 days      what can mean two, or is more than a number, is refused with what to write

Every problem has its line; the first thousand are kept in words and the rest counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from keruen.errors import BadTable, Problem
from keruen.tables.reading import MOST_SHOWN, NUMBER, WORDS_FOR_UNKNOWN, shown

MOST_PROBLEMS = 1_000

_DECIMAL_COMMA = re.compile(r"[+-]?([0-9]{4,}|0|)[,][0-9]+|[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
_PLAIN = re.compile(NUMBER)
_SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])[ \xa0\u202f](?=[0-9]{3}([^0-9]|$))")
_CLOCK = re.compile(r"([0-9]+):([0-5][0-9])")

Found = tuple[str, str]
"""What is wrong with a cell, and what to do."""


@dataclass
class Problems:
    """The problems of one file: the first thousand, and how many there are."""

    name: str
    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, message: str, what_to_do: str) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(Problem(self.name, line, column, message, what_to_do))

    def refuse(self) -> None:
        """Raise BadTable if there is any problem."""
        if not self.count:
            return
        kept = sorted(self.kept, key=lambda problem: problem.row)
        if self.count > len(kept):
            more = f"{self.count - len(kept):,} more problems are not listed"
            kept.append(Problem(self.name, 0, "", more, "Mend these first, and read the file again"))
        raise BadTable(kept)


def number_in(cell: str, unit: str = "") -> float | Found:
    """A cell as a number, or what is wrong with it; `unit` is the unit of its column, empty where it has none."""
    plain = _SPACE_IN_NUMBER.sub("", cell)
    if _PLAIN.fullmatch(plain):
        return float(plain)
    if _DECIMAL_COMMA.fullmatch(plain):
        return float(plain.replace(",", "."))
    if len(plain) > MOST_SHOWN:
        return f"{shown(cell)} is not a number", "Write a number, or leave the cell empty where it is unknown"
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+", plain):
        point, whole = plain.replace(",", "."), plain.replace(",", "")
        advice = (
            f"Write {point} if the comma marks decimals, {whole} if thousands"
            if plain.count(",") == 1
            else f"Write {whole}"
        )
        return f"{shown(cell)} has a comma in it", advice
    if clock := _CLOCK.fullmatch(plain):
        hours = int(clock[1]) + int(clock[2]) / 60
        return f"{shown(cell)} is hours and minutes", f"Write {hours:.4g}"
    if cell.lower() in WORDS_FOR_UNKNOWN:
        return f"{shown(cell)} is not a number", "Leave the cell empty where the value is unknown"
    if with_unit := re.fullmatch(rf"({NUMBER})\s*([^\d\s].*)", plain):
        number = with_unit.group(1)
        return (
            f"{shown(cell)} has more in it than a number",
            f"Write {number} alone if it is in {unit}, else convert it to {unit}" if unit else f"Write {number} alone",
        )
    return f"{shown(cell)} is not a number", "Write a number, or leave the cell empty where it is unknown"


def bounded(value: float, greatest: float) -> float | Found:
    """The number if it is neither less than nothing nor more than can be."""
    if not 0.0 <= value <= greatest:
        bound = "less than nothing" if value < 0 else f"more than {greatest:g}, which cannot be"
        return f"{value:g} is {bound}", "Check the value and its unit"
    return value
