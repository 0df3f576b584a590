"""`keruen accuracy` over the world: small files are routed as their words say, the shipped evidence is told row by row.

A row    Changsha - Altynkol, rail           is predicted by a way by rail
         Istanbul - Almaty, "TITR", rail     is not predicted by a way that its words do not mean
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import RunCli

import keruen
from keruen.errors import NoRoute, UnknownOption
from keruen.routing.accuracy import FIT, REPORT, Accuracy, Compared, from_departure
from keruen.routing.accuracy_misses import misses
from keruen.routing.preferred import preferred_way
from keruen.routing.reliability import simulate
from keruen.routing.route import SamePlace, route
from keruen.tables.dataset import Dataset

pytestmark = pytest.mark.world

TIMES = (
    "id,origin,origin_country,destination,destination_country,corridor,mode,days_min,days_max,unit,basis,basis_class,"
    "endpoint_quality,claim_group,date\n"
)
PRICES = "id,origin,destination,corridor,mode,value_min,value_max,currency,per,value_kind,claim_group,basis,date\n"

Judge = Callable[..., dict[str, Compared]]


@pytest.fixture
def judge(world_data: Dataset, tmp_path: Path) -> Judge:
    """Rows by id of a file of journeys, each `id, origin, country, destination, country, corridor, mode, days`."""

    def rows_of(*rows: str, header: str = TIMES) -> dict[str, Compared]:
        path = tmp_path / "seen.csv"
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        return {row.observation.id: row for row in keruen.accuracy(world_data, [path]).rows}

    return rows_of


def journey(name: str, ends: str, corridor: str, mode: str, days: str = "20,20", basis: str = "observed") -> str:
    return f"{name},{ends},{corridor},{mode},{days},days,,{basis},,{name},2024-05"


# ----------------------------------------------------------------------------------------------------- places and ways


@pytest.mark.parametrize(
    ("ends", "corridor", "mode", "codes"),
    [
        ("Changsha,CN,Altynkol,KZ", "", "rail", ("CNCSX", "KZALTYNKOL")),
        ("Shanghai,CN,Poti,GE", "", "sea", ("CNSHA", "GEPTI")),
        ("China (unspecified),CN,Absheron (Baku),AZ", "TITR", "rail+sea", ("CNXAG", "AZBAK")),
        ("Chinese ports,CN,Germany,DE", "sea via Suez", "sea", ("CNSHA", None)),
        ("Hanoi (Yen Vien),VN,Warsaw (Pruszkow),PL", "Northern", "rail", ("VNYEV", "PLWAW")),
        (
            "Kazakh terminals,KZ,Georgian Black Sea ports,GE",
            "Middle Corridor",
            "rail+sea+rail",
            ("KZALTYNKOL", "GEPTI"),
        ),
        ("Port of Lianyungang,CN,Ташкент,UZ", "", "rail", ("CNLYG", "UZTAS")),
        ("Zhengzhou,CN,Frankfurt,DE", "", "air", ("CNCGOAPT", "DEFRAAPT")),
        ("Aktau,KZ,Baku/Alat,AZ", "Caspian ferry", "rail ferry", ("KZAAU", "AZALA")),
    ],
)
def test_free_text_becomes_places_and_a_way(
    judge: Judge, ends: str, corridor: str, mode: str, codes: tuple[str | None, str | None]
) -> None:
    (row,) = judge(journey("T", ends, corridor, mode)).values()
    found = row.predicted.found
    assert row.used, row.reason
    assert all(code in (None, end.code) for code, end in zip(codes, (found.origin, found.destination), strict=True)), (
        found
    )
    assert found.way is not None and row.predicted.band is not None
    band = row.predicted.band
    assert band.p10 is not None and band.p90 is not None and band.p10 <= band.p50 <= band.p90


@pytest.mark.parametrize(
    ("ends", "corridor", "mode", "why"),
    [
        ("Qarabulaqistan,KZ,Poti,GE", "TITR", "rail+sea", "place"),
        ("World,,Rotterdam,NL", "sea", "sea", "place"),
        ("Shihezi,CN,Poti,GE", "via Russia or Iran", "rail", "words"),
        ("Mersin,TR,Poti,GE", "mixed", "mixed", "words"),
        ("Almaty,KZ,Almaty,KZ", "", "rail", "place"),
        ("Xi'an,CN,Duisburg,DE", "Northern", "sea", "modes"),
        ("Shanghai,CN,Rotterdam,NL", "", "rail+sea+rail+sea+rail+sea", "modes"),
    ],
)
def test_no_way_is_better_than_a_wrong_way(judge: Judge, ends: str, corridor: str, mode: str, why: str) -> None:
    (row,) = judge(journey("T", ends, corridor, mode)).values()
    assert (row.why in (why, "way")) and row.reason and row.predicted.band is None, (row.why, row.reason)
    said = row.to_dict()
    assert said["predicted_p50"] is None and said["used"] is False


def test_a_wrong_name_is_told_with_what_comes_near(judge: Judge) -> None:
    (row,) = judge(journey("T", "Duisbarrg,DE,Almaty,KZ", "Northern", "rail")).values()
    assert "Duisburg" in row.reason


def test_what_the_words_say_after_via_is_required(judge: Judge) -> None:
    rows = judge(journey("T", "Busan,KR,Almaty,KZ", "via Lianyungang", "sea+rail"))
    way = rows["T"].predicted.found.way
    assert way is not None and any("CNLYG" in (leg.start, leg.end) for leg in way.legs)


def test_what_a_row_does_not_speak_of_comes_in_only_where_nothing_else_leads(judge: Judge) -> None:
    """A train is a train where one goes; trucks take over where none does (Iran and Russia have no line past Rasht)."""
    rows = judge(
        journey("train", "Xi'an,CN,Tehran,IR", "", "rail"),
        journey("box", "Shanghai,CN,Rotterdam,NL", "Suez", "sea"),
        journey("gap", "Tehran,IR,Baku,AZ", "North-South Western", "rail"),
        journey("branch", "Mumbai,IN,Moscow,RU", "INSTC", "sea+rail"),
    )
    modes = {key: set(row.predicted.found.way.modes) if row.predicted.found.way else set() for key, row in rows.items()}
    assert modes["train"] == {"rail"}
    assert modes["box"] == {"sea"}
    assert modes["gap"] in (set(), {"rail", "road"}), "there is no train from Rasht to Astara"
    way = rows["branch"].predicted.found.way
    assert way is not None
    assert any(leg.country == "IR" and leg.moves for leg in way.legs), "every branch of the INSTC goes through Iran"


def test_days_are_those_of_the_legs_that_the_words_count(judge: Judge, world_data: Dataset) -> None:
    rows = judge(
        journey("T", "Xi'an,CN,Duisburg,DE", "Northern", "rail"),
        journey("D", "Xi'an,CN,Duisburg,DE", "Northern", "rail")
        .replace(",observed,", ",observed,")
        .replace("days,,", "days,D2D,"),
    )
    moving, door = rows["T"].predicted, rows["D"].predicted
    way = moving.found.way
    assert way is not None and moving.band == moving.moving and door.band == door.all_told
    expected = np.quantile(simulate(world_data, [from_departure(way.legs), way.legs]), [0.1, 0.5, 0.9], axis=1) / 24
    assert moving.band is not None and door.band is not None
    assert [moving.band.p10, moving.band.p50, moving.band.p90] == pytest.approx(expected[:, 0].tolist())
    assert [door.band.p10, door.band.p50, door.band.p90] == pytest.approx(expected[:, 1].tolist())
    assert moving.band.p50 < door.band.p50


def test_prices_are_asked_for_in_their_own_unit(judge: Judge) -> None:
    rows = judge(
        "F,Shanghai,Rotterdam,sea via Suez,sea,2000,2200,USD,FEU,level,f,WCI,2025-01",
        "T,Shanghai,Rotterdam,sea via Suez,sea,1000,1200,USD,TEU,level,t,SCFI,2025-01",
        "K,Vietnam,Europe,,air,4.2,4.2,USD,kg,level,k,spot,2024-06",
        "E,Shanghai,Rotterdam,sea via Suez,sea,1000,1200,EUR,FEU,level,e,WCI,2025-01",
        "M,Alat,Kuryk,TITR rail ferry,rail ferry,48,48,USD,running m of wagon,level,m,tariff,2024",
        "U,Alat,Kuryk,TITR ferry,ferry,0.2,0.2,USD,t-km,unit_rate,u,tariff,2024",
        "O,Shanghai,Rotterdam,sea via Suez,sea,1700,1700,USD,FEU,level,o,WCI,2017-07",
        header=PRICES,
    )
    assert {name: row.why for name, row in rows.items()} == {
        "F": "", "T": "", "K": "", "E": "currency", "M": "unit", "U": "kind", "O": "old",
    }  # fmt: skip
    p50 = {name: row.predicted.band.p50 for name, row in rows.items() if row.predicted.band is not None}
    assert p50["T"] < p50["F"] < 2 * p50["T"] and 1 < p50["K"] < 20 and p50["O"] > 0


def test_an_index_of_a_stretch_is_compared_with_that_stretch(judge: Judge) -> None:
    rows = judge(
        "S,China,Europe,Northern EAEU section,rail,3300,3300,USD,FEU,level,s,ERAI,2025-01",
        "W,China,Europe,Northern,rail,5500,5500,USD,FEU,level,w,quote,2025-01",
        header=PRICES,
    )
    section, whole = (rows[name].predicted.band for name in "SW")
    assert section is not None and whole is not None and section.p50 < 0.8 * whole.p50


# ------------------------------------------------------------------------------------------------------ the preferred way


@pytest.mark.parametrize(
    ("ends", "require"),
    [(("CNXAG", "DEDUI"), ("corridor:northern",)), (("VNHPH", "DEDUI"), ("corridor:cape",)), (("CNSHA", "NLRTM"), ())],
)
def test_the_preferred_way_is_the_first_of_the_comparison(
    world_data: Dataset, ends: tuple[str, str], require: tuple[str, ...]
) -> None:
    first = route(world_data, *ends, require=require).routes[0]
    one = preferred_way(world_data, *ends, require=require)
    assert (one.corridor, one.modes) == (first.corridor, first.modes)
    assert one.generalized_cost_usd == pytest.approx(first.generalized_cost_usd)
    assert one.time_h == pytest.approx(first.time_h)


def test_there_is_no_preferred_way_where_none_leads(world_data: Dataset) -> None:
    with pytest.raises(NoRoute):
        preferred_way(world_data, "CNXAG", "DEDUI", avoid=("DE",))
    with pytest.raises(SamePlace):
        preferred_way(world_data, "DEDUI", "Duisburg")


# ------------------------------------------------------------------------------------------------------ shipped evidence


@pytest.fixture(scope="module")
def whole(world_data: Dataset) -> Accuracy:
    return keruen.accuracy(world_data, half="all")


def test_every_row_of_the_evidence_counts_or_says_why(whole: Accuracy, world_data: Dataset) -> None:
    ids = [row.observation.id for row in whole.rows]
    assert ids == [row.id for name in ("journeys", "prices") for row in world_data[name]]
    assert all(bool(row.reason) != row.used for row in whole.rows)
    claims = [(row.observation.haul.measure, row.observation.claim) for row in whole.rows if row.used]
    assert len(set(claims)) == len(claims), "a claim counts once"
    assert all(row.observation.haul.happened for row in whole.rows if row.used)
    predicted = [row for row in whole.rows if row.predicted.band is not None]
    assert len(predicted) >= 150 and len(whole.used("time")) >= 55 and len(whole.used("cost")) >= 20


def test_halves_of_the_evidence_add_up(whole: Accuracy, world_data: Dataset) -> None:
    halves = {half: keruen.accuracy(world_data, half=half) for half in (FIT, REPORT)}
    for measure in ("time", "cost"):
        n = {half: len(found.used(measure)) for half, found in halves.items()}
        assert sum(n.values()) == len(whole.used(measure))
        for half, found in halves.items():
            assert found.groups(measure, "half") == whole.groups(measure, "half")
            assert all(row.observation.half == half for row in found.used(measure))
    with pytest.raises(UnknownOption):
        keruen.accuracy(world_data, half="better")


def test_the_summary_says_of_each_miss_what_the_rows_say(whole: Accuracy) -> None:
    for measure in ("time", "cost"):
        for miss in misses(whole, measure):
            rows = [row for row in whole.used(measure) if row.predicted.corridor == miss.corridor]
            assert miss.score.n == len(rows) and miss.missed and all(row in rows for row in miss.worst)
            if miss.apart is not None:
                assert miss.apart.greatest >= 1.5 * miss.apart.least > 0


# -------------------------------------------------------------------------------------------------------------- command


@pytest.fixture
def seen_file(tmp_path: Path) -> Path:
    path = tmp_path / "seen.csv"
    rows = [
        journey("T1", "Xi'an,CN,Duisburg,DE", "Northern", "rail", "13,16"),
        journey("T2", "Altynkol,KZ,Poti,GE", "TITR", "rail+sea+rail", "12,14", "reported_typical"),
        journey("T3", "Shanghai,CN,Rotterdam,NL", "sea via Cape", "sea", "45,", "reported_typical"),
        journey("T4", "Nowhereburg,DE,Poti,GE", "TITR", "rail+sea", "9,9"),
    ]
    path.write_text(TIMES + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_json_is_that_of_the_contract(run_cli: RunCli, seen_file: Path) -> None:
    said = run_cli("accuracy", "--observed", seen_file, "--json")
    assert said.code == 0
    document: dict[str, Any] = said.json
    assert {"n", "median_abs_error_pct", "bias_pct", "inside_p10_p90_pct"} <= document["time"].keys()
    assert document["cost"] == {"n": 0, "median_abs_error_pct": None, "bias_pct": None}
    assert [row["id"] for row in document["rows"]] == ["T1", "T2", "T3", "T4"]
    keys = {"id", "corridor", "observed", "predicted_p10", "predicted_p50", "predicted_p90", "used", "reason"}
    assert all(keys <= row.keys() for row in document["rows"])
    assert [row["used"] for row in document["rows"]] == [True, True, False, False]
    used = [row for row in document["rows"] if row["used"]]
    errors = [100 * (row["predicted_p50"] - row["observed"]) / row["observed"] for row in used]
    assert document["time"]["n"] == 2
    assert document["time"]["bias_pct"] == pytest.approx(np.median(errors), abs=0.01)
    assert document["time"]["median_abs_error_pct"] == pytest.approx(np.median(np.abs(errors)), abs=0.01)
    inside = [row["predicted_p10"] <= row["observed"] <= row["predicted_p90"] for row in used]
    assert document["time"]["inside_p10_p90_pct"] == pytest.approx(100 * np.mean(inside))


def test_the_report_the_table_and_the_picture(run_cli: RunCli, seen_file: Path, tmp_path: Path) -> None:
    table, picture = tmp_path / "rows.csv", tmp_path / "scatter.svg"
    said = run_cli("accuracy", "--observed", seen_file, "--csv", table, "--image", picture)
    assert said.code == 0 and "T4" in said.out and "Nowhereburg" in said.out and "at most 20 %" in said.out
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["used"] for row in rows] == ["yes", "yes", "no", "no"] and rows[3]["predicted_p50"] == ""
    assert picture.read_text(encoding="utf-8").lstrip().startswith("<?xml")
    russian = run_cli("accuracy", "--observed", seen_file, "--lang", "ru", "--no-rows")
    assert russian.code == 0 and "медиана" in russian.out and "Nowhereburg" not in russian.out


def test_a_file_of_which_nothing_can_be_routed_is_an_answer(run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    path.write_text("origin,destination,days_min\nNowhereburg,Elsewhere,9\n", encoding="utf-8")
    document = json.loads(run_cli("accuracy", "--observed", path, "--json").out)
    assert document["time"]["n"] == 0 and document["time"]["bias_pct"] is None
    assert document["rows"][0]["used"] is False and document["rows"][0]["reason"]
    assert run_cli("accuracy", "--observed", path, "--image", tmp_path / "x.png").code == 2
