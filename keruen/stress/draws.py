"""Draws: futures of a year, each the same whatever is asked of it, in whatever order and on whatever machine.

    number of times   N = Poisson quantile of Phi(sqrt(g) G + sqrt(1 - g) e), mean per_year      g: group_share, G: normal of the group
    duration          d = days exp(s z - s^2 / 2), at most a year                               mean: days
    begin             uniform over the months it may begin in; with probability g where the group begins
    demand, prices    exp(s z - s^2 / 2)                                                        mean: 1

A year is a circle: what lasts beyond its end holds at its beginning, where a draw of the year before would have left something.
Random numbers are counted, not passed on (Philox, Salmon et al. 2011): the key is the seed and the name of what is drawn, the counter the
number of the draw. So draw i of an event does not depend on other events, on other draws, or on which process makes it: common random
numbers for every question and every what-if.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keruen.stress.disruptions import MONTH_DAYS, Event, broken, events
from keruen.tables.conditions import Quotation, with_prices
from keruen.tables.dataset import Dataset

YEAR_DAYS = 365.0
MOST_DRAWS = 20_000  # as many as routing.reliability has states of the world
MOST_TIMES = 366


@dataclass(frozen=True)
class Occurrence:
    """Something that happens: from which day of the year, 0 to 365, and for how many."""

    event: str
    day: float
    days: float

    def holds(self, day: float) -> bool:
        """Whether it holds on a day of the year."""
        return (day - self.day) % YEAR_DAYS < self.days


@dataclass(frozen=True)
class Draw:
    """A future: what happens in a year, a day of it, and the factors on demand and on prices of freight markets."""

    number: int
    day: float
    occurrences: tuple[Occurrence, ...]
    demand: float = 1.0
    prices: tuple[tuple[str, float], ...] = ()

    def holding(self, day: float) -> tuple[str, ...]:
        """What holds on a day, each once, in the order of the table."""
        return tuple(dict.fromkeys(one.event for one in self.occurrences if one.holds(day)))

    def periods(self) -> list[tuple[float, tuple[str, ...]]]:
        """The year as shares with what holds in them; the shares sum to 1, and no two have the same."""
        cuts = {0.0, YEAR_DAYS}
        for one in self.occurrences:
            cuts |= {one.day, (one.day + one.days) % YEAR_DAYS}
        days = sorted(cuts)
        shares: dict[tuple[str, ...], float] = {}
        for start, end in zip(days, days[1:], strict=False):
            held = self.holding((start + end) / 2)
            shares[held] = shares.get(held, 0.0) + (end - start) / YEAR_DAYS
        return [(share, held) for held, share in shares.items()]

    def apply(self, data: Dataset) -> Dataset:
        """The dataset on the day of the draw: a scenario drawn at random."""
        return priced(broken(data, self.holding(self.day)), self.prices)


def priced(data: Dataset, prices: Sequence[tuple[str, float]]) -> Dataset:
    """The dataset with the freight markets at so many times their usual level."""
    if not prices:
        return data
    usual = {row.text("market"): row.number("usd_per_feu") for row in data["freight_markets"]}
    return with_prices(data, {market: Quotation(usual[market] * factor, ()) for market, factor in prices})[0]


@dataclass(frozen=True)
class Futures:
    """What draws are made from: a seed, the events, and the spreads of demand and prices (log SD; empty for none)."""

    seed: int
    events: tuple[Event, ...]
    demand: tuple[tuple[str, float], ...] = ()
    prices: tuple[tuple[str, float, tuple[str, ...]], ...] = ()

    def draw(self, number: int) -> Draw:
        """One future by its number, from 0."""
        happens: list[Occurrence] = []
        for event in self.events:
            happens += self.occurrences(event, number)
        demand = math.prod(self.factor(name, log_sd, number) for name, log_sd in self.demand)
        prices = [
            (market, self.factor(name, log_sd, number)) for name, log_sd, markets in self.prices for market in markets
        ]  # fmt: skip
        day = float(self.stream("day", number).random()) * YEAR_DAYS
        return Draw(number, day, tuple(happens), demand, tuple(prices))

    def occurrences(self, event: Event, number: int) -> list[Occurrence]:
        """How often, when and for how long something happens in a draw."""
        own, group = self.stream(f"event {event.key}", number), self.stream(f"group {event.group}", number)
        shared, starts = float(group.standard_normal()), group.random(MOST_TIMES)
        share = event.group_share
        z = math.sqrt(share) * shared + math.sqrt(1 - share) * float(own.standard_normal())
        times = poisson_quantile(0.5 * (1 + math.erf(z / math.sqrt(2))), event.per_year)
        found = []
        for row in range(times):
            together, at, length = own.random(), own.random(), own.standard_normal()
            start = float(starts[row] if together < share else at)
            days = event.days * math.exp(event.days_log_sd * float(length) - event.days_log_sd**2 / 2)
            found.append(Occurrence(event.key, day_in(event.months, start), min(days, YEAR_DAYS)))
        return found

    def factor(self, name: str, log_sd: float, number: int) -> float:
        """A factor with mean 1."""
        z = float(self.stream(f"spread {name}", number).standard_normal())
        return math.exp(log_sd * z - log_sd**2 / 2)

    def stream(self, name: str, number: int) -> np.random.Generator:
        """Random numbers of their own for one thing in one draw."""
        key = int.from_bytes(hashlib.blake2b(f"{self.seed} {name}".encode(), digest_size=8).digest(), "big")
        return np.random.Generator(np.random.Philox(key=np.array([key, number], np.uint64)))


def futures(
    data: Dataset, seed: int, *, only: Sequence[str] = (), demand: bool = False, prices: bool = False
) -> Futures:
    """What draws of a dataset are made from. only: keys of disruptions. Raises UnknownOption for one that is not there."""
    rows = list(data["draw_spreads"]) if demand or prices else []
    of_demand = [(row.text("spread"), row.number("log_sd")) for row in rows if row.text("kind") == "demand"]
    of_prices = [
        (row.text("spread"), row.number("log_sd"), tuple(row.texts("markets"))) for row in rows if row.text("kind") == "price"
    ]  # fmt: skip
    return Futures(seed, events(data, only), tuple(of_demand if demand else ()), tuple(of_prices if prices else ()))


def poisson_quantile(probability: float, mean: float) -> int:
    """The least number that a Poisson variable of this mean does not exceed with at least this probability; at most one a day."""
    number, term = 0, math.exp(-mean)
    total = term
    while total < probability and number < MOST_TIMES:
        number += 1
        term *= mean / number
        total += term
    return number


def day_in(months: tuple[int, ...], at: float) -> float:
    """The day of the year, 0 to 365, at a share of the days of some months, of all of them if none is named."""
    chosen = sorted(months) or list(range(1, 13))
    starts = np.concatenate(([0], np.cumsum(MONTH_DAYS)))
    left = at * float(sum(MONTH_DAYS[month - 1] for month in chosen))
    for month in chosen:
        if left < MONTH_DAYS[month - 1]:
            return float(starts[month - 1]) + left
        left -= float(MONTH_DAYS[month - 1])
    return float(starts[chosen[-1]])
