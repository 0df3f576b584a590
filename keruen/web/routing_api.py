"""The interface for ways: routes, tables of least values, diagrams, emissions; as one answer, with progress, or as files.

Answers are those of the command line with --json, the same numbers. A stream is Server-Sent Events:

    event: progress   {"stage": "search", "share": 0.4}
    event: early      the answer so far: the ways that no other beats, before beaten corridors are looked for
    event: answer     the answer with coordinates            or    event: error   {"error": {...}, "status": 404}

and ends with the answer or the error. Who closes the connection cancels the work, unless another waits for the same.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.web import answers
from keruen.web.desk import JSON, Desk, Routes, as_json, body_of, digest, json_body
from keruen.web.desk import Body as Made
from keruen.web.faults import WORK, fault_of, told_of
from keruen.web.files import TYPES, diagram_file, route_file
from keruen.web.jobs import Stage, Tell
from keruen.web.questions import DiagramAsked, EmissionsAsked, FileAsked, MatrixAsked, RouteAsked, RouteQuestion

STREAM = "text/event-stream"
EMISSIONS_BODY = 'A footprint, a list of them, or {"data": [...]}, as JSON.'
EVENTS_EXAMPLE = 'event: progress\ndata: {"stage":"search","share":0.1}\n\nevent: answer\ndata: {"origin": ...}\n\n'
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {STREAM: {"schema": {"type": "string"}, "example": EVENTS_EXAMPLE}},
        "description": "Events: `progress` with stage and share done, `early` with what can be shown already, then `answer`, or "
        "`error` with its `status`.",
    }
}
RouteFormat = Literal["csv", "geojson", "gpkg", "json", "png", "svg", "xlsx"]
DiagramFormat = Literal["csv", "png", "svg"]
AS_FILE = Path(description="Format of the file.", examples=["csv"])


def router(desk: Desk) -> APIRouter:
    """The endpoints for ways."""
    api = APIRouter(tags=["ways"], responses=told_of(404, *WORK))

    @api.get("/route", summary="The ways between two places", response_model=answers.RouteAnswer)
    async def route(request: Request, asked: Annotated[RouteAsked, Query()]) -> Response:
        """The ways from origin to destination that are worth knowing, best generalized cost first: `keruen route --json`."""
        asked = desk.settled(asked)
        found = await desk.routes(request, asked)
        if asked.geometry:
            return compressed(request, found.with_geometry)
        return Response(await run_in_threadpool(lambda: as_json(found.result.to_dict())), media_type=JSON)

    @api.get("/route/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse)
    async def route_stream(request: Request, asked: Annotated[RouteQuestion, Query()]) -> Response:
        """Progress, then the answer with coordinates or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.routes_followed(request, desk.settled(asked)), Routes.text)

    @api.get("/route/file/{format}", summary="The ways as a file", responses=file_of(*get_args(RouteFormat)),
             response_class=Response)  # fmt: skip
    async def file(
        request: Request, format: Annotated[RouteFormat, AS_FILE], asked: Annotated[FileAsked, Query()]
    ) -> Response:
        """The legs as CSV or GeoJSON; routes, legs and stops as GeoPackage; routes, legs and sources as a workbook; a map as PNG or SVG."""
        asked = desk.settled(asked)
        found = await desk.routes(request, asked)
        data = await desk.dataset_later(asked.scenario)
        key = ("route file", format, asked.key())
        made = await desk.make(request, key, lambda tell: route_file(data, found.result, format, asked.lang))
        return made.response()

    @api.get("/tcd/file/{format}", summary="The time-cost-distance diagram as a file", responses=file_of("csv", "png", "svg"),
             response_class=Response)  # fmt: skip
    async def diagram(
        request: Request, format: Annotated[DiagramFormat, AS_FILE], asked: Annotated[DiagramAsked, Query()]
    ) -> Response:
        """The diagram of the ways, or the table behind it: `keruen tcd --picture`, `--table`."""
        asked = desk.settled(asked)
        found = await desk.routes(request, asked)
        key = ("diagram", format, asked.key())

        def work(tell: Tell) -> Made:
            return diagram_file(found.result, format, asked.corridor, list(asked.measure), asked.lang)

        return (await desk.make(request, key, work)).response()

    @api.get("/matrix", summary="Least values between places", response_model=answers.Matrix)
    async def matrix(request: Request, asked: Annotated[MatrixAsked, Query()]) -> Response:
        """Least h, USD, kg CO2e or generalized cost between places, each by the way best for it: `keruen matrix --json`."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            from keruen.routing.matrix import matrix as find_matrix

            data = desk.dataset(asked.scenario)
            return json_body(find_matrix(data, asked.from_, asked.to, shipment=asked.shipment(), by=asked.by).to_dict())

        return (await desk.make(request, ("matrix", asked.key()), work)).response()

    @api.get("/emissions", summary="The emissions of a way", response_model=answers.EmissionAccount)
    async def emissions(request: Request, asked: Annotated[EmissionsAsked, Query()]) -> Response:
        """An account by ISO 14083, element by element: `keruen emissions --json`."""
        return await accounted(request, asked, "emissions", lambda data, result, chain: chain.to_dict())

    @api.get("/emissions/ileap", summary="The same as iLEAP data", response_model=answers.Footprints)
    async def ileap(request: Request, asked: Annotated[EmissionsAsked, Query()]) -> Response:
        """The chain as PACT footprints after the iLEAP specification: `keruen emissions --ileap`."""
        from keruen.reports.ileap import ileap_document

        return await accounted(request, asked, "ileap", ileap_document)

    async def accounted(request: Request, asked: EmissionsAsked, what: str, document: Callable[..., Any]) -> Response:
        asked = desk.settled(asked)
        found = await desk.routes(request, asked)
        data = await desk.dataset_later(asked.scenario)

        def work(tell: Tell) -> Made:
            from keruen.routing.emissions import chain_of_number
            from keruen.routing.laden import laden_trucks

            trucks = laden_trucks(asked.load_factor, asked.empty_share)
            chain = chain_of_number(data, found.result, asked.number, laden=trucks)
            return json_body(document(data, found.result, chain))

        return (await desk.make(request, (what, asked.key()), work)).response()

    @api.post("/check-emissions", summary="Check a file of emissions", response_model=answers.EmissionCheck,
              openapi_extra=body_of(JSON, EMISSIONS_BODY, {"data": []}))  # fmt: skip
    async def check_emissions(request: Request) -> Response:
        """Whether an iLEAP or PACT document adds up: `keruen check-emissions --json`."""
        file = await request.body()

        def work(tell: Tell) -> Made:
            from keruen.routing.emission_check import check_emissions as check

            return json_body(check(file).to_dict())

        return (await desk.make(request, ("check", digest(file)), work)).response()

    return api


def compressed(request: Request, packed: bytes) -> Response:
    """A JSON text kept compressed, as the client takes it."""
    takes = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"vary": "accept-encoding", **({"content-encoding": "gzip"} if takes else {})}
    return Response(packed if takes else gzip.decompress(packed), media_type=JSON, headers=headers)


def file_of(*endings: str) -> dict[int | str, dict[str, Any]]:
    """A file of one of some types, for the OpenAPI document."""
    kinds = {TYPES[ending].partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for ending in endings}
    return {200: {"content": kinds, "description": "The file, as an attachment."}}


def events(work: AsyncIterator[Any], text: Callable[[Any], bytes]) -> Response:
    """Followed work as a stream of events."""

    async def written() -> AsyncIterator[bytes]:
        early = b""
        try:
            async with aclosing(work) as stages:  # type: ignore[type-var]
                async for stage in stages:
                    if isinstance(stage, Stage):
                        yield event("progress", as_json({"stage": stage.name, "share": round(stage.share, 3)}))
                        if stage.early and not early:
                            early = stage.early
                            yield event("early", early)
                    else:
                        yield event("answer", text(stage))
        except Exception as problem:
            status, document, _ = fault_of(problem)
            yield event("error", as_json({**document, "status": status}))

    return StreamingResponse(
        written(), media_type=STREAM, headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )


def event(name: str, data: bytes) -> bytes:
    """One event; the data are one line."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"
