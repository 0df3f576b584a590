"""Base and scenario side by side: the same question asked of two datasets, and what differs.

    base = route(data, ...)      with = route(scenario(data), ...)

Routes are matched by their corridor and, of several on one corridor, by how much alike they are in time and cost: first those that no
other beats, then the beaten ones of corridors that have no other on either side.

An answer shows a choice of routes, and what it leaves out need not be gone. So a route that one side shows alone is looked for on the
other: among many more routes, then as one of a corridor that is required. It vanishes, or appears, only if it is not found there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

from keruen.errors import KeruenError, NoRoute, UnknownOption
from keruen.routing.progress import Going, Progress
from keruen.routing.result import Route, RouteResult
from keruen.routing.route import route
from keruen.tables.dataset import Dataset
from keruen.tables.scenario import Scenario
from keruen.tables.scenario_apply import Changed

DECIMALS = 3  # of a difference: percentiles are found by search
MANY = 50  # routes among which one is looked for that an answer does not show
ANSWERED = (
    (0.0, 0.4),
    (0.4, 0.8),
)  # shares of the work that the two answers take; the rest is looking for what they leave out
LOOKED = 0.25  # of what is left of that, for each question
ALIKE = 0.001  # of time and cost together: what is so near is the same way
MEASURES = ("time_h", "p50_h", "p90_h", "cost_usd", "co2e_kg")

Answer = RouteResult | NoRoute


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
    """A scenario, what it changes, and the answers without and with it; an answer may be that there is no route.

    pairs: the routes that are compared, those of the base in its order, then those that only the scenario has.
    """

    name: str
    title: str
    title_ru: str
    changes: tuple[Changed, ...]
    base: Answer
    with_scenario: Answer
    pairs: tuple[tuple[Route | None, Route | None], ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The figures of what is compared."""
        return tuple(difference(*pair) for pair in self.pairs)

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
    data: Dataset,
    scenario: Scenario | Sequence[Scenario],
    origin: str,
    destination: str,
    *,
    progress: Progress | None = None,
    **how: Any,
) -> Comparison:
    """The ways from origin to destination without and with a scenario, or several applied one after the other.

    how: as `route` takes it. progress: told the stage and the share done, 0 to 1; what it raises stops the work.

    Raises:
        BadScenario: the scenario cannot be applied to the dataset.
        KeruenError: as `route`, except that no route on one side is an answer. With no route on either side: NoRoute.
    """
    scenarios = (scenario,) if isinstance(scenario, Scenario) else tuple(scenario)
    changed = data
    changes: list[Changed] = []
    going = Going(progress)
    for one in scenarios:
        going.tell("scenario", 0.0)
        changes += one.changes(changed)
        going.heed()
        changed = one.apply(changed)
    base, with_scenario = (
        answer(side, origin, destination, progress=going.part(*part), **how)
        for side, part in zip((data, changed), ANSWERED, strict=True)
    )
    if isinstance(base, NoRoute) and isinstance(with_scenario, NoRoute):
        raise base
    going.tell("match", ANSWERED[1][1])
    found = matched_answers(
        (data, changed), (base, with_scenario), (origin, destination), {**how, "progress": looking(going)}
    )
    names = [(one.name, one.called("en"), one.called("ru")) for one in scenarios]
    name, title, title_ru = (", ".join(parts) for parts in zip(*names, strict=True)) if names else ("", "", "")
    return Comparison(name, title, title_ru, tuple(changes), base, with_scenario, found)


def looking(going: Going) -> Progress:
    """The progress of looking for what an answer leaves out, one question after the other: how many that takes is not known, so each takes
    a part of what is left."""
    start, before = ANSWERED[1][1], 0.0

    def tell(stage: str, share: float) -> None:
        nonlocal start, before
        if share < before:  # the next question begins
            start += LOOKED * (1 - start)
        before = share
        going.tell("match", start + share * LOOKED * (1 - start))

    return tell


def answer(data: Dataset, origin: str, destination: str, **how: Any) -> Answer:
    """The ways, or that there is none."""
    try:
        return route(data, origin, destination, **how)
    except NoRoute as problem:
        return problem


def matched_answers(
    data: tuple[Dataset, Dataset], shown: tuple[Answer, Answer], ends: tuple[str, str], how: Mapping[str, Any]
) -> tuple[tuple[Route | None, Route | None], ...]:
    """The routes of two answers in pairs, with what one of them leaves out though its dataset has it."""
    many: list[Answer | None] = [None, None]
    found: list[tuple[Route | None, Route | None]] = []
    for wanted in (True, False):
        known = {one.corridor for pair in found for one in pair if one}
        before, after = (
            [one for one in side if wanted or one.corridor not in known] for side in sides_of(shown, wanted)
        )
        if not wanted:  # beaten with the scenario and not worth seeing without it: nothing appears
            after = [one for one in after if one.corridor in {other.corridor for other in before}]
        pairs = list(matched(before, after))
        for side, own in enumerate((before, after)):
            missed = [one for pair in pairs if pair[side] is None for one in pair if one]
            if missed and isinstance(shown[side], RouteResult):
                many[side] = many[side] or answer(data[side], *ends, **wider(how))
                own += looked_for(missed, data[side], many[side], own, ends, how)
        found += matched(before, after)
    return tuple(found)


def sides_of(shown: tuple[Answer, Answer], unbeaten: bool) -> Iterator[list[Route]]:
    """The unbeaten routes of two answers, or the beaten ones."""
    yield from ([one for one in routes_of(side) if (one.beaten_by is None) is unbeaten] for side in shown)


def wider(how: Mapping[str, Any]) -> dict[str, Any]:
    """The same question for all routes there are."""
    return {**how, "objective": "", "only_unbeaten": False, "most": MANY}


def looked_for(
    missed: Sequence[Route],
    data: Dataset,
    many: Answer | None,
    own: Sequence[Route],
    ends: tuple[str, str],
    how: Mapping[str, Any],
) -> list[Route]:
    """Routes of a dataset like those that only the other side shows, of the same corridors, and none of its `own`; fewer where there are
    none. They are looked for among `many`, and else by requiring the corridor."""
    found: list[Route] = []
    for one in missed:
        known = [figures(other) for other in (*own, *found)]

        def like(answered: Answer, one: Route = one, known: list[Any] = known) -> list[Route]:
            return [it for it in routes_of(answered) if it.corridor == one.corridor and figures(it) not in known]

        near = nearest(one, like(many)) if many else []
        if not near or unlike(one, near[0]) > ALIKE:
            required = (*how.get("require", ()), f"corridor:{one.corridor}")
            with suppress(UnknownOption):  # so many things are required already
                near = nearest(one, [*near, *like(answer(data, *ends, **{**wider(how), "require": required}))])
        found += near[:1]
    return found


def nearest(one: Route, others: Iterable[Route]) -> list[Route]:
    """Routes, those most like one first."""
    return sorted(others, key=lambda other: unlike(one, other))


def routes_of(found: Answer) -> tuple[Route, ...]:
    """The routes of an answer, none where there is no route."""
    return found.routes if isinstance(found, RouteResult) else ()


def matched(before: Sequence[Route], after: Sequence[Route]) -> Iterator[tuple[Route | None, Route | None]]:
    """Routes of both sides corridor by corridor."""
    for corridor in dict.fromkeys(one.corridor for one in (*before, *after)):
        yield from pairs(*([one for one in side if one.corridor == corridor] for side in (before, after)))


def pairs(before: list[Route], after: list[Route]) -> Iterator[tuple[Route | None, Route | None]]:
    """Routes of one corridor on both sides, those most alike in time and cost together; what is left over stands alone."""
    left, right = list(before), list(after)
    together: dict[int, Route] = {}
    while left and right:
        a, b = min(product(left, right), key=lambda pair: unlike(*pair))
        together[id(a)] = b
        left, right = [one for one in left if one is not a], [one for one in right if one is not b]
    yield from ((one, together.get(id(one))) for one in before)
    yield from ((None, one) for one in right)


def unlike(one: Route, other: Route) -> float:
    """How far two routes lie apart in time and cost, as the sum of the logarithms of their ratios."""
    return abs(math.log(one.time_h / other.time_h)) + abs(math.log((one.cost_usd + 1) / (other.cost_usd + 1)))


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
