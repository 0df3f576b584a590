"""Names and numbers on the map: both ends, the number of each route on its line, and the stops as far as there is room.

A name is put beside its mark where it covers least: other names and marks cost 1000, points of the lines 1 each. A
stop's name that would cover another is left out; the ends are always named. The number of a route stands where its
line is farthest from all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from keruen.reports.map_frame import Frame, Pieces, dotted
from keruen.reports.map_style import INK, PAPER, strength_of
from keruen.reports.pen import draw_number
from keruen.reports.projection import Floats
from keruen.reports.wording import place_name, stop_name
from keruen.routing.result import ResultDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COVERED = 1000.0
LONGEST_NAME = 26  # letters; longer names of stops are for the tables
SAME_MARK = 9.0  # pixels within which two stops are one mark
APART = 60.0  # pixels; lines farther apart than this are as well told apart as can be

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Spot:
    """A mark on the map and its name; names of ends are large and always shown."""

    x: float
    y: float
    name: str
    is_end: bool


@dataclass
class _Ground:
    """What a name should not cover: boxes taken by marks and names, and points of the lines, [k, 2] in pixels."""

    frame: Frame
    points: Floats
    taken: list[Box] = field(default_factory=list)

    def cost(self, box: Box) -> float:
        """How much a name covers in a box; leaving the map counts as much as two names."""
        x0, y0, x1, y1 = box
        overlaps = sum(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in self.taken)
        outside = x0 < 4 or y0 < 4 or x1 > self.frame.width - 4 or y1 > self.frame.height - 4
        p = self.points
        covered = np.count_nonzero((p[:, 0] > x0) & (p[:, 0] < x1) & (p[:, 1] > y0) & (p[:, 1] < y1))
        return COVERED * (overlaps + 2 * outside) + float(covered)

    def take(self, x: float, y: float, half: float) -> None:
        """Take the square around a mark."""
        self.taken.append((x - half, y - half, x + half, y + half))


def draw_labels(axes: Axes, result: ResultDict, frame: Frame, lanes: Sequence[Pieces], lang: str) -> None:
    """Marks and names of the ends and stops, and the numbers of the routes."""
    dots = [_dots_of(pieces, frame) for pieces in lanes]
    ground = _Ground(frame, np.concatenate([np.zeros((0, 2)), *dots]))
    spots = _spots(result, frame, lang)
    for spot in spots:
        _draw_mark(axes, ground, spot)
    for spot in spots[:2]:
        _draw_name(axes, ground, spot)
    if len(dots) > 1:
        _draw_numbers(axes, result, ground, dots)
    for spot in spots[2:]:
        if len(spot.name) <= LONGEST_NAME:
            _draw_name(axes, ground, spot)


def _dots_of(pieces: Pieces, frame: Frame) -> Floats:
    """Points every 4 pixels along a route where the map shows it."""
    parts = [dotted(xy, 4.0 * frame.unit) for _, xy in pieces]
    return frame.inside(np.concatenate([np.zeros((0, 2)), *parts]))


def _spots(result: ResultDict, frame: Frame, lang: str) -> list[_Spot]:
    """The ends, then the stops: those of unbeaten routes first, terminals before changes of gauge before borders."""
    found = [
        _Spot(*frame.place(end["lon"], end["lat"]), place_name(end, lang), True)
        for end in (result["origin"], result["destination"])
    ]
    order = {"terminal": 0, "gauge_change": 1, "border": 2}
    stops = sorted(
        (bool(route["beaten_by"]), order[leg["mode"]], number, leg["from"])
        for number, route in enumerate(result["routes"])
        for leg in route["legs"]
        if leg["mode"] in order and not (route["beaten_by"] and leg["mode"] == "border")
    )
    for *_, stop in stops:
        place = result["places"].get(stop)
        if place is None:
            continue
        x, y = frame.place(place["lon"], place["lat"])
        if all(np.hypot(x - other.x, y - other.y) > SAME_MARK * frame.unit for other in found):
            found.append(_Spot(x, y, stop_name(result, stop, lang), False))
    return found


def _draw_mark(axes: Axes, ground: _Ground, spot: _Spot) -> None:
    unit = ground.frame.unit
    size = (11.0 if spot.is_end else 5.0) * unit
    face, edge = (INK, PAPER) if spot.is_end else (PAPER, INK)
    width = (1.8 if spot.is_end else 1.0) * unit
    axes.plot(
        [spot.x], [spot.y], "o", markersize=size, color=face, markeredgecolor=edge, markeredgewidth=width, zorder=9
    )
    ground.take(spot.x, spot.y, size * 0.75)


def _draw_numbers(axes: Axes, result: ResultDict, ground: _Ground, dots: Sequence[Floats]) -> None:
    """The number of each route in a disc of its colour on its line."""
    unit = ground.frame.unit
    half = 9.5 * unit
    for number, route in enumerate(result["routes"]):
        spot = _number_spot(ground, dots, number, half)
        if spot is None:
            continue
        x, y = spot
        draw_number(axes, x, y, number, unit, alpha=max(strength_of(route), 0.85))
        ground.take(x, y, half)


def _number_spot(ground: _Ground, dots: Sequence[Floats], number: int, half: float) -> tuple[float, float] | None:
    """The point of a route farthest from all other routes, among those nearest to its middle; None if none is free."""
    own = ground.frame.inside(dots[number], 2 * half)[::3]
    if not len(own):
        return None
    others = np.concatenate([np.zeros((0, 2)), *(points[::3] for i, points in enumerate(dots) if i != number)])
    away = np.full(len(own), np.inf)
    for start in range(0, len(others), 512):
        block = others[start : start + 512]
        away = np.minimum(away, np.min(np.hypot(*(own[:, None] - block[None]).transpose(2, 0, 1)), axis=1))
    middling = 1.0 - np.abs(np.linspace(-1.0, 1.0, len(own)))
    merit = np.minimum(away, APART * ground.frame.unit) + 12.0 * ground.frame.unit * middling
    for i in np.argsort(-merit):
        x, y = float(own[i, 0]), float(own[i, 1])
        if ground.cost((x - half, y - half, x + half, y + half)) < COVERED:
            return x, y
    return None


def _draw_name(axes: Axes, ground: _Ground, spot: _Spot) -> None:
    """A name beside its mark, on the side where it covers least."""
    from matplotlib.patheffects import withStroke

    unit = ground.frame.unit
    text = axes.text(
        0, 0, spot.name, fontsize=(13.5 if spot.is_end else 8.8) * unit, color=INK, zorder=10, ha="left", va="baseline",
        weight="bold" if spot.is_end else "normal", path_effects=[withStroke(linewidth=2.6 * unit, foreground="#ffffffd8")],
    )  # fmt: skip
    extent = text.get_window_extent()
    wide, high = float(extent.width), float(extent.height)
    boxes = list(_boxes_beside(spot, wide, high, (10.0 if spot.is_end else 6.0) * unit))
    costs = [ground.cost(box) for box in boxes]
    best = boxes[int(np.argmin(costs))]
    if min(costs) >= COVERED and not spot.is_end:
        text.remove()
        return
    text.set_position((best[0], best[1] + 0.22 * high))
    ground.taken.append(best)


def _boxes_beside(spot: _Spot, wide: float, high: float, gap: float) -> Iterator[Box]:
    """Boxes around a mark where its name may stand, the preferred ones first."""
    x, y = spot.x, spot.y
    right, left, middle = x + gap, x - gap - wide, x - wide / 2
    above, below, level = y + gap * 0.6, y - gap * 0.6 - high, y - high / 2
    sides = [(right, level), (left, level), (right, above), (right, below), (left, above), (left, below)]
    for reach in (0.0, 1.2):
        for x0, y0 in [*sides, (middle, above), (middle, below)]:
            x1 = float(x0 + reach * gap * np.sign(x0 + wide / 2 - x))
            y1 = float(y0 + reach * gap * np.sign(y0 + high / 2 - y))
            yield x1, y1, x1 + wide, y1 + high
