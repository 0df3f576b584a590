"""Base and scenario side by side: the same question asked of two datasets, and what differs.

    base = route(data, ...)      with = route(scenario(data), ...)

Routes are matched by their corridor and, of several on one corridor, by how much alike they are in time and cost. A route that is on
one side alone vanishes or appears. Only routes that no other beats are compared, unless a corridor has none on that side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from keruen.errors import KeruenError, NoRoute
from keruen.routing.result import Route, RouteResult
from keruen.routing.route import route
from keruen.tables.dataset import Dataset
from keruen.tables.scenario import Scenario
from keruen.tables.scenario_apply import Changed

DECIMALS = 3  # of a difference: percentiles are found by search
MEASURES = ("time_h", "p50_h", "p90_h", "cost_usd", "co2e_kg")


@dataclass(frozen=True)
class Difference:
    """One corridor on both sides: time, P50, P90, cost and CO2e, None where there is no such route or the figure is not known."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    base: dict[str, float | None] | None
    with_scenario: dict[str, float | None] | None

    @property
    def change(self) -> dict[str, float | None] | None:
        """Scenario less base, figure by figure; None if the corridor is on one side alone."""
        if self.base is None or self.with_scenario is None:
            return None
        both = {name: (self.base[name], self.with_scenario[name]) for name in MEASURES}
        return {name: None if a is None or b is None else round(b - a, DECIMALS) for name, (a, b) in both.items()}

    def to_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "corridor": self.corridor, "corridor_name": self.corridor_name, "corridor_name_ru": self.corridor_name_ru,
            "base": self.base, "with": self.with_scenario, "change": self.change,
        }  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """A scenario, what it changes, and the answers without and with it; an answer may be that there is no route."""

    name: str
    title: str
    title_ru: str
    changes: tuple[Changed, ...]
    base: RouteResult | NoRoute
    with_scenario: RouteResult | NoRoute

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Corridor by corridor: those of the base in its order, then those that appear."""
        before, after = routes_of(self.base), routes_of(self.with_scenario)
        both = (pairs(before.get(key, []), after.get(key, [])) for key in dict.fromkeys((*before, *after)))
        return tuple(difference(*pair) for one in both for pair in one)

    def to_dict(self, geometry: bool = False) -> dict[str, Any]:
        """Ready for JSON; `{"error": ...}` in the place of an answer where there is no route."""
        answers = {"base": self.base, "with": self.with_scenario}
        return {
            "scenario": {
                "name": self.name, "title": self.title, "title_ru": self.title_ru,
                "changes": [change.to_dict() for change in self.changes],
            },
            **{side: one.to_json() if isinstance(one, NoRoute) else one.to_dict(geometry) for side, one in answers.items()},
            "differences": [one.to_dict() for one in self.differences],
        }  # fmt: skip


def compare(
    data: Dataset, scenario: Scenario | Sequence[Scenario], origin: str, destination: str, **how: Any
) -> Comparison:
    """The ways from origin to destination without and with a scenario, or several applied one after the other.

    how: as `route` takes it.

    Raises:
        BadScenario: the scenario cannot be applied to the dataset.
        KeruenError: as `route`, except that no route on one side is an answer. With no route on either side: NoRoute.
    """
    scenarios = (scenario,) if isinstance(scenario, Scenario) else tuple(scenario)
    changed = data
    changes: list[Changed] = []
    for one in scenarios:
        changes += one.changes(changed)
        changed = one.apply(changed)
    base, with_scenario = (answer(side, origin, destination, **how) for side in (data, changed))
    if isinstance(base, NoRoute) and isinstance(with_scenario, NoRoute):
        raise base
    names = [(one.name, one.called("en"), one.called("ru")) for one in scenarios]
    name, title, title_ru = (", ".join(parts) for parts in zip(*names, strict=True)) if names else ("", "", "")
    return Comparison(name, title, title_ru, tuple(changes), base, with_scenario)


def answer(data: Dataset, origin: str, destination: str, **how: Any) -> RouteResult | NoRoute:
    """The ways, or that there is none."""
    try:
        return route(data, origin, destination, **how)
    except NoRoute as problem:
        return problem


def routes_of(found: RouteResult | NoRoute) -> dict[str, list[Route]]:
    """The routes by corridor: unbeaten ones; a beaten one where the corridor has no other."""
    routes: dict[str, list[Route]] = {}
    for wanted in (True, False):
        for one in found.routes if isinstance(found, RouteResult) else ():
            if (one.beaten_by is None) is wanted and (wanted or one.corridor not in routes):
                routes.setdefault(one.corridor, []).append(one)
    return routes


def pairs(before: list[Route], after: list[Route]) -> Iterator[tuple[Route | None, Route | None]]:
    """Routes of one corridor on both sides, those most alike in time and cost together; what is left over stands alone."""

    def unlike(pair: tuple[Route, Route]) -> float:
        a, b = pair
        return abs(math.log(a.time_h / b.time_h)) + abs(math.log((a.cost_usd + 1) / (b.cost_usd + 1)))

    left, right = list(before), list(after)
    together: dict[int, Route] = {}
    while left and right:
        a, b = min(product(left, right), key=unlike)
        together[id(a)] = b
        left, right = [one for one in left if one is not a], [one for one in right if one is not b]
    yield from ((one, together.get(id(one))) for one in before)
    yield from ((None, one) for one in right)


def difference(before: Route | None, after: Route | None) -> Difference:
    """One corridor on both sides."""
    named = before or after
    if named is None:
        raise KeruenError("a difference needs a route on one side")
    return Difference(named.corridor, named.corridor_name, named.corridor_name_ru, figures(before), figures(after))


def figures(one: Route | None) -> dict[str, float | None] | None:
    """What is compared of a route."""
    if one is None:
        return None
    known = one.reliability
    values = {
        "time_h": one.time_h, "p50_h": known.percentile_h(50) if known else None, "p90_h": known.percentile_h(90) if known else None,
        "cost_usd": one.cost_usd, "co2e_kg": one.co2e_kg,
    }  # fmt: skip
    return {name: None if value is None else round(value, 6) for name, value in values.items()}
