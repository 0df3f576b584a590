"""A unit of a good at a market, from the ore: where each step is best done and which way each good goes, with its cost and CO2e.

    search     ore_to_market.py over the sites that may hold a step of the chain, its plants there, and carrying; nothing is scarce
    cost       plants (with what they buy), carrying, import duty                                 USD of a unit at the market
    CO2e       plants whose energy is known; carrying of the cheapest way as `route` finds it     kg; what is not known is named, not zero

The search goes by cost alone. A plant whose cost in a country is not known does not stand there; what no plant of the chain makes is
bought at its price. Goods that no plants are known for (a car: its parts have no price) are refused, before anything is sought, with
those that have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keruen.materials.chain import asked_good, goods_of
from keruen.materials.duties import Duties, usd_per_unit
from keruen.materials.ore_to_market import Move, Plant, ore_to_market
from keruen.materials.plant_costs import plant_cost
from keruen.materials.siting_study import BadStudy, Floats, StudyTerms, named_at, usd_per_t
from keruen.routing.route import route
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said


@dataclass(frozen=True)
class ChainMove:
    """A step of the way. recipe: empty for carrying. amount of the good per unit at the market; start, end: names of places; country:
    of the end; usd of the step alone for that amount, duty_usd of it duty; duty_known: whether the duty is; co2e_kg: nan where unknown;
    legs: modes of carrying, in order."""

    good: str
    recipe: str
    amount: float
    start: str
    end: str
    country: str
    usd: float
    duty_usd: float
    duty_known: bool
    co2e_kg: float
    legs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChainRoute:
    """The whole way of a unit. usd is the sum of the steps. co2e_kg: of the steps whose emissions are known; unknown: the others' recipes
    and goods. rows: evidence."""

    good: str
    unit: str
    market: str
    usd: float
    co2e_kg: float
    moves: tuple[ChainMove, ...]
    unknown: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Places:
    """Where a chain may go: rows of chain_sites and the market last, their countries, plants there at their cheapest size, recipes used."""

    rows: tuple[Row, ...]
    countries: tuple[str, ...]
    plants: tuple[Plant, ...]
    recipes: tuple[str, ...]


def chain_route(data: Dataset, good: str, market: str, *, carbon_price: float = 0.0) -> ChainRoute:
    """The cheapest way of a unit of a good to a market (a row of car_markets), from the ground.

    Raises BadChain for an unknown good, BadStudy for one that no plants are known for from the ground on, for a market that is not in the
    table, and where no way leads there. All but the last are told before any way is sought."""
    good = asked_good(data, good)
    recipes = placed_recipes(data)
    products = dict.fromkeys(row.text("product") for row in recipes)
    if good not in products:
        raise BadStudy(said("err_route_good", good=good, known=", ".join(products)))
    end = data["car_markets"].find(market)
    if end is None:
        known = ", ".join(data["car_markets"].texts("market"))
        raise BadStudy(said("err_study_market", market=market, known=known))
    terms = StudyTerms(carbon_price=carbon_price)
    places = _places(data, good, end, recipes, terms)
    duties = Duties(data)
    goal = len(places.rows) - 1
    found = ore_to_market(good, goal, places.plants, {}, _carrying(data, good, places, duties, terms))
    if found is None:
        raise BadStudy(said("err_route_none", good=good, market=market))
    steps = [step for step in found.steps if step.recipe or not _is_there(places, step)]
    moves = tuple(_move(data, places, duties, step, terms) for step in steps)
    emitted = [move.co2e_kg for move in moves if np.isfinite(move.co2e_kg)]
    unknown = tuple(dict.fromkeys(move.recipe or move.good for move in moves if not np.isfinite(move.co2e_kg)))
    rows = tuple(dict.fromkeys(one for move in moves for one in _rows(data, move, places)))
    unit = next(row.text("unit") for row in data["chain_goods"] if row.text("good") == good)
    return ChainRoute(good, unit, market, found.price, float(sum(emitted)), moves, unknown, rows)


def placed_recipes(data: Dataset) -> tuple[Row, ...]:
    """Recipes with plants whose running costs are known, that some site may hold, and whose goods can be made or bought."""
    kinds = {(row.text("kind"), stage) for row in data["chain_sites"] for stage in row.texts("stages")}
    left = [
        row
        for row in data["recipes"]
        if (row.text("kind"), row.text("stage")) in kinds
        and (plant := data["plants"].find(row.text("recipe"))) is not None
        and plant.number("opex_usd") == plant.number("opex_usd")
    ]
    while True:
        made = {row.text("product") for row in left}
        kept = [row for row in left if not _lacking(data, row.text("recipe"), made)]
        if len(kept) == len(left):
            return tuple(kept)
        left = kept


def _lacking(data: Dataset, recipe: str, made: set[str]) -> list[str]:
    """Inputs of a recipe that are neither made, nor priced, nor held in the money of plants."""
    return [
        part.text("good")
        for part in goods_of(data, recipe)
        if part.text("role") == "input" and part.text("good") not in made and _price(data, part.text("good")) is None
    ]


def _price(data: Dataset, good: str) -> float | None:
    """USD of a unit that is bought: 0 where plants hold it in their money; None if unknown."""
    row = data["chain_goods"].find(good)
    if row is None:
        return None
    if row.text("is_in_plant") == "yes":
        return 0.0
    price = row.number("usd_per_unit")
    return price if price == price else None


def _places(data: Dataset, good: str, end: Row, recipes: tuple[Row, ...], terms: StudyTerms) -> Places:
    """The chain of a good: the recipes it may use, the sites that may hold one of them, and what each costs there."""
    used: dict[str, Row] = {}
    todo, seen = [good], set[str]()
    while todo:
        name = todo.pop()
        row = data["chain_goods"].find(name)
        if name in seen or row is None or (row.text("is_bought") == "yes" and name != good):
            continue
        seen.add(name)
        for one in recipes:
            if one.text("product") == name:
                used[one.text("recipe")] = one
                todo += [
                    part.text("good") for part in goods_of(data, one.text("recipe")) if part.text("role") == "input"
                ]
    made = {row.text("product") for row in used.values()}
    sites: list[Row] = []
    plants: list[Plant] = []
    for site in data["chain_sites"]:
        here = [
            plant
            for recipe, row in used.items()
            if row.text("kind") == site.text("kind") and row.text("stage") in site.texts("stages")
            and (plant := _plant(data, recipe, row.text("product"), site, len(sites), made, terms)) is not None
        ]  # fmt: skip
        if here:
            sites.append(site)
            plants += here
    rows = (*sites, end)
    return Places(rows, tuple(row.text("country") for row in rows), tuple(plants), tuple(used))


def _plant(
    data: Dataset, recipe: str, product: str, site: Row, place: int, made: set[str], terms: StudyTerms
) -> Plant | None:
    """A recipe at a site at its largest usual size, or that of the mine; None where a cost is not known."""
    row = data["plants"].find(recipe)
    assert row is not None
    most = site.number("capacity")
    cost = plant_cost(
        data, recipe, site.text("country"), capacity=most if most == most else row.number("capacity_high")
    )
    if cost.total_usd != cost.total_usd:
        return None
    parts = [part for part in goods_of(data, recipe) if part.text("role") == "input"]
    inputs = {part.text("good"): part.number("amount") for part in parts if part.text("good") in made}
    bought = sum(
        part.number("amount") * (_price(data, part.text("good")) or 0.0)
        for part in parts
        if part.text("good") not in inputs
    )
    carbon = (cost.co2e_kg if cost.co2e_kg == cost.co2e_kg else 0.0) / 1000 * terms.carbon_price
    return Plant(recipe, product, place, cost.total_usd + bought + carbon, inputs)


def _carrying(data: Dataset, good: str, places: Places, duties: Duties, terms: StudyTerms) -> dict[str, Floats]:
    """USD per unit from each place to each for what the chain carries, duties in it; inf where it cannot go."""
    *sites, end = places.rows
    by_commodity: dict[str, Floats] = {}
    carrying: dict[str, Floats] = {}
    for name in dict.fromkeys([good, *(part for plant in places.plants for part in plant.inputs)]):
        row = data["chain_goods"].find(name)
        assert row is not None
        commodity = row.text("commodity")
        if not commodity:
            continue
        if commodity not in by_commodity:
            by_commodity[commodity] = usd_per_t(data, terms, commodity, sites, [end])
        usd = np.full((len(places.rows),) * 2, np.inf)
        usd[:-1] = by_commodity[commodity] * row.number("t_per_unit")
        makers = sorted({plant.place for plant in places.plants if plant.product == name})
        takers = {plant.place for plant in places.plants if name in plant.inputs} | (
            {len(sites)} if name == good else set()
        )
        price = row.number("usd_per_unit")
        allowed = np.full(usd.shape, np.inf)
        for i in makers:
            for j in sorted(takers - {i}):
                duty = usd_per_unit(duties, name, price, places.countries[i], places.countries[j])
                allowed[i, j] = usd[i, j] + duty
        carrying[name] = allowed
    return carrying


def _is_there(places: Places, step: Move) -> bool:
    """Whether a good is carried to where it lies already: made where the market is."""
    return named_at(places.rows[step.start]) == named_at(places.rows[step.end])


def _move(data: Dataset, places: Places, duties: Duties, step: Move, terms: StudyTerms) -> ChainMove:
    start, end = places.rows[step.start].text("name"), places.rows[step.end].text("name")
    origin, country = places.countries[step.start], places.countries[step.end]
    if step.recipe:
        cost = plant_cost(data, step.recipe, country)
        return ChainMove(
            step.good, step.recipe, step.amount, start, end, country, step.cost, 0.0, True, cost.co2e_kg * step.amount
        )
    row = data["chain_goods"].find(step.good)
    assert row is not None
    duty = usd_per_unit(duties, step.good, row.number("usd_per_unit"), origin, country) * step.amount
    is_known = bool(np.isfinite(duties.share(step.good, origin, country)))
    shipment = Shipment(commodity=row.text("commodity"), carbon_price_usd_per_t=terms.carbon_price)
    ends = (named_at(places.rows[step.start]), named_at(places.rows[step.end]))
    way = route(data, *ends, shipment=shipment, objective="cheapest").routes[0]
    tonnes = row.number("t_per_unit") * step.amount
    emitted = float("nan") if way.co2e_kg is None else way.co2e_kg
    kg = emitted / consignment(data, shipment).tonnes * tonnes
    return ChainMove(
        step.good, "", step.amount, start, end, country, step.cost, duty, is_known, float(kg), tuple(way.modes)
    )


def _rows(data: Dataset, move: ChainMove, places: Places) -> tuple[str, ...]:
    """Evidence of a step: its plant and country, or its good and duty."""
    if move.recipe:
        return plant_cost(data, move.recipe, move.country).rows
    row = data["chain_goods"].find(move.good)
    origin = next(row.text("country") for row in places.rows if row.text("name") == move.start)
    duty = Duties(data).row(move.good, origin, move.country) if origin != move.country else None
    return tuple(one.id for one in (row, duty) if one is not None)
