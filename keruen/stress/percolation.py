"""Percolation: things are taken out of the network one after the other; what share of demand still has a way?

    by flow     that which carries most first          at random     in an order drawn by chance, the mean of several
    a route holds until the first thing on it is out; a market as long as one of its routes does

Taken out are borders, straits and canals, gauge yards and services, not the terminals where goods begin and end. Looked at are the known
routes of the universe (flow_ground), so the share is at least what it is told to be. f_c: the share of things out at which less than half
of the demand is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.graph import FACILITY_KINDS, Graph
from keruen.stress.flow_ground import FlowGround

Floats = NDArray[np.float64]
TAKEN_OUT = ("border", "passage", "gauge_yard", "service")
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Percolation:
    """Things in the order in which they are taken out by flow; the share of tonnes with a way when 0, 1, 2 ... are out, float64[n + 1]."""

    items: tuple[str, ...]
    by_flow: Floats
    at_random: Floats

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "items": list(self.items), "by_flow": self.by_flow.tolist(), "at_random": self.at_random.tolist(),
            "critical_share_by_flow": critical_share(self.by_flow), "critical_share_at_random": critical_share(self.at_random),
        }  # fmt: skip


def critical_share(served: Floats) -> float | None:
    """The share of things out at which less than half is served; None if that never comes."""
    below = np.flatnonzero(served < HALF)
    return float(below[0] / (len(served) - 1)) if len(below) else None


def percolation(ground: FlowGround, graph: Graph, *, seed: int, times: int = 20) -> Percolation:
    """The shares of demand that are left as things that carry anything in usual times are taken out."""
    usual = ground.state(()).loading.route_t
    route = np.repeat(np.arange(len(usual)), np.diff(ground.items.first))
    load = np.bincount(ground.items.facility, usual[route], len(graph.facility_key))
    kinds = [FACILITY_KINDS.index(kind) for kind in TAKEN_OUT]
    loaded = np.flatnonzero((load > 0) & np.isin(graph.facility_kind, kinds))
    order = loaded[np.argsort(-load[loaded], kind="stable")]
    rng = np.random.Generator(np.random.Philox(key=seed))
    drawn = [served_without(ground, rng.permutation(order), len(load)) for _ in range(times)]
    names = tuple(f"{FACILITY_KINDS[graph.facility_kind[row]]}:{graph.facility_key[row]}" for row in order.tolist())
    return Percolation(names, served_without(ground, order, len(load)), np.mean(drawn, axis=0))


def served_without(ground: FlowGround, order: NDArray[np.intp], things: int) -> Floats:
    """The share of tonnes with a way when the first 0, 1, ... n things of an order are out, float64[n + 1]."""
    n = len(order)
    rank = np.full(things, n)
    rank[order] = np.arange(n)
    routes = len(ground.routes.corridor)
    first_out = np.full(routes, n)
    np.minimum.at(first_out, np.repeat(np.arange(routes), np.diff(ground.items.first)), rank[ground.items.facility])
    last = np.full(len(ground.tonnes), -1)
    known = np.isfinite(ground.cost[0])
    np.maximum.at(last, ground.market[known], first_out[known])
    ends = np.bincount(
        last + 1, ground.tonnes, n + 2
    )  # entry i: markets whose last way goes when thing i - 1 is taken out
    gone = np.cumsum(ends)[: n + 1]
    return 1 - gone / float(ground.tonnes.sum())
