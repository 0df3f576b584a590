"""Supply mixes out of the table `supply_shares`: who supplies a material at a stage, now, and how concentrated that is.

    s_c = B (r_c f_c + a_c) / (sum_c r_c f_c + a_c + u)        r: recorded share, f: output_factor, a: added_pct, B: all that is recorded
    H   = sum_c s_c^2 g_c t_c                                   u: what no supplier is named for

Without a scenario f = 1 and a = 0, and s is what was published. A supplier lost leaves his share to the others as they stand; a plant added
takes from all. The index does not see how much is lost, only how what is left is spread: `left` says it. Printed shares are off by half a
unit of their last digit, and what is not named may be held by very many or by one supplier of the worst governance: `hhi_range` runs over
both (METHODS 8.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from keruen.materials.risk import WORST_GOVERNANCE, governance_points
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Table
from keruen.trade.concentration import hhi

STAGES = ("extraction", "processing")
PERIOD = "2016/2020"  # of governance: that of the shares

Floats = NDArray[np.float64]
Key = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Mix:
    """Suppliers of a material at a stage, in world supply or in what the Union sources (scope `global`, `eu`).

    shares, half: of all that is supplied, 0 to 1, and by how much they may be off. governance: 0 to 10. unnamed: share that no supplier is
    named for. left: what is supplied now over what is recorded; 1 without a scenario. rows: the rows of supply_shares.
    """

    scope: str
    material: str
    stage: str
    countries: tuple[str, ...]
    shares: Floats
    half: Floats
    governance: Floats
    trade_parameter: Floats
    unnamed: float
    left: float
    rows: tuple[str, ...]

    @cached_property
    def hhi(self) -> float:
        """Concentration weighted with governance and trade parameter, of the suppliers named."""
        return hhi(list(self.shares), list(self.governance), list(self.trade_parameter))

    @cached_property
    def hhi_range(self) -> Interval:
        """The same over what rounding and suppliers not named allow."""
        weights = self.governance * self.trade_parameter
        low = float(np.sum(np.maximum(self.shares - self.half, 0.0) ** 2 * weights))
        high = float(np.sum(np.minimum(self.shares + self.half, 1.0) ** 2 * weights))
        return Interval(low, high + self.unnamed**2 * WORST_GOVERNANCE)

    @property
    def by_country(self) -> Mapping[str, float]:
        """Shares by country, the largest first."""
        pairs = zip(self.countries, self.shares.tolist(), strict=True)
        return dict(sorted(pairs, key=lambda one: (-one[1], one[0])))

    def share_of(self, countries: frozenset[str]) -> Interval:
        """The share of some countries together, over rounding and what is not named."""
        inside = np.array([country in countries for country in self.countries], dtype=bool)
        told, off = float(self.shares[inside].sum()), float(self.half[inside].sum())
        return Interval(max(0.0, told - off), min(1.0, told + off + self.unnamed))

    def named_share_of(self, countries: frozenset[str]) -> float:
        """The share of some countries among the suppliers named."""
        inside = [share for country, share in self.by_country.items() if country in countries]
        return sum(inside) / float(self.shares.sum())


_mixes: WeakKeyDictionary[Table, dict[Key, list[int]]] = WeakKeyDictionary()


def rows_by_mix(data: Dataset) -> Mapping[Key, list[int]]:
    """Numbers of the rows of supply_shares by scope, material, stage; worked out once for a table."""
    table = data["supply_shares"]
    if table not in _mixes:
        found: dict[Key, list[int]] = defaultdict(list)
        keys = zip(table.texts("scope"), table.texts("material"), table.texts("stage"), strict=True)
        for i, key in enumerate(keys):
            found[key].append(i)
        _mixes[table] = dict(found)
    return _mixes[table]


def find_mix(data: Dataset, scope: str, material: str, stage: str) -> Mix | None:
    """The mix of a material (code) at a stage; None if no shares are recorded, or nobody is left to supply."""
    rows = rows_by_mix(data).get((scope, material, stage))
    if not rows:
        return None
    table = data["supply_shares"]
    at = np.array(rows, dtype=np.intp)
    recorded, half = table.numbers("share_pct")[at] / 100, table.numbers("rounding_pct")[at] / 100
    factor = np.nan_to_num(table.numbers("output_factor")[at], nan=1.0)
    added = np.nan_to_num(table.numbers("added_pct")[at], nan=0.0) / 100
    now = recorded * factor + added
    unnamed = max(0.0, 1.0 - float(recorded.sum()))
    if float(now.sum()) <= 0:
        return None
    changed = bool((factor != 1).any() or (added != 0).any())
    scale = (float(recorded.sum()) + unnamed) / (float(now.sum()) + unnamed) if changed else 1.0
    kept = now > 0
    order = [i for i, keep in zip(rows, kept.tolist(), strict=True) if keep]
    countries = tuple(table.texts("country")[i] for i in order)
    points = governance_of(data)
    return Mix(
        scope,
        material,
        stage,
        countries,
        now[kept] * scale,
        (half * factor)[kept] * scale,
        np.array([points[country] for country in countries]),
        table.numbers("trade_parameter")[at][kept],
        unnamed * scale,
        (float(now.sum()) + unnamed) / (float(recorded.sum()) + unnamed) if changed else 1.0,
        tuple(table.row_id(i) for i in order),
    )


class _Points(dict[str, float]):
    """Governance by country; a country without an indicator has the stand-in."""

    def __init__(self, known: Mapping[str, float], missing: float) -> None:
        super().__init__(known)
        self._missing = missing

    def __missing__(self, country: str) -> float:
        return self._missing


_points: WeakKeyDictionary[Table, _Points] = WeakKeyDictionary()


def governance_of(data: Dataset) -> Mapping[str, float]:
    """Governance from 0 (best) to 10 (worst) by country, ISO 3166-1 alpha-3, in the years of the shares."""
    table = data["governance"]
    if table not in _points:
        rows = zip(table.texts("country"), table.texts("period"), table.numbers("wgi").tolist(), strict=True)
        known = {country: governance_points(wgi) for country, period, wgi in rows if period == PERIOD}
        _points[table] = _Points(known, governance_points(rule(data, "wgi_missing")))
    return _points[table]


def rule(data: Dataset, name: str) -> float:
    """The number of a rule of the table risk_rules."""
    row = data["risk_rules"].find(name)
    if row is None:
        raise KeyError(f"risk_rules has no row {name}")
    return row.number("value")


def members(data: Dataset, area: str = "EU27") -> frozenset[str]:
    """Members of a group of countries (table trade_members), ISO 3166-1 alpha-3."""
    return frozenset(row.text("member") for row in data["trade_members"] if row.text("area") == area)


def materials_with_shares(data: Dataset) -> tuple[str, ...]:
    """Materials of which shares of supply are recorded, by code, in the order of the alphabet."""
    return tuple(sorted({material for _, material, _ in rows_by_mix(data)}))
