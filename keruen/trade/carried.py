"""What is carried between two areas by mode: tonnes, tonne-kilometres, containers (TEU) as freight statistics count them.

Freight tables are of their scope: `haulier LT` counts what hauliers registered in Lithuania carry, not all goods between two countries.
So each scope, source and edition is a line of its own, and none is added to another, nor to the tonnes of trade. A period is taken as
printed or, if all of them are there, summed from its months or quarters; what is not known stays so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.trade.period import Period
from keruen.trade.store import Store

MEASURES = ("mass_t", "tkm", "teu", "count")
CARRIED = """
SELECT coalesce(source, ''), coalesce(edition, ''), import_id, coalesce(scope, ''), coalesce(mode, ''), coalesce(goods, ''),
       origin, destination, start, months, max(mass_t), max(tkm), max(teu), max(count),
       count(mass_t), count(tkm), count(teu), count(count)
FROM freight JOIN imports USING (import_id)
WHERE origin = ? AND destination = ? AND ({spans}) GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Carried:
    """Freight from an origin to a destination in one scope; None is unknown. growth_mass: of the tonnes on the year, a share."""

    source: str
    edition: str
    import_id: int
    scope: str
    mode: str
    goods: str
    origin: str
    destination: str
    mass_t: float | None
    tkm: float | None
    teu: float | None
    count: float | None
    growth_mass: float | None

    def to_json(self) -> dict[str, object]:
        """The line as a flat object."""
        return {name: None if value == "" else value for name, value in self.__dict__.items()}


def carried(store: Store, one: str, other: str, period: Period) -> list[Carried]:
    """All that is carried between two areas (codes of the store) in a period, both ways, each scope and kind of goods by itself."""
    wanted = sorted({part for whole in (period, period.earlier) for parts in whole.spellings() for part in parts})
    query = CARRIED.format(spans=" OR ".join("(start = ? AND months = ?)" for _ in wanted))
    spans = [cell for part in wanted for cell in (part.start, part.months)]
    found: dict[tuple[object, ...], dict[Period, list[float | None]]] = defaultdict(dict)
    for ends in ((one, other), (other, one)):
        for row in store.sql(query, [*ends, *spans]):
            values = [
                value if told == 1 else None for value, told in zip(row[10:14], row[14:18], strict=True)
            ]  # two figures for one thing: neither
            found[row[:8]][Period(row[8], row[9])] = values
    lines = []
    for key, cells in found.items():
        now, then = (_of_period(cells, whole) for whole in (period, period.earlier))
        if any(value is not None for value in now):
            growth = now[0] / then[0] - 1 if now[0] is not None and then[0] else None
            lines.append(Carried(*(*key, *now, growth)))  # type: ignore[arg-type]
    return lines


def _of_period(cells: dict[Period, list[float | None]], period: Period) -> Sequence[float | None]:
    """The four measures of a period, printed or summed from all its parts."""
    sums: list[float | None] = []
    for measure in range(len(MEASURES)):
        value = None
        for parts in period.spellings():
            told = [cells[part][measure] if part in cells else None for part in parts]
            if all(one is not None for one in told):
                value = sum(one for one in told if one is not None)
                break
        sums.append(value)
    return sums
