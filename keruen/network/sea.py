"""Sea lanes, the passages on them, and the ports joined to them.

The lanes are those of the searoute package (Eurostat's marnet, 9,700 nodes), read from its files; the package is not imported.
An edge is as long as the great circle between its ends. A passage is a gate, a line drawn from shore to shore:

    edge e belongs to passage p   <=>   e crosses the gate of p        e and gate as straight lines in (lon, lat), degrees

so every way through the passage, also a port's own approach, crosses the gate exactly once: closing the passage is a true cut, and
a wait or a toll charged on its edges is charged once per transit. The searoute package marks whole stretches instead (five edges for
Suez), which would charge the toll five times and cut off the ports inside the stretch.

The Caspian is joined to the ocean by one passage only, the Volga-Don canal, whose row has a greatest draught of 3.5 m. Nothing
is hidden: `open_edges(lanes, passages, draft_m=...)` leaves out the passages that a ship of that draught or beam cannot use and those
the table does not open by default (the Arctic), and `ports_beyond_reach` names the ports a ship then has no way to.

A port is joined to the lane node within 150 km that costs least, kilometres on land counting five times, and to up to two more in
other directions that are reached over water (Natural Earth 1:10 million coast, in cells of 0.05 degrees).

Units: degrees (WGS 84), kilometres, metres.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem, UnknownOption
from keruen.network.base import Lines
from keruen.network.countries import NO_COUNTRY, read_topology
from keruen.network.sphere import distance_km, unit_vectors

Row = Mapping[str, Any]
Progress = Callable[[str, float], None]
Floats = NDArray[np.float64]

POLAR_LAT_DEG = 66.0
LINK_END_KM = 3.0  # an end of a row of sea_links this near to a lane node is that node
PORT_REACH_KM = 150.0
PORT_LAND_KM = 60.0  # a port farther from the lanes over land is an inland port, not joined
LAND_PENALTY = 5.0
PORT_CANDIDATES = 16
PORT_LINKS = 3
PORT_SHORE_KM = 8.0  # stretch at either end of an approach in which the coast grid (cells of 5.6 km) tells nothing
_CELL_DEG = 0.05
_NODE_DIGITS = 4  # 11 m: nodes of the package this close together are one


@dataclass(frozen=True)
class Port:
    """A port: UN/LOCODE, name, country (ISO 3166 two letters), coordinates in degrees, whether container ships call."""

    code: str
    name: str
    country: str
    lat: float
    lon: float
    is_terminal: bool


@dataclass(frozen=True)
class SeaLanes:
    """The lanes: n nodes and e edges used both ways, of which the last join the p ports.

    `edge_passage` int8[e]: row of the passages table, else -1. `edge_polar` bool[e]: reaches north of 66 degrees.
    `edge_port` int32[e]: the port an approach belongs to, else -1.
    `port_node` int32[p]: the port's own node, -1 if it has no lane within reach.
    `port_km` float64[p]: length of its shortest approach, NaN if none. Ports are sorted by code.
    """

    lines: Lines
    edge_passage: NDArray[np.int8]
    edge_polar: NDArray[np.bool_]
    edge_port: NDArray[np.int32]
    port_code: NDArray[np.str_]
    port_name: NDArray[np.str_]
    port_country: NDArray[np.str_]
    port_lat: Floats
    port_lon: Floats
    is_terminal: NDArray[np.bool_]
    port_node: NDArray[np.int32]
    port_km: Floats

    def port(self, code: str) -> int:
        """Row of a port.

        Raises:
            UnknownOption: no port has this code.
        """
        row = int(np.searchsorted(self.port_code, code))
        if row == len(self.port_code) or self.port_code[row] != code:
            raise UnknownOption(f"The sea lanes have no port {code!r}; ports go by UN/LOCODE without the space, e.g. NLRTM.")
        return row


@dataclass(frozen=True)
class SeaReport:
    """Counts of what was built. `passage_edges`: edges of each passage; `not_joined`: ports without a lane, by code."""

    nodes: int
    edges: int
    ports: int
    terminals: int
    joined: int
    terminals_joined: int
    approaches: int
    links: int
    passage_edges: Mapping[str, int]
    not_joined: tuple[str, ...]
    without_lane: tuple[str, ...]


@dataclass(frozen=True)
class Lanes:
    """Nodes and edges in the making: coordinates in degrees, ends of edges, kilometres."""

    lat: Floats
    lon: Floats
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    km: Floats


def sea_lanes(
    passages: Sequence[Row], extra_ports: Iterable[Port] = (), links: Sequence[Row] = (), progress: Progress | None = None
) -> tuple[SeaLanes, SeaReport]:
    """Build the sea lanes with their passages and ports.

    Args:
        passages: rows of the passages table (`passage`, `gate_lat_a`, `gate_lon_a`, `gate_lat_b`, `gate_lon_b` are read).
        extra_ports: ports of the places table; one of the package's with the same code is replaced.
        links: rows of the sea_links table: lanes the package lacks.
        progress: told what is done and how far, 0..1.

    Raises:
        UnknownOption: the searoute package is not installed.
        BadTable: a passage whose gate no lane crosses, or two gates on one edge.
    """
    tell = progress or (lambda text, share: None)
    tell("sea lanes", 0.0)
    lanes = add_links(read_lanes(), links)
    tell("ports", 0.3)
    ports = merge_ports(read_ports(), extra_ports)
    approach = approaches(lanes, ports)
    tell("passages", 0.8)
    joined = join_ports(lanes, ports, approach)
    result = freeze(lanes, joined, ports, approach, passages)
    tell("sea lanes", 1.0)
    return result, report(result, passages, len(links))


def open_edges(
    lanes: SeaLanes,
    passages: Sequence[Row],
    *,
    draft_m: float = 0.0,
    beam_m: float = 0.0,
    opened: Collection[str] = (),
    closed: Collection[str] = (),
) -> NDArray[np.bool_]:
    """Edges a ship of this draught and beam may use, bool[e].

    A passage is shut when it is in `closed`, or is neither open by default nor in `opened`, or is too shallow or narrow.

    Raises:
        UnknownOption: `opened` or `closed` names a passage that the table does not have.
    """
    keys = [str(row["passage"]) for row in passages]
    if unknown := (set(opened) | set(closed)) - set(keys):
        raise UnknownOption(f"Unknown passage {sorted(unknown)[0]!r}; it is one of {', '.join(keys)}.")
    is_open = np.array([
        key not in closed
        and (key in opened or is_yes(row["default_open"]))
        and not is_less(row["max_draft_m"], draft_m)
        and not is_less(row["max_beam_m"], beam_m)
        for key, row in zip(keys, passages, strict=True)
    ] + [True], np.bool_)  # fmt: skip
    return is_open[lanes.edge_passage]


def ports_beyond_reach(lanes: SeaLanes, usable: NDArray[np.bool_], start: str = "SGSIN") -> frozenset[str]:
    """Codes of the ports that cannot be reached over the usable edges, bool[e], from a port on the ocean (default Singapore)."""
    reached = np.zeros(len(lanes.lines.node_lat), np.bool_)
    reached[lanes.port_node[lanes.port(start)]] = True
    u, v = lanes.lines.edge_u[usable], lanes.lines.edge_v[usable]
    while True:
        grown = reached.copy()
        grown[v] |= reached[u]
        grown[u] |= grown[v]
        if np.array_equal(grown, reached):
            break
        reached = grown
    cut_off = (lanes.port_node >= 0) & ~reached[lanes.port_node]
    return frozenset(str(code) for code in lanes.port_code[cut_off])


def is_yes(value: Any) -> bool:
    """A cell of a yes/no column, read or still text."""
    return value if isinstance(value, bool | np.bool_) else str(value).strip() == "yes"


def is_less(value: Any, limit: float) -> bool:
    """Whether a cell holds a number below the limit; an empty cell (None, NaN, blank) is below nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return float(value) < limit


# ---------------------------------------------------------------------------------------------------------------- package


def package_file(name: str) -> Path:
    """A data file of the installed searoute package, found without importing it (the import takes a second).

    Raises:
        UnknownOption: the package is not installed.
    """
    spec = find_spec("searoute")
    if spec is None or spec.origin is None:
        raise UnknownOption("The sea lanes come with the package searoute, which is not installed: pip install searoute.")
    return Path(spec.origin).parent / "data" / name


def read_lanes() -> Lanes:
    """The marnet of the package, with the nodes on either side of the antimeridian made one.

    The package draws three lines along the antimeridian to carry lanes across it; their polar parts (beyond 60 degrees) run over
    Chukotka, Wrangel Island and the Antarctic ice and are left out.
    """
    starts, ends = [], []
    for name in ("marnet_searoute.geojson", "segment.geojson"):
        for feature in json.loads(package_file(name).read_bytes())["features"]:
            geometry = feature["geometry"]
            parts = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
            for line in parts:
                pairs = zip(line[:-1], line[1:], strict=True)
                kept = [(a, b) for a, b in pairs if name != "segment.geojson" or max(abs(a[1]), abs(b[1])) <= 60]
                starts += [a for a, _ in kept]
                ends += [b for _, b in kept]
    points = np.array(starts + ends, np.float64).round(_NODE_DIGITS) + 0.0
    points[:, 0] = (points[:, 0] + 180.0) % 360.0 - 180.0
    nodes, number = np.unique(points.round(_NODE_DIGITS), axis=0, return_inverse=True)
    edges = np.unique(np.sort(number.reshape(2, -1), axis=0), axis=1)
    u, v = edges[:, edges[0] != edges[1]]
    lon, lat = nodes.T
    return Lanes(lat, lon, u, v, distance_km(lat[u], lon[u], lat[v], lon[v]))


def read_ports() -> list[Port]:
    """The ports of the package. The country is that of the UN/LOCODE; a code listed twice is taken once, as a terminal if either is."""
    ports: dict[str, Port] = {}
    for feature in json.loads(package_file("ports.geojson").read_bytes())["features"]:
        values = feature["properties"]
        code = str(values["port"] or "").upper()
        if len(code) != 5 or not code[:2].isalpha():
            continue
        lon, lat = feature["geometry"]["coordinates"][:2]
        port = Port(code, str(values["name"]), code[:2], float(lat), float(lon), values["t"] == 1)
        if code not in ports or (port.is_terminal and not ports[code].is_terminal):
            ports[code] = port
    return list(ports.values())


def merge_ports(package: Iterable[Port], extra: Iterable[Port]) -> list[Port]:
    """All ports, sorted by code; an extra one replaces the package's of the same code."""
    by_code = {port.code: port for port in package} | {port.code: port for port in extra}
    return [by_code[code] for code in sorted(by_code)]


def add_links(lanes: Lanes, links: Sequence[Row]) -> Lanes:
    """Add the lanes of the sea_links table; an end within 3 km of a lane node is that node, any other a new node.

    A row without `km` is as long as the great circle.
    """
    lat, lon, u, v, km = list(lanes.lat), list(lanes.lon), list(lanes.u), list(lanes.v), list(lanes.km)
    for row in links:
        ends = []
        for side in "ab":
            here = (float(row[f"lat_{side}"]), float(row[f"lon_{side}"]))
            away = distance_km(lat, lon, *here)
            node = int(np.argmin(away))
            if away[node] > LINK_END_KM:
                node = len(lat)
                lat.append(here[0])
                lon.append(here[1])
            ends.append(node)
        a, b = ends
        u.append(a)
        v.append(b)
        published = row["km"] not in (None, "") and float(row["km"]) > 0
        km.append(float(row["km"]) if published else float(distance_km(lat[a], lon[a], lat[b], lon[b])))
    return Lanes(np.array(lat), np.array(lon), np.array(u), np.array(v), np.array(km))


# ------------------------------------------------------------------------------------------------------------------ ports


@dataclass(frozen=True)
class Approaches:
    """k approaches: the port, the lane node and the kilometres of each, sorted by port; the best of a port first."""

    port: NDArray[np.int64]
    node: NDArray[np.int64]
    km: Floats


def approaches(lanes: Lanes, ports: Sequence[Port]) -> Approaches:
    """The lane nodes each port is joined to: the cheapest, and up to two more over water in other directions.

    The others lie at least 45 degrees apart as seen from the port and at most 30 km + twice the distance of the first.
    """
    lat, lon = np.array([port.lat for port in ports]), np.array([port.lon for port in ports])
    near = nearest_nodes(lanes, lat, lon)
    km = distance_km(lat[:, None], lon[:, None], lanes.lat[near], lanes.lon[near])
    shape = near.shape
    land = land_km(
        np.repeat(lat, shape[1]), np.repeat(lon, shape[1]), lanes.lat[near].ravel(), lanes.lon[near].ravel()
    ).reshape(shape)
    cost = np.where((km <= PORT_REACH_KM) & (land <= PORT_LAND_KM), km + LAND_PENALTY * land, np.inf)
    order = np.argsort(cost, axis=1, kind="stable")
    bearing = np.degrees(np.arctan2((lanes.lon[near] - lon[:, None]) * np.cos(np.radians(lat))[:, None], lanes.lat[near] - lat[:, None]))
    rows: list[tuple[int, int, float]] = []
    for port in range(len(ports)):
        best = order[port, 0]
        if not np.isfinite(cost[port, best]):
            continue
        chosen = [best]
        for candidate in order[port, 1:]:
            if len(chosen) == PORT_LINKS or cost[port, candidate] > 30 + 2 * km[port, best]:
                break
            apart = [abs((bearing[port, candidate] - bearing[port, other] + 180) % 360 - 180) for other in chosen]
            if land[port, candidate] == 0 and min(apart) >= 45:
                chosen.append(candidate)
        rows += [(port, int(near[port, c]), float(km[port, c])) for c in chosen]
    columns = np.array(rows)
    return Approaches(columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64), columns[:, 2])


def nearest_nodes(lanes: Lanes, lat: Floats, lon: Floats) -> NDArray[np.int64]:
    """The 16 lane nodes nearest to each of p points, nearest first, int64[p, 16]. Exact on the sphere, in blocks of 256 points."""
    nodes, points = unit_vectors(lanes.lat, lanes.lon), unit_vectors(lat, lon)
    found = np.empty((len(points), PORT_CANDIDATES), np.int64)
    for start in range(0, len(points), 256):
        closeness = points[start : start + 256] @ nodes.T
        some = np.argpartition(-closeness, PORT_CANDIDATES, axis=1)[:, :PORT_CANDIDATES]
        by_closeness = np.argsort(-np.take_along_axis(closeness, some, axis=1), axis=1, kind="stable")
        found[start : start + 256] = np.take_along_axis(some, by_closeness, axis=1)
    return found


def land_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Kilometres on land of k straight lines shorter than a few hundred km, float64[k].

    The line is sampled at 48 points; what lies within 8 km of either end does not count (quays and lane ends lie on coast cells).
    """
    share = (np.arange(48) + 0.5) / 48
    length = distance_km(lat_a, lon_a, lat_b, lon_b)
    dlon = (lon_b - lon_a + 180.0) % 360.0 - 180.0
    lat = lat_a[:, None] + share * (lat_b - lat_a)[:, None]
    lon = lon_a[:, None] + share * dlon[:, None]
    grid = land_grid()
    row = np.clip(((lat + 90.0) / _CELL_DEG).astype(np.int64), 0, grid.shape[0] - 1)
    column = ((lon + 180.0) / _CELL_DEG).astype(np.int64) % grid.shape[1]
    inner = np.minimum(share, 1 - share) * length[:, None] > PORT_SHORE_KM
    return np.asarray((grid[row, column] & inner).mean(axis=1) * length)


@cache
def land_grid() -> NDArray[np.bool_]:
    """Land in cells of 0.05 degrees, bool[3600, 7200], south first, by the even-odd rule along the middle of each row.

    Going east, every coast that is met turns sea into land or back. Going north along the antimeridian does the same and tells
    what the first cell of a row is. The Antarctic coast winds round the pole and is left out.
    """
    borders = read_topology("10m")
    coast = (borders.left == NO_COUNTRY) != (borders.right == NO_COUNTRY)
    point = np.arange(len(borders.lon) - 1)
    arc = np.searchsorted(borders.arc_ptr, point, "right") - 1
    first = point[coast[arc] & (point + 1 < borders.arc_ptr[arc + 1])]
    first = first[np.minimum(borders.lat[first], borders.lat[first + 1]) > -60.0]
    rows, columns = round(180 / _CELL_DEG), round(360 / _CELL_DEG)
    y_a, y_b = ((borders.lat[first + end] + 90.0) / _CELL_DEG - 0.5 for end in (0, 1))  # in rows, 0 the middle of the first
    x_a = (borders.lon[first] + 180.0) / _CELL_DEG - 0.5
    turn = np.round((borders.lon[first + 1] - borders.lon[first]) / 360.0)  # -1, 1: the step crosses the antimeridian
    x_b = x_a + (borders.lon[first + 1] - borders.lon[first] - 360.0 * turn) / _CELL_DEG

    toggles = np.zeros((rows, columns + 1), np.uint8)  # only odd or even matters, so it may run over
    low, high = np.ceil(np.minimum(y_a, y_b)).astype(np.int64), np.ceil(np.maximum(y_a, y_b)).astype(np.int64)
    step = np.repeat(np.arange(len(low)), high - low)
    row = np.arange(len(step)) - np.repeat(np.cumsum(high - low) - high, high - low)
    x = x_a[step] + (row - y_a[step]) / (y_b - y_a)[step] * (x_b - x_a)[step]
    np.add.at(toggles, (row, np.ceil((x + 0.5) % columns - 0.5).astype(np.int64)), 1)

    over = np.flatnonzero(turn)
    meridian = np.where(turn[over] < 0, columns - 0.5, -0.5)
    run = (x_b - x_a)[over]
    share = np.divide(meridian - x_a[over], run, out=np.zeros(len(over)), where=run != 0)
    met = np.ceil(y_a[over] + share * (y_b - y_a)[over]).astype(np.int64)
    toggles[:, 0] += np.cumsum(np.bincount(met, minlength=rows)).astype(np.uint8)
    return np.asarray(np.cumsum(toggles[:, :-1], axis=1, dtype=np.uint8) & 1, np.bool_)


# ------------------------------------------------------------------------------------------------------------- assembling


@dataclass(frozen=True)
class Joined:
    """Lanes with the ports' own nodes and approaches added: edge ends, kilometres, port of each edge (-1), node of each port (-1)."""

    lat: Floats
    lon: Floats
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    km: Floats
    edge_port: NDArray[np.int64]
    port_node: NDArray[np.int64]


def join_ports(lanes: Lanes, ports: Sequence[Port], approach: Approaches) -> Joined:
    """Give every port that has an approach a node of its own at its coordinates, and lay the approaches."""
    with_lane = np.unique(approach.port)
    port_node = np.full(len(ports), -1, np.int64)
    port_node[with_lane] = len(lanes.lat) + np.arange(len(with_lane))
    return Joined(
        np.concatenate([lanes.lat, [ports[p].lat for p in with_lane]]),
        np.concatenate([lanes.lon, [ports[p].lon for p in with_lane]]),
        np.concatenate([lanes.u, port_node[approach.port]]),
        np.concatenate([lanes.v, approach.node]),
        np.concatenate([lanes.km, approach.km]),
        np.concatenate([np.full(len(lanes.u), -1), approach.port]),
        port_node,
    )


def freeze(
    lanes: Lanes, joined: Joined, ports: Sequence[Port], approach: Approaches, passages: Sequence[Row]
) -> SeaLanes:
    """The finished arrays."""
    lat, lon, u, v = joined.lat, joined.lon, joined.u, joined.v
    edges = len(u)
    port_km = np.full(len(ports), np.nan)
    np.fmin.at(port_km, approach.port, approach.km)
    lon_v = lon[u] + (lon[v] - lon[u] + 180.0) % 360.0 - 180.0  # so that no line is drawn the long way round the globe
    lines = Lines(
        node_lat=lat,
        node_lon=lon,
        node_country=np.full(len(lat), -1, np.int16),
        edge_u=u.astype(np.int32),
        edge_v=v.astype(np.int32),
        edge_km=joined.km,
        edge_country=np.full(edges, -1, np.int16),
        edge_gauge=np.zeros(edges, np.uint8),
        edge_line=np.full(edges, -1, np.int16),
        geom_ptr=np.arange(0, 2 * edges + 1, 2, dtype=np.int64),
        geom_lat=np.stack([lat[u], lat[v]], axis=1).ravel().astype(np.float32),
        geom_lon=np.stack([lon[u], lon_v], axis=1).ravel().astype(np.float32),
    )
    return SeaLanes(
        lines=lines,
        edge_passage=edge_passages(lat, lon, u, v, passages),
        edge_polar=np.maximum(lat[u], lat[v]) > POLAR_LAT_DEG,
        edge_port=joined.edge_port.astype(np.int32),
        port_code=np.array([port.code for port in ports], np.str_),
        port_name=np.array([port.name for port in ports], np.str_),
        port_country=np.array([port.country for port in ports], np.str_),
        port_lat=np.array([port.lat for port in ports]),
        port_lon=np.array([port.lon for port in ports]),
        is_terminal=np.array([port.is_terminal for port in ports], np.bool_),
        port_node=joined.port_node.astype(np.int32),
        port_km=port_km,
    )


def edge_passages(
    lat: Floats, lon: Floats, u: NDArray[np.int64], v: NDArray[np.int64], passages: Sequence[Row]
) -> NDArray[np.int8]:
    """Row of the passage whose gate each edge crosses, else -1, int8[e].

    Raises:
        BadTable: an edge crosses two gates, so that it would stand for two passages.
    """
    label = np.full(len(u), -1, np.int8)
    problems = []
    for row, passage in enumerate(passages):
        gate = [float(passage[f"gate_{name}"]) for name in ("lat_a", "lon_a", "lat_b", "lon_b")]
        crossing = crosses_gate(lat[u], lon[u], lat[v], lon[v], *gate)
        for other in np.unique(label[crossing & (label >= 0)]):
            problems.append(Problem(
                "passages", row + 2, "gate_lat_a", f"its gate and that of {passages[other]['passage']!r} are crossed by one lane",
                "Draw the gates apart, so that each lane crosses one",
            ))  # fmt: skip
        label[crossing] = row
    if problems:
        raise BadTable(problems)
    return label


def crosses_gate(
    lat_u: Floats, lon_u: Floats, lat_v: Floats, lon_v: Floats,
    lat_a: float, lon_a: float, lat_b: float, lon_b: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Edges u-v that cross the gate a-b, bool[e]: each line has the ends of the other on different sides.

    An edge with an end exactly on the gate's line counts on one side only, so a way through the node on it still crosses once.
    """
    shift = 360.0 * np.round((lon_u - lon_a) / 360.0)  # the gate is brought to the edge's turn of the globe
    dlon = (lon_v - lon_u + 180.0) % 360.0 - 180.0
    ax, bx, ux, vx = lon_a + shift, lon_b + shift, lon_u, lon_u + dlon

    def left_of(px: Any, py: Any, qx: Any, qy: Any, rx: Any, ry: Any) -> NDArray[np.bool_]:
        return np.asarray((qx - px) * (ry - py) - (qy - py) * (rx - px) > 0)

    ends_apart = left_of(ax, lat_a, bx, lat_b, ux, lat_u) != left_of(ax, lat_a, bx, lat_b, vx, lat_v)
    gate_apart = left_of(ux, lat_u, vx, lat_v, ax, lat_a) != left_of(ux, lat_u, vx, lat_v, bx, lat_b)
    return ends_apart & gate_apart


def report(lanes: SeaLanes, passages: Sequence[Row], links: int) -> SeaReport:
    """Count what was built."""
    joined = lanes.port_node >= 0
    counts = {str(row["passage"]): int(np.sum(lanes.edge_passage == i)) for i, row in enumerate(passages)}
    return SeaReport(
        nodes=len(lanes.lines.node_lat),
        edges=len(lanes.lines.edge_u),
        ports=len(joined),
        terminals=int(lanes.is_terminal.sum()),
        joined=int(joined.sum()),
        terminals_joined=int((joined & lanes.is_terminal).sum()),
        approaches=int((lanes.edge_port >= 0).sum()),
        links=links,
        passage_edges=counts,
        not_joined=tuple(str(code) for code in lanes.port_code[~joined]),
        without_lane=tuple(key for key, count in counts.items() if count == 0),
    )
