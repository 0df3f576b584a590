"""Work that nobody wants any more stops soon: its hook is told often within every stage, and what it raises ends the work at once.

Counted, not timed: how long a kernel takes depends on the machine, how many calls lie between two stages does not.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from keruen.errors import Cancelled
from keruen.routing.accuracy import accuracy
from keruen.routing.compare import compare
from keruen.routing.preferred import preferred_way
from keruen.routing.progress import Going, Progress
from keruen.routing.route import route
from keruen.tables.dataset import Dataset
from keruen.tables.reading import table_from_rows
from keruen.tables.scenario import shipped_scenarios

pytestmark = pytest.mark.world
Work = Callable[[Progress], object]
FAR = ("VNHPH", "DEDUI")


class Hook:
    """Counts what it is told, and raises from the given call on; the share must not fall."""

    def __init__(self, last: int | None = None) -> None:
        self.stages: list[str] = []
        self.share = 0.0
        self.last = last

    def __call__(self, stage: str, share: float) -> None:
        assert self.share <= share <= 1
        self.share = share
        self.stages.append(stage)
        if self.last is not None and len(self.stages) >= self.last:
            raise Cancelled


def few(data: Dataset) -> Dataset:
    """Tables with some of the observed journeys and no price."""
    rows = [row for row in data["journeys"] if row.text("period_start") == "2024-01"]
    journeys = table_from_rows(data["journeys"].schema, rows)
    return data.with_table("journeys", journeys).with_table("prices", table_from_rows(data["prices"].schema, []))


WORK: dict[str, Callable[[Dataset], Work]] = {
    "route": lambda data: lambda hook: route(data, *FAR, progress=hook),
    "requires": lambda data: lambda hook: route(data, "CNXAG", "DEDUI", require=["trans_caspian"], progress=hook),
    "keeps out": lambda data: lambda hook: route(data, "CNXAG", "DEDUI", avoid=["corridor:northern"], progress=hook),
    "compare": lambda data: (
        lambda hook: compare(data, shipped_scenarios()["caspian_1m_lower"], "KZALA", "GEPTI", progress=hook)
    ),
    "accuracy": lambda data: lambda hook: accuracy(few(data), progress=lambda share: hook("predict", share)),
}
LEAST = {
    "route": {"network": 3, "search": 30, "corridors": 50},
    "requires": {"network": 3, "search": 30},
    "keeps out": {"network": 3, "search": 100, "corridors": 50},
    "compare": {"network": 6, "search": 20, "corridors": 60, "match": 60},
    "accuracy": {"predict": 12},  # of four journeys
}


@pytest.mark.parametrize("name", WORK)
def test_every_long_stage_is_told_many_times_and_can_be_stopped_anywhere(world_data: Dataset, name: str) -> None:
    work = WORK[name](world_data)
    whole = Hook()
    work(whole)
    counts = Counter(whole.stages)
    assert all(counts[stage] >= least for stage, least in LEAST[name].items()), counts
    for last in (1, len(whole.stages) // 3, len(whole.stages) * 9 // 10):
        stopped = Hook(max(1, last))
        with pytest.raises(Cancelled):
            work(stopped)
        others = threading.active_count() + 16  # each thread of a pool may still ask once
        assert len(stopped.stages) <= max(1, last) + others


def test_a_way_that_is_preferred_is_given_up(world_data: Dataset) -> None:
    calls = 0

    def heed() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        preferred_way(world_data, *FAR, heed=heed)
    assert calls == 3


def test_nothing_is_told_by_two_threads_at_once_and_the_share_never_falls() -> None:
    inside, most, told = 0, 0, []

    def hook(stage: str, share: float) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        told.append(share)
        inside -= 1

    going = Going(hook)
    parts = [going.part(start / 4, (start + 1) / 4) for start in range(4)]
    threads = [threading.Thread(target=lambda part=part: [part("x", k / 50) for k in range(50)]) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1 and told == sorted(told) and len(told) == 200
