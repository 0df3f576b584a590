"""Files of journeys and prices from outside: what is read, how it is understood, what is refused and on which line.

origin, destination, days_min      Xi'an, Duisburg, 13      one row, one haul
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import RunCli

from keruen.errors import BadTable, Problem
from keruen.routing.observed import ALL_TOLD, MOVING
from keruen.routing.observed_file import ObservedFile, read_observed
from keruen.routing.observed_words import Wordbook, named_after_via, plain, several_ways, stretches_over_water
from keruen.tables.dataset import Dataset

TIMES = "id,origin,origin_country,destination,destination_country,corridor,mode,days_min,days_max,unit,basis,basis_class,date\n"
TIME = "T1,Xi'an,CN,Duisburg,DE,Northern,rail,13,16,days,observed,observed,2024-03\n"
PRICES = "id,origin,destination,corridor,mode,value_min,value_max,currency,per,value_kind,date\n"
PRICE = "C1,Shanghai,Rotterdam,sea,sea,2392,2392,USD,FEU,level,2025-04-10\n"

Read = Callable[[str | bytes], ObservedFile]


@pytest.fixture
def read(tmp_path: Path, shipped: Dataset) -> Read:
    def from_text(text: str | bytes) -> ObservedFile:
        path = tmp_path / "seen.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_observed(shipped, path)

    return from_text


@pytest.fixture
def book(shipped: Dataset) -> Wordbook:
    return Wordbook(shipped)


def problems_of(read: Read, text: str | bytes) -> list[Problem]:
    with pytest.raises(BadTable) as refused:
        read(text)
    return list(refused.value.problems)


# --------------------------------------------------------------------------------------------------------------- reading


def test_journeys_and_prices_are_told_by_their_columns(read: Read) -> None:
    (journey,) = read(TIMES + TIME).rows
    assert (journey.haul.measure, journey.least, journey.most, journey.middle) == ("time", 13.0, 16.0, 14.5)
    assert (journey.haul.modes, journey.haul.basis, journey.haul.period, journey.haul.year) == (
        ("rail",),
        "observed",
        "2024-03",
        2024,
    )
    (price,) = read(PRICES + PRICE).rows
    assert (price.haul.measure, price.haul.per, price.haul.currency, price.middle) == ("cost", "feu", "USD", 2392.0)


def test_three_columns_are_enough(read: Read) -> None:
    (row,) = read("origin,destination,days_min\nXi'an,Duisburg,13\n").rows
    assert (row.id, row.middle, row.at_least, row.haul.basis) == ("line 2", 13.0, False, "")


def test_an_empty_most_means_at_least(read: Read) -> None:
    (row,) = read(TIMES + TIME.replace(",16,", ",,")).rows
    assert row.at_least and row.most is None


def test_rows_of_one_haul_share_its_record(read: Read) -> None:
    first, second = read(TIMES + TIME + TIME.replace("T1", "T2").replace(",13,16,", ",20,25,")).rows
    assert first.haul is second.haul and first.middle != second.middle


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("reported", MOVING),
        ("reported D2D", ALL_TOLD),
        ("typical door-to-door", ALL_TOLD),
        ("incl. terminal", ALL_TOLD),
        ("T2T", MOVING),
    ],
)
def test_which_days_are_compared_is_told_by_the_words(read: Read, text: str, counted: str) -> None:
    (row,) = read(TIMES + TIME.replace(",observed,observed,", f",{text},reported_typical,")).rows
    assert row.haul.counted == counted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_encodings(read: Read, encoding: str) -> None:
    found = read((TIMES + TIME.replace("Xi'an", "Сиань")).encode(encoding))
    assert found.rows[0].haul.origin.name == "Сиань"
    assert bool(found.notes) == (encoding not in ("utf-8", "utf-8-sig")), "what was not UTF-8 is said"


def test_encodings_mixed_line_by_line(read: Read) -> None:
    found = read((TIMES + TIME.replace("Xi'an", "Сиань")).encode() + TIME.replace("Xi'an", "Урумчи").encode("cp1251"))
    assert [row.haul.origin.name for row in found.rows] == ["Сиань", "Урумчи"] and "line 3" in found.notes[0]


def test_a_spreadsheet_with_semicolons_and_decimal_commas(read: Read) -> None:
    (row,) = read("origin;destination;days_min;days_max\nАлматы;Поти;11,5;12,5\n").rows
    assert row.middle == 12.0


def test_hours_are_kept_as_hours(read: Read) -> None:
    (row,) = read(TIMES + TIME.replace(",13,16,days,", ",60,72,hours,")).rows
    assert (row.middle, row.haul.per) == (66.0, "hours")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-08", "2024-08"), ("2022/2023", "2022"), ("2025-Q2", "2025-04"), ("2025-H2", "2025-07"), ("2012 (approx.)", "2012"),
        ("n.d. (2023-2025)", "2023"), ("n.d. (snapshot)", ""), ("10.11.2025", "2025-11-10"), ("", ""),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(read: Read, text: str, period: str) -> None:
    (row,) = read(TIMES + TIME.replace("2024-03", text)).rows
    assert row.haul.period == period


# ------------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("was", "now", "column"),
    [
        (",13,16,", ",abc,16,", "days_min"),
        (",13,16,", ",-3,16,", "days_min"),
        (",13,16,", ",0,16,", "days_min"),
        (",13,16,", ",336,384,", "") ,
        (",13,16,", ",1300,1600,", "days_min"),
        (",13,16,", ",16,13,", "days_max"),
        (",13,16,", ",9 days,16,", "days_min"),
        (",13,16,", ",,16,", "days_min"),
        (",13,16,", ",nan,16,", "days_min"),
        (",days,", ",weeks,", "unit"),
        ("2024-03", "soon", "date"),
        ("2024-03", "2024-13", "date"),
        ("2024-03", "2024-02-31", "date"),
        ("2024-03", "1492-10", "date"),
        ("Duisburg", "", "destination"),
        (",observed,2024", ",certain,2024", "basis_class"),
        (",DE,", ",ZZ,", "destination_country"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_with_its_line(read: Read, was: str, now: str, column: str) -> None:
    text = TIMES + TIME + TIME.replace(was, now)
    if not column:
        assert len(read(text).rows) == 2, "long, but a year has so many days"
        return
    (problem,) = problems_of(read, text)
    assert (problem.row, problem.column) == (3, column) and problem.what_to_do


@pytest.mark.parametrize(
    ("was", "now", "column"),
    [
        (",2392,2392,", ",2 392 USD,,", "value_min"), (",2392,2392,", ",0,,", "value_min"), ("USD", "dollars?", "currency"),
        ("USD", "", "currency"), ("FEU", "", "per"), ("level", "guess", "value_kind"), (",2392,2392,", ",2392,1000,", "value_max"),
    ],
)  # fmt: skip
def test_a_wrong_price_is_told_with_its_line(read: Read, was: str, now: str, column: str) -> None:
    if now == "dollars?":
        now = "$"
    (problem,) = problems_of(read, PRICES + PRICE + PRICE.replace(was, now, 1))
    assert (problem.row, problem.column) == (3, column)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (b"", 0, "empty"),
        (b"\0\0\0\0", 0, "empty"),
        (TIMES.encode(), 0, "no rows"),
        (b"name,colour\nA,red\n", 1, "neither of journeys nor of prices"),
        (b"origin,destination,days_min,value_min\nA,B,1,2\n", 1, "at once"),
        (b"from,destination,days_min\nA,B,1\n", 1, "missing"),
        (b"origin,destination,value_min,currency\nA,B,1,USD\n", 1, "missing"),
        (TIMES.encode() + TIME.encode() + b"T2,too,short\n", 3, "cells"),
        (TIMES.encode() + TIME.replace("Xi", "X\0i").encode(), 2, "null byte"),
        (TIMES.encode() + TIME.replace("Xi'an", "Köln").encode("cp1252"), 2, "cp1251"),
        (TIMES.encode() + b'T1,"Xi', 2, "cannot be read"),
    ],
)
def test_a_damaged_file_is_refused(read: Read, text: bytes, line: int, said: str) -> None:
    problems = problems_of(read, text)
    assert any(problem.row == line and said in problem.message for problem in problems), problems


def test_the_command_refuses_a_bad_file_with_code_2_before_it_predicts(run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(TIMES + TIME + TIME.replace(",13,", ",abc,"), encoding="utf-8")
    said = run_cli("accuracy", "--observed", path)
    assert said.code == 2 and "line 3" in said.err and "abc" in said.err and not said.out
    told = run_cli("accuracy", "--observed", path, "--json")
    assert told.code == 2 and told.error["problems"][0]["row"] == 3
    assert run_cli("accuracy", "--observed", tmp_path / "none.csv").code == 2


# ----------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "ends", "modes", "corridor"),
    [
        ("TITR", ("CN", "AZ"), ("rail", "sea"), "trans_caspian"),
        ("TITR", ("CN", "RO"), ("rail", "sea", "rail", "sea"), "trans_caspian_black_sea"),
        ("TITR ferry", ("AZ", "TM"), ("ferry",), "trans_caspian_turkmen"),
        ("TITR-BTK", ("CN", "TR"), (), "trans_caspian_btk"),
        ("Средний коридор", ("CN", "GE"), (), "trans_caspian"),
        ("Northern via Russia-Belarus", ("CN", "DE"), ("rail",), "northern"),
        ("Northern via KZ-RU", ("CN", "RU"), ("rail",), "kazakhstan_russia_rail"),
        ("Northern Sea Route", ("CN", "GB"), ("sea",), "arctic"),
        ("sea via Suez", ("CN", "NL"), ("sea",), "suez"),
        ("sea via Cape", ("CN", "NL"), ("sea",), "cape"),
        ("Vietnam-China-KZ rail", ("VN", "KZ"), ("rail",), "vietnam_china_kazakhstan_rail"),
        ("INSTC", ("IN", "RU"), ("sea", "rail"), ""),
        ("sea", ("CN", "NL"), ("sea",), None),
        ("", (), (), None),
    ],
)
def test_words_for_corridors(
    book: Wordbook, text: str, ends: tuple[str, ...], modes: tuple[str, ...], corridor: str | None
) -> None:
    row = book.find("corridor", text, ends, stretches_over_water(modes))
    assert (row.text("corridor") if row is not None else None) == corridor


def test_words_mean_here_what_the_tables_say_of_the_shipped_rows(book: Wordbook, shipped: Dataset) -> None:
    """Where a row of journeys has a corridor, its words give that corridor or nothing."""
    for row in shipped["journeys"]:
        ends = {row.text("origin_country"), row.text("destination_country")}
        told = book.find("corridor", row.text("corridor_text"), ends, stretches_over_water(row.texts("modes")))
        if row.text("corridor") and told is not None:
            assert told.text("corridor") in ("", row.text("corridor")), row.id


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("rail+sea+rail", ("rail", "sea", "rail")), ("rail-sea-rail", ("rail", "sea", "rail")), ("rail ferry", ("ferry",)),
        ("rail+ferry", ("rail", "ferry")), ("rail+barge+rail+feeder+rail", ("rail", "sea", "rail", "sea", "rail")),
        ("multimodal", ()), ("sea vs rail", ()), ("", ()), ("Truck", ("road",)),
    ],
)  # fmt: skip
def test_words_for_modes(book: Wordbook, text: str, modes: tuple[str, ...]) -> None:
    assert book.modes(text) == modes


def test_plain_words() -> None:
    assert plain("TITR-BTK, Türkiye (Ёлка)") == "titr btk turkiye елка"
    assert plain("Китай") == "китай"
    assert named_after_via("sea via Poti-Constanta and Suez") == ("Poti", "Constanta", "Suez")
    assert named_after_via("sea") == ()
    assert several_ways("via Russia or Iran") and not several_ways("via Oradea")
    assert stretches_over_water(("rail", "sea", "ferry", "rail", "sea")) == 2
