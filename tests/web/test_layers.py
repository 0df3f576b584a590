"""The layers of the map: nothing is drawn across the world, nothing is lost in joining, and what is clicked is what the engine knows."""

from __future__ import annotations

import gzip
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from keruen.errors import DamagedCache
from keruen.network.build import open_world
from keruen.network.features import arcs_with
from keruen.tables.dataset import Dataset
from keruen.tables.features import parse_feature
from keruen.web.layers import layers_of
from keruen.web.lines import important_nodes, joined, lines_of, ranked_km, without_loose_ends
from keruen.web.mercator import square_lines, square_polygons, to_lonlat, to_square
from keruen.web.prepared import LAST_ZOOM, Layer, prepared
from keruen.web.thinning import TILE_PX, first_zooms
from keruen.web.tiles import BUFFER, EXTENT, TileStore, encoded, is_tile

EUROPE = [(51.4, 6.8), (48.9, 2.4), (59.9, 10.7), (38.0, 23.7), (52.2, 21.0)]
KHORGOS = (44.2, 80.35)


@pytest.fixture(scope="module")
def ground(world_data: Dataset) -> dict[str, Layer]:
    return dict(layers_of(world_data, open_world(world_data), "ground"))


@pytest.fixture(scope="module")
def network(world_data: Dataset) -> dict[str, Layer]:
    return dict(layers_of(world_data, open_world(world_data), "network"))


def tile_at(lat: float, lon: float, z: int) -> tuple[int, int, int]:
    x, y = to_square(np.array([[lon, lat]]))[0] * 2**z
    return z, int(x), int(y)


def decoded(layers: dict[str, Layer], z: int, x: int, y: int) -> dict[str, list[dict]]:
    tile = mapbox_vector_tile.decode(encoded(layers, z, x, y), default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in tile.items()}


def points_in(geometry: dict) -> np.ndarray:
    return shapely.get_coordinates(shapely.geometry.shape(geometry))


# The square


def test_the_square_and_back() -> None:
    lonlat = np.array([[0.0, 0.0], [-180.0, 85.0511287798066], [76.9, 43.2], [180.0, -60.0]])
    xy = to_square(lonlat)
    assert np.allclose(xy[0], 0.5) and np.allclose(xy[1], 0.0, atol=1e-9)
    assert np.allclose(to_lonlat(xy), lonlat)


def test_a_line_over_the_antimeridian_is_cut_there() -> None:
    parts = square_lines(np.array([[170.0, 0.0], [-170.0, 10.0]]))
    assert len(parts) == 2
    assert all(np.ptp(part[:, 0]) < 0.05 for part in parts)
    assert {round(float(x), 6) for part in parts for x in part[[0, -1], 0]} == {
        0.0,
        round(350 / 360, 6),
        1.0,
        round(10 / 360, 6),
    }


def test_a_polygon_over_the_antimeridian_is_two_without_a_band() -> None:
    ring = np.array([[170.0, 60.0], [-170.0, 60.0], [-170.0, 70.0], [170.0, 70.0], [170.0, 60.0]])
    parts = square_polygons([ring])
    assert len(parts) == 2
    assert all(part.bounds[2] - part.bounds[0] < 0.03 for part in parts)


def test_a_ring_round_the_pole_reaches_the_edge_of_the_map() -> None:
    ring = np.array([[lon, -70.0] for lon in range(-180, 180, 30)] + [[180.0, -70.0]], float)
    parts = square_polygons([ring])
    assert sum(part.area for part in parts) == pytest.approx(1.0 - to_square(np.array([[0.0, -70.0]]))[0, 1])


def test_of_two_rings_round_the_pole_the_coast_counts() -> None:
    pole, coast = (np.array([[float(lon), lat] for lon in range(-180, 181, 30)]) for lat in (-89.999, -70.0))
    areas = [sum(part.area for part in square_polygons(rings)) for rings in ([coast], [pole, coast], [coast, pole])]
    assert areas[0] > 0.1 and areas == pytest.approx([areas[0]] * 3)


def test_a_hole_beyond_the_antimeridian_stays_in_its_polygon() -> None:
    outer = np.array([[170.0, 0.0], [-160.0, 0.0], [-160.0, 20.0], [170.0, 20.0], [170.0, 0.0]])
    hole = np.array([[-175.0, 5.0], [-175.0, 10.0], [-170.0, 10.0], [-170.0, 5.0], [-175.0, 5.0]])
    assert sum(part.area for part in square_polygons([outer, hole])) < sum(
        part.area for part in square_polygons([outer])
    )


# Room for names


def test_what_is_more_important_comes_first_and_stays() -> None:
    rng = np.random.default_rng(5)
    xy = rng.random((400, 2))
    earliest = rng.integers(0, 4, 400)
    first = first_zooms(xy, earliest, 60.0)
    assert np.all(first >= earliest)
    for zoom in range(LAST_ZOOM):
        shown = xy[first <= zoom] * TILE_PX * 2**zoom
        apart = np.abs(shown[:, None] - shown[None]).max(axis=2)
        np.fill_diagonal(apart, np.inf)
        assert len(shown) < 2 or apart.min() >= 60.0


# Layers as arrays


def test_layers_come_back_from_arrays() -> None:
    square = shapely.Polygon(
        [(0.1, 0.1), (0.4, 0.1), (0.4, 0.4), (0.1, 0.4)], [[(0.2, 0.2), (0.3, 0.2), (0.3, 0.3), (0.2, 0.2)]]
    )
    layer = Layer.of([(square, 0, 3, {"name_en": "A\nB"}), (square.centroid.buffer(0.01), 2, 8, {"name_en": "Ж"})])
    back = Layer.from_arrays(layer.arrays())
    assert back.properties == layer.properties
    assert [list(back.shown(z, 0.0, 0.0, 1.0, 1.0)) for z in (0, 2, 5)] == [[0], [0, 1], [1]]
    assert np.allclose(shapely.area(back.shapes), shapely.area(layer.shapes), rtol=1e-4)


def test_a_layer_may_be_empty() -> None:
    layer = Layer.from_arrays(Layer.of([]).arrays())
    assert len(layer.shown(0, 0.0, 0.0, 1.0, 1.0)) == 0


def test_layers_are_made_once_and_damage_is_told(tmp_path: Path) -> None:
    made = []

    def make() -> dict[str, Layer]:
        made.append(1)
        return {"dots": Layer.of([(shapely.Point(0.5, 0.5), 0, 8, {"name_en": "Middle"})])}

    folder = tmp_path / "world-0123456789abcdef"
    for _ in range(2):
        assert prepared(folder, "ground", make)["dots"].properties == ({"name_en": "Middle"},)
    assert len(made) == 1
    (kept,) = tmp_path.glob("*-map-ground_*")
    (kept / "dots__xy.npy").write_bytes(b"")
    with pytest.raises(DamagedCache, match="dots__xy.npy"):
        prepared(folder, "ground", make)


# Tiles


def test_a_tile_says_what_the_layer_says() -> None:
    line = shapely.LineString([(0.1, 0.1), (0.4, 0.3), (0.9, 0.9)])
    layers = {"lines": Layer.of([(line, 0, 8, {"mode": "rail", "rank": 1})])}
    (feature,) = decoded(layers, 0, 0, 0)["lines"]
    assert feature["properties"] == {"mode": "rail", "rank": 1}
    assert np.abs(points_in(feature["geometry"]) / EXTENT - shapely.get_coordinates(line)).max() <= 0.5 / EXTENT


def test_a_tile_without_anything_is_empty() -> None:
    assert encoded({"lines": Layer.of([(shapely.LineString([(0.1, 0.1), (0.2, 0.2)]), 0, 8, {})])}, 3, 7, 7) == b""


def test_addresses_of_tiles() -> None:
    assert is_tile(0, 0, 0) and is_tile(8, 255, 255)
    assert not any(is_tile(*address) for address in [(0, 1, 0), (3, 0, 8), (9, 0, 0), (-1, 0, 0), (2, -1, 0)])


def test_the_store_keeps_what_was_asked_lately_within_its_bytes() -> None:
    layer = Layer.of([(shapely.LineString([(0.0, 0.0), (1.0, 1.0)]), 0, 8, {"mode": "rail"})])
    store = TileStore({"lines": layer}, kept_bytes=200)
    first = store.tile(0, 0, 0)
    assert store.tile(0, 0, 0) is first
    for i in range(16):
        store.tile(4, i, i)
    assert store.size == sum(len(tile.body) for tile in store.tiles.values()) <= 200
    assert (0, 0, 0) not in store.tiles and store.tile(0, 0, 0).tag == first.tag


@pytest.mark.world
def test_no_land_goes_round_the_world(ground: dict[str, Layer]) -> None:
    for name in ("land", "lakes", "coast", "borders"):
        west, north, east, south = shapely.bounds(ground[name].shapes).T
        assert west.min() >= 0 and east.max() <= 1 and north.min() >= 0 and south.max() <= 1, name
        if name == "land":
            assert (east - west).max() <= 0.5
            assert shapely.is_valid(ground[name].shapes).mean() > 0.99  # as stored in 32 bits


@pytest.mark.world
@pytest.mark.parametrize("zoom", [0, 3, 4, 6, 8])
def test_land_is_where_land_is(ground: dict[str, Layer], zoom: int) -> None:
    land, lakes = ground["land"], ground["lakes"]

    def holds(layer: Layer, lat: float, lon: float) -> bool:
        x, y = to_square(np.array([[lon, lat]]))[0]
        return bool(shapely.contains_xy(layer.shapes[layer.shown(zoom, x, y, x, y)], x, y).any())

    for lat, lon in [(48.0, 68.0), (66.0, 179.5), (66.2, -172.5), (-80.0, 10.0), (39.0, -105.0), (-25.0, 134.0)]:
        assert holds(land, lat, lon), (lat, lon)
    for lat, lon in [(41.5, 50.8), (0.0, -30.0), (70.0, -160.0 - 20.5), (30.0, -179.0), (43.0, 34.0)]:
        assert not holds(land, lat, lon), (lat, lon)
    if zoom >= 3:
        assert holds(lakes, 53.5, 108.0) and holds(lakes, 46.4, 74.3), "Baikal and Balkhash are water"


@pytest.mark.world
@pytest.mark.parametrize("z", range(0, LAST_ZOOM + 1))
def test_tiles_stay_in_their_squares_small_and_soon_made(
    ground: dict[str, Layer], network: dict[str, Layer], z: int
) -> None:
    """How soon is counted in points, not seconds: what takes 50 ms on a slow computer is some 20,000 points."""
    for lat, lon in [*EUROPE, KHORGOS, (31.2, 121.5), (40.0, -75.0)]:
        for layers in (ground, network):
            body = encoded(layers, *tile_at(lat, lon, z))
            assert len(gzip.compress(body)) < 150_000
            tile = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}
            points = [points_in(one["geometry"]) for layer in tile.values() for one in layer["features"]]
            assert sum(map(len, points)) < 20_000, (lat, lon, z)
            assert all(xy.min() >= -BUFFER - 1 and xy.max() <= EXTENT + BUFFER + 1 for xy in points)


@pytest.mark.world
@pytest.mark.parametrize("mode", ["rail", "road", "sea"])
def test_joining_loses_no_line(world_data: Dataset, mode: str) -> None:
    graph = open_world(world_data).graph
    lines = lines_of(graph, mode, np.empty(0, np.int64))
    parts = [part for i in range(len(lines.km)) for part in square_lines(lines.of(i))]
    if mode == "road":  # the roads of an eighth of the world, from the Caspian to Mongolia
        parts = [part for part in parts if 0.625 < part[0, 0] < 0.75]
    merged = joined(parts)
    drawn = sum(float(np.hypot(*np.diff(part, axis=0).T).sum()) for part in parts)
    assert float(shapely.length(merged).sum()) == pytest.approx(drawn, rel=1e-9)
    assert len(merged) < len(parts)
    move = (graph.arc_kind == 0) & (graph.arc_geometry >= 0) & (graph.arc_mode == ("rail", "road", "sea").index(mode))
    assert lines.km.sum() == pytest.approx(float(graph.arc_km[move & graph.arc_forward].sum()), rel=1e-6)


@pytest.mark.world
def test_the_trunk_between_china_and_europe_is_among_the_first(world_data: Dataset) -> None:
    world = open_world(world_data)
    lines = lines_of(world.graph, "rail", important_nodes(world, "rail"))
    until = ranked_km(lines)
    assert until.min() >= 0 and until.max() <= lines.km.sum()
    assert lines.use.max() > 0
    near = np.array(
        [np.hypot(*(lines.of(i).mean(axis=0) - (73.6, 48.2))) < 1.0 for i in range(len(lines.km))]
    )  # Moiynty - Karaganda
    assert until[near].min() < 0.2 * lines.km.sum()


@pytest.mark.world
def test_no_lane_is_left_with_a_loose_end(world_data: Dataset) -> None:
    world = open_world(world_data)
    ports = important_nodes(world, "sea")
    lines = lines_of(world.graph, "sea", ports)
    kept = without_loose_ends(lines, ranked_km(lines) < 3e5)
    assert kept.any()
    met = np.bincount(lines.nodes[kept].ravel(), minlength=world.graph.n)
    assert set(np.flatnonzero(met == 1).tolist()) <= set(ports.tolist())


@pytest.mark.world
def test_khorgos_is_in_its_tile_with_the_key_of_the_engine(network: dict[str, Layer]) -> None:
    found = {
        feature["properties"]["key"]: feature["properties"]
        for z in (6, 8)
        for feature in decoded(network, *tile_at(*KHORGOS, z))["points"]
    }
    assert found["place:KZHOR"]["kind"] == "gauge_yard" and found["place:KZHOR"]["name_ru"].startswith("Хоргос")
    assert found["border:khorgos_rail"]["kind"] == "rail_border"


@pytest.mark.world
def test_the_world_view_shows_the_straits_and_little_else(network: dict[str, Layer]) -> None:
    points = network["points"]
    first = {str(points.properties[row]["key"]) for row in points.row[points.first_zoom <= 1].tolist()}
    assert {"passage:suez", "passage:panama", "passage:malacca", "passage:hormuz"} <= first
    assert all(key.startswith("passage:") for key in first)


@pytest.mark.world
def test_every_key_means_something_to_the_engine(world_data: Dataset, network: dict[str, Layer]) -> None:
    graph = open_world(world_data).graph
    keys = [str(about["key"]) for about in network["points"].properties]
    assert len(keys) == len(set(keys))
    rng = np.random.default_rng(1)
    some = [key for key in keys if not key.startswith("place:")] + rng.choice(keys, 60).tolist()
    for key in rng.choice(some, 150).tolist():
        assert len(arcs_with(graph, parse_feature(key))) > 0, key


@pytest.mark.world
def test_names_are_in_both_languages_where_known(ground: dict[str, Layer]) -> None:
    names = {about["name_en"]: about for about in ground["cities"].properties}
    assert names["Almaty"]["name_ru"] == "Алматы"
    countries = {about["key"]: about for about in ground["country_names"].properties}
    assert countries["country:KZ"]["name_ru"] == "Казахстан"
    assert all(
        about.get("name_ru") != "" for about in [*ground["cities"].properties, *ground["country_names"].properties]
    )
