"""What a unit of product costs in a plant in a country, goods and transport apart, and what it emits there.

    capital      capex x (size / usual size)^(exponent - 1) x annuity      annuity of (capital + premium of the country) / (1 - tax)
    upkeep       share of capex a year, where running money does not hold it
    energy       electricity x price of the country + gas x price          CO2e: electricity x grid of the country + gas
    labour       people per unit x hours x wage of the country
    running      what else is paid per unit

    other        carbon of the process, diesel, reagents                       CO2e alone

Where running money holds energy, wages and upkeep (has_all_in: mines, refineries in project studies), energy told counts for CO2e
alone. What the evidence does not know stays unknown: a plant that needs electricity in a country without a price has no cost, and says
why; one of which neither energy nor other emissions are told has no CO2e.
"""

from __future__ import annotations

from dataclasses import dataclass

from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row

CENTS = 100.0


@dataclass(frozen=True)
class PlantCost:
    """USD and kg CO2e per unit of product at full use; nan where unknown. total is their sum; `range` its ends and co2e_range those
    of the CO2e, None if unknown: ends of what the plant costs, takes and gives, each at its own end at once.

    capex_usd: money to build the plant per unit of yearly product. missing: columns that are not known, as table:key/column.
    rows: the rows it rests on.
    """

    recipe: str
    country: str
    capacity: float
    capex_usd: float
    capital_usd: float
    upkeep_usd: float
    energy_usd: float
    labour_usd: float
    running_usd: float
    co2e_kg: float
    range: Interval | None
    co2e_range: Interval | None
    missing: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def total_usd(self) -> float:
        """All of it per unit of product; nan if a part is unknown."""
        return self.capital_usd + self.upkeep_usd + self.energy_usd + self.labour_usd + self.running_usd


def annuity(rate: float, years: float) -> float:
    """Share of a sum to pay each year so that it is paid off with interest: w (1 + w)^n / ((1 + w)^n - 1)."""
    if rate == 0:
        return 1 / years
    growth = float((1 + rate) ** years)
    return rate * growth / (growth - 1)


def rule(data: Dataset, name: str, end: str = "value") -> float:
    """A value of the table plant_rules; end: "value", "low" or "high". KeyError if there is no such rule."""
    row = data["plant_rules"].find(name)
    if row is None:
        raise KeyError(name)
    return row.number(end)


def plant_cost(data: Dataset, recipe: str, country: str, *, capacity: float | None = None) -> PlantCost:
    """Cost of a unit in a plant of a recipe in a country.

    country: ISO 3166 alpha-2. capacity: units of product a year; default between the usual sizes. Raises KeyError if the table plants
    has no row for the recipe.
    """
    plant = data["plants"].find(recipe)
    if plant is None:
        raise KeyError(recipe)
    land, place = data["country_costs"].find(country), data["countries"].find(country)
    usual = (plant.number("capacity_low") * plant.number("capacity_high")) ** 0.5
    size = usual if capacity is None else capacity
    scale = (size / usual) ** (plant.number("scale_exponent") - 1)
    missing: list[str] = []

    def known(row: Row | None, table: str, column: str, need: float) -> float:
        """A cell that something needs; 0 if nothing needs it, nan (and told) if it is unknown."""
        if not need > 0:
            return 0.0
        value = row.number(column) if row is not None else float("nan")
        if value != value:
            missing.append(f"{table}:{country}/{column}")
        return value

    has_all_in = plant.text("has_all_in") == "yes"
    gas, jobs = (_or_none(plant.number(name)) for name in ("gas_mj", "jobs_per_1000"))
    usual_kwh, usual_other = plant.number("electricity_kwh"), plant.number("other_kg_co2e")
    has_co2e = any(value == value for value in (usual_kwh, usual_other, plant.number("gas_mj")))
    premium = known(land, "country_costs", "risk_premium_pct", 1.0)
    tax = known(land, "country_costs", "profit_tax_pct", 1.0)
    hours = rule(data, "hours_per_year")
    kwh = _or_none(usual_kwh)
    paid = 0.0 if has_all_in else kwh
    price = known(land, "country_costs", "electricity_usd_kwh", paid)
    grid = known(place, "countries", "grid_kg_co2e_per_kwh", kwh)
    heat = 0.0 if has_all_in else gas * rule(data, "gas_usd_per_mj")
    labour = 0.0 if has_all_in else jobs / 1000 * hours * known(land, "country_costs", "labour_usd_h", jobs)
    running = plant.number("opex_usd")
    if running != running:
        missing.append(f"{plant.id}/opex_usd")
    capex = plant.number("capex_usd") * scale
    upkeep = 0.0 if has_all_in else capex * rule(data, "maintenance_pct") / CENTS

    def at(column: str, end: str, usual: float) -> float:
        """A column's end; what is usual where it has none."""
        value = plant.number(f"{column}_{end}")
        return value if value == value else _or_none(usual)

    def capital(money: float, end: str) -> float:
        rate = (rule(data, "capital_pct", end) + premium) / CENTS / (1 - tax / CENTS)
        return float(money * scale * annuity(rate, rule(data, "life_years")))

    def emitted(power: float, other: float) -> float:
        return power * grid + gas * rule(data, "gas_kg_per_mj") + other if has_co2e else float("nan")

    cost = (capital(plant.number("capex_usd"), "value"), upkeep, paid * price + heat, labour, running)
    co2e = emitted(kwh, _or_none(usual_other))
    ends, co2e_ends = [], []
    for end in ("low", "high"):
        power = at("electricity", end, usual_kwh)
        energy = 0.0 if has_all_in else power * price + heat
        ends.append(capital(plant.number(f"capex_{end}"), end) + upkeep + energy + labour + plant.number(f"opex_{end}"))
        co2e_ends.append(emitted(power, at("other_co2e", end, usual_other)))
    rows = tuple(row.id for row in (plant, land, place) if row is not None)
    return PlantCost(
        recipe,
        country,
        size,
        capex,
        *cost,
        co2e,
        _range(sum(cost), ends),
        _range(co2e, co2e_ends),
        tuple(dict.fromkeys(missing)),
        rows,
    )


def _range(value: float, ends: list[float]) -> Interval | None:
    """From the least to the most of a value and its ends; None if one is unknown."""
    every = [value, *ends]
    return Interval(min(every), max(every)) if all(one == one for one in every) else None


def _or_none(value: float) -> float:
    """0 for an empty cell that means: not taken, or not told and counted nowhere (schema of plants)."""
    return value if value == value else 0.0
