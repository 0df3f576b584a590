"""Trip logs: what is read, what is refused and on which line.

A --road 100 km, 2 h--> B  border 5 h  C        one move, one border
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keruen.errors import BadTable, Problem
from keruen.routing.performance import indicators
from keruen.routing.trip_log import TripLog, read_trip_log

HEADER = "trip,seq,kind,mode,from,to,country,km,start,end,hours,usd,tonnes,note\n"
MOVE = "T,1,move,road,A,B,KZ,100,,,2,50,20,\n"
BORDER = "T,2,border,,B,C,KZ,,,,5,30,,\n"

Read = Callable[[str | bytes], TripLog]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def from_text(text: str | bytes) -> TripLog:
        path = tmp_path / "log.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_trip_log(path)

    return from_text


def problems_of(read: Read, rows: str | bytes, header: str = HEADER) -> list[Problem]:
    with pytest.raises(BadTable) as refused:
        read(header + rows if isinstance(rows, str) else header.encode() + rows)
    return list(refused.value.problems)


def test_a_log_becomes_trips(read: Read) -> None:
    log = read(HEADER + MOVE + BORDER + "U,1,move,rail,C,D,UZ,40,2023-01-01 00:00,2023-01-01 02:00,,,,\n")
    assert (len(log), log.rows, log.notes) == (2, 3, ())
    first, second = log
    assert [(step.kind, step.distance_km, step.time_h, step.cost_usd) for step in first.steps] == [
        ("move", 100.0, 2.0, 50.0),
        ("border", 0.0, 5.0, 30.0),
    ]
    assert first.steps[1].label() == "B - C" and first.steps[1].tonnes == 20.0, "tonnes hold until they change"
    assert second.year == 2023 and second.total("cost_usd") is None, "an empty price is unknown, not zero"
    found = indicators(log)
    assert (found.tfi1_border_h, found.tfi2_border_usd, found.tfi3_usd_per_500km_20t) == (5.0, 30.0, 400.0)
    assert (found.swod_kmh, found.swd_kmh, found.priced_trips) == (35.0, 140 / 9, 1)
    assert log[-1] == second


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_encodings(read: Read, encoding: str) -> None:
    log = read((HEADER + MOVE.replace("A", "Алматы") + BORDER).encode(encoding))
    assert log[0].steps[0].start == "Алматы"
    assert bool(log.notes) == (encoding not in ("utf-8", "utf-8-sig")), "what was not UTF-8 is said"


def test_encodings_mixed_line_by_line(read: Read) -> None:
    log = read((HEADER + MOVE.replace("A", "Алматы")).encode() + BORDER.replace("B", "Хоргос №2").encode("cp1251"))
    assert [step.start for step in log[0].steps] == ["Алматы", "Хоргос №2"] and "line 3" in log.notes[0]


def test_latin_letters_of_another_encoding_are_not_guessed(read: Read) -> None:
    (problem,) = problems_of(read, MOVE.encode() + BORDER.replace("C", "Köln").encode("cp1252"))
    assert problem.row == 3 and "cp1251" in problem.message


def test_a_russian_spreadsheet(read: Read) -> None:
    header = HEADER.replace(",", ";")
    log = read(header + "1;1;move;road;А;Б;KZ;1 235,5;10.11.2025 8:05;11.11.2025 13:05;;;20,0;ок\n")
    (step,) = log[0].steps
    assert (step.distance_km, step.moving_h, step.tonnes, log[0].year) == (1235.5, pytest.approx(29.0), 20.0, 2025)


def test_columns_in_any_order_and_columns_of_others(read: Read) -> None:
    log = read("Seq,TRIP,driver,km,kind,hours,mode,to,from\n1,T,Ivan,100,Move,2,Road,B,A\n")
    assert log[0].steps[0].moving_h == 2.0 and log.notes == ("columns not used: driver",)


def test_rows_out_of_order_are_put_in_order(read: Read) -> None:
    log = read(HEADER + BORDER + MOVE.replace("T", "U") + MOVE)
    assert [[step.kind for step in trip.steps] for trip in log] == [["move", "border"], ["move"]]


def test_time_between_rows_is_a_stop(read: Read) -> None:
    moves = "T,1,move,road,A,B,KZ,100,2023-12-31 20:00+05:00,2023-12-31 22:00+05:00,,,,\n"
    moves += "T,2,move,road,B,C,KZ,100,2023-12-31 20:00Z,2023-12-31T22:00:00+00:00,,,,\n"
    steps = read(HEADER + moves)[0].steps
    assert [(step.kind, step.start, step.time_h) for step in steps] == [
        ("move", "A", 2),
        ("stop", "B", 3),
        ("move", "B", 2),
    ]


NIGHT = (
    "T,1,move,road,A,B,KZ,100,2025-11-10 08:00,2025-11-10 10:00,,,,\n"
    "T,2,border,,B,C,KZ,,,,{hours},,,\n"
    "T,3,move,road,C,D,KZ,100,2025-11-10 20:00{offset},2025-11-10 22:00{offset},,,,\n"
)


def test_a_row_without_times_begins_when_the_row_before_ends(read: Read) -> None:
    """A --8 to 10 h--> B border 1 h C   ...   C --20 to 22 h--> D        from 11 to 20 h it stood at C"""
    trip = read(HEADER + NIGHT.format(hours=1, offset=""))[0]
    assert [(step.kind, step.start, step.time_h) for step in trip.steps] == [
        ("move", "A", 2.0),
        ("border", "B", 1.0),
        ("stop", "C", 9.0),
        ("move", "C", 2.0),
    ]
    assert trip.total("time_h") == 14.0, "from 8 to 22 h"


def test_a_row_without_times_cannot_take_longer_than_there_is(read: Read) -> None:
    (problem,) = problems_of(read, NIGHT.format(hours=12, offset=""))
    assert (problem.row, problem.column) == (4, "start") and "2.0 h before the one on line 3 ends" in problem.message
    (problem,) = problems_of(read, NIGHT.format(hours=1, offset="+05:00"))
    assert problem.row == 4 and "offset from UTC, unlike those" in problem.message


def test_hours_may_be_rounded_beside_times(read: Read) -> None:
    """10 h from 10 to 20 h, written as 10.08; 10.2 are too many."""
    assert len(read(HEADER + NIGHT.format(hours=10.08, offset=""))[0].steps) == 3
    assert problems_of(read, NIGHT.format(hours=10.2, offset=""))


def test_a_row_without_times_does_not_take_those_of_another_trip(read: Read) -> None:
    timed = "S,1,move,road,A,B,KZ,100,2025-11-10 08:00,2025-11-10 10:00,,,,\n"
    trips = read(
        HEADER + timed + "U,1,border,,B,C,KZ,,,,1,,,\nU,2,stop,,C,,KZ,,2025-11-12 08:00,2025-11-12 09:00,,,,\n"
    )
    assert [trip.total("time_h") for trip in trips] == [2.0, 2.0]


def test_times_with_points_and_seconds(read: Read) -> None:
    (trip,) = read(HEADER + "T,1,move,road,A,B,KZ,100,10.11.2025 9:30:15,10.11.2025 11:30:15,,,,\n")
    assert (trip.year, trip.total("time_h")) == (2025, 2.0)


def test_a_missing_stretch_is_noted(read: Read) -> None:
    (note,) = read(HEADER + MOVE + BORDER.replace("B", "X")).notes
    assert "line 3" in note and "stretch missing" in note


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("T,1,move,road,A,B,KZ,100 km,,,2,,,", "km", "Write 100 alone if it is in kilometres"),
        ("T,1,move,road,A,B,KZ,60 miles,,,2,,,", "km", "convert it to kilometres"),
        ("T,1,move,road,A,B,KZ,-5,,,2,,,", "km", "less than nothing"),
        ("T,1,move,road,A,B,KZ,,,,2,,,", "km", "kilometres of a stretch are empty"),
        ("T,1,move,road,A,B,KZ,5000,,,2,,,", "km", "faster than anything goes by road"),
        ("T,1,move,road,A,B,KZ,100,,,2,,20000,", "tonnes", "not kilograms"),
        ('T,1,move,road,A,B,KZ,100,,,2,"1,500",,', "usd", "Write 1.500 if the comma marks decimals, 1500 if thousands"),
        ("T,1,move,road,A,B,KZ,100,,,2,cheap,,", "usd", "'cheap' is not a number"),
        ("T,1,move,road,A,B,KZ,100,,,2,n/a,,", "usd", "Leave the cell empty"),
        ("T,1,move,road,A,B,KZ,100,,,2:30,,,", "hours", "Write 2.5"),
        (f"T,1,move,road,A,B,KZ,100,,,{'9' * 5_000}:30,,,", "hours", "is not a number"),
        ("T,1,move,road,A,B,KZ,100,,,1e300,,,", "hours", "cannot be"),
        ("T,1,move,road,A,,KZ,100,,,2,,,", "to", "end of a stretch is empty"),
        ("T,1,move,truck,A,B,KZ,100,,,2,,,", "mode", "'truck' is not a mode"),
        ("T,1,move,road,A,B,KZ,100,2023-01-01 10:00,,,,,", "end", "how long the step takes"),
        ("T,1,move,road,A,B,KZ,100,2023-01-01 10:00,2023-01-01 09:00,,,,", "end", "is before the start"),
        ("T,1,move,road,A,B,KZ,100,2023-02-30 10:00,2023-03-01 09:00,,,,", "start", "there is no day"),
        ("T,1,move,road,A,B,KZ,100,2023-01-01,2023-01-02,,,,", "start", "no time of day"),
        ("T,1,move,road,A,B,KZ,100,01/02/2023 10:00,01/02/2023 12:00,,,,", "start", "not a date and time"),
        ("T,1,move,road,A,B,KZ,100,2023-01-01 10:00,2023-01-01 12:00,120,,,", "hours", "hours are hours, not minutes"),
        ("T,1,move,road,A,B,KZ,100,2023-01-01 10:00+05:00,2023-01-01 12:00,,,,", "end", "offset from UTC"),
        ("T,1,move,road,A,B,KZ,100,2021-01-01 10:00,2023-01-01 12:00,,,,", "end", "more than a year"),
        ("T,1.5,move,road,A,B,KZ,100,,,2,,,", "seq", "not a whole number"),
        ("T,1e999,move,road,A,B,KZ,100,,,2,,,", "seq", "cannot be"),
        ("T,,move,road,A,B,KZ,100,,,2,,,", "seq", "the cell is empty"),
        ("T,1,rest,,A,,KZ,,,,2,,,", "kind", "not a kind of step"),
        ("T,1,stop,,A,,KZ,7,,,2,,,", "km", "a stop has 7 km"),
        ("T,1,stop,,A,,KZ", "", "the row has 7 cells and the header 14"),
        ('T,1,stop,,"A,,KZ,,,,2,,,', "", "cannot be read"),
        ("T,1,stop,,A\0,,KZ,,,,2,,,", "", "null byte"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read: Read, row: str, column: str, words: str) -> None:
    found = problems_of(read, MOVE.replace("T", "S") + row + "\n")
    assert {(problem.row, problem.table) for problem in found} == {(3, "log.csv")}
    assert any(problem.column == column and words in str(problem) for problem in found), found


def test_all_problems_at_once(read: Read) -> None:
    rows = [
        MOVE.replace("100", "100 km"),
        "T,x,stop,,A,,KZ,,,,2,,,\n",
        MOVE.replace("T,1", "T,2"),
        MOVE.replace("T,1", "T,2"),
    ]
    assert [(problem.row, problem.column) for problem in problems_of(read, "".join(rows))] == [
        (2, "km"),
        (3, "seq"),
        (5, "seq"),
    ]


def test_rows_that_overlap_in_time(read: Read) -> None:
    rows = "T,1,stop,,A,,KZ,,2023-01-01 10:00,2023-01-01 12:00,,,,\nT,2,stop,,A,,KZ,,2023-01-01 11:00,2023-01-01 12:00,,,,\n"
    (problem,) = problems_of(read, rows)
    assert problem.row == 3 and "1.0 h before the one on line 2 ends" in problem.message


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("trip,seqq,kind,from,hours\n", "seqq"),
        ("trip,seq,kind,from\n", "hours"),
        ("trip,seq,seq,kind,from,hours\n", "seq"),
    ],
)
def test_columns_that_are_wrong(read: Read, header: str, column: str) -> None:
    found = problems_of(read, "T,1,stop,A,2\n", header)
    assert all(problem.row == 1 for problem in found) and column in {problem.column for problem in found}


@pytest.mark.parametrize(
    "raw", [b"", b"\xef\xbb\xbf", HEADER.encode(), b"PK\x03\x04" + bytes(range(256)) * 30, b"\x00" * 100]
)
def test_what_is_no_log_is_refused(read: Read, raw: bytes) -> None:
    with pytest.raises(BadTable):
        read(raw)


def test_very_many_problems_are_counted(read: Read) -> None:
    found = problems_of(read, "".join(f"T,{i},stop,,A,,KZ,,,,soon,,,\n" for i in range(5_000)))
    assert len(found) == 1_001 and "4,000 more" in found[-1].message


def test_a_million_rows_in_bounded_time_and_memory(tmp_path: Path) -> None:
    """15 s of processor time and 700 MB, also for the interpreter and its packages."""
    path = tmp_path / "million.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for trip in range(250_000):
            file.write(
                f"T{trip},1,move,road,A,B,KZ,{trip % 1000}.5,2023-01-01 00:00,2023-01-03 {trip % 24:02}:{trip % 60:02},,50,20,\n"
                f"T{trip},2,border,,B,C,KZ,,,,{trip % 50},{trip % 90},,\n"
                f"T{trip},3,move,rail,C,D,UZ,{trip % 700},,,{20 + trip % 9},,,\nT{trip},4,stop,,D,,UZ,,,,1.5,,,\n"
            )
    program = (
        "import resource, sys\n"
        "from keruen.routing.trip_log import read_trip_log\n"
        "log = read_trip_log(sys.argv[1])\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "peak = next((int(x.split()[1]) for x in open('/proc/self/status') if x.startswith('VmHWM')), 0)\n"
        "print(log.rows, len(log), used.ru_utime + used.ru_stime, peak)\n"  # ru_maxrss would count the parent's memory too
    )
    said = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    rows, trips, seconds, kilobytes = map(float, said.stdout.split())
    assert (rows, trips) == (1_000_000, 250_000)
    assert seconds < 15.0 and kilobytes < 700_000, said.stdout
