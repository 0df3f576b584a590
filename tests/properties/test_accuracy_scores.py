"""Scores are counted as they are defined: on toy rows by hand, and for any rows by what must not change them."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.routing.accuracy import Accuracy, Band, Compared, Predicted, compared, from_departure, met, score
from keruen.routing.observed import COST, End, Haul, Observation
from keruen.routing.observed_places import Found
from keruen.routing.observed_ways import HaulWay, by_modes, modes_that_differ, not_said_of_land
from keruen.routing.result import Component, Leg, Route

ENDS = HaulWay(Found("A", "KZ"), Found("B", "GE"))


def haul(**more: object) -> Haul:
    return Haul("time", End("A"), End("B"), **{"basis": "observed", "quality": "A", "period": "2024", **more})  # type: ignore[arg-type]


def row(
    least: float, most: float | None = None, *, name: str = "r", claim: str = "", half: str = "report", **more: object
) -> Observation:
    return Observation(name, haul(**more), least, most, bool(more.pop("at_least", False)), claim or name, half)


def beside(rows: Sequence[Observation], band: Band | None = None, half: str = "all") -> Accuracy:
    """Rows beside one prediction for all."""
    band = band or Band(8.0, 10.0, 14.0)
    return Accuracy(
        tuple(compared(rows, {one.haul: Predicted(one.haul, ENDS, one.haul.quality, band) for one in rows}, half)), half
    )


def test_by_hand() -> None:
    """Observed 5, 10, 20 and 8-16 against 8 | 10 | 14: errors 100, 0, -50 and -16.7 per cent, two of four inside."""
    found = beside([row(5, name="a"), row(10, name="b"), row(20, name="c"), row(8, 16, name="d")]).time
    assert found.n == 4
    assert found.median_abs_error_pct == pytest.approx((100 / 6 + 50) / 2)
    assert found.bias_pct == pytest.approx(-100 / 12)
    assert found.inside_p10_p90_pct == 50.0


def test_nothing_is_unknown_and_never_zero() -> None:
    found = beside([]).time
    assert (found.n, found.median_abs_error_pct, found.bias_pct, found.inside_p10_p90_pct) == (0, None, None, None)
    assert set(met("time", found).values()) == {None}


@pytest.mark.parametrize(
    ("rows", "used", "why"),
    [
        ([row(9, basis="announced")], 0, "basis"),
        ([row(9, basis="model")], 0, "basis"),
        ([row(9, basis="")], 0, "basis"),
        ([Observation("r", haul(), 38, None, True, "r", "report")], 0, "at_least"),
        ([row(9, claim="x"), row(12, name="s", claim="x")], 1, "repeat"),
    ],
)
def test_what_does_not_count_says_why_and_is_predicted(rows: list[Observation], used: int, why: str) -> None:
    found = beside(rows)
    assert len(found.used("time")) == used
    (out,) = [one for one in found.rows if not one.used]
    assert out.why == why and out.reason and out.to_dict()["predicted_p50"] == 10.0


def test_halves_are_kept_apart() -> None:
    rows = [row(9, half="fit"), row(12, name="s", half="report")]
    assert [beside(rows, half=half).time.n for half in ("fit", "report", "all")] == [1, 1, 2]
    assert {key: one.n for key, one in beside(rows, half="fit").groups("time", "half").items()} == {
        "fit": 1,
        "report": 1,
    }


def test_prices_count_from_2023_on_and_have_no_band() -> None:
    priced = Haul(COST, End("A"), End("B"), basis="reported_typical", per="feu", currency="USD")
    years = {"a": "2022-12", "b": "2023", "c": ""}
    rows = [
        Observation(key, replace(priced, period=year), 8, None, False, key, "report") for key, year in years.items()
    ]
    found = beside(rows, Band(None, 10.0, None))
    assert (found.cost.n, found.cost.median_abs_error_pct, found.old_prices.n) == (1, 25.0, 2)
    assert found.rows[1].to_dict()["predicted_p10"] is None and found.rows[1].inside is None
    assert "inside_p10_p90_pct" not in found.to_dict()["cost"]


def test_a_row_without_a_way_has_nothing_predicted() -> None:
    one = row(9)
    lost = HaulWay(Found(why="no place"), Found("B"), why="place", reason="no place")
    found = next(compared([one], {one.haul: Predicted(one.haul, lost, "A")}, "all"))
    said = found.to_dict()
    assert not found.used and said["reason"] == "no place"
    assert said["predicted_p50"] is None and said["error_pct"] is None and said["observed"] == 9


days = st.floats(0.1, 300)


@given(st.lists(days, min_size=1, max_size=30), st.floats(0.1, 10))
def test_scaling_what_was_observed_moves_the_bias_as_computed(seen: list[float], k: float) -> None:
    """(p - k m) / k m = ((p - m) / m + 1) / k - 1, and the median moves with it."""
    plain, scaled = (
        beside([row(factor * value, name=str(i)) for i, value in enumerate(seen)]).time.bias_pct for factor in (1.0, k)
    )
    assert plain is not None
    assert scaled == pytest.approx(100 * ((plain / 100 + 1) / k - 1), rel=1e-6, abs=1e-6)


@given(
    st.lists(st.tuples(days, st.sampled_from("abc"), st.sampled_from(["observed", "model"])), max_size=20), st.randoms()
)
def test_the_order_of_rows_changes_nothing(seen: list[tuple[float, str, str]], chance: random.Random) -> None:
    rows = [
        row(value, name=f"{i}", quality=quality.upper(), basis=basis) for i, (value, quality, basis) in enumerate(seen)
    ]
    mixed = rows[:]
    chance.shuffle(mixed)
    first, second = beside(rows), beside(mixed)
    assert first.to_dict(rows=False) == second.to_dict(rows=False)
    assert {one.observation.id: one.to_dict() for one in first.rows} == {
        one.observation.id: one.to_dict() for one in second.rows
    }


@given(st.lists(st.floats(-99, 400), min_size=1, max_size=40))
def test_bias_never_exceeds_the_median_error(errors: list[float]) -> None:
    rows = [row(10 / (1 + error / 100), name=str(i)) for i, error in enumerate(errors)]
    found = beside(rows).time
    assert found.bias_pct is not None and found.median_abs_error_pct is not None
    assert found.bias_pct == pytest.approx(statistics.median(errors), abs=1e-6)
    assert abs(found.bias_pct) <= max(map(abs, errors)) + 1e-6 and found.median_abs_error_pct >= 0


# ------------------------------------------------------------------------------------------------------- legs and modes


def leg(mode: str, km: float = 0.0, *, waits: float = 0.0, country: str = "KZ") -> Leg:
    parts = (
        Component("running", "speeds:x", time_h=10.0),
        *([Component("waiting", "services:s", time_h=waits)] if waits else []),
    )
    return Leg(
        mode=mode,
        start="A",
        end="B",
        country=country,
        distance_km=km,
        running_h=10.0,
        waiting_h=waits,
        components=parts,
    )


def way(*legs: Leg) -> Route:
    return Route(corridor="x", corridor_name="", corridor_name_ru="", legs=legs, generalized_cost_usd=0.0)


def test_from_departure_to_arrival_leaves_terminals_at_the_ends_and_the_first_wait() -> None:
    kept = from_departure(
        (leg("terminal"), leg("sea", 400, waits=30), leg("terminal"), leg("rail", 900, waits=5), leg("terminal"))
    )
    assert [one.mode for one in kept] == ["sea", "terminal", "rail"]
    assert [one.time_h for one in kept] == [10.0, 10.0, 15.0]
    assert all(part.kind != "waiting" for part in kept[0].components) and len(kept[2].components) == 2


@pytest.mark.parametrize(
    ("legs", "modes", "agrees"),
    [
        ([("rail", 1000)], ("rail",), True),
        ([("rail", 1000), ("road", 200)], ("rail",), True),
        ([("rail", 1000), ("road", 900)], ("rail",), False),
        ([("rail", 1000), ("sea", 30)], ("rail",), False),
        ([("road", 1000)], ("rail",), False),
        ([("rail", 1000), ("sea", 400)], ("rail", "sea"), True),
        ([("rail", 1000), ("ferry", 400)], ("rail", "sea"), True),
        ([("rail", 1000), ("sea", 400)], ("rail", "sea", "rail", "sea"), False),
        ([("rail", 1000), ("sea", 400), ("rail", 800), ("sea", 900)], ("rail", "sea", "rail", "sea"), True),
        ([("rail", 1000)], ("rail", "road"), True),
        ([("air", 8000), ("road", 90)], ("air",), True),
        ([("air", 100), ("road", 9000)], ("air",), False),
        ([("road", 10)], (), True),
    ],
)
def test_a_way_by_other_modes_is_not_used(legs: list[tuple[str, float]], modes: tuple[str, ...], agrees: bool) -> None:
    assert (modes_that_differ(way(*(leg(mode, km) for mode, km in legs)), modes) == "") == agrees


def test_ships_not_named_are_all_right_where_the_corridor_has_them() -> None:
    crossing = way(leg("rail", 1000), leg("sea", 400))
    assert modes_that_differ(crossing, ("rail",)) and not modes_that_differ(crossing, ("rail",), over_water=True)


def test_questions_by_modes_name_every_mode_the_network_has() -> None:
    assert list(by_modes(("rail",)))[0] == (("rail",), ("air", "sea", "ferry"))
    assert [require for require, _ in by_modes(("ferry",))] == [("ferry",), ("sea",)]
    assert all("road" not in avoid for require, avoid in by_modes(("rail", "road")))


@pytest.mark.parametrize(
    ("modes", "start", "end", "unsaid"),
    [
        (("rail",), "VN", "DE", ("road",)),
        (("road",), "VN", "CN", ("rail",)),
        (("sea",), "CN", "NL", ("rail", "road")),
        (("rail", "sea", "rail"), "CN", "AZ", ("road",)),
        (("rail", "road"), "VN", "NL", ("country:VN@road",)),
        (("road", "rail"), "VN", "NL", ("country:NL@road",)),
        (("rail", "road", "rail"), "IN", "RU", ("country:IN@road", "country:RU@road")),
        (("sea", "road"), "IN", "RU", ("rail",)),
        (("rail", "road"), "KZ", "KZ", ()),
        ((), "VN", "NL", ()),
    ],
)
def test_trains_and_trucks_a_row_does_not_speak_of_are_left_out_first(
    modes: tuple[str, ...], start: str, end: str, unsaid: tuple[str, ...]
) -> None:
    assert not_said_of_land(modes, start, end) == unsaid


def test_scores_of_nothing_to_compare() -> None:
    nothing: list[Compared] = []
    assert score(nothing).n == 0
