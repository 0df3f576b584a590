"""The interface for briefs: the figures of one as JSON, or the brief itself as a file to take away.

Answers are those of `keruen brief`, the same numbers and, as files, the same bytes. The trade store asked is the server's.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from keruen.reports.brief_model import Brief
from keruen.web import brief_answers
from keruen.web.desk import Body as Made
from keruen.web.desk import Desk, json_body
from keruen.web.faults import WORK, told_of
from keruen.web.figures_api import own_store
from keruen.web.files import PEN, made
from keruen.web.jobs import Tell
from keruen.web.questions import TwoPagesAsked
from keruen.web.routing_api import AS_FILE, file_of
from keruen.web.trade_api import mark

BriefFormat = Literal["docx", "html", "pdf", "xlsx"]


def router(desk: Desk) -> APIRouter:
    """The endpoints for briefs."""
    api = APIRouter(tags=["briefs"], responses=told_of(404, *WORK))

    @api.get("/brief", summary="The figures of a brief", response_model=brief_answers.BriefFigures)
    async def brief(request: Request, asked: Annotated[TwoPagesAsked, Query()]) -> Response:
        """Figures on two countries, a corridor or a material, each with the note that leads to its rows: `keruen brief --json`."""
        key = ("brief", mark(desk), asked.key())
        return (await desk.make(request, key, lambda tell: json_body(written(desk, asked, tell).to_dict()))).response()

    @api.get(
        "/brief/file/{format}",
        summary="A brief as a file",
        responses=file_of("docx", "html", "pdf", "xlsx"),
        response_class=Response,
    )
    async def brief_file(
        request: Request, format: Annotated[BriefFormat, AS_FILE], asked: Annotated[TwoPagesAsked, Query()]
    ) -> Response:
        """Two pages and an annex as DOCX, PDF or HTML, or all figures with their sources as a workbook: `keruen brief -o FILE`."""

        def work(tell: Tell) -> Made:
            from keruen.reports.brief import write_brief

            found = written(desk, asked, tell)
            tell("write", 0.95)
            return made("brief", format, lambda path: write_brief(found, path))

        return (await desk.make(request, ("brief file", format, mark(desk), asked.key()), work)).response()

    return api


def written(desk: Desk, asked: TwoPagesAsked, tell: Tell) -> Brief:
    """The brief that is asked for. Its pictures are drawn while nobody else draws."""
    from keruen.reports.brief import brief

    desk.suggester()  # opens the network
    with own_store(desk.settings.trade) as (store, _), PEN:
        return brief(
            desk.data, asked.about, asked.partner, lang=asked.lang, origin=asked.from_, destination=asked.to,
            store=store if asked.partner else None, tell=tell,
        )  # fmt: skip
