"""Answers as files for other programs: JSON, GeoJSON, GeoPackage. Every file appears whole or not at all.

    JSON         the answer itself, as docs/route-json.md describes it
    GeoJSON      RFC 7946: one feature for each leg, lines that cross the antimeridian cut there
    GeoPackage   OGC 12-128r19 (1.4): layers routes, legs, stops in WGS 84; lines as multi-line strings

A GeoPackage is an SQLite file with application id "GPKG". A geometry is the bytes `GP`, version 0, flags (little
endian, envelope of x and y or none), the SRS number, the envelope, and well-known binary.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from keruen.errors import UnknownOption
from keruen.routing.result import MOVING_MODES, LegDict, ResultDict
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

WGS84 = 4326
APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400  # GeoPackage 1.4.0
WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4326"]]'
)
WRITERS = (".json", ".geojson", ".gpkg")

Point = Sequence[float]
Columns = Mapping[str, str]

_FIGURES: Columns = {
    "distance_km": "DOUBLE", "running_h": "DOUBLE", "waiting_h": "DOUBLE", "handling_h": "DOUBLE", "border_h": "DOUBLE",
    "time_h": "DOUBLE", "cost_usd": "DOUBLE", "co2e_kg": "DOUBLE", "assumed": "TEXT", "sources": "TEXT",
}  # fmt: skip
ROUTE_COLUMNS: Columns = {
    "route": "INTEGER", "corridor": "TEXT", "corridor_name": "TEXT", "corridor_name_ru": "TEXT", "beaten_by": "TEXT",
    "modes": "TEXT", "generalized_cost_usd": "DOUBLE", **_FIGURES,
    "p10_h": "DOUBLE", "p50_h": "DOUBLE", "p80_h": "DOUBLE", "p90_h": "DOUBLE", "p95_h": "DOUBLE",
    "buffer_h": "DOUBLE", "buffer_usd": "DOUBLE", "spread_assumed_share": "DOUBLE",
}  # fmt: skip
LEG_COLUMNS: Columns = {
    "route": "INTEGER", "leg": "INTEGER", "corridor": "TEXT", "mode": "TEXT", "from": "TEXT", "to": "TEXT",
    "from_name": "TEXT", "to_name": "TEXT", "name": "TEXT", "name_ru": "TEXT", "country": "TEXT", **_FIGURES,
}  # fmt: skip


def write_result(result: ResultDict, path: str | os.PathLike[str]) -> Path:
    """Write an answer in the format that the ending of the file asks for; `result` must hold geometry for the last two.

    Raises:
        UnknownOption: another ending than .json, .geojson, .gpkg, or a folder.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in WRITERS:
        given = target.suffix or target.name
        raise UnknownOption(
            said("err_formats", what=said("what_result"), formats=", ".join(WRITERS), given=given), WRITERS
        )
    return {".json": write_json, ".geojson": write_geojson, ".gpkg": write_geopackage}[ending](result, target)


def write_json(result: ResultDict, path: str | os.PathLike[str]) -> Path:
    """Write an answer as it is.

    Raises:
        UnknownOption: the path is a folder.
        ValueError: NaN or infinity in the answer.
    """
    return _write_text(to_json(result), Path(path))


def write_geojson(result: ResultDict, path: str | os.PathLike[str]) -> Path:
    """Write the legs of all routes as GeoJSON; `result` must hold geometry.

    Raises:
        UnknownOption: the path is a folder.
        ValueError: NaN or infinity in the answer.
    """
    return _write_text(to_json(to_geojson(result)), Path(path))


def _write_text(text: str, target: Path) -> Path:
    with whole_file(target) as draft:
        draft.write_text(text, encoding="utf-8")
    return target


def to_json(document: Mapping[str, Any]) -> str:
    """A document as JSON text; numbers that JSON cannot hold are an error, not a surprise for the reader.

    Raises:
        ValueError: NaN or infinity in the document.
    """
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_geojson(result: ResultDict) -> dict[str, Any]:
    """The legs of all routes as a GeoJSON feature collection; the answer without its legs stands beside them as `keruen`."""
    about = {key: value for key, value in result.items() if key != "routes"}
    routes = [
        {key: value for key, value in route.items() if key not in ("legs", "signature")} for route in result["routes"]
    ]
    return {"type": "FeatureCollection", "features": leg_features(result), "keruen": {**about, "routes": routes}}


def leg_features(result: ResultDict, **more: str) -> list[dict[str, Any]]:
    """The legs of all routes as GeoJSON features, with more properties before their own."""
    return [
        {"type": "Feature", "geometry": _geojson_geometry(leg), "properties": {**more, **row}}
        for leg, row in leg_rows(result)
    ]


def write_geopackage(result: ResultDict, path: str | os.PathLike[str]) -> Path:
    """Write routes, legs and stops as layers of a GeoPackage; `result` must hold geometry. An old file is replaced.

    Raises:
        UnknownOption: the path is a folder.
    """
    return write_layers([({}, result)], path)


def write_layers(answers: Sequence[tuple[Mapping[str, str], ResultDict]], path: str | os.PathLike[str]) -> Path:
    """Write answers into the same layers of a GeoPackage; beside each what its rows hold in more columns, the same for all.

    Raises:
        UnknownOption: the path is a folder.
    """
    target = Path(path)
    routes: list[tuple[Any, dict[str, Any]]] = []
    moving, stops = list(routes), list(routes)
    for more, result in answers:
        for i, route in enumerate(result["routes"], 1):
            line = _lines([leg for leg in route["legs"] if leg["mode"] in MOVING_MODES])
            routes.append((line, {**more, "route": i, **flat(route)}))
        for leg, row in leg_rows(result):
            if leg["mode"] in MOVING_MODES:
                moving.append((_lines([leg]), {**more, **row}))
            else:
                stops.append((_stop_point(result, leg), {**more, **row}))
    added = {name: "TEXT" for more, _ in answers for name in more}
    with whole_file(target) as draft, closing(sqlite3.connect(draft)) as base, base:
        _create_geopackage(base)
        columns = {**added, **ROUTE_COLUMNS}
        _write_layer(base, "routes", "Routes of the answer", "MULTILINESTRING", columns, routes)
        columns = {**added, **LEG_COLUMNS}
        _write_layer(base, "legs", "Legs on which the load moves", "MULTILINESTRING", columns, moving)
        _write_layer(base, "stops", "Terminals, borders, changes of gauge", "POINT", columns, stops)
    return target


def legs_csv(result: ResultDict) -> str:
    """The legs of all routes as CSV, a row for each; an empty cell is unknown."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(LEG_COLUMNS), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row for _, row in leg_rows(result))
    return text.getvalue()


# Rows of the layers


def leg_rows(result: ResultDict) -> Iterator[tuple[LegDict, dict[str, Any]]]:
    """Every leg of every route with its figures, the number of its route and of itself, and the names of its ends."""
    places = result["places"]
    for i, route in enumerate(result["routes"], 1):
        for k, leg in enumerate(route["legs"], 1):
            names = {
                f"{end}_name": places[place]["name"] if (place := leg[end]) in places else place
                for end in ("from", "to")
            }
            yield leg, {"route": i, "leg": k, "corridor": route["corridor"], **flat(leg), **names}


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a record that a table can hold; lists of texts joined by "|", records in the record left out."""
    return {
        key: "|".join(value) if isinstance(value, list) else value
        for key, value in record.items()
        if key not in ("geometry", "legs", "components", "signature", "beaten_by_way", "spread_legs")
    }


# Geometry


def _runs(leg: LegDict) -> list[list[tuple[float, float]]]:
    """The points of a leg as one line, or as several where it crosses the antimeridian."""
    points = [(float(p[0]), float(p[1])) for p in leg.get("geometry") or []]
    if len(points) < 2:
        return [points] if points else []
    found = [[points[0]]]
    for a, b in zip(points[:-1], points[1:], strict=True):
        if abs(b[0] - a[0]) > 180.0:
            side = 180.0 if a[0] > 0 else -180.0
            beyond = b[0] + 2 * side
            share = (side - a[0]) / (beyond - a[0]) if beyond != a[0] else 0.0
            lat = a[1] + share * (b[1] - a[1])
            found[-1].append((side, lat))
            found.append([(-side, lat)])
        found[-1].append(b)
    return found


def _geojson_geometry(leg: LegDict) -> dict[str, Any] | None:
    lines = _runs(leg)
    if not lines:
        return None
    if len(lines[0]) == 1 or leg["mode"] not in MOVING_MODES:
        return {"type": "Point", "coordinates": list(lines[0][0])}
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": [list(point) for point in lines[0]]}
    return {"type": "MultiLineString", "coordinates": [[list(point) for point in line] for line in lines]}


def _lines(legs: Sequence[LegDict]) -> Any:
    """The lines of some legs as one shapely MultiLineString; None if they have none."""
    from shapely import MultiLineString

    found = [line for leg in legs for line in _runs(leg) if len(line) > 1]
    return MultiLineString(found) if found else None


def _stop_point(result: ResultDict, leg: LegDict) -> Any:
    """Where a stop is, as a shapely Point: its own geometry, else its place; None if neither is known."""
    from shapely import Point as ShapelyPoint

    if lines := _runs(leg):
        return ShapelyPoint(lines[0][0])
    place = result["places"].get(leg["from"])
    return ShapelyPoint(place["lon"], place["lat"]) if place else None


def _gpkg_blob(shape: Any) -> bytes | None:
    """A shapely geometry as a GeoPackage geometry with its envelope (min x, max x, min y, max y)."""
    if shape is None:
        return None
    from shapely import to_wkb

    x0, y0, x1, y1 = shape.bounds
    header = b"GP" + struct.pack("<BBi4d", 0, 0b00000011, WGS84, x0, x1, y0, y1)
    return header + bytes(to_wkb(shape, byte_order=1))


# The GeoPackage


def _create_geopackage(base: sqlite3.Connection) -> None:
    """The tables every GeoPackage has, with the three reference systems it must know."""
    base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    base.execute(f"PRAGMA user_version = {USER_VERSION}")
    base.executescript(
        """
        CREATE TABLE gpkg_spatial_ref_sys (
          srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (
          table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT
          DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE,
          min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id)
          REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT
          NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
          CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES
          gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES
          gpkg_spatial_ref_sys(srs_id));
        """
    )
    systems = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
        ("WGS 84", WGS84, "EPSG", WGS84, WGS84_WKT, "longitude and latitude in degrees on the WGS 84 ellipsoid"),
    ]
    base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)


def _write_layer(
    base: sqlite3.Connection,
    layer: str,
    description: str,
    geometry_type: str,
    columns: Columns,
    rows: Sequence[tuple[Any, Mapping[str, Any]]],
) -> None:
    """A table of features and its entries in the contents; rows are (shapely geometry or None, cells)."""
    names = ", ".join(f'"{name}"' for name in columns)
    declared = ", ".join(f'"{name}" {sql}' for name, sql in columns.items())
    base.execute(
        f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {geometry_type}, {declared})'
    )
    marks = ", ".join("?" * (len(columns) + 1))
    cells = [(_gpkg_blob(shape), *(row.get(name) for name in columns)) for shape, row in rows]
    base.executemany(f'INSERT INTO "{layer}" (geom, {names}) VALUES ({marks})', cells)
    bounds = [shape.bounds for shape, _ in rows if shape is not None]
    low = [min(values) for values in zip(*bounds, strict=True)][:2] if bounds else [None, None]
    high = [max(values) for values in zip(*bounds, strict=True)][2:] if bounds else [None, None]
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) "
        "VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)",
        (layer, layer, description, *low, *high, WGS84),
    )
    base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (layer, geometry_type, WGS84))
