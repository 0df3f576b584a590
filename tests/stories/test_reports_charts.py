"""The map: projections checked against print, routes drawn where they are, also over the antimeridian."""

from __future__ import annotations

import os
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_journey import invented_result, move, route_of

from keruen.errors import UnknownOption
from keruen.reports.charts import draw_map, route_map
from keruen.reports.map_frame import frame_of, lines_of
from keruen.reports.map_style import COLOURS
from keruen.reports.projection import (
    EDGE_X,
    EDGE_Y,
    View,
    along_great_circles,
    outline,
    project,
    rounds_pole,
    runs,
    view_of,
)
from keruen.routing.result import PlaceRef, Point, ResultDict, RouteResult

PACIFIC: list[Point] = [(121.5, 31.2), (131, 30.5), (170, 46), (-150, 41), (-118.2, 33.7)]


@pytest.fixture(scope="module")
def result() -> ResultDict:
    return invented_result().to_dict(geometry=True)


def over_the_pacific() -> ResultDict:
    shanghai = PlaceRef("CNSHA", "Shanghai", "Шанхай", "CN", 31.2, 121.5)
    los_angeles = PlaceRef("USLAX", "Los Angeles", "Лос-Анджелес", "US", 33.7, -118.2)
    route = route_of("pacific", "Pacific", "", [move("sea", "CNSHA", "USLAX", PACIFIC, "")])
    places = {place.place: place for place in (shanghai, los_angeles)}
    answer = RouteResult(
        origin=shanghai, destination=los_angeles, shipment={}, coverage={}, routes=(route,), places=places
    )
    return answer.to_dict(geometry=True)


def pixels(result: ResultDict, size: tuple[int, int] = (1600, 900)) -> np.ndarray:
    figure = route_map(result, size=size)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[:, :, :3].astype(int)


def painted(image: np.ndarray, colour: str) -> np.ndarray:
    """Rows and columns of the pixels of a colour."""
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.argwhere(np.abs(image - rgb).sum(axis=2) < 24)


def test_azimuthal_projection_gives_the_example_of_the_book() -> None:
    """Snyder (1987), p. 332: R = 3, centre 40 N 100 W, point 20 S 100 E: x = -4.2339303, y = 4.0257775."""
    x, y = 3 * project(View(-100.0, 40.0, False), np.array([[100.0, -20.0]]))[0]
    assert (x, y) == (pytest.approx(-4.2339303, abs=1e-7), pytest.approx(4.0257775, abs=1e-7))


@pytest.mark.parametrize("view", [View(65.0, 35.0, False), View(-30.0, 0.0, True), View(170.0, 0.0, True)])
@given(lon=st.floats(-179, 179), lat=st.floats(-70, 70))
def test_areas_keep_their_size(view: View, lon: float, lat: float) -> None:
    """The area of a small cell on the map is cos(lat) dlon dlat."""
    h = 1e-4
    if abs((lon - view.lon + 180) % 360 - 180) > 120:
        return
    west, east, south, north = project(view, np.array([[lon - h, lat], [lon + h, lat], [lon, lat - h], [lon, lat + h]]))
    (xl, yl), (xp, yp) = (east - west) / np.radians(2 * h), (north - south) / np.radians(2 * h)
    assert abs(xl * yp - xp * yl) == pytest.approx(np.cos(np.radians(lat)), rel=1e-5)


def test_the_whole_world_fits_its_edge() -> None:
    view = View(0.0, 0.0, True)
    assert project(view, np.array([[179.9999999, 0.0], [0.0, 90.0]])) == pytest.approx(
        np.array([[EDGE_X, 0], [0, EDGE_Y]]), abs=1e-6
    )


def test_the_view_turns_to_the_routes() -> None:
    pacific = view_of([along_great_circles(np.array(PACIFIC))])
    assert not pacific.whole_world and (pacific.lon > 160 or pacific.lon < -160)
    assert view_of([np.array([[0.0, 0.0], [100.0, 5.0], [-140.0, 0.0], [-60.0, 0.0]])]).whole_world


def test_a_line_over_the_antimeridian_is_whole_in_a_view_of_it() -> None:
    line = along_great_circles(np.array(PACIFIC))
    (run,) = runs(view_of([line]), line)
    assert np.abs(np.diff(run, axis=0)).max() < 0.05


def test_a_line_over_the_cut_of_a_world_map_is_broken_there() -> None:
    line = along_great_circles(np.array(PACIFIC))
    parts = list(runs(View(0.0, 0.0, True), line))
    assert len(parts) == 2
    assert all(np.abs(np.diff(part[:, 0])).max() < 0.1 for part in parts)


def test_great_circles_pass_where_they_do() -> None:
    """Half way from (0 E, 45 N) to (180 E, 45 N) lies the pole."""
    line = along_great_circles(np.array([[0.0, 45.0], [179.999, 45.0]]), 1.0)
    assert line[:, 1].max() > 89.0
    assert np.allclose(line[[0, -1]], [[0.0, 45.0], [179.999, 45.0]])


def test_land_round_the_pole_is_closed_along_it() -> None:
    ring = np.column_stack([np.linspace(-180, 180, 73), np.full(73, -70.0)])
    assert rounds_pole(ring) and not rounds_pole(np.array([[0.0, 0], [10, 0], [10, 10], [0, 0]]))
    for lon in (0.0, 100.0, -179.0):
        rings = outline(View(lon, 0.0, True), ring)
        assert min(part[:, 1].min() for part in rings) == pytest.approx(-EDGE_Y, abs=1e-6)


def test_every_route_is_drawn_in_its_colour(result: ResultDict) -> None:
    image = pixels(result)
    assert image.shape[:2] == (900, 1600)
    on_map = image[:, :1190]
    for number, route in enumerate(result["routes"]):
        if not route["beaten_by"]:
            assert len(painted(on_map, COLOURS[number])) > 300, route["corridor"]


def test_the_map_of_the_pacific_does_not_go_round_the_world() -> None:
    spots = painted(pixels(over_the_pacific())[:, :1190], COLOURS[0])
    assert spots[:, 1].min() < 250 and spots[:, 1].max() > 950, "from one side of the map to the other"
    columns = np.unique(spots[:, 1])
    assert np.diff(columns).max() < 40, "without a gap"


def test_a_beaten_route_round_the_world_does_not_shrink_the_map(result: ResultDict) -> None:
    round_the_world = {**result["routes"][4], "legs": [{**result["routes"][0]["legs"][1], "geometry": [
        [106.68, 20.86], [180.0, 30.0], [-120.0, 20.0], [-80.0, 9.0], [-20.0, 45.0], [6.73, 51.43]]}]}  # fmt: skip
    wide: ResultDict = {**result, "routes": [*result["routes"], round_the_world]}  # type: ignore[list-item]
    frames = [frame_of(answer, lines_of(answer), 1196.0, 900.0, 1.0) for answer in (result, wide)]
    assert frames[0] == frames[1] and not frames[0].view.whole_world


def test_many_routes_still_fit(result: ResultDict) -> None:
    many: ResultDict = {**result, "routes": [*result["routes"], *([result["routes"][4]] * 12)]}
    assert pixels(many, (1200, 675)).shape[:2] == (675, 1200)


def test_colours_are_told_apart_by_lightness_or_hue() -> None:
    rgb = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in COLOURS])
    apart = np.abs(rgb[:, None] - rgb[None]).sum(axis=2) + 999 * np.eye(len(rgb), dtype=int)
    assert apart.min() > 60


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_png_has_the_size_asked_for(result: ResultDict, lang: str, tmp_path: Path) -> None:
    path = draw_map(result, tmp_path / "map.png", lang=lang, size=(1000, 600))
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (1000, 600)


def test_an_svg_is_xml_and_the_same_every_time(result: ResultDict, tmp_path: Path) -> None:
    first, second = (draw_map(result, tmp_path / name).read_bytes() for name in ("a.svg", "b.svg"))
    assert ET.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"
    assert first == second


def test_a_leg_without_geometry_runs_between_its_places(tmp_path: Path) -> None:
    answer = invented_result().to_dict()
    assert draw_map(answer, tmp_path / "map.png", size=(800, 450)).stat().st_size > 10_000


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.pdf"])
def test_other_formats_are_refused(result: ResultDict, tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownOption, match=".png or .svg"):
        draw_map(result, tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_two_places_in_one_town_still_make_a_map() -> None:
    near = PlaceRef("A", "A", "", "KZ", 43.2, 76.9)
    far = PlaceRef("B", "B", "", "KZ", 43.2001, 76.9)
    route = route_of("x", "X", "", [move("road", "A", "B", [(76.9, 43.2), (76.9, 43.2001)], "KZ")])
    answer = RouteResult(
        origin=near, destination=far, shipment={}, coverage={}, routes=(route,), places={"A": near, "B": far}
    )
    assert pixels(answer.to_dict(geometry=True), (800, 450)).shape[:2] == (450, 800)
