"""From a path of arcs to the legs a person reads.

Arcs of one mode between two stops are one leg; unloading and loading again at one terminal is one stop. Every hour, dollar and kilogram
of a leg comes with the row it rests on:  leg = sum of components,  component = (row, hours, USD, kg CO2e).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import MODES, Graph, Kind
from keruen.routing.cost import ArcCosts, price
from keruen.routing.ends import Access
from keruen.routing.result import Component, Leg, PlaceRef, Point
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row

MOVE, SERVICE, BORDER = int(Kind.MOVE), int(Kind.SERVICE), int(Kind.BORDER)
STOP_OF_KIND = {
    int(Kind.LOAD): "terminal",
    int(Kind.UNLOAD): "terminal",
    BORDER: "border",
    int(Kind.GAUGE): "gauge_change",
}
NEAR_ROAD_KM = 1.0
STOPS = frozenset(STOP_OF_KIND.values())


@dataclass
class Itinerary:
    """Legs in the making, and the places they name."""

    data: Dataset
    graph: Graph
    costs: ArcCosts
    places: dict[str, PlaceRef] = field(default_factory=dict)

    def legs(
        self, arcs: NDArray[np.int32], origin: PlaceRef, destination: PlaceRef, start: Access, end: Access
    ) -> tuple[Leg, ...]:
        """The legs of a path from origin to destination, each of which starts where the one before ends."""
        self.places |= {origin.place: origin, destination.place: destination}
        enter, leave = self.road_near(origin, start), self.road_near(destination, end)
        groups = [(key, list(group)) for key, group in groupby(self.worthwhile(arcs), key=self.group_of)]
        stops = [self.stop_place(group[0]) if key[0] in STOPS else None for key, group in groups]
        legs = [] if enter == origin else [self.access(start, origin, enter)]
        here = enter.place
        for i, (key, group) in enumerate(groups):
            if stops[i] is not None:
                there = self.note(stops[i])
                legs.append(self.stop(key[0], group, here, there))
                here = there
            else:
                ahead = next((self.note(stop) for stop in stops[i + 1 :] if stop is not None), leave.place)
                legs.append(self.move(group, here, ahead))
                here = ahead
        if legs and here != leave.place:  # a point at the gate of the terminal where the last stop is
            legs[-1] = replace(legs[-1], end=leave.place)
        return (*legs, *([] if leave == destination else [self.access(end, leave, destination)]))

    def road_near(self, place: PlaceRef, access: Access) -> PlaceRef:
        """Where the road to a place without a terminal leaves the network; the place itself if it lies on it."""
        if access.km < NEAR_ROAD_KM:
            return place
        lat, lon = float(self.graph.node_lat[access.node]), float(self.graph.node_lon[access.node])
        near = PlaceRef(
            f"{place.place}~road",
            f"road near {place.name}",
            f"дорога у пункта {place.name_ru or place.name}",
            place.country,
            lat,
            lon,
        )
        self.places[near.place] = near
        return near

    def access(self, access: Access, start: PlaceRef, end: PlaceRef) -> Leg:
        """The run between a place without a terminal and the road."""
        time_h, cost_usd, co2e_kg = (float(x) for x in self.costs.by_road(access.km, access.country))
        road, rates = MODES.index("road"), self.costs.rates
        return Leg(
            mode="road", start=start.place, end=end.place, country=str(self.graph.countries[access.country]) if access.country >= 0 else "",
            distance_km=access.km, running_h=time_h, cost_usd=cost_usd, co2e_kg=co2e_kg, components=(
                component("running", self.data["speeds"].row(rates.speed_row[road, access.country]), time_h=time_h),
                component("tariff", self.data["tariffs"].row(rates.tariff_row[road, access.country]), cost_usd=cost_usd),
                component("emission", self.data["emission_choice"].row(rates.emission_row[road, access.country]), co2e_kg=co2e_kg),
            ),
            geometry=((start.lon, start.lat), (end.lon, end.lat)),
        )  # fmt: skip

    def worthwhile(self, arcs: NDArray[np.int32]) -> list[int]:
        """The arcs without the anchors, which only gather the hubs of a place."""
        graph = self.graph
        return [
            a for a in arcs.tolist() if graph.arc_kind[a] != MOVE or graph.arc_km[a] > 0 or graph.arc_facility[a] >= 0
        ]

    def group_of(self, arc: int) -> tuple[str, int]:
        """Arcs in a row with the same group are one leg: a stop at one facility, or a run by one mode."""
        kind, facility = int(self.graph.arc_kind[arc]), int(self.graph.arc_facility[arc])
        if kind in STOP_OF_KIND:
            return STOP_OF_KIND[kind], facility
        return MODES[self.graph.arc_mode[arc]], facility if kind == SERVICE else -1

    def note(self, place: PlaceRef | None) -> str:
        """Remember a place; returns its id."""
        assert place is not None
        self.places.setdefault(place.place, place)
        return place.place

    def stop_place(self, arc: int) -> PlaceRef:
        """The place at which a stop is made: terminal, crossing or yard."""
        graph, facility = self.graph, int(self.graph.arc_facility[arc])
        country = int(graph.facility_country_a[facility]) if graph.arc_kind[arc] != BORDER else -1
        return PlaceRef(
            str(graph.facility_key[facility]), str(graph.facility_name[facility]), str(graph.facility_name_ru[facility]),
            str(graph.countries[country]) if country >= 0 else "",
            float(graph.facility_lat[facility]), float(graph.facility_lon[facility]),
        )  # fmt: skip

    def stop(self, mode: str, arcs: list[int], start: str, place: str) -> Leg:
        """A stop at a place, reached from where the leg before ended: its handling, waiting and border hours."""
        waiting_h = float(np.sum(self.costs.waiting_h[arcs]))
        time_h, cost_usd, co2e_kg = (float(x) for x in np.sum(self.costs.weights[:, arcs], axis=1))
        standing_h = time_h - waiting_h
        ref = self.places[place]
        return Leg(
            mode=mode, start=start, end=place, country=self.country(arcs), name=ref.name, name_ru=ref.name_ru,
            waiting_h=waiting_h, cost_usd=cost_usd, co2e_kg=co2e_kg,
            handling_h=standing_h if mode != "border" else 0.0, border_h=standing_h if mode == "border" else 0.0,
            components=self.components(arcs), geometry=((ref.lon, ref.lat),),
        )  # fmt: skip

    def move(self, arcs: list[int], start: str, end: str) -> Leg:
        """A run by one mode; queues at canals and waits for ferries are its waiting hours."""
        graph = self.graph
        waiting_h = float(np.sum(self.costs.waiting_h[arcs]))
        time_h, cost_usd, co2e_kg = (float(x) for x in np.sum(self.costs.weights[:, arcs], axis=1))
        service = int(graph.arc_facility[arcs[0]]) if graph.arc_kind[arcs[0]] == SERVICE else -1
        return Leg(
            mode=MODES[graph.arc_mode[arcs[0]]], start=start, end=end, country=self.country(arcs),
            name=str(graph.facility_name[service]) if service >= 0 else self.passages(arcs, russian=False),
            name_ru=str(graph.facility_name_ru[service]) if service >= 0 else self.passages(arcs, russian=True),
            distance_km=float(np.sum(graph.arc_km[arcs], dtype=np.float64)),
            running_h=time_h - waiting_h, waiting_h=waiting_h, cost_usd=cost_usd, co2e_kg=co2e_kg,
            components=self.components(arcs), geometry=polyline(graph, arcs),
        )  # fmt: skip

    def passages(self, arcs: list[int], *, russian: bool) -> str:
        """Names of the straits and canals passed, in order."""
        graph = self.graph
        names = graph.facility_name_ru if russian else graph.facility_name
        passed = [f for a in arcs if (f := int(graph.arc_facility[a])) >= 0 and graph.arc_kind[a] == MOVE]
        return ", ".join(dict.fromkeys(str(names[f]) for f in passed))

    def country(self, arcs: list[int]) -> str:
        """The country of a leg; empty at sea and in the air, and where it has several."""
        found = {int(c) for c in self.graph.arc_country[arcs] if c >= 0}
        return str(self.graph.countries[found.pop()]) if len(found) == 1 else ""

    def components(self, arcs: list[int]) -> tuple[Component, ...]:
        """The parts of a leg by the row they rest on; parts of one kind and row are added up."""
        runs = [arc for arc in arcs if self.graph.arc_kind[arc] == MOVE]
        stops = [arc for arc in arcs if self.graph.arc_kind[arc] != MOVE]
        parts = list(self.run_parts(np.array(runs, np.intp))) if runs else []
        parts += [part for arc in stops for part in self.stop_parts(arc)]
        return added_up(parts)

    def run_parts(self, arcs: NDArray[np.intp]) -> Iterator[Component]:
        """What each row adds to running over arcs: speed, tariff and emission by mode and country; queues and tolls on the way."""
        graph, costs, rates = self.graph, self.costs, self.costs.rates
        for arc in arcs[costs.row[arcs] >= 0]:
            passage = self.data["passages"].row(int(costs.row[arc]))
            toll_usd = float(costs.weights[1, arc] - costs.tariff_usd[arc] - costs.market_usd[arc])
            yield component("toll", passage, time_h=float(costs.waiting_h[arc]), cost_usd=toll_usd)
        for arc in arcs[costs.market_row[arcs] >= 0]:
            market = self.data["sea_markets"].row(int(costs.market_row[arc]))
            yield component("tariff", market, cost_usd=float(costs.market_usd[arc]))
        modes, countries = graph.arc_mode[arcs].astype(np.int64), graph.arc_country[arcs].astype(np.int64)
        for mode, country in sorted(set(zip(modes.tolist(), countries.tolist(), strict=True))):
            mine = arcs[(modes == mode) & (countries == country)]
            tariff_usd = float(np.sum(costs.tariff_usd[mine]))
            time_h = float(np.sum(costs.weights[0, mine] - costs.waiting_h[mine]))
            rows = (rates.speed_row[mode, country], rates.tariff_row[mode, country], rates.emission_row[mode, country])
            yield component("running", self.data["speeds"].row(rows[0]), time_h=time_h)
            yield component("tariff", self.data["tariffs"].row(rows[1]), cost_usd=tariff_usd)
            yield component(
                "emission", self.data["emission_choice"].row(rows[2]), co2e_kg=float(np.sum(costs.weights[2, mine]))
            )

    def stop_parts(self, arc: int) -> Iterator[Component]:
        """What each row adds to a stop or a sailing."""
        graph, costs, rates = self.graph, self.costs, self.costs.rates
        mode, country = int(graph.arc_mode[arc]), int(graph.arc_country[arc])
        kind = Kind(int(graph.arc_kind[arc]))
        time_h, cost_usd, co2e_kg = (float(x) for x in costs.weights[:, arc])
        row = self.row_of(arc, kind)
        if kind == Kind.LOAD and costs.wait_row[arc] >= 0:
            waiting_h, fixed_usd = float(costs.waiting_h[arc]), float(rates.fixed_usd[mode, country])
            yield component("handling", row, time_h=time_h - waiting_h, cost_usd=cost_usd - fixed_usd, co2e_kg=co2e_kg)
            if waiting_h:
                yield component("waiting", self.data["waits"].row(int(costs.wait_row[arc])), time_h=waiting_h)
            if fixed_usd:
                yield component("tariff", self.data["tariffs"].row(rates.tariff_row[mode, country]), cost_usd=fixed_usd)
        elif kind == Kind.SERVICE and row is not None:
            waiting_h = float(costs.waiting_h[arc])
            yield component("running", row, time_h=time_h - waiting_h)
            yield component("waiting", row, time_h=waiting_h)
            ferry = MODES.index("ferry")
            priced = not np.isnan(price(row, costs.consignment))
            yield component(
                "tariff", row if priced else self.data["tariffs"].row(rates.tariff_row[ferry, -1]), cost_usd=cost_usd
            )
            factor = self.data["emission_factors"].find(row.text("emission_factor"))
            usual = self.data["emission_choice"].row(rates.emission_row[ferry, -1])
            yield component("emission", factor or usual, co2e_kg=co2e_kg)
        else:
            name = "border" if kind == Kind.BORDER else "handling"
            yield component(name, row, time_h=time_h, cost_usd=cost_usd, co2e_kg=co2e_kg)

    def row_of(self, arc: int, kind: Kind) -> Row | None:
        """The row of the facility's table that the arc's costs rest on; None for a plain run."""
        table = {
            Kind.LOAD: "handling", Kind.UNLOAD: "handling", Kind.BORDER: "border_dwell", Kind.GAUGE: "gauge_yards",
            Kind.SERVICE: "services",
        }[kind]  # fmt: skip
        row = int(self.costs.row[arc])
        return self.data[table].row(row) if row >= 0 else None


def component(
    kind: str, row: Row | None, *, time_h: float = 0.0, cost_usd: float = 0.0, co2e_kg: float = 0.0
) -> Component:
    """A component that rests on a row."""
    if row is None:
        return Component(kind, "", "", time_h, cost_usd, co2e_kg)
    basis = row.text("basis") if "basis" in row.table.schema else ""
    return Component(kind, row.id, basis, time_h, cost_usd, co2e_kg)


def added_up(parts: list[Component]) -> tuple[Component, ...]:
    """Parts of one kind and row as one, in the order they first come."""
    total: dict[tuple[str, str, str], list[Component]] = {}
    for part in parts:
        total.setdefault((part.kind, part.source, part.basis), []).append(part)
    return tuple(
        Component(
            *key,
            math.fsum(part.time_h for part in mine),
            math.fsum(part.cost_usd for part in mine),
            math.fsum(part.co2e_kg or 0.0 for part in mine),
        )
        for key, mine in total.items()
    )


def polyline(graph: Graph, arcs: list[int]) -> tuple[Point, ...]:
    """The line of consecutive arcs as (lon, lat), without repeated points."""
    points = graph.polyline(np.array(arcs))
    keep = np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])
    return tuple(zip(*points[keep].T.tolist(), strict=True))
