"""Defects a review of the world network found, each held against what is true on the ground.

Closed frontiers are closed, no truck drives over the sea, large cities keep their railways, boxes reach islands, and roads that exist
are there. Road distances are compared with those of the highway named, within 15 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import keruen
from keruen.network.assembly import Assembly
from keruen.network.build import World
from keruen.network.crossings import Crossings
from keruen.network.graph import LOADS, MODES, Kind
from keruen.network.landmass import with_island_ports
from keruen.network.ports import has_open_water, over_water
from keruen.network.sites import Site, merge_sites
from keruen.network.sphere import distance_km, nearest, unit_vectors
from keruen.tables.dataset import Dataset

sparse = pytest.importorskip("scipy.sparse", reason="the way is found by scipy here, which is not installed")
csgraph = pytest.importorskip("scipy.sparse.csgraph", reason="the way is found by scipy here, which is not installed")

Point = tuple[float, float]
ROAD, RAIL, SEA, AIR = (MODES.index(mode) for mode in ("road", "rail", "sea", "air"))
MILLION = 1_000_000

SEOUL, BEIJING = (37.57, 126.98), (39.90, 116.40)
DELHI, LAHORE = (28.65, 77.20), (31.55, 74.34)
MANAMA, DAMMAM = (26.22, 50.58), (26.43, 50.08)
NAIROBI, MOMBASA = (-1.29, 36.82), (-4.06, 39.66)
TANGER_MED, CASABLANCA = (35.88, -5.50), (33.58, -7.60)


@pytest.fixture(scope="module")
def network(world_data: Dataset) -> World:
    return keruen.open_world(world_data)


# --- frontiers -----------------------------------------------------------------------------------------------------------------


def frontier(**values: Any) -> dict[str, Any]:
    return {
        "border": "x", "name": "X", "name_ru": "Икс", "mode": "road", "lat": np.nan, "lon": np.nan, "radius_km": np.nan,
        "country_a": "KR", "country_b": "KP", "status": "closed", **values,
    }  # fmt: skip


def is_open(named: list[dict[str, Any]], mode: str = "road", lat: float = 38.0, lon: float = 127.0) -> bool:
    """Whether a line of a mode that crosses from South to North Korea at a point may be used."""
    assembly = Assembly(["KR", "KP"])
    crossings = Crossings(assembly, named, unit_vectors([38.0], [127.0]), [("Town", "Город")])
    return assembly.facilities[crossings.facility(mode, 0, 1, lat, lon)].is_open


def test_a_frontier_closed_as_a_whole_closes_crossings_without_a_name() -> None:
    assert is_open([])
    assert not is_open([frontier()])
    assert not is_open([frontier(country_a="KP", country_b="KR")])
    assert is_open([frontier(mode="rail")])
    assert is_open([frontier(country_b="CN")])


def test_a_named_crossing_of_a_closed_frontier_keeps_its_own_status() -> None:
    here = frontier(border="here", lat=38.0, lon=127.0, radius_km=10.0, status="open")
    assert is_open([frontier(), here])
    assert not is_open([frontier(), here], lat=38.5)


@pytest.mark.world
def test_no_unnamed_crossing_of_a_closed_frontier_is_open(network: World, shipped: Dataset) -> None:
    graph = network.graph
    named = {row["border"] for row in shipped["borders"]}
    unnamed = np.array(
        [kind == 1 and key not in named for kind, key in zip(graph.facility_kind, graph.facility_key, strict=True)]
    )
    closed = [row for row in shipped["borders"] if np.isnan(row["lat"]) and row["status"] == "closed"]
    assert len(closed) >= 23
    met = 0
    for row in closed:
        a, b = (int(np.flatnonzero(graph.countries == row[column])[0]) for column in ("country_a", "country_b"))
        pair = {a, b}
        of_pair = np.array(
            [{int(x), int(y)} == pair for x, y in zip(graph.facility_country_a, graph.facility_country_b, strict=True)]
        )
        here = unnamed & of_pair & (graph.facility_type == row["mode"])
        met += int(here.sum())
        assert not graph.facility_open[here].any(), row["border"]
    assert met > 20


@pytest.mark.world
def test_no_truck_goes_over_a_closed_frontier(network: World) -> None:
    assert drive(network, SEOUL, BEIJING) == (np.inf, [])
    _, countries = drive(network, DELHI, LAHORE)
    assert ("IN", "PK") not in zip(countries, countries[1:], strict=False)


# --- spurs over water ----------------------------------------------------------------------------------------------------------


def lines(*ends: tuple[Point, Point]) -> list[bool]:
    """Whether each of some straight lines leads over open water."""
    (lat_a, lon_a), (lat_b, lon_b) = (np.array([line[end] for line in ends]).T for end in (0, 1))
    return over_water(lat_a, lon_a, lat_b, lon_b).tolist()


def test_open_water_is_known() -> None:
    zanzibar, cozumel = ((-6.16, 39.19), (-6.80, 39.25)), ((20.51, -86.95), (20.63, -87.08))
    inland, across_the_rhine = ((48.0, 68.0), (48.4, 68.2)), ((51.43, 6.75), (51.50, 6.60))
    assert lines(zanzibar, cozumel, inland, across_the_rhine) == [True, True, False, False]


def test_harbours_and_narrow_straits_are_no_open_water() -> None:
    sea = np.zeros(100, np.bool_)
    sea[:20] = True
    assert not has_open_water(sea, 0.4)
    assert has_open_water(sea, 0.6)
    assert has_open_water(np.roll(sea, 30), 0.4)
    assert not has_open_water(np.roll(sea, 30), 0.2)


def spurs_of(network: World, mode: int) -> tuple[list[str], NDArray[np.intp]]:
    """Terminals with a spur of a mode, and the arcs from the spurs to the line."""
    graph = network.graph
    first = graph.first_out
    boards = np.flatnonzero((graph.arc_kind == Kind.LOAD) & (graph.arc_mode == mode))
    keys, arcs = [], []
    for arc in boards.tolist():
        spur, terminal = int(graph.head[arc]), int(graph.arc_facility[arc])
        apart = distance_km(
            graph.node_lat[spur], graph.node_lon[spur], graph.facility_lat[terminal], graph.facility_lon[terminal]
        )
        moves = [x for x in range(first[spur], first[spur + 1]) if graph.arc_kind[x] == Kind.MOVE]
        if apart < 0.1 and len(moves) == 1:
            keys.append(str(graph.facility_key[terminal]))
            arcs += moves
    return keys, np.array(arcs, np.intp)


@pytest.mark.world
@pytest.mark.parametrize("mode", [ROAD, RAIL])
def test_no_spur_leads_over_open_water(network: World, shipped: Dataset, mode: int) -> None:
    graph = network.graph
    trusted = set(shipped["places"].texts("place")) if mode == RAIL else set()
    keys, arcs = spurs_of(network, mode)
    ends = [
        np.asarray(x, np.float64)
        for end in (graph.tail, graph.head)
        for x in (graph.node_lat[end[arcs]], graph.node_lon[end[arcs]])
    ]
    assert len(keys) > 500
    wet = [key for key, is_wet in zip(keys, over_water(*ends), strict=True) if is_wet and key not in trusted]
    assert len(wet) <= 3, wet  # a spur cut off by the rounding of coordinates to 4 bytes may be on the edge


@pytest.mark.world
@pytest.mark.parametrize("island", ["TZZNZ", "CANNO", "MXCZM", "VNPQC", "GRCFU", "GBKWL"])
def test_an_island_without_roads_is_reached_without_them(network: World, island: str) -> None:
    assert network.graph.ends_of(island) is not None
    assert island not in boarded(network, ROAD)
    assert island in boarded(network, SEA) | boarded(network, AIR)


# --- railways of cities --------------------------------------------------------------------------------------------------------


def site(code: str, lat: float = 20.0, lon: float = 70.0, **values: Any) -> Site:
    return Site(code, code, "", "IN", lat, lon, values.pop("type", "rail_terminal"), **values)


def test_a_city_whose_airport_has_its_code_keeps_its_railway() -> None:
    airport, city = site("INSTV", 21.11, 72.74, type="airport", air=True), site("INSTV", 21.2, 72.83, rail=True)
    merged = merge_sites([], [airport, city])
    assert len(merged) == 1
    assert (merged[0].air, merged[0].rail, merged[0].lat) == (True, True, 21.2)


def test_what_the_table_says_of_a_place_stands() -> None:
    ours = site("INSTV", sea=True, curated=True, container=True)
    (merged,) = merge_sites([ours], [site("INSTV", rail=True), site("INSTV", air=True)])
    assert (merged.rail, merged.air) == (False, True)


@pytest.mark.world
def test_every_city_of_a_million_at_a_railway_has_a_rail_terminal(network: World) -> None:
    graph, names = network.graph, network.gazetteer
    cities = np.flatnonzero(names.population >= MILLION)
    country_row = {str(code): row for row, code in enumerate(graph.countries.tolist())}
    country = np.array([country_row.get(names.entry(int(city)).country, -1) for city in cities])
    lat, lon = names.lat[cities], names.lon[cities]
    rail_layers = [row for row, layer in enumerate(graph.layers.tolist()) if layer.startswith("rail_")]
    on_rail = np.isin(graph.node_layer, rail_layers)
    _, line_km = nearest(
        lat, lon, graph.node_lat[on_rail], graph.node_lon[on_rail], country, graph.node_country[on_rail]
    )
    terminals = np.unique(graph.arc_facility[(graph.arc_kind == Kind.LOAD) & (graph.arc_mode == RAIL)])
    _, km = nearest(lat, lon, graph.facility_lat[terminals], graph.facility_lon[terminals])
    without = [names.name[int(city)] for city in cities[(line_km <= 15) & (km > 30)]]
    assert len(cities) > 500
    assert not without


# --- boxes to islands ----------------------------------------------------------------------------------------------------------


def test_the_ports_of_an_island_without_a_box_port_are_opened() -> None:
    ports = [
        site(code, sea=True, container=code == "BOX") for code in ("BOX", "NEAR", "QUAY", "PIER", "ALONE", "RIG", "DRY")
    ]
    joined = {"BOX", "NEAR", "QUAY", "PIER", "ALONE", "RIG"}
    opened = with_island_ports(ports, [1, 1, 2, 2, 3, -1, 4], joined, {"QUAY", "NEAR"})
    assert [port.code for port in opened if port.container] == ["BOX", "QUAY", "ALONE"]


@pytest.mark.world
@pytest.mark.parametrize("port", ["ESPMI", "GRHER", "GRRHO", "GBLER", "FRAJA", "USHNL", "ITCAG"])
def test_boxes_reach_islands(network: World, port: str) -> None:
    graph = network.graph
    boxes = (graph.arc_loads & (1 << LOADS.index("container"))) > 0
    assert port in boarded(network, SEA, boxes)


@pytest.mark.world
def test_boxes_are_not_handled_everywhere(network: World) -> None:
    graph = network.graph
    boxes = (graph.arc_loads & (1 << LOADS.index("container"))) > 0
    assert len(boarded(network, SEA, boxes)) < len(boarded(network, SEA)) / 2


# --- roads, airports, yards ----------------------------------------------------------------------------------------------------


@pytest.mark.world
@pytest.mark.parametrize(
    ("start", "end", "km", "countries"),
    [
        (MANAMA, DAMMAM, 80, ["BH", "SA"]),  # King Fahd Causeway
        (NAIROBI, MOMBASA, 485, ["KE"]),  # A109
        (TANGER_MED, CASABLANCA, 385, ["MA"]),  # A4 and A5
    ],
)
def test_roads_that_exist(network: World, start: Point, end: Point, km: float, countries: list[str]) -> None:
    drawn_km, passed = drive(network, start, end)
    assert passed == countries
    assert drawn_km == pytest.approx(km, rel=0.15)


@pytest.mark.world
@pytest.mark.parametrize(
    "iata", ["HNL", "JNU", "DEN", "BOS", "HBA", "DRW", "YYT", "PMI", "HER", "CAG", "OKA", "PKC", "ZNZ", "DAR"]
)
def test_capitals_and_islands_have_an_airport(network: World, iata: str) -> None:
    codes = boarded(network, AIR)
    assert any(code[2:5] == iata for code in codes)


@pytest.mark.world
def test_the_build_has_no_troubles(network: World) -> None:
    assert network.about["troubles"] == []


# --- helpers -------------------------------------------------------------------------------------------------------------------


def boarded(network: World, mode: int, only: NDArray[np.bool_] | None = None) -> set[str]:
    """Codes of the terminals at which vehicles of a mode are loaded; `only` bool[m] narrows the arcs."""
    graph = network.graph
    arcs = (graph.arc_kind == Kind.LOAD) & (graph.arc_mode == mode)
    facilities = np.unique(graph.arc_facility[arcs if only is None else arcs & only])
    return set(graph.facility_key[facilities].tolist())


@cache
def roads(network: World) -> Any:
    """The open roads as a sparse matrix of kilometres."""
    graph = network.graph
    layer = int(np.flatnonzero(graph.layers == "road")[0])
    closed = (graph.arc_kind == Kind.BORDER) & ~graph.facility_open[graph.arc_facility]
    arcs = np.flatnonzero((graph.node_layer[graph.tail] == layer) & (graph.node_layer[graph.head] == layer) & ~closed)
    km = np.maximum(graph.arc_km[arcs], 1e-3)
    return sparse.csr_matrix((km, (graph.tail[arcs], graph.head[arcs])), shape=(graph.n, graph.n))


def drive(network: World, start: Point, end: Point) -> tuple[float, list[str]]:
    """Kilometres by road between the road nodes nearest to two points, and the countries passed; (inf, []) without a way."""
    graph = network.graph
    on_road = np.flatnonzero(graph.node_layer == int(np.flatnonzero(graph.layers == "road")[0]))
    a, b = (
        int(on_road[np.argmin(distance_km(graph.node_lat[on_road], graph.node_lon[on_road], *at))])
        for at in (start, end)
    )
    km, before = csgraph.dijkstra(roads(network), indices=a, return_predecessors=True)
    if np.isinf(km[b]):
        return np.inf, []
    way = [b]
    while way[-1] != a:
        way.append(int(before[way[-1]]))
    return float(km[b]), without_repeats(str(graph.countries[graph.node_country[node]]) for node in reversed(way))


def without_repeats(items: Iterable[str]) -> list[str]:
    """The items, each run of equal ones once."""
    kept: list[str] = []
    for item in items:
        if not kept or kept[-1] != item:
            kept.append(item)
    return kept
