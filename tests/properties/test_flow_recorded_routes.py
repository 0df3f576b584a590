"""What a recorded volume counts among routes, and a dataset as of a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_flows import route_set

from keruen.flows.demand import Demand
from keruen.flows.recorded import RecordedVolume, recorded_volumes
from keruen.flows.recorded_routes import counted, in_year, records_of, usable
from keruen.tables.conditions import as_of, holds_always
from keruen.tables.dataset import Dataset

NONE = np.empty(0)
ROWS = np.empty(0, np.int32)
DEMAND = Demand(
    2024,
    ("CNXIA", "DEDUI", "KZALA"),
    ("CN", "DE", "KZ"),
    (),
    (),
    (),
    ROWS,
    ROWS,
    ROWS,
    ROWS,
    NONE,
    NONE,
    NONE,
    NONE,
    ROWS,
)
# Xi'an - Duisburg by sea, north or the Caspian; Almaty - Duisburg by the Caspian.
ROUTES = replace(
    route_set(
        [[(1, ()), (2, ()), (3, ())], [(4, ())]], corridor=[0, 1, 2, 2], corridors=("suez", "northern", "caspian")
    ),
    origin=np.array([0, 2], np.int32),
    destination=np.array([1, 1], np.int32),
)
RECORD = RecordedVolume(
    "titr",
    ("caspian", "not_there"),
    "cargo",
    "corridor",
    "total",
    "both",
    frozenset(),
    frozenset(),
    2024,
    12,
    "t",
    1.0,
    2.0,
    3.0,
    "titr",
    (),
    (),
)


def test_a_count_of_a_corridor_takes_all_its_routes() -> None:
    route, units = counted(RECORD, DEMAND, ROUTES, np.array([0.1, np.nan]))
    assert route.tolist() == [2, 3] and units.tolist() == [1, 1]


def test_a_count_in_boxes_of_half_a_year_between_told_ends() -> None:
    boxes = replace(RECORD, unit="teu", months=6, origins=frozenset({"CNXIA"}), destinations=frozenset({"DEDUI"}))
    route, units = counted(boxes, DEMAND, ROUTES, np.array([0.1, np.nan]))
    assert route.tolist() == [2] and units == pytest.approx([0.05])
    route, _ = counted(replace(RECORD, unit="teu"), DEMAND, ROUTES, np.array([0.1, np.nan]))
    assert route.tolist() == [2]  # what goes in no box is in no count of boxes


def test_only_counts_that_routes_can_tell_are_used() -> None:
    assert usable(RECORD)
    assert not usable(replace(RECORD, scope="gateway"))
    assert not usable(replace(RECORD, traffic="transit"))
    assert usable(replace(RECORD, traffic="transit", origins=frozenset({"CNXIA"})))


def test_records_of_other_years_and_of_routes_that_are_not_there_are_left_out() -> None:
    volumes = [
        RECORD,
        replace(RECORD, year=1999),
        replace(RECORD, corridors=("not_there",)),
        replace(RECORD, record="again"),
    ]
    records, taken = records_of(
        volumes, (2023, 2024), DEMAND, (ROUTES, ROUTES), (np.ones(2),) * 2, frozenset({"again"})
    )
    assert [volume.record for volume in taken] == ["titr", "again"]
    assert records.situation.tolist() == [1, 1] and records.first.tolist() == [0, 2, 4]
    assert records.held_out.tolist() == [False, True]
    assert (records.low.tolist(), records.high.tolist()) == ([1, 1], [3, 3])


def test_a_year_holds_what_its_day_held(shipped: Dataset) -> None:
    """The Red Sea was shut to boxes in July 2024 and open in July 2023; freight rates are the usual ones in both."""
    for day, shut in ((date(2023, 7, 1), False), (date(2024, 7, 1), True)):
        year = in_year(shipped, day)
        assert all(holds_always(row) for row in year["conditions"])
        found = {row.text("item") for row in as_of(year, None).closures("container")}
        assert ("passage:bab_el_mandeb" in found) is shut
        assert found == {row.text("item") for row in as_of(shipped, day).closures("container")}
        assert year["tariffs"] is shipped["tariffs"]


def test_the_shipped_records_speak_of_corridors_that_there_are(shipped: Dataset) -> None:
    known = set(shipped["corridors"].texts("corridor"))
    used = [record for record in recorded_volumes(shipped) if usable(record)]
    assert len(used) >= 15 and all(set(record.corridors) <= known for record in used)
