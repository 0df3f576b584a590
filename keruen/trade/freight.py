"""Freight tables of Eurostat: tonnes by road, rail and sea, each with whose figures they are.

    road_go_*  geo is the country where the haulier is registered: scope `haulier LT`; these are not all goods between two countries
    rail_go_*  geo is the reporting country:                        scope `reporter LT`
    mar_go_*   rep_mar is the reporting port:                       scope `port LTKLJ`

Goods (nst07, cargo) are trees with their totals: TOTAL stands beside its parts, and in `cargo` only codes of one level add up.
"""

from __future__ import annotations

from keruen.trade.plan import PERIOD, Head, Plan, Rule, bare, number, period

TONNES = {"THS_T": 1000.0, "T": 1.0, "MIO_T": 1e6}
TONNE_KM = {"MIO_TKM": 1e6, "THS_TKM": 1e3}
TEU = {"TEU": 1.0, "THS_TEU": 1000.0}
COUNTS = {"NR": 1.0, "THS": 1000.0}


def freight_plan(head: Head) -> Plan | None:
    """The plan for a freight table, told by its dimensions; None for another table."""
    if not head.has("unit"):
        return None
    if head.has("repmar"):
        return plan(head, mode="sea", **by_sea(head))
    if not head.has("geo") or not (head.has("cload") or head.has("cunload")):
        return None
    road = head.has("tratype") or head.has("nst07") or head.has("carriage")
    geo = bare("c_geo")
    origin = bare("c_cload") if head.has("cload") else geo
    destination = bare("c_cunload") if head.has("cunload") else geo
    both = head.has("cload") and head.has("cunload")
    return plan(
        head,
        mode="road" if road else "rail",
        reporter=geo,
        origin=origin,
        destination=destination,
        flow="NULL" if both else "'import'" if head.has("cload") else "'export'",
        scope=f"'haulier ' || {geo}" if road else f"'reporter ' || {geo}",
    )


def by_sea(head: Head) -> dict[str, str]:
    """The ends of a table of ports: inwards from the partner, outwards to it."""
    port, partner = bare("c_repmar"), bare("c_parmar") if head.has("parmar") else "NULL"
    direction = bare("c_direct") if head.has("direct") else "'TOTAL'"
    return {
        "reporter": f"left({port}, 2)",
        "origin": f"CASE WHEN {direction} = 'IN' THEN {partner} WHEN {direction} = 'OUT' THEN {port} END",
        "destination": f"CASE WHEN {direction} = 'IN' THEN {port} WHEN {direction} = 'OUT' THEN {partner} END",
        "flow": f"CASE {direction} WHEN 'IN' THEN 'import' WHEN 'OUT' THEN 'export' WHEN 'TOTAL' THEN 'both' END",
        "scope": f"'port ' || replace({port}, '_', '')",
    }


def plan(head: Head, *, mode: str, reporter: str, origin: str, destination: str, flow: str, scope: str) -> Plan:
    """The plan for a table with these ends."""
    unit, value = bare("c_unit"), number("c_obsvalue")
    goods = next((bare(f"c_{name}") for name in ("nst07", "cargo", "goods") if head.has(name)), "'TOTAL'")
    rules = [
        Rule("nullif(trim(c_obsvalue), ':') IS NOT NULL", "no_value"),
        Rule(f"{value} >= 0 AND {value} < 1e18", "value_number"),
        Rule(
            "coalesce(mass_t, tkm, teu, count) IS NOT NULL",
            f"unit_none_of:{', '.join([*TONNES, *TONNE_KM, *TEU, *COUNTS])}",
        ),
        Rule("reporter IS NOT NULL AND length(reporter) > 0", "no_reporter"),
    ]
    if head.has("tratype"):
        rules.append(
            Rule(
                f"{bare('c_tratype')} = 'TOTAL'",
                "part_by_transport",
            )
        )
    if head.has("natvessr"):
        rules.append(Rule(f"{bare('c_natvessr')} = 'TOTAL'", "part_by_ship"))
    return Plan(
        format=f"eurostat_{mode}",
        table="freight",
        raw=head.raw,
        delimiter=head.delimiter,
        values={
            "flow": flow,
            "mode": f"'{mode}'",
            "goods": goods,
            **period("c_timeperiod"),
            "mass_t": scaled(unit, value, TONNES),
            "tkm": scaled(unit, value, TONNE_KM),
            "teu": scaled(unit, value, TEU),
            "count": scaled(unit, value, COUNTS),
            "scope": scope,
        },
        areas={"reporter": ("geo", reporter), "origin": ("geo", origin), "destination": ("geo", destination)},
        places=True,
        kind_rules=(PERIOD,),
        rules=tuple(rules),
        source="Eurostat",
    )


def scaled(unit: str, value: str, units: dict[str, float]) -> str:
    """SQL for a value in our unit if it is in one of these, else NULL."""
    cases = [f"WHEN '{name}' THEN {value} * {factor!r}" for name, factor in units.items()]
    return f"CASE {unit} {' '.join(cases)} END"
