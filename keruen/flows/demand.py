"""Demand: how much of each class of cargo goes from where to where in a year, and how surely that is known.

    zones            places that stand for a country or a part of it: sea gateways, dry ports, cities
    cargo classes    how goods are carried (load and unit) and what an hour of theirs is worth
    demand           one row per origin zone, destination zone and class: tonnes and TEU a year, with bounds
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


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
    of zones and of classes. tonnes, low_t, high_t: float64[n], best value and bounds; teu float64[n], nan where it does
    not go in containers. sector int32[n]: row of sectors, kept through the assignment and not used by it.
    source int32[n]: row of sources, each a tuple of keys of the table sources.
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
