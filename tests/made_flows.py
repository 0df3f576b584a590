"""Route sets, shippers and facilities made for tests: by hand for a story, at random for a property."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keruen.flows.capacity import Facilities, Shippers
from keruen.flows.route_kernels import Paths
from keruen.flows.route_sets import RouteSet

Floats = NDArray[np.float64]


def route_set(
    markets: Sequence[Sequence[tuple[float, Sequence[int]]]],
    *,
    path_size: Sequence[float] | None = None,
    corridor: Sequence[int] | None = None,
    corridors: tuple[str, ...] = (),
) -> RouteSet:
    """Markets as lists of routes, each a generalized cost and the arcs it takes."""
    routes = [route for market in markets for route in market]
    cost = np.array([cost for cost, _ in routes], float)
    k = len(markets)
    return RouteSet(
        np.arange(k, dtype=np.int32),
        np.arange(k, dtype=np.int32),
        np.zeros(k, np.int32),
        np.concatenate([[0], np.cumsum([len(market) for market in markets])]).astype(np.int64),
        Paths.of(
            np.concatenate([[0], np.cumsum([len(arcs) for _, arcs in routes])]).astype(np.int64),
            np.array([arc for _, arcs in routes for arc in arcs], np.int32),
        ),
        cost,
        cost,
        cost,
        cost,
        np.ones(len(cost)) if path_size is None else np.array(path_size, float),
        np.full(len(cost), -1, np.int32) if corridor is None else np.array(corridor, np.int32),
        corridors,
    )


def shippers(
    tonnes: Sequence[float] | Floats,
    *,
    beta: float = 6.0,
    highest: float | Floats = 1e4,
    value_of_time: float = 0.1,
    teu_per_t: float = 0.1,
    elasticity: float = 0.0,
    base: float = np.nan,
) -> Shippers:
    """Shippers of markets that differ in tonnes only."""
    k = len(tonnes)
    return Shippers(
        np.array(tonnes, float),
        *(np.full(k, value) for value in (beta, value_of_time, teu_per_t)),
        np.array(np.broadcast_to(highest, k), float),
        *(np.full(k, value) for value in (elasticity, base)),
    )


def facilities(
    capacity: Sequence[float] | Floats,
    *,
    unit: str = "t",
    highest_use: float = 1.0,
    service_h: float = np.nan,
    servers: float = 1.0,
    n_arcs: int | None = None,
) -> Facilities:
    """Facility f is arc f of the network, and the arcs beyond belong to none."""
    f = len(capacity)
    names = tuple(f"F{i}" for i in range(f))
    arcs = np.full(f + 10 if n_arcs is None else n_arcs, -1, np.int32)
    arcs[:f] = np.arange(f)
    return Facilities(
        names,
        names,
        (unit,) * f,
        np.array(capacity, float),
        *(np.full(f, value) for value in (highest_use, servers, 1.0, 1.0, service_h)),
        arcs,
    )


def random_flows(
    rng: np.random.Generator, k: int = 30, f: int = 6, *, tight: float = 0.7, queues: bool = False
) -> tuple[RouteSet, Shippers, Facilities]:
    """Markets of one to five routes over up to three of f facilities, some of them of TEU, with capacities that partly bind."""
    markets = []
    for _ in range(k):
        base = float(np.exp(rng.normal(5, 0.7)))
        markets.append(
            [
                (base * (1 + rng.exponential(0.3)), rng.integers(0, f + 3, rng.integers(1, 4)).tolist())
                for _ in range(rng.integers(1, 6))
            ]
        )
    n = sum(len(market) for market in markets)
    routes = route_set(
        markets,
        path_size=rng.uniform(0.3, 1, n).tolist(),
        corridor=rng.integers(-1, 3, n).tolist(),
        corridors=("a", "b", "c"),
    )
    tonnes = np.exp(rng.normal(5, 1, k))
    best = np.minimum.reduceat(routes.generalized_usd_per_t, routes.first_route[:-1])
    who = Shippers(
        tonnes,
        rng.uniform(3, 9, k),
        rng.uniform(0, 0.5, k),
        np.where(rng.random(k) < 0.3, np.nan, rng.uniform(0.05, 0.2, k)),
        best * 6,
        np.full(k, 0.3),
        np.where(rng.random(k) < 0.5, best, np.nan),
    )
    kinds = tuple("teu" if rng.random() < 0.3 else "t" for _ in range(f))
    share = np.where(rng.random(f) < tight, rng.uniform(0.01, 0.15, f), 2.0)
    capacity = share * tonnes.sum() * np.where(np.array(kinds) == "teu", 0.1, 1.0)
    made = facilities(capacity)
    queue = queues & (rng.random(f) < 0.5)
    return (
        routes,
        who,
        Facilities(
            made.keys,
            made.names,
            kinds,
            capacity,
            np.where(queue, 0.9, 1.0),
            rng.integers(1, 5, f).astype(float),
            made.arrival_cv,
            made.service_cv,
            np.where(queue, 30.0, np.nan),
            made.arc_facility,
        ),
    )
