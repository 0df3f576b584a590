"""The most specific row holds, and "*" stands for all others.

mode  country  load        speed        rail in KZ with containers   45     its own row
rail  KZ       container   45           rail in KZ with coal         40     the country's row
rail  KZ       *           40           rail in CN with containers   60     the load's row
rail  *        container   60           rail in CN with coal         30     the row for all others
rail  *        *           30           road                         none
"""

from __future__ import annotations

import numpy as np
import pytest

from keruen.tables import most_specific, most_specific_rows, read_schema, table_from_rows
from keruen.tables.table import Table

DICTIONARY = """table,column,type,unit,required,refers,allowed,min,max,meaning
speeds,mode,code,,key,,,,,Mode.
speeds,country,code,,key,,,,,Country.
speeds,load,code,,key,,,,,Load.
speeds,speed_kmh,number,km/h,yes,,,,,Speed.
dwell,from_country,code,,key,,,,,From.
dwell,to_country,code,,key,,,,,To.
dwell,hours,number,h,yes,,,,,Time.
"""
SCHEMA = read_schema(DICTIONARY.encode())


def table(name: str, text: str) -> Table:
    columns = [column.name for column in SCHEMA[name].columns]
    return table_from_rows(SCHEMA[name], [dict(zip(columns, line.split(), strict=True)) for line in text.splitlines()])


SPEEDS = table("speeds", "rail KZ container 45\nrail KZ * 40\nrail * container 60\nrail * * 30")


@pytest.mark.parametrize(
    ("country", "load", "speed_kmh"),
    [("KZ", "container", 45), ("KZ", "dry_bulk", 40), ("CN", "container", 60), ("CN", "dry_bulk", 30)],
)
def test_the_most_specific_row_holds(country: str, load: str, speed_kmh: float) -> None:
    row = most_specific(SPEEDS, mode="rail", country=country, load=load)
    assert row is not None and row.number("speed_kmh") == speed_kmh


def test_no_row_is_no_row() -> None:
    assert most_specific(SPEEDS, mode="road", country="KZ", load="container") is None


def test_columns_to_the_left_weigh_more() -> None:
    speeds = table("speeds", "rail KZ * 40\nrail * container 60")
    row = most_specific(speeds, mode="rail", country="KZ", load="container")
    assert row is not None and row.id == "speeds:rail/KZ/*"


def test_a_case_may_fall_back_on_groups() -> None:
    """RU-KZ has its own row; KZ-CN is EAEU-CN; CN-VN is the default; within the EAEU the pair of groups holds."""
    dwell = table("dwell", "RU KZ 2\nEAEU CN 20\nEAEU EAEU 5\n* * 30")
    cases = {
        ("RU", "EAEU"): {("KZ", "EAEU"): 2.0, ("BY", "EAEU"): 5.0, ("CN",): 20.0},
        ("CN",): {("VN",): 30.0},
    }
    for start, ends in cases.items():
        for end, hours in ends.items():
            row = most_specific(dwell, from_country=start, to_country=end)
            assert row is not None and row.number("hours") == hours, (start, end)


def test_rows_for_many_countries_at_once() -> None:
    countries = ["CN", "KZ", "CN", "DE"]
    rows = most_specific_rows(SPEEDS, "country", countries, mode="rail", load="container")
    assert SPEEDS.numbers_at("speed_kmh", rows).tolist() == [60, 45, 60, 60]
    assert rows.tolist() == [2, 0, 2, 2]


def test_where_no_row_fits_the_number_is_unknown() -> None:
    rows = most_specific_rows(SPEEDS, "mode", ["rail", "road"], country="KZ", load="container")
    assert rows.tolist() == [0, -1]
    assert np.isnan(SPEEDS.numbers_at("speed_kmh", rows)[1])


def test_a_case_names_every_key_column() -> None:
    with pytest.raises(TypeError, match="a case of speeds names mode, country, load, not mode, country"):
        most_specific(SPEEDS, mode="rail", country="KZ")
