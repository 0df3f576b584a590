"""How the map looks: colours, line styles and sizes.

Route colours are those of Okabe & Ito (2008) and three more, which people with any colour vision can tell apart;
after eight routes they begin again, and the number on the line says which it is. Sizes are for a picture of 1600 x
900 pixels and scale with it.
"""

from __future__ import annotations

from typing import Any

from keruen.routing.result import RouteDict

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A4FA3", "#5B5B5B")
WATER, LAND, BORDER, COAST, GRID = "#dce8ee", "#f8f5ee", "#d3cabb", "#b3aa9a", "#cfdfe7"
INK, QUIET, RULE, PAPER = "#22303a", "#6b7780", "#e4e8ea", "#ffffff"
STYLES: dict[str, Any] = {
    "rail": "-",
    "sea": (0, (4.2, 2.4)),
    "ferry": (0, (3.2, 1.6, 0.8, 1.6)),
    "inland_waterway": (0, (3.2, 1.6, 0.8, 1.6)),
    "road": (0, (0.9, 1.3)),
    "air": "-",
}
LINE_POINTS, AIR_POINTS, BEATEN_POINTS = 2.5, 1.4, 1.6
PANEL_PIXELS = 404.0


def colour_of(number: int) -> str:
    """Colour of a route, counted from 0."""
    return COLOURS[number % len(COLOURS)]


def strength_of(route: RouteDict) -> float:
    """Opacity of a route: a beaten one is paler."""
    return 0.6 if route["beaten_by"] else 1.0


def width_of(route: RouteDict, mode: str) -> float:
    """Width of a line in points: air is thin, a beaten route thinner than the others."""
    return AIR_POINTS if mode == "air" else BEATEN_POINTS if route["beaten_by"] else LINE_POINTS
