"""What holds of every scenario: its text reads back to it, what it closes improves nothing, a lower sea serves nobody better."""

from __future__ import annotations

import sys
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from keruen.errors import NoRoute
from keruen.routing.route import route
from keruen.routing.shipment import Shipment
from keruen.tables import Dataset
from keruen.tables.caspian import consequences, share_left
from keruen.tables.scenario import Scenario, parse_scenario
from keruen.tables.scenario_entries import Add, Caspian, Change, Close, Value

sys.path.insert(0, str(Path(__file__).parents[1] / "stories"))
from toy_world import BOX, toy  # noqa: E402 (the toy world is a neighbour of the stories)

LINES = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
KEYS = st.text(
    st.characters(codec="ascii", categories=("Ll", "Nd"), include_characters="_-. \"'"), min_size=1, max_size=12
)
CELLS: st.SearchStrategy[Value] = st.one_of(
    LINES, st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e15, 1e15), st.lists(LINES, max_size=3).map(tuple)
)
REASONS = {"reason": LINES, "reason_ru": st.just("") | LINES, "source": st.lists(LINES, max_size=2).map(tuple)}
FACTORS = st.floats(0, 1e6)
CLOSINGS = st.builds(Close, what=LINES, evidence=st.lists(LINES, max_size=2).map(tuple), **REASONS)
CHANGES = st.one_of(
    st.builds(Change, row=LINES, column=LINES, value=CELLS, **REASONS),
    st.builds(Change, row=LINES, column=LINES, factor=FACTORS, **REASONS),
)
ADDED = st.builds(
    Add,
    table=LINES,
    row=st.dictionaries(KEYS, CELLS, min_size=1, max_size=4).map(lambda row: tuple(row.items())),
    **REASONS,
)
SCENARIOS = st.builds(
    Scenario, st.from_regex(r"[a-z0-9_-]{1,60}", fullmatch=True), st.just("") | LINES, st.just("") | LINES,
    st.lists(CLOSINGS, max_size=3).map(tuple), st.lists(CHANGES, max_size=3).map(tuple), st.lists(ADDED, max_size=3).map(tuple),
    st.none() | st.builds(Caspian, level_change_m=st.floats(-20, 20), **REASONS),
)  # fmt: skip


@given(SCENARIOS)
@example(Scenario("x", add=(Add(reason='"\\', table="t", row=(("a b", "'''"), ("é", ()), ("c", True))),)))
@example(Scenario("x", change=(Change(reason="\u200b", row="r", column="c", value=""),)))
def test_a_scenario_written_reads_back_the_same(scenario: Scenario) -> None:
    assert parse_scenario(scenario.to_toml()) == scenario
    assert parse_scenario(scenario.to_toml()).to_toml() == scenario.to_toml()


@given(SCENARIOS, st.sampled_from(["en", "ru"]))
def test_every_entry_is_told(scenario: Scenario, lang: str) -> None:
    entries = [*scenario.close, *scenario.change, *scenario.add, *([scenario.caspian] if scenario.caspian else [])]
    told = scenario.describe(lang)
    assert len(told) == len(entries)
    assert all(entry.why(lang) in sentence for entry, sentence in zip(entries, told, strict=True))


FEATURES = (
    "passage:canal", "passage:cape", "service:lake_ferry", "border:pass_rail", "border:moor_road", "mode:air", "mode:sea",
    "mode:road", "place:CROSS", "place:ELM", "region:north_of_12",
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(FEATURES),
    st.integers(0, 3),
    st.sampled_from([("ANVIL", "FORT"), ("BAY", "GULF"), ("DOCK", "IBIS")]),
)
def test_closing_never_improves(features: list[str], number: int, ends: tuple[str, str]) -> None:
    less = Scenario("less", close=tuple(Close(what=one, reason="x") for one in features[:number])).apply(toy())
    more = Scenario("more", close=tuple(Close(what=one, reason="x") for one in features[: number + 1])).apply(toy())
    for objective, measure in (("fastest", "time_h"), ("cheapest", "cost_usd"), ("cleanest", "co2e_kg")):
        best = [least(data, ends, objective, measure) for data in (less, more)]
        assert best[1] >= best[0] * (1 - 1e-9)


def least(data: Dataset, ends: tuple[str, str], objective: str, measure: str) -> float:
    """The least value of a measure; infinite where there is no way."""
    try:
        found: float = getattr(
            route(data, *ends, shipment=Shipment(commodity=BOX), objective=objective).routes[0], measure
        )
    except NoRoute:
        return float("inf")
    return found


@given(a=st.floats(0, 3), b=st.floats(0, 3))
def test_a_ship_carries_no_more_when_the_sea_is_lower(a: float, b: float, shipped: Dataset) -> None:
    for ship in shipped["caspian_ships"]:
        high, low = share_left(ship, min(a, b)), share_left(ship, max(a, b))
        assert 0 <= low <= high <= 1
        assert share_left(ship, 0.0) == 1


def test_no_fall_changes_no_cell_and_a_great_one_closes_all(shipped: Dataset) -> None:
    tiny = list(consequences(shipped, -1e-12))
    assert tiny and not any(one.closed for one in tiny)
    for one in tiny:
        row = shipped["services"].find(one.service)
        assert row is not None
        assert all(value == pytest.approx(row.number(column)) for column, value in one.cells)
    assert all(one.closed for one in consequences(shipped, -10.0))
