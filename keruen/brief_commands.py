"""The command that writes briefs: two countries, a corridor or a material on two pages and an annex."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from keruen.options import DATA_OPTION, JSON_OPTION, ends_in, load_tables, own_store, ready
from keruen.reports.console import echo_json, write_file
from keruen.reports.waiting import advance

ENDINGS = (".docx", ".pdf", ".html", ".xlsx")


def each_ends_in(context: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """That every file can be written and has one of the endings."""
    check = ends_in(*ENDINGS)
    for path in paths:
        check(context, parameter, path)
    return paths


@click.command()
@click.argument("what")
@click.argument("partner", required=False, default="")
@click.option(
    "-o", "--output", "files", type=click.Path(path_type=Path), multiple=True, metavar="FILE", callback=each_ends_in,
    help="File to write, told by its ending: .docx, .pdf, .html or .xlsx; may be repeated.",
)  # fmt: skip
@click.option(
    "--lang",
    type=click.Choice(["en", "ru", "kk"]),
    default="en",
    show_default=True,
    help="Language; kk: Kazakh headings and labels, Russian sentences.",
)
@click.option(
    "--from",
    "origin",
    default="",
    metavar="PLACE",
    help="Where the ways start. Default: a usual place (keruen tables brief_places).",
)
@click.option("--to", "destination", default="", metavar="PLACE", help="Where they end.")
@click.option(
    "--siting", is_flag=True, help="With the price of battery cells made in both countries (takes seconds more)."
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Trade store for products and modes. Default: your own, if there is one (KERUEN_TRADE).",
)
@JSON_OPTION
@DATA_OPTION
def brief(
    what: str, partner: str, files: tuple[Path, ...], lang: str, origin: str, destination: str, siting: bool, store: Path | None,
    as_json: bool, folder: Path | None,
) -> None:  # fmt: skip
    """Write a brief for a meeting: two pages and an annex on two countries (WHAT and PARTNER), a corridor, or a material.

    Trade with growth and rival figures, freight, flights, the three best corridors, critical materials and exposure, projects, and what
    to watch; each figure has a number that leads to its rows and sources in the annex. What is not known is told. The same data gives the
    same file, byte for byte. --json prints the figures with their notes.

    \b
    Examples:
      keruen brief KZ VN -o brief.pdf
      keruen brief Казахстан Литва --lang ru -o brief.docx -o brief.xlsx
      keruen brief KZ LT --to LTKLJ -o brief.html
      keruen brief TITR -o corridor.pdf
      keruen brief titanium --lang ru -o titanium.docx
      keruen brief KZ VN --json
    """
    from keruen.reports.brief import brief as make_brief
    from keruen.reports.brief import write_brief
    from keruen.tables.words import label_basis

    if not files and not as_json:
        raise click.UsageError(
            "Say where to write it: -o brief.pdf (or .docx, .html, .xlsx), or --json for the figures."
        )
    if (siting or store) and not partner:
        raise click.UsageError("--siting and --store are for a brief on two countries: name the second.")
    data = load_tables(folder)
    ready(data)
    spoken = label_basis(lang)
    with own_store(store, spoken) if partner else nullcontext() as opened:
        made = make_brief(
            data,
            what,
            partner,
            lang=lang,
            origin=origin,
            destination=destination,
            store=opened,
            siting=siting,
            tell=advance,
        )
    for path in files:
        write_file(lambda target: write_brief(made, target), path, spoken)
    if as_json:
        echo_json(made.to_dict())
