"""CAREC CPMM and UNESCAP: the formulas against the figures published with them.

2022, road: TFI3 945 USD per 500 km and 20 t, SWOD 42.0 and SWD 23.4 km/h; rail: TFI3 804 USD
(cpmm.carecprogram.org, key results of the report for 2022)
"""

from __future__ import annotations

import pytest

from keruen.routing.performance import BORDER, MOVE, STOP, Step, Trip, indicators


def stretch(km: float, hours: float, usd: float | None = None, tonnes: float | None = None) -> Step:
    return Step(MOVE, "road", "A", "B", distance_km=km, moving_h=hours, cost_usd=usd, tonnes=tonnes)


@pytest.mark.parametrize(("tfi3_usd", "usd_per_tkm"), [(945.0, 0.0945), (804.0, 0.0804)])
def test_cost_per_500_km_and_20_t(tfi3_usd: float, usd_per_tkm: float) -> None:
    """A load of any size over any distance at 0.0945 USD/t-km costs 945 USD per 500 km and 20 t."""
    for km, tonnes in ((500.0, 20.0), (1_830.0, 13.5)):
        trip = Trip("", (stretch(km, 40.0, usd_per_tkm * km * tonnes, tonnes),))
        assert indicators([trip]).tfi3_usd_per_500km_20t == pytest.approx(tfi3_usd, rel=1e-12)


def test_hours_of_stops_behind_the_published_speeds() -> None:
    """500 km at 42.0 km/h are 11.9 h; at 23.4 km/h with delay 21.4 h: 9.5 h of stops (METHODS 4.2)."""
    moving_h, all_h = 500 / 42.0, 500 / 23.4
    assert (round(moving_h, 1), round(all_h, 1), round(all_h - moving_h, 1)) == (11.9, 21.4, 9.5)
    stops_h = all_h - moving_h
    border = Step(BORDER, "border", "B", "C", border_h=0.6 * stops_h)
    halt = Step(STOP, "", "C", "C", stopped_h=0.4 * stops_h)
    found = indicators([Trip("", (stretch(200.0, 0.4 * moving_h), border, stretch(300.0, 0.6 * moving_h), halt))])
    assert found.swod_kmh == pytest.approx(42.0)
    assert found.swd_kmh == pytest.approx(23.4)
    assert found.standing_share == pytest.approx(1 - 23.4 / 42.0)


def test_speeds_are_ratios_of_sums() -> None:
    """100 km in 1 h and 100 km in 4 h make 40 km/h, not the 62.5 km/h of the mean of 100 and 25."""
    assert indicators([Trip("", (stretch(100.0, 1.0),)), Trip("", (stretch(100.0, 4.0),))]).swod_kmh == pytest.approx(
        40.0
    )


def test_border_time_and_cost_are_per_crossing() -> None:
    """TFI1 9.9 h and TFI2 208 USD (road, 2022) from crossings around them; an open border is not one of them."""
    crossings = [(4.9, 158.0), (14.9, 258.0), (0.0, 0.0)]
    steps = tuple(Step(BORDER, "border", "A", "B", border_h=hours, cost_usd=usd) for hours, usd in crossings)
    found = indicators([Trip("", steps)])
    assert (found.crossings, found.tfi1_border_h, found.tfi2_border_usd) == (
        2,
        pytest.approx(9.9),
        pytest.approx(208.0),
    )


def test_a_price_nobody_knows_is_not_a_free_crossing() -> None:
    """Two crossings, one without a price: TFI1 is over both, TFI2 over the one, TFI3 over neither trip with it."""
    known, unknown = (Step(BORDER, "border", "A", "B", border_h=5.0, cost_usd=usd) for usd in (208.0, None))
    found = indicators([Trip("", (known, unknown, stretch(100.0, 2.0, 50.0, 20.0)))])
    assert (found.crossings, found.paid_crossings) == (2, 1)
    assert (found.tfi1_border_h, found.tfi2_border_usd) == (5.0, 208.0)
    assert (found.priced_trips, found.tfi3_usd_per_500km_20t) == (0, None)


def test_who_pays_at_a_border_without_standing_has_crossed_it() -> None:
    toll = Step(BORDER, "border", "A", "B", cost_usd=100.0)
    found = indicators([Trip("", (toll, Step(BORDER, "border", "B", "C", border_h=6.0, cost_usd=0.0)))])
    assert (found.crossings, found.tfi1_border_h, found.tfi2_border_usd) == (2, 3.0, 50.0)


def test_a_trip_that_goes_nowhere_has_no_price_per_kilometre() -> None:
    """It does not add its dollars to the kilometres of others; and what stands needs no known load."""
    still = Trip("", (Step(STOP, "", "A", "A", stopped_h=5.0, cost_usd=1_000.0, tonnes=20.0),))
    halt = Step(STOP, "", "B", "B", stopped_h=1.0, cost_usd=50.0)
    moved = Trip("", (stretch(500.0, 10.0, 895.0, 20.0), halt))
    assert indicators([still]).tfi3_usd_per_500km_20t is None
    assert indicators([still, moved]).tfi3_usd_per_500km_20t == pytest.approx(945.0)
