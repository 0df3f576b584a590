"""User equilibrium beside AequilibraE on the published networks: CPU seconds to a relative gap, judged alike.

    python benchmarks/assignment.py --tntp DIR [--peer PYTHON] [--gap 1e-6] [--threads 1] [NAME ...]

DIR holds files of the TNTP collection (bstabler/TransportationNetworks; for research only, so not shipped). PYTHON is an
interpreter that has AequilibraE, this one by default. AequilibraE (aequilibrae.com; MIT with an added clause) runs
bi-conjugate Frank-Wolfe, its fastest to a fine gap, with flow through centroids blocked where the file blocks it, the
same costs (toll and distance as fixed cost), float64, and stops at its own gap. Both answers are then judged by the same
formulas here: a shortest tree of every origin at the costs of the flows returned, Beckmann's objective against the best
known, and the largest imbalance of a node. CPU time is of the process and all its threads, from arrays in memory to
flows; reading files and building AequilibraE's graph are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.flows.equilibrium import beckmann, user_equilibrium
from keruen.network.road import Floats, RoadNetwork, Trips
from keruen.network.road_check import fixed_cost
from keruen.network.tntp import read_network, read_trips
from keruen.routing.kernels import Adjacency, many_trees

BEST = {  # objective of the best known flows, and the weights of toll and distance that it holds for
    "SiouxFalls": (4_231_335.28710744, 0.0, 0.0),
    "Anaheim": (1_286_032.171096, 0.0, 0.0),
    "Barcelona": (1_265_654.92203, 0.0, 0.0),
    "Winnipeg": (827_911.49463, 0.0, 0.0),
    "ChicagoSketch": (17_313_018.7387477, 0.02, 0.04),
}
TINY = 1e-9  # minutes
HEAD = (
    "network",
    "program",
    "gap asked",
    "iterations",
    "CPU s",
    "wall s",
    "gap, judged",
    "objective above best",
    "imbalance",
)

# Runs in the peer's interpreter: arrays in, flows and times out. Nothing of Keruen is imported there.
PEER = """
import json, logging, os, sys, time
from importlib.metadata import version
os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"  # TQDM_DISABLE crashes it
import numpy as np
import pandas as pd

from aequilibrae.matrix import AequilibraeMatrix
from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

logging.disable(logging.CRITICAL)
given = np.load(sys.argv[1])
gap, cores, most = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
m = len(given["tail"])
links = pd.DataFrame({
    "link_id": np.arange(1, m + 1), "a_node": given["tail"] + 1, "b_node": given["head"] + 1, "direction": 1, "id": np.arange(1, m + 1),
    "capacity": given["capacity"], "free_flow_time": given["time"], "b": given["b"], "power": given["power"], "fixed": given["fixed"],
})
graph = Graph()
graph.network = links
graph.mode = "c"
zones = np.arange(1, int(given["zones"]) + 1)
graph.prepare_graph(zones)
graph.set_graph("free_flow_time")
graph.set_blocked_centroid_flows(bool(given["blocked"]))
matrix = AequilibraeMatrix()
matrix.create_empty(zones=len(zones), matrix_names=["trips"], memory_only=True)
matrix.index[:] = zones
matrix.matrix["trips"][:, :] = given["trips"]
matrix.computational_view(["trips"])
one = TrafficClass("car", graph, matrix)
one.set_vot(1.0)
if given["fixed"].any():
    one.set_fixed_cost("fixed", 1.0)
assignment = TrafficAssignment()
assignment.set_classes([one])
assignment.set_vdf("BPR")
assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
assignment.set_capacity_field("capacity")
assignment.set_time_field("free_flow_time")
assignment.set_algorithm("bfw")
assignment.set_cores(cores)
assignment.max_iter, assignment.rgap_target = most, gap
cpu, wall = time.process_time(), time.perf_counter()
assignment.execute()
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
found = assignment.results()
flow = np.zeros(m)
flow[found.index.to_numpy() - 1] = np.nan_to_num(found["PCE_AB"].to_numpy())
np.save(sys.argv[5], flow)
report = assignment.report()
print(json.dumps({"cpu": cpu, "wall": wall, "iterations": int(report["iteration"].max()), "version": version("aequilibrae")}))
"""


def judged(
    network: RoadNetwork, trips: Trips, flow: Floats, weights: tuple[float, float], best: float
) -> tuple[float, float, float]:
    """Relative gap, objective above the best known, relatively, and the largest imbalance of a node, relative to all trips."""
    toll, distance = weights
    cost = (
        fixed_cost(network, toll, distance)
        + network.free_flow_time * network.b * (flow / network.capacity) ** network.power
    )
    order = np.argsort(network.tail, kind="stable")
    blocked = ~network.through
    # a blocked node is split: links leave from a copy of it behind the others, where only its own trips begin
    tail = np.where(blocked[network.tail], network.tail + network.n, network.tail)[order]
    order = order[np.argsort(tail, kind="stable")]
    tail = np.where(blocked[network.tail], network.tail + network.n, network.tail)[order]
    first_out = np.zeros(2 * network.n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=2 * network.n), out=first_out[1:])
    graph = Adjacency.of(first_out, np.ascontiguousarray(network.head[order], np.int32))
    start = np.where(blocked[network.zones], network.zones + network.n, network.zones)
    table = many_trees(graph, np.ascontiguousarray(cost[order]), start, targets=network.zones)
    between = trips.origin != trips.destination
    o, d, t = trips.origin[between], trips.destination[between], trips.trips[between]
    total = float(flow @ cost)
    gap = 1 - float(t @ table[o, d]) / total
    balance = np.zeros(network.n)
    np.add.at(balance, network.tail, -flow)
    np.add.at(balance, network.head, flow)
    np.add.at(balance, network.zones[o], t)
    np.add.at(balance, network.zones[d], -t)
    objective = beckmann(network, flow, toll_weight=toll, distance_weight=distance)
    return gap, objective / best - 1, float(np.abs(balance).max() / t.sum())


def peer_run(
    interpreter: str,
    network: RoadNetwork,
    trips: Trips,
    weights: tuple[float, float],
    gap: float,
    threads: int,
    most: int,
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Flows of AequilibraE in the order of the links, and what its process said of itself."""
    matrix = np.zeros((len(network.zones),) * 2)
    matrix[trips.origin, trips.destination] = np.where(trips.origin == trips.destination, 0, trips.trips)
    # It takes no time and no power of 0: a link without time gets a little of its fixed cost as time that never rises.
    still = network.free_flow_time == 0
    time_ = np.where(still, TINY, network.free_flow_time)
    fixed = np.maximum(0, fixed_cost(network, *weights) - time_)
    b, power = np.where(still, 0.0, network.b), np.where(network.power > 0, network.power, 1.0)
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "given.npz", Path(folder) / "flow.npy"
        np.savez(
            given, tail=network.tail, head=network.head, capacity=network.capacity, time=time_, b=b,
            power=power,
            fixed=fixed, zones=len(network.zones), blocked=not network.through.all(), trips=matrix,
        )  # fmt: skip
        done = subprocess.run(
            [interpreter, "-c", PEER, str(given), repr(gap), str(threads), str(most), str(taken)],
            capture_output=True, text=True, cwd=folder, env={**os.environ, "AEQ_SHOW_PROGRESS": "FALSE"},
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"the peer failed:\n{done.stderr[-2000:]}")
        return np.load(taken), json.loads(done.stdout.splitlines()[-1])


def main(words: Sequence[str]) -> None:
    """Prints a row of Markdown for each network and program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"networks; default: {' '.join(BEST)}")
    parser.add_argument("--tntp", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--peer",
        default=sys.executable,
        metavar="PYTHON",
        help="an interpreter with AequilibraE; 'none' to leave it out",
    )
    parser.add_argument(
        "--gap",
        type=float,
        action="append",
        help="relative gap, may be repeated; default 1e-6; the peer runs to the first",
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of the peer; Keruen uses one")
    parser.add_argument("--most", type=int, default=2000, help="iterations of the peer at most")
    parser.add_argument("--times", type=int, default=5, help="runs of Keruen, of which the median counts")
    asked = parser.parse_args(words)
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    for name in asked.names or BEST:
        best, toll, distance = BEST[name]
        network, trips = (
            read(sorted(asked.tntp.rglob(f"{name}_{kind}.tntp"))[0])
            for read, kind in ((read_network, "net"), (read_trips, "trips"))
        )
        assert isinstance(network, RoadNetwork) and isinstance(trips, Trips)
        ours = 0.0
        for gap in asked.gap or [1e-6]:
            runs = []
            for _ in range(asked.times):
                cpu = time.process_time()
                found = user_equilibrium(network, trips, gap=gap, toll_weight=toll, distance_weight=distance)
                runs.append((time.process_time() - cpu, found.seconds))
            cpu, wall = (float(np.median(column)) for column in zip(*runs, strict=True))
            ours = ours or cpu
            figures = judged(network, trips, found.flow, (toll, distance), best)
            tell(name, "Keruen", gap, found.iterations, cpu, wall, figures)
        if asked.peer != "none":
            gap = (asked.gap or [1e-6])[0]
            flow, said = peer_run(asked.peer, network, trips, (toll, distance), gap, asked.threads, asked.most)
            figures = judged(network, trips, flow, (toll, distance), best)
            program = f"AequilibraE {said['version']} bfw"
            tell(name, program, gap, said["iterations"], said["cpu"], said["wall"], figures)
            print(f"| {name} | ratio of CPU | | | {said['cpu'] / ours:,.0f} | | | | |", flush=True)


def tell(
    name: str, program: str, gap: float, iterations: int, cpu: float, wall: float, figures: tuple[float, float, float]
) -> None:
    """Prints a row."""
    cells = (
        name,
        program,
        f"{gap:g}",
        f"{iterations:,}",
        f"{cpu:.3g}",
        f"{wall:.3g}",
        *(f"{figure:.1e}" for figure in figures),
    )
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
