"""Reading what a file says of its operation categories: TOC and HOC with their modes, units, energy carriers and intensities.

    WTW >= TTW >= 0        the shares of the energy carriers add up to 1        load factor in (0, 1]

Words are those of the iLEAP technical specifications (Smart Freight Centre, SINE), chapter on the data model; lists that it says will
grow make a warning of a word that is not in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from keruen.routing.footprint_reading import Reader, figure, shown, step

SHARE_ROUNDING = Decimal("0.000001")
COUNTRY = re.compile(r"[A-Z]{2}\Z")

MODES = ("Road", "Rail", "Air", "Sea", "InlandWaterway")
HUB_TYPES = ("Transshipment", "StorageAndTransshipment", "Warehouse", "LiquidBulkTerminal", "MaritimeContainerTerminal")
CARRIERS = (
    "Diesel", "HVO", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel", "Hydrogen", "Methanol", "Electric",
)  # fmt: skip
ENERGY_UNITS = ("l", "kg", "kWh", "MJ")
CERTIFICATIONS = ("ISO14083:2023", "GLECv2", "GLECv3", "GLECv3.1")
TEMPERATURES = ("ambient", "refrigerated", "mixed")


@dataclass
class Category:
    """A TOC or HOC of the file: kg CO2e per unit of activity; None where it could not be read."""

    kind: str
    unit: str
    wtw: Decimal | None
    ttw: Decimal | None


@dataclass
class CategoryReader(Reader):
    """Reads categories, and the kinds of value that elements share with them."""

    categories: dict[tuple[str, str], Category] = field(default_factory=dict)

    def scopes(
        self, owner: dict[str, Any], wtw_key: str, ttw_key: str, pointer: str
    ) -> tuple[Decimal | None, Decimal | None]:
        """Well to wheel and tank to wheel, the first at least the second."""
        wtw, ttw = (self.decimal(owner, key, pointer) for key in (wtw_key, ttw_key))
        if wtw is not None and ttw is not None and wtw < ttw:
            self.report(
                step(pointer, ttw_key),
                f"{ttw_key} {figure(ttw)} is more than {wtw_key} {figure(wtw)}, of which it is a part",
            )
        return wtw, ttw

    def category(self, kind: str, item: dict[str, Any], pointer: str) -> Category | None:
        """A TOC or HOC."""
        key = self.text(item, f"{kind}Id", pointer)
        unit_key, units = (
            ("transportActivityUnit", ("tkm", "TEUkm")) if kind == "toc" else ("hubActivityUnit", ("tonnes", "TEU"))
        )
        unit = self.one_of(item, unit_key, units, pointer, required=True, growing=True)
        if unit is None and "co2eIntensityThroughput" in item:
            self.report(step(pointer, "co2eIntensityThroughput"), f"this is called {unit_key} now")
        wtw, ttw = self.scopes(item, "co2eIntensityWTW", "co2eIntensityTTW", pointer)
        if kind == "toc":
            mode = self.one_of(item, "mode", MODES, pointer, required=True)
            self.share(item, "loadFactor", pointer, zero=False, one=True)
            self.share(item, "emptyDistanceFactor", pointer, zero=True, one=False)
            for name, home in (("truckLoadingSequence", "Road"), ("airShippingOption", "Air"), ("flightLength", "Air")):
                if name in item and mode is not None and mode != home:
                    self.report(step(pointer, name), f"{name} is for {home} alone, and this is {shown(mode)}")
            if unit == "TEUkm" and mode in ("Road", "Rail", "Air"):
                self.report(
                    step(pointer, unit_key), f"TEUkm is for sea and inland waterways, and this is {shown(mode)}"
                )
            if wtw is not None and wtw > 20:
                self.warn(
                    step(pointer, "co2eIntensityWTW"),
                    f"{figure(wtw)} kg per {unit or 't-km'} is far beyond any vehicle: grams?",
                )
        else:
            self.one_of(item, "hubType", HUB_TYPES, pointer, required=True)
            for name in ("inboundTransportMode", "outboundTransportMode"):
                self.one_of(item, name, MODES, pointer)
            if "hubLocation" in item:
                self.location(item["hubLocation"], step(pointer, "hubLocation"))
        self.one_of(item, "temperatureControl", TEMPERATURES, pointer)
        self.certifications(item, pointer)
        self.energy(item, pointer)
        if key is None:
            return None
        found = Category(kind, unit or "", wtw, ttw)
        if (kind, key) in self.categories:
            self.report(
                step(pointer, f"{kind}Id"), f"{kind}Id {shown(key)} is taken by another {kind.upper()} of this file"
            )
        return self.categories.setdefault((kind, key), found) and found

    def certifications(self, item: dict[str, Any], pointer: str) -> None:
        """Certifications of the method: a list without repeats of known names."""
        value = item.get("certifications")
        if "certifications" not in item:
            return
        here = step(pointer, "certifications")
        if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
            self.report(here, "certifications must be a list of texts, at least one")
        elif len(set(value)) < len(value):
            self.report(here, "certifications has a name twice")
        else:
            for name in value:
                if name not in CERTIFICATIONS:
                    self.warn(here, f"{shown(name)} is none of {', '.join(CERTIFICATIONS)}")

    def energy(self, item: dict[str, Any], pointer: str) -> None:
        """Energy carriers, whose shares of the activity add up to one."""
        shares: list[Decimal | None] = []
        for here, carrier in self.objects(item, "energyCarriers", pointer):
            self.one_of(carrier, "energyCarrier", CARRIERS, here, required=True, growing=True)
            shares.append(self.decimal(carrier, "relativeShare", here))
            self.scopes(carrier, "emissionFactorWTW", "emissionFactorTTW", here)
            self.one_of(
                carrier,
                "energyConsumptionUnit",
                ENERGY_UNITS,
                here,
                required="energyConsumption" in carrier,
                growing=True,
            )
            self.decimal(carrier, "energyConsumption", here, required=False)
            if "feedstocks" in carrier:
                stocks = [
                    self.decimal(stock, "feedstockShare", place, required=False)
                    for place, stock in self.objects(carrier, "feedstocks", here)
                ]
                if sum((share for share in stocks if share is not None), Decimal(0)) > 1 + SHARE_ROUNDING:
                    self.report(step(here, "feedstocks"), "the shares of the feedstocks add up to more than 1")
        whole = total(shares) if shares else None
        if whole is not None and abs(whole - 1) > SHARE_ROUNDING:
            self.report(step(pointer, "energyCarriers"), f"the relative shares add up to {figure(whole)}, not to 1")

    def location(self, place: object, pointer: str) -> None:
        """A location: city, country, coordinates on the globe."""
        if not isinstance(place, dict):
            self.report(pointer, f"a location must be an object, not {shown(place)}")
            return
        self.text(place, "city", pointer)
        country = self.text(place, "country", pointer)
        if country is not None and not COUNTRY.match(country):
            self.report(step(pointer, "country"), f"country must be two letters of ISO 3166, not {shown(country)}")
        for name, greatest in (("lat", 90), ("lng", 180)):
            value = self.decimal(place, name, pointer, required=False, negative=True)
            if value is not None and abs(value) > greatest:
                self.report(step(pointer, name), f"{name} {figure(value)} is not on the globe")
        if ("lat" in place) != ("lng" in place):
            self.report(pointer, "lat and lng come together")


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None if one is not known."""
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(found) else None
