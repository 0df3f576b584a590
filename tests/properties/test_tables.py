"""What holds for any table: it survives being written and read, and damage never goes unnoticed or crashes."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from keruen.tables import most_specific, read_schema, table_from_rows
from keruen.tables.reading import read_table
from keruen.tables.table import Table, cell_text

SCHEMA = read_schema(
    b"""table,column,type,unit,required,refers,allowed,min,max,meaning
things,id,code,,key,,,,,Key.
things,part,code,,key,,,,,Other key.
things,text,text,,no,,,,,Text.
things,number,number,m,no,,,,,Number.
things,whole,integer,m,no,,,,,Whole number.
things,flag,boolean,,no,,,,,Yes or no.
things,day,date,,no,,,,,Day.
things,items,list,,no,,,,,Items.
"""
)["things"]
CODES = st.sampled_from(["*", "a", "b", "c", "KZ", "x-1"])
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)
ITEMS = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="|"), min_size=1, max_size=5)
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": CODES,
            "part": CODES,
            "text": TEXTS,
            "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "whole": st.none() | st.integers(-(10**14), 10**14),
            "flag": st.none() | st.booleans(),
            "day": st.none() | st.dates().filter(lambda day: 1000 <= day.year < 3000).map(str),
            "items": ITEMS.map(tuple),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["id"], row["part"]),
)
TABLES = ROWS.map(lambda rows: table_from_rows(SCHEMA, rows))


def cells(table: Table) -> list[dict[str, object]]:
    return [row.to_json() for row in table]


@given(TABLES)
def test_a_table_written_and_read_is_the_same_table(table: Table) -> None:
    again, problems = read_table(SCHEMA, table.to_csv().encode())
    assert again is not None and not problems
    assert cells(again) == cells(table) and again.keys == table.keys
    assert again.to_csv() == table.to_csv() and again.fingerprint == table.fingerprint


@given(TABLES)
def test_every_row_is_found_by_its_name(table: Table) -> None:
    assert [table.find_index(key) for key in table.keys] == list(range(len(table)))


@given(TABLES, st.data())
def test_a_file_cut_off_anywhere_is_refused(table: Table, data: st.DataObject) -> None:
    raw = table.to_csv().encode()
    end = data.draw(st.integers(0, len(raw) - 1))
    if raw[end - 1 : end] == b"\n":  # whole lines are left: a shorter table, and a sound one
        return
    cut, problems = read_table(SCHEMA, raw[:end])
    assert cut is None and problems


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_with_reasons(raw: bytes) -> None:
    table, problems = read_table(SCHEMA, raw)
    assert (table is None) == bool(problems)
    assert all(problem.message and problem.what_to_do and problem.table == "things" for problem in problems)


@given(TABLES, st.data())
def test_any_cell_is_read_or_refused_with_its_line(table: Table, data: st.DataObject) -> None:
    if not len(table):
        return
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.sampled_from([column.name for column in SCHEMA.columns]))
    word = data.draw(TEXTS | st.sampled_from(["nan", "1,5", "1 km", "yes", "2023-02-30", "|", "1e400", "-inf"]))
    lines = [[cell_text(cell) for cell in found.values()] for found in table]
    lines[row][list(table.columns).index(column)] = word
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in line] for line in [list(table.columns), *lines]]
    again, problems = read_table(SCHEMA, "".join(",".join(line) + "\n" for line in quoted).encode())
    if again is None:
        key_repeated = column in SCHEMA.key
        assert all(problem.row == row + 2 or (key_repeated and problem.row > row) for problem in problems)
    else:
        read = cell_text(again.column(column)[row])
        assert read == word or float(read) == float(word)


@given(TABLES, CODES, CODES)
def test_the_row_that_holds_fits_and_none_that_fits_is_more_specific(table: Table, first: str, second: str) -> None:
    fitting = [row for row in table if row["id"] in (first, "*") and row["part"] in (second, "*")]
    held = most_specific(table, id=first, part=second)
    if held is None:
        assert not fitting
        return
    assert held in fitting
    best = min((row["id"] == "*" and first != "*", row["part"] == "*" and second != "*") for row in fitting)
    assert (held["id"] == "*" and first != "*", held["part"] == "*" and second != "*") == best


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_reads_back(number: float) -> None:
    assert float(cell_text(number)) == number
    assert cell_text(math.nan) == ""
