"""A scenario as the page edits it: a document of entries, each with what it is called and where it lies on the map; and back.

    {name, title, title_ru, entries: [{kind: "close", what, reason, ..., off, label, label_ru, sketch}, ...]}

kind      close, change, add or caspian, with the keys that the entry has in TOML
label     what the entry is about, by name; only told, never read
sketch    {kind: line or point, points: [[lon, lat], ...]} of what is added; null where it has no place; only told

The text is the scenario and the document a way to look at it: what is composed from the document of a text is an equal scenario.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from keruen.errors import BadScenario, KeruenError, ScenarioProblem
from keruen.network.laid_lines import course
from keruen.tables.dataset import Dataset
from keruen.tables.features import parse_feature
from keruen.tables.scenario import Scenario, parse_scenario, scenario_of
from keruen.tables.scenario_apply import label
from keruen.tables.scenario_entries import Add, Change, Close, Entry
from keruen.tables.scenario_file import KEYS, draft_of
from keruen.tables.table import Row
from keruen.tables.words import said

TOLD = ("kind", "label", "label_ru", "sketch")
MOST_ENTRIES = 500


def checked(text: str, data: Dataset) -> dict[str, Any]:
    """What a scenario does and the document of it; or everything that is wrong with it, with what could be read of it."""
    try:
        scenario = parse_scenario(text)
    except BadScenario as problem:
        return refused(problem, text)
    changed, follows, problems = data, [], []
    try:
        changed = scenario.apply(data)
        follows = [one.to_dict() for one in scenario.changes(data)]
    except BadScenario as problem:
        problems = [one.to_json() for one in problem.problems]
    said = zip(scenario.describe("en"), scenario.describe("ru"), strict=True)
    return {
        "name": scenario.name,
        "toml": text,
        "scenario": document_of(scenario, changed),
        "changes": [] if problems else [{"text": one, "text_ru": one_ru} for one, one_ru in said],
        "follows": follows,
        "problems": problems,
    }


def composed(body: bytes, data: Dataset) -> dict[str, Any]:
    """The same of a document, with its text as TOML."""
    try:
        scenario = scenario_of(draft_of(found_in(body), {}))
    except BadScenario as problem:
        return refused(problem, "")
    return checked(scenario.to_toml(), data)


def refused(problem: BadScenario, text: str) -> dict[str, Any]:
    """The answer where the form is wrong already."""
    problems = [one.to_json() for one in problem.problems]
    return {"name": problem.name, "toml": text, "scenario": None, "changes": [], "follows": [], "problems": problems}


def found_in(body: bytes) -> dict[str, Any]:
    """A document as what TOML would give. Raises BadScenario if it is none."""

    def refuse(message: str) -> BadScenario:
        return BadScenario("", [ScenarioProblem("", 0, "", message, said("scn_document_do"))])

    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise refuse(said("scn_not_json")) from None
    entries = document.get("entries", []) if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise refuse(said("scn_not_document"))
    found: dict[str, Any] = {key: value for key, value in document.items() if key != "entries" and value is not None}
    for entry in entries:
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if kind not in KEYS:
            raise refuse(said("scn_kind", kind=kind))
        given = {key: value for key, value in entry.items() if key not in TOLD and value is not None}
        if kind == "caspian":
            found[kind] = given
        else:
            found.setdefault(kind, []).append(given)
    return found


def document_of(scenario: Scenario, data: Dataset) -> dict[str, Any]:
    """The document of a scenario; `data`: with the scenario in it, so that what it adds is found."""
    return {
        "name": scenario.name, "title": scenario.title, "title_ru": scenario.title_ru,
        "entries": [entry_of(kind, entry, data) for kind, entry in scenario.in_order()],
    }  # fmt: skip


def entry_of(kind: str, entry: Entry, data: Dataset) -> dict[str, Any]:
    """One entry of the document."""
    own = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name in KEYS[kind]}
    if isinstance(entry, Add):
        own["row"] = dict(entry.row)
    names = {f"label{end}": called(entry, data, lang) for end, lang in (("", "en"), ("_ru", "ru"))}
    return {"kind": kind, **own, **names, "sketch": sketch_of(entry, data)}


def called(entry: Entry, data: Dataset, lang: str) -> str:
    """What an entry is about, by name."""
    if isinstance(entry, Close):
        try:
            return label(data, parse_feature(entry.what), lang)
        except KeruenError:
            return entry.what
    if isinstance(entry, Change):
        row = data.find_row(entry.row)
        return entry.row if row is None else name_of(row, lang)
    if isinstance(entry, Add):
        cells = dict(entry.row)
        return str((cells.get("name_ru") if lang == "ru" else "") or entry.called)
    return ""


def name_of(row: Row, lang: str) -> str:
    """The name of a row, else the row as `table:key`."""
    names = [
        row.text(column)
        for column in (("name_ru", "name") if lang == "ru" else ("name",))
        if column in row.table.schema
    ]
    return next(filter(None, names), row.id)


def sketch_of(entry: Entry, data: Dataset) -> dict[str, Any] | None:
    """Where an added place, service or line lies; None for everything else, and for what is not in the data."""
    if not isinstance(entry, Add) or entry.off or entry.table not in ("places", "services", "rail_lines"):
        return None
    key = dict(entry.row).get({"places": "place", "services": "service", "rail_lines": "line"}[entry.table])
    row = data[entry.table].find(str(key)) if key else None
    if row is None:
        return None
    if entry.table == "rail_lines":
        points = [[lon, lat] for lat, lon in course(data, row).tolist()]
    else:
        codes = [row.text("place")] if entry.table == "places" else [row.text("from_place"), row.text("to_place")]
        places = [data["places"].find(code) for code in codes]
        points = [[one.number("lon"), one.number("lat")] for one in places if one is not None]
    known = points and all(value == value for point in points for value in point)
    return {"kind": "point" if len(points) == 1 else "line", "points": points} if known else None
