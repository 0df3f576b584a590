"""What supply risk is worked out from: each input with its interval and where it is from, filled in where it is missing.

    given        as a file or the table `criticality` has it for the assessment
    shares       worked out from shares of supply
    earlier      of another assessment of the same material
    stand_in     a row of risk_rules, with a wide interval

Import reliance follows from the mix of what the Union sources. Of production d, imports m and exports x it is (m - x)/(d + m - x), at most
m/(d + m): the share that does not come from within. Exports are not known, so that it may be less, down to nothing, unless nothing at all
comes from within: then it is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from keruen.materials.mix import Mix, members, rule
from keruen.materials.risk import EI_SCALE
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row

GIVEN, SHARES, EARLIER, STAND_IN = "given", "shares", "earlier", "stand_in"
PERCENT = 100.0
HALF = {"hhi": 0.05, "percent": 0.5, "index": 0.05}
"""Half a unit of the last digit with which the studies print concentrations, percentages and substitution indices."""


@dataclass(frozen=True)
class Input:
    """A number with all that it may be, and where it is from: rows as table:key, none for a file."""

    value: float
    range: Interval
    origin: str = GIVEN
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """All that supply risk of a material at a stage is worked out from; None is unknown.

    Concentrations in points (0 to 10, times the trade parameter), the others as shares from 0 to 1. used: which mixes the risk rests on.
    economic_importance: in points, as published or worked out.
    """

    material: str
    stage: str
    assessment: str = ""
    hhi_global: Input | None = None
    hhi_eu: Input | None = None
    import_reliance: Input | None = None
    eol_rir: Input | None = None
    si_sr: Input | None = None
    used: str = "both"
    economic_importance: Input | None = None

    @property
    def filled(self) -> Mapping[str, str]:
        """Inputs that are not given, with where they are from."""
        found = {
            "hhi_global": self.hhi_global, "hhi_eu": self.hhi_eu, "import_reliance": self.import_reliance, "eol_rir": self.eol_rir,
            "si_sr": self.si_sr, "economic_importance": self.economic_importance,
        }  # fmt: skip
        return {name: one.origin for name, one in found.items() if one is not None and one.origin != GIVEN}


def kept(value: float, half: float, most: float) -> Interval:
    """A printed number, half a unit of its last digit to each side, kept from 0 to the most it can be."""
    return Interval(max(0.0, min(value - half, most)), max(0.0, min(value + half, most)))


def printed_input(value: float, half: float, most: float, rows: tuple[str, ...] = (), origin: str = GIVEN) -> Input:
    """An input as it is printed."""
    return Input(value, kept(value, half, most), origin, rows)


def reliance_from(mix: Mix | None, data: Dataset) -> Input | None:
    """Import reliance out of what the Union sources; None without a mix."""
    if mix is None:
        return None
    union = members(data)
    within = mix.named_share_of(union)
    most = 1.0 - mix.share_of(union).low
    none_within = not any(country in union for country in mix.countries)
    return Input(min(max(0.0, 1.0 - within), most), Interval(1.0 if none_within else 0.0, most), SHARES, mix.rows)


def published_rows(data: Dataset, material: str) -> list[Row]:
    """The rows of `criticality` of a material, the latest assessment first."""
    rows = [row for row in data["criticality"] if row.text("material") == material]
    return sorted(rows, key=lambda row: row.text("assessment"), reverse=True)


def missing_filled(one: Inputs, data: Dataset, mix_eu: Mix | None) -> Inputs:
    """The inputs with those that are missing filled in, from the best there is."""
    published = [
        row
        for row in published_rows(data, one.material)
        if not one.assessment or row.text("assessment") <= one.assessment
    ]
    needs_both = one.hhi_global is not None and one.hhi_eu is not None and one.used == "both"
    reliance = one.import_reliance
    if reliance is None and needs_both:
        middle = rule(data, "import_reliance_missing") / PERCENT
        reliance = reliance_from(mix_eu, data) or Input(
            middle, Interval(0.0, 1.0), STAND_IN, ("risk_rules:import_reliance_missing",)
        )
    eol = one.eol_rir or _published(published, "eol_rir_pct", one.assessment)
    if eol is None:
        usual = rule(data, "eol_rir_missing") / PERCENT
        most = rule(data, "eol_rir_most") / PERCENT
        eol = Input(usual, Interval(0.0, most), STAND_IN, ("risk_rules:eol_rir_missing", "risk_rules:eol_rir_most"))
    si_sr = one.si_sr or substitution(published, "si_sr", one.assessment, data)
    of_this_year = [row for row in published if row.text("assessment") == one.assessment]
    importance = (
        one.economic_importance
        or _published_importance(of_this_year, GIVEN)
        or importance_from(data, one.material, published, one.assessment)
        or _published_importance(published, EARLIER)
    )
    return replace(one, import_reliance=reliance, eol_rir=eol, si_sr=si_sr, economic_importance=importance)


def _published(rows: list[Row], column: str, assessment: str) -> Input | None:
    """A percentage out of the latest row that has it."""
    for row in rows:
        if row.number(column) == row.number(column):
            origin = GIVEN if row.text("assessment") == assessment else EARLIER
            value = row.number(column) / PERCENT
            return printed_input(value, HALF["percent"] / PERCENT, 1.0, (row.id,), origin)
    return None


def substitution(rows: list[Row], column: str, assessment: str, data: Dataset) -> Input:
    """A substitution index out of the latest row that has it; one of another year, and the stand-in, with a wide interval."""
    wide = Interval(rule(data, "si_sr_least"), 1.0)
    for row in rows:
        value = row.number(column)
        if value == value and row.text("assessment") == assessment:
            return printed_input(value, HALF["index"], 1.0, (row.id,))
        if value == value:
            return Input(value, Interval(min(value, wide.low), wide.high), EARLIER, (row.id, "risk_rules:si_sr_least"))
    return Input(rule(data, "si_sr_missing"), wide, STAND_IN, ("risk_rules:si_sr_missing", "risk_rules:si_sr_least"))


def importance_from(data: Dataset, material: str, published: list[Row], assessment: str) -> Input | None:
    """Economic importance from uses and value added of sectors; None without uses.

    What the study assigns to no sector adds nothing to the value, and the most to the upper end.
    """
    uses = [row for row in data["material_uses"] if row.text("material") == material]
    if not uses:
        return None
    sectors = {row.text("sector"): row.number("value_added_million_eur") for row in data["material_sectors"]}
    greatest = max(sectors.values())
    si = substitution(published, "si_ei", assessment, data)
    total, off, unassigned = 0.0, 0.0, 0.0
    for row in uses:
        share, value = row.number("share_pct") / PERCENT, sectors.get(row.text("sector"))
        if share != share:
            continue
        if value is None:
            unassigned += share
            continue
        total += share * value / greatest
        off += min(share, HALF["percent"] / PERCENT) * value / greatest
    span = Interval(max(0.0, total - off), total + off + unassigned) * si.range
    rows = (*(row.id for row in uses), *si.rows)
    return Input(EI_SCALE * total * si.value, span.scaled(EI_SCALE), SHARES, rows)


def _published_importance(rows: list[Row], origin: str) -> Input | None:
    """Economic importance as published last."""
    for row in rows:
        value = row.number("economic_importance")
        return Input(value, kept(value, HALF["hhi"], EI_SCALE), origin, (row.id,))
    return None
