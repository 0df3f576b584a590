"""Whether a file of transport emissions adds up: iLEAP shipment footprints with or without their PACT envelopes (see reports/ileap.py).

    transportActivity = mass x distance / 1000     [t-km]     0 at a hub
    co2e              = activity x intensity       [kg]       at a hub mass / 1000 x intensity; where the category is in the file
    footprint         = sum of its elements                   activity and WTW
    WTW >= TTW >= 0                                           making the fuel is never less than nothing

Every problem is reported with a JSON pointer (RFC 6901) to where it is, however bad the file: wrong numbers are read as far as they can
be (a decimal comma, a number that should be a text), so that one slip does not hide the next. An error is against the specification or
against arithmetic; a warning is unusual or against its advice. Nothing in a file is trusted: size, depth, count of digits are bounded.

The comparison allows for rounding: one part in 2,000, or half a unit of the last digit written (5 % at most). Specification: iLEAP
technical specifications (Smart Freight Centre, SINE), chapters on the data model and on the mapping to PACT; PACT data exchange protocol 2.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from keruen.errors import UnknownOption
from keruen.routing.emission_categories import CategoryReader, total
from keruen.routing.footprint_reading import (
    ERROR,
    ROUNDING,
    EmissionProblem,
    bounded,
    close,
    figure,
    no_number,
    once,
    read_decimal,
    shown,
    step,
)
from keruen.tables.words import said

MOST_BYTES = 25_000_000  # as numbers alone they take 60 times as much memory
INCOTERMS = ("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")
EQUIPMENT = ("Box", "Pallet", "Container-TEU", "Container-FEU", "Container")
LOGISTICS_CPC = "83117"
KINDS = {"shipment-footprint.json": "shipment", "toc.json": "toc", "hoc.json": "hoc"}


@dataclass(frozen=True)
class EmissionCheck:
    """What a check found: problems (arithmetic after all else), and how much was read. `left_off`: problems beyond the most reported."""

    problems: tuple[EmissionProblem, ...]
    footprints: int = 0
    elements: int = 0
    categories: int = 0
    left_off: int = 0

    @property
    def passed(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return all(problem.severity != ERROR for problem in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "passed": self.passed,
            "footprints": self.footprints,
            "elements": self.elements,
            "categories": self.categories,
            "problems": [problem.to_dict() for problem in self.problems],
            "left_off": self.left_off,
        }


def check_emission_file(path: str | os.PathLike[str]) -> EmissionCheck:
    """Check a file. Raises UnknownOption if there is none to read; whatever is in it becomes problems."""
    source = Path(path)
    try:
        with source.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # a device or a file that grows says nothing of its size before
    except OSError as error:
        raise UnknownOption(said("err_not_read", source=source, reason=error.strerror or error)) from error
    return check_emissions(content)


def check_emissions(content: bytes | str) -> EmissionCheck:
    """Check the text of a file: a footprint, a list of them, {"data": [...]}, or a bare ShipmentFootprint, TOC or HOC."""
    if len(content) > MOST_BYTES:
        return failed(f"the text is more than {MOST_BYTES:,} bytes; split it by shipment")
    doubled: list[str] = []
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        document = json.loads(
            text, parse_int=bounded, parse_float=bounded, parse_constant=no_number,
            object_pairs_hook=lambda pairs: once(pairs, doubled),
        )  # fmt: skip
    except UnicodeDecodeError as error:
        return failed(f"the file is not UTF-8 text (byte {error.start})")
    except RecursionError:
        return failed("the JSON is nested too deeply to be a footprint")
    except json.JSONDecodeError as error:
        return failed(f"this is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except ValueError as error:
        return failed(f"this is not JSON: {str(error)[:200]}")
    checker = Checker()
    for key in dict.fromkeys(doubled):
        checker.report("", f"an object has the key {shown(key)} twice; only the last is read")
    checker.document(document)
    return checker.result()


def failed(message: str) -> EmissionCheck:
    """The result for a file that cannot be looked into."""
    return EmissionCheck((EmissionProblem("", message),))


@dataclass
class Element:
    """A TCE of a footprint, as far as it could be read."""

    pointer: str
    key: str
    before: tuple[str, ...] | None
    activity: Decimal | None
    wtw: Decimal | None


@dataclass
class Checker(CategoryReader):
    """A check in the making."""

    footprints: int = 0
    elements: int = 0
    ids: set[str] = field(default_factory=set)
    later: list[Callable[[], None]] = field(default_factory=list)

    def result(self) -> EmissionCheck:
        """What was found."""
        return EmissionCheck(tuple(self.problems), self.footprints, self.elements, len(self.categories), self.left_off)

    # Documents

    def document(self, document: object) -> None:
        """A whole file, then what had to wait until all categories were known."""
        items = document.get("data") if isinstance(document, dict) and "data" in document else document
        base = "/data" if items is not document else ""
        if isinstance(items, dict):
            self.item(items, base)
        elif isinstance(items, list) and items:
            for i, item in enumerate(items):
                if isinstance(item, dict):
                    self.item(item, step(base, i))
                else:
                    self.report(step(base, i), f"a footprint must be an object, not {shown(item)}")
        else:
            self.report(base, f"there is no footprint here, but {'an empty list' if items == [] else shown(items)}")
        for check in self.later:
            check()

    def item(self, item: dict[str, Any], pointer: str) -> None:
        """A footprint, or one of the iLEAP objects alone."""
        if "pcf" in item or "extensions" in item:
            self.footprint(item, pointer)
        elif "tces" in item:
            self.shipment(item, pointer)
        elif "tceId" in item:
            self.element(item, pointer, None)
        elif "tocId" in item or "hocId" in item:
            self.category("toc" if "tocId" in item else "hoc", item, pointer)
        else:
            self.report(pointer, "this is no footprint: it has neither pcf and extensions nor tces, tocId or hocId")

    def footprint(self, item: dict[str, Any], pointer: str) -> None:
        """A PACT footprint with what it carries."""
        self.footprints += 1
        self.envelope(item, pointer)
        carried: list[tuple[str, Decimal | None, Decimal | None, str]] = []
        for here, extension in self.objects(item, "extensions", pointer):
            self.text(extension, "specVersion", here)
            schema, content = self.text(extension, "dataSchema", here), extension.get("data")
            kind = KINDS.get((schema or "").rpartition("/")[2])
            inside = step(here, "data")
            if kind is None:
                if schema is not None:
                    self.warn(
                        step(here, "dataSchema"), f"{shown(schema)} is no schema of iLEAP; its data is not checked"
                    )
            elif not isinstance(content, dict):
                self.report(inside if "data" in extension else here, f"data must be an object, not {shown(content)}")
            elif kind == "shipment":
                activity, wtw = self.shipment(content, inside)
                carried.append((kind, activity, wtw, str(content.get("shipmentId"))))
            else:
                found = self.category(kind, content, inside)
                amount = Decimal(1) if kind == "toc" else Decimal(1000)
                carried.append((kind, amount, found.wtw if found else None, str(content.get(f"{kind}Id"))))
        if len(carried) > 1:
            self.report(step(pointer, "extensions"), "a footprint must not carry more than one iLEAP object")
        pcf = item.get("pcf")
        if not isinstance(pcf, dict):
            self.report(
                pointer if "pcf" not in item else step(pointer, "pcf"), f"pcf must be an object, not {shown(pcf)}"
            )
        else:
            self.carbon(pcf, step(pointer, "pcf"), carried[0] if len(carried) == 1 else None)
        if carried and isinstance(item.get("productIds"), list):
            ending = f":{carried[0][0]}:{carried[0][3]}"
            if not any(isinstance(key, str) and key.endswith(ending) for key in item["productIds"]):
                self.warn(
                    step(pointer, "productIds"),
                    f"none of the productIds ends with {shown(ending)}, as the mapping to PACT asks",
                )

    def envelope(self, item: dict[str, Any], pointer: str) -> None:
        """Who declares the footprint, of what, and for when."""
        key = self.text(item, "id", pointer)
        if key is not None:
            if not is_uuid(key):
                self.report(step(pointer, "id"), f"id {shown(key)} is no UUID")
            if key in self.ids:
                self.report(step(pointer, "id"), f"id {shown(key)} is taken by another footprint of this file")
            self.ids.add(key)
        for name in ("specVersion", "companyName", "productDescription", "productNameCompany"):
            self.text(item, name, pointer)
        version = item.get("version")
        if not isinstance(version, Decimal) or version < 0 or version != version.to_integral_value():
            self.report(
                pointer if "version" not in item else step(pointer, "version"), "version must be a whole number from 0"
            )
        self.moment(item, "created", pointer, required=True)
        self.one_of(item, "status", ("Active", "Deprecated"), pointer, required=True)
        for name in ("companyIds", "productIds"):
            value = item.get(name)
            if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
                self.report(
                    pointer if name not in item else step(pointer, name),
                    f"{name} must be a list of texts, at least one",
                )
        cpc = self.text(item, "productCategoryCpc", pointer)
        if cpc is not None and cpc != LOGISTICS_CPC:
            self.report(
                step(pointer, "productCategoryCpc"), f"logistics has the category {LOGISTICS_CPC}, not {shown(cpc)}"
            )
        self.period(item, "validityPeriodStart", "validityPeriodEnd", pointer, required=False)

    def period(self, owner: dict[str, Any], start: str, end: str, pointer: str, *, required: bool) -> None:
        """Two moments in order."""
        first, last = (self.moment(owner, key, pointer, required=required) for key in (start, end))
        if first is not None and last is not None and first > last:
            self.report(step(pointer, end), f"{end} lies before {start}")

    def carbon(
        self, pcf: dict[str, Any], pointer: str, carried: tuple[str, Decimal | None, Decimal | None, str] | None
    ) -> None:
        """The carbon footprint: units, and totals beside what they are totals of."""
        amount = self.decimal(pcf, "unitaryProductAmount", pointer)
        total = self.decimal(pcf, "pCfExcludingBiogenic", pointer)
        fossil = self.decimal(pcf, "fossilGhgEmissions", pointer)
        for name in ("fossilCarbonContent", "biogenicCarbonContent"):
            self.decimal(pcf, name, pointer, required=False)
        for name, greatest in (("primaryDataShare", 100), ("exemptedEmissionsPercent", 100)):
            value = pcf.get(name)
            if name in pcf and not (isinstance(value, Decimal) and 0 <= value <= greatest):
                self.report(step(pointer, name), f"{name} must be a number from 0 to {greatest}, not {shown(value)}")
        if pcf.get("packagingEmissionsIncluded", False) is not False:
            self.warn(step(pointer, "packagingEmissionsIncluded"), "the mapping to PACT asks for false")
        self.period(pcf, "referencePeriodStart", "referencePeriodEnd", pointer, required=True)
        unit = self.text(pcf, "declaredUnit", pointer)
        if carried is None:
            return
        kind, activity, wtw, _ = carried
        wanted = "kilogram" if kind == "hoc" else "ton kilometer"
        if unit is not None and unit != wanted:
            self.report(
                step(pointer, "declaredUnit"),
                f"declaredUnit of this footprint must be {shown(wanted)}, not {shown(unit)}",
            )
        of_what = {"shipment": "the sum over its elements", "toc": "that of its TOC", "hoc": "that of its HOC"}[kind]
        for name, value, expected in (
            ("unitaryProductAmount", amount, activity), ("pCfExcludingBiogenic", total, wtw), ("fossilGhgEmissions", fossil, wtw),
        ):  # fmt: skip
            if value is not None and expected is not None and not close(value, expected):
                self.report(step(pointer, name), f"{name} is {figure(value)}, {of_what} is {figure(expected)}")

    # Shipments

    def shipment(self, item: dict[str, Any], pointer: str) -> tuple[Decimal | None, Decimal | None]:
        """A ShipmentFootprint; its t-km and kg CO2e well to wheel, None if an element's cannot be read."""
        mass = self.positive(item, "mass", pointer)
        self.decimal(item, "volume", pointer, required=False)
        self.text(item, "shipmentId", pointer)
        elements = [self.element(tce, here, (item, mass)) for here, tce in self.objects(item, "tces", pointer)]
        self.links(elements, step(pointer, "tces"))
        tces = item.get("tces")
        if not elements or not isinstance(tces, list) or len(elements) < len(tces):
            return None, None
        return total(e.activity for e in elements), total(e.wtw for e in elements)

    def element(
        self, tce: dict[str, Any], pointer: str, parent: tuple[dict[str, Any], Decimal | None] | None
    ) -> Element:
        """A transport chain element."""
        self.elements += 1
        key = self.text(tce, "tceId", pointer) or ""
        shipment = self.text(tce, "shipmentId", pointer)
        mass = self.positive(tce, "mass", pointer)
        if parent is not None:
            whole = parent[0].get("shipmentId")
            if shipment is not None and isinstance(whole, str) and shipment != whole:
                self.report(
                    step(pointer, "shipmentId"),
                    f"shipmentId {shown(shipment)} is not that of the shipment, {shown(whole)}",
                )
            if mass is not None and parent[1] is not None and mass > parent[1] * (1 + ROUNDING):
                self.report(
                    step(pointer, "mass"), f"mass is {figure(mass)} kg, more than the shipment's {figure(parent[1])} kg"
                )
        hub = "hocId" in tce
        if ("tocId" in tce) == hub:
            self.report(pointer, "an element must have either tocId or hocId" + (", not both" if hub else ""))
        category = self.text(tce, "hocId" if hub else "tocId", pointer, required=False)
        activity = self.decimal(tce, "transportActivity", pointer)
        emitted = self.scopes(tce, "co2eWTW", "co2eTTW", pointer)
        for name in ("noxTTW", "soxTTW", "ch4TTW", "pmTTW"):
            self.decimal(tce, name, pointer, required=False)
        self.activity(tce, pointer, hub, mass, activity)
        self.one_of(tce, "packagingOrTrEqType", EQUIPMENT, pointer, growing=True)
        self.one_of(tce, "incoterms", INCOTERMS, pointer)
        self.period(tce, "departureAt", "arrivalAt", pointer, required=False)
        for name in ("origin", "destination"):
            if name in tce:
                self.location(tce[name], step(pointer, name))
        if category is not None:
            self.later.append(
                lambda: self.by_intensity(tce, pointer, ("hoc" if hub else "toc", category), mass, activity, emitted)
            )
        return Element(pointer, key, self.before(tce, pointer), activity, emitted[0])

    def before(self, tce: dict[str, Any], pointer: str) -> tuple[str, ...] | None:
        """Ids of the elements just before this one; None where the file does not say."""
        value = tce.get("prevTceIds")
        if "prevTceIds" not in tce:
            return None
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            self.report(step(pointer, "prevTceIds"), f"prevTceIds must be a list of texts, not {shown(value)}")
            return None
        return tuple(value)

    def activity(
        self, tce: dict[str, Any], pointer: str, hub: bool, mass: Decimal | None, activity: Decimal | None
    ) -> None:
        """Transport activity is mass times distance, and nothing at a hub."""
        distance = tce.get("distance")
        if not isinstance(distance, dict):
            self.report(
                pointer if "distance" not in tce else step(pointer, "distance"),
                f"distance must be an object, not {shown(distance)}",
            )
            return
        here = step(pointer, "distance")
        found = {name: self.decimal(distance, name, here, required=False) for name in ("actual", "sfd", "gcd")}
        km = {name: value for name, value in found.items() if value is not None}
        if not any(name in distance for name in found):
            self.report(here, "distance must have actual, sfd or gcd")
        for short, long in (("gcd", "sfd"), ("gcd", "actual"), ("sfd", "actual")):
            if short in km and long in km and km[short] > km[long] * Decimal("1.01"):
                self.warn(here, f"{short} {figure(km[short])} km is longer than {long} {figure(km[long])} km")
        if hub:
            for name, value in (*km.items(), *((("transportActivity", activity),) if activity is not None else ())):
                if value != 0:
                    self.report(
                        step(here, name) if name in km else step(pointer, name),
                        f"{name} is {figure(value)}; a hub moves nothing, its distance is 0",
                    )
        elif mass is not None and km and activity is not None:
            expected = {name: mass * value / 1000 for name, value in km.items()}
            if not any(close(activity, value) for value in expected.values()):
                name, value = next(iter(expected.items()))
                hint = slip(activity, value, tce.get("co2eWTW"))
                self.report(
                    step(pointer, "transportActivity"),
                    f"transportActivity is {figure(activity)}, but {figure(mass)} kg x "
                    f"{figure(km[name])} km / 1000 = {figure(value)} t-km{hint}",
                )

    def by_intensity(
        self, tce: dict[str, Any], pointer: str, key: tuple[str, str], mass: Decimal | None, activity: Decimal | None,
        emitted: tuple[Decimal | None, Decimal | None],
    ) -> None:  # fmt: skip
        """Emissions are activity times the intensity of the category, where the file has it."""
        category = self.categories.get(key)
        if category is None:
            if any(kind == key[0] for kind, _ in self.categories):
                self.warn(step(pointer, f"{key[0]}Id"), f"there is no {key[0].upper()} {shown(key[1])} in this file")
            return
        amount = activity if category.kind == "toc" else None if mass is None else mass / 1000
        if category.unit in ("TEUkm", "TEU"):
            teu = equipment_teu(tce)
            amount = (
                None
                if teu is None or mass is None or not activity and category.kind == "toc"
                else (teu if category.kind == "hoc" else teu * (activity or Decimal(0)) * 1000 / mass)
            )
            if teu is None:
                self.warn(
                    pointer, f"the category counts in {category.unit}, and the element does not say how many TEU it is"
                )
        for name, value, intensity in zip(("co2eWTW", "co2eTTW"), emitted, (category.wtw, category.ttw), strict=True):
            if value is None or intensity is None or amount is None:
                continue
            if not close(value, amount * intensity):
                self.report(
                    step(pointer, name),
                    f"{name} is {figure(value)}, but {figure(amount)} x {figure(intensity)} of {category.kind.upper()} "
                    f"{shown(key[1])} = {figure(amount * intensity)} kg",
                )

    def links(self, elements: list[Element], pointer: str) -> None:
        """The order of the elements: ids that are there once, links that lead somewhere and never in a circle, one chain."""
        first: dict[str, Element] = {}
        for element in elements:
            if element.key and element.key in first:
                self.report(
                    step(element.pointer, "tceId"),
                    f"tceId {shown(element.key)} is taken by another element of the shipment",
                )
            first.setdefault(element.key, element)
        group = {key: key for key in first}
        for element in elements:
            here = step(element.pointer, "prevTceIds")
            if element.before is None and len(elements) > 1:
                self.warn(element.pointer, "prevTceIds is missing, so the order of the elements is not told")
            for before in element.before or ():
                if before == element.key:
                    self.report(here, f"element {shown(before)} comes before itself")
                elif before not in first:
                    self.report(here, f"prevTceIds names {shown(before)}, and there is no such element in the shipment")
                else:
                    group[root(group, before)] = root(group, element.key)
        if in_circle(elements, first):
            self.report(pointer, "the elements follow one another in a circle")
        pieces = {root(group, key) for key in group}
        if len(pieces) > 1 and all(element.before is not None for element in elements):
            self.warn(pointer, f"the chain falls into {len(pieces)} pieces: links in prevTceIds are missing")


def slip(activity: Decimal, expected: Decimal, wtw: object) -> str:
    """The likely reason of a wrong activity, for the message."""
    if isinstance(wtw, str) and read_decimal(wtw.strip().replace(",", ".")) == activity:
        return "; it is the number of co2eWTW"
    for factor, reason in ((1000, "the mass was taken in kilograms"), (Decimal("0.001"), "it is in thousand t-km")):
        if close(activity, expected * factor):
            return f"; {reason}"
    return ""


def equipment_teu(tce: Mapping[str, Any]) -> Decimal | None:
    """How many TEU an element is, if it says so."""
    each = {"Container-TEU": 1, "Container-FEU": 2}.get(str(tce.get("packagingOrTrEqType")))
    amount = read_decimal(str(tce.get("packagingOrTrEqAmount")))
    return None if each is None or amount is None else amount * each


def root(group: dict[str, str], key: str) -> str:
    """The name of the piece of a chain that a key belongs to."""
    while group[key] != key:
        group[key] = group[group[key]]
        key = group[key]
    return key


def in_circle(elements: Iterable[Element], known: Mapping[str, Element]) -> bool:
    """Whether elements come before themselves by way of others (Kahn: take away what has nothing before it)."""
    after: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for element in elements:
        before = {key for key in element.before or () if key in known and key != element.key}
        waiting[element.key] = waiting.get(element.key, 0) + len(before)
        for key in before:
            after.setdefault(key, []).append(element.key)
    free = [key for key, count in waiting.items() if count == 0]
    done = 0
    while free:
        key = free.pop()
        done += 1
        for later in after.get(key, ()):
            waiting[later] -= 1
            if waiting[later] == 0:
                free.append(later)
    return done < len(waiting)


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
