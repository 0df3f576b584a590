"""The interface for what is known: places, choices, tables, sources, the network, and how right the model is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.routing.ends import place_facts
from keruen.web.choices import choices
from keruen.web.desk import Desk
from keruen.web.questions import NearAsked, PlaceAsked


def router(desk: Desk) -> APIRouter:
    """The endpoints for what is known."""
    api = APIRouter(tags=["evidence"])

    @api.get("/places", summary="Places whose name or code begins so")
    def places(asked: Annotated[PlaceAsked, Query()]) -> dict[str, Any]:
        """Suggestions while someone types, best first."""
        return {"places": [place_facts(entry) for entry in desk.suggester().suggest(asked.q, asked.limit)]}

    @api.get("/places/near", summary="The places nearest to a point")
    def places_near(asked: Annotated[NearAsked, Query()]) -> dict[str, Any]:
        """Places with a terminal, at which a shipment can start, nearest first."""
        return {"places": [place_facts(entry) for entry in desk.suggester().near(asked.lat, asked.lon, asked.limit)]}

    @api.get("/places/{place}", summary="One place")
    def place(place: str) -> dict[str, Any]:
        """The place that goes by a code or name, as `keruen places --json` prints it."""
        return place_facts(resolve(open_world(desk.data).gazetteer, place))

    @api.get("/options", summary="What one may choose from")
    def options() -> dict[str, Any]:
        """Goods, load units, ships, sanctions profiles, and what can be avoided or required."""
        return choices(desk.data)

    return api
