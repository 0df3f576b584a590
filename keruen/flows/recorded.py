"""What corridors carried, as counts that a model may be held to.

    low = m (min of the rows - half of the last digit told)      high = m (max + half of the last digit)      m: `times`

The table recorded_volumes chooses the rows of volumes and figures that count the same: all of a corridor, transit alone, one way, so many
months. Where its rows disagree (2.7, 2.75, 2.764 and 2.8 million tonnes by the Trans-Caspian route in 2023) the record is the range they
span and has no value; nothing is averaged. Plans and forecasts are no counts and cannot be rows of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from keruen.flows.zones import shares_of, zones_of
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row

COLUMN_OF_UNIT = {"t": "value_t", "teu": "value_teu"}


@dataclass(frozen=True)
class RecordedVolume:
    """One count of what the corridors carried together.

    counted: cargo or containers. scope: corridor, section or gateway. traffic: total, transit or export. direction: both, west,
    east. origins, destinations: zones it is about, none for any. value: nan where the sources tell different figures; low, high:
    all that they tell, with their rounding; in `unit` (t or teu) over the first `months` of `year`. conflict_group: records that
    speak of one thing in different ways. rows: where it is told, as table:key.
    """

    record: str
    corridors: tuple[str, ...]
    counted: str
    scope: str
    traffic: str
    direction: str
    origins: frozenset[str]
    destinations: frozenset[str]
    year: int
    months: int
    unit: str
    low: float
    value: float
    high: float
    conflict_group: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]


def recorded_volumes(data: Dataset, *, years: Iterable[int] = (2021, 2022, 2023, 2024)) -> tuple[RecordedVolume, ...]:
    """The counts of these years, in the order of the table."""
    wanted = set(years)
    return tuple(_recorded(data, row) for row in data["recorded_volumes"] if int(row.number("year")) in wanted)


def _recorded(data: Dataset, row: Row) -> RecordedVolume:
    times = row.number("times")
    told = [_told(data, key, row.text("unit")) for key in row.texts("evidence")]
    values = {value for value, _ in told}
    return RecordedVolume(
        record=row.text("record"),
        corridors=row.texts("corridors"),
        counted=row.text("counted"),
        scope=row.text("scope"),
        traffic=row.text("traffic"),
        direction=row.text("direction"),
        origins=frozenset(_zones(data, row.texts("origin"))),
        destinations=frozenset(_zones(data, row.texts("destination"))),
        year=int(row.number("year")),
        months=int(row.number("months")),
        unit=row.text("unit"),
        low=times * min(value - half for value, half in told),
        value=times * values.pop() if len(values) == 1 else math.nan,
        high=times * max(value + half for value, half in told),
        conflict_group=row.text("conflict_group"),
        rows=row.texts("evidence"),
        sources=row.sources(),
    )


def _told(data: Dataset, key: str, unit: str) -> tuple[float, float]:
    """The figure of a row of volumes or figures in tonnes or TEU, and half of its last digit."""
    row = data.find_row(key)
    if row is None:
        raise KeyError(f"recorded_volumes names {key}, which is not there")
    if row.table.name == "volumes":
        value = row.number(COLUMN_OF_UNIT[unit])
        factor = value / row.number("value")
        return value, factor * half_digit(row.number("value"))
    return row.number("value"), row.number("rounding")


def half_digit(value: float) -> float:
    """Half of the last digit in which a figure is written that is not zero: 0.05 for 2.7, 500 for 27,000."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)


def _zones(data: Dataset, ends: tuple[str, ...]) -> set[str]:
    zones = zones_of(data)
    return {zone for end in ends for zone in shares_of(data, zones, (end,))}
