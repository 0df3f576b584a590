"""Unit values that cannot be: dollars for a kilogram far from those of the same product, and likely slips of a factor of 1000.

    u = value / mass            far: |ln u - median| > 4 scaled MADs of the product, over all routes of a period, source and edition

An amount is likely off by a thousand if u times or over 1000 lies within the bounds that u itself misses: thousands taken for ones,
tonnes for kilograms; but not if the same route (reporter, partner, flow) has such unit values in other periods too. A product with fewer
than ten figures has no bounds. Method: METHODS 10.4; spread.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from keruen.trade.growth import UNIT_VALUE_MADS
from keruen.trade.period import Period
from keruen.trade.series import TOTAL
from keruen.trade.spread import MAD_OF_NORMAL, NO_SPREAD
from keruen.trade.store import Store

LEAST_FIGURES = 10
SLIP = 1000.0
UNIT_VALUES = """
SELECT imports.source, imports.edition, currency, classification, code, flow, reporter, partner, import_id, mode, value, mass_t
FROM trade JOIN imports USING (import_id)
WHERE start = ? AND months = ? AND starts_with(code, ?) AND code <> 'TOTAL' AND value > 0 AND mass_t > 0
  AND reporter NOT IN (SELECT area FROM areas WHERE is_aggregate) AND partner NOT IN (SELECT area FROM areas WHERE is_aggregate)
ORDER BY imports.source, imports.edition, currency, classification, code, flow, value DESC, reporter, partner
"""


ROUTES = """
SELECT imports.source, imports.edition, currency, code, flow, reporter, partner, median(value / mass_t / 1000)
FROM trade JOIN imports USING (import_id)
WHERE code IN (SELECT unnest($codes)) AND NOT (start = $start AND months = $months) AND months = $months AND value > 0 AND mass_t > 0
GROUP BY ALL
"""
"""The usual unit value of every route in the other periods of the same length."""


@dataclass(frozen=True)
class Outlier:
    """A figure whose unit value (currency per kg) lies outside the bounds of its product. slip: 1000 if it is likely too high by that
    factor, 0.001 if too low, None if a factor of 1000 does not explain it. route_per_kg: usual on this route in other periods.
    """

    source: str
    edition: str
    currency: str
    classification: str
    code: str
    flow: str
    reporter: str
    partner: str
    import_id: int
    mode: str
    value: float
    mass_t: float
    per_kg: float
    median_per_kg: float
    low_per_kg: float
    high_per_kg: float
    slip: float | None
    route_per_kg: float | None

    def to_json(self) -> dict[str, object]:
        """The outlier as a flat object."""
        return dict(self.__dict__)


def outliers(store: Store, period: Period, *, code: str = "", mads: float = UNIT_VALUE_MADS) -> list[Outlier]:
    """The figures of products whose code begins so, whose unit values lie so many scaled MADs and more from the median; the largest
    value first.
    """
    prefix = "" if code == TOTAL else code
    rows = store.sql(UNIT_VALUES, [period.start, period.months, prefix])
    found = []
    for first, last in _groups([row[:6] for row in rows]):
        if last - first >= LEAST_FIGURES:
            found += _outliers(rows[first:last], mads)
    return _beside_routes(store, period, sorted(found, key=lambda one: -one.value))


def _beside_routes(store: Store, period: Period, found: list[Outlier]) -> list[Outlier]:
    """The outliers with what is usual on their route in other periods: a dear quality sent every year is no slip."""
    codes = sorted({one.code for one in found})
    rows = store.sql(ROUTES, {"codes": codes, "start": period.start, "months": period.months}) if codes else []
    usual = {tuple(cell or "" for cell in row[:7]): row[7] for row in rows}
    told = []
    for one in found:
        route = usual.get((one.source, one.edition, one.currency, one.code, one.flow, one.reporter, one.partner))
        lasting = route is not None and not one.low_per_kg <= route <= one.high_per_kg
        told.append(replace(one, route_per_kg=route, slip=None if lasting else one.slip))
    return told


def _groups(keys: list[tuple[object, ...]]) -> Iterator[tuple[int, int]]:
    """First and behind-the-last row of each run of equal keys."""
    first = 0
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] != keys[first]:
            yield first, i
            first = i


def _outliers(rows: list[tuple[Any, ...]], mads: float) -> list[Outlier]:
    """The outliers of one product and flow in one source."""
    logs = np.log(np.array([[row[10], row[11]] for row in rows], dtype=np.float64))
    unit = logs[:, 0] - logs[:, 1] - np.log(1000.0)
    middle = float(np.median(unit))
    wide = mads * max(MAD_OF_NORMAL * float(np.median(np.abs(unit - middle))), NO_SPREAD)
    found = []
    for i in np.flatnonzero(np.abs(unit - middle) > wide):
        slips = [factor for factor in (SLIP, 1 / SLIP) if abs(unit[i] - np.log(factor) - middle) <= wide]
        source, edition, currency, classification, product, flow, reporter, partner = (
            str(cell or "") for cell in rows[i][:8]
        )
        per_kg, median, low, high = np.exp([unit[i], middle, middle - wide, middle + wide]).tolist()
        import_id, mode, value, mass_t = rows[i][8:]
        found.append(
            Outlier(
                source,
                edition,
                currency,
                classification,
                product,
                flow,
                reporter,
                partner,
                import_id,
                mode or "",
                value,
                mass_t,
                per_kg,
                median,
                low,
                high,
                slips[0] if slips else None,
                None,
            )
        )
    return found
