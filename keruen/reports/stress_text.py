"""What futures come to, in words: summaries with what chance alone may move, what matters most, recovery, replays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keruen.reports.accuracy_text import columns
from keruen.reports.wording import Words, number, words_in

PER_CENT = 100
UNITS = {  # divisor, digits, word of the unit
    "time_h": (24.0, 1, "stress_days"), "cost_usd": (1.0, 0, "stress_usd"), "added_usd": (1e6, 1, "stress_musd"),
    "lost_t": (1e3, 1, "stress_kt"), "lost_share": (0.01, 1, "stress_pct"), "lacking_share": (0.01, 1, "stress_pct"),
}  # fmt: skip
SHOWN = ("mean", "p50", "p95", "cvar95")
BAR = 40
LEAST = 1e-6  # of any measure: less is rounding


def stress_text(document: Mapping[str, Any], *, lang: str, most: int = 12) -> str:
    """The document of an ensemble (StressResult.to_dict) as text; of the disruptions the first `most`."""
    words = words_in(lang)
    lines = [words["stress_title"].format(number(document["draws"], 0, words), document["seed"]), ""]
    head = ("", words["stress_usual"], *(words[f"stress_{name}"] for name in SHOWN), words["stress_worst"])
    rows = []
    for measure, one in document["summaries"].items():
        usual = document["base"].get(measure)
        cells = [figure(measure, usual, words), *(with_interval(measure, one[name], words) for name in SHOWN)]
        rows.append((label(measure, words), *cells, figure(measure, one["worst"], words)))
    lines += [*columns([head, *rows], 1), "", words["stress_interval"], ""]
    if "routed" in document["base"]:
        lines += [words["stress_unrouted"].format(number(PER_CENT * document["unrouted_share"], 1, words)), ""]
    felt = [
        one
        for one in document["critical"]
        if any(added is None or abs(added) > LEAST for added in one["adds"].values())
    ]
    if felt:
        lines += [*critical_lines(felt[:most], words, lang), ""]
    if "lost_t" in document["summaries"]:
        lines += [words["stress_coarse"], ""]
    if "lacking_share" in document["summaries"]:
        lines += [words["stress_fixed_plants"], ""]
    if silent := len(document["critical"]) - len(felt):
        lines += [words["stress_silent"].format(silent), ""]
    return "\n".join(lines)


def critical_lines(found: Sequence[Mapping[str, Any]], words: Words, lang: str) -> list[str]:
    """Disruptions by themselves, the worst first."""
    measures = list(found[0]["adds"])
    head = (words["stress_critical"], words["stress_days_per_year"], *(f"+ {label(name, words)}" for name in measures))
    rows = [
        (
            one["name_ru" if lang == "ru" else "name"], number(one["days_per_year"], 1, words),
            *(figure(name, one["adds"][name], words) for name in measures),
        )
        for one in found
    ]  # fmt: skip
    return columns([head, *rows], 1)


def label(measure: str, words: Words) -> str:
    """A measure with its unit."""
    return f"{words[f'stress_of_{measure}']}, {words[UNITS[measure][2]]}"


def figure(measure: str, value: float | None, words: Words) -> str:
    """A number of a measure; a dash where there is none."""
    divisor, digits, _ = UNITS[measure]
    return words["stress_none"] if value is None else number(value / divisor, digits, words)


def with_interval(measure: str, one: Mapping[str, float], words: Words) -> str:
    """A number and its confidence interval."""
    return f"{figure(measure, one['value'], words)} [{figure(measure, one['low'], words)}; {figure(measure, one['high'], words)}]"


def recovery_text(document: Mapping[str, Any], *, lang: str) -> str:
    """The document of a recovery as text: a bar for each week until all is as before."""
    words = words_in(lang)
    name = document["name_ru" if lang == "ru" else "name"]
    weeks, back = document["weeks"], document["weeks_to_recover"]
    lines = [
        words["stress_recovery"].format(
            name, number(weeks, 1, words), number(document["due_t_per_week"] / 1e3, 1, words)
        ),
        "",
    ]
    lines += [words["stress_back"].format(back) if back is not None else words["stress_not_back"]]
    lines += [words["stress_lost_use"].format(number(document["lost_use_t"] / 1e3, 1, words)), ""]
    last = min(len(document["served"]), (back or len(document["served"])) + 1)
    head = (words["stress_week"], words["stress_served"], words["stress_backlog"], words["stress_stock"], "")
    rows = [
        (
            str(week + 1), number(PER_CENT * document["served"][week], 0, words),
            number(max(document["backlog_t"][week], 0.0) / 1e3, 1, words),
            number(document["stock_t"][week] / 1e3, 1, words), "#" * round(BAR * document["served"][week]),
        )
        for week in range(last)
    ]  # fmt: skip
    table = columns([row[:4] for row in (head, *rows)], 0)
    lines += [f"{line}  {row[4]}".rstrip() for line, row in zip(table, (head, *rows), strict=True)]
    hit = [
        (one["country"], number(one["due_t_per_week"] / 1e3, 2, words), number(PER_CENT * one["least_served"], 0, words),
         words["stress_none"] if one["weeks_to_recover"] is None else str(one["weeks_to_recover"]))
        for one in document["countries"]
    ]  # fmt: skip
    titles = (words["stress_country"], words["stress_due"], words["stress_least"], words["stress_weeks_back"])
    return "\n".join([*lines, "", *columns([titles, *hit], 1), ""])


def percolation_text(document: Mapping[str, Any], *, lang: str, most: int = 20) -> str:
    """The document of a percolation as text: what is left as one thing after the other is taken out."""
    words = words_in(lang)
    head = (words["stress_taken_out"], words["stress_left_by_flow"], words["stress_left_at_random"])
    names = ["", *document["items"]]
    rows = [
        (
            name or words["stress_nothing"],
            *(number(PER_CENT * document[way][row], 1, words) for way in ("by_flow", "at_random")),
        )
        for row, name in enumerate(names[: most + 1])
    ]
    lines = [words["stress_percolation"].format(len(document["items"])), "", *columns([head, *rows], 1), ""]
    for way in ("by_flow", "at_random"):
        share = document[f"critical_share_{way}"]
        told = words["stress_never_half"] if share is None else f"{number(PER_CENT * share, 1, words)} %"
        lines.append(words[f"stress_half_{way}"].format(told))
    return "\n".join([*lines, ""])


def replay_text(found: Sequence[Mapping[str, Any]], *, lang: str) -> str:
    """Published figures beside the model's as text."""
    words = words_in(lang)
    head = (
        words["stress_figure"],
        words["stress_unit"],
        words["stress_published"],
        words["stress_model"],
        words["stress_off"],
    )
    rows = []
    for one in found:
        low, high = (number(one[end], 1, words) for end in ("low", "high"))
        mark = "" if one["independent"] else " *"
        cells = (
            low if low == high else f"{low} - {high}",
            number(one["model"], 1, words),
            number(one["error"], 1, words),
        )
        rows.append((one["name_ru" if lang == "ru" else "name"] + mark, one["unit"], *cells))
    lines = columns([head, *rows], 2)
    if not all(one["independent"] for one in found):
        lines += ["", words["stress_dependent"]]
    sources = dict.fromkeys(source for one in found for source in one["source"])
    return "\n".join([*lines, "", words["stress_sources"].format(", ".join(sources)), ""])
