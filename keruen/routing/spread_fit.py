"""How the spread of stops at borders is fitted: from what border_times says of many periods, and of least and most within one.

    s^2 = s_period^2 + s_within^2                                     log standard deviations
    s_period   pooled over crossings seen in several periods:         sum_c sum_t (ln h_ct - mean_c)^2 / sum_c (n_c - 1)
    s_within   from ranges taken as P10 to P90:                       ln(most / least) / (2 x 1.2816),   root mean square
               pooled with what the literature starts from:           (4 s_0^2 + n s_n^2) / (4 + n),     s_0 = sqrt(ln(1 + cv^2))

The starting coefficients of variation, 0.9 by rail and 1.2 by road, count like four observations (METHODS 4.2). The rows of spreads that
rest on this carry a widening on top, fitted to the journeys of the half for fitting so that P10-P90 holds about four in five.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from keruen.tables.dataset import Dataset

METRICS = ("border_crossing_time", "border_wait")
Z90 = 1.2816
START_CV = {"rail": 0.9, "road": 1.2}
START_COUNTS = 4


@dataclass(frozen=True)
class BorderSpread:
    """Log standard deviation of hours at borders between and within periods, and the rows they were worked out from."""

    between: float
    within: float
    evidence: tuple[str, ...]

    @property
    def log_sd(self) -> float:
        """Both together."""
        return float(np.hypot(self.between, self.within))

    @property
    def period_share(self) -> float:
        """Share of the variance that the period explains."""
        return self.between**2 / self.log_sd**2


def border_spread(data: Dataset, mode: str) -> BorderSpread:
    """The spread of hours at borders by rail or road. Raises ValueError if no crossing was seen in two periods."""
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    ranges, evidence = [], []
    for row in data["border_times"]:
        least, most = row.number("value"), row.number("value_max")
        if (
            row.text("metric") not in METRICS
            or row.text("unit") != "h"
            or row.texts("modes") != (mode,)
            or np.isnan(least)
        ):
            continue
        if np.isfinite(most) and row.text("period_start") == row.text("period_end"):
            ranges.append(np.log(most / least) / (2 * Z90))
        seen[row.text("subject"), row.text("direction")].append(
            float(np.log(least * (most if np.isfinite(most) else least)) / 2)
        )
        evidence.append(row.id)
    groups = [np.array(found) for found in seen.values() if len(found) > 1]
    if not groups:
        raise ValueError(f"no crossing by {mode} was seen in two periods")
    squares = sum(float(np.sum((found - found.mean()) ** 2)) for found in groups)
    start = np.log(1 + START_CV[mode] ** 2)
    within = (START_COUNTS * start + float(np.sum(np.square(ranges)))) / (START_COUNTS + len(ranges))
    return BorderSpread(
        float(np.sqrt(squares / sum(len(found) - 1 for found in groups))), float(np.sqrt(within)), tuple(evidence)
    )
