"""Files that are broken, hostile or not what they seem: a clear error and an unchanged store, or each bad row counted.

bomb, path, nesting; encodings; a page instead of data; a gzip that ends in the middle; any bytes at all
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import HOUSE, RunCli, environment
from hypothesis import given, settings
from hypothesis import strategies as st
from trade_files import BACI, Desk, gzipped, zipped

from keruen.errors import KeruenError
from keruen.tables.dataset import Dataset
from keruen.trade import unpack
from keruen.trade.errors import BadFile
from keruen.trade.store import create_store

CYRILLIC = "Страна;Год;Тыс. долл.\nВьетнам;2024;1500\nЛитва;2024;300\n"
COLUMNS = {"Страна": "partner", "Год": "year", "Тыс. долл.": "value_thousand"}


@pytest.fixture
def desk(shipped: Dataset, tmp_path: Path) -> Desk:
    """A store with one import, so that it can be seen to stay as it is."""
    desk = Desk(shipped, tmp_path)
    desk.bring(BACI)
    return desk


@pytest.fixture(scope="module")
def held(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A store that stays open."""
    folder = tmp_path_factory.mktemp("held")
    with create_store(shipped, folder / "store" / "trade.duckdb") as store:
        store.connection.execute("SET threads = 1")
        desk = Desk(shipped, folder, store)
        desk.bring(BACI)
        yield desk


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>", "web page"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><m:StructureSpecificData/>', "XML"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z archive; unpack it"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old xls format"),
        (b"just words without any column", "no header"),
        (b"t,i,j,k,v,q\n2022,398,704,720241,1,1\n\0\0\0\0", "zero byte"),
        (gzipped(BACI)[:-12], "ends in the middle"),
        (gzip.compress(gzipped(BACI), mtime=0), "packed twice"),
        (b"\x1f\x8bgarbage that is no deflate", "cannot be unpacked"),
        (zipped({"a/b.csv": BACI})[:-30], "cannot be unpacked"),
        (zipped({"readme.txt": "hello"}), "no header"),
        (zipped({"readme.txt": "hello", "codes.csv": "country_code,name\n1,a\n"}), "nothing that can be imported"),
        (zipped({}), "cannot be unpacked|nothing that can be imported"),
        (zipped({"xl/workbook.xml": "<workbook/>"}), "workbook that cannot be read"),
        (b"t,i,j,k,v,q,t\n", "no format known"),
    ],
)  # fmt: skip
def test_what_is_no_data_is_refused_and_changes_nothing(held: Desk, content: bytes, said: str) -> None:
    before, imports = held.sql("SELECT * FROM trade ORDER BY ALL"), held.sql("SELECT count(*) FROM imports")
    with pytest.raises(BadFile, match=said):
        held.bring(content, "given")
    assert held.sql("SELECT * FROM trade ORDER BY ALL") == before
    assert held.sql("SELECT count(*) FROM imports") == imports


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_encodings_are_told(desk: Desk, encoding: str) -> None:
    desk.bring(
        CYRILLIC.encode(encoding), "russian.csv", columns=COLUMNS, constants={"reporter": "KAZ", "flow": "import"}
    )
    assert desk.sql("SELECT partner, value FROM trade WHERE import_id = 2 ORDER BY value") == [
        ("LTU", 3e5),
        ("VNM", 15e5),
    ]


def test_western_letters_in_one_byte(desk: Desk) -> None:
    text = "Land;Year;kEUR\nCôte d'Ivoire;2024;1\nTürkiye;2024;2\nCuraçao;2024;3\n".encode("latin-1")
    desk.bring(
        text,
        "w.csv",
        columns={"Land": "partner", "Year": "year", "kEUR": "value_thousand"},
        constants={"reporter": "DEU", "flow": "export"},
    )
    assert "cp1252" in desk.sql("SELECT note FROM imports WHERE import_id = 2")[0][0]
    assert "Côte d'Ivoire;2024;1" in {text for (text,) in desk.sql("SELECT text FROM rejects WHERE import_id = 2")}


def test_one_bad_byte_in_utf8_is_told_with_its_line(desk: Desk) -> None:
    with pytest.raises(BadFile, match="line 3"):
        desk.bring(
            CYRILLIC.encode().replace("Литва".encode(), b"\xff\xfe"),
            "x.csv",
            columns=COLUMNS,
            constants={"reporter": "KAZ", "flow": "import"},
        )


def test_a_bomb_is_not_unpacked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "RATIO_HOLDS_FROM", 1 << 20)
    zeros = b"0" * (8 << 20)
    for name, bomb in (("bomb.zip", zipped({"BACI.csv": zeros})), ("bomb.gz", gzip.compress(zeros))):
        with pytest.raises(BadFile, match="which no statistics do"):
            desk.bring(bomb, name)
    lying = bytearray(zipped({"BACI.csv": zeros}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the archive says that little comes out
        at = lying.index(mark) + offset
        lying[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(BadFile):
        desk.bring(bytes(lying), "lying.zip")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(1200):
            archive.writestr(f"{number}.csv", "a,b\n1,2\n")
    with pytest.raises(BadFile, match="1,200 files"):
        desk.bring(many.getvalue(), "many.zip")


def test_names_in_an_archive_are_no_paths(desk: Desk) -> None:
    desk.bring(
        zipped(
            {
                "../../escaped_BACI_HS17_Y2021_V202501.csv": "t,i,j,k,v,q\n2021,398,704,720241,7,1\n",
                "/etc/readme": "a,b\n",
            }
        ),
        "path.zip",
    )
    assert not list(desk.folder.parent.rglob("escaped*"))
    assert desk.sql("SELECT file FROM imports WHERE import_id = 2") == [
        ("path.zip/escaped_BACI_HS17_Y2021_V202501.csv",)
    ]


def test_an_encrypted_archive_is_told(desk: Desk) -> None:
    content = bytearray(zipped({"a.csv": BACI}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(BadFile, match="cannot be unpacked"):
        desk.bring(bytes(content), "secret.zip")


def test_rejected_rows_beyond_the_limit_are_counted_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keruen.trade.importing.MOST_REJECTS", 10)
    (done,) = desk.bring("t,i,j,k,v,q\n" + "2022,998,704,720241,1,1\n" * 500 + "2022,398\n" * 50)
    assert dict(done.reasons) == {"unknown code of the reporter": 500, "the line has too few cells": 50}
    assert sorted(reason.ru for reason, _ in done.reasons) == [
        "в строке слишком мало ячеек",
        "неизвестный код отчитывающейся страны",
    ]
    assert desk.sql("SELECT count(*), min(line) FROM rejects") == [(10, 2)]


def test_errors_end_with_code_2_and_one_sentence(desk: Desk, run_cli: RunCli) -> None:
    said = run_cli("trade", "import", desk.file(b"<html>no</html>", "page.csv"), "--store", desk.path, "--json")
    assert said.code == 2 and said.error["kind"] == "bad_file"
    said = run_cli("trade", "import", desk.file("a,b\n1,2\n", "own.csv"), "--store", desk.path, "--map", "a")
    assert said.code == 2 and "COLUMN=FIELD" in said.err


def test_errors_are_told_in_russian_too(desk: Desk) -> None:
    with pytest.raises(BadFile) as caught:
        desk.bring(zipped({"readme.txt": "hello", "codes.csv": "country_code,name\n1,a\n"}), "two.zip")
    told = caught.value.to_json()["error"]
    assert "two.zip/codes.csv is a list of codes" in str(told["message"]) and "two.zip/codes.csv - список кодов" in str(
        told["message_ru"]
    )


# ---- any content at all --------------------------------------------------------------------------------------------------------

CELL = st.one_of(
    st.sampled_from(["2022", "398", "704", "720241", "10121", "1.5", "", "NA", "          NA",
                     "-1", "1e400", "nan", "x", "998", "2022-05", "TOTAL"]),
    st.text(st.characters(codec="utf-8", exclude_characters='\r\n,"\0\ufeff', exclude_categories=["Cs", "Zl", "Zp", "Cc"]), max_size=6),
)  # fmt: skip
LINE = st.lists(CELL, min_size=1, max_size=8).map(",".join)
HEADERS = (
    "t,i,j,k,v,q",
    "year,reporter,partner,cmd,flow,value,netwgt,qty,qtyunit",
    "REPORTER,PARTNER,PRODUCT_NC,FLOW,SUPPL_UNIT,PERIOD,VALUE_EUR,QUANTITY_KG",
    "DATAFLOW,geo,c_load,unit,nst07,TIME_PERIOD,OBS_VALUE,OBS_FLAG",
    "ReporterISO3,PartnerISO3,ProductCode,Year,TradeFlowName,TradeValue in 1000 USD",
    "origin,destination,mode,per_week",
    "period,reporterCode,flowCode,partnerCode,partner2Code,cmdCode,customsCode,motCode,netWgt,primaryValue",
)


@settings(max_examples=80, deadline=None)
@given(
    header=st.sampled_from(HEADERS),
    lines=st.lists(LINE, max_size=25),
    ending=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_every_line_is_stored_or_rejected(held: Desk, header: str, lines: list[str], ending: str, last: bool) -> None:
    """Whatever stands in the cells: the lines that are not blank are the rows read, and each is stored or rejected with its line."""
    text = ending.join([header, *lines]) + (ending if last else "")
    (done,) = held.bring(text, "fuzz.csv", again=True)
    assert done.rows_read == sum(1 for line in lines if line)
    assert held.sql("SELECT count(*) FROM rejects WHERE import_id = ?", done.import_id) == [(done.rows_rejected,)]
    stored = sum(
        held.sql(f"SELECT count(*) FROM {table} WHERE import_id = ?", done.import_id)[0][0]
        for table in ("trade", "freight", "services")
    )
    assert stored == done.rows_stored


REAL = (
    BACI.encode(), gzipped(BACI), zipped({"BACI_HS17_Y2022_V202501.csv": BACI, "Readme.txt": "x"}),
    b'{"data": [{"period": "2022", "reporterCode": 398, "partnerCode": 704, "flowCode": "X", "cmdCode": "TOTAL", "primaryValue": 5.0}]}',
    b"freq,tra_type,c_unload,nst07,unit,geo\\TIME_PERIOD\t2022 \t2023 \nA,TOTAL,KZ,TOTAL,THS_T,LT\t74.5 p\t: c\n",
    b'year,reporter,partner,cmd,flow,value\n2022,"398",842,TOTAL,X,1\n2022,398,"8""42",TOTAL,X,1\n', CYRILLIC.encode("cp1251"),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_files_never_crash(held: Desk, data: st.DataObject) -> None:
    """Bytes changed, cut out, doubled or put in at random: a KeruenError, or an import whose counts agree."""
    content = bytearray(data.draw(st.sampled_from(REAL)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b'"', b"\n", b"\r", b",", b"\0", b"\xff", b'""', b"9" * 40])
            )
        )
        content[at : at + data.draw(st.integers(0, 6))] = piece
    try:
        held.bring(bytes(content), "mutated", again=True)
    except KeruenError as problem:
        assert problem.exit_code == 2 and problem.message


# ---- what benchmarks/fuzz.py has found --------------------------------------------------------------------------------------------


def test_a_broken_quote_loses_no_row_behind_it(held: Desk) -> None:
    """DuckDB 2.0, told to ignore errors, drops every row behind the first broken quote without a word: here it would be 1,997 rows."""
    rows = [f"2022,398,704,{10000 + n},1.5,1" for n in range(2000)]
    rows[2] = '2022,398,704,""72024,1,1'
    (done,) = held.bring("t,i,j,k,v,q\n" + "\n".join(rows) + "\n", "quote.csv")
    assert (done.rows_stored, done.rows_rejected) == (1999, 1)
    assert held.rejected() == {4: "a quoted cell does not end where it should"}


def test_every_line_that_an_open_quote_swallows_is_told(held: Desk) -> None:
    (done,) = held.bring(
        BACI + '2022,398,704,"720241,1,1\n2022,398,842,720241,1,1\n2022,398,643,720241,1,1\n', "open.csv"
    )
    assert (done.rows_read, done.rows_stored) == (5, 2) and sorted(held.rejected()) == [4, 5, 6]


@pytest.mark.parametrize("ends", ["\n\n{}", "  \n{}", "\ufeff\n{}", "\n\r\n{}"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_blank_lines_before_the_header_and_line_ends_of_any_kind(held: Desk, ends: str, line_end: str) -> None:
    text = ends.format((BACI + "2022,398\n").replace("\n", line_end))
    (done,) = held.bring(text, "lines.csv", again=True)
    assert (done.rows_read, done.rows_stored) == (3, 2) and list(held.rejected()) == [4]


def test_a_few_inputs_of_the_fuzzer() -> None:
    """`python benchmarks/fuzz.py` does 100,000 of them; these are other ones than it begins with."""
    words = [
        sys.executable,
        "-W",
        "ignore",
        str(HOUSE / "benchmarks" / "fuzz.py"),
        "--first",
        "1000000",
        "--inputs",
        "120",
    ]
    done = subprocess.run(
        words, capture_output=True, text=True, env=environment({"PYTHONPATH": str(HOUSE)}), timeout=300
    )
    assert done.returncode == 0 and "120 inputs" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
