"""Schedules as counts: how many trains, flights, sailings a week go from one place to another, by a CSV of the user's own.

    origin, destination, mode, per_week [, operator, start, months, note]

Places are codes or names as the file has them; a schedule without an end has no months.
"""

from __future__ import annotations

from keruen.trade.plan import Head, Plan, Rule, known, number, quoted

MODES = ("road", "rail", "sea", "inland", "air")
COLUMNS = ("origin", "destination", "mode", "perweek")


def find(head: Head) -> Plan | None:
    """The plan for a schedule, told by its four columns."""
    if not head.has(*COLUMNS):
        return None
    start = head.one_of("start", "validfrom", "date")
    text = f"trim({start})"
    day = f"TRY_CAST(CASE length({text}) WHEN 4 THEN {text} || '-01-01' WHEN 7 THEN {text} || '-01' ELSE {text} END AS DATE)"
    months = number(head.one_of("months"))
    return Plan(
        format="schedule",
        table="services",
        raw=head.raw,
        delimiter=head.delimiter,
        values={
            "origin": known("c_origin"),
            "destination": known("c_destination"),
            "mode": "lower(trim(c_mode))",
            "operator": known(head.one_of("operator")),
            "start": day,
            "months": f"TRY_CAST({months} AS TINYINT)",
            "per_week": number("c_perweek"),
            "note": known(head.one_of("note")),
        },
        areas={},
        rules=(
            Rule("origin IS NOT NULL AND destination IS NOT NULL", "ends"),
            Rule(f"mode IN ({', '.join(map(quoted, MODES))})", f"mode_none_of:{', '.join(MODES)}"),
            Rule("per_week >= 0 AND per_week < 1e6", "not_a_number:per_week"),
            Rule(f"start IS NOT NULL OR {known(start)} IS NULL", "start"),
            Rule(f"(months >= 0) OR {known(head.one_of('months'))} IS NULL", "not_a_number:months"),
        ),
    )
