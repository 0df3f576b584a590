"""Stress at scale: futures of the flows a second on one and two workers, overhead of a task, memory of a worker, what fixed routes miss.

    python benchmarks/stress.py [--draws 1000] [--cover 1.0] [--sample 4] [--ways here,processes,local]

The routes of all disruptions are searched first (minutes, once). `--sample`: so many states with two or more disruptions are also solved
exactly, as `keruen flows` does, and compared.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import keruen
from keruen.flows.assignment import assign, covering
from keruen.stress.disruptions import broken
from keruen.stress.draws import Draw, futures
from keruen.stress.ensemble import SEED, ensemble
from keruen.stress.flow_question import FlowQuestion
from keruen.stress.questions import Answer, Asked
from keruen.tables.dataset import Dataset

MEGA = 1e6
TASKS = 400


@dataclass(frozen=True)
class Nothing:
    """A question that takes no time: what is left is the overhead of a task."""

    key: str = "nothing"
    measures: tuple[str, ...] = ("x",)

    def prepared(self, data: Dataset) -> Asked:
        return lambda draw: {"x": draw.day}

    def alone(self, data: Dataset, event: str) -> Answer:
        return {"x": 0.0}


@dataclass(frozen=True)
class Weighed(FlowQuestion):
    """The flows, and what the process that answered takes: CPU seconds, MB of its own, MB with its part of what is shared."""

    def prepared(self, data: Dataset) -> Asked:
        asked = super().prepared(data)

        def ask(draw: Draw) -> Answer:
            start = time.process_time()
            answer = dict(asked(draw))
            own, part = memory()
            return {
                **answer,
                "cpu_s": time.process_time() - start,
                "own_mb": own,
                "part_mb": part,
                "pid": str(os.getpid()),
            }

        return ask


def memory() -> tuple[float, float]:
    """MB of this process alone, and with its part of what it shares."""
    rows = dict(line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    kb = {name: float(value.split()[0]) for name, value in rows.items() if "kB" in value}
    return (kb["Private_Clean"] + kb["Private_Dirty"]) * 1024 / MEGA, kb["Pss"] * 1024 / MEGA


def several(data: Dataset, draws: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """States with two or more disruptions and the share of all days in which they hold, the most frequent first."""
    made, shares = futures(data, SEED), dict[tuple[str, ...], float]()
    for number in range(draws):
        for share, held in made.draw(number).periods():
            shares[held] = shares.get(held, 0.0) + share / draws
    days = [sum(share for held, share in shares.items() if min(len(held), 2) == n) for n in (0, 1, 2)]
    print(f"share of days with none, one, several: {[round(share, 3) for share in days]}")
    yield from sorted(((held, share) for held, share in shares.items() if len(held) > 1), key=lambda pair: -pair[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--cover", type=float, default=1.0)
    parser.add_argument("--sample", type=int, default=4)
    parser.add_argument("--demand", action="store_true", help="Draw the demand too: no state is met twice.")
    parser.add_argument("--ways", default="here,processes,local")
    how = parser.parse_args()
    data, question = keruen.load(), Weighed(cover=how.cover)
    start = time.process_time()
    ground = question.ground(data)
    print(
        f"ground: {time.process_time() - start:.0f} CPU s, {len(ground.routes.corridor):,} routes, {len(ground.events)} disruptions"
    )
    with TemporaryDirectory() as folder:
        for way in how.ways.split(","):
            for workers in (1,) if way == "here" else (1, 2):
                place = Path(folder) / f"{way}{workers}"
                start = time.perf_counter()
                ensemble(data, Nothing(), draws=TASKS, on=way, workers=workers, folder=place, critical=False)
                print(f"{way} {workers}: {TASKS} tasks that take no time {time.perf_counter() - start:.2f} s")
        first = None
        for way in how.ways.split(","):
            for workers in (1,) if way == "here" else (1, 2):
                place = Path(folder) / f"flows{way}{workers}"
                start, cpu = time.perf_counter(), time.process_time()
                found = ensemble(
                    data, question, draws=how.draws, demand=True, on=way, workers=workers, folder=place, critical=False
                )
                wall = time.perf_counter() - start
                each = np.array([one["cpu_s"] for one in found.answers], float)
                last = {one["pid"]: (one["own_mb"], one["part_mb"]) for one in found.answers}
                settled = np.mean([one["settled"] for one in found.answers])
                names = ("added_usd", "lost_t", "unserved_t")
                told = [tuple(one[name] for name in names) for one in found.answers]
                first = first or told
                print(
                    f"{way} {workers}: {how.draws} draws {wall:.0f} s wall, {each.sum():.0f} CPU s in draws (mean {each.mean():.2f}, "
                    f"max {each.max():.2f}), asking process {time.process_time() - cpu:.1f} CPU s, "
                    f"memory own/part MB {[tuple(round(float(x)) for x in pair) for pair in last.values()]}, settled {settled:.3f}, "
                    f"same bits {told == first}"
                )
    print({name: one.to_dict() for name, one in found.summaries.items()})
    usual = ground.state(())
    demand, _ = covering(question.demand_of(data), how.cover)
    base = assign(data, demand)
    for held, share in list(several(data, how.draws))[: how.sample]:
        start = time.process_time()
        state = ground.state(held)
        fast = time.process_time() - start
        exact = assign(broken(data, held), demand, usual=base)
        both = (exact.loading.shipped_t > 0) & (usual.shipped_t > 0)
        rise = exact.loading.expected_usd_per_t[both] - usual.usd_per_t[both]
        usd, tonnes = ground.added(state, usual)
        exact_t = exact.loading.unserved_t.sum() - usual.unserved_t
        exact_usd = float(exact.loading.shipped_t[both] @ rise)
        print(f"{'+'.join(held)}, {100 * share:.2f} % of days")
        print(f"  added {usd / MEGA:.1f} against {exact_usd / MEGA:.1f} million USD a year")
        print(f"  unserved {tonnes / MEGA:.4f} against {exact_t / MEGA:.4f} Mt a year")
        print(f"  {fast:.2f} against {time.process_time() - start - fast:.0f} CPU s")


if __name__ == "__main__":
    main()
