"""How near a reading comes to what a sentence says: slots found, missed and made up, claim by claim.

A claim is met with the expected one that shares most slots with it, each used once; a slot counts as found if its value is the same
(numbers to one part in a million). F1 = 2 TP / (2 TP + FP + FN) over slots. `modality` counts only where it is not "stated".
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from press_sentences import sentences

from keruen.figures import Claim, read_claims
from keruen.figures.claim import SLOTS

SENTENCES = Path(__file__).parent / "sentences.tsv"
PRESS = Path(__file__).parents[3] / "shared" / "data" / "facts" / "trade" / "press_claims_public.csv"
TEXT_SLOTS = {
    slot
    for slot in SLOTS
    if slot in {"subject", "partner", "flow", "commodity", "mode", "period", "unit", "qualifier", "modality"}
} | {
    "growth_qualifier",
    "base_period",
    "share_of",
    "against",
    "perspective",
    "edition",
}
Slots = Mapping[str, float | str]


@dataclass(frozen=True)
class Case:
    """A sentence with the claims it makes; of the first every third was held out from the work on the reader."""

    id: str
    lang: str
    published: str
    text: str
    expected: tuple[Slots, ...]
    held_out: bool


def cases() -> list[Case]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Case(
            row["id"],
            row["lang"],
            row["published"],
            row["text"],
            expected(row["expected"]),
            number % 3 == 2 and row["id"][0] not in "fghi",
        )
        for number, row in enumerate(rows)
    ]


def expected(cell: str) -> tuple[Slots, ...]:
    claims = []
    for part in cell.split(" ;; "):
        pairs = dict(pair.split("=", 1) for pair in part.split())
        assert pairs.keys() <= set(SLOTS), pairs
        claims.append({slot: value if slot in TEXT_SLOTS else float(value) for slot, value in pairs.items()})
    return tuple(claims)


def slots_of(claim: Claim) -> Slots:
    return {slot: value for slot, value in claim.slots().items() if (slot, value) != ("modality", "stated")}


def same(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def counts(found: Iterable[Slots], wanted: Iterable[Slots]) -> tuple[int, int, int]:
    """Slots found, made up, and missed."""
    left = list(found)
    hits = false = missed = 0
    for claim in wanted:
        agreeing = [sum(slot in other and same(other[slot], value) for slot, value in claim.items()) for other in left]
        best = max(range(len(left)), key=lambda k: agreeing[k], default=None)
        if best is None or not agreeing[best]:
            missed += len(claim)
            continue
        other = left.pop(best)
        hits += agreeing[best]
        false += len(other) - agreeing[best]
        missed += len(claim) - agreeing[best]
    return hits, false + sum(len(other) for other in left), missed


def f1(totals: tuple[int, int, int]) -> float:
    hits, false, missed = totals
    return 2 * hits / (2 * hits + false + missed) if hits else 0.0


def totals(scores: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    hits, false, missed = (sum(column) for column in zip(*scores, strict=True))
    return hits, false, missed


def f1_of_sentences() -> dict[str, tuple[float, int]]:
    """F1 and number of our sentences, by language and of all."""
    scores: dict[str, list[tuple[int, int, int]]] = {}
    for case in cases():
        score = counts([slots_of(claim) for claim in read_claims(case.text, None, case.published)], case.expected)
        for name in (case.lang, "all"):
            scores.setdefault(name, []).append(score)
    return {f"our sentences, {name}": (f1(totals(part)), len(part)) for name, part in scores.items()}


def f1_of_published(path: Path = PRESS) -> dict[str, tuple[float, int]]:
    """F1 and number of the published claims put in words, by language; none where the shared evidence is not beside the repository."""
    scores: dict[str, list[tuple[int, int, int]]] = {}
    for _, lang, text, slots in sentences(path) if path.is_file() else ():
        found = [dict(slots_of(claim)) for claim in read_claims(text)]
        if "base_period" not in slots:  # the year before is supposed by custom; the row does not say so
            for claim in found:
                claim.pop("base_period", None)
        scores.setdefault(lang, []).append(counts(found, [slots]))
    return {f"published claims, {lang}": (f1(totals(part)), len(part)) for lang, part in scores.items()}
