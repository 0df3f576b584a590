"""What the user's trade store has of the trade that the claims of a text speak of, as figures that the audit holds beside the ledger's.

    wanted = pairs of the claims (a country without a partner: with the world), both ways, their periods and those a year before
    one query for a whole text  ->  cells of each series (source, edition, who declares, currency)  ->  figures, turnovers as their sums

Only goods in all are asked for, and all modes together. A source that prints no total is summed from its codes of the fewest digits. A
period is taken as printed, else summed from all its months or quarters. Imports of one source and edition are one series unless two of
them tell the same; editions and perspectives stand side by side, each with its import. What is not told in full is not known. A reconciled
source (BACI) is of neither side: it is held as a mirror is. The row of a figure is `trade_store:` and the number of the import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from keruen.figures.ledger import ALL_GOODS, RECORD, TOTAL, WORLD, Figure, turnovers
from keruen.figures.meaning import Meaning
from keruen.tables.dataset import Dataset
from keruen.tables.periods import Span, a_year_before
from keruen.trade.amounts import Amount, rounded
from keruen.trade.period import Period
from keruen.trade.series import ALL, MIRRORED, RECONCILED, Cell, Figures, Series, Steps, steps_of
from keruen.trade.store import Store

ROW = "trade_store:"
TRADE = ("turnover", "export", "import")
IN_STORE = """
WITH wanted AS (SELECT unnest($subjects) AS subject, unnest($partners) AS partner),
both_ways AS (SELECT subject AS reporter, partner FROM wanted UNION SELECT partner, subject FROM wanted)
SELECT reporter, t.partner, flow, coalesce(source, ''), coalesce(edition, ''), format, perspective, coalesce(currency, ''), import_id,
       start, months, digits, sum(value), count(value), count(*), sum(mass_t), count(mass_t)
FROM trade AS t JOIN imports USING (import_id) JOIN both_ways USING (reporter, partner)
WHERE mode IS NULL AND start BETWEEN $first AND $last AND flow IN ('export', 'import') GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class InStore:
    """The figures of the store for a text, by subject and partner."""

    figures: Mapping[tuple[str, str], tuple[Figure, ...]]

    def about(self, subject: str, partner: str = "") -> tuple[Figure, ...]:
        """The figures of a pair; none if the text does not speak of it."""
        return self.figures.get((subject, partner), ())


def in_store(store: Store, data: Dataset, meanings: Iterable[Meaning]) -> InStore:
    """What the store has for the claims of a text."""
    asked: dict[tuple[str, str], set[Period]] = {}
    for m in meanings:
        claim = m.claim
        if claim.subject and claim.flow in TRADE and m.span is not None and claim.modality == "stated":
            spans = (m.span, m.base_span or a_year_before(m.span))
            periods = {one for span in spans if span is not None and (one := _period(span)) is not None}
            asked.setdefault((claim.subject, claim.partner or WORLD), set()).update(periods)
            if claim.share_of is not None:
                asked.setdefault((claim.subject, WORLD), set()).update(periods)
    asked = {pair: periods for pair, periods in asked.items() if periods}
    if not asked:
        return InStore({})
    every = [period for periods in asked.values() for period in periods]
    rows = store.sql(
        IN_STORE,
        {
            "subjects": [subject for subject, _ in asked], "partners": [partner for _, partner in asked],
            "first": min(one.start for one in every), "last": max(one.start for one in every) + timedelta(days=366),
        },
    )  # fmt: skip
    by_pair: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_pair[row[:2]].append(row)
    steps = steps_of(data)
    found = {}
    for (subject, partner), periods in asked.items():
        told = [
            figure
            for series in _series(by_pair, subject, partner, steps)
            for figure in _figures(series, subject, partner, sorted(periods))
        ]
        if told:
            found[subject, partner] = (*told, *turnovers(told))
    return InStore(found)


def _period(span: Span) -> Period | None:
    """A span of whole months as a period."""
    whole = span.first.day == 1 and (span.last + timedelta(days=1)).day == 1
    return Period(span.first, span.months) if whole and 1 <= span.months <= 120 else None


def _series(
    by_pair: Mapping[tuple[str, str], list[tuple[Any, ...]]], subject: str, partner: str, steps: Mapping[str, Steps]
) -> Iterator[Figures]:
    """The cells of each series of a pair, flows as the subject sees them."""
    grouped: dict[tuple[str, ...], dict[tuple[str, Period, int], list[tuple[Any, ...]]]] = {}
    for pair in ((subject, partner), (partner, subject)):
        for row in by_pair.get(pair, ()):
            reporter, _, flow, source, edition, name, perspective, currency, number, start, months, digits, *_ = row
            declared = "" if perspective == RECONCILED else reporter
            way = flow if reporter == subject else MIRRORED[flow]
            cells = grouped.setdefault((source, edition, name, declared, currency), {})
            cells.setdefault((way, Period(start, months), number), []).append(row)
    for key, cells in grouped.items():
        imports = sorted({number for _, _, number in cells})
        twice = len({(way, period) for way, period, _ in cells}) < len(cells)
        for together in [[one] for one in imports] if twice else [imports]:
            step = steps.get(key[2], Steps(None, None))
            made = {
                (ALL, way, period): _cell(rows, step)
                for (way, period, number), rows in cells.items()
                if number in together
            }
            yield Figures(Series(key[0], key[1], key[2], key[3], "", key[4], tuple(together)), 0, made)


def _cell(rows: list[tuple[Any, ...]], step: Steps) -> Cell:
    """The printed total, else the sum over the codes of fewest digits."""
    *_, value, values, count, mass, masses = min(rows, key=lambda row: row[11])
    return Cell(_told(value, values, count, step.value), _told(mass, masses, count, step.mass_t), "", count)


def _told(amount: float | None, told: int, rows: int, step: float | None) -> Amount:
    return rounded(amount if told == rows else None, step, figures=rows)


def _figures(series: Figures, subject: str, partner: str, periods: Iterable[Period]) -> Iterator[Figure]:
    """A figure for each flow and period that a series tells, of value and of tonnes."""
    whose = series.series
    perspective = whose.declared_by or RECONCILED
    kind = (
        "computed" if perspective == RECONCILED else "official_reporter" if perspective == subject else "partner_stat"
    )
    for flow in ("export", "import"):
        for period in periods:
            cell = series.cell(ALL, flow, period)
            for amount, unit in ((cell.value, whose.currency), (cell.mass_t, "tonnes")):
                if amount.value is None or not unit:
                    continue
                yield Figure(
                    rows=tuple(f"{ROW}{number}" for number in whose.imports), subject=subject, partner=partner, flow=flow,
                    commodity=ALL_GOODS, hs=TOTAL, mode="", scope="", measure="", period=str(period), value=amount.value,
                    interval=amount.interval or rounded(amount.value, 0.0).interval, unit=unit, kind=kind, weight=RECORD,
                    perspective=perspective, edition=" ".join(filter(None, (whose.source, whose.edition))), published="", sources=(),
                )  # fmt: skip
