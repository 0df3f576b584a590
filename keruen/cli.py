"""The command line: load, ask, print. One function per command; what is heavy is imported inside it.

The answer alone goes to standard output; progress and errors go to standard error, except that with `--json` an error is
the answer: `{"error": {"kind", "message", "message_ru", ...}}`.

Exit codes: 0 answered, 2 the input is wrong, 3 there is no route, 130 stopped by the user, 1 the reader of the output went away.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keruen import __version__
from keruen.accuracy_commands import accuracy
from keruen.brief_commands import brief
from keruen.completion import completed, completion
from keruen.demo_commands import demo
from keruen.errors import BadTable, KeruenError, Problem, UnknownOption
from keruen.figures_commands import check_figures, figures
from keruen.flows_commands import flows
from keruen.live_commands import fetch
from keruen.materials_commands import MATERIALS
from keruen.options import (
    DATA_OPTION,
    DEPART_OPTION,
    JSON_OPTION,
    SCENARIO_OPTION,
    check_build,
    load_tables,
    meanwhile,
    output_file,
    question_of,
    question_options,
    ready,
    shipment_of,
    shipment_options,
)
from keruen.performance_commands import check_emissions, emissions, tcd
from keruen.reports.console import (
    FileTrouble,
    OutputTrouble,
    Usage,
    as_argument,
    drop_output,
    echo_csv,
    echo_json,
    fail,
    file_trouble,
    language_of,
    open_streams,
    output,
    say,
    tell,
    write_file,
)
from keruen.reports.waiting import advance, waiting
from keruen.scenario_commands import compare, scenarios
from keruen.serve_commands import serve
from keruen.siting_commands import CHAINS
from keruen.statistics_commands import STATISTICS
from keruen.stress_commands import stress
from keruen.trade_commands import trade

if TYPE_CHECKING:
    from keruen.routing.result import RouteResult
    from keruen.tables.dataset import Dataset
    from keruen.tables.trace import Trace

STOPPED, NO_READER = 130, 1
YOUNG_OBJECTS = (
    50_000  # a command makes little garbage: looking for it after each 700 objects takes a tenth of its time
)

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def main() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(YOUNG_OBJECTS)
    open_streams()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that half-made files go
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    try:
        return answered(words, as_json="--json" in words)
    except OutputTrouble as problem:
        return fail(problem, as_json=False)
    except BrokenPipeError:
        drop_output()
        return NO_READER


def answered(words: Sequence[str], *, as_json: bool) -> int:
    """Run one command; returns its exit code. Whatever is wrong with the input is said in a sentence."""
    try:
        arguments = [as_argument(word) for word in plainly(words)]
        with waiting(lambda: language_of(words)):
            code = keruen.main(arguments, prog_name="keruen", standalone_mode=False)
        with output():
            sys.stdout.flush()
        return int(code or 0)
    except (click.Abort, KeyboardInterrupt):
        from keruen.tables.words import words_in

        tell(words_in(language_of(words))["stopped"])
        return STOPPED
    except click.ClickException as problem:
        if as_json:
            return fail(Usage(problem.format_message()), as_json=True)
        problem.show()
        return Usage.exit_code
    except (OutputTrouble, BrokenPipeError):
        raise
    except KeruenError as problem:
        return fail(problem, as_json=as_json, lang=language_of(words))
    except OSError as problem:
        return fail(file_trouble(problem), as_json=as_json, lang=language_of(words))


def plainly(words: Sequence[str]) -> list[str]:
    """`compare SCENARIO... -- QUESTION ...` as the command it means; other words as they are."""
    if words[:1] != ["compare"] or "--" not in words:
        return list(words)
    at = words.index("--")
    named, question, rest = list(words[1:at]), words[at + 1 : at + 2], list(words[at + 2 :])
    if question == ["flows"]:
        return ["flows", *(word for name in named for word in ("--compare", name)), *rest]
    if question == ["route"]:
        return ["compare", *named, *rest]
    raise click.UsageError("After -- comes the question to compare: flows, or route ORIGIN DESTINATION.")


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="keruen")
def keruen() -> None:
    """Keruen plans trade corridors: which way, how long, at what price, with what emissions, and from which sources.

    \b
    keruen route "Hai Phong" Duisburg          the corridors side by side
    keruen route VNHPH DEDUI --avoid suez      without the Suez Canal
    keruen places Khorgos                      the code of a place
    keruen sources tariffs:rail/KZ/feu         where a figure comes from
    keruen validate                            check all tables

    The world network is built at first use (about a minute) and kept in the folder that the environment variable
    KERUEN_CACHE names, else in the user's cache folder.

    Exit codes: 0 answered, 2 the input is wrong, 3 there is no route.
    """


@keruen.command()
@click.argument("origin", shell_complete=completed("place"))
@click.argument("destination", shell_complete=completed("place"))
@shipment_options
@DEPART_OPTION
@question_options
@SCENARIO_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON (docs/route-json.md).")
@click.option("--geometry", is_flag=True, help="With --json: coordinates of the legs too.")
@output_file("--geojson", "geojson", (".geojson", ".json"), "Write the legs as GeoJSON.")
@output_file("--gpkg", "gpkg", (".gpkg",), "Write routes, legs and stops as GeoPackage.")
@output_file("--xlsx", "xlsx", (".xlsx",), "Write routes, legs, sources and the question as a workbook.")
@output_file("--map", "map_file", (".png", ".svg"), "Draw the routes into a PNG or SVG file.")
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
    """Route a shipment from ORIGIN to DESTINATION (UN/LOCODE, name in English or Russian, or 'lat,lon').

    \b
    Examples:
      keruen route VNHPH DEDUI
      keruen route Алматы Роттердам --lang ru --carbon-price 80
      keruen route CNXAG DEDUI --sanctions eu_russia_belarus_transit --map corridors.png
      keruen route Karaganda NLRTM -c ferrochrome -t 5000 --only-unbeaten
      keruen route VNHPH DEDUI --require trans_caspian --json
      keruen route CNSHA NLRTM --depart 2024-02-01

    Of the named corridors that another way beats, those are shown that are not far (1.5 times the best in time, cost or CO2e), the best
    of each family, and no near-copies.
    """
    from keruen.routing.route import route as find_routes

    asked = question_of(options)
    if options["geometry"] and not options["as_json"]:
        raise click.UsageError("--geometry adds coordinates to the JSON; give --json too, or write --geojson FILE.")
    data = load_tables(folder, options["scenarios"])
    ready(data)
    meanwhile("numpy.random", *(() if options["as_json"] else ("rich.console", "rich.table", "keruen.reports.wording")))
    answer = find_routes(data, origin, destination, **asked, progress=advance)
    write_files(data, answer, options)
    show(answer, options)


def show(answer: RouteResult, options: Mapping[str, Any]) -> None:
    """Print an answer as JSON or as tables."""
    if options["as_json"]:
        echo_json(answer.to_dict(geometry=options["geometry"]))
    else:
        from keruen.reports.wording import print_routes

        with output():
            print_routes(answer.to_dict(), lang=options["lang"], legs=options["legs"])


def write_files(data: Dataset, answer: RouteResult, options: Mapping[str, Any]) -> None:
    """Write the files that were asked for and say so."""
    asked = {name: options[name] for name in ("geojson", "gpkg", "xlsx", "map_file") if options[name] is not None}
    if not asked:
        return
    from keruen.reports import charts, export
    from keruen.reports.workbook import write_workbook

    lines = answer.to_dict(geometry=True)
    writers: Mapping[str, Callable[[Path], Path]] = {
        "geojson": lambda path: export.write_geojson(lines, path),
        "gpkg": lambda path: export.write_geopackage(lines, path),
        "xlsx": lambda path: write_workbook(data, lines, path),
        "map_file": lambda path: charts.draw_map(lines, path, lang=options["lang"]),
    }
    for name, path in asked.items():
        write_file(writers[name], path, options["lang"])


@keruen.command()
@click.argument("origins", nargs=-1, required=True, shell_complete=completed("place"))
@click.option(
    "--to",
    "destinations",
    multiple=True,
    metavar="PLACE",
    shell_complete=completed("place"),
    help="Destination; may be repeated. Default: the origins.",
)
@click.option(
    "--by",
    type=click.Choice(["time", "cost", "co2e", "generalized"]),
    default="time",
    show_default=True,
    help="What is least.",
)
@shipment_options
@SCENARIO_OPTION
@JSON_OPTION
@DATA_OPTION
def matrix(
    origins: tuple[str, ...], destinations: tuple[str, ...], by: str, as_json: bool, folder: Path | None, **options: Any
) -> None:
    """Table of least time (h), cost (USD), CO2e (kg) or generalized cost (USD) between places, as CSV.

    Each figure is of the way that is best for it alone. An empty cell: there is no way.

    \b
    Example:
      keruen matrix VNHPH CNSHA CNXAG --to DEDUI --to LTKLJ --by cost
    """
    from keruen.routing.matrix import matrix as find_matrix

    data = load_tables(folder, options["scenarios"])
    ready(data)
    advance("matrix")
    found = find_matrix(data, origins, destinations, shipment=shipment_of(options), by=by)
    answer = found.to_dict()
    if as_json:
        echo_json(answer)
    else:
        head = [f"{found.by}_{found.unit.lower()}", *(place.place for place in found.destinations)]
        echo_csv([head, *([place.place, *row] for place, row in zip(found.origins, answer["values"], strict=True))])


@keruen.command()
@click.argument("text", shell_complete=completed("place"))
@JSON_OPTION
@DATA_OPTION
def places(text: str, as_json: bool, folder: Path | None) -> None:
    """Find a place by code or name, in English or Russian.

    \b
    Examples:
      keruen places Khorgos
      keruen places Сиань
      keruen places "Birmingham, GB"
    """
    from keruen.network.build import open_world
    from keruen.network.gazetteer import resolve
    from keruen.routing.ends import place_facts

    data = load_tables(folder)
    ready(data)
    entry = resolve(open_world(data).gazetteer, text)
    if as_json:
        echo_json(place_facts(entry))
        return
    name = f"{entry.name} ({entry.name_ru})" if entry.name_ru else entry.name
    kinds = ", ".join(kind.replace("_", " ") for kind in entry.kinds)
    where = ", ".join(part for part in (name, entry.country) if part)
    say("  ".join(part for part in (entry.code, where, f"{entry.lat:.3f}, {entry.lon:.3f}", kinds) if part))


@keruen.command()
@JSON_OPTION
@DATA_OPTION
def validate(as_json: bool, folder: Path | None) -> None:
    """Check all tables and report every problem at once, with table, line and what to do. Exit code 2 if there is one."""
    from keruen.tables.check import check, validation

    data = load_tables(folder)
    problems = check(data)
    if as_json:
        echo_json(validation(data, problems))
    else:
        report_problems(data, problems)
    click.get_current_context().exit(BadTable.exit_code if problems else 0)


def report_problems(data: Dataset, problems: Sequence[Problem]) -> None:
    """Print the problems, or what was found in order."""
    from keruen.tables.check import empty_tables

    for problem in problems:
        say(str(problem))
    rows = sum(len(table) for name in data if (table := data.find_table(name)) is not None)
    verdict = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}" if problems else "no problems"
    empty = empty_tables(data)
    say(f"{verdict} in {len(data)} tables, {rows:,} rows" + (f"; without rows: {', '.join(empty)}" if empty else ""))


@keruen.command()
@click.argument("name", required=False, shell_complete=completed("table"))
@click.option("--dictionary", is_flag=True, help="What each column means, instead of the rows.")
@DATA_OPTION
def tables(name: str | None, dictionary: bool, folder: Path | None) -> None:
    """List the tables, or show the rows of one as CSV.

    \b
    Examples:
      keruen tables
      keruen tables speeds
      keruen tables speeds --dictionary
    """
    from keruen.tables.words import said

    data = load_tables(folder)
    if name is not None and name not in data.schema:
        raise UnknownOption(said("err_no_table", name=name, known=", ".join(data)), tuple(data))
    if dictionary:
        for table in [name] if name else data:
            echo_dictionary(data, table, prefix="" if name else f"{table}.")
    elif name:
        say(data[name].to_csv(), end="")
    else:
        for table in data:
            found = data.find_table(table)
            rows = "damaged, see `keruen validate`:" if found is None else f"{len(found):>6} rows"
            say(f"{table:<20} {rows}  {data.schema[table].meaning}")


def echo_dictionary(data: Dataset, table: str, *, prefix: str) -> None:
    """Print what each column of a table means."""
    for column in data.schema[table].columns:
        unit = f" [{column.unit}]" if column.unit else ""
        say(f"{prefix}{column.name}{unit}: {column.meaning}")


@keruen.command()
@click.argument("what", nargs=-1, required=True, shell_complete=completed("place", "file"))
@SCENARIO_OPTION
@JSON_OPTION
@DATA_OPTION
def sources(what: tuple[str, ...], scenarios: tuple[str, ...], as_json: bool, folder: Path | None) -> None:
    """Open a shown figure down to its rows and sources.

    \b
    WHAT is one or more of
      a row           keruen sources tariffs:rail/KZ/feu
      a place         keruen sources Khorgos
      a source        keruen sources cpmm_2022_key_results
      an answer       keruen sources answer.json          (made by keruen route --json)
    or two places, for the routes between them
                      keruen sources VNHPH DEDUI
    """
    data = load_tables(folder, scenarios)
    found = trace_of(data, what)
    if as_json:
        echo_json(found.to_json())
    else:
        say(str(found))


def trace_of(data: Dataset, what: tuple[str, ...]) -> Trace:
    """What stands behind what the user named."""
    from dataclasses import replace

    from keruen.routing.behind import is_row_or_source, row_behind
    from keruen.tables.trace import trace_keys

    if is_route(data, what):
        from keruen.routing.route import route as find_routes

        ready(data)
        answer = find_routes(data, *what, progress=advance)
        keys = [source for route in answer.routes for source in route.sources]
        return replace(trace_keys(data, keys), asked=f"{answer.origin.name} - {answer.destination.name}")
    if not all(is_file(word) or is_row_or_source(data, word) for word in what):
        ready(data)
    keys = [key for word in what for key in (keys_of_file(Path(word)) if is_file(word) else [row_behind(data, word)])]
    return replace(trace_keys(data, keys), asked=", ".join(what))


def is_route(data: Dataset, what: Sequence[str]) -> bool:
    """Whether two words name the ends of a route, and not two rows, sources or files."""
    from keruen.tables.trace import names_rows

    return len(what) == 2 and not any(is_file(word) or names_rows(data, word, but="places") for word in what)


def is_file(word: str) -> bool:
    """Whether a word is meant as a file."""
    return word.endswith(".json") or Path(word).is_file()


def keys_of_file(path: Path) -> list[str]:
    """The rows behind the routes of a file made by `keruen route --json`."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        lists = [route["sources"] for route in answer["routes"]]
        if not all(isinstance(keys, list) and all(isinstance(key, str) for key in keys) for keys in lists):
            raise TypeError("sources must be a list of texts")
    except OSError as problem:
        raise FileTrouble(f"{path} cannot be read: {problem.strerror or problem}.") from None
    except (ValueError, KeyError, TypeError) as problem:
        raise FileTrouble(
            f"{path} is not an answer of `keruen route --json` ({type(problem).__name__}: {problem}). "
            f"Make one with `keruen route FROM TO --json > {path}`."
        ) from None
    keys = list(dict.fromkeys(key for keys in lists for key in keys))
    if not keys:
        raise FileTrouble(f"{path} is an answer without routes, so there are no sources behind it.")
    return keys


@keruen.group()
def network() -> None:
    """Build, describe or list the world network.

    It is built at first use and kept in the folder that KERUEN_CACHE names, else in the user's cache folder.
    """


@network.command("build")
@click.option("--force", is_flag=True, help="Build again even if it is there, for example because it is damaged.")
@DATA_OPTION
def network_build(force: bool, folder: Path | None) -> None:
    """Build the world network now instead of at first use."""
    from keruen.network.build import open_world, world_folder

    data = load_tables(folder)
    if force:
        check_build(data)
        forget(world_folder(data))
    ready(data)
    world = open_world(data)
    say(f"{world.graph.n:,} nodes, {world.graph.m:,} arcs in {world.folder}")


def forget(folder: Path) -> None:
    """Delete a cached network and what was worked out from it."""
    import shutil

    for old in folder.parent.glob(f"{folder.name}*"):
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()


@network.command("clean")
@DATA_OPTION
def network_clean(folder: Path | None) -> None:
    """Remove cached networks of other tables or versions, and what killed builds left."""
    from keruen.network.build import world_folder
    from keruen.network.cache import remove_others

    current = world_folder(load_tables(folder))
    gone = remove_others(current.parent, current)
    for old in gone:
        say(f"removed {old}")
    if not gone:
        tell(f"There is nothing to remove in {current.parent}.")


@network.command("info")
@JSON_OPTION
@DATA_OPTION
def network_info(as_json: bool, folder: Path | None) -> None:
    """Say what the network holds, where it is kept, and what the build reported."""
    from keruen.network.build import open_world

    data = load_tables(folder)
    ready(data)
    world = open_world(data)
    about = {"folder": str(world.folder), **world.about}
    if as_json:
        echo_json(about)
        return
    for name, value in about.items():
        lines = value if isinstance(value, list) else str(value).splitlines()
        say(f"{name:<20} {(chr(10) + ' ' * 21).join(str(line) for line in lines) or '-'}")


@network.command("list")
@click.argument("kind", type=click.Choice(["terminal", "border", "gauge_yard", "service", "passage"]))
@click.option(
    "--country",
    default="",
    shell_complete=completed("country"),
    help="Only in, or at the border of, this country (ISO code or name).",
)
@JSON_OPTION
@DATA_OPTION
def network_list(kind: str, country: str, as_json: bool, folder: Path | None) -> None:
    """List the terminals, borders, gauge yards, services or passages with their keys.

    \b
    Example:
      keruen network list border --country KZ
    """
    from keruen.routing.demands import facilities

    data = load_tables(folder)
    ready(data)
    rows = facilities(data, kind, country)
    if as_json:
        echo_json({"kind": kind, "facilities": rows})
    elif not rows:
        tell(f"There is no {kind.replace('_', ' ')} in {country}.")
    for row in () if as_json else rows:
        words = [row["key"], row["name"], "-".join(row["countries"]), "" if row["open"] else "(closed)"]
        say("  ".join(word for word in words if word))


OTHERS = (
    demo,
    completion,
    tcd,
    emissions,
    check_emissions,
    accuracy,
    compare,
    scenarios,
    figures,
    check_figures,
    brief,
    trade,
    flows,
    stress,
    serve,
)
for command in (*OTHERS, *MATERIALS, *CHAINS):
    keruen.add_command(command)

for command in (fetch, *STATISTICS):
    trade.add_command(command)
