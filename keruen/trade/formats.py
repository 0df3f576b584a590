"""Which format a file is in: told by its content and header, never by its name.

Every format has a module with `find(head) -> Plan | None`. What is no table of cells is written as one first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import joined, said
from keruen.trade import baci, bns, comext, comtrade, eurostat, mapped, records, schedules, wits
from keruen.trade.errors import BadFile
from keruen.trade.plan import Head, Plan, head_of
from keruen.trade.reasons import BETWEEN
from keruen.trade.unpack import Source

Find = Callable[[Head, "FormatOptions"], Plan | None]
FORMATS: Mapping[str, Find] = {
    "mapped": lambda head, options: mapped.find(head, options.columns, options.constants, options.period),
    "baci": lambda head, options: baci.find(head),
    "comext": lambda head, options: comext.find(head),
    "wits": lambda head, options: wits.find(head),
    "sdmx": lambda head, options: eurostat.find(head),
    "schedule": lambda head, options: schedules.find(head),
    "comtrade": lambda head, options: comtrade.find(head, options.period),
}
"""Formats of tables of cells in the order in which they are tried; `bns` are workbooks."""

NAMES = ("auto", *FORMATS, "bns")
CODE_LISTS = ({"c_countrycode"}, {"c_code", "c_description"})
"""Columns by which the code lists in BACI's archive are known; they say nothing that the areas of the store do not."""


@dataclass(frozen=True)
class FormatOptions:
    """What the user says of a file that the file does not tell: its format, the edition, where it is from, its period, and which column
    of a table of the user's own holds what. query: what a live service was asked for the file, and a note on its answer (a code of
    reasons.py).
    """

    format: str = "auto"
    edition: str = ""
    source: str = ""
    period: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    note: str = ""


def plans_of(
    sources: Sequence[Source], options: FormatOptions, folder: Path, data: Dataset
) -> list[tuple[Source, Plan]]:
    """The sources that are figures, each with its plan. Raises BadFile if there is none, or if an only file is not known."""
    if options.format not in NAMES:
        raise UnknownOption(
            said("trade_format_name", format=options.format, what=", ".join(FORMATS)), ("auto", *FORMATS)
        )
    found, skipped = [], []
    for source in sources:
        try:
            found.append(planned(source, options, folder, data))
        except BadFile as problem:
            if len(sources) == 1:
                raise
            skipped.append(joined("", ("\n  ", problem.message)))
    if not found:
        raise BadFile(said("trade_archive_nothing", list=joined("", skipped[:20])))
    return found


def planned(source: Source, options: FormatOptions, folder: Path, data: Dataset) -> tuple[Source, Plan]:
    """A source with its plan. Raises BadFile if no format knows it."""
    if not source.text:
        made, plan = bns.tabulated(source, folder, data)
        return made, with_options(plan, options)
    with source.path.open(encoding="utf-8-sig") as stream:
        if records.is_json(stream.read(200)):
            source = records.tabulated(source, folder)
    head = head_of(source)
    if eurostat.is_tsv(head):
        source = eurostat.melted(head, folder)
        head = head_of(source)
    if any(columns <= set(head.raw) for columns in CODE_LISTS):
        raise BadFile(said("trade_code_list", name=source.name))
    for name, find in FORMATS.items():
        found = find(head, options) if options.format in ("auto", name) else None
        if found is not None:
            return source, with_options(found, options)
    raise BadFile(said("trade_no_format", name=source.name, header=", ".join(head.header)[:300]))


def with_options(plan: Plan, options: FormatOptions) -> Plan:
    """The plan with what the user says."""
    return replace(
        plan,
        edition=options.edition or plan.edition,
        source=options.source or plan.source,
        query=options.query,
        note=BETWEEN.join(filter(None, [plan.note, options.note])),
    )
