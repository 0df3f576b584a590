"""A picture of the house: drawn in pixels in one style, and written as PNG or SVG, the same bytes every time, whole or not at all.

Names are written as they are: a "$" in the name of a place or trip does not begin a formula.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from keruen.errors import UnknownOption
from keruen.reports.map_style import PAPER
from keruen.tables.whole_file import whole_file
from keruen.tables.words import either, said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg")

Asked = ParamSpec("Asked")


def house_style() -> AbstractContextManager[None]:
    """A block in which letters are the house's, names no formulas, and an SVG gets the same ids every time."""
    from matplotlib import rc_context

    return rc_context({"svg.hashsalt": "keruen", "font.family": "DejaVu Sans", "text.parse_math": False})


def in_house_style(draw: Callable[Asked, Figure]) -> Callable[Asked, Figure]:
    """A function that draws a figure, in the house's style."""

    @wraps(draw)
    def styled(*args: Asked.args, **kwargs: Asked.kwargs) -> Figure:
        with house_style():
            return draw(*args, **kwargs)

    return styled


def write_picture(path: str | os.PathLike[str], what: str, draw: Callable[[], Figure]) -> Path:
    """Write a figure into a PNG or SVG file, told by its ending. `what` it is, for messages: "A map".

    Raises:
        UnknownOption: another ending, or a folder.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        given = target.suffix or target.name
        raise UnknownOption(said("err_formats", what=what, formats=either(FORMATS), given=given), FORMATS)
    with house_style(), whole_file(target) as draft:
        metadata = {"Date": None} if ending == ".svg" else {"Software": "Keruen"}
        draw().savefig(draft, format=ending[1:], metadata=metadata)
    return target


def blank_figure(size: tuple[int, int]) -> Figure:
    """An empty figure of so many pixels, on which texts can be measured."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = size
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=PAPER)
    FigureCanvasAgg(figure)  # measures texts; without it a figure cannot
    return figure


def pixel_axes(figure: Figure, left: float, right: float, colour: str = PAPER) -> Axes:
    """Axes over the full height of the picture, from pixel to pixel, whose data units are pixels."""
    width, height = figure.get_size_inches() * figure.dpi
    axes = figure.add_axes((left / width, 0.0, (right - left) / width, 1.0), facecolor=colour)
    axes.set_xlim(0, right - left)
    axes.set_ylim(0, height)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes
