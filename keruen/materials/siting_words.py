"""What a study says in numbers: plans by country, and when plants in one country would win over those in another.

    delivered     cheapest price of a unit of cells at a market when the last step stands in one country (ore_to_market.py)
    break-even    that price against another country's: how far power, the wage, the country's premium on capital, or the money of
                  carrying may go before the two are equal, each alone, all else as it is

Each price is linear in power, wage and carrying of the last step, and in the annuity of its capital, as long as the tree stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from keruen.materials.ore_to_market import OreToMarket, Plant, ore_to_market
from keruen.materials.plant_costs import PlantCost, annuity, plant_cost, rule
from keruen.materials.siting import SitingPlan
from keruen.materials.siting_study import BadStudy, Study, discount_of
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """Units that a country makes of a step's product in the last period, its share, and plants standing there then."""

    recipe: str
    country: str
    made: float
    share: float
    plants: int


@dataclass(frozen=True)
class Delivered:
    """USD per unit of a good at a market, made in a country; None where no tree gives it. `at` is the site of the last step."""

    good: str
    market: str
    country: str
    usd: float | None
    at: str
    found: OreToMarket | None


@dataclass(frozen=True)
class BreakEven:
    """Value of one thing in `country` at which a unit made there costs what one made in `other` does, now and then; nan: at none."""

    what: str
    unit: str
    country: str
    other: str
    now: float
    then: float


def shares(study: Study, plan: SitingPlan) -> tuple[Share, ...]:
    """Who makes what in the last period of a plan, by step, the largest first."""
    problem = study.problem
    last = problem.periods - 1
    country = np.array(study.countries)[problem.option_place]
    rows: list[Share] = []
    for k, recipe in enumerate(problem.recipes):
        of_it = problem.option_recipe == k
        whole = float(plan.activity[of_it, last].sum())
        if whole <= 0:
            continue
        own = []
        for land in sorted(set(country[of_it].tolist())):
            mine = of_it & (country == land)
            made = float(plan.activity[mine, last].sum())
            if made > 1e-6 * whole:
                own.append(Share(recipe, land, made, made / whole, int(plan.is_open[mine, last].sum())))
        rows += sorted(own, key=lambda row: -row.made)
    return tuple(rows)


def tree_of(data: Dataset, study: Study, good: str, country: str = "") -> tuple[list[Plant], dict[str, Floats]]:
    """Plants at their cheapest size, the last step in a country alone if one is given, and what carrying of each good costs.

    USD per unit of the first period. study: with all links (StudyTerms(nearest) of at least the number of sites).
    """
    problem = study.problem
    step = int(np.flatnonzero(problem.recipe_goods[:, problem.goods.index(good)] > 0)[0])
    discount = float(discount_of(data, study.terms)[0])
    plants: dict[tuple[int, int], Plant] = {}
    for o in range(problem.options):
        site, recipe = int(problem.option_place[o]), int(problem.option_recipe[o])
        if country and recipe == step and study.countries[site] != country:
            continue
        yearly = float(problem.keeping[o, 0] / problem.option_capacity[o] + problem.running[o, 0]) / discount
        goods = problem.recipe_goods[recipe]
        inputs = {problem.goods[g]: -float(goods[g]) for g in np.flatnonzero(goods < 0)}
        product = problem.goods[int(np.flatnonzero(goods > 0)[0])]
        one = Plant(problem.recipes[recipe], product, site, yearly, inputs)
        if (site, recipe) not in plants or yearly < plants[site, recipe].cost:
            plants[site, recipe] = one
    carrying = {name: np.full((len(problem.places),) * 2, np.inf) for name in problem.goods}
    for start, end, kind, usd in zip(
        problem.link_from.tolist(),
        problem.link_to.tolist(),
        problem.link_good.tolist(),
        problem.carrying[:, 0],
        strict=True,
    ):
        carrying[problem.goods[kind]][start, end] = usd / discount
    return list(plants.values()), carrying


def delivered(data: Dataset, study: Study, good: str, market: str, country: str) -> Delivered:
    """A unit of a good at a market when it is made in a country, everything before it wherever that is cheapest.

    study: with all links (StudyTerms(nearest) of at least the number of sites). Raises ValueError for a good, market or country it lacks.
    """
    problem = study.problem
    if good not in problem.goods or market not in study.markets or country not in study.countries:
        raise ValueError(f"the study has no {good}, {market} or {country}")
    step = int(np.flatnonzero(problem.recipe_goods[:, problem.goods.index(good)] > 0)[0])
    plants, carrying = tree_of(data, study, good, country)
    goal = len(study.sites) + study.markets.index(market)
    found = ore_to_market(good, goal, plants, {}, carrying)
    if found is None:
        return Delivered(good, market, country, None, "", None)
    last = next(move for move in reversed(found.steps) if move.recipe == problem.recipes[step])
    return Delivered(good, market, country, found.price, problem.places[last.end], found)


def break_evens(data: Dataset, study: Study, mine: Delivered, other: Delivered) -> tuple[BreakEven, ...]:
    """What would have to change in the country of `mine`, each thing alone, for it to cost what `other` does."""
    if mine.usd is None or other.usd is None or mine.found is None:
        return ()
    room = other.usd - mine.usd  # USD per unit that mine may grow dearer; below zero: must grow cheaper
    recipe = next(move.recipe for move in reversed(mine.found.steps) if move.recipe and move.good == mine.good)
    cost = plant_cost(data, recipe, mine.country, capacity=_largest(study, recipe))
    land = data["country_costs"].find(mine.country)
    plant = data["plants"].find(recipe)
    good = data["chain_goods"].find(mine.good)
    assert land is not None and plant is not None and good is not None
    away = sum(move.cost for move in mine.found.steps if not move.recipe and move.good == mine.good)

    def row(what: str, unit: str, now: float, per: float) -> BreakEven:
        then = now + room / per if per > 0 else float("nan")
        return BreakEven(what, unit, mine.country, other.country, now, then if then >= 0 else float("nan"))

    hours = rule(data, "hours_per_year") * plant.number("jobs_per_1000") / 1000
    return (
        row("electricity", "USD/kWh", land.number("electricity_usd_kwh"), plant.number("electricity_kwh")),
        row("labour", "USD/h", land.number("labour_usd_h"), hours),
        _premium(data, mine, other, land.number("risk_premium_pct"), land.number("profit_tax_pct"), cost, room),
        row("carrying", f"USD/{good.text('unit')}", away, 1.0),
    )


def _premium(
    data: Dataset, mine: Delivered, other: Delivered, now: float, tax: float, cost: PlantCost, room: float
) -> BreakEven:
    """The premium on capital at which the annuity of the plant takes up the room."""
    years, base = rule(data, "life_years"), rule(data, "capital_pct")

    def over(premium: float) -> float:
        rate = (base + premium) / 100 / (1 - tax / 100)
        return float(cost.capex_usd * annuity(rate, years) - cost.capital_usd - room)

    then = float(brentq(over, -base, 100.0)) if over(-base) < 0 < over(100.0) else float("nan")
    return BreakEven("risk_premium", "%", mine.country, other.country, now, then if then >= 0 else float("nan"))


def _largest(study: Study, recipe: str) -> float:
    problem = study.problem
    return float(problem.option_capacity[problem.option_recipe == problem.recipes.index(recipe)].max())


@dataclass(frozen=True)
class Compared:
    """Cells of two countries at a market, and the break-evens of the first."""

    mine: Delivered
    other: Delivered
    break_evens: tuple[BreakEven, ...]


def compared(data: Dataset, study: Study, pairs: list[tuple[str, str]], market: str) -> tuple[Compared, ...]:
    """Both chemistries of cells, each pair of countries, at a market. Raises BadStudy for a country or market that is not in the study."""
    for country in (country for pair in pairs for country in pair):
        if country not in study.countries[: len(study.sites)]:
            why = "; ".join(
                f"{site}: {what}" for site, what in study.left_out if site.startswith(country.lower() + "_")
            )
            known = ", ".join(sorted(set(study.countries[: len(study.sites)])))
            raise BadStudy(said("err_study_country", country=country, known=known, why=why or "-"))
    if market not in study.markets:
        raise BadStudy(said("err_study_market", market=market, known=", ".join(study.markets)))
    rows = []
    for first, second in pairs:
        for good in ("cell_lfp", "cell_nmc811"):
            mine, other = (delivered(data, study, good, market, country) for country in (first, second))
            rows.append(Compared(mine, other, break_evens(data, study, mine, other)))
    return tuple(rows)
