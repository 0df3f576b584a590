"""Assignment on the world network: time and memory against size.

    python benchmarks/flows.py [--zones 207] [--cover 0.99] [--row NAME]

Demand is made up (benchmarks/demand.py): every zone to every other in eight classes, by gravity. Each row is a process of its own:

    cold        route sets searched from nothing, flows under capacity with two rounds of ways round what is full
    warm        the same again, route sets from the cache
    scenario    a dataset with one thing closed, one slower and one cheaper, from the routes of the base

    zones, sectors doubled    twice as many zones, four times as many pairs; every sector twice
    links doubled             every link of road, rail and sea in two halves, so that nodes, arcs and routes are longer and answers the same

Times are CPU seconds of the process and, in brackets, seconds by the clock. Memory is the most the process ever held. --cover: the
largest pairs of zones, with this share of the tonnes of each class.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

HOUSE = Path(__file__).parent.parent
sys.path[:0] = [str(HOUSE), str(HOUSE / "benchmarks")]

import numpy as np  # noqa: E402
from demand import world_demand  # noqa: E402

import keruen  # noqa: E402
from keruen.flows.assignment import assign, covering  # noqa: E402
from keruen.flows.route_sets import route_sets  # noqa: E402
from keruen.network import build  # noqa: E402
from keruen.network.graph import Graph, Kind  # noqa: E402
from keruen.tables.scenario import read_scenario  # noqa: E402

Found = TypeVar("Found")

EDITS = """
name = "three_edits"
[[close]]
what = "passage:suez"
reason = "A benchmark"
[[change]]
row = "services:kuryk_alat_rail_ferry"
column = "running_h"
factor = 2
reason = "A benchmark"
[[change]]
row = "gauge_yards:PLMAA/1435/1520"
column = "hours"
factor = 0.5
reason = "A benchmark"
"""
ROWS = {
    "half the zones": (0.5, 1, False),
    "as asked": (1.0, 1, False),
    "sectors doubled": (1.0, 2, False),
    "links doubled": (1.0, 1, True),
    "zones doubled": (2.0, 1, False),
}


def timed(work: Callable[[], Found]) -> tuple[Found, str]:
    """What work returns, and its CPU seconds with those by the clock in brackets."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = work()
    return found, f"{time.process_time() - cpu:.1f} ({time.perf_counter() - clock:.1f})"


def with_links_halved(graph: Graph) -> Graph:
    """The same network with a node in the middle of every link of road, rail and sea."""
    split = np.flatnonzero((graph.arc_kind == int(Kind.MOVE)) & (graph.arc_facility < 0))
    arcs = {field.name: getattr(graph, field.name) for field in fields(Graph) if field.name.startswith("arc_")}
    arcs["arc_km"] = np.where(np.isin(np.arange(graph.m), split), graph.arc_km / 2, graph.arc_km).astype(np.float32)
    arcs = {name: np.concatenate([of, of[split]]) for name, of in arcs.items()}
    middle = graph.n + np.arange(len(split), dtype=np.int32)
    head = np.concatenate([graph.head, graph.head[split]])
    head[split] = middle
    tail = np.concatenate([graph.tail, middle])
    nodes = {field.name: getattr(graph, field.name) for field in fields(Graph) if field.name.startswith("node_")}
    nodes = {name: np.concatenate([of, of[graph.tail[split]]]) for name, of in nodes.items()}
    n = graph.n + len(split)
    first_out, first_in = (np.concatenate([[0], np.cumsum(np.bincount(of, minlength=n))]) for of in (tail, head))
    return replace(
        graph, first_out=first_out.astype(np.int32), head=head, tail=tail, first_in=first_in.astype(np.int32),
        in_arc=np.argsort(head, kind="stable").astype(np.int32), memo={}, **nodes, **arcs,
    )  # fmt: skip


def one_row(name: str, zones: int, cover: float) -> None:
    """Print a line of the table."""
    share, copies, is_halved = ROWS[name]
    data = keruen.load()
    world = keruen.open_world(data)
    if is_halved:
        world = replace(
            world, graph=with_links_halved(world.graph), folder=world.folder.with_name(f"{world.folder.name}-halved")
        )
        build._opened[data] = world
    demand, left_out = covering(world_demand(data, zones=round(zones * share), sector_copies=copies), cover)
    _, searched = timed(lambda: route_sets(data, demand))
    base, loaded = timed(lambda: assign(data, demand))
    changed = read_scenario(EDITS, data).apply(data)
    other, scenario = timed(lambda: assign(changed, demand, usual=base))
    routes = base.routes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    settled = base.loading.settled and other.loading.settled
    size = (
        round(zones * share),
        len(demand.sectors),
        f"{world.graph.m:,}",
        f"{len(routes.origin):,}",
        f"{100 * left_out:.1f} %",
        f"{len(routes.corridor):,}",
    )
    print(
        "|",
        " | ".join(
            map(
                str,
                (
                    name,
                    *size,
                    searched,
                    loaded,
                    scenario,
                    f"{peak:.1f}",
                    settled,
                    f"{base.totals['generalized_cost_usd']:.6e}",
                ),
            )
        ),
        "|",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--zones", type=int, default=207)
    asked.add_argument("--cover", type=float, default=0.99)
    asked.add_argument("--row", choices=ROWS, action="append")
    asked.add_argument("--alone", choices=ROWS, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.alone:
        return one_row(given.alone, given.zones, given.cover)
    heads = "row|zones|sectors|arcs|markets|left out|routes|route sets, s|flows, s|scenario, s|GB|settled|generalized cost, USD"
    print("|", " | ".join(heads.split("|")), "|")
    print("|---" * len(heads.split("|")) + "|", flush=True)
    for name in given.row or ROWS:
        with tempfile.TemporaryDirectory() as cache:
            for built in keruen.open_world(keruen.load()).folder.parent.glob(
                f"{keruen.open_world(keruen.load()).folder.name}*"
            ):
                if "-routes-" not in built.name:  # the network is there, the routes are not
                    (Path(cache) / built.name).symlink_to(built.resolve())
            command = [
                sys.executable,
                __file__,
                "--alone",
                name,
                "--zones",
                str(given.zones),
                "--cover",
                str(given.cover),
            ]
            subprocess.run(command, env={**os.environ, "KERUEN_CACHE": cache}, check=True)
    return None


if __name__ == "__main__":
    main()
