"""The window of the map: what it shows, and where a point of the earth lies in it, in pixels from its lower left
corner.

The routes that nothing beats decide what is shown; a beaten one is taken in as long as the map does not grow by more
than 40 % or to the whole world for it, and otherwise leaves the map at its edge. Routes that share a line run beside
each other, each in a lane of its own:

    moved = line + lane x spacing x (unit normal to the left) x fade          fade: 0 at both ends, 1 from 26 pixels on
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keruen.reports.projection import (
    EDGE_X,
    EDGE_Y,
    Floats,
    View,
    along_great_circles,
    cap_of,
    project,
    runs,
    view_of,
)
from keruen.routing.result import MOVING_MODES, LegDict, ResultDict

GROWTH = 1.4  # how much farther a map may reach for a beaten route
MARGIN_X, MARGIN_Y, MARGIN_WORLD = 76.0, 62.0, 16.0
LEAST_SPAN = 0.02  # earth radii across, so that two places in one town still make a map
LANE, BUNDLE, MEETING = 3.2, 24.0, 26.0

Pieces = list[tuple[str, Floats]]  # (mode, points [k, 2]) of a route in order


@dataclass(frozen=True)
class Frame:
    """Projected lower left corner, pixels per earth radius, size in pixels, and what one design pixel is now."""

    view: View
    x0: float
    y0: float
    scale: float
    width: float
    height: float
    unit: float

    def pixels(self, xy: Floats) -> Floats:
        """Projected points as pixels."""
        return np.column_stack([(xy[:, 0] - self.x0) * self.scale, (xy[:, 1] - self.y0) * self.scale])

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels of one point of the earth."""
        x, y = self.pixels(project(self.view, np.array([[lon, lat]])))[0]
        return float(x), float(y)

    def sees(self, xy: Floats) -> bool:
        """Whether the box around some pixels touches the map."""
        low, high = xy.min(axis=0), xy.max(axis=0)
        return bool(high[0] > 0 and high[1] > 0 and low[0] < self.width and low[1] < self.height)

    def inside(self, xy: Floats, margin: float = 0.0) -> Floats:
        """Those of some pixels that lie in the map, `margin` pixels from its edge."""
        far = np.array([self.width, self.height]) - margin
        return xy[np.all((xy > margin) & (xy < far), axis=1)]


def lines_of(result: ResultDict) -> list[Pieces]:
    """The moving legs of every route as (mode, points [k, 2] of lon and lat along the globe)."""
    return [
        [
            (leg["mode"], line)
            for leg in route["legs"]
            if leg["mode"] in MOVING_MODES and len(line := _line(result, leg)) > 1
        ]
        for route in result["routes"]
    ]


def frame_of(result: ResultDict, lines: Sequence[Pieces], width: float, height: float, unit: float) -> Frame:
    """The window over both ends and the routes, widened to the shape of the map."""
    return frame_over(_shown(result, lines), width, height, unit)


def frame_over(shown: Sequence[Floats], width: float, height: float, unit: float) -> Frame:
    """The window over some lines, arrays [k, 2] of lon and lat, widened to the shape of the map."""
    view = view_of(shown)
    xy = np.concatenate([project(view, line) for line in shown])
    low, high, margin = xy.min(axis=0), xy.max(axis=0), np.array([MARGIN_X, MARGIN_Y]) * unit
    if view.whole_world:
        low, high = np.array([-EDGE_X, -EDGE_Y]), np.array([EDGE_X, EDGE_Y])
        margin = np.full(2, MARGIN_WORLD) * unit
    span = np.maximum(high - low, LEAST_SPAN)
    scale = float(np.min((np.array([width, height]) - 2 * margin) / span))
    x0, y0 = (low + high) / 2 - np.array([width, height]) / scale / 2
    return Frame(view, float(x0), float(y0), scale, width, height, unit)


def lanes_in_pixels(lines: Sequence[Pieces], frame: Frame) -> list[Pieces]:
    """Every route in pixels in its lane: the first on the line itself, the next to its left, then right, and outwards."""
    spacing = min(LANE, BUNDLE / max(len(lines) - 1, 1)) * frame.unit
    return [_in_lane(pieces, frame, (i + 1) // 2 * (-1.0) ** i * spacing) for i, pieces in enumerate(lines)]


def dotted(xy: Floats, every: float) -> Floats:
    """Points along a line, `every` pixels apart."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    at = np.arange(0.0, along[-1], every)
    return np.column_stack([np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1])])


def _line(result: ResultDict, leg: LegDict) -> Floats:
    """Points of a leg, [k, 2] of lon and lat; between its places if it has no geometry of its own."""
    points: Sequence[Sequence[float]] = leg.get("geometry") or []
    if len(points) < 2:
        ends = [result["places"].get(leg["from"]), result["places"].get(leg["to"])]
        points = [[end["lon"], end["lat"]] for end in ends if end]
    return along_great_circles(np.asarray(points, np.float64).reshape(-1, 2))


def _shown(result: ResultDict, lines: Sequence[Pieces]) -> list[Floats]:
    """The lines that decide what the map shows."""
    ends = np.array([[result[end]["lon"], result[end]["lat"]] for end in ("origin", "destination")])
    whole = [np.concatenate([ends, *(line for _, line in pieces)]) for pieces in lines]
    beaten = [bool(route["beaten_by"]) for route in result["routes"]]
    shown = [line for line, is_beaten in zip(whole, beaten, strict=True) if not is_beaten] or whole
    base = view_of([ends, *shown])
    reach = cap_of([ends, *shown])[2]
    for line, is_beaten in zip(whole, beaten, strict=True):
        wider = [ends, *shown, line]
        if is_beaten and (base.whole_world or (cap_of(wider)[2] <= GROWTH * reach and not view_of(wider).whole_world)):
            shown = [*shown, line]
    return [ends, *shown]


def _in_lane(pieces: Pieces, frame: Frame, offset: float) -> Pieces:
    """The pieces of one route in pixels, moved sideways as one line."""
    flat = [(mode, _thinned(frame.pixels(run))) for mode, line in pieces for run in runs(frame.view, line)]
    if not flat:
        return []
    moved = _beside(np.concatenate([xy for _, xy in flat]), offset, MEETING * frame.unit)
    ends = np.cumsum([len(xy) for _, xy in flat])
    return [(mode, part) for (mode, _), part in zip(flat, np.split(moved, ends[:-1]), strict=True)]


def _thinned(xy: Floats) -> Floats:
    """A line without wiggles under half a pixel."""
    from shapely import LineString

    return np.asarray(LineString(xy).simplify(0.5).coords) if len(xy) > 2 else xy


def _beside(xy: Floats, offset: float, meeting: float) -> Floats:
    """A line moved `offset` pixels to its left, by less near its ends, where all routes meet."""
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
