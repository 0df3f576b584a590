"""Sea lanes with their passages and ports.

The lanes are those of the searoute package (Eurostat's marnet, 9,700 nodes), read from its files; the package is not imported.
An edge is as long as the great circle between its ends; the nodes on either side of the antimeridian are one. A few lanes the
package lacks (the Kiel canal, straight courses on the Caspian) are rows of the sea_links table. Passages are gates
(`network.passages`), ports are joined as `network.ports` says.

The Caspian is joined to the ocean by one passage only, the Volga-Don canal, whose row has a greatest draught of 3.5 m; the Great
Lakes by the St Lawrence Seaway, 8.08 m. Nothing is hidden: `open_edges(lanes, passages, draft_m=...)` leaves out the passages that
a ship of that draught or beam cannot use and those that the table does not open by default (the Arctic), and
`ports_beyond_reach` names the ports that such a ship then has no way to.

Units: degrees (WGS 84), kilometres, metres.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.base import Lines
from keruen.network.packages import package_folder
from keruen.network.passages import Row, edge_passages, passages_open
from keruen.network.ports import Approaches, Port, approaches, merge_ports, read_ports
from keruen.network.sphere import distance_km
from keruen.tables.words import said

Progress = Callable[[str, float], None]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POLAR_LAT_DEG = 66.0
LINK_END_KM = 3.0  # an end of a row of sea_links this near to a lane node is that node
NODE_DIGITS = 4  # 11 m: nodes of the package this close together are one


@dataclass(frozen=True)
class SeaLanes:
    """The lanes: n nodes and e edges used both ways, of which the last join the p ports.

    `edge_passage` int8[e]: row of the passages table, else -1. `edge_polar` bool[e]: reaches north of 66 degrees.
    `edge_port` int32[e]: the port whose approach the edge is, else -1.
    `port_node` int32[p]: the port's own node, -1 if it has no lane within reach.
    `port_km` float64[p]: length of its best approach, NaN if none. Ports are sorted by code.
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
            raise UnknownOption(said("err_no_port", code=code))
        return row


@dataclass(frozen=True)
class SeaReport:
    """What was built, in numbers: `passage_edges` of each passage, the codes of ports without a lane, passages without one."""

    nodes: int
    edges: int
    links: int
    ports: int
    joined: int
    approaches: int
    terminals: int
    terminals_joined: int
    passage_edges: Mapping[str, int]
    ports_without_lane: tuple[str, ...]
    passages_without_lane: tuple[str, ...]


@dataclass(frozen=True)
class Lanes:
    """Lanes in the making: nodes in degrees, ends of edges, kilometres."""

    lat: Floats
    lon: Floats
    u: Ints
    v: Ints
    km: Floats


def sea_lanes(
    passages: Sequence[Row],
    extra_ports: Iterable[Port] = (),
    links: Sequence[Row] = (),
    progress: Progress | None = None,
) -> tuple[SeaLanes, SeaReport]:
    """Build the sea lanes with their passages and ports.

    Args:
        passages: rows of the passages table; `edge_passage` counts in their order.
        extra_ports: ports of the places table; one of the package's with the same code is replaced.
        links: rows of the sea_links table.
        progress: told what is being done and the share that is done, 0..1.

    Raises:
        UnknownOption: the searoute package is not installed.
        BadTable: two gates are crossed by one edge.
    """
    tell = progress or (lambda text, share: None)
    tell("Reading the sea lanes", 0.0)
    lanes = add_links(read_lanes(), links)
    tell("Joining the ports", 0.2)
    ports = merge_ports(read_ports(), extra_ports)
    result = with_ports(lanes, ports, approaches(lanes.lat, lanes.lon, ports, passages), passages)
    tell("Sea lanes are ready", 1.0)
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
    """Edges that a ship of this draught and beam may use, bool[e]; see `passages_open`.

    Raises:
        UnknownOption: `opened` or `closed` names a passage that the table does not have.
    """
    is_open = passages_open(passages, draft_m=draft_m, beam_m=beam_m, opened=opened, closed=closed)
    return np.append(is_open, True)[lanes.edge_passage]


def ports_beyond_reach(lanes: SeaLanes, usable: NDArray[np.bool_], start: str = "SGSIN") -> frozenset[str]:
    """Codes of the ports that are not reached from a port on the ocean (default Singapore) over the usable edges, bool[e].

    Only ports that have a lane are named.
    """
    reached = np.zeros(len(lanes.lines.node_lat), np.bool_)
    reached[lanes.port_node[lanes.port(start)]] = True
    u, v = lanes.lines.edge_u[usable], lanes.lines.edge_v[usable]
    before = 0
    while (now := int(reached.sum())) > before:
        before = now
        reached[v[reached[u]]] = True
        reached[u[reached[v]]] = True
    cut_off = (lanes.port_node >= 0) & ~reached[lanes.port_node]
    return frozenset(str(code) for code in lanes.port_code[cut_off])


def read_lanes() -> Lanes:
    """The lanes of the package, with the nodes on either side of the antimeridian made one.

    The package also draws three lines along the antimeridian, to carry lanes across it. Beyond 60 degrees they run over Chukotka,
    Wrangel Island and the Antarctic ice, and are left out there: they would lead round the Bering Strait.

    Raises:
        UnknownOption: the package is not installed.
    """
    folder = package_folder("searoute") / "data"
    pairs = lane_pairs((folder / "marnet_searoute.geojson").read_bytes())
    antimeridian = lane_pairs((folder / "segment.geojson").read_bytes())
    pairs = np.concatenate([pairs, antimeridian[np.abs(antimeridian[:, :, 1]).max(axis=1) <= 60.0]])
    pairs[:, :, 0] = (pairs[:, :, 0] + 180.0) % 360.0 - 180.0
    nodes, number = np.unique(pairs.reshape(-1, 2).round(NODE_DIGITS) + 0.0, axis=0, return_inverse=True)
    ends = np.unique(np.sort(number.reshape(-1, 2), axis=1), axis=0)
    u, v = ends[ends[:, 0] != ends[:, 1]].T
    lon, lat = nodes.T.copy()
    return Lanes(lat, lon, u, v, distance_km(lat[u], lon[u], lat[v], lon[v]))


def lane_pairs(geojson: bytes) -> Floats:
    """The steps of all lines of a GeoJSON file, float64[k, 2, 2]: both ends of each, as (lon, lat)."""
    pairs = []
    for feature in json.loads(geojson)["features"]:
        geometry = feature["geometry"]
        lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        pairs += [(line[i], line[i + 1]) for line in lines for i in range(len(line) - 1)]
    return np.array(pairs, np.float64)


def add_links(lanes: Lanes, links: Sequence[Row]) -> Lanes:
    """Add the lanes of the sea_links table. An end within 3 km of a lane node is that node, any other is a new node.

    A row without `km` is as long as the great circle.
    """
    lat, lon, u, v, km = list(lanes.lat), list(lanes.lon), list(lanes.u), list(lanes.v), list(lanes.km)
    for row in links:
        for side, ends in (("a", u), ("b", v)):
            here = (float(row[f"lat_{side}"]), float(row[f"lon_{side}"]))
            away = distance_km(lat, lon, *here)
            node = int(np.argmin(away))
            if away[node] > LINK_END_KM:
                node = len(lat)
                lat.append(here[0])
                lon.append(here[1])
            ends.append(node)
        great_circle = float(distance_km(lat[u[-1]], lon[u[-1]], lat[v[-1]], lon[v[-1]]))
        km.append(great_circle if _is_empty(row["km"]) else float(row["km"]))
    return Lanes(np.array(lat), np.array(lon), np.array(u), np.array(v), np.array(km))


def _is_empty(value: object) -> bool:
    """Whether a number's cell is empty: None, blank or NaN."""
    return value is None or value == "" or value != value


def with_ports(lanes: Lanes, ports: Sequence[Port], approach: Approaches, passages: Sequence[Row]) -> SeaLanes:
    """Give every port that has an approach a node of its own at its coordinates, lay the approaches, and name the passages."""
    joined, best = np.unique(approach.port, return_index=True)
    port_node = np.full(len(ports), -1, np.int64)
    port_node[joined] = len(lanes.lat) + np.arange(len(joined))
    port_km = np.full(len(ports), np.nan)
    port_km[joined] = approach.km[best]
    port_lat, port_lon = np.array([port.lat for port in ports]), np.array([port.lon for port in ports])
    lines = straight_lines(
        np.concatenate([lanes.lat, port_lat[joined]]),
        np.concatenate([lanes.lon, port_lon[joined]]),
        np.concatenate([lanes.u, port_node[approach.port]]),
        np.concatenate([lanes.v, approach.node]),
        np.concatenate([lanes.km, approach.km]),
    )
    (lat_u, lat_v), (lon_u, lon_v) = (
        (values[lines.edge_u], values[lines.edge_v]) for values in (lines.node_lat, lines.node_lon)
    )
    return SeaLanes(
        lines=lines,
        edge_passage=edge_passages(lat_u, lon_u, lat_v, lon_v, passages),
        edge_polar=np.maximum(lat_u, lat_v) > POLAR_LAT_DEG,
        edge_port=np.concatenate([np.full(len(lanes.u), -1), approach.port]).astype(np.int32),
        port_code=np.array([port.code for port in ports], np.str_),
        port_name=np.array([port.name for port in ports], np.str_),
        port_country=np.array([port.country for port in ports], np.str_),
        port_lat=port_lat,
        port_lon=port_lon,
        is_terminal=np.array([port.is_terminal for port in ports], np.bool_),
        port_node=port_node.astype(np.int32),
        port_km=port_km,
    )


def straight_lines(lat: Floats, lon: Floats, u: Ints, v: Ints, km: Floats) -> Lines:
    """Lines of the high sea, which belongs to no country, drawn straight; none is drawn the long way round the globe."""
    lon_v = lon[u] + (lon[v] - lon[u] + 180.0) % 360.0 - 180.0
    return Lines(
        node_lat=lat,
        node_lon=lon,
        node_country=np.full(len(lat), -1, np.int16),
        edge_u=u.astype(np.int32),
        edge_v=v.astype(np.int32),
        edge_km=km,
        edge_country=np.full(len(u), -1, np.int16),
        edge_gauge=np.zeros(len(u), np.uint8),
        edge_line=np.full(len(u), -1, np.int16),
        geom_ptr=np.arange(0, 2 * len(u) + 1, 2, dtype=np.int64),
        geom_lat=np.stack([lat[u], lat[v]], axis=1).ravel().astype(np.float32),
        geom_lon=np.stack([lon[u], lon_v], axis=1).ravel().astype(np.float32),
    )


def report(lanes: SeaLanes, passages: Sequence[Row], links: int) -> SeaReport:
    """What was built, in numbers."""
    joined = lanes.port_node >= 0
    counts = {str(row["passage"]): int(np.sum(lanes.edge_passage == i)) for i, row in enumerate(passages)}
    return SeaReport(
        nodes=len(lanes.lines.node_lat),
        edges=len(lanes.lines.edge_u),
        links=links,
        ports=len(joined),
        joined=int(joined.sum()),
        approaches=int((lanes.edge_port >= 0).sum()),
        terminals=int(lanes.is_terminal.sum()),
        terminals_joined=int((joined & lanes.is_terminal).sum()),
        passage_edges=counts,
        ports_without_lane=tuple(str(code) for code in lanes.port_code[~joined]),
        passages_without_lane=tuple(key for key, count in counts.items() if count == 0),
    )
