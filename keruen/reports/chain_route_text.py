"""The way of a unit from the ore to a market, in words and as JSON."""

from __future__ import annotations

import math
from typing import Any

from keruen.materials.chain_route import ChainRoute
from keruen.reports.accuracy_text import columns
from keruen.reports.chain_text import amount_text
from keruen.reports.siting_text import step_names
from keruen.reports.wording import words_in
from keruen.tables.dataset import Dataset


def route_document(found: ChainRoute) -> dict[str, Any]:
    """The way as JSON: USD and kg CO2e of a unit, and of each step; null where it is not known."""
    return {
        "good": found.good, "unit": found.unit, "market": found.market, "usd": found.usd, "kg_co2e": found.co2e_kg,
        "kg_co2e_unknown_of": list(found.unknown),
        "steps": [
            {
                "good": move.good, "recipe": move.recipe or None, "amount": move.amount, "from": move.start, "to": move.end,
                "country": move.country, "modes": list(move.legs), "usd": move.usd,
                "duty_usd": move.duty_usd if move.duty_known else None,
                "kg_co2e": move.co2e_kg if math.isfinite(move.co2e_kg) else None,
            }
            for move in found.moves
        ],
        "rows": list(found.rows),
    }  # fmt: skip


def route_text(data: Dataset, found: ChainRoute, *, lang: str = "en") -> str:
    """The way in words, a row for each step. Raises UnknownOption for a language there are no words for."""
    words, steps = words_in(lang), step_names(data, lang)
    goods = {row.text("good"): row.text("name_ru" if lang == "ru" else "name") for row in data["chain_goods"]}
    units = {row.text("good"): words[f"unit_{row.text('unit')}"] for row in data["chain_goods"]}
    market = data["car_markets"].find(found.market)
    place = market.text("name") if market is not None else found.market
    rows = [[words[key] for key in ("route_step", "route_amount", "route_usd", "route_duty", "route_co2e")]]
    for move in found.moves:
        if move.recipe:
            what = words["route_made"].format(move.end, move.country, steps[move.recipe])
        else:
            what = words["route_carried"].format(move.start, move.end, ", ".join(words[f"mode_{m}"] for m in move.legs))
        rows.append(
            [
                f"{goods[move.good]}, {what}", f"{amount_text(move.amount, words)} {units[move.good]}",
                amount_text(move.usd, words), amount_text(move.duty_usd if move.duty_known else math.nan, words),
                amount_text(move.co2e_kg, words),
            ]
        )  # fmt: skip
    title = words["route_title"].format(
        units[found.good], goods[found.good], place, amount_text(found.usd, words), amount_text(found.co2e_kg, words)
    )
    lines = [title, "", *("  " + line for line in columns(rows, 1)), ""]
    if found.unknown:
        lines.append(
            words["route_unknown"].format(", ".join(steps.get(one, goods.get(one, one)) for one in found.unknown))
        )
    if lost := [goods[move.good] for move in found.moves if not move.duty_known]:
        lines.append(words["route_no_duty"].format(", ".join(lost)))
    return "\n".join([*lines, words["route_note"]]) + "\n"
