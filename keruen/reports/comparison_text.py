"""Base and scenario side by side as text: what the scenario changes, then a line for each corridor.

    corridor   days  P50  P90  USD  t CO2e          the base's figure -> the scenario's, one figure where they are the same

`comparison` is the mapping that `Comparison.to_dict()` gives and that `keruen compare --json` prints. The words are rows of data/words.csv.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keruen.reports.wording import Words, number, words_in

MOST_CHANGES = 12
FIGURES = (
    ("time_h", 24, 1),
    ("p50_h", 24, 1),
    ("p90_h", 24, 1),
    ("cost_usd", 1, 0),
    ("co2e_kg", 1000, 2),
)  # unit, decimals
HEADS = (
    "column_corridor",
    "column_days",
    "compare_p50",
    "column_p90",
    "column_cost_usd",
    "column_co2e_t",
    "compare_what",
)


def comparison_text(comparison: Mapping[str, Any], *, lang: str = "en") -> str:
    """A comparison as text. Raises UnknownOption for a language there are no words for."""
    words, end = words_in(lang), "_ru" if lang == "ru" else ""
    scenario = comparison["scenario"]
    title = (scenario["title_ru"] if lang == "ru" else "") or scenario["title"] or scenario["name"]
    changes = [change["text_ru" if lang == "ru" else "text"] for change in scenario["changes"]]
    left = len(changes) - MOST_CHANGES
    lines = [title, *(f"  {change}" for change in changes[:MOST_CHANGES])]
    lines += [f"  {words['compare_more'].format(left)}"] if left > 0 else []
    for side, label in (("base", "compare_base"), ("with", "compare_with")):
        if "error" in comparison[side]:
            lines.append(f"{words[label]}: {comparison[side]['error'][f'message{end}']}")
    rows = [[words[head] for head in HEADS], *(cells(one, words, lang) for one in comparison["differences"])]
    warnings = [
        f"{words[label]}: {warning}"
        for side, label in (("base", "compare_base"), ("with", "compare_with"))
        for warning in comparison[side].get(f"warnings{end}", ())
    ]
    return "\n".join([*lines, "", *columns(rows), "", *warnings, words["compare_note"]]) + "\n"


def cells(one: Mapping[str, Any], words: Words, lang: str) -> list[str]:
    """The cells of a corridor."""
    name = (one["corridor_name_ru"] if lang == "ru" else "") or one["corridor_name"]
    figures = [figure(one["base"], one["with"], *how, words) for how in FIGURES]
    return [name, *figures, verdict(one, words)]


def figure(
    base: Mapping[str, float | None] | None, with_scenario: Mapping[str, float | None] | None, name: str, unit: float, digits: int,
    words: Words,
) -> str:  # fmt: skip
    """A figure of one side, or of both with an arrow between where they differ as shown."""
    shown = [
        "?" if (value := side[name]) is None else number(value / unit, digits, words)
        for side in (base, with_scenario)
        if side is not None
    ]
    return " → ".join(dict.fromkeys(shown))


def verdict(one: Mapping[str, Any], words: Words) -> str:
    """Whether a way vanishes, appears, changes or stays."""
    if one["with"] is None:
        return words["compare_vanishes"]
    if one["base"] is None:
        return words["compare_appears"]
    return words["compare_changes" if any(one["change"].values()) else "compare_same"]


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines of equal columns, texts to the left and figures to the right."""
    last = len(rows[0]) - 1
    widths = [max(len(row[i]) for row in rows) for i in range(last + 1)]
    return [
        "  ".join(
            cell.ljust(w) if i in (0, last) else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
