"""The shipped constants rest on the records they name, and no record has a say in what is said of it when it is held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_flows import route_set

from keruen.flows.calibrated import FITTED_TO, YEARS, Calibration, Situations, calibrated, calibration_document
from keruen.flows.calibration import Situation
from keruen.flows.constants import constants_of, group_of
from keruen.flows.demand import Demand
from keruen.flows.recorded import recorded_volumes
from keruen.flows.recorded_routes import usable
from keruen.reports.calibration_text import calibration_text
from keruen.tables.dataset import Dataset
from keruen.tables.reading import with_column
from keruen.tables.table import Row

ZONES = ("CNXIA", "DEDUI", "DEHAM", "CNSHA")
WAYS = ("suez", "northern", "trans_caspian")
NONE, ROWS = np.empty(0), np.empty(0, np.int32)


@pytest.fixture(scope="module")
def made() -> Situations:
    """Boxes between China and Germany both ways by sea, north or the Caspian, in years whose costs differ a little."""
    rng = np.random.default_rng(5)
    demand = Demand(
        2024, ZONES, ("CN", "DE", "DE", "CN"), (), (), (), ROWS, ROWS, ROWS, ROWS, NONE, NONE, NONE, NONE, ROWS
    )
    ends = [(0, 1), (0, 2), (3, 1), (1, 0), (2, 0), (2, 3)]
    markets = [[(100.0 * cost, ()) for cost in (1.0, 1.3, 1.5)] for _ in ends]
    routes = replace(
        route_set(markets, corridor=list(range(3)) * len(ends), corridors=WAYS),
        origin=np.array([one for one, _ in ends], np.int32),
        destination=np.array([one for _, one in ends], np.int32),
    )
    tonnes = np.full(len(ends), 5e7)
    years = tuple(
        Situation(routes, tonnes, routes.generalized_usd_per_t * np.exp(rng.normal(0, 0.05, 3 * len(ends))))
        for _ in YEARS
    )
    return Situations(YEARS, demand, years, (np.full(len(ends), 0.1),) * len(YEARS))


@pytest.fixture(scope="module")
def found(shipped: Dataset, made: Situations) -> Calibration:
    return calibrated(shipped, made)


def free(data: Dataset) -> list[Row]:
    return [row for row in data["choice_constants"] if row.text("basis") == "fitted"]


def test_shipped_constants_rest_on_all_usable_counts_of_containers(shipped: Dataset) -> None:
    used = {
        f"recorded_volumes:{one.record}"
        for one in recorded_volumes(shipped)
        if usable(one) and one.counted == FITTED_TO
    }
    assert len(used) >= 15
    for row in free(shipped):
        assert set(row.texts("evidence")) == used
        assert row.number("low") < row.number("value") < row.number("high")


def test_a_corridor_is_of_one_group_and_the_sea_is_what_others_are_measured_against(shipped: Dataset) -> None:
    listed = [key for row in shipped["choice_constants"] for key in row.texts("corridors")]
    assert len(listed) == len(set(listed))
    corridors = tuple(shipped["corridors"].texts("corridor"))
    assert {key for key, group in zip(corridors, group_of(shipped, corridors), strict=True) if not group} == {
        "air", "sea_air",
    }  # fmt: skip
    value = dict(zip(corridors, constants_of(shipped, corridors).tolist(), strict=True))
    assert value["suez"] == value["cape"] == value["air"] == 0
    assert value["trans_caspian"] < value["northern"] < 0


def test_a_record_has_no_say_in_its_own_forecast(shipped: Dataset, made: Situations, found: Calibration) -> None:
    """A count told ten times as large moves the constants, and not what the model says of it when it is held out."""
    group = "northern_2022"
    table = shipped["recorded_volumes"]
    groups, times = table.texts("conflict_group"), table.numbers("times")
    tenfold = [10.0 * old if name == group else old for name, old in zip(groups, times.tolist(), strict=True)]
    changed = shipped.with_table("recorded_volumes", with_column(table, "times", tenfold))
    other = calibrated(changed, made)
    mine = np.array([one.conflict_group == group for one in found.taken])
    assert mine.any() and (other.records.low[mine] == pytest.approx(10 * found.records.low[mine]))
    assert other.held_out[mine].tolist() == found.held_out[mine].tolist()
    assert not np.allclose(other.constants.value, found.constants.value, atol=1e-3)
    assert not np.allclose(other.held_out[found.fitted & ~mine], found.held_out[found.fitted & ~mine], rtol=1e-3)


def test_the_last_year_has_no_say_in_its_forecast_and_cargo_in_nothing(
    shipped: Dataset, made: Situations, found: Calibration
) -> None:
    last = [one.year == YEARS[-1] for one in found.taken]
    assert np.isfinite(found.forecast).tolist() == last
    assert found.fitted.tolist() == [one.counted == "containers" for one in found.taken]
    assert not found.fitted.all() and found.fitted.any()


def test_constants_are_those_of_the_largest_likelihood(found: Calibration) -> None:
    assert np.all(found.constants.low < found.constants.value) and np.all(found.constants.value < found.constants.high)


def test_a_calibration_is_told_in_both_languages(shipped: Dataset, found: Calibration) -> None:
    document = calibration_document(shipped, found)
    for lang, words in (("en", ("Over the Caspian", "held out")), ("ru", ("Через Каспий", "прогноз"))):
        text = calibration_text(document, lang=lang)
        assert all(word in text for word in words)
        assert all(one.record in text for one in found.taken)
