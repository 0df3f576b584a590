"""Figures of one source and one edition, read from the store: what may be added and compared, and what only stands beside each other.

    series = source + edition + who declares + classification + currency

Files of the same source and edition are one series as long as no two of them tell the same figure; if they do, each is a series of its own.
Series are never added. Within a series a figure for a period, a product or all modes is taken as printed if it is; else it is summed from
its months or quarters if all of them are there, from the codes of one level, from the modes that are told. A reconciled source
(BACI) tells a flow once, by the exporter: what a country imports in it is what its partners export to it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keruen.tables.dataset import Dataset
from keruen.trade.amounts import UNKNOWN, Amount, at_least, rounded, total
from keruen.trade.period import Period
from keruen.trade.store import Store

TOTAL = "TOTAL"
WORLD = "WLD"
RECONCILED = "reconciled"
MIRRORED = {"export": "import", "import": "export", "re-export": "re-import", "re-import": "re-export"}
BY = ("partner", "product", "mode")
ITEMS = {
    "": "''",
    "partner": "CASE WHEN reporter = ? THEN partner ELSE reporter END",
    "product": "left(code, ?)",
    "mode": "mode",
}
CHAPTER = 2  # digits of a chapter, whose bounds revisions of the HS leave alone
ALL = ""
"""The item of figures that are not parted."""


@dataclass(frozen=True)
class Series:
    """Whose figures these are. declared_by: alpha-3 of the country whose statistics they are, empty where reconciled from both sides."""

    source: str
    edition: str
    format: str
    declared_by: str
    classification: str
    currency: str
    imports: tuple[int, ...]

    def to_json(self) -> dict[str, object]:
        """The series as a flat object; what is not known is null."""
        return {
            "source": self.source or None, "edition": self.edition or None, "format": self.format, "declared_by": self.declared_by or None,
            "perspective": "reporter" if self.declared_by else RECONCILED, "classification": self.classification or None,
            "currency": self.currency, "import_ids": list(self.imports),
        }  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Value (in the currency of the series) and tonnes of one flow; valuation FOB or CIF; how many printed figures are in it."""

    value: Amount
    mass_t: Amount
    valuation: str = ""
    figures: int = 0


NO_CELL = Cell(UNKNOWN, UNKNOWN)


@dataclass(frozen=True)
class Figures:
    """The cells of a series by item, flow (of the country asked about) and period. digits: the level of codes they are summed from, 0:
    TOTAL.
    """

    series: Series
    digits: int
    cells: Mapping[tuple[str, str, Period], Cell]

    def cell(self, item: str, flow: str, period: Period) -> Cell:
        """The cell of a period, itself or summed from all its parts; unknown if neither is there."""
        for parts in period.spellings():
            found = [self.cells.get((item, flow, part), NO_CELL) for part in parts]
            if all(one is not NO_CELL for one in found):
                return found[0] if len(found) == 1 else summed(found)
        return NO_CELL

    def items(self) -> list[str]:
        """The items that have any figure, in their order of codes."""
        return sorted({item for item, _, _ in self.cells})


def summed(cells: Iterable[Cell]) -> Cell:
    """The sum of cells; what is unknown in one of them is not less than what is known of it in all."""
    cells = tuple(cells)
    valuations = {cell.valuation for cell in cells}
    return Cell(
        _sum(cell.value for cell in cells), _sum(cell.mass_t for cell in cells), valuations.pop() if len(valuations) == 1 else "",
        sum(cell.figures for cell in cells),
    )  # fmt: skip


def _sum(amounts: Iterable[Amount]) -> Amount:
    amounts = tuple(amounts)
    if all(amount.known for amount in amounts):
        return total(amounts)
    bounded = [amount for amount in amounts if amount.interval is not None or amount.known]
    return (
        at_least(
            total(
                Amount(amount.interval.low if amount.interval else amount.value, amount.interval) for amount in bounded
            )
        )
        if bounded
        else UNKNOWN
    )


@dataclass(frozen=True)
class Steps:
    """In what steps a format prints values (in its currency) and tonnes; None where that is not known."""

    value: float | None
    mass_t: float | None


def steps_of(data: Dataset) -> dict[str, Steps]:
    """The steps of every format in the table trade_rounding."""
    return {
        row.text("format"): Steps(
            *(
                None if math.isnan(row.number(column)) else row.number(column)
                for column in ("value_step", "mass_step_t")
            )
        )
        for row in data["trade_rounding"]
    }


def read_figures(
    store: Store,
    data: Dataset,
    area: str,
    partners: Sequence[str],
    periods: Sequence[Period],
    *,
    code: str = TOTAL,
    by: str = "",
    level: int = 2,
    mode: str = "",
    mirror: bool = False,
) -> list[Figures]:
    """The figures of an area with partners for periods and all they can be summed from, each series by itself, the newest import first.

    partners: alpha-3 codes; none: every single area. by: partner, product or mode, with product at so many digits. mode: only of this
    mode. mirror: also what the partners declare, as flows of the area.
    """
    wanted = sorted({part for period in periods for parts in period.spellings() for part in parts})
    where, values = _where(area, partners, wanted, code, mode, mirror)
    item, item_values = ITEMS[by], _item_values(by, area, level)
    if by == "product":
        where += f" AND code <> '{TOTAL}' AND digits >= ?"
        values = [*values, level]
    mirrored = " ".join(f"WHEN '{flow}' THEN '{other}'" for flow, other in MIRRORED.items())
    query = f"""
        SELECT {item} AS item, CASE WHEN reporter = ? THEN flow ELSE CASE flow {mirrored} END END AS way, start, months, digits, mode,
               import_id, CASE WHEN perspective = '{RECONCILED}' THEN '' ELSE reporter END AS declared_by, classification, currency,
               sum(value), count(value), sum(mass_t), count(mass_t), count(*), min(valuation), max(valuation)
        FROM trade WHERE {where} GROUP BY ALL"""
    rows = store.sql(query, [*item_values, area, *values])
    if not rows:
        return []
    files = {row[0]: row[1:] for row in store.sql("SELECT import_id, format, source, edition FROM imports")}
    grouped: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        name, source, edition = files[row[6]]
        classification = _classified(row[8] or "", row[4], code if by != "product" else "0" * level)
        grouped[source or "", edition or "", name, row[7], classification, row[9] or ""].append(row)
    _drop_sums_beside_totals(grouped)
    steps = steps_of(data)
    found = []
    for key, of_key in grouped.items():
        for imports in _parted(store, where, values, of_key):
            used = [row for row in of_key if row[6] in imports]
            series = Series(key[0], key[1], key[2], key[3], key[4], key[5], tuple(sorted(imports)))
            found.append(_figures(series, used, steps.get(key[2], Steps(None, None)), by, mode, code, level))
    return sorted(found, key=lambda one: (-max(one.series.imports), one.series.declared_by != area, str(one.series)))


def _classified(classification: str, digits: int, code: str) -> str:
    """What classification parts series: none for printed totals, the family (HS, CN, ...) for totals and chapters, else the revision."""
    if digits == 0:
        return ""
    return classification.rstrip("0123456789") if code == TOTAL or len(code) <= CHAPTER else classification


def _drop_sums_beside_totals(grouped: dict[tuple[str, ...], list[tuple[Any, ...]]]) -> None:
    """Take out sums over codes of which the same source prints the total for every period."""
    for key in list(grouped):
        printed = grouped.get((*key[:4], "", key[5]), [])
        if key[4] and {row[2:4] for row in grouped[key]} <= {row[2:4] for row in printed}:
            del grouped[key]


def _item_values(by: str, area: str, level: int) -> list[Any]:
    """The parameters of ITEMS."""
    return [area] if by == "partner" else [level] if by == "product" else []


def _where(
    area: str, partners: Sequence[str], periods: Sequence[Period], code: str, mode: str, mirror: bool
) -> tuple[str, list[Any]]:
    """SQL for the rows between an area and its partners, with its parameters."""
    if partners:
        marks = ", ".join("?" for _ in partners)
        ours, theirs = f"reporter = ? AND partner IN ({marks})", f"partner = ? AND reporter IN ({marks})"
        values: list[Any] = [area, *partners, area, *partners]
    else:
        single = "NOT IN (SELECT area FROM areas WHERE is_aggregate)"
        ours, theirs = f"reporter = ? AND partner {single}", f"partner = ? AND reporter {single}"
        values = [area, area]
    theirs += "" if mirror else f" AND perspective = '{RECONCILED}'"
    spans = " OR ".join("(start = ? AND months = ?)" for _ in periods)
    where = f"(({ours}) OR ({theirs})) AND ({spans})"
    values += [cell for period in periods for cell in (period.start, period.months)]
    if code != TOTAL:
        where, values = f"{where} AND starts_with(code, ?)", [*values, code]
    if mode:
        where, values = f"{where} AND mode = ?", [*values, mode]
    return where, values


def _parted(store: Store, where: str, values: Sequence[Any], rows: Sequence[tuple[Any, ...]]) -> list[set[int]]:
    """The imports of one source and edition that make one series: all together, or each alone if two tell the same figure."""
    imports = {row[6] for row in rows}
    if len(imports) == 1:
        return [imports]
    marks = ", ".join("?" for _ in imports)
    twice = store.sql(
        f"""SELECT 1 FROM trade WHERE {where} AND import_id IN ({marks})
            GROUP BY reporter, partner, flow, code, start, months, mode, classification, currency, perspective
            HAVING count(DISTINCT import_id) > 1 LIMIT 1""",
        [*values, *imports],
    )
    return [{one} for one in sorted(imports)] if twice else [imports]


def _figures(
    series: Series, rows: Sequence[tuple[Any, ...]], steps: Steps, by: str, mode: str, code: str, level: int
) -> Figures:
    """The cells of a series from rows of one level of codes, and of all modes together or, where these are not told, of each mode."""
    least = level if by == "product" else 0 if code == TOTAL else len(code)
    covered: dict[int, set[tuple[date, int]]] = defaultdict(set)
    for row in rows:
        if row[4] >= least:
            covered[row[4]].add((row[2], row[3]))
    digits = max(covered, key=lambda one: (len(covered[one]), -one), default=0)
    used = [row for row in rows if row[4] == digits]
    if by == "mode":
        used = [row for row in used if row[5] is not None]
    elif not mode and any(row[5] is None for row in used):
        used = [row for row in used if row[5] is None]
    cells: dict[tuple[str, str, Period], list[Cell]] = defaultdict(list)
    for item, way, start, months, _, _, _, _, _, _, value, values, mass, masses, rows_in, low, high in used:
        cells[item or ALL, way, Period(start, months)].append(
            Cell(
                _told(value, values, rows_in, steps.value),
                _told(mass, masses, rows_in, steps.mass_t),
                low if low == high and low else "",
                rows_in,
            )
        )
    return Figures(
        series, digits, {key: found[0] if len(found) == 1 else summed(found) for key, found in cells.items()}
    )


def _told(amount: float | None, told: int, rows: int, step: float | None) -> Amount:
    """The sum of figures of which so many are told; if not all are, the whole is not less than that."""
    if amount is None or not told:
        return UNKNOWN
    found = rounded(amount, step, figures=told)
    return found if told == rows else at_least(found)
