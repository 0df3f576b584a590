"""Why two countries may declare the same goods differently: what the other figures in the store say of it.

    transit_port     the gap comes back, with the other sign, between the exporter and a third country on the way
    re_export        the exporter imports much of what it exports, and the importer credits the country of origin
    confidential     the exporter names the product to some partners only, and several others declare it
    silent           a side has no figure of the product with the other, though it declares others
    no_declaration   a side declares nothing at all in the period
    edition          another edition of the same source tells a figure that closes the gap

A reason is likely, not proved. Each comes with the figures it rests on, and what is plain comes before what is
inferred. The thresholds are rows of mirror_rules. Method: METHODS 10.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keruen.tables.dataset import Dataset
from keruen.trade.distances import distance_km
from keruen.trade.period import Period
from keruen.trade.series import NO_CELL, TOTAL, WORLD, Cell, Figures, Series, read_figures
from keruen.trade.store import Store

MOST_NAMED = 5
ORDER = ("no_declaration", "edition", "confidential", "transit_port", "re_export", "silent")
"""From what is plain from the store itself to what is inferred from figures of others."""


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
    """Goods from the exporter to each partner: as the exporter declares them, and as the partner does."""

    ours: Mapping[str, float]
    theirs: Mapping[str, float]


def declared_by_partner(store: Store, data: Dataset, exporter: str, period: Period, code: str) -> list[Figures]:
    """All that the exporter and its partners declare of the goods it sends, by partner."""
    return read_figures(store, data, exporter, (), (period,), code=code, by="partner", mirror=True)


def reasons_of(
    store: Store, data: Dataset, exporter: str, importer: str, period: Period, code: str, export_series: Series | None,
    import_series: Series | None, exports: Cell, imports: Cell, margin: float, around: Sequence[Figures],
    all_declared: Sequence[tuple[Series, Cell]],
) -> list[Reason]:  # fmt: skip
    """The likely reasons for a gap, in the order of ORDER. margin: the usual share by which CIF exceeds FOB."""
    series = export_series or import_series
    if series is None:
        return []
    rules = {row.text("rule"): row.number("value") for row in data["mirror_rules"]}
    flows = _around(around, exporter, period, series)
    declare = declaring(store, period)
    silent = [Reason("no_declaration", None, {"area": who, "flow": flow})
              for told, who, flow in ((export_series, exporter, "export"), (import_series, importer, "import"))
              if told is None and (who, flow) not in declare]  # fmt: skip
    x, m = exports.value.value, imports.value.value
    gap = None if x is None or m is None else m - x * (1 + margin)
    if gap is None:
        gap = m if x is None else -x * (1 + margin)
    if not gap:
        return []
    found = [
        *silent,
        *([] if silent else _transit(data, exporter, importer, gap, flows, declare, margin, rules)),
        *_re_export(store, data, exporter, period, code, series, gap, x, rules["hub_ratio"]),
        *_confidential(exporter, flows, x, rules["silent_partners"]),
        *([] if silent else _silent(store, exporter, importer, period, code, x, m)),
        *_edition(all_declared, export_series, import_series, exports, imports, gap, margin, rules["edition_share"]),
    ]
    return sorted(found, key=lambda one: ORDER.index(one.reason))


def _around(around: Sequence[Figures], exporter: str, period: Period, series: Series) -> Around:
    """The flows of the exporter with every partner in the source, edition and currency of a series."""
    ours: dict[str, float] = {}
    theirs: dict[str, float] = {}
    key = (series.source, series.edition, series.currency)
    for figures in around:
        one = figures.series
        if not one.declared_by or (one.source, one.edition, one.currency) != key:
            continue
        side = ours if one.declared_by == exporter else theirs
        for item in figures.items():
            value = figures.cell(item, "export", period).value.value
            if value is not None:
                side[item] = value
    return Around(ours, theirs)


def declaring(store: Store, period: Period) -> set[tuple[str, str]]:
    """Who declares which flow in a period: (alpha-3, export or import)."""
    return set(
        store.sql(
            "SELECT DISTINCT reporter, flow FROM trade WHERE start = ? AND months = ? AND perspective = 'reporter'",
            [period.start, period.months],
        )
    )


def _transit(
    data: Dataset, exporter: str, importer: str, gap: float, flows: Around, declare: set[tuple[str, str]], margin: float,
    rules: Mapping[str, float],
) -> list[Reason]:  # fmt: skip
    """Third countries, themselves declaring imports, whose gap with the exporter has the other sign, is no mere margin of their own trade,
    and makes up a good part of this one; and by which, as port or as end, goods would go without a great detour.
    """
    found = []
    for third in sorted({*flows.ours, *flows.theirs} - {exporter, importer, WORLD}):
        if (third, "import") not in declare:
            continue
        x, m = (flows.ours.get(third), flows.theirs.get(third))
        other = (m or 0.0) - (x or 0.0) * (
            1 + margin
        )  # a side that names other partners and not this one sends or gets nothing by its own account
        small, large = sorted((abs(other), abs(gap)))
        apart = abs(other) / max((x or 0.0) * (1 + margin), m or 0.0, 1e-300)
        if other * gap >= 0 or small / abs(gap) < rules["transit_match"] or apart < rules["transit_apart"]:
            continue
        port, end = (third, importer) if gap > 0 else (importer, third)
        if _detour(data, exporter, port, end) <= rules["transit_detour"]:
            evidence = {"third": third, "declared_by_exporter": x, "declared_by_third": m}
            found.append((small / large, Reason("transit_port", small / abs(gap), evidence)))
    return [reason for _, reason in sorted(found, key=lambda one: -one[0])][:MOST_NAMED]


def _detour(data: Dataset, exporter: str, port: str, end: str) -> float:
    """The way by a port over the way without it, as the crow flies; 1 where a distance is not known."""
    legs = [distance_km(data, *leg) for leg in ((exporter, port), (port, end), (exporter, end))]
    there, on, direct = legs
    return 1.0 if there is None or on is None or not direct else (there + on) / direct


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
    silent = {one: value for one, value in flows.theirs.items() if one not in flows.ours and one != WORLD}
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
    """A side that declares flows in the period but none of the product with the other: whether it names the other for other products."""
    found = []
    for missing, who, other, flow in (
        (x is None, exporter, importer, "export"),
        (m is None, importer, exporter, "import"),
    ):
        if missing:
            [(with_other,)] = store.sql(
                "SELECT count(*) FROM trade WHERE reporter = ? AND partner = ? AND flow = ? AND start = ? AND months = ? "
                "AND perspective = 'reporter'",
                [who, other, flow, period.start, period.months],
            )
            other_products = with_other > 0 and code != TOTAL
            found.append(
                Reason("silent", None, {"area": who, "flow": flow, "other": other, "other_products": other_products})
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
