"""How the emissions of a vehicle depend on how full it runs and how often it runs empty.

    g CO2e per vehicle-km     e(L) = e0 + e1 L                          L: load over the greatest allowed; straight in between
    per t-km                  g(L) = (e0 + e1 L) / L    x   1 / payload
    two laden classes         e1 = (g_a L_a - g_b L_b) / (L_a - L_b),   e0 = g_a L_a - e1 L_a
    with empty running        g(L, s) = (e0 + e1 L + e0 s / (1 - s)) / L            s: empty kilometres over all

Rows of emission_factors that name a load factor for one vehicle give the classes (METHODS 7.2; DESNZ has 50 and 100 per cent for an
articulated truck). What such a row says of empty running is not told: its classes are taken for loaded kilometres alone (assumed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said


@dataclass(frozen=True)
class Laden:
    """How vehicles of a mode run: load factor in (0, 1] on loaded kilometres, and the share of all kilometres that are empty, in [0, 1).

    Raises:
        UnknownOption: a number outside these bounds.
    """

    load_factor: float
    empty_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.load_factor <= 1:
            raise UnknownOption(said("err_load_factor", value=self.load_factor))
        if not 0 <= self.empty_share < 1:
            raise UnknownOption(said("err_share_of_empty", value=self.empty_share))

    def grams(self, at_nothing: float, per_load: float) -> float:
        """g CO2e per t-km of a vehicle with e0 and e1 in g CO2e per t-km of its payload."""
        empty = at_nothing * self.empty_share / (1 - self.empty_share)
        return (at_nothing + per_load * self.load_factor + empty) / self.load_factor


def laden_factor(data: Dataset, factor: Row, laden: Laden) -> tuple[float, float | None, tuple[str, ...]]:
    """WTW and TTW in g CO2e per t-km (TTW None: unknown) of a factor's vehicle when it runs as told, and the rows they rest on.

    A vehicle without laden classes (a refrigerated truck) varies as the one of its mode that has them: the ratio of both at average load.

    Raises:
        UnknownOption: no vehicle of the mode has laden classes.
    """
    mode, vehicle = factor.text("mode"), vehicle_of(factor)
    known = [
        row
        for row in data["emission_factors"]
        if row.text("mode") == mode and not math.isnan(row.number("load_factor"))
    ]
    vehicles = list(dict.fromkeys(vehicle_of(row) for row in known))
    if not vehicles:
        raise UnknownOption(said("err_laden_mode", mode=said(f"mode_{mode}")))
    model = vehicle if vehicle in vehicles else vehicles[0]
    wtw = of_classes([row for row in known if vehicle_of(row) == model and row.text("scope") == "WTW"], laden)
    ttw = of_classes([row for row in known if vehicle_of(row) == model and row.text("scope") == "TTW"], laden)
    if wtw is None:
        raise UnknownOption(said("err_laden_classes", model=model))
    rows = tuple(row.id for row in known if vehicle_of(row) == model)
    ratio = {"WTW": 1.0, "TTW": 1.0}
    if model != vehicle:
        usual = {(vehicle_of(row), row.text("scope")): row for row in data["emission_factors"] if is_average(row)}
        for scope in ratio:
            mine, others = usual.get((vehicle, scope)), usual.get((model, scope))
            if mine is None or others is None:
                raise UnknownOption(said("err_laden_vehicle", vehicle=vehicle))
            ratio[scope] = mine.number("g_co2e_per_tkm") / others.number("g_co2e_per_tkm")
            rows += (mine.id, others.id)
    return wtw * ratio["WTW"], None if ttw is None else ttw * ratio["TTW"], tuple(dict.fromkeys(rows))


def of_classes(rows: list[Row], laden: Laden) -> float | None:
    """g CO2e per t-km by the least and the greatest laden class of one vehicle and scope; None if there are not two."""
    by_load = sorted((row.number("load_factor"), row.number("g_co2e_per_tkm")) for row in rows)
    if len(by_load) < 2 or by_load[0][0] == by_load[-1][0]:
        return None
    (load_a, grams_a), (load_b, grams_b) = by_load[0], by_load[-1]
    per_load = (grams_a * load_a - grams_b * load_b) / (load_a - load_b)
    return laden.grams(grams_a * load_a - per_load * load_a, per_load)


def vehicle_of(factor: Row) -> str:
    """The vehicle of a factor: its subtype before the class of load."""
    return factor.text("subtype").rpartition(",")[0] or factor.text("subtype")


def is_average(factor: Row) -> bool:
    """Whether a factor holds at the vehicle's average load."""
    return factor.text("subtype").endswith("average laden")


def laden_trucks(load_factor: float | None, empty_share: float | None) -> dict[str, Laden]:
    """How full trucks run, by mode, as `transport_chain` takes it; nothing if it is not said.

    Raises:
        UnknownOption: an empty share without a load factor, or shares that cannot be.
    """
    if load_factor is None:
        if empty_share is not None:
            raise UnknownOption(said("err_empty_share"))
        return {}
    return {"road": Laden(load_factor, empty_share or 0.0)}
