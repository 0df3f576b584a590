"""The interface for figures: whether those of a text hold, and what is on record.

A text that is checked stands in the body of its request and nowhere else: never in an address or a log, and what was found is not kept
for the next who asks. Its claims have offsets in characters (Unicode code points) of `text` in the answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from keruen.errors import Text, in_both, in_language
from keruen.tables.words import said
from keruen.web import figures_answers
from keruen.web.desk import JSON, Desk, as_json
from keruen.web.desk import Body as Made
from keruen.web.faults import WORK, told_of
from keruen.web.files import TYPES
from keruen.web.jobs import Tell
from keruen.web.questions import MOST_TEXT_LETTERS, CheckAsked, CheckText, FiguresAsked
from keruen.web.routing_api import AS_FILE, file_of
from keruen.web.safety import Refusal

if TYPE_CHECKING:
    from keruen.trade.store import Store

PLAIN = "text/plain"
DOCUMENTS = (
    "text/html",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
EXAMPLE = "In 2023 Kazakhstan exported goods worth 180.2 million US dollars to Vietnam, 44.1 % more than in 2022."
IN_RUSSIAN = "В 2023 году экспорт Казахстана во Вьетнам составил 180,2 млн долларов (+44,1 %)."
SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The text of a letter or article: as it is, as JSON with `text`, `published` and `lang`, or as an HTML, DOCX or PDF "
        "file, which is told by its bytes. At most 1,000,000 letters.",
        "content": {
            PLAIN: {"schema": {"type": "string"}, "example": EXAMPLE},
            JSON: {
                "schema": CheckText.model_json_schema(),
                "examples": {
                    "english": {"value": {"text": EXAMPLE, "published": "2024-05-16"}},
                    "russian": {"value": {"text": IN_RUSSIAN, "lang": "ru"}},
                },
            },
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in DOCUMENTS},
        },
    }
}
CheckFormat = Literal["html", "json"]


def router(desk: Desk) -> APIRouter:
    """The endpoints for figures."""
    api = APIRouter(tags=["figures"])

    @api.post("/check", summary="Whether the figures of a text hold", response_model=figures_answers.Checked, responses=told_of(*WORK),
              openapi_extra=SENT)  # fmt: skip
    async def check(request: Request, asked: Annotated[CheckAsked, Query()]) -> Response:
        """Every stated figure with its verdict, reasons and rows: `keruen check --json`, and the text that its offsets count in.

        Claims are held against the ledger and against the server's trade store (`--trade`), where there is one.
        """
        return await checked(request, asked, "")

    @api.post("/check/file/{format}", summary="The checked text as a file", responses={**file_of("html", "json"), **told_of(*WORK)},
              response_class=Response, openapi_extra=SENT)  # fmt: skip
    async def check_as_file(
        request: Request, format: Annotated[CheckFormat, AS_FILE], asked: Annotated[CheckAsked, Query()]
    ) -> Response:
        """The text with its figures marked as a page that stands alone (`keruen check --html`), or what `keruen check --json` prints."""
        return await checked(request, asked, format)

    async def checked(request: Request, asked: CheckAsked, format: str) -> Response:
        content, asked = await sent(request, asked)
        made = await desk.make(
            request, ("check", object()), lambda tell: check_work(desk, content, asked, format, tell), keep=False
        )
        return made.response()

    @api.get("/figures", summary="What is on record", response_model=figures_answers.Recorded)
    def figures(asked: Annotated[FiguresAsked, Query()]) -> Response:
        """Recorded figures of a subject, rivals for one thing side by side, never averaged: `keruen figures SUBJECT --json`."""
        from keruen.figures.asking import recorded
        from keruen.reports.figures_text import figures_document

        limits = {name: getattr(asked, name) or None for name in ("partner", "flow", "commodity", "period")}
        return Response(as_json(figures_document(recorded(desk.data, asked.subject, **limits))), media_type=JSON)

    @api.get("/figures/subjects", summary="Of what there are records", response_model=figures_answers.Subjects)
    def figure_subjects() -> Response:
        """All subjects with how many figures there are of each: `keruen figures --json`."""
        from keruen.figures.asking import subjects

        return Response(as_json({"subjects": subjects(desk.data)}), media_type=JSON)

    return api


async def sent(request: Request, asked: CheckAsked) -> tuple[str | bytes, CheckAsked]:
    """The text or file that was sent, and how it is to be checked. Raises Refusal if there is none."""
    body = await request.body()
    content: str | bytes = body
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON:
        try:
            given = CheckText.model_validate_json(body)
        except ValidationError as problem:
            wrong = problem.errors(include_url=False, include_input=False, include_context=False)
            raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in wrong]) from None
        content = given.text
        asked = CheckAsked(published=given.published or asked.published, lang=given.lang or asked.lang)
    if not content.strip():
        raise Refusal(422, "bad_document", said("srv_check_empty"))
    return content, asked


def served_store(chosen: Path | None) -> Store:
    """The trade store, open to be read. Raises StoreTrouble, which names the file without its folder: no page tells where it lies."""
    from keruen.trade.errors import StoreTrouble
    from keruen.trade.store import open_store, store_path

    folder = f"{store_path(chosen).parent}{os.sep}"
    try:
        return open_store(chosen)
    except StoreTrouble as problem:
        parts = (in_language(problem.message, lang).replace(folder, "") for lang in ("en", "ru"))
        raise StoreTrouble(Text(*parts)) from None


@contextmanager
def own_store(chosen: Path | None) -> Iterator[tuple[Store | None, str]]:
    """The trade store of the server, open to be read, as `keruen check` has it: None if there is none; if it cannot be read, why."""
    from keruen.trade.errors import StoreTrouble
    from keruen.trade.store import store_path

    if not store_path(chosen).is_file():
        yield None, ""
        return
    try:
        opened = served_store(chosen)
    except StoreTrouble as problem:
        yield None, said("check_store_unread", reason=problem.message)
        return
    with opened:
        yield opened, ""


def check_work(desk: Desk, content: str | bytes, asked: CheckAsked, format: str, tell: Tell) -> Made:
    """The audit of what was sent: as the answer, or as a file of a format."""
    from keruen.figures.audit import audit
    from keruen.figures.documents import document_of
    from keruen.reports.audit_html import audit_html
    from keruen.reports.audit_text import audit_document
    from keruen.reports.figures_text import country_names

    tell("read", 0.05)
    text, published = content, asked.published or None
    if isinstance(text, bytes):
        document = document_of(text)
        text = document.text
        published = published or (document.published.isoformat() if document.published else None)
    if len(text) > MOST_TEXT_LETTERS:
        raise Refusal(413, "too_large", said("srv_check_long", most=MOST_TEXT_LETTERS))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refusal(422, "bad_document", said("srv_check_letters"))
    tell("check", 0.3)
    with own_store(desk.settings.trade) as (store, unread):
        found = audit(desk.data, text, published=published, store=store)
    if format == "html":
        return Made(audit_html(desk.data, found, lang=asked.lang).encode(), TYPES[format], "checked.html")
    document_made = audit_document(found)
    if format == "json":
        return Made(as_json(document_made), TYPES[format], "checked.json")
    codes = {code for one in found.claims for code in (one.claim.subject, one.claim.partner, one.claim.perspective)}
    english, russian = (country_names(desk.data, lang) for lang in ("en", "ru"))
    return Made(
        as_json({
            **document_made,
            "text": text,
            "published": found.published.isoformat() if found.published else None,
            **in_both("store_unread", unread),
            "names": {code: {"name": english[code], "name_ru": russian[code]} for code in sorted(filter(None, codes)) if code in english},
        })
    )  # fmt: skip
