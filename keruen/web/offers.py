"""What a new service between two ports might be like: the middle of those that there are, as a row to start from.

    like rows     the five active services of the same kind whose distances come nearest to the great circle, times k
    k             median of distance / great circle of all services of the kind        (ships go round capes)
    distance      k x great circle of the two ports, km
    running_h     distance / median speed of the like rows
    headway_h, cv, prices, loads, emission factor: median, else the commonest, of the like rows

The rows it is made of are named as its evidence. Nothing here is about the two ports themselves: whoever adds the service knows better.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from keruen.network.sphere import distance_km
from keruen.tables.dataset import Dataset
from keruen.tables.scenario_apply import free_key
from keruen.tables.table import Row

LIKE_ROWS = 5
KINDS = {"roro": "ferry", "rail_ferry": "ferry", "feeder": "sea"}
MEDIANS = {"headway_h": 1, "cv": 2, "usd_teu": 0, "usd_feu": 0, "usd_trailer": 0}  # column -> digits kept
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
