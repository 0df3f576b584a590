"""Trip logs: what drivers and forwarders wrote down, from CSV to trips; what cannot be read is refused line by line.

    trip, seq, kind (move | stop | border), mode, from, to, country, km, start, end or hours, usd, tonnes, corridor, note

One row is a stretch or a stop. Needed are trip, seq, kind, from, and hours or both ends in time; a stretch needs mode, to
and km too. USD and tonnes may be empty: unknown. Tonnes hold until the trip's next row that gives them. Time between the
end of a row and the start of the next is a stop at the place in between; a row with hours alone starts when the row before
it ends, if that is known. Columns may stand in any order; columns by other names are not used and are named in `notes`.

Read as they come: UTF-8, UTF-16, and cp1251 line by line where a line is not UTF-8 and is Cyrillic in cp1251; commas,
semicolons or tabs between columns; decimal commas where they cannot mean thousands; dates as 2025-11-10 14:30 (also with
T, seconds, +05:00) or 10.11.2025 14:30. Nothing else is guessed. Problems are found all at once; the first thousand are
kept in words, and the rest counted.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keruen.routing.csv_cells import Problems
from keruen.routing.csv_text import Cells, open_cells
from keruen.routing.performance import BORDER, MOVE, STOP, Step, Trip
from keruen.routing.trip_log_rows import (
    AGREE_H,
    COLUMNS,
    EPOCH,
    NEEDED,
    NUMBERS,
    TEXTS,
    Columns,
    Floats,
    read_rows,
)
from keruen.tables.words import said

CHUNK, BLOCK = 2_000, 500  # rows read and trips made at a time
SLACK_H = 1.0 / 120.0  # half a minute, so that rounded clocks do not overlap

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class TripLog:
    """The trips of a log, in the order they first come; each is made of its rows when it is asked for.

    notes: what was read otherwise than written, and what looks odd: encodings, columns not used, gaps between places.
    """

    name: str
    notes: tuple[str, ...]
    _texts: tuple[str, ...] = field(repr=False)
    _coded: Mapping[str, NDArray[np.int64]] = field(repr=False)
    _numbers: Mapping[str, Floats] = field(repr=False)
    _bounds: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @property
    def rows(self) -> int:
        """How many rows the log has."""
        return int(self._bounds[-1])

    def __iter__(self) -> Iterator[Trip]:
        for first in range(0, len(self), BLOCK):
            yield from self._trips(first, min(first + BLOCK, len(self)))

    def __getitem__(self, number: int) -> Trip:
        """One trip, counted from 0 (or from the end: -1)."""
        number = range(len(self))[number]
        return next(self._trips(number, number + 1))

    def _trips(self, first: int, last: int) -> Iterator[Trip]:
        """The trips from one number to before another."""
        bounds: list[int] = self._bounds[first : last + 1].tolist()
        block = slice(bounds[0], bounds[-1])
        texts = [list(map(self._texts.__getitem__, self._coded[name][block].tolist())) for name in TEXTS]
        numbers = [self._numbers[name][block].tolist() for name in NUMBERS]
        for a, b in pairwise(bounds):
            rows = slice(a - bounds[0], b - bounds[0])
            yield _trip(
                dict(zip(TEXTS, (cells[rows] for cells in texts), strict=True)),
                dict(zip(NUMBERS, (cells[rows] for cells in numbers), strict=True)),
            )


def read_trip_log(path: str | os.PathLike[str]) -> TripLog:
    """The trips in a CSV file.

    Raises:
        BadTable: everything that is wrong with the file, each problem with its line.
        OSError: the file cannot be opened.
    """
    source = Path(path)
    problems = Problems(source.name)
    with source.open("rb") as file:
        cells = open_cells(source.name, file)
        columns = Columns()
        header = _header(cells, problems)
        problems.refuse()
        _read_rows(cells, header, columns, problems)
    for problem in cells.problems:
        problems.add(problem.row, problem.column, problem.message, problem.what_to_do)
    if not columns.lines and not problems.count:
        problems.add(0, "", "the log has a header and no rows", "Put a row for each stretch and stop under the header")
    log, lines, slack_h = _log_of(source.name, columns)
    _check_trips(log, lines, slack_h, problems)
    problems.refuse()
    unused = [name for name in cells.header if name and name not in COLUMNS]
    notes = [*cells.notes, *([said("note_unused", columns=", ".join(unused))] if unused else []), *_gaps(log, lines)]
    return replace(log, notes=tuple(notes))


def _header(cells: Cells, problems: Problems) -> dict[str, int]:
    """Where each known column stands."""
    names = cells.header
    for name in dict.fromkeys(names):
        if names.count(name) > 1 and name:
            problems.add(1, name, f"the column is there {names.count(name)} times", "Keep one of them")
    missing = [name for name in COLUMNS if name not in names]
    for name in names:
        near = difflib.get_close_matches(name, missing, 1, 0.75) if name not in COLUMNS else []
        if near:
            problems.add(
                1, name, "the column is not one of a trip log", f"Rename it to {near[0]}, if that is what it holds"
            )
    for name in NEEDED:
        if name not in names:
            problems.add(1, name, "the column is missing", f"A trip log has the columns {', '.join(COLUMNS)}")
    if "hours" not in names and not {"start", "end"} <= set(names):
        problems.add(1, "hours", "the columns do not say how long a step takes", "Add hours, or start and end")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _read_rows(cells: Cells, header: Mapping[str, int], columns: Columns, problems: Problems) -> None:
    """Read and check all rows, some thousands at a time."""
    width = len(cells.header)
    rows = iter(cells)
    while chunk := list(islice(rows, CHUNK)):
        lines, found = [line for line, _ in chunk], [row for _, row in chunk]
        if set(map(len, found)) != {width}:
            advice = "Give the row a cell for each column; a text with the separator in it stands in double quotes"
            for line, row in chunk:
                if len(row) != width:
                    problems.add(line, "", f"the row has {len(row)} cells and the header {width}", advice)
            lines = [line for line, row in chunk if len(row) == width]
            found = [row for _, row in chunk if len(row) == width]
        if found:
            read_rows(lines, list(zip(*found, strict=True)), header, columns, problems)


def _log_of(name: str, columns: Columns) -> tuple[TripLog, NDArray[np.int64], Floats]:
    """The log with its rows sorted by trip (as they first come) and seq, the line of each row, how surely it ends when it does [h]."""
    trip = np.asarray(columns.coded["trip"], np.int64)
    seq, lines = np.asarray(columns.numbers["seq"], np.float64), np.asarray(columns.lines, np.int64)
    order = np.lexsort((lines, seq, _first_seen(trip)))
    coded = {key: np.asarray(values, np.int64)[order] for key, values in columns.coded.items()}
    numbers = {key: np.asarray(values, np.float64)[order] for key, values in columns.numbers.items()}
    edges = np.flatnonzero(np.diff(coded["trip"])) + 1
    bounds = np.concatenate([[0], edges, [len(trip)]]) if len(trip) else np.zeros(1, np.int64)
    slack_h = _run_on(bounds, numbers)
    return TripLog(name, (), tuple(columns.texts), coded, numbers, bounds), lines[order], slack_h


def _run_on(bounds: Codes, numbers: dict[str, Floats]) -> Floats:
    """Let rows without times start when the row before them in their trip ends; returns how far off each end may be [h].

    Hours are written rounded, times to the minute: each row that is run on adds what hours may differ from times.
    """
    start, end, offset, hours = (numbers[name] for name in ("start", "end", "offset", "hours"))
    rows = np.arange(len(end))
    last = np.maximum.accumulate(
        np.where(np.isnan(end), -1, rows)
    )  # the row with times that comes before or is this one
    follows = np.isnan(end) & (last >= np.repeat(bounds[:-1], np.diff(bounds)))
    passed_h = np.cumsum(np.nan_to_num(hours))
    ends = np.where(follows, end[last] + passed_h - passed_h[last], end)
    numbers["start"] = np.where(follows & np.isnan(start), ends - hours, start)
    numbers["end"] = ends
    numbers["offset"] = np.where(follows, offset[last], offset)
    return np.where(follows, AGREE_H * (rows - last), SLACK_H)


def _first_seen(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each code the row on which it first comes."""
    _, first, back = np.unique(codes, return_index=True, return_inverse=True)
    return np.asarray(first[back], np.int64)


def _check_trips(log: TripLog, lines: NDArray[np.int64], slack_h: Floats, problems: Problems) -> None:
    """What rows of one trip must not do: have the same number, overlap in time, mix times with and without offset."""
    trip, seq = log._coded["trip"], log._numbers["seq"]
    nameless = next((code for code, text in enumerate(log._texts) if not text), -1)
    follows = (trip[1:] == trip[:-1]) & (trip[1:] != nameless)
    for i in (np.flatnonzero(follows & (seq[1:] == seq[:-1])) + 1).tolist():
        name = log._texts[trip[i]]
        message = f"row {seq[i]:g} of trip {name} is already on line {lines[i - 1]}"
        problems.add(int(lines[i]), "seq", message, "Number the rows of a trip in order, each once")
    start, end = log._numbers["start"], log._numbers["end"]
    for i in (np.flatnonzero(follows & (start[1:] < end[:-1] - slack_h[:-1])) + 1).tolist():
        message = f"the step starts {end[i - 1] - start[i]:.1f} h before the one on line {lines[i - 1]} ends"
        problems.add(
            int(lines[i]), "start", message, "Correct the times or the order (seq); write local times with their offset"
        )

    offset = log._numbers["offset"]
    for i in (np.flatnonzero(follows & (np.abs(offset[1:] - offset[:-1]) > 0.0)) + 1).tolist():
        message = f"its times have {'an' if offset[i] else 'no'} offset from UTC, unlike those on line {lines[i - 1]}"
        problems.add(int(lines[i]), "start", message, "Write all times of a trip the same way")


def _gaps(log: TripLog, lines: NDArray[np.int64]) -> list[str]:
    """A note if rows of a trip do not join: the next one begins at another place than the one before ended."""
    trip = log._coded["trip"]
    start, end = log._coded["from"], log._coded["to"]
    nowhere = next((code for code, text in enumerate(log._texts) if not text), -1)
    end = np.where(end == nowhere, start, end)
    apart = np.flatnonzero((trip[1:] == trip[:-1]) & (end[:-1] != start[1:])) + 1
    if not len(apart):
        return []
    where = ", ".join(str(lines[i]) for i in apart[:10].tolist()) + (", ..." if len(apart) > 10 else "")
    return [said("note_gaps", count=len(apart), lines=where)]


def _trip(texts: Mapping[str, Sequence[str]], numbers: Mapping[str, Sequence[float]]) -> Trip:
    """The rows of one trip as a trip."""
    start = next((hours for hours in numbers["start"] if hours == hours), None)
    year = None if start is None else (EPOCH + timedelta(hours=start)).year
    corridor = next((corridor for corridor in texts["corridor"] if corridor), "")
    return Trip(texts["trip"][0], tuple(_steps(texts, numbers)), corridor=corridor, year=year)


def _steps(texts: Mapping[str, Sequence[str]], numbers: Mapping[str, Sequence[float]]) -> Iterator[Step]:
    """The rows of one trip as steps, with a stop wherever time passes between two of them."""
    tonnes: float | None = None
    last_end, place = np.nan, ""
    for i, kind in enumerate(texts["kind"]):
        start, end, hours = texts["from"][i], texts["to"][i] or texts["from"][i], numbers["hours"][i]
        if (gap_h := numbers["start"][i] - last_end) > SLACK_H:
            yield Step(
                STOP, "", place, place, stopped_h=gap_h, cost_usd=0.0, tonnes=tonnes, note="between two rows of the log"
            )
        tonnes = _known(numbers["tonnes"][i], tonnes)
        yield Step(
            kind,
            texts["mode"][i] or (BORDER if kind == BORDER else ""),
            start,
            end,
            name=f"{start} - {end}" if kind == BORDER and start != end else "",
            country=texts["country"][i],
            distance_km=_known(numbers["km"][i], 0.0) or 0.0,
            moving_h=hours if kind == MOVE else 0.0,
            border_h=hours if kind == BORDER else 0.0,
            stopped_h=hours if kind == STOP else 0.0,
            cost_usd=_known(numbers["usd"][i], None),
            tonnes=tonnes,
            note=texts["note"][i],
        )
        last_end, place = numbers["end"][i], end


def _known(value: float, otherwise: float | None) -> float | None:
    """A number, or something else where it is NaN."""
    return value if value == value else otherwise
