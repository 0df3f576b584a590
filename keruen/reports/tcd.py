"""The time-cost-distance diagram: cumulative hours, dollars or CO2e against kilometres, one curve for each trip.

    a stretch rises as it goes (line style: the mode)    a stop rises straight up (bar; hollow: a border)

Several trips, corridors or years stand in one picture, in the colours of the map; a shade lies between the least and
the greatest of trips drawn as one curve. After UNESCAP (2004). The table behind the picture is written as CSV.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keruen.errors import UnknownOption
from keruen.reports.map_style import INK, PAPER, QUIET, RULE, STYLES, colour_of
from keruen.reports.picture import blank_figure, in_house_style, pixel_axes, write_picture
from keruen.reports.tcd_frame import Drawn, Piece, Window, drawn, window_of
from keruen.reports.tcd_labels import draw_labels
from keruen.reports.tcd_panel import PANEL_PIXELS, draw_panel
from keruen.reports.wording import Words, number, words_in
from keruen.routing.performance import MEASURES, Bundle, Trip
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CURVES = 8  # as many as there are colours
LEFT, BOTTOM, TOP, GAP, RIGHT = 74.0, 62.0, 48.0, 52.0, 20.0
MOVING_POINTS, STANDING_POINTS = 2.0, 4.6
AXIS_WORDS = {"time_h": "tcd_axis_time_h", "cost_usd": "tcd_axis_cost_usd", "co2e_kg": "tcd_axis_co2e_kg"}
TABLE_COLUMNS = (
    "trip", "step", "kind", "mode", "from", "to", "name", "country", "distance_km", "moving_h", "border_h", "stopped_h",
    "time_h", "cost_usd", "co2e_kg", "tonnes", "cumulative_distance_km", "cumulative_time_h", "cumulative_cost_usd",
    "cumulative_co2e_kg", "note",
)  # fmt: skip


def draw_diagram(
    trips: Sequence[Trip | Bundle], path: str | os.PathLike[str], *, measures: Sequence[str] = ("time_h",),
    title: str = "", lang: str = "en", size: tuple[int, int] = (1600, 900),
) -> Path:  # fmt: skip
    """Draw trips into a PNG or SVG file, told by its ending. The file appears whole or not at all.

    Raises:
        UnknownOption: another ending, a folder, a measure or language there is none of, no trip, a measure nobody knows.
    """
    return write_picture(
        path, said("what_diagram"), lambda: diagram(trips, measures=measures, title=title, lang=lang, size=size)
    )


@in_house_style
def diagram(
    trips: Sequence[Trip | Bundle], *, measures: Sequence[str] = ("time_h",), title: str = "", lang: str = "en",
    size: tuple[int, int] = (1600, 900), panel: bool = True, scale: float = 1.0,
) -> Figure:  # fmt: skip
    """The first eight of some trips as a matplotlib figure, `size` in pixels, one picture above the other for each measure.

    panel: with the names and totals beside it. scale: letters and lines so many times as large, for a picture that is printed small.

    Raises:
        UnknownOption: a measure or language there is none of, no trip, a measure that is known of none of them.
    """
    words = words_in(lang)
    _check(trips, measures)
    bundles = [trip if isinstance(trip, Bundle) else Bundle(trip.name, (trip,), trip.name_ru) for trip in trips]
    shown = bundles[:MOST_CURVES]
    width, height = size
    unit = min(width / 1600, height / 900) * scale
    aside = PANEL_PIXELS * unit if panel else 0.0
    figure = blank_figure(size)
    axes = pixel_axes(figure, 0.0, width)
    for place, measure in enumerate(measures):
        box = _box(place, len(measures), width - aside, height, unit)
        window = window_of(shown, measure, box, unit)
        if window is None:
            raise UnknownOption(said("err_no_curve", measure=measure))
        curves = drawn(shown, window)
        _draw_grid(axes, window, words, last=place == len(measures) - 1)
        for curve in reversed(curves):
            _draw_curve(axes, curve, unit)
        draw_labels(axes, curves, window, words, lang)
    if panel:
        draw_panel(axes, shown, title, lang, (width - aside, width, height), unit, left_out=len(bundles) - len(shown))
    return figure


def table_rows(trips: Iterable[Trip | Bundle]) -> Iterable[dict[str, Any]]:
    """The table behind the diagram: a row for each step of each trip, with its own and the cumulative figures."""
    for trip in trips:
        for one in trip.trips if isinstance(trip, Bundle) else (trip,):
            yield from one.rows()


def write_table(trips: Iterable[Trip | Bundle], path: str | os.PathLike[str]) -> Path:
    """Write the table behind the diagram as CSV; what is unknown is an empty cell. The file appears whole.

    Raises:
        UnknownOption: the path is a folder.
    """
    target = Path(path)
    with whole_file(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TABLE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in table_rows(trips):
            writer.writerow({k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()})
    return target


def _check(trips: Sequence[Trip | Bundle], measures: Sequence[str]) -> None:
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown or not measures:
        given = unknown[0] if unknown else said("nothing")
        raise UnknownOption(said("err_measures", known=", ".join(MEASURES), given=given), MEASURES)
    if not trips:
        raise UnknownOption(said("err_no_trips"))


def _box(place: int, count: int, width: float, height: float, unit: float) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a picture, counted from the top one."""
    room = height - (BOTTOM + TOP + GAP * (count - 1)) * unit
    top = height - TOP * unit - place * (room / count + GAP * unit)
    return LEFT * unit, top - room / count, width - RIGHT * unit, top


def _draw_grid(axes: Axes, window: Window, words: Words, *, last: bool) -> None:
    """Lines with their figures, and what the axes are; kilometres are written under the last picture only."""
    unit = window.unit
    look: dict[str, Any] = {"fontsize": 9.0 * unit, "color": QUIET}
    for value in window.ticks_value():
        _, y = window.at(0.0, value)
        axes.plot([window.left, window.right], [y, y], color=RULE, linewidth=0.9 * unit, zorder=1)
        digits = 0 if window.most_value / window.per_shown > 3 else 1
        shown = number(value / window.per_shown, digits, words)
        axes.text(window.left - 9 * unit, y, shown, ha="right", va="center_baseline", **look)
    for km in window.ticks_km():
        x, _ = window.at(km, 0.0)
        axes.plot([x, x], [window.bottom, window.top], color=RULE, linewidth=0.9 * unit, zorder=1)
        if last:
            axes.text(x, window.bottom - 18 * unit, number(km, 0, words), ha="center", va="center_baseline", **look)
    for xs, ys in (
        ([window.left, window.right], [window.bottom] * 2),
        ([window.left] * 2, [window.bottom, window.top]),
    ):
        axes.plot(xs, ys, color=QUIET, linewidth=1.0 * unit, zorder=2)
    name = words["tcd_axis_days" if window.in_days else AXIS_WORDS[window.measure]]
    axes.text(window.left - 40 * unit, window.top + 17 * unit, name, fontsize=11.0 * unit, color=INK, weight="bold",
              va="center_baseline")  # fmt: skip
    if last:
        axes.text(window.right, window.bottom - 40 * unit, words["tcd_axis_distance_km"], fontsize=11.0 * unit, color=INK,
                  weight="bold", ha="right", va="center_baseline")  # fmt: skip


def _draw_curve(axes: Axes, curve: Drawn, unit: float) -> None:
    """The band of a bundle, its curve over a pale halo, stretches in the style of their mode, stops as bars."""
    colour = colour_of(curve.number)
    if curve.band is not None:
        axes.fill(curve.band[:, 0], curve.band[:, 1], color=colour, alpha=0.14, linewidth=0, zorder=3)
    for piece in curve.pieces:
        if piece.moves:
            _draw_piece(axes, piece, PAPER, MOVING_POINTS * unit + 1.6 * unit, 5.0, "-")
            _draw_piece(axes, piece, colour, MOVING_POINTS * unit, 5.2, STYLES.get(piece.step.mode, "-"))
        elif piece.height > 0.0:
            _draw_piece(axes, piece, colour, STANDING_POINTS * unit, 5.4, "-")
            if piece.is_border and piece.height > 6.0 * unit:
                _draw_piece(axes, piece, PAPER, 0.36 * STANDING_POINTS * unit, 5.5, "-")


def _draw_piece(axes: Axes, piece: Piece, colour: str, width: float, above: float, style: Any) -> None:
    axes.plot(
        [piece.start[0], piece.end[0]], [piece.start[1], piece.end[1]], color=colour, linewidth=width, zorder=above,
        linestyle=style, solid_capstyle="butt", dash_capstyle="butt",
    )  # fmt: skip
