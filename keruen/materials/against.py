"""Supply risk and economic importance as worked out, beside what was published: what agrees, and why the rest does not.

Two values agree that differ by at most a tenth of a point or 7 per cent: what a digit of each input makes. Where they do not, a cause is
looked for by working it out again with one thing changed, and the first that makes them agree is told:

    inputs       the published value lies in the interval that rounding and inputs filled in leave
    one_mix      with world supply alone, or the sourcing of the Union alone
    recycling    with the recycling rate of an earlier assessment, or with none
    stage        the other stage
    evidence     none of these: the shares of supply and the published value contradict each other
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from keruen.materials.assess import FROM_SHARES, MaterialRisk, StageRisk, assess, stage_risk
from keruen.materials.inputs import EARLIER, HALF, PERCENT, Input, importance_from, printed_input, published_rows
from keruen.materials.risk import BOTH, EU, GLOBAL
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import exactly

WITHIN_POINTS, WITHIN_SHARE = 0.1, 0.07
LAST_DIGIT = 0.05


@dataclass(frozen=True)
class Beside:
    """A material's supply risk and the published one; cause is empty where they agree, `what` names what was changed."""

    material: str
    stage: str
    found: float
    low: float
    high: float
    published: float
    cause: str
    what: str = ""

    @property
    def agrees(self) -> bool:
        """Whether they differ by what a digit makes."""
        return not self.cause


def agrees(found: float, published: float) -> bool:
    """Whether two values differ by at most a tenth of a point or 7 per cent of the published one."""
    return abs(found - published) <= max(WITHIN_POINTS, WITHIN_SHARE * published) + 1e-9


def risk_beside(data: Dataset, assessment: str = FROM_SHARES) -> tuple[Beside, ...]:
    """Supply risk of all materials whose published one is carried, with the cause of what differs."""
    return tuple(_beside(data, one) for one in assess(data, (), assessment) if one.published is not None and one.stages)


def _beside(data: Dataset, one: MaterialRisk) -> Beside:
    stage, published = one.stages[0], one.published.number("supply_risk") if one.published is not None else 0.0
    cause, what = ("", "") if agrees(stage.risk, published) else _cause(data, one, published)
    return Beside(one.material, stage.stage, stage.risk, stage.range.low, stage.range.high, published, cause, what)


def _cause(data: Dataset, one: MaterialRisk, published: float) -> tuple[str, str]:
    """Why the published value is another."""
    best = one.stages[0]
    if best.range.low - LAST_DIGIT <= published <= best.range.high + LAST_DIGIT:
        return "inputs", ", ".join(best.inputs.filled)
    for cause, what, other in _variants(data, one, best):
        if agrees(other.risk, published):
            return cause, what
    return "evidence", ""


def _variants(data: Dataset, one: MaterialRisk, best: StageRisk) -> Iterator[tuple[str, str, StageRisk]]:
    """The risk with one thing changed, and then with a mix and the recycling changed, by cause and what was changed."""
    mixes = [
        (scope, replace(best.inputs, used=scope))
        for scope, input_ in ((GLOBAL, best.inputs.hhi_global), (EU, best.inputs.hhi_eu))
        if best.inputs.used == BOTH and input_ is not None
    ]
    for scope, inputs in mixes:
        yield "one_mix", scope, stage_risk(inputs)
    rates = list(_recycling(data, one.material))
    for name, rate in rates:
        yield "recycling", name, stage_risk(replace(best.inputs, eol_rir=rate))
    for other in one.stages[1:]:
        yield "stage", other.stage, other
    for scope, inputs in mixes:
        for name, rate in rates:
            yield "one_mix", f"{scope}, {name}", stage_risk(replace(inputs, eol_rir=rate))


def _recycling(data: Dataset, material: str) -> Iterator[tuple[str, Input]]:
    """Recycling rates that may have been taken instead."""
    for row in published_rows(data, material):
        rate = row.number("eol_rir_pct")
        if rate == rate:
            value = printed_input(rate / PERCENT, HALF["percent"] / PERCENT, 1.0, (row.id,), EARLIER)
            yield f"{rate:g} % ({row.text('assessment')})", value
    yield "0 %", Input(0.0, exactly(0.0), EARLIER)


def importance_beside(data: Dataset, assessment: str = FROM_SHARES) -> tuple[Beside, ...]:
    """Economic importance out of uses and value added of sectors, beside the published one; a cause is inputs or evidence."""
    found = []
    for row in data["criticality"]:
        if row.text("assessment") != assessment:
            continue
        material, published = row.text("material"), row.number("economic_importance")
        own = importance_from(data, material, published_rows(data, material), assessment)
        if own is None:
            continue
        inside = own.range.low - LAST_DIGIT <= published <= own.range.high + LAST_DIGIT
        cause = "" if agrees(own.value, published) else "inputs" if inside else "evidence"
        found.append(Beside(material, "", own.value, own.range.low, own.range.high, published, cause))
    return tuple(found)
