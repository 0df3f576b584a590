"""Days, and the spans that dates in tables stand for: a year is all its days, a month all its days, a day itself.

2025               2025-01-01 .. 2025-12-31
2025-11            2025-11-01 .. 2025-11-30
2022-01/2022-09    2022-01-01 .. 2022-09-30      an interval of ISO 8601, both ends included
"""

from __future__ import annotations

import calendar
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from keruen.errors import BadDate
from keruen.tables.words import said

ISO_DAY = "%Y-%m-%d"


def first_day(cell: str) -> date:
    """The first day of a year, a month or a day as tables write it."""
    year, month, day = [int(part) for part in cell.split("-")] + [1] * (2 - cell.count("-"))
    return date(year, month, day)


def last_day(cell: str) -> date:
    """The last day of a year, a month or a day as tables write it."""
    year, month = [int(part) for part in cell.split("-")[:2]] + [12] * (cell.count("-") == 0)
    return date.fromisoformat(cell) if cell.count("-") == 2 else date(year, month, calendar.monthrange(year, month)[1])


def middle_day(cell: str) -> date:
    """The day in the middle of a year, a month or a day as tables write it."""
    first = first_day(cell)
    return first + (last_day(cell) - first) / 2


def as_day(when: str | date) -> date:
    """A day given as a date or as text, year-month-day.

    Raises:
        BadDate: the text is written in another way, or there is no such day.
    """
    if isinstance(when, datetime):
        return when.date()
    if isinstance(when, date):
        return when
    text = when.strip()
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        raise BadDate(said("err_day_form", when=when))
    try:
        return datetime.strptime(text, ISO_DAY).date()
    except ValueError:
        raise BadDate(said("err_no_day", day=text)) from None


class Span(NamedTuple):
    """The days that a period stands for, both included."""

    first: date
    last: date

    @property
    def months(self) -> int:
        """Months it touches."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


@lru_cache(maxsize=4096)
def span_of(period: str) -> Span | None:
    """The days of a year, a month, a day or an interval of these (first/last); None if the text is none of them."""
    first, _, last = period.partition("/")
    try:
        span = Span(first_day(first), last_day(last or first))
    except ValueError:
        return None
    return span if span.first <= span.last else None


def a_year_before(span: Span) -> Span | None:
    """The same days a year earlier, months whole where they are; None before the year 1."""
    if span.first.year == 1:
        return None
    return Span(_year_before(span.first), _year_before(span.last))


def _year_before(day: date) -> date:
    """The same day a year earlier; the last day of February for the last day of February."""
    year = day.year - 1
    if day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]:
        return date(year, 2, calendar.monthrange(year, 2)[1])
    return date(year, day.month, day.day)
