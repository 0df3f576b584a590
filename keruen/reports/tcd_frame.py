"""The window of a time-cost-distance diagram: where kilometres and hours, dollars or kilograms lie in the picture.

    x = left + km * pixels per km        y = bottom + value * pixels per unit        ticks every 1, 2 or 5 times 10^k

Curves that share a beginning run beside each other, each in a lane of its own: a curve that only rises can be moved
along the falling diagonal without crossing itself. Hours are shown as days where there are more than four of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keruen.reports.projection import Floats
from keruen.routing.performance import BORDER, MOVE, Bundle, Curve, Step

LANE = 2.6  # pixels between the lanes of curves that begin alike
HOURS_PER_DAY = 24.0
DAYS_FROM_H = 96.0  # above this the axis is in days
TICKS_X, TICKS_Y = 9, 7  # about so many


@dataclass(frozen=True)
class Window:
    """One picture of one measure: its box in pixels, and the greatest km and value it holds."""

    measure: str
    left: float
    bottom: float
    right: float
    top: float
    most_km: float
    most_value: float
    unit: float

    def at(self, km: float, value: float) -> tuple[float, float]:
        """Pixels of a point."""
        x = self.left + km * (self.right - self.left) / self.most_km
        return x, self.bottom + value * (self.top - self.bottom) / self.most_value

    @property
    def in_days(self) -> bool:
        """Whether hours are shown as days."""
        return self.measure == "time_h" and self.most_value > DAYS_FROM_H

    @property
    def per_shown(self) -> float:
        """Units of the measure in one unit that the axis shows."""
        return HOURS_PER_DAY if self.in_days else 1.0

    def ticks_km(self) -> list[float]:
        """Where the lines across kilometres stand."""
        return ticks(self.most_km, TICKS_X)

    def ticks_value(self) -> list[float]:
        """Where the lines across values stand, in units of the measure."""
        high = (self.top - self.bottom) / self.unit
        count = max(3, round(TICKS_Y * high / 760.0))
        return [tick * self.per_shown for tick in ticks(self.most_value / self.per_shown, count)]


@dataclass(frozen=True)
class Piece:
    """A step in the picture: its number in the trip and pixels of its ends."""

    step: Step
    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def height(self) -> float:
        """Pixels it rises."""
        return self.end[1] - self.start[1]

    @property
    def moves(self) -> bool:
        """Whether it is a stretch."""
        return self.step.kind == MOVE

    @property
    def is_border(self) -> bool:
        """Whether it is a stop at a border."""
        return self.step.kind == BORDER


@dataclass(frozen=True)
class Drawn:
    """A bundle as it is drawn: its number (which gives the colour), its pieces, and its band as [k, 2] pixels."""

    number: int
    bundle: Bundle
    pieces: tuple[Piece, ...]
    band: Floats | None

    @property
    def points(self) -> Floats:
        """Pixels of the curve from step to step, [k, 2]."""
        return np.array([self.pieces[0].start, *(piece.end for piece in self.pieces)])


def ticks(most: float, count: int) -> list[float]:
    """About `count` round numbers from 0 up to `most`, every 1, 2 or 5 times a power of ten."""
    if not most > 0.0:
        return [0.0]
    rough = most / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((m * power for m in (1.0, 2.0, 5.0, 10.0)), key=lambda step: abs(math.log(step / rough)))
    return [i * step for i in range(int(most / step * (1 + 1e-9)) + 1)]


def window_of(
    bundles: Sequence[Bundle], measure: str, box: tuple[float, float, float, float], unit: float
) -> Window | None:
    """The window that holds the curves of a measure in a box (left, bottom, right, top); None if no curve is known."""
    curves = [curve for bundle in bundles if (curve := bundle.mean.curve(measure)) is not None]
    if not curves:
        return None
    high = [band[1].value[-1] for bundle in bundles if (band := bundle.band(measure)) is not None]
    most_km = max((bundle.mean.distance_km for bundle in bundles), default=0.0)
    most_value = max([*(curve.value[-1] for curve in curves), *high])
    return Window(measure, *box, most_km * 1.035 or 1.0, most_value * 1.06 or 1.0, unit)


def drawn(bundles: Sequence[Bundle], window: Window) -> list[Drawn]:
    """The bundles whose measure is known, as they are drawn."""
    lanes = lanes_of(bundles)
    found = []
    for number, bundle in enumerate(bundles):
        curve = bundle.mean.curve(window.measure)
        if curve is None or not bundle.mean.steps:
            continue
        points = _moved(curve, window, lanes[number])
        ends = zip(bundle.mean.steps, points[:-1], points[1:], strict=True)
        pieces = tuple(Piece(step, (float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for step, a, b in ends)
        found.append(Drawn(number, bundle, pieces, _band(bundle, window)))
    return found


def lanes_of(bundles: Sequence[Bundle]) -> list[float]:
    """The lane of each bundle: 0 for one that begins like no other, else places beside each other around 0."""
    begins = [_beginning(bundle) for bundle in bundles]
    found = []
    for number, begin in enumerate(begins):
        alike = [other for other, its in enumerate(begins) if its == begin]
        found.append(alike.index(number) - (len(alike) - 1) / 2)
    return found


def _beginning(bundle: Bundle) -> object:
    """Places and kilometres of the first stretch."""
    first = next((step for step in bundle.mean.steps if step.kind == MOVE), None)
    return (first.start, first.end, round(first.distance_km)) if first else id(bundle)


def _moved(curve: Curve, window: Window, lane: float) -> Floats:
    """Pixels of a curve in its lane: moved up and to the left for a positive one."""
    points = np.array([window.at(km, value) for km, value in zip(curve.distance_km, curve.value, strict=True)])
    return np.asarray(points + np.array([-1.0, 1.0]) * (lane * LANE * window.unit / math.sqrt(2.0)))


def _band(bundle: Bundle, window: Window) -> Floats | None:
    """The outline between least and greatest, [k, 2] in pixels."""
    band = bundle.band(window.measure)
    if band is None:
        return None
    low, high = ([window.at(*point) for point in zip(c.distance_km, c.value, strict=True)] for c in band)
    return np.array([*low, *reversed(high)])
