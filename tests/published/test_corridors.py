"""Corridors as people in the trade use their names: what runs through Russia is not Trans-Caspian, Suez is not Trans-Siberian."""

from __future__ import annotations

import re

import pytest

from keruen.network.build import corridor_features
from keruen.network.features import MOST_FEATURES
from keruen.routing.result import Route
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables.dataset import Dataset

SEA_PASSAGES = {"passage:suez", "passage:panama", "passage:cape_of_good_hope"}
LAST_RESORTS = 900  # rank from which a corridor is told by its modes alone


def lands(way: Route, *modes: str) -> set[str]:
    """Countries in which a route runs by these modes."""
    return {leg.country for leg in way.legs if leg.mode in modes}


def rank_of(data: Dataset, key: str) -> float:
    row = data.find_row(f"corridors:{key}")
    assert row is not None
    return row.number("rank")


# Table


def test_every_corridor_has_its_names_and_a_gate(shipped: Dataset) -> None:
    for row in shipped["corridors"]:
        assert re.fullmatch(r"[A-Z][A-Za-z ,()-]+", row.text("name")), row.id
        assert re.fullmatch(r"[А-ЯЁ][А-Яа-яЁё ,()-]+", row.text("name_ru")), row.id
        assert row.texts("gates"), f"{row.id}: corridors without gates are never looked for"


def test_names_tell_corridors_apart(shipped: Dataset) -> None:
    for column in ("name", "name_ru"):
        names = shipped["corridors"].texts(column)
        assert len(set(names)) == len(names)


def test_a_network_can_keep_the_features_of_all_corridors(shipped: Dataset) -> None:
    assert len(corridor_features(shipped["corridors"])) <= MOST_FEATURES


def test_trans_caspian_is_never_through_russia(shipped: Dataset) -> None:
    rows = [row for row in shipped["corridors"] if row.text("corridor").startswith("trans_caspian")]
    assert len(rows) == 6
    for row in rows:
        assert {"country:RU@rail", "country:RU@road"} <= set(row.texts("never")), row.id


def test_railways_are_not_by_the_great_canals_and_roads_not_by_rail(shipped: Dataset) -> None:
    for row in shipped["corridors"]:
        if row.number("rank") < LAST_RESORTS and "by rail" in row.text("name"):
            assert set(row.texts("never")) >= SEA_PASSAGES, row.id
        if "by road" in row.text("name").lower():
            assert "mode:rail" in row.texts("never"), row.id


def test_sea_passages_name_a_route_before_the_railways_at_its_ends(shipped: Dataset) -> None:
    railways = ("trans_siberian", "trans_mongolian", "northern", "kazakhstan_russia_rail", "russia_europe_rail")
    for passage in ("volga_don", "suez", "panama", "cape"):
        assert all(rank_of(shipped, passage) < rank_of(shipped, railway) for railway in railways)


# World


@pytest.mark.world
def test_hai_phong_duisburg_over_the_caspian_keeps_out_of_russia(world_data: Dataset) -> None:
    side_by_side = route(world_data, "VNHPH", "DEDUI").routes
    asked_for = route(world_data, "VNHPH", "DEDUI", require=["trans_caspian"]).routes
    over = [way for way in (*side_by_side, *asked_for) if way.corridor.startswith("trans_caspian")]
    assert any(way in side_by_side for way in over) and any(way in asked_for for way in over)
    assert not [way.corridor for way in over if "RU" in lands(way, "rail", "road")]


@pytest.mark.world
def test_moscow_vladivostok_is_trans_siberian_by_rail_and_suez_by_sea(world_data: Dataset) -> None:
    ways = route(world_data, "Moscow", "Vladivostok").routes
    by_rail = [way for way in ways if way.modes == ("rail",)]
    assert by_rail and {way.corridor for way in by_rail} == {"trans_siberian"}
    by_suez = [way for way in ways if "passage:suez" in way.signature]
    by_suez += route(world_data, "Moscow", "Vladivostok", require=["passage:suez"], avoid=["mode:air"]).routes
    assert by_suez and {way.corridor for way in by_suez} == {"suez"}


@pytest.mark.world
def test_kostanay_tehran_goes_to_iran_and_not_through_it(world_data: Dataset) -> None:
    ways = route(world_data, "Kostanay", "Tehran").routes
    assert ways and not {way.corridor for way in ways} & {"iran_transit", "iran_gulf", "southern", "southern_road"}


@pytest.mark.world
def test_istanbul_berlin_starts_in_turkiye_and_is_not_through_it(world_data: Dataset) -> None:
    ways = route(world_data, "Istanbul", "Berlin").routes
    assert ways and "turkey_europe_land" not in {way.corridor for way in ways}


@pytest.mark.world
def test_a_sailing_through_the_volga_don_is_named_by_it(world_data: Dataset) -> None:
    ways = route(
        world_data, "Aktau", "Istanbul", shipment=Shipment(commodity="grain"), require=["passage:volga_don"]
    ).routes
    assert ways and {way.corridor for way in ways} == {"volga_don"}
