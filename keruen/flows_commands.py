"""The command on flows: who goes which way when everybody's way depends on everybody else's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keruen.options import JSON_OPTION, output_file
from keruen.reports.console import echo_json, say, tell, tell_written

if TYPE_CHECKING:
    from keruen.flows.equilibrium import Progress
    from keruen.network.road import RoadNetwork, Trips

LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the report."
)


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
@LANG_OPTION
@JSON_OPTION
def flows(
    tntp_net: Path | None, tntp_trips: Path | None, gmns: Path | None, omx_trips: Path | None, omx_matrix: str, gap: float,
    toll_weight: float, distance_weight: float, most_iterations: int, rows: int, flows_file: Path | None,
    gmns_folder: Path | None, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Assign trips to a road network in user equilibrium: no trip gets cheaper by another way (docs/flows.md).

    The cost of a link is free-flow time x (1 + b (flow / capacity)^power) + toll weight x toll + distance weight x length. Zones below the
    file's first thru node let no flow through. The gap told is measured at the flows told, not estimated on the way.

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

    network, trips = road_files(tntp_net, tntp_trips, gmns, omx_trips, omx_matrix)
    with gap_bar(gap) as advance:
        found = user_equilibrium(
            network, trips, gap=gap, toll_weight=toll_weight, distance_weight=distance_weight,
            most_iterations=most_iterations, progress=advance,
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


def road_files(
    tntp_net: Path | None, tntp_trips: Path | None, gmns: Path | None, omx_trips: Path | None, omx_matrix: str
) -> tuple[RoadNetwork, Trips]:
    """The network and the trips that the options name. Raises UsageError if they name none, or two."""
    from keruen.network import gmns as gmns_files
    from keruen.network import omx, tntp

    if (tntp_net is None) == (gmns is None):
        raise click.UsageError("Give one network: --tntp-net FILE, or --gmns FOLDER.")
    if tntp_trips is not None and omx_trips is not None:
        raise click.UsageError("Give the trips once: --tntp-trips FILE, or --omx-trips FILE.")
    network = tntp.read_network(tntp_net) if tntp_net is not None else gmns_files.read_network(gmns or Path())
    if tntp_trips is not None:
        trips = tntp.read_trips(tntp_trips)
    elif omx_trips is not None:
        trips = omx.trips_of(omx.read_matrices(omx_trips), omx_matrix, file_name=omx_trips.name)
    elif gmns is not None:
        trips = gmns_files.read_demand(gmns / "demand.csv", network)
    else:
        raise click.UsageError("Give the trips: --tntp-trips FILE, or --omx-trips FILE.")
    return network, trips.for_zones(network.zone_names)


@contextmanager
def gap_bar(gap: float) -> Iterator[Progress]:
    """What moves a bar on standard error; it takes the iterations done and the gap, and is full at the gap to reach."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("assigning", total=1.0)

        def advance(iterations: float, near: float) -> None:
            share = math.log(max(near, gap)) / math.log(gap) if 0 < gap < 1 and near > 0 else 0.0
            bar.update(task, description=f"iteration {int(iterations) + 1}, gap {near:.1e}", completed=share)

        yield advance
