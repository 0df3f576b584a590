"""Days, and the spans that dates in tables stand for: a year is all its days, a month all its days, a day itself.

2025       2025-01-01 .. 2025-12-31
2025-11    2025-11-01 .. 2025-11-30
"""

from __future__ import annotations

import calendar
from datetime import date, datetime

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
