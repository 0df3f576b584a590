"""Distances on the sphere.

d = 2 R asin |p - q| / 2        p, q unit vectors; R = 6371.0088 km, the mean earth radius (IUGG)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
SPUR_DETOUR = 1.3  # connectors are drawn straight; roads and sidings are about a third longer


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    """Points in degrees as unit vectors, float64[n, 3]."""
    phi, lam = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(lon, np.float64))
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def distance_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> NDArray[np.float64]:
    """Great-circle distance between points in degrees, kilometres; broadcasts."""
    chord = np.linalg.norm(unit_vectors(lat_a, lon_a) - unit_vectors(lat_b, lon_b), axis=-1)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)))


def nearest(
    lat: NDArray[Any],
    lon: NDArray[Any],
    among_lat: NDArray[Any],
    among_lon: NDArray[Any],
    group: ArrayLike = 0,
    among_group: ArrayLike = 0,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each of k points the row of the nearest among n of the same group (a country, say), int64[k], and its distance in km.

    (-1, inf) where there is none. Groups are kept apart by a fourth coordinate that outweighs any distance on the sphere.
    """
    from scipy.spatial import KDTree  # only when a network is built: the import takes half a second

    if len(among_lat) == 0:
        return np.full(len(lat), -1, np.int64), np.full(len(lat), np.inf)

    def points(lat: NDArray[Any], lon: NDArray[Any], group: ArrayLike) -> NDArray[np.float64]:
        apart = np.broadcast_to(np.asarray(group, np.float64) * 4.0, (len(lat),))
        return np.column_stack([unit_vectors(lat, lon), apart])

    chord, rows = KDTree(points(among_lat, among_lon, among_group)).query(
        points(lat, lon, group), distance_upper_bound=2.5
    )
    found = rows < len(among_lat)
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(np.where(found, chord, 0) / 2, 0, 1))
    return np.where(found, rows, -1).astype(np.int64), np.where(found, km, np.inf)
