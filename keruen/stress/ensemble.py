"""The ensemble: one question in a thousand futures, and what they come to.

    ensemble(data, RouteQuestion("CNSHA", "DEHAM"), draws=1000)

Draw i is the same for every question and every what-if (common random numbers, `draws`). Results go into a store as they come; the same
question asked again takes what is there and works out the rest, so a run may be stopped, killed and started again at any time and on other
machines, and ends with the same bits.

Most critical: I_e = (answer with e alone - answer with nothing) x days a year in which e holds / 365. It needs no draws and has no error
of chance; what several do at once is in the draws alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keruen.errors import Text, UnknownOption, in_both
from keruen.network.cache import cache_root
from keruen.stress.draws import MOST_DRAWS, YEAR_DAYS, Futures, futures
from keruen.stress.questions import Answer, Question, less
from keruen.stress.running import HERE, check_way, run
from keruen.stress.store import Store
from keruen.stress.summary import Summary, summary
from keruen.stress.task import Opener, Task, opener_of
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

SEED = 2026


@dataclass(frozen=True)
class Critical:
    """A disruption by itself: days a year in which it holds, what it adds to each measure while it holds and in a mean year.

    None in `adds`: while it holds there is no such number, as of the hours where there is no route.
    """

    event: str
    name: Text
    kind: str
    days_per_year: float
    adds: dict[str, float | None]
    per_year: dict[str, float | None]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "disruption": self.event, **in_both("name", self.name), "kind": self.kind, "days_per_year": self.days_per_year,
            "adds": self.adds, "per_year": self.per_year,
        }  # fmt: skip


@dataclass(frozen=True)
class StressResult:
    """A question in many futures: the answers by number of the draw, without any disruption, and what they come to."""

    question: Question
    futures: Futures
    base: Answer
    answers: tuple[Answer, ...]
    critical: tuple[Critical, ...]
    name: str

    @property
    def summaries(self) -> dict[str, Summary]:
        """What is known of each measure."""
        found = {measure: summary(measure, self.answers) for measure in self.question.measures}
        return {measure: one for measure, one in found.items() if one is not None}

    @property
    def unrouted(self) -> float:
        """The share of draws in which there is no way at all; 0 for a question that is not about one."""
        return sum(one.get("routed") == 0 for one in self.answers) / len(self.answers)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "question": self.question.key, "name": self.name, "draws": len(self.answers), "seed": self.futures.seed,
            "unrouted_share": self.unrouted, "base": dict(self.base),
            "summaries": {name: one.to_dict() for name, one in self.summaries.items()},
            "critical": [one.to_dict() for one in self.critical],
        }  # fmt: skip


def ensemble(
    data: Dataset,
    question: Question,
    *,
    draws: int = 1000,
    seed: int = SEED,
    only: tuple[str, ...] = (),
    demand: bool = False,
    prices: bool = False,
    on: str = HERE,
    workers: int = 0,
    folder: Path | None = None,
    opener: Opener | None = None,
    critical: bool = True,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> StressResult:
    """A question in so many futures of a dataset.

    only: keys of disruptions that may happen; all of the table without. demand, prices: draw these too. on: where (running.py); workers:
    how many there. folder: of the results, in the cache folder without. opener: how workers open the dataset, if it is not of files.
    progress: told the stage and the share done; what it raises stops the run, and the next one goes on from there.

    Raises:
        UnknownOption: a disruption, a number of draws or a way to run that there is not.
        StoreInUse: another process runs the same question.
        ClusterTrouble: the cluster does not answer.
        KeruenError: as the question does.
    """
    check_way(on)
    if not 1 <= draws <= MOST_DRAWS:
        raise UnknownOption(said("err_stress_draws", draws=draws, most=MOST_DRAWS))
    made = futures(data, seed, only=only, demand=demand, prices=prices)
    base = question.alone(data, "")
    task = Task(opener or opener_of(data), question, made, data.content_hash)
    with Store((folder or cache_root() / "stress") / f"results-{task.name}.jsonl") as store:
        left = [number for number in range(draws) if number not in store.answers]
        here = question.prepared(data) if on == HERE and left else None
        progress("stress_draws", 1 - len(left) / draws)
        with closing(
            run(task, left, on=on, answer=lambda n: here(made.draw(n)) if here else {}, workers=workers)
        ) as run_:
            for done, (number, answer) in enumerate(run_, 1):
                store.add(number, answer)
                progress("stress_draws", 1 - (len(left) - done) / draws)
        answers = tuple(store.answers[number] for number in range(draws))
    ranked = most_critical(data, question, made, base, progress) if critical else ()
    return StressResult(question, made, base, answers, ranked, task.name)


def most_critical(
    data: Dataset, question: Question, made: Futures, base: Answer, progress: Callable[[str, float], None]
) -> tuple[Critical, ...]:
    """Every disruption by itself, that which takes ways away first, then that which adds most to the first measure in a mean year."""
    found = []
    for row, event in enumerate(made.events):
        progress("stress_critical", row / len(made.events))
        with_it = question.alone(data, event.key)
        days = min(event.days_per_year, YEAR_DAYS)
        adds = {name: less(with_it.get(name), base.get(name)) for name in question.measures}
        per_year = {name: None if value is None else value * days / YEAR_DAYS for name, value in adds.items()}
        found.append(Critical(event.key, event.name, event.kind, days, adds, per_year))
    first = question.measures[0]

    def weight(one: Critical) -> float:
        value = one.per_year[first]
        return -np.inf if value is None and base.get(first) is not None else -(value or 0.0)

    return tuple(sorted(found, key=weight))
