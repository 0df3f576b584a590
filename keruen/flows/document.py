"""Answers on flows as documents for JSON: an assignment, two side by side, and what is critical (docs/flows-json.md)."""

from __future__ import annotations

from typing import Any

import numpy as np

from keruen.errors import in_both
from keruen.flows.assignment import FlowResult
from keruen.flows.bottlenecks import Bottleneck
from keruen.flows.elasticities import day_less
from keruen.flows.optimum import least_cost_of
from keruen.network.graph import MODES
from keruen.tables.dataset import Dataset


def flows_document(data: Dataset, found: FlowResult, sticking: list[Bottleneck], *, most: int = 5) -> dict[str, Any]:
    """An assignment for JSON. most: how many of those affected are named at each bottleneck."""
    loading, totals = found.loading, found.totals
    return {
        "year": found.demand.year,
        "size": {
            "zones": len(found.demand.zones), "classes": len(found.demand.classes), "markets": len(found.routes.origin),
            "routes": len(found.routes.corridor), "facilities": len(found.places),
        },
        "totals": {**totals, "mean_h": totals["tonne_hours"] / totals["shipped_t"] if totals["shipped_t"] else 0.0},
        "corridors": named(data, found.corridors),
        "bottlenecks": [one.to_dict(most) for one in sticking],
        "facilities": facility_rows(found),
        "day_less": day_less(data, found),
        "certificate": {
            "settled": loading.settled, "over_capacity": loading.over_capacity, "complementarity": loading.complementarity,
            "fixed_point": loading.fixed_point, "iterations": loading.iterations,
        },
        "capacities": list(found.capacities),
        "sources": list(found.sources),
    }  # fmt: skip


def optimum_document(found: FlowResult) -> dict[str, Any]:
    """The least cost that one planner of all shipments could reach, with its duality gap, beside what shippers do; waits in neither."""
    best = least_cost_of(found)
    routes, loading, who = found.routes, found.loading, found.shippers
    chosen = found.of_routes(routes.generalized_usd_per_t) + float(loading.unserved_t @ who.highest_usd_per_t)
    sides = {
        "shippers": {"generalized_cost_usd": chosen, "unserved_t": float(loading.unserved_t.sum())},
        "least_cost": {"generalized_cost_usd": best.objective_usd, "unserved_t": float(best.unserved_t.sum())},
    }
    priced = np.flatnonzero(best.price_usd_per_unit > 0)
    return {
        **sides, "bound_usd": best.bound_usd, "duality_gap": best.gap, "excess": best.excess, "rounds": best.rounds,
        "dearer_share": chosen / best.objective_usd - 1 if best.objective_usd else 0.0,
        "prices": [
            {"facility": found.places.keys[f], **in_both("name", found.places.names[f]),
             "least_cost_usd_per_unit": float(best.price_usd_per_unit[f]),
             "shippers_usd_per_unit": None if np.isnan(loading.price_usd_per_unit[f]) else float(loading.price_usd_per_unit[f])}
            for f in priced[np.argsort(-best.price_usd_per_unit[priced], kind="stable")].tolist()
        ],
    }  # fmt: skip


def named(data: Dataset, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that have the key of a corridor, with its names; these are empty where it is of none."""
    found = []
    for one in rows:
        row = data["corridors"].find(one["corridor"]) if one["corridor"] else None
        names = (row.text("name"), row.text("name_ru") or row.text("name")) if row else ("", "")
        found.append({"corridor": one["corridor"], "name": names[0], "name_ru": names[1], **one})
    return found


def facility_rows(found: FlowResult) -> list[dict[str, Any]]:
    """All facilities of known capacity, with load, use, wait and price; None where a figure is not known."""
    places, loading = found.places, found.loading
    columns = {
        "capacity": places.capacity_per_year, "load": loading.load, "use": loading.load / places.capacity_per_year,
        "wait_h": loading.wait_h, "price_usd_per_unit": loading.price_usd_per_unit,
    }  # fmt: skip
    return [
        {"facility": key, "name": str(places.names[i]), "unit": places.unit[i],
         **{name: None if np.isnan(values[i]) else float(values[i]) for name, values in columns.items()}}
        for i, key in enumerate(places.keys)
    ]  # fmt: skip


def arc_rows(found: FlowResult) -> list[dict[str, Any]]:
    """The arcs over which anything flows, the most first: tonnes in all and by class, and TEU."""
    graph, by_class, teu = found.world.graph, found.arc_t, found.arc_teu
    tonnes = by_class.sum(axis=0)
    used = np.flatnonzero(tonnes > 0)
    names = [one.name for one in found.demand.classes]
    return [
        {"arc": arc, "mode": MODES[graph.arc_mode[arc]], "t": float(tonnes[arc]), "teu": float(teu[arc]),
         **{f"t_{name}": float(by_class[row, arc]) for row, name in enumerate(names)}}
        for arc in used[np.argsort(-tonnes[used], kind="stable")].tolist()
    ]  # fmt: skip


def differences_document(
    data: Dataset, base: dict[str, Any], changed: dict[str, Any], about: dict[str, Any]
) -> dict[str, Any]:
    """Two assignments side by side: totals, shares of corridors, loads of facilities, and what differs."""
    sides = {"base": base, "with": changed}
    totals = {name: changed["totals"][name] - base["totals"][name] for name in base["totals"]}
    shares = {side: {one["corridor"]: one for one in of["corridors"]} for side, of in sides.items()}
    corridors = []
    for key in dict.fromkeys([*shares["base"], *shares["with"]]):
        one = shares["base"].get(key) or shares["with"][key]
        both = {side: of[key]["share_t"] if key in of else 0.0 for side, of in shares.items()}
        corridors.append(
            {
                **{name: one[name] for name in ("corridor", "name", "name_ru")},
                **both,
                "change": both["with"] - both["base"],
            }
        )
    corridors.sort(key=lambda one: -abs(one["change"]))
    loads = {side: {one["facility"]: one["load"] for one in of["facilities"]} for side, of in sides.items()}
    facilities = [
        {"facility": key, **{side: of.get(key) for side, of in loads.items()}}
        for key in dict.fromkeys([*loads["base"], *loads["with"]])
    ]
    return {"scenario": about, **sides, "change": totals, "corridors": corridors, "facilities": facilities}
