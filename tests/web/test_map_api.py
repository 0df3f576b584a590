"""The interface of the map: tiles with tags, refusals of addresses that are none, features by their keys."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
from fastapi import FastAPI

from keruen.tables.dataset import Dataset
from keruen.web.map_api import router

pytestmark = pytest.mark.world


class MapClient:
    """Asks an application without a server."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, address: str, **how: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://map") as client:
                return await client.get(address, **how)

        with ThreadPoolExecutor(1) as thread:  # a loop of a browser may be running in this one
            return thread.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture(scope="module")
def map_client(world_data: Dataset) -> MapClient:
    app = FastAPI()
    app.include_router(router(world_data), prefix="/map")
    return MapClient(app)


@pytest.mark.parametrize(
    ("part", "layers"),
    [("ground", {"land", "coast", "lakes", "borders", "country_names", "cities"}), ("network", {"lines", "points"})],
)
def test_a_tile_holds_its_layers(map_client: MapClient, part: str, layers: set[str]) -> None:
    answer = map_client.get(f"/map/{part}/3/5/2.mvt")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert set(mapbox_vector_tile.decode(answer.content)) == layers


def test_a_tile_that_the_browser_has_is_not_sent_again(map_client: MapClient) -> None:
    first = map_client.get("/map/ground/2/2/1.mvt")
    assert "max-age" in first.headers["cache-control"]
    again = map_client.get("/map/ground/2/2/1.mvt", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert map_client.get("/map/ground/2/2/1.mvt", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [("3/8/0", 404), ("0/0/1", 404), ("9/0/0", 422), ("-1/0/0", 422), ("a/0/0", 422), ("3/1.5/0", 422)],
)
def test_addresses_that_are_none(map_client: MapClient, address: str, status: int) -> None:
    assert map_client.get(f"/map/ground/{address}.mvt").status_code == status


def test_features_by_key_in_the_order_asked_for(map_client: MapClient) -> None:
    keys = ["country:KZ", "passage:suez", "corridor:none", "passage:suez", "border:dostyk_rail", "place:KZHOR"]
    found = map_client.get("/map/features", params={"key": keys}).json()["features"]
    assert [one["key"] for one in found] == ["country:KZ", "passage:suez", "border:dostyk_rail", "place:KZHOR"]
    assert abs(found[1]["lat"] - 30.45) < 0.01 and abs(found[1]["lon"] - 32.35) < 0.01
    assert found[0]["name_ru"] == "Казахстан"


def test_too_many_or_no_features_are_refused(map_client: MapClient) -> None:
    assert map_client.get("/map/features", params={"key": ["passage:suez"] * 201}).status_code == 422
    assert map_client.get("/map/features", params={"key": "x" * 121}).status_code == 422
    assert map_client.get("/map/features").status_code == 422


def test_the_endpoints_are_documented(map_client: MapClient) -> None:
    paths = map_client.get("/openapi.json").json()["paths"]
    tile = paths["/map/ground/{z}/{x}/{y}.mvt"]["get"]
    assert {"200", "304", "404", "422"} <= set(tile["responses"])
    assert "application/vnd.mapbox-vector-tile" in tile["responses"]["200"]["content"]
    assert all(one.get("summary") for path in paths.values() for one in path.values())
