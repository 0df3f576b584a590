"""A unit of a good at a market, from the ore: where each step is best done and which way each good goes, with its cost and CO2e.

    search     ore_to_market.py over the sites, plants and prices of carrying of the study (siting_study.py); nothing is scarce
    cost       plants (with what they buy), carrying, import duty                                 USD of a unit at the market
    CO2e       plants whose energy is known; carrying of the cheapest way as `route` finds it     kg; what is not known is named, not zero

The search goes by cost alone. Goods without plant economics (titanium, magnets, copper, and all goods that the study does not make) are
refused with the list of those that have them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keruen.materials.duties import Duties, usd_per_unit
from keruen.materials.ore_to_market import Move, ore_to_market
from keruen.materials.plant_costs import plant_cost
from keruen.materials.siting_study import BadStudy, Study, StudyTerms, lithium_study, named_at, usd_per_t
from keruen.materials.siting_words import tree_of
from keruen.routing.route import route
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset
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


def chain_route(data: Dataset, good: str, market: str, *, carbon_price: float = 0.0) -> ChainRoute:
    """The cheapest way of a unit of a good to a market (a row of car_markets), from the ground.

    Raises BadStudy for a good without plant economics, or a market that is not in the table, or where no way leads there."""
    study = lithium_study(data, StudyTerms(periods=1, nearest=10_000, carbon_price=carbon_price))
    if good not in study.problem.goods:
        raise BadStudy(said("err_route_good", good=good, known=", ".join(study.problem.goods)))
    if market not in study.markets:
        raise BadStudy(said("err_study_market", market=market, known=", ".join(study.markets)))
    goal = len(study.sites) + study.markets.index(market)
    plants, carrying = tree_of(data, study, good)
    duties = Duties(data)
    row, end = data["chain_goods"].find(good), data["car_markets"].find(market)
    assert row is not None and end is not None
    sites = [site for site in data["chain_sites"] if site.text("site") in study.sites]
    if not np.isfinite(carrying[good][:, goal]).any():  # the study brings cells alone to markets
        usd = usd_per_t(data, study.terms, row.text("commodity"), sites, [end])[:, -1] * row.number("t_per_unit")
        duty = [
            usd_per_unit(duties, good, row.number("usd_per_unit"), site.text("country"), end.text("country"))
            for site in sites
        ]
        carrying[good][: len(sites), goal] = usd + duty
    found = ore_to_market(good, goal, plants, {}, carrying)
    if found is None:
        raise BadStudy(said("err_route_none", good=good, market=market))
    names = [named_at(one) for one in (*sites, *data["car_markets"])]
    moves = tuple(_move(data, study, duties, step, names) for step in found.steps)
    known = [move.co2e_kg for move in moves if np.isfinite(move.co2e_kg)]
    unknown = tuple(dict.fromkeys(move.recipe or move.good for move in moves if not np.isfinite(move.co2e_kg)))
    rows = tuple(dict.fromkeys(one for move in moves for one in _rows(data, move, study)))
    return ChainRoute(good, row.text("unit"), market, found.price, float(sum(known)), moves, unknown, rows)


def _move(data: Dataset, study: Study, duties: Duties, step: Move, names: list[str]) -> ChainMove:
    start, end = study.problem.places[step.start], study.problem.places[step.end]
    origin, country = study.countries[step.start], study.countries[step.end]
    if step.recipe:
        cost = plant_cost(data, step.recipe, country)
        return ChainMove(
            step.good, step.recipe, step.amount, start, end, country, step.cost, 0.0, True, cost.co2e_kg * step.amount
        )
    row = data["chain_goods"].find(step.good)
    assert row is not None
    duty = usd_per_unit(duties, step.good, row.number("usd_per_unit"), origin, country) * step.amount
    is_known = bool(np.isfinite(duties.share(step.good, origin, country)))
    shipment = Shipment(commodity=row.text("commodity"), carbon_price_usd_per_t=study.terms.carbon_price)
    way = route(data, names[step.start], names[step.end], shipment=shipment, objective="cheapest").routes[0]
    tonnes = row.number("t_per_unit") * step.amount
    emitted = float("nan") if way.co2e_kg is None else way.co2e_kg
    kg = emitted / consignment(data, shipment).tonnes * tonnes
    return ChainMove(
        step.good, "", step.amount, start, end, country, step.cost, duty, is_known, float(kg), tuple(way.modes)
    )


def _rows(data: Dataset, move: ChainMove, study: Study) -> tuple[str, ...]:
    """Evidence of a step: its plant and country, or its good and duty."""
    if move.recipe:
        return plant_cost(data, move.recipe, move.country).rows
    row = data["chain_goods"].find(move.good)
    origin = study.countries[study.problem.places.index(move.start)]
    duty = Duties(data).row(move.good, origin, move.country) if origin != move.country else None
    return tuple(one.id for one in (row, duty) if one is not None)
