"""Demand from the trade store: value and tonnes by pair of countries and product become tonnes and TEU by pair of zones and class.

    t = M + V / u          M: tonnes told, V: dollars of what is told without tonnes, u: dollars a tonne of its goods (hs_goods)
    low = M + V / u_high   high = M + V / u_low
    zone o to zone d       t x share of o in its country x share of d in its own (zones)

One series of the store is taken: one source and edition, reconciled where it has that, else what the importer declares and what
the exporter does where the importer is silent; the most detailed level of the codes told for a pair. The data base sums products to
goods of one sector and class, so that a year of all pairs in HS6 (ten million figures) streams through it and only the sums come
out. What cannot become demand is told beside it, with its size: products without tonnes and value, goods that are no freight,
areas without a zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.flows.demand import Demand, Floats, cargo_classes, merged, t_per_teu
from keruen.flows.zones import Zones, zones_of
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.series import RECONCILED
from keruen.trade.store import Store

PRODUCTS = """
  SELECT CASE flow WHEN 'export' THEN reporter ELSE partner END AS exporter,
         CASE flow WHEN 'export' THEN partner ELSE reporter END AS importer, flow, import_id, digits, code, value, mass_t
  FROM trade JOIN imports USING (import_id)
  WHERE year(start) = $year AND month(start) = 1 AND months = 12 AND mode IS NULL AND code <> 'TOTAL' AND digits >= 2
    AND (starts_with(classification, 'HS') OR starts_with(classification, 'CN')) AND currency = 'USD'
    AND coalesce(source, '') = $source AND coalesce(edition, '') = $edition AND perspective = $perspective
    AND flow IN ('export', 'import') AND (flow = 'export' OR perspective <> 'reconciled')
    AND reporter NOT IN (SELECT area FROM areas WHERE is_aggregate) AND partner NOT IN (SELECT area FROM areas WHERE is_aggregate)
"""
SERIES = """
SELECT coalesce(source, ''), coalesce(edition, ''), perspective, count(DISTINCT reporter || partner) AS pairs
FROM trade JOIN imports USING (import_id)
WHERE year(start) = $year AND month(start) = 1 AND months = 12 AND mode IS NULL AND code <> 'TOTAL' AND digits >= 2
  AND (starts_with(classification, 'HS') OR starts_with(classification, 'CN')) AND currency = 'USD'
GROUP BY 1, 2, 3 ORDER BY any_value(perspective) = 'reconciled' DESC, pairs DESC, 1, 2, 3
"""
SUMS = f"""
WITH told AS ({PRODUCTS}),
chosen AS (
  SELECT DISTINCT ON (exporter, importer) exporter, importer, flow, import_id, digits
  FROM (SELECT DISTINCT exporter, importer, flow, import_id, digits FROM told)
  ORDER BY exporter, importer, flow = 'import' DESC, digits DESC, import_id DESC),
goods AS (
  SELECT unnest($codes) AS code, unnest($kinds) AS kind, unnest($usd) AS usd, unnest($usd_low) AS usd_low,
         unnest($usd_high) AS usd_high)
SELECT exporter, importer, kind, coalesce(sum(mass_t) FILTER (mass_t > 0), 0) AS mass_t,
       coalesce(sum(value / usd) FILTER (coalesce(mass_t, 0) <= 0), 0) AS best_t,
       coalesce(sum(value / usd_high) FILTER (coalesce(mass_t, 0) <= 0), 0) AS low_t,
       coalesce(sum(value / usd_low) FILTER (coalesce(mass_t, 0) <= 0), 0) AS high_t, sum(value) AS value,
       count(*) FILTER (value IS NULL AND coalesce(mass_t, 0) <= 0) AS unknown
FROM told JOIN chosen USING (exporter, importer, flow, import_id, digits) JOIN goods USING (code)
WHERE exporter <> importer GROUP BY ALL ORDER BY ALL
"""
NO_FREIGHT, NO_GOODS = -1, -2
"""Kinds of what is told and carried by nothing, or not to be read as goods."""


@dataclass(frozen=True)
class FromTrade:
    """Demand made of one series of the store, and what of it could not become demand.

    told_t: tonnes told as such; from_value_t: those worked out from dollars. unknown_cells: products told without tonnes and
    dollars. no_freight_usd: electricity, piped gas, ships and the like. no_goods_usd: under codes hs_goods does not know. areas:
    countries of the store without a zone, and areas_t their trade. within_zone_t: between countries that share a zone.
    """

    demand: Demand
    source: str
    edition: str
    told_t: float
    from_value_t: float
    unknown_cells: int
    no_freight_usd: float
    no_goods_usd: float
    areas: tuple[str, ...]
    areas_t: float
    within_zone_t: float


def demand_from_trade(data: Dataset, store: Store, year: int, *, source: str = "", edition: str = "") -> FromTrade:
    """The demand of a year from one series of the store: that of this source and edition, else the reconciled one with most pairs.

    Raises UnknownOption if the store tells no products in dollars for the year (of that source and edition).
    """
    series = [row for row in store.sql(SERIES, {"year": year}) if source in ("", row[0]) and edition in ("", row[1])]
    if not series:
        raise UnknownOption(said("demand_no_trade", year=str(year), source=source or "*", edition=edition or "*"))
    source, edition, perspective, _ = series[0]
    told = {"year": year, "source": source, "edition": edition, "perspective": perspective or RECONCILED}
    codes = [str(code) for (code,) in store.sql(f"WITH told AS ({PRODUCTS}) SELECT DISTINCT code FROM told", told)]
    goods = Goods(data)
    sums = store.frame(SUMS, {**told, **goods.columns(codes)})
    kind = sums["kind"].astype(np.int64)
    zones = zones_of(data)
    spread = Spread(data, zones)
    exporter, importer = spread.rows(sums["exporter"]), spread.rows(sums["importer"])
    placed = (exporter >= 0) & (importer >= 0)
    freight = kind >= 0
    tonnes = sums["mass_t"] + sums["best_t"]
    used = placed & freight & (tonnes > 0)
    demand, within_zone_t = spread.demand(
        year,
        (source or "trade store", *([edition] if edition else [])),
        goods,
        kind[used],
        exporter[used],
        importer[used],
        (tonnes[used], (sums["mass_t"] + sums["low_t"])[used], (sums["mass_t"] + sums["high_t"])[used]),
    )
    lost = ~placed & freight
    homeless = {
        str(area) for column, row in (("exporter", exporter), ("importer", importer)) for area in sums[column][row < 0]
    }
    return FromTrade(
        demand=demand,
        source=source,
        edition=edition,
        told_t=float(sums["mass_t"][freight].sum()),
        from_value_t=float(sums["best_t"][freight].sum()),
        unknown_cells=int(sums["unknown"][freight].sum()),
        no_freight_usd=float(np.nansum(sums["value"][kind == NO_FREIGHT])),
        no_goods_usd=float(np.nansum(sums["value"][kind == NO_GOODS])),
        areas=tuple(sorted(homeless)),
        areas_t=float(tonnes[lost].sum()),
        within_zone_t=within_zone_t,
    )


class Goods:
    """Products of the Harmonized System as freight: kind = sector x classes + class; dollars a tonne of each."""

    def __init__(self, data: Dataset) -> None:
        table = data["hs_goods"]
        self.classes, self.sectors = cargo_classes(data), data["sectors"].texts("sector")
        self._row_of = {code: i for i, code in enumerate(table.texts("hs"))}
        names = [one.name for one in self.classes]
        self._kind = [
            self.sectors.index(row.text("sector")) * len(names) + names.index(row.text("cargo_class"))
            if row.text("cargo_class")
            else NO_FREIGHT
            for row in table
        ]
        self._usd = [table.numbers(f"usd_per_t{end}") for end in ("", "_low", "_high")]

    def columns(self, codes: Sequence[str]) -> Mapping[str, list[object]]:
        """For SQL: the codes, their kinds and dollars a tonne; unknown dollars are None, so that nothing comes of them."""
        rows = [self._row(code) for code in codes]
        columns: dict[str, list[object]] = {
            name: [None if row < 0 or np.isnan(column[row]) else float(column[row]) for row in rows]
            for name, column in zip(("usd", "usd_low", "usd_high"), self._usd, strict=True)
        }
        return {**columns, "codes": [*codes], "kinds": [NO_GOODS if row < 0 else self._kind[row] for row in rows]}

    def _row(self, code: str) -> int:
        """The row of the longest code that this one begins with, -1 for none."""
        return next((self._row_of[code[:n]] for n in range(len(code), 1, -1) if code[:n] in self._row_of), -1)


class Spread:
    """Countries over their zones: zones of country k are zone[first[k]:first[k + 1]] with their shares."""

    def __init__(self, data: Dataset, zones: Zones) -> None:
        self.zones = zones
        iso3 = dict(zip(data["countries"].texts("country"), data["countries"].texts("iso3"), strict=True))
        row_of_zone = {code: i for i, code in enumerate(zones.codes)}
        self._row_of = {iso3[country]: k for k, country in enumerate(zones.of_country)}
        shares = [
            (row_of_zone[code], share) for country in zones.of_country.values() for code, share in country.items()
        ]
        self._zone = np.array([zone for zone, _ in shares], dtype=np.int32)
        self._share = np.array([share for _, share in shares])
        self._first = np.cumsum([0, *map(len, zones.of_country.values())])

    def rows(self, areas: NDArray[np.object_]) -> NDArray[np.int64]:
        """The countries of areas of the store, -1 where there is no zone."""
        return np.array([self._row_of.get(area, -1) for area in areas], dtype=np.int64)

    def demand(
        self,
        year: int,
        source: tuple[str, ...],
        goods: Goods,
        kind: NDArray[np.int64],
        exporter: NDArray[np.int64],
        importer: NDArray[np.int64],
        amounts: tuple[Floats, Floats, Floats],
    ) -> tuple[Demand, float]:
        """Flows between countries as demand between zones, and the tonnes that stay within one."""
        counts = np.diff(self._first)
        parts = counts[exporter] * counts[importer]
        flow = np.repeat(np.arange(len(kind)), parts)
        within = np.arange(len(flow)) - np.repeat(np.cumsum(parts) - parts, parts)
        o = self._first[exporter][flow] + within // counts[importer][flow]
        d = self._first[importer][flow] + within % counts[importer][flow]
        share = self._share[o] * self._share[d]
        origin, destination = self._zone[o], self._zone[d]
        tonnes, low, high = (amount[flow] * share for amount in amounts)
        cargo = (kind % len(goods.classes)).astype(np.int32)[flow]
        moves = origin != destination
        demand = Demand(
            year=year, zones=self.zones.codes, countries=self.zones.countries, classes=goods.classes, sectors=goods.sectors,
            sources=(source,), origin=origin[moves], destination=destination[moves], cargo=cargo[moves],
            sector=(kind // len(goods.classes)).astype(np.int32)[flow][moves], tonnes=tonnes[moves], low_t=low[moves],
            high_t=high[moves], teu=(tonnes / t_per_teu(goods.classes)[cargo])[moves], source=np.zeros(int(moves.sum()), dtype=np.int32),
        )  # fmt: skip
        return merged(demand), float(tonnes[~moves].sum())
