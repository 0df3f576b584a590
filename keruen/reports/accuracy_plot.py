"""Predicted against observed as a scatter: journeys in days, prices in dollars, both axes in logarithms.

    full point: a row that counts, in the colour of its corridor, with P10-P90      ring: predicted, but does not count

On the line prediction and observation agree; the band is an error of 20 per cent. Points that lie on each other are one question with
several answers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keruen.errors import UnknownOption
from keruen.reports.accuracy_text import corridor_names
from keruen.reports.map_style import INK, QUIET, RULE, colour_of
from keruen.reports.picture import blank_figure, in_house_style, write_picture
from keruen.reports.wording import Words, number, words_in
from keruen.routing.accuracy import Accuracy, Compared
from keruen.routing.accuracy_misses import measures_of
from keruen.routing.observed import TIME
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAND = 0.2
MOST_COLOURS = 7


def draw_scatter(
    data: Dataset,
    found: Accuracy,
    path: str | os.PathLike[str],
    *,
    lang: str = "en",
    size: tuple[int, int] = (1600, 900),
) -> Path:
    """Draw the scatter into a PNG or SVG file, told by its ending. The file appears whole or not at all.

    Raises:
        UnknownOption: another ending, a folder, a language there are no words for, or nothing that was predicted.
    """
    return write_picture(path, said("what_scatter"), lambda: scatter(data, found, lang=lang, size=size))


@in_house_style
def scatter(data: Dataset, found: Accuracy, *, lang: str = "en", size: tuple[int, int] = (1600, 900)) -> Figure:
    """The scatter as a matplotlib figure, `size` in pixels, a panel for journeys and one for prices where there are some.

    Raises:
        UnknownOption: a language there are no words for, or nothing was predicted.
    """
    words, names = words_in(lang), corridor_names(data, lang)
    shown = {
        measure: rows
        for measure in measures_of(found)
        if (
            rows := [
                row for row in found.rows if row.observation.haul.measure == measure and row.predicted.band is not None
            ]
        )
    }
    if not shown:
        raise UnknownOption(said("err_nothing_predicted"))
    figure = blank_figure(size)
    figure.set_layout_engine("constrained")
    for axes, (measure, rows) in zip(np.ravel(figure.subplots(1, len(shown))), shown.items(), strict=True):
        _panel(axes, found, measure, rows, names, words)
    return figure


def _panel(
    axes: Axes, found: Accuracy, measure: str, rows: Sequence[Compared], names: Mapping[str, str], words: Words
) -> None:
    """One panel: line, band, points, legend, and the score in its title."""
    pairs = [(row.observation.middle, row.predicted.band) for row in rows]
    values = [
        value
        for seen, band in pairs
        if band is not None
        for value in (seen, band.p10 or band.p50, band.p90 or band.p50)
    ]
    least, most = min(values) / 1.3, max(values) * 1.3
    ends = np.array([least, most])
    axes.fill_between(ends, ends * (1 - BAND), ends * (1 + BAND), color=RULE, linewidth=0, zorder=0)
    axes.plot(ends, ends, color=QUIET, linewidth=1, zorder=1)
    common = Counter(row.predicted.corridor for row in rows if row.used).most_common(MOST_COLOURS)
    colours = {corridor: colour_of(i) for i, (corridor, _) in enumerate(common)}
    _points(axes, [row for row in rows if not row.used], QUIET, words["accuracy_not_used"], filled=False)
    for corridor, colour in colours.items():
        label = names.get(corridor, corridor)
        _points(axes, [row for row in rows if row.used and row.predicted.corridor == corridor], colour, label)
    _points(
        axes, [row for row in rows if row.used and row.predicted.corridor not in colours], INK, words["accuracy_others"]
    )
    axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends, aspect="equal")
    axes.set_xlabel(words[f"accuracy_axis_observed_{measure}"], color=INK)
    axes.set_ylabel(words[f"accuracy_axis_predicted_{measure}"], color=INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, position: number(value, 0 if value >= 1 else 1, words))
        axis.set_minor_formatter(lambda value, position: "")
    one = found.time if measure == TIME else found.cost
    error = "?" if one.median_abs_error_pct is None else number(one.median_abs_error_pct, 0, words)
    bias = "?" if one.bias_pct is None else number(one.bias_pct, 0, words)
    axes.set_title(words[f"accuracy_plot_{measure}"].format(one.n, error, bias), color=INK, fontsize=12)
    axes.legend(loc="upper left", fontsize=9, frameon=False, labelcolor=INK)


def _points(axes: Axes, rows: Sequence[Compared], colour: str, label: str, *, filled: bool = True) -> None:
    """Rows as points, with P10-P90 where it is known and the row counts."""
    bands = [(row.observation.middle, band) for row in rows if (band := row.predicted.band) is not None]
    if not bands:
        return
    seen, central = [middle for middle, _ in bands], [band.p50 for _, band in bands]
    face = colour if filled else "none"
    axes.scatter(
        seen, central, s=42, facecolors=face, edgecolors=colour, linewidths=1, label=label, zorder=3, alpha=0.85
    )
    for middle, band in bands if filled else ():
        if band.p10 is not None and band.p90 is not None:
            axes.plot([middle, middle], [band.p10, band.p90], color=colour, linewidth=1, alpha=0.45, zorder=2)
