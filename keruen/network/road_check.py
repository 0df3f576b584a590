"""What can be wrong with a road network and the trips on it: everything is found before anything is said.

A `Report` collects the problems of one file, with line and column, and raises them together. Zero cost is allowed (the
connectors of zones often have none), cost below zero is not; a capacity of zero is allowed only where nothing asks it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem, UnknownOption
from keruen.network.road import Floats, RoadNetwork, Rows, Trips
from keruen.tables.words import said

MOST_NAMES = 8  # zones named in one problem
LINK_COLUMNS = ("capacity", "length", "free_flow_time", "b", "power", "toll")


class Report:
    """The problems found in a file so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def add(self, line: int, column: str, message: str, what_to_do: str) -> None:
        """One thing wrong in a line (0: the whole file) and a column ('': the whole line)."""
        self.problems.append(Problem(self.name, line, column, message, what_to_do))

    def done(self) -> None:
        """Raises BadTable if there are problems."""
        if self.problems:
            raise BadTable(self.problems)


def text_lines(path: Path) -> list[str]:
    """The lines of a text file in UTF-8.

    Raises:
        BadTable: it is in another encoding, or no text.
        OSError: it cannot be read.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report, line = Report(path.name), raw.count(b"\n", 0, error.start) + 1
        report.add(line, "", said("road_encoding", byte=f"{raw[error.start]:02X}"), said("road_encoding_do"))
        raise BadTable(report.problems) from None
    if "\0" in text:
        report = Report(path.name)
        report.add(text.count("\n", 0, text.index("\0")) + 1, "", said("road_no_text"), said("road_encoding_do"))
        report.done()
    return text.splitlines()


def as_number(report: Report, line: int, column: str, text: str) -> float:
    """A finite number; nan, with a problem, if it is none."""
    try:
        found = float(text) if "_" not in text else np.nan
    except ValueError:
        found = np.nan
    if not np.isfinite(found):
        report.add(line, column, said("road_number", value=text), said("road_number_do"))
        return np.nan
    return found


def check_links(report: Report, network: RoadNetwork, lines: NDArray[np.int64]) -> None:
    """Adds what is wrong with the links: numbers below zero, capacities that cannot be, links from a node to itself.

    lines: the line of each link. A nan is passed over here, as whoever read it has told it or knows that it is unknown.
    """

    def tell(wrong: NDArray[np.bool_], column: str, values: Floats | None, message: str, what_to_do: str) -> None:
        for i in np.flatnonzero(wrong):
            value = network.nodes[network.tail[i]] if values is None else f"{values[i]:g}"
            report.add(int(lines[i]), column, said(message, value=value), said(what_to_do))

    for column in LINK_COLUMNS:
        values = getattr(network, column)
        if column != "toll":
            tell(values < 0, column, values, "road_negative", "road_negative_do")
    uses = (network.b > 0) & (network.power > 0) & (network.free_flow_time > 0)
    tell(uses & (network.capacity == 0), "capacity", network.capacity, "road_no_capacity", "road_no_capacity_do")
    tell(network.tail == network.head, "", None, "road_loop", "road_loop_do")


def check_network(network: RoadNetwork, *, toll_weight: float, distance_weight: float) -> None:
    """That trips can be assigned to the network: all its costs are known and none is below zero, with these weights.

    Raises:
        BadTable: they are not; lines are those of a list of the links, the first being 1.
    """
    report, lines = Report("links"), np.arange(1, network.m + 1, dtype=np.int64)
    if not network.m:
        report.add(0, "", said("road_no_links"), said("road_no_links_do"))
    check_links(report, network, lines)
    needed = {"free_flow_time", "b", "power"} | ({"toll"} if toll_weight else set())
    needed |= {"length"} if distance_weight else set()
    for column in sorted(needed):
        for i in np.flatnonzero(~np.isfinite(getattr(network, column))):
            report.add(int(lines[i]), column, said("road_unknown"), said("road_unknown_do"))
    unknown = (network.b > 0) & (network.power > 0) & (network.free_flow_time > 0) & ~np.isfinite(network.capacity)
    for i in np.flatnonzero(unknown):
        report.add(int(lines[i]), "capacity", said("road_unknown"), said("road_unknown_do"))
    fixed = fixed_cost(network, toll_weight, distance_weight)
    for i in np.flatnonzero((fixed < 0) & ~(network.free_flow_time < 0)):
        report.add(int(lines[i]), "", said("road_cost", value=f"{fixed[i]:g}"), said("road_cost_do"))
    report.done()


def fixed_cost(network: RoadNetwork, toll_weight: float, distance_weight: float) -> Floats:
    """Cost of each link without flow: float64[m]. A weight of 0 leaves out what may not be known."""
    fixed = network.free_flow_time.astype(np.float64)
    if toll_weight:
        fixed = fixed + toll_weight * network.toll
    return fixed + distance_weight * network.length if distance_weight else fixed


def check_trips(network: RoadNetwork, trips: Trips) -> None:
    """That trips are of the network's zones, are numbers of zero or more, and cost less than a number can hold. Raises BadTable."""
    report = Report("trips")
    if trips.zone_names != network.zone_names:
        both = said("road_zones_differ", network=len(network.zone_names), trips=len(trips.zone_names))
        report.add(0, "", both, said("road_zones_differ_do"))
    for i in np.flatnonzero(~(np.isfinite(trips.trips) & (trips.trips >= 0))):
        report.add(int(i) + 1, "trips", said("road_trips", value=f"{trips.trips[i]:g}"), said("road_trips_do"))
    report.done()
    links, total = Report("links"), max(trips.total, 1.0)
    with np.errstate(all="ignore"):
        most = network.free_flow_time * network.b * (total / network.capacity) ** network.power * total**2
    for i in np.flatnonzero((network.free_flow_time * network.b > 0) & (network.power > 0) & ~np.isfinite(most)):
        told = said("road_overflow", power=f"{network.power[i]:g}", capacity=f"{network.capacity[i]:g}")
        links.add(int(i) + 1, "power", told, said("road_overflow_do"))
    links.done()


def check_joined(network: RoadNetwork, origin: Rows, destination: Rows) -> None:
    """Raises BadTable for pairs of zones that have trips and no way between them: one problem for each origin."""
    report = Report("trips")
    for zone in np.unique(origin):
        lost = destination[origin == zone]
        names = ", ".join(network.zone_names[z] for z in lost[:MOST_NAMES]) + (
            ", ..." if len(lost) > MOST_NAMES else ""
        )
        what = said("road_island", zone=network.zone_names[zone], count=len(lost), names=names)
        report.add(0, "", what, said("road_island_do"))
    report.done()


def check_weights(*, gap: float, toll_weight: float, distance_weight: float, most_iterations: int) -> None:
    """Raises UnknownOption for settings that mean nothing."""
    if not 0 < gap < 1:
        raise UnknownOption(said("err_gap", value=gap))
    for name, weight in (("toll_weight", toll_weight), ("distance_weight", distance_weight)):
        if not 0 <= weight < np.inf:
            raise UnknownOption(said("err_negative", name=name, value=weight))
    if most_iterations < 1:
        raise UnknownOption(said("err_not_positive", name="most_iterations", value=most_iterations))
