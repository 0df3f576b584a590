"""A transport chain as an account takes it: elements in order, each an activity times an intensity (ISO 14083:2023).

    transport   E = M x d x g x DAF        M tonnes of freight, d km, g kg CO2e per t-km of the operation category (TOC)
    hub         E = M x h                  M outbound tonnes, h kg CO2e per tonne of the hub operation category (HOC); distance 0
    chain       E = sum of its elements    activity A = sum of M x d [t-km]

Well to wheel (WTW) contains making the fuel; tank to wheel (TTW) does not. Over several countries the intensity of a run is the mean by
kilometres. What is not known is None and makes the sum None. From which rows the intensities come is the business of `emissions`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keruen.errors import KeruenError
from keruen.routing.result import DECIMALS
from keruen.tables.unknown import sum_of

TRANSPORT, HUB = "transport", "hub"
ACTUAL, SFD, GCD = "actual", "sfd", "gcd"
ELECTRIC = "Electric"


class UnknownEmissions(KeruenError):
    """An account was asked for that needs a figure nobody has given."""

    kind = "unknown_emissions"

    def __init__(self, unknown: Sequence[str]) -> None:
        super().__init__(
            f"Not known: {'; '.join(unknown)}. An account cannot be written with gaps: give the missing factors as rows "
            "of emission_choice, emission_factors, handling or energy_carriers."
        )
        self.unknown = tuple(unknown)

    def details(self) -> Mapping[str, object]:
        """What is not known, one text each."""
        return {"unknown": list(self.unknown)}


@dataclass(frozen=True)
class EnergyShare:
    """An energy carrier and its share of the activity; kg CO2e per `unit` (l, kg, kWh), None where not known. `rows`: where from."""

    carrier: str
    share: float
    unit: str
    wtw_kg: float | None
    ttw_kg: float | None
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Intensity:
    """Greenhouse gases of one unit of activity: kg CO2e per t-km (transport) or per outbound tonne (hub); None where not known.

    `daf` is contained in both numbers. `distance_basis`: of the kilometres it is to be multiplied by. load_factor: load over the
    greatest allowed on loaded trips; empty_share: empty kilometres over all; None where the row does not say.
    """

    wtw_kg: float | None
    ttw_kg: float | None
    distance_basis: str = SFD
    daf: float = 1.0
    load_factor: float | None = None
    empty_share: float | None = None
    energy: tuple[EnergyShare, ...] = ()
    primary: bool = False
    assumed: bool = False
    name: str = ""
    rows: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def all_rows(self) -> tuple[str, ...]:
        """Its rows and those of its energy carriers, each once."""
        return tuple(dict.fromkeys((*self.rows, *(row for part in self.energy for row in part.rows))))


@dataclass(frozen=True)
class Stretch:
    """Part of a run in one country (empty: at sea, in the air): km and its intensity."""

    country: str
    distance_km: float
    intensity: Intensity


@dataclass(frozen=True, kw_only=True)
class ChainElement:
    """One element of a transport chain: a vehicle run (`stretches`), or a hub operation (`hub`: its intensity per outbound tonne).

    mode: of the vehicle, or terminal or gauge_change. start, end: ids of places. hub_kinds: kinds of terminal, from the handling rows.
    """

    kind: str
    mode: str
    start: str
    end: str
    tonnes: float
    name: str = ""
    stretches: tuple[Stretch, ...] = ()
    hub: Intensity | None = None
    hub_kinds: tuple[str, ...] = ()
    planned_co2e_kg: float | None = None

    @property
    def distance_km(self) -> float:
        """Kilometres in the network's basis; 0 for a hub."""
        return math.fsum(stretch.distance_km for stretch in self.stretches)

    @property
    def activity_tkm(self) -> float:
        """Transport activity: tonnes x km; 0 for a hub."""
        return self.tonnes * self.distance_km

    @property
    def intensity(self) -> Intensity:
        """kg CO2e per t-km or per outbound tonne; over several stretches their mean by kilometres."""
        return self.hub or mean_intensity(self.stretches)

    @property
    def co2e_wtw_kg(self) -> float | None:
        """kg CO2e well to wheel."""
        return _times(self._units, self.intensity.wtw_kg)

    @property
    def co2e_ttw_kg(self) -> float | None:
        """kg CO2e tank to wheel."""
        return _times(self._units, self.intensity.ttw_kg)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; None where not known."""
        intensity = self.intensity
        return {
            "kind": self.kind,
            "mode": self.mode,
            "from": self.start,
            "to": self.end,
            "name": self.name,
            "countries": list(dict.fromkeys(stretch.country for stretch in self.stretches if stretch.country)),
            "distance_km": _round(self.distance_km),
            "distance_basis": intensity.distance_basis,
            "distance_adjustment": _round(intensity.daf),
            "activity_tkm": _round(self.activity_tkm),
            "wtw_kg_per_unit": intensity.wtw_kg,
            "ttw_kg_per_unit": intensity.ttw_kg,
            "co2e_wtw_kg": _round(self.co2e_wtw_kg),
            "co2e_ttw_kg": _round(self.co2e_ttw_kg),
            "planned_co2e_kg": _round(self.planned_co2e_kg),
            "load_factor": intensity.load_factor,
            "empty_share": intensity.empty_share,
            "energy": [{"carrier": part.carrier, "share": _round(part.share)} for part in intensity.energy],
            "primary": intensity.primary,
            "assumed": intensity.assumed,
            "rows": list(intensity.all_rows),
        }

    @property
    def _units(self) -> float:
        return self.tonnes if self.kind == HUB else self.activity_tkm


@dataclass(frozen=True)
class TransportChain:
    """The elements of a shipment's way, in order. tonnes: freight with the shipper's packaging, without containers and pallets."""

    tonnes: float
    elements: tuple[ChainElement, ...]
    teu: float | None = None

    @property
    def activity_tkm(self) -> float:
        """Tonne-kilometres of all elements."""
        return math.fsum(element.activity_tkm for element in self.elements)

    @property
    def co2e_wtw_kg(self) -> float | None:
        """kg CO2e well to wheel; None if an element's is not known."""
        return sum_of(element.co2e_wtw_kg for element in self.elements)

    @property
    def co2e_ttw_kg(self) -> float | None:
        """kg CO2e tank to wheel; None if an element's is not known."""
        return sum_of(element.co2e_ttw_kg for element in self.elements)

    @property
    def planned_co2e_kg(self) -> float | None:
        """What the planner shows for the same way: without distance adjustment and lifts at gauge yards."""
        return sum_of(element.planned_co2e_kg for element in self.elements)

    @property
    def primary_share_of_activity(self) -> float:
        """Share of the tonne-kilometres whose intensity is measured, 0 to 1; 0 for a chain without activity."""
        whole = self.activity_tkm
        mine = math.fsum(e.activity_tkm for e in self.elements if e.intensity.primary)
        return mine / whole if whole else 0.0

    @property
    def primary_share_of_emissions(self) -> float | None:
        """Share of the emissions, well to wheel, that rest on measured intensities; None if the emissions are not known."""
        whole = self.co2e_wtw_kg
        mine = sum_of(e.co2e_wtw_kg for e in self.elements if e.intensity.primary)
        return None if whole is None or mine is None else mine / whole if whole else 0.0

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known, element by element, as sentences; empty if all is."""
        return tuple(
            f"{scope} emissions of element {number} ({e.mode} {e.start} - {e.end})"
            for number, e in enumerate(self.elements, 1)
            for scope, value in (("WTW", e.co2e_wtw_kg), ("TTW", e.co2e_ttw_kg))
            if value is None
        )

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; None where not known."""
        return {
            "tonnes": self.tonnes,
            "activity_tkm": _round(self.activity_tkm),
            "co2e_wtw_kg": _round(self.co2e_wtw_kg),
            "co2e_ttw_kg": _round(self.co2e_ttw_kg),
            "planned_co2e_kg": _round(self.planned_co2e_kg),
            "primary_share_of_activity": _round(self.primary_share_of_activity),
            "primary_share_of_emissions": _round(self.primary_share_of_emissions),
            "elements": [element.to_dict() for element in self.elements],
            "unknown": list(self.unknown),
            "remarks": list(self.remarks),
        }

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the account should know, each once."""
        return tuple(dict.fromkeys(remark for e in self.elements for remark in e.intensity.remarks))

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows the account rests on, as `table:key`, each once."""
        return tuple(dict.fromkeys(row for e in self.elements for row in e.intensity.all_rows))


def mean_intensity(stretches: Sequence[Stretch]) -> Intensity:
    """Mean of intensities by kilometres; what one of them does not know, the mean does not."""
    kinds = [stretch.intensity for stretch in stretches]
    first = kinds[0]
    if all(kind == first for kind in kinds[1:]):
        return first
    km = [stretch.distance_km for stretch in stretches]
    whole = math.fsum(km)
    weights = [part / whole if whole else 1 / len(km) for part in km]
    known = [mean([getattr(kind, name) for kind in kinds], weights) for name in ("wtw_kg", "ttw_kg")]
    return Intensity(
        wtw_kg=known[0], ttw_kg=known[1],
        distance_basis=first.distance_basis if len({kind.distance_basis for kind in kinds}) == 1 else "",
        daf=math.fsum(w * kind.daf for w, kind in zip(weights, kinds, strict=True)),
        load_factor=mean([kind.load_factor for kind in kinds], weights),
        empty_share=mean([kind.empty_share for kind in kinds], weights),
        energy=mean_energy(kinds, weights),
        primary=all(kind.primary for kind in kinds), assumed=any(kind.assumed for kind in kinds),
        name="; ".join(dict.fromkeys(kind.name for kind in kinds)),
        rows=tuple(dict.fromkeys(row for kind in kinds for row in kind.rows)),
        remarks=tuple(dict.fromkeys(remark for kind in kinds for remark in kind.remarks)),
    )  # fmt: skip


def mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Weighted mean, None if a value with weight is not known."""
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
    if not known or any(value is None for value, _ in known):
        return None
    return math.fsum(value * weight for value, weight in known if value is not None)


def mean_energy(kinds: Sequence[Intensity], weights: Sequence[float]) -> tuple[EnergyShare, ...]:
    """Energy carriers of several intensities; emissions of a carrier are the mean by its share in each."""
    parts: dict[str, list[tuple[float, EnergyShare]]] = {}
    for kind, weight in zip(kinds, weights, strict=True):
        for energy in kind.energy:
            parts.setdefault(energy.carrier, []).append((weight * energy.share, energy))
    found = []
    for carrier, mine in parts.items():
        share = math.fsum(weight for weight, _ in mine)
        if share > 0:
            relative = [weight / share for weight, _ in mine]
            values = [mean([getattr(e, name) for _, e in mine], relative) for name in ("wtw_kg", "ttw_kg")]
            rows = tuple(dict.fromkeys(row for _, e in mine for row in e.rows))
            found.append(EnergyShare(carrier, share, mine[0][1].unit, values[0], values[1], rows))
    return tuple(found)


def measured_intensity(
    co2e_wtw_kg: float, co2e_ttw_kg: float | None, activity_tkm: float, *, basis: str = ACTUAL
) -> Intensity:
    """The intensity of trips whose fuel was measured, empty ones included: kg CO2e of all of them over the t-km of all freight.

    Freight then gets its part by tonne-kilometres. Raises ValueError if there was no activity to share it among.
    """
    if not activity_tkm > 0:
        raise ValueError("an intensity needs transport activity above zero")
    ttw = None if co2e_ttw_kg is None else co2e_ttw_kg / activity_tkm
    return Intensity(wtw_kg=co2e_wtw_kg / activity_tkm, ttw_kg=ttw, distance_basis=basis, primary=True, name="measured")


def _times(units: float, intensity: float | None) -> float | None:
    return None if intensity is None else units * intensity


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
