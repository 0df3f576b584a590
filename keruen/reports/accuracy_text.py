"""Predicted beside observed in plain words: what was aimed at and if it is met, scores by group, which corridors miss and why, the rows.

    journeys (time)   n   median |error|   bias   inside P10-P90
    prices (cost)     n   median |error|   bias

Reasons are sentences about counted figures (accuracy_misses); nothing is said that the rows do not say. The words are rows of
data/words.csv.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keruen.errors import in_language
from keruen.reports.wording import Words, number, words_in
from keruen.routing.accuracy import GROUPS, TARGETS, Accuracy, Compared, Score, met
from keruen.routing.accuracy_misses import Miss, measures_of, misses
from keruen.routing.observed import COST, TIME
from keruen.tables.dataset import Dataset
from keruen.tables.halves import SEED

MOST_ROWS = 250  # rows shown; the table (--csv) and the JSON have all
WIDEST_NAME = 22
UNKNOWN = "?"


def accuracy_text(data: Dataset, found: Accuracy, *, lang: str = "en", rows: bool = True) -> str:
    """The whole report; without the single rows if not `rows`. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    names = corridor_names(data, lang)
    parts = [words["accuracy_rules"], words[f"accuracy_half_{found.half}"].format(SEED)]
    parts += [in_language(note, lang) for note in found.notes]
    for measure in measures_of(found):
        parts += ["", *_measure(found, measure, names, words)]
    if rows:
        parts += ["", *_rows(found, words, lang)]
    return "\n".join(parts) + "\n"


def corridor_names(data: Dataset, lang: str) -> Mapping[str, str]:
    """Names of the corridors by key."""
    column = "name_ru" if lang == "ru" else "name"
    return {row.text("corridor"): row.text(column) or row.text("name") for row in data["corridors"]}


def _measure(found: Accuracy, measure: str, names: Mapping[str, str], words: Words) -> Iterator[str]:
    """Everything about journeys, or about prices."""
    headline = found.headline[measure]
    yield words[f"accuracy_title_{measure}"]
    yield from _headline(measure, headline, words[f"accuracy_headline_{measure}"], words)
    if measure == TIME:
        yield from _headline(measure, found.observed_alone, words["accuracy_headline_observed"], words)
    heads = ["", words["accuracy_n"], words["accuracy_error"], words["accuracy_bias"]]
    if measure == TIME:
        heads.append(words["accuracy_inside"])
    lines = [
        heads,
        [words["accuracy_all_used"], *_cells(measure, found.time if measure == TIME else found.cost, words)],
    ]
    for by in (*GROUPS, "half"):
        for key, one in found.groups(measure, by).items():
            parts = [words.get(f"accuracy_name_{part}", part) for part in key.split("+")]
            name = names.get(key) or "+".join(parts) if by == "corridor" else "+".join(parts)
            lines.append([f"{words[f'accuracy_by_{by}']}: {name}", *_cells(measure, one, words)])
    yield ""
    yield from columns(lines, texts=1)
    if measure == COST and found.old_prices.n:
        old = found.old_prices
        yield words["accuracy_old_prices"].format(
            old.n, _percent(old.median_abs_error_pct, words), _percent(old.bias_pct, words)
        )
    missing = misses(found, measure)
    yield ""
    if not missing:
        yield words["accuracy_no_miss"] if headline.n else words["accuracy_nothing"]
    for miss in missing:
        yield _miss_text(miss, names, words)


def _headline(measure: str, one: Score, title: str, words: Words) -> Iterator[str]:
    """What is aimed at, what came out, whether it is met."""
    yield title.format(one.n)
    for name, (least, most) in TARGETS[measure].items():
        value, good = getattr(one, name), met(measure, one)[name]
        verdict = words["accuracy_open"] if good is None else words["accuracy_met" if good else "accuracy_missed"]
        aim = words[f"accuracy_aim_{name}"].format(number(least, 0, words), number(most, 0, words))
        yield f"  {words[f'accuracy_{name}']}: {_percent(value, words)} ({aim}): {verdict}"


def _miss_text(miss: Miss, names: Mapping[str, str], words: Words) -> str:
    """A corridor that misses, and what its rows say of it, as one paragraph."""
    one = miss.score
    name = names.get(miss.corridor, miss.corridor)
    if miss.measure == TIME:
        said = [words["accuracy_miss_time"].format(
            name, one.n, _percent(one.median_abs_error_pct, words), _percent(one.bias_pct, words), _percent(one.inside_p10_p90_pct, words)
        )]  # fmt: skip
    else:
        said = [
            words["accuracy_miss_cost"].format(
                name, one.n, _percent(one.median_abs_error_pct, words), _percent(one.bias_pct, words)
            )
        ]
    if miss.apart is not None:
        apart = miss.apart
        said.append(words["accuracy_why_apart"].format(
            apart.origin, apart.destination, apart.n, _amount(apart.least, words), _amount(apart.greatest, words), _unit(apart.unit, words)
        ))  # fmt: skip
    if miss.years is not None:
        years = miss.years
        said.append(words["accuracy_why_years"].format(
            years.first, _percent(years.first_error_pct, words), years.second, _percent(years.second_error_pct, words)
        ))  # fmt: skip
    if miss.rough:
        said.append(words["accuracy_why_rough"].format(miss.rough, one.n))
    if miss.standing_share is not None:
        said.append(words["accuracy_why_standing"].format(number(100 * miss.standing_share, 0, words)))
    if miss.few:
        said.append(words["accuracy_why_few"])
    worst = ", ".join(
        words["accuracy_worst_row"].format(
            _short_id(row), _amount(row.observation.middle, words), _amount(row.predicted.band.p50, words)
        )
        for row in miss.worst
        if row.predicted.band is not None
    )
    said.append(words["accuracy_why_worst"].format(worst))
    return "- " + " ".join(said)


def _rows(found: Accuracy, words: Words, lang: str) -> Iterator[str]:
    """The rows beside their predictions, then those that are not used with their reasons."""
    used, rest = [row for row in found.rows if row.used], [row for row in found.rows if not row.used]
    yield words["accuracy_rows_used"].format(len(used))
    heads = [
        words[f"accuracy_head_{name}"] for name in ("row", "way", "corridor", "observed", "predicted", "band", "error")
    ]
    shown = [_row_cells(row, words) for row in used[:MOST_ROWS]]
    if shown:
        yield from columns([heads, *shown], texts=3)
    yield ""
    yield words["accuracy_rows_not_used"].format(len(rest))
    yield from columns([_reason_cells(row, words, lang) for row in rest[:MOST_ROWS]], texts=4)
    if max(len(used), len(rest)) > MOST_ROWS:
        yield words["accuracy_rows_left"].format(MOST_ROWS)


def _row_cells(row: Compared, words: Words) -> list[str]:
    band = row.predicted.band
    assert band is not None
    sure = "" if band.p10 is None or band.p90 is None else f"{_amount(band.p10, words)} - {_amount(band.p90, words)}"
    return [
        _short_id(row), _way(row), row.predicted.corridor, _seen(row, words), _amount(band.p50, words), sure,
        _percent(row.error_pct, words),
    ]  # fmt: skip


def _reason_cells(row: Compared, words: Words, lang: str) -> list[str]:
    band = row.predicted.band
    predicted = "" if band is None else words["accuracy_predicted_at"].format(_amount(band.p50, words))
    return [_short_id(row), _way(row), f"{_seen(row, words)} {predicted}".strip(), in_language(row.reason, lang)]


def _seen(row: Compared, words: Words) -> str:
    one = row.observation
    seen = " - ".join(dict.fromkeys(_amount(value, words) for value in (one.least, one.most) if value is not None))
    unit = one.haul.per if one.haul.measure == TIME else " ".join(filter(None, (one.haul.currency, "/", one.haul.per)))
    return f"{'≥ ' if one.at_least else ''}{seen} {_unit(unit, words)}"


def _unit(unit: str, words: Words) -> str:
    return words.get(f"accuracy_unit_{unit}", unit.replace("_", " "))


def _way(row: Compared) -> str:
    haul = row.observation.haul
    names = haul.origin.name, haul.destination.name
    return " - ".join(name if len(name) <= WIDEST_NAME else f"{name[: WIDEST_NAME - 1]}…" for name in names)


def _short_id(row: Compared) -> str:
    return row.observation.id.rpartition(":")[2]


def _cells(measure: str, one: Score, words: Words) -> list[str]:
    """The figures of a score."""
    values = [one.median_abs_error_pct, one.bias_pct, *([one.inside_p10_p90_pct] if measure == TIME else [])]
    return [str(one.n), *(_percent(value, words) for value in values)]


def _percent(value: float | None, words: Words) -> str:
    return UNKNOWN if value is None else f"{number(value, 0, words)} %".replace("-0 %", "0 %")


def _amount(value: float, words: Words) -> str:
    return number(value, 0 if value >= 100 else 1 if value >= 1 else 2, words)


def columns(rows: Sequence[Sequence[str]], texts: int) -> list[str]:
    """Rows as lines of equal columns: the first `texts` to the left, figures to the right."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(w) if i < texts else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]  # fmt: skip
