"""What must hold of the sea lanes: closures cut, the Arctic is shut, the Caspian is closed, every transit passes one gate."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import keruen
from keruen.errors import BadTable, UnknownOption
from keruen.network.countries import country_at
from keruen.network.passages import crosses_gate, edge_passages, passages_open
from keruen.network.ports import REACH_OVER_WATER_KM, Port, land_grid
from keruen.network.sea import SeaLanes, SeaReport, open_edges, ports_beyond_reach, sea_lanes
from keruen.network.sphere import distance_km

sparse = pytest.importorskip("scipy.sparse", reason="the way is found by scipy here, which is not installed")
csgraph = pytest.importorskip("scipy.sparse.csgraph", reason="the way is found by scipy here, which is not installed")

DATA = Path(keruen.__file__).parent / "data"
LINER = {"draft_m": 14.5, "beam_m": 59.0}
CASPIAN_PORTS = (
    Port("KZAAU", "Aktau", "KZ", 43.6353, 51.1682, True),
    Port("KZKUR", "Kuryk", "KZ", 43.1767, 51.6797, True),
    Port("AZALA", "Alat", "AZ", 39.9764, 49.4408, True),
)
ASIA = ("CNSHA", "JPYOK", "VNHPH", "SGSIN", "INMUN")
EUROPE = ("NLRTM", "DEHAM", "GRPIR", "PLGDN", "ROCND")


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PASSAGES = rows("passages")
KEYS = [row["passage"] for row in PASSAGES]


@cache
def built() -> tuple[SeaLanes, SeaReport]:
    return sea_lanes(PASSAGES, CASPIAN_PORTS, rows("sea_links"))


def lanes() -> SeaLanes:
    return built()[0]


def way(start: str, end: str, **conditions: Any) -> tuple[float, list[int]]:
    """The shortest way between two ports: kilometres and the edges it takes; (inf, []) if there is none."""
    sea = lanes()
    lines, n = sea.lines, len(sea.lines.node_lat)
    usable = np.flatnonzero(open_edges(sea, PASSAGES, **conditions))
    u, v, km = lines.edge_u[usable], lines.edge_v[usable], lines.edge_km[usable]
    graph = sparse.csr_array((km, (u, v)), shape=(n, n))
    a, b = (int(sea.port_node[sea.port(code)]) for code in (start, end))
    length, before = csgraph.dijkstra(graph, directed=False, indices=a, return_predecessors=True)
    if np.isinf(length[b]):
        return float("inf"), []
    edge_of = {(int(x), int(y)): int(e) for x, y, e in zip(u, v, usable, strict=True)}
    edges = []
    while b != a:
        step = (int(before[b]), b)
        edges.append(edge_of.get(step, edge_of.get(step[::-1], -1)))
        b = step[0]
    return float(length[int(sea.port_node[sea.port(end)])]), edges[::-1]


def passed(edges: list[int]) -> list[str]:
    """The passages of a way, in order, once for every time their gate is crossed."""
    return [KEYS[p] for p in lanes().edge_passage[edges] if p >= 0]


# --- building


def test_every_passage_has_a_lane_and_every_link_is_laid() -> None:
    _, report = built()
    assert report.passages_without_lane == ()
    assert report.links == len(rows("sea_links"))
    assert report.terminals_joined > 750
    assert report.joined <= report.ports


def test_lines_are_sound() -> None:
    sea = lanes()
    lines = sea.lines
    n, e = len(lines.node_lat), len(lines.edge_u)
    assert lines.edge_u.min() >= 0 and max(lines.edge_u.max(), lines.edge_v.max()) < n
    assert (lines.edge_u != lines.edge_v).all()
    assert (lines.edge_km > 0).all()
    assert len(sea.edge_passage) == len(sea.edge_polar) == len(sea.edge_port) == len(lines.edge_km) == e
    assert (lines.geom_ptr == 2 * np.arange(e + 1)).all() and len(lines.geom_lat) == len(lines.geom_lon) == 2 * e
    assert (np.abs(np.diff(lines.geom_lon.reshape(-1, 2), axis=1)) <= 180.0001).all(), "a line is drawn round the globe"
    assert (np.abs(lines.node_lon) <= 180).all()


def test_no_edge_is_shorter_than_the_great_circle() -> None:
    lines = lanes().lines
    u, v = lines.edge_u, lines.edge_v
    direct = distance_km(lines.node_lat[u], lines.node_lon[u], lines.node_lat[v], lines.node_lon[v])
    assert (lines.edge_km >= direct - 1e-6).all()


def test_the_antimeridian_is_no_border() -> None:
    """No two nodes lie at one point, and the lane across the Pacific is about as short as the great circle."""
    lines = lanes().lines
    own = int(lines.edge_u[lanes().edge_port < 0].max()) + 1
    points = np.stack([lines.node_lat[:own], lines.node_lon[:own] % 360], axis=1).round(4)
    assert len(np.unique(points, axis=0)) == own
    assert not (np.abs(lines.node_lon) == 180).all()
    km, _ = way("JPYOK", "USLAX")
    sea = lanes()
    a, b = sea.port("JPYOK"), sea.port("USLAX")
    direct = float(distance_km(sea.port_lat[a], sea.port_lon[a], sea.port_lat[b], sea.port_lon[b]))
    assert km < 1.06 * direct


def test_ports_have_their_own_nodes() -> None:
    """Aktau, Kuryk, Alat and Turkmenbashi are four ports, not one vertex."""
    sea = lanes()
    nodes = [int(sea.port_node[sea.port(code)]) for code in ("KZAAU", "KZKUR", "AZALA", "AZBAK", "TMKRW")]
    assert len(set(nodes)) == 5 and min(nodes) >= 0
    lengths = [way(a, "AZALA")[0] for a in ("KZAAU", "KZKUR", "TMKRW")]
    assert lengths == pytest.approx([501, 456, 318], abs=5)
    joined = sea.port_node[sea.port_node >= 0]
    assert len(np.unique(joined)) == len(joined)
    assert np.nanmax(sea.port_km) <= REACH_OVER_WATER_KM
    assert (np.diff(np.char.str_len(sea.port_code)) == 0).all() and (sea.port_code[:-1] < sea.port_code[1:]).all()


def test_inland_ports_are_not_sailed_to() -> None:
    sea = lanes()
    for code in ("DEDUI", "CNCKG", "ATVIE", "PLWAS"):
        assert sea.port_node[sea.port(code)] == -1, code


def test_an_extra_port_replaces_the_packages() -> None:
    sea = lanes()
    assert sea.port_lat[sea.port("KZAAU")] == 43.6353
    assert sea.is_terminal[sea.port("KZAAU")]


def test_unknown_port_is_named() -> None:
    with pytest.raises(UnknownOption, match="XXYYY"):
        lanes().port("XXYYY")


def test_land_is_where_countries_are() -> None:
    """The coast grid against the country polygons, away from the coast."""
    points = {
        (55.75, 37.6): True,
        (66.0, 120.0): True,
        (66.5, -178.0): True,
        (40.0, -40.0): False,
        (0.0, -160.0): False,
    }
    points |= {(-25.0, 135.0): True, (43.5, 50.5): False, (52.0, 180.0): False, (-17.8, 178.0): True}
    grid = land_grid()
    for (lat, lon), land in points.items():
        assert grid[int((lat + 90) / 0.05), int((lon + 180) / 0.05) % 7200] == land, (lat, lon)
    random = np.random.default_rng(3)
    lat, lon = random.uniform(-55, 60, 4000), random.uniform(-170, 165, 4000)
    cells = grid[((lat + 90) / 0.05).astype(int), ((lon + 180) / 0.05).astype(int)]
    assert (cells != (country_at(lat, lon, coast_km=0) >= 0)).mean() < 0.01


# --- closing


def test_open_by_default_are_all_but_the_arctic() -> None:
    assert {key for key, is_open in zip(KEYS, passages_open(PASSAGES), strict=True) if not is_open} == {
        "northern_sea_route",
        "northwest",
    }


def test_closing_suez_leads_round_the_cape() -> None:
    _, edges = way("CNSHA", "NLRTM", **LINER)
    assert {"suez", "bab_el_mandeb", "gibraltar", "malacca"} <= set(passed(edges))
    for closed in (["suez"], ["bab_el_mandeb"]):
        km, edges = way("CNSHA", "NLRTM", closed=closed, **LINER)
        assert "cape_of_good_hope" in passed(edges) and "suez" not in passed(edges)
        assert 25_000 < km < 27_000


def test_closing_suez_and_the_cape_leads_across_the_pacific() -> None:
    """A ship that fits goes through Panama, one that does not through the Strait of Magellan or round the Horn."""
    closed = ["suez", "cape_of_good_hope"]
    assert "panama" in passed(way("CNSHA", "NLRTM", closed=closed, draft_m=12.0, beam_m=32.0)[1])
    assert {"magellan", "cape_horn"} & set(passed(way("CNSHA", "NLRTM", closed=closed, **LINER)[1]))


def test_closing_all_ways_leaves_none() -> None:
    """No way is no way: never a length of zero, as searoute-py gives (its issue 53)."""
    closed = ["suez", "cape_of_good_hope", "panama", "magellan", "cape_horn"]
    km, edges = way("CNSHA", "NLRTM", closed=closed)
    assert km == float("inf") and edges == []


def test_closing_hormuz_shuts_the_gulf() -> None:
    assert way("KWSAA", "INBOM", closed=["hormuz"])[0] == float("inf")
    assert "OMSLL" not in ports_beyond_reach(lanes(), open_edges(lanes(), PASSAGES, closed=["hormuz"]))


def test_the_passages_of_the_east_stand_in_for_each_other() -> None:
    closed: list[str] = []
    lengths = []
    for key in ("malacca", "sunda", "lombok"):
        km, edges = way("SGSIN", "INBOM", closed=closed)
        assert key in passed(edges)
        lengths.append(km)
        closed.append(key)
    assert lengths == sorted(lengths) and way("SGSIN", "INBOM", closed=closed)[0] > lengths[-1]


@pytest.mark.parametrize("start", ASIA)
@pytest.mark.parametrize("end", EUROPE)
def test_nothing_sails_north_of_66_unless_asked(start: str, end: str) -> None:
    km, edges = way(start, end)
    sea = lanes()
    assert not sea.edge_polar[edges].any()
    assert max(sea.lines.node_lat[sea.lines.edge_u[edges]]) < 66
    if start in ("CNSHA", "VNHPH") and end == "NLRTM":
        assert km > 9_500 * 1.852
    closed = ["suez", "cape_of_good_hope", "panama", "magellan", "cape_horn"]
    assert not sea.edge_polar[way(start, end, closed=closed)[1]].any()


def test_the_northern_sea_route_opens_when_asked() -> None:
    km, edges = way("JPYOK", "NLRTM", opened=["northern_sea_route"])
    assert {"bering", "northern_sea_route"} <= set(passed(edges))
    assert lanes().edge_polar[edges].any()
    assert km < way("JPYOK", "NLRTM")[0]
    assert "northern_sea_route" not in passed(way("JPYOK", "NLRTM", opened=["northern_sea_route"], draft_m=14.0)[1])


def test_ports_of_the_ice_free_north_stay_reachable() -> None:
    """Narvik and Murmansk lie north of 66 degrees and are sailed to all year."""
    for code in ("NONVK", "RUMMK"):
        assert np.isfinite(way("NLRTM", code)[0]), code


CASPIAN = {"AZALA", "AZBAK", "KZAAU", "KZKUR", "TMKRW", "RUMCX"}


def test_the_caspian_is_entered_by_the_volga_don_only() -> None:
    km, edges = way("AZALA", "GEPTI")
    assert passed(edges) == ["volga_don", "kerch"] or passed(edges) == ["kerch", "volga_don"]
    assert 2_500 < km < 2_900
    assert way("AZALA", "GEPTI", closed=["volga_don"])[0] == float("inf")
    assert way("AZALA", "GEPTI", draft_m=5.0)[0] == float("inf")
    assert np.isfinite(way("AZALA", "KZAAU", draft_m=5.0)[0])


def test_ports_beyond_reach_of_an_ocean_ship() -> None:
    sea = lanes()
    beyond = ports_beyond_reach(sea, open_edges(sea, PASSAGES, draft_m=5.0))
    assert beyond >= CASPIAN
    assert {"GEPTI", "NLRTM", "RUNVS", "USCHI"}.isdisjoint(beyond)
    assert {"USCHI", "CATOR", *CASPIAN} <= ports_beyond_reach(sea, open_edges(sea, PASSAGES, **LINER))
    assert not ports_beyond_reach(sea, open_edges(sea, PASSAGES))


def test_ports_at_the_ends_of_a_closed_canal_stay_reachable() -> None:
    """Closing Suez and Panama leaves Port Said to the Mediterranean and Balboa to the Pacific."""
    closed = ["suez", "panama"]
    assert way("EGPSD", "GRPIR", closed=closed)[0] < 1_500
    assert np.isfinite(way("PABLB", "USLAX", closed=closed)[0])
    assert np.isfinite(way("PACTB", "USMIA", closed=closed)[0])
    assert way("PABLB", "PACTB", closed=["panama", "magellan", "cape_horn"], draft_m=16.0)[0] > 20_000


def test_deep_ships_keep_out_of_small_canals() -> None:
    assert "kiel" in passed(way("DEHAM", "LTKLJ")[1])
    assert passed(way("DEHAM", "LTKLJ", **LINER)[1]) == ["great_belt"]
    assert "corinth" not in passed(way("ITBRI", "GRPIR", **LINER)[1])


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [
        ("CNSHA", "NLRTM", "suez"),
        ("USNYC", "USLAX", "panama"),
        ("DEHAM", "LTKLJ", "kiel"),
        ("GRPIR", "ROCND", "bosporus"),
        ("AZALA", "GEPTI", "volga_don"),
    ],
)
def test_a_transit_crosses_its_gate_once(start: str, end: str, key: str) -> None:
    """So that a toll charged on the edges of a passage is charged once."""
    assert passed(way(start, end)[1]).count(key) == 1


@pytest.mark.parametrize("key", KEYS)
def test_closing_a_passage_never_shortens_a_way(key: str) -> None:
    assert way("CNSHA", "NLRTM", closed=[key])[0] >= way("CNSHA", "NLRTM")[0]


def test_unknown_passage_is_named() -> None:
    with pytest.raises(UnknownOption, match="suess"):
        open_edges(lanes(), PASSAGES, closed=["suess"])


# --- gates

GATE = {"gate_lat_a": -1.0, "gate_lon_a": 0.0, "gate_lat_b": 1.0, "gate_lon_b": 0.0}


def crosses(lat_u: float, lon_u: float, lat_v: float, lon_v: float, gate: dict[str, Any] = GATE) -> bool:
    arrays: list[NDArray[np.float64]] = [np.array([x]) for x in (lat_u, lon_u, lat_v, lon_v)]
    return bool(crosses_gate(*arrays, gate)[0])


def test_gate_tiny() -> None:
    assert crosses(0, -1, 0, 1)
    assert not crosses(2, -1, 2, 1), "past the end of the gate"
    assert not crosses(0, 1, 0, 2), "on one side"
    over = GATE | {"gate_lon_a": -179.5, "gate_lon_b": -179.5}
    assert crosses(0, 179.0, 0, -179.0, over), "across the antimeridian"
    assert crosses(0, -179.0, 0, 179.0, over)
    assert not crosses(0, 170.0, 0, 179.0, over)


coordinate = st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3)


@given(st.tuples(coordinate, coordinate, coordinate, coordinate), st.sampled_from([-720.0, -360.0, 0.0, 360.0]))
@settings(max_examples=200, deadline=None)
def test_gate_is_crossed_both_ways_or_not_at_all(edge: tuple[float, float, float, float], turn: float) -> None:
    lat_u, lon_u, lat_v, lon_v = edge
    there = crosses(lat_u, lon_u, lat_v, lon_v)
    assert there == crosses(lat_v, lon_v, lat_u, lon_u)
    assert there == crosses(lat_u, lon_u + turn, lat_v, lon_v + turn)


@given(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
@settings(max_examples=100, deadline=None)
def test_a_way_through_a_point_on_the_gate_crosses_once(lat: float, end: float) -> None:
    """u -- p -- v with p exactly on the gate: one of the two edges crosses it, not both and not none."""
    assert crosses(lat, -1, lat, 0) + crosses(lat, 0, end, 1) == 1


def test_two_gates_on_one_edge_are_refused() -> None:
    other = GATE | {"gate_lon_a": 0.5, "gate_lon_b": 0.5}
    edge = [np.array([x]) for x in (0.0, -1.0, 0.0, 1.0)]
    with pytest.raises(BadTable, match="gate"):
        edge_passages(*edge, [GATE | {"passage": "one"}, other | {"passage": "two"}])
