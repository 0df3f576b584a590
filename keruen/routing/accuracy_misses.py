"""Where the model misses, and what the rows themselves say of it: one record for each corridor that misses a target.

    misses     median |error| above the target, or bias or the share inside outside of theirs, over the rows that count
    apart      rows of one question (same ends, same days counted) whose middles differ by half or more: no one number meets them
    years      the years with the least and the greatest median error, where they differ in sign or by 20 points
    rough      rows of which an end is a country or a region, for which a place of ours stands
    standing   share of the predicted hours in which the load does not move

Nothing here is an opinion: each figure is counted from rows that are listed.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keruen.routing.accuracy import TARGETS, Accuracy, Compared, Score, met, score
from keruen.routing.observed import COST, TIME

APART = 1.5  # greatest over least middle of one question from which no one number can meet them
YEARS_APART_PCT = 20.0
FEW = 3
MOST_WORST = 3


@dataclass(frozen=True)
class Apart:
    """Rows of one question that contradict each other: names of the ends, how many, least and greatest middle, unit."""

    origin: str
    destination: str
    n: int
    least: float
    greatest: float
    unit: str


@dataclass(frozen=True)
class Years:
    """The years whose rows lie farthest apart: median signed errors in per cent."""

    first: int
    first_error_pct: float
    second: int
    second_error_pct: float


@dataclass(frozen=True)
class Miss:
    """A corridor that misses a target: its rows, their score, and what they say of the reason."""

    measure: str
    corridor: str
    score: Score
    missed: tuple[str, ...]
    few: bool
    rough: int
    standing_share: float | None
    apart: Apart | None
    years: Years | None
    worst: tuple[Compared, ...]


def misses(found: Accuracy, measure: str) -> list[Miss]:
    """The corridors that miss a target, those with the most rows first."""
    groups: dict[str, list[Compared]] = {}
    for row in found.used(measure):
        groups.setdefault(row.predicted.corridor, []).append(row)
    missing = [(key, rows, score(rows)) for key, rows in groups.items()]
    ordered = sorted(missing, key=lambda one: (-len(one[1]), one[0]))
    return [_miss(measure, key, rows, one) for key, rows, one in ordered if not _all_met(measure, one)]


def _all_met(measure: str, one: Score) -> bool:
    """Whether a corridor meets the targets. More inside than aimed at is no miss of a corridor, which often has but a few rows."""
    return not _missed(measure, one)


def _missed(measure: str, one: Score) -> tuple[str, ...]:
    too_sure = one.inside_p10_p90_pct is not None and one.inside_p10_p90_pct > TARGETS[TIME]["inside_p10_p90_pct"][1]
    return tuple(
        name
        for name, good in met(measure, one).items()
        if good is False and not (name == "inside_p10_p90_pct" and too_sure)
    )


def _miss(measure: str, corridor: str, rows: Sequence[Compared], one: Score) -> Miss:
    worst = sorted(rows, key=lambda row: -abs(row.error_pct or 0.0))[:MOST_WORST]
    rough = sum(row.predicted.quality != "A" for row in rows)
    standing = _standing_share(rows) if measure == TIME else None
    return Miss(
        measure, corridor, one, _missed(measure, one), len(rows) < FEW, rough, standing, _apart(rows), _years(rows), tuple(worst)
    )  # fmt: skip


def _standing_share(rows: Iterable[Compared]) -> float:
    """Share of the predicted hours, summed over the rows, in which the load stands."""
    ways = [row.predicted.found.way for row in rows if row.predicted.found.way is not None]
    total = sum(way.time_h for way in ways)
    moving = sum(leg.running_h for way in ways for leg in way.legs if leg.moves)
    return 1 - moving / total


def _apart(rows: Sequence[Compared]) -> Apart | None:
    """The question whose rows lie farthest apart, None if they agree within half."""
    questions: dict[tuple[str, ...], list[Compared]] = {}
    for row in rows:
        found, haul = row.predicted.found, row.observation.haul
        questions.setdefault(
            (found.origin.code, found.destination.code, haul.counted, haul.per, haul.section), []
        ).append(row)
    best: Apart | None = None
    for same in questions.values():
        middles = [row.observation.middle for row in same]
        if max(middles) >= APART * min(middles) and (
            best is None or max(middles) / min(middles) > best.greatest / best.least
        ):
            haul = same[0].observation.haul
            unit = haul.per if haul.measure == TIME else f"{haul.currency} per {haul.per}"
            best = Apart(haul.origin.name, haul.destination.name, len(same), min(middles), max(middles), unit)
    return best


def _years(rows: Iterable[Compared]) -> Years | None:
    """The years with the least and the greatest median error, None if they are alike or there is one year only."""
    errors: dict[int, list[float]] = {}
    for row in rows:
        if row.observation.haul.year is not None and row.error_pct is not None:
            errors.setdefault(row.observation.haul.year, []).append(row.error_pct)
    medians = {year: statistics.median(found) for year, found in errors.items()}
    if len(medians) < 2:
        return None
    low, high = min(medians, key=lambda year: medians[year]), max(medians, key=lambda year: medians[year])
    apart = medians[high] - medians[low] >= YEARS_APART_PCT
    return Years(low, medians[low], high, medians[high]) if apart else None


def measures_of(found: Accuracy) -> list[str]:
    """The measures of which there are rows, journeys first."""
    kinds = {row.observation.haul.measure for row in found.rows}
    return [measure for measure in (TIME, COST) if measure in kinds]
