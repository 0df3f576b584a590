"""A world of demand made up for benchmarks, and how fast demand is read, summed and made of trade: `python benchmarks/demand.py`.

No full year of BACI ships with Keruen, so the size of the world is made: t ~ people_o people_d / km^1.1 x noise for each pair of zones and
each sector and class that goods have, scaled to 12 thousand million tonnes (about what the sea carries). It has the size and the skew of
the real table and none of its facts. Prints seconds of the process (CPU) and peak memory for markets, the CSV file both ways, growth, and
--trade N million figures of trade made up in a store of its own.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

HOUSE = Path(__file__).parent.parent
sys.path[:0] = [str(HOUSE)]

from keruen.flows.base_case import base_demand  # noqa: E402
from keruen.flows.demand import Demand, cargo_classes, grown, growth_rates, markets, t_per_teu  # noqa: E402
from keruen.flows.demand_files import read_demand, write_demand  # noqa: E402
from keruen.flows.demand_trade import demand_from_trade  # noqa: E402
from keruen.flows.zones import zones_of  # noqa: E402
from keruen.network.sphere import distance_km  # noqa: E402
from keruen.tables.dataset import Dataset, load  # noqa: E402
from keruen.trade.store import create_store, open_store  # noqa: E402

TOTAL_T = 12e9
DISTANCE_POWER = 1.1
PEOPLE_ELSEWHERE = 200_000
"""People put around a place that is no zone, where more zones are asked for than there are."""
AREA_COUNT = 205

Found = TypeVar("Found")


def world_demand(data: Dataset, *, zones: int = 207, sector_copies: int = 1, seed: int = 1) -> Demand:
    """Every zone to every other in every sector and class: 207 x 206 pairs by 11 sectors in 8 classes.

    zones: the most peopled so many; of more than the table has, other cities and ports. sector_copies: 2 doubles the sectors.
    """
    known = zones_of(data)
    people = dict(sorted(known.people.items(), key=lambda item: -item[1])[:zones])
    others = (row.text("place") for row in data["places"] if {"city", "seaport"} & set(row.texts("kind")))
    for place in others:
        if len(people) == zones:
            break
        people.setdefault(place, PEOPLE_ELSEWHERE)
    codes = tuple(people)
    places = data["places"]
    rows = [places.find_index(code) for code in codes]
    lat, lon = places.numbers("lat")[rows], places.numbers("lon")[rows]
    z, random = len(codes), np.random.default_rng(seed)
    origin, destination = (side.ravel()[~np.eye(z, dtype=bool).ravel()] for side in np.indices((z, z), dtype=np.int32))
    km = np.maximum(distance_km(lat[origin], lon[origin], lat[destination], lon[destination]), 100.0)
    size = np.array([people[code] for code in codes], dtype=np.float64)
    pull = size[origin] * size[destination] / km**DISTANCE_POWER
    classes, sectors = cargo_classes(data), data["sectors"].texts("sector")
    names = [one.name for one in classes]
    kinds = sorted(
        {(row.text("sector"), row.text("cargo_class")) for row in data["hs_goods"] if row.text("cargo_class")}
    )
    kinds_of = [
        (sectors.index(sector) + copy * len(sectors), names.index(cargo))
        for copy in range(sector_copies)
        for sector, cargo in kinds
    ]
    sector, cargo = (np.array(column, dtype=np.int32) for column in zip(*kinds_of, strict=True))
    pairs, n = len(origin), len(kinds_of)
    tonnes = np.repeat(pull, n) * np.tile(random.dirichlet(np.ones(n)), pairs) * random.lognormal(0.0, 1.0, pairs * n)
    tonnes *= TOTAL_T / tonnes.sum()
    cargo_rows = np.tile(cargo, pairs)
    return Demand(
        year=2024, zones=codes, countries=tuple(places.texts("country")[row] for row in rows), classes=classes,
        sectors=sectors + tuple(f"{name}_{copy + 1}" for copy in range(1, sector_copies) for name in sectors),
        sources=(("made for a benchmark",),), origin=np.repeat(origin, n), destination=np.repeat(destination, n), cargo=cargo_rows,
        sector=np.tile(sector, pairs), tonnes=tonnes, low_t=tonnes * 0.7, high_t=tonnes * 1.4,
        teu=tonnes / t_per_teu(classes)[cargo_rows], source=np.zeros(pairs * n, dtype=np.int32),
    )  # fmt: skip


def main() -> None:
    """Print the times."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--zones", type=int, default=207)
    asked.add_argument("--sector-copies", type=int, default=1)
    asked.add_argument("--trade", type=float, default=0.0, metavar="MILLIONS")
    options = asked.parse_args()
    data = load()
    timed("base case", lambda: base_demand(data))
    world = timed("world, made", lambda: world_demand(data, zones=options.zones, sector_copies=options.sector_copies))
    print(f"{len(world):,} rows, {len(world.zones)} zones, {len(world.sectors)} sectors, {len(world.classes)} classes")
    summed = timed("markets", lambda: markets(world))
    print(f"{len(summed):,} markets")
    timed("grown", lambda: grown(world, 2030, growth_rates(data)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.csv"
        if options.sector_copies == 1:
            timed("CSV, written", lambda: write_demand(world, file))
            timed("CSV, read", lambda: read_demand(data, file))
        if options.trade:
            trade(data, Path(folder) / "trade.duckdb", options.trade)


def trade(data: Dataset, path: Path, millions: float) -> None:
    """A store of so many figures between all countries, and the demand made of it."""
    areas = [row.text("iso3") for row in data["countries"]][:AREA_COUNT]
    count = max(1, round(millions * 1e6 / (len(areas) * (len(areas) - 1))))
    codes = [f"{1 + i % 97:02d}{i // 97:02d}10" for i in range(count)]
    with create_store(data, path) as store:
        run = store.connection.execute
        run("INSERT INTO imports (import_id, format, source, edition) VALUES (1, 'baci', 'made up', '')")
        run(
            "INSERT INTO kinds (kind, import_id, flow, classification, start, months, currency, valuation, perspective) "
            "VALUES (1, 1, 'export', 'HS17', '2024-01-01', 12, 'USD', 'FOB', 'reconciled')"
        )
        run(
            "INSERT INTO flows SELECT 1, a.x, b.x, k.x, 1000 * random(), CASE WHEN random() < 0.9 THEN random() END, NULL "
            "FROM (SELECT unnest(?) x) a, (SELECT unnest(?) x) b, (SELECT unnest(?) x) k WHERE a.x <> b.x",
            [areas, areas, codes],
        )
        (figures,) = store.sql("SELECT count(*) FROM flows")[0]
    with open_store(path) as store:
        made = timed(f"demand of {figures:,} figures of trade", lambda: demand_from_trade(data, store, 2024))
    print(f"{len(made.demand):,} rows of demand")


def timed(name: str, made: Callable[[], Found]) -> Found:
    """What is made, its seconds and the peak of memory so far printed."""
    start = time.process_time()
    found = made()
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:42} {time.process_time() - start:8.2f} s CPU {memory_mb:8.0f} MB peak", flush=True)
    return found


if __name__ == "__main__":
    main()
