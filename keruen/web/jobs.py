"""Work in threads: as many at once as there are cores, the rest in a queue; with progress, cancel, time limit, and what was answered kept.

    ask(key, work)   kept? -> at once      running? -> wait with those who wait      else -> queue
    early(part)      who has something to look at lets those go first who see nothing yet, as if it had been asked SEEN_S later

Who asks the same as another waits for the same piece of work. When the last one has gone the work is cancelled: it learns of that when
it next tells its progress (`Cancelled`), as it does when its time is used up. What was answered is kept by its question, the least
recently asked going first, bounded by count and bytes.
"""

from __future__ import annotations

import asyncio
import threading
import time
from bisect import insort
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

from keruen.errors import Cancelled
from keruen.tables.words import said
from keruen.web.memory import give_back
from keruen.web.safety import Refusal
from keruen.web.settings import Settings

LOOK_S = 0.03  # how often progress is looked at
FORGET_CLIENTS = 10_000  # clients remembered by the rate limit
SEEN_S = 20.0  # who sees a part of the answer waits behind those who asked so much later and see nothing
SET_ASIDE = 30  # pieces of work that may be set aside half done; each keeps a thread and what its search holds


class Stage(NamedTuple):
    """What is being done, the share done, and what can be shown of the answer already (empty: nothing)."""

    name: str
    share: float
    early: bytes = b""


class Tell(Protocol):
    """How work tells its progress. Both raise Cancelled when nobody waits any more."""

    def __call__(self, stage: str, share: float, /) -> None: ...

    def early(self, part: bytes) -> None:
        """Tell what can be shown already."""


class Product(Protocol):
    """What work makes: it knows about how many bytes it takes."""

    @property
    def nbytes(self) -> int: ...


Made = TypeVar("Made", bound=Product)


class Turns:
    """Who may work: so many at once, and of those who wait the one that is due first."""

    def __init__(self, at_once: int) -> None:
        self.free = at_once
        self.waiting: list[tuple[float, int]] = []  # when due, and by which number: the first first
        self.numbers = 0
        self.changed = threading.Condition()

    def take(self, due: float, stopped: threading.Event) -> None:
        """Wait for a turn. Raises Cancelled when the work was stopped meanwhile."""
        with self.changed:
            self.numbers += 1
            mine = (due, self.numbers)
            insort(self.waiting, mine)
            try:
                self.changed.wait_for(lambda: stopped.is_set() or (self.free > 0 and self.waiting[0] == mine))
                if stopped.is_set():
                    raise Cancelled
                self.free -= 1
            finally:
                self.waiting.remove(mine)
                self.changed.notify_all()

    def give_back(self) -> None:
        """End a turn."""
        with self.changed:
            self.free += 1
            self.changed.notify_all()

    def look(self) -> None:
        """Let those who wait see that work was stopped."""
        with self.changed:
            self.changed.notify_all()

    def is_sooner(self, due: float) -> bool:
        """Whether somebody waits who is due sooner."""
        with self.changed:
            return bool(self.waiting) and self.waiting[0][0] < due


class Job:
    """A piece of work in the queue or under way, and how many wait for it."""

    def __init__(self, work: Callable[[Tell], Any], turns: Turns, *, keep: bool) -> None:
        self.work, self.turns, self.keep = work, turns, keep
        self.waiting_for_it = 0
        self.stage = Stage("queue", 0.0)
        self.asked_at = time.monotonic()
        self.began_at: float | None = None
        self.has_turn = False
        self.stopped = threading.Event()
        self.future: Future[Any] = Future()
        self.loop = asyncio.get_running_loop()
        self.done = asyncio.Event()
        self.news = asyncio.Event()  # set and replaced when there is something that nobody should wait for

    def run(self) -> Any:
        """Do the work, in a thread, when it is its turn."""
        self.turns.take(self.asked_at, self.stopped)
        self.has_turn = True
        try:
            self.began_at = time.monotonic()
            self("begin", 0.0)
            return self.work(self)
        finally:
            if self.has_turn:
                self.turns.give_back()

    def __call__(self, stage: str, share: float, /) -> None:
        """Take note of progress; raises Cancelled when nobody waits any more."""
        if self.stopped.is_set():
            raise Cancelled
        self.stage = Stage(stage, min(max(share, 0.0), 1.0), self.stage.early)

    def early(self, part: bytes) -> None:
        """Take note of what can be shown already, and let those go first who see nothing; raises Cancelled when nobody waits any more."""
        if self.stopped.is_set():
            raise Cancelled
        self.stage = self.stage._replace(early=part)
        with suppress(RuntimeError):  # the server has stopped meanwhile
            self.loop.call_soon_threadsafe(self.wake)
        due = self.asked_at + SEEN_S
        if self.turns.is_sooner(due):
            began = time.monotonic()
            self.has_turn = False
            self.turns.give_back()
            self.turns.take(due, self.stopped)
            self.has_turn = True
            self.began_at = (self.began_at or began) + time.monotonic() - began

    def wake(self) -> None:
        """Let those who wait look, in the thread of the loop."""
        news, self.news = self.news, asyncio.Event()
        news.set()

    def stop(self) -> None:
        """Let the work end at its next word."""
        self.stopped.set()
        self.future.cancel()
        self.turns.look()


@dataclass
class Allowance:
    """What a client may still begin, and when that was reckoned."""

    left: float
    at: float


class Workshop:
    """Threads, the queue before them, and what they made."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.turns = Turns(settings.workers)
        self.threads = ThreadPoolExecutor(settings.workers + SET_ASIDE, thread_name_prefix="keruen-work")
        self.jobs: dict[Hashable, Job] = {}
        self.kept: OrderedDict[Hashable, Product] = OrderedDict()
        self.kept_bytes = 0
        self.allowances: OrderedDict[str, Allowance] = OrderedDict()

    async def ask(
        self,
        key: Hashable,
        work: Callable[[Tell], Made],
        client: str,
        gone: Callable[[], Awaitable[bool]],
        *,
        keep: bool = True,
    ) -> Made:
        """What the work makes, kept or new. Who has gone leaves it to the others, or cancels it. keep: for who asks the same again.

        Raises:
            Refusal: too much asked at once, too long a queue, or the time limit; and whatever the work raises.
        """
        async for stage in self.follow(key, work, client, gone, keep=keep):
            if not isinstance(stage, Stage):
                return stage
        raise AssertionError("work ends with what it made")

    async def follow(
        self,
        key: Hashable,
        work: Callable[[Tell], Made],
        client: str,
        gone: Callable[[], Awaitable[bool]] | None = None,
        *,
        keep: bool = True,
    ) -> AsyncIterator[Stage | Made]:
        """As `ask`, telling each new stage and share of the work, and what was made as the last. A stream knows by itself who has gone."""
        made: Any = self.find(key)
        if made is not None:
            yield made
            return
        job = self.jobs.get(key) or self.begin(key, work, client, keep=keep)
        job.waiting_for_it += 1
        try:
            told: Stage | None = None
            while not job.done.is_set():
                news = job.news
                if told != job.stage:
                    told = job.stage
                    yield told
                self.check_time(job)
                with suppress(TimeoutError):  # not wait_for: in Python 3.11 it swallows a cancel that comes with the news
                    async with asyncio.timeout(LOOK_S):
                        await news.wait()
                if gone is not None and await gone():
                    raise Refusal(503, "busy", said("srv_gone"))
            if job.stopped.is_set():
                raise Refusal(503, "busy", said("srv_stops"), {"retry-after": "5"})
            made = job.future.result()
        finally:
            job.waiting_for_it -= 1
            if not job.done.is_set() and not job.waiting_for_it:
                job.stop()
                self.forget(key, job)
        yield made

    def begin(self, key: Hashable, work: Callable[[Tell], Made], client: str, *, keep: bool) -> Job:
        """Put new work into the queue."""
        self.check_allowance(client)
        if len(self.jobs) >= self.settings.most_waiting:
            raise Refusal(503, "busy", said("srv_many_wait"), {"retry-after": "5"})
        job = self.jobs[key] = Job(work, self.turns, keep=keep)

        def tell_loop(done: Future[Any]) -> None:
            with suppress(RuntimeError):  # the server has stopped meanwhile
                job.loop.call_soon_threadsafe(self.end, key, job)

        job.future = self.threads.submit(job.run)
        job.future.add_done_callback(tell_loop)
        return job

    def end(self, key: Hashable, job: Job) -> None:
        """Keep what finished work made."""
        self.forget(key, job)
        job.done.set()
        job.wake()
        if job.keep and not job.future.cancelled() and job.future.exception() is None:
            self.keep(key, job.future.result())
        if not self.jobs:
            with suppress(RuntimeError):  # the server has stopped meanwhile
                self.threads.submit(give_back)

    def forget(self, key: Hashable, job: Job) -> None:
        """Whoever asks this now begins anew."""
        if self.jobs.get(key) is job:
            del self.jobs[key]

    def check_time(self, job: Job) -> None:
        """Stop work whose time is used up. What waits in the queue has as much time again."""
        now, limit = time.monotonic(), self.settings.answer_s
        if job.began_at is not None and now - job.began_at > limit:
            job.stop()
            raise Refusal(503, "timeout", said("srv_timeout", limit=limit), {"retry-after": "10"})
        if job.began_at is None and now - job.asked_at > limit:
            raise Refusal(503, "busy", said("srv_waited", limit=limit), {"retry-after": "10"})

    def check_allowance(self, client: str) -> None:
        """Count work that a client begins; refuse more than its share."""
        now, settings = time.monotonic(), self.settings
        one = self.allowances.pop(client, None) or Allowance(settings.work_at_once, now)
        one.left = min(settings.work_at_once, one.left + (now - one.at) * settings.work_per_s)
        one.at = now
        self.allowances[client] = one
        while len(self.allowances) > FORGET_CLIENTS:
            self.allowances.popitem(last=False)
        if one.left < 1:
            wait_s = max(1, round((1 - one.left) / settings.work_per_s + 0.5))
            raise Refusal(429, "too_many", said("srv_too_many", wait=wait_s), {"retry-after": str(wait_s)})
        one.left -= 1

    def find(self, key: Hashable) -> Product | None:
        """What was kept for a question, None if nothing is."""
        if key in self.kept:
            self.kept.move_to_end(key)
        return self.kept.get(key)

    def keep(self, key: Hashable, made: Product) -> None:
        """Keep what was made, unless it is too large to be kept beside others."""
        if made.nbytes > self.settings.kept_bytes // 4:
            return
        if old := self.kept.pop(key, None):
            self.kept_bytes -= old.nbytes
        self.kept[key] = made
        self.kept_bytes += made.nbytes
        while len(self.kept) > self.settings.kept_answers or self.kept_bytes > self.settings.kept_bytes:
            self.kept_bytes -= self.kept.popitem(last=False)[1].nbytes

    def close(self) -> None:
        """Stop all work, in the thread of the loop; what has not begun never will, and nobody waits any more."""
        for job in list(self.jobs.values()):
            job.stop()
            job.done.set()
            job.wake()
        self.threads.shutdown(wait=False, cancel_futures=True)
