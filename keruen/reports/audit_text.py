"""An audit as text for the terminal, and as the JSON of `keruen check`.

    3  differs from the ledger   exports Kazakhstan - Vietnam 2023: "180,2 млн (+44,1%)"
         differs      growth on record is +43.6 %, not +44.0 - +44.2 %; ...          figures:K0534, figures:K0532
         consistent   the parts add up to ...

Each check has a line: its verdict, its reason in words (data/words.csv, keys check_*), and its rows. The JSON has the slots of the claim,
the verdict, the reasons in both languages, the rows, and the other readings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from keruen.errors import Text, in_both, in_language
from keruen.figures.audit import Audit
from keruen.figures.ledger import decimals_of
from keruen.figures.verdict import NOTE, VERDICTS, Amount, Audited, Check, Share, Value
from keruen.reports.amounts import percent_span, span
from keruen.reports.figures_text import apart_text, country_names
from keruen.reports.wording import LANGUAGES, Words, number, words_in
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval

MOST_ROWS = 6
NARROW = 1e-4
STYLES = {
    "refuted": "bold red", "differs": "yellow", "agrees": "green", "not_comparable": "cyan", "consistent": "green", "no_record": "dim",
    NOTE: "dim",
}  # fmt: skip


def audit_text(data: Dataset, audit: Audit, *, lang: str = "en", width: int = 120, colour: bool = False) -> str:
    """The audit as text, `width` characters wide at most; ANSI colours only if `colour`. UnknownOption for a language without words."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    words, names = words_in(lang), country_names(data, lang)
    console = Console(
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        force_jupyter=False,
    )
    with console.capture() as capture:
        console.print(summary(audit, words))
        for i, claim in enumerate(audit.claims, 1):
            head = Text.assemble(
                (f"\n{i:3}  ", "bold"), (words[f"verdict_{claim.verdict}_long"], STYLES[claim.verdict])
            )
            console.print(head.append(f"  {about(claim, names, words)}"))
            console.print(Padding(quoted(claim), (0, 0, 0, 5)))
            for check in claim.checks:
                line = Text.assemble(
                    (f"{words[f'verdict_{check.verdict}']}: ", STYLES[check.verdict]), reason(check, words)
                )
                if check.evidence:
                    line.append(f"  [{rows_text(check.evidence, words)}]", "dim")
                console.print(Padding(line, (0, 0, 0, 7)))
            if others := alternatives_text(claim, words, lang):
                console.print(Padding(f"{words['audit_alternatives']}: {others}", (0, 0, 0, 7)))
        if audit.left:
            console.print(f"\n{left_text(audit, words)}")
        console.print(f"\n{words['audit_rules']} {words['audit_open']}" if audit.claims else "")
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n") + "\n"


def summary(audit: Audit, words: Words) -> str:
    """How many figures there are, and how many have each verdict."""
    if not audit.claims:
        return words["audit_none"]
    counts = ", ".join(f"{words[f'verdict_{verdict}']} {n}" for verdict, n in audit.counts.items())
    return words["audit_count"].format(len(audit.claims), counts)


def left_text(audit: Audit, words: Words) -> str:
    """Numbers of the text that no claim has, so that what was not read can be seen."""
    return f"{words['audit_left']}: {', '.join(' '.join(one.text.split()) for one in audit.left)}"


def about(audited: Audited, names: Mapping[str, str], words: Words) -> str:
    """What a claim is about: flow, countries, goods, mode, period; what is not said is left out."""
    claim = audited.claim
    pair = " - ".join(names.get(code, code) for code in (claim.subject, claim.partner) if code)
    flow = words.get(f"flow_{claim.flow}", "") if claim.flow and claim.flow != "other" else ""
    mode = words.get(f"mode_{claim.mode}", claim.mode or "")
    goods = (claim.commodity or "").replace("_", " ")
    return ", ".join(part for part in (pair, flow, goods, mode, claim.period or "") if part)


def quoted(audited: Audited) -> str:
    """The words of the claim, in one line."""
    return "«" + " ".join(audited.claim.text.split()) + "»"


def reason(check: Check, words: Words) -> str:
    """The reason of a check in words."""
    values = {name: shown(name, value, words) for name, value in check.values.items()}
    if "edition" in values:
        values["edition"] = f", {values['edition']}" if values["edition"] else ""
    return words[f"check_{check.code}"].format(**values)


def shown(name: str, value: Value, words: Words) -> str:
    """A value of a reason in words."""
    match value:
        case Amount(interval, unit):
            return span(interval, unit, words, digits=amount_digits(interval, unit))
        case Share(interval, "distance"):
            return apart_text(interval.middle, words)
        case Share(interval, kind):
            sign = "+" if kind == "change" and interval.low > 0 else ""
            return sign + percent_span(interval, words, digits=2 if 0 < interval.half_width < NARROW * 10 else 1)
        case float():
            return number(value, 0, words)
    if name == "slots":
        return ", ".join(words.get(f"slot_{slot}", slot) for slot in value.split(", "))
    return words.get(f"{name}_{value}") or words.get(f"flow_{value}", value) if value else ""


def amount_digits(interval: Interval, unit: str) -> int:
    """Decimals that tell the ends apart, one to three."""
    size = max((abs(end) for end in (interval.low, interval.high) if math.isfinite(end)), default=0.0)
    width = interval.high - interval.low
    if unit == "times":
        return 1 if width > 0.5 else 2
    if not math.isfinite(width) or width == 0 or not size:
        return 1
    return max(0, min(3, 2 - round(math.log10(max(width / size, 1e-9)) + 3)))


def rows_text(rows: tuple[str, ...], words: Words) -> str:
    """Rows by name, the first few."""
    more = len(rows) - MOST_ROWS
    return ", ".join(rows[:MOST_ROWS]) + (f" {words['audit_rows_more'].format(more)}" if more > 0 else "")


def alternatives_text(audited: Audited, words: Words, lang: str) -> str:
    """Other readings: slot = value (reason)."""
    found = []
    for one in audited.alternatives:
        value = (
            number(one.value, max(0, decimals_of(one.value)), words) if isinstance(one.value, float) else str(one.value)
        )
        named = words.get(f"{one.slot}_{value}") or words.get(f"flow_{value}", value)
        found.append(f"{words.get(f'slot_{one.slot}', one.slot)} = {named} ({in_language(one.reason, lang)})")
    return "; ".join(found)


def audit_document(audit: Audit) -> dict[str, Any]:
    """The audit as the JSON of `keruen check` (docs/figures.md); what is said has its Russian under the name with `_ru`."""
    return {
        "claims": [_claim_document(claim) for claim in audit.claims],
        "counts": dict(audit.counts),
        "left": [one.to_json() for one in audit.left],
    }


def _claim_document(audited: Audited) -> dict[str, Any]:
    told = [Text(*(reason(check, words_in(lang)) for lang in LANGUAGES)) for check in audited.checks]
    checks = [
        {"verdict": check.verdict, "code": check.code, **in_both("reason", text), "evidence": list(check.evidence)}
        for check, text in zip(audited.checks, told, strict=True)
    ]
    order = {verdict: i for i, verdict in enumerate((*VERDICTS, NOTE))}
    gravest = sorted(range(len(told)), key=lambda i: order[audited.checks[i].verdict])
    return {
        **audited.claim.to_json(),
        "verdict": audited.verdict,
        **in_both("reasons", [told[i] for i in gravest]),
        "evidence": list(audited.evidence),
        "alternatives": [one.to_json() for one in audited.alternatives],
        "checks": checks,
    }
