"""Every kind of error that news of trade makes gets its verdict, and what is right is not called wrong."""

from __future__ import annotations

import pytest
from verdict_cases import Case, audited, cases

from keruen.figures.verdict import VERDICTS
from keruen.tables.dataset import Dataset, load

CASES = cases()


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_the_verdict_and_its_reason(data: Dataset, case: Case) -> None:
    found = audited(data, case)
    assert found is not None, f"no claim is read at {case.claim!r}"
    codes = {check.code for check in found.checks}
    assert (found.verdict, case.check in codes) == (case.verdict, True), f"{found.verdict}: {sorted(codes)}"


def test_every_verdict_has_a_case() -> None:
    assert {case.verdict for case in CASES} == set(VERDICTS)


def test_rows_told_as_evidence_exist(data: Dataset) -> None:
    for case in CASES:
        found = audited(data, case)
        assert found is not None
        for row in found.evidence:
            assert data.find_row(row) is not None, f"{case.case}: {row}"
