"""Supply risk and economic importance by the method of the European Commission of 2017, on numbers and on intervals.

    SR = [ H_gs IR/2 + H_eu (1 - IR/2) ] (1 - EoL_RIR) SI_SR            H = sum_c s_c^2 g_c t_c
    EI = 10 sum_s (A_s Q_s) / max_s Q_s  x  SI_EI
    IR = (import - export) / (production + import - export), from 0 to 1

H_gs, H_eu: concentration of world supply and of what the Union sources, its own production included, weighted with governance g from 0 to
10 (10 is worst) and trade parameter t; with world supply alone, or the sourcing alone, the bracket is that one. IR: import reliance; at 1
both mixes weigh half. EoL_RIR: end-of-life recycling input rate. SI: substitution indices, 1 where nothing can take its place. A_s: share
of a use in all that is used, Q_s: value added of its sector. A material may be critical where both reach their thresholds; of extraction
and processing the stage with the higher SR decides (bottleneck). Method: Blengini et al. 2017, EUR 28654 EN; METHODS 8.1.

SR grows with both H and SI, falls with EoL_RIR and is linear in IR, so that its range over intervals lies at their ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from keruen.errors import KeruenError
from keruen.tables.rounding import Interval
from keruen.tables.words import said

BOTH, GLOBAL, EU = "both", "global", "eu"
WORST_GOVERNANCE = 10.0  # points of the scale that governance is put on
BEST_WGI, POINTS_PER_WGI = 2.5, 2.0
EI_SCALE = 10.0  # of a material used in the greatest sector alone that nothing can take the place of


class BadRiskInput(KeruenError):
    """A number that no input of supply risk can be, or one that is missing."""

    kind = "bad_risk_input"


def governance_points(wgi: float) -> float:
    """Governance from 0 (best) to 10 (worst): (2.5 - WGI) x 2, kept to that range."""
    return min(max((BEST_WGI - wgi) * POINTS_PER_WGI, 0.0), WORST_GOVERNANCE)


def import_reliance(imports: float, exports: float, production: float) -> float:
    """Net imports over net imports and production, in any unit, from 0 to 1; raises BadRiskInput for negative amounts or nothing used."""
    for name, amount in (("imports", imports), ("exports", exports), ("production", production)):
        if not amount >= 0:
            raise BadRiskInput(said("err_risk_range", name=name, value=amount, least=0, most="∞"))
    net = imports - exports
    if net <= 0:
        return 0.0
    return net / (production + net)


def supply_risk(
    hhi_global: float | None,
    hhi_eu: float | None,
    import_reliance: float | None,
    eol_rir: float,
    substitution: float,
    *,
    used: str = BOTH,
) -> float:
    """Supply risk in points, about 0 to 10.

    hhi_global, hhi_eu: concentration weighted with governance (0 to 10) and trade parameter; None where unknown. import_reliance, eol_rir:
    shares from 0 to 1. substitution: SI_SR, from 0 to 1. used: both mixes, world supply alone (global) or the sourcing of the Union alone
    (eu); with both and one of them unknown, the other is taken.

    Raises:
        BadRiskInput: a number out of its range, no concentration, or both without the import reliance that weighs them.
    """
    for name, value, most in (
        ("hhi_global", hhi_global, 2 * WORST_GOVERNANCE),
        ("hhi_eu", hhi_eu, 2 * WORST_GOVERNANCE),
        ("import_reliance", import_reliance, 1.0),
        ("eol_rir", eol_rir, 1.0),
        ("substitution", substitution, 1.0),
    ):
        if value is not None and not 0 <= value <= most:
            raise BadRiskInput(said("err_risk_range", name=name, value=value, least=0, most=f"{most:g}"))
    return _mixed(*mix_weights(hhi_global, hhi_eu, import_reliance, used)) * (1 - eol_rir) * substitution


def mix_weights(
    hhi_global: float | None, hhi_eu: float | None, import_reliance: float | None, used: str = BOTH
) -> tuple[tuple[float, float], ...]:
    """Pairs of a concentration and its weight, of those that are used. Raises BadRiskInput as `supply_risk`."""
    if used not in (BOTH, GLOBAL, EU):
        raise BadRiskInput(said("err_risk_used", used=used))
    world = hhi_global if used != EU else None
    union = hhi_eu if used != GLOBAL else None
    if world is None and union is None:
        raise BadRiskInput(said("err_risk_no_hhi"))
    if world is None or union is None:
        return ((world if world is not None else union or 0.0, 1.0),)
    if import_reliance is None:
        raise BadRiskInput(said("err_risk_no_reliance"))
    return (world, import_reliance / 2), (union, 1 - import_reliance / 2)


def _mixed(*parts: tuple[float, float]) -> float:
    return sum(hhi * weight for hhi, weight in parts)


def supply_risk_range(
    hhi_global: Interval | None,
    hhi_eu: Interval | None,
    import_reliance: Interval | None,
    eol_rir: Interval,
    substitution: Interval,
    *,
    used: str = BOTH,
) -> Interval:
    """All that supply risk can be while its inputs run through intervals; exact. Units and errors as in `supply_risk`."""
    ends = ("low", "high")
    reliances = (import_reliance.low, import_reliance.high) if import_reliance is not None else (None,)
    found = [
        supply_risk(
            getattr(hhi_global, end) if hhi_global is not None else None,
            getattr(hhi_eu, end) if hhi_eu is not None else None,
            reliance,
            eol_rir.high if end == "low" else eol_rir.low,
            getattr(substitution, end),
            used=used,
        )
        for end, reliance in product(ends, reliances)
    ]
    return Interval(min(found), max(found))


def economic_importance(
    shares: Sequence[float], value_added: Sequence[float], greatest: float, substitution: float
) -> float:
    """Economic importance in points, about 0 to 10.

    shares: of each use, 0 to 1. value_added: of the sector of each use, in any unit. greatest: value added of the greatest sector of
    industry, same unit. substitution: SI_EI, 0 to 1. Raises BadRiskInput for sequences of two lengths or numbers out of range.
    """
    if len(shares) != len(value_added):
        raise BadRiskInput(said("err_risk_lengths", shares=len(shares), values=len(value_added)))
    for name, values, most in (
        ("shares", shares, 1.0),
        ("value_added", value_added, greatest),
        ("substitution", [substitution], 1.0),
    ):
        for value in values:
            if not 0 <= value <= most:
                raise BadRiskInput(said("err_risk_range", name=name, value=value, least=0, most=f"{most:g}"))
    return EI_SCALE * sum(a * q for a, q in zip(shares, value_added, strict=True)) / greatest * substitution
