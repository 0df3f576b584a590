"""Other plans of a study, its cases and their regret, and the circle of a deposit, in words and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keruen.materials.siting import SitingPlan
from keruen.materials.siting_cases import OnTheRim, Regretted
from keruen.materials.siting_study import Study
from keruen.reports.accuracy_text import columns
from keruen.reports.amounts import percent
from keruen.reports.siting_text import BILLION, step_names
from keruen.reports.wording import number, words_in
from keruen.tables.dataset import Dataset


def others_document(study: Study, plan: SitingPlan, others: Sequence[SitingPlan]) -> list[dict[str, Any]]:
    """Each other plan as JSON: its cost, how much more that is, and the plants of the last period that are new and gone."""
    return [
        {
            "cost_usd": other.cost,
            "more": other.cost / plan.cost - 1,
            "new": _plants(study, other, plan),
            "gone": _plants(study, plan, other),
        }
        for other in others
    ]


def others_text(
    data: Dataset, study: Study, plan: SitingPlan, others: Sequence[SitingPlan], within: float, *, lang: str = "en"
) -> str:
    """The other plans in words."""
    words, names = words_in(lang), step_names(data, lang)
    most = percent(within, words)
    if not others:
        return words["site_no_others"].format(most) + "\n"
    lines = [words["site_others"].format(most)]
    for k, other in enumerate(others):
        new, gone = _plants(study, other, plan), _plants(study, plan, other)
        lines.append(
            words["site_other"].format(
                k + 1, number(other.cost / BILLION, 1, words), percent(other.cost / plan.cost - 1, words, digits=2),
                len(gone), int(plan.is_open[:, -1].sum()),
            )
        )  # fmt: skip
        for key, plants in (("site_other_new", new), ("site_other_gone", gone)):
            if plants:
                said = ", ".join(f"{names[plant['recipe']]} {plant['site']}" for plant in plants)
                lines.append(words[key].format(said))
    return "\n".join(lines) + "\n"


def regret_document(found: Regretted) -> dict[str, Any]:
    """The cases as JSON: best cost and its proven bound of each, what each plan regrets in each; null: it cannot meet it."""
    table = found.found
    return {
        "cases": [
            {"case": case.name, "cost_usd": found.plans[case.name].cost, "bound_usd": found.plans[case.name].bound}
            for case in found.cases
        ],
        "regret_usd": {
            plan: {case: _known(table.regret[i, j]) for j, case in enumerate(table.cases)}
            for i, plan in enumerate(table.plans)
        },
        "least_largest_regret": found.chosen,
    }


def regret_text(found: Regretted, *, lang: str = "en") -> str:
    """The table of regrets: a row for each plan, a column for each case."""
    words, table = words_in(lang), found.found
    head = [words["site_regret_plan"], *table.cases, words["site_regret_most"]]
    rows = [
        [name, *(_billions(value, words) for value in table.regret[i]), _billions(table.regret[i].max(), words)]
        for i, name in enumerate(table.plans)
    ]
    most = _billions(table.regret[table.choice].max(), words)
    lines = [words["site_regret"], *("  " + line for line in columns([head, *rows], 1))]
    return "\n".join([*lines, words["site_regret_best"].format(found.chosen, most)]) + "\n"


def rim_document(points: Sequence[OnTheRim]) -> list[dict[str, Any]]:
    """The points as JSON, the middle first; null where there is no way or the demand cannot be met."""
    return [
        {
            "lat": point.lat,
            "lon": point.lon,
            "carrying_usd_t": _known(point.carrying_usd_t),
            "cost_usd": _known(point.cost_usd),
        }
        for point in points
    ]


def rim_text(data: Dataset, site: str, points: Sequence[OnTheRim], *, lang: str = "en") -> str:
    """The circle of a deposit in words: each point, and the spread."""
    words = words_in(lang)
    row = data["chain_sites"].find(site)
    assert row is not None
    lines = [
        words["site_circle"].format(
            row.text("name"), number(row.number("within_km"), 0, words), number(row.number("lat"), 2, words),
            number(row.number("lon"), 2, words),
        )
    ]  # fmt: skip
    lines += [
        "  "
        + words["site_circle_at"].format(
            number(point.lat, 2, words), number(point.lon, 2, words), number(point.carrying_usd_t, 1, words),
            number(point.cost_usd / BILLION, 3, words),
        )
        if not math.isnan(point.cost_usd)
        else "  " + words["site_circle_no_road"].format(number(point.lat, 2, words), number(point.lon, 2, words))
        for point in points
    ]  # fmt: skip
    usd = [point.carrying_usd_t for point in points if math.isfinite(point.carrying_usd_t)]
    cost = [point.cost_usd for point in points if math.isfinite(point.cost_usd)]
    if usd and cost:
        spread = percent((max(cost) - min(cost)) / min(cost), words, digits=3)
        lines.append(words["site_circle_spread"].format(number(min(usd), 1, words), number(max(usd), 1, words), spread))
    return "\n".join(lines) + "\n"


def _plants(study: Study, plan: SitingPlan, against: SitingPlan) -> list[dict[str, str]]:
    """Plants of the last period that the other plan does not have in this size."""
    problem = plan.problem
    own = np.flatnonzero(plan.is_open[:, -1] & ~against.is_open[:, -1]).tolist()
    return [
        {"site": study.sites[problem.option_place[o]], "recipe": problem.recipes[problem.option_recipe[o]]} for o in own
    ]


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _billions(value: float, words: Any) -> str:
    return number(float(value) / BILLION, 2, words) if math.isfinite(value) else "–"
