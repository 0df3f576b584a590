"""Many numbers in a few, each with how far chance alone could have moved it.

    mean    sum x / n                                       +- 1.96 sd / sqrt(n)
    P95     the ceil(0.95 n)-th of the sorted numbers       between order statistics, by the binomial distribution of how many lie below
    CVaR95  q + mean of max(0, x - q) / 0.05,  q = P95      +- 1.96 sd(max(0, x - q)) / (0.05 sqrt(n))      (Rockafellar and Uryasev 2000)

CVaR is the mean of the worst twentieth. Draws without a number (no route) are counted beside, never taken for one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TAIL, Z = 0.95, 1.96


@dataclass(frozen=True)
class Estimate:
    """A number worked out from draws and its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """What is known of one measure over draws: n draws with a number, `without` draws without."""

    measure: str
    n: int
    without: int
    mean: Estimate
    p50: Estimate
    p95: Estimate
    cvar95: Estimate
    worst: float

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def summary(measure: str, answers: Sequence[Mapping[str, Any]]) -> Summary | None:
    """One measure over answers; None where no answer has it."""
    values = np.sort(np.array([one[measure] for one in answers if one[measure] is not None], float))
    if not len(values):
        return None
    return Summary(
        measure, len(values), len(answers) - len(values), mean_of(values), quantile(values, 0.5), quantile(values, TAIL),
        cvar(values, TAIL), float(values[-1]),
    )  # fmt: skip


def mean_of(values: Floats) -> Estimate:
    """The mean; of one number alone no interval is known."""
    mean = float(values.mean())
    half = Z * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return Estimate(mean, mean - half, mean + half)


def quantile(values: Floats, share: float) -> Estimate:
    """The least of sorted numbers that a share of them does not exceed."""
    n = len(values)
    half = Z * math.sqrt(n * share * (1 - share))
    rows = (math.ceil(share * n) - 1, math.floor(share * n - half) - 1, math.ceil(share * n + half))
    return Estimate(*(float(values[min(max(row, 0), n - 1)]) for row in rows))


def cvar(values: Floats, share: float) -> Estimate:
    """The mean of the worst numbers beyond a share; of sorted numbers."""
    at = quantile(values, share).value
    beyond = np.maximum(values - at, 0.0)
    mean = at + float(beyond.mean()) / (1 - share)
    spread = float(beyond.std(ddof=1)) if len(values) > 1 else math.nan
    half = Z * spread / ((1 - share) * math.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)
