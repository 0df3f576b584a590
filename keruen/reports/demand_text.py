"""Demand in plain words: what is carried by class, between which countries, by whose figures.

Tonnes are in millions with their bounds, containers in thousand TEU, a dash where nothing goes in containers. A bound of which a part
is not known is a question mark. The words are rows of data/words.csv, the names of classes, sectors, countries and sources those of
their tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keruen.flows.demand import Demand, Floats
from keruen.reports.accuracy_text import columns
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset

MILLION_T, THOUSAND_TEU = 1e6, 1e3
UNKNOWN, NO_BOXES = "?", "-"
Groups = NDArray[np.int64]


def demand_text(demand: Demand, data: Dataset, *, lang: str = "en", rows: int = 15) -> str:
    """A demand as text: totals by class and by sector, the largest relations of countries, the sources by tonnes.

    rows: of the relations and of the sources, the largest so many. Raises UnknownOption for an unknown language.
    """
    words = words_in(lang)
    name = "name_ru" if lang == "ru" else "name"
    classes = [
        data["cargo_classes"].row(i).text(name)
        for i in _rows_of(data, "cargo_classes", [one.name for one in demand.classes])
    ]
    sectors = [data["sectors"].row(i).text(name) for i in _rows_of(data, "sectors", demand.sectors)]
    named = dict(zip(data["countries"].texts("country"), data["countries"].texts(name), strict=True))
    countries = sorted(set(demand.countries))
    country = np.array([countries.index(code) for code in demand.countries], dtype=np.int64)
    pair = country[demand.origin] * len(countries) + country[demand.destination]
    relations = [f"{named.get(a, a)} - {named.get(b, b)}" for a in countries for b in countries]
    sources = ["; ".join(keys) for keys in demand.sources]
    head = words["demand_title"].format(demand.year, *(number(n, 0, words) for n in (len(demand), len(demand.zones))))
    parts = (
        ("demand_by_class", classes, demand.cargo.astype(np.int64), len(classes)),
        ("demand_by_sector", [*sectors, words["demand_no_sector"]], demand.sector.astype(np.int64) % (len(sectors) + 1), len(sectors) + 1),
        ("demand_by_relation", relations, pair, rows),
        ("demand_by_source", sources, demand.source.astype(np.int64), rows),
    )  # fmt: skip
    return "\n\n".join(
        [head, *(_part(words[title], names, group, demand, most, words) for title, names, group, most in parts)]
    )


def _part(title: str, names: Sequence[str], group: Groups, demand: Demand, most: int, words: Words) -> str:
    """Totals of the groups, the largest first, and a line for the rest."""
    amounts = [_sums(group, values, len(names)) for values in (demand.tonnes, demand.low_t, demand.high_t)]
    boxed = np.bincount(group, ~np.isnan(demand.teu), len(names)) > 0
    teu = np.where(boxed, _sums(group, np.nan_to_num(demand.teu), len(names)), np.nan)
    order = [i for i in np.argsort(-amounts[0], kind="stable").tolist() if amounts[0][i] > 0]
    lines = [
        [names[i], *(_figure(a[i] / MILLION_T, words) for a in amounts), _boxes(teu[i], words)] for i in order[:most]
    ]
    if rest := order[most:]:
        left = [float(sum(a[i] for i in rest)) / MILLION_T for a in amounts]
        boxes = float(np.nansum(teu[rest])) if boxed[rest].any() else np.nan
        lines.append([words["demand_rest"].format(len(rest)), *(_figure(v, words) for v in left), _boxes(boxes, words)])
    header = [title, *(words[f"demand_{column}"] for column in ("mt", "low_mt", "high_mt", "kteu"))]
    return "\n".join(columns([header, *lines], 1))


def _sums(group: Groups, values: Floats, count: int) -> Floats:
    return np.bincount(group, values, count).astype(np.float64)


def _figure(value: float, words: Words) -> str:
    return UNKNOWN if np.isnan(value) else number(value, 2 if value < 100 else 0, words)


def _boxes(teu: float, words: Words) -> str:
    return NO_BOXES if np.isnan(teu) else _figure(teu / THOUSAND_TEU, words)


def _rows_of(data: Dataset, table: str, names: Sequence[str]) -> list[int]:
    return [data[table].find_index(name) for name in names]
