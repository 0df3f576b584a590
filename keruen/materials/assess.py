"""Supply risk of materials: at each stage, at the bottleneck, against thresholds and benchmarks, from published inputs or from shares.

    assess(data)                              all materials, inputs of 2023 out of shares of supply
    assess(data, ["titanium"], "2017")        one, with the inputs published for 2017

The stage with the higher risk decides; one of which a recorded mix names too little decides only where no other stage is known. The same
question of `scenario.apply(data)` is the what-if. What a stage rests on, and what was filled in, is told with it (inputs.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keruen.errors import UnknownOption
from keruen.materials.inputs import (
    HALF,
    PERCENT,
    SHARES,
    Input,
    Inputs,
    missing_filled,
    printed_input,
)
from keruen.materials.mix import STAGES, Mix, find_mix, materials_with_shares, members, rule
from keruen.materials.names import find_material
from keruen.materials.risk import BOTH, EU, GLOBAL, WORST_GOVERNANCE, BadRiskInput, supply_risk, supply_risk_range
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row
from keruen.tables.words import said

FROM_SHARES, FROM_PUBLISHED = "2023", "2017"
ASSESSMENTS = (FROM_SHARES, FROM_PUBLISHED)
MOST_HHI = 2 * WORST_GOVERNANCE


@dataclass(frozen=True)
class Benchmark:
    """A share of a stage beside its benchmark: whether it is met (None where rounding and what is not named leave it open).

    name: extraction, processing, recycling or single_country; for the last `country` is the greatest third country. Shares from 0 to 1.
    """

    name: str
    share: float
    range: Interval
    benchmark: float
    met: bool | None
    country: str = ""


@dataclass(frozen=True)
class StageRisk:
    """Supply risk at a stage, in points. complete: no mix recorded for it leaves much unnamed."""

    inputs: Inputs
    risk: float
    range: Interval
    complete: bool = True
    mixes: tuple[Mix, ...] = ()

    @property
    def stage(self) -> str:
        """extraction or processing; empty where the inputs do not say."""
        return self.inputs.stage


@dataclass(frozen=True)
class MaterialRisk:
    """A material at its bottleneck: `stages` has the one that decides first; none if nothing can be said (`cause` tells why)."""

    material: str
    assessment: str
    stages: tuple[StageRisk, ...]
    importance: Input | None
    critical: bool | None
    benchmarks: tuple[Benchmark, ...]
    published: Row | None = None
    cause: str = ""

    @property
    def bottleneck(self) -> StageRisk | None:
        """The stage that decides."""
        return self.stages[0] if self.stages else None


def assess(data: Dataset, materials: Iterable[str] = (), assessment: str = FROM_SHARES) -> tuple[MaterialRisk, ...]:
    """Supply risk of materials (codes or names, all by default), the highest first where all are asked for.

    Raises:
        UnknownMaterial: nothing goes by a name.
        UnknownOption: an assessment there are no inputs for.
    """
    if assessment not in ASSESSMENTS:
        raise UnknownOption(said("err_assessment", assessment=assessment, known=", ".join(ASSESSMENTS)), ASSESSMENTS)
    asked = [find_material(data, name).text("material") for name in materials]
    found = [_assessed(data, code, assessment) for code in dict.fromkeys(asked or _known(data, assessment))]
    if asked:
        return tuple(found)
    return tuple(sorted(found, key=lambda one: -one.bottleneck.risk if one.bottleneck else 1.0))


def _known(data: Dataset, assessment: str) -> Sequence[str]:
    if assessment == FROM_SHARES:
        return materials_with_shares(data)
    return sorted(row.text("material") for row in data["criticality"] if row.text("assessment") == assessment)


def _assessed(data: Dataset, material: str, assessment: str) -> MaterialRisk:
    published = data["criticality"].find(assessment, material)
    if assessment == FROM_PUBLISHED:
        stages = [] if published is None else [stage_risk(missing_filled(from_row(published), data, None))]
    else:
        stages = [one for stage in STAGES if (one := stage_from_shares(data, material, stage)) is not None]
    return decided(data, material, assessment, stages, published)


def decided(
    data: Dataset, material: str, assessment: str, stages: Iterable[StageRisk], published: Row | None = None
) -> MaterialRisk:
    """The stages of a material in the order of what decides, with thresholds and benchmarks."""
    ordered = tuple(sorted(stages, key=lambda one: (not one.complete, -one.risk)))
    importance = ordered[0].inputs.economic_importance if ordered else None
    return MaterialRisk(
        material,
        assessment,
        ordered,
        importance,
        is_critical(data, ordered[0], importance) if ordered else None,
        benchmarks(data, ordered),
        published,
        "" if ordered else said("risk_no_inputs"),
    )


def is_critical(data: Dataset, stage: StageRisk, importance: Input | None) -> bool | None:
    """Whether risk and importance reach their thresholds, as printed to one digit; None where importance is not known."""
    if importance is None:
        return None
    return round(stage.risk, 1) >= rule(data, "sr_threshold") and round(importance.value, 1) >= rule(
        data, "ei_threshold"
    )


def from_row(row: Row) -> Inputs:
    """The inputs of a row of `criticality`."""

    def cell(column: str, scale: float, half: float, most: float) -> Input | None:
        value = row.number(column) / scale
        return printed_input(value, half / scale, most, (row.id,)) if value == value else None

    return Inputs(
        row.text("material"),
        row.text("stage"),
        row.text("assessment"),
        cell("hhi_global", 1.0, HALF["hhi"], MOST_HHI),
        cell("hhi_eu", 1.0, HALF["hhi"], MOST_HHI),
        cell("import_reliance_pct", PERCENT, HALF["percent"], 1.0),
        cell("eol_rir_pct", PERCENT, HALF["percent"], 1.0),
        cell("si_sr", 1.0, HALF["index"], 1.0),
        row.text("supply_used") or BOTH,
        cell("economic_importance", 1.0, HALF["hhi"], MOST_HHI),
    )


def stage_from_shares(data: Dataset, material: str, stage: str) -> StageRisk | None:
    """Supply risk of a material at a stage out of shares of supply; None where none are recorded.

    A mix that names too little (rule `mix_incomplete`) is used only where there is no other.
    """
    mixes = {scope: find_mix(data, scope, material, stage) for scope in (GLOBAL, EU)}
    limit = rule(data, "mix_incomplete") / PERCENT
    whole = {scope: mix for scope, mix in mixes.items() if mix is not None and mix.unnamed <= limit}
    usable = whole or {scope: mix for scope, mix in mixes.items() if mix is not None}
    if not usable:
        return None
    concentrations = {scope: Input(mix.hhi, mix.hhi_range, SHARES, mix.rows) for scope, mix in usable.items()}
    inputs = Inputs(
        material,
        stage,
        FROM_SHARES,
        concentrations.get(GLOBAL),
        concentrations.get(EU),
        used=BOTH if len(usable) == 2 else next(iter(usable)),
    )
    filled = missing_filled(inputs, data, usable.get(EU))
    complete = len(whole) == sum(mix is not None for mix in mixes.values())
    return stage_risk(filled, complete=complete, mixes=tuple(mix for mix in mixes.values() if mix is not None))


def stage_risk(inputs: Inputs, *, complete: bool = True, mixes: tuple[Mix, ...] = ()) -> StageRisk:
    """Supply risk of filled inputs. Raises BadRiskInput where they have no concentration."""
    if inputs.eol_rir is None or inputs.si_sr is None:
        raise BadRiskInput(said("err_risk_no_hhi"))
    named = (inputs.hhi_global, inputs.hhi_eu, inputs.import_reliance)
    values = [one.value if one is not None else None for one in named]
    spans = [one.range if one is not None else None for one in named]
    risk = supply_risk(values[0], values[1], values[2], inputs.eol_rir.value, inputs.si_sr.value, used=inputs.used)
    span = supply_risk_range(spans[0], spans[1], spans[2], inputs.eol_rir.range, inputs.si_sr.range, used=inputs.used)
    return StageRisk(inputs, risk, span, complete, mixes)


def benchmarks(data: Dataset, stages: Sequence[StageRisk]) -> tuple[Benchmark, ...]:
    """What the Union makes itself and recycles, and what it has from the greatest third country, beside the benchmarks for 2030."""
    union = members(data)
    found = []
    for stage in stages:
        for mix in stage.mixes:
            if mix.scope != EU:
                continue
            inside = mix.share_of(union)
            found.append(
                _beside(
                    data, stage.stage, mix.named_share_of(union) * (1 - mix.unnamed), inside, f"{stage.stage}_benchmark"
                )
            )
            outside = [country for country in mix.by_country if country not in union]
            if outside:
                country = outside[0]
                share = mix.by_country[country]
                one = _beside(
                    data,
                    f"single_country_{stage.stage}",
                    share,
                    mix.share_of(frozenset([country])),
                    "single_country_limit",
                )
                met = None if one.met is None else not one.met
                found.append(Benchmark(one.name, one.share, one.range, one.benchmark, met, country))
    if (
        stages
        and stages[0].inputs.eol_rir is not None
        and stages[0].inputs.eol_rir.rows[:1] != ("risk_rules:eol_rir_missing",)
    ):
        recycled = stages[0].inputs.eol_rir
        found.append(_beside(data, "recycling", recycled.value, recycled.range, "recycling_benchmark"))
    return tuple(found)


def _beside(data: Dataset, name: str, share: float, span: Interval, benchmark: str) -> Benchmark:
    """A share beside a benchmark that it should reach."""
    wanted = rule(data, benchmark) / PERCENT
    met = True if span.low >= wanted else False if span.high < wanted else None
    return Benchmark(name, share, span, wanted, met)
