"""Demand from files and from the trade store: what is wrong is listed all at once, what is unknown stays unknown, nothing is lost.

origin,destination,class,tonnes
KZALA,DEHAM,general_box,100            Almaty sends a hundred tonnes in boxes to Hamburg
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from trade_rows import import_row, trade_store

from keruen.errors import UnknownOption
from keruen.flows.demand import markets
from keruen.flows.demand_files import SHOWN, BadDemand, demand_from_matrices, read_demand
from keruen.flows.demand_trade import FromTrade, demand_from_trade
from keruen.tables.dataset import Dataset
from keruen.trade.importing import import_file
from keruen.trade.store import open_store

BACI = (
    Path(__file__).parents[3]
    / "shared/data/external/trade/baci_sample/BACI_HS17_Y2020_V202301_exporters_004_710.csv.gz"
)
HEADER = "origin,destination,class,tonnes,teu,low,high,sector,source\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "demand.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_file_is_read(shipped: Dataset, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER
        + "KZALA,DEHAM,general_box,100,,80,120,food,me|you\n DEHAM ,KZALA,reefer,,2,,,,\nKZALA,DEHAM,dry_bulk,7,,,,,\n",
    )
    demand = read_demand(shipped, path, year=2025)
    assert (demand.year, demand.zones, demand.countries) == (2025, ("DEHAM", "KZALA"), ("DE", "KZ"))
    assert demand.tonnes.tolist() == [100, 22, 7] and demand.sources == (("demand.csv",), ("me", "you"))
    assert demand.teu[:2].tolist() == [10, 2] and math.isnan(demand.teu[2])
    assert (demand.low_t[0], demand.high_t[0]) == (80, 120) and math.isnan(demand.low_t[1])
    assert [demand.sectors[i] if i >= 0 else "" for i in demand.sector] == ["food", "", ""]
    assert len(markets(demand)) == 3


def test_all_that_is_wrong_is_told_with_its_line(shipped: Dataset, tmp_path: Path) -> None:
    bad = [
        "KZALA,DEHAM,general_box,5,,6,4,,", "ATLANTIS,DEHAM,nothing,-1,,,,weaving,", "KZALA,DEHAM,reefer,nan,,,,,",
        "KZALA,DEHAM,dry_bulk,,7,,,,", "KZALA,DEHAM,dangerous,inf,x,,,,", ",DEHAM,general_box,,,,,,", "KZALA,DEHAM,roro,1,,,,,",
        "KZALA,DEHAM,roro,1,,,,,",
    ]  # fmt: skip
    with pytest.raises(BadDemand) as caught:
        read_demand(shipped, written(tmp_path, HEADER + "\n".join(bad) + "\n"), year=2024)
    assert {(one.row, one.column) for one in caught.value.problems} == {
        (2, "low"), (2, "high"), (3, "origin"), (3, "class"), (3, "sector"), (3, "tonnes"), (4, "tonnes"), (5, "teu"), (6, "tonnes"),
        (6, "teu"), (7, "origin"), (7, "tonnes"), (9, ""),
    }  # fmt: skip
    assert (
        caught.value.exit_code == 2
        and "line 9" in caught.value.message
        and len(caught.value.details()["problems"]) == 13
    )  # type: ignore[arg-type]


def test_a_year_beside_the_file_does_not_rename_the_year_within(shipped: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("origin,destination,class,tonnes,year\nKZALA,GEPTI,general_box,10,2024\n")
    assert read_demand(shipped, path, year=2024).year == 2024
    with pytest.raises(BadDemand, match="line 2, column year: the file tells another year"):
        read_demand(shipped, path, year=2030)


def test_of_many_alike_some_are_listed_and_the_rest_counted(shipped: Dataset, tmp_path: Path) -> None:
    rows = "".join(f"KZALA,DEHAM,general_box,-{i + 1},,,,,s{i}\n" for i in range(100))
    with pytest.raises(BadDemand) as caught:
        read_demand(shipped, written(tmp_path, HEADER + rows), year=2024)
    assert len(caught.value.problems) == SHOWN + 1 and "80 more rows" in caught.value.problems[-1].message


@pytest.mark.parametrize(
    ("text", "column"),
    [("", "origin"), ("origin,destination,class\nKZALA,DEHAM,roro\n", "tonnes"), ("origin,destination,class,tonnes,colour\n", "colour"),
     ("origin,destination,class,tonnes\nKZALA,DEHAM,roro,1\n", "year"), ("origin,destination,class,tonnes\nKZALA,DEHAM,roro,1,2,3\n", ""),
     ("origin,destination,class,tonnes,year\nKZALA,DEHAM,roro,1,2023\nDEHAM,KZALA,roro,1,2024\n", "year")],
)  # fmt: skip
def test_a_file_of_another_form_is_told(shipped: Dataset, tmp_path: Path, text: str, column: str) -> None:
    with pytest.raises(BadDemand) as caught:
        read_demand(shipped, written(tmp_path, text))
    assert column in {one.column for one in caught.value.problems}


def test_a_file_that_is_no_text_or_not_there(shipped: Dataset, tmp_path: Path) -> None:
    broken = tmp_path / "demand.csv"
    broken.write_bytes(b"origin,destination,class,tonnes\nKZALA,DEHAM,roro,\xff\xfe\n")
    for path in (broken, tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadDemand):
            read_demand(shipped, path, year=2024)


def test_a_matrix_of_another_form_is_told(shipped: Dataset) -> None:
    matrices = {"roro": -np.ones((3, 3)), "reefer": np.ones((2, 2)), "wool": np.ones((3, 3))}
    with pytest.raises(BadDemand) as caught:
        demand_from_matrices(shipped, 2024, ("KZALA", "NOWHERE", "KZALA"), matrices, "x.omx")
    assert [one.column for one in caught.value.problems] == ["NOWHERE", "KZALA", "roro", "reefer", "wool"]


RECONCILED = {
    "import_id": 1,
    "flow": "export",
    "classification": "HS17",
    "start": "2024-01-01",
    "perspective": "reconciled",
}


def made(data: Dataset, folder: Path, rows: list[dict[str, object]], year: int = 2024) -> FromTrade:
    with trade_store(
        data, folder / "trade.duckdb", rows, [import_row(1, format="baci", source="CEPII BACI", edition="V1")]
    ) as store:
        return demand_from_trade(data, store, year)


def test_trade_becomes_tonnes_between_zones(shipped: Dataset, tmp_path: Path) -> None:
    """Tonnes told are kept; dollars without tonnes become tonnes by the value of a tonne, with its bounds; the rest is told beside."""
    pair = RECONCILED | {"reporter": "KAZ", "partner": "MNG"}
    found = made(
        shipped,
        tmp_path,
        [
            pair | {"code": "740311", "value": 9e6, "mass_t": 1000.0},
            pair | {"code": "271600", "value": 5e5, "mass_t": None},
            pair | {"code": "100199", "value": None, "mass_t": None},
            pair | {"code": "870323", "value": 1.69e6, "mass_t": None},
            pair | {"code": "TOTAL", "value": 1e9, "mass_t": None},
            RECONCILED | {"reporter": "KAZ", "partner": "ATA", "code": "740311", "value": 9e3, "mass_t": 1.0},
        ],
    )
    demand, cars = found.demand, shipped["hs_goods"].row(shipped["hs_goods"].find_index("8703"))
    worked_out = 1.69e6 / cars.number("usd_per_t")
    assert demand.tonnes.sum() == pytest.approx(1000 + worked_out, rel=1e-12)
    assert demand.low_t.sum() == pytest.approx(1000 + 1.69e6 / cars.number("usd_per_t_high"), rel=1e-12)
    assert demand.high_t.sum() == pytest.approx(1000 + 1.69e6 / cars.number("usd_per_t_low"), rel=1e-12)
    assert (found.told_t, found.from_value_t, found.unknown_cells) == (1001.0, pytest.approx(worked_out), 1)
    assert (found.no_freight_usd, found.areas, found.areas_t, found.source, found.edition) == (
        5e5,
        ("ATA",),
        1.0,
        "CEPII BACI",
        "V1",
    )
    assert {demand.countries[i] for i in demand.origin} == {"KZ"} and len(set(demand.origin.tolist())) == 10
    kinds = {(demand.sectors[s], demand.classes[c].name) for s, c in zip(demand.sector, demand.cargo, strict=True)}
    assert kinds == {("metals", "heavy_box"), ("transport_equipment", "roro")}


def test_the_importer_is_heard_first_and_each_pair_once(shipped: Dataset, tmp_path: Path) -> None:
    base = {"classification": "HS17", "start": "2024-01-01"}
    rows: list[dict[str, object]] = [
        base | {"reporter": "KAZ", "partner": "MNG", "flow": "export", "code": "2701", "value": 1.0, "mass_t": 10.0},
        base | {"reporter": "MNG", "partner": "KAZ", "flow": "import", "code": "2701", "value": 1.0, "mass_t": 12.0},
        base | {"reporter": "MNG", "partner": "KAZ", "flow": "import", "code": "27", "value": 1.0, "mass_t": 99.0},
        base | {"reporter": "KAZ", "partner": "KGZ", "flow": "export", "code": "2701", "value": 1.0, "mass_t": 5.0},
    ]
    found = made(shipped, tmp_path, rows)
    assert found.demand.tonnes.sum() == pytest.approx(17.0)


def test_a_year_of_which_the_store_tells_nothing(shipped: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UnknownOption, match="2023"):
        made(
            shipped,
            tmp_path,
            [RECONCILED | {"reporter": "KAZ", "partner": "MNG", "code": "2701", "mass_t": 1.0}],
            year=2023,
        )


def test_countries_that_share_a_zone_are_told_apart_from_what_moves(shipped: Dataset, tmp_path: Path) -> None:
    """Uganda's trade passes Mombasa, so that with Kenya stays within one zone."""
    row = RECONCILED | {"reporter": "UGA", "partner": "KEN", "code": "0901", "value": 1.0, "mass_t": 3.0}
    found = made(shipped, tmp_path, [row])
    assert len(found.demand) == 0 and found.within_zone_t == 3.0 and len(markets(found.demand)) == 0


@pytest.mark.skipif(not BACI.is_file(), reason="the sample of BACI is not beside the repository")
def test_two_exporters_of_baci_lose_no_tonne(shipped: Dataset, tmp_path: Path) -> None:
    """72,097 figures of Afghanistan and South Africa in 2020, 113.8 million tonnes: demand, what stays within a zone, nothing else."""
    import_file(shipped, BACI, store=tmp_path / "trade.duckdb")
    with open_store(tmp_path / "trade.duckdb") as store:
        found = demand_from_trade(shipped, store, 2020)
    total = found.demand.tonnes.sum() + found.within_zone_t + found.areas_t
    assert total == pytest.approx(found.told_t + found.from_value_t, rel=1e-9)
    assert found.told_t == pytest.approx(113.8e6, rel=1e-3) and found.unknown_cells == 0
    assert (found.demand.low_t <= found.demand.tonnes * (1 + 1e-12)).all() and (
        found.demand.tonnes <= found.demand.high_t * (1 + 1e-12)
    ).all()
