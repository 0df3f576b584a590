"""The panel beside the map: what is asked, the routes with their figures, the key of line styles, where the ground is
from.

With many routes the entries close up: the modes go, the beaten ones stand under a heading, and letters shrink.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from keruen.reports.map_style import INK, QUIET, STYLES, colour_of, strength_of, width_of
from keruen.reports.pen import Pen
from keruen.reports.wording import (
    beaten_text,
    co2e_text,
    corridor_name,
    cost_text,
    days_text,
    modes_text,
    percentile_text,
    place_name,
    shipment_text,
    words_in,
)
from keruen.routing.result import MOVING_MODES, ResultDict, RouteDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FULL, CLOSE = 82.0, 58.0  # pixels of an entry with three lines; below the second it has two
FOOT = 216.0  # pixels for key and attribution


def draw_panel(axes: Axes, result: ResultDict, lang: str, width: float, height: float, unit: float) -> None:
    """Fill the panel, `width` x `height` pixels."""
    words = words_in(lang)
    pen = Pen(axes, 26 * unit, width - 18 * unit, unit)
    y = _draw_question(pen, result, lang, height - 44 * unit)
    routes = result["routes"]
    step = min(FULL, (y / unit - FOOT) / max(len(routes), 1)) * unit
    for number, route in enumerate(routes):
        pen.rule(y)
        if step < CLOSE * unit and route["beaten_by"] and (number == 0 or not routes[number - 1]["beaten_by"]):
            pen.write(pen.left, y - 11 * unit, words["map_beaten"], 8.4, QUIET)
            y -= 20 * unit
            pen.rule(y)
        _draw_entry(pen, result, number, lang, y, step)
        y -= step
    pen.rule(y)
    _draw_key(pen, result, lang, y - 22 * unit)
    for i, line in enumerate(reversed(textwrap.wrap(words["map_attribution"], 62))):
        pen.write(pen.left, (16 + 12.0 * i) * unit, line, 6.8, QUIET)


def _draw_question(pen: Pen, result: ResultDict, lang: str, y: float) -> float:
    """The ends as a title and the shipment under it; returns the height below."""
    start, end = (place_name(result[key], lang) for key in ("origin", "destination"))
    for line in [f"{start} → {end}"] if len(start + end) < 21 else [f"{start} →", end]:
        pen.write(pen.left, y, line, 17.5, bold=True)
        y -= 30 * pen.unit
    y += 4 * pen.unit
    for line in textwrap.wrap(shipment_text(result, lang=lang), 52):
        pen.write(pen.left, y, line, 8.8, QUIET)
        y -= 15.5 * pen.unit
    return y - 8 * pen.unit


def _draw_entry(pen: Pen, result: ResultDict, number: int, lang: str, top: float, step: float) -> None:
    """One route: colour, number, corridor, figures, and where there is room its modes; what beats it."""
    route, unit = result["routes"][number], pen.unit
    close = step < CLOSE * unit
    row = step / (3 if close else 4)
    shrink = min(1.0, step / (36 * unit))
    pen.axes.plot([pen.left] * 2, [top - 0.5 * row, top - step + 0.5 * row], color=colour_of(number), linewidth=5 * unit,
                  solid_capstyle="butt", alpha=strength_of(route))  # fmt: skip
    text = pen.left + 14 * unit
    pen.write(
        text,
        top - 0.95 * row,
        f"{number + 1}  {corridor_name(route, lang)}",
        (10.4 if close else 11.5) * shrink,
        bold=True,
    )
    pen.write(text, top - 2.0 * row, _figures(route, lang), (8.6 if close else 9.6) * shrink)
    if not close:
        beaten = beaten_text(result, route, lang)
        parts = [modes_text(route, words_in(lang)), *([beaten] if beaten else [])]
        pen.write(text, top - 3.0 * row, "  ·  ".join(parts), 8.6, QUIET)


def _figures(route: RouteDict, lang: str) -> str:
    words = words_in(lang)
    co2e = (
        f"{co2e_text(route, words)} {words['tonnes_co2e']}" if route["co2e_kg"] is not None else words["co2e_unknown"]
    )
    p90 = f" (P90 {percentile_text(route['p90_h'], words)})" if route["p90_h"] is not None else ""
    return f"{days_text(route, words)} {words['days']}{p90}  ·  {cost_text(route, words)} {words['usd']}  ·  {co2e}"


def _draw_key(pen: Pen, result: ResultDict, lang: str, top: float) -> None:
    """A sample of each line style that occurs, two to a row, and the mark of assumed figures if it occurs."""
    words, unit, y = words_in(lang), pen.unit, top
    modes = [mode for mode in MOVING_MODES if any(mode in route["modes"] for route in result["routes"])]
    for i, mode in enumerate(modes):
        x, y = pen.left + (i % 2) * 170 * unit, top - (i // 2) * 19 * unit
        width = width_of(result["routes"][0], mode) * unit
        pen.axes.plot(
            [x, x + 34 * unit], [y, y], color=INK, linewidth=width, linestyle=STYLES[mode], dash_capstyle="butt"
        )
        pen.write(x + 42 * unit, y, words[f"mode_{mode}"], 8.6)
    if any(route["assumed"] for route in result["routes"]):
        pen.write(pen.left, y - 21 * unit, words["map_assumed"], 8.2, QUIET)
