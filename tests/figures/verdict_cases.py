"""Sentences of our own for every kind of error that news of trade really makes, each with the verdict it must get (verdicts.tsv)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from keruen.figures.audit import audit
from keruen.figures.verdict import Audited
from keruen.tables.dataset import Dataset

TABLE = Path(__file__).with_name("verdicts.tsv")


class Case(NamedTuple):
    """A short text, the claim in it that is meant (by words it holds), its verdict and a check that it must have."""

    case: str
    kind: str
    lang: str
    published: str
    text: str
    claim: str
    verdict: str
    check: str


def cases() -> list[Case]:
    """All cases, line breaks of their texts made real."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Case(**{**row, "text": row["text"].replace("\\n", "\n")}) for row in rows]


def audited(data: Dataset, case: Case) -> Audited | None:
    """The claim that a case means, as read from its text and audited; None if the reader finds none there."""
    found = audit(data, case.text, published=case.published)
    place = case.text.index(case.claim)
    return next(
        (one for one in found.claims if one.claim.start <= place < one.claim.end or case.claim in one.claim.text), None
    )
