"""What can go wrong, by name: every error says what happened, to which row of which table, and what to do.

`kind` is the name a program reads, the message is what a person reads, `exit_code` is how the command line ends:
2 = the input is wrong, 3 = the question was understood and there is no route.

What a person reads is a `Text`: the sentence in English that carries the same in Russian with it. `keruen.tables.words.said` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class Text(str):
    """A text in English with the same in Russian as `ru`. Read, compared or written as any text it is the English one.

    ru: the English text where there is no Russian one.
    """

    __slots__ = ("ru",)
    ru: str

    def __new__(cls, en: str, ru: str = "") -> Text:
        """The text in both languages."""
        made = super().__new__(cls, en)
        made.ru = ru or str(en)
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        return Text, (str(self), self.ru)


def in_language(text: str, lang: str) -> str:
    """A text in a language; in English where it has no other."""
    return text.ru if lang == "ru" and isinstance(text, Text) else str(text)


def in_both(name: str, said: str | Iterable[str]) -> dict[str, str | list[str]]:
    """A text, or several, under a name for JSON, and the same in Russian under the name with `_ru`."""
    ends = (name, "en"), (f"{name}_ru", "ru")
    if isinstance(said, str):
        return {end: in_language(said, lang) for end, lang in ends}
    kept = list(said)
    return {end: [in_language(text, lang) for text in kept] for end, lang in ends}


class KeruenError(Exception):
    """Anything Keruen refuses to do, with the reason."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    @property
    def message(self) -> str:
        """What happened and what to do, as one text; a `Text` where it has its Russian."""
        found = self.args[0] if self.args else self.kind
        return found if isinstance(found, str) else str(found)

    def details(self) -> Mapping[str, object]:
        """What else a program may want to know, ready for JSON."""
        return {}

    def to_json(self) -> dict[str, dict[str, object]]:
        """The error as the command line prints it: `{"error": {"kind", "message", "message_ru", ...}}`."""
        return {"error": {"kind": self.kind, **in_both("message", self.message), **self.details()}}


class _UnknownName(KeruenError):
    """A name that nothing goes by, with the names that come near it."""

    def __init__(self, message: str, suggestions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)

    def details(self) -> Mapping[str, object]:
        return in_both("suggestions", self.suggestions)


class UnknownPlace(_UnknownName):
    """No place goes by this code or name."""

    kind = "unknown_place"


class AmbiguousPlace(KeruenError):
    """Several places go by this name; a code says which."""

    kind = "ambiguous_place"

    def __init__(self, message: str, candidates: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)

    def details(self) -> Mapping[str, object]:
        return in_both("candidates", self.candidates)


class NoRoute(KeruenError):
    """The places are known and no way leads from one to the other: a named, expected outcome."""

    kind = "no_route"
    exit_code = 3

    def __init__(self, message: str, blocked_by: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.blocked_by = tuple(blocked_by)

    def details(self) -> Mapping[str, object]:
        return in_both("blocked_by", self.blocked_by)


class BadShipment(KeruenError):
    """A shipment that cannot be: negative, empty, or more than the world moves."""

    kind = "bad_shipment"


class UnknownCommodity(_UnknownName):
    """No commodity goes by this name."""

    kind = "unknown_commodity"


class UnknownMaterial(_UnknownName):
    """No raw material goes by this name."""

    kind = "unknown_material"


class UnknownOption(_UnknownName):
    """An option has a value that means nothing here."""

    kind = "unknown_option"


class BadDate(KeruenError):
    """A day of departure that is no day, or of which nothing is known."""

    kind = "bad_date"


class UnknownFigure(_UnknownName):
    """No row of any table goes by this key, so there are no sources to show."""

    kind = "unknown_figure"


class BadDocument(KeruenError):
    """A file that no text can be taken from: of an unknown kind, broken, locked, too large, or pictures only."""

    kind = "bad_document"


class TooLarge(KeruenError):
    """A question that does not fit into the memory of this machine."""

    kind = "too_large"


class Cancelled(Exception):
    """Work that whoever asked no longer waits for: raised by a progress callback, and passed on by everything that calls one."""


class DamagedCache(KeruenError):
    """The stored network cannot be read; it can be deleted and is built again."""

    kind = "damaged_cache"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of one table.

    `row` is the line in the file (the header is line 1); 0 where the whole table is meant.
    `column` is empty where the whole row is meant.
    """

    table: str
    row: int
    column: str
    message: str
    what_to_do: str

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: str) -> str:
        """The problem in a line, in a language; in English where it has no other."""
        line, column = ("строка", "столбец") if lang == "ru" else ("line", "column")
        place = (f" {line} {self.row}" if self.row else "") + (f", {column} {self.column}" if self.column else "")
        return f"{self.table}{place}: {in_language(self.message, lang)}. {in_language(self.what_to_do, lang)}"

    def to_json(self) -> dict[str, object]:
        """The problem as a flat object."""
        return {
            "table": self.table, "row": self.row, "column": self.column,
            **in_both("message", self.message), **in_both("what_to_do", self.what_to_do),
        }  # fmt: skip


class BadTable(KeruenError):
    """Tables that cannot be used as they are; every problem found is listed, not only the first."""

    kind = "bad_table"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(tuple(problems))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """A line that counts the problems, then a line for each."""
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        heads = {"en": f"{count} in the tables:", "ru": f"Ошибок в таблицах: {len(self.problems)}"}
        return Text(
            *("\n".join([head, *(f"  {one.told(lang)}" for one in self.problems)]) for lang, head in heads.items())
        )

    def details(self) -> Mapping[str, object]:
        return {"problems": [problem.to_json() for problem in self.problems]}


@dataclass(frozen=True)
class ScenarioProblem:
    """One thing wrong in one entry of a scenario.

    `entry` is the entry as `close 2` (empty: the whole file), `line` its line in the text (0: unknown), `key` the key in it that is
    meant (empty: the whole entry).
    """

    entry: str
    line: int
    key: str
    message: str
    what_to_do: str

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: str) -> str:
        """The problem in a line, in a language."""
        line, key = ("строка", "ключ") if lang == "ru" else ("line", "key")
        places = (f"{line} {self.line}" if self.line else "", self.entry, f"{key} {self.key}" if self.key else "")
        where = ", ".join(part for part in places if part)
        said = f"{in_language(self.message, lang)}. {in_language(self.what_to_do, lang)}"
        return f"{where}: {said}" if where else said

    def to_json(self) -> dict[str, object]:
        """The problem as a flat object."""
        return {
            "entry": self.entry, "line": self.line, "key": self.key,
            **in_both("message", self.message), **in_both("what_to_do", self.what_to_do),
        }  # fmt: skip


class BadScenario(KeruenError):
    """A scenario that cannot be applied; every problem found is listed, not only the first."""

    kind = "bad_scenario"

    def __init__(self, name: str, problems: Sequence[ScenarioProblem]) -> None:
        super().__init__(name, tuple(problems))
        self.name = name
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """A line that counts the problems, then a line for each."""
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        heads = {
            "en": f"{count} in the scenario {self.name or 'without a name'}:",
            "ru": f"Ошибок в сценарии {self.name or 'без имени'}: {len(self.problems)}",
        }
        return Text(
            *("\n".join([head, *(f"  {one.told(lang)}" for one in self.problems)]) for lang, head in heads.items())
        )

    def details(self) -> Mapping[str, object]:
        return {"problems": [problem.to_json() for problem in self.problems]}


class UnknownScenario(_UnknownName):
    """No scenario goes by this name, and there is no such file."""

    kind = "unknown_scenario"
