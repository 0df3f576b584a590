"""Which routes a recorded volume counts, and the year a dataset is set to: what lies between the records and calibration.

    a count of a corridor     all routes named after one of its corridors, from its origins to its destinations (none: any)
    in tonnes                 months / 12 a tonne           in TEU     TEU per tonne of the market x months / 12
    a year                    the conditions of a day in it, taken to hold always, at usual freight rates: those of the spot market
                              are quoted by the week and paid by few, and in 2021 and 2024 were rent rather than cost

Left out are counts of sections and gateways, which the name of a route does not tell, and counts of transit that do not say between what
ends: a route set does not know which of its routes leave a country that they do not enter for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keruen.flows.calibration import Records
from keruen.flows.choice import Floats, market_of
from keruen.flows.demand import Demand
from keruen.flows.recorded import RecordedVolume
from keruen.flows.route_sets import RouteSet
from keruen.tables.conditions import holds
from keruen.tables.dataset import Dataset
from keruen.tables.reading import table_from_rows


def in_year(data: Dataset, day: date) -> Dataset:
    """The dataset in which the conditions of a day hold always, at usual freight rates, for questions that know no date."""
    always = {"period_start": "", "period_end": "", "months": ""}
    in_force = [{**row, **always} for row in data["conditions"] if holds(row, day)]
    return data.with_table("conditions", table_from_rows(data["conditions"].schema, in_force))


def usable(record: RecordedVolume) -> bool:
    """Whether the routes that a record counts can be told by the names of their corridors and their ends."""
    between = bool(record.origins or record.destinations)
    return record.scope == "corridor" and (between or record.traffic == "total")


def counted(
    record: RecordedVolume, demand: Demand, routes: RouteSet, teu_per_t: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """The routes a record counts, and units of it per tonne of each."""
    zones = np.array(demand.zones)
    of = market_of(routes)
    mine = np.isin(
        routes.corridor, [routes.corridors.index(key) for key in record.corridors if key in routes.corridors]
    )
    for ends, market in ((record.origins, routes.origin), (record.destinations, routes.destination)):
        if ends:
            mine &= np.isin(zones[market], list(ends))[of]
    units = np.nan_to_num(teu_per_t[of]) if record.unit == "teu" else np.ones(len(of))
    found = np.flatnonzero(mine & (units > 0)).astype(np.int64)
    return found, units[found] * record.months / 12


def records_of(
    volumes: Sequence[RecordedVolume],
    years: Sequence[int],
    demand: Demand,
    routes: Sequence[RouteSet],
    teu_per_t: Sequence[Floats],
    held_out: frozenset[str] = frozenset(),
) -> tuple[Records, tuple[RecordedVolume, ...]]:
    """The usable records of some years as calibration takes them, and which they are.

    routes, teu_per_t: of each year's situation. held_out: names of records kept out of the fit. A record that none of its year's routes
    could carry is left out too: nothing modelled stands against it.
    """
    taken: list[RecordedVolume] = []
    parts: list[tuple[NDArray[np.int64], Floats]] = []
    for volume in volumes:
        if volume.year in years and usable(volume):
            y = list(years).index(volume.year)
            part = counted(volume, demand, routes[y], teu_per_t[y])
            if len(part[0]):
                taken.append(volume)
                parts.append(part)
    made = Records(
        np.array([list(years).index(volume.year) for volume in taken], np.int64),
        np.array([volume.low for volume in taken], float),
        np.array([volume.high for volume in taken], float),
        tuple("|".join(volume.corridors) for volume in taken),
        np.concatenate([[0], np.cumsum([len(route) for route, _ in parts])]).astype(np.int64),
        np.concatenate([route for route, _ in parts]) if parts else np.empty(0, np.int64),
        np.concatenate([units for _, units in parts]) if parts else np.empty(0),
        np.array([volume.record in held_out for volume in taken], bool),
    )
    return made, tuple(taken)
