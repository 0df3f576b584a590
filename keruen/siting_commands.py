"""Commands on chains: what a product takes from the ground to the market, and where its plants should stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import click

from keruen.completion import completed
from keruen.options import DATA_OPTION, JSON_OPTION, SCENARIO_OPTION, Command, load_tables, ready
from keruen.reports.console import echo_json, say
from keruen.reports.waiting import advance

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the text."
)


@click.command()
@click.argument("good", shell_complete=completed("good"))
@click.option(
    "--amount", type=float, default=1.0, show_default=True, help="How much of it, in its unit (t, kWh, pieces)."
)
@click.option(
    "--by", "ways", multiple=True, metavar="GOOD=RECIPE",
    help="Make a good by this recipe, e.g. lithium_carbonate=carbonate_from_concentrate.",
)  # fmt: skip
@click.option(
    "--in", "places", multiple=True, metavar="COUNTRY",
    help="Country whose costs and electricity its plants have (KZ without it), or RECIPE=COUNTRY for a step alone.",
)  # fmt: skip
@click.option("--recycled", type=float, default=0.0, show_default=True, help="Share of scrap that is recycled, 0 to 1.")
@click.option(
    "--market",
    metavar="MARKET",
    shell_complete=completed("market"),
    help="Tell instead the cheapest way of a unit to this market (a row of car_markets), plant by plant, from the ore.",
)
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def chain(
    good: str, amount: float, ways: tuple[str, ...], places: tuple[str, ...], recycled: float, market: str | None,
    scenarios: tuple[str, ...], as_json: bool, lang: str, folder: Path | None,
) -> None:  # fmt: skip
    """Show what a product takes along its chain from the ground, what it costs and emits, with ranges; mass balances exactly.

    GOOD is a row of the table chain_goods: electric_car, pack_lfp, titanium, magnets, copper ... With --market the search goes over
    transport and plants at once, and tells cost and CO2e of a unit at the market.

    \b
    Examples:
      keruen chain electric_car
      keruen chain titanium --in KZ --in melt_titanium_ingot=FR
      keruen chain pack_nmc811 --amount 1e6 --recycled 0.9
      keruen chain pack_lfp --by lithium_carbonate=carbonate_from_concentrate --json
      keruen chain cell_lfp --market hu_budapest
    """
    data = load_tables(folder, scenarios)
    if market is not None:
        if ways or recycled or places or amount != 1.0:
            raise click.UsageError(
                "--market tells of one unit on its cheapest way: leave out --amount, --by, --in and --recycled."
            )
        from keruen.materials.chain_route import chain_route
        from keruen.reports.chain_route_text import route_document, route_text

        ready(data)
        advance("chain")
        way = chain_route(data, good, market)
        return echo_json(route_document(way)) if as_json else say(route_text(data, way, lang=lang), end="")
    from keruen.materials.chain import requirements
    from keruen.reports.chain_text import chain_text

    by = dict(_pair(way) for way in ways)
    found = requirements(data, good, amount, by=by, recycled=recycled)
    from keruen.materials.chain_cost import chain_cost, published_beside
    from keruen.reports.chain_cost_text import cost_text, costed_document

    country = next((one.upper() for one in reversed(places) if "=" not in one), "KZ")
    where = {recipe: land.upper() for recipe, land in (_pair(one) for one in places if "=" in one)}
    if as_json:
        return echo_json(costed_document(data, found, country, where))
    cost, beside = chain_cost(data, found, country, where), published_beside(data, found, country, where)
    say(chain_text(found, lang=lang) + cost_text(data, cost, beside, lang=lang), end="")


def _number(name: str, least: float, most: float, usual: float, meaning: str) -> Callable[[Command], Command]:
    """An option that takes a number between two."""
    return click.option(name, type=click.FloatRange(least, most), default=usual, show_default=True, help=meaning)


@click.command()
@_number("--gap", 0, 1, 0.02, "Stop at this distance from the best.")
@_number("--seconds", 1, 86_400, 600.0, "Stop after this time at the latest.")
@_number("--carbon-price", 0, 10_000, 0.0, "USD per t CO2e of plants and transport.")
@_number(
    "--most-of-one-country", 0.05, 1, 1.0,
    "Share of each step that one country may make; 0.65 is the rule of the European Union.",
)  # fmt: skip
@click.option(
    "--at-least",
    "local",
    multiple=True,
    metavar="COUNTRY=SHARE",
    help="Local content: a country or group makes this share of all cells, e.g. EU=0.4; may be repeated.",
)
@click.option(
    "--alternatives", type=click.IntRange(0, 10), default=0, help="Also so many other plans with other plants."
)
@_number("--near", 0, 1, 0.02, "What such plans may cost more, as a share.")
@click.option(
    "--regret", is_flag=True, help="Solve the cases (carbon 0, 50, 100; low and high demand) and tell regrets."
)
@click.option(
    "--case", "case_names", multiple=True, metavar="FILE_OR_NAME", help="A scenario as one more case of --regret."
)
@click.option(
    "--circle", metavar="SITE", help="Also the plan's cost with an uncertain deposit at points of its circle."
)
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
    shell_complete=completed("market"),
    help="Market of --compare: a row of car_markets.",
)
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def siting(
    gap: float, seconds: float, carbon_price: float, most_of_one_country: float, local: tuple[str, ...], alternatives: int, near: float,
    regret: bool, case_names: tuple[str, ...], circle: str | None, periods: int, pairs: tuple[str, ...], market: str,
    scenarios: tuple[str, ...], as_json: bool, lang: str, folder: Path | None,
) -> None:  # fmt: skip
    """Find where each plant from lithium ore to battery cells should stand, for the car makers of Europe and Vietnam.

    The plan is told with how far it is from the best at most. --compare instead tells what cells of a country cost at a market, and how
    far power, wages, the premium on capital or freight may go until another country's cost the same.

    \b
    Examples:
      keruen siting --compare KZ:HU --compare VN:CN --market vn_hai_phong
    """
    from keruen.materials.siting_study import EVERY_LINK, StudyTerms, lithium_study
    from keruen.reports.siting_text import compare_document, compare_text, plan_document, plan_text

    data = load_tables(folder, scenarios)
    ready(data)
    at_least = tuple(_share(one) for one in local)
    terms = StudyTerms(
        carbon_price=carbon_price, most_of_one_country=most_of_one_country, at_least=at_least, periods=periods
    )
    if case_names and not regret:
        raise click.UsageError("--case is a case of --regret: give that too.")
    if pairs:
        from keruen.materials.siting_words import compared

        advance("siting_study")
        study = lithium_study(data, replace(terms, periods=1, nearest=EVERY_LINK))
        rows = compared(data, study, [_countries(pair) for pair in pairs], market)
        return echo_json(compare_document(rows)) if as_json else say(compare_text(data, rows, lang=lang), end="")
    if regret:
        from keruen.materials.siting_cases import cases_of, regretted
        from keruen.reports.siting_choice_text import regret_document, regret_text

        cases = cases_of(data, terms, {name: load_tables(folder, (*scenarios, name)) for name in case_names})
        compared_cases = regretted(cases, gap=gap, seconds=seconds, tell=lambda _: searching(gap, seconds))
        document = regret_document(compared_cases)
        return echo_json(document) if as_json else say(regret_text(compared_cases, lang=lang), end="")
    from keruen.materials.siting import best_plan
    from keruen.materials.siting_cases import on_the_rim
    from keruen.materials.siting_choice import near_optimal
    from keruen.reports.siting_choice_text import others_document, others_text, rim_document, rim_text

    advance("siting_study")
    study = lithium_study(data, terms)
    plan = best_plan(study.problem, gap=gap, seconds=seconds, tell=searching(gap, seconds))
    others = near_optimal(plan, within=near, count=alternatives, seconds=seconds) if alternatives else ()
    points = on_the_rim(data, study, plan, circle) if circle else ()
    if as_json:
        document = plan_document(study, plan)
        if alternatives:
            document["alternatives"] = others_document(study, plan, others)
        if circle:
            document["circle"] = rim_document(points)
        return echo_json(document)
    say(plan_text(data, study, plan, lang=lang), end="")
    if alternatives:
        say("\n" + others_text(data, study, plan, others, near, lang=lang), end="")
    if circle:
        say("\n" + rim_text(data, circle, points, lang=lang), end="")
    return None


def _pair(way: str) -> tuple[str, str]:
    good, sign, recipe = way.partition("=")
    if not sign:
        raise click.UsageError(f"{way}: write GOOD=RECIPE with --by, RECIPE=COUNTRY with --in.")
    return good.strip(), recipe.strip()


def _share(said: str) -> tuple[str, float]:
    name, _, share = said.partition("=")
    try:
        part = float(share)
    except ValueError:
        part = -1.0
    if not (name.strip() and 0 < part <= 1):
        raise click.UsageError(f"--at-least {said}: write COUNTRY=SHARE with a share from 0 to 1, e.g. EU=0.4.")
    return name.strip().upper(), part


def _countries(pair: str) -> tuple[str, str]:
    first, sign, second = pair.upper().partition(":")
    if not (sign and first and second):
        raise click.UsageError(f"--compare {pair}: write two countries, e.g. KZ:HU.")
    return first, second


def searching(gap: float, seconds: float) -> Callable[[str, float, float], None]:
    """What shows cost and gap while a plan is sought; it takes the stage, the cost of the best plan and the bound."""
    began = monotonic()

    def tell(_: str, cost: float, bound: float) -> None:
        has_plan = cost < float("inf")
        now = f"{cost / 1e9:.2f} bn USD, gap {(cost - bound) / cost:.1%} (to {gap:.1%})" if has_plan else "siting"
        advance(now, min((monotonic() - began) / seconds, 1.0))

    return tell


CHAINS = (chain, siting)
"""The commands, for the command line."""
