"""Commands on scenarios: which there are, and what one does to the ways between two places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from keruen.completion import completed
from keruen.options import (
    DATA_OPTION,
    DEPART_OPTION,
    JSON_OPTION,
    load_tables,
    output_file,
    question_of,
    question_options,
    ready,
    shipment_options,
)
from keruen.reports.console import echo_json, say, write_file
from keruen.reports.waiting import advance

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the answer."
)


@click.command()
@click.argument(
    "names", nargs=-1, metavar="SCENARIO... ORIGIN DESTINATION", shell_complete=completed("scenario", "place")
)
@shipment_options
@DEPART_OPTION
@question_options
@click.option("--geometry", is_flag=True, help="With --json: coordinates of the legs too.")
@output_file("--geojson", "geojson", (".geojson", ".json"), "Write the legs of both sides as GeoJSON.")
@output_file("--gpkg", "gpkg", (".gpkg",), "Write routes, legs and stops of both sides as GeoPackage.")
@output_file(
    "--xlsx", "xlsx", (".xlsx",), "Write the differences, the changes and the routes of both sides as a workbook."
)
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def compare(names: tuple[str, ...], folder: Path | None, **options: Any) -> None:
    """Ask for the ways from ORIGIN to DESTINATION without and with a SCENARIO (a TOML file, or one of `keruen scenarios`).

    Shown are time, P50, P90, cost and CO2e on both sides, and the corridors that vanish or appear. Several scenarios are applied one after
    the other. After -- stands the question, which may be another one: `-- route ORIGIN DESTINATION`, or `-- flows` for what the corridors
    carry on both sides (options as in `keruen flows`).

    \b
    Examples:
      keruen compare suez_closed VNHPH DEDUI
      keruen compare caspian_1m_lower Almaty GEPTI --lang ru
      keruen compare aktau_ferry KZAAU AZBAK --json
      keruen compare suez_closed russia_closed -- route VNHPH DEDUI
    """
    from keruen.routing.compare import compare as find_differences
    from keruen.tables.scenario import find_scenario

    if len(names) < 3:
        raise click.UsageError(
            "Name a scenario, the origin and the destination: keruen compare suez_closed VNHPH DEDUI"
        )
    *scenarios, origin, destination = names
    if options["geometry"] and not options["as_json"]:
        raise click.UsageError("--geometry adds coordinates to the JSON; give --json too.")
    asked = question_of(options)
    data = load_tables(folder)
    ready(data)
    wanted, changed = [], data
    for name in scenarios:
        wanted.append(find_scenario(name, changed))
        changed = wanted[-1].apply(changed)
    ready(changed)
    found = find_differences(data, wanted, origin, destination, **asked, progress=advance)
    files = {name: path for name in ("geojson", "gpkg", "xlsx") if (path := options[name]) is not None}
    if files:
        from keruen.reports import comparison_table as tables

        both = found.to_dict(geometry=True)
        writers: Mapping[str, Callable[[Path], Path]] = {
            "geojson": lambda path: tables.write_comparison_geojson(both, path),
            "gpkg": lambda path: tables.write_comparison_geopackage(both, path),
            "xlsx": lambda path: tables.write_comparison_workbook(both, path),
        }
        for name, path in files.items():
            write_file(writers[name], path, options["lang"])
    if options["as_json"]:
        echo_json(found.to_dict(geometry=options["geometry"]))
    else:
        from keruen.reports.comparison_text import comparison_text

        say(comparison_text(found.to_dict(), lang=options["lang"]), end="")


@click.command()
@click.argument("name", required=False, shell_complete=completed("scenario"))
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def scenarios(name: str | None, as_json: bool, lang: str, folder: Path | None) -> None:
    """List the ready-made scenarios; of the one with this NAME (or file) everything that it changes.

    \b
    Examples:
      keruen scenarios
      keruen scenarios caspian_1m_lower
      keruen route VNHPH DEDUI --scenario suez_closed --scenario russia_closed
    """
    from keruen.tables.scenario import find_scenario, shipped_scenarios

    data = load_tables(folder)
    if name is not None:
        one = find_scenario(name, data)
        changes = one.changes(data)
        if as_json:
            head = {"name": one.name, "title": one.title, "title_ru": one.title_ru}
            return echo_json({**head, "changes": [change.to_dict() for change in changes]})
        say(one.called(lang))
        for change in changes:
            say(f"  {change.text(lang)}")
        return None
    found = shipped_scenarios(data)
    if as_json:
        rows = [
            {"name": one.name, "title": one.title, "title_ru": one.title_ru, "changes": len(one.changes(data))}
            for one in found.values()
        ]
        return echo_json({"scenarios": rows})
    for one in found.values():
        say(f"{one.name:<24} {one.called(lang)}")
    return None
