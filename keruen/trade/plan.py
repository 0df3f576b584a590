"""How one format is read: which of its columns becomes which of ours, as SQL, and what makes a row no figure.

A format looks at the header of a file and answers with a Plan. Raw columns are texts; in SQL they are called by `c_` and their name in
small letters and digits (`c_primaryvalue` for primaryValue, primary_value and "Primary Value" alike). A Plan is only text: the same SQL
serves to store the good rows and to say of the others what is wrong with them (importing.py).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.unpack import Source

HEAD_BYTES = 1 << 16
MISSING = r"(NA|N/A|NaN|nan|\.|:|-|null|NULL|None)?"  # an IN over as many words would cost a join
COMMON_NAMES = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class Head:
    """The beginning of a text file: how cells are parted, the names of the columns, the first rows."""

    source: Source
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def raw(self) -> tuple[str, ...]:
        """The names of the columns in SQL, each once."""
        found: list[str] = []
        for number, name in enumerate(self.header):
            plain = raw_name(name) or f"c_{number + 1}"
            found.append(plain if plain not in found else f"{plain}__{number + 1}")
        return tuple(found)

    def has(self, *names: str) -> bool:
        """Whether there are columns of all these names."""
        return {f"c_{name}" for name in names} <= set(self.raw)

    def one_of(self, *names: str) -> str:
        """The first of these columns that is there, as SQL; NULL if none is."""
        return next((f"c_{name}" for name in names if self.has(name)), "NULL")


@dataclass(frozen=True)
class Rule:
    """What must be true of a row (SQL; NULL counts as false), and why a row of which it is not is rejected: a code of reasons.py."""

    holds: str
    reason: str


@dataclass(frozen=True)
class Keep:
    """Which row stands where several have one key.

    Of the rows of a key those of the least `rank` stay, of these the largest for each `within`. reasons: for a row of a greater rank,
    for a row of rank 2 whose key has nothing better, and for a row that is not the largest; all of them codes, as is the note.
    """

    rank: str = "0"
    within: str = "NULL"
    beside_total: str = "beside_total"
    lone_part: str = "lone_part"
    not_largest: str = "not_largest"
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """How the rows of one file become rows of a table of the store.

    values: columns of the table as SQL over the raw columns; what is not named is NULL. areas: columns that name areas, as the system
    of codes and SQL for the code. kind_by: raw columns on which those columns depend that `kinds` holds. rules: in the order in which
    they are told. places: an area whose code is not known keeps its code, because it may be a port. line: SQL for the line of
    a row in what the user has, if it is not the number of the row. note: a code of reasons.py. query: what a live service was asked.
    """

    format: str
    table: str
    raw: tuple[str, ...]
    delimiter: str
    values: Mapping[str, str]
    areas: Mapping[str, tuple[str, str]]
    rules: tuple[Rule, ...]
    kind_by: tuple[str, ...] = ()
    kind_rules: tuple[Rule, ...] = ()
    keep: Keep | None = None
    places: bool = False
    line: str = ""
    source: str = ""
    edition: str = ""
    note: str = ""
    query: str = ""


def raw_name(name: str) -> str:
    """The name of a column in SQL: primaryValue, primary_value, 'Primary Value' and 'PRIMARY_VALUE: Label' are all c_primaryvalue."""
    plain = COMMON_NAMES.sub("", name.strip().lstrip("\ufeff").partition(":")[0].lower())
    return f"c_{plain}" if plain else ""


def head_of(source: Source) -> Head:
    """The beginning of a text file. Raises BadFile if its first line is no header."""
    with source.path.open("rb") as stream:
        start = stream.read(HEAD_BYTES)
    text = start.decode("utf-8-sig", errors="ignore")
    lines = text.splitlines()
    if len(start) == HEAD_BYTES and len(lines) > 1:
        lines = lines[:-1]
    first = next((line for line in lines if line.strip()), "")
    delimiter = (
        "\t"
        if "\\TIME_PERIOD\t" in first
        else max(",;\t|", key=lambda mark: (outside_quotes(first, mark), mark == ","))
    )
    if not outside_quotes(first, delimiter):
        raise BadFile(said("trade_no_header", name=source.name, first=first[:80]))
    rows = [tuple(row) for row in csv.reader([line for line in lines[:30] if line.strip()], delimiter=delimiter)]
    return Head(source, delimiter, rows[0], tuple(rows[1:]))


def outside_quotes(line: str, mark: str) -> int:
    """How often a mark stands in a line outside quotes."""
    return sum(part.count(mark) for part in line.split('"')[::2])


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def known(column: str) -> str:
    """SQL for the text of a cell without blanks around it, NULL if it says that it is missing."""
    return f"CASE WHEN regexp_full_match(trim({column}), '{MISSING}') THEN NULL ELSE trim({column}) END"


def number(column: str) -> str:
    """SQL for the number in a cell, blanks around it or not; NULL if it is missing or none."""
    return f"TRY_CAST({column} AS DOUBLE)"


def is_number_or_missing(column: str, value: str) -> Rule:
    """A rule: a cell holds a number that is not negative, or says that it is missing."""
    name = column.removeprefix("c_")
    return Rule(
        f"({value} IS NOT NULL AND {value} >= 0 AND {value} < 1e18) OR {column} IS NULL OR {known(column)} IS NULL",
        f"not_a_number:{name}",
    )


def bare(column: str) -> str:
    """SQL for the code in a cell that may hold `CODE: Label`."""
    return f"upper(trim(split_part({column}, ':', 1)))"


def case(column: str, names: Mapping[str, str]) -> str:
    """SQL that translates a cell by a table of names, NULL for what is not in it."""
    return f"CASE trim({column}) {' '.join(f'WHEN {quoted(code)} THEN {quoted(name)}' for code, name in names.items())} END"


def period(column: str) -> dict[str, str]:
    """SQL for the first day (`start`) and the length (`months`) of a period; NULL for what is no period.

    2022, 202205 and 2022-05 and 2022M05 (a month), 202252 (the year, as Comext and Comtrade write it), 2022-Q1 and 2022Q1, 2022-S1.
    """
    text = f"upper(trim({column}))"
    year = "(19|20)[0-9]{2}"
    last = f"{text}[-1:]::INTEGER"
    forms = (
        (r"(52|-A1|A)?(\.0)?", 12, "1"),
        ("-?M?(0[1-9]|1[0-2])", 1, f"{text}[-2:]::INTEGER"),
        ("-?Q[1-4]", 3, f"{last} * 3 - 2"),
        ("-?S[1-2]", 6, f"{last} * 6 - 5"),
    )
    whens = [(f"WHEN regexp_full_match({text}, '{year}{form}') THEN", months, month) for form, months, month in forms]
    return {
        "start": f"CASE {' '.join(f'{when} make_date({text}[:4]::INTEGER, {month}, 1)' for when, _, month in whens)} END",
        "months": f"CASE {' '.join(f'{when} {months}' for when, months, _ in whens)} END",
    }


REVISIONS = {"H0": "HS92", "H1": "HS96", "H2": "HS02", "H3": "HS07", "H4": "HS12", "H5": "HS17", "H6": "HS22"}

FLOWS = {
    "export": ("X", "EXPORT", "EXPORTS", "2", "6", "EXP"),
    "import": ("M", "IMPORT", "IMPORTS", "1", "5", "IMP"),
    "re-export": ("RX", "RE-EXPORT", "RE-EXPORTS", "3"),
    "re-import": ("RM", "RE-IMPORT", "RE-IMPORTS", "4"),
}
"""How sources write the flows: letters and words of Comtrade, numbers of Comext and of Comtrade's old site (1 to 4), of WITS (5, 6)."""


def flow(column: str) -> str:
    """SQL for the flow that a cell names, NULL if it names none."""
    cases = " ".join(
        f"WHEN upper(trim({column})) IN ({', '.join(map(quoted, names))}) THEN {quoted(name)}"
        for name, names in FLOWS.items()
    )
    return f"CASE {cases} END"


def valuation(flow_sql: str) -> str:
    """SQL for the usual basis of customs statistics: exports free on board, imports with cost, insurance and freight."""
    return f"CASE WHEN ({flow_sql}) IN ('export', 're-export') THEN 'FOB' WHEN ({flow_sql}) IS NOT NULL THEN 'CIF' END"


def padded_code(column: str) -> str:
    """SQL for a code of the HS with the leading zero that it lost where it is written with an odd number of digits; Total is TOTAL."""
    text = f"upper(trim({column}))"
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,11}}') AND length({text}) % 2 = 1 THEN '0' || {text} "
        f"WHEN {text} IN ('TOTAL', 'ALL', 'AG0') THEN 'TOTAL' ELSE {text} END"
    )


POSITIVE_VALUE = Rule("value >= 0 AND value < 1e18", "value")
REPORTER = Rule("reporter IS NOT NULL", "reporter")
PARTNER = Rule("partner IS NOT NULL", "partner")
PERIOD = Rule("start IS NOT NULL AND months IS NOT NULL AND start <= current_date", "period")
CODE = Rule("regexp_full_match(code, '[0-9A-Z_]{1,16}')", "code")
FLOW = Rule("flow IS NOT NULL", "flow")
