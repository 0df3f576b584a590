"""The interface for the map: vector tiles of the ground and of the network, and where the things lie that can be avoided or required.

    GET /ground/{z}/{x}/{y}.mvt    land, coast, lakes, borders, country_names, cities
    GET /network/{z}/{x}/{y}.mvt   lines, points
    GET /features?key=...          points by their keys

Tiles are Mapbox Vector Tiles of Web Mercator with 512-pixel sides in mind, zooms 0 to 8; a page enlarges those of 8. The first tile of
a part takes as long as making its layers, some seconds, if they were never made for this network.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, Field
from shapely import get_coordinates
from starlette.requests import Request
from starlette.responses import Response

from keruen.network.build import World, open_world
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.web.layers import PARTS, layers_of
from keruen.web.mercator import to_lonlat
from keruen.web.prepared import LAST_ZOOM
from keruen.web.tiles import Tile, TileStore, is_tile

TILE = "application/vnd.mapbox-vector-tile"
FRESH = "private, max-age=600, stale-while-revalidate=86400"
MOST_KEYS = 200

Zoom = Annotated[int, Path(ge=0, le=LAST_ZOOM, description="Zoom: the world is 2^z tiles wide")]
Column = Annotated[int, Path(ge=0, lt=1 << LAST_ZOOM, description="Column from the west, below 2^z")]
Row = Annotated[int, Path(ge=0, lt=1 << LAST_ZOOM, description="Row from the north, below 2^z")]
Keys = Annotated[
    list[Annotated[str, Field(max_length=120)]],
    Query(
        max_length=MOST_KEYS,
        description="Features as avoid and require take them: passage:suez, border:dostyk_rail, country:RU",
    ),
]


class MapFeature(BaseModel):
    """Something that can be clicked: what avoid and require call it, what it is, its names (Russian empty: not known), degrees."""

    key: str = Field(examples=["passage:suez"])
    kind: str = Field(examples=["passage"])
    name: str
    name_ru: str
    lat: float
    lon: float


class MapFeatures(BaseModel):
    """Features in the order asked for; keys without a place on the map are left out."""

    features: list[MapFeature]


class CountryOutline(BaseModel):
    """A country as rings of degrees, longitude first; codes are empty for land without one."""

    country: str = Field(examples=["KZ"])
    iso3: str = Field(examples=["KAZ"])
    rings: list[list[tuple[float, float]]]


class MapRoom:
    """The tiles of a dataset's network; opened and made when first asked for."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.stores: dict[str, TileStore] = {}
        self.lock = threading.Lock()
        self.places = lru_cache(maxsize=1)(self._places)

    def store(self, part: str) -> TileStore:
        """The tiles of a part of the map."""
        if part not in self.stores:
            layers = layers_of(self.data, self.world(), part)
            with self.lock:
                self.stores.setdefault(part, TileStore(layers))
        return self.stores[part]

    def world(self) -> World:
        """The network, opened once."""
        with self.lock:
            return open_world(self.data)

    def prepare(self) -> None:
        """Make or read all layers, so that the first tile comes at once."""
        for part in PARTS:
            self.store(part)

    def _places(self) -> dict[str, MapFeature]:
        """All points of the map by key."""
        found: dict[str, MapFeature] = {}
        for layer in (self.store("ground").layers["country_names"], self.store("network").layers["points"]):
            at = to_lonlat(get_coordinates(layer.shapes))
            for (lon, lat), row in zip(at.tolist(), layer.row.tolist(), strict=True):
                about = layer.properties[row]
                key = str(about["key"])
                found[key] = MapFeature(
                    key=key, kind=str(about["kind"]), name=str(about["name_en"]), name_ru=str(about.get("name_ru", "")),
                    lat=round(lat, 4), lon=round(lon, 4),
                )  # fmt: skip
        return found


def router(data: Dataset, room: MapRoom | None = None) -> APIRouter:
    """The endpoints for the map, to be mounted under /api/v1/map; the room may be given, for who wants to prepare it early."""
    api = APIRouter(tags=["map"])
    room = room or MapRoom(data)
    wrong = {404: {"description": "No tile has this address"}, 422: {"description": "The address is not one of a tile"}}
    tiles = {200: {"content": {TILE: {}}, "description": "The tile"}, 304: {"description": "As it was"}, **wrong}

    @api.get("/ground/{z}/{x}/{y}.mvt", summary="A tile of the ground", response_class=Response, responses=tiles)  # type: ignore[arg-type]
    def ground(request: Request, z: Zoom, x: Column, y: Row) -> Response:
        """`land` (`key`: its country), `coast`, `lakes`, `borders`, `country_names`, `cities`; names `name_en`, `name_ru` where known."""
        return answered(request, room, "ground", z, x, y)

    @api.get("/network/{z}/{x}/{y}.mvt", summary="A tile of the network", response_class=Response, responses=tiles)  # type: ignore[arg-type]
    def network(request: Request, z: Zoom, x: Column, y: Row) -> Response:
        """Layers `lines` (`mode` rail, road, sea or ferry; `rank` 1 main, 2 other) and `points` (`key`, `kind`, names, `label`)."""
        return answered(request, room, "network", z, x, y)

    @api.get("/features", summary="Where features lie")
    def features(key: Keys) -> MapFeatures:
        """The points of features, in the order asked for; what has none (corridors, modes, unknown keys) is left out."""
        places = room.places()
        return MapFeatures(features=[places[one] for one in dict.fromkeys(key) if one in places])

    @api.get("/countries", summary="Outlines of countries")
    def countries() -> list[CountryOutline]:
        """Coarse outlines for maps of the world that are drawn once, as rings of longitude and latitude."""
        return outlines_of(data)

    return api


def outlines_of(data: Dataset) -> list[CountryOutline]:
    """Rings of all countries that are large enough to be seen on a map of the world, Natural Earth 1:110m; the pole's land is left out."""
    from keruen.network.countries import land_outlines
    from keruen.web.ground import ANTARCTICA, DETAILS

    codes = {
        int(row["numeric"]): (row.text("country"), row.text("iso3")) for row in data["countries"] if row["numeric"]
    }
    found: dict[int, CountryOutline] = {}
    for number, rings in land_outlines(DETAILS[0].resolution):
        if number == ANTARCTICA:
            continue
        country, iso3 = codes.get(number, ("", ""))
        one = found.setdefault(number, CountryOutline(country=country, iso3=iso3, rings=[]))
        one.rings += [[(round(lon, 1), round(lat, 1)) for lon, lat in ring.tolist()] for ring in rings]
    return list(found.values())


def answered(request: Request, room: MapRoom, part: str, z: int, x: int, y: int) -> Response:
    """A tile, or that it is as the browser has it."""
    if not is_tile(z, x, y):
        raise HTTPException(404, said("srv_no_tile", z=z, x=x, y=y, last=(1 << z) - 1))
    tile: Tile = room.store(part).tile(z, x, y)
    headers = {"etag": f'"{tile.tag}"', "cache-control": FRESH}
    if tile.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(tile.body, media_type=TILE, headers=headers)
