"""What may break, and the dataset while it is broken: rows of the table disruptions.

    events(data)                    what may happen, in the order of the table
    broken(data, ["suez_blocked"])  the dataset while these hold: a scenario, from a dataset to a dataset

What is closed becomes a row of `conditions` that always holds, a smaller number another cell, a lower Caspian all that follows from its
level (tables.caspian). No question knows that anything was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from keruen.errors import Text, UnknownOption
from keruen.tables.conditions import with_condition
from keruen.tables.dataset import Dataset
from keruen.tables.reading import with_rows
from keruen.tables.scenario import Scenario
from keruen.tables.scenario_entries import Caspian
from keruen.tables.table import Row
from keruen.tables.words import said

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True)
class Event:
    """A row of disruptions: how often in a year, how many days, when it begins, and with what it comes together.

    months: 1 to 12, empty for any. group_share: correlation with other events of its group.
    """

    key: str
    name: Text
    kind: str
    effect: str
    per_year: float
    days: float
    days_log_sd: float
    months: tuple[int, ...]
    group: str
    group_share: float

    @property
    def days_per_year(self) -> float:
        """Days of a year in which it holds on average, were none to overlap."""
        return self.per_year * self.days


def events(data: Dataset, only: Sequence[str] = ()) -> tuple[Event, ...]:
    """The events of the table, or some of them by key. Raises UnknownOption for a key that is not there."""
    rows = {row.text("disruption"): row for row in data["disruptions"]}
    if unknown := [key for key in only if key not in rows]:
        what = said("stress_what_disruption")
        told = said("err_unknown_value", what=what, value=", ".join(unknown), known=", ".join(rows))
        raise UnknownOption(told, rows)
    return tuple(event_of(row) for key, row in rows.items() if not only or key in only)


def event_of(row: Row) -> Event:
    """A row of disruptions as an event; an empty spread or share is none."""
    spread, share = (
        0.0 if np.isnan(value := row.number(name)) else value for name in ("days_log_sd", "group_share")
    )  # fmt: skip
    months = tuple(int(month) for month in row.texts("months"))
    return Event(
        row.text("disruption"), Text(row.text("name"), row.text("name_ru")), row.text("kind"), row.text("effect"),
        row.number("per_year"), row.number("days"), spread, months, row.text("group"), share if row.text("group") else 0.0,
    )  # fmt: skip


def broken(data: Dataset, keys: Sequence[str]) -> Dataset:
    """The dataset while some disruptions hold at once; the same object if none does.

    Two that close one thing close it once; two that shrink one number multiply it.
    """
    for key in keys:
        row = data["disruptions"].find(key)
        if row is None:
            raise UnknownOption(said("err_unknown_value", what=said("stress_what_disruption"), value=key, known=""))
        if row.text("effect") == "caspian":
            reason = f"Drawn: {row.text('name')}"
            entry = Caspian(level_change_m=-row.number("value"), reason=reason, source=tuple(row.texts("source")))
            data = Scenario(f"drawn_{key}", row.text("name"), row.text("name_ru"), caspian=entry).apply(data)
            continue
        before = len(data["conditions"])
        more = with_rows(data["conditions"], list(conditions_of(row)))
        if row.text("effect") == "closed":
            data = data.with_table("conditions", more)
            continue
        for number in range(before, len(more)):
            data, _ = with_condition(data, more.row(number))
    return data


def conditions_of(row: Row) -> Iterator[dict[str, object]]:
    """What a disruption does, as rows of conditions that always hold, one for each item."""
    same = ("effect", "column", "loads", "name", "name_ru", "basis", "evidence", "source", "note")
    for number, item in enumerate(row.texts("items"), 1):
        cells: dict[str, object] = {name: row[name] for name in same}
        yield {**cells, "condition": f"drawn_{row.text('disruption')}_{number}", "item": item, "value": row["value"]}
