"""How emissions depend on the load of a truck: the classes come out as published, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keruen
from keruen.errors import UnknownOption
from keruen.routing.laden import Laden, laden_factor
from keruen.tables.table import Row

DATA = keruen.load()
loads, shares = st.floats(0.05, 1), st.floats(0, 0.9)


def factor(key: str) -> Row:
    row = DATA["emission_factors"].find(key)
    assert row is not None
    return row


@pytest.mark.parametrize(("load", "wtw", "ttw"), [(0.5, "E006", "E005"), (1.0, "E008", "E007")])
def test_the_laden_classes_come_out_as_they_were_published(load: float, wtw: str, ttw: str) -> None:
    found = laden_factor(DATA, factor("E004"), Laden(load))
    assert found[0] == pytest.approx(factor(wtw).number("g_co2e_per_tkm"))
    assert found[1] == pytest.approx(factor(ttw).number("g_co2e_per_tkm"))
    assert {f"emission_factors:{key}" for key in (wtw, ttw)} <= set(found[2])


def test_the_average_load_lies_between_the_classes() -> None:
    """95.02 g per t-km is what a truck two thirds full emits."""
    average = factor("E004").number("g_co2e_per_tkm")
    assert (
        laden_factor(DATA, factor("E004"), Laden(0.6))[0] > average > laden_factor(DATA, factor("E004"), Laden(0.8))[0]
    )


def test_as_many_empty_as_loaded_kilometres_add_an_empty_truck() -> None:
    """e0 = 118.56 - 73.91 = 44.65, e1 = 29.26; full one way, empty back: 73.91 + 44.65."""
    assert laden_factor(DATA, factor("E004"), Laden(1.0, 0.5))[0] == pytest.approx(118.56)


def test_a_refrigerated_truck_varies_as_the_dry_one() -> None:
    dry, cold = (laden_factor(DATA, factor(key), Laden(0.7))[0] for key in ("E004", "E010"))
    assert cold / dry == pytest.approx(109.94 / 95.02)


@given(loads, loads, shares, shares)
def test_fuller_is_cleaner_and_emptier_is_not(load: float, more: float, empty: float, emptier: float) -> None:
    load, more = sorted((load, more))
    empty, emptier = sorted((empty, emptier))
    here = laden_factor(DATA, factor("E004"), Laden(load, empty))
    assert here[1] is not None and here[0] > here[1] > 0
    assert laden_factor(DATA, factor("E004"), Laden(more, empty))[0] <= here[0] * (1 + 1e-12)
    assert laden_factor(DATA, factor("E004"), Laden(load, emptier))[0] >= here[0] * (1 - 1e-12)


@pytest.mark.parametrize(
    ("load", "empty"), [(0, 0), (-0.1, 0), (1.01, 0), (0.5, 1), (0.5, -0.1), (float("nan"), 0), (0.5, float("nan"))]
)
def test_shares_that_cannot_be_are_refused(load: float, empty: float) -> None:
    with pytest.raises(UnknownOption):
        Laden(load, empty)


def test_a_mode_without_laden_classes_is_refused() -> None:
    with pytest.raises(UnknownOption, match="sea"):
        laden_factor(DATA, factor("E014"), Laden(0.8))
