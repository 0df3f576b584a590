"""The interface for scenarios: those there are, what one does, saving one, and the ways with one beside the ways without."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.errors import BadScenario
from keruen.tables.words import said
from keruen.web import answers
from keruen.web.desk import JSON, Desk, as_json, body_of, digest
from keruen.web.desk import Body as Made
from keruen.web.faults import WORK, told_of
from keruen.web.files import comparison_file
from keruen.web.jobs import Tell
from keruen.web.offers import line_offer, service_offer
from keruen.web.questions import MOST_SCENARIO_LETTERS, CompareAsked, LineOfferAsked, ServiceOfferAsked
from keruen.web.routing_api import AS_FILE, STREAMED, events, file_of
from keruen.web.safety import Refusal
from keruen.web.scenario_document import checked, composed
from keruen.web.shelf import MOST_SAVED, NAME

TOML = "application/toml"
CompareFormat = Literal["csv", "geojson", "gpkg", "json", "xlsx"]
Name = Annotated[str, Path(pattern=f"^{NAME.pattern}$", description="Name of the scenario.", examples=["suez_closed"])]
EXAMPLE = 'name = "suez_closed"\ntitle = "Suez closed"\n\n[[close]]\nwhat = "passage:suez"\nreason = "What if."\n'
TEXT = body_of(TOML, "The scenario as TOML.", EXAMPLE)
DOCUMENT = body_of(
    JSON,
    "The scenario as a document.",
    {
        "name": "suez_closed",
        "title": "Suez closed",
        "entries": [{"kind": "close", "what": "passage:suez", "reason": "What if."}],
    },
)
AS_TOML: dict[int | str, dict[str, Any]] = {
    200: {"content": {TOML: {"schema": {"type": "string"}, "example": EXAMPLE}}, "description": "The scenario as TOML."}
}


def router(desk: Desk) -> APIRouter:
    """The endpoints for scenarios."""
    api = APIRouter(tags=["scenarios"])

    @api.get("/scenarios", summary="The scenarios there are", response_model=list[answers.ScenarioTitle])
    def scenarios() -> list[dict[str, Any]]:
        """Those that ship with Keruen, and those saved in the workspace."""
        from keruen.tables.scenario import parse_scenario, shipped_scenarios

        found: dict[str, dict[str, Any]] = {
            name: title_of(one, saved=False) for name, one in shipped_scenarios().items()
        }
        for name in desk.shelf.saved():
            try:
                found[name] = {**title_of(parse_scenario(desk.shelf.find(name) or ""), saved=True), "name": name}
            except (BadScenario, UnicodeDecodeError):  # a file that was changed by hand; /scenarios/{name} shows it
                found[name] = {"name": name, "title": name, "title_ru": "", "saved": True, "changes": 0}
        return [found[name] for name in sorted(found)]

    @api.get(
        "/scenarios/{name}", summary="One scenario", responses={**AS_TOML, **told_of(404)}, response_class=Response
    )
    def scenario(name: Name) -> Response:
        """The text of a saved scenario, else of the shipped one."""
        from keruen.tables.scenario import shipped_scenarios

        text = desk.shelf.find(name)
        if text is None and (shipped := shipped_scenarios().get(name)):
            text = shipped.to_toml()
        if text is None:
            raise Refusal(404, "not_found", said("srv_no_scenario", name=name))
        return Response(text, media_type=TOML)

    @api.put(
        "/scenarios/{name}", summary="Save a scenario", status_code=204, openapi_extra=TEXT, responses=told_of(*WORK)
    )
    async def save(request: Request, name: Name) -> Response:
        """Check a scenario and save it, instead of what was saved under this name. It is on the disk when the answer comes."""
        text = await scenario_text(request)

        def work(tell: Tell) -> Made:
            from keruen.tables.scenario import read_scenario

            read_scenario(text, desk.data)
            if len(desk.shelf.saved()) >= MOST_SAVED and desk.shelf.find(name) is None:
                raise Refusal(503, "full", said("srv_full", count=MOST_SAVED))
            desk.shelf.save(name, text)
            return Made(b"")

        await desk.make(request, ("save", name, text, object()), work)
        return Response(status_code=204)

    @api.delete("/scenarios/{name}", summary="Delete a saved scenario", status_code=204, responses=told_of(404))
    def delete(name: Name) -> Response:
        """Delete a scenario from the workspace; one that ships with Keruen stays."""
        if not desk.shelf.remove(name):
            raise Refusal(404, "not_found", said("srv_not_saved", name=name))
        return Response(status_code=204)

    @api.post(
        "/scenarios/check",
        summary="What a scenario does",
        openapi_extra=TEXT,
        response_model=answers.ScenarioCheck,
        responses=told_of(*WORK),
    )
    async def check(request: Request) -> Response:
        """Each change in words, and the scenario as a document; or everything that is wrong with it."""
        text = await scenario_text(request)
        key = ("check scenario", digest(text.encode()))
        return (await desk.make(request, key, lambda tell: Made(as_json(checked(text, desk.data))))).response()

    @api.post(
        "/scenarios/compose",
        summary="A scenario from a document",
        openapi_extra=DOCUMENT,
        response_model=answers.ScenarioCheck,
        responses=told_of(*WORK),
    )
    async def compose(request: Request) -> Response:
        """The text of a scenario that is given as a document, checked: `scenario` of /scenarios/check, changed, becomes TOML again."""
        body = await request.body()
        key = ("compose scenario", digest(body))
        return (await desk.make(request, key, lambda tell: Made(as_json(composed(body, desk.data))))).response()

    @api.get(
        "/offers/service",
        summary="What a new service might be like",
        response_model=answers.ServiceOffer,
        responses=told_of(404),
    )
    def service(asked: Annotated[ServiceOfferAsked, Query()]) -> Response:
        """A row of services between two ports as the middle of like ones, to start from. A port may be one that a scenario adds."""
        from keruen.tables.scenario import read_scenario

        scenario = desk.settled(asked).scenario
        data = read_scenario(scenario, desk.data).apply(desk.data) if scenario else desk.data
        ends = [data["places"].find(code) for code in (asked.from_, asked.to)]
        if ends[0] is None or ends[1] is None or asked.from_ == asked.to:
            raise Refusal(422, "unknown_place", said("srv_two_places"))
        return Response(as_json(service_offer(desk.data, ends[0], ends[1], asked.kind)), media_type=JSON)

    @api.get("/offers/line", summary="A drawn railway that meets others", response_model=answers.LineOffer,
             responses=told_of(*WORK))  # fmt: skip
    async def line(request: Request, asked: Annotated[LineOfferAsked, Query()]) -> Response:
        """The line with each end on the nearest railway, if one is near, and the gauge of it."""

        def work(tell: Tell) -> Made:
            return Made(as_json(line_offer(desk.data, asked.points())))

        return (await desk.make(request, ("offer line", asked.key()), work)).response()

    @api.get(
        "/compare",
        summary="The ways with a scenario beside the ways without",
        responses=told_of(404, *WORK),
        response_model=answers.Compared,
    )
    async def compare(request: Request, asked: Annotated[CompareAsked, Query()]) -> Response:
        """Base and scenario side by side, and the differences by corridor: `keruen compare --json`."""
        return (await desk.make(request, *compare_work(desk, asked))).response()

    @api.get(
        "/compare/file/{format}",
        summary="The differences as a file",
        responses={**file_of(*get_args(CompareFormat)), **told_of(404, *WORK)},
        response_class=Response,
    )
    async def file(
        request: Request, format: Annotated[CompareFormat, AS_FILE], asked: Annotated[CompareAsked, Query()]
    ) -> Response:
        """Base beside scenario, corridor by corridor, as CSV; with the changes and the routes of both sides as a workbook; the legs of
        both sides as GeoJSON, with routes and stops as GeoPackage; all as JSON."""
        if format != "json":  # as the page has asked already
            asked = asked.model_copy(update={"geometry": True})
        found = await desk.make(request, *compare_work(desk, asked))
        if format == "json":
            return Made(found.content, JSON, "comparison.json").response()
        key = ("compare file", format, desk.settled(asked).key())
        return (
            await desk.make(request, key, lambda tell: comparison_file(json.loads(found.content), format))
        ).response()

    @api.get("/compare/stream", summary="The same with progress", responses={**STREAMED, **told_of(404, *WORK)},
             response_class=StreamingResponse)  # fmt: skip
    async def compare_stream(request: Request, asked: Annotated[CompareAsked, Query()]) -> Response:
        """Progress, then the comparison or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.follow(request, *compare_work(desk, asked)), lambda made: bytes(made.content))

    return api


def compare_work(desk: Desk, asked: CompareAsked) -> tuple[tuple[str, str], Callable[[Tell], Made]]:
    """A comparison as a key and the work that answers it."""
    question = desk.settled(asked)

    def work(tell: Tell) -> Made:
        from keruen.routing.compare import compare as find_differences
        from keruen.tables.scenario import read_scenario

        scenario = read_scenario(question.scenario, desk.data)
        found = find_differences(
            desk.data, scenario, question.from_, question.to, **question.arguments(), progress=tell
        )
        return Made(as_json(found.to_dict(geometry=question.geometry)))

    return ("compare", question.key()), work


def title_of(scenario: Any, *, saved: bool) -> dict[str, Any]:
    """A scenario as the list has it."""
    return {
        "name": scenario.name, "title": scenario.title, "title_ru": scenario.title_ru, "saved": saved,
        "changes": sum(1 for _ in scenario.entries()),
    }  # fmt: skip


async def scenario_text(request: Request) -> str:
    """The body as text. Raises Refusal if it is too long or no UTF-8."""
    try:
        text = (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(422, "bad_scenario", said("srv_not_text")) from None
    if len(text) > MOST_SCENARIO_LETTERS:
        raise Refusal(413, "too_large", said("srv_scenario_long", most=MOST_SCENARIO_LETTERS))
    return text
