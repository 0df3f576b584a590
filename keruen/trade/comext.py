"""Eurostat Comext in bulk: months of the Union's trade by CN8, with the header in use (v2) or the older one (v1).

EUR, kg, ISO alpha-2 with codes of Eurostat's own (XI, XS, QP ...). A row is one statistical procedure, so rows of one key add up. TOTAL,
chapters and confidential codes (99RRR100, 12XXXXXX) stand among the products as codes of their own; month 52 is the year. Weight 0 means
that none was told. A figure of the Union as a reporter depends on its members at the date (table members of the store).
"""

from __future__ import annotations

from keruen.trade.plan import (
    CODE,
    FLOW,
    PARTNER,
    PERIOD,
    POSITIVE_VALUE,
    REPORTER,
    Head,
    Plan,
    flow,
    is_number_or_missing,
    known,
    number,
    period,
    valuation,
)


def find(head: Head) -> Plan | None:
    """The plan for a Comext file, told by PRODUCT_NC and the columns for value and reporter of either header."""
    reporter, partner = head.one_of("declarantiso", "reporter"), head.one_of("partneriso", "partner")
    value, weight = head.one_of("valueeur", "valueineuros"), head.one_of("quantitykg", "quantityinkg")
    if not head.has("productnc", "flow", "period") or "NULL" in (reporter, partner, value):
        return None
    unit, quantity = head.one_of("supplunit", "suppunit"), head.one_of("quantitysupplunit", "supquantity")
    mass = f"nullif({number(weight)}, 0) / 1000"
    unit_sql = known(unit) if unit != "NULL" else "NULL"
    return Plan(
        format="comext",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        values={
            "flow": flow("c_flow"),
            "classification": "'CN'",
            **period("c_period"),
            "currency": "'EUR'",
            "valuation": valuation(flow("c_flow")),
            "unit": unit_sql,
            "perspective": "'reporter'",
            "code": "upper(trim(c_productnc))",
            "value": number(value),
            "mass_t": mass,
            "quantity": f"CASE WHEN {unit_sql} IS NOT NULL THEN nullif({number(quantity)}, 0) END",
        },
        areas={
            "reporter": ("eurostat", f"upper(trim({reporter}))"),
            "partner": ("eurostat", f"upper(trim({partner}))"),
        },
        kind_by=tuple(name for name in ("c_flow", "c_period", unit) if name != "NULL"),
        kind_rules=(PERIOD, FLOW),
        rules=(
            REPORTER,
            PARTNER,
            CODE,
            POSITIVE_VALUE,
            *([is_number_or_missing(weight, number(weight))] if weight != "NULL" else []),
        ),
        source="Eurostat Comext",
    )
