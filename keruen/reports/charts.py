"""The routes on a map: one colour for each route, one line style for each mode, figures beside the map.

    sea dashed · rail solid · road dotted · air thin · inland waterway and ferry dash-dotted

Routes that share a line run beside each other, each in a lane of its own; a beaten route is paler. Colours are those
of Okabe & Ito (2008), which people with any colour vision can tell apart. Land and borders are Natural Earth's at
1:50 million. The map is centred on the routes (see projection), so that it may cross the antimeridian. Everything is
placed in pixels of the picture.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from keruen.errors import UnknownOption
from keruen.network.countries import read_topology
from keruen.reports.export import whole_file
from keruen.reports.projection import (
    EDGE_X,
    EDGE_Y,
    Floats,
    View,
    along_great_circles,
    outline,
    project,
    rounds_pole,
    runs,
    view_of,
    world_edge,
)
from keruen.reports.wording import (
    Words,
    beaten_by_name,
    co2e_text,
    corridor_name,
    cost_text,
    days_text,
    modes_text,
    place_name,
    shipment_text,
    stop_name,
    words_in,
)
from keruen.routing.result import MOVING_MODES, LegDict, ResultDict, RouteDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A4FA3", "#5B5B5B")
WATER, LAND, BORDER, COAST, GRID = "#dce8ee", "#f8f5ee", "#d3cabb", "#b3aa9a", "#cfdfe7"
INK, QUIET, PAPER = "#22303a", "#6b7780", "#ffffff"
STYLES: dict[str, Any] = {
    "rail": "-",
    "sea": (0, (4.2, 2.4)),
    "ferry": (0, (3.2, 1.6, 0.8, 1.6)),
    "inland_waterway": (0, (3.2, 1.6, 0.8, 1.6)),
    "road": (0, (0.9, 1.3)),
    "air": "-",
}
WIDTHS = {"air": 1.3}
LINE_WIDTH, LANE, MEETING = 2.4, 3.2, 26.0  # points, pixels between lanes, pixels over which lanes meet at both ends
FORMATS = (".png", ".svg")


@dataclass(frozen=True)
class _Frame:
    """The map in the picture: projected window (x0, y0), pixels per unit, size in pixels, and what one design pixel is now."""

    view: View
    x0: float
    y0: float
    scale: float
    width: float
    height: float
    unit: float

    def pixels(self, xy: Floats) -> Floats:
        """Projected points as pixels from the lower left corner of the map."""
        return np.column_stack([(xy[:, 0] - self.x0) * self.scale, (xy[:, 1] - self.y0) * self.scale])

    def sees(self, xy: Floats) -> bool:
        """Whether the box around some pixels touches the map."""
        low, high = xy.min(axis=0), xy.max(axis=0)
        return bool(high[0] > 0 and high[1] > 0 and low[0] < self.width and low[1] < self.height)


@dataclass
class _Labels:
    """Boxes (x0, y0, x1, y1) that are taken, and points of lines that a label had better not cover."""

    points: Floats
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)


def draw_map(
    result: ResultDict, path: str | os.PathLike[str], *, lang: str = "en", size: tuple[int, int] = (1600, 900)
) -> Path:
    """Draw the routes into a PNG or SVG file, told by its ending; `result` must hold geometry. The file appears whole.

    Raises:
        UnknownOption: another ending, a folder, or a language there are no words for.
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise UnknownOption(
            f"A map can be written as {' or '.join(FORMATS)}, not {target.suffix or target.name!r}.", FORMATS
        )
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "keruen", "font.family": "DejaVu Sans"}), whole_file(target) as draft:
        metadata = {"Date": None} if target.suffix.lower() == ".svg" else {"Software": "Keruen"}
        route_map(result, lang=lang, size=size).savefig(draft, format=target.suffix.lower()[1:], metadata=metadata)
    return target


def route_map(result: ResultDict, *, lang: str = "en", size: tuple[int, int] = (1600, 900)) -> Figure:
    """The routes of an answer on a map, `size` in pixels, as a matplotlib figure.

    Raises:
        UnknownOption: a language there are no words for.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = words_in(lang)
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor=PAPER)
    FigureCanvasAgg(figure)  # measures texts; without it a figure cannot
    unit = min(size[0] / 1600, size[1] / 900)
    panel = 404 * unit
    frame = _frame_of(result, size[0] - panel, size[1], unit)
    axes = _pixel_axes(figure, (0.0, 0.0, frame.width / size[0], 1.0), frame.width, frame.height, WATER)
    _draw_globe(axes, frame)
    _draw_land(axes, frame)
    lanes = [_route_in_pixels(result, route, frame, lane) for route, lane in _in_lanes(result["routes"])]
    for number in reversed(range(len(lanes))):
        _draw_route(axes, result["routes"][number], lanes[number], COLOURS[number % len(COLOURS)], unit)
    _draw_stops(axes, result, frame, lanes, lang)
    side = _pixel_axes(figure, (frame.width / size[0], 0.0, panel / size[0], 1.0), panel, size[1], PAPER)
    _draw_panel(side, result, words, lang, panel, size[1], unit)
    return figure


def _pixel_axes(
    figure: Figure, box: tuple[float, float, float, float], width: float, height: float, colour: str
) -> Axes:
    """Axes without frame whose data units are pixels."""
    axes = figure.add_axes(box, facecolor=colour)
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


# The frame and the ground


def _frame_of(result: ResultDict, width: float, height: float, unit: float) -> _Frame:
    """The window that holds all lines and both ends with a margin, widened to the shape of the map."""
    lines = [_line(result, leg) for route in result["routes"] for leg in route["legs"]]
    ends = [[result[end]["lon"], result[end]["lat"]] for end in ("origin", "destination")]
    lines = [line for line in lines if len(line)] + [np.array(ends)]
    view = view_of(lines)
    xy = np.concatenate([project(view, line) for line in lines])
    low, high = xy.min(axis=0), xy.max(axis=0)
    margin = np.array([70.0, 60.0]) * unit
    if view.whole_world:
        low, high, margin = np.array([-EDGE_X, -EDGE_Y]), np.array([EDGE_X, EDGE_Y]), np.array([16.0, 16.0]) * unit
    least = 0.02  # earth radii across, so that two places in one town still make a map
    span = np.maximum(high - low, least)
    scale = float(np.min((np.array([width, height]) - 2 * margin) / span))
    middle = (low + high) / 2
    return _Frame(
        view, float(middle[0] - width / scale / 2), float(middle[1] - height / scale / 2), scale, width, height, unit
    )


def _draw_globe(axes: Axes, frame: _Frame) -> None:
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


def _draw_land(axes: Axes, frame: _Frame) -> None:
    """Land filled, then coasts and borders as lines."""
    from matplotlib.collections import LineCollection, PolyCollection

    topology = read_topology("50m")
    polygons = [[topology.ring(arcs) for arcs in polygon] for _, polygon in topology.rings]
    rings = [ring for polygon in polygons for i, ring in enumerate(polygon) if i == 0 or rounds_pole(ring)]
    shapes = [frame.pixels(part) for ring in rings for part in outline(frame.view, ring)]
    shapes = [shape for shape in shapes if frame.sees(shape)]
    axes.add_collection(PolyCollection(shapes, facecolors=LAND, edgecolors=LAND, linewidths=0.6 * frame.unit, zorder=2))
    coasts: list[Floats] = []
    borders: list[Floats] = []
    for is_coast, line in _ground_lines(frame):
        (coasts if is_coast else borders).append(line)
    axes.add_collection(LineCollection(borders, colors=BORDER, linewidths=0.7 * frame.unit, zorder=3))
    axes.add_collection(LineCollection(coasts, colors=COAST, linewidths=0.7 * frame.unit, zorder=3))


def _ground_lines(frame: _Frame) -> Iterator[tuple[bool, Floats]]:
    """(is it a coast, pixels) of every coast and border in the window, without the cuts along the antimeridian."""
    topology = read_topology("50m")
    coast = (topology.left < 0) != (topology.right < 0)
    for arc in range(len(topology.left)):
        points = slice(int(topology.arc_ptr[arc]), int(topology.arc_ptr[arc + 1]))
        lonlat = np.column_stack([topology.lon[points], topology.lat[points]])
        on_cut = (np.abs(lonlat[:, 0]) > 179.99) | (lonlat[:, 1] < -89.9)
        for part in np.split(lonlat, np.flatnonzero(on_cut[1:] & on_cut[:-1]) + 1):
            if len(part) > 1:
                for run in runs(frame.view, part):
                    line = frame.pixels(run)
                    if frame.sees(line):
                        yield bool(coast[arc]), line


# The routes


def _line(result: ResultDict, leg: LegDict) -> Floats:
    """Points of a leg as [k, 2] of lon and lat, along great circles; between its places if it has no geometry of its own."""
    points: Sequence[Sequence[float]] = leg.get("geometry") or []
    if len(points) < 2 and leg["mode"] in MOVING_MODES:
        ends = [result["places"].get(leg["from"]), result["places"].get(leg["to"])]
        points = [[end["lon"], end["lat"]] for end in ends if end]
    return along_great_circles(np.asarray(points, np.float64).reshape(-1, 2))


def _in_lanes(routes: Sequence[RouteDict]) -> Iterator[tuple[RouteDict, float]]:
    """Each route with its lane: the first on the line itself, the next to its left, then its right, and so outwards."""
    for i, route in enumerate(routes):
        yield route, (i + 1) // 2 * (-1.0) ** i


def _route_in_pixels(result: ResultDict, route: RouteDict, frame: _Frame, lane: float) -> list[tuple[str, Floats]]:
    """(mode, pixels) of each piece of a route, moved sideways into its lane; the lanes meet at both ends."""
    pieces = [
        (leg["mode"], _thinned(frame.pixels(run)))
        for leg in route["legs"]
        if leg["mode"] in MOVING_MODES and len(line := _line(result, leg)) > 1
        for run in runs(frame.view, line)
    ]
    if not pieces:
        return []
    whole = np.concatenate([piece for _, piece in pieces])
    moved = _beside(whole, lane * LANE * frame.unit, MEETING * frame.unit)
    ends = np.cumsum([len(piece) for _, piece in pieces])
    return [(mode, part) for (mode, _), part in zip(pieces, np.split(moved, ends[:-1]), strict=True)]


def _thinned(xy: Floats) -> Floats:
    """A line without wiggles under half a pixel."""
    from shapely import LineString

    return np.asarray(LineString(xy).simplify(0.5).coords) if len(xy) > 2 else xy


def _beside(xy: Floats, offset: float, meeting: float) -> Floats:
    """A line moved `offset` pixels to its left; within `meeting` pixels of its ends the move fades to nothing."""
    steps = np.diff(xy, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    forward = steps / np.maximum(lengths, 1e-9)[:, None]
    forward[lengths < 1e-9] = 0.0
    direction = np.concatenate([forward[:1], forward]) + np.concatenate([forward, forward[-1:]])
    size = np.hypot(direction[:, 0], direction[:, 1])
    left = np.column_stack([-direction[:, 1], direction[:, 0]]) / np.maximum(size, 1e-9)[:, None]
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    fade = np.clip(np.minimum(along, along[-1] - along) / meeting, 0.0, 1.0)
    return np.asarray(xy + left * (offset * fade)[:, None])


def _draw_route(axes: Axes, route: RouteDict, pieces: Sequence[tuple[str, Floats]], colour: str, unit: float) -> None:
    """The pieces of a route over a pale halo."""
    paleness = 0.55 if route["beaten_by"] else 1.0
    for mode, xy in pieces:
        width = WIDTHS.get(mode, LINE_WIDTH) * unit
        axes.plot(
            xy[:, 0], xy[:, 1], color=PAPER, linewidth=width + 1.4 * unit, alpha=0.6 * paleness, zorder=5,
            solid_capstyle="round",
        )  # fmt: skip
        axes.plot(
            xy[:, 0], xy[:, 1], color=colour, linewidth=width, alpha=paleness, zorder=6, linestyle=STYLES.get(mode, "-"),
            solid_capstyle="round", solid_joinstyle="round", dash_capstyle="butt",
        )  # fmt: skip


# Stops and their names


def _draw_stops(
    axes: Axes, result: ResultDict, frame: _Frame, lanes: Sequence[Sequence[tuple[str, Floats]]], lang: str
) -> None:
    """Origin and destination, then the places where a load changes vehicle, gauge or country, named as far as there is room."""
    drawn = [xy for pieces in lanes for _, xy in pieces]
    labels = _Labels(np.concatenate([_dotted(xy, 4.0 * frame.unit) for xy in drawn]) if drawn else np.zeros((0, 2)))
    spots = _spots(result, frame, lang)
    for x, y, _, is_end in spots:
        size = (11 if is_end else 5.5) * frame.unit
        axes.plot([x], [y], "o", markersize=size, color=INK if is_end else PAPER, markeredgecolor=PAPER if is_end else INK,
                  markeredgewidth=(1.8 if is_end else 1.1) * frame.unit, zorder=9)  # fmt: skip
        half = size * 0.75
        labels.taken.append((x - half, y - half, x + half, y + half))
    for x, y, name, is_end in spots:
        _draw_label(axes, frame, labels, x, y, name, is_end)


def _dotted(xy: Floats, every: float) -> Floats:
    """Points along a line, `every` pixels apart."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    at = np.arange(0.0, along[-1], every)
    return np.column_stack([np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1])])


def _spots(result: ResultDict, frame: _Frame, lang: str) -> list[tuple[float, float, str, bool]]:
    """(x, y, name, is it an end) of what is marked, ends first; places within 9 pixels of another are left to that one."""
    named = [(result[end], place_name(result[end], lang), True) for end in ("origin", "destination")]
    order = {"terminal": 0, "gauge_change": 1, "border": 2}
    stops = sorted(
        (leg for route in result["routes"] for leg in route["legs"] if leg["mode"] in order),
        key=lambda leg: order[leg["mode"]],
    )
    named += [
        (result["places"][leg["from"]], stop_name(result, leg["from"], lang), False)
        for leg in stops
        if leg["from"] in result["places"]
    ]
    found: list[tuple[float, float, str, bool]] = []
    for place, name, is_end in named:
        x, y = frame.pixels(project(frame.view, np.array([[place["lon"], place["lat"]]])))[0]
        if is_end or all(np.hypot(x - other[0], y - other[1]) > 9 * frame.unit for other in found):
            found.append((float(x), float(y), name, is_end))
    return found


def _draw_label(axes: Axes, frame: _Frame, labels: _Labels, x: float, y: float, name: str, is_end: bool) -> None:
    """A name beside its spot, on the side where it covers least; a stop's name is left out where it would cover another."""
    from matplotlib.patheffects import withStroke

    unit, size = frame.unit, 13.5 if is_end else 9.0
    text = axes.text(
        0, 0, name, fontsize=size * unit, color=INK, weight="bold" if is_end else "normal", ha="left", va="baseline", zorder=10,
        path_effects=[withStroke(linewidth=2.6 * unit, foreground="#ffffffd8")],
    )  # fmt: skip
    extent = text.get_window_extent()
    wide, high = float(extent.width), float(extent.height)
    gap = (10.0 if is_end else 6.0) * unit
    best = min(_places_for(x, y, wide, high, gap), key=lambda box: _cost_of(box, frame, labels))
    if _cost_of(best, frame, labels) >= 1000.0 and not is_end:
        text.remove()
        return
    text.set_position((best[0], best[1] + 0.22 * high))
    labels.taken.append(best)


def _places_for(
    x: float, y: float, wide: float, high: float, gap: float
) -> Iterator[tuple[float, float, float, float]]:
    """Boxes around a spot where its name may stand, the preferred ones first."""
    right, left, middle = x + gap, x - gap - wide, x - wide / 2
    above, below, level = y + gap * 0.6, y - gap * 0.6 - high, y - high / 2
    corners = [
        (right, level),
        (left, level),
        (right, above),
        (right, below),
        (left, above),
        (left, below),
        (middle, above),
        (middle, below),
    ]
    for reach in (0.0, 1.2):
        for x0, y0 in corners:
            shift_x, shift_y = reach * gap * np.sign(x0 + wide / 2 - x), reach * gap * np.sign(y0 + high / 2 - y)
            yield float(x0 + shift_x), float(y0 + shift_y), float(x0 + shift_x + wide), float(y0 + shift_y + high)


def _cost_of(box: tuple[float, float, float, float], frame: _Frame, labels: _Labels) -> float:
    """What a name covers in a box: 1000 for each name or mark or leaving the map, 1 for each point of a line."""
    x0, y0, x1, y1 = box
    overlaps = sum(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in labels.taken)
    outside = x0 < 4 or y0 < 4 or x1 > frame.width - 4 or y1 > frame.height - 4
    p = labels.points
    covered = np.count_nonzero((p[:, 0] > x0) & (p[:, 0] < x1) & (p[:, 1] > y0) & (p[:, 1] < y1))
    return 1000.0 * (overlaps + 2 * outside) + float(covered)


# The panel


def _draw_panel(
    axes: Axes, result: ResultDict, words: Words, lang: str, width: float, height: float, unit: float
) -> None:
    """Title, shipment, the routes with their figures, the key of line styles, and where the ground is from."""
    left, right = 26 * unit, width - 22 * unit
    y = height - 44 * unit
    start, end = (place_name(result[key], lang) for key in ("origin", "destination"))
    for line in [f"{start} → {end}"] if len(start + end) < 21 else [f"{start} →", end]:
        axes.text(left, y, line, fontsize=17.5 * unit, weight="bold", color=INK, va="center")
        y -= 30 * unit
    y += 4 * unit
    for line in textwrap.wrap(shipment_text(result, lang=lang), 52):
        axes.text(left, y, line, fontsize=8.8 * unit, color=QUIET, va="center")
        y -= 15.5 * unit
    y -= 8 * unit
    step = min(82.0, (y / unit - 190.0) / max(len(result["routes"]), 1)) * unit
    for number, route in enumerate(result["routes"]):
        axes.plot([left, right], [y, y], color="#e4e8ea", linewidth=0.9 * unit)
        _draw_entry(axes, number, route, words, lang, left, y, step, unit)
        y -= step
    axes.plot([left, right], [y, y], color="#e4e8ea", linewidth=0.9 * unit)
    _draw_key(axes, result, words, left, y - 22 * unit, unit)
    lines = textwrap.wrap(words["map_attribution"], 62)
    for i, line in enumerate(reversed(lines)):
        axes.text(left, (16 + 12.0 * i) * unit, line, fontsize=6.8 * unit, color=QUIET, va="center")


def _draw_entry(
    axes: Axes,
    number: int,
    route: RouteDict,
    words: Words,
    lang: str,
    left: float,
    top: float,
    step: float,
    unit: float,
) -> None:
    """One route: colour, number, corridor, figures, modes, and what beats it."""
    row, colour = step / 4, COLOURS[number % len(COLOURS)]
    axes.plot([left, left], [top - 0.55 * row, top - 3.45 * row], color=colour, linewidth=5 * unit, solid_capstyle="butt",
              alpha=0.55 if route["beaten_by"] else 1.0)  # fmt: skip
    text = left + 14 * unit
    co2e = co2e_text(route, words)
    co2e = f"{co2e} {words['tonnes_co2e']}" if route["co2e_kg"] is not None else words["co2e_unknown"]
    figures = f"{days_text(route, words)} {words['days']}  ·  {cost_text(route, words)} {words['usd']}  ·  {co2e}"
    beaten = words["beaten_by"].format(corridor=beaten_by_name(route, lang)) if route["beaten_by"] else ""
    axes.text(
        text,
        top - 0.95 * row,
        f"{number + 1}  {corridor_name(route, lang)}",
        fontsize=11.5 * unit,
        weight="bold",
        color=INK,
        va="center",
    )
    axes.text(text, top - 2.0 * row, figures, fontsize=9.6 * unit, color=INK, va="center")
    below = modes_text(route, words) + (f"  ·  {beaten}" if beaten else "")
    axes.text(text, top - 3.0 * row, below, fontsize=8.6 * unit, color=QUIET, va="center")


def _draw_key(axes: Axes, result: ResultDict, words: Words, left: float, top: float, unit: float) -> None:
    """A sample of each line style that occurs, three to a row, and the mark of assumed figures if it occurs."""
    modes = [mode for mode in MOVING_MODES if any(mode in route["modes"] for route in result["routes"])]
    y = top
    for i, mode in enumerate(modes):
        x, y = left + (i % 2) * 170 * unit, top - (i // 2) * 19 * unit
        axes.plot(
            [x, x + 34 * unit],
            [y, y],
            color=INK,
            linewidth=WIDTHS.get(mode, LINE_WIDTH) * unit,
            linestyle=STYLES[mode],
            dash_capstyle="butt",
        )
        axes.text(x + 42 * unit, y, words[f"mode_{mode}"], fontsize=8.6 * unit, color=INK, va="center")
    if any(route["assumed"] for route in result["routes"]):
        axes.text(left, y - 21 * unit, words["map_assumed"], fontsize=8.2 * unit, color=QUIET, va="center")
