"""How a break heals: weeks, stocks and backlogs (a minimal dynamic layer, METHODS 6.2).

    sent_t      = what the ways carry this week + what clears the backlog with the room that is left, u (1 - utilisation) / utilisation
    backlog_t+1 = backlog_t + due - sent
    stock_t+1   = stock_t + arrived_t - used_t         used_t = min(use + shortfall so far is lost, stock_t + arrived_t)
    shortfall_t = use - used_t

Before anything breaks goods arrive as they are used, and stocks stand at `inventory_days` of use. While it is broken, for the first
`reroute_lag_weeks` only what the ways that are left used to carry is sent; then what the flows under the disruption carry, on their longer
way. Goods are on the way for `transit` weeks of their own time, split between the two weeks where it is none whole. Losses are not
proportional to duration: none until stocks run out (Colon, Hallegatte and Rozenberg 2021).

Certificate: due = sent + backlog at the end; sent + first on the way = arrived + on the way at the end; stock and arrivals = used + stock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text, in_both
from keruen.stress.disruptions import MONTH_DAYS, events
from keruen.stress.flow_ground import FlowGround
from keruen.tables.dataset import Dataset

Floats = NDArray[np.float64]
WEEK_DAYS = 7.0
RESTORED = 0.01  # of a week's use: a backlog or a gap in stocks so small is none


@dataclass(frozen=True)
class Habits:
    """Stocks of so many days of use, the share of the room that usual flows take, weeks until goods go another way, weeks looked at."""

    inventory_days: float
    utilisation: float
    reroute_lag_weeks: int
    horizon_weeks: int


@dataclass(frozen=True, eq=False)
class Course:
    """Weeks after a break, t a week, float64[w]; the balances are how far the account is off, t."""

    due: float
    sent: Floats
    arrived: Floats
    backlog: Floats
    stock: Floats
    used: Floats
    shortfall: Floats
    on_the_way: float
    balances: tuple[float, float, float]

    @property
    def served(self) -> Floats:
        """The share of use that is met, week by week."""
        return self.used / (self.used + self.shortfall)

    @property
    def weeks_to_recover(self) -> int | None:
        """Weeks until nothing is short, backlogs are cleared and stocks are as before; None if not within the weeks looked at."""
        off = RESTORED * self.due
        open_ = (self.shortfall > off) | (self.backlog > off) | (self.stock < self.stock[0] - off)
        if open_[-1]:
            return None
        return int(np.flatnonzero(open_)[-1]) + 1 if open_.any() else 0

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        series = ("sent", "arrived", "backlog", "stock", "used", "shortfall")
        return {
            "due_t_per_week": self.due, "weeks_to_recover": self.weeks_to_recover, "lost_use_t": float(self.shortfall.sum()),
            "served": self.served.tolist(), **{f"{name}_t": getattr(self, name).tolist() for name in series},
            "balances_t": list(self.balances),
        }  # fmt: skip


def habits_of(data: Dataset) -> Habits:
    """The rows of stress_parameters."""
    known = {row.text("parameter"): row.number("value") for row in data["stress_parameters"]}
    lag, horizon = round(known["reroute_lag_weeks"]), round(known["horizon_weeks"])
    return Habits(known["inventory_days"], known["utilisation"], lag, horizon)


def course(
    habits: Habits, *, due: float, left: float, rerouted: float, transit_weeks: float, longer_weeks: float, weeks: float
) -> Course:
    """The weeks after a break of so many weeks, in tonnes a week.

    due: sent and used in usual times. left: what ways that are not hit used to carry. rerouted: what is carried once goods are sent
    another way, taking longer_weeks more than transit_weeks. Any fraction of a week that is broken counts with its share.
    """
    n = habits.horizon_weeks
    spare = due * (1 - habits.utilisation) / habits.utilisation
    size = n + int(np.ceil(transit_weeks + longer_weeks)) + 2
    arriving = np.zeros(size)
    whole = int(np.floor(transit_weeks))
    rest = transit_weeks - whole
    arriving[:whole] += due  # sent before the break
    arriving[whole] += due * rest
    first = float(arriving.sum())
    sent, backlog, stock, used = (np.zeros(n) for _ in range(4))
    waiting, held = 0.0, due * habits.inventory_days / WEEK_DAYS
    opening = held
    for week in range(n):
        share = min(max(weeks - week, 0.0), 1.0)
        slow = left if week < habits.reroute_lag_weeks else rerouted
        longer = 0.0 if week < habits.reroute_lag_weeks else longer_weeks
        usual = (1 - share) * due
        cleared = min(waiting, (1 - share) * spare)
        for tonnes, time in ((usual + cleared, transit_weeks), (share * slow, transit_weeks + longer)):
            at, part = int(np.floor(time)), time - np.floor(time)
            arriving[week + at] += tonnes * (1 - part)
            arriving[week + at + 1] += tonnes * part
        sent[week] = usual + cleared + share * slow
        waiting += due - sent[week]
        available = held + arriving[week]
        used[week] = min(due, available)
        held = available - used[week]
        backlog[week], stock[week] = waiting, held
    arrived = arriving[:n]
    on_the_way = float(arriving[n:].sum())
    balances = (
        due * n - float(sent.sum()) - waiting,
        first + float(sent.sum()) - float(arrived.sum()) - on_the_way,
        opening + float(arrived.sum()) - float(used.sum()) - held,
    )
    return Course(due, sent, arrived, backlog, stock, used, due - used, on_the_way, balances)


@dataclass(frozen=True)
class Recovery:
    """The course after a disruption of one event over all markets that it hits, and by country of destination, the most hit first."""

    event: str
    name: Text
    weeks: float
    hit_t: float
    whole: Course
    countries: tuple[tuple[str, Course], ...]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "disruption": self.event, **in_both("name", self.name), "weeks": self.weeks, "hit_t_per_year": self.hit_t,
            **self.whole.to_dict(),
            "countries": [
                {"country": key, "due_t_per_week": one.due, "weeks_to_recover": one.weeks_to_recover,
                 "lost_use_t": float(one.shortfall.sum()), "least_served": float(one.served.min())}
                for key, one in self.countries
            ],
        }  # fmt: skip


def recovery(data: Dataset, ground: FlowGround, event: str, *, weeks: float | None = None, most: int = 10) -> Recovery:
    """The weeks after a disruption, of its mean duration unless told. Markets are hit if any of their usual goods take a way that it closes
    or makes dearer; the others are left out.

    Raises UnknownOption for a disruption that is not in the table.
    """
    (found,) = events(data, (event,))
    habits = habits_of(data)
    lasting = found.days / WEEK_DAYS if weeks is None else weeks
    row = 1 + ground.events.index(event)
    usual, broken = ground.state(()), ground.state((event,))
    touched = (ground.cost[row] > ground.cost[0]) & (usual.loading.route_t > 0)
    smaller = np.flatnonzero(ground.capacity[row] < ground.capacity[0])
    if len(smaller):
        routes = np.repeat(np.arange(len(touched)), np.diff(ground.through.first))
        touched[routes[np.isin(ground.through.facility, smaller)]] = True
        touched &= usual.loading.route_t > 0
    k, year = len(ground.tonnes), float(MONTH_DAYS.sum())
    gone = np.bincount(ground.market, np.where(touched, usual.loading.route_t, 0.0), k)
    markets = np.flatnonzero(gone > 0)
    hours = [mean_hours(ground, state.loading.route_t) for state in (usual, broken)]
    zone = np.array(ground.demand.countries)[ground.routes.destination]

    def of(rows: NDArray[np.intp]) -> Course:
        weekly = WEEK_DAYS / year
        due = float(usual.shipped_t[rows].sum()) * weekly
        share = usual.shipped_t[rows] / usual.shipped_t[rows].sum()
        before = float(share @ hours[0][rows]) / 24 / WEEK_DAYS
        after = float(share @ np.where(broken.shipped_t[rows] > 0, hours[1][rows], hours[0][rows])) / 24 / WEEK_DAYS
        sent = min(float(broken.shipped_t[rows].sum()) * weekly, due)
        left = max(0.0, due - float(gone[rows].sum()) * weekly)
        return course(
            habits, due=due, left=left, rerouted=sent, transit_weeks=before, longer_weeks=max(0.0, after - before), weeks=lasting
        )  # fmt: skip

    countries = sorted(
        ((key, of(markets[zone[markets] == key])) for key in np.unique(zone[markets]).tolist()),
        key=lambda pair: (-float(pair[1].shortfall.sum()), -float(pair[1].backlog.max())),
    )
    return Recovery(event, found.name, lasting, float(gone.sum()), of(markets), tuple(countries[:most]))


def mean_hours(ground: FlowGround, route_t: Floats) -> Floats:
    """Mean hours of what each market ships, 0 where nothing."""
    k = len(ground.tonnes)
    total = np.bincount(ground.market, route_t * ground.routes.time_h, k)
    shipped = np.bincount(ground.market, route_t, k)
    return np.divide(total, shipped, out=np.zeros(k), where=shipped > 0)
