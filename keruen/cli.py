"""The command line: load, ask, print. One function per command; what is heavy is imported inside it.

Exit codes: 0 answered, 2 the input is wrong, 3 there is no route.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keruen import __version__
from keruen.errors import KeruenError, Problem

if TYPE_CHECKING:
    from keruen.routing.result import RouteResult
    from keruen.tables.dataset import Dataset

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
DATA_OPTION = click.option(
    "--data", "folder", type=click.Path(path_type=Path), help="Folder with your own tables instead of the shipped ones."
)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        keruen(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        if "--json" in sys.argv:
            click.echo(
                json.dumps({"error": {"kind": "usage", "message": problem.format_message()}}, ensure_ascii=False)
            )
        problem.show()
        sys.exit(2)
    except KeruenError as problem:
        fail(problem)
    except OSError as problem:
        fail(FileTrouble(f"{problem.strerror or problem}: {problem.filename or ''}".rstrip(": ")))


class FileTrouble(KeruenError):
    """A file or folder that cannot be read or written."""

    kind = "file"


def fail(problem: KeruenError) -> None:
    """Print an error, as JSON where JSON was asked for, and end with its exit code."""
    if "--json" in sys.argv:
        click.echo(json.dumps(problem.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(click.style("error: ", fg="red", bold=True) + problem.message, err=True)
    sys.exit(problem.exit_code)


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="keruen")
def keruen() -> None:
    """Keruen plans trade corridors: which way, how long, at what price, with what emissions, and from which sources.

    \b
    keruen route "Hai Phong" Duisburg          the corridors side by side
    keruen route VNHPH DEDUI --avoid suez      without the Suez canal
    keruen places Khorgos                      codes of places
    keruen sources places:VNHPH                where a figure comes from
    keruen validate                            check all tables

    The world network is built at first use (about a minute) and then kept.
    """


@keruen.command()
@click.argument("origin")
@click.argument("destination")
@click.option(
    "-c",
    "--commodity",
    default="general",
    show_default=True,
    help="What is sent; `keruen tables commodities` lists them.",
)
@click.option("-u", "--unit", default="", help="Load unit: 20ft, 40ft, trailer, tonne. Default: the commodity's own.")
@click.option("-t", "--tonnes", type=float, help="Weight of the cargo. Default: one full unit (1,000 t of bulk).")
@click.option("--value", "value_usd", type=float, help="Value of the shipment in USD. Default: by commodity.")
@click.option("--vot", "value_of_time", type=float, help="Value of time, USD per tonne and day. Default: by commodity.")
@click.option(
    "--carbon-price", type=float, default=0.0, show_default=True, help="USD per tonne of CO2e, for the ranking."
)
@click.option(
    "--avoid",
    multiple=True,
    metavar="WHAT",
    help="Country, place, passage, mode, corridor, service or border; may be repeated.",
)
@click.option("--require", multiple=True, metavar="WHAT", help="As --avoid, but must be used; may be repeated.")
@click.option(
    "--sanctions",
    multiple=True,
    metavar="PROFILE",
    help="Avoid what a sanctions profile lists; `keruen tables sanctions`.",
)
@click.option("--vessel", default="", help="Ship that must fit canals; `keruen tables vessels` lists them.")
@click.option("--draft", "draft_m", type=float, help="Draught of the ship in metres, for canals and rivers.")
@click.option("--beam", "beam_m", type=float, help="Beam of the ship in metres, for canals.")
@click.option("--fastest", "objective", flag_value="fastest", default="", help="Only the fastest way.")
@click.option("--cheapest", "objective", flag_value="cheapest", help="Only the cheapest way.")
@click.option("--cleanest", "objective", flag_value="cleanest", help="Only the way with the least CO2e.")
@click.option(
    "--only-unbeaten", is_flag=True, help="Hide corridors that another way beats on time, cost and CO2e at once."
)
@click.option("--most", type=int, default=8, show_default=True, help="At most so many routes that really differ.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON (docs/route-json.md).")
@click.option("--geometry", is_flag=True, help="With --json: coordinates of the legs too.")
@click.option("--geojson", type=click.Path(path_type=Path), help="Write the routes as GeoJSON.")
@click.option("--gpkg", type=click.Path(path_type=Path), help="Write the routes as GeoPackage.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Draw the routes into a PNG or SVG file.")
@click.option(
    "--legs",
    type=click.Choice(["unbeaten", "all", "none"]),
    default="unbeaten",
    show_default=True,
    help="Whose legs to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of tables and maps."
)
@DATA_OPTION
def route(origin: str, destination: str, folder: Path | None, **options: Any) -> None:
    """Route a shipment from ORIGIN to DESTINATION (UN/LOCODE or name, English or Russian).

    \b
    Examples:
      keruen route VNHPH DEDUI
      keruen route Алматы Роттердам --lang ru --carbon-price 80
      keruen route CNXIY DEDUI --sanctions eu_transit --map corridors.png
      keruen route KZKRK NLRTM -c ferrochrome -t 5000 --only-unbeaten
      keruen route VNHPH DEDUI --require trans_caspian --json
    """
    from keruen.routing.route import route as find_routes
    from keruen.routing.shipment import Shipment

    data = load_tables(folder)
    ready(data)
    shipment = Shipment(
        commodity=options["commodity"], unit=options["unit"], tonnes=options["tonnes"], value_usd=options["value_usd"],
        value_of_time_usd_per_t_day=options["value_of_time"], carbon_price_usd_per_t=options["carbon_price"],
        vessel=options["vessel"], draft_m=options["draft_m"], beam_m=options["beam_m"],
    )  # fmt: skip
    answer = find_routes(
        data, origin, destination, shipment=shipment, avoid=options["avoid"], require=options["require"],
        sanctions=options["sanctions"], objective=options["objective"], only_unbeaten=options["only_unbeaten"], most=options["most"],
    )  # fmt: skip
    write_files(answer, options)
    show(answer, options)


def show(answer: RouteResult, options: dict[str, Any]) -> None:
    """Print an answer as JSON or as tables."""
    if options["as_json"]:
        click.echo(json.dumps(answer.to_dict(geometry=options["geometry"]), ensure_ascii=False, indent=2))
    else:
        from keruen.reports.wording import print_routes

        print_routes(answer.to_dict(), lang=options["lang"], legs=options["legs"])


def write_files(answer: RouteResult, options: dict[str, Any]) -> None:
    """Write the files that were asked for and say so."""
    writers: list[tuple[str, Callable[[Path], Any]]] = [
        ("geojson", lambda path: exporter().write_geojson(answer.to_dict(geometry=True), path)),
        ("gpkg", lambda path: exporter().write_geopackage(answer.to_dict(geometry=True), path)),
        ("map_file", lambda path: charts().draw_map(answer.to_dict(geometry=True), path, lang=options["lang"])),
    ]
    for option, write in writers:
        if options[option] is not None:
            write(options[option])
            click.echo(f"wrote {options[option]}", err=True)


def exporter() -> Any:
    """The export room, imported when a file is asked for."""
    from keruen.reports import export

    return export


def charts() -> Any:
    """The charts room, imported when a picture is asked for."""
    from keruen.reports import charts as room

    return room


@keruen.command()
@click.argument("origins", nargs=-1, required=True)
@click.option(
    "--to", "destinations", multiple=True, metavar="PLACE", help="Destination; may be repeated. Default: the origins."
)
@click.option(
    "--by",
    type=click.Choice(["time", "cost", "co2e", "generalized"]),
    default="time",
    show_default=True,
    help="What is least.",
)
@click.option("-c", "--commodity", default="general", show_default=True, help="What is sent.")
@click.option("-u", "--unit", default="", help="Load unit. Default: the commodity's own.")
@DATA_OPTION
def matrix(
    origins: tuple[str, ...], destinations: tuple[str, ...], by: str, commodity: str, unit: str, folder: Path | None
) -> None:
    """Table of least time (h), cost (USD), CO2e (kg) or generalized cost (USD) between places, as CSV.

    \b
    Example:
      keruen matrix VNHPH CNSHA CNXAG --to DEDUI --to LTKLJ --by cost
    """
    from keruen.routing.matrix import matrix as find_matrix
    from keruen.routing.shipment import Shipment

    data = load_tables(folder)
    ready(data)
    found = find_matrix(data, origins, destinations, shipment=Shipment(commodity=commodity, unit=unit), by=by)
    click.echo(",".join([f"{found.by}_{found.unit.lower()}", *(place.place for place in found.destinations)]))
    for place, row in zip(found.origins, found.values, strict=True):
        click.echo(",".join([place.place, *("" if value != value else f"{value:.6g}" for value in row)]))


@keruen.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@DATA_OPTION
def places(text: str, as_json: bool, folder: Path | None) -> None:
    """Find a place by code or name: keruen places Khorgos, keruen places Сиань."""
    from keruen.network.build import open_world
    from keruen.network.gazetteer import resolve

    data = load_tables(folder)
    ready(data)
    entry = resolve(open_world(data).gazetteer, text)
    if as_json:
        click.echo(
            json.dumps(
                {name: getattr(entry, name) for name in ("code", "name", "name_ru", "country", "lat", "lon", "kinds")},
                ensure_ascii=False,
            )
        )
    else:
        kinds = ", ".join(kind.replace("_", " ") for kind in entry.kinds)
        click.echo(
            f"{entry.code}  {entry.name} ({entry.name_ru or '-'}), {entry.country}  {entry.lat:.3f}, {entry.lon:.3f}  {kinds}"
        )


@keruen.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@DATA_OPTION
def validate(as_json: bool, folder: Path | None) -> None:
    """Check all tables and report every problem at once, with table, row and what to do."""
    from keruen.tables.check import check

    data = load_tables(folder)
    problems = check(data)
    if as_json:
        click.echo(json.dumps({"problems": [problem.to_json() for problem in problems]}, ensure_ascii=False, indent=2))
    else:
        report_problems(data, problems)
    sys.exit(2 if problems else 0)


def report_problems(data: Dataset, problems: list[Problem]) -> None:
    """Print the problems, or what was found in order."""
    for problem in problems:
        click.echo(str(problem))
    rows = sum(len(table) for name in data if (table := data.find_table(name)) is not None)
    verdict = f"{len(problems)} problems" if problems else "no problems"
    click.echo(f"{verdict} in {len(data)} tables, {rows:,} rows")


@keruen.command()
@click.argument("name", required=False)
@click.option("--dictionary", is_flag=True, help="What each column means, instead of the rows.")
@DATA_OPTION
def tables(name: str | None, dictionary: bool, folder: Path | None) -> None:
    """List the tables, or show the rows or columns of one: keruen tables speeds, keruen tables speeds --dictionary."""
    from keruen.errors import UnknownOption

    data = load_tables(folder)
    if name is None:
        for table in data:
            click.echo(f"{table:<20} {len(data[table]):>6} rows  {data.schema[table].meaning}")
        return
    if name not in data.schema:
        raise UnknownOption(f"There is no table {name!r}; there are {', '.join(data)}.", tuple(data))
    if dictionary:
        for column in data.schema[name].columns:
            unit = f" [{column.unit}]" if column.unit else ""
            click.echo(f"{column.name}{unit}: {column.meaning}")
    else:
        click.echo(data[name].to_csv(), nl=False)


@keruen.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@DATA_OPTION
def sources(what: tuple[str, ...], as_json: bool, folder: Path | None) -> None:
    """Open a shown figure down to its rows and sources.

    \b
    WHAT is one of
      a row           keruen sources tariffs:rail/KZ/feu
      a place         keruen sources Khorgos
      a source        keruen sources cpmm_2022
      a route file    keruen sources answer.json          (made by keruen route --json)
      a route         keruen sources VNHPH DEDUI
    """
    from keruen.tables.trace import trace_keys

    data = load_tables(folder)
    found = trace_keys(data, keys_behind(data, what))
    click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2) if as_json else str(found))


def keys_behind(data: Dataset, what: tuple[str, ...]) -> list[str]:
    """Row ids and keys that stand behind what the user named."""
    if len(what) == 2 and not any(":" in word for word in what):
        from keruen.routing.route import route as find_routes

        ready(data)
        answer = find_routes(data, *what)
        return list(dict.fromkeys(source for route in answer.routes for source in route.sources))
    keys: list[str] = []
    for word in what:
        path = Path(word)
        keys += keys_of_file(path) if path.suffix == ".json" or path.is_file() else [key_of_word(data, word)]
    return keys


def keys_of_file(path: Path) -> list[str]:
    """The rows behind the routes of a file made by `keruen route --json`."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        return list(dict.fromkeys(source for route in answer["routes"] for source in route["sources"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise FileTrouble(f"{path} is not an answer of `keruen route --json` ({problem}).") from None


def key_of_word(data: Dataset, word: str) -> str:
    """A row id or source key as it is; else the place that goes by the name."""
    from keruen.network.build import open_world
    from keruen.network.gazetteer import resolve

    if ":" in word or data["sources"].find(word) is not None or data["places"].find(word) is not None:
        return word
    ready(data)
    return resolve(open_world(data).gazetteer, word).code


@keruen.group()
def network() -> None:
    """Build, describe or check the world network."""


@network.command("build")
@click.option("--force", is_flag=True, help="Build again even if it is there.")
@DATA_OPTION
def network_build(force: bool, folder: Path | None) -> None:
    """Build the world network now instead of at first use."""
    import shutil

    from keruen.network.build import open_world, world_folder

    data = load_tables(folder)
    if force:
        shutil.rmtree(world_folder(data), ignore_errors=True)
    ready(data)
    world = open_world(data)
    click.echo(f"{world.graph.n:,} nodes, {world.graph.m:,} arcs in {world.folder}")


@network.command("info")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@DATA_OPTION
def network_info(as_json: bool, folder: Path | None) -> None:
    """Say what the network holds and what the build reported."""
    from keruen.network.build import open_world

    data = load_tables(folder)
    ready(data)
    about = dict(open_world(data).about)
    click.echo(
        json.dumps(about, ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(f"{k:<28} {v}" for k, v in about.items())
    )


@network.command("list")
@click.argument("kind", type=click.Choice(["terminal", "border", "gauge_yard", "service", "passage"]))
@click.option("--country", default="", help="Only in, or at the border of, this country (ISO code).")
@DATA_OPTION
def network_list(kind: str, country: str, folder: Path | None) -> None:
    """List the terminals, borders, gauge yards, services or passages by name."""
    import numpy as np

    from keruen.network.build import open_world
    from keruen.network.graph import FACILITY_KINDS

    data = load_tables(folder)
    ready(data)
    graph = open_world(data).graph
    for f in np.flatnonzero(graph.facility_kind == FACILITY_KINDS.index(kind)):
        sides = [str(graph.countries[c]) for c in (graph.facility_country_a[f], graph.facility_country_b[f]) if c >= 0]
        if not country or country.upper() in sides:
            state = "" if graph.facility_open[f] else "  (closed)"
            click.echo(f"{graph.facility_key[f]}  {graph.facility_name[f]}  {'-'.join(sides)}{state}")


def load_tables(folder: Path | None) -> Dataset:
    """The shipped tables, or those of a folder."""
    from keruen.tables.dataset import load

    return load(folder)


def ready(data: Dataset) -> None:
    """Open the network, with a progress bar if it has to be built first."""
    from keruen.network.build import open_world, world_folder

    if world_folder(data).exists():
        open_world(data)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    click.echo("Building the world network (once; about a minute) ...", err=True)
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        open_world(data, lambda stage, share: bar.update(task, description=stage, completed=share))
