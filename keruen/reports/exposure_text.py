"""Corridor exposure in words and as JSON: suppliers with their ways, things passed with what their failure does.

Shares are in per cent of all supply in words, 0 to 1 in JSON. Words: data/words.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keruen.errors import in_both, in_language
from keruen.materials.exposure import Exposure, Sent, Thing
from keruen.reports.accuracy_text import columns
from keruen.reports.amounts import percent
from keruen.reports.figures_text import country_names
from keruen.reports.materials_json import rounded
from keruen.reports.materials_text import own_name
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset

HOURS_PER_DAY = 24
LEAST_SHOWN = 0.005  # of all supply, for what one supplier sends by a corridor to have a line of its own


def exposure_document(data: Dataset, found: Exposure) -> dict[str, Any]:
    """The exposure as JSON."""
    return {
        "material": found.material, "stage": found.stage, "buyer": found.buyer, "place": found.place,
        **in_both("place_name", found.name), "scope": found.scope,
        "home": rounded(found.home), "route_hhi": rounded(found.route_hhi), "SR": rounded(found.risk),
        "SR_left": None if found.risk_left is None else rounded(found.risk_left),
        "cut_off": {country: rounded(share) for country, share in found.cut_off.items()},
        "unplaced": {country: rounded(share) for country, share in found.unplaced.items()},
        "corridors": {corridor: rounded(share) for corridor, share in found.corridors.items()},
        "suppliers": [
            {
                "country": one.country, "place": one.place, **in_both("place_name", one.name),
                "share": rounded(one.share), "corridor": one.corridor or None,
                "generalized_cost_usd": rounded(one.cost_usd), "time_h": rounded(one.time_h), "passes": list(one.passed),
            }
            for one in found.sent
        ],
        "things": [
            {
                "item": one.item, "name": one.name, "name_ru": one.name_ru,
                **{name: None if value is None else rounded(value) for name, value in vars(one.failure).items()},
                "SR_without": None if one.risk is None else rounded(one.risk),
            }
            for one in found.things
        ],
    }  # fmt: skip


def exposure_text(data: Dataset, found: Exposure, *, lang: str = "en") -> str:
    """The exposure in words. Raises UnknownOption for a language there are no words for."""
    words, names = words_in(lang), country_names(data, lang)
    name = own_name(data["materials"].find(found.material), lang)
    lines = [
        words["exp_title"].format(
            name,
            words[f"mat_stage_{found.stage}"],
            names.get(found.buyer, found.buyer),
            in_language(found.name, lang),
            found.place,
        )
    ]
    if found.home > 0:
        lines.append("  " + words["exp_home"].format(percent(found.home, words)))
    for key, shares in (("exp_cut_off", found.cut_off), ("exp_unplaced", found.unplaced)):
        if shares:
            told = ", ".join(
                f"{names.get(country, country)} {percent(share, words)}" for country, share in shares.items()
            )
            lines.append("  " + words[key].format(told))
    lines.append("  " + words["exp_hhi"].format(number(found.route_hhi, 2, words), number(found.risk, 2, words)))
    if found.cut_off:
        left = "-" if found.risk_left is None else number(found.risk_left, 2, words)
        lines.append("  " + words["exp_left"].format(left))
    lines.append("")
    head = [
        "  " + words["exp_supplier"],
        words["exp_place"],
        words["exp_corridor"],
        words["exp_share"],
        words["exp_days"],
    ]
    lines += [*columns([head, *_supplier_cells(data, found, names, words, lang)], 3), ""]
    head = [
        "  " + words["exp_thing"],
        words["exp_share"],
        words["exp_lost"],
        words["exp_dear"],
        words["exp_cost"],
        words["exp_days"],
        "SR",
    ]
    lines += columns([head, *(_thing_cells(one, words, lang) for one in found.things)], 1)
    return "\n".join([*lines, "  " + words["exp_note"]]) + "\n"


def _supplier_cells(
    data: Dataset, found: Exposure, names: Mapping[str, str], words: Words, lang: str
) -> list[list[str]]:
    """Suppliers by corridor, with the mean of days; small parts of what one sends as one row."""
    corridors, rows, last = data["corridors"], [], ""
    told: dict[tuple[str, str], list[Sent]] = {}
    for one in found.sent:
        told.setdefault((one.country, one.corridor), []).append(one)
    sums = {key: sum(one.share for one in ways) for key, ways in told.items()}
    largest = {country: max(share for (of, _), share in sums.items() if of == country) for country, _ in sums}
    small: dict[str, list[Sent]] = {}
    for key, ways in told.items():
        if sums[key] < LEAST_SHOWN and sums[key] < largest[key[0]]:
            small.setdefault(key[0], []).extend(ways)
    for country in dict.fromkeys(country for country, _ in told):
        own = sorted((-sums[key], key[1], ways) for key, ways in told.items() if key[0] == country)
        shown = [
            (corridor, ways) for _, corridor, ways in own if not any(one in small.get(country, ()) for one in ways)
        ]
        for corridor, ways in [*shown, *([("", small[country])] if country in small else [])]:
            share = sum(one.share for one in ways)
            hours = sum(one.share * one.time_h for one in ways) / share
            name = (
                words["exp_others"]
                if ways is small.get(country)
                else own_name(corridors.find(corridor) if corridor else None, lang, "-")
            )
            first = country != last
            place = f"{in_language(ways[0].name, lang)} ({ways[0].place})" if first else ""
            days = number(hours / HOURS_PER_DAY, 1, words)
            rows.append(
                ["  " + (names.get(country, country) if first else ""), place, name, percent(share, words), days]
            )
            last = country
    return rows


def _thing_cells(one: Thing, words: Words, lang: str) -> list[str]:
    """A thing with its failure."""
    failure = one.failure
    return [
        f"  {(one.name_ru if lang == 'ru' else '') or one.name} [{one.item}]",
        percent(failure.share, words, digits=0),
        percent(failure.lost, words, digits=0) if failure.lost >= LEAST_SHOWN else "-",
        percent(failure.dear, words, digits=0) if failure.dear >= LEAST_SHOWN else "-",
        "-" if failure.added_cost is None else percent(failure.added_cost, words, sign=True),
        "-" if failure.added_h is None else ("+" if failure.added_h > 0 else "") + number(failure.added_h / HOURS_PER_DAY, 1, words),
        "-" if one.risk is None else number(one.risk, 2, words),
    ]  # fmt: skip
