"""What a new service or railway might be like, to start from: the middle of the services that there are, the nearest tracks.

    like rows     the five active services of the same kind whose distances come nearest to the great circle, times k
    k             median of distance / great circle of all services of the kind        (ships go round capes)
    distance      k x great circle of the two ports, km
    running_h     distance / median speed of the like rows
    headway_h, cv, prices, loads, emission factor: median, else the commonest, of the like rows

The rows it is made of are named as its evidence. Nothing here is about the two ports themselves: whoever adds the service knows better.
A railway that was drawn is offered with its ends on the tracks that they were meant to meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from keruen.network.build import open_world
from keruen.network.sphere import distance_km
from keruen.network.terminals import LIMIT_KM
from keruen.tables.dataset import Dataset
from keruen.tables.scenario_apply import free_key
from keruen.tables.table import Row

LIKE_ROWS = 5
KINDS = {"roro": "ferry", "rail_ferry": "ferry", "feeder": "sea"}
MEDIANS = {"headway_h": 1, "cv": 2, "usd_teu": 0, "usd_feu": 0, "usd_trailer": 0}  # column -> digits kept
LINE_REACH = 0.2  # of the length of what was drawn
SERVICE_KEY = "{0}_{1}_new"


def service_offer(data: Dataset, start: Row, end: Row, kind: str) -> dict[str, Any]:
    """Cells of a row of services between two rows of places, without those that no like row knows; and its evidence as table:key."""
    rows = [
        row for row in data["services"]
        if row.text("kind") == kind and row.text("mode") == KINDS[kind] and row.text("status") == "active"
    ]  # fmt: skip
    km, straight = np.array([row.number("distance_km") for row in rows]), np.array([between(data, row) for row in rows])
    known = np.isfinite(straight) & (straight > 0)
    detour = max(1.0, float(np.median(km[known] / straight[known])))
    distance = round(
        detour * float(distance_km(start.number("lat"), start.number("lon"), end.number("lat"), end.number("lon"))), -1
    )
    distance = max(distance, 10.0)
    like = [rows[i] for i in np.argsort(np.abs(np.log(km / distance)), kind="stable")[:LIKE_ROWS]]
    speed = float(np.median([row.number("distance_km") / row.number("running_h") for row in like]))
    cells: dict[str, Any] = {
        "service": free_key(data["services"], SERVICE_KEY.format(start.text("place").lower(), end.text("place").lower())),
        "name": f"{start.text('name')} - {end.text('name')}",
        "name_ru": " - ".join(row.text("name_ru") or row.text("name") for row in (start, end)),
        "mode": KINDS[kind], "kind": kind, "from_place": start.text("place"), "to_place": end.text("place"), "both_ways": True,
        "distance_km": distance, "running_h": round(distance / speed, 1),
    }  # fmt: skip
    for column, digits in MEDIANS.items():
        values = [row.number(column) for row in like if row.number(column) == row.number(column)]
        if values:
            cells[column] = round(float(np.median(values)), digits)
    cells["loads"] = list(Counter(row.texts("loads") for row in like).most_common(1)[0][0])
    factor = Counter(row.text("emission_factor") for row in like if row.text("emission_factor")).most_common(1)
    if factor:
        cells["emission_factor"] = factor[0][0]
    return {"row": {**cells, "status": "active"}, "evidence": [row.id for row in like]}


def between(data: Dataset, service: Row) -> float:
    """Great circle between the ends of a service, km; NaN if one of them has no coordinates."""
    ends = [data["places"].find(service.text(column)) for column in ("from_place", "to_place")]
    if None in ends:
        return float("nan")
    (lat_a, lon_a), (lat_b, lon_b) = ((one.number("lat"), one.number("lon")) for one in ends if one is not None)
    return float(distance_km(lat_a, lon_a, lat_b, lon_b))


def line_offer(data: Dataset, points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """A drawn line (lat, lon in degrees) with its ends taken to the railway they were meant to meet, ready for JSON.

    An end that lies within a fifth of the line's length of a railway, at least 15 km, is taken to it: who draws on a map of the world hits
    no track. Of the gauges that both ends meet so, or else one end, the nearest is offered; without any the line stays as drawn, `gauge_mm`
    null. `joined` says of each end whether it meets the gauge.
    """
    lat, lon = np.array(points, np.float64).T
    reach = max(LIMIT_KM["rail"], LINE_REACH * float(np.sum(distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:]))))
    graph = open_world(data).graph
    best: tuple[tuple[int, float], int, list[int]] | None = None
    for k, layer in enumerate(graph.layers.tolist()):
        if not layer.startswith("rail_"):
            continue
        nodes = np.flatnonzero(graph.node_layer == k)
        ends, away = [], []
        for i in (0, -1):
            km = distance_km(graph.node_lat[nodes], graph.node_lon[nodes], lat[i], lon[i])
            row = int(np.argmin(km)) if len(nodes) else -1
            met = row >= 0 and float(km[row]) <= reach
            ends.append(int(nodes[row]) if met else -1)
            away += [float(km[row])] if met else []
        if ends[0] == ends[1]:  # none, or both the same point
            continue
        rank = (-len(away), sum(away) / len(away))
        if best is None or rank < best[0]:
            best = (rank, int(layer.removeprefix("rail_")), ends)
    drawn = [[float(a), float(b)] for b, a in zip(lat, lon, strict=True)]
    if best is None:
        return {"gauge_mm": None, "points": drawn, "joined": [False, False]}
    _, gauge, ends = best
    for i, node in zip((0, -1), ends, strict=True):
        if node >= 0:
            drawn[i] = [round(float(graph.node_lon[node]), 4), round(float(graph.node_lat[node]), 4)]
    return {"gauge_mm": gauge, "points": drawn, "joined": [node >= 0 for node in ends]}
