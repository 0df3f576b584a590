"""How far a number lies from the others: distance from the median in scaled median absolute deviations.

    z = |x - median| / (1.4826 MAD)       1.4826: what makes the MAD of normal numbers their standard deviation

Half of all numbers may be wrong before the measure breaks. Where more than half are equal the MAD is zero, and every other number is far
away. Method: Rousseeuw and Croux (1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAD_OF_NORMAL = 1.4826
NO_SPREAD = 1e-9  # below this all numbers of a group count as equal


def within_mad(values: NDArray[np.float64], mads: float) -> NDArray[np.bool_]:
    """Which numbers lie within so many scaled MADs of the median; unknown ones (NaN) do not."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    middle = np.median(known)
    spread = max(MAD_OF_NORMAL * float(np.median(np.abs(known - middle))), NO_SPREAD)
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = np.abs(values - middle) <= mads * spread
    return found
