"""The routes on a map: one colour for each route, one line style for each mode, figures beside the map.

    sea dashed · rail solid · road dotted · air thin · inland waterway and ferry dash-dotted · a beaten route thinner
    and paler

Land and borders are Natural Earth's at 1:50 million. The map is centred on the routes (see projection), so that it
may cross the antimeridian. Everything is placed in pixels of the picture.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keruen.network.countries import read_topology
from keruen.reports.map_frame import Frame, Pieces, frame_of, lanes_in_pixels, lines_of
from keruen.reports.map_labels import draw_labels
from keruen.reports.map_panel import draw_panel
from keruen.reports.map_style import (
    BORDER,
    COAST,
    GRID,
    LAND,
    PANEL_PIXELS,
    PAPER,
    STYLES,
    WATER,
    colour_of,
    strength_of,
    width_of,
)
from keruen.reports.picture import blank_figure, in_house_style, pixel_axes, write_picture
from keruen.reports.projection import Floats, outline, rounds_pole, runs, world_edge
from keruen.reports.wording import words_in
from keruen.routing.result import ResultDict, RouteDict
from keruen.tables.words import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_map(
    result: ResultDict, path: str | os.PathLike[str], *, lang: str = "en", size: tuple[int, int] = (1600, 900)
) -> Path:
    """Draw the routes into a PNG or SVG file, told by its ending; `result` must hold geometry. The file appears whole.

    Raises:
        UnknownOption: another ending, a folder, or a language there are no words for.
    """
    return write_picture(path, said("what_map"), lambda: route_map(result, lang=lang, size=size))


@in_house_style
def route_map(
    result: ResultDict,
    *,
    lang: str = "en",
    size: tuple[int, int] = (1600, 900),
    panel: bool = True,
    scale: float = 1.0,
) -> Figure:
    """The routes of an answer on a map, `size` in pixels, as a matplotlib figure.

    panel: with the figures of the routes beside it. scale: letters and lines so many times as large, for a map that is printed small.

    Raises:
        UnknownOption: a language there are no words for.
    """
    words_in(lang)
    width, height = size
    unit = min(width / 1600, height / 900) * scale
    aside = PANEL_PIXELS * unit if panel else 0.0
    figure = blank_figure(size)
    lines = lines_of(result)
    frame = frame_of(result, lines, width - aside, height, unit)
    axes = pixel_axes(figure, 0.0, width - aside, WATER)
    draw_ground(axes, frame)
    lanes = lanes_in_pixels(lines, frame)
    for number in reversed(range(len(lanes))):
        _draw_route(axes, result["routes"][number], lanes[number], colour_of(number), unit)
    draw_labels(axes, result, frame, lanes, lang)
    if panel:
        draw_panel(pixel_axes(figure, width - aside, width, PAPER), result, lang, aside, height, unit)
    return figure


def draw_ground(axes: Axes, frame: Frame) -> None:
    """Water with meridians and parallels, land, coasts and borders."""
    _draw_globe(axes, frame)
    _draw_land(axes, frame)


def _draw_globe(axes: Axes, frame: Frame) -> None:
    """Meridians and parallels, every 15, 5 or 1 degrees as the map is wide, and the edge of a map of the whole world."""
    from matplotlib.collections import LineCollection, PolyCollection

    across_deg = float(np.degrees(frame.width / frame.scale))
    step = 15.0 if across_deg > 45 else 5.0 if across_deg > 10 else 1.0
    along, turn = np.linspace(-80.0, 80.0, 161), np.linspace(-179.9, 179.9, 721) + frame.view.lon
    meridians = [np.column_stack([np.full(len(along), lon), along]) for lon in np.arange(-180.0, 180.0, step)]
    parallels = [np.column_stack([turn, np.full(len(turn), lat)]) for lat in np.arange(-75.0, 75.1, step)]
    lines = [frame.pixels(run) for line in [*meridians, *parallels] for run in runs(frame.view, line)]
    lines = [line for line in lines if frame.sees(line)]
    axes.add_collection(LineCollection(lines, colors=GRID, linewidths=0.6 * frame.unit, zorder=1))
    if frame.view.whole_world:
        axes.set_facecolor(PAPER)
        edge = frame.pixels(world_edge(frame.view))
        axes.add_collection(PolyCollection([edge], facecolors=WATER, zorder=0))


def _draw_land(axes: Axes, frame: Frame) -> None:
    """Land filled, then coasts and borders as lines."""
    from matplotlib.collections import LineCollection, PolyCollection

    topology = read_topology("50m")
    polygons = [[topology.ring(arcs) for arcs in polygon] for _, polygon in topology.rings]
    rings = [ring for polygon in polygons for i, ring in enumerate(polygon) if i == 0 or rounds_pole(ring)]
    shapes = [frame.pixels(part) for ring in rings for part in outline(frame.view, ring)]
    shapes = [shape for shape in shapes if frame.sees(shape)]
    axes.add_collection(PolyCollection(shapes, facecolors=LAND, edgecolors=LAND, linewidths=0.6 * frame.unit, zorder=2))
    ground = list(_ground_lines(frame))
    for is_coast, colour in ((False, BORDER), (True, COAST)):
        lines = [line for coast, line in ground if coast == is_coast]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=0.7 * frame.unit, zorder=3))


def _ground_lines(frame: Frame) -> Iterator[tuple[bool, Floats]]:
    """(is it a coast, pixels) of every coast and border in the window, without the cuts along the antimeridian."""
    topology = read_topology("50m")
    coast = (topology.left < 0) != (topology.right < 0)
    for arc in range(len(topology.left)):
        points = slice(int(topology.arc_ptr[arc]), int(topology.arc_ptr[arc + 1]))
        lonlat = np.column_stack([topology.lon[points], topology.lat[points]])
        on_cut = (np.abs(lonlat[:, 0]) > 179.99) | (lonlat[:, 1] < -89.9)
        for part in np.split(lonlat, np.flatnonzero(on_cut[1:] & on_cut[:-1]) + 1):
            if len(part) > 1:
                lines = [frame.pixels(run) for run in runs(frame.view, part)]
                yield from ((bool(coast[arc]), line) for line in lines if frame.sees(line))


def _draw_route(axes: Axes, route: RouteDict, pieces: Pieces, colour: str, unit: float) -> None:
    """The pieces of a route over a pale halo; beaten routes lie under the others."""
    strength, above = strength_of(route), 0.0 if route["beaten_by"] else 1.0
    for mode, xy in pieces:
        width = width_of(route, mode) * unit
        axes.plot(
            xy[:, 0], xy[:, 1], color=PAPER, linewidth=width + 1.4 * unit, alpha=0.6 * strength, zorder=5 + above,
            solid_capstyle="round",
        )  # fmt: skip
        axes.plot(
            xy[:, 0], xy[:, 1], color=colour, linewidth=width, alpha=strength, zorder=5.5 + above,
            linestyle=STYLES.get(mode, "-"), solid_capstyle="round", solid_joinstyle="round", dash_capstyle="butt",
        )  # fmt: skip
