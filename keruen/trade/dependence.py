"""On whom and on what a country's trade hangs: concentration by partner or product, and in what the country is strong beside the world.

Each source and edition by itself (series.py). Concentration is measured over what is told; where the total is told too, the rest gives the
interval. Revealed advantage compares exports by product with those of all countries that declare in the same source (concentration.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.concentration import Concentration, concentration, rca, symmetric
from keruen.trade.period import Period
from keruen.trade.series import ALL, TOTAL, WORLD, Figures, Series, read_figures
from keruen.trade.store import Store

ADVANTAGES = """
WITH sums AS (
  SELECT source, edition, currency, classification, reporter, left(code, $level) AS product, import_id, digits, sum(value) AS value
  FROM trade JOIN imports USING (import_id)
  WHERE start = $start AND months = $months AND flow = 'export' AND mode IS NULL AND code <> 'TOTAL' AND digits >= $level
    AND partner NOT IN (SELECT area FROM areas WHERE is_aggregate) AND reporter NOT IN (SELECT area FROM areas WHERE is_aggregate)
  GROUP BY ALL HAVING count(value) = count(*))
SELECT source, edition, currency, classification, reporter, product, value FROM sums
QUALIFY row_number() OVER (PARTITION BY source, edition, currency, classification, reporter, product ORDER BY import_id DESC, digits) = 1
"""


@dataclass(frozen=True)
class Dependence:
    """How concentrated a flow is in one series."""

    series: Series
    concentration: Concentration


@dataclass(frozen=True)
class Advantage:
    """Revealed comparative advantage of a country in one product: RCA, its symmetric form, exports, the share of the product in world
    exports.
    """

    source: str
    edition: str
    classification: str
    currency: str
    product: str
    exports: float
    rca: float
    symmetric: float
    world_share: float


def dependence(
    store: Store, data: Dataset, area: str, period: Period, *, flow: str = "export", by: str = "partner", code: str = TOTAL, level: int = 2
) -> list[Dependence]:  # fmt: skip
    """Concentration of a country's exports or imports over partners, or over products at so many digits; one for each series.

    Raises UnknownOption for another flow or way to part it.
    """
    if flow not in ("export", "import") or by not in ("partner", "product"):
        raise UnknownOption(said("stat_no_concentration", flow=repr(flow), by=repr(by)))
    whole = read_figures(store, data, area, (WORLD,), (period,), code=code)
    found = []
    for figures in read_figures(store, data, area, (), (period,), code=code, by=by, level=level):
        values = {
            item: figures.cell(item, flow, period).value.value for item in figures.items() if item not in (WORLD, ALL)
        }
        known = {item: value for item, value in values.items() if value}
        if known:
            told = _total(whole, figures.series, flow, period)
            measured = concentration(known, told if told and told >= sum(known.values()) else None)
            found.append(Dependence(figures.series, measured))
    return found


def _total(whole: list[Figures], series: Series, flow: str, period: Period) -> float | None:
    """The total that the same source, edition and declarant prints."""
    key = (series.source, series.edition, series.declared_by, series.currency)
    for figures in whole:
        if (figures.series.source, figures.series.edition, figures.series.declared_by, figures.series.currency) == key:
            return figures.cell(ALL, flow, period).value.value
    return None


def advantages(store: Store, area: str, period: Period, *, level: int = 2) -> list[Advantage]:
    """The products in which a country exports, with its revealed advantage in each source; the strongest first, products at so many
    digits.
    """
    grouped: dict[tuple[str, ...], dict[tuple[str, str], float]] = defaultdict(dict)
    for *key, reporter, product, value in store.sql(
        ADVANTAGES, {"start": period.start, "months": period.months, "level": level}
    ):
        grouped[tuple(str(cell or "") for cell in key)][reporter, product] = value
    found = []
    for (source, edition, currency, classification), values in grouped.items():
        countries, products = (sorted({one[side] for one in values}) for side in (0, 1))
        if area not in countries or len(countries) < 2:
            continue
        matrix = np.full((len(countries), len(products)), np.nan)
        at = [{name: i for i, name in enumerate(names)} for names in (countries, products)]
        for (reporter, product), value in values.items():
            matrix[at[0][reporter], at[1][product]] = value
        row = at[0][area]
        shares = np.nansum(matrix, axis=0) / np.nansum(matrix)
        strength = rca(matrix)[row]
        for k in np.flatnonzero(np.isfinite(strength)):
            found.append(
                Advantage(
                    source,
                    edition,
                    classification,
                    currency,
                    products[k],
                    float(matrix[row, k]),
                    float(strength[k]),
                    float(symmetric(strength[k])),
                    float(shares[k]),
                )
            )
    return sorted(found, key=lambda one: (one.source, one.edition, one.classification, -one.rca))
