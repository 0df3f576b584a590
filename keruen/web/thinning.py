"""Which names and signs a zoom has room for: the most important first, none nearer than some pixels to a more important one.

    first zoom of a point = the first zoom at which no point lies within `apart_px` that is shown earlier, or as early and comes before it

A page shows a tile at 512 pixels, so at zoom z the unit square is 512 x 2^z pixels wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.web.prepared import LAST_ZOOM

TILE_PX = 512


def first_zooms(
    xy: NDArray[np.float64], earliest: NDArray[np.int64], apart_px: float, last_zoom: int = LAST_ZOOM
) -> NDArray[np.int64]:
    """First zoom of each point [n, 2], in order of importance; not before its earliest; those without room come at the last zoom.

    Points whose earliest zoom is beyond the last stay so.
    """
    shown = np.asarray(earliest.copy())
    for zoom in range(last_zoom):
        cell = apart_px / (TILE_PX * 2.0**zoom)
        taken: dict[tuple[int, int], list[int]] = {}
        for i in np.lexsort([np.arange(len(shown)), shown])[: np.count_nonzero(shown <= zoom)].tolist():
            cx, cy = int(xy[i, 0] / cell), int(xy[i, 1] / cell)
            around = [j for dx in (-1, 0, 1) for dy in (-1, 0, 1) for j in taken.get((cx + dx, cy + dy), ())]
            if any(abs(xy[i, 0] - xy[j, 0]) < cell and abs(xy[i, 1] - xy[j, 1]) < cell for j in around):
                shown[i] = zoom + 1
            else:
                taken.setdefault((cx, cy), []).append(i)
    return shown
