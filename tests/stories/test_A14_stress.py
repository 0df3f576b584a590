"""A14  Futures in which things break: each draw is the same for everybody, and a run that is killed goes on where it was.

BAY ~~~~ canal 5000 km ~~~~ GULF          blocked at times: round the cape, 8000 km
DOCK ~ ferry 400 km ~ ELM                 stopped by storms
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_world import BOX, toy_with

from keruen.errors import UnknownOption
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.stress.disruptions import broken, events
from keruen.stress.draws import YEAR_DAYS, Draw, futures
from keruen.stress.ensemble import StressResult, ensemble
from keruen.stress.questions import RouteQuestion
from keruen.stress.store import Store, StoreInUse, read_results
from keruen.stress.summary import cvar, mean_of, quantile
from keruen.tables.dataset import Dataset

INVENTED = {"basis": "assumed", "source": "invented", "note": "A story."}


def happening(key: str, item: str, per_year: float, days: float, **more: object) -> dict[str, object]:
    return {
        "disruption": key, "name": key, "name_ru": key, "kind": "weather", "effect": "closed", "items": item, "per_year": per_year,
        "days": days, "days_log_sd": 0.5, **INVENTED, **more,
    }  # fmt: skip


DISRUPTIONS = [
    happening("canal_blocked", "passage:canal", 4, 20),
    happening("storm", "service:lake_ferry", 6, 10, months="11|12", group="lake", group_share=0.5),
    happening("fog", "border:moor_road", 3, 8, group="lake", group_share=0.5),
]
SPREADS = [{"spread": "demand", "kind": "demand", "markets": "", "log_sd": 0.1, **INVENTED}]
BOXES = Shipment(commodity=BOX)
ELSE = ("mode:rail", "mode:road", "mode:air")
BY_SEA = RouteQuestion("BAY", "GULF", BOXES, avoid=ELSE)


def fragile() -> Dataset:
    """The toy world with things that break; workers open it by this function."""
    return toy_with(disruptions=DISRUPTIONS, draw_spreads=SPREADS)


def test_a_draw_does_not_depend_on_what_else_is_drawn() -> None:
    data = fragile()
    every, one = futures(data, 7), futures(data, 7, only=("fog",))
    for number in (0, 3, 19_999):
        assert [it for it in every.draw(number).occurrences if it.event == "fog"] == list(one.draw(number).occurrences)
    assert replace(futures(data, 7, demand=True).draw(5), demand=1.0) == every.draw(5)
    assert every.draw(5) != futures(data, 8).draw(5)


def test_draws_happen_as_often_and_as_long_as_the_table_says() -> None:
    made, n = futures(fragile(), 1, demand=True), 2000
    drawn = [made.draw(number) for number in range(n)]
    for event in made.events:
        found = [it for one in drawn for it in one.occurrences if it.event == event.key]
        assert len(found) / n == pytest.approx(event.per_year, abs=4 * np.sqrt(event.per_year / n))
        assert np.mean([it.days for it in found]) == pytest.approx(event.days, rel=0.05)
    storms = [it.day for one in drawn for it in one.occurrences if it.event == "storm"]
    assert min(storms) >= 304 and max(storms) < 365  # November and December
    assert np.mean([one.demand for one in drawn]) == pytest.approx(1, abs=0.01)
    counts = [
        [sum(it.event == key for it in one.occurrences) for one in drawn] for key in ("canal_blocked", "storm", "fog")
    ]
    alone, together = np.corrcoef(counts[0], counts[2])[0, 1], np.corrcoef(counts[1], counts[2])[0, 1]
    assert abs(alone) < 0.08
    assert together == pytest.approx(0.5, abs=0.08)


def test_the_year_of_a_draw_is_whole_and_its_shares_are_those_of_days() -> None:
    made = futures(fragile(), 1)
    for number in range(50):
        drawn = made.draw(number)
        periods = drawn.periods()
        assert sum(share for share, _ in periods) == pytest.approx(1, abs=1e-12)
        assert len({held for _, held in periods}) == len(periods)
        days = np.arange(0.05, YEAR_DAYS, 0.1)
        for share, held in periods:
            assert np.mean([drawn.holding(float(day)) == held for day in days]) == pytest.approx(share, abs=2e-3)


def test_a_future_is_a_dataset() -> None:
    data = fragile()
    shut = Draw(0, 0.0, (replace(futures(data, 1).draw(0).occurrences[0], event="canal_blocked", day=0.0, days=5.0),))
    assert shut.apply(data)["conditions"].row(0).text("item") == "passage:canal"
    assert replace(shut, day=6.0).apply(data) is data
    best = route(shut.apply(data), "BAY", "GULF", shipment=BOXES, most=1, avoid=ELSE).routes[0]
    assert best.corridor == "cape"
    assert broken(data, ()) is data
    with pytest.raises(UnknownOption):
        events(data, ["flood"])


def test_a_route_over_draws_is_that_of_what_holds(tmp_path: Path) -> None:
    data = fragile()
    found = ensemble(data, BY_SEA, draws=60, folder=tmp_path)
    open_, shut = (
        route(broken(data, keys), "BAY", "GULF", shipment=BOXES, most=1, avoid=ELSE).routes[0]
        for keys in ((), ("canal_blocked",))
    )
    for number, answer in enumerate(found.answers):
        drawn = found.futures.draw(number)
        best = shut if "canal_blocked" in drawn.holding(drawn.day) else open_
        assert (answer["corridor"], answer["cost_usd"]) == (best.corridor, best.cost_usd)
    assert {one["corridor"] for one in found.answers} == {"canal", "cape"}
    assert found.base["time_h"] == open_.time_h
    worst = found.critical[0]
    assert worst.event == "canal_blocked"
    assert worst.adds["time_h"] == pytest.approx(shut.time_h - open_.time_h)
    assert worst.per_year["time_h"] == pytest.approx((shut.time_h - open_.time_h) * 80 / 365)
    assert found.unrouted == 0


def test_no_route_is_counted_and_is_no_number(tmp_path: Path) -> None:
    question = RouteQuestion("ANVIL", "ELM", BOXES, avoid=("mode:sea", "mode:road", "mode:air"))
    found = ensemble(fragile(), question, draws=80, folder=tmp_path)
    without = [one for one in found.answers if one["routed"] == 0]
    assert without
    assert all(one["time_h"] is None for one in without)
    assert found.unrouted == len(without) / 80
    assert found.summaries["time_h"].n == 80 - len(without)
    assert found.critical[0].adds["time_h"] is None


def test_the_summary_is_that_of_the_numbers() -> None:
    values = np.arange(1.0, 101.0)
    assert mean_of(values).value == 50.5
    assert quantile(values, 0.95).value == 95
    assert cvar(values, 0.95).value == pytest.approx(98)  # the mean of 96 to 100
    hits, low = 0, np.random.default_rng(3)
    for _ in range(300):
        sample = np.sort(low.exponential(1.0, 400))
        hits += quantile(sample, 0.95).low <= -np.log(0.05) <= quantile(sample, 0.95).high
    assert hits / 300 >= 0.92


def test_a_store_keeps_bits_and_drops_a_cut_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    third = {"x": 1 / 3, "y": None, "z": "lake"}
    with Store(path) as store:
        store.add(0, third)
        store.add(1, {"x": 5e-324})
        store.add(1, {"x": 9.0})  # there already
        with pytest.raises(StoreInUse):
            Store(path)
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        kept, size = read_results(path)
        assert size <= cut
        assert kept == {number: one for number, one in ((0, third), (1, {"x": 5e-324})) if number < len(kept)}
    path.write_bytes(whole[:-3])
    with Store(path) as store:
        assert store.answers == {0: third}
        store.add(1, {"x": 5e-324})
    assert path.read_bytes() == whole


def asked_in_a_child(folder: Path) -> None:
    """A run that is killed when some results are there."""

    def die(stage: str, share: float) -> None:
        if stage == "stress_draws" and share >= 0.4:
            os.kill(os.getpid(), signal.SIGKILL)

    ensemble(fragile(), BY_SEA, draws=50, folder=folder, progress=die)


def same(one: StressResult, other: StressResult) -> bool:
    return one.answers == other.answers and one.to_dict() == other.to_dict()


def test_a_killed_run_goes_on_and_ends_with_the_same_bits(tmp_path: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=asked_in_a_child, args=(tmp_path / "killed",))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    (file,) = (tmp_path / "killed").iterdir()
    kept, _ = read_results(file)
    assert len(kept) == 20
    asked: list[float] = []
    again = ensemble(
        fragile(), BY_SEA, draws=50, folder=tmp_path / "killed", progress=lambda _, share: asked.append(share)
    )
    assert asked[0] == pytest.approx(0.4)  # nothing that was stored is asked again
    assert same(again, ensemble(fragile(), BY_SEA, draws=50, folder=tmp_path / "whole"))


@pytest.mark.parametrize("on", ["processes", "local"])
def test_a_lost_worker_loses_nothing_and_changes_nothing(on: str, tmp_path: Path) -> None:
    if on == "local":
        pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    killed: list[int] = []

    def kill_one(stage: str, share: float) -> None:
        if stage == "stress_draws" and share >= 0.2 and not killed:
            killed.append(worker_of(on))
            os.kill(killed[0], signal.SIGKILL)

    many = ensemble(
        fragile(),
        BY_SEA,
        draws=60,
        on=on,
        workers=2,
        folder=tmp_path / "many",
        opener=fragile,
        progress=kill_one,
        critical=False,
    )
    assert killed
    (file,) = (tmp_path / "many").iterdir()
    assert len(file.read_bytes().splitlines()) == 60  # every result once
    one = ensemble(fragile(), BY_SEA, draws=60, folder=tmp_path / "one", opener=fragile, critical=False)
    assert many.answers == one.answers


def worker_of(on: str) -> int:
    """A process at work for this one: of a pool, or below a nanny of the cluster."""
    if on == "processes":
        return multiprocessing.active_children()[0].pid or 0
    psutil = pytest.importorskip("psutil")
    nannied = [one for one in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(one.cmdline())]
    return int(nannied[0].pid)


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: ensemble(fragile(), BY_SEA, draws=0), "draws"),
    (lambda: ensemble(fragile(), BY_SEA, on="moon"), "moon"),
    (lambda: ensemble(fragile(), BY_SEA, only=("flood",)), "flood"),
]


@pytest.mark.parametrize(("ask", "told"), WRONG)
def test_wrong_questions_are_told(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(UnknownOption, match=told) as problem:
        ask()
    assert problem.value.message.ru != problem.value.message  # type: ignore[attr-defined]
