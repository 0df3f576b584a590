"""Commands on figures: what is on record, rivals side by side, and whether the figures of a text hold."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from keruen.completion import completed
from keruen.options import DATA_OPTION, JSON_OPTION, load_tables, output_file, own_store, ready
from keruen.reports.console import echo_json, say, tell

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the report."
)


@click.command()
@click.argument("subject", required=False, shell_complete=completed("country"))
@click.option(
    "--partner", shell_complete=completed("country"), help="With whom: a country, a group as EU, WLD for the world."
)
@click.option(
    "--flow",
    type=click.Choice(["turnover", "export", "import", "re-export", "transit", "freight", "production", "other"]),
    help="Only this flow.",
)
@click.option("--commodity", metavar="WORD", help="Only goods with this word or HS code; TOTAL for all goods.")
@click.option(
    "--period", metavar="WHEN", help="Only figures within a year, a month or an interval, as 2023 or 2022-01/2022-09."
)
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def figures(
    subject: str | None, partner: str | None, flow: str | None, commodity: str | None, period: str | None, as_json: bool, lang: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Show recorded figures of a SUBJECT (a country, TITR, a port), rivals for one thing side by side; without one, all subjects.

    Figures that differ by more than their rounding are told; nothing is averaged. The rows at the end of a line are opened by
    `keruen sources`.

    \b
    keruen figures Kazakhstan --partner Vietnam --period 2023
    keruen figures KAZ --partner EU --flow turnover
    keruen figures TITR --period 2022/2025 --json
    """
    from keruen.figures.asking import recorded, subjects
    from keruen.reports.figures_text import figures_document, figures_text

    data = load_tables(folder)
    if subject is None:
        counts = subjects(data)
        if as_json:
            return echo_json({"subjects": counts})
        for code, count in counts.items():
            say(f"{count:6,}  {code}")
        return None
    found = recorded(data, subject, partner=partner, flow=flow, commodity=commodity, period=period)
    if as_json:
        return echo_json(figures_document(found))
    return say(figures_text(data, found, lang=lang), end="")


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--published", metavar="DATE", help="Day of the text, as 2024-05-16. Default: found in its metadata or its head."
)
@click.option(
    "--model", "ask_model", is_flag=True, help="Ask the routing model about multiples of speed too (opens the network)."
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The trade store to ask too. Default: your own, if there is one (KERUEN_TRADE).",
)
@output_file("--html", "page", (".html", ".htm"), "Write the text with its figures marked as an HTML page.")
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def check_figures(
    file: Path, published: str | None, ask_model: bool, store: Path | None, page: Path | None, as_json: bool, lang: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Check the figures of a document: FILE (text, HTML, DOCX, PDF), or - for the standard input, in English, Russian or Kazakh.

    Every figure stated is held against the other figures of the text, by what printed numbers may stand for, and against what is on record
    (`keruen figures`), and against your trade store, which is only read.

    Verdicts: refuted at printed precision, differs from the ledger, agrees with it, not comparable, consistent, no
    record (docs/figures.md). Nothing is looked up outside the tables. The exit code is 0 whatever the verdicts are.

    \b
    keruen check article.txt
    keruen check article.txt --published 2024-05-16 --lang ru --html marked.html
    keruen check article.txt --json
    """
    from keruen.figures.audit import audit
    from keruen.figures.documents import read_document
    from keruen.figures.route_claims import model_ratios
    from keruen.reports.audit_html import audit_html
    from keruen.reports.audit_text import audit_document, audit_text
    from keruen.tables.whole_file import whole_file

    data = load_tables(folder)
    document = read_document(file)
    day = published or document.published
    model = None
    if ask_model:
        ready(data)
        model = model_ratios(data)
    with own_store(store, lang) as opened:
        found = audit(data, document.text, published=day, model=model, store=opened)
    if page is not None:
        with whole_file(page) as draft:
            draft.write_text(
                audit_html(data, found, lang=lang, title=file.name if str(file) != "-" else ""), encoding="utf-8"
            )
        tell(f"wrote {page}")
    if as_json:
        return echo_json(audit_document(found))
    width = shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return say(audit_text(data, found, lang=lang, width=width, colour=colour), end="")
