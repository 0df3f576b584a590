"""Demand: how much of each class of cargo goes from where to where in a year, and how surely that is known.

zones            places that stand for a country or a part of it: sea gateways, dry ports, cities
cargo classes    how goods are carried (load and unit) and what an hour of theirs is worth
demand           one row per origin zone, destination zone and class: tonnes and TEU a year, with bounds
markets          the same summed over sectors and sources: what an assignment needs

growth over n years    t <- t (1 + g)^n,   low <- low min((1 + g_low)^n, (1 + g_high)^n),   high with the max
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.lookup import most_specific
from keruen.tables.words import said

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
HOURS_PER_DAY = 24
BOXED = ("container", "reefer", "dangerous")
"""Loads that go in containers, so that tonnes and TEU are two measures of one thing."""


@dataclass(frozen=True)
class CargoClass:
    """A logistics class: one way of handling and one value of time.

    commodity: row of the table commodities whose load, unit and value it takes. value_of_time_usd_per_t_h: dollars.
    t_per_teu: nan for goods that do not go in containers.
    """

    name: str
    commodity: str
    load: str
    unit: str
    value_of_time_usd_per_t_h: float
    t_per_teu: float


@dataclass(frozen=True, eq=False)
class Demand:
    """An origin-destination table of n rows over z zones and c classes, in tonnes and TEU a year.

    zones: codes of places [z]; countries: ISO 3166 alpha-2 of each zone [z]. origin, destination, cargo: int32[n], rows
    of zones and of classes. tonnes, low_t, high_t: float64[n], best value and bounds, the bounds nan where they are not
    known; teu float64[n], nan where it does not go in containers. sector int32[n]: row of sectors, -1 where not told, kept
    through the assignment and not used by it. source int32[n]: row of sources, each a tuple of keys of the table
    sources or, for a matrix from a file, what the file says.
    """

    year: int
    zones: tuple[str, ...]
    countries: tuple[str, ...]
    classes: tuple[CargoClass, ...]
    sectors: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...]
    origin: Rows
    destination: Rows
    cargo: Rows
    sector: Rows
    tonnes: Floats
    low_t: Floats
    high_t: Floats
    teu: Floats
    source: Rows

    def __len__(self) -> int:
        return len(self.origin)


@dataclass(frozen=True, eq=False)
class Markets:
    """Demand summed over sectors and sources: k markets in the order of origin, destination, class.

    origin, destination, cargo: int32[k]; tonnes, low_t, high_t, teu: float64[k], the bounds nan as soon as one row's
    are, teu nan where nothing of it goes in containers. Rows of demand in market m: row[first_row[m]:first_row[m + 1]].
    """

    origin: Rows
    destination: Rows
    cargo: Rows
    tonnes: Floats
    low_t: Floats
    high_t: Floats
    teu: Floats
    first_row: NDArray[np.int64]
    row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.origin)

    def market_of_row(self) -> Rows:
        """For each row of the demand its market; int32[n]."""
        found = np.empty(len(self.row), dtype=np.int32)
        found[self.row] = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.first_row))
        return found


@dataclass(frozen=True)
class Growth:
    """Growth a year in per cent, and its bounds."""

    percent: float
    low: float
    high: float


def cargo_classes(data: Dataset) -> tuple[CargoClass, ...]:
    """The logistics classes of the table, each with load, unit and value of time of the commodity that stands for it."""
    commodities = data["commodities"]
    found = []
    for row in data["cargo_classes"]:
        commodity = commodities.row(commodities.find_index(row.text("commodity")))
        load = commodity.text("load")
        found.append(
            CargoClass(
                name=row.text("cargo_class"),
                commodity=row.text("commodity"),
                load=load,
                unit=commodity.text("unit"),
                value_of_time_usd_per_t_h=commodity.number("vot_usd_per_t_day") / HOURS_PER_DAY,
                t_per_teu=commodity.number("t_per_teu") if load in BOXED else np.nan,
            )
        )
    return tuple(found)


def t_per_teu(classes: Sequence[CargoClass]) -> Floats:
    """Tonnes in a TEU of each class, nan where it does not go in containers; float64[c]."""
    return np.array([one.t_per_teu for one in classes], dtype=np.float64)


def markets(demand: Demand) -> Markets:
    """The unique pairs of zones and class with their sums, and the rows of demand in each. Sorts once: n log n."""
    zones, classes = len(demand.zones), len(demand.classes)
    key = (demand.origin.astype(np.int64) * zones + demand.destination) * classes + demand.cargo
    row = np.argsort(key, kind="stable")
    ordered = key[row]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    market = ordered[starts]
    boxes = demand.teu[row]
    has_boxes = np.add.reduceat(~np.isnan(boxes), starts, dtype=np.int64) > 0 if len(starts) else np.zeros(0, bool)

    def summed(values: Floats) -> Floats:
        return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)

    return Markets(
        origin=(market // (zones * classes)).astype(np.int32),
        destination=(market // classes % zones).astype(np.int32),
        cargo=(market % classes).astype(np.int32),
        tonnes=summed(demand.tonnes[row]),
        low_t=summed(demand.low_t[row]),
        high_t=summed(demand.high_t[row]),
        teu=np.where(has_boxes, summed(np.nan_to_num(boxes)), np.nan),
        first_row=np.append(starts, len(row)).astype(np.int64),
        row=row.astype(np.int64),
    )


def merged(demand: Demand) -> Demand:
    """The demand with one row for each origin, destination, class, sector and source; what was told in several is summed."""
    key = demand.origin.astype(np.int64) * len(demand.zones) + demand.destination
    for column, count in (
        (demand.cargo, len(demand.classes)),
        (demand.sector + 1, len(demand.sectors) + 1),
        (demand.source, len(demand.sources)),
    ):
        key = key * count + column
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    if len(first) == len(demand):
        return demand

    def summed(values: Floats) -> Floats:
        return np.bincount(row, values, len(first)).astype(np.float64)

    return replace(
        demand,
        origin=demand.origin[first],
        destination=demand.destination[first],
        cargo=demand.cargo[first],
        sector=demand.sector[first],
        source=demand.source[first],
        tonnes=summed(demand.tonnes),
        low_t=summed(demand.low_t),
        high_t=summed(demand.high_t),
        teu=summed(demand.teu),
    )


def growth_rates(data: Dataset) -> Mapping[str, Growth]:
    """Growth a year of each class from the table demand_growth."""
    found = {}
    for name in data["cargo_classes"].texts("cargo_class"):
        row = most_specific(data["demand_growth"], cargo_class=name)
        if row is not None:
            found[name] = Growth(row.number("percent_per_year"), row.number("percent_low"), row.number("percent_high"))
    return found


def growth_factors(
    classes: Sequence[CargoClass], years: NDArray[np.int64], rates: Mapping[str, Growth]
) -> tuple[Floats, Floats, Floats]:
    """What a quantity of each class is multiplied by over so many years: best, low, high; each float64[c, len(years)].

    Backwards in time the slower growth makes the upper bound, so bounds are the lesser and the greater of both powers.
    Raises UnknownOption if a class has no rate.
    """
    if missing := sorted({one.name for one in classes} - set(rates)):
        raise UnknownOption(said("demand_no_growth", classes=", ".join(missing)))
    percents = np.array([[rates[one.name].percent, rates[one.name].low, rates[one.name].high] for one in classes])
    best, one_way, other = (1 + percents.T[:, :, None] / 100) ** years[None, None, :]
    return best, np.minimum(one_way, other), np.maximum(one_way, other)


def grown(demand: Demand, year: int, rates: Mapping[str, Growth] | float) -> Demand:
    """The demand of another year: each class grown at its own rate, its bounds at the bounds of the rate.

    rates: by class, as growth_rates gives them from the table, or one rate in per cent a year for all, taken as sure.
    Raises UnknownOption if a class in the demand has no rate.
    """
    if isinstance(rates, float | int):
        rates = {one.name: Growth(rates, rates, rates) for one in demand.classes}
    factors = growth_factors(demand.classes, np.array([year - demand.year]), rates)
    best, low, high = (factor[demand.cargo, 0] for factor in factors)
    return replace(
        demand,
        year=year,
        tonnes=demand.tonnes * best,
        low_t=demand.low_t * low,
        high_t=demand.high_t * high,
        teu=demand.teu * best,
    )
