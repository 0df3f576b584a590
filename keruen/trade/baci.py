"""CEPII BACI: reconciled trade by HS6, `t,i,j,k,v,q` in years, numeric codes, thousand USD, tonnes (doc: cepii.fr, BACI).

One figure stands for what the exporter and the importer declare, so the perspective is `reconciled`, the reporter is the exporter, and the
value is FOB. A quantity that is not known is written as an empty cell or as NA padded with blanks. Codes that lost their leading
zeros get them back: all have six digits.
"""

from __future__ import annotations

import re

from keruen.trade.plan import PARTNER, PERIOD, REPORTER, Head, Plan, Rule, known, number, period

NAME = re.compile(r"BACI_HS(?P<revision>\d\d)_Y(?P<year>\d{4})_V(?P<edition>\d{6}[a-z]?)", re.IGNORECASE)
COLUMNS = ("c_t", "c_i", "c_j", "c_k", "c_v", "c_q")


def find(head: Head) -> Plan | None:
    """The plan for a BACI file, told by its six columns. The revision of the HS stands in the name alone; else it is not known."""
    if set(head.raw) != set(COLUMNS):
        return None
    told = NAME.search(head.source.name)
    return Plan(
        format="baci",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        areas={"reporter": ("comtrade", "trim(c_i)"), "partner": ("comtrade", "trim(c_j)")},
        values={
            "flow": "'export'",
            "classification": f"'HS{told['revision']}'" if told else "'HS'",
            **period("c_t"),
            "currency": "'USD'",
            "valuation": "'FOB'",
            "perspective": "'reconciled'",
            "estimated": "false",
            "provisional": "false",
            "code": "CASE WHEN strlen(c_k) = 6 THEN c_k ELSE lpad(trim(c_k), greatest(6, length(trim(c_k)))::INTEGER, '0') END",
            "value": f"{number('c_v')} * 1000",
            "mass_t": number("c_q"),
        },
        kind_by=("c_t",),
        kind_rules=(PERIOD,),
        rules=(
            REPORTER,
            PARTNER,
            Rule("regexp_full_match(code, '[0-9]{6}')", "code_six_digits"),
            Rule("value > 0 AND value < 1e18", "value_not_above_zero"),
            Rule(f"(mass_t >= 0 AND mass_t < 1e18) OR {known('c_q')} IS NULL", "quantity"),
        ),
        source="CEPII BACI",
        edition=f"V{told['edition']}" if told else "",
        note="" if told else "baci_revision",
    )
