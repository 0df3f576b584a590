"""Predicted against observed: each row of the journeys table that names a corridor, routed by that corridor.

    python tests/published/predicted_journeys.py          prints the table and the summary

A row that names only a country or a region stands for the place of it that most rows with the same first (last) mode name: "China" by
rail is Xi'an, by sea Shanghai. Sources seldom say whether the wait for a departure and the lifts at both ends are in their days, so a
prediction is a pair, days from departure to arrival and days from terminal to terminal, all told. A row of scope door_to_door is compared
with the second, port_to_port and terminal_to_terminal with the first, any other with the one that is nearer.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import keruen
from keruen.errors import NoRoute
from keruen.routing.result import Route, RouteResult
from keruen.tables import Dataset, Row

SEEN = ("observed", "reported_typical")  # bases of rows that tell what happened; the others announce, model or compare
ROUNDED_D = 0.5  # sources give whole days
Ask = Callable[..., RouteResult]


@dataclass(frozen=True)
class Prediction:
    """A row of the journeys table, the way it was predicted by (None: none, and `how` says why), and the days it says."""

    row: Row
    way: Route | None
    how: str

    @property
    def said(self) -> tuple[float, float]:
        """Least and most days of the row; the most is infinite where it says "at least"."""
        least, most = self.row.number("days_min"), self.row.number("days_max")
        return least, math.inf if self.row.boolean("at_least") else most

    @property
    def days(self) -> tuple[float, float]:
        """Days from departure to arrival, and from terminal to terminal with wait and lifts at both ends."""
        assert self.way is not None
        return from_departure_h(self.way) / 24, self.way.time_h / 24

    @property
    def compared(self) -> float:
        """The predicted days that are compared with the row's: by its scope, else those nearer to its range."""
        moving, all_told = self.days
        match self.row.text("scope"):
            case "door_to_door":
                return all_told
            case "port_to_port" | "terminal_to_terminal":
                return moving
        least, most = self.said
        return min((moving, all_told), key=lambda days: max(least - days, days - most))

    @property
    def inside(self) -> bool:
        """Whether the range of the row, give or take half a day, meets the predicted pair (or number, if the row says its scope)."""
        least, most = self.said[0] - ROUNDED_D, self.said[1] + ROUNDED_D
        if self.row.text("scope"):
            return least <= self.compared <= most
        moving, all_told = self.days
        return moving <= most and least <= all_told

    @property
    def ratio(self) -> float:
        """Predicted days over the middle of the row's range; NaN where it says "at least"."""
        least, most = self.said
        return self.compared / ((least + most) / 2) if math.isfinite(most) else math.nan


def predictions(data: Dataset, ask: Ask) -> list[Prediction]:
    """A prediction for every row of the journeys table; `ask` answers as keruen.route(data, ...)."""
    rows = list(data["journeys"])
    return [predicted(row, end_of(data, rows, row, 0), end_of(data, rows, row, -1), ask) for row in rows]


def predicted(row: Row, start: str, end: str, ask: Ask) -> Prediction:
    """The way of a row's corridor between two places: the one shown unasked, else the one found when it is required."""
    corridor = row.text("corridor")
    if not corridor:
        return Prediction(row, None, "the row names no corridor")
    if not start or not end or start == end:
        return Prediction(row, None, "the row names no two places")
    for how, require in (("shown", ()), ("required", (f"corridor:{corridor}",))):
        try:
            answer = ask(start, end, require=require)
        except NoRoute as error:
            return Prediction(row, None, str(error))
        if found := [way for way in answer.routes if way.corridor == corridor]:
            return Prediction(row, found[0], how)
    return Prediction(row, answer.routes[0], f"as {answer.routes[0].corridor}")


def end_of(data: Dataset, rows: list[Row], row: Row, side: int) -> str:
    """The place at which a row's journey starts (side 0) or ends (-1), or the one that stands for its country or region."""
    name = "origin" if side == 0 else "destination"
    if row.text(f"{name}_place"):
        return row.text(f"{name}_place")
    country = row.text(f"{name}_country")
    wanted = {country} if country else members(data, row.text("destination_region"))
    named = Counter(
        other.text(f"{name}_place")
        for other in rows
        if other.text(f"{name}_place")
        and other.text(f"{name}_country") in wanted
        and mode_at(other, side) == mode_at(row, side)
    )
    return min(named, key=lambda place: (-named[place], place)) if named else ""


def members(data: Dataset, region: str) -> set[str]:
    """The countries of a group or region."""
    return {
        row.text("country")
        for row in data["countries"]
        if region and region in (*row.texts("groups"), row.text("region"))
    }


def mode_at(row: Row, side: int) -> str:
    """The first or last mode of a row."""
    modes = row.texts("modes")
    return modes[side] if modes else ""


def from_departure_h(way: Route) -> float:
    """Hours from the departure of the first vehicle to the arrival of the last one."""
    legs = list(way.legs)
    hours = way.time_h
    for leg in {0: legs[0], len(legs) - 1: legs[-1]}.values():
        hours -= leg.time_h if leg.mode == "terminal" else 0.0
    first = next(leg for leg in legs if leg.moves)
    return hours - (first.waiting_h if any(source.startswith("services:") for source in first.sources) else 0.0)


def table(found: Iterable[Prediction]) -> str:
    """The predictions as lines of text."""
    lines = []
    for one in found:
        row, (least, most) = one.row, one.said
        ends = f"{row.text('origin_name')[:20]} - {row.text('destination_name')[:20]}"
        what = f"{row.text('journey')} {row.text('basis')[:8]:8} {ends:43} {row.text('corridor')[:22]:22}"
        said = f"{least:5.1f} to {most:5.1f}" if most != least else f"{least:5.1f}{'':9}"
        if one.way is None:
            lines.append(f"{what} {said}   {one.how[:60]}")
        else:
            moving, all_told = one.days
            verdict = "inside" if one.inside else "below" if one.compared < least else "above"
            lines.append(f"{what} {said}  {moving:5.1f} {all_told:5.1f}  {one.ratio:5.2f} {verdict:6} {one.how}")
    return "\n".join(lines)


def summary(data: Dataset, found: Iterable[Prediction]) -> str:
    """How many could be predicted, the median ratio, and the share inside, for what happened and for the rest."""
    lines = []
    routed = [one for one in found if one.way is not None]
    seen = [one for one in routed if one.row.text("basis") in SEEN]
    fitted = rows_fitted_to(data)
    parts = {
        "all routed": routed,
        "observed or reported": seen,
        "of these, both places named": [one for one in seen if one.row.text("endpoint_quality") == "A"],
        "of these, evidence of no parameter": [one for one in seen if one.row.id not in fitted],
    }
    for name, part in parts.items():
        ratios = [one.ratio for one in part if not math.isnan(one.ratio)]
        middle = sum(0.75 <= ratio <= 4 / 3 for ratio in ratios) / len(ratios)
        inside = sum(one.inside for one in part) / len(part)
        moving, all_told = (
            statistics.median(one.days[i] / (sum(one.said) / 2) for one in part if math.isfinite(one.ratio))
            for i in (0, 1)
        )
        lines.append(
            f"{name}: {len(part)} rows, inside {inside:.0%}, median ratio {statistics.median(ratios):.2f} "
            f"(from departure {moving:.2f}, all told {all_told:.2f}), ratio from 3/4 to 4/3 {middle:.0%}"
        )
    return "\n".join(lines)


def rows_fitted_to(data: Dataset) -> set[str]:
    """Rows of the journeys table that parameters name as their evidence."""
    tables = [data[name] for name in data if "evidence" in data.schema[name]]
    return {item for rows in tables for row in rows for item in row.texts("evidence") if item.startswith("journeys:")}


def main() -> None:
    """Print the table and the summary of the shipped data."""
    data = keruen.load()
    known: dict[tuple[object, ...], RouteResult] = {}

    def ask(start: str, end: str, require: tuple[str, ...] = ()) -> RouteResult:
        key = (start, end, require)
        if key not in known:
            known[key] = keruen.route(data, start, end, require=require)
        return known[key]

    found = predictions(data, ask)
    print(table(found))
    print(summary(data, found))


if __name__ == "__main__":
    main()
