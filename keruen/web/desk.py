"""The desk at which questions are taken: the tables, the threads that answer, and what is remembered between questions.

An endpoint turns a request into a question; the desk has it answered in a thread, once for all who ask the same.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from keruen.network.build import open_world
from keruen.network.suggest import Suggester
from keruen.routing.remember import Remembered
from keruen.routing.result import RouteResult
from keruen.tables.dataset import Dataset
from keruen.web.jobs import Product, Stage, Tell, Workshop
from keruen.web.questions import Question, RouteQuestion
from keruen.web.settings import Settings
from keruen.web.shelf import Shelf

JSON = "application/json"
QUICKLY = 1  # level of gzip: a tenth larger than the best, in a third of the time
KEPT_PER_BYTE = 4  # an answer in memory takes about so much more than its JSON

MOST_CHANGED = 6  # datasets of scenarios that are remembered

Made = TypeVar("Made", bound=Product)
Asked = TypeVar("Asked", bound=Question)


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
        # flows take minutes and gigabytes: one at a time, beside everything else
        self.slow = Workshop(
            replace(settings, workers=1, most_waiting=settings.flows_waiting, answer_s=settings.flows_s)
        )
        self.shelf = Shelf(settings.workspace)
        self.changed: Remembered[str, Dataset] = Remembered(MOST_CHANGED)
        self._suggester: Suggester | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Stop all work."""
        self.workshop.close()
        self.slow.close()

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

    def settled(self, asked: Asked) -> Asked:
        """A question with the text of its scenario instead of the name. Raises UnknownScenario for a name that none goes by."""
        scenario = getattr(asked, "scenario", "")
        return asked.model_copy(update={"scenario": self.shelf.text_of(scenario)}) if scenario else asked

    def dataset(self, scenario: str) -> Dataset:
        """The tables that a question is about: as they are, or as the text of a scenario has them. In a thread: it may take a while."""
        if not scenario:
            return self.data

        def change() -> Dataset:
            from keruen.tables.scenario import read_scenario

            changed = read_scenario(scenario, self.data).apply(self.data)
            open_world(changed)
            return changed

        return self.changed.find(scenario, change)

    async def dataset_later(self, scenario: str) -> Dataset:
        """The same, without keeping others waiting."""
        return await run_in_threadpool(self.dataset, scenario) if scenario else self.data

    async def routes(self, request: Request, asked: RouteQuestion) -> Routes:
        """The answer to a route question."""
        return await self.workshop.ask(*self.route_work(asked), client_of(request), request.is_disconnected)

    def routes_followed(self, request: Request, asked: RouteQuestion) -> AsyncIterator[Stage | Routes]:
        """The stages of the work on a route question, then its answer."""
        return self.workshop.follow(*self.route_work(asked, streamed=True), client_of(request))

    def route_work(
        self, asked: RouteQuestion, *, streamed: bool = False
    ) -> tuple[tuple[str, str], Callable[[Tell], Routes]]:
        """A route question as a key and the work that answers it; streamed: telling the unbeaten ways as soon as they are known."""
        question = asked.core()

        def work(tell: Tell) -> Routes:
            from keruen.routing.route import route

            data = self.dataset(question.scenario)
            early = (lambda part: tell.early(as_json(part.to_dict(geometry=True)))) if streamed else None
            answer = route(data, question.from_, question.to, **question.arguments(), progress=tell, early=early)
            tell("write", 0.97)
            return Routes.of(answer)

        return ("route", question.key()), work

    def follow(
        self, request: Request, key: tuple[Any, ...], work: Callable[[Tell], Made]
    ) -> AsyncIterator[Stage | Made]:
        """The stages of other work, by its key, then what it made."""
        return self.workshop.follow(key, work, client_of(request))

    async def make(
        self, request: Request, key: tuple[Any, ...], work: Callable[[Tell], Made], *, keep: bool = True
    ) -> Made:
        """Other work, by its key. keep: for who asks the same again."""
        return await self.workshop.ask(key, work, client_of(request), request.is_disconnected, keep=keep)


def client_of(request: Request) -> str:
    """By what a client is told from others: its address."""
    return request.client.host if request.client else ""


def as_json(document: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """A document as one line of JSON; NaN and infinity are an error."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


def body_of(media_type: str, meaning: str, example: Any) -> dict[str, Any]:
    """The body of a request that is read as it comes, for the OpenAPI document."""
    schema = {"type": "object"} if media_type == JSON else {"type": "string"}
    content = {media_type: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "description": meaning, "content": content}}


def json_body(document: Mapping[str, Any]) -> Body:
    """A document as something made."""
    return Body(as_json(document))
