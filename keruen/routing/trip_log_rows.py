"""The rows of a trip log: cells as numbers and times, and everything that is wrong with them, line by line.

    hours since 1970 = (moment - 1970-01-01 00:00 UTC) / 1 h        a moment without an offset counts as UTC

Rows are read some thousands at a time, column by column; each different cell is read once. A row is checked further only
as far as it is right so far, so that one mistake is one problem.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from keruen.routing.csv_cells import Found, Problems, bounded, number_in
from keruen.routing.performance import KINDS, MOVE
from keruen.routing.result import MOVING_MODES
from keruen.tables.reading import shown

COLUMNS = (
    "trip",
    "seq",
    "kind",
    "mode",
    "from",
    "to",
    "country",
    "km",
    "start",
    "end",
    "hours",
    "usd",
    "tonnes",
    "corridor",
    "note",
)
NEEDED = ("trip", "seq", "kind", "from")
GREATEST = {"km": 40_000.0, "hours": 8_784.0, "usd": 1e9, "tonnes": 600_000.0, "seq": 1e9}
"""Round the earth, a leap year, more than any ship carries: beyond these a unit is wrong."""
FASTEST_KMH = {"road": 130.0, "rail": 250.0, "sea": 75.0, "ferry": 90.0, "air": 1_200.0, "inland_waterway": 50.0}
HEAVIEST_T = {"road": 200.0, "rail": 25_000.0, "air": 300.0}
"""What no vehicle does: beyond these the unit of km, hours or tonnes is wrong."""
UNITS = {"km": "kilometres", "hours": "hours", "usd": "USD", "tonnes": "tonnes"}
AGREE_H = 0.1  # between hours as given and from start to end
SHORTEST_TIME = len("2025-11-10 14:30")
EPOCH = datetime(1970, 1, 1)
EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = ("trip", "kind", "mode", "from", "to", "country", "corridor", "note")
NUMBERS = ("seq", "km", "hours", "usd", "tonnes", "start", "end", "offset")
TIMES = ("start", "end")

_OFFSET = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2})$")
_ISO = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([12][0-9]{3})[ T]+([0-9]{1,2}):([0-9]{2}(?::[0-9]{2})?)")

Floats = NDArray[np.float64]


@dataclass
class Columns:
    """The rows read so far, by column; texts as numbers of entries in `texts`, times in hours since 1970, NaN: empty."""

    texts: dict[str, int] = field(default_factory=dict)
    coded: dict[str, array[int]] = field(default_factory=lambda: {name: array("i") for name in TEXTS})
    numbers: dict[str, array[float]] = field(default_factory=lambda: {name: array("d") for name in NUMBERS})
    lines: array[int] = field(default_factory=lambda: array("q"))

    def extend(self, rows: _Rows) -> None:
        """Add some rows; each different text is kept once."""
        self.lines.extend(rows.lines)
        for name in TEXTS:
            cells = rows.text[name]
            for cell in dict.fromkeys(cells):
                self.texts.setdefault(cell, len(self.texts))
            self.coded[name].extend(map(self.texts.__getitem__, cells))
        for name in NUMBERS:
            self.numbers[name].frombytes(rows.numbers[name].astype(np.float64).tobytes())


@dataclass
class _Rows:
    """Some rows: their lines, texts and numbers by column, and which of them are known to be wrong."""

    lines: Sequence[int]
    text: Mapping[str, Sequence[str]]
    problems: Problems
    bad: NDArray[np.bool_]
    numbers: dict[str, Floats] = field(default_factory=dict)

    def refuse(self, row: int, column: str, message: str, what_to_do: str) -> None:
        """Note what is wrong with a row."""
        self.bad[row] = True
        self.problems.add(self.lines[row], column, message, what_to_do)

    def good(self, which: NDArray[np.bool_]) -> list[int]:
        """Those of some rows with which nothing is wrong so far."""
        found: list[int] = np.flatnonzero(which & ~self.bad).tolist()
        return found


def read_rows(
    lines: Sequence[int],
    cells: Sequence[Sequence[str]],
    header: Mapping[str, int],
    columns: Columns,
    problems: Problems,
) -> None:
    """Some rows, given column by column, into `columns`; what is wrong with them into `problems`."""
    empty = [""] * len(lines)
    text = {name: _changed(cells[header[name]], str.strip) if name in header else empty for name in COLUMNS}
    text["kind"] = _changed(text["kind"], str.lower)
    text["mode"] = _changed(text["mode"], lambda mode: mode.lower().replace(" ", "_"))
    rows = _Rows(lines, text, problems, np.zeros(len(lines), bool))
    for name in GREATEST:
        rows.numbers[name] = _values(rows, name, _number)
    for name in TIMES:
        rows.numbers[name] = _values(rows, name, _moment)
    _check_words(rows)
    _check_times(rows)
    _check_figures(rows)
    columns.extend(rows)


def _changed(cells: Sequence[str], change: Callable[[str], str]) -> Sequence[str]:
    """Cells with each changed; the same cells if none changes."""
    changed = {cell: new for cell in set(cells) if (new := change(cell)) != cell}
    return [changed.get(cell, cell) for cell in cells] if changed else cells


def _values(rows: _Rows, column: str, read: Callable[[str, str], float | Found]) -> Floats:
    """Cells of a column as numbers, NaN where empty or wrong."""
    cells = rows.text[column]
    known: dict[str, float] = {"": np.nan}
    wrong: dict[str, Found] = {}
    for cell in set(cells) - {""}:
        found = read(column, cell)
        if isinstance(found, tuple):
            known[cell], wrong[cell] = np.nan, found
        else:
            known[cell] = found
    for row, cell in enumerate(cells if wrong else ()):
        if cell in wrong:
            rows.refuse(row, column, *wrong[cell])
    return np.fromiter(map(known.__getitem__, cells), np.float64, len(cells))


def _number(column: str, cell: str) -> float | Found:
    """A cell as a number, or what is wrong with it."""
    value = number_in(cell, UNITS.get(column, ""))
    return value if isinstance(value, tuple) else _bounded(column, value)


def _bounded(column: str, value: float) -> float | Found:
    """The number if it can be one of the column."""
    if column == "seq" and not value.is_integer() and value < np.inf:
        return f"{value:g} is not a whole number", "Number the rows of a trip 1, 2, 3"
    return bounded(value, GREATEST[column])


def _moment(column: str, cell: str) -> float | Found:
    """A date with the time of day as hours since 1970 in UTC (or as written, if it has no offset), or what is wrong."""
    dotted = _DOTTED.fullmatch(cell)
    iso = "{2}-{1:0>2}-{0:0>2} {3:0>2}:{4}".format(*dotted.groups()) if dotted else cell.replace("Z", "+00:00")
    if not dotted and not _ISO.fullmatch(cell):
        if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[12][0-9]{3}", cell):
            return (
                f"{shown(cell)} has no time of day",
                "Write it as 2025-11-10 14:30, or give the hours of the step instead",
            )
        return (
            f"{shown(cell)} is not a date and time",
            "Write it as 2025-11-10 14:30, with +05:00 behind it if times are local",
        )
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return f"there is no day and time {cell}", "Correct the date"
    since = moment - (EPOCH_UTC if moment.tzinfo else EPOCH)
    return since.total_seconds() / 3600.0


def _check_words(rows: _Rows) -> None:
    """Cells that must be there, kinds and modes that are known."""
    text = rows.text
    for name in NEEDED:
        for row, cell in enumerate(text[name] if "" in text[name] else ()):
            if not cell:
                rows.refuse(row, name, "the cell is empty", "Fill it in; the row cannot be used without it")
    for row, kind in enumerate(text["kind"] if not set(text["kind"]) <= {*KINDS, ""} else ()):
        if kind not in (*KINDS, ""):
            rows.refuse(row, "kind", f"{shown(kind)} is not a kind of step", f"Use one of {', '.join(KINDS)}")
    known = {(MOVE, mode, True) for mode in MOVING_MODES}
    ends = list(map(bool, text["to"]))
    for row, (kind, mode, has_end) in enumerate(zip(text["kind"], text["mode"], ends, strict=True)):
        if kind != MOVE or (kind, mode, has_end) in known:
            continue
        if mode not in MOVING_MODES:
            message = f"{shown(mode)} is not a mode" if mode else "the mode of a stretch is empty"
            rows.refuse(row, "mode", message, f"Use one of {', '.join(MOVING_MODES)}")
        if not has_end:
            rows.refuse(row, "to", "the end of a stretch is empty", "Fill in where it leads")


def _check_times(rows: _Rows) -> None:
    """Fill in hours, start and end from one another; `offset` says whether the times of a row have one from UTC."""
    text, numbers = rows.text, rows.numbers
    start, end, hours = (numbers[name] for name in ("start", "end", "hours"))
    offsets = [_offsets(text[name]) for name in TIMES]
    for row in rows.good(np.abs(offsets[0] - offsets[1]) > 0.0):
        message = "one of start and end has an offset from UTC and the other has none"
        rows.refuse(row, "end", message, "Write both the same way")
    between = end - start
    for row in rows.good(between < 0.0):
        message = f"the end {text['end'][row]} is before the start {text['start'][row]}"
        rows.refuse(row, "end", message, "Correct one of them; write local times with their offset (+05:00)")
    for row in rows.good(np.isnan(hours) & np.isnan(between)):
        missing = "end" if text["start"][row] else "start" if text["end"][row] else "hours"
        rows.refuse(row, missing, "nothing says how long the step takes", "Fill in hours, or both start and end")
    for row in rows.good(np.abs(hours - between) > AGREE_H):
        message = f"{hours[row]:g} hours are not the {between[row]:.2f} hours from start to end"
        advice = "Keep the one that is right; hours are hours, not minutes or days"
        rows.refuse(row, "hours", message, advice)
    for row in rows.good(between > GREATEST["hours"]):
        rows.refuse(row, "end", f"{between[row]:g} hours from start to end are more than a year", "Correct the dates")
    numbers["hours"] = hours = np.where(np.isnan(hours), between, hours)
    numbers["start"] = np.where(np.isnan(start), end - hours, start)
    numbers["end"] = np.where(np.isnan(end), start + hours, end)
    numbers["offset"] = np.where(np.isnan(offsets[0]), offsets[1], offsets[0])


def _offsets(cells: Sequence[str]) -> Floats:
    """1 for a time with an offset from UTC, 0 for one without, NaN for none."""
    found = {cell: float(_OFFSET.search(cell, SHORTEST_TIME) is not None) for cell in set(cells)}
    found[""] = np.nan
    return np.fromiter(map(found.__getitem__, cells), np.float64, len(cells))


def _check_figures(rows: _Rows) -> None:
    """Kilometres where there must be some and none where a load stands; figures that no vehicle reaches."""
    km, hours, tonnes = (rows.numbers[name] for name in ("km", "hours", "tonnes"))
    moves = np.array([kind == MOVE for kind in rows.text["kind"]], bool)
    for row in rows.good(moves & np.isnan(km)):
        rows.refuse(row, "km", "the kilometres of a stretch are empty", "Fill them in; the diagram stands on them")
    for row in rows.good(~moves & (km > 0.0)):
        rows.refuse(row, "km", f"a stop has {km[row]:g} km", "Make it a stretch (kind move), or empty the cell")
    modes = rows.text["mode"]
    fastest, heaviest = (np.array([most.get(mode, np.inf) for mode in modes]) for most in (FASTEST_KMH, HEAVIEST_T))
    for row in rows.good(moves & (km > fastest * hours + 1.0)):
        message = f"{km[row]:g} km in {hours[row]:.3g} h is faster than anything goes by {modes[row]}"
        rows.refuse(row, "km", message, "Check both and their units: kilometres and hours")
    for row in rows.good(moves & (tonnes > heaviest)):
        message = f"{tonnes[row]:g} tonnes are more than anything carries by {modes[row]}"
        rows.refuse(row, "tonnes", message, "Check the unit: tonnes, not kilograms")
