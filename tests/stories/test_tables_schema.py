"""The data dictionary describes every column once, and the documentation is made from it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keruen.errors import BadTable
from keruen.tables import dictionary_markdown, load, read_schema

REPOSITORY = Path(__file__).parent.parent.parent
HEADER = "table,column,type,unit,required,refers,allowed,min,max,meaning\n"


def test_a_column_is_what_its_row_says() -> None:
    text = (
        HEADER + "ports,,table,,,,,,,All ports.\nports,port,code,,key,,,,,Name.\nports,depth_m,number,m,no,,,0,,Depth."
    )
    ports = read_schema((text + "\n").encode())["ports"]
    assert (ports.meaning, ports.key, ports["port"].required) == ("All ports.", ("port",), True)
    depth = ports["depth_m"]
    assert (depth.unit, depth.required, depth.minimum, depth.maximum) == ("m", False, 0.0, float("inf"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ports,port,word,,key,,,,,Name.", "line 2, column type: 'word' means nothing here"),
        ("ports,port,code,,maybe,,,,,Name.", "line 2, column required: 'maybe' means nothing here"),
        ("ports,port,code,,key,countries,,,,Name.", "line 2, column refers: 'countries' means nothing here"),
        ("ports,port,code,,key,,,low,,Name.", "line 2, column min: 'low' means nothing here"),
        ("ports,port,code,,key,,,,,", "line 2, column meaning: '' means nothing here"),
        ("ports,port,code,,yes,,,,,Name.", "table ports has no key"),
        ("ports,port,code,,key,a.b,,,,Name.", "it refers to a.b, which is no column"),
        ("ports,port,code,,key,,,,,Name.\nports,port,code,,key,,,,,Name.", "the column is described twice"),
    ],
)
def test_a_wrong_dictionary_is_refused(row: str, message: str) -> None:
    with pytest.raises(BadTable, match=message):
        read_schema((HEADER + row + "\n").encode())


def test_a_dictionary_with_another_header_is_refused() -> None:
    with pytest.raises(BadTable, match="It must be table,column,type"):
        read_schema(b"table,column\nports,port\n")


def test_the_documentation_is_made_from_the_dictionary() -> None:
    page = dictionary_markdown(load().schema)
    assert (REPOSITORY / "docs" / "data.md").read_text(encoding="utf-8") == page, (
        "docs/data.md is not current: run `python docs/make_data_page.py`"
    )


def test_the_documentation_says_what_may_stand_in_a_cell() -> None:
    text = HEADER + "a,key,code,,key,,x|y,,,One.\na,km,number,km,no,,,0,9,Two.\na,other,code,,no,a.key,*,,,Three.\n"
    page = dictionary_markdown(read_schema(text.encode()))
    assert "| `key` | code |  | key | One. *(one of `x`, `y`)* |" in page
    assert "| `km` | number | km |  | Two. *(0 to 9)* |" in page
    assert "| `other` | code |  |  | Three. *(one of `*`, a value of `a.key`)* |" in page


def test_every_table_and_column_that_ships_is_described() -> None:
    for table in load().schema.values():
        assert table.meaning.endswith("."), table.name
        for column in table.columns:
            assert column.meaning.endswith((".", "?")) and len(column.meaning) > 5, f"{table.name}.{column.name}"
            assert column.type not in ("number", "integer") or column.unit or column.name == "rank", (
                f"{table.name}.{column.name} is a number without a unit"
            )


def test_every_table_of_evidence_must_name_its_sources() -> None:
    for table in load().schema.values():
        if table.name != "sources":
            source = table["source"]
            assert (source.type, source.required, source.refers) == ("list", True, ("sources.source",)), table.name


def test_every_file_that_ships_is_in_the_dictionary() -> None:
    """All but the dictionary itself and the words of reports, which are how we speak and not what is known."""
    files = {path.stem for path in (REPOSITORY / "keruen" / "data").glob("*.csv")} - {"schema", "words", "words_kk"}
    assert files == set(load().schema)


def test_the_rows_of_the_dictionary_stand_together_by_table() -> None:
    with (REPOSITORY / "keruen" / "data" / "schema.csv").open(encoding="utf-8", newline="") as file:
        names = [row["table"] for row in csv.DictReader(file)]
    runs = [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    assert len(runs) == len(set(runs)), "rows of one table are scattered"
