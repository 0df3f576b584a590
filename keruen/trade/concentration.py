"""How much hangs on few: Herfindahl-Hirschman index, with an interval for what is not known; revealed comparative advantage.

    HHI   = sum_c s_c^2 g_c t_c           s: shares, 0 to 1; g, t: governance and trade parameter (EU supply risk), else 1
    RCA   = (x_ck / x_c) / (x_wk / x_w)   symmetric: (RCA - 1) / (RCA + 1), from -1 to 1          (Balassa 1965; Laursen 2015)

HHI runs from 1/n to 1; times 10,000 it is the index of competition authorities. Suppliers that no figure names hold a remainder r: if
they are very many it adds nothing, if it is one it adds r^2 (METHODS 8.2). Certificates: sum_k (x_wk/x_w) RCA_ck = 1 for each country,
and sum_c (x_c/x_w) RCA_ck = 1 for each product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import KeruenError
from keruen.tables.rounding import Interval
from keruen.tables.words import said

POINTS = 10_000
ROUNDED_TO_PERCENT = 0.005  # the most by which a share printed as whole per cent is off


class BadShares(KeruenError):
    """Shares or weights that cannot be."""

    kind = "bad_shares"


Weights = Mapping[str, float] | Sequence[float]


def hhi(shares: Weights, governance: Weights | None = None, trade_parameter: Weights | None = None) -> float:
    """Herfindahl-Hirschman index of shares from 0 to 1, each weighted by governance and trade parameter if they are given.

    Shares that do not reach 1 leave a remainder, which counts as spread over very many; `hhi_interval` has both ends. Sequences go in the
    same order, mappings by the same names.

    Raises:
        BadShares: a share is negative or no number, they sum to more than 1, or a name has no weight.
    """
    names, s = _shares(shares)
    return float(
        np.sum(s**2 * _weights(governance, names, "governance") * _weights(trade_parameter, names, "trade_parameter"))
    )


def hhi_interval(shares: Weights) -> Interval:
    """The range of the index over all ways in which the remainder to 1 may be held by suppliers that the shares do not name."""
    s = _shares(shares)[1]
    low = float(np.sum(s**2))
    return Interval(low, low + max(0.0, 1.0 - float(s.sum())) ** 2)


@dataclass(frozen=True)
class Concentration:
    """How concentrated values are over their holders.

    hhi: 0 to 1, of all that is told. low, high: with what the total holds beside the parts. shares: the largest first, of the total.
    """

    hhi: float
    low: float
    high: float
    shares: tuple[tuple[str, float], ...]
    remainder: float

    @property
    def points(self) -> float:
        """The index times 10,000."""
        return POINTS * self.hhi

    @property
    def effective(self) -> float:
        """As many equal suppliers would have this index."""
        return 1 / self.hhi

    @property
    def normalised(self) -> float | None:
        """(HHI - 1/n) / (1 - 1/n), 0 for equal shares and 1 for one holder; None for fewer than two."""
        n = len(self.shares)
        return None if n < 2 else (self.hhi - 1 / n) / (1 - 1 / n)

    def to_json(self) -> dict[str, object]:
        """The measures and the shares as a flat object."""
        return {
            "hhi": self.hhi, "hhi_low": self.low, "hhi_high": self.high, "hhi_points": self.points, "effective": self.effective,
            "normalised": self.normalised, "remainder": self.remainder, "shares": dict(self.shares),
        }  # fmt: skip


def concentration(values: Mapping[str, float], whole: float | None = None) -> Concentration:
    """Concentration of values, in any unit, over their names. whole: the total if it is told; else the values are all there is.

    hhi is of the values told; the interval allows for the remainder. Raises BadShares if nothing is above zero, a value is negative, or the
    parts are more than the whole.
    """
    parts = {name: value for name, value in values.items() if value > 0}
    told = sum(parts.values())
    if not parts or any(not value >= 0 for value in values.values()):
        raise BadShares(said("stat_no_values"))
    if whole is not None and told > whole * (1 + ROUNDED_TO_PERCENT):
        raise BadShares(said("stat_parts_over", parts=told, whole=whole))
    base = max(told, whole or 0.0)
    shares = sorted(((name, value / base) for name, value in parts.items()), key=lambda one: (-one[1], one[0]))
    interval = hhi_interval([share for _, share in shares])
    return Concentration(
        float(sum((value / told) ** 2 for value in parts.values())),
        interval.low,
        interval.high,
        tuple(shares),
        1 - told / base,
    )


def rca(exports: ArrayLike) -> NDArray[np.float64]:
    """Revealed comparative advantage; exports by country (rows) and product (columns), NaN where unknown, which counts in no sum.

    NaN where a country or a product has no exports. Raises ValueError for negative exports.
    """
    x = np.asarray(exports, dtype=np.float64)
    if (x < 0).any():
        raise ValueError("exports cannot be negative")
    by_country, by_product, world = np.nansum(x, axis=1), np.nansum(x, axis=0), np.nansum(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = (x / by_country[:, None]) / (by_product / world)
    return found


def symmetric(rca: ArrayLike) -> NDArray[np.float64]:
    """(RCA - 1) / (RCA + 1): from -1 over 0, where a country is as the world, towards 1."""
    x = np.asarray(rca, dtype=np.float64)
    found: NDArray[np.float64] = (x - 1) / (x + 1)
    return found


def _shares(shares: Weights) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    names = tuple(shares) if isinstance(shares, Mapping) else tuple(map(str, range(len(shares))))
    s = np.array(list(shares.values()) if isinstance(shares, Mapping) else list(shares), dtype=np.float64)
    if not np.isfinite(s).all() or (s < 0).any():
        raise BadShares(said("stat_bad_share"))
    if s.sum() > 1 + ROUNDED_TO_PERCENT * max(1, len(s)):
        raise BadShares(said("stat_shares_over", total=float(s.sum())))
    return names, s


def _weights(weights: Weights | None, names: Sequence[str], what: str) -> NDArray[np.float64]:
    """Weights in the order of the names, all one if there are none."""
    if weights is None:
        return np.ones(len(names))
    if isinstance(weights, Mapping):
        missing = [name for name in names if name not in weights]
        if missing:
            raise BadShares(said("stat_no_weight", what=said(f"stat_{what}"), names=", ".join(missing[:5])))
        return np.array([weights[name] for name in names], dtype=np.float64)
    if len(weights) != len(names):
        raise BadShares(said("stat_weights_differ", shares=len(names), weights=len(weights), what=said(f"stat_{what}")))
    return np.array(list(weights), dtype=np.float64)
