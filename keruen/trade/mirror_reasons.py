"""Why two countries may declare the same goods differently: what the other figures in the store say of it.

    transit_port     the gap comes back, with the other sign, between the exporter and a third country
    re_export        the exporter imports much of what it exports, and the importer credits the country of origin
    confidential     the exporter names the product to some partners only, and several others declare it
    silent           a side has no figure of the product with the other, though it declares others
    no_declaration   a side declares nothing at all in the period
    edition          another edition of the same source tells a figure that closes the gap

A reason is likely, not proved. Each comes with the figures it rests on, and those that explain more of the gap come first. The thresholds are rows of
mirror_rules. Method: METHODS 10.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keruen.tables.dataset import Dataset
from keruen.trade.period import Period
from keruen.trade.series import NO_CELL, TOTAL, WORLD, Cell, Figures, Series, read_figures
from keruen.trade.store import Store

MOST_NAMED = 5


@dataclass(frozen=True)
class Reason:
    """A likely reason. share: how much of the gap it explains, None where that is not known. evidence: figures and areas by name."""

    reason: str
    share: float | None
    evidence: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The reason as a nested object."""
        return {"reason": self.reason, "share_of_gap": self.share, "evidence": dict(self.evidence)}


@dataclass(frozen=True)
class Around:
    """Goods from the exporter to each partner: as the exporter declares them, and as the partner does, by currency."""

    ours: Mapping[str, Mapping[str, float]]
    theirs: Mapping[str, Mapping[str, float]]


def declared_by_partner(store: Store, data: Dataset, exporter: str, period: Period, code: str) -> list[Figures]:
    """All that the exporter and its partners declare of the goods it sends, by partner."""
    return read_figures(store, data, exporter, (), (period,), code=code, by="partner", mirror=True)


def reasons_of(
    store: Store, data: Dataset, exporter: str, importer: str, period: Period, code: str, export_series: Series | None,
    import_series: Series | None, exports: Cell, imports: Cell, margin: float, around: Sequence[Figures],
    all_declared: Sequence[tuple[Series, Cell]],
) -> list[Reason]:  # fmt: skip
    """The likely reasons for a gap, those that explain most of it first. margin: the usual share by which CIF exceeds FOB."""
    series = export_series or import_series
    if series is None:
        return []
    rules = {row.text("rule"): row.number("value") for row in data["mirror_rules"]}
    flows = _around(around, exporter, period, series)
    x, m = exports.value.value, imports.value.value
    gap = None if x is None or m is None else m - x * (1 + margin)
    if gap is None:
        gap = m if x is None else -x * (1 + margin)
    if not gap:
        return []
    found = [
        *_transit(exporter, importer, gap, flows, margin, rules["transit_match"]),
        *_re_export(store, data, exporter, period, code, series, gap, x, rules["hub_ratio"]),
        *_confidential(exporter, flows, x, rules["silent_partners"]),
        *_silent(store, exporter, importer, period, code, x, m),
        *_edition(all_declared, export_series, import_series, exports, imports, gap, margin, rules["edition_share"]),
    ]
    return sorted(found, key=lambda one: -(one.share if one.share is not None else 0.0))


def _around(around: Sequence[Figures], exporter: str, period: Period, series: Series) -> Around:
    """The flows of the exporter with every partner in the source, edition and currency of a series."""
    ours: dict[str, dict[str, float]] = {}
    theirs: dict[str, dict[str, float]] = {}
    key = (series.source, series.edition, series.currency)
    for figures in around:
        one = figures.series
        if not one.declared_by or (one.source, one.edition, one.currency) != key:
            continue
        side = ours if one.declared_by == exporter else theirs
        for item in figures.items():
            value = figures.cell(item, "export", period).value.value
            if value is not None:
                side.setdefault(item, {})[one.currency] = value
    return Around(ours, theirs)


def _transit(exporter: str, importer: str, gap: float, flows: Around, margin: float, least: float) -> list[Reason]:
    """Third countries whose gap with the exporter has the other sign and makes up a good part of this one."""
    found = []
    for third in sorted({*flows.ours, *flows.theirs} - {exporter, importer, WORLD}):
        x, m = (sum(side.get(third, {}).values()) for side in (flows.ours, flows.theirs))
        if third not in flows.theirs and third not in flows.ours:
            continue
        other = m - x * (1 + margin)
        share = min(abs(other), abs(gap)) / abs(gap)
        if other * gap < 0 and share >= least:
            found.append(Reason("transit_port", share, {
                "third": third, "declared_by_exporter": x if third in flows.ours else None,
                "declared_by_third": m if third in flows.theirs else None,
            }))  # fmt: skip
    return sorted(found, key=lambda one: -(one.share or 0))[:MOST_NAMED]


def _re_export(
    store: Store, data: Dataset, exporter: str, period: Period, code: str, series: Series, gap: float, x: float | None, least: float
) -> list[Reason]:  # fmt: skip
    """The exporter's own imports of the product, if it declares more than the importer does and imports much of what it exports."""
    if gap > 0 or x is None:
        return []
    whole = read_figures(store, data, exporter, (WORLD,), (period,), code=code) or read_figures(
        store, data, exporter, (), (period,), code=code, by="partner"
    )
    for figures in whole:
        if (figures.series.source, figures.series.edition, figures.series.declared_by) != (
            series.source,
            series.edition,
            exporter,
        ):
            continue
        sides = {}
        for flow in ("export", "import", "re-export"):
            cells = [figures.cell(item, flow, period) for item in figures.items()]
            known = [cell.value.value for cell in cells if cell is not NO_CELL and cell.value.value is not None]
            sides[flow] = sum(known) if known else None
        exported, imported = sides["export"], sides["import"]
        if exported and imported is not None and imported / exported >= least:
            return [Reason("re_export", None, {
                "exports_of_product": exported, "imports_of_product": imported, "ratio": imported / exported,
                "declared_re_exports": sides["re-export"],
            })]  # fmt: skip
    return []


def _confidential(exporter: str, flows: Around, x: float | None, least: float) -> list[Reason]:
    """Partners that declare the product from an exporter which names it to others, but not to them."""
    if x is not None:
        return []
    silent = {
        one: sum(values.values()) for one, values in flows.theirs.items() if one not in flows.ours and one != WORLD
    }
    if len(silent) < least or not flows.ours:
        return []
    largest = sorted(silent, key=lambda one: -silent[one])[:MOST_NAMED]
    return [Reason("confidential", None, {
        "named_partners": sorted(set(flows.ours) - {WORLD}), "partners_not_named": len(silent), "largest_not_named": largest,
        "declared_by_them": sum(silent.values()),
    })]  # fmt: skip


def _silent(
    store: Store, exporter: str, importer: str, period: Period, code: str, x: float | None, m: float | None
) -> list[Reason]:
    """A side without a figure: whether it declares anything in the period, and anything with the other."""
    found = []
    for missing, who, other, flow in (
        (x is None, exporter, importer, "export"),
        (m is None, importer, exporter, "import"),
    ):
        if not missing:
            continue
        any_row, with_other = store.sql(
            "SELECT count(*), count(*) FILTER (partner = ?) FROM trade WHERE reporter = ? AND flow = ? AND start = ? AND months = ? "
            "AND perspective = 'reporter'",
            [other, who, flow, period.start, period.months],
        )[0]
        if not any_row:
            found.append(Reason("no_declaration", None, {"area": who, "flow": flow}))
        else:
            found.append(
                Reason(
                    "silent",
                    None,
                    {"area": who, "flow": flow, "other": other, "other_products": with_other > 0 and code != TOTAL},
                )
            )
    return found


def _edition(
    declared: Sequence[tuple[Series, Cell]], export_series: Series | None, import_series: Series | None, exports: Cell, imports: Cell,
    gap: float, margin: float, least: float,
) -> list[Reason]:  # fmt: skip
    """Another edition by the same declarant that would close a good part of the gap."""
    found = []
    for side, cell, factor in ((export_series, exports, -(1 + margin)), (import_series, imports, 1.0)):
        if side is None or cell.value.value is None:
            continue
        for other, told in declared:
            if (
                other.declared_by != side.declared_by
                or other == side
                or other.currency != side.currency
                or told.value.value is None
            ):
                continue
            left = gap + factor * (told.value.value - cell.value.value)
            share = 1 - abs(left) / abs(gap)
            if share >= least:
                found.append(Reason("edition", share, {
                    "area": side.declared_by, "source": other.source, "edition": other.edition or None, "value": told.value.value,
                }))  # fmt: skip
    return found
