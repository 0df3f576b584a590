"""Flows on the world network in words: what is shipped, by which corridors, and where it sticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keruen.reports.accuracy_text import columns
from keruen.reports.wording import Words, number, words_in

PER_CENT, MILLION, THOUSAND, HOURS_A_DAY = 100, 1e6, 1e3, 24
TOTALS = (  # word, name, unit, word of the unit
    ("flows_shipped", "shipped_t", MILLION, "flows_mt"),
    ("flows_shipped", "shipped_teu", MILLION, "flows_mteu"),
    ("flows_unserved", "unserved_t", MILLION, "flows_mt"),
    ("flows_forgone", "forgone_t", MILLION, "flows_mt"),
    ("flows_cost", "cost_usd", MILLION, "flows_musd"),
    ("flows_prices", "prices_usd", MILLION, "flows_musd"),
    ("flows_time", "mean_h", HOURS_A_DAY, "flows_days"),
    ("flows_co2e", "co2e_t", THOUSAND, "flows_kt_co2e"),
)


def assignment_text(answer: Mapping[str, Any], *, lang: str, most: int) -> str:
    """The document of an assignment (flows_document) as text; of corridors and bottlenecks the first `most`."""
    words = words_in(lang)
    counts = (answer["year"], *(answer["size"][name] for name in ("zones", "classes", "markets", "routes")))
    lines = [words["flows_title"].format(*counts), ""]
    if not answer["certificate"]["settled"]:
        lines += [
            words["flows_not_settled"].format(number(PER_CENT * answer["certificate"]["over_capacity"], 1, words)),
            "",
        ]
    if left_out := answer.get("left_out_share"):
        lines += [words["flows_left_out"].format(number(PER_CENT * left_out, 1, words)), ""]
    lines += columns([total(answer["totals"], one, words) for one in TOTALS], 1)
    head = (words["flows_corridors"], words["flows_unit_t"], words["flows_unit_teu"], words["flows_share"])
    rows = [
        (
            corridor_name(one, lang, words), number(one["t"] / THOUSAND, 0, words), number(one["teu"] / THOUSAND, 0, words),
            f"{number(PER_CENT * one['share_t'], 1, words)} %",
        )
        for one in answer["corridors"][:most]
    ]  # fmt: skip
    lines += ["", *columns([head, *rows], 1), ""]
    lines += [*day_lines(answer["day_less"], lang, words), ""]
    return "\n".join([*lines, *bottleneck_lines(answer["bottlenecks"], lang, most, words)]) + "\n"


def total(totals: Mapping[str, float], one: tuple[str, str, float, str], words: Words) -> tuple[str, str, str]:
    """A total in its unit."""
    word, name, unit, unit_word = one
    return words[word], number(totals[name] / unit, 2, words), words[unit_word]


def corridor_name(one: Mapping[str, Any], lang: str, words: Words) -> str:
    """The name of a corridor in a language."""
    return str(one["name_ru" if lang == "ru" else "name"]) or words["flows_corridor_other"]


def day_lines(found: Sequence[Mapping[str, Any]], lang: str, words: Words) -> list[str]:
    """What a day less on each kind of way would bring it, in sentences."""
    lines = [words["flows_day_less"]] if found else []
    for one in found:
        name = one["name_ru" if lang == "ru" else "name"]
        said = [
            words[f"flows_points_{unit}"].format(
                signed(one[f"points_{unit}"], 2, words), number(PER_CENT * one[f"share_{unit}"], 2, words)
            )
            for unit in ("t", "teu")
            if f"points_{unit}" in one
        ]
        lines.append(f"  {name}: {', '.join(said)}")
    return lines


def bottleneck_lines(found: Sequence[Mapping[str, Any]], lang: str, most: int, words: Words) -> list[str]:
    """The bottlenecks as a table, and what relief of each is worth to whom."""
    if not found:
        return [words["flows_no_bottlenecks"]]
    name, worth = ("name_ru", "worth_ru") if lang == "ru" else ("name", "worth")
    heads = (
        "flows_head_name",
        "flows_head_load",
        "flows_head_capacity",
        "flows_head_use",
        "flows_head_wait",
        "flows_head_price",
    )
    table = [tuple(words[head] for head in heads)]
    for one in found[:most]:
        unit = words[f"flows_unit_{one['unit']}"]
        price = "?" if one["price_usd_per_unit"] is None else number(one["price_usd_per_unit"], 2, words)
        figures = (one["load"] / THOUSAND, one["capacity"] / THOUSAND)
        table.append((
            one[name], *(f"{number(figure, 0, words)} {unit}" for figure in figures),
            f"{number(PER_CENT * one['use'], 0, words)} %", number(one["wait_h"], 1, words), price,
        ))  # fmt: skip
    lines = [words["flows_bottlenecks"].format(len(found)), *columns(table, 1), ""]
    for one in found[:most]:
        if one["marginal_usd"]:
            ends = (
                ", ".join(share[name] for share in one["affected"][kind][:3]) for kind in ("origins", "destinations")
            )
            lines += [one[worth], "  " + words["flows_affected"].format(*ends)]
    return lines


def comparison_text(answer: Mapping[str, Any], *, lang: str, most: int) -> str:
    """The document of two assignments side by side as text."""
    words = words_in(lang)
    sides = (answer["base"]["totals"], answer["with"]["totals"])
    table = [(words["flows_compared"], words["flows_before"], words["flows_after"], words["flows_change"], "")]
    for word, name, unit, unit_word in TOTALS:
        before, after = (side[name] / unit for side in sides)
        table.append((
            words[word], number(before, 2, words), number(after, 2, words), signed(after - before, 2, words), words[unit_word]
        ))  # fmt: skip
    heads = (words["flows_corridors"], words["flows_before"], words["flows_after"], words["flows_change"])
    corridors = [
        (
            corridor_name(one, lang, words), *(f"{number(PER_CENT * one[side], 1, words)} %" for side in ("base", "with")),
            signed(PER_CENT * one["change"], 1, words),
        )
        for one in answer["corridors"][:most]
    ]  # fmt: skip
    return "\n".join([*columns(table, 1), "", *columns([heads, *corridors], 1)]) + "\n"


def signed(value: float, digits: int, words: Words) -> str:
    """A figure with its sign."""
    return ("+" if value > 0 else "") + number(value, digits, words)


def criticality_text(
    rows: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]], *, lang: str, most: int
) -> str:
    """What falls out and what that does, as text: terminals, borders, ferries, straits and canals, then links."""
    words = words_in(lang)
    counts = [sum(one["basis"] == basis for one in rows) for basis in ("screened", "rerouted", "solved")]
    lines = columns(critical_rows("flows_critical", rows[:most], lang, words), 1)
    lines += ["", words["flows_critical_how"].format(*counts), ""]
    lines += columns(critical_rows("flows_critical_links", links[:most], lang, words), 1)
    return "\n".join(lines) + "\n"


def critical_rows(
    title: str, rows: Sequence[Mapping[str, Any]], lang: str, words: Words
) -> list[tuple[str, str, str, str, str]]:
    """A table of what falls out, with its head."""
    head = tuple(words[key] for key in (title, "flows_unit_t", "flows_lost", "flows_dearer", "flows_basis"))
    return [head] + [  # type: ignore[return-value]
        (
            one["name_ru" if lang == "ru" else "name"], number(one["load_t"] / THOUSAND, 0, words),
            number(one["unserved_t"] / THOUSAND, 0, words), number(one["extra_usd"] / MILLION, 1, words),
            words[f"flows_basis_{one['basis']}"],
        )
        for one in rows
    ]  # fmt: skip


def appraisal_text(answer: Mapping[str, Any], *, lang: str) -> str:
    """Cost and benefit of a project as text."""
    words = words_in(lang)
    shippers, value = answer["benefit_usd_per_year"]["shippers"], answer["present_value_usd"]
    years, rate = (number(answer[name]["value"], 0, words) for name in ("years", "discount_percent"))
    table = [
        (words["flows_benefit_year"], bounded(shippers, MILLION, 2, words)),
        (words["flows_benefit_income"], number(answer["benefit_usd_per_year"]["income"] / MILLION, 2, words)),
        (words["flows_benefit_present"].format(years, rate), bounded(value, MILLION, 1, words)),
    ]
    cost = answer["investment_million_usd"]
    if cost is not None:
        table += [
            (words["flows_benefit_cost"], bounded(cost, 1.0, 0, words)),
            (words["flows_benefit_net"], bounded(answer["net_present_value_usd"], MILLION, 0, words)),
            (words["flows_benefit_ratio"], bounded(answer["benefit_cost_ratio"], 1.0, 2, words)),
        ]
    title = ", ".join(answer["projects_ru" if lang == "ru" else "projects"])
    lines = [f"{words['flows_benefit']}: {title}" if title else words["flows_benefit"], *columns(table, 1)]
    if cost is None:
        lines.append(words["flows_benefit_unknown"])
    if answer["investment_unconverted"]:
        lines.append(words["flows_benefit_other"].format(", ".join(answer["investment_unconverted"])))
    return "\n".join(lines) + "\n"


def bounded(interval: Mapping[str, float], unit: float, digits: int, words: Words) -> str:
    """A figure with its bounds in brackets."""
    low, value, high = (number(interval[end] / unit, digits, words) for end in ("low", "value", "high"))
    return f"{value} ({low} ... {high})"


def optimum_text(answer: Mapping[str, Any], *, lang: str) -> str:
    """The least cost beside what shippers do, as text."""
    words = words_in(lang)
    sides = (answer["shippers"], answer["least_cost"])
    table = [
        (words["flows_optimum"], words["flows_optimum_behave"], words["flows_optimum_least"]),
        (words["flows_optimum_cost"], *(number(side["generalized_cost_usd"] / MILLION, 1, words) for side in sides)),
        (words["flows_lost"], *(number(side["unserved_t"] / THOUSAND, 1, words) for side in sides)),
        (words["flows_optimum_gap"], "", f"{answer['duality_gap']:.1e}"),
    ]
    return "\n".join(columns(table, 1)) + "\n"
