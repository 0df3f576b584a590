"""A transport chain as a file other companies' programs read: iLEAP data in PACT product footprints (version 2 data model).

    ShipmentFootprint   its elements (TCE): mass [kg], distance [km], transportActivity [t-km], co2eWTW and co2eTTW [kg]
    TOC, HOC            the intensities that the elements name [kg CO2e per t-km, per tonne leaving the hub]

    transportActivity = mass x distance / 1000      co2e = transportActivity x intensity, at a hub mass / 1000 x intensity

Each stands in a footprint of its own, as the specification asks, and all of them in one list under `data`. Numbers are decimal texts
with a point, worked out from one another as written, so that a reader who multiplies and adds finds the same digits. The distance
adjustment is in the intensities. A file appears whole or not at all (iLEAP technical specifications by Smart Freight Centre and SINE).
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from keruen.reports.export import to_json
from keruen.routing.emission_chain import (
    ACTUAL,
    ELECTRIC,
    HUB,
    ChainElement,
    EnergyShare,
    Intensity,
    TransportChain,
    UnknownEmissions,
)
from keruen.routing.result import PlaceRef, RouteResult
from keruen.tables.dataset import Dataset
from keruen.tables.whole_file import whole_file

PACT_VERSION = "2.0.0"
SCHEMAS = {
    "shipment": "https://api.ileap.sine.dev/shipment-footprint.json",
    "toc": "https://api.ileap.sine.dev/toc.json",
    "hoc": "https://api.ileap.sine.dev/hoc.json",
}
DOCUMENTATION = "https://sine-fdn.github.io/ileap-extension/"
LOGISTICS_CPC = "83117"
BOUNDARY = "Well to wheel emissions of transport and hub operations, arranged as ISO 14083:2023 asks; not verified."
MODE_NAMES = {
    "rail": "Rail",
    "road": "Road",
    "sea": "Sea",
    "ferry": "Sea",
    "air": "Air",
    "inland_waterway": "InlandWaterway",
}
SEA_HUBS = ("seaport", "ferry_port")
VALID_FOR = timedelta(days=365)
KM_STEP, KG_STEP, SIGNIFICANT_DIGITS = Decimal("0.001"), Decimal("0.000001"), 12

Json = dict[str, Any]


@dataclass(frozen=True)
class Reporter:
    """Who declares the footprint, what number the shipment has there, and when (UTC; now, if None)."""

    company: str = "Not stated (planned with Keruen)"
    company_id: str = "urn:pathfinder:company:customcode:vendor-assigned:not-stated"
    shipment_id: str = "planned"
    created: datetime | None = None


def write_ileap(document: Json, path: str | os.PathLike[str]) -> Path:
    """Write a document as JSON, whole or not at all. Raises UnknownOption if the path is a folder."""
    target = Path(path)
    with whole_file(target) as draft:
        draft.write_text(to_json(document), encoding="utf-8")
    return target


def ileap_document(data: Dataset, answer: RouteResult, chain: TransportChain, reporter: Reporter | None = None) -> Json:
    """The footprints of a chain: the shipment's first, then those of its categories. `answer` gives places and freight.

    Raises UnknownEmissions, naming every gap, if a figure the data model requires is not known.
    """
    gaps = (*chain.unknown, *(gap for element in chain.elements for gap in energy_gaps(element)))
    if gaps:
        raise UnknownEmissions(gaps)
    maker = FootprintMaker(data, answer, chain, reporter or Reporter())
    tces = [maker.tce(number) for number in range(1, len(chain.elements) + 1)]
    return {"data": [maker.shipment(tces), *maker.categories()]}


def energy_gaps(element: ChainElement) -> Iterable[str]:
    """What is not known of the energy carriers of an element, as sentences."""
    where = f"{element.mode} {element.start} - {element.end}"
    if not math.isclose(math.fsum(energy.share for energy in element.intensity.energy), 1.0, abs_tol=float(KG_STEP)):
        yield f"the energy carriers of {where}, or a part of them"
    for energy in element.intensity.energy:
        if energy.wtw_kg is None or energy.ttw_kg is None:
            yield f"the emission factors of {energy.carrier} for {where}"


@dataclass
class FootprintMaker:
    """One document in the making."""

    data: Dataset
    answer: RouteResult
    chain: TransportChain
    reporter: Reporter

    def __post_init__(self) -> None:
        self.created = (self.reporter.created or datetime.now(UTC)).astimezone(UTC)
        self.mass_kg = plain(decimal_of(self.chain.tonnes * 1000))

    # Elements

    def tce(self, number: int) -> Json:
        """Element `number` (from 1) of the chain."""
        element = self.chain.elements[number - 1]
        km = decimal_of(element.distance_km).quantize(KM_STEP)
        activity = Decimal(self.mass_kg) * km / 1000
        amount = Decimal(self.mass_kg) / 1000 if element.kind == HUB else activity
        wtw, ttw = intensities(element.intensity)
        found: Json = {
            "tceId": tce_id(number),
            "prevTceIds": [tce_id(number - 1)] if number > 1 else [],
            "hocId" if element.kind == HUB else "tocId": self.category_id(element),
            "shipmentId": self.reporter.shipment_id,
            "mass": self.mass_kg,
            "distance": {element.intensity.distance_basis or ACTUAL: plain(km)},
            "transportActivity": plain(activity),
            "co2eWTW": plain((amount * wtw).quantize(KG_STEP)),
            "co2eTTW": plain((amount * ttw).quantize(KG_STEP)),
        }
        if self.chain.teu:
            found |= {
                "packagingOrTrEqType": "Container-TEU",
                "packagingOrTrEqAmount": plain(decimal_of(self.chain.teu)),
            }
        for end, key in (("origin", element.start), ("destination", element.end)):
            place = location(self.answer.places.get(key))
            found |= {end: place} if place else {}
        return found

    def category_id(self, element: ChainElement) -> str:
        """Name of an element's category: the same for elements of one mode with the same intensities from the same rows."""
        intensity = element.intensity
        content = repr((element.mode, element.kind, intensities(intensity), intensity.rows, self.hub_modes(element)))
        countries = [stretch.country for stretch in element.stretches if stretch.country]
        name = "-".join(dict.fromkeys((element.mode.replace("_", "-"), *countries)))
        return f"{name}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    def hub_modes(self, element: ChainElement) -> tuple[str, str]:
        """Modes before and after a hub as the data model names them; empty where there is none, and for a run."""
        if element.kind != HUB:
            return "", ""
        at = next(i for i, other in enumerate(self.chain.elements) if other is element)
        before = [e.mode for e in self.chain.elements[:at] if e.kind != HUB]
        after = [e.mode for e in self.chain.elements[at + 1 :] if e.kind != HUB]
        return MODE_NAMES[before[-1]] if before else "", MODE_NAMES[after[0]] if after else ""

    # Categories

    def categories(self) -> list[Json]:
        """Footprints of the categories that the elements name, each once."""
        elements = {self.category_id(element): element for element in reversed(self.chain.elements)}
        return [self.hoc(key, e) if e.kind == HUB else self.toc(key, e) for key, e in reversed(elements.items())]

    def toc(self, key: str, element: ChainElement) -> Json:
        """The footprint of a transport operation category: one t-km."""
        intensity = element.intensity
        wtw, ttw = map(plain, intensities(intensity))
        optional = {"loadFactor": intensity.load_factor, "emptyDistanceFactor": intensity.empty_share}
        content: Json = {
            "tocId": key,
            "description": self.described(element),
            "mode": MODE_NAMES[element.mode],
            **{name: plain(decimal_of(value)) for name, value in optional.items() if value is not None},
            "energyCarriers": energy_carriers(intensity.energy),
            "co2eIntensityWTW": wtw,
            "co2eIntensityTTW": ttw,
            "transportActivityUnit": "tkm",
        }
        return self.footprint("toc", key, content, ("ton kilometer", "1", wtw), intensity.primary, intensity.all_rows)

    def hoc(self, key: str, element: ChainElement) -> Json:
        """The footprint of a hub operation category: one tonne leaving the hub."""
        intensity = element.intensity
        wtw, ttw = map(plain, intensities(intensity))
        inbound, outbound = self.hub_modes(element)
        modes = {"inboundTransportMode": inbound, "outboundTransportMode": outbound}
        content: Json = {
            "hocId": key,
            "description": self.described(element),
            "hubType": self.hub_type(element),
            **{name: mode for name, mode in modes.items() if mode},
            "energyCarriers": energy_carriers(intensity.energy),
            "co2eIntensityWTW": wtw,
            "co2eIntensityTTW": ttw,
            "hubActivityUnit": "tonnes",
        }
        return self.footprint("hoc", key, content, ("kilogram", "1000", wtw), intensity.primary, intensity.all_rows)

    def hub_type(self, element: ChainElement) -> str:
        """Type of a hub in the data model's words."""
        load = self.answer.shipment.get("load")
        if load == "liquid_bulk":
            return "LiquidBulkTerminal"
        by_sea = any(kind in SEA_HUBS for kind in element.hub_kinds)
        return "MaritimeContainerTerminal" if by_sea and self.chain.teu else "Transshipment"

    @staticmethod
    def described(element: ChainElement) -> str:
        """Words and rows behind an intensity."""
        intensity = element.intensity
        daf = f"; distance adjustment {intensity.daf:.4g} included" if intensity.daf != 1 else ""
        return f"{element.mode.replace('_', ' ')}: {intensity.name}{daf}; rows {', '.join(intensity.rows)}"

    # Footprints

    def shipment(self, tces: Sequence[Json]) -> Json:
        """The footprint of the shipment: totals of the elements as written."""
        content: Json = {"mass": self.mass_kg, "shipmentId": self.reporter.shipment_id, "tces": list(tces)}
        activity = plain(sum((Decimal(tce["transportActivity"]) for tce in tces), Decimal(0)))
        wtw = plain(sum((Decimal(tce["co2eWTW"]) for tce in tces), Decimal(0)))
        share = self.chain.primary_share_of_emissions or 0.0
        return self.footprint(
            "shipment", self.reporter.shipment_id, content, ("ton kilometer", activity, wtw), share, self.chain.rows
        )

    def footprint(
        self, kind: str, key: str, content: Json, figures: tuple[str, str, str], primary: float, rows: Sequence[str]
    ) -> Json:
        """A PACT footprint around an iLEAP object. figures: unit, amount, kg CO2e."""
        unit, amount, co2e = figures
        start, end = self.reference_period(rows)
        named = {"shipment": "Shipment", "toc": "Transport operation category", "hoc": "Hub operation category"}[kind]
        pcf: Json = {
            "declaredUnit": unit,
            "unitaryProductAmount": amount,
            "pCfExcludingBiogenic": co2e,
            "fossilGhgEmissions": co2e,
            "fossilCarbonContent": "0",
            "biogenicCarbonContent": "0",
            "characterizationFactors": "AR5",
            "ipccCharacterizationFactorsSources": ["AR5"],
            "crossSectoralStandardsUsed": ["GHG Protocol Product standard"],
            "productOrSectorSpecificRules": [],
            "boundaryProcessesDescription": BOUNDARY,
            "referencePeriodStart": stamp(start),
            "referencePeriodEnd": stamp(end),
            "secondaryEmissionFactorSources": self.factor_sources(rows),
            "exemptedEmissionsPercent": 0.0,
            "exemptedEmissionsDescription": "",
            "packagingEmissionsIncluded": False,
            "primaryDataShare": round(100.0 * float(primary), 4),
        }
        valid_from = max(self.created, end)
        found: Json = {
            "specVersion": PACT_VERSION,
            "version": 0,
            "created": stamp(self.created),
            "status": "Active",
            "validityPeriodStart": stamp(valid_from),
            "validityPeriodEnd": stamp(valid_from + VALID_FOR),
            "companyName": self.reporter.company,
            "companyIds": [self.reporter.company_id],
            "productDescription": f"{named} {key}",
            "productIds": [f"urn:pathfinder:product:customcode:vendor-assigned:{kind}:{key}"],
            "productCategoryCpc": LOGISTICS_CPC,
            "productNameCompany": f"{named} {key}",
            "comment": " ".join(("A planning estimate by Keruen.", *(f"Note: {text}." for text in self.chain.remarks)))
            if kind == "shipment"
            else "",
            "pcf": pcf,
            "extensions": [
                {
                    "specVersion": PACT_VERSION,
                    "dataSchema": SCHEMAS[kind],
                    "documentation": DOCUMENTATION,
                    "data": content,
                }
            ],
        }
        return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(found, sort_keys=True))), **found}

    def reference_period(self, rows: Iterable[str]) -> tuple[datetime, datetime]:
        """From the first to the last year that the factors describe; the year of making where no row says."""
        texts = [
            row.text(column)
            for row in map(self.data.find_row, rows)
            if row is not None
            for column in ("reference_year", "grid_year")
            if column in row.table.schema
        ]
        years = [int(text[:4]) for text in texts if text[:4].isdigit()] or [self.created.year]
        return datetime(min(years), 1, 1, tzinfo=UTC), datetime(max(years) + 1, 1, 1, tzinfo=UTC)

    def factor_sources(self, rows: Iterable[str]) -> list[Json]:
        """Sources of the factors, each once, with their dates for versions; of a country, what its current emits."""
        found: dict[str, str] = {}
        for row in map(self.data.find_row, rows):
            if row is None:
                continue
            if row.table.name == "countries":
                found[f"Carbon intensity of electricity, {row.text('name')}"] = row.text("grid_year") or "undated"
                continue
            for source in map(self.data["sources"].find, row.sources()):
                if source is not None:
                    found[source.text("title")] = source.text("date") or "undated"
        return [{"name": name, "version": version} for name, version in found.items()]


def tce_id(number: int) -> str:
    """Id of an element by its place in the chain."""
    return f"tce-{number}"


def intensities(intensity: Intensity) -> tuple[Decimal, Decimal]:
    """WTW and TTW with as many digits as are written."""
    assert intensity.wtw_kg is not None and intensity.ttw_kg is not None
    return decimal_of(intensity.wtw_kg), decimal_of(intensity.ttw_kg)


def energy_carriers(energy: Sequence[EnergyShare]) -> list[Json]:
    """Energy carriers of a category; the shares as written add up to one."""
    shares = [decimal_of(part.share).quantize(KG_STEP) for part in energy]
    shares[-1] = 1 - sum(shares[:-1], Decimal(0))
    return [
        {
            "energyCarrier": part.carrier.replace("_", " "),
            "relativeShare": plain(share),
            **({"feedstocks": [{"feedstock": "Grid", "feedstockShare": "1"}]} if part.carrier == ELECTRIC else {}),
            "energyConsumptionUnit": part.unit,
            "emissionFactorWTW": plain(decimal_of(part.wtw_kg or 0.0)),
            "emissionFactorTTW": plain(decimal_of(part.ttw_kg or 0.0)),
        }
        for part, share in zip(energy, shares, strict=True)
        if share > 0
    ]


def location(place: PlaceRef | None) -> Json | None:
    """A place, None if its name or country is not known. Codes are left out: some of ours only look like UN/LOCODEs."""
    if place is None or not place.name or not place.country:
        return None
    return {
        "city": place.name,
        "country": place.country,
        "lat": plain(decimal_of(place.lat).quantize(KG_STEP)),
        "lng": plain(decimal_of(place.lon).quantize(KG_STEP)),
    }


def decimal_of(value: float) -> Decimal:
    """A number with the digits that mean something, without the noise of binary fractions."""
    return Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")


def plain(value: Decimal) -> str:
    """A decimal as text: a point, no exponent, no idle zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def stamp(moment: datetime) -> str:
    """A moment in ISO 8601, UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
