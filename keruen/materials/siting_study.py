"""The study of lithium from rock and brine to cells: which plants where, so that car makers get their batteries at least cost.

    sites      chain_sites: deposits give concentrate or carbonate up to what they can, cities may take any later step
    recipes    STEPS below, from the tables recipes and recipe_goods; what no step makes is bought at its price (chain_goods)
    plants     three sizes each between the usual ones; a year costs annuity of capital with the country's premium and tax, upkeep,
               power, gas, wages, running money, and carbon (plant_costs)
    links      USD per tonne by the routing engine, each good as its commodity travels, plus carbon and import duty where one is known
               (import_duties; what is not known is named); the nearest ones of each site
    demand     battery cars of car_markets, grown as car_outlook says, times kWh per car and the shares of chemistries

All money is discounted to the first year. A site whose costs are not known is left out and named; so is one no route reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from keruen.errors import KeruenError
from keruen.materials.chain import goods_of
from keruen.materials.duties import Duties, usd_per_unit
from keruen.materials.plant_costs import plant_cost, rule
from keruen.materials.programme import Programme
from keruen.materials.siting_problem import SitingProblem
from keruen.network.sphere import distance_km
from keruen.routing.matrix import matrix
from keruen.routing.progress import Heed, unheard
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

Floats = NDArray[np.float64]

STEPS = (
    "concentrate_spodumene",
    "carbonate_from_brine",
    "hydroxide_from_concentrate",
    "carbonate_from_concentrate",
    "precursor_nmc811",
    "cathode_nmc811",
    "cathode_lfp",
    "cells_nmc811",
    "cells_lfp",
)
EVERY_LINK = 10_000  # as `nearest`: as many links of a site and good as there are
SHORT = 1e-6  # of a unit of cells: what lacks less is rounding
WANTED = {"cell_lfp": "lfp", "cell_nmc811": "nmc"}


class BadStudy(KeruenError):
    """A study is asked for a country, market, good or case it does not have."""

    kind = "bad_study"
    exit_code = 2


@dataclass(frozen=True)
class StudyTerms:
    """What a study asks. first_year, periods and years_per_period; carbon_price USD per t CO2e; lacking: USD per kWh that is not
    delivered, above any cost of cells, so that a shortfall shows; most_of_one_country: share of each step that one country may make,
    1 for no limit; at_least: local content, (country or group of countries, share of all cells made there); nearest: links kept from
    each site and good; sizes of plants between the usual ends; demand: end of the rule demand_pct, "value", "low" or "high".
    """

    first_year: int = 2026
    periods: int = 5
    years_per_period: int = 2
    carbon_price: float = 0.0
    lacking: float = 500.0
    most_of_one_country: float = 1.0
    at_least: tuple[tuple[str, float], ...] = ()
    nearest: int = 15
    sizes: int = 3
    demand: str = "value"


@dataclass(frozen=True, eq=False)
class Study:
    """A problem with the names of what stands behind its rows. left_out: sites and why; without_duty: (good, origin, destination)
    of links whose import duty is not known; rows: the evidence it rests on."""

    terms: StudyTerms
    problem: SitingProblem
    sites: tuple[str, ...]
    markets: tuple[str, ...]
    countries: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    without_duty: tuple[tuple[str, str, str], ...]
    rows: tuple[str, ...]


def lithium_study(data: Dataset, terms: StudyTerms | None = None, *, heed: Heed = unheard) -> Study:
    """The problem of the study for the tables as they are (a scenario of them gives another one).

    heed: called between one table of carrying and the next, each a second or so; what it raises ends the work."""
    asked = terms or StudyTerms()
    sites = [site for site in data["chain_sites"] if _steps_at(data, site)]
    markets = list(data["car_markets"])
    recipes = [data["recipes"].find(name) for name in STEPS]
    goods = tuple(dict.fromkeys(row.text("product") for row in recipes if row is not None))
    usable, left_out = _usable(data, sites)
    sites = [site for site in sites if site.text("site") in usable]
    amounts, bought = _amounts(data, goods)
    options = _options(data, asked, sites, goods, bought, usable)
    discount = discount_of(data, asked)
    duties = Duties(data)
    links = _links(data, asked, sites, markets, goods, discount, duties, heed)
    demand_place, demand_good, demand = _demand(data, asked, len(sites), markets, goods)
    lacking = np.full(demand.shape, asked.lacking) * discount
    limit, most = _limits(data, asked, options, sites)
    _refuse_shares(asked, limit, options, sites, goods, amounts)
    n, t = len(options), asked.periods
    problem = SitingProblem(
        places=tuple(row.text("name") for row in (*sites, *markets)),
        goods=goods,
        recipes=STEPS,
        recipe_goods=amounts,
        option_place=np.array([o.site for o in options], np.int32),
        option_recipe=np.array([o.recipe for o in options], np.int32),
        option_group=np.array([o.recipe * len(sites) + o.site for o in options], np.int32),
        option_capacity=np.array([o.capacity for o in options]),
        is_standing=np.zeros(n, np.bool_),
        opening=np.zeros((n, t)),
        keeping=np.array([o.standing * o.capacity for o in options])[:, None] * discount,
        running=np.array([o.running for o in options])[:, None] * discount,
        **links,
        demand_place=demand_place,
        demand_good=demand_good,
        demand=demand,
        lacking=lacking,
        limit=limit,
        limit_most=most,
    )
    rows = [row.id for row in (*sites, *markets)] + [part.id for name in STEPS for part in goods_of(data, name)]
    return Study(
        asked,
        problem,
        tuple(row.text("site") for row in sites),
        tuple(row.text("market") for row in markets),
        tuple(row.text("country") for row in (*sites, *markets)),
        left_out,
        duties.asked_in_vain,
        tuple(rows),
    )


@dataclass(frozen=True)
class Option:
    """A plant that may be built: units a year, USD a year per unit of capacity, USD per unit made."""

    site: int
    recipe: int
    capacity: float
    standing: float
    running: float


def _usable(data: Dataset, sites: Sequence[Any]) -> tuple[set[str], tuple[tuple[str, str], ...]]:
    """Sites all of whose steps have known costs; the others with what is missing."""
    good: set[str] = set()
    out: list[tuple[str, str]] = []
    for site in sites:
        missing = [
            column
            for recipe in _steps_at(data, site)
            for column in plant_cost(data, STEPS[recipe], site.text("country")).missing
        ]
        if missing:
            out.append((site.text("site"), ", ".join(dict.fromkeys(missing))))
        else:
            good.add(site.text("site"))
    return good, tuple(out)


def _steps_at(data: Dataset, site: Any) -> list[int]:
    """Rows of STEPS that may stand at a site."""
    kind, stages = site.text("kind"), site.texts("stages")
    found = []
    for k, name in enumerate(STEPS):
        row = data["recipes"].find(name)
        if row is None or row.text("stage") not in stages:
            continue
        if kind == row.text("kind"):
            found.append(k)
    return found


def _amounts(data: Dataset, goods: tuple[str, ...]) -> tuple[Floats, Floats]:
    """recipe_goods of the problem, and USD of what is bought per unit of each recipe's product."""
    table = data["chain_goods"]
    price = dict(zip(table.texts("good"), table.numbers("usd_per_unit").tolist(), strict=True))
    made = np.zeros((len(STEPS), len(goods)))
    bought = np.zeros(len(STEPS))
    for k, name in enumerate(STEPS):
        for part in goods_of(data, name):
            good, sign = part.text("good"), -1.0 if part.text("role") == "input" else 1.0
            if good in goods:
                made[k, goods.index(good)] += sign * part.number("amount")
            elif sign < 0 and price[good] == price[good]:  # raw goods and reagents are in the running money
                bought[k] += part.number("amount") * price[good]
    return made, bought


def _options(
    data: Dataset, terms: StudyTerms, sites: Sequence[Any], goods: tuple[str, ...], bought: Floats, usable: set[str]
) -> list[Option]:
    options: list[Option] = []
    for at, site in enumerate(sites):
        for k in _steps_at(data, site):
            plant = data["plants"].find(STEPS[k])
            assert plant is not None and site.text("site") in usable
            low, high = plant.number("capacity_low"), plant.number("capacity_high")
            most = site.number("capacity")
            sizes = np.geomspace(low, high, terms.sizes) if most != most else np.array([0.5, 1.0]) * most
            for size in sizes.tolist():
                cost = plant_cost(data, STEPS[k], site.text("country"), capacity=size)
                carbon = (cost.co2e_kg if cost.co2e_kg == cost.co2e_kg else 0.0) / 1000 * terms.carbon_price
                options.append(
                    Option(
                        at,
                        k,
                        size,
                        cost.capital_usd + cost.upkeep_usd + cost.labour_usd,
                        cost.energy_usd + cost.running_usd + float(bought[k]) + carbon,
                    )
                )
    return options


def discount_of(data: Dataset, terms: StudyTerms) -> Floats:
    """Present value of a dollar in each year of a period, float64[t]."""
    rate = rule(data, "social_pct") / 100
    year = np.arange(terms.periods * terms.years_per_period).reshape(terms.periods, -1)
    value: Floats = ((1 + rate) ** -year.astype(np.float64)).sum(axis=1)
    return value


def _links(
    data: Dataset,
    terms: StudyTerms,
    sites: Sequence[Any],
    markets: Sequence[Any],
    goods: tuple[str, ...],
    discount: Floats,
    duties: Duties,
    heed: Heed,
) -> dict[str, Any]:
    """Links of each good: between sites that make and that take it, and to the markets; the cheapest `nearest` of each."""
    lands = [row.text("country") for row in (*sites, *markets)]
    start, end, kind, cost = [], [], [], []
    steps = [_steps_at(data, site) for site in sites]
    amounts, _ = _amounts(data, goods)
    by_commodity: dict[str, Floats] = {}
    for g, good in enumerate(goods):
        row = data["chain_goods"].find(good)
        assert row is not None
        commodity = row.text("commodity")
        if commodity not in by_commodity:
            heed()
            by_commodity[commodity] = usd_per_t(data, terms, commodity, sites, markets, heed=heed)
        usd = by_commodity[commodity] * row.number("t_per_unit")
        makers = [i for i in range(len(sites)) if any(amounts[k, g] > 0 for k in steps[i])]
        takers = [i for i in range(len(sites)) if any(amounts[k, g] < 0 for k in steps[i])]
        ends = takers if good not in WANTED else [len(sites) + j for j in range(len(markets))]
        price = row.number("usd_per_unit")
        for i in makers:
            for j in ends:
                usd[i, j] += usd_per_unit(duties, good, price, lands[i], lands[j])
            reached = [j for j in ends if j != i and np.isfinite(usd[i, j])]
            keep = terms.nearest if good not in WANTED else len(ends)
            for j in sorted(reached, key=lambda j: usd[i, j])[:keep]:
                start.append(i)
                end.append(j)
                kind.append(g)
                cost.append(usd[i, j])
    return {
        "link_from": np.array(start, np.int32),
        "link_to": np.array(end, np.int32),
        "link_good": np.array(kind, np.int32),
        "carrying": np.array(cost)[:, None] * discount,
    }


def usd_per_t(
    data: Dataset,
    terms: StudyTerms,
    commodity: str,
    sites: Sequence[Any],
    markets: Sequence[Any],
    *,
    heed: Heed = unheard,
) -> Floats:
    """USD per tonne of a commodity from each site to each site and market, carbon in it; inf where no route is, float64[s, s + m]."""
    shipment = Shipment(commodity=commodity, carbon_price_usd_per_t=terms.carbon_price)
    names = [named_at(site) for site in sites]
    goals = names + [named_at(market) for market in markets]
    tonnes = consignment(data, shipment).tonnes
    usd = matrix(data, names, goals, shipment=shipment, by="cost").values / tonnes
    if terms.carbon_price:
        heed()
        usd = usd + matrix(data, names, goals, shipment=shipment, by="co2e").values / tonnes / 1000 * terms.carbon_price
    usd = np.where(np.isnan(usd), np.inf, usd)
    by_road = np.array([_to_network_km(data, site) for site in sites]) * rule(data, "dearer_roads_usd_per_t_km")
    usd[:, : len(sites)] += by_road[None, :]
    return usd + by_road[:, None]


def named_at(row: Any) -> str:
    """What routing knows a site or market by: the place it joins the network at, else its point."""
    if "by" in row.table.columns and row.text("by"):
        return str(row.text("by"))
    return f"{row.number('lat')},{row.number('lon')}"


def _to_network_km(data: Dataset, site: Any) -> float:
    """Road from a remote site to the place where it joins the network, a third longer than the straight line; 0 for others."""
    if not site.text("by"):
        return 0.0
    place = data["places"].find(site.text("by"))
    if place is None:
        return 0.0
    straight = distance_km(site.number("lat"), site.number("lon"), place.number("lat"), place.number("lon"))
    return float(straight) * 4 / 3


def _demand(
    data: Dataset, terms: StudyTerms, first: int, markets: Sequence[Any], goods: tuple[str, ...]
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """kWh a year of each chemistry at each market and period, at the middle of the period."""
    lfp = rule(data, "lfp_share_pct") / 100
    share = {"cell_lfp": lfp, "cell_nmc811": 1 - lfp}
    table = data["car_outlook"]
    middle = terms.first_year + (np.arange(terms.periods) + 0.5) * terms.years_per_period - 0.5
    place, kind, rows = [], [], []
    for j, market in enumerate(markets):
        own = [k for k, region in enumerate(table.texts("region")) if region == market.text("region")]
        years = np.array([float(table.texts("year")[k]) for k in own])
        cars = table.numbers("cars")[own]
        order = np.argsort(years)
        growth = np.interp([*middle, float(market.text("year"))], years[order], cars[order])
        kwh = market.number("cars") * growth[:-1] / growth[-1] * rule(data, "pack_kwh")
        kwh *= rule(data, "demand_pct", terms.demand) / 100
        for good in WANTED:
            place.append(first + j)
            kind.append(goods.index(good))
            rows.append(kwh * share[good])
    return np.array(place, np.int32), np.array(kind, np.int32), np.array(rows)


def _limits(data: Dataset, terms: StudyTerms, options: list[Option], sites: Sequence[Any]) -> tuple[Floats, Floats]:
    """Rows that keep one country within its share of each step, and that give countries their share of all cells."""
    recipe = np.array([o.recipe for o in options])
    country = np.array([sites[o.site].text("country") for o in options])
    rows: list[Floats] = []
    if terms.most_of_one_country < 1:
        rows += [
            np.where(recipe == k, (country == land) - terms.most_of_one_country, 0.0)
            for k in sorted(set(recipe.tolist()))
            for land in sorted(set(country[recipe == k].tolist()))
            if len(set(country[recipe == k].tolist())) > 1
        ]
    is_cell = np.isin(recipe, [k for k, name in enumerate(STEPS) if name.startswith("cells_")])
    for name, share in terms.at_least:
        own = country == name
        for row in data["countries"]:
            if name in row.texts("groups"):
                own |= country == row.text("country")
        if not (own & is_cell).any():
            raise BadStudy(said("err_study_local", name=name, known=", ".join(sorted(set(country[is_cell].tolist())))))
        rows.append(np.where(is_cell, share - own, 0.0))
    if not rows:
        return np.empty((0, 0)), np.empty((0, 0))
    return np.array(rows), np.zeros((len(rows), terms.periods))


def _refuse_shares(
    terms: StudyTerms,
    limit: Floats,
    options: list[Option],
    sites: Sequence[Any],
    goods: tuple[str, ...],
    amounts: Floats,
) -> None:
    """Raises BadStudy where the shares asked for leave cells that no plants can make, however large: a linear programme over
    activities alone, in which a unit of each kind of cells is wanted and as little as can be is lacking."""
    if not len(limit):
        return
    wanted = [goods.index(good) for good in WANTED]
    activity = np.array([amounts[o.recipe] for o in options])
    lack = np.zeros((len(wanted), len(goods)))
    lack[np.arange(len(wanted)), wanted] = 1.0
    need = lack.sum(axis=0)
    matrix = sparse.csr_matrix(
        np.vstack([np.vstack([activity, lack]).T, np.hstack([limit, np.zeros((len(limit), len(wanted)))])])
    )
    n = len(options)
    cost = np.concatenate([np.zeros(n), np.ones(len(wanted))])
    low = np.concatenate([need, np.full(len(limit), -np.inf)])
    high = np.concatenate([np.full(len(goods), np.inf), np.zeros(len(limit))])
    solved = Programme(cost, np.zeros(len(cost)), np.full(len(cost), np.inf), matrix, low, high).solve()
    missing = [goods[good] for good, part in zip(wanted, solved.x[n:].tolist(), strict=True) if part > SHORT]
    if missing:
        shares = [f"--most-of-one-country {terms.most_of_one_country:g}"] if terms.most_of_one_country < 1 else []
        shares += [f"--at-least {name}={share:g}" for name, share in terms.at_least]
        lands = {
            STEPS[k]: sorted({sites[o.site].text("country") for o in options if o.recipe == k})
            for k in sorted({o.recipe for o in options})
        }
        known = "; ".join(f"{step}: {', '.join(names)}" for step, names in lands.items())
        raise BadStudy(said("err_study_shares", goods=", ".join(missing), shares=", ".join(shares), known=known))
