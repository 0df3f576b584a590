"""An audit as one HTML page: the text with its figures marked, and under it a line for each with verdict, reasons and rows.

The page stands alone: no scripts, nothing loaded, light and dark by the reader's settings. Whatever comes from the text is escaped. A
stretch that several claims share is marked with the gravest verdict of them; the numbers after it lead to the claims that end there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from keruen.figures.audit import Audit
from keruen.figures.verdict import VERDICTS, Audited
from keruen.reports.audit_text import about, alternatives_text, left_text, reason, rows_text, summary
from keruen.reports.figures_text import country_names
from keruen.reports.wording import Words, words_in
from keruen.tables.dataset import Dataset

STYLE = """
:root { color-scheme: light dark; --ink: #1a1c1e; --paper: #fdfdfb; --soft: #6b7075; --line: #d9dcd8;
  --refuted: #f6b9b3; --differs: #f8dc9e; --agrees: #bfe3c0; --not_comparable: #bfdcef; --consistent: #dcefd2; --no_record: #e4e4e2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e3; --paper: #17191b; --soft: #9aa0a5; --line: #3a3e41;
  --refuted: #7d2f2a; --differs: #6d5316; --agrees: #285c2c; --not_comparable: #23506d; --consistent: #38502b; --no_record: #44474a; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } .text { white-space: pre-wrap; border: 1px solid var(--line); border-radius: 6px; padding: 1rem; }
mark { color: inherit; border-radius: 3px; padding: 0 .1em; } sup a { color: var(--soft); text-decoration: none; margin-left: .15em; }
li { margin: .9rem 0; } .badge { border-radius: 3px; padding: .1em .5em; font-weight: 600; }
.rows, .others { color: var(--soft); font-size: .85rem; }
ul { margin: .2rem 0; padding-left: 1.2rem; list-style: disc; } ul li { margin: .15rem 0; }
""" + "".join(f".{verdict} {{ background: var(--{verdict}); }}\n" for verdict in VERDICTS)  # fmt: skip


def audit_html(data: Dataset, audit: Audit, *, lang: str = "en", title: str = "") -> str:
    """The page. Raises UnknownOption for a language there are no words for."""
    words, names = words_in(lang), country_names(data, lang)
    heading = escape(title or words["audit_title"])
    claims = "\n".join(
        f'<li id="claim-{i}"><span class="badge {claim.verdict}">{escape(words[f"verdict_{claim.verdict}_long"])}</span> '
        f"{escape(about(claim, names, words))}{_reasons(claim, words, lang)}</li>"
        for i, claim in enumerate(audit.claims, 1)
    )
    legend = " ".join(
        f'<span class="badge {verdict}">{escape(words[f"verdict_{verdict}_long"])}</span>' for verdict in audit.counts
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<h1>{heading}</h1>\n<p>{escape(summary(audit, words))}</p>\n<p>{legend}</p>\n"
        f'<div class="text">{"".join(marked(audit.text, audit.claims, words))}</div>\n<ol>\n{claims}\n</ol>\n'
        f'<p class="rows">{escape(left_text(audit, words)) if audit.left else ""}</p>\n'
        f'<p class="rows">{escape(words["audit_rules"])} {escape(words["audit_open"])}</p>\n</body>\n</html>\n'
    )


def _reasons(claim: Audited, words: Words, lang: str) -> str:
    items = []
    for check in claim.checks:
        rows = f' <span class="rows">{escape(rows_text(check.evidence, words))}</span>' if check.evidence else ""
        items.append(f"<li>{escape(words[f'verdict_{check.verdict}'])}: {escape(reason(check, words))}{rows}</li>")
    others = alternatives_text(claim, words, lang)
    told = f'<p class="others">{escape(words["audit_alternatives"])}: {escape(others)}</p>' if others else ""
    return f"<ul>{''.join(items)}</ul>{told}"


def marked(text: str, claims: Sequence[Audited], words: Words) -> Iterator[str]:
    """The text escaped, the stretches of claims marked, in pieces."""
    cuts = sorted({0, len(text), *(place for claim in claims for place in (claim.claim.start, claim.claim.end))})
    order = {verdict: i for i, verdict in enumerate(VERDICTS)}
    starts: dict[int, list[Audited]] = {}
    ends: dict[int, list[int]] = {}
    for i, claim in enumerate(claims, 1):
        starts.setdefault(claim.claim.start, []).append(claim)
        ends.setdefault(claim.claim.end, []).append(i)
    covering: list[Audited] = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        covering = [claim for claim in (*covering, *starts.get(left, ())) if claim.claim.end > left]
        piece = escape(text[left:right])
        if covering and piece:
            gravest = min((claim.verdict for claim in covering), key=order.__getitem__)
            title = escape(words[f"verdict_{gravest}_long"])
            yield f'<mark class="{gravest}" title="{title}">{piece}</mark>'
        else:
            yield piece
        if right in ends:
            yield "<sup>" + "".join(f'<a href="#claim-{i}">{i}</a>' for i in ends[right]) + "</sup>"
