"""Whose turn it is to work: who sees a part of the answer waits for those who see nothing, and whoever stops gives the turn away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import until

from keruen.errors import Cancelled
from keruen.web.desk import Body
from keruen.web.jobs import Stage, Tell, Workshop
from keruen.web.settings import Settings


def in_loop(visits: Callable[[Workshop], Awaitable[None]]) -> None:
    """Do something with a workshop that works at one thing at a time, in a loop and thread of its own: other tests have one."""

    async def run() -> None:
        workshop = Workshop(Settings(workers=1))
        try:
            await asyncio.wait_for(visits(workshop), 20)
        finally:
            workshop.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


async def begun(workshop: Workshop, name: str) -> None:
    """Wait until a job has its turn: which of several new threads takes it first is nobody's choice."""
    while name not in workshop.jobs or workshop.jobs[name].began_at is None:
        await asyncio.sleep(0.01)


def test_first_ways_of_everyone_come_before_the_rest_of_anyone() -> None:
    done: list[str] = []
    all_asked = threading.Event()

    def work_of(name: str) -> Callable[[Tell], Body]:
        def work(tell: Tell) -> Body:
            assert all_asked.wait(10)
            done.append(f"first of {name}")
            tell.early(b"{}")
            done.append(f"rest of {name}")
            return Body(name.encode())

        return work

    async def visits(workshop: Workshop) -> None:
        async def visit(name: str) -> list[Body | Stage]:
            return [stage async for stage in workshop.follow(name, work_of(name), "")]

        asked = [asyncio.create_task(visit("a"))]
        await begun(workshop, "a")
        asked += [asyncio.create_task(visit(name)) for name in "bc"]
        while len(workshop.jobs) < 3 or len(workshop.turns.waiting) < 2:
            await asyncio.sleep(0.01)
        all_asked.set()
        for name, stages in zip("abc", await asyncio.gather(*asked), strict=True):
            assert stages[-1] == Body(name.encode())
        assert workshop.turns.free == 1 and not workshop.turns.waiting

    in_loop(visits)
    assert done == [f"{part} of {name}" for part in ("first", "rest") for name in "abc"]


@pytest.mark.parametrize("again", range(40))  # the moment of going is chance: a cancel beside news was lost once in a while
def test_who_goes_while_set_aside_ends_at_once_and_takes_no_turn(again: int) -> None:
    begin, end = threading.Event(), threading.Event()

    def shown(tell: Tell) -> Body:
        tell.early(b"{}")
        raise AssertionError("nobody waits for the rest")

    def until_set(event: threading.Event) -> Callable[[Tell], Body]:
        def work(tell: Tell) -> Body:
            assert event.wait(10)
            return Body(b"blind")

        return work

    async def visits(workshop: Workshop) -> None:
        async def visit(name: str, work: Callable[[Tell], Body]) -> object:
            return [stage async for stage in workshop.follow(name, work, "")][-1]

        works = {"holder": until_set(begin), "shown": shown, "blind": until_set(end)}
        holder = asyncio.create_task(visit("holder", works["holder"]))
        await begun(workshop, "holder")
        seen, blind = (asyncio.create_task(visit(name, works[name])) for name in ("shown", "blind"))
        while len(workshop.turns.waiting) < 2:
            await asyncio.sleep(0.01)
        job, last = workshop.jobs["shown"], workshop.jobs["blind"]
        begin.set()
        await holder
        while last.began_at is None:  # the other is set aside
            await asyncio.sleep(0.01)
        seen.cancel()
        await asyncio.to_thread(until, job.future.done)
        assert isinstance(job.future.exception(), Cancelled) and not blind.done()
        end.set()
        assert await blind == Body(b"blind")
        assert workshop.turns.free == 1 and not workshop.turns.waiting

    try:
        in_loop(visits)
    finally:
        begin.set()
        end.set()
