"""From the entries of a scenario to rows: each change is a row that names its source, the source says the scenario and the reason.

    add       the row at the end of its table; a basis it does not give is `assumed`, a note it does not give is the reason
    change    the cell; the row becomes `assumed`, its note says what stood there before
    caspian   what follows from the level (caspian.py), as changes and closures
    close     a row of `conditions` with effect closed and no time, so that it always holds

The rules of the tables are those of `check`: what is wrong in the new dataset and was not in the old one is a problem of the entry
whose row it is about.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from keruen.errors import BadTable, Problem, ScenarioProblem, Text
from keruen.tables.caspian import consequences
from keruen.tables.check import ASSUMED, check, wrong_feature
from keruen.tables.dataset import Dataset
from keruen.tables.features import TABLE_OF_KIND, Feature, parse_feature
from keruen.tables.reading import table_from_rows, with_rows
from keruen.tables.scenario_entries import Add, Caspian, Change, Close, Entry, Value, value_text
from keruen.tables.schema import NUMERIC_TYPES
from keruen.tables.table import Row, Table, cell_text
from keruen.tables.words import joined, said, words_in

WHERE_FROM = ("source", "evidence", "basis")


@dataclass(frozen=True)
class Changed:
    """One thing that a scenario changes: a cell (`row`, `column`), a row that is added, or what is closed (then `row` is of conditions).

    before, after: the cell as it is written, empty where unknown and for what is closed.
    """

    entry: str
    effect: str
    row: str
    column: str
    before: str
    after: str
    item: str
    reason: str
    reason_ru: str

    def text(self, lang: str) -> str:
        """The change as a sentence."""
        words = words_in(lang)
        why = (self.reason_ru if lang == "ru" else "") or self.reason
        if self.effect == "closed":
            return words["scenario_close"].format(self.item, why)
        if self.effect == "added":
            return words["scenario_add"].format(self.row.partition(":")[0], self.item, why)
        cells = (cell or words["scenario_unknown"] for cell in (self.after, self.before))
        return words["scenario_before_after"].format(self.row, self.column, *cells, why)

    def to_dict(self) -> dict[str, str]:
        """All fields, and the sentence in both languages."""
        return {
            "entry": self.entry, "effect": self.effect, "row": self.row, "column": self.column, "before": self.before,
            "after": self.after, "item": self.item, "reason": self.reason, "reason_ru": self.reason_ru,
            "text": self.text("en"), "text_ru": self.text("ru"),
        }  # fmt: skip


@dataclass
class Work:
    """A dataset on its way through the entries: what changed, what is wrong, and which entry touched which row."""

    name: str
    title: str
    data: Dataset
    changes: list[Changed] = field(default_factory=list)
    problems: list[ScenarioProblem] = field(default_factory=list)
    touched: dict[str, tuple[str, int]] = field(default_factory=dict)
    entry: str = ""
    line: int = 0
    source: str = ""

    def wrong(self, key: str, message: str, what_to_do: str) -> None:
        """A problem of the entry at hand."""
        self.problems.append(ScenarioProblem(self.entry, self.line, key, message, what_to_do))

    def wrong_cells(self, key: str, problems: Iterable[Problem]) -> None:
        """What the rules of a table say of the entry at hand."""
        for one in problems:
            self.wrong(key, joined("", [f"{one.table}, {one.column}: ", one.message]), one.what_to_do)

    def put(self, table: Table) -> None:
        """Another table in the place of the one of its name."""
        self.data = self.data.with_table(table.name, table)

    def change_row(self, row: Row, cells: Mapping[str, object]) -> bool:
        """Put other cells into a row; whether the table allows it."""
        rows: list[Mapping[str, object]] = [*row.table]
        rows[row.index] = {**row, **cells}
        try:
            self.put(table_from_rows(row.table.schema, rows))
        except BadTable as problem:
            self.wrong_cells("value", problem.problems)
            return False
        self.touched[row.id] = (self.entry, self.line)
        return True

    def add_row(self, table: str, cells: Mapping[str, object], key: str = "row") -> Row | None:
        """Put a row at the end of a table; None if the table does not allow it."""
        try:
            self.put(with_rows(self.data[table], [cells]))
        except BadTable as problem:
            self.wrong_cells(key, problem.problems)
            return None
        added = self.data[table].row(len(self.data[table]) - 1)
        self.touched[added.id] = (self.entry, self.line)
        return added

    def cite(self, entry: Entry) -> str:
        """The row of sources of the entry at hand, made at first use; its key."""
        if not self.source:
            self.source = free_key(self.data["sources"], f"scenario_{self.name}_{self.entry.replace(' ', '_')}")
            title = f"Scenario {self.title}: {entry.title} ({entry.reason})"
            note = f"Made by the scenario {self.name}, {self.entry}. {entry.reason_ru}".strip()
            self.add_row(
                "sources", {"source": self.source, "title": title, "tier": "assumption", "note": note}, "reason"
            )
        return self.source


def applied(
    name: str, title: str, entries: Iterable[tuple[str, int, Entry]], data: Dataset
) -> tuple[Dataset, tuple[Changed, ...], list[ScenarioProblem]]:
    """The dataset with the entries (kind, number, entry) in it, what they change, and everything wrong with them."""
    work = Work(name, title, data)
    seen: dict[tuple[str, ...], str] = {}
    for kind, number, entry in entries:
        work.entry, work.line, work.source = "caspian" if kind == "caspian" else f"{kind} {number}", entry.line, ""
        first = work.entry if isinstance(entry, Add) else seen.setdefault(identity(entry), work.entry)
        if first != work.entry:
            work.wrong("", said("scn_same", first=first), said("scn_same_do"))
            continue
        APPLY[type(entry)](work, entry)
    if not work.problems and work.data is not data:
        work.problems += new_problems(work, data)
    return work.data, tuple(work.changes), work.problems


def identity(entry: Entry) -> tuple[str, ...]:
    """What an entry is about, so that no two are about the same."""
    if isinstance(entry, Change):
        return ("change", entry.row, entry.column)
    return ("close", entry.what) if isinstance(entry, Close) else ("caspian",)


def new_problems(work: Work, before: Dataset) -> Iterator[ScenarioProblem]:
    """What is wrong in the new dataset and was not in the old one, each with the entry whose row it is about."""
    known = _known_problems(before)
    for one in check(work.data):
        if (one.table, one.column, one.message) in known:
            continue
        table = work.data[one.table]
        row = next((table.row_id(i) for i, line in enumerate(table.lines) if line == one.row), "")
        entry, line = work.touched.get(row, ("", 0))
        told = joined("", [f"{row or one.table}, {one.column}: ", one.message])
        yield ScenarioProblem(entry, line, "", told, one.what_to_do)


_known: WeakKeyDictionary[Dataset, frozenset[tuple[str, str, str]]] = WeakKeyDictionary()


def _known_problems(data: Dataset) -> frozenset[tuple[str, str, str]]:
    """What is wrong in a dataset without scenarios, as table, column and message; looked for once, however many are applied to it."""
    if data not in _known:
        _known[data] = frozenset((one.table, one.column, one.message) for one in check(data))
    return _known[data]


def free_key(table: Table, wished: str) -> str:
    """A key that no row of a table has: the one wished for, else with a number after it."""
    number, key = 1, wished
    while table.find_index(key) >= 0:
        number += 1
        key = f"{wished}_{number}"
    return key


def cited(work: Work, table: Table, entry: Entry) -> dict[str, tuple[str, ...]] | None:
    """The cells `source` and `evidence` of a row that an entry makes; None if something it names is not there.

    A table without evidence cites the sources of the evidence instead.
    """
    rows = {name: work.data.find_row(name) for name in entry.evidence}
    missing = [name for name, row in rows.items() if row is None]
    missing_sources = [key for key in entry.source if work.data["sources"].find_index(key) < 0]
    for name in missing:
        advice = said("scn_no_row_do", near=near_row(work.data, name))
        work.wrong("evidence", said("scn_no_row", row=name), advice)
    for key in missing_sources:
        advice = said("scn_no_source_do", near=near_text(key, work.data["sources"].keys))
        work.wrong("source", said("scn_no_source", source=key), advice)
    if missing or missing_sources:
        return None
    if "evidence" in table.schema:
        return {"source": (work.cite(entry), *entry.source), "evidence": entry.evidence}
    behind = (source for row in rows.values() if row is not None for source in row.sources())
    return {"source": tuple(dict.fromkeys((work.cite(entry), *entry.source, *behind)))}


def near_text(word: str, known: Iterable[str]) -> Text | str:
    """`; did you mean x?` if something known comes near."""
    near = difflib.get_close_matches(word, list(known), 1)
    return said("scn_near", near=near[0]) if near else ""


def near_row(data: Dataset, name: str) -> Text | str:
    """`; did you mean table:key?` if some row comes near."""
    table, _, key = name.partition(":")
    if table not in data.schema:
        return near_text(table, data.schema)
    near = difflib.get_close_matches(key, data[table].keys, 1)
    return said("scn_near", near=f"{table}:{near[0]}") if near else ""


def add(work: Work, entry: Add) -> None:
    """Add a row."""
    if entry.table not in work.data.schema:
        advice = said("scn_no_table_do", near=near_text(entry.table, work.data.schema))
        work.wrong("table", said("scn_no_table", table=entry.table), advice)
        return
    table = work.data[entry.table]
    given: dict[str, Value] = dict(entry.row)
    known = [column.name for column in table.schema.columns]
    unknown = [column for column in given if column not in known]
    for column in unknown:
        advice = said("scn_no_column_do", known=", ".join(known), near=near_text(column, known))
        work.wrong("row", said("scn_no_column", table=entry.table, column=column), advice)
    if unknown:
        return
    cells: dict[str, Any] = {column: plain(value) for column, value in given.items()}
    if entry.table != "sources":
        cites = cited(work, table, entry)
        if cites is None:
            return
        for column, items in cites.items():
            own = items_given(given.get(column))
            cells[column] = tuple(dict.fromkeys((*own, *items)))
        if "basis" in table.schema and "basis" not in given and ASSUMED in table.schema["basis"].allowed:
            cells["basis"] = ASSUMED
        if "name_ru" in table.schema and table.schema["name_ru"].required and not given.get("name_ru"):
            cells["name_ru"] = cells.get("name", "")
    if "note" in table.schema and not given.get("note"):
        cells["note"] = entry.reason
    added = work.add_row(entry.table, cells)
    if added is not None:
        work.changes.append(
            Changed(work.entry, "added", added.id, "", "", "", entry.called, entry.reason, entry.reason_ru)
        )


def plain(value: Value) -> object:
    """A value as tables take it."""
    return value_text(value) if isinstance(value, bool) else value


def items_given(value: Value | None) -> tuple[str, ...]:
    """A list, or a text with its items joined by |."""
    return value if isinstance(value, tuple) else tuple(value_text(value).split("|")) if value not in (None, "") else ()


def change(work: Work, entry: Change) -> None:
    """Change a cell."""
    row = work.data.find_row(entry.row)
    if row is None:
        advice = said("scn_no_row_do", near=near_row(work.data, entry.row))
        work.wrong("row", said("scn_no_row", row=entry.row), advice)
        return
    schema = row.table.schema
    if entry.column not in schema:
        known = [column.name for column in schema.columns]
        advice = said("scn_no_column_do", known=", ".join(known), near=near_text(entry.column, known))
        work.wrong("column", said("scn_no_column", table=row.table.name, column=entry.column), advice)
        return
    if schema[entry.column].key or entry.column in WHERE_FROM:
        what = "scn_names_row" if schema[entry.column].key else "scn_where_from"
        work.wrong("column", said(what, column=entry.column), said("scn_column_do"))
        return
    value = new_value(work, row, entry)
    if value is not None:
        set_cells(work, row, {entry.column: value}, entry, (entry.reason, entry.reason_ru))


def new_value(work: Work, row: Row, entry: Change) -> object | None:
    """What the cell of an entry becomes; None if that cannot be said."""
    if entry.factor is None:
        return plain(entry.value) if entry.value is not None else ""
    if row.table.schema[entry.column].type not in NUMERIC_TYPES:
        work.wrong("factor", said("scn_not_number", column=entry.column), said("scn_give_value"))
        return None
    if row.number(entry.column) != row.number(entry.column):
        work.wrong("factor", said("scn_not_known", column=entry.column, row=row.id), said("scn_give_value"))
        return None
    return row.number(entry.column) * entry.factor


def set_cells(work: Work, row: Row, values: Mapping[str, object], entry: Entry, why: tuple[str, str]) -> None:
    """Put values into cells of a row and say in it where they are from; `why` in English and Russian."""
    cites = cited(work, row.table, entry)
    if cites is None:
        return
    row = work.data.find_row(row.id) or row
    schema = row.table.schema
    before = {column: cell_text(row[column]) for column in values}
    cells: dict[str, object] = dict(values)
    for name, items in cites.items():
        cells[name] = tuple(dict.fromkeys((*items, *row.texts(name))))
    if "basis" in schema and ASSUMED in schema["basis"].allowed:
        cells["basis"] = ASSUMED
    if "note" in schema and "note" not in values:
        was = "; ".join(f"{column} was {before[column] or 'unknown'}" for column in values)
        cells["note"] = " ".join(
            part for part in (f"Scenario {work.title}: {was}. {why[0]}.", row.text("note")) if part
        )
    if work.change_row(row, cells):
        changed = work.data.find_row(row.id) or row
        for column in values:
            after = cell_text(changed[column])
            work.changes.append(Changed(work.entry, "changed", row.id, column, before[column], after, "", *why))


def close(work: Work, entry: Close) -> None:
    """Close a feature."""
    if found := wrong_feature(work.data, entry.what):
        work.wrong("what", found[0], joined("", [found[1], near_feature(work.data, entry.what)]))
        return
    shut(work, parse_feature(entry.what), entry)


def shut(work: Work, feature: Feature, entry: Entry, why: tuple[str, str] | None = None) -> None:
    """A row of conditions that closes a feature for ever."""
    cites = cited(work, work.data["conditions"], entry)
    if cites is None:
        return
    reason, reason_ru = why or (entry.reason, entry.why("ru"))
    names = [
        words_in(lang)["scenario_is_closed"].format(label(work.data, feature, lang), text)
        for lang, text in (("en", reason), ("ru", reason_ru))
    ]
    key = free_key(work.data["conditions"], f"{work.name}_{work.entry.replace(' ', '_')}")
    row = work.add_row(
        "conditions",
        {"condition": key, "effect": "closed", "item": str(feature), "name": names[0], "name_ru": names[1], "basis": ASSUMED,
         "note": reason, **cites},
        "what",
    )  # fmt: skip
    if row is not None:
        work.changes.append(Changed(work.entry, "closed", row.id, "", "", "", str(feature), reason, reason_ru))


def near_feature(data: Dataset, text: str) -> Text | str:
    """`; did you mean passage:suez?` if something of the kind comes near."""
    kind, _, value = text.partition(":")
    table = data.find_table(TABLE_OF_KIND[kind]) if kind in TABLE_OF_KIND and kind != "pair" else None
    near = difflib.get_close_matches(value.partition("@")[0], table.keys, 1) if table is not None else []
    return said("scn_near", near=f"{kind}:{near[0]}") if near else ""


def label(data: Dataset, feature: Feature, lang: str) -> str:
    """What a feature is called: the name of its row or rows, the mode it is limited to; itself if it has no row."""
    rows = [data[TABLE_OF_KIND[feature.kind]].find(key) for key in feature.keys] if feature.keys else []
    names = [(row.text("name_ru") if lang == "ru" else "") or row.text("name") for row in rows if row is not None]
    mode = f" ({words_in(lang)[f'mode_{feature.mode}']})" if feature.mode else ""
    return (" - ".join(names) if names else feature.value) + mode


def sink(work: Work, entry: Caspian) -> None:
    """Lower the Caspian: what follows for each ship that sails on it."""
    if not -20 <= entry.level_change_m < 0:
        work.wrong("level_change_m", said("scn_fall", metres=entry.level_change_m), said("scn_fall_do"))
        return
    for one in consequences(work.data, entry.level_change_m):
        own = Caspian(
            level_change_m=entry.level_change_m, reason=entry.reason, reason_ru=entry.reason_ru, source=entry.source,
            evidence=tuple(dict.fromkeys((*entry.evidence, one.ship))), line=entry.line,
        )  # fmt: skip
        service = work.data["services"].find(one.service)
        if service is None:
            continue
        why = str(one.why), one.why.ru
        if one.closed:
            shut(work, Feature("service", one.service), own, why)
            continue
        if one.cells:
            set_cells(work, service, dict(one.cells), own, why)


APPLY: dict[type[Entry], Any] = {Add: add, Change: change, Close: close, Caspian: sink}
