"""The emissions of a route: its legs as a transport chain, with intensities from the rows that the legs name (ISO 14083:2023).

A vehicle run from one hub to the next is one element: borders do not end it, a terminal or a change of gauge does. The well-to-wheel
intensity (WTW) is the factor's; that tank to wheel (TTW) is the same factor's partner of scope TTW. Electric
traction of a country with electrified share e and current of w kg CO2e per kWh:

    WTW = (1 - e) g_fuel + e k w      TTW = (1 - e) g_fuel,ttw + 0         k kWh per t-km

Distance adjustment. A factor is per kilometre travelled, or per kilometre of the shortest feasible way (SFD) or of the great circle (GCD);
the network's kilometres are SFD (great circles in the air). Only where the two differ, and once:

    travelled = actual_factor x km + actual_add_km        DAF = km in the factor's basis / km in the network's basis

What the planner shows (`Route.co2e_kg`) has no DAF and no lifts at gauge yards; each element carries that figure too, so that the two
can be told apart. Rows: emission_choice, emission_factors, chain_rules, energy_carriers, handling, services, countries.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from keruen.errors import UnknownOption
from keruen.routing.emission_chain import (
    ACTUAL,
    ELECTRIC,
    HUB,
    SFD,
    TRANSPORT,
    ChainElement,
    EnergyShare,
    Intensity,
    Stretch,
    TransportChain,
)
from keruen.routing.laden import Laden, laden_factor, vehicle_of
from keruen.routing.result import ASSUMED, Component, Leg, PlaceRef, Route, RouteResult
from keruen.tables.dataset import Dataset
from keruen.tables.lookup import most_specific
from keruen.tables.table import Row
from keruen.tables.unknown import known, sum_of
from keruen.tables.words import said

PRIMARY_BASES = ("observed",)  # measured in operation: what ISO 14083 calls primary data
G_PER_KG = 1000.0
SAME = 1e-3  # rows and route agree if they differ by a smaller share; the network's kilometres are single precision


def transport_chain(
    data: Dataset, answer: RouteResult, route: Route, *, laden: Mapping[str, Laden] | None = None
) -> TransportChain:
    """The transport chain of one route of an answer, with intensities from the rows that its legs name.

    laden: by mode how full its vehicles run and how often empty, instead of the average load that factors stand for. `data` must be the
    dataset the answer was made with; where its rows do not give the kg CO2e of a leg, a remark says so.
    """
    load = Freight(str(answer.shipment["load"]), str(answer.shipment["tariff_unit"]), float(answer.shipment["tonnes"]))
    book = FactorBook(data, load, laden or {})
    elements = tuple(
        book.run(legs) if legs[0].moves else book.hub(legs[0], answer.places) for legs in element_legs(route.legs)
    )
    teu = answer.shipment.get("teu")
    return TransportChain(load.tonnes, elements, float(teu) if teu else None)


def chain_of_number(
    data: Dataset, answer: RouteResult, number: int = 1, *, laden: Mapping[str, Laden] | None = None
) -> TransportChain:
    """The transport chain of the route with a number, from 1. Raises UnknownOption if the answer has fewer routes."""
    if not 1 <= number <= len(answer.routes):
        raise UnknownOption(said("err_no_number", count=len(answer.routes), number=number))
    return transport_chain(data, answer, answer.routes[number - 1], laden=laden)


def element_legs(legs: Iterable[Leg]) -> Iterator[list[Leg]]:
    """Legs by element: moves of one mode in a row with the borders between them are one run, each other stop is a hub."""
    run: list[Leg] = []
    for leg in legs:
        if leg.mode == "border":
            continue
        if run and (not leg.moves or leg.mode != run[0].mode):
            yield run
            run = []
        if leg.moves:
            run.append(leg)
        else:
            yield [leg]
    if run:
        yield run


def distance_adjustment(rule: Row, km: float, have: str, per: str) -> float | None:
    """DAF: kilometres in the basis `per` over kilometres in the basis `have`, of a way that is `km` long in `have`.

        travelled = actual_factor x km + actual_add_km        for a flight   actual / gcd = (GCD + 95) / GCD, and back GCD / (GCD + 95)

    `rule` is a row of chain_rules. None where the two bases cannot be turned into one another, or no way is that short.
    """
    if have == per:
        return 1.0
    factor, add_km = rule.number("actual_factor"), rule.number("actual_add_km")
    if math.isnan(factor) or math.isnan(add_km) or km <= 0:
        return None
    if per == ACTUAL and have == rule.text("distance_basis"):
        return (factor * km + add_km) / km
    if have == ACTUAL and per == rule.text("distance_basis"):
        return (km - add_km) / factor / km if km > add_km else None
    return None


@dataclass(frozen=True)
class Freight:
    """What an element carries: load class, unit of the tariff, tonnes."""

    load: str
    tariff_unit: str
    tonnes: float


@dataclass(frozen=True)
class Traction:
    """What drives a vehicle: g CO2e per t-km of fuel and of current, and the share of the way under wires (0 to 1)."""

    fuel: Row
    fuel_wtw_g: float
    fuel_ttw_g: float | None
    electric_wtw_g: float = math.nan
    kwh_per_tkm: float = math.nan
    share: float = 0.0
    rows: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def at_share(self, share: float) -> tuple[float, float | None]:
        """WTW and TTW in g CO2e per t-km with a share of the way under wires; current emits nothing at the vehicle."""
        electric = share * self.electric_wtw_g if share else 0.0
        ttw = None if self.fuel_ttw_g is None and share < 1 else (1 - share) * (self.fuel_ttw_g or 0.0)
        return (1 - share) * self.fuel_wtw_g + electric, ttw

    def share_that_gives(self, wtw_g: float) -> float:
        """The share under wires at which WTW is as given; NaN if there is none."""
        if math.isnan(self.electric_wtw_g) or self.electric_wtw_g == self.fuel_wtw_g:
            return math.nan
        share = (self.fuel_wtw_g - wtw_g) / (self.fuel_wtw_g - self.electric_wtw_g)
        return min(max(share, 0.0), 1.0) if -SAME <= share <= 1 + SAME else math.nan


class FactorBook:
    """The rows of a dataset as intensities for one freight."""

    def __init__(self, data: Dataset, freight: Freight, laden: Mapping[str, Laden]) -> None:
        self.data = data
        self.freight = freight
        self.laden = laden
        factors = data["emission_factors"]
        self.ttw_partner = {
            (row.text("mode"), row.text("subtype")): row for row in factors if row.text("scope") == "TTW"
        }

    # Runs

    def run(self, legs: Sequence[Leg]) -> ChainElement:
        """The element of a vehicle run; its distance adjustment is that of its whole length."""
        run_km = math.fsum(leg.distance_km for leg in legs)
        stretches = tuple(Stretch(leg.country, leg.distance_km, self.intensity_of(leg, run_km)) for leg in legs)
        names = ", ".join(dict.fromkeys(leg.name for leg in legs if leg.name))
        return ChainElement(
            kind=TRANSPORT, mode=legs[0].mode, start=legs[0].start, end=legs[-1].end, tonnes=self.freight.tonnes,
            name=names, stretches=stretches, planned_co2e_kg=sum_of(leg.co2e_kg for leg in legs),
        )  # fmt: skip

    def intensity_of(self, leg: Leg, run_km: float) -> Intensity:
        """The intensity of a leg from the rows it names; from its kg CO2e alone, with a remark, where these do not give them."""
        activity_tkm = self.freight.tonnes * leg.distance_km
        shown_g = leg.co2e_kg * G_PER_KG / activity_tkm if leg.co2e_kg is not None and activity_tkm else None
        choice, traction = self.traction_of(leg)
        if traction is None:
            remark = f"the emission factor of {leg.mode} {leg.start} - {leg.end} is not among the rows of this dataset"
            wtw_kg = None if shown_g is None else shown_g / G_PER_KG
            return Intensity(wtw_kg=wtw_kg, ttw_kg=None, rows=leg.sources, remarks=(remark,), name=leg.mode)
        share = traction.share
        remarks = traction.remarks
        wtw_g, ttw_g = traction.at_share(share)
        if shown_g is not None and not _same(shown_g, wtw_g):  # kilometres without a country run on fuel
            share = traction.share_that_gives(shown_g)
            if math.isnan(share):
                remarks += (
                    f"the rows give {wtw_g:.4g} g per t-km for {leg.mode} {leg.start} - {leg.end}, the route {shown_g:.4g}",
                )
                share = traction.share
            wtw_g, ttw_g = traction.at_share(share)
        return self.adjusted(leg, run_km, choice, traction, share, (wtw_g, ttw_g), remarks)

    def adjusted(
        self, leg: Leg, run_km: float, choice: Row | None, traction: Traction, share: float, grams: tuple[float, float | None],
        remarks: tuple[str, ...],
    ) -> Intensity:  # fmt: skip
        """Intensity per t-km of the network's kilometres: the factor times the distance adjustment."""
        rule = self.data["chain_rules"].find(leg.mode)
        have, per = rule.text("distance_basis") if rule else "", traction.fuel.text("distance_basis")
        known_daf = distance_adjustment(rule, run_km, have, per) if rule else None
        daf = 1.0 if known_daf is None else known_daf
        if known_daf is None:
            remarks += (
                f"the distance basis of {traction.fuel.id} is not known, or not fit for {leg.mode}: no adjustment is made",
            )
        (wtw_g, ttw_g), laden = grams, self.laden.get(leg.mode)
        laden_rows: tuple[str, ...] = ()
        if laden is not None:
            wtw_g, ttw_g, laden_rows = laden_factor(self.data, traction.fuel, laden)
        basis = choice.text("basis") if choice else ""
        return Intensity(
            wtw_kg=known(wtw_g * daf / G_PER_KG),
            ttw_kg=None if ttw_g is None else known(ttw_g * daf / G_PER_KG),
            distance_basis=have or SFD, daf=daf,
            load_factor=laden.load_factor if laden else known(traction.fuel.number("load_factor")),
            empty_share=laden.empty_share if laden else known(traction.fuel.number("empty_share")),
            energy=self.energy_of(rule, traction, share), primary=basis in PRIMARY_BASES,
            assumed=basis == ASSUMED or (rule is not None and daf != 1.0 and rule.text("basis") == ASSUMED),
            name=vehicle_of(traction.fuel) if laden else traction.fuel.text("subtype") if share < 1 else "electric traction",
            rows=tuple(dict.fromkeys((*((choice.id,) if choice else ()), *traction.rows, *laden_rows, *((rule.id,) if rule else ())))),
            remarks=remarks,
        )  # fmt: skip

    def traction_of(self, leg: Leg) -> tuple[Row | None, Traction | None]:
        """The row of emission_choice, if one was used, and the traction of a leg; the latter None if its rows are not here."""
        parts = [part for part in leg.components if part.source.partition(":")[0] in ("emission_choice", "services")]
        rows = [row for part in parts if (row := self.data.find_row(part.source)) is not None]
        if not rows:
            return None, None
        choice: Row | None = rows[0]
        if choice is not None and choice.table.name == "services":
            factor = self.data["emission_factors"].find(choice.text("emission_factor"))
            if factor is not None:
                return None, self.fuelled(factor, (choice.id,))
            table = self.data["emission_choice"]
            anything = {column: "*" for column in table.schema.key}
            choice = most_specific(table, **(anything | {"mode": "ferry", "load": self.freight.load}))
        factor = self.data["emission_factors"].find(choice.text("factor")) if choice else None
        if choice is None or factor is None:
            return None, None
        return choice, self.electrified(choice, self.fuelled(factor, ()), leg.country)

    def fuelled(self, factor: Row, rows: tuple[str, ...]) -> Traction:
        """Traction by a factor alone; its TTW partner has the same mode and subtype."""
        partner = self.ttw_partner.get((factor.text("mode"), factor.text("subtype")))
        ttw_g = known(partner.number("g_co2e_per_tkm")) if partner else None
        ids = (*rows, factor.id, *((partner.id,) if partner and ttw_g is not None else ()))
        return Traction(factor, factor.number("g_co2e_per_tkm"), ttw_g, rows=ids)

    def electrified(self, choice: Row, fuelled: Traction, country: str) -> Traction:
        """The traction in a country: current for the electrified share of its railways, by its grid or else by the electric factor."""
        home = self.data["countries"].find(country) if country else None
        factor = self.data["emission_factors"].find(choice.text("electric_factor"))
        kwh = choice.number("kwh_per_tkm")
        by_current = kwh * home.number("grid_kg_co2e_per_kwh") * G_PER_KG if home else math.nan
        by_factor = factor.number("g_co2e_per_tkm") if factor else math.nan
        electric = by_factor if math.isnan(by_current) else by_current
        share = home.number("electrified_share") if home else math.nan
        by_wire = choice.text("electric_factor") or not math.isnan(kwh)
        remarks: tuple[str, ...] = ()
        if home is not None and by_wire and (math.isnan(electric) or math.isnan(share)):
            what = "electrified share of the railways" if math.isnan(share) else "current"
            remarks = (f"the {what} of {home.text('name')} is not known: all trains there are taken to burn fuel",)
        if math.isnan(electric) or math.isnan(share):
            share = 0.0
        rows = fuelled.rows if share == 0 else (*fuelled.rows, *self.electric_rows(home, factor, by_current))
        return Traction(fuelled.fuel, fuelled.fuel_wtw_g, fuelled.fuel_ttw_g, electric, kwh, share, rows, remarks)

    @staticmethod
    def electric_rows(home: Row | None, factor: Row | None, by_current: float) -> tuple[str, ...]:
        """Rows that the electric part rests on."""
        used = (home,) if not math.isnan(by_current) else (home, factor)
        return tuple(row.id for row in used if row is not None)

    def energy_of(self, rule: Row | None, traction: Traction, share: float) -> tuple[EnergyShare, ...]:
        """Energy carriers of a run by their share of the activity."""
        found = []
        if share < 1 and rule is not None:
            found += self.carrier(rule.text("energy_carrier"), 1 - share)
        if share > 0:
            per_kwh = known(traction.electric_wtw_g / G_PER_KG / traction.kwh_per_tkm) if traction.kwh_per_tkm else None
            found += [
                EnergyShare(e.carrier, e.share, e.unit, per_kwh, e.ttw_kg, e.rows)
                for e in self.carrier(ELECTRIC, share)
            ]
        return tuple(found)

    def carrier(self, key: str, share: float) -> list[EnergyShare]:
        """An energy carrier by its key; none if no row has it."""
        row = self.data["energy_carriers"].find(key) if key else None
        if row is None:
            return []
        values = (known(row.number("kg_co2e_wtw")), known(row.number("kg_co2e_ttw")))
        return [EnergyShare(key, share, row.text("unit"), *values, (row.id,))]

    # Hubs

    def hub(self, leg: Leg, places: Mapping[str, PlaceRef]) -> ChainElement:
        """The element of a stop at a terminal or of a change of gauge."""
        rows = [row for part in leg.components if (row := self.handling_row(part)) is not None]
        wtw_kg = None if leg.co2e_kg is None else leg.co2e_kg / self.freight.tonnes
        remarks: tuple[str, ...] = ()
        if leg.mode == "gauge_change" and not rows:
            lift = self.lift_at_yard(leg.end, places)
            wtw_kg = known(lift.number("co2e_kg_per_t")) if lift else None
            rows = [lift] if lift else []
            remarks = ("a change of gauge is counted as one lift from wagon to wagon; the planner counts none",)
        return ChainElement(
            kind=HUB, mode=leg.mode, start=leg.start, end=leg.end, tonnes=self.freight.tonnes, name=leg.name,
            hub=self.hub_intensity(wtw_kg, rows, remarks), hub_kinds=tuple(dict.fromkeys(row.text("kind") for row in rows)),
            planned_co2e_kg=leg.co2e_kg,
        )  # fmt: skip

    def handling_row(self, part: Component) -> Row | None:
        """The row of the handling table that a component rests on."""
        return self.data.find_row(part.source) if part.source.startswith("handling:") else None

    def lift_at_yard(self, place: str, places: Mapping[str, PlaceRef]) -> Row | None:
        """The handling row of a gauge yard, by the unit the freight is lifted in, else by the tonne."""
        country = places[place].country if place in places else ""
        scope = (place, country) if country else (place,)
        for unit in (self.freight.tariff_unit, "tonne"):
            row = most_specific(self.data["handling"], kind="gauge_yard", place=scope, unit=unit)
            if row is not None:
                return row
        return None

    def hub_intensity(self, wtw_kg: float | None, rows: Sequence[Row], remarks: tuple[str, ...]) -> Intensity:
        """kg CO2e per outbound tonne; tank to wheel in the ratio of the carrier that hubs are taken to burn."""
        rule = self.data["chain_rules"].find("terminal")
        energy = tuple(self.carrier(rule.text("energy_carrier"), 1.0)) if rule else ()
        ratio = (
            energy[0].ttw_kg / energy[0].wtw_kg
            if energy and energy[0].ttw_kg is not None and energy[0].wtw_kg
            else None
        )
        ttw_kg = None if wtw_kg is None or ratio is None else wtw_kg * ratio
        if wtw_kg == 0:
            ttw_kg = 0.0
        bases = [row.text("basis") for row in (*rows, *((rule,) if rule else ()))]
        measured = bool(rows) and all(row.text("basis") in PRIMARY_BASES for row in rows)
        return Intensity(
            wtw_kg=wtw_kg, ttw_kg=ttw_kg, distance_basis="", energy=energy,
            primary=measured, assumed=ASSUMED in bases,
            name=", ".join(dict.fromkeys(row.text("kind").replace("_", " ") for row in rows)),
            rows=tuple(dict.fromkeys((*(row.id for row in rows), *((rule.id,) if rule else ())))), remarks=remarks,
        )  # fmt: skip


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=SAME, abs_tol=1e-9)
