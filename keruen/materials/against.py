"""Supply risk and economic importance as worked out, beside what was published: what agrees, and why the rest does not.

Two values agree that differ by at most a tenth of a point or 7 per cent: what a digit of each input makes. Where they do not, it is worked
out again with one thing changed, and all changes that make them agree are told, the first of them as the cause (where the published value
lies in the interval, an input that was filled in goes first):

    one_mix      world supply alone, or the sourcing of the Union alone (named)
    recycling    the recycling rate of an earlier assessment, or none
    input        an input that was filled in has another value within what it may be; `value` is the nearest that agrees
    inputs       no single one, but several of them together: the published value lies in the interval
    stage        the other stage decides
    sourcing     the sourcing of the Union that is recorded but names too little is used as it stands
    trade        the largest supplier has another trade parameter, one step of the ladder up or down
    named        what no supplier is named for is shared out among those named
    repeated     nothing makes them agree, and the recorded sourcing of the Union repeats world supply: it cannot be what was used
    evidence     none of these: the shares of supply and the published value contradict each other
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from keruen.materials.assess import FROM_SHARES, MaterialRisk, StageRisk, assess, stage_risk
from keruen.materials.inputs import (
    EARLIER,
    GIVEN,
    HALF,
    PERCENT,
    Input,
    Inputs,
    importance_from,
    printed_input,
    published_rows,
)
from keruen.materials.mix import Mix, rule
from keruen.materials.risk import BOTH, EU, GLOBAL
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import exactly

WITHIN_POINTS, WITHIN_SHARE = 0.1, 0.07
LAST_DIGIT = 0.05
STEPS = 200  # of an input on its way through its interval
MIXES = {GLOBAL: "hhi_global", EU: "hhi_eu"}
SINGLE = ("import_reliance", "eol_rir", "si_sr")


@dataclass(frozen=True)
class Cause:
    """A change that makes a value agree. cause: as above. what: the scope, assessment, input or country that is changed, empty: none.
    value: what it is changed to, None where there is no number. found: the risk then, None where nothing agrees."""

    cause: str
    what: str = ""
    value: float | None = None
    found: float | None = None


@dataclass(frozen=True)
class Beside:
    """A material's value and the published one; causes is empty where they agree, else has the likeliest first."""

    material: str
    stage: str
    found: float
    low: float
    high: float
    published: float
    causes: tuple[Cause, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether they differ by what a digit makes."""
        return not self.causes

    @property
    def cause(self) -> str:
        """The first cause; empty where they agree."""
        return self.causes[0].cause if self.causes else ""

    @property
    def inside(self) -> bool:
        """Whether the published value lies in the interval, to its last digit."""
        return self.low - LAST_DIGIT <= self.published <= self.high + LAST_DIGIT


def agrees(found: float, published: float) -> bool:
    """Whether two values differ by at most a tenth of a point or 7 per cent of the published one."""
    return abs(found - published) <= max(WITHIN_POINTS, WITHIN_SHARE * published) + 1e-9


def risk_beside(data: Dataset, assessment: str = FROM_SHARES) -> tuple[Beside, ...]:
    """Supply risk of all materials whose published one is carried, with the causes of what differs."""
    return tuple(_beside(data, one) for one in assess(data, (), assessment) if one.published is not None and one.stages)


def _beside(data: Dataset, one: MaterialRisk) -> Beside:
    stage, published = one.stages[0], one.published.number("supply_risk") if one.published is not None else 0.0
    found = Beside(one.material, stage.stage, stage.risk, stage.range.low, stage.range.high, published)
    if agrees(stage.risk, published):
        return found
    causes = [cause for cause in _changes(data, one, stage, published) if agrees(cause.found or 0.0, published)]
    if found.inside and not any(cause.cause == "input" for cause in causes):
        causes.append(Cause("inputs", "|".join(stage.inputs.filled)))
    if found.inside:
        causes.sort(key=lambda cause: not cause.cause.startswith("input"))
    if not causes:
        causes = [Cause("repeated" if _repeats(stage) else "evidence")]
    return replace(found, causes=tuple(causes))


def _changes(data: Dataset, one: MaterialRisk, best: StageRisk, published: float) -> Iterator[Cause]:
    """The risk with one thing changed, by kind of change."""
    inputs = best.inputs
    if inputs.used == BOTH and inputs.hhi_global is not None and inputs.hhi_eu is not None:
        for scope in (GLOBAL, EU):
            yield Cause("one_mix", scope, None, stage_risk(replace(inputs, used=scope)).risk)
    for when, rate in _recycling(data, one.material):
        yield Cause("recycling", when, rate.value, stage_risk(replace(inputs, eol_rir=rate)).risk)
    for name in SINGLE:
        if (nearest := _nearest(best, name, published)) is not None:
            yield nearest
    for other in one.stages[1:]:
        yield Cause("stage", other.stage, None, other.risk)
    yield from _sourced_as_it_stands(data, one.material, best)
    yield from _trade(data, best)
    for mix in best.mixes:
        before = getattr(inputs, MIXES[mix.scope])
        if before is not None and 0 < mix.unnamed <= rule(data, "mix_incomplete") / PERCENT:
            hhi = mix.hhi / float(mix.shares.sum()) ** 2
            whole = Input(hhi, exactly(hhi))
            yield Cause("named", mix.scope, None, stage_risk(_with(inputs, MIXES[mix.scope], whole)).risk)


def _nearest(best: StageRisk, name: str, published: float) -> Cause | None:
    """The value nearest to the one taken, of an input that was filled in, with which the risk agrees; None where there is none."""
    taken: Input | None = getattr(best.inputs, name)
    if taken is None or taken.origin == GIVEN:
        return None
    values = [taken.range.low + (taken.range.high - taken.range.low) * i / STEPS for i in range(STEPS + 1)]
    for value in sorted(values, key=lambda value: abs(value - taken.value)):
        risk = stage_risk(_with(best.inputs, name, Input(value, exactly(value)))).risk
        if agrees(risk, published):
            return Cause("input", name, value, risk)
    return None


def _sourced_as_it_stands(data: Dataset, material: str, best: StageRisk) -> Iterator[Cause]:
    """The risk with the sourcing of the Union that was passed over for it names too little; with recycling and without."""
    mix = next((one for one in best.mixes if one.scope == EU), None)
    if mix is None or best.inputs.hhi_eu is not None:
        return
    both = replace(
        best.inputs, hhi_eu=Input(mix.hhi, mix.hhi_range), import_reliance=Input(1.0, exactly(1.0)), used=BOTH
    )
    yield Cause("sourcing", "", None, stage_risk(both).risk)
    for when, rate in _recycling(data, material):
        yield Cause("sourcing", when, rate.value, stage_risk(replace(both, eol_rir=rate)).risk)


def _trade(data: Dataset, best: StageRisk) -> Iterator[Cause]:
    """The risk with the trade parameter of the largest supplier one step higher or lower, in all mixes."""
    steps = sorted({value for value in data["supply_shares"].numbers("trade_parameter").tolist() if value == value})
    used = [mix for mix in best.mixes if getattr(best.inputs, MIXES[mix.scope]) is not None]
    if not used:
        return
    country = next(iter(used[0].by_country))
    own = {mix.scope: _parameter(mix, country) for mix in used}
    for step in (1, -1):
        changed = best.inputs
        value = None
        for mix in used:
            if own[mix.scope] is None:
                continue
            at = steps.index(own[mix.scope]) + step
            if not 0 <= at < len(steps):
                break
            value = steps[at]
            i = mix.countries.index(country)
            more = float(mix.shares[i] ** 2 * mix.governance[i] * (value - own[mix.scope]))
            changed = _with(changed, MIXES[mix.scope], Input(mix.hhi + more, exactly(mix.hhi + more)))
        else:
            yield Cause("trade", country, value, stage_risk(changed).risk)


def _with(inputs: Inputs, name: str, value: Input) -> Inputs:
    """The inputs with one of them changed."""
    changed: dict[str, Any] = {name: value}
    return replace(inputs, **changed)


def _parameter(mix: Mix, country: str) -> float | None:
    return float(mix.trade_parameter[mix.countries.index(country)]) if country in mix.countries else None


def _repeats(best: StageRisk) -> bool:
    """Whether the sourcing of the Union has the shares of world supply, as they are printed."""
    found = {mix.scope: mix.by_country for mix in best.mixes}
    if len(found) < len(MIXES):
        return False
    half = {mix.scope: dict(zip(mix.countries, mix.half.tolist(), strict=True)) for mix in best.mixes}
    return all(
        abs(share - found[GLOBAL].get(country, 0.0)) <= half[EU][country] + half[GLOBAL].get(country, 0.0) + 1e-9
        for country, share in found[EU].items()
    )


def _recycling(data: Dataset, material: str) -> Iterator[tuple[str, Input]]:
    """Recycling rates that may have been taken instead, by the assessment they are of; empty for none at all."""
    for row in published_rows(data, material):
        rate = row.number("eol_rir_pct")
        if rate == rate:
            value = printed_input(rate / PERCENT, HALF["percent"] / PERCENT, 1.0, (row.id,), EARLIER)
            yield row.text("assessment"), value
    yield "", Input(0.0, exactly(0.0), EARLIER)


def importance_beside(data: Dataset, assessment: str = FROM_SHARES) -> tuple[Beside, ...]:
    """Economic importance out of uses and value added of sectors, beside the published one; a cause is inputs or evidence. Nothing for
    another assessment than that of which uses are carried."""
    found: list[Beside] = []
    if assessment != FROM_SHARES:
        return ()
    for row in data["criticality"]:
        if row.text("assessment") != assessment:
            continue
        material, published = row.text("material"), row.number("economic_importance")
        own = importance_from(data, material, published_rows(data, material), assessment)
        if own is None:
            continue
        one = Beside(material, "", own.value, own.range.low, own.range.high, published)
        if not agrees(own.value, published):
            one = replace(one, causes=(Cause("inputs", "si_ei|sector") if one.inside else Cause("evidence"),))
        found.append(one)
    return tuple(found)
