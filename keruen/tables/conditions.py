"""Conditions of a date: what was closed, slower or dearer than usual. A scenario: from a dataset to a dataset.

    closed, factor, set    rows of `conditions` in force on the day          period_start <= day <= period_end, and the month
    price of a market      I(day), interpolated between rows of freight_index; I0 = freight_markets.usd_per_feu
        tariffs        usd_per_km  x  I / I0
        sea_markets    max(0, usd + share ((I - I0) - (J - J0)))         J: the market whose changes another row follows already

A row with neither period nor months holds always, with a date or without one: what a scenario closes is such a row. What holds on the
day of departure is taken to hold for the whole journey. The network is that of the base dataset; only costs change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from keruen.errors import BadDate, Text
from keruen.tables.dataset import Dataset
from keruen.tables.periods import first_day, last_day, middle_day
from keruen.tables.reading import with_column
from keruen.tables.table import Row
from keruen.tables.unknown import known
from keruen.tables.words import said

FAR_APART = timedelta(days=62)  # an interpolation between quotations further apart is told
STALE = timedelta(days=31)  # and a quotation held longer than this
KNOWN_AHEAD = timedelta(days=730)  # days later than this after the last evidence are refused: nothing speaks of them


@dataclass(frozen=True)
class Condition:
    """One thing that is other than usual: `effect` (closed, factor, set or price) on an `item` (feature or row) and its column.

    sources: rows it rests on, of conditions or freight_index. usual, value: the number in usual times and on the day, None for a closure.
    """

    effect: str
    item: str
    column: str
    usual: float | None
    value: float | None
    sources: tuple[str, ...]
    name: str
    name_ru: str

    def to_dict(self) -> dict[str, Any]:
        """All fields, as JSON has them."""
        return {
            "effect": self.effect, "item": self.item, "column": self.column, "usual": self.usual, "value": self.value,
            "name": self.name, "name_ru": self.name_ru, "sources": list(self.sources),
        }  # fmt: skip


@dataclass(frozen=True)
class Quotation:
    """What a market stood at on a day, the rows of freight_index it is from, and what to know of it (empty: nothing)."""

    usd_per_feu: float
    sources: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True)
class Dated:
    """A dataset as of a day: `data` for costs, rows that close something, and what changed by the name of the row changed.

    always: names of the rows of conditions that hold whatever the day.
    """

    day: date | None
    data: Dataset
    closed: tuple[Row, ...] = ()
    changes: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    late: str = ""
    always: frozenset[str] = frozenset()

    def closures(self, load: str) -> tuple[Row, ...]:
        """The rows of conditions that close something for a load class."""
        return tuple(row for row in self.closed if not row.texts("loads") or load in row.texts("loads"))

    def felt_by(self, rows: Iterable[str]) -> tuple[Condition, ...]:
        """What changed in the rows that an answer rests on, each once."""
        found = (change for row in dict.fromkeys(rows) for change in self.changes.get(row, ()))
        return tuple(dict.fromkeys(found))

    def remarks_on(self, felt: Iterable[Condition]) -> list[str]:
        """What to know of the quotations that changes rest on, and of a day later than all evidence."""
        told = [self.remarks[source] for change in felt for source in change.sources if source in self.remarks]
        return [*([self.late] if self.late else []), *dict.fromkeys(told)]


def closure(row: Row) -> Condition:
    """A row of conditions that closes something, as a condition."""
    return Condition("closed", row.text("item"), "", None, None, (row.id,), row.text("name"), row.text("name_ru"))


def as_of(data: Dataset, day: date | None) -> Dated:
    """The dataset as of a day; without a day as it is under the conditions that hold always.

    Raises:
        BadDate: the day is before all evidence of conditions, or more than two years after it.
    """
    late = told_if_late(data, day) if day is not None else ""
    in_force = [row for row in data["conditions"] if (holds_always(row) if day is None else holds(row, day))]
    always = frozenset(row.id for row in in_force if holds_always(row))
    changes: list[Condition] = []
    remarks: dict[str, str] = {}
    for row in in_force:
        if row.text("effect") != "closed":
            data, change = with_condition(data, row)
            changes.append(change)
    markets = data["freight_markets"].texts("market") if day is not None else ()
    quotations = {market: quotation(data, market, day) for market in markets if day is not None}
    for quoted in quotations.values():
        if quoted is not None and quoted.remark:
            remarks |= dict.fromkeys(quoted.sources, quoted.remark)
    data, priced = with_prices(data, quotations) if quotations else (data, [])
    by_row: dict[str, tuple[Condition, ...]] = {}
    for change in (*changes, *priced):
        by_row[change.item] = (*by_row.get(change.item, ()), change)
    closed = tuple(row for row in in_force if row.text("effect") == "closed")
    return Dated(day, data, closed, by_row, remarks, late, always)


def told_if_late(data: Dataset, day: date) -> str:
    """A warning if the day is after all evidence of conditions; empty if it is not.

    Raises:
        BadDate: the day is before all evidence, or so far after it that nothing can be said.
    """
    dates = [*data["freight_index"].texts("date")]
    dates += [cell for column in ("period_start", "period_end") for cell in data["conditions"].texts(column)]
    written = [cell for cell in dates if cell]
    if not written:
        return ""
    first, last = min(map(first_day, written)), max(map(last_day, written))
    if not first <= day <= last + KNOWN_AHEAD:
        raise BadDate(said("err_before_evidence", day=day, first=first, last=last, ahead=last + KNOWN_AHEAD))
    return said("warn_late", last=last, day=day) if day > last else ""


def holds_always(row: Row) -> bool:
    """Whether a row of conditions names no time, so that it is in force on every day and without one."""
    return not (row.text("period_start") or row.text("period_end") or row.texts("months"))


def holds(row: Row, day: date) -> bool:
    """Whether a row of conditions is in force on a day."""
    start, end, months = row.text("period_start"), row.text("period_end"), row.texts("months")
    begun = not start or first_day(start) <= day
    ended = bool(end) and last_day(end) < day
    return begun and not ended and (not months or str(day.month) in months)


def with_condition(data: Dataset, row: Row) -> tuple[Dataset, Condition]:
    """The dataset with the cell changed that a row of conditions names, and the change."""
    table, _, key = row.text("item").partition(":")
    column, value = row.text("column"), row.number("value")
    i = data[table].find_index(key)
    if i < 0:
        raise KeyError(f"{row.id} names {row.text('item')}, which is no row; `keruen validate` lists such rows")
    numbers = data[table].numbers(column).tolist()
    usual = numbers[i]
    numbers[i] = value * usual if row.text("effect") == "factor" else value
    changed = data.with_table(table, with_column(data[table], column, numbers))
    change = Condition(
        row.text("effect"), row.text("item"), column, known(usual), numbers[i], (row.id,), row.text("name"), row.text("name_ru")
    )  # fmt: skip
    return changed, change


def quotation(data: Dataset, market: str, day: date) -> Quotation | None:
    """What a market stood at on a day, between its quotations or at the nearest; None if there is none at all."""
    rows = [row for row in data["freight_index"] if row.text("market") == market]
    if not rows:
        return None
    at = sorted((middle_day(row.text("date")), row) for row in rows)
    named = next(row for row in data["freight_markets"] if row.text("market") == market)
    name = Text(named.text("name"), named.text("name_ru"))
    before = [pair for pair in at if pair[0] <= day]
    after = [pair for pair in at if pair[0] >= day]
    if before and after:
        (earlier, low), (later, high) = before[-1], after[0]
        share = (day - earlier) / (later - earlier) if later > earlier else 0.0
        a, b = low.number("usd_per_feu"), high.number("usd_per_feu")
        remark = ""
        if later - earlier > FAR_APART:
            remark = said("warn_price_between", market=name, day=day, a=a, earlier=earlier, b=b, later=later)
        return Quotation(a + share * (b - a), tuple(dict.fromkeys((low.id, high.id))), remark)
    nearest, row = before[-1] if before else after[0]
    usd = row.number("usd_per_feu")
    remark = said("warn_price_nearest", market=name, nearest=nearest, usd=usd, day=day)
    return Quotation(usd, (row.id,), remark if abs(day - nearest) > STALE else "")


def with_prices(data: Dataset, quotations: Mapping[str, Quotation | None]) -> tuple[Dataset, list[Condition]]:
    """The dataset with the tariffs of the day, and what changed."""
    markets = {row.text("market"): row for row in data["freight_markets"]}
    changes: list[Condition] = []
    for table, column in (("tariffs", "usd_per_km"), ("sea_markets", "usd")):
        numbers = data[table].numbers(column).tolist()
        for row in data[table]:
            value = priced(row, column, quotations, markets)
            if value is None:
                continue
            used = [quotations.get(name) for name in markets_of(row)]
            sources = tuple(dict.fromkeys(source for one in used if one for source in one.sources))
            market = markets[row.text("market")]
            changes.append(
                Condition(
                    "price",
                    row.id,
                    column,
                    known(numbers[row.index]),
                    value,
                    sources,
                    market.text("name"),
                    market.text("name_ru"),
                )  # fmt: skip
            )
            numbers[row.index] = value
        data = data.with_table(table, with_column(data[table], column, numbers)) if changes else data
    return data, changes


def markets_of(row: Row) -> Iterator[str]:
    """The markets a row of tariffs or sea_markets follows."""
    for column in ("market", "less_market"):
        if column in row.table.schema and row.text(column):
            yield row.text(column)


def priced(
    row: Row, column: str, quotations: Mapping[str, Quotation | None], markets: Mapping[str, Row]
) -> float | None:
    """The price of a row of tariffs or sea_markets on the day; None if it follows no market, or one that is not quoted."""
    names = list(markets_of(row))
    quoted = [quotations.get(name) for name in names]
    if not names or any(one is None for one in quoted):
        return None
    now = [one.usd_per_feu for one in quoted if one is not None]
    usual = [markets[name].number("usd_per_feu") for name in names]
    if column == "usd_per_km":
        return row.number(column) * now[0] / usual[0]
    rise = now[0] - usual[0] - (now[1] - usual[1] if len(now) > 1 else 0.0)
    return max(0.0, row.number(column) + row.number("share") * rise)
