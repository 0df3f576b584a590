"""Files as users hold them come into the store with what they mean, and nothing of them is lost or counted twice.

file -> trade(reporter, partner, flow, code, start, months, value, mass_t, ...)     read = stored + rejected
"""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from trade_files import BACI, NEEDS_SHARED, SHARED, Desk, gzipped, zipped

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.trade.errors import BadFile

SHARED_DATA = pytest.mark.skipif(not SHARED.is_dir(), reason=NEEDS_SHARED)


@pytest.fixture
def desk(shipped: Dataset, tmp_path: Path) -> Desk:
    """An empty store."""
    return Desk(shipped, tmp_path)


# ---- Comtrade: the trap first ------------------------------------------------------------------------------------------------


@SHARED_DATA
@pytest.mark.parametrize("year", [2022, 2024])
def test_repeated_rows_of_comtrade_meet_baci(desk: Desk, year: int) -> None:
    """One flow stands in the file as its total and its parts; summed they are 2.4 times BACI, the totals alone are BACI."""
    (done,) = desk.bring(SHARED / f"crm_atlas/comtrade_raw_{year}.csv.gz", period=str(year))
    with (SHARED / f"crm_atlas/baci_{year}.csv").open() as file:
        baci = {
            (row["i"].replace("S19", "TWN"), row["j"].replace("S19", "TWN"), row["cmd"]): float(row["value"])
            for row in csv.DictReader(file)
        }
    found = {
        key: value
        for *key_cells, value in desk.sql(
            "SELECT reporter, partner, code, value FROM pairs WHERE flow = 'export' AND value > 0"
        )
        if (key := tuple(key_cells)) in baci
    }
    ratios = [value / baci[key] for key, value in found.items()]
    assert len(ratios) > 10_000
    assert median(ratios) == pytest.approx(1.0, abs=0.005)
    assert sum(found.values()) == pytest.approx(sum(baci[key] for key in found), rel=0.10)
    assert "largest row" in done.note
    assert desk.sql(
        "SELECT count(*) FROM (SELECT 1 FROM trade GROUP BY reporter, partner, code, flow HAVING count(*) > 1)"
    ) == [(0,)]


@SHARED_DATA
def test_every_key_of_the_raw_file_is_kept_once(desk: Desk) -> None:
    """The rows stored are the keys of the file, counted here by hand; codes of areas that the store does not know would show."""
    path = SHARED / "crm_atlas/comtrade_raw_2022.csv.gz"
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file))
    (done,) = desk.bring(path)
    assert (done.rows_read, done.rows_stored) == (
        len(rows),
        len({(row["reporter"], row["partner"], row["cmd"], row["flow"]) for row in rows}),
    )


SPLIT = """period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue
2022,398,X,704,0,H6,720241,C00,0,300,90
2022,398,X,704,0,H6,720241,C00,3100,200,60
2022,398,X,704,0,H6,720241,C00,3200,100,30
2022,398,X,704,643,H6,720241,C00,0,300,95
2022,398,X,704,0,H6,720241,C01,0,300,90
2022,398,X,842,0,H6,720241,C00,3100,20,6
2022,398,X,842,0,H6,720241,C00,3200,10,3
2022,398,X,842,0,H6,720241,C00,3000,30,9
2022,398,RX,704,0,H6,720241,C00,0,0,7
"""


def test_the_total_row_stands_even_if_a_part_is_larger(desk: Desk) -> None:
    desk.bring(SPLIT)
    rows = desk.sql("SELECT partner, flow, mode, value, mass_t, classification FROM trade ORDER BY partner, flow, mode")
    assert rows == [
        ("USA", "export", "rail", 6.0, 0.02, "HS22"),
        ("USA", "export", "road", 3.0, 0.01, "HS22"),
        ("VNM", "export", None, 90.0, 0.3, "HS22"),
        ("VNM", "re-export", None, 7.0, None, "HS22"),
    ]
    assert sorted(desk.rejected()) == [3, 4, 5, 6, 9]


def test_numeric_codes_of_comtrade_are_not_those_of_iso(desk: Desk) -> None:
    codes = {
        842: "USA",
        251: "FRA",
        757: "CHE",
        579: "NOR",
        699: "IND",
        490: "TWN",
        0: "WLD",
        899: "_X",
        58: "BLX",
        97: "EU",
    }
    desk.bring("year,reporter,partner,cmd,flow,value\n" + "".join(f"2020,398,{code},TOTAL,X,1\n" for code in codes))
    assert sorted(area for (area,) in desk.sql("SELECT partner FROM trade")) == sorted(codes.values())


def test_the_world_is_kept_and_no_part_of_a_sum_over_pairs(desk: Desk) -> None:
    desk.bring(
        "year,reporter,partner,cmd,flow,value\n2020,398,0,TOTAL,X,30\n2020,398,842,TOTAL,X,10\n2020,398,704,TOTAL,X,20\n"
    )
    assert desk.sql("SELECT value FROM trade WHERE partner = 'WLD'") == [(30.0,)]
    assert desk.sql("SELECT sum(value) FROM pairs") == [(30.0,)]


def test_codes_get_their_leading_zeros_back_and_levels_stay_apart(desk: Desk) -> None:
    desk.bring(
        "year,reporter,partner,cmd,flow,value\n"
        + "".join(f"2020,398,842,{code},X,1\n" for code in ("10121", "101", "1", "4401", "TOTAL"))
    )
    assert sorted(desk.sql("SELECT code, digits FROM trade")) == [
        ("01", 2),
        ("0101", 4),
        ("010121", 6),
        ("4401", 4),
        ("TOTAL", 0),
    ]


@SHARED_DATA
def test_the_wood_file_keeps_its_three_levels(desk: Desk) -> None:
    (done,) = desk.bring(SHARED / "comtrade_samples/comtradr_eu27_imports_wood_hs4.csv.gz")
    assert {digits for (digits,) in desk.sql("SELECT DISTINCT digits FROM trade")} == {2, 4, 6}
    with gzip.open(SHARED / "comtrade_samples/comtradr_eu27_imports_wood_hs4.csv.gz", "rt") as file:
        assert desk.sql("SELECT sum(value) FROM trade")[0][0] == pytest.approx(
            sum(float(row["primary_value"]) for row in csv.DictReader(file))
        )
    assert done.rows_rejected == 0


@SHARED_DATA
def test_an_answer_of_the_api_and_a_table_of_comtradr(desk: Desk) -> None:
    desk.bring(SHARED / "comtrade_samples/comtrade_v1_get_C_A_HS.json")
    assert desk.sql("SELECT DISTINCT reporter, code, start, months, currency FROM trade") == [
        ("CHN", "TOTAL", date(2010, 1, 1), 12, "USD")
    ]
    assert desk.sql("SELECT value, valuation FROM trade WHERE partner = 'ARG' AND flow = 'import'") == [
        (6804128143.0, "CIF")
    ]
    (done,) = desk.bring(SHARED / "comtrade_samples/comtradr_example3_full47cols.csv.gz")
    assert done.rows_rejected == 0
    assert {flow for (flow,) in desk.sql("SELECT DISTINCT flow FROM trade WHERE import_id = ?", done.import_id)} == {
        "import",
        "export",
        "re-import",
    }
    assert desk.sql(
        "SELECT value, mass_t FROM trade WHERE partner = 'NZL' AND flow = 'import' AND code = '030613' AND start = '2007-01-01'"
    ) == [(21093.0, 4.739)]


OLD_SITE = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,"
    "Partner Code,Partner,Partner ISO,2nd Partner Code,2nd Partner,2nd Partner ISO,Customs Proc. Code,Customs,Mode of Transport Code,"
    "Mode of Transport,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Alt Qty Unit Code,Alt Qty Unit,Alt Qty,Netweight (kg),"
    "Gross weight (kg),Trade Value (US$),CIF Trade Value (US$),FOB Trade Value (US$),Flag\n"
    "H5,2019,2019,2019,6,1,3,Re-Export,"
    '398,Kazakhstan,KAZ,704,Viet Nam,VNM,,,,,,,,010121,"Horses; live",5,Number of items,12,,,,1500,,9000,,,0\n'
)


def test_a_file_of_the_old_site(desk: Desk) -> None:
    desk.bring(OLD_SITE)
    assert desk.sql(
        "SELECT reporter, partner, flow, classification, code, value, mass_t, quantity, unit, start FROM trade"
    ) == [("KAZ", "VNM", "re-export", "HS17", "010121", 9000.0, 1.5, 12.0, "Number of items", date(2019, 1, 1))]


def test_a_table_without_a_year_asks_for_it(desk: Desk) -> None:
    text = "reporter,partner,cmd,flow,value\n398,842,810820,X,5\n"
    with pytest.raises(BadFile, match="--period"):
        desk.bring(text)
    desk.bring(text, period="2024")
    assert desk.sql("SELECT start, months FROM trade") == [(date(2024, 1, 1), 12)]


# ---- BACI --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", ["plain", "gzip", "zip"])
def test_baci_in_each_packing(desk: Desk, pack: str) -> None:
    archive = {
        "BACI_HS17_Y2022_V202501.csv": BACI,
        "country_codes_V202501.csv": "country_code,country_name,country_iso2,country_iso3\n516,Namibia,NA,NAM\n",
        "product_codes_HS17_V202501.csv": "code,description\n010121,Horses\n",
        "Readme.txt": "Variables: t i j k v q\n",
    }
    name = "BACI_HS17_Y2022_V202501.csv"
    desk.bring(
        {"plain": BACI.encode(), "gzip": gzipped(BACI), "zip": zipped(archive)}[pack],
        {"zip": "BACI_HS17_V202501.zip"}.get(pack, name),
    )
    rows = desk.sql(
        "SELECT reporter, partner, flow, classification, code, value, mass_t, perspective, valuation FROM trade ORDER BY value"
    )
    assert rows == [
        ("KAZ", "VNM", "export", "HS17", "720241", 12500.0, 3.25, "reconciled", "FOB"),
        ("KAZ", "USA", "export", "HS17", "810820", 1e6, None, "reconciled", "FOB"),
    ]
    assert desk.sql("SELECT edition, rows_read FROM imports") == [("V202501", 2)]


def test_namibia_is_not_missing(desk: Desk) -> None:
    desk.bring("t,i,j,k,v,q\n2022,516,398,10121,1,NA\n")
    desk.bring(
        "reporter,partner,TIME_PERIOD,flow,OBS_VALUE,DATAFLOW,product,indicators\nLT,NA,2022,1,5,X,TOTAL,VALUE_IN_EUROS\n",
        "sdmx.csv",
    )
    assert desk.sql("SELECT reporter, partner, code, mass_t FROM trade ORDER BY reporter DESC") == [
        ("NAM", "KAZ", "010121", None),
        ("LTU", "NAM", "TOTAL", None),
    ]


def test_what_is_wrong_with_a_row_is_told_with_its_line(desk: Desk) -> None:
    bad = [
        "2022,398,704,720241,-1,1", "2022,398,704,720241,x,1", "2022,398,704,720241,1,lots", "2022,398,704,ABC,1,1",
        "2022,998,704,720241,1,1",
        "1066,398,704,720241,1,1", "2999,398,704,720241,1,1", "2022,398,704", "2022,398,704,720241,1,1,1", "2022,398,704,7202411,1,1",
        "2022,398,704,720241,inf,1", "2022,398,704,720241,nan,1", "2022,398,704,1e2,1,1", "2022,398,704,1.6,1,1",
        "2022,398,704,720241,,1", ",398,704,720241,1,1",
    ]  # fmt: skip
    (done,) = desk.bring(BACI + "\n".join(bad) + "\n2022,398,842,720241,1,1\n")
    assert (done.rows_stored, done.rows_rejected) == (3, len(bad))
    assert list(desk.rejected()) == list(range(4, 4 + len(bad)))
    texts = [text for (text,) in desk.sql("SELECT text FROM rejects ORDER BY line")]
    assert texts == bad


@SHARED_DATA
def test_the_extract_of_baci(desk: Desk) -> None:
    path = SHARED / "baci_sample/BACI_HS17_Y2020_V202301_exporters_004_710.csv.gz"
    (done,) = desk.bring(path)
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file))
    assert (done.rows_stored, done.rows_rejected) == (len(rows), 0)
    value, mass, unknown = desk.sql("SELECT sum(value), sum(mass_t), count(*) FILTER (mass_t IS NULL) FROM trade")[0]
    known = [float(row["q"]) for row in rows if row["q"].strip() not in ("", "NA")]
    assert value == pytest.approx(1000 * sum(float(row["v"]) for row in rows))
    assert (mass, unknown) == (pytest.approx(sum(known)), len(rows) - len(known))


# ---- Eurostat ------------------------------------------------------------------------------------------------------------------

COMEXT_2 = """REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,\
PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,PRODUCT_SECTION,\
FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT
LT,KZ,E,72024110,67151,2410,2410,22,22,XV,2,1,,202206,1000,,500,
LT,KZ,E,99RRR100,....,....,....,..,..,TT,2,1,,202206,70,,0,
LT,KZ,E,12XXXXXX,....,....,....,..,..,TT,2,1,,202206,30,,0,
LT,XI,I,85176200,76411,2630,2630,41,41,XVI,1,1,NO,202206,200,,3,7
LT,KZ,E,TOTAL,TOTAL,TOTAL,TOTAL,TT,TT,TT,2,1,,202252,1100,,500,
LT,QP,E,TOTAL,TOTAL,TOTAL,TOTAL,TT,TT,TT,2,1,,202206,1,,1,
"""
COMEXT_1 = """DECLARANT,DECLARANT_ISO,PARTNER,\
PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_cpa2002,PRODUCT_cpa2008,PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,\
FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY
055,LT,0079,KZ,E,72024110,67151,2710,2410,2410,22,XV,2,4,,201806,1000,500,
009,GR,0079,KZ,E,TOTAL,TOTAL,TOTAL,TOTAL,TOTAL,TT,TT,1,4,,201852,1000,500,
"""


def test_comext_in_both_headers(desk: Desk) -> None:
    desk.bring(COMEXT_2)
    desk.bring(COMEXT_1, "old.csv")
    rows = desk.sql(
        "SELECT reporter, partner, flow, code, start, months, value, mass_t, quantity, unit FROM trade "
        "ORDER BY import_id, start, code, partner"
    )
    june = date(2022, 6, 1)
    assert rows == [
        ("LTU", "KAZ", "export", "TOTAL", date(2022, 1, 1), 12, 1100.0, 0.5, None, None),
        ("LTU", "KAZ", "export", "12XXXXXX", june, 1, 30.0, None, None, None),
        ("LTU", "KAZ", "export", "72024110", june, 1, 1000.0, 0.5, None, None),
        ("LTU", "_XI", "import", "85176200", june, 1, 200.0, 0.003, 7.0, "NO"),
        ("LTU", "KAZ", "export", "99RRR100", june, 1, 70.0, None, None, None),
        ("LTU", "_XH", "export", "TOTAL", june, 1, 1.0, 0.001, None, None),
        ("GRC", "KAZ", "import", "TOTAL", date(2018, 1, 1), 12, 1000.0, 0.5, None, None),
        ("LTU", "KAZ", "export", "72024110", date(2018, 6, 1), 1, 1000.0, 0.5, None, None),
    ]
    assert desk.sql("SELECT DISTINCT currency FROM trade") == [("EUR",)]


def test_a_tsv_of_road_freight_says_whose_hauliers(desk: Desk) -> None:
    (done,) = desk.bring(
        "freq,tra_type,c_unload,nst07,unit,geo\\TIME_PERIOD\t2022 \t2023 \n"
        "A,TOTAL,KZ,TOTAL,THS_T,LT\t74.5 p\t: c\nA,HIRE,KZ,TOTAL,THS_T,LT\t70 \t71 \nA,TOTAL,KZ,TOTAL,MIO_TKM,EL\t: z\t0.5 e\n"
    )
    rows = desk.sql(
        "SELECT reporter, origin, destination, flow, mode, goods, start, months, mass_t, tkm, scope FROM freight ORDER BY start"
    )
    assert rows == [
        ("LTU", "LTU", "KAZ", "export", "road", "TOTAL", date(2022, 1, 1), 12, 74500.0, None, "haulier LT"),
        ("GRC", "GRC", "KAZ", "export", "road", "TOTAL", date(2023, 1, 1), 12, None, 500000.0, "haulier EL"),
    ]
    assert done.rows_read == 6 and set(desk.rejected()) == {2, 3, 4}


def test_a_tsv_accounts_for_every_cell_of_a_ragged_line(desk: Desk) -> None:
    """A cell without a period above it, or in a line with too few or too many keys, is told as such: none is stored, none is lost."""
    (done,) = desk.bring(
        "freq,tra_type,c_unload,nst07,unit,geo\\TIME_PERIOD\t2022 \t2023 \n"
        "A,TOTAL,KZ,TOTAL,THS_T,LT\t1 \t2 \t3 \n"  # a third figure, of no year
        "A,TOTAL,KZ,TOTAL,THS_T,EE\t4 \n"
        "A,KZ,TOTAL,THS_T,LV\t5 \t6 \n"
        "A,TOTAL,KZ,TOTAL,THS_T,LT,PL\t7 \t8 \n"
        "\t\n"
        "KAZ;VNM;Total\n"
    )
    assert sorted(mass for (mass,) in desk.sql("SELECT mass_t FROM freight")) == [1000.0, 2000.0, 4000.0]
    assert done.rows_read == 3 + 2 + 2 + 2 + 2 + 2
    assert {str(reason): count for reason, count in done.reasons} == {
        "the line has too few cells": 7,
        "the line has too many cells": 3,
    }
    assert sorted(desk.rejected()) == [2, 3, 4, 5, 6, 7]


def test_rail_and_ports_in_sdmx_csv_with_labels(desk: Desk) -> None:
    desk.bring(
        "DATAFLOW,LAST UPDATE,freq: Time frequency,unit: Unit,c_load: Loading,geo: Reporter,TIME_PERIOD: Time,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:RAIL_GO_INTCMGN(1.0),20/05/25,A: Annual,THS_T: Thousand tonnes,KZ: Kazakhstan,LT: Lithuania,2022,12.5,\n"
    )
    desk.bring(
        "STRUCTURE,STRUCTURE_ID,ACTION,freq,direct,cargo,unit,par_mar,rep_mar,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "dataflow,ESTAT:MAR_GO_QM_LT(1.0),I,Q,IN,LBK,THS_T,CN,LTKLJ,2022-Q2,3,\ndataflow,ESTAT:MAR_GO_QM_LT(1.0),I,Q,OUT,TOTAL,THS_T,CN,LTKLJ,2022-Q2,,c\n",
        "port.csv",
    )
    assert desk.sql(
        "SELECT reporter, origin, destination, flow, mode, goods, start, months, mass_t, scope FROM freight ORDER BY mode"
    ) == [
        ("LTU", "KAZ", "LTU", "import", "rail", "TOTAL", date(2022, 1, 1), 12, 12500.0, "reporter LT"),
        ("LTU", "CHN", "LTKLJ", "import", "sea", "LBK", date(2022, 4, 1), 3, 3000.0, "port LTKLJ"),
    ]


def test_trade_in_sdmx_csv(desk: Desk) -> None:
    desk.bring(
        "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:DS-045409(1.0),x,M,LT,KZ,7202,2,VALUE_IN_EUROS,2022-05,1000,\nESTAT:DS-045409(1.0),x,M,LT,KZ,7202,2,QUANTITY_IN_100KG,2022-05,50,\n"
        "ESTAT:DS-045409(1.0),x,A,EU27_2020,WORLD,7202,1,VALUE_IN_EUROS,2022,9,p\n"
    )
    assert desk.sql(
        "SELECT reporter, partner, flow, code, start, months, value, mass_t, provisional FROM trade ORDER BY start, value NULLS LAST"
    ) == [
        ("EU27", "WLD", "import", "7202", date(2022, 1, 1), 12, 9.0, None, True),
        ("LTU", "KAZ", "export", "7202", date(2022, 5, 1), 1, 1000.0, None, None),
        ("LTU", "KAZ", "export", "7202", date(2022, 5, 1), 1, None, 5.0, None),
    ]


# ---- WITS, mapped tables, schedules ------------------------------------------------------------------------------------------------


@SHARED_DATA
def test_wits_total_with_a_blank_before_it(desk: Desk) -> None:
    (done,) = desk.bring(SHARED / "wits2009/WITS_trade2009.csv")
    assert done.rows_rejected == 0
    assert desk.sql("SELECT DISTINCT code FROM trade") == [("TOTAL",)]
    assert desk.sql(
        "SELECT value, valuation FROM trade WHERE reporter = 'ABW' AND partner = 'ARG' AND flow = 'import'"
    ) == [(4036951.0, "CIF")]
    old = {"ROU", "COD", "TLS", "TWN", "WLD", "_X"}
    assert old <= {area for (area,) in desk.sql("SELECT partner FROM trade UNION SELECT reporter FROM trade")}


@SHARED_DATA
def test_a_table_of_the_users_own(desk: Desk) -> None:
    (done,) = desk.bring(
        SHARED / "kz_bns_trade_by_partner_2020_2025.csv",
        columns={"reporter": "reporter", "partner_iso3": "partner", "year": "year", "exports_kusd": "value_thousand"},
        constants={"flow": "export", "currency": "USD"},
    )
    assert done.format == "mapped"
    assert desk.sql("SELECT value, currency, code FROM trade WHERE partner = 'RUS' AND start = '2020-01-01'") == [
        (5007142500.0, "USD", "TOTAL")
    ]


def test_a_mapping_takes_names_of_countries_and_says_what_lacks(desk: Desk) -> None:
    text = "Страна;Год;Месяц;Тыс. долл.\nВьетнам;2024;5;1,5\nLithuania;2024;13;2\nЛитва;2024;6;3\nАтлантида;2024;6;4\n"
    columns = {"Страна": "partner", "Год": "year", "Месяц": "month", "Тыс. долл.": "value_thousand"}
    desk.bring(text, columns=columns, constants={"reporter": "KAZ", "flow": "export", "mode": "road"})
    assert desk.sql("SELECT partner, start, months, value, mode, currency FROM trade") == [
        ("LTU", date(2024, 6, 1), 1, 3000.0, "road", None)
    ]
    assert set(desk.rejected()) == {2, 3, 5}
    with pytest.raises(BadFile, match="does not say the reporter"):
        desk.bring(text, "other.csv", columns=columns)
    with pytest.raises(UnknownOption, match="no field 'partnr'"):
        desk.bring(text, "other.csv", columns={"Страна": "partnr"})
    with pytest.raises(UnknownOption, match="no column 'Land'"):
        desk.bring(text, "other.csv", columns={"Land": "partner"})


def test_schedules_are_counts_a_week(desk: Desk) -> None:
    desk.bring(
        "origin,destination,mode,operator,per_week,start,months\nALA,HAN,air,Vietjet,13,2024-10,\nALA,HAN,boat,x,1,2024,12\nALA,SGN,air,x,-1,2024,12\n"
    )
    assert desk.sql("SELECT origin, destination, mode, per_week, start, months FROM services") == [
        ("ALA", "HAN", "air", 13.0, date(2024, 10, 1), None)
    ]
    assert set(desk.rejected()) == {3, 4}


def test_a_format_is_told_by_content_and_an_unknown_one_is_named(desk: Desk) -> None:
    assert desk.bring(BACI, "comtrade.txt")[0].format == "baci"
    with pytest.raises(BadFile, match="its columns are a, b, c"):
        desk.bring("a,b,c\n1,2,3\n")
    with pytest.raises(UnknownOption, match="no format 'xls'"):
        desk.bring(BACI, "b.csv", format="xls")
    with pytest.raises(BadFile, match="no format known here"):
        desk.bring("t,i,j,k,v,q\n2021,398,704,720241,1,1\n", "c.csv", format="comtrade")


def test_json_that_is_cut_or_no_records(desk: Desk) -> None:
    record = {
        "period": "2022",
        "reporterCode": 398,
        "partnerCode": 704,
        "flowCode": "X",
        "cmdCode": "TOTAL",
        "primaryValue": 5.0,
    }
    whole = json.dumps({"elapsedTime": "1", "data": [record, {**record, "partnerCode": 842}]})
    for text, said in (
        (whole[:-30], "record 2"),
        ('{"data": [1]}', "no object"),
        ('{"error": "quota"}', "quota"),
        ('{"data": []}', "without records"),
    ):
        with pytest.raises(BadFile, match=said):
            desk.bring(text, "answer.json")
    assert desk.bring(whole, "answer.json")[0].rows_stored == 2
