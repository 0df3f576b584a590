"""Corridor performance: a trip as a table of stretches and stops, its cumulative curves, and the CAREC CPMM indicators.

    curve   km(k) = sum of km, value(k) = sum of hours, USD or kg over steps 1..k      vertical where the load stands
    TFI1    sum of hours at borders / border crossings                                 [h]
    TFI2    sum of USD paid at borders / border crossings                              [USD]
    TFI3    500 km x 20 t x sum of USD / sum of t-km                                   [USD]
    TFI4    SWOD = sum of km / sum of hours moving                                     [km/h]
            SWD  = sum of km / sum of hours moving and stopped                         [km/h]

Time-cost-distance: UNESCAP (2004) after Beresford & Dubey (1990) and Banomyong (2000). Indicators: CAREC Corridor
Performance Measurement and Monitoring, since 2009. Indicators of several trips are ratios of sums, never means of
ratios. What is not known is None, and a trip with an unknown price stays out of TFI3 and is counted as such.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate
from operator import add
from typing import Any, NamedTuple

from keruen.errors import UnknownOption
from keruen.routing.result import MOVING_MODES, LegDict, PlaceDict, ResultDict, Route, RouteDict, RouteResult
from keruen.tables.unknown import sum_of
from keruen.tables.words import said

TFI3_KM, TFI3_TONNES = 500.0, 20.0
MOVE, STOP, BORDER = "move", "stop", "border"
KINDS = (MOVE, STOP, BORDER)
MEASURES = ("time_h", "cost_usd", "co2e_kg")
BUNDLED_BY = ("trip", "corridor", "year")


class Step(NamedTuple):
    """A stretch (`move`) or a stop (`stop`, `border`) of a trip.

    start, end and their Russian names: places as people call them, the same for a stop. name: the service, terminal
    or crossing. mode: how the load moves; for a stop what kind it is (terminal, border, gauge_change) or empty.
    moving_h, border_h, stopped_h: hours moving, at a border, standing elsewhere; hours that a stretch stands at a place
    nobody names (a convoy before a canal) are in its own stopped_h. tonnes: cargo carried. None: unknown.
    """

    kind: str
    mode: str
    start: str
    end: str
    start_ru: str = ""
    end_ru: str = ""
    name: str = ""
    name_ru: str = ""
    country: str = ""
    distance_km: float = 0.0
    moving_h: float = 0.0
    border_h: float = 0.0
    stopped_h: float = 0.0
    cost_usd: float | None = None
    co2e_kg: float | None = None
    tonnes: float | None = None
    note: str = ""

    @property
    def time_h(self) -> float:
        """Hours from start to end."""
        return self.moving_h + self.border_h + self.stopped_h

    @property
    def clears_border(self) -> bool:
        """Whether it is a border crossing where the load stood or paid; an open border is not one to be cleared."""
        return self.kind == BORDER and (self.border_h > 0.0 or bool(self.cost_usd))

    def measure(self, name: str) -> float | None:
        """Hours, USD or kg of the step, by name of the measure; None if unknown."""
        value = getattr(self, name)
        return None if value is None else float(value)

    def label(self, lang: str = "en") -> str:
        """What to call a stop: the crossing by its name, any other stop by its place."""
        here = self.name if self.kind == BORDER and self.name else self.start
        here_ru = self.name_ru if self.kind == BORDER and self.name else self.start_ru
        return (here_ru if lang == "ru" else "") or here


class Curve(NamedTuple):
    """Cumulative distance and measure after 0, 1, .. n steps; both never fall."""

    distance_km: tuple[float, ...]
    value: tuple[float, ...]


@dataclass(frozen=True)
class Trip:
    """A journey as its steps in order. corridor: what it is compared by; year: when it began, if known."""

    name: str
    steps: tuple[Step, ...]
    name_ru: str = ""
    corridor: str = ""
    year: int | None = None

    @property
    def distance_km(self) -> float:
        """Kilometres travelled."""
        return math.fsum(step.distance_km for step in self.steps)

    def total(self, measure: str) -> float | None:
        """Hours, USD or kg of the whole trip; None if that of any step is unknown."""
        return sum_of(step.measure(measure) for step in self.steps)

    def curve(self, measure: str = "time_h") -> Curve | None:
        """Cumulative hours, USD or kg against cumulative km; None if that of any step is unknown."""
        values = [step.measure(measure) for step in self.steps]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        along_km = accumulate((step.distance_km for step in self.steps), initial=0.0)
        return Curve(tuple(along_km), tuple(accumulate(known, initial=0.0)))

    def title(self, lang: str = "en") -> str:
        """Its name in a language, in English or as logged if it has none."""
        return (self.name_ru if lang == "ru" else "") or self.name

    def rows(self) -> list[dict[str, Any]]:
        """The table behind the diagram: a row for each step with its own and the cumulative figures.

        A cumulative figure is None from the first step on whose own is unknown.
        """
        found: list[dict[str, Any]] = []
        sums: dict[str, float | None] = dict.fromkeys(("distance_km", *MEASURES), 0.0)
        for number, step in enumerate(self.steps, 1):
            for name, before in sums.items():
                value = step.measure(name)
                sums[name] = None if before is None or value is None else before + value
            so_far = {f"cumulative_{name}": value for name, value in sums.items()}
            found.append({"trip": self.name, "step": number, **_row_of(step), **so_far})
        return found


@dataclass(frozen=True)
class Bundle:
    """Trips drawn as one curve: the mean of those that go the commonest way, between the least and the greatest of them."""

    name: str
    trips: tuple[Trip, ...]
    name_ru: str = ""

    @cached_property
    def alike(self) -> tuple[Trip, ...]:
        """The trips that go the commonest way, step by step the same."""
        ways = Counter(map(way_of, self.trips))
        commonest = ways.most_common(1)[0][0]
        return tuple(trip for trip in self.trips if way_of(trip) == commonest)

    @cached_property
    def mean(self) -> Trip:
        """The mean of the trips that go the commonest way."""
        return mean_trip(self.alike, self.name, self.name_ru) if len(self.alike) > 1 else self.alike[0]

    @cached_property
    def indicators(self) -> Indicators:
        """The indicators of all its trips together."""
        return indicators(self.trips)

    def band(self, measure: str = "time_h") -> tuple[Curve, Curve] | None:
        """Least and greatest cumulative value after each step, at the mean km; None for one trip or unknown values."""
        mean, curves = self.mean.curve(measure), [trip.curve(measure) for trip in self.alike]
        known = [curve.value for curve in curves if curve is not None]
        if mean is None or len(self.alike) < 2 or len(known) < len(curves):
            return None
        low, high = (tuple(extreme(values) for values in zip(*known, strict=True)) for extreme in (min, max))
        return Curve(mean.distance_km, low), Curve(mean.distance_km, high)

    def title(self, lang: str = "en") -> str:
        """Its name in a language."""
        return (self.name_ru if lang == "ru" else "") or self.name


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """The CPMM indicators of some trips, and the sums they are ratios of. Sums of two records add up (`+`).

    crossings: border crossings where the load stood or paid. paid_crossings, border_cost_usd: those whose price is
    known, and the sum of it. priced_trips, priced_cost_usd, priced_tkm: trips whose every price and load is known, the
    sum of the prices, and the tonne-kilometres.
    """

    trips: int = 0
    distance_km: float = 0.0
    moving_h: float = 0.0
    border_h: float = 0.0
    stopped_h: float = 0.0
    crossings: int = 0
    paid_crossings: int = 0
    border_cost_usd: float = 0.0
    priced_trips: int = 0
    priced_cost_usd: float = 0.0
    priced_tkm: float = 0.0

    def __add__(self, other: Indicators) -> Indicators:
        return Indicators(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})

    @property
    def time_h(self) -> float:
        """Hours of all trips."""
        return self.moving_h + self.border_h + self.stopped_h

    @property
    def tfi1_border_h(self) -> float | None:
        """TFI1 = sum of hours at borders / crossings [h]; None without a crossing."""
        return _ratio(self.border_h, self.crossings)

    @property
    def tfi2_border_usd(self) -> float | None:
        """TFI2 = sum of USD paid at borders / crossings whose price is known [USD]; None without one."""
        return _ratio(self.border_cost_usd, self.paid_crossings)

    @property
    def tfi3_usd_per_500km_20t(self) -> float | None:
        """TFI3 = 500 km x 20 t x sum of USD / sum of t-km [USD]; None if no trip has all its prices and loads."""
        usd_per_tkm = _ratio(self.priced_cost_usd, self.priced_tkm)
        return None if usd_per_tkm is None else TFI3_KM * TFI3_TONNES * usd_per_tkm

    @property
    def swod_kmh(self) -> float | None:
        """TFI4, speed without delay = sum of km / sum of hours moving [km/h]; None if nothing moves."""
        return _ratio(self.distance_km, self.moving_h)

    @property
    def swd_kmh(self) -> float | None:
        """TFI4, speed with delay = sum of km / sum of all hours [km/h]; None if no time passes."""
        return _ratio(self.distance_km, self.time_h)

    @property
    def standing_share(self) -> float | None:
        """Share of the hours in which the load stands still = 1 - hours moving / all hours; None if no time passes."""
        moving = _ratio(self.moving_h, self.time_h)
        return None if moving is None else 1.0 - moving

    def to_dict(self) -> dict[str, float | int | None]:
        """Ready for JSON or a row of CSV: the indicators, then the sums."""
        names = ("tfi1_border_h", "tfi2_border_usd", "tfi3_usd_per_500km_20t", "swod_kmh", "swd_kmh", "standing_share")
        return {name: getattr(self, name) for name in (*names, *self.__dataclass_fields__)}


def from_route(
    route: Route | RouteDict,
    *,
    places: Mapping[str, PlaceDict] | None = None,
    tonnes: float | None = None,
) -> Trip:
    """A route as a trip. places: names of the ids in its legs; tonnes: cargo of the shipment (TFI3 needs it).

    The sums of the steps are the totals of the route. A leg's waiting and handling hours are standing elsewhere.
    """
    given: RouteDict = route.to_dict() if isinstance(route, Route) else route
    steps = tuple(_step_of(leg, places or {}, tonnes) for leg in given["legs"])
    return Trip(given["corridor_name"] or given["corridor"], steps, given["corridor_name_ru"], given["corridor"])


def from_result(result: RouteResult | ResultDict) -> tuple[Trip, ...]:
    """All routes of an answer as trips, in its order."""
    given: ResultDict = result.to_dict() if isinstance(result, RouteResult) else result
    tonnes = given["shipment"].get("tonnes")
    return tuple(from_route(route, places=given["places"], tonnes=tonnes) for route in given["routes"])


def indicators(trips: Iterable[Trip]) -> Indicators:
    """The CPMM indicators of some trips together: ratios of sums. Reads the trips once, one at a time."""
    return reduce(add, map(_indicators_of, trips), Indicators())


def mean_trip(trips: Sequence[Trip], name: str = "", name_ru: str = "") -> Trip:
    """The mean of trips that go the same steps: each step with the mean of its figures (unknown if one is unknown).

    Raises:
        ValueError: no trips, or trips with different steps.
    """
    if not trips or len({way_of(trip) for trip in trips}) != 1:
        raise ValueError("a mean trip is made of trips with the same steps: kinds, modes and places in the same order")
    first = trips[0]
    steps = tuple(_mean_step(steps) for steps in zip(*(trip.steps for trip in trips), strict=True))
    year = first.year if len({trip.year for trip in trips}) == 1 else None
    return Trip(name or first.name, steps, name_ru or first.name_ru, first.corridor, year)


def bundles(trips: Iterable[Trip], by: str = "trip") -> tuple[Bundle, ...]:
    """Trips gathered to be drawn as one curve each, in the order they first come, years in theirs.

    by: "trip" (each alone), "corridor" (its corridor, or its way if none is given), "year" (corridor and year).

    Raises:
        UnknownOption: another `by`.
    """
    if by not in BUNDLED_BY:
        raise UnknownOption(said("err_gathered_by", known=", ".join(BUNDLED_BY), by=by), BUNDLED_BY)
    groups: dict[object, list[Trip]] = {}
    for number, trip in enumerate(trips):
        corridor = trip.corridor or way_of(trip)
        key: object = {"trip": number, "corridor": corridor, "year": (corridor, trip.year)}[by]
        groups.setdefault(key, []).append(trip)
    found = [_bundle_of(group, by) for group in groups.values()]
    return tuple(sorted(found, key=lambda bundle: bundle.trips[0].year or 0) if by == "year" else found)


def by_corridor(trips: Iterable[Trip], corridors: Collection[str]) -> list[Trip]:
    """The trips of some corridors, in the order these are named; all trips, if none is. Raises UnknownOption for one nobody takes."""
    trips = list(trips)
    known = dict.fromkeys(trip.corridor for trip in trips if trip.corridor)
    if unknown := [corridor for corridor in corridors if corridor not in known]:
        names = ", ".join(known) or said("not_named")
        raise UnknownOption(said("err_no_trip", unknown=", ".join(unknown), known=names), known)
    return [trip for corridor in dict.fromkeys(corridors) for trip in trips if trip.corridor == corridor] or trips


def _bundle_of(trips: Sequence[Trip], by: str) -> Bundle:
    """A bundle with the name of what its trips share."""
    first = trips[0]
    if by == "trip" or len(trips) == 1 and not first.corridor:
        return Bundle(first.name, tuple(trips), first.name_ru)
    name = first.corridor or f"{first.steps[0].start} - {first.steps[-1].end}"
    return Bundle(f"{name}, {first.year}" if by == "year" and first.year else name, tuple(trips))


def way_of(trip: Trip) -> tuple[tuple[str, str, str, str], ...]:
    """What two trips must share to be compared step by step: kind, mode and ends of every step."""
    return tuple((step.kind, step.mode, step.start, step.end) for step in trip.steps)


def _step_of(leg: LegDict, places: Mapping[str, PlaceDict], tonnes: float | None) -> Step:
    """A leg of a route as a step."""
    start, end = (places.get(leg[key]) for key in ("from", "to"))
    moves = leg["mode"] in MOVING_MODES
    return Step(
        kind=MOVE if moves else BORDER if leg["mode"] == BORDER else STOP,
        mode=leg["mode"],
        start=start["name"] if start else leg["from"],
        end=end["name"] if end else leg["to"],
        start_ru=start["name_ru"] if start else "",
        end_ru=end["name_ru"] if end else "",
        name=leg["name"],
        name_ru=leg["name_ru"],
        country=leg["country"],
        distance_km=leg["distance_km"],
        moving_h=leg["running_h"],
        border_h=leg["border_h"],
        stopped_h=leg["waiting_h"] + leg["handling_h"],
        cost_usd=leg["cost_usd"],
        co2e_kg=leg["co2e_kg"],
        tonnes=tonnes,
    )


def _row_of(step: Step) -> dict[str, Any]:
    """The columns of a step in the table, its hours in all beside their parts."""
    texts = {
        "kind": step.kind,
        "mode": step.mode,
        "from": step.start,
        "to": step.end,
        "name": step.name,
        "country": step.country,
    }
    figures = ("distance_km", "moving_h", "border_h", "stopped_h", "time_h", "cost_usd", "co2e_kg", "tonnes", "note")
    return {**texts, **{name: getattr(step, name) for name in figures}}


def _indicators_of(trip: Trip) -> Indicators:
    """The sums of one trip."""
    cleared = [step for step in trip.steps if step.clears_border]
    paid = [step.cost_usd for step in cleared if step.cost_usd is not None]
    cost_usd = trip.total("cost_usd")
    moves = [step for step in trip.steps if step.distance_km > 0.0]
    tkm = sum_of(None if step.tonnes is None else step.distance_km * step.tonnes for step in moves)
    priced = cost_usd is not None and bool(tkm)
    return Indicators(
        trips=1,
        distance_km=trip.distance_km,
        moving_h=math.fsum(step.moving_h for step in trip.steps),
        border_h=math.fsum(step.border_h for step in trip.steps),
        stopped_h=math.fsum(step.stopped_h for step in trip.steps),
        crossings=len(cleared),
        paid_crossings=len(paid),
        border_cost_usd=math.fsum(paid),
        priced_trips=int(priced),
        priced_cost_usd=cost_usd if cost_usd is not None and priced else 0.0,
        priced_tkm=tkm if tkm is not None and priced else 0.0,
    )


def _mean_step(steps: Sequence[Step]) -> Step:
    """The first of some steps with the mean of the figures of all."""
    names = ("distance_km", "moving_h", "border_h", "stopped_h", "cost_usd", "co2e_kg", "tonnes")
    sums = {name: sum_of(step.measure(name) for step in steps) for name in names}
    means: dict[str, Any] = {name: None if value is None else value / len(steps) for name, value in sums.items()}
    return steps[0]._replace(**means, note="")


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0.0 else None
