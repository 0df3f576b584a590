"""Small road networks for tests, and certificates of an equilibrium that use nothing of the code they judge."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from math import fsum, inf
from pathlib import Path

import numpy as np

from keruen.flows.equilibrium import Equilibrium
from keruen.network import gmns, omx, tntp
from keruen.network.road import RoadNetwork, Trips

Link = tuple[int, int, float, float, float, float]  # tail, head, capacity, free-flow time, b, power


def road(n: int, zones: int, links: Sequence[Link], *, first_through: int = 0) -> RoadNetwork:
    """A network of nodes 0 .. n - 1, the first of which are zones; nodes below first_through let nothing through."""
    columns = np.array(links, np.float64).reshape(-1, 6).T
    m = len(links)
    return RoadNetwork(
        nodes=tuple(map(str, range(1, n + 1))),
        through=np.arange(n) >= first_through,
        zones=np.arange(zones, dtype=np.int32),
        zone_names=tuple(map(str, range(1, zones + 1))),
        tail=columns[0].astype(np.int32),
        head=columns[1].astype(np.int32),
        capacity=columns[2].copy(),
        length=np.ones(m),
        free_flow_time=columns[3].copy(),
        b=columns[4].copy(),
        power=columns[5].copy(),
        toll=np.zeros(m),
        speed=np.full(m, np.nan),
        kind=("1",) * m,
        lon=np.full(n, np.nan),
        lat=np.full(n, np.nan),
    )


def demand(zones: int, cells: Iterable[tuple[int, int, float]]) -> Trips:
    """Trips of (origin, destination, number) between zones 0 .. zones - 1."""
    origin, destination, trips = (list(column) for column in zip(*cells, strict=True)) if cells else ([], [], [])
    names = tuple(map(str, range(1, zones + 1)))
    return Trips(names, np.array(origin, np.int32), np.array(destination, np.int32), np.array(trips, np.float64))


def write_town(folder: Path) -> None:
    """Two zones and a node between them as net.tntp and trips.tntp, as the GMNS folder town, and the trips in town.omx as `morning`."""
    network = road(3, 2, [(0, 2, 5, 1, 0.15, 4), (2, 1, 5, 1, 0.15, 4), (0, 1, 5, 2.5, 0.15, 4)])
    trips = demand(2, [(0, 1, 12.0)])
    tntp.write_network(network, folder / "net.tntp")
    tntp.write_trips(trips, folder / "trips.tntp")
    gmns.write_network(network, folder / "town")
    omx.write_matrices(omx.Matrices(trips.zone_names, {"morning": omx.matrix_of(trips)}), folder / "town.omx")


def bpr(network: RoadNetwork, flow: Sequence[float], toll_weight: float, distance_weight: float) -> list[float]:
    """Costs of the links by the definition, one at a time."""
    costs = []
    for a, v in enumerate(flow):
        rise = (
            float(network.b[a]) * (float(v) / float(network.capacity[a])) ** float(network.power[a])
            if network.b[a]
            else 0.0
        )
        costs.append(
            float(network.free_flow_time[a]) * (1 + rise)
            + toll_weight * float(network.toll[a])
            + distance_weight * float(network.length[a])
        )
    return costs


def dijkstra(network: RoadNetwork, cost: Sequence[float], source: int) -> list[float]:
    """Distances from a node; nothing goes on through a node that lets nothing through."""
    out: list[list[tuple[int, float]]] = [[] for _ in range(network.n)]
    for tail, head, price in zip(network.tail.tolist(), network.head.tolist(), cost, strict=True):
        out[tail].append((head, price))
    distance, queue = [inf] * network.n, [(0.0, source)]
    distance[source] = 0.0
    while queue:
        d, u = heapq.heappop(queue)
        if d > distance[u] or (u != source and not network.through[u]):
            continue
        for v, price in out[u]:
            if d + price < distance[v]:
                distance[v] = d + price
                heapq.heappush(queue, (d + price, v))
    return distance


def certify(
    network: RoadNetwork,
    trips: Trips,
    found: Equilibrium,
    *,
    gap: float,
    toll_weight: float = 0.0,
    distance_weight: float = 0.0,
) -> None:
    """Flows are of these trips, costs are of these flows, the gap is as told and is within `gap`, no path in use is much longer."""
    kept = [k for k in range(len(trips.trips)) if trips.trips[k] > 0 and trips.origin[k] != trips.destination[k]]
    assigned = fsum(float(trips.trips[k]) for k in kept)
    cost = bpr(network, found.flow.tolist(), toll_weight, distance_weight)
    np.testing.assert_allclose(found.cost, cost, rtol=1e-12, atol=1e-300)

    balance: list[list[float]] = [[] for _ in range(network.n)]
    for tail, head, v in zip(network.tail.tolist(), network.head.tolist(), found.flow.tolist(), strict=True):
        assert v >= 0
        balance[tail].append(-v)
        balance[head].append(v)
    for k in kept:
        balance[network.zones[trips.origin[k]]].append(float(trips.trips[k]))
        balance[network.zones[trips.destination[k]]].append(-float(trips.trips[k]))
    assert max((abs(fsum(terms)) for terms in balance), default=0) <= 1e-9 * max(assigned, 1.0)

    shortest: dict[int, list[float]] = {}
    for zone in {int(trips.origin[k]) for k in kept}:
        shortest[zone] = dijkstra(network, cost, int(network.zones[zone]))
    least = [shortest[int(trips.origin[k])][network.zones[trips.destination[k]]] for k in kept]
    tstt = fsum(v * c for v, c in zip(found.flow.tolist(), cost, strict=True))
    sptt = fsum(float(trips.trips[k]) * u for k, u in zip(kept, least, strict=True))
    own_gap = 1 - sptt / tstt if tstt > 0 else 0.0
    assert own_gap <= gap and abs(own_gap - found.relative_gap) <= 1e-14
    assert found.trips == assigned

    if found.paths is not None:
        used = dict(zip(kept, least, strict=True))
        loads: dict[int, list[float]] = {k: [] for k in kept}
        over: list[float] = []
        for i, (k, flow) in enumerate(zip(found.paths.pair.tolist(), found.paths.flow.tolist(), strict=True)):
            arcs = found.paths.arc[found.paths.first[i] : found.paths.first[i + 1]].tolist()
            ends = [int(network.zones[trips.origin[k]]), *(int(network.head[a]) for a in arcs)]
            assert all(int(network.tail[a]) == node for a, node in zip(arcs, ends, strict=False))
            assert ends[-1] == network.zones[trips.destination[k]] and len(set(ends)) == len(ends)
            assert all(network.through[node] for node in ends[1:-1])
            loads[k].append(flow)
            over.append(flow * (fsum(cost[a] for a in arcs) - used[k]))
        assert fsum(over) <= max(gap, 1e-14) * max(tstt, 1.0)
        for k, flows in loads.items():
            assert abs(fsum(flows) - trips.trips[k]) <= 1e-12 * trips.trips[k]
