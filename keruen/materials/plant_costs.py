"""What a unit of product costs in a plant in a country, goods and transport apart, and what it emits there.

    capital      capex x (size / usual size)^(exponent - 1) x annuity      annuity of (capital + premium of the country) / (1 - tax)
    upkeep       share of capex a year, where running money does not hold it
    energy       electricity x price of the country + gas x price          CO2e: electricity x grid of the country + gas
    labour       people per unit x hours x wage of the country
    running      what else is paid per unit

Plants whose running money contains energy and wages (mines, refineries in project studies) have no columns for them. What the evidence does
not know stays unknown: a plant that needs electricity in a country without a price has no cost, and says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row

CENTS = 100.0


@dataclass(frozen=True)
class PlantCost:
    """USD and kg CO2e per unit of product at full use; nan where unknown. total is their sum;
    `range` its ends, None if unknown.

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

    kwh, gas, jobs = (_or_none(plant.number(name)) for name in ("electricity_kwh", "gas_mj", "jobs_per_1000"))
    has_all_in = not (kwh or gas or jobs)
    premium = known(land, "country_costs", "risk_premium_pct", 1.0)
    tax = known(land, "country_costs", "profit_tax_pct", 1.0)
    hours = rule(data, "hours_per_year")
    energy = kwh * known(land, "country_costs", "electricity_usd_kwh", kwh) + gas * rule(data, "gas_usd_per_mj")
    labour = jobs / 1000 * hours * known(land, "country_costs", "labour_usd_h", jobs)
    co2e = kwh * known(place, "countries", "grid_kg_co2e_per_kwh", kwh) + gas * rule(data, "gas_kg_per_mj")
    running = plant.number("opex_usd")
    if running != running:
        missing.append(f"{plant.id}/opex_usd")
    capex = plant.number("capex_usd") * scale

    def capital(money: float, end: str) -> float:
        rate = (rule(data, "capital_pct", end) + premium) / CENTS / (1 - tax / CENTS)
        return float(money * scale * annuity(rate, rule(data, "life_years")))

    upkeep = 0.0 if has_all_in else capex * rule(data, "maintenance_pct") / CENTS
    cost = (capital(plant.number("capex_usd"), "value"), upkeep, energy, labour, running)
    ends = [
        capital(plant.number(f"capex_{end}"), end) + upkeep + energy + labour + plant.number(f"opex_{end}")
        for end in ("low", "high")
    ]
    rows = tuple(row.id for row in (plant, land, place) if row is not None)
    nan = float("nan")
    total = sum(cost)
    is_known = total == total and all(end == end for end in ends)
    width = Interval(min(*ends, total), max(*ends, total)) if is_known else None
    return PlantCost(
        recipe,
        country,
        size,
        capex,
        *cost,
        co2e if not has_all_in else nan,
        width,
        tuple(dict.fromkeys(missing)),
        rows,
    )


def _or_none(value: float) -> float:
    """0 for an empty cell that means: in the running money, or not taken at all (schema of plants)."""
    return value if value == value else 0.0
