"""The flows of a year in a future: the year is cut where something begins or ends, and each part counts with its share of the year.

    added USD      sum over parts p of share_p  x  sum over markets of shipped_p (S_p - S_usual)     S: expected cost (flows.choice)
    lost tonnes    sum over parts p of share_p  x  (unserved_p - unserved_usual)
    usual          the flows with the same demand and nothing broken

S is generalized: money, time, waits, and the prices of what is full, so what eases a queue elsewhere counts against it. Tonnes that are
lost are never folded into the cost. Flows settle at once in each part; stocks and backlogs are in `recovery`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from keruen.flows.assignment import covering
from keruen.flows.base_case import base_demand
from keruen.flows.demand import Demand
from keruen.stress.disruptions import events
from keruen.stress.draws import Draw
from keruen.stress.flow_ground import FlowGround, State, Told, flow_ground
from keruen.stress.questions import Answer, Asked
from keruen.tables.dataset import Dataset

_grounds: WeakKeyDictionary[Dataset, dict[FlowQuestion, FlowGround]] = WeakKeyDictionary()


@dataclass(frozen=True)
class FlowQuestion:
    """What disruptions add to the flows of a year. demand_of: what makes the demand of a dataset; cover: as in `covering`; only: keys of
    the disruptions that are looked at, all of the table without."""

    demand_of: Callable[[Dataset], Demand] = base_demand
    cover: float = 1.0
    only: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The question in full."""
        made = f"{self.demand_of.__module__}.{self.demand_of.__qualname__}"
        return repr(("flows", made, self.cover, self.only))

    @property
    def measures(self) -> tuple[str, ...]:
        """Added USD, lost tonnes."""
        return ("added_usd", "lost_t")

    def ground(self, data: Dataset, progress: Told = lambda stage, share: None) -> FlowGround:
        """The routes that all draws share; searched first if they are not in the cache, which takes minutes on the world."""
        known = _grounds.setdefault(data, {})
        if self not in known:
            demand, _ = covering(self.demand_of(data), self.cover)
            known[self] = flow_ground(data, demand, [one.key for one in events(data, self.only)], progress)
        return known[self]

    def prepared(self, data: Dataset) -> Asked:
        """What answers a draw; states that do not depend on it are loaded once."""
        ground = self.ground(data)
        known: dict[tuple[str, ...], State] = {}

        def state(held: tuple[str, ...], demand: float) -> State:
            if demand != 1.0:
                return ground.state(held, demand)
            if held not in known:
                known[held] = ground.state(held)
            return known[held]

        def ask(draw: Draw) -> Answer:
            usual = state((), draw.demand)
            usd = tonnes = unserved = 0.0
            settled = usual.loading.settled
            for share, held in draw.periods():
                part = state(held, draw.demand) if held else usual
                more_usd, more_t = ground.added(part, usual)
                usd, tonnes, unserved = (
                    usd + share * more_usd,
                    tonnes + share * more_t,
                    unserved + share * part.unserved_t,
                )
                settled &= part.loading.settled
            return {
                "added_usd": usd, "lost_t": tonnes, "unserved_t": unserved, "demand": draw.demand, "settled": float(settled),
            }  # fmt: skip

        return ask

    def alone(self, data: Dataset, event: str) -> Answer:
        """What one disruption adds in a year in which it holds throughout."""
        ground = self.ground(data)
        usual = ground.state(())
        usd, tonnes = ground.added(ground.state((event,)), usual) if event else (0.0, 0.0)
        return {"added_usd": usd, "lost_t": tonnes, "unserved_t": usual.unserved_t + tonnes, "demand": 1.0}
