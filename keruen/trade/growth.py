"""What growth is made of: contributions of parts, shift and share, prices and volumes.

    contribution   c_i = (x_i1 - x_i0) / X_0                                          sum of c_i = growth
    shift-share    x_1 - x_0 = x_0 g + x_0 (g_k - g) + x_0 (g_kj - g_k) + (x_1 - x_0 (1 + g_kj))
                               market    composition   markets chosen   competitiveness           (METHODS 10.4)
    Fisher         P = sqrt(P_Laspeyres P_Paasche), Q likewise                        P Q = V_1 / V_0

Growth rates g are those of a reference (the world, or all importers): of everything, of product k, of product k in market j. Every
decomposition sums exactly to what it takes apart. Methods: constant market share analysis after Leamer and Stern (1970, ch. 7); index
numbers after the IMF's Export and Import Price Index Manual (2009).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.tables.rounding import Interval
from keruen.trade.amounts import UNKNOWN, Amount, total
from keruen.trade.spread import within_mad

UNIT_VALUE_MADS = 4.0  # METHODS 10.4


@dataclass(frozen=True)
class Contributions:
    """Contributions to growth, as shares of the base: of every part known in both periods, and of the rest of the total.

    rest: what the total grew beside these parts; None where no total is told apart from the parts, whose sum is then the total.
    one_sided: parts that are known in one of both periods alone. They are in the rest, and no figure stands for the one that is missing.
    """

    growth: Amount
    parts: Mapping[str, Amount]
    rest: Amount | None
    one_sided: tuple[str, ...]


def contributions(
    base: Mapping[str, Amount], now: Mapping[str, Amount], *, whole_base: Amount = UNKNOWN, whole_now: Amount = UNKNOWN
) -> Contributions:
    """What parts contributed to the growth of a whole; without a whole, of the sum of the parts that are known in both periods."""
    both = [name for name in now if now[name].known and name in base and base[name].known]
    named = {name for side in (base, now) for name in side if side[name].known}
    told = whole_base.known and whole_now.known
    if not told:
        whole_base, whole_now = total(base[name] for name in both), total(now[name] for name in both)
    found = {name: contribution(base[name], now[name], whole_base, part_of_whole=not told) for name in both}
    rest = None
    if told:
        parts_base, parts_now = total(base[name] for name in both), total(now[name] for name in both)
        rest = contribution(whole_base - parts_base, whole_now - parts_now, whole_base)
    return Contributions(whole_now.growth_from(whole_base), found, rest, tuple(sorted(named - set(both))))


def contribution(base: Amount, now: Amount, whole: Amount, *, part_of_whole: bool = False) -> Amount:
    """(now - base) / whole, exact over the box of roundings: the extremes lie at its corners.

    part_of_whole: the whole is summed from the base and others, and its rounding holds that of the base; else it is printed by itself.
    """
    if base.value is None or now.value is None or whole.value is None or whole.value <= 0:
        return UNKNOWN
    value = (now.value - base.value) / whole.value
    x, y, w = base.interval, now.interval, whole.interval
    if x is None or y is None or w is None or w.low <= 0:
        return Amount(value)
    if part_of_whole:
        others = (w.low - x.low, w.high - x.high)
        corners = [
            (b - a) / (a + rest) for a in (x.low, x.high) for b in (y.low, y.high) for rest in others if a + rest > 0
        ]
    else:
        corners = [(b - a) / c for a in (x.low, x.high) for b in (y.low, y.high) for c in (w.low, w.high)]
    return Amount(value, Interval(min(corners), max(corners)))


Cell = tuple[Hashable, Hashable]
"""A product in a market."""


@dataclass(frozen=True)
class ShiftShare:
    """The change of a country's exports taken apart, in units of the values; the effects sum to `change`.

    unmatched: the change of cells for which the reference has no growth, because it is unknown or starts from nothing.
    """

    change: float
    market: float
    composition: float
    markets: float
    competitiveness: float
    unmatched: float


def shift_share(
    base: Mapping[Cell, float], now: Mapping[Cell, float], world_base: Mapping[Cell, float], world_now: Mapping[Cell, float]
) -> ShiftShare:  # fmt: skip
    """Take the change of exports by product and market apart; a cell that is in one period only is not known in the other and left out.

    world_base, world_now: the same cells of the reference. Raises ValueError if a value is negative.
    """
    if any(value < 0 for side in (base, now, world_base, world_now) for value in side.values()):
        raise ValueError("trade cannot be negative")
    cells = [cell for cell in base if cell in now]
    known = [cell for cell in world_base if cell in world_now]
    all_base, all_now = sum(world_base[c] for c in known), sum(world_now[c] for c in known)
    products: dict[Hashable, list[float]] = {}
    for cell in known:
        sums = products.setdefault(cell[0], [0.0, 0.0])
        sums[0] += world_base[cell]
        sums[1] += world_now[cell]
    effects = np.zeros(4)
    unmatched = 0.0
    for cell in cells:
        x0, x1 = base[cell], now[cell]
        if cell not in world_now or world_base.get(cell, 0.0) <= 0:
            unmatched += x1 - x0
            continue
        g = all_now / all_base - 1
        g_k = products[cell[0]][1] / products[cell[0]][0] - 1
        g_kj = world_now[cell] / world_base[cell] - 1
        effects += [x0 * g, x0 * (g_k - g), x0 * (g_kj - g_k), x1 - x0 * (1 + g_kj)]
    change = sum(now[cell] - base[cell] for cell in cells)
    market, composition, markets, competitiveness = map(float, effects)
    return ShiftShare(change, market, composition, markets, competitiveness, unmatched)


@dataclass(frozen=True)
class Indices:
    """Price and volume indices between two periods, base 1; price times volume is the ratio of the values of the goods used.

    used, trimmed: goods in the indices, and goods whose unit value moved too unlike the others. covered: share of the later value in use.
    """

    price: float
    volume: float
    price_laspeyres: float
    price_paasche: float
    used: int
    trimmed: int
    covered: float


def fisher(
    value_base: ArrayLike, mass_base: ArrayLike, value_now: ArrayLike, mass_now: ArrayLike, *, mads: float = UNIT_VALUE_MADS
) -> Indices | None:  # fmt: skip
    """Fisher indices of unit values, goods in the same order in all arrays; NaN is unknown. None if no good has all four figures.

    A good is trimmed if the logarithm of its unit-value ratio lies further than so many scaled median absolute deviations from the median.
    """
    v0, q0, v1, q1 = (np.asarray(one, dtype=np.float64) for one in (value_base, mass_base, value_now, mass_now))
    whole = np.isfinite(v0) & np.isfinite(q0) & np.isfinite(v1) & np.isfinite(q1) & (v0 > 0) & (q0 > 0) & (v1 > 0) & (q1 > 0)  # fmt: skip
    if not whole.any():
        return None
    moved = np.full(len(v0), np.nan)
    moved[whole] = np.log((v1[whole] / q1[whole]) / (v0[whole] / q0[whole]))
    use: NDArray[np.bool_] = whole & within_mad(moved, mads)
    p0, p1 = v0[use] / q0[use], v1[use] / q1[use]
    laspeyres = float((p1 * q0[use]).sum() / v0[use].sum())
    paasche = float(v1[use].sum() / (p0 * q1[use]).sum())
    price = float(np.sqrt(laspeyres * paasche))
    volume = float(v1[use].sum() / v0[use].sum()) / price
    return Indices(
        price,
        volume,
        laspeyres,
        paasche,
        int(use.sum()),
        int((whole & ~use).sum()),
        float(v1[use].sum() / np.nansum(v1)),
    )
