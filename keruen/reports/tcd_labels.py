"""Names of stops in a time-cost-distance diagram: the longest stops first, as far as there is room.

A stop that rises less than a few pixels has no name, so that open borders do not clutter. A name stands beside its
stop, or a little way off at the end of a hair line, where it covers least: other names and marks rule a spot out,
points of the curves cost 1.5 each, each pixel of distance 0.03. A name that finds no spot is left to the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from keruen.reports.map_frame import dotted
from keruen.reports.map_style import INK, QUIET, colour_of
from keruen.reports.pen import draw_number
from keruen.reports.projection import Floats
from keruen.reports.tcd_frame import Drawn, Window
from keruen.reports.wording import Words, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_RISE = 9.0  # pixels
SAME_SPOT = 16.0  # pixels within which the same stop of two trips is named once
SIZE = 8.6
PER_PIXEL, PER_POINT, PER_TOUCH, BLOCKED = 0.03, 1.5, 0.4, 4.0  # costs; from the last on a name is left out
HALF_BAR = 4.0  # pixels that a bar is wide to each side of its curve
DISC = 9.5
FIGURE_WORDS = {"time_h": "tcd_figure_time_h", "cost_usd": "tcd_figure_cost_usd", "co2e_kg": "tcd_figure_co2e_kg"}

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Name:
    """A name to be placed: its text, the middle of the stop, and the colour."""

    text: str
    x: float
    y: float
    rise: float
    colour: str


@dataclass
class _Ground:
    """What a name should not cover: boxes taken, and points of curves and hair lines, [k, 2] in pixels."""

    window: Window
    points: Floats
    taken: list[Box] = field(default_factory=list)

    def cost(self, box: Box) -> float:
        """What it costs to stand in a box; infinite over another name or outside the window."""
        x0, y0, x1, y1 = box
        w = self.window
        if x0 < w.left + 3 or y0 < w.bottom + 3 or x1 > w.right - 3 or y1 > w.top - 3:
            return np.inf
        if any(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in self.taken):
            return np.inf
        p = self.points
        bar = HALF_BAR * w.unit
        inside = (p[:, 0] > x0 - bar) & (p[:, 0] < x1 + bar) & (p[:, 1] > y0) & (p[:, 1] < y1)
        return PER_POINT * float(np.count_nonzero(inside))

    def hair_cost(self, line: Floats) -> float:
        """What a hair line costs: infinite through a name, else 0.4 for each point of a curve that it touches."""
        if self.crosses(line):
            return np.inf
        away = np.hypot(*(line[2:, None] - self.points[None]).transpose(2, 0, 1))
        return PER_TOUCH * float(np.count_nonzero(away.min(axis=0, initial=np.inf) < 3.0 * self.window.unit))

    def crosses(self, line: Floats) -> bool:
        """Whether a hair line runs through a name."""
        return any(
            bool(np.any((line[:, 0] > b[0]) & (line[:, 0] < b[2]) & (line[:, 1] > b[1]) & (line[:, 1] < b[3])))
            for b in self.taken
        )


def draw_labels(axes: Axes, curves: Sequence[Drawn], window: Window, words: Words, lang: str) -> None:
    """The number of each curve at its end, then the names of the stops."""
    dots = [dotted(curve.points, 5.0 * window.unit) for curve in curves]
    ground = _Ground(window, np.concatenate([np.zeros((0, 2)), *dots]))
    _draw_numbers(axes, curves, ground)
    for name in _names(curves, window, words, lang):
        _draw_name(axes, name, ground)


def figure_text(value: float, measure: str, words: Words) -> str:
    """A figure with its unit: 52 h, USD 330, 240 kg."""
    digits = 1 if measure == "time_h" and value < 10 else 0
    return words[FIGURE_WORDS[measure]].format(value=number(value, digits, words))


def _draw_numbers(axes: Axes, curves: Sequence[Drawn], ground: _Ground) -> None:
    """The number of each curve in a disc of its colour: at its end, or beside it if another disc is there."""
    unit = ground.window.unit
    half = DISC * unit
    for curve in curves:
        x, y = curve.pieces[-1].end
        x += 13 * unit
        spots = [(x + k * 2.1 * half, y + m * 2.1 * half) for k in range(4) for m in (0, 1, -1)]
        boxes = [(a - half, b - half, a + half, b + half) for a, b in spots]
        free = next((i for i, box in enumerate(boxes) if np.isfinite(ground.cost(box))), 0)
        x, y = spots[free]
        draw_number(axes, x, y, curve.number, unit)
        ground.taken.append(boxes[free])


def _names(curves: Sequence[Drawn], window: Window, words: Words, lang: str) -> list[_Name]:
    """What could be named, the longest stops first; a stop that several trips share is named once."""
    found: list[_Name] = []
    for curve in curves:
        for piece in curve.pieces:
            if piece.moves or piece.height < LEAST_RISE * window.unit:
                continue
            value = piece.step.measure(window.measure) or 0.0
            text = f"{piece.step.label(lang)}  {figure_text(value, window.measure, words)}"
            x, y = (piece.start[0] + piece.end[0]) / 2, (piece.start[1] + piece.end[1]) / 2
            name = _Name(text, x, y, piece.height, _darker(colour_of(curve.number)))
            same = [i for i, other in enumerate(found) if _is_same(name, other, window.unit)]
            if same:
                other = found[same[0]]
                found[same[0]] = _Name(other.text, other.x, other.y, other.rise, INK)
            else:
                found.append(name)
    return sorted(found, key=lambda name: -name.rise)


def _darker(colour: str) -> str:
    """A colour dark enough for letters on paper."""
    return "#" + "".join(f"{int(0.78 * int(colour[i : i + 2], 16)):02x}" for i in (1, 3, 5))


def _is_same(name: _Name, other: _Name, unit: float) -> bool:
    near = max(abs(name.x - other.x), abs(name.y - other.y)) < SAME_SPOT * unit
    return near and name.text == other.text


def _draw_name(axes: Axes, name: _Name, ground: _Ground) -> None:
    """One name where it covers least; none if everything near is taken."""
    from matplotlib.patheffects import withStroke

    unit = ground.window.unit
    text = axes.text(
        0, 0, name.text, fontsize=SIZE * unit, color=name.colour, zorder=10, ha="left", va="baseline",
        path_effects=[withStroke(linewidth=2.6 * unit, foreground="#ffffffe0")],
    )  # fmt: skip
    extent = text.get_window_extent()
    wide, high = float(extent.width), float(extent.height)
    best: tuple[float, Box, Floats | None] | None = None
    for box, away in _boxes(name, wide, high, unit):
        hair = _hair(name, box) if away > 10 * unit else None
        cost = ground.cost(box) + PER_PIXEL * away / unit
        least = best[0] if best else BLOCKED
        if cost < least and hair is not None:
            cost += ground.hair_cost(hair)
        if cost < least:
            best = cost, box, hair
    if best is None:
        text.remove()
        return
    _, box, hair = best
    text.set_position((box[0], box[1] + 0.24 * high))
    pad = 1.5 * unit
    ground.taken.append((box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad))
    if hair is not None:
        axes.plot(hair[[0, -1], 0], hair[[0, -1], 1], color=QUIET, linewidth=0.6 * unit, zorder=4)
        ground.points = np.concatenate([ground.points, hair])


def _boxes(name: _Name, wide: float, high: float, unit: float) -> Iterator[tuple[Box, float]]:
    """Boxes for a name and how far each is from its stop: left and right of it, then up left and down right."""
    gap = 8.0 * unit
    for away in (0.0, 14.0, 28.0, 42.0, 58.0, 76.0):
        for side in (-1.0, 1.0):
            for rise in (0.0, 0.35, 1.0, -0.35, -1.0) if away else (0.0, 0.4, -0.4):
                shift = away * unit * rise + (0.0 if away else rise * name.rise)
                x = name.x - gap - away * unit - wide if side < 0 else name.x + gap + away * unit
                y = name.y + shift - high / 2
                yield (x, y, x + wide, y + high), float(np.hypot(away, away * rise)) * unit


def _hair(name: _Name, box: Box) -> Floats:
    """Points of the line from a stop to its name."""
    x = box[2] + 2 if box[2] < name.x else box[0] - 2
    start, end = np.array([name.x, name.y]), np.array([x, (box[1] + box[3]) / 2])
    return np.asarray(start + np.linspace(0.0, 1.0, 12)[:, None] * (end - start))
