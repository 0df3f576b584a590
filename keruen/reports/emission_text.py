"""The emissions of a transport chain, and the check of a file of them, as text: one line for each element, totals, what to know.

    element   from - to     km x DAF   t-km   g per t-km (kg per t at a hub)   kg CO2e WTW   kg CO2e TTW

Figures that rest on an assumption of ours carry the mark ≈. The words are rows of data/words.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from keruen.reports.wording import ASSUMED_MARK, Words, mode_text, number, words_in
from keruen.routing.emission_chain import HUB, ChainElement, TransportChain
from keruen.routing.emission_check import EmissionCheck
from keruen.routing.result import PlaceRef

WIDEST_NAME = 34
HEADS = (
    "emissions_mode", "emissions_way", "emissions_km", "emissions_daf", "emissions_tkm", "emissions_intensity", "emissions_wtw",
    "emissions_ttw",
)  # fmt: skip


def chain_text(chain: TransportChain, places: Mapping[str, PlaceRef], *, lang: str = "en") -> str:
    """A chain as a table. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    heads = [words[key] for key in HEADS]
    rows = [element_cells(element, places, words, lang) for element in chain.elements]
    total = [words["total"], "", "", "", number(chain.activity_tkm, 0, words), "", *kilograms(chain, words)]
    lines = table_lines([heads, *rows, total], texts=2)
    share = chain.primary_share_of_emissions
    notes = [
        words["emissions_hub"],
        words["emissions_primary"].format("?" if share is None else number(100 * share, 0, words)),
        words["emissions_planned"].format(amount(chain.planned_co2e_kg, words)),
    ]
    if any(element.intensity.assumed for element in chain.elements):
        notes.append(words["emissions_assumed"])
    return "\n".join([*lines, "", *notes, *chain.remarks, *chain.unknown]) + "\n"


def element_cells(element: ChainElement, places: Mapping[str, PlaceRef], words: Words, lang: str) -> list[str]:
    """The cells of an element."""
    intensity = element.intensity
    hub = element.kind == HUB
    per_unit = None if intensity.wtw_kg is None else intensity.wtw_kg if hub else 1000 * intensity.wtw_kg
    mark = ASSUMED_MARK if intensity.assumed else ""
    return [
        mode_text(element.mode, words),
        way(element, places, lang),
        "" if hub else number(element.distance_km, 0, words),
        "" if hub else number(intensity.daf, 2, words),
        "" if hub else number(element.activity_tkm, 0, words),
        mark + ("?" if per_unit is None else number(per_unit, 1, words)),
        *kilograms(element, words),
    ]


def way(element: ChainElement, places: Mapping[str, PlaceRef], lang: str) -> str:
    """Names of the ends of an element."""
    names = []
    for key in dict.fromkeys((element.start, element.end)):
        place = places.get(key)
        name = ((place.name_ru if lang == "ru" else "") or place.name) if place else key
        names.append(name if len(name) <= WIDEST_NAME else f"{name[: WIDEST_NAME - 1]}…")
    return " - ".join(names)


def kilograms(of: ChainElement | TransportChain, words: Words) -> list[str]:
    """WTW and TTW."""
    return [amount(of.co2e_wtw_kg, words), amount(of.co2e_ttw_kg, words)]


def amount(value: float | None, words: Words) -> str:
    """Kilograms, with a decimal where there are few; a question mark where not known."""
    return "?" if value is None else number(value, 0 if abs(value) >= 100 else 1, words)


def table_lines(rows: Sequence[Sequence[str]], texts: int) -> list[str]:
    """Rows as lines of equal columns: the first `texts` to the left, figures to the right; the last row under a rule."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(w) if i < texts else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return [lines[0], *lines[1:-1], "-" * len(lines[0]), lines[-1]]


def check_text(check: EmissionCheck, *, lang: str = "en") -> str:
    """The result of a check as lines: what was read, every problem with its place, whether it passed. Problems are in English."""
    words = words_in(lang)
    read = words["check_read"].format(check.footprints, check.elements, check.categories)
    more = [words["check_left_off"].format(check.left_off)] if check.left_off else []
    return "\n".join([read, *lines_of(check), *more, words["check_passed" if check.passed else "check_failed"]]) + "\n"


def lines_of(check: EmissionCheck) -> Iterable[str]:
    """A line for each problem."""
    return [str(problem) for problem in check.problems]
