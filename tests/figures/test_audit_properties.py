"""What must be true of every audit: rounding alone refutes nothing, and units of account change no verdict on growth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.figures.audit import audit_claims
from keruen.figures.claim import FLOWS, QUALIFIERS, Claim, Printed
from keruen.figures.ledger import RECORD, Figure, ledger
from keruen.figures.meaning import Meaning
from keruen.figures.verdict import VERDICTS, Audited
from keruen.reports.audit_text import audit_document
from keruen.tables.dataset import Dataset, load

DATA = load()
SUBJECT = "KAZ"
FULL = {
    (partner, figure.period): figure
    for partner in ledger(DATA).partners(SUBJECT)
    for figure in ledger(DATA).about(SUBJECT, partner)
    if figure.flow == "export" and figure.hs == "TOTAL" and figure.weight == RECORD and figure.edition == "final" and figure.unit == "USD"
}  # fmt: skip
PAIRS = sorted(key for key in FULL if (key[0], str(int(key[1]) - 1)) in FULL)


def rounded(value: float, decimals: int, scale: float) -> tuple[float, Printed]:
    """A value as a page prints it."""
    shown = round(value / scale, decimals)
    return shown * scale, Printed(f"{shown:.{decimals}f}", decimals, scale)


def stated(
    partner: str, period: str, value: float, base: float, decimals: int, scale: float, percent_decimals: int
) -> Claim:
    """A claim of exports that rounds true numbers."""
    shown, printed = rounded(value, decimals, scale)
    before, printed_base = rounded(base, decimals, scale)
    percent, printed_percent = rounded(100 * (value / base - 1), percent_decimals, 1.0)
    return Claim(
        10, 20, "...", "en", subject=SUBJECT, partner=partner, flow="export", period=period, value=shown, unit="USD", growth_pct=percent,
        base_value=before, base_period=str(int(period) - 1),
        printed={"value": printed, "base_value": printed_base, "growth_pct": printed_percent},
    )  # fmt: skip


def audited(claim: Claim, data: Dataset = DATA) -> Audited:
    return audit_claims(data, [claim]).claims[0]


def true_pair(key: tuple[str, str]) -> tuple[Figure, Figure]:
    partner, period = key
    return FULL[key], FULL[(partner, str(int(period) - 1))]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PAIRS), st.integers(0, 3), st.sampled_from([1e3, 1e6, 1e9]), st.integers(0, 2))
def test_a_claim_made_from_the_ledger_is_never_refuted_by_rounding(
    key: tuple[str, str], decimals: int, scale: float, percent_decimals: int
) -> None:
    now, before = true_pair(key)
    assert now.value is not None and before.value is not None
    found = audited(stated(*key, now.value, before.value, decimals, scale, percent_decimals))
    assert found.verdict in ("agrees", "consistent"), [(check.verdict, check.code) for check in found.checks]


@settings(max_examples=300, deadline=None)
@given(
    st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(-90, 900), st.sampled_from([1e3, 1e6]), st.integers(0, 2),
)  # fmt: skip
def test_scaling_value_and_base_changes_no_verdict_on_growth(
    value: float, base: float, percent: float, factor: float, decimals: int
) -> None:
    def verdicts(scale: float) -> list[str]:
        shown, printed = rounded(value * scale, decimals, scale)
        before, printed_base = rounded(base * scale, decimals, scale)
        growth, printed_growth = rounded(percent, decimals, 1.0)
        claim = Claim(
            10, 20, "...", "en", subject="XXX", flow="production", period="2023", value=shown, unit="tonnes", growth_pct=growth,
            base_value=before, printed={"value": printed, "base_value": printed_base, "growth_pct": printed_growth},
        )  # fmt: skip
        return [check.verdict for check in audited(claim).checks if check.code.startswith("growth_")]

    assert verdicts(1.0) == verdicts(factor)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PAIRS), st.floats(1.05, 20.0))
def test_what_lies_beyond_rounding_and_revision_differs(key: tuple[str, str], factor: float) -> None:
    now, _ = true_pair(key)
    assert now.value is not None
    shown, printed = rounded(now.value * factor, 3, 1e6)
    claim = Claim(
        10, 20, "...", "en", subject=SUBJECT, partner=key[0], flow="export", period=key[1], value=shown, unit="USD",
        printed={"value": printed},
    )  # fmt: skip
    if printed.half_width > 0.01 * now.value:
        return
    assert audited(claim).verdict in ("differs", "not_comparable")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PAIRS), st.sampled_from(["planned", "forecast"]))
def test_plans_are_never_held_against_records(key: tuple[str, str], modality: str) -> None:
    now, _ = true_pair(key)
    assert now.value is not None
    claim = Claim(
        10, 20, "...", "en", subject=SUBJECT, partner=key[0], flow="export", period=key[1], value=now.value * 3, unit="USD",
        modality=modality,
    )  # fmt: skip
    assert audited(claim).verdict == "not_comparable"


@settings(max_examples=200, deadline=None)
@given(
    st.floats(1, 1e12),
    st.sampled_from(["", "approx", "almost", "more_than", "slightly_over", "slightly_under", "less_than", "range"]),
)
def test_what_a_number_stands_for_holds_the_number(value: float, qualifier: str) -> None:
    rules = {row.text("rule"): row.number("value") for row in DATA["figure_rules"]}
    claim = Claim(
        0, 1, "", "en", value=value, unit="USD", qualifier=qualifier or None, printed={"value": Printed("", 1, 1.0)}
    )
    meaning = Meaning(claim, rules).value
    assert meaning is not None and value in meaning


@pytest.mark.parametrize("flow", ["export", "import"])
def test_the_partner_s_figure_is_turned_round(flow: str) -> None:
    """Titanium: what the United States declare as imports from Kazakhstan stands beside Kazakhstan's exports, and the two conflict."""
    found = ledger(DATA).rivals("KAZ", partner="USA", flow=flow, commodity="titanium", period="2024")
    if flow == "export":
        (rivals,) = found
        assert {figure.perspective for figure in rivals.figures} == {"KAZ", "USA"} and rivals.conflicts
        assert rivals.conflicts[0].share > 5
    else:
        assert not any(rivals.conflicts for rivals in found)


def test_a_group_is_what_it_was_at_the_time() -> None:
    def parts(period: str) -> list[set[str]]:
        found = ledger(DATA).rivals("KAZ", partner="EU", flow="turnover", period=period)
        return [
            {row for row in figure.rows if row.startswith("aggregates:")} for one in found for figure in one.figures
        ]

    assert {"aggregates:EU/KAZ/2020"} in parts("2022") and {"aggregates:EU/KAZ/2023"} not in parts("2022")
    assert {"aggregates:EU/KAZ/2023"} in parts("2023") and {"aggregates:EU/press/2023"} in parts("2023")


def test_rivals_are_told_and_never_averaged() -> None:
    """Freight on the Trans-Caspian route in 2023 is 2.7, 2.75, 2.764 and 2.8 million tonnes by four sources."""
    (rivals,) = [r for r in ledger(DATA).rivals("TITR", flow="freight", period="2023") if not r.thing.mode]
    assert sorted(figure.value or 0.0 for figure in rivals.figures) == [2.7e6, 2.75e6, 2.764e6, 2.8e6]
    assert {frozenset(one.first.rows + one.second.rows) for one in rivals.conflicts} >= {
        frozenset(("figures:K0896", "volumes:V001"))
    }


NUMBERS = st.one_of(st.floats(-1e12, 1e12), st.sampled_from([0.0, 1.0, -5.0, 1e15, 16.0, 979.2e6, -100.0]))
PERIODS = st.sampled_from(
    ["2023", "2022-01/2022-09", "XXXX", "XXXX-01/XXXX-05", "2024-02", "0001", "9999", "2023-13", "2024/2020", ""]
)
PLACES = st.sampled_from(["KAZ", "VNM", "TITR", "EU", "WLD", "LTU", "CHN", "XXX"])
ANY_SLOTS = {
    "subject": PLACES, "partner": PLACES, "flow": st.sampled_from(FLOWS), "commodity": st.sampled_from(["critical_materials", "uranium"]),
    "mode": st.sampled_from(["rail", "road", "sea", "air"]), "period": PERIODS, "value": NUMBERS, "value_max": NUMBERS,
    "unit": st.sampled_from(["USD", "tonnes", "TEU", "count", "flights/week", "times", "%", "KZT"]),
    "qualifier": st.sampled_from(QUALIFIERS), "growth_pct": NUMBERS, "growth_times": NUMBERS, "growth_abs": NUMBERS,
    "growth_qualifier": st.sampled_from(QUALIFIERS), "base_value": NUMBERS, "base_period": PERIODS, "share_pct": NUMBERS,
    "whole": st.sampled_from([30.0, 34.0, 7.0]), "against": st.sampled_from(["sea", "road"]), "perspective": PLACES,
}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=ANY_SLOTS), min_size=1, max_size=5), st.integers(0, 30))
def test_whatever_a_reader_makes_of_a_text_is_audited(slots: list[dict[str, object]], headline: int) -> None:
    claims = [Claim(10 * i, 10 * i + 5, "words", "en", **one) for i, one in enumerate(slots)]  # type: ignore[arg-type]
    found = audit_claims(DATA, claims, headline_end=headline)
    assert [one.claim for one in found.claims] == claims
    json.dumps(audit_document(found), allow_nan=False)
    assert all(one.verdict in VERDICTS and one.checks for one in found.claims)


def test_every_row_of_the_tables_is_in_the_ledger_once() -> None:
    for name in ("figures", "volumes", "air_services", "border_times", "claims"):
        rows = [figure.rows[0] for figure in ledger(DATA).figures if figure.rows[0].startswith(f"{name}:")]
        assert rows == [row.id for row in DATA[name]], name


@pytest.mark.parametrize("base_period", ["2023-08", "2024-08"])
def test_nothing_is_compared_with_itself_or_with_what_comes_later(base_period: str) -> None:
    claim = Claim(
        10, 20, "12%", "ru", subject="KAZ", partner="CHN", flow="export", period="2023-08", growth_pct=12, base_period=base_period
    )  # fmt: skip
    found = audited(claim)
    assert found.verdict == "refuted" and found.checks[0].code == "compared_with_itself"
