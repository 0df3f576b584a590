"""The two texts of the brief, audited number by number. Where the folder `shared` with them does not stand beside the repository: skipped.

The arithmetic of the second: 979.2 on 528.3 is +85.33 to +85.38 %; 180.2 and 799 add up to 978.65 .. 979.75; +44.1 % on 180.2 needs a base
of 124.97 .. 125.13 where the final figure is 125.411; +98 % on 799 needs 402.3 .. 404.8 where it is 402.851. Of the first: +11 % on 162.9
thousand tonnes needs a base of 146.1 .. 147.5.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from keruen.figures.audit import Audit, audit
from keruen.figures.verdict import Amount, Audited, Check
from keruen.reports.audit_html import audit_html
from keruen.reports.audit_text import audit_document, audit_text
from keruen.tables.dataset import load

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the texts are not beside the repository")


def text_of(start: str) -> str:
    return next(SEEDS.glob(f"{start}*.txt")).read_text(encoding="utf-8")


@cache
def audit_of(start: str) -> Audit:
    return audit(load(), text_of(start))


def claim_at(start: str, words: str) -> Audited:
    """The claim whose words hold these."""
    found = [one for one in audit_of(start).claims if words in one.claim.text]
    assert found, f"no claim at {words!r}"
    return found[-1]


def check_of(audited: Audited, code: str) -> Check:
    found = [check for check in audited.checks if check.code == code]
    assert found, f"{code} is not among {[check.code for check in audited.checks]}"
    return found[0]


def interval(check: Check, name: str) -> tuple[float, float]:
    value = check.values[name]
    assert isinstance(value, Amount)
    return value.interval.low, value.interval.high


def test_turnover_is_consistent() -> None:
    turnover = claim_at("001", "979,2")
    assert turnover.verdict == "consistent"
    assert {"growth_consistent", "sum_consistent", "parts_growth_consistent"} <= {
        check.code for check in turnover.checks
    }
    assert check_of(turnover, "earlier_edition").evidence == ("figures:K0534", "figures:K0535")
    assert check_of(turnover, "growth_agrees")
    assert check_of(turnover, "base_agrees").evidence == ("figures:K0532", "figures:K0533")


def test_exports_fit_an_earlier_edition() -> None:
    exports = claim_at("001", "180,2")
    assert exports.verdict == "consistent" and check_of(exports, "earlier_edition").evidence == ("figures:K0534",)
    check = check_of(exports, "growth_fits_earlier_edition")
    low, high = interval(check, "implied_base")
    assert 124.96e6 < low < 124.98e6 and 125.12e6 < high < 125.14e6
    assert interval(check, "base") == (125_410_500, 125_411_500)
    assert ("edition", "preliminary") in [(one.slot, one.value) for one in exports.alternatives]


def test_imports_agree() -> None:
    imports = claim_at("001", "799")
    assert imports.verdict in ("agrees", "consistent")
    assert check_of(imports, "growth_agrees").evidence == ("figures:K0535", "figures:K0533")


def test_the_rough_turnover_is_the_exact_one() -> None:
    rough = claim_at("001", "почти $1")
    assert rough.verdict in ("consistent", "agrees")


def test_three_to_four_times_is_not_what_journeys_show() -> None:
    speed = claim_at("001", "3-4 раза")
    assert speed.verdict == "differs"
    low, high = interval(check_of(speed, "speed_differs"), "recorded")
    assert 0.5 < low < high < 2.75
    assert "claims:U03" in speed.evidence and any(row.startswith("journeys:") for row in speed.evidence)


def test_thirteen_flights_have_no_record() -> None:
    flights = claim_at("001", "13 авиарейсов")
    assert flights.verdict == "no_record"
    assert {"claims:U02", "air_services:A008"} <= set(flights.evidence)


def test_freight_to_lithuania_has_no_record_and_implies_a_base() -> None:
    freight = claim_at("000", "162,9")
    assert (freight.claim.subject, freight.claim.partner, freight.claim.mode) == ("KAZ", "LTU", "road")
    assert freight.verdict == "no_record"
    low, high = interval(check_of(freight, "implied_base"), "implied_base")
    assert 146.0e3 < low < 146.1e3 and 147.4e3 < high < 147.5e3
    assert "claims:U01" in freight.evidence


def test_sixteen_of_thirty_is_a_matter_of_definition() -> None:
    materials = claim_at("000", "30 видов")
    assert materials.verdict == "agrees"
    check = check_of(materials, "materials_agree")
    assert (check.values["plain"], check.values["all"], check.values["list"]) == (12.0, 17.0, "EU2020")
    assert {"figures:M0002", "figures:M0003"} <= set(materials.evidence)


@pytest.mark.parametrize("start", ["000", "001"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_reports_of_both(start: str, lang: str) -> None:
    found = audit_of(start)
    text = audit_text(load(), found, lang=lang, width=100)
    assert max(map(len, text.splitlines())) <= 100 and "{" not in text
    page = audit_html(load(), found, lang=lang)
    assert page.count('<li id="claim-') == len(found.claims) and "<script" not in page
    for claim in audit_document(found)["claims"]:
        assert text_of(start)[claim["start"] : claim["end"]] == claim["text"]
        assert claim["reasons"] and len(claim["reasons_ru"]) == len(claim["reasons"])
