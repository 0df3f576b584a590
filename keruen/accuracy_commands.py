"""The command that asks how right the model is: predicted beside observed, for the shipped evidence or for files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from keruen.options import DATA_OPTION, JSON_OPTION, load_tables, output_file, ready
from keruen.reports.console import say, tell_written
from keruen.reports.waiting import advance


@click.command()
@click.option(
    "--observed",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Journeys or prices of your own as CSV, told by their columns; may be repeated. Default: the shipped evidence.",
)
@click.option(
    "--half",
    type=click.Choice(["fit", "report", "all"]),
    default=None,
    help="Rows that count: those parameters were fitted to, the others, or all. Default: report; all of a FILE.",
)
@click.option("--rows/--no-rows", default=True, help="Print the single rows too, or only the summary.")
@output_file("--image", "image", (".png", ".svg"), "Draw predicted against observed into a PNG or SVG file.")
@output_file("--csv", "table", (".csv",), "Write every row, used or not, as CSV.")
@click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the report."
)
@JSON_OPTION
@DATA_OPTION
def accuracy(
    files: tuple[Path, ...], half: str | None, rows: bool, image: Path | None, table: Path | None, lang: str, as_json: bool,
    folder: Path | None,
) -> None:  # fmt: skip
    """Compare what the model predicts with what was observed: error, bias, share inside P10-P90, and where it misses.

    Without --observed, every journey and price of the shipped evidence is predicted; counted are those to which no parameter was fitted.
    A FILE needs the columns origin, destination, days_min (journeys) or origin, destination, value_min, currency, per (prices); more
    are read if they are there (docs/accuracy.md). A row that cannot be routed is listed with the reason, and never guessed.

    \b
    keruen accuracy --image scatter.png --csv rows.csv
    keruen accuracy --observed journeys.csv --json
    keruen accuracy --observed journeys.csv --no-rows --lang ru

    A FILE as small as this will do:

    \b
    origin,destination,corridor,mode,days_min,days_max,basis_class,date
    Xi'an,Duisburg,Northern,rail,13,16,observed,2024-03
    Altynkol,Poti,TITR,rail+sea+rail,14,18,reported_typical,2025-06
    """  # fmt: skip
    from keruen.reports.accuracy_plot import draw_scatter
    from keruen.reports.accuracy_table import json_pieces, write_rows
    from keruen.reports.accuracy_text import accuracy_text
    from keruen.routing.accuracy import accuracy as compare
    from keruen.routing.observed_file import read_observed

    data = load_tables(folder)
    read = [read_observed(data, file) for file in files]  # before the network is opened: a bad file is told at once
    ready(data)
    found = compare(data, read, half=half or "", progress=lambda share: advance("predict", share))
    if table is not None:
        tell_written(write_rows(found, table), lang)
    if image is not None:
        tell_written(draw_scatter(data, found, image, lang=lang), lang)
    if as_json:
        ascii_only = (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
        for piece in json_pieces(found, ascii_only=ascii_only):
            say(piece, end="")
        say("")
    else:
        say(accuracy_text(data, found, lang=lang, rows=rows), end="")
