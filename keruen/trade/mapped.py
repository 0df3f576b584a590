"""A table of the user's own: which column holds what is said by a mapping, as `--map "Country=partner" --set flow=export`.

Fields of trade: reporter, partner, flow, period (or year, or year and month), code, classification, value (or value_thousand,
value_million), currency, valuation, mass_t (or mass_kg, mass_thousand_t), quantity, unit, mode, perspective. Countries may be codes of ISO
3166 (letters or numbers), codes of statistics, or names in English or Russian. What is not mapped is not known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from keruen.errors import UnknownOption
from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.plan import (
    CODE,
    FLOW,
    PARTNER,
    PERIOD,
    REPORTER,
    Head,
    Plan,
    Rule,
    flow,
    is_number_or_missing,
    known,
    number,
    padded_code,
    period,
    quoted,
    raw_name,
    valuation,
)

NUMBERS = {"value": ("value", 1.0), "value_thousand": ("value", 1e3), "value_million": ("value", 1e6), "mass_t": ("mass_t", 1.0),
           "mass_kg": ("mass_t", 1e-3), "mass_thousand_t": ("mass_t", 1e3), "quantity": ("quantity", 1.0)}  # fmt: skip
TEXTS = ("classification", "currency", "valuation", "unit", "mode", "perspective")
PERIODS = ("period", "year", "month")
FIELDS = ("reporter", "partner", "flow", "code", *PERIODS, *NUMBERS, *TEXTS)
MODES = ("road", "rail", "sea", "inland", "air", "pipeline", "other")


def read_mapping(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """A mapping from a TOML file: tables `columns` (column = field) and `constants` (field = value). Raises BadFile."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadFile(said("trade_toml_broken", path=path, reason=problem)) from None
    strange = set(document) - {"columns", "constants"}
    if strange or not all(isinstance(part, dict) for part in document.values()):
        raise BadFile(said("trade_toml_tables", path=path))
    columns, constants = (
        {str(k): str(v) for k, v in document.get(name, {}).items()} for name in ("columns", "constants")
    )
    return columns, constants


def find(head: Head, columns: Mapping[str, str], constants: Mapping[str, str], given_period: str = "") -> Plan | None:
    """The plan that a mapping says; None without one. Raises UnknownOption for a field or column that there is not."""
    if not columns and not constants:
        return None
    if wrong := [name for name in (*columns.values(), *constants) if name not in FIELDS]:
        raise UnknownOption(said("trade_no_field", wrong=wrong[0], what=", ".join(FIELDS)), FIELDS)
    if missing := [name for name in columns if raw_name(name) not in head.raw and name not in head.header]:
        raise UnknownOption(
            said("trade_no_column", name=head.source.name, missing=missing[0], what=", ".join(head.header)), head.header
        )
    raw = dict(zip(head.header, head.raw, strict=True))
    at = {field: raw.get(name, raw_name(name)) for name, field in columns.items()}
    sql = {**{field: quoted(value) for field, value in constants.items()}, **at}
    if given_period and not set(sql) & {"period", "year"}:
        sql["period"] = quoted(given_period)
    for field in ("reporter", "partner", "flow"):
        if field not in sql:
            raise BadFile(said("trade_map_lacks", field=field))
    if not set(sql) & set(NUMBERS):
        raise BadFile(said("trade_map_numbers"))
    return plan(head, sql, tuple(at[field] for field in ("flow", *PERIODS, *TEXTS) if field in at))


def plan(head: Head, sql: Mapping[str, str], kind_by: tuple[str, ...]) -> Plan:
    """The plan with these fields as SQL."""
    if "period" in sql or "year" not in sql:
        if "period" not in sql:
            raise BadFile(said("trade_map_period"))
        when = sql["period"]
    else:
        when = f"trim({sql['year']})" + (f" || lpad(trim({sql['month']}), 2, '0')" if "month" in sql else "")
    flow_sql = flow(sql["flow"])
    numbers = {
        name: (target, f"{number(sql[name])} * {factor!r}") for name, (target, factor) in NUMBERS.items() if name in sql
    }
    values = {
        **{name: known(sql[name]) for name in TEXTS if name in sql},
        **dict(numbers.values()),
        "flow": flow_sql,
        **period(when),
        "code": padded_code(sql["code"]) if "code" in sql else "'TOTAL'",
        "estimated": "NULL",
    }
    values.setdefault("valuation", valuation(flow_sql))
    values.setdefault("perspective", "'reporter'")
    rules = [is_number_or_missing(sql[name], number(sql[name])) for name in numbers]
    measures = ", ".join(target for target, _ in numbers.values())
    return Plan(
        format="mapped",
        table="trade",
        raw=head.raw,
        delimiter=head.delimiter,
        values=values,
        areas={name: ("all", f"upper(trim({sql[name]}))") for name in ("reporter", "partner")},
        kind_by=tuple(dict.fromkeys(kind_by)),
        kind_rules=(
            PERIOD,
            FLOW,
            Rule(f"mode IS NULL OR mode IN ({', '.join(map(quoted, MODES))})", f"mode_none_of:{', '.join(MODES)}"),
        ),
        rules=(REPORTER, PARTNER, CODE, *rules, Rule(f"coalesce({measures}) IS NOT NULL", "no_figure")),
    )
