"""The command on stress: a question in a thousand futures, what breaks worst, how it heals, and what really happened beside the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keruen.options import (
    DATA_OPTION,
    JSON_OPTION,
    SCENARIO_OPTION,
    load_tables,
    ready,
    shipment_of,
    shipment_options,
)
from keruen.reports.console import echo_json, say
from keruen.reports.waiting import advance

if TYPE_CHECKING:
    from keruen.stress.flow_question import FlowQuestion
    from keruen.stress.questions import Question
    from keruen.tables.dataset import Dataset

Told = Callable[[str, float], None]


@click.command()
@click.argument("ends", nargs=-1, metavar="[ORIGIN DESTINATION]")
@shipment_options
@click.option("--flows", "of_flows", is_flag=True, help="Instead of a route: the flows of a year on the world network.")
@click.option("--material", metavar="MATERIAL", help="Instead of a route: the supply of a raw material, with --buyer.")
@click.option("--buyer", default="EU", show_default=True, metavar="EU_OR_COUNTRY", help="Who is supplied.")
@click.option("--siting", is_flag=True, help="Instead of a route: the plants of the plan of `keruen siting`.")
@click.option("--replay", metavar="NAME", help="Something that happened, or all: published figures beside the model's.")
@click.option(
    "--recovery", metavar="DISRUPTION", help="With --flows: stocks and backlogs, week by week, after one disruption."
)
@click.option("--weeks", type=click.FloatRange(min=0, max=52), help="How long it lasts. Default: its mean duration.")
@click.option(
    "--percolation",
    "percolate",
    is_flag=True,
    help="With --flows: what is left as one thing after another is taken out.",
)
@click.option("--draws", type=int, default=1000, show_default=True, help="How many futures.")
@click.option("--seed", type=int, default=2026, show_default=True, help="Another number, other futures.")
@click.option(
    "--only",
    multiple=True,
    metavar="DISRUPTION",
    help="Only this may happen; `keruen tables disruptions`. May be repeated.",
)
@click.option("--demand", is_flag=True, help="Draw the demand of the year too (with --flows or --siting).")
@click.option(
    "--prices", is_flag=True, help="Draw the prices of freight markets too (of routes, supply and siting; slower)."
)
@click.option("--avoid", multiple=True, metavar="WHAT", help="As in `keruen route`; may be repeated.")
@click.option(
    "--cover",
    type=click.FloatRange(min=0.5, max=1.0),
    default=1.0,
    show_default=True,
    metavar="SHARE",
    help="As in `keruen flows`.",
)
@click.option(
    "--on",
    default="here",
    show_default=True,
    metavar="WHERE",
    help="here, processes (all processors), local (a Dask cluster on this machine), or the address of one, tcp://HOST:PORT.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    default=0,
    help="How many with processes or local. Default: one for each processor.",
)
@click.option(
    "--store",
    "store_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of results. Default: in the cache.",
)
@SCENARIO_OPTION
@JSON_OPTION
@click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the answer."
)
@DATA_OPTION
def stress(
    ends: tuple[str, ...], folder: Path | None, scenarios: tuple[str, ...], as_json: bool, lang: str, **how: Any
) -> None:
    """Ask a question in a thousand futures in which things break: closures, storms, a lower Caspian, smaller capacities.

    What may break, how often and for how long stands in the table `disruptions`. Told are the mean, P50, P95 and the mean of the worst
    twentieth (CVaR), each with its confidence interval, the share of futures without a way, and what each disruption does by itself.

    A run may be stopped with Ctrl-C or killed: asked again it goes on where it was, here or on other machines, to the same numbers.

    \b
    keruen stress CNSHA NLRTM --draws 200
    keruen stress CNXAG AZBAK --only caspian_january --only caspian_other_storm
    keruen stress --material titanium_metal --buyer EU --draws 100
    keruen stress --siting --draws 100
    keruen stress --flows --on processes
    keruen stress --flows --recovery suez_blocked --weeks 6
    keruen stress --replay kuryk_storms
    """
    data = load_tables(folder, scenarios)
    check_question(ends, how)
    ready(data)
    if how["replay"]:
        return show_replay(data, how["replay"], as_json, lang)
    if how["recovery"] or how["percolate"]:
        document, text = flows_document(data, flow_question(how), how, advance)
    else:
        document, text = futures_document(data, question_of(data, ends, how), how, advance)
    return echo_json(document) if as_json else say(text(document, lang=lang), end="")


def check_question(ends: tuple[str, ...], how: dict[str, Any]) -> None:
    """That one question is asked, and what goes with it."""
    asked = [bool(ends), how["of_flows"], bool(how["material"]), how["siting"], bool(how["replay"])]
    if sum(asked) != 1:
        raise click.UsageError(
            "Ask one question: ORIGIN DESTINATION, or --flows, or --material MATERIAL, or --siting, or --replay NAME;"
            " see `keruen stress --help`."
        )
    if ends and len(ends) != 2:
        raise click.UsageError("A route needs two places: keruen stress ORIGIN DESTINATION.")
    if (how["recovery"] or how["percolate"]) and not how["of_flows"]:
        raise click.UsageError("--recovery and --percolation are of flows: add --flows.")
    if how["weeks"] is not None and not how["recovery"]:
        raise click.UsageError("--weeks is how long the disruption of --recovery lasts: name it.")


def question_of(data: Dataset, ends: tuple[str, ...], how: dict[str, Any]) -> Question:
    """The question that the options ask."""
    from keruen.stress.questions import ExposureQuestion, RouteQuestion

    if how["siting"]:
        return siting_question(data, how)
    if how["of_flows"]:
        return flow_question(how)
    if how["material"]:
        return ExposureQuestion(how["material"], how["buyer"])
    return RouteQuestion(ends[0], ends[1], shipment_of(how), avoid=tuple(how["avoid"]))


def flow_question(how: dict[str, Any]) -> FlowQuestion:
    """The question on flows."""
    from keruen.stress.flow_question import FlowQuestion

    return FlowQuestion(cover=how["cover"], only=tuple(how["only"]))


def siting_question(data: Dataset, how: dict[str, Any]) -> Question:
    """The question on the plan of sites, which is sought first unless it is kept."""
    from keruen.materials.siting_study import StudyTerms
    from keruen.stress.siting_question import planned

    def tell(_: str, cost: float, bound: float) -> None:
        advance("siting")

    advance("siting_study")
    return planned(data, StudyTerms(), folder=how["store_folder"], tell=tell)


def futures_document(data: Dataset, question: Question, how: dict[str, Any], told: Told) -> tuple[dict[str, Any], Any]:
    """A question in many futures."""
    from keruen.reports.stress_text import stress_text
    from keruen.stress.ensemble import ensemble
    from keruen.stress.flow_question import FlowQuestion

    if isinstance(question, FlowQuestion):
        question.ground(data, told)
    names = ("draws", "seed", "demand", "prices", "on", "workers")
    given: dict[str, Any] = {name: how[name] for name in names}
    found = ensemble(data, question, only=tuple(how["only"]), folder=how["store_folder"], progress=told, **given)
    return found.to_dict(), stress_text


def flows_document(
    data: Dataset, question: FlowQuestion, how: dict[str, Any], told: Told
) -> tuple[dict[str, Any], Any]:
    """Recovery after one disruption, or percolation."""
    from keruen.network.build import open_world
    from keruen.reports.stress_text import percolation_text, recovery_text
    from keruen.stress.disruptions import events
    from keruen.stress.percolation import percolation
    from keruen.stress.recovery import recovery

    if how["recovery"]:
        events(data, (how["recovery"],))
        ground = question.ground(data, told)
        return recovery(data, ground, how["recovery"], weeks=how["weeks"]).to_dict(), recovery_text
    ground = question.ground(data, told)
    return percolation(ground, open_world(data).graph, seed=how["seed"]).to_dict(), percolation_text


def show_replay(data: Dataset, name: str, as_json: bool, lang: str) -> None:
    """What happened beside the model."""
    from keruen.reports.stress_text import replay_text
    from keruen.stress.replays import replayed

    names = dict.fromkeys(row.text("replay") for row in data["replays"]) if name == "all" else (name,)
    found = [one.to_dict() for each in names for one in replayed(data, each)]
    return echo_json({"replays": found}) if as_json else say(replay_text(found, lang=lang), end="")
