"""Tables of Eurostat and other services of SDMX: SDMX-CSV 1.0 and 2.0, and Eurostat's TSV with a column for each period.

    SDMX-CSV  DATAFLOW or STRUCTURE,... dimensions ..., TIME_PERIOD, OBS_VALUE, OBS_FLAG      cells CODE or CODE: Label
    TSV       freq,unit,c_load,geo\\TIME_PERIOD <tab> 2023 <tab> 2024                          cells `12.3 p`, `:` for none, `: c`

A TSV is written as SDMX-CSV first; after that both are one. Dimensions tell what a table is: trade by partner and product, or freight
(freight.py). A value that is missing or confidential is no figure and counted as rejected.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.freight import freight_plan
from keruen.trade.plan import (
    CODE,
    FLOW,
    PARTNER,
    PERIOD,
    REPORTER,
    Head,
    Plan,
    Rule,
    bare,
    flow,
    number,
    period,
    valuation,
)
from keruen.trade.unpack import Source

TSV_HEADER = re.compile(r"^[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*\\TIME_PERIOD$")
TONNES = {"QUANTITY_IN_100KG": 0.1, "QUANTITY_KG": 0.001, "QUANTITY_IN_KG": 0.001, "T": 1.0, "THS_T": 1000.0}
FLAGGED = re.compile(r"^\s*(:|-?[0-9.eE+-]+)?\s*([a-z]*)\s*$")


def is_tsv(head: Head) -> bool:
    """Whether this is Eurostat's table with the dimensions in one cell."""
    return head.delimiter == "\t" and bool(TSV_HEADER.match(head.header[0].strip()))


def melted(head: Head, folder: Path) -> Source:
    """A TSV as SDMX-CSV, one row for each cell, with the line it stood in.

    GIVEN is `few` for a cell that a line has not, `many` for one that has no period above it; so is each cell of a line with
    fewer or more keys than the header names, because no key of it can be trusted.
    """
    source, target = head.source, folder / f"{head.source.path.name}.long.csv"
    names = head.header[0].strip().removesuffix("\\TIME_PERIOD").split(",")
    periods = [text.strip() for text in head.header[1:]]
    lines = 1
    with (
        source.path.open(encoding="utf-8-sig", newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["DATAFLOW", *names, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "LINE", "GIVEN"])
        next(stream)
        for number_of_line, line in enumerate(stream, start=2):
            cells = line.rstrip("\r\n").split("\t")
            if cells == [""]:
                continue
            found = cells[0].split(",")
            keys = [*found, *[""] * len(names)][: len(names)]
            wrong = "few" if len(found) < len(names) else "many" if len(found) > len(names) else ""
            for nth in range(max(len(periods), len(cells) - 1)):
                text = cells[nth + 1] if nth + 1 < len(cells) else ""
                given = wrong or ("many" if nth >= len(periods) else "few" if nth + 1 >= len(cells) else "")
                told = FLAGGED.match(text)
                value, flag = (told[1] or "", told[2]) if told else (text.strip(), "")
                time = periods[min(nth, len(periods) - 1)]
                writer.writerow(["", *keys, time, "" if value == ":" else value, flag, number_of_line, given])
                lines += 1
    return replace(source, path=target, lines=lines)


def find(head: Head) -> Plan | None:
    """The plan for SDMX-CSV, told by TIME_PERIOD and OBS_VALUE. Raises BadFile for a table that is neither trade nor freight."""
    if not head.has("timeperiod", "obsvalue"):
        return None
    plan = trade_plan(head) or freight_plan(head)
    if plan is None:
        raise BadFile(said("trade_sdmx_unknown", name=head.source.name, header=", ".join(head.header)[:200]))
    return replace(plan, line="c_line", rules=(*GIVEN, *plan.rules)) if head.has("line", "given") else plan


def trade_plan(head: Head) -> Plan | None:
    """The plan for trade: an observation is a value, a weight or a second quantity, as its indicator says."""
    reporter, partner = (
        head.one_of("reporter", "geo", "reportingcountry", "refarea"),
        head.one_of("partner", "counterpartarea", "partnercountry"),
    )
    flow_column, product = (
        head.one_of("flow", "stkflow", "tradeflow"),
        head.one_of("product", "sitc06", "bclas_bec", "commodity", "productnc"),
    )
    if "NULL" in (reporter, partner, flow_column):
        return None
    indicator = head.one_of("indicators", "indicator", "indicet", "indicetdata", "unit", "unitmeasure", "measure")
    what = bare(indicator) if indicator != "NULL" else "'VALUE_IN_EUROS'"
    flow_sql = flow(bare(flow_column))
    value = number("c_obsvalue")
    scale = f"CASE WHEN {what} IN ('THS_EUR', 'TRD_VAL_THS') THEN 1000 WHEN {what} IN ('MIO_EUR', 'TRD_VAL') THEN 1000000 ELSE 1 END"
    is_value = f"{what} IN ('VALUE_IN_EUROS', 'VALUE_EUR', 'EUR', 'THS_EUR', 'MIO_EUR', 'TRD_VAL', 'TRD_VAL_THS', 'USD', 'VALUE')"
    tonnes = " ".join(f"WHEN '{name}' THEN {factor!r}" for name, factor in TONNES.items())
    flag = head.one_of("obsflag", "obsstatus")
    return Plan(
        format="sdmx",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        values={
            "flow": flow_sql,
            "classification": "'HS'" if product != "NULL" else "NULL",
            **period("c_timeperiod"),
            "currency": f"CASE WHEN NOT ({is_value}) THEN NULL WHEN {what} = 'USD' THEN 'USD' ELSE 'EUR' END",
            "valuation": valuation(flow_sql),
            "unit": f"CASE WHEN {what} = 'SUPPLEMENTARY_QUANTITY' THEN 'supplementary' END",
            "perspective": "'reporter'",
            "provisional": f"contains(lower({flag}), 'p')" if flag != "NULL" else "NULL",
            "estimated": f"contains(lower({flag}), 'e')" if flag != "NULL" else "NULL",
            "code": bare(product) if product != "NULL" else "'TOTAL'",
            "value": f"CASE WHEN {is_value} THEN {value} * {scale} END",
            "mass_t": f"{value} * (CASE {what} {tonnes} END)",
            "quantity": f"CASE WHEN {what} = 'SUPPLEMENTARY_QUANTITY' THEN {value} END",
        },
        areas={"reporter": ("geo", bare(reporter)), "partner": ("geo", bare(partner))},
        kind_by=tuple(dict.fromkeys(name for name in (flow_column, "c_timeperiod", indicator, flag) if name != "NULL")),
        kind_rules=(PERIOD, FLOW),
        rules=(REPORTER, PARTNER, CODE, *OBSERVED),
        source="Eurostat",
        note="sdmx_rows",
    )


OBSERVED = (
    Rule("nullif(trim(c_obsvalue), ':') IS NOT NULL", "no_value"),
    Rule(f"{number('c_obsvalue')} >= 0 AND {number('c_obsvalue')} < 1e18", "value_number"),
    Rule("coalesce(value, mass_t, quantity) IS NOT NULL", "unit"),
)
GIVEN = (Rule("coalesce(c_given, '') <> 'many'", "cells_many"), Rule("coalesce(c_given, '') <> 'few'", "cells_few"))
