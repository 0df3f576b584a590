"""A user equilibrium in words and as JSON: how near it is, what it costs, and the links where time is lost."""

from __future__ import annotations

from typing import Any

import numpy as np

from keruen.flows.equilibrium import Equilibrium
from keruen.network.road import RoadNetwork
from keruen.reports.accuracy_text import columns
from keruen.reports.wording import number, words_in


def equilibrium_text(network: RoadNetwork, found: Equilibrium, *, free_cost: np.ndarray, lang: str, rows: int) -> str:
    """The figures of an equilibrium, then the links on which most is lost to other traffic.

    free_cost: float64[m], cost of each link without flow. rows: number of links shown.
    """
    words = words_in(lang)
    lost = found.flow * (found.cost - free_cost)
    order = np.argsort(-lost, kind="stable")[:rows]
    told = [
        (words["ue_objective"], number(found.objective, 3, words)),
        (words["ue_gap"], f"{found.relative_gap:.2e}"),
        (words["ue_excess"], f"{found.average_excess_cost:.2e}"),
        (words["ue_total"], number(found.total_cost, 3, words)),
        (words["ue_trips"], number(found.trips, 1, words)),
        (words["ue_iterations"], str(found.iterations)),
        (words["ue_seconds"], number(found.seconds, 3, words)),
    ]
    lines = columns(told, 1)
    head = tuple(words[f"ue_{name}"] for name in ("from", "to", "flow", "capacity", "cost", "lost"))
    table = [head]
    for i in order:
        if lost[i] > 0:
            figures = (found.flow[i], network.capacity[i], found.cost[i], lost[i])
            ends = (network.nodes[network.tail[i]], network.nodes[network.head[i]])
            table.append(
                (*ends, *(number(float(figure), 3 if k == 2 else 1, words) for k, figure in enumerate(figures)))
            )
    if len(table) > 1:
        lines += ["", words["ue_links"].format(len(table) - 1), *columns(table, 2)]
    return "\n".join(lines) + "\n"


def equilibrium_document(network: RoadNetwork, found: Equilibrium) -> dict[str, Any]:
    """An equilibrium for JSON, with every link in the order of the network."""
    return {
        "objective": found.objective,
        "relative_gap": found.relative_gap,
        "seconds": found.seconds,
        "iterations": found.iterations,
        "converged": found.converged,
        "average_excess_cost": found.average_excess_cost,
        "total_cost": found.total_cost,
        "trips": found.trips,
        "links": [
            {"from": _name(network, tail), "to": _name(network, head), "flow": float(flow), "cost": float(cost)}
            for tail, head, flow, cost in zip(network.tail, network.head, found.flow, found.cost, strict=True)
        ],
    }


def _name(network: RoadNetwork, node: int) -> int | str:
    """A node as the file names it: a number where it is one."""
    name = network.nodes[node]
    return int(name) if name.isdecimal() and name == str(int(name)) else name
