"""A calibration of the choice of routes as text: constants, every record beside the model, errors by corridor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keruen.reports.accuracy_text import columns
from keruen.reports.wording import number, words_in

THOUSAND = 1e3


def calibration_text(answer: Mapping[str, Any], *, lang: str) -> str:
    """The document of a calibration (calibration_document) as text."""
    words = words_in(lang)

    def ends(one: Mapping[str, Any]) -> str:
        low, high = ("?" if one[end] is None else number(one[end], 2, words) for end in ("low", "high"))
        return f"{number(one['value'], 2, words)} ({low} .. {high})"

    def thousands(value: float | None) -> str:
        return "" if value is None else number(value / THOUSAND, 1, words)

    fitted_to = sum(one["fitted_to"] for one in answer["records"])
    head = ("calibration_constants", "calibration_found", "calibration_in_table", "calibration_before")
    table = [tuple(words[word] for word in head)] + [
        (
            one["name_ru" if lang == "ru" else "name"], ends(one), number(one["in_table"], 2, words),
            ends(one["of_years_before"]),
        )
        for one in answer["constants"]
    ]  # fmt: skip
    heads = ("calibration_record", "calibration_recorded", "calibration_modelled", "calibration_held_out",
             "calibration_forecast")  # fmt: skip
    records = [(*(words[word] for word in heads), "", "")]
    for one in answer["records"]:
        unit = words[f"flows_unit_{one['unit']}"]
        told = dict.fromkeys(thousands(one[end]) for end in ("low", "high"))
        note = "" if one["fitted_to"] else words["calibration_cargo"]
        figures = (thousands(one[name]) for name in ("modelled", "held_out", "forecast"))
        records.append((one["record"], "-".join(told), *figures, unit, note))
    names = ("calibration_count", "calibration_factor", "calibration_bias")
    errors = [(words["calibration_errors"], "", *(words[word] for word in names))] + [
        (
            words[f"calibration_rows_{one['rows']}"], one["corridor"].split("|")[0], str(one["records"]),
            number(one["factor"], 2, words), number(one["bias"], 2, words),
        )
        for one in answer["errors"]
    ]  # fmt: skip
    title = words["calibration_title"].format(fitted_to, number(answer["beta"], 1, words))
    return "\n".join([title, "", *columns(table, 1), "", *columns(records, 1), "", *columns(errors, 2)]) + "\n"
