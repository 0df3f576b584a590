"""How right the model is: predicted beside observed for every journey and price that can be routed.

    error of a row   e = (predicted P50 - middle of what was observed) / middle                      [per cent]
    of many rows     median of |e|;   bias = median of e;   inside = share of middles from P10 to P90

The days of a journey are the hours of its way drawn 20,000 times (reliability), of which P10, P50 and P90 are kept: from the departure
of the first vehicle to the arrival of the last, or all told where the row says so (observed.MOVING, ALL_TOLD); which of the two is
compared is fixed by the row's words, never by the numbers. A price is that of one load unit on the way, in the unit of the row:

    by sea           the legs over water and the lifts at both ports, as freight indices have it
    by ferry, air    the legs over water, or in the air, alone, as carriers quote it
    by anything else the whole way from terminal to terminal, or its stretch in the countries that an index prices

Used are rows that happened (observed, or reported as typical), each claim once; prices from 2023 on, the years the tariffs are of. "At
least" has no middle. A row that is not used says why, and is predicted nevertheless if it can be.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from keruen.errors import Text, UnknownOption, in_both
from keruen.network.build import open_world
from keruen.routing.observed import ALL_TOLD, COST, TIME, Haul, Observation, shipped_observations
from keruen.routing.observed_file import HOURS_IN, ObservedFile, read_observed
from keruen.routing.observed_places import Finder, members
from keruen.routing.observed_ways import UNITS, HaulWay, Ways
from keruen.routing.observed_words import WATER
from keruen.routing.progress import Going, Heed
from keruen.routing.reliability import simulate
from keruen.routing.result import Leg, Route
from keruen.tables.dataset import Dataset
from keruen.tables.halves import FIT, REPORT, SEED
from keruen.tables.words import joined, said

ALL = "all"
HALVES = (FIT, REPORT, ALL)
PERCENTS = (0.1, 0.5, 0.9)
FIRST_YEAR_OF_PRICES = 2023
TARGETS = {
    "time": {"median_abs_error_pct": (0.0, 20.0), "bias_pct": (-10.0, 10.0), "inside_p10_p90_pct": (70.0, 90.0)},
    "cost": {"median_abs_error_pct": (0.0, 25.0)},
}
"""Least and most that is aimed at, for the rows of the headline."""
OBSERVED = "observed"
AT_ONCE = 200  # ways drawn at a time
BASIS, LEAST, OLD, REPEAT, OTHER_HALF = "basis", "at_least", "old", "repeat", "half"
"""Why a predicted row is not used: did not happen, "at least", before the tariffs, told already, in the other half."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Band:
    """What is predicted: P10, P50 and P90, in the unit of the row; None: not known (prices have no spread)."""

    p10: float | None
    p50: float
    p90: float | None


@dataclass(frozen=True, slots=True)
class Predicted:
    """A haul and what is predicted for it. band: what is compared; None if the haul has no way (`found` says why).

    moving, all_told: the days from departure to arrival, and with waiting and lifts at both ends; None for prices.
    quality: A both ends are places, B one, C none, as the row says or as they were found.
    """

    haul: Haul
    found: HaulWay
    quality: str
    band: Band | None = None
    moving: Band | None = None
    all_told: Band | None = None

    @property
    def corridor(self) -> str:
        """The corridor of the haul by its row, else of its way."""
        return self.found.corridor or (self.found.way.corridor if self.found.way is not None else "")


@dataclass(frozen=True, slots=True)
class Compared:
    """An observation beside its prediction; `why` is the kind of reason for which it is not used, empty if it is."""

    observation: Observation
    predicted: Predicted
    why: str
    reason: str

    @property
    def used(self) -> bool:
        """Whether it counts."""
        return not self.why

    @property
    def error_pct(self) -> float | None:
        """Predicted P50 less the middle of what was observed, in per cent of that; None if there is no prediction or no middle."""
        band, middle = self.predicted.band, self.observation.middle
        return None if band is None or self.observation.at_least else 100 * (band.p50 - middle) / middle

    @property
    def inside(self) -> bool | None:
        """Whether the middle lies from P10 to P90; None if that is not known."""
        band = self.predicted.band
        if band is None or band.p10 is None or band.p90 is None or self.observation.at_least:
            return None
        return band.p10 <= self.observation.middle <= band.p90

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; unknown is None."""
        one, haul, found, band = self.observation, self.observation.haul, self.predicted.found, self.predicted.band
        rounded: dict[str, float | None] = {
            f"predicted_{name}": None if band is None else _rounded(getattr(band, name))
            for name in ("p10", "p50", "p90")
        }
        both = {
            f"{name}_{share}": None if of is None else _rounded(getattr(of, share))
            for name, of in (("moving", self.predicted.moving), ("all_told", self.predicted.all_told))
            for share in ("p10", "p50", "p90")
            if haul.measure == TIME
        }
        return {
            "id": one.id, "measure": haul.measure, "corridor": self.predicted.corridor or None,
            "observed": _rounded(one.middle), "observed_min": one.least, "observed_max": one.most, "at_least": one.at_least,
            "unit": haul.per if haul.measure == TIME else f"{haul.currency} per {haul.per}" if haul.currency else haul.per,
            **rounded, "error_pct": _rounded(self.error_pct), "inside": self.inside, "used": self.used,
            **in_both("reason", self.reason), "reason_kind": self.why, "origin": found.origin.code or None,
            "destination": found.destination.code or None, "stands_for": [
                end.stands_for for end in (found.origin, found.destination) if end.stands_for
            ],
            "way": found.way.corridor if found.way is not None else None, "asked_by": found.how or None,
            "modes": list(found.way.modes) if found.way is not None else [], "counted": haul.counted or None, **both,
            "basis": haul.basis or None, "quality": self.predicted.quality, "year": haul.year, "half": one.half,
            "claim_group": one.claim,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """How right many rows are; None where no row says."""

    n: int
    median_abs_error_pct: float | None
    bias_pct: float | None
    inside_p10_p90_pct: float | None

    def to_dict(self, measure: str = TIME) -> dict[str, Any]:
        """Ready for JSON; prices have no band to be inside of."""
        found = {
            "n": self.n,
            "median_abs_error_pct": _rounded(self.median_abs_error_pct),
            "bias_pct": _rounded(self.bias_pct),
            "inside_p10_p90_pct": _rounded(self.inside_p10_p90_pct),
        }
        return found if measure == TIME else {key: found[key] for key in list(found)[:-1]}


@dataclass(frozen=True)
class Accuracy:
    """Predicted beside observed, row by row. half: which rows count (fit, report, all). notes: how files were read."""

    rows: tuple[Compared, ...] = field(repr=False)
    half: str
    notes: tuple[str, ...] = ()

    def used(self, measure: str) -> list[Compared]:
        """The rows of journeys (`time`) or prices (`cost`) that count."""
        return [row for row in self.rows if row.used and row.observation.haul.measure == measure]

    @property
    def time(self) -> Score:
        """Journeys that count."""
        return score(self.used(TIME))

    @property
    def cost(self) -> Score:
        """Prices that count."""
        return score(self.used(COST))

    @property
    def headline(self) -> dict[str, Score]:
        """What is aimed at: journeys with two named ends, and prices from 2023 on."""
        named = [row for row in self.used(TIME) if row.predicted.quality == "A"]
        return {TIME: score(named), COST: self.cost}

    @property
    def observed_alone(self) -> Score:
        """Of the headline's journeys those that were observed one by one, without those that are reported as usual."""
        return score(
            [row for row in self.used(TIME) if row.predicted.quality == "A" and row.observation.haul.basis == OBSERVED]
        )

    def groups(self, measure: str, by: str) -> dict[str, Score]:
        """Scores by corridor, mode, year, quality, basis or half. Of halves, all rows that would count in either are taken."""
        if by == "half":
            parts = {
                half: [row for row in self.rows if _counts(row, measure) and row.observation.half == half]
                for half in (FIT, REPORT)
            }
            return {half: score(rows) for half, rows in parts.items()}
        found: dict[str, list[Compared]] = {}
        for row in self.used(measure):
            found.setdefault(GROUPS[by](row), []).append(row)
        return {key: score(found[key]) for key in sorted(found)}

    @property
    def old_prices(self) -> Score:
        """Prices that would count if they were not from before 2023 or without a year."""
        return score([row for row in self.rows if row.why == OLD])

    def reasons(self) -> dict[str, int]:
        """How many rows are not used, by kind of reason, most first."""
        found: dict[str, int] = {}
        for row in self.rows:
            if row.why:
                found[row.why] = found.get(row.why, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def to_dict(self, rows: bool = True) -> dict[str, Any]:
        """Ready for JSON, as `keruen accuracy --json` prints it; without the rows if not `rows`."""
        document: dict[str, Any] = {
            "time": self.time.to_dict(),
            "cost": self.cost.to_dict(COST),
            "half": self.half,
            "seed": SEED,
            "headline": {
                measure: {
                    "of": "used journeys with two named ends" if measure == TIME else "used prices from 2023 on",
                    **found.to_dict(measure),
                    "targets": {name: list(bounds) for name, bounds in TARGETS[measure].items()},
                    "met": met(measure, found),
                    **({"observed_alone": self.observed_alone.to_dict()} if measure == TIME else {}),
                }
                for measure, found in self.headline.items()
            },
            "by": {
                measure: {by: {key: one.to_dict(measure) for key, one in self.groups(measure, by).items()} for by in (*GROUPS, "half")}
                for measure in (TIME, COST)
            },
            "cost_before_2023": self.old_prices.to_dict(COST),
            "not_used": self.reasons(),
            "rules": RULES,
            **in_both("notes", self.notes),
        }  # fmt: skip
        if rows:
            document["rows"] = [row.to_dict() for row in self.rows]
        return document


RULES = {
    "error": "per cent of the observed middle: (predicted P50 - middle) / middle",
    "bias": "median of the signed errors",
    "inside": "share of observed middles from P10 to P90",
    "observed": "middle of least and most; 'at least' has no middle and is not used",
    "days": "departure of the first vehicle to arrival of the last; all told if the row says door to door or with terminals",
    "repeats": "rows of one claim_group count once, the first of them",
    "prices": "level rows in USD from 2023 on; sea with lifts at both ports, ferry and air alone, else terminal to terminal",
}
GROUPS: Mapping[str, Callable[[Compared], str]] = {
    "corridor": lambda row: row.predicted.corridor or "unnamed",
    "mode": lambda row: "+".join(dict.fromkeys(row.observation.haul.modes)) or "not told",
    "year": lambda row: str(row.observation.haul.year or "not told"),
    "quality": lambda row: row.predicted.quality,
    "basis": lambda row: row.observation.haul.basis,
}


def accuracy(
    data: Dataset,
    observed: Sequence[str | os.PathLike[str] | ObservedFile] = (),
    *,
    half: str = "",
    progress: Progress | None = None,
) -> Accuracy:
    """Predicted beside observed, for files of journeys or prices, or for the shipped evidence if none is named.

    observed: CSV files (or what `read_observed` made of them), each of journeys or of prices (docs/accuracy.md). half: the rows that
    count, "fit", "report" or "all"; by default those to report on of the shipped evidence, and all of a file. progress: called now
    and then with the share done, 0 to 1; what it raises stops the work.

    Raises:
        UnknownOption: there is no such half.
        BadTable: a file that cannot be read, with everything that is wrong with it.
        OSError: a file that cannot be opened.
    """
    half = half or (ALL if observed else REPORT)
    if half not in HALVES:
        raise UnknownOption(said("err_no_half", half=half, known=", ".join(HALVES)), HALVES)
    files = [one if isinstance(one, ObservedFile) else read_observed(data, one) for one in observed]
    rows = [row for file in files for row in file.rows] if files else list(shipped_observations(data))
    notes = [joined(": ", (file.name, note)) for file in files for note in file.notes]
    predictions = predict(data, (row.haul for row in rows), progress)
    return Accuracy(tuple(compared(rows, predictions, half)), half, tuple(notes))


def predict(data: Dataset, hauls: Iterable[Haul], progress: Progress | None = None) -> dict[Haul, Predicted]:
    """What is predicted for each different haul."""
    wanted = list(dict.fromkeys(hauls))
    going = Going(None if progress is None else lambda _, share: progress(share))
    finder = Finder(data, open_world(data))
    ways = Ways(data, finder, going.heed)
    found: dict[Haul, HaulWay] = {}
    together = sorted(
        wanted, key=lambda haul: (haul.period, haul.per)
    )  # what costs depend on, so that they are worked out once
    for number, haul in enumerate(together, 1):
        found[haul] = ways.find(haul)
        going.tell("predict", 0.95 * number / len(wanted))
    timed = _days_of(
        data, [one.way for haul, one in found.items() if haul.measure == TIME and one.way is not None], going.heed
    )
    predicted = {haul: _predicted(data, haul, one, timed) for haul, one in found.items()}
    going.tell("predict", 1.0)
    return predicted


def _predicted(data: Dataset, haul: Haul, found: HaulWay, timed: Mapping[int, tuple[Band, Band]]) -> Predicted:
    """A haul with its way as a prediction in the unit of its row."""
    quality = haul.quality or "ABC"[bool(found.origin.stands_for) + bool(found.destination.stands_for)]
    if found.way is None:
        return Predicted(haul, found, quality)
    if haul.measure == COST:
        return Predicted(haul, found, quality, Band(None, price_of(data, haul, found.way), None))
    moving, all_told = (_in_unit(band, HOURS_IN[haul.per]) for band in timed[id(found.way)])
    return Predicted(haul, found, quality, all_told if haul.counted == ALL_TOLD else moving, moving, all_told)


def _in_unit(band: Band, hours_in_unit: float) -> Band:
    """A band of hours in days or hours."""
    p10, p90 = (None if value is None else 24 * value / hours_in_unit for value in (band.p10, band.p90))
    return Band(p10, 24 * band.p50 / hours_in_unit, p90)


def _days_of(data: Dataset, ways: Iterable[Route], heed: Heed) -> dict[int, tuple[Band, Band]]:
    """Days of each way (by its identity) from departure to arrival, and all told."""
    different = list({id(way): way for way in ways}.values())
    found: dict[int, tuple[Band, Band]] = {}
    for first in range(0, len(different), AT_ONCE):
        heed()
        some = different[first : first + AT_ONCE]
        legs = [part for way in some for part in (from_departure(way.legs), way.legs)]
        p10, p50, p90 = np.quantile(simulate(data, legs), PERCENTS, axis=1) / 24
        bands = [Band(*map(float, three)) for three in zip(p10, p50, p90, strict=True)]
        found |= {id(way): (bands[2 * i], bands[2 * i + 1]) for i, way in enumerate(some)}
    return found


def from_departure(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The legs from the departure of the first vehicle to the arrival of the last: without terminals at the ends and the first wait."""
    first, last = (
        (1 if legs[0].mode == "terminal" else 0),
        (len(legs) - 1 if legs[-1].mode == "terminal" else len(legs)),
    )
    kept = list(legs[first:last])
    for i, leg in enumerate(kept):
        if leg.moves:
            parts = tuple(
                part for part in leg.components if not (part.kind == "waiting" and part.source.startswith("services:"))
            )
            waited = sum(part.time_h for part in leg.components) - sum(part.time_h for part in parts)
            kept[i] = replace(leg, components=parts, waiting_h=leg.waiting_h - waited)
            break
    return tuple(kept)


def price_of(data: Dataset, haul: Haul, way: Route) -> float:
    """What one unit of the price costs on a way, by the rule of the module's text [USD per unit of the row]."""
    modes = set(haul.modes)
    legs: Sequence[Leg] = way.legs
    if haul.section:
        legs = [leg for leg in legs if leg.country in members(data, haul.section)]
    elif modes == {"air"}:
        legs = [leg for leg in legs if leg.mode == "air"]
    elif modes == {"ferry"}:
        legs = [leg for leg in legs if leg.mode in WATER]
    elif modes and modes <= WATER:
        legs = from_port_to_port(legs)
    return sum(leg.cost_usd for leg in legs) / UNITS[haul.per][2]


def from_port_to_port(legs: Sequence[Leg]) -> Sequence[Leg]:
    """The legs from the lift onto the first ship to the lift off the last."""
    afloat = [i for i, leg in enumerate(legs) if leg.mode in WATER]
    first, last = afloat[0], afloat[-1]
    if first and legs[first - 1].mode == "terminal":
        first -= 1
    if last + 1 < len(legs) and legs[last + 1].mode == "terminal":
        last += 1
    return legs[first : last + 1]


def compared(rows: Iterable[Observation], predictions: Mapping[Haul, Predicted], half: str) -> Iterator[Compared]:
    """The rows beside their predictions, each with the reason if it is not used."""
    told: set[tuple[str, str]] = set()
    for row in rows:
        predicted = predictions[row.haul]
        why, reason = _not_used(row, predicted)
        if not why:
            claim = row.haul.measure, row.claim
            if claim in told:
                why, reason = REPEAT, _reason("why_repeat")
            elif half not in (ALL, row.half):
                why, reason = OTHER_HALF, _reason("why_half_fit" if row.half == FIT else "why_half_report")
            told.add(claim)
        yield Compared(row, predicted, why, reason)


@cache
def _reason(key: str, **values: str | int | None) -> Text:
    """A reason; of few words and years, however many rows a file has."""
    return said(key, **values)


def _not_used(row: Observation, predicted: Predicted) -> tuple[str, str]:
    """Why a row is not used whatever the half, as kind and reason; empty if it is."""
    haul = row.haul
    if predicted.band is None:
        return predicted.found.why, predicted.found.reason
    if not haul.happened:
        basis = _reason(f"basis_{haul.basis}" if haul.basis else "no_basis")
        return BASIS, _reason("why_basis", basis=basis)
    if row.at_least:
        return LEAST, _reason("why_at_least")
    if haul.measure == COST and (haul.year is None or haul.year < FIRST_YEAR_OF_PRICES):
        key = "why_no_year" if haul.year is None else "why_old"
        return OLD, _reason(key, year=haul.year, first=FIRST_YEAR_OF_PRICES)
    return "", ""


def score(rows: Sequence[Compared]) -> Score:
    """How right some rows are."""
    errors = [error for row in rows if (error := row.error_pct) is not None]
    inside = [within for row in rows if (within := row.inside) is not None]
    return Score(
        len(rows),
        statistics.median(map(abs, errors)) if errors else None,
        statistics.median(errors) if errors else None,
        100 * sum(inside) / len(inside) if inside else None,
    )


def met(measure: str, found: Score) -> dict[str, bool | None]:
    """Whether each target is met; None if no row says."""
    values = {name: getattr(found, name) for name in TARGETS[measure]}
    return {
        name: None if value is None else TARGETS[measure][name][0] <= value <= TARGETS[measure][name][1]
        for name, value in values.items()
    }


def _counts(row: Compared, measure: str) -> bool:
    """Whether a row counts in its own half."""
    return row.observation.haul.measure == measure and row.why in ("", OTHER_HALF)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
