"""Commands on raw materials: one material, a list and what a country makes of it, supply risk, exposure to straits and borders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keruen.completion import completed
from keruen.options import DATA_OPTION, JSON_OPTION, SCENARIO_OPTION, load_tables, ready
from keruen.reports.console import echo_json, say
from keruen.reports.waiting import advance

if TYPE_CHECKING:
    from keruen.tables.dataset import Dataset

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the text."
)


@click.command()
@click.argument("name", shell_complete=completed("material"))
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def material(name: str, scenarios: tuple[str, ...], as_json: bool, lang: str, folder: Path | None) -> None:
    """Show all that is known of a material: lists, HS codes, suppliers, production, supply risk, and what Kazakhstan has of it.

    NAME is its code, its name in English or Russian, its chemical sign, or an HS code.

    \b
    Examples:
      keruen material titanium
      keruen material бериллий --lang ru
      keruen material 810820 --json
    """
    from keruen.materials.profile import profile

    data = load_tables(folder, scenarios)
    found = profile(data, name)
    if as_json:
        from keruen.reports.materials_json import profile_document

        echo_json(profile_document(data, found))
    else:
        from keruen.reports.materials_text import profile_text

        say(profile_text(data, found, lang=lang), end="")


@click.command()
@click.option(
    "--of",
    "country",
    default="",
    metavar="COUNTRY",
    shell_complete=completed("country"),
    help="What this country makes of them, by code or name.",
)
@click.option(
    "--list",
    "list_",
    default="",
    metavar="LIST",
    help="Only those on a list: eu2011, eu2014, eu2017, eu2020, eu2023, us2022, us2025.",
)
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def materials(country: str, list_: str, as_json: bool, lang: str, folder: Path | None) -> None:
    """List raw materials, those on a list of critical ones, and what a country makes of them by each meaning of "makes".

    \b
    Examples:
      keruen materials --of KZ --list eu2020     16, 18 or 19 of 30: it depends on what is counted
      keruen materials --of Vietnam --list eu2023
      keruen materials --list eu2023 --json
    """
    from keruen.materials.listed import listed

    data = load_tables(folder)
    found = listed(data, country, list_)
    if as_json:
        from keruen.reports.materials_json import listed_document

        echo_json(listed_document(data, found))
    else:
        from keruen.reports.materials_text import listed_text

        say(listed_text(data, found, lang=lang), end="")


@click.command()
@click.argument("names", nargs=-1, shell_complete=completed("material"))
@click.option(
    "--inputs", type=click.Path(path_type=Path), metavar="FILE",
    help="Work it out from a CSV file of inputs instead (docs/materials.md), a row a material.",
)  # fmt: skip
@click.option(
    "--assessment", type=click.Choice(["2023", "2017"]), default="2023", show_default=True,
    help="2023: out of shares of supply of 2016 to 2020. 2017: out of the inputs published then.",
)  # fmt: skip
@click.option(
    "--against", type=click.Choice(["2023", "2017"]), metavar="YEAR",
    help="Tell what differs from the values published in 2023 or 2017, and why.",
)  # fmt: skip
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def risk(
    names: tuple[str, ...], inputs: Path | None, assessment: str, against: str | None, scenarios: tuple[str, ...], as_json: bool, lang: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Work out supply risk and economic importance by the method of the European Commission of 2017, with intervals.

    NAMES are materials; all by default, the highest risk first. With a scenario the risk before stands beside it.

    \b
    Examples:
      keruen risk titanium_metal gallium
      keruen risk gallium --scenario china_gallium_stopped
      keruen risk --inputs criticality.csv --json
      keruen risk --against 2023
    """
    if inputs is not None and (names or scenarios or against):
        raise click.UsageError(
            "--inputs FILE says what is worked out; give no materials, no scenario and no --against beside it."
        )
    if against is not None and scenarios:
        raise click.UsageError(
            "--against compares the tables as they are with what was published: leave out --scenario."
        )
    data = load_tables(folder)
    if against is not None:
        return _tell_against(data, names, against, as_json, lang)
    if inputs is not None:
        from keruen.materials.risk_file import risk_of_file

        rows = risk_of_file(data, inputs)
        if as_json:
            from keruen.reports.materials_json import file_document

            return echo_json(file_document(rows))
        from keruen.reports.materials_text import file_text

        return say(file_text(rows, lang=lang), end="")
    from keruen.materials.assess import assess

    before = assess(data, names, assessment)
    found = before
    if scenarios:
        from keruen.tables.scenario import find_scenario

        for one in scenarios:
            data = find_scenario(one, data).apply(data)
        found = assess(data, names, assessment)
    beside = before if scenarios else ()
    if as_json:
        from keruen.reports.materials_json import risk_document

        return echo_json(risk_document(data, found, beside))
    from keruen.reports.materials_text import risks_text

    return say(risks_text(data, found, beside, lang=lang), end="")


def _tell_against(data: Dataset, names: tuple[str, ...], assessment: str, as_json: bool, lang: str) -> None:
    """Risk and importance beside what was published, of some materials or of all."""
    from keruen.errors import UnknownOption
    from keruen.materials.against import importance_beside, risk_beside
    from keruen.materials.names import find_material
    from keruen.reports.against_text import against_document, against_text
    from keruen.tables.words import said

    wanted = {find_material(data, name).text("material") for name in names}
    risks, importance = (
        [one for one in found if not wanted or one.material in wanted]
        for found in (risk_beside(data, assessment), importance_beside(data, assessment))
    )
    for name in wanted - {one.material for one in (*risks, *importance)}:
        raise UnknownOption(said("err_not_published", material=name, assessment=assessment))
    if as_json:
        return echo_json(against_document(data, assessment, risks, importance))
    say(against_text(data, assessment, risks, importance, lang=lang), end="")


@click.command()
@click.argument("name", shell_complete=completed("material"))
@click.option(
    "--buyer", default="EU", show_default=True, metavar="WHO", shell_complete=completed("country"),
    help="EU, or a country by code or name.",
)  # fmt: skip
@click.option(
    "--stage",
    type=click.Choice(["extraction", "processing"]),
    help="Stage of supply. Default: the one whose risk decides.",
)
@SCENARIO_OPTION
@JSON_OPTION
@LANG_OPTION
@DATA_OPTION
def exposure(
    name: str, buyer: str, stage: str | None, scenarios: tuple[str, ...], as_json: bool, lang: str, folder: Path | None
) -> None:
    """Show what share of a buyer's supply of a material passes each strait, border, port and country, and what its failure does.

    What each supplier sends is shared out over its ways by the flow engine; each thing on them is closed in turn, and the other ways
    take what passed it.

    \b
    Examples:
      keruen exposure titanium_metal --buyer EU
      keruen exposure lithium --buyer Vietnam
      keruen exposure titanium_metal --scenario russia_closed
    """
    from keruen.materials.exposure import exposure as find_exposure

    data = load_tables(folder, scenarios)
    ready(data)
    advance("exposure")
    found = find_exposure(data, name, buyer, stage=stage or "")
    if as_json:
        from keruen.reports.exposure_text import exposure_document

        echo_json(exposure_document(data, found))
    else:
        from keruen.reports.exposure_text import exposure_text

        say(exposure_text(data, found, lang=lang), end="")


MATERIALS = (material, materials, risk, exposure)
"""The commands, for the command line."""
