"""Commands that ask live services of statistics, keep the answer as a file and import it: `keruen trade fetch comtrade|sdmx`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keruen.options import DATA_OPTION, JSON_OPTION, load_tables
from keruen.reports.console import echo_json, say
from keruen.reports.waiting import advance
from keruen.trade_commands import LANG_OPTION, STORE_OPTION, import_text

if TYPE_CHECKING:
    from keruen.tables.dataset import Dataset
    from keruen.trade.live import Answer

INTO_OPTION = click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where the answer is kept as a file. Default: `fetched` beside the trade store.",
)
EDITION_OPTION = click.option("--edition", default="", help="Edition of the figures. Default: the day of the answer.")


@click.group()
def fetch() -> None:
    """Ask a live service, keep its answer as a file, and import it (pip install keruen[live]; docs/trade.md)."""


@fetch.command()
@click.argument("reporter")
@click.argument("partner", default="")
@click.option(
    "--period", "periods", multiple=True, required=True, metavar="PERIOD", help="2023 or 2023-05; may be repeated."
)
@click.option(
    "--flow", "flows", multiple=True, default=("export", "import"), show_default=True,
    type=click.Choice(["export", "import", "re-export", "re-import"]), help="May be repeated.",
)  # fmt: skip
@click.option(
    "--product",
    "code",
    default="TOTAL",
    show_default=True,
    metavar="CODE",
    help="Codes of the HS parted by commas, or AG2, AG4, AG6.",
)
@click.option("--by-mode", is_flag=True, help="By mode of transport too, where the reporter tells it.")
@INTO_OPTION
@EDITION_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def comtrade(
    reporter: str, partner: str, periods: tuple[str, ...], flows: tuple[str, ...], code: str, by_mode: bool, into: Path | None,
    edition: str, store: Path | None, lang: str, as_json: bool, folder: Path | None,
) -> None:  # fmt: skip
    """Ask UN Comtrade for what a REPORTER declares of a PARTNER (a country, or WLD; without one, of each country).

    The key is taken from KERUEN_COMTRADE_KEY and from nowhere else; without it the public preview gives 500 rows at most.

    \b
    Examples:
      keruen trade fetch comtrade KZ VN --period 2022 --period 2023
      keruen trade fetch comtrade Kazakhstan --period 2023 --product AG2 --flow export
    """
    from keruen.figures.areas import area_code
    from keruen.trade.live import WORLD, ask_comtrade

    data = load_tables(folder)
    ours, theirs = (area_code(data, one, (WORLD,)) if one else "" for one in (reporter, partner))
    answer = ask_comtrade(data, ours, theirs, periods, flows=flows, code=code, by_mode=by_mode)
    kept(data, answer, into, edition, store, lang, as_json)


@fetch.command()
@click.argument("service")
@click.argument("flow")
@click.argument("key")
@click.option("--start", default="", metavar="PERIOD", help="First period, as 2022 or 2022-01.")
@click.option("--end", default="", metavar="PERIOD", help="Last period.")
@INTO_OPTION
@EDITION_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def sdmx(
    service: str, flow: str, key: str, start: str, end: str, into: Path | None, edition: str, store: Path | None, lang: str,
    as_json: bool, folder: Path | None,
) -> None:  # fmt: skip
    """Ask a SERVICE of SDMX (ESTAT, ESTAT_COMEXT) for a data FLOW; KEY has a value for each dimension, parted by points.

    Known are Eurostat's trade and its freight by road, rail and sea; other tables are kept as a file and refused by the import.

    \b
    Examples:
      keruen trade fetch sdmx ESTAT_COMEXT DS-045409 M.LT.KZ.7202.2.VALUE_IN_EUROS --start 2022-01
      keruen trade fetch sdmx ESTAT road_go_ia_lgtt A.TOTAL.KZ.TOTAL.THS_T.LT
    """
    from keruen.trade.live import ask_sdmx

    kept(load_tables(folder), ask_sdmx(service, flow, key, start=start, end=end), into, edition, store, lang, as_json)


def kept(
    data: Dataset, answer: Answer, into: Path | None, edition: str, store: Path | None, lang: str, as_json: bool
) -> None:
    """Write an answer as a whole file, import it, and tell both."""
    from keruen.errors import in_language
    from keruen.tables.whole_file import whole_file
    from keruen.tables.words import said
    from keruen.trade.formats import FormatOptions
    from keruen.trade.importing import import_file
    from keruen.trade.store import store_path

    file = (into or store_path(store).parent / "fetched") / answer.name
    with whole_file(file) as draft:
        answer.write(draft)
    options = FormatOptions(
        edition=edition or answer.edition, source=answer.source, query=answer.query, note=answer.note
    )
    if not as_json:
        say(in_language(said("live_kept", file=str(file)), lang))
    done = import_file(data, file, store=store, options=options, progress=advance)
    if as_json:
        echo_json({"file": str(file), "query": answer.query, "imports": [one.to_json() for one in done]})
        return
    for one in done:
        say(import_text(one, lang))
