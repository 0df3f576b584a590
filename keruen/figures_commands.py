"""Commands on figures: what is on record, rivals side by side, and whether the figures of a text hold."""

from __future__ import annotations

from pathlib import Path

import click

from keruen.errors import UnknownFigure
from keruen.options import DATA_OPTION, JSON_OPTION, load_tables
from keruen.reports.console import echo_json, say

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the report."
)


@click.command()
@click.argument("subject", required=False)
@click.option("--partner", help="With whom: a country, a group as EU, WLD for the world.")
@click.option(
    "--flow",
    type=click.Choice(["turnover", "export", "import", "re-export", "transit", "freight", "production", "other"]),
    help="Only this flow.",
)
@click.option("--commodity", metavar="WORD", help="Only goods with this word or HS code; TOTAL for all goods.")
@click.option("--period", metavar="WHEN", help="Only figures within a year, a month or an interval, as 2023 or 2022-01/2022-09.")
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def figures(
    subject: str | None, partner: str | None, flow: str | None, commodity: str | None, period: str | None, as_json: bool, lang: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Show recorded figures of a SUBJECT (a country, TITR, a port), rivals for one thing side by side; without one, all subjects.

    Figures that cannot both be right within their rounding are told; nothing is averaged. The rows at the end of a line are opened by
    `keruen sources`.

    \b
    keruen figures Kazakhstan --partner Vietnam --period 2023
    keruen figures KAZ --partner EU --flow turnover
    keruen figures TITR --period 2022/2025 --json
    """
    from keruen.figures.areas import area_code
    from keruen.figures.ledger import ledger, span_of
    from keruen.reports.figures_text import figures_document, figures_text

    data = load_tables(folder)
    book = ledger(data)
    if subject is None:
        counts = {code: sum(len(book.about(code, one)) for one in book.partners(code)) for code in book.subjects()}
        if as_json:
            return echo_json({"subjects": counts})
        for code, count in counts.items():
            say(f"{count:6,}  {code}")
        return None
    if period is not None and span_of(period) is None:
        raise click.BadParameter(f"{period!r} is no period; write 2023, 2023-05 or 2022-01/2022-09.", param_hint="--period")
    who = area_code(data, subject, book.subjects())
    whom = None if partner is None else area_code(data, partner, book.partners(who))
    found = book.rivals(who, partner=whom, flow=flow, commodity=commodity, period=period)
    if not found:
        raise UnknownFigure(
            f"Nothing is on record for this question of {who}; `keruen figures {who}` shows all, `keruen figures` all subjects."
        )
    if as_json:
        return echo_json(figures_document(found))
    return say(figures_text(data, found, lang=lang), end="")
