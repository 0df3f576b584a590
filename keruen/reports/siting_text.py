"""A siting plan, and cells of one country against another's, in words and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keruen.materials.siting import SitingPlan
from keruen.materials.siting_study import Study
from keruen.materials.siting_words import BreakEven, Compared, shares
from keruen.reports.accuracy_text import columns
from keruen.reports.amounts import percent
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset

BILLION = 1e9


def plan_document(study: Study, plan: SitingPlan) -> dict[str, Any]:
    """The plan as JSON: plants with their activity by period, shares of countries, cost, proven bound and gap, what was left out."""
    problem = plan.problem
    first = study.terms.first_year
    step = study.terms.years_per_period
    return {
        "cost_usd": plan.cost, "bound_usd": plan.bound, "gap": plan.gap, "seconds": plan.seconds,
        "periods": [f"{first + k * step}/{first + (k + 1) * step - 1}" for k in range(problem.periods)],
        "plants": [
            {
                "site": study.sites[problem.option_place[o]], "name": problem.places[problem.option_place[o]],
                "country": study.countries[problem.option_place[o]], "recipe": problem.recipes[problem.option_recipe[o]],
                "capacity": float(problem.option_capacity[o]), "opens_in_period": int(np.flatnonzero(plan.is_open[o])[0]),
                "activity": plan.activity[o].tolist(),
            }
            for o in np.flatnonzero(plan.is_open.any(axis=1)).tolist()
        ],
        "shares": [vars(row) for row in shares(study, plan)],
        "lacking_kwh": plan.lacking.sum(axis=0).tolist(),
        "history": [{"seconds": s, "cost_usd": c if math.isfinite(c) else None, "bound_usd": b if math.isfinite(b) else None}
                    for s, c, b in plan.history],
        "left_out": [{"site": site, "missing": why} for site, why in study.left_out],
        "without_duty": [{"good": good, "origin": a, "destination": b} for good, a, b in study.without_duty],
        "rows": list(study.rows),
    }  # fmt: skip


def plan_text(data: Dataset, study: Study, plan: SitingPlan, *, lang: str = "en") -> str:
    """The plan in words: what it costs and how sure that is, who makes what at the end, each plant, and which sites were left out."""
    words, names = words_in(lang), _countries(data, lang)
    problem, terms = plan.problem, study.terms
    last = terms.first_year + terms.periods * terms.years_per_period - 1
    wanted = float(problem.demand[:, -1].sum())
    lines = [
        words["site_title"].format(terms.first_year, last, number(wanted / 1e6, 0, words)),
        words["site_cost"].format(
            number(plan.cost / BILLION, 1, words), percent(plan.gap, words, digits=2), number(plan.bound / BILLION, 1, words),
            number(plan.seconds, 0, words),
        ),
    ]  # fmt: skip
    if plan.lacking.sum() > 1e-6 * problem.demand.sum():
        lines.append(words["site_lacking"].format(percent(plan.lacking.sum() / problem.demand.sum(), words)))
    lines += ["", words["site_shares"].format(last)]
    recipe_names = step_names(data, lang)
    rows = [
        [
            recipe_names[row.recipe],
            names.get(row.country, row.country),
            percent(row.share, words, digits=0),
            str(row.plants),
        ]
        for row in shares(study, plan)
    ]
    lines += [
        "  " + line
        for line in columns(
            [[words["site_step"], words["site_country"], words["site_share"], words["site_plants"]], *rows], 2
        )
    ]
    lines += ["", words["site_list"]]
    for o in sorted(np.flatnonzero(plan.is_open.any(axis=1)).tolist(), key=lambda o: (problem.option_recipe[o], o)):
        opens = terms.first_year + int(np.flatnonzero(plan.is_open[o])[0]) * terms.years_per_period
        used = float(plan.activity[o, -1] / problem.option_capacity[o])
        lines.append(
            "  "
            + words["site_plant"].format(
                recipe_names[problem.recipes[problem.option_recipe[o]]], problem.places[problem.option_place[o]],
                names.get(study.countries[problem.option_place[o]], ""), _size(float(problem.option_capacity[o]), problem, o, words),
                opens, percent(used, words, digits=0),
            )
        )  # fmt: skip
    if study.left_out:
        lines += ["", words["site_left_out"].format(len(study.left_out))]
        lines += [f"  {site}: {why}" for site, why in study.left_out]
    if study.without_duty:
        goods = {row.text("good"): row.text("name_ru" if lang == "ru" else "name") for row in data["chain_goods"]}
        lost = ", ".join(goods[good] for good in dict.fromkeys(good for good, *_ in study.without_duty))
        lines += ["", words["site_no_duty"].format(len(study.without_duty), lost)]
    return "\n".join([*lines, "", words["site_note"]]) + "\n"


def compare_document(rows: Sequence[Compared]) -> dict[str, Any]:
    """Prices of both countries and break-evens as JSON; unknown as null."""
    return {
        "rows": [
            {
                "good": row.mine.good, "market": row.mine.market, "country": row.mine.country, "other": row.other.country,
                "usd_per_kwh": row.mine.usd, "other_usd_per_kwh": row.other.usd, "site": row.mine.at, "other_site": row.other.at,
                "break_evens": [
                    {"what": one.what, "unit": one.unit, "now": one.now, "then": one.then if math.isfinite(one.then) else None}
                    for one in row.break_evens
                ],
            }
            for row in rows
        ]
    }  # fmt: skip


def compare_text(data: Dataset, rows: Sequence[Compared], *, lang: str = "en") -> str:
    """The break-even conditions in words."""
    words, names = words_in(lang), _countries(data, lang)
    goods = {row.text("good"): row.text("name_ru" if lang == "ru" else "name") for row in data["chain_goods"]}
    lines: list[str] = []
    for row in rows:
        mine, other = names.get(row.mine.country, row.mine.country), names.get(row.other.country, row.other.country)
        market = data["car_markets"].find(row.mine.market)
        place = market.text("name") if market is not None else row.mine.market
        if row.mine.usd is None or row.other.usd is None:
            lines.append(
                words["site_no_way"].format(goods[row.mine.good], mine if row.mine.usd is None else other, place)
            )
            continue
        lines.append(
            words["site_delivered"].format(
                goods[row.mine.good],
                place,
                number(row.mine.usd, 2, words),
                mine,
                row.mine.at,
                number(row.other.usd, 2, words),
                other,
                row.other.at,
            )
        )
        key = "site_wins_while" if row.mine.usd <= row.other.usd else "site_would_win"
        lines += ["  " + _condition(one, words, key, mine) for one in row.break_evens]
    return "\n".join([*lines, "", words["site_each_alone"]]) + "\n"


def _condition(one: BreakEven, words: Words, key: str, country: str) -> str:
    what = words[f"site_what_{one.what}"].format(country)
    if not math.isfinite(one.then):
        return words["site_never"].format(what)
    digits = 3 if one.what == "electricity" else 2
    return words[key].format(what, number(one.then, digits, words), one.unit, number(one.now, digits, words))


def step_names(data: Dataset, lang: str) -> dict[str, str]:
    """Names of recipes by their code."""
    return {row.text("recipe"): row.text("name_ru" if lang == "ru" else "name") for row in data["recipes"]}


def _size(capacity: float, problem: Any, option: int, words: Words) -> str:
    """Capacity with its unit: GWh of cells, thousand tonnes of all else."""
    product = problem.goods[int(np.flatnonzero(problem.recipe_goods[problem.option_recipe[option]] > 0)[0])]
    if product.startswith("cell"):
        return f"{number(capacity / 1e6, 0, words)} {words['unit_gwh']}"
    return f"{number(capacity / 1e3, 0, words)} {words['unit_kt']}"


def _countries(data: Dataset, lang: str) -> dict[str, str]:
    """Names of countries by ISO 3166 alpha-2."""
    return {row.text("country"): row.text("name_ru" if lang == "ru" else "name") for row in data["countries"]}
