"""Sea distances against published ones, and against the package that the lanes are from."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import keruen
from keruen.network.ports import Port
from keruen.network.sea import SeaLanes, open_edges, sea_lanes

sparse = pytest.importorskip("scipy.sparse", reason="the way is found by scipy here, which is not installed")
csgraph = pytest.importorskip("scipy.sparse.csgraph", reason="the way is found by scipy here, which is not installed")

DATA = Path(keruen.__file__).parent / "data"
KM_PER_NM = 1.852
LINER = {"draft_m": 14.5, "beam_m": 59.0}  # the ship of the Asia-Europe lines: through Suez, not through Panama
CASPIAN_PORTS = (
    Port("KZAAU", "Aktau", "KZ", 43.6353, 51.1682, True),  # places P008, P009, P010
    Port("KZKUR", "Kuryk", "KZ", 43.1767, 51.6797, True),
    Port("AZALA", "Alat", "AZ", 39.9764, 49.4408, True),
)
PORT_ECONOMICS = "Port Economics, Management and Policy: routing options between Shanghai, Rotterdam and New York"
PUB_151 = "NGA Pub. 151, quoted by Grokipedia: distances between ports"
SUEZ_CANAL_AUTHORITY = "Suez Canal Authority, quoted by Seapace: influences of the Suez Canal on world trade"
RITTER = "M. Ritter, Zahl des Tages: 7400 (2008)"

PUBLISHED_NM = [
    ("CNSHA", "NLRTM", {}, 10_600, PORT_ECONOMICS),
    ("CNSHA", "NLRTM", {"closed": ["suez"]}, 13_800, PORT_ECONOMICS),
    ("CNSHA", "NLRTM", {"closed": ["bab_el_mandeb"]}, 13_800, PORT_ECONOMICS),
    ("USNYC", "LKCMB", {}, 8_604, PUB_151),
    ("SAJED", "ROCND", {}, 1_698, SUEZ_CANAL_AUTHORITY),
    ("SAJED", "ROCND", {"closed": ["suez"]}, 11_771, SUEZ_CANAL_AUTHORITY),
    ("JPYOK", "DEHAM", {}, 11_500, RITTER),
    ("JPYOK", "DEHAM", {"opened": ["northern_sea_route"], "draft_m": 12.0}, 7_400, RITTER),
]
PUBLISHED_KM = [
    ("KZAAU", "AZBAK", 470, "Azerbaijan National Encyclopedia, vol. 3, p. 80: Baku-Aktau ferry line"),
    ("TMKRW", "AZBAK", 306, "Wikipedia in Russian: Baku-Turkmenbashi ferry"),
    ("INMUN", "IRBND", 1_585, "Kazinform: Mundra-Astana via INSTC (legs L010)"),
]
RECOMPUTED_NM = [  # by others on the same lanes, with other ends of the journey: no evidence, but a change would show
    ("SGSIN", "NLRTM", {}, 8_370),
    ("BRSSZ", "NLRTM", {}, 5_487),
    ("CNSHA", "USLAX", {}, 5_745),
    ("GEPTI", "ROCND", {}, 588),
    ("VNHPH", "NLRTM", {}, 9_697),
    ("VNHPH", "NLRTM", {"closed": ["suez"]}, 13_010),
]


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PASSAGES = rows("passages")


@cache
def lanes() -> SeaLanes:
    return sea_lanes(PASSAGES, CASPIAN_PORTS, rows("sea_links"))[0]


def tree(lanes: SeaLanes, usable: NDArray[np.bool_], node: int) -> NDArray[np.float64]:
    """Kilometres from a node to every node over the usable edges."""
    lines, n = lanes.lines, len(lanes.lines.node_lat)
    edges = (lines.edge_km[usable], (lines.edge_u[usable], lines.edge_v[usable]))
    km: NDArray[np.float64] = csgraph.dijkstra(sparse.csr_array(edges, shape=(n, n)), directed=False, indices=node)
    return km


def distance_km(start: str, end: str, **conditions: Any) -> float:
    sea = lanes()
    usable = open_edges(sea, PASSAGES, **(LINER | conditions))
    return float(tree(sea, usable, sea.port_node[sea.port(start)])[sea.port_node[sea.port(end)]])


@pytest.mark.parametrize(("start", "end", "conditions", "nm", "source"), PUBLISHED_NM)
def test_published_distances(start: str, end: str, conditions: dict[str, Any], nm: float, source: str) -> None:
    assert distance_km(start, end, **conditions) / KM_PER_NM == pytest.approx(nm, rel=0.03), source


@pytest.mark.parametrize(("start", "end", "km", "source"), PUBLISHED_KM)
def test_published_distances_of_closed_seas(start: str, end: str, km: float, source: str) -> None:
    assert distance_km(start, end) == pytest.approx(km, rel=0.03), source


@pytest.mark.parametrize(("start", "end", "conditions", "nm"), RECOMPUTED_NM)
def test_recomputed_distances(start: str, end: str, conditions: dict[str, Any], nm: float) -> None:
    assert distance_km(start, end, **conditions) / KM_PER_NM == pytest.approx(nm, rel=0.03)


def test_the_cape_costs_a_week() -> None:
    """Shanghai-Rotterdam round the Cape takes 7 to 10 days more at 16 knots (Port Economics, The Red Sea crisis)."""
    detour_nm = (distance_km("CNSHA", "NLRTM", closed=["suez"]) - distance_km("CNSHA", "NLRTM")) / KM_PER_NM
    assert 7 <= detour_nm / 16 / 24 <= 10


def test_suez_saves_what_cma_cgm_says() -> None:
    """Singapore-Rotterdam is 6,000 km shorter through Suez (CMA CGM, 2016); we find 8 % more than that round number."""
    saved_km = distance_km("SGSIN", "NLRTM", closed=["suez"]) - distance_km("SGSIN", "NLRTM")
    assert saved_km == pytest.approx(6_000, rel=0.1)


def test_kiel_canal_saves_what_its_administration_says() -> None:
    """The canal saves 460 km on the mean, and up to 650 km from the German North Sea ports (brochure; ShipNext)."""
    coaster = {"draft_m": 7.5, "beam_m": 25.0}
    saved_km = distance_km("DEHAM", "LTKLJ", closed=["kiel"], **coaster) - distance_km("DEHAM", "LTKLJ", **coaster)
    assert 460 <= saved_km <= 650 * 1.03


# searoute's own names of the passages that both close; its south_africa is left out, as ships slip through it (see below)
SAME_CLOSURES = [
    ((), ()),
    (("suez",), ("suez",)),
    (("panama",), ("panama",)),
    (("malacca",), ("malacca",)),
    (("sunda",), ("sunda",)),
    (("bab_el_mandeb",), ("babalmandab",)),
    (("hormuz",), ("ormuz",)),
    (("gibraltar",), ("gibraltar",)),
    (("bosporus",), ("bosporus",)),
    (("magellan", "cape_horn"), ("chili",)),
]


@pytest.fixture(scope="module")
def marnet() -> Iterator[Any]:
    """The package's own graph."""
    pytest.importorskip("networkx", reason="searoute needs networkx, which is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        searoute = pytest.importorskip("searoute", reason="the package searoute is not installed")
        yield searoute.setup_M()


@pytest.mark.parametrize(("ours", "theirs"), SAME_CLOSURES)
def test_the_same_as_searoute_on_the_same_lanes(marnet: Any, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """From lane node to lane node, without ports and links of ours; its lengths are rounded to 0.1 km an edge."""
    sea = sea_lanes(PASSAGES)[0]
    lanes_only = sea.edge_port < 0
    usable = open_edges(sea, PASSAGES, closed=ours) & lanes_only
    n = int(sea.lines.edge_u[lanes_only].max()) + 1
    points = [(float(sea.lines.node_lon[i]), float(sea.lines.node_lat[i])) for i in range(n)]
    random = np.random.default_rng(19)
    temperate = np.flatnonzero(np.abs(sea.lines.node_lat[:n]) < 58)
    marnet.restrictions = ["northwest", *theirs]
    compared = 0
    for start in random.choice(temperate, 4, replace=False):
        km = tree(sea, usable, int(start))
        for end in random.choice(temperate, 5, replace=False):
            their_km, _ = marnet.shortest_path(points[start], points[end])
            if their_km is None or np.isinf(their_km):
                assert np.isinf(km[end])
            else:
                assert km[end] == pytest.approx(their_km, rel=1e-3, abs=1), (points[start], points[end])
                compared += 1
    assert compared > 10


def test_searoute_lets_ships_through_the_closed_cape(marnet: Any) -> None:
    """Why gates: with south_africa closed the package still sails from the South Atlantic to the Indian Ocean past the Cape."""
    marnet.restrictions = ["northwest", "south_africa"]
    their_km, _ = marnet.shortest_path((-10.0, -5.0), (62.1, 10.6))
    sea = lanes()
    usable = open_edges(sea, PASSAGES, closed=["cape_of_good_hope"])
    start, end = (
        int(np.argmin(np.hypot(sea.lines.node_lon - lon, sea.lines.node_lat - lat)))
        for lon, lat in ((-10.0, -5.0), (62.1, 10.6))
    )
    assert tree(sea, usable, start)[end] > their_km + 500
