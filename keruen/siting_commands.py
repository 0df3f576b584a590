"""Commands on chains: what a product takes from the ground to the market, and where its plants should stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from keruen.options import DATA_OPTION, JSON_OPTION, SCENARIO_OPTION, load_tables, ready
from keruen.reports.console import echo_json, say

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the text."
)


@click.command()
@click.argument("good")
@click.option(
    "--amount", type=float, default=1.0, show_default=True, help="How much of it, in its unit (t, kWh, pieces)."
)
@click.option(
    "--by", "ways", multiple=True, metavar="GOOD=RECIPE",
    help="Make a good by this recipe, e.g. lithium_carbonate=carbonate_from_concentrate.",
)  # fmt: skip
@click.option("--recycled", type=float, default=0.0, show_default=True, help="Share of scrap that is recycled, 0 to 1.")
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def chain(
    good: str, amount: float, ways: tuple[str, ...], recycled: float, scenarios: tuple[str, ...], as_json: bool, lang: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Show what a product takes along its chain from the ground, with ranges, losses and energy; mass balances exactly.

    GOOD is a row of the table chain_goods: electric_car, pack_lfp, titanium_ingot, magnet_ndfeb ...

    \b
    Examples:
      keruen chain electric_car
      keruen chain pack_nmc811 --amount 1e6 --recycled 0.9
      keruen chain pack_lfp --by lithium_carbonate=carbonate_from_concentrate --json
    """
    from keruen.materials.chain import requirements
    from keruen.reports.chain_text import chain_document, chain_text

    by = dict(_pair(way) for way in ways)
    found = requirements(load_tables(folder, scenarios), good, amount, by=by, recycled=recycled)
    if as_json:
        echo_json(chain_document(found))
    else:
        say(chain_text(found, lang=lang), end="")


@click.command()
@click.option(
    "--gap", type=click.FloatRange(0, 1), default=0.02, show_default=True, help="Stop at this distance from the best."
)
@click.option(
    "--seconds",
    type=click.FloatRange(1, 86400),
    default=600.0,
    show_default=True,
    help="Stop after this time at the latest.",
)
@click.option(
    "--carbon-price",
    type=click.FloatRange(0, 10_000),
    default=0.0,
    show_default=True,
    help="USD per t CO2e of plants and transport.",
)
@click.option(
    "--most-of-one-country", type=click.FloatRange(0.05, 1), default=1.0, show_default=True,
    help="Share of each step that one country may make; 0.65 is the rule of the European Union.",
)  # fmt: skip
@click.option(
    "--periods", type=click.IntRange(1, 10), default=5, show_default=True, help="Periods of two years from 2026 on."
)
@click.option(
    "--compare",
    "pairs",
    multiple=True,
    metavar="COUNTRY:COUNTRY",
    help="When cells of the first win over those of the second, e.g. KZ:HU.",
)
@click.option(
    "--market",
    default="de_munich",
    show_default=True,
    metavar="MARKET",
    help="Market of --compare: a row of car_markets.",
)
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def siting(
    gap: float, seconds: float, carbon_price: float, most_of_one_country: float, periods: int, pairs: tuple[str, ...], market: str,
    scenarios: tuple[str, ...], as_json: bool, lang: str, folder: Path | None,
) -> None:  # fmt: skip
    """Find where each plant from lithium ore to battery cells should stand, for the car makers of Europe and Vietnam.

    The plan is told with how far it is from the best at most. --compare instead tells what cells of a country cost at a market, and how
    far power, wages, the premium on capital or freight may go until another country's cost the same.

    \b
    Examples:
      keruen siting
      keruen siting --most-of-one-country 0.65 --carbon-price 50
      keruen siting --compare KZ:HU --compare VN:CN --market vn_hai_phong
    """
    from keruen.materials.siting_study import StudyTerms, lithium_study
    from keruen.reports.siting_text import compare_document, compare_text, plan_document, plan_text

    data = load_tables(folder, scenarios)
    ready(data)
    terms = {"carbon_price": carbon_price, "most_of_one_country": most_of_one_country}
    if pairs:
        from keruen.materials.siting_words import compared

        study = lithium_study(data, StudyTerms(periods=1, nearest=10_000, **terms))  # type: ignore[arg-type]
        rows = compared(data, study, [_countries(pair) for pair in pairs], market)
        return echo_json(compare_document(rows)) if as_json else say(compare_text(data, rows, lang=lang), end="")
    from keruen.materials.siting import best_plan

    study = lithium_study(data, StudyTerms(periods=periods, **terms))  # type: ignore[arg-type]
    with search_bar(gap, seconds) as tell:
        plan = best_plan(study.problem, gap=gap, seconds=seconds, tell=tell)
    if as_json:
        return echo_json(plan_document(study, plan))
    return say(plan_text(data, study, plan, lang=lang), end="")


def _pair(way: str) -> tuple[str, str]:
    good, sign, recipe = way.partition("=")
    if not sign:
        raise click.UsageError(f"--by {way}: write GOOD=RECIPE, e.g. lithium_carbonate=carbonate_from_concentrate.")
    return good.strip(), recipe.strip()


def _countries(pair: str) -> tuple[str, str]:
    first, sign, second = pair.upper().partition(":")
    if not (sign and first and second):
        raise click.UsageError(f"--compare {pair}: write two countries, e.g. KZ:HU.")
    return first, second


@contextmanager
def search_bar(gap: float, seconds: float) -> Iterator[Callable[[str, float, float], None]]:
    """A line on standard error with cost, bound and gap while a plan is sought; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("...", total=seconds)

        def tell(_: str, cost: float, bound: float) -> None:
            has_plan = cost < float("inf")
            now = f"{cost / 1e9:.2f} bn USD, gap {(cost - bound) / cost:.1%} (to {gap:.1%})" if has_plan else "..."
            bar.update(task, description=now, completed=bar.tasks[0].elapsed or 0)

        yield tell


CHAINS = (chain, siting)
"""The commands, for the command line."""
