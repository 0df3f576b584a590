"""Terminal sites: the points where a load can rest and change vehicle.

Four kinds of evidence give sites: the places table (ports, terminals, dry ports, yards, by name), the ports of the sea-lane package,
the airports, and cities of 100,000 people with a railway, each of which is taken to have a freight terminal (assumed). A place of the
table stands for every package point within 25 km that serves the same layer, so that Poti is one port and not three. Boxes are handled
at the terminals of the table; at another one only where no port of the table lies within 200 km, no rail terminal within 100 km (assumed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.sphere import distance_km

SAME_SITE_KM = 25.0
BOX_PORT_KM = 200.0
BOX_RAIL_KM = 100.0
SEA_KINDS = frozenset({"seaport", "ferry_port"})
LAND_KINDS = (
    frozenset({"rail_terminal", "dry_port", "inland_port", "gauge_yard", "border", "rail_node", "city"}) | SEA_KINDS
)


@dataclass(frozen=True)
class Site:
    """A terminal: code, names, country (ISO 2), coordinates in degrees, type, the layers it joins and the gauges at its platform.

    `gauges_mm` empty means whatever railway is nearest. `container` is whether ships and trains with boxes are handled.
    """

    code: str
    name: str
    name_ru: str
    country: str
    lat: float
    lon: float
    type: str
    sea: bool = False
    rail: bool = False
    air: bool = False
    container: bool = False
    gauges_mm: tuple[int, ...] = ()
    curated: bool = False


def site_of_place(
    code: str,
    name: str,
    name_ru: str,
    country: str,
    lat: float,
    lon: float,
    kinds: Iterable[str],
    gauges_mm: tuple[int, ...],
) -> Site | None:
    """The site of a row of the places table; None for straits and other points where nothing is handled."""
    known = set(kinds)
    if not known & (LAND_KINDS | {"airport"}):
        return None
    return Site(
        code, name, name_ru, country, lat, lon, terminal_type(known),
        sea="seaport" in known,
        rail=bool(known & LAND_KINDS),
        air="airport" in known,
        container=True,
        gauges_mm=gauges_mm,
        curated=True,
    )  # fmt: skip


def terminal_type(kinds: set[str]) -> str:
    """The kind that decides what handling takes: the row of the handling table."""
    for kind in ("seaport", "ferry_port", "dry_port", "gauge_yard", "inland_port", "airport"):
        if kind in kinds:
            return kind
    return "rail_terminal"


def merge_sites(curated: list[Site], offered: Iterable[Site]) -> list[Site]:
    """Curated sites plus the offered ones that none of them stands for; an offered port may give a curated one its liner calls."""
    sites = list(curated)
    by_code = {site.code: row for row, site in enumerate(sites)}
    lat = np.array([site.lat for site in sites])
    lon = np.array([site.lon for site in sites])
    known = BoxTerminals.of(curated)
    for site in offered:
        if site.code in by_code:
            row = by_code[site.code]
            sites[row] = joined(sites[row], site, boxes=site.container and not known.near(site))
        elif not stands_for(sites[: len(lat)], lat, lon, site):
            by_code[site.code] = len(sites)
            sites.append(replace(site, container=site.container and not known.near(site)))
    return sites


def joined(known: Site, offered: Site, *, boxes: bool) -> Site:
    """A site with what another source says of the same code, such as the railway of a city whose airport was offered first.

    What the table says of railways and boxes at its own places stands. A city that its airport stood for lies where the city does.
    """
    both = replace(known, air=known.air or offered.air)
    if known.curated:
        return both
    if known.air and not known.sea and offered.rail:
        both = replace(both, lat=offered.lat, lon=offered.lon, type=offered.type)
    return replace(both, rail=known.rail or offered.rail, container=known.container or boxes)


@dataclass(frozen=True)
class BoxTerminals:
    """Coordinates of the ports and of the rail terminals of the table, degrees."""

    ports: NDArray[np.float64]
    rails: NDArray[np.float64]

    @classmethod
    def of(cls, sites: list[Site]) -> BoxTerminals:
        """The ports and rail terminals among some sites, float64[k, 2] each."""
        return cls(
            np.array([(site.lat, site.lon) for site in sites if site.sea]).reshape(-1, 2),
            np.array([(site.lat, site.lon) for site in sites if site.rail]).reshape(-1, 2),
        )

    def near(self, site: Site) -> bool:
        """Whether one of them that handles boxes in the same way as a site lies within reach of it."""
        points, reach_km = (self.ports, BOX_PORT_KM) if site.sea else (self.rails, BOX_RAIL_KM)
        return bool(len(points)) and bool(
            np.any(distance_km(points[:, 0], points[:, 1], site.lat, site.lon) < reach_km)
        )


def stands_for(curated: list[Site], lat: NDArray[np.float64], lon: NDArray[np.float64], site: Site) -> bool:
    """Whether a curated site nearby already joins the layers that an offered one would."""
    if not len(lat):
        return False
    near = np.flatnonzero(distance_km(lat, lon, site.lat, site.lon) < SAME_SITE_KM)
    return any(
        (curated[row].sea or not site.sea)
        and (curated[row].air or not site.air)
        and (curated[row].rail or not site.rail)
        for row in near
    )
