"""Tables of least time, cost, CO2e or generalized cost between many places, on the customizable contraction hierarchy.

topology   an order of the nodes and the arcs it needs beside them: once per network and version of its code, kept in the cache
metric     those arcs weighted for a consignment: a tenth of a second
query      a pair in a tenth of a millisecond, a thousand by a thousand in under a second
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.build import World, open_world
from keruen.network.cache import cached
from keruen.network.gazetteer import resolve
from keruen.routing import hierarchy
from keruen.routing.cost import generalized_cost, weighting, world_costs
from keruen.routing.ends import access_of, place_ref
from keruen.routing.hierarchy import Hierarchy, build_hierarchy, customize, table
from keruen.routing.result import PlaceRef
from keruen.routing.season import closed_on
from keruen.routing.shipment import Shipment, consignment
from keruen.tables.conditions import as_of
from keruen.tables.dataset import Dataset
from keruen.tables.words import said

CRITERIA = {"time": "h", "cost": "USD", "co2e": "kg", "generalized": "USD"}


@dataclass(frozen=True)
class Matrix:
    """Least values from each origin to each destination, float64[S, T] in `unit`; NaN where there is no way."""

    origins: tuple[PlaceRef, ...]
    destinations: tuple[PlaceRef, ...]
    by: str
    unit: str
    values: NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: values to six digits, None where there is no way."""
        return {
            "by": self.by,
            "unit": self.unit,
            "origins": [place.to_dict() for place in self.origins],
            "destinations": [place.to_dict() for place in self.destinations],
            "values": [
                [None if value != value else float(f"{value:.6g}") for value in row] for row in self.values.tolist()
            ],
        }


def matrix(
    data: Dataset,
    origins: Sequence[str],
    destinations: Sequence[str] = (),
    *,
    shipment: Shipment | None = None,
    by: str = "time",
) -> Matrix:
    """The least time, cost, CO2e or generalized cost of a shipment between places, each pair by the way best for that criterion.

    Conditions that hold always hold here; those of a date do not.

    destinations: default the origins. by: "time" (h), "cost" (USD), "co2e" (kg) or "generalized" (USD).

    Raises:
        UnknownPlace, AmbiguousPlace, BadShipment, UnknownCommodity, UnknownOption: as `route`.
        NoRoute: a place that no road comes near.
    """
    if by not in CRITERIA:
        what = said("what_criterion")
        raise UnknownOption(said("err_unknown_value", what=what, value=by, known=", ".join(CRITERIA)), tuple(CRITERIA))
    world = open_world(data)
    load = consignment(data, shipment or Shipment())
    dated = as_of(data, None)
    costs = world_costs(dated.data, world.graph, load)
    weights = generalized_cost(costs.weights, load) if by == "generalized" else costs.weights[list(CRITERIA).index(by)]
    if shut := closed_on(dated, world.graph, load):
        weights = weights.copy()
        weights[np.concatenate([closed.demand.closed for closed in shut])] = np.inf
    starts = [resolve(world.gazetteer, text) for text in origins]
    ends = [resolve(world.gazetteer, text) for text in destinations] if destinations else starts
    metric = customize(
        world_hierarchy(world), np.ascontiguousarray(weights), prune=False
    )  # one table is sooner swept than pruned for
    enter, leave = [access_of(world, entry, 0) for entry in starts], [access_of(world, entry, 1) for entry in ends]
    values = table(metric, [access.node for access in enter], [access.node for access in leave])
    counted = weighting(load) if by == "generalized" else np.eye(3)[list(CRITERIA).index(by)]
    values += np.array([counted @ costs.by_road(access.km, access.country) for access in enter])[:, None]
    values += np.array([counted @ costs.by_road(access.km, access.country) for access in leave])[None, :]
    values[~np.isfinite(values)] = np.nan
    same = np.array([[a.code == b.code for b in ends] for a in starts], np.bool_).reshape(values.shape)
    values[same] = 0.0
    return Matrix(tuple(map(place_ref, starts)), tuple(map(place_ref, ends)), by, CRITERIA[by], values)


def world_hierarchy(world: World) -> Hierarchy:
    """The contraction hierarchy of a network, built once (a few seconds) and cached beside it; remembered with the graph."""
    graph = world.graph
    if "hierarchy" not in graph.memo:

        def build() -> tuple[dict[str, NDArray[np.generic]], dict[str, str]]:
            lat, lon = graph.node_lat.astype(np.float64), graph.node_lon.astype(np.float64)
            made = build_hierarchy(graph.first_out, graph.head, lat, lon)
            return {field.name: getattr(made, field.name) for field in fields(Hierarchy)}, {}

        code = sha256(Path(hierarchy.__file__).read_bytes()).hexdigest()[:8]
        arrays, _ = cached(world.folder.with_name(f"{world.folder.name}-hierarchy-{code}"), build)
        graph.memo["hierarchy"] = Hierarchy(**arrays)
    found: Hierarchy = graph.memo["hierarchy"]
    return found
