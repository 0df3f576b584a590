"""Import duties on what a chain carries over a border: the nearest row of the table import_duties, or unknown.

A row names its origin and destination by country, by a group of the table countries, or as any; a country is nearer than a group,
a group nearer than any, and a good named is nearer than any good. Preferences of trade agreements and suspensions count only where the
table has them.
"""

from __future__ import annotations

import numpy as np

from keruen.tables.dataset import Dataset
from keruen.tables.table import Row

ANY = "any"
COUNTRY, GROUP, ALL = 2, 1, 0


class Duties:
    """The table, ready to be asked. asked_in_vain: (good, origin, destination) that had no row."""

    def __init__(self, data: Dataset) -> None:
        self._rows = list(data["import_duties"])
        self._groups = {row.text("country"): set(row.texts("groups")) for row in data["countries"]}
        self._known: dict[tuple[str, str, str], Row | None] = {}

    def row(self, good: str, origin: str, destination: str) -> Row | None:
        """The row that holds for a good from one country into another; None if nothing is known, or both are the same country."""
        key = (good, origin, destination)
        if key not in self._known:
            found = [
                ((near[0] + near[1], row.text("good") == good), -at, row)
                for at, row in enumerate(self._rows)
                if row.text("good") in (good, ANY)
                and (near := (self._near(row.text("origin"), origin), self._near(row.text("destination"), destination)))
                and min(near) >= ALL
            ]
            self._known[key] = max(found, key=lambda one: one[:2])[2] if found else None
        return self._known[key]

    def share(self, good: str, origin: str, destination: str) -> float:
        """Duty as a share of the value; 0 within a country, nan where it is not known."""
        if origin == destination:
            return 0.0
        row = self.row(good, origin, destination)
        return float("nan") if row is None else row.number("duty_pct") / 100

    @property
    def asked_in_vain(self) -> tuple[tuple[str, str, str], ...]:
        """What had no row so far, in order."""
        return tuple(sorted(key for key, row in self._known.items() if row is None))

    def _near(self, said: str, country: str) -> int:
        """How near a name of the table is to a country; -1 if it does not hold for it."""
        if said == ANY:
            return ALL
        if said == country:
            return COUNTRY
        return GROUP if said in self._groups.get(country, set()) else -1


def usd_per_unit(duties: Duties, good: str, price: float, origin: str, destination: str) -> float:
    """Duty on a unit of a good at its price in the table chain_goods; 0 where the duty is not known (it is in asked_in_vain), nan where
    a duty is known and the price is not."""
    share = duties.share(good, origin, destination)
    if np.isnan(share) or share == 0:
        return 0.0
    return share * price
