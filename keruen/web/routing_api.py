"""The interface for ways: routes, as one answer or with progress on the way there.

Answers are those of the command line with --json, byte for byte the same numbers. A stream is Server-Sent Events:

    event: progress   {"stage": "search", "share": 0.4}
    event: answer     the answer with coordinates            or    event: error   {"error": {...}, "status": 404}

and ends with the answer or the error. Who closes the connection cancels the work, unless another waits for the same.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.web.desk import JSON, Desk, Routes, as_json
from keruen.web.faults import fault_of
from keruen.web.questions import RouteAsked, RouteQuestion

STREAM = "text/event-stream"


def router(desk: Desk) -> APIRouter:
    """The endpoints for ways."""
    api = APIRouter(tags=["ways"])

    @api.get("/route", summary="The ways between two places")
    async def route(request: Request, asked: Annotated[RouteAsked, Query()]) -> Response:
        """The ways from origin to destination that are worth knowing, in order of generalized cost, as `keruen route --json` prints them."""
        found = await desk.routes(request, asked)
        if asked.geometry:
            return compressed(request, found.with_geometry)
        return Response(await run_in_threadpool(lambda: as_json(found.result.to_dict())), media_type=JSON)

    @api.get("/route/stream", summary="The same with progress, as Server-Sent Events")
    async def route_stream(request: Request, asked: Annotated[RouteQuestion, Query()]) -> Response:
        """Progress, then the answer with coordinates or the error. Closing the connection cancels the work."""
        return events(desk.routes_followed(request, asked), Routes.text)

    return api


def compressed(request: Request, packed: bytes) -> Response:
    """A JSON text kept compressed, as the client takes it."""
    takes = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"vary": "accept-encoding", **({"content-encoding": "gzip"} if takes else {})}
    return Response(packed if takes else gzip.decompress(packed), media_type=JSON, headers=headers)


def events(work: AsyncIterator[Any], text: Callable[[Any], bytes]) -> Response:
    """Followed work as a stream of events."""

    async def written() -> AsyncIterator[bytes]:
        try:
            async with aclosing(work) as stages:  # type: ignore[type-var]
                async for stage in stages:
                    if isinstance(stage, tuple):
                        yield event("progress", as_json({"stage": stage[0], "share": round(stage[1], 3)}))
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
