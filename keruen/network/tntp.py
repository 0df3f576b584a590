"""Road networks, trips and flows in the text format of the Transportation Networks for Research collection (TNTP).

    *_net.tntp     <KEY> value lines up to <END OF METADATA>, then a line for each link, ten columns and a semicolon
    *_trips.tntp   metadata, then `Origin 1` and cells `2 : 365.9;` of that origin
    *_flow.tntp    a header, then From, To, Volume, Cost for each link

Nodes are 1 .. n and the zones are the nodes 1 .. z. Nodes below <FIRST THRU NODE> let no flow through. A line that
begins with ~ is a comment. The counts in the metadata are what tells that a file is whole, so they must be there and right.
"""

from __future__ import annotations

from array import array
from math import inf
from pathlib import Path

import numpy as np

from keruen.network.road import Floats, RoadNetwork, Trips
from keruen.network.road_check import Report, as_number, check_links, text_lines
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

COLUMNS = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type")
END = "END OF METADATA"
MOST_NODES = 20_000_000  # a count above this is a slip, and would only fill the memory
ROUNDING = 1e-6  # by which the sum of the trips may differ from the total that the file tells, relatively


def read_network(path: Path) -> RoadNetwork:
    """The network of a *_net.tntp file.

    Raises:
        BadTable: all that is wrong with it, by line.
        OSError: it cannot be read.
    """
    report, lines = Report(path.name), text_lines(path)
    told, start = _metadata(report, lines)
    zones = _count(report, told, "NUMBER OF ZONES", 1)
    n = _count(report, told, "NUMBER OF NODES", max(zones, 1))
    first_through = _count(report, told, "FIRST THRU NODE", 1)
    links = _count(report, told, "NUMBER OF LINKS", 1)
    at: list[int] = []
    stand = 0
    rows: list[list[float]] = []
    kinds: list[str] = []
    for number, line in enumerate(lines[start:], start + 1):
        text = line.strip()
        if not text or text.startswith("~"):
            continue
        stand += 1
        cells = text.removesuffix(";").split()
        if not text.endswith(";"):
            report.add(number, "", said("road_semicolon"), said("road_cut_do"))
        if len(cells) != len(COLUMNS):
            wanted = said("road_columns", found=len(cells), wanted=len(COLUMNS))
            report.add(number, "", wanted, said("road_columns_do", columns=" ".join(COLUMNS)))
            continue
        ends = [
            _whole(report, number, name, cell, 1, n, "node") for name, cell in zip(COLUMNS, cells[:2], strict=False)
        ]
        figures = [as_number(report, number, name, cell) for name, cell in zip(COLUMNS[2:9], cells[2:9], strict=True)]
        at.append(number)
        rows.append([*ends, *figures])
        kinds.append(cells[9])
    if links and stand != links:
        report.add(0, "", said("road_count", found=stand, told=links), said("road_cut_do"))
    table = np.array(rows, np.float64).reshape(-1, 9)
    ends_known = (table[:, :2] > 0).all(axis=1)
    table = np.ascontiguousarray(table[ends_known].T)
    network = RoadNetwork(
        nodes=tuple(map(str, range(1, n + 1))),
        through=np.arange(1, n + 1) >= first_through,
        zones=np.arange(zones, dtype=np.int32),
        zone_names=tuple(map(str, range(1, zones + 1))),
        tail=(table[0] - 1).astype(np.int32),
        head=(table[1] - 1).astype(np.int32),
        capacity=table[2], length=table[3], free_flow_time=table[4], b=table[5], power=table[6], speed=table[7],
        toll=table[8], kind=tuple(kinds), lon=np.full(n, np.nan), lat=np.full(n, np.nan),
    )  # fmt: skip
    check_links(report, network, np.array(at, np.int64)[ends_known])
    report.done()
    return network


def read_trips(path: Path) -> Trips:
    """The trips of a *_trips.tntp file; cells of 0 are left out.

    Raises:
        BadTable: all that is wrong with it, by line.
        OSError: it cannot be read.
    """
    report, lines = Report(path.name), text_lines(path)
    told, start = _metadata(report, lines)
    zones = _count(report, told, "NUMBER OF ZONES", 1)
    origins, destinations, found = array("i"), array("i"), array("d")
    origin = 0
    origin_line: dict[int, int] = {}
    for number, line in enumerate(lines[start:], start + 1):
        text = line.strip()
        if not text or text.startswith("~"):
            continue
        if text[:6].lower() == "origin":
            origin = _whole(report, number, "origin", text[6:].strip(), 1, zones, "zone")
            if origin in origin_line and origin > 0:
                again = said("road_origin_twice", zone=origin, line=origin_line[origin])
                report.add(number, "", again, said("road_origin_twice_do"))
            origin_line[origin] = number
            continue
        if origin == 0:
            report.add(number, "", said("road_no_origin"), said("road_no_origin_do"))
            origin = -1  # told once
        *cells, rest = text.split(";")
        if rest.strip():
            report.add(number, "", said("road_semicolon"), said("road_cut_do"))
        for cell in cells:
            zone, colon, amount = cell.partition(":")
            if not colon:
                if cell.strip():
                    report.add(number, "", said("road_cell", value=cell.strip()), said("road_cell_do"))
                continue
            try:  # ten million cells may come by here
                destination, value = int(zone), float(amount)
            except ValueError:
                destination, value = 0, inf
            if "_" in cell or not (1 <= destination <= zones and 0 <= value < inf):
                destination = _whole(report, number, "destination", zone.strip(), 1, zones, "zone")
                value = as_number(report, number, "trips", amount.strip())
            if value < 0:
                report.add(number, "trips", said("road_trips", value=f"{value:g}"), said("road_trips_do"))
            elif value > 0 and origin > 0 and destination > 0:
                origins.append(origin - 1)
                destinations.append(destination - 1)
                found.append(value)
    trips = Trips(
        tuple(map(str, range(1, zones + 1))),
        np.array(origins, np.int32), np.array(destinations, np.int32), np.array(found, np.float64),
    )  # fmt: skip
    _check_pairs(report, trips)
    if "TOTAL OD FLOW" in told and not report.problems:
        at, sum_told = told["TOTAL OD FLOW"]
        total = as_number(report, at, "TOTAL OD FLOW", sum_told)
        if abs(trips.total - total) > ROUNDING * max(abs(total), 1.0):
            report.add(at, "", said("road_total", found=f"{trips.total:.10g}", told=sum_told), said("road_cut_do"))
    report.done()
    return trips


def read_flows(path: Path, network: RoadNetwork) -> Floats:
    """The volumes of a *_flow.tntp file in the order of the network's links: float64[m].

    Raises:
        BadTable: all that is wrong with it, by line; also a link that the network does not have, or has and the file has not.
        OSError: it cannot be read.
    """
    report = Report(path.name)
    links: dict[tuple[int, int], list[int]] = {}
    for i in range(network.m - 1, -1, -1):
        links.setdefault((int(network.tail[i]) + 1, int(network.head[i]) + 1), []).append(i)
    flow = np.full(network.m, np.nan)
    for number, line in enumerate(text_lines(path), 1):
        cells = line.replace(":", " ").removesuffix(";").split()
        if not cells or cells[0] in {"From", "~"} or cells[0].startswith("<"):
            continue
        if len(cells) < 3:
            report.add(number, "", said("road_columns", found=len(cells), wanted=4), said("road_cut_do"))
            continue
        ends = [
            _whole(report, number, name, cell, 1, network.n, "node")
            for name, cell in zip(("From", "To"), cells, strict=False)
        ]
        same = links.get((ends[0], ends[1]), [])
        if same:
            flow[same.pop()] = as_number(report, number, "Volume", cells[2])
        elif min(ends) > 0:
            report.add(number, "", said("road_no_link", tail=ends[0], head=ends[1]), said("road_no_link_do"))
    if not report.problems and (missing := int(np.isnan(flow).sum())):
        report.add(0, "", said("road_count", found=network.m - missing, told=network.m), said("road_cut_do"))
    report.done()
    return flow


def write_network(network: RoadNetwork, path: Path) -> None:
    """Writes a *_net.tntp file. Nodes are numbered with the zones first, so that zone 1 is node 1.

    Raises:
        BadTable: figures are not known, or other nodes than the first zones let nothing through: the format has no place for that.
        OSError: it cannot be written.
    """
    report = Report(path.name)
    number = node_numbers(network)
    blocked = int((~network.through).sum())
    if bool(network.through[network.zones[:blocked]].any()) or blocked > len(network.zones):
        report.add(0, "", said("road_blocked"), said("road_blocked_do"))
    columns = (network.capacity, network.length, network.free_flow_time, network.b, network.power)
    speed = np.nan_to_num(network.speed, nan=0.0)  # 0 is how the collection writes a speed that is not known
    for name, values in zip((*COLUMNS[2:7], "toll"), (*columns, network.toll), strict=True):
        for i in np.flatnonzero(~np.isfinite(values)):
            report.add(int(i) + 1, name, said("road_unknown"), said("road_unknown_do"))
    report.done()
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"<NUMBER OF ZONES> {len(network.zones)}\n<NUMBER OF NODES> {network.n}\n")
        file.write(f"<FIRST THRU NODE> {blocked + 1}\n<NUMBER OF LINKS> {network.m}\n<{END}>\n\n")
        file.write("~\t" + "\t".join(COLUMNS) + "\t;\n")
        for link in range(network.m):
            figures = [float(values[link]) for values in (*columns, speed, network.toll)]
            ends = (number[network.tail[link]], number[network.head[link]])
            kind = network.kind[link].split() or ["1"]
            file.write("\t" + "\t".join([*map(str, ends), *map(_short, figures), "_".join(kind), ";"]) + "\n")


def write_trips(trips: Trips, path: Path) -> None:
    """Writes a *_trips.tntp file; zones are numbered in their order. Raises OSError."""
    order = np.lexsort((trips.destination, trips.origin))
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"<NUMBER OF ZONES> {len(trips.zone_names)}\n<TOTAL OD FLOW> {trips.total!r}\n<{END}>\n")
        origin = -1
        for i in order.tolist():
            if trips.origin[i] != origin:
                origin = int(trips.origin[i])
                file.write(f"\nOrigin {origin + 1}\n")
            file.write(f"{trips.destination[i] + 1} : {_short(float(trips.trips[i]))};\n")


def write_flows(network: RoadNetwork, flow: Floats, cost: Floats, path: Path) -> None:
    """Writes a *_flow.tntp file: From, To, Volume, Cost by link. Raises OSError."""
    number = node_numbers(network)
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write("From\tTo\tVolume\tCost\n")
        for tail, head, volume, price in zip(network.tail, network.head, flow, cost, strict=True):
            file.write(f"{number[tail]}\t{number[head]}\t{float(volume)!r}\t{float(price)!r}\n")


def node_numbers(network: RoadNetwork) -> list[int]:
    """The number of each node in TNTP: the zones in their order, then the other nodes."""
    zones = [int(node) for node in network.zones]
    taken = set(zones)
    number = [0] * network.n
    for i, node in enumerate([*zones, *(node for node in range(network.n) if node not in taken)], 1):
        number[node] = i
    return number


def _short(value: float) -> str:
    """All digits of a number, without a point where it is whole."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _metadata(report: Report, lines: list[str]) -> tuple[dict[str, tuple[int, str]], int]:
    """Line and value of each key, and how many lines go before what follows the metadata. Raises BadTable if they do not end."""
    told: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text.startswith("<"):
            if text and not text.startswith("~"):
                break
            continue
        key, _, value = text[1:].partition(">")
        if key.strip().upper() == END:
            return told, number
        told[key.strip().upper()] = (number, value.split("~")[0].strip())
    report.add(0, "", said("road_no_end", key=END), said("road_cut_do"))
    report.done()
    return told, 0


def _count(report: Report, told: dict[str, tuple[int, str]], key: str, least: int) -> int:
    """A count of the metadata; 0, with a problem, if it is not there or less than it can be."""
    if key not in told:
        report.add(0, "", said("road_no_key", key=key), said("road_no_key_do"))
        return 0
    line, text = told[key]
    if not text.isdecimal() or len(text) > 18 or not least <= int(text) <= MOST_NODES:
        report.add(line, key, said("road_bad_key", value=text, least=least, most=MOST_NODES), said("road_no_key_do"))
        return 0
    return int(text)


def _whole(report: Report, line: int, column: str, text: str, least: int, most: int, what: str) -> int:
    """A number of a node or zone; -1, with a problem, if there is none of it."""
    number = int(text) if text.isdecimal() and len(text) <= 18 else -1
    if number < least or (most and number > most):
        message = (
            said("road_no_node", value=text, most=most)
            if what == "node"
            else said("road_no_zone", value=text, most=most)
        )
        report.add(line, column, message, said("road_no_node_do"))
        return -1
    return number


def _check_pairs(report: Report, trips: Trips) -> None:
    """Adds pairs of zones whose trips stand twice."""
    pair = trips.origin.astype(np.int64) * max(len(trips.zone_names), 1) + trips.destination
    values, counts = np.unique(pair, return_counts=True)
    for one in values[counts > 1]:
        origin, destination = divmod(int(one), len(trips.zone_names))
        report.add(0, "", said("road_twice", origin=origin + 1, destination=destination + 1), said("road_twice_do"))
