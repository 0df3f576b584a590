"""The base case of demand: what is told of the flows of Eurasia, spread over zones, classes and sectors.

    flow f of year y    value V in tonnes or TEU, bounds (L, H)                               table base_flows
    zones               share a_o of origin o, share b_d of destination d                     zones, demand_areas
    goods               share m_g of sector and class g, bounds (l_g, h_g)                    flow_mixes
    t(f, o, d, g) = V a_o b_d m_g w_g      w_g = 1 for tonnes, tonnes in a TEU for boxes      cargo_classes

Bounds multiply likewise: L l_g w_low, H h_g w_high. They are those of the flow, the goods and the weight of a box; how a flow
spreads over zones is by people and has no bounds of its own. A flow without a row for the year is taken from the nearest year that
has one and grown (demand_growth). Flows that no source tells are not here: docs/flows_demand.md lists the ones we know are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from keruen.errors import UnknownOption
from keruen.flows.demand import (
    CargoClass,
    Demand,
    Floats,
    Rows,
    cargo_classes,
    growth_factors,
    growth_rates,
    merged,
    t_per_teu,
)
from keruen.flows.zones import shares_of, zones_of
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said


def base_demand(data: Dataset, year: int = 2024, *, flows: Iterable[str] = ()) -> Demand:
    """The base case for a year; flows: names of the only ones wanted, all where none is named.

    Raises UnknownOption for a flow that the table does not have.
    """
    zones, classes, sectors = zones_of(data), cargo_classes(data), data["sectors"].texts("sector")
    chosen = rows_of_year(data, year, flows)
    ends = [tuple(shares_of(data, zones, row.texts(side)) for side in ("origin", "destination")) for row in chosen]
    codes = (*zones.codes, *sorted({code for pair in ends for shares in pair for code in shares} - set(zones.codes)))
    row_of_zone = {code: i for i, code in enumerate(codes)}
    country_of = dict(zip(data["places"].texts("place"), data["places"].texts("country"), strict=True))
    mixes: dict[str, list[Row]] = {}
    for line in data["flow_mixes"]:
        mixes.setdefault(line.text("mix"), []).append(line)
    sources: dict[tuple[str, ...], int] = {}
    parts = []
    for row, (origins, destinations) in zip(chosen, ends, strict=True):
        goods = goods_of(data, row, mixes[row.text("mix")], classes, year)
        pairs, kinds = len(origins) * len(destinations), len(goods.cargo)
        share = np.outer(list(origins.values()), list(destinations.values())).ravel()
        from_to = np.array([(row_of_zone[o], row_of_zone[d]) for o in origins for d in destinations], dtype=np.int32)
        told = dict.fromkeys((*row.sources(), *(key for line in mixes[row.text("mix")] for key in line.sources())))
        source = sources.setdefault(tuple(told), len(sources))
        columns = [np.repeat(from_to, kinds, axis=0).T, np.tile(goods.cargo, pairs), np.tile(goods.sector, pairs)]
        amounts = [np.outer(share, amount).ravel() for amount in (goods.tonnes, goods.low_t, goods.high_t)]
        parts.append((*columns[0], *columns[1:], np.full(pairs * kinds, source, dtype=np.int32), *amounts))
    origin, destination, cargo, sector, source_rows, tonnes, low, high = map(np.concatenate, zip(*parts, strict=True))
    told_by_flow = Demand(
        year=year, zones=codes, countries=tuple(country_of[code] for code in codes), classes=classes, sectors=sectors,
        sources=tuple(sources), origin=origin, destination=destination, cargo=cargo, sector=sector, tonnes=tonnes, low_t=low,
        high_t=high, teu=tonnes / t_per_teu(classes)[cargo], source=source_rows,
    )  # fmt: skip
    return merged(told_by_flow)


@dataclass(frozen=True, eq=False)
class Goods:
    """What a flow carries in a year by sector and class: rows of classes and sectors int32[g], tonnes and bounds float64[g]."""

    cargo: Rows
    sector: Rows
    tonnes: Floats
    low_t: Floats
    high_t: Floats


def goods_of(data: Dataset, row: Row, mix: Sequence[Row], classes: Sequence[CargoClass], year: int) -> Goods:
    """A row of base_flows by the lines of its mix, in tonnes, grown to a year."""
    names = [one.name for one in classes]
    cargo = np.array([names.index(line.text("cargo_class")) for line in mix], dtype=np.int32)
    sector = np.array([data["sectors"].find_index(line.text("sector")) for line in mix], dtype=np.int32)
    weights = [t_per_teu(classes), *(data["cargo_classes"].numbers(f"t_per_teu_{end}") for end in ("low", "high"))]
    years = year - int(row.number("year"))
    factors = growth_factors(classes, np.array([years]), growth_rates(data))
    amounts = []
    for total, share, weight, factor in zip(
        ("value", "low", "high"), ("share", "share_low", "share_high"), weights, factors, strict=True
    ):
        amount = row.number(total) * np.array([line.number(share) for line in mix])
        amount *= weight[cargo] if row.text("unit") == "teu" else 1.0
        amounts.append(amount * factor[cargo, 0])
    return Goods(cargo, sector, *amounts)


def rows_of_year(data: Dataset, year: int, flows: Iterable[str] = ()) -> list[Row]:
    """The row of each flow that is nearest to a year, the later of two as near. Raises UnknownOption for an unknown flow."""
    best: dict[str, Row] = {}
    for row in data["base_flows"]:
        name = row.text("flow")
        known = best.get(name)
        if known is None or _distance(row, year) < _distance(known, year):
            best[name] = row
    wanted = tuple(flows) or tuple(best)
    if unknown := [name for name in wanted if name not in best]:
        raise UnknownOption(said("demand_no_flow", flows=", ".join(unknown)), best)
    return [best[name] for name in wanted]


def _distance(row: Row, year: int) -> tuple[float, float]:
    return abs(row.number("year") - year), -row.number("year")
