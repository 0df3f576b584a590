"""How many times faster one corridor is than another, by destination: a map beside a map, and a table.

    ratio = P50 by the slower corridor / P50 by the faster,      P90 of one over P90 of the other beside it

A disc at each destination has the colour of its class and the ratio in it; a destination that one of the two does not reach is a ring.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keruen.errors import UnknownOption
from keruen.reports.charts import draw_ground
from keruen.reports.map_frame import Frame, frame_over
from keruen.reports.map_style import INK, PAPER, QUIET, WATER
from keruen.reports.picture import blank_figure, in_house_style, pixel_axes, write_picture
from keruen.reports.wording import number, words_in
from keruen.routing.result import PlaceRef, Route
from keruen.tables.words import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLASSES = ((1.0, "#b2182b"), (1.5, "#f4a582"), (2.0, "#92c5de"), (3.0, "#4393c3"), (np.inf, "#2166ac"))  # below, colour
HEAD, FOOT = 74.0, 46.0  # pixels above and below the maps
BETWEEN = 12.0
DISC = 11.0
APART = 24.0  # pixels within which the later of two discs is left to the table
COLUMNS = (
    "destination",
    "name",
    "country",
    "p50_days",
    "p90_days",
    "other_p50_days",
    "other_p90_days",
    "ratio_p50",
    "ratio_p90",
)


@dataclass(frozen=True)
class Pair:
    """A destination with the ways of two corridors; None: that corridor does not lead there."""

    place: PlaceRef
    way: Route | None
    other: Route | None

    def days(self, percent: int) -> tuple[float | None, float | None]:
        """Days that so many of 100 journeys do not exceed, by the first and by the other corridor."""
        found = [
            way.reliability.percentile_h(percent) / 24 if way and way.reliability else None
            for way in (self.way, self.other)
        ]
        return found[0], found[1]

    def ratio(self, percent: int = 50) -> float | None:
        """How many times faster the first corridor is than the other."""
        mine, others = self.days(percent)
        return others / mine if mine and others else None


@dataclass(frozen=True)
class Comparison:
    """Two corridors to many destinations, and what the map of them is headed with."""

    title: str
    pairs: Sequence[Pair]


def draw_ratio_map(
    comparisons: Sequence[Comparison], path: str | os.PathLike[str], *, title: str, lang: str = "en",
    size: tuple[int, int] = (1600, 900),
) -> Path:  # fmt: skip
    """Draw comparisons beside each other over the same ground into a PNG or SVG file. The file appears whole.

    Raises:
        UnknownOption: another ending, no comparison, or a language there are no words for.
    """
    if not comparisons:
        raise UnknownOption(said("err_no_comparison"))
    return write_picture(path, said("what_map"), lambda: ratio_map(comparisons, title=title, lang=lang, size=size))


@in_house_style
def ratio_map(
    comparisons: Sequence[Comparison], *, title: str, lang: str = "en", size: tuple[int, int] = (1600, 900)
) -> Figure:
    """Comparisons beside each other over the same ground, `size` in pixels, as a matplotlib figure."""
    words_in(lang)
    width, height = size
    unit = min(width / 1600, height / 900)
    figure = blank_figure(size)
    sheet = pixel_axes(figure, 0.0, float(width))
    sheet.text(20 * unit, height - 24 * unit, title, fontsize=17 * unit, weight="bold", color=INK, va="center")
    wide = (width - BETWEEN * unit * (len(comparisons) - 1)) / len(comparisons)
    high = height - (HEAD + FOOT) * unit
    points = np.array([[one.place.lon, one.place.lat] for shown in comparisons for one in shown.pairs])
    frame = frame_over([points], wide, high, unit)
    for i, shown in enumerate(comparisons):
        left = i * (wide + BETWEEN * unit)
        sheet.text(left + 20 * unit, height - 56 * unit, shown.title, fontsize=11.5 * unit, color=INK, va="center")
        axes = figure.add_axes((left / width, FOOT * unit / height, wide / width, high / height), facecolor=WATER)
        axes.set(xlim=(0, wide), ylim=(0, high), xticks=[], yticks=[])
        draw_ground(axes, frame)
        _draw_pairs(axes, shown.pairs, frame, lang)
    _draw_classes(sheet, unit)
    return figure


def _draw_pairs(axes: Axes, pairs: Sequence[Pair], frame: Frame, lang: str) -> None:
    """A disc with the ratio for each destination, as far as there is room, and its name above it."""
    unit, words = frame.unit, words_in(lang)
    taken: list[tuple[float, float]] = []
    for pair in pairs:
        x, y = frame.place(pair.place.lon, pair.place.lat)
        if any(np.hypot(x - a, y - b) < APART * unit for a, b in taken):
            continue
        taken.append((x, y))
        ratio = pair.ratio()
        if ratio is None:
            axes.plot([x], [y], "o", markersize=0.7 * DISC * unit, color=PAPER, markeredgecolor=QUIET, zorder=8)
            continue
        axes.plot([x], [y], "o", markersize=1.75 * DISC * unit, color=_colour(ratio), markeredgecolor=PAPER, zorder=8)
        dark = PAPER if _colour(ratio) in (CLASSES[0][1], CLASSES[3][1], CLASSES[4][1]) else INK
        axes.text(
            x, y, number(ratio, 1, words), fontsize=7.2 * unit, color=dark, ha="center", va="center_baseline", zorder=9
        )
        name = (pair.place.name_ru if lang == "ru" else "") or pair.place.name
        axes.text(x, y + 0.95 * DISC * unit, name, fontsize=6.4 * unit, color=INK, ha="center", va="bottom", zorder=9)


def _colour(ratio: float) -> str:
    return next(colour for below, colour in CLASSES if ratio < below)


def _draw_classes(sheet: Axes, unit: float) -> None:
    """The key of colours, under the maps."""
    x, y, least = 24 * unit, 22 * unit, 0.0
    for below, colour in CLASSES:
        sheet.plot([x], [y], "o", markersize=13 * unit, color=colour)
        text = f"< {below:g}" if not least else f"≥ {least:g}" if np.isinf(below) else f"{least:g}-{below:g}"
        sheet.text(x + 14 * unit, y, f"× {text}", fontsize=9 * unit, color=INK, va="center")
        x, least = x + 110 * unit, below


def ratio_table(comparison: Comparison) -> str:
    """The comparison as CSV, days to a tenth; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for pair in comparison.pairs:
        days = [*pair.days(50), *pair.days(90)]
        figures = [days[0], days[2], days[1], days[3]]
        ratios = [pair.ratio(50), pair.ratio(90)]
        cells = [
            *(None if x is None else f"{x:.1f}" for x in figures),
            *(None if x is None else f"{x:.2f}" for x in ratios),
        ]
        writer.writerow([pair.place.place, pair.place.name, pair.place.country, *cells])
    return text.getvalue()
