"""One way to run many questions: here, on all processors of this machine, or on a Dask cluster given its address.

    here             one after the other in this process
    processes        a pool of processes, one for each processor
    local            a Dask cluster on this machine, one worker for each processor
    tcp://host:8786  a Dask cluster that runs already; its workers see the same cache folder

Results come as (number, answer) in any order; each draw is its own task, so what a lost worker was at is done again by another and nothing
else is. A pool of processes that loses one is started anew with what is left. Dask gives a task up that killed several workers; then the
run ends with its error, and goes on from the store when it is started again.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from keruen.errors import KeruenError, UnknownOption
from keruen.stress.questions import Answer
from keruen.stress.task import Task
from keruen.tables.words import said

Results = Generator[tuple[int, Answer], None, None]
HERE, PROCESSES, LOCAL = "here", "processes", "local"
WAYS = (HERE, PROCESSES, LOCAL, "tcp://HOST:PORT")
AHEAD = 4  # tasks at once for each worker: so many that none waits, so few that stopping is quick
MOST_LOSSES = 5  # pools of processes that broke in a row without a result in between


class ClusterTrouble(KeruenError):
    """A cluster that cannot be reached, or that lost too many workers."""

    kind = "cluster"


def check_way(on: str) -> None:
    """That a way to run is one. Raises UnknownOption, ClusterTrouble where it needs what is not installed."""
    if on not in (HERE, PROCESSES, LOCAL) and "://" not in on:
        what = said("stress_what_way")
        raise UnknownOption(said("err_unknown_value", what=what, value=on, known=", ".join(WAYS)), WAYS)
    if on not in (HERE, PROCESSES):
        try:
            import distributed  # noqa: F401
        except ImportError:
            raise ClusterTrouble(said("err_stress_no_dask")) from None


def run(task: Task, numbers: Iterable[int], *, on: str, answer: Callable[[int], Answer], workers: int = 0) -> Results:
    """The answers of a task in the draws of these numbers, as they come. answer: what gives one in this process.

    workers: how many on this machine; 0: one for each processor. Closing the iterator ends the work.

    Raises:
        ClusterTrouble: no cluster answers, or it lost too many workers.
    """
    count = workers or os.cpu_count() or 1
    if on == HERE:
        yield from ((number, answer(number)) for number in numbers)
    elif on == PROCESSES:
        yield from by_processes(task, list(numbers), count)
    else:
        yield from by_cluster(task, list(numbers), on, count)


def by_processes(task: Task, numbers: list[int], workers: int) -> Results:
    """The same by a pool of processes."""
    left, losses = dict.fromkeys(numbers), 0
    while left:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        try:
            waiting: dict[Future[Answer], int] = {}
            coming = iter(list(left))
            while left:
                for number in islice(coming, AHEAD * workers - len(waiting)):
                    waiting[pool.submit(task.answer, number)] = number
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    number = waiting.pop(future)
                    found = future.result()
                    del left[number]
                    losses = 0
                    yield number, found
        except BrokenProcessPool:
            losses += 1
            if losses >= MOST_LOSSES:
                raise ClusterTrouble(said("err_stress_lost", times=losses)) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def by_cluster(task: Task, numbers: list[int], address: str, workers: int) -> Results:
    """The same by a Dask cluster; what is under way is cancelled at the end."""
    import distributed

    dask: Any = distributed  # not typed
    cluster: Any = None
    try:
        if address == LOCAL:
            cluster = dask.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL
            )  # fmt: skip
        client = dask.Client(cluster if cluster is not None else address, timeout="20s", set_as_default=False)
    except OSError as problem:
        raise ClusterTrouble(said("err_stress_cluster", address=address, problem=str(problem))) from None
    try:
        known = len(client.scheduler_info(n_workers=-1)["workers"]) or workers
        coming = iter(numbers)
        first = {client.submit(task.answer, number, pure=False): number for number in islice(coming, AHEAD * known)}
        of, queue = dict(first), dask.as_completed(list(first), loop=client.loop)
        for future in queue:
            number = of.pop(future)
            try:
                found = future.result()
            except dask.KilledWorker:
                raise ClusterTrouble(said("err_stress_lost", times=MOST_LOSSES)) from None
            for more in islice(coming, 1):
                submitted = client.submit(task.answer, more, pure=False)
                of[submitted] = more
                queue.add(submitted)
            yield number, found
        client.cancel(list(of))
    finally:
        client.close()
        if cluster is not None:
            cluster.close()
