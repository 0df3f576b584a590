"""The panel beside a time-cost-distance diagram: for each curve its totals and CPMM indicators, and the key of lines.

With many curves the entries close up.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from keruen.reports.map_style import INK, PAPER, QUIET, STYLES, colour_of
from keruen.reports.pen import Pen
from keruen.reports.wording import Words, number, words_in
from keruen.routing.performance import BORDER, MOVE, STOP, Bundle
from keruen.routing.result import MOVING_MODES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_PIXELS = 404.0
STANDING_WORDS = {STOP: "tcd_stop", BORDER: "tcd_border"}
FULL, FOOT = 92.0, 160.0  # pixels of an entry with four lines; pixels for the key


def draw_panel(
    axes: Axes, bundles: Sequence[Bundle], title: str, lang: str, area: tuple[float, float, float], unit: float, *,
    left_out: int = 0,
) -> None:  # fmt: skip
    """Fill the panel in an area (left, right, height); left_out: how many trips there was no room for."""
    left, right, height = area
    pen, words = Pen(axes, left + 14 * unit, right - 18 * unit, unit), words_in(lang)
    y = height - 34 * unit
    for line in textwrap.wrap(title or words["tcd_title"], 26)[:2]:
        pen.write(pen.left, y, line, 17.0, bold=True)
        y -= 28 * unit
    shaded = any(len(bundle.alike) > 1 for bundle in bundles)
    for line in textwrap.wrap(words["tcd_subtitle"] + (" " + words["tcd_shade"] if shaded else ""), 60):
        pen.write(pen.left, y, line, 8.4, QUIET)
        y -= 14 * unit
    y -= 2 * unit
    step = min(FULL, (y / unit - FOOT) / max(len(bundles), 1)) * unit
    for place, bundle in enumerate(bundles):
        pen.rule(y)
        _draw_entry(pen, bundle, place, lang, y, step)
        y -= step
    pen.rule(y)
    if left_out:
        pen.write(pen.left, y - 14 * unit, words["tcd_left_out"].format(count=left_out), 8.4, QUIET)
    _draw_key(pen, bundles, words)


def _draw_entry(pen: Pen, bundle: Bundle, place: int, lang: str, top: float, step: float) -> None:
    """One curve: colour, number, name, totals, then TFI1 to TFI4."""
    words, unit = words_in(lang), pen.unit
    row = step / 4.7
    shrink = min(1.0, step / (70 * unit))
    pen.axes.plot([pen.left + 2 * unit] * 2, [top - 0.5 * row, top - step + 0.4 * row], color=colour_of(place),
                  linewidth=5 * unit, solid_capstyle="butt")  # fmt: skip
    text = pen.left + 15 * unit
    pen.write(text, top - 0.95 * row, f"{place + 1}  {bundle.title(lang)}", 11.0 * shrink, bold=True)
    pen.write(text, top - 1.95 * row, totals_text(bundle, words), 9.2 * shrink)
    for line, shown in enumerate(indicator_texts(bundle, words)):
        pen.write(text, top - (2.95 + 0.92 * line) * row, shown, 8.4 * shrink, QUIET)


def totals_text(bundle: Bundle, words: Words) -> str:
    """Days, dollars and kilometres of the curve, and of how many trips it is the mean."""
    mean = bundle.mean
    hours, usd = mean.total("time_h"), mean.total("cost_usd")
    parts = [f"{number((hours or 0.0) / 24, 1, words)} {words['days']}"]
    parts += [f"{number(usd, 0, words)} {words['usd']}"] if usd is not None else []
    parts.append(f"{number(mean.distance_km, 0, words)} {words['column_distance_km']}")
    if len(bundle.trips) > 1:
        parts.append(words["tcd_trips"].format(count=number(len(bundle.trips), 0, words)))
    return "  ·  ".join(parts)


def indicator_texts(bundle: Bundle, words: Words) -> tuple[str, str]:
    """Speed and standing in one line, borders and price in the next; what is not known is left out."""
    found = bundle.indicators
    figures = {
        "tcd_speeds": (found.swod_kmh, found.swd_kmh),
        "tcd_standing": (None if found.standing_share is None else 100 * found.standing_share,),
        "tcd_border_h": (found.tfi1_border_h,),
        "tcd_border_usd": (found.tfi2_border_usd,),
        "tcd_tfi3": (found.tfi3_usd_per_500km_20t,),
    }
    texts = {
        key: words[key].format(*(number(value, _digits(key, value), words) for value in values if value is not None))
        for key, values in figures.items()
        if None not in values
    }
    first, second = ("tcd_speeds", "tcd_standing"), ("tcd_border_h", "tcd_border_usd", "tcd_tfi3")
    lines = ["  ·  ".join(texts[key] for key in keys if key in texts) for keys in (first, second)]
    return lines[0], lines[1]


def _digits(key: str, value: float) -> int:
    return 1 if key in ("tcd_speeds", "tcd_border_h") and value < 1000 else 0


def _draw_key(pen: Pen, bundles: Sequence[Bundle], words: Words) -> None:
    """A sample of each line style that occurs, of stops and borders, and what the indicators are."""
    unit = pen.unit
    steps = [step for bundle in bundles for step in bundle.mean.steps]
    modes = [mode for mode in MOVING_MODES if any(step.kind == MOVE and step.mode == mode for step in steps)]
    samples = [*modes, STOP, *([BORDER] if any(step.clears_border for step in steps) else [])]
    notes = textwrap.wrap(words["tcd_note"], 68)
    bottom = (16 + 12.0 * len(notes)) * unit
    rows = -(-len(samples) // 2)
    for i, sample in enumerate(samples):
        x, y = pen.left + (i % 2) * 180 * unit, bottom + (rows - 1 - i // 2) * 18 * unit + 8 * unit
        _draw_sample(pen, sample, x, y)
        pen.write(x + 42 * unit, y, words[STANDING_WORDS.get(sample, f"mode_{sample}")], 8.6)
    for i, line in enumerate(reversed(notes)):
        pen.write(pen.left, (15 + 12.0 * i) * unit, line, 6.8, QUIET)


def _draw_sample(pen: Pen, sample: str, x: float, y: float) -> None:
    unit = pen.unit
    if sample in STANDING_WORDS:
        bar, high = [x + 17 * unit] * 2, [y - 7 * unit, y + 7 * unit]
        pen.axes.plot(bar, high, color=INK, linewidth=4.6 * unit, solid_capstyle="butt")
        if sample == BORDER:
            pen.axes.plot(bar, high, color=PAPER, linewidth=1.7 * unit, solid_capstyle="butt")
        return
    pen.axes.plot([x, x + 34 * unit], [y, y], color=INK, linewidth=2.0 * unit, linestyle=STYLES[sample],
                  dash_capstyle="butt")  # fmt: skip
