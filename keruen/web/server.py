"""The workspace as a web application: the interface under /api/v1, the page under everything else, and the guard around both.

create_app(data, settings)     the application, for a server of one's own or for tests
serve(data, settings)          run it until it is stopped
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from importlib import import_module

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from keruen import __version__
from keruen.errors import Cancelled, KeruenError
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.web import (
    answers,
    brief_api,
    evidence_api,
    figures_api,
    flows_api,
    map_api,
    materials_api,
    routing_api,
    scenarios_api,
    trade_api,
)
from keruen.web.desk import Desk
from keruen.web.faults import ALWAYS, answer_fault, told_of
from keruen.web.memory import use_few_arenas
from keruen.web.safety import LOG, Guard, Refusal
from keruen.web.settings import Settings
from keruen.web.static import Page

BASE = "/api/v1"
MOST_LINE_BYTES = 200_000  # of the first line and headers of a request: a scenario in an address takes 16,000 letters
CLOSING_S = 3


def create_app(data: Dataset, settings: Settings) -> FastAPI:
    """The application over a dataset. What it needs of the network is opened when first used."""
    desk = Desk(data, settings)

    app = FastAPI(
        title="Keruen",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{BASE}/openapi.json",
    )
    app.state.desk = desk
    for problem in (KeruenError, Refusal, Cancelled, RequestValidationError, HTTPException):
        app.add_exception_handler(problem, answer_fault)
    for part in (routing_api, evidence_api, scenarios_api, figures_api, trade_api, materials_api, flows_api, brief_api):
        app.include_router(part.router(desk), prefix=BASE, responses=told_of(*ALWAYS))
    app.state.map_room = map_api.MapRoom(data)
    app.include_router(map_api.router(data, app.state.map_room), prefix=f"{BASE}/map", responses=told_of(*ALWAYS))
    page = Page()

    @app.get(f"{BASE}/health", tags=["server"], summary="Whether the server is ready", response_model=answers.Health,
             responses=told_of(*ALWAYS))  # fmt: skip
    def health() -> dict[str, object]:
        """Version, and whether the network is open."""
        return {"version": __version__, "ready": desk.ready}

    @app.get("/{name:path}", include_in_schema=False)
    def file(request: Request, name: str) -> Response:
        found = page.response(request, name)
        if found is None:
            raise HTTPException(404, said("srv_nothing"))
        return found

    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(Guard, settings=settings)
    return app


def server_of(app: FastAPI, started: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """A server of the application; `started` is called when the first request can come."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.desk.close()  # first, so that nobody waits for an answer that will not come
            await super().shutdown(sockets)

    return Server(uvicorn.Config(
        app, http="h11", ws="none", log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=CLOSING_S,
        h11_max_incomplete_event_size=MOST_LINE_BYTES, timeout_keep_alive=30,
    ))  # fmt: skip


def warm_up(app: FastAPI) -> None:
    """Make ready what the first view needs, beside the first requests: the layers of the map, and the code that routes."""
    try:
        app.state.map_room.prepare()
        import_module("keruen.routing.route")
    except Exception:  # whoever asks for it is told
        LOG.exception("the map could not be made ready")


def serve(data: Dataset, settings: Settings, listening: socket.socket, started: Callable[[], None]) -> None:
    """Answer on a socket until the process is told to stop; `started` is called when the first request can come."""
    use_few_arenas()
    app = create_app(data, settings)
    app.state.desk.suggester()  # opens the network
    threading.Thread(target=warm_up, args=(app,), daemon=True).start()
    server_of(app, started).run(sockets=[listening])
