"""Commands that work statistics out of the trade store: a brief, mirror figures, concentration, advantage, gravity, odd unit values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keruen.completion import completed
from keruen.options import DATA_OPTION, JSON_OPTION, load_tables
from keruen.reports.console import echo_csv, echo_json, say

if TYPE_CHECKING:
    from keruen.trade.period import Period

STORE_OPTION = click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The trade store. Default: the file that KERUEN_TRADE names, else trade.duckdb in the user's data folder.",
)
PERIOD_OPTION = click.option(
    "--period",
    metavar="PERIOD",
    help="2023, 2023-Q3, 2023-9M (January to September), 2023-05. Default: the latest year in the store.",
)
PRODUCT_OPTION = click.option(
    "--product", "code", default="TOTAL", metavar="CODE", help="Product, as 8108 or 810820. Default: all goods."
)
LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the text."
)
ROWS_OPTION = click.option(
    "--rows", type=click.IntRange(1), default=20, show_default=True, help="Most rows of a table; JSON has all."
)
LEVEL_OPTION = click.option(
    "--level", type=click.Choice(["2", "4", "6"]), default="2", show_default=True, help="Digits of the products."
)


@click.command("show")
@click.argument("reporter", shell_complete=completed("country"))
@click.argument("partner", default="", shell_complete=completed("country"))
@PRODUCT_OPTION
@PERIOD_OPTION
@click.option(
    "--by",
    type=click.Choice(["partner", "product", "mode"]),
    help="Part the figures. Default without a PARTNER: by partner.",
)
@LEVEL_OPTION
@click.option("--mode", default="", help="Only by road, rail, sea, inland, air or pipeline, where the source tells it.")
@ROWS_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def show(
    reporter: str,
    partner: str,
    code: str,
    period: str | None,
    by: str | None,
    level: str,
    mode: str,
    rows: int,
    store: Path | None,
    lang: str,
    as_json: bool,
    folder: Path | None,
) -> None:
    """Show a country's trade with another, a group or all: exports, imports, turnover, balance, growth on the year, and what made it.

    Every source and edition in the store answers by itself, with the range that the rounding of its figures allows.

    \b
    Examples:
      keruen trade show KZ VN --period 2023
      keruen trade show KZ EU --by partner
      keruen trade show Kazakhstan CN --by product --level 4 --json
    """
    from keruen.reports.trade_text import brief_text
    from keruen.trade.areas import area_names
    from keruen.trade.bilateral import brief
    from keruen.trade.store import open_store

    data = load_tables(folder)
    with open_store(store) as opened:
        found = brief(
            opened, data, reporter, partner, code=code, period=_period(period), by=by or "", level=int(level), mode=mode
        )
        names = area_names(opened, lang)
    if as_json:
        echo_json(found.to_json())
    else:
        say(brief_text(found, names, lang=lang, rows=rows), end="")


@click.command("mirror")
@click.argument("reporter", default="", shell_complete=completed("country"))
@click.argument("partner", default="", shell_complete=completed("country"))
@PRODUCT_OPTION
@PERIOD_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def mirror(
    reporter: str, partner: str, code: str, period: str | None, store: Path | None, lang: str, as_json: bool, folder: Path | None
) -> None:  # fmt: skip
    """Compare what two countries declare of the goods between them, and name likely reasons where freight does not explain it.

    Without countries: all pairs of the period as CSV.

    \b
    Examples:
      keruen trade mirror KZ CN --period 2024
      keruen trade mirror KZ BE --product 810820 --period 2024
      keruen trade mirror --period 2009 > pairs.csv
    """
    from keruen.errors import UnknownOption
    from keruen.reports.trade_text import mirror_text
    from keruen.tables.words import said
    from keruen.trade.areas import area_names
    from keruen.trade.mirror import mirror_table
    from keruen.trade.period import period as parse
    from keruen.trade.store import open_store
    from keruen.trade.two_sides import two_sides

    data = load_tables(folder)
    with open_store(store) as opened:
        if not reporter:
            if period is None:
                raise UnknownOption(said("stat_say_period"))
            heads = (
                "exporter",
                "importer",
                "source",
                "edition",
                "currency",
                "exports",
                "imports",
                "asymmetry",
                "log_ratio",
            )
            rows = mirror_table(opened, parse(period), code=code)
            if as_json:
                echo_json({"period": period, "pairs": [dict(zip(heads, row, strict=True)) for row in rows]})
            else:
                echo_csv([heads, *(["" if cell is None else str(cell) for cell in row] for row in rows)])
            return
        if not partner:
            raise UnknownOption(said("stat_name_both"))
        wanted, found = two_sides(opened, data, reporter, partner, period=_period(period), code=code)
        names = area_names(opened, lang)
    if as_json:
        echo_json({"period": str(wanted), "code": code, "mirrors": [one.to_json() for one in found]})
    else:
        say(mirror_text(found, names, wanted, code, lang=lang), end="")


@click.command("concentration")
@click.argument("reporter", shell_complete=completed("country"))
@PRODUCT_OPTION
@PERIOD_OPTION
@click.option(
    "--flow", type=click.Choice(["export", "import"]), default="export", show_default=True, help="What is looked at."
)
@click.option(
    "--by",
    type=click.Choice(["partner", "product"]),
    default="partner",
    show_default=True,
    help="Over what it is spread.",
)
@LEVEL_OPTION
@ROWS_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def concentration(
    reporter: str, code: str, period: str | None, flow: str, by: str, level: str, rows: int, store: Path | None, lang: str, as_json: bool,
    folder: Path | None,
) -> None:  # fmt: skip
    """Measure how much a country's exports or imports hang on few partners or products: HHI with its interval, and the shares.

    \b
    Examples:
      keruen trade concentration KZ --period 2023
      keruen trade concentration KZ --product 810820 --period 2024
    """
    from keruen.reports.trade_text import dependence_text
    from keruen.tables.words import words_in
    from keruen.trade.areas import area_names
    from keruen.trade.dependence import dependence
    from keruen.trade.store import open_store

    data = load_tables(folder)
    with open_store(store) as opened:
        area, wanted = _country(opened, data, reporter, period)
        found = dependence(opened, data, area, wanted, flow=flow, by=by, code=code, level=int(level))
        names = area_names(opened, lang)
    if as_json:
        answers = [{**one.series.to_json(), **one.concentration.to_json()} for one in found]
        echo_json({"reporter": area, "period": str(wanted), "code": code, "flow": flow, "by": by, "answers": answers})
        return
    words = words_in(lang)
    title = words["concentration_title"].format(
        names.get(area, area), words[f"trade_{flow}s"], words[f"trade_by_{by}"], wanted
    )
    say(dependence_text(found, title, names, lang=lang, rows=rows), end="")


@click.command("advantage")
@click.argument("reporter", shell_complete=completed("country"))
@PERIOD_OPTION
@LEVEL_OPTION
@ROWS_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def advantage(
    reporter: str, period: str | None, level: str, rows: int, store: Path | None, lang: str, as_json: bool, folder: Path | None
) -> None:  # fmt: skip
    """Show in which products a country is strong beside all others in the source: revealed comparative advantage."""
    from keruen.reports.trade_text import advantages_text
    from keruen.tables.words import words_in
    from keruen.trade.areas import area_names
    from keruen.trade.dependence import advantages
    from keruen.trade.store import open_store

    data = load_tables(folder)
    with open_store(store) as opened:
        area, wanted = _country(opened, data, reporter, period)
        found = advantages(opened, area, wanted, level=int(level))
        names = area_names(opened, lang)
    if as_json:
        echo_json({"reporter": area, "period": str(wanted), "products": [one.__dict__ for one in found]})
    else:
        title = words_in(lang)["advantage_title"].format(names.get(area, area), wanted)
        say(advantages_text(found, title, lang=lang, rows=rows), end="")


@click.command("gravity")
@click.argument("reporter", default="", shell_complete=completed("country"))
@click.argument("partner", default="", shell_complete=completed("country"))
@PRODUCT_OPTION
@PERIOD_OPTION
@ROWS_OPTION
@click.option(
    "--at-least",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    metavar="MILLIONS",
    help="Least trade of a pair that is listed, in millions of the currency. The benchmark is of all pairs; JSON has all.",
)
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def gravity(
    reporter: str, partner: str, code: str, period: str | None, rows: int, at_least: float, store: Path | None, lang: str,
    as_json: bool, folder: Path | None,
) -> None:  # fmt: skip
    """Set trade beside a gravity benchmark of all pairs in the store: fitted over actual, with an interval. A benchmark, no forecast.

    \b
    Examples:
      keruen trade gravity KZ --period 2022
      keruen trade gravity KZ VN --period 2022 --json
    """
    from keruen.errors import UnknownOption
    from keruen.reports.trade_text import benchmark_text
    from keruen.tables.words import said
    from keruen.trade.areas import area_names
    from keruen.trade.benchmark import benchmarks
    from keruen.trade.period import period as parse
    from keruen.trade.store import open_store

    data = load_tables(folder)
    with open_store(store) as opened:
        if reporter:
            area, wanted = _country(opened, data, reporter, period)
            other = _country(opened, data, partner, str(wanted))[0] if partner else ""
        elif period is not None:
            area, other, wanted = "", "", parse(period)
        else:
            raise UnknownOption(said("stat_say_period"))
        found = benchmarks(opened, data, wanted, code=code)
        names = area_names(opened, lang)
    shown = [
        (one, (one.of(area, other) + one.of(other, area) if other else one.of(area)) if area else []) for one in found
    ]
    if as_json:
        echo_json(
            {
                "period": str(wanted),
                "code": code,
                "benchmarks": [
                    {
                        "source": one.source,
                        "edition": one.edition or None,
                        "perspective": one.perspective,
                        "currency": one.currency,
                        "pairs": one.pairs,
                        "left_out": one.left_out,
                        "distance_elasticity": one.elasticity,
                        "low_95": one.low,
                        "high_95": one.high,
                        "within_factor_2": one.within_2,
                        "score": one.fit.score,
                        "flows": [p.__dict__ for p in potentials],
                    }
                    for one, potentials in shown
                ],
            }
        )
    else:
        least = 0.0 if partner else at_least * 1e6
        say(benchmark_text(shown, names, lang=lang, rows=rows, at_least=least), end="")


@click.command("outliers")
@PRODUCT_OPTION
@click.option("--period", required=True, metavar="PERIOD", help="Period to look at, as 2023.")
@ROWS_OPTION
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
def outliers(code: str, period: str, rows: int, store: Path | None, lang: str, as_json: bool) -> None:
    """List figures whose value for a kilogram lies far from that of the product, and likely slips by a factor of 1000."""
    from keruen.reports.trade_text import outliers_text
    from keruen.trade.areas import area_names
    from keruen.trade.outliers import outliers as find
    from keruen.trade.period import period as parse
    from keruen.trade.store import open_store

    with open_store(store) as opened:
        found = find(opened, parse(period), code=code)
        names = area_names(opened, lang)
    if as_json:
        echo_json({"period": period, "outliers": [one.to_json() for one in found]})
    else:
        say(outliers_text(found, names, lang=lang, rows=rows), end="")


def _period(text: str | None) -> Period | None:
    """The period asked for, if any."""
    from keruen.trade.period import period

    return period(text) if text else None


if TYPE_CHECKING:
    from keruen.tables.dataset import Dataset
    from keruen.trade.store import Store


def _country(store: Store, data: Dataset, text: str, period: str | None) -> tuple[str, Period]:
    """A single country (alpha-3) and the period asked for, by default its latest year. UnknownOption for a group."""
    from datetime import date

    from keruen.errors import Text, UnknownOption
    from keruen.tables.words import said
    from keruen.trade.areas import area_named
    from keruen.trade.bilateral import latest

    wanted = _period(period)
    area = area_named(store, data, text, wanted.start if wanted else date.today())
    if area.is_group:
        raise UnknownOption(said("stat_a_group", area=Text(area.name, area.name_ru)))
    return area.area, wanted or latest(store, area.area, ())


STATISTICS = (show, mirror, concentration, advantage, gravity, outliers)
"""The commands, for the group `keruen trade`."""
