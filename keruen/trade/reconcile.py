"""One figure for each flow from two declarations: freight and insurance taken off, better reporters weighing more.

    ln F = w_X ln X + w_M ln(M / (1 + f))          w_X = (1/v_i) / (1/v_i + 1/v_j)      v: how far a country's declarations scatter

How far they scatter is taken from all flows with two sides: with r_ij = ln(M_ij / ((1 + f_ij) X_ij)) the variance of r is v_i + v_j, if i
and j err independently, and the v solve these equations in the mean of each country's flows, none below a floor. All products at the
level of digits asked for count, since how well a country declares does not hang on one product. What one side alone declares stands as it
declares it. Certificates: F lies between both declarations, equal declarations stay, and where nothing scatters F is the geometric mean.
Method: METHODS 10.2, after Gaulier and Zignago (2010), who estimate the margin where the table cif_margins is used here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.tables.dataset import Dataset
from keruen.trade.mirror import margin_of, mirror_table
from keruen.trade.period import Period
from keruen.trade.series import TOTAL
from keruen.trade.store import Store

SWEEPS = 50
FLOOR_OF_MEDIAN = 0.05  # no reporter counts as better than this share of the median scatter


BY_PRODUCT = """
WITH declared AS (
  SELECT flow, CASE flow WHEN 'export' THEN reporter ELSE partner END AS exporter,
         CASE flow WHEN 'export' THEN partner ELSE reporter END AS importer,
         left(code, $digits) AS product, import_id, digits, classification, sum(value) AS value
  FROM trade JOIN imports USING (import_id)
  WHERE start = $start AND months = $months AND mode IS NULL AND perspective = 'reporter' AND flow IN ('export', 'import')
    AND code <> 'TOTAL' AND digits >= $digits
    AND coalesce(source, '') = $source AND coalesce(edition, '') = $edition AND currency = $currency
    AND reporter NOT IN (SELECT area FROM areas WHERE is_aggregate) AND partner NOT IN (SELECT area FROM areas WHERE is_aggregate)
  GROUP BY ALL HAVING count(value) = count(*)),
once AS (
  SELECT * FROM declared
  QUALIFY row_number() OVER (PARTITION BY flow, exporter, importer, product ORDER BY import_id DESC, digits, classification DESC) = 1)
SELECT exporter, importer, max(value) FILTER (flow = 'export') AS exports, max(value) FILTER (flow = 'import') AS imports
FROM once GROUP BY exporter, importer, product HAVING exports > 0 AND imports > 0 ORDER BY ALL
"""
"""Flows of every product at so many digits that both sides declare in one source and edition."""


@dataclass(frozen=True)
class Flow:
    """Goods from an exporter to an importer: exports FOB, imports as if FOB, the reconciled value; None where a side declares nothing."""

    exporter: str
    importer: str
    exports: float | None
    imports_fob: float | None
    value: float
    export_weight: float | None


def reconciled(
    store: Store, data: Dataset, period: Period, *, code: str = TOTAL, source: str = "", edition: str = ""
) -> list[Flow]:
    """The reconciled flows of all pairs in a period, from one source and edition; the source with most pairs if none is named.

    Both declarations must stand in one source: nothing is mixed from two.
    """
    rows = mirror_table(store, period, code=code)
    counts: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (str(row[2] or ""), str(row[3] or ""), str(row[4] or ""))
        if source in ("", key[0]) and edition in ("", key[1]):
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        return []
    chosen = max(counts, key=lambda key: counts[key])
    told = [
        (str(row[0]), str(row[1]), row[5], row[6])
        for row in rows
        if tuple(str(cell or "") for cell in row[2:5]) == chosen
    ]
    two = told
    if code != TOTAL:
        names = dict(zip(("source", "edition", "currency"), chosen, strict=True))
        two = store.sql(BY_PRODUCT, {"digits": len(code), "start": period.start, "months": period.months, **names})
    margins = {}
    for pair in {row[:2] for row in (*told, *two)}:
        margin = margin_of(data, *pair)
        margins[pair] = margin.share if margin else 0.0
    scatter = scatter_of(two, margins)
    return reconcile(told, margins, scatter)


Declared = tuple[str, str, float | None, float | None]
"""Exporter, importer, exports (FOB), imports (CIF); None is not declared."""


def reconcile(
    flows: Sequence[Declared], margins: Mapping[tuple[str, str], float], scatter: Mapping[str, float]
) -> list[Flow]:  # fmt: skip
    """Reconcile flows; margins as shares by exporter and importer, scatter by country. Flows that neither side tells are left out.

    Where the scatter of neither side is known, both weigh the same; where that of one is not, it counts as the mean of all.
    """
    usual = float(np.mean(list(scatter.values()))) if scatter else 1.0
    found = []
    for exporter, importer, x, cif in flows:
        m = None if cif is None else cif / (1 + margins[exporter, importer])
        if x is None and m is None:
            continue
        if x and m:
            v_x, v_m = scatter.get(exporter, usual), scatter.get(importer, usual)
            weight = v_m / (v_x + v_m)
            value = float(np.exp(weight * np.log(x) + (1 - weight) * np.log(m)))
            found.append(Flow(exporter, importer, x, m, value, float(weight)))
        else:
            found.append(Flow(exporter, importer, x, m, float(x or m or 0.0), None))
    return found


def scatter_of(flows: Sequence[Declared], margins: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """How far the declarations of each country scatter: variance of the logarithm, from flows that both sides declare."""
    two = [((a, b), np.log(m / (1 + margins[a, b]) / x)) for a, b, x, m in flows if x and m]
    names = sorted({name for pair, _ in two for name in pair})
    if not names:
        return {}
    at = {name: i for i, name in enumerate(names)}
    i = np.array([at[pair[0]] for pair, _ in two])
    j = np.array([at[pair[1]] for pair, _ in two])
    r = np.array([ratio for _, ratio in two])
    squares: NDArray[np.float64] = (r - np.median(r)) ** 2
    v = np.full(len(names), float(squares.mean()) / 2)
    count = np.bincount(i, minlength=len(names)) + np.bincount(j, minlength=len(names))
    floor = max(FLOOR_OF_MEDIAN * float(np.median(squares)) / 2, 1e-12)
    for _ in range(SWEEPS):
        rest = np.bincount(i, squares - v[j], len(names)) + np.bincount(j, squares - v[i], len(names))
        v = np.maximum(0.5 * v + 0.5 * rest / count, floor)
    return dict(zip(names, v.tolist(), strict=True))
