"""What commands share: their options, the tables they read, and the network they wait for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from keruen.completion import completed
from keruen.reports.console import cache_trouble, tell
from keruen.reports.waiting import advance

if TYPE_CHECKING:
    from keruen.routing.shipment import Shipment
    from keruen.tables.dataset import Dataset
    from keruen.trade.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])

DATA_OPTION = click.option(
    "--data", "folder", type=click.Path(path_type=Path), help="Folder with your own tables instead of the shipped ones."
)
JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
DEPART_OPTION = click.option(
    "--depart",
    metavar="DATE",
    help="Day of departure, as 2025-11-10: closures, waits and prices of that day. Default: usual conditions.",
)
SHIPMENT_OPTIONS = (
    click.option(
        "-c", "--commodity", default="general", show_default=True, shell_complete=completed("commodity"),
        help="What is sent; `keruen tables commodities` lists them.",
    ),
    click.option(
        "-u", "--unit", default="", shell_complete=completed("unit"),
        help="Load unit: 20ft, 40ft, trailer, tonne. Default: the commodity's own.",
    ),
    click.option("-t", "--tonnes", type=float, help="Weight of the cargo. Default: one full unit (1,000 t of bulk)."),
    click.option("--value", "value_usd", type=float, help="Value of the shipment in USD. Default: by commodity."),
    click.option(
        "--vot", "value_of_time_usd_per_t_day", type=float, metavar="USD",
        help="Value of time, USD per tonne and day. Default: by commodity.",
    ),
    click.option(
        "--carbon-price", "carbon_price_usd_per_t", type=float, default=0.0, show_default=True, metavar="USD",
        help="Price of a tonne of CO2e, for the ranking.",
    ),
    click.option(
        "--vessel", default="", shell_complete=completed("vessel"),
        help="Ship that must fit canals; `keruen tables vessels` lists them.",
    ),
    click.option("--draft", "draft_m", type=float, metavar="M", help="Draught of the ship in metres, for canals and rivers."),
    click.option("--beam", "beam_m", type=float, metavar="M", help="Beam of the ship in metres, for canals."),
)  # fmt: skip

SCENARIO_OPTION = click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="FILE_OR_NAME",
    shell_complete=completed("scenario"),
    help="A scenario: a TOML file, or one of `keruen scenarios`; may be repeated, applied in order.",
)
QUESTION_OPTIONS = (
    click.option(
        "--avoid",
        multiple=True,
        metavar="WHAT",
        shell_complete=completed("avoidable"),
        help="Country, place, passage, mode, corridor, service or border, by key or name; may be repeated. "
        "No route is of a corridor avoided.",
    ),
    click.option(
        "--require",
        multiple=True,
        metavar="WHAT",
        shell_complete=completed("avoidable"),
        help="As --avoid, but must be used, and not by going there and back; may be repeated, up to four times. "
        "All routes go by the name of a corridor required.",
    ),
    click.option(
        "--sanctions",
        multiple=True,
        metavar="PROFILE",
        shell_complete=completed("sanctions"),
        help="Avoid what a sanctions profile lists; `keruen tables sanctions`.",
    ),
    click.option("--fastest", is_flag=True, help="Only the fastest way."),
    click.option("--cheapest", is_flag=True, help="Only the cheapest way."),
    click.option("--cleanest", is_flag=True, help="Only the way with the least CO2e."),
    click.option(
        "--surest", is_flag=True, help="Only the way with the least P95: the days that 19 journeys in 20 do not exceed."
    ),
    click.option(
        "--within",
        "within_days",
        type=float,
        metavar="DAYS",
        help="Say how probable it is to arrive within so many days.",
    ),
    click.option("--by", "arrive_by", metavar="DATE", help="The same for a day of arrival; needs --depart."),
    click.option(
        "--only-unbeaten", is_flag=True, help="Hide corridors that another way beats on time, cost and CO2e at once."
    ),
    click.option(
        "--most", type=int, default=8, show_default=True, help="At most so many unbeaten routes that really differ."
    ),
)


def shipment_options(command: Command) -> Command:
    """Give a command the options that describe a shipment."""
    for option in reversed(SHIPMENT_OPTIONS):
        command = option(command)
    return command


def shipment_of(options: Mapping[str, Any]) -> Shipment:
    """The shipment that the options describe."""
    from dataclasses import fields

    from keruen.routing.shipment import Shipment

    return Shipment(**{field.name: options[field.name] for field in fields(Shipment)})


def objective_of(options: Mapping[str, Any]) -> str:
    """The one objective asked for, empty if none is."""
    asked = [name for name in ("fastest", "cheapest", "cleanest", "surest") if options[name]]
    if len(asked) > 1:
        names = " and ".join(f"--{name}" for name in asked)
        raise click.UsageError(f"{names} cannot be had at once; give one, or none to see the ways side by side.")
    return asked[0] if asked else ""


def days_allowed(options: Mapping[str, Any]) -> float | None:
    """The days that the probability to be in time is asked for, None if it is not."""
    if options["arrive_by"] is None:
        return cast("float | None", options["within_days"])
    if options["within_days"] is not None or options["depart"] is None:
        raise click.UsageError(
            "--by DATE needs --depart DATE, and stands for --within DAYS: give the two dates, or the days."
        )
    from keruen.tables.periods import as_day

    days = (as_day(options["arrive_by"]) - as_day(options["depart"])).days
    if days <= 0:
        raise click.UsageError(f"--by {options['arrive_by']} is not after --depart {options['depart']}.")
    return float(days)


def question_options(command: Command) -> Command:
    """Give a command the options that say which ways are wanted."""
    for option in reversed(QUESTION_OPTIONS):
        command = option(command)
    return command


def question_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """What `route` takes beside the data and the ends, as the options say it."""
    same = ("depart", "avoid", "require", "sanctions", "only_unbeaten", "most")
    return {
        "shipment": shipment_of(options),
        "objective": objective_of(options),
        "within_days": days_allowed(options),
        **{name: options[name] for name in same},
    }


def ends_in(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """A check of a file to write, before a route is searched for it: its ending, that it is no folder, and that it can be there."""

    def check(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
        if path is None:
            return None
        if path.is_dir():
            raise click.BadParameter(f"{path} is a folder; give the name of a file in it.")
        if path.suffix.lower() not in endings:
            raise click.BadParameter(f"the file must end in {' or '.join(endings)}, not {path.suffix or path.name!r}.")
        parent = next(parent for parent in path.absolute().parents if parent.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            raise click.BadParameter(f"nothing can be written into {parent}; name another folder.")
        return path

    return check


def output_file(option: str, name: str, endings: tuple[str, ...], help: str) -> Callable[[Command], Command]:
    """An option that names a file to write."""
    return click.option(
        option, name, type=click.Path(path_type=Path), metavar="FILE", callback=ends_in(*endings), help=help
    )


def load_tables(folder: Path | None, scenarios: Sequence[str] = ()) -> Dataset:
    """The shipped tables, or those of a folder, as scenarios (files or names) change them one after the other."""
    from keruen.tables.dataset import load

    data = load(folder)
    if scenarios:
        from keruen.tables.scenario import find_scenario

        for scenario in scenarios:
            data = find_scenario(scenario, data).apply(data)
    return data


def meanwhile(*modules: str) -> None:
    """Import modules that will be needed later in a thread of their own: searches leave the interpreter free for it."""

    def bring() -> None:
        with suppress(ImportError):  # who needs it says so
            for module in modules:
                import_module(module)

    Thread(target=bring, daemon=True).start()


def ready(data: Dataset) -> None:
    """Open the network; if it has to be built first that is said, and how far it has come."""
    from keruen.network.build import open_world, world_folder

    if world_folder(data).exists():
        open_world(data)
        return
    check_build(data)
    tell("Building the world network (once; about a minute) ...")
    try:
        open_world(data, advance)
    except OSError as problem:
        raise cache_trouble(world_folder(data).parent, problem.strerror or str(problem)) from problem


def check_build(data: Dataset) -> None:
    """That a build can succeed, before a minute is spent on it: its tables can be read and its folder can be written.

    Raises:
        BadTable: a table that the network is built from cannot be used.
        FileTrouble: the cache folder cannot be written.
    """
    import tempfile

    from keruen.network.build import TABLES, world_folder

    for name in TABLES:
        data[name]
    folder = world_folder(data).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise cache_trouble(folder, problem.strerror or str(problem)) from None


@contextmanager
def own_store(chosen: Path | None, lang: str) -> Iterator[Store | None]:
    """The trade store open to be read: the chosen one, else the user's own if there is one; one of these that cannot be read is told."""
    from keruen.errors import in_language
    from keruen.tables.words import said
    from keruen.trade.errors import StoreTrouble
    from keruen.trade.store import open_store, store_path

    if chosen is None and not store_path().is_file():
        yield None
        return
    try:
        opened = open_store(chosen)
    except StoreTrouble as problem:
        if chosen is not None:
            raise
        tell(in_language(said("check_store_unread", reason=problem.message), lang))
        yield None
        return
    with opened:
        yield opened
