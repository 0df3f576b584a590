"""What an audit says of a claim: checks, each with a verdict and the reason, and the verdict that follows from them all.

    refuted          at printed precision: the text's own numbers cannot all be right
    differs          from the ledger, by more than rounding and a revision
    agrees           with a record of the ledger, within rounding
    not_comparable   a plan, a mirror statistic, another definition or scope
    consistent       within the text, or with an earlier edition of what is on record; nothing was found against it
    no_record        nothing is known to hold it against

The first of these that a check has given is the verdict of the claim, with one exception: a figure that meets a record only as an earlier
edition of it is consistent, even where its growth agrees. A reason is a code and its values; reports put it into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keruen.figures.claim import Alternative, Claim
from keruen.tables.rounding import Interval

REFUTED, DIFFERS, AGREES, CONSISTENT = "refuted", "differs", "agrees", "consistent"
NOT_COMPARABLE, NO_RECORD, NOTE = "not_comparable", "no_record", "note"
VERDICTS = (REFUTED, DIFFERS, AGREES, NOT_COMPARABLE, CONSISTENT, NO_RECORD)
"""Verdicts of claims, in the order in which one outweighs the next."""


@dataclass(frozen=True)
class Amount:
    """A value of a reason: what it stands for, in a unit."""

    interval: Interval
    unit: str


@dataclass(frozen=True)
class Share:
    """A share of a reason, 0.01 is one per cent. kind: distance of two values, change (told with its sign), or part of a whole."""

    interval: Interval
    kind: str = "distance"


Value = Amount | Share | str | float


@dataclass(frozen=True)
class Check:
    """One comparison: its verdict (or `note`: worth telling, decides nothing), its reason, and the rows it rests on (`table:key`)."""

    verdict: str
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audited:
    """A claim with its checks; `alternatives` are other readings, those of the reader and those that a check found."""

    claim: Claim
    checks: tuple[Check, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def verdict(self) -> str:
        """The verdict that follows from the checks."""
        return verdict_of(self.checks)

    @property
    def evidence(self) -> tuple[str, ...]:
        """All rows that the checks rest on, once each."""
        return tuple(dict.fromkeys(row for check in self.checks for row in check.evidence))


def verdict_of(checks: Sequence[Check]) -> str:
    """The verdict of a claim with these checks."""
    given = {check.verdict for check in checks}
    for verdict in VERDICTS:
        if verdict in given:
            earlier_edition = any(check.code == "earlier_edition" for check in checks)
            return CONSISTENT if verdict == AGREES and earlier_edition else verdict
    return NO_RECORD


def evidence_of(figures: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Rows of several figures, once each."""
    return tuple(dict.fromkeys(row for rows in figures for row in rows))
