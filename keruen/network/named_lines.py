"""Named railway lines: what is published about them overrules what the map suggests.

    gauge     every edge has the main gauge of its country, unless a named line says otherwise along its course;
              an edge across a border has the gauge of both sides, or that of a named line, or else it goes;
              so do edges of a closed line, such as a high-speed line that freight trains may not use
    length    km' = f km on all edges of a line that no shorter line has set, with f such that the shortest way between
              the ends of the line is as long as published; only if the drawn line is within 0.8-1.25 of that

The map keeps few bends of long lines, so drawn lines come out some percent short: evidence beats geometry. A track
beside the line must not become the shorter way by being left as it was, so the search is repeated until the published
length holds.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.draft import GAUGES, Bools, Draft, Floats, Ints, gauge_bit
from keruen.network.near import nearest_within, pairs_within
from keruen.network.sphere import EARTH_RADIUS_KM, distance_km, unit_vectors

USABLE = (0.8, 1.25)  # drawn length / published length
STRETCH = (0.7, 1.5)  # what may be done to the rest of a line of which parts are set already
NEAR_KM, REACH_KM, OFF_LINE = 1.5, 6.0, 3.0
SAME = 0.002
MOST_DETOUR = 2.5
BESIDE_KM = 15.0


@dataclass(frozen=True)
class NamedLine:
    """A row of the rail_lines table: its course as (lat, lon) points, gauges as a bit mask, published km (NaN unknown).

    Lines that carry no freight trains (closed, or for passengers only) have no gauges.
    """

    row: int
    key: str
    points: tuple[tuple[float, float], ...]
    gauges: int
    length_km: float

    def straight_km(self) -> float:
        """Sum of the great-circle distances between its points."""
        lat, lon = np.array(self.points).T
        return float(distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())


@dataclass(frozen=True)
class LineReport:
    """What became of a named line in one gauge (mm): drawn and published km, and words if it is not usable."""

    line: str
    gauge_mm: int
    drawn_km: float
    published_km: float
    trouble: str = ""

    @property
    def ratio(self) -> float:
        """Drawn over published length; NaN if either is unknown."""
        return self.drawn_km / self.published_km


def read_lines(rows: Iterable[Mapping[str, Any]]) -> list[NamedLine]:
    """Lines of the map that exist (status open, limited or closed), from rows of the rail_lines table."""
    lines = []
    for number, row in enumerate(rows):
        if row["status"] in ("open", "limited", "closed") and not row.get("new_track"):
            via = [tuple(map(float, text.split())) for text in row["via"]]
            ends = [(float(row[f"{end}_lat"]), float(row[f"{end}_lon"])) for end in ("from", "to")]
            gauges = 0 if row["status"] == "closed" else sum({gauge_bit(float(mm)) for mm in row["gauges_mm"]})
            length = row["length_km"]
            points = (ends[0], *[(lat, lon) for lat, lon in via], ends[1])
            lines.append(
                NamedLine(number, row["line"], points, gauges, float("nan") if length is None else float(length))
            )
    return lines


def line_points(draft: Draft, lines: Sequence[NamedLine]) -> Ints:
    """The nearest point of the draft to each point of each line, ascending; these must not be contracted away."""
    return np.array(sorted({ways[0][0] for ways in _Anchors(draft, lines).found.values() if ways}), np.int64)


class _Anchors:
    """Points of a draft at which a named line can start, pass or end: all within 1.5 km, else the nearest within 6 km.

    Each counts with three times its distance, so that a way rather goes on to the nearest one.
    """

    def __init__(self, draft: Draft, lines: Sequence[NamedLine], usable: Bools | None = None) -> None:
        degree = draft.degree if usable is None else draft.select(usable).degree
        ends = np.flatnonzero(degree)
        wanted = sorted({point for line in lines for point in line.points})
        lat, lon = (np.array([point[i] for point in wanted], np.float64) for i in (0, 1))
        row, end, km = pairs_within(lat, lon, draft.lat[ends], draft.lon[ends], REACH_KM)
        self.found: dict[tuple[float, float], list[tuple[int, float]]] = {point: [] for point in wanted}
        for point, at, far in zip(row.tolist(), ends[end].tolist(), km.tolist(), strict=True):
            near = self.found[wanted[point]]
            if not near or far <= near[0][1] + REACH_KM:
                near.append((at, OFF_LINE * far))


class Router:
    """Shortest ways over a draft by A* with the straight line as bound; `km` may be changed between searches."""

    def __init__(self, draft: Draft, usable: Bools | None = None) -> None:
        chosen = np.arange(draft.edges) if usable is None else np.flatnonzero(usable)
        tail = np.concatenate([draft.u[chosen], draft.v[chosen]])
        order = np.argsort(tail, kind="stable")
        self.head: list[int] = np.concatenate([draft.v[chosen], draft.u[chosen]])[order].tolist()
        self.edge: list[int] = np.concatenate([chosen, chosen])[order].tolist()
        self.first: list[int] = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=draft.points))]).tolist()
        self.end_sum: list[int] = (draft.u + draft.v).tolist()
        used = np.unique(tail)
        vectors = unit_vectors(draft.lat[used], draft.lon[used]) * EARTH_RADIUS_KM * 0.95
        self.place: dict[int, list[float]] = dict(zip(used.tolist(), vectors.tolist(), strict=True))
        self.km: list[float] = draft.km.tolist()

    def along(self, stops: Sequence[Sequence[tuple[int, float]]]) -> list[int] | None:
        """Edges of the shortest way through all stops, in order; None if there is none.

        A stop is a choice of points, each with its km off the stop, which count in the choice.
        """
        edges: list[int] = []
        start = list(stops[0])
        for stop in stops[1:]:
            part = self._shortest(start, stop)
            if part is None:
                return None
            edges += part[0]
            start = [(part[1], 0.0)]
        return edges

    def _shortest(
        self, sources: Sequence[tuple[int, float]], targets: Sequence[tuple[int, float]]
    ) -> tuple[list[int], int] | None:
        """Edges from the best source to the best target, and that target."""
        goal = {point: km for point, km in targets if point in self.place}
        sources = [(point, km) for point, km in sources if point in self.place]
        if not goal:
            return None
        x, y, z = self.place[next(iter(goal))]
        slack = 2 * OFF_LINE * REACH_KM

        def ahead(point: int) -> float:
            px, py, pz = self.place[point]
            return max(0.0, float(((px - x) ** 2 + (py - y) ** 2 + (pz - z) ** 2) ** 0.5) - slack)

        settled: dict[int, int] = {}
        queue: list[tuple[float, float, int, int]] = [(km + ahead(point), km, point, -1) for point, km in sources]
        heapq.heapify(queue)
        best, best_km = -1, float("inf")
        while queue and queue[0][0] < best_km:
            _, km, point, by = heapq.heappop(queue)
            if point in settled:
                continue
            settled[point] = by
            if km + goal.get(point, float("inf")) < best_km:
                best, best_km = point, km + goal[point]
            for i in range(self.first[point], self.first[point + 1]):
                head = self.head[i]
                if head not in settled:
                    far = km + self.km[self.edge[i]]
                    heapq.heappush(queue, (far + ahead(head), far, head, self.edge[i]))
        return None if best < 0 else (self._way_back(settled, best), best)

    def _way_back(self, settled: Mapping[int, int], point: int) -> list[int]:
        edges = []
        while (edge := settled[point]) >= 0:
            edges.append(edge)
            point = self.end_sum[edge] - point
        return edges[::-1]


def with_gauges(draft: Draft, main: NDArray[np.uint32], lines: Sequence[NamedLine]) -> tuple[Draft, list[str]]:
    """The draft with the gauges of every edge; edges that no train can use go.

    Args:
        main: gauge bit of each country, uint32[countries]; 0 where it is not known.

    Returns the draft and, in words, the lines whose course was not found.
    """
    bit = np.append(main, np.uint32(0))[draft.country]
    gauge = np.where(bit[draft.u] == bit[draft.v], bit[draft.u], np.uint32(0))
    troubles: list[str] = []
    closed = np.zeros(draft.edges, np.bool_)
    for _, way in _courses(draft, ~closed, [line for line in lines if not line.gauges], troubles):
        closed[way] = True
    gauge[closed] = 0
    open_lines = sorted((line for line in lines if line.gauges), key=NamedLine.straight_km, reverse=True)
    for line, way in _courses(draft, ~closed, open_lines, troubles):
        gauge[way] = line.gauges  # short lines come last: they say it best
    return replace(draft, gauge=gauge), troubles


def _courses(
    draft: Draft, usable: Bools, lines: Sequence[NamedLine], troubles: list[str]
) -> Iterator[tuple[NamedLine, list[int]]]:
    """The edges that each line runs over; what cannot be found is added to `troubles` in words."""
    router, anchors = Router(draft, usable), _Anchors(draft, lines, usable)
    for line in lines:
        stops = [anchors.found[point] for point in line.points]
        way = router.along(stops) if all(stops) else None
        drawn, straight = float(draft.km[way or []].sum()), line.straight_km()
        if way is None:
            troubles.append(f"rail_lines:{line.key}: the map has no line through these points")
        elif drawn > MOST_DETOUR * straight + REACH_KM:
            troubles.append(
                f"rail_lines:{line.key}: by the map {drawn:.0f} km from end to end, {straight:.0f} km as the crow flies"
            )
        else:
            yield line, way


def split_by_gauge(draft: Draft) -> Draft:
    """One edge for each gauge of an edge, one point for each gauge of a point: different gauges meet nowhere."""
    bits = np.array([1 << i for i in range(len(GAUGES))], np.uint32)
    edge, which = np.nonzero(draft.gauge[:, None] & bits)
    parts = draft.select(edge)
    keys = np.concatenate([parts.u, parts.v]) * len(GAUGES) + np.concatenate([which, which])
    used, position = np.unique(keys, return_inverse=True)
    old = used // len(GAUGES)
    u, v = draft.points + position.reshape(2, -1)
    path = parts.path.copy()
    path[parts.path_ptr[:-1]], path[parts.path_ptr[1:] - 1] = u, v
    grown = parts.add_points(draft.lat[old], draft.lon[old], draft.country[old])
    return replace(grown, u=u, v=v, gauge=bits[which], path=path)


def with_published_lengths(
    draft: Draft, lines: Sequence[NamedLine]
) -> tuple[Draft, NDArray[np.int16], list[LineReport]]:
    """Lengths of named lines as published, each gauge for itself; short lines first, longer ones fill what these leave.

    Returns the draft, the row of the line each edge belongs to (the shortest one; -1 none), and a report for each line.
    """
    of_line = np.full(draft.edges, -1, np.int16)
    reports = []
    for bit in sorted({int(gauge) for gauge in np.unique(draft.gauge)}):
        mine = sorted(
            (line for line in lines if line.gauges & bit), key=lambda line: (np.isnan(line.length_km), line.length_km)
        )
        if mine:
            layer = _Layer(draft, bit, mine)
            reports += [layer.stretch(line, of_line) for line in mine]
            draft = replace(draft, km=np.where(layer.usable, np.array(layer.router.km), draft.km))
    return draft, of_line, reports


class _Layer:
    """The lines of one gauge while their lengths are set: `is_set` marks edges whose length stands."""

    def __init__(self, draft: Draft, bit: int, lines: Sequence[NamedLine]) -> None:
        self.draft = draft
        self.usable = np.asarray(draft.gauge == bit)
        self.router = Router(draft, self.usable)
        self.anchors = _Anchors(draft, lines, self.usable)
        self.gauge_mm = GAUGES[bit.bit_length() - 1]
        self.is_set: set[int] = set()

    def stretch(self, line: NamedLine, of_line: NDArray[np.int16]) -> LineReport:
        """Set the length of one line; its edges that belong to no line yet are noted in `of_line`."""
        stops = [self.anchors.found[point] for point in line.points]
        way = self.router.along(stops) if all(stops) else None
        if not way:
            return LineReport(line.key, self.gauge_mm, float("nan"), line.length_km, "not connected in this gauge")
        rows = np.array(way)
        of_line[rows[of_line[rows] < 0]] = line.row
        report = LineReport(line.key, self.gauge_mm, float(self.draft.km[rows].sum()), line.length_km)
        if np.isnan(line.length_km):
            return report
        if not USABLE[0] <= report.ratio <= USABLE[1]:
            return replace(
                report, trouble=f"drawn length is {report.ratio:.2f} of the published one: repair the line first"
            )
        touched: set[int] = set()
        trouble = self._scale(way, line.length_km, touched)
        while not trouble and (beside := self._shorter(stops, line.length_km, touched, rows)):
            if self._scale(beside, line.length_km, touched):
                break
        self.is_set |= touched
        return replace(report, trouble=trouble)

    def _shorter(
        self, stops: list[list[tuple[int, float]]], length_km: float, touched: set[int], line_edges: Ints
    ) -> list[int] | None:
        """A way between the ends of a line, through its other points or past them, that is shorter than published.

        Only a way beside the line counts, a second track for instance: another route may well be shorter.
        """
        for through in (stops, [stops[0], stops[-1]]):
            way = self.router.along(through)
            if way and sum(self.router.km[edge] for edge in way) < length_km * (1 - SAME):
                new = [edge for edge in way if edge not in touched]
                if self._beside(new, line_edges) and any(edge not in self.is_set for edge in way):
                    return way
        return None

    def _scale(self, way: list[int], length_km: float, touched: set[int]) -> str:
        """Give a way its published length by its free edges; says why if that cannot be."""
        km = self.router.km
        loose = [edge for edge in way if edge not in self.is_set]
        free = [edge for edge in loose if edge not in touched] or loose
        free_km = sum(km[edge] for edge in free)
        factor = 1 + (length_km - sum(km[edge] for edge in way)) / free_km if free_km else float("inf")
        if not STRETCH[0] <= factor <= STRETCH[1]:
            return f"the {free_km:.0f} km that no shorter line has set would have to become {factor:.2f} times as long"
        for edge in free:
            km[edge] *= factor
        touched.update(free)
        return ""

    def _beside(self, edges: list[int], line_edges: Ints) -> bool:
        """Whether edges run beside a line all along: a second track, and not another route."""
        if not edges:
            return True
        near, far = self.draft.select(line_edges), self.draft.select(np.array(edges))
        at, _ = nearest_within(
            self.draft.lat[far.path],
            self.draft.lon[far.path],
            self.draft.lat[near.path],
            self.draft.lon[near.path],
            BESIDE_KM,
        )
        return bool(np.all(at >= 0))


def removed_crossings(draft: Draft) -> dict[tuple[int, int], int]:
    """How many edges without a gauge cross between each pair of countries (rows of the table, lower first)."""
    lost = np.flatnonzero((draft.gauge == 0) & draft.crosses)
    pairs = np.sort(np.column_stack([draft.country[draft.u[lost]], draft.country[draft.v[lost]]]), axis=1)
    each, count = np.unique(pairs, axis=0, return_counts=True)
    return {(int(a), int(b)): int(n) for (a, b), n in zip(each, count, strict=True)}


def nearest_of_each_gauge(draft: Draft, lat: Floats, lon: Floats, reach_km: float) -> Ints:
    """For every place the nearest point in each gauge within reach, ascending; the places are given in degrees."""
    ends = draft.ends
    gauge = np.zeros(draft.points, np.uint32)
    gauge[draft.u], gauge[draft.v] = draft.gauge, draft.gauge
    row, end, _ = pairs_within(lat, lon, draft.lat[ends], draft.lon[ends], reach_km)
    key = row * (1 << len(GAUGES)) + gauge[ends[end]]
    _, first = np.unique(key, return_index=True)
    return np.unique(ends[end[first]])
