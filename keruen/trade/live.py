"""Answers of the live services, by their own clients: UN Comtrade (comtradeapicall) and services of SDMX as Eurostat (sdmx1).

    question -> client -> answer -> a whole file in the user's folder -> importers as for any file (source, edition, retrieved_at, query)

Both clients are extras (`pip install keruen[live]`). A key for Comtrade comes from the environment alone and is taken out of whatever the
client says; without one the public preview answers with at most 500 rows, with one 250,000. An answer of just as many rows was cut: it is
kept, and the import says so. Totals over mode, procedure and second partner are asked for, so that the trap of repeated rows does not
open (comtrade.py). Answers and limits: comtradeapi.un.org; SDMX REST 2.1.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.errors import LiveTrouble
from keruen.trade.period import Period, period

KEY = "KERUEN_COMTRADE_KEY"
MOST_ROWS, MOST_ROWS_PREVIEW = 250_000, 500
TIMEOUT_S = 120
FLOWS = {"export": "X", "import": "M", "re-export": "RX", "re-import": "RM"}
WORLD = "WLD"
NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z.-]+")
ENDED = re.compile(r"until \d{4}")


@dataclass(frozen=True)
class Answer:
    """An answer as a file in the making: `write` writes it. edition: the day that the service gives its figures, else today."""

    name: str
    source: str
    edition: str
    query: str
    note: str
    write: Callable[[Path], None]


def ask_comtrade(
    data: Dataset, reporter: str, partner: str, periods: Sequence[str], *, flows: Sequence[str] = ("export", "import"),
    code: str = "TOTAL", by_mode: bool = False,
) -> Answer:  # fmt: skip
    """What UN Comtrade has of a reporter with a partner (empty: with each of all), one request for each period.

    reporter, partner: alpha-3 codes, WLD for the world. periods: years or months. code: codes of the HS parted by commas, TOTAL, or AG2
    for all chapters. by_mode: by mode of transport too.

    Raises:
        LiveTrouble: the client is not installed, the service cannot be reached or refuses, or has nothing.
        UnknownOption: an area has no code at Comtrade. BadPeriod: a period is none of a year or month.
    """
    client = client_of("comtradeapicall")
    key = os.environ.get(KEY) or None
    most = MOST_ROWS if key else MOST_ROWS_PREVIEW
    asked: dict[str, str | None] = {
        "reporterCode": comtrade_code(data, reporter), "partnerCode": comtrade_code(data, partner) if partner else None,
        "flowCode": ",".join(FLOWS[flow] for flow in flows), "cmdCode": code, "partner2Code": "0", "customsCode": "C00",
        "motCode": None if by_mode else "0",
    }  # fmt: skip
    tables, cut = [], False
    for wanted in map(period, periods):
        if wanted.months not in (1, 12) or (wanted.months == 12 and wanted.start.month != 1):
            raise UnknownOption(said("live_period", period=str(wanted)))
        question = {**asked, **_when(wanted), "typeCode": "C", "clCode": "HS", "maxRecords": most, "includeDesc": False}
        table = _spoken(key, _comtrade_call(client, key, question))
        tables.append(table)
        cut |= len(table) >= most
    if not any(len(table) for table in tables):
        raise LiveTrouble(said("live_nothing", service="UN Comtrade"))
    told = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)

    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8") as out:
            out.write('{"data": [\n')
            out.write(",\n".join(json.dumps(record) for table in tables for record in _records(table)))
            out.write("\n]}\n")

    return Answer(
        _named("comtrade", reporter, partner or "all", "_".join(periods), code, "by_mode" if by_mode else "") + ".json",
        "UN Comtrade", f"{datetime.now(UTC):%Y-%m-%d}", f"comtrade C/HS {','.join(periods)} {told}",
        f"answer_cut:{most}" if cut else "", write,
    )  # fmt: skip


def ask_sdmx(service: str, flow: str, key: str, *, start: str = "", end: str = "") -> Answer:
    """The observations of a data flow at a service of SDMX, as ESTAT_COMEXT DS-045409 M.LT.KZ.7202.2.VALUE_IN_EUROS.

    key: values of the dimensions in their order, parted by points; several by +. start, end: periods as the service writes them.

    Raises:
        LiveTrouble: the client is not installed, the service cannot be reached or refuses, or has nothing.
        UnknownOption: sdmx1 knows no such service.
    """
    sdmx = client_of("sdmx")
    try:
        client = sdmx.Client(service)
    except (ValueError, KeyError):
        raise UnknownOption(
            said("live_service", service=service, known=", ".join(sdmx.list_sources())), sdmx.list_sources()
        ) from None
    client.session.mount("https://", _timely(importlib.import_module("requests.adapters").HTTPAdapter)())
    params = {name: value for name, value in (("startPeriod", start), ("endPeriod", end)) if value}
    message = _spoken(None, lambda: client.get("data", resource_id=flow, key=key, params=params))
    found = [one for part in message.data for one in part.obs]
    if not found:
        raise LiveTrouble(said("live_nothing", service=service))
    prepared = getattr(message.header, "prepared", None)
    query = " ".join(filter(None, [service, flow, key, *(f"{name}={value}" for name, value in params.items())]))

    def write(target: Path) -> None:
        dimensions = list(dict.fromkeys(name for one in found for name in one.key.values if name != "TIME_PERIOD"))
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["DATAFLOW", *dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"])
            for one in found:
                cells = {name: str(value.value) for name, value in one.key.values.items()}
                flags = [str(one.attrib[name].value) for name in ("OBS_FLAG", "OBS_STATUS") if name in one.attrib]
                value = "" if one.value is None or str(one.value) == "NaN" else str(one.value)
                writer.writerow([f"{service}:{flow}", *(cells.get(name, "") for name in dimensions), cells.get("TIME_PERIOD", ""),
                                 value, "".join(flags)])  # fmt: skip

    return Answer(
        _named(service, flow, key, start, end) + ".csv", str(client.source.name),
        f"{prepared or datetime.now(UTC):%Y-%m-%d}", query, "", write,
    )  # fmt: skip


def client_of(package: str) -> Any:
    """The client of a service. Raises LiveTrouble with what to install."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise LiveTrouble(said("live_no_client", package={"sdmx": "sdmx1"}.get(package, package))) from None


def comtrade_code(data: Dataset, area: str) -> str:
    """The code of an area at UN Comtrade today: its own where it has one (842 for the USA), else that of ISO 3166. Raises UnknownOption."""
    own = [
        row.text("code")
        for row in data["trade_area_codes"]
        if row.text("system") == "comtrade" and row.text("area") == area and not ENDED.search(row.text("note"))
    ]
    iso = [row.text("numeric").lstrip("0") for row in data["countries"] if row.text("iso3") == area]
    found = next(filter(None, [*own, *iso]), None)
    if found is None:
        raise UnknownOption(said("live_no_code", area=area))
    return found


def _comtrade_call(client: Any, key: str | None, question: Mapping[str, object]) -> Callable[[], Any]:
    """The call of the client: of the final data with a key, of the public preview without one."""
    return (lambda: client.getFinalData(key, **question)) if key else (lambda: client.previewFinalData(**question))


def _when(wanted: Period) -> dict[str, str]:
    if wanted.months == 12:
        return {"freqCode": "A", "period": f"{wanted.start:%Y}"}
    return {"freqCode": "M", "period": f"{wanted.start:%Y%m}"}


def _spoken(key: str | None, ask: Callable[[], Any]) -> Any:
    """What a client answers. Raises LiveTrouble with what it says of itself, printed or raised, without the key.

    comtradeapicall prints what went wrong, the address with the key in it, and returns None.
    """
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            found = ask()
    except Exception as problem:  # clients promise nothing of what they raise
        printed.write(f" {type(problem).__name__}: {problem}")
        found = None
    if found is None:
        told = " ".join(printed.getvalue().split())
        told = told.replace(key, "***") if key else told
        raise LiveTrouble(
            said("live_refused", reason=re.sub(r"(subscription-key=)[^&\s]+", r"\1***", told)[:400] or "?")
        )
    return found


def _records(table: Any) -> Iterator[dict[str, object]]:
    """The rows of a data frame as the service had them: whole numbers without a point, what is missing as null."""
    names = [str(name) for name in table.columns]
    for row in table.itertuples(index=False, name=None):
        yield {name: _plain(cell) for name, cell in zip(names, row, strict=True)}


def _plain(cell: Any) -> object:
    cell = cell.item() if hasattr(cell, "item") else cell
    if isinstance(cell, float):
        return None if cell != cell else int(cell) if cell.is_integer() else cell
    return cell if isinstance(cell, str | int | bool) else None


def _timely(adapter: Any) -> Any:
    """The transport of sdmx1's session with an end to waiting: the client keeps the time-out it is given to itself."""

    class Timely(adapter):  # type: ignore[misc]
        def send(self, request: Any, **how: Any) -> Any:
            return super().send(request, **{**how, "timeout": how.get("timeout") or TIMEOUT_S})

    return Timely


def _named(*parts: str) -> str:
    """A name for a file, of what was asked and when."""
    words = [NOT_IN_NAMES.sub("-", part).strip("-.")[:40] for part in parts]
    return "_".join([*filter(None, words), f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"])
