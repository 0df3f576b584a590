"""What can be asked in a future: a route, the flows of a year, the exposure of a buyer. A question is a small record that travels.

    asked = question.prepared(data)      what all draws share, once in a process
    asked(draw)                          the answer in one draw: numbers by name, None for what is not known

Answers that only depend on what holds, not on the draw, are worked out once in a process; the same bits come out either way. The hours of
a route vary in a draw as in `routing.reliability`, draw i of which is state i of the world; closures in its spreads are left out, since the
disruptions are those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from keruen.errors import NoRoute
from keruen.materials.exposure import exposure
from keruen.routing.reliability import DRAWS, SEED, Part, parts_of, shape_of, unit_draws
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.stress.disruptions import broken
from keruen.stress.draws import Draw, priced
from keruen.tables.dataset import Dataset

Answer = Mapping[str, float | str | None]
Asked = Callable[[Draw], Answer]


def less(value: float | str | None, base: float | str | None) -> float | None:
    """A difference of numbers that are known."""
    return None if not isinstance(value, float) or not isinstance(base, float) else value - base


class Question(Protocol):
    """Something that can be asked of any dataset in any draw; equal keys mean equal questions."""

    @property
    def key(self) -> str:
        """The question in full, as a text."""

    @property
    def measures(self) -> tuple[str, ...]:
        """The numbers of an answer that are summed up, the worst of which are the highest."""

    def prepared(self, data: Dataset) -> Asked:
        """What answers it draw by draw."""

    def alone(self, data: Dataset, event: str) -> Answer:
        """The answer while one disruption holds and nothing else; with an empty text while none does."""


@dataclass(frozen=True)
class RouteQuestion:
    """The best way by generalized cost on the day of a draw: hours, USD, and whether there is one at all."""

    origin: str
    destination: str
    shipment: Shipment = Shipment()
    sanctions: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The question in full."""
        return repr(("route", self.origin, self.destination, asdict(self.shipment), self.sanctions, self.avoid))

    @property
    def measures(self) -> tuple[str, ...]:
        """Hours on the way and USD."""
        return ("time_h", "cost_usd")

    def prepared(self, data: Dataset) -> Asked:
        """The ways by what holds, each searched once."""
        known: dict[tuple[Any, ...], Way | None] = {}

        def ask(draw: Draw) -> Answer:
            held = draw.holding(draw.day)
            state = (held, draw.prices)
            if state not in known:
                known[state] = self.way(priced(broken(data, held), draw.prices))
            return answer_of(known[state], draw)

        return ask

    def alone(self, data: Dataset, event: str) -> Answer:
        """The usual hours and USD while one disruption holds."""
        return answer_of(self.way(broken(data, (event,) if event else ())), None)

    def way(self, data: Dataset) -> Way | None:
        """The best way of a dataset, None if there is none."""
        try:
            best = route(
                data, self.origin, self.destination, shipment=self.shipment, sanctions=self.sanctions, avoid=self.avoid,
                only_unbeaten=True, most=1,
            ).routes[0]  # fmt: skip
        except NoRoute:
            return None
        parts = [part for leg in best.legs for part in parts_of(data, leg)]
        return Way(best.corridor, best.time_h, best.cost_usd, best.co2e_kg, hours_of(parts))


@dataclass(frozen=True, eq=False)
class Way:
    """What is kept of a route: its corridor, central hours, USD, kg CO2e, and its hours in each state of the world, float64[DRAWS]."""

    corridor: str
    time_h: float
    cost_usd: float
    co2e_kg: float | None
    hours: NDArray[np.float64]


def answer_of(way: Way | None, draw: Draw | None) -> Answer:
    """A way in a draw, or with its usual hours."""
    if way is None:
        return {"routed": 0.0, "corridor": None, "time_h": None, "cost_usd": None, "co2e_kg": None}
    hours = way.time_h if draw is None else float(way.hours[draw.number])
    return {
        "routed": 1.0, "corridor": way.corridor, "time_h": hours, "cost_usd": way.cost_usd, "co2e_kg": way.co2e_kg,
    }  # fmt: skip


def hours_of(parts: Iterable[Part]) -> NDArray[np.float64]:
    """The hours of a way in all states of the world, added up one by one so that the bits are the same on every machine."""
    total = np.zeros(DRAWS)
    for part in parts:
        total += part.hours * unit_draws(shape_of(part), DRAWS, SEED).astype(np.float64)
    return total


@dataclass(frozen=True)
class ExposureQuestion:
    """The supply of a material to a buyer on the day of a draw: what cannot come, and what coming costs more."""

    material: str
    buyer: str
    stage: str = ""

    @property
    def key(self) -> str:
        """The question in full."""
        return repr(("exposure", self.material, self.buyer, self.stage))

    @property
    def measures(self) -> tuple[str, ...]:
        """Share lost, and mean hours of what comes."""
        return ("lost_share", "time_h")

    def prepared(self, data: Dataset) -> Asked:
        """The supply by what holds."""
        known: dict[tuple[Any, ...], Answer] = {}

        def ask(draw: Draw) -> Answer:
            state = (draw.holding(draw.day), draw.prices)
            if state not in known:
                known[state] = self.supply(priced(broken(data, state[0]), draw.prices))
            return known[state]

        return ask

    def alone(self, data: Dataset, event: str) -> Answer:
        """The supply while one disruption holds."""
        return self.supply(broken(data, (event,) if event else ()))

    def supply(self, data: Dataset) -> Answer:
        """Shares that have a way and the mean hours of these."""
        try:
            found = exposure(data, self.material, self.buyer, stage=self.stage, most=1)
        except NoRoute:
            return {"lost_share": 1.0, "time_h": None}
        shares = np.array([one.share for one in found.sent])
        hours = np.array([one.time_h for one in found.sent])
        mean = float(shares @ hours / shares.sum()) if len(shares) else None
        return {"lost_share": float(sum(found.cut_off.values())), "time_h": mean}
