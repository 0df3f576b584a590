"""Bottlenecks: where flows stick, what that costs, what one more unit of capacity is worth, and who is affected.

    use          load / capacity                                                         wait    hours in the queue
    price        what one more unit a year is worth, USD: the dual price of capacity, before anybody answers to it
    one more     all flows solved anew with the step of the table capacities: what shippers save, rule of half (relief)
    affected     select link: the load of a facility by origin, destination and class; the sums equal it

A facility is a bottleneck if it has a price, or if goods wait an hour or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text, in_both
from keruen.flows.assignment import FlowResult
from keruen.flows.capacity import flow_through
from keruen.flows.relief import relief
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]

LONG_WAIT_H = 1.0
NO_PRICE = 1e-6  # USD per unit: rounding of a price of nothing


@dataclass(frozen=True)
class Share:
    """Who loads a facility: a zone or class and its name, units a year, and the share of the facility's load."""

    key: str
    name: Text
    load: float
    share: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"key": self.key, **in_both("name", self.name), "load": self.load, "share": self.share}


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """A facility that limits flows; loads in its unit a year.

    saves_usd: what shippers save a year with one more step of capacity, capacity prices counted as paid; nan where it was not worked
    out. origins, destinations, classes: who loads it, the largest first; `load` of each column sums to that of the facility.
    """

    key: str
    name: str
    unit: str
    capacity: float
    load: float
    use: float
    wait_h: float
    price_usd_per_unit: float
    step: float
    step_name: str
    marginal_usd: float
    saves_usd: float
    source: str
    origins: tuple[Share, ...]
    destinations: tuple[Share, ...]
    classes: tuple[Share, ...]

    @property
    def worth(self) -> str:
        """What one more step is worth, as a sentence in both languages."""
        usd = self.marginal_usd if np.isnan(self.saves_usd) else self.saves_usd
        return said("flows_worth", step=self.step_name, name=self.name, usd=usd / 1e6)

    def to_dict(self, most: int = 5) -> dict[str, Any]:
        """Ready for JSON; of those affected the first `most` of each kind. None where a figure is not known."""
        numbers = {
            name: None if np.isnan(value := getattr(self, name)) else value
            for name in ("capacity", "load", "use", "wait_h", "price_usd_per_unit", "step", "marginal_usd", "saves_usd")
        }
        affected = {
            kind: [one.to_dict() for one in getattr(self, kind)[:most]]
            for kind in ("origins", "destinations", "classes")
        }
        return {
            "facility": self.key, **in_both("name", self.name), "unit": self.unit, **numbers,
            **in_both("step_name", self.step_name), **in_both("worth", self.worth), "source": self.source, "affected": affected,
        }  # fmt: skip


def bottlenecks(data: Dataset, found: FlowResult, *, solved: int = 3) -> list[Bottleneck]:
    """The bottlenecks of an assignment, that with the most to save by one more step first.

    solved: for so many of them all flows are solved anew with the step; of the others the price at the margin is told.
    """
    places, loading = found.places, found.loading
    rows = {row.text("capacity"): row for row in data["capacities"]}
    price = loading.price_usd_per_unit
    limiting = np.flatnonzero((np.nan_to_num(price) > NO_PRICE) | (loading.wait_h >= LONG_WAIT_H))
    steps = np.array([rows[key].number("step_per_year") for key in places.keys])
    marginal = np.nan_to_num(price) * places.highest_use * steps
    made = []
    for rank, row in enumerate(limiting[np.argsort(-marginal[limiting], kind="stable")].tolist()):
        told, saves = rows[places.keys[row]], np.nan
        if rank < solved and marginal[row] > 0:
            saves = relief(
                found.routes, found.shippers, places, loading, row, steps[row], constants=found.constants, through=found.through
            ).shippers_usd  # fmt: skip
        made.append(
            Bottleneck(
                places.keys[row],
                places.names[row],
                places.unit[row],
                float(places.capacity_per_year[row]),
                float(loading.load[row]),
                float(loading.load[row] / places.capacity_per_year[row]),
                float(loading.wait_h[row]),
                float(price[row]),
                float(steps[row]),
                Text(told.text("step_name"), told.text("step_name_ru")),
                float(marginal[row]),
                float(saves),
                told.id,
                **affected(data, found, row),
            )  # fmt: skip
        )
    return sorted(made, key=lambda one: -np.nan_to_num(one.saves_usd, nan=one.marginal_usd))


def affected(data: Dataset, found: FlowResult, row: int) -> dict[str, tuple[Share, ...]]:
    """Who loads a facility (select link), by origin, destination and class."""
    load = flow_through(found.routes, found.loading, found.shippers, found.places, found.through, row)
    routes, demand = found.routes, found.demand
    kinds = {
        "origins": (routes.origin, demand.zones, "places"),
        "destinations": (routes.destination, demand.zones, "places"),
        "classes": (routes.cargo, tuple(one.name for one in demand.classes), "cargo_classes"),
    }
    return {
        name: shares(data, np.bincount(of, load, len(keys)).astype(float), keys, table)
        for name, (of, keys, table) in kinds.items()
    }


def shares(data: Dataset, load: Floats, keys: tuple[str, ...], table: str) -> tuple[Share, ...]:
    """Loads by key, the largest first, without those of nothing. table: the one that names the keys."""
    whole = float(load.sum()) or 1.0
    order = np.argsort(-load, kind="stable")
    return tuple(
        Share(keys[i], name_of(data, table, keys[i]), float(load[i]), float(load[i]) / whole)
        for i in order.tolist() if load[i] > 0
    )  # fmt: skip


def name_of(data: Dataset, table: str, key: str) -> Text:
    """The name of a row of a table, its key where the table does not have it."""
    row = data[table].find(key)
    return Text(row.text("name"), row.text("name_ru")) if row else Text(key)
