"""Commands on the journeys themselves: time-cost-distance diagrams and indicators, and emissions element by element."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from keruen.completion import completed
from keruen.errors import in_language
from keruen.options import (
    DATA_OPTION,
    DEPART_OPTION,
    JSON_OPTION,
    SCENARIO_OPTION,
    load_tables,
    output_file,
    ready,
    shipment_of,
    shipment_options,
)
from keruen.reports.console import echo_csv, echo_json, say, tell, tell_written
from keruen.reports.waiting import advance


@click.command()
@click.argument("what", nargs=-1, required=True, shell_complete=completed("place", "file"))
@click.option(
    "--corridor",
    "corridors",
    multiple=True,
    metavar="KEY",
    help="Only this corridor, of the routes or as the log names it; may be repeated.",
)
@click.option(
    "--by",
    type=click.Choice(["trip", "corridor", "year"]),
    default="year",
    show_default=True,
    help="Trips of a log that are drawn as one; each route is one.",
)
@click.option(
    "--measure",
    "measures",
    type=click.Choice(["time_h", "cost_usd", "co2e_kg"]),
    multiple=True,
    default=["time_h"],
    show_default=True,
    help="What the diagram draws over the kilometres; may be repeated.",
)
@output_file("--picture", "picture", (".png", ".svg"), "Draw the time-cost-distance diagram into a PNG or SVG file.")
@output_file("--table", "table", (".csv",), "Write the table behind the diagram as CSV.")
@click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the titles."
)
@shipment_options
@DEPART_OPTION
@SCENARIO_OPTION
@JSON_OPTION
@DATA_OPTION
def tcd(what: tuple[str, ...], as_json: bool, folder: Path | None, **options: Any) -> None:
    """Time-cost-distance diagram and CPMM indicators of the routes between two places, or of trip logs (CSV).

    A log is a table of trips in steps (docs/time-cost-distance.md); name as many as you like.

    \b
    keruen tcd VNHPH DEDUI --picture tcd.png
    keruen tcd VNHPH DEDUI --corridor northern --corridor suez --measure cost_usd --table steps.csv
    """
    from keruen.reports.tcd import draw_diagram, write_table
    from keruen.routing.performance import bundles, by_corridor, from_result
    from keruen.routing.route import route as find_routes
    from keruen.routing.shipment import Shipment
    from keruen.routing.trip_log import read_trip_log

    title = ""
    if all(word.lower().endswith(".csv") for word in what):
        refuse_options(
            {field.name for field in fields(Shipment)} | {"depart", "scenarios"},
            "says nothing of trip logs: they name their loads themselves",
        )
        logs = [read_trip_log(word) for word in what]
        for name, note in ((log.name, note) for log in logs for note in log.notes):
            tell(f"{name}: {in_language(note, options['lang'])}")
        found = bundles(by_corridor((trip for log in logs for trip in log), options["corridors"]), options["by"])
    elif len(what) == 2:
        refuse_options({"by"}, "gathers the trips of logs; routes are drawn one by one")
        ready(data := load_tables(folder, options["scenarios"]))
        answer = find_routes(
            data, what[0], what[1], shipment=shipment_of(options), depart=options["depart"], progress=advance
        )
        found = bundles(by_corridor(from_result(answer), options["corridors"]))
        title = " → ".join(
            options["lang"] == "ru" and end.name_ru or end.name for end in (answer.origin, answer.destination)
        )
    else:
        raise click.UsageError("Give two places, or trip logs whose names end in .csv.")
    if options["picture"]:
        draw_diagram(found, options["picture"], measures=options["measures"], title=title, lang=options["lang"])
    if options["table"]:
        write_table(found, options["table"])
    rows = [{"name": bundle.title(options["lang"]), **bundle.indicators.to_dict()} for bundle in found]
    echo_json({"indicators": rows}) if as_json else echo_csv([list(rows[0]), *(list(row.values()) for row in rows)])


def refuse_options(names: Collection[str], why: str) -> None:
    """Raise UsageError if one of some options was given: it would be ignored."""
    context = click.get_current_context()
    for parameter in context.command.params:
        if parameter.name in names and context.get_parameter_source(parameter.name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{parameter.opts[-1]} {why}.")


@click.command()
@click.argument("origin", shell_complete=completed("place"))
@click.argument("destination", shell_complete=completed("place"))
@shipment_options
@DEPART_OPTION
@SCENARIO_OPTION
@click.option(
    "--require",
    multiple=True,
    metavar="WHAT",
    shell_complete=completed("avoidable"),
    help="As for `keruen route`: what the way must use.",
)
@click.option(
    "--avoid", multiple=True, metavar="WHAT", shell_complete=completed("avoidable"), help="As for `keruen route`."
)
@click.option("--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which route of the answer.")
@click.option(
    "--load-factor",
    type=float,
    metavar="SHARE",
    help="How full trucks run on loaded kilometres, 0 to 1. Default: as the factor's average.",
)
@click.option(
    "--empty-share",
    type=float,
    metavar="SHARE",
    help="With --load-factor: empty kilometres of trucks over all. Default: 0.",
)
@output_file("--ileap", "ileap", (".json",), "Write the chain as iLEAP data in PACT footprints.")
@JSON_OPTION
@click.option("--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the table.")
@DATA_OPTION
def emissions(origin: str, destination: str, folder: Path | None, **options: Any) -> None:
    """Account for the emissions of a route, element by element, after ISO 14083 (docs/emissions.md).

    \b
    keruen emissions VNHPH DEDUI
    keruen emissions VNHPH DEDUI --require suez --ileap chain.json
    keruen emissions Almaty Tashkent --unit trailer --load-factor 0.8 --empty-share 0.25
    """
    from keruen.reports.emission_text import chain_text
    from keruen.reports.ileap import ileap_document, write_ileap
    from keruen.routing.emissions import chain_of_number
    from keruen.routing.laden import laden_trucks
    from keruen.routing.route import route as find_routes

    trucks = laden_trucks(options["load_factor"], options["empty_share"])
    data = load_tables(folder, options["scenarios"])
    ready(data)
    answer = find_routes(
        data, origin, destination, shipment=shipment_of(options), depart=options["depart"], avoid=options["avoid"],
        require=options["require"], progress=advance,
    )  # fmt: skip
    chain = chain_of_number(data, answer, options["number"], laden=trucks)
    if options["ileap"] is not None:
        tell_written(write_ileap(ileap_document(data, answer, chain), options["ileap"]), options["lang"])
    if options["as_json"]:
        return echo_json(chain.to_dict())
    say(chain_text(chain, answer.places, lang=options["lang"]), end="")


@click.command("check-emissions")
@click.argument("file", type=click.Path(path_type=Path))
@JSON_OPTION
@click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the summary."
)
def check_emissions(file: Path, as_json: bool, lang: str) -> int:
    """Check a FILE of transport emissions (iLEAP or PACT JSON): arithmetic, units, links. Exit code 2 if it does not add up.

    \b
    keruen check-emissions chain.json
    """
    from keruen.reports.emission_text import check_text
    from keruen.routing.emission_check import check_emission_file

    check = check_emission_file(file)
    echo_json(check.to_dict()) if as_json else say(check_text(check, lang=lang), end="")
    return 0 if check.passed else 2
