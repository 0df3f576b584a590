"""What holds for any trip: curves never fall, merging is the ratio of sums, splitting changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.routing.performance import BORDER, MEASURES, MOVE, STOP, Bundle, Step, Trip, bundles, indicators

FIGURES = st.floats(0.0, 1e4).map(lambda value: round(value, 3))
UNKNOWN = st.none() | FIGURES


@st.composite
def steps(draw: st.DrawFn, known: bool = False) -> Step:
    kind = draw(st.sampled_from([MOVE, STOP, BORDER]))
    hours, usd, tonnes = draw(FIGURES), draw(FIGURES if known else UNKNOWN), draw(FIGURES if known else UNKNOWN)
    return Step(
        kind,
        "road" if kind == MOVE else "",
        "A",
        "B",
        distance_km=draw(FIGURES) if kind == MOVE else 0.0,
        moving_h=hours if kind == MOVE else 0.0,
        border_h=hours if kind == BORDER else 0.0,
        stopped_h=hours if kind == STOP else 0.0,
        cost_usd=usd,
        tonnes=tonnes,
    )


TRIPS = st.lists(steps(), max_size=8).map(lambda found: Trip("any", tuple(found)))
PRICED = st.lists(steps(known=True), min_size=1, max_size=8).map(lambda found: Trip("any", tuple(found)))


@given(TRIPS)
def test_cumulative_curves_never_fall_and_end_at_the_totals(trip: Trip) -> None:
    for measure in MEASURES:
        curve, total = trip.curve(measure), trip.total(measure)
        assert (curve is None) == (total is None), "unknown is unknown"
        if curve is None or total is None:
            continue
        for values in curve:
            assert all(a <= b for a, b in zip(values[:-1], values[1:], strict=True))
        assert curve.value[-1] == pytest.approx(total) and curve.distance_km[-1] == pytest.approx(trip.distance_km)


@given(st.lists(TRIPS, max_size=5), st.integers(0, 5))
def test_merging_trips_adds_their_sums(trips: list[Trip], cut: int) -> None:
    whole, parts = indicators(trips), indicators(trips[:cut]) + indicators(trips[cut:])
    for name, value in whole.to_dict().items():
        other = parts.to_dict()[name]
        assert other is value is None or other == pytest.approx(value, rel=1e-9, abs=1e-12), name


@given(st.lists(TRIPS, min_size=1, max_size=5))
def test_speed_of_several_trips_lies_between_theirs(trips: list[Trip]) -> None:
    speeds = [speed for trip in trips if (speed := indicators([trip]).swd_kmh) is not None]
    merged = indicators(trips).swd_kmh
    if merged is not None and all(trip.total("time_h") for trip in trips):
        assert min(speeds) * (1 - 1e-9) <= merged <= max(speeds) * (1 + 1e-9)


@given(PRICED, st.floats(0.01, 0.99))
def test_splitting_a_stretch_changes_nothing(trip: Trip, share: float) -> None:
    split: list[Step] = []
    for step in trip.steps:
        parts = (share, 1 - share) if step.kind == MOVE else (1.0,)
        split += [
            step._replace(
                distance_km=part * step.distance_km,
                moving_h=part * step.moving_h,
                cost_usd=part * (step.cost_usd or 0.0),
            )
            for part in parts
        ]
    before, after = (indicators([one]).to_dict() for one in (trip, Trip("split", tuple(split))))
    for name, value in before.items():
        assert after[name] is value is None or after[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


@given(st.lists(PRICED, min_size=1, max_size=4), st.integers(1, 5))
def test_a_bundle_of_the_same_trips_is_the_trip(trips: list[Trip], count: int) -> None:
    trip = trips[0]
    bundle = Bundle("same", (trip,) * count)
    for measure in ("time_h", "cost_usd"):
        mean, alone, band = bundle.mean.curve(measure), trip.curve(measure), bundle.band(measure)
        assert mean is not None and alone is not None and mean.value == pytest.approx(alone.value)
        assert (band is None) == (count == 1)
        if band is not None:
            assert band[0].value == band[1].value == pytest.approx(alone.value)
    assert len(bundles(trips)) == len(trips)
