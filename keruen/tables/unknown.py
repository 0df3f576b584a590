"""Sums in which unknown stays unknown: never zero, and never left out.

1.5 + None = None        the sum of nothing = 0
"""

from __future__ import annotations

import math
from collections.abc import Iterable


def sum_of(values: Iterable[float | None]) -> float | None:
    """The sum of some figures; None if one is not known."""
    found = list(values)
    known = [value for value in found if value is not None]
    return math.fsum(known) if len(known) == len(found) else None


def known(value: float) -> float | None:
    """A number of a table; None where it is not known (NaN)."""
    return None if math.isnan(value) else value
