"""What a unit costs and emits along its chain, in words and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from keruen.materials.chain import Requirements
from keruen.materials.chain_cost import Beside, ChainCost, chain_cost, published_beside
from keruen.reports.accuracy_text import columns
from keruen.reports.chain_text import amount_text, chain_document
from keruen.reports.wording import Words, words_in
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval


def costed_document(
    data: Dataset, found: Requirements, country: str, where: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The requirements with their cost, as JSON."""
    cost, beside = chain_cost(data, found, country, where), published_beside(data, found, country, where)
    return {**chain_document(found), "cost": cost_document(cost, beside)}


def cost_document(cost: ChainCost, beside: tuple[Beside, ...]) -> dict[str, Any]:
    """Cost and CO2e as JSON. usd and kg_co2e of all are null while something is unknown; *_known are sums of what is known."""
    return {
        "usd": None if cost.usd_unknown else cost.usd, "usd_known": cost.usd, "usd_range": _ends(cost.usd_range),
        "usd_unknown_of": list(cost.usd_unknown),
        "kg_co2e": None if cost.co2e_unknown else cost.co2e_kg, "kg_co2e_known": cost.co2e_kg,
        "kg_co2e_range": _ends(cost.co2e_range), "kg_co2e_unknown_of": list(cost.co2e_unknown),
        "rows": [
            {
                "good": row.good, "recipe": row.recipe or None, "country": row.country or None, "amount": row.amount,
                "usd": _known(row.usd), "usd_range": _ends(row.usd_range), "kg_co2e": _known(row.co2e_kg),
                "kg_co2e_range": _ends(row.co2e_range), "missing": list(row.missing),
            }
            for row in cost.rows
        ],
        "published": [
            {
                "good": one.good, "measure": one.measure, "ours": _known(one.ours), "ours_range": _ends(one.ours_range),
                "published": one.low, "published_high": _known(one.high), "row": one.row,
            }
            for one in beside
        ],
        "evidence": list(cost.evidence),
    }  # fmt: skip


def cost_text(data: Dataset, cost: ChainCost, beside: tuple[Beside, ...], *, lang: str = "en") -> str:
    """Cost and CO2e in words, a row for each step and each good that is bought, with what others publish below."""
    words = words_in(lang)
    column = "name_ru" if lang == "ru" else "name"
    names = {row.text("good"): row.text(column) for row in data["chain_goods"]}
    names |= {row.text("recipe"): row.text(column) for row in data["recipes"]}
    lands = {row.text("country"): row.text(column) for row in data["countries"]}
    rows = [[words[f"cost_{key}"] for key in ("step", "where", "usd", "range", "co2e", "range")]]
    for row in cost.rows:
        rows.append(
            [
                names[row.recipe or row.good], lands.get(row.country, words["role_bought"]), amount_text(row.usd, words),
                _between(row.usd_range, words), amount_text(row.co2e_kg, words), _between(row.co2e_range, words),
            ]
        )  # fmt: skip
    total = [
        _at_least(cost.usd, cost.usd_unknown, words), _between(cost.usd_range, words),
        _at_least(cost.co2e_kg, cost.co2e_unknown, words), _between(cost.co2e_range, words),
    ]  # fmt: skip
    rows.append([words["cost_total"], "", *total])
    lines = ["", words["cost_title"], *("  " + line for line in columns(rows, 2))]
    for key, unknown in (("cost_usd_unknown", cost.usd_unknown), ("cost_co2e_unknown", cost.co2e_unknown)):
        if unknown:
            lines.append(words[key].format(", ".join(names[one] for one in unknown)))
    if beside:
        lines.append(words["cost_beside"])
        for one in beside:
            high = "" if one.low == one.high else f" – {amount_text(one.high, words)}"
            said = (
                f"{amount_text(one.low, words)}{high}"
                if math.isfinite(one.high)
                else f"≥ {amount_text(one.low, words)}"
            )
            published = data["chain_published"].find(one.good, one.measure)
            sources = "" if published is None else ", ".join(published.sources())
            lines.append(
                "  "
                + words[f"cost_beside_{one.measure}"].format(
                    names[one.good], amount_text(one.ours, words), _between(one.ours_range, words), said, sources
                )
            )
    return "\n".join([*lines, words["cost_note"]]) + "\n"


def _at_least(value: float, unknown: tuple[str, ...], words: Words) -> str:
    return ("≥ " if unknown else "") + amount_text(value, words)


def _between(width: Interval | None, words: Words) -> str:
    return "" if width is None else f"{amount_text(width.low, words)} – {amount_text(width.high, words)}"


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _ends(width: Interval | None) -> list[float] | None:
    return None if width is None else [width.low, width.high]
