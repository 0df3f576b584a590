"""One figure for each flow from two declarations: freight and insurance taken off, better reporters weighing more.

    ln F = w_X ln X + w_M ln(M / (1 + f))          w_X = (1/v_i) / (1/v_i + 1/v_j)      v: how far a country's declarations scatter

How far they scatter is taken from all flows with two sides: with r_ij = ln(M_ij / (1 + f_ij) X_ij) the variance of r is v_i + v_j, if i and j err
independently, and the v are the solution of these equations in least squares, none below a floor. What one side alone declares stands as it declares
it. Certificates: F lies between both declarations, equal declarations stay, and where nothing scatters F is the geometric mean. Method:
METHODS 10.2, after Gaulier and Zignago (2010), who estimate the margin where the table cif_margins is used here.
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
    pairs, x, m = [], [], []
    margins: dict[tuple[str, str], float] = {}
    for exporter, importer, *key_cells, exports, imports, _, _ in rows:
        if tuple(str(cell or "") for cell in key_cells) == chosen:
            pairs.append((str(exporter), str(importer)))
            x.append(exports)
            m.append(imports)
    for pair in pairs:
        margin = margin_of(data, *pair)
        margins[pair] = margin.share if margin else 0.0
    return reconcile(pairs, x, m, margins)  # type: ignore[arg-type]


def reconcile(
    pairs: Sequence[tuple[str, str]], exports: Sequence[float | None], imports: Sequence[float | None],
    margins: Mapping[tuple[str, str], float],
) -> list[Flow]:  # fmt: skip
    """Reconcile flows given by exporter and importer; exports FOB, imports CIF, margins as shares. Flows that neither side tells are left out."""
    fob = [None if m is None else m / (1 + margins[pair]) for pair, m in zip(pairs, imports, strict=True)]
    scatter = scatter_of(pairs, exports, fob)
    found = []
    for pair, x, m in zip(pairs, exports, fob, strict=True):
        if x is None and m is None:
            continue
        if x and m:
            v_x, v_m = scatter.get(pair[0], np.nan), scatter.get(pair[1], np.nan)
            weight = v_m / (v_x + v_m)
            found.append(Flow(*pair, x, m, float(np.exp(weight * np.log(x) + (1 - weight) * np.log(m))), float(weight)))
        else:
            found.append(Flow(*pair, x, m, float(x or m or 0.0), None))
    return found


def scatter_of(
    pairs: Sequence[tuple[str, str]], exports: Sequence[float | None], imports_fob: Sequence[float | None]
) -> dict[str, float]:
    """How far the declarations of each country scatter: variance of the logarithm, from flows that both sides declare."""
    two = [(pair, np.log(m / x)) for pair, x, m in zip(pairs, exports, imports_fob, strict=True) if x and m]
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
