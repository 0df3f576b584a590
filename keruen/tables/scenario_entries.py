"""The entries of a scenario: what is closed, which cell changes, which row is added, how far the Caspian falls, each with its reason.

    [[close]]    what   = "passage:suez"                            a feature: nothing may use it
    [[change]]   row    = "services:aktau_alat_feeder"              one cell of one row
                 column = "headway_h"      value = 11    or    factor = 0.5
    [[add]]      table  = "services"       row = { ... }            a row of a table
    [caspian]    level_change_m = -1.0                              metres from today's level; what follows is worked out

Every entry has a reason; it may name sources (keys of the table of sources) and evidence (rows as table:key).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keruen.tables.words import Words

Value = str | float | int | bool | tuple[str, ...]
"""A cell as a scenario writes it: a text, a number, yes or no as true or false, a list of texts."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What all entries have. `line`: where it stands in the text it was read from, 0 if in none."""

    reason: str
    reason_ru: str = ""
    source: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def why(self, lang: str) -> str:
        """The reason in a language, in English if it is given in that alone."""
        return (self.reason_ru if lang == "ru" else "") or self.reason

    @property
    def title(self) -> str:
        """The entry in a few words, for the title of its source."""
        raise NotImplementedError

    def text(self, words: Words, lang: str) -> str:
        """The entry as a sentence."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Close(Entry):
    """Nothing may use a feature (as `passage:suez`, `country:BY@rail`)."""

    what: str

    @property
    def title(self) -> str:
        """The entry in a few words, for the title of its source."""
        return f"{self.what} closed"

    def text(self, words: Words, lang: str) -> str:
        """The entry as a sentence."""
        return words["scenario_close"].format(self.what, self.why(lang))


@dataclass(frozen=True, kw_only=True)
class Change(Entry):
    """Another value in one cell: `value`, or what it was times `factor`; the other one is None."""

    row: str
    column: str
    value: Value | None = None
    factor: float | None = None

    @property
    def title(self) -> str:
        """The entry in a few words, for the title of its source."""
        return f"{self.row} {self.column} {self.told}"

    @property
    def told(self) -> str:
        """The new value, or the factor with a sign before it."""
        return f"x {self.factor:g}" if self.factor is not None else f"= {value_text(self.value)}"

    def text(self, words: Words, lang: str) -> str:
        """The entry as a sentence."""
        return words["scenario_change"].format(self.row, self.column, self.told, self.why(lang))


@dataclass(frozen=True, kw_only=True)
class Add(Entry):
    """A row of a table, as pairs of a column and its value."""

    table: str
    row: tuple[tuple[str, Value], ...]

    @property
    def title(self) -> str:
        """The entry in a few words, for the title of its source."""
        return f"{self.table} with {self.called}"

    @property
    def called(self) -> str:
        """What the row is called: its name, else its first cell."""
        cells = dict(self.row)
        return value_text(cells.get("name", next(iter(cells.values()), "")))

    def text(self, words: Words, lang: str) -> str:
        """The entry as a sentence."""
        cells = dict(self.row)
        called = value_text(cells["name_ru"]) if lang == "ru" and cells.get("name_ru") else self.called
        return words["scenario_add"].format(self.table, called, self.why(lang))


@dataclass(frozen=True, kw_only=True)
class Caspian(Entry):
    """The level of the Caspian, metres from today's; negative: lower."""

    level_change_m: float

    @property
    def title(self) -> str:
        """The entry in a few words, for the title of its source."""
        return f"the Caspian {-self.level_change_m:g} m lower"

    def text(self, words: Words, lang: str) -> str:
        """The entry as a sentence."""
        metres = f"{-self.level_change_m:g}".replace(".", words["decimal_sign"])
        return words["scenario_caspian"].format(metres, self.why(lang))


def value_text(value: Value | None) -> str:
    """A value as it is written in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return value if isinstance(value, str) else "|".join(value)
