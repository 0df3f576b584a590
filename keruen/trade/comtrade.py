"""UN Comtrade: answers of the API, bulk files, and tables cut from them with any of their columns (47 fields, comtradeapi.un.org).

Names of columns are matched without regard to case and underscores, so the API's own, those of comtradr and those of the old site
are one. Values are USD, weights kg.

The trap: unless a request says partner2Code=0, motCode=0 and customsCode=C00, one flow comes back as many rows, by second partner, mode
and customs procedure, and their totals beside them. Of one key (reporter, partner, flow, code, period) the row that is total in all
three stands; without a total, rows by a single mode stand with their mode; where the columns were cut off, the largest row is taken
for the total and the import says so. Sums of such files are 2.2 to 2.4 times BACI, the largest rows 1.04 to 1.08 times.
"""

from __future__ import annotations

from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.plan import (
    CODE,
    FLOW,
    PARTNER,
    PERIOD,
    POSITIVE_VALUE,
    REPORTER,
    REVISIONS,
    Head,
    Keep,
    Plan,
    case,
    flow,
    known,
    number,
    padded_code,
    period,
    quoted,
    valuation,
)

UNITS = {
    "2": "m²",
    "3": "1000 kWh",
    "4": "m",
    "5": "u",
    "6": "2u",
    "7": "l",
    "8": "kg",
    "9": "1000u",
    "11": "12u",
    "12": "m³",
    "13": "carat",
}
MODES = {"1000": "air", "2100": "sea", "2200": "inland", "3100": "rail", "3200": "road", "9100": "pipeline",
         "2900": "other", "3900": "other", "9200": "other", "9300": "other", "9900": "other"}  # fmt: skip
"""Modes of which none includes another: 2000 includes 2100 and 2200, 3000 includes 3100 and 3200, 9000 all from 9100 on."""

PRIMARY = ("primaryvalue", "tradevalueus", "tradevalue", "value")
CODES = ("cmdcode", "commoditycode", "cmd")
REPORTERS, PARTNERS = ("reportercode", "reporteriso", "reporter"), ("partnercode", "partneriso", "partner")
SECOND, MODE, PROCEDURE = (
    ("partner2code", "2ndpartnercode"),
    ("motcode", "modeoftransportcode"),
    ("customscode", "customsproccode"),
)


def find(head: Head, given_period: str = "") -> Plan | None:
    """The plan for a Comtrade table, told by its columns for reporter, partner, commodity and value.

    given_period: the period of a table without a column for it. Raises BadFile if neither tells it.
    """
    parts = [
        head.one_of(*names)
        for names in (
            REPORTERS,
            PARTNERS,
            CODES,
            PRIMARY,
            ("flowcode", "flowdesc", "tradeflowcode", "tradeflow", "flow"),
        )
    ]
    if "NULL" in parts:
        return None
    code, flow_column = parts[2], parts[4]
    revision = head.one_of("classificationcode", "classification")
    classified = classification(revision)
    mode = head.one_of(*MODE)
    start, by_period = when(head, given_period)
    unit = unit_of(head)
    weight = head.one_of("netwgt", "netweightkg", "netweight")
    estimated = [head.one_of(name) for name in ("isnetwgtestimated", "isqtyestimated") if head.has(name)]
    has_parts = any(head.has(name) for name in (*SECOND, *MODE, *PROCEDURE))
    values = {
        "flow": flow(flow_column),
        "classification": classified,
        **period(start),
        "currency": "'USD'",
        "valuation": valuation(flow(flow_column)),
        "unit": unit,
        "mode": case(mode, MODES) if mode != "NULL" else "NULL",
        "perspective": "'reporter'",
        "estimated": " OR ".join(f"lower({name}) IN ('true', '1')" for name in estimated) if estimated else "NULL",
        "code": f"CASE WHEN starts_with({classified}, 'HS') THEN {padded_code(code)} ELSE upper(trim({code})) END",
        "value": number(parts[3]),
        "mass_t": f"nullif({number(weight)}, 0) / 1000",
        "quantity": f"CASE WHEN ({unit}) IS NOT NULL THEN nullif({number(head.one_of('qty'))}, 0) END",
    }
    by = (flow_column, revision, *by_period, mode, *unit_columns(head), *estimated)
    return Plan(
        format="comtrade",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        values=values,
        areas={"reporter": ("any", area(head, REPORTERS)), "partner": ("any", area(head, PARTNERS))},
        kind_by=tuple(dict.fromkeys(name for name in by if name != "NULL")),
        kind_rules=(PERIOD, FLOW),
        rules=(REPORTER, PARTNER, CODE, POSITIVE_VALUE),
        keep=keep(head, has_parts),
        source="UN Comtrade",
    )


def when(head: Head, given: str) -> tuple[str, tuple[str, ...]]:
    """SQL for the text of the period and the raw columns it is made of."""
    for name in ("period", "refyear", "year", "yr"):
        if not head.has(name):
            continue
        if name == "refyear" and head.has("refmonth"):
            month = "lpad(trim(c_refmonth), 2, '0')"
            return f"trim(c_refyear) || coalesce({month}, '')", ("c_refyear", "c_refmonth")
        return f"c_{name}", (f"c_{name}",)
    if not given:
        raise BadFile(said("trade_no_year", name=head.source.name))
    return quoted(given), ()


def classification(column: str) -> str:
    """SQL for the classification and its revision: H5 is HS17; without a column the HS, of a revision that is not known."""
    if column == "NULL":
        return "'HS'"
    return f"coalesce({case(column, REVISIONS)}, upper(nullif(trim({column}), '')), 'HS')"


def unit_columns(head: Head) -> tuple[str, ...]:
    """The raw columns that say in what the second quantity is counted."""
    return tuple(f"c_{name}" for name in ("qtyunitabbr", "qtyunit", "qtyunitcode") if head.has(name))


def unit_of(head: Head) -> str:
    """SQL for the unit of the second quantity, NULL where there is none (N/A, -1)."""
    found = [
        f"coalesce({case(name, UNITS)}, CASE WHEN NOT regexp_full_match(trim({name}), '-?[0-9]*') THEN {known(name)} END)"
        for name in unit_columns(head)
    ]
    return f"coalesce({', '.join(found)})" if found else "NULL"


def area(head: Head, names: tuple[str, ...]) -> str:
    """SQL for the code of an area, numeric if there is one, else of three signs; 0 is the world."""
    return f"coalesce({', '.join(known(f'c_{name}') for name in names if head.has(name))})"


def keep(head: Head, has_parts: bool) -> Keep:
    """Which of the rows with one key stands."""
    if not has_parts:
        return Keep(note="comtrade_cut_columns")
    totals = [
        is_total(head, names, codes)
        for names, codes in ((SECOND, ("0", "W00")), (PROCEDURE, ("C00", "0")), (MODE, ("0",)))
    ]
    single = " OR ".join(f"trim({head.one_of(*MODE)}) = {quoted(code)}" for code in MODES)
    return Keep(
        rank=f"CASE WHEN {' AND '.join(totals)} THEN 0 WHEN {totals[0]} AND {totals[1]} AND ({single}) THEN 1 ELSE 2 END",
        within=head.one_of(*MODE),
        beside_total="comtrade_part",
        lone_part="comtrade_lone_part",
    )


def is_total(head: Head, names: tuple[str, ...], codes: tuple[str, ...]) -> str:
    """SQL for whether a row is the total over the parts that a column tells; it is where the column is not there or empty."""
    column = head.one_of(*names)
    return "true" if column == "NULL" else f"coalesce(trim({column}) IN ({', '.join(map(quoted, codes))}), true)"
