"""The interface for the trade store: what it has, trade by partner, product or mode, and the two sides of a trade compared.

The store is the file of the server's settings and is opened to be read; no request names a file. The data base is loaded when first asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from keruen.tables.words import said
from keruen.web import figures_answers
from keruen.web.desk import Body as Made
from keruen.web.desk import Desk, json_body
from keruen.web.faults import WORK, told_of
from keruen.web.figures_api import served_store
from keruen.web.jobs import Tell
from keruen.web.questions import BriefAsked, MirrorAsked, YearsAsked
from keruen.web.safety import Refusal

if TYPE_CHECKING:
    from keruen.trade.store import Store


def router(desk: Desk) -> APIRouter:
    """The endpoints for trade."""
    api = APIRouter(tags=["trade"], responses=told_of(*WORK))

    @api.get("/trade/store", summary="What the trade store has", response_model=figures_answers.TradeStore)
    async def store(request: Request) -> Response:
        """The imports of the store, as `keruen trade list --json` has them."""
        if mark(desk) is None:
            return json_body({"imports": []}).response()
        return await of_store(request, ("list",), listed)

    @api.get("/trade", summary="Trade of a country", response_model=figures_answers.TradeBrief, responses=told_of(404))
    async def trade(request: Request, asked: Annotated[BriefAsked, Query()]) -> Response:
        """Exports, imports, turnover, balance and growth, with the range that rounding allows: `keruen trade show --json`."""

        def work(opened: Store) -> dict[str, Any]:
            from keruen.trade.bilateral import brief
            from keruen.trade.period import period

            when = period(asked.period) if asked.period else None
            return brief(
                opened, desk.data, asked.reporter, asked.partner, code=asked.code, period=when, by=asked.by, level=int(asked.level),
                mode=asked.mode,
            ).to_json()  # fmt: skip

        return await of_store(request, ("brief", asked.key()), work)

    @api.get("/trade/years", summary="Trade of a country over the years", response_model=figures_answers.TradeYears,
             responses=told_of(404))  # fmt: skip
    async def years(request: Request, asked: Annotated[YearsAsked, Query()]) -> Response:
        """What `keruen trade show --period` tells of each whole year in the store, the earliest first."""

        def work(opened: Store) -> dict[str, Any]:
            from keruen.trade.bilateral import brief
            from keruen.trade.period import period

            last = brief(opened, desk.data, asked.reporter, asked.partner, code=asked.code)
            ours, theirs = last.reporter.area, last.partner
            partners = theirs.members if theirs is not None else ()
            marks = ", ".join("?" for _ in partners)
            here, there = (f" AND {side} IN ({marks})" if partners else "" for side in ("partner", "reporter"))
            starts = opened.sql(
                f"SELECT DISTINCT year(start) FROM trade WHERE months = 12 AND ((reporter = ?{here}) OR (partner = ?{there})) "
                "ORDER BY 1 DESC LIMIT ?",
                [ours, *partners, ours, *partners, asked.most],
            )
            found = [
                brief(
                    opened, desk.data, asked.reporter, asked.partner, code=asked.code, period=period(str(year))
                ).to_json()
                for (year,) in reversed(starts)
            ]
            for one in found:
                one["answers"] = [{**answer, "parts": []} for answer in one["answers"]]  # type: ignore[attr-defined]
            return {"reporter": ours, "partner": theirs.area if theirs else None, "code": asked.code, "years": found}

        return await of_store(request, ("years", asked.key()), work)

    @api.get("/trade/mirror", summary="A trade as both sides declare it", response_model=figures_answers.TradeMirrors,
             responses=told_of(404))  # fmt: skip
    async def mirror(request: Request, asked: Annotated[MirrorAsked, Query()]) -> Response:
        """Exports of the one beside imports of the other, and likely reasons of the difference: `keruen trade mirror --json`."""

        def work(opened: Store) -> dict[str, Any]:
            from keruen.trade.period import period
            from keruen.trade.two_sides import two_sides

            wanted = period(asked.period) if asked.period else None
            when, found = two_sides(opened, desk.data, asked.reporter, asked.partner, period=wanted, code=asked.code)
            return {"period": str(when), "code": asked.code, "mirrors": [one.to_json() for one in found]}

        return await of_store(request, ("mirror", asked.key()), work)

    async def of_store(request: Request, key: tuple[str, ...], work: Callable[[Store], dict[str, Any]]) -> Response:
        changed = mark(desk)
        if changed is None:
            raise Refusal(404, "not_found", said("srv_no_store"))

        def ask(tell: Tell) -> Made:
            with served_store(desk.settings.trade) as opened:
                return json_body(work(opened))

        return (await desk.make(request, ("trade", changed, *key), ask)).response()

    return api


def mark(desk: Desk) -> tuple[int, int] | None:
    """What tells the store from what it was: when it was written, and its size; None if there is none."""
    from keruen.trade.store import store_path

    try:
        found = store_path(desk.settings.trade).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def listed(opened: Store) -> dict[str, Any]:
    """The imports of the store."""
    from keruen.trade.store import imports_of

    return {"imports": imports_of(opened)}
