"""What the question "which ways?" answers: routes made of legs, as frozen records that carry the rows they rest on.

    time of a leg   = running + waiting + handling + border                 [h]
    total of route  = sum of its legs, in time, cost, CO2e and distance     [h, USD, kg, km]

Totals are computed from the legs and never stored, so they cannot disagree. What is not known is None and makes the
total None. A leg's components say which row of which table gave which part of its hours, dollars and kilograms, and
on what basis; `assumed` names the figures that rest on an assumption of ours. Every number is for the whole shipment.
The JSON form (`to_dict`) is described key by key in docs/route-json.md.
"""

from __future__ import annotations

import bisect
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict

from keruen.errors import in_language
from keruen.tables.conditions import Condition

MOVING_MODES = ("rail", "road", "sea", "ferry", "air", "inland_waterway")
STOP_MODES = ("terminal", "border", "gauge_change")
ASSUMED = "assumed"
MEASURES = ("time_h", "cost_usd", "co2e_kg")
SHOWN_PERCENTS = (10, 50, 80, 90, 95)
DECIMALS = 6  # of the numbers in JSON

Point = tuple[float, float]


class PlaceDict(TypedDict):
    """A place in JSON."""

    place: str
    name: str
    name_ru: str
    country: str
    lat: float
    lon: float


class ComponentDict(TypedDict):
    """One part of a leg in JSON."""

    kind: str
    source: str
    basis: str
    time_h: float
    cost_usd: float
    co2e_kg: float | None


_LegNames = TypedDict("_LegNames", {"mode": str, "from": str, "to": str})


class LegDict(_LegNames):
    """A leg in JSON; `geometry` is there only when asked for."""

    name: str
    name_ru: str
    country: str
    distance_km: float
    running_h: float
    waiting_h: float
    handling_h: float
    border_h: float
    time_h: float
    cost_usd: float
    co2e_kg: float | None
    assumed: list[str]
    sources: list[str]
    components: list[ComponentDict]
    geometry: list[list[float]]


class BeatenByDict(TypedDict):
    """The way that beats a route, in JSON."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    time_h: float
    cost_usd: float
    co2e_kg: float | None


class SpreadLegDict(TypedDict):
    """A leg that makes the time of its route uncertain, in JSON."""

    leg: int
    mode: str
    to: str
    name: str
    name_ru: str
    share: float
    sources: list[str]


class RouteDict(TypedDict):
    """A route in JSON; the percentiles are None where no reliability was worked out."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    beaten_by: str | None
    beaten_by_way: BeatenByDict | None
    modes: list[str]
    distance_km: float
    time_h: float
    running_h: float
    waiting_h: float
    handling_h: float
    border_h: float
    cost_usd: float
    co2e_kg: float | None
    generalized_cost_usd: float
    assumed: list[str]
    p10_h: float | None
    p50_h: float | None
    p80_h: float | None
    p90_h: float | None
    p95_h: float | None
    buffer_h: float | None
    buffer_usd: float | None
    spread_assumed_share: float | None
    on_time: float | None
    spread_legs: list[SpreadLegDict]
    legs: list[LegDict]
    sources: list[str]
    signature: dict[str, float]


class ResultDict(TypedDict):
    """The whole answer in JSON."""

    origin: PlaceDict
    destination: PlaceDict
    shipment: dict[str, Any]
    coverage: dict[str, Any]
    routes: list[RouteDict]
    places: dict[str, PlaceDict]
    warnings: list[str]
    warnings_ru: list[str]
    depart: str | None
    within_days: float | None
    conditions: list[dict[str, Any]]


@dataclass(frozen=True)
class PlaceRef:
    """A place as a result names it: code or own id, names, ISO country (empty: unknown), degrees."""

    place: str
    name: str
    name_ru: str
    country: str
    lat: float
    lon: float

    def to_dict(self) -> PlaceDict:
        """Ready for JSON."""
        return {
            "place": self.place,
            "name": self.name,
            "name_ru": self.name_ru,
            "country": self.country,
            "lat": round(self.lat, DECIMALS),
            "lon": round(self.lon, DECIMALS),
        }


@dataclass(frozen=True)
class Component:
    """What one row of a table adds to a leg.

    `kind` says what is paid or waited for (running, waiting, handling, border, tariff, toll, fee, emission), `source`
    is the row as `table:key`, `basis` is the row's own (observed, reported, derived, published, assumed). co2e_kg
    None: unknown.
    """

    kind: str
    source: str
    basis: str = ""
    time_h: float = 0.0
    cost_usd: float = 0.0
    co2e_kg: float | None = 0.0

    @property
    def adds(self) -> tuple[str, ...]:
        """Which of the measures it adds to."""
        return tuple(measure for measure in MEASURES if getattr(self, measure) != 0.0)

    def to_dict(self) -> ComponentDict:
        """Ready for JSON."""
        return {
            "kind": self.kind,
            "source": self.source,
            "basis": self.basis,
            "time_h": round(self.time_h, DECIMALS),
            "cost_usd": round(self.cost_usd, DECIMALS),
            "co2e_kg": _rounded(self.co2e_kg),
        }


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One stretch by one mode, or one stop (terminal, border, gauge_change; no distance).

    start, end: ids of places in `RouteResult.places`. country: ISO code, empty on the high sea or over several
    countries. name: the service, line, border or terminal. geometry: (lon, lat) in degrees from start to end; one
    point for a stop.
    """

    mode: str
    start: str
    end: str
    country: str = ""
    name: str = ""
    name_ru: str = ""
    distance_km: float = 0.0
    running_h: float = 0.0
    waiting_h: float = 0.0
    handling_h: float = 0.0
    border_h: float = 0.0
    cost_usd: float = 0.0
    co2e_kg: float | None = 0.0
    components: tuple[Component, ...] = ()
    geometry: Sequence[Point] = field(default=(), repr=False)

    @property
    def moves(self) -> bool:
        """Whether the load travels on this leg."""
        return self.mode in MOVING_MODES

    @property
    def time_h(self) -> float:
        """Hours from start to end, all told."""
        return math.fsum(getattr(self, name) for name in _HOURS)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Measures of this leg that rest on a row whose basis is an assumption."""
        found = {measure for part in self.components if part.basis == ASSUMED for measure in part.adds}
        return tuple(measure for measure in MEASURES if measure in found)

    @property
    def sources(self) -> tuple[str, ...]:
        """Rows the leg rests on, as `table:key`, each once."""
        return tuple(dict.fromkeys(part.source for part in self.components if part.source))

    def to_dict(self, geometry: bool = False) -> LegDict:
        """Ready for JSON; coordinates only if `geometry`."""
        sums = {name: round(getattr(self, name), DECIMALS) for name in _LEG_SUMS}
        found: dict[str, Any] = {
            "mode": self.mode,
            "from": self.start,
            "to": self.end,
            "name": self.name,
            "name_ru": self.name_ru,
            "country": self.country,
            **sums,
            "time_h": round(math.fsum(sums[name] for name in _HOURS), DECIMALS),
            "co2e_kg": _rounded(self.co2e_kg),
            "assumed": list(self.assumed),
            "sources": list(self.sources),
            "components": [part.to_dict() for part in self.components],
        }
        if geometry:
            found["geometry"] = [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in self.geometry]
        return found  # type: ignore[return-value]


@dataclass(frozen=True)
class BeatenBy:
    """A way at least as good in time, cost and CO2e and better in one; it need not be among the routes shown."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    time_h: float
    cost_usd: float
    co2e_kg: float | None

    def __str__(self) -> str:
        return f"beaten by {self.corridor_name}"

    def to_dict(self) -> BeatenByDict:
        """Ready for JSON."""
        return {
            "corridor": self.corridor,
            "corridor_name": self.corridor_name,
            "corridor_name_ru": self.corridor_name_ru,
            "time_h": round(self.time_h, DECIMALS),
            "cost_usd": round(self.cost_usd, DECIMALS),
            "co2e_kg": _rounded(self.co2e_kg),
        }


@dataclass(frozen=True)
class SpreadLeg:
    """A leg by its place in the route, its share of the variance of the route's time, and the rows of spreads that rests on."""

    leg: int
    share: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reliability:
    """How surely a route keeps its time.

    `quantiles_h`: hours not exceeded in 1, 2, ... 99 of 100 journeys. `spread_legs`: where the spread comes from, largest first.
    `assumed_share`: share of the variance that rests on assumed spreads. `usd_per_h`: what an hour of the shipment is worth.
    """

    quantiles_h: tuple[float, ...]
    mean_h: float
    sd_h: float
    spread_legs: tuple[SpreadLeg, ...]
    assumed_share: float
    usd_per_h: float

    def percentile_h(self, percent: int) -> float:
        """Hours not exceeded in so many of 100 journeys, 1 to 99."""
        return self.quantiles_h[percent - 1]

    @property
    def buffer_h(self) -> float:
        """Hours to set aside beyond the median to be in time in 95 of 100 journeys."""
        return self.percentile_h(95) - self.percentile_h(50)

    @property
    def buffer_usd(self) -> float:
        """What these hours are worth to the shipment."""
        return self.buffer_h * self.usd_per_h

    def probability_within(self, hours: float) -> float:
        """Probability to arrive within so many hours, to a hundredth; 0.01 and 0.99 stand for less and more."""
        found = bisect.bisect_right(self.quantiles_h, hours) / 100
        return min(max(found, 0.01), 0.99)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way from origin to destination: corridor and legs in order. `signature`: shares of its cost by item."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    legs: tuple[Leg, ...]
    generalized_cost_usd: float
    beaten_by: BeatenBy | None = None
    signature: Mapping[str, float] = field(default_factory=dict, repr=False)
    reliability: Reliability | None = field(default=None, repr=False)

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes the load travels by, in the order they first come."""
        return tuple(dict.fromkeys(leg.mode for leg in self.legs if leg.moves))

    @property
    def distance_km(self) -> float:
        """Kilometres travelled."""
        return self._total("distance_km")

    @property
    def time_h(self) -> float:
        """Hours from door to door."""
        return self._total("time_h")

    @property
    def cost_usd(self) -> float:
        """Dollars paid for the whole shipment."""
        return self._total("cost_usd")

    @property
    def co2e_kg(self) -> float | None:
        """Kilograms of CO2e, well to wheel; None if that of any leg is unknown."""
        parts = [leg.co2e_kg for leg in self.legs]
        known = [part for part in parts if part is not None]
        return math.fsum(known) if len(known) == len(parts) else None

    @property
    def assumed(self) -> tuple[str, ...]:
        """Measures that rest on an assumption on some leg."""
        return tuple(measure for measure in MEASURES if any(measure in leg.assumed for leg in self.legs))

    @property
    def sources(self) -> tuple[str, ...]:
        """Rows the route rests on, as `table:key`, each once."""
        return tuple(dict.fromkeys(source for leg in self.legs for source in leg.sources))

    def _total(self, measure: str) -> float:
        return math.fsum(getattr(leg, measure) for leg in self.legs)

    def _reliability_dict(self, within_days: float | None) -> dict[str, Any]:
        known = self.reliability
        values = {f"p{percent}_h": known.percentile_h(percent) if known else None for percent in SHOWN_PERCENTS}
        values |= {
            "buffer_h": known.buffer_h if known else None,
            "buffer_usd": known.buffer_usd if known else None,
            "spread_assumed_share": known.assumed_share if known else None,
            "on_time": known.probability_within(24 * within_days) if known and within_days is not None else None,
        }
        legs = [(self.legs[one.leg], one) for one in (known.spread_legs if known else ())]
        spread = [
            {"leg": one.leg, "mode": leg.mode, "to": leg.end, "name": leg.name, "name_ru": leg.name_ru, "share": _rounded(one.share),
             "sources": list(one.sources)}
            for leg, one in legs
        ]  # fmt: skip
        return {**{name: _rounded(value) for name, value in values.items()}, "spread_legs": spread}

    def to_dict(self, geometry: bool = False, within_days: float | None = None) -> RouteDict:
        """Ready for JSON. Totals are sums of the rounded legs, so that they add up for every reader. within_days: as in `RouteResult`."""
        legs = [leg.to_dict(geometry) for leg in self.legs]
        sums = {name: _sum_of(legs, name) for name in (*_LEG_SUMS, "time_h", "co2e_kg")}
        found: dict[str, Any] = {
            "corridor": self.corridor,
            "corridor_name": self.corridor_name,
            "corridor_name_ru": self.corridor_name_ru,
            "beaten_by": self.beaten_by.corridor if self.beaten_by else None,
            "beaten_by_way": self.beaten_by.to_dict() if self.beaten_by else None,
            "modes": list(self.modes),
            **sums,
            "generalized_cost_usd": round(self.generalized_cost_usd, DECIMALS),
            "assumed": list(self.assumed),
            **self._reliability_dict(within_days),
            "legs": legs,
            "sources": list(self.sources),
            "signature": {item: round(share, DECIMALS) for item, share in self.signature.items()},
        }
        return found  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class RouteResult:
    """The answer to `route`: the routes in order of generalized cost, and the places their legs name.

    shipment: what was sent, as worked out. coverage: how completely the search covers the unbeaten ways.
    warnings: what the reader should know before relying on it. depart: the day of departure, None for usual conditions. conditions: what
    was other than usual on that day and is felt by the routes, or would be if it had not closed a way. within_days: the days that the
    probability to be in time is asked for; None: it is not.
    """

    origin: PlaceRef
    destination: PlaceRef
    shipment: Mapping[str, Any]
    coverage: Mapping[str, Any]
    routes: tuple[Route, ...]
    places: Mapping[str, PlaceRef] = field(repr=False)
    warnings: tuple[str, ...] = ()
    depart: date | None = None
    conditions: tuple[Condition, ...] = ()
    within_days: float | None = None

    def to_dict(self, geometry: bool = False) -> ResultDict:
        """The answer as `keruen route --json` prints it; coordinates of the legs only if `geometry`."""
        used = dict.fromkeys(place for route in self.routes for leg in route.legs for place in (leg.start, leg.end))
        return {
            "origin": self.origin.to_dict(),
            "destination": self.destination.to_dict(),
            "shipment": dict(self.shipment),
            "coverage": dict(self.coverage),
            "routes": [route.to_dict(geometry, self.within_days) for route in self.routes],
            "places": {place: self.places[place].to_dict() for place in used if place in self.places},
            "warnings": [in_language(warning, "en") for warning in self.warnings],
            "warnings_ru": [in_language(warning, "ru") for warning in self.warnings],
            "depart": self.depart.isoformat() if self.depart else None,
            "within_days": self.within_days,
            "conditions": [condition.to_dict() for condition in self.conditions],
        }

    def __repr__(self) -> str:
        """One line for the question and one for each route."""
        width = max((len(route.corridor_name) for route in self.routes), default=0)
        lines = [self._question()]
        for route in self.routes:
            beaten = f"   beaten by {route.beaten_by.corridor_name}" if route.beaten_by else ""
            figures = (f"{route.time_h / 24:,.1f} days", f"USD {route.cost_usd:,.0f}", _tonnes(route.co2e_kg))
            cells = [f"{figure:>14}" for figure in (*figures, f"{route.distance_km:,.0f} km")]
            lines.append(f"  {route.corridor_name:<{width}}{''.join(cells)}  {_modes(route.modes)}{beaten}")
        return "\n".join(lines)

    def _question(self) -> str:
        count = f"{len(self.routes)} route{'' if len(self.routes) == 1 else 's'}"
        ends = f"{self.origin.name} ({self.origin.place}) -> {self.destination.name} ({self.destination.place})"
        return f"{ends}: {count}"

    def _repr_html_(self) -> str:
        """The routes as a table, each with its legs folded under it, for a notebook."""
        heads = ("", "Corridor", "Modes", "Days", "P90", "USD", "CO2e", "km", "Beaten by")
        rows = [_route_row(number, route) for number, route in enumerate(self.routes, 1)]
        folded = [self._legs_html(number, route) for number, route in enumerate(self.routes, 1)]
        notes = "".join(f"<p>{html.escape(warning)}</p>" for warning in self.warnings)
        return f"<div><b>{html.escape(self._question())}</b>{_html_table(heads, rows)}{''.join(folded)}{notes}</div>"

    def _legs_html(self, number: int, route: Route) -> str:
        heads = ("", "From", "To", "", "km", "running h", "waiting h", "handling h", "border h", "USD", "kg CO2e")
        rows = [self._leg_row(leg) for leg in route.legs]
        title = f"{number}. {html.escape(route.corridor_name)}: legs"
        return f"<details><summary>{title}</summary>{_html_table(heads, rows)}</details>"

    def _leg_row(self, leg: Leg) -> tuple[str, ...]:
        hours = (leg.running_h, leg.waiting_h, leg.handling_h, leg.border_h)
        return (
            leg.mode.replace("_", " "),
            self._name(leg.start),
            self._name(leg.end),
            leg.name,
            f"{leg.distance_km:,.0f}" if leg.distance_km else "",
            *(f"{hour:,.1f}" if hour else "" for hour in hours),
            f"{leg.cost_usd:,.0f}",
            "unknown" if leg.co2e_kg is None else f"{leg.co2e_kg:,.0f}",
        )

    def _name(self, place: str) -> str:
        known = self.places.get(place)
        return known.name if known else place


_HOURS = ("running_h", "waiting_h", "handling_h", "border_h")
_LEG_SUMS = ("distance_km", *_HOURS, "cost_usd")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _sum_of(legs: Iterable[Mapping[str, Any]], name: str) -> float | None:
    """Sum over the legs, rounded; None if any of them is unknown."""
    values = [leg[name] for leg in legs]
    return None if any(value is None for value in values) else round(math.fsum(values), DECIMALS)


def _route_row(number: int, route: Route) -> tuple[str, ...]:
    return (
        str(number),
        route.corridor_name,
        _modes(route.modes),
        f"{route.time_h / 24:,.1f}",
        f"{route.reliability.percentile_h(90) / 24:,.1f}" if route.reliability else "",
        f"{route.cost_usd:,.0f}",
        _tonnes(route.co2e_kg),
        f"{route.distance_km:,.0f}",
        route.beaten_by.corridor_name if route.beaten_by else "",
    )


def _html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _modes(modes: Iterable[str]) -> str:
    return ", ".join(mode.replace("_", " ") for mode in modes)


def _tonnes(co2e_kg: float | None) -> str:
    return "CO2e unknown" if co2e_kg is None else f"{co2e_kg / 1000:,.2f} t CO2e"
