"""What must hold of the airports: the right one for a city, hubs joined to all, flights along the great circle."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import keruen
from keruen.errors import BadTable
from keruen.network.air import Airports, AirReport, City, airports, is_wanted, read_cities
from keruen.network.sphere import distance_km

DATA = Path(keruen.__file__).parent / "data"


def cargo() -> list[dict[str, str]]:
    with (DATA / "cargo_airports.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def built() -> tuple[Airports, AirReport]:
    return airports(read_cities(), cargo())


def test_hubs_are_where_freight_flies() -> None:
    air, report = built()
    hubs = set(air.iata[air.is_hub].tolist())
    assert {
        "HKG",
        "PVG",
        "FRA",
        "LUX",
        "LGG",
        "LEJ",
        "MEM",
        "ANC",
        "SDF",
        "ALA",
        "NQZ",
        "HAN",
        "SGN",
        "LHR",
        "SVO",
    } <= hubs
    assert report.hubs == len(hubs)
    assert report.flights <= 60_000


@pytest.mark.parametrize(
    ("lat", "lon", "country", "iata"),
    [
        (31.22, 121.46, "CN", "PVG"),
        (55.75, 37.62, "RU", "SVO"),
        (51.51, -0.13, "GB", "LHR"),
        (37.57, 126.98, "KR", "ICN"),
        (35.70, 51.42, "IR", "IKA"),
        (52.52, 13.41, "DE", "BER"),
        (41.01, 28.95, "TR", "IST"),
        (35.15, 136.91, "JP", "NGO"),
        (42.87, 74.59, "KG", None),
        (38.54, 68.78, "TJ", "DYU"),
        (37.95, 58.38, "TM", "ASB"),
    ],
)
def test_a_city_has_its_freight_airport(lat: float, lon: float, country: str, iata: str | None) -> None:
    """Of the chosen airports within 80 km of the city the one of freight is there."""
    air, _ = built()
    near = (distance_km(air.lat, air.lon, lat, lon) <= 80) & (air.country == country)
    assert near.any()
    assert iata is None or iata in air.iata[near]


def test_every_airport_flies_to_every_hub_that_is_far_enough_and_back() -> None:
    """Not between Cologne and Dusseldorf, 54 km apart: that is driven."""
    air, _ = built()
    flown = set(zip(air.u.tolist(), air.v.tolist(), strict=True))
    assert len(flown) == len(air.u) and all((v, u) in flown for u, v in flown)
    for hub in np.flatnonzero(air.is_hub).tolist():
        km = distance_km(air.lat, air.lon, air.lat[hub], air.lon[hub])
        assert {v for u, v in flown if u == hub} == set(np.flatnonzero(km >= 500).tolist())
    assert (air.is_hub[air.u] | air.is_hub[air.v]).all()
    assert np.allclose(air.km, distance_km(air.lat[air.u], air.lon[air.u], air.lat[air.v], air.lon[air.v]))
    assert air.km.min() >= 500 and air.km.max() < 20_050


def test_an_airport_does_not_take_the_code_of_a_port_elsewhere() -> None:
    """DSN is Ordos in Inner Mongolia; CNDSN is the port of Dongshan, 1,900 km away. Dubai's port and airport are one place."""
    ports = {"CNDSN": (23.7, 117.4), "AEDXB": (25.27, 55.29)}
    air, _ = airports(read_cities(), cargo(), ports=ports)
    code = dict(zip(air.iata.tolist(), air.code.tolist(), strict=True))
    assert code["DSN"] == "CNDSNAPT"
    assert code["DXB"] == "AEDXB"


def test_codes_are_those_of_the_places() -> None:
    """A place of kind airport gives its code; a code that is a city's gets APT; the rest is country and IATA code."""
    places = [
        {"place": "KGMAN", "kind": ("airport",), "aliases": ("BSZ", "FRU", "UCFM")},
        {"place": "VNPQC", "kind": ("airport", "city"), "aliases": ()},
        {"place": "DEHAM", "kind": ("seaport", "city"), "aliases": ("HAM",)},
        {"place": "MXMEX", "kind": ("city",), "aliases": ()},
        {"place": "MXMEXAPT", "kind": ("airport",), "aliases": ("NLU", "MMSM")},
    ]
    air, _ = airports(read_cities(), cargo(), places)
    code = dict(zip(air.iata.tolist(), air.code.tolist(), strict=True))
    assert code["PQC"] == "VNPQC" and code["HAM"] == "DEHAMAPT" and code["LHR"] == "GBLHR"
    assert code["NLU"] == "MXMEXAPT" and code["MEX"] == "MXMEXAIR"
    assert "KGMAN" in code.values()
    assert len(set(code.values())) == len(code)
    assert (air.iata[:-1] < air.iata[1:]).all()


def test_almaty_to_hanoi_is_as_long_as_the_great_circle() -> None:
    """3,900 km or so: six to seven hours (air services A004, A005)."""
    air, _ = built()
    a, b = (int(np.flatnonzero(air.iata == iata)[0]) for iata in ("ALA", "HAN"))
    km = air.km[(air.u == a) & (air.v == b)]
    assert len(km) == 1 and 3_500 < km[0] < 4_300


def test_an_airport_of_the_places_table_is_chosen() -> None:
    place = {"place": "VNDADAPT", "kind": ("airport",), "aliases": ("DAD", "VVDN")}
    air, _ = airports([], [], [place, {"place": "VNHPH", "kind": ("seaport",), "aliases": ("HPH",)}])
    assert air.iata.tolist() == ["DAD"] and air.code.tolist() == ["VNDADAPT"]


def test_a_wrong_code_is_named() -> None:
    with pytest.raises(BadTable, match="QQQ"):
        airports([], [{"iata": "QQQ", "role": "hub"}])


def test_the_rule() -> None:
    assert is_wanted(City("Aktobe", "KZ", 50.28, 57.17, 500_000))
    assert not is_wanted(City("Bonn", "DE", 50.73, 7.10, 330_000))
    assert is_wanted(City("Vaduz", "LI", 47.14, 9.52, 5_000, is_capital=True))
