"""The audit asks the user's trade store beside the ledger: what is not on record here may be in a file that the user imported.

claim -> cells of the store, each source, edition and perspective by itself -> verdict, and a note for each with its import
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import RunCli
from trade_rows import import_row, trade_store

from keruen.figures.audit import audit
from keruen.figures.in_store import in_store
from keruen.figures.ledger import rules
from keruen.figures.meaning import Meaning
from keruen.figures.reading import read_claims
from keruen.tables.dataset import Dataset
from keruen.trade.store import Store, open_store

IMPORTS = [
    import_row(1, source="UN Comtrade", edition="2024-03"), import_row(2, source="UN Comtrade", edition="2025-01"),
    import_row(3, format="baci", source="CEPII BACI", edition="V202501"), import_row(4, source="Chile", edition="2024"),
]  # fmt: skip
ROWS = [
    {"partner": "CHL", "value": 40.53e6}, {"partner": "CHL", "flow": "import", "value": 20.2e6},
    {"partner": "CHL", "value": 36.0e6, "start": "2022-01-01"},
    {"partner": "CHL", "flow": "import", "value": 25e6, "start": "2022-01-01"},
    {"partner": "CHL", "value": 44.44e6, "import_id": 2},
    {"partner": "CHL", "value": 38.1e6, "import_id": 3, "code": "720241", "perspective": "reconciled"},
    {"reporter": "CHL", "partner": "KAZ", "flow": "import", "value": 51e6, "import_id": 4},
    *({"partner": "CHL", "value": 2e6, "start": f"2024-{month:02d}-01", "months": 1} for month in range(1, 10)),
    {"partner": "WLD", "value": 78.7e9},
]  # fmt: skip


@pytest.fixture(scope="module")
def store(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Kazakhstan and Chile by two editions of its own statistics, Peru's, and BACI; nine months of 2024."""
    path = tmp_path_factory.mktemp("store") / "trade.duckdb"
    trade_store(shipped, path, ROWS, IMPORTS).close()
    with open_store(path) as opened:
        yield opened


def test_the_store_agrees_differs_and_shows_all_that_it_has(shipped: Dataset, store: Store) -> None:
    (claim,) = audit(shipped, "In 2023 exports of Kazakhstan to Chile were 40.5 million dollars.", store=store).claims
    assert claim.verdict == "agrees" and claim.evidence[0] == "trade_store:1"
    notes = [check for check in claim.checks if check.code == "in_store"]
    assert [(check.evidence, check.values["book"], check.values["whose"]) for check in notes] == [
        (("trade_store:3",), "CEPII BACI V202501", "reconciled"), (("trade_store:1",), "UN Comtrade 2024-03", "KAZ"),
        (("trade_store:2",), "UN Comtrade 2025-01", "KAZ"), (("trade_store:4",), "Chile 2024", "CHL"),
    ]  # fmt: skip
    (claim,) = audit(shipped, "In 2023 exports of Kazakhstan to Chile were 60.5 million dollars.", store=store).claims
    assert claim.verdict == "differs"
    (claim,) = audit(shipped, "In 2023 exports of Kazakhstan to Chile were 60.5 million dollars.").claims
    assert claim.verdict == "no_record"


def test_a_figure_of_the_partner_or_of_neither_side_is_no_record_of_ours(shipped: Dataset, store: Store) -> None:
    for value, row in (("51.0", "trade_store:4"), ("38.1", "trade_store:3")):
        (claim,) = audit(
            shipped, f"In 2023 exports of Kazakhstan to Chile were {value} million dollars.", store=store
        ).claims
        assert claim.verdict == "not_comparable" and row in claim.evidence


def test_turnover_growth_and_nine_months(shipped: Dataset, store: Store) -> None:
    (claim,) = audit(
        shipped, "In 2023 trade between Kazakhstan and Chile was 60.7 million dollars, down 0.4%.", store=store
    ).claims
    assert claim.verdict == "agrees" and {"value_agrees", "growth_agrees"} <= {check.code for check in claim.checks}
    text = "In January-September 2024 exports of Kazakhstan to Chile were 18 million dollars."
    assert audit(shipped, text, store=store).claims[0].verdict == "agrees"
    text = "In January-October 2024 exports of Kazakhstan to Chile were 20 million dollars."  # one month is not there
    assert "agrees" not in {check.verdict for check in audit(shipped, text, store=store).claims[0].checks}
    assert (
        audit(shipped, "In 2023 exports of Kazakhstan were 78.7 billion dollars.", store=store).claims[0].verdict
        == "agrees"
    )


def test_one_question_to_the_store_for_a_text(shipped: Dataset, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = store.sql
    monkeypatch.setattr(store, "sql", lambda query, *more: asked.append(query) or real(query, *more))
    countries = ("Peru", "Chile", "Brazil", "Mexico")
    text = " ".join(f"In 2023 exports of Kazakhstan to {one} were 40.5 million dollars." for one in countries)
    audit(shipped, text, store=store)
    assert len(asked) == 1
    plain = [Meaning(claim, rules(shipped)) for claim in read_claims("Loaded trains were 12 a day.")]
    assert in_store(store, shipped, plain).about("KAZ", "CHL") == () and len(asked) == 1


def test_the_command_takes_the_store_of_the_user_if_there_is_one(
    shipped: Dataset, store: Store, run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("В 2023 году экспорт Казахстана в Чили составил 40,5 млн долларов.", encoding="utf-8")
    monkeypatch.setenv("KERUEN_TRADE", str(tmp_path / "nowhere.duckdb"))
    assert run_cli("check", text, "--json").json["claims"][0]["verdict"] == "no_record"
    assert run_cli("check", text, "--store", tmp_path / "nowhere.duckdb").code == 2
    monkeypatch.setenv("KERUEN_TRADE", str(store.path))
    content = store.path.read_bytes()
    claim = run_cli("check", text, "--json").json["claims"][0]
    assert claim["verdict"] == "agrees" and "trade_store:1" in claim["evidence"]
    assert "хранилище торговли" in run_cli("check", text, "--lang", "ru").out
    assert store.path.read_bytes() == content
    monkeypatch.setenv("KERUEN_TRADE", str(text))  # no store at all: told, and the audit goes on
    said = run_cli("check", text, "--json")
    assert said.code == 0 and "was not asked" in said.err and said.json["claims"][0]["verdict"] == "no_record"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("In 2023 Chile accounted for 0.05% of Kazakhstan's exports.", "agrees"),  # 40.53 million of 78.7 billion
        ("In 2023 Chile accounted for 0.5% of Kazakhstan's exports.", "differs"),
        ("In 2021 Chile accounted for 0.05% of Kazakhstan's exports.", "no_record"),
    ],
)
def test_a_share_is_held_against_part_and_whole(shipped: Dataset, store: Store, text: str, verdict: str) -> None:
    (claim,) = audit(shipped, text, store=store).claims
    assert claim.claim.share_pct is not None and claim.verdict == verdict
    if verdict != "no_record":
        assert "trade_store:1" in claim.evidence and f"share_{verdict}" in {check.code for check in claim.checks}
