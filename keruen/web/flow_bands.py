"""Flows as bands on a map: the stretches of the network that carry most, both directions together, joined into long lines.

    stretch          arcs of a mode between the same two points; amount = the sum of theirs
    drawn            stretches with more than a share of the largest, `LEAST_SHARE` of the zoom
    class            amounts a third of a doubling apart are drawn alike, so that stretches join
    width            sqrt(amount / largest)

Lines are thinned to the pixels of the zoom, so that an answer is some hundred kB at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from keruen.flows.assignment import FlowResult
from keruen.network.graph import MODES, Kind
from keruen.web.lines import joined, thinned
from keruen.web.mercator import square_lines, to_lonlat

Floats = NDArray[np.float64]
MEASURES = ("t", "teu")
LEAST_SHARE = (0.003, 0.003, 0.002, 0.001, 0.0006, 0.0004, 0.0003, 0.0002, 0.0001)
"""By zoom: what carries less of the largest is not drawn."""
PER_DOUBLING = 3
DIGITS = (1, 2, 2, 2, 3, 3, 3, 4, 4)
"""By zoom: digits of degrees."""
MOST_MOVED = 60
"""Countries and modes told, those with most first."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """n stretches: their ends [n, 4] (lon, lat twice, the lesser point first), mode int[n], country text[n], km [n], amounts [n, 2]
    (t, TEU); coordinates of all, and where each starts [n + 1]."""

    ends: Floats
    mode: NDArray[np.int64]
    country: NDArray[np.str_]
    km: Floats
    amount: Floats
    lonlat: Floats
    start: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(part.nbytes for part in vars(self).values())

    def line(self, i: int) -> Floats:
        """The points of one stretch, [k, 2]."""
        return self.lonlat[self.start[i] : self.start[i + 1]]


def stretches_of(found: FlowResult) -> Stretches:
    """The stretches that carry anything in an assignment."""
    graph = found.world.graph
    amount = np.column_stack([found.arc_t.sum(axis=0), found.arc_teu])
    moves = np.isin(graph.arc_kind, (Kind.MOVE, Kind.SERVICE)) & (graph.arc_km > 0)
    arcs = np.flatnonzero((amount[:, 0] > 0) & moves)
    points = np.column_stack([graph.node_lon, graph.node_lat]).astype(np.float64)
    tail, head = points[graph.tail[arcs]], points[graph.head[arcs]]
    turned = (tail[:, 0] > head[:, 0]) | ((tail[:, 0] == head[:, 0]) & (tail[:, 1] > head[:, 1]))
    ends = np.where(turned[:, None], np.hstack([head, tail]), np.hstack([tail, head]))
    key = np.column_stack([ends, graph.arc_mode[arcs]])
    _, first, of = np.unique(key, axis=0, return_index=True, return_inverse=True)
    of = of.ravel()
    summed = np.column_stack([np.bincount(of, amount[arcs, column], len(first)) for column in range(2)]).astype(float)
    one = arcs[first]
    counts = [graph.polyline(one[i : i + 1]) for i in range(len(one))]
    start = np.concatenate([[0], np.cumsum([len(part) for part in counts])]).astype(np.int64)
    names = np.array([*graph.countries.tolist(), ""])
    return Stretches(
        ends[first], graph.arc_mode[one].astype(np.int64), names[graph.arc_country[one]], graph.arc_km[one].astype(float), summed,
        np.concatenate([np.empty((0, 2)), *counts]), start,
    )  # fmt: skip


def change_of(base: Stretches, other: Stretches) -> Stretches:
    """What each stretch carries in the other more than in the base; a stretch may be in one of them alone."""
    both = (base, other)
    key = np.concatenate([np.column_stack([one.ends, one.mode]) for one in both])
    amount = np.concatenate([-base.amount, other.amount])
    _, first, of = np.unique(key, axis=0, return_index=True, return_inverse=True)
    of = of.ravel()
    lines = [both[0].line(i) if i < len(base.mode) else both[1].line(i - len(base.mode)) for i in first.tolist()]
    return Stretches(
        key[first, :4], key[first, 4].astype(np.int64), np.concatenate([one.country for one in both])[first],
        np.concatenate([one.km for one in both])[first],
        np.column_stack([np.bincount(of, amount[:, column], len(first)) for column in range(2)]),
        np.concatenate([np.empty((0, 2)), *lines]), np.concatenate([[0], np.cumsum([len(one) for one in lines])]).astype(np.int64),
    )  # fmt: skip


def bands_document(found: Stretches, measure: str, zoom: int) -> dict[str, Any]:
    """The bands of a zoom, those that carry least first, and what is moved by country and mode."""
    amount = found.amount[:, MEASURES.index(measure)]
    size = np.abs(amount)
    largest = float(size.max(initial=0.0))
    least = LEAST_SHARE[zoom] * largest
    drawn = np.flatnonzero(size > max(least, 0.0))
    step = np.round(np.log2(size[drawn] / largest) * PER_DOUBLING).astype(int) if len(drawn) else np.empty(0, int)
    groups: dict[tuple[int, int, int], list[int]] = {}
    signs = np.sign(amount[drawn]).astype(int)
    for i, mode, level, sign in zip(
        drawn.tolist(), found.mode[drawn].tolist(), step.tolist(), signs.tolist(), strict=True
    ):
        groups.setdefault((level, mode, sign), []).append(i)
    bands = []
    for (_, mode, _), rows in sorted(groups.items()):
        weight = found.km[rows]
        mean = float(np.average(amount[rows], weights=weight))
        lines = lines_at([found.line(i) for i in rows], zoom)
        if lines:
            bands.append(
                {"mode": MODES[mode], "amount": mean, "width": round((abs(mean) / largest) ** 0.5, 4), "lines": lines}
            )
    return {"largest": largest, "least": least, "bands": bands, "moved": moved_in(found, amount)}


def lines_at(lines: list[Floats], zoom: int) -> list[list[list[float]]]:
    """Lines joined, with the points that the pixels of a zoom can show, in degrees."""
    parts = [part for line in lines for part in square_lines(line)]
    shown = thinned(joined(parts), zoom)
    return [to_lonlat(shapely.get_coordinates(one)).round(DIGITS[zoom]).tolist() for one in shown]


def moved_in(found: Stretches, amount: Floats) -> list[dict[str, Any]]:
    """Amount times km by country and mode, and the most on one stretch there; those with most first."""
    keys = (
        np.char.add(np.char.add(found.country, " "), np.array(MODES)[found.mode]) if len(amount) else np.empty(0, str)
    )
    names, of = np.unique(keys, return_inverse=True)
    work = np.bincount(of, amount * found.km, len(names))
    most = np.zeros(len(names))
    np.maximum.at(most, of, np.abs(amount))
    order = np.argsort(-np.abs(work), kind="stable")[:MOST_MOVED]
    return [
        {"country": names[i].split(" ")[0], "mode": names[i].split(" ")[1], "amount_km": float(work[i]), "most": float(most[i])}
        for i in order.tolist()
    ]  # fmt: skip
