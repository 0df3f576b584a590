"""Observations from a CSV file outside: journeys (days) or prices, told by its columns; what cannot be read is refused line by line.

    journeys   origin, destination, days_min; origin_country, destination_country, corridor, mode, days_max, unit, basis, basis_class,
               endpoint_quality, claim_group, date, note, id
    prices     origin, destination, value_min, currency, per; value_max, value_kind, corridor, mode, basis, claim_group, date, note, id

The first three (five) must be there; other columns are not read. Days may also be hours, if the column unit says so. An empty days_max
under a days_min means "at least". Text is read as csv_text says; numbers as csv_cells does. Places and ways are still words here
(observed_places, observed_ways look them up): a row whose words nobody understands is a row that is not used, not a bad file.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from keruen.errors import BadTable, Problem
from keruen.routing.csv_cells import Found, Problems, number_in
from keruen.routing.csv_text import Cells, open_cells
from keruen.routing.observed import (
    COST,
    COUNTED,
    LEVEL,
    MOVING,
    TIME,
    End,
    Haul,
    Observation,
    price_basis,
    section_of,
    unclear_words,
)
from keruen.routing.observed_words import Wordbook
from keruen.tables.dataset import Dataset
from keruen.tables.halves import half_of_claim
from keruen.tables.reading import shown

MOST_DAYS, MOST_VALUE = 400.0, 1e7
LEAST_DAYS = 0.01  # a quarter of an hour: a ferry over a strait
NEEDED = {TIME: ("origin", "destination", "days_min"), COST: ("origin", "destination", "value_min", "currency", "per")}
OTHERS = {
    TIME: ("id", "origin_country", "destination_country", "corridor", "mode", "days_max", "unit", "basis", "basis_class",
           "endpoint_quality", "claim_group", "date", "note"),
    COST: ("id", "corridor", "mode", "value_max", "value_kind", "basis", "claim_group", "date", "note"),
}  # fmt: skip
TELLING = {TIME: "days_min", COST: "value_min"}
HOURS_IN = {"days": 24.0, "day": 24.0, "d": 24.0, "hours": 1.0, "hour": 1.0, "h": 1.0, "дни": 24.0, "сутки": 24.0,
            "сут": 24.0, "часы": 1.0, "ч": 1.0}  # fmt: skip
BASES = ("observed", "reported_typical", "announced", "comparison", "model", "target")
KINDS = (LEVEL, "unit_rate", "increment", "ratio", "percent")
FIRST_YEAR, LAST_YEAR = 1950, 2100

_UNDATED = re.compile(r"^\s*(n\.?\s?d\.?|unknown|undated|б/?д)?\s*\(?(snapshot)?\)?\s*$", re.IGNORECASE)
_DATE = re.compile(r"(?<![0-9])([0-9]{4})(?:-([0-9]{1,2})(?![0-9])(?:-([0-9]{1,2})(?![0-9]))?)?(?:[- ]?([QH])([1-4]))?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_CURRENCY = re.compile(r"\s*([A-Za-z]{3})\b")


@dataclass(frozen=True)
class ObservedFile:
    """The rows of a file in their order, with what was read otherwise than written."""

    name: str
    measure: str
    rows: tuple[Observation, ...]
    notes: tuple[str, ...]


class _Refused(Exception):
    """A cell that cannot be read: column, what is wrong, what to do."""


def read_observed(data: Dataset, path: str | os.PathLike[str]) -> ObservedFile:
    """The observations in a CSV file.

    Raises:
        BadTable: everything that is wrong with the file, each problem with its line.
        OSError: the file cannot be opened.
    """
    source = Path(path)
    with source.open("rb") as file:
        return read_observed_text(data, source.name, file)


def read_observed_text(data: Dataset, name: str, file: BinaryIO) -> ObservedFile:
    """The observations in CSV text that goes by a name in messages. Raises BadTable as `read_observed` does."""
    problems = Problems(name)
    cells = open_cells(name, file)
    measure = _measure(cells)
    header = _header(cells, measure, problems)
    problems.refuse()
    reader = _Reader(data, measure, header, problems)
    rows = tuple(reader.rows(cells))
    for problem in cells.problems:
        problems.add(problem.row, problem.column, problem.message, problem.what_to_do)
    if not rows and not problems.count:
        problems.add(0, "", "the file has a header and no rows", "Put a row for each journey or price under the header")
    problems.refuse()
    return ObservedFile(name, measure, rows, tuple(cells.notes))


def _measure(cells: Cells) -> str:
    """Whether the columns are of journeys or of prices."""
    found = [measure for measure, column in TELLING.items() if column in cells.header]
    if len(found) == 1:
        return found[0]
    what = (
        "the columns are of journeys and of prices at once"
        if found
        else "the columns are neither of journeys nor of prices"
    )
    near = [
        f"{name} may be {match[0]}"
        for name in cells.header
        if (match := difflib.get_close_matches(name, TELLING.values(), 1, 0.6)) and name not in TELLING.values()
    ]
    advice = (
        f"A file of journeys has {', '.join(NEEDED[TIME])}; a file of prices has {', '.join(NEEDED[COST])}"
        + (f"; {', '.join(near)}" if near else "")
    )  # fmt: skip
    raise BadTable([Problem(cells.name, 1, "", what, advice)])


def _header(cells: Cells, measure: str, problems: Problems) -> dict[str, int]:
    """Where each column that is read stands."""
    names, wanted = cells.header, (*NEEDED[measure], *OTHERS[measure])
    missing = [name for name in wanted if name not in names]
    for name in dict.fromkeys(names):
        if name in wanted and names.count(name) > 1:
            problems.add(1, name, f"the column is there {names.count(name)} times", "Keep one of them")
    for name in NEEDED[measure]:
        if name in names:
            continue
        near = difflib.get_close_matches(name, [other for other in names if other not in wanted], 1, 0.7)
        advice = (
            f"Rename {near[0]} to {name}, if that is what it holds"
            if near
            else f"Add it; needed are {', '.join(NEEDED[measure])}"
        )
        problems.add(1, name, "the column is missing", advice)
    return {name: names.index(name) for name in wanted if name not in missing}


class _Reader:
    """Rows to observations: cells are checked one by one, what they say of a haul is read once for each different haul."""

    def __init__(self, data: Dataset, measure: str, header: Mapping[str, int], problems: Problems) -> None:
        self._measure, self._header, self._problems = measure, header, problems
        self._book = Wordbook(data)
        self._countries = frozenset(data["countries"].texts("country"))
        self._groups = frozenset(group for groups in data["countries"].lists("groups") for group in groups)
        self._hauls: dict[tuple[str, ...], Haul | tuple[str, str, str]] = {}
        self._numbers: dict[str, float | Found] = {"": 0.0}
        self._texts: dict[str, str] = {}
        self._halves: dict[str, str] = {}
        least_most = ("days_min", "days_max") if measure == TIME else ("value_min", "value_max")
        self._range = tuple(header.get(name, -1) for name in least_most)
        self._of_haul = [name for name in header if name not in (*least_most, "id", "claim_group")]
        self._columns = [header[name] for name in self._of_haul]

    def rows(self, cells: Cells) -> Iterator[Observation]:
        """The rows that can be read; what is wrong with the others is noted."""
        width = len(cells.header)
        advice = "Give the row a cell for each column; a text with the separator in it stands in double quotes"
        for line, row in cells:
            if len(row) != width:
                self._problems.add(line, "", f"the row has {len(row)} cells and the header {width}", advice)
                continue
            try:
                yield self._row(line, row)
            except _Refused as refused:
                self._problems.add(line, *refused.args)

    def _row(self, line: int, row: Sequence[str]) -> Observation:
        key = tuple(row[column].strip() for column in self._columns)
        found = self._hauls.get(key)
        if found is None:
            try:
                found = self._haul(dict(zip(self._of_haul, key, strict=True)))
            except _Refused as refused:
                found = refused.args
            self._hauls[key] = found
        if isinstance(found, tuple):
            raise _Refused(*found)
        assert found is not None
        least, most, at_least = self._least_most(row, found)
        name = self._cell(row, "id") or f"line {line}"
        claim = self._cell(row, "claim_group").replace("|", " / ") or name
        claim = self._texts.setdefault(claim, claim)
        half = self._halves.get(claim) or self._halves.setdefault(claim, half_of_claim(claim))
        return Observation(name, found, least, most, at_least, claim, half)

    def _cell(self, row: Sequence[str], name: str) -> str:
        column = self._header.get(name, -1)
        return row[column].strip() if column >= 0 else ""

    def _least_most(self, row: Sequence[str], haul: Haul) -> tuple[float, float | None, bool]:
        names = ("days_min", "days_max") if self._measure == TIME else ("value_min", "value_max")
        texts = [row[column].strip() if column >= 0 else "" for column in self._range]
        if not texts[0]:
            raise _Refused(names[0], "the cell is empty", "Fill it in; the row cannot be used without it")
        least = self._number(names[0], texts[0], haul)
        most = self._number(names[1], texts[1], haul) if texts[1] else None
        if most is not None and most < least:
            raise _Refused(names[1], f"{most:g} is less than {names[0]} {least:g}", "Exchange them, or correct one")
        at_least = self._measure == TIME and most is None and self._range[1] >= 0
        return least, most, at_least

    def _number(self, column: str, text: str, haul: Haul) -> float:
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = number_in(text, haul.per if self._measure == TIME else "")
        if isinstance(found, tuple):
            raise _Refused(column, *found)
        if self._measure == COST:
            if not 0.0 < found <= MOST_VALUE:
                raise _Refused(column, f"{found:g} cannot be a price", "Check the value and its currency")
            return found
        days = found * HOURS_IN[haul.per] / 24.0
        if days <= 0.0:
            raise _Refused(column, f"{found:g} {haul.per} cannot be the time of a journey", "Write the days it took")
        if not LEAST_DAYS <= days <= MOST_DAYS:
            much = f"more than {MOST_DAYS:g} days" if days > MOST_DAYS else "less than a quarter of an hour"
            advice = "Check the value and its unit; hours need the column unit to say hours"
            raise _Refused(column, f"{found:g} {haul.per} is {much}, which cannot be", advice)
        return found

    def _haul(self, cells: Mapping[str, str]) -> Haul:
        for name in ("origin", "destination", *(("currency", "per") if self._measure == COST else ())):
            if not cells[name]:
                raise _Refused(name, "the cell is empty", "Fill it in; the row cannot be used without it")
        words, mode, corridor = self._book, cells.get("mode", ""), cells.get("corridor", "")
        origin, destination = ends = tuple(
            self._end(cells[name], cells.get(f"{name}_country", ""), f"{name}_country")
            for name in ("origin", "destination")
        )
        unclear = unclear_words(corridor)
        haul = Haul(
            self._measure, origin, destination, corridor_text=corridor, by_words=not unclear, modes=words.modes(mode), mode_text=mode,
            period=period_of(cells.get("date", "")), unclear=unclear,
        )  # fmt: skip
        told_more: dict[str, Any] = self._journey(cells) if self._measure == TIME else self._price(cells, ends)
        return replace(haul, **told_more)

    def _journey(self, cells: Mapping[str, str]) -> dict[str, str]:
        unit = cells.get("unit", "").lower() or "days"
        if unit not in HOURS_IN:
            raise _Refused(
                "unit", f"{shown(unit)} is not a unit of time read here", "Write days or hours, and convert the numbers"
            )
        told = (self._book.means("scope", cells.get(name, "")) for name in ("basis", "destination", "corridor", "note"))
        scope = next(filter(None, told), "")
        quality = cells.get("endpoint_quality", "").upper()
        if quality not in ("", "A", "B", "C"):
            raise _Refused(
                "endpoint_quality", f"{shown(quality)} is not a quality of ends", "Write A, B or C, or leave it empty"
            )
        return {
            "counted": COUNTED.get(scope, MOVING),
            "basis": self._basis(cells),
            "quality": quality,
            "per": "hours" if HOURS_IN[unit] == 1.0 else "days",
        }

    def _basis(self, cells: Mapping[str, str]) -> str:
        given = cells.get("basis_class", "").lower().replace(" ", "_")
        if given and given not in BASES:
            near = difflib.get_close_matches(given, BASES, 1, 0.6)
            advice = f"Use {near[0]}" if near else f"Use one of {', '.join(BASES)}, or leave it empty"
            raise _Refused("basis_class", f"{shown(given)} is not a basis", advice)
        return given or self._book.means("basis", cells.get("basis", ""))

    def _price(self, cells: Mapping[str, str], ends: Sequence[End]) -> dict[str, str]:
        kind = cells.get("value_kind", "").lower().replace(" ", "_").replace("-", "_") or LEVEL
        if kind not in KINDS:
            raise _Refused("value_kind", f"{shown(kind)} is not a kind of price", f"Use one of {', '.join(KINDS)}")
        currency = _CURRENCY.match(cells["currency"])
        ratio = cells["currency"].lower() in ("ratio", "percent", "%", "index", "times", "x")
        if currency is None and not ratio:
            raise _Refused(
                "currency", f"{shown(cells['currency'])} is not a currency", "Write its three letters, as USD"
            )
        return {
            "counted": "",
            "basis": price_basis(self._book, cells.get("basis", "")),
            "per": "ratio" if ratio else self._book.means("per", cells["per"]) or cells["per"],
            "currency": "" if ratio or currency is None else currency[1].upper(),
            "value_kind": kind,
            "section": section_of(
                self._book, cells.get("basis", ""), cells.get("corridor", ""), *(end.name for end in ends)
            ),
        }

    def _end(self, name: str, country: str, column: str) -> End:
        code = country.strip().upper()
        if code in self._countries:
            return End(name, country=code)
        if code and code not in self._groups:
            near = _near_code(code, self._countries)
            raise _Refused(column, f"{shown(country)} is not the code of a country", f"Write two letters, as KZ{near}")
        return End(name, region=code)


def _near_code(code: str, known: Collection[str]) -> str:
    """A hint for a code that is almost one."""
    return "; the code of the United Kingdom is GB" if code == "UK" and "GB" in known else ""


def period_of(text: str) -> str:
    """The first day, month or year a text speaks of, as 2024-08-31, 2024-08 or 2024; empty if it names none.

    Raises:
        _Refused: the text is no date.
    """
    dotted = _DOTTED.fullmatch(text.strip())
    if dotted:
        text = f"{dotted[3]}-{int(dotted[2]):02d}-{int(dotted[1]):02d}"
    if _UNDATED.match(text):
        return ""
    found = _DATE.search(text)
    advice = "Write it as 2025-11-10, 2025-11 or 2025, or leave it empty if it is unknown"
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise _Refused("date", f"{shown(text)} is not a date", advice)
    year, month, day, letter, number = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise _Refused("date", f"there is no day {shown(text)}", advice) from None
    if letter:
        month = str((int(number) - 1) * (3 if letter == "Q" else 6) + 1)
    parts = [year] + [f"{int(part):02d}" for part in (month, day) if part]
    return "-".join(parts)
