"""A study in several cases, and on the circle in which an uncertain deposit lies.

cases      as asked | carbon 0, 50, 100 USD per t | low and high demand | each scenario named (a corridor closed, a duty raised)
regret     of each case's plan in each other one (siting_choice.regrets)
circle     the deposit in its middle and at points on its rim, by the study's own routing: what its concentrate costs to carry, and what
           the same plants cost with it there
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keruen.errors import NoRoute
from keruen.materials.siting import SitingPlan, best_plan
from keruen.materials.siting_choice import Regrets, cost_of, regrets
from keruen.materials.siting_state import Tell
from keruen.materials.siting_study import EVERY_LINK, BadStudy, Study, StudyTerms, discount_of, lithium_study
from keruen.network.sphere import EARTH_RADIUS_KM
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

CARBON_PRICES = (0.0, 50.0, 100.0)


@dataclass(frozen=True, eq=False)
class Case:
    """A study under a name. name: "base", "carbon_50", "demand_low", or the name of a scenario."""

    name: str
    study: Study


def cases_of(data: Dataset, terms: StudyTerms, scenarios: Mapping[str, Dataset]) -> tuple[Case, ...]:
    """The study as asked, at other carbon prices, with low and high demand, and in scenarios (their tables by name).

    Every way a good may take is in each of them: the nearest differ from case to case, and a plan must not fail for want of one.
    Raises BadStudy for a scenario in which other plants may be built: plans could not be compared."""
    terms = replace(terms, nearest=EVERY_LINK)
    asked = {
        "base": (data, terms),
        **{
            f"carbon_{price:g}": (data, replace(terms, carbon_price=price))
            for price in CARBON_PRICES
            if price != terms.carbon_price
        },
        **{f"demand_{end}": (data, replace(terms, demand=end)) for end in ("low", "high")},
        **{name: (tables, terms) for name, tables in scenarios.items()},
    }
    found = tuple(Case(name, lithium_study(tables, own)) for name, (tables, own) in asked.items())
    base = found[0].study.problem
    for case in found[1:]:
        own = case.study.problem
        same = own.options == base.options and bool(
            (own.option_place == base.option_place).all() and (own.option_recipe == base.option_recipe).all()
        )
        if not same or case.study.sites != found[0].study.sites:
            raise BadStudy(said("err_study_case", name=case.name))
    return found


@dataclass(frozen=True, eq=False)
class Regretted:
    """The plan of each case, and what each costs in the others."""

    cases: tuple[Case, ...]
    plans: Mapping[str, SitingPlan]
    found: Regrets

    @property
    def chosen(self) -> str:
        """The case whose plan has the least largest regret."""
        return self.found.plans[self.found.choice]


def regretted(
    cases: Sequence[Case], *, gap: float, seconds: float, tell: Callable[[str], Tell | None] | None = None
) -> Regretted:
    """Solves each case in an equal part of the time and tries each plan in each case. tell(name) gives the Tell of a case."""
    plans = {
        case.name: best_plan(
            case.study.problem, gap=gap, seconds=seconds / len(cases), tell=tell(case.name) if tell else None
        )
        for case in cases
    }
    problems = {case.name: case.study.problem for case in cases}
    found = regrets(problems, plans, {name: plan.bound for name, plan in plans.items()})
    return Regretted(tuple(cases), plans, found)


@dataclass(frozen=True)
class OnTheRim:
    """A deposit at a point: USD per tonne of its concentrate to the nearest taker by cost, and what the plan's plants cost
    with it there, USD (inf: they cannot meet the demand); both nan where no road comes near."""

    lat: float
    lon: float
    carrying_usd_t: float
    cost_usd: float


def on_the_rim(data: Dataset, study: Study, plan: SitingPlan, site: str, *, points: int = 6) -> tuple[OnTheRim, ...]:
    """The deposit in the middle of its circle first, then at points of the rim, north first and clockwise.

    Raises BadStudy for a site that is not in the study or has no circle worth the name (within_km of 50 or less)."""
    table = data["chain_sites"]
    row = table.find(site)
    wide = [one.text("site") for one in table if one.number("within_km") > 50 and one.text("site") in study.sites]
    if row is None or site not in wide:
        raise BadStudy(said("err_study_circle", site=site, known=", ".join(wide) or "-"))
    lat, lon, km = row.number("lat"), row.number("lon"), row.number("within_km")
    places = [(lat, lon), *(moved(lat, lon, 360.0 * k / points, km) for k in range(points))]
    found = []
    at, discount = study.sites.index(site), float(discount_of(data, study.terms)[0])
    for k, (there_lat, there_lon) in enumerate(places):
        try:
            own = study if k == 0 else lithium_study(_at(data, site, there_lat, there_lon), study.terms)
        except NoRoute:  # no road comes near this point
            found.append(OnTheRim(there_lat, there_lon, float("nan"), float("nan")))
            continue
        problem = own.problem
        links = problem.link_from == at
        usd = problem.carrying[links, 0] / discount
        least = float(usd.min()) if len(usd) else float("nan")
        found.append(OnTheRim(there_lat, there_lon, least, cost_of(problem, plan.is_open)))
    return tuple(found)


def moved(lat: float, lon: float, bearing: float, km: float) -> tuple[float, float]:
    """The point so far from another in a direction (degrees from north, clockwise), on the sphere."""
    phi, turn, angle = np.radians(lat), np.radians(bearing), km / EARTH_RADIUS_KM
    there = np.arcsin(np.sin(phi) * np.cos(angle) + np.cos(phi) * np.sin(angle) * np.cos(turn))
    east = np.arctan2(np.sin(turn) * np.sin(angle) * np.cos(phi), np.cos(angle) - np.sin(phi) * np.sin(there))
    return float(np.degrees(there)), float((lon + np.degrees(east) + 180) % 360 - 180)


def _at(data: Dataset, site: str, lat: float, lon: float) -> Dataset:
    """The tables with a deposit elsewhere."""
    table = data["chain_sites"]
    k = table.find_index(site)
    lats, lons = table.numbers("lat").copy(), table.numbers("lon").copy()
    lats[k], lons[k] = np.round(lat, 4), np.round(lon, 4)
    return data.with_table("chain_sites", replace(table, columns={**table.columns, "lat": lats, "lon": lons}))
