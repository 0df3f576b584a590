"""What holds for any demand: sums are kept, growth by nothing changes nothing, files give back what was written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import keruen
from keruen.flows.demand import Demand, Growth, cargo_classes, grown, growth_rates, markets, merged, t_per_teu
from keruen.flows.demand_files import demand_from_matrices, matrices_of, read_demand, write_demand

DATA = keruen.load()
ZONES = ("KZALA", "CNXIA", "DEDUI", "TRIST", "USLAX")
CLASSES = cargo_classes(DATA)
SECTORS = DATA["sectors"].texts("sector")
IN_TIME = settings(max_examples=50, deadline=None)
AMOUNTS = st.floats(1e-6, 1e9)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 4), st.integers(0, len(CLASSES) - 1), st.integers(-1, len(SECTORS) - 1), st.integers(0, 1),
        AMOUNTS, st.floats(0, 1), st.floats(1, 5), st.booleans(),
    ),
    min_size=1, max_size=40, unique_by=lambda row: row[:5],
)  # fmt: skip


def demand_of(rows: list[tuple[int, int, int, int, int, float, float, float, bool]]) -> Demand:
    origin, destination, cargo, sector, source, tonnes, low, high, bounded = map(np.array, zip(*rows, strict=True))
    return Demand(
        year=2024, zones=ZONES, countries=("KZ", "CN", "DE", "TR", "US"), classes=CLASSES, sectors=SECTORS,
        sources=(("one",), ("two", "three")), origin=origin.astype(np.int32), destination=destination.astype(np.int32),
        cargo=cargo.astype(np.int32), sector=sector.astype(np.int32), tonnes=tonnes, low_t=np.where(bounded, tonnes * low, np.nan),
        high_t=np.where(bounded, tonnes * high, np.nan), teu=tonnes / t_per_teu(CLASSES)[cargo], source=source.astype(np.int32),
    )  # fmt: skip


DEMANDS = ROWS.map(demand_of)


@IN_TIME
@given(DEMANDS)
def test_markets_keep_all_tonnes_and_name_every_row_once(demand: Demand) -> None:
    found = markets(demand)
    assert np.isclose(found.tonnes.sum(), demand.tonnes.sum()) and np.isclose(
        np.nansum(found.teu), np.nansum(demand.teu)
    )
    assert sorted(found.row.tolist()) == list(range(len(demand))) and found.first_row[-1] == len(demand)
    keys = list(zip(found.origin.tolist(), found.destination.tolist(), found.cargo.tolist(), strict=True))
    assert keys == sorted(set(keys))
    market = found.market_of_row()
    for column in ("origin", "destination", "cargo"):
        assert (getattr(found, column)[market] == getattr(demand, column)).all()
    assert np.allclose(np.bincount(market, demand.tonnes, len(found)), found.tonnes)
    assert (np.isnan(found.low_t) == (np.bincount(market, np.isnan(demand.low_t), len(found)) > 0)).all()


@IN_TIME
@given(DEMANDS)
def test_growing_by_nothing_changes_nothing(demand: Demand) -> None:
    for same in (grown(demand, 2024, growth_rates(DATA)), grown(demand, 2031, 0.0)):
        for column in ("tonnes", "low_t", "high_t", "teu"):
            assert np.array_equal(getattr(same, column), getattr(demand, column), equal_nan=True)


@IN_TIME
@given(DEMANDS, st.integers(2010, 2040), st.floats(-5, 10), st.floats(0, 5), st.floats(0, 5))
def test_bounds_stay_bounds_and_widen_as_time_goes(
    demand: Demand, year: int, rate: float, below: float, above: float
) -> None:
    later = grown(demand, year, {one.name: Growth(rate, rate - below, rate + above) for one in CLASSES})
    known = ~np.isnan(demand.low_t)
    slack = 1 + 1e-12
    assert (later.low_t[known] <= later.tonnes[known] * slack).all() and (
        later.tonnes[known] <= later.high_t[known] * slack
    ).all()
    before = (demand.high_t - demand.low_t)[known] / demand.tonnes[known]
    assert ((later.high_t - later.low_t)[known] / later.tonnes[known] >= before * (1 - 1e-9) - 1e-12).all()


@IN_TIME
@given(DEMANDS)
def test_merging_what_is_told_once_changes_nothing(demand: Demand) -> None:
    assert merged(demand) is demand


@settings(max_examples=25, deadline=None)
@given(DEMANDS)
def test_a_file_gives_back_exactly_what_was_written(demand: Demand) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demand.csv"
        write_demand(demand, path)
        again = read_demand(DATA, path)
        assert list(Path(folder).iterdir()) == [path]
    assert again.year == demand.year and again.classes == demand.classes
    for column, names in (("origin", "zones"), ("destination", "zones"), ("sector", "sectors"), ("source", "sources")):
        told, read = (
            [getattr(one, names)[i] if i >= 0 else None for i in getattr(one, column)] for one in (demand, again)
        )
        assert told == read, column
    for column in ("cargo", "tonnes", "low_t", "high_t", "teu"):
        assert np.array_equal(getattr(demand, column), getattr(again, column), equal_nan=True), column


@IN_TIME
@given(DEMANDS)
def test_matrices_hold_the_same_tonnes(demand: Demand) -> None:
    cells = matrices_of(demand)
    again = demand_from_matrices(DATA, 2024, ZONES, cells, "a file")
    assert np.isclose(again.tonnes.sum(), demand.tonnes.sum())
    assert all(np.allclose(matrix, matrices_of(again)[name]) for name, matrix in cells.items())
    assert np.isnan(again.low_t).all() and (again.sector == -1).all()
