"""The ledger: recorded figures of one kind, read from several tables; rivals for one thing stand side by side.

    figures(row)      a statement of trade, freight or production           figures
    figures(row)      what a corridor, port or country carried              volumes
    figures(row)      flights a week, cargo by air                          air_services
    figures(row)      hours, costs, queues at borders                       border_times
    figures(row)      what was said of corridors, with the verdict on it    claims

    thing = subject - partner - flow - commodity - mode - scope - measure - period - unit
    rivals(thing) = all figures of it, whoever says so;  two rivals conflict if the intervals that they stand for do not meet

The tables stay what they are and nothing is written twice: this module reads them as one. A figure of the partner's is turned round (its
exports are our imports) and keeps its own perspective. A turnover that nobody states is the sum of exports and imports of one edition. A
group is the sum of its parts (trade_members); `aggregates` dates what a name means by whose use. Both name the rows they were made from.
Nothing is ever averaged. Values are in base units (USD, tonnes, TEU, count, h ...), unknown is None. Intervals: keruen.tables.rounding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from keruen.errors import BadTable, Problem
from keruen.tables.dataset import Dataset
from keruen.tables.periods import Span, first_day, last_day, span_of
from keruen.tables.rounding import Interval, at_least, at_most
from keruen.tables.table import Row
from keruen.tables.words import words_in

TOTAL = "TOTAL"
ALL_GOODS = "all goods"
NO_LETTER = re.compile("[^a-z0-9]+")  # what a key of words has an underscore for
WORLD = "WLD"
TURNED_ROUND = {"export": "import", "import": "export", "turnover": "turnover"}
STATEMENT, RECORD, DERIVED = "statement", "record", "derived"
TITR = "TITR"
_FACTOR_OF_UNIT = {"million_t": ("tonnes", 1e6), "t": ("tonnes", 1.0), "teu": ("TEU", 1.0), "usd": ("USD", 1.0)}


@dataclass(frozen=True)
class Figure:
    """One recorded figure. `rows` are the rows it was read or summed from (`table:key`), `interval` what its value stands for.

    kind: official_reporter, comtrade_own, comtrade_mirror, computed, partner_stat_via_press, press (table figures); reported, planned (the
    others); checked (claims). weight: a record is held against claims, a statement is a claim itself, derived is a sum of records.
    perspective: whose statistics (empty: not said). measure: what is counted, where flow and commodity do not say it.
    """

    rows: tuple[str, ...]
    subject: str
    partner: str
    flow: str
    commodity: str
    hs: str
    mode: str
    scope: str
    measure: str
    period: str
    value: float | None
    interval: Interval | None
    unit: str
    kind: str
    weight: str
    perspective: str
    edition: str
    published: str
    sources: tuple[str, ...]
    modality: str = "stated"
    qualifier: str = ""
    out_of: float | None = None
    growth_pct: float | None = None
    note: str = ""

    @property
    def span(self) -> Span | None:
        """The days it speaks of."""
        return span_of(self.period) if self.period else None

    @property
    def goods(self) -> str:
        """What of, as a key: the code if there is one, else the words."""
        return self.hs or self.commodity.lower()

    def goods_in(self, lang: str) -> str:
        """What of, in words of a language, or in English where there are none in it."""
        if self.commodity == ALL_GOODS:
            return words_in(lang)["figures_all_goods"]
        return words_in(lang).get(
            "record_goods_" + NO_LETTER.sub("_", self.commodity.lower()).strip("_"), self.commodity
        )

    @property
    def thing(self) -> Thing:
        """What the figure is of."""
        return Thing(
            self.subject,
            self.partner,
            self.flow,
            self.goods,
            self.mode,
            self.scope,
            self.measure,
            self.period,
            self.unit,
        )

    def to_json(self) -> dict[str, object]:
        """The figure as a flat object; None where unknown."""
        bounds = None if self.interval is None else [_finite(self.interval.low), _finite(self.interval.high)]
        return {
            "rows": list(self.rows), "subject": self.subject, "partner": self.partner or None, "flow": self.flow or None,
            "commodity": self.commodity or None, "commodity_ru": self.goods_in("ru") or None, "hs": self.hs or None,
            "mode": self.mode or None, "scope": self.scope or None,
            "measure": self.measure or None, "period": self.period or None, "value": self.value, "interval": bounds,
            "unit": self.unit or None, "out_of": self.out_of, "growth_pct": self.growth_pct, "qualifier": self.qualifier or None,
            "modality": self.modality, "kind": self.kind, "weight": self.weight, "perspective": self.perspective or None,
            "edition": self.edition or None, "published": self.published or None, "sources": list(self.sources), "note": self.note or None,
        }  # fmt: skip


class Thing(NamedTuple):
    """What figures are rivals about; two figures with the same Thing should have the same value."""

    subject: str
    partner: str
    flow: str
    goods: str
    mode: str
    scope: str
    measure: str
    period: str
    unit: str


class Conflict(NamedTuple):
    """Two rivals that do not meet within their rounding: by how much the greater lies above the smaller, as a share of the smaller."""

    first: Figure
    second: Figure
    share: float


class Rivals(NamedTuple):
    """All figures of one thing, and which of them differ by more than rounding explains."""

    thing: Thing
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...]


class Group(NamedTuple):
    """What a name of a group stands for in someone's use (perspective), or by definition (no perspective): partners that add up to it."""

    row: str
    name: str
    perspective: str
    parts: tuple[str, ...]
    first: date
    last: date
    note: str


class Ledger:
    """All recorded figures of a dataset, found by subject, partner and flow."""

    def __init__(self, figures: Iterable[Figure], groups: Iterable[Group]) -> None:
        self.figures = tuple(figures)
        self.groups = tuple(groups)
        self.checked = tuple(figure for figure in self.figures if figure.kind == "checked")
        self.of_lists = tuple(
            figure for figure in self.figures if figure.out_of is not None and figure.value is not None
        )
        self._by_pair: dict[tuple[str, str], list[Figure]] = {}
        for figure in self.figures:
            self._by_pair.setdefault((figure.subject, figure.partner), []).append(figure)
        self._with_sums: dict[tuple[str, str], tuple[Figure, ...]] = {}

    def __len__(self) -> int:
        return len(self.figures)

    def subjects(self) -> tuple[str, ...]:
        """All subjects, in order."""
        return tuple(sorted({figure.subject for figure in self.figures}))

    def partners(self, subject: str) -> tuple[str, ...]:
        """All partners of a subject, in order; empty for figures without one."""
        turned = {
            figure.subject for figure in self.figures if figure.partner == subject and figure.flow in TURNED_ROUND
        }
        return tuple(sorted({partner for found, partner in self._by_pair if found == subject} | turned))

    def about(self, subject: str, partner: str = "") -> tuple[Figure, ...]:
        """All figures of a subject with a partner (empty: without one): its own, the partner's turned round, and sums of these."""
        pair = (subject, partner)
        if pair not in self._with_sums:
            own = [*self._by_pair.get(pair, ()), *map(turned_round, self._turnable(partner, subject))]
            groups = [
                sum_ for group in self.groups if group.name == partner for sum_ in self._group_sums(subject, group)
            ]
            self._with_sums[pair] = (*own, *groups, *turnovers([*own, *groups]))
        return self._with_sums[pair]

    def _turnable(self, subject: str, partner: str) -> Iterator[Figure]:
        return (f for f in self._by_pair.get((subject, partner), ()) if f.flow in TURNED_ROUND) if subject else iter(())

    def _group_sums(self, subject: str, group: Group) -> Iterator[Figure]:
        """Exports and imports with a group as the sums over its parts, of official figures of one period and edition."""
        tables = [
            {
                (f.flow, f.goods, f.period, f.edition, f.unit): f
                for f in self.about(subject, part)
                if _of_bureau(f, subject)
            }
            for part in group.parts
        ]
        for key, first in tables[0].items() if tables else ():
            found = [table.get(key) for table in tables]
            span = span_of(first.period)
            if span is None or not group.first <= span.first <= group.last or first.flow not in ("export", "import"):
                continue
            parts = [figure for figure in found if figure is not None]
            if len(parts) == len(tables):
                yield replace(
                    summed(parts), partner=group.name, scope="", note=group.note, rows=(*dict.fromkeys(_rows(parts)), group.row),
                    measure="" if group.perspective in ("", subject) else " + ".join(group.parts),
                )  # fmt: skip

    def rivals(
        self,
        subject: str,
        *,
        partner: str | None = None,
        flow: str | None = None,
        commodity: str | None = None,
        period: str | None = None,
    ) -> list[Rivals]:
        """Everything on record of a subject, rivals together; partner, flow, commodity and period limit it.

        commodity: words or code that the figure's must contain. period: ISO 8601; figures within it. Figures that cannot be dated come
        when no period is asked for.
        """
        asked = span_of(period) if period else None
        partners = self.partners(subject) if partner is None else (partner,)
        groups: dict[Thing, list[Figure]] = {}
        for one in partners:
            for figure in self.about(subject, one):
                if flow is not None and figure.flow != flow:
                    continue
                if (
                    commodity is not None
                    and commodity.lower() not in (figure.hs.lower(), *figure.commodity.lower().split())
                    and (commodity.lower() not in figure.commodity.lower())
                ):
                    continue
                if asked is not None and (
                    figure.span is None or not asked.first <= figure.span.first <= figure.span.last <= asked.last
                ):
                    continue
                groups.setdefault(figure.thing, []).append(figure)
        return [Rivals(thing, tuple(found), tuple(conflicts(found))) for thing, found in sorted(groups.items())]


def ledger(data: Dataset) -> Ledger:
    """The ledger of a dataset; made once for each."""
    return _ledger(data)


@lru_cache(maxsize=8)
def _ledger(data: Dataset) -> Ledger:
    readers: tuple[Callable[[Dataset], Iterator[Figure]], ...] = (
        _figures, _volumes, _air_services, _border_times, _claims,
    )  # fmt: skip
    return Ledger((figure for reader in readers for figure in reader(data)), _groups(data))


def rules(data: Dataset) -> Mapping[str, float]:
    """Our readings of words and editions (table figure_rules) by name. Raises BadTable if one is missing."""
    found = {row.text("rule"): row.number("value") for row in data["figure_rules"]}
    if missing := [name for name in data.schema["figure_rules"]["rule"].allowed if name not in found]:
        raise BadTable(
            [Problem("figure_rules", 0, "rule", f"there is no rule {name}", "Put the row back") for name in missing]
        )
    return found


def turned_round(figure: Figure) -> Figure:
    """The same figure seen from its partner: exports are the other's imports."""
    return replace(figure, subject=figure.partner, partner=figure.subject, flow=TURNED_ROUND[figure.flow])


def turnovers(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Turnovers as sums of exports and imports, each of one kind, edition and perspective."""
    found: dict[tuple[str, ...], dict[str, Figure]] = {}
    for figure in figures:
        if (
            figure.weight != STATEMENT
            and figure.interval is not None
            and figure.flow in ("export", "import")
            and figure.unit == "USD"
        ):
            key = (
                figure.goods,
                figure.period,
                figure.kind,
                figure.edition,
                figure.perspective,
                figure.mode,
                figure.scope,
                figure.measure,
            )
            found.setdefault(key, {}).setdefault(figure.flow, figure)
    for flows in found.values():
        if len(flows) == 2:
            yield replace(summed([flows["export"], flows["import"]]), flow="turnover")


def summed(parts: list[Figure]) -> Figure:
    """Several figures as one: values and intervals added; kind, edition and perspective of the first."""
    first = parts[0]
    intervals = [part.interval for part in parts if part.interval is not None]
    total = intervals[0]
    for interval in intervals[1:]:
        total = total + interval
    return replace(
        first,
        rows=_rows(parts),
        value=math.fsum(part.value or 0.0 for part in parts),
        interval=total,
        weight=DERIVED,
        sources=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
        growth_pct=None,
    )


def conflicts(figures: Iterable[Figure]) -> Iterator[Conflict]:
    """The pairs of figures that do not meet within their rounding, the widest first. Plans conflict with nothing."""
    dated = [
        figure for figure in figures if figure.interval is not None and figure.modality == "stated" and figure.period
    ]
    pairs = [(a, b) for i, a in enumerate(dated) for b in dated[i + 1 :]]
    apart = [
        Conflict(a, b, apart_by(a, b))
        for a, b in pairs
        if a.interval and b.interval and not a.interval.meets(b.interval)
    ]
    return iter(sorted(apart, key=lambda pair: -pair.share))


def apart_by(first: Figure, second: Figure) -> float:
    """By how much the greater of two values lies above the smaller, as a share of the smaller; infinite if that is zero."""
    low, high = sorted((first.value or 0.0, second.value or 0.0))
    return (high - low) / low if low > 0 else math.inf


def decimals_of(value: float) -> int:
    """Decimals of a figure as typed, negative where it ends in zeros: 56500 has -2, 2.75 has 2."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def meant(
    value: float, value_max: float | None, half_width: float, qualifier: str, rule: Mapping[str, float]
) -> Interval:
    """What a figure stands for: its rounding, or the bound that is said before it; a bound is the number itself."""
    top = value if value_max is None else value_max
    return as_said(
        Interval(min(value, top) - half_width, max(value, top) + half_width),
        min(value, top),
        max(value, top),
        qualifier,
        rule,
    )


def as_said(rounded: Interval, low: float, high: float, qualifier: str, rule: Mapping[str, float]) -> Interval:
    """What numbers from low to high stand for with approx, almost, more_than, slightly_over or less_than before them."""
    match qualifier:
        case "more_than":
            return at_least(low)
        case "less_than":
            return at_most(high)
        case "slightly_over":
            return Interval(low, high + rule["about"] * abs(high))
        case "slightly_under":
            return Interval(low - rule["about"] * abs(low), high)
        case "almost":
            return Interval(low - rule["almost"] * abs(low), high)
        case "approx":
            return Interval(
                min(rounded.low, low - rule["about"] * abs(low)), max(rounded.high, high + rule["about"] * abs(high))
            )
    return rounded


def _figures(data: Dataset) -> Iterator[Figure]:
    rule, published = rules(data), _dates(data)
    for row in data["figures"]:
        value, half = known(row.number("value")), row.number("rounding")
        yield Figure(
            rows=(row.id,), subject=row.text("subject"), partner=row.text("partner"), flow=row.text("flow"),
            commodity=row.text("commodity"), hs=row.text("hs"), mode=row.text("mode"), scope=row.text("scope"), measure="",
            period=row.text("period"), value=value,
            interval=None if value is None else meant(value, None, half, row.text("qualifier"), rule), unit=row.text("unit"),
            kind=row.text("kind"), weight=STATEMENT if row.text("kind") == "press" else RECORD, perspective=row.text("perspective"),
            edition=row.text("edition"), published=_first_date(row, published), sources=row.sources(), modality=row.text("modality"),
            qualifier=row.text("qualifier"), out_of=known(row.number("out_of")), growth_pct=known(row.number("growth_pct")),
            note=row.text("note"),
        )  # fmt: skip


def _volumes(data: Dataset) -> Iterator[Figure]:
    """What was carried. The period of a cumulative count, a capacity or a peak is no period of a flow, so it stays in the measure."""
    iso3, published = _iso3(data), _dates(data)
    for row in data["volumes"]:
        unit, factor = _FACTOR_OF_UNIT.get(row.text("unit"), (row.text("unit"), 1.0))
        value = known(row.number("value"))
        metric, entity = row.text("metric"), row.text("entity")
        plain = metric in ("cargo", "containers", "freight")
        dated = row.text("period_type") not in ("cumulative", "capacity", "plan", "peak", "part_year", "part_month")
        modes = row.texts("modes")
        yield _evidence(
            row, published, value, value, unit, factor,
            subject=TITR if entity.partition(" (")[0] == TITR
            else iso3.get(row.text("country"), entity) if row.text("entity_type") == "country" else entity,
            flow="transit" if "transit" in f"{entity} {metric}".lower() else "freight",
            mode=modes[0] if len(modes) == 1 else "", measure="" if plain else metric,
            scope="" if dated else row.text("period_type"),
            modality={"plan": "planned", "forecast": "forecast"}.get(row.text("basis"), "stated"),
            growth_pct=known(row.number("change_yoy_percent")),
        )  # fmt: skip


def _air_services(data: Dataset) -> Iterator[Figure]:
    iso3, published = _iso3(data), _dates(data)
    for row in data["air_services"]:
        unit = {"flights_per_week": "flights/week", "t": "tonnes", "percent": "%"}.get(
            row.text("unit"), row.text("unit")
        )
        planned = row.text("metric").startswith("planned") or "plan" in row.text("period_text")
        yield _evidence(
            row, published, known(row.number("value")), known(row.number("value_max")), unit, 1.0,
            subject=iso3.get(row.text("from_country"), row.text("from_name")), partner=iso3.get(row.text("to_country"), ""),
            flow="other", mode="air", measure=row.text("metric"), modality="planned" if planned else "stated",
            scope=" - ".join(name for name in (row.text("from_name"), row.text("to_name"), row.text("carrier")) if name),
        )  # fmt: skip


def _border_times(data: Dataset) -> Iterator[Figure]:
    iso3, published = _iso3(data), _dates(data)
    qualifiers = {"at_least": "more_than", "at_most": "less_than", "about": "approx"}
    for row in data["border_times"]:
        modes = row.texts("modes")
        yield _evidence(
            row, published, known(row.number("value")), known(row.number("value_max")), row.text("unit"), 1.0,
            subject=iso3.get(row.text("country"), row.text("subject")), partner=iso3.get(row.text("other_country"), ""), flow="other",
            mode=modes[0] if len(modes) == 1 else "", measure=row.text("metric"),
            scope=f"{row.text('subject')} {row.text('direction')}".strip(), qualifier=qualifiers.get(row.text("limit"), ""),
        )  # fmt: skip


def _claims(data: Dataset) -> Iterator[Figure]:
    """What was said of corridors and checked before: statements with a finding, never records."""
    published = _dates(data)
    for row in data["claims"]:
        found = _evidence(
            row, published, known(row.number("value")), known(row.number("value_max")), row.text("unit"), 1.0,
            subject=row.text("text"), flow="other", measure=row.text("kind"), scope=row.text("scope"),
        )  # fmt: skip
        status, finding = row.text("status").replace("_", " "), row.text("finding")
        note = finding if finding.startswith(status) else f"{status}: {finding}"
        yield replace(found, kind="checked", weight=STATEMENT, note=note)


def _evidence(
    row: Row, published: Mapping[str, str], value: float | None, value_max: float | None, unit: str, factor: float, *, subject: str,
    flow: str, partner: str = "", mode: str = "", measure: str = "", scope: str = "", modality: str = "stated", qualifier: str = "",
    growth_pct: float | None = None,
) -> Figure:  # fmt: skip
    """A figure from a row of a table of evidence, its rounding told from the digits typed."""
    interval = None
    if value is not None:
        half = 0.5 * 10.0 ** -decimals_of(value)
        top = value if value_max is None else value_max
        interval = Interval(min(value, top) - half, max(value, top) + half).scaled(factor)
        if qualifier in ("more_than", "less_than"):
            interval = at_least(interval.low) if qualifier == "more_than" else at_most(interval.high)
    start, end = row.text("period_start"), row.text("period_end")
    return Figure(
        rows=(row.id,), subject=subject, partner=partner, flow=flow, commodity=ALL_GOODS, hs=TOTAL, mode=mode, scope=scope, measure=measure,
        period=start if start == end else f"{start}/{end}" if start and end else start or end,
        value=None if value is None else round(value * factor, 6), interval=interval, unit=unit,
        kind="reported" if modality == "stated" else "planned", weight=RECORD, perspective="", edition="",
        published=_first_date(row, published), sources=row.sources(), modality=modality, qualifier=qualifier, growth_pct=growth_pct,
        note=row.text("note") if "note" in row.table.schema else "",
    )  # fmt: skip


def _groups(data: Dataset) -> Iterator[Group]:
    """Uses of names, and the groups themselves of which no partner of the figures is the whole."""
    partners = set(data["figures"].texts("partner"))
    for row in data["aggregates"]:
        last = last_day(row.text("period_end")) if row.text("period_end") else date.max
        yield Group(
            row.id, row.text("aggregate"), row.text("perspective"), group_parts(data, row.text("area"), partners),
            first_day(row.text("period_start")), last, row.text("note"),
        )  # fmt: skip
    for row in data["trade_areas"]:
        parts = group_parts(data, row.text("area"), partners)
        if len(parts) > 1 and row.text("area") not in partners:
            yield Group(row.id, row.text("area"), "", parts, date.min, date.max, row.text("name"))


def group_parts(data: Dataset, area: str, partners: Container[str]) -> tuple[str, ...]:
    """The partners whose figures add up to a group: itself, else the largest group within it that is a partner, and the other members.

    Empty for a group whose members change with the date.
    """
    if area in partners:
        return (area,)
    members: dict[str, set[str]] = {}
    for row in data["trade_members"]:
        dated = row.text("valid_from") or row.text("valid_to")
        members.setdefault(row.text("area"), set()).add("" if dated else row.text("member"))
    whole = members.get(area, {""})
    if "" in whole:
        return ()
    within = [one for one in members if one in partners and members[one] < whole]
    largest = max(within, key=lambda one: len(members[one]), default=None)
    rest = sorted(whole - members[largest]) if largest else sorted(whole)
    return (*([largest] if largest else []), *rest)


def _of_bureau(figure: Figure, subject: str) -> bool:
    """Whether it is the subject's own official figure of trade."""
    return (
        figure.perspective == subject
        and figure.kind in ("official_reporter", "computed")
        and figure.interval is not None
    )


def _rows(parts: Iterable[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for part in parts for row in part.rows))


def _iso3(data: Dataset) -> Mapping[str, str]:
    countries = data["countries"]
    return dict(zip(countries.texts("country"), countries.texts("iso3"), strict=True))


def _dates(data: Dataset) -> Mapping[str, str]:
    sources = data["sources"]
    return dict(zip(sources.texts("source"), sources.texts("date"), strict=True))


def _first_date(row: Row, published: Mapping[str, str]) -> str:
    return next((published.get(source, "") for source in row.sources()), "")


def known(value: float) -> float | None:
    """A number of a table, None where it is unknown."""
    return None if math.isnan(value) else value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
