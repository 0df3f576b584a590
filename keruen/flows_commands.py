"""The command on flows: who goes which way when everybody's way depends on everybody else's."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keruen.completion import completed
from keruen.errors import BadTable, Problem
from keruen.options import DATA_OPTION, JSON_OPTION, SCENARIO_OPTION, Command, load_tables, output_file, ready
from keruen.reports.console import echo_json, say, tell, tell_written
from keruen.reports.waiting import advance

if TYPE_CHECKING:
    from keruen.flows.demand import Demand
    from keruen.flows.equilibrium import Progress
    from keruen.network.road import RoadNetwork, Trips
    from keruen.tables.dataset import Dataset
    from keruen.tables.scenario import Scenario

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the report."
)

WORLD_OPTIONS = (
    click.option("--year", type=int, help="Year of the demand. Default: 2024 of the base case, or what the file tells."),
    click.option(
        "--grow-to", type=int, metavar="YEAR",
        help="The demand grown from its year to this one, each class and its bounds by its own rate (table demand_growth).",
    ),
    click.option(
        "--demand", "demand_file", type=click.Path(path_type=Path), metavar="FILE",
        help="Demand of your own instead of the base case: CSV or OMX (docs/flows_demand.md).",
    ),
    click.option(
        "--cover", type=click.FloatRange(min=0.5, max=1.0), default=1.0, show_default=True, metavar="SHARE",
        help="Only the largest pairs of zones with this share of the tonnes of each class: faster for a demand of very many.",
    ),
    SCENARIO_OPTION,
    click.option(
        "--compare", "compared", multiple=True, metavar="FILE_OR_NAME", shell_complete=completed("scenario"),
        help="Flows without and with a scenario side by side; may be repeated, applied in order.",
    ),
    click.option(
        "--criticality", "criticality_of", metavar="N|all",
        help="What stops or costs more if one thing falls out: all terminals, borders, ferries, canals and links are screened, "
        "for the worst N of the things and of the links (or all) a way round is sought on the network.",
    ),
    click.option(
        "--solve-anew", type=click.IntRange(min=0), default=3, show_default=True, metavar="N",
        help="With --criticality: for the worst N that a scenario can close all flows are solved anew.",
    ),
    click.option("--optimum", is_flag=True, help="The least cost of one planner, with its duality gap, beside what shippers do."),
    click.option(
        "--calibrate", is_flag=True,
        help="The model beside what corridors carried in 2021-2024: constants fitted, records held out, errors by corridor.",
    ),
    click.option("--no-capacities", is_flag=True, help="As if nothing were ever full."),
    click.option("--top", type=click.IntRange(min=1), default=12, show_default=True, help="So many corridors and bottlenecks shown."),
    output_file(
        "--export", "export", (".json", ".gpkg", ".xlsx", ".omx", ".gmns"),
        "Write flows over the network (GeoPackage, or a GMNS folder), tables (XLSX), what is shipped between zones (OMX), or all (JSON).",
    ),
    DATA_OPTION,
)  # fmt: skip


def world_options(command: Command) -> Command:
    """Give a command the options of flows on the world network."""
    for option in reversed(WORLD_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.option("--tntp-net", type=click.Path(path_type=Path), metavar="FILE", help="A road network in TNTP format.")
@click.option(
    "--tntp-trips", type=click.Path(path_type=Path), metavar="FILE", help="Trips between its zones, in TNTP format."
)
@click.option(
    "--gmns",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A road network in GMNS instead: node.csv and link.csv, and demand.csv if no other trips are given.",
)
@click.option(
    "--omx-trips", type=click.Path(path_type=Path), metavar="FILE", help="Trips between its zones as an OMX matrix."
)
@click.option("--omx-matrix", default="", metavar="NAME", help="Which matrix. Default: the only one in the file.")
@click.option(
    "--gap", type=float, default=1e-6, show_default=True, help="Relative gap at which the flows are near enough."
)
@click.option("--toll-weight", type=float, default=0.0, show_default=True, help="Cost of a unit of toll.")
@click.option("--distance-weight", type=float, default=0.0, show_default=True, help="Cost of a unit of length.")
@click.option("--most-iterations", type=int, default=1000, show_default=True, help="Searches for new ways at most.")
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=15,
    show_default=True,
    help="Links shown, those where most time is lost.",
)
@output_file("--write-flows", "flows_file", (".tntp",), "Write flow and cost of every link as a TNTP flow file.")
@click.option(
    "--write-gmns",
    "gmns_folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the network in GMNS with the columns volume and cost.",
)
@world_options
@LANG_OPTION
@JSON_OPTION
def flows(
    tntp_net: Path | None, tntp_trips: Path | None, gmns: Path | None, omx_trips: Path | None, omx_matrix: str, gap: float,
    toll_weight: float, distance_weight: float, most_iterations: int, rows: int, flows_file: Path | None,
    gmns_folder: Path | None, lang: str, as_json: bool, **world: Any,
) -> None:  # fmt: skip
    """Assign goods to the world network, or trips to a road network (docs/flows_world.md, docs/flows.md).

    Without a road network: what the corridors carry in a year, where they stick, and what relief is worth. Goods choose among distinct
    routes by generalized cost, and no facility of known capacity carries more than it can.

    With one: the trips in user equilibrium, where no trip gets cheaper by another way.

    The cost of a link is free-flow time x (1 + b (flow / capacity)^power) + toll weight x toll + distance weight x length. Zones below the
    file's first thru node let no flow through. The gap told is measured at the flows told, not estimated on the way.

    On the world: `keruen flows`, beside a what-if `keruen flows --compare suez_closed`, with demand of your own and a file for maps
    `keruen flows --demand mine.csv --export flows.gpkg`, the constants of choice beside the records `keruen flows --calibrate`. The first
    search of routes takes minutes; then they are kept.

    \b
    keruen flows --tntp-net net.tntp --tntp-trips trips.tntp
    keruen flows --gmns town --omx-trips town.omx --omx-matrix morning --write-gmns town_loaded
    keruen flows --tntp-net net.tntp --tntp-trips trips.tntp --toll-weight 0.02 --distance-weight 0.04 --gap 1e-10 --json
    """
    from keruen.flows.equilibrium import user_equilibrium
    from keruen.network import gmns as gmns_files
    from keruen.network import tntp
    from keruen.network.road_check import fixed_cost
    from keruen.reports.flows_text import equilibrium_document, equilibrium_text
    from keruen.tables.words import words_in

    if tntp_net is None and gmns is None and tntp_trips is None and omx_trips is None:
        return world_flows(lang=lang, as_json=as_json, **world)
    network, trips = road_files(tntp_net, tntp_trips, gmns, omx_trips, omx_matrix)
    found = user_equilibrium(
        network, trips, gap=gap, toll_weight=toll_weight, distance_weight=distance_weight,
        most_iterations=most_iterations, progress=nearing(gap),
    )  # fmt: skip
    if flows_file is not None:
        tntp.write_flows(network, found.flow, found.cost, flows_file)
        tell_written(flows_file, lang)
    if gmns_folder is not None:
        gmns_files.write_network(network, gmns_folder, flow=found.flow, cost=found.cost)
        tell_written(gmns_folder, lang)
    if not found.converged:
        tell(words_in(lang)["ue_not_reached"].format(f"{gap:g}", f"{found.relative_gap:.2e}", found.iterations))
    if as_json:
        echo_json(equilibrium_document(network, found))
    else:
        free = fixed_cost(network, toll_weight, distance_weight)
        say(equilibrium_text(network, found, free_cost=free, lang=lang, rows=rows), end="")
    return None


def world_flows(
    *, year: int | None, grow_to: int | None, demand_file: Path | None, cover: float, scenarios: tuple[str, ...], compared: tuple[str, ...],
    criticality_of: str | None, solve_anew: int, optimum: bool, calibrate: bool, no_capacities: bool, top: int, export: Path | None,
    folder: Path | None, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Flows on the world network: alone, beside those with a scenario, with what is critical for them, or beside the least cost."""
    from keruen.flows.assignment import assign, covering
    from keruen.flows.benefit import appraisal
    from keruen.flows.bottlenecks import bottlenecks
    from keruen.flows.criticality import critical_links, criticality
    from keruen.flows.document import differences_document, flows_document, optimum_document
    from keruen.reports import assignment_text as texts
    from keruen.reports.assignment_export import write_flows

    most = things_of(criticality_of)
    if compared and (criticality_of is not None or optimum):
        raise click.UsageError("--compare stands alone: give --criticality and --optimum with --scenario instead.")
    data = load_tables(folder, scenarios)
    ready(data)
    if calibrate:
        return show_calibration(data, lang, as_json)
    demand, left_out = covering(demand_of(data, demand_file, year, grow_to), cover)
    found = assign(data, demand, with_capacities=not no_capacities, progress=advance)
    document = {**flows_document(data, found, bottlenecks(data, found)), "left_out_share": left_out}
    parts = [texts.assignment_text(document, lang=lang, most=top)] if not compared else []
    if compared:
        wanted, changed = changed_by(data, compared)
        ready(changed)
        other = assign(changed, demand, with_capacities=not no_capacities, usual=found, progress=advance)
        after = flows_document(changed, other, bottlenecks(changed, other))
        document = differences_document(data, document, after, {"name": ", ".join(compared)})
        parts.append(texts.comparison_text(document, lang=lang, most=top))
        if any(one.add or one.change for one in wanted):
            document["appraisal"] = appraisal(data, wanted, found, other).to_dict()
            parts.append(texts.appraisal_text(document["appraisal"], lang=lang))
    if criticality_of is not None:
        critical = criticality(data, found, most=most, solved=solve_anew, progress=advance)
        document["critical"] = [one.to_dict() for one in critical]
        document["critical_links"] = [
            one.to_dict() for one in critical_links(data, found, rerouted=most, progress=advance)
        ]
        parts.append(texts.criticality_text(document["critical"], document["critical_links"], lang=lang, most=top))
    if optimum:
        document["optimum"] = optimum_document(found)
        parts.append(texts.optimum_text(document["optimum"], lang=lang))
    if export is not None:
        write_flows(found, document, export)
        tell_written(export, lang)
    return echo_json(document) if as_json else say("\n".join(parts), end="")


def things_of(text: str | None) -> int | None:
    """How many things --criticality asks for, None for all. Raises UsageError for what is neither a number nor `all`."""
    if text is None or text == "all":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise click.UsageError(f"--criticality takes a number from 1 on, or all: not {text!r}.")
    return int(text)


def show_calibration(data: Dataset, lang: str, as_json: bool) -> None:
    """The choice of routes beside what corridors carried."""
    from keruen.flows.calibrated import calibrated, calibration_document
    from keruen.reports.calibration_text import calibration_text

    advance("flow_calibrated")
    document = calibration_document(data, calibrated(data))
    return echo_json(document) if as_json else say(calibration_text(document, lang=lang), end="")


def changed_by(data: Dataset, scenarios: tuple[str, ...]) -> tuple[list[Scenario], Dataset]:
    """Scenarios, and a dataset as they change it one after the other."""
    from keruen.tables.scenario import find_scenario

    wanted = []
    for name in scenarios:
        wanted.append(find_scenario(name, data))
        data = wanted[-1].apply(data)
    return wanted, data


def demand_of(data: Dataset, file: Path | None, year: int | None, grow_to: int | None = None) -> Demand:
    """The base case of demand for a year, or the demand of a file; grown to another year if asked for."""
    from keruen.flows.demand import grown, growth_rates

    demand = demand_told(data, file, year)
    return demand if grow_to is None else grown(demand, grow_to, growth_rates(data))


def demand_told(data: Dataset, file: Path | None, year: int | None) -> Demand:
    """The base case of demand for a year, or the demand of a file, as it is told."""
    if file is None:
        from keruen.flows.base_case import base_demand

        return base_demand(data) if year is None else base_demand(data, year)
    from keruen.flows.demand_files import demand_from_matrices, read_demand

    if file.suffix.lower() != ".omx":
        return read_demand(data, file, year=year)
    if year is None:
        raise click.UsageError("Give --year: an OMX file does not tell the year of its demand.")
    from keruen.network.omx import read_matrices

    found = read_matrices(file, strict=False)
    return demand_from_matrices(data, year, found.zones, found.cells, file.name)


def road_files(
    tntp_net: Path | None, tntp_trips: Path | None, gmns: Path | None, omx_trips: Path | None, omx_matrix: str
) -> tuple[RoadNetwork, Trips]:
    """The network and the trips that the options name.

    Raises:
        UsageError: they name none, or two.
        BadTable: what is wrong with either file, all at once.
    """
    from keruen.network import gmns as gmns_files
    from keruen.network import omx, tntp

    if (tntp_net is None) == (gmns is None):
        raise click.UsageError("Give one network: --tntp-net FILE, or --gmns FOLDER.")
    if tntp_trips is not None and omx_trips is not None:
        raise click.UsageError("Give the trips once: --tntp-trips FILE, or --omx-trips FILE.")
    if tntp_trips is None and omx_trips is None and gmns is None:
        raise click.UsageError("Give the trips: --tntp-trips FILE, or --omx-trips FILE.")
    network: RoadNetwork | None = None
    trips: Trips | None = None
    problems: list[Problem] = []
    try:
        network = tntp.read_network(tntp_net) if tntp_net is not None else gmns_files.read_network(gmns or Path())
    except BadTable as bad:
        problems += bad.problems
    try:
        if tntp_trips is not None:
            trips = tntp.read_trips(tntp_trips)
        elif omx_trips is not None:
            trips = omx.trips_of(omx.read_matrices(omx_trips), omx_matrix, file_name=omx_trips.name)
        elif gmns is not None and network is not None:
            trips = gmns_files.read_demand(gmns / "demand.csv", network)
    except BadTable as bad:
        problems += bad.problems
    if network is None or trips is None:
        raise BadTable(problems)
    return network, trips.for_zones(network.zone_names)


def nearing(gap: float) -> Progress:
    """What shows how near the flows are to an equilibrium: it takes the iterations done and the gap, and is full at the gap to reach."""

    def tell_gap(iterations: float, near: float) -> None:
        share = math.log(max(near, gap)) / math.log(gap) if 0 < gap < 1 and near > 0 else 0.0
        advance(f"{int(iterations) + 1}: {near:.1e}", min(max(share, 0.0), 1.0))

    return tell_gap
