"""Texts made from the ledger are read and agreed with; with a mistake put in, the claim that is wrong is found."""

from __future__ import annotations

from functools import cache

import pytest
from made_texts import MISTAKES, Made, made, right

from keruen.figures.audit import audit
from keruen.tables.dataset import Dataset, load


@cache
def data() -> Dataset:
    return load()


@cache
def some() -> list[Made]:
    return list(made(data()))[::5]


def test_what_is_right_is_never_called_wrong() -> None:
    assert len(some()) > 30
    for one in some():
        verdicts = [claim.verdict for claim in audit(data(), right(one)).claims]
        assert verdicts == ["agrees"] * 3, (right(one), verdicts)


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_found_in_the_claim_that_has_it(kind: str) -> None:
    tried = [found for one in some() if (found := MISTAKES[kind](one)) is not None]
    assert len(tried) > 30
    for text, words in tried:
        (claim,) = [claim for claim in audit(data(), text).claims if words in claim.claim.text][:1]
        assert claim.verdict in ("refuted", "differs"), (text, [(check.verdict, check.code) for check in claim.checks])
