"""The trade store is whole or as before: killed imports, two processes, a damaged file, a file brought twice.

import = one transaction            rows appear together or not at all
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from command_line import RunCli, command_of, environment
from trade_files import BACI, Desk, zipped

from keruen.tables.dataset import Dataset
from keruen.trade.errors import BadFile, BadQuery, StoreTrouble, UnknownImport
from keruen.trade.importing import import_file
from keruen.trade.store import open_store, read_only_query, remove_import, transaction


@pytest.fixture
def desk(shipped: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty store that the commands take too."""
    desk = Desk(shipped, tmp_path)
    monkeypatch.setenv("KERUEN_TRADE", str(desk.path))
    return desk


def big_year(rows: int) -> str:
    """A BACI file with some rows that are good and some that are not."""
    lines = (
        f"2022,398,{704 if n % 5 else 998},{n % 900000 + 10000:06d},{n % 977 + 1}.5,{n % 31}.25" for n in range(rows)
    )
    return "t,i,j,k,v,q\n" + "\n".join(lines) + "\n"


@pytest.fixture
def spawned(desk: Desk) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that a test starts; those still running are ended."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def spawn(spawned: list[subprocess.Popen[bytes]], *words: object) -> subprocess.Popen[bytes]:
    """A command as a process of its own, that hears Ctrl-C also where the tests run in the background and do not."""
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command_of("trade", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment({})
        )
    finally:
        signal.signal(signal.SIGINT, heard)
    spawned.append(process)
    return process


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that begin where this one stands")
def test_an_import_that_is_killed_leaves_the_store_as_it_was(desk: Desk) -> None:
    """Killed at moments drawn over the time that a whole import takes, eight times and until three kills struck; then it comes in whole.

    The process is a fork, so that the time is that of the import and not of the start of Python.
    """
    desk.bring(BACI)
    before = desk.sql("SELECT * FROM trade ORDER BY ALL")
    large = desk.file(big_year(100_000), "large.csv")
    start = time.monotonic()
    assert os.waitstatus_to_exitcode(os.waitpid(forked(desk, large, desk.folder / "trial.duckdb"), 0)[1]) == 0
    whole_s = time.monotonic() - start
    draw, killed = random.Random(5), 0
    for turn in range(24):
        if turn >= 8 and killed >= 3:
            break
        child = forked(desk, large, desk.path)
        time.sleep(whole_s * draw.uniform(0.05, 0.95))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rows = desk.sql("SELECT * FROM trade WHERE import_id = 1 ORDER BY ALL")
        assert rows == before
        imports = desk.sql("SELECT import_id FROM imports")
        if len(imports) == 1:
            killed += 1
            assert desk.sql("SELECT count(*) FROM trade") == [(len(before),)]
            assert desk.sql(
                "SELECT (SELECT count(*) FROM rejects), (SELECT count(*) FROM kinds WHERE import_id > 1)"
            ) == [(0, 0)]
        else:  # it had ended before the signal came
            with open_store(desk.path, read_only=False) as store, transaction(store):
                remove_import(store, 2)
    assert killed >= 3
    (done,) = desk.bring(large)
    assert (done.rows_stored, done.rows_rejected) == (80_000, 20_000)
    assert [path.name for path in desk.path.parent.iterdir()] == [desk.path.name]  # nothing half-made is left beside it


def forked(desk: Desk, file: Path, store: Path) -> int:
    """A process of its own that imports a file; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of threads that a fork leaves behind: none of them is needed
        child = os.fork()
    if child == 0:
        try:
            import_file(desk.data, file, store=store)
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    return child


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_ctrl_c_ends_an_import_with_a_word_and_nothing_left(desk: Desk, spawned: list[subprocess.Popen[bytes]]) -> None:
    desk.bring(BACI)
    process = spawn(spawned, "import", desk.file(big_year(600_000), "large.csv"))
    folder = desk.path.parent
    while process.poll() is None and not any(path.is_dir() for path in folder.iterdir()):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130 and error.strip().endswith(b"Stopped.")
    assert desk.sql("SELECT count(*) FROM imports") == [(1,)]
    assert [path.name for path in folder.iterdir()] == [desk.path.name]


def test_an_archive_comes_in_with_all_its_years_or_none(desk: Desk) -> None:
    year = BACI.replace("2022,", "2021,")
    archive = zipped({"BACI_HS17_Y2021_V202501.csv": year, "BACI_HS17_Y2022_V202501.csv": BACI})
    assert [done.rows_stored for done in desk.bring(archive, "both.zip")] == [2, 2]
    with pytest.raises(BadFile, match="in the store already"):
        desk.bring(archive, "both.zip")
    broken = zipped({"BACI_HS17_Y2019_V202501.csv": year, "inner.zip": zipped({"a.csv": BACI})})
    with pytest.raises(BadFile, match="another archive"):
        desk.bring(broken, "nested.zip")
    assert desk.sql("SELECT count(*) FROM imports") == [(2,)]


def test_the_same_file_again_is_refused_or_replaces(desk: Desk) -> None:
    desk.bring(BACI)
    with pytest.raises(BadFile, match="--again"):
        desk.bring(BACI, "under_another_name.csv")
    (done,) = desk.bring(BACI, again=True, edition="V202601")
    assert desk.sql("SELECT import_id, edition FROM imports") == [(done.import_id, "V202601")]
    assert desk.sql("SELECT count(*) FROM trade") == [(2,)]


def test_removing_takes_everything_of_an_import(desk: Desk) -> None:
    desk.bring(BACI + "2022,998,704,720241,1,1\n")
    desk.bring("t,i,j,k,v,q\n2021,398,704,720241,7,1\n", "other.csv")
    with open_store(desk.path, read_only=False) as store:
        with transaction(store):
            assert remove_import(store, 1) == 2
        with pytest.raises(UnknownImport, match="no import 1"), transaction(store):
            remove_import(store, 1)
    assert desk.sql("SELECT import_id, value FROM trade") == [(2, 7000.0)]
    assert desk.sql(
        "SELECT (SELECT count(*) FROM rejects), (SELECT count(*) FROM reject_reasons), (SELECT count(*) FROM kinds)"
    ) == [(0, 0, 1)]


def test_two_processes_at_one_store(desk: Desk, run_cli: RunCli, spawned: list[subprocess.Popen[bytes]]) -> None:
    desk.bring(BACI)
    holder = duckdb.connect(str(desk.path))
    try:
        said = spawn(spawned, "import", desk.file("t,i,j,k,v,q\n2021,398,704,720241,7,1\n", "b.csv"))
        _, error = said.communicate(timeout=60)
        assert said.returncode == 2
        assert b"in use by another process" in error
    finally:
        holder.close()
    with open_store(desk.path), open_store(desk.path) as second:  # readers do not hinder one another
        assert second.sql("SELECT count(*) FROM trade") == [(2,)]


@pytest.mark.parametrize("harm", ["cut", "overwritten", "text", "other data base"])
def test_a_damaged_store_is_named_and_not_touched(desk: Desk, run_cli: RunCli, harm: str) -> None:
    desk.bring(big_year(30_000), "a.csv")
    if harm == "other data base":
        desk.path.unlink()
        duckdb.connect(str(desk.path)).execute("CREATE TABLE mine (a INTEGER)").close()
    content = bytearray(desk.path.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 3]
    elif harm == "overwritten":
        content[4096:16384] = os.urandom(12288)
    elif harm == "text":
        content = bytearray(b"this is no store\n" * 1000)
    desk.path.write_bytes(content)
    for words in (
        ("trade", "import", desk.file(BACI, "b.csv")),
        ("trade", "list"),
        ("trade", "sql", "SELECT sum(value) FROM trade"),
    ):
        said = run_cli(*words)
        assert said.code == 2 and "Traceback" not in said.err
        assert "damaged" in said.err or "no trade store" in said.err
        assert desk.path.read_bytes() == content


def test_sql_reads_and_only_reads(desk: Desk, run_cli: RunCli) -> None:
    desk.bring(BACI)
    said = run_cli("trade", "sql", "SELECT partner, value, mass_t FROM trade ORDER BY value")
    assert said.out == "partner,value,mass_t\nVNM,12500.0,3.25\nUSA,1000000.0,\n"
    assert run_cli("trade", "sql", "SELECT start, value, mass_t FROM trade ORDER BY value", "--json").json == {
        "columns": ["start", "value", "mass_t"], "rows": [["2022-01-01", 12500.0, 3.25], ["2022-01-01", 1000000.0, None]]
    }  # fmt: skip
    secret = desk.file("a,b\n1,2\n", "secret.csv")
    for query in (
        "DELETE FROM flows", "DROP VIEW trade", "CREATE TABLE x (a INTEGER)", "SELECT 1; DELETE FROM flows",
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'", f"COPY (SELECT 1) TO '{desk.folder / 'out.csv'}'", "ATTACH 'x.db'",
        "SET enable_external_access = true",
        "SELEC", "SELECT nothing FROM trade", "INSTALL httpfs", "", "PRAGMA database_list; DELETE FROM flows",
    ):  # fmt: skip
        said = run_cli("trade", "sql", query)
        assert (said.code, said.out) == (2, ""), query
    assert not (desk.folder / "out.csv").exists()
    assert desk.sql("SELECT count(*) FROM trade") == [(2,)]


def test_columns_come_as_arrays_with_unknown_as_nan(desk: Desk) -> None:
    desk.bring(BACI)
    with open_store(desk.path) as store:
        found = store.frame("SELECT partner, value, mass_t, start, unit FROM trade ORDER BY value")
        with pytest.raises(BadQuery, match="nothing"):
            store.frame("SELECT nothing FROM trade")
        assert read_only_query(store, "SELECT 1 AS one") == (["one"], [(1,)])
    assert list(found["partner"]) == ["VNM", "USA"] and list(found["unit"]) == [None, None]
    np.testing.assert_array_equal(found["mass_t"], [3.25, np.nan])
    assert found["start"][0] == np.datetime64("2022-01-01")


def test_membership_of_groups_is_dated(desk: Desk) -> None:
    desk.bring(BACI)
    members = "SELECT count(*) FROM members WHERE area = ? AND coalesce(valid_from <= ?, true) AND coalesce(valid_to >= ?, true)"
    counts = {
        "2004-04-30": 15,
        "2004-05-01": 25,
        "2007-01-01": 27,
        "2013-07-01": 28,
        "2020-01-31": 28,
        "2020-02-01": 27,
    }
    assert {day: desk.sql(members, "EU", day, day)[0][0] for day in counts} == counts
    assert desk.sql(members, "EU28", "2024-01-01", "2024-01-01") == [(28,)]
    assert desk.sql(members, "EAEU", "2015-01-01", "2015-01-01") == [(3,)] and desk.sql(
        members, "EAEU", "2016-01-01", "2016-01-01"
    ) == [(5,)]


def test_the_commands_tell_what_was_stored_and_why_not(desk: Desk, run_cli: RunCli) -> None:
    bad = desk.file(BACI + "2022,998,704,720241,1,1\n2022,398,704,720241,-1,1\n", "mine.csv")
    said = run_cli("trade", "import", bad)
    assert (said.code, said.err.strip()) == (0, "")
    assert "4 rows read, 2 stored, 2 rejected" in said.out and "unknown code of the reporter" in said.out
    assert "mine.csv" in run_cli("trade", "list").out
    listed = run_cli("trade", "list", "--json").json["imports"]
    assert [(row["rows_read"], row["rows_stored"], row["rows_rejected"]) for row in listed] == [(4, 2, 2)]
    told = run_cli("trade", "rejects", "1", "--json").json
    assert [row["line"] for row in told["rejects"]] == [4, 5] and sum(told["reasons"].values()) == 2
    assert run_cli("trade", "rejects", "9").code == 2 and run_cli("trade", "remove", "9").code == 2
    assert "2 rows" in run_cli("trade", "remove", "1").out
    assert run_cli("trade", "list").out == ""
    again = run_cli("trade", "import", desk.folder / "nowhere.csv", "--json")
    assert again.code == 2 and again.error["kind"] == "file"


def test_a_store_that_is_not_there_is_told(shipped: Dataset, tmp_path: Path, run_cli: RunCli) -> None:
    said = run_cli("trade", "list", "--store", tmp_path / "none.duckdb")
    assert said.code == 2 and "keruen trade import" in said.err
    assert not (tmp_path / "none.duckdb").exists()
    blocked = tmp_path / "file.txt"
    blocked.write_text("no folder")
    with pytest.raises(StoreTrouble, match="cannot be kept"):
        import_file(shipped, blocked, store=blocked / "deeper" / "trade.duckdb")


def test_help_loads_neither_the_data_base_nor_numpy() -> None:
    code = (
        "import sys; from keruen.cli import run; run(['trade', '--help']); "
        "print(sorted({'duckdb', 'numpy', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment({}), check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_queries_of_the_documentation_run(desk: Desk, house: Path) -> None:
    desk.bring(BACI.replace("842", "251"))
    desk.bring("year,reporter,partner,cmd,flow,value\n2022,156,398,720241,M,30\n2022,398,156,720241,X,20\n", "both.csv")
    queries = re.findall(r"```sql\n(.*?)```", (house / "docs/trade.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(queries) >= 4
    with open_store(desk.path) as store:
        answers = [read_only_query(store, query)[1] for query in queries]
    assert answers[0] == [("FRA", 1.0), ("VNM", 0.0125)]
    assert [row[1] for row in answers[1]] == [1e6] and [row[-1] for row in answers[2]] == [1.5]
