"""Disruptions that happened, played again: what was published beside what the model says, and by how much it is off.

    added_days, added_distance_pct, added_cost_pct    best way Shanghai - Rotterdam by sea, usual and with the disruption
    suez_usd_bn_per_day, suez_containers_pct           value through the canal in the usual flows; TEU through it under the disruption
    trains_waiting                                     usual tonnes over the border in the days shut, in trains of its capacity
    days_late                                          days shut: who comes first waits them out (first in, first out, room to spare after)
    added_days (storms)                                mean of what is left of a storm on a day of January, over the draws
    payload_left_pct                                   1 - lost / payload of the ships of the table

Nothing here is fitted; a figure that the model's rows were taken from is marked, since meeting it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from keruen.errors import Text, UnknownOption, in_both
from keruen.network.build import open_world
from keruen.routing.result import Route
from keruen.routing.route import route
from keruen.stress.disruptions import broken, events
from keruen.stress.draws import futures
from keruen.stress.ensemble import SEED
from keruen.stress.flow_ground import FlowGround
from keruen.stress.flow_question import FlowQuestion
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

BY_SEA = {"avoid": ("mode:rail", "mode:road", "mode:air"), "most": 1, "only_unbeaten": True}
ENDS = ("CNSHA", "NLRTM")
EVENT_OF = {
    "suez_2021": "suez_blocked", "red_sea_2023": "red_sea_unsafe", "poland_2025": "poland_belarus_border",
    "kuryk_storms": "caspian_january", "caspian_level": "caspian_half_metre",
}  # fmt: skip
JANUARY_DAYS, STORM_DRAWS = 31.0, 2000
A_TRAIN_A_DAY = 730  # trains a year, one each way: what a step of the border's capacity is
SUEZ, BORDER, SHIP = "suez", "malaszewicze", "feeder"


@dataclass(frozen=True)
class Replayed:
    """A published figure (a range from low to high) and the model's beside it; error: the model less the nearest published value."""

    row: Row
    model: float

    @property
    def error(self) -> float:
        """How far the model lies outside the published range, in the unit of the figure; 0 inside."""
        low, high = self.row.number("low"), self.row.number("high")
        return min(self.model - low, 0.0) + max(self.model - high, 0.0)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        row = self.row
        return {
            "figure": row.text("figure"), "replay": row.text("replay"), **in_both("name", Text(row.text("name"), row.text("name_ru"))),
            "low": row.number("low"), "high": row.number("high"), "unit": row.text("unit"), "model": self.model, "error": self.error,
            "independent": bool(row["independent"]), "source": list(row.texts("source")), "note": row.text("note"),
        }  # fmt: skip


def replayed(data: Dataset, name: str) -> tuple[Replayed, ...]:
    """The published figures of a disruption beside the model's.

    Raises:
        UnknownOption: there is no such replay.
    """
    rows = [row for row in data["replays"] if row.text("replay") == name]
    if not rows:
        known = tuple(dict.fromkeys(row.text("replay") for row in data["replays"]))
        what = said("stress_what_replay")
        raise UnknownOption(said("err_unknown_value", what=what, value=name, known=", ".join(known)), known)
    event = EVENT_OF[name]
    measured = "storm_days" if name == "kuryk_storms" else ""
    return tuple(Replayed(row, MEASURES[measured or row.text("measure")](data, event)) for row in rows)


def by_sea(data: Dataset) -> Route:
    """The best way from Shanghai to Rotterdam by sea."""
    return route(data, *ENDS, **BY_SEA).routes[0]  # type: ignore[arg-type]


def added_days(data: Dataset, event: str) -> float:
    """Days more."""
    return (by_sea(broken(data, (event,))).time_h - by_sea(data).time_h) / 24


def added_distance_pct(data: Dataset, event: str) -> float:
    """Kilometres more, per cent."""
    with_it, usual = (sum(leg.distance_km for leg in by_sea(one).legs) for one in (broken(data, (event,)), data))
    return 100 * (with_it / usual - 1)


def added_cost_pct(data: Dataset, event: str) -> float:
    """USD more, per cent."""
    return 100 * (by_sea(broken(data, (event,))).cost_usd / by_sea(data).cost_usd - 1)


def through(data: Dataset, ground: FlowGround, event: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Tonnes a year through the canal by market, usually or while an event holds."""
    graph = open_world(data).graph
    state = ground.state((event,) if event else ())
    row = int(np.flatnonzero(graph.facility_key == SUEZ)[0])
    routes = np.repeat(np.arange(len(ground.routes.corridor)), np.diff(ground.items.first))[
        ground.items.facility == row
    ]
    return np.bincount(ground.market[routes], state.loading.route_t[routes], len(ground.tonnes)).astype(float)


def suez_usd_bn_per_day(data: Dataset, event: str) -> float:
    """Value of goods through the canal in a day of usual flows: tonnes times the usual value of their class."""
    ground = FlowQuestion().ground(data)
    worth = {row.text("commodity"): row.number("usd_per_t") for row in data["commodities"]}
    usd_per_t = np.array([worth[one.commodity] for one in ground.demand.classes])
    return float(through(data, ground, "") @ usd_per_t[ground.routes.cargo]) / 365 / 1e9


def suez_containers_pct(data: Dataset, event: str) -> float:
    """TEU through the canal while it holds against usual, per cent."""
    ground = FlowQuestion().ground(data)
    teu = np.nan_to_num(ground.teu_per_t)
    return 100 * (float(through(data, ground, event) @ teu) / float(through(data, ground, "") @ teu) - 1)


def trains_waiting(data: Dataset, event: str) -> float:
    """Trains that would have passed in the days shut."""
    ground = FlowQuestion().ground(data)
    (found,) = events(data, (event,))
    (step,) = [row.number("step_per_year") for row in data["capacities"] if row.text("capacity") == BORDER]
    load = float(ground.state(()).loading.load[ground.places.keys.index(BORDER)])
    return load / 365 * found.days / (step / A_TRAIN_A_DAY)


def days_late(data: Dataset, event: str) -> float:
    """The longest that anything waits that is sent as it comes, with room to spare once it is over."""
    (found,) = events(data, (event,))
    return found.days


def storm_days(data: Dataset, event: str) -> float:
    """Mean days until ships sail on a day of January, over draws."""
    made = futures(data, SEED, only=(event,))
    left = []
    for number in range(STORM_DRAWS):
        day = float(made.stream("day of January", number).random()) * JANUARY_DAYS
        held = [one.day + one.days - day for one in made.draw(number).occurrences if one.holds(day)]
        left.append(max(held, default=0.0))
    return float(np.mean(left))


def payload_left_pct(data: Dataset, event: str) -> float:
    """What a ship of the feeder still loads, per cent."""
    ship = data["caspian_ships"].find(SHIP)
    return float("nan") if ship is None else 100 * (1 - ship.number("lost_t") / ship.number("payload_t"))


MEASURES: dict[str, Callable[[Dataset, str], float]] = {
    "added_days": added_days, "added_distance_pct": added_distance_pct, "added_cost_pct": added_cost_pct,
    "suez_usd_bn_per_day": suez_usd_bn_per_day, "suez_containers_pct": suez_containers_pct, "trains_waiting": trains_waiting,
    "days_late": days_late, "storm_days": storm_days, "payload_left_pct": payload_left_pct,
}  # fmt: skip
