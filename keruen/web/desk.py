"""The desk at which questions are taken: the tables, the threads that answer, and what is remembered between questions.

An endpoint turns a request into a question; the desk has it answered in a thread, once for all who ask the same.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from keruen.network.build import open_world
from keruen.network.suggest import Suggester
from keruen.routing.result import ResultDict, RouteResult
from keruen.tables.dataset import Dataset
from keruen.web.jobs import Product, Tell, Workshop
from keruen.web.questions import RouteQuestion
from keruen.web.settings import Settings

JSON = "application/json"
QUICKLY = 1  # level of gzip: a tenth larger than the best, in a third of the time
KEPT_PER_BYTE = 4  # an answer in memory takes about so much more than its JSON

Made = TypeVar("Made", bound=Product)


@dataclass(frozen=True)
class Body:
    """Something made, as bytes of a type; under `name` it is a file to take away."""

    content: bytes
    media_type: str = JSON
    name: str = ""

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return len(self.content)

    def response(self) -> Response:
        """As an answer; a file to be kept if it has a name."""
        headers = {"content-disposition": f'attachment; filename="{self.name}"'} if self.name else None
        return Response(self.content, media_type=self.media_type, headers=headers)


@dataclass(frozen=True)
class Routes:
    """An answer to a route question, and its JSON with coordinates, compressed."""

    result: RouteResult
    with_geometry: bytes
    plain_bytes: int

    @classmethod
    def of(cls, result: RouteResult) -> Routes:
        """Written once, in the thread that found the routes."""
        text = as_json(result.to_dict(geometry=True))
        return cls(result, gzip.compress(text, QUICKLY, mtime=0), len(text))

    @cached_property
    def lines(self) -> ResultDict:
        """The answer with coordinates, ready for JSON."""
        return self.result.to_dict(geometry=True)

    @property
    def nbytes(self) -> int:
        """Bytes it takes, about."""
        return len(self.with_geometry) + KEPT_PER_BYTE * self.plain_bytes

    def text(self) -> bytes:
        """The JSON with coordinates."""
        return gzip.decompress(self.with_geometry)


class Desk:
    """Tables, threads and what is remembered."""

    def __init__(self, data: Dataset, settings: Settings) -> None:
        self.data, self.settings = data, settings
        self.workshop = Workshop(settings)
        self._suggester: Suggester | None = None
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether the network is open, so that questions are answered at once."""
        return self._suggester is not None

    def suggester(self) -> Suggester:
        """Places by the beginning of their names; opens the network when first used."""
        with self._lock:
            if self._suggester is None:
                self._suggester = Suggester(open_world(self.data))
            return self._suggester

    def dataset(self, scenario: str) -> Dataset:
        """The tables that a question is about: as they are, or as a scenario has them."""
        return self.data

    async def routes(self, request: Request, asked: RouteQuestion) -> Routes:
        """The answer to a route question."""
        return await self.workshop.ask(*self.route_work(asked), client_of(request))

    def routes_followed(self, request: Request, asked: RouteQuestion) -> AsyncIterator[tuple[str, float] | Routes]:
        """The stages of the work on a route question, then its answer."""
        return self.workshop.follow(*self.route_work(asked), client_of(request))

    def route_work(self, asked: RouteQuestion) -> tuple[tuple[str, str], Callable[[Tell], Routes]]:
        """A route question as a key and the work that answers it."""
        question = asked.core()

        def work(tell: Tell) -> Routes:
            from keruen.routing.route import route

            data = self.dataset(question.scenario)
            answer = route(data, question.from_, question.to, **question.arguments(), progress=tell)
            tell("write", 0.97)
            return Routes.of(answer)

        return ("route", question.key()), work

    async def make(self, request: Request, key: tuple[Any, ...], work: Callable[[Tell], Made]) -> Made:
        """Other work, by its key."""
        return await self.workshop.ask(key, work, client_of(request))


def client_of(request: Request) -> str:
    """By what a client is told from others: its address."""
    return request.client.host if request.client else ""


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as one line of JSON; NaN and infinity are an error."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def json_body(document: Mapping[str, Any]) -> Body:
    """A document as something made."""
    return Body(as_json(document))
