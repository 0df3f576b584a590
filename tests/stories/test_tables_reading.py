"""A file becomes a table only if nothing is wrong with it, and everything that is wrong is said at once.

ports.csv      port,name,country,kinds,depth_m,lat,berths,ice_free,opened
               AKTAU,Aktau,KZ,seaport|ferry,7.7,43.6,12,no,1963
"""

from __future__ import annotations

import math
import time

import pytest

from keruen.errors import BadTable
from keruen.tables.reading import read_table, table_from_rows, with_column, with_rows
from keruen.tables.schema import TableSchema, read_schema
from keruen.tables.table import Table

DICTIONARY = """table,column,type,unit,required,refers,allowed,min,max,meaning
ports,,table,,,,,,,Ports of the story.
ports,port,code,,key,,,,,Short name.
ports,name,text,,yes,,,,,Name.
ports,country,code,,yes,,KZ|AZ|GE,,,Country.
ports,kinds,list,,no,,seaport|ferry,,,What it is.
ports,depth_m,number,m,no,,,0,30,Depth.
ports,lat,number,degrees north,yes,,,-90,90,Latitude.
ports,berths,integer,berths,no,,,0,,Berths.
ports,ice_free,boolean,,no,,,,,Free of ice all year.
ports,opened,date,,no,,,,,Opened.
"""
HEADER = "port,name,country,kinds,depth_m,lat,berths,ice_free,opened"
AKTAU = "AKTAU,Aktau,KZ,seaport|ferry,7.7,43.6,12,no,1963"
ALAT = "ALAT,Alat,AZ,seaport|ferry,,39.9,,yes,2018-05-14"


def schema() -> TableSchema:
    return read_schema(DICTIONARY.encode())["ports"]


def ports(*lines: str) -> bytes:
    return "".join(line + "\n" for line in (HEADER, *lines)).encode()


def read(raw: bytes) -> Table:
    table, problems = read_table(schema(), raw)
    assert table is not None and not problems, problems
    return table


def found(raw: bytes) -> list[tuple[int, str, str]]:
    """Problems as (line, column, message); each must say what to do."""
    table, problems = read_table(schema(), raw)
    assert table is None
    assert all(problem.table == "ports" and problem.what_to_do for problem in problems)
    return [(problem.row, problem.column, problem.message) for problem in problems]


def test_cells_become_values_of_their_type() -> None:
    table = read(ports(AKTAU, ALAT))
    assert table.texts("name") == ("Aktau", "Alat")
    assert table.lists("kinds") == (("seaport", "ferry"), ("seaport", "ferry"))
    assert table.numbers("lat").tolist() == [43.6, 39.9]
    assert table.booleans("ice_free") == (False, True)
    assert table.texts("opened") == ("1963", "2018-05-14")


def test_unknown_is_unknown_and_never_zero() -> None:
    row = read(ports("BAKU,Baku,AZ,,,40.3,,,")).row(0)
    assert math.isnan(row["depth_m"]) and math.isnan(row["berths"])
    assert (row["kinds"], row["ice_free"], row["opened"]) == ((), None, "")


def test_nothing_in_a_table_can_be_written_to() -> None:
    table = read(ports(AKTAU))
    with pytest.raises(ValueError, match="read-only"):
        table.numbers("lat")[0] = 0.0
    with pytest.raises(AttributeError):
        table.columns = {}  # type: ignore[misc]


def test_columns_may_stand_in_any_order_and_a_byte_order_mark_is_harmless() -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, AKTAU)) + "\n"
    assert dict(read(b"\xef\xbb\xbf" + turned.encode()).row(0)) == dict(read(ports(AKTAU)).row(0))
    assert dict(read(ports(AKTAU).replace(b"\n", b"\r\n")).row(0)) == dict(read(ports(AKTAU)).row(0))


def test_a_column_is_asked_for_by_its_type() -> None:
    table = read(ports(AKTAU))
    with pytest.raises(TypeError, match="column name of table ports is a text column, not a number column"):
        table.numbers("name")
    with pytest.raises(KeyError, match="no column 'depth'; it has port, name"):
        table.column("depth")


BROKEN_FILES = [
    pytest.param(b"", 0, "", "empty", id="empty"),
    pytest.param(b"\xef\xbb\xbf\n\n", 0, "", "empty", id="only a byte order mark"),
    pytest.param(ports(AKTAU).decode().encode("utf-16"), 0, "", "UTF-16", id="utf-16"),
    pytest.param(ports(AKTAU.replace("Aktau", "Актау")).decode().encode("cp1251"), 2, "", "not UTF-8", id="cp1251"),
    pytest.param(ports(AKTAU, ALAT.replace("Alat", "Al\0t")), 3, "", "null byte", id="null byte"),
    pytest.param(ports(AKTAU).replace(b",", b";"), 1, "", "semicolons", id="semicolons"),
    pytest.param(ports(AKTAU).replace(b",", b"\t"), 1, "", "tabs", id="tabs"),
    pytest.param(ports(AKTAU, ALAT)[:-9], 3, "", "stops in the middle", id="half-written last line"),
    pytest.param(ports(AKTAU, "ALAT,Alat,AZ"), 3, "", "3 cells and the header 9", id="short row"),
    pytest.param(ports(AKTAU + ",1"), 2, "", "10 cells", id="long row"),
    pytest.param(ports(AKTAU, 'ALAT,"Alat,AZ,,,39.9,,,'), 3, "", "cannot be read", id="open quote"),
    pytest.param(ports(AKTAU).replace(b"depth_m", b"depth"), 1, "depth", "not in the data dictionary", id="unknown"),
    pytest.param(ports(AKTAU).replace(b"depth_m", b"depth"), 1, "depth_m", "missing", id="missing column"),
    pytest.param(ports(AKTAU).replace(b"depth_m", b"lat"), 1, "lat", "2 times", id="repeated column"),
    pytest.param(ports(AKTAU).replace(b"depth_m", b""), 1, "", "column 5 has no name", id="nameless column"),
]


@pytest.mark.parametrize(("raw", "line", "column", "message"), BROKEN_FILES)
def test_a_broken_file_is_refused_with_the_line(raw: bytes, line: int, column: str, message: str) -> None:
    assert any((at, name) == (line, column) and message in text for at, name, text in found(raw)), found(raw)


BAD_CELLS = [
    ("depth_m", "7,7", "'7,7' has a comma in it"),
    ("depth_m", "7.7 m", "'7.7 m' has more in it than a number"),
    ("depth_m", "7.7-8", "'7.7-8' has more in it than a number"),
    ("depth_m", "nan", "'nan' is not a number"),
    ("depth_m", "inf", "'inf' is not a number"),
    ("depth_m", "n/a", "'n/a' is not a number"),
    ("depth_m", "1_000", "'1_000' has more in it than a number"),
    ("depth_m", "deep", "'deep' is not a number"),
    ("depth_m", "1e999", "'1e999' is too large to be a number"),
    ("depth_m", "-1", "-1 m is less than can be"),
    ("depth_m", "31", "31 m is more than can be"),
    ("lat", "91", "91 degrees north is more than can be"),
    ("lat", "", "the cell is empty"),
    ("berths", "12.5", "'12.5' is not a whole number"),
    ("berths", "-3", "-3 berths is less than can be"),
    ("ice_free", "Yes", "'Yes' is neither yes nor no"),
    ("opened", "2023-02-30", "there is no day 2023-02-30"),
    ("opened", "2023-13", "'2023-13' is not a date"),
    ("opened", "n.d.", "'n.d.' is not a date"),
    ("opened", "14.05.2018", "'14.05.2018' is not a date"),
    ("kinds", "seaport|", "'seaport|' is not a list"),
    ("kinds", "seaport | ferry", "'seaport | ferry' is not a list"),
    ("kinds", "seaport|fery", "'fery' is not one of the values allowed"),
    ("country", "KG", "'KG' is not one of the values allowed"),
    ("country", "КZ", "'КZ' is not a code"),  # the first letter is Cyrillic
    ("port", "", "the cell is empty"),
    ("name", " Aktau", "' Aktau' begins or ends with a space"),
]


@pytest.mark.parametrize(("column", "cell", "message"), BAD_CELLS)
def test_a_bad_cell_is_named_with_its_line_and_column(column: str, cell: str, message: str) -> None:
    cells = dict(zip(HEADER.split(","), AKTAU.split(","), strict=True)) | {column: f'"{cell}"'}
    assert found(ports(ALAT, ",".join(cells.values()))) == [(3, column, message)]


def test_what_to_do_guesses_what_was_meant() -> None:
    _, problems = read_table(schema(), ports(AKTAU.replace("7.7", "7.7 m"), ALAT.replace("seaport", "seport")))
    assert [problem.what_to_do for problem in problems] == ["Write 7.7 alone, if that is its value in m"]
    _, problems = read_table(schema(), ports(ALAT.replace("seaport", "seport")))
    assert [problem.what_to_do for problem in problems] == ["Use seaport"]


def test_all_problems_are_reported_at_once() -> None:
    raw = ports(AKTAU.replace("7.7", "31"), ALAT.replace("39.9", "").replace("yes", "YES"), AKTAU.replace("12", "a"))
    assert {(line, column) for line, column, _ in found(raw)} == {(3, "ice_free"), (4, "berths")}
    raw = ports(AKTAU.replace("7.7", "31"), ALAT.replace("39.9", ""), AKTAU)
    assert {(line, column) for line, column, _ in found(raw)} == {(2, "depth_m"), (3, "lat"), (4, "port")}


def test_a_key_stands_once() -> None:
    assert found(ports(AKTAU, ALAT, AKTAU)) == [(4, "port", "the key AKTAU is already on line 2")]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    raw = ports(AKTAU.replace("Aktau", '"Aktau\nMorport"'), "", ALAT.replace("39.9", "99"))
    assert found(raw) == [(5, "lat", "99 degrees north is more than can be")]


def test_a_table_made_in_a_program_keeps_the_same_rules() -> None:
    row = {"port": "POTI", "name": "Poti", "country": "GE", "kinds": ("seaport",), "lat": 42.15, "ice_free": True}
    table = table_from_rows(schema(), [row])
    assert table.row(0).number("lat") == 42.15 and math.isnan(table.row(0).number("berths"))
    with pytest.raises(BadTable, match="ports line 2, column lat: 420 degrees north is more than can be"):
        table_from_rows(schema(), [row | {"lat": 420}])
    with pytest.raises(KeyError, match="no column latitude"):
        table_from_rows(schema(), [row | {"latitude": 42.15}])


def test_changing_a_table_gives_another_table() -> None:
    table = read(ports(AKTAU, ALAT))
    deeper = with_column(table, "depth_m", [9.0, math.nan])
    assert deeper.numbers("depth_m")[0] == 9.0 and table.numbers("depth_m")[0] == 7.7
    assert math.isnan(deeper.numbers("depth_m")[1])
    longer = with_rows(table, [{"port": "POTI", "name": "Poti", "country": "GE", "lat": 42.15}])
    assert (longer.keys, len(table)) == (("AKTAU", "ALAT", "POTI"), 2)
    with pytest.raises(BadTable, match="already on line 2"):
        with_rows(table, [{"port": "AKTAU", "name": "Aktau", "country": "KZ", "lat": 43.6}])
    with pytest.raises(BadTable, match="-1 m is less than can be"):
        with_column(table, "depth_m", [-1.0, 5.0])
    with pytest.raises(ValueError, match="2 rows and 1 values"):
        with_column(table, "depth_m", [9.0])


def test_a_row_has_a_name_and_is_found_by_it() -> None:
    table = read(ports(AKTAU, ALAT))
    assert (table.row_id(1), table.row(1).id) == ("ports:ALAT", "ports:ALAT")
    row = table.find("ALAT")
    assert row is not None and row.text("name") == "Alat" and row.line == 3
    assert table.find("BAKU") is None and table.find_index("BAKU") == -1
    with pytest.raises(IndexError):
        table.row(2)


def test_a_table_prints_well() -> None:
    assert str(read(ports(AKTAU, ALAT))).splitlines() == [
        "<ports: 2 rows, 9 columns, key port>",
        "port   name   country  kinds          depth_m  lat   berths  ice_free",
        "AKTAU  Aktau  KZ       seaport|ferry  7.7      43.6  12      no",
        "ALAT   Alat   AZ       seaport|ferry           39.9          yes",
        "not shown: 1 columns",
    ]
    assert str(read(ports())).startswith("<ports: 0 rows")


def test_very_many_digits_are_refused_at_once() -> None:
    """A pattern that can match in two ways takes minutes over 100,000 digits."""
    start = time.process_time()
    table, (problem,) = read_table(schema(), ports(AKTAU.replace("7.7", "9" * 100_000 + ":")))
    assert table is None and (problem.row, problem.column) == (2, "depth_m")
    assert len(str(problem)) < 300 and time.process_time() - start < 5
