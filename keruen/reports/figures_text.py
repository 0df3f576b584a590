"""Rival figures side by side: one heading a thing, one line a figure with whose it is, its edition, date and rows, then what conflicts.

    KAZ - VNM · exports · all goods · 2023 · USD
      180.136 million USD   official statistics, final   KAZ   2024   figures:K0534
      180.2 million USD     said in the press                  2024-05   figures:K0855
      they differ by 0.04 %

`document` is what `keruen figures --json` prints. Words: data/words.csv; names of sources stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keruen.figures.ledger import ALL_GOODS, Figure, Rivals
from keruen.reports.amounts import amount, percent
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset

SMALLEST_SHARE = 5e-5
GREATEST_SHARE = 10.0


def figures_document(found: Sequence[Rivals]) -> dict[str, Any]:
    """The rivals as JSON: for each thing its figures and conflicts."""
    return {
        "things": [
            {
                **rivals.thing._asdict(),
                "figures": [figure.to_json() for figure in rivals.figures],
                "conflicts": [
                    {"first": list(one.first.rows), "second": list(one.second.rows), "share": round(one.share, 6)}
                    for one in rivals.conflicts
                ],
            }
            for rivals in found
        ]
    }


def figures_text(data: Dataset, found: Sequence[Rivals], *, lang: str = "en") -> str:
    """The rivals as text. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    parts = []
    for rivals in found:
        rows = [figure_cells(figure, words) for figure in rivals.figures]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        parts.append(heading(data, rivals.figures[0], words, lang))
        parts += ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        notes = dict.fromkeys(figure.note for figure in rivals.figures if figure.note)
        parts += [f"  {words['figures_note']}: {note}" for note in notes]
        if rivals.conflicts:
            parts.append("  " + conflict_text(rivals, words))
        parts.append("")
    return "\n".join(parts)


def heading(data: Dataset, figure: Figure, words: Words, lang: str) -> str:
    """What the figures are of."""
    names = country_names(data, lang)
    pair = " - ".join(names.get(code, code) for code in (figure.subject, figure.partner) if code)
    goods = figure.goods_in(lang) if figure.commodity == ALL_GOODS else f"{figure.goods_in(lang)} {figure.hs}".strip()
    parts = (
        pair,
        words[f"flow_{figure.flow}"],
        goods,
        words.get(f"mode_{figure.mode}", figure.mode),
        figure.measure,
        figure.scope,
    )
    return " · ".join(part for part in (*parts, figure.period or words["figures_undated"]) if part)


def figure_cells(figure: Figure, words: Words) -> list[str]:
    """The cells of a figure: value, where it stands, edition, whose, when published, rows."""
    if figure.value is None:
        value = (
            words["figures_growth"].format(number(figure.growth_pct, 1, words))
            if figure.growth_pct is not None
            else words["unknown"]
        )
    else:
        half = figure.interval.half_width if figure.interval is not None and not figure.qualifier else None
        value = amount(figure.value, half, figure.unit, words)
        if figure.out_of is not None:
            value = words["figures_out_of"].format(value, number(figure.out_of, 0, words))
        if figure.qualifier:
            value = words[f"qualifier_{figure.qualifier}"].format(value)
    stands = words[f"kind_{figure.kind}"]
    if figure.weight == "derived":
        stands = f"{stands}, {words['figures_sum']}"
    if figure.edition:
        stands = f"{stands}, {words[f'edition_{figure.edition}']}"
    if figure.modality != "stated" and figure.kind != "planned":
        stands = f"{stands}, {words[f'modality_{figure.modality}']}"
    return [value, stands, figure.perspective, figure.published, " + ".join(figure.rows)]


def conflict_text(rivals: Rivals, words: Words) -> str:
    """How far the rivals are apart, the widest pair first."""
    widest = rivals.conflicts[0]
    return words["figures_conflict"].format(
        len(rivals.conflicts),
        apart_text(widest.share, words),
        " + ".join(widest.first.rows),
        " + ".join(widest.second.rows),
    )


def apart_text(share: float, words: Words) -> str:
    """A distance in per cent, as a multiple where it is far."""
    if share > GREATEST_SHARE:
        return words["figures_manifold"].format(number(1 + share, 1, words))
    if share < SMALLEST_SHARE:
        return words["figures_least"]
    return percent(share, words, digits=2 if share < 0.01 else 1)


def country_names(data: Dataset, lang: str) -> Mapping[str, str]:
    """Names of countries by ISO 3166 alpha-3."""
    countries = data["countries"]
    name = "name_ru" if lang == "ru" else "name"
    found = zip(countries.texts("iso3"), countries.texts(name), countries.texts("name"), strict=True)
    return {code: shown or english for code, shown, english in found}
