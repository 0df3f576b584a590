"""What a country's trade with each partner is beside the gravity benchmark of all pairs in the store.

    potential = fitted / actual        fitted: what pairs at this distance trade, given how much either side trades with all

A benchmark, never a forecast: it says how a pair differs from the others, not what will be. Pairs without a figure are not known and are
left out, so the estimate is of pairs that trade. The regressor is the logarithm of the distance (distances.py); exporter and importer
have fixed effects; pairs in both directions are one cluster. Method: METHODS 10.5, gravity.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.distances import distances_km
from keruen.trade.gravity import Fit, NoFit, ppml
from keruen.trade.period import Period
from keruen.trade.series import TOTAL
from keruen.trade.store import Store

LEAST_PAIRS = 50
Z_90 = 1.645  # standard errors to each side that hold 90 per cent of a normal distribution
PAIRS = """
WITH flows AS (
  SELECT source, edition, currency, perspective, CASE flow WHEN 'export' THEN reporter ELSE partner END AS exporter,
         CASE flow WHEN 'export' THEN partner ELSE reporter END AS importer, import_id, digits, classification,
         CASE WHEN count(value) = count(*) THEN sum(value) END AS value
  FROM trade JOIN imports USING (import_id)
  WHERE start = $start AND months = $months AND mode IS NULL AND flow = CASE perspective WHEN 'reconciled' THEN 'export' ELSE 'import' END
    AND ($code = 'TOTAL' OR starts_with(code, $code))
  GROUP BY ALL)
SELECT source, edition, currency, perspective, exporter, importer, value FROM flows
WHERE exporter <> importer AND value IS NOT NULL
  AND exporter IN (SELECT area FROM areas WHERE NOT is_aggregate) AND importer IN (SELECT area FROM areas WHERE NOT is_aggregate)
QUALIFY row_number() OVER (
    PARTITION BY source, edition, currency, perspective, exporter, importer ORDER BY import_id DESC, digits, classification DESC) = 1
ORDER BY ALL
"""
"""Goods between all pairs: reconciled where a source has that, else as the importer declares; the newest import of each source and
edition.
"""


@dataclass(frozen=True)
class Potential:
    """One flow beside the benchmark: fitted over actual, with its interval (90 %); km between the countries."""

    exporter: str
    importer: str
    actual: float
    fitted: float
    ratio: float
    low: float
    high: float
    distance_km: float


@dataclass(frozen=True)
class Benchmark:
    """The gravity equation of one source and edition.

    elasticity, low, high: of trade by distance, with its interval (95 %). within_2: share of pairs that trade between half and twice the
    fitted. left_out: pairs with a country of which no distance is known.
    """

    source: str
    edition: str
    currency: str
    perspective: str
    elasticity: float
    low: float
    high: float
    pairs: int
    left_out: int
    within_2: float
    fit: Fit
    potentials: tuple[Potential, ...]

    def of(self, exporter: str = "", importer: str = "") -> list[Potential]:
        """The flows from an exporter or to an importer (alpha-3), the most below the benchmark first."""
        found = [one for one in self.potentials if exporter in ("", one.exporter) and importer in ("", one.importer)]
        return sorted(found, key=lambda one: -one.ratio)


def benchmarks(store: Store, data: Dataset, period: Period, *, code: str = TOTAL) -> list[Benchmark]:
    """The benchmark of every source and edition that has pairs enough in a period. Raises NoFit if there is none."""
    grouped: dict[tuple[str, ...], list[tuple[str, str, float]]] = defaultdict(list)
    for source, edition, currency, perspective, exporter, importer, value in store.sql(
        PAIRS, {"start": period.start, "months": period.months, "code": code}
    ):
        grouped[source or "", edition or "", currency or "", perspective].append((exporter, importer, value))
    found = [
        _benchmark(key, pairs, data)
        for key, pairs in grouped.items()
        if len(pairs) >= LEAST_PAIRS and _both_ways(pairs)
    ]
    if not found:
        raise NoFit(said("stat_no_benchmark", pairs=LEAST_PAIRS, period=str(period)))
    return found


def _both_ways(pairs: Sequence[tuple[str, str, float]]) -> bool:
    """Whether there are several exporters and several importers."""
    return min(len({one[0] for one in pairs}), len({one[1] for one in pairs})) > 2


def _benchmark(key: tuple[str, ...], pairs: Sequence[tuple[str, str, float]], data: Dataset) -> Benchmark:
    """The benchmark of one source."""
    codes, km = distances_km()
    at = {code: i for i, code in enumerate(codes)}
    place = {row.text("iso3"): at[row.text("country")] for row in data["countries"] if row.text("country") in at}
    known = [one for one in pairs if one[0] in place and one[1] in place]
    exporters, importers = [one[0] for one in known], [one[1] for one in known]
    actual = np.array([one[2] for one in known])
    distance: NDArray[np.float64] = km[[place[one] for one in exporters], [place[one] for one in importers]]
    clusters = ["|".join(sorted(one)) for one in zip(exporters, importers, strict=True)]
    fit = ppml(actual, np.log(distance)[:, None], [exporters, importers], clusters)
    potentials = []
    for i in np.flatnonzero(fit.used & (actual > 0)):
        ratio, wide = fit.fitted[i] / actual[i], float(np.exp(Z_90 * fit.log_errors[i]))
        potentials.append(
            Potential(
                exporters[i],
                importers[i],
                float(actual[i]),
                float(fit.fitted[i]),
                float(ratio),
                float(ratio / wide),
                float(ratio * wide),
                float(distance[i]),
            )
        )
    low, high = fit.interval(0)
    source, edition, currency, perspective = key
    within = float(np.mean([0.5 <= one.ratio <= 2 for one in potentials]))
    return Benchmark(
        source,
        edition,
        currency,
        perspective,
        float(fit.coefficients[0]),
        low,
        high,
        int(fit.used.sum()),
        len(pairs) - len(known),
        within,
        fit,
        tuple(potentials),
    )
