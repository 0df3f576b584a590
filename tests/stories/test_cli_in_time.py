"""How probable it is to be in time: `--within DAYS`, or `--depart` and `--by`."""

from __future__ import annotations

import pytest
from command_line import RunCli

pytestmark = [pytest.mark.world, pytest.mark.usefixtures("world_data")]


def test_two_dates_stand_for_the_days_between_them(run_cli: RunCli) -> None:
    by_dates = run_cli(
        "route", "CNXAG", "AZBAK", "--fastest", "--depart", "2025-06-01", "--by", "2025-06-21", "--json"
    ).json
    by_days = run_cli("route", "CNXAG", "AZBAK", "--fastest", "--depart", "2025-06-01", "--within", "20", "--json").json
    assert by_dates == by_days and by_days["within_days"] == 20
    assert 0 < by_days["routes"][0]["on_time"] <= 1


def test_the_table_has_a_column_only_if_asked(run_cli: RunCli) -> None:
    asked = run_cli("route", "CNXAG", "AZBAK", "--fastest", "--within", "20", "--legs", "none")
    assert "in 20 d" in asked.out and " %" in asked.out
    assert "in 20 d" not in run_cli("route", "CNXAG", "AZBAK", "--fastest", "--legs", "none").out


@pytest.mark.parametrize(
    "words",
    [
        ("--by", "2025-06-21"),
        ("--depart", "2025-06-01", "--by", "2025-06-21", "--within", "20"),
        ("--depart", "2025-06-01", "--by", "2025-06-01"),
        ("--depart", "2025-06-01", "--by", "21.06.2025"),
        ("--within", "0"),
        ("--within", "soon"),
        ("--fastest", "--surest"),
    ],
)
def test_what_makes_no_sense_is_refused(run_cli: RunCli, words: tuple[str, ...]) -> None:
    told = run_cli("route", "CNXAG", "AZBAK", *words)
    assert told.code == 2 and told.out == "" and "Traceback" not in told.err
