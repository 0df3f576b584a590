"""Which ways lead from A to B: the corridors side by side.

    what is asked (question) as terms of one search or several (terms)
    efficient ways (pareto) of all of them -> at most eight that really differ, named by corridor
    named corridors that are possible but beaten (gates) -> those worth seeing, and what beats them

Every route shown is certified: an exact search looks for a way at least as good in time, cost and CO2e; what it finds is shown instead,
or named as what beats it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keruen.errors import KeruenError, NoRoute, Text, UnknownOption, in_both
from keruen.network.build import open_world
from keruen.network.gazetteer import Entry, resolve
from keruen.routing.clashes import best_in_order
from keruen.routing.compiled import THREADS
from keruen.routing.corridors import corridors_of, item_name
from keruen.routing.cost import unknown_tolls, weighting, world_costs
from keruen.routing.demands import demands_of
from keruen.routing.ends import access_of, place_ref
from keruen.routing.gates import Pairs, looked_ahead, other_corridors, what_beats
from keruen.routing.itinerary import Itinerary
from keruen.routing.pareto import OWN, Front, Tolerance, covers, efficient_ways
from keruen.routing.progress import Going, Progress
from keruen.routing.question import (
    Ask,
    Named,
    Question,
    adjacency,
    ask_of,
    differs,
    is_open,
    named_way,
    plain_question,
    question,
    straight_ways,
)
from keruen.routing.reliability import surety, with_reliability
from keruen.routing.result import BeatenBy, PlaceRef, Route, RouteResult
from keruen.routing.season import closed_on, told
from keruen.routing.shipment import Shipment, consignment
from keruen.routing.terms import settled
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset
from keruen.tables.periods import as_day
from keruen.tables.words import joined, said

OBJECTIVES = {"fastest": 0, "cheapest": 1, "cleanest": 2}
SUREST = "surest"  # least P95 of the efficient ways
MOST_ROUTES = 8
NEARLY = 0.01  # ways so near the best by a criterion are as good
MOST_SEARCHES = 6  # searches for the ways that keep out of corridors


class SamePlace(KeruenError):
    """Origin and destination are one place, so there is nothing to route."""

    kind = "same_place"


def route(
    data: Dataset,
    origin: str,
    destination: str,
    *,
    shipment: Shipment | None = None,
    depart: str | date | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
    sanctions: Sequence[str] = (),
    objective: str = "",
    only_unbeaten: bool = False,
    most: int = MOST_ROUTES,
    within_days: float | None = None,
    tolerance: Tolerance | None = None,
    progress: Progress | None = None,
    early: Callable[[RouteResult], None] | None = None,
) -> RouteResult:
    """The ways from origin to destination that are worth knowing, in order of generalized cost; beaten corridors last.

    origin, destination: UN/LOCODE or name in English or Russian. depart: the day of departure (a date, or text as 2025-11-10), whose
    conditions hold for the whole journey; usual conditions without one. avoid, require: names of countries, places, passages, modes,
    corridors, services or borders, or `kind:value`; sanctions: profiles of the sanctions table. A required corridor is the one that each
    route goes by; an avoided one is one whose conditions no route meets. objective: "fastest", "cheapest", "cleanest" or "surest" (least
    P95, of the efficient ways) for that one way alone. only_unbeaten: leave out corridors that another way beats. within_days: ask how
    probable it is to arrive within so many days. progress: told the stage and the share done, 0 to 1, and the same again within a stage
    (keruen.routing.progress); what it raises stops the work.
    early: told the answer so far, the ways that no other beats, before beaten corridors are looked for.

    Raises:
        UnknownPlace, AmbiguousPlace, SamePlace, BadShipment, BadDate, UnknownCommodity, UnknownOption: the question cannot be understood.
        NoRoute: it can, and there is no way; `blocked_by` names what shuts it.
    """
    if objective and objective not in (*OBJECTIVES, SUREST):
        known = (*OBJECTIVES, SUREST)
        what = said("what_objective")
        raise UnknownOption(said("err_unknown_value", what=what, value=objective, known=", ".join(known)), known)
    if within_days is not None and not 0 < within_days < math.inf:
        raise UnknownOption(said("err_within_days", days=within_days))
    if not 1 <= most <= 50:
        raise UnknownOption(said("err_most_routes", most=most))
    going = Going(progress)
    tell = going.tell
    tell("network", 0.0)
    dated = as_of(data, as_day(depart) if depart is not None else None)
    world = open_world(data)
    start, end = resolve(world.gazetteer, origin), resolve(world.gazetteer, destination)
    if start.code == end.code:
        raise SamePlace(said("err_same_place", place=start.called, code=start.code))
    load = consignment(data, shipment or Shipment())
    going.heed()
    costs = world_costs(dated.data, world.graph, load)
    going.heed()
    shut = closed_on(dated, world.graph, load)
    corridors = corridors_of(list(data["corridors"]), world.graph)
    demands = (*demands_of(data, world, corridors, avoid, require, sanctions), *(closed.demand for closed in shut))
    ask = ask_of(world, costs, (access_of(world, start, 0), access_of(world, end, 1)), corridors, demands, going.heed)
    how = tolerance or Tolerance()
    tell("search", 0.1)
    found = search(ask, how, OBJECTIVES.get(objective, OWN))
    if not found.ways:
        raise no_route(ask, start, end)
    itinerary = Itinerary(dated.data, world.graph, ask.costs)
    refs = place_ref(start), place_ref(end)
    if objective == SUREST:
        chosen = [
            min(found.ways, key=lambda one: surety(dated.data, itinerary.legs(one.arcs, *refs, ask.start, ask.end)))
        ]
    elif objective:
        k = OBJECTIVES[objective]
        chosen = [min(found.ways, key=lambda one: (one.way.cost[k], one.generalized_cost_usd))]
    else:
        chosen = choose(found.ways, most)
    tell("certify", 0.4)
    plain = None if objective or any(demand.only_as for demand in demands) else found.plain
    with ThreadPoolExecutor(1) as meanwhile:
        if plain:
            meanwhile.submit(looked_ahead, plain, found.questions, chosen)
        chosen, certain = certified(found, chosen, how)
    certain &= found.sure

    def result(shown: Pairs, certain: bool) -> RouteResult:
        routes = tuple(to_route(ask, itinerary, refs, one, better) for one, better in shown)
        routes = with_reliability(dated.data, routes, load.value_of_time_usd_per_h)
        warnings = [] if certain else [said("warn_uncertified")]
        if free := unknown_tolls(data, world.graph, load, np.concatenate([one.arcs for one, _ in shown])):
            warnings.append(said("warn_tolls", passages=joined(", ", free)))
        felt, more = told(dated, shut, ask.costs, adjacency(world.graph), (ask.start.node, ask.end.node), routes)
        return RouteResult(
            origin=refs[0],
            destination=refs[1],
            shipment=load.to_dict(),
            coverage={
                **in_both("method", said("coverage_method")),
                "share": how.share, "eps": how.eps, "delta": how.delta,
                "ways_found": len(found.ways), "truncated": found.truncated, "certified": certain,
            },
            routes=routes,
            places=dict(itinerary.places),
            warnings=(*more, *warnings),
            depart=dated.day,
            conditions=felt,
            within_days=within_days,
        )  # fmt: skip

    shown: Pairs = [(one, None) for one in chosen]
    if plain:
        if early is not None:
            early(result(shown, certain))
        tell("corridors", 0.6)
        others, sure = other_corridors(plain, found.questions, corridors, found.ways, chosen, how.labels)
        certain &= sure
        shown = in_order(chosen, others, most, only_unbeaten=only_unbeaten)
    tell("reliability", 0.9)
    return result(shown, certain)


@dataclass
class Found:
    """What the searches found: the questions they answered and the plain one that holds them all, the ways that answer what is asked and
    do not beat each other, whether any search stopped at its limit, and whether the best by what is asked is surely among them."""

    plain: Question | None = None
    questions: list[Question] = field(default_factory=list)
    ways: list[Named] = field(default_factory=list)
    truncated: bool = False
    sure: bool = True

    def add(self, one: Named) -> None:
        """Add a way, unless another one is as good; what it is at least as good as goes."""
        if not any(covers(other.way.cost, one.way.cost) for other in self.ways):
            self.ways = [other for other in self.ways if not covers(one.way.cost, other.way.cost)] + [one]


def search(ask: Ask, how: Tolerance, by: int) -> Found:
    """The efficient ways that answer what is asked; none if there is no way.

    A search whose best way by a weighting (row `by`) is of a corridor to be kept out of gives way to searches that cannot find one. Other
    such ways are left out, and what they hide is not searched for. A search for the ways that keep out of a corridor by using more than
    is asked comes last, and only if some of them may be near the best for someone.
    """
    found = Found()
    first = ask.terms()
    found.plain = plain = plain_question(ask, first) if first else None
    if first is None or plain is None:
        return found
    requires = any(demand.used for demand in ask.demands)
    searches, least = 0, np.inf
    with ThreadPoolExecutor(THREADS) as threads:
        waiting = [(first, threads.submit(question, plain, first))]
        while waiting:
            terms, made = waiting.pop(0)
            asked = made.result()
            if asked is None:
                continue
            best, broken, sure = best_in_order(asked, (by,), least)
            searches += 1
            if broken is None or searches + len(waiting) >= MOST_SEARCHES:
                found.questions.append(asked)
                found.sure &= sure or requires
                least = min(least, float(asked.wishes.lambdas[by] @ best.cost)) if best else least
            else:
                cases = (settled(ask.graph, case) for case in terms.cases(ask.graph, broken) or [])
                waiting += [(case, threads.submit(question, plain, case)) for case in cases if case]
    for extra in (False, True):
        least_sums = least_by(plain.wishes.lambdas, found.ways)
        near = [
            asked
            for asked in found.questions
            if asked.terms.extra == extra and np.any(asked.view.h[:, asked.source] <= (1 + how.share) * least_sums)
        ]
        with ThreadPoolExecutor(THREADS) as threads:
            fronts = list(threads.map(lambda asked: front_of(asked, how), near))
        for asked, front in zip(near, fronts, strict=True):
            found.truncated |= front.truncated
            for one in allowed_ways(asked, front, least_by(plain.wishes.lambdas, found.ways)):
                found.add(one)
    return found


def front_of(asked: Question, how: Tolerance) -> Front:
    """The efficient ways of a question, whether they are allowed or not."""
    return efficient_ways(asked.graph, asked.wishes, asked.view, asked.source, how, asked.ask.heed)


def allowed_ways(asked: Question, front: Front, least: NDArray[np.float64]) -> list[Named]:
    """The ways of a front that are allowed; and, for each weighting whose best way is not, the best that is, if its sum is below the
    least known, float64[7]."""
    ask = asked.ask
    ways = [named_way(ask, way.cost, asked.base_arc[way.arcs]) for way in front.ways]
    allowed = [one for one in ways if ask.allows(one.arcs)]
    if len(allowed) == len(ways):
        return allowed
    bests = [best_by(row, ways) for row in asked.wishes.lambdas]
    turning = [k for k, one in enumerate(bests) if not ask.allows(one.arcs)]
    if not any(demand.used for demand in ask.demands):
        in_order = (best_in_order(asked, (k,), least[k])[0] for k in turning)
        return allowed + [named_way(ask, way.cost, asked.base_arc[way.arcs]) for way in in_order if way is not None]
    if len(asked.terms.used) > 1 and allowed:
        return allowed
    weights = ask.costs.weights
    with ThreadPoolExecutor(THREADS) as threads:
        straight = [arcs for ways in threads.map(lambda k: list(straight_ways(asked, [k])), turning) for arcs in ways]
    return allowed + [named_way(ask, np.sum(weights[:, arcs], axis=1), arcs) for arcs in straight]


def least_by(lambdas: NDArray[np.float64], ways: list[Named]) -> NDArray[np.float64]:
    """The least sum of known ways by each weighting, float64[7]; inf if there is none."""
    sums = np.full((len(ways) + 1, len(lambdas)), np.inf)
    for row, one in zip(sums, ways, strict=False):
        row[:] = lambdas @ one.way.cost
    return np.asarray(sums.min(axis=0))


def best_by(lambdas: NDArray[np.float64], ways: list[Named]) -> Named:
    """The best way by a weighting, float64[3]."""
    return min(ways, key=lambda one: float(lambdas @ one.way.cost))


def choose(named: list[Named], most: int) -> list[Named]:
    """At most `most` ways that really differ: the best by each criterion and by generalized cost, each family of corridors, each corridor,
    then the rest.

    Of ways within a hundredth of the best by a criterion the one of least generalized cost stands for it: nobody sails a day longer to
    save a few dollars.
    """
    by_money = sorted(named, key=lambda one: one.generalized_cost_usd)
    least = np.min([one.way.cost for one in named], axis=0)
    ends = [next(one for one in by_money if one.way.cost[k] <= (1 + NEARLY) * least[k]) for k in range(3)]
    families: dict[str, Named] = {}
    firsts: dict[str, Named] = {}
    for one in by_money:
        families.setdefault(one.corridor.family, one)
        firsts.setdefault(one.corridor.key, one)
    kept: list[Named] = []
    for one in [by_money[0], *ends, *families.values(), *firsts.values(), *by_money]:
        if len(kept) < most and all(differs(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.generalized_cost_usd)


def in_order(chosen: list[Named], others: Pairs, most: int, *, only_unbeaten: bool) -> Pairs:
    """At most `most` unbeaten routes in order of generalized cost, then the beaten ones in the same order unless they are not wanted."""
    more = [one for one, better in others if better is None]
    unbeaten: Pairs = [(one, None) for one in (choose([*chosen, *more], most) if more else chosen)]
    beaten = [] if only_unbeaten else [pair for pair in others if pair[1] is not None]
    return unbeaten + sorted(beaten, key=lambda pair: pair[0].generalized_cost_usd)


def certified(found: Found, chosen: list[Named], how: Tolerance) -> tuple[list[Named], bool]:
    """The chosen ways, each replaced by the way that beats it until none does; and whether that is certain for all."""

    def last_of(one: Named) -> tuple[Named, bool]:
        better, sure = what_beats(found.questions, one, how.labels)
        return (one, sure) if better is None else last_of(better)

    kept: list[Named] = []
    with ThreadPoolExecutor(THREADS) as threads:
        last = list(threads.map(last_of, chosen))
    for one, _ in last:
        if all(differs(one, other) for other in kept):
            kept.append(one)
    return kept, all(sure for _, sure in last)


def to_route(
    ask: Ask, itinerary: Itinerary, refs: tuple[PlaceRef, PlaceRef], one: Named, better: Named | None
) -> Route:
    """The frozen record of a way, with the kilometres to and from the road where a place has no terminal."""
    corridor, graph = one.corridor, ask.graph
    ends = ask.start, ask.end
    access = sum((ask.costs.by_road(end.km, end.country) for end in ends), np.zeros(3))
    access_usd = float(weighting(ask.costs.consignment) @ access)
    return Route(
        corridor=corridor.key, corridor_name=corridor.name, corridor_name_ru=corridor.name_ru,
        legs=itinerary.legs(one.arcs, *refs, *ends), generalized_cost_usd=one.generalized_cost_usd + access_usd,
        beaten_by=to_beaten(better) if better else None,
        signature={item_name(graph, item): share for item, share in sorted(one.spent.items(), key=lambda pair: -pair[1])},
    )  # fmt: skip


def to_beaten(one: Named) -> BeatenBy:
    """What beats a route, as the result names it."""
    time_h, cost_usd, co2e_kg = (float(x) for x in one.way.cost)
    return BeatenBy(one.corridor.key, one.corridor.name, one.corridor.name_ru, time_h, cost_usd, co2e_kg)


def no_route(ask: Ask, start: Entry, end: Entry) -> NoRoute:
    """The error for a question without an answer: what, when taken away alone, opens a way; else all that was asked; else the load."""
    load = ask.costs.consignment
    goods = Text(load.commodity_name, load.commodity_name_ru)
    asked = {
        "start": start.called,
        "start_code": start.code,
        "end": end.called,
        "end_code": end.code,
        "goods": goods,
        "unit": load.unit,
    }
    if not is_open(ask, ()):
        carried = said(f"load_{load.load}")
        blocked_load = said("blocked_load", load=Text(load.load, carried.ru))
        return NoRoute(said("err_no_route_load", load=carried, **asked), [blocked_load])
    alone = [one.text for one in ask.demands if is_open(ask, tuple(other for other in ask.demands if other is not one))]
    blocked = alone or [one.text for one in ask.demands]
    key = "err_no_route" if alone else "err_no_route_together"
    return NoRoute(said(key, blocked=joined(", ", blocked), **asked), blocked)
