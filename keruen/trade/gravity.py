"""A benchmark for trade: how much a pair would trade if it traded as others of its size and distance do.

    E[y] = exp(x b + a_i + c_j + ...)        Poisson pseudo maximum likelihood; a, c, ...: fixed effects of exporter, importer, ...
    score equations                          sum of y - mu over each exporter, each importer, ... is 0, and so is x'(y - mu)

The fixed effects are concentrated out: each step of reweighted least squares first takes the weighted means of every group out of the
working variable and the regressors, by sweeps over the groups. Zeros count; values need not be whole. The effects absorb sizes and what
makes a country open to all (Anderson and van Wincoop's resistance), so only what differs between pairs is estimated. Rows of a group
without any trade are fitted by zero and left out. Methods: Santos Silva and Tenreyro (2006); Correia, Guimaraes and Zylkin (2020) for the
concentration; standard errors by cluster as Cameron and Miller (2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import KeruenError
from keruen.tables.words import said

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

MOST_STEPS, MOST_SWEEPS = 200, 20_000
STEP_TOLERANCE = 1e-11  # of the deviance, relative
SWEEP_TOLERANCE = 1e-12  # of the largest group mean, relative to the spread of the column
EXPLAINED = 1e-10  # a regressor that keeps less of its variance than this is one of the fixed effects
MOST_LEVELS = 2_000  # regressors and groups whose whole covariance is worked out
SCORE_TOLERANCE = 1e-8  # of the score equations, relative to all trade


class NoFit(KeruenError):
    """A gravity equation that these data cannot answer."""

    kind = "no_fit"
    exit_code = 3


@dataclass(frozen=True)
class Fit:
    """An estimated gravity equation.

    coefficients, errors: of each regressor, with standard errors by cluster. fitted: mu for each row given, 0 for rows of groups without
    any trade. log_errors: standard error of the logarithm of each, the fixed effects' own uncertainty included; NaN where there are more
    than MOST_LEVELS groups. used: rows that were estimated from. score: the largest left side of a score equation, relative to all trade.
    """

    coefficients: Floats
    errors: Floats
    fitted: Floats
    log_errors: Floats
    used: NDArray[np.bool_]
    deviance: float
    steps: int
    clusters: int
    score: float

    def interval(self, regressor: int, z: float = 1.96) -> tuple[float, float]:
        """The interval of a coefficient, so many standard errors to each side."""
        b, e = self.coefficients[regressor], self.errors[regressor]
        return float(b - z * e), float(b + z * e)


def ppml(trade: ArrayLike, regressors: ArrayLike, groups: Sequence[ArrayLike], clusters: ArrayLike) -> Fit:
    """Estimate a gravity equation.

    trade: values of pairs, zero or above, shape (rows,). regressors: logarithms of distance and the like, shape (rows, k). groups: for each
    fixed effect the group of every row (any labels). clusters: rows with the same label may err together.

    Raises:
        NoFit: too few rows, a regressor that the fixed effects explain wholly, or no convergence.
        ValueError: negative or unknown numbers, or arrays of different lengths.
    """
    y, x = np.asarray(trade, dtype=np.float64), np.asarray(regressors, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(y) or not np.isfinite(x).all() or not np.isfinite(y).all() or (y < 0).any():
        raise ValueError("trade and regressors must be known numbers of one length, and trade not negative")
    labels = [np.unique(np.asarray(one), return_inverse=True)[1] for one in groups]
    used = traded(y, labels)
    if used.sum() <= x.shape[1] + 2:
        raise NoFit(said("stat_few_pairs", pairs=int(used.sum())))
    codes = [np.unique(one[used], return_inverse=True)[1] for one in labels]
    cluster = np.unique(np.asarray(clusters)[used], return_inverse=True)[1]
    b, eta, x_left, deviance, steps = _estimate(y[used], x[used], codes)
    mu = np.exp(eta)
    count = int(cluster.max()) + 1
    small = _small_sample(len(mu), x.shape[1], codes, cluster, count)
    errors = _cluster_errors(y[used] - mu, mu, x_left, cluster) * np.sqrt(small)
    fitted, log_errors = np.zeros(len(y)), np.full(len(y), np.nan)
    fitted[used] = mu
    log_errors[used] = _log_errors(y[used] - mu, mu, x[used], codes, cluster) * np.sqrt(small)
    score = largest_score(y[used] - mu, x[used], codes, float(y.sum()))
    if not score <= SCORE_TOLERANCE:
        raise NoFit(said("stat_score", met=f"{score:.0e}", wanted=f"{SCORE_TOLERANCE:.0e}"))
    return Fit(b, errors, fitted, log_errors, used, deviance, steps, count, score)


def traded(y: Floats, groups: Sequence[Codes]) -> NDArray[np.bool_]:
    """Rows all of whose groups have trade among the rows that stay."""
    used: NDArray[np.bool_] = np.ones(len(y), dtype=bool)
    while True:
        kept = used.copy()
        for codes in groups:
            kept &= (np.bincount(codes, y * used) > 0)[codes]
        if kept.sum() == used.sum():
            return kept
        used = kept


def largest_score(residual: Floats, x: Floats, groups: Sequence[Codes], whole: float) -> float:
    """The largest left side of a score equation, relative to all trade; regressors are measured from their mean in their own spread."""
    sides = [np.abs(np.bincount(codes, residual)).max() for codes in groups]
    spread = np.maximum(x.std(axis=0), 1e-300)
    sides.append(np.abs(((x - x.mean(axis=0)) / spread).T @ residual).max())
    return float(max(sides) / whole)


def _estimate(y: Floats, x: Floats, groups: Sequence[Codes]) -> tuple[Floats, Floats, Floats, float, int]:
    """Coefficients, fitted logarithms, regressors without the groups' means, deviance, steps taken."""
    mu = (y + y.mean()) / 2
    eta = np.log(mu)
    deviance = np.inf
    for step in range(1, MOST_STEPS + 1):
        z = eta + (y - mu) / mu
        without = _without_means(np.column_stack([z, x]), mu, groups)
        z_left, x_left = without[:, 0], without[:, 1:]
        normal = x_left.T @ (mu[:, None] * x_left)
        spread = mu @ (x - np.average(x, axis=0, weights=mu)) ** 2
        if (np.diag(normal) <= EXPLAINED * spread).any() or np.linalg.matrix_rank(normal, hermitian=True) < x.shape[1]:
            raise NoFit(said("stat_regressor"))
        b = np.linalg.solve(normal, x_left.T @ (mu * z_left))
        new_eta = z - (z_left - x_left @ b)
        eta = np.clip(new_eta, eta - 10, eta + 10)  # a step that long would overflow
        mu = np.exp(eta)
        before, deviance = deviance, poisson_deviance(y, mu)
        if abs(before - deviance) <= STEP_TOLERANCE * max(abs(deviance), 1e-6 * y.sum()):
            return b, eta, x_left, deviance, step
    raise NoFit(said("stat_not_settled", steps=MOST_STEPS))


def poisson_deviance(y: Floats, mu: Floats) -> float:
    """2 sum(y ln(y / mu) - (y - mu))."""
    ratio = np.where(y > 0, y, 1.0) / np.where(y > 0, mu, 1.0)
    return float(2 * np.sum(y * np.log(ratio) - (y - mu)))


def _without_means(columns: Floats, weights: Floats, groups: Sequence[Codes]) -> Floats:
    """Columns without the weighted means of every group: sweeps over the groups until no mean is left."""
    left = columns - np.average(columns, axis=0, weights=weights)
    if not groups:
        return left
    sums = [np.bincount(codes, weights) for codes in groups]
    spread = np.maximum(np.sqrt(np.average(left**2, axis=0, weights=weights)), 1e-300)
    for _ in range(MOST_SWEEPS):
        largest = 0.0
        for codes, of_group in zip(groups, sums, strict=True):
            for column in range(left.shape[1]):
                mean = np.bincount(codes, weights * left[:, column]) / of_group
                left[:, column] -= mean[codes]
                largest = max(largest, float(np.abs(mean).max() / spread[column]))
        if largest <= SWEEP_TOLERANCE or len(groups) == 1:
            return left
    raise NoFit(said("stat_effects"))


def _small_sample(rows: int, regressors: int, groups: Sequence[Codes], cluster: Codes, count: int) -> float:
    """What a covariance from few clusters is raised by: c/(c - 1) (n - 1)/(n - k), k without effects each of whose groups is in one
    cluster.
    """
    levels = [int(codes.max()) + 1 for codes in groups]
    nested = [n for n, codes in zip(levels, groups, strict=True) if len(np.unique(cluster * np.int64(n) + codes)) == n]
    k = regressors + sum(levels) - max(0, len(levels) - 1) - (sum(nested) - 1 if nested else 0)
    return (count / max(1, count - 1)) * ((rows - 1) / max(1, rows - k))


def _cluster_errors(residual: Floats, mu: Floats, x_left: Floats, cluster: Codes) -> Floats:
    """Standard errors of the coefficients, rows of a cluster erring together."""
    bread = np.linalg.inv(x_left.T @ (mu[:, None] * x_left))
    scores = np.column_stack([np.bincount(cluster, residual * column) for column in x_left.T])
    return np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))


def _log_errors(residual: Floats, mu: Floats, x: Floats, groups: Sequence[Codes], cluster: Codes) -> Floats:
    """Standard error of every fitted logarithm, from the covariance of coefficients and fixed effects together."""
    from scipy.sparse import csr_array

    firsts = np.cumsum([x.shape[1], *(int(codes.max()) + 1 for codes in groups)])
    rows, levels = len(mu), int(firsts[-1])
    if levels > MOST_LEVELS:
        return np.full(rows, np.nan)
    scale = np.maximum(np.abs(x).max(axis=0), 1e-300)
    columns = np.column_stack(
        [
            np.broadcast_to(np.arange(x.shape[1]), x.shape),
            *(first + codes for first, codes in zip(firsts, groups, strict=False)),
        ]
    )
    cells = np.column_stack([x / scale, np.ones((rows, len(groups)))])
    at = (np.repeat(np.arange(rows), columns.shape[1]), columns.ravel())
    design = csr_array((cells.ravel(), at), shape=(rows, levels))
    summing = csr_array((residual, (cluster, np.arange(rows))), shape=(int(cluster.max()) + 1, rows))
    scores = summing @ design
    bread = np.linalg.pinv((design.T @ (design * mu[:, None])).toarray(), hermitian=True)
    covariance = bread @ (scores.T @ scores).toarray() @ bread
    variance = np.einsum("ra,rb,rab->r", cells, cells, covariance[columns[:, :, None], columns[:, None, :]])
    found: Floats = np.sqrt(np.maximum(variance, 0.0))
    return found
