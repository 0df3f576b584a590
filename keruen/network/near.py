"""Which points lie near which, on the sphere, without comparing all with all.

Points are unit vectors in a grid of cubes whose side is the chord of the reach; only the 27 cubes around a point are
looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.network.sphere import EARTH_RADIUS_KM, unit_vectors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pairs_within(
    lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats, reach_km: float
) -> tuple[Ints, Ints, Floats]:
    """All pairs of a point of a and a point of b at most `reach_km` apart: rows of a (ascending), rows of b, km."""
    a, b = unit_vectors(lat_a, lon_a), unit_vectors(lat_b, lon_b)
    side = 2 * np.sin(reach_km / EARTH_RADIUS_KM / 2)
    cells = int(2 / side) + 4
    cube_a, cube_b = (np.floor((points + 1) / side).astype(np.int64) + 1 for points in (a, b))
    key_b = _key(cube_b, cells)
    by_key = np.argsort(key_b, kind="stable")
    sorted_key = key_b[by_key]
    found_a, found_b, found_chord = [], [], []
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            middle = _key(cube_a + np.array([dx, dy, 0]), cells)
            first = np.searchsorted(sorted_key, middle - 1, "left")
            count = np.searchsorted(sorted_key, middle + 1, "right") - first
            row_a = np.repeat(np.arange(len(a)), count)
            row_b = by_key[ranges(first, count)]
            chord = np.linalg.norm(a[row_a] - b[row_b], axis=1)
            close = chord <= side
            found_a.append(row_a[close])
            found_b.append(row_b[close])
            found_chord.append(chord[close])
    rows_a, rows_b, chord = np.concatenate(found_a), np.concatenate(found_b), np.concatenate(found_chord)
    order = np.lexsort((chord, rows_a))
    return rows_a[order], rows_b[order], 2 * EARTH_RADIUS_KM * np.arcsin(chord[order] / 2)


def nearest_within(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats, reach_km: float) -> tuple[Ints, Floats]:
    """For each point of a the row of the nearest point of b and the distance in km; (-1, inf) if none is in reach."""
    row_a, row_b, km = pairs_within(lat_a, lon_a, lat_b, lon_b, reach_km)
    nearest, distance = np.full(len(lat_a), -1, np.int64), np.full(len(lat_a), np.inf)
    at, first = np.unique(row_a, return_index=True)
    nearest[at], distance[at] = row_b[first], km[first]
    return nearest, distance


def ranges(first: Ints, count: Ints) -> Ints:
    """The integers first[i] .. first[i] + count[i] - 1 of all i, one range after the other."""
    skipped = np.cumsum(count) - count
    return np.repeat(first - skipped, count) + np.arange(int(count.sum()))


def _key(cube: Ints, cells: int) -> Ints:
    return np.asarray((cube[:, 0] * cells + cube[:, 1]) * cells + cube[:, 2])
