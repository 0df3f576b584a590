"""Live services answer from records: the real clients run, and what would go over the wire is given here in the services' exact format.

question -> comtradeapicall | sdmx1 -> [transport: recorded] -> file -> import with source, edition, retrieved_at, query
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import RunCli
from trade_files import NEEDS_SHARED, SHARED, Desk

from keruen.tables.dataset import Dataset
from keruen.trade import live

KEY = "0123456789abcdef-not-to-be-told"


@pytest.fixture
def desk(shipped: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty store that the commands take too; no key."""
    monkeypatch.delenv(live.KEY, raising=False)
    desk = Desk(shipped, tmp_path)
    monkeypatch.setenv("KERUEN_TRADE", str(desk.path))
    return desk


# ---- UN Comtrade ------------------------------------------------------------------------------------------------------------------


def record(year: int, flow: str, partner: int, value: float, weight: float | None = None) -> dict[str, Any]:
    """A record of the API, the 47 fields that it has."""
    return {
        "typeCode": "C", "freqCode": "A", "refPeriodId": year * 10_000 + 101, "refYear": year, "refMonth": 52, "period": str(year),
        "reporterCode": 398, "reporterISO": None, "reporterDesc": None, "flowCode": flow, "flowDesc": None, "partnerCode": partner,
        "partnerISO": None, "partnerDesc": None, "partner2Code": 0, "partner2ISO": None, "partner2Desc": None, "classificationCode": "H6",
        "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": "TOTAL", "cmdDesc": None, "aggrLevel": 0,
        "isLeaf": False, "customsCode": "C00", "customsDesc": None, "mosCode": "0", "motCode": 0, "motDesc": None, "qtyUnitCode": -1,
        "qtyUnitAbbr": None, "qty": None, "isQtyEstimated": False, "altQtyUnitCode": -1, "altQtyUnitAbbr": None, "altQty": None,
        "isAltQtyEstimated": False, "netWgt": weight, "isNetWgtEstimated": False, "grossWgt": None, "isGrossWgtEstimated": False,
        "cifvalue": value if flow == "M" else None, "fobvalue": None if flow == "M" else value, "primaryValue": value,
        "legacyEstimationFlag": 0, "isReported": True, "isAggregate": True,
    }  # fmt: skip


def answer(*records: dict[str, Any]) -> bytes:
    return json.dumps({"elapsedTime": "0.2 secs", "count": len(records), "data": records, "error": ""}).encode()


@pytest.fixture
def comtrade_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, dict[str, Any]]]]:
    """Puts answers in place of the wire; returns what was asked: addresses and fields."""
    urllib3 = pytest.importorskip("urllib3")
    pytest.importorskip("comtradeapicall")

    def put(*answers: bytes | Exception, status: int = 200) -> list[tuple[str, dict[str, Any]]]:
        asked: list[tuple[str, dict[str, Any]]] = []
        left = list(answers)

        def request(pool: object, method: str, url: str, fields: dict[str, Any], timeout: float) -> Any:
            assert method == "GET" and 0 < timeout <= 120
            asked.append((url, fields))
            said = left.pop(0)
            if isinstance(said, Exception):
                raise said
            return type("Response", (), {"status": status, "data": said})()

        monkeypatch.setattr(urllib3.PoolManager, "request", request)
        return asked

    return put


def test_an_answer_of_comtrade_is_kept_and_imported(desk: Desk, run_cli: RunCli, comtrade_says: Any) -> None:
    asked = comtrade_says(
        answer(record(2022, "X", 704, 5e8, 1e9), record(2022, "M", 704, 3.5e8)), answer(record(2023, "X", 704, 6e8))
    )
    said = run_cli("trade", "fetch", "comtrade", "KZ", "Vietnam", "--period", "2022", "--period", "2023", "--json")
    assert said.code == 0, said.err
    assert [url.rpartition("/v1/")[2] for url, _ in asked] == ["preview/C/A/HS"] * 2
    fields = asked[0][1]
    assert {name: fields[name] for name in ("reportercode", "partnerCode", "flowCode", "cmdCode", "period")} == {
        "reportercode": "398", "partnerCode": "704", "flowCode": "X,M", "cmdCode": "TOTAL", "period": "2022"
    }  # fmt: skip
    assert (fields["partner2Code"], fields["customsCode"], fields["motCode"]) == ("0", "C00", "0")
    assert "subscription-key" not in fields
    assert desk.sql("SELECT partner, flow, start::VARCHAR, value, mass_t, classification FROM trade ORDER BY start, flow") == [
        ("VNM", "export", "2022-01-01", 5e8, 1e6, "HS22"), ("VNM", "import", "2022-01-01", 3.5e8, None, "HS22"),
        ("VNM", "export", "2023-01-01", 6e8, None, "HS22"),
    ]  # fmt: skip
    ((source, edition, retrieved, query, note),) = desk.sql(
        "SELECT source, edition, retrieved_at, query, note FROM imports"
    )
    assert (source, note) == ("UN Comtrade", None)
    assert edition == f"{retrieved:%Y-%m-%d}"
    assert "reporterCode=398" in query and "2022,2023" in query
    (kept,) = (desk.path.parent / "fetched").iterdir()
    assert str(kept) == said.json["file"] and len(json.loads(kept.read_bytes())["data"]) == 3
    assert query in run_cli("trade", "list").out


def test_the_key_is_sent_and_told_nowhere(
    desk: Desk, run_cli: RunCli, comtrade_says: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(live.KEY, KEY)
    asked = comtrade_says(answer(record(2022, "X", 704, 5e8)))
    said = run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "2022")
    assert said.code == 0 and asked[0][0].endswith("/data/v1/get/C/A/HS") and asked[0][1]["subscription-key"] == KEY
    assert KEY not in said.out + said.err
    assert all(KEY.encode() not in path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())
    pool = __import__("urllib3").exceptions
    comtrade_says(pool.MaxRetryError(None, f"/data/v1/get/C/A/HS?period=2022&subscription-key={KEY}", "timed out"))  # type: ignore[arg-type]
    said = run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "2022", "--json")
    assert (said.code, said.error["kind"]) == (2, "live_service") and "timed out" in said.error["message"]
    assert KEY not in said.out + said.err
    assert desk.sql("SELECT count(*) FROM imports") == [(1,)]


def test_what_comtrade_refuses_is_told(desk: Desk, run_cli: RunCli, comtrade_says: Any) -> None:
    comtrade_says(b'{"statusCode": 429, "message": "Rate limit is exceeded. Try again in 3 seconds."}', status=429)
    said = run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "2022", "--json")
    assert said.code == 2 and "Rate limit is exceeded" in said.error["message"] and "Служба" in said.error["message_ru"]
    for broken in (b"", b"<html>", b"{}", b"[]"):
        comtrade_says(broken)
        assert (
            run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "2022", "--json").error["kind"]
            == "live_service"
        )
    comtrade_says(answer())
    said = run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "1961", "--json")
    assert said.code == 2 and "has nothing for this question" in said.error["message"]
    assert not desk.path.exists() and not (desk.path.parent / "fetched").exists()
    assert run_cli("trade", "fetch", "comtrade", "KAZ", "VNM", "--period", "2022-Q1").code == 2
    assert run_cli("trade", "fetch", "comtrade", "Atlantis", "--period", "2022").code == 2


def test_an_answer_that_was_cut_says_so(desk: Desk, run_cli: RunCli, comtrade_says: Any) -> None:
    comtrade_says(answer(*(record(2022, "X", 704, n + 1.0) for n in range(live.MOST_ROWS_PREVIEW))))
    said = run_cli("trade", "fetch", "comtrade", "KAZ", "--period", "2022", "--lang", "ru")
    assert "обрезала ответ на 500 строках" in said.out
    assert "cut its answer at 500 rows" in desk.sql("SELECT note FROM imports")[0][0]


@pytest.mark.skipif(not SHARED.is_dir(), reason=NEEDS_SHARED)
def test_countries_have_the_codes_of_comtrade(shipped: Dataset) -> None:
    """Against UN Comtrade's own list of reporters: every country that reports today goes by the code that stands there."""
    listed = json.loads((SHARED / "codes/comtrade_ref_Reporters.json").read_bytes())["results"]
    now = {
        row["reporterCodeIsoAlpha3"]: row["reporterCode"]
        for row in listed
        if not row["isGroup"] and "entryExpiredDate" not in row
    }
    countries = {row.text("iso3") for row in shipped["countries"]}
    wrong = {
        iso3: code for iso3, code in now.items() if iso3 in countries and live.comtrade_code(shipped, iso3) != str(code)
    }
    assert len(set(now) & countries) > 200 and not wrong


# ---- SDMX -------------------------------------------------------------------------------------------------------------------------

COMEXT = """<?xml version="1.0" encoding="UTF-8"?>
<m:GenericData xmlns:g="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"
 xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common" xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">
<m:Header><m:ID>DS-045409</m:ID><m:Test>false</m:Test><m:Prepared>2025-05-20T11:00:00</m:Prepared><m:Sender id="ESTAT"/>
<m:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><c:Structure>
<Ref agencyID="ESTAT" id="DS-045409" version="1.0"/></c:Structure>
</m:Structure></m:Header><m:DataSet structureRef="S" action="Replace">{series}</m:DataSet></m:GenericData>"""
SERIES = """<g:Series><g:SeriesKey><g:Value id="freq" value="M"/><g:Value id="reporter" value="LT"/><g:Value id="partner" value="KZ"/>
<g:Value id="product" value="7202"/><g:Value id="flow" value="2"/><g:Value id="indicators" value="{what}"/></g:SeriesKey>
<g:Obs><g:ObsDimension value="2022-05"/><g:ObsValue value="{first}"/></g:Obs>
<g:Obs><g:ObsDimension value="2022-06"/><g:ObsValue value="{second}"/><g:Attributes><g:Value id="OBS_FLAG" value="p"/>
</g:Attributes></g:Obs></g:Series>"""


def comext(*series: tuple[str, str, str]) -> bytes:
    """An answer of Eurostat's service in SDMX-ML 2.1, generic data."""
    return COMEXT.format(series="".join(SERIES.format(what=what, first=a, second=b) for what, a, b in series)).encode()


@pytest.fixture
def sdmx_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, float]]]:
    """Puts an answer in place of the wire; returns what was asked: addresses and how long is waited."""
    pytest.importorskip("sdmx")
    requests = pytest.importorskip("requests")

    def put(content: bytes | Exception, status: int = 200) -> list[tuple[str, float]]:
        asked: list[tuple[str, float]] = []

        def send(adapter: object, request: Any, timeout: float | None = None, **how: Any) -> Any:
            asked.append((request.url, timeout or 0.0))
            if isinstance(content, Exception):
                raise content
            response = requests.Response()
            response.status_code, response.url, response.request = status, request.url, request
            response.headers["Content-Type"] = "application/vnd.sdmx.genericdata+xml;version=2.1"
            response._content, response.raw = content, io.BytesIO(content)
            return response

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        return asked

    return put


WORDS = ("trade", "fetch", "sdmx", "ESTAT_COMEXT", "DS-045409", "M.LT.KZ.7202.2.")


def test_an_answer_of_eurostat_is_kept_and_imported(desk: Desk, run_cli: RunCli, sdmx_says: Any) -> None:
    asked = sdmx_says(comext(("VALUE_IN_EUROS", "1000", "70"), ("QUANTITY_IN_100KG", "50", "NaN")))
    said = run_cli(*WORDS, "--start", "2022-05", "--into", desk.folder / "mine")
    assert said.code == 0, said.err
    ((url, timeout),) = asked
    assert (
        url.endswith("/comext/dissemination/sdmx/2.1/data/DS-045409/M.LT.KZ.7202.2.?startPeriod=2022-05")
        and timeout == live.TIMEOUT_S
    )
    assert desk.sql(
        "SELECT reporter, partner, flow, start::VARCHAR, code, value, mass_t, currency, provisional "
        "FROM trade ORDER BY start, value NULLS LAST"
    ) == [
        ("LTU", "KAZ", "export", "2022-05-01", "7202", 1000.0, None, "EUR", None),
        ("LTU", "KAZ", "export", "2022-05-01", "7202", None, 5.0, None, None),
        ("LTU", "KAZ", "export", "2022-06-01", "7202", 70.0, None, "EUR", True),
    ]
    assert [row[0] for row in desk.sql("SELECT code FROM rejects")] == ["no_value"]
    assert desk.sql("SELECT source, edition, query FROM imports") == [
        (
            "Eurostat (Comext and Prodcom datasets)",
            "2025-05-20",
            "ESTAT_COMEXT DS-045409 M.LT.KZ.7202.2. startPeriod=2022-05",
        )
    ]
    (kept,) = (desk.folder / "mine").iterdir()
    assert kept.read_text(encoding="utf-8").startswith(
        "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    )


def test_what_a_service_of_sdmx_refuses_is_told(desk: Desk, run_cli: RunCli, sdmx_says: Any) -> None:
    requests = pytest.importorskip("requests")
    for content, status in (
        (b"no results", 404),
        (b"too large", 413),
        (requests.exceptions.ReadTimeout("timed out"), 200),
        (b"<xml", 200),
    ):
        sdmx_says(content, status)
        said = run_cli(*WORDS, "--json")
        assert (said.code, said.error["kind"]) == (2, "live_service"), said
    sdmx_says(comext())
    assert "has nothing for this question" in run_cli(*WORDS, "--json").error["message"]
    said = run_cli("trade", "fetch", "sdmx", "NOWHERE", "X", "Y", "--json")
    assert said.code == 2 and "ESTAT_COMEXT" in said.error["suggestions"]
    assert not desk.path.exists()


@pytest.mark.parametrize(
    ("package", "words"),
    [("sdmx", WORDS), ("comtradeapicall", ("trade", "fetch", "comtrade", "KZ", "--period", "2022"))],
)
def test_a_client_that_is_not_installed_is_told(
    desk: Desk, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, package: str, words: tuple[str, ...]
) -> None:
    real = live.importlib.import_module

    def missing(name: str, *more: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(live.importlib, "import_module", missing)
    said = run_cli(*words, "--json")
    assert (
        said.code == 2
        and "pip install keruen[live]" in said.error["message"]
        and "pip install" in said.error["message_ru"]
    )
    assert said.error["kind"] == "live_service"
