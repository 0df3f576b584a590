"""What a day is worth in shares: how each kind of way would gain if all goods on it were a day faster.

    change of cost = -24 h x value of time        on routes of the group, 0 on the others        USD/t
    points         = 100 x (share after - share before), of all tonnes and of all TEU          choice.answer_to

Prices and waits of full facilities are held where they are: it is what shippers would ask for, not what there is room for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keruen.flows.assignment import FlowResult
from keruen.flows.choice import answer_to, market_of
from keruen.flows.constants import group_of
from keruen.tables.dataset import Dataset

HOURS_A_DAY = 24
LEAST_LEFT = 0.05  # of a route's cost: no day saved is worth more than the rest


def day_less(data: Dataset, found: FlowResult) -> list[dict[str, Any]]:
    """For each group of choice_constants over which anything goes: its shares, and points gained by a day less on it."""
    routes, shippers, loading = found.routes, found.shippers, found.loading
    if not loading.shipped_t.sum():
        return []
    kinds = np.array([*group_of(data, routes.corridors), ""])
    worth = shippers.value_of_time_usd_per_t_h[market_of(routes)] * HOURS_A_DAY
    boxes = loading.shipped_t * np.nan_to_num(shippers.teu_per_t)
    cost, rows = loading.route_usd_per_t, []
    for row in data["choice_constants"]:
        inside = (kinds == row.text("group"))[routes.corridor]
        if not loading.route_t[inside].any():
            continue
        change = np.where(inside & np.isfinite(cost), -np.minimum(worth, (1 - LEAST_LEFT) * cost), 0.0)
        one: dict[str, Any] = {"group": row.text("group"), "name": row.text("name"), "name_ru": row.text("name_ru")}
        for unit, amount in (("t", loading.shipped_t), ("teu", boxes)):
            if amount.sum():
                answer = answer_to(routes, amount, cost, change, shippers.beta, found.constants)
                mine = kinds == row.text("group")
                before, after = float(answer.before[mine].sum()), float(answer.after[mine].sum())
                one |= {f"share_{unit}": before, f"points_{unit}": 100 * (after - before)}
        rows.append(one)
    return rows
