"""Road networks and trips in the General Modeling Network Specification (GMNS 0.97): a folder of CSV files.

    node.csv     node_id, x_coord, y_coord, node_type, zone_id
    link.csv     link_id, from_node_id, to_node_id, directed, length, free_speed, capacity, lanes, toll, facility_type
    demand.csv   o_zone_id, d_zone_id, volume (not part of GMNS; as DTALite and Path4GMNS have it)

The specification has no columns for delay; as those programs do, link.csv carries it as vdf_fftt (minutes), vdf_alpha
(our b) and vdf_beta (our power), names with a 1 at the end being read too. Without vdf_fftt the time is 60 length /
free_speed, so length and speed must be in one unit. `capacity` is by lane; without a column `lanes` it is taken for the
whole link. A node with node_type `centroid` lets no flow through. An undirected link becomes two. What is empty or
absent is unknown, never 0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keruen.network.road import Floats, RoadNetwork, Trips
from keruen.network.road_check import Report, as_number, check_links, text_lines
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

CENTROID = "centroid"
MINUTES = 60.0
YES, NO = {"1", "true", "yes", "t", "y"}, {"0", "false", "no", "f", "n"}
Row = Mapping[str, str]


@dataclass
class _Links:
    """The columns of link.csv as they are read."""

    line: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    figures: list[tuple[float, ...]] = field(default_factory=list)  # capacity, length, time, b, power, toll, speed


def read_network(folder: Path, *, b: float | None = None, power: float | None = None) -> RoadNetwork:
    """The network of a folder with node.csv and link.csv. b, power: for links that do not tell theirs; without them that is wrong.

    Raises:
        BadTable: all that is wrong with either file, by line.
        OSError: one of them cannot be read.
    """
    nodes, links = Report("node.csv"), Report("link.csv")
    names: dict[str, int] = {}
    through, lon, lat = [], [], []
    of_zone: dict[str, list[int]] = {}
    for line, row in _rows(nodes, folder / nodes.name, ("node_id",)):
        name = row["node_id"]
        if not name or name in names:
            nodes.add(line, "node_id", said("gmns_twice" if name else "gmns_empty", name=name), said("gmns_twice_do"))
            continue
        zone, centroid = row.get("zone_id", ""), row.get("node_type", "").lower() == CENTROID
        if zone:
            of_zone.setdefault(zone, []).append(len(names))
        names[name] = len(names)
        through.append(not centroid)
        lon.append(_optional(nodes, line, "x_coord", row))
        lat.append(_optional(nodes, line, "y_coord", row))
    zones: dict[str, int] = {}
    for zone, members in of_zone.items():
        centroids = [node for node in members if not through[node]]
        if len(members) > 1 and len(centroids) != 1:
            nodes.add(
                0,
                "zone_id",
                said("gmns_zone", zone=zone, count=len(members), centroids=len(centroids)),
                said("gmns_zone_do"),
            )
        zones[zone] = (centroids or members)[0]
    read = _Links()
    for line, row in _rows(links, folder / links.name, ("link_id", "from_node_id", "to_node_id")):
        _read_link(links, line, row, names, read, b, power)
    table = np.array(read.figures, np.float64).reshape(-1, 7).T.copy()
    network = RoadNetwork(
        nodes=tuple(names),
        through=np.array(through, np.bool_),
        zones=np.array(list(zones.values()), np.int32),
        zone_names=tuple(zones),
        tail=np.array(read.tail, np.int32),
        head=np.array(read.head, np.int32),
        capacity=table[0], length=table[1], free_flow_time=table[2], b=table[3], power=table[4], toll=table[5], speed=table[6],
        kind=tuple(read.kind), lon=np.array(lon, np.float64), lat=np.array(lat, np.float64),
    )  # fmt: skip
    check_links(links, network, np.array(read.line, np.int64))
    nodes.problems += links.problems
    nodes.done()
    return network


def read_demand(path: Path, network: RoadNetwork) -> Trips:
    """The trips of a demand.csv between the zones of a network.

    Raises:
        BadTable: all that is wrong with it, by line.
        OSError: it cannot be read.
    """
    report = Report(path.name)
    zones = {name: i for i, name in enumerate(network.zone_names)}
    seen: dict[tuple[int, int], int] = {}
    found: list[float] = []
    for line, row in _rows(report, path, ("o_zone_id", "d_zone_id", "volume")):
        ends = []
        for column in ("o_zone_id", "d_zone_id"):
            if row[column] not in zones:
                report.add(line, column, said("gmns_no_zone", name=row[column]), said("gmns_no_zone_do"))
            ends.append(zones.get(row[column], -1))
        value = as_number(report, line, "volume", row["volume"])
        if value < 0:
            report.add(line, "volume", said("road_trips", value=f"{value:g}"), said("road_trips_do"))
        pair = (ends[0], ends[1])
        if min(pair) < 0:
            continue
        if pair in seen:
            twice = said("road_twice", origin=row["o_zone_id"], destination=row["d_zone_id"])
            report.add(line, "", twice, said("road_twice_do"))
            continue
        seen[pair] = line
        found.append(value)
    report.done()
    pairs = np.array(list(seen), np.int32).reshape(-1, 2)
    return Trips(network.zone_names, pairs[:, 0].copy(), pairs[:, 1].copy(), np.array(found, np.float64))


def write_network(
    network: RoadNetwork, folder: Path, *, flow: Floats | None = None, cost: Floats | None = None
) -> None:
    """Writes node.csv, zone.csv and link.csv into a folder; flow and cost of the links as the columns volume and cost. Raises OSError."""
    zone_of = {int(node): name for node, name in zip(network.zones, network.zone_names, strict=True)}
    rows: list[Sequence[object]] = [("node_id", "x_coord", "y_coord", "node_type", "zone_id")]
    for i, name in enumerate(network.nodes):
        kind = "" if network.through[i] else CENTROID
        rows.append((name, _text(network.lon[i]), _text(network.lat[i]), kind, zone_of.get(i, "")))
    _write(folder / "node.csv", rows)
    _write(folder / "zone.csv", [("zone_id",), *((name,) for name in network.zone_names)])
    extra = {name: values for name, values in (("volume", flow), ("cost", cost)) if values is not None}
    head = [
        "link_id",
        "from_node_id",
        "to_node_id",
        "directed",
        "length",
        "free_speed",
        "capacity",
        "lanes",
        "facility_type",
        "toll",
    ]
    rows = [[*head, "vdf_fftt", "vdf_alpha", "vdf_beta", *extra]]
    for i in range(network.m):
        figures = (network.toll, network.free_flow_time, network.b, network.power, *extra.values())
        rows.append([
            i + 1, network.nodes[network.tail[i]], network.nodes[network.head[i]], "true", _text(network.length[i]),
            _text(network.speed[i]), _text(network.capacity[i]), 1, network.kind[i], *(_text(values[i]) for values in figures),
        ])  # fmt: skip
    _write(folder / "link.csv", rows)


def write_demand(trips: Trips, path: Path) -> None:
    """Writes a demand.csv. Raises OSError."""
    names = trips.zone_names
    cells = zip(trips.origin, trips.destination, trips.trips, strict=True)
    _write(path, [("o_zone_id", "d_zone_id", "volume"), *((names[o], names[d], _text(value)) for o, d, value in cells)])


def _read_link(
    report: Report, line: int, row: Row, names: Mapping[str, int], read: _Links, b: float | None, power: float | None
) -> None:
    """Adds a link, or two if it is undirected, or what is wrong with it."""
    ends = []
    for column in ("from_node_id", "to_node_id"):
        if row[column] not in names:
            report.add(line, column, said("gmns_no_node", name=row[column]), said("gmns_no_node_do"))
        ends.append(names.get(row[column], -1))
    directed = row.get("directed", "true").lower()
    if directed not in YES | NO:
        report.add(line, "directed", said("gmns_directed", value=directed), said("gmns_directed_do"))
    length, speed = _optional(report, line, "length", row), _optional(report, line, "free_speed", row)
    time = _either(report, line, ("vdf_fftt", "vdf_fftt1"), row)
    if np.isnan(time) and speed > 0:
        time = MINUTES * length / speed
    if np.isnan(time):
        report.add(line, "vdf_fftt", said("gmns_no_time"), said("gmns_no_time_do"))
    capacity = _optional(report, line, "capacity", row)
    if "lanes" in row:
        capacity *= _optional(report, line, "lanes", row)
    steep = []
    for column, given in (("vdf_alpha", b), ("vdf_beta", power)):
        value = _either(report, line, (column, f"{column}1"), row)
        if np.isnan(value) and given is None:
            report.add(line, column, said("road_unknown"), said("gmns_no_delay_do"))
        steep.append(given if np.isnan(value) and given is not None else value)
    if min(ends) < 0:
        return
    figures = (capacity, length, time, *steep, _optional(report, line, "toll", row), speed)
    for tail, head in (ends, ends[::-1]) if directed in NO else (ends,):
        read.line.append(line)
        read.tail.append(tail)
        read.head.append(head)
        read.kind.append(row.get("facility_type", ""))
        read.figures.append(figures)


def _rows(report: Report, path: Path, needed: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file with their line; names of columns in small letters, cells without blanks around them."""
    reader = csv.reader(text_lines(path))
    head = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in needed if name not in head]
    for name in missing:
        report.add(1, name, said("gmns_no_column"), said("gmns_no_column_do"))
    if missing:
        return
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            report.add(
                reader.line_num, "", said("road_columns", found=len(cells), wanted=len(head)), said("road_cut_do")
            )
            continue
        yield reader.line_num, dict(zip(head, map(str.strip, cells), strict=True))


def _optional(report: Report, line: int, column: str, row: Row) -> float:
    """A figure that need not be there: nan where it is not; a problem where it is no number."""
    text = row.get(column, "")
    return np.nan if text in {"", "NaN"} else as_number(report, line, column, text)


def _either(report: Report, line: int, names: Sequence[str], row: Row) -> float:
    """The first of several columns that is filled."""
    return next((_optional(report, line, name, row) for name in names if row.get(name, "") not in {"", "NaN"}), np.nan)


def _text(value: float) -> str:
    """All digits of a figure; nothing for one that is not known."""
    return (
        "" if np.isnan(value) else repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    )


def _write(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
