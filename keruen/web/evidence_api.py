"""The interface for what is known: places, choices, tables, sources, the network, and how right the model is."""

from __future__ import annotations

import io
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.routing.behind import row_behind
from keruen.routing.ends import place_facts
from keruen.tables.search import rows_with, search, words_of
from keruen.tables.table import Row, Table, cell_text
from keruen.tables.trace import trace_keys
from keruen.tables.words import said
from keruen.web import answers
from keruen.web.choices import choices
from keruen.web.desk import JSON, Desk, as_json, body_of, digest, json_body
from keruen.web.desk import Body as Made
from keruen.web.faults import WORK, told_of
from keruen.web.files import accuracy_file, table_file
from keruen.web.jobs import Tell
from keruen.web.questions import (
    MOST_LETTERS,
    AccuracyAsked,
    AccuracyFileAsked,
    FigureAsked,
    NearAsked,
    PlaceAsked,
    RowsAsked,
    SearchAsked,
)
from keruen.web.routing_api import AS_FILE, STREAMED, events, file_of
from keruen.web.safety import Refusal

CSV = "text/csv"
OBSERVED = "Journeys (origin, destination, days_min) or prices (origin, destination, value_min, currency, per), as CSV (docs/accuracy.md)."
OBSERVED_EXAMPLE = (
    "origin,destination,corridor,mode,days_min,days_max,date\nXi'an,Duisburg,Northern,rail,13,16,2024-03\n"
)
Name = Annotated[str, Path(max_length=MOST_LETTERS, description="Name of the table.", examples=["speeds"])]
Half = Literal["", "fit", "report", "all"]
AccuracyFormat = Literal["csv", "png", "svg", "xlsx"]


def router(desk: Desk) -> APIRouter:
    """The endpoints for what is known."""
    api = APIRouter(tags=["evidence"])

    @api.get("/places", summary="Places whose name or code begins so", response_model=answers.Places)
    def places(asked: Annotated[PlaceAsked, Query()]) -> Response:
        """Suggestions while someone types, best first."""
        return told(places=[place_facts(entry) for entry in desk.suggester().suggest(asked.q, asked.limit)])

    @api.get("/places/near", summary="The places nearest to a point", response_model=answers.Places)
    def places_near(asked: Annotated[NearAsked, Query()]) -> Response:
        """Places with a terminal, at which a shipment can start, nearest first."""
        return told(places=[place_facts(entry) for entry in desk.suggester().near(asked.lat, asked.lon, asked.limit)])

    @api.get("/places/{place}", summary="One place", response_model=answers.PlaceFacts)
    def place(
        place: Annotated[str, Path(max_length=MOST_LETTERS, description="Code or name.", examples=["VNHPH"])],
    ) -> Response:
        """The place that goes by a code or name: `keruen places --json`."""
        return told(**place_facts(resolve(open_world(desk.data).gazetteer, place)))

    @api.get("/options", summary="What one may choose from", response_model=answers.Options)
    def options() -> Response:
        """Goods, load units, ships, sanctions profiles, and what can be avoided or required."""
        return told(**choices(desk.data))

    @api.get("/tables", summary="All tables", response_model=list[answers.TableTitle])
    def tables() -> Response:
        """Name, meaning, and how many rows and columns."""
        found = [(desk.data.schema[name], desk.data.find_table(name)) for name in desk.data]
        return Response(as_json([
            {"name": schema.name, "meaning": schema.meaning, "rows": None if table is None else len(table), "columns": len(schema.columns)}
            for schema, table in found
        ]), media_type=JSON)  # fmt: skip

    @api.get("/tables/{name}", summary="Some rows of a table", response_model=answers.TableRows, responses=told_of(404))
    def rows(name: Name, asked: Annotated[RowsAsked, Query()]) -> Response:
        """Rows that contain all words, and the data dictionary of the columns."""
        table = table_named(desk, name)
        found = rows_with(table, words_of(asked.q))
        shown = [table.row(i) for i in found[asked.offset : asked.offset + asked.limit]]
        columns = [
            {
                "column": one.name,
                "type": one.type,
                "unit": one.unit,
                "required": one.required,
                "key": one.key,
                "meaning": one.meaning,
            }
            for one in table.schema.columns
        ]
        return told(name=name, columns=columns, rows=[row.to_json() for row in shown], total=len(found))

    @api.get("/tables/{name}/file/{format}", summary="A table as a file", responses={**file_of("csv", "xlsx"), **told_of(404, *WORK)},
             response_class=Response)  # fmt: skip
    async def table_as_file(
        request: Request, name: Name, format: Annotated[Literal["csv", "xlsx"], AS_FILE]
    ) -> Response:
        """All rows, as CSV or as a workbook."""
        table = table_named(desk, name)
        return (await desk.make(request, ("table", name, format), lambda tell: table_file(table, format))).response()

    @api.get("/search", summary="Rows that contain some words", response_model=answers.Found)
    def rows_found(asked: Annotated[SearchAsked, Query()]) -> Response:
        """Rows of all tables and sources that contain all words, those whose key has one first."""
        found = list(search(desk.data, words_of(asked.q)))
        shown = [
            {"row": table.row_id(i), "table": table.name, "text": line_of(table.row(i))}
            for table, i in found[: asked.limit]
        ]
        return told(rows=shown, total=len(found))

    @api.get("/sources", summary="What stands behind a figure", response_model=answers.Trace)
    def sources(asked: Annotated[FigureAsked, Query()]) -> Response:
        """Rows, the rows these rest on, and their sources: `keruen sources --json`."""
        from dataclasses import replace

        found = trace_keys(desk.data, [row_behind(desk.data, figure) for figure in asked.figure])
        return told(**replace(found, asked=", ".join(asked.figure)).to_json())

    @api.get(
        "/validate",
        summary="What is wrong with the tables",
        response_model=answers.Validation,
        responses=told_of(*WORK),
    )
    async def validate(request: Request) -> Response:
        """Every problem at once: `keruen validate --json`."""

        def work(tell: Tell) -> Made:
            from keruen.tables.check import check, validation

            return json_body(validation(desk.data, check(desk.data)))

        return (await desk.make(request, ("validate",), work)).response()

    @api.get("/network", summary="What the network holds", response_model=answers.Network)
    def network() -> Response:
        """Nodes, arcs, terminals, and what the build reported: `keruen network info --json`."""
        return told(**open_world(desk.data).about)

    @api.get("/accuracy", summary="How right the model is", response_model=answers.Accuracy, responses=told_of(*WORK))
    async def accuracy(request: Request, asked: Annotated[AccuracyAsked, Query()]) -> Response:
        """Predicted beside observed for the evidence that ships with Keruen: `keruen accuracy --json`."""
        return await compared(request, asked, b"")

    @api.get("/accuracy/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse)
    async def accuracy_stream(request: Request, asked: Annotated[AccuracyAsked, Query()]) -> Response:
        """Progress, then the comparison or the error, as Server-Sent Events. Closing the connection cancels the work."""
        work = desk.follow(request, *accuracy_work(desk, asked.half, b""))
        return events(work, lambda made: as_json(made.found.to_dict(rows=asked.rows)))

    @api.post("/accuracy", summary="How right the model is for journeys of your own", response_model=answers.Accuracy,
              responses=told_of(*WORK), openapi_extra=body_of(CSV, OBSERVED, OBSERVED_EXAMPLE))  # fmt: skip
    async def accuracy_of(request: Request, asked: Annotated[AccuracyAsked, Query()]) -> Response:
        """Predicted beside observed for a file: `keruen accuracy --observed FILE --json`."""
        return await compared(request, asked, await observed_in(request))

    as_files: dict[str, Any] = {
        "responses": {**file_of(*get_args(AccuracyFormat)), **told_of(*WORK)}, "response_class": Response,
    }  # fmt: skip

    @api.get("/accuracy/file/{format}", summary="The comparison as a file", **as_files)
    async def accuracy_as_file(
        request: Request, format: Annotated[AccuracyFormat, AS_FILE], asked: Annotated[AccuracyFileAsked, Query()]
    ) -> Response:
        """Predicted against observed as a picture, or every row as CSV or in a workbook."""
        return await drawn(request, format, asked, b"")

    @api.post("/accuracy/file/{format}", summary="The comparison of your own journeys as a file", **as_files,
              openapi_extra=body_of(CSV, OBSERVED, OBSERVED_EXAMPLE))  # fmt: skip
    async def accuracy_of_as_file(
        request: Request, format: Annotated[AccuracyFormat, AS_FILE], asked: Annotated[AccuracyFileAsked, Query()]
    ) -> Response:
        """The same for a file of journeys or prices."""
        return await drawn(request, format, asked, await observed_in(request))

    async def drawn(request: Request, format: AccuracyFormat, asked: AccuracyFileAsked, content: bytes) -> Response:
        found = await desk.make(request, *accuracy_work(desk, asked.half, content))
        key = ("accuracy file", format, asked.key(), digest(content))
        made = await desk.make(request, key, lambda tell: accuracy_file(desk.data, found.found, format, asked.lang))
        return made.response()

    async def compared(request: Request, asked: AccuracyAsked, content: bytes) -> Response:
        found = await desk.make(request, *accuracy_work(desk, asked.half, content))
        key = ("accuracy", asked.key(), digest(content))
        return (await desk.make(request, key, lambda tell: json_body(found.found.to_dict(rows=asked.rows)))).response()

    return api


async def observed_in(request: Request) -> bytes:
    """The file that was sent. Raises Refusal if it is empty."""
    content = await request.body()
    if not content.strip():
        raise Refusal(422, "bad_table", said("srv_body_empty"))
    return content


class Comparison:
    """A comparison, and about how many bytes it takes."""

    def __init__(self, found: Any) -> None:
        self.found = found

    @property
    def nbytes(self) -> int:
        """Bytes, about: two kilobytes a row."""
        return 2_000 * (len(self.found.rows) + 1)


def accuracy_work(desk: Desk, half: Half, content: bytes) -> tuple[tuple[str, str, str], Any]:
    """A comparison as a key and the work that makes it: of a file, or of what ships with Keruen."""

    def work(tell: Tell) -> Comparison:
        from keruen.routing.accuracy import accuracy
        from keruen.routing.observed_file import read_observed_text

        files = [read_observed_text(desk.data, "the file", io.BytesIO(content))] if content else []
        return Comparison(accuracy(desk.data, files, half=half, progress=lambda share: tell("predict", share)))

    return ("comparison", half, digest(content)), work


def told(**document: Any) -> Response:
    """A document as an answer."""
    return Response(as_json(document), media_type=JSON)


def table_named(desk: Desk, name: str) -> Table:
    """A table by its name. Raises Refusal if there is none."""
    if name not in desk.data.schema:
        raise Refusal(404, "not_found", said("err_no_table", name=name, known=", ".join(desk.data)))
    return desk.data[name]


def line_of(row: Row) -> str:
    """The filled cells of a row beside its key, in a line."""
    keys = set(row.table.schema.key)
    cells = ((name, cell_text(cell)) for name, cell in row.to_json().items() if name not in keys)
    return " · ".join(text for _, text in cells if text)
