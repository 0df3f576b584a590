"""Letters, rules and numbered discs that pictures have in common, placed in pixels.

A line of text that is too long for its panel is written smaller, then cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keruen.reports.map_style import INK, PAPER, RULE, colour_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALLEST = 0.85  # of its size, to which a line that is too long shrinks


@dataclass(frozen=True)
class Pen:
    """Writes into a panel: left and right edge in pixels, and what one design pixel is now."""

    axes: Axes
    left: float
    right: float
    unit: float

    def write(self, x: float, y: float, text: str, size: float, colour: str = INK, *, bold: bool = False) -> None:
        """A line of text, centred at height y; one that is too long is written smaller, then cut where the panel ends."""
        weight = "bold" if bold else "normal"
        line = self.axes.text(x, y, text, fontsize=size * self.unit, color=colour, weight=weight, va="center")
        room = 0.98 * (self.right - x) / max(line.get_window_extent().width, 1.0)
        line.set_fontsize(size * self.unit * min(1.0, max(room, SMALLEST)))
        while len(text) > 4 and x + line.get_window_extent().width > self.right:
            text = text[:-2].rstrip(" ,(…") + "…"
            line.set_text(text)

    def rule(self, y: float) -> None:
        """A line across the panel."""
        self.axes.plot([self.left, self.right], [y, y], color=RULE, linewidth=0.9 * self.unit)


def draw_number(axes: Axes, x: float, y: float, number: int, unit: float, *, alpha: float = 1.0) -> None:
    """The number of a route or curve, counted from 0, in a disc of its colour."""
    axes.plot([x], [y], "o", markersize=13.5 * unit, color=colour_of(number), markeredgecolor=PAPER, zorder=8,
              markeredgewidth=1.2 * unit, alpha=alpha)  # fmt: skip
    axes.text(x, y, str(number + 1), fontsize=8.2 * unit, weight="bold", color=PAPER, ha="center", va="center_baseline",
              zorder=8.5)  # fmt: skip
