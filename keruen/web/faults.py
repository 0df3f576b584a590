"""What goes wrong as status and JSON, the same for an answer and for the end of a stream.

422   the question cannot be understood: every error of the command line that ends with 2, and a parameter of the wrong form
404   `no_route`, an outcome that was to be expected; `not_found`
500   what was not foreseen: only a number, under which the log has the rest
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from keruen.errors import Cancelled, KeruenError, NoRoute, Text, in_both, in_language
from keruen.tables.words import joined, said
from keruen.web.answers import Fault as FaultModel
from keruen.web.safety import LOG, Refusal, error_response

Fault = tuple[int, dict[str, Any], dict[str, str]]
MOST_SHOWN = 10  # wrong parameters named at once


def fault_of(problem: Exception) -> Fault:
    """Status, document and headers of what went wrong; what was not foreseen is logged."""
    if isinstance(problem, NoRoute):
        return 404, problem.to_json(), {}
    if isinstance(problem, KeruenError):
        return 422, problem.to_json(), {}
    if isinstance(problem, Refusal):
        return problem.status, told(problem.kind, problem.message), problem.headers
    if isinstance(problem, RequestValidationError):
        return 422, wrong_parameters(problem.errors()), {}
    if isinstance(problem, HTTPException):
        kind = {404: "not_found", 405: "method"}.get(problem.status_code, "usage")
        return problem.status_code, told(kind, problem.detail), dict(problem.headers or {})
    if isinstance(problem, Cancelled):
        return 503, told("busy", said("srv_stopped")), {"retry-after": "1"}
    number = secrets.token_hex(4)
    LOG.error("error %s", number, exc_info=problem)
    return 500, told("internal", said("srv_internal", number=number), id=number), {}


def told(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """An error document."""
    return {"error": {"kind": kind, **in_both("message", message), **more}}


def wrong_parameters(problems: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Parameters of the wrong form, named one by one; what is wrong with each is told in English alone."""
    shown = [
        {"parameter": ".".join(str(part) for part in one["loc"][1:]), "message": str(one["msg"])}
        for one in problems[:MOST_SHOWN]
    ]
    names = [(one["parameter"] or said("srv_request"), one["message"]) for one in shown]
    sentences = [Text(f"{name}: {message}", in_language(name, "ru")) for name, message in names]
    return told("usage", said("srv_parameters", parameters=joined("; ", sentences)), parameters=shown)


async def answer_fault(request: Request, problem: Exception) -> Response:
    """The answer to a request that something was wrong with."""
    status, document, headers = fault_of(problem)
    return error_response(status, document, headers)


MEANINGS = {
    401: ("token", "The server asks for its token."),
    403: (
        "cross_site",
        "The request comes from a page of another site (`cross_site`), or calls the server by a name it does not have (`host`).",
    ),
    404: ("no_route", "There is no way (`no_route`, with `blocked_by`), or nothing under this address (`not_found`)."),
    413: ("too_large", "The body has too many bytes."),
    422: ("unknown_place", "The question cannot be understood; the message says what would be."),
    429: ("too_many", "Too many new questions from one client; Retry-After says when to come back."),
    500: ("internal", "Something that was not foreseen; the server's log has more under the `id`."),
    503: ("busy", "Too many questions wait (`busy`), or the answer took too long and was given up (`timeout`)."),
}
ALWAYS = (401, 403, 413, 422, 500)  # what any request may meet
WORK = (429, 503)  # and one that begins work


def told_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an endpoint, for the OpenAPI document."""
    return {
        status: {
            "model": FaultModel, "description": MEANINGS[status][1],
            "content": {"application/json": {"example": told(MEANINGS[status][0], "What happened and what to do.")}},
        }
        for status in statuses
    }  # fmt: skip
