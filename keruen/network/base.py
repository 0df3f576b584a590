"""The base lines of the world: railways and highways, with their country and gauge, repaired and simplified.

    map lines -> listed repairs -> countries -> gaps closed -> chains contracted -> gauges, one layer for each
              -> clusters, no dead ends -> published lengths -> cut at borders -> Lines

The lines come from OpenStreetMap by way of the package scgraph_data 2.0.0, which keeps nothing but points and lengths
and leaves gaps. What is known of named lines (rail_lines) and of errors in the map (network_repairs) comes as rows of
tables. Lengths are km along the line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.network.draft import GAUGES, Draft, Ints, gauge_bit
from keruen.network.frontiers import country_rows, cut_at_borders, steady_countries
from keruen.network.named_lines import (
    REACH_KM,
    LineReport,
    NamedLine,
    line_points,
    nearest_of_each_gauge,
    read_lines,
    removed_crossings,
    split_by_gauge,
    with_gauges,
    with_published_lengths,
)
from keruen.network.packages import read_map_lines
from keruen.network.repair import GAP_RULES, apply_listed, close_gaps, through_places
from keruen.network.simplify import contract, prune, simplify, thin_courses, without_fragments, without_parallels

__all__ = ["GAUGES", "BaseReport", "LineReport", "Lines", "base_lines"]

Row = Mapping[str, Any]
Progress = Callable[[str], None]

KEEP_KM = 20.0
LEAST_FRAGMENT_KM = 25.0
CELL_KM = {"rail": 1.0, "road": 8.0}
COURSE_TOLERANCE_KM = 2.0


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of one mode: n nodes, e undirected edges, each of one gauge and in one country.

    Where a line passes a border there are two nodes at the same spot, one in each country, joined by an edge of 0 km
    whose country is -1. Railways of different gauge share no node. `edge_line` is a row of rail_lines, -1 none.
    The course of edge i is the points geom_ptr[i]:geom_ptr[i + 1], from u to v, both ends included.
    """

    node_lat: NDArray[np.float64]  # [n] degrees north
    node_lon: NDArray[np.float64]  # [n] degrees east
    node_country: NDArray[np.int16]  # [n] row of countries, -1 none
    edge_u: NDArray[np.int32]  # [e]
    edge_v: NDArray[np.int32]  # [e]
    edge_km: NDArray[np.float64]  # [e]
    edge_country: NDArray[np.int16]  # [e]
    edge_gauge: NDArray[np.uint8]  # [e] place in GAUGES; 0 for roads
    edge_line: NDArray[np.int16]  # [e]
    geom_ptr: NDArray[np.int64]  # [e + 1]
    geom_lat: NDArray[np.float32]
    geom_lon: NDArray[np.float32]


@dataclass
class BaseReport:
    """How the base lines of a mode came about. `stages`: (name, nodes, edges, km, seconds) after each step.

    `removed_crossings`: railway lines dropped at borders because neither side's gauge nor a named line fits, by pair.
    """

    mode: str
    stages: list[tuple[str, int, int, float, float]] = field(default_factory=list)
    gaps_closed: int = 0
    repairs_applied: int = 0
    troubles: list[str] = field(default_factory=list)
    removed_crossings: dict[tuple[str, str], int] = field(default_factory=dict)
    unknown_gauge_km: dict[str, float] = field(default_factory=dict)
    lines: list[LineReport] = field(default_factory=list)

    def __str__(self) -> str:
        """The report in words: counts after each step, then what did not fit."""
        steps = [
            f"{name}: {nodes:,} nodes, {edges:,} edges, {km:,.0f} km, {seconds:.1f} s"
            for name, nodes, edges, km, seconds in self.stages
        ]
        known = [line for line in self.lines if line.ratio == line.ratio]
        drawn = [
            f"{line.line} {line.gauge_mm} mm: drawn {line.ratio:.3f} of {line.published_km:g} km" for line in known
        ]
        unfit = [f"{line.line} {line.gauge_mm} mm: {line.trouble}" for line in self.lines if line.trouble]
        lost = [
            f"{a}-{b}: {n} lines across the border dropped, gauges differ"
            for (a, b), n in self.removed_crossings.items()
        ]
        return "\n".join(
            [
                *steps,
                f"{self.repairs_applied} repairs, {self.gaps_closed} gaps closed",
                *self.troubles,
                *drawn,
                *unfit,
                *lost,
            ]
        )


def base_lines(
    mode: str,
    countries: Sequence[Row],
    rail_lines: Sequence[Row] = (),
    repairs: Sequence[Row] = (),
    keep: ArrayLike = (),
    progress: Progress | None = None,
) -> tuple[Lines, BaseReport]:
    """The lines of `rail` or `road`, and how they came about.

    Args:
        countries: rows of the countries table; columns country, numeric, rail_gauge_mm are used, their order gives the
            rows that `node_country` and `edge_country` mean.
        rail_lines, repairs: rows of the tables rail_lines and network_repairs.
        keep: places as [k, 2] lat, lon (NaN: unknown); the nearest point within 20 km of each stays a node, even at a
            dead end, and long chords are led through them.
        progress: told the name of each step.

    Raises:
        UnknownOption: no lines for this mode, or the package that carries them is missing or of another version.
    """
    build = Build(mode, countries, rail_lines if mode == "rail" else (), keep, progress or (lambda step: None))
    draft = build.repaired([row for row in repairs if row["mode"] == mode])
    draft = build.contracted(draft)
    if mode == "rail":
        draft = build.gauged(draft)
    draft = build.simplified(draft)
    return build.finished(draft), build.report


class Build:
    """The steps of `base_lines`, each from a draft to the next one, with a common report."""

    def __init__(
        self, mode: str, countries: Sequence[Row], rail_lines: Sequence[Row], keep: ArrayLike, progress: Progress
    ) -> None:
        self.mode = mode
        self.codes = [str(row["country"]) for row in countries]
        self.numeric = np.array([int(row["numeric"] or 0) for row in countries], np.int64)
        self.main_gauge = np.array([main_gauge(row) for row in countries], np.uint32)
        self.lines: list[NamedLine] = read_lines(rail_lines)
        self.line_points = np.array([point for line in self.lines for point in line.points], np.float64).reshape(-1, 2)
        places = np.asarray(keep, np.float64).reshape(-1, 2)
        self.keep = places[~np.isnan(places).any(axis=1)]
        self.progress = progress
        self.report = BaseReport(mode)
        self.since = time.perf_counter()

    def note(self, step: str, draft: Draft) -> None:
        """Write down how far the build has come."""
        now = time.perf_counter()
        self.report.stages.append((step, len(draft.ends), draft.edges, float(draft.km.sum()), now - self.since))
        self.since = now
        self.progress(f"{self.mode}: {step}")

    def repaired(self, repairs: Sequence[Row]) -> Draft:
        """The lines of the map with listed repairs, countries, and gaps closed."""
        lines = read_map_lines(self.mode)
        nowhere = np.full(len(lines.lat), -1, np.int16)
        draft = Draft.straight(
            lines.lat, lines.lon, nowhere, lines.u, lines.v, lines.km, np.zeros(len(lines.u), np.uint32)
        )
        self.note("read", draft)
        draft, self.report.troubles = apply_listed(draft, repairs)
        self.report.repairs_applied = len(repairs) - len(self.report.troubles)
        draft = steady_countries(replace(draft, country=country_rows(draft.lat, draft.lon, self.numeric)))
        lat, lon = np.concatenate([self.keep, self.line_points]).T
        draft = through_places(draft, lat, lon, country_rows(lat, lon, self.numeric))
        self.note("countries", draft)
        draft, self.report.gaps_closed = close_gaps(draft, GAP_RULES[self.mode])
        self.note("gaps closed", draft)
        return draft

    def contracted(self, draft: Draft) -> Draft:
        """Fragments dropped and chains contracted; points of named lines and near places stay."""
        draft = without_fragments(draft, LEAST_FRAGMENT_KM)
        fixed = np.zeros(draft.points, np.bool_)
        fixed[line_points(draft, self.lines)] = True
        fixed[self.near_places(draft)] = True
        draft = contract(draft, fixed)
        self.note("chains contracted", draft)
        return draft

    def gauged(self, draft: Draft) -> Draft:
        """A layer of lines for each gauge."""
        draft, troubles = with_gauges(draft, self.main_gauge, self.lines)
        self.report.troubles += troubles
        named = [*self.codes, "-"]
        self.report.removed_crossings = {(named[a], named[b]): n for (a, b), n in removed_crossings(draft).items()}
        unknown = (draft.gauge == 0) & ~draft.crosses
        km = np.bincount(draft.country[draft.u[unknown]] + 1, draft.km[unknown], minlength=len(named))
        self.report.unknown_gauge_km = {named[i - 1]: float(km[i]) for i in np.flatnonzero(km)}
        draft = split_by_gauge(draft)
        self.note("gauges", draft)
        return draft

    def simplified(self, draft: Draft) -> Draft:
        """Clusters, no dead ends but at places and ends of named lines, no chains."""
        draft = without_fragments(draft, LEAST_FRAGMENT_KM)
        named = np.zeros(draft.points, np.bool_)
        named[self.line_ends(draft)] = True
        kept = named.copy()
        kept[self.near_places(draft)] = True
        draft = contract(prune(without_parallels(draft), kept), kept)
        self.note("dead ends", draft)
        draft, _ = simplify(draft, CELL_KM[self.mode], kept, named)
        self.note("clusters", draft)
        return draft

    def near_places(self, draft: Draft) -> Ints:
        """The nearest point in each gauge to every place to be kept."""
        return nearest_of_each_gauge(draft, self.keep[:, 0], self.keep[:, 1], KEEP_KM)

    def line_ends(self, draft: Draft) -> Ints:
        """The nearest point in each of its gauges to every point of every named line."""
        return nearest_of_each_gauge(draft, self.line_points[:, 0], self.line_points[:, 1], REACH_KM)

    def finished(self, draft: Draft) -> Lines:
        """Published lengths, cuts at borders, courses thinned, nodes numbered."""
        draft, of_line, self.report.lines = with_published_lengths(draft, self.lines)
        self.note("published lengths", draft)
        draft, old_edge = cut_at_borders(draft, self.numeric)
        geom_ptr, geom_lat, geom_lon = thin_courses(draft, COURSE_TOLERANCE_KM)
        nodes = draft.ends
        number = np.zeros(draft.points, np.int32)
        number[nodes] = np.arange(len(nodes), dtype=np.int32)
        gauge = np.zeros(draft.edges, np.uint8)
        for place, mm in enumerate(GAUGES):
            gauge[draft.gauge == gauge_bit(mm)] = place
        country = np.where(draft.crosses, np.int16(-1), draft.country[draft.u])
        self.note("cut at borders", draft)
        return Lines(
            draft.lat[nodes], draft.lon[nodes], draft.country[nodes], number[draft.u], number[draft.v], draft.km,
            country, gauge, of_line[old_edge], geom_ptr, geom_lat.astype(np.float32), geom_lon.astype(np.float32),
        )  # fmt: skip


def main_gauge(country: Row) -> int:
    """Gauge bit of a country's main freight gauge; 0 where it is unknown or there is no railway."""
    mm = country["rail_gauge_mm"]
    return 0 if mm is None or mm == "" or mm != mm else gauge_bit(float(mm))
