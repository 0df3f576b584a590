"""What the audit finds, and how fast: `python benchmarks/audit.py [--kilobytes 400] [--claims press_claims.csv]`.

The verdict matrix lays the verdicts found beside those expected, over the cases of tests/figures/verdicts.tsv. Then texts are made from
official figures, right and with a mistake put in (tests/figures/made_texts.py), and the mistakes found are counted. --claims reads claims
of real pages, their slots given (columns subject, partner, flow, commodity, period, value_norm, unit_norm, value_qualifier, growth_pct,
growth_times, base_value_norm, base_period, modality, trap_or_check), and prints the verdict of each beside what is noted of it. Speed is
that of reading and auditing one text in which the cases are repeated: CPU time of the process, best of three.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

HOUSE = Path(__file__).parent.parent
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests" / "figures")]

from made_texts import MISTAKES, made, right  # noqa: E402
from verdict_cases import audited, cases  # noqa: E402

from keruen.figures import Claim, Printed, read_text  # noqa: E402
from keruen.figures.audit import audit, audit_claims, headline_end  # noqa: E402
from keruen.figures.ledger import decimals_of  # noqa: E402
from keruen.figures.verdict import VERDICTS  # noqa: E402
from keruen.tables.dataset import Dataset, load  # noqa: E402

UNITS = {"USD mn": ("USD", 1e6), "t": ("tonnes", 1.0), "TEU": ("TEU", 1.0), "GBP mn": ("GBP", 1e6)}
SCALES = {"USD bn": 1e9, "USD mn": 1e6, "kt": 1e3, "Mt": 1e6, "kTEU": 1e3, "bn t": 1e9, "GBP mn": 1e6}
QUALIFIERS = {"approx": "approx", "more_than": "more_than"}
MODES = {"rail freight": "rail", "road freight": "road"}
MODALITIES = {"actual": "stated", "target": "planned", "forecast": "forecast"}


def main() -> None:
    """Print the matrix, the claims of a file, and the speed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kilobytes", type=int, default=400)
    asked.add_argument("--claims", type=Path)
    options = asked.parse_args()
    data = load()
    print_matrix(verdicts(data))
    mistakes(data)
    if options.claims is not None:
        pages(data, options.claims)
    print(speed_text(audit_speed(data, options.kilobytes)))


def verdicts(data: Dataset) -> Counter[tuple[str, str]]:
    """How many cases have which verdict: (expected, found)."""
    found: Counter[tuple[str, str]] = Counter()
    for case in cases():
        one = audited(data, case)
        found[(case.verdict, one.verdict if one is not None else "unread")] += 1
    return found


def print_matrix(found: Counter[tuple[str, str]]) -> None:
    """Expected verdicts down, found across."""
    columns = (*VERDICTS, "unread")
    print(f"{'expected / found':18}" + "".join(f"{name:>16}" for name in columns))
    for row in VERDICTS:
        print(f"{row:18}" + "".join(f"{found[(row, column)] or '':>16}" for column in columns))
    right = sum(n for (expected, got), n in found.items() if expected == got)
    print(f"{right} of {found.total()} as expected\n")


def mistakes(data: Dataset) -> None:
    """Texts made from official figures, right and with one mistake put in: how many claims are called what."""
    texts = list(made(data))
    found = Counter(claim.verdict for one in texts for claim in audit(data, right(one)).claims)
    print(f"{len(texts)} right texts: " + ", ".join(f"{verdict} {n}" for verdict, n in found.most_common()))
    for kind, mistake in MISTAKES.items():
        wrong = [case for one in texts if (case := mistake(one)) is not None]
        verdicts: Counter[str] = Counter()
        for text, words in wrong:
            claim = next((claim for claim in audit(data, text).claims if words in claim.claim.text), None)
            verdicts[claim.verdict if claim is not None else "unread"] += 1
        caught = verdicts["refuted"] + verdicts["differs"]
        print(
            f"{kind}: found {caught} of {len(wrong)} (" + ", ".join(f"{v} {n}" for v, n in verdicts.most_common()) + ")"
        )
    print()


def pages(data: Dataset, file: Path) -> None:
    """Claims of one page are audited together, as claims of one text are."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    counts: Counter[str] = Counter()
    for url in dict.fromkeys(row["url"] for row in rows):
        page = [row for row in rows if row["url"] == url]
        claims = [replace(claim_of(row), start=100 * i, end=100 * i + 1) for i, row in enumerate(page, 1)]
        for row, one in zip(page, audit_claims(data, claims).claims, strict=True):
            counts[one.verdict] += 1
            codes = ", ".join(check.code for check in one.checks if check.verdict == one.verdict)
            print(f"{row['id']:5} {one.verdict:15} {codes[:50]:50} {row['trap_or_check'][:90]}")
    print(", ".join(f"{verdict} {n}" for verdict, n in counts.most_common()) + "\n")


def claim_of(row: dict[str, str]) -> Claim:
    """A claim from its slots as they were collected."""
    unit, factor = UNITS.get(row["unit_norm"], (row["unit_norm"] or None, 1.0))
    printed = {}
    for slot, column in (("value", "value_raw"), ("growth_pct", "growth_pct"), ("growth_times", "growth_times")):
        digits = row[column]
        if digits.lstrip("-").replace(".", "", 1).isdigit():
            scale = SCALES.get(row["unit_raw"], 1.0) if slot == "value" else 1.0
            printed[slot] = Printed(digits, max(0, decimals_of(float(digits)) if "." in digits else 0), scale)
    base = number(row["base_value_norm"], factor)
    if base is not None and (digits := row["base_value_raw"].split()[0]):
        scale = SCALES.get(row["base_value_raw"].partition(" ")[2], 1.0)
        printed["base_value"] = Printed(digits, len(digits.partition(".")[2]), scale)
    flow = row["flow"] if row["flow"] in ("turnover", "export", "import", "transit", "production") else "freight"
    return Claim(
        0, 1, row["id"], row["lang"], subject=row["subject"] or None, partner=row["partner"] or None, flow=flow,
        commodity=row["commodity"] or None, mode=MODES.get(row["flow"]), period=row["period"].replace("..", "/") or None,
        value=number(row["value_norm"], factor), value_max=number(row["value_norm_max"], factor), unit=unit,
        qualifier=QUALIFIERS.get(row["value_qualifier"]), growth_pct=number(row["growth_pct"]), growth_times=number(row["growth_times"]),
        base_value=base, base_period=row["base_period"].replace("..", "/") or None, modality=MODALITIES[row["modality"]], printed=printed,
    )  # fmt: skip


def number(cell: str, factor: float = 1.0) -> float | None:
    """A number of a cell in base units, None where there is none or it is a range."""
    try:
        return float(cell) * factor
    except ValueError:
        return None


def audit_speed(data: Dataset, kilobytes: int) -> dict[str, float]:
    """Kilobytes and claims of one long text, and the CPU seconds to read it and in all; the best of three."""
    once = "\n\n".join(case.text for case in cases()) + "\n\n"
    text = once * max(1, kilobytes * 1024 // len(once.encode()))
    claims = 0
    best: list[tuple[float, float]] = []
    for _ in range(3):
        begun = time.process_time()
        reading = read_text(text, None, "2024-05-16")
        read_s = time.process_time() - begun
        found = audit_claims(data, reading.claims, headline_end=headline_end(text), published=reading.published)
        best.append((time.process_time() - begun, read_s))
        claims = len(found.claims)
    total_s, read_s = min(best)
    return {"kilobytes": len(text.encode()) / 1024, "claims": claims, "read_s": read_s, "total_s": total_s}


def speed_text(found: Mapping[str, float]) -> str:
    """The speed of the audit in a line."""
    size_kb, total_s, read_s = found["kilobytes"], found["total_s"], found["read_s"]
    parts = f"reading {read_s:.2f} s, auditing {total_s - read_s:.2f} s"
    return f"{size_kb:.0f} kB, {found['claims']:.0f} claims: {parts}, {size_kb / total_s:.0f} kB/s"


if __name__ == "__main__":
    main()
