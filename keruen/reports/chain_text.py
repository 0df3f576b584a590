"""What a product takes along its chain, in words and as JSON."""

from __future__ import annotations

import math
from typing import Any

from keruen.errors import in_language
from keruen.materials.chain import Requirements, Used
from keruen.reports.accuracy_text import columns
from keruen.reports.wording import Words, words_in

DIGITS = 4
ROLES = ("product", "made", "bought", "raw", "by_product")


def chain_document(found: Requirements) -> dict[str, Any]:
    """The requirements as JSON; energy that is not known is null."""
    return {
        "good": found.good,
        "amount": found.amount,
        "goods": [
            {
                "good": row.good, "name": str(row.name), "name_ru": row.name.ru, "unit": row.unit, "role": row.role,
                "amount": row.amount, "low": row.low, "high": row.high, "mass_t": row.mass_t,
                "recipe": row.recipe or None, "sources": list(row.sources),
            }
            for row in found.goods
        ],
        "steps": [
            {
                "recipe": step.recipe, "name": str(step.name), "name_ru": step.name.ru, "stage": step.stage, "product": step.product,
                "activity": step.activity, "in_t": step.in_t, "out_t": step.out_t, "lost_t": step.lost_t,
                "electricity_kwh": _known(step.electricity_kwh), "gas_mj": _known(step.gas_mj), "rows": list(step.rows),
            }
            for step in found.steps
        ],
        "mass_error_t": found.mass_error_t,
    }  # fmt: skip


def chain_text(found: Requirements, *, lang: str = "en") -> str:
    """The requirements in words. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    product = found.of(found.good)
    lines = [
        words["chain_title"].format(
            amount_text(found.amount, words), words[f"unit_{product.unit}"], in_language(product.name, lang)
        ),
        "",
    ]
    head = [words["chain_good"], words["chain_role"], words["chain_amount"], words["chain_range"], words["chain_mass"]]
    rows = [head]
    for row in sorted(found.goods, key=lambda row: ROLES.index(row.role)):
        amount = f"{amount_text(row.amount, words)} {words[f'unit_{row.unit}']}"
        rows.append(
            [
                in_language(row.name, lang),
                words[f"role_{row.role}"],
                amount,
                _range(row, words),
                f"{amount_text(row.mass_t, words)} {words['unit_t']}",
            ]
        )
    lines += ["  " + line for line in columns(rows, 2)]
    lines += ["", words["chain_steps"]]
    steps = [[words["chain_step"], words["chain_in"], words["chain_lost"], words["chain_power"], words["chain_gas"]]]
    for step in found.steps:
        steps.append(
            [
                in_language(step.name, lang),
                *(amount_text(value, words) for value in (step.in_t, step.lost_t, step.electricity_kwh, step.gas_mj)),
            ]
        )
    lines += ["  " + line for line in columns(steps, 1)]
    lines += ["", words["chain_balance"].format(amount_text(abs(found.mass_error_t), words))]
    sources = list(dict.fromkeys(source for row in found.goods for source in row.sources))
    return "\n".join([*lines, words["chain_sources"].format(", ".join(sources))]) + "\n"


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _range(row: Used, words: Words) -> str:
    if math.isclose(row.low, row.high, rel_tol=1e-9):
        return ""
    return f"{amount_text(row.low, words)} – {amount_text(row.high, words)}"


def amount_text(value: float, words: Words) -> str:
    """A number to four digits; unknown as a dash."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    places = max(DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
    if places > 9:
        return f"{value:.0e}"
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(",", "\0").replace(".", words["decimal_sign"]).replace("\0", words["thousands_sign"])
