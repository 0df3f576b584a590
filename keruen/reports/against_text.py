"""Supply risk beside what was published, in words and as JSON: what agrees, and the causes of what does not. Words: data/words.csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keruen.errors import Text, in_both, in_language
from keruen.materials.against import Beside, Cause
from keruen.reports.accuracy_text import columns
from keruen.reports.figures_text import country_names
from keruen.reports.materials_json import rounded, said_name
from keruen.reports.materials_text import own_name
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset

SHARES_OF_ONE = ("import_reliance", "eol_rir")


def against_document(
    data: Dataset, assessment: str, risks: Sequence[Beside], importance: Sequence[Beside]
) -> dict[str, Any]:
    """Risk and economic importance beside the published ones as JSON."""
    return {
        "assessment": assessment,
        "agree": sum(one.agrees for one in risks),
        "of": len(risks),
        "rows": [_row(data, "SR", one) for one in risks],
        "importance": {
            "agree": sum(one.agrees for one in importance),
            "of": len(importance),
            "rows": [_row(data, "EI", one) for one in importance],
        },
    }


def _row(data: Dataset, what: str, one: Beside) -> dict[str, Any]:
    """A material as JSON."""
    return {
        **in_both("material", said_name(data, one.material)), "code": one.material, "stage": one.stage or None, what: rounded(one.found),
        f"{what}_low": rounded(one.low), f"{what}_high": rounded(one.high), f"{what}_published": one.published, "agrees": one.agrees,
        "inside": one.inside,
        "causes": [
            {
                "cause": cause.cause, "what": cause.what or None, "value": None if cause.value is None else rounded(cause.value),
                what: None if cause.found is None else rounded(cause.found), **in_both("text", cause_said(data, cause)),
            }
            for cause in one.causes
        ],
    }  # fmt: skip


def against_text(
    data: Dataset, assessment: str, risks: Sequence[Beside], importance: Sequence[Beside], *, lang: str = "en"
) -> str:
    """What agrees as a count, the rest with its causes. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    lines = []
    for what, found in (("SR", risks), ("EI", importance)):
        if not found:
            continue
        differ = [one for one in found if not one.agrees]
        within = sum(one.inside for one in differ)
        lines.append(words["against_title"].format(what, assessment, len(found) - len(differ), len(found), within))
        head = ["  " + words["mat_material"], words["mat_stage"], what, words["mat_range"], words["mat_published_sr"]]
        told = columns([head, *(_cells(data, one, words, lang) for one in differ)], 2)
        lines += told[:1] if differ else []
        for line, one in zip(told[1:], differ, strict=True):
            lines += [line, *(f"      {in_language(cause_said(data, cause), lang)}" for cause in one.causes)]
        lines.append("")
    return "\n".join([*lines, words["against_note"]]) + "\n"


def _cells(data: Dataset, one: Beside, words: Words, lang: str) -> list[str]:
    """A material with its numbers."""
    return [
        "  " + own_name(data["materials"].find(one.material), lang, one.material),
        words[f"mat_stage_{one.stage}"] if one.stage else "",
        number(one.found, 2, words),
        f"[{number(one.low, 2, words)}; {number(one.high, 2, words)}]",
        number(one.published, 1, words),
    ]


def cause_said(data: Dataset, cause: Cause) -> Text:
    """A cause in both languages."""
    return Text(*(_cause_in(data, cause, lang) for lang in ("en", "ru")))


def _cause_in(data: Dataset, cause: Cause, lang: str) -> str:
    words, what = words_in(lang), cause.what
    if cause.cause in ("one_mix", "named"):
        what = words[f"mat_scope_{what}"]
    elif cause.cause == "stage":
        what = words[f"mat_stage_{what}"]
    elif cause.cause == "trade":
        what = country_names(data, lang).get(what, what)
    elif cause.cause in ("input", "inputs"):
        what = ", ".join(words[f"against_{name}"] for name in what.split("|") if name)
    value = ""
    if cause.value is not None:
        is_share = cause.cause in ("recycling", "sourcing") or cause.what in SHARES_OF_ONE
        value = f"{number(100 * cause.value, 0, words)} %" if is_share else number(cause.value, 2, words)
    none = "_none" if cause.cause in ("recycling", "inputs", "sourcing") and not value + what else ""
    none = "_none" if cause.cause == "recycling" and not cause.what else none
    found = "" if cause.found is None else number(cause.found, 2, words)
    return words[f"against_{cause.cause}{none}"].format(what, value, found)
