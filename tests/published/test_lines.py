"""Railway lines of the corridors: each is there, runs in its gauge without a break, and is as long as published.

Drawn lengths are what the map gives after repair; lengths are what the network uses, set to published ones where there
are any. Both are compared here with numbers from documents; the drawn ones (`test_drawn_lengths...`) show how far the
map is to be trusted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import BaseLines

from keruen.network.base import GAUGES, Lines
from keruen.network.sphere import distance_km
from keruen.tables.dataset import load

sparse = pytest.importorskip("scipy.sparse", reason="the way is found by scipy here, which is not installed")
csgraph = pytest.importorskip("scipy.sparse.csgraph", reason="the way is found by scipy here, which is not installed")

Place = tuple[float, float]

ALTYNKOL, ALMATY, AKTAU = (44.173, 80.235), (43.345, 76.945), (43.602, 51.225)
DOSTYK, MOIYNTY, ALASHANKOU, KHORGOS = (45.255, 82.485), (47.22, 73.36), (45.155, 82.568), (44.154, 80.437)
BAKU, GARDABANI, TBILISI, POTI, BATUMI = (40.38, 49.85), (41.40, 45.17), (41.723, 44.80), (42.15, 41.67), (41.66, 41.68)
AKHALKALAKI, KARS, ANKARA, ISTANBUL = (41.332, 43.488), (40.60, 43.10), (39.936, 32.845), (41.02, 28.765)
HANOI, YEN_VIEN, HAI_PHONG, LAO_CAI = (21.025, 105.84), (21.085, 105.92), (20.856, 106.687), (22.506, 103.968)
DONG_DANG, PINGXIANG, NANNING, XIAN = (21.948, 106.70), (22.106, 106.751), (22.83, 108.31), (34.28, 108.96)
LIANYUNGANG, LANZHOU, URUMQI, KUNMING = (34.74, 119.38), (36.035, 103.85), (43.78, 87.58), (25.015, 102.72)
MALASZEWICZE, BREST, MINSK, MOSCOW = (52.025, 23.50), (52.10, 23.68), (53.89, 27.55), (55.776, 37.655)
VAIDOTAI, KENA, VILNIUS, KLAIPEDA = (54.60, 25.18), (54.65, 25.62), (54.67, 25.285), (55.651, 21.151)
MOCKAVA, KAUNAS, WARSAW, DUISBURG = (54.324, 23.297), (54.887, 23.93), (52.235, 21.05), (51.43, 6.775)
VOSTOCHNY, IRKUTSK, ULAANBAATAR, TYNDA = (42.758, 133.086), (52.28, 104.26), (47.908, 106.933), (55.14, 124.70)
SERHETYAKA, AKYAILA, BOTEN, VIENTIANE = (42.34, 53.75), (37.501, 54.684), (21.185, 101.68), (18.04, 102.708)
KURYK, ZHETYGEN, ASTANA, SLAWKOW = (43.18, 51.675), (43.685, 77.12), (51.19, 71.41), (50.30, 19.33)
CHONGQING = (29.6345, 106.3853)

PUBLISHED = [  # from, to, gauge, km, where it is published
    (ALTYNKOL, AKTAU, 1520, 3128, "SeaNews 2024 (legs L005)"),
    (ALTYNKOL, ZHETYGEN, 1520, 293, "Tengrinews 2011"),
    (DOSTYK, MOIYNTY, 1520, 836, "Qazinform 2025 (legs L014)"),
    (GARDABANI, POTI, 1520, 360, "MTT 96 (legs L088)"),
    (GARDABANI, BATUMI, 1520, 396, "MTT 96 (legs L089)"),
    (BAKU, TBILISI, 1520, 549, "timetable"),
    (SERHETYAKA, AKYAILA, 1520, 700, "TASS 2014"),
    (VOSTOCHNY, MOSCOW, 1520, 9361, "Container Mag 2009 (legs L034)"),
    (MINSK, BREST, 1520, 347, "Wikipedia: Minsk-Brest railway"),
    (KLAIPEDA, VILNIUS, 1520, 376, "Wikipedia: Vilnius-Klaipeda railway"),
    (LIANYUNGANG, XIAN, 1435, 1071, "Wikipedia: Longhai railway, km 12 to 1083"),
    (XIAN, LANZHOU, 1435, 676, "Wikipedia: Longhai railway, km 1083 to 1759"),
    (HANOI, DONG_DANG, 1000, 162, "timetable"),
    (HANOI, HAI_PHONG, 1000, 102, "timetable"),
    (HANOI, LAO_CAI, 1000, 296, "Wikipedia: Hanoi-Lao Cai railway"),
    (BOTEN, VIENTIANE, 1435, 422, "CGTN 2021"),
    # Not in rail_lines, so that nothing was set to these:
    (YEN_VIEN, NANNING, 1435, 385, "timetable: Hanoi-Nanning 396 less Hanoi-Yen Vien 11"),
    (IRKUTSK, ULAANBAATAR, 1520, 1113, "transsib.eyand.de, train 362"),
    (MOSCOW, TYNDA, 1520, 6721, "transsib.eyand.de, train 76"),
]
THROUGH = [  # lines in one gauge that must not be broken, and the most their length may be of the great circle
    (ALTYNKOL, ALMATY, 1520, 1.4),
    (ALMATY, AKTAU, 1520, 1.5),
    (ALMATY, KURYK, 1520, 1.5),
    (ALMATY, ASTANA, 1520, 1.5),
    (KHORGOS, XIAN, 1435, 1.35),
    (ALASHANKOU, XIAN, 1435, 1.35),
    (LIANYUNGANG, URUMQI, 1435, 1.35),
    (PINGXIANG, XIAN, 1435, 1.7),
    (DONG_DANG, LIANYUNGANG, 1435, 1.6),
    (AKHALKALAKI, ISTANBUL, 1435, 1.6),
    (KARS, ANKARA, 1435, 1.7),
    (ANKARA, DUISBURG, 1435, 1.5),
    (VAIDOTAI, MINSK, 1520, 1.3),
    (KENA, MINSK, 1520, 1.35),
    (MALASZEWICZE, DUISBURG, 1435, 1.3),
    (BREST, MOSCOW, 1520, 1.2),
    (MOCKAVA, WARSAW, 1435, 1.5),
    (MOCKAVA, KAUNAS, 1520, 1.5),
    (MOCKAVA, KAUNAS, 1435, 1.5),
    (SLAWKOW, MOSCOW, 1520, 1.5),
    (KUNMING, VIENTIANE, 1435, 1.6),
]
YARDS = [  # both gauges run into these stations
    ("Altynkol", ALTYNKOL, 1435, 1520),
    ("Khorgos", KHORGOS, 1435, 1520),
    ("Dostyk", DOSTYK, 1435, 1520),
    ("Alashankou", ALASHANKOU, 1435, 1520),
    ("Brest", BREST, 1435, 1520),
    ("Malaszewicze", MALASZEWICZE, 1435, 1520),
    ("Mockava", MOCKAVA, 1435, 1520),
    ("Kaunas", KAUNAS, 1435, 1520),
    ("Akhalkalaki", AKHALKALAKI, 1435, 1520),
    ("Slawkow", SLAWKOW, 1435, 1520),
    ("Yen Vien", YEN_VIEN, 1000, 1435),
    ("Dong Dang", DONG_DANG, 1000, 1435),
    ("Lao Cai", LAO_CAI, 1000, 1435),
]
NOT_THERE = [  # and these gauges do not run there
    ("Minsk", MINSK, 1435),
    ("Warsaw", WARSAW, 1520),
    ("Kars", KARS, 1520),
    ("Tbilisi", TBILISI, 1435),
    ("Almaty", ALMATY, 1435),
    ("Urumqi", URUMQI, 1520),
    ("Nanning", NANNING, 1000),
    ("Hai Phong", HAI_PHONG, 1435),
    ("Vilnius", VILNIUS, 1435),
]


@pytest.fixture(scope="session")
def rail(base: BaseLines) -> RailWays:
    return RailWays(base["rail"][0])


class RailWays:
    """Shortest ways over the base railways, one gauge at a time."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.layers: dict[int, Any] = {}

    def layer(self, gauge_mm: int) -> Any:
        if gauge_mm not in self.layers:
            lines, mine = self.lines, self.lines.edge_gauge == GAUGES.index(gauge_mm)
            km = np.maximum(lines.edge_km[mine], 1e-9)  # a length of zero is no edge to scipy
            n = len(lines.node_lat)
            matrix = sparse.csr_matrix((km, (lines.edge_u[mine], lines.edge_v[mine])), shape=(n, n))
            self.layers[gauge_mm] = matrix.maximum(matrix.T)
        return self.layers[gauge_mm]

    def near(self, place: Place, gauge_mm: int) -> tuple[int, float]:
        """The nearest node in a gauge, and how far it is in km."""
        nodes = np.flatnonzero(np.diff(self.layer(gauge_mm).indptr))
        km = distance_km(self.lines.node_lat[nodes], self.lines.node_lon[nodes], *place)
        return int(nodes[np.argmin(km)]), float(km.min())

    def km(self, start: Place, end: Place, gauge_mm: int) -> float:
        """Length of the shortest way in a gauge; both ends must have it within 4 km."""
        (a, a_km), (b, b_km) = self.near(start, gauge_mm), self.near(end, gauge_mm)
        assert a_km < 4 and b_km < 4, f"no {gauge_mm} mm line at {start if a_km >= 4 else end}"
        return float(csgraph.dijkstra(self.layer(gauge_mm), indices=a)[b])


@pytest.mark.world
@pytest.mark.parametrize(("start", "end", "gauge_mm", "published_km", "where"), PUBLISHED)
def test_a_line_is_as_long_as_published(
    rail: RailWays, start: Place, end: Place, gauge_mm: int, published_km: float, where: str
) -> None:
    assert rail.km(start, end, gauge_mm) == pytest.approx(published_km, rel=0.05), where


@pytest.mark.world
def test_baku_tbilisi_kars(rail: RailWays) -> None:
    """826 km in all and 285 km from Tbilisi (Wikipedia), the gauge changing at Akhalkalaki."""
    to_kars = rail.km(AKHALKALAKI, KARS, 1435)
    assert rail.km(TBILISI, AKHALKALAKI, 1520) + to_kars == pytest.approx(285, rel=0.05)
    assert rail.km(BAKU, AKHALKALAKI, 1520) + to_kars == pytest.approx(826, rel=0.05)


@pytest.mark.world
def test_hanoi_nanning(rail: RailWays) -> None:
    """396 km by timetable; the last 11 km from Yen Vien to Hanoi are for metre gauge."""
    assert rail.km(HANOI, YEN_VIEN, 1000) + rail.km(YEN_VIEN, NANNING, 1435) == pytest.approx(396, rel=0.05)


@pytest.mark.world
def test_xian_duisburg(rail: RailWays) -> None:
    """9,908 km by ShipHub 2022 (legs L006): no part of it says which way it went, so 10 % either way."""
    by_dostyk = rail.km(XIAN, ALASHANKOU, 1435) + rail.km(DOSTYK, BREST, 1520) + rail.km(MALASZEWICZE, DUISBURG, 1435)
    by_khorgos = rail.km(XIAN, KHORGOS, 1435) + rail.km(ALTYNKOL, BREST, 1520) + rail.km(MALASZEWICZE, DUISBURG, 1435)
    assert min(by_dostyk, by_khorgos) == pytest.approx(9908, rel=0.10)


@pytest.mark.world
@pytest.mark.parametrize(("start", "end", "gauge_mm", "most"), THROUGH)
def test_a_line_is_not_broken(rail: RailWays, start: Place, end: Place, gauge_mm: int, most: float) -> None:
    straight = float(distance_km(*start, *end))
    assert 0.99 * straight <= rail.km(start, end, gauge_mm) <= most * straight


@pytest.mark.world
def test_no_false_junction_shortens_nanning_chongqing(rail: RailWays) -> None:
    """Joining dead ends by nearness alone made it 0.68 of the known 1,130 km (MEASURED A2)."""
    assert rail.km(NANNING, CHONGQING, 1435) > 0.8 * 1130


@pytest.mark.world
@pytest.mark.parametrize(("name", "place", "one_mm", "other_mm"), YARDS)
def test_both_gauges_run_into_a_yard(rail: RailWays, name: str, place: Place, one_mm: int, other_mm: int) -> None:
    assert rail.near(place, one_mm)[1] < 4 and rail.near(place, other_mm)[1] < 4, name


@pytest.mark.world
@pytest.mark.parametrize(("name", "place", "gauge_mm"), NOT_THERE)
def test_a_gauge_stays_where_it_belongs(rail: RailWays, name: str, place: Place, gauge_mm: int) -> None:
    assert rail.near(place, gauge_mm)[1] > 15, name


@pytest.mark.world
def test_every_listed_repair_and_line_found_its_place(base: BaseLines) -> None:
    for _, report in base.values():
        assert not report.troubles
        assert not [line for line in report.lines if line.trouble]


@pytest.mark.world
def test_drawn_lengths_are_near_published_ones(base: BaseLines, record_property: Any) -> None:
    """Before anything is set: half of the lines within 2.5 %, nine of ten within 8 %; the map is rather short than long."""
    drawn = {f"{line.line} {line.gauge_mm}": line.ratio for line in base["rail"][1].lines if np.isfinite(line.ratio)}
    record_property("drawn over published", {name: round(ratio, 3) for name, ratio in drawn.items()})
    off = np.abs(np.array(list(drawn.values())) - 1)
    assert len(off) >= 35
    assert np.median(off) < 0.025 and np.quantile(off, 0.9) < 0.08, drawn


@pytest.mark.world
@pytest.mark.parametrize("mode", ["rail", "road"])
def test_every_edge_lies_in_one_country_and_borders_are_points(base: BaseLines, mode: str) -> None:
    lines = base[mode][0]
    a, b = lines.node_country[lines.edge_u], lines.node_country[lines.edge_v]
    crossing = lines.edge_country < 0
    assert np.all((a == b)[~crossing]) and np.all((a != b)[crossing])
    assert np.all(lines.edge_km[crossing] == 0) and np.all(lines.edge_km[~crossing] > 0)
    ends = lines.edge_u[crossing], lines.edge_v[crossing]
    assert np.all(lines.node_lat[ends[0]] == lines.node_lat[ends[1]])
    assert np.all(lines.node_lon[ends[0]] == lines.node_lon[ends[1]])


@pytest.mark.world
@pytest.mark.parametrize(("mode", "most_nodes"), [("rail", 45_000), ("road", 75_000)])
def test_the_base_is_small_and_its_courses_fit(base: BaseLines, mode: str, most_nodes: int) -> None:
    lines = base[mode][0]
    assert len(lines.node_lat) <= most_nodes
    first, last = lines.geom_ptr[:-1], lines.geom_ptr[1:] - 1
    assert np.all(last > first)
    for at, node in ((first, lines.edge_u), (last, lines.edge_v)):
        np.testing.assert_allclose(lines.geom_lat[at], lines.node_lat[node], atol=1e-4)
    drawn = distance_km(lines.geom_lat[:-1], lines.geom_lon[:-1], lines.geom_lat[1:], lines.geom_lon[1:])
    along = np.add.reduceat(drawn, first[:-1])[: len(first) - 1]
    assert np.median(along[lines.edge_km[:-1] > 20] / lines.edge_km[:-1][lines.edge_km[:-1] > 20]) > 0.9


@pytest.mark.world
@pytest.mark.parametrize(
    ("start", "end", "published_km"),
    [
        ((43.25, 76.90), (51.15, 71.43), 1220),  # Almaty - Astana
        ((40.38, 49.85), (41.70, 44.80), 580),  # Baku - Tbilisi
        ((52.23, 21.01), (52.52, 13.40), 575),  # Warsaw - Berlin
        ((55.75, 37.62), (54.98, 73.37), 2700),  # Moscow - Omsk
        ((51.50, -0.12), (48.86, 2.35), 460),  # London - Paris, through the tunnel
        ((55.68, 12.57), (53.55, 10.00), 470),  # Copenhagen - Hamburg, over the Great Belt
    ],
)
def test_roads_are_there(base: BaseLines, start: Place, end: Place, published_km: float) -> None:
    lines, n = base["road"][0], len(base["road"][0].node_lat)
    km = np.maximum(lines.edge_km, 1e-9)
    matrix = sparse.csr_matrix((km, (lines.edge_u, lines.edge_v)), shape=(n, n)).maximum(
        sparse.csr_matrix((km, (lines.edge_v, lines.edge_u)), shape=(n, n))
    )
    a, b = (int(np.argmin(distance_km(lines.node_lat, lines.node_lon, *place))) for place in (start, end))
    assert csgraph.dijkstra(matrix, indices=a)[b] == pytest.approx(published_km, rel=0.15)


def test_rows_of_the_tables_are_well_formed() -> None:
    """What the build takes for granted of its two tables."""
    data = load()
    for row in data["rail_lines"]:
        assert all(len(point.split()) == 2 for point in row["via"]), row.id
        assert not np.isnan([row["from_lat"], row["from_lon"], row["to_lat"], row["to_lon"]]).any(), row.id
    for row in data["network_repairs"]:
        assert row["mode"] in ("rail", "road"), row.id
