"""The answer as files: read back by other means than they were written with."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import stat
import struct
from pathlib import Path

import pytest
from invented_journey import invented_result, move, route_of
from shapely import from_wkb
from shapely.geometry import shape

from keruen.errors import UnknownOption
from keruen.reports.export import to_geojson, to_json, write_geopackage, write_result
from keruen.routing.result import MOVING_MODES, PlaceRef, ResultDict, RouteResult
from keruen.tables.whole_file import whole_file


@pytest.fixture
def result() -> ResultDict:
    return invented_result().to_dict(geometry=True)


def over_the_antimeridian() -> ResultDict:
    east, west = PlaceRef("E", "East", "", "RU", 60.0, 170.0), PlaceRef("W", "West", "", "US", 60.0, -170.0)
    route = route_of("x", "X", "", [move("sea", "E", "W", [(170.0, 60.0), (-170.0, 64.0)], "")])
    answer = RouteResult(
        origin=east, destination=west, shipment={}, coverage={}, routes=(route,), places={"E": east, "W": west}
    )
    return answer.to_dict(geometry=True)


def test_json_reads_back(result: ResultDict, tmp_path: Path) -> None:
    path = write_result(result, tmp_path / "answer.json")
    assert json.loads(path.read_text(encoding="utf-8")) == result


def test_json_refuses_what_json_cannot_hold() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"cost_usd": math.nan})


def test_geojson_has_a_feature_for_each_leg(result: ResultDict, tmp_path: Path) -> None:
    document = json.loads(write_result(result, tmp_path / "answer.geojson").read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert len(document["features"]) == sum(len(route["legs"]) for route in result["routes"])
    for feature in document["features"]:
        assert feature["type"] == "Feature" and shape(feature["geometry"]).is_valid
        moving = feature["properties"]["mode"] in MOVING_MODES
        assert feature["geometry"]["type"] == ("LineString" if moving else "Point")
    first = document["features"][1]["properties"]
    assert (first["route"], first["leg"], first["from_name"], first["to_name"]) == (1, 2, "Hai Phong", "Rotterdam")
    assert [route["corridor"] for route in document["keruen"]["routes"]] == [
        route["corridor"] for route in result["routes"]
    ]


def test_a_line_over_the_antimeridian_is_cut_there() -> None:
    (feature,) = to_geojson(over_the_antimeridian())["features"]
    assert feature["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [[[170.0, 60.0], [180.0, 62.0]], [[-180.0, 62.0], [-170.0, 64.0]]],
    }


def test_a_leg_without_geometry_has_none() -> None:
    features = to_geojson(invented_result().to_dict())["features"]
    assert features[1]["geometry"] is None


def test_a_geopackage_is_one(result: ResultDict, tmp_path: Path) -> None:
    """OGC 12-128r19: application id, required tables, required reference systems, one entry for each layer."""
    path = write_geopackage(result, tmp_path / "answer.gpkg")
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA application_id").fetchone()[0].to_bytes(4, "big") == b"GPKG"
        assert base.execute("PRAGMA user_version").fetchone()[0] == 10400
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = dict(base.execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys"))
        assert set(systems) == {-1, 0, 4326} and systems[4326].startswith('GEOGCS["WGS 84"')
        layers = base.execute("SELECT table_name, data_type, srs_id FROM gpkg_contents ORDER BY table_name").fetchall()
        assert layers == [(name, "features", 4326) for name in ("legs", "routes", "stops")]
        columns = base.execute(
            "SELECT table_name, column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns"
        )
        assert sorted(columns) == [
            ("legs", "geom", "MULTILINESTRING", 4326, 0, 0),
            ("routes", "geom", "MULTILINESTRING", 4326, 0, 0),
            ("stops", "geom", "POINT", 4326, 0, 0),
        ]
    base.close()


def test_geometries_of_a_geopackage_read_back(result: ResultDict, tmp_path: Path) -> None:
    path = write_geopackage(result, tmp_path / "answer.gpkg")
    base = sqlite3.connect(path)
    moving = [leg for route in result["routes"] for leg in route["legs"] if leg["mode"] in MOVING_MODES]
    blobs = [row[0] for row in base.execute("SELECT geom FROM legs ORDER BY fid")]
    assert len(blobs) == len(moving)
    for leg, blob in zip(moving, blobs, strict=True):
        magic, version, flags, srs, x0, x1, y0, y1 = struct.unpack("<2sBBi4d", blob[:40])
        assert (magic, version, flags, srs) == (b"GP", 0, 3, 4326)
        line = from_wkb(blob[40:])
        assert line.geom_type == "MultiLineString" and line.bounds == (x0, y0, x1, y1)
        assert [list(point) for part in line.geoms for point in part.coords] == leg["geometry"]
    extent = base.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'legs'").fetchone()
    xs, ys = zip(*[point for leg in moving for point in leg["geometry"]], strict=True)
    assert extent == (min(xs), min(ys), max(xs), max(ys))
    base.close()


def test_a_stop_without_geometry_stands_at_its_place(tmp_path: Path) -> None:
    answer = invented_result().to_dict()
    base = sqlite3.connect(write_geopackage(answer, tmp_path / "answer.gpkg"))
    rows = base.execute('SELECT geom, "from" FROM stops').fetchall()
    base.close()
    assert rows
    for blob, place in rows:
        at = from_wkb(blob[40:])
        assert (at.x, at.y) == (answer["places"][place]["lon"], answer["places"][place]["lat"])


def test_a_geopackage_tells_how_sure_a_route_is(result: ResultDict, tmp_path: Path) -> None:
    """What a table can hold of it: hours and dollars, and not the legs that cause the spread."""
    result["routes"][0] |= {
        "p50_h": 700.0, "p90_h": 900.0, "buffer_h": 260.0, "buffer_usd": 4_333.0,
        "spread_legs": [{"leg": 1, "mode": "sea", "to": "NLRTM", "name": "", "name_ru": "", "share": 1.0}],
    }  # fmt: skip
    base = sqlite3.connect(write_geopackage(result, tmp_path / "answer.gpkg"))
    rows = base.execute("SELECT p50_h, p90_h, buffer_h, buffer_usd FROM routes ORDER BY fid").fetchall()
    base.close()
    assert rows[0] == (700.0, 900.0, 260.0, 4_333.0) and rows[1] == (None, None, None, None)


def test_figures_of_a_geopackage_are_those_of_the_answer(result: ResultDict, tmp_path: Path) -> None:
    base = sqlite3.connect(write_geopackage(result, tmp_path / "answer.gpkg"))
    for number, route in enumerate(result["routes"], 1):
        total = 0.0
        for layer in ("legs", "stops"):
            total += base.execute(f"SELECT sum(cost_usd) FROM {layer} WHERE route = ?", (number,)).fetchone()[0]
        row = base.execute(
            "SELECT cost_usd, co2e_kg, corridor, modes FROM routes WHERE route = ?", (number,)
        ).fetchone()
        assert row == (route["cost_usd"], route["co2e_kg"], route["corridor"], "|".join(route["modes"]))
        assert total == pytest.approx(route["cost_usd"])
    base.close()


def test_gdal_reads_the_geopackage(result: ResultDict, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="GDAL is not installed (pyogrio)")
    path = write_geopackage(result, tmp_path / "answer.gpkg")
    assert sorted(map(tuple, pyogrio.list_layers(path))) == [
        ("legs", "MultiLineString"),
        ("routes", "MultiLineString"),
        ("stops", "Point"),
    ]
    about = pyogrio.read_info(path, layer="routes")
    assert about["crs"] == "EPSG:4326" and about["features"] == len(result["routes"])
    assert pyogrio.read_info(write_result(result, tmp_path / "answer.geojson"))["driver"] == "GeoJSON"


def test_a_folder_is_not_overwritten(result: ResultDict, tmp_path: Path) -> None:
    folder = tmp_path / "answer.gpkg"
    folder.mkdir()
    for write in (write_geopackage, write_result):
        with pytest.raises(UnknownOption, match="is a folder"):
            write(result, folder)
    assert os.listdir(tmp_path) == ["answer.gpkg"]


def test_another_ending_is_refused(result: ResultDict, tmp_path: Path) -> None:
    with pytest.raises(UnknownOption, match=r"\.json, \.geojson, \.gpkg"):
        write_result(result, tmp_path / "answer.shp")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(result: ResultDict, tmp_path: Path) -> None:
    path = write_result(result, tmp_path / "answer.json")
    before = path.read_bytes()
    with pytest.raises(ValueError):
        write_result({**result, "shipment": {"tonnes": math.inf}}, path)
    with pytest.raises(RuntimeError), whole_file(path) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["answer.json"]


def test_an_old_geopackage_is_replaced_whole(result: ResultDict, tmp_path: Path) -> None:
    path = write_geopackage(result, tmp_path / "answer.gpkg")
    write_geopackage({**result, "routes": result["routes"][:1]}, path)
    base = sqlite3.connect(path)
    assert base.execute("SELECT count(*) FROM routes").fetchone() == (1,)
    base.close()


def test_an_empty_answer_makes_empty_layers(result: ResultDict, tmp_path: Path) -> None:
    base = sqlite3.connect(write_geopackage({**result, "routes": []}, tmp_path / "new" / "answer.gpkg"))
    assert base.execute("SELECT min_x FROM gpkg_contents").fetchall() == [(None,)] * 3
    base.close()


@pytest.mark.skipif(os.name == "nt", reason="permissions of files are different there")
def test_files_can_be_read_by_whom_the_user_lets_read(result: ResultDict, tmp_path: Path) -> None:
    path = write_result(result, tmp_path / "answer.json")
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
