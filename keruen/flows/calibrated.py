"""The choice of routes held against what corridors carried: constants fitted, records held out in turn, and a forecast.

    situations    the base case of each year, routes at the costs of its first of July, no prices of capacity
    fitted to     counts of containers that routes can tell; beta is that of flow_parameters
    held out      each record modelled with constants fitted without all records of its conflict group
    forecast      constants fitted to the years before the last, records of the last year modelled with them

Counts of all cargo are modelled and never fitted to, for the base case lacks most of that cargo. The rule is told, with its reasons, in
docs/flows_choice.md; the table choice_constants holds what `calibrated` finds for the shipped tables, and `constants_of` gives it to the
assignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.flows.assignment import parameters_of, shippers_of
from keruen.flows.base_case import base_demand
from keruen.flows.calibration import Constants, CorridorError, Records, Situation, corridor_errors, fitted_constants
from keruen.flows.choice import Floats, Rows
from keruen.flows.constants import group_of
from keruen.flows.demand import Demand
from keruen.flows.recorded import RecordedVolume, recorded_volumes
from keruen.flows.recorded_routes import in_year, records_of
from keruen.flows.route_sets import route_sets
from keruen.tables.dataset import Dataset

YEARS = (2021, 2022, 2023, 2024)
FITTED_TO = "containers"  # what the records count that constants are fitted to


@dataclass(frozen=True, eq=False)
class Situations:
    """Years with their demand and, as calibration takes them, routes and costs; teu_per_t [k] of each."""

    years: tuple[int, ...]
    demand: Demand
    situations: tuple[Situation, ...]
    teu_per_t: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class Calibration:
    """n records beside the model.

    groups: names of the constants, in the order of `constants`. taken [n]: the records. fitted bool[n]: whether constants are fitted to it.
    held_out float64[n]: volumes by constants fitted without the conflict group. forecast float64[n]: those of the last year by constants
    of the years before, nan for others; before: these constants.
    """

    beta: float
    groups: tuple[str, ...]
    taken: tuple[RecordedVolume, ...]
    records: Records
    fitted: NDArray[np.bool_]
    constants: Constants
    held_out: Floats
    before: Constants
    forecast: Floats

    def errors(self) -> dict[str, tuple[CorridorError, ...]]:
        """Errors by corridor of fitted rows: as fitted, held out, forecast; and of cargo, which is never fitted to."""
        told = np.isfinite(self.forecast)
        return {
            "fitted": corridor_errors(rows_of(self.records, self.fitted), self.constants.modelled[self.fitted]),
            "held_out": corridor_errors(rows_of(self.records, self.fitted), self.held_out[self.fitted]),
            "forecast": corridor_errors(rows_of(self.records, self.fitted & told), self.forecast[self.fitted & told]),
            "never_fitted": corridor_errors(rows_of(self.records, ~self.fitted), self.constants.modelled[~self.fitted]),
        }


def situations_of(data: Dataset, years: Sequence[int] = YEARS) -> Situations:
    """The base case of each year on the network as of its first of July."""
    values = parameters_of(data)
    found, boxes, demands = [], [], []
    for year in years:
        there = in_year(data, date(year, 7, 1))
        demand = base_demand(data, year)
        routes = route_sets(there, demand)
        shippers = shippers_of(demand, routes, values)
        found.append(Situation(routes, shippers.tonnes, routes.generalized_usd_per_t))
        boxes.append(shippers.teu_per_t)
        demands.append(demand)
    return Situations(tuple(years), demands[-1], tuple(found), tuple(boxes))


def calibrated(data: Dataset, situations: Situations | None = None) -> Calibration:
    """Constants fitted to the recorded volumes of a dataset, and every record held out in turn.

    situations: those of the dataset, if they are made already. Raises ValueError for records that cannot be used.
    """
    those = situations or situations_of(data)
    routes = [one.routes for one in those.situations]
    records, taken = records_of(
        recorded_volumes(data, years=those.years), those.years, those.demand, routes, those.teu_per_t
    )
    groups, constant_of = free_groups(data, routes[0].corridors)
    beta = parameters_of(data)["beta"]
    fitted = np.array([one.counted == FITTED_TO for one in taken], bool)
    group = np.array([one.conflict_group for one in taken])
    last = np.array([one.year == those.years[-1] for one in taken], bool)

    def without(out: NDArray[np.bool_], *, intervals: bool = False) -> Constants:
        kept = replace(records, held_out=out | ~fitted)
        return fitted_constants(those.situations, kept, beta=beta, constant_of=constant_of, intervals=intervals)

    whole = without(~fitted, intervals=True)
    held_out = whole.modelled.copy()
    for name in dict.fromkeys(group[fitted].tolist()):
        held_out[group == name] = without(group == name).modelled[group == name]
    before = without(last, intervals=True)
    return Calibration(
        beta, groups, taken, records, fitted, whole, held_out, before, np.where(last, before.modelled, np.nan)
    )


def free_groups(data: Dataset, corridors: Sequence[str]) -> tuple[tuple[str, ...], Rows]:
    """The groups of choice_constants that are fitted, and for each corridor the number of its own among them, -1 for none."""
    free = tuple(row.text("group") for row in data["choice_constants"] if row.text("basis") == "fitted")
    of = group_of(data, corridors)
    return free, np.array([free.index(name) if name in free else -1 for name in of], np.int64)


def rows_of(records: Records, kept: NDArray[np.bool_]) -> Records:
    """Some of the records, without their routes: enough for their errors."""
    names = tuple(name for name, one in zip(records.corridor, kept.tolist(), strict=True) if one)
    none = np.empty(0)
    return Records(
        records.situation[kept], records.low[kept], records.high[kept], names, np.zeros(len(names) + 1, np.int64),
        np.empty(0, np.int64), none, records.held_out[kept],
    )  # fmt: skip


def calibration_document(data: Dataset, found: Calibration) -> dict[str, Any]:
    """A calibration for JSON: constants beside those of the table, every record beside the model, errors by corridor."""

    def of(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    def told(constants: Constants) -> dict[str, Any]:
        ends = zip(found.groups, constants.value, constants.low, constants.high, strict=True)
        return {name: {"value": float(v), "low": of(low), "high": of(high)} for name, v, low, high in ends}

    table = {row.text("group"): row for row in data["choice_constants"]}
    whole = told(found.constants)
    return {
        "beta": found.beta,
        "constants": [
            {"group": name, "name": table[name].text("name"), "name_ru": table[name].text("name_ru"), **whole[name],
             "in_table": table[name].number("value"), "of_years_before": told(found.before)[name]}
            for name in found.groups
        ],
        "sigma": found.constants.sigma,
        "records": [
            {"record": one.record, "year": one.year, "months": one.months, "unit": one.unit, "low": one.low, "high": one.high,
             "fitted_to": bool(found.fitted[i]), "modelled": float(found.constants.modelled[i]),
             "held_out": float(found.held_out[i]) if found.fitted[i] else None, "forecast": of(found.forecast[i]),
             "evidence": list(one.rows)}
            for i, one in enumerate(found.taken)
        ],
        "errors": [
            {"rows": kind, "corridor": one.corridor, "records": one.rows, "factor": one.factor, "bias": one.bias}
            for kind, errors in found.errors().items() for one in errors
        ],
    }  # fmt: skip
