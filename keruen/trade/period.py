"""Spans of statistics: whole months from a first one; a year, a quarter, nine months, a month.

    period("2023")    12 months from January      period("2023-Q3")    July to September
    period("2023-9M")  January to September        period("2023-01/2023-09")  the same      period("2023-05")   one month

A period is put together from parts of one length where a source has no figure for the whole: from its months, else from its quarters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from keruen.errors import KeruenError
from keruen.tables.words import said

YEAR = re.compile(r"(?P<year>\d{4})")
MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
QUARTER = re.compile(r"(?P<year>\d{4})-?Q(?P<quarter>[1-4])", re.IGNORECASE)
FIRST_MONTHS = re.compile(r"(?P<year>\d{4})-?(?P<months>[1-9]|1[0-2])M", re.IGNORECASE)
PART_LENGTHS = (1, 3)


class BadPeriod(KeruenError):
    """A period that is written in a way not known here, or that cannot be."""

    kind = "bad_period"


@dataclass(frozen=True, order=True)
class Period:
    """So many months from the first day of one."""

    start: date
    months: int

    @property
    def earlier(self) -> Period:
        """The same months a year before."""
        return Period(self.start.replace(year=self.start.year - 1), self.months)

    def parts(self, length: int) -> tuple[Period, ...]:
        """The periods of that many months that make this one up, each at its place in the year; none if they cannot."""
        if self.months % length or self.months == length or (self.start.month - 1) % length:
            return ()
        return tuple(Period(self._after(done), length) for done in range(0, self.months, length))

    def spellings(self) -> tuple[tuple[Period, ...], ...]:
        """What can be added up to this period, the best first: itself, its months, its quarters."""
        return ((self,), *(parts for length in PART_LENGTHS if (parts := self.parts(length))))

    def _after(self, months: int) -> date:
        years, month = divmod(self.start.month - 1 + months, 12)
        return date(self.start.year + years, month + 1, 1)

    def __str__(self) -> str:
        first = f"{self.start:%Y-%m}"
        if self.months == 12 and self.start.month == 1:
            return f"{self.start.year:04d}"
        return first if self.months == 1 else f"{first}/{self._after(self.months - 1):%Y-%m}"


def period(text: str) -> Period:
    """A period as written: 2023, 2023-Q3, 2023-9M, 2023-05 or 2023-01/2023-09.

    Raises:
        BadPeriod: it is written in another way, or there are no such months.
    """
    plain = text.strip()
    try:
        if found := YEAR.fullmatch(plain):
            return Period(date(int(found["year"]), 1, 1), 12)
        if found := QUARTER.fullmatch(plain):
            return Period(date(int(found["year"]), 3 * int(found["quarter"]) - 2, 1), 3)
        if found := FIRST_MONTHS.fullmatch(plain):
            return Period(date(int(found["year"]), 1, 1), int(found["months"]))
        ends = [MONTH.fullmatch(part) for part in plain.split("/")]
        if len(ends) in (1, 2) and (first := ends[0]) is not None and (last := ends[-1]) is not None:
            start, end = (date(int(one["year"]), int(one["month"]), 1) for one in (first, last))
            months = 12 * (end.year - start.year) + end.month - start.month + 1
            if 1 <= months <= 120:
                return Period(start, months)
    except ValueError:
        pass
    raise BadPeriod(said("stat_bad_period", text=repr(text)))
