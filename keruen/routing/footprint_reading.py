"""Reading a JSON file that nobody vouches for: values as far as they can be read, and every fault with a JSON pointer (RFC 6901).

Nothing is trusted: numbers keep their digits (Decimal) and are bounded in length and size, messages show values short and on one line,
and only the first thousand errors and as many warnings are kept. A slip does not hide the next one: "8,42" is reported and read as 8.42.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

MOST_PROBLEMS = 1_000
MOST_DIGITS = 40
MOST_SHOWN = 60  # characters of a value in a message
ROUNDING = Decimal("0.0005")
MOST_ROUNDING = Decimal("0.05")  # a figure of one digit can be no rounding of just anything near it
ERROR, WARNING = "error", "warning"

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+\Z")
EXPONENT = re.compile(r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,3}\Z")


@dataclass(frozen=True)
class EmissionProblem:
    """One thing wrong in a file. pointer: JSON pointer, empty for the whole file; severity: error or warning."""

    pointer: str
    message: str
    severity: str = ERROR

    def __str__(self) -> str:
        return f"{self.severity} at {self.pointer or 'the whole file'}: {self.message}"

    def to_dict(self) -> dict[str, str]:
        """Ready for JSON."""
        return {"pointer": self.pointer, "severity": self.severity, "message": self.message}


class NoNumber:
    """A number that cannot be used: NaN, infinity, or more digits than any measurement has."""

    def __init__(self, text: str) -> None:
        self.text = text[:MOST_SHOWN]

    def __repr__(self) -> str:
        return self.text


def bounded(text: str) -> Decimal | NoNumber:
    """A JSON number as it is written, if it is short enough to mean something."""
    value = read_decimal(text)
    return NoNumber(text) if value is None else value


def no_number(text: str) -> NoNumber:
    """What some programs write for numbers that JSON does not have."""
    return NoNumber(text)


def read_decimal(text: str) -> Decimal | None:
    """A decimal, with or without exponent; None if it is none, or longer or larger than any figure of a shipment."""
    if len(text) > MOST_DIGITS or not (DECIMAL.match(text) or EXPONENT.match(text)):
        return None
    value = Decimal(text)
    return value if value == 0 or -MOST_DIGITS < value.adjusted() < MOST_DIGITS else None


def once(pairs: list[tuple[str, Any]], doubled: list[str]) -> dict[str, Any]:
    """An object; keys that come twice are noted, as few as are worth telling."""
    found = dict(pairs)
    if len(found) < len(pairs) and len(doubled) < MOST_PROBLEMS:
        keys = [key for key, _ in pairs]
        doubled += [key for key in found if keys.count(key) > 1] if len(pairs) < MOST_PROBLEMS else [keys[0]]
    return found


def shown(value: object) -> str:
    """A value in a message: short, on one line, without control characters."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Decimal):
        return f"the number {value}"
    text = json.dumps(value, ensure_ascii=True) if isinstance(value, str | bool) or value is None else repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."


def step(pointer: str, key: object) -> str:
    """The pointer to a member or item of what `pointer` points to."""
    return f"{pointer}/{str(key)[:MOST_SHOWN].replace('~', '~0').replace('/', '~1')}"


def close(found: Decimal, expected: Decimal) -> bool:
    """Whether a figure as written may be a rounding of another: to one part in 2,000, or to its last digit if that is little of it."""
    exponent = found.as_tuple().exponent
    half_digit = Decimal(1).scaleb(exponent) / 2 if isinstance(exponent, int) else Decimal(0)
    size = abs(expected)
    return abs(found - expected) <= max(size * ROUNDING, min(half_digit, size * MOST_ROUNDING))


def figure(value: Decimal) -> str:
    """A decimal in a message, with at most twelve digits and no idle zeros."""
    text = f"{Decimal(f'{value:.12g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass
class Reader:
    """Reads values out of JSON objects and notes what is wrong with them."""

    problems: list[EmissionProblem] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)  # by severity

    @property
    def left_off(self) -> int:
        """How many problems are not kept."""
        return self.found.total() - len(self.problems)

    def report(self, pointer: str, message: str, severity: str = ERROR) -> None:
        """Note a problem; warnings take no room from errors."""
        self.found[severity] += 1
        if self.found[severity] <= MOST_PROBLEMS:
            self.problems.append(EmissionProblem(pointer, message, severity))

    def warn(self, pointer: str, message: str) -> None:
        """Note something unusual."""
        self.report(pointer, message, WARNING)

    def text(self, owner: Mapping[str, Any], key: str, pointer: str, *, required: bool = True) -> str | None:
        """A text that is not empty."""
        value = owner.get(key)
        if key not in owner:
            if required:
                self.report(pointer, f"{key} is missing")
            return None
        if not isinstance(value, str):
            self.report(step(pointer, key), f"{key} must be a text, not {shown(value)}")
            return None
        if not value.strip() and required:
            self.report(step(pointer, key), f"{key} is empty")
            return None
        return value

    def decimal(
        self, owner: Mapping[str, Any], key: str, pointer: str, *, required: bool = True, negative: bool = False
    ) -> Decimal | None:
        """A decimal number, which the data model writes as a text with a point; read as far as it can be."""
        if key not in owner:
            if required:
                self.report(pointer, f"{key} is missing")
            return None
        here, value = step(pointer, key), owner[key]
        if isinstance(value, Decimal):
            self.report(here, f'{key} must be a text like "{figure(value)}", not {shown(value)}')
            number: Decimal | None = value
        elif isinstance(value, str) and DECIMAL_COMMA.match(value.strip()) and len(value) <= MOST_DIGITS:
            self.report(here, f"{key} has a decimal comma: {shown(value)}; the data model wants a point")
            number = Decimal(value.strip().replace(",", "."))
        elif isinstance(value, str):
            number = read_decimal(value.strip())
            if number is None or not DECIMAL.match(value):
                self.report(here, f"{key} is not a decimal number: {shown(value)}")
        else:
            self.report(here, f"{key} must be a decimal number in a text, not {shown(value)}")
            number = None
        if number is not None and number < 0 and not negative:
            self.report(here, f"{key} is negative: {figure(number)}")
        return number

    def objects(self, owner: Mapping[str, Any], key: str, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list that must not be empty, with their pointers."""
        value = owner.get(key)
        if not isinstance(value, list) or not value:
            what = "is missing" if key not in owner else f"must be a list with at least one object, not {shown(value)}"
            self.report(
                pointer if key not in owner else step(pointer, key), f"{key} {what if value != [] else 'is empty'}"
            )
            return
        for i, item in enumerate(value):
            here = step(step(pointer, key), i)
            if isinstance(item, dict):
                yield here, item
            else:
                self.report(here, f"this must be an object, not {shown(item)}")

    def one_of(
        self, owner: Mapping[str, Any], key: str, allowed: Collection[str], pointer: str, *, required: bool = False,
        growing: bool = False,
    ) -> str | None:  # fmt: skip
        """A word of a list; `growing`: the specification says that the list will grow, so another word is a warning."""
        value = self.text(owner, key, pointer, required=required)
        if value is not None and value not in allowed:
            say = self.warn if growing else self.report
            say(step(pointer, key), f"{key} {shown(value)} is none of {', '.join(allowed)}")
        return value

    def share(self, owner: Mapping[str, Any], key: str, pointer: str, *, zero: bool, one: bool) -> None:
        """A decimal between 0 and 1, with or without the ends."""
        value = self.decimal(owner, key, pointer, required=False, negative=True)
        if value is not None and not ((0 < value < 1) or (zero and value == 0) or (one and value == 1)):
            self.report(step(pointer, key), f"{key} must lie between 0 and 1, not be {figure(value)}")

    def moment(self, owner: Mapping[str, Any], key: str, pointer: str, *, required: bool = False) -> datetime | None:
        """A date and time in UTC."""
        value = self.text(owner, key, pointer, required=required)
        if value is None:
            return None
        try:
            found: datetime | None = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.utcoffset() != timedelta(0):
            self.report(
                step(pointer, key),
                f"{key} must be a date and time in UTC like 2026-01-31T12:00:00Z, not {shown(value)}",
            )
            return None
        return found

    def positive(self, owner: Mapping[str, Any], key: str, pointer: str) -> Decimal | None:
        """A decimal above zero."""
        value = self.decimal(owner, key, pointer)
        if value is not None and value == 0:
            self.report(step(pointer, key), f"{key} is zero")
        return value if value is not None and value > 0 else None
