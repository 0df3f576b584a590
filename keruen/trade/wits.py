"""World Bank WITS: exports of its pages, `;` between cells, in thousand USD; the product ' Total' is written with a blank before it.

Codes of areas are alpha-3 with some that ISO gave up (ROM, ZAR, TMP) and some of its own (OAS, UNS). Both countries of a pair report, so a
flow stands twice, from either side.
"""

from __future__ import annotations

from keruen.trade.plan import (
    CODE,
    FLOW,
    PARTNER,
    PERIOD,
    POSITIVE_VALUE,
    REPORTER,
    REVISIONS,
    Head,
    Plan,
    case,
    flow,
    known,
    number,
    padded_code,
    period,
    valuation,
)

VALUE = "c_tradevaluein1000usd"


def find(head: Head) -> Plan | None:
    """The plan for a file of WITS, told by its names of columns."""
    flow_column = head.one_of("tradeflowname", "tradeflowcode")
    if (
        not head.has("reporteriso3", "partneriso3", "year", "productcode")
        or VALUE not in head.raw
        or flow_column == "NULL"
    ):
        return None
    named = known("c_nomenclature") if head.has("nomenclature") else "NULL"
    quantity, unit = head.one_of("quantity", "qty"), head.one_of("quantityunit", "qtyunit", "unit")
    kilograms = f"lower(trim({unit})) IN ('kg', '8', 'weight in kilograms')"
    return Plan(
        format="wits",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        values={
            "flow": flow(flow_column),
            "classification": f"coalesce({case(f'upper({named})', {**REVISIONS, 'NC': 'HS'})}, upper({named}), 'HS')",
            **period("c_year"),
            "currency": "'USD'",
            "valuation": valuation(flow(flow_column)),
            "perspective": "'reporter'",
            "code": padded_code("c_productcode"),
            "value": f"{number(VALUE)} * 1000",
            "mass_t": f"CASE WHEN {kilograms} THEN nullif({number(quantity)}, 0) / 1000 END"
            if unit != "NULL"
            else "NULL",
        },
        areas={"reporter": ("alpha3", "trim(c_reporteriso3)"), "partner": ("alpha3", "trim(c_partneriso3)")},
        kind_by=tuple(name for name in (flow_column, "c_year", "c_nomenclature") if name in head.raw),
        kind_rules=(PERIOD, FLOW),
        rules=(REPORTER, PARTNER, CODE, POSITIVE_VALUE),
        source="World Bank WITS",
    )
