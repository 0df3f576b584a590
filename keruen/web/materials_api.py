"""The interface for materials: lists, one material, supply risk, exposure to straits and borders, chains, and cells of two countries.

Answers are those of the command line with --json, the same numbers. What a search is needed for, exposure and the comparison of sites,
may also be followed as a stream with progress; who closes the connection cancels it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.tables.dataset import Dataset
from keruen.web import materials_answers as answers
from keruen.web.desk import Body as Made
from keruen.web.desk import Desk, json_body
from keruen.web.faults import WORK, told_of
from keruen.web.files import TYPES, made
from keruen.web.jobs import Tell
from keruen.web.materials_questions import (
    ChainAsked,
    ChainWayAsked,
    ExposureAsked,
    ListedAsked,
    MaterialAsked,
    PlanAsked,
    RiskAsked,
    RiskFileAsked,
    SitingAsked,
)
from keruen.web.routing_api import AS_FILE, STREAMED, events, file_of

TableFormat = Literal["csv", "xlsx"]
RISK_COLUMNS = (
    "code", "name", "name_ru", "stage", "SR", "SR_low", "SR_high", "EI", "EI_low", "EI_high", "critical", "SR_before", "SR_published",
    "EI_published",
)  # fmt: skip
SUPPLIER_COLUMNS = ("country", "place", "place_name", "share", "corridor", "generalized_cost_usd", "time_h", "passes")
THING_COLUMNS = (
    "item",
    "name",
    "name_ru",
    "share",
    "lost",
    "dear",
    "dependence",
    "added_cost",
    "added_h",
    "SR_without",
)

GOOD_COLUMNS = ("good", "name", "name_ru", "role", "amount", "low", "high", "unit", "mass_t", "recipe", "sources")
COST_COLUMNS = (
    "good", "recipe", "country", "amount", "usd", "usd_low", "usd_high", "kg_co2e", "kg_co2e_low", "kg_co2e_high", "missing",
)  # fmt: skip
STEP_COLUMNS = (
    "recipe", "name", "name_ru", "stage", "product", "activity", "in_t", "out_t", "lost_t", "electricity_kwh", "gas_mj",
)  # fmt: skip


def router(desk: Desk) -> APIRouter:
    """The endpoints for materials."""
    api = APIRouter(tags=["materials"], responses=told_of(404, *WORK))

    @api.get("/materials", summary="Lists of raw materials", response_model=answers.MaterialList)
    async def materials(request: Request, asked: Annotated[ListedAsked, Query()]) -> Response:
        """A list of critical raw materials and what a country makes of it, by each meaning of that: `keruen materials --json`."""

        def work(tell: Tell) -> Made:
            from keruen.materials.listed import listed
            from keruen.reports.materials_json import listed_document

            return json_body(listed_document(desk.data, listed(desk.data, asked.of, asked.list)))

        return (await desk.make(request, ("materials", asked.key()), work)).response()

    @api.get("/material", summary="One material", response_model=answers.MaterialProfile)
    async def material(request: Request, asked: Annotated[MaterialAsked, Query()]) -> Response:
        """Lists, HS codes, suppliers, production, risk, and what Kazakhstan has of it: `keruen material NAME --json`."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            from keruen.materials.profile import profile
            from keruen.reports.materials_json import profile_document

            data = tables_of(desk, asked.scenario)
            return json_body(profile_document(data, profile(data, asked.name)))

        return (await desk.make(request, ("material", asked.key()), work)).response()

    @api.get("/risk", summary="Supply risk and economic importance", response_model=answers.MaterialRisks)
    async def risk(request: Request, asked: Annotated[RiskAsked, Query()]) -> Response:
        """By the method of the European Commission of 2017, with intervals; with a scenario the risk before beside it: `keruen risk`."""
        asked = desk.settled(asked)
        key = ("risk", asked.key())
        return (await desk.make(request, key, lambda tell: json_body(risk_answer(desk, asked)))).response()

    @api.get(
        "/risk/file/{format}", summary="The same as a table", responses=file_of("csv", "xlsx"), response_class=Response
    )
    async def risk_file(
        request: Request, format: Annotated[TableFormat, AS_FILE], asked: Annotated[RiskFileAsked, Query()]
    ) -> Response:
        """A row for each material as CSV or a workbook; an empty cell is not known."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            rows = risk_answer(desk, asked)["rows"]
            wanted = on_list(desk.data, asked.list) if asked.list else None
            shown = [row for row in rows if wanted is None or row["code"] in wanted]
            return table_file("risk", format, {"Risk": (shown, RISK_COLUMNS)})

        return (await desk.make(request, ("risk file", format, asked.key()), work)).response()

    @api.get("/exposure", summary="What supply passes on its way", response_model=answers.CorridorExposure)
    async def exposure(request: Request, asked: Annotated[ExposureAsked, Query()]) -> Response:
        """Share through each strait, border, port and country, and what the failure of each does: `keruen exposure --json`."""
        return (await desk.make(request, *exposure_work(desk, desk.settled(asked)))).response()

    @api.get("/exposure/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse)
    async def exposure_stream(request: Request, asked: Annotated[ExposureAsked, Query()]) -> Response:
        """Progress, then the answer or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.follow(request, *exposure_work(desk, desk.settled(asked))), lambda made: made.content)

    @api.get(
        "/exposure/file/{format}",
        summary="The same as a table",
        responses=file_of("csv", "xlsx"),
        response_class=Response,
    )
    async def exposure_file(
        request: Request, format: Annotated[TableFormat, AS_FILE], asked: Annotated[ExposureAsked, Query()]
    ) -> Response:
        """The things passed as CSV; as a workbook also the suppliers with their ways."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            found = exposure_answer(desk, asked, tell)
            sheets = {"Things": (found["things"], THING_COLUMNS), "Suppliers": (found["suppliers"], SUPPLIER_COLUMNS)}
            return table_file("exposure", format, sheets)

        return (await desk.make(request, ("exposure file", format, asked.key()), work)).response()

    @api.get("/chain", summary="What a product takes along its chain", response_model=answers.ChainRequirements)
    async def chain(request: Request, asked: Annotated[ChainAsked, Query()]) -> Response:
        """Goods with ranges, steps with losses and energy, from the ground on; mass balances: `keruen chain --json`."""
        asked = desk.settled(asked)
        key = ("chain", asked.key())
        return (await desk.make(request, key, lambda tell: json_body(chain_answer(desk, asked)))).response()

    @api.get(
        "/chain/file/{format}", summary="The same as a table", responses=file_of("csv", "xlsx"), response_class=Response
    )
    async def chain_file(
        request: Request, format: Annotated[TableFormat, AS_FILE], asked: Annotated[ChainAsked, Query()]
    ) -> Response:
        """The goods as CSV; as a workbook also the steps and what each costs and emits."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            found = chain_answer(desk, asked)
            sheets = {
                "Goods": (found["goods"], GOOD_COLUMNS),
                "Steps": (found["steps"], STEP_COLUMNS),
                "Cost": ([_with_ends(row) for row in found["cost"]["rows"]], COST_COLUMNS),
            }
            return table_file("chain", format, sheets)

        return (await desk.make(request, ("chain file", format, asked.key()), work)).response()

    @api.get("/chain/way", summary="A unit at a market, from the ore", response_model=answers.ChainWay)
    async def way(request: Request, asked: Annotated[ChainWayAsked, Query()]) -> Response:
        """Where each step is best done and how each good goes, with cost and CO2e: `keruen chain GOOD --market MARKET --json`."""
        return (await desk.make(request, *way_work(desk, desk.settled(asked)))).response()

    @api.get(
        "/chain/way/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse
    )
    async def way_stream(request: Request, asked: Annotated[ChainWayAsked, Query()]) -> Response:
        """Progress, then the answer or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.follow(request, *way_work(desk, desk.settled(asked))), lambda made: made.content)

    @api.get("/siting/compare", summary="Cells of two countries at a market", response_model=answers.CellsCompared)
    async def compare(request: Request, asked: Annotated[SitingAsked, Query()]) -> Response:
        """What battery cells of each cost at the market, and when they would cost the same: `keruen siting --compare --json`."""
        return (await desk.make(request, *siting_work(desk, desk.settled(asked)))).response()

    @api.get(
        "/siting/compare/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse
    )
    async def compare_stream(request: Request, asked: Annotated[SitingAsked, Query()]) -> Response:
        """Progress, then the answer or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.follow(request, *siting_work(desk, desk.settled(asked))), lambda made: made.content)

    @api.get("/siting/plan", summary="Where plants should stand", response_model=answers.SitingPlanFound)
    async def plan(request: Request, asked: Annotated[PlanAsked, Query()]) -> Response:
        """A plan from lithium ore to cells within a proven gap of the best, or the best found in the time: `keruen siting --json`."""
        return (await desk.make(request, *plan_work(desk, desk.settled(asked)))).response()

    @api.get(
        "/siting/plan/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse
    )
    async def plan_stream(request: Request, asked: Annotated[PlanAsked, Query()]) -> Response:
        """Progress, then the answer or the error, as Server-Sent Events. Closing the connection cancels the work."""
        return events(desk.follow(request, *plan_work(desk, desk.settled(asked))), lambda made: made.content)

    return api


Work = tuple[tuple[str, ...], Callable[[Tell], Made]]


def tables_of(desk: Desk, scenario: str) -> Dataset:
    """The tables as a scenario has them, for what asks no way: the network is not opened for it."""
    if not scenario:
        return desk.data
    from keruen.tables.scenario import read_scenario

    return read_scenario(scenario, desk.data).apply(desk.data)


def risk_answer(desk: Desk, asked: RiskAsked) -> dict[str, Any]:
    """Risks, the risk before a scenario, and the thresholds."""
    from keruen.materials.assess import assess
    from keruen.materials.mix import rule
    from keruen.reports.materials_json import risk_document

    before = assess(desk.data, asked.name, asked.assessment)
    data = tables_of(desk, asked.scenario)
    found = assess(data, asked.name, asked.assessment) if asked.scenario else before
    document = risk_document(data, found, before if asked.scenario else ())
    if not asked.stages:
        document["rows"] = [
            {k: v for k, v in row.items() if k not in ("stages", "benchmarks")} for row in document["rows"]
        ]
    return {**document, "thresholds": {name: rule(data, f"{name.lower()}_threshold") for name in ("SR", "EI")}}


def on_list(data: Dataset, list_: str) -> set[str]:
    """Codes of the materials of a list and of what is a part of them. Raises UnknownOption."""
    from keruen.materials.listed import listed

    own = {row.text("material") for row in listed(data, "", list_).rows}
    return own | {row.text("material") for row in data["materials"] if row.text("part_of") in own}


def chain_answer(desk: Desk, asked: ChainAsked) -> dict[str, Any]:
    """What a product takes, as its JSON."""
    from keruen.materials.chain import requirements
    from keruen.reports.chain_cost_text import costed_document

    data = tables_of(desk, asked.scenario)
    found = requirements(data, asked.good, asked.amount, by=asked.ways(), recycled=asked.recycled)
    return costed_document(data, found, asked.country.upper(), asked.places())


def exposure_answer(desk: Desk, asked: ExposureAsked, tell: Tell) -> dict[str, Any]:
    """The exposure, as its JSON."""
    from keruen.materials.exposure import exposure
    from keruen.network.build import open_world
    from keruen.reports.exposure_text import exposure_document

    tell("network", 0.05)
    data = desk.dataset(asked.scenario)
    open_world(data)
    found = exposure(
        data, asked.name, asked.buyer, stage=asked.stage, progress=lambda share: tell("search", 0.1 + 0.85 * share)
    )
    tell("write", 0.95)
    return exposure_document(data, found)


def exposure_work(desk: Desk, asked: ExposureAsked) -> Work:
    """An exposure question as a key and the work that answers it."""
    return ("exposure", asked.key()), lambda tell: json_body(exposure_answer(desk, asked, tell))


def way_work(desk: Desk, asked: ChainWayAsked) -> Work:
    """A question after a unit at a market as a key and the work that answers it."""

    def work(tell: Tell) -> Made:
        from keruen.materials.chain_route import chain_route
        from keruen.network.build import open_world
        from keruen.reports.chain_route_text import route_document

        tell("network", 0.05)
        data = desk.dataset(asked.scenario)
        open_world(data)
        tell("search", 0.3)
        return json_body(route_document(chain_route(data, asked.good, asked.market, carbon_price=asked.carbon_price)))

    return ("chain way", asked.key()), work


def siting_work(desk: Desk, asked: SitingAsked) -> Work:
    """A comparison of sites as a key and the work that answers it, pair by pair."""

    def work(tell: Tell) -> Made:
        from keruen.materials.siting_study import EVERY_LINK, StudyTerms, lithium_study
        from keruen.materials.siting_words import compared
        from keruen.network.build import open_world
        from keruen.reports.siting_text import compare_document

        tell("network", 0.05)
        data = desk.dataset(asked.scenario)
        open_world(data)
        tell("search", 0.15)
        terms = StudyTerms(periods=1, nearest=EVERY_LINK, carbon_price=asked.carbon_price)
        study = lithium_study(data, terms, heed=lambda: tell("search", 0.15))
        pairs = asked.pairs()
        rows: list[dict[str, Any]] = []
        for done, pair in enumerate(pairs):
            tell("sites", 0.6 + 0.35 * done / len(pairs))
            rows += compare_document(compared(data, study, [pair], asked.market))["rows"]
        return json_body({"rows": rows})

    return ("siting", asked.key()), work


def plan_work(desk: Desk, asked: PlanAsked) -> Work:
    """A plan of sites as a key and the work that finds it; each better plan or bound looks whether anyone still waits."""

    def work(tell: Tell) -> Made:
        from keruen.materials.siting import best_plan
        from keruen.materials.siting_study import StudyTerms, lithium_study
        from keruen.network.build import open_world
        from keruen.reports.siting_text import plan_document

        tell("network", 0.05)
        data = desk.dataset(asked.scenario)
        open_world(data)
        tell("search", 0.1)
        terms = StudyTerms(
            periods=asked.periods, carbon_price=asked.carbon_price, most_of_one_country=asked.most_of_one_country
        )
        study = lithium_study(data, terms, heed=lambda: tell("search", 0.1))
        began = time.monotonic()

        def improved(_: str, cost: float, bound: float) -> None:
            tell("sites", 0.3 + 0.65 * min(1.0, (time.monotonic() - began) / asked.seconds))

        tell("sites", 0.3)
        found = best_plan(study.problem, gap=asked.gap, seconds=asked.seconds, tell=improved)
        return json_body(plan_document(study, found))

    return ("siting plan", asked.key()), work


def _with_ends(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a cost with its ranges as columns."""
    ends = {
        f"{column}_{end}": (row[f"{column}_range"] or (None, None))[at]
        for column in ("usd", "kg_co2e")
        for at, end in enumerate(("low", "high"))
    }
    return {**row, **ends}


def table_file(stem: str, ending: str, sheets: Mapping[str, tuple[Sequence[Mapping[str, Any]], Sequence[str]]]) -> Made:
    """Rows as a workbook with a sheet for each kind of them, or the first kind as CSV."""
    import csv
    import io

    from keruen.reports.workbook import plain, sheet_of, write_sheets

    if ending == "xlsx":
        return made(
            stem, ending, lambda path: write_sheets({name: sheet_of(*one) for name, one in sheets.items()}, path)
        )
    rows, columns = next(iter(sheets.values()))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(row.get(name)) for name in columns] for row in rows)
    return Made(text.getvalue().encode(), TYPES[ending], f"{stem}.{ending}")
