"""What two countries that a user names declare of the goods between them, both ways."""

from __future__ import annotations

from datetime import date

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.areas import area_named
from keruen.trade.bilateral import latest
from keruen.trade.mirror import Mirror, mirror
from keruen.trade.period import Period
from keruen.trade.series import TOTAL
from keruen.trade.store import Store


def two_sides(
    store: Store, data: Dataset, reporter: str, partner: str, *, period: Period | None = None, code: str = TOTAL
) -> tuple[Period, list[Mirror]]:
    """The period (by default the latest year of the pair) and the mirrors, first of what the reporter sends.

    Raises:
        UnknownOption: no area goes by a name, one is a group, or the store has nothing of the pair.
    """
    day = period.start if period else date.today()
    ours, theirs = (area_named(store, data, one, day) for one in (reporter, partner))
    if ours.is_group or theirs.is_group:
        raise UnknownOption(said("stat_not_groups"))
    wanted = period or latest(store, ours.area, (theirs.area,))
    pairs = ((ours.area, theirs.area), (theirs.area, ours.area))
    return wanted, [one for pair in pairs for one in mirror(store, data, *pair, wanted, code=code)]
