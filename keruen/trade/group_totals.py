"""Whom a printed total of a group counts: its members of the date, or also some that left or are yet to join.

    printed total  beside  sum of the members + each choice of at most two areas that were members at another date

A bureau may print trade with "the Union" and mean it with the United Kingdom long after 2020. If the sum of the members meets the
printed total within rounding the definition is the dated one; if a choice of others does, it is that; else none is told. All figures
are of one series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from keruen.tables.dataset import Dataset
from keruen.trade.amounts import Amount, total
from keruen.trade.areas import Area
from keruen.trade.period import Period
from keruen.trade.series import ALL, Figures, Series, read_figures
from keruen.trade.store import Store

MOST_OTHERS = 2
FLOWS = ("export", "import")


@dataclass(frozen=True)
class GroupTotal:
    """A printed total of a group beside the sum of its members. others: whom it counts besides, None if no choice explains it."""

    series: Series
    flow: str
    printed: Amount
    members: Amount
    others: tuple[str, ...] | None

    def to_json(self) -> dict[str, object]:
        """The comparison as nested objects."""
        others = None if self.others is None else list(self.others)
        return {
            **self.series.to_json(),
            "flow": self.flow,
            "printed": self.printed.to_json(),
            "members": self.members.to_json(),
            "counts_also": others,
        }


def group_totals(store: Store, data: Dataset, area: str, group: Area, period: Period, code: str) -> list[GroupTotal]:
    """Every printed total of an area's trade with a group in a period, where the members are told by the same series."""
    printed = read_figures(store, data, area, (group.area,), (period,), code=code)
    if not printed:
        return []
    ever = [
        one for (one,) in store.sql("SELECT DISTINCT member FROM members WHERE area = ? ORDER BY member", [group.area])
    ]
    others = [one for one in ever if one not in group.members]
    parts = read_figures(store, data, area, [one for one in ever if one != area], (period,), code=code, by="partner")
    found = []
    for figures in printed:
        same = [one for one in parts if _key(one.series) == _key(figures.series)]
        for flow in FLOWS:
            told = figures.cell(ALL, flow, period).value
            if told.known and same:
                members = _sum(same[0], [one for one in group.members if one != area], flow, period)
                found.append(
                    GroupTotal(
                        figures.series, flow, told, members, _counted(same[0], told, members, others, flow, period)
                    )
                )
    return found


def _key(series: Series) -> tuple[str, ...]:
    return series.source, series.edition, series.format, series.declared_by, series.classification, series.currency


def _sum(figures: Figures, items: Sequence[str], flow: str, period: Period) -> Amount:
    return total(figures.cell(item, flow, period).value for item in items)


def _counted(
    figures: Figures, printed: Amount, members: Amount, others: Sequence[str], flow: str, period: Period
) -> tuple[str, ...] | None:
    """The fewest others with whom the members make up the printed total within rounding."""
    for number in range(MOST_OTHERS + 1):
        for choice in combinations(others, number):
            summed = members + _sum(figures, choice, flow, period)
            if summed.interval is not None and printed.interval is not None and summed.interval.meets(printed.interval):
                return choice
    return None
