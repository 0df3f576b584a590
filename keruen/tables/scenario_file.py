"""A scenario as TOML: the text to its name and entries, with everything wrong in it at once, and back.

What is looked at here is the form alone: keys, types, what is required. Whether the rows, columns and features are there is asked
of a dataset (`scenario_apply`). `entries_of(written(...))` gives the same entries.
"""

from __future__ import annotations

import datetime
import difflib
import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from keruen.errors import ScenarioProblem
from keruen.tables.scenario_entries import Add, Caspian, Change, Close, Entry, Value
from keruen.tables.words import said

NAME = re.compile(r"[a-z0-9_-]{1,60}")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
HEADER = re.compile(r"\s*\[\[?\s*(close|change|add|caspian)\s*\]\]?\s*(#.*)?")
KINDS: dict[str, type[Entry]] = {"close": Close, "change": Change, "add": Add}
REQUIRED = {"close": ("what",), "change": ("row", "column"), "add": ("table", "row"), "caspian": ("level_change_m",)}
COMMON = ("reason", "reason_ru", "source", "evidence", "off")
KEYS = {
    "close": ("what", *COMMON),
    "change": ("row", "column", "value", "factor", *COMMON),
    "add": ("table", "row", *COMMON),
    "caspian": ("level_change_m", *COMMON),
}
HEAD = ("name", "title", "title_ru", *KINDS, "caspian")
MOST_LETTERS = 2000  # of a text
UNWRITABLE = ("Cc", "Cs", "Zl", "Zp")  # control signs, halves of letters, ends of lines and paragraphs


@dataclass
class Draft:
    """What a text says: the head, the entries by kind, and what is wrong."""

    name: str = ""
    title: str = ""
    title_ru: str = ""
    close: list[Close] = field(default_factory=list)
    change: list[Change] = field(default_factory=list)
    add: list[Add] = field(default_factory=list)
    caspian: Caspian | None = None
    problems: list[ScenarioProblem] = field(default_factory=list)


def entries_of(text: str) -> Draft:
    """The head and the entries of a scenario, and everything wrong with its form."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"at line (\d+)", str(problem))
        message = re.sub(r" \(at .*\)$", "", str(problem)).lower().rstrip(".")
        told = said("scn_toml", problem=message), said("scn_toml_do")
        return Draft(problems=[ScenarioProblem("", int(place[1]) if place else 0, "", *told)])
    except RecursionError:
        deep = ScenarioProblem("", 0, "", said("scn_deep"), said("scn_deep_do"))
        return Draft(problems=[deep])
    return draft_of(found, lines_of(text))


def draft_of(found: Mapping[str, Any], lines: Mapping[tuple[str, int], int]) -> Draft:
    """The same of a document that is read already; `lines`: where each entry stands, by kind and number from 1."""
    draft = Draft()
    read_head(found, draft)
    for kind in KINDS:
        given = found.get(kind, [])
        if not isinstance(given, list):
            draft.problems.append(ScenarioProblem(kind, 0, "", said("scn_list"), said("scn_list_do", kind=kind)))
            continue
        for number, entry in enumerate(given, 1):
            line = lines.get((kind, number), 0)
            made = read_entry(kind, f"{kind} {number}", line, entry, draft.problems)
            if made is not None:
                getattr(draft, kind).append(made)
    if "caspian" in found:
        line = lines.get(("caspian", 1), 0)
        made = read_entry("caspian", "caspian", line, found["caspian"], draft.problems)
        draft.caspian = made if isinstance(made, Caspian) else None
    return draft


def lines_of(text: str) -> dict[tuple[str, int], int]:
    """The line of each entry that has a header of its own, by kind and number from 1."""
    lines: dict[tuple[str, int], int] = {}
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.fullmatch(line):
            seen[header[1]] = seen.get(header[1], 0) + 1
            lines[header[1], seen[header[1]]] = number
    return lines


def read_head(found: Mapping[str, Any], draft: Draft) -> None:
    """Name and titles into the draft."""
    draft.problems += unknown_keys("", 0, found, HEAD)
    for key in ("name", "title", "title_ru"):
        value = found.get(key, "")
        if not isinstance(value, str):
            draft.problems.append(ScenarioProblem("", 0, key, said("scn_text", value=value), said("scn_text_do")))
        elif problem := text_problem(value):
            draft.problems.append(ScenarioProblem("", 0, key, *problem))
        else:
            setattr(draft, key, value.strip())
    if isinstance(found.get("name", ""), str) and not NAME.fullmatch(draft.name):
        message = said("scn_name" if draft.name else "scn_no_name", name=draft.name)
        draft.problems.append(ScenarioProblem("", 0, "name", message, said("scn_name_do")))


def unknown_keys(entry: str, line: int, found: Mapping[str, Any], known: Iterable[str]) -> Iterator[ScenarioProblem]:
    """A problem for each key that means nothing here."""
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), 1)
            advice = said("did_you_mean", near=near[0]) if near else said("scn_key_do", known=", ".join(known))
            yield ScenarioProblem(entry, line, key, said("scn_key"), advice)


def read_entry(kind: str, entry: str, line: int, found: object, problems: list[ScenarioProblem]) -> Entry | None:
    """One entry; None if something is wrong with it, which is added to the problems."""
    wrong: list[ScenarioProblem] = []

    def tell(key: str, message: str, advice: str) -> None:
        wrong.append(ScenarioProblem(entry, line, key, message, advice))

    if not isinstance(found, dict):
        tell("", said("scn_entry"), said("scn_entry_do", keys=" = ..., ".join(REQUIRED[kind])))
        problems += wrong
        return None
    wrong += unknown_keys(entry, line, found, KEYS[kind])
    given: dict[str, Any] = {"line": line}
    for key in (*REQUIRED[kind], "reason"):
        if found.get(key) in (None, "", {}):
            advice = said("scn_no_reason_do" if key == "reason" else "scn_no_key_do", key=key)
            tell(key, said("scn_no_key", key=key), advice)
    for key, value in found.items():
        if key in KEYS[kind]:
            read_key(kind, key, value, given, tell)
    if kind == "change" and ("value" in found) == ("factor" in found):
        tell("value", said("scn_both" if "value" in found else "scn_neither"), said("scn_both_do"))
    problems += wrong
    if wrong:
        return None
    return Caspian(**given) if kind == "caspian" else KINDS[kind](**given)


def read_key(kind: str, key: str, value: Any, given: dict[str, Any], tell: Any) -> None:
    """One key of an entry into `given`, or what is wrong with it told."""
    if key in ("source", "evidence"):
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) and item for item in items):
            given[key] = tuple(items)
        else:
            tell(key, said("scn_texts", value=value), said("scn_texts_do", key=key))
    elif key == "off":
        if isinstance(value, bool):
            given[key] = value
        else:
            tell(key, said("scn_off", value=value), said("scn_off_do"))
    elif key in ("factor", "level_change_m"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and math.isfinite(value) and (key != "factor" or value >= 0):
            given[key] = float(value)
        else:
            tell(key, said("scn_number", value=value), said("scn_factor_do" if key == "factor" else "scn_number_do"))
    elif key == "row" and kind == "add":
        if not isinstance(value, dict):
            tell(key, said("scn_row"), said("scn_row_do"))
            return
        cells = {column: cell_of(cell) for column, cell in value.items()}
        for column, cell in cells.items():
            if cell is None:
                tell(key, said("scn_value_of", column=column), said("scn_value_do"))
        given[key] = tuple((column, cell) for column, cell in cells.items() if cell is not None)
    elif key == "value":
        given[key] = cell_of(value)
        if given[key] is None:
            tell(key, said("scn_value", value=value), said("scn_value_do"))
    elif not isinstance(value, str):
        tell(key, said("scn_text", value=value), said("scn_text_do"))
    elif problem := text_problem(value):
        tell(key, *problem)
    else:
        given[key] = value.strip()


def text_problem(text: str) -> tuple[str, str] | None:
    """What is wrong with a text as part of a cell, and what to do."""
    if len(text) > MOST_LETTERS:
        return said("scn_letters", count=len(text)), said("scn_letters_do", most=MOST_LETTERS)
    if any(unicodedata.category(letter) in UNWRITABLE for letter in text):
        return said("scn_breaks"), said("scn_breaks_do")
    return None


def cell_of(value: object) -> Value | None:
    """A value of TOML as a cell, None if it cannot be one."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value if text_problem(value) is None else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 1e18 else None
    if isinstance(value, list) and all(
        isinstance(item, str | int | float) and not isinstance(item, bool) for item in value
    ):
        items = [cell_of(item) for item in value]
        return None if None in items else tuple(item if isinstance(item, str) else f"{item:g}" for item in value)
    return None


def written(head: Mapping[str, str], entries: Iterable[tuple[str, Entry]]) -> str:
    """A scenario as TOML: the head, then each entry under its kind (`close`, `change`, `add` or `caspian`)."""
    lines = [f"{key} = {toml_value(value)}" for key, value in head.items() if value]
    for kind, entry in entries:
        lines += ["", f"[{kind}]" if kind == "caspian" else f"[[{kind}]]"]
        order = {key: place for place, key in enumerate(KEYS[kind])}
        known = sorted((one.name for one in fields(entry) if one.name in order), key=lambda name: order[name])
        for name in known:
            value = getattr(entry, name)
            if name == "row" and isinstance(entry, Add):
                cells = ", ".join(f"{toml_key(column)} = {toml_value(cell)}" for column, cell in entry.row)
                lines.append(f"row = {{ {cells} }}")
            elif name == "off":
                lines += ["off = true"] if value else []
            elif value is not None and (value not in ("", ()) or name in ("value", "reason")):
                lines.append(f"{name} = {toml_value(value)}")
    return "\n".join(lines) + "\n"


def toml_key(key: str) -> str:
    """A key, in quotes if it must be."""
    return key if BARE_KEY.fullmatch(key) else toml_value(key)


def toml_value(value: Value) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
