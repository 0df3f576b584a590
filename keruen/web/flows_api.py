"""The interface for flows: what the corridors carry in a year, where they stick, and what a scenario changes; as bands, and as files.

Flows of a whole demand take minutes the first time (routes of tens of thousands of markets are searched, then they lie in the cache). They
are worked out one at a time, beside all other questions, with progress, cancel and a limit of their own; what was worked out is kept by
its question, and the base is worked out once for all scenarios beside it.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import numpy as np
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from keruen.routing.remember import Remembered
from keruen.web.desk import Body as Made
from keruen.web.desk import Desk, as_json, client_of, json_body
from keruen.web.faults import WORK, told_of
from keruen.web.files import TYPES
from keruen.web.flow_bands import Stretches, bands_document, change_of, stretches_of
from keruen.web.flows_questions import Bands, BandsAsked, FlowsAnswer, FlowsAsked, FlowYears, FlowYearsAsked
from keruen.web.jobs import Tell
from keruen.web.routing_api import AS_FILE, STREAMED, events, file_of

if TYPE_CHECKING:
    from keruen.flows.assignment import FlowResult
    from keruen.flows.demand import Demand
    from keruen.tables.dataset import Dataset

FlowsFormat = Literal["gmns", "gpkg", "json", "omx", "xlsx"]
FILE_TYPES = {**TYPES, "gmns": "application/zip", "omx": "application/x-hdf5"}
MOST_KEPT = 2  # assignments kept whole, for files and scenarios: hundreds of MB each
AFFECTED = 8  # of those affected by a bottleneck, named in the answer


@dataclass(frozen=True)
class Flows:
    """An answer as JSON, and the stretches of each side, from which bands are drawn."""

    text: bytes
    stretches: dict[str, Stretches]

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return len(self.text) + sum(one.nbytes for one in self.stretches.values())


def router(desk: Desk) -> APIRouter:
    """The endpoints for flows."""
    api = APIRouter(tags=["flows"], responses=told_of(404, *WORK))
    kept: Remembered[str, tuple[FlowResult, float]] = Remembered(MOST_KEPT)

    def assigned(asked: FlowsAsked, tell: Tell) -> tuple[Dataset, FlowResult, float]:
        """The dataset of a question, its flows, and the share of the tonnes that is left out."""
        from keruen.flows.assignment import assign

        data = desk.dataset(asked.scenario)

        def make() -> tuple[FlowResult, float]:
            demand, left_out = wanted(desk.data, asked)
            usual = assigned(asked.base(), tell)[1] if asked.scenario else None
            return assign(data, demand, with_capacities=asked.capacities, usual=usual, progress=tell), left_out

        return data, *kept.find(asked.key(), make)

    def flows_work(asked: FlowsAsked) -> tuple[tuple[str, str], Callable[[Tell], Flows]]:
        def work(tell: Tell) -> Flows:
            from keruen.flows.document import differences_document

            tell("network", 0.01)
            data, found, left_out = assigned(asked.base(), part_of(tell, 0.0, 0.5 if asked.scenario else 0.9))
            base = whole(
                data, found, left_out, part_of(tell, 0.5 if asked.scenario else 0.9, 0.55 if asked.scenario else 1.0)
            )
            stretches, at = {"base": stretches_of(found)}, positions(found)
            if not asked.scenario:
                return Flows(as_json({**base, "names": {**named(data, [base]), "facilities": at}}), stretches)
            changed, other, left_out = assigned(asked, part_of(tell, 0.55, 0.9))
            beside = whole(changed, other, left_out, part_of(tell, 0.9, 1.0))
            stretches["with"] = stretches_of(other)
            stretches["change"] = change_of(stretches["base"], stretches["with"])
            document = differences_document(data, base, beside, title_of(asked.scenario, desk.data))
            names = {**named(changed, [base, beside]), "facilities": {**at, **positions(other)}}
            return Flows(as_json({**document, "names": names}), stretches)

        return ("flows", asked.key()), work

    async def made(request: Request, asked: FlowsAsked) -> Flows:
        return await desk.slow.ask(*flows_work(asked.of()), client_of(request), request.is_disconnected)

    @api.get("/flows", summary="What flows in a year", response_model=FlowsAnswer)
    async def flows(request: Request, asked: Annotated[FlowsAsked, Query()]) -> Response:
        """Corridors, bottlenecks, facilities, totals: `keruen flows --json`; with a scenario both sides and what differs (`--compare`)."""
        return Made((await made(request, desk.settled(asked))).text).response()

    @api.get("/flows/stream", summary="The same with progress", responses=STREAMED, response_class=StreamingResponse)
    async def stream(request: Request, asked: Annotated[FlowsAsked, Query()]) -> Response:
        """Progress, then the answer or the error, as Server-Sent Events. Closing the connection cancels the work."""
        key, work = flows_work(desk.settled(asked).of())
        return events(desk.slow.follow(key, work, client_of(request)), lambda found: found.text)

    @api.get("/flows/bands", summary="Flows as bands on a map", response_model=Bands)
    async def bands(request: Request, asked: Annotated[BandsAsked, Query()]) -> Response:
        """The stretches that carry most, joined and thinned for a zoom, and what is moved by country and mode."""
        asked = desk.settled(asked)
        found = await made(request, asked)
        side = asked.side if asked.side in found.stretches else "base"

        def work(tell: Tell) -> Made:
            document = bands_document(found.stretches[side], asked.measure, asked.zoom)
            return json_body({"measure": asked.measure, "side": side, **document})

        return (await desk.make(request, ("bands", asked.key()), work)).response()

    @api.get("/flows/years/stream", summary="Corridors over the years, with progress", responses=STREAMED,
             response_class=StreamingResponse)  # fmt: skip
    async def years_stream(request: Request, asked: Annotated[FlowYearsAsked, Query()]) -> Response:
        """Shares of corridors in some years, the demand of each assigned for itself, and what is on record of them."""
        key, work = years_work(desk.settled(asked))
        return events(desk.slow.follow(key, work, client_of(request)), lambda found: found.content)

    @api.get("/flows/years", summary="Corridors over the years", response_model=FlowYears)
    async def years(request: Request, asked: Annotated[FlowYearsAsked, Query()]) -> Response:
        """As the stream, without progress."""
        key, work = years_work(desk.settled(asked))
        return (await desk.slow.ask(key, work, client_of(request), request.is_disconnected)).response()

    def years_work(asked: FlowYearsAsked) -> tuple[tuple[str, str], Callable[[Tell], Made]]:
        def work(tell: Tell) -> Made:
            from keruen.flows.assignment import assign
            from keruen.flows.document import named as corridors_named

            data, told, first = desk.dataset(asked.scenario), [], None
            chosen = sorted(set(asked.year))
            for turn, year in enumerate(chosen):
                demand, left_out = wanted(desk.data, FlowsAsked(year=year, flow=asked.flow, cover=1.0))
                if first is None:
                    first, left_out = wanted(desk.data, FlowsAsked(year=year, flow=asked.flow, cover=asked.cover))
                demand = among(demand, first)
                begin, end = turn / len(chosen), (turn + 1) / len(chosen)
                usual = None
                if asked.scenario:
                    progress = part_of(tell, begin, (begin + end) / 2)
                    usual = assign(desk.data, demand, with_capacities=asked.capacities, progress=progress)
                    begin = (begin + end) / 2
                progress = part_of(tell, begin, end)
                found = assign(data, demand, with_capacities=asked.capacities, usual=usual, progress=progress)
                told.append({"year": year, "totals": found.totals, "corridors": corridors_named(data, found.corridors)})
            return json_body({"years": told, "recorded": recorded(data, chosen)})

        return ("flow years", asked.key()), work

    @api.get("/flows/file/{format}", summary="Flows as a file", responses=file_of_flows(), response_class=Response)
    async def file(
        request: Request, format: Annotated[FlowsFormat, AS_FILE], asked: Annotated[FlowsAsked, Query()]
    ) -> Response:
        """Goods over every arc as GeoPackage or GMNS (a folder, zipped), tables as XLSX, what is shipped between zones as OMX, all as JSON:
        `keruen flows --export`. With a scenario: the flows with it, and the tables of both sides."""
        asked = desk.settled(asked)

        def work(tell: Tell) -> Made:
            import json

            from keruen.flows.document import flows_document

            answer = json.loads(flows_work(asked)[1](tell).text)
            if format == "json":
                return Made(as_json(answer), FILE_TYPES[format], "flows.json")
            data, found, _ = assigned(asked, tell)
            document = answer if format == "xlsx" else flows_document(data, found, [])
            return written(found, document, format)

        key = ("flows file", format, asked.key())
        made = await desk.slow.ask(key, work, client_of(request), request.is_disconnected, keep=False)
        return made.response()

    return api


def file_of_flows() -> dict[int | str, dict[str, Any]]:
    """A file of one of the types, for the OpenAPI document."""
    described = file_of("gpkg", "json", "xlsx")
    binary = {"schema": {"type": "string", "format": "binary"}}
    described[200]["content"].update({FILE_TYPES[one]: binary for one in get_args(FlowsFormat)})
    return described


def wanted(data: Dataset, asked: FlowsAsked) -> tuple[Demand, float]:
    """The demand of a question, and the share of the tonnes that is left out."""
    from keruen.flows.assignment import covering
    from keruen.flows.base_case import base_demand

    return covering(base_demand(data, asked.year, flows=asked.flow), asked.cover)


def among(demand: Demand, first: Demand) -> Demand:
    """The rows of a demand between zones and in classes that another has rows of."""

    def keys(of: Demand) -> list[tuple[str, str, int]]:
        zones = of.zones
        ends = zip(of.origin.tolist(), of.destination.tolist(), of.cargo.tolist(), strict=True)
        return [(zones[o], zones[d], cargo) for o, d, cargo in ends]

    known = set(keys(first))
    rows = [i for i, key in enumerate(keys(demand)) if key in known]
    columns = ("origin", "destination", "cargo", "sector", "tonnes", "low_t", "high_t", "teu", "source")
    return replace(demand, **{name: getattr(demand, name)[rows] for name in columns})


def whole(data: Dataset, found: FlowResult, left_out: float, tell: Tell) -> dict[str, Any]:
    """The document of an assignment, with its bottlenecks and those whom they affect."""
    from keruen.flows.bottlenecks import bottlenecks
    from keruen.flows.document import flows_document

    tell("flow_bottlenecks", 0.0)
    return {**flows_document(data, found, bottlenecks(data, found), most=AFFECTED), "left_out_share": left_out}


def named(data: Dataset, documents: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Names of the zones and classes of cargo that bottlenecks name."""
    kinds = {"origins": "zones", "destinations": "zones", "classes": "classes"}
    keys: dict[str, dict[str, None]] = {"zones": {}, "classes": {}}
    for document in documents:
        for one in document["bottlenecks"]:
            for kind, to in kinds.items():
                keys[to].update(dict.fromkeys(part["key"] for part in one["affected"][kind]))
    tables = {"zones": "places", "classes": "cargo_classes"}
    return {
        kind: {
            key: {"name": row.text("name"), "name_ru": row.text("name_ru")}
            for key in keys[kind] if (row := data[table].find(key)) is not None
        }
        for kind, table in tables.items()
    }  # fmt: skip


def positions(found: FlowResult) -> dict[str, dict[str, float]]:
    """Where the facilities of known capacity are, degrees."""
    graph, at = found.world.graph, {}
    for row, key in enumerate(found.places.keys):
        arcs = np.flatnonzero(found.places.arc_facility == row)
        if len(arcs):
            lon, lat = graph.polyline(arcs[len(arcs) // 2 : len(arcs) // 2 + 1])[0].tolist()
            at[key] = {"lat": round(lat, 4), "lon": round(lon, 4)}
    return at


def title_of(scenario: str, data: Dataset) -> dict[str, Any]:
    """What a scenario is called."""
    from keruen.tables.scenario import read_scenario

    found = read_scenario(scenario, data)
    return {"name": found.name, "title": found.title, "title_ru": found.title_ru}


def recorded(data: Dataset, years: list[int]) -> list[dict[str, Any]]:
    """What is on record of corridors in some whole years."""
    from keruen.flows.recorded import recorded_volumes

    return [
        {"record": one.record, "corridors": list(one.corridors), "year": one.year, "unit": one.unit, "low": one.low, "high": one.high,
         "counted": one.counted, "traffic": one.traffic, "direction": one.direction, "scope": one.scope, "rows": list(one.rows)}
        for one in recorded_volumes(data, years=years) if one.months == 12 and one.scope == "corridor"
    ]  # fmt: skip


def part_of(tell: Tell, start: float, end: float) -> Any:
    """What tells the progress of a part of the work as that of the whole."""

    def told(stage: str, share: float) -> None:
        tell(stage, start + (end - start) * share)

    return told


def written(found: FlowResult, document: dict[str, Any], ending: str) -> Made:
    """An assignment as the file of a format; a folder is zipped."""
    from keruen.reports.assignment_export import write_flows

    with tempfile.TemporaryDirectory(prefix="keruen-") as folder:
        path = write_flows(found, document, Path(folder) / f"flows.{ending}")
        if not path.is_dir():
            return Made(path.read_bytes(), FILE_TYPES[ending], path.name)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path.iterdir()):
                archive.write(file, f"flows/{file.name}")
        return Made(packed.getvalue(), FILE_TYPES[ending], "flows-gmns.zip")
