"""What two countries declare of the same goods: exports X of the one (FOB) beside imports M of the other (CIF).

    asymmetry  A = (M - X) / ((M + X) / 2)        from -2 to 2
    log ratio  ln(M / X)                          expected ln(1 + f), f the margin of freight and insurance (table cif_margins)

Two declarations of one source and edition are compared; with none of that kind, all that are in one currency. Where the ratio lies outside
what freight explains, mirror_reasons.py names what else may, with evidence. Method: METHODS 10.1; OECD (2017) for the margin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.trade.amounts import UNKNOWN, Amount
from keruen.trade.mirror_reasons import Reason, declared_by_partner, reasons_of
from keruen.trade.period import Period
from keruen.trade.series import ALL, NO_CELL, TOTAL, Cell, Figures, Series, read_figures
from keruen.trade.store import Store


@dataclass(frozen=True)
class Margin:
    """By how much imports CIF exceed exports FOB, a share: its usual value, its range, the row of cif_margins."""

    share: float
    low: float
    high: float
    row: str


@dataclass(frozen=True)
class Mirror:
    """Goods from an exporter to an importer as both declare them. A side that declares nothing has no series and an unknown value."""

    exporter: str
    importer: str
    export_series: Series | None
    import_series: Series | None
    exports: Cell
    imports: Cell
    margin: Margin | None
    reasons: tuple[Reason, ...]

    @property
    def asymmetry(self) -> float | None:
        """(M - X) / ((M + X) / 2)."""
        x, m = self.exports.value.value, self.imports.value.value
        return None if x is None or m is None or x + m <= 0 else (m - x) / ((m + x) / 2)

    @property
    def log_ratio(self) -> Amount:
        """ln(M / X), with the interval that rounding allows."""
        x, m = self.exports.value, self.imports.value
        if not x.value or not m.value:
            return UNKNOWN
        if x.interval is None or m.interval is None or min(x.interval.low, m.interval.low) <= 0:
            return Amount(math.log(m.value / x.value))
        low, high = math.log(m.interval.low / x.interval.high), math.log(m.interval.high / x.interval.low)
        return Amount(math.log(m.value / x.value), Interval(low, high))

    @property
    def expected(self) -> Amount:
        """ln(1 + f) with its range; unknown where it is not known how the values are meant."""
        if self.margin is None:
            return UNKNOWN
        low, high = math.log1p(self.margin.low), math.log1p(self.margin.high)
        return Amount(math.log1p(self.margin.share), Interval(low, high))

    @property
    def explained(self) -> bool | None:
        """Whether freight and insurance can explain the ratio; None if it or the margin is not known."""
        ratio, expected = self.log_ratio, self.expected
        if ratio.value is None or expected.interval is None:
            return None
        return expected.interval.meets(ratio.interval or Interval(ratio.value, ratio.value))

    def to_json(self) -> dict[str, object]:
        """The comparison as nested objects."""
        return {
            "exporter": self.exporter, "importer": self.importer,
            "exports": {**self.exports.value.to_json(), "valuation": self.exports.valuation or None,
                        "mass_t": self.exports.mass_t.to_json(), "series": self.export_series and self.export_series.to_json()},
            "imports": {**self.imports.value.to_json(), "valuation": self.imports.valuation or None,
                        "mass_t": self.imports.mass_t.to_json(), "series": self.import_series and self.import_series.to_json()},
            "asymmetry": self.asymmetry, "log_ratio": self.log_ratio.to_json(), "expected": self.expected.to_json(),
            "margin": self.margin.row if self.margin else None, "explained_by_freight": self.explained,
            "reasons": [reason.to_json() for reason in self.reasons],
        }  # fmt: skip


def mirror(
    store: Store, data: Dataset, exporter: str, importer: str, period: Period, *, code: str = TOTAL
) -> list[Mirror]:
    """What two countries (alpha-3) declare of the goods from one to the other, for each source and edition; empty if neither declares
    any.
    """
    found = read_figures(store, data, exporter, (importer,), (period,), code=code, mirror=True)
    declared = [(one, one.cell(ALL, "export", period)) for one in found if one.series.declared_by]
    ours = [(one, cell) for one, cell in declared if one.series.declared_by == exporter and cell is not NO_CELL]
    theirs = [(one, cell) for one, cell in declared if one.series.declared_by == importer and cell is not NO_CELL]
    if not ours and not theirs:
        return []
    around = declared_by_partner(store, data, exporter, period, code)
    mirrors = []
    for left, right in _pairs(ours, theirs):
        exports, imports = (side[1] if side else NO_CELL for side in (left, right))
        margin = _margin(data, exporter, importer, exports, imports)
        one = Mirror(
            exporter, importer, left and left[0].series, right and right[0].series, exports, imports, margin, ()
        )
        if one.explained:
            mirrors.append(one)
            continue
        reasons = reasons_of(
            store, data, exporter, importer, period, code, one.export_series, one.import_series, exports, imports,
            margin.share if margin else 0.0, around, [(side.series, cell) for side, cell in ours + theirs],
        )  # fmt: skip
        mirrors.append(
            Mirror(exporter, importer, one.export_series, one.import_series, exports, imports, margin, tuple(reasons))
        )
    return mirrors


Side = tuple[Figures, Cell]


def _pairs(ours: Sequence[Side], theirs: Sequence[Side]) -> list[tuple[Side | None, Side | None]]:
    """Which declarations are compared: those of one source and edition, else all in one currency; a side without one stands alone."""
    same = [
        (x, m)
        for x in ours
        for m in theirs
        if (x[0].series.source, x[0].series.edition, x[0].series.currency)
        == (m[0].series.source, m[0].series.edition, m[0].series.currency)
    ]
    if same:
        return list(same)
    across = [(x, m) for x in ours for m in theirs if x[0].series.currency == m[0].series.currency]
    if across:
        return list(across)
    return [*((x, None) for x in ours), *((None, m) for m in theirs)]


def _margin(data: Dataset, exporter: str, importer: str, exports: Cell, imports: Cell) -> Margin | None:
    """The margin between two valuations: the last row of cif_margins that applies; none between values of one kind; None if they are
    unknown.
    """
    if {exports.valuation, imports.valuation} - {"FOB", "CIF"}:
        return None
    if exports.valuation == imports.valuation:
        return Margin(0.0, 0.0, 0.0, "")
    return margin_of(data, exporter, importer)


def margin_of(data: Dataset, exporter: str, importer: str) -> Margin | None:
    """The CIF/FOB margin of a pair of countries (alpha-3); None if the table is empty."""
    places, margins = _margins(data)
    pair = [places[one] for one in (exporter, importer) if one in places]
    found = None
    for applies, countries, margin in margins:
        fits = applies == "all"
        if applies == "other_region" and len(pair) == 2:
            fits = pair[0][1] != pair[1][1]
        if applies == "one_landlocked":
            fits = any(country in countries for country, _ in pair)
        if fits:
            found = margin
    return found


@lru_cache(maxsize=8)
def _margins(data: Dataset) -> tuple[dict[str, tuple[str, str]], list[tuple[str, tuple[str, ...], Margin]]]:
    """Code and region of every country by alpha-3, and the margins with what they apply to, in the order of the table."""
    places = {row.text("iso3"): (row.text("country"), row.text("region")) for row in data["countries"]}
    margins = [
        (
            row.text("applies"),
            row.texts("countries"),
            Margin(row.number("share"), row.number("share_low"), row.number("share_high"), row.id),
        )
        for row in data["cif_margins"]
    ]
    return places, margins


MIRROR_TABLE = """
WITH declared AS (
  SELECT source, edition, currency, flow, CASE flow WHEN 'export' THEN reporter ELSE partner END AS exporter,
         CASE flow WHEN 'export' THEN partner ELSE reporter END AS importer, import_id, digits, classification,
         CASE WHEN count(value) = count(*) THEN sum(value) END AS value
  FROM trade JOIN imports USING (import_id)
  WHERE start = $start AND months = $months AND mode IS NULL AND perspective = 'reporter' AND flow IN ('export', 'import')
    AND ($code = 'TOTAL' OR starts_with(code, $code))
  GROUP BY ALL),
once AS (
  SELECT * FROM declared
  QUALIFY row_number() OVER (
    PARTITION BY source, edition, currency, flow, exporter, importer ORDER BY import_id DESC, digits, classification DESC) = 1),
single AS (SELECT area FROM areas WHERE NOT is_aggregate)
SELECT exporter, importer, source, edition, currency, max(value) FILTER (flow = 'export') AS exports,
       max(value) FILTER (flow = 'import') AS imports, (imports - exports) / nullif((imports + exports) / 2, 0) AS asymmetry,
       CASE WHEN imports > 0 AND exports > 0 THEN ln(imports / exports) END AS log_ratio
FROM once
WHERE exporter IN (FROM single) AND importer IN (FROM single)
GROUP BY exporter, importer, source, edition, currency
ORDER BY source, edition, exporter, importer
"""
"""All pairs of single areas in a period, both declarations side by side, of the newest import of each source and edition."""


def mirror_table(store: Store, period: Period, *, code: str = TOTAL) -> list[tuple[Any, ...]]:
    """Exporter, importer, source, edition, currency, exports, imports, asymmetry and log ratio of all pairs; unknown sides are None."""
    return store.sql(MIRROR_TABLE, {"start": period.start, "months": period.months, "code": code})
